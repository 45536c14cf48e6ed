//! A key told member by member, as text: for the npm package, where one loop over the table of
//! members is smaller than a type for each kind of key.

use alloc::vec::Vec;

use super::{
    KeyKind,
    error::DecodeError,
    member::Member,
    object::{Canonical, Flaw, Object, ObjectOf, Values},
    text::{Decoded, MAX_TEXT_LEN, Source, decode_whole, encode_digits},
};
use crate::{
    json::{JsonType, escaped},
    secret::{Buffer, Secret},
};

/// What is told of a key: first what it is, then its members in the order of their names.
#[doc(hidden)]
pub enum Told<'a> {
    /// The kind, and how many digits there are.
    Key(KeyKind, usize),
    /// A member and the text of its value: what a string stands for, or an integer; in the form in
    /// which keys are written.
    Member(Member, &'a str),
    /// The name of an unknown member and its value, JSON without white space between its parts.
    Unknown(&'a str, &'a str),
}

/// Tells what a pasted key says. What was told before an error means nothing.
///
/// # Errors
///
/// As those of [`PairingKey::decode`](super::PairingKey::decode), and `wrong_kind`.
#[doc(hidden)]
#[inline]
pub fn tell(
    text: &[u8],
    expected: Option<KeyKind>,
    told: &mut dyn FnMut(Told<'_>),
) -> Result<(), DecodeError> {
    // As clusters write it, and without anything around it, which is several times faster.
    if let Some(bytes) = decode_whole(text)
        && let Ok(json) = str::from_utf8(&bytes.0)
    {
        for kind in [KeyKind::Cluster, KeyKind::Volume] {
            let values = &mut Canonical::new(json);
            if tell_values(kind, values, text.len(), expected, told).is_ok() {
                return Ok(());
            }
        }
    }
    tell_pasted(text, expected, told)
}

#[inline(never)]
fn tell_pasted(
    text: &[u8],
    expected: Option<KeyKind>,
    told: &mut dyn FnMut(Told<'_>),
) -> Result<(), DecodeError> {
    let bytes = Buffer(Vec::with_capacity(text.len() / 2));
    let (source, decoded) = Source::decode_pieces(text, bytes)?;
    tell_decoded(source, &decoded, expected, told)
}

/// Writes a key of which the JSON is given, canonically. Places in errors mean nothing.
///
/// # Errors
///
/// As those of [`tell`].
#[doc(hidden)]
pub fn encode_json(json: &[u8], expected: KeyKind) -> Result<Secret, DecodeError> {
    let digits = json.len() * 2;
    if digits > MAX_TEXT_LEN {
        return Err(DecodeError::TooLong { length: digits });
    }
    let mut bytes = Buffer(Vec::with_capacity(json.len()));
    bytes.0.extend_from_slice(json);
    let decoded = Decoded { bytes, digits, other: None };
    // Nothing becomes longer by being written canonically, but the address.
    let mut json = Buffer(Vec::with_capacity(json.len() + "::ffff:255.255.255.255".len()));
    tell_decoded(Source::none(), &decoded, Some(expected), &mut |told| {
        let (name, value, is_string) = match told {
            Told::Key(..) => return,
            Told::Member(member, text) => {
                (member.name(), text, member.json_type() == JsonType::String)
            }
            Told::Unknown(name, value) => (name, value, false),
        };
        let mut put = |text: &[u8]| json.0.extend_from_slice(text);
        put(b",\"");
        escaped(name.as_bytes(), &mut put);
        put(b"\":");
        if is_string {
            put(b"\"");
            escaped(value.as_bytes(), &mut put);
            put(b"\"");
        } else {
            put(value.as_bytes());
        }
    })?;
    json.0.push(b'}');
    // Each member was written with a comma before it.
    if let Some(first) = json.0.first_mut() {
        *first = b'{';
    }
    let mut digits = Buffer::zeroed(json.0.len() * 2);
    encode_digits(&json.0, &mut digits.0);
    Ok(Secret::from_utf8(digits))
}

#[inline(never)]
fn tell_decoded(
    source: Source<'_>,
    decoded: &Decoded,
    expected: Option<KeyKind>,
    told: &mut dyn FnMut(Told<'_>),
) -> Result<(), DecodeError> {
    Object::read(source, decoded, |object| {
        let kind = object.kind()?;
        tell_values(kind, &mut ObjectOf(kind, object), decoded.digits, expected, told)
    })
}

#[inline(never)]
fn tell_values<'a>(
    kind: KeyKind,
    values: &mut dyn Values<'a>,
    digits: usize,
    expected: Option<KeyKind>,
    told: &mut dyn FnMut(Told<'_>),
) -> Result<(), Flaw> {
    let mut members = Vec::with_capacity(Member::COUNT);
    for member in Member::all().filter(|member| member.belongs_to(kind)) {
        members.push(values.value(member)?);
    }
    let unknown = values.unknown()?;
    let mut unknown = unknown.rows();
    told(Told::Key(kind, digits));
    for value in members {
        while let [first, rest @ ..] = unknown
            && first.name.expose() < value.member.name()
        {
            told(Told::Unknown(first.name.expose(), first.value.expose()));
            unknown = rest;
        }
        value.canonical(&mut |text| told(Told::Member(value.member, text)))?;
    }
    for one in unknown {
        told(Told::Unknown(one.name.expose(), one.value.expose()));
    }
    match expected {
        Some(expected) if kind != expected => Err(Flaw::WrongKind { found: kind, expected }),
        _ => Ok(()),
    }
}
