//! JSON objects whose members are all known -> values. A goal with a word misspelled must not become
//! another goal, so what is not known is an error.

use alloc::{format, string::String, vec::Vec};
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
                "Write the goal as the documentation of topology::plan::Goal has it."
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

/// A value, and where it stands.
pub(super) struct At<'j> {
    json: Json<'j>,
    path: String,
}

impl<'j> At<'j> {
    pub fn read(text: &'j str) -> Result<Self, GoalError> {
        let json = Json::whole(text).map_err(GoalError::Unreadable)?;
        Ok(Self { json, path: String::new() })
    }

    pub fn wrong<T>(&self, expected: impl Into<String>) -> Result<T, GoalError> {
        Err(GoalError::Wrong { path: self.path.clone(), expected: expected.into() })
    }

    /// Whether it is an object of no other members than these, each once at most.
    pub fn object(&self, known: &[&str]) -> Result<(), GoalError> {
        let is_object = self.json.as_str().starts_with('{');
        let mut left = known.to_vec();
        let mut take = |name: &str| {
            left.iter().position(|known| *known == name).map(|at| left.swap_remove(at))
        };
        if !is_object || self.json.members().any(|(name, _)| take(name).is_none()) {
            return self.wrong(format!("an object of {}, each once at most", known.join(", ")));
        }
        Ok(())
    }

    /// The member of this name; null is none.
    pub fn member(&self, name: &str) -> Option<Self> {
        let (_, json) = self.json.members().find(|(other, _)| *other == name)?;
        let dot = if self.path.is_empty() { "" } else { "." };
        let is_there = json.as_str() != "null";
        is_there.then(|| Self { json, path: format!("{}{dot}{name}", self.path) })
    }

    /// The member of this name, which has to be there.
    pub fn required(&self, name: &str) -> Result<Self, GoalError> {
        match self.member(name) {
            Some(member) => Ok(member),
            None => self.wrong(format!("a member {name}")),
        }
    }

    pub fn text(&self) -> Result<String, GoalError> {
        match self.json.as_str().as_bytes() {
            [b'"', ..] => Ok(self.json.text().into_owned()),
            _ => self.wrong("a string"),
        }
    }

    pub fn is(&self, text: &str) -> bool {
        self.json.as_str().starts_with('"') && self.json.text() == text
    }

    pub fn number(&self) -> Result<u64, GoalError> {
        match self.json.as_str().parse() {
            Ok(number) => Ok(number),
            Err(_) => self.wrong("an integer from 0 to 18446744073709551615"),
        }
    }

    pub fn boolean(&self) -> Result<bool, GoalError> {
        match self.json.as_str() {
            "true" => Ok(true),
            "false" => Ok(false),
            _ => self.wrong("true or false"),
        }
    }

    /// The items of an array, each read by `read`.
    pub fn items<T>(
        &self,
        read: impl Fn(&Self) -> Result<T, GoalError>,
    ) -> Result<Vec<T>, GoalError> {
        self.parts()?.iter().map(read).collect()
    }

    fn parts(&self) -> Result<Vec<Self>, GoalError> {
        if !self.json.as_str().starts_with('[') {
            return self.wrong("an array");
        }
        let path = |index| format!("{}[{index}]", self.path);
        let items = self.json.items().enumerate();
        Ok(items.map(|(index, json)| Self { json, path: path(index) }).collect())
    }
}
