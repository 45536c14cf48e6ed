//! How pairs stand: worked out whenever somebody asks, from what both sides have.

use alloc::vec::Vec;

use super::{At, ClusterPair, Simulator, Volume, VolumePair};
use crate::{
    api::{Access, ClusterPairStatus, ReplicationState, VolumeStatus},
    topology::audit::skewed,
};

/// The states in which replication resumes, one after the other.
pub(super) const RESUMING: &[ReplicationState] = &[
    ReplicationState::ResumingConnected,
    ReplicationState::ResumingRrSync,
    ReplicationState::ResumingLocalSync,
    ReplicationState::ResumingDataTransfer,
];

impl Simulator {
    /// The other cluster of a pair: the one that lists it too, else the one that it names.
    pub(super) fn partner(&self, at: At, pair: &ClusterPair) -> Option<At> {
        let partner = pair.partner.as_ref()?;
        let mut others = self.clusters.iter().filter(|(other, _)| *other != at);
        let by_uuid = self.listing(at, pair).map(|(other, _)| other);
        by_uuid.or_else(|| {
            let named = others.find(|(_, other)| partner.is(&other.unique_id, other.mvip));
            named.map(|(other, _)| other)
        })
    }

    /// Where else the pair is listed, and under which ID.
    pub(super) fn listing(&self, at: At, pair: &ClusterPair) -> Option<(At, u64)> {
        pair.partner.as_ref()?;
        let others = self.clusters.iter().filter(|(other, _)| *other != at);
        let mut pairs =
            others.flat_map(|(other, cluster)| cluster.pairs.iter().map(move |pair| (other, pair)));
        let found =
            pairs.find(|(_, (_, other))| other.uuid == pair.uuid && other.partner.is_some());
        found.map(|(other, (id, _))| (other, *id))
    }

    /// The IDs of a cluster's pairs with this other one, pending ones excepted.
    pub(super) fn pairs_with(&self, at: At, other: At) -> Vec<u64> {
        let pairs = self.clusters[at].pairs.iter();
        let with = pairs.filter(|(_, pair)| self.partner(at, pair) == Some(other));
        with.map(|(id, _)| *id).collect()
    }

    pub(super) fn status(&self, at: At, pair: &ClusterPair) -> ClusterPairStatus {
        if pair.partner.is_none() {
            return ClusterPairStatus::Unconfigured;
        }
        let listed = || pair.listed.clone();
        let Some(other) = self.partner(at, pair) else {
            return listed().unwrap_or(ClusterPairStatus::Connected);
        };
        if self.is_cut(at, other) || self.listing(at, pair).is_none() {
            return ClusterPairStatus::Disconnected;
        }
        if skewed(&self.clusters[at].version, &self.clusters[other].version).is_some() {
            return ClusterPairStatus::Misconfigured;
        }
        let in_time = if self.now < pair.connected {
            ClusterPairStatus::Connecting
        } else {
            ClusterPairStatus::Connected
        };
        listed().unwrap_or(in_time)
    }

    /// The other end of a volume pair.
    pub(super) fn other_end(
        &self,
        at: At,
        pair: &VolumePair,
    ) -> Option<(At, &Volume, &VolumePair)> {
        let remote = pair.remote.as_ref()?;
        let there = self.partner(at, self.clusters[at].pairs.get(&remote.cluster_pair)?)?;
        let volume = self.clusters[there].volumes.get(&remote.volume)?;
        let other = volume.pairs.iter().find(|other| other.uuid == pair.uuid)?;
        other.remote.is_some().then_some((there, volume, other))
    }

    pub(super) fn state(&self, at: At, volume: &Volume, pair: &VolumePair) -> ReplicationState {
        if let Some(state) = self.obstacle(at, volume, pair) {
            return state;
        }
        if self.now < pair.turned {
            return ReplicationState::PausedMisconfigured;
        }
        if let Some(listed) = &pair.listed {
            return listed.clone();
        }
        let cluster_pair = pair
            .remote
            .as_ref()
            .and_then(|remote| self.clusters[at].pairs.get(&remote.cluster_pair));
        let connected = cluster_pair.map_or(pair.resumed, |pair| pair.connected);
        let since = self.now.saturating_sub(pair.resumed.max(connected));
        let ends = (1_u32..).map(|count| self.options.resuming.saturating_mul(count));
        let mut states = RESUMING.iter().zip(ends);
        let state = states.find(|(_, end)| since < *end).map(|(state, _)| state.clone());
        state.unwrap_or(ReplicationState::Active)
    }

    /// The state that keeps a pair from replicating, if there is one.
    pub(super) fn obstacle(
        &self,
        at: At,
        volume: &Volume,
        pair: &VolumePair,
    ) -> Option<ReplicationState> {
        use ReplicationState::{
            PausedDisconnected, PausedManual, PausedManualRemote, PausedMisconfigured,
            PausedVolumeSizeMismatch, StoppedMisconfigured,
        };
        let Some(remote) = &pair.remote else { return Some(PausedMisconfigured) };
        if pair.listed == Some(StoppedMisconfigured) {
            return Some(StoppedMisconfigured);
        }
        let is_active = |volume: &Volume| volume.status == VolumeStatus::Active;
        let cluster_pair = self.clusters[at].pairs.get(&remote.cluster_pair);
        let partner = cluster_pair.and_then(|pair| Some((pair, self.partner(at, pair)?)));
        let Some((cluster_pair, partner)) = partner else {
            // Nobody knows how the other end is.
            return if is_active(volume) {
                pair.is_paused.then_some(PausedManual)
            } else {
                Some(PausedMisconfigured)
            };
        };
        if self.is_cut(at, partner) {
            return Some(PausedDisconnected);
        }
        let Some((_, other, end)) = self.other_end(at, pair) else {
            return Some(StoppedMisconfigured);
        };
        let is_misconfigured = self.status(at, cluster_pair) == ClusterPairStatus::Misconfigured;
        if !is_active(volume) || !is_active(other) || is_misconfigured {
            return Some(PausedMisconfigured);
        }
        let (source, target) = match (&volume.access, &other.access) {
            (Access::ReadWrite, Access::ReplicationTarget) => (volume, other),
            (Access::ReplicationTarget, Access::ReadWrite) => (other, volume),
            _ => return Some(PausedMisconfigured),
        };
        if target.total_size < source.total_size {
            return Some(PausedVolumeSizeMismatch);
        }
        match (pair.is_paused, end.is_paused) {
            (true, _) => Some(PausedManual),
            (false, true) => Some(PausedManualRemote),
            (false, false) => None,
        }
    }
}
