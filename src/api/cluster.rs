//! The four methods that pair clusters, those that say what a cluster is, and what they return.

use alloc::{borrow::Cow, vec::Vec};

use super::{
    method::{Method, method, result},
    read::{IfTold, Value, object},
    value::ClusterPairStatus,
};
use crate::secret::Secret;

method! {
    /// Makes a pairing key and a pending cluster pair. Sent to the first of the two clusters.
    ///
    /// Source: API reference.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    StartClusterPairing {}
    returns StartedClusterPairing, |reader| result!(reader, StartedClusterPairing {
        cluster_pair_id: u64 = ClusterPairId,
        cluster_pairing_key: Secret = ClusterPairingKey,
    })
}

/// What [`StartClusterPairing`] returns.
#[derive(Debug, PartialEq, Eq)]
pub struct StartedClusterPairing {
    /// ID of the pending pair, on the cluster that was asked.
    pub cluster_pair_id: u64,
    /// The exact digits to hand to [`CompleteClusterPairing`].
    pub cluster_pairing_key: Secret,
}

method! {
    /// Completes a cluster pair by the key that the other cluster made. Sent to the second of the
    /// two clusters.
    ///
    /// Source: API reference.
    #[derive(Debug, PartialEq, Eq)]
    CompleteClusterPairing {
        /// The exact digits of the key, as [`clean`](crate::clean) or [`StartedClusterPairing`] has
        /// them. A key works once, and not if it was changed.
        cluster_pairing_key: Secret = ClusterPairingKey,
    }
    returns CompletedClusterPairing, |reader| result!(reader, CompletedClusterPairing {
        cluster_pair_id: u64 = ClusterPairId,
    })
}

/// What [`CompleteClusterPairing`] returns.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CompletedClusterPairing {
    /// ID of the pair, on the cluster that was asked; the other one has its own.
    pub cluster_pair_id: u64,
}

method! {
    /// Lists the cluster pairs of a cluster, pending ones too.
    ///
    /// Source: API reference.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    ListClusterPairs {}
    returns Vec<ClusterPair<'a>>, |reader| result!(reader, cluster_pairs: Vec<ClusterPair<'a>> = ClusterPairs)
}

method! {
    /// Removes a cluster pair, also a pending one. Sent to both clusters, after every volume pair
    /// between them is gone.
    ///
    /// Source: API reference.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    RemoveClusterPair {
        /// ID of the pair, on the cluster that is asked.
        cluster_pair_id: u64 = ClusterPairId,
    }
    returns (), |reader| result!(reader)
}

method! {
    /// Asks a cluster for its name and addresses.
    ///
    /// Source: API reference.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    GetClusterInfo {}
    returns ClusterInfo<'a>, |reader| result!(reader, cluster_info: ClusterInfo<'a> = ClusterInfo)
}

method! {
    /// Asks a cluster for its limits.
    ///
    /// Source: API reference.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    GetLimits {}
    returns Limits<'a>, |reader| Value::read(reader)
}

object! {
    /// A cluster pair as one of its clusters lists it. What is missing, null or `""` is none.
    ///
    /// Source: API reference, clusterPair object; how clusters answer: seen with public clients.
    ///
    /// ```
    /// use element_pairing::api::ClusterPair;
    ///
    /// let pair = ClusterPair::read(r#"{"clusterPairID":3,"clusterUUID":5487,"rank":1.10}"#)?;
    /// assert_eq!(pair.cluster_pair_id, 3);
    /// assert_eq!(pair.cluster_unique_id(), Some("5487"));
    /// assert_eq!(pair.status, None);
    /// assert_eq!(serde_json::to_string(&pair).unwrap(), pair.json().as_str());
    /// # Ok::<(), element_pairing::api::ReadError>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    ClusterPair {
        /// ID of the pair, on the cluster that lists it; the other cluster usually has another.
        cluster_pair_id: u64 = ClusterPairId,
        /// UUID of the pair, the same on both clusters.
        cluster_pair_uuid: Option<Cow<'a, str>> = ClusterPairUuid,
        /// Name of the other cluster.
        cluster_name: Option<Cow<'a, str>> = ClusterName,
        /// Unique ID of the other cluster, such as `bgn0`; the API reference's example has a number.
        cluster_uuid: Option<Cow<'a, str>> = ClusterUuid,
        /// The same under the name that the API reference's table gives it.
        uuid: Option<Cow<'a, str>> = UpperUuid,
        /// Management IP of the other cluster.
        mvip: Option<Cow<'a, str>> = Mvip,
        /// How the pair stands.
        status: Option<ClusterPairStatus> = Status,
        /// Element version of the other cluster, such as `12.5.0.897`.
        version: Option<Cow<'a, str>> = Version,
        /// Round trip between the clusters, in milliseconds. A number that is not whole or below zero
        /// counts as none: nothing public says what it means.
        latency: Option<u64> = Latency by IfTold,
    }
}

impl ClusterPair<'_> {
    /// Unique ID of the other cluster, under whichever name it came.
    #[must_use]
    pub fn cluster_unique_id(&self) -> Option<&str> {
        self.cluster_uuid.as_deref().or(self.uuid.as_deref())
    }
}

object! {
    /// What a cluster says of itself. What is missing, null or `""` is none.
    ///
    /// Source: API reference, clusterInfo object.
    #[derive(Debug, Clone, PartialEq, Eq)]
    ClusterInfo {
        /// Name.
        name: Option<Cow<'a, str>> = Name,
        /// Unique ID, such as `xsm6`: what [`ClusterPair::cluster_unique_id`] shows of the other
        /// cluster, and what is in its pairing keys.
        unique_id: Option<Cow<'a, str>> = UniqueId,
        /// Management IP.
        mvip: Option<Cow<'a, str>> = Mvip,
        /// Storage IP.
        svip: Option<Cow<'a, str>> = Svip,
        /// UUID.
        uuid: Option<Cow<'a, str>> = Uuid,
    }
}

object! {
    /// The limits of a cluster, as far as pairing meets them.
    ///
    /// Source: API reference, GetLimits.
    #[derive(Debug, Clone, PartialEq, Eq)]
    Limits {
        /// How many other clusters a cluster can be paired with; four where it is not told.
        cluster_pairs_count_max: Option<u64> = ClusterPairsCountMax,
    }
}
