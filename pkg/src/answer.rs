//! [`Answer`]: what an operation returns.

use alloc::{string::String, vec, vec::Vec};

/// What an operation returns: an answer either way.
pub type Outcome = Result<Answer, Answer>;

/// Numbers, texts, and bytes that may be secret.
#[derive(Default)]
pub struct Answer {
    numbers: Vec<f64>,
    /// Of each text, in bytes.
    lengths: Vec<u32>,
    text: Vec<u8>,
    /// Bytes that may be secret; no text is.
    pub secret: Vec<u8>,
}

impl Answer {
    /// An answer that begins with this text.
    pub fn of(text: &str) -> Self {
        let mut answer = Self::default();
        answer.add(text);
        answer
    }

    /// An answer of bytes alone.
    pub fn secret(secret: &str) -> Self {
        Self { secret: secret.into(), ..Self::default() }
    }

    /// Adds a text.
    pub fn add(&mut self, text: &str) {
        self.lengths.push(text.len() as u32);
        self.text.extend_from_slice(text.as_bytes());
    }

    /// Adds a number.
    pub fn number(&mut self, number: usize) {
        self.numbers.push(number as f64);
    }

    /// Adds a number, or what is none.
    pub fn number_if(&mut self, number: Option<usize>) {
        self.numbers.push(number.map_or(f64::NAN, |number| number as f64));
    }

    /// Adds an integer; one that a JavaScript number cannot hold is none.
    pub fn integer(&mut self, integer: i64) {
        let is_safe = integer.unsigned_abs() < 1 << 53;
        self.numbers.push(if is_safe { integer as f64 } else { f64::NAN });
    }

    /// The numbers and the texts one by one: what a test looks at.
    pub fn parts(&self) -> (&[f64], Vec<String>) {
        let mut rest = self.text.as_slice();
        let texts = self.lengths.iter().map(|length| {
            let text = rest.split_off(..*length as usize).unwrap_or_default();
            String::from_utf8_lossy(text).into_owned()
        });
        (&self.numbers, texts.collect())
    }

    /// The answer in one block: 1 if it is an error, how many numbers and how many texts there are,
    /// the length of all texts, how many bytes may be secret, the length of each text (in bytes; all
    /// of these little-endian, of 32 bits), the numbers (of 64 bits), the texts, the bytes.
    pub fn block(outcome: Outcome) -> Vec<u8> {
        let failed = outcome.is_err();
        let (Ok(answer) | Err(answer)) = outcome;
        let Self { numbers, lengths, text, secret } = answer;
        let head =
            [usize::from(failed), numbers.len(), lengths.len(), text.len(), secret.len()];
        let size = 4 * (head.len() + lengths.len()) + 8 * numbers.len() + text.len() + secret.len();
        let mut block = Vec::with_capacity(size);
        for number in head.into_iter().map(|number| number as u32).chain(lengths) {
            block.extend_from_slice(&number.to_le_bytes());
        }
        for number in numbers {
            block.extend_from_slice(&number.to_le_bytes());
        }
        block.extend_from_slice(&text);
        block.extend_from_slice(&secret);
        block
    }
}

#[cfg(feature = "topology")]
impl Answer {
    /// Adds what something displays.
    pub fn show(&mut self, text: impl core::fmt::Display) {
        self.add(&alloc::string::ToString::to_string(&text));
    }
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
