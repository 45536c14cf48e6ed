//! Wishes -> steps, in an order in which each is safe.

use alloc::{boxed::Box, sync::Arc, vec, vec::Vec};
use core::mem;

use super::{
    super::{
        ClusterName, Effect, Finding, Listing, Name, Part, Report, Rule, Severity, Site, Subject,
        Topology, Unchecked, Want,
    },
    NoPlan, Plan,
    record::{Record, Wish},
    step::{Step, Task},
    world::World,
};

/// A plan that grows.
pub(super) struct Draft<'t, 'a> {
    pub world: World<'t, 'a>,
    /// What each cluster is found by.
    addresses: Vec<Option<Arc<str>>>,
    pub steps: Vec<Step>,
    before: Vec<Wish>,
    /// What the next steps change, as it is: noted with the first of them.
    pub unit: Unit,
    /// What makes the plan impossible, and what has to be seen first.
    forbidden: (Vec<Finding>, Vec<Unchecked>),
    /// What the plan does not change, and what is not certain.
    told: (Vec<Finding>, Vec<Unchecked>),
    /// The sources that are to be replicated in the end.
    pub sources: Vec<Place>,
    /// What still matters of the run before.
    pub earlier: Record,
    /// What is forbidden is told and left out, and the rest is done.
    pub is_lenient: bool,
}

/// What the steps belong to that are added.
pub(super) enum Unit {
    /// To nothing that could be undone.
    None,
    /// To what is about to change, as it is.
    New(Wish),
    /// To what is noted already.
    Noted(usize),
}

/// The name of a cluster that is not given: small, for it is handed on through many functions.
pub(super) struct Unknown(Box<Name>);

impl Unknown {
    fn named(cluster: &str) -> Self {
        Self(Box::new(cluster.into()))
    }
}

impl From<Unknown> for NoPlan {
    fn from(Unknown(cluster): Unknown) -> Self {
        Self::UnknownCluster { cluster: *cluster }
    }
}

/// A volume of a cluster.
pub(super) type Place = (usize, u64);

/// The ends of a volume pair that are listed.
pub(super) type Ends = [Option<Place>; 2];

impl<'t, 'a> Draft<'t, 'a> {
    pub fn new(topology: &'t Topology<'a>) -> Self {
        let address = |site: Site<'_, '_>| {
            let ClusterName { unique_id, name, mvip } = &**site.name();
            [unique_id, name, mvip].into_iter().find_map(|name| {
                let name = name.as_ref()?.as_str();
                let is_it = topology.find(name)?.index() == site.index();
                is_it.then(|| Arc::from(name))
            })
        };
        Self {
            addresses: topology.sites().map(address).collect(),
            world: World::new(topology),
            steps: vec![],
            before: vec![],
            unit: Unit::None,
            earlier: Record::default(),
            forbidden: Default::default(),
            told: Default::default(),
            sources: vec![],
            is_lenient: false,
        }
    }

    pub fn finish(mut self) -> Result<Plan, NoPlan> {
        self.wait_for_sources();
        let (findings, unchecked) = self.forbidden;
        let forbidden = Report::new(findings, unchecked);
        if forbidden != Report::default() {
            return Err(NoPlan::Forbidden(forbidden));
        }
        let (findings, unchecked) = self.told;
        let report = Report::new(findings, unchecked);
        Ok(Plan { steps: self.steps, before: self.before, report, earlier: self.earlier })
    }

    /// The cluster of this unique ID, name or MVIP.
    pub fn find(&self, cluster: &str) -> Result<usize, Unknown> {
        match self.world.seen().find(cluster) {
            Some(site) => Ok(site.index()),
            None => Err(Unknown::named(cluster)),
        }
    }

    /// What [`find`](Draft::find) finds the cluster by.
    pub fn address(&self, site: usize) -> Result<Arc<str>, Unknown> {
        let address = self.addresses.get(site).cloned().flatten();
        address.ok_or_else(|| Unknown::named(""))
    }

    pub fn tell(&mut self, finding: Finding) {
        self.told.0.push(finding);
    }

    pub fn tell_unchecked(&mut self, unchecked: Unchecked) {
        self.told.1.push(unchecked);
    }

    pub fn forbid(&mut self, findings: Vec<Finding>, unchecked: Vec<Unchecked>) {
        let to = if self.is_lenient { &mut self.told } else { &mut self.forbidden };
        to.0.extend(findings);
        to.1.extend(unchecked);
    }

    /// Without this listing there is no plan.
    pub fn want(&mut self, rule: Rule, site: usize, listing: Listing) {
        let Some(site) = self.world.seen().site(site) else { return };
        let want = Want { cluster: Arc::clone(site.name()), listing, member: None };
        let subject = site.subject(Part::Cluster);
        self.forbid(vec![], vec![Unchecked { rule, subject, want }]);
    }

    pub fn subject(&self, site: usize, part: Part) -> Subject {
        let cluster = self.world.site(site).map(|site| Arc::clone(site.name())).unwrap_or_default();
        Subject { cluster, part }
    }

    pub fn volume_subject(&self, (site, id): Place) -> Subject {
        let name = self.world.volume(site, id).and_then(|volume| volume.name.as_deref());
        self.subject(site, Part::Volume { id, name: name.map(Into::into) })
    }

    pub fn pair_subject(&self, site: usize, id: u64) -> Subject {
        match self.world.site(site).and_then(|site| Some((site, site.pair(id)?))) {
            Some((site, (pair, link))) => site.pair_subject(pair, link),
            None => self.subject(site, Part::ClusterPair { id, uuid: None, with: None }),
        }
    }

    /// What makes the task harmful now; none if it is forbidden.
    pub fn marks(&mut self, site: usize, task: &Task) -> Result<Option<Vec<Finding>>, Unknown> {
        let mut marks = vec![];
        let (mut findings, mut unchecked) = (vec![], vec![]);
        let cluster = self.address(site)?;
        if let Some(report) = self.world.check(&cluster, task) {
            let report = report.map_err(|_| Unknown::named(&cluster))?;
            for finding in report.findings() {
                match (finding.rule.effect(), finding.rule.severity()) {
                    (Effect::Advice, _) => self.told.0.push(finding.clone()),
                    // What follows from the order of the calls, the plan puts right itself.
                    (_, Severity::Advice) => {}
                    (Effect::Refused { .. } | Effect::Unknown, _) => findings.push(finding.clone()),
                    _ => marks.push(finding.clone()),
                }
            }
            for one in report.unchecked() {
                match (one.rule.effect(), one.rule.severity()) {
                    (Effect::Advice, _) => self.told.1.push(one.clone()),
                    (_, Severity::Advice) => {}
                    (Effect::Refused { .. } | Effect::Unknown, _) => unchecked.push(one.clone()),
                    _ => self.told.1.push(one.clone()),
                }
            }
        } else {
            unchecked.extend(self.key_untold(task));
        }
        let is_forbidden = !findings.is_empty() || !unchecked.is_empty();
        self.forbid(findings, unchecked);
        Ok((!is_forbidden).then_some(marks))
    }

    /// Forbids the plan, if anything stands against a task with this volume.
    pub fn judge(&mut self, volume: Place, task: &Task) -> Result<(), Unknown> {
        self.world.load(&[volume]);
        self.marks(volume.0, task).map(|_| ())
    }

    /// Adds a step, if nothing but harm that the step is marked with stands against it; returns
    /// its index.
    pub fn push(
        &mut self,
        site: usize,
        task: Task,
        subject: Subject,
        why: &'static str,
    ) -> Result<usize, Unknown> {
        let index = self.steps.len();
        let marks = match self.marks(site, &task)? {
            Some(marks) => marks,
            None if self.is_lenient => return Ok(index),
            None => vec![],
        };
        let (unit, address) = (self.note(), self.address(site)?);
        self.world.apply(site, &task);
        self.steps.push(Step { subject, why, marks, task, address, unit });
        Ok(index)
    }

    /// A key has the name, the unique ID and the MVIP of its cluster, which have to be known.
    fn key_untold(&self, task: &Task) -> Option<Unchecked> {
        let (rule, start) = match *task {
            Task::CompleteClusterPairing { start } => (Rule::ClusterKeyOfThisCluster, start),
            Task::CompleteVolumePairing { start, .. } => (Rule::VolumeKeyMvipNotPaired, start),
            _ => return None,
        };
        let subject = self.steps.get(start)?.subject.clone();
        let cluster = Arc::clone(&subject.cluster);
        Some(Unchecked {
            rule,
            subject,
            want: Want { cluster, listing: Listing::ClusterInfo, member: None },
        })
    }

    /// Notes how what is about to change is now.
    pub fn note(&mut self) -> Option<usize> {
        let index = match mem::replace(&mut self.unit, Unit::None) {
            Unit::None => return None,
            Unit::New(before) => {
                self.before.push(before);
                self.before.len() - 1
            }
            Unit::Noted(index) => index,
        };
        self.unit = Unit::Noted(index);
        Some(index)
    }

    /// Makes what a wish has come true.
    pub fn wish(&mut self, wish: &Wish) -> Result<(), Unknown> {
        match wish {
            Wish::Clusters { clusters: [a, b], paired } => {
                let (a, b) = (self.find(a)?, self.find(b)?);
                // Volume pairs that a run made are wishes of their own; others are not its affair.
                if *paired { self.pair_clusters(a, b) } else { self.unpair_clusters(a, b, false) }
            }
            Wish::Volumes { ends: [here, there], paired, mode, paused } => {
                let ends = [
                    (self.find(&here.cluster)?, here.volume_id),
                    (self.find(&there.cluster)?, there.volume_id),
                ];
                let access = [here.access.clone(), there.access.clone()];
                self.volumes(ends, access, *paired, mode.as_ref(), *paused)
            }
        }
    }
}
