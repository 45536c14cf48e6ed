//! Saved listings and what an audit makes of them. One case per rule stands in `tests/rules`.

use element_pairing::{
    api::{ClusterPair, Volume},
    topology::{Cluster, Coverage, ListingError, Report, Rule, Side, Topology, Verdict},
};
use serde_json::{Value, json};

/// Two clusters with one cluster pair and two volume pairs, all in order.
fn healthy() -> [Value; 2] {
    let side = |name: &str,
                id: &str,
                other: [&str; 2],
                pair: u64,
                volumes: [u64; 2],
                access: &str| {
        let octet = |id: &str| id.bytes().map(u64::from).sum::<u64>() % 256;
        let remote: u64 = if volumes[0] == 24 { 8 } else { 24 };
        let volume = |number: u64| {
            json!({
                "volumeID": volumes[number as usize], "name": "BK", "access": access,
                "status": "active", "totalSize": 1_000_000, "blockSize": 4096, "enable512e": true,
                "qos": {"minIOPS": 50, "maxIOPS": 15000, "burstIOPS": 15000, "curve": {"4096": 100}},
                "volumePairs": [{
                    "clusterPairID": pair, "remoteVolumeID": remote + number,
                    "volumePairUUID": format!("229fcbf3-2d35-4625-865a-d04bb9455ce{number}"),
                    "remoteReplication": {
                        "mode": "Async", "state": "Active", "snapshotReplication": {"state": "Idle"},
                    },
                }],
            })
        };
        json!({
            "GetClusterInfo": {"clusterInfo": {
                "name": name, "uniqueID": id,
                "mvip": format!("10.0.0.{}", octet(id)), "svip": format!("10.1.0.{}", octet(id)),
            }},
            "ListClusterPairs": {"clusterPairs": [{
                "clusterPairID": pair, "clusterPairUUID": "1cea1362-4c8f-461a-be72-74566a953d2f",
                "clusterName": other[0], "clusterUUID": other[1],
                "mvip": format!("10.0.0.{}", octet(other[1])),
                "status": "Connected", "version": "12.5.0.897", "latency": 1,
            }]},
            "ListVolumes": {"volumes": [volume(0), volume(1)]},
        })
    };
    [
        side("site-a", "xsm6", ["site-b", "bgn0"], 3, [24, 25], "readWrite"),
        side("site-b", "bgn0", ["site-a", "xsm6"], 1, [8, 9], "replicationTarget"),
    ]
}

fn text(listings: &Value) -> String {
    let listings = listings.as_object().unwrap().iter();
    listings.map(|(id, result)| json!({"id": id, "result": result}).to_string() + "\n").collect()
}

/// The report, which is the same in any order.
fn audit(sites: &[Value]) -> Report {
    let texts: Vec<_> = sites.iter().map(text).collect();
    let clusters: Vec<_> = texts.iter().map(|text| Cluster::read(text).unwrap()).collect();
    let report = Topology::from_iter(clusters.clone()).audit();
    let reversed = clusters.into_iter().rev().map(|mut cluster| {
        cluster.pairs.iter_mut().for_each(|pairs| pairs.reverse());
        cluster.volumes.iter_mut().for_each(|volumes| volumes.reverse());
        cluster
    });
    assert_eq!(Topology::from_iter(reversed).audit(), report);
    report
}

fn pair_of(site: &mut Value) -> &mut Value {
    &mut site["ListClusterPairs"]["clusterPairs"][0]
}

fn volume_of(site: &mut Value) -> &mut Value {
    &mut site["ListVolumes"]["volumes"][0]
}

fn state_of(site: &mut Value) -> &mut Value {
    &mut volume_of(site)["volumePairs"][0]["remoteReplication"]["state"]
}

#[track_caller]
fn assert_found(sites: &[Value], expected: &[&str]) {
    let report = audit(sites);
    let found: Vec<_> =
        report.findings().iter().map(|finding| format!("{}: {finding}", finding.rule)).collect();
    assert_eq!(found, expected);
    assert_eq!(report.unchecked(), []);
}

#[track_caller]
fn assert_broken(change: impl Fn(&mut Value, &mut Value), expected: &[&str]) {
    let mut sites = healthy();
    let [a, b] = &mut sites;
    change(a, b);
    assert_found(&sites, expected);
}

#[test]
fn healthy_has_no_findings() {
    assert_found(&healthy(), &[]);
    assert_eq!(audit(&[]).to_string(), "Nothing found.\n");
    let [a, b] = healthy();
    assert_found(&[a.clone(), b.clone(), a, b], &[]);
}

#[test]
fn listings_are_read() {
    let [mut site, _] = healthy();
    site["GetLimits"] = json!({"clusterPairsCountMax": 4});
    let all = text(&site);
    let cluster = Cluster::read(&all).unwrap();
    assert_eq!(cluster.info.unwrap().unique_id.unwrap(), "xsm6");
    assert_eq!(cluster.limits.unwrap().cluster_pairs_count_max, Some(4));
    assert_eq!(cluster.pairs.unwrap()[0].cluster_pair_id, 3);
    let ids = |volumes: Option<Vec<Volume<'_>>>| {
        volumes.map(|volumes| volumes.iter().map(|volume| volume.volume_id).collect::<Vec<_>>())
    };
    assert_eq!(ids(cluster.volumes), Some(vec![24, 25]));
    assert_eq!(cluster.coverage, Coverage::All);
    assert!(cluster.contradictions.is_empty());
    for empty in ["", "\n", "\u{feff} \t"] {
        assert_eq!(Cluster::read(empty), Err(ListingError::Empty));
    }
    assert_eq!(ListingError::Empty.code(), "empty");

    let listing = |id: &str, volumes: &[u64]| {
        let volumes: Vec<_> = volumes.iter().map(|id| json!({"volumeID": id})).collect();
        json!({"id": id, "result": {"volumes": volumes}}).to_string()
    };
    let refused = r#"{"id":"ListVolumes","error":{"code":500,"name":"xAPINotPermitted"}}"#;
    for (responses, volumes, coverage) in [
        // The widest counts, in any order.
        (
            vec![listing("ListActivePairedVolumes", &[1]), listing("ListVolumes", &[1, 2])],
            Some(vec![1, 2]),
            Coverage::All,
        ),
        (
            vec![listing("ListActiveVolumes", &[1, 3]), listing("ListActivePairedVolumes", &[1])],
            Some(vec![1, 3]),
            Coverage::Active,
        ),
        // Pages and errors are not seen.
        (
            vec![listing("ListVolumes page 1", &[1]), listing("ListVolumes page 2", &[2])],
            None,
            Coverage::Paired,
        ),
        (
            vec![listing("ListActivePairedVolumes", &[7]), refused.into()],
            Some(vec![7]),
            Coverage::Paired,
        ),
        (vec![refused.into(), listing("ListVolumes", &[7])], Some(vec![7]), Coverage::All),
    ] {
        let text = responses.join(" ");
        let cluster = Cluster::read(&text).unwrap();
        assert!(cluster.contradictions.is_empty(), "{text}");
        assert_eq!((ids(cluster.volumes), cluster.coverage), (volumes, coverage), "{text}");
    }
    // Two pages that are given as the whole.
    let pages = listing("ListVolumes", &[1]) + &listing("ListVolumes", &[2]);
    let cluster = Cluster::read(&pages).unwrap();
    assert_eq!((cluster.volumes, cluster.contradictions), (None, vec!["ListVolumes"]));
}

#[test]
fn unreadable_listings() {
    let [site, _] = healthy();
    let whole = text(&site);
    let error = |text: &str| Cluster::read(text).unwrap_err();

    let wrong =
        error(&(whole.clone() + r#"{"id":"ListVolumes","result":{"volumes":[{"volumeID":-1}]}}"#));
    assert_eq!(wrong.code(), "wrong_value");
    assert_eq!(wrong.offset(), whole.len() + 53);
    assert_eq!(
        wrong.to_string(),
        "ListVolumes: result.volumes[0].volumeID: expected an integer from 0 to 18446744073709551615"
    );
    let ListingError::Unreadable { method: Some("ListVolumes"), .. } = wrong else {
        panic!("{wrong:?}")
    };

    // Nothing is left out without a word, and nothing of it is repeated.
    for id in
        ["1", "null", r#""""#, r#""listvolumes""#, r#""StartClusterPairing""#, r#""ListVolumes,""#]
    {
        let wrong = error(&format!("{whole}{{\"id\":{id},\"result\":{{}}}}"));
        assert_eq!(wrong, ListingError::NoListing { offset: whole.len() }, "{id}");
        assert_eq!(wrong.code(), "no_listing");
        assert_eq!(wrong.to_string(), "the id of a response is not the name of a listing's method");
    }
    let cut = error(&whole[..whole.len() - 3]);
    assert_eq!((cut.code(), cut.offset()), ("cut_short", whole.len() - 3));
    let login = Cluster::read(b"<html>\xff").unwrap_err();
    assert_eq!((login.code(), login.offset()), ("not_utf8", 6));
    for wrong in [wrong, cut, login] {
        assert!(wrong.help().ends_with('.'));
    }
}

#[test]
fn parts_of_a_cluster_are_put_together() {
    let [a, mut b] = healthy();
    let mut rest = b.clone();
    rest["ListActivePairedVolumes"] = rest["ListVolumes"].take();
    for (listing, from) in [("ListVolumes", &mut rest), ("ListClusterPairs", &mut b)] {
        from.as_object_mut().unwrap().remove(listing);
    }
    let texts = [text(&rest), text(&a), text(&b)];
    let topology: Topology<'_> = texts.iter().map(|text| Cluster::read(text).unwrap()).collect();
    let [first, _] = topology.clusters() else { panic!("{topology:?}") };
    assert_eq!(first.info.as_ref().unwrap().name.as_deref(), Some("site-b"));
    assert_eq!(first.pairs.as_deref().map(<[ClusterPair<'_>]>::len), Some(1));
    assert_eq!(first.coverage, Coverage::All);
    assert_found(&[rest, a, b], &[]);
}

#[test]
fn contradictions() {
    // A listing that differs counts as not seen.
    let [a, b] = healthy();
    let mut other = b.clone();
    other["ListClusterPairs"]["clusterPairs"][0]["latency"] = 2.into();
    let report = audit(&[a.clone(), b.clone(), other]);
    let [finding] = report.findings() else { panic!("{report}") };
    assert_eq!(
        finding.to_string(),
        "cluster site-b (bgn0): its answer to ListClusterPairs contradicts itself or another answer"
    );
    let one_sided = report.unchecked().iter().find(|one| one.rule == Rule::ClusterPairOneSided);
    assert_eq!(one_sided.unwrap().want.to_string(), "ListClusterPairs of site-b (bgn0)");

    // Who it is has to differ for it to be another one.
    let mut other = b.clone();
    other["GetClusterInfo"]["clusterInfo"]["svip"] = "10.1.0.250".into();
    assert_found(
        &[a.clone(), b.clone(), other],
        &["cluster_contradicted: cluster site-b (bgn0): its answer to GetClusterInfo contradicts \
           itself or another answer"],
    );
    let info = |name: &str| {
        let [mvip, svip] = ["mvip", "svip"].map(|net| format!("{net} of {name}"));
        let info = json!({"name": name, "uniqueID": "k3", "mvip": mvip, "svip": svip});
        json!({"GetClusterInfo": {"clusterInfo": info},
               "ListClusterPairs": {"clusterPairs": []}, "ListVolumes": {"volumes": []}})
    };
    assert_found(
        &[a, b, info("c"), info("d")],
        &["unique_id_not_unique: cluster c (k3): d (k3), with another name or MVIP, has the same \
           unique ID k3"],
    );
}

/// Listings of one cluster that do not agree, in one file and in two.
#[test]
fn listings_of_volumes_that_contradict() {
    let [a, b] = healthy();
    type Change = fn(&mut Value);
    let change = |change: Change| {
        let mut volumes = b["ListVolumes"].clone();
        change(&mut volumes["volumes"]);
        volumes
    };
    let both = &["ListActivePairedVolumes", "ListVolumes"][..];
    let cases: [(Change, &[&str]); 9] = [
        (|_| (), &[]),
        (|volumes| volumes[0]["volumePairs"][0]["remoteReplication"]["state"] = "Idle".into(), &[]),
        (|volumes| volumes[0]["volumePairs"][0]["volumePairUUID"] = UPPER.into(), &[]),
        (|volumes| volumes[0]["lastAccessTime"] = "2026-11-20T06:10:45Z".into(), &[]),
        (|volumes| volumes[0]["totalSize"] = 2_000_000.into(), both),
        (|volumes| volumes[0]["access"] = "locked".into(), both),
        (|volumes| volumes[0]["volumeID"] = 7.into(), both),
        (|volumes| volumes[0]["volumePairs"][0]["remoteVolumeID"] = 26.into(), both),
        (|volumes| drop(volumes.as_array_mut().unwrap().pop()), both),
    ];
    const UPPER: &str = "229FCBF3-2D35-4625-865A-D04BB9455CE0";
    for (at, (lesser, expected)) in cases.into_iter().enumerate() {
        let mut in_one = b.clone();
        in_one["ListActivePairedVolumes"] = change(lesser);
        let mut other = in_one.clone();
        other.as_object_mut().unwrap().remove("ListVolumes");
        for sites in [vec![a.clone(), in_one], vec![a.clone(), b.clone(), other]] {
            let report = audit(&sites);
            let methods = report.findings().iter().map(|finding| finding.values[0].1.to_string());
            assert_eq!(methods.collect::<Vec<_>>(), expected, "{at}: {report}");
            let is_seen = report.unchecked().iter().all(|one| one.want.member.is_some());
            assert_eq!(is_seen, expected.is_empty(), "{at}: {report}");
        }
    }
}

/// A listing that was answered with an error is told, with what the cluster said.
#[test]
fn refused_listings() {
    let [a, mut b] = healthy();
    b.as_object_mut().unwrap().remove("ListVolumes");
    let refused = r#"{"id":"ListVolumes","error":{"code":-1,"message":"xAPINotPermitted \u001b"}}"#;
    let texts = [text(&a), text(&b) + refused, text(&b) + refused];
    let clusters = texts.iter().map(|text| Cluster::read(text).unwrap());
    let report = clusters.collect::<Topology<'_>>().audit();
    let found: Vec<_> = report.findings().iter().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            r"cluster site-b (bgn0): ListVolumes was answered with an error: name xAPINotPermitted, code -1, message xAPINotPermitted \u{1b}"
        ]
    );
    assert_eq!(report.verdict(), Verdict::Unknown);
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(
        json["findings"][0]["values"],
        json!({"method": "ListVolumes", "name": "xAPINotPermitted", "code": "-1",
               "message": "xAPINotPermitted \u{1b}"})
    );
}

#[test]
fn both_sides_are_one_finding() {
    assert_broken(
        |a, b| {
            for site in [a, b] {
                pair_of(site)["status"] = "Disconnected".into();
                pair_of(site)["latency"] = 2000.into();
                *state_of(site) = "PausedDisconnected".into();
            }
        },
        &[
            "cluster_pair_disconnected: cluster pair 1 of site-b (bgn0) with site-a (xsm6): its \
             status is Disconnected",
            "latency_high: cluster pair 1 of site-b (bgn0) with site-a (xsm6): its latency is 2000 ms",
        ],
    );
    assert_broken(
        |a, _| pair_of(a)["status"] = "Sleeping".into(),
        &["cluster_pair_status_unknown: cluster pair 3 of site-a (xsm6) with site-b (bgn0): its \
           status is Sleeping, which this version does not know"],
    );
    assert_broken(
        |a, b| {
            pair_of(a)["version"] = "12.5.0.897".into();
            pair_of(b)["version"] = "10.0".into();
            pair_of(b)["status"] = "Misconfigured".into();
        },
        &["version_skew: cluster pair 1 of site-b (bgn0) with site-a (xsm6): the versions are \
           12.5.0.897 and 10.0"],
    );
    // Each volume that was paused by hand has to be resumed.
    assert_broken(
        |a, b| {
            *state_of(a) = "PausedManual".into();
            *state_of(b) = "PausedManual".into();
        },
        &[
            "paused_manual: volume pair 24 (BK) of site-a (xsm6) with 8 of site-b (bgn0): \
             replication was paused by hand on this volume",
            "paused_manual: volume pair 8 (BK) of site-b (bgn0) with 24 of site-a (xsm6): \
             replication was paused by hand on this volume",
        ],
    );
}

#[test]
fn states_that_a_finding_explains() {
    for (state, found) in [
        ("Active", None),
        ("PausedMisconfigured", None),
        ("PausedQoS", None),
        ("PausedClusterFull", Some("paused_cluster_full")),
        ("Dreaming", Some("replication_state_unknown")),
    ] {
        let mut sites = healthy();
        *state_of(&mut sites[0]) = state.into();
        volume_of(&mut sites[1])["access"] = "readWrite".into();
        let report = audit(&sites);
        let rules: Vec<_> = report.findings().iter().map(|finding| finding.rule.code()).collect();
        let expected: Vec<_> = Some("volume_pair_no_target").into_iter().chain(found).collect();
        assert_eq!(rules, expected, "{state}");
    }
}

#[test]
fn half_removed_pairs() {
    // The volume pair on one side.
    assert_broken(
        |a, b| {
            volume_of(b)["volumePairs"] = json!([]);
            *state_of(a) = "StoppedMisconfigured".into();
        },
        &["volume_pair_one_sided: volume pair 24 (BK) of site-a (xsm6) with 8 of site-b (bgn0): \
           site-b (bgn0) lists no volume of this pair"],
    );
    // The cluster pair on one side.
    assert_broken(
        |a, b| {
            a["ListVolumes"]["volumes"] = json!([]);
            b["ListVolumes"]["volumes"] = json!([]);
            b["ListClusterPairs"]["clusterPairs"] = json!([]);
        },
        &["cluster_pair_one_sided: cluster pair 3 of site-a (xsm6) with site-b (bgn0): site-b \
           (bgn0) does not list it"],
    );
    // One pair, two UUIDs.
    assert_broken(
        |_, b| {
            pair_of(b)["clusterPairUUID"] = "x".into();
            volume_of(b)["volumePairs"][0]["volumePairUUID"] = "y".into();
        },
        &[
            "cluster_pair_sides_differ: cluster pair 1 of site-b (bgn0) with site-a (xsm6): its \
             clusterPairUUID is x here and 1cea1362-4c8f-461a-be72-74566a953d2f on site-a (xsm6)",
            "volume_pair_sides_differ: volume pair 8 (BK) of site-b (bgn0) with 24 of site-a (xsm6): \
             its volumePairUUID is y here and 229fcbf3-2d35-4625-865a-d04bb9455ce0 on site-a (xsm6)",
        ],
    );
    // Pending ones are that and nothing more.
    assert_broken(
        |a, b| {
            let pending =
                json!({"clusterPairID": 9, "clusterPairUUID": "z", "status": "Unconfigured"});
            a["ListClusterPairs"]["clusterPairs"].as_array_mut().unwrap().push(pending);
            let pending = json!({
                "volumeID": 10, "access": "readWrite", "status": "active",
                "volumePairs": [{"volumePairUUID": "w", "remoteVolumeID": 0, "clusterPairID": 0}],
            });
            b["ListVolumes"]["volumes"].as_array_mut().unwrap().push(pending);
        },
        &[
            "cluster_pair_pending: cluster pair 9 of site-a (xsm6): it is pending: its key was not \
             completed",
            "volume_pair_pending: volume pair 10 of site-b (bgn0): it is pending: its key was not \
             completed",
        ],
    );
}

#[test]
fn differences_of_volumes() {
    assert_broken(
        |a, b| {
            volume_of(a)["enable512e"] = false.into();
            volume_of(a)["blockSize"] = 512.into();
            volume_of(a)["qos"] = json!({
                "maxIOPS": 100, "minIOPS": 50.0, "burstIOPS": 15000, "curve": {"4096": 101},
            });
            volume_of(b)["totalSize"] = 1_000_001.into();
        },
        &[
            "target_larger: volume pair 8 (BK) of site-b (bgn0) with 24 of site-a (xsm6): the \
             source has 1000000 bytes, the target 1000001",
            "enable512e_differs: volume pair 8 (BK) of site-b (bgn0) with 24 of site-a (xsm6): \
             enable512e is true here and false on site-a (xsm6)",
            "block_size_differs: volume pair 8 (BK) of site-b (bgn0) with 24 of site-a (xsm6): \
             blockSize is 4096 here and 512 on site-a (xsm6)",
            "qos_differs: volume pair 8 (BK) of site-b (bgn0) with 24 of site-a (xsm6): maxIOPS is \
             15000 here and 100 on site-a (xsm6)",
        ],
    );
}

#[test]
fn what_was_not_seen() {
    let unseen = |sites: &[Value]| {
        let report = audit(sites);
        assert_eq!(report.findings(), []);
        assert_eq!(report.verdict(), Verdict::Unknown);
        let mut wants: Vec<_> =
            report.unchecked().iter().map(|one| format!("{}: {}", one.subject, one.want)).collect();
        wants.sort();
        wants.dedup();
        wants
    };
    let [a, mut b] = healthy();
    // A cluster that was not given: of each pair with it.
    assert_eq!(
        unseen(std::slice::from_ref(&a)),
        [
            "cluster pair 3 of site-a (xsm6) with site-b (bgn0): GetClusterInfo of site-b (bgn0)",
            "cluster pair 3 of site-a (xsm6) with site-b (bgn0): ListActivePairedVolumes of site-b (bgn0)",
            "cluster pair 3 of site-a (xsm6) with site-b (bgn0): ListClusterPairs of site-b (bgn0)",
            "cluster pair 3 of site-a (xsm6) with site-b (bgn0): ListVolumes of site-b (bgn0)",
        ]
    );
    // One that was, without a listing: of the cluster. It is known from its pair.
    b.as_object_mut().unwrap().remove("GetClusterInfo");
    assert_eq!(
        unseen(&[a.clone(), b.clone()]),
        ["cluster site-b (bgn0): GetClusterInfo of site-b (bgn0)"]
    );
    b.as_object_mut().unwrap().remove("ListVolumes");
    assert_eq!(
        unseen(&[a, b]),
        [
            "cluster site-b (bgn0): GetClusterInfo of site-b (bgn0)",
            "cluster site-b (bgn0): ListActivePairedVolumes of site-b (bgn0)",
            "cluster site-b (bgn0): ListVolumes of site-b (bgn0)",
        ]
    );
    // What an audit needs of the other cluster, it needs of this one too.
    for rule in Rule::all() {
        let needs = rule.audit_needs().unwrap_or_default();
        for need in needs {
            assert!(
                needs.iter().any(|here| here.listing == need.listing && here.side < need.side)
                    || need.side == Side::Here,
                "{rule}"
            );
        }
    }
}

/// What would make findings, and searches through lists, grow with the square.
#[test]
fn findings_do_not_outgrow_hostile_listings() {
    const COUNT: u64 = 2_000;
    let shapes: [fn(u64) -> [u64; 3]; 4] = [
        // The volume, the UUID, the other volume.
        |n| [n, 0, 7],
        |n| [7, n, 7],
        |n| [n, n, 7],
        |n| [7, 0, n],
    ];
    for shape in shapes {
        let [mut a, mut b] = healthy();
        for site in [&mut a, &mut b] {
            let pair = pair_of(site)["clusterPairID"].clone();
            let volumes = (0..COUNT).map(shape).map(|[id, uuid, remote]| {
                json!({"volumeID": id, "volumePairs": [
                    {"volumePairUUID": format!("a long text before {uuid}"), "remoteVolumeID": remote, "clusterPairID": pair},
                    {"volumePairUUID": "", "remoteVolumeID": remote, "clusterPairID": pair},
                ]})
            });
            site["ListVolumes"]["volumes"] = volumes.collect();
            let pairs = (0..COUNT).map(|n| {
                json!({"clusterPairID": 10 + n % 2, "clusterPairUUID": "u", "clusterUUID": if n % 3 == 0 { "xsm6" } else { "bgn0" },
                    "latency": n})
            });
            site["ListClusterPairs"]["clusterPairs"].as_array_mut().unwrap().extend(pairs);
        }
        let report = audit(&[a, b]);
        assert!(report.findings().len() < 20 * COUNT as usize, "{}", report.findings().len());
        // What is not told is so of each cluster, not of each volume.
        assert!(report.unchecked().len() < 8 * Rule::all().len(), "{}", report.unchecked().len());
    }
}
