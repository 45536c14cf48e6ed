//! Which calls reach a goal, in which order.
//!
//! [`Topology::plan`] makes a [`Plan`] of a [`Goal`]: calls in an order in which each is safe, with
//! what is lost by them; or the [`Report`] of what forbids it. [`Plan::run`] carries it out, without
//! any I/O: it says what is to be sent, and takes the answers.
//!
//! ```
//! use element_pairing::topology::{Cluster, Topology, plan::{Goal, StepState}};
//!
//! let site = |name: &str, mvip: &str| format!(r#"
//!     {{"id": "GetClusterInfo", "result": {{"clusterInfo":
//!         {{"name": "{name}", "uniqueID": "{name}", "mvip": "{mvip}"}}}}}}
//!     {{"id": "ListClusterPairs", "result": {{"clusterPairs": []}}}}
//! "#);
//! let listings = [site("aaaa", "192.0.2.10"), site("bbbb", "198.51.100.10")];
//! let clusters = listings.iter().map(|text| Cluster::read(text));
//! let topology = clusters.collect::<Result<Topology, _>>()?;
//!
//! let goal = Goal::read(r#"{"goal": "pair_clusters", "clusters": ["aaaa", "bbbb"]}"#)?;
//! let plan = topology.plan(&goal)?;
//! let methods: Vec<_> = plan.steps().iter().map(|step| step.method()).collect();
//! assert_eq!(
//!     methods,
//!     ["StartClusterPairing", "CompleteClusterPairing", "ListClusterPairs", "ListClusterPairs"]
//! );
//!
//! let mut run = plan.run();
//! while let Some(call) = run.next_call() {
//!     // Wait for call.delay_ms, and POST call.request to call.cluster.
//!     # let send = |_: &_| -> Option<String> { None };
//!     let outcome = match send(&call) {
//!         Some(response) => run.answer(&response),
//!         None => run.lost(),
//!     };
//!     if let Err(stopped) = outcome {
//!         println!("{stopped}. {}", stopped.help());
//!     }
//! }
//! assert_eq!(run.states().next().unwrap().1, StepState::Unknown);
//! // For the next plan, made of fresh listings; written down, it outlives the process.
//! let record = run.record().clone();
//! let again = topology.plan_after(&goal, &record)?;
//! # assert_eq!(again.steps().len(), 4);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Order
//!
//! Clusters are paired before volumes, and both ends of every volume pair are unpaired before the
//! cluster pair is. A target is grown before it is one. Of two accesses that change, the one that ends
//! writing is changed first: there are never two writers where there was one (seen with Cinder; the
//! user guide has the other order). Each step was checked, as [`Topology::check`] does, against what
//! the steps before it lead to: what it is marked with is what that finds harmful.
//!
//! # Interrupted
//!
//! A run may end anywhere: a new plan for the same goal, made of fresh listings, reaches it. No step
//! is assumed done or undone. The one thing that listings cannot tell is whose a pending pair is:
//! [`Topology::plan_after`] knows those that the run left from its [`Record`], and removes them first.
//!
//! Source: API reference; user guide; seen with Cinder.

use alloc::{string::ToString, vec::Vec};
use core::{error::Error, fmt};

use serde::{Serialize, Serializer, ser::SerializeMap};

use self::{draft::Draft, record::Wish, step::Numbered};
pub use self::{
    goal::{Goal, PendingPair, VolumePlace, Volumes, VolumesToPair},
    members::GoalError,
    record::{Entry, EntryState, Record},
    run::{Cause, NextCall, Run, StepState, Stopped},
    step::{Fill, Step, Wait},
};
use super::{Name, Report, Topology, Verdict};

mod clusters;
mod draft;
mod goal;
mod leftovers;
mod members;
mod reach;
mod record;
mod run;
mod step;
mod volumes;
mod world;

/// Steps that reach a goal, in their order. None if it is reached already.
///
/// `Display` writes them for people. As JSON (`Serialize`), with the requests ready to be sent but for
/// what `fill` says that an earlier step returns:
///
/// ```json
/// {
///   "steps": [{
///     "step": 2,
///     "cluster": {"name": "site-b", "uniqueID": "bgn0", "mvip": "198.51.100.10"},
///     "subject": {"kind": "cluster", "cluster": {"name": "site-b"}},
///     "method": "CompleteClusterPairing",
///     "request": {"method": "CompleteClusterPairing", "params": {"clusterPairingKey": ""}, "id": 2},
///     "fill": {"member": "clusterPairingKey", "step": 1, "result": "clusterPairingKey"},
///     "why": "It completes the cluster pair with the key of the other cluster.",
///     "loses": false,
///     "marks": []
///   }, {
///     "step": 3,
///     "method": "ListClusterPairs",
///     "request": {"method": "ListClusterPairs", "params": {}, "id": 3},
///     "fill": {"member": "clusterPairID", "step": 1, "result": "clusterPairID"},
///     "wait": {"everyMs": 1000, "times": 60, "member": "status", "until": ["Connected"]}
///   }],
///   "report": {"verdict": "clear", "findings": [], "unchecked": []}
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    steps: Vec<Step>,
    /// What the steps change, as it is.
    before: Vec<Wish>,
    report: Report,
    /// What still matters of the run before.
    earlier: Record,
}

impl Plan {
    /// The steps, in their order.
    #[must_use]
    pub fn steps(&self) -> &[Step] {
        &self.steps
    }

    /// What the plan leaves as it is, what is advised against, and what is not certain, because it
    /// was not seen.
    #[must_use]
    pub fn report(&self) -> &Report {
        &self.report
    }

    /// Begins to carry it out.
    #[must_use]
    pub fn run(self) -> Run {
        Run::new(self)
    }
}

impl fmt::Display for Plan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.steps.len() {
            0 => f.write_str("Nothing to do.\n")?,
            1 => f.write_str("1 step.\n")?,
            count => writeln!(f, "{count} steps.")?,
        }
        for (index, step) in self.steps.iter().enumerate() {
            f.write_str("\n")?;
            step.write(f, index + 1)?;
        }
        if self.report != Report::default() {
            write!(f, "\nBesides: {}", self.report)?;
        }
        Ok(())
    }
}

impl Serialize for Plan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let steps: Vec<_> =
            self.steps.iter().enumerate().map(|(index, step)| Numbered(index + 1, step)).collect();
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("steps", &steps)?;
        map.serialize_entry("report", &self.report)?;
        map.end()
    }
}

/// Why there is no plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum NoPlan {
    /// Not exactly one of the given clusters has this unique ID, name or MVIP.
    UnknownCluster {
        /// What was asked for; empty for a given cluster that nothing tells from the others.
        cluster: Name,
    },
    /// What stands against the goal, and what has to be seen first: every step that a cluster would
    /// refuse, or might.
    Forbidden(Report),
}

impl NoPlan {
    /// `unknown_cluster`, `forbidden`, or `unseen` where nothing forbids the plan but that something
    /// was not seen.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownCluster { .. } => "unknown_cluster",
            Self::Forbidden(report) if report.verdict() == Verdict::Unknown => "unseen",
            Self::Forbidden(_) => "forbidden",
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn help(&self) -> &'static str {
        match self {
            Self::UnknownCluster { .. } => super::UnknownCluster.help(),
            Self::Forbidden(report) if report.verdict() == Verdict::Unknown => {
                "Give the listings that are missing."
            }
            Self::Forbidden(_) => "Do for each finding what it says, and plan again.",
        }
    }
}

impl fmt::Display for NoPlan {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnknownCluster { cluster } => {
                write!(f, "{}: {cluster}", super::UnknownCluster)
            }
            Self::Forbidden(report) => write!(f, "there is no plan: {report}"),
        }
    }
}

impl Error for NoPlan {}

impl Serialize for NoPlan {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry("code", self.code())?;
        match self {
            Self::UnknownCluster { cluster } => {
                map.serialize_entry("cluster", cluster)?;
                map.serialize_entry("message", &self.to_string())?;
            }
            Self::Forbidden(report) => map.serialize_entry("report", report)?,
        }
        map.serialize_entry("help", self.help())?;
        map.end()
    }
}

impl Topology<'_> {
    /// The steps that reach a goal from here.
    ///
    /// Time grows with n log n, of volumes.
    ///
    /// # Errors
    ///
    /// [`NoPlan`], with all that forbids it.
    pub fn plan(&self, goal: &Goal) -> Result<Plan, NoPlan> {
        let mut draft = Draft::new(self);
        draft.reach(goal)?;
        draft.finish()
    }

    /// The same after a run that did not end well: the pending pairs that it left are removed first.
    ///
    /// The record counts for this plan alone: a pending pair that somebody makes later might be taken
    /// for the run's.
    ///
    /// # Errors
    ///
    /// [`NoPlan`], with all that forbids it.
    pub fn plan_after(&self, goal: &Goal, record: &Record) -> Result<Plan, NoPlan> {
        let mut draft = Draft::new(self);
        draft.clean(record)?;
        draft.carry(record);
        draft.reach(goal)?;
        draft.finish()
    }
}
