//! What the npm package `element-pairing` calls. Each operation takes bytes and returns an
//! [`Answer`](answer::Answer); the answers are the crate's, JavaScript makes objects of them.
//!
//! With `--no-default-features` there is the codec alone, for the package's entry `./key`; with the
//! feature `simulator` there are simulated clusters alone, for the page.
#![cfg_attr(target_family = "wasm", no_std)]
#![deny(unsafe_code)]

extern crate alloc;

#[cfg(target_family = "wasm")]
mod allocator;
pub mod answer;
pub mod codec;
#[cfg(target_family = "wasm")]
mod exports;
#[cfg(feature = "topology")]
pub mod held;
#[cfg(feature = "topology")]
pub mod json;
#[cfg(feature = "topology")]
pub mod listings;
#[cfg(feature = "topology")]
pub mod messages;
#[cfg(feature = "topology")]
pub mod plans;
#[cfg(feature = "simulator")]
pub mod simulated;
#[cfg(feature = "topology")]
pub mod tables;
