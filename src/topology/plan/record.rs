//! [`Record`]: what a run did, as far as it is known, and what was there before.

use alloc::{string::String, vec::Vec};

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{
    super::report::known,
    goal::two,
    members::{At, GoalError, Wrong, boolean, number, read_whole, text},
};
use crate::api::{Access, ErrorName, ReplicationMode};

/// What a run did, as far as it is known, and what was there before: enough to undo it
/// ([`Goal::Undo`](super::Goal::Undo)), or to go on after it and to know the pending pair that it may
/// have left ([`Topology::plan_after`](super::super::Topology::plan_after)). No keys are in it.
///
/// It is for the next plan, and the record of that plan's run for the one after: it begins with what
/// still matters of this one.
///
/// As JSON it is an array of [`Entry`]s. Who wants to survive the end of the process writes
/// [`Run::entry`](super::Run::entry) down before a request is sent and after it was answered, one
/// behind the other, and collects them from there.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Record(pub(super) Vec<Entry>);

/// What became of one call.
///
/// ```json
/// {"step": 1, "cluster": "xsm6", "method": "StartVolumePairing", "state": "unknown",
///  "before": {"volumes": [{"cluster": "xsm6", "volumeID": 24, "access": "readWrite"},
///      {"cluster": "bgn0", "volumeID": 8, "access": "readWrite"}], "paired": false},
///  "pending": {"volumeID": 24}}
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    pub(super) step: u64,
    pub(super) cluster: String,
    pub(super) method: String,
    pub(super) state: EntryState,
    /// What it changes, as it was.
    pub(super) before: Option<Wish>,
    /// The pending pair that it made.
    pub(super) pending: Option<Pending>,
}

/// What became of a call.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EntryState {
    /// It was sent, and no answer came that could be read: neither done nor undone.
    Unknown,
    /// It was done.
    Done,
    /// The cluster answered an error; its name, if it has one.
    Refused(Option<ErrorName>),
}

impl EntryState {
    /// `unknown`, `done` or `refused`.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown",
            Self::Done => "done",
            Self::Refused(_) => "refused",
        }
    }
}

/// How a pair is to be, or was.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Wish {
    Clusters {
        clusters: [String; 2],
        paired: bool,
    },
    Volumes {
        ends: [WishedEnd; 2],
        paired: bool,
        mode: Option<ReplicationMode>,
        paused: Option<bool>,
    },
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct WishedEnd {
    pub cluster: String,
    pub volume_id: u64,
    /// None: as it is.
    pub access: Option<Access>,
}

/// How to know a pending pair again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Pending {
    Cluster { uuid: Option<String>, listed: Vec<u64> },
    Volume { volume_id: u64, uuid: Option<String> },
}

impl Record {
    /// Reads a record from JSON.
    ///
    /// # Errors
    ///
    /// [`GoalError`] with the place in the record.
    pub fn read(text: &str) -> Result<Self, GoalError> {
        read_whole(text, Self::read_at)
    }

    pub(super) fn read_at(at: &At<'_>) -> Result<Self, Wrong> {
        at.items(Entry::read_at).map(Self::from_iter)
    }

    /// Its entries, in the order of the calls.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.0
    }
}

/// Of entries that were written down before a call was sent and after it was answered, the second
/// counts.
impl FromIterator<Entry> for Record {
    fn from_iter<I: IntoIterator<Item = Entry>>(entries: I) -> Self {
        let mut all: Vec<Entry> = Vec::new();
        for entry in entries {
            if let Some(last) = all.last()
                && last.state == EntryState::Unknown
                && last.step > 0
                && (last.step, &last.cluster, &last.method)
                    == (entry.step, &entry.cluster, &entry.method)
            {
                all.pop();
            }
            all.push(entry);
        }
        Self(all)
    }
}

impl Entry {
    /// Reads an entry from JSON.
    ///
    /// # Errors
    ///
    /// [`GoalError`] with the place in the entry.
    pub fn read(text: &str) -> Result<Self, GoalError> {
        read_whole(text, Self::read_at)
    }

    fn read_at(at: &At<'_>) -> Result<Self, Wrong> {
        at.object(&["step", "cluster", "method", "state", "error", "before", "pending"])?;
        let state = at.required("state")?;
        let error = at.get_if("error", text)?;
        Ok(Self {
            step: at.get("step", number)?,
            cluster: at.get("cluster", text)?,
            method: at.get("method", text)?,
            state: match &*text(&state)? {
                "unknown" => EntryState::Unknown,
                "done" => EntryState::Done,
                "refused" => EntryState::Refused(error.as_deref().map(ErrorName::from)),
                _ => return state.wrong("unknown, done or refused"),
            },
            before: at.get_if("before", Wish::read)?,
            pending: at.get_if("pending", Pending::read)?,
        })
    }

    /// The number of the step in its plan, from 1; 0 for a step of an earlier one.
    #[must_use]
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The cluster that it was sent to, by its unique ID, name or MVIP.
    #[must_use]
    pub fn cluster(&self) -> &str {
        &self.cluster
    }

    /// The method that was called.
    #[must_use]
    pub fn method(&self) -> &str {
        &self.method
    }

    /// What became of it.
    #[must_use]
    pub fn state(&self) -> &EntryState {
        &self.state
    }

    /// Whether it may have changed something.
    pub(super) fn may_be_done(&self) -> bool {
        !matches!(self.state, EntryState::Refused(_))
    }
}

impl Wish {
    /// What it is about.
    pub(super) fn key(&self) -> [(&str, Option<u64>); 2] {
        match self {
            Self::Clusters { clusters, .. } => clusters.each_ref().map(|name| (&**name, None)),
            Self::Volumes { ends, .. } => {
                ends.each_ref().map(|end| (&*end.cluster, Some(end.volume_id)))
            }
        }
    }

    fn read(at: &At<'_>) -> Result<Self, Wrong> {
        at.object(&["clusters", "volumes", "paired", "mode", "paused"])?;
        let paired = at.get("paired", boolean)?;
        if let Some(clusters) = at.member("clusters") {
            return Ok(Self::Clusters { clusters: two(&clusters)?, paired });
        }
        let volumes = at.required("volumes")?;
        let Ok(ends) = <[WishedEnd; 2]>::try_from(volumes.items(WishedEnd::read)?) else {
            return volumes.wrong("two volumes");
        };
        let mode = at.get_if("mode", text)?;
        let mode = mode.as_deref().map(ReplicationMode::from);
        let paused = at.get_if("paused", boolean)?;
        Ok(Self::Volumes { ends, paired, mode, paused })
    }
}

impl WishedEnd {
    fn read(at: &At<'_>) -> Result<Self, Wrong> {
        at.object(&["cluster", "volumeID", "access"])?;
        let access = at.get_if("access", text)?;
        Ok(Self {
            cluster: at.get("cluster", text)?,
            volume_id: at.get("volumeID", number)?,
            access: access.as_deref().map(Access::from),
        })
    }
}

impl Pending {
    fn read(at: &At<'_>) -> Result<Self, Wrong> {
        at.object(&["clusterPairUUID", "listed", "volumeID", "volumePairUUID"])?;
        let uuid = |name| at.get_if(name, text);
        if let Some(volume_id) = at.member("volumeID") {
            return Ok(Self::Volume {
                volume_id: number(&volume_id)?,
                uuid: uuid("volumePairUUID")?,
            });
        }
        let listed = at.required("listed")?.items(number)?;
        Ok(Self::Cluster { uuid: uuid("clusterPairUUID")?, listed })
    }
}

impl Serialize for Record {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

impl Serialize for Entry {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("step", &self.step)?;
        map.serialize_entry("cluster", &self.cluster)?;
        map.serialize_entry("method", &self.method)?;
        map.serialize_entry("state", self.state.code())?;
        if let EntryState::Refused(error) = &self.state {
            known(&mut map, "error", error)?;
        }
        known(&mut map, "before", &self.before)?;
        known(&mut map, "pending", &self.pending)?;
        map.end()
    }
}

impl Serialize for Wish {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Clusters { clusters, paired } => {
                map.serialize_entry("clusters", clusters)?;
                map.serialize_entry("paired", paired)?;
            }
            Self::Volumes { ends, paired, mode, paused } => {
                map.serialize_entry("volumes", ends)?;
                map.serialize_entry("paired", paired)?;
                known(&mut map, "mode", mode)?;
                known(&mut map, "paused", paused)?;
            }
        }
        map.end()
    }
}

impl Serialize for WishedEnd {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("cluster", &self.cluster)?;
        map.serialize_entry("volumeID", &self.volume_id)?;
        known(&mut map, "access", &self.access)?;
        map.end()
    }
}

impl Serialize for Pending {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        match self {
            Self::Cluster { uuid, listed } => {
                known(&mut map, "clusterPairUUID", uuid)?;
                map.serialize_entry("listed", listed)?;
            }
            Self::Volume { volume_id, uuid } => {
                map.serialize_entry("volumeID", volume_id)?;
                known(&mut map, "volumePairUUID", uuid)?;
            }
        }
        map.end()
    }
}
