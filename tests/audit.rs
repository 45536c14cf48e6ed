//! The example `audit` on the sample listings. The files in `tests/audit/` are whole outputs.

#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used, reason = "tests may")]

use std::fs;

use serde_json::Value;

#[path = "shared/example.rs"]
mod example;

use example::{Example, assert_file};

const AUDIT: Example = Example("audit");

const HEALTHY: [&str; 2] = ["examples/listings/healthy-a.json", "examples/listings/healthy-b.json"];
const MISMATCHED: [&str; 2] =
    ["examples/listings/mismatched-a.json", "examples/listings/mismatched-b.json"];
const LIMIT: [&str; 1] = ["examples/listings/limit-a.json"];
const HALF_REMOVED: [&str; 2] =
    ["examples/listings/half-removed-a.json", "examples/listings/half-removed-b.json"];

/// A cluster whose name would do harm on a terminal.
const HOSTILE: &str = r#"{"id":"GetClusterInfo","result":{"clusterInfo":{"name":"a\u202e\u001b[2J\u200b\\\"","uniqueID":"xsm6","mvip":"192.0.2.10"}}}
{"id":"ListClusterPairs","result":{"clusterPairs":[{"clusterName":"\u001b]0;\u0007\u2028","clusterPairID":1,"clusterPairUUID":"9866fbeb-c2f8-4df3-beb9-58a5c4e49c9b","status":"Unconfigured\n"}]}}"#;

#[test]
fn reports() {
    let cases: &[(&str, &[&str], i32)] = &[
        ("healthy.txt", &HEALTHY, 0),
        ("healthy.json", &HEALTHY, 0),
        ("healthy-one-side.txt", &HEALTHY[..1], 3),
        ("mismatched.txt", &MISMATCHED, 1),
        ("mismatched.json", &MISMATCHED, 1),
        ("limit.txt", &LIMIT, 3),
        ("half-removed.txt", &HALF_REMOVED, 1),
        ("half-removed.json", &HALF_REMOVED, 1),
    ];
    for &(name, files, code) in cases {
        let is_json = name.ends_with(".json");
        let form = if is_json { &["--json"][..] } else { &[] };
        let report = AUDIT.report(&[form, files].concat(), "", code);
        assert_file(&format!("audit/{name}"), &report);
        if is_json {
            serde_json::from_str::<Value>(&report).unwrap();
        }
        let reversed: Vec<_> = files.iter().rev().copied().collect();
        assert_eq!(AUDIT.report(&[form, &reversed].concat(), "", code), report);
    }
    assert_file("audit/help.txt", &AUDIT.report(&["--help"], "", 0));
}

#[test]
fn hostile_names() {
    let text = AUDIT.report(&["-"], HOSTILE, 3);
    assert_file("audit/hostile.txt", &text);
    let json = AUDIT.report(&["--json", "-"], HOSTILE, 3);
    assert_file("audit/hostile.json", &json);
    for report in [text, json.clone()] {
        assert!(report.chars().all(|c| c == '\n' || c.is_ascii() && !c.is_ascii_control()));
    }
    let json: Value = serde_json::from_str(&json).unwrap();
    assert_eq!(json["findings"][0]["subject"]["cluster"]["name"], "a\u{202e}\x1b[2J\u{200b}\\\"");
}

#[test]
fn reads_standard_input_and_files() {
    let from_files = AUDIT.report(&HEALTHY, "", 0);
    let first = fs::read_to_string(HEALTHY[0]).unwrap();
    assert_eq!(AUDIT.report(&["-", HEALTHY[1]], &first, 0), from_files);
    assert_eq!(AUDIT.report(&["--", HEALTHY[0], HEALTHY[1]], "", 0), from_files);
    // As curl writes them without a line end, and as Windows tools save them.
    let one_line = format!("\u{feff}{}", first.replace('\n', ""));
    assert_eq!(AUDIT.report(&["-", HEALTHY[1]], one_line, 0), from_files);
}

/// A cluster that lists its active paired volumes alone leaves open whether the others are deleted.
#[test]
fn active_volumes_alone() {
    let b = fs::read_to_string(MISMATCHED[1]).unwrap();
    let active = b.replace(r#""id":"ListVolumes""#, r#""id":"ListActivePairedVolumes""#);
    let report = AUDIT.report(&[MISMATCHED[0], "-"], &active, 1);
    assert_file("audit/mismatched-active.txt", &report);

    let refused = r#"{"id":"ListVolumes","error":{"code":500,"name":"xAPINotPermitted","message":"no \u001b"}}"#;
    let start = b.find(r#"{"id":"ListVolumes""#).unwrap();
    let report = AUDIT.report(&[MISMATCHED[0], "-"], [&b[..start], refused].concat(), 1);
    assert_file("audit/mismatched-refused.txt", &report);
}

/// Each file that cannot be read is told, with the place in it, and nothing that it says.
#[test]
fn unreadable() {
    let good = fs::read_to_string(HEALTHY[0]).unwrap();
    let cut = &good[..good.len() - 40];
    let wrong = good.replace("\"clusterPairID\":3,", "\"clusterPairID\":\"é secret\",");
    let latin = [good.as_bytes(), b"\xe9"].concat();
    let secret = good.replacen("\"latency\":2", "\"latency\":{\"password\":\"secret\"}", 1);
    let fraction = good.replacen("\"clusterPairID\":3", "\"clusterPairID\":3.5", 1);
    let cases: &[(&str, &[u8])] = &[
        ("cut", cut.as_bytes()),
        ("wrong-type", wrong.as_bytes()),
        ("not-utf8", &latin),
        ("wrong-value", fraction.as_bytes()),
        ("secret", secret.as_bytes()),
        ("empty", b"\n"),
        ("html", b"<html><body>Unauthorized</body></html>"),
    ];
    for (name, input) in cases {
        let output = AUDIT.run(&["-", HEALTHY[1]], input);
        assert_eq!(output.status.code(), Some(2), "{name}");
        assert_eq!(output.stdout, b"", "{name}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert_file(&format!("audit/unreadable-{name}.txt"), &told);
        assert!(!told.contains("secret"), "{told}");

        let json = AUDIT.report(&["--json", "-", HEALTHY[1]], input, 2);
        assert_file(&format!("audit/unreadable-{name}.json"), &json);
        let error = &serde_json::from_str::<Value>(&json).unwrap()["errors"][0];
        let [code, message] = ["code", "message"].map(|member| error[member].as_str().unwrap());
        assert!(told.contains(&format!("{message} ({code})")), "{told}");
        assert!(error["offset"].as_u64().unwrap() as usize <= input.len());
    }
}

/// One file that cannot be read hides nothing of the others.
#[test]
fn each_file_is_told() {
    let files = ["-", "no/file\\\x07", "Cargo.toml", "examples", HEALTHY[1]];
    let told = AUDIT.run(&files, b"{");
    assert_eq!((told.status.code(), &*told.stdout), (Some(2), &b""[..]));
    let told = String::from_utf8(told.stderr).unwrap();
    let starts = [
        "standard input, line 1, column 2: ",
        r"no/file\\\u{7}: cannot be read: ",
        "Cargo.toml, line 1, ",
        "examples: cannot be read: ",
    ];
    for start in starts {
        assert_eq!(told.lines().filter(|line| line.starts_with(start)).count(), 1, "{told}");
    }

    let json = AUDIT.report(&[&["--json"], &files[..]].concat(), "{", 2);
    let json: Value = serde_json::from_str(&json).unwrap();
    let errors = json["errors"].as_array().unwrap().iter();
    let codes: Vec<_> = errors.map(|error| error["code"].as_str().unwrap()).collect();
    assert_eq!(codes, ["cut_short", "unreadable_file", "not_json", "unreadable_file"]);
    assert_eq!(json["errors"][1]["file"], r"no/file\\\u{7}");
}

#[test]
fn wrong_commands() {
    let cases: &[(&[&str], &str)] = &[
        (&[], "audit: no file"),
        (&["--json"], "audit: no file"),
        (&["--jsn", "a"], "audit: there is no option --jsn"),
        (&["--\u{202E}\x1b[2J"], r"audit: there is no option --\u{202e}\u{1b}[2J"),
        (&["-", "-"], "audit: standard input twice"),
    ];
    for &(arguments, message) in cases {
        let output = AUDIT.run(arguments, b"");
        assert_eq!(output.status.code(), Some(2), "{message}");
        assert_eq!(output.stdout, b"", "{message}");
        let told = String::from_utf8(output.stderr).unwrap();
        assert!(told.starts_with(message), "{told}");
        assert!(told.ends_with("\n(audit --help says more)\n"), "{told}");
    }
    let output = AUDIT.run(&["--", "--json"], b"");
    assert!(output.stderr.starts_with(b"--json: cannot be read: "));
}

#[test]
fn closed_pipe() {
    let listings = fs::read(HEALTHY[0]).unwrap();
    let output = AUDIT.to_closed_pipe(&["-", HEALTHY[1]], &listings);
    assert_eq!(output.stderr, b"");
    assert_eq!(output.status.code(), Some(0));
}

#[test]
fn colour_on_a_terminal_only() {
    let files = HALF_REMOVED.join(" ");
    let in_plain = AUDIT.report(&HALF_REMOVED, "", 1);
    let Some(coloured) = AUDIT.on_terminal(&files, &[], 1) else {
        return eprintln!("skipped: util-linux's `script`, which makes a terminal, is not there");
    };
    assert_file("audit/half-removed-coloured.txt", &coloured);
    let plain: String = (coloured.split("\x1b["))
        .enumerate()
        .map(|(index, piece)| if index == 0 { piece } else { piece.split_once('m').unwrap().1 })
        .collect();
    assert_eq!(plain, in_plain);
    let terminal = |variables: &[_]| AUDIT.on_terminal(&files, variables, 1).unwrap();
    assert_eq!(terminal(&[("NO_COLOR", "1")]), in_plain);
    assert_eq!(terminal(&[("TERM", "dumb")]), in_plain);
    let json = AUDIT.on_terminal(&format!("--json {files}"), &[], 1).unwrap();
    assert_eq!(json, AUDIT.report(&["--json", HALF_REMOVED[0], HALF_REMOVED[1]], "", 1));
}
