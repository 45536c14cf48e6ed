//! JSON read in place: nothing is copied, nothing is allocated, no error holds what was read.

use alloc::string::String;
use core::ops::Range;

use crate::secret::wipe;

/// A type of JSON value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JsonType {
    /// `null`
    Null,
    /// `true` or `false`
    Boolean,
    /// A number.
    Number,
    /// A string.
    String,
    /// An array.
    Array,
    /// An object.
    Object,
}

impl JsonType {
    /// The type's name as JSON has it, such as `string`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Number => "number",
            Self::String => "string",
            Self::Array => "array",
            Self::Object => "object",
        }
    }

    /// The type of a value that begins with this byte.
    fn of(first: u8) -> Self {
        match first {
            b'"' => Self::String,
            b'{' => Self::Object,
            b'[' => Self::Array,
            b't' | b'f' => Self::Boolean,
            b'n' => Self::Null,
            _ => Self::Number,
        }
    }
}

/// How deep arrays and objects may be nested inside a member.
pub(crate) const MAX_DEPTH: u32 = 32;

/// A stretch of the text, in bytes; 32 bits reach far beyond the longest text.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Span {
    start: u32,
    end: u32,
}

impl Span {
    pub(crate) fn new(start: usize, end: usize) -> Self {
        Self { start: start as u32, end: end as u32 }
    }

    pub(crate) fn start(self) -> usize {
        self.start as usize
    }

    pub(crate) fn range(self) -> Range<usize> {
        self.start as usize..self.end as usize
    }

    /// Without the quotes of a string.
    pub(crate) fn inside(self) -> Self {
        Self { start: self.start + 1, end: self.end - 1 }
    }

    /// What the span covers; empty where it does not fit the text, which spans of that text do.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    #[cfg_attr(target_family = "wasm", inline(never))]
    pub(crate) fn of(self, text: &str) -> &str {
        text.get(self.range()).unwrap_or_default()
    }
}

/// A value that was read without a failure.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Value {
    pub(crate) json_type: JsonType,
    /// The whole value, a string with its quotes.
    pub(crate) span: Span,
    /// Whether it is a string with escapes.
    pub(crate) escapes: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The text ends inside a value.
    End,
    Syntax,
    LoneSurrogate,
    TooDeep,
    /// The text is another value.
    NotAnObject(JsonType),
}

#[derive(Debug, Clone, Copy)]
pub(crate) struct Failure {
    pub(crate) at: usize,
    pub(crate) fault: Fault,
}

/// Moves through JSON text. Where a method returns none or false, reading failed for good, and
/// [`failure`](Reader::failure) says where and why.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    pub(crate) at: usize,
    /// Why reading failed, unless the byte that stands here says it.
    fault: Option<Fault>,
}

impl<'a> Reader<'a> {
    pub(crate) fn new(text: &'a str) -> Self {
        Self { bytes: text.as_bytes(), at: 0, fault: None }
    }

    /// The failure, after reading failed.
    pub(crate) fn failure(&self) -> Failure {
        let unexpected = if self.peek().is_none() { Fault::End } else { Fault::Syntax };
        Failure { at: self.at, fault: self.fault.unwrap_or(unexpected) }
    }

    fn fail<T>(&mut self, at: usize, fault: Fault) -> Option<T> {
        self.at = at;
        self.fault = Some(fault);
        None
    }

    #[inline(always)]
    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    #[cfg_attr(not(target_family = "wasm"), inline)]
    #[cfg_attr(target_family = "wasm", inline(never))]
    pub(crate) fn white(&mut self) {
        while let Some(b' ' | b'\t' | b'\n' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    /// Moves past a byte, if it is the one that stands here.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    #[cfg_attr(target_family = "wasm", inline(never))]
    pub(crate) fn take(&mut self, wanted: u8) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    /// Moves past a byte that must stand here.
    #[inline]
    pub(crate) fn expect(&mut self, wanted: u8) -> Option<()> {
        self.take(wanted).then_some(())
    }

    /// Reads a string; returns whether it has escapes.
    #[inline]
    fn string(&mut self) -> Option<bool> {
        self.expect(b'"')?;
        self.plain_run();
        if self.take(b'"') { Some(false) } else { self.string_with_escapes() }
    }

    #[cold]
    fn string_with_escapes(&mut self) -> Option<bool> {
        loop {
            match self.peek()? {
                b'"' => {
                    self.at += 1;
                    return Some(true);
                }
                b'\\' => {
                    self.escape()?;
                }
                _ => return None,
            }
            self.plain_run();
        }
    }

    /// Moves past characters that stand for themselves in a string.
    #[cfg_attr(not(target_family = "wasm"), inline)]
    #[cfg_attr(target_family = "wasm", inline(never))]
    fn plain_run(&mut self) {
        self.at += plain_length(self.bytes.get(self.at..).unwrap_or_default());
    }

    /// Reads an escape; returns what it stands for.
    fn escape(&mut self) -> Option<char> {
        let start = self.at;
        self.at += 1;
        let character = match self.peek()? {
            itself @ (b'"' | b'\\' | b'/') => itself,
            b'b' => 8,
            b'f' => 12,
            b'n' => b'\n',
            b'r' => b'\r',
            b't' => b'\t',
            b'u' => {
                self.at += 1;
                let mut code = self.four_digits()?;
                if (0xD800..0xDC00).contains(&code) {
                    for wanted in *b"\\u" {
                        if !self.take(wanted) {
                            self.peek()?;
                            return self.fail(start, Fault::LoneSurrogate);
                        }
                    }
                    let low = self.four_digits()?.wrapping_sub(0xDC00);
                    // Half of a pair stays one.
                    if low < 0x400 {
                        code = 0x10000 + ((code - 0xD800) << 10) + low;
                    }
                }
                return match char::from_u32(code) {
                    None => self.fail(start, Fault::LoneSurrogate),
                    character => character,
                };
            }
            _ => return None,
        };
        self.at += 1;
        Some(character.into())
    }

    fn four_digits(&mut self) -> Option<u32> {
        let mut code = 0;
        for _ in 0..4 {
            code = code * 16 + char::from(self.peek()?).to_digit(16)?;
            self.at += 1;
        }
        Some(code)
    }

    fn number(&mut self) -> Option<()> {
        self.take(b'-');
        if !self.take(b'0') {
            self.digits()?;
        }
        if self.take(b'.') {
            self.digits()?;
        }
        if self.take(b'e') || self.take(b'E') {
            let _ = self.take(b'+') || self.take(b'-');
            self.digits()?;
        }
        Some(())
    }

    #[inline]
    fn digits(&mut self) -> Option<()> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let count = rest.iter().position(|byte| !byte.is_ascii_digit()).unwrap_or(rest.len());
        self.at += count;
        (count > 0).then_some(())
    }

    fn literal(&mut self, word: &str) -> Option<()> {
        word.bytes().try_for_each(|byte| self.expect(byte))
    }

    /// Reads a member's name and the colon. The span is the name with its quotes.
    pub(crate) fn name(&mut self) -> Option<Span> {
        let start = self.at;
        self.string()?;
        let name = Span::new(start, self.at);
        self.white();
        self.expect(b':')?;
        Some(name)
    }

    /// Reads any value, and the white space before it.
    pub(crate) fn value(&mut self) -> Option<Value> {
        self.white();
        let start = self.at;
        let mut escapes = false;
        let json_type = match self.peek()? {
            b'"' => {
                escapes = self.string()?;
                JsonType::String
            }
            b'-' | b'0'..=b'9' => {
                self.number()?;
                JsonType::Number
            }
            first => {
                self.nested()?;
                JsonType::of(first)
            }
        };
        Some(Value { json_type, span: Span::new(start, self.at), escapes })
    }

    /// Fails for a text that is no object: cut short or not, it is no key.
    pub(super) fn other_value(&mut self) -> Option<()> {
        let start = self.at;
        let value = self.value();
        self.white();
        match (value, self.failure().fault) {
            (Some(value), Fault::End) => self.fail(start, Fault::NotAnObject(value.json_type)),
            (None, Fault::End) => self.fail(self.at, Fault::Syntax),
            _ => None,
        }
    }

    /// Moves past any value. Not recursive: a bit for each open array (0) or object (1) is enough.
    fn nested(&mut self) -> Option<()> {
        let mut objects: u64 = 0;
        let mut depth = 0;
        loop {
            self.white();
            match self.peek()? {
                b'"' => {
                    self.string()?;
                }
                open @ (b'{' | b'[') => {
                    if depth == MAX_DEPTH {
                        return self.fail(self.at, Fault::TooDeep);
                    }
                    self.at += 1;
                    depth += 1;
                    objects = objects << 1 | u64::from(open == b'{');
                    self.white();
                    if self.peek() != Some(closing(objects)) {
                        if open == b'{' {
                            self.name()?;
                        }
                        continue;
                    }
                }
                b'-' | b'0'..=b'9' => self.number()?,
                b't' => self.literal("true")?,
                b'f' => self.literal("false")?,
                b'n' => self.literal("null")?,
                _ => return None,
            }
            loop {
                if depth == 0 {
                    return Some(());
                }
                self.white();
                if self.take(b',') {
                    self.white();
                    if objects & 1 == 1 {
                        self.name()?;
                    }
                    break;
                }
                self.expect(closing(objects))?;
                objects >>= 1;
                depth -= 1;
            }
        }
    }
}

/// How many bytes at the start of a string's text stand for themselves.
#[inline]
pub(crate) fn plain_length(text: &[u8]) -> usize {
    const LOW: u64 = u64::from_le_bytes([0x01; 8]);
    const HIGH: u64 = LOW << 7;
    // Eight at a time: in `below(x, n)` the lowest of the bits that are set is that of the first
    // byte less than n. Bytes of 0x80 and more are never less.
    let below = |word: u64, n: u8| word.wrapping_sub(LOW * u64::from(n)) & !word & HIGH;
    let (words, rest) = text.as_chunks();
    let mut length = 0;
    for &word in words {
        let word = u64::from_le_bytes(word);
        let quote = below(word ^ (LOW * u64::from(b'"')), 1);
        let backslash = below(word ^ (LOW * u64::from(b'\\')), 1);
        let special = quote | backslash | below(word, 0x20);
        if special != 0 {
            return length + special.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    let plain = rest.iter().take_while(|&byte| !matches!(byte, b'"' | b'\\' | 0..0x20));
    length + plain.count()
}

fn closing(objects: u64) -> u8 {
    if objects & 1 == 1 { b'}' } else { b']' }
}

/// The text of a JSON string, in a block of its exact size. Whoever takes it wipes it.
pub(crate) fn unescaped(raw: &str) -> String {
    let mut length = 0;
    unescape(raw, |piece| length += piece.len());
    let mut text = String::with_capacity(length);
    unescape(raw, |piece| text.push_str(piece));
    text
}

/// Hands on the text of a string that was read without a failure, escapes resolved, in pieces.
pub(crate) fn unescape(raw: &str, mut put: impl FnMut(&str)) {
    let mut reader = Reader::new(raw);
    loop {
        let start = reader.at;
        reader.plain_run();
        put(raw.get(start..reader.at).unwrap_or_default());
        let Some(character) = reader.escape() else { break };
        let mut bytes = [0; 4];
        put(character.encode_utf8(&mut bytes));
        // What is left on the stack can get into the padding of a block on the heap.
        wipe(&mut bytes);
    }
}

/// The bytes of a value that was read without a failure, less the white space between its parts.
pub(crate) fn compact(value: &str) -> impl Iterator<Item = u8> + '_ {
    let mut in_string = false;
    let mut escaped = false;
    value.bytes().filter(move |&byte| {
        if in_string {
            in_string = escaped || byte != b'"';
            escaped = !escaped && byte == b'\\';
            return true;
        }
        in_string = byte == b'"';
        !matches!(byte, b' ' | b'\t' | b'\n' | b'\r')
    })
}

/// Hands on the pieces of a string with its escapes.
pub(crate) fn escaped(mut text: &[u8], mut put: impl FnMut(&[u8])) {
    while let Some((plain, [special, rest @ ..])) = text.split_at_checked(plain_length(text)) {
        put(plain);
        let escape: &[u8] = match special {
            b'"' => b"\\\"",
            b'\\' => b"\\\\",
            8 => b"\\b",
            9 => b"\\t",
            10 => b"\\n",
            12 => b"\\f",
            13 => b"\\r",
            control => {
                put(if *control < 16 { b"\\u000" } else { b"\\u001" });
                let last = usize::from(control % 16);
                b"0123456789abcdef".get(last..=last).unwrap_or_default()
            }
        };
        put(escape);
        text = rest;
    }
    put(text);
}
