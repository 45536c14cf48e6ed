//! [`Goal`]: what is to be so.

use alloc::{format, string::String, vec::Vec};

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    members::{At, GoalError, Wrong, number, read_whole, text},
    record::Record,
};
use crate::api::ReplicationMode;

/// What is to be so in the end. Goals are absolute: the same goal, planned again on what an
/// interrupted plan left behind, leads to the same end, and on a state that satisfies it to no steps.
///
/// Clusters are named by their unique ID, name or MVIP.
///
/// As JSON ([`Goal::read`], `Serialize`), one of:
///
/// ```json
/// {"goal": "pair_clusters", "clusters": ["site-a", "site-b"]}
/// {"goal": "unpair_clusters", "clusters": ["site-a", "site-b"]}
/// {"goal": "pair_volumes", "mode": "Async", "pairs": [{
///     "source": {"cluster": "site-a", "volumeID": 24},
///     "target": {"cluster": "site-b", "volumeID": 8}
/// }]}
/// {"goal": "unpair_volumes", "clusters": ["site-a", "site-b"], "volumes": "all"}
/// {"goal": "direction", "source": "site-a", "target": "site-b", "volumes": [24, 25]}
/// {"goal": "set_mode", "clusters": ["site-a", "site-b"], "volumes": "all", "mode": "Sync"}
/// {"goal": "pause", "clusters": ["site-a", "site-b"], "volumes": "all"}
/// {"goal": "resume", "clusters": ["site-a", "site-b"], "volumes": "all"}
/// {"goal": "repair", "pending": [
///     {"cluster": "site-a", "clusterPairID": 3}, {"cluster": "site-b", "volumeID": 8}
/// ]}
/// {"goal": "undo", "record": []}
/// ```
///
/// `mode` of `pair_volumes` may be missing. `volumes` is `"all"`, or IDs on the first of the clusters.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Goal {
    /// Two clusters are paired, and both list the pair as Connected.
    PairClusters {
        /// The two; the first makes the key.
        clusters: [String; 2],
    },
    /// Two clusters are not paired, and no volume of one with a volume of the other. Pending cluster
    /// pairs stay, see [`Repair`](Goal::Repair).
    UnpairClusters {
        /// The two.
        clusters: [String; 2],
    },
    /// Volumes are paired, each source readWrite, each target replicationTarget and at least as
    /// large. Their clusters are paired first, if they are not. What a target holds is overwritten.
    PairVolumes {
        /// Which ones.
        pairs: Vec<VolumesToPair>,
        /// How they are replicated; none: Async for a new pair, and as it is for one that is there.
        mode: Option<ReplicationMode>,
    },
    /// Volumes are not paired with volumes of the other cluster.
    UnpairVolumes {
        /// The two clusters.
        clusters: [String; 2],
        /// Volumes of the first.
        volumes: Volumes,
    },
    /// Of the volume pairs between two clusters, the volumes of one are the sources. What the volumes
    /// of the other hold is overwritten.
    Direction {
        /// The cluster of the sources.
        source: String,
        /// The cluster of the targets.
        target: String,
        /// Volumes of the sources' cluster.
        volumes: Volumes,
    },
    /// Volume pairs are replicated in this mode.
    SetMode {
        /// The two clusters.
        clusters: [String; 2],
        /// Volumes of the first.
        volumes: Volumes,
        /// The mode.
        mode: ReplicationMode,
    },
    /// Replication is paused by hand. Where another state hides whether it is, it is paused again.
    Pause {
        /// The two clusters.
        clusters: [String; 2],
        /// Volumes of the first.
        volumes: Volumes,
    },
    /// Replication is not paused by hand, on neither side, as far as the listings show it.
    Resume {
        /// The two clusters.
        clusters: [String; 2],
        /// Volumes of the first.
        volumes: Volumes,
    },
    /// No cluster pair or volume pair is one-sided or stopped for good. Of pending pairs those that
    /// are named are removed: nobody can tell a lost key from one on its way. The others are reported,
    /// and so is what cannot be mended by removing something.
    Repair {
        /// The pending pairs to remove.
        pending: Vec<PendingPair>,
    },
    /// What the calls of a run changed is as it was before, as far as the API allows.
    ///
    /// It does not allow to make a volume smaller, to bring back data that was overwritten or
    /// sessions that ended; and pairs that are made anew have new IDs and UUIDs. A pair of which both
    /// volumes took writes keeps the target that it got. A pause is set on the source, whichever volume
    /// it was set on. A pause that another state hides, and one-sided, stopped and pending pairs that
    /// were removed, stay as they are. A volume that was deleted meanwhile has to be restored first.
    Undo {
        /// What the run did.
        record: Record,
    },
}

/// Two volumes that are to be a pair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumesToPair {
    /// The volume that is replicated.
    pub source: VolumePlace,
    /// The volume that it is replicated to.
    pub target: VolumePlace,
}

/// A volume of a cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumePlace {
    /// The cluster.
    pub cluster: String,
    /// ID of the volume there.
    pub volume_id: u64,
}

/// Which of the volumes that are paired with volumes of the other cluster.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Volumes {
    /// All of them.
    All,
    /// Those of these IDs.
    These(Vec<u64>),
}

/// A pending pair: its key was made, and nobody completed it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PendingPair {
    /// A cluster pair.
    Cluster {
        /// The cluster that lists it.
        cluster: String,
        /// Its ID there.
        cluster_pair_id: u64,
    },
    /// The pairing of a volume.
    Volume(VolumePlace),
}

impl Goal {
    /// Reads a goal from JSON.
    ///
    /// ```
    /// use element_pairing::topology::plan::{Goal, Volumes};
    ///
    /// let text = r#"{"goal": "pause", "clusters": ["site-a", "site-b"], "volumes": [24]}"#;
    /// let clusters = ["site-a".into(), "site-b".into()];
    /// assert_eq!(Goal::read(text)?, Goal::Pause { clusters, volumes: Volumes::These(vec![24]) });
    ///
    /// let error = Goal::read(r#"{"goal": "pause", "clusters": ["site-a", "site-b"]}"#).unwrap_err();
    /// assert_eq!(error.to_string(), "expected a member volumes");
    /// # Ok::<(), element_pairing::topology::plan::GoalError>(())
    /// ```
    ///
    /// # Errors
    ///
    /// [`GoalError`] with the place in the goal; also for a member that the goal does not have.
    pub fn read(text: &str) -> Result<Self, GoalError> {
        read_whole(text, Self::read_at)
    }

    fn read_at(at: &At<'_>) -> Result<Self, Wrong> {
        let goal = at.required("goal")?;
        let two = || at.get("clusters", two);
        let volumes = || at.get("volumes", volumes);
        let known = |members: &[&str]| at.object(&[&["goal"], members].concat());
        match &*text(&goal)? {
            PAIR_CLUSTERS => {
                known(&["clusters"])?;
                Ok(Self::PairClusters { clusters: two()? })
            }
            UNPAIR_CLUSTERS => {
                known(&["clusters"])?;
                Ok(Self::UnpairClusters { clusters: two()? })
            }
            PAIR_VOLUMES => {
                known(&["pairs", "mode"])?;
                let pairs = at.required("pairs")?.items(|at| {
                    at.object(&["source", "target"])?;
                    let source = at.get("source", place)?;
                    Ok(VolumesToPair { source, target: at.get("target", place)? })
                })?;
                Ok(Self::PairVolumes { pairs, mode: at.get_if("mode", mode)? })
            }
            UNPAIR_VOLUMES => {
                known(&["clusters", "volumes"])?;
                Ok(Self::UnpairVolumes { clusters: two()?, volumes: volumes()? })
            }
            DIRECTION => {
                known(&["source", "target", "volumes"])?;
                let (source, target) = (at.get("source", text)?, at.get("target", text)?);
                Ok(Self::Direction { source, target, volumes: volumes()? })
            }
            SET_MODE => {
                known(&["clusters", "volumes", "mode"])?;
                let mode = at.get("mode", mode)?;
                Ok(Self::SetMode { clusters: two()?, volumes: volumes()?, mode })
            }
            PAUSE => {
                known(&["clusters", "volumes"])?;
                Ok(Self::Pause { clusters: two()?, volumes: volumes()? })
            }
            RESUME => {
                known(&["clusters", "volumes"])?;
                Ok(Self::Resume { clusters: two()?, volumes: volumes()? })
            }
            REPAIR => {
                known(&["pending"])?;
                Ok(Self::Repair { pending: at.required("pending")?.items(pending)? })
            }
            UNDO => {
                known(&["record"])?;
                Ok(Self::Undo { record: at.get("record", Record::read_at)? })
            }
            _ => goal.wrong(&format!("one of {}", CODES.join(", "))),
        }
    }

    /// The goal's name in JSON.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::PairClusters { .. } => PAIR_CLUSTERS,
            Self::UnpairClusters { .. } => UNPAIR_CLUSTERS,
            Self::PairVolumes { .. } => PAIR_VOLUMES,
            Self::UnpairVolumes { .. } => UNPAIR_VOLUMES,
            Self::Direction { .. } => DIRECTION,
            Self::SetMode { .. } => SET_MODE,
            Self::Pause { .. } => PAUSE,
            Self::Resume { .. } => RESUME,
            Self::Repair { .. } => REPAIR,
            Self::Undo { .. } => UNDO,
        }
    }
}

const PAIR_CLUSTERS: &str = "pair_clusters";
const UNPAIR_CLUSTERS: &str = "unpair_clusters";
const PAIR_VOLUMES: &str = "pair_volumes";
const UNPAIR_VOLUMES: &str = "unpair_volumes";
const DIRECTION: &str = "direction";
const SET_MODE: &str = "set_mode";
const PAUSE: &str = "pause";
const RESUME: &str = "resume";
const REPAIR: &str = "repair";
const UNDO: &str = "undo";
const CODES: [&str; 10] = [
    PAIR_CLUSTERS,
    UNPAIR_CLUSTERS,
    PAIR_VOLUMES,
    UNPAIR_VOLUMES,
    DIRECTION,
    SET_MODE,
    PAUSE,
    RESUME,
    REPAIR,
    UNDO,
];

pub(super) fn two(at: &At<'_>) -> Result<[String; 2], Wrong> {
    match <[String; 2]>::try_from(at.items(text)?) {
        Ok(two) => Ok(two),
        Err(_) => at.wrong("two clusters"),
    }
}

fn mode(at: &At<'_>) -> Result<ReplicationMode, Wrong> {
    text(at).map(|mode| ReplicationMode::from(&*mode))
}

fn volumes(at: &At<'_>) -> Result<Volumes, Wrong> {
    if at.is("all") {
        return Ok(Volumes::All);
    }
    match at.items(number) {
        Ok(ids) => Ok(Volumes::These(ids)),
        Err(_) => at.wrong("\"all\", or an array of volume IDs"),
    }
}

fn place(at: &At<'_>) -> Result<VolumePlace, Wrong> {
    at.object(&["cluster", "volumeID"])?;
    let cluster = at.get("cluster", text)?;
    Ok(VolumePlace { cluster, volume_id: at.get("volumeID", number)? })
}

fn pending(at: &At<'_>) -> Result<PendingPair, Wrong> {
    let Some(id) = at.member("clusterPairID") else { return place(at).map(PendingPair::Volume) };
    at.object(&["cluster", "clusterPairID"])?;
    let cluster = at.get("cluster", text)?;
    Ok(PendingPair::Cluster { cluster, cluster_pair_id: number(&id)? })
}

impl Serialize for Goal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("goal", self.code())?;
        match self {
            Self::PairClusters { clusters } | Self::UnpairClusters { clusters } => {
                map.serialize_entry("clusters", clusters)?;
            }
            Self::PairVolumes { pairs, mode } => {
                map.serialize_entry("pairs", pairs)?;
                map.serialize_entry("mode", mode)?;
            }
            Self::UnpairVolumes { clusters, volumes }
            | Self::Pause { clusters, volumes }
            | Self::Resume { clusters, volumes } => {
                map.serialize_entry("clusters", clusters)?;
                map.serialize_entry("volumes", volumes)?;
            }
            Self::Direction { source, target, volumes } => {
                map.serialize_entry("source", source)?;
                map.serialize_entry("target", target)?;
                map.serialize_entry("volumes", volumes)?;
            }
            Self::SetMode { clusters, volumes, mode } => {
                map.serialize_entry("clusters", clusters)?;
                map.serialize_entry("volumes", volumes)?;
                map.serialize_entry("mode", mode)?;
            }
            Self::Repair { pending } => map.serialize_entry("pending", pending)?,
            Self::Undo { record } => map.serialize_entry("record", record)?,
        }
        map.end()
    }
}

impl Serialize for VolumesToPair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map([("source", &self.source), ("target", &self.target)])
    }
}

impl Serialize for VolumePlace {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("cluster", &self.cluster)?;
        map.serialize_entry("volumeID", &self.volume_id)?;
        map.end()
    }
}

impl Serialize for Volumes {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::All => serializer.serialize_str("all"),
            Self::These(ids) => ids.serialize(serializer),
        }
    }
}

impl Serialize for PendingPair {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::Cluster { cluster, cluster_pair_id } => {
                let mut map = serializer.serialize_map(None)?;
                map.serialize_entry("cluster", cluster)?;
                map.serialize_entry("clusterPairID", cluster_pair_id)?;
                map.end()
            }
            Self::Volume(place) => place.serialize(serializer),
        }
    }
}
