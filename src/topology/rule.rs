//! [`Rule`]: the one catalogue of what must hold, and what happens where it does not.

use core::fmt;

use serde::{Serialize, Serializer};

/// The enum, its order and its table out of one list.
macro_rules! rules {
    ($(
        $rule:ident $code:literal $severity:ident, $effect:ident $data:tt
        $(audit [$($audit:ident $audited:ident),*])?
        $(check [$($check:ident $checked:ident),*])?
        holds: $statement:literal
        broken: $message:literal
        help: $help:literal
        source: $source:literal
    )*) => {
        /// Something that must hold for clusters and volumes to be paired and to replicate.
        ///
        /// Each rule has a [`code`](Rule::code), a [`statement`](Rule::statement) of what must hold,
        /// an [`effect`](Rule::effect): what happens where it does not, never more certain than the
        /// public [`source`](Rule::source) has it, a [`severity`](Rule::severity) and a sentence
        /// that says what to do ([`help`](Rule::help)).
        ///
        /// Codes, effects and the names of values are stable, new rules may come with any version;
        /// statements, messages and help may be worded better in any version.
        ///
        /// ```
        /// use element_pairing::topology::{Effect, Rule, Severity};
        ///
        /// let rule = Rule::TargetSmaller;
        /// assert_eq!(rule.code(), "target_smaller");
        /// assert_eq!(rule.statement(), "The target is not smaller than the source.");
        /// assert_eq!(rule.effect(), Effect::State("PausedVolumeSizeMismatch"));
        /// assert_eq!(rule.severity(), Severity::Error);
        /// ```
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum Rule {
            $(#[doc = $statement] $rule,)*
        }

        static TABLE: &[Row] = &[$(Row {
            rule: Rule::$rule,
            severity: Severity::$severity,
            effect: rules!(@effect $effect $data),
            audit: rules!(@needs $([$($audit $audited),*])?),
            check: rules!(@needs $([$($check $checked),*])?),
            message: $message,
            texts: concat!($code, "\n", $statement, "\n", $help, "\n", $source),
        }),*];
    };
    (@effect Refused []) => { Effect::Refused { error: None } };
    (@effect Refused [$error:literal]) => { Effect::Refused { error: Some($error) } };
    (@effect State [$state:literal]) => { Effect::State($state) };
    (@effect $effect:ident []) => { Effect::$effect };
    (@needs) => { None };
    (@needs [$($side:ident $listing:ident),*]) => {
        Some(&[$(Need { side: Side::$side, listing: Listing::$listing }),*])
    };
}

struct Row {
    rule: Rule,
    severity: Severity,
    effect: Effect,
    /// What an audit needs; none if the rule is not judged by it.
    audit: Option<&'static [Need]>,
    /// What a check needs; none if the rule is not judged by it.
    check: Option<&'static [Need]>,
    /// What is wrong, to stand after the subject; `{name}` stands for a value.
    message: &'static str,
    /// Code, statement, help and source, a line each: many addresses would make WebAssembly large.
    texts: &'static str,
}

rules! {
    // What was given.
    ClusterContradicted "cluster_contradicted" Error, Unknown []
        audit [] check []
        holds: "The listings of a cluster do not contradict each other."
        broken: "its answer to {method} contradicts itself or another answer"
        help: "Ask the cluster anew, in one go, and give each of its listings once."
        source: "no public source"
    ListingRefused "listing_refused" Advice, Refused []
        audit []
        holds: "A cluster answers the requests for its listings."
        broken: "{method} was answered with an error: name {name}, code {code}, message {message}"
        help: "Do what the error says and ask again: as a user who may call the method, or by another \
               method that lists the same."
        source: "API reference"
    UniqueIdNotUnique "unique_id_not_unique" Error, Unknown []
        audit [Here ClusterInfo] check [Here ClusterInfo]
        holds: "A unique ID belongs to one cluster."
        broken: "{other}, with another name or MVIP, has the same unique ID {uniqueID}"
        help: "Find out which cluster each listing is from; ask NetApp's support if both say the \
               same ID."
        source: "no public source"

    // Clusters.
    ClusterNameNotUnique "cluster_name_not_unique" Advice, Advice []
        audit [Here ClusterInfo] check [Here ClusterInfo]
        holds: "Every cluster has a name of its own."
        broken: "{other} has the same name"
        help: "Rename one of the clusters."
        source: "user guide"
    MvipNotUnique "mvip_not_unique" Advice, Advice []
        audit [Here ClusterInfo] check [Here ClusterInfo]
        holds: "Every cluster has a management virtual IP (MVIP) of its own."
        broken: "{other} has the same MVIP {mvip}"
        help: "Give one of the clusters another MVIP."
        source: "user guide"
    SvipNotUnique "svip_not_unique" Advice, Advice []
        audit [Here ClusterInfo]
        holds: "Every cluster has a storage virtual IP (SVIP) of its own."
        broken: "{other} has the same SVIP {svip}"
        help: "Give one of the clusters another SVIP."
        source: "user guide"

    // Cluster pairs.
    ClusterPairLimit "cluster_pair_limit" Error, Refused []
        audit [Here ClusterPairs] check [Here ClusterPairs, Remote ClusterPairs]
        holds: "A cluster pairs with no more others than GetLimits allows: four."
        broken: "it has {pairs} cluster pairs that are not pending; the limit is {limit}"
        help: "Remove a cluster pair that is no longer needed."
        source: "API reference; GetLimits"
    ClusterPairLimitPending "cluster_pair_limit_pending" Warning, Unknown []
        check [Here ClusterPairs, Remote ClusterPairs]
        holds: "A cluster keeps to the limit of cluster pairs with the pending ones counted."
        broken: "it has {pairs} cluster pairs and {pending} pending ones; the limit is {limit}, \
                 and whether pending ones count is not known"
        help: "Complete or remove the pending cluster pairs first."
        source: "API reference (only says that they are listed)"
    ClusterPairPending "cluster_pair_pending" Warning, Order []
        audit [Here ClusterPairs]
        holds: "A pending cluster pair is completed, or removed by hand."
        broken: "it is pending: its key was not completed"
        help: "Send its key with CompleteClusterPairing to the other cluster, or if the key is \
               lost, remove the pair with RemoveClusterPair."
        source: "user guide"
    ClusterPairPendingOneSide "cluster_pair_pending_one_side" Warning, Unknown []
        audit [Here ClusterPairs, Remote ClusterPairs]
        holds: "A cluster pair is Unconfigured on both of its clusters or on neither."
        broken: "its status is Unconfigured here and {status} on {other}"
        help: "Ask both clusters again in some seconds; if it stays so, remove the pair on both and \
               pair them anew."
        source: "no public source"
    ClusterPairOneSided "cluster_pair_one_sided" Error, Order []
        audit [Here ClusterPairs, Remote ClusterPairs]
        holds: "A cluster pair is listed by both of its clusters."
        broken: "{other} does not list it"
        help: "Ask both clusters anew; if it stays so, remove what is left with RemoveClusterPair, after \
               the volume pairs, and pair the clusters anew if they are to replicate."
        source: "API reference; user guide"
    ClusterPairSidesDiffer "cluster_pair_sides_differ" Error, Unknown []
        audit [Here ClusterInfo, Here ClusterPairs, Remote ClusterInfo, Remote ClusterPairs]
        holds: "Both clusters of a pair list it with one clusterPairUUID and each other's unique \
                ID."
        broken: "its {member} is {here} here and {there} on {other}"
        help: "Remove the pair on both clusters and pair them anew."
        source: "no public source"
    ClusterPairedTwice "cluster_paired_twice" Error, Refused ["xPairingAlreadyExists"]
        audit [Here ClusterPairs] check [Here ClusterPairs, Remote ClusterPairs]
        holds: "Two clusters are paired with each other once."
        broken: "it is paired with {other} already, by cluster pair {clusterPairID}"
        help: "Use the pair that exists, and remove the pending pair that a further key left."
        source: "seen with Cinder"
    ClusterPairedWithItself "cluster_paired_with_itself" Error, Refused []
        audit [Here ClusterInfo, Here ClusterPairs]
        holds: "A cluster is paired with another cluster, not with itself."
        broken: "it leads back to the cluster that lists it"
        help: "Remove the cluster pair."
        source: "seen in sfauto (selfpairing, off by default)"
    ClusterPairDisconnected "cluster_pair_disconnected" Error, State ["PausedDisconnected"]
        audit [Here ClusterPairs] check [Here ClusterPairs, Here PairedVolumes]
        holds: "Paired clusters reach each other."
        broken: "its status is Disconnected"
        help: "Check the network between the two clusters."
        source: "API reference; user guide"
    ClusterPairMisconfigured "cluster_pair_misconfigured" Error, State ["Misconfigured"]
        audit [Here ClusterPairs] check [Here ClusterPairs, Here PairedVolumes]
        holds: "A cluster pair is not Misconfigured."
        broken: "its status is Misconfigured"
        help: "Compare the Element versions of the two clusters and their lists of cluster pairs."
        source: "API reference; user guide"
    ClusterPairConnecting "cluster_pair_connecting" Warning, State ["Connecting"]
        audit [Here ClusterPairs]
        holds: "A cluster pair becomes Connected within seconds."
        broken: "its status is Connecting"
        help: "Ask again in some seconds; if it stays so, check the network between the clusters."
        source: "seen with public clients"
    ClusterPairStatusUnknown "cluster_pair_status_unknown" Warning, Unknown []
        audit [Here ClusterPairs] check [Here ClusterPairs, Here PairedVolumes]
        holds: "The status of a cluster pair is one that the API reference names."
        broken: "its status is {status}, which this version does not know"
        help: "Look the status up in the documentation of the cluster's version."
        source: "API reference"
    VersionSkew "version_skew" Error, State ["Misconfigured"]
        audit [Here ClusterPairs, Remote ClusterPairs]
        holds: "The Element versions of paired clusters are at most one major version apart."
        broken: "the versions are {version} and {otherVersion}"
        help: "Upgrade the cluster of the older version."
        source: "user guide"
    VersionSkewAhead "version_skew_ahead" Advice, Advice []
        check [Here ClusterPairs, Remote ClusterPairs]
        holds: "Clusters are paired when their Element versions are at most one major version \
                apart."
        broken: "its version is {version}, that of {other} {otherVersion}; the pair would become \
                 Misconfigured"
        help: "Upgrade the cluster of the older version first."
        source: "user guide"
    LatencyHigh "latency_high" Advice, Advice []
        audit [Here ClusterPairs] check [Here ClusterPairs]
        holds: "The round trip between paired clusters stays below 2000 ms."
        broken: "its latency is {latency} ms"
        help: "Improve the connection between the two clusters."
        source: "user guide"
    LatencyHighForSync "latency_high_for_sync" Advice, Advice []
        audit [Here ClusterPairs, Here PairedVolumes] check [Here ClusterPairs, Here PairedVolumes, Remote PairedVolumes]
        holds: "The round trip for Sync replication stays at 8 ms or less."
        broken: "its mode is Sync, and the latency to {other} is {latency} ms"
        help: "Use Async, or improve the connection between the two clusters."
        source: "reported by Longhorny, after TR-4741"

    // Removal of cluster pairs.
    ClusterPairIdUnknown "cluster_pair_id_unknown" Error, Unknown []
        check [Here ClusterPairs]
        holds: "RemoveClusterPair names a cluster pair that the cluster lists."
        broken: "it lists no cluster pair {clusterPairID}"
        help: "Take the ID from ListClusterPairs of this cluster: each cluster numbers its pairs \
               itself."
        source: "no public source"
    VolumePairsRemain "volume_pairs_remain" Error, Refused []
        check [Here Volumes]
        holds: "A cluster pair is removed after all volume pairs between its clusters."
        broken: "volumes of this cluster that are paired through it: {volumes}"
        help: "Send RemoveVolumePair for both volumes of each pair first."
        source: "API reference; user guide"
    VolumePairsRemainRemote "volume_pairs_remain_remote" Error, Unknown []
        check [Here ClusterPairs, Remote ClusterPairs, Remote Volumes]
        holds: "A cluster pair is removed when the other cluster too has no volume pair left in it."
        broken: "volumes of {other} that are paired through it: {volumes}"
        help: "Send RemoveVolumePair for these volumes to the other cluster first."
        source: "API reference; user guide"
    ClusterPairRemovedHereOnly "cluster_pair_removed_here_only" Advice, Order []
        check [Here ClusterPairs, Remote ClusterPairs]
        holds: "RemoveClusterPair is sent to both clusters of a pair."
        broken: "{other} still lists it"
        help: "Send RemoveClusterPair to the other cluster as well, with the ID that it lists."
        source: "API reference; user guide"

    // Keys of clusters.
    ClusterKeyUnreadable "cluster_key_unreadable" Error, Refused []
        check []
        holds: "A cluster pairing key is as the cluster made it."
        broken: "the key cannot be read ({code})"
        help: "Copy the key again, whole; if it stays so, make a new one and remove the pending \
               pair of the old."
        source: "user guide; seen with Cinder"
    ClusterKeyWrongKind "cluster_key_wrong_kind" Error, Refused []
        check []
        holds: "CompleteClusterPairing is sent a key that StartClusterPairing made."
        broken: "this is a volume pairing key"
        help: "Send it with CompleteVolumePairing to the cluster of the other volume."
        source: "seen with Cinder"
    ClusterKeyOfThisCluster "cluster_key_of_this_cluster" Error, Refused []
        check [Here ClusterInfo]
        holds: "A cluster pairing key is completed on another cluster than the one that made it."
        broken: "this cluster made the key itself"
        help: "Send the key to the cluster that is to be paired with this one."
        source: "seen in sfauto (selfpairing, off by default)"
    ClusterKeyUsed "cluster_key_used" Error, Refused []
        check [Here ClusterPairs, Remote ClusterPairs]
        holds: "A cluster pairing key is used once."
        broken: "the key's pair exists already, as cluster pair {clusterPairID}"
        help: "Nothing is left to do if the pair is Connected; every further pairing needs a new \
               key."
        source: "API reference; seen with Cinder"
    ClusterKeyWithoutPair "cluster_key_without_pair" Warning, Unknown []
        check [Remote ClusterPairs]
        holds: "The cluster that made a cluster pairing key lists the key's pair as pending."
        broken: "{other}, which made the key, lists no pending pair for it"
        help: "Make a new key with StartClusterPairing."
        source: "no public source"

    // Volume pairs.
    VolumePairPending "volume_pair_pending" Warning, Order []
        audit [Here PairedVolumes]
        holds: "A pending volume pair is completed, or removed by hand."
        broken: "it is pending: its key was not completed"
        help: "Send its key with CompleteVolumePairing to the cluster of the other volume, or if \
               the key is lost, remove the pair with RemoveVolumePair."
        source: "user guide"
    VolumePairWithoutClusterPair "volume_pair_without_cluster_pair" Error, Unknown []
        audit [Here ClusterPairs, Here PairedVolumes] check [Here ClusterPairs, Here PairedVolumes]
        holds: "A volume pair belongs to a cluster pair that its cluster lists."
        broken: "the cluster does not list its cluster pair {clusterPairID}"
        help: "Remove the volume pair with RemoveVolumePair; pair the clusters, then the volumes \
               anew."
        source: "API reference"
    VolumePairOneSided "volume_pair_one_sided" Error, State ["StoppedMisconfigured"]
        audit [Here ClusterPairs, Here Volumes, Remote Volumes]
        holds: "A volume pair is listed by both of its clusters."
        broken: "{other} lists no volume of this pair"
        help: "Ask both clusters anew; if it stays so, remove this side with RemoveVolumePair and \
               pair anew."
        source: "user guide"
    VolumePairPartnerNotListed "volume_pair_partner_not_listed" Error, Unknown []
        audit [Here ClusterPairs, Here PairedVolumes, Remote PairedVolumes]
        holds: "Both volumes of a pair are among the active paired volumes of their clusters."
        broken: "{other} lists no active volume of this pair: it was removed there, or the volume \
                 is deleted"
        help: "See with ListVolumes of the other cluster whether the volume can be restored; else \
               remove this side with RemoveVolumePair and pair anew."
        source: "API reference; user guide"
    PairedVolumeDeleted "paired_volume_deleted" Error, State ["PausedMisconfigured"]
        audit [Here Volumes, Remote Volumes]
        holds: "No volume of a pair is deleted."
        broken: "the volume is deleted and not yet purged"
        help: "Restore the volume, or remove the pair with RemoveVolumePair on both clusters."
        source: "user guide"
    PairedVolumeNotActive "paired_volume_not_active" Warning, Unknown []
        audit [Here Volumes]
        holds: "Both volumes of a pair are active."
        broken: "the status of the volume is {status}"
        help: "Wait until the volume is active; a status that this version does not know stands in \
               the documentation of the cluster's version."
        source: "user guide (asks for active volumes)"
    VolumePairSidesDiffer "volume_pair_sides_differ" Error, Unknown []
        audit [Here ClusterPairs, Here PairedVolumes, Remote PairedVolumes]
        holds: "Both volumes of a pair are listed with one volumePairUUID, in one cluster pair and \
                with each other's ID."
        broken: "its {member} is {here} here and {there} on {other}"
        help: "Remove the pairs of both volumes with RemoveVolumePair and pair them anew."
        source: "no public source"
    VolumePairModesDiffer "volume_pair_modes_differ" Warning, Unknown []
        audit [Here PairedVolumes, Remote PairedVolumes]
        holds: "Both volumes of a pair are listed with the same mode."
        broken: "its mode is {here} here and {there} on {other}"
        help: "Set the mode with ModifyVolumePair on the source volume."
        source: "no public source"
    VolumePairedMoreThanOnce "volume_paired_more_than_once" Error, Refused ["xVolumeAlreadyPaired"]
        audit [Here PairedVolumes]
        holds: "A volume is in one volume pair only."
        broken: "it is in {pairs} volume pairs"
        help: "Remove its pairs with RemoveVolumePair and pair it anew with the one that it \
               belongs to."
        source: "user guide"
    VolumeAlreadyPaired "volume_already_paired" Error, Refused ["xVolumeAlreadyPaired"]
        check [Here PairedVolumes, Remote PairedVolumes]
        holds: "A paired volume is not paired again."
        broken: "it is paired already, with volume {remoteVolumeID} of {other}"
        help: "Take another volume, or remove the existing pair with RemoveVolumePair on both ends \
               first."
        source: "user guide"
    VolumePairingPending "volume_pairing_pending" Warning, Unknown []
        check [Here PairedVolumes, Remote PairedVolumes]
        holds: "A volume with a pending pair is not paired again."
        broken: "it has a pending pair; whether that counts as paired is not known"
        help: "Complete the pending pair, or remove it with RemoveVolumePair first."
        source: "no public source"
    VolumePairedWithItself "volume_paired_with_itself" Error, Refused []
        audit [Here ClusterInfo, Here ClusterPairs, Here PairedVolumes] check [Here ClusterInfo]
        holds: "A volume is paired with another volume, not with itself."
        broken: "it is paired with itself"
        help: "Choose a volume on another cluster."
        source: "user guide"
    VolumePairWithinCluster "volume_pair_within_cluster" Error, Refused []
        audit [Here ClusterInfo, Here ClusterPairs, Here PairedVolumes] check [Here ClusterInfo]
        holds: "The two volumes of a pair live on two different clusters."
        broken: "both volumes are on this cluster"
        help: "Choose a volume on another cluster that is paired with this one."
        source: "user guide"

    // The ends of volume pairs.
    VolumePairNoTarget "volume_pair_no_target" Error, State ["PausedMisconfigured"]
        audit [Here PairedVolumes, Remote PairedVolumes]
        check [Here PairedVolumes, Remote PairedVolumes]
        holds: "One volume of a pair is the target: its access is replicationTarget."
        broken: "neither volume is the target"
        help: "Set the access of the volume that is to be overwritten to replicationTarget with \
               ModifyVolume."
        source: "API reference; user guide; seen with Cinder"
    VolumePairTwoTargets "volume_pair_two_targets" Error, State ["PausedMisconfigured"]
        audit [Here PairedVolumes, Remote PairedVolumes]
        check [Here Volumes, Remote PairedVolumes]
        holds: "One volume of a pair is the source: not both are targets."
        broken: "both volumes have access replicationTarget"
        help: "Set the access of the volume whose data is to be kept to readWrite with \
               ModifyVolume."
        source: "API reference; user guide; seen with Cinder"
    PairedVolumeAccess "paired_volume_access" Error, State ["PausedMisconfigured"]
        audit [Here PairedVolumes] check [Here Volumes, Remote Volumes]
        holds: "A paired volume has access readWrite or replicationTarget."
        broken: "the access of the volume is {access}"
        help: "Set it with ModifyVolume: readWrite for the source, replicationTarget for the \
               target."
        source: "API reference; user guide"
    DirectionNotSet "direction_not_set" Advice, State ["PausedMisconfigured"]
        check [Here Volumes, Remote Volumes]
        holds: "One of two volumes is made the target after they were paired."
        broken: "both volumes are readWrite; replication begins when one is the target"
        help: "Afterwards set the access of one of them to replicationTarget: its data is \
               overwritten."
        source: "API reference; user guide; seen with Cinder"
    TargetSmaller "target_smaller" Error, State ["PausedVolumeSizeMismatch"]
        audit [Here PairedVolumes, Remote PairedVolumes] check [Here Volumes, Remote Volumes]
        holds: "The target is not smaller than the source."
        broken: "the source has {sourceSize} bytes, the target {targetSize}"
        help: "Grow the target to the size of the source with ModifyVolume."
        source: "user guide"
    TargetLarger "target_larger" Advice, Advice []
        audit [Here PairedVolumes, Remote PairedVolumes] check [Here Volumes, Remote Volumes]
        holds: "The target is not larger than the source."
        broken: "the source has {sourceSize} bytes, the target {targetSize}"
        help: "Grow the source to the size of the target if the direction may be turned around."
        source: "user guide (calls it fine; other pages ask for the same size)"
    SizesDiffer "sizes_differ" Advice, Advice []
        check [Here Volumes, Remote Volumes]
        holds: "Volumes whose direction is not set yet are paired at the same size."
        broken: "the volume has {size} bytes, the other {otherSize}"
        help: "Grow the smaller volume, or make the larger one the target."
        source: "user guide"
    Enable512eDiffers "enable512e_differs" Advice, Advice []
        audit [Here PairedVolumes, Remote PairedVolumes] check [Here Volumes, Remote Volumes]
        holds: "Both volumes of a pair have the same 512e setting."
        broken: "enable512e is {here} here and {there} on {other}"
        help: "Pair with a volume that was created with the same setting."
        source: "user guide; Longhorny insists"
    BlockSizeDiffers "block_size_differs" Advice, Advice []
        audit [Here PairedVolumes, Remote PairedVolumes] check [Here Volumes, Remote Volumes]
        holds: "Both volumes of a pair have the same block size."
        broken: "blockSize is {here} here and {there} on {other}"
        help: "Pair with a volume that was created with the same block size."
        source: "user guide (exact characteristics); Longhorny checks it"
    QosDiffers "qos_differs" Advice, Advice []
        audit [Here PairedVolumes, Remote PairedVolumes] check [Here Volumes, Remote Volumes]
        holds: "Both volumes of a pair have the same QoS settings."
        broken: "{member} is {here} here and {there} on {other}"
        help: "Set the same QoS on both volumes with ModifyVolume."
        source: "user guide"

    // Replication states that need a person. Those that pass by themselves are no rules.
    PausedManual "paused_manual" Warning, State ["PausedManual"]
        audit [Here PairedVolumes]
        holds: "Replication is not paused by hand."
        broken: "replication was paused by hand on this volume"
        help: "Resume it on this volume with ModifyVolumePair (pausedManual false)."
        source: "user guide"
    PausedManualRemote "paused_manual_remote" Warning, State ["PausedManualRemote"]
        audit [Here PairedVolumes]
        holds: "Replication is not paused by hand on the other volume."
        broken: "replication was paused by hand on the other volume"
        help: "Resume it on the other volume with ModifyVolumePair (pausedManual false)."
        source: "user guide"
    PausedMisconfigured "paused_misconfigured" Error, State ["PausedMisconfigured"]
        audit [Here PairedVolumes]
        holds: "Replication has an active source and an active target."
        broken: "its state is PausedMisconfigured"
        help: "Set access readWrite on the source and replicationTarget on the target, restore a \
               deleted volume; after a change of direction wait a minute."
        source: "user guide"
    PausedVolumeSizeMismatch "paused_volume_size_mismatch" Error, State ["PausedVolumeSizeMismatch"]
        audit [Here PairedVolumes]
        holds: "Replication is not stopped by the sizes of the volumes."
        broken: "its state is PausedVolumeSizeMismatch"
        help: "Grow the target to the size of the source with ModifyVolume."
        source: "user guide"
    PausedExceededMaxSnapshotCount "paused_exceeded_max_snapshot_count"
        Error, State ["PausedExceededMaxSnapshotCount"]
        audit [Here PairedVolumes]
        holds: "Replication is not stopped by the number of snapshots."
        broken: "its state is PausedExceededMaxSnapshotCount"
        help: "Delete snapshots of the volumes that are no longer needed."
        source: "user guide"
    PausedDisconnected "paused_disconnected" Error, State ["PausedDisconnected"]
        audit [Here PairedVolumes]
        holds: "Replication has a connection."
        broken: "its state is PausedDisconnected"
        help: "Check the network between the two clusters."
        source: "user guide"
    PausedClusterFull "paused_cluster_full" Error, State ["PausedClusterFull"]
        audit [Here PairedVolumes]
        holds: "The target's cluster has room for what is replicated."
        broken: "its state is PausedClusterFull"
        help: "Free or add space on the target's cluster."
        source: "user guide"
    StoppedMisconfigured "stopped_misconfigured" Error, State ["StoppedMisconfigured"]
        audit [Here PairedVolumes]
        holds: "The other volume of a pair is neither purged nor unpaired."
        broken: "its state is StoppedMisconfigured: it never resumes"
        help: "Remove the pair with RemoveVolumePair and pair the volume anew."
        source: "user guide"
    ReplicationStateUnknown "replication_state_unknown" Warning, Unknown []
        audit [Here PairedVolumes]
        holds: "The state of replication is one that the user guide names."
        broken: "its state is {state}, which this version does not know"
        help: "Look the state up in the documentation of the cluster's version."
        source: "user guide"
    SnapshotsNotReplicated "snapshots_not_replicated" Warning, Unknown []
        audit [Here PairedVolumes]
        holds: "The replication of snapshots is in no state that stops it or is not known."
        broken: "the state of its snapshots' replication is {state}"
        help: "Do what the state asks for, as with that of the volume's replication."
        source: "API reference; user guide"

    // Calls for a volume.
    VolumeIdUnknown "volume_id_unknown" Error, Refused ["xVolumeIDDoesNotExist"]
        check [Here Volumes]
        holds: "A call names a volume that its cluster has."
        broken: "the cluster has no volume {volumeID}"
        help: "Take the ID from ListVolumes of the cluster that the call is sent to."
        source: "seen with public clients"
    VolumeDeleted "volume_deleted" Error, Unknown []
        check [Here Volumes, Remote Volumes]
        holds: "A volume that is paired or modified is not deleted."
        broken: "the volume is deleted"
        help: "Restore the volume with RestoreDeletedVolume, or take another one."
        source: "no public source"
    VolumeNotActive "volume_not_active" Error, Unknown []
        check [Here Volumes, Remote Volumes]
        holds: "A volume that is paired or modified is active."
        broken: "the status of the volume is {status}"
        help: "Wait until the volume is active."
        source: "no public source"
    VolumeNotPaired "volume_not_paired" Error, Refused ["xVolumeNotPaired"]
        check [Here Volumes]
        holds: "ModifyVolumePair names a volume that is paired."
        broken: "the volume is not paired"
        help: "Pair the volume first, or take the ID of a volume that ListActivePairedVolumes \
               shows."
        source: "seen with public clients"
    VolumePairNotCompleted "volume_pair_not_completed" Warning, Unknown []
        check [Here PairedVolumes]
        holds: "ModifyVolumePair names a volume whose pair is completed."
        broken: "its pair is pending; whether it can be modified is not known"
        help: "Complete the pair with CompleteVolumePairing first; StartVolumePairing sets the mode."
        source: "no public source"
    NoConnectedClusterPair "no_connected_cluster_pair" Warning, Order []
        check [Here ClusterPairs]
        holds: "Clusters are paired before their volumes."
        broken: "it has no cluster pair that is Connected, so that nobody can complete the volume \
                 pair"
        help: "Pair the clusters first and wait until both list the pair as Connected."
        source: "API reference (English); seen with the Terraform provider"
    ModeSetOnTarget "mode_set_on_target" Error, Unknown []
        check [Here Volumes]
        holds: "The mode of replication is set on the source volume."
        broken: "the volume is not the source: its access is {access}"
        help: "Send the mode to the cluster of the source volume, with that volume's ID."
        source: "API reference"
    PauseSetOnTarget "pause_set_on_target" Advice, Advice []
        check [Here PairedVolumes]
        holds: "Replication is paused and resumed on the source volume."
        broken: "the volume is not the source: its access is {access}"
        help: "Send it to the cluster of the source volume, with that volume's ID."
        source: "API reference; Longhorny sends it to both"
    ValueUnknown "value_unknown" Warning, Unknown []
        check []
        holds: "A mode or an access is one that the API reference names."
        broken: "{member} {value} is not known to this version"
        help: "Check the spelling, or look it up in the documentation of the cluster's version."
        source: "API reference"
    VolumePairRemovedHereOnly "volume_pair_removed_here_only" Advice, Order []
        check [Here PairedVolumes, Remote PairedVolumes]
        holds: "RemoveVolumePair is sent for both volumes of a pair."
        broken: "{other} still lists it, with volume {remoteVolumeID}"
        help: "Send RemoveVolumePair for the other volume as well, to its cluster."
        source: "API reference; user guide"

    // Keys of volumes.
    VolumeKeyUnreadable "volume_key_unreadable" Error, Refused ["xInvalidPairingKey"]
        check []
        holds: "A volume pairing key is as the cluster made it."
        broken: "the key cannot be read ({code})"
        help: "Copy the key again, whole; if it stays so, remove the pending pair of its volume \
               and make a new one."
        source: "user guide; seen with Cinder"
    VolumeKeyWrongKind "volume_key_wrong_kind" Error, Refused ["xInvalidPairingKey"]
        check []
        holds: "CompleteVolumePairing is sent a key that StartVolumePairing made."
        broken: "this is a cluster pairing key"
        help: "Send it with CompleteClusterPairing to the cluster that is to be paired."
        source: "seen with Cinder"
    VolumeKeyUsed "volume_key_used" Error, Refused ["xInvalidPairingKey"]
        check [Here PairedVolumes, Remote PairedVolumes]
        holds: "A volume pairing key is used once."
        broken: "the key's pair exists already, with volume {volumeID}"
        help: "Nothing is left to do if this is the pair that was wanted; else make a new key."
        source: "seen with Cinder"
    VolumeKeyWithoutPair "volume_key_without_pair" Warning, Unknown []
        check [Remote PairedVolumes]
        holds: "The volume that a volume pairing key is for is listed with the key's pair as \
                pending."
        broken: "{other}, which made the key, lists no pending pair for it with volume {volumeID}"
        help: "Make a new key with StartVolumePairing."
        source: "no public source"
    VolumeKeyMvipNotPaired "volume_key_mvip_not_paired" Error, Refused ["xMVIPNotPaired"]
        check [Here ClusterPairs]
        holds: "The cluster that made a volume pairing key is paired with this one."
        broken: "no cluster pair leads to the key's MVIP {mvip}"
        help: "Pair the clusters first, or send the key to a cluster that is paired with its maker."
        source: "API reference (English); seen with the Terraform provider"
    VolumeKeyPairNotConnected "volume_key_pair_not_connected" Error, Refused ["xMVIPNotPaired"]
        check [Here ClusterPairs]
        holds: "Volumes are paired when their clusters' pair is connected, not while it is \
                connecting."
        broken: "cluster pair {clusterPairID}, which leads to the key's MVIP {mvip}, is {status}"
        help: "Wait until both clusters list the pair as Connected, which takes seconds."
        source: "API reference (English); seen with the Terraform provider"
    VolumeKeyMvipAmbiguous "volume_key_mvip_ambiguous" Error, Unknown []
        check [Here ClusterPairs]
        holds: "The MVIP in a volume pairing key belongs to one cluster pair."
        broken: "{pairs} cluster pairs lead to the key's MVIP {mvip}"
        help: "Give every cluster an MVIP of its own, then make a new key."
        source: "no public source"

    // Changes of access and size.
    VolumeShrinks "volume_shrinks" Error, Refused ["xVolumeShrinkProhibited"]
        check [Here Volumes]
        holds: "A volume never becomes smaller."
        broken: "it has {size} bytes and would have {newSize}"
        help: "Ask for at least the present size."
        source: "ModifyVolume"
    SourceGrownFirst "source_grown_first" Warning, Order []
        check [Here PairedVolumes, Remote PairedVolumes]
        holds: "The target is grown before the source."
        broken: "the source would have {sourceSize} bytes, the target has {targetSize}"
        help: "Grow the target on the other cluster first, then the source."
        source: "ModifyVolume"
    DirectionChangeBegun "direction_change_begun" Warning, State ["PausedMisconfigured"]
        check [Here PairedVolumes, Remote PairedVolumes]
        holds: "A change of direction is brought to its end: the old target becomes readWrite."
        broken: "both volumes are replicationTarget until the other becomes readWrite"
        help: "Set the access of the other volume to readWrite next; each side may take a minute \
               until replication runs."
        source: "user guide; seen with Cinder"
    TwoWriters "two_writers" Warning, Order []
        check [Here PairedVolumes, Remote PairedVolumes]
        holds: "The old source becomes the target before the old target becomes readWrite."
        broken: "the other volume is readWrite: both would take writes"
        help: "Set the access of the other volume to replicationTarget first."
        source: "seen with Cinder; the user guide has the other order"
    SessionsEnd "sessions_end" Warning, Loss []
        check [Here Volumes]
        holds: "A volume that becomes locked or replicationTarget is in use by nobody."
        broken: "its iSCSI sessions end when its access becomes {access}"
        help: "Stop what uses the volume first."
        source: "ModifyVolume"
    TargetOverwritten "target_overwritten" Warning, Loss []
        check [Here Volumes, Remote Volumes]
        holds: "A volume that becomes the target holds nothing that is to be kept."
        broken: "its data is overwritten with that of the source"
        help: "Make sure that this is the volume to lose its data; keep a snapshot or clone if in \
               doubt."
        source: "user guide; ModifyVolume"
}

impl Rule {
    /// All rules, in the order of the catalogue.
    pub fn all() -> impl ExactSizeIterator<Item = Self> + Clone {
        TABLE.iter().map(|row| row.rule)
    }

    /// The rule's name for programs; it never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.text(0)
    }

    /// What must hold, in one sentence.
    #[must_use]
    pub fn statement(self) -> &'static str {
        self.text(1)
    }

    /// How much it matters that the rule is broken.
    #[must_use]
    pub fn severity(self) -> Severity {
        self.row().severity
    }

    /// What happens where the rule is broken.
    #[must_use]
    pub fn effect(self) -> Effect {
        self.row().effect
    }

    /// Who says so: the API reference, the user guide, an API method's description, or a public
    /// client that it was seen with.
    #[must_use]
    pub fn source(self) -> &'static str {
        self.text(3)
    }

    /// What to do where the rule is broken, in one sentence.
    #[must_use]
    pub fn help(self) -> &'static str {
        self.text(2)
    }

    /// What an audit has to see to judge the rule; none if an audit does not judge it.
    #[must_use]
    pub fn audit_needs(self) -> Option<&'static [Need]> {
        self.row().audit
    }

    /// What the check of a call has to see to judge the rule, besides the call; none if a check does
    /// not judge it.
    #[must_use]
    pub fn check_needs(self) -> Option<&'static [Need]> {
        self.row().check
    }

    /// The names of the values that the rule's findings have.
    pub fn values(self) -> impl Iterator<Item = &'static str> {
        self.message().filter_map(|(_, value)| value)
    }

    /// The pieces of the message, and the name of the value that stands after each.
    pub(super) fn message(self) -> impl Iterator<Item = (&'static str, Option<&'static str>)> {
        self.row().message.split('}').map(|piece| match piece.split_once('{') {
            Some((text, value)) => (text, Some(value)),
            None => (piece, None),
        })
    }

    fn text(self, line: usize) -> &'static str {
        self.row().texts.split('\n').nth(line).unwrap_or_default()
    }

    #[expect(clippy::indexing_slicing, reason = "a row for every rule, from the same list")]
    fn row(self) -> &'static Row {
        &TABLE[self as usize]
    }
}

/// The code.
impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.code())
    }
}

/// The code.
impl Serialize for Rule {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.code())
    }
}

/// How much it matters that a rule is broken; the worst comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// A call fails, or replication does not run until somebody acts.
    Error,
    /// It may be meant so or pass by itself, or what follows is not known, or it costs something that
    /// somebody has to want.
    Warning,
    /// It works, and the guides advise against it; or it works, and something is to be done
    /// afterwards; or it is about what was given, and what could not be checked for it is told
    /// besides. It changes no [`Verdict`](super::Verdict).
    Advice,
}

impl Severity {
    /// `error`, `warning` or `advice`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Advice => "advice",
        }
    }
}

/// What happens where a rule is broken, as certain as the public sources have it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Effect {
    /// The cluster answers an error.
    Refused {
        /// The name of the error; none where it is not public.
        error: Option<&'static str>,
    },
    /// The cluster lets it happen, and the pair is or ends in this state or status, which does not
    /// replicate.
    State(&'static str),
    /// It works, but the guides advise against it.
    Advice,
    /// The call may succeed, but leaves something behind.
    Order,
    /// Data or connections are lost.
    Loss,
    /// No public source says. Take it for refused, and say that this is not certain.
    Unknown,
}

impl Effect {
    /// `refused`, `state`, `advice`, `order`, `loss` or `unknown`.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Refused { .. } => "refused",
            Self::State(_) => "state",
            Self::Advice => "advice",
            Self::Order => "order",
            Self::Loss => "loss",
            Self::Unknown => "unknown",
        }
    }

    /// The name of the error or of the state.
    #[must_use]
    pub fn name(self) -> Option<&'static str> {
        match self {
            Self::Refused { error } => error,
            Self::State(state) => Some(state),
            _ => None,
        }
    }

    /// What the code says, in plain words.
    #[must_use]
    pub fn meaning(self) -> &'static str {
        match self {
            Self::Refused { .. } => "the cluster answers an error",
            Self::State(_) => "a state that does not replicate",
            Self::Advice => "works, but is advised against",
            Self::Order => "leaves something behind",
            Self::Loss => "data or connections are lost",
            Self::Unknown => "not known",
        }
    }
}

/// The code, and where there is one, the error's name or the state: `refused: xMVIPNotPaired`.
impl fmt::Display for Effect {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())?;
        self.name().iter().try_for_each(|name| write!(f, ": {name}"))
    }
}

/// A listing that a rule needs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Need {
    /// Of which cluster.
    pub side: Side,
    /// Which listing.
    pub listing: Listing,
}

/// One of the two clusters that a rule is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Side {
    /// The cluster of the finding's subject; in a check, the one that the call is sent to.
    Here,
    /// The cluster that it is paired with, or that made the key.
    Remote,
}

/// What a cluster tells about itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Listing {
    /// The answer to GetClusterInfo.
    ClusterInfo,
    /// The answer to ListClusterPairs.
    ClusterPairs,
    /// The answer to ListActivePairedVolumes; any listing of all active volumes has it too.
    PairedVolumes,
    /// The answer to ListVolumes: volumes that are not paired, too.
    Volumes,
}

impl Listing {
    /// The method whose answer it is.
    #[must_use]
    pub fn method(self) -> &'static str {
        match self {
            Self::ClusterInfo => "GetClusterInfo",
            Self::ClusterPairs => "ListClusterPairs",
            Self::PairedVolumes => "ListActivePairedVolumes",
            Self::Volumes => "ListVolumes",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_has_four_texts() {
        for row in TABLE {
            assert_eq!(
                row.texts.lines().filter(|text| !text.is_empty()).count(),
                4,
                "{}",
                row.texts
            );
        }
    }
}
