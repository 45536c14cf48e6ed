//! [`Secret`]: text that is wiped when it is dropped and never shown.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::{fmt, hint::black_box, mem};

/// Text that must not be shown and must not stay behind: a user name, a password, the digits of a
/// pairing key.
///
/// * The memory that holds the text is overwritten before it is freed.
/// * There is no `Clone`, `Display`, `Default` or `Serialize`; `Debug` prints neither the value nor
///   its length.
/// * `==` takes the same time for all values of one length. Values of different lengths compare
///   faster: the length is not protected.
/// * [`expose`](Secret::expose) is the only way to the text.
///
/// ```
/// use element_pairing::Secret;
///
/// let password = Secret::from("iY!");
/// assert_eq!(format!("{password:?}"), "Secret(..)");
/// assert_eq!(password.expose(), "iY!");
/// assert!(password == Secret::from("iY!"));
/// ```
///
/// What a library cannot promise: copies that the caller makes of the exposed text, registers, the
/// stack (a debug build leaves fragments there) and swapped-out memory.
pub struct Secret(Box<str>);

impl Secret {
    /// The text itself. Whoever copies it answers for the copy.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Takes UTF-8; a buffer that it fills exactly is not copied.
    pub(crate) fn from_utf8(mut bytes: Buffer) -> Self {
        match String::from_utf8(mem::take(&mut bytes.0)) {
            Ok(text) => Self::from(text),
            // Not reached: the callers write nothing else.
            Err(error) => {
                drop(Buffer(error.into_bytes()));
                Self(Box::default())
            }
        }
    }
}

/// Takes the string over. One with spare capacity is copied to its exact size first, and wiped.
impl From<String> for Secret {
    fn from(text: String) -> Self {
        if text.len() == text.capacity() {
            return Self(text.into_boxed_str());
        }
        let secret = Self::from(text.as_str());
        let mut bytes = text.into_bytes();
        bytes.resize(bytes.capacity(), 0);
        wipe(&mut bytes);
        secret
    }
}

/// Copies the text; wiping the original is up to its owner.
impl From<&str> for Secret {
    fn from(text: &str) -> Self {
        Self(text.into())
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        wipe(&mut mem::take(&mut self.0).into_boxed_bytes());
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        let (a, b) = (self.0.as_bytes(), other.0.as_bytes());
        let different = a.iter().zip(b).fold(0, |all, (a, b)| black_box(all | (a ^ b)));
        a.len() == b.len() && different == 0
    }
}

impl Eq for Secret {}

/// Bytes that are wiped when dropped. The owner must not let the vector grow past the capacity it
/// began with: growing would free a block that still holds the bytes.
pub(crate) struct Buffer(pub(crate) Vec<u8>);

impl Buffer {
    #[expect(
        clippy::slow_vector_initialization,
        reason = "for blocks of a key's size `vec![0; length]` is slower with glibc"
    )]
    #[inline]
    pub(crate) fn zeroed(length: usize) -> Self {
        if cfg!(target_family = "wasm") {
            return Self(alloc::vec![0; length]);
        }
        let mut bytes = Vec::with_capacity(length);
        bytes.resize(length, 0);
        Self(bytes)
    }

    /// Wipes and empties the buffer; its room stays.
    pub(crate) fn clear(&mut self) {
        wipe(&mut self.0);
        self.0.clear();
    }
}

impl Drop for Buffer {
    fn drop(&mut self) {
        wipe(&mut self.0);
    }
}

/// A plain overwrite that the compiler must not leave out; many times faster than writing each byte
/// as volatile.
pub(crate) fn wipe(bytes: &mut [u8]) {
    bytes.fill(0);
    zeroize::optimization_barrier(bytes);
}
