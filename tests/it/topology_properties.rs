//! What holds for the audit of all topologies.

use std::{
    collections::BTreeSet,
    hash::{DefaultHasher, Hash, Hasher},
};

use element_pairing::topology::{Cluster, Report, Rule, Topology};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

/// What one cluster answers; null for what it was not asked.
#[derive(Debug, Clone)]
struct Site {
    info: Value,
    limits: Value,
    pairs: Value,
    volumes: Value,
    /// Whether it answers a request for ListActiveVolumes with an error.
    refused: bool,
}

impl Site {
    fn new(number: usize) -> Self {
        let [name, unique_id, mvip] = identity(number);
        let svip = format!("10.1.0.{number}");
        Self {
            info: json!({"name": name, "uniqueID": unique_id, "mvip": mvip, "svip": svip}),
            limits: json!({"clusterPairsCountMax": 4}),
            pairs: json!([]),
            volumes: json!([]),
            refused: false,
        }
    }

    fn text(&self) -> String {
        let answer = |method: &str, result: Value| json!({"id": method, "result": result});
        let answers = [
            (&self.info, answer("GetClusterInfo", json!({"clusterInfo": self.info}))),
            (&self.limits, answer("GetLimits", self.limits.clone())),
            (&self.pairs, answer("ListClusterPairs", json!({"clusterPairs": self.pairs}))),
            (&self.volumes, answer("ListVolumes", json!({"volumes": self.volumes}))),
        ];
        let asked = answers.iter().filter(|(listing, _)| !listing.is_null());
        let error = json!({"id": "ListActiveVolumes", "error": {"name": "xAPINotPermitted"}});
        let error = self.refused.then(|| error.to_string());
        asked.map(|(_, answer)| answer.to_string()).chain(error).collect()
    }

    /// Adds a cluster pair and returns its ID.
    fn pair(&mut self, uuid: &str, with: usize) -> usize {
        let [name, unique_id, mvip] = identity(with);
        let pairs = self.pairs.as_array_mut().unwrap();
        let id = pairs.len() + 1;
        pairs.push(json!({
            "clusterPairID": id, "clusterPairUUID": uuid, "clusterName": name,
            "clusterUUID": unique_id, "mvip": mvip, "status": "Connected", "latency": 1,
            "version": "12.5.0.897"
        }));
        id
    }

    /// Adds a volume and returns its ID.
    fn volume(&mut self, access: &str, size: u64) -> usize {
        let volumes = self.volumes.as_array_mut().unwrap();
        let id = volumes.len() + 1;
        volumes.push(json!({
            "volumeID": id, "name": format!("volume {id}"), "access": access, "status": "active",
            "totalSize": size, "blockSize": 4096, "enable512e": true, "deleteTime": "",
            "qos": {"minIOPS": 50, "maxIOPS": 15000, "burstIOPS": 15000}, "volumePairs": []
        }));
        id
    }

    fn pair_volume(&mut self, id: usize, uuid: &str, cluster_pair: usize, with: usize, mode: &str) {
        let pairs = self.volumes[id - 1]["volumePairs"].as_array_mut().unwrap();
        pairs.push(json!({
            "clusterPairID": cluster_pair, "remoteVolumeID": with, "volumePairUUID": uuid,
            "remoteReplication": {
                "mode": mode, "state": "Active", "snapshotReplication": {"state": "Idle"}
            }
        }));
    }
}

/// Name, unique ID, MVIP.
fn identity(number: usize) -> [String; 3] {
    [format!("site-{number}"), format!("id{number:02}"), format!("10.0.0.{number}")]
}

fn uuid(kind: u32, number: usize) -> String {
    format!("{kind:08x}-0000-4000-8000-{number:012x}")
}

/// Clusters, whose places are their numbers.
#[derive(Debug, Clone, Default)]
struct World {
    sites: Vec<Site>,
    cluster_pairs: usize,
    volume_pairs: usize,
}

impl World {
    fn add(&mut self) -> usize {
        let number = self.sites.len();
        self.sites.push(Site::new(number));
        number
    }

    /// Pairs two clusters; returns the pair's ID on each.
    fn pair(&mut self, a: usize, b: usize) -> [usize; 2] {
        self.cluster_pairs += 1;
        let uuid = uuid(1, self.cluster_pairs);
        [self.sites[a].pair(&uuid, b), self.sites[b].pair(&uuid, a)]
    }

    /// Makes a source and a target and pairs them.
    fn pair_volumes(&mut self, ends: [(usize, usize); 2], size: u64, mode: &str) {
        self.volume_pairs += 1;
        let uuid = uuid(2, self.volume_pairs);
        let [(source, source_pair), (target, target_pair)] = ends;
        let source_id = self.sites[source].volume("readWrite", size);
        let target_id = self.sites[target].volume("replicationTarget", size);
        self.sites[source].pair_volume(source_id, &uuid, source_pair, target_id, mode);
        self.sites[target].pair_volume(target_id, &uuid, target_pair, source_id, mode);
    }

    /// Two clusters more, paired with each other and with no other.
    fn add_healthy_pair(&mut self) {
        let (a, b) = (self.add(), self.add());
        let [at_a, at_b] = self.pair(a, b);
        self.pair_volumes([(a, at_a), (b, at_b)], 1 << 30, "Sync");
    }

    fn audit(&self) -> Report {
        let texts: Vec<_> = self.sites.iter().map(Site::text).collect();
        texts.iter().map(|text| Cluster::read(text).unwrap()).collect::<Topology<'_>>().audit()
    }

    /// The same in an order that the seed decides.
    fn shuffle(&mut self, seed: u64) {
        let key = |text: String| {
            let mut hasher = DefaultHasher::new();
            (seed, text).hash(&mut hasher);
            hasher.finish()
        };
        for site in &mut self.sites {
            for list in [&mut site.pairs, &mut site.volumes] {
                if let Some(list) = list.as_array_mut() {
                    list.sort_by_cached_key(|value| key(value.to_string()));
                    for pairs in list.iter_mut().filter_map(|it| it["volumePairs"].as_array_mut()) {
                        pairs.sort_by_cached_key(|value| key(value.to_string()));
                    }
                }
            }
        }
        self.sites.sort_by_cached_key(|site| key(site.text()));
    }
}

/// Up to five clusters in which nothing is wrong. The first volumes of the first two, the source on
/// the first, are paired with each other through the first cluster pair of each.
fn healthy() -> impl Strategy<Value = World> {
    let modes = || select(vec!["Async", "Sync", "SnapshotsOnly"]);
    let volumes = move || vec((any::<bool>(), 1_u64..1 << 44, modes()), 0..4);
    let links = vec((any::<bool>(), volumes()), 10);
    (2..=5_usize, links, vec(0..3_usize, 5)).prop_map(|(clusters, links, unpaired)| {
        let mut world = World::default();
        for _ in 0..clusters {
            world.add();
        }
        let pairs = (0..clusters).flat_map(|a| (a + 1..clusters).map(move |b| (a, b)));
        for ((a, b), (is_paired, volumes)) in pairs.zip(links) {
            let is_first = (a, b) == (0, 1);
            if !is_paired && !is_first {
                continue;
            }
            let [at_a, at_b] = world.pair(a, b);
            if is_first {
                world.pair_volumes([(a, at_a), (b, at_b)], 1 << 40, "Async");
            }
            for (is_turned, size, mode) in volumes {
                let mut ends = [(a, at_a), (b, at_b)];
                ends.rotate_left(is_turned.into());
                world.pair_volumes(ends, size, mode);
            }
        }
        for (site, unpaired) in world.sites.iter_mut().zip(unpaired) {
            for _ in 0..unpaired {
                site.volume("readWrite", 1 << 30);
            }
        }
        world
    })
}

type Mutation = fn(&mut World);

/// A single thing that breaks each rule, of those that an audit judges.
fn mutations() -> Vec<(Rule, Mutation)> {
    fn first_pair(world: &mut World) -> &mut Value {
        &mut world.sites[0].pairs[0]
    }
    fn source(world: &mut World) -> &mut Value {
        &mut world.sites[0].volumes[0]
    }
    fn target(world: &mut World) -> &mut Value {
        &mut world.sites[1].volumes[0]
    }
    fn replication(world: &mut World) -> &mut Value {
        &mut source(world)["volumePairs"][0]["remoteReplication"]
    }
    /// A cluster pair of the first cluster with itself; returns its ID.
    fn pair_with_itself(world: &mut World) -> usize {
        world.sites[0].pair(&uuid(3, 1), 0)
    }
    macro_rules! state {
        ($state:literal) => {
            |world| replication(world)["state"] = $state.into()
        };
    }
    vec![
        (Rule::ClusterContradicted, |world| {
            let mut again = world.sites[0].clone();
            again.volumes[0]["totalSize"] = 5.into();
            world.sites.push(again);
        }),
        (Rule::ListingRefused, |world| world.sites[0].refused = true),
        (Rule::UniqueIdNotUnique, |world| {
            let mut other = Site::new(world.sites.len());
            other.info["uniqueID"] = world.sites[0].info["uniqueID"].clone();
            world.sites.push(other);
        }),
        (Rule::ClusterNameNotUnique, |world| {
            world.sites[1].info["name"] = world.sites[0].info["name"].clone();
        }),
        (Rule::MvipNotUnique, |world| {
            world.sites[1].info["mvip"] = world.sites[0].info["mvip"].clone();
        }),
        (Rule::SvipNotUnique, |world| {
            world.sites[1].info["svip"] = world.sites[0].info["svip"].clone();
        }),
        (Rule::ClusterPairLimit, |world| {
            world.sites[0].limits["clusterPairsCountMax"] = 0.into();
        }),
        (Rule::ClusterPairPending, |world| {
            let id = world.sites[0].pair(&uuid(3, 1), 1);
            world.sites[0].pairs[id - 1] = json!({
                "clusterPairID": id, "clusterPairUUID": uuid(3, 1), "clusterName": "",
                "clusterUUID": "", "mvip": "", "status": "Unconfigured", "latency": 0, "version": ""
            });
        }),
        (Rule::ClusterPairPendingOneSide, |world| {
            first_pair(world)["status"] = "Unconfigured".into();
        }),
        (Rule::ClusterPairOneSided, |world| {
            let pairs = world.sites[1].pairs.as_array_mut().unwrap();
            pairs.retain(|pair| pair["clusterPairUUID"] != uuid(1, 1));
        }),
        (Rule::ClusterPairSidesDiffer, |world| first_pair(world)["clusterUUID"] = "id99".into()),
        (Rule::ClusterPairedTwice, |world| {
            world.pair(0, 1);
        }),
        (Rule::ClusterPairedWithItself, |world| {
            pair_with_itself(world);
        }),
        (Rule::ClusterPairDisconnected, |world| {
            first_pair(world)["status"] = "Disconnected".into();
        }),
        (Rule::ClusterPairMisconfigured, |world| {
            first_pair(world)["status"] = "Misconfigured".into();
        }),
        (Rule::ClusterPairConnecting, |world| first_pair(world)["status"] = "Connecting".into()),
        (Rule::ClusterPairStatusUnknown, |world| first_pair(world)["status"] = "Dozing".into()),
        (Rule::VersionSkew, |world| first_pair(world)["version"] = "10.4.0.35".into()),
        (Rule::LatencyHigh, |world| first_pair(world)["latency"] = 2_000.into()),
        (Rule::LatencyHighForSync, |world| {
            world.add_healthy_pair();
            let last = world.sites.len() - 1;
            world.sites[last].pairs[0]["latency"] = 9.into();
        }),
        (Rule::VolumePairPending, |world| {
            let id = world.sites[0].volume("readWrite", 1 << 30);
            world.sites[0].volumes[id - 1]["volumePairs"] = json!([{
                "clusterPairID": null, "remoteVolumeID": null, "remoteVolumeName": "",
                "volumePairUUID": uuid(3, 1),
                "remoteReplication": {"mode": "Async", "state": "", "stateDetails": ""}
            }]);
        }),
        (Rule::VolumePairWithoutClusterPair, |world| {
            source(world)["volumePairs"][0]["clusterPairID"] = 99.into();
        }),
        (Rule::VolumePairOneSided, |world| target(world)["volumePairs"] = json!([])),
        (Rule::VolumePairPartnerNotListed, |world| {
            target(world)["status"] = "deleted".into();
            target(world)["volumePairs"] = json!([]);
        }),
        (Rule::PairedVolumeNotActive, |world| target(world)["status"] = "init".into()),
        (Rule::PairedVolumeDeleted, |world| {
            target(world)["status"] = "deleted".into();
            target(world)["deleteTime"] = "2026-11-20T06:10:45Z".into();
        }),
        (Rule::VolumePairSidesDiffer, |world| {
            source(world)["volumePairs"][0]["remoteVolumeID"] = 99.into();
        }),
        (Rule::VolumePairModesDiffer, |world| replication(world)["mode"] = "Sync".into()),
        (Rule::VolumePairedMoreThanOnce, |world| {
            let id = world.sites[1].volume("replicationTarget", 1 << 40);
            world.sites[0].pair_volume(1, &uuid(3, 1), 1, id, "Async");
            world.sites[1].pair_volume(id, &uuid(3, 1), 1, 1, "Async");
        }),
        (Rule::VolumePairedWithItself, |world| {
            let pair = pair_with_itself(world);
            let id = world.sites[0].volume("readWrite", 1 << 30);
            world.sites[0].pair_volume(id, &uuid(3, 2), pair, id, "Async");
        }),
        (Rule::VolumePairWithinCluster, |world| {
            let pair = pair_with_itself(world);
            let a = world.sites[0].volume("readWrite", 1 << 30);
            let b = world.sites[0].volume("replicationTarget", 1 << 30);
            world.sites[0].pair_volume(a, &uuid(3, 2), pair, b, "Async");
            world.sites[0].pair_volume(b, &uuid(3, 2), pair, a, "Async");
        }),
        (Rule::VolumePairNoTarget, |world| target(world)["access"] = "readWrite".into()),
        (Rule::VolumePairTwoTargets, |world| source(world)["access"] = "replicationTarget".into()),
        (Rule::PairedVolumeAccess, |world| source(world)["access"] = "readOnly".into()),
        (Rule::TargetSmaller, |world| target(world)["totalSize"] = (1_u64 << 39).into()),
        (Rule::TargetLarger, |world| target(world)["totalSize"] = (1_u64 << 41).into()),
        (Rule::Enable512eDiffers, |world| target(world)["enable512e"] = false.into()),
        (Rule::BlockSizeDiffers, |world| target(world)["blockSize"] = 512.into()),
        (Rule::QosDiffers, |world| target(world)["qos"]["maxIOPS"] = 100.into()),
        (Rule::PausedManual, state!("PausedManual")),
        (Rule::PausedManualRemote, state!("PausedManualRemote")),
        (Rule::PausedMisconfigured, state!("PausedMisconfigured")),
        (Rule::PausedVolumeSizeMismatch, state!("PausedVolumeSizeMismatch")),
        (Rule::PausedExceededMaxSnapshotCount, state!("PausedExceededMaxSnapshotCount")),
        (Rule::PausedDisconnected, state!("PausedDisconnected")),
        (Rule::PausedClusterFull, state!("PausedClusterFull")),
        (Rule::StoppedMisconfigured, state!("StoppedMisconfigured")),
        (Rule::ReplicationStateUnknown, state!("Dozing")),
        (Rule::SnapshotsNotReplicated, |world| {
            replication(world)["snapshotReplication"]["state"] = "PausedManual".into();
        }),
    ]
}

/// A topology with up to three things wrong, some listings of which were not given.
fn any_world() -> impl Strategy<Value = World> {
    let wrong = vec(select(mutations()), 0..4);
    let unseen = vec((any::<prop::sample::Index>(), 0..4_usize), 0..3);
    (healthy(), wrong, unseen).prop_map(|(mut world, wrong, unseen)| {
        for (_, mutate) in wrong {
            mutate(&mut world);
        }
        for (site, listing) in unseen {
            let site = site.index(world.sites.len());
            let Site { info, limits, pairs, volumes, .. } = &mut world.sites[site];
            *[info, limits, pairs, volumes][listing] = Value::Null;
        }
        world
    })
}

proptest! {
    #[test]
    fn nothing_is_wrong_with_a_healthy_topology(world in healthy()) {
        prop_assert_eq!(world.audit().to_string(), "Nothing found.\n");
    }

    #[test]
    fn order_changes_nothing(mut world in any_world(), seed in any::<u64>()) {
        let report = world.audit();
        world.shuffle(seed);
        let shuffled = world.audit();
        prop_assert_eq!(&shuffled, &report, "{}\n{}", shuffled, report);
    }

    #[test]
    fn an_unrelated_healthy_pair_changes_nothing(mut world in any_world()) {
        let report = world.audit();
        world.add_healthy_pair();
        let more = world.audit();
        prop_assert_eq!(&more, &report, "{}\n{}", more, report);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn each_corruption_is_found_by_its_rule(world in healthy()) {
        for (rule, mutate) in mutations() {
            let mut world = world.clone();
            mutate(&mut world);
            let report = world.audit();
            let found = report.findings().iter().any(|finding| finding.rule == rule);
            prop_assert!(found, "{}: {}", rule, report);
        }
    }
}

/// Pairs of one UUID on one volume, which the strategies meet now and then only.
#[test]
fn order_of_pairs_of_one_uuid_changes_nothing() {
    let mut world = World::default();
    world.add_healthy_pair();
    for id in [2, 3] {
        world.sites[1].volume("replicationTarget", 1 << 30);
        world.sites[0].pair_volume(1, &uuid(3, 1), 1, id, "Async");
        world.sites[1].pair_volume(id, &uuid(3, 1), 1, 1, "Async");
    }
    let report = world.audit();
    assert!(report.has_errors());
    for seed in 0..32 {
        world.shuffle(seed);
        assert_eq!(world.audit(), report);
    }
}

#[test]
fn each_rule_of_an_audit_has_a_corruption() {
    let broken: BTreeSet<_> = mutations().iter().map(|(rule, _)| *rule).collect();
    let audited: BTreeSet<_> = Rule::all().filter(|rule| rule.audit_needs().is_some()).collect();
    assert_eq!(broken, audited);
}
