//! The allocator: nothing stays behind in the memory.
#![expect(unsafe_code, reason = "an allocator")]

#[cfg(not(feature = "topology"))]
mod arena;
#[cfg(feature = "topology")]
mod wiping;

#[cfg(not(feature = "topology"))]
pub use arena::wipe;
#[cfg(feature = "topology")]
pub use wiping::wipe;
