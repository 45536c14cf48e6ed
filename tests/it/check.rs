//! [`Topology::check`]: for each call what is clear, each rule that can refuse it or do harm, its
//! boundary, and what was not seen.
//!
//! `tests/topology` has the listings that the tests change; the table in `src/topology/check.md` is
//! written anew by `BLESS=1 cargo test`.

use std::collections::BTreeSet;

use element_pairing::{
    ClusterPairingKey, Secret, UnknownMembers, VolumePairingKey,
    api::{
        Access, CompleteClusterPairing, CompleteVolumePairing, ListActivePairedVolumes,
        ListClusterPairs, ModifyVolume, ModifyVolumePair, RemoveClusterPair, RemoveVolumePair,
        ReplicationMode, StartClusterPairing, StartVolumePairing,
    },
    topology::{
        Call, Cluster, Listing, Need, Report, Rule, Severity, Side, Topology, UnknownCluster,
        Verdict,
    },
};
use serde_json::{Value, json};
use uuid::{Uuid, uuid};

use crate::rules::assert_file;

/// What the listings of a cluster answer, by the names of the methods.
#[derive(Clone)]
struct Site(Value);

impl Site {
    fn read(text: &str) -> Self {
        Self(serde_json::from_str(text).unwrap())
    }

    /// `path` is a JSON pointer; null removes.
    fn set(mut self, path: &str, value: Value) -> Self {
        let (parent, last) = path.rsplit_once('/').unwrap();
        let parent = self.0.pointer_mut(parent).unwrap_or_else(|| panic!("{path}"));
        match parent {
            Value::Object(members) if value.is_null() => drop(members.remove(last).unwrap()),
            Value::Object(members) => drop(members.insert(last.into(), value)),
            Value::Array(items) if last == "-" => items.push(value),
            Value::Array(items) if value.is_null() => drop(items.remove(last.parse().unwrap())),
            Value::Array(items) => items[last.parse::<usize>().unwrap()] = value,
            _ => panic!("{path}"),
        }
        self
    }

    /// Without the answer to a method.
    fn without(self, method: &str) -> Self {
        self.set(&format!("/{method}"), Value::Null)
    }

    /// The listing of volumes by another method, with those that it has.
    fn listed_by(self, method: &str) -> Self {
        let Value::Array(mut volumes) = self.0["ListVolumes"]["volumes"].clone() else { panic!() };
        let is_paired = |volume: &Value| !volume["volumePairs"].as_array().unwrap().is_empty();
        volumes.retain(|volume| {
            volume["status"] != "deleted"
                && (method != "ListActivePairedVolumes" || is_paired(volume))
        });
        let site = self.without("ListVolumes");
        site.set(&format!("/{method}"), json!({ "volumes": volumes }))
    }

    fn text(&self) -> String {
        let answers = self.0.as_object().unwrap().iter();
        answers
            .map(|(method, result)| json!({"id": method, "result": result}).to_string())
            .collect()
    }
}

/// Two paired clusters: volume 1 of site-a is replicated to 11 of site-b. 2 and 12 are not paired,
/// 3 and 13 have pending pairs.
fn a() -> Site {
    Site::read(include_str!("../topology/site-a.json"))
}

fn b() -> Site {
    Site::read(include_str!("../topology/site-b.json"))
}

/// A cluster that is not paired; it made a key, whose pair is pending.
fn c() -> Site {
    Site::read(include_str!("../topology/site-c.json"))
}

#[track_caller]
fn check<'c>(sites: &[&Site], cluster: &str, call: impl Into<Call<'c>>) -> Report {
    let call = call.into();
    let texts: Vec<_> = sites.iter().map(|site| site.text()).collect();
    let topology: Topology<'_> = texts.iter().map(|text| Cluster::read(text).unwrap()).collect();
    let report = topology.check(cluster, call).unwrap();
    let reversed: Topology<'_> = topology.clusters().iter().rev().cloned().collect();
    assert_eq!(reversed.check(cluster, call), Ok(report.clone()), "in another order");
    let reported = report.findings().iter().map(|finding| finding.rule);
    for rule in reported.chain(report.unchecked().iter().map(|unchecked| unchecked.rule)) {
        assert!(call.rules().contains(&rule), "{rule} is none of {}", call.method());
    }
    for finding in report.findings() {
        let known: BTreeSet<_> = finding.rule.values().collect();
        let named: Vec<_> = finding.values.iter().map(|(name, _)| *name).collect();
        assert!(named.iter().all(|name| known.contains(name)), "{finding:?}");
        assert!(!finding.message().contains("unknown") || named.len() < known.len(), "{finding}");
    }
    report
}

/// The findings, a line each: `code: subject: message`; without advice.
fn lines(report: &Report) -> Vec<String> {
    let findings = report.findings().iter();
    let findings = findings.filter(|finding| finding.rule.severity() < Severity::Advice);
    findings.map(|finding| format!("{}: {finding}", finding.rule)).collect()
}

fn advice(report: &Report) -> Vec<String> {
    let findings = report.findings().iter();
    let findings = findings.filter(|finding| finding.rule.severity() == Severity::Advice);
    findings.map(|finding| format!("{}: {finding}", finding.rule)).collect()
}

/// What could not be checked, a line for each: `code: want`; without advice.
fn unchecked(report: &Report) -> Vec<String> {
    let unchecked = report.unchecked().iter();
    let unchecked = unchecked.filter(|unchecked| unchecked.rule.severity() < Severity::Advice);
    unchecked.map(|unchecked| format!("{}: {}", unchecked.rule, unchecked.want)).collect()
}

#[track_caller]
fn clear(report: &Report) {
    assert_eq!(report.verdict(), Verdict::Clear, "{report}");
    assert_eq!(lines(report), [""; 0]);
}

#[track_caller]
fn refused(report: &Report, expected: &[&str]) {
    assert_eq!((lines(report), report.verdict()), (owned(expected), Verdict::Refused), "{report}");
}

#[track_caller]
fn harmful(report: &Report, expected: &[&str]) {
    assert_eq!((lines(report), report.verdict()), (owned(expected), Verdict::Harmful), "{report}");
}

#[track_caller]
fn unknown(report: &Report, expected: &[&str]) {
    let found = (lines(report), unchecked(report), report.verdict());
    assert_eq!(found, (vec![], owned(expected), Verdict::Unknown), "{report}");
}

fn owned(lines: &[&str]) -> Vec<String> {
    lines.iter().map(|line| (*line).to_owned()).collect()
}

const KEY_UUID: Uuid = uuid!("cccccccc-0000-4000-8000-000000000001");

/// The key that site-c made.
fn cluster_key() -> ClusterPairingKey {
    ClusterPairingKey {
        cluster_pair_id: 1,
        cluster_pair_uuid: KEY_UUID,
        cluster_unique_id: "cccc".into(),
        mvip: [10, 0, 0, 3].into(),
        name: "site-c".into(),
        password: "Wq7#Zk9!vJx2@Lp".into(),
        rpc_connection_id: 913_142_649,
        username: "__SF_pair_Hy5Tg8Xn3Dz".into(),
        unknown: UnknownMembers::default(),
    }
}

fn complete_clusters(key: &ClusterPairingKey) -> CompleteClusterPairing {
    CompleteClusterPairing { cluster_pairing_key: key.encode() }
}

/// The key that was made for volume 13 of site-b.
fn volume_key() -> VolumePairingKey {
    VolumePairingKey {
        mvip: [10, 0, 0, 2].into(),
        volume_id: 13,
        volume_name: "pending".into(),
        volume_pair_uuid: uuid!("00000000-0000-4000-8000-000000001300"),
        unknown: UnknownMembers::default(),
    }
}

fn complete_volumes(volume_id: u64, key: &VolumePairingKey) -> CompleteVolumePairing {
    CompleteVolumePairing { volume_id, volume_pairing_key: key.encode() }
}

fn access(volume_id: u64, access: Access) -> ModifyVolume {
    ModifyVolume { volume_id, access: Some(access), total_size: None }
}

fn size(volume_id: u64, total_size: u64) -> ModifyVolume {
    ModifyVolume { volume_id, access: None, total_size: Some(total_size) }
}

#[test]
fn clusters_by_unique_id_name_or_mvip() {
    let texts = [a().text(), b().text()];
    let topology: Topology<'_> = texts.iter().map(|text| Cluster::read(text).unwrap()).collect();
    let volume = RemoveVolumePair { volume_id: 12 };
    for cluster in ["bbbb", "site-b", "10.0.0.2"] {
        assert_eq!(topology.check(cluster, &volume).unwrap().verdict(), Verdict::Clear);
    }
    assert_eq!(topology.check("site-c", &volume), Err(UnknownCluster));
    assert_eq!(Topology::default().check("", &ListClusterPairs), Err(UnknownCluster));

    // Two clusters of one name: neither is meant.
    let texts = [a().text(), b().set("/GetClusterInfo/clusterInfo/name", json!("site-a")).text()];
    let topology: Topology<'_> = texts.iter().map(|text| Cluster::read(text).unwrap()).collect();
    assert_eq!(topology.check("site-a", &volume), Err(UnknownCluster));
    assert_eq!(topology.check("bbbb", &volume).unwrap().verdict(), Verdict::Clear);
    assert_eq!(
        UnknownCluster.to_string(),
        "not exactly one of the given clusters has this unique ID, name or MVIP"
    );
    assert_eq!(UnknownCluster.code(), "unknown_cluster");
}

#[test]
fn listings_are_always_clear() {
    let nothing = Site(json!({"GetClusterInfo": {"clusterInfo": {"name": "site-a"}}}));
    for sites in
        [vec![&nothing], vec![&a(), &a().set("/ListClusterPairs/clusterPairs/0", Value::Null)]]
    {
        assert_eq!(check(&sites, "site-a", &ListClusterPairs), Report::default());
        let volumes = ListActivePairedVolumes::default();
        assert_eq!(check(&sites, "site-a", &volumes), Report::default());
    }
}

// StartClusterPairing

/// Four pairs, of which these are pending.
fn four_pairs(pending: usize) -> Site {
    (0..3).fold(a(), |site, index| {
        let status = if index < pending { "Unconfigured" } else { "Connected" };
        let pair = json!({"clusterPairID": index + 2, "clusterName": format!("other-{index}"),
            "clusterUUID": format!("other{index}"), "status": status});
        site.set("/ListClusterPairs/clusterPairs/-", pair)
    })
}

#[test]
fn start_cluster_pairing() {
    clear(&check(&[&a()], "site-a", &StartClusterPairing));
    assert_eq!(check(&[&a(), &b()], "site-a", &StartClusterPairing), Report::default());

    let report = check(&[&four_pairs(0)], "site-a", &StartClusterPairing);
    refused(
        &report,
        &["cluster_pair_limit: cluster site-a (aaaa): \
        it has 4 cluster pairs that are not pending; the limit is 4"],
    );
    let five = four_pairs(0).set("/GetLimits/clusterPairsCountMax", json!(5));
    clear(&check(&[&five], "site-a", &StartClusterPairing));
    let report = check(&[&four_pairs(0).without("GetLimits")], "site-a", &StartClusterPairing);
    refused(
        &report,
        &["cluster_pair_limit: cluster site-a (aaaa): \
        it has 4 cluster pairs that are not pending; the limit is 4"],
    );

    let report = check(&[&four_pairs(1)], "site-a", &StartClusterPairing);
    refused(
        &report,
        &["cluster_pair_limit_pending: cluster site-a (aaaa): \
        it has 3 cluster pairs and 1 pending ones; the limit is 4, and whether pending ones count \
        is not known"],
    );
    let three = four_pairs(1).set("/ListClusterPairs/clusterPairs/1", Value::Null);
    clear(&check(&[&three], "site-a", &StartClusterPairing));

    let report = check(&[&a().without("ListClusterPairs")], "site-a", &StartClusterPairing);
    let listing = "ListClusterPairs of site-a (aaaa)";
    unknown(
        &report,
        &[
            &format!("cluster_pair_limit: {listing}"),
            &format!("cluster_pair_limit_pending: {listing}"),
        ],
    );
    // Inferred from the other side's listing.
    let report = check(&[&a().without("GetClusterInfo"), &b()], "site-a", &StartClusterPairing);
    unknown(&report, &["unique_id_not_unique: GetClusterInfo of site-a (aaaa)"]);
}

#[test]
fn clusters_that_are_not_told_apart() {
    let twin = c().set("/GetClusterInfo/clusterInfo/uniqueID", json!("aaaa"));
    let report = check(&[&a(), &twin], "site-a", &StartClusterPairing);
    refused(
        &report,
        &["unique_id_not_unique: cluster site-a (aaaa): \
        site-c (aaaa), with another name or MVIP, has the same unique ID aaaa"],
    );
    let namesake = c()
        .set("/GetClusterInfo/clusterInfo/name", json!("site-b"))
        .set("/GetClusterInfo/clusterInfo/mvip", json!("10.0.0.2"));
    let report = check(&[&b(), &namesake], "bbbb", &StartClusterPairing);
    clear(&report);
    assert_eq!(
        advice(&report),
        [
            "cluster_name_not_unique: cluster site-b (bbbb): site-b (cccc) has the same name",
            "mvip_not_unique: cluster site-b (bbbb): site-b (cccc) has the same MVIP 10.0.0.2",
        ]
    );
    let key = ClusterPairingKey { name: "site-a".into(), ..cluster_key() };
    let report = check(&[&a()], "site-a", &complete_clusters(&key));
    assert_eq!(
        advice(&report),
        ["cluster_name_not_unique: cluster site-a (aaaa): site-a (cccc) has the same name"]
    );
    // A cluster that it is paired with.
    let paired = a().set("/ListClusterPairs/clusterPairs/0/clusterName", json!("site-a"));
    let report = check(&[&paired], "site-a", &StartClusterPairing);
    assert_eq!(
        advice(&report),
        ["cluster_name_not_unique: cluster site-a (aaaa): site-a (bbbb) has the same name"]
    );

    let other = a().set("/ListClusterPairs/clusterPairs/0/latency", json!(2));
    let report = check(&[&a(), &other], "site-a", &StartClusterPairing);
    let contradicted = "cluster_contradicted: cluster site-a (aaaa): \
        its answer to ListClusterPairs contradicts itself or another answer";
    refused(&report, &[contradicted]);
    // Also of the other cluster that the call concerns.
    let report = check(&[&a(), &other, &b()], "site-b", &RemoveVolumePair { volume_id: 11 });
    refused(&report, &[contradicted]);
    clear(&check(&[&a(), &other, &b()], "site-b", &RemoveVolumePair { volume_id: 12 }));
}

// CompleteClusterPairing

#[test]
fn complete_cluster_pairing() {
    let call = complete_clusters(&cluster_key());
    let report = check(&[&a(), &b(), &c()], "site-a", &call);
    // No cluster is paired with site-c, which would show its version: nothing to ask for.
    assert_eq!(report, Report::default());

    // The maker was not given.
    let report = check(&[&a()], "site-a", &call);
    unknown(
        &report,
        &[
            "cluster_pair_limit: ListClusterPairs of site-c (cccc)",
            "cluster_paired_twice: ListClusterPairs of site-c (cccc)",
            "cluster_key_used: ListClusterPairs of site-c (cccc)",
            "cluster_pair_limit_pending: ListClusterPairs of site-c (cccc)",
            "cluster_key_without_pair: ListClusterPairs of site-c (cccc)",
        ],
    );
    let report = check(&[&a().without("ListClusterPairs"), &c()], "site-a", &call);
    let listing = "ListClusterPairs of site-a (aaaa)";
    unknown(
        &report,
        &[
            &format!("cluster_pair_limit: {listing}"),
            &format!("cluster_paired_twice: {listing}"),
            &format!("cluster_key_used: {listing}"),
            &format!("cluster_pair_limit_pending: {listing}"),
        ],
    );
    // Renamed since it made the key.
    clear(&check(&[&c().set("/GetClusterInfo/clusterInfo/name", json!("x")), &a()], "aaaa", &call));
}

#[test]
fn cluster_keys_that_cannot_be_read() {
    let digits = cluster_key().encode();
    for (digits, code) in [
        (digits.expose()[..200].to_owned(), "cut_short"),
        (String::new(), "empty"),
        ("7b22x".into(), "not_a_digit"),
        // Whole, but not as the cluster takes it.
        (format!("key: {}", digits.expose()), "not_a_digit"),
        (format!("{}\n", digits.expose()), "not_a_digit"),
    ] {
        let call = CompleteClusterPairing { cluster_pairing_key: Secret::from(digits) };
        let report = check(&[&a(), &c()], "site-a", &call);
        refused(
            &report,
            &[&format!(
                "cluster_key_unreadable: cluster site-a (aaaa): the key cannot be read ({code})"
            )],
        );
    }
    let call = CompleteClusterPairing { cluster_pairing_key: volume_key().encode() };
    refused(
        &check(&[&a()], "site-a", &call),
        &["cluster_key_wrong_kind: cluster site-a (aaaa): this is a volume pairing key"],
    );
}

#[test]
fn cluster_keys_of_the_cluster_itself() {
    let own =
        "cluster_key_of_this_cluster: cluster site-c (cccc): this cluster made the key itself";
    let call = complete_clusters(&cluster_key());
    refused(&check(&[&a(), &c()], "site-c", &call), &[own]);
    // Its unique ID is not known, but its address.
    let nameless = c().set("/GetClusterInfo/clusterInfo/uniqueID", Value::Null);
    let report = check(&[&nameless], "site-c", &call);
    assert_eq!(
        lines(&report),
        ["cluster_key_of_this_cluster: cluster site-c: this cluster made the key itself"]
    );
    let moved = nameless.set("/GetClusterInfo/clusterInfo/mvip", json!("10.0.0.9"));
    let report = check(&[&moved], "site-c", &call);
    assert!(
        unchecked(&report)
            .contains(&"cluster_key_of_this_cluster: uniqueID in GetClusterInfo of site-c".into()),
        "{report}"
    );
}

#[test]
fn cluster_keys_that_are_used() {
    let call = complete_clusters(&cluster_key());
    let pair = |status: &str, uuid: Uuid| {
        json!({"clusterPairID": 9, "clusterPairUUID": uuid.to_string(), "clusterName": "site-c", "clusterUUID": "cccc",
            "mvip": "10.0.0.3", "status": status, "latency": 1})
    };
    let add = "/ListClusterPairs/clusterPairs/-";
    // As soon as this cluster lists it, whatever its status.
    for status in ["Connected", "Connecting", "Unconfigured"] {
        let used = a().set(add, pair(status, KEY_UUID));
        refused(
            &check(&[&used, &c()], "site-a", &call),
            &[
                "cluster_key_used: cluster site-a (aaaa): the key's pair exists already, as cluster pair 9",
            ],
        );
    }
    // Completed on another cluster, which the maker shows, or that cluster.
    let status = "/ListClusterPairs/clusterPairs/0/status";
    let used =
        "cluster_key_used: cluster site-c (cccc): the key's pair exists already, as cluster pair 1";
    refused(&check(&[&a(), &c().set(status, json!("Connected"))], "site-a", &call), &[used]);
    let report = check(&[&a(), &b().set(add, pair("Connected", KEY_UUID))], "site-a", &call);
    refused(
        &report,
        &[
            "cluster_key_used: cluster site-b (bbbb): the key's pair exists already, as cluster pair 9",
        ],
    );

    let other = uuid!("cccccccc-0000-4000-8000-000000000002");
    let twice = "cluster_paired_twice: cluster site-a (aaaa): \
        it is paired with site-c (cccc) already, by cluster pair 9";
    let paired = a().set(add, pair("Connected", other));
    refused(&check(&[&paired, &c()], "site-a", &call), &[twice]);
    // A pending pair is none.
    clear(&check(&[&a().set(add, pair("Unconfigured", other)), &c()], "site-a", &call));
    // Removed here alone.
    let there = json!({"clusterPairID": 2, "clusterPairUUID": other.to_string(), "clusterUUID": "aaaa", "status": "Disconnected"});
    refused(
        &check(&[&a(), &c().set(add, there)], "site-a", &call),
        &["cluster_paired_twice: cluster site-c (cccc): \
         it is paired with site-a (aaaa) already, by cluster pair 2"],
    );

    let removed = c().set("/ListClusterPairs/clusterPairs/0", Value::Null);
    refused(
        &check(&[&a(), &removed], "site-a", &call),
        &["cluster_key_without_pair: cluster site-a (aaaa): \
         site-c (cccc), which made the key, lists no pending pair for it"],
    );
}

#[test]
fn limits_of_both_clusters() {
    let call = complete_clusters(&cluster_key());
    refused(
        &check(&[&four_pairs(0), &c()], "site-a", &call),
        &["cluster_pair_limit: cluster site-a (aaaa): \
         it has 4 cluster pairs that are not pending; the limit is 4"],
    );
    // The maker's own pending pair is not a further one.
    let full = |paired| {
        (0..paired).fold(c(), |site, index| {
            let pair = json!({"clusterPairID": index + 2, "clusterUUID": format!("other{index}"), "status": "Connected"});
            site.set("/ListClusterPairs/clusterPairs/-", pair)
        })
    };
    clear(&check(&[&a(), &full(3)], "site-a", &call));
    refused(
        &check(&[&a(), &full(4)], "site-a", &call),
        &["cluster_pair_limit: cluster site-c (cccc): \
         it has 4 cluster pairs that are not pending; the limit is 4"],
    );
    let pending = json!({"clusterPairID": 7, "status": "Unconfigured"});
    let two_pending = full(3).set("/ListClusterPairs/clusterPairs/-", pending);
    refused(
        &check(&[&a(), &two_pending], "site-a", &call),
        &["cluster_pair_limit_pending: cluster site-c (cccc): \
         it has 3 cluster pairs and 2 pending ones; the limit is 4, and whether pending ones count \
         is not known"],
    );
}

#[test]
fn versions_of_clusters_to_be_paired() {
    let call = complete_clusters(&cluster_key());
    // site-b is paired with both, and shows their versions.
    let with_c = |version: &str| {
        let pair = json!({"clusterPairID": 6, "clusterUUID": "cccc", "clusterName": "site-c",
            "mvip": "10.0.0.3", "status": "Connected", "latency": 1, "version": version});
        b().set("/ListClusterPairs/clusterPairs/-", pair)
    };
    for version in ["11.8.0.23", "12.7.0.380", "13.0.0.1"] {
        assert_eq!(check(&[&a(), &with_c(version), &c()], "site-a", &call), Report::default());
    }
    let report = check(&[&a(), &with_c("10.4.0.35"), &c()], "site-a", &call);
    clear(&report);
    assert_eq!(
        advice(&report),
        ["version_skew_ahead: cluster site-a (aaaa): its version is 12.5.0.897, \
         that of site-c (cccc) 10.4.0.35; the pair would become Misconfigured",]
    );
}

// RemoveClusterPair

#[test]
fn remove_cluster_pair() {
    let no_pairs = |site: Site, index: usize| {
        site.set(&format!("/ListVolumes/volumes/{index}/volumePairs"), json!([]))
    };
    let (a, b) = (no_pairs(a(), 0), no_pairs(b(), 0));
    let call = RemoveClusterPair { cluster_pair_id: 1 };
    let report = check(&[&a, &b], "site-a", &call);
    clear(&report);
    assert_eq!(
        advice(&report),
        ["cluster_pair_removed_here_only: cluster pair 1 of site-a (aaaa) with site-b (bbbb): \
         site-b (bbbb) still lists it",]
    );
    let removed = b.clone().set("/ListClusterPairs/clusterPairs/0", Value::Null);
    assert_eq!(check(&[&a, &removed], "site-a", &call), Report::default());
    // A pending pair is on one cluster alone.
    assert_eq!(check(&[&c()], "site-c", &call), Report::default());

    refused(
        &check(&[&a, &b], "site-b", &call),
        &["cluster_pair_id_unknown: cluster site-b (bbbb): it lists no cluster pair 1"],
    );
    let with_volumes = self::a();
    refused(
        &check(&[&with_volumes, &b], "site-a", &call),
        &["volume_pairs_remain: cluster pair 1 of site-a (aaaa) with site-b (bbbb): \
         volumes of this cluster that are paired through it: 1"],
    );
    refused(
        &check(&[&a, &self::b()], "site-a", &call),
        &["volume_pairs_remain_remote: cluster pair 1 of site-a (aaaa) with site-b (bbbb): \
         volumes of site-b (bbbb) that are paired through it: 1"],
    );
    // Through another cluster pair.
    let other = self::b().set("/ListVolumes/volumes/0/volumePairs/0/clusterPairID", json!(6));
    clear(&check(&[&a, &other], "site-a", &call));

    unknown(
        &check(&[&a], "site-a", &call),
        &["volume_pairs_remain_remote: ListClusterPairs of site-b (bbbb)"],
    );
    unknown(
        &check(&[&a, &b.clone().without("ListVolumes")], "site-a", &call),
        &["volume_pairs_remain_remote: ListVolumes of site-b (bbbb)"],
    );
    unknown(
        &check(&[&a.clone().without("ListVolumes"), &b], "site-a", &call),
        &["volume_pairs_remain: ListVolumes of site-a (aaaa)"],
    );
    // A volume that is deleted may still be paired.
    for method in ["ListActivePairedVolumes", "ListActiveVolumes"] {
        unknown(
            &check(&[&a.clone().listed_by(method), &b.clone().listed_by(method)], "site-a", &call),
            &[
                "volume_pairs_remain: ListVolumes of site-a (aaaa)",
                "volume_pairs_remain_remote: ListVolumes of site-b (bbbb)",
            ],
        );
        let report = check(&[&with_volumes.clone().listed_by(method), &b], "site-a", &call);
        assert_eq!(lines(&report).len(), 1, "{report}");
    }
    // What is not told.
    let untold = "/ListVolumes/volumes/0/volumePairs";
    let no_id = "/ListVolumes/volumes/0/volumePairs/0/clusterPairID";
    for (silent, member) in [
        (a.clone().set(untold, Value::Null), "volumePairs"),
        (with_volumes.clone().set(no_id, Value::Null), "clusterPairID"),
    ] {
        unknown(
            &check(&[&silent, &b], "site-a", &call),
            &[&format!("volume_pairs_remain: {member} in ListVolumes of site-a (aaaa)")],
        );
    }
    let no_uuid = |site: &Site| {
        site.clone().set("/ListClusterPairs/clusterPairs/0/clusterPairUUID", Value::Null)
    };
    unknown(
        &check(&[&no_uuid(&a), &b], "site-a", &call),
        &["volume_pairs_remain_remote: clusterPairUUID in ListClusterPairs of site-a (aaaa)"],
    );
    unknown(
        &check(&[&a, &no_uuid(&b)], "site-a", &call),
        &["volume_pairs_remain_remote: clusterPairUUID in ListClusterPairs of site-b (bbbb)"],
    );
    unknown(
        &check(&[&a.without("ListClusterPairs"), &b], "site-a", &call),
        &[
            "cluster_pair_id_unknown: ListClusterPairs of site-a (aaaa)",
            "volume_pairs_remain_remote: ListClusterPairs of site-a (aaaa)",
        ],
    );
}

// Calls for a volume

/// What all of them say of a volume that cannot be used, and of one that was not seen.
#[test]
fn volumes_that_calls_name() {
    let calls = |volume_id| {
        let resume = ModifyVolumePair { paused_manual: Some(false), volume_id, mode: None };
        (
            StartVolumePairing { mode: None, volume_id },
            complete_volumes(volume_id, &volume_key()),
            resume,
            RemoveVolumePair { volume_id },
            access(volume_id, Access::ReadWrite),
        )
    };
    let (missing, deleted) = (calls(9), calls(4));
    let (a, b) = (a(), b());
    let all = |(one, two, three, four, five): &(_, _, _, _, _)| -> [Report; 5] {
        let check = |call: Call<'_>| self::check(&[&a, &b], "site-a", call);
        [
            check(Call::from(one)),
            check(Call::from(two)),
            check(Call::from(three)),
            check(Call::from(four)),
            check(Call::from(five)),
        ]
    };
    for report in all(&missing) {
        refused(
            &report,
            &["volume_id_unknown: volume 9 of site-a (aaaa): the cluster has no volume 9"],
        );
    }
    let line = "volume_deleted: volume 4 (gone) of site-a (aaaa): the volume is deleted";
    let [start, complete, modify_pair, remove, modify] = all(&deleted);
    refused(&start, &[line]);
    refused(&complete, &[line]);
    refused(
        &modify_pair,
        &[line, "volume_not_paired: volume 4 (gone) of site-a (aaaa): the volume is not paired"],
    );
    clear(&remove);
    refused(&modify, &[line]);

    let init = a.clone().set("/ListVolumes/volumes/1/status", json!("init"));
    refused(
        &check(&[&init], "site-a", &StartVolumePairing { mode: None, volume_id: 2 }),
        &["volume_not_active: volume 2 (spare) of site-a (aaaa): the status of the volume is init"],
    );
    let untold = a.clone().set("/ListVolumes/volumes/1/status", Value::Null);
    unknown(
        &check(&[&untold], "site-a", &StartVolumePairing { mode: None, volume_id: 2 }),
        &[
            "volume_deleted: status in ListVolumes of site-a (aaaa)",
            "volume_not_active: status in ListVolumes of site-a (aaaa)",
        ],
    );

    // Not in a listing of the active volumes: it may be deleted, or not be.
    let active = a.clone().listed_by("ListActiveVolumes");
    let listing = "ListVolumes of site-a (aaaa)";
    unknown(
        &check(&[&active], "site-a", &RemoveVolumePair { volume_id: 4 }),
        &[&format!("volume_id_unknown: {listing}")],
    );
    unknown(
        &check(&[&active], "site-a", &StartVolumePairing { mode: None, volume_id: 9 }),
        &[
            &format!("paired_volume_access: {listing}"),
            &format!("volume_id_unknown: {listing}"),
            &format!("volume_deleted: {listing}"),
            &format!("volume_not_active: {listing}"),
        ],
    );
    // One that is in it needs no more.
    clear(&check(&[&active], "site-a", &StartVolumePairing { mode: None, volume_id: 2 }));
    clear(&check(
        &[&a.listed_by("ListActivePairedVolumes")],
        "site-a",
        &RemoveVolumePair { volume_id: 1 },
    ));
}

// StartVolumePairing

#[test]
fn start_volume_pairing() {
    let start = |volume_id, mode| StartVolumePairing { mode, volume_id };
    let on_a = |site: Site, volume_id, mode| check(&[&site], "site-a", &start(volume_id, mode));
    for mode in [None, Some(ReplicationMode::Async), Some(ReplicationMode::Sync)] {
        assert_eq!(on_a(a(), 2, mode), Report::default());
    }
    refused(
        &on_a(a(), 1, None),
        &["volume_already_paired: volume 1 (db) of site-a (aaaa): \
         it is paired already, with volume 11 of site-b (bbbb)"],
    );
    refused(
        &on_a(a(), 3, None),
        &["volume_pairing_pending: volume 3 (pending) of site-a (aaaa): \
         it has a pending pair; whether that counts as paired is not known"],
    );
    let untold = a().set("/ListVolumes/volumes/1/volumePairs", Value::Null);
    unknown(
        &on_a(untold, 2, None),
        &[
            "volume_already_paired: volumePairs in ListVolumes of site-a (aaaa)",
            "volume_pairing_pending: volumePairs in ListVolumes of site-a (aaaa)",
        ],
    );

    let with_access = |access| a().set("/ListVolumes/volumes/1/access", access);
    for access in ["readOnly", "locked", "snapMirrorTarget", "later"] {
        harmful(
            &on_a(with_access(json!(access)), 2, None),
            &[&format!(
                "paired_volume_access: volume 2 (spare) of site-a (aaaa): \
             the access of the volume is {access}"
            )],
        );
    }
    unknown(
        &on_a(with_access(Value::Null), 2, Some(ReplicationMode::Async)),
        &[
            "paired_volume_access: access in ListVolumes of site-a (aaaa)",
            "mode_set_on_target: access in ListVolumes of site-a (aaaa)",
        ],
    );
    let target = with_access(json!("replicationTarget"));
    clear(&on_a(target.clone(), 2, None));
    refused(
        &on_a(target, 2, Some(ReplicationMode::Async)),
        &["mode_set_on_target: volume 2 (spare) of site-a (aaaa): \
         the volume is not the source: its access is replicationTarget"],
    );
    refused(
        &on_a(a(), 2, Some("later".into())),
        &[
            "value_unknown: volume 2 (spare) of site-a (aaaa): mode later is not known to this version",
        ],
    );

    unknown(
        &on_a(a().without("ListVolumes"), 2, Some(ReplicationMode::Sync)),
        &[
            "volume_already_paired: ListActivePairedVolumes of site-a (aaaa)",
            "paired_volume_access: ListVolumes of site-a (aaaa)",
            "volume_id_unknown: ListVolumes of site-a (aaaa)",
            "volume_deleted: ListVolumes of site-a (aaaa)",
            "volume_not_active: ListVolumes of site-a (aaaa)",
            "mode_set_on_target: ListVolumes of site-a (aaaa)",
            "volume_pairing_pending: ListActivePairedVolumes of site-a (aaaa)",
        ],
    );
}

#[test]
fn cluster_pairs_of_a_volume_to_be_paired() {
    let start =
        |site: Site, mode| check(&[&site], "site-a", &StartVolumePairing { mode, volume_id: 2 });
    let status = |status| a().set("/ListClusterPairs/clusterPairs/0/status", status);
    let none = "no_connected_cluster_pair: cluster site-a (aaaa): it has no cluster pair that is \
        Connected, so that nobody can complete the volume pair";
    for other in ["Connecting", "Disconnected", "Misconfigured", "Unconfigured"] {
        harmful(&start(status(json!(other)), None), &[none]);
    }
    harmful(&start(a().set("/ListClusterPairs/clusterPairs", json!([])), None), &[none]);
    refused(
        &start(status(json!("Later")), None),
        &["cluster_pair_status_unknown: cluster pair 1 of site-a (aaaa) with site-b (bbbb): \
         its status is Later, which this version does not know"],
    );
    unknown(
        &start(status(Value::Null), None),
        &["no_connected_cluster_pair: status in ListClusterPairs of site-a (aaaa)"],
    );
    unknown(
        &start(a().without("ListClusterPairs"), None),
        &[
            "cluster_pair_status_unknown: ListClusterPairs of site-a (aaaa)",
            "no_connected_cluster_pair: ListClusterPairs of site-a (aaaa)",
        ],
    );

    // Sync is slow only if all pairs that are connected are.
    let sync = Some(ReplicationMode::Sync);
    let slow = |latency: u64| a().set("/ListClusterPairs/clusterPairs/0/latency", json!(latency));
    let line = "latency_high_for_sync: volume 2 (spare) of site-a (aaaa): \
        its mode is Sync, and the latency to site-b (bbbb) is 9 ms";
    assert_eq!(start(slow(8), sync.clone()), Report::default());
    assert_eq!(start(slow(9), None), Report::default());
    let report = start(slow(9), sync.clone());
    clear(&report);
    assert_eq!(advice(&report), [line]);
    let fast = json!({"clusterPairID": 2, "status": "Connected", "latency": 1});
    let two = slow(9).set("/ListClusterPairs/clusterPairs/-", fast);
    assert_eq!(start(two.clone(), sync.clone()), Report::default());
    let disconnected = two.set("/ListClusterPairs/clusterPairs/1/status", json!("Disconnected"));
    assert_eq!(advice(&start(disconnected, sync)), [line]);
}

// CompleteVolumePairing

#[test]
fn complete_volume_pairing() {
    let call = complete_volumes(2, &volume_key());
    let report = check(&[&a(), &b()], "site-a", &call);
    clear(&report);
    assert_eq!(
        advice(&report),
        ["direction_not_set: volume pair 2 (spare) of site-a (aaaa) with 13 of site-b (bbbb): \
         both volumes are readWrite; replication begins when one is the target",]
    );
    assert_eq!(report.unchecked(), []);
    // The other volume is in the listing of paired ones, though pending.
    let paired = b().listed_by("ListActivePairedVolumes");
    assert_eq!(check(&[&a(), &paired], "site-a", &call), report);

    refused(
        &check(&[&a(), &b()], "site-a", &complete_volumes(1, &volume_key())),
        &["volume_already_paired: volume 1 (db) of site-a (aaaa): \
         it is paired already, with volume 11 of site-b (bbbb)"],
    );
    refused(
        &check(&[&a(), &b()], "site-a", &complete_volumes(3, &volume_key())),
        &["volume_pairing_pending: volume 3 (pending) of site-a (aaaa): \
         it has a pending pair; whether that counts as paired is not known"],
    );

    unknown(
        &check(&[&a()], "site-a", &call),
        &[
            "volume_already_paired: ListActivePairedVolumes of site-b (bbbb)",
            "volume_pair_two_targets: ListActivePairedVolumes of site-b (bbbb)",
            "paired_volume_access: ListVolumes of site-b (bbbb)",
            "target_smaller: ListVolumes of site-b (bbbb)",
            "volume_deleted: ListVolumes of site-b (bbbb)",
            "volume_not_active: ListVolumes of site-b (bbbb)",
            "volume_key_used: ListActivePairedVolumes of site-b (bbbb)",
            "volume_pairing_pending: ListActivePairedVolumes of site-b (bbbb)",
            "volume_key_without_pair: ListActivePairedVolumes of site-b (bbbb)",
            "target_overwritten: ListVolumes of site-b (bbbb)",
        ],
    );
    unknown(
        &check(&[&a().without("ListVolumes"), &b()], "site-a", &call),
        &[
            "volume_already_paired: ListActivePairedVolumes of site-a (aaaa)",
            "volume_pair_two_targets: ListVolumes of site-a (aaaa)",
            "paired_volume_access: ListVolumes of site-a (aaaa)",
            "target_smaller: ListVolumes of site-a (aaaa)",
            "volume_id_unknown: ListVolumes of site-a (aaaa)",
            "volume_deleted: ListVolumes of site-a (aaaa)",
            "volume_not_active: ListVolumes of site-a (aaaa)",
            "volume_key_used: ListActivePairedVolumes of site-a (aaaa)",
            "volume_pairing_pending: ListActivePairedVolumes of site-a (aaaa)",
            "target_overwritten: ListVolumes of site-a (aaaa)",
        ],
    );
    let listing = "ListClusterPairs of site-a (aaaa)";
    unknown(
        &check(&[&a().without("ListClusterPairs"), &b()], "site-a", &call),
        &[
            &format!("cluster_pair_disconnected: {listing}"),
            &format!("cluster_pair_misconfigured: {listing}"),
            &format!("volume_key_mvip_not_paired: {listing}"),
            &format!("volume_key_pair_not_connected: {listing}"),
            &format!("volume_key_mvip_ambiguous: {listing}"),
            &format!("cluster_pair_status_unknown: {listing}"),
        ],
    );
}

#[test]
fn volume_keys() {
    let digits = volume_key().encode();
    for (digits, code) in [
        (digits.expose()[..100].to_owned(), "cut_short"),
        (format!("\"{}\"", digits.expose()), "not_a_digit"),
    ] {
        let call = CompleteVolumePairing { volume_id: 2, volume_pairing_key: Secret::from(digits) };
        refused(
            &check(&[&a(), &b()], "site-a", &call),
            &[&format!(
                "volume_key_unreadable: cluster site-a (aaaa): the key cannot be read ({code})"
            )],
        );
    }
    let call = CompleteVolumePairing { volume_id: 2, volume_pairing_key: cluster_key().encode() };
    refused(
        &check(&[&a(), &b()], "site-a", &call),
        &["volume_key_wrong_kind: cluster site-a (aaaa): this is a cluster pairing key"],
    );

    // Sent to the cluster that made it.
    refused(
        &check(&[&a(), &b()], "site-b", &complete_volumes(12, &volume_key())),
        &["volume_pair_within_cluster: volume 12 (spare) of site-b (bbbb): \
         both volumes are on this cluster"],
    );
    refused(
        &check(&[&a(), &b()], "site-b", &complete_volumes(13, &volume_key())),
        &[
            "volume_paired_with_itself: volume 13 (pending) of site-b (bbbb): it is paired with itself",
            "volume_pairing_pending: volume 13 (pending) of site-b (bbbb): \
         it has a pending pair; whether that counts as paired is not known",
        ],
    );
    let nameless = a().set("/GetClusterInfo/clusterInfo/mvip", Value::Null);
    unknown(
        &check(&[&nameless, &b()], "site-a", &complete_volumes(2, &volume_key())),
        &[
            "volume_paired_with_itself: mvip in GetClusterInfo of site-a (aaaa)",
            "volume_pair_within_cluster: mvip in GetClusterInfo of site-a (aaaa)",
        ],
    );

    // Used: with this volume, with another, on another cluster.
    let used = VolumePairingKey {
        volume_id: 11,
        volume_pair_uuid: uuid!("00000000-0000-4000-8000-000000000111"),
        ..volume_key()
    };
    let line =
        "volume_key_used: cluster site-a (aaaa): the key's pair exists already, with volume 1";
    refused(
        &check(&[&a(), &b()], "site-a", &complete_volumes(2, &used)),
        &[
            line,
            "target_overwritten: volume 11 (db) of site-b (bbbb): \
         its data is overwritten with that of the source",
        ],
    );
    let report = check(&[&a(), &b()], "site-a", &complete_volumes(1, &used));
    assert_eq!(
        lines(&report)[..2],
        [
            "volume_already_paired: volume 1 (db) of site-a (aaaa): \
         it is paired already, with volume 11 of site-b (bbbb)",
            line,
        ]
    );
    let removed = a().set("/ListVolumes/volumes/0/volumePairs", json!([]));
    let report = check(&[&removed, &b()], "site-a", &complete_volumes(2, &used));
    assert_eq!(
        lines(&report)[0],
        "volume_key_used: cluster site-b (bbbb): \
        the key's pair exists already, with volume 11"
    );

    let removed = b().set("/ListVolumes/volumes/2/volumePairs", json!([]));
    refused(
        &check(&[&a(), &removed], "site-a", &complete_volumes(2, &volume_key())),
        &["volume_key_without_pair: cluster site-a (aaaa): \
         site-b (bbbb), which made the key, lists no pending pair for it with volume 13"],
    );
    let gone = b().set("/ListVolumes/volumes/2", Value::Null);
    refused(
        &check(&[&a(), &gone], "site-a", &complete_volumes(2, &volume_key())),
        &["volume_key_without_pair: cluster site-a (aaaa): \
         site-b (bbbb), which made the key, lists no pending pair for it with volume 13"],
    );
    let deleted = b().set("/ListVolumes/volumes/2/status", json!("deleted"));
    refused(
        &check(&[&a(), &deleted], "site-a", &complete_volumes(2, &volume_key())),
        &["volume_deleted: volume 13 (pending) of site-b (bbbb): the volume is deleted"],
    );
}

#[test]
fn cluster_pairs_that_a_volume_key_leads_to() {
    let complete =
        |site: Site| check(&[&site, &b()], "site-a", &complete_volumes(2, &volume_key()));
    let set =
        |member: &str, value| a().set(&format!("/ListClusterPairs/clusterPairs/0/{member}"), value);
    refused(
        &complete(set("mvip", json!("10.0.0.9"))),
        &["volume_key_mvip_not_paired: cluster site-a (aaaa): \
         no cluster pair leads to the key's MVIP 10.0.0.2"],
    );
    refused(
        &complete(a().set("/ListClusterPairs/clusterPairs", json!([]))),
        &["volume_key_mvip_not_paired: cluster site-a (aaaa): \
         no cluster pair leads to the key's MVIP 10.0.0.2"],
    );
    for untold in [Value::Null, json!("site-b.example")] {
        unknown(
            &complete(set("mvip", untold)),
            &["volume_key_mvip_not_paired: mvip in ListClusterPairs of site-a (aaaa)"],
        );
    }
    let not_connected = |status: &str| {
        format!(
            "volume_key_pair_not_connected: cluster site-a (aaaa): \
         cluster pair 1, which leads to the key's MVIP 10.0.0.2, is {status}"
        )
    };
    let pair = "cluster pair 1 of site-a (aaaa) with site-b (bbbb)";
    for status in ["Connecting", "Unconfigured"] {
        refused(&complete(set("status", json!(status))), &[&not_connected(status)]);
    }
    for (status, rule) in [
        ("Disconnected", "cluster_pair_disconnected"),
        ("Misconfigured", "cluster_pair_misconfigured"),
    ] {
        let line = format!("{rule}: {pair}: its status is {status}");
        refused(&complete(set("status", json!(status))), &[&line, &not_connected(status)]);
    }
    refused(
        &complete(set("status", json!("Later"))),
        &[&format!(
            "cluster_pair_status_unknown: {pair}: its status is Later, which this version does not know"
        )],
    );
    unknown(
        &complete(set("status", Value::Null)),
        &[
            "cluster_pair_disconnected: status in ListClusterPairs of site-a (aaaa)",
            "cluster_pair_misconfigured: status in ListClusterPairs of site-a (aaaa)",
            "volume_key_pair_not_connected: status in ListClusterPairs of site-a (aaaa)",
        ],
    );

    let second = |status| json!({"clusterPairID": 2, "mvip": "10.0.0.2", "status": status});
    let two = a().set("/ListClusterPairs/clusterPairs/-", second("Disconnected"));
    refused(
        &complete(two),
        &["volume_key_mvip_ambiguous: cluster site-a (aaaa): \
         2 cluster pairs lead to the key's MVIP 10.0.0.2"],
    );
    clear(&complete(a().set("/ListClusterPairs/clusterPairs/-", second("Unconfigured"))));

    let advice = |latency| self::advice(&complete(set("latency", latency)));
    let high = |line: &String| line.starts_with("latency_high");
    assert!(!advice(json!(1999)).iter().any(high));
    assert!(advice(json!(2000)).contains(&format!("latency_high: {pair}: its latency is 2000 ms")));
}

/// Volume 2 of site-a, to be paired with 13 of site-b.
#[test]
fn ends_of_a_volume_pair_to_be() {
    let complete =
        |a: &Site, b: &Site| check(&[a, b], "site-a", &complete_volumes(2, &volume_key()));
    let here = |member: &str, value| a().set(&format!("/ListVolumes/volumes/1/{member}"), value);
    let there = |member: &str, value| b().set(&format!("/ListVolumes/volumes/2/{member}"), value);
    let pair = "volume pair 2 (spare) of site-a (aaaa) with 13 of site-b (bbbb)";
    let overwritten = |volume| {
        format!("target_overwritten: {volume}: its data is overwritten with that of the source")
    };
    let (spare, pending) =
        ("volume 2 (spare) of site-a (aaaa)", "volume 13 (pending) of site-b (bbbb)");
    let target = || json!("replicationTarget");

    harmful(&complete(&here("access", target()), &b()), &[&overwritten(spare)]);
    harmful(&complete(&a(), &there("access", target())), &[&overwritten(pending)]);
    harmful(
        &complete(&here("access", target()), &there("access", target())),
        &[&format!("volume_pair_two_targets: {pair}: both volumes have access replicationTarget")],
    );
    harmful(
        &complete(&a(), &there("access", json!("locked"))),
        &[&format!("paired_volume_access: {pending}: the access of the volume is locked")],
    );
    unknown(
        &complete(&a(), &there("access", Value::Null)),
        &[
            "volume_pair_two_targets: access in ListVolumes of site-b (bbbb)",
            "paired_volume_access: access in ListVolumes of site-b (bbbb)",
            "target_smaller: access in ListVolumes of site-b (bbbb)",
            "target_overwritten: access in ListVolumes of site-b (bbbb)",
        ],
    );
    // This side shows that it will be overwritten; the other is not needed for that.
    let report = check(&[&here("access", target())], "site-a", &complete_volumes(2, &volume_key()));
    harmful(&report, &[&overwritten(spare)]);

    let larger = || json!(10_737_418_241_u64);
    let smaller = here("access", target());
    harmful(
        &complete(&smaller, &there("totalSize", larger())),
        &[
            &format!(
                "target_smaller: {pair}: the source has 10737418241 bytes, the target 10737418240"
            ),
            &overwritten(spare),
        ],
    );
    let report = complete(
        &here("totalSize", larger()),
        &there("access", target()).set("/ListVolumes/volumes/2/totalSize", larger()),
    );
    harmful(&report, &[&overwritten(pending)]);
    assert_eq!(advice(&report), [""; 0]);
    let report =
        complete(&here("access", target()).set("/ListVolumes/volumes/1/totalSize", larger()), &b());
    harmful(&report, &[&overwritten(spare)]);
    assert_eq!(
        advice(&report),
        [format!(
            "target_larger: {pair}: the source has 10737418240 bytes, the target 10737418241"
        )]
    );
    let report = complete(&smaller, &there("totalSize", Value::Null));
    assert_eq!(unchecked(&report), ["target_smaller: totalSize in ListVolumes of site-b (bbbb)"]);

    let advice = |a: &Site, b: &Site| {
        let report = complete(a, b);
        clear(&report);
        let mut advice = self::advice(&report);
        advice.retain(|line| !line.starts_with("direction_not_set"));
        advice
    };
    assert_eq!(
        advice(&here("totalSize", larger()), &b()),
        [format!("sizes_differ: {pair}: the volume has 10737418241 bytes, the other 10737418240")]
    );
    assert_eq!(
        advice(&here("enable512e", json!(false)), &b()),
        [format!("enable512e_differs: {pair}: enable512e is false here and true on site-b (bbbb)")]
    );
    assert_eq!(
        advice(&a(), &there("blockSize", json!(512))),
        [format!("block_size_differs: {pair}: blockSize is 4096 here and 512 on site-b (bbbb)")]
    );
    assert_eq!(
        advice(&a(), &there("qos/maxIOPS", json!(9))),
        [format!("qos_differs: {pair}: maxIOPS is 15000 here and 9 on site-b (bbbb)")]
    );
    for member in ["enable512e", "blockSize", "qos"] {
        assert_eq!(advice(&a(), &there(member, Value::Null)), [""; 0]);
    }
}

// ModifyVolumePair

#[test]
fn modify_volume_pair() {
    let set = |volume_id, mode: &str| ModifyVolumePair {
        paused_manual: None,
        volume_id,
        mode: Some(mode.into()),
    };
    let pause =
        |volume_id, paused| ModifyVolumePair { paused_manual: Some(paused), volume_id, mode: None };
    for call in [set(1, "Sync"), set(1, "SnapshotsOnly"), pause(1, true), pause(1, false)] {
        assert_eq!(check(&[&a()], "site-a", &call), Report::default(), "{call:?}");
    }
    let refused_on_target = "mode_set_on_target: volume 11 (db) of site-b (bbbb): \
        the volume is not the source: its access is replicationTarget";
    refused(&check(&[&b()], "site-b", &set(11, "Async")), &[refused_on_target]);
    let report = check(&[&b()], "site-b", &pause(11, true));
    clear(&report);
    assert_eq!(
        advice(&report),
        ["pause_set_on_target: volume 11 (db) of site-b (bbbb): \
         the volume is not the source: its access is replicationTarget",]
    );
    let untold = a().set("/ListVolumes/volumes/0/access", Value::Null);
    unknown(
        &check(&[&untold], "site-a", &set(1, "Async")),
        &["mode_set_on_target: access in ListVolumes of site-a (aaaa)"],
    );
    refused(
        &check(&[&a()], "site-a", &set(1, "later")),
        &["value_unknown: volume 1 (db) of site-a (aaaa): mode later is not known to this version"],
    );
    refused(
        &check(&[&a()], "site-a", &pause(2, true)),
        &["volume_not_paired: volume 2 (spare) of site-a (aaaa): the volume is not paired"],
    );
    for call in [pause(3, true), pause(3, false), set(3, "Async")] {
        refused(
            &check(&[&a()], "site-a", &call),
            &["volume_pair_not_completed: volume 3 (pending) of site-a (aaaa): \
             its pair is pending; whether it can be modified is not known"],
        );
    }
    // Not in the listing of paired volumes: it may be deleted, and paired.
    let paired = a().listed_by("ListActivePairedVolumes");
    clear(&check(&[&paired], "site-a", &pause(1, true)));
    unknown(
        &check(&[&paired], "site-a", &pause(2, true)),
        &[
            "volume_id_unknown: ListVolumes of site-a (aaaa)",
            "volume_deleted: ListVolumes of site-a (aaaa)",
            "volume_not_active: ListVolumes of site-a (aaaa)",
            "volume_not_paired: ListVolumes of site-a (aaaa)",
        ],
    );
    unknown(
        &check(&[&a().without("ListVolumes")], "site-a", &set(1, "Async")),
        &[
            "cluster_pair_disconnected: ListActivePairedVolumes of site-a (aaaa)",
            "cluster_pair_misconfigured: ListActivePairedVolumes of site-a (aaaa)",
            "volume_pair_without_cluster_pair: ListActivePairedVolumes of site-a (aaaa)",
            "volume_id_unknown: ListVolumes of site-a (aaaa)",
            "volume_deleted: ListVolumes of site-a (aaaa)",
            "volume_not_active: ListVolumes of site-a (aaaa)",
            "volume_not_paired: ListVolumes of site-a (aaaa)",
            "mode_set_on_target: ListVolumes of site-a (aaaa)",
            "cluster_pair_status_unknown: ListActivePairedVolumes of site-a (aaaa)",
            "volume_pair_not_completed: ListActivePairedVolumes of site-a (aaaa)",
        ],
    );

    let status = |status| a().set("/ListClusterPairs/clusterPairs/0/status", status);
    let pair = "cluster pair 1 of site-a (aaaa) with site-b (bbbb)";
    for (other, rule) in [
        ("Disconnected", "cluster_pair_disconnected"),
        ("Misconfigured", "cluster_pair_misconfigured"),
    ] {
        let line = format!("{rule}: {pair}: its status is {other}");
        for call in [set(1, "Sync"), pause(1, false)] {
            harmful(&check(&[&status(json!(other))], "site-a", &call), &[&line]);
        }
        clear(&check(&[&status(json!(other))], "site-a", &pause(1, true)));
    }
    clear(&check(&[&status(json!("Connecting"))], "site-a", &pause(1, false)));
    refused(
        &check(&[&status(json!("Later"))], "site-a", &pause(1, false)),
        &[&format!(
            "cluster_pair_status_unknown: {pair}: its status is Later, which this version does not know"
        )],
    );
    unknown(
        &check(&[&a().without("ListClusterPairs")], "site-a", &pause(1, false)),
        &[
            "cluster_pair_disconnected: ListClusterPairs of site-a (aaaa)",
            "cluster_pair_misconfigured: ListClusterPairs of site-a (aaaa)",
            "volume_pair_without_cluster_pair: ListClusterPairs of site-a (aaaa)",
            "cluster_pair_status_unknown: ListClusterPairs of site-a (aaaa)",
        ],
    );
    let slow = |latency: u64| a().set("/ListClusterPairs/clusterPairs/0/latency", json!(latency));
    assert_eq!(check(&[&slow(8)], "site-a", &set(1, "sync")), Report::default());
    assert_eq!(check(&[&slow(9)], "site-a", &set(1, "Async")), Report::default());
    assert_eq!(
        advice(&check(&[&slow(9)], "site-a", &set(1, "sync"))),
        ["latency_high_for_sync: volume pair 1 (db) of site-a (aaaa) with 11 of site-b (bbbb): \
         its mode is Sync, and the latency to site-b (bbbb) is 9 ms",]
    );
}

// RemoveVolumePair

#[test]
fn remove_volume_pair() {
    // Not paired, or pending: nothing to do on another cluster.
    for volume_id in [2, 3, 4] {
        assert_eq!(
            check(&[&a(), &b()], "site-a", &RemoveVolumePair { volume_id }),
            Report::default()
        );
    }
    let call = RemoveVolumePair { volume_id: 1 };
    let report = check(&[&a(), &b()], "site-a", &call);
    clear(&report);
    assert_eq!(
        advice(&report),
        [
            "volume_pair_removed_here_only: volume pair 1 (db) of site-a (aaaa) with 11 of site-b (bbbb): \
         site-b (bbbb) still lists it, with volume 11",
        ]
    );
    let removed = b().set("/ListVolumes/volumes/0/volumePairs", json!([]));
    assert_eq!(check(&[&a(), &removed], "site-a", &call), Report::default());
    let report = check(&[&a()], "site-a", &call);
    clear(&report);
    assert_eq!(report.unchecked().len(), 1, "{report}");
    assert_eq!(report.unchecked()[0].want.to_string(), "ListActivePairedVolumes of site-b (bbbb)");
    unknown(
        &check(&[&a().without("ListVolumes")], "site-a", &call),
        &["volume_id_unknown: ListVolumes of site-a (aaaa)"],
    );
}

// ModifyVolume

const GIB_10: u64 = 10_737_418_240;

#[test]
fn change_of_access() {
    let (db, pair) = (
        "volume 1 (db) of site-a (aaaa)",
        "volume pair 1 (db) of site-a (aaaa) with 11 of site-b (bbbb)",
    );
    let both = |volume_id, to| check(&[&a(), &b()], "site-a", &access(volume_id, to));
    // As it is already.
    assert_eq!(both(1, Access::ReadWrite), Report::default());
    assert_eq!(both(2, Access::ReadWrite), Report::default());
    assert_eq!(check(&[&b()], "site-b", &access(11, Access::ReplicationTarget)), Report::default());
    // Not paired: nothing overwrites it yet.
    for (to, name) in [(Access::ReplicationTarget, "replicationTarget"), (Access::Locked, "locked")]
    {
        harmful(
            &both(2, to),
            &[&format!(
                "sessions_end: volume 2 (spare) of site-a (aaaa): \
            its iSCSI sessions end when its access becomes {name}"
            )],
        );
    }
    clear(&both(2, Access::ReadOnly));
    refused(
        &both(2, "later".into()),
        &[
            "value_unknown: volume 2 (spare) of site-a (aaaa): access later is not known to this version",
        ],
    );

    // The first step of a change of direction, and its second.
    let sessions = format!(
        "sessions_end: {db}: its iSCSI sessions end when its access becomes replicationTarget"
    );
    let overwritten =
        format!("target_overwritten: {db}: its data is overwritten with that of the source");
    harmful(
        &both(1, Access::ReplicationTarget),
        &[
            &format!(
                "direction_change_begun: {pair}: \
             both volumes are replicationTarget until the other becomes readWrite"
            ),
            &sessions,
            &overwritten,
        ],
    );
    let turned = a().set("/ListVolumes/volumes/0/access", json!("replicationTarget"));
    assert_eq!(
        check(&[&turned, &b()], "site-b", &access(11, Access::ReadWrite)),
        Report::default()
    );
    // The second step first.
    harmful(
        &check(&[&a(), &b()], "site-b", &access(11, Access::ReadWrite)),
        &[
            "volume_pair_no_target: volume pair 11 (db) of site-b (bbbb) with 1 of site-a (aaaa): \
         neither volume is the target",
            "two_writers: volume pair 11 (db) of site-b (bbbb) with 1 of site-a (aaaa): \
         the other volume is readWrite: both would take writes",
        ],
    );
    // After it the first step makes a direction.
    let writer = b().set("/ListVolumes/volumes/0/access", json!("readWrite"));
    harmful(
        &check(&[&a(), &writer], "site-a", &access(1, Access::ReplicationTarget)),
        &[&sessions, &overwritten],
    );

    // A volume that was no source is not turned around.
    let locked = a().set("/ListVolumes/volumes/0/access", json!("locked"));
    harmful(
        &check(&[&locked, &b()], "site-a", &access(1, Access::ReplicationTarget)),
        &[
            &format!("volume_pair_two_targets: {pair}: both volumes have access replicationTarget"),
            &sessions,
            &overwritten,
        ],
    );

    harmful(
        &both(1, Access::ReadOnly),
        &[&format!("paired_volume_access: {db}: the access of the volume is readOnly")],
    );
    harmful(
        &check(&[&a(), &b()], "site-b", &access(11, Access::Locked)),
        &[
            "volume_pair_no_target: volume pair 11 (db) of site-b (bbbb) with 1 of site-a (aaaa): \
         neither volume is the target",
            "paired_volume_access: volume 11 (db) of site-b (bbbb): the access of the volume is locked",
            "sessions_end: volume 11 (db) of site-b (bbbb): \
         its iSCSI sessions end when its access becomes locked",
        ],
    );

    // Sizes count by what the ends become.
    let larger = a().set("/ListVolumes/volumes/0/totalSize", json!(GIB_10 + 4096));
    let report = check(&[&larger, &writer], "site-a", &access(1, Access::ReplicationTarget));
    assert_eq!(
        advice(&report),
        [format!(
            "target_larger: {pair}: the source has 10737418240 bytes, the target 10737422336"
        )]
    );
    let smaller = a().set("/ListVolumes/volumes/0/totalSize", json!(GIB_10 - 4096));
    let report = check(&[&smaller, &writer], "site-a", &access(1, Access::ReplicationTarget));
    harmful(
        &report,
        &[
            &format!(
                "target_smaller: {pair}: the source has 10737418240 bytes, the target 10737414144"
            ),
            &sessions,
            &overwritten,
        ],
    );
    let grown = ModifyVolume { total_size: Some(GIB_10), ..access(1, Access::ReplicationTarget) };
    harmful(&check(&[&smaller, &writer], "site-a", &grown), &[&sessions, &overwritten]);
}

#[test]
fn change_of_access_with_one_side_seen() {
    let listing = "ListActivePairedVolumes of site-b (bbbb)";
    let report = check(&[&a()], "site-a", &access(1, Access::ReplicationTarget));
    assert_eq!(report.verdict(), Verdict::Harmful);
    assert_eq!(
        unchecked(&report),
        [
            "target_smaller: ListVolumes of site-b (bbbb)".into(),
            format!("direction_change_begun: {listing}"),
        ]
    );
    let listing = "ListActivePairedVolumes of site-a (aaaa)";
    unknown(
        &check(&[&b()], "site-b", &access(11, Access::ReadWrite)),
        &[
            &format!("volume_pair_no_target: {listing}"),
            "target_smaller: ListVolumes of site-a (aaaa)",
            &format!("two_writers: {listing}"),
        ],
    );
    let untold = a().set("/ListVolumes/volumes/0/access", Value::Null);
    unknown(
        &check(&[&untold, &b()], "site-b", &access(11, Access::ReadWrite)),
        &[
            "volume_pair_no_target: access in ListVolumes of site-a (aaaa)",
            "target_smaller: access in ListVolumes of site-a (aaaa)",
            "two_writers: access in ListVolumes of site-a (aaaa)",
        ],
    );
    // The other end is gone: nothing to compare with.
    let gone = a().set("/ListVolumes/volumes/0/volumePairs", json!([]));
    clear(&check(&[&gone, &b()], "site-b", &access(11, Access::ReadWrite)));

    unknown(
        &check(
            &[&a().without("ListVolumes"), &b()],
            "site-a",
            &access(1, Access::ReplicationTarget),
        ),
        &[
            "volume_pair_two_targets: ListVolumes of site-a (aaaa)",
            "paired_volume_access: ListVolumes of site-a (aaaa)",
            "target_smaller: ListVolumes of site-a (aaaa)",
            "volume_id_unknown: ListVolumes of site-a (aaaa)",
            "volume_deleted: ListVolumes of site-a (aaaa)",
            "volume_not_active: ListVolumes of site-a (aaaa)",
            "direction_change_begun: ListActivePairedVolumes of site-a (aaaa)",
            "sessions_end: ListVolumes of site-a (aaaa)",
            "target_overwritten: ListVolumes of site-a (aaaa)",
        ],
    );
}

#[test]
fn change_of_size() {
    let on = |cluster: &str, volume_id, total_size| {
        check(&[&a(), &b()], cluster, &size(volume_id, total_size))
    };
    for (cluster, volume_id) in [("site-a", 1), ("site-a", 2), ("site-b", 11)] {
        assert_eq!(on(cluster, volume_id, GIB_10), Report::default());
    }
    assert_eq!(on("site-a", 2, 2 * GIB_10), Report::default());
    refused(
        &on("site-a", 2, GIB_10 - 1),
        &["volume_shrinks: volume 2 (spare) of site-a (aaaa): \
         it has 10737418240 bytes and would have 10737418239"],
    );
    let untold = a().set("/ListVolumes/volumes/1/totalSize", Value::Null);
    unknown(
        &check(&[&untold], "site-a", &size(2, 1)),
        &["volume_shrinks: totalSize in ListVolumes of site-a (aaaa)"],
    );

    let source_first = "source_grown_first: volume pair 1 (db) of site-a (aaaa) with 11 of site-b (bbbb): \
        the source would have 10737418241 bytes, the target has 10737418240";
    harmful(&on("site-a", 1, GIB_10 + 1), &[source_first]);
    let report = on("site-b", 11, GIB_10 + 1);
    clear(&report);
    assert_eq!(
        advice(&report),
        ["target_larger: volume pair 11 (db) of site-b (bbbb) with 1 of site-a (aaaa): \
         the source has 10737418240 bytes, the target 10737418241",]
    );
    let grown = b().set("/ListVolumes/volumes/0/totalSize", json!(GIB_10 + 1));
    assert_eq!(check(&[&a(), &grown], "site-a", &size(1, GIB_10 + 1)), Report::default());
    // The target is to grow, but not enough.
    let large = a().set("/ListVolumes/volumes/0/totalSize", json!(3 * GIB_10));
    harmful(
        &check(&[&large, &b()], "site-b", &size(11, 2 * GIB_10)),
        &["target_smaller: volume pair 11 (db) of site-b (bbbb) with 1 of site-a (aaaa): \
         the source has 32212254720 bytes, the target 21474836480"],
    );
    clear(&check(&[&large, &b()], "site-b", &size(11, 3 * GIB_10)));

    unknown(
        &check(&[&a()], "site-a", &size(1, GIB_10 + 1)),
        &["source_grown_first: ListActivePairedVolumes of site-b (bbbb)"],
    );
    unknown(
        &check(&[&b()], "site-b", &size(11, GIB_10 + 1)),
        &["target_smaller: ListVolumes of site-a (aaaa)"],
    );
    clear(&check(&[&a()], "site-a", &size(1, GIB_10)));
    unknown(
        &check(&[&a().without("ListVolumes")], "site-a", &size(2, 1)),
        &[
            "target_smaller: ListVolumes of site-a (aaaa)",
            "volume_id_unknown: ListVolumes of site-a (aaaa)",
            "volume_deleted: ListVolumes of site-a (aaaa)",
            "volume_not_active: ListVolumes of site-a (aaaa)",
            "volume_shrinks: ListVolumes of site-a (aaaa)",
            "source_grown_first: ListActivePairedVolumes of site-a (aaaa)",
        ],
    );
}

// All calls

/// Every call of the documented ways to a goal, at its moment: warnings say what it does, and none
/// finds an error.
#[test]
fn documented_sequences() {
    let set = |site: Site, member: &str, value: Value| {
        site.set(&format!("/ListVolumes/volumes/{member}"), value)
    };
    let steps = |steps: &[(&Site, &Site, &str, Call<'_>, &[&str])]| {
        for (a, b, cluster, call, expected) in steps {
            let report = check(&[a, b], cluster, *call);
            let codes: Vec<_> = report.findings().iter().map(|found| found.rule.code()).collect();
            assert_eq!((codes, report.has_errors()), (expected.to_vec(), false), "{report}");
            assert!(report.unchecked().is_empty(), "{report}");
        }
    };

    // A direction is turned around.
    let target = set(a(), "0/access", json!("replicationTarget"));
    let (to_target, to_source) =
        (access(1, Access::ReplicationTarget), access(11, Access::ReadWrite));
    let begun = ["direction_change_begun", "sessions_end", "target_overwritten"];
    steps(&[
        (&a(), &b(), "site-a", (&to_target).into(), &begun),
        (&target, &b(), "site-b", (&to_source).into(), &[]),
    ]);

    // Both ends grow, the target first.
    let grown = set(b(), "0/totalSize", json!(2 * GIB_10));
    steps(&[
        (&a(), &b(), "site-b", (&size(11, 2 * GIB_10)).into(), &["target_larger"]),
        (&a(), &grown, "site-a", (&size(1, 2 * GIB_10)).into(), &[]),
    ]);

    // Two volumes are paired, and one of them made the target.
    let complete = complete_volumes(2, &volume_key());
    let pair = json!([{"clusterPairID": 1, "remoteVolumeID": 13,
        "volumePairUUID": volume_key().volume_pair_uuid.to_string()}]);
    let (paired_a, paired_b) =
        (set(a(), "1/volumePairs", pair), set(b(), "2/volumePairs/0/remoteVolumeID", json!(2)));
    let paired_b = set(paired_b, "2/volumePairs/0/clusterPairID", json!(5));
    let start = StartVolumePairing { mode: None, volume_id: 12 };
    steps(&[
        (&a(), &b(), "site-b", (&start).into(), &[]),
        (&a(), &b(), "site-a", (&complete).into(), &["direction_not_set"]),
        (
            &paired_a,
            &paired_b,
            "site-b",
            (&access(13, Access::ReplicationTarget)).into(),
            &["sessions_end", "target_overwritten"],
        ),
    ]);

    // Everything is unpaired.
    let (no_a, no_b) = (set(a(), "0/volumePairs", json!([])), set(b(), "0/volumePairs", json!([])));
    let none = no_a.clone().set("/ListClusterPairs/clusterPairs", json!([]));
    let (volume_1, volume_11) =
        (RemoveVolumePair { volume_id: 1 }, RemoveVolumePair { volume_id: 11 });
    let (pair_1, pair_5) =
        (RemoveClusterPair { cluster_pair_id: 1 }, RemoveClusterPair { cluster_pair_id: 5 });
    steps(&[
        (&a(), &b(), "site-a", (&volume_1).into(), &["volume_pair_removed_here_only"]),
        (&no_a, &b(), "site-b", (&volume_11).into(), &[]),
        (&no_a, &no_b, "site-a", (&pair_1).into(), &["cluster_pair_removed_here_only"]),
        (&none, &no_b, "site-b", (&pair_5).into(), &[]),
    ]);
}

#[test]
fn nothing_secret_is_reported() {
    let key = cluster_key();
    let digits = key.encode();
    let cut = digits.expose()[..digits.expose().len() - 2].to_owned();
    let texts = [digits.expose().to_owned(), cut, format!("x{}", digits.expose())];
    for text in texts {
        let cluster = CompleteClusterPairing { cluster_pairing_key: Secret::from(&*text) };
        let volume =
            CompleteVolumePairing { volume_id: 2, volume_pairing_key: Secret::from(&*text) };
        let calls = [
            ("site-a", Call::from(&cluster)),
            ("site-c", Call::from(&cluster)),
            ("site-a", Call::from(&volume)),
        ];
        for (site, call) in calls {
            let report = check(&[&a(), &c()], site, call);
            let shown =
                format!("{report} {report:?} {} {call:?}", serde_json::to_string(&report).unwrap());
            for secret in [key.password.expose(), key.username.expose(), &text, "7b22"] {
                assert!(!shown.contains(secret), "{shown}");
            }
        }
    }
}

/// A call of each kind, with listings that all rules are judged by which it can miss.
fn calls_that_need_all(mut each: impl FnMut(&[Site], &str, Call<'_>)) {
    // The mode of Sync matters.
    let a = a().set("/ListClusterPairs/clusterPairs/0/latency", json!(9));
    let (two, three) = ([a.clone(), b()], [a, b(), c()]);
    each(&three, "site-a", (&StartClusterPairing).into());
    each(&three, "site-a", (&complete_clusters(&cluster_key())).into());
    each(&two, "site-a", (&RemoveClusterPair { cluster_pair_id: 1 }).into());
    let mode = Some(ReplicationMode::Sync);
    each(&two, "site-a", (&StartVolumePairing { mode: mode.clone(), volume_id: 2 }).into());
    each(&two, "site-a", (&complete_volumes(2, &volume_key())).into());
    let modify_pair = ModifyVolumePair { paused_manual: Some(false), volume_id: 1, mode };
    each(&two, "site-a", (&modify_pair).into());
    each(&two, "site-a", (&RemoveVolumePair { volume_id: 1 }).into());
    for to in [Access::ReadWrite, Access::ReplicationTarget, Access::Locked] {
        each(&two, "site-a", (&access(1, to.clone())).into());
        each(&two, "site-b", (&access(11, to)).into());
    }
    each(&two, "site-a", (&size(1, 2 * GIB_10)).into());
    each(&two, "site-b", (&size(11, 2 * GIB_10)).into());
}

/// A cluster seen whole, and ways to see less of it.
fn less() -> impl Iterator<Item = fn(&Site) -> Site> {
    let all: [fn(&Site) -> Site; 6] = [
        Site::clone,
        |site| site.clone().without("GetClusterInfo"),
        |site| {
            let name = &site.0["GetClusterInfo"]["clusterInfo"]["name"];
            site.clone().set("/GetClusterInfo/clusterInfo", json!({ "name": name }))
        },
        |site| site.clone().without("ListClusterPairs"),
        |site| site.clone().without("ListVolumes"),
        |site| site.clone().listed_by("ListActivePairedVolumes"),
    ];
    all.into_iter()
}

/// What the catalogue says that a check needs is what is missed when it is not given, of the same
/// cluster: no more and no less.
#[test]
fn needs_are_what_is_missed() {
    let mut missed = BTreeSet::new();
    calls_that_need_all(|sites, cluster, call| {
        // Every way to see each of them, with every way to see the others.
        let mut all = vec![vec![]];
        for site in sites {
            let with = |sites: &Vec<Site>, less: fn(&Site) -> Site| {
                sites.iter().cloned().chain([less(site)]).collect()
            };
            all = all.iter().flat_map(|sites| less().map(|less| with(sites, less))).collect();
        }
        for sites in all {
            let texts: Vec<_> = sites.iter().map(Site::text).collect();
            let topology: Topology<'_> =
                texts.iter().map(|text| Cluster::read(text).unwrap()).collect();
            // It may be that nobody tells the cluster's name.
            let Ok(report) = topology.check(cluster, call) else { continue };
            missed.extend(report.unchecked().iter().map(|unchecked| {
                let is_here = unchecked.want.cluster == unchecked.subject.cluster;
                let side = if is_here { Side::Here } else { Side::Remote };
                (unchecked.rule, side, unchecked.want.listing)
            }));
        }
    });
    let needs: BTreeSet<_> = Rule::all()
        .flat_map(|rule| {
            let needs = rule.check_needs().unwrap_or_default().iter();
            needs.map(move |need| (rule, need.side, need.listing))
        })
        .collect();
    let unmissed: Vec<_> = needs.difference(&missed).collect();
    assert!(unmissed.is_empty(), "{unmissed:#?}");
    // Which the remote cluster is, the cluster's own list of cluster pairs tells.
    missed.retain(|(rule, side, listing)| {
        let needs_remote = |need: &Need| need.side == Side::Remote;
        (*side, *listing) != (Side::Here, Listing::ClusterPairs)
            || !rule.check_needs().unwrap().iter().any(needs_remote)
    });
    let unneeded: Vec<_> = missed.difference(&needs).collect();
    assert!(unneeded.is_empty(), "{unneeded:#?}");
}

/// The table in the documentation, and that it has every rule that a check is to judge.
#[test]
fn rules_of_calls() {
    let (start, complete) =
        (StartVolumePairing { mode: None, volume_id: 1 }, complete_volumes(1, &volume_key()));
    let modify_pair = ModifyVolumePair { paused_manual: None, volume_id: 1, mode: None };
    let clusters = complete_clusters(&cluster_key());
    let calls: [Call<'_>; 10] = [
        (&StartClusterPairing).into(),
        (&clusters).into(),
        (&ListClusterPairs).into(),
        (&RemoveClusterPair { cluster_pair_id: 1 }).into(),
        (&start).into(),
        (&complete).into(),
        (&ListActivePairedVolumes { start_volume_id: None, limit: None }).into(),
        (&modify_pair).into(),
        (&RemoveVolumePair { volume_id: 1 }).into(),
        (&ModifyVolume { volume_id: 1, access: None, total_size: None }).into(),
    ];
    let mut table = "| call | rules |\n|---|---|\n".to_owned();
    let mut judged = BTreeSet::new();
    for call in calls {
        assert!(call.rules().is_sorted(), "{}", call.method());
        assert!(
            call.rules()
                .iter()
                .all(|rule| rule.check_needs().is_some() && judged.insert(*rule) | true)
        );
        let rules: Vec<_> = call.rules().iter().map(|rule| format!("`{rule}`")).collect();
        let rules = if rules.is_empty() { "none".into() } else { rules.join(", ") };
        table += &format!("| {} | {rules} |\n", call.method());
    }
    let all: BTreeSet<_> = Rule::all().filter(|rule| rule.check_needs().is_some()).collect();
    assert_eq!(judged, all);
    assert_file("src/topology/check.md", &table);
}
