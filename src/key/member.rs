//! The members of the two keys, in one table.

use core::fmt;

use super::{KeyKind, text::encode_byte};
use crate::{
    json::{JsonType, unescaped},
    secret::Secret,
};

/// A member of a pairing key that this version knows.
///
/// The declaration order is the order of the names, which is the order of the members in a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Member {
    /// `clusterPairID`, in cluster pairing keys.
    ClusterPairId,
    /// `clusterPairUUID`, in cluster pairing keys.
    ClusterPairUuid,
    /// `clusterUniqueID`, in cluster pairing keys.
    ClusterUniqueId,
    /// `mvip`, in both kinds of key.
    Mvip,
    /// `name`, in cluster pairing keys.
    Name,
    /// `password`, in cluster pairing keys; secret.
    Password,
    /// `rpcConnectionID`, in cluster pairing keys.
    RpcConnectionId,
    /// `username`, in cluster pairing keys; secret.
    Username,
    /// `volumeID`, in volume pairing keys.
    VolumeId,
    /// `volumeName`, in volume pairing keys.
    VolumeName,
    /// `volumePairUUID`, in volume pairing keys.
    VolumePairUuid,
}

/// What a member's value has to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Form {
    U64,
    I64,
    Uuid,
    Address,
    Text,
    Secret,
}

struct Row {
    member: Member,
    name: &'static str,
    /// What stands before the value in a key: `,"name":` and, of a string, the quote.
    label: &'static str,
    kind: Option<KeyKind>,
    form: Form,
}

// The columns that a small WebAssembly does not use are tables of their own: it can leave them out.
macro_rules! table {
    ($($member:ident $name:literal $quote:literal $kind:ident $form:ident $meaning:literal)*) => {
        static TABLE: [Row; Member::COUNT] = [$(Row {
            member: Member::$member,
            name: $name,
            label: concat!(",\"", $name, "\":", $quote),
            kind: $kind,
            form: Form::$form,
        },)*];

        /// The hex digits of the labels.
        static DIGITS: [&[u8]; Member::COUNT] = [$({
            const LABEL: &str = concat!(",\"", $name, "\":", $quote);
            const { &encode_label::<{ LABEL.len() }>(LABEL) }.as_flattened()
        },)*];

        static MEANINGS: [&str; Member::COUNT] = [$($meaning,)*];
    };
}

#[expect(clippy::indexing_slicing, reason = "runs while compiling")]
const fn encode_label<const N: usize>(label: &str) -> [[u8; 2]; N] {
    let mut digits = [[0; 2]; N];
    let mut index = 0;
    while index < N {
        digits[index] = encode_byte(label.as_bytes()[index]);
        index += 1;
    }
    digits
}

const CLUSTER: Option<KeyKind> = Some(KeyKind::Cluster);
const VOLUME: Option<KeyKind> = Some(KeyKind::Volume);
const BOTH: Option<KeyKind> = None;

table! {
    ClusterPairId "clusterPairID" "" CLUSTER U64 "ID of the pending pair on that cluster"
    ClusterPairUuid "clusterPairUUID" "\"" CLUSTER Uuid "UUID of the cluster pair, on both clusters"
    ClusterUniqueId "clusterUniqueID" "\"" CLUSTER Text "unique ID of that cluster"
    Mvip "mvip" "\"" BOTH Address "management IP (MVIP) of the key's cluster"
    Name "name" "\"" CLUSTER Text "name of the cluster that made the key"
    Password "password" "\"" CLUSTER Secret "password for the other cluster (secret)"
    RpcConnectionId "rpcConnectionID" "" CLUSTER I64 "ID of the connection between the clusters"
    Username "username" "\"" CLUSTER Secret "user name for the other cluster (secret)"
    VolumeId "volumeID" "" VOLUME U64 "ID of the volume that the key is for"
    VolumeName "volumeName" "\"" VOLUME Text "name of the volume that the key is for"
    VolumePairUuid "volumePairUUID" "\"" VOLUME Uuid "UUID of the volume pair, on both clusters"
}

impl Member {
    pub(crate) const COUNT: usize = 11;

    /// All members, in the order in which they stand in a key.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        TABLE.iter().map(|row| row.member)
    }

    /// The member of a name as it stands between the quotes, most likely that of a row.
    pub(super) fn named(raw: &str, likely: usize) -> Option<Self> {
        if raw.bytes().any(|byte| byte == b'\\') {
            // A name may be a credential in the wrong place.
            let name = Secret::from(unescaped(raw));
            return Self::from_name(name.expose());
        }
        match TABLE.get(likely) {
            Some(row) if row.name == raw => Some(row.member),
            _ => Self::from_name(raw),
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        TABLE.iter().find(|row| row.name == name).map(|row| row.member)
    }

    /// The member's name in the key, for example `clusterPairID`.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.row().name
    }

    /// What stands before the member's value in a key, with the comma.
    #[inline]
    pub(super) fn label(self) -> &'static str {
        self.row().label
    }

    /// The hex digits of the label.
    #[inline]
    #[expect(clippy::indexing_slicing, reason = "a row for every member, as a test checks")]
    pub(super) fn label_digits(self) -> &'static [u8] {
        DIGITS[self as usize]
    }

    /// What the member says, in plain words.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "a row for every member, as a test checks")]
    pub fn meaning(self) -> &'static str {
        MEANINGS[self as usize]
    }

    /// What the member's value has to be, in plain words.
    #[must_use]
    pub fn expects(self) -> &'static str {
        match self.row().form {
            Form::U64 => "an integer from 0 to 18446744073709551615",
            Form::I64 => "an integer from -9223372036854775808 to 9223372036854775807",
            Form::Uuid => "a UUID with hyphens, such as 1cea1362-4c8f-461a-be72-74566a953d2f",
            Form::Address => "an IPv4 or IPv6 address",
            Form::Text | Form::Secret => "a string",
        }
    }

    /// The JSON type that the member's value has to be.
    #[must_use]
    pub fn json_type(self) -> JsonType {
        match self.row().form {
            Form::U64 | Form::I64 => JsonType::Number,
            Form::Uuid | Form::Address | Form::Text | Form::Secret => JsonType::String,
        }
    }

    /// Whether the member's value is a credential.
    #[must_use]
    pub fn is_secret(self) -> bool {
        self.form() == Form::Secret
    }

    /// Whether keys of this kind have the member.
    #[must_use]
    pub fn belongs_to(self, kind: KeyKind) -> bool {
        self.row().kind.is_none_or(|only| only == kind)
    }

    pub(crate) fn form(self) -> Form {
        self.row().form
    }

    #[expect(clippy::indexing_slicing, reason = "a row for every member, as a test checks")]
    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }
}

/// The member's name in the key.
impl fmt::Display for Member {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// A set of members, a bit for each.
#[derive(Clone, Copy, Default)]
pub(super) struct MemberSet(u16);

impl MemberSet {
    /// The members that keys of this kind have and those of the other have not.
    pub(super) const fn only_in(kind: KeyKind) -> Self {
        let mut set = 0;
        let mut rows: &[Row] = &TABLE;
        while let [row, rest @ ..] = rows {
            if let Some(only) = row.kind
                && only as u8 == kind as u8
            {
                set |= 1 << row.member as u16;
            }
            rows = rest;
        }
        Self(set)
    }

    pub(super) fn insert(&mut self, member: Member) {
        self.0 |= 1 << member as u16;
    }

    /// How many of `others` are in the set.
    pub(super) fn count(self, others: Self) -> u32 {
        (self.0 & others.0).count_ones()
    }

    /// Whether keys of this kind can have all of the set.
    pub(super) fn only(self, kind: KeyKind) -> bool {
        self.count(Self::only_in(match kind {
            KeyKind::Cluster => KeyKind::Volume,
            KeyKind::Volume => KeyKind::Cluster,
        })) == 0
    }

    pub(super) fn len(self) -> u32 {
        self.0.count_ones()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn table_is_in_order() {
        for (index, row) in TABLE.iter().enumerate() {
            assert_eq!(row.member as usize, index);
        }
        assert!(TABLE.is_sorted_by(|a, b| a.name < b.name));
    }
}
