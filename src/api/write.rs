//! Values -> JSON, in one block of memory that is wiped.

use alloc::{borrow::Cow, vec::Vec};
use core::fmt::{self, Write};

use super::{name::Name, read::Json};
use crate::{
    json::escaped,
    secret::{Buffer, Secret},
};

/// Takes what an object is written of.
pub struct Writer<'w> {
    pub(super) put: &'w mut dyn FnMut(&[u8]),
}

/// Writes twice, to count and to fill: a block that grew would be freed with a key in it.
pub(crate) fn write(fill: &dyn Fn(&mut Writer<'_>)) -> Secret {
    let mut length = 0;
    fill(&mut Writer { put: &mut |piece| length += piece.len() });
    let mut json = Buffer(Vec::with_capacity(length));
    fill(&mut Writer { put: &mut |piece| json.0.extend_from_slice(piece) });
    Secret::from_utf8(json)
}

impl Writer<'_> {
    pub(crate) fn text(&mut self, text: &str) {
        (self.put)(text.as_bytes());
    }

    pub(crate) fn string(&mut self, text: &str) {
        self.text("\"");
        escaped(text.as_bytes(), &mut *self.put);
        self.text("\"");
    }

    pub(crate) fn integer(&mut self, number: impl fmt::Display) {
        // Never fails: the writer takes anything.
        let _ = write!(self, "{number}");
    }

    /// An object of those members that are there.
    pub(super) fn object(&mut self, members: &[(Name, &dyn WriteValue)]) {
        let mut separator = "{";
        for (name, value) in members {
            if value.is_absent() {
                continue;
            }
            self.text(separator);
            separator = ",";
            self.string(name.as_str());
            self.text(":");
            value.write(self);
        }
        self.text(if separator == "{" { "{}" } else { "}" });
    }
}

impl Write for Writer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        self.text(text);
        Ok(())
    }
}

/// What a member's value is written from.
pub trait WriteValue {
    fn write(&self, writer: &mut Writer<'_>);

    /// Whether the member is left out.
    fn is_absent(&self) -> bool {
        false
    }
}

impl WriteValue for str {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.string(self);
    }
}

impl WriteValue for &str {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.string(self);
    }
}

impl WriteValue for Cow<'_, str> {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.string(self);
    }
}

impl WriteValue for Json<'_> {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.text(self.as_str());
    }
}

impl WriteValue for u64 {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.integer(self);
    }
}

impl WriteValue for bool {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.text(if *self { "true" } else { "false" });
    }
}

impl WriteValue for Secret {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.string(self.expose());
    }
}

impl<T: WriteValue> WriteValue for Vec<T> {
    fn write(&self, writer: &mut Writer<'_>) {
        writer.text("[");
        for (index, item) in self.iter().enumerate() {
            if index > 0 {
                writer.text(",");
            }
            item.write(writer);
        }
        writer.text("]");
    }
}

impl<T: WriteValue> WriteValue for Option<T> {
    fn write(&self, writer: &mut Writer<'_>) {
        if let Some(value) = self {
            value.write(writer);
        }
    }

    fn is_absent(&self) -> bool {
        self.is_none()
    }
}
