//! The operations as JavaScript calls them; what they answer in full is tested from there.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use element_pairing_js::{
    answer::Answer,
    codec, listings, messages,
    plans::{self, Runs},
};

const KEY: &str = include_str!("../../tests/vectors/valid/cluster-canonical.key");

fn ok(outcome: Result<Answer, Answer>) -> Answer {
    outcome.unwrap_or_else(|error| panic!("{:?}", error.texts()))
}

fn refused(outcome: Result<Answer, Answer>) -> Vec<String> {
    outcome.err().unwrap().texts()
}

/// An input of several parts.
fn parts(parts: &[&str]) -> Vec<u8> {
    let lengths = parts.iter().map(|part| part.len());
    let numbers = [parts.len()].into_iter().chain(lengths);
    let mut input: Vec<u8> =
        numbers.flat_map(|number| u32::try_from(number).unwrap().to_le_bytes()).collect();
    input.extend(parts.concat().bytes());
    input
}

#[test]
fn keys() {
    let answer = ok(codec::decode(format!("\u{a0}{KEY}").as_bytes()));
    let removed = ["1", "white_space", "0", "0", "1", "white space (1 character)"];
    let members = [
        "1",
        "1cea1362-4c8f-461a-be72-74566a953d2f",
        "xsm6",
        "192.168.139.122",
        "AutoTest2-c0uR",
        "913142649",
    ];
    assert_eq!(answer.texts()[..2], ["cluster", "496"]);
    assert_eq!(answer.texts()[2..8], removed);
    assert_eq!(answer.texts()[8..], members);
    assert!(answer.secret.is_empty());
    assert_eq!(ok(codec::clean_text(KEY.as_bytes())).secret, KEY.as_bytes());
    assert_eq!(ok(codec::username(KEY.as_bytes())).secret, b"__SF_pair_PYzyfGpLrFVD2DJB");
    assert_eq!(ok(codec::password(KEY.as_bytes())).secret.len(), 16);
}

#[test]
fn places_are_in_bytes_and_in_utf_16() {
    let error = refused(codec::decode("7b22\u{a0}\u{1f600}".as_bytes()));
    assert_eq!(error[..2], ["key", "not_a_digit"]);
    assert_eq!(error[5..7], ["6", "5"]);
    let error = refused(listings::audit(&parts(&[
        "{\"id\":\"GetLimits\",\"result\":{}}",
        "{\"ä\":\n\u{1f600}",
    ])));
    assert_eq!(error[..2], ["text", "not_json"]);
    // Bytes, units, line, column, listing.
    assert_eq!(error[4..], ["7", "6", "2", "1", "1"]);
}

#[test]
fn an_encoded_key_has_no_place() {
    let error = refused(codec::encode_volume(br#"{"volumeID":"1"}"#));
    assert_eq!(error[1], "missing_member");
    let error = refused(codec::encode_volume(
        br#"{"mvip":"::1","volumeID":"1","volumeName":"","volumePairUUID":""}"#,
    ));
    assert_eq!(error[1..2], ["wrong_type"]);
    assert_eq!(error[4..], ["volumeID", "", ""]);
}

#[test]
fn keys_come_apart_from_the_json() {
    let text = format!(r#"{{"id":7,"result":{{"clusterPairID":1,"clusterPairingKey":"{KEY}"}}}}"#);
    let answer = ok(messages::read_response(&parts(&["StartClusterPairing", &text])));
    assert_eq!(
        answer.texts(),
        [r#"{"id":7,"result":{"clusterPairID":1,"clusterPairingKey":null}}"#]
    );
    assert_eq!(answer.secret, KEY.as_bytes());
}

const APART: [&str; 2] = [
    r#"{"id":"GetClusterInfo","result":{"clusterInfo":{"name":"a","uniqueID":"aaaa","mvip":"192.0.2.1"}}}
    {"id":"ListClusterPairs","result":{"clusterPairs":[]}}"#,
    r#"{"id":"GetClusterInfo","result":{"clusterInfo":{"name":"b","uniqueID":"bbbb","mvip":"192.0.2.2"}}}
    {"id":"ListClusterPairs","result":{"clusterPairs":[]}}"#,
];
const PAIR: &str = r#"{"goal":"pair_clusters","clusters":["aaaa","bbbb"]}"#;

#[test]
fn runs() {
    let input = parts(&[PAIR, "", APART[0], APART[1]]);
    let mut runs = Runs::new();
    // Done or not, why it stopped, the state of the step; the number.
    assert_eq!(ok(plans::begin(&mut runs, 0, &input)).texts(), ["", "", "not_done", "1"]);
    assert_eq!(ok(plans::begin(&mut runs, 0, &input)).texts()[3], "2");
    let call = ok(plans::next(&mut runs, 1, b""));
    assert_eq!(call.texts(), ["", "", "unknown", "1", "0"]);
    assert_eq!(call.secret, br#"{"method":"StartClusterPairing","params":{},"id":1}"#);
    assert_eq!(ok(plans::next(&mut runs, 1, b"")).texts(), ["", "", "unknown"]);
    let text = format!(r#"{{"id":1,"result":{{"clusterPairID":4,"clusterPairingKey":"{KEY}"}}}}"#);
    assert_eq!(ok(plans::answer(&mut runs, 1, text.as_bytes())).texts(), ["", "", "done"]);
    let call = ok(plans::next(&mut runs, 1, b""));
    assert!(String::from_utf8(call.secret.clone()).unwrap().contains(KEY));
    assert!(!call.texts().concat().contains(KEY));
    let lost = ok(plans::lose(&mut runs, 1, b"")).texts();
    assert_eq!([&lost[0], &lost[2]], ["", "unknown"]);
    assert!(lost[1].starts_with(r#"{"step":2,"code":"lost","#), "{}", lost[1]);
    let states = ok(plans::states(&mut runs, 1, b"")).texts();
    assert_eq!(states, [r#"["done","unknown","not_done","not_done"]"#]);
    let entry = ok(plans::entry(&mut runs, 1, b"")).texts();
    let record = ok(plans::record(&mut runs, 1, b"")).texts();
    assert!(record[0].ends_with(&format!(",{}]", entry[0])), "{record:?}");
    // The other one has not begun.
    assert_eq!(ok(plans::entry(&mut runs, 2, b"")).texts(), ["null"]);
    assert!(ok(plans::abort(&mut runs, 2, b"")).texts()[1].contains("aborted"));
    ok(plans::dispose(&mut runs, 1, b""));
    assert_eq!(refused(plans::next(&mut runs, 1, b""))[0], "argument");
    assert_eq!(ok(plans::begin(&mut runs, 0, &input)).texts()[3], "3");
    let after = parts(&[PAIR, &record[0], APART[0], APART[1]]);
    assert!(ok(plans::plan(&after)).texts()[0].starts_with(r#"{"plan":{"steps":[{"step":1,"#));
}

#[test]
fn goals_that_are_wrong() {
    let wrong = |goal: &str, record: &str| {
        let input = parts(&[goal, record, APART[0]]);
        let error = refused(plans::plan(&input));
        assert_eq!(error, refused(plans::begin(&mut Runs::new(), 0, &input)));
        assert_eq!(error[0], "goal");
        [error[1].clone(), error[2].clone(), error[4].clone()]
    };
    let place = |message: &str, path: &str| ["wrong_goal", message, path].map(String::from);
    assert_eq!(wrong("{}", ""), place("expected a member goal", ""));
    let clusters = r#"{"goal":"pair_clusters","clusters":["a",2]}"#;
    assert_eq!(wrong(clusters, ""), place("clusters[1]: expected a string", "clusters[1]"));
    assert_eq!(wrong(PAIR, "{}"), place("record: expected an array", "record"));
    assert_eq!(wrong(PAIR, "[{}]"), place("record[0]: expected a member state", "record[0]"));
    assert_eq!(wrong("{", "")[0], "cut_short");
}

#[test]
fn input_that_no_caller_makes() {
    for input in [&b""[..], b"\x01", b"\xff\xff\xff\xff", b"\x01\0\0\0\xff\xff\xff\xff"] {
        for operation in [listings::audit, listings::topology] {
            assert!(operation(input).is_ok_and(|answer| !answer.texts().is_empty()));
        }
        assert_eq!(refused(listings::check(input))[0], "argument");
        assert_eq!(refused(messages::read_response(input))[0], "argument");
        assert_eq!(refused(messages::write_request(input))[0], "text");
        assert_eq!(refused(plans::plan(input))[0], "argument");
        assert_eq!(refused(plans::begin(&mut Runs::new(), 0, input))[0], "argument");
        assert_eq!(refused(plans::answer(&mut Runs::new(), 0, input))[0], "argument");
    }
}

#[test]
fn a_block_is_as_it_is_read() {
    let mut answer = Answer::of("ä");
    answer.number(7);
    answer.secret = vec![1, 2];
    let numbers = [0_u32, 2, 3, 2, 1, 1].map(u32::to_le_bytes).concat();
    assert_eq!(Answer::block(Ok(answer)), [&numbers, "ä7".as_bytes(), &[1, 2]].concat());
    assert_eq!(Answer::block(Err(Answer::default()))[..4], [1, 0, 0, 0]);
}
