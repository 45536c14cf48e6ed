//! The JSON object in a key: where its members stand, and their values.

use alloc::{string::String, vec::Vec};
use core::{mem, net::IpAddr, str::FromStr};

use uuid::Uuid;

use super::{
    KeyKind,
    error::DecodeError,
    member::{Form, Member, MemberSet},
    text::{Decoded, Source, decode_pair, utf8_prefix},
    unknown::{UnknownMember, UnknownMembers},
    write::ipv6_text,
};
use crate::{
    json::{Failure, Fault, JsonType, Reader, Span, Value, compact, plain_length, unescaped},
    secret::{Buffer, Secret},
};

#[derive(Debug, Clone, Copy)]
struct Entry {
    /// The name, with its quotes.
    name: Span,
    value: Value,
}

/// Where the members of an object stand, as far as it was read.
#[derive(Default)]
pub(super) struct Members {
    known: [Option<Entry>; Member::COUNT],
    present: MemberSet,
    unknown: Vec<Entry>,
    /// Where a known member stands the second time.
    duplicate: Option<(Span, Member)>,
    /// The row of the member that comes next in a key.
    next: usize,
    /// The known member whose value was not read to its end, and its name.
    open: Option<(Member, Span)>,
}

impl Members {
    /// Reads an object; returns where it ends. After a failure the members before it are there.
    pub(super) fn read(&mut self, json: &str) -> Result<usize, Failure> {
        let mut reader = Reader::new(json);
        match self.read_members(&mut reader, json) {
            Some(()) => Ok(reader.at),
            None => Err(reader.failure()),
        }
    }

    fn read_members(&mut self, reader: &mut Reader<'_>, json: &str) -> Option<()> {
        reader.white();
        if !reader.take(b'{') {
            return reader.other_value();
        }
        reader.white();
        if !reader.take(b'}') {
            loop {
                let name = reader.name()?;
                let member = Member::named(name.inside().of(json), self.next);
                self.next = member.map_or(self.next, |member| member as usize + 1);
                self.open = member.map(|member| (member, name));
                let value = reader.value()?;
                self.open = None;
                self.add(member, Entry { name, value });
                reader.white();
                if !reader.take(b',') {
                    break;
                }
                reader.white();
            }
            reader.expect(b'}')?;
        }
        reader.white();
        Some(())
    }

    fn add(&mut self, member: Option<Member>, entry: Entry) {
        match member.and_then(|member| Some((member, self.known.get_mut(member as usize)?))) {
            Some((member, known @ None)) => {
                *known = Some(entry);
                self.present.insert(member);
            }
            Some((member, Some(_))) => {
                self.duplicate.get_or_insert((entry.name, member));
            }
            None => self.unknown.push(entry),
        }
    }

    fn get(&self, member: Member) -> Option<Entry> {
        self.known.get(member as usize).copied().flatten()
    }

    /// Whether a byte is in the name of a known member, which anybody may know. No value is known to
    /// be none: where digits were lost, nobody can tell whose value it is.
    pub(super) fn is_in_name(&self, byte: usize) -> bool {
        let names = self.known.iter().flatten().map(|entry| entry.name);
        let mut names = names.chain(self.open.map(|(_, name)| name));
        names.any(|name| name.inside().range().contains(&byte))
    }

    /// The kind of key that has these members.
    fn kind(&self) -> Option<KeyKind> {
        const CLUSTER: MemberSet = MemberSet::only_in(KeyKind::Cluster);
        const VOLUME: MemberSet = MemberSet::only_in(KeyKind::Volume);
        let (cluster, volume) = (self.present.count(CLUSTER), self.present.count(VOLUME));
        if cluster == 0 && volume == 0 {
            None
        } else if volume == 0 || cluster > 0 && CLUSTER.len() - cluster <= VOLUME.len() - volume {
            Some(KeyKind::Cluster)
        } else {
            Some(KeyKind::Volume)
        }
    }
}

/// What is wrong with an object that is sound JSON. Small, so that passing it on costs nothing.
pub(super) enum Flaw {
    NoKind,
    WrongKind {
        found: KeyKind,
        expected: KeyKind,
    },
    Missing(KeyKind, Member),
    /// Where a name stands the second time.
    Duplicate(usize, Option<Member>),
    WrongType(Member, JsonType),
    WrongValue(Member),
}

/// An object that was read to its end.
pub(super) struct Object<'a> {
    source: Source<'a>,
    json: &'a str,
    members: Members,
}

impl<'a> Object<'a> {
    /// Reads a pasted text up to the object, and hands the object on while its bytes are there.
    ///
    /// What a key as clusters make it goes through is inlined here and in `canonical`: a crate that is
    /// made to be small can have this fast by its own optimization, and the rest small.
    #[inline]
    pub(super) fn decode<T>(
        text: &'a [u8],
        canonical: impl FnOnce(&str) -> Option<T>,
        read: fn(&Object<'_>) -> Result<T, Flaw>,
    ) -> Result<T, DecodeError> {
        let (source, decoded) = Source::decode(text)?;
        match decoded.json().and_then(canonical) {
            Some(value) => Ok(value),
            None => Object::read(source, &decoded, read),
        }
    }

    /// Reads what the digits stand for, whatever it is.
    #[inline(never)]
    pub(super) fn read<T>(
        source: Source<'a>,
        Decoded { bytes, digits, other }: &Decoded,
        read: impl FnOnce(&Object<'_>) -> Result<T, Flaw>,
    ) -> Result<T, DecodeError> {
        let (digits, other) = (*digits, *other);
        let (json, wrong) = utf8_prefix(&bytes.0);
        let mut members = Members::default();
        let outcome = members.read(json);
        let at = |byte| source.offset_of(byte);
        let member = members.open.map(|(member, _)| member);

        if let Some(offset) = other {
            let whole = digits.is_multiple_of(2) && outcome.is_ok_and(|end| end == bytes.0.len());
            return Err(match whole {
                true => source.after_end(offset),
                false => source.other(offset, digits, member),
            });
        }
        if !digits.is_multiple_of(2) {
            let offset = match outcome {
                Ok(end) => at(end),
                Err(failure) => at(failure.at),
            };
            return Err(DecodeError::OddDigits { digits, offset, member });
        }
        match outcome {
            Ok(end) if end == bytes.0.len() => {
                let object = Object { source, json, members };
                read(&object).map_err(|flaw| object.error(flaw))
            }
            Ok(end) if json.as_bytes().get(end) == Some(&b'{') => {
                Err(DecodeError::TwoKeys { offset: at(end) })
            }
            Ok(end) => Err(DecodeError::TextAfterEnd { offset: at(end) }),
            Err(Failure { at: failed, fault }) => Err(match fault {
                Fault::End | Fault::Syntax if wrong.is_some() && failed == json.len() => {
                    DecodeError::NotUtf8 { offset: at(failed) }
                }
                Fault::End => DecodeError::CutShort { digits, offset: at(bytes.0.len()), member },
                Fault::LoneSurrogate => DecodeError::LoneSurrogate { offset: at(failed), member },
                Fault::TooDeep => DecodeError::TooDeep { offset: at(failed) },
                Fault::NotAnObject(_) if json.len() < bytes.0.len() => {
                    DecodeError::NotUtf8 { offset: at(json.len()) }
                }
                Fault::NotAnObject(found) => DecodeError::NotAnObject { offset: at(failed), found },
                Fault::Syntax => DecodeError::NotJson { offset: at(failed), member },
            }),
        }
    }

    #[cold]
    fn error(&self, flaw: Flaw) -> DecodeError {
        let value_of = |member| {
            let entry = self.members.get(member);
            entry.map_or(0, |entry| self.source.offset_of(entry.value.span.start()))
        };
        match flaw {
            Flaw::NoKind => DecodeError::NotAPairingKey { offset: self.source.offset_of(0) },
            Flaw::WrongKind { found, expected } => DecodeError::WrongKind { found, expected },
            Flaw::Missing(kind, member) => DecodeError::MissingMember { kind, member },
            Flaw::Duplicate(start, member) => {
                DecodeError::DuplicateMember { offset: self.source.offset_of(start), member }
            }
            Flaw::WrongType(member, found) => {
                DecodeError::WrongType { offset: value_of(member), member, found }
            }
            Flaw::WrongValue(member) => {
                DecodeError::WrongValue { offset: value_of(member), member }
            }
        }
    }

    /// The kind of key that the object is, if no known member stands twice.
    pub(super) fn kind(&self) -> Result<KeyKind, Flaw> {
        match self.members.duplicate {
            Some((name, member)) => Err(Flaw::Duplicate(name.start(), Some(member))),
            None => self.members.kind().ok_or(Flaw::NoKind),
        }
    }

    pub(super) fn expect_kind(&self, expected: KeyKind) -> Result<(), Flaw> {
        match self.kind()? {
            found if found == expected => Ok(()),
            found => Err(Flaw::WrongKind { found, expected }),
        }
    }

    /// A member's value, if it has the right JSON type.
    pub(super) fn value(&self, kind: KeyKind, member: Member) -> Result<MemberValue<'_>, Flaw> {
        let Some(entry) = self.members.get(member) else {
            return Err(Flaw::Missing(kind, member));
        };
        let Value { json_type, span, escapes } = entry.value;
        if json_type != member.json_type() {
            return Err(Flaw::WrongType(member, json_type));
        }
        let span = if json_type == JsonType::String { span.inside() } else { span };
        Ok(MemberValue { member, raw: span.of(self.json), escapes })
    }

    /// The members that keys of this kind do not have.
    pub(super) fn unknown(&self, kind: KeyKind) -> Result<UnknownMembers, Flaw> {
        if self.members.unknown.is_empty() && self.members.present.only(kind) {
            return Ok(UnknownMembers::default());
        }
        let of_the_other = Member::all().filter(|member| !member.belongs_to(kind));
        let of_the_other = of_the_other.filter_map(|member| self.members.get(member));
        let mut members = Vec::new();
        for Entry { name, value } in self.members.unknown.iter().copied().chain(of_the_other) {
            members.push(UnknownMember {
                name: unescaped(name.inside().of(self.json)).into(),
                value: compacted(value.span.of(self.json)),
                start: name.start(),
            });
        }
        members.sort_unstable_by(|a, b| {
            a.name.expose().cmp(b.name.expose()).then(a.start.cmp(&b.start))
        });
        let mut twice = None;
        for pair in members.windows(2) {
            if let [a, b] = pair
                && a.name.expose() == b.name.expose()
                && twice.is_none_or(|first| b.start < first)
            {
                twice = Some(b.start);
            }
        }
        match twice {
            Some(start) => Err(Flaw::Duplicate(start, None)),
            None => Ok(UnknownMembers::from_sorted(members)),
        }
    }
}

/// What a key is read by.
pub(super) trait ReadKey: Sized {
    const KIND: KeyKind;

    fn from_values<'a>(values: impl Values<'a>) -> Result<Self, Flaw>;

    fn from_canonical(json: &str) -> Option<Self> {
        Self::from_values(Canonical::new(json)).ok()
    }

    fn from_object(object: &Object<'_>) -> Result<Self, Flaw> {
        Self::from_values(ObjectOf(Self::KIND, object))
    }

    fn decode_key(text: &[u8]) -> Result<Self, DecodeError> {
        Object::decode(text, Self::from_canonical, |object| {
            object.expect_kind(Self::KIND)?;
            Self::from_object(object)
        })
    }
}

/// Where a key finds its members. It asks for them in the order in which they stand in a key.
pub(super) trait Values<'a> {
    fn value(&mut self, member: Member) -> Result<MemberValue<'a>, Flaw>;

    /// The members that were not asked for, after all others.
    fn unknown(&mut self) -> Result<UnknownMembers, Flaw>;
}

/// An object read as a key of a kind.
pub(super) struct ObjectOf<'a>(pub(super) KeyKind, pub(super) &'a Object<'a>);

impl<'a> Values<'a> for ObjectOf<'a> {
    fn value(&mut self, member: Member) -> Result<MemberValue<'a>, Flaw> {
        self.1.value(self.0, member)
    }

    fn unknown(&mut self) -> Result<UnknownMembers, Flaw> {
        self.1.unknown(self.0)
    }
}

/// An object that has just the members that are asked for, in that order, without white space and
/// escapes, as a key has that a cluster made: read on the way, which is several times faster. Any
/// flaw means that it is not such an object.
pub(super) struct Canonical<'a> {
    /// What comes after the separator.
    rest: &'a str,
    /// What stands before the next member, or at the end.
    separator: u8,
}

impl<'a> Canonical<'a> {
    #[inline]
    pub(super) fn new(json: &'a str) -> Self {
        match json.strip_prefix('{') {
            Some(rest) => Self { rest, separator: b',' },
            None => Self { rest: "", separator: 0 },
        }
    }

    // Always, so that the labels are constants to compare with; WebAssembly had better be small.
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    #[cfg_attr(target_family = "wasm", inline)]
    fn take(&mut self, member: Member) -> Option<&'a str> {
        let rest = self.rest.strip_prefix(member.label().get(1..)?)?;
        let (raw, rest) = match member.form() {
            Form::U64 | Form::I64 => rest.split_at_checked(integer_length(rest.as_bytes())?)?,
            Form::Uuid => {
                // Its characters are looked at when it is parsed.
                let (raw, rest) = rest.split_at_checked(uuid::fmt::Hyphenated::LENGTH)?;
                (raw, rest.strip_prefix('"')?)
            }
            Form::Address | Form::Text | Form::Secret => {
                let (raw, rest) = rest.split_at_checked(plain_length(rest.as_bytes()))?;
                (raw, rest.strip_prefix('"')?)
            }
        };
        if self.separator != b',' {
            return None;
        }
        (self.separator, self.rest) = (*rest.as_bytes().first()?, rest.get(1..)?);
        Some(raw)
    }
}

impl<'a> Values<'a> for Canonical<'a> {
    #[cfg_attr(not(target_family = "wasm"), inline(always))]
    #[cfg_attr(target_family = "wasm", inline)]
    fn value(&mut self, member: Member) -> Result<MemberValue<'a>, Flaw> {
        let raw = self.take(member).ok_or(Flaw::NoKind)?;
        Ok(MemberValue { member, raw, escapes: false })
    }

    fn unknown(&mut self) -> Result<UnknownMembers, Flaw> {
        let end = self.separator == b'}' && self.rest.is_empty();
        if end { Ok(UnknownMembers::default()) } else { Err(Flaw::NoKind) }
    }
}

/// The length of an integer that JSON allows.
#[inline]
fn integer_length(text: &[u8]) -> Option<usize> {
    let sign = usize::from(text.first() == Some(&b'-'));
    let digits = text.get(sign..)?.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let zero = text.get(sign) == Some(&b'0');
    (digits == 1 || digits > 1 && !zero).then_some(sign + digits)
}

/// A member's value as it stands in the JSON.
#[derive(Clone, Copy)]
pub(super) struct MemberValue<'a> {
    pub(super) member: Member,
    /// A number, or what stands between the quotes of a string.
    raw: &'a str,
    escapes: bool,
}

impl MemberValue<'_> {
    /// A string that has a form of its own, read from its resolved text.
    #[inline]
    fn parsed<T>(self, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Flaw> {
        let parsed = if self.escapes {
            parse(Secret::from(unescaped(self.raw)).expose())
        } else {
            parse(self.raw)
        };
        parsed.ok_or(Flaw::WrongValue(self.member))
    }

    #[inline]
    pub(super) fn integer<T: FromStr>(self) -> Result<T, Flaw> {
        self.raw.parse().map_err(|_| Flaw::WrongValue(self.member))
    }

    #[inline]
    pub(super) fn string(self) -> String {
        if self.escapes { unescaped(self.raw) } else { self.raw.into() }
    }

    #[inline]
    pub(super) fn secret(self) -> Secret {
        if self.escapes { unescaped(self.raw).into() } else { self.raw.into() }
    }

    /// Hands on the text as keys are written with it, without a value of the member's own type.
    pub(super) fn canonical(self, put: &mut dyn FnMut(&str)) -> Result<(), Flaw> {
        let resolved;
        let text = if self.escapes {
            resolved = self.secret();
            resolved.expose()
        } else {
            self.raw
        };
        let wrong = Flaw::WrongValue(self.member);
        let rewritten = match self.member.form() {
            form @ (Form::U64 | Form::I64) if is_integer(text, form) => {
                (text == "-0").then(|| "0".into())
            }
            Form::Uuid if is_uuid(text.as_bytes()) => Some(text.to_ascii_lowercase()),
            Form::Address if dotted_quad(text.as_bytes()).is_some() => None,
            Form::Address => Some(ipv6_text(ipv6(text.as_bytes()).ok_or(wrong)?)),
            Form::Text | Form::Secret => None,
            Form::U64 | Form::I64 | Form::Uuid => return Err(wrong),
        };
        put(rewritten.as_deref().unwrap_or(text));
        Ok(())
    }

    #[inline]
    pub(super) fn uuid(self) -> Result<Uuid, Flaw> {
        const HYPHENATED: usize = uuid::fmt::Hyphenated::LENGTH;
        self.parsed(|text| match text.len() {
            HYPHENATED => Uuid::try_parse(text).ok(),
            _ => None,
        })
    }

    #[inline]
    pub(super) fn address(self) -> Result<IpAddr, Flaw> {
        self.parsed(|text| match dotted_quad(text.as_bytes()) {
            Some(octets) => Some(octets.into()),
            None => ipv6(text.as_bytes()).map(IpAddr::from),
        })
    }
}

/// Whether JSON's number is an integer of this form.
fn is_integer(text: &str, form: Form) -> bool {
    let (digits, most) = match (text.strip_prefix('-'), form) {
        (None, Form::U64) => (text, "18446744073709551615"),
        (None, _) => (text, "9223372036854775807"),
        (Some(digits), Form::I64) => (digits, "9223372036854775808"),
        (Some(_), _) => return false,
    };
    // There are no zeros in front.
    digits.bytes().all(|byte| byte.is_ascii_digit()) && (digits.len(), digits) <= (most.len(), most)
}

/// Whether it is a UUID with hyphens.
fn is_uuid(text: &[u8]) -> bool {
    let is_right = |(index, byte): (usize, &u8)| match index {
        8 | 13 | 18 | 23 => *byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    text.len() == uuid::fmt::Hyphenated::LENGTH && text.iter().enumerate().all(is_right)
}

/// The usual form of an address, read faster than by `parse`.
#[inline]
fn dotted_quad(mut text: &[u8]) -> Option<[u8; 4]> {
    let mut octets = [0; 4];
    for (index, octet) in octets.iter_mut().enumerate() {
        if index > 0 {
            text = text.strip_prefix(b".")?;
        }
        let value;
        (value, text) = match *text {
            [a @ b'1'..=b'9', b @ b'0'..=b'9', c @ b'0'..=b'9', ref rest @ ..] => {
                (u16::from(a - b'0') * 100 + u16::from(b - b'0') * 10 + u16::from(c - b'0'), rest)
            }
            [a @ b'1'..=b'9', b @ b'0'..=b'9', ref rest @ ..] => {
                (u16::from(a - b'0') * 10 + u16::from(b - b'0'), rest)
            }
            [a @ b'0'..=b'9', ref rest @ ..] => (u16::from(a - b'0'), rest),
            _ => return None,
        };
        *octet = u8::try_from(value).ok()?;
    }
    text.is_empty().then_some(octets)
}

/// The other form, as `parse` reads it; that would be a good part of a small WebAssembly.
fn ipv6(mut text: &[u8]) -> Option<[u16; 8]> {
    let mut groups = [0; 8];
    let mut count = 0;
    // How many stand before the `::`.
    let mut gap = None;
    loop {
        if let Some(rest) = text.strip_prefix(b"::")
            && gap.is_none()
        {
            (gap, text) = (Some(count), rest);
            if rest.is_empty() {
                break;
            }
        } else if count > 0 {
            if text.is_empty() {
                break;
            }
            text = text.strip_prefix(b":")?;
        }
        if let Some([a, b, c, d]) = dotted_quad(text) {
            *groups.get_mut(count)? = u16::from_be_bytes([a, b]);
            *groups.get_mut(count + 1)? = u16::from_be_bytes([c, d]);
            count += 2;
            break;
        }
        let length = text.iter().take_while(|byte| byte.is_ascii_hexdigit()).count();
        let (digits, rest) = text.split_at_checked(length)?;
        if length == 0 || length > 4 {
            return None;
        }
        *groups.get_mut(count)? = digits
            .iter()
            .fold(0, |group, &digit| group << 4 | u16::from(decode_pair([b'0', digit]).0));
        (count, text) = (count + 1, rest);
    }
    if (count == 8) != gap.is_none() {
        return None;
    }
    // What stands behind the gap belongs to the end.
    for index in (gap.unwrap_or(8)..count).rev() {
        *groups.get_mut(index + 8 - count)? = mem::take(groups.get_mut(index)?);
    }
    Some(groups)
}

/// The value without white space between its parts, in a block of its exact size.
fn compacted(value: &str) -> Secret {
    let mut bytes = Buffer(Vec::with_capacity(compact(value).count()));
    compact(value).for_each(|byte| bytes.0.push(byte));
    Secret::from_utf8(bytes)
}

#[cfg(test)]
mod tests {
    use alloc::{format, vec};
    use core::net::Ipv6Addr;

    use super::*;

    #[test]
    fn ipv6_is_read_as_by_parse() {
        // All ways to join so many of these; those with two groups at once among them.
        let parts = ["", ":", "::", "0", "1", "aF09", "12345", "g", "1.2.3.4", "1.2.3.256"];
        let mut texts: Vec<String> = [String::new()].into();
        for _ in 0..5 {
            texts =
                texts.iter().flat_map(|text| parts.map(|part| format!("{text}{part}"))).collect();
        }
        // As many groups as there can be, one less, one more, and a gap at each place.
        for count in 0..10 {
            for last in ["", "1.2.3.4", "f"] {
                let groups = vec!["a"; count].join(":");
                texts.push(format!("{groups}:{last}"));
                for gap in 0..=count {
                    let (head, tail) = (vec!["b"; gap], vec!["c"; count - gap]);
                    texts.push(format!("{}::{}:{last}", head.join(":"), tail.join(":")));
                    texts.push(format!("{}::{}", head.join(":"), tail.join(":")));
                }
            }
        }
        let mut valid = 0;
        for text in texts {
            let parsed = text.parse().ok().map(|address: Ipv6Addr| address.segments());
            assert_eq!(ipv6(text.as_bytes()), parsed, "{text:?}");
            valid += usize::from(parsed.is_some());
        }
        assert!(valid > 200, "{valid}");
    }

    #[test]
    fn dotted_quads_are_read_as_by_parse() {
        let parts = ["", "0", "1", "9", "00", "01", "10", "99", "100", "199", "255", "256", "1000"];
        let texts = parts.iter().flat_map(|part| {
            ["{}.2.3.4", "1.{}.3.4", "1.2.3.{}", "1.2.3.4.{}", "1.2.3{}", "{}::1", " {}.2.3.4"]
                .map(|form| form.replace("{}", part))
        });
        for text in texts {
            let parsed = text.parse().ok().filter(IpAddr::is_ipv4);
            assert_eq!(dotted_quad(text.as_bytes()).map(IpAddr::from), parsed, "{text:?}");
        }
    }
}
