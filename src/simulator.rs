//! Clusters in memory that answer the methods of the API: something to try pairing on.
//!
//! A [`Simulator`] has any number of clusters. Requests go in as JSON and responses come out as JSON
//! ([`Simulator::answer`]), as a cluster would answer them. Nothing is sent, there is no clock but
//! [`Simulator::advance`] and no randomness but the seed: the same calls give the same answers.
//!
//! ```
//! use core::{net::Ipv4Addr, time::Duration};
//! use element_pairing::{
//!     api::{CompleteClusterPairing, ListClusterPairs, Request, Response, StartClusterPairing},
//!     simulator::{ClusterSpec, Options, Simulator},
//! };
//!
//! let mut simulator = Simulator::new(7, Options::default());
//! simulator.add_cluster(ClusterSpec::new("site-a", Ipv4Addr::new(192, 0, 2, 10)))?;
//! simulator.add_cluster(ClusterSpec::new("site-b", Ipv4Addr::new(192, 0, 2, 20)))?;
//!
//! let request = Request::new(1, StartClusterPairing).write();
//! let answer = simulator.answer("site-a", request.expose())?;
//! let response = Response::<StartClusterPairing>::read(answer.response.expose())?;
//! let cluster_pairing_key = response.outcome.unwrap().cluster_pairing_key;
//!
//! let request = Request::new(2, CompleteClusterPairing { cluster_pairing_key }).write();
//! assert_eq!(simulator.answer("site-b", request.expose())?.refused, None);
//!
//! simulator.advance(Duration::from_secs(10));
//! let request = Request::new(3, ListClusterPairs).write();
//! let answer = simulator.answer("site-a", request.expose())?;
//! let pairs = Response::<ListClusterPairs>::read(answer.response.expose())?.outcome.unwrap();
//! assert_eq!(pairs[0].cluster_name.as_deref(), Some("site-b"));
//! assert_eq!(pairs[0].status.as_ref().unwrap().as_str(), "Connected");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # Methods
//!
//! | about | methods |
//! |---|---|
//! | clusters | GetAPI, GetClusterInfo, GetClusterVersionInfo, GetLimits |
//! | cluster pairs | StartClusterPairing, CompleteClusterPairing, ListClusterPairs, RemoveClusterPair |
//! | volume pairs | StartVolumePairing, CompleteVolumePairing, ListActivePairedVolumes, ModifyVolumePair, RemoveVolumePair |
//! | volumes | ListVolumes, ListActiveVolumes, ListVolumesForAccount, CreateVolume, ModifyVolume, ModifyVolumes, DeleteVolume, RestoreDeletedVolume, PurgeDeletedVolume |
//! | accounts | AddAccount, GetAccountByID, GetAccountByName |
//!
//! # What is refused
//!
//! Where a [`Rule`]'s effect is *refused*, the call is refused, with the error's public name. What is
//! *state*, *order*, *loss* or *advice* happens, and the state that follows is shown. What no public
//! source says (*unknown*) is refused too, unless [`Options::allow`] has the rule: as a careful
//! caller would take it.
//!
//! Where no source has the error's name, these are used: `xInvalidPairingKey` for keys,
//! `xExceededLimit` for the number of cluster pairs, `xMVIPNotPaired` where it is not known whether the
//! clusters are paired, `xVolumeAlreadyPaired` for a pending pair, `xVolumeIDDoesNotExist` for a
//! deleted volume, `xUnrecognizedEnumString` for a word; for anything else `xNameNotPublic`, which
//! no cluster answers.
//!
//! # What is shown
//!
//! A pending pair is Unconfigured, without anything of another cluster. Once completed, both
//! clusters list it: Connecting, then Connected ([`Options::connecting`]); Misconfigured while their
//! versions are more than one major apart; Disconnected while the link is [cut](Simulator::cut), or
//! after one side was removed.
//!
//! A volume pair is, the first of these that fits: PausedDisconnected (the link is cut),
//! StoppedMisconfigured (the other volume is purged or unpaired), PausedMisconfigured (a volume is
//! deleted, or not one source and one target, or pending), PausedVolumeSizeMismatch (the target is
//! smaller), PausedManual, PausedManualRemote; PausedMisconfigured for a while after a change of
//! direction ([`Options::turning`]); then ResumingConnected, ResumingRRSync, ResumingLocalSync and
//! ResumingDataTransfer ([`Options::resuming`] each), and Active.
//!
//! Source: user guide; API reference; where either is silent: the author's choice, and so are all
//! durations.
//!
//! # Limits
//!
//! Requests up to [`MAX_REQUEST_LEN`] bytes; 4000 volumes and 5000 accounts a cluster. Each call adds
//! at most one pair, volume or account, so that memory grows with the calls, no faster. No input
//! panics.

use alloc::{
    borrow::Cow,
    collections::{BTreeMap, BTreeSet},
    string::String,
    vec::Vec,
};
use core::{
    error::Error,
    fmt,
    net::IpAddr,
    ops::{Index, IndexMut},
    time::Duration,
};

use uuid::Uuid;

pub use self::answer::{Answer, MAX_REQUEST_LEN};
use crate::{
    api::{Access, ClusterPairStatus, ReplicationMode, ReplicationState, VolumeStatus},
    key::ClusterPairingKey,
    secret::Secret,
    topology::{Rule, UnknownCluster, audit::CLUSTER_PAIRS},
};

mod account;
mod answer;
mod cluster;
mod listed;
mod object;
mod pair;
mod params;
mod state;
mod volume;

/// How many volumes a cluster may have; GetLimits, volumeCountMax.
const VOLUMES: usize = 4000;
/// How many accounts a cluster may have; GetLimits, accountCountMax.
const ACCOUNTS: usize = 5000;
/// The longest name of a volume or account, in characters; GetLimits.
const NAME_LENGTH: usize = 64;
/// The smallest and the largest size of a volume, in bytes; GetLimits.
const SIZES: core::ops::RangeInclusive<u64> = 1_000_000_000..=17_592_186_044_416;
/// How long a deleted volume can be restored. Source: user guide, 8 hours.
const PURGED_AFTER: Duration = Duration::from_secs(8 * 60 * 60);
/// The version of a cluster that nobody has told one of.
const VERSION: &str = "12.5.0.897";

/// What is not known about clusters, and is chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Options {
    /// The time that the simulation begins at, since 1970-01-01T00:00:00Z; to the millisecond.
    pub start: Duration,
    /// How long a cluster pair is Connecting, after it was completed or a link was restored. "Seconds"
    /// is what is seen with public clients.
    pub connecting: Duration,
    /// How long the ends of a volume pair are PausedMisconfigured after a change of direction. "Up to
    /// a minute" is what is seen with public clients.
    pub turning: Duration,
    /// How long each of the four states is shown in which replication resumes.
    pub resuming: Duration,
    /// The rules of effect *unknown* on which the clusters do not insist: some of
    /// [`CHOICES`](Options::CHOICES); others have no effect.
    pub allowed: BTreeSet<Rule>,
}

impl Default for Options {
    /// From 2026-01-01; five seconds to connect, thirty to turn around, one for each state; nothing
    /// allowed.
    fn default() -> Self {
        Self {
            start: Duration::from_secs(1_767_225_600),
            connecting: Duration::from_secs(5),
            turning: Duration::from_secs(30),
            resuming: Duration::from_secs(1),
            allowed: BTreeSet::new(),
        }
    }
}

impl Options {
    /// The rules of which no public source says what happens when a call breaks them, so that the
    /// clusters either refuse it or let this happen:
    ///
    /// | rule | if it is allowed |
    /// |---|---|
    /// | `cluster_pair_limit_pending` | pending cluster pairs do not count towards the limit |
    /// | `cluster_pair_status_unknown` | volumes are paired and modified as if it were Connected |
    /// | `cluster_pair_id_unknown` | nothing |
    /// | `volume_pairs_remain_remote` | the cluster pair is removed on the side that was asked |
    /// | `cluster_key_without_pair` | the pair is made on the side that completes it alone |
    /// | `volume_key_without_pair` | the same of volumes |
    /// | `volume_pairing_pending` | the pending pair is replaced |
    /// | `volume_pair_not_completed`, `volume_pair_without_cluster_pair` | the pair is modified |
    /// | `volume_key_mvip_ambiguous` | the cluster pair of the lowest ID is taken |
    /// | `volume_deleted`, `volume_not_active` | the call is answered as for an active volume |
    /// | `mode_set_on_target` | the mode is set |
    /// | `value_unknown` | the word is kept as it is |
    pub const CHOICES: &[Rule] = &[
        Rule::ClusterPairLimitPending,
        Rule::ClusterPairStatusUnknown,
        Rule::ClusterPairIdUnknown,
        Rule::VolumePairsRemainRemote,
        Rule::ClusterKeyWithoutPair,
        Rule::VolumePairWithoutClusterPair,
        Rule::VolumePairingPending,
        Rule::VolumeDeleted,
        Rule::VolumeNotActive,
        Rule::VolumePairNotCompleted,
        Rule::ModeSetOnTarget,
        Rule::ValueUnknown,
        Rule::VolumeKeyWithoutPair,
        Rule::VolumeKeyMvipAmbiguous,
    ];

    /// The same options, and calls happen that break this rule.
    #[must_use]
    pub fn allow(mut self, rule: Rule) -> Self {
        self.allowed.insert(rule);
        self
    }
}

/// A cluster to be simulated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ClusterSpec {
    /// Name.
    pub name: String,
    /// Management virtual IP. Two clusters can have the same, as on a real network.
    pub mvip: IpAddr,
    /// Element version, such as `12.5.0.897`.
    pub version: String,
    /// Unique ID, such as `xsm6`; made from the seed if none.
    pub unique_id: Option<String>,
    /// Volumes; their IDs count from 1. They belong to the account of ID 1, which every cluster has.
    pub volumes: Vec<VolumeSpec>,
}

impl ClusterSpec {
    /// A cluster of version 12.5.0.897, without volumes.
    #[must_use]
    pub fn new(name: impl Into<String>, mvip: impl Into<IpAddr>) -> Self {
        let (name, mvip) = (name.into(), mvip.into());
        Self { name, mvip, version: VERSION.into(), unique_id: None, volumes: Vec::new() }
    }
}

/// A volume to be simulated.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VolumeSpec {
    /// Name; need not be unique.
    pub name: String,
    /// Who may use it.
    pub access: Access,
    /// Size in bytes.
    pub total_size: u64,
    /// Whether it shows blocks of 512 bytes.
    pub enable512e: bool,
}

impl VolumeSpec {
    /// A readWrite volume of this many bytes.
    #[must_use]
    pub fn new(name: impl Into<String>, total_size: u64) -> Self {
        Self { name: name.into(), access: Access::ReadWrite, total_size, enable512e: true }
    }
}

/// Why a cluster cannot be simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum SpecError {
    /// Another cluster has the same unique ID.
    UniqueIdNotUnique,
    /// More than 4000 volumes.
    TooManyVolumes,
    /// Listings do not tell the cluster's unique ID, or its MVIP, or that is no IP address.
    NoIdentity,
}

impl SpecError {
    /// The error's name for programs; it never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::UniqueIdNotUnique => Rule::UniqueIdNotUnique.code(),
            Self::TooManyVolumes => "too_many_volumes",
            Self::NoIdentity => "no_identity",
        }
    }

    /// What to do about it, in one sentence.
    #[must_use]
    pub fn help(self) -> &'static str {
        match self {
            Self::UniqueIdNotUnique => "Give each cluster a unique ID of its own, or none.",
            Self::TooManyVolumes => "Spread the volumes over more clusters.",
            Self::NoIdentity => "Give the cluster's answer to GetClusterInfo as well.",
        }
    }
}

impl fmt::Display for SpecError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UniqueIdNotUnique => f.write_str("another cluster has the same unique ID"),
            Self::TooManyVolumes => write!(f, "a cluster has at most {VOLUMES} volumes"),
            Self::NoIdentity => f.write_str("a cluster's unique ID and MVIP are not told"),
        }
    }
}

impl Error for SpecError {}

/// Clusters in memory. See the [module](self).
///
/// Clusters are named as [`Topology::check`](crate::topology::Topology::check) does: by unique ID,
/// name or MVIP.
#[derive(Debug)]
pub struct Simulator {
    options: Options,
    random: fastrand::Rng,
    /// Since 1970.
    now: Duration,
    clusters: Clusters,
    /// Between which clusters there is no connection, the lower place first.
    cut: BTreeSet<(At, At)>,
    /// The UUIDs of pairs whose keys were completed.
    used: BTreeSet<Uuid>,
}

/// The place of a cluster: made by [`Clusters`] alone, and no cluster ever goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct At(usize);

#[derive(Debug, Default)]
struct Clusters(Vec<Cluster>);

impl Clusters {
    fn places(&self) -> impl Iterator<Item = At> + use<> {
        (0..self.0.len()).map(At)
    }

    fn iter(&self) -> impl Iterator<Item = (At, &Cluster)> {
        self.0.iter().enumerate().map(|(at, cluster)| (At(at), cluster))
    }
}

impl Index<At> for Clusters {
    type Output = Cluster;

    #[expect(clippy::indexing_slicing, reason = "there is a cluster at every place")]
    fn index(&self, at: At) -> &Cluster {
        &self.0[at.0]
    }
}

impl IndexMut<At> for Clusters {
    #[expect(clippy::indexing_slicing, reason = "there is a cluster at every place")]
    fn index_mut(&mut self, at: At) -> &mut Cluster {
        &mut self.0[at.0]
    }
}

#[derive(Debug)]
struct Cluster {
    name: String,
    unique_id: String,
    uuid: Uuid,
    mvip: IpAddr,
    version: String,
    /// How many cluster pairs it may have.
    limit: u64,
    pairs: BTreeMap<u64, ClusterPair>,
    volumes: BTreeMap<u64, Volume>,
    accounts: BTreeMap<u64, Account>,
    /// The IDs that come next; none is given twice.
    next_pair: u64,
    next_volume: u64,
    next_account: u64,
}

/// A cluster pair, as one of its clusters has it.
#[derive(Debug)]
struct ClusterPair {
    uuid: Uuid,
    /// None while the pair is pending.
    partner: Option<Partner>,
    /// The key of a pending pair; none where only its listing was given.
    key: Option<ClusterPairingKey>,
    /// From when on it is Connected.
    connected: Duration,
    /// Round trip in milliseconds.
    latency: u64,
    /// A status that was listed and that nothing here explains.
    listed: Option<ClusterPairStatus>,
}

/// The other cluster of a pair, as it was when they were paired.
#[derive(Debug, Clone, Default)]
struct Partner {
    unique_id: String,
    name: String,
    mvip: Option<IpAddr>,
    version: String,
}

#[derive(Debug)]
struct Volume {
    name: String,
    uuid: Uuid,
    account: u64,
    access: Access,
    status: VolumeStatus,
    total_size: u64,
    block_size: u64,
    enable512e: bool,
    qos: Qos,
    /// A JSON object.
    attributes: String,
    created: Duration,
    deleted: Option<Duration>,
    pairs: Vec<VolumePair>,
}

/// Operations a second.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Qos {
    min: u64,
    max: u64,
    burst: u64,
}

/// A volume pair, as one of its volumes has it.
#[derive(Debug)]
struct VolumePair {
    uuid: Uuid,
    /// None while the pair is pending.
    remote: Option<Remote>,
    mode: ReplicationMode,
    /// By hand, on this side.
    is_paused: bool,
    /// Whether it has had a source and a target.
    has_run: bool,
    /// When a change of direction is over.
    turned: Duration,
    /// When replication began to resume.
    resumed: Duration,
    /// A state that was listed and that nothing here explains.
    listed: Option<ReplicationState>,
}

#[derive(Debug, Clone)]
struct Remote {
    /// The cluster pair, on this side's cluster.
    cluster_pair: u64,
    volume: u64,
    name: String,
}

#[derive(Debug)]
struct Account {
    username: String,
    initiator_secret: Secret,
    target_secret: Secret,
    /// A JSON object.
    attributes: String,
}

impl Simulator {
    /// No clusters yet. Keys, UUIDs and passwords are made from the seed.
    #[must_use]
    pub fn new(seed: u64, options: Options) -> Self {
        Self {
            random: fastrand::Rng::with_seed(seed),
            now: options.start,
            clusters: Clusters::default(),
            cut: BTreeSet::new(),
            used: BTreeSet::new(),
            options,
        }
    }

    /// Adds a cluster, which has a connection to every other one.
    ///
    /// # Errors
    ///
    /// `unique_id_not_unique`, `too_many_volumes`.
    pub fn add_cluster(&mut self, spec: ClusterSpec) -> Result<(), SpecError> {
        if spec.volumes.len() > VOLUMES {
            return Err(SpecError::TooManyVolumes);
        }
        let at = self.add(spec.name, spec.mvip, spec.version, spec.unique_id)?;
        for VolumeSpec { name, access, total_size, enable512e } in spec.volumes {
            let volume = self.new_volume(name, total_size);
            self.clusters[at].add_volume(Volume { access, enable512e, ..volume });
        }
        Ok(())
    }

    fn add(
        &mut self,
        name: String,
        mvip: IpAddr,
        version: String,
        unique_id: Option<String>,
    ) -> Result<At, SpecError> {
        let is_taken = |id: &str| self.clusters.iter().any(|(_, other)| other.unique_id == id);
        let unique_id = match unique_id {
            Some(id) if is_taken(&id) => return Err(SpecError::UniqueIdNotUnique),
            Some(id) => id,
            None => loop {
                // A letter first: digits alone would be no unique ID.
                let mut id = String::from(self.random.lowercase());
                id.extend((0..3).map(|_| self.random.alphanumeric().to_ascii_lowercase()));
                if !is_taken(&id) {
                    break id;
                }
            },
        };
        let account = Account {
            username: "element".into(),
            initiator_secret: self.secret(12),
            target_secret: self.secret(12),
            attributes: "{}".into(),
        };
        let cluster = Cluster {
            name,
            unique_id,
            uuid: self.uuid(),
            mvip,
            version,
            limit: CLUSTER_PAIRS,
            pairs: BTreeMap::new(),
            volumes: BTreeMap::new(),
            accounts: [(1, account)].into(),
            next_pair: 1,
            next_volume: 1,
            next_account: 2,
        };
        self.clusters.0.push(cluster);
        Ok(At(self.clusters.0.len() - 1))
    }

    /// The unique IDs of the clusters, in the order in which they were added.
    pub fn clusters(&self) -> impl Iterator<Item = &str> {
        self.clusters.iter().map(|(_, cluster)| &*cluster.unique_id)
    }

    /// The time, since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn now(&self) -> Duration {
        self.now
    }

    /// Lets time pass: pairs connect, replication resumes, and volumes that were deleted eight hours
    /// ago are purged.
    pub fn advance(&mut self, by: Duration) {
        self.now = self.now.saturating_add(by);
        let now = self.now;
        for cluster in &mut self.clusters.0 {
            let is_due = |deleted: Duration| deleted.saturating_add(PURGED_AFTER) <= now;
            cluster.volumes.retain(|_, volume| !volume.deleted.is_some_and(is_due));
        }
    }

    /// Cuts the connection between two clusters: their pair is Disconnected.
    ///
    /// # Errors
    ///
    /// Where either is not exactly one of the clusters.
    pub fn cut(&mut self, one: &str, other: &str) -> Result<(), UnknownCluster> {
        let link = self.link(one, other)?;
        self.cut.insert(link);
        Ok(())
    }

    /// Restores the connection between two clusters: their pair connects anew.
    ///
    /// # Errors
    ///
    /// Where either is not exactly one of the clusters.
    pub fn restore(&mut self, one: &str, other: &str) -> Result<(), UnknownCluster> {
        let (one, other) = self.link(one, other)?;
        if self.cut.remove(&(one, other)) {
            for (here, there) in [(one, other), (other, one)] {
                let connected = self.now.saturating_add(self.options.connecting);
                for id in self.pairs_with(here, there) {
                    if let Some(pair) = self.clusters[here].pairs.get_mut(&id) {
                        pair.connected = connected;
                    }
                }
            }
        }
        Ok(())
    }

    fn link(&self, one: &str, other: &str) -> Result<(At, At), UnknownCluster> {
        let (one, other) = (self.find(one)?, self.find(other)?);
        Ok((one.min(other), one.max(other)))
    }

    fn is_cut(&self, one: At, other: At) -> bool {
        self.cut.contains(&(one.min(other), one.max(other)))
    }

    /// The cluster of this unique ID, else of this name, else of this MVIP.
    fn find(&self, cluster: &str) -> Result<At, UnknownCluster> {
        let mvip = cluster.parse::<IpAddr>().ok();
        let is: [&dyn Fn(&Cluster) -> bool; 3] =
            [&|one| one.unique_id == cluster, &|one| one.name == cluster, &|one| {
                Some(one.mvip) == mvip
            }];
        for is in is {
            let mut found = self.clusters.iter().filter(|(_, one)| is(one)).map(|(at, _)| at);
            match (found.next(), found.next()) {
                (Some(at), None) => return Ok(at),
                (Some(_), Some(_)) => return Err(UnknownCluster),
                (None, _) => {}
            }
        }
        Err(UnknownCluster)
    }

    fn uuid(&mut self) -> Uuid {
        uuid::Builder::from_random_bytes(self.random.u128(..).to_be_bytes()).into_uuid()
    }

    /// Random printable characters, in a block of their exact size.
    fn secret(&mut self, length: usize) -> Secret {
        let mut text = String::with_capacity(length);
        text.extend((0..length).map(|_| self.random.char(' '..='~')));
        text.into()
    }

    fn new_volume(&mut self, name: String, total_size: u64) -> Volume {
        Volume {
            name,
            uuid: self.uuid(),
            account: 1,
            access: Access::ReadWrite,
            status: VolumeStatus::Active,
            total_size,
            block_size: 4096,
            enable512e: true,
            qos: Qos { min: 50, max: 15_000, burst: 15_000 },
            attributes: "{}".into(),
            created: self.now,
            deleted: None,
            pairs: Vec::new(),
        }
    }
}

impl Cluster {
    fn add_volume(&mut self, volume: Volume) -> u64 {
        let id = self.next_volume;
        self.next_volume += 1;
        self.volumes.insert(id, volume);
        id
    }

    fn add_pair(&mut self, pair: ClusterPair) -> u64 {
        let id = self.next_pair;
        self.next_pair += 1;
        self.pairs.insert(id, pair);
        id
    }
}

impl ClusterPair {
    /// A pair that is complete.
    fn new(uuid: Uuid, partner: Partner, connected: Duration) -> Self {
        Self { uuid, partner: Some(partner), key: None, connected, latency: 1, listed: None }
    }
}

impl VolumePair {
    /// A pair of this moment.
    fn new(uuid: Uuid, remote: Option<Remote>, mode: ReplicationMode, now: Duration) -> Self {
        Self {
            uuid,
            remote,
            mode,
            is_paused: false,
            has_run: false,
            turned: now,
            resumed: now,
            listed: None,
        }
    }
}

/// An IP address as text; nothing for none.
fn address(mvip: Option<IpAddr>) -> Cow<'static, str> {
    mvip.map_or_else(Cow::default, |mvip| alloc::string::ToString::to_string(&mvip).into())
}
