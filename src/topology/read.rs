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
    /// The `id` of a response is not the name of a listing.
    NoListing {
        /// Where the response begins, in bytes from the start of the text.
        offset: usize,
    },
}

impl ListingError {
    /// The code of the [`ReadError`], or `no_listing`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { error, .. } => error.code(),
            Self::NoListing { .. } => "no_listing",
        }
    }

    /// Where it is, in bytes from the start of the text.
    #[must_use]
    pub fn offset(&self) -> usize {
        match self {
            Self::Unreadable { error, .. } => error.offset(),
            Self::NoListing { offset } => *offset,
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::Unreadable { error, .. } => error.help(),
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
    read: for<'a> fn(&AnyResponse<'a>) -> Result<Cluster<'a>, ReadError>,
}

const LISTINGS: &[Listing] = &[
    Listing {
        method: GetClusterInfo::NAME,
        read: |response| {
            let info = response.read_as::<GetClusterInfo>()?.outcome.ok();
            Ok(Cluster { info, ..Cluster::default() })
        },
    },
    Listing {
        method: GetLimits::NAME,
        read: |response| {
            let limits = response.read_as::<GetLimits>()?.outcome.ok();
            Ok(Cluster { limits, ..Cluster::default() })
        },
    },
    Listing {
        method: ListClusterPairs::NAME,
        read: |response| {
            let pairs = response.read_as::<ListClusterPairs>()?.outcome.ok();
            Ok(Cluster { pairs, ..Cluster::default() })
        },
    },
    Listing {
        method: ListActivePairedVolumes::NAME,
        read: |response| {
            let volumes = response.read_as::<ListActivePairedVolumes>()?.outcome.ok();
            Ok(Cluster { volumes, coverage: Coverage::Paired, ..Cluster::default() })
        },
    },
    Listing {
        method: ListActiveVolumes::NAME,
        read: |response| {
            let volumes = response.read_as::<ListActiveVolumes>()?.outcome.ok();
            Ok(Cluster { volumes, coverage: Coverage::Active, ..Cluster::default() })
        },
    },
    Listing {
        method: ListVolumes::NAME,
        read: |response| {
            let volumes = response.read_as::<ListVolumes>()?.outcome.ok();
            Ok(Cluster { volumes, coverage: Coverage::All, ..Cluster::default() })
        },
    },
];

impl<'a> Cluster<'a> {
    /// Reads the responses of one cluster, one after the other as curl wrote them.
    ///
    /// A response does not say which method it answers: the `id` of each is the method's name,
    /// because it was sent as the request's. These are read: GetClusterInfo, GetLimits,
    /// ListClusterPairs, ListActivePairedVolumes, ListActiveVolumes, ListVolumes. Each is asked
    /// without parameters, so that it is whole. The id of a page or of a choice of volumes has a
    /// blank and any text behind the name (`ListVolumes page 2`): it is read, and counts as not
    /// seen. So does a listing that the cluster answered with an error.
    ///
    /// Of several listings of volumes the one with the most counts ([`Coverage`]). A method that is
    /// answered more than once, and not always with the same text of each object, is among the
    /// [`contradictions`](Cluster::contradictions), which an audit reports.
    ///
    /// # Errors
    ///
    /// A response that cannot be read, and one whose `id` is not one of those names: nothing that
    /// was given is left out without a word.
    pub fn read(text: &'a (impl AsRef<[u8]> + ?Sized)) -> Result<Self, ListingError> {
        let start = text.as_ref().as_ptr() as usize;
        let mut parts = vec![];
        for response in AnyResponse::read_all(text) {
            let unreadable = |method| move |error| ListingError::Unreadable { method, error };
            let response = response.map_err(unreadable(None))?;
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
            let read = (listing.read)(&response).map_err(unreadable(Some(listing.method)))?;
            if !part {
                parts.push(read);
            }
        }
        parts.iter_mut().for_each(Cluster::sort);
        Ok(Self::merge(parts))
    }
}
