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
    /// The key ends too early.
    CutShort {
        /// How many digits there are.
        digits: usize,
        /// Where the text ends.
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

macro_rules! codes {
    ($($case:ident $code:literal,)*) => {
        impl DecodeError {
            /// The codes of all cases.
            pub const CODES: &[&str] = &[$($code,)*];

            /// The case's name for programs; it never changes.
            #[must_use]
            pub fn code(&self) -> &'static str {
                match self {
                    $(Self::$case { .. } => $code,)*
                }
            }
        }
    };
}

codes! {
    Empty "empty",
    TooLong "too_long",
    Utf16 "utf16",
    NoKeyInJson "no_key_in_json",
    NotADigit "not_a_digit",
    OddDigits "odd_digits",
    CutShort "cut_short",
    TextAfterEnd "text_after_end",
    TwoKeys "two_keys",
    NotUtf8 "not_utf8",
    NotJson "not_json",
    LoneSurrogate "lone_surrogate",
    TooDeep "too_deep",
    NotAnObject "not_an_object",
    NotAPairingKey "not_a_pairing_key",
    WrongKind "wrong_kind",
    MissingMember "missing_member",
    DuplicateMember "duplicate_member",
    WrongType "wrong_type",
    WrongValue "wrong_value",
}

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
        match *self {
            Self::MissingMember { member, .. }
            | Self::WrongType { member, .. }
            | Self::WrongValue { member, .. } => Some(member),
            Self::OddDigits { member, .. }
            | Self::CutShort { member, .. }
            | Self::NotJson { member, .. }
            | Self::LoneSurrogate { member, .. }
            | Self::DuplicateMember { member, .. } => member,
            _ => None,
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Empty => "Paste the whole key as the cluster made it.",
            Self::TooLong { .. } => "Paste the key alone; one has a few hundred digits.",
            Self::Utf16 => "Save the text as UTF-8, or paste the key.",
            Self::NoKeyInJson { .. } => {
                "Paste the answer to StartClusterPairing or StartVolumePairing, or the key alone, \
                 in the hex digits that the cluster made."
            }
            Self::NotADigit { .. } => {
                "Copy the key again, without the text around it: a key has only the digits 0 to 9 \
                 and a to f."
            }
            Self::OddDigits { .. } | Self::CutShort { .. } => {
                "Copy the key again, whole; if the rest is lost, make a new key and remove the \
                 pending pair that the lost one left."
            }
            Self::TextAfterEnd { .. } => "Copy the key again, up to its last digit and no further.",
            Self::TwoKeys { .. } => "Paste one key only: each belongs to a pair of its own.",
            Self::NotUtf8 { .. } | Self::NotJson { .. } | Self::LoneSurrogate { .. } => {
                "A digit is wrong or missing at this place or before it: copy the key again from \
                 where it was made."
            }
            Self::NotAnObject { .. } | Self::NotAPairingKey { .. } => {
                "These are the digits of something else: paste a key made by StartClusterPairing or \
                 StartVolumePairing."
            }
            Self::WrongKind { found, .. } => match found {
                KeyKind::Cluster => {
                    "Send it with CompleteClusterPairing to the cluster that is to be paired; \
                     CompleteVolumePairing takes a key made by StartVolumePairing."
                }
                KeyKind::Volume => {
                    "Send it with CompleteVolumePairing to the cluster of the other volume; \
                     CompleteClusterPairing takes a key made by StartClusterPairing."
                }
            },
            Self::TooDeep { .. }
            | Self::MissingMember { .. }
            | Self::DuplicateMember { .. }
            | Self::WrongType { .. }
            | Self::WrongValue { .. } => {
                "The key was changed, or its cluster is of a version that makes other keys: copy it \
                 again; if it stays so, forward the digits unread."
            }
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::Empty => f.write_str("the text has no digits"),
            Self::TooLong { .. } => {
                write!(f, "the text is longer than {MAX_TEXT_LEN} bytes")
            }
            Self::Utf16 => f.write_str("the text is UTF-16, not UTF-8"),
            Self::NoKeyInJson { .. } => f.write_str(
                "the JSON has no member \"clusterPairingKey\" or \"volumePairingKey\" that is a \
                     string",
            ),
            Self::NotADigit { .. } => f.write_str("the text has a character that is no hex digit"),
            Self::OddDigits { digits, member, .. } => {
                let plural = if digits == 1 { "" } else { "s" };
                write!(f, "the key has {digits} digit{plural}, an odd number")?;
                Inside(member).fmt(f)
            }
            Self::CutShort { digits, member, .. } => {
                write!(f, "the key is cut short after {digits} digits")?;
                Inside(member).fmt(f)
            }
            Self::TextAfterEnd { .. } => f.write_str("text follows the end of the key"),
            Self::TwoKeys { .. } => f.write_str("a second key follows the first"),
            Self::NotUtf8 { .. } => f.write_str("the digits do not stand for UTF-8 text"),
            Self::NotJson { member, .. } => {
                f.write_str("the digits do not stand for JSON")?;
                Inside(member).fmt(f)
            }
            Self::LoneSurrogate { member, .. } => {
                f.write_str("an escape is half of a surrogate pair")?;
                Inside(member).fmt(f)
            }
            Self::TooDeep { .. } => {
                write!(f, "a value is nested more than {MAX_DEPTH} levels deep")
            }
            Self::NotAnObject { found, .. } => {
                write!(f, "the digits stand for a JSON {}, not for an object", found.name())
            }
            Self::NotAPairingKey { .. } => {
                f.write_str("the JSON object has no member that only pairing keys have")
            }
            Self::WrongKind { found, expected } => {
                write!(f, "this is a {found} pairing key, not a {expected} pairing key")
            }
            Self::MissingMember { kind, member } => {
                write!(f, "the {kind} pairing key has no {member}")
            }
            Self::DuplicateMember { member: Some(member), .. } => {
                write!(f, "{member} stands twice in the key")
            }
            Self::DuplicateMember { member: None, .. } => {
                f.write_str("a member whose name is not known stands twice in the key")
            }
            Self::WrongType { member, found, .. } => {
                let expected = member.json_type();
                write!(f, "{member} is of type {}, not {}", found.name(), expected.name())
            }
            Self::WrongValue { member, .. } => {
                write!(f, "{member} is not {}", member.expects())
            }
        }
    }
}

impl Error for DecodeError {}

/// `, inside username`, or nothing.
struct Inside(Option<Member>);

impl fmt::Display for Inside {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(member) => write!(f, ", inside {member}"),
            None => Ok(()),
        }
    }
}
