//! [`UnknownMembers`]: what a newer cluster may put into a key.

use alloc::vec::Vec;
use core::fmt;

use crate::secret::Secret;

/// The members of a key whose names this version does not know, in the order of their names.
///
/// They are kept so that a key is written as it was read. Any of them may be a credential: values
/// are [`Secret`]s, and `Debug` prints how many there are. Moved into a key of the other kind, those
/// that this kind knows are not written.
#[derive(Default, PartialEq, Eq)]
pub struct UnknownMembers(Vec<UnknownMember>);

pub(super) struct UnknownMember {
    pub(super) name: Secret,
    pub(super) value: Secret,
    /// Where the name began in the JSON that was read.
    pub(super) start: usize,
}

impl PartialEq for UnknownMember {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name && self.value == other.value
    }
}

impl Eq for UnknownMember {}

impl UnknownMembers {
    /// `members` are sorted by name, and no name stands twice.
    pub(super) fn from_sorted(members: Vec<UnknownMember>) -> Self {
        Self(members)
    }

    pub(super) fn rows(&self) -> &[UnknownMember] {
        &self.0
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names, and the values as JSON without white space between its parts.
    ///
    /// Names come from outside: escape them before showing them.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &Secret)> {
        self.0.iter().map(|member| (member.name.expose(), &member.value))
    }
}

impl fmt::Debug for UnknownMembers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UnknownMembers({})", self.len())
    }
}
