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
    /// An answer of nothing.
    pub const EMPTY: Self = Self { numbers: vec![], lengths: vec![], text: vec![], secret: vec![] };

    /// The same, with room for what a key says.
    pub fn new() -> Self {
        Self {
            numbers: Vec::with_capacity(8),
            lengths: Vec::with_capacity(8),
            text: Vec::with_capacity(256),
            secret: vec![],
        }
    }

    /// An answer that begins with this text.
    pub fn of(text: &str) -> Self {
        let mut answer = Self::new();
        answer.add(text);
        answer
    }

    /// An answer of bytes alone.
    pub fn secret(secret: &str) -> Self {
        Self { secret: secret.into(), ..Self::default() }
    }

    /// Adds a text.
    #[inline(never)]
    pub fn add(&mut self, text: &str) {
        self.lengths.push(text.len() as u32);
        self.text.extend_from_slice(text.as_bytes());
    }

    /// Adds a number.
    #[inline(never)]
    pub fn number(&mut self, number: usize) {
        self.numbers.push(number as f64);
    }

    /// Adds a number, or what is none.
    pub fn number_if(&mut self, number: Option<usize>) {
        match number {
            Some(number) => self.number(number),
            None => self.numbers.push(f64::NAN),
        }
    }

    /// Adds an integer of decimal digits; one that a JavaScript number cannot hold is none.
    pub fn integer(&mut self, text: &str) {
        let digits = text.bytes().filter(u8::is_ascii_digit);
        let number = digits.fold(0.0, |number, digit| number * 10.0 + f64::from(digit - b'0'));
        let number = if number < 9_007_199_254_740_992.0 { number } else { f64::NAN };
        self.numbers.push(if text.starts_with('-') { -number } else { number });
    }

    /// Adds the texts of another answer.
    pub fn append(&mut self, other: &Self) {
        self.lengths.extend_from_slice(&other.lengths);
        self.text.extend_from_slice(&other.text);
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

    /// The numbers, the length of each text in bytes, the texts, the bytes that may be secret.
    pub fn slices(&self) -> (&[f64], &[u32], &[u8], &[u8]) {
        (&self.numbers, &self.lengths, &self.text, &self.secret)
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
