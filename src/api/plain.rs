//! Serde's traits for what the reader reads and the writer writes: thin, by way of the JSON's text.

use serde::{Deserialize, Deserializer, Serialize, Serializer, de, ser};
use serde_json::value::RawValue;

use super::read::{Json, Reader, read_whole};

/// Writes the value as it was read.
impl Serialize for Json<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serialize(self.as_str(), serializer)
    }
}

pub(super) fn serialize<S: Serializer>(json: &str, serializer: S) -> Result<S::Ok, S::Error> {
    let raw: &RawValue = serde_json::from_str(json).map_err(ser::Error::custom)?;
    raw.serialize(serializer)
}

pub(super) fn deserialize<'de, D: Deserializer<'de>, T>(
    from: D,
    read: impl FnMut(&mut Reader<'de>) -> Option<T>,
) -> Result<T, D::Error> {
    let raw = <&RawValue>::deserialize(from)?;
    read_whole(raw.get(), read).map_err(de::Error::custom)
}
