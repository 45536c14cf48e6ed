//! Calls for volumes.

use alloc::{string::ToString, sync::Arc, vec, vec::Vec};
use core::{cmp::Ordering, net::IpAddr};

use super::{
    super::{
        ClusterName, End, Link, Listing, Name, Part, Rule, Site, Subject, Value,
        audit::{LATENCY, LATENCY_FOR_SYNC, differences},
        is_pending, only,
    },
    Check, Other, address, decode, uuid,
};
use crate::{
    api::{
        Access, ClusterPair, ClusterPairStatus, CompleteVolumePairing, ModifyVolume,
        ModifyVolumePair, ReplicationMode, ReplicationState, StartVolumePairing, Volume,
        VolumePair, VolumeStatus,
    },
    key::{PairingKey, VolumePairingKey, address_text},
};

/// What one end of a volume pair will be after the call.
#[derive(Clone, Copy)]
struct Future<'f, 't, 'a> {
    site: Site<'t, 'a>,
    access: Option<&'f Access>,
    size: Option<u64>,
}

impl<'f, 't, 'a> Future<'f, 't, 'a> {
    /// What it is now.
    fn of(site: Site<'t, 'a>, volume: &'f Volume<'_>) -> Self {
        Self { site, access: volume.access.as_ref(), size: volume.total_size }
    }
}

/// What ModifyVolume does to one end of a volume pair.
#[derive(Clone, Copy)]
struct Change<'c> {
    /// The access now, if it is known.
    from: Option<&'c Access>,
    /// The access that is to be another.
    to: Option<&'c Access>,
    /// Whether the size is to be a greater one.
    grows: bool,
}

impl<'c> Change<'c> {
    fn after(self) -> Option<&'c Access> {
        self.to.or(self.from)
    }

    /// Whether the end becomes the source or the target.
    fn turns(self) -> bool {
        matches!(self.to, Some(Access::ReadWrite | Access::ReplicationTarget))
    }

    /// The rules of both ends that it concerns.
    fn rules(self) -> Vec<Rule> {
        let mut rules = vec![];
        match (self.from, self.to) {
            (Some(Access::ReadWrite), Some(Access::ReplicationTarget)) => {
                rules.push(Rule::DirectionChangeBegun);
            }
            (from, Some(Access::ReplicationTarget)) => {
                rules.push(Rule::VolumePairTwoTargets);
                rules.extend(from.is_none().then_some(Rule::DirectionChangeBegun));
            }
            (_, Some(Access::ReadWrite)) => {
                rules.extend([Rule::VolumePairNoTarget, Rule::TwoWriters]);
            }
            (_, Some(_)) => rules.push(Rule::VolumePairNoTarget),
            (_, None) => {}
        }
        let after = self.after();
        if self.turns() || self.grows && after.is_none_or(|after| is_target(Some(after))) {
            rules.extend([Rule::TargetSmaller, Rule::TargetLarger]);
        }
        rules.extend((self.grows && !is_target(after)).then_some(Rule::SourceGrownFirst));
        rules
    }
}

/// A volume pair of the volume that the call names.
struct Paired<'t, 'a> {
    end: End<'t, 'a>,
    /// The cluster that the other volume is on, if that is known.
    remote: Option<Other<'t, 'a>>,
    /// The other end, if it was seen.
    other: Option<End<'t, 'a>>,
}

impl<'t, 'a> Check<'t, 'a> {
    /// The volume that the call names, and whether it can be used; `rules` are the others that it
    /// would have decided.
    fn volume(&mut self, id: u64, rules: &[Rule]) -> Option<&'t Volume<'a>> {
        let usable = [Rule::VolumeDeleted, Rule::VolumeNotActive];
        if let Some(volume) = self.here.volume(id) {
            self.status(self.here, volume);
            return Some(volume);
        }
        if self.here.sees(Listing::Volumes) {
            let values = [("volumeID", id.into())];
            self.found(Rule::VolumeIdUnknown, self.volume_subject(id), values);
        } else {
            self.unseen(&[Rule::VolumeIdUnknown]);
            self.unseen(&usable);
            self.unseen(rules);
        }
        None
    }

    fn status(&mut self, site: Site<'t, 'a>, volume: &Volume<'_>) {
        let subject = site.volume_subject(volume);
        match &volume.status {
            Some(VolumeStatus::Active) => {}
            Some(VolumeStatus::Deleted) => self.found(Rule::VolumeDeleted, subject, []),
            Some(other) => {
                let values = [("status", other.as_str().into())];
                self.found(Rule::VolumeNotActive, subject, values);
            }
            // The other listings have active volumes alone.
            None if site.sees(Listing::Volumes) => {
                let rules = [Rule::VolumeDeleted, Rule::VolumeNotActive];
                self.untold_volume(&rules, site, "status");
            }
            None => {}
        }
    }

    /// Whether a volume that is to be paired is not paired yet, but for the pair of `key`.
    fn unpaired(
        &mut self,
        site: Site<'t, 'a>,
        volume: &'t Volume<'a>,
        key: Option<&VolumePairingKey>,
    ) {
        if volume.volume_pairs.is_none() {
            let rules = [Rule::VolumeAlreadyPaired, Rule::VolumePairingPending];
            self.untold_volume(&rules, site, "volumePairs");
        }
        let is_of_key = |pair: &&VolumePair<'_>| key.is_some_and(|key| is_keys(pair, key));
        for pair in volume.pairs().iter().filter(|pair| !is_of_key(pair)) {
            let subject = site.volume_subject(volume);
            let end = site.end(volume, pair);
            let Some(remote_id) = end.remote_id() else {
                self.found(Rule::VolumePairingPending, subject, []);
                continue;
            };
            let link = end.cluster_pair.filter(|(_, link)| link.is_known());
            let mut values = vec![("remoteVolumeID", remote_id.into())];
            values.extend(link.map(|(_, link)| ("other", Arc::clone(&link.name).into())));
            self.found(Rule::VolumeAlreadyPaired, subject, values);
        }
    }

    /// Whether a volume that is or will be paired can be a source or a target.
    fn access(&mut self, site: Site<'t, 'a>, volume: &Volume<'_>) {
        match &volume.access {
            Some(Access::ReadWrite | Access::ReplicationTarget) => {}
            Some(other) => {
                let subject = site.volume_subject(volume);
                let values = [("access", other.as_str().into())];
                self.found(Rule::PairedVolumeAccess, subject, values);
            }
            None => self.untold_volume(&[Rule::PairedVolumeAccess], site, "access"),
        }
    }

    fn is_source(&mut self, rule: Rule, volume: &Volume<'_>) {
        match &volume.access {
            Some(Access::ReadWrite) => {}
            Some(other) => {
                let subject = self.here.volume_subject(volume);
                self.found(rule, subject, [("access", other.as_str().into())]);
            }
            None => self.untold_volume(&[rule], self.here, "access"),
        }
    }

    fn mode(&mut self, id: u64, mode: Option<&ReplicationMode>) {
        if let Some(mode) = mode.filter(|mode| !mode.is_known()) {
            let subject = self.volume_subject(id);
            let values = [("member", "mode".into()), ("value", mode.as_str().into())];
            self.found(Rule::ValueUnknown, subject, values);
        }
    }

    pub(super) fn start_volume_pairing(&mut self, call: &StartVolumePairing) {
        let id = call.volume_id;
        self.mode(id, call.mode.as_ref());
        let mut rules =
            vec![Rule::VolumeAlreadyPaired, Rule::VolumePairingPending, Rule::PairedVolumeAccess];
        rules.extend(call.mode.is_some().then_some(Rule::ModeSetOnTarget));
        if let Some(volume) = self.volume(id, &rules) {
            self.unpaired(self.here, volume, None);
            self.access(self.here, volume);
            if call.mode.is_some() {
                self.is_source(Rule::ModeSetOnTarget, volume);
            }
        }

        let is_sync = call.mode == Some(ReplicationMode::Sync);
        if !self.here.sees(Listing::ClusterPairs) {
            let mut rules = vec![Rule::NoConnectedClusterPair, Rule::ClusterPairStatusUnknown];
            rules.extend(is_sync.then_some(Rule::LatencyHighForSync));
            return self.not_given(&rules, self.here.name(), Listing::ClusterPairs);
        }
        let is_connected =
            |pair: &ClusterPair<'_>| pair.status == Some(ClusterPairStatus::Connected);
        let connected: Vec<_> = self.here.pairs().filter(|(pair, _)| is_connected(pair)).collect();
        if connected.is_empty() {
            return self.not_connected();
        }
        // Which one it will be is not known: it matters when none is fast enough.
        if is_sync && !connected.iter().any(|(pair, _)| is_fast(pair)) {
            let subject = self.volume_subject(id);
            connected.iter().for_each(|(pair, link)| self.sync_latency(&subject, pair, link));
        }
    }

    /// No cluster pair is known to be Connected.
    fn not_connected(&mut self) {
        let mut is_certain = true;
        for (pair, link) in self.here.pairs() {
            match &pair.status {
                Some(ClusterPairStatus::Other(_)) => self.pair_status(pair, link),
                Some(_) => continue,
                None => {
                    let rules = [Rule::NoConnectedClusterPair];
                    self.untold(&rules, self.here, Listing::ClusterPairs, "status");
                }
            }
            is_certain = false;
        }
        if is_certain {
            self.found(Rule::NoConnectedClusterPair, self.cluster(), []);
        }
    }

    /// Whether replication through this cluster pair can run.
    fn pair_status(&mut self, pair: &ClusterPair<'_>, link: &Link) {
        let subject = self.here.pair_subject(pair, link);
        match &pair.status {
            Some(ClusterPairStatus::Disconnected) => {
                self.found(Rule::ClusterPairDisconnected, subject, []);
            }
            Some(ClusterPairStatus::Misconfigured) => {
                self.found(Rule::ClusterPairMisconfigured, subject, []);
            }
            Some(ClusterPairStatus::Other(status)) => {
                let values = [("status", (&**status).into())];
                self.found(Rule::ClusterPairStatusUnknown, subject, values);
            }
            Some(_) => {}
            None => {
                let rules = [Rule::ClusterPairDisconnected, Rule::ClusterPairMisconfigured];
                self.untold(&rules, self.here, Listing::ClusterPairs, "status");
            }
        }
    }

    fn sync_latency(&mut self, subject: &Subject, pair: &ClusterPair<'_>, link: &Link) {
        match pair.latency {
            Some(latency) if latency > LATENCY_FOR_SYNC => {
                let values =
                    [("other", Arc::clone(&link.name).into()), ("latency", latency.into())];
                self.found(Rule::LatencyHighForSync, subject.clone(), values);
            }
            Some(_) => {}
            None => {
                let rules = [Rule::LatencyHighForSync];
                self.untold(&rules, self.here, Listing::ClusterPairs, "latency");
            }
        }
    }

    pub(super) fn complete_volume_pairing(&mut self, call: &CompleteVolumePairing) {
        let id = call.volume_id;
        let volume = self.volume(
            id,
            &[Rule::VolumeAlreadyPaired, Rule::VolumePairingPending, Rule::PairedVolumeAccess],
        );
        if let Some(volume) = volume {
            self.unpaired(self.here, volume, None);
            self.access(self.here, volume);
        }
        let key = match decode(&call.volume_pairing_key) {
            Ok(PairingKey::Volume(key)) => key,
            Ok(_) => return self.found(Rule::VolumeKeyWrongKind, self.cluster(), []),
            Err(error) => {
                let values = [("code", error.code().into())];
                return self.found(Rule::VolumeKeyUnreadable, self.cluster(), values);
            }
        };
        match address(&self.here.name().mvip) {
            Some(mvip) if mvip == key.mvip => {
                let rule = if key.volume_id == id {
                    Rule::VolumePairedWithItself
                } else {
                    Rule::VolumePairWithinCluster
                };
                return self.found(rule, self.volume_subject(id), []);
            }
            Some(_) => {}
            None => {
                let rules = [Rule::VolumePairedWithItself, Rule::VolumePairWithinCluster];
                self.untold(&rules, self.here, Listing::ClusterInfo, "mvip");
            }
        }
        let (remote, cluster_pair) = self.key_mvip(&key);
        remote.site.into_iter().for_each(|site| self.contradicted(site));
        self.volume_key_used(&key, &remote);
        self.key_volume(id, &key, &remote, cluster_pair);
        self.future_pair(id, volume, &key, &remote);
    }

    /// The cluster that the key's MVIP leads to, and the cluster pair, if there is one.
    fn key_mvip(
        &mut self,
        key: &VolumePairingKey,
    ) -> (Other<'t, 'a>, Option<(&'t ClusterPair<'a>, &'t Link)>) {
        let mvip = || ("mvip", Value::from(&*address_text(key.mvip)));
        let here = self.here;
        let leads = |pair: &ClusterPair<'_>| -> Option<bool> {
            Some(pair.mvip.as_deref()?.parse::<IpAddr>().ok()? == key.mvip)
        };
        let mut leading: Vec<_> =
            here.pairs().filter(|(pair, _)| leads(pair) == Some(true)).collect();
        if leading.len() > 1 {
            leading.retain(|(pair, _)| !is_pending(pair));
        }
        let is_silent = || here.pairs().any(|(pair, _)| leads(pair).is_none() && !is_pending(pair));
        match *leading {
            [(pair, link)] => {
                if is_silent() {
                    let rules = [Rule::VolumeKeyMvipAmbiguous];
                    self.untold(&rules, here, Listing::ClusterPairs, "mvip");
                }
                self.connected(pair, link, key);
                return (self.leads_to(link), Some((pair, link)));
            }
            [] if !here.sees(Listing::ClusterPairs) => {
                let rules = [
                    Rule::VolumeKeyMvipNotPaired,
                    Rule::VolumeKeyPairNotConnected,
                    Rule::VolumeKeyMvipAmbiguous,
                    Rule::ClusterPairDisconnected,
                    Rule::ClusterPairMisconfigured,
                    Rule::ClusterPairStatusUnknown,
                    Rule::LatencyHigh,
                    Rule::LatencyHighForSync,
                ];
                self.not_given(&rules, here.name(), Listing::ClusterPairs);
            }
            [] if is_silent() => {
                let rules = [Rule::VolumeKeyMvipNotPaired];
                self.untold(&rules, here, Listing::ClusterPairs, "mvip");
            }
            [] => self.found(Rule::VolumeKeyMvipNotPaired, self.cluster(), [mvip()]),
            _ => {
                let values = [("pairs", (leading.len() as u64).into()), mvip()];
                self.found(Rule::VolumeKeyMvipAmbiguous, self.cluster(), values);
            }
        }
        let sites = self.topology.sites();
        let remote = match only(sites.filter(|site| address(&site.name().mvip) == Some(key.mvip))) {
            Some(site) => Other::from(site),
            None => {
                let mvip = Some((&*address_text(key.mvip)).into());
                Other { name: Arc::new(ClusterName { mvip, ..<_>::default() }), site: None }
            }
        };
        (remote, None)
    }

    /// Whether the cluster pair that the key's MVIP leads to is in order.
    fn connected(&mut self, pair: &ClusterPair<'_>, link: &Link, key: &VolumePairingKey) {
        self.pair_status(pair, link);
        match &pair.status {
            Some(ClusterPairStatus::Connected | ClusterPairStatus::Other(_)) => {}
            Some(status) => {
                let values = [
                    ("clusterPairID", pair.cluster_pair_id.into()),
                    ("mvip", (&*address_text(key.mvip)).into()),
                    ("status", status.as_str().into()),
                ];
                self.found(Rule::VolumeKeyPairNotConnected, self.cluster(), values);
            }
            None => {
                let rules = [Rule::VolumeKeyPairNotConnected];
                self.untold(&rules, self.here, Listing::ClusterPairs, "status");
            }
        }
        match pair.latency {
            Some(latency) if latency >= LATENCY => {
                let subject = self.here.pair_subject(pair, link);
                self.found(Rule::LatencyHigh, subject, [("latency", latency.into())]);
            }
            Some(_) => {}
            None => {
                self.untold(&[Rule::LatencyHigh], self.here, Listing::ClusterPairs, "latency");
            }
        }
    }

    /// Whether the key's pair exists already.
    fn volume_key_used(&mut self, key: &VolumePairingKey, remote: &Other<'_, '_>) {
        let here = self.here.index();
        let mut used: Option<End<'t, 'a>> = None;
        self.each_pairing(&mut |site, volume, pair| {
            let is_here = site.index() == here;
            // The first of this cluster, else the first of all.
            let is_first = used.is_none_or(|used| is_here && used.site.index() != here);
            if !is_first || !is_keys(pair, key) {
                return;
            }
            let end = site.end(volume, pair);
            if is_here || end.remote_id().is_some() {
                used = Some(end);
            }
        });
        if let Some(end) = used {
            let values = [("volumeID", end.volume.volume_id.into())];
            return self.found(Rule::VolumeKeyUsed, end.site.subject(Part::Cluster), values);
        }
        let rules = [Rule::VolumeKeyUsed];
        self.unseen(&rules);
        self.unseen_remote(&rules, remote);
        if self.here.volumes().iter().any(|volume| volume.volume_pairs.is_none()) {
            self.untold_volume(&rules, self.here, "volumePairs");
        }
    }

    /// Whether the other volume waits for the key, and for nothing else.
    fn key_volume(
        &mut self,
        id: u64,
        key: &VolumePairingKey,
        remote: &Other<'t, 'a>,
        cluster_pair: Option<(&'t ClusterPair<'a>, &'t Link)>,
    ) {
        let slow = cluster_pair.filter(|(pair, _)| !is_fast(pair));
        let by_mode = slow.map(|_| Rule::LatencyHighForSync);
        let Some(site) = remote.site.filter(|site| site.sees(Listing::PairedVolumes)) else {
            let rules =
                [Rule::VolumeAlreadyPaired, Rule::VolumePairingPending, Rule::VolumeKeyWithoutPair];
            self.unseen_remote(&rules, remote);
            return self.unseen_remote(by_mode.as_slice(), remote);
        };
        let volume = site.volume(key.volume_id);
        if let Some(volume) = volume {
            self.unpaired(site, volume, Some(key));
        }
        let mut pairs = volume.map(Volume::pairs).unwrap_or_default().iter();
        let Some(pair) = pairs.find(|pair| is_keys(pair, key)) else {
            if volume.is_some_and(|volume| volume.volume_pairs.is_none()) {
                self.untold_volume(&[Rule::VolumeKeyWithoutPair], site, "volumePairs");
                return self.untold_volume(by_mode.as_slice(), site, "volumePairs");
            }
            let values =
                [("other", Arc::clone(&remote.name).into()), ("volumeID", key.volume_id.into())];
            return self.found(Rule::VolumeKeyWithoutPair, self.cluster(), values);
        };
        let Some((cluster_pair, link)) = slow else { return };
        match pair.remote_replication.as_ref().and_then(|replication| replication.mode.as_ref()) {
            Some(ReplicationMode::Sync) => {
                self.sync_latency(&self.key_pair(id, key, remote), cluster_pair, link);
            }
            Some(_) => {}
            None => self.untold_volume(by_mode.as_slice(), site, "mode"),
        }
    }

    /// The pair of these two volumes, when there will be one.
    fn key_pair(&self, id: u64, key: &VolumePairingKey, remote: &Other<'_, '_>) -> Subject {
        let name = self.here.volume(id).and_then(|volume| volume.name.as_deref());
        self.here.subject(Part::VolumePair {
            id,
            name: name.map(Name::from),
            uuid: Some((&*key.volume_pair_uuid.to_string()).into()),
            with: Some(Arc::clone(&remote.name)),
            remote_id: Some(key.volume_id),
        })
    }

    /// What the pair of these two volumes will be like.
    fn future_pair(
        &mut self,
        id: u64,
        volume: Option<&Volume<'_>>,
        key: &VolumePairingKey,
        remote: &Other<'t, 'a>,
    ) {
        let there = remote.site.and_then(|site| Some((site, site.volume(key.volume_id)?)));
        if let Some((site, there)) = there {
            self.status(site, there);
            self.access(site, there);
        } else if !remote.sees(Listing::Volumes) {
            let rules = [Rule::VolumeDeleted, Rule::VolumeNotActive, Rule::PairedVolumeAccess];
            self.not_given(&rules, &remote.name, Listing::Volumes);
        }
        let rules = [
            // By the accesses.
            Rule::VolumePairTwoTargets,
            Rule::TargetOverwritten,
            Rule::DirectionNotSet,
            Rule::TargetSmaller,
            Rule::TargetLarger,
            Rule::SizesDiffer,
            // By what is set.
            Rule::Enable512eDiffers,
            Rule::BlockSizeDiffers,
            Rule::QosDiffers,
        ];
        let (Some(volume), Some((site, there))) = (volume, there) else {
            // A volume that its cluster does not have is told of already.
            if volume.is_none() {
                self.unseen(&rules);
            }
            if there.is_none() {
                self.unseen_remote(&rules, remote);
            }
            if let Some(volume) = volume.filter(|volume| is_target(volume.access.as_ref())) {
                self.found(Rule::TargetOverwritten, self.here.volume_subject(volume), []);
            }
            return;
        };
        let pair = self.key_pair(id, key, remote);
        let (here, other) = (Future::of(self.here, volume), Future::of(site, there));
        for (rule, member, ours, theirs) in [
            (
                Rule::Enable512eDiffers,
                "enable512e",
                volume.enable512e.is_some(),
                there.enable512e.is_some(),
            ),
            (
                Rule::BlockSizeDiffers,
                "blockSize",
                volume.block_size.is_some(),
                there.block_size.is_some(),
            ),
            (Rule::QosDiffers, "qos", volume.qos.is_some(), there.qos.is_some()),
        ] {
            for (_, silent) in [(ours, self.here), (theirs, site)].iter().filter(|(told, _)| !told)
            {
                self.untold_volume(&[rule], *silent, member);
            }
        }
        for (rule, member, here, there) in differences(volume, there) {
            let other = Arc::clone(&remote.name).into();
            let values =
                [("member", member.into()), ("here", here), ("there", there), ("other", other)];
            self.found(rule, pair.clone(), values);
        }
        let (Some(ours), Some(theirs)) = (here.access, other.access) else {
            for silent in [here, other].iter().filter(|end| end.access.is_none()) {
                self.untold_volume(&rules[..6], silent.site, "access");
            }
            return;
        };
        match (is_target(here.access), is_target(other.access)) {
            (true, true) => self.found(Rule::VolumePairTwoTargets, pair.clone(), []),
            (true, false) => {
                self.found(Rule::TargetOverwritten, self.here.volume_subject(volume), []);
                self.sizes(&pair, other, here);
            }
            (false, true) => {
                self.found(Rule::TargetOverwritten, site.volume_subject(there), []);
                self.sizes(&pair, here, other);
            }
            (false, false) => {
                if (ours, theirs) == (&Access::ReadWrite, &Access::ReadWrite) {
                    self.found(Rule::DirectionNotSet, pair.clone(), []);
                }
                match (here.size, other.size) {
                    (Some(size), Some(other)) if size != other => {
                        let values = [("size", size.into()), ("otherSize", other.into())];
                        self.found(Rule::SizesDiffer, pair.clone(), values);
                    }
                    (Some(_), Some(_)) => {}
                    (size, _) => {
                        let silent = if size.is_none() { here.site } else { other.site };
                        self.untold_volume(&[Rule::SizesDiffer], silent, "totalSize");
                    }
                }
            }
        }
    }

    fn sizes(&mut self, pair: &Subject, source: Future<'_, 't, 'a>, target: Future<'_, 't, 'a>) {
        let (Some(source_size), Some(target_size)) = (source.size, target.size) else {
            let silent = if source.size.is_none() { source.site } else { target.site };
            let rules = [Rule::TargetSmaller, Rule::TargetLarger];
            return self.untold_volume(&rules, silent, "totalSize");
        };
        let rule = match source_size.cmp(&target_size) {
            Ordering::Greater => Rule::TargetSmaller,
            Ordering::Less => Rule::TargetLarger,
            Ordering::Equal => return,
        };
        let values = [("sourceSize", source_size.into()), ("targetSize", target_size.into())];
        self.found(rule, pair.clone(), values);
    }

    pub(super) fn modify_volume_pair(&mut self, call: &ModifyVolumePair) {
        let id = call.volume_id;
        self.mode(id, call.mode.as_ref());
        let mut needed = vec![Rule::VolumeNotPaired, Rule::VolumePairNotCompleted];
        needed.extend(call.mode.is_some().then_some(Rule::ModeSetOnTarget));
        needed.extend(call.paused_manual.is_some().then_some(Rule::PauseSetOnTarget));
        let is_sync = call.mode == Some(ReplicationMode::Sync);
        // A pause needs no connection.
        let mut connected = vec![];
        if call.mode.is_some() || call.paused_manual == Some(false) {
            connected.extend([
                Rule::ClusterPairDisconnected,
                Rule::ClusterPairMisconfigured,
                Rule::ClusterPairStatusUnknown,
                Rule::VolumePairWithoutClusterPair,
            ]);
            connected.extend(is_sync.then_some(Rule::LatencyHighForSync));
        }
        needed.extend(connected.iter().copied());
        let Some(volume) = self.volume(id, &needed) else { return };
        if call.mode.is_some() {
            self.is_source(Rule::ModeSetOnTarget, volume);
        }
        // What was paused here is resumed here.
        let is_paused_here = volume.pairs().iter().any(|pair| {
            let replication = pair.remote_replication.as_ref();
            replication.and_then(|it| it.state.as_ref()) == Some(&ReplicationState::PausedManual)
        });
        if call.paused_manual.is_some_and(|pauses| pauses || !is_paused_here) {
            self.is_source(Rule::PauseSetOnTarget, volume);
        }
        let subject = self.here.volume_subject(volume);
        if volume.volume_pairs.is_none() {
            let rules = [Rule::VolumeNotPaired, Rule::VolumePairNotCompleted];
            self.untold_volume(&rules, self.here, "volumePairs");
            return self.untold_volume(&connected, self.here, "volumePairs");
        }
        let ends = self.ends(volume);
        match (volume.pairs(), &*ends) {
            ([], _) => self.found(Rule::VolumeNotPaired, subject, []),
            (_, []) => self.found(Rule::VolumePairNotCompleted, subject, []),
            _ => {}
        }
        for Paired { end, .. } in ends.into_iter().filter(|_| !connected.is_empty()) {
            match end.cluster_pair {
                Some((pair, link)) => {
                    self.pair_status(pair, link);
                    if is_sync {
                        self.sync_latency(&end.subject(), pair, link);
                    }
                }
                None if end.cluster_pair_id().is_none() => {
                    self.untold_volume(&connected, self.here, "clusterPairID");
                }
                None if self.here.sees(Listing::ClusterPairs) => {
                    let id = end.pair.cluster_pair_id.map(|id| ("clusterPairID", id.into()));
                    self.found(
                        Rule::VolumePairWithoutClusterPair,
                        end.subject(),
                        Vec::from_iter(id),
                    );
                }
                None => self.not_given(&connected, self.here.name(), Listing::ClusterPairs),
            }
        }
    }

    /// Looks at all pairings of all volumes that were seen.
    fn each_pairing(&self, look: &mut dyn FnMut(Site<'t, 'a>, &'t Volume<'a>, &'t VolumePair<'a>)) {
        for site in self.topology.sites() {
            for volume in site.volumes() {
                volume.pairs().iter().for_each(|pair| look(site, volume, pair));
            }
        }
    }

    /// The pairings of a volume of this cluster that are not pending. Looks at every volume once,
    /// however many there are.
    fn ends(&self, volume: &'t Volume<'a>) -> Vec<Paired<'t, 'a>> {
        let id = |pair: &'t VolumePair<'_>| uuid(&pair.volume_pair_uuid);
        let ids = volume.pairs().iter().map(|pair| (id(pair), None));
        let mut others: Vec<(_, Option<End<'t, 'a>>)> = ids.collect();
        others.sort_unstable_by_key(|(id, _)| *id);
        others.dedup_by_key(|(id, _)| *id);
        let itself = (self.here.index(), volume.volume_id);
        self.each_pairing(&mut |site, volume, pair| {
            if (site.index(), volume.volume_id) == itself {
                return;
            }
            let place = others.binary_search_by_key(&id(pair), |(id, _)| *id);
            if let Some((_, other)) = place.ok().and_then(|place| others.get_mut(place)) {
                other.get_or_insert_with(|| site.end(volume, pair));
            }
        });
        let ends = volume.pairs().iter().map(|pair| {
            let place = others.binary_search_by_key(&id(pair), |(id, _)| *id);
            let other = place.ok().and_then(|place| others.get(place)?.1);
            let end = self.here.end(volume, pair);
            let leads_to = || end.cluster_pair.map(|(_, link)| self.leads_to(link));
            let remote = other.map(|other| Other::from(other.site)).or_else(leads_to);
            Paired { end, remote, other }
        });
        ends.filter(|pair| pair.end.remote_id().is_some() || pair.other.is_some()).collect()
    }

    /// Rules of the other end of a volume pair, which was not found.
    fn other_end_unseen(
        &mut self,
        rules: &[Rule],
        end: End<'_, '_>,
        remote: Option<&Other<'t, 'a>>,
    ) {
        let Some(remote) = remote else {
            return match end.cluster_pair_id() {
                None => self.untold_volume(rules, self.here, "clusterPairID"),
                Some(_) => {
                    self.untold(rules, self.here, Listing::ClusterPairs, "clusterPairID");
                }
            };
        };
        self.unseen_remote(rules, remote);
        let volume = |site: Site<'t, 'a>| site.volume(end.remote_id()?);
        let is_silent =
            |site: &Site<'t, 'a>| volume(*site).is_some_and(|volume| volume.volume_pairs.is_none());
        if let Some(site) = remote.site.filter(is_silent) {
            self.untold_volume(rules, site, "volumePairs");
        }
    }

    pub(super) fn remove_volume_pair(&mut self, id: u64) {
        let Some(volume) = self.volume(id, &[Rule::VolumePairRemovedHereOnly]) else { return };
        let rules = [Rule::VolumePairRemovedHereOnly];
        if volume.volume_pairs.is_none() {
            self.untold_volume(&rules, self.here, "volumePairs");
        }
        for Paired { end, remote, other } in self.ends(volume) {
            self.contradicted_remote(remote.as_ref());
            let Some(other) = other else {
                self.other_end_unseen(&rules, end, remote.as_ref());
                continue;
            };
            let values = [
                ("other", Arc::clone(other.site.name()).into()),
                ("remoteVolumeID", other.volume.volume_id.into()),
            ];
            self.found(Rule::VolumePairRemovedHereOnly, end.subject(), values);
        }
    }

    pub(super) fn modify_volume(&mut self, call: &ModifyVolume) {
        let id = call.volume_id;
        if let Some(access) = call.access.as_ref().filter(|access| !access.is_known()) {
            let values = [("member", "access".into()), ("value", access.as_str().into())];
            self.found(Rule::ValueUnknown, self.volume_subject(id), values);
        }
        let ends_sessions = matches!(call.access, Some(Access::Locked | Access::ReplicationTarget));
        let change =
            Change { from: None, to: call.access.as_ref(), grows: call.total_size.is_some() };
        let mut rules = change.rules();
        rules.extend(call.access.is_some().then_some(Rule::PairedVolumeAccess));
        rules.extend(call.total_size.is_some().then_some(Rule::VolumeShrinks));
        rules.extend(ends_sessions.then_some(Rule::SessionsEnd));
        rules.extend(is_target(call.access.as_ref()).then_some(Rule::TargetOverwritten));
        let Some(volume) = self.volume(id, &rules) else { return };

        let subject = self.here.volume_subject(volume);
        match (call.total_size, volume.total_size) {
            (Some(new), Some(size)) if new < size => {
                let values = [("size", size.into()), ("newSize", new.into())];
                self.found(Rule::VolumeShrinks, subject.clone(), values);
            }
            (Some(_), None) => {
                self.untold_volume(&[Rule::VolumeShrinks], self.here, "totalSize");
            }
            _ => {}
        }
        let from = volume.access.as_ref();
        let access = call.access.as_ref().filter(|access| Some(*access) != from);
        let change = Change { from, to: access, grows: call.total_size > volume.total_size };
        if let Some(access) = access.filter(|_| ends_sessions) {
            let values = [("access", access.as_str().into())];
            self.found(Rule::SessionsEnd, subject.clone(), values);
        }
        let here = Future {
            site: self.here,
            access: change.after(),
            size: call.total_size.or(volume.total_size),
        };
        if volume.volume_pairs.is_none() {
            let mut rules = change.rules();
            rules.extend(access.map(|access| match is_target(Some(access)) {
                true => Rule::TargetOverwritten,
                false => Rule::PairedVolumeAccess,
            }));
            self.untold_volume(&rules, self.here, "volumePairs");
        }
        for pair in self.ends(volume) {
            if is_target(access) {
                self.found(Rule::TargetOverwritten, subject.clone(), []);
            } else if let Some(access) = access.filter(|access| **access != Access::ReadWrite) {
                let values = [("access", access.as_str().into())];
                self.found(Rule::PairedVolumeAccess, subject.clone(), values);
            }
            self.modified_end(pair, here, change);
        }
    }

    /// What a pair of the volume will be like with another access or size here.
    fn modified_end(
        &mut self,
        Paired { end, remote, other }: Paired<'t, 'a>,
        here: Future<'_, 't, 'a>,
        change: Change<'_>,
    ) {
        let rules = change.rules();
        self.contradicted_remote(remote.as_ref());
        let Some(other) = other else {
            return self.other_end_unseen(&rules, end, remote.as_ref());
        };
        let there = Future::of(other.site, other.volume);
        let (Some(ours), Some(theirs)) = (here.access, there.access) else {
            for silent in [here, there].iter().filter(|end| end.access.is_none()) {
                self.untold_volume(&rules, silent.site, "access");
            }
            return;
        };
        match (is_target(here.access), is_target(there.access)) {
            (true, true) if change.turns() => {
                if change.from == Some(&Access::ReadWrite) {
                    self.found(Rule::DirectionChangeBegun, end.subject(), []);
                    self.sizes(&end.subject(), there, here);
                } else {
                    self.found(Rule::VolumePairTwoTargets, end.subject(), []);
                }
            }
            (false, false) if change.to.is_some() => {
                self.found(Rule::VolumePairNoTarget, end.subject(), []);
                if (ours, theirs) == (&Access::ReadWrite, &Access::ReadWrite) {
                    self.found(Rule::TwoWriters, end.subject(), []);
                }
            }
            (true, false) if change.turns() || change.grows => {
                self.sizes(&end.subject(), there, here);
            }
            (false, true) => {
                if change.turns() {
                    self.sizes(&end.subject(), here, there);
                }
                if change.grows {
                    self.grown(&end.subject(), here, there);
                }
            }
            _ => {}
        }
    }

    fn grown(&mut self, pair: &Subject, source: Future<'_, 't, 'a>, target: Future<'_, 't, 'a>) {
        match (source.size, target.size) {
            (Some(source), Some(target)) if source > target => {
                let values = [("sourceSize", source.into()), ("targetSize", target.into())];
                self.found(Rule::SourceGrownFirst, pair.clone(), values);
            }
            (_, None) => {
                self.untold_volume(&[Rule::SourceGrownFirst], target.site, "totalSize");
            }
            _ => {}
        }
    }
}

fn is_fast(pair: &ClusterPair<'_>) -> bool {
    pair.latency.is_some_and(|latency| latency <= LATENCY_FOR_SYNC)
}

fn is_keys(pair: &VolumePair<'_>, key: &VolumePairingKey) -> bool {
    uuid(&pair.volume_pair_uuid) == Ok(key.volume_pair_uuid)
}

fn is_target(access: Option<&Access>) -> bool {
    access == Some(&Access::ReplicationTarget)
}
