//! The cases in `tests/plans`; its README says how to add one.

use std::{fmt::Write, fs, path::Path};

use element_pairing::topology::{
    Cluster, Report, Severity, Topology, Verdict,
    plan::{Goal, NoPlan, Plan, Record},
};
use serde_json::{Map, Value, json};

use crate::rules_cases::{self, clusters, files, responses, stem};

const ALLOWED: [&str; 11] = [
    "about",
    "from",
    "clusters",
    "set",
    "goal",
    "after",
    "steps",
    "besides",
    "forbidden",
    "unseen",
    "unknown_cluster",
];

/// A step as a case writes it.
fn step(step: &Value) -> Value {
    let mut short = json!({"to": step["cluster"]["name"], "call": step["method"]});
    let params = &step["request"]["params"];
    if params.as_object().is_some_and(|params| !params.is_empty()) {
        short["params"] = params.clone();
    }
    if let Some(fill) = step.get("fill") {
        short["fill"] = json!(format!(
            "{}: {} of step {}",
            fill["member"].as_str().unwrap(),
            fill["result"].as_str().unwrap(),
            fill["step"]
        ));
    }
    if let Some(wait) = step.get("wait") {
        short["until"] = wait["until"].clone();
        if let Some(id) = wait.get("clusterPairID") {
            short["clusterPairID"] = id.clone();
        }
    }
    let marks: Vec<_> = step["marks"].as_array().unwrap().iter().map(|it| &it["rule"]).collect();
    if !marks.is_empty() {
        short["marks"] = json!(marks);
    }
    assert_eq!(step["request"]["method"], step["method"]);
    assert_eq!(step["request"]["id"], step["step"]);
    short
}

fn findings(report: &Report) -> Vec<String> {
    let findings = report.findings().iter();
    findings.map(|finding| format!("{}: {finding}", finding.rule)).collect()
}

fn unchecked(report: &Report) -> Vec<String> {
    let unchecked = report.unchecked().iter();
    unchecked.map(|one| format!("{}: {}: {}", one.rule, one.subject, one.want)).collect()
}

/// What became of the goal, as a case writes it.
fn outcome(plan: &Result<Plan, NoPlan>) -> Value {
    let mut told = Map::new();
    let mut tell = |member: &str, values: Vec<String>| {
        if !values.is_empty() {
            told.insert(member.into(), json!(values));
        }
    };
    match plan {
        Ok(plan) => {
            tell("besides", [findings(plan.report()), unchecked(plan.report())].concat());
            let steps = serde_json::to_value(plan).unwrap();
            let steps: Vec<_> = steps["steps"].as_array().unwrap().iter().map(step).collect();
            told.insert("steps".into(), steps.into());
        }
        Err(NoPlan::Forbidden(report)) => {
            tell("forbidden", findings(report));
            tell("unseen", unchecked(report));
        }
        Err(NoPlan::UnknownCluster { cluster }) => {
            told.insert("unknown_cluster".into(), cluster.as_str().into());
        }
        Err(other) => panic!("{other}"),
    }
    told.into()
}

#[test]
fn cases_are_met() {
    let mut failed = String::new();
    for file in files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/plans")) {
        if file.extension().is_none_or(|extension| extension != "json") {
            continue;
        }
        let case: Map<String, Value> = serde_json::from_slice(&fs::read(&file).unwrap())
            .unwrap_or_else(|error| panic!("{file:?}: {error}"));
        for member in case.keys() {
            assert!(ALLOWED.contains(&member.as_str()), "{file:?}: {member} means nothing");
        }
        let texts: Vec<_> = clusters(&case).values().map(responses).collect();
        let topology: Topology<'_> =
            texts.iter().map(|text| Cluster::read(text).unwrap()).collect();
        let goal = Goal::read(&case["goal"].to_string()).unwrap();
        assert_eq!(Goal::read(&serde_json::to_string(&goal).unwrap()).unwrap(), goal);
        let plan = match case.get("after") {
            Some(record) => topology.plan_after(&goal, &Record::read(&record.to_string()).unwrap()),
            None => topology.plan(&goal),
        };
        let outcome = outcome(&plan);
        let expected: Map<_, _> = case
            .iter()
            .filter(|(member, _)| ALLOWED[6..].contains(&member.as_str()))
            .map(|(member, value)| (member.clone(), value.clone()))
            .collect();
        if outcome != Value::Object(expected) {
            write!(failed, "\n{}: {}\n{outcome}\n", stem(&file), case["about"]).unwrap();
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

/// On whatever the rules are tried on, every goal between any two clusters has a plan or a reason why
/// not, and the first call of a plan is one that a check of it lets pass.
#[test]
fn on_all_topologies_of_the_rules() {
    let mut plans = 0;
    for case in rules_cases::cases() {
        let texts: Vec<_> = clusters(&case.content).values().map(responses).collect();
        let read = |text| Cluster::read(text).unwrap_or_default();
        let topology: Topology<'_> = texts.iter().map(read).collect();
        let name = |cluster: &Cluster<'_>| {
            let info = cluster.info.as_ref()?;
            info.unique_id.as_deref().or(info.name.as_deref()).map(str::to_owned)
        };
        let names: Vec<_> = topology.clusters().iter().filter_map(name).collect();
        let volumes: Vec<_> = topology
            .clusters()
            .iter()
            .flat_map(|cluster| cluster.volumes.iter().flatten())
            .map(|volume| volume.volume_id)
            .collect();
        let two = names.iter().flat_map(|a| names.iter().map(move |b| (a, b)));
        for (a, b) in two {
            let on = |goal: &str| json!({"goal": goal, "clusters": [a, b], "volumes": "all"});
            let mut goals = vec![
                json!({"goal": "pair_clusters", "clusters": [a, b]}),
                json!({"goal": "unpair_clusters", "clusters": [a, b]}),
                json!({"goal": "direction", "source": a, "target": b, "volumes": "all"}),
                json!({"goal": "set_mode", "clusters": [a, b], "volumes": volumes, "mode": "Sync"}),
                json!({"goal": "repair", "pending": [{"cluster": a, "clusterPairID": 1}]}),
            ];
            goals.extend(["unpair_volumes", "pause", "resume"].map(on));
            if let [first, .., last] = *volumes {
                let pair = json!({
                    "source": {"cluster": a, "volumeID": first},
                    "target": {"cluster": b, "volumeID": last}
                });
                goals.push(json!({"goal": "pair_volumes", "pairs": [pair]}));
            }
            for goal in goals {
                let Ok(plan) = topology.plan(&Goal::read(&goal.to_string()).unwrap()) else {
                    continue;
                };
                let Some(step) = plan.steps().first().filter(|step| step.wait().is_none()) else {
                    continue;
                };
                plans += 1;
                let request: Value = serde_json::from_str(&step.request(1)).unwrap();
                let cluster = step.cluster().unique_id.as_ref().or(step.cluster().name.as_ref());
                let call = json!({
                    "cluster": cluster.unwrap(), "method": request["method"],
                    "params": request["params"]
                });
                let report = rules_cases::check(&topology, &call);
                let what = format!("{}: {goal}: {report}", case.name);
                assert_ne!(report.verdict(), Verdict::Refused, "{what}");
                for finding in report.findings() {
                    let is_marked = step.marks.iter().any(|mark| mark.rule == finding.rule);
                    assert!(is_marked || finding.rule.severity() == Severity::Advice, "{what}");
                }
            }
        }
    }
    assert!(plans > 1_000, "{plans}");
}
