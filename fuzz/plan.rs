//! What must hold for every goal and record, on whatever clusters list.

use std::time::Duration;

use element_pairing::{
    api::{
        AnyRequest, CompleteClusterPairing, CompleteVolumePairing, Method, ModifyVolume,
        ModifyVolumePair, RemoveClusterPair, RemoveVolumePair, StartClusterPairing,
        StartVolumePairing,
    },
    simulator::{Options, Simulator},
    topology::{
        Cluster, Effect, Severity, Topology,
        plan::{Goal, Plan, Record, Step},
    },
};
use serde_json::Value;

/// Longer plans show nothing else.
const STEPS: usize = 40;

/// A goal, the record of a run before, and saved answers of clusters; 0xFF separates them.
pub fn goals(text: &[u8]) {
    let mut parts = text.split(|&byte| byte == 0xFF);
    let mut next = || str::from_utf8(parts.next().unwrap_or_default()).unwrap_or_default();
    let (goal, record) = (Goal::read(next()), Record::read(next()).unwrap_or_default());
    let written = serde_json::to_string(&record).expect("a record");
    assert_eq!(Record::read(&written).as_ref(), Ok(&record));
    let clusters: Vec<_> = parts.filter_map(|text| Cluster::read(text).ok()).collect();
    let topology: Topology<'_> = clusters.into_iter().collect();

    match goal {
        Ok(goal) => {
            let written = serde_json::to_string(&goal).expect("a goal");
            assert_eq!(Goal::read(&written).as_ref(), Ok(&goal));
            check_plan(&topology, &goal, &record);
            carry_out(&topology, &goal, &record);
        }
        Err(error) => assert!(!error.code().is_empty() && !error.help().is_empty()),
    }
    let names: Vec<_> = topology.clusters().iter().filter_map(name).take(2).collect();
    if let [a, b] = &names[..] {
        for goal in goals_of([a, b].map(|name| (*name).to_owned())) {
            check_plan(&topology, &goal, &record);
        }
    }
}

fn name<'t>(cluster: &'t Cluster<'_>) -> Option<&'t str> {
    cluster.info.as_ref()?.unique_id.as_deref()
}

/// Goals that concern all that is there.
fn goals_of(clusters: [String; 2]) -> [Goal; 5] {
    use element_pairing::topology::plan::Volumes::All;
    let [target, source] = clusters.clone();
    [
        Goal::PairClusters { clusters: clusters.clone() },
        Goal::UnpairClusters { clusters: clusters.clone() },
        Goal::Direction { source, target, volumes: All },
        Goal::Resume { clusters, volumes: All },
        Goal::Repair { pending: Vec::new() },
    ]
}

/// A plan can be written; its first step is one that a check lets pass.
fn check_plan(topology: &Topology<'_>, goal: &Goal, record: &Record) {
    let plan = match topology.plan_after(goal, record) {
        Ok(plan) => plan,
        Err(why) => {
            assert!(!why.to_string().is_empty() && !why.help().is_empty());
            return;
        }
    };
    let json = serde_json::to_string(&plan).expect("a plan");
    let json: Value = serde_json::from_str(&json).expect("sound JSON");
    assert_eq!(json["steps"].as_array().map(Vec::len), Some(plan.steps().len()));
    let shown = plan.to_string().replace('\n', "");
    assert!(!shown.contains(char::is_control), "{shown:?}");
    if let Some(step) = plan.steps().first() {
        check_step(topology, step, &step.request(1));
    }
}

/// Nothing refuses the step, and all harm is marked.
fn check_step(topology: &Topology<'_>, step: &Step, request: &str) {
    let names = [&step.cluster().unique_id, &step.cluster().name, &step.cluster().mvip];
    let request = AnyRequest::read(request).expect("a request");
    macro_rules! report {
        ($($method:ident)*) => {
            match request.method {
                $($method::NAME => {
                    let params = request.read_as::<$method>().expect("its parameters").params;
                    let mut names = names.into_iter().flatten();
                    names.find_map(|name| topology.check(name.as_str(), &params).ok())
                })*
                // A question.
                _ => return,
            }
        };
    }
    let report = report! {
        StartClusterPairing CompleteClusterPairing RemoveClusterPair StartVolumePairing
        CompleteVolumePairing ModifyVolumePair RemoveVolumePair ModifyVolume
    };
    for finding in report.expect("a cluster").findings() {
        let is_marked = step.marks.iter().any(|mark| mark.rule == finding.rule);
        let is_advice =
            finding.rule.severity() == Severity::Advice || finding.rule.effect() == Effect::Advice;
        assert!(is_marked || is_advice, "{finding}: {step:?}");
    }
}

/// Simulated clusters made of the listings take every step of the plan for what they show, each of
/// which passes its check.
fn carry_out(topology: &Topology<'_>, goal: &Goal, record: &Record) {
    let Ok(mut simulator) = Simulator::from_topology(topology, 1, Options::default()) else {
        return;
    };
    let Ok(plan) = see(&mut simulator, |topology| topology.plan_after(goal, record)) else {
        return;
    };
    let plan: Plan = plan;
    if plan.steps().len() > STEPS {
        return;
    }
    let steps = plan.steps().to_vec();
    let mut run = plan.run();
    while let Some(call) = run.next_call() {
        let step = &steps[call.step - 1];
        simulator.advance(Duration::from_millis(call.delay_ms.into()));
        let request = call.request.expose();
        see(&mut simulator, |topology| check_step(topology, step, request));
        let cluster = call.cluster.unique_id.as_ref().expect("every cluster has one");
        // A plan cuts names that are very long.
        let Ok(answer) = simulator.answer(cluster.as_str(), request) else { return };
        assert_eq!(answer.refused, None, "{step:?}");
        if run.answer(answer.response.expose()).is_err() {
            // A connection that is lost, or a state that does not come.
            break;
        }
    }
    let record = run.record();
    let written = serde_json::to_string(record).expect("a record");
    assert_eq!(Record::read(&written).as_ref(), Ok(record));
}

fn see<T>(simulator: &mut Simulator, look: impl FnOnce(&Topology<'_>) -> T) -> T {
    let names: Vec<_> = simulator.clusters().map(str::to_owned).collect();
    let texts: Vec<_> = names.iter().filter_map(|name| simulator.listings(name).ok()).collect();
    look(&texts.iter().map(|text| Cluster::read(text).expect("listings")).collect())
}
