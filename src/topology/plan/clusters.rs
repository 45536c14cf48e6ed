//! Wishes about two clusters -> steps.

use alloc::{string::String, vec, vec::Vec};

use super::{
    super::{Finding, Listing, Part, Rule, Site, is_pending},
    draft::{Draft, Place, Unit, Unknown},
    record::Wish,
    step::{PairId, Task},
};
use crate::api::{ClusterPairStatus, RemoveClusterPair, VolumePair};

impl Draft<'_, '_> {
    /// Sees to it that two clusters are paired, and connected.
    pub fn pair_clusters(&mut self, a: usize, b: usize) -> Result<(), Unknown> {
        let clusters = self.address_two(a, b)?;
        self.unit = Unit::New(Wish::Clusters { clusters, paired: false });
        let [sees_a, sees_b] =
            [a, b].map(|site| self.see(site, Rule::ClusterPairOneSided, Listing::ClusterPairs));
        if !(sees_a && sees_b) {
            return Ok(());
        }
        // What one side removed alone is in the way.
        for (site, other) in [(a, b), (b, a)] {
            if a != b {
                let mut alone = self.world.pairs(site, other);
                alone.retain(|(pair, link)| link.pair.is_none() && !is_pending(pair));
                // Volumes are paired one after the other, and looking at all takes its time.
                if alone.is_empty() {
                    continue;
                }
                let alone: Vec<Place> =
                    alone.iter().map(|(pair, _)| (site, pair.cluster_pair_id)).collect();
                self.load_through(&[site], &alone);
                for (site, id) in alone {
                    self.remove_cluster_pair(site, id, "The other cluster removed it already.")?;
                }
            }
        }
        let mut both = vec![];
        for (site, other) in [(a, b), (b, a)] {
            for (pair, link) in self.world.pairs(site, other) {
                // A pending one that the other lists is about to connect.
                if !is_pending(pair) || link.pair.is_some() {
                    both.push((site, pair.cluster_pair_id, pair.status.clone()));
                }
            }
        }
        if !both.is_empty() && a != b {
            for (site, id, status) in both {
                let hindrance = match status {
                    None | Some(ClusterPairStatus::Connected) => continue,
                    Some(ClusterPairStatus::Disconnected) => Some(Rule::ClusterPairDisconnected),
                    Some(ClusterPairStatus::Misconfigured) => Some(Rule::ClusterPairMisconfigured),
                    Some(_) => None,
                };
                if let Some(rule) = hindrance {
                    self.tell(Finding::new(rule, self.pair_subject(site, id), []));
                }
                self.connected(site, PairId::Known(id))?;
            }
            return Ok(());
        }
        let pairs = self.world.site(a).map(Site::pair_list).unwrap_or_default();
        let listed = pairs.iter().map(|pair| pair.cluster_pair_id).collect();
        let subject = self.subject(a, Part::Cluster);
        let start = self.push(
            a,
            Task::StartClusterPairing { listed },
            subject,
            "It makes a pairing key and a pending cluster pair.",
        )?;
        let subject = self.subject(b, Part::Cluster);
        let complete = self.push(
            b,
            Task::CompleteClusterPairing { start },
            subject,
            "It completes the cluster pair with the key of the other cluster.",
        )?;
        self.connected(a, PairId::Of(start))?;
        self.connected(b, PairId::Of(complete))
    }

    /// Sees to it that two clusters are not paired, and if so asked, no volumes of them.
    pub fn unpair_clusters(
        &mut self,
        a: usize,
        b: usize,
        with_volumes: bool,
    ) -> Result<(), Unknown> {
        self.see_pairs(a, b);
        let sides = if a == b { vec![(a, b)] } else { vec![(a, b), (b, a)] };
        let mut through = vec![];
        for &(site, other) in &sides {
            for (pair, link) in self.world.pairs(site, other) {
                if !is_pending(pair) || link.pair.is_some() {
                    through.push((site, pair.cluster_pair_id));
                }
            }
        }
        if through.is_empty() {
            return Ok(());
        }
        for ends in self.between(a, b).into_iter().filter(|_| with_volumes) {
            self.unpair_volumes(ends)?;
        }
        let mut of = through.clone();
        of.sort_unstable();
        let sides: Vec<_> = sides.into_iter().map(|(site, _)| site).collect();
        let left = self.load_through(&sides, &of);
        // Pending pairings that belong to the cluster pair hold it too.
        for &(site, id) in left.iter().filter(|_| with_volumes) {
            if self.world.volume(site, id).is_some_and(|volume| volume.volume_pairs.is_some()) {
                self.unpair_volumes([Some((site, id)), None])?;
            }
        }
        self.load_through(&sides, &of);
        self.unit = Unit::None;
        // A pair that one side lists alone cannot be made again.
        if sides.iter().all(|site| through.iter().any(|(listing, _)| listing == site)) {
            let clusters = self.address_two(a, b)?;
            self.unit = Unit::New(Wish::Clusters { clusters, paired: true });
        }
        for (site, id) in through {
            self.remove_cluster_pair(site, id, "It is removed on both of its clusters.")?;
        }
        Ok(())
    }

    /// Loads what may hold these cluster pairs, which are of these clusters: the volumes that are
    /// paired through them, and those that do not tell. The pairs are in order.
    pub fn load_through(&mut self, sites: &[usize], pairs: &[(usize, u64)]) -> Vec<Place> {
        let mut all = vec![];
        for &site in sites {
            let holds = self.world.volumes(site).filter(|volume| {
                let is_through = |pair: &VolumePair<'_>| {
                    pair.cluster_pair_id.is_some_and(|id| pairs.binary_search(&(site, id)).is_ok())
                };
                volume.volume_pairs.is_none() || volume.pairs().iter().any(is_through)
            });
            all.extend(holds.map(|volume| (site, volume.volume_id)));
        }
        self.world.load(&all);
        all
    }

    /// Which pairs there are between two clusters, both have to tell.
    pub fn see_pairs(&mut self, a: usize, b: usize) {
        for site in [a, b] {
            self.see(site, Rule::ClusterPairOneSided, Listing::ClusterPairs);
            self.see(site, Rule::VolumePairOneSided, Listing::PairedVolumes);
        }
    }

    pub fn see(&mut self, site: usize, rule: Rule, listing: Listing) -> bool {
        let is_seen = self.world.site(site).is_some_and(|site| site.sees(listing));
        if !is_seen {
            self.want(rule, site, listing);
        }
        is_seen
    }

    fn connected(&mut self, site: usize, id: PairId) -> Result<(), Unknown> {
        let subject = match id {
            PairId::Known(id) => self.pair_subject(site, id),
            PairId::Of(_) => self.subject(site, Part::Cluster),
        };
        let why = "A cluster pair is of use when both of its clusters list it as Connected.";
        self.push(site, Task::Connected(id), subject, why).map(|_| ())
    }

    pub fn remove_cluster_pair(
        &mut self,
        site: usize,
        id: u64,
        why: &'static str,
    ) -> Result<(), Unknown> {
        let subject = self.pair_subject(site, id);
        let task = Task::RemoveClusterPair(RemoveClusterPair { cluster_pair_id: id });
        self.push(site, task, subject, why).map(|_| ())
    }

    fn address_two(&self, a: usize, b: usize) -> Result<[String; 2], Unknown> {
        Ok([(*self.address(a)?).into(), (*self.address(b)?).into()])
    }
}
