//! The operations as JavaScript calls them; what they answer in full is tested from there.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use element_pairing_js::{answer::Answer, codec, listings, messages};

const KEY: &str = include_str!("../../tests/vectors/valid/cluster-canonical.key");

fn ok(outcome: Result<Answer, Answer>) -> Answer {
    outcome.unwrap_or_else(|error| panic!("{:?}", error.parts()))
}

fn refused(outcome: Result<Answer, Answer>) -> Answer {
    outcome.err().unwrap()
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
    let (numbers, texts) = answer.parts();
    // A cluster pairing key, its digits, what was removed: where and how many; the integers.
    assert_eq!(numbers, [0.0, 496.0, 1.0, 0.0, 1.0, 1.0, 913142649.0]);
    let members =
        ["1cea1362-4c8f-461a-be72-74566a953d2f", "xsm6", "192.168.139.122", "AutoTest2-c0uR"];
    assert_eq!(texts[0], "white_space");
    assert_eq!(texts[1..], members);
    assert!(answer.secret.is_empty());
    assert_eq!(ok(codec::clean_text(KEY.as_bytes())).secret, KEY.as_bytes());
    assert_eq!(ok(codec::username(KEY.as_bytes())).secret, b"__SF_pair_PYzyfGpLrFVD2DJB");
    assert_eq!(ok(codec::password(KEY.as_bytes())).secret.len(), 16);
}

#[test]
fn places_are_in_bytes() {
    let error = refused(codec::decode("7b22\u{a0}\u{1f600}".as_bytes()));
    let (numbers, texts) = error.parts();
    assert_eq!(texts[..2], ["key", "not_a_digit"]);
    assert_eq!(numbers[0], 6.0);
    let error = refused(listings::audit(&parts(&[
        "{\"id\":\"GetLimits\",\"result\":{}}",
        "{\"ä\":\n\u{1f600}",
    ])));
    let (numbers, texts) = error.parts();
    assert_eq!(texts[..2], ["text", "not_json"]);
    // Place, line, column, listing.
    assert_eq!(numbers, [7.0, 2.0, 1.0, 1.0]);
}

#[test]
fn an_encoded_key_has_no_place() {
    let error = refused(codec::encode_volume(br#"{"volumeID":"1"}"#));
    assert_eq!(error.parts().1, ["key", "missing_member", "mvip", "volume", ""]);
    let error = refused(codec::encode_volume(
        br#"{"mvip":"::1","volumeID":"1","volumeName":"","volumePairUUID":""}"#,
    ));
    let (numbers, texts) = error.parts();
    assert_eq!(texts, ["key", "wrong_type", "volumeID", "string", "number"]);
    assert!(numbers.iter().all(|number| number.is_nan()), "{numbers:?}");
}

#[test]
fn integers_that_would_be_rounded_are_none() {
    for (integer, is_safe) in
        [(1 << 53, false), (-(1 << 53), false), ((1 << 53) - 1, true), (i64::MIN, false)]
    {
        let mut answer = Answer::default();
        answer.integer(integer);
        assert_eq!(answer.parts().0[0].is_nan(), !is_safe, "{integer}");
    }
}

#[test]
fn keys_come_apart_from_the_json() {
    let text = format!(r#"{{"id":7,"result":{{"clusterPairID":1,"clusterPairingKey":"{KEY}"}}}}"#);
    let answer = ok(messages::read_response(&parts(&["StartClusterPairing", &text])));
    assert_eq!(
        answer.parts().1,
        [r#"{"id":7,"result":{"clusterPairID":1,"clusterPairingKey":null}}"#]
    );
    assert_eq!(answer.secret, KEY.as_bytes());
}

#[test]
fn input_that_no_caller_makes() {
    for input in [&b""[..], b"\x01", b"\xff\xff\xff\xff", b"\x01\0\0\0\xff\xff\xff\xff"] {
        for operation in [listings::audit, listings::topology] {
            assert!(operation(input).is_ok_and(|answer| !answer.parts().1.is_empty()));
        }
        assert_eq!(refused(listings::check(input)).parts().1[0], "argument");
        assert_eq!(refused(messages::read_response(input)).parts().1[0], "argument");
        assert_eq!(refused(messages::write_request(input)).parts().1[0], "text");
    }
}
