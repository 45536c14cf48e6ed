//! What a run left, and what is broken -> steps.

use alloc::{string::String, sync::Arc, vec, vec::Vec};

use super::{
    super::{Finding, Listing, Part, Rule, Site, is_pending},
    draft::{Draft, Place, Unit, Unknown},
    record::{Entry, Pending, Record},
    volumes::together,
};
use crate::api::VolumePair;

impl Draft<'_, '_> {
    /// Removes the pending pairs that a run left, as its record knows them.
    pub fn clean(&mut self, record: &Record) -> Result<(), Unknown> {
        for entry in record.0.iter().filter(|entry| entry.may_be_done()) {
            let Some(pending) = &entry.pending else { continue };
            let site = self.find(&entry.cluster)?;
            match pending {
                Pending::Cluster { uuid, listed } => {
                    self.see(site, Rule::ClusterPairPending, Listing::ClusterPairs);
                    match *self
                        .world
                        .site(site)
                        .map(|site| left(site, uuid, listed))
                        .unwrap_or_default()
                    {
                        [id] => self.remove_pending(site, id)?,
                        // Which of them is the run's, nobody knows.
                        ref several => several.iter().for_each(|id| self.tell_pending(site, *id)),
                    }
                }
                Pending::Volume { volume_id, uuid } => {
                    self.see(site, Rule::VolumePairPending, Listing::PairedVolumes);
                    self.remove_pending_volume((site, *volume_id), uuid.as_deref())?;
                }
            }
        }
        Ok(())
    }

    /// Keeps what matters of the run before for the record of the next.
    pub fn carry(&mut self, record: &Record) {
        for entry in record.0.iter().filter(|entry| entry.may_be_done()) {
            let is_left = |pending: &&Pending| self.is_left(&entry.cluster, pending);
            let pending = entry.pending.as_ref().filter(is_left).cloned();
            if entry.before.is_some() || pending.is_some() {
                self.earlier.0.push(Entry { step: 0, pending, ..entry.clone() });
            }
        }
    }

    /// Whether a run left this, as the listings show.
    fn is_left(&self, cluster: &str, pending: &Pending) -> bool {
        let Some(site) = self.world.seen().find(cluster) else { return true };
        match pending {
            Pending::Cluster { uuid, listed } => !left(site, uuid, listed).is_empty(),
            Pending::Volume { volume_id, uuid } => site.volume(*volume_id).is_some_and(|volume| {
                volume.pairs().iter().any(|pair| is_pending_volume(pair, uuid.as_deref()))
            }),
        }
    }

    fn tell_pending(&mut self, site: usize, id: u64) {
        let subject = self.pair_subject(site, id);
        self.tell(Finding::new(Rule::ClusterPairPending, subject, []));
    }

    /// Removes a cluster pair, if it is pending.
    pub fn remove_pending(&mut self, site: usize, id: u64) -> Result<(), Unknown> {
        let pair = self.world.site(site).and_then(|site| site.pair(id));
        if pair.is_some_and(|(pair, _)| is_pending(pair)) {
            self.unit = Unit::None;
            self.load_through(&[site], &[(site, id)]);
            self.remove_cluster_pair(site, id, "It is pending, and its key is lost.")?;
        }
        Ok(())
    }

    /// Ends a volume's pairing, if it is pending and has this UUID, if any.
    pub fn remove_pending_volume(&mut self, end: Place, uuid: Option<&str>) -> Result<(), Unknown> {
        if self.world.volume_pairs(end).iter().any(|pair| is_pending_volume(pair, uuid)) {
            self.unit = Unit::None;
            self.world.load(&[end]);
            self.remove_volume_pair(end, "Its pairing is pending, and the key is lost.")?;
        }
        Ok(())
    }

    /// Removes what is one-sided or stopped for good, and tells what is left.
    pub fn repair(&mut self) -> Result<(), Unknown> {
        let seen = self.world.seen();
        let sites = seen.sites().map(|site| (Arc::as_ptr(site.name()), site.index()));
        let mut sites: Vec<_> = sites.collect();
        sites.sort_unstable();
        let lists = |draft: &Self, site: usize, id: u64| {
            draft.world.site(site).is_some_and(|site| site.pair(id).is_some())
        };
        let (mut ends, mut pairs) = (vec![], vec![]);
        let audit = seen.audit();
        let unseen = audit.unchecked().iter().filter(|one| REPAIRED.contains(&one.rule));
        unseen.for_each(|one| self.tell_unchecked(one.clone()));
        for finding in audit.findings() {
            let cluster = Arc::as_ptr(&finding.subject.cluster);
            let place = sites.binary_search_by_key(&cluster, |(name, _)| *name);
            let Some(&(_, site)) = place.ok().and_then(|place| sites.get(place)) else { continue };
            match (finding.rule, &finding.subject.part) {
                (
                    Rule::VolumePairOneSided | Rule::StoppedMisconfigured,
                    Part::VolumePair { id, .. },
                ) => {
                    ends.push((site, *id));
                    ends.extend(self.other_end((site, *id)));
                }
                (Rule::ClusterPairOneSided, Part::ClusterPair { id, .. }) => {
                    pairs.push((site, *id));
                }
                (
                    Rule::ClusterPairPending | Rule::ClusterPairPendingOneSide,
                    Part::ClusterPair { id, .. },
                ) if lists(self, site, *id) => {
                    self.tell(finding.clone());
                }
                (Rule::VolumePairPending, Part::VolumePair { id, .. })
                    if !self.world.volume_pairs((site, *id)).is_empty() =>
                {
                    self.tell(finding.clone());
                }
                _ => {}
            }
        }
        self.unit = Unit::None;
        self.is_lenient = true;
        for places in [&mut ends, &mut pairs] {
            places.sort_unstable();
            places.dedup();
        }
        for &end in &ends {
            self.world.load(&[end]);
            self.remove_volume_pair(end, "Its pair is one-sided, or stopped for good.")?;
        }
        let mut sites: Vec<_> = pairs.iter().map(|(site, _)| *site).collect();
        sites.dedup();
        self.load_through(&sites, &pairs);
        for &(site, id) in &pairs {
            self.remove_cluster_pair(site, id, "The other cluster does not list it.")?;
        }
        Ok(())
    }

    /// The other end of a volume's pair, if that lists it.
    fn other_end(&self, (index, id): Place) -> Option<Place> {
        let site = self.world.seen().site(index)?;
        let pair = site.volume(id)?.pairs().first()?;
        let other = (site.pair(pair.cluster_pair_id?)?.1.cluster?, pair.remote_volume_id?);
        together(&self.world, (index, id), other).then_some(other)
    }
}

/// What is repaired, or told.
const REPAIRED: [Rule; 6] = [
    Rule::ClusterPairOneSided,
    Rule::ClusterPairPending,
    Rule::ClusterPairPendingOneSide,
    Rule::VolumePairOneSided,
    Rule::VolumePairPending,
    Rule::StoppedMisconfigured,
];

/// The pending cluster pairs that a Start may have left.
fn left(site: Site<'_, '_>, uuid: &Option<String>, listed: &[u64]) -> Vec<u64> {
    let pending = site.pairs().map(|(pair, _)| pair).filter(|pair| is_pending(pair));
    let is_left = pending.filter(|pair| match (uuid, &pair.cluster_pair_uuid) {
        (Some(uuid), Some(listed)) => listed.eq_ignore_ascii_case(uuid),
        _ => !listed.contains(&pair.cluster_pair_id),
    });
    is_left.map(|pair| pair.cluster_pair_id).collect()
}

/// Whether a volume's pairing is pending, and has this UUID, if any.
pub(super) fn is_pending_volume(pair: &VolumePair<'_>, uuid: Option<&str>) -> bool {
    let is_it = uuid.is_none_or(|uuid| pair.volume_pair_uuid.eq_ignore_ascii_case(uuid));
    is_it && pair.remote_volume_id.is_none_or(|id| id == 0)
}
