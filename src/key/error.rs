//! [`DecodeError`]: why a text is not a pairing key, and what to do about it.

use core::{error::Error, fmt};

use super::{KeyKind, member::Member, text::MAX_TEXT_LEN};
use crate::json::{JsonType, MAX_DEPTH};

/// Why a text is not a pairing key.
///
/// Each case has a [`code`](DecodeError::code), an [`offset`](DecodeError::offset) where there is a
/// place to name, a message of one sentence (`Display`) and a sentence that says what to do
/// ([`help`](DecodeError::help)). No case holds or prints anything of the text: it may be a
/// credential.
///
/// Codes and the data of a case are stable; messages and help may be worded better in any version.
///
/// All offsets are in bytes, in the text as it was given.
///
/// ```
/// use element_pairing::{DecodeError, PairingKey};
///
/// let error = PairingKey::decode("7b22x").unwrap_err();
/// assert_eq!(error, DecodeError::NotADigit { offset: 4 });
/// assert_eq!(error.code(), "not_a_digit");
/// assert_eq!(error.to_string(), "the text has a character that is no hex digit");
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum DecodeError {
    /// The text has no digits.
    Empty,
    /// The text is longer than [`MAX_TEXT_LEN`].
    TooLong {
        /// The text's length in bytes.
        length: usize,
    },
    /// The text is UTF-16, by its byte-order mark; what is read is UTF-8.
    Utf16,
    /// The text is JSON, but no member `clusterPairingKey` or `volumePairingKey` with a string for
    /// a value is in it.
    NoKeyInJson {
        /// Where the JSON begins.
        offset: usize,
    },
    /// A character that is no hex digit and nothing that a paste adds.
    NotADigit {
        /// Where the character is.
        offset: usize,
    },
    /// An odd number of digits: at least one is missing.
    OddDigits {
        /// How many digits there are.
        digits: usize,
        /// Where the text stops making sense; its end, if all that is there does.
        offset: usize,
        /// The member that this is in.
        member: Option<Member>,
    },
    /// The key ends too early: at the end of the text, or at an ellipsis.
    CutShort {
        /// How many digits there are.
        digits: usize,
        /// Where it ends.
        offset: usize,
        /// The member that it ends in.
        member: Option<Member>,
    },
    /// Something follows the end of the key.
    TextAfterEnd {
        /// Where it begins.
        offset: usize,
    },
    /// Another key follows the end of the key.
    TwoKeys {
        /// Where the second key begins.
        offset: usize,
    },
    /// The digits do not stand for UTF-8.
    NotUtf8 {
        /// Where the first wrong byte is.
        offset: usize,
    },
    /// The digits do not stand for JSON.
    NotJson {
        /// Where the JSON goes wrong.
        offset: usize,
        /// The member that this is in.
        member: Option<Member>,
    },
    /// A string has half of a surrogate pair, which stands for no character.
    LoneSurrogate {
        /// Where its escape begins.
        offset: usize,
        /// The member that this is in; none where this version does not know its name.
        member: Option<Member>,
    },
    /// A member's value is nested deeper than 32 arrays and objects.
    TooDeep {
        /// Where the level too many begins.
        offset: usize,
    },
    /// The digits stand for JSON, but not for an object.
    NotAnObject {
        /// Where the value begins.
        offset: usize,
        /// What it is.
        found: JsonType,
    },
    /// An object with no member that only pairing keys have.
    NotAPairingKey {
        /// Where the object begins.
        offset: usize,
    },
    /// A pairing key, but of the other kind.
    WrongKind {
        /// The kind that the text is.
        found: KeyKind,
        /// The kind that was asked for.
        expected: KeyKind,
    },
    /// A member is missing.
    MissingMember {
        /// The kind of key that the text is.
        kind: KeyKind,
        /// The member.
        member: Member,
    },
    /// A member stands twice.
    DuplicateMember {
        /// Where its name stands the second time.
        offset: usize,
        /// The member; none where this version does not know its name.
        member: Option<Member>,
    },
    /// A member's value has the wrong JSON type.
    WrongType {
        /// Where the value begins.
        offset: usize,
        /// The member; [`Member::json_type`] is the right type.
        member: Member,
        /// The type that it has.
        found: JsonType,
    },
    /// A member's value has the right JSON type, but is not what the member needs.
    WrongValue {
        /// Where the value begins.
        offset: usize,
        /// The member; [`Member::expects`] says what it needs.
        member: Member,
    },
}

/// The texts of a case of [`DecodeError`], for who words messages elsewhere or translates them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeErrorText {
    /// The case's name for programs.
    pub code: &'static str,
    /// The message. A name in braces stands for the value of that name in
    /// [`DecodeError::values`]; what is in brackets is left out where its value is missing.
    pub message: &'static str,
    /// What to do about it.
    pub help: &'static str,
}

/// The values in the message of an error.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct DecodeErrorValues {
    /// The member that is wrong, or that the place is in.
    pub member: Option<Member>,
    /// How many digits there are; of `too_long` and `too_deep` the limit.
    pub number: Option<usize>,
    /// What was found: a kind of key, or a JSON type.
    pub found: Option<&'static str>,
    /// What it should have been.
    pub expected: Option<&'static str>,
}

macro_rules! texts {
    ($($case:ident $code:literal $message:literal $help:expr;)*) => {
        impl DecodeError {
            /// The codes of all cases.
            pub const CODES: &[&str] = &[$($code,)*];

            /// The texts of all cases.
            pub const TEXTS: &[DecodeErrorText] =
                &[$(DecodeErrorText { code: $code, message: $message, help: $help },)*];

            /// The case's name for programs; it never changes.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$case { .. } => $code,)*
                }
            }

            /// What to do about it, in one sentence.
            #[must_use]
            pub fn help(&self) -> &'static str {
                match self {
                    $(Self::$case { .. } => $help,)*
                }
            }

            /// As in [`DecodeErrorText::message`].
            fn message(&self) -> &'static str {
                match self {
                    $(Self::$case { .. } => $message,)*
                }
            }
        }
    };
}

texts! {
    Empty "empty" "the text has no digits" "Paste the whole key as the cluster made it.";
    TooLong "too_long" "the text is longer than {number} bytes"
        "Paste the key alone; one has a few hundred digits.";
    Utf16 "utf16" "the text is UTF-16, not UTF-8" "Save the text as UTF-8, or paste the key.";
    NoKeyInJson "no_key_in_json"
        "the JSON has no member \"clusterPairingKey\" or \"volumePairingKey\" that is a string"
        "Paste the answer to StartClusterPairing or StartVolumePairing, or the key alone, in the \
         hex digits that the cluster made.";
    NotADigit "not_a_digit" "the text has a character that is no hex digit"
        "Copy the key again, without the text around it: a key has only the digits 0 to 9 and a \
         to f.";
    OddDigits "odd_digits" "the key has an odd number of digits, {number}[, inside {member}]" CUT;
    CutShort "cut_short" "the key is cut short after {number} digits[, inside {member}]" CUT;
    TextAfterEnd "text_after_end" "text follows the end of the key"
        "Copy the key again, up to its last digit and no further.";
    TwoKeys "two_keys" "a second key follows the first"
        "Paste one key only: each belongs to a pair of its own.";
    NotUtf8 "not_utf8" "the digits do not stand for UTF-8 text" WRONG_DIGIT;
    NotJson "not_json" "the digits do not stand for JSON[, inside {member}]" WRONG_DIGIT;
    LoneSurrogate "lone_surrogate" "an escape is half of a surrogate pair[, inside {member}]"
        WRONG_DIGIT;
    TooDeep "too_deep" "a value is nested more than {number} levels deep" CHANGED;
    NotAnObject "not_an_object" "the digits stand for a JSON {found}, not for an object"
        SOMETHING_ELSE;
    NotAPairingKey "not_a_pairing_key"
        "the JSON object has no member that only pairing keys have" SOMETHING_ELSE;
    WrongKind "wrong_kind" "this is a {found} pairing key, not a {expected} pairing key"
        "Send a key made by StartClusterPairing with CompleteClusterPairing, to the cluster that \
         is to be paired, and one made by StartVolumePairing with CompleteVolumePairing, to the \
         cluster of the other volume.";
    MissingMember "missing_member" "the {found} pairing key has no {member}" CHANGED;
    DuplicateMember "duplicate_member" "a member stands twice in the key[: {member}]" CHANGED;
    WrongType "wrong_type" "{member} is of type {found}, not {expected}" CHANGED;
    WrongValue "wrong_value" "{member} is not {expected}" CHANGED;
}

const CUT: &str = "Copy the key again, whole; if the rest is lost, make a new key and remove the \
                   pending pair that the lost one left.";
const WRONG_DIGIT: &str = "A digit is wrong or missing at this place or before it: copy the key \
                           again from where it was made.";
const SOMETHING_ELSE: &str = "These are the digits of something else: paste a key made by \
                              StartClusterPairing or StartVolumePairing.";
const CHANGED: &str = "The key was changed, or its cluster is of a version that makes other keys: \
                       copy it again; if it stays so, forward the digits unread.";

impl DecodeError {
    /// The place in the text as it was given, in bytes from its start.
    ///
    /// A place inside a credential is named as any other; what stands there is not shown.
    #[must_use]
    pub fn offset(&self) -> Option<usize> {
        match *self {
            Self::Empty
            | Self::TooLong { .. }
            | Self::Utf16
            | Self::WrongKind { .. }
            | Self::MissingMember { .. } => None,
            Self::NoKeyInJson { offset }
            | Self::NotADigit { offset }
            | Self::OddDigits { offset, .. }
            | Self::CutShort { offset, .. }
            | Self::TextAfterEnd { offset }
            | Self::TwoKeys { offset }
            | Self::NotUtf8 { offset }
            | Self::NotJson { offset, .. }
            | Self::LoneSurrogate { offset, .. }
            | Self::TooDeep { offset }
            | Self::NotAnObject { offset, .. }
            | Self::NotAPairingKey { offset }
            | Self::DuplicateMember { offset, .. }
            | Self::WrongType { offset, .. }
            | Self::WrongValue { offset, .. } => Some(offset),
        }
    }

    /// The member that is wrong, or that the place is in.
    #[must_use]
    pub fn member(&self) -> Option<Member> {
        self.values().member
    }

    /// The values in the message.
    #[must_use]
    pub fn values(&self) -> DecodeErrorValues {
        let mut values = DecodeErrorValues::default();
        match *self {
            Self::TooLong { .. } => values.number = Some(MAX_TEXT_LEN),
            Self::TooDeep { .. } => values.number = Some(MAX_DEPTH as usize),
            Self::OddDigits { digits, member, .. } | Self::CutShort { digits, member, .. } => {
                values.number = Some(digits);
                values.member = member;
            }
            Self::NotJson { member, .. }
            | Self::LoneSurrogate { member, .. }
            | Self::DuplicateMember { member, .. } => values.member = member,
            Self::NotAnObject { found, .. } => values.found = Some(found.name()),
            Self::WrongKind { found, expected } => {
                values.found = Some(found.name());
                values.expected = Some(expected.name());
            }
            Self::MissingMember { kind, member } => {
                values.found = Some(kind.name());
                values.member = Some(member);
            }
            Self::WrongType { member, found, .. } => {
                values.member = Some(member);
                values.found = Some(found.name());
                values.expected = Some(member.json_type().name());
            }
            Self::WrongValue { member, .. } => {
                values.member = Some(member);
                values.expected = Some(member.expects());
            }
            Self::Empty
            | Self::Utf16
            | Self::NoKeyInJson { .. }
            | Self::NotADigit { .. }
            | Self::TextAfterEnd { .. }
            | Self::TwoKeys { .. }
            | Self::NotUtf8 { .. }
            | Self::NotAPairingKey { .. } => {}
        }
        values
    }
}

/// The message, in one sentence.
impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let values = self.values();
        for part in self.message().split(['[', ']']) {
            // Text and names in turn.
            let pieces = || part.split(['{', '}']).zip([false, true].into_iter().cycle());
            if pieces().any(|(piece, is_name)| is_name && values.get(piece).is_none()) {
                continue;
            }
            for (piece, is_name) in pieces() {
                match values.get(piece) {
                    Some(value) if is_name => value.fmt(f)?,
                    _ => f.write_str(piece)?,
                }
            }
        }
        Ok(())
    }
}

impl DecodeErrorValues {
    /// The value of a name.
    fn get(&self, name: &str) -> Option<&dyn fmt::Display> {
        fn shown(value: &Option<impl fmt::Display>) -> Option<&dyn fmt::Display> {
            value.as_ref().map(|value| value as _)
        }
        match name {
            "member" => shown(&self.member),
            "number" => shown(&self.number),
            "found" => shown(&self.found),
            "expected" => shown(&self.expected),
            _ => None,
        }
    }
}

impl Error for DecodeError {}
