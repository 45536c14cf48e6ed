//! May a call be made now?

use alloc::{sync::Arc, vec, vec::Vec};
use core::{error::Error, fmt, net::IpAddr};

use uuid::Uuid;

use super::{
    ClusterName, Finding, Link, Listing, Name, Part, Report, Rule, Side, Site, Subject, Topology,
    Unchecked, Value, Want,
};
use crate::{
    api::{
        CompleteClusterPairing, CompleteVolumePairing, ListActivePairedVolumes, ListClusterPairs,
        Method, ModifyVolume, ModifyVolumePair, RemoveClusterPair, RemoveVolumePair,
        StartClusterPairing, StartVolumePairing,
    },
    key::{DecodeError, PairingKey},
    secret::Secret,
};

mod cluster;
mod volume;

/// The enum and what its calls are judged by, out of one list.
macro_rules! calls {
    ($($method:ident [$($rule:ident)*])*) => {
        /// A call that [`Topology::check`] judges: the parameters of a method.
        ///
        /// Each is judged by these rules, as far as its parameters concern them, and by no others:
        ///
        #[doc = include_str!("check.md")]
        #[derive(Debug, Clone, Copy)]
        #[non_exhaustive]
        pub enum Call<'c> {
            $(
                #[doc = concat!("[`", stringify!($method), "`](crate::api::", stringify!($method), ").")]
                $method(&'c $method),
            )*
        }

        impl Call<'_> {
            /// The name of the method.
            #[must_use]
            pub fn method(&self) -> &'static str {
                match self {
                    $(Self::$method(_) => $method::NAME,)*
                }
            }

            /// The rules that the call is judged by, in the order of the catalogue.
            #[must_use]
            pub fn rules(&self) -> &'static [Rule] {
                match self {
                    $(Self::$method(_) => &[$(Rule::$rule),*],)*
                }
            }
        }

        $(impl<'c> From<&'c $method> for Call<'c> {
            fn from(params: &'c $method) -> Self {
                Self::$method(params)
            }
        })*
    };
}

calls! {
    StartClusterPairing [
        ClusterContradicted UniqueIdNotUnique ClusterNameNotUnique MvipNotUnique ClusterPairLimit
        ClusterPairLimitPending
    ]
    CompleteClusterPairing [
        ClusterContradicted UniqueIdNotUnique ClusterNameNotUnique MvipNotUnique ClusterPairLimit
        ClusterPairLimitPending ClusterPairedTwice VersionSkewAhead ClusterKeyUnreadable
        ClusterKeyWrongKind ClusterKeyOfThisCluster ClusterKeyUsed ClusterKeyWithoutPair
    ]
    ListClusterPairs []
    RemoveClusterPair [
        ClusterContradicted ClusterPairIdUnknown VolumePairsRemain VolumePairsRemainRemote
        ClusterPairRemovedHereOnly
    ]
    StartVolumePairing [
        ClusterContradicted ClusterPairStatusUnknown LatencyHighForSync VolumeAlreadyPaired
        VolumePairingPending PairedVolumeAccess VolumeIdUnknown VolumeDeleted VolumeNotActive
        NoConnectedClusterPair ModeSetOnTarget ValueUnknown
    ]
    CompleteVolumePairing [
        ClusterContradicted ClusterPairDisconnected ClusterPairMisconfigured
        ClusterPairStatusUnknown LatencyHigh LatencyHighForSync VolumeAlreadyPaired
        VolumePairingPending VolumePairedWithItself VolumePairWithinCluster VolumePairTwoTargets PairedVolumeAccess
        DirectionNotSet TargetSmaller TargetLarger SizesDiffer Enable512eDiffers BlockSizeDiffers
        QosDiffers VolumeIdUnknown VolumeDeleted VolumeNotActive VolumeKeyUnreadable
        VolumeKeyWrongKind VolumeKeyUsed VolumeKeyWithoutPair VolumeKeyMvipNotPaired
        VolumeKeyPairNotConnected VolumeKeyMvipAmbiguous TargetOverwritten
    ]
    ListActivePairedVolumes []
    ModifyVolumePair [
        ClusterContradicted ClusterPairDisconnected ClusterPairMisconfigured
        ClusterPairStatusUnknown LatencyHighForSync VolumePairWithoutClusterPair VolumeIdUnknown
        VolumeDeleted VolumeNotActive VolumeNotPaired VolumePairNotCompleted ModeSetOnTarget
        PauseSetOnTarget ValueUnknown
    ]
    RemoveVolumePair [ClusterContradicted VolumeIdUnknown VolumePairRemovedHereOnly]
    ModifyVolume [
        ClusterContradicted VolumePairNoTarget VolumePairTwoTargets PairedVolumeAccess
        TargetSmaller TargetLarger VolumeIdUnknown VolumeDeleted VolumeNotActive ValueUnknown
        VolumeShrinks SourceGrownFirst DirectionChangeBegun TwoWriters SessionsEnd
        TargetOverwritten
    ]
}

impl Topology<'_> {
    /// May this one call be sent to this cluster now? The cluster is named by its unique ID, name or
    /// MVIP.
    ///
    /// The answer is for things as the listings show them: a cluster may refuse for other reasons.
    /// A key in the parameters is judged as it is, and has to be digits alone: what
    /// [`clean`](crate::clean) makes of a pasted text. The report has of a key what is no secret:
    /// whose it is, and where it is used already.
    ///
    /// What a call of the documented sequences brings with it by itself is never a finding of severity
    /// error: not a cluster pair or a volume pair that is removed on one side before the other, and
    /// not the moment in which a direction is being turned around. That takes two calls: the source
    /// becomes replicationTarget, which gives warnings that say what it does
    /// ([`DirectionChangeBegun`](Rule::DirectionChangeBegun), [`SessionsEnd`](Rule::SessionsEnd) and
    /// [`TargetOverwritten`](Rule::TargetOverwritten): the verdict is harmful, without
    /// [errors](Report::has_errors)); then the old target becomes readWrite, which is clear. The
    /// other order, which the user guide has, lets both volumes take writes in between and is an
    /// error ([`VolumePairNoTarget`](Rule::VolumePairNoTarget), with
    /// [`TwoWriters`](Rule::TwoWriters)). Source: seen with Cinder.
    ///
    /// The versions of clusters are known where clusters that they are paired with list them: where
    /// there is none, [`VersionSkewAhead`](Rule::VersionSkewAhead) cannot be judged before they are
    /// paired, and no listing is missing for it.
    ///
    /// # Errors
    ///
    /// [`UnknownCluster`] where that names no cluster of the topology, or more than one.
    ///
    /// ```
    /// use element_pairing::{api::RemoveVolumePair, topology::{Cluster, Topology, Verdict}};
    ///
    /// let listings = r#"
    ///     {"id": "GetClusterInfo", "result": {"clusterInfo": {"name": "site-a", "uniqueID": "xsm6"}}}
    ///     {"id": "ListVolumes", "result": {"volumes": [{"volumeID": 24, "volumePairs": []}]}}
    /// "#;
    /// let topology: Topology = [Cluster::read(listings)?].into_iter().collect();
    /// let report = topology.check("site-a", &RemoveVolumePair { volume_id: 25 })?;
    /// assert_eq!(report.verdict(), Verdict::Refused);
    /// assert_eq!(
    ///     report.findings()[0].to_string(),
    ///     "volume 25 of site-a (xsm6): the cluster has no volume 25"
    /// );
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn check<'c>(
        &self,
        cluster: &str,
        call: impl Into<Call<'c>>,
    ) -> Result<Report, UnknownCluster> {
        self.check_call(cluster, call.into())
    }

    fn check_call(&self, cluster: &str, call: Call<'_>) -> Result<Report, UnknownCluster> {
        let here = self.find(cluster).ok_or(UnknownCluster)?;
        let rules = call.rules();
        let mut check = Check { topology: self, here, rules, findings: vec![], unchecked: vec![] };
        check.contradicted(here);
        match call {
            Call::ListClusterPairs(_) | Call::ListActivePairedVolumes(_) => {}
            Call::StartClusterPairing(_) => {
                check.names(None);
                check.limit(&Other::from(here), 1);
            }
            Call::CompleteClusterPairing(call) => {
                check.complete_cluster_pairing(&call.cluster_pairing_key);
            }
            Call::RemoveClusterPair(call) => check.remove_cluster_pair(call.cluster_pair_id),
            Call::StartVolumePairing(call) => check.start_volume_pairing(call),
            Call::CompleteVolumePairing(call) => check.complete_volume_pairing(call),
            Call::ModifyVolumePair(call) => check.modify_volume_pair(call),
            Call::RemoveVolumePair(call) => check.remove_volume_pair(call.volume_id),
            Call::ModifyVolume(call) => check.modify_volume(call),
        }
        Ok(Report::new(check.findings, check.unchecked))
    }
}

/// No cluster of the topology has this unique ID, name or MVIP, or more than one has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct UnknownCluster;

impl UnknownCluster {
    /// `unknown_cluster`
    #[must_use]
    pub fn code(&self) -> &'static str {
        "unknown_cluster"
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn help(&self) -> &'static str {
        "Name one of the clusters whose listings were given; where two share a name, use the unique \
         ID."
    }
}

impl fmt::Display for UnknownCluster {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not exactly one of the given clusters has this unique ID, name or MVIP")
    }
}

impl Error for UnknownCluster {}

/// A cluster that the call concerns.
struct Other<'t, 'a> {
    name: Arc<ClusterName>,
    /// If it is one of those given.
    site: Option<Site<'t, 'a>>,
}

impl<'t, 'a> From<Site<'t, 'a>> for Other<'t, 'a> {
    fn from(site: Site<'t, 'a>) -> Self {
        Self { name: Arc::clone(site.name()), site: Some(site) }
    }
}

impl Other<'_, '_> {
    fn sees(&self, listing: Listing) -> bool {
        self.site.is_some_and(|site| site.sees(listing))
    }
}

struct Check<'t, 'a> {
    topology: &'t Topology<'a>,
    /// The cluster that the call is sent to.
    here: Site<'t, 'a>,
    /// What the call is judged by; nothing else gets into the report.
    rules: &'static [Rule],
    findings: Vec<Finding>,
    unchecked: Vec<Unchecked>,
}

impl<'t, 'a> Check<'t, 'a> {
    fn found(
        &mut self,
        rule: Rule,
        subject: Subject,
        values: impl Into<Vec<(&'static str, Value)>>,
    ) {
        if self.rules.contains(&rule) {
            self.findings.push(Finding::of_known(rule, subject, values.into()));
        }
    }

    /// Rules that this listing of the cluster would have decided, which was not given.
    fn not_given(&mut self, rules: &[Rule], by: &Arc<ClusterName>, listing: Listing) {
        self.want(rules, Want { cluster: Arc::clone(by), listing, member: None });
    }

    /// Rules that a member would have decided, which this listing does not tell.
    fn untold(
        &mut self,
        rules: &[Rule],
        site: Site<'t, 'a>,
        listing: Listing,
        member: &'static str,
    ) {
        if !site.sees(listing) {
            return self.not_given(rules, site.name(), listing);
        }
        self.want(rules, Want { cluster: Arc::clone(site.name()), listing, member: Some(member) });
    }

    /// The same of a volume.
    fn untold_volume(&mut self, rules: &[Rule], site: Site<'t, 'a>, member: &'static str) {
        self.untold(rules, site, site.volume_listing(), member);
    }

    fn want(&mut self, rules: &[Rule], want: Want) {
        for &rule in rules.iter().filter(|rule| self.rules.contains(rule)) {
            let (subject, want) = (self.cluster(), want.clone());
            self.unchecked.push(Unchecked { rule, subject, want });
        }
    }

    /// Notes of these rules which of their needs were not given by the cluster that the call is sent
    /// to.
    fn unseen(&mut self, rules: &[Rule]) {
        self.unseen_of(rules, Side::Here, &Other::from(self.here));
    }

    /// The same of the other cluster.
    fn unseen_remote(&mut self, rules: &[Rule], remote: &Other<'_, '_>) {
        self.unseen_of(rules, Side::Remote, remote);
    }

    fn unseen_of(&mut self, rules: &[Rule], side: Side, cluster: &Other<'_, '_>) {
        for &rule in rules {
            let needs = rule.check_needs().unwrap_or_default().iter();
            for need in needs.filter(|need| need.side == side && !cluster.sees(need.listing)) {
                self.not_given(&[rule], &cluster.name, need.listing);
            }
        }
    }

    /// The cluster that the call is sent to.
    fn cluster(&self) -> Subject {
        self.here.subject(Part::Cluster)
    }

    fn volume_subject(&self, id: u64) -> Subject {
        match self.here.volume(id) {
            Some(volume) => self.here.volume_subject(volume),
            None => self.here.subject(Part::Volume { id, name: None }),
        }
    }

    fn contradicted(&mut self, site: Site<'t, 'a>) {
        for &method in &site.cluster.contradictions {
            let subject = site.subject(Part::Cluster);
            self.found(Rule::ClusterContradicted, subject, [("method", method.into())]);
        }
    }

    fn contradicted_remote(&mut self, remote: Option<&Other<'t, 'a>>) {
        remote.and_then(|remote| remote.site).into_iter().for_each(|site| self.contradicted(site));
    }

    fn leads_to(&self, link: &Link) -> Other<'t, 'a> {
        let site = link.cluster.and_then(|index| self.topology.site(index));
        Other { name: Arc::clone(&link.name), site }
    }
}

/// A key that is sent as it stands: digits, and nothing that a paste added.
fn decode(digits: &Secret) -> Result<PairingKey, DecodeError> {
    let digits = digits.expose();
    let key = PairingKey::decode(digits)?;
    match digits.bytes().position(|byte| !byte.is_ascii_hexdigit()) {
        Some(offset) => Err(DecodeError::NotADigit { offset }),
        None => Ok(key),
    }
}

/// What UUIDs are compared by: the letters' case says nothing. A text that is none is itself.
fn uuid(text: &str) -> Result<Uuid, &str> {
    Uuid::try_parse(text).map_err(|_| text)
}

fn address(text: &Option<Name>) -> Option<IpAddr> {
    text.as_ref()?.as_str().parse().ok()
}
