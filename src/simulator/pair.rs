//! The five methods that pair volumes.

use alloc::{boxed::Box, string::String, vec::Vec};
use core::time::Duration;

use super::{
    At, ClusterPair, Remote, Simulator, Volume, VolumePair,
    answer::{Refusal, Reply, empty},
    cluster::decode,
    params::{Params, required},
};
use crate::{
    api::{Access, ClusterPairStatus, ReplicationMode, ReplicationState},
    key::{PairingKey, UnknownMembers, VolumePairingKey},
    topology::Rule,
};

impl Simulator {
    pub(super) fn start_volume_pairing(
        &mut self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let id = required("volumeID", params.integer("volumeID")?)?;
        let mode = self.mode(params)?;
        let volume = self.usable(at, id)?;
        if mode.is_some() {
            let is_source = volume.access == Access::ReadWrite;
            self.unless_allowed(Rule::ModeSetOnTarget, !is_source)?;
        }
        self.unpaired(volume)?;
        let pairs = || self.clusters[at].pairs.values();
        if !pairs().any(|pair| self.status(at, pair) == ClusterPairStatus::Connected) {
            self.known_status(at, pairs())?;
        }

        let (uuid, now) = (self.uuid(), self.now);
        let key = self.clusters[at].volume_key(id, uuid);
        if let Some(volume) = self.clusters[at].volumes.get_mut(&id) {
            volume.pairs.clear();
            let mode = mode.unwrap_or(ReplicationMode::Async);
            volume.pairs.push(VolumePair::new(uuid, None, mode, now));
        }
        let digits = key.encode();
        Ok(Box::new(move |_, result| result.text("volumePairingKey", digits.expose())))
    }

    pub(super) fn complete_volume_pairing(
        &mut self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let id = required("volumeID", params.integer("volumeID")?)?;
        let digits = required("volumePairingKey", params.secret("volumePairingKey")?)?;
        let volume = self.usable(at, id)?;
        self.unpaired(volume)?;
        let key = match decode(&digits) {
            Some(PairingKey::Volume(key)) => key,
            Some(PairingKey::Cluster(_)) => return Err(Rule::VolumeKeyWrongKind.into()),
            None => return Err(Rule::VolumeKeyUnreadable.into()),
        };
        let here = &self.clusters[at];
        if key.mvip == here.mvip {
            return Err(if key.volume_id == id {
                Rule::VolumePairedWithItself.into()
            } else {
                Rule::VolumePairWithinCluster.into()
            });
        }
        let cluster_pair = self.connected_pair(at, &key)?;
        let uuid = key.volume_pair_uuid;
        if self.used.contains(&uuid) {
            return Err(Rule::VolumeKeyUsed.into());
        }
        let there = here.pairs.get(&cluster_pair).and_then(|pair| self.listing(at, pair));
        let pending = there.and_then(|(there, _)| {
            let pairs = &self.clusters[there].volumes.get(&key.volume_id)?.pairs;
            let pair = pairs.iter().find(|pair| pair.uuid == uuid && pair.remote.is_none())?;
            Some((there, pair.mode.clone()))
        });
        if let Some((there, _)) = pending {
            if key != self.clusters[there].volume_key(key.volume_id, uuid) {
                return Err(Rule::VolumeKeyUnreadable.into());
            }
            self.usable(there, key.volume_id)?;
        }
        if pending.is_none() {
            let named = there.and_then(|(at, _)| self.clusters[at].volumes.get(&key.volume_id));
            named.map_or(Ok(()), |volume| self.unpaired(volume))?;
            self.unless_allowed(Rule::VolumeKeyWithoutPair, true)?;
        }

        let (now, name) = (self.now, volume.name.clone());
        self.used.insert(uuid);
        let mut end = |at: At, id, remote: Remote, mode| {
            if let Some(volume) = self.clusters[at].volumes.get_mut(&id) {
                volume.pairs.clear();
                volume.pairs.push(VolumePair::new(uuid, Some(remote), mode, now));
            }
        };
        let mode = match (pending, there) {
            (Some((_, mode)), Some((there, cluster_pair))) => {
                end(there, key.volume_id, Remote { cluster_pair, volume: id, name }, mode.clone());
                mode
            }
            _ => ReplicationMode::Async,
        };
        let remote = Remote { cluster_pair, volume: key.volume_id, name: key.volume_name };
        end(at, id, remote, mode);
        Ok(empty())
    }

    /// The cluster pair that leads to the cluster which made the key.
    fn connected_pair(&self, at: At, key: &VolumePairingKey) -> Result<u64, Refusal> {
        let pairs = self.clusters[at].pairs.iter();
        let mut leading = pairs.filter(|(_, pair)| {
            pair.partner.as_ref().is_some_and(|partner| partner.mvip == Some(key.mvip))
        });
        let Some((id, pair)) = leading.next() else {
            return Err(Rule::VolumeKeyMvipNotPaired.into());
        };
        self.unless_allowed(Rule::VolumeKeyMvipAmbiguous, leading.next().is_some())?;
        self.known_status(at, [pair])?;
        match self.status(at, pair) {
            ClusterPairStatus::Connected | ClusterPairStatus::Other(_) => Ok(*id),
            _ => Err(Rule::VolumeKeyPairNotConnected.into()),
        }
    }

    /// Whether the status of none of these cluster pairs is one that nobody knows.
    fn known_status<'p>(
        &self,
        at: At,
        pairs: impl IntoIterator<Item = &'p ClusterPair>,
    ) -> Result<(), Refusal> {
        let mut statuses = pairs.into_iter().map(|pair| self.status(at, pair));
        let is_unknown = statuses.any(|status| matches!(status, ClusterPairStatus::Other(_)));
        self.unless_allowed(Rule::ClusterPairStatusUnknown, is_unknown)
    }

    pub(super) fn modify_volume_pair(
        &mut self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let id = required("volumeID", params.integer("volumeID")?)?;
        let paused = params.flag("pausedManual")?;
        let mode = self.mode(params)?;
        params.pass_over(&["pauseLimit"]);
        let volume = self.usable(at, id)?;
        if volume.pairs.is_empty() {
            return Err(Rule::VolumeNotPaired.into());
        }
        let is_pending = volume.pairs.iter().all(|pair| pair.remote.is_none());
        self.unless_allowed(Rule::VolumePairNotCompleted, is_pending)?;
        // A pause needs no connection.
        if mode.is_some() || paused == Some(false) {
            for remote in volume.pairs.iter().filter_map(|pair| pair.remote.as_ref()) {
                let pair = self.clusters[at].pairs.get(&remote.cluster_pair);
                self.unless_allowed(Rule::VolumePairWithoutClusterPair, pair.is_none())?;
                self.known_status(at, pair)?;
            }
        }
        if mode.is_some() {
            let is_source = volume.access == Access::ReadWrite;
            self.unless_allowed(Rule::ModeSetOnTarget, !is_source)?;
        }
        self.change(at, id, |volume| {
            for pair in &mut volume.pairs {
                pair.is_paused = paused.unwrap_or(pair.is_paused);
                pair.mode = mode.clone().unwrap_or(pair.mode.clone());
            }
        });
        if let Some(mode) = mode {
            for (there, other) in self.other_volumes(at, id) {
                if let Some(volume) = self.clusters[there].volumes.get_mut(&other) {
                    volume.pairs.iter_mut().for_each(|pair| pair.mode = mode.clone());
                }
            }
        }
        Ok(empty())
    }

    pub(super) fn remove_volume_pair(
        &mut self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let id = required("volumeID", params.integer("volumeID")?)?;
        let volume = self.clusters[at].volumes.get_mut(&id).ok_or(Rule::VolumeIdUnknown)?;
        volume.pairs.clear();
        Ok(empty())
    }

    fn mode(&self, params: &mut Params<'_>) -> Result<Option<ReplicationMode>, Refusal> {
        let mode = params.text("mode")?.map(|mode| ReplicationMode::from(&*mode));
        let Some(mode) = mode else { return Ok(None) };
        self.unless_allowed(Rule::ValueUnknown, !mode.is_known())?;
        Ok(Some(mode.canonical()))
    }

    /// Whether a volume is not paired, and not about to be.
    fn unpaired(&self, volume: &Volume) -> Result<(), Refusal> {
        if volume.pairs.iter().any(|pair| pair.remote.is_some()) {
            return Err(Rule::VolumeAlreadyPaired.into());
        }
        self.unless_allowed(Rule::VolumePairingPending, !volume.pairs.is_empty())
    }

    /// The volumes that this one is paired with.
    pub(super) fn other_volumes(&self, at: At, id: u64) -> Vec<(At, u64)> {
        let pairs = self.clusters[at].volumes.get(&id).into_iter().flat_map(|volume| &volume.pairs);
        let others = pairs.filter_map(|pair| {
            let (there, ..) = self.other_end(at, pair)?;
            Some((there, pair.remote.as_ref()?.volume))
        });
        others.collect()
    }

    /// Changes a volume; what that means for replication, on both ends of its pairs.
    pub(super) fn change(&mut self, at: At, id: u64, change: impl FnOnce(&mut Volume)) {
        let mut ends = self.other_volumes(at, id);
        ends.push((at, id));
        let before = self.obstacles(&ends);
        let Some(volume) = self.clusters[at].volumes.get_mut(&id) else { return };
        let access = volume.access.clone();
        change(volume);
        let is_turn = access != volume.access;
        let after = self.obstacles(&ends);
        let now = self.now;
        for (((at, id), before), after) in ends.into_iter().zip(before).zip(after) {
            let pairs = self.clusters[at].volumes.get_mut(&id).map(|volume| &mut volume.pairs);
            for ((pair, before), after) in pairs.into_iter().flatten().zip(before).zip(after) {
                if before == after {
                    continue;
                }
                pair.has_run |= before.is_none();
                // What was listed was of the state that is over.
                pair.listed = None;
                if after.is_none() {
                    let turning =
                        if is_turn && pair.has_run { self.options.turning } else { Duration::ZERO };
                    pair.turned = now.saturating_add(turning);
                    pair.resumed = pair.turned;
                }
            }
        }
    }

    fn obstacles(&self, ends: &[(At, u64)]) -> Vec<Vec<Option<ReplicationState>>> {
        let of = |(at, id): &(At, u64)| {
            let volume = self.clusters[*at].volumes.get(id);
            let pairs = volume.into_iter().flat_map(|volume| {
                volume.pairs.iter().map(|pair| self.obstacle(*at, volume, pair))
            });
            pairs.collect()
        };
        ends.iter().map(of).collect()
    }
}

impl super::Cluster {
    /// The key of a volume's pending pair.
    fn volume_key(&self, id: u64, uuid: uuid::Uuid) -> VolumePairingKey {
        VolumePairingKey {
            mvip: self.mvip,
            volume_id: id,
            volume_name: self.volumes.get(&id).map_or_else(String::new, |one| one.name.clone()),
            volume_pair_uuid: uuid,
            unknown: UnknownMembers::default(),
        }
    }
}
