//! The simulator and `Topology::check` agree about what is refused, whatever happened before.

use std::{collections::BTreeSet, net::Ipv4Addr, time::Duration};

use element_pairing::{
    Secret,
    api::{
        Access, CompleteClusterPairing, CompleteVolumePairing, Method, ModifyVolume,
        ModifyVolumePair, RemoveClusterPair, RemoveVolumePair, ReplicationMode, Request,
        StartClusterPairing, StartVolumePairing,
    },
    simulator::{ClusterSpec, Options, Simulator, VolumeSpec},
    topology::{Call, Cluster, Effect, Rule, Topology},
};
use proptest::{
    collection::vec, option, prelude::*, sample::select, strategy::ValueTree,
    test_runner::TestRunner,
};
use serde_json::Value;

use crate::plan_properties::config;

const CLUSTERS: usize = 6;
const VOLUMES: u64 = 2;

/// What a simulated cluster refuses and `check` cannot know, as no listing shows it.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum NotKnown {
    /// A key that was used, after its pair was removed on both sides.
    UsedKey,
    /// A key that was changed where nothing but the cluster that made it sees it.
    ChangedKey,
    /// No connection between two clusters that are not paired yet.
    NoConnection,
}

#[derive(Debug, Clone)]
enum Step {
    StartClusterPairing,
    CompleteClusterPairing(usize),
    RemoveClusterPair(u64),
    StartVolumePairing(u64, Option<&'static str>),
    CompleteVolumePairing(u64, usize),
    ModifyVolumePair(u64, Option<bool>, Option<&'static str>),
    RemoveVolumePair(u64),
    ModifyVolume(u64, Option<&'static str>, Option<u64>),
    /// Methods that `check` does not judge.
    Other(&'static str, u64),
    /// Pairs two clusters and two volumes as it should be done.
    Pair(usize, u64, u64),
    /// The same, unpairs the volumes, and sends their key once more.
    PairAgain(usize, u64, u64),
    Change(usize),
    Wait(u64),
    Cut(usize),
    Restore(usize),
}

fn step() -> impl Strategy<Value = Step> {
    let volume = || 1..=VOLUMES + 1;
    let key = 0_usize..8;
    let mode = || option::of(select(vec!["Async", "sync", "SnapshotsOnly", "later"]));
    let access =
        option::of(select(vec!["readWrite", "replicationTarget", "readOnly", "locked", "other"]));
    let size = option::of(select(vec![2_000_000_000, 3_000_000_000, 4_000_000_000]));
    prop_oneof![
        4 => Just(Step::StartClusterPairing),
        6 => key.clone().prop_map(Step::CompleteClusterPairing),
        2 => (1_u64..7).prop_map(Step::RemoveClusterPair),
        3 => (volume(), mode()).prop_map(|(id, mode)| Step::StartVolumePairing(id, mode)),
        6 => (volume(), key.clone()).prop_map(|(id, key)| Step::CompleteVolumePairing(id, key)),
        2 => (volume(), option::of(any::<bool>()), mode())
            .prop_map(|(id, paused, mode)| Step::ModifyVolumePair(id, paused, mode)),
        3 => volume().prop_map(Step::RemoveVolumePair),
        3 => (volume(), access, size)
            .prop_map(|(id, access, size)| Step::ModifyVolume(id, access, size)),
        2 => (select(vec!["DeleteVolume", "RestoreDeletedVolume", "PurgeDeletedVolume"]), volume())
            .prop_map(|(method, id)| Step::Other(method, id)),
        4 => (0..CLUSTERS, volume(), volume()).prop_map(|(with, one, other)| Step::Pair(with, one, other)),
        1 => (0..CLUSTERS, volume(), volume()).prop_map(|(with, one, other)| Step::PairAgain(with, one, other)),
        1 => key.prop_map(Step::Change),
        3 => select(vec![1000, 5000, 60_000]).prop_map(Step::Wait),
        1 => (0..CLUSTERS).prop_map(Step::Cut),
        2 => (0..CLUSTERS).prop_map(Step::Restore),
    ]
}

/// Whether a call that breaks the rule is refused.
fn is_refusal(is_strict: bool, rule: Rule) -> bool {
    match rule.effect() {
        Effect::Refused { .. } => true,
        // Which of the cluster pairs a lenient cluster takes decides about other rules.
        _ if rule == Rule::VolumeKeyMvipAmbiguous => true,
        _ => is_strict && Options::CHOICES.contains(&rule),
    }
}

fn name(cluster: usize) -> String {
    format!("site-{cluster}")
}

struct World {
    simulator: Simulator,
    keys: Vec<(String, bool)>,
    is_strict: bool,
    /// How many calls the cluster answered with a result, and how many with an error, as expected.
    done: usize,
    refused: usize,
    not_known: BTreeSet<NotKnown>,
}

impl World {
    /// With clusters that insist on everything, or on what is known alone.
    fn new(is_strict: bool) -> Self {
        let is_allowed = |rule: &&Rule| !is_strict && !is_refusal(is_strict, **rule);
        let allowed = Options::CHOICES.iter().filter(is_allowed);
        let options = allowed.fold(Options::default(), |all, rule| all.allow(*rule));
        let mut simulator = Simulator::new(7, options);
        for number in 0..CLUSTERS {
            // Two share an MVIP.
            let last = [1, 2, 3, 4, 5, 1][number];
            let mut spec = ClusterSpec::new(name(number), Ipv4Addr::new(10, 0, 0, last));
            spec.volumes =
                (0..VOLUMES).map(|id| VolumeSpec::new(format!("v{id}"), 2_000_000_000)).collect();
            if number == 4 {
                spec.version = "10.4.0.35".into();
            }
            simulator.add_cluster(spec).unwrap();
        }
        let (keys, not_known) = (Vec::new(), BTreeSet::new());
        Self { simulator, keys, is_strict, done: 0, refused: 0, not_known }
    }

    fn key(&self, back: usize) -> (String, bool) {
        // The latest ones are of most use.
        let at = self.keys.len().checked_sub(back % 4 + 1);
        at.map_or_else(|| ("7b7d".into(), false), |at| self.keys[at].clone())
    }

    fn act(&mut self, cluster: usize, step: &Step) {
        let here = name(cluster);
        let digits = |key: &(String, bool)| Secret::from(&*key.0);
        let mode = |mode: Option<&str>| mode.map(ReplicationMode::from);
        match *step {
            Step::StartClusterPairing => self.call(&here, StartClusterPairing, false),
            Step::CompleteClusterPairing(key) => {
                let key = self.key(key);
                let call = CompleteClusterPairing { cluster_pairing_key: digits(&key) };
                self.call(&here, call, key.1);
            }
            Step::RemoveClusterPair(cluster_pair_id) => {
                self.call(&here, RemoveClusterPair { cluster_pair_id }, false);
            }
            Step::StartVolumePairing(volume_id, word) => {
                self.call(&here, StartVolumePairing { volume_id, mode: mode(word) }, false);
            }
            Step::CompleteVolumePairing(volume_id, key) => {
                let key = self.key(key);
                let call = CompleteVolumePairing { volume_id, volume_pairing_key: digits(&key) };
                self.call(&here, call, key.1);
            }
            Step::ModifyVolumePair(volume_id, paused_manual, word) => {
                let call = ModifyVolumePair { volume_id, paused_manual, mode: mode(word) };
                self.call(&here, call, false);
            }
            Step::RemoveVolumePair(volume_id) => {
                self.call(&here, RemoveVolumePair { volume_id }, false);
            }
            Step::ModifyVolume(volume_id, word, total_size) => {
                let access = word.map(Access::from);
                self.call(&here, ModifyVolume { volume_id, access, total_size }, false);
            }
            Step::Other(method, id) => {
                let request = format!(r#"{{"method":"{method}","params":{{"volumeID":{id}}}}}"#);
                self.simulator.answer(&here, &request).unwrap();
            }
            Step::Pair(with, one, other) => {
                self.act(cluster, &Step::StartClusterPairing);
                self.act(with, &Step::CompleteClusterPairing(0));
                self.act(cluster, &Step::Wait(5000));
                self.act(cluster, &Step::StartVolumePairing(one, None));
                self.act(with, &Step::CompleteVolumePairing(other, 0));
            }
            Step::PairAgain(with, one, other) => {
                self.act(cluster, &Step::Pair(with, one, other));
                self.act(cluster, &Step::RemoveVolumePair(one));
                self.act(with, &Step::RemoveVolumePair(other));
                self.act(with, &Step::CompleteVolumePairing(other, 0));
            }
            Step::Change(key) => {
                let (digits, _) = self.key(key);
                let mut json: Value =
                    serde_json::from_slice(&hex::decode(digits).unwrap()).unwrap();
                json["added"] = 1.into();
                self.keys.push((hex::encode(json.to_string()), true));
            }
            Step::Wait(time) => self.simulator.advance(Duration::from_millis(time)),
            Step::Cut(with) => self.simulator.cut(&here, &name(with)).unwrap(),
            Step::Restore(with) => self.simulator.restore(&here, &name(with)).unwrap(),
        }
    }

    /// Asks what may be done, does it, and compares.
    fn call<M: Method>(&mut self, cluster: &str, call: M, is_changed: bool)
    where
        for<'c> Call<'c>: From<&'c M>,
    {
        let texts: Vec<_> =
            (0..CLUSTERS).map(|number| self.simulator.listings(&name(number)).unwrap()).collect();
        let topology: Topology<'_> =
            texts.iter().map(|text| Cluster::read(text).unwrap()).collect();
        let report = topology.check(cluster, &call).unwrap();
        let is_refusal = |rule: &Rule| is_refusal(self.is_strict, *rule);
        let expected: Vec<_> =
            report.findings().iter().map(|one| one.rule).filter(is_refusal).collect();

        let shown = format!("{call:?} to {cluster}: {report}");
        // Everything was seen.
        let mut unchecked = report.unchecked().iter().map(|one| one.rule);
        assert!(!expected.is_empty() || !unchecked.any(|rule| is_refusal(&rule)), "{shown}");
        let answer =
            self.simulator.answer(cluster, Request::new(1, call).write().expose()).unwrap();
        let response: Value = serde_json::from_str(answer.response.expose()).unwrap();
        let key = ["clusterPairingKey", "volumePairingKey"]
            .iter()
            .find_map(|name| response["result"][name].as_str());
        self.keys.extend(key.map(|key| (key.to_owned(), false)));
        match (answer.refused, response.get("error")) {
            (Some(rule), Some(_)) if expected.contains(&rule) => self.refused += 1,
            (None, None) if expected.is_empty() => self.done += 1,
            // What no listing shows.
            (Some(Rule::ClusterKeyUsed | Rule::VolumeKeyUsed), _) => {
                self.not_known.insert(NotKnown::UsedKey);
            }
            (Some(Rule::ClusterKeyUnreadable | Rule::VolumeKeyUnreadable), _) if is_changed => {
                self.not_known.insert(NotKnown::ChangedKey);
            }
            // That the other cluster lists a pair already, nobody hears of without a connection.
            (None, Some(_))
                if M::NAME == CompleteClusterPairing::NAME
                    && expected.iter().all(|rule| *rule == Rule::ClusterPairedTwice) =>
            {
                self.not_known.insert(NotKnown::NoConnection);
            }
            _ => panic!("{shown}\n{response}"),
        }
    }
}

fn steps() -> impl Strategy<Value = Vec<(usize, Step)>> {
    vec((0..CLUSTERS, step()), 1..40)
}

fn run(is_strict: bool, steps: &[(usize, Step)]) -> World {
    let mut world = World::new(is_strict);
    for (cluster, step) in steps {
        world.act(*cluster, step);
    }
    world
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..config(40) })]

    #[test]
    fn clusters_that_insist_on_everything(steps in steps()) {
        run(true, &steps);
    }

    #[test]
    fn clusters_that_insist_on_what_is_known(steps in steps()) {
        run(false, &steps);
    }
}

/// The comparison sees enough of either outcome, and each exception.
#[test]
fn what_is_compared() {
    let mut runner = TestRunner::deterministic();
    let (mut done, mut refused, mut not_known) = (0, 0, BTreeSet::new());
    for case in 0..60 {
        let steps = steps().new_tree(&mut runner).unwrap().current();
        let world = run(case % 2 == 0, &steps);
        done += world.done;
        refused += world.refused;
        not_known.extend(world.not_known);
    }
    assert!(done > 500 && refused > 500, "{done} done, {refused} refused");
    assert_eq!(
        Vec::from_iter(not_known),
        [NotKnown::UsedKey, NotKnown::ChangedKey, NotKnown::NoConnection]
    );
}
