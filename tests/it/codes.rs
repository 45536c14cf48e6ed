//! What programs match on.

use std::collections::BTreeSet;

use element_pairing::{DecodeError, JsonType, KeyKind, Member, RemovedKind};

pub fn assert_codes<'a>(codes: impl IntoIterator<Item = &'a str>) {
    let mut seen = BTreeSet::new();
    for code in codes {
        assert!(seen.insert(code), "{code} stands twice");
        let words: Vec<_> = code.split('_').collect();
        let is_word = |word: &&str| word.bytes().all(|c| matches!(c, b'a'..=b'z' | b'0'..=b'9'));
        assert!(words.iter().all(|word| !word.is_empty() && is_word(word)), "{code}");
    }
}

#[test]
fn every_error_has_a_listed_code() {
    let (offset, digits, length, member) = (1, 3, 5, Member::Name);
    let (kind, found) = (KeyKind::Cluster, JsonType::Null);
    let errors = [
        DecodeError::Empty,
        DecodeError::TooLong { length },
        DecodeError::Utf16,
        DecodeError::NoKeyInJson { offset },
        DecodeError::NotADigit { offset },
        DecodeError::OddDigits { digits, offset, member: None },
        DecodeError::CutShort { digits, offset, member: None },
        DecodeError::TextAfterEnd { offset },
        DecodeError::TwoKeys { offset },
        DecodeError::NotUtf8 { offset },
        DecodeError::NotJson { offset, member: None },
        DecodeError::LoneSurrogate { offset, member: None },
        DecodeError::TooDeep { offset },
        DecodeError::NotAnObject { offset, found },
        DecodeError::NotAPairingKey { offset },
        DecodeError::WrongKind { found: kind, expected: KeyKind::Volume },
        DecodeError::MissingMember { kind, member },
        DecodeError::DuplicateMember { offset, member: None },
        DecodeError::WrongType { offset, member, found },
        DecodeError::WrongValue { offset, member },
    ];
    assert_eq!(errors.map(|error| error.code()), DecodeError::CODES);
    assert_codes(DecodeError::CODES.iter().copied());
}

#[test]
fn other_codes() {
    assert_codes(RemovedKind::ALL.iter().map(|kind| kind.code()));
    assert_codes([KeyKind::Cluster, KeyKind::Volume].map(KeyKind::name));
    let types = [
        JsonType::Null,
        JsonType::Boolean,
        JsonType::Number,
        JsonType::String,
        JsonType::Array,
        JsonType::Object,
    ];
    assert_codes(types.map(JsonType::name));
}

#[test]
fn members_are_in_the_order_of_their_names() {
    let names: Vec<_> = Member::all().map(Member::name).collect();
    assert!(names.is_sorted_by(|a, b| a < b), "{names:?}");
    let secret: Vec<_> = Member::all().filter(|member| member.is_secret()).collect();
    assert_eq!(secret, [Member::Password, Member::Username]);
    let count = |kind| Member::all().filter(|member| member.belongs_to(kind)).count();
    assert_eq!((count(KeyKind::Cluster), count(KeyKind::Volume)), (8, 4));
}
