//! [`Pairs`]: clusters and the pairs between them, both ends of each together.

use alloc::{vec, vec::Vec};

use super::{Cluster, ClusterName, End, Link, Site, Topology, UuidText, is_pending};
use crate::api::{Access, ClusterPair, Volume, VolumePair};

/// The clusters of a [`Topology`] and the pairs between them: what is drawn of it.
///
/// A pair stands here once, with its two ends; an end that its cluster does not list, or whose
/// cluster was not seen, has nothing but the cluster, if that is known. Where more than two volumes
/// are listed under one `volumePairUUID`, each is a pair of its own.
#[derive(Debug, Clone, Default)]
pub struct Pairs<'t, 'a> {
    /// Who the clusters are: those of [`Topology::clusters`] in their order, then those that only a
    /// cluster pair tells of.
    pub clusters: Vec<&'t ClusterName>,
    /// The cluster pairs.
    pub cluster_pairs: Vec<LinkedClusterPair<'t, 'a>>,
    /// The volume pairs.
    pub volume_pairs: Vec<LinkedVolumePair<'t, 'a>>,
}

/// A cluster pair with its ends.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LinkedClusterPair<'t, 'a> {
    /// The ends; the first is always listed.
    pub ends: [ClusterPairEnd<'t, 'a>; 2],
    /// Whether its key was made and nobody completed it.
    pub pending: bool,
}

/// An end of a cluster pair.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct ClusterPairEnd<'t, 'a> {
    /// Which of [`Pairs::clusters`] it is on.
    pub cluster: Option<usize>,
    /// Whether its cluster lists it; none where no ListClusterPairs of that was seen.
    pub listed: Option<bool>,
    /// The pair, as this cluster lists it.
    pub pair: Option<&'t ClusterPair<'a>>,
}

/// A volume pair with its ends.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct LinkedVolumePair<'t, 'a> {
    /// Its `volumePairUUID`.
    pub uuid: &'t str,
    /// Which of [`Pairs::cluster_pairs`] it belongs to.
    pub cluster_pair: Option<usize>,
    /// The ends; the first is always listed.
    pub ends: [VolumePairEnd<'t, 'a>; 2],
    /// Whether its key was made and nobody completed it.
    pub pending: bool,
    /// Which end is the source, where the access of both tells: one is readWrite, the other
    /// replicationTarget.
    pub source: Option<usize>,
}

/// An end of a volume pair.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct VolumePairEnd<'t, 'a> {
    /// Which of [`Pairs::clusters`] it is on.
    pub cluster: Option<usize>,
    /// Whether its cluster lists it; none where no listing of the volumes of that was seen.
    pub listed: Option<bool>,
    /// The ID of the volume; of an end that is not listed, as the other end says.
    pub id: Option<u64>,
    /// Its name, likewise.
    pub name: Option<&'t str>,
    /// The volume and its pairing, as this cluster lists them.
    pub volume: Option<(&'t Volume<'a>, &'t VolumePair<'a>)>,
}

impl<'a> Topology<'a> {
    /// The clusters and the pairs between them. Time grows with n log n.
    ///
    /// ```
    /// use element_pairing::topology::{Cluster, Topology};
    ///
    /// let listings = r#"
    ///     {"id": "GetClusterInfo", "result": {"clusterInfo": {"name": "site-a", "uniqueID": "xsm6"}}}
    ///     {"id": "ListClusterPairs", "result": {"clusterPairs": [
    ///         {"clusterPairID": 3, "clusterName": "site-b", "clusterUUID": "bgn0"}]}}"#;
    /// let topology = Topology::from_iter([Cluster::read(listings)?]);
    /// let pairs = topology.pairs();
    /// let [here, there] = pairs.cluster_pairs[0].ends;
    /// assert_eq!(here.pair.unwrap().cluster_pair_id, 3);
    /// assert_eq!((here.listed, there.listed), (Some(true), None));
    /// assert_eq!(pairs.clusters[there.cluster.unwrap()].to_string(), "site-b (bgn0)");
    /// # Ok::<(), element_pairing::topology::ListingError>(())
    /// ```
    #[must_use]
    pub fn pairs(&self) -> Pairs<'_, 'a> {
        let clusters = self.sites().map(|site| &**site.name()).collect();
        let mut linking = Linking {
            topology: self,
            pairs: Pairs { clusters, ..Pairs::default() },
            places: vec![],
        };
        linking.cluster_pairs();
        linking.volume_pairs();
        linking.pairs
    }
}

struct Linking<'t, 'a> {
    topology: &'t Topology<'a>,
    pairs: Pairs<'t, 'a>,
    /// Where in `pairs` each cluster pair of each cluster is.
    places: Vec<Vec<usize>>,
}

impl<'t, 'a> Linking<'t, 'a> {
    fn cluster_pairs(&mut self) {
        let mut told = vec![];
        for site in self.topology.sites() {
            let mut places = vec![];
            for (at, (pair, link)) in site.pairs().enumerate() {
                let other = self.mutual(site, at, link);
                if let Some((other, at)) = other
                    && let Some(place) = self.places.get(other).and_then(|places| places.get(at))
                {
                    places.push(*place);
                    continue;
                }
                let listed = |cluster, pair| ClusterPairEnd {
                    cluster,
                    listed: Some(true),
                    pair: Some(pair),
                };
                let end = listed(Some(site.index()), pair);
                let back = other.and_then(|(other, at)| self.topology.site(other)?.pair_at(at));
                let there = match back {
                    Some((pair, _)) => listed(link.cluster, pair),
                    None => {
                        let cluster = self.led_to(link, &mut told);
                        let is_seen = self.is_seen(cluster, |cluster| cluster.pairs.is_some());
                        ClusterPairEnd { cluster, listed: is_seen.then_some(false), pair: None }
                    }
                };
                places.push(self.pairs.cluster_pairs.len());
                let pair = LinkedClusterPair { ends: [end, there], pending: is_pending(pair) };
                self.pairs.cluster_pairs.push(pair);
            }
            self.places.push(places);
        }
    }

    /// The other cluster and the place of the pair there, if both lead to each other.
    fn mutual(&self, site: Site<'t, 'a>, at: usize, link: &Link) -> Option<(usize, usize)> {
        let (other, _, back) = self.topology.other_side(link)?;
        let is_back = back.cluster == Some(site.index()) && back.pair == Some(at);
        (is_back && other.index() != site.index()).then_some((other.index(), link.pair?))
    }

    /// The cluster that a pair leads to; `told` are those that were not given, in order.
    fn led_to(
        &mut self,
        link: &'t Link,
        told: &mut Vec<(&'t ClusterName, usize)>,
    ) -> Option<usize> {
        if link.cluster.is_some() || !link.is_known() {
            return link.cluster;
        }
        let name = &*link.name;
        match told.binary_search_by_key(&name, |(name, _)| name) {
            Ok(place) => told.get(place).map(|(_, cluster)| *cluster),
            Err(place) => {
                let cluster = self.pairs.clusters.len();
                self.pairs.clusters.push(name);
                told.insert(place, (name, cluster));
                Some(cluster)
            }
        }
    }

    fn volume_pairs(&mut self) {
        let mut ends: Vec<End<'t, 'a>> = vec![];
        for site in self.topology.sites() {
            for volume in site.volumes() {
                ends.extend(volume.pairs().iter().map(|pair| site.end(volume, pair)));
            }
        }
        let uuid = |end: &End<'t, 'a>| UuidText(&end.pair.volume_pair_uuid);
        ends.sort_unstable_by_key(|end| {
            (uuid(end), end.site.index(), end.volume.volume_id, end.pair.json().as_str())
        });
        let same = |a: &End<'t, 'a>, b: &End<'t, 'a>| uuid(a) == uuid(b);
        for ends in ends.chunk_by(same) {
            match ends {
                [here, there] => self.volume_pair(*here, Some(*there)),
                ends => ends.iter().for_each(|end| self.volume_pair(*end, None)),
            }
        }
        self.pairs.volume_pairs.sort_unstable_by_key(|pair| {
            let [end, _] = pair.ends;
            let place = end.volume.map(|(volume, pair)| {
                (volume.volume_id, UuidText(&pair.volume_pair_uuid), pair.json().as_str())
            });
            (end.cluster, place)
        });
    }

    fn volume_pair(&mut self, here: End<'t, 'a>, there: Option<End<'t, 'a>>) {
        let cluster_pair = there.and_then(|there| self.place(there)).or_else(|| self.place(here));
        let listed = |end: End<'t, 'a>| VolumePairEnd {
            cluster: Some(end.site.index()),
            listed: Some(true),
            id: Some(end.volume.volume_id),
            name: end.volume.name.as_deref(),
            volume: Some((end.volume, end.pair)),
        };
        let unlisted = || {
            let pair = self.place(here).and_then(|place| self.pairs.cluster_pairs.get(place));
            let is_other = |end: &&ClusterPairEnd<'_, '_>| end.cluster != Some(here.site.index());
            let cluster = pair.and_then(|pair| pair.ends.iter().find(is_other)?.cluster);
            let is_seen = self.is_seen(cluster, |cluster| cluster.volumes.is_some());
            VolumePairEnd {
                cluster,
                listed: is_seen.then_some(false),
                id: here.remote_id(),
                name: here.pair.remote_volume_name.as_deref(),
                volume: None,
            }
        };
        let access = |end: End<'t, 'a>| end.volume.access.as_ref();
        let source = match (access(here), there.and_then(access)) {
            (Some(Access::ReadWrite), Some(Access::ReplicationTarget)) => Some(0),
            (Some(Access::ReplicationTarget), Some(Access::ReadWrite)) => Some(1),
            _ => None,
        };
        self.pairs.volume_pairs.push(LinkedVolumePair {
            uuid: &here.pair.volume_pair_uuid,
            cluster_pair,
            ends: [listed(here), there.map_or_else(unlisted, listed)],
            pending: there.is_none() && here.remote_id().is_none(),
            source,
        });
    }

    /// Whether a listing of a cluster was seen.
    fn is_seen(&self, cluster: Option<usize>, is_seen: impl Fn(&Cluster<'a>) -> bool) -> bool {
        let cluster = cluster.and_then(|cluster| self.topology.clusters().get(cluster));
        cluster.is_some_and(is_seen)
    }

    /// Which of the cluster pairs an end belongs to.
    fn place(&self, end: End<'t, 'a>) -> Option<usize> {
        let id = end.pair.cluster_pair_id?;
        let pairs = end.site.cluster.pairs.as_deref()?;
        let at = pairs.partition_point(|pair| pair.cluster_pair_id < id);
        pairs.get(at).filter(|pair| pair.cluster_pair_id == id)?;
        self.places.get(end.site.index())?.get(at).copied()
    }
}
