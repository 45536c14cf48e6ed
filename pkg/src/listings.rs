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

use crate::{
    answer::{Answer, Outcome, parts},
    json::{self, object},
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

object! {
    struct ReportData<'r> {
        report: &'r Report = "report",
        texts: ReportTexts = "texts",
    }
}

object! {
    /// Of each finding and each unchecked rule of a report what `Display` writes.
    pub struct ReportTexts {
        findings: Vec<[String; 2]> = "findings",
        unchecked: Vec<[String; 3]> = "unchecked",
    }
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

object! {
    struct TopologyData<'t> {
        clusters: Vec<ClusterData<'t>> = "clusters",
        cluster_pairs: Vec<ClusterPairData<'t>> = "clusterPairs",
        volume_pairs: Vec<VolumePairData<'t>> = "volumePairs",
    }
}

object! {
    struct ClusterData<'t> {
        name: Option<&'t Name> = "name" optional,
        unique_id: Option<&'t Name> = "uniqueID" optional,
        mvip: Option<&'t Name> = "mvip" optional,
        text: String = "text",
        given: bool = "given",
        listings: Vec<&'static str> = "listings",
        cluster_pairs_count_max: Option<u64> = "clusterPairsCountMax" optional,
        unpaired: Option<Vec<VolumeData>> = "unpaired" optional,
    }
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

object! {
    struct ClusterPairData<'t> {
        uuid: Option<&'t str> = "clusterPairUUID" optional,
        pending: bool = "pending",
        ends: [ClusterPairEndData; 2] = "ends",
    }
}

object! {
    struct ClusterPairEndData {
        cluster: Option<usize> = "cluster" optional,
        listed: Option<bool> = "listed" optional,
        id: Option<u64> = "clusterPairID" optional,
        status: Option<Name> = "status" optional,
        version: Option<Name> = "version" optional,
        latency: Option<u64> = "latency" optional,
    }
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

object! {
    struct VolumePairData<'t> {
        uuid: &'t str = "volumePairUUID",
        cluster_pair: Option<usize> = "clusterPair" optional,
        pending: bool = "pending",
        source: Option<usize> = "source" optional,
        ends: [VolumeData; 2] = "ends",
    }
}

object! {
    /// An end of a volume pair; or a volume that is in none, of which the rest is left out.
    #[derive(Default)]
    struct VolumeData {
        cluster: Option<usize> = "cluster" optional,
        listed: Option<bool> = "listed" optional,
        id: Option<u64> = "volumeID" optional,
        name: Option<Name> = "name" optional,
        access: Option<Name> = "access" optional,
        status: Option<Name> = "status" optional,
        total_size: Option<u64> = "totalSize" optional,
        mode: Option<Name> = "mode" optional,
        state: Option<Name> = "state" optional,
    }
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
