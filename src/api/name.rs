//! The names of all members that are read and written, in one table.

use crate::{json::unescaped, secret::Secret};

macro_rules! names {
    ($($name:ident $text:literal,)*) => {
        /// The name of a member.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[expect(clippy::enum_variant_names, reason = "they are named as the members are")]
        pub enum Name {
            $($name,)*
        }

        impl Name {
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }

            fn from_text(name: &str) -> Option<Self> {
                match name {
                    $($text => Some(Self::$name),)*
                    _ => None,
                }
            }
        }
    };
}

names! {
    Access "access",
    BlockSize "blockSize",
    BurstIops "burstIOPS",
    BurstTime "burstTime",
    ClusterInfo "clusterInfo",
    ClusterName "clusterName",
    ClusterPairId "clusterPairID",
    ClusterPairUuid "clusterPairUUID",
    ClusterPairingKey "clusterPairingKey",
    ClusterPairs "clusterPairs",
    ClusterPairsCountMax "clusterPairsCountMax",
    ClusterUuid "clusterUUID",
    Code "code",
    DeleteTime "deleteTime",
    Enable512e "enable512e",
    Error "error",
    Id "id",
    IncludeVirtualVolumes "includeVirtualVolumes",
    IsPaired "isPaired",
    Latency "latency",
    Limit "limit",
    MaxIops "maxIOPS",
    Message "message",
    Method "method",
    MinIops "minIOPS",
    Mode "mode",
    Mvip "mvip",
    Name "name",
    Params "params",
    PauseLimit "pauseLimit",
    PausedManual "pausedManual",
    PurgeTime "purgeTime",
    Qos "qos",
    RemoteReplication "remoteReplication",
    RemoteVolumeId "remoteVolumeID",
    RemoteVolumeName "remoteVolumeName",
    Result "result",
    ResumeDetails "resumeDetails",
    SnapshotReplication "snapshotReplication",
    StartVolumeId "startVolumeID",
    State "state",
    StateDetails "stateDetails",
    Status "status",
    Svip "svip",
    TotalSize "totalSize",
    UniqueId "uniqueID",
    UnusedParameters "unusedParameters",
    UpperUuid "UUID",
    Uuid "uuid",
    Version "version",
    Volume "volume",
    VolumeId "volumeID",
    VolumeIds "volumeIDs",
    VolumePairUuid "volumePairUUID",
    VolumePairingKey "volumePairingKey",
    VolumePairs "volumePairs",
    VolumeStatus "volumeStatus",
    Volumes "volumes",
}

impl Name {
    /// The name as it stands between its quotes.
    pub fn of(raw: &str) -> Option<Self> {
        if raw.contains('\\') {
            // A name may be a credential in the wrong place.
            return Self::from_text(Secret::from(unescaped(raw)).expose());
        }
        Self::from_text(raw)
    }
}
