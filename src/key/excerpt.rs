//! [`Excerpt`]: the place of an error in its text, fit to be shown.

use alloc::{string::String, vec::Vec};
use core::fmt;

use super::{
    error::DecodeError,
    object::Members,
    text::{Removals, Source, next_char, utf8_prefix},
};
use crate::secret::Buffer;

/// The place of an error in its text, fit to be shown: of the digits only those of the names of
/// members are legible, all others are masked. In a text that goes wrong nobody knows which value is
/// a credential, or where it ends.
///
/// `Display` writes the lines one below the other, with a mark under the place.
///
/// ```
/// use element_pairing::PairingKey;
///
/// // The beginning of a volume pairing key, cut inside the MVIP.
/// let text = "7b226d766970223a223139322e3136382e3133392e3132";
/// let excerpt = PairingKey::decode(text).unwrap_err().excerpt(text).unwrap();
/// assert_eq!(excerpt.text, "…••6d766970••••••••••••••••••••••••••••••••••");
/// assert_eq!(excerpt.reading, "   m v i p");
/// assert_eq!(excerpt.column, 45);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Excerpt {
    /// A stretch of the text, a column for each of its characters: digits as they are or masked as
    /// `•`, white space as a blank, anything else masked; `…` where the text goes on.
    pub text: String,
    /// What the digits that are not masked stand for, each character in the column of its first
    /// digit.
    pub reading: String,
    /// The column of the place, counted from 0.
    pub column: usize,
}

/// Columns before and after the place.
const BEFORE: usize = 44;
const AFTER: usize = 20;

impl DecodeError {
    /// The place in the text that this error came from; none for errors that have no place.
    #[must_use]
    pub fn excerpt(&self, text: impl AsRef<[u8]>) -> Option<Excerpt> {
        self.excerpt_of(text.as_ref())
    }

    fn excerpt_of(&self, text: &[u8]) -> Option<Excerpt> {
        let place = self.offset()?;
        let source = Source::locate(text, &mut Removals::default()).unwrap_or(Source::none());
        let mut bytes = Buffer(Vec::with_capacity(text.len() / 2));
        source.bytes(&mut bytes);
        let mut members = Members::default();
        // A failure leaves the members before it.
        let _ = members.read(utf8_prefix(&bytes.0).0);

        let before = columns(text).take_while(|(offset, _)| *offset < place).count();
        let skipped = before.saturating_sub(BEFORE);
        let mut excerpt =
            Excerpt { text: String::new(), reading: String::new(), column: before - skipped };
        if skipped > 0 {
            excerpt.text.push('…');
            excerpt.column += 1;
        }
        let mut digits = 0;
        for (column, (offset, character)) in columns(text).enumerate() {
            let mut is_shown = false;
            if source.has_digit(offset) {
                is_shown = members.is_in_name(digits / 2);
                digits += 1;
            }
            if column < skipped {
                continue;
            }
            if column == before + AFTER {
                excerpt.text.push('…');
                break;
            }
            excerpt.text.push(match character {
                Some(digit) if is_shown => digit,
                Some(blank) if blank.is_whitespace() => ' ',
                _ => '•',
            });
            if is_shown
                && digits % 2 == 1
                && let Some(&byte) = bytes.0.get(digits / 2)
            {
                let indent = excerpt.column + column - before;
                while excerpt.reading.len() < indent {
                    excerpt.reading.push(' ');
                }
                excerpt.reading.push(byte.into());
            }
        }
        Some(excerpt)
    }
}

/// The text's characters with their offsets; none for bytes that are no UTF-8.
fn columns(text: &[u8]) -> impl Iterator<Item = (usize, Option<char>)> + '_ {
    let mut at = 0;
    core::iter::from_fn(move || {
        let offset = at;
        let rest = text.get(offset..).filter(|rest| !rest.is_empty())?;
        let (character, length) = next_char(rest);
        at += length;
        Some((offset, character))
    })
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indent = self.column;
        write!(f, "{}\n{}\n{:indent$}^", self.text, self.reading, "")
    }
}
