//! What holds for the plans of all goals, carried out on simulated clusters.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    net::Ipv4Addr,
    time::Duration,
};

use element_pairing::{
    api::{Access, ReplicationMode, ReplicationState, VolumePair},
    simulator::{ClusterSpec, Options, Simulator},
    topology::{
        Cluster, Effect, Finding, Part, Report, Rule, Severity, Topology, Verdict,
        plan::{
            Entry, Goal, NoPlan, PendingPair, Plan, Record, Step, VolumePlace, Volumes,
            VolumesToPair,
        },
    },
};
use proptest::{collection::vec, prelude::*, sample::select};
use serde_json::{Value, json};

use crate::rules_cases::check;

/// How two volumes stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Unpaired,
    Replicating,
    /// Neither is a target.
    NoDirection,
    PausedAtSource,
    PausedAtTarget,
    Sync,
    /// Unpaired on the side of the source alone, or of the target.
    OneSided(bool),
    /// The target is larger.
    Larger,
    /// A key was made for the source.
    Pending,
    Deleted,
}

#[derive(Debug, Clone)]
struct Site {
    clusters: usize,
    /// For each two clusters: whether they are paired, and their volumes; the bool turns them.
    links: Vec<(bool, Vec<(Kind, bool)>)>,
    /// Clusters with a pending cluster pair.
    pending: Vec<usize>,
    /// Two clusters whose pair was removed on the first alone.
    one_sided: Option<usize>,
}

fn site() -> impl Strategy<Value = Site> {
    let kinds = select(vec![
        Kind::Unpaired,
        Kind::Unpaired,
        Kind::Replicating,
        Kind::Replicating,
        Kind::NoDirection,
        Kind::PausedAtSource,
        Kind::PausedAtTarget,
        Kind::Sync,
        Kind::OneSided(false),
        Kind::OneSided(true),
        Kind::Larger,
        Kind::Pending,
        Kind::Deleted,
    ]);
    let links = vec((any::<bool>(), vec((kinds, any::<bool>()), 0..4)), 15);
    (2..=6_usize, links, vec(0..6_usize, 0..2), proptest::option::weighted(0.2, 0..15_usize))
        .prop_map(|(clusters, links, pending, one_sided)| Site {
            clusters,
            links,
            pending,
            one_sided,
        })
}

fn name(cluster: usize) -> String {
    format!("site-{cluster}")
}

struct World(Simulator);

impl World {
    fn new(site: &Site) -> Self {
        let mut world = Self(Simulator::new(7, Options::default()));
        for cluster in 0..site.clusters {
            let mvip = Ipv4Addr::new(10, 0, 0, cluster as u8 + 1);
            world.0.add_cluster(ClusterSpec::new(name(cluster), mvip)).unwrap();
        }
        let two = (0..site.clusters).flat_map(|a| (a + 1..site.clusters).map(move |b| (a, b)));
        for (number, ((a, b), (is_paired, volumes))) in two.zip(&site.links).enumerate() {
            let ids = is_paired.then(|| world.pair(a, b)).flatten();
            for &(kind, is_turned) in volumes {
                let [a, b] = if is_turned { [b, a] } else { [a, b] };
                world.volumes(a, b, if ids.is_some() { kind } else { Kind::Unpaired });
            }
            if let Some([here, _]) = ids.filter(|_| site.one_sided == Some(number)) {
                world.call(a, "RemoveClusterPair", &json!({"clusterPairID": here}));
            }
        }
        for cluster in &site.pending {
            world.call(cluster % site.clusters, "StartClusterPairing", &json!({}));
        }
        world.0.advance(Duration::from_secs(120));
        world
    }

    fn call(&mut self, cluster: usize, method: &str, params: &Value) -> Option<Value> {
        let request = json!({"method": method, "params": params, "id": 1}).to_string();
        let answer = self.0.answer(&name(cluster), &request).unwrap();
        let response: Value = serde_json::from_str(answer.response.expose()).unwrap();
        response.get("result").cloned()
    }

    /// None where the limit is reached.
    fn pair(&mut self, a: usize, b: usize) -> Option<[Value; 2]> {
        let started = self.call(a, "StartClusterPairing", &json!({}))?;
        let key = json!({"clusterPairingKey": started["clusterPairingKey"]});
        let Some(completed) = self.call(b, "CompleteClusterPairing", &key) else {
            self.call(a, "RemoveClusterPair", &json!({"clusterPairID": started["clusterPairID"]}));
            return None;
        };
        self.0.advance(Duration::from_secs(10));
        Some([started["clusterPairID"].clone(), completed["clusterPairID"].clone()])
    }

    fn volume(&mut self, cluster: usize, size: u64) -> u64 {
        let params = json!({"name": "v", "accountID": 1, "totalSize": size, "enable512e": true});
        let created = self.call(cluster, "CreateVolume", &params).unwrap();
        created["volumeID"].as_u64().unwrap()
    }

    fn volumes(&mut self, a: usize, b: usize, kind: Kind) {
        let size = 2_000_000_000;
        let source = self.volume(a, size);
        let target = self.volume(b, if kind == Kind::Larger { 2 * size } else { size });
        if kind == Kind::Unpaired {
            return;
        }
        let mode = if kind == Kind::Sync { "Sync" } else { "Async" };
        let params = json!({"volumeID": source, "mode": mode});
        let key = self.call(a, "StartVolumePairing", &params).unwrap();
        if kind == Kind::Pending {
            return;
        }
        let key = json!({"volumeID": target, "volumePairingKey": key["volumePairingKey"]});
        self.call(b, "CompleteVolumePairing", &key).unwrap();
        if kind == Kind::NoDirection {
            return;
        }
        let params = json!({"volumeID": target, "access": "replicationTarget"});
        self.call(b, "ModifyVolume", &params).unwrap();
        let (cluster, method, params) = match kind {
            Kind::PausedAtSource => {
                (a, "ModifyVolumePair", json!({"volumeID": source, "pausedManual": true}))
            }
            Kind::PausedAtTarget => {
                (b, "ModifyVolumePair", json!({"volumeID": target, "pausedManual": true}))
            }
            Kind::OneSided(false) => (a, "RemoveVolumePair", json!({"volumeID": source})),
            Kind::OneSided(true) => (b, "RemoveVolumePair", json!({"volumeID": target})),
            Kind::Deleted => (b, "DeleteVolume", json!({"volumeID": target})),
            _ => return,
        };
        self.call(cluster, method, &params).unwrap();
    }

    fn listings(&mut self) -> Vec<String> {
        let clusters: Vec<_> = self.0.clusters().map(str::to_owned).collect();
        clusters.iter().map(|cluster| self.0.listings(cluster).unwrap()).collect()
    }

    fn see<T>(&mut self, look: impl FnOnce(&Topology<'_>) -> T) -> T {
        let listings = self.listings();
        look(&listings.iter().map(|text| Cluster::read(text).unwrap()).collect())
    }
}

/// A goal by numbers that mean something in any topology.
#[derive(Debug, Clone)]
struct Wanted {
    kind: usize,
    clusters: [usize; 2],
    /// None for all.
    volumes: Option<Vec<usize>>,
    mode: Option<ReplicationMode>,
}

fn wanted() -> impl Strategy<Value = Wanted> {
    let modes = select(vec![
        None,
        Some(ReplicationMode::Async),
        Some(ReplicationMode::Sync),
        Some(ReplicationMode::SnapshotsOnly),
    ]);
    let volumes = proptest::option::of(vec(0..20_usize, 1..4));
    (0..9_usize, [0..6_usize, 0..6_usize], volumes, modes)
        .prop_map(|(kind, clusters, volumes, mode)| Wanted { kind, clusters, volumes, mode })
}

impl Wanted {
    /// The goal, on clusters as they are listed.
    fn goal(&self, topology: &Topology<'_>) -> Goal {
        let count = topology.clusters().len();
        let [a, b] = self.clusters;
        let a = a % count;
        let b = if b % count == a { (a + 1) % count } else { b % count };
        let clusters = [name(a), name(b)];
        let of = |cluster: &str| {
            let is_it = |one: &&Cluster<'_>| {
                one.info.as_ref().and_then(|info| info.name.as_deref()) == Some(cluster)
            };
            let volumes = topology.clusters().iter().find(is_it).unwrap().volumes.as_ref();
            volumes.unwrap().iter().map(|volume| volume.volume_id).collect::<Vec<_>>()
        };
        let (here, there) = (of(&clusters[0]), of(&clusters[1]));
        let chosen = self.volumes.as_ref().filter(|_| !here.is_empty());
        let volumes = match chosen {
            Some(chosen) => Volumes::These(chosen.iter().map(|at| here[at % here.len()]).collect()),
            None => Volumes::All,
        };
        let [source, target] = clusters.clone();
        let mode = self.mode.clone();
        match self.kind {
            0 => Goal::PairClusters { clusters },
            1 => Goal::UnpairClusters { clusters },
            2 => {
                let place = |cluster: &String, ids: &[u64], at: usize| VolumePlace {
                    cluster: cluster.clone(),
                    volume_id: ids.get(at % ids.len().max(1)).copied().unwrap_or(1),
                };
                let at = self.volumes.clone().unwrap_or_default();
                let pairs = at.iter().map(|&at| VolumesToPair {
                    source: place(&source, &here, at),
                    target: place(&target, &there, at),
                });
                Goal::PairVolumes { pairs: pairs.collect(), mode }
            }
            3 => Goal::UnpairVolumes { clusters, volumes },
            4 => Goal::Direction { source, target, volumes },
            5 => Goal::SetMode { clusters, volumes, mode: mode.unwrap_or(ReplicationMode::Async) },
            6 => Goal::Pause { clusters, volumes },
            7 => Goal::Resume { clusters, volumes },
            _ => Goal::Repair {
                pending: vec![
                    PendingPair::Cluster { cluster: source.clone(), cluster_pair_id: 1 },
                    PendingPair::Volume(VolumePlace { cluster: target, volume_id: 1 }),
                ],
            },
        }
    }
}

/// Where a run is cut: before a call that is not a question, with nothing sent; or after it, with its
/// answer lost.
#[derive(Debug, Clone, Copy)]
enum Cut {
    Before(usize),
    After(usize),
}

/// Carries a plan out until it is cut, checks each step, and returns the record, written and read.
fn carry_out(world: &mut World, plan: Plan, cut: Option<Cut>) -> (Record, bool) {
    let steps = plan.steps().to_vec();
    let mut run = plan.run();
    let earlier = run.record().entries().to_vec();
    let (mut calls, mut written) = (0, vec![]);
    while let Some(call) = run.next_call() {
        let step = &steps[call.step - 1];
        let cluster = call.cluster.name.as_ref().unwrap().as_str().to_owned();
        world.0.advance(Duration::from_millis(call.delay_ms.into()));
        let is_question = step.wait().is_some();
        let mut was_writing = None;
        if !is_question {
            written.push(serde_json::to_string(run.entry().unwrap()).unwrap());
            if matches!(cut, Some(Cut::Before(at)) if at == calls) {
                break;
            }
            let request: Value = serde_json::from_str(call.request.expose()).unwrap();
            let call = json!({
                "cluster": cluster, "method": request["method"], "params": request["params"]
            });
            was_writing = Some(world.see(|topology| {
                assert_allowed(&check(topology, &call), &step.marks, step);
                writers(topology)
            }));
        }
        let answer = world.0.answer(&cluster, call.request.expose()).unwrap();
        assert!(answer.refused.is_none(), "{:?} refused: {step:?}", answer.refused);
        if let Some(before) = was_writing {
            let after = world.see(writers);
            let is_new = |uuid: &String| {
                after[uuid] == 2 && before.get(uuid).is_some_and(|writers| *writers < 2)
            };
            assert!(!after.keys().any(is_new), "two writers after {step:?}");
        }
        if !is_question && matches!(cut, Some(Cut::After(at)) if at == calls) {
            run.lost().unwrap_err();
            assert_eq!(run.stopped().unwrap().code(), "lost");
            break;
        }
        calls += usize::from(!is_question);
        if let Err(stopped) = run.answer(answer.response.expose()) {
            panic!("{stopped}: {step:?}");
        }
        if !is_question {
            written.push(serde_json::to_string(run.entry().unwrap()).unwrap());
        }
    }
    let record = run.record().clone();
    assert_eq!(Record::read(&serde_json::to_string(&record).unwrap()).unwrap(), record);
    // What was written down before each call and after it is what a process that died has.
    let written = written.iter().map(|entry| Entry::read(entry).unwrap());
    assert_eq!(earlier.into_iter().chain(written).collect::<Record>(), record);
    (record, run.is_done())
}

/// A step does no harm that it is not marked with.
fn assert_allowed(report: &Report, marks: &[Finding], step: &Step) {
    assert!(report.verdict() != Verdict::Refused, "{report}\n{step:?}");
    for finding in report.findings() {
        let is_marked = marks.iter().any(|mark| mark.rule == finding.rule);
        let is_harmless =
            finding.rule.severity() == Severity::Advice || finding.rule.effect() == Effect::Advice;
        assert!(is_marked || is_harmless, "{finding}: {step:?}");
    }
}

fn is_pending(pair: &VolumePair<'_>) -> bool {
    pair.remote_volume_id.is_none_or(|id| id == 0)
}

/// How many volumes of each volume pair take writes.
fn writers(topology: &Topology<'_>) -> BTreeMap<String, u32> {
    let mut writers = BTreeMap::new();
    for volume in topology.clusters().iter().flat_map(|cluster| cluster.volumes.iter().flatten()) {
        for pair in volume.pairs().iter().filter(|pair| !is_pending(pair)) {
            let writes = volume.access == Some(Access::ReadWrite);
            *writers.entry(pair.volume_pair_uuid.to_string()).or_default() += u32::from(writes);
        }
    }
    writers
}

/// What of a topology a plan can change, and undo: without IDs and UUIDs of pairs, and sizes.
fn snapshot(topology: &Topology<'_>) -> BTreeSet<String> {
    let mut facts = BTreeSet::new();
    let (mut pairs, mut ends) = (BTreeMap::<_, Vec<_>>::new(), BTreeMap::<_, Vec<_>>::new());
    for cluster in topology.clusters() {
        let name = cluster.info.as_ref().unwrap().name.as_deref().unwrap();
        for pair in cluster.pairs.iter().flatten() {
            if pair.status.as_ref().unwrap().as_str() == "Unconfigured" {
                facts.insert(format!("{name} has pending cluster pair {}", pair.cluster_pair_id));
            } else {
                pairs.entry(pair.cluster_pair_uuid.as_deref().unwrap()).or_default().push(name);
            }
        }
        for volume in cluster.volumes.iter().flatten() {
            let place = format!("{name}/{}", volume.volume_id);
            facts.insert(format!("{place} is {}", volume.access.as_ref().unwrap()));
            for pair in volume.pairs() {
                if is_pending(pair) {
                    facts.insert(format!("{place} has a pending pair"));
                }
                let replication = pair.remote_replication.as_ref().unwrap();
                let is_paused =
                    [ReplicationState::PausedManual, ReplicationState::PausedManualRemote]
                        .contains(replication.state.as_ref().unwrap());
                let mode = replication.mode.as_ref().unwrap();
                let end = format!("{place} {mode} {}", if is_paused { "paused" } else { "" });
                ends.entry(&*pair.volume_pair_uuid).or_default().push(end);
            }
        }
    }
    let both = |names: Vec<_>| (names.len() == 2).then(|| names.join(" is paired with "));
    facts.extend(
        pairs.into_values().filter_map(|names| both(names.into_iter().map(String::from).collect())),
    );
    facts.extend(ends.into_values().filter_map(both));
    facts
}

/// What the audit finds, but advice.
fn faults(topology: &Topology<'_>) -> BTreeSet<String> {
    let report = topology.audit();
    let findings = report.findings().iter();
    let findings = findings.filter(|finding| finding.rule.severity() < Severity::Advice);
    findings.map(|finding| format!("{} {}", finding.rule, finding.subject)).collect()
}

/// The goal is reached: planned again, it has no steps. Whether replication is paused that does not run
/// for another reason, no listing shows: it is paused again.
fn assert_reached(world: &mut World, goal: &Goal) {
    // Replication that was resumed takes a moment to show it.
    world.0.advance(Duration::from_secs(60));
    world.see(|topology| {
        let plan = topology.plan(goal).unwrap();
        let is_hidden = |step: &Step| {
            let cluster = topology.clusters().iter().find(|cluster| {
                let info = cluster.info.as_ref().unwrap();
                info.name.as_deref() == step.cluster().name.as_ref().map(|name| name.as_str())
            });
            let Part::Volume { id, .. } = step.subject.part else { return false };
            let volumes = cluster.unwrap().volumes.as_ref().unwrap();
            let volume = volumes.iter().find(|volume| volume.volume_id == id).unwrap();
            let replication = volume.pairs()[0].remote_replication.as_ref().unwrap();
            let state = replication.state.as_ref().unwrap();
            [ReplicationState::PausedMisconfigured, ReplicationState::StoppedMisconfigured]
                .contains(state)
        };
        let is_pause = matches!(goal, Goal::Pause { .. });
        let left: Vec<_> =
            plan.steps().iter().filter(|step| !is_pause || !is_hidden(step)).collect();
        assert!(left.is_empty(), "{goal:?}: {left:?}");
        assert_holds(goal, topology);
    });
}

/// The goal holds, as the listings show it, whatever a plan would say.
fn assert_holds(goal: &Goal, topology: &Topology<'_>) {
    let facts = snapshot(topology);
    let ends = |place: &str| format!("{place} ");
    // The facts of volume pairs between two clusters, of the first's volumes that are chosen.
    let between = |[a, b]: &[String; 2], volumes: &Volumes| -> Vec<&String> {
        let is_chosen = |fact: &&String| match volumes {
            Volumes::All => true,
            Volumes::These(ids) => ids.iter().any(|id| fact.contains(&ends(&format!("{a}/{id}")))),
        };
        let is_between = |fact: &&String| {
            fact.contains(" is paired with ")
                && [a, b].iter().all(|name| fact.contains(&format!("{name}/")))
        };
        facts.iter().filter(is_between).filter(is_chosen).collect()
    };
    let has_access = |place: &str, access: Access| facts.contains(&format!("{place} is {access}"));
    let are_paired = |[a, b]: &[String; 2]| {
        [[a, b], [b, a]].iter().any(|[a, b]| facts.contains(&format!("{a} is paired with {b}")))
    };
    match goal {
        Goal::PairClusters { clusters } => assert!(are_paired(clusters), "{facts:?}"),
        Goal::UnpairClusters { clusters } => {
            assert!(!are_paired(clusters), "{facts:?}");
            assert_eq!(between(clusters, &Volumes::All), Vec::<&String>::new());
        }
        Goal::PairVolumes { pairs, mode } => {
            for VolumesToPair { source, target } in pairs {
                let places = [source, target].map(|it| format!("{}/{}", it.cluster, it.volume_id));
                assert!(has_access(&places[0], Access::ReadWrite), "{facts:?}");
                assert!(has_access(&places[1], Access::ReplicationTarget), "{facts:?}");
                let mode = mode.as_ref().map_or("", ReplicationMode::as_str);
                let is_it = |fact: &String| {
                    fact.contains(" is paired with ")
                        && places.iter().all(|it| fact.contains(&format!("{it} {mode}")))
                };
                assert!(facts.iter().any(is_it), "{goal:?}: {facts:?}");
            }
        }
        Goal::UnpairVolumes { clusters, volumes } => {
            assert_eq!(between(clusters, volumes), Vec::<&String>::new());
        }
        Goal::Direction { source, target, volumes } => {
            for fact in between(&[source.clone(), target.clone()], volumes) {
                for place in fact.split(" is paired with ") {
                    let place = place.split(' ').next().unwrap();
                    let access = if place.starts_with(&format!("{source}/")) {
                        Access::ReadWrite
                    } else {
                        Access::ReplicationTarget
                    };
                    assert!(has_access(place, access), "{goal:?}: {facts:?}");
                }
            }
        }
        Goal::SetMode { clusters, volumes, mode } => {
            for fact in between(clusters, volumes) {
                assert_eq!(fact.matches(&format!(" {mode} ")).count(), 2, "{fact}");
            }
        }
        Goal::Resume { clusters, volumes } => {
            assert!(between(clusters, volumes).iter().all(|fact| !fact.contains(" paused")));
        }
        // Another state may hide it.
        Goal::Pause { .. } => {}
        Goal::Repair { .. } => {
            let faults = faults(topology);
            let is_left = |fault: &&String| {
                fault.contains("_one_sided ") || fault.starts_with("stopped_misconfigured ")
            };
            assert_eq!(faults.iter().find(is_left), None);
        }
        other => panic!("{other:?}"),
    }
}

/// Each case is many calls; `PROPTEST_CASES` asks for more of them.
pub fn config(usual: u32) -> ProptestConfig {
    match env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig::with_cases(usual),
    }
}

proptest! {
    #![proptest_config(config(64))]

    /// Carried out to its end, a plan reaches its goal, and leaves nothing behind.
    #[test]
    fn goals_are_reached(site in site(), wanted in wanted()) {
        let mut world = World::new(&site);
        let goal = world.see(|topology| wanted.goal(topology));
        let Ok(plan) = world.see(|topology| topology.plan(&goal)) else { return Ok(()) };
        let (faults_before, pending_before) = world.see(|topology| (faults(topology), pending(topology)));
        let (_, is_done) = carry_out(&mut world, plan, None);
        prop_assert!(is_done);
        assert_reached(&mut world, &goal);
        let (faults_after, still_pending) =
            world.see(|topology| (faults(topology), pending(topology)));
        prop_assert!(still_pending.is_subset(&pending_before));
        if !matches!(goal, Goal::Pause { .. }) {
            let new: Vec<_> = faults_after.difference(&faults_before).collect();
            prop_assert!(new.is_empty(), "{new:?} after {goal:?}");
        }
    }

    /// Cut anywhere, the goal is reached by a plan from fresh listings, and by it no pending pair
    /// is left.
    #[test]
    fn cut_anywhere(site in site(), wanted in wanted()) {
        let mut world = World::new(&site);
        let goal = world.see(|topology| wanted.goal(topology));
        let Ok(plan) = world.see(|topology| topology.plan(&goal)) else { return Ok(()) };
        let pending_before = world.see(pending);
        let calls = plan.steps().iter().filter(|step| step.wait().is_none()).count();
        for cut in (0..calls).flat_map(|at| [Cut::Before(at), Cut::After(at)]) {
            let mut world = World::new(&site);
            let (record, is_done) = carry_out(&mut world, plan.clone(), Some(cut));
            prop_assert!(!is_done);
            let plan = world.see(|topology| topology.plan_after(&goal, &record));
            let plan = plan.unwrap_or_else(|why| panic!("{cut:?} of {goal:?}: {why}"));
            // And cut again.
            let (record, _) = carry_out(&mut world, plan, Some(Cut::After(0)));
            let plan = world.see(|topology| topology.plan_after(&goal, &record)).unwrap();
            let (_, is_done) = carry_out(&mut world, plan, None);
            prop_assert!(is_done);
            assert_reached(&mut world, &goal);
            let left = world.see(pending);
            prop_assert!(left.is_subset(&pending_before), "{left:?} after {cut:?}");
        }
    }

    /// Cut anywhere, another goal is reached as well, and nothing is left pending of the first.
    #[test]
    fn another_goal_after_it(site in site(), wanted in wanted(), other in wanted()) {
        let mut world = World::new(&site);
        let (goal, other) = world.see(|topology| (wanted.goal(topology), other.goal(topology)));
        let Ok(plan) = world.see(|topology| topology.plan(&goal)) else { return Ok(()) };
        let pending_before = world.see(pending);
        let calls = plan.steps().iter().filter(|step| step.wait().is_none()).count();
        for at in 0..calls {
            let mut world = World::new(&site);
            let (record, _) = carry_out(&mut world, plan.clone(), Some(Cut::After(at)));
            let Ok(plan) = world.see(|topology| topology.plan_after(&other, &record)) else {
                continue;
            };
            let (_, is_done) = carry_out(&mut world, plan, None);
            prop_assert!(is_done);
            assert_reached(&mut world, &other);
            let left = world.see(pending);
            prop_assert!(left.is_subset(&pending_before), "{left:?} of {goal:?}, then {other:?}");
        }
    }

    /// Undoing is a run like any other: it is undone, too.
    #[test]
    fn undo_undone(site in site(), wanted in wanted()) {
        let mut world = World::new(&site);
        let goal = world.see(|topology| wanted.goal(topology));
        let Ok(plan) = world.see(|topology| topology.plan(&goal)) else { return Ok(()) };
        if matches!(goal, Goal::Repair { .. }) || world.see(writers).values().any(|it| *it == 2) {
            return Ok(());
        }
        let (mut record, _) = carry_out(&mut world, plan, None);
        world.0.advance(Duration::from_secs(120));
        let after = world.see(snapshot);
        for _ in 0..2 {
            let undo = Goal::Undo { record };
            let Ok(plan) = world.see(|topology| topology.plan(&undo)) else { return Ok(()) };
            record = carry_out(&mut world, plan, None).0;
            world.0.advance(Duration::from_secs(120));
        }
        prop_assert_eq!(world.see(snapshot), after, "{:?}", goal);
    }

    /// What a run did, wherever it was cut, is undone; and so it is when that was cut, too.
    #[test]
    fn undone(site in site(), wanted in wanted()) {
        let mut world = World::new(&site);
        let goal = world.see(|topology| wanted.goal(topology));
        let Ok(plan) = world.see(|topology| topology.plan(&goal)) else { return Ok(()) };
        // What it removed cannot be made again.
        if matches!(goal, Goal::Repair { .. }) {
            return Ok(());
        }
        // A second writer does not come back.
        let writers = world.see(writers);
        let has_two = writers.values().any(|count| *count == 2);
        if has_two && matches!(goal, Goal::PairVolumes { .. } | Goal::Direction { .. }) {
            return Ok(());
        }
        let before = world.see(snapshot);
        let calls = plan.steps().iter().filter(|step| step.wait().is_none()).count();
        let cuts = (0..calls).flat_map(|at| [Some(Cut::Before(at)), Some(Cut::After(at))]);
        for cut in cuts.chain([None]) {
            let mut world = World::new(&site);
            let (record, _) = carry_out(&mut world, plan.clone(), cut);
            let undo = Goal::Undo { record };
            let plan = world.see(|topology| topology.plan(&undo));
            let plan = match plan {
                Ok(plan) => plan,
                // A deleted volume has to be restored first.
                Err(NoPlan::Forbidden(report))
                    if report.findings().iter().all(|it| it.rule == Rule::VolumeDeleted) =>
                {
                    continue;
                }
                Err(why) => panic!("undo {cut:?} of {goal:?}: {why}"),
            };
            let (record, _) = carry_out(&mut world, plan, Some(Cut::After(0)));
            let plan = world.see(|topology| topology.plan_after(&undo, &record)).unwrap();
            let (_, is_done) = carry_out(&mut world, plan, None);
            prop_assert!(is_done);
            world.0.advance(Duration::from_secs(120));
            prop_assert_eq!(world.see(snapshot), before.clone(), "undone {:?} of {:?}", cut, goal);
        }
    }
}

/// The pending pairs.
fn pending(topology: &Topology<'_>) -> BTreeSet<String> {
    snapshot(topology).into_iter().filter(|fact| fact.contains(" pending ")).collect()
}
