//! Wishes about two volumes -> steps.

use alloc::{sync::Arc, vec, vec::Vec};
use core::mem;

use super::{
    super::{Finding, Listing, Part, Rule, UuidText},
    draft::{Draft, Ends, Place, Unit, Unknown},
    leftovers::is_pending_volume,
    record::{Wish, WishedEnd},
    step::Task,
    world::World,
};
use crate::api::{
    Access, ClusterPairStatus, ModifyVolume, ModifyVolumePair, RemoteReplication, RemoveVolumePair,
    ReplicationMode, ReplicationState, StartVolumePairing, VolumeStatus,
};

impl Draft<'_, '_> {
    /// The volume pairs between two clusters, each with its ends; in the order of the first
    /// cluster's volumes. Pending pairings are not among them.
    pub fn between(&self, a: usize, b: usize) -> Vec<Ends> {
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

    /// Sees to it that two volumes are paired, or not, and as they are to be.
    pub fn volumes(
        &mut self,
        ends: [Place; 2],
        access: [Option<Access>; 2],
        paired: bool,
        mode: Option<&ReplicationMode>,
        paused: Option<bool>,
    ) -> Result<(), Unknown> {
        let [here, there] = ends;
        let mode = mode.cloned().map(ReplicationMode::canonical);
        let mode = mode.as_ref();
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
        let is_now_target = |end| self.world.access(end) == Some(&Access::ReplicationTarget);
        let is_turned = match &access {
            [None, None] => is_now_target(here) && !is_now_target(there),
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
            if source_access.is_some() && self.world.access(source) != source_access.as_ref() {
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
            let through = self.world.pairs(source.0, target.0);
            if through.iter().any(|(pair, _)| pair.status == Some(ClusterPairStatus::Connected)) {
                self.sources.push(source);
            }
        }
        Ok(())
    }

    /// Ends a volume pair on the ends that list it.
    pub fn unpair_volumes(&mut self, ends: Ends) -> Result<(), Unknown> {
        let [here, there] = ends;
        let mut listed = vec![];
        listed.extend(here);
        listed.extend(there);
        self.world.load(&listed);
        self.unit = Unit::None;
        if let [Some(here), Some(there)] = ends {
            self.unit = Unit::New(self.state([here, there], true)?);
        }
        for end in listed {
            self.remove_volume_pair(end, "The pairing of a volume is ended on both clusters.")?;
        }
        Ok(())
    }

    pub fn remove_volume_pair(&mut self, end: Place, why: &'static str) -> Result<(), Unknown> {
        let (site, volume_id) = end;
        let subject = self.volume_subject(end);
        // The call ends all pairings of the volume.
        let others = self.world.volume_pairs(end).len();
        if others > 1 {
            let values = [("pairs", (others as u64).into())];
            let rule = Rule::VolumePairedMoreThanOnce;
            self.forbid(vec![Finding::new(rule, subject, values)], vec![]);
            return Ok(());
        }
        let task = Task::RemoveVolumePair(RemoveVolumePair { volume_id });
        self.push(site, task, subject, why).map(|_| ())
    }

    /// How two volumes are now, as a wish.
    pub fn state(&self, ends: [Place; 2], paired: bool) -> Result<Wish, Unknown> {
        let [here, there] = ends;
        let end = |(site, volume_id): Place| -> Result<_, Unknown> {
            let access = self.world.access((site, volume_id)).cloned();
            Ok(WishedEnd { cluster: (*self.address(site)?).into(), volume_id, access })
        };
        let replications = ends.map(|end| self.world.replication(end));
        let mode = replications.iter().find_map(|it| (*it)?.mode.as_ref());
        let pauses = |it: &Option<&RemoteReplication<'_>>| {
            it.and_then(|it| it.state.as_ref()).is_some_and(is_paused)
        };
        let paused = paired.then(|| replications.iter().any(pauses));
        let mode = mode.filter(|_| paired).cloned();
        Ok(Wish::Volumes { ends: [end(here)?, end(there)?], paired, mode, paused })
    }

    /// Whether a volume is listed as paired with the other of these two.
    fn lists(&self, (site, id): Place, source: Place, target: Place) -> bool {
        let other = if (site, id) == source { target } else { source };
        let Some(here) = self.world.site(site) else { return false };
        self.world.volume_pairs((site, id)).iter().any(|pair| {
            let link = pair.cluster_pair_id.and_then(|id| here.pair(id));
            // Where the cluster pair is gone already, nothing says where it led to.
            let leads = link.is_none_or(|(_, link)| link.cluster == Some(other.0));
            leads && pair.remote_volume_id == Some(other.1)
        })
    }

    /// Sets accesses that differ, those that end writing before those that begin it.
    fn accesses(&mut self, wanted: [(Place, Option<Access>); 2]) -> Result<(), Unknown> {
        let begins = |(_, access): &(_, Option<Access>)| *access == Some(Access::ReadWrite);
        let [one, two] = wanted;
        let wanted = if begins(&one) && !begins(&two) { [two, one] } else { [one, two] };
        for ((site, volume_id), access) in wanted {
            if access.is_none() || self.world.access((site, volume_id)) == access.as_ref() {
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

    fn grow(&mut self, source: Place, target: Place) -> Result<(), Unknown> {
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
    ) -> Result<(), Unknown> {
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

    pub fn mode(
        &mut self,
        source: Place,
        target: Place,
        mode: Option<&ReplicationMode>,
    ) -> Result<(), Unknown> {
        let Some(mode) = mode else { return Ok(()) };
        let of = |end| self.world.replication(end)?.mode.as_ref();
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
    ) -> Result<Option<ReplicationState>, Unknown> {
        let of = |end| self.world.replication(end)?.state.clone();
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

    pub fn wait_for_sources(&mut self) {
        let mut sources: Vec<_> = mem::take(&mut self.sources).into_iter().enumerate().collect();
        sources.sort_unstable_by_key(|&(place, (site, _))| (site, place));
        for of_site in sources.chunk_by(|(_, a), (_, b)| a.0 == b.0) {
            let Some(&(_, (site, _))) = of_site.first() else { continue };
            let volumes = of_site.iter().map(|(_, (_, id))| *id).collect();
            self.unit = Unit::None;
            let subject = self.subject(site, Part::Cluster);
            let why = "With source and target in place, replication begins within minutes.";
            // Nothing stands against a question.
            let _ = self.push(site, Task::Replicating(volumes), subject, why);
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
            return self.want(Rule::VolumePairOneSided, other.index(), Listing::Volumes);
        }
        let other = silent.map(|site| ("other", Arc::clone(site.name()).into()));
        let finding = Finding::new(Rule::VolumePairOneSided, end.subject(), other);
        self.forbid(vec![finding], vec![]);
    }
}

fn is_paused(state: &ReplicationState) -> bool {
    [ReplicationState::PausedManual, ReplicationState::PausedManualRemote].contains(state)
}

/// Whether two volumes are paired with each other, on both sides.
pub(super) fn together(world: &World<'_, '_>, here: Place, there: Place) -> bool {
    world.volume_pairs(here).iter().any(|one| {
        one.remote_volume_id == Some(there.1)
            && world.volume_pairs(there).iter().any(|two| {
                two.remote_volume_id == Some(here.1)
                    && one.volume_pair_uuid.eq_ignore_ascii_case(&two.volume_pair_uuid)
            })
    })
}
