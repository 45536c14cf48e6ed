//! Reads, writes and checks the pairing of NetApp Element (SolidFire) clusters and volumes, keys and
//! rules, and leaves no credential behind.
//!
//! Storage clusters are paired for replication by a *pairing key*: one cluster makes it
//! (StartClusterPairing, StartVolumePairing), somebody carries it over, and the other cluster
//! completes the pair with it (CompleteClusterPairing, CompleteVolumePairing). A key is the hex of a
//! JSON object; that of a cluster holds a user name and a password. This crate tells, before
//! anything is sent, what a key says and whether it is whole.
//!
//! The module `api` has the methods as types: requests are written, responses are read.
//! `topology` has the rules: what is wrong with the pairing of clusters, whether a call may be sent,
//! and which calls reach a goal. Both come with the feature `topology`, which is on by default. `simulator`, a feature too,
//! has clusters in memory that answer the methods. Nothing here does any I/O.
//!
//! ```
//! use element_pairing::{PairingKey, clean};
//!
//! let pasted = "
//!     key: 7b226d766970223a223139322e3136382e3133392e313232222c22766f6c756d654944223a312c22
//!          766f6c756d654e616d65223a2254657374222c22766f6c756d65506169725555494422
//!          3a2236393632346663622d323032652d343332352d613536392d656339633635356337623561227d";
//!
//! match PairingKey::decode(pasted) {
//!     Ok(PairingKey::Cluster(key)) => println!("cluster {} at {}", key.name, key.mvip),
//!     Ok(PairingKey::Volume(key)) => println!("volume {} at {}", key.volume_id, key.mvip),
//!     Err(error) => println!("{error} ({}). {}", error.code(), error.help()),
//! }
//!
//! // What is sent is what the cluster made, less what the paste added; never a key written anew.
//! let cleaned = clean(pasted)?;
//! assert!(cleaned.digits().expose().starts_with("7b226d766970223a"));
//! for removed in cleaned.removed() {
//!     println!("removed: {removed}");
//! }
//! # assert_eq!(cleaned.removed().len(), 2);
//! # Ok::<(), element_pairing::DecodeError>(())
//! ```
//!
//! # Credentials
//!
//! User names, passwords and digits are [`Secret`]s. After a key, a [`Secret`] or a [`Cleaned`] is
//! dropped, and after any error, no block of memory that this crate has freed holds a credential,
//! neither raw nor escaped nor in hex, in whole or in part; the tests scan every freed block for
//! them. No error and no `Debug` or `Display` shows one. Not covered are what a library has no hand
//! in: the caller's own text and the copies made of what [`Secret::expose`] shows, registers, the
//! stack (debug builds leave fragments there), and memory that was swapped out.
//!
//! # What is stable
//!
//! The codes ([`DecodeError::code`], [`RemovedKind::code`]), the names of members and the data of an
//! error change with a new major version only; new codes and cases may come with any. A member of a
//! key that a later version learns is a new field, and so a new major version; until then it is in
//! `unknown`. Messages, help and [`Member::meaning`] are for people and may be worded better in any
//! version.
//!
//! # Limits
//!
//! Text up to [`MAX_TEXT_LEN`] bytes, values in unknown members nested up to 32 levels. No input
//! panics; time and memory grow linearly with the text.
//!
//! Needs no `std`, only `alloc`.
#![no_std]
#![forbid(unsafe_code)]

extern crate alloc;

#[cfg(feature = "topology")]
pub mod api;
mod escape;
mod json;
mod key;
mod secret;
#[cfg(feature = "simulator")]
pub mod simulator;
#[cfg(feature = "topology")]
pub mod topology;

pub use crate::{
    escape::{escape, escape_json},
    json::JsonType,
    key::{
        Cleaned, ClusterPairingKey, DecodeError, DecodeErrorText, DecodeErrorValues, Excerpt,
        KeyKind, MAX_TEXT_LEN, Member, PairingKey, Removed, RemovedKind, Told, UnknownMembers,
        VolumePairingKey, clean, encode_json, tell,
    },
    secret::Secret,
};

#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;
