//! The operations as JavaScript calls them; what they answer in full is tested from there.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use element_pairing_js::{answer::Answer, codec, listings, messages};

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

#[test]
fn input_that_no_caller_makes() {
    for input in [&b""[..], b"\x01", b"\xff\xff\xff\xff", b"\x01\0\0\0\xff\xff\xff\xff"] {
        for operation in [listings::audit, listings::topology] {
            assert!(operation(input).is_ok_and(|answer| !answer.texts().is_empty()));
        }
        assert_eq!(refused(listings::check(input))[0], "argument");
        assert_eq!(refused(messages::read_response(input))[0], "argument");
        assert_eq!(refused(messages::write_request(input))[0], "text");
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
