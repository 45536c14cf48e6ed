//! JSON -> objects that borrow from it: one reader that visits each member once, in any order.

use alloc::{borrow::Cow, vec::Vec};
use core::{fmt, iter};

use super::{
    error::{Path, ReadError, ReadErrorKind, Step},
    name::Name,
};
use crate::{
    json::{self, Failure, Fault, JsonType, unescape, unescaped},
    secret::Secret,
};

/// The longest text that is read, in bytes: 64 MiB, many times the listing of a full cluster.
///
/// In members that are not known, arrays and objects may be nested 32 deep.
pub const MAX_JSON_LEN: usize = 64 * 1024 * 1024;

/// A JSON value as it stands in the text it was read from, not interpreted: `1.10` stays `1.10`.
///
/// `Debug` does not show it: nobody knows what is in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Json<'a>(&'a str);

impl<'a> Json<'a> {
    /// The value's text.
    #[must_use]
    pub fn as_str(self) -> &'a str {
        self.0
    }

    /// The characters of a string, escapes resolved, in pieces; nothing for another value.
    pub(super) fn pieces(self, put: impl FnMut(&str)) {
        let inside = self.0.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        unescape(inside.unwrap_or_default(), put);
    }

    /// What this crate wrote.
    pub(crate) fn written(text: &'a str) -> Self {
        Self(text)
    }

    /// Reads a text that is one value.
    pub(crate) fn whole(text: &'a (impl AsRef<[u8]> + ?Sized)) -> Result<Self, ReadError> {
        read_whole(text, Value::read)
    }

    /// The members of an object that was read without a failure: the name as it stands between its
    /// quotes, and the value. None for another value.
    pub(crate) fn members(self) -> impl Iterator<Item = (&'a str, Self)> {
        let mut json = json::Reader::new(self.0);
        let mut more = json.take(b'{');
        iter::from_fn(move || {
            json.white();
            let name = more.then(|| json.name()).flatten()?;
            let value = json.value()?;
            json.white();
            more = json.take(b',');
            Some((name.inside().of(self.0), Self(value.span.of(self.0))))
        })
    }

    /// The items of an array that was read without a failure; none for another value.
    pub(crate) fn items(self) -> impl Iterator<Item = Self> {
        let mut json = json::Reader::new(self.0);
        let mut more = json.take(b'[');
        iter::from_fn(move || {
            let value = more.then(|| json.value()).flatten()?;
            json.white();
            more = json.take(b',');
            Some(Self(value.span.of(self.0)))
        })
    }

    /// The text of a string; empty for another value.
    pub(crate) fn text(self) -> Cow<'a, str> {
        let inside = self.0.strip_prefix('"').and_then(|rest| rest.strip_suffix('"'));
        let inside = inside.unwrap_or_default();
        if inside.contains('\\') { unescaped(inside).into() } else { inside.into() }
    }
}

impl fmt::Debug for Json<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Json(..)")
    }
}

/// What a member's value is read to.
pub trait Value<'a>: Sized {
    /// Whether the member may be missing, which is what [`empty`](Value::empty) stands for then.
    const OPTIONAL: bool = false;

    /// What is there before the member is read.
    fn empty() -> Self;

    fn read(reader: &mut Reader<'a>) -> Option<Self>;
}

/// The place of a member's value. By it, one function reads all objects.
pub trait Slot<'a> {
    fn fill(&mut self, reader: &mut Reader<'a>) -> Option<()>;

    fn is_optional(&self) -> bool {
        true
    }
}

impl<'a, T: Value<'a>> Slot<'a> for T {
    fn fill(&mut self, reader: &mut Reader<'a>) -> Option<()> {
        *self = T::read(reader)?;
        Some(())
    }

    fn is_optional(&self) -> bool {
        T::OPTIONAL
    }
}

/// A member that a function reads.
pub(super) struct By<'f, 'a>(pub &'f mut dyn FnMut(&mut Reader<'a>) -> Option<()>);

impl<'a> Slot<'a> for By<'_, 'a> {
    fn fill(&mut self, reader: &mut Reader<'a>) -> Option<()> {
        (self.0)(reader)
    }
}

/// An integer, of which a number that is none tells nothing.
pub(super) struct IfTold<'m>(pub &'m mut Option<u64>);

impl<'a> Slot<'a> for IfTold<'_> {
    fn fill(&mut self, reader: &mut Reader<'a>) -> Option<()> {
        reader.json.white();
        *self.0 = match reader.text.as_bytes().get(reader.offset()) {
            Some(b'-' | b'0'..=b'9') => Json::read(reader)?.0.parse().ok(),
            _ => Value::read(reader)?,
        };
        Some(())
    }
}

/// Moves through a text. Where a method returns none, reading failed for good.
pub struct Reader<'a> {
    text: &'a str,
    json: json::Reader<'a>,
    /// Why it failed; set wherever none is returned.
    error: Option<ReadError>,
}

/// A place in a text, to read from it again.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Place<'a> {
    text: &'a str,
    offset: usize,
}

impl<'a> Place<'a> {
    pub(super) fn read<T>(
        self,
        read: impl FnOnce(&mut Reader<'a>) -> Option<T>,
    ) -> Result<T, ReadError> {
        let mut reader = Reader::at(self.text, self.offset);
        let value = read(&mut reader);
        reader.outcome(value)
    }
}

impl fmt::Debug for Place<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.offset.fmt(f)
    }
}

/// Reads a text that is one value and nothing else.
pub(super) fn read_whole<'a, T>(
    text: &'a (impl AsRef<[u8]> + ?Sized),
    mut read: impl FnMut(&mut Reader<'a>) -> Option<T>,
) -> Result<T, ReadError> {
    let mut value = None;
    run(text.as_ref(), &mut |reader| {
        value = read(reader);
        value.is_some()
    })
    .and(value.ok_or(UNREACHED))
}

/// What is the same for all types; `read` returns whether it could.
#[inline(never)]
fn run<'a>(text: &'a [u8], read: &mut dyn FnMut(&mut Reader<'a>) -> bool) -> Result<(), ReadError> {
    let mut reader = Reader::new(text)?;
    let done = (read(&mut reader) && reader.end()).then_some(());
    reader.outcome(done)
}

/// Where neither a value nor an error is: nowhere, as whatever returns none sets an error.
const UNREACHED: ReadError = ReadError {
    kind: ReadErrorKind::NotJson,
    offset: 0,
    path: Path::NONE,
    expected: "JSON",
    found: None,
};

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let error = |kind, offset| ReadError { kind, offset, ..UNREACHED };
        if bytes.len() > MAX_JSON_LEN {
            return Err(error(ReadErrorKind::TooLong, MAX_JSON_LEN));
        }
        let text = str::from_utf8(bytes)
            .map_err(|wrong| error(ReadErrorKind::NotUtf8, wrong.valid_up_to()))?;
        // Windows tools begin files with a byte-order mark.
        let mark = if text.starts_with('\u{feff}') { 3 } else { 0 };
        Ok(Self::at(text, mark))
    }

    /// A reader that begins inside a text.
    fn at(text: &'a str, offset: usize) -> Self {
        let mut json = json::Reader::new(text);
        json.at = offset;
        Self { text, json, error: None }
    }

    pub(super) fn place(&self) -> Place<'a> {
        Place { text: self.text, offset: self.offset() }
    }

    pub(super) fn offset(&self) -> usize {
        self.json.at
    }

    /// The value, or why there is none.
    pub(super) fn outcome<T>(&self, value: Option<T>) -> Result<T, ReadError> {
        match self.error {
            Some(error) => Err(error),
            None => value.ok_or(UNREACHED),
        }
    }

    fn error(&self, kind: ReadErrorKind, offset: usize, expected: &'static str) -> ReadError {
        ReadError { kind, offset, expected, ..UNREACHED }
    }

    #[cold]
    pub(super) fn fail<T>(
        &mut self,
        kind: ReadErrorKind,
        offset: usize,
        expected: &'static str,
    ) -> Option<T> {
        self.error = Some(self.error(kind, offset, expected));
        None
    }

    #[cold]
    fn not_json<T>(&mut self, expected: &'static str) -> Option<T> {
        let Failure { at, fault } = self.json.failure();
        let kind = match fault {
            Fault::End => ReadErrorKind::CutShort,
            Fault::LoneSurrogate => ReadErrorKind::LoneSurrogate,
            Fault::TooDeep => ReadErrorKind::TooDeep,
            // The second is that of a key's text, which is not read here.
            Fault::Syntax | Fault::NotAnObject(_) => {
                match self.text.get(at..).and_then(|rest| rest.chars().next()) {
                    Some('\0'..'\u{20}') => ReadErrorKind::ControlCharacter,
                    Some('\u{a0}') => ReadErrorKind::NoBreakSpace,
                    _ => ReadErrorKind::NotJson,
                }
            }
        };
        self.fail(kind, at, expected)
    }

    #[cold]
    fn wrong_type<T>(&mut self, value: json::Value, expected: &'static str) -> Option<T> {
        let found = Some(value.json_type);
        let error = self.error(ReadErrorKind::WrongType, value.span.start(), expected);
        self.error = Some(ReadError { found, ..error });
        None
    }

    #[cold]
    pub(super) fn inside<T>(&mut self, step: Step) -> Option<T> {
        if let Some(error) = &mut self.error {
            error.path.inside(step);
        }
        None
    }

    #[cold]
    pub(super) fn set_error(&mut self, error: ReadError) {
        self.error = Some(error);
    }

    /// Fails for a member that the object, which was just read, does not have.
    #[cold]
    pub(super) fn missing<T>(&mut self, name: Name, object: Json<'a>) -> Option<T> {
        let start = self.offset() - object.0.len();
        self.fail::<()>(ReadErrorKind::MissingMember, start, name.as_str());
        self.inside(Step::Member(name))
    }

    /// Whether nothing but white space is left.
    pub(super) fn at_end(&mut self) -> bool {
        self.json.white();
        self.offset() == self.text.len()
    }

    fn end(&mut self) -> bool {
        let end = self.at_end();
        if !end {
            let at = self.offset();
            self.fail::<()>(ReadErrorKind::TextAfterEnd, at, "the end of the text");
        }
        end
    }

    fn since(&self, start: usize) -> Json<'a> {
        Json(self.text.get(start..self.offset()).unwrap_or_default())
    }

    /// Any value.
    fn value(&mut self) -> Option<json::Value> {
        match self.json.value() {
            Some(value) => Some(value),
            None => self.not_json("a value"),
        }
    }

    /// Moves past `null` or `""`, if it stands here.
    fn nothing(&mut self) -> bool {
        self.json.white();
        let rest = self.text.get(self.offset()..).unwrap_or_default();
        let found = ["null", "\"\""].into_iter().find(|nothing| rest.starts_with(nothing));
        self.json.at += found.map_or(0, str::len);
        found.is_some()
    }

    /// Reads a value, unless it is `null` or `""`.
    pub(super) fn unless_nothing(
        &mut self,
        read: &mut dyn FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        if self.nothing() { Some(()) } else { read(self) }
    }

    /// A string, and no number in its place.
    pub(super) fn string(&mut self) -> Option<Cow<'a, str>> {
        let (raw, escapes) = self.raw_string()?;
        Some(if escapes { unescaped(raw).into() } else { raw.into() })
    }

    /// The text of a string as it stands between its quotes, and whether it has escapes.
    pub(super) fn raw_string(&mut self) -> Option<(&'a str, bool)> {
        let value = self.value()?;
        if value.json_type != JsonType::String {
            return self.wrong_type(value, "a string");
        }
        Some((value.span.inside().of(self.text), value.escapes))
    }

    pub(super) fn skip(&mut self) -> Option<()> {
        self.value().map(|_| ())
    }

    /// Moves past the byte that an object or an array begins with; returns where it was.
    fn open(&mut self, bracket: u8, expected: &'static str) -> Option<usize> {
        self.json.white();
        let start = self.offset();
        if self.json.take(bracket) {
            self.json.white();
            return Some(start);
        }
        let value = self.value()?;
        self.wrong_type(value, expected)
    }

    /// Moves past a comma (true) or the end of an object or array (false).
    fn next(&mut self, close: u8, expected: &'static str) -> Option<bool> {
        self.json.white();
        if self.json.take(b',') {
            self.json.white();
            Some(true)
        } else if self.json.take(close) {
            Some(false)
        } else {
            self.not_json(expected)
        }
    }

    /// Reads these members of an object, and passes over the others; returns the object's text.
    pub(super) fn object(&mut self, members: &mut [(Name, &mut dyn Slot<'a>)]) -> Option<Json<'a>> {
        let start = self.open(b'{', "an object")?;
        let mut seen = 0_u64;
        let mut more = !self.json.take(b'}');
        while more {
            let at = self.offset();
            let Some(name) = self.json.name() else {
                return self.not_json("a member's name in quotes, and a colon");
            };
            match Name::of(name.inside().of(self.text)) {
                Some(name) => {
                    let bit = 1 << name as u32;
                    let read = if seen & bit != 0 {
                        self.fail(ReadErrorKind::DuplicateMember, at, "another member")
                    } else if let Some((_, slot)) = members.iter_mut().find(|(it, _)| *it == name) {
                        slot.fill(self)
                    } else {
                        self.skip()
                    };
                    if read.is_none() {
                        return self.inside(Step::Member(name));
                    }
                    seen |= bit;
                }
                None => self.skip()?,
            }
            more = self.next(b'}', "a comma or }")?;
        }
        let json = self.since(start);
        let lacks = |(name, slot): &&(Name, &mut dyn Slot<'a>)| {
            seen & (1 << *name as u32) == 0 && !slot.is_optional()
        };
        match (*members).iter().find(lacks) {
            Some((name, _)) => self.missing(*name, json),
            None => Some(json),
        }
    }
}

/// Integers of this type; also in quotes, as a client is known to send one.
macro_rules! integer {
    ($type:ty, $expected:literal) => {
        impl<'a> Value<'a> for $type {
            fn empty() -> Self {
                0
            }

            fn read(reader: &mut Reader<'a>) -> Option<Self> {
                const EXPECTED: &str = $expected;
                let value = reader.value()?;
                let raw = value.span.of(reader.text);
                match value.json_type {
                    JsonType::Number => match raw.parse() {
                        Ok(number) => Some(number),
                        Err(_) => {
                            reader.fail(ReadErrorKind::WrongValue, value.span.start(), EXPECTED)
                        }
                    },
                    JsonType::String => match value.span.inside().of(reader.text).parse() {
                        Ok(number) => Some(number),
                        Err(_) => reader.wrong_type(value, EXPECTED),
                    },
                    _ => reader.wrong_type(value, EXPECTED),
                }
            }
        }
    };
}

integer!(u64, "an integer from 0 to 18446744073709551615");
integer!(i64, "an integer from -9223372036854775808 to 9223372036854775807");

impl<'a> Value<'a> for bool {
    fn empty() -> Self {
        false
    }

    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let value = reader.value()?;
        match value.json_type {
            JsonType::Boolean => Some(value.span.of(reader.text) == "true"),
            _ => reader.wrong_type(value, "true or false"),
        }
    }
}

/// A string; or a number, as it stands: the API reference shows one for a clusterUUID.
impl<'a> Value<'a> for Cow<'a, str> {
    fn empty() -> Self {
        "".into()
    }

    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        reader.json.white();
        let rest = reader.text.as_bytes().get(reader.offset()..).unwrap_or_default();
        match rest {
            [b'-' | b'0'..=b'9', ..] => Json::read(reader).map(|number| number.0.into()),
            _ => reader.string(),
        }
    }
}

impl<'a> Value<'a> for Secret {
    fn empty() -> Self {
        "".into()
    }

    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        // With escapes, the text is taken over, not copied.
        Some(match reader.string()? {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => text.into(),
        })
    }
}

impl<'a> Value<'a> for Json<'a> {
    fn empty() -> Self {
        Self("")
    }

    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        let value = reader.value()?;
        Some(Self(value.span.of(reader.text)))
    }
}

/// Missing, `null` and `""` are none.
impl<'a, T: Value<'a>> Value<'a> for Option<T> {
    const OPTIONAL: bool = true;

    fn empty() -> Self {
        None
    }

    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        if reader.nothing() { Some(None) } else { T::read(reader).map(Some) }
    }
}

impl<'a, T: Value<'a>> Value<'a> for Vec<T> {
    fn empty() -> Self {
        Self::new()
    }

    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        reader.open(b'[', "an array")?;
        let mut items = Self::new();
        let mut more = !reader.json.take(b']');
        while more {
            match T::read(reader) {
                Some(item) => {
                    // A volume has one pairing: a vector that grows by itself begins with four.
                    if items.is_empty() {
                        items.reserve_exact(1);
                    }
                    items.push(item);
                }
                None => return reader.inside(Step::Item(items.len() as u32)),
            }
            more = reader.next(b']', "a comma or ]")?;
        }
        Some(items)
    }
}

/// The place of a field, or what reads into it.
macro_rules! slot {
    ($object:ident.$field:ident) => {
        $object.$field
    };
    ($object:ident.$field:ident $by:path) => {
        $by(&mut $object.$field)
    };
}
pub(super) use slot;

/// Declares an object of a listing by the table of its members, and how it is read. It keeps its
/// own text, which is what writing it gives.
macro_rules! object {
    (
        $(#[$meta:meta])*
        $object:ident {
            $($(#[$doc:meta])* $field:ident: $type:ty = $name:ident $(by $by:path)?,)*
        }
    ) => {
        $(#[$meta])*
        pub struct $object<'a> {
            $($(#[$doc])* pub $field: $type,)*
            pub(super) json: crate::api::read::Json<'a>,
        }

        impl<'a> $object<'a> {
            /// Reads the object alone, without a response around it.
            ///
            /// # Errors
            ///
            /// Any [`ReadError`](crate::api::ReadError) but `other_method`.
            pub fn read(
                text: &'a (impl AsRef<[u8]> + ?Sized),
            ) -> Result<Self, crate::api::ReadError> {
                crate::api::read::read_whole(text, crate::api::read::Value::read)
            }

            /// The object's own text, with everything that this version does not know.
            #[must_use]
            pub fn json(&self) -> crate::api::Json<'a> {
                self.json
            }

            /// Adds the members that were read to a text, as a JSON object; what is none is left out.
            pub fn write_members(&self, json: &mut alloc::vec::Vec<u8>) {
                let put = &mut |piece: &[u8]| json.extend_from_slice(piece);
                crate::api::write::WriteValue::write(self, &mut crate::api::write::Writer { put });
            }
        }

        impl crate::api::write::WriteValue for $object<'_> {
            fn write(&self, writer: &mut crate::api::write::Writer<'_>) {
                writer.object(&[$((crate::api::name::Name::$name, &self.$field),)*]);
            }
        }

        impl<'a> crate::api::read::Value<'a> for $object<'a> {
            fn empty() -> Self {
                Self {
                    $($field: crate::api::read::Value::empty(),)*
                    json: crate::api::read::Value::empty(),
                }
            }

            fn read(reader: &mut crate::api::read::Reader<'a>) -> Option<Self> {
                let mut object: Self = crate::api::read::Value::empty();
                object.json = reader.object(&mut [$((
                    crate::api::name::Name::$name,
                    &mut crate::api::read::slot!(object.$field $($by)?),
                ),)*])?;
                Some(object)
            }
        }

        /// Writes the text that the object was read from, whatever was done to its fields.
        impl serde::Serialize for $object<'_> {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                self.json.serialize(serializer)
            }
        }

        /// Reads from JSON that `serde_json` borrows from: not from a reader or a `Value`.
        impl<'de: 'a, 'a> serde::Deserialize<'de> for $object<'a> {
            fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
                crate::api::plain::deserialize(from, crate::api::read::Value::read)
            }
        }
    };
}
pub(super) use object;
