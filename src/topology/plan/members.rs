//! JSON objects whose members are all known -> values. A goal with a word misspelled must not become
//! another goal, so what is not known is an error.

use alloc::{boxed::Box, format, string::String, vec, vec::Vec};
use core::{error::Error, fmt};

use crate::api::{Json, ReadError};

/// Why a text is not a goal or a record.
///
/// It holds and prints nothing of the text.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum GoalError {
    /// It is no JSON.
    Unreadable(ReadError),
    /// A value is missing, or is not what it should be.
    Wrong {
        /// Where it is, such as `pairs[0].source.cluster`; empty for the whole text.
        path: String,
        /// What should be there.
        expected: String,
    },
}

impl GoalError {
    /// The code of the [`ReadError`], or `wrong_goal`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable(error) => error.code(),
            Self::Wrong { .. } => "wrong_goal",
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Unreadable(error) => error.help(),
            Self::Wrong { .. } => {
                "Write the goal as the documentation of Goal has it, and a record as a run left it."
            }
        }
    }
}

impl fmt::Display for GoalError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable(error) => error.fmt(f),
            Self::Wrong { path, expected } if path.is_empty() => write!(f, "expected {expected}"),
            Self::Wrong { path, expected } => write!(f, "{path}: expected {expected}"),
        }
    }
}

impl Error for GoalError {}

/// Always [`GoalError::Wrong`]; boxed, for it is handed on through many functions.
pub(super) type Wrong = Box<GoalError>;

/// A value, and where it stands.
pub(super) struct At<'p> {
    json: Json<'p>,
    place: Place<'p>,
}

enum Place<'p> {
    Whole,
    Member(&'p At<'p>, &'p str),
    Item(&'p At<'p>, usize),
}

impl Place<'_> {
    fn path(&self) -> String {
        match self {
            Self::Whole => String::new(),
            Self::Member(At { place: Self::Whole, .. }, name) => (*name).into(),
            Self::Member(of, name) => format!("{}.{name}", of.place.path()),
            Self::Item(of, index) => format!("{}[{index}]", of.place.path()),
        }
    }
}

/// Reads a text that is one value.
pub(super) fn read_whole<T>(
    text: &str,
    read: fn(&At<'_>) -> Result<T, Wrong>,
) -> Result<T, GoalError> {
    let json = Json::whole(text).map_err(GoalError::Unreadable)?;
    read(&At { json, place: Place::Whole }).map_err(|wrong| *wrong)
}

impl At<'_> {
    #[cold]
    pub fn wrong<T>(&self, expected: &str) -> Result<T, Wrong> {
        let (path, expected) = (self.place.path(), expected.into());
        Err(Box::new(GoalError::Wrong { path, expected }))
    }

    /// Whether it is an object of no other members than these, each once at most.
    pub fn object(&self, known: &[&str]) -> Result<(), Wrong> {
        let is_object = self.json.as_str().starts_with('{');
        let mut left = known.to_vec();
        let mut take = |name: &str| {
            left.iter().position(|known| *known == name).map(|at| left.swap_remove(at))
        };
        if !is_object || self.json.members().any(|(name, _)| take(name).is_none()) {
            return self.wrong(&format!("an object of {}, each once at most", known.join(", ")));
        }
        Ok(())
    }

    /// The member of this name; null is none.
    pub fn member<'m>(&'m self, name: &'m str) -> Option<At<'m>> {
        let (_, json) = self.json.members().find(|(other, _)| *other == name)?;
        let is_there = json.as_str() != "null";
        is_there.then_some(At { json, place: Place::Member(self, name) })
    }

    /// The member of this name, which has to be there.
    pub fn required<'m>(&'m self, name: &'m str) -> Result<At<'m>, Wrong> {
        match self.member(name) {
            Some(member) => Ok(member),
            None => self.wrong(&format!("a member {name}")),
        }
    }

    /// The value of the member of this name, which has to be there.
    pub fn get<T>(&self, name: &str, read: fn(&At<'_>) -> Result<T, Wrong>) -> Result<T, Wrong> {
        read(&self.required(name)?)
    }

    /// The value of the member of this name, if it is there.
    pub fn get_if<T>(
        &self,
        name: &str,
        read: fn(&At<'_>) -> Result<T, Wrong>,
    ) -> Result<Option<T>, Wrong> {
        self.member(name).map(|at| read(&at)).transpose()
    }

    pub fn is(&self, text: &str) -> bool {
        self.json.as_str().starts_with('"') && self.json.text() == text
    }

    /// The items of an array, each read by `read`.
    pub fn items<T>(&self, read: fn(&At<'_>) -> Result<T, Wrong>) -> Result<Vec<T>, Wrong> {
        if !self.json.as_str().starts_with('[') {
            return self.wrong("an array");
        }
        let mut items = vec![];
        for (index, json) in self.json.items().enumerate() {
            items.push(read(&At { json, place: Place::Item(self, index) })?);
        }
        Ok(items)
    }
}

pub(super) fn text(at: &At<'_>) -> Result<String, Wrong> {
    match at.json.as_str().as_bytes() {
        [b'"', ..] => Ok(at.json.text().into_owned()),
        _ => at.wrong("a string"),
    }
}

pub(super) fn number(at: &At<'_>) -> Result<u64, Wrong> {
    match at.json.as_str().parse() {
        Ok(number) => Ok(number),
        Err(_) => at.wrong("an integer from 0 to 18446744073709551615"),
    }
}

pub(super) fn boolean(at: &At<'_>) -> Result<bool, Wrong> {
    match at.json.as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => at.wrong("true or false"),
    }
}
