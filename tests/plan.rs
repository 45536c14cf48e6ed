//! The example `plan` on the sample listings. The files in `tests/plan/` are whole outputs.

#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "tests may")]

use serde_json::Value;

#[path = "shared/example.rs"]
mod example;

use example::{Example, assert_file};

const PLAN: Example = Example("plan");

const HEALTHY: [&str; 2] = ["examples/listings/healthy-a.json", "examples/listings/healthy-b.json"];
const HALF_REMOVED: [&str; 2] =
    ["examples/listings/half-removed-a.json", "examples/listings/half-removed-b.json"];

const UNPAIR: &str = r#"{"goal":"unpair_clusters","clusters":["site-a","site-b"]}"#;
const DIRECTION: &str =
    r#"{"goal":"direction","source":"site-a","target":"site-b","volumes":"all"}"#;
const PAIRED: &str = r#"{"goal":"pair_clusters","clusters":["site-a","site-b"]}"#;
const PAIR_VOLUMES: &str = r#"{"goal":"pair_volumes","pairs":[{
    "source":{"cluster":"site-a","volumeID":24},"target":{"cluster":"site-b","volumeID":9}}]}"#;
const REPAIR: &str = r#"{"goal":"repair","pending":[]}"#;

#[test]
fn plans() {
    let cases: &[(&str, &str, &[&str], i32)] = &[
        ("unpair.txt", UNPAIR, &HEALTHY, 0),
        ("unpair.json", UNPAIR, &HEALTHY, 0),
        ("direction.txt", DIRECTION, &HEALTHY, 0),
        ("nothing.txt", PAIRED, &HEALTHY, 0),
        ("nothing.json", PAIRED, &HEALTHY, 0),
        ("repair.txt", REPAIR, &HALF_REMOVED, 0),
        ("forbidden.txt", PAIR_VOLUMES, &HEALTHY, 1),
        ("forbidden.json", PAIR_VOLUMES, &HEALTHY, 1),
        ("unknown-cluster.txt", UNPAIR, &HEALTHY[..1], 2),
    ];
    for &(name, goal, files, code) in cases {
        let is_json = name.ends_with(".json");
        let form = if is_json { &["--json", goal][..] } else { &[goal] };
        let report = PLAN.report(&[form, files].concat(), "", code);
        assert_file(&format!("plan/{name}"), &report);
        if is_json {
            serde_json::from_str::<Value>(&report).unwrap();
        }
        let reversed: Vec<_> = files.iter().rev().copied().collect();
        assert_eq!(PLAN.report(&[form, &reversed].concat(), "", code), report);
    }
    assert_file("plan/help.txt", &PLAN.report(&["--help"], "", 0));
}

/// Names that would do harm on a terminal do none.
#[test]
fn hostile_names() {
    let site = |id: &str, mvip: &str| {
        format!(
            r#"{{"id":"GetClusterInfo","result":{{"clusterInfo":{{"name":"{id}\u202e\u001b[2J","uniqueID":"{id}","mvip":"{mvip}"}}}}}}
            {{"id":"ListClusterPairs","result":{{"clusterPairs":[{{"clusterPairID":1,"status":"Unconfigured","clusterName":"\u001b]0;\u0007"}}]}}}}
            {{"id":"ListVolumes","result":{{"volumes":[{{"volumeID":1,"name":"\u001b[31m\u200b","status":"active","access":"readWrite","totalSize":1,"volumePairs":[{{"volumePairUUID":"\u2028"}}]}}]}}}}"#
        )
    };
    let goal = r#"{"goal":"repair","pending":[{"cluster":"aaaa","clusterPairID":1},{"cluster":"aaaa","volumeID":1}]}"#;
    let text = PLAN.report(&[goal, "-"], site("aaaa", "192.0.2.1"), 0);
    assert_file("plan/hostile.txt", &text);
    let json = PLAN.report(&["--json", goal, "-"], site("aaaa", "192.0.2.1"), 0);
    for report in [text, json] {
        assert!(report.chars().all(|c| c == '\n' || c.is_ascii() && !c.is_ascii_control()));
    }
    let output = PLAN.run(
        &["{\"goal\":\"pair_clusters\",\"clusters\":[\"\u{1b}[2J\",\"b\"]}", "-"],
        site("aaaa", "192.0.2.1").as_bytes(),
    );
    assert!(!output.stdout.contains(&0x1b) && !output.stderr.contains(&0x1b));
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn wrong_commands() {
    let cases: &[(&[&str], &str)] = &[
        (&[], "plan: no goal"),
        (&[PAIRED], "plan: no file"),
        (&["{}", "-"], "plan: the goal: expected a member goal (wrong_goal)"),
        (&["pair", "-"], "plan: the goal: "),
        (&["--jsn", PAIRED, "-"], "plan: there is no option --jsn"),
        (&[PAIRED, "-", "-"], "plan: standard input twice"),
    ];
    for &(arguments, message) in cases {
        let output = PLAN.run(arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert_eq!(output.stdout, b"", "{message}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.starts_with(message), "{told}");
        assert!(told.ends_with("\n(plan --help says more)\n"), "{told}");
    }
    let output = PLAN.run(&[PAIRED, "no/file"], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(String::from_utf8(output.stderr).unwrap().starts_with("no/file: cannot be read: "));
}

#[test]
fn closed_pipe() {
    let output = PLAN.to_closed_pipe(&[&[UNPAIR], &HEALTHY[..]].concat(), b"");
    assert_eq!(output.stderr, b"");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn colour_on_a_terminal_only() {
    let arguments = format!("'{DIRECTION}' {}", HEALTHY.join(" "));
    let Some(coloured) = PLAN.on_terminal(&arguments, &[], 0) else {
        return eprintln!("skipped: util-linux's `script`, which makes a terminal, is not there");
    };
    assert_file("plan/direction-coloured.txt", &coloured);
    let plain = PLAN.report(&[&[DIRECTION], &HEALTHY[..]].concat(), "", 0);
    assert_eq!(PLAN.on_terminal(&arguments, &[("NO_COLOR", "1")], 0).unwrap(), plain);
}

#[cfg(feature = "simulator")]
#[test]
fn simulated() {
    for (name, goal, files) in [
        ("simulated-direction", DIRECTION, HEALTHY),
        ("simulated-unpair", UNPAIR, HEALTHY),
        ("simulated-repair", REPAIR, HALF_REMOVED),
    ] {
        let with = |form: &[&'static str]| [form, &["--simulate", goal], &files].concat();
        assert_file(&format!("plan/{name}.txt"), &PLAN.report(&with(&[]), "", 0));
        let json: Value = serde_json::from_str(&PLAN.report(&with(&["--json"]), "", 0)).unwrap();
        let simulated = &json["simulated"];
        let steps = json["plan"]["steps"].as_array().unwrap().len();
        assert_eq!(simulated["states"], Value::from(vec!["done"; steps]));
        assert_eq!(simulated["stopped"], Value::Null);
        assert_ne!(simulated["before"], simulated["after"]);
    }
    let output = PLAN.run(
        &["--simulate", REPAIR, "-"],
        br#"{"id":"ListClusterPairs","result":{"clusterPairs":[]}}"#,
    );
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.starts_with("plan: cannot simulate: "), "{told}");
}

#[cfg(not(feature = "simulator"))]
#[test]
fn nothing_to_simulate_with() {
    let output = PLAN.run(&[&["--simulate", UNPAIR], &HEALTHY[..]].concat(), b"");
    assert_eq!(output.status.code(), Some(2));
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.starts_with("plan: --simulate needs the feature simulator"), "{told}");
}
