//! What will be there after each step: what the next one is checked against.

use alloc::{
    boxed::Box,
    string::{String, ToString},
    vec,
    vec::Vec,
};
use core::{mem, net::IpAddr};

use uuid::Uuid;

use super::{
    super::{Call, Cluster, Link, Name, Report, Site, Topology, UnknownCluster, sites},
    draft::Place,
    step::{PairId, Task},
};
use crate::{
    api::{
        Access, ClusterPair, ClusterPairStatus, CompleteClusterPairing, CompleteVolumePairing,
        RemoteReplication, ReplicationMode, StartClusterPairing, StartVolumePairing, Volume,
        VolumePair,
    },
    key::{ClusterPairingKey, UnknownMembers, VolumePairingKey},
    secret::Secret,
};

/// Clusters that change as the plan grows. Of their volumes only those are there that the next steps
/// concern, so that a check of one does not look at all.
pub(super) struct World<'t, 'a> {
    seen: &'t Topology<'a>,
    now: Topology<'a>,
    /// Of each cluster, the volumes that the plan has changed, by their places in the listing.
    changed: Vec<Vec<Option<Box<Volume<'a>>>>>,
    /// The clusters whose volumes are there.
    loaded: Vec<usize>,
    /// What will be returned by the last Start.
    started: Option<Started>,
    /// How many pairs the plan has started.
    starts: u128,
}

/// A pairing that is to be completed. Its key has what is known of it beforehand.
struct Started {
    key: Secret,
    uuid: String,
    site: usize,
    /// None of a cluster pair.
    volume_id: Option<u64>,
}

/// The UUIDs of pairs that are not made yet count up from here.
const UUID: u128 = 0xF1A4_0000_0000_4000_8000_0000_0000_0000;

impl<'t, 'a> World<'t, 'a> {
    pub fn new(seen: &'t Topology<'a>) -> Self {
        let clusters = seen.clusters.iter().map(|cluster| Cluster {
            info: cluster.info.clone(),
            limits: cluster.limits.clone(),
            pairs: cluster.pairs.clone(),
            volumes: cluster.volumes.as_ref().map(|_| vec![]),
            coverage: cluster.coverage,
            contradictions: cluster.contradictions.clone(),
            refused: cluster.refused.clone(),
        });
        let now = Topology { clusters: clusters.collect(), sites: seen.sites.clone() };
        let unchanged = seen.clusters.iter().map(|cluster| {
            let mut unchanged = vec![];
            unchanged.resize_with(cluster.volume_list().len(), || None);
            unchanged
        });
        let changed = unchanged.collect();
        Self { seen, now, changed, loaded: vec![], started: None, starts: 0 }
    }

    pub fn seen(&self) -> &'t Topology<'a> {
        self.seen
    }

    /// The clusters as they will be, with the volumes that were [loaded](World::load).
    pub fn site(&self, index: usize) -> Option<Site<'_, 'a>> {
        self.now.site(index)
    }

    /// A volume as it will be.
    pub fn volume(&self, site: usize, id: u64) -> Option<&Volume<'a>> {
        let (at, volume) = self.seen.site(site)?.volume_at(id)?;
        Some(self.changed.get(site)?.get(at)?.as_deref().unwrap_or(volume))
    }

    pub fn access(&self, (site, id): Place) -> Option<&Access> {
        self.volume(site, id)?.access.as_ref()
    }

    /// Of a volume's first pairing.
    pub fn replication(&self, (site, id): Place) -> Option<&RemoteReplication<'a>> {
        self.volume(site, id)?.pairs().first()?.remote_replication.as_ref()
    }

    /// The pairings of a volume, as far as they are told.
    pub fn volume_pairs(&self, (site, id): Place) -> &[VolumePair<'a>] {
        self.volume(site, id).map(Volume::pairs).unwrap_or_default()
    }

    /// All volumes of a cluster as they will be.
    pub fn volumes(&self, site: usize) -> impl Iterator<Item = &Volume<'a>> {
        let volumes = self.seen.site(site).map(Site::volumes).unwrap_or_default();
        let changed = self.changed.get(site).map(Vec::as_slice).unwrap_or_default();
        volumes.iter().zip(changed).map(|(volume, now)| now.as_deref().unwrap_or(volume))
    }

    /// The cluster pairs from one cluster to another, pending ones too if the other lists them.
    pub fn pairs(&self, from: usize, to: usize) -> Vec<(&ClusterPair<'a>, &Link)> {
        let Some(site) = self.now.site(from) else { return vec![] };
        site.pairs().filter(|(_, link)| link.cluster == Some(to)).collect()
    }

    /// Makes these volumes, and no others, those that the clusters have.
    pub fn load(&mut self, volumes: &[(usize, u64)]) {
        for site in mem::take(&mut self.loaded) {
            let cluster = self.now.clusters.get_mut(site);
            cluster.into_iter().for_each(|cluster| cluster.volumes = Some(vec![]));
        }
        for &(site, id) in volumes {
            let Some(volume) = self.volume(site, id).cloned() else { continue };
            let cluster = self.now.clusters.get_mut(site);
            let Some(there) = cluster.and_then(|cluster| cluster.volumes.as_mut()) else {
                continue;
            };
            let at = there.partition_point(|other| other.volume_id < id);
            if there.get(at).is_none_or(|other| other.volume_id != id) {
                there.insert(at, volume);
            }
            if self.loaded.last() != Some(&site) {
                self.loaded.push(site);
            }
        }
    }

    /// What stands against the task now; none if a key cannot be told beforehand.
    pub fn check(&mut self, cluster: &str, task: &Task) -> Option<Result<Report, UnknownCluster>> {
        let topology = &self.now;
        let check = |call: Call<'_>| Some(topology.check(cluster, call));
        match task {
            Task::StartClusterPairing { .. } => check((&StartClusterPairing).into()),
            Task::CompleteClusterPairing { .. } => {
                let cluster_pairing_key = self.started.as_ref()?.key.expose().into();
                check((&CompleteClusterPairing { cluster_pairing_key }).into())
            }
            Task::RemoveClusterPair(params) => check(params.into()),
            Task::StartVolumePairing(params) => check(params.into()),
            &Task::CompleteVolumePairing { volume_id, .. } => {
                let volume_pairing_key = self.started.as_ref()?.key.expose().into();
                check((&CompleteVolumePairing { volume_id, volume_pairing_key }).into())
            }
            Task::RemoveVolumePair(params) => check(params.into()),
            Task::ModifyVolume(params) => check(params.into()),
            Task::ModifyVolumePair(params) => check(params.into()),
            Task::Connected(_) | Task::Replicating(_) => Some(Ok(Report::default())),
        }
    }

    /// Makes the task done.
    pub fn apply(&mut self, site: usize, task: &Task) {
        match task {
            Task::StartClusterPairing { .. } => self.start_cluster_pairing(site),
            Task::CompleteClusterPairing { .. } => self.complete_cluster_pairing(site),
            Task::RemoveClusterPair(params) => self.change_pairs(site, &mut |pairs| {
                pairs.retain(|pair| pair.cluster_pair_id != params.cluster_pair_id);
            }),
            Task::StartVolumePairing(params) => self.start_volume_pairing(site, params),
            &Task::CompleteVolumePairing { volume_id, .. } => {
                self.complete_volume_pairing(site, volume_id);
            }
            Task::RemoveVolumePair(params) => self.change(site, params.volume_id, &mut |volume| {
                volume.volume_pairs = Some(vec![]);
            }),
            Task::ModifyVolume(params) => self.change(site, params.volume_id, &mut |volume| {
                if params.access.is_some() {
                    volume.access.clone_from(&params.access);
                }
                volume.total_size = params.total_size.or(volume.total_size);
            }),
            Task::ModifyVolumePair(params) => self.change(site, params.volume_id, &mut |volume| {
                for pair in volume.volume_pairs.iter_mut().flatten() {
                    if let (Some(replication), Some(_)) =
                        (&mut pair.remote_replication, &params.mode)
                    {
                        replication.mode.clone_from(&params.mode);
                    }
                }
            }),
            // What is waited for comes; a pair that is told as broken does not mend itself.
            Task::Connected(id) => self.change_pairs(site, &mut |pairs| {
                for pair in pairs {
                    let is_it = match *id {
                        PairId::Known(id) => pair.cluster_pair_id == id,
                        PairId::Of(_) => true,
                    };
                    if is_it && pair.status == Some(ClusterPairStatus::Connecting) {
                        pair.status = Some(ClusterPairStatus::Connected);
                    }
                }
            }),
            Task::Replicating(_) => {}
        }
    }

    fn change_pairs(&mut self, site: usize, change: &mut dyn FnMut(&mut Vec<ClusterPair<'a>>)) {
        let cluster = self.now.clusters.get_mut(site);
        if let Some(pairs) = cluster.and_then(|cluster| cluster.pairs.as_mut()) {
            change(pairs);
            let before = mem::replace(&mut self.now.sites, sites(&self.now.clusters));
            // Who a cluster is, and where a pair leads to, may be known by a pair alone that is gone
            // now.
            for (index, (now, before)) in self.now.sites.iter_mut().zip(before).enumerate() {
                now.name = before.name;
                let unchanged = before.links.into_iter().filter(|_| index != site);
                for (now, before) in now.links.iter_mut().zip(unchanged) {
                    if now.cluster.is_none() {
                        *now = Link { pair: None, ..before };
                    }
                }
            }
        }
    }

    fn change(&mut self, site: usize, id: u64, change: &mut dyn FnMut(&mut Volume<'a>)) {
        let cluster = self.now.clusters.get_mut(site);
        let volumes = cluster.and_then(|cluster| cluster.volumes.as_mut());
        let volumes = volumes.map(Vec::as_mut_slice).unwrap_or_default();
        let Some(volume) = volumes.iter_mut().find(|volume| volume.volume_id == id) else { return };
        change(volume);
        let place = self.seen.site(site).and_then(|site| site.volume_at(id));
        let changed = place.and_then(|(at, _)| self.changed.get_mut(site)?.get_mut(at));
        if let Some(changed) = changed {
            *changed = Some(Box::new(volume.clone()));
        }
    }

    fn uuid(&mut self) -> Uuid {
        self.starts += 1;
        Uuid::from_u128(UUID + self.starts)
    }

    fn start_cluster_pairing(&mut self, site: usize) {
        let uuid = self.uuid();
        self.started = None;
        self.change_pairs(site, &mut |pairs| {
            pairs.extend(new_pair(pairs, &uuid.to_string(), ClusterPairStatus::Unconfigured));
        });
        let Some(name) = self.now.site(site).map(|site| site.name()) else { return };
        let (Some(unique_id), Some(own), Some(mvip)) =
            (&name.unique_id, &name.name, self.mvip(site))
        else {
            return;
        };
        let key = ClusterPairingKey {
            cluster_pair_id: 0,
            cluster_pair_uuid: uuid,
            cluster_unique_id: unique_id.as_str().into(),
            mvip,
            name: own.as_str().into(),
            password: "".into(),
            rpc_connection_id: 0,
            username: "".into(),
            unknown: UnknownMembers::default(),
        };
        let (key, uuid) = (key.encode(), uuid.to_string());
        self.started = Some(Started { key, uuid, site, volume_id: None });
    }

    fn complete_cluster_pairing(&mut self, site: usize) {
        let Some(Started { uuid, site: maker, .. }) = self.started.take() else { return };
        let name = |index| self.now.site(index).map(|site| site.name().clone());
        let (Some(here), Some(there)) = (name(site), name(maker)) else { return };
        let text = |name: &Option<Name>| name.as_ref().map(|name| name.as_str().to_string().into());
        self.change_pairs(site, &mut |pairs| {
            pairs.extend(new_pair(pairs, &uuid, ClusterPairStatus::Connecting));
        });
        for (index, other) in [(site, there), (maker, here)] {
            self.change_pairs(index, &mut |pairs| {
                for pair in pairs {
                    if pair.cluster_pair_uuid.as_deref() == Some(&uuid) {
                        pair.cluster_name = text(&other.name);
                        pair.cluster_uuid = text(&other.unique_id);
                        pair.mvip = text(&other.mvip);
                        pair.status = Some(ClusterPairStatus::Connecting);
                    }
                }
            });
        }
    }

    fn start_volume_pairing(&mut self, site: usize, params: &StartVolumePairing) {
        let volume_id = params.volume_id;
        let mode = params.mode.as_ref().unwrap_or(&ReplicationMode::Async);
        let pair_uuid = self.uuid();
        let uuid = pair_uuid.to_string();
        self.started = None;
        self.change(site, volume_id, &mut |volume| {
            volume.volume_pairs.get_or_insert_default().extend(new_volume_pair(&uuid, mode));
        });
        let name = self.volume(site, volume_id).and_then(|volume| volume.name.as_deref());
        let Some(mvip) = self.mvip(site) else { return };
        let key = VolumePairingKey {
            mvip,
            volume_id,
            volume_name: name.unwrap_or_default().into(),
            volume_pair_uuid: pair_uuid,
            unknown: UnknownMembers::default(),
        };
        let key = key.encode();
        self.started = Some(Started { key, uuid, site, volume_id: Some(volume_id) });
    }

    fn complete_volume_pairing(&mut self, site: usize, volume_id: u64) {
        let Some(Started { uuid, site: maker, volume_id: Some(remote), .. }) = self.started.take()
        else {
            return;
        };
        let through = |from, to| self.pairs(from, to).first().map(|(pair, _)| pair.cluster_pair_id);
        let (here, there) = (through(site, maker), through(maker, site));
        let made =
            self.volume_pairs((maker, remote)).iter().find(|pair| pair.volume_pair_uuid == uuid);
        let mode = made.and_then(|pair| pair.remote_replication.as_ref()?.mode.clone());
        let mode = mode.as_ref().unwrap_or(&ReplicationMode::Async);
        self.change(site, volume_id, &mut |volume| {
            let pairs = volume.volume_pairs.get_or_insert_default();
            pairs.extend(new_volume_pair(&uuid, mode).map(|mut pair| {
                pair.cluster_pair_id = here;
                pair.remote_volume_id = Some(remote);
                pair
            }));
        });
        self.change(maker, remote, &mut |volume| {
            for pair in volume.volume_pairs.iter_mut().flatten() {
                if pair.volume_pair_uuid == uuid {
                    pair.cluster_pair_id = there;
                    pair.remote_volume_id = Some(volume_id);
                }
            }
        });
    }

    fn mvip(&self, site: usize) -> Option<IpAddr> {
        self.now.site(site)?.name().mvip.as_ref()?.as_str().parse().ok()
    }
}

/// A cluster pair that is not made yet, by an ID that is free; the true one is not known.
fn new_pair(
    pairs: &[ClusterPair<'_>],
    uuid: &str,
    status: ClusterPairStatus,
) -> Option<ClusterPair<'static>> {
    let id = pairs.last().map_or(0, |pair| pair.cluster_pair_id).checked_add(1)?;
    let mut pair = ClusterPair::read(r#"{"clusterPairID":0}"#).ok()?;
    pair.cluster_pair_id = id;
    pair.cluster_pair_uuid = Some(uuid.to_string().into());
    pair.status = Some(status);
    Some(pair)
}

fn new_volume_pair(uuid: &str, mode: &ReplicationMode) -> Option<VolumePair<'static>> {
    let mut pair = VolumePair::read(r#"{"volumePairUUID":""}"#).ok()?;
    pair.volume_pair_uuid = uuid.to_string().into();
    let mut replication = RemoteReplication::read("{}").ok()?;
    replication.mode = Some(mode.clone());
    pair.remote_replication = Some(replication);
    Some(pair)
}
