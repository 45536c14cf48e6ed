//! The methods of the Element API that pair clusters and volumes, as types: what is sent, and what
//! comes back. Nothing is sent from here.
//!
//! A method's type is its parameters; [`Method`] ties them to its name and its result. A [`Request`]
//! is written to JSON, a [`Response`] is read from it.
//!
//! | to | methods |
//! |---|---|
//! | pair clusters | [`StartClusterPairing`], [`CompleteClusterPairing`], [`ListClusterPairs`], [`RemoveClusterPair`] |
//! | pair volumes | [`StartVolumePairing`], [`CompleteVolumePairing`], [`ListActivePairedVolumes`], [`ModifyVolumePair`], [`RemoveVolumePair`] |
//! | see and change what pairing needs | [`GetClusterInfo`], [`GetLimits`], [`ListVolumes`], [`ListActiveVolumes`], [`ModifyVolume`] |
//!
//! ```
//! use element_pairing::{
//!     PairingKey,
//!     api::{CompleteClusterPairing, Request, Response, StartClusterPairing},
//! };
//!
//! // To be sent to the first cluster.
//! let request = Request::new(1, StartClusterPairing);
//! assert_eq!(
//!     request.write().expose(),
//!     r#"{"method":"StartClusterPairing","params":{},"id":1}"#
//! );
//!
//! // What it answers.
//! let answer = r#"{"id":1,"result":{"clusterPairID":1,"clusterPairingKey":"7b22636c…227d"}}"#;
//! # let answer = format!(r#"{{"id":1,"result":{{"clusterPairID":1,"clusterPairingKey":"{}"}}}}"#, concat!(
//! #    "7b22636c7573746572506169724944223a312c22636c75737465725061697255554944223a2231636561313336",
//! #    "322d346338662d343631612d626537322d373435363661393533643266222c22636c7573746572556e69717565",
//! #    "4944223a2278736d36222c226d766970223a223139322e3136382e3133392e313232222c226e616d65223a2241",
//! #    "75746f54657374322d63307552222c2270617373776f7264223a22695e59686f20492d64774d7d4c67614b222c",
//! #    "22727063436f6e6e656374696f6e4944223a3931333134323634392c22757365726e616d65223a225f5f53465f",
//! #    "706169725f50597a796647704c7246564432444a42227d"));
//! let response = Response::<StartClusterPairing>::read(&answer)?;
//! let started = response.outcome.unwrap();
//! let PairingKey::Cluster(key) = PairingKey::decode(started.cluster_pairing_key.expose())? else {
//!     panic!("a cluster pairing key");
//! };
//! println!("a key of {} at {}", key.name, key.mvip);
//!
//! // To be sent to the second cluster: the digits as they came.
//! let cluster_pairing_key = started.cluster_pairing_key;
//! let request = Request::new(2, CompleteClusterPairing { cluster_pairing_key });
//! let body = request.write();
//! # assert!(body.expose().starts_with(r#"{"method":"CompleteClusterPairing","params":{"clusterPairingKey":"7b22"#));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is read
//!
//! What clusters and the API reference send: modes in any letter case; numbers in quotes, as one
//! client sends them; a `clusterUUID` that is a number; `""`, null and missing members, which are
//! none; unknown members, states and names of errors, which are kept. An object of a listing keeps
//! its own text ([`Volume::json`]), and that is what writing it gives: nothing is lost. Members are
//! read in any order; a known one that stands twice is an error.
//!
//! The reader is this crate's own: one pass, in place, without recursion over what it does not know.
//! Texts have at most [`MAX_JSON_LEN`] bytes.
//!
//! # Keys
//!
//! Keys are [`Secret`](crate::Secret)s of the exact digits. Reading a response or request that
//! carries one and writing such a request leave no copy in freed memory, on errors too. No `Debug`
//! shows a key. What carries no key implements serde's traits, for `serde_json`.
//!
//! # What is stable
//!
//! Codes and names; messages and help may be worded better in any version.

use alloc::{borrow::Cow, string::String};

#[cfg(feature = "simulator")]
pub(crate) use self::write::{Writer as JsonWriter, write};
pub use self::{
    cluster::{
        ClusterInfo, ClusterPair, CompleteClusterPairing, CompletedClusterPairing, GetClusterInfo,
        GetLimits, Limits, ListClusterPairs, RemoveClusterPair, StartClusterPairing,
        StartedClusterPairing,
    },
    error::{Path, ReadError, ReadErrorKind},
    method::{KeyFree, Method},
    read::{Json, MAX_JSON_LEN},
    request::{AnyRequest, Request},
    response::{AnyResponse, ApiError, Response},
    value::{
        Access, ClusterPairStatus, ErrorName, ReplicationMode, ReplicationState, StateClass,
        VolumeStatus,
    },
    volume::{
        CompleteVolumePairing, ListActivePairedVolumes, ListActiveVolumes, ListVolumes,
        ModifyVolume, ModifyVolumePair, Qos, RemoteReplication, RemoveVolumePair,
        SnapshotReplication, StartVolumePairing, StartedVolumePairing, Volume, VolumePair,
    },
};
use self::{
    error::ReadErrorKind as Kind,
    read::{Reader, Value},
    write::Writer,
};

mod cluster;
mod error;
mod method;
mod name;
mod plain;
mod read;
mod request;
mod response;
mod value;
mod volume;
mod write;

/// The ID of a request, which its response repeats.
///
/// Source: API reference: a string or an integer; a request may have none, and the response to it
/// has null.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default)]
pub enum Id<'a> {
    /// None, or null.
    #[default]
    Missing,
    /// An integer.
    Integer(i64),
    /// A string.
    Text(Cow<'a, str>),
}

impl Id<'_> {
    fn into_owned(self) -> Id<'static> {
        match self {
            Self::Missing => Id::Missing,
            Self::Integer(number) => Id::Integer(number),
            Self::Text(text) => Id::Text(text.into_owned().into()),
        }
    }

    fn write(&self, writer: &mut Writer<'_>) {
        match self {
            Self::Missing => writer.text("null"),
            Self::Integer(number) => writer.integer(number),
            Self::Text(text) => writer.string(text),
        }
    }
}

impl<'a> Value<'a> for Id<'a> {
    const OPTIONAL: bool = true;

    fn empty() -> Self {
        Self::Missing
    }

    fn read(reader: &mut Reader<'a>) -> Option<Self> {
        const EXPECTED: &str = "a string, or an integer of 64 bits";
        let json = Json::read(reader)?;
        match json.as_str().as_bytes() {
            [b'"', ..] => Some(Self::Text(json.text())),
            b"null" => Some(Self::Missing),
            _ => match json.as_str().parse() {
                Ok(number) => Some(Self::Integer(number)),
                Err(_) => {
                    let start = reader.offset() - json.as_str().len();
                    reader.fail(Kind::WrongValue, start, EXPECTED)
                }
            },
        }
    }
}

impl From<i64> for Id<'_> {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl<'a> From<&'a str> for Id<'a> {
    fn from(text: &'a str) -> Self {
        Self::Text(text.into())
    }
}

impl From<String> for Id<'_> {
    fn from(text: String) -> Self {
        Self::Text(text.into())
    }
}

macro_rules! key_free {
    ($($method:ident,)*) => {
        $(impl KeyFree for $method {})*
    };
}

key_free! {
    ListClusterPairs, RemoveClusterPair, ListActivePairedVolumes, ModifyVolumePair,
    RemoveVolumePair, GetClusterInfo, GetLimits, ListVolumes, ListActiveVolumes, ModifyVolume,
}
