//! Results -> JSON.

use core::{fmt, time::Duration};

use uuid::Uuid;

use crate::api::JsonWriter;

/// Takes the members of an object, in the order in which they are written.
pub(super) struct Object<'o, 'w> {
    writer: &'o mut JsonWriter<'w>,
    is_empty: bool,
}

impl<'o, 'w> Object<'o, 'w> {
    /// Writes an object.
    pub fn write(writer: &'o mut JsonWriter<'w>, members: impl FnOnce(&mut Object<'_, 'w>)) {
        writer.text("{");
        members(&mut Object { writer, is_empty: true });
        writer.text("}");
    }

    fn name(&mut self, name: &str) -> &mut JsonWriter<'w> {
        self.writer.text(if self.is_empty { "\"" } else { ",\"" });
        self.is_empty = false;
        self.writer.text(name);
        self.writer.text("\":");
        self.writer
    }

    /// A value that is JSON already.
    pub fn json(&mut self, name: &str, json: &str) {
        self.name(name).text(json);
    }

    pub fn text(&mut self, name: &str, text: &str) {
        self.name(name).string(text);
    }

    /// What has no characters that a string cannot have.
    pub fn plain(&mut self, name: &str, value: impl fmt::Display) {
        let writer = self.name(name);
        writer.text("\"");
        writer.integer(value);
        writer.text("\"");
    }

    pub fn uuid(&mut self, name: &str, uuid: Uuid) {
        self.text(name, uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
    }

    pub fn number(&mut self, name: &str, number: impl fmt::Display) {
        self.name(name).integer(number);
    }

    pub fn flag(&mut self, name: &str, flag: bool) {
        self.json(name, if flag { "true" } else { "false" });
    }

    /// A moment, as ISO 8601; `""` for none.
    pub fn time(&mut self, name: &str, time: Option<Duration>) {
        match time {
            Some(time) => self.plain(name, Iso(time)),
            None => self.text(name, ""),
        }
    }

    pub fn object(&mut self, name: &str, members: impl FnOnce(&mut Object<'_, 'w>)) {
        Object::write(self.name(name), members);
    }

    pub fn list<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut write: impl FnMut(&mut JsonWriter<'w>, T),
    ) {
        let writer = self.name(name);
        writer.text("[");
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                writer.text(",");
            }
            write(writer, item);
        }
        writer.text("]");
    }

    /// A list of objects.
    pub fn objects<T>(
        &mut self,
        name: &str,
        items: impl IntoIterator<Item = T>,
        mut members: impl FnMut(&mut Object<'_, 'w>, T),
    ) {
        self.list(name, items, |writer, item| {
            Object::write(writer, |object| members(object, item));
        });
    }
}

/// Since 1970-01-01T00:00:00Z, written as `2026-01-01T00:00:00Z`.
struct Iso(Duration);

impl fmt::Display for Iso {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.as_secs();
        // In years that begin with March the leap day comes last; 400 of them have 146097 days.
        let day = seconds / 86_400 + 719_468;
        let (era, day) = (day / 146_097, day % 146_097);
        let year = (day - day / 1_460 + day / 36_524 - day / 146_096) / 365;
        let day = day - (365 * year + year / 4 - year / 100);
        let month = (5 * day + 2) / 153;
        let day = day - (153 * month + 2) / 5 + 1;
        let (month, next) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
        let year = era * 400 + year + next;
        let (hour, minute, second) = (seconds / 3_600 % 24, seconds / 60 % 60, seconds % 60);
        write!(f, "{year:04}-{month:02}-{day:02}T{hour:02}:{minute:02}:{second:02}Z")
    }
}
