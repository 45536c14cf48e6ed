//! The operations as JavaScript calls them; what they answer in full is tested from there.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use element_pairing_js::{
    answer::Answer,
    codec, listings, messages,
    plans::{self, Runs},
};

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
        answer.integer(&i64::to_string(&integer));
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
    let texts = |outcome| ok(outcome).parts().1;
    // Done or not, why it stopped, the state of the step; the number of the run.
    let begun = ok(plans::begin(&mut runs, 0, &input));
    assert_eq!(begun.parts(), (&[1.0][..], ["", "", "not_done"].map(String::from).to_vec()));
    assert_eq!(ok(plans::begin(&mut runs, 0, &input)).parts().0, [2.0]);
    let call = ok(plans::next(&mut runs, 1, b""));
    // The step, the delay.
    assert_eq!(call.parts(), (&[1.0, 0.0][..], ["", "", "unknown"].map(String::from).to_vec()));
    assert_eq!(call.secret, br#"{"method":"StartClusterPairing","params":{},"id":1}"#);
    assert!(ok(plans::next(&mut runs, 1, b"")).parts().0.is_empty());
    let text = format!(r#"{{"id":1,"result":{{"clusterPairID":4,"clusterPairingKey":"{KEY}"}}}}"#);
    assert_eq!(texts(plans::answer(&mut runs, 1, text.as_bytes())), ["", "", "done"]);
    let call = ok(plans::next(&mut runs, 1, b""));
    assert!(String::from_utf8(call.secret.clone()).unwrap().contains(KEY));
    assert!(!call.parts().1.concat().contains(KEY));
    let lost = texts(plans::lose(&mut runs, 1, b""));
    assert_eq!([&lost[0], &lost[2]], ["", "unknown"]);
    assert!(lost[1].starts_with(r#"{"step":2,"code":"lost","#), "{}", lost[1]);
    let states = texts(plans::states(&mut runs, 1, b""));
    assert_eq!(states, [r#"["done","unknown","not_done","not_done"]"#]);
    let entry = texts(plans::entry(&mut runs, 1, b""));
    let record = texts(plans::record(&mut runs, 1, b""));
    assert!(record[0].ends_with(&format!(",{}]", entry[0])), "{record:?}");
    // The other one has not begun.
    assert_eq!(texts(plans::entry(&mut runs, 2, b"")), ["null"]);
    assert!(texts(plans::abort(&mut runs, 2, b""))[1].contains("aborted"));
    ok(plans::dispose(&mut runs, 1, b""));
    assert_eq!(refused(plans::next(&mut runs, 1, b"")).parts().1[0], "argument");
    assert_eq!(ok(plans::begin(&mut runs, 0, &input)).parts().0, [3.0]);
    let after = parts(&[PAIR, &record[0], APART[0], APART[1]]);
    assert!(texts(plans::plan(&after))[0].starts_with(r#"{"plan":{"steps":[{"step":1,"#));
}

#[test]
fn goals_that_are_wrong() {
    let wrong = |goal: &str, record: &str| {
        let input = parts(&[goal, record, APART[0]]);
        let error = refused(plans::plan(&input)).parts().1;
        assert_eq!(error, refused(plans::begin(&mut Runs::new(), 0, &input)).parts().1);
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
            assert!(operation(input).is_ok_and(|answer| !answer.parts().1.is_empty()));
        }
        assert_eq!(refused(listings::check(input)).parts().1[0], "argument");
        assert_eq!(refused(messages::read_response(input)).parts().1[0], "argument");
        assert_eq!(refused(messages::write_request(input)).parts().1[0], "text");
        assert_eq!(refused(plans::plan(input)).parts().1[0], "argument");
        assert_eq!(refused(plans::begin(&mut Runs::new(), 0, input)).parts().1[0], "argument");
        assert_eq!(refused(plans::answer(&mut Runs::new(), 0, input)).parts().1[0], "argument");
    }
}
