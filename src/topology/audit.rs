//! What is wrong now.

use alloc::{string::ToString, sync::Arc, vec, vec::Vec};
use core::{cmp::Ordering, mem};

use super::{
    ClusterName, End, Finding, Link, Listing, Part, Report, Rule, Side, Site, Subject, Topology,
    Unchecked, UuidText, Value, Want, is_pending, is_unique_id,
};
use crate::api::{
    Access, ClusterInfo, ClusterPair, ClusterPairStatus, Json, Qos, ReplicationMode,
    ReplicationState, Volume, VolumePair, VolumeStatus,
};

/// The limit of cluster pairs where GetLimits was not seen.
pub(crate) const CLUSTER_PAIRS: u64 = 4;
/// In milliseconds: the round trip stays below.
pub(super) const LATENCY: u64 = 2000;
/// In milliseconds: the round trip for Sync is not above.
pub(super) const LATENCY_FOR_SYNC: u64 = 8;

impl Topology<'_> {
    /// What is wrong with the pairing of these clusters and their volumes now, by every rule that has
    /// [`audit_needs`](Rule::audit_needs).
    ///
    /// - What both sides of a pair show is found once, on one and the same side however the clusters
    ///   are given. What is wrong with a volume (deleted, its access, paused by hand) is found on
    ///   each.
    /// - The states of the two ends are not compared.
    /// - A state of replication that a finding explains, which is one of the same volume pair with
    ///   this state as its effect, or a cluster pair that is Disconnected, is not a further finding;
    ///   nor is Misconfigured a further one of cluster pairs whose versions are too far apart.
    /// - Pending pairs are found as such and nothing more; they do not count for the limit. One that
    ///   the other cluster lists with another status is not pending.
    /// - A volume pair that the other cluster does not list is
    ///   [one-sided](Rule::VolumePairOneSided) where that cluster listed all its volumes, or the
    ///   volume that the pair is with as active. Else that volume
    ///   [may be deleted](Rule::VolumePairPartnerNotListed).
    /// - A listing of a cluster that was not seen makes each rule that needs it
    ///   [unchecked](Report::unchecked) for that cluster; if the cluster was not given at all, for each
    ///   cluster pair with it; and where ListClusterPairs was not seen, nobody knows which clusters
    ///   would be needed. What the listings that are there show is found nevertheless.
    /// - A member that a listing does not tell (it is missing, null or empty) is not found wrong: it
    ///   makes the rules that it would have decided unchecked, once for each cluster. A volume whose
    ///   `volumePairs` are not told counts as not seen.
    ///
    /// Time grows with n log n.
    #[must_use]
    pub fn audit(&self) -> Report {
        let mut audit =
            Audit { topology: self, findings: vec![], unchecked: vec![], untold: vec![] };
        audit.clusters();
        audit.cluster_pairs();
        audit.paired_twice();
        audit.volume_pairs();
        audit.not_seen();
        Report::of_audit(audit.findings, audit.unchecked)
    }
}

struct Audit<'t, 'a> {
    topology: &'t Topology<'a>,
    findings: Vec<Finding>,
    unchecked: Vec<Unchecked>,
    /// What listings do not tell, each once and in order: the cluster, the rule that it would have
    /// decided, listing, member.
    untold: Vec<(usize, Rule, Listing, &'static str)>,
}

/// An end of a volume pair whose other end is not found by what it says: UUID, and the places of
/// cluster, volume and pair.
type Alone<'t> = (UuidText<'t>, usize, usize, usize);

/// A cluster pair that leads to a given cluster which does not list it: from, to, whether its UUID is
/// told, place.
type AlonePair = (usize, usize, bool, usize);

/// The rules of a cluster pair's status, and of a state of replication.
const STATUS_RULES: &[Rule] = &[
    Rule::ClusterPairPending,
    Rule::ClusterPairPendingOneSide,
    Rule::ClusterPairDisconnected,
    Rule::ClusterPairMisconfigured,
    Rule::ClusterPairConnecting,
    Rule::ClusterPairStatusUnknown,
];
const STATE_RULES: &[Rule] = &[
    Rule::PausedManual,
    Rule::PausedManualRemote,
    Rule::PausedMisconfigured,
    Rule::PausedVolumeSizeMismatch,
    Rule::PausedExceededMaxSnapshotCount,
    Rule::PausedDisconnected,
    Rule::PausedClusterFull,
    Rule::StoppedMisconfigured,
    Rule::ReplicationStateUnknown,
];

/// What each end of a volume pair has to tell for the two to be compared, and the rules that do.
const MEMBERS_OF_TWO: [(&str, &[Rule]); 7] = [
    ("remoteVolumeID", &[Rule::VolumePairSidesDiffer]),
    ("mode", &[Rule::VolumePairModesDiffer]),
    (
        "access",
        &[
            Rule::VolumePairNoTarget,
            Rule::VolumePairTwoTargets,
            Rule::TargetSmaller,
            Rule::TargetLarger,
        ],
    ),
    ("totalSize", &[Rule::TargetSmaller, Rule::TargetLarger]),
    ("enable512e", &[Rule::Enable512eDiffers]),
    ("blockSize", &[Rule::BlockSizeDiffers]),
    ("qos", &[Rule::QosDiffers]),
];

impl<'t, 'a> Audit<'t, 'a> {
    /// Of the values, a finding keeps those that its rule has.
    #[cold]
    fn found(
        &mut self,
        rule: Rule,
        subject: Subject,
        values: impl Into<Vec<(&'static str, Value)>>,
    ) {
        self.findings.push(Finding::of_known(rule, subject, values.into()));
    }

    /// Notes that a listing which was given does not tell a member, which these rules need.
    #[cold]
    fn untold(
        &mut self,
        site: Site<'t, 'a>,
        listing: Listing,
        member: &'static str,
        rules: &[Rule],
    ) {
        for &rule in rules {
            let untold = (site.index(), rule, listing, member);
            if let Err(place) = self.untold.binary_search(&untold) {
                self.untold.insert(place, untold);
            }
        }
    }

    /// The same of a volume.
    #[cold]
    fn untold_volume(&mut self, end: &End<'t, 'a>, member: &'static str, rules: &[Rule]) {
        self.untold(end.site, end.site.volume_listing(), member, rules);
    }

    fn clusters(&mut self) {
        for site in self.topology.sites() {
            for (method, error) in &site.cluster.refused {
                let name = error.name.as_ref().map(|name| ("name", name.as_str().into()));
                let code = error.code.map(|code| match u64::try_from(code) {
                    Ok(code) => ("code", code.into()),
                    Err(_) => ("code", Value::from(&*code.to_string())),
                });
                let message = Some(error.message()).filter(|message| !message.is_empty());
                let message = message.map(|message| ("message", Value::from(&*message)));
                let mut values = vec![("method", Value::from(*method))];
                values.extend(name);
                values.extend(code);
                values.extend(message);
                self.found(Rule::ListingRefused, site.subject(Part::Cluster), values);
            }
            for method in &site.cluster.contradictions {
                let values = [("method", Value::from(*method))];
                self.found(Rule::ClusterContradicted, site.subject(Part::Cluster), values);
            }
            let untold = site.pairs().filter(|(pair, _)| pair.status.is_none()).count() as u64;
            let most = site.pairs().filter(|(pair, _)| !is_pending(pair)).count() as u64;
            let (pairs, limit) = (most - untold, limit(site));
            if pairs > limit {
                let values = [("pairs", pairs.into()), ("limit", limit.into())];
                self.found(Rule::ClusterPairLimit, site.subject(Part::Cluster), values);
            } else if most > limit {
                self.untold(site, Listing::ClusterPairs, "status", &[Rule::ClusterPairLimit]);
            }
        }
        self.unique(Rule::UniqueIdNotUnique, "uniqueID", |info| info.unique_id.as_deref());
        self.unique(Rule::ClusterNameNotUnique, "name", |info| info.name.as_deref());
        self.unique(Rule::MvipNotUnique, "mvip", |info| info.mvip.as_deref());
        self.unique(Rule::SvipNotUnique, "svip", |info| info.svip.as_deref());
    }

    /// Finds clusters that share what each should have of its own: each with the next, so that many
    /// of them make no more findings than there are clusters.
    fn unique(
        &mut self,
        rule: Rule,
        name: &'static str,
        of: fn(&'t ClusterInfo<'a>) -> Option<&'t str>,
    ) {
        let mut told = vec![];
        for site in self.topology.sites() {
            match site.cluster.info.as_ref().map(of) {
                Some(Some(value)) => told.push((value, site.index())),
                Some(None) => self.untold(site, Listing::ClusterInfo, name, &[rule]),
                None => {}
            }
        }
        told.sort_unstable();
        for two in told.windows(2) {
            let [(here, site), (there, other)] = two else { continue };
            if here != there {
                continue;
            }
            let sites = (self.topology.site(*site), self.topology.site(*other));
            let (Some(site), Some(other)) = sites else { continue };
            let subject = site.subject(Part::Cluster);
            let other = ("other", Value::from(Arc::clone(other.name())));
            self.found(rule, subject, [other, (name, (*here).into())]);
        }
    }

    fn cluster_pairs(&mut self) {
        let alone = self.alone();
        for site in self.topology.sites() {
            for (pair, link) in site.pairs() {
                self.status(site, pair, link);
                if !is_pending(pair) {
                    self.of_pair(site, pair, link);
                    self.sides(site, pair, link, &alone);
                }
            }
        }
    }

    /// The status of a cluster pair. What the other side shows as well is found there, if that cluster
    /// comes first.
    fn status(&mut self, site: Site<'t, 'a>, pair: &'t ClusterPair<'a>, link: &'t Link) {
        let other = self.topology.other_side(link);
        let there = other.and_then(|(_, there, _)| there.status.as_ref());
        let known = link.cluster < Some(site.index()) && there == pair.status.as_ref();
        let subject = || site.pair_subject(pair, link);
        let rule = match &pair.status {
            None => return self.untold(site, Listing::ClusterPairs, "status", STATUS_RULES),
            Some(_) if known => return,
            Some(ClusterPairStatus::Unconfigured) => match (there, other) {
                (Some(status), Some((other, ..))) if *status != ClusterPairStatus::Unconfigured => {
                    let other = Value::from(Arc::clone(other.name()));
                    let values = [("status", status.as_str().into()), ("other", other)];
                    return self.found(Rule::ClusterPairPendingOneSide, subject(), values);
                }
                // The other side does not tell.
                (None, Some(_)) => return,
                _ => Rule::ClusterPairPending,
            },
            Some(ClusterPairStatus::Connecting) => Rule::ClusterPairConnecting,
            Some(ClusterPairStatus::Disconnected) => Rule::ClusterPairDisconnected,
            Some(ClusterPairStatus::Misconfigured) => {
                let version = other.and_then(|(_, there, _)| there.version.as_deref());
                if version.zip(pair.version.as_deref()).is_some_and(|(a, b)| skewed(a, b).is_some())
                {
                    return;
                }
                Rule::ClusterPairMisconfigured
            }
            Some(ClusterPairStatus::Other(status)) => {
                let values = [("status", Value::from(&**status))];
                return self.found(Rule::ClusterPairStatusUnknown, subject(), values);
            }
            Some(_) => return,
        };
        self.found(rule, subject(), []);
    }

    /// Versions and latency of a cluster pair that is not pending.
    fn of_pair(&mut self, site: Site<'t, 'a>, pair: &'t ClusterPair<'a>, link: &'t Link) {
        let there = self.topology.other_side(link).map(|(_, there, _)| there);
        let there_first = there.filter(|_| link.cluster < Some(site.index()));
        let subject = || site.pair_subject(pair, link);
        if pair.version.as_deref().and_then(major).is_none() {
            self.untold(site, Listing::ClusterPairs, "version", &[Rule::VersionSkew]);
        }
        let versions =
            there.and_then(|there| skewed(there.version.as_deref()?, pair.version.as_deref()?));
        if let (Some((version, other)), None) = (versions, there_first) {
            let values = [("version", version.into()), ("otherVersion", other.into())];
            self.found(Rule::VersionSkew, subject(), values);
        }
        if pair.latency.is_none() {
            self.untold(site, Listing::ClusterPairs, "latency", &[Rule::LatencyHigh]);
        }
        let high = |pair: &ClusterPair<'_>| pair.latency.filter(|latency| *latency >= LATENCY);
        if let (Some(latency), None) = (high(pair), there_first.and_then(high)) {
            self.found(Rule::LatencyHigh, subject(), [("latency", latency.into())]);
        }
    }

    /// Whether both clusters list a cluster pair, and the same.
    fn sides(
        &mut self,
        site: Site<'t, 'a>,
        pair: &'t ClusterPair<'a>,
        link: &'t Link,
        alone: &[AlonePair],
    ) {
        if Target::of(pair, link).is_none() {
            let rules = &[Rule::ClusterPairedTwice, Rule::ClusterPairedWithItself];
            self.untold(site, Listing::ClusterPairs, "clusterUUID", rules);
        }
        let Some(other) = link.cluster.and_then(|other| self.topology.site(other)) else { return };
        let subject = || site.pair_subject(pair, link);
        let name = ("other", Value::from(Arc::clone(other.name())));
        let differ = |member: &str, here: &str, there: &str| {
            [
                ("member", member.into()),
                ("here", here.into()),
                ("there", there.into()),
                name.clone(),
            ]
        };
        if other.index() == site.index() {
            self.found(Rule::ClusterPairedWithItself, subject(), []);
        } else if let Some((_, there, _)) = self.topology.other_side(link) {
            let rules = &[Rule::ClusterPairSidesDiffer];
            if pair.cluster_unique_id().is_none() {
                self.untold(site, Listing::ClusterPairs, "clusterUUID", rules);
            }
            if other.cluster.info.as_ref().is_some_and(|info| info.unique_id.is_none()) {
                self.untold(other, Listing::ClusterInfo, "uniqueID", rules);
            }
            let in_order = other.index() < site.index() && wrong_id(there, site).is_some();
            if let (Some((here, there)), false) = (wrong_id(pair, other), in_order) {
                self.found(
                    Rule::ClusterPairSidesDiffer,
                    subject(),
                    differ("clusterUUID", here, there),
                );
            }
        } else if other.sees(Listing::ClusterPairs) {
            // A pair on each side that the other does not list is one pair of two UUIDs.
            let between = |from: Site<'_, '_>, to: Site<'_, '_>| {
                range(alone, |(one, other, ..)| (*one, *other).cmp(&(from.index(), to.index())))
            };
            let (ours, theirs) = (between(site, other), between(other, site));
            let uuid = |site: Site<'t, 'a>, (.., at): &AlonePair| {
                site.pair_at(*at).and_then(|(pair, _)| pair.cluster_pair_uuid.as_deref())
            };
            let rules = &[Rule::ClusterPairOneSided, Rule::ClusterPairSidesDiffer];
            if pair.status.is_none() {
                self.untold(site, Listing::ClusterPairs, "status", rules);
            } else if pair.cluster_pair_uuid.is_none() && !theirs.is_empty() {
                self.untold(site, Listing::ClusterPairs, "clusterPairUUID", rules);
            } else if theirs.first().is_some_and(|(.., is_told, _)| !is_told) {
                self.untold(other, Listing::ClusterPairs, "clusterPairUUID", rules);
            } else if let ([one], [their]) = (ours, theirs) {
                if let (Some(here), Some(there), true) =
                    (uuid(site, one), uuid(other, their), site.index() < other.index())
                {
                    let values = differ("clusterPairUUID", here, there);
                    self.found(Rule::ClusterPairSidesDiffer, subject(), values);
                }
            } else {
                self.found(Rule::ClusterPairOneSided, subject(), [name]);
            }
        }
    }

    /// The cluster pairs that lead to a given cluster which does not list them, in order.
    fn alone(&self) -> Vec<AlonePair> {
        let mut alone = vec![];
        for site in self.topology.sites() {
            for (at, (pair, link)) in site.pairs().enumerate() {
                if let (Some(other), None, false) = (link.cluster, link.pair, is_pending(pair)) {
                    alone.push((site.index(), other, pair.cluster_pair_uuid.is_some(), at));
                }
            }
        }
        alone.sort_unstable();
        alone
    }

    fn paired_twice(&mut self) {
        let mut targets = vec![];
        for site in self.topology.sites() {
            for (at, (pair, link)) in site.pairs().enumerate() {
                let target = Target::of(pair, link)
                    .filter(|_| !is_pending(pair) && link.cluster != Some(site.index()));
                targets.extend(target.map(|target| (site.index(), target, at)));
            }
        }
        targets.sort_unstable();
        let to_one = |two: &[(usize, Target<'_>, usize)]| matches!(two, [(a, to, _), (b, other, _)] if a == b && to == other);
        for two in targets.windows(2).filter(|two| to_one(two)) {
            let [(from, target, first), (.., second)] = two else { continue };
            let there_first = match target {
                Target::Given(other) if other < from => {
                    let back = (*other, Target::Given(*from));
                    range(&targets, |(from, to, _)| (*from, *to).cmp(&back)).len() > 1
                }
                _ => false,
            };
            let site = self.topology.site(*from).filter(|_| !there_first);
            let pairs =
                site.and_then(|site| Some((site, site.pair_at(*first)?, site.pair_at(*second)?)));
            let Some((site, (first, _), (second, link))) = pairs else { continue };
            if first.status.is_none() || second.status.is_none() {
                self.untold(site, Listing::ClusterPairs, "status", &[Rule::ClusterPairedTwice]);
                continue;
            }
            let values = [
                ("other", Value::from(Arc::clone(&link.name))),
                ("clusterPairID", first.cluster_pair_id.into()),
            ];
            self.found(Rule::ClusterPairedTwice, site.pair_subject(second, link), values);
        }
    }

    /// Takes each end with its other end, and then those that are left over by their UUIDs: what is
    /// in order needs no sorting, and lists in the same order are read in their order.
    fn volume_pairs(&mut self) {
        let mut done: Vec<Vec<bool>> =
            self.topology.sites().map(|site| vec![false; site.volumes().len()]).collect();
        let mut alone = vec![];
        let needs_volumes = |rule: &Rule| {
            let needs = rule.audit_needs().unwrap_or_default();
            needs
                .iter()
                .any(|need| matches!(need.listing, Listing::PairedVolumes | Listing::Volumes))
        };
        let of_volumes: Vec<_> = Rule::all().filter(needs_volumes).collect();
        for site in self.topology.sites() {
            for (at, volume) in site.volumes().iter().enumerate() {
                if done.get(site.index()).and_then(|done| done.get(at)) == Some(&true) {
                    continue;
                }
                if let [pair] = volume.pairs() {
                    let end = site.end(volume, pair);
                    if let Some((other, at)) = self.other_end(end)
                        && let Some(done) =
                            done.get_mut(other.site.index()).and_then(|done| done.get_mut(at))
                        && !mem::replace(done, true)
                    {
                        self.volume_pair(&[end, other], &[]);
                        continue;
                    }
                }
                if volume.volume_pairs.is_none() {
                    self.untold(site, site.volume_listing(), "volumePairs", &of_volumes);
                }
                self.volume(site, volume);
                let pairs = volume.pairs().iter().enumerate();
                alone
                    .extend(pairs.map(|(number, pair)| (end_uuid(pair), site.index(), at, number)));
            }
        }
        alone.sort_unstable();
        let mut ends = vec![];
        for pair in alone.chunk_by(|a, b| a.0 == b.0) {
            ends.clear();
            ends.extend(pair.iter().filter_map(|alone| self.end(alone)));
            self.volume_pair(&ends, &alone);
        }
    }

    /// The end that this one names and that names this one, on a cluster that comes later, both of
    /// volumes in one pair.
    fn other_end(&self, end: End<'t, 'a>) -> Option<(End<'t, 'a>, usize)> {
        let site =
            self.topology.site(end.leads_to()?).filter(|site| site.index() > end.site.index())?;
        let (at, volume) = site.volume_at(end.remote_id()?)?;
        let [pair] = volume.pairs() else { return None };
        let other = site.end(volume, pair);
        let same = end_uuid(pair) == end_uuid(end.pair)
            && other.remote_id() == Some(end.volume.volume_id)
            && other.leads_to() == Some(end.site.index());
        same.then_some((other, at))
    }

    fn end(&self, alone: &Alone<'_>) -> Option<End<'t, 'a>> {
        let (_, site, at, number) = *alone;
        let site = self.topology.site(site)?;
        let volume = site.volumes().get(at)?;
        Some(site.end(volume, volume.pairs().get(number)?))
    }

    fn volume(&mut self, site: Site<'t, 'a>, volume: &'t Volume<'a>) {
        let pairs =
            volume.pairs().iter().filter(|pair| pair.remote_volume_id.is_some_and(|id| id != 0));
        let pairs = pairs.count() as u64;
        if pairs > 1 {
            let subject = site.volume_subject(volume);
            self.found(Rule::VolumePairedMoreThanOnce, subject, [("pairs", pairs.into())]);
        }
    }

    fn volume_pair(&mut self, ends: &[End<'t, 'a>], alone: &[Alone<'t>]) {
        let [first, rest @ ..] = ends else { return };
        if rest.is_empty() && first.remote_id().is_none() {
            return self.found(Rule::VolumePairPending, first.subject(), []);
        }
        let start = self.findings.len();
        self.cluster_pair_of(ends);
        for end in ends {
            match &end.volume.status {
                Some(VolumeStatus::Active) => {}
                Some(VolumeStatus::Deleted) => {
                    self.found(Rule::PairedVolumeDeleted, end.subject(), []);
                }
                Some(status) => {
                    let values = [("status", status.as_str().into())];
                    self.found(Rule::PairedVolumeNotActive, end.subject(), values);
                }
                // The other listings have active volumes alone.
                None if end.site.sees(Listing::Volumes) => {
                    let rules = &[Rule::PairedVolumeDeleted, Rule::PairedVolumeNotActive];
                    self.untold_volume(end, "status", rules);
                }
                None => {}
            }
            match &end.volume.access {
                Some(Access::ReadWrite | Access::ReplicationTarget) => {}
                None => self.untold_volume(end, "access", &[Rule::PairedVolumeAccess]),
                Some(access) => {
                    let values = [("access", access.as_str().into())];
                    self.found(Rule::PairedVolumeAccess, end.subject(), values);
                }
            }
        }
        if rest.is_empty() {
            self.one_sided(first, alone);
        }
        for two in ends.windows(2) {
            if let [here, there] = two {
                self.two_sides(here, there);
            }
        }
        self.states(ends, start);
    }

    /// The cluster pair that a volume pair belongs to.
    fn cluster_pair_of(&mut self, ends: &[End<'t, 'a>]) {
        for end in ends.iter().filter(|end| end.cluster_pair_id().is_none()) {
            let rules = &[
                Rule::VolumePairWithoutClusterPair,
                Rule::VolumePairOneSided,
                Rule::VolumePairPartnerNotListed,
                Rule::VolumePairSidesDiffer,
                Rule::VolumePairedWithItself,
                Rule::VolumePairWithinCluster,
                Rule::LatencyHighForSync,
            ];
            self.untold_volume(end, "clusterPairID", rules);
        }
        let lacks = |end: &&End<'_, '_>| {
            end.site.sees(Listing::ClusterPairs)
                && end.cluster_pair_id().is_some()
                && end.cluster_pair.is_none()
        };
        if let Some(end) = ends.iter().find(lacks) {
            let mut subject = end.subject();
            // Then the other end has to say which cluster it is with.
            let is_other = |other: &&End<'_, '_>| other.site.index() != end.site.index();
            let other = ends.first().filter(is_other).or_else(|| ends.last().filter(is_other));
            if let (Part::VolumePair { with, .. }, Some(other)) = (&mut subject.part, other) {
                *with = Some(Arc::clone(other.site.name()));
            }
            let id = end.pair.cluster_pair_id.unwrap_or_default();
            self.found(Rule::VolumePairWithoutClusterPair, subject, [("clusterPairID", id.into())]);
        }
        self.latency(ends);
        let home = |end: &&End<'_, '_>| end.leads_to() == Some(end.site.index());
        let neighbours = |two: &&[End<'_, '_>]| matches!(two, [a, b] if a.site.index() == b.site.index() && a.volume.volume_id != b.volume.volume_id);
        if let Some(end) = ends.iter().find(home) {
            let itself = end.remote_id() == Some(end.volume.volume_id);
            let rule =
                if itself { Rule::VolumePairedWithItself } else { Rule::VolumePairWithinCluster };
            self.found(rule, end.subject(), []);
        } else if let Some([end, _]) = ends.windows(2).find(neighbours) {
            self.found(Rule::VolumePairWithinCluster, end.subject(), []);
        }
    }

    /// The latency of a volume pair, which is one finding, whichever end shows it.
    fn latency(&mut self, ends: &[End<'t, 'a>]) {
        let rule = Rule::LatencyHighForSync;
        for end in ends {
            let Some((pair, link)) = end.cluster_pair else { continue };
            if pair.latency.is_some_and(|latency| latency <= LATENCY_FOR_SYNC) {
                continue;
            }
            let is_sync = end.mode().map(|mode| *mode == ReplicationMode::Sync);
            match (is_sync, pair.latency) {
                (Some(false), _) => {}
                (None, _) => self.untold_volume(end, "mode", &[rule]),
                (_, None) => self.untold(end.site, Listing::ClusterPairs, "latency", &[rule]),
                (Some(true), Some(latency)) => {
                    let other = Value::from(Arc::clone(&link.name));
                    let values = [("latency", latency.into()), ("other", other)];
                    return self.found(rule, end.subject(), values);
                }
            }
        }
    }

    /// A volume pair of which one end is left over.
    fn one_sided(&mut self, end: &End<'t, 'a>, alone: &[Alone<'t>]) {
        let other = end.leads_to().and_then(|other| self.topology.site(other));
        let seen = |other: &Site<'_, '_>| {
            other.index() != end.site.index() && other.sees(Listing::PairedVolumes)
        };
        let Some(other) = other.filter(seen) else { return };
        // The volume that it names, if that one is in one pair, and this one too.
        let named = end.remote_id().and_then(|id| other.volume(id));
        if named.is_some_and(|volume| volume.volume_pairs.is_none()) {
            return;
        }
        let there = match (named.map(|volume| (volume, volume.pairs())), end.volume.pairs()) {
            (Some((volume, [pair])), [_]) => Some(other.end(volume, pair)),
            _ => None,
        };
        let is_alone = |there: &End<'_, '_>| {
            let uuid = end_uuid(there.pair);
            matches!(range(alone, |(other, ..)| other.cmp(&uuid)), [_])
                && there.remote_id() == Some(end.volume.volume_id)
                && there.leads_to() == Some(end.site.index())
        };
        match there {
            // It is in a pair of this UUID with another volume.
            Some(there) if end_uuid(there.pair) == end_uuid(end.pair) => {
                self.is_other_end(&there, end);
            }
            Some(there) if is_alone(&there) => {
                if end.site.index() < other.index() {
                    let values = [
                        ("member", "volumePairUUID".into()),
                        ("here", Value::from(&*end.pair.volume_pair_uuid)),
                        ("there", Value::from(&*there.pair.volume_pair_uuid)),
                        there.name(),
                    ];
                    self.found(Rule::VolumePairSidesDiffer, end.subject(), values);
                }
            }
            _ => {
                let lists_all = other.sees(Listing::Volumes);
                let is_certain = match named.map(|volume| &volume.status) {
                    Some(Some(status)) => *status == VolumeStatus::Active,
                    Some(None) => !lists_all,
                    None => lists_all,
                };
                let rule = if is_certain {
                    Rule::VolumePairOneSided
                } else {
                    Rule::VolumePairPartnerNotListed
                };
                let values = [("other", Value::from(Arc::clone(other.name())))];
                self.found(rule, end.subject(), values);
            }
        }
    }

    fn two_sides(&mut self, here: &End<'t, 'a>, there: &End<'t, 'a>) {
        if here.site.index() == there.site.index()
            && here.volume.volume_id == there.volume.volume_id
        {
            return;
        }
        if self.is_other_end(here, there) {
            self.is_other_end(there, here);
        }
        self.untold_of_two(here);
        self.untold_of_two(there);
        if let (Some(mode), Some(other)) = (here.mode(), there.mode())
            && mode != other
        {
            let values =
                [("here", mode.as_str().into()), ("there", other.as_str().into()), there.name()];
            self.found(Rule::VolumePairModesDiffer, here.subject(), values);
        }
        let is_target =
            |end: &End<'_, '_>| Some(*end.volume.access.as_ref()? == Access::ReplicationTarget);
        let sizes = match (is_target(here), is_target(there)) {
            (Some(true), Some(true)) => {
                self.found(Rule::VolumePairTwoTargets, here.subject(), []);
                None
            }
            (Some(false), Some(false)) => {
                self.found(Rule::VolumePairNoTarget, here.subject(), []);
                None
            }
            (Some(true), Some(false)) => there.volume.total_size.zip(here.volume.total_size),
            (Some(false), Some(true)) => here.volume.total_size.zip(there.volume.total_size),
            _ => None,
        };
        if let Some((source, target)) = sizes
            && source != target
        {
            let rule = if target < source { Rule::TargetSmaller } else { Rule::TargetLarger };
            let values = [("sourceSize", source.into()), ("targetSize", target.into())];
            self.found(rule, here.subject(), values);
        }
        for (rule, member, one, other) in differences(here.volume, there.volume) {
            let values = [("member", member.into()), ("here", one), ("there", other), there.name()];
            self.found(rule, here.subject(), values);
        }
        if let (Some(qos), Some(other)) = (here.volume.qos, there.volume.qos)
            && qos != other
        {
            for ((member, qos), (_, other)) in
                qos_settings(qos).into_iter().zip(qos_settings(other))
            {
                match (qos, other) {
                    (None, Some(_)) => self.untold_volume(here, member, &[Rule::QosDiffers]),
                    (Some(_), None) => self.untold_volume(there, member, &[Rule::QosDiffers]),
                    _ => {}
                }
            }
        }
    }

    /// What this end of a pair that is listed on both sides does not tell.
    fn untold_of_two(&mut self, end: &End<'t, 'a>) {
        let Volume { access, total_size, block_size, enable512e, qos, .. } = end.volume;
        let told = [
            end.remote_id().is_some(),
            end.mode().is_some(),
            access.is_some(),
            total_size.is_some(),
            enable512e.is_some(),
            block_size.is_some(),
            qos.is_some(),
        ];
        if told == [true; MEMBERS_OF_TWO.len()] {
            return;
        }
        for ((member, rules), is_told) in MEMBERS_OF_TWO.iter().zip(told) {
            if !is_told {
                self.untold_volume(end, member, rules);
            }
        }
    }

    /// Finds an end that is not the one that the other names.
    fn is_other_end(&mut self, end: &End<'t, 'a>, other: &End<'t, 'a>) -> bool {
        let id = other.volume.volume_id;
        if let Some(remote_id) = end.remote_id().filter(|remote_id| *remote_id != id) {
            let values = [
                ("member", "remoteVolumeID".into()),
                ("here", remote_id.into()),
                ("there", id.into()),
                other.name(),
            ];
            self.found(Rule::VolumePairSidesDiffer, end.subject(), values);
            return false;
        }
        let uuid = |end: &End<'t, 'a>| end.cluster_pair?.0.cluster_pair_uuid.as_deref();
        if let (Some(here), Some(there)) = (uuid(end), uuid(other))
            && UuidText(here) != UuidText(there)
            && end.leads_to().is_some_and(|leads_to| leads_to != other.site.index())
        {
            let values = [
                ("member", "clusterPairUUID".into()),
                ("here", here.into()),
                ("there", there.into()),
                other.name(),
            ];
            self.found(Rule::VolumePairSidesDiffer, end.subject(), values);
            return false;
        }
        true
    }

    /// The states of replication that somebody has to end, those left out that a finding from `start`
    /// on explains; and those of the snapshots, where they are others.
    fn states(&mut self, ends: &[End<'t, 'a>], start: usize) {
        let is_fine =
            |state: Option<&ReplicationState>| state.is_some_and(|state| rule_of(state).is_none());
        if ends.iter().all(|end| is_fine(end.state()) && is_fine(end.snapshot_state())) {
            return;
        }
        let (mut before, mut before_of_snapshots) = (None, None);
        let mut explained = None;
        for end in ends {
            let (state, of_snapshots) = (end.state(), end.snapshot_state());
            if state.is_none() {
                self.untold_volume(end, "state", STATE_RULES);
            }
            if of_snapshots.is_none() {
                let rules = &[Rule::SnapshotsNotReplicated];
                self.untold_volume(end, "snapshotReplication", rules);
            }
            let same = mem::replace(&mut before, state) == state;
            let same_of_snapshots =
                mem::replace(&mut before_of_snapshots, of_snapshots) == of_snapshots;
            let known = |rule: &Rule, explained: &[&str]| {
                rule.effect().name().is_some_and(|state| explained.contains(&state))
            };
            if let (Some(state), Some(rule)) = (state, state.and_then(rule_of)) {
                let by_hand = matches!(rule, Rule::PausedManual | Rule::PausedManualRemote);
                let explained = explained.get_or_insert_with(|| self.explained(ends, start));
                if (!same || by_hand) && !known(&rule, explained) {
                    self.found(rule, end.subject(), [("state", state.as_str().into())]);
                }
            }
            if let (Some(state), Some(rule)) = (of_snapshots, of_snapshots.and_then(rule_of)) {
                let explained = explained.get_or_insert_with(|| self.explained(ends, start));
                if !same_of_snapshots && end.state() != Some(state) && !known(&rule, explained) {
                    let values = [("state", state.as_str().into())];
                    self.found(Rule::SnapshotsNotReplicated, end.subject(), values);
                }
            }
        }
    }

    /// The states that follow from what was found, each once.
    fn explained(&self, ends: &[End<'_, '_>], start: usize) -> Vec<&'static str> {
        let mut states = vec![];
        for finding in self.findings.get(start..).unwrap_or_default() {
            states.extend(finding.rule.effect().name());
        }
        let is_disconnected = |end: &End<'_, '_>| {
            end.cluster_pair
                .is_some_and(|(pair, _)| pair.status == Some(ClusterPairStatus::Disconnected))
        };
        if ends.iter().any(is_disconnected) {
            states.extend(Rule::ClusterPairDisconnected.effect().name());
        }
        states.sort_unstable();
        states.dedup();
        states
    }

    /// What was not seen, by the needs of each rule.
    fn not_seen(&mut self) {
        for site in self.topology.sites() {
            for rule in Rule::all() {
                for need in rule.audit_needs().unwrap_or_default() {
                    self.unseen(site, rule, need.side, need.listing);
                }
            }
        }
        for (site, rule, listing, member) in mem::take(&mut self.untold) {
            let Some(site) = self.topology.site(site) else { continue };
            let want = Want { cluster: Arc::clone(site.name()), listing, member: Some(member) };
            self.unchecked.push(Unchecked { rule, subject: site.subject(Part::Cluster), want });
        }
    }

    fn unseen(&mut self, site: Site<'t, 'a>, rule: Rule, side: Side, listing: Listing) {
        let mut unchecked = |part, cluster: &Arc<ClusterName>, listing| {
            let want = Want { cluster: Arc::clone(cluster), listing, member: None };
            self.unchecked.push(Unchecked { rule, subject: site.subject(part), want });
        };
        match side {
            Side::Here if !site.sees(listing) => unchecked(Part::Cluster, site.name(), listing),
            Side::Here => {}
            Side::Remote if !site.sees(Listing::ClusterPairs) => {
                unchecked(Part::Cluster, site.name(), Listing::ClusterPairs)
            }
            Side::Remote => {
                // Of a cluster that was given, what was not seen is told once, not by each pair.
                let strangers =
                    site.pairs().filter(|(pair, link)| link.cluster.is_none() && !is_pending(pair));
                for (pair, link) in strangers {
                    unchecked(site.pair_subject(pair, link).part, &link.name, listing);
                }
            }
        }
    }
}

/// A cluster that pairs lead to, as well as it is known.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Target<'t> {
    Given(usize),
    UniqueId(&'t str),
    Mvip(&'t str),
}

impl<'t> Target<'t> {
    fn of(pair: &'t ClusterPair<'_>, link: &Link) -> Option<Self> {
        let by_id = || pair.cluster_unique_id().map(Self::UniqueId);
        let by_mvip = || pair.mvip.as_deref().map(Self::Mvip);
        link.cluster.map(Self::Given).or_else(by_id).or_else(by_mvip)
    }
}

/// The limit of cluster pairs of a cluster.
pub(super) fn limit(site: Site<'_, '_>) -> u64 {
    let told = site.cluster.limits.as_ref().and_then(|limits| limits.cluster_pairs_count_max);
    told.unwrap_or(CLUSTER_PAIRS)
}

/// Two Element versions that are more than one major version apart.
pub(crate) fn skewed<'v>(one: &'v str, other: &'v str) -> Option<(&'v str, &'v str)> {
    (major(one)?.abs_diff(major(other)?) > 1).then_some((one, other))
}

fn major(version: &str) -> Option<u64> {
    version.split('.').next()?.parse().ok()
}

fn end_uuid<'t>(pair: &'t VolumePair<'_>) -> UuidText<'t> {
    UuidText(&pair.volume_pair_uuid)
}

/// The unique ID that a pair has for a cluster, and the cluster's own, where they differ.
fn wrong_id<'t>(pair: &'t ClusterPair<'_>, cluster: Site<'t, '_>) -> Option<(&'t str, &'t str)> {
    let told = pair.cluster_unique_id().filter(|id| is_unique_id(id))?;
    let own = cluster.cluster.info.as_ref()?.unique_id.as_deref()?;
    (told != own).then_some((told, own))
}

/// What of two volumes of a pair should be the same and is not, besides their sizes: rule, member,
/// what it is here and there.
pub(super) fn differences(
    here: &Volume<'_>,
    there: &Volume<'_>,
) -> Vec<(Rule, &'static str, Value, Value)> {
    let mut differences = vec![];
    let yes_or_no = |value: bool| Value::from(if value { "true" } else { "false" });
    if let (Some(here), Some(there)) = (here.enable512e, there.enable512e)
        && here != there
    {
        let (rule, here, there) = (Rule::Enable512eDiffers, yes_or_no(here), yes_or_no(there));
        differences.push((rule, "enable512e", here, there));
    }
    if let (Some(here), Some(there)) = (here.block_size, there.block_size)
        && here != there
    {
        differences.push((Rule::BlockSizeDiffers, "blockSize", here.into(), there.into()));
    }
    if let (Some(here), Some(there)) = (here.qos, there.qos)
        && here != there
    {
        add_qos_differences(&mut differences, here, there);
    }
    differences
}

/// The QoS settings that are set; the curve follows from the cluster.
fn qos_settings(qos: Json<'_>) -> [(&'static str, Option<Json<'_>>); 4] {
    let qos = Qos::read(qos.as_str()).ok();
    let qos = qos.as_ref();
    [
        ("minIOPS", qos.and_then(|qos| qos.min_iops)),
        ("maxIOPS", qos.and_then(|qos| qos.max_iops)),
        ("burstIOPS", qos.and_then(|qos| qos.burst_iops)),
        ("burstTime", qos.and_then(|qos| qos.burst_time)),
    ]
}

fn add_qos_differences(
    differences: &mut Vec<(Rule, &'static str, Value, Value)>,
    here: Json<'_>,
    there: Json<'_>,
) {
    // 50 and 50.0 are one number.
    fn number(json: Json<'_>) -> &str {
        let text = json.as_str();
        match text.split_once('.') {
            Some((whole, rest)) if rest.bytes().all(|digit| digit == b'0') => whole,
            _ => text,
        }
    }
    let value = |json: Json<'_>| match json.as_str().parse::<u64>() {
        Ok(number) => number.into(),
        Err(_) => Value::from(json.as_str()),
    };
    for ((member, here), (_, there)) in qos_settings(here).into_iter().zip(qos_settings(there)) {
        if let (Some(here), Some(there)) = (here, there)
            && number(here) != number(there)
        {
            differences.push((Rule::QosDiffers, member, value(here), value(there)));
        }
    }
}

/// The rule that a state breaks, if it is one that somebody has to end or that is not known.
fn rule_of(state: &ReplicationState) -> Option<Rule> {
    Some(match state {
        ReplicationState::PausedManual => Rule::PausedManual,
        ReplicationState::PausedManualRemote => Rule::PausedManualRemote,
        ReplicationState::PausedMisconfigured => Rule::PausedMisconfigured,
        ReplicationState::PausedVolumeSizeMismatch => Rule::PausedVolumeSizeMismatch,
        ReplicationState::PausedExceededMaxSnapshotCount => Rule::PausedExceededMaxSnapshotCount,
        ReplicationState::PausedDisconnected => Rule::PausedDisconnected,
        ReplicationState::PausedClusterFull => Rule::PausedClusterFull,
        ReplicationState::StoppedMisconfigured => Rule::StoppedMisconfigured,
        ReplicationState::Other(_) => Rule::ReplicationStateUnknown,
        _ => return None,
    })
}

/// The items of a sorted list that are equal to what is looked for.
fn range<T>(sorted: &[T], order: impl Fn(&T) -> Ordering) -> &[T] {
    let start = sorted.partition_point(|item| order(item).is_lt());
    let end = sorted.partition_point(|item| order(item).is_le());
    sorted.get(start..end).unwrap_or_default()
}
