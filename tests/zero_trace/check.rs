//! Keys in calls that are checked: reports hold nothing of them.

use std::hint::black_box;

use element_pairing::{
    Secret,
    api::{CompleteClusterPairing, CompleteVolumePairing},
    topology::{Call, Cluster, Topology},
};

/// A cluster that is not paired, and the one that made the keys.
const LISTINGS: [&str; 2] = [
    r#"{"id":"GetClusterInfo","result":{"clusterInfo":{"name":"b","uniqueID":"bgn0","mvip":"fd00::2"}}}
       {"id":"ListClusterPairs","result":{"clusterPairs":[]}}"#,
    r#"{"id":"GetClusterInfo","result":{"clusterInfo":{"name":"a","uniqueID":"xsm6","mvip":"fd00::1"}}}
       {"id":"ListClusterPairs","result":{"clusterPairs":[]}}"#,
];

/// Checks both calls that take a key, on both clusters; returns the verdict of the first.
pub fn check(text: &[u8]) -> &'static str {
    let digits = || Secret::from(str::from_utf8(text).unwrap_or_default());
    let clusters = CompleteClusterPairing { cluster_pairing_key: digits() };
    let volumes = CompleteVolumePairing { volume_id: 1, volume_pairing_key: digits() };
    let topology: Topology<'_> = LISTINGS.into_iter().flat_map(Cluster::read).collect();
    let mut first = None;
    for call in [Call::from(&clusters), Call::from(&volumes)] {
        for cluster in ["bgn0", "xsm6"] {
            let Ok(report) = topology.check(cluster, call) else { return "unknown cluster" };
            let json = serde_json::to_string(&report);
            black_box(format!("{report} {report:?} {json:?} {call:?}"));
            first = first.or(Some(report.verdict().code()));
        }
    }
    first.unwrap_or_default()
}
