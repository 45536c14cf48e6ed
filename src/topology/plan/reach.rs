//! A goal -> wishes.

use alloc::{string::String, vec, vec::Vec};

use super::{
    super::{Finding, Rule},
    Goal, PendingPair, Record, VolumePlace, Volumes,
    draft::{Draft, Ends, Place, Unknown},
    record::Wish,
    step::Task,
};
use crate::api::{Access, ModifyVolumePair, RemoveVolumePair, ReplicationMode, StartVolumePairing};

impl Draft<'_, '_> {
    pub fn reach(&mut self, goal: &Goal) -> Result<(), Unknown> {
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
                let mut directions: Vec<[Place; 2]> = vec![];
                for pair in pairs {
                    let ends = [self.place(&pair.source)?, self.place(&pair.target)?];
                    let [source, target] = ends;
                    if directions.binary_search(&[target, source]).is_ok() {
                        let subject = self.volume_subject(source);
                        let finding = Finding::new(Rule::VolumePairTwoTargets, subject, []);
                        self.forbid(vec![finding], vec![]);
                        continue;
                    }
                    if let Err(place) = directions.binary_search(&ends) {
                        directions.insert(place, ends);
                    }
                    let access = [Some(Access::ReadWrite), Some(Access::ReplicationTarget)];
                    self.volumes(ends, access, true, mode.as_ref(), None)?;
                }
                Ok(())
            }
            Goal::UnpairVolumes { clusters, volumes } => {
                let (between, others) = self.chosen(clusters, volumes)?;
                for end in others {
                    let task = Task::RemoveVolumePair(RemoveVolumePair { volume_id: end.1 });
                    self.judge(end, &task)?;
                }
                for ends in between {
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
    ) -> Result<(), Unknown> {
        for ends in self.whole(clusters, volumes)? {
            self.volumes(ends, [None, None], true, mode, paused)?;
        }
        Ok(())
    }

    /// The volume pairs that a goal names, with the ends that are listed; and the volumes that it
    /// names in vain.
    fn chosen(
        &mut self,
        clusters: &[String; 2],
        volumes: &Volumes,
    ) -> Result<(Vec<Ends>, Vec<Place>), Unknown> {
        let [a, b] = self.two(clusters)?;
        self.see_pairs(a, b);
        let mut between = self.between(a, b);
        let Volumes::These(ids) = volumes else { return Ok((between, vec![])) };
        let mut wanted: Vec<_> = ids.iter().map(|id| (*id, false)).collect();
        wanted.sort_unstable();
        wanted.dedup();
        between.retain(|ends| {
            let id = match *ends {
                [Some((_, id)), _] => Some(id),
                [None, there] => there.and_then(|there| self.remote_id(there)),
            };
            let place = id.and_then(|id| wanted.binary_search_by_key(&id, |(id, _)| *id).ok());
            let found = place.and_then(|place| wanted.get_mut(place));
            found.map(|(_, found)| *found = true).is_some()
        });
        let others = wanted.into_iter().filter(|(_, found)| !found);
        Ok((between, others.map(|(id, _)| (a, id)).collect()))
    }

    /// Those that are listed on both ends; the others forbid the plan.
    fn whole(
        &mut self,
        clusters: &[String; 2],
        volumes: &Volumes,
    ) -> Result<Vec<[Place; 2]>, Unknown> {
        let (between, others) = self.chosen(clusters, volumes)?;
        for (site, volume_id) in others {
            // Whether the volume is paired is what a change of nothing is checked for; with whom
            // else, what a pairing is.
            let volume = self.world.volume(site, volume_id);
            let task = if volume.is_some_and(|volume| !volume.pairs().is_empty()) {
                Task::StartVolumePairing(StartVolumePairing { volume_id, mode: None })
            } else {
                let (mode, paused_manual) = (None, None);
                Task::ModifyVolumePair(ModifyVolumePair { volume_id, mode, paused_manual })
            };
            self.judge((site, volume_id), &task)?;
        }
        let mut whole = vec![];
        for ends in between {
            match ends {
                [Some(here), Some(there)] => whole.push([here, there]),
                [Some(end), None] | [None, Some(end)] => self.one_sided(end),
                [None, None] => {}
            }
        }
        Ok(whole)
    }

    fn undo(&mut self, record: &Record) -> Result<(), Unknown> {
        let entries = record.entries().iter().filter(|entry| entry.may_be_done());
        let before = entries.filter_map(|entry| entry.before.as_ref());
        let mut wishes: Vec<_> = before.enumerate().collect();
        // What the first of several runs found is how it was.
        wishes.sort_unstable_by_key(|&(place, wish)| (wish.key(), place));
        wishes.dedup_by(|(_, a), (_, b)| a.key() == b.key());
        // Cluster pairs are made before the volume pairs in them, and removed after them.
        let class = |wish: &Wish| match wish {
            Wish::Clusters { paired: true, .. } => 0,
            Wish::Volumes { .. } => 1,
            Wish::Clusters { paired: false, .. } => 2,
        };
        wishes.sort_unstable_by_key(|&(place, wish)| (class(wish), place));
        wishes.into_iter().try_for_each(|(_, wish)| self.wish(wish))
    }

    fn two(&self, [a, b]: &[String; 2]) -> Result<[usize; 2], Unknown> {
        Ok([self.find(a)?, self.find(b)?])
    }

    fn place(&self, place: &VolumePlace) -> Result<Place, Unknown> {
        Ok((self.find(&place.cluster)?, place.volume_id))
    }
}
