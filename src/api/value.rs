//! Values that clusters name by a word. Newer versions may have more: what is not known is kept.

use alloc::boxed::Box;
use core::fmt;

use serde::{Serialize, Serializer};

use super::{
    read::{Reader, Value},
    write::{WriteValue, Writer},
};

macro_rules! words {
    (
        $(#[$meta:meta])*
        $enum:ident, compared by $same:path {
            $($(#[$doc:meta])* $word:ident $text:literal,)*
        }
    ) => {
        $(#[$meta])*
        #[derive(Clone)]
        #[non_exhaustive]
        pub enum $enum {
            $($(#[$doc])* $word,)*
            /// One that this version does not know, or another spelling of one that it knows: its
            /// text.
            Other(Box<str>),
        }

        impl $enum {
            /// All that this version knows.
            pub const KNOWN: &[Self] = &[$(Self::$word,)*];

            /// Whether this version knows the word, in any spelling that is read as one.
            #[must_use]
            pub fn is_known(&self) -> bool {
                Self::KNOWN.contains(self)
            }

            /// The word as a cluster writes it, or as it was read.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$word => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl From<&str> for $enum {
            fn from(text: &str) -> Self {
                match text {
                    $($text => Self::$word,)*
                    _ => Self::Other(text.into()),
                }
            }
        }

        impl PartialEq for $enum {
            fn eq(&self, other: &Self) -> bool {
                $same(self.as_str(), other.as_str())
            }
        }

        impl Eq for $enum {}

        /// Leaves the text out of what is not known: a cluster may have put anything there.
        impl fmt::Debug for $enum {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    $(Self::$word => stringify!($word),)*
                    Self::Other(_) => "Other(..)",
                })
            }
        }

        /// The word as a cluster writes it.
        impl fmt::Display for $enum {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl Serialize for $enum {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_str(self.as_str())
            }
        }

        impl<'a> Value<'a> for $enum {
            fn empty() -> Self {
                Self::Other(Box::default())
            }

            fn read(reader: &mut Reader<'a>) -> Option<Self> {
                reader.string().map(|word| Self::from(&*word))
            }
        }

        impl WriteValue for $enum {
            fn write(&self, writer: &mut Writer<'_>) {
                writer.string(self.as_str());
            }
        }
    };
}

words! {
    /// When a write to the source volume is acknowledged, and what is replicated.
    ///
    /// Compared in any letter case, so use `==` rather than a match: the API reference's example for
    /// ModifyVolumePair sends `sync`, and Ansible always lower case. One that was read keeps its
    /// spelling.
    ///
    /// ```
    /// use element_pairing::api::ReplicationMode;
    ///
    /// assert_eq!(ReplicationMode::from("sync"), ReplicationMode::Sync);
    /// assert_eq!(ReplicationMode::from("sync").as_str(), "sync");
    /// assert_eq!(ReplicationMode::Sync.as_str(), "Sync");
    /// assert!(!ReplicationMode::from("later").is_known());
    /// ```
    ///
    /// Source: API reference.
    ReplicationMode, compared by str::eq_ignore_ascii_case {
        /// Acknowledged when stored locally; the default.
        Async "Async",
        /// Acknowledged when stored on both clusters.
        Sync "Sync",
        /// Snapshots alone are replicated.
        SnapshotsOnly "SnapshotsOnly",
    }
}

impl ReplicationMode {
    /// In the spelling of clusters, if this version knows it.
    pub(crate) fn canonical(self) -> Self {
        Self::KNOWN.iter().find(|known| **known == self).cloned().unwrap_or(self)
    }
}

words! {
    /// Who may use a volume, and how. Of a volume pair one volume is the target
    /// ([`ReplicationTarget`](Access::ReplicationTarget)), the other the source
    /// ([`ReadWrite`](Access::ReadWrite)).
    ///
    /// Source: API reference, ModifyVolume.
    Access, compared by str::eq {
        /// Read only.
        ReadOnly "readOnly",
        /// Read and write: the source of a volume pair.
        ReadWrite "readWrite",
        /// Neither read nor write; setting it ends iSCSI sessions.
        Locked "locked",
        /// The target of a volume pair; setting it ends iSCSI sessions.
        ReplicationTarget "replicationTarget",
        /// The target of a SnapMirror relationship.
        SnapMirrorTarget "snapMirrorTarget",
    }
}

words! {
    /// What state a volume is in.
    ///
    /// Source: API reference, volume object.
    VolumeStatus, compared by str::eq {
        /// Being made.
        Init "init",
        /// In use.
        Active "active",
        /// Deleted, and not purged yet: it can be restored.
        Deleted "deleted",
    }
}

words! {
    /// How a cluster pair stands, as one of its clusters sees it.
    ///
    /// Source: API reference; `Connecting`: seen for seconds after pairing.
    ClusterPairStatus, compared by str::eq {
        /// Pending: a key was made and nobody completed the pair.
        Unconfigured "Unconfigured",
        /// On its way to [`Connected`](ClusterPairStatus::Connected).
        Connecting "Connecting",
        /// In order.
        Connected "Connected",
        /// The two sides do not fit, for one by their versions.
        Misconfigured "Misconfigured",
        /// The other cluster does not answer.
        Disconnected "Disconnected",
    }
}

words! {
    /// How the replication of a volume stands, as the volume's cluster sees it. The two ends of a
    /// pair are not to be compared: some states show on one end only.
    ///
    /// [`class`](ReplicationState::class), [`source_only`](ReplicationState::source_only) and
    /// [`help`](ReplicationState::help) say what a state means.
    ///
    /// Source: user guide.
    ReplicationState, compared by str::eq {
        /// Replicating.
        Active "Active",
        /// Nothing to replicate.
        Idle "Idle",
        /// Resuming: the clusters connect.
        ResumingConnected "ResumingConnected",
        /// Resuming: what the target lacks is found and sent.
        ResumingRrSync "ResumingRRSync",
        /// Resuming: what was written meanwhile is collected.
        ResumingLocalSync "ResumingLocalSync",
        /// Resuming: data is sent.
        ResumingDataTransfer "ResumingDataTransfer",
        /// Paused: the source gets more writes than QoS lets through to the target.
        PausedQos "PausedQoS",
        /// Paused: the link is too slow.
        PausedSlowLink "PausedSlowLink",
        /// Paused while the source serves a copy command.
        PausedXCopy "PausedXCopy",
        /// Paused: the connection between the clusters is lost.
        PausedDisconnected "PausedDisconnected",
        /// Paused: the target's cluster is full.
        PausedClusterFull "PausedClusterFull",
        /// Paused by somebody on this side.
        PausedManual "PausedManual",
        /// Paused by somebody on the other side.
        PausedManualRemote "PausedManualRemote",
        /// Paused: not one active source and one active target.
        PausedMisconfigured "PausedMisconfigured",
        /// Paused: the volumes' sizes do not fit.
        PausedVolumeSizeMismatch "PausedVolumeSizeMismatch",
        /// Paused: the volume has too many snapshots.
        PausedExceededMaxSnapshotCount "PausedExceededMaxSnapshotCount",
        /// Stopped: the other volume was purged or unpaired.
        StoppedMisconfigured "StoppedMisconfigured",
    }
}

/// What a [`ReplicationState`] asks for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum StateClass {
    /// Replication goes on, or is about to.
    Progress,
    /// It resumes when its cause ends, and the cause ends by itself.
    ResumesByItself,
    /// It resumes when its cause ends; whether somebody has to end it must be seen.
    WaitOrAct,
    /// Somebody has to do something.
    MustAct,
    /// It never resumes.
    ForGood,
}

impl StateClass {
    /// The class's name for programs; it never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::Progress => "progress",
            Self::ResumesByItself => "resumes_by_itself",
            Self::WaitOrAct => "wait_or_act",
            Self::MustAct => "must_act",
            Self::ForGood => "for_good",
        }
    }
}

impl ReplicationState {
    /// What the state asks for; none for a state that is not known.
    #[must_use]
    pub fn class(&self) -> Option<StateClass> {
        self.facts().map(|(class, _, _)| class)
    }

    /// Whether the state shows on the source's cluster only.
    #[must_use]
    pub fn source_only(&self) -> bool {
        self.facts().is_some_and(|(_, source_only, _)| source_only)
    }

    /// What to do, in one sentence.
    #[must_use]
    pub fn help(&self) -> &'static str {
        self.facts().map_or(
            "This version does not know the state: look it up in the user guide of the cluster's \
             version.",
            |(_, _, help)| help,
        )
    }

    /// Class, whether on the source only, help.
    fn facts(&self) -> Option<(StateClass, bool, &'static str)> {
        use StateClass::{ForGood, MustAct, Progress, ResumesByItself, WaitOrAct};
        let (either, source) = (false, true);
        Some(match self {
            Self::Active | Self::Idle => (Progress, either, "Nothing: replication works."),
            Self::ResumingConnected
            | Self::ResumingRrSync
            | Self::ResumingLocalSync
            | Self::ResumingDataTransfer => (Progress, either, "Wait until the state is Active."),
            Self::PausedQos => (
                ResumesByItself,
                source,
                "Wait; if it stays so, give the target the QoS settings of the source.",
            ),
            Self::PausedSlowLink => {
                (ResumesByItself, source, "Wait; if it stays so, look at the network's throughput.")
            }
            Self::PausedXCopy => (ResumesByItself, source, "Wait until the copy command ends."),
            Self::PausedDisconnected => {
                (WaitOrAct, either, "Check the network between the two clusters.")
            }
            Self::PausedClusterFull => (WaitOrAct, source, "Free space on the target's cluster."),
            Self::PausedManual => {
                (MustAct, either, "Resume it with ModifyVolumePair, pausedManual false.")
            }
            Self::PausedManualRemote => (
                MustAct,
                either,
                "Resume it with ModifyVolumePair, pausedManual false, on the other cluster.",
            ),
            Self::PausedMisconfigured => (
                MustAct,
                either,
                "See that both volumes are active, one readWrite and one replicationTarget; during \
                 a change of direction wait a minute.",
            ),
            Self::PausedVolumeSizeMismatch => {
                (MustAct, either, "Grow the target to the size of the source.")
            }
            Self::PausedExceededMaxSnapshotCount => {
                (MustAct, either, "Delete snapshots of the volume.")
            }
            Self::StoppedMisconfigured => {
                (ForGood, either, "Remove the volume pair and pair anew.")
            }
            Self::Other(_) => return None,
        })
    }
}

words! {
    /// The name of an API error.
    ///
    /// Source: seen with public clients and servers; clusters know many more.
    ErrorName, compared by str::eq {
        /// The clusters are paired already.
        PairingAlreadyExists "xPairingAlreadyExists",
        /// A key that is used, changed, of the wrong kind or of a cluster that is not paired.
        InvalidPairingKey "xInvalidPairingKey",
        /// The volume key's cluster is not paired, or not connected yet.
        MvipNotPaired "xMVIPNotPaired",
        /// The volume is paired already.
        VolumeAlreadyPaired "xVolumeAlreadyPaired",
        /// The volume is not paired.
        VolumeNotPaired "xVolumeNotPaired",
        /// There is no volume of that ID.
        VolumeIdDoesNotExist "xVolumeIDDoesNotExist",
        /// Volumes cannot be made smaller.
        VolumeShrinkProhibited "xVolumeShrinkProhibited",
        /// More than the cluster allows.
        ExceededLimit "xExceededLimit",
        /// A required parameter is missing.
        MissingParameter "xMissingParameter",
        /// A parameter's value is wrong.
        InvalidParameter "xInvalidParameter",
        /// A parameter's word is not known.
        UnrecognizedEnumString "xUnrecognizedEnumString",
        /// There is no method of that name.
        UnknownApiMethod "xUnknownAPIMethod",
        /// The user may not call the method.
        ApiNotPermitted "xAPINotPermitted",
        /// There is no such account.
        UnknownAccount "xUnknownAccount",
        /// The user name is taken.
        DuplicateUsername "xDuplicateUsername",
        /// Something else changed the cluster's data meanwhile: to be tried again, except for
        /// CompleteVolumePairing, whose key is used up.
        DbVersionMismatch "xDBVersionMismatch",
    }
}

impl ErrorName {
    /// The first word of a message that has the form of an error name.
    pub(super) fn in_message(message: &str) -> Option<Self> {
        let words = message.split(|character: char| !character.is_ascii_alphanumeric());
        let is_name = |word: &&str| {
            let [b'x', rest @ ..] = word.as_bytes() else { return false };
            matches!(rest, [b'A'..=b'Z', _, ..]) && rest.iter().any(u8::is_ascii_lowercase)
        };
        words.filter(is_name).map(Self::from).next()
    }
}
