//! [`Excerpt`]: the place of an error in its text, fit to be shown.

use alloc::{string::String, vec, vec::Vec};
use core::fmt;

use super::{
    error::DecodeError,
    member::Member,
    object::{Members, utf8_prefix},
    text::{Removals, Source},
};
use crate::json::Span;

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
        let text = text.as_ref();
        let place = self.offset()?;
        let names = names(text);

        let before = columns(text.get(..place)?).count();
        let skipped = before.saturating_sub(BEFORE);
        let mut excerpt =
            Excerpt { text: String::new(), reading: String::new(), column: before - skipped };
        if skipped > 0 {
            excerpt.text.push('…');
            excerpt.reading.push(' ');
            excerpt.column += 1;
        }
        let mut rest = columns(text).skip(skipped);
        for (offset, character) in rest.by_ref().take(before - skipped + AFTER) {
            let digit = names.get(offset).copied().flatten();
            excerpt.text.push(match character {
                Some(shown) if digit.is_some() => shown,
                Some(blank) if blank.is_whitespace() => ' ',
                _ => '•',
            });
            excerpt.reading.push(match digit {
                Some(Digit::First(character)) => character.into(),
                Some(Digit::Second) | None => ' ',
            });
        }
        if rest.next().is_some() {
            excerpt.text.push('…');
        }
        excerpt.reading.truncate(excerpt.reading.trim_end().len());
        Some(excerpt)
    }
}

/// The text's characters with their offsets; none for bytes that are no UTF-8.
fn columns(text: &[u8]) -> impl Iterator<Item = (usize, Option<char>)> + '_ {
    let mut at = 0;
    text.utf8_chunks().flat_map(move |chunk| {
        let start = at;
        let invalid = start + chunk.valid().len();
        at = invalid + chunk.invalid().len();
        let valid = chunk.valid().char_indices().map(move |(i, c)| (start + i, Some(c)));
        valid.chain((at > invalid).then_some((invalid, None)))
    })
}

/// A digit that may be shown.
#[derive(Clone, Copy)]
enum Digit {
    /// The first of a character, and the character.
    First(u8),
    Second,
}

/// The digits of the text that may be shown: those of the names of known members, which anybody may
/// know. No value is: where digits were lost, nobody can tell whose value it is.
fn names(text: &[u8]) -> Vec<Option<Digit>> {
    let mut shown = vec![None; text.len()];
    let Ok(source) = Source::locate(text, &mut Removals::default()) else { return shown };
    let (offsets, bytes) = source.readable();
    let (json, _) = utf8_prefix(&bytes.0);
    let mut members = Members::default();
    // A failure leaves the members before it.
    let _ = members.read(json);
    let known = Member::all().filter_map(|member| members.get(member).map(|entry| entry.name));
    for name in known.chain(members.open.map(|(_, name)| name)).map(Span::inside) {
        let digits = name.of(json).bytes().flat_map(|byte| [Digit::First(byte), Digit::Second]);
        for (&offset, digit) in offsets.iter().skip(name.start() * 2).zip(digits) {
            if let Some(shown) = shown.get_mut(offset) {
                *shown = Some(digit);
            }
        }
    }
    shown
}

impl fmt::Display for Excerpt {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let indent = self.column;
        write!(f, "{}\n{}\n{:indent$}^", self.text, self.reading, "")
    }
}
