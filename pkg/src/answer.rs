//! [`Answer`]: what an operation returns.

use alloc::{string::String, vec, vec::Vec};
use core::fmt::{Display, Write};

/// What an operation returns: an answer either way.
pub type Outcome = Result<Answer, Answer>;

/// Texts, and bytes that may be secret.
#[derive(Default)]
pub struct Answer {
    /// Of each text, in the units that JavaScript counts.
    lengths: Vec<u32>,
    text: String,
    /// Bytes that may be secret; no text is.
    pub secret: Vec<u8>,
}

impl Answer {
    /// An answer that begins with this text.
    pub fn of(text: &str) -> Self {
        let mut answer = Self {
            lengths: Vec::with_capacity(16),
            text: String::with_capacity(text.len().max(256)),
            secret: vec![],
        };
        answer.add(text);
        answer
    }

    /// An answer of bytes alone.
    pub fn secret(secret: &str) -> Self {
        Self { secret: secret.into(), ..Self::default() }
    }

    /// Adds a text.
    pub fn add(&mut self, text: &str) {
        self.lengths.push(units(text) as u32);
        self.text.push_str(text);
    }

    /// Adds a number.
    pub fn number(&mut self, number: u64) {
        self.join("", [number]);
    }

    /// Adds numbers with something between them, as one text.
    pub fn join<const N: usize>(&mut self, between: &str, numbers: [u64; N]) {
        let start = self.text.len();
        for (index, number) in numbers.into_iter().enumerate() {
            if index > 0 {
                self.text.push_str(between);
            }
            let digits = number.checked_ilog10().unwrap_or(0);
            for place in (0..=digits).rev() {
                self.text.push(char::from(b'0' + (number / 10_u64.pow(place) % 10) as u8));
            }
        }
        self.lengths.push((self.text.len() - start) as u32);
    }

    /// Adds what something displays.
    pub fn show(&mut self, text: impl Display) {
        let start = self.text.len();
        // Never fails: a string takes anything.
        let _ = write!(self.text, "{text}");
        let length = units(self.text.get(start..).unwrap_or_default());
        self.lengths.push(length as u32);
    }

    /// The same, or an empty text.
    pub fn show_if(&mut self, text: Option<impl Display>) {
        match text {
            Some(text) => self.show(text),
            None => self.add(""),
        }
    }

    /// The texts one by one: what a test looks at.
    pub fn texts(&self) -> Vec<String> {
        let mut units = self.text.encode_utf16();
        let mut text = |length| units.by_ref().take(length).collect::<Vec<_>>();
        let texts = self.lengths.iter().map(|length| text(*length as usize));
        texts.map(|units| String::from_utf16_lossy(&units)).collect()
    }

    /// The answer in one block: 1 if it is an error, the number of texts, the length of all texts in
    /// bytes, the number of bytes that may be secret, the length of each text in UTF-16 units (all
    /// little-endian, of 32 bits), the texts, the bytes.
    pub fn block(outcome: Outcome) -> Vec<u8> {
        let failed = outcome.is_err();
        let (Ok(answer) | Err(answer)) = outcome;
        let Self { lengths, text, secret } = answer;
        let head =
            [u32::from(failed), lengths.len() as u32, text.len() as u32, secret.len() as u32];
        let size = 4 * (head.len() + lengths.len()) + text.len() + secret.len();
        let mut block = Vec::with_capacity(size);
        for number in head.into_iter().chain(lengths) {
            block.extend_from_slice(&number.to_le_bytes());
        }
        block.extend_from_slice(text.as_bytes());
        block.extend_from_slice(&secret);
        block
    }
}

/// How many UTF-16 units a text has.
fn units(text: &str) -> usize {
    if text.is_ascii() { text.len() } else { text.encode_utf16().count() }
}

/// A place in a text, in bytes and in the units of the string that the bytes came from.
pub fn add_place(answer: &mut Answer, text: &[u8], offset: Option<usize>) {
    let before = offset.and_then(|offset| text.get(..offset));
    let units = before.map(|before| {
        let chunks = before.utf8_chunks();
        let units =
            chunks.map(|chunk| units(chunk.valid()) + usize::from(!chunk.invalid().is_empty()));
        units.sum::<usize>()
    });
    answer.show_if(offset);
    answer.show_if(units);
}

/// The parts of an input: their number, the length of each (little-endian, of 32 bits), the parts.
pub fn parts(input: &[u8]) -> Vec<&[u8]> {
    let mut parts = vec![];
    let Some((count, mut rest)) = take_number(input) else { return parts };
    let mut lengths = vec![];
    for _ in 0..count {
        let Some((length, behind)) = take_number(rest) else { return parts };
        lengths.push(length);
        rest = behind;
    }
    for length in lengths {
        let Some((part, behind)) = rest.split_at_checked(length) else { return parts };
        parts.push(part);
        rest = behind;
    }
    parts
}

fn take_number(input: &[u8]) -> Option<(usize, &[u8])> {
    let (number, rest) = input.split_first_chunk()?;
    Some((u32::from_le_bytes(*number) as usize, rest))
}
