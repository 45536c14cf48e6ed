//! Calls that pair clusters.

use alloc::{sync::Arc, vec, vec::Vec};

use uuid::Uuid;

use super::{
    super::{
        ClusterName, Link, Listing, Name, Part, Rule, Site, Value, Want,
        audit::{limit, skewed},
        is_pending, is_unique_id, only,
    },
    Check, Other, address, decode, uuid,
};
use crate::{
    api::{ClusterPair, VolumePair},
    key::{ClusterPairingKey, PairingKey, address_text},
    secret::Secret,
};

impl<'t, 'a> Check<'t, 'a> {
    /// Whether the cluster's ID, name and address are its own, among those given, those it is paired
    /// with and the one that it is to be paired with.
    pub(super) fn names(&mut self, maker: Option<&Arc<ClusterName>>) {
        let here = Arc::clone(self.here.name());
        let is_told = self.here.sees(Listing::ClusterInfo);
        for (rule, member, value) in [
            (Rule::UniqueIdNotUnique, "uniqueID", &here.unique_id),
            (Rule::ClusterNameNotUnique, "name", &here.name),
            (Rule::MvipNotUnique, "mvip", &here.mvip),
        ] {
            if !is_told || value.is_none() {
                self.untold(&[rule], self.here, Listing::ClusterInfo, member);
            }
        }
        let given = self.topology.sites();
        let given = given
            .filter(|site| site.index() != self.here.index() && site.sees(Listing::ClusterInfo));
        let given: Vec<_> = given.map(|site| Arc::clone(site.name())).collect();
        for other in given.iter().filter(|other| same(&other.unique_id, &here.unique_id)) {
            let id = here.unique_id.clone().map(|id| ("uniqueID", Value::Text(id)));
            let mut values = Vec::from_iter(id);
            values.push(("other", Arc::clone(other).into()));
            self.found(Rule::UniqueIdNotUnique, self.cluster(), values);
        }
        let mut others = given;
        others.extend(self.here.pairs().map(|(_, link)| Arc::clone(&link.name)));
        others.extend(maker.cloned());
        others.sort_unstable();
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
    pub(super) fn limit(&mut self, cluster: &Other<'t, 'a>, adds: u64) {
        let rules = [Rule::ClusterPairLimit, Rule::ClusterPairLimitPending];
        let Some((site, listed)) =
            cluster.site.and_then(|site| Some((site, site.cluster.pairs.as_ref()?)))
        else {
            return self.not_given(&rules, &cluster.name, Listing::ClusterPairs);
        };
        let pending = listed.iter().filter(|pair| is_pending(pair)).count() as u64;
        let untold = listed.iter().filter(|pair| pair.status.is_none()).count() as u64;
        let at_most = listed.len() as u64 - pending;
        let pairs = at_most - untold;
        let limit = limit(site);
        let subject = site.subject(Part::Cluster);
        if pairs >= limit {
            let values = [("pairs", pairs.into()), ("limit", limit.into())];
            self.found(Rule::ClusterPairLimit, subject, values);
        } else if at_most >= limit {
            self.untold(&rules, site, Listing::ClusterPairs, "status");
        } else if at_most + pending + adds > limit && untold > 0 {
            self.untold(&rules[1..], site, Listing::ClusterPairs, "status");
        } else if at_most + pending + adds > limit {
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
                let code = code.map(|code| ("code", code.into()));
                return self.found(rule, self.cluster(), Vec::from_iter(code));
            }
        };
        let maker = self.maker(&key);
        let (here, own) = (Arc::clone(self.here.name()), &maker.name);
        match (&here.unique_id, address(&here.mvip)) {
            (Some(id), _) if Some(id) != own.unique_id.as_ref() => {}
            (None, mvip) if mvip != Some(key.mvip) => {
                let rules = [Rule::ClusterKeyOfThisCluster];
                self.untold(&rules, self.here, Listing::ClusterInfo, "uniqueID");
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
            mvip: Some((&*address_text(key.mvip)).into()),
        };
        let topology = self.topology;
        let by_id = only(topology.sites().filter(|site| site.name().unique_id == name.unique_id));
        let site = by_id.or_else(|| {
            only(topology.sites().filter(|site| {
                site.name().unique_id.is_none() && address(&site.name().mvip) == Some(key.mvip)
            }))
        });
        Other { name: site.map_or_else(|| Arc::new(name), |site| Arc::clone(site.name())), site }
    }

    /// Whether the key's pair is pending still.
    fn cluster_key_used(&mut self, key: &ClusterPairingKey, maker: &Other<'t, 'a>) {
        let is_keys = |pair: &ClusterPair<'_>| has_uuid(pair, key.cluster_pair_uuid);
        // A pair that is no longer pending has used its key, wherever it is listed.
        let used = |site: Site<'t, 'a>| {
            let counts = |(pair, _): &(&ClusterPair<'_>, _)| {
                is_keys(pair) == Some(true)
                    && (site.index() == self.here.index() || !is_pending(pair))
            };
            Some((site, site.pairs().find(counts)?.0.cluster_pair_id))
        };
        let used = used(self.here).or_else(|| self.topology.sites().find_map(used));
        let rules = [Rule::ClusterKeyUsed];
        match used {
            Some((site, id)) => {
                let values = [("clusterPairID", id.into())];
                self.found(Rule::ClusterKeyUsed, site.subject(Part::Cluster), values);
            }
            None => {
                self.unseen(&rules);
                self.unseen_remote(&rules, maker);
                if self.here.pairs().any(|(pair, _)| is_keys(pair).is_none()) {
                    self.untold(&rules, self.here, Listing::ClusterPairs, "clusterPairUUID");
                }
            }
        }
        let rules = [Rule::ClusterKeyWithoutPair];
        let listed = maker.site.and_then(|site| Some((site, site.cluster.pairs.as_ref()?)));
        let Some((site, pairs)) = listed else { return self.unseen_remote(&rules, maker) };
        if pairs.iter().any(|pair| is_keys(pair) == Some(true)) {
        } else if pairs.iter().any(|pair| is_keys(pair).is_none()) {
            self.untold(&rules, site, Listing::ClusterPairs, "clusterPairUUID");
        } else {
            let values = [("other", Arc::clone(&maker.name).into())];
            self.found(Rule::ClusterKeyWithoutPair, self.cluster(), values);
        }
    }

    /// Whether the two clusters are paired by another pair than the key's.
    fn paired_already(&mut self, key: &ClusterPairingKey, maker: &Other<'t, 'a>) {
        let is_other = |pair: &ClusterPair<'_>| {
            !is_pending(pair) && has_uuid(pair, key.cluster_pair_uuid) != Some(true)
        };
        let leads_to_maker = |link: &Link| match &link.name.unique_id {
            Some(id) if is_unique_id(id.as_str()) => {
                Some(link.name.unique_id == maker.name.unique_id)
            }
            _ => Some(address(&link.name.mvip)? == key.mvip),
        };
        let here = || self.here.pairs().filter(|(pair, _)| is_other(pair));
        let mut pairs: Vec<_> = here()
            .filter(|(_, link)| leads_to_maker(link) == Some(true))
            .map(|(pair, _)| (self.here, &maker.name, pair.cluster_pair_id))
            .collect();
        if pairs.is_empty() {
            let rules = [Rule::ClusterPairedTwice];
            if here().any(|(_, link)| leads_to_maker(link).is_none()) {
                self.untold(&rules, self.here, Listing::ClusterPairs, "clusterUUID");
            }
            self.unseen(&rules);
            self.unseen_remote(&rules, maker);
            // Removed on this side alone.
            if let Some(site) = maker.site {
                let there = site.pairs().filter(|(pair, link)| {
                    is_other(pair) && link.cluster == Some(self.here.index())
                });
                pairs.extend(there.map(|(pair, _)| (site, self.here.name(), pair.cluster_pair_id)));
            }
        }
        for (site, other, id) in pairs {
            let values = [("other", Arc::clone(other).into()), ("clusterPairID", id.into())];
            self.found(Rule::ClusterPairedTwice, site.subject(Part::Cluster), values);
        }
    }

    fn versions(&mut self, maker: &Other<'t, 'a>) {
        match (self.version(&Other::from(self.here)), self.version(maker)) {
            (Ok(ours), Ok(theirs)) => {
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
                for side in [ours, theirs] {
                    for want in side.err().unwrap_or_default() {
                        self.want(&[Rule::VersionSkewAhead], want);
                    }
                }
            }
        }
    }

    /// The version of a cluster, which those that it is paired with list; else who could tell it, or
    /// with whom it is paired: nobody, if it is not paired.
    fn version(&self, cluster: &Other<'t, 'a>) -> Result<&'t str, Vec<Want>> {
        let index = cluster.site.map(|site| site.index());
        let is_it = |link: &Link| {
            index.is_some() && link.cluster == index
                || same(&link.name.unique_id, &cluster.name.unique_id)
        };
        let want = |cluster: &Arc<ClusterName>, member| Want {
            cluster: Arc::clone(cluster),
            listing: Listing::ClusterPairs,
            member,
        };
        let mut silent = vec![];
        for site in self.topology.sites() {
            for (pair, _) in site.pairs().filter(|(_, link)| is_it(link)) {
                match pair.version.as_deref() {
                    Some(version) => return Ok(version),
                    None if is_pending(pair) => {}
                    None => silent.push(want(site.name(), Some("version"))),
                }
            }
        }
        if !silent.is_empty() {
            return Err(silent);
        }
        let Some(site) = cluster.site.filter(|site| site.sees(Listing::ClusterPairs)) else {
            return Err(vec![want(&cluster.name, None)]);
        };
        let paired = site.pairs().filter(|(pair, link)| !is_pending(pair) && link.is_known());
        let paired = paired.map(|(_, link)| self.leads_to(link));
        let unseen = paired.filter(|other| !other.sees(Listing::ClusterPairs));
        Err(unseen.map(|other| want(&other.name, None)).collect())
    }

    pub(super) fn remove_cluster_pair(&mut self, id: u64) {
        let listed = self.here.pair(id);
        let subject = match listed {
            Some((pair, link)) => self.here.pair_subject(pair, link),
            None => self.here.subject(Part::ClusterPair { id, uuid: None, with: None }),
        };
        let values = [("clusterPairID", id.into())];
        match self.remaining(&Other::from(self.here), id) {
            Ok(0) => {}
            Ok(count) => {
                let values = [("volumes", count.into())];
                self.found(Rule::VolumePairsRemain, subject.clone(), values);
            }
            // A pair that never was connected has no volume pairs.
            Err(_) if listed.is_some_and(|(pair, _)| is_pending(pair)) => {}
            Err(want) => self.want(&[Rule::VolumePairsRemain], want),
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
            None => return self.unseen(&rules),
        };
        // A pending pair is on one cluster alone, unless both list it and do not agree.
        if is_pending(pair) && link.pair.is_none() {
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
            Ok(0) => {}
            Ok(count) => {
                let values = [("volumes", count.into()), other()];
                self.found(Rule::VolumePairsRemainRemote, subject, values);
            }
            Err(want) => self.want(&[Rule::VolumePairsRemainRemote], want),
        }
    }

    /// What the other side of a cluster pair would have decided, which was not found. Where the
    /// other cluster lists all its pairs with their UUIDs, this one is gone there.
    fn other_side_unseen(
        &mut self,
        rules: &[Rule],
        pair: &ClusterPair<'_>,
        link: &Link,
        remote: &Other<'t, 'a>,
    ) {
        let is_told = |pair: &ClusterPair<'_>| pair.cluster_pair_uuid.is_some();
        let listed = remote.site.and_then(|site| Some((site, site.cluster.pairs.as_ref()?)));
        let listing = Listing::ClusterPairs;
        match listed {
            _ if !link.is_known() => self.untold(rules, self.here, listing, "clusterUUID"),
            None => self.not_given(rules, &remote.name, listing),
            Some(_) if !is_told(pair) => {
                self.untold(rules, self.here, listing, "clusterPairUUID");
            }
            Some((site, pairs)) if !pairs.iter().all(is_told) => {
                self.untold(rules, site, listing, "clusterPairUUID");
            }
            Some(_) => {}
        }
    }

    /// How many of the cluster's volumes are paired through this cluster pair of it; else what would
    /// tell: only ListVolumes has the volumes that are deleted and still paired.
    fn remaining(&self, cluster: &Other<'t, 'a>, id: u64) -> Result<u64, Want> {
        let volumes = cluster.site.map(Site::volumes).unwrap_or_default();
        let is_through = |pair: &VolumePair<'_>| pair.cluster_pair_id == Some(id);
        let count = volumes.iter().filter(|volume| volume.pairs().iter().any(is_through)).count();
        // A pending pair belongs to no cluster pair yet.
        let is_told = |pair: &VolumePair<'_>| {
            pair.cluster_pair_id.is_some() || pair.remote_volume_id.is_none_or(|id| id == 0)
        };
        let member = if !cluster.sees(Listing::Volumes) {
            None
        } else if volumes.iter().any(|volume| volume.volume_pairs.is_none()) {
            Some("volumePairs")
        } else if !volumes.iter().all(|volume| volume.pairs().iter().all(is_told)) {
            Some("clusterPairID")
        } else {
            return Ok(count as u64);
        };
        match count {
            0 => {
                let cluster = Arc::clone(&cluster.name);
                Err(Want { cluster, listing: Listing::Volumes, member })
            }
            count => Ok(count as u64),
        }
    }
}

/// Whether both are known, and the same.
fn same(a: &Option<Name>, b: &Option<Name>) -> bool {
    a.is_some() && a == b
}

/// Whether a cluster pair has this UUID; none where it does not tell.
fn has_uuid(pair: &ClusterPair<'_>, wanted: Uuid) -> Option<bool> {
    Some(uuid(pair.cluster_pair_uuid.as_deref()?) == Ok(wanted))
}
