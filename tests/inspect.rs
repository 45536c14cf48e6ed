//! The example `inspect`. The files in `tests/inspect/` are whole outputs.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "tests may")]

use std::{path::Path, process::Output};

#[path = "shared/example.rs"]
mod example;

use example::{Example, assert_file};

const INSPECT: Example = Example("inspect");

const CLUSTER: &str = include_str!("vectors/valid/cluster-canonical.key");

/// A volume pairing key as the API reference prints it.
const VOLUME_RESPONSE: &str = include_str!("inspect/volume-response.json");

/// Share no four bytes with each other or with any output.
const PASSWORD: &str = "Zq7#Xk9$Vw3&Jx5%";
const USERNAME: &str = "Qz8@Yk6!Wj4*Hx2^";

fn key(json: &str) -> String {
    json.bytes().map(|byte| format!("{byte:02x}")).collect()
}

fn cluster_json(password: &str) -> String {
    format!(
        r#"{{"clusterPairID":1,"clusterPairUUID":"1cea1362-4c8f-461a-be72-74566a953d2f","clusterUniqueID":"xsm6","mvip":"192.168.139.122","name":"site-a","password":{password},"rpcConnectionID":913142649,"username":"{USERNAME}"}}"#
    )
}

fn marked_cluster_key() -> String {
    key(&cluster_json(&format!("\"{PASSWORD}\"")))
}

/// Names and values that would do harm on a terminal, and numbers as large as they come.
fn hostile_key() -> String {
    key(&format!(
        r#"{{"clusterPairID":18446744073709551615,"clusterPairUUID":"1cea1362-4c8f-461a-be72-74566a953d2f","clusterUniqueID":"\\\u001b[2J\"","mvip":"fe80::1","name":"a{bidi}b{zero}c{fill}d{tag}{accent}\u009b\n","password":"{PASSWORD}","rpcConnectionID":-9223372036854775808,"username":"{USERNAME}","z\u001b]0;\u0007{line}":["{bidi}\n{PASSWORD}",1.10,12345678901234567890123]}}"#,
        bidi = '\u{202E}',
        zero = '\u{200B}',
        fill = '\u{3164}',
        tag = '\u{E0041}',
        accent = '\u{301}',
        line = '\u{2028}',
    ))
}

#[test]
fn reports() {
    let cut = &CLUSTER[..330];
    // As a reader of print takes a 1 for an l.
    let bad_digit = CLUSTER.replacen("2e313638", "2e3l3638", 1);
    let newer = key(&cluster_json("[\"secret\"]"));
    let hostile = hostile_key();
    let too_long = "7b".repeat(40_000);
    let cases: &[(&str, &[&str], &str, i32)] = &[
        ("help.txt", &["--help"], "", 0),
        ("cluster.txt", &[], CLUSTER, 0),
        ("cluster-reveal.txt", &["--reveal"], CLUSTER, 0),
        ("cluster.json", &["--json"], CLUSTER, 0),
        ("cluster-reveal.json", &["--json", "--reveal"], CLUSTER, 0),
        ("volume-printed.txt", &[], VOLUME_RESPONSE, 0),
        ("volume-printed.json", &["--json"], VOLUME_RESPONSE, 0),
        ("hostile.txt", &[], &hostile, 0),
        ("hostile.json", &["--json"], &hostile, 0),
        ("hostile-reveal.txt", &["--reveal"], &hostile, 0),
        ("hostile-reveal.json", &["--json", "--reveal"], &hostile, 0),
        ("cut.txt", &[], cut, 1),
        ("cut.json", &["--json"], cut, 1),
        ("bad-digit.txt", &[], &bad_digit, 1),
        ("bad-digit.json", &["--json"], &bad_digit, 1),
        ("newer.txt", &[], &newer, 1),
        ("empty.txt", &[], "", 1),
        ("too-long.txt", &[], &too_long, 1),
    ];
    for &(name, arguments, input, code) in cases {
        let report = INSPECT.report(arguments, input, code);
        assert_file(&format!("inspect/{name}"), &report);
        if name.ends_with(".json") {
            serde_json::from_str::<serde_json::Value>(&report).unwrap();
        }
        if name.starts_with("hostile") {
            let harmless = |c: char| c == '\n' || c.is_ascii() && !c.is_ascii_control();
            assert!(report.chars().all(harmless), "{name}");
        }
    }
}

/// What the escapes of JSON stand for is what the key has.
#[test]
fn json_keeps_names_and_numbers() {
    let report = INSPECT.report(&["--json", "--reveal"], hostile_key(), 0);
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let members = &report["members"];
    assert_eq!(members["clusterPairID"], u64::MAX);
    assert_eq!(members["rpcConnectionID"], i64::MIN);
    assert_eq!(members["clusterUniqueID"], "\\\x1b[2J\"");
    let name = "a\u{202E}b\u{200B}c\u{3164}d\u{E0041}\u{301}\u{9b}\n";
    assert_eq!(members["name"], name);
    assert_eq!(members["password"], PASSWORD);
    assert_eq!(report["unknownMembers"][0]["name"], "z\x1b]0;\x07\u{2028}");
    assert_eq!(report["unknownMembers"][0]["value"][0], format!("\u{202E}\n{PASSWORD}"));
}

#[test]
fn reads_files() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let file = folder.join("vectors/valid/cluster-canonical.key");
    let from_file = INSPECT.report(&[file.to_str().unwrap()], "", 0);
    let from_input = INSPECT.report(&["-"], CLUSTER, 0);
    assert_eq!(from_file, from_input);
    assert_eq!(INSPECT.report(&["--", file.to_str().unwrap()], "", 0), from_input);
}

#[test]
fn wrong_commands() {
    let refused = "inspect: a key is not taken as an argument: every user of the machine can see \
                   it, and the shell's history keeps it.\nGive it on standard input or in a file.";
    let spaced = format!("{} \u{200B}{}", &CLUSTER[..20], &CLUSTER[20..]);
    let option = format!("--key={CLUSTER}");
    let folder = env!("CARGO_MANIFEST_DIR");
    let cases: &[(&[&str], &str)] = &[
        (&[CLUSTER], refused),
        (&[&spaced], refused),
        (&[&option], refused),
        (&["--", CLUSTER], refused),
        (&["--json", VOLUME_RESPONSE], refused),
        (&["--jsn"], "inspect: there is no option --jsn"),
        (&["--\u{202E}\x1b[2J"], r"inspect: there is no option --\u{202e}\u{1b}[2J"),
        (&["-", "a"], "inspect: more than one file"),
        (&["no/file\\\x07"], r"inspect: cannot read no/file\\\u{7}: "),
        (&["--", "--json"], "inspect: cannot read --json: "),
        (&[folder], "inspect: cannot read "),
    ];
    for &(arguments, message) in cases {
        let output = INSPECT.run(arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert_eq!(output.stdout, b"", "{message}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.starts_with(message), "{told}");
        assert!(told.ends_with("\n(inspect --help says more)\n"), "{told}");
    }
}

#[test]
fn closed_pipe() {
    let output = INSPECT.to_closed_pipe(&[], CLUSTER.as_bytes());
    assert_eq!(output.stderr, b"");
    assert_eq!(output.status.code(), Some(0));
}

/// Whether four bytes in a row of a credential, or eight of its digits, are in the output.
fn leaks(output: &Output) -> bool {
    let printed = [&*output.stdout, &*output.stderr].concat();
    [PASSWORD, USERNAME].iter().any(|secret| {
        let digits = key(secret);
        let mut runs = secret.as_bytes().windows(4).chain(digits.as_bytes().windows(8));
        runs.any(|run| printed.windows(run.len()).any(|window| window == run))
    })
}

#[test]
fn credentials_stay_hidden() {
    let good = marked_cluster_key();
    let mut texts = vec![
        good.clone(),
        good.to_uppercase(),
        hostile_key(),
        format!("{good}{good}"),
        format!("{good} and more"),
        format!(r#"{{"id":1,"result":{{"clusterPairID":1,"clusterPairingKey":"{good}"}}}}"#),
        format!(r#"{{"password":"{PASSWORD}","username":"{USERNAME}"}}"#),
        key(&format!(r#""{PASSWORD}""#)),
        key(&format!(r#"{{"password":"{PASSWORD}","username":"{USERNAME}"}}"#)),
        key(&cluster_json(&format!(r#"["{PASSWORD}"]"#))),
        key(&cluster_json(&format!(r#"{{"{PASSWORD}":1}}"#))),
        key(&cluster_json(&format!(r#""{PASSWORD}","password":"{PASSWORD}""#))),
        key(&cluster_json(&format!(r#"1,"{PASSWORD}":"{PASSWORD}""#))),
        key(&cluster_json(&format!(r#""{PASSWORD}\ud800""#))),
        key(&cluster_json(PASSWORD)),
    ];
    let listed = texts.len();
    texts.extend((0..good.len()).map(|end| good[..end].to_owned()));
    // A quote or a backslash more moves the ends of strings; a digit less changes all that follow.
    let wrong = ["22", "5c", "ff", "2?", "2"].iter().cycle();
    texts.extend(
        (0..good.len())
            .step_by(2)
            .zip(wrong)
            .map(|(at, wrong)| format!("{}{wrong}{}", &good[..at], &good[at + 2..])),
    );
    for (count, text) in texts.iter().enumerate() {
        // Those listed above in both forms, of the many each in one.
        for form in [&[][..], &["--json"]] {
            if count < listed || count % 2 == form.len() {
                let output = INSPECT.run(form, text.as_bytes());
                assert!(!leaks(&output), "text {count}: {text}");
                assert!(matches!(output.status.code(), Some(0 | 1)), "text {count}: {text}");
            }
        }
    }
    assert!(leaks(&INSPECT.run(&["--reveal"], good.as_bytes())), "or the test sees nothing");
    assert!(!leaks(&INSPECT.run(&[&good], b"")));
}

#[test]
fn colour_on_a_terminal_only() {
    const PLAIN: &str = include_str!("inspect/empty.txt");
    let Some(coloured) = INSPECT.on_terminal("/dev/null", &[], 1) else {
        return eprintln!("skipped: util-linux's `script`, which makes a terminal, is not there");
    };
    assert_eq!(
        coloured,
        "\x1b[31mThis key cannot be read:\x1b[0m the text has no digits.\n\n\
         \x1b[2mWhat to do \x1b[0m  Paste the whole key as the cluster made it.\n\
         \x1b[2mCode       \x1b[0m  empty\n"
    );
    let terminal =
        |arguments, variables: &[_]| INSPECT.on_terminal(arguments, variables, 1).unwrap();
    assert_eq!(terminal("/dev/null", &[("NO_COLOR", "")]), coloured);
    assert_eq!(terminal("/dev/null", &[("NO_COLOR", "1")]), PLAIN);
    assert_eq!(terminal("/dev/null", &[("TERM", "dumb")]), PLAIN);
    assert_eq!(terminal("--json /dev/null", &[]), INSPECT.report(&["--json"], "", 1));
    let asked = terminal("", &[]);
    assert!(asked.starts_with("Paste the key, then press Enter and Ctrl-D.\n"), "{asked}");
}
