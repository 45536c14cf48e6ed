//! [`Held`]: what JavaScript holds between calls, by number.

use alloc::vec::Vec;

use crate::{answer::Answer, listings::wrong_argument};

/// Values by number. No number is given twice.
pub struct Held<T> {
    all: Vec<(u32, T)>,
    last: u32,
}

impl<T> Held<T> {
    /// None.
    pub const fn new() -> Self {
        Self { all: Vec::new(), last: 0 }
    }

    /// Keeps a value; returns its number.
    pub fn keep(&mut self, value: T) -> u32 {
        self.last = self.last.wrapping_add(1);
        self.all.push((self.last, value));
        self.last
    }

    /// The value of a number.
    pub fn get(&mut self, number: u32) -> Result<&mut T, Answer> {
        let found = self.all.iter_mut().find(|(other, _)| *other == number);
        found.map(|(_, value)| value).ok_or_else(|| wrong_argument("it is not held"))
    }

    /// Drops the value of a number.
    pub fn drop(&mut self, number: u32) {
        self.all.retain(|(other, _)| *other != number);
    }
}

impl<T> Default for Held<T> {
    fn default() -> Self {
        Self::new()
    }
}
