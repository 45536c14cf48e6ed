//! The five methods that pair volumes, those that list and change volumes, and what they return.

use alloc::{borrow::Cow, vec::Vec};

use super::{
    method::{Method, method, result},
    read::{Json, object},
    value::{Access, ReplicationMode, ReplicationState, VolumeStatus},
};
use crate::secret::Secret;

method! {
    /// Makes a pairing key for a volume, and a pending volume pair. Sent to the cluster of one of
    /// the two volumes; the clusters are paired already.
    ///
    /// Source: API reference.
    #[derive(Debug, Clone, PartialEq, Eq)]
    StartVolumePairing {
        /// How it is to be replicated; may be set only where the volume is the source. Without it:
        /// [`Async`](ReplicationMode::Async).
        mode: Option<ReplicationMode> = Mode,
        /// ID of the volume.
        volume_id: u64 = VolumeId,
    }
    returns StartedVolumePairing, |reader| result!(reader, StartedVolumePairing {
        volume_pairing_key: Secret = VolumePairingKey,
    })
}

/// What [`StartVolumePairing`] returns.
#[derive(Debug, PartialEq, Eq)]
pub struct StartedVolumePairing {
    /// The exact digits to hand to [`CompleteVolumePairing`].
    pub volume_pairing_key: Secret,
}

method! {
    /// Completes a volume pair by the key that was made for the other volume. Sent to the cluster of
    /// the second of the two volumes.
    ///
    /// Source: API reference.
    #[derive(Debug, PartialEq, Eq)]
    CompleteVolumePairing {
        /// ID of the volume, on the cluster that is asked.
        volume_id: u64 = VolumeId,
        /// The exact digits of the key, as [`clean`](crate::clean) or [`StartedVolumePairing`] has
        /// them. A key works once, and not if it was changed.
        volume_pairing_key: Secret = VolumePairingKey,
    }
    returns (), |reader| result!(reader)
}

method! {
    /// Lists the paired volumes of a cluster, those of pending pairs too, but no deleted ones.
    ///
    /// Source: API reference; the parameters: seen with the SDKs.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    ListActivePairedVolumes {
        /// The lowest ID to list.
        start_volume_id: Option<u64> = StartVolumeId,
        /// How many volumes to list at most.
        limit: Option<u64> = Limit,
    }
    returns Vec<Volume<'a>>, |reader| result!(reader, volumes: Vec<Volume<'a>> = Volumes)
}

method! {
    /// Pauses or resumes the replication of a volume, or sets its mode. What is none stays as it is.
    /// The direction is set by [`ModifyVolume`].
    ///
    /// Source: API reference.
    #[derive(Debug, Clone, PartialEq, Eq)]
    ModifyVolumePair {
        /// Whether replication is to be paused.
        paused_manual: Option<bool> = PausedManual,
        /// ID of the volume: of the source, to set the mode.
        volume_id: u64 = VolumeId,
        /// How it is to be replicated.
        mode: Option<ReplicationMode> = Mode,
    }
    returns (), |reader| result!(reader)
}

method! {
    /// Ends the pairing of a volume, also a pending one. Sent to the clusters of both volumes.
    /// Succeeds on a volume that is not paired.
    ///
    /// Source: API reference; success on an unpaired volume: seen with public clients.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    RemoveVolumePair {
        /// ID of the volume, on the cluster that is asked.
        volume_id: u64 = VolumeId,
    }
    returns (), |reader| result!(reader)
}

method! {
    /// Lists volumes of a cluster, deleted ones too.
    ///
    /// Source: API reference; which parameters are used: seen with public clients.
    #[derive(Debug, Clone, PartialEq, Eq, Default)]
    ListVolumes {
        /// The lowest ID to list. Cinder sends it as a string, which is read as well.
        start_volume_id: Option<u64> = StartVolumeId,
        /// How many volumes to list at most.
        limit: Option<u64> = Limit,
        /// Volumes of this status only.
        volume_status: Option<VolumeStatus> = VolumeStatus,
        /// These volumes only.
        volume_ids: Option<Vec<u64>> = VolumeIds,
        /// Paired volumes only, or unpaired ones only.
        is_paired: Option<bool> = IsPaired,
        /// Whether virtual volumes are listed too.
        include_virtual_volumes: Option<bool> = IncludeVirtualVolumes,
    }
    returns Vec<Volume<'a>>, |reader| result!(reader, volumes: Vec<Volume<'a>> = Volumes)
}

method! {
    /// Lists the volumes of a cluster that are not deleted.
    ///
    /// Source: API reference.
    #[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
    ListActiveVolumes {
        /// The lowest ID to list.
        start_volume_id: Option<u64> = StartVolumeId,
        /// How many volumes to list at most.
        limit: Option<u64> = Limit,
        /// Whether virtual volumes are listed too.
        include_virtual_volumes: Option<bool> = IncludeVirtualVolumes,
    }
    returns Vec<Volume<'a>>, |reader| result!(reader, volumes: Vec<Volume<'a>> = Volumes)
}

method! {
    /// Changes a volume, as far as pairing needs it: the direction of replication, and the size.
    /// What is none stays as it is.
    ///
    /// Returns the volume as it is now, where the cluster's version tells.
    ///
    /// Source: API reference.
    #[derive(Debug, Clone, PartialEq, Eq)]
    ModifyVolume {
        /// ID of the volume.
        volume_id: u64 = VolumeId,
        /// Who may use it: [`ReplicationTarget`](Access::ReplicationTarget) makes it the target, and
        /// ends its iSCSI sessions.
        access: Option<Access> = Access,
        /// Its size in bytes, not smaller than now; of a pair the target's first.
        total_size: Option<u64> = TotalSize,
    }
    returns Option<Volume<'a>>, |reader| result!(reader, volume: Option<Volume<'a>> = Volume)
}

object! {
    /// A volume as its cluster lists it. What is missing, null or `""` is none.
    ///
    /// Source: API reference, volume object; what is left out: seen with public clients.
    ///
    /// ```
    /// use element_pairing::api::{Access, ListVolumes, Response};
    ///
    /// let text = r#"{"id":7,"result":{"volumes":[{"volumeID":24,"access":"readWrite",
    ///     "deleteTime":"","attributes":{"cost":1.10},"volumePairs":[]}]}}"#;
    /// let volumes = Response::<ListVolumes>::read(text)?.outcome.unwrap();
    /// assert_eq!(volumes[0].volume_id, 24);
    /// assert_eq!(volumes[0].access, Some(Access::ReadWrite));
    /// assert_eq!(volumes[0].delete_time, None);
    /// assert!(volumes[0].json().as_str().contains("1.10"));
    /// # Ok::<(), element_pairing::api::ReadError>(())
    /// ```
    #[derive(Debug, Clone, PartialEq, Eq)]
    Volume {
        /// ID, on this cluster.
        volume_id: u64 = VolumeId,
        /// Name; need not be unique.
        name: Option<Cow<'a, str>> = Name,
        /// Who may use it: source or target.
        access: Option<Access> = Access,
        /// Whether it is in use.
        status: Option<VolumeStatus> = Status,
        /// Size in bytes.
        total_size: Option<u64> = TotalSize,
        /// Size of a block in bytes.
        block_size: Option<u64> = BlockSize,
        /// Whether it shows blocks of 512 bytes.
        enable512e: Option<bool> = Enable512e,
        /// Quality-of-service settings, an object: [`Qos`].
        qos: Option<Json<'a>> = Qos,
        /// When it was deleted, ISO 8601.
        delete_time: Option<Cow<'a, str>> = DeleteTime,
        /// When it was or will be purged, ISO 8601.
        purge_time: Option<Cow<'a, str>> = PurgeTime,
        /// Its pairings; none (not an empty list) where the listing does not tell.
        volume_pairs: Option<Vec<VolumePair<'a>>> = VolumePairs,
    }
}

impl<'a> Volume<'a> {
    /// Its pairings, as far as the listing tells.
    #[must_use]
    pub fn pairs(&self) -> &[VolumePair<'a>] {
        self.volume_pairs.as_deref().unwrap_or_default()
    }
}

object! {
    /// The settings in [`Volume::qos`], as they stand there: numbers.
    ///
    /// Source: API reference, QoS object.
    #[derive(Debug, Clone, PartialEq, Eq)]
    Qos {
        /// The least of IO operations a second that is kept for the volume.
        min_iops: Option<Json<'a>> = MinIops,
        /// The most that lasts.
        max_iops: Option<Json<'a>> = MaxIops,
        /// The most for a short time.
        burst_iops: Option<Json<'a>> = BurstIops,
        /// How long that is, in seconds.
        burst_time: Option<Json<'a>> = BurstTime,
    }
}

object! {
    /// A pairing of a volume, as the volume's cluster lists it. What is missing, null or `""` is
    /// none.
    ///
    /// Source: API reference, volumePair object.
    #[derive(Debug, Clone, PartialEq, Eq)]
    VolumePair {
        /// UUID of the volume pair, the same on both clusters; a pair has one from its start.
        volume_pair_uuid: Cow<'a, str> = VolumePairUuid,
        /// ID of the cluster pair, on this cluster.
        cluster_pair_id: Option<u64> = ClusterPairId,
        /// ID of the other volume, on the other cluster.
        remote_volume_id: Option<u64> = RemoteVolumeId,
        /// Name of the other volume.
        remote_volume_name: Option<Cow<'a, str>> = RemoteVolumeName,
        /// How replication stands.
        remote_replication: Option<RemoteReplication<'a>> = RemoteReplication,
    }
}

object! {
    /// How the replication of a volume stands, as the volume's cluster sees it. What is missing,
    /// null or `""` is none.
    ///
    /// Source: API reference, remoteReplication object.
    #[derive(Debug, Clone, PartialEq, Eq)]
    RemoteReplication {
        /// How it is replicated.
        mode: Option<ReplicationMode> = Mode,
        /// The state; not to be compared with that of the other end.
        state: Option<ReplicationState> = State,
        /// More about the state.
        state_details: Option<Cow<'a, str>> = StateDetails,
        /// More about resuming.
        resume_details: Option<Cow<'a, str>> = ResumeDetails,
        /// Of the snapshots.
        snapshot_replication: Option<SnapshotReplication<'a>> = SnapshotReplication,
    }
}

object! {
    /// How the replication of a volume's snapshots stands. What is missing, null or `""` is none.
    ///
    /// Source: API reference, snapshotReplication object.
    #[derive(Debug, Clone, PartialEq, Eq)]
    SnapshotReplication {
        /// The state.
        state: Option<ReplicationState> = State,
        /// More about the state.
        state_details: Option<Cow<'a, str>> = StateDetails,
    }
}
