//! Listings -> clusters in memory.

use alloc::{collections::BTreeMap, string::String, vec::Vec};
use core::{net::IpAddr, time::Duration};

use uuid::Uuid;

use super::{
    At, CLUSTER_PAIRS, ClusterPair, Options, Partner, Qos, Remote, Simulator, SpecError, VERSION,
    VOLUMES, VolumePair, state::RESUMING,
};
use crate::{
    api::{self, Access, ClusterPairStatus, Json, ReplicationMode, ReplicationState, VolumeStatus},
    topology::{Cluster, Topology, is_pending},
};
use ReplicationState::{
    Active, PausedManual, PausedManualRemote, PausedMisconfigured, StoppedMisconfigured,
};

impl Simulator {
    /// Clusters as their listings show them: names, IDs, UUIDs, pairs with their states, pending
    /// ones, and volumes. What listings do not have is made up: accounts, and the keys of pending
    /// pairs, so that any key with the ID and UUID of a pending pair completes it.
    ///
    /// A pair with a cluster that is not given stays as it is listed. Volumes that were not listed
    /// do not exist. The link of a pair that either of its clusters lists as Disconnected is cut; a state
    /// that nothing in the listings explains, such as PausedQoS, stays until something about the pair
    /// changes.
    ///
    /// Where the listings are those of a simulator, the seed has to be another than its seed: the same
    /// one would make the UUIDs anew that are listed.
    ///
    /// # Errors
    ///
    /// `no_identity`, `unique_id_not_unique`, `too_many_volumes`.
    pub fn from_topology(
        topology: &Topology<'_>,
        seed: u64,
        options: Options,
    ) -> Result<Self, SpecError> {
        let mut simulator = Self::new(seed, options);
        let mut uuids = Uuids::default();
        for cluster in topology.clusters() {
            simulator.add_listed(topology, cluster, &mut uuids)?;
        }
        simulator.explain_statuses();
        simulator.explain_states();
        Ok(simulator)
    }

    fn add_listed<'t>(
        &mut self,
        topology: &Topology<'_>,
        cluster: &'t Cluster<'_>,
        uuids: &mut Uuids<'t>,
    ) -> Result<(), SpecError> {
        let info = cluster.info.as_ref().ok_or(SpecError::NoIdentity)?;
        let unique_id = info.unique_id.as_deref().ok_or(SpecError::NoIdentity)?;
        let mvip: Option<IpAddr> = info.mvip.as_deref().and_then(|mvip| mvip.parse().ok());
        let mvip = mvip.ok_or(SpecError::NoIdentity)?;
        // What the clusters that it is paired with know.
        let pairs = topology.clusters().iter().filter_map(|other| other.pairs.as_ref()).flatten();
        let mut versions = pairs
            .filter(|pair| pair.cluster_unique_id() == Some(unique_id))
            .map(|pair| &pair.version);
        let version = versions.find_map(|version| version.as_deref()).unwrap_or(VERSION);
        let name = info.name.as_deref().unwrap_or_default();
        let at = self.add(name.into(), mvip, version.into(), Some(unique_id.into()))?;

        let limit = cluster.limits.as_ref().and_then(|limits| limits.cluster_pairs_count_max);
        self.clusters[at].limit = limit.unwrap_or(CLUSTER_PAIRS);
        if let Some(uuid) = info.uuid.as_deref().and_then(|uuid| uuid.parse().ok()) {
            self.clusters[at].uuid = uuid;
        }
        for pair in cluster.pairs.iter().flatten() {
            let uuid = self.listed_uuid(pair.cluster_pair_uuid.as_deref(), uuids);
            self.add_listed_pair(at, pair, uuid);
        }
        let volumes = cluster.volumes.as_deref().unwrap_or_default();
        if volumes.len() > VOLUMES {
            return Err(SpecError::TooManyVolumes);
        }
        for volume in volumes {
            self.add_listed_volume(at, volume, uuids);
        }
        Ok(())
    }

    fn add_listed_pair(&mut self, at: At, pair: &api::ClusterPair<'_>, uuid: Uuid) {
        let text = |text: Option<&str>| text.map(String::from).unwrap_or_default();
        let partner = Partner {
            unique_id: text(pair.cluster_unique_id()),
            name: text(pair.cluster_name.as_deref()),
            mvip: pair.mvip.as_deref().and_then(|mvip| mvip.parse().ok()),
            version: text(pair.version.as_deref()),
        };
        let partner = (!is_pending(pair)).then_some(partner);
        if partner.is_some() {
            self.used.insert(uuid);
        }
        let cluster = &mut self.clusters[at];
        cluster.next_pair = cluster.next_pair.max(pair.cluster_pair_id.saturating_add(1));
        cluster.pairs.insert(
            pair.cluster_pair_id,
            ClusterPair {
                uuid,
                partner,
                key: None,
                connected: Duration::ZERO,
                latency: pair.latency.unwrap_or_default(),
                listed: pair.status.clone(),
            },
        );
    }

    fn add_listed_volume<'t>(
        &mut self,
        at: At,
        volume: &'t api::Volume<'_>,
        uuids: &mut Uuids<'t>,
    ) {
        let name = volume.name.as_deref().unwrap_or_default();
        let mut made = self.new_volume(name.into(), volume.total_size.unwrap_or_default());
        made.access = volume.access.clone().unwrap_or(Access::ReadWrite);
        made.status = volume.status.clone().unwrap_or(VolumeStatus::Active);
        made.block_size = volume.block_size.unwrap_or(made.block_size);
        made.enable512e = volume.enable512e.unwrap_or(made.enable512e);
        made.qos = volume.qos.map_or(made.qos, |qos| listed_qos(qos, made.qos));
        made.deleted = (made.status == VolumeStatus::Deleted).then_some(self.now);
        for pair in volume.pairs() {
            let uuid = self.listed_uuid(Some(&pair.volume_pair_uuid), uuids);
            let remote = pair.remote_volume_id.filter(|id| *id != 0).map(|volume| Remote {
                cluster_pair: pair.cluster_pair_id.unwrap_or_default(),
                volume,
                name: pair.remote_volume_name.as_deref().unwrap_or_default().into(),
            });
            if remote.is_some() {
                self.used.insert(uuid);
            }
            let replication = pair.remote_replication.as_ref();
            let mode = replication.and_then(|replication| replication.mode.clone());
            let mode = mode.unwrap_or(ReplicationMode::Async);
            let mut end = VolumePair::new(uuid, remote, mode, self.now);
            end.listed = replication.and_then(|replication| replication.state.clone());
            made.pairs.push(end);
        }
        let cluster = &mut self.clusters[at];
        cluster.next_volume = cluster.next_volume.max(volume.volume_id.saturating_add(1));
        cluster.volumes.insert(volume.volume_id, made);
    }

    /// The UUID that is listed; another one for a text that is none, the same for the same text.
    fn listed_uuid<'t>(&mut self, text: Option<&'t str>, uuids: &mut Uuids<'t>) -> Uuid {
        let made = self.uuid();
        match text {
            Some(text) => *uuids.entry(text).or_insert_with(|| text.parse().unwrap_or(made)),
            None => made,
        }
    }

    /// Statuses that follow from the rest, or pass with time, are worked out from now on.
    fn explain_statuses(&mut self) {
        let connecting = self.now.saturating_add(self.options.connecting);
        for at in self.clusters.places() {
            let ids: Vec<_> = self.clusters[at].pairs.keys().copied().collect();
            for id in ids {
                let Some(pair) = self.clusters[at].pairs.get(&id) else { continue };
                let Some(partner) = self.partner(at, pair) else { continue };
                let is_down = pair.listed == Some(ClusterPairStatus::Disconnected);
                if is_down && self.listing(at, pair).is_some() {
                    self.cut.insert((at.min(partner), at.max(partner)));
                }
                let Some(pair) = self.clusters[at].pairs.get_mut(&id) else { continue };
                if pair.listed == Some(ClusterPairStatus::Connecting) {
                    pair.connected = connecting;
                }
                pair.listed.take_if(|status| {
                    !matches!(
                        status,
                        ClusterPairStatus::Misconfigured | ClusterPairStatus::Other(_)
                    )
                });
            }
        }
    }

    /// The same of replication.
    fn explain_states(&mut self) {
        let ids =
            |at: At, simulator: &Self| simulator.clusters[at].volumes.keys().copied().collect();
        let places = || self.clusters.places();
        let volumes: Vec<(At, Vec<u64>)> = places().map(|at| (at, ids(at, self))).collect();
        let volumes = || volumes.iter().flat_map(|(at, ids)| ids.iter().map(|id| (*at, *id)));
        for (at, id) in volumes() {
            let is = |pair: &VolumePair, state| pair.listed.as_ref() == Some(&state);
            let pairs = self.clusters[at].volumes.get(&id).map(|volume| &volume.pairs);
            let is_paused_there =
                pairs.into_iter().flatten().any(|pair| is(pair, PausedManualRemote));
            let others = if is_paused_there { self.other_volumes(at, id) } else { Vec::new() };
            for pair in self.pairs_of(at, id).filter(|pair| is(pair, PausedManual)) {
                pair.is_paused = true;
            }
            for (there, other) in others {
                self.pairs_of(there, other).for_each(|pair| pair.is_paused = true);
            }
        }
        for (at, id) in volumes() {
            let Some(volume) = self.clusters[at].volumes.get(&id) else { continue };
            let explained = |pair| (self.is_simulated(at, pair), self.obstacle(at, volume, pair));
            let explained: Vec<_> = volume.pairs.iter().map(explained).collect();
            let (now, options) = (self.now, self.options.clone());
            for (pair, (is_simulated, obstacle)) in self.pairs_of(at, id).zip(explained) {
                if is_simulated || obstacle.is_some() {
                    pair.explain(obstacle.as_ref(), now, &options);
                }
            }
        }
    }

    fn pairs_of(&mut self, at: At, id: u64) -> impl Iterator<Item = &mut VolumePair> {
        let volume = self.clusters[at].volumes.get_mut(&id);
        volume.into_iter().flat_map(|volume| &mut volume.pairs)
    }

    /// Whether the cluster of the other end is known.
    fn is_simulated(&self, at: At, pair: &VolumePair) -> bool {
        let cluster_pair = pair.remote.as_ref().map(|remote| remote.cluster_pair);
        let cluster_pair = cluster_pair.and_then(|id| self.clusters[at].pairs.get(&id));
        cluster_pair.is_some_and(|pair| self.partner(at, pair).is_some())
    }
}

impl VolumePair {
    /// Replaces the state that was listed by what it follows from.
    fn explain(&mut self, obstacle: Option<&ReplicationState>, now: Duration, options: &Options) {
        let listed = self.listed.take();
        let stage = RESUMING.iter().zip(0_u32..).find(|(state, _)| Some(*state) == listed.as_ref());
        self.has_run = obstacle.is_none();
        self.resumed = match (stage, &listed) {
            (Some((_, stage)), _) => now.saturating_sub(options.resuming.saturating_mul(stage)),
            (None, Some(PausedMisconfigured)) => now.saturating_add(options.turning),
            // Long ago.
            _ => Duration::ZERO,
        };
        self.turned = self.resumed;
        let is_explained = stage.is_some()
            || listed.as_ref() == obstacle
            || matches!(
                listed,
                None | Some(Active | PausedManual | PausedManualRemote | PausedMisconfigured)
            );
        if !is_explained || listed == Some(StoppedMisconfigured) {
            self.listed = listed;
        }
    }
}

/// By the text that is listed.
type Uuids<'t> = BTreeMap<&'t str, Uuid>;

fn listed_qos(json: Json<'_>, other: Qos) -> Qos {
    let member = |name: &str, other| {
        let found = json.members().find(|(known, _)| *known == name);
        found.and_then(|(_, value)| super::params::integer(value)).unwrap_or(other)
    };
    Qos {
        min: member("minIOPS", other.min),
        max: member("maxIOPS", other.max),
        burst: member("burstIOPS", other.burst),
    }
}
