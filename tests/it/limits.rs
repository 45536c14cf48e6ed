//! The bound on the length of a text.

use element_pairing::{DecodeError, MAX_TEXT_LEN, PairingKey, VolumePairingKey, clean};
use serde_json::json;

use crate::check_any;

/// The digits of a volume pairing key; its name makes them exactly as many as asked for.
fn digits(length: usize) -> String {
    let key = |name: String| {
        let key = json!({
            "mvip": "192.0.2.7",
            "volumeID": 7,
            "volumeName": name,
            "volumePairUUID": "5f0c6d1e-8a3b-4c2d-9e7f-0123456789ab",
        });
        hex::encode(key.to_string())
    };
    let shortest = key(String::new()).len();
    key("n".repeat((length - shortest) / 2))
}

#[test]
fn sixty_four_kibibytes_are_read_and_no_more() {
    assert_eq!(MAX_TEXT_LEN, 65_536);

    let longest = digits(65_536);
    assert_eq!(longest.len(), 65_536);
    let key = VolumePairingKey::decode(&longest).unwrap();
    assert_eq!(key.encode().expose(), longest);
    assert_eq!(clean(&longest).unwrap().digits().expose(), longest);

    let padded = format!("{}\n", digits(65_534));
    assert_eq!(padded.len(), 65_535);
    assert!(PairingKey::decode(format!("{padded}\n")).is_ok());
    let too_long = format!("{padded} \n");
    let error = DecodeError::TooLong { length: 65_537 };
    assert_eq!(PairingKey::decode(&too_long), Err(error));
    assert_eq!(clean(&too_long).unwrap_err(), error);
}

#[test]
fn what_is_too_long_to_be_read_is_written_all_the_same() {
    let mut key = VolumePairingKey::decode(digits(65_536)).unwrap();
    key.volume_name.push('n');
    let error = DecodeError::TooLong { length: 65_538 };
    assert_eq!(VolumePairingKey::decode(key.encode().expose()), Err(error));
}

/// Nothing hangs on texts of the full length that repeat what costs most.
#[test]
fn hostile_texts_of_full_length() {
    let unknown: String = (0..3_500).map(|n| format!("\"{n:03x}\":0,")).collect();
    let texts = [
        "0".repeat(MAX_TEXT_LEN),
        " ".repeat(MAX_TEXT_LEN),
        "\u{200b}".repeat(MAX_TEXT_LEN / 3),
        "\"".repeat(MAX_TEXT_LEN),
        "{".repeat(MAX_TEXT_LEN),
        "{\"clusterPairingKey".repeat(MAX_TEXT_LEN / 19),
        "[\"volumePairingKey\":".repeat(MAX_TEXT_LEN / 20),
        hex::encode("[".repeat(MAX_TEXT_LEN / 2)),
        hex::encode("{\"a\":".repeat(MAX_TEXT_LEN / 10)),
        hex::encode(format!("{{\"name\":\"{}", "\\u0061".repeat(5_000))),
        hex::encode(format!("{{{unknown}\"mvip\":0}}")),
        hex::encode(format!("{{{}\"mvip\":0}}", "\"mvip\":0,".repeat(3_500))),
        hex::encode(format!("{{\"mvip\":0{}}}", " ".repeat(MAX_TEXT_LEN / 2 - 10))),
    ];
    for text in texts {
        assert!(PairingKey::decode(&text).is_err());
        check_any(text.as_bytes());
    }
}
