//! What a cluster says of itself, and the four methods that pair clusters.

use alloc::{boxed::Box, string::String};
use core::net::IpAddr;

use super::{
    ACCOUNTS, At, Cluster, ClusterPair, NAME_LENGTH, Partner, SIZES, Simulator, VOLUMES, address,
    answer::{Refusal, Reply, empty, unreachable},
    params::{Params, required},
};
use crate::{
    key::{ClusterPairingKey, PairingKey, UnknownMembers},
    secret::Secret,
    topology::{Rule, UnknownCluster, is_unique_id},
};

/// The versions of the API that clusters have, in order. Source: API reference; SDKs.
const API_VERSIONS: &[&str] = &[
    "1.0", "2.0", "3.0", "4.0", "5.0", "5.1", "6.0", "7.0", "7.1", "7.2", "7.3", "7.4", "8.0",
    "8.1", "8.2", "8.3", "8.4", "8.5", "8.6", "8.7", "9.0", "9.1", "9.2", "9.3", "9.4", "9.5",
    "9.6", "10.0", "10.1", "10.2", "10.3", "10.4", "10.5", "10.6", "10.7", "11.0", "11.1", "11.3",
    "11.5", "11.7", "11.8", "12.0", "12.2", "12.3", "12.5", "12.7", "12.8",
];

impl Cluster {
    /// The API's version of the cluster's own, such as `12.5`.
    fn api_version(&self) -> &str {
        let minor = self.version.match_indices('.').nth(1).map(|(at, _)| at);
        minor.and_then(|at| self.version.get(..at)).unwrap_or(&self.version)
    }

    /// The versions of the API that the cluster answers to.
    fn api_versions(&self) -> impl Iterator<Item = &str> {
        let own = self.api_version();
        let older = API_VERSIONS.iter().copied().filter(move |version| {
            parts(version).zip(parts(own)).is_some_and(|(version, own)| version < own)
        });
        older.chain([own])
    }

    fn as_partner(&self) -> Partner {
        Partner {
            unique_id: self.unique_id.clone(),
            name: self.name.clone(),
            mvip: Some(self.mvip),
            version: self.version.clone(),
        }
    }

    /// The storage virtual IP: nothing but its being another one matters.
    fn svip(&self) -> IpAddr {
        match self.mvip {
            IpAddr::V4(mvip) => IpAddr::V4((mvip.to_bits() ^ 0x80).into()),
            IpAddr::V6(mvip) => IpAddr::V6((mvip.to_bits() ^ 0x80).into()),
        }
    }

    /// Whether one more pair can be complete, the pending ones growing by `adds`.
    fn room(&self, simulator: &Simulator, adds: u64) -> Result<(), Refusal> {
        let complete = self.pairs.values().filter(|pair| pair.partner.is_some()).count() as u64;
        if complete >= self.limit {
            return Err(Rule::ClusterPairLimit.into());
        }
        let is_over = self.pairs.len() as u64 + adds > self.limit;
        simulator.unless_allowed(Rule::ClusterPairLimitPending, is_over)
    }
}

impl Partner {
    /// Whether it is the cluster of this unique ID; where that is not told, of this MVIP.
    pub(super) fn is(&self, unique_id: &str, mvip: IpAddr) -> bool {
        if is_unique_id(&self.unique_id) {
            self.unique_id == unique_id
        } else {
            self.mvip == Some(mvip)
        }
    }
}

/// Major and minor of a version.
fn parts(version: &str) -> Option<(u64, u64)> {
    let (major, minor) = version.split_once('.')?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

impl Simulator {
    /// Whether the cluster answers at `/json-rpc/<version>`.
    ///
    /// # Errors
    ///
    /// [`UnknownCluster`] where that names no cluster, or more than one.
    pub fn supports(&self, cluster: &str, version: &str) -> Result<bool, UnknownCluster> {
        let at = self.find(cluster)?;
        let is_supported = self.clusters[at].api_versions().any(|known| known == version);
        Ok(is_supported)
    }

    pub(super) fn get_api(&self, at: At) -> Reply {
        Box::new(move |simulator, result| {
            let cluster = &simulator.clusters[at];
            result.text("currentVersion", cluster.api_version());
            result.list("supportedVersions", cluster.api_versions(), |writer, version| {
                writer.string(version);
            });
        })
    }

    pub(super) fn get_cluster_info(&self, at: At) -> Reply {
        Box::new(move |simulator, result| {
            let cluster = &simulator.clusters[at];
            result.object("clusterInfo", |info| {
                info.json("attributes", "{}");
                info.text("defaultProtectionScheme", "doubleHelix");
                info.json("enabledProtectionSchemes", r#"["doubleHelix"]"#);
                info.text("encryptionAtRestState", "disabled");
                info.json("ensemble", "[]");
                info.plain("mvip", cluster.mvip);
                info.text("mvipInterface", "Bond1G");
                info.number("mvipNodeID", 1);
                info.text("mvipVlanTag", "0");
                info.text("name", &cluster.name);
                info.number("repCount", 2);
                info.text("softwareEncryptionAtRestState", "disabled");
                info.json("supportedProtectionSchemes", r#"["doubleHelix"]"#);
                info.plain("svip", cluster.svip());
                info.text("svipInterface", "Bond10G");
                info.number("svipNodeID", 1);
                info.text("svipVlanTag", "0");
                info.text("uniqueID", &cluster.unique_id);
                info.uuid("uuid", cluster.uuid);
            });
        })
    }

    pub(super) fn get_cluster_version_info(&self, at: At) -> Reply {
        Box::new(move |simulator, result| {
            let cluster = &simulator.clusters[at];
            result.text("clusterAPIVersion", cluster.api_version());
            result.text("clusterVersion", &cluster.version);
            result.objects("clusterVersionInfo", [()], |node, ()| {
                node.text("nodeInternalRevision", "");
                node.number("nodeID", 1);
                node.text("nodeVersion", &cluster.version);
            });
            result.object("softwareVersionInfo", |software| {
                software.text("currentVersion", &cluster.version);
                software.number("nodeID", 0);
                software.text("packageName", "");
                software.text("pendingVersion", &cluster.version);
                software.text("startTime", "");
            });
        })
    }

    pub(super) fn get_limits(&self, at: At) -> Reply {
        Box::new(move |simulator, result| {
            result.number("accountCountMax", ACCOUNTS);
            result.number("accountNameLengthMax", NAME_LENGTH);
            result.number("accountNameLengthMin", 1);
            result.number("clusterPairsCountMax", simulator.clusters[at].limit);
            result.number("volumeCountMax", VOLUMES);
            result.number("volumeNameLengthMax", NAME_LENGTH);
            result.number("volumeNameLengthMin", 1);
            result.number("volumeSizeMax", SIZES.end());
            result.number("volumeSizeMin", SIZES.start());
        })
    }

    pub(super) fn start_cluster_pairing(&mut self, at: At) -> Result<Reply, Refusal> {
        self.clusters[at].room(self, 1)?;
        let (uuid, password) = (self.uuid(), self.secret(16));
        let mut username = String::with_capacity(27);
        username.push_str("__SF_pair_");
        username.extend((0..17).map(|_| self.random.alphanumeric()));
        let cluster = &mut self.clusters[at];
        let key = ClusterPairingKey {
            cluster_pair_id: cluster.next_pair,
            cluster_pair_uuid: uuid,
            cluster_unique_id: cluster.unique_id.clone(),
            mvip: cluster.mvip,
            name: cluster.name.clone(),
            password,
            rpc_connection_id: self.random.i32(1..).into(),
            username: username.into(),
            unknown: UnknownMembers::default(),
        };
        let digits = key.encode();
        let id = cluster.add_pair(ClusterPair {
            uuid,
            partner: None,
            key: Some(key),
            connected: self.now,
            latency: 0,
            listed: None,
        });
        Ok(Box::new(move |_, result| {
            result.number("clusterPairID", id);
            result.text("clusterPairingKey", digits.expose());
        }))
    }

    pub(super) fn complete_cluster_pairing(
        &mut self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let digits = required("clusterPairingKey", params.secret("clusterPairingKey")?)?;
        let key = match decode(&digits) {
            Some(PairingKey::Cluster(key)) => key,
            Some(PairingKey::Volume(_)) => return Err(Rule::ClusterKeyWrongKind.into()),
            None => return Err(Rule::ClusterKeyUnreadable.into()),
        };
        let here = &self.clusters[at];
        if key.cluster_unique_id == here.unique_id {
            return Err(Rule::ClusterKeyOfThisCluster.into());
        }
        here.room(self, 1)?;
        let uuid = key.cluster_pair_uuid;
        let is_used = |pair: &ClusterPair| pair.uuid == uuid && pair.partner.is_some();
        if self.used.contains(&uuid) || here.pairs.values().any(is_used) {
            return Err(Rule::ClusterKeyUsed.into());
        }
        let names_maker = |pair: &ClusterPair| {
            let partner = pair.partner.as_ref();
            partner.is_some_and(|partner| partner.is(&key.cluster_unique_id, key.mvip))
        };
        if here.pairs.values().any(names_maker) {
            return Err(Rule::ClusterPairedTwice.into());
        }
        let maker = self.clusters.iter().find(|(_, one)| one.unique_id == key.cluster_unique_id);
        let maker = maker.map(|(maker, _)| maker);
        let pending = match maker {
            Some(maker) => self.pending_pair(at, maker, &key)?,
            None => None,
        };
        self.unless_allowed(Rule::ClusterKeyWithoutPair, pending.is_none())?;

        self.used.insert(uuid);
        let connected = self.now.saturating_add(self.options.connecting);
        let here = self.clusters[at].as_partner();
        let partner = match maker {
            Some(maker) => self.clusters[maker].as_partner(),
            None => Partner {
                unique_id: key.cluster_unique_id,
                name: key.name,
                mvip: Some(key.mvip),
                version: here.version.clone(),
            },
        };
        let pending = maker.zip(pending);
        if let Some(pair) = pending.and_then(|(at, id)| self.clusters[at].pairs.get_mut(&id)) {
            *pair = ClusterPair::new(uuid, here, connected);
        }
        let id = self.clusters[at].add_pair(ClusterPair::new(uuid, partner, connected));
        Ok(Box::new(move |_, result| result.number("clusterPairID", id)))
    }

    /// The ID of the pending pair that the key is for, on the cluster that made it; none if it is not
    /// there.
    fn pending_pair(
        &self,
        at: At,
        maker: At,
        key: &ClusterPairingKey,
    ) -> Result<Option<u64>, Refusal> {
        if self.is_cut(at, maker) {
            return Err(unreachable());
        }
        self.clusters[maker].room(self, 0)?;
        if !self.pairs_with(at, maker).is_empty() || !self.pairs_with(maker, at).is_empty() {
            return Err(Rule::ClusterPairedTwice.into());
        }
        let mut pairs = self.clusters[maker].pairs.iter();
        let Some((id, pair)) = pairs.find(|(_, pair)| pair.uuid == key.cluster_pair_uuid) else {
            return Ok(None);
        };
        let is_as_made = match &pair.key {
            Some(made) => made == key,
            None => key.cluster_pair_id == *id,
        };
        if is_as_made { Ok(Some(*id)) } else { Err(Rule::ClusterKeyUnreadable.into()) }
    }

    pub(super) fn list_cluster_pairs(&self, at: At) -> Reply {
        Box::new(move |simulator, result| {
            let none = Partner::default();
            result.objects("clusterPairs", &simulator.clusters[at].pairs, |pair, (id, listed)| {
                let partner = listed.partner.as_ref().unwrap_or(&none);
                let status = simulator.status(at, listed);
                pair.text("clusterName", &partner.name);
                pair.number("clusterPairID", id);
                pair.uuid("clusterPairUUID", listed.uuid);
                pair.text("clusterUUID", &partner.unique_id);
                pair.number("latency", listed.latency);
                pair.text("mvip", &address(partner.mvip));
                pair.text("status", status.as_str());
                pair.text("version", &partner.version);
            });
        })
    }

    pub(super) fn remove_cluster_pair(
        &mut self,
        at: At,
        params: &mut Params<'_>,
    ) -> Result<Reply, Refusal> {
        let id = required("clusterPairID", params.integer("clusterPairID")?)?;
        let Some(pair) = self.clusters[at].pairs.get(&id) else {
            self.unless_allowed(Rule::ClusterPairIdUnknown, true)?;
            return Ok(empty());
        };
        if self.clusters[at].is_in_use(id) {
            return Err(Rule::VolumePairsRemain.into());
        }
        if let Some((there, id)) = self.listing(at, pair) {
            let remain = self.clusters[there].is_in_use(id);
            self.unless_allowed(Rule::VolumePairsRemainRemote, remain)?;
        }
        self.clusters[at].pairs.remove(&id);
        Ok(empty())
    }
}

impl Cluster {
    /// Whether volumes are paired through this cluster pair.
    fn is_in_use(&self, id: u64) -> bool {
        let pairs = self.volumes.values().flat_map(|volume| &volume.pairs);
        pairs.filter_map(|pair| pair.remote.as_ref()).any(|remote| remote.cluster_pair == id)
    }
}

/// A key that is sent as it stands: digits, and nothing that a paste added.
pub(super) fn decode(digits: &Secret) -> Option<PairingKey> {
    let digits = digits.expose();
    let key = PairingKey::decode(digits).ok()?;
    digits.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(key)
}
