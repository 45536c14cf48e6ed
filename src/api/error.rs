//! [`ReadError`]: why a text is not the request or response that it should be.

use core::{error::Error, fmt};

use super::{name::Name, read::MAX_JSON_LEN};
use crate::json::{JsonType, MAX_DEPTH};

/// Why a text is not the request, response or object that it should be.
///
/// Has a [`code`](ReadError::code), an [`offset`](ReadError::offset), a [`path`](ReadError::path), a
/// message of one sentence (`Display`) and a sentence that says what to do
/// ([`help`](ReadError::help)). It holds and prints nothing of the text: that may be a credential.
///
/// Codes and kinds are stable; messages and help may be worded better in any version.
///
/// ```
/// use element_pairing::api::{ListActivePairedVolumes, ReadErrorKind, Response};
///
/// let text = r#"{"id":1,"result":{"volumes":[{"volumeID":24},{"volumeID":1.5}]}}"#;
/// let error = Response::<ListActivePairedVolumes>::read(text).unwrap_err();
/// assert_eq!(error.kind(), ReadErrorKind::WrongValue);
/// assert_eq!(error.code(), "wrong_value");
/// assert_eq!(error.offset(), 57);
/// assert_eq!(error.path().to_string(), "result.volumes[1].volumeID");
/// assert_eq!(
///     error.to_string(),
///     "result.volumes[1].volumeID: expected an integer from 0 to 18446744073709551615"
/// );
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReadError {
    pub(super) kind: ReadErrorKind,
    pub(super) offset: usize,
    pub(super) path: Path,
    pub(super) expected: &'static str,
    /// Of a wrong type.
    pub(super) found: Option<JsonType>,
}

macro_rules! kinds {
    ($($(#[$doc:meta])* $kind:ident $code:literal,)*) => {
        /// What is wrong with a text.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ReadErrorKind {
            $($(#[$doc])* $kind,)*
        }

        impl ReadErrorKind {
            /// All kinds.
            pub const ALL: &[Self] = &[$(Self::$kind,)*];

            /// The kind's name for programs; it never changes.
            #[must_use]
            pub fn code(self) -> &'static str {
                match self {
                    $(Self::$kind => $code,)*
                }
            }
        }
    };
}

kinds! {
    /// The text is longer than [`MAX_JSON_LEN`].
    TooLong "too_long",
    /// The text is not UTF-8.
    NotUtf8 "not_utf8",
    /// The text is not JSON.
    NotJson "not_json",
    /// A control character, such as a line end, where JSON allows none: most often in a string.
    ControlCharacter "control_character",
    /// A no-break space between the parts of the JSON.
    NoBreakSpace "no_break_space",
    /// The text ends inside the JSON.
    CutShort "cut_short",
    /// A string has half of a surrogate pair, which stands for no character.
    LoneSurrogate "lone_surrogate",
    /// A value is nested deeper than 32 arrays and objects, in a member that is not known.
    TooDeep "too_deep",
    /// Something follows the end of the JSON.
    TextAfterEnd "text_after_end",
    /// A value has the wrong JSON type.
    WrongType "wrong_type",
    /// A value has the right JSON type, but is not what the member needs.
    WrongValue "wrong_value",
    /// A member is missing.
    MissingMember "missing_member",
    /// A member that is known stands twice.
    DuplicateMember "duplicate_member",
    /// A request for another method.
    OtherMethod "other_method",
}

impl ReadError {
    /// What is wrong.
    #[must_use]
    pub fn kind(&self) -> ReadErrorKind {
        self.kind
    }

    /// The kind's name for programs; it never changes.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.kind.code()
    }

    /// Where it is, in bytes from the start of the text.
    #[must_use]
    pub fn offset(&self) -> usize {
        self.offset
    }

    /// Which member it is, or is in.
    #[must_use]
    pub fn path(&self) -> Path {
        self.path
    }

    /// What should stand there, in plain words.
    #[must_use]
    pub fn expected(&self) -> &'static str {
        self.expected
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self.kind {
            ReadErrorKind::TooLong => {
                "Ask for less: ListActivePairedVolumes is shorter than ListVolumes."
            }
            ReadErrorKind::NotUtf8 => {
                "Save the text as UTF-8, as the cluster sends it; PowerShell's > writes UTF-16."
            }
            ReadErrorKind::NotJson | ReadErrorKind::TextAfterEnd => {
                "Take the whole text as it was sent, and nothing else; printed examples are not \
                 always sound, and a failed login is answered in HTML."
            }
            ReadErrorKind::ControlCharacter => {
                "Long strings are often broken over lines in print: join the lines, or take the \
                 text as the cluster sent it."
            }
            ReadErrorKind::NoBreakSpace => {
                "Replace no-break spaces by blanks, or take the text as the cluster sent it rather \
                 than from a page."
            }
            ReadErrorKind::CutShort => "Take the text again, up to its last brace.",
            ReadErrorKind::LoneSurrogate | ReadErrorKind::TooDeep => {
                "This is not what a cluster sends: take the text again."
            }
            ReadErrorKind::WrongType
            | ReadErrorKind::WrongValue
            | ReadErrorKind::MissingMember
            | ReadErrorKind::DuplicateMember => {
                "Check that it belongs to this method, and has what the method needs."
            }
            ReadErrorKind::OtherMethod => "Read it as the method that it names.",
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path != Path::NONE {
            write!(f, "{}: ", self.path)?;
        }
        match self.kind {
            ReadErrorKind::TooLong => write!(f, "the text is longer than {MAX_JSON_LEN} bytes"),
            ReadErrorKind::NotUtf8 => f.write_str("the text is not UTF-8"),
            ReadErrorKind::NotJson | ReadErrorKind::WrongValue | ReadErrorKind::OtherMethod => {
                write!(f, "expected {}", self.expected)
            }
            ReadErrorKind::ControlCharacter => {
                f.write_str("a line end or other control character stands where JSON allows none")
            }
            ReadErrorKind::NoBreakSpace => {
                f.write_str("a no-break space stands where JSON allows none")
            }
            ReadErrorKind::CutShort => {
                write!(f, "the text ends too early, expected {}", self.expected)
            }
            ReadErrorKind::LoneSurrogate => f.write_str("an escape is half of a surrogate pair"),
            ReadErrorKind::TooDeep => {
                write!(f, "a value is nested more than {MAX_DEPTH} levels deep")
            }
            ReadErrorKind::TextAfterEnd => f.write_str("something follows the end of the JSON"),
            ReadErrorKind::WrongType => {
                let found = self.found.map_or("", JsonType::name);
                write!(f, "expected {}, found {found}", self.expected)
            }
            ReadErrorKind::MissingMember => f.write_str("the member is missing"),
            ReadErrorKind::DuplicateMember => f.write_str("the member stands twice"),
        }
    }
}

impl Error for ReadError {}

/// Which member of a text: names that this version knows, and places in lists counted from 0.
///
/// `Display` writes `result.volumes[3].volumePairs[0].volumePairUUID`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Path {
    /// The innermost step first: an error collects them on its way out.
    steps: [Option<Step>; Self::LONGEST],
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Step {
    Member(Name),
    Item(u32),
}

impl Path {
    /// `result.volumes[3].volumePairs[0].remoteReplication.snapshotReplication.state`
    const LONGEST: usize = 8;

    pub(super) const NONE: Self = Self { steps: [None; Self::LONGEST] };

    /// What was found is inside this.
    pub(super) fn inside(&mut self, step: Step) {
        if let Some(free) = self.steps.iter_mut().find(|step| step.is_none()) {
            *free = Some(step);
        }
    }
}

impl fmt::Display for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, step) in self.steps.iter().rev().flatten().enumerate() {
            match step {
                Step::Member(name) => {
                    let dot = if index > 0 { "." } else { "" };
                    write!(f, "{dot}{}", name.as_str())?;
                }
                Step::Item(item) => write!(f, "[{item}]")?,
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Path {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Path({self})")
    }
}
