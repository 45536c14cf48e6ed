//! Text from outside, made fit to be shown.

use core::fmt::{self, Display, Write};

/// Text from outside, fit for a terminal or a page: characters that control it, turn the direction
/// of text, cannot be seen or change the character before them are written as `\u{…}`, and `\` as
/// `\\`, so that only an escape looks like one.
///
/// ```
/// assert_eq!(element_pairing::escape("a\u{202e}b\u{200b}\\").to_string(), r"a\u{202e}b\u{200b}\\");
/// ```
#[must_use]
pub fn escape(text: &str) -> impl Display + '_ {
    FromFn(move |f: &mut fmt::Formatter<'_>| {
        for character in text.chars() {
            match character {
                '\\' => f.write_str("\\\\")?,
                _ if is_unsafe(character) => Display::fmt(&character.escape_unicode(), f)?,
                _ => f.write_char(character)?,
            }
        }
        Ok(())
    })
}

/// The same for JSON: what must not be shown as it is stands in its strings, where JSON's own
/// escapes (`\u202e`) do not change what it says.
///
/// ```
/// assert_eq!(element_pairing::escape_json("\"a\u{202e}\"").to_string(), r#""a\u202e""#);
/// ```
#[must_use]
pub fn escape_json(json: &str) -> impl Display + '_ {
    FromFn(move |f: &mut fmt::Formatter<'_>| {
        for character in json.chars() {
            if is_unsafe(character) {
                for unit in character.encode_utf16(&mut [0; 2]) {
                    write!(f, "\\u{unit:04x}")?;
                }
            } else {
                f.write_char(character)?;
            }
        }
        Ok(())
    })
}

fn is_unsafe(character: char) -> bool {
    match character {
        '"' | '\'' | '\\' => false,
        // Letters and a symbol to Unicode, but blank.
        '\u{115F}' | '\u{1160}' | '\u{2800}' | '\u{3164}' | '\u{FFA0}' => true,
        _ => character.escape_debug().len() > 1,
    }
}

/// `fmt::from_fn` of Rust 1.93.
struct FromFn<F>(F);

impl<F: Fn(&mut fmt::Formatter<'_>) -> fmt::Result> Display for FromFn<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0(f)
    }
}
