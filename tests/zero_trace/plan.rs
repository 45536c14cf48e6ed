//! Keys that a run carries from one answer to the next request.

use std::hint::black_box;

use element_pairing::topology::{
    Cluster, Topology,
    plan::{Goal, Run},
};

use super::Cases;

const LISTINGS: [&str; 2] = [
    r#"{"id":"GetClusterInfo","result":{"clusterInfo":{"name":"a","uniqueID":"xsm6","mvip":"fd00::1"}}}
       {"id":"ListClusterPairs","result":{"clusterPairs":[]}}"#,
    r#"{"id":"GetClusterInfo","result":{"clusterInfo":{"name":"b","uniqueID":"bgn0","mvip":"fd00::2"}}}
       {"id":"ListClusterPairs","result":{"clusterPairs":[]}}"#,
];

fn run() -> Option<Run> {
    let topology: Topology<'_> = LISTINGS.into_iter().flat_map(Cluster::read).collect();
    let goal = Goal::read(r#"{"goal":"pair_clusters","clusters":["a","b"]}"#).ok()?;
    Some(topology.plan(&goal).ok()?.run())
}

fn show(run: &Run) {
    let record = serde_json::to_string(run.record());
    black_box(format!("{run:?} {:?} {record:?}", run.stopped()));
}

/// Runs with this as the answer to StartClusterPairing: to the next answer, which repeats the key;
/// ended before and after the request that carries it; dropped before. Returns what became of the
/// last.
fn check(text: &[u8]) -> &'static str {
    let mut outcome = "";
    for end in 0..4 {
        let Some(mut run) = run() else { return "no plan" };
        drop(run.next_call());
        outcome = match run.answer(text) {
            Ok(()) => "taken",
            Err(stopped) => {
                black_box(format!("{stopped} {stopped:?} {:?}", serde_json::to_string(&stopped)));
                stopped.code()
            }
        };
        show(&run);
        match end {
            0 => {
                black_box(format!("{:?}", run.next_call()));
                black_box(format!("{:?}", run.answer(text)));
            }
            1 => {
                drop(run.next_call());
                run.abort();
            }
            2 => run.abort(),
            _ => {}
        }
        show(&run);
    }
    outcome
}

pub fn runs(cases: &mut Cases, sort: &str, digits: &str) {
    let answer = |id: &str, key: &str| {
        format!(r#"{{"id":{id},"result":{{"clusterPairID":1,"clusterPairingKey":"{key}"}}}}"#)
    };
    let escaped = digits.replace('7', "\\u0037");
    let whole = answer("1", digits);
    let texts = [
        ("answer", "taken", whole.clone()),
        ("answer with escapes", "taken", answer("1", &escaped)),
        ("key that cannot be read", "taken", answer("1", &digits[1..])),
        ("answer to another request", "other_answer", answer("2", digits)),
        ("answer cut", "cut_short", whole[..whole.len() - 3].into()),
        ("key as an ID", "other_answer", answer(&format!("\"{digits}\""), digits)),
        ("error", "refused", format!(r#"{{"id":1,"error":{{"message":"{escaped}"}}}}"#)),
    ];
    for (name, outcome, text) in texts {
        cases.each(&format!("{sort}: run, {name}"), &[outcome], check, [&text]);
    }
}
