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
    #[cfg_attr(target_family = "wasm", inline(never))]
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
    let mut digits = Buffer(Vec::with_capacity(source.stretch().len()));
    for (offset, piece) in source.pieces() {
        match piece {
            Piece::Digits(run) => digits.0.extend_from_slice(run),
            Piece::Removed(kind) => removals.add(kind, offset, 1),
            Piece::Other => return Err(source.other(offset, digits.0.len(), None)),
        }
    }
    if digits.0.is_empty() {
        return Err(DecodeError::Empty);
    }
    Ok(Cleaned { digits: Secret::from_utf8(digits), removed: removals.list() })
}

/// What was removed so far: of each kind how many characters, and where the first was.
#[derive(Default)]
pub(super) struct Removals([(usize, usize); RemovedKind::ALL.len()]);

impl Removals {
    #[cfg_attr(target_family = "wasm", inline(never))]
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
    /// Of no text.
    pub(super) fn none() -> Self {
        Self { text: &[], start: 0, end: 0 }
    }

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

    pub(super) fn decode_pieces(
        text: &'a [u8],
        mut bytes: Buffer,
    ) -> Result<(Self, Decoded), DecodeError> {
        let source = Self::locate(text, &mut Removals::default())?;
        match source.bytes(&mut bytes) {
            (0, None) => Err(DecodeError::Empty),
            (digits, other) => Ok((source, Decoded { bytes, digits, other })),
        }
    }

    /// Adds the bytes that the digits stand for to a buffer with room for them. Returns how many
    /// digits there are, and the offset of a character before which they end.
    pub(super) fn bytes(&self, bytes: &mut Buffer) -> (usize, Option<usize>) {
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

    /// Whether a digit stands at this offset of the text, in the stretch.
    pub(super) fn has_digit(&self, offset: usize) -> bool {
        (self.start..self.end).contains(&offset)
            && self.text.get(offset).is_some_and(u8::is_ascii_hexdigit)
    }

    /// Finds the stretch, without looking at what is in it.
    pub(super) fn locate(text: &'a [u8], removals: &mut Removals) -> Result<Self, DecodeError> {
        check_length(text)?;
        if let [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] = text {
            return Err(DecodeError::Utf16);
        }
        let mut source = Self { text, start: 0, end: text.len() };
        // Each of these once: a text that needs more is no key with something around it. What is
        // nearest to the ends goes first.
        let (mut labels, mut quotes, mut separators) = (1, 1, 1);
        loop {
            let stretch = source.stretch();
            let (first, last) = (first_char(stretch), last_char(stretch));
            let [at_start, at_end] = [first, last].map(|end| end.map_or(0, char::len_utf8));
            if let Some(kind) = first.and_then(RemovedKind::of) {
                removals.add(kind, source.start, 1);
                source.start += at_start;
            } else if let Some(kind) = last.and_then(RemovedKind::of) {
                source.end -= at_end;
                removals.add(kind, source.end, 1);
            } else if let Some('{' | '[') = first {
                source.find_in_json(removals)?;
                return Ok(source);
            } else if labels > 0
                && let Some(length) = label_length(stretch)
            {
                labels -= 1;
                let label = stretch.get(..length).unwrap_or_default();
                removals.add(RemovedKind::Label, source.start, characters(label));
                source.start += length;
            } else if separators > 0
                && let Some(',' | ';') = last
            {
                separators -= 1;
                source.end -= 1;
                removals.add(RemovedKind::Separator, source.end, 1);
            } else if quotes > 0
                && let Some(
                    ('"', '"') | ('\'', '\'') | ('“', '”') | ('‘', '’') | ('„', '“') | ('‚', '‘'),
                ) = first.zip(last)
                && stretch.len() >= at_start + at_end
            {
                quotes -= 1;
                removals.add(RemovedKind::Quotes, source.start, 2);
                source.start += at_start;
                source.end -= at_end;
            } else {
                return Ok(source);
            }
        }
    }

    #[cfg_attr(target_family = "wasm", inline(never))]
    fn stretch(&self) -> &'a [u8] {
        self.text.get(self.start..self.end).unwrap_or_default()
    }

    /// Narrows the stretch to the one string that is the value of a member named for a key. Only
    /// strings are told from the rest, so unsound JSON will do.
    fn find_in_json(&mut self, removals: &mut Removals) -> Result<(), DecodeError> {
        let (start, end) = (self.start, self.end);
        let text = self.text.get(..end).unwrap_or_default();
        let quote = |from| string_end(text, from, None);
        let mut found = None;
        let mut at = quote(start);
        while at < end {
            let close = string_end(text, at + 1, Some(b'\\'));
            let name = text.get(at + 1..close).unwrap_or_default();
            at = close + 1;
            if matches!(name, b"clusterPairingKey" | b"volumePairingKey")
                && let Some(value) = string_value(text, at)
            {
                if found.is_some() {
                    return Err(DecodeError::TwoKeys { offset: value });
                }
                let close = quote(value);
                found = Some((value, close));
                at = close + 1;
            }
            at = quote(at);
        }
        let Some((value, close)) = found else {
            return Err(DecodeError::NoKeyInJson { offset: start });
        };
        for (from, to) in [(start, value), (close, end)] {
            let count = characters(text.get(from..to).unwrap_or_default());
            if count > 0 {
                removals.add(RemovedKind::Json, from, count);
            }
        }
        (self.start, self.end) = (value, close);
        Ok(())
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

/// How long the label is that the text begins with, with its colon.
fn label_length(text: &[u8]) -> Option<usize> {
    const LONGEST: usize = 64;
    let head = text.get(..LONGEST).unwrap_or(text);
    let length = head.iter().position(|byte| matches!(byte, b':' | b'='))?;
    let mut words = text.get(..length)?;
    while let Some(last) = last_char(words).filter(|last| last.is_whitespace()) {
        words = words.get(..words.len() - last.len_utf8())?;
    }
    if let [b'"', inside @ .., b'"'] | [b'\'', inside @ .., b'\''] = words {
        words = inside;
    }
    let is_word =
        |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'_' | b'-' | b'.');
    let is_label =
        words.last_chunk::<3>()?.eq_ignore_ascii_case(b"key") && words.iter().all(is_word);
    is_label.then_some(length + 1)
}

/// Where the next quote is; the end where there is none. What follows an escape is passed over.
#[cfg_attr(target_family = "wasm", inline(never))]
fn string_end(text: &[u8], from: usize, escape: Option<u8>) -> usize {
    let mut at = from;
    loop {
        match text.get(at) {
            None => return text.len(),
            Some(b'"') => return at,
            Some(&byte) => at += 1 + usize::from(Some(byte) == escape),
        }
    }
}

/// Where the string begins that follows a member's name and a colon.
fn string_value(text: &[u8], from: usize) -> Option<usize> {
    let colon = skip(text, from);
    let quote = skip(text, colon + 1);
    (text.get(colon)? == &b':' && text.get(quote)? == &b'"').then_some(quote + 1)
}

#[cfg_attr(target_family = "wasm", inline(never))]
fn skip(text: &[u8], from: usize) -> usize {
    let mut at = from;
    while let Some(character) = text.get(at..).and_then(first_char)
        && RemovedKind::of(character).is_some()
    {
        at += character.len_utf8();
    }
    at
}

/// How many characters the bytes are; of what is no UTF-8, how many there could be.
#[cfg_attr(target_family = "wasm", inline(never))]
fn characters(bytes: &[u8]) -> usize {
    bytes.iter().filter(|&&byte| byte & 0xC0 != 0x80).count()
}

fn check_length(text: &[u8]) -> Result<(), DecodeError> {
    match text.len() {
        0..=MAX_TEXT_LEN => Ok(()),
        length => Err(DecodeError::TooLong { length }),
    }
}

/// The first character of the bytes; none where they do not begin with UTF-8.
#[cfg_attr(target_family = "wasm", inline(never))]
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
    let (valid, wrong) = utf8_prefix(head);
    match valid.chars().next() {
        Some(character) => (Some(character), character.len_utf8()),
        None => (None, wrong.unwrap_or(head.len())),
    }
}

/// The part of the bytes that is UTF-8, and how many bytes after it are wrong; none where nothing
/// but a cut character follows.
pub(super) fn utf8_prefix(bytes: &[u8]) -> (&str, Option<usize>) {
    match str::from_utf8(bytes) {
        Ok(text) => (text, None),
        Err(error) => {
            let valid = bytes.get(..error.valid_up_to()).unwrap_or_default();
            (str::from_utf8(valid).unwrap_or_default(), error.error_len())
        }
    }
}

/// The last character of the bytes; none where they do not end with UTF-8.
#[cfg_attr(target_family = "wasm", inline(never))]
fn last_char(bytes: &[u8]) -> Option<char> {
    if let Some(&byte) = bytes.last()
        && byte.is_ascii()
    {
        return Some(byte.into());
    }
    (2..=4).find_map(|length| {
        let start = bytes.len().checked_sub(length)?;
        str::from_utf8(bytes.get(start..)?).ok()?.chars().next()
    })
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

/// What a text stands for that is digits and nothing else.
#[inline]
pub(super) fn decode_whole(text: &[u8]) -> Option<Buffer> {
    if text.len() > MAX_TEXT_LEN || !text.len().is_multiple_of(2) {
        return None;
    }
    let mut bytes = Buffer::zeroed(text.len() / 2);
    decode_pairs(text.as_chunks().0, &mut bytes.0).then_some(bytes)
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
pub(super) fn decode_pair(pair: [u8; 2]) -> (u8, u16) {
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
