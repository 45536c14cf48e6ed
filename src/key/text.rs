//! What people paste -> hex digits -> bytes, and back.

use alloc::vec::Vec;
use core::fmt;

use super::{error::DecodeError, member::Member};
use crate::secret::{Buffer, Secret};

/// The longest text that is read, in bytes. A key has a few hundred digits; a pasted response adds
/// some lines.
pub const MAX_TEXT_LEN: usize = 64 * 1024;

/// What [`clean`] makes of a pasted text: the digits to forward, and what was removed.
#[derive(Debug)]
pub struct Cleaned {
    digits: Secret,
    removed: Vec<Removed>,
}

impl Cleaned {
    /// The exact digits of the key, letter case untouched: what is to be sent to the cluster.
    #[must_use]
    pub fn digits(&self) -> &Secret {
        &self.digits
    }

    /// The digits by themselves.
    #[must_use]
    pub fn into_digits(self) -> Secret {
        self.digits
    }

    /// What was removed, at most one entry of a kind; empty where the text was the key alone.
    #[must_use]
    pub fn removed(&self) -> &[Removed] {
        &self.removed
    }
}

/// Something that was removed from around or between the digits.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Removed {
    /// What it was.
    pub kind: RemovedKind,
    /// Where the first of it was: bytes from the start of the text.
    pub offset: usize,
    /// How many characters of it there were.
    pub count: usize,
}

impl Removed {
    /// How it is said: of one character and of more, where `{kind}` is [`RemovedKind::text`] and
    /// `{count}` the number of characters.
    pub const TEXTS: [&str; 2] = ["{kind} (1 character)", "{kind} ({count} characters)"];
}

/// `white space (12 characters)`
impl fmt::Display for Removed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [one, more] = Self::TEXTS;
        for piece in (if self.count == 1 { one } else { more }).split(['{', '}']) {
            match piece {
                "kind" => self.kind.fmt(f)?,
                "count" => self.count.fmt(f)?,
                text => f.write_str(text)?,
            }
        }
        Ok(())
    }
}

/// A kind of thing that a paste adds to a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum RemovedKind {
    /// Unicode white space: blanks, line ends, tabs, no-break spaces.
    WhiteSpace,
    /// Characters without width: zero-width spaces and joiners, soft hyphens, direction marks.
    ZeroWidth,
    /// Byte-order marks (U+FEFF).
    ByteOrderMark,
    /// A pair of straight or curly quotes around the key.
    Quotes,
    /// A comma or semicolon after the key.
    Separator,
    /// A label before the key that ends in "key", with its colon or equals sign.
    Label,
    /// The JSON-RPC request or response around the key.
    Json,
}

impl RemovedKind {
    /// All kinds.
    pub const ALL: &[Self] = &[
        Self::WhiteSpace,
        Self::ZeroWidth,
        Self::ByteOrderMark,
        Self::Quotes,
        Self::Separator,
        Self::Label,
        Self::Json,
    ];

    /// The kind's name for programs; it never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::WhiteSpace => "white_space",
            Self::ZeroWidth => "zero_width",
            Self::ByteOrderMark => "byte_order_mark",
            Self::Quotes => "quotes",
            Self::Separator => "separator",
            Self::Label => "label",
            Self::Json => "json",
        }
    }

    /// The kind in plain words.
    #[must_use]
    pub fn text(self) -> &'static str {
        match self {
            Self::WhiteSpace => "white space",
            Self::ZeroWidth => "characters without width",
            Self::ByteOrderMark => "byte-order mark",
            Self::Quotes => "quotes around the key",
            Self::Separator => "comma or semicolon after the key",
            Self::Label => "label before the key",
            Self::Json => "JSON around the key",
        }
    }

    /// The kind of a character that is removed wherever it stands.
    fn of(character: char) -> Option<Self> {
        match character {
            '\u{FEFF}' => Some(Self::ByteOrderMark),
            // The characters of Unicode's Default_Ignorable_Code_Point that text tools insert.
            '\u{AD}'
            | '\u{61C}'
            | '\u{180E}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{2064}'
            | '\u{2066}'..='\u{2069}' => Some(Self::ZeroWidth),
            _ if character.is_whitespace() => Some(Self::WhiteSpace),
            _ => None,
        }
    }
}

/// The kind in plain words.
impl fmt::Display for RemovedKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.text())
    }
}

/// Removes what a paste added and returns the digits to forward.
///
/// Needs no more than digits: a key that this version cannot decode can still be forwarded. Removed
/// are
///
/// * white space (ASCII and Unicode), characters without width and byte-order marks, anywhere;
/// * one pair of matching straight or curly quotes around the key;
/// * one comma or semicolon after it;
/// * one label before it that ends in "key", such as `key:` or `Cluster pairing key =`;
/// * a JSON-RPC request or response around it: text that begins with `{` or `[` and has one member
///   `clusterPairingKey` or `volumePairingKey`. The JSON need not be sound, and line ends inside the
///   key are removed as everywhere: documentation prints keys so.
///
/// Anything else is an error.
///
/// # Errors
///
/// `empty`, `too_long`, `utf16`, `no_key_in_json`, `not_a_digit`, `cut_short` where an ellipsis ends
/// the digits, and `two_keys` where the JSON has two.
///
/// ```
/// use element_pairing::{RemovedKind, clean};
///
/// let cleaned = clean("key: “7B22 6d76” \n")?;
/// assert_eq!(cleaned.digits().expose(), "7B226d76");
/// let removed: Vec<_> = cleaned.removed().iter().map(|removed| removed.kind).collect();
/// assert_eq!(removed, [RemovedKind::WhiteSpace, RemovedKind::Quotes, RemovedKind::Label]);
/// # Ok::<(), element_pairing::DecodeError>(())
/// ```
pub fn clean(text: impl AsRef<[u8]>) -> Result<Cleaned, DecodeError> {
    clean_bytes(text.as_ref())
}

fn clean_bytes(text: &[u8]) -> Result<Cleaned, DecodeError> {
    let mut removals = Removals::default();
    let source = Source::locate(text, &mut removals)?;
    let mut count = 0;
    for (offset, piece) in source.pieces() {
        match piece {
            Piece::Digits(run) => count += run.len(),
            Piece::Removed(kind) => removals.add(kind, offset, 1),
            Piece::Other => return Err(source.other(offset, count, None)),
        }
    }
    if count == 0 {
        return Err(DecodeError::Empty);
    }
    let mut digits = Buffer(Vec::with_capacity(count));
    for (_, piece) in source.pieces() {
        if let Piece::Digits(run) = piece {
            digits.0.extend_from_slice(run);
        }
    }
    Ok(Cleaned { digits: Secret::from_utf8(digits), removed: removals.list() })
}

/// What was removed so far: of each kind how many characters, and where the first was.
#[derive(Default)]
pub(super) struct Removals([(usize, usize); RemovedKind::ALL.len()]);

impl Removals {
    fn add(&mut self, kind: RemovedKind, at: usize, characters: usize) {
        if let Some((offset, count)) = self.0.get_mut(kind as usize) {
            *offset = if *count == 0 { at } else { at.min(*offset) };
            *count += characters;
        }
    }

    fn list(self) -> Vec<Removed> {
        let all = RemovedKind::ALL.iter().copied().zip(self.0);
        all.filter(|(_, (_, count))| *count > 0)
            .map(|(kind, (offset, count))| Removed { kind, offset, count })
            .collect()
    }
}

/// A piece of the key's stretch of a text.
enum Piece<'a> {
    Digits(&'a [u8]),
    /// A character.
    Removed(RemovedKind),
    /// A character that is neither; no more pieces follow.
    Other,
}

/// What the digits of a text stand for.
pub(super) struct Decoded {
    pub(super) bytes: Buffer,
    /// How many digits there are. If the number is odd, the last one stands for nothing.
    pub(super) digits: usize,
    /// The offset of a character that is no digit, before which they end.
    pub(super) other: Option<usize>,
}

impl Decoded {
    /// The bytes, if digits and nothing else stand for them and they are UTF-8.
    #[inline]
    pub(super) fn json(&self) -> Option<&str> {
        let whole = self.other.is_none() && self.digits == self.bytes.0.len() * 2;
        if whole { str::from_utf8(&self.bytes.0).ok() } else { None }
    }
}

/// A pasted text, and the stretch of it that has the digits.
pub(super) struct Source<'a> {
    text: &'a [u8],
    start: usize,
    end: usize,
}

impl<'a> Source<'a> {
    /// Finds the digits and decodes them, up to the first character that is none.
    #[inline]
    pub(super) fn decode(text: &'a [u8]) -> Result<(Self, Decoded), DecodeError> {
        check_length(text)?;
        let from_start = text.trim_ascii_start();
        let plain = from_start.trim_ascii_end();
        let mut bytes = Buffer::zeroed(plain.len() / 2);
        if plain.len().is_multiple_of(2) && !plain.is_empty() && decode_digits(plain, &mut bytes.0)
        {
            let start = text.len() - from_start.len();
            let source = Self { text, start, end: start + plain.len() };
            return Ok((source, Decoded { bytes, digits: plain.len(), other: None }));
        }
        bytes.clear();
        Self::decode_pieces(text, bytes)
    }

    fn decode_pieces(text: &'a [u8], mut bytes: Buffer) -> Result<(Self, Decoded), DecodeError> {
        let source = Self::locate(text, &mut Removals::default())?;
        match source.bytes(&mut bytes) {
            (0, None) => Err(DecodeError::Empty),
            (digits, other) => Ok((source, Decoded { bytes, digits, other })),
        }
    }

    /// Adds the bytes that the digits stand for to a buffer with room for them. Returns how many
    /// digits there are, and the offset of a character before which they end.
    fn bytes(&self, bytes: &mut Buffer) -> (usize, Option<usize>) {
        let mut digits = 0;
        // The first digit of a byte whose second one is in the next run.
        let mut first = None;
        for (offset, piece) in self.pieces() {
            match piece {
                Piece::Digits(mut run) => {
                    digits += run.len();
                    if let (Some(high), [low, rest @ ..]) = (first, run) {
                        bytes.0.push(decode_pair([high, *low]).0);
                        run = rest;
                    }
                    let (pairs, last) = run.as_chunks();
                    bytes.0.extend(pairs.iter().map(|&pair| decode_pair(pair).0));
                    first = last.first().copied();
                }
                Piece::Removed(_) => {}
                Piece::Other => return (digits, Some(offset)),
            }
        }
        (digits, None)
    }

    /// The error of a character that is no digit, after so many digits and in this member. An
    /// ellipsis is what a text is cut short with where it is shown.
    pub(super) fn other(
        &self,
        offset: usize,
        digits: usize,
        member: Option<Member>,
    ) -> DecodeError {
        let rest = self.text.get(offset..).unwrap_or_default();
        if rest.starts_with(b"...") || rest.starts_with("…".as_bytes()) {
            return DecodeError::CutShort { digits, offset, member };
        }
        DecodeError::NotADigit { offset }
    }

    /// What stands from an offset on, if a key ended before it.
    pub(super) fn after_end(&self, offset: usize) -> DecodeError {
        let rest = self.text.get(offset..).unwrap_or_default();
        match rest.windows(4).position(|digits| digits.eq_ignore_ascii_case(b"7b22")) {
            Some(second) => DecodeError::TwoKeys { offset: offset + second },
            None => DecodeError::TextAfterEnd { offset },
        }
    }

    /// Where the digits of a byte begin; the end of the stretch for bytes that are not there.
    pub(super) fn offset_of(&self, byte: usize) -> usize {
        let mut digits = byte * 2;
        for (offset, piece) in self.pieces() {
            if let Piece::Digits(run) = piece {
                if digits < run.len() {
                    return offset + digits;
                }
                digits -= run.len();
            }
        }
        self.end
    }

    /// The offsets of the digits up to the first character that is none, and the bytes that they
    /// stand for.
    pub(super) fn readable(&self) -> (Vec<usize>, Buffer) {
        let mut bytes = Buffer(Vec::with_capacity(self.stretch().len() / 2));
        self.bytes(&mut bytes);
        let mut offsets = Vec::new();
        for (offset, piece) in self.pieces() {
            if let Piece::Digits(run) = piece {
                offsets.extend(offset..offset + run.len());
            }
        }
        (offsets, bytes)
    }

    /// Finds the stretch, without looking at what is in it.
    pub(super) fn locate(text: &'a [u8], removals: &mut Removals) -> Result<Self, DecodeError> {
        check_length(text)?;
        if let [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] = text {
            return Err(DecodeError::Utf16);
        }
        let mut source = Self { text, start: 0, end: text.len() };
        // Each of these once: a text that needs more is no key with something around it.
        let (mut labels, mut quotes, mut separators) = (1, 1, 1);
        loop {
            source.trim(removals);
            if let Some(b'{' | b'[') = source.stretch().first() {
                source.find_in_json(removals)?;
                return Ok(source);
            }
            if labels > 0 && source.strip_label(removals) {
                labels -= 1;
            } else if separators > 0 && source.strip_separator(removals) {
                separators -= 1;
            } else if quotes > 0 && source.strip_quotes(removals) {
                quotes -= 1;
            } else {
                return Ok(source);
            }
        }
    }

    fn stretch(&self) -> &'a [u8] {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    /// Removes what can stand anywhere from both ends.
    fn trim(&mut self, removals: &mut Removals) {
        while let Some(first) = first_char(self.stretch())
            && let Some(kind) = RemovedKind::of(first)
        {
            removals.add(kind, self.start, 1);
            self.start += first.len_utf8();
        }
        while let Some(last) = last_char(self.stretch())
            && let Some(kind) = RemovedKind::of(last)
        {
            self.end -= last.len_utf8();
            removals.add(kind, self.end, 1);
        }
    }

    fn strip_label(&mut self, removals: &mut Removals) -> bool {
        const LONGEST: usize = 64;
        let stretch = self.stretch();
        let head = stretch.get(..LONGEST).unwrap_or(stretch);
        let Some(length) = head.iter().position(|byte| matches!(byte, b':' | b'=')) else {
            return false;
        };
        let Some(label) = head.get(..length).and_then(|label| str::from_utf8(label).ok()) else {
            return false;
        };
        let words = label.trim();
        let words = ['"', '\'']
            .into_iter()
            .find_map(|quote| words.strip_prefix(quote)?.strip_suffix(quote))
            .unwrap_or(words);
        let is_label =
            words.bytes().rev().take(3).map(|byte| byte.to_ascii_lowercase()).eq(*b"yek")
                && words
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || matches!(c, ' ' | '_' | '-' | '.'));
        if is_label {
            removals.add(RemovedKind::Label, self.start, label.chars().count() + 1);
            self.start += length + 1;
        }
        is_label
    }

    fn strip_separator(&mut self, removals: &mut Removals) -> bool {
        let found = matches!(self.stretch().last(), Some(b',' | b';'));
        if found {
            self.end -= 1;
            removals.add(RemovedKind::Separator, self.end, 1);
        }
        found
    }

    fn strip_quotes(&mut self, removals: &mut Removals) -> bool {
        let (Some(first), Some(last)) = (first_char(self.stretch()), last_char(self.stretch()))
        else {
            return false;
        };
        let found = matches!(
            (first, last),
            ('"', '"') | ('\'', '\'') | ('“', '”') | ('‘', '’') | ('„', '“') | ('‚', '‘')
        ) && self.end - self.start >= first.len_utf8() + last.len_utf8();
        if found {
            removals.add(RemovedKind::Quotes, self.start, 2);
            self.start += first.len_utf8();
            self.end -= last.len_utf8();
        }
        found
    }

    /// Narrows the stretch to the one string that is the value of a member named for a key. Only
    /// strings are told from the rest, so unsound JSON will do.
    fn find_in_json(&mut self, removals: &mut Removals) -> Result<(), DecodeError> {
        let (start, end) = (self.start, self.end);
        let mut found: Option<(usize, usize)> = None;
        let mut at = start;
        while let Some(open) = self.find(at, end, |byte| byte == b'"') {
            let close = self.string_end(open + 1, end);
            let inside = self.text.get(open + 1..close).unwrap_or_default();
            at = close + 1;
            if !matches!(inside, b"clusterPairingKey" | b"volumePairingKey") {
                continue;
            }
            let Some(value) = self.string_value(at, end) else { continue };
            let close = self.find(value, end, |byte| byte == b'"').unwrap_or(end);
            if found.is_some() {
                return Err(DecodeError::TwoKeys { offset: value });
            }
            found = Some((value, close));
            at = close + 1;
        }
        let Some((value, close)) = found else {
            return Err(DecodeError::NoKeyInJson { offset: start });
        };
        for (from, to) in [(start, value), (close, end)] {
            let around = self.text.get(from..to).unwrap_or_default();
            // Counts the characters of UTF-8 and cannot fail on anything else.
            let count = around.iter().filter(|&&byte| byte & 0xC0 != 0x80).count();
            if count > 0 {
                removals.add(RemovedKind::Json, from, count);
            }
        }
        (self.start, self.end) = (value, close);
        Ok(())
    }

    fn find(&self, from: usize, to: usize, wanted: impl Fn(u8) -> bool) -> Option<usize> {
        let found = self.text.get(from..to)?.iter().position(|&byte| wanted(byte))?;
        Some(from + found)
    }

    fn string_end(&self, from: usize, to: usize) -> usize {
        let mut at = from;
        while let Some(stop) = self.find(at, to, |byte| matches!(byte, b'"' | b'\\')) {
            if self.text.get(stop) == Some(&b'"') {
                return stop;
            }
            at = stop + 2;
        }
        to
    }

    /// Where the string begins that follows a member's name and a colon.
    fn string_value(&self, from: usize, to: usize) -> Option<usize> {
        let mut at = self.skip(from, to);
        for wanted in *b":\"" {
            if self.text.get(at..to)?.first() != Some(&wanted) {
                return None;
            }
            at = if wanted == b':' { self.skip(at + 1, to) } else { at + 1 };
        }
        Some(at)
    }

    fn skip(&self, from: usize, to: usize) -> usize {
        let mut at = from;
        while let Some(character) = self.text.get(at..to).and_then(first_char)
            && RemovedKind::of(character).is_some()
        {
            at += character.len_utf8();
        }
        at
    }

    /// The pieces of the stretch with their offsets.
    fn pieces(&self) -> impl Iterator<Item = (usize, Piece<'a>)> + '_ {
        let mut next = self.start;
        core::iter::from_fn(move || {
            let offset = next;
            let rest = self.text.get(offset..self.end).filter(|rest| !rest.is_empty())?;
            let digits = digits_length(rest);
            if digits > 0 {
                next += digits;
                return Some((offset, Piece::Digits(rest.get(..digits)?)));
            }
            let removed = first_char(rest).and_then(|character| {
                next += character.len_utf8();
                RemovedKind::of(character)
            });
            if removed.is_none() {
                next = self.end;
            }
            Some((offset, removed.map_or(Piece::Other, Piece::Removed)))
        })
    }
}

fn check_length(text: &[u8]) -> Result<(), DecodeError> {
    match text.len() {
        0..=MAX_TEXT_LEN => Ok(()),
        length => Err(DecodeError::TooLong { length }),
    }
}

/// The first character of the bytes; none where they do not begin with UTF-8.
fn first_char(bytes: &[u8]) -> Option<char> {
    next_char(bytes).0
}

/// The same, and how many bytes it has, or those that are no UTF-8.
pub(super) fn next_char(bytes: &[u8]) -> (Option<char>, usize) {
    if let Some(&byte) = bytes.first()
        && byte.is_ascii()
    {
        return (Some(byte.into()), 1);
    }
    let head = bytes.get(..4).unwrap_or(bytes);
    let Some(chunk) = head.utf8_chunks().next() else { return (None, 0) };
    match chunk.valid().chars().next() {
        Some(character) => (Some(character), character.len_utf8()),
        None => (None, chunk.invalid().len()),
    }
}

/// The last character of the bytes; none where they do not end with UTF-8.
fn last_char(bytes: &[u8]) -> Option<char> {
    let start = bytes.iter().rposition(|byte| byte & 0xC0 != 0x80)?;
    str::from_utf8(bytes.get(start..)?).ok()?.chars().next()
}

/// The two digits of a byte, whose halves are the two bytes of `halves`. Where it is used, without
/// branches, loops become vector instructions if the target has them.
#[inline]
const fn digits_of(halves: u16) -> u16 {
    let letters = (halves + 0x0606) >> 4 & 0x0101;
    halves + 0x3030 + letters * (b'a' - b'9' - 1) as u16
}

const LOW: u64 = u64::from_le_bytes([0x01; 8]);
const HIGH: u64 = LOW << 7;

/// Of each of eight bytes the highest bit, where the byte is no digit.
#[inline(always)]
fn not_digits(word: u64) -> u64 {
    // In `seven + (0x80 - n)` the highest bit is set where the byte is not less than n.
    let seven = word & !HIGH;
    let lower = seven | LOW << 5;
    let digits = (seven + LOW * (0x80 - 0x30)) & !(seven + LOW * (0x7F - 0x39));
    let letters = (lower + LOW * (0x80 - 0x61)) & !(lower + LOW * (0x7F - 0x66));
    (word | !(digits | letters)) & HIGH
}

/// How many bytes at the start of the text are digits.
#[inline]
fn digits_length(text: &[u8]) -> usize {
    let (words, rest) = text.as_chunks();
    let mut length = 0;
    for &word in words {
        let others = not_digits(u64::from_le_bytes(word));
        if others != 0 {
            return length + others.trailing_zeros() as usize / 8;
        }
        length += 8;
    }
    length + rest.iter().take_while(|byte| byte.is_ascii_hexdigit()).count()
}

/// Decodes digits with nothing between them, two for each of the bytes; returns whether all are
/// digits.
#[inline]
fn decode_digits(digits: &[u8], bytes: &mut [u8]) -> bool {
    // Of long text a part first: text that was broken over lines shows in it.
    const LINE: usize = 64;
    let (pairs, _) = digits.as_chunks();
    let length = bytes.len().min(pairs.len());
    let line = if length > 2 * LINE { LINE } else { length };
    let (first_bytes, bytes) = bytes.split_at_mut(line);
    let (first_pairs, pairs) = pairs.split_at(line);
    decode_pairs(first_pairs, first_bytes) && decode_pairs(pairs, bytes)
}

#[inline]
fn decode_pairs(pairs: &[[u8; 2]], bytes: &mut [u8]) -> bool {
    let mut wrong = 0;
    for (byte, &pair) in bytes.iter_mut().zip(pairs) {
        let decoded = decode_pair(pair);
        *byte = decoded.0;
        wrong |= decoded.1;
    }
    wrong == 0
}

/// The byte that two digits stand for; the second number is not 0 if they are no digits.
#[inline]
fn decode_pair(pair: [u8; 2]) -> (u8, u16) {
    let pair = u16::from_le_bytes(pair);
    let letters = pair >> 6 & 0x0101;
    let halves = (pair & 0x0F0F) + letters * 9;
    // They are digits if they would be written so, less their case.
    let wrong = digits_of(halves) ^ (pair | letters << 5) | halves & 0x1010;
    ((halves << 4 | halves >> 8) as u8, wrong)
}

/// Writes the digits of the bytes; there is room for just these.
#[inline]
pub(super) fn encode_digits(bytes: &[u8], digits: &mut [u8]) {
    for (pair, &byte) in digits.as_chunks_mut().0.iter_mut().zip(bytes) {
        *pair = encode_byte(byte);
    }
}

#[inline]
pub(super) const fn encode_byte(byte: u8) -> [u8; 2] {
    let byte = byte as u16;
    digits_of(byte >> 4 | byte << 8 & 0x0F00).to_le_bytes()
}
