//! The operations on listings: audit, check, topology.

use alloc::{
    format,
    string::{String, ToString},
    vec,
    vec::Vec,
};

use element_pairing::{
    api::{
        AnyRequest, CompleteClusterPairing, CompleteVolumePairing, ListActivePairedVolumes,
        ListClusterPairs, Method, ModifyVolume, ModifyVolumePair, ReadError, RemoveClusterPair,
        RemoveVolumePair, StartClusterPairing, StartVolumePairing,
    },
    topology::{
        Call, Cluster, ClusterName, ClusterPairEnd, Coverage, Finding, LinkedClusterPair,
        LinkedVolumePair, Name, Report, Topology, UnknownCluster, VolumePairEnd,
    },
};
use serde::Serialize;

use crate::{
    answer::{Answer, Outcome, parts},
    json,
    messages::{refusal, refused_request, refused_text},
};

/// What is wrong: the parts are the listings.
pub fn audit(input: &[u8]) -> Outcome {
    let listings = parts(input);
    report(&read(&listings)?.audit())
}

/// May a call be sent: the parts are the cluster's name, the request, and the listings.
pub fn check(input: &[u8]) -> Outcome {
    let parts = parts(input);
    let [cluster, request, listings @ ..] = parts.as_slice() else {
        return Err(wrong_argument("no call"));
    };
    type Read = fn(&AnyRequest<'_>, &mut dyn FnMut(Call<'_>)) -> Result<(), ReadError>;
    let topology = read(listings)?;
    let request = AnyRequest::read(request).map_err(refused_request)?;
    let cluster = str::from_utf8(cluster).unwrap_or_default();
    macro_rules! call {
        ($($method:ident)*) => {
            match &*request.method {
                $($method::NAME => |request, judge| {
                    judge((&request.read_as::<$method>()?.params).into());
                    Ok(())
                },)*
                method => return Err(wrong_argument(&format!("{method} cannot be checked"))),
            }
        };
    }
    let read: Read = call!(
        StartClusterPairing CompleteClusterPairing ListClusterPairs RemoveClusterPair
        StartVolumePairing CompleteVolumePairing ListActivePairedVolumes ModifyVolumePair
        RemoveVolumePair ModifyVolume
    );
    let mut checked = Err(UnknownCluster);
    read(&request, &mut |call| checked = topology.check(cluster, call)).map_err(refused_request)?;
    match checked {
        Ok(found) => report(&found),
        Err(error) => Err(refusal(error.code(), error, error.help())),
    }
}

/// The clusters and the pairs between them: the parts are the listings.
pub fn topology(input: &[u8]) -> Outcome {
    let listings = parts(input);
    let topology = read(&listings)?;
    let pairs = topology.pairs();
    let mut given = topology.clusters().iter();
    json::answer(&TopologyData {
        clusters: pairs.clusters.iter().map(|name| cluster(name, given.next())).collect(),
        cluster_pairs: pairs.cluster_pairs.iter().map(cluster_pair).collect(),
        volume_pairs: pairs.volume_pairs.iter().map(volume_pair).collect(),
    })
}

/// The clusters whose listings these are.
pub fn read<'a>(listings: &[&'a [u8]]) -> Result<Topology<'a>, Answer> {
    let mut clusters = vec![];
    for (index, listing) in listings.iter().enumerate() {
        clusters.push(Cluster::read(*listing).map_err(|error| {
            let mut answer =
                refused_text(listing, error.code(), error, error.help(), error.offset());
            answer.number(index);
            answer
        })?);
    }
    Ok(Topology::from_iter(clusters))
}

/// An argument that is not what it must be: the caller's mistake.
pub fn wrong_argument(message: &str) -> Answer {
    let mut answer = Answer::of("argument");
    answer.add(message);
    answer
}

fn report(report: &Report) -> Outcome {
    json::answer(&ReportData { report, texts: ReportTexts::of(report) })
}

#[derive(Serialize)]
struct ReportData<'r> {
    report: &'r Report,
    texts: ReportTexts,
}

/// Of each finding and each unchecked rule of a report what `Display` writes.
#[derive(Serialize)]
pub struct ReportTexts {
    findings: Vec<[String; 2]>,
    unchecked: Vec<[String; 3]>,
}

impl ReportTexts {
    /// Those of a report.
    pub fn of(report: &Report) -> Self {
        Self {
            findings: report.findings().iter().map(finding_texts).collect(),
            unchecked: (report.unchecked().iter())
                .map(|one| [one.to_string(), one.subject.to_string(), one.want.to_string()])
                .collect(),
        }
    }
}

/// What `Display` writes of a finding, and of its subject.
pub fn finding_texts(finding: &Finding) -> [String; 2] {
    [finding.to_string(), finding.subject.to_string()]
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct TopologyData<'t> {
    clusters: Vec<ClusterData<'t>>,
    cluster_pairs: Vec<ClusterPairData<'t>>,
    volume_pairs: Vec<VolumePairData<'t>>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ClusterData<'t> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'t Name>,
    #[serde(rename = "uniqueID", skip_serializing_if = "Option::is_none")]
    unique_id: Option<&'t Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mvip: Option<&'t Name>,
    text: String,
    given: bool,
    listings: Vec<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster_pairs_count_max: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unpaired: Option<Vec<VolumeData>>,
}

fn unpaired(cluster: &Cluster<'_>) -> Option<Vec<VolumeData>> {
    let volumes = cluster.volumes.as_ref().filter(|_| cluster.coverage > Coverage::Paired)?;
    let unpaired = volumes.iter().filter(|volume| volume.pairs().is_empty());
    let data = unpaired.map(|volume| VolumeData {
        id: Some(volume.volume_id),
        name: volume.name.as_deref().map(Name::from),
        access: volume.access.as_ref().map(|access| access.as_str().into()),
        status: volume.status.as_ref().map(|status| status.as_str().into()),
        total_size: volume.total_size,
        ..VolumeData::default()
    });
    Some(data.collect())
}

fn cluster<'t>(name: &'t ClusterName, cluster: Option<&Cluster<'_>>) -> ClusterData<'t> {
    let limits = cluster.and_then(|cluster| cluster.limits.as_ref());
    ClusterData {
        name: name.name.as_ref(),
        unique_id: name.unique_id.as_ref(),
        mvip: name.mvip.as_ref(),
        text: name.to_string(),
        given: cluster.is_some(),
        listings: cluster.map(Cluster::listings).unwrap_or_default(),
        cluster_pairs_count_max: limits.and_then(|limits| limits.cluster_pairs_count_max),
        unpaired: cluster.and_then(unpaired),
    }
}

#[derive(Serialize)]
struct ClusterPairData<'t> {
    #[serde(rename = "clusterPairUUID", skip_serializing_if = "Option::is_none")]
    uuid: Option<&'t str>,
    pending: bool,
    ends: [ClusterPairEndData; 2],
}

#[derive(Serialize)]
struct ClusterPairEndData {
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    listed: Option<bool>,
    #[serde(rename = "clusterPairID", skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    version: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    latency: Option<u64>,
}

fn cluster_pair<'t>(linked: &LinkedClusterPair<'t, '_>) -> ClusterPairData<'t> {
    let end = |end: ClusterPairEnd<'t, '_>| ClusterPairEndData {
        cluster: end.cluster,
        listed: end.listed,
        id: end.pair.map(|pair| pair.cluster_pair_id),
        status: end.pair.and_then(|pair| Some(pair.status.as_ref()?.as_str().into())),
        version: end.pair.and_then(|pair| pair.version.as_deref().map(Name::from)),
        latency: end.pair.and_then(|pair| pair.latency),
    };
    let [first, _] = linked.ends;
    ClusterPairData {
        uuid: first.pair.and_then(|pair| pair.cluster_pair_uuid.as_deref()),
        pending: linked.pending,
        ends: linked.ends.map(end),
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct VolumePairData<'t> {
    #[serde(rename = "volumePairUUID")]
    uuid: &'t str,
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster_pair: Option<usize>,
    pending: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    source: Option<usize>,
    ends: [VolumeData; 2],
}

/// An end of a volume pair; or a volume that is in none, of which the rest is left out.
#[derive(Default, Serialize)]
#[serde(rename_all = "camelCase")]
struct VolumeData {
    #[serde(skip_serializing_if = "Option::is_none")]
    cluster: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    listed: Option<bool>,
    #[serde(rename = "volumeID", skip_serializing_if = "Option::is_none")]
    id: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    access: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    total_size: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    mode: Option<Name>,
    #[serde(skip_serializing_if = "Option::is_none")]
    state: Option<Name>,
}

fn volume_pair<'t>(linked: &LinkedVolumePair<'t, '_>) -> VolumePairData<'t> {
    let end = |end: VolumePairEnd<'t, '_>| {
        let volume = end.volume.map(|(volume, _)| volume);
        let replication = end.volume.and_then(|(_, pair)| pair.remote_replication.as_ref());
        VolumeData {
            cluster: end.cluster,
            listed: end.listed,
            id: end.id,
            name: end.name.map(Name::from),
            access: volume.and_then(|volume| Some(volume.access.as_ref()?.as_str().into())),
            status: volume.and_then(|volume| Some(volume.status.as_ref()?.as_str().into())),
            total_size: volume.and_then(|volume| volume.total_size),
            mode: replication
                .and_then(|replication| Some(replication.mode.as_ref()?.as_str().into())),
            state: replication
                .and_then(|replication| Some(replication.state.as_ref()?.as_str().into())),
        }
    };
    VolumePairData {
        uuid: linked.uuid,
        cluster_pair: linked.cluster_pair,
        pending: linked.pending,
        source: linked.source,
        ends: linked.ends.map(end),
    }
}
