//! Saved responses -> [`Cluster`].

use alloc::vec;
use core::{error::Error, fmt};

use super::{Cluster, Coverage};
use crate::api::{
    AnyResponse, GetClusterInfo, GetLimits, Id, ListActivePairedVolumes, ListActiveVolumes,
    ListClusterPairs, ListVolumes, Method, ReadError,
};

/// Why saved responses cannot be read as those of a cluster.
///
/// It holds and prints nothing of the text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum ListingError {
    /// A response is not what it should be.
    Unreadable {
        /// The method whose response it is, if that was read already.
        method: Option<&'static str>,
        /// What is wrong. Its offset counts from the start of the whole text.
        error: ReadError,
    },
    /// There is no response in the text.
    Empty,
    /// The `id` of a response is not the name of a listing.
    NoListing {
        /// Where the response begins, in bytes from the start of the text.
        offset: usize,
    },
}

impl ListingError {
    /// The code of the [`ReadError`], `empty` or `no_listing`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { error, .. } => error.code(),
            Self::Empty => "empty",
            Self::NoListing { .. } => "no_listing",
        }
    }

    /// Where it is, in bytes from the start of the text.
    #[must_use]
    pub fn offset(&self) -> usize {
        match self {
            Self::Unreadable { error, .. } => error.offset(),
            Self::Empty => 0,
            Self::NoListing { offset } => *offset,
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Unreadable { error, .. } => error.help(),
            Self::Empty => {
                "Save what the cluster answers to GetClusterInfo, ListClusterPairs and ListVolumes, \
                 and see that the commands do not fail."
            }
            Self::NoListing { .. } => {
                "Send the name of the method as the id of its request, and leave out the responses \
                 of methods that list nothing here."
            }
        }
    }
}

impl fmt::Display for ListingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unreadable { method, error } => {
                method.iter().try_for_each(|method| write!(f, "{method}: "))?;
                error.fmt(f)
            }
            Self::Empty => f.write_str("expected the responses of a cluster, found nothing"),
            Self::NoListing { .. } => {
                f.write_str("the id of a response is not the name of a listing's method")
            }
        }
    }
}

impl Error for ListingError {}

/// How the answer to a method becomes a part of a cluster.
struct Listing {
    method: &'static str,
    read: for<'a> fn(&AnyResponse<'a>, &mut Cluster<'a>) -> Result<(), ReadError>,
}

/// A listing by its method, and what of a cluster its result is.
macro_rules! listing {
    ($method:ident, |$result:ident| { $($field:ident: $value:expr),* }) => {
        Listing {
            method: $method::NAME,
            read: |response, cluster| {
                match response.read_as::<$method>()?.outcome {
                    Ok($result) => {
                        $(cluster.$field = $value;)*
                    }
                    Err(error) => cluster.refused.push(($method::NAME, error)),
                }
                Ok(())
            },
        }
    };
}

const LISTINGS: &[Listing] = &[
    listing!(GetClusterInfo, |info| { info: Some(info) }),
    listing!(GetLimits, |limits| { limits: Some(limits) }),
    listing!(ListClusterPairs, |pairs| { pairs: Some(pairs) }),
    listing!(ListActivePairedVolumes, |list| { volumes: Some(list), coverage: Coverage::Paired }),
    listing!(ListActiveVolumes, |list| { volumes: Some(list), coverage: Coverage::Active }),
    listing!(ListVolumes, |list| { volumes: Some(list), coverage: Coverage::All }),
];

impl<'a> Cluster<'a> {
    /// Reads the responses of one cluster, one after the other as curl wrote them.
    ///
    /// A response does not say which method it answers: the `id` of each is the method's name,
    /// because it was sent as the request's. These are read: GetClusterInfo, GetLimits,
    /// ListClusterPairs, ListActivePairedVolumes, ListActiveVolumes, ListVolumes. Each is asked
    /// without parameters, so that it is whole. The id of a page or of a choice of volumes has a
    /// blank and any text behind the name (`ListVolumes page 2`): it is read, and counts as not
    /// seen. So does a listing that the cluster answered with an error, which is among the
    /// [`refused`](Cluster::refused).
    ///
    /// Of several listings of volumes the one with the most counts ([`Coverage`]). These are among
    /// the [`contradictions`](Cluster::contradictions), which an audit reports and which count as not
    /// seen:
    ///
    /// - A method that is answered more than once, and not always with the same text of each object:
    ///   nobody knows which answer is the newer.
    /// - A listing that has the same `clusterPairID` or `volumeID` twice, with different texts.
    /// - Two listings of volumes of which one has a volume that the other should have and has not,
    ///   or which differ in a volume's name, access, status, sizes, 512e setting, pairs or their
    ///   modes. They are taken one after the other: states of replication, QoS and statistics may
    ///   have changed meanwhile; if the rest has, somebody was at work, and it is to be listed anew.
    ///
    /// # Errors
    ///
    /// A text without a response, a response that cannot be read, and one whose `id` is not one of
    /// those names: nothing that was given is left out without a word.
    pub fn read(text: &'a (impl AsRef<[u8]> + ?Sized)) -> Result<Self, ListingError> {
        let start = text.as_ref().as_ptr() as usize;
        let mut parts = vec![];
        let mut is_empty = true;
        for response in AnyResponse::read_all(text) {
            let unreadable = |method| move |error| ListingError::Unreadable { method, error };
            let response = response.map_err(unreadable(None))?;
            is_empty = false;
            let id = match &response.id {
                Id::Text(id) => id,
                _ => "",
            };
            let (method, part) = match id.split_once(' ') {
                Some((method, _)) => (method, true),
                None => (id, false),
            };
            let Some(listing) = LISTINGS.iter().find(|listing| listing.method == method) else {
                let offset = response.json().as_str().as_ptr() as usize - start;
                return Err(ListingError::NoListing { offset });
            };
            let mut read = Self::default();
            (listing.read)(&response, &mut read).map_err(unreadable(Some(listing.method)))?;
            if !part {
                parts.push(read);
            }
        }
        if is_empty {
            return Err(ListingError::Empty);
        }
        parts.iter_mut().for_each(Cluster::sort);
        Ok(Self::merge(parts))
    }
}
