//! [`Step`]: a call that a plan makes, or a state that it waits for.

use alloc::{
    format,
    string::{String, ToString},
    sync::Arc,
    vec::Vec,
};
use core::fmt;

use serde::{Serialize, Serializer, ser::SerializeMap};

use super::super::{
    ClusterName, Effect, Finding, Subject,
    report::{known, paragraph},
};
use crate::{
    api::{
        CompleteClusterPairing, CompleteVolumePairing, Json, ListClusterPairs, ListVolumes, Method,
        ModifyVolume, ModifyVolumePair, RemoveClusterPair, RemoveVolumePair, Request,
        StartClusterPairing, StartVolumePairing,
    },
    escape,
    secret::Secret,
};

/// A call that a plan makes, or a question that it repeats until a state is reached.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Step {
    /// What it is about, and with that the cluster that it is sent to.
    pub subject: Subject,
    /// Why it is done, in one sentence.
    pub why: &'static str,
    /// What stands against it and does not hinder it, such as what is lost: the findings that make a
    /// [check](super::super::Topology::check) of the call harmful at that moment.
    pub marks: Vec<Finding>,
    pub(super) task: Task,
    /// What the cluster is known by, from one listing to the next.
    pub(super) address: Arc<str>,
    /// Which of the states before it changes.
    pub(super) unit: Option<usize>,
}

/// What is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Task {
    StartClusterPairing {
        /// The cluster pairs that were listed before: another one that is pending afterwards, if the
        /// answer is lost, is the one that was started.
        listed: Vec<u64>,
    },
    CompleteClusterPairing {
        start: usize,
    },
    RemoveClusterPair(RemoveClusterPair),
    StartVolumePairing(StartVolumePairing),
    CompleteVolumePairing {
        volume_id: u64,
        start: usize,
    },
    RemoveVolumePair(RemoveVolumePair),
    ModifyVolume(ModifyVolume),
    ModifyVolumePair(ModifyVolumePair),
    /// Until the cluster pair is Connected.
    Connected(PairId),
    /// Until these volumes, which are sources, are replicated.
    Replicating(Vec<u64>),
}

/// The ID of a cluster pair.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PairId {
    Known(u64),
    /// What the step of this index returns.
    Of(usize),
}

/// A value that a step's request lacks, because an earlier step returns it. `Display` says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fill {
    /// The member of the request's `params`; of a wait: the ID of the object to look at.
    pub member: &'static str,
    /// The number of the step that returns the value.
    pub step: usize,
    /// The member of that step's result.
    pub result: &'static str,
}

/// How a question is repeated. `Display` says it: `status is Connected; ask every 1 s, …`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Wait {
    /// Between two questions, in milliseconds.
    pub every_ms: u32,
    /// How many questions at most. One whose answer shows that things move on (a state that
    /// [makes progress](crate::api::StateClass::Progress)) does not count.
    pub times: u32,
    /// The member of the answer's objects that is looked at.
    pub member: &'static str,
    /// What it has to be.
    pub until: &'static [&'static str],
    /// Of the cluster pair of this ID, if it is known and not to be [filled](Step::fill) in; else of
    /// every volume that is asked for.
    pub cluster_pair_id: Option<u64>,
}

impl Wait {
    /// Clients are seen to try for a minute.
    pub(super) const CONNECTED: Self = Self {
        every_ms: 1_000,
        times: 60,
        member: "status",
        until: &["Connected"],
        cluster_pair_id: None,
    };
    /// A change of direction takes up to a minute on each side. Who paused it by hand wants it so.
    pub(super) const REPLICATING: Self = Self {
        every_ms: 2_000,
        times: 60,
        member: "state",
        until: &["Active", "Idle", "PausedManual", "PausedManualRemote"],
        cluster_pair_id: None,
    };
}

/// The text of a request in which nothing is missing but what [`Step::fill`] says.
fn json<M: Method>(number: usize, params: M) -> Secret {
    Request::new(number as i64, params).write()
}

impl Step {
    /// The cluster that the request is sent to.
    #[must_use]
    pub fn cluster(&self) -> &Arc<ClusterName> {
        &self.subject.cluster
    }

    /// The name of the method that is called.
    #[must_use]
    pub fn method(&self) -> &'static str {
        match &self.task {
            Task::StartClusterPairing { .. } => StartClusterPairing::NAME,
            Task::CompleteClusterPairing { .. } => CompleteClusterPairing::NAME,
            Task::RemoveClusterPair(_) => RemoveClusterPair::NAME,
            Task::StartVolumePairing(_) => StartVolumePairing::NAME,
            Task::CompleteVolumePairing { .. } => CompleteVolumePairing::NAME,
            Task::RemoveVolumePair(_) => RemoveVolumePair::NAME,
            Task::ModifyVolume(_) => ModifyVolume::NAME,
            Task::ModifyVolumePair(_) => ModifyVolumePair::NAME,
            Task::Connected(_) => ListClusterPairs::NAME,
            Task::Replicating(_) => ListVolumes::NAME,
        }
    }

    /// What the request lacks, if anything.
    #[must_use]
    pub fn fill(&self) -> Option<Fill> {
        let (member, start, result) = match self.task {
            Task::CompleteClusterPairing { start } => {
                ("clusterPairingKey", start, "clusterPairingKey")
            }
            Task::CompleteVolumePairing { start, .. } => {
                ("volumePairingKey", start, "volumePairingKey")
            }
            Task::Connected(PairId::Of(start)) => ("clusterPairID", start, "clusterPairID"),
            _ => return None,
        };
        Some(Fill { member, step: start + 1, result })
    }

    /// How the request is repeated, if it is a question.
    #[must_use]
    pub fn wait(&self) -> Option<Wait> {
        match self.task {
            Task::Connected(PairId::Known(id)) => {
                Some(Wait { cluster_pair_id: Some(id), ..Wait::CONNECTED })
            }
            Task::Connected(PairId::Of(_)) => Some(Wait::CONNECTED),
            Task::Replicating(_) => Some(Wait::REPLICATING),
            _ => None,
        }
    }

    /// Whether data is overwritten or sessions end.
    #[must_use]
    pub fn loses(&self) -> bool {
        self.marks.iter().any(|mark| mark.rule.effect() == Effect::Loss)
    }

    /// The request, ready to be sent, as the step of this number, from 1. A key that an earlier step
    /// returns ([`fill`](Step::fill)) is an empty string.
    #[must_use]
    pub fn request(&self, number: usize) -> String {
        self.filled(number, &mut None).expose().to_string()
    }

    /// The request with the key.
    pub(super) fn filled(&self, number: usize, key: &mut Option<Secret>) -> Secret {
        let mut key = || key.take().unwrap_or_else(|| "".into());
        match &self.task {
            Task::StartClusterPairing { .. } => json(number, StartClusterPairing),
            Task::CompleteClusterPairing { .. } => {
                json(number, CompleteClusterPairing { cluster_pairing_key: key() })
            }
            Task::RemoveClusterPair(params) => json(number, *params),
            Task::StartVolumePairing(params) => json(number, params.clone()),
            &Task::CompleteVolumePairing { volume_id, .. } => {
                json(number, CompleteVolumePairing { volume_id, volume_pairing_key: key() })
            }
            Task::RemoveVolumePair(params) => json(number, *params),
            Task::ModifyVolume(params) => json(number, params.clone()),
            Task::ModifyVolumePair(params) => json(number, params.clone()),
            Task::Connected(_) => json(number, ListClusterPairs),
            Task::Replicating(volumes) => {
                let volume_ids = Some(volumes.clone());
                json(number, ListVolumes { volume_ids, ..ListVolumes::default() })
            }
        }
    }

    /// Writes the step for people.
    pub(super) fn write(&self, f: &mut fmt::Formatter<'_>, number: usize) -> fmt::Result {
        let cluster = self.cluster();
        let mvip = cluster.mvip.as_ref().filter(|_| cluster.name.is_some());
        let mvip = mvip.map(|mvip| format!(", {mvip}")).unwrap_or_default();
        paragraph(f, &format!("{number}"), &format!("{} to {cluster}{mvip}", self.method()))?;
        paragraph(f, "  About", &self.subject.to_string())?;
        paragraph(f, "  Why", self.why)?;
        let request = self.request(number);
        paragraph(f, "  Send", &escape(&request).to_string())?;
        if let Some(fill) = self.fill() {
            paragraph(f, "  With", &fill.to_string())?;
        }
        if let Some(wait) = self.wait() {
            paragraph(f, "  Until", &wait.to_string())?;
        }
        for mark in &self.marks {
            let label = if mark.rule.effect() == Effect::Loss { "  LOSS" } else { "  Note" };
            paragraph(f, label, &format!("{mark} ({})", mark.rule))?;
        }
        Ok(())
    }
}

impl fmt::Display for Fill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { member, step, result } = self;
        write!(f, "{member}: the {result} of step {step}")
    }
}

impl fmt::Display for Wait {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { every_ms, times, member, until, cluster_pair_id } = self;
        f.write_str(member)?;
        if let Some(id) = cluster_pair_id {
            write!(f, " of cluster pair {id}")?;
        }
        let (until, seconds) = (until.join(" or "), every_ms / 1_000);
        write!(f, " is {until}; ask every {seconds} s, {times} times at most")
    }
}

/// A step with its number.
pub(super) struct Numbered<'s>(pub usize, pub &'s Step);

impl Serialize for Numbered<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(number, step) = self;
        let request = step.request(*number);
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("step", number)?;
        map.serialize_entry("cluster", &**step.cluster())?;
        map.serialize_entry("subject", &step.subject)?;
        map.serialize_entry("method", step.method())?;
        map.serialize_entry("request", &Parts(Json::written(&request)))?;
        known(&mut map, "fill", &step.fill())?;
        known(&mut map, "wait", &step.wait())?;
        map.serialize_entry("why", step.why)?;
        map.serialize_entry("loses", &step.loses())?;
        map.serialize_entry("marks", &step.marks)?;
        map.end()
    }
}

/// JSON, part by part, of a request: its numbers are IDs and sizes.
struct Parts<'a>(Json<'a>);

impl Serialize for Parts<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.0.as_str();
        match text.as_bytes() {
            [b'{', ..] => {
                serializer.collect_map(self.0.members().map(|(name, value)| (name, Parts(value))))
            }
            [b'[', ..] => serializer.collect_seq(self.0.items().map(Parts)),
            [b'"', ..] => serializer.serialize_str(&self.0.text()),
            [b't' | b'f', ..] => serializer.serialize_bool(text == "true"),
            _ => text.parse::<u64>().ok().serialize(serializer),
        }
    }
}

impl Serialize for Fill {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("member", self.member)?;
        map.serialize_entry("step", &self.step)?;
        map.serialize_entry("result", self.result)?;
        map.end()
    }
}

impl Serialize for Wait {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("everyMs", &self.every_ms)?;
        map.serialize_entry("times", &self.times)?;
        map.serialize_entry("member", self.member)?;
        map.serialize_entry("until", self.until)?;
        known(&mut map, "clusterPairID", &self.cluster_pair_id)?;
        map.end()
    }
}
