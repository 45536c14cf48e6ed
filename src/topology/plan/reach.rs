//! A goal -> wishes.

use alloc::{
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec,
    vec::Vec,
};

use super::{
    super::{Finding, Rule},
    Goal, NoPlan, PendingPair, Record, VolumePlace, Volumes,
    draft::{Draft, Place},
    record::Wish,
    step::Task,
};
use crate::api::{Access, ModifyVolumePair, RemoveVolumePair, ReplicationMode};

impl Draft<'_, '_> {
    pub fn reach(&mut self, goal: &Goal) -> Result<(), NoPlan> {
        match goal {
            Goal::PairClusters { clusters } => {
                let [a, b] = self.two(clusters)?;
                self.pair_clusters(a, b)
            }
            Goal::UnpairClusters { clusters } => {
                let [a, b] = self.two(clusters)?;
                self.unpair_clusters(a, b, true)
            }
            Goal::PairVolumes { pairs, mode } => {
                let mut directions = BTreeSet::new();
                for pair in pairs {
                    let ends = [self.place(&pair.source)?, self.place(&pair.target)?];
                    let [source, target] = ends;
                    if directions.contains(&[target, source]) {
                        let subject = self.volume_subject(source);
                        let finding = Finding::new(Rule::VolumePairTwoTargets, subject, []);
                        self.forbid(vec![finding], vec![]);
                        continue;
                    }
                    directions.insert(ends);
                    let access = [Some(Access::ReadWrite), Some(Access::ReplicationTarget)];
                    self.volumes(ends, access, true, mode.as_ref(), None)?;
                }
                Ok(())
            }
            Goal::UnpairVolumes { clusters, volumes } => {
                let unpaired = |volume_id| Task::RemoveVolumePair(RemoveVolumePair { volume_id });
                for ends in self.chosen(clusters, volumes, unpaired)? {
                    self.unpair_volumes(ends)?;
                }
                Ok(())
            }
            Goal::Direction { source, target, volumes } => {
                let clusters = [source.clone(), target.clone()];
                let access = [Some(Access::ReadWrite), Some(Access::ReplicationTarget)];
                for ends in self.whole(&clusters, volumes)? {
                    self.volumes(ends, access.clone(), true, None, None)?;
                }
                Ok(())
            }
            Goal::SetMode { clusters, volumes, mode } => {
                self.replication(clusters, volumes, Some(mode), None)
            }
            Goal::Pause { clusters, volumes } => {
                self.replication(clusters, volumes, None, Some(true))
            }
            Goal::Resume { clusters, volumes } => {
                self.replication(clusters, volumes, None, Some(false))
            }
            Goal::Repair { pending } => {
                for pending in pending {
                    match pending {
                        PendingPair::Cluster { cluster, cluster_pair_id } => {
                            let site = self.find(cluster)?;
                            self.remove_pending(site, *cluster_pair_id)?;
                        }
                        PendingPair::Volume(place) => {
                            let end = self.place(place)?;
                            self.remove_pending_volume(end, None)?;
                        }
                    }
                }
                self.repair()
            }
            Goal::Undo { record } => {
                self.clean(record)?;
                self.undo(record)
            }
        }
    }

    /// Mode and pause of volume pairs.
    fn replication(
        &mut self,
        clusters: &[String; 2],
        volumes: &Volumes,
        mode: Option<&ReplicationMode>,
        paused: Option<bool>,
    ) -> Result<(), NoPlan> {
        for ends in self.whole(clusters, volumes)? {
            self.volumes(ends, [None, None], true, mode, paused)?;
        }
        Ok(())
    }

    /// The volume pairs that a goal names, with the ends that are listed.
    fn chosen(
        &mut self,
        clusters: &[String; 2],
        volumes: &Volumes,
        absent: impl Fn(u64) -> Task,
    ) -> Result<Vec<[Option<Place>; 2]>, NoPlan> {
        let [a, b] = self.two(clusters)?;
        self.see_pairs(a, b);
        let between = self.between(a, b);
        let Volumes::These(ids) = volumes else { return Ok(between) };
        let mut wanted: BTreeMap<u64, bool> = ids.iter().map(|id| (*id, false)).collect();
        let mut chosen = vec![];
        for ends in between {
            let id = match ends {
                [Some((_, id)), _] => Some(id),
                [None, there] => there.and_then(|there| self.remote_id(there)),
            };
            if let Some(found) = id.and_then(|id| wanted.get_mut(&id)) {
                *found = true;
                chosen.push(ends);
            }
        }
        for (id, _) in wanted.into_iter().filter(|(_, found)| !found) {
            self.judge((a, id), &absent(id))?;
        }
        Ok(chosen)
    }

    /// Those that are listed on both ends; the others forbid the plan.
    fn whole(
        &mut self,
        clusters: &[String; 2],
        volumes: &Volumes,
    ) -> Result<Vec<[Place; 2]>, NoPlan> {
        // Whether the volume is paired is what a change of nothing is checked for.
        let unpaired = |volume_id| {
            Task::ModifyVolumePair(ModifyVolumePair { volume_id, mode: None, paused_manual: None })
        };
        let mut whole = vec![];
        for ends in self.chosen(clusters, volumes, unpaired)? {
            match ends {
                [Some(here), Some(there)] => whole.push([here, there]),
                [Some(end), None] | [None, Some(end)] => self.one_sided(end),
                [None, None] => {}
            }
        }
        Ok(whole)
    }

    fn undo(&mut self, record: &Record) -> Result<(), NoPlan> {
        let entries = record.entries().iter().filter(|entry| entry.may_be_done());
        let before: Vec<_> = entries.filter_map(|entry| entry.before.as_ref()).collect();
        // What the first of several runs found is how it was.
        let mut wishes: Vec<&Wish> = Vec::with_capacity(before.len());
        let mut seen = BTreeSet::new();
        for wish in before {
            if seen.insert(wish.key()) {
                wishes.push(wish);
            }
        }
        // Cluster pairs are made before the volume pairs in them, and removed after them.
        wishes.sort_by_key(|wish| match wish {
            Wish::Clusters { paired: true, .. } => 0,
            Wish::Volumes { .. } => 1,
            Wish::Clusters { paired: false, .. } => 2,
        });
        wishes.into_iter().try_for_each(|wish| self.wish(wish))
    }

    fn two(&self, [a, b]: &[String; 2]) -> Result<[usize; 2], NoPlan> {
        Ok([self.find(a)?, self.find(b)?])
    }

    fn place(&self, place: &VolumePlace) -> Result<Place, NoPlan> {
        Ok((self.find(&place.cluster)?, place.volume_id))
    }
}
