//! What is wrong with the pairing of clusters and volumes, and what may be done next: the rules, and
//! what is reported of them. [`plan`] has the calls that reach a goal.
//!
//! A [`Topology`] is made of [`Cluster`]s, each as its own listings show it. Saved responses are read
//! as they are: a response does not name its method, so the method's name is sent as the `id`, which
//! comes back.
//!
//! ```sh
//! for method in GetClusterInfo GetLimits ListClusterPairs ListVolumes; do
//!     curl --user admin --data "{\"method\":\"$method\",\"id\":\"$method\"}" \
//!         https://192.168.139.122/json-rpc/12.5
//! done > site-a.json
//! ```
//!
//! ```
//! use element_pairing::topology::{Cluster, Rule, Topology, Verdict};
//!
//! let site_a = r#"
//! {"id":"GetClusterInfo","result":{"clusterInfo":{"name":"site-a","uniqueID":"xsm6","mvip":"192.168.139.122"}}}
//! {"id":"ListClusterPairs","result":{"clusterPairs":[
//!     {"clusterPairID":3,"clusterPairUUID":"1cea1362-4c8f-461a-be72-74566a953d2f",
//!      "clusterName":"site-b","clusterUUID":"bgn0","mvip":"192.168.139.121","status":"Connected"}]}}
//! {"id":"ListVolumes","result":{"volumes":[
//!     {"volumeID":24,"name":"BK","access":"readWrite","status":"active","totalSize":10737418240,
//!      "volumePairs":[{"clusterPairID":3,"remoteVolumeID":8,
//!          "volumePairUUID":"229fcbf3-2d35-4625-865a-d04bb9455cef"}]}]}}"#;
//! let site_b = r#"
//! {"id":"GetClusterInfo","result":{"clusterInfo":{"name":"site-b","uniqueID":"bgn0","mvip":"192.168.139.121"}}}
//! {"id":"ListClusterPairs","result":{"clusterPairs":[
//!     {"clusterPairID":1,"clusterPairUUID":"1cea1362-4c8f-461a-be72-74566a953d2f",
//!      "clusterName":"site-a","clusterUUID":"xsm6","mvip":"192.168.139.122","status":"Connected"}]}}
//! {"id":"ListVolumes","result":{"volumes":[
//!     {"volumeID":8,"name":"BK","access":"replicationTarget","status":"active","totalSize":5368709120,
//!      "volumePairs":[{"clusterPairID":1,"remoteVolumeID":24,
//!          "volumePairUUID":"229fcbf3-2d35-4625-865a-d04bb9455cef"}]}]}}"#;
//!
//! let topology = Topology::from_iter([Cluster::read(site_a)?, Cluster::read(site_b)?]);
//! let report = topology.audit();
//! for finding in report.findings() {
//!     println!("{}: {finding}. {}", finding.rule, finding.help());
//! }
//! assert_eq!(report.findings()[0].rule, Rule::TargetSmaller);
//! assert_eq!(
//!     report.findings()[0].to_string(),
//!     "volume pair 8 (BK) of site-b (bgn0) with 24 of site-a (xsm6): \
//!      the source has 10737418240 bytes, the target 5368709120"
//! );
//!
//! // What a listing does not tell is no finding, but is told.
//! assert_eq!(
//!     report.unchecked()[0].want.to_string(),
//!     "version in ListClusterPairs of site-a (xsm6)"
//! );
//!
//! // One side alone: nothing is found, and what was not seen is told.
//! let report = Topology::from_iter([Cluster::read(site_a)?]).audit();
//! assert!(report.findings().is_empty());
//! assert_eq!(report.verdict(), Verdict::Unknown);
//! assert_eq!(report.unchecked()[0].want.to_string(), "ListClusterPairs of site-b (bgn0)");
//! # Ok::<(), element_pairing::topology::ListingError>(())
//! ```
//!
//! # Which clusters are paired
//!
//! Clusters with the same unique ID, name and MVIP in GetClusterInfo are one. A cluster pair leads to
//! the other cluster that lists its `clusterPairUUID`; if none does, to the one of the unique ID that
//! it shows, or where either is not told, of the MVIP. A volume pair is one of both clusters by its
//! `volumePairUUID`. UUIDs are compared in any letter case. A cluster pair is pending if its status is
//! Unconfigured, a volume pair if it is listed on one side, without the ID of another volume.
//!
//! Source: API reference; user guide; how clusters answer: seen with public clients.

use alloc::{sync::Arc, vec, vec::Vec};
use core::{cmp::Ordering, iter, mem};

pub use self::{
    check::{Call, UnknownCluster},
    pairs::{ClusterPairEnd, LinkedClusterPair, LinkedVolumePair, Pairs, VolumePairEnd},
    read::ListingError,
    report::{ClusterName, Finding, Name, Part, Report, Subject, Unchecked, Value, Verdict, Want},
    rule::{Effect, Listing, Need, Rule, Severity, Side},
};
use crate::api::{
    ApiError, ClusterInfo, ClusterPair, ClusterPairStatus, GetClusterInfo, GetLimits, Limits,
    ListClusterPairs, Method, ReplicationMode, ReplicationState, Volume, VolumePair, VolumeStatus,
};

pub(crate) mod audit;
mod check;
mod pairs;
pub mod plan;
mod read;
mod report;
mod rule;

/// A cluster as its own listings show it. Any of them may be missing.
///
/// [`Cluster::read`] takes them from saved responses; who has them as values fills in the fields.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Cluster<'a> {
    /// What GetClusterInfo answered.
    pub info: Option<ClusterInfo<'a>>,
    /// What GetLimits answered.
    pub limits: Option<Limits<'a>>,
    /// What ListClusterPairs answered.
    pub pairs: Option<Vec<ClusterPair<'a>>>,
    /// What one of the listings of volumes answered, whole: not a page of it.
    pub volumes: Option<Vec<Volume<'a>>>,
    /// Which volumes that listing has.
    pub coverage: Coverage,
    /// The methods whose answers contradict each other, themselves, or another listing of volumes.
    /// What they answered is not in the other fields, GetClusterInfo's excepted: it counts as not
    /// seen. [`Cluster::read`] says what a contradiction is.
    pub contradictions: Vec<&'static str>,
    /// The methods that were answered with an error, and the error: they were not seen by this.
    pub refused: Vec<(&'static str, ApiError<'a>)>,
}

/// Which volumes a listing has; the greater one has those of the lesser.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub enum Coverage {
    /// Paired volumes that are active: ListActivePairedVolumes.
    #[default]
    Paired,
    /// Active volumes: ListActiveVolumes.
    Active,
    /// All volumes, deleted ones too: ListVolumes without a filter.
    All,
}

impl Coverage {
    const ALL: [Self; 3] = [Self::Paired, Self::Active, Self::All];

    /// The method whose answer has these volumes.
    #[must_use]
    pub fn method(self) -> &'static str {
        match self {
            Self::Paired => "ListActivePairedVolumes",
            Self::Active => "ListActiveVolumes",
            Self::All => "ListVolumes",
        }
    }
}

impl<'a> Cluster<'a> {
    /// The methods whose answers are here.
    #[must_use]
    pub fn listings(&self) -> Vec<&'static str> {
        let listings = [
            (GetClusterInfo::NAME, self.info.is_some()),
            (GetLimits::NAME, self.limits.is_some()),
            (ListClusterPairs::NAME, self.pairs.is_some()),
            (self.coverage.method(), self.volumes.is_some()),
        ];
        listings.into_iter().filter(|(_, given)| *given).map(|(method, _)| method).collect()
    }

    /// Puts lists in the order of IDs, which nothing depends on but the time it takes to look there,
    /// and each object once; two of one ID are a contradiction.
    fn sort(&mut self) {
        let mut twice = false;
        if let Some(pairs) = &mut self.pairs {
            pairs.sort_unstable_by(|a, b| {
                let by_id = a.cluster_pair_id.cmp(&b.cluster_pair_id);
                by_id.then_with(|| a.json().as_str().cmp(b.json().as_str()))
            });
            pairs.dedup_by(|a, b| {
                let same_id = a.cluster_pair_id == b.cluster_pair_id;
                let same = same_id && a.json() == b.json();
                twice |= same_id && !same;
                same
            });
            if mem::take(&mut twice) {
                self.contradictions.push(ListClusterPairs::NAME);
            }
        }
        if let Some(volumes) = &mut self.volumes {
            for pairs in volumes.iter_mut().filter_map(|volume| volume.volume_pairs.as_mut()) {
                pairs.sort_unstable_by(|a, b| {
                    let by_uuid = a.volume_pair_uuid.cmp(&b.volume_pair_uuid);
                    by_uuid.then_with(|| a.json().as_str().cmp(b.json().as_str()))
                });
            }
            volumes.sort_unstable_by(|a, b| {
                let by_id = a.volume_id.cmp(&b.volume_id);
                by_id.then_with(|| a.json().as_str().cmp(b.json().as_str()))
            });
            volumes.dedup_by(|a, b| {
                let same_id = a.volume_id == b.volume_id;
                let same = same_id && a.json() == b.json();
                twice |= same_id && !same;
                same
            });
            if twice {
                self.contradictions.push(self.coverage.method());
            }
        }
    }

    /// One cluster of several parts, each with some listings of it, in order.
    fn merge(parts: Vec<Self>) -> Self {
        let mut whole = Self::default();
        let coverage = parts.iter().filter(|part| part.volumes.is_some()).map(|part| part.coverage);
        whole.coverage = coverage.max().unwrap_or_default();
        let mut lesser = vec![];
        for part in parts {
            whole.contradictions.extend(part.contradictions);
            whole.refused.extend(part.refused);
            if let Some(info) = &part.info {
                // Who it is has to stay known: of several answers, one that does not depend on their
                // order.
                let known = whole.info.get_or_insert_with(|| info.clone());
                if known.json() != info.json() {
                    whole.contradictions.push(GetClusterInfo::NAME);
                    if info.json().as_str() < known.json().as_str() {
                        known.clone_from(info);
                    }
                }
            }
            if differs(&mut whole.limits, part.limits, |a, b| a.json() == b.json()) {
                whole.contradictions.push(GetLimits::NAME);
            }
            if differs(&mut whole.pairs, part.pairs, |a, b| {
                a.iter().map(ClusterPair::json).eq(b.iter().map(ClusterPair::json))
            }) {
                whole.contradictions.push(ListClusterPairs::NAME);
            }
            if part.coverage != whole.coverage {
                lesser.extend(part.volumes.map(|listed| (part.coverage, listed)));
            } else if differs(&mut whole.volumes, part.volumes, |a, b| {
                a.iter().map(Volume::json).eq(b.iter().map(Volume::json))
            }) {
                whole.contradictions.push(whole.coverage.method());
            }
        }
        for (coverage, listed) in &lesser {
            if contradicts(whole.volume_list(), listed, *coverage) {
                whole.contradictions.extend([coverage.method(), whole.coverage.method()]);
            }
        }
        let is_contradicted = |method| whole.contradictions.contains(&method);
        if is_contradicted(GetLimits::NAME) {
            whole.limits = None;
        }
        if is_contradicted(ListClusterPairs::NAME) {
            whole.pairs = None;
        }
        if Coverage::ALL.iter().any(|one| is_contradicted(one.method())) {
            whole.volumes = None;
        }
        whole.contradictions.sort_unstable();
        whole.contradictions.dedup();
        whole.refused.sort_unstable_by(|(a, x), (b, y)| (*a, x.order()).cmp(&(*b, y.order())));
        whole.refused.dedup();
        whole
    }

    /// What a cluster is told from others by: unique ID, name, MVIP.
    fn identity(&self) -> [Option<&str>; 3] {
        match &self.info {
            Some(info) => [info.unique_id.as_deref(), info.name.as_deref(), info.mvip.as_deref()],
            None => [None; 3],
        }
    }

    /// An order that does not depend on that of the input.
    fn order(&self, other: &Self) -> Ordering {
        let by_identity = self.identity().cmp(&other.identity());
        by_identity.then_with(|| self.texts().cmp(&other.texts()))
    }

    fn texts(&self) -> Vec<&str> {
        let mut texts: Vec<_> = self.pair_list().iter().map(|pair| pair.json().as_str()).collect();
        texts.extend(self.volume_list().iter().map(|volume| volume.json().as_str()));
        texts
    }

    /// The cluster pairs that were seen.
    fn pair_list(&self) -> &[ClusterPair<'a>] {
        self.pairs.as_deref().unwrap_or_default()
    }

    /// The volumes that were seen.
    fn volume_list(&self) -> &[Volume<'a>] {
        self.volumes.as_deref().unwrap_or_default()
    }

    /// Whether two parts are of one cluster.
    fn is_same(&self, other: &Self) -> bool {
        match self.identity() {
            identity @ [Some(_), ..] => identity == other.identity(),
            _ => self.order(other).is_eq(),
        }
    }
}

/// Keeps the first answer; whether this one is another.
fn differs<T>(first: &mut Option<T>, answer: Option<T>, same: fn(&T, &T) -> bool) -> bool {
    match (&first, answer) {
        (Some(first), Some(answer)) => !same(first, &answer),
        (None, Some(answer)) => {
            *first = Some(answer);
            false
        }
        (_, None) => false,
    }
}

/// Whether two listings of a cluster's volumes, the second of which has the fewer, cannot both be
/// true. They were taken one after the other: what changes by itself meanwhile, such as states of
/// replication and statistics, is not compared.
fn contradicts(greater: &[Volume<'_>], lesser: &[Volume<'_>], coverage: Coverage) -> bool {
    fn facts<'v>(volume: &'v Volume<'_>) -> impl PartialEq + use<'v> {
        let pairs = volume.volume_pairs.as_ref().map(|pairs| {
            let facts = pairs.iter().map(|pair| {
                let mode = pair.remote_replication.as_ref().and_then(|it| it.mode.as_ref());
                (
                    UuidText(&pair.volume_pair_uuid),
                    pair.cluster_pair_id,
                    pair.remote_volume_id,
                    mode,
                )
            });
            facts.collect::<Vec<_>>()
        });
        let Volume { name, access, status, total_size, block_size, enable512e, .. } = volume;
        (
            name.as_deref(),
            access.as_ref(),
            status.as_ref(),
            *total_size,
            *block_size,
            *enable512e,
            pairs,
        )
    }
    let find = |volumes: &'_ [Volume<'_>], id: u64| {
        volumes.binary_search_by_key(&id, |volume| volume.volume_id).ok()
    };
    let belongs = |volume: &Volume<'_>| {
        let is_listed = coverage == Coverage::Active || !volume.pairs().is_empty();
        volume.status == Some(VolumeStatus::Active) && is_listed
    };
    lesser.iter().any(|volume| {
        let there = find(greater, volume.volume_id).and_then(|at| greater.get(at));
        there.is_none_or(|there| facts(there) != facts(volume))
    }) || greater.iter().any(|volume| belongs(volume) && find(lesser, volume.volume_id).is_none())
}

/// The text of a UUID, compared in any letter case.
#[derive(Clone, Copy)]
pub(super) struct UuidText<'t>(pub &'t str);

impl Ord for UuidText<'_> {
    fn cmp(&self, other: &Self) -> Ordering {
        let lower = |byte: u8| byte.to_ascii_lowercase();
        self.0.bytes().map(lower).cmp(other.0.bytes().map(lower))
    }
}

impl PartialOrd for UuidText<'_> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for UuidText<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.0.eq_ignore_ascii_case(other.0)
    }
}

impl Eq for UuidText<'_> {}

/// One or many clusters, as their own listings show them.
///
/// Parts of the same cluster are put together.
#[derive(Debug, Clone, Default)]
pub struct Topology<'a> {
    clusters: Vec<Cluster<'a>>,
    /// Of each cluster.
    sites: Vec<SiteData>,
}

#[derive(Debug, Clone, Default)]
struct SiteData {
    index: usize,
    name: Arc<ClusterName>,
    /// Of each of its cluster pairs.
    links: Vec<Link>,
}

/// Where a cluster pair leads to.
#[derive(Debug, Clone, Default)]
pub(super) struct Link {
    /// Who the other cluster is.
    pub name: Arc<ClusterName>,
    /// Which of the given clusters it is.
    pub cluster: Option<usize>,
    /// Which of that cluster's pairs has the same clusterPairUUID.
    pub pair: Option<usize>,
}

/// One of the given clusters, with what was worked out about it. Two words, for it is handed on by
/// value.
#[derive(Clone, Copy)]
pub(super) struct Site<'t, 'a> {
    pub cluster: &'t Cluster<'a>,
    data: &'t SiteData,
}

impl<'t, 'a> Site<'t, 'a> {
    /// Which of the given clusters it is.
    pub fn index(self) -> usize {
        self.data.index
    }

    pub fn name(self) -> &'t Arc<ClusterName> {
        &self.data.name
    }

    /// Whether this listing was given.
    pub fn sees(self, listing: Listing) -> bool {
        let volumes = self.cluster.volumes.is_some();
        match listing {
            Listing::ClusterInfo => self.cluster.info.is_some(),
            Listing::ClusterPairs => self.cluster.pairs.is_some(),
            Listing::PairedVolumes => volumes,
            Listing::Volumes => volumes && self.cluster.coverage == Coverage::All,
        }
    }

    /// The listing that its volumes were seen by.
    pub fn volume_listing(self) -> Listing {
        if self.sees(Listing::Volumes) { Listing::Volumes } else { Listing::PairedVolumes }
    }

    /// Its cluster pairs.
    pub fn pair_list(self) -> &'t [ClusterPair<'a>] {
        self.cluster.pair_list()
    }

    /// The same, and where they lead to.
    pub fn pairs(self) -> impl Iterator<Item = (&'t ClusterPair<'a>, &'t Link)> {
        let mut index = 0;
        iter::from_fn(move || {
            index += 1;
            self.pair_at(index - 1)
        })
    }

    fn pair_at(self, index: usize) -> Option<(&'t ClusterPair<'a>, &'t Link)> {
        Some((self.cluster.pair_list().get(index)?, self.data.links.get(index)?))
    }

    /// Its cluster pair of this ID.
    pub fn pair(self, id: u64) -> Option<(&'t ClusterPair<'a>, &'t Link)> {
        let pairs = self.cluster.pair_list();
        let index = pairs.partition_point(|pair| pair.cluster_pair_id < id);
        self.pair_at(index).filter(|(pair, _)| pair.cluster_pair_id == id)
    }

    /// The volumes that were seen.
    pub fn volumes(self) -> &'t [Volume<'a>] {
        self.cluster.volume_list()
    }

    /// Its volume of this ID.
    pub fn volume(self, id: u64) -> Option<&'t Volume<'a>> {
        self.volume_at(id).map(|(_, volume)| volume)
    }

    fn volume_at(self, id: u64) -> Option<(usize, &'t Volume<'a>)> {
        let volumes = self.volumes();
        let at = |index: usize| Some((index, volumes.get(index).filter(|v| v.volume_id == id)?));
        // IDs often follow one another: a guess saves the search, which is most of the time.
        let guess = id.checked_sub(volumes.first()?.volume_id)?;
        usize::try_from(guess)
            .ok()
            .and_then(at)
            .or_else(|| at(volumes.partition_point(|volume| volume.volume_id < id)))
    }

    /// The end that a pairing of a volume of this cluster is.
    pub fn end(self, volume: &'t Volume<'a>, pair: &'t VolumePair<'a>) -> End<'t, 'a> {
        let cluster_pair = pair.cluster_pair_id.and_then(|id| self.pair(id));
        End { site: self, volume, pair, cluster_pair }
    }

    pub fn subject(self, part: Part) -> Subject {
        Subject { cluster: Arc::clone(self.name()), part }
    }

    pub fn pair_subject(self, pair: &ClusterPair<'_>, link: &Link) -> Subject {
        self.subject(Part::ClusterPair {
            id: pair.cluster_pair_id,
            uuid: pair.cluster_pair_uuid.as_deref().map(Name::from),
            with: link.is_known().then(|| Arc::clone(&link.name)),
        })
    }

    pub fn volume_subject(self, volume: &Volume<'_>) -> Subject {
        let name = volume.name.as_deref().map(Name::from);
        self.subject(Part::Volume { id: volume.volume_id, name })
    }
}

impl Link {
    /// Whether anything is known of the other cluster: of a pending pair often nothing is.
    pub fn is_known(&self) -> bool {
        *self.name != ClusterName::default()
    }
}

/// Whether what a cluster pair has for the other cluster's unique ID is one, such as `bgn0`: some
/// versions have a UUID there, and the API reference's example has a number.
pub(super) fn is_unique_id(text: &str) -> bool {
    !text.contains('-') && !text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a cluster pair is pending: its key was made, and nobody completed it.
pub(super) fn is_pending(pair: &ClusterPair<'_>) -> bool {
    pair.status == Some(ClusterPairStatus::Unconfigured)
}

/// One end of a volume pair.
#[derive(Clone, Copy)]
pub(super) struct End<'t, 'a> {
    pub site: Site<'t, 'a>,
    pub volume: &'t Volume<'a>,
    pub pair: &'t VolumePair<'a>,
    /// The cluster pair that it belongs to, if its cluster lists it.
    pub cluster_pair: Option<(&'t ClusterPair<'a>, &'t Link)>,
}

impl<'t, 'a> End<'t, 'a> {
    /// The ID of the other volume; none if this end says that there is none yet: IDs begin with 1.
    pub fn remote_id(&self) -> Option<u64> {
        self.pair.remote_volume_id.filter(|id| *id != 0)
    }

    /// The ID of its cluster pair; none if this end says that there is none yet.
    pub fn cluster_pair_id(&self) -> Option<u64> {
        self.pair.cluster_pair_id.filter(|id| *id != 0 || self.cluster_pair.is_some())
    }

    /// Which of the given clusters its cluster pair leads to.
    pub fn leads_to(&self) -> Option<usize> {
        self.cluster_pair?.1.cluster
    }

    pub fn mode(&self) -> Option<&'t ReplicationMode> {
        self.pair.remote_replication.as_ref()?.mode.as_ref()
    }

    pub fn state(&self) -> Option<&'t ReplicationState> {
        self.pair.remote_replication.as_ref()?.state.as_ref()
    }

    /// That of its snapshots.
    pub fn snapshot_state(&self) -> Option<&'t ReplicationState> {
        let replication = self.pair.remote_replication.as_ref()?;
        replication.snapshot_replication.as_ref()?.state.as_ref()
    }

    /// The cluster that it is on, as a value of the other end.
    fn name(&self) -> (&'static str, Value) {
        ("other", Arc::clone(self.site.name()).into())
    }

    pub fn subject(&self) -> Subject {
        let with = self.cluster_pair.filter(|(_, link)| link.is_known());
        self.site.subject(Part::VolumePair {
            id: self.volume.volume_id,
            name: self.volume.name.as_deref().map(Name::from),
            uuid: Some(Name::from(&*self.pair.volume_pair_uuid)),
            with: with.map(|(_, link)| Arc::clone(&link.name)),
            remote_id: self.remote_id(),
        })
    }
}

impl<'a> Topology<'a> {
    /// The clusters, parts of the same one put together. In which order, depends on what they are,
    /// not on how they were given; their lists are in the order of IDs.
    #[must_use]
    pub fn clusters(&self) -> &[Cluster<'a>] {
        &self.clusters
    }

    pub(super) fn sites(&self) -> impl Iterator<Item = Site<'_, 'a>> {
        let mut index = 0;
        iter::from_fn(move || {
            index += 1;
            self.site(index - 1)
        })
    }

    pub(super) fn site(&self, index: usize) -> Option<Site<'_, 'a>> {
        Some(Site { cluster: self.clusters.get(index)?, data: self.sites.get(index)? })
    }

    /// The cluster of this unique ID, else of this name, else of this MVIP; none if two share it.
    pub(super) fn find(&self, cluster: &str) -> Option<Site<'_, 'a>> {
        let members: [fn(&ClusterName) -> &Option<Name>; 3] =
            [|name| &name.unique_id, |name| &name.name, |name| &name.mvip];
        let is = |name: &Option<Name>| name.as_ref().is_some_and(|name| name.as_str() == cluster);
        members.iter().find_map(|member| {
            let mut found = self.sites().filter(|site| is(member(site.name()))).peekable();
            found.peek()?;
            Some(only(found))
        })?
    }

    /// A cluster pair as the other cluster lists it, if it does.
    pub(super) fn other_side(
        &self,
        link: &Link,
    ) -> Option<(Site<'_, 'a>, &ClusterPair<'a>, &Link)> {
        let site = self.site(link.cluster?)?;
        let (pair, link) = site.pair_at(link.pair?)?;
        Some((site, pair, link))
    }
}

/// The item, if it is the only one.
fn only<T>(mut all: impl Iterator<Item = T>) -> Option<T> {
    let first = all.next()?;
    all.next().is_none().then_some(first)
}

impl<'a> FromIterator<Cluster<'a>> for Topology<'a> {
    fn from_iter<I: IntoIterator<Item = Cluster<'a>>>(parts: I) -> Self {
        Self::of(parts.into_iter().collect())
    }
}

impl<'a> Topology<'a> {
    fn of(mut parts: Vec<Cluster<'a>>) -> Self {
        parts.iter_mut().for_each(Cluster::sort);
        parts.sort_unstable_by(Cluster::order);
        let mut clusters: Vec<Cluster<'a>> = Vec::with_capacity(parts.len());
        let mut group: Vec<Cluster<'a>> = vec![];
        for part in parts {
            if group.first().is_some_and(|first| !first.is_same(&part)) {
                clusters.push(Cluster::merge(mem::take(&mut group)));
            }
            group.push(part);
        }
        if !group.is_empty() {
            clusters.push(Cluster::merge(group));
        }
        let sites = sites(&clusters);
        Self { clusters, sites }
    }
}

/// Who the clusters are, and where their cluster pairs lead to.
fn sites(clusters: &[Cluster<'_>]) -> Vec<SiteData> {
    // (clusterPairUUID, cluster, pair), (unique ID, cluster), (MVIP, cluster)
    let (mut by_uuid, mut by_id, mut by_mvip) = (vec![], vec![], vec![]);
    for (index, cluster) in clusters.iter().enumerate() {
        for (at, pair) in cluster.pair_list().iter().enumerate() {
            by_uuid
                .extend(pair.cluster_pair_uuid.as_deref().map(|uuid| (UuidText(uuid), index, at)));
        }
        let [unique_id, _, mvip] = cluster.identity();
        by_id.extend(unique_id.map(|id| (id, index)));
        by_mvip.extend(mvip.map(|mvip| (mvip, index)));
    }
    by_uuid.sort_unstable();
    by_id.sort_unstable();
    by_mvip.sort_unstable();

    // The one cluster that this text belongs to.
    let only = |sorted: &[(&str, usize)], text: &str| {
        let start = sorted.partition_point(|(other, _)| *other < text);
        match sorted.get(start..)? {
            [(one, _), (two, _), ..] if one == two => None,
            [(one, cluster), ..] if *one == text => Some(*cluster),
            _ => None,
        }
    };
    // Where else the same clusterPairUUID is listed.
    let same_pair = |index: usize, pair: &ClusterPair<'_>| {
        let uuid = UuidText(pair.cluster_pair_uuid.as_deref()?);
        let first = by_uuid.partition_point(|(other, ..)| *other < uuid);
        let behind = by_uuid.partition_point(|(other, at, _)| (*other, *at) <= (uuid, index));
        let elsewhere =
            |at| by_uuid.get(at).filter(|(other, at, _)| *other == uuid && *at != index);
        elsewhere(first).or_else(|| elsewhere(behind)).copied()
    };
    let leads_to = |index, pair: &ClusterPair<'_>| {
        if let Some((_, cluster, at)) = same_pair(index, pair) {
            return (Some(cluster), Some(at));
        }
        let unique_id = pair.cluster_unique_id().filter(|id| is_unique_id(id));
        let by_mvip = || {
            let found = only(&by_mvip, pair.mvip.as_deref()?)?;
            // An MVIP may have moved from one cluster to another.
            let [found_id, ..] = clusters.get(found)?.identity();
            (unique_id.is_none() || found_id.is_none()).then_some(found)
        };
        (unique_id.and_then(|id| only(&by_id, id)).or_else(by_mvip), None)
    };

    let named = |[unique_id, name, mvip]: [Option<&str>; 3]| {
        let [unique_id, name, mvip] = [unique_id, name, mvip].map(|text| text.map(Name::from));
        Arc::new(ClusterName { name, unique_id, mvip })
    };
    let other = |pair: &ClusterPair<'_>| {
        named([pair.cluster_unique_id(), pair.cluster_name.as_deref(), pair.mvip.as_deref()])
    };
    let names: Vec<_> = clusters
        .iter()
        .enumerate()
        .map(|(index, cluster)| {
            // A cluster that says nothing of itself is named as a cluster that it is paired with
            // knows it.
            let elsewhere = || {
                let mut pairs = cluster.pair_list().iter();
                let (_, cluster, at) = pairs.find_map(|pair| same_pair(index, pair))?;
                Some(other(clusters.get(cluster)?.pair_list().get(at)?))
            };
            let inferred = if cluster.info.is_none() { elsewhere() } else { None };
            inferred.unwrap_or_else(|| named(cluster.identity()))
        })
        .collect();
    clusters
        .iter()
        .zip(&names)
        .enumerate()
        .map(|(index, (cluster, name))| {
            let links = cluster.pair_list().iter().map(|pair| {
                let (cluster, at) = leads_to(index, pair);
                let known = cluster.and_then(|cluster| names.get(cluster)).cloned();
                Link { name: known.unwrap_or_else(|| other(pair)), cluster, pair: at }
            });
            SiteData { index, name: Arc::clone(name), links: links.collect() }
        })
        .collect()
}
