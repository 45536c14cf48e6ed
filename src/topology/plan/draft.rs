//! Wishes -> steps, in an order in which each is safe.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    sync::Arc,
    vec,
    vec::Vec,
};
use core::mem;

use super::{
    super::{
        Effect, Finding, Listing, Part, Report, Rule, Severity, Site, Subject, Topology, Unchecked,
        UuidText, Want, is_pending,
    },
    NoPlan, Plan,
    record::{Entry, Pending, Record, Wish, WishedEnd},
    step::{PairId, Step, Task},
    world::World,
};
use crate::api::{
    Access, ClusterPairStatus, ModifyVolume, ModifyVolumePair, RemoveClusterPair, RemoveVolumePair,
    ReplicationMode, ReplicationState, StartVolumePairing, Volume, VolumePair, VolumeStatus,
};

/// A plan that grows.
pub(super) struct Draft<'t, 'a> {
    pub world: World<'t, 'a>,
    steps: Vec<Step>,
    before: Vec<Wish>,
    /// What the next steps change, as it is: noted with the first of them.
    unit: Unit,
    /// What makes the plan impossible, and what has to be seen first.
    forbidden: (Vec<Finding>, Vec<Unchecked>),
    /// What the plan does not change, and what is not certain.
    told: (Vec<Finding>, Vec<Unchecked>),
    /// The sources, by cluster, that are to be replicated in the end.
    sources: BTreeMap<usize, Vec<u64>>,
    /// What still matters of the run before.
    earlier: Record,
    /// What is forbidden is told and left out, and the rest is done.
    is_lenient: bool,
}

enum Unit {
    None,
    New(Wish),
    Noted(usize),
}

/// A volume of a cluster.
pub(super) type Place = (usize, u64);

impl<'t, 'a> Draft<'t, 'a> {
    pub fn new(topology: &'t Topology<'a>) -> Self {
        Self {
            world: World::new(topology),
            steps: vec![],
            before: vec![],
            unit: Unit::None,
            earlier: Record::default(),
            forbidden: Default::default(),
            told: Default::default(),
            sources: BTreeMap::new(),
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
    pub fn find(&self, cluster: &str) -> Result<usize, NoPlan> {
        match self.world.seen().find(cluster) {
            Some(site) => Ok(site.index),
            None => Err(NoPlan::UnknownCluster { cluster: cluster.into() }),
        }
    }

    /// What [`find`](Draft::find) finds the cluster by.
    pub fn address(&self, site: usize) -> Result<&'t str, NoPlan> {
        let topology = self.world.seen();
        let name = topology.site(site).map(|site| &**site.name);
        let names = name.into_iter().flat_map(|name| [&name.unique_id, &name.name, &name.mvip]);
        let mut names = names.flatten().map(|name| name.as_str());
        let is_it = |name: &&str| topology.find(name).is_some_and(|found| found.index == site);
        names.find(is_it).ok_or(NoPlan::UnknownCluster { cluster: "".into() })
    }

    pub fn tell(&mut self, finding: Finding) {
        self.told.0.push(finding);
    }

    pub fn forbid(&mut self, findings: Vec<Finding>, unchecked: Vec<Unchecked>) {
        let to = if self.is_lenient { &mut self.told } else { &mut self.forbidden };
        to.0.extend(findings);
        to.1.extend(unchecked);
    }

    /// Without this listing there is no plan.
    pub fn want(&mut self, rule: Rule, site: usize, listing: Listing) {
        let Some(site) = self.world.seen().site(site) else { return };
        let want = Want { cluster: Arc::clone(site.name), listing, member: None };
        let subject = site.subject(Part::Cluster);
        self.forbid(vec![], vec![Unchecked { rule, subject, want }]);
    }

    fn subject(&self, site: usize, part: Part) -> Subject {
        let cluster = self.world.site(site).map(|site| Arc::clone(site.name)).unwrap_or_default();
        Subject { cluster, part }
    }

    fn volume_subject(&self, (site, id): Place) -> Subject {
        let name = self.world.volume(site, id).and_then(|volume| volume.name.as_deref());
        self.subject(site, Part::Volume { id, name: name.map(Into::into) })
    }

    fn pair_subject(&self, site: usize, id: u64) -> Subject {
        match self.world.site(site).and_then(|site| Some((site, site.pair(id)?))) {
            Some((site, (pair, link))) => site.pair_subject(pair, link),
            None => self.subject(site, Part::ClusterPair { id, uuid: None, with: None }),
        }
    }

    /// What makes the task harmful now; none if it is forbidden.
    fn marks(&mut self, site: usize, task: &Task) -> Result<Option<Vec<Finding>>, NoPlan> {
        let mut marks = vec![];
        let (mut findings, mut unchecked) = (vec![], vec![]);
        if let Some(report) = self.world.check(self.address(site)?, task) {
            let report = report.unwrap_or_default();
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
    pub fn judge(&mut self, volume: Place, task: &Task) -> Result<(), NoPlan> {
        self.world.load(&[volume]);
        self.marks(volume.0, task).map(|_| ())
    }

    /// Adds a step, if nothing but harm that the step is marked with stands against it; returns
    /// its index.
    fn push(
        &mut self,
        site: usize,
        task: Task,
        subject: Subject,
        why: &'static str,
    ) -> Result<usize, NoPlan> {
        let index = self.steps.len();
        let marks = match self.marks(site, &task)? {
            Some(marks) => marks,
            None if self.is_lenient => return Ok(index),
            None => vec![],
        };
        let (unit, address) = (self.note(), self.address(site)?.into());
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
    fn note(&mut self) -> Option<usize> {
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

    /// Sees to it that two clusters are paired, or not.
    pub fn clusters(&mut self, [a, b]: [usize; 2], paired: bool) -> Result<(), NoPlan> {
        if paired { self.pair_clusters(a, b) } else { self.unpair_clusters(a, b) }
    }

    fn address_two(&self, a: usize, b: usize) -> Result<[String; 2], NoPlan> {
        Ok([self.address(a)?.into(), self.address(b)?.into()])
    }

    fn pair_clusters(&mut self, a: usize, b: usize) -> Result<(), NoPlan> {
        let clusters = self.address_two(a, b)?;
        self.unit = Unit::New(Wish::Clusters { clusters, paired: false });
        // What one side removed alone is in the way.
        for (site, other) in [(a, b), (b, a)] {
            if a != b && self.sees_pairs(other) {
                let alone = self.world.pairs(site, other);
                let alone = alone.filter(|(pair, link)| link.pair.is_none() && !is_pending(pair));
                let ids: Vec<_> = alone.map(|(pair, _)| pair.cluster_pair_id).collect();
                self.world.load(&[]);
                for id in ids {
                    self.remove_cluster_pair(site, id, "The other cluster removed it already.")?;
                }
            }
        }
        let both: Vec<_> = [(a, b), (b, a)]
            .into_iter()
            .flat_map(|(site, other)| {
                let pairs = self.world.pairs(site, other);
                let pairs = pairs.filter(|(pair, _)| !is_pending(pair));
                pairs.map(move |(pair, _)| (site, pair.cluster_pair_id, pair.status.clone()))
            })
            .collect();
        if !both.is_empty() && a != b {
            for (site, id, status) in both {
                if status.is_some_and(|status| status != ClusterPairStatus::Connected) {
                    self.connected(site, PairId::Known(id))?;
                }
            }
            return Ok(());
        }
        let pairs = self.world.site(a).into_iter().flat_map(Site::pairs);
        let listed = pairs.map(|(pair, _)| pair.cluster_pair_id).collect();
        let subject = self.subject(a, Part::Cluster);
        let start = self.push(
            a,
            Task::StartClusterPairing { listed },
            subject,
            "It makes a pairing key and a pending cluster pair.",
        )?;
        let subject = self.subject(b, Part::Cluster);
        let complete = self.push(
            b,
            Task::CompleteClusterPairing { start },
            subject,
            "It completes the cluster pair with the key of the other cluster.",
        )?;
        self.connected(a, PairId::Of(start))?;
        self.connected(b, PairId::Of(complete))
    }

    /// Which pairs there are between two clusters, both have to tell.
    pub fn see(&mut self, site: usize) {
        let seen = self.world.seen().site(site);
        for (rule, listing) in [
            (Rule::ClusterPairOneSided, Listing::ClusterPairs),
            (Rule::VolumePairOneSided, Listing::PairedVolumes),
        ] {
            if seen.is_some_and(|site| !site.sees(listing)) {
                self.want(rule, site, listing);
            }
        }
    }

    /// The ID of the other volume, as this end has it.
    pub fn remote_id(&self, (site, id): Place) -> Option<u64> {
        self.world.volume(site, id)?.pairs().first()?.remote_volume_id
    }

    /// Forbids the plan: a volume pair of which one end is listed.
    pub fn one_sided(&mut self, (index, id): Place) {
        let Some(site) = self.world.seen().site(index) else { return };
        let Some((volume, pair)) =
            site.volume(id).and_then(|volume| Some((volume, volume.pairs().first()?)))
        else {
            return;
        };
        let end = site.end(volume, pair);
        let silent = end.leads_to().and_then(|other| self.world.seen().site(other));
        if let Some(other) = silent.filter(|other| !other.sees(Listing::Volumes)) {
            return self.want(Rule::VolumePairOneSided, other.index, Listing::Volumes);
        }
        let other = silent.map(|site| ("other", Arc::clone(site.name).into()));
        let finding = Finding::new(Rule::VolumePairOneSided, end.subject(), other);
        self.forbid(vec![finding], vec![]);
    }

    /// Keeps what matters of the run before for the record of the next.
    pub fn carry(&mut self, record: &Record) {
        let entries = record.0.iter().filter(|entry| entry.may_be_done());
        let kept = entries.cloned().map(|entry| {
            let pending = entry.pending.filter(|pending| self.is_left(&entry.cluster, pending));
            Entry { step: 0, pending, ..entry }
        });
        let kept = kept.filter(|entry| entry.before.is_some() || entry.pending.is_some());
        self.earlier = Record(kept.collect());
    }

    fn sees_pairs(&self, site: usize) -> bool {
        self.world.site(site).is_some_and(|site| site.sees(Listing::ClusterPairs))
    }

    fn connected(&mut self, site: usize, id: PairId) -> Result<(), NoPlan> {
        let subject = match id {
            PairId::Known(id) => self.pair_subject(site, id),
            PairId::Of(_) => self.subject(site, Part::Cluster),
        };
        let why = "A cluster pair is of use when both of its clusters list it as Connected.";
        self.push(site, Task::Connected(id), subject, why).map(|_| ())
    }

    fn remove_cluster_pair(
        &mut self,
        site: usize,
        id: u64,
        why: &'static str,
    ) -> Result<(), NoPlan> {
        let subject = self.pair_subject(site, id);
        let task = Task::RemoveClusterPair(RemoveClusterPair { cluster_pair_id: id });
        self.push(site, task, subject, why).map(|_| ())
    }

    fn unpair_clusters(&mut self, a: usize, b: usize) -> Result<(), NoPlan> {
        for site in [a, b] {
            self.see(site);
        }
        let sides = if a == b { vec![(a, b)] } else { vec![(a, b), (b, a)] };
        let mut through = vec![];
        for &(site, other) in &sides {
            let pairs = self.world.pairs(site, other);
            let pairs = pairs.filter(|(pair, link)| !is_pending(pair) || link.pair.is_some());
            through.extend(pairs.map(|(pair, _)| (site, pair.cluster_pair_id)));
        }
        if through.is_empty() {
            return Ok(());
        }
        for ends in self.between(a, b) {
            self.unpair_volumes(ends)?;
        }
        let of: BTreeSet<_> = through.iter().copied().collect();
        let mut left = vec![];
        for &(site, _) in &sides {
            let ids = self.world.volumes(site).filter(|volume| {
                let is_through = |pair: &VolumePair<'_>| {
                    pair.cluster_pair_id.is_some_and(|id| of.contains(&(site, id)))
                };
                volume.volume_pairs.is_none() || volume.pairs().iter().any(is_through)
            });
            left.extend(ids.map(|volume| (site, volume.volume_id)));
        }
        // Pending pairings that belong to the cluster pair hold it too.
        for &(site, id) in &left {
            if self.world.volume(site, id).is_some_and(|volume| volume.volume_pairs.is_some()) {
                self.unpair_volumes([Some((site, id)), None])?;
            }
        }
        self.world.load(&left);
        self.unit = Unit::None;
        // A pair that one side lists alone cannot be made again.
        if sides.iter().all(|(site, _)| through.iter().any(|(listing, _)| listing == site)) {
            let clusters = self.address_two(a, b)?;
            self.unit = Unit::New(Wish::Clusters { clusters, paired: true });
        }
        for (site, id) in through {
            self.remove_cluster_pair(site, id, "It is removed on both of its clusters.")?;
        }
        Ok(())
    }

    /// The volume pairs between two clusters, each with its ends; in the order of the first
    /// cluster's volumes. Pending pairings are not among them.
    pub fn between(&self, a: usize, b: usize) -> Vec<[Option<Place>; 2]> {
        let mut ends = vec![];
        for (side, (index, other)) in [(a, b), (b, a)].into_iter().enumerate() {
            let Some(site) = self.world.seen().site(index) else { continue };
            for volume in self.world.volumes(index) {
                for pair in volume.pairs() {
                    let link = pair.cluster_pair_id.and_then(|id| site.pair(id));
                    let leads = link.is_some_and(|(_, link)| link.cluster == Some(other))
                        && !is_pending_volume(pair, None);
                    let uuid = UuidText(&pair.volume_pair_uuid);
                    ends.push((uuid, side, (index, volume.volume_id), leads));
                }
            }
        }
        ends.sort_unstable();
        let mut between = vec![];
        for ends in ends.chunk_by(|(one, ..), (two, ..)| one == two) {
            if ends.iter().any(|(.., leads)| *leads) {
                let of = |wanted| {
                    let of = ends.iter().filter(move |(_, side, ..)| *side == wanted);
                    of.map(|(_, _, place, _)| *place)
                };
                let (mut here, mut there) = (of(0), of(1));
                loop {
                    match [here.next(), there.next()] {
                        [None, None] => break,
                        ends => between.push(ends),
                    }
                }
            }
        }
        between.sort_unstable_by_key(|&[here, there]| (here.is_none(), here, there));
        between
    }

    /// How two volumes are now, as a wish.
    fn state(&self, ends: [Place; 2], paired: bool) -> Result<Wish, NoPlan> {
        let [here, there] = ends;
        let end = |(site, volume_id): Place| -> Result<_, NoPlan> {
            let access = self.world.volume(site, volume_id).and_then(|it| it.access.clone());
            Ok(WishedEnd { cluster: self.address(site)?.into(), volume_id, access })
        };
        let replications = ends.map(|(site, id)| {
            let pair = self.world.volume(site, id).and_then(|volume| volume.pairs().first());
            pair.and_then(|pair| pair.remote_replication.clone())
        });
        let mode = replications.iter().flatten().find_map(|it| it.mode.clone());
        let mut states = replications.iter().flatten().filter_map(|it| it.state.as_ref());
        let paused = paired.then(|| states.any(is_paused));
        let mode = mode.filter(|_| paired);
        Ok(Wish::Volumes { ends: [end(here)?, end(there)?], paired, mode, paused })
    }

    /// Ends a volume pair on the ends that list it.
    pub fn unpair_volumes(&mut self, ends: [Option<Place>; 2]) -> Result<(), NoPlan> {
        let ends: Vec<_> = ends.into_iter().flatten().collect();
        self.world.load(&ends);
        self.unit = Unit::None;
        if let [here, there] = *ends {
            self.unit = Unit::New(self.state([here, there], true)?);
        }
        for end in ends {
            self.remove_volume_pair(end, "The pairing of a volume is ended on both clusters.")?;
        }
        Ok(())
    }

    fn remove_volume_pair(&mut self, end: Place, why: &'static str) -> Result<(), NoPlan> {
        let (site, volume_id) = end;
        let subject = self.volume_subject(end);
        // The call ends all pairings of the volume.
        let others = self.world.volume(site, volume_id).map_or(0, |volume| volume.pairs().len());
        if others > 1 {
            let values = [("pairs", (others as u64).into())];
            let rule = Rule::VolumePairedMoreThanOnce;
            self.forbid(vec![Finding::new(rule, subject, values)], vec![]);
            return Ok(());
        }
        let task = Task::RemoveVolumePair(RemoveVolumePair { volume_id });
        self.push(site, task, subject, why).map(|_| ())
    }

    /// Sees to it that two volumes are paired, or not, and as they are to be.
    pub fn volumes(
        &mut self,
        ends: [Place; 2],
        access: [Option<Access>; 2],
        paired: bool,
        mode: Option<&ReplicationMode>,
        paused: Option<bool>,
    ) -> Result<(), NoPlan> {
        let [here, there] = ends;
        let is_together = |world: &World<'_, '_>| together(world, here, there);
        if paired && !is_together(&self.world) && here.0 != there.0 {
            self.pair_clusters(here.0, there.0)?;
        }
        self.world.load(&ends);
        let was_together = is_together(&self.world);
        self.unit = Unit::New(self.state(ends, was_together)?);
        let steps = self.steps.len();
        // A pair that had no target keeps the one that it got: there would be two writers.
        let writes = |access: &Option<Access>| *access == Some(Access::ReadWrite);
        let access = if paired && access.iter().all(writes) { [None, None] } else { access };
        let is_target = |access: &Option<Access>| *access == Some(Access::ReplicationTarget);
        let now = |(site, id): Place| self.world.volume(site, id).and_then(|it| it.access.clone());
        let is_turned = match &access {
            [None, None] => is_target(&now(here)) && !is_target(&now(there)),
            [one, two] => is_target(one) && !is_target(two),
        };
        let [(source, source_access), (target, target_access)] = match access {
            [one, two] if is_turned => [(there, two), (here, one)],
            [one, two] => [(here, one), (there, two)],
        };
        if !paired {
            for end in [source, target] {
                if self.lists(end, source, target) {
                    let why = "The pairing of a volume is ended on both clusters.";
                    self.remove_volume_pair(end, why)?;
                }
            }
            return self.accesses([(target, target_access), (source, source_access)]);
        }
        if is_target(&target_access) {
            self.grow(source, target)?;
        }
        if !was_together {
            for end in [source, target] {
                if self.lists(end, source, target) {
                    self.remove_volume_pair(end, "The other cluster ended the pair already.")?;
                }
            }
            let has = self.world.volume(source.0, source.1).and_then(|it| it.access.as_ref());
            if source_access.is_some() && has != source_access.as_ref() {
                self.accesses([(target, target_access.clone()), (source, source_access.clone())])?;
            }
            self.pair_volumes(source, target, mode)?;
        }
        self.accesses([(target, target_access.clone()), (source, source_access.clone())])?;
        self.mode(source, target, mode)?;
        let state = self.pause(source, target, paused)?;
        let is_active = |(site, id): Place| {
            let status = self.world.volume(site, id).and_then(|volume| volume.status.as_ref());
            status.is_none_or(|status| *status == VolumeStatus::Active)
        };
        let has_direction = source_access == Some(Access::ReadWrite) && is_target(&target_access);
        let is_waiting = state == Some(ReplicationState::PausedMisconfigured);
        let has_changed = self.steps.len() > steps;
        if has_direction && (has_changed || is_waiting) && is_active(source) && is_active(target) {
            let mut through = self.world.pairs(source.0, target.0);
            if through.any(|(pair, _)| pair.status == Some(ClusterPairStatus::Connected)) {
                self.sources.entry(source.0).or_default().push(source.1);
            }
        }
        Ok(())
    }

    /// Whether a volume is listed as paired with the other of these two.
    fn lists(&self, (site, id): Place, source: Place, target: Place) -> bool {
        let other = if (site, id) == source { target } else { source };
        let Some(here) = self.world.site(site) else { return false };
        let pairs = self.world.volume(site, id).map(Volume::pairs).unwrap_or_default();
        pairs.iter().any(|pair| {
            let link = pair.cluster_pair_id.and_then(|id| here.pair(id));
            // Where the cluster pair is gone already, nothing says where it led to.
            let leads = link.is_none_or(|(_, link)| link.cluster == Some(other.0));
            leads && pair.remote_volume_id == Some(other.1)
        })
    }

    /// Sets accesses that differ, those that end writing before those that begin it.
    fn accesses(&mut self, wanted: [(Place, Option<Access>); 2]) -> Result<(), NoPlan> {
        let begins = |access: &Option<Access>| *access == Some(Access::ReadWrite);
        let (last, first): (Vec<_>, Vec<_>) =
            wanted.into_iter().partition(|(_, access)| begins(access));
        for ((site, volume_id), access) in first.into_iter().chain(last) {
            let has = self.world.volume(site, volume_id).and_then(|it| it.access.as_ref());
            if access.is_none() || has == access.as_ref() {
                continue;
            }
            let why = match access {
                Some(Access::ReplicationTarget) => "It becomes the target.",
                Some(Access::ReadWrite) => {
                    "It becomes readWrite, when no other volume of its pair is."
                }
                _ => "It gets back the access that it had.",
            };
            let subject = self.volume_subject((site, volume_id));
            let task = Task::ModifyVolume(ModifyVolume { volume_id, access, total_size: None });
            self.push(site, task, subject, why)?;
        }
        Ok(())
    }

    fn grow(&mut self, source: Place, target: Place) -> Result<(), NoPlan> {
        let size = |(site, id)| self.world.volume(site, id).and_then(|volume| volume.total_size);
        let (Some(wanted), Some(has)) = (size(source), size(target)) else { return Ok(()) };
        if wanted <= has {
            return Ok(());
        }
        let subject = self.volume_subject(target);
        let (site, volume_id) = target;
        let total_size = Some(wanted);
        let task = Task::ModifyVolume(ModifyVolume { volume_id, access: None, total_size });
        let why = "A target has to be as large as its source; it cannot be made smaller again.";
        self.push(site, task, subject, why).map(|_| ())
    }

    fn pair_volumes(
        &mut self,
        source: Place,
        target: Place,
        mode: Option<&ReplicationMode>,
    ) -> Result<(), NoPlan> {
        let task = Task::StartVolumePairing(StartVolumePairing {
            mode: mode.cloned(),
            volume_id: source.1,
        });
        let subject = self.volume_subject(source);
        let why = "It makes a pairing key for the source, and a pending pair.";
        let start = self.push(source.0, task, subject, why)?;
        let task = Task::CompleteVolumePairing { volume_id: target.1, start };
        let subject = self.volume_subject(target);
        let why = "It completes the pair with the key of the source.";
        self.push(target.0, task, subject, why).map(|_| ())
    }

    fn mode(
        &mut self,
        source: Place,
        target: Place,
        mode: Option<&ReplicationMode>,
    ) -> Result<(), NoPlan> {
        let Some(mode) = mode else { return Ok(()) };
        let of = |(site, id): Place| {
            let pair = self.world.volume(site, id)?.pairs().first()?;
            pair.remote_replication.as_ref()?.mode.as_ref()
        };
        if of(source).or_else(|| of(target)) == Some(mode) {
            return Ok(());
        }
        let (site, volume_id) = source;
        let params = ModifyVolumePair { volume_id, mode: Some(mode.clone()), paused_manual: None };
        let subject = self.volume_subject(source);
        let why = "The mode is set on the source.";
        self.push(site, Task::ModifyVolumePair(params), subject, why).map(|_| ())
    }

    /// Returns the state that the source shows.
    fn pause(
        &mut self,
        source: Place,
        target: Place,
        paused: Option<bool>,
    ) -> Result<Option<ReplicationState>, NoPlan> {
        let of = |(site, id): Place| {
            let pair = self.world.volume(site, id)?.pairs().first()?;
            pair.remote_replication.as_ref()?.state.clone()
        };
        let (here, there) = (of(source), of(target));
        let manual = Some(ReplicationState::PausedManual);
        let remote = Some(ReplicationState::PausedManualRemote);
        let at_source = here == manual || there == remote && here != remote;
        let at_target = there == manual || here == remote;
        let ends: &[Place] = match paused {
            Some(true) if !at_source && !at_target => &[source],
            Some(false) => match (at_source, at_target) {
                (true, true) => &[source, target],
                (true, false) => &[source],
                (false, true) => &[target],
                (false, false) => &[],
            },
            _ => &[],
        };
        for &(site, volume_id) in ends {
            let params = ModifyVolumePair { volume_id, mode: None, paused_manual: paused };
            let subject = self.volume_subject((site, volume_id));
            let why = if paused == Some(true) {
                "Replication is paused on the source."
            } else {
                "Replication is resumed where it was paused."
            };
            self.push(site, Task::ModifyVolumePair(params), subject, why)?;
        }
        Ok(here.filter(|_| ends.is_empty()))
    }

    fn wait_for_sources(&mut self) {
        for (site, volumes) in mem::take(&mut self.sources) {
            self.unit = Unit::None;
            let subject = self.subject(site, Part::Cluster);
            let why = "With source and target in place, replication begins within minutes.";
            // Nothing stands against a question.
            let _ = self.push(site, Task::Replicating(volumes), subject, why);
        }
    }

    /// Makes what a wish has come true.
    pub fn wish(&mut self, wish: &Wish) -> Result<(), NoPlan> {
        match wish {
            Wish::Clusters { clusters: [a, b], paired } => {
                let clusters = [self.find(a)?, self.find(b)?];
                self.clusters(clusters, *paired)
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

    /// Removes the pending pairs that a run left, as its record knows them.
    pub fn clean(&mut self, record: &Record) -> Result<(), NoPlan> {
        for entry in record.0.iter().filter(|entry| entry.may_be_done()) {
            let Some(pending) = &entry.pending else { continue };
            let site = self.find(&entry.cluster)?;
            match pending {
                Pending::Cluster { uuid, listed } => {
                    match *self
                        .world
                        .site(site)
                        .map(|site| left(site, uuid, listed))
                        .unwrap_or_default()
                    {
                        [id] => self.remove_pending(site, id)?,
                        // Which of them is the run's, nobody knows.
                        ref several => several.iter().for_each(|id| self.tell_pending(site, *id)),
                    }
                }
                Pending::Volume { volume_id, uuid } => {
                    self.remove_pending_volume((site, *volume_id), uuid.as_deref())?;
                }
            }
        }
        Ok(())
    }

    /// Whether a run left this, as the listings show.
    fn is_left(&self, cluster: &str, pending: &Pending) -> bool {
        let Some(site) = self.world.seen().find(cluster) else { return true };
        match pending {
            Pending::Cluster { uuid, listed } => !left(site, uuid, listed).is_empty(),
            Pending::Volume { volume_id, uuid } => site.volume(*volume_id).is_some_and(|volume| {
                volume.pairs().iter().any(|pair| is_pending_volume(pair, uuid.as_deref()))
            }),
        }
    }

    fn tell_pending(&mut self, site: usize, id: u64) {
        let subject = self.pair_subject(site, id);
        self.tell(Finding::new(Rule::ClusterPairPending, subject, []));
    }

    /// Removes a cluster pair, if it is pending.
    pub fn remove_pending(&mut self, site: usize, id: u64) -> Result<(), NoPlan> {
        let pair = self.world.site(site).and_then(|site| site.pair(id));
        if pair.is_some_and(|(pair, _)| is_pending(pair)) {
            self.unit = Unit::None;
            self.world.load(&[]);
            self.remove_cluster_pair(site, id, "It is pending, and its key is lost.")?;
        }
        Ok(())
    }

    /// Ends a volume's pairing, if it is pending and has this UUID, if any.
    pub fn remove_pending_volume(&mut self, end: Place, uuid: Option<&str>) -> Result<(), NoPlan> {
        let pairs = self.world.volume(end.0, end.1).map(Volume::pairs).unwrap_or_default();
        if pairs.iter().any(|pair| is_pending_volume(pair, uuid)) {
            self.unit = Unit::None;
            self.world.load(&[end]);
            self.remove_volume_pair(end, "Its pairing is pending, and the key is lost.")?;
        }
        Ok(())
    }

    /// Removes what is one-sided or stopped for good, and tells what is left.
    pub fn repair(&mut self) -> Result<(), NoPlan> {
        let seen = self.world.seen();
        let sites: BTreeMap<_, _> =
            seen.sites().map(|site| (Arc::as_ptr(site.name), site.index)).collect();
        let lists = |draft: &Self, site: usize, id: u64| {
            draft.world.site(site).is_some_and(|site| site.pair(id).is_some())
        };
        let (mut ends, mut pairs) = (BTreeSet::new(), BTreeSet::new());
        for finding in seen.audit().findings() {
            let Some(&site) = sites.get(&Arc::as_ptr(&finding.subject.cluster)) else { continue };
            match (finding.rule, &finding.subject.part) {
                (
                    Rule::VolumePairOneSided | Rule::StoppedMisconfigured,
                    Part::VolumePair { id, .. },
                ) => {
                    ends.insert((site, *id));
                    ends.extend(self.other_end((site, *id)));
                }
                (Rule::ClusterPairOneSided, Part::ClusterPair { id, .. }) => {
                    pairs.insert((site, *id));
                }
                (Rule::ClusterPairPending, Part::ClusterPair { id, .. })
                    if lists(self, site, *id) =>
                {
                    self.tell(finding.clone());
                }
                (Rule::VolumePairPending, Part::VolumePair { id, .. })
                    if self.world.volume(site, *id).is_some_and(|it| !it.pairs().is_empty()) =>
                {
                    self.tell(finding.clone());
                }
                _ => {}
            }
        }
        self.unit = Unit::None;
        self.is_lenient = true;
        for &end in &ends {
            self.world.load(&[end]);
            self.remove_volume_pair(end, "Its pair is one-sided, or stopped for good.")?;
        }
        for &(site, id) in &pairs {
            let left = self.world.volumes(site).filter(|volume| {
                let is_through = |pair: &VolumePair<'_>| pair.cluster_pair_id == Some(id);
                volume.volume_pairs.is_none() || volume.pairs().iter().any(is_through)
            });
            let left: Vec<_> = left.map(|volume| (site, volume.volume_id)).collect();
            self.world.load(&left);
            self.remove_cluster_pair(site, id, "The other cluster does not list it.")?;
        }
        Ok(())
    }

    /// The other end of a volume's pair, if that lists it.
    fn other_end(&self, (index, id): Place) -> Option<Place> {
        let site = self.world.seen().site(index)?;
        let pair = site.volume(id)?.pairs().first()?;
        let other = (site.pair(pair.cluster_pair_id?)?.1.cluster?, pair.remote_volume_id?);
        together(&self.world, (index, id), other).then_some(other)
    }
}

/// The pending cluster pairs that a Start may have left.
fn left(site: Site<'_, '_>, uuid: &Option<String>, listed: &[u64]) -> Vec<u64> {
    let pending = site.pairs().map(|(pair, _)| pair).filter(|pair| is_pending(pair));
    let is_left = pending.filter(|pair| match (uuid, &pair.cluster_pair_uuid) {
        (Some(uuid), Some(listed)) => listed.eq_ignore_ascii_case(uuid),
        _ => !listed.contains(&pair.cluster_pair_id),
    });
    is_left.map(|pair| pair.cluster_pair_id).collect()
}

/// Whether a volume's pairing is pending, and has this UUID, if any.
fn is_pending_volume(pair: &VolumePair<'_>, uuid: Option<&str>) -> bool {
    let is_it = uuid.is_none_or(|uuid| pair.volume_pair_uuid.eq_ignore_ascii_case(uuid));
    is_it && pair.remote_volume_id.is_none_or(|id| id == 0)
}

fn is_paused(state: &ReplicationState) -> bool {
    [ReplicationState::PausedManual, ReplicationState::PausedManualRemote].contains(state)
}

/// Whether two volumes are paired with each other, on both sides.
fn together(world: &World<'_, '_>, here: Place, there: Place) -> bool {
    let pairs = |(site, id): Place| world.volume(site, id).map(Volume::pairs).unwrap_or_default();
    pairs(here).iter().any(|one| {
        one.remote_volume_id == Some(there.1)
            && pairs(there).iter().any(|two| {
                two.remote_volume_id == Some(here.1)
                    && one.volume_pair_uuid.eq_ignore_ascii_case(&two.volume_pair_uuid)
            })
    })
}
