//! Values -> the hex digits of canonical JSON, in one block of memory.

use alloc::string::String;
use core::{mem, net::IpAddr};

use uuid::Uuid;

use super::{
    member::Member,
    text::{encode_byte, encode_digits},
    unknown::{UnknownMember, UnknownMembers},
};
use crate::{
    json::{escaped, plain_length},
    secret::{Buffer, Secret},
};

/// What a key is written by. It is written twice: to count, and to fill.
pub(super) trait WriteKey {
    /// Writes the members in the order of their names.
    fn write(&self, object: &mut ObjectWriter<'_, impl Output>);

    /// The members that `write` leaves out.
    fn unknown(&self) -> &UnknownMembers;

    #[inline]
    fn encode_key(&self) -> Secret {
        let mut counter = Counter { length: 0, escapes: false };
        self.write_object(&mut counter);
        let mut digits = Buffer::zeroed(counter.length * 2);
        let mut filler = Filler { digits: &mut digits.0, escapes: counter.escapes };
        self.write_object(&mut filler);
        // Each member was written with a comma before it.
        if let Some(first) = digits.0.first_chunk_mut() {
            *first = encode_byte(b'{');
        }
        Secret::from_utf8(digits)
    }

    #[inline]
    fn write_object(&self, output: &mut impl Output) {
        let mut object = ObjectWriter { output, unknown: self.unknown().rows() };
        self.write(&mut object);
        object.unknown_before(None);
        output.text(b"}");
    }
}

/// Takes pieces of JSON.
pub(super) trait Output {
    /// A comma, a member's name, the colon and, for a string, its quote.
    fn label(&mut self, member: Member);
    /// What needs no escapes.
    fn text(&mut self, text: &[u8]);
    /// What stands between the quotes of a string.
    fn string(&mut self, text: &str);
    fn decimal(&mut self, number: u64);
    fn uuid(&mut self, uuid: Uuid);
}

/// Counts the bytes of JSON.
struct Counter {
    length: usize,
    /// Whether any string needs escapes.
    escapes: bool,
}

impl Output for Counter {
    #[inline]
    fn label(&mut self, member: Member) {
        self.length += member.label().len();
    }

    #[inline]
    fn text(&mut self, text: &[u8]) {
        self.length += text.len();
    }

    #[inline]
    fn string(&mut self, text: &str) {
        let text = text.as_bytes();
        if plain_length(text) == text.len() {
            self.text(text);
        } else {
            self.escapes = true;
            escaped(text, |piece| self.text(piece));
        }
    }

    #[inline]
    fn decimal(&mut self, number: u64) {
        self.length += decimal_length(number);
    }

    #[inline]
    fn uuid(&mut self, _: Uuid) {
        self.length += uuid::fmt::Hyphenated::LENGTH;
    }
}

/// Writes the digits of JSON into what is left of a buffer.
struct Filler<'a> {
    digits: &'a mut [u8],
    escapes: bool,
}

impl<'a> Filler<'a> {
    #[inline]
    fn room(&mut self, length: usize) -> &'a mut [u8] {
        let (room, rest) =
            mem::take(&mut self.digits).split_at_mut_checked(length).unwrap_or_default();
        self.digits = rest;
        room
    }
}

impl Output for Filler<'_> {
    #[inline]
    fn label(&mut self, member: Member) {
        let digits = member.label_digits();
        self.room(digits.len()).copy_from_slice(digits);
    }

    #[inline]
    fn text(&mut self, text: &[u8]) {
        encode_digits(text, self.room(text.len() * 2));
    }

    #[inline]
    fn string(&mut self, text: &str) {
        if self.escapes {
            escaped(text.as_bytes(), |piece| self.text(piece));
        } else {
            self.text(text.as_bytes());
        }
    }

    #[inline]
    fn decimal(&mut self, mut number: u64) {
        let digits = self.room(decimal_length(number) * 2).as_chunks_mut().0;
        for digit in digits.iter_mut().rev() {
            *digit = encode_byte(b'0' + (number % 10) as u8);
            number /= 10;
        }
    }

    #[inline]
    fn uuid(&mut self, uuid: Uuid) {
        self.text(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()).as_bytes());
    }
}

fn decimal_length(number: u64) -> usize {
    number.checked_ilog10().unwrap_or(0) as usize + 1
}

/// Writes members, and between them the unknown ones in their places.
pub(super) struct ObjectWriter<'a, O> {
    output: &'a mut O,
    /// Those that are not written yet.
    unknown: &'a [UnknownMember],
}

impl<O: Output> ObjectWriter<'_, O> {
    #[inline]
    pub(super) fn unsigned(&mut self, member: Member, value: u64) {
        self.label(member);
        self.output.decimal(value);
    }

    #[inline]
    pub(super) fn signed(&mut self, member: Member, value: i64) {
        self.label(member);
        if value < 0 {
            self.output.text(b"-");
        }
        self.output.decimal(value.unsigned_abs());
    }

    #[inline]
    pub(super) fn string(&mut self, member: Member, value: &str) {
        self.label(member);
        self.output.string(value);
        self.output.text(b"\"");
    }

    #[inline]
    pub(super) fn uuid(&mut self, member: Member, value: Uuid) {
        self.label(member);
        self.output.uuid(value);
        self.output.text(b"\"");
    }

    #[inline]
    pub(super) fn address(&mut self, member: Member, value: IpAddr) {
        self.label(member);
        match value {
            // The usual case, made to be fast.
            IpAddr::V4(address) => {
                let [a, rest @ ..] = address.octets();
                self.output.decimal(a.into());
                for octet in rest {
                    self.output.text(b".");
                    self.output.decimal(octet.into());
                }
            }
            IpAddr::V6(address) => {
                write_ipv6(address.segments(), &mut |byte| self.output.text(&[byte]));
            }
        }
        self.output.text(b"\"");
    }

    #[inline]
    fn label(&mut self, member: Member) {
        if !self.unknown.is_empty() {
            self.unknown_before(Some(member));
        }
        self.output.label(member);
    }

    fn unknown_before(&mut self, member: Option<Member>) {
        while let Some((first, rest)) = self.unknown.split_first()
            && member.is_none_or(|member| first.name.expose() <= member.name())
        {
            self.unknown = rest;
            // Out of a key of the other kind, where it was unknown.
            if member.is_some_and(|member| first.name.expose() == member.name()) {
                continue;
            }
            self.output.text(b",\"");
            self.output.string(first.name.expose());
            self.output.text(b"\":");
            self.output.text(first.value.expose().as_bytes());
        }
    }
}

/// An address as keys have it.
#[cfg(feature = "topology")]
pub(crate) fn address_text(address: IpAddr) -> String {
    let octets = match address {
        IpAddr::V4(address) => address.octets(),
        IpAddr::V6(address) => return ipv6_text(address.segments()),
    };
    let mut text = String::with_capacity("255.255.255.255".len());
    for (index, octet) in octets.into_iter().enumerate() {
        if index > 0 {
            text.push('.');
        }
        write_number(octet.into(), 100, 10, &mut |digit| text.push(digit.into()));
    }
    text
}

/// An address of the longer form as keys have it.
pub(super) fn ipv6_text(segments: [u16; 8]) -> String {
    let mut text = String::with_capacity(40);
    write_ipv6(segments, &mut |byte| text.push(byte.into()));
    text
}

/// As `Display` writes it, without the machinery of formatting: that would be a good part of a
/// small WebAssembly.
fn write_ipv6(segments: [u16; 8], put: &mut dyn FnMut(u8)) {
    let is_mapped = segments.starts_with(&[0, 0, 0, 0, 0, 0xFFFF]);
    // The first of the longest runs of zeros; one alone is written.
    let (mut gap, mut length) = (0, 1);
    for start in 0..8 {
        let zeros = segments.iter().skip(start).take_while(|segment| **segment == 0).count();
        if zeros > length {
            (gap, length) = (start, zeros);
        }
    }
    let mut index = 0;
    while let Some(&segment) = segments.get(index) {
        if index == gap && length > 1 {
            put(b':');
            index += length;
            if index == 8 {
                put(b':');
            }
            continue;
        }
        if index > 0 {
            put(if is_mapped && index == 7 { b'.' } else { b':' });
        }
        if is_mapped && index > 5 {
            let [high, low] = segment.to_be_bytes();
            write_number(high.into(), 100, 10, put);
            put(b'.');
            write_number(low.into(), 100, 10, put);
        } else {
            write_number(segment, 4096, 16, put);
        }
        index += 1;
    }
}

fn write_number(number: u16, mut place: u16, base: u16, put: &mut dyn FnMut(u8)) {
    while place > 0 {
        if number >= place || place == 1 {
            put(encode_byte((number / place % base) as u8)[1]);
        }
        place /= base;
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;
    use core::net::Ipv6Addr;

    use super::*;

    #[test]
    fn addresses_are_written_as_by_display() {
        // Each segment 0, short or long; those with dots are among them.
        let segment = |index: u32| [0_u16, 1, 0xA0, 0xFFFF].into_iter().nth(index as usize & 3);
        for bits in 0..1_u32 << 16 {
            let segments = core::array::from_fn(|at| segment(bits >> (2 * at)).unwrap_or_default());
            assert_eq!(ipv6_text(segments), Ipv6Addr::from(segments).to_string());
        }
        #[cfg(feature = "topology")]
        for address in [[0, 0, 0, 0], [255, 100, 10, 9], [1, 99, 200, 19]].map(IpAddr::from) {
            assert_eq!(address_text(address), address.to_string());
        }
    }
}
