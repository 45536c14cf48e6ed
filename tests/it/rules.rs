//! The catalogue of rules, and reports made by hand.
//!
//! The table in the README and the files in `tests/report/` are written anew by `BLESS=1 cargo test`;
//! read the difference before it is committed.

use std::{collections::BTreeSet, env, fs, path::Path, sync::Arc};

use element_pairing::{
    escape, escape_json,
    topology::{
        ClusterName, Effect, Finding, Listing, Name, Part, Report, Rule, Severity, Side, Subject,
        Unchecked, Value, Verdict, Want,
    },
};

use crate::codes::assert_codes;

/// The error names that are known in public.
const ERRORS: &[&str] = &[
    "xAPINotPermitted",
    "xDBVersionMismatch",
    "xDuplicateUsername",
    "xExceededLimit",
    "xInvalidPairingKey",
    "xInvalidParameter",
    "xMVIPNotPaired",
    "xMissingParameter",
    "xPairingAlreadyExists",
    "xUnknownAPIMethod",
    "xUnknownAccount",
    "xUnrecognizedEnumString",
    "xVolumeAlreadyPaired",
    "xVolumeIDDoesNotExist",
    "xVolumeNotPaired",
    "xVolumeShrinkProhibited",
];

/// Statuses of cluster pairs and states of replication that are known in public.
const STATES: &[&str] = &[
    "Connecting",
    "Misconfigured",
    "PausedClusterFull",
    "PausedDisconnected",
    "PausedExceededMaxSnapshotCount",
    "PausedManual",
    "PausedManualRemote",
    "PausedMisconfigured",
    "PausedVolumeSizeMismatch",
    "StoppedMisconfigured",
];

#[track_caller]
pub fn assert_file(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
    if env::var_os("BLESS").is_some() {
        fs::write(&file, text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(&file).unwrap(), "{name}");
}

#[test]
fn codes() {
    assert_codes(Rule::all().map(Rule::code));
    let severities = [Severity::Error, Severity::Warning, Severity::Advice];
    assert_eq!(severities.map(Severity::code), ["error", "warning", "advice"]);
    let verdicts = [Verdict::Clear, Verdict::Unknown, Verdict::Harmful, Verdict::Refused];
    assert_eq!(verdicts.map(Verdict::code), ["clear", "unknown", "harmful", "refused"]);
    let listings =
        [Listing::ClusterInfo, Listing::ClusterPairs, Listing::PairedVolumes, Listing::Volumes];
    let methods = ["GetClusterInfo", "ListClusterPairs", "ListActivePairedVolumes", "ListVolumes"];
    assert_eq!(listings.map(Listing::method), methods);
}

#[test]
fn table_is_sound() {
    let mut statements = BTreeSet::new();
    for (index, rule) in Rule::all().enumerate() {
        assert_eq!(rule as usize, index, "{rule}");
        // The variant is the code in camel case.
        let camel: String =
            rule.code().split('_').map(|word| word[..1].to_uppercase() + &word[1..]).collect();
        assert_eq!(format!("{rule:?}"), camel);
        assert_eq!(rule.to_string(), rule.code());

        assert!(statements.insert(rule.statement()), "{rule}: the statement stands twice");
        for sentence in [rule.statement(), rule.help()] {
            assert!(sentence.ends_with('.') && sentence.matches(". ").count() == 0, "{sentence}");
            assert!(sentence.starts_with(|first: char| first.is_ascii_uppercase()), "{sentence}");
        }
        for text in [rule.statement(), rule.help(), rule.source()] {
            assert!(text.is_ascii() && !text.contains("  ") && !text.contains('|'), "{text}");
        }
        assert!(rule.source().len() > 5 && !rule.source().ends_with('.'), "{rule}");

        match rule.effect() {
            Effect::Refused { error: Some(error) } => assert!(ERRORS.contains(&error), "{error}"),
            Effect::State(state) => assert!(STATES.contains(&state), "{state}"),
            _ => {}
        }
        if rule.effect() == Effect::Advice {
            assert_eq!(rule.severity(), Severity::Advice, "{rule}");
        }
        // An audit goes on without a listing.
        if matches!(rule.effect(), Effect::Refused { .. }) && rule != Rule::ListingRefused {
            assert_eq!(rule.severity(), Severity::Error, "{rule}");
        }
        // What no public source says is not certain.
        if rule.source() == "no public source" {
            assert_eq!(rule.effect(), Effect::Unknown, "{rule}");
        }

        assert!(rule.audit_needs().or(rule.check_needs()).is_some(), "{rule} is judged by nothing");
        for needs in [rule.audit_needs(), rule.check_needs()].into_iter().flatten() {
            let different: BTreeSet<_> = needs.iter().collect();
            assert_eq!(different.len(), needs.len(), "{rule}");
        }
        let mut values = BTreeSet::new();
        for value in rule.values() {
            assert!(value.bytes().all(|byte| byte.is_ascii_alphabetic()), "{rule}: {value}");
            assert!(values.insert(value), "{rule}: {value} stands twice");
        }
    }
}

#[test]
fn needs_of_a_rule() {
    let pairs = |needs: &[element_pairing::topology::Need]| {
        needs.iter().map(|need| (need.side, need.listing)).collect::<Vec<_>>()
    };
    let needs = Rule::ClusterPairOneSided.audit_needs().unwrap();
    let both = [(Side::Here, Listing::ClusterPairs), (Side::Remote, Listing::ClusterPairs)];
    assert_eq!(pairs(needs), both);
    assert_eq!(Rule::ClusterPairOneSided.check_needs(), None);
    assert_eq!(Rule::ClusterKeyWrongKind.check_needs(), Some(&[][..]));
    assert_eq!(Rule::ClusterKeyWrongKind.audit_needs(), None);
}

#[test]
fn readme_has_the_rules() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/README.md");
    let readme = fs::read_to_string(file).unwrap();
    let (start, end) = ("<!-- rules -->\n", "<!-- /rules -->");
    let (before, rest) = readme.split_once(start).unwrap();
    let (_, after) = rest.split_once(end).unwrap();
    let mut table = "| code | what holds | effect | source |\n|---|---|---|---|\n".to_owned();
    for rule in Rule::all() {
        let (code, effect) = (rule.code(), rule.effect());
        table += &format!("| `{code}` | {} | {effect} | {} |\n", rule.statement(), rule.source());
    }
    assert_file("README.md", &format!("{before}{start}{table}{end}{after}"));
}

fn cluster(name: &str, unique_id: &str) -> Arc<ClusterName> {
    Arc::new(ClusterName {
        name: Some(name.into()),
        unique_id: Some(unique_id.into()),
        mvip: Some("192.168.139.122".into()),
    })
}

fn volume_pair(id: u64) -> Subject {
    let part = Part::VolumePair {
        id,
        name: Some("BK".into()),
        uuid: Some("229fcbf3-2d35-4625-865a-d04bb9455cef".into()),
        with: Some(cluster("site-b", "bgn0")),
        remote_id: Some(8),
    };
    Subject { cluster: cluster("site-a", "xsm6"), part }
}

fn mismatch(id: u64, target: u64) -> Finding {
    let values = [("sourceSize", 10_737_418_240_u64.into()), ("targetSize", target.into())];
    Finding::new(Rule::TargetSmaller, volume_pair(id), values)
}

fn unchecked(rule: Rule, listing: Listing) -> Unchecked {
    let subject = Subject { cluster: cluster("site-a", "xsm6"), part: Part::Cluster };
    let cluster = Arc::new(ClusterName { name: Some("site-b".into()), ..ClusterName::default() });
    Unchecked { rule, subject, want: Want { cluster, listing, member: None } }
}

/// One of everything, in no order, and two that stand twice.
fn sample() -> (Vec<Finding>, Vec<Unchecked>) {
    let site_a = || cluster("site-a", "xsm6");
    let hostile = "a\u{202e}b\u{200b}\u{1b}[2J\n\\";
    let pair = Part::ClusterPair {
        id: 3,
        uuid: Some("9866fbeb-c2f8-4df3-beb9-58a5c4e49c9b".into()),
        with: Some(cluster(hostile, "k3")),
    };
    let pair = Subject { cluster: site_a(), part: pair };
    let volume = Part::Volume { id: 24, name: Some(hostile.into()) };
    let volume = Subject { cluster: site_a(), part: volume };
    let findings = vec![
        Finding::new(Rule::LatencyHigh, pair.clone(), [("latency", 2000_u64.into())]),
        mismatch(100, 1),
        Finding::new(Rule::SessionsEnd, volume, [("access", "replicationTarget".into())]),
        mismatch(24, 5_368_709_120),
        mismatch(24, 5_368_709_120),
        Finding::new(Rule::ClusterPairOneSided, pair, [("other", cluster(hostile, "k3").into())]),
        Finding::new(
            Rule::ClusterPairLimit,
            Subject { cluster: site_a(), part: Part::Cluster },
            [("pairs", 5_u64.into())],
        ),
        Finding::new(
            Rule::StoppedMisconfigured,
            Subject {
                cluster: Arc::default(),
                part: Part::VolumePair {
                    id: 1,
                    name: None,
                    uuid: None,
                    with: None,
                    remote_id: None,
                },
            },
            [],
        ),
    ];
    let unchecked = vec![
        unchecked(Rule::TargetLarger, Listing::PairedVolumes),
        unchecked(Rule::TargetSmaller, Listing::PairedVolumes),
        unchecked(Rule::ClusterPairSidesDiffer, Listing::ClusterPairs),
        unchecked(Rule::TargetSmaller, Listing::PairedVolumes),
    ];
    (findings, unchecked)
}

#[test]
fn report_as_text_and_json() {
    let (findings, unchecked) = sample();
    let report = Report::new(findings, unchecked);
    let text = report.to_string();
    assert!(text.lines().all(|line| line.chars().count() <= 80 && line.trim_end() == line));
    assert!(text.chars().all(|c| c == '\n' || !c.is_control() && c.is_ascii()), "{text}");
    assert_file("tests/report/report.txt", &text);
    assert_file(
        "tests/report/report.json",
        &(serde_json::to_string_pretty(&report).unwrap() + "\n"),
    );
    assert_eq!(Report::default().to_string(), "Nothing found.\n");
}

#[test]
fn order_is_that_of_the_rules() {
    let (mut findings, mut missing) = sample();
    let report = Report::new(findings.clone(), missing.clone());
    let order: Vec<_> = report.findings().iter().map(|finding| finding.rule).collect();
    assert_eq!(
        order,
        [
            Rule::ClusterPairLimit,
            Rule::ClusterPairOneSided,
            Rule::TargetSmaller,
            Rule::TargetSmaller,
            Rule::StoppedMisconfigured,
            Rule::SessionsEnd,
            Rule::LatencyHigh,
        ]
    );
    assert_eq!(report.findings()[2], mismatch(24, 5_368_709_120));
    let order: Vec<_> = report.unchecked().iter().map(|unchecked| unchecked.rule).collect();
    assert_eq!(order, [Rule::ClusterPairSidesDiffer, Rule::TargetSmaller, Rule::TargetLarger]);
    for _ in 0..findings.len() {
        findings.rotate_left(1);
        missing.rotate_left(1);
        assert_eq!(Report::new(findings.clone(), missing.clone()), report);
        findings.reverse();
        assert_eq!(Report::new(findings.clone(), missing.clone()), report);
    }
}

#[test]
fn verdicts() {
    // Refused; no source says; state; order; loss; advice; nothing.
    let broken = [
        (Some(Rule::ClusterPairLimit), Verdict::Refused),
        (Some(Rule::ClusterPairLimitPending), Verdict::Refused),
        (Some(Rule::TargetSmaller), Verdict::Harmful),
        (Some(Rule::TwoWriters), Verdict::Harmful),
        (Some(Rule::TargetOverwritten), Verdict::Harmful),
        (Some(Rule::LatencyHigh), Verdict::Clear),
        (Some(Rule::DirectionNotSet), Verdict::Clear),
        (None, Verdict::Clear),
    ];
    let missing = [
        (Some(Rule::TargetSmaller), Verdict::Unknown),
        (Some(Rule::VolumeKeyWithoutPair), Verdict::Unknown),
        (Some(Rule::TargetLarger), Verdict::Clear),
        (None, Verdict::Clear),
    ];
    let finding = |rule| Finding::new(rule, volume_pair(1), []);
    for (first, one) in broken {
        for (second, two) in broken {
            for (not_checked, three) in missing {
                let findings = [first, second].into_iter().flatten().map(finding).collect();
                let unseen = |rule| unchecked(rule, Listing::PairedVolumes);
                let report = Report::new(findings, not_checked.map(unseen).into_iter().collect());
                // Refused beats harmful beats unknown.
                let beats = [Verdict::Refused, Verdict::Harmful, Verdict::Unknown];
                let expected =
                    beats.into_iter().find(|verdict| [one, two, three].contains(verdict));
                assert_eq!(report.verdict(), expected.unwrap_or(Verdict::Clear), "{report}");
                let error = |rule: Option<Rule>| {
                    rule.is_some_and(|rule| rule.severity() == Severity::Error)
                };
                assert_eq!(report.has_errors(), error(first) || error(second), "{report}");
                assert_eq!(report.is_incomplete(), three == Verdict::Unknown, "{report}");
            }
        }
    }
}

#[test]
fn messages() {
    let finding = mismatch(24, 5);
    assert_eq!(finding.message(), "the source has 10737418240 bytes, the target 5");
    assert_eq!(finding.value("targetSize"), Some(&Value::Number(5)));
    assert_eq!(finding.value("size"), None);
    assert_eq!(finding.help(), Rule::TargetSmaller.help());
    let finding = Finding::new(Rule::TargetSmaller, volume_pair(24), [("targetSize", 5.into())]);
    assert_eq!(
        finding.to_string(),
        "volume pair 24 (BK) of site-a (xsm6) with 8 of site-b (bgn0): \
         the source has unknown bytes, the target 5"
    );
    // A value is not read as a message.
    let values = [("other", Value::from("{other} }{"))];
    let finding = Finding::new(Rule::ClusterNameNotUnique, volume_pair(24), values);
    assert_eq!(finding.message(), "{other} }{ has the same name");
    // Every message can be written.
    for rule in Rule::all() {
        let values = rule.values().map(|name| (name, 7.into()));
        let message = Finding::new(rule, volume_pair(24), values).message();
        assert!(!message.contains(['{', '}', '.']), "{message}");
        assert!(!message.contains("  ") && message.is_ascii(), "{message}");
    }
}

#[test]
fn names_of_clusters() {
    let known = |name: Option<&str>, unique_id: Option<&str>, mvip: Option<&str>| {
        let name = ClusterName {
            name: name.map(Name::from),
            unique_id: unique_id.map(Name::from),
            mvip: mvip.map(Name::from),
        };
        name.to_string()
    };
    assert_eq!(known(Some("a"), Some("xsm6"), Some("10.0.0.1")), "a (xsm6)");
    assert_eq!(known(Some("a"), None, Some("10.0.0.1")), "a");
    assert_eq!(known(None, Some("xsm6"), Some("10.0.0.1")), "xsm6");
    assert_eq!(known(None, None, Some("10.0.0.1")), "10.0.0.1");
    assert_eq!(known(None, None, None), "a cluster without a name");
}

#[test]
fn long_names_are_cut() {
    let longest = "é".repeat(Name::MAX_CHARS);
    assert_eq!(Name::from(&*longest).as_str(), longest);
    assert_eq!(Name::from(&*format!("{longest}é")).as_str(), format!("{longest}…"));
    assert_eq!(Name::from(&*longest.repeat(1000)).as_str(), format!("{longest}…"));
}

#[test]
fn escapes() {
    let cases = [
        ("site-a é 中 \"quoted\" it's", "site-a é 中 \"quoted\" it's"),
        ("\u{0}\t\n\r\u{1b}[31m\u{7f}\u{9b}", r"\u{0}\u{9}\u{a}\u{d}\u{1b}[31m\u{7f}\u{9b}"),
        ("\u{202a}\u{202e}\u{2066}\u{2069}\u{200f}", r"\u{202a}\u{202e}\u{2066}\u{2069}\u{200f}"),
        ("\u{ad}\u{200b}\u{200d}\u{2060}\u{feff}", r"\u{ad}\u{200b}\u{200d}\u{2060}\u{feff}"),
        ("\u{3164}\u{115f}\u{2800}\u{a0}", r"\u{3164}\u{115f}\u{2800}\u{a0}"),
        ("e\u{301}\u{e0041}\u{2028}\u{e000}", r"e\u{301}\u{e0041}\u{2028}\u{e000}"),
        (r"\u{202e}", r"\\u{202e}"),
    ];
    for (text, escaped) in cases {
        assert_eq!(escape(text).to_string(), escaped);
        let json = serde_json::to_string(text).unwrap();
        let safe = escape_json(&json).to_string();
        assert_eq!(serde_json::from_str::<String>(&safe).unwrap(), text);
        let seen =
            |c: char| !c.is_control() && escape(c.encode_utf8(&mut [0; 4])).to_string().len() < 4;
        assert!(safe.chars().all(seen), "{safe}");
    }
}
