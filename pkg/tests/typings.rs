//! The typings name what the crate has in its tables, in their order.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use element_pairing::{
    DecodeError, KeyKind, Member, RemovedKind,
    api::{
        Access, ClusterPairStatus, ErrorName, ReadErrorKind, ReplicationMode, ReplicationState,
        StartClusterPairing, VolumeStatus,
    },
    topology::{
        Cluster, Rule, Severity, Topology, Verdict,
        plan::{EntryState, Goal, NoPlan, Plan, Run, StepState, Stopped},
    },
};
use element_pairing_js::{listings::check, tables::tables};
use serde_json::Value;

const INDEX: &str = include_str!("../types/index.d.ts");
const TYPES: &str = concat!(include_str!("../types/key.d.ts"), include_str!("../types/index.d.ts"));

/// The words of a union in the typings.
fn union(name: &str) -> Vec<&'static str> {
    let start =
        TYPES.find(&format!("export type {name} =")).unwrap_or_else(|| panic!("no type {name}"));
    let mut ended = false;
    let lines = TYPES[start..].lines().take_while(|line| {
        let goes_on = !ended;
        ended = line.ends_with(';') || line.is_empty();
        goes_on
    });
    let lines = lines.filter(|line| !line.trim_start().starts_with("/**"));
    lines.flat_map(|line: &str| line.split('\'').skip(1).step_by(2)).collect()
}

fn words<T>(known: &'static [T], text: impl Fn(&'static T) -> &'static str) -> Vec<&'static str> {
    known.iter().map(text).collect()
}

#[test]
fn codes() {
    assert_eq!(union("PairingKeyKind"), [KeyKind::Cluster, KeyKind::Volume].map(KeyKind::name));
    assert_eq!(union("PairingKeyMember"), Member::all().map(Member::name).collect::<Vec<_>>());
    assert_eq!(union("PairingKeyErrorCode"), DecodeError::CODES);
    assert_eq!(union("RemovedCode"), words(RemovedKind::ALL, |kind| kind.code()));
    assert_eq!(union("RuleCode"), Rule::all().map(Rule::code).collect::<Vec<_>>());
    let severities = [Severity::Error, Severity::Warning, Severity::Advice].map(Severity::code);
    assert_eq!(union("Severity"), severities);
    let mut effects: Vec<_> = Rule::all().map(|rule| rule.effect().code()).collect();
    effects.sort_unstable();
    effects.dedup();
    let mut named = union("EffectKind");
    named.sort_unstable();
    assert_eq!(named, effects);
    use Verdict::{Clear, Harmful, Refused, Unknown};
    assert_eq!(union("Verdict"), [Clear, Unknown, Harmful, Refused].map(Verdict::code));
}

#[test]
fn codes_of_other_errors() {
    assert_eq!(union("ReadErrorCode"), words(ReadErrorKind::ALL, |kind| kind.code()));
    let listings = ["", r#"{"id":"none"}"#].map(|text| Cluster::read(text).unwrap_err().code());
    let cluster = Topology::default().check("aaaa", &StartClusterPairing {}).unwrap_err().code();
    let goal = Goal::read(r#"{"goal":"none"}"#).unwrap_err().code();
    let (_, own) = include_str!("../js/errors.js").split_once("\nconst own = {").unwrap();
    let own = own.lines().filter_map(|line| line.strip_prefix("  ")?.strip_suffix(": {"));
    let mut codes: Vec<_> = listings.into_iter().chain([cluster, goal]).chain(own).collect();
    codes.extend(union("StoppedCode"));
    codes.sort_unstable();
    let mut named = union("ElementPairingErrorCode");
    named.sort_unstable();
    assert_eq!(named, codes);
}

#[test]
fn codes_of_plans() {
    let error = Goal::read(r#"{"goal":"none"}"#).unwrap_err().to_string();
    let (_, goals) = error.split_once("one of ").unwrap();
    assert_eq!(union("GoalCode").join(", "), goals);
    let (_, goal) = INDEX.split_once("export type Goal =").unwrap();
    let (goal, _) = goal.split_once("export ").unwrap();
    let goals = goal.split("goal: '").skip(1).map(|goal| goal.split('\'').next().unwrap());
    assert_eq!(goals.collect::<Vec<_>>(), union("GoalCode"));
    use StepState::{Done, Failed, NotDone, Unknown};
    assert_eq!(union("StepState"), [Done, Unknown, Failed, NotDone].map(StepState::code));
    let states = [EntryState::Unknown, EntryState::Done, EntryState::Refused(None)];
    assert_eq!(union("RunEntryState"), states.each_ref().map(EntryState::code));
    type Stop = fn(&mut Run) -> Result<(), Stopped>;
    let stops: [Stop; 5] = [
        |run| run.answer(r#"{"id":1,"error":{}}"#),
        |run| run.answer(r#"{"id":2,"error":{}}"#),
        |run| run.lost(),
        |run| {
            run.answer(r#"{"id":1,"result":{"clusterPairID":1,"clusterPairingKey":""}}"#)?;
            run.next_call();
            run.answer(r#"{"id":2,"result":{"clusterPairID":1}}"#)?;
            while run.next_call().is_some() {
                run.lost()?;
            }
            Ok(())
        },
        |run| {
            run.abort();
            run.lost()
        },
    ];
    let codes = stops.map(|stop| {
        let mut run = plan(r#"{"goal":"pair_clusters","clusters":["aaaa","bbbb"]}"#).unwrap().run();
        run.next_call();
        stop(&mut run).unwrap_err().code()
    });
    assert_eq!(union("StoppedCode"), codes);
}

#[test]
fn codes_of_no_plans() {
    let codes = [
        r#"{"goal":"pair_clusters","clusters":["aaaa","cccc"]}"#,
        r#"{"goal":"pair_clusters","clusters":["aaaa","aaaa"]}"#,
        r#"{"goal":"unpair_clusters","clusters":["aaaa","bbbb"]}"#,
    ]
    .map(|goal| plan(goal).unwrap_err().code());
    assert_eq!(union("NoPlanCode"), codes);
}

/// On two clusters that are not paired, of which the volumes are not known.
fn plan(goal: &str) -> Result<Plan, NoPlan> {
    let listings = ["aaaa", "bbbb"].map(|id| {
        format!(
            r#"{{"id":"GetClusterInfo","result":{{"clusterInfo":{{"name":"{id}","uniqueID":"{id}","mvip":"192.0.2.1"}}}}}}
            {{"id":"ListClusterPairs","result":{{"clusterPairs":[]}}}}"#
        )
    });
    let topology: Topology<'_> = listings.iter().map(|text| Cluster::read(text).unwrap()).collect();
    topology.plan(&Goal::read(goal).unwrap())
}

#[test]
fn words_of_clusters() {
    assert_eq!(union("ReplicationMode"), words(ReplicationMode::KNOWN, ReplicationMode::as_str));
    assert_eq!(union("Access"), words(Access::KNOWN, Access::as_str));
    assert_eq!(union("VolumeStatus"), words(VolumeStatus::KNOWN, VolumeStatus::as_str));
    assert_eq!(
        union("ClusterPairStatus"),
        words(ClusterPairStatus::KNOWN, ClusterPairStatus::as_str)
    );
    assert_eq!(union("ReplicationState"), words(ReplicationState::KNOWN, ReplicationState::as_str));
    assert_eq!(union("ErrorName"), words(ErrorName::KNOWN, ErrorName::as_str));
}

fn table(name: &str) -> Vec<Value> {
    let Ok(answer) = tables(b"") else { panic!("no tables") };
    let mut tables: Value = serde_json::from_str(&answer.parts().1[0]).unwrap();
    serde_json::from_value(tables[name].take()).unwrap()
}

#[test]
fn sides() {
    let rules = table("rules");
    let needs = rules.iter().flat_map(|rule| [&rule["auditNeeds"], &rule["checkNeeds"]]);
    let needs = needs.filter_map(Value::as_array).flatten();
    let mut sides: Vec<_> = needs.map(|need| need["side"].as_str().unwrap()).collect();
    sides.sort_unstable();
    sides.dedup();
    let (_, side) = INDEX.split_once("readonly side: ").unwrap();
    let (side, _) = side.split_once(';').unwrap();
    assert_eq!(side.split(" | ").map(|word| word.trim_matches('\'')).collect::<Vec<_>>(), sides);
}

#[test]
fn checked_methods() {
    let is_checked = |method: &&str| {
        let request = format!(r#"{{"method":"{method}"}}"#);
        let parts = ["", &request];
        let head = [2, 0, request.len() as u32].map(u32::to_le_bytes).concat();
        let Err(refusal) = check(&[head, parts.concat().into()].concat()) else {
            panic!("{method}: no cluster was named")
        };
        !refusal.parts().1.concat().contains("cannot be checked")
    };
    let methods = table("methods");
    let methods = methods.iter().map(|entry| entry["method"].as_str().unwrap());
    let mut named = union("CheckedMethod");
    let mut checked: Vec<_> = methods.filter(is_checked).collect();
    named.sort_unstable();
    checked.sort_unstable();
    assert_eq!(named, checked);
}

#[test]
fn parameters() {
    let (_, text) = INDEX.split_once("export interface MethodParams {").unwrap();
    let (text, _) = text.split_once("\n}\n").unwrap();
    let mut rest = text;
    for entry in table("methods") {
        let method = entry["method"].as_str().unwrap();
        let (before, behind) = rest.split_once(&format!("\n  {method}: ")).unwrap();
        assert!(!before.contains("\n  }: "), "{before}");
        let end = behind.find("};").unwrap();
        let mut named: Vec<_> = behind[..end]
            .split("readonly ")
            .skip(1)
            .map(|member| member.split([':', '?', ';']).next().unwrap())
            .filter(|name| *name != "number[]")
            .collect();
        let mut params: Vec<_> =
            entry["params"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
        named.sort_unstable();
        params.sort_unstable();
        assert_eq!(named, params, "{method}");
        rest = &behind[end..];
    }
}
