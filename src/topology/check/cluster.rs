//! Calls that pair clusters.

use alloc::{string::ToString, sync::Arc, vec::Vec};

use uuid::Uuid;

use super::{
    super::{
        ClusterName, Link, Listing, Name, Part, Rule, Site, Value,
        audit::{limit, skewed},
        is_pending, is_unique_id, only,
    },
    Check, Other, address, decode,
};
use crate::{
    api::{ClusterPair, VolumePair},
    key::{ClusterPairingKey, PairingKey},
    secret::Secret,
};

impl<'t, 'a> Check<'t, 'a> {
    /// Whether the cluster's ID, name and address are its own, among those given, those it is paired
    /// with and the one that it is to be paired with.
    pub(super) fn names(&mut self, maker: Option<&Arc<ClusterName>>) {
        let here = Arc::clone(self.here.name);
        let is_told = self.here.sees(Listing::ClusterInfo);
        for (rule, member) in [
            (Rule::UniqueIdNotUnique, &here.unique_id),
            (Rule::ClusterNameNotUnique, &here.name),
            (Rule::MvipNotUnique, &here.mvip),
        ] {
            if !is_told || member.is_none() {
                self.not_told(&[rule], &here, Listing::ClusterInfo);
            }
        }
        let given = self.topology.sites();
        let given =
            given.filter(|site| site.index != self.here.index && site.sees(Listing::ClusterInfo));
        let given: Vec<_> = given.map(|site| Arc::clone(site.name)).collect();
        for other in given.iter().filter(|other| same(&other.unique_id, &here.unique_id)) {
            let id = here.unique_id.clone().map(|id| ("uniqueID", Value::Text(id)));
            let values = id.into_iter().chain([("other", Arc::clone(other).into())]);
            self.found(Rule::UniqueIdNotUnique, self.cluster(), values);
        }
        let paired = self.here.pairs().map(|(_, link)| &link.name);
        let mut others: Vec<_> = given.iter().chain(paired).chain(maker).cloned().collect();
        others.sort();
        others.dedup();
        for other in others.into_iter().filter(|other| !same(&other.unique_id, &here.unique_id)) {
            if same(&other.name, &here.name) {
                let values = [("other", Arc::clone(&other).into())];
                self.found(Rule::ClusterNameNotUnique, self.cluster(), values);
            }
            if let Some(mvip) = here.mvip.clone().filter(|_| same(&other.mvip, &here.mvip)) {
                let values = [("other", other.into()), ("mvip", Value::Text(mvip))];
                self.found(Rule::MvipNotUnique, self.cluster(), values);
            }
        }
    }

    /// Whether one more pair of the cluster becomes active, the pending ones growing by `adds`.
    pub(super) fn limit(&mut self, cluster: &Other<'_, '_>, adds: u64) {
        let rules = [Rule::ClusterPairLimit, Rule::ClusterPairLimitPending];
        let Some((site, listed)) =
            cluster.site.and_then(|site| Some((site, site.cluster.pairs.as_ref()?)))
        else {
            return self.not_told(&rules, &cluster.name, Listing::ClusterPairs);
        };
        let pending = listed.iter().filter(|pair| is_pending(pair)).count() as u64;
        let pairs = listed.len() as u64 - pending;
        let limit = limit(site);
        let subject = site.subject(Part::Cluster);
        if pairs >= limit {
            let values = [("pairs", pairs.into()), ("limit", limit.into())];
            self.found(Rule::ClusterPairLimit, subject, values);
        } else if pairs + pending + adds > limit {
            let values =
                [("pairs", pairs.into()), ("pending", pending.into()), ("limit", limit.into())];
            self.found(Rule::ClusterPairLimitPending, subject, values);
        }
    }

    pub(super) fn complete_cluster_pairing(&mut self, digits: &Secret) {
        self.limit(&Other::from(self.here), 1);
        let key = match decode(digits) {
            Ok(PairingKey::Cluster(key)) => key,
            other => {
                self.names(None);
                let (rule, code) = match other {
                    Ok(_) => (Rule::ClusterKeyWrongKind, None),
                    Err(error) => (Rule::ClusterKeyUnreadable, Some(error.code())),
                };
                return self.found(rule, self.cluster(), code.map(|code| ("code", code.into())));
            }
        };
        let maker = self.maker(&key);
        let (here, own) = (Arc::clone(self.here.name), &maker.name);
        match (&here.unique_id, address(&here.mvip)) {
            (Some(id), _) if Some(id) != own.unique_id.as_ref() => {}
            (None, mvip) if mvip != Some(key.mvip) => {
                self.not_told(&[Rule::ClusterKeyOfThisCluster], &here, Listing::ClusterInfo);
            }
            _ => {
                self.names(None);
                return self.found(Rule::ClusterKeyOfThisCluster, self.cluster(), []);
            }
        }
        self.names(Some(&maker.name));
        maker.site.into_iter().for_each(|site| self.contradicted(site));
        self.limit(&maker, 0);
        self.cluster_key_used(&key, &maker);
        self.paired_already(&key, &maker);
        self.versions(&maker);
    }

    /// The cluster that made the key.
    fn maker(&self, key: &ClusterPairingKey) -> Other<'t, 'a> {
        let name = ClusterName {
            name: Some((&*key.name).into()),
            unique_id: Some((&*key.cluster_unique_id).into()),
            mvip: Some((&*key.mvip.to_string()).into()),
        };
        let topology = self.topology;
        let by_id = only(topology.sites().filter(|site| site.name.unique_id == name.unique_id));
        let site = by_id.or_else(|| {
            only(topology.sites().filter(|site| {
                site.name.unique_id.is_none() && address(&site.name.mvip) == Some(key.mvip)
            }))
        });
        Other { name: site.map_or_else(|| Arc::new(name), |site| Arc::clone(site.name)), site }
    }

    /// Whether the key's pair is pending still.
    fn cluster_key_used(&mut self, key: &ClusterPairingKey, maker: &Other<'_, '_>) {
        let is_keys = |pair: &ClusterPair<'_>| {
            is_uuid(pair.cluster_pair_uuid.as_deref(), key.cluster_pair_uuid)
        };
        // A pair that is no longer pending has used its key, wherever it is listed.
        let elsewhere = self.topology.sites().filter(|site| site.index != self.here.index);
        let used = [self.here].into_iter().chain(elsewhere).find_map(|site| {
            let counts =
                |pair: &&ClusterPair<'_>| site.index == self.here.index || !is_pending(pair);
            let pair =
                site.cluster.pairs.iter().flatten().filter(counts).find(|pair| is_keys(pair));
            Some((site, pair?.cluster_pair_id))
        });
        match used {
            Some((site, id)) => {
                let values = [("clusterPairID", id.into())];
                self.found(Rule::ClusterKeyUsed, site.subject(Part::Cluster), values);
            }
            None => self.unseen(&[Rule::ClusterKeyUsed], None),
        }
        let listed = maker.site.and_then(|site| site.cluster.pairs.as_ref());
        match listed {
            Some(pairs) if !pairs.iter().any(is_keys) => {
                let values = [("other", Arc::clone(&maker.name).into())];
                self.found(Rule::ClusterKeyWithoutPair, self.cluster(), values);
            }
            Some(_) => {}
            None => self.unseen(&[Rule::ClusterKeyWithoutPair], Some(maker)),
        }
    }

    /// Whether the two clusters are paired by another pair than the key's.
    fn paired_already(&mut self, key: &ClusterPairingKey, maker: &Other<'_, '_>) {
        let is_other = |pair: &ClusterPair<'_>| {
            !is_pending(pair) && !is_uuid(pair.cluster_pair_uuid.as_deref(), key.cluster_pair_uuid)
        };
        let leads_to_maker = |link: &Link| match &link.name.unique_id {
            Some(id) if is_unique_id(id.as_str()) => link.name.unique_id == maker.name.unique_id,
            _ => address(&link.name.mvip) == Some(key.mvip),
        };
        let here = self.here.pairs().filter(|(pair, link)| is_other(pair) && leads_to_maker(link));
        let mut pairs: Vec<_> =
            here.map(|(pair, _)| (self.here, &maker.name, pair.cluster_pair_id)).collect();
        if pairs.is_empty() {
            self.unseen(&[Rule::ClusterPairedTwice], None);
            // Removed on this side alone.
            if let Some(site) = maker.site {
                let there = site
                    .pairs()
                    .filter(|(pair, link)| is_other(pair) && link.cluster == Some(self.here.index));
                pairs.extend(there.map(|(pair, _)| (site, self.here.name, pair.cluster_pair_id)));
            }
        }
        for (site, other, id) in pairs {
            let values = [("other", Arc::clone(other).into()), ("clusterPairID", id.into())];
            self.found(Rule::ClusterPairedTwice, site.subject(Part::Cluster), values);
        }
    }

    fn versions(&mut self, maker: &Other<'_, '_>) {
        let here = Arc::clone(self.here.name);
        // What other clusters know: no listing of its own tells a cluster's version.
        let version = |name: &ClusterName| {
            let pairs = self.topology.sites().flat_map(Site::pairs);
            let mut known = pairs.filter(|(_, link)| same(&link.name.unique_id, &name.unique_id));
            known.find_map(|(pair, _)| pair.version.as_deref())
        };
        match (version(&here), version(&maker.name)) {
            (Some(ours), Some(theirs)) => {
                if skewed(ours, theirs).is_some() {
                    let values = [
                        ("version", ours.into()),
                        ("other", Arc::clone(&maker.name).into()),
                        ("otherVersion", theirs.into()),
                    ];
                    self.found(Rule::VersionSkewAhead, self.cluster(), values);
                }
            }
            (ours, theirs) => {
                for (known, teller) in [(ours, &maker.name), (theirs, &here)] {
                    if known.is_none() {
                        self.not_told(&[Rule::VersionSkewAhead], teller, Listing::ClusterPairs);
                    }
                }
            }
        }
    }

    pub(super) fn remove_cluster_pair(&mut self, id: u64) {
        let listed = self.here.pair(id);
        let subject = match listed {
            Some((pair, link)) => self.here.pair_subject(pair, link),
            None => self.here.subject(Part::ClusterPair { id, uuid: None, with: None }),
        };
        let values = [("clusterPairID", id.into())];
        match self.remaining(&Other::from(self.here), id) {
            Some(0) => {}
            Some(count) => {
                let values = [("volumes", count.into())];
                self.found(Rule::VolumePairsRemain, subject.clone(), values);
            }
            None => {
                let name = Arc::clone(self.here.name);
                self.not_told(&[Rule::VolumePairsRemain], &name, Listing::Volumes);
            }
        }
        let rules = [
            Rule::ClusterPairIdUnknown,
            Rule::VolumePairsRemainRemote,
            Rule::ClusterPairRemovedHereOnly,
        ];
        let (pair, link) = match listed {
            Some(listed) => listed,
            None if self.here.sees(Listing::ClusterPairs) => {
                return self.found(Rule::ClusterPairIdUnknown, self.cluster(), values);
            }
            None => return self.unseen(&rules, None),
        };
        if is_pending(pair) {
            return;
        }
        let remote = self.leads_to(link);
        remote.site.into_iter().for_each(|site| self.contradicted(site));
        let other = || ("other", Value::from(Arc::clone(&remote.name)));
        let there = remote.site.and_then(|site| site.cluster.pairs.as_ref()?.get(link.pair?));
        let Some(there) = there else {
            return self.other_side_unseen(&rules[1..], pair, link, &remote);
        };
        self.found(Rule::ClusterPairRemovedHereOnly, subject.clone(), [other()]);
        match self.remaining(&remote, there.cluster_pair_id) {
            Some(0) => {}
            Some(count) => {
                let values = [("volumes", count.into()), other()];
                self.found(Rule::VolumePairsRemainRemote, subject, values);
            }
            None => {
                let rules = [Rule::VolumePairsRemainRemote];
                self.not_told(&rules, &remote.name, Listing::Volumes);
            }
        }
    }

    /// What the other side of a cluster pair would have decided, which was not found. Where the
    /// other cluster lists all its pairs with their UUIDs, this one is gone there.
    fn other_side_unseen(
        &mut self,
        rules: &[Rule],
        pair: &ClusterPair<'_>,
        link: &Link,
        remote: &Other<'_, '_>,
    ) {
        let is_told = |pair: &ClusterPair<'_>| pair.cluster_pair_uuid.is_some();
        let listed = remote.site.and_then(|site| site.cluster.pairs.as_ref());
        if !link.is_known() || listed.is_some() && !is_told(pair) {
            self.not_told(rules, self.here.name, Listing::ClusterPairs);
        } else if !listed.is_some_and(|pairs| pairs.iter().all(is_told)) {
            self.not_told(rules, &remote.name, Listing::ClusterPairs);
        }
    }

    /// How many of the cluster's volumes are paired through this cluster pair of it; none if that
    /// was not told: only ListVolumes has the volumes that are deleted and still paired.
    fn remaining(&self, cluster: &Other<'_, '_>, id: u64) -> Option<u64> {
        let volumes = cluster.site?.cluster.volumes.as_ref()?;
        let is_through = |pair: &VolumePair<'_>| pair.cluster_pair_id == Some(id);
        let count = volumes.iter().filter(|volume| volume.pairs().iter().any(is_through)).count();
        // A pending pair belongs to no cluster pair yet.
        let is_told = |pair: &VolumePair<'_>| {
            pair.cluster_pair_id.is_some() || pair.remote_volume_id.is_none_or(|id| id == 0)
        };
        let all_told = cluster.sees(Listing::Volumes)
            && volumes.iter().all(|volume| {
                volume.volume_pairs.as_ref().is_some_and(|pairs| pairs.iter().all(is_told))
            });
        (count > 0 || all_told).then_some(count as u64)
    }
}

/// Whether both are known, and the same.
fn same(a: &Option<Name>, b: &Option<Name>) -> bool {
    a.is_some() && a == b
}

fn is_uuid(text: Option<&str>, uuid: Uuid) -> bool {
    text.and_then(|text| Uuid::try_parse(text).ok()) == Some(uuid)
}
