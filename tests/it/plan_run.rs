//! Runs of plans, answered by hand.

use element_pairing::{
    VolumePairingKey,
    api::ErrorName,
    topology::{
        Cluster, Topology,
        plan::{Cause, Entry, EntryState, Goal, GoalError, Plan, Record, Run, StepState},
    },
};
use serde_json::{Value, json};

const KEY: &str = include_str!("../vectors/valid/cluster-canonical.key");

/// Two clusters, each with a volume; paired or not.
fn plan(goal: &Value, paired: bool) -> Plan {
    let sites = [("site-a", "aaaa", "192.0.2.1", 3), ("site-b", "bbbb", "192.0.2.2", 13)];
    let listings = [[sites[0], sites[1]], [sites[1], sites[0]]].map(|[here, there]| {
        let (name, id, mvip, volume) = here;
        let pair = json!({
            "clusterPairID": 1, "clusterPairUUID": "1cea1362-4c8f-461a-be72-74566a953d2f",
            "clusterName": there.0, "clusterUUID": there.1, "mvip": there.2,
            "status": "Connected", "latency": 1, "version": "12.5.0.897"
        });
        let volume = json!({
            "volumeID": volume, "name": "v", "access": "readWrite", "status": "active",
            "totalSize": 1_000_000_000, "volumePairs": []
        });
        let pairs = if paired { vec![pair] } else { vec![] };
        [
            (
                "GetClusterInfo",
                json!({"clusterInfo": {"name": name, "uniqueID": id, "mvip": mvip}}),
            ),
            ("ListClusterPairs", json!({"clusterPairs": pairs})),
            ("ListVolumes", json!({"volumes": [volume]})),
        ]
        .map(|(method, result)| json!({"id": method, "result": result}).to_string())
        .concat()
    });
    let topology: Topology<'_> = listings.iter().map(|text| Cluster::read(text).unwrap()).collect();
    topology.plan(&Goal::read(&goal.to_string()).unwrap()).unwrap()
}

fn pair_clusters() -> Run {
    plan(&json!({"goal": "pair_clusters", "clusters": ["site-a", "site-b"]}), false).run()
}

fn pair_volumes() -> Run {
    let place = |cluster: &str, id: u64| json!({"cluster": cluster, "volumeID": id});
    let pair = json!({"source": place("site-a", 3), "target": place("site-b", 13)});
    plan(&json!({"goal": "pair_volumes", "pairs": [pair]}), true).run()
}

/// The request that is to be sent now, and the cluster.
fn next(run: &mut Run) -> (Value, String, u32) {
    let call = run.next_call().unwrap();
    assert!(run.next_call().is_none(), "one at a time");
    let name = call.cluster.name.as_ref().unwrap().as_str().to_owned();
    (serde_json::from_str(call.request.expose()).unwrap(), name, call.delay_ms)
}

fn result(id: u64, result: &Value) -> String {
    json!({"id": id, "result": result}).to_string()
}

fn started() -> String {
    result(1, &json!({"clusterPairID": 7, "clusterPairingKey": KEY.trim()}))
}

fn pairs(id: u64, pair: u64, status: &str) -> String {
    result(id, &json!({"clusterPairs": [{"clusterPairID": pair, "status": status}]}))
}

fn states(run: &Run) -> Vec<&str> {
    let states: Vec<_> = run.states().map(|(_, state)| state).collect();
    assert_eq!([run.state(0), run.state(states.len() + 1)], [None, None]);
    let one_by_one = (1..=states.len()).map(|number| run.state(number).unwrap());
    assert!(one_by_one.eq(states.iter().copied()));
    states.into_iter().map(StepState::code).collect()
}

/// It can be held by whatever carries it out.
#[test]
fn goes_anywhere() {
    fn is_free<T: Send + Sync + 'static>(_: &T) {}
    is_free(&pair_clusters());
}

#[test]
fn clusters_are_paired() {
    let mut run = pair_clusters();
    assert_eq!(
        next(&mut run),
        (json!({"method": "StartClusterPairing", "params": {}, "id": 1}), "site-a".into(), 0)
    );
    assert_eq!(states(&run), ["unknown", "not_done", "not_done", "not_done"]);
    run.answer(&started()).unwrap();
    assert!(format!("{run:?}").contains("key: Some("));
    let params = json!({"clusterPairingKey": KEY.trim()});
    assert_eq!(
        next(&mut run),
        (
            json!({"method": "CompleteClusterPairing", "params": params, "id": 2}),
            "site-b".into(),
            0
        )
    );
    // The request has it now, and nothing else.
    assert!(format!("{run:?}").contains("key: None"));
    run.answer(&result(2, &json!({"clusterPairID": 9}))).unwrap();

    // Asked until the pair of this cluster's ID is Connected; other pairs do not matter.
    let question = json!({"method": "ListClusterPairs", "params": {}, "id": 3});
    assert_eq!(next(&mut run), (question.clone(), "site-a".into(), 0));
    run.answer(&pairs(3, 7, "Connecting")).unwrap();
    assert_eq!(next(&mut run), (question.clone(), "site-a".into(), 1_000));
    run.answer(&pairs(3, 8, "Connected")).unwrap();
    assert_eq!(next(&mut run), (question.clone(), "site-a".into(), 1_000));
    // A question whose answer is lost is asked again.
    run.lost().unwrap();
    assert_eq!(next(&mut run), (question, "site-a".into(), 1_000));
    run.answer(&pairs(3, 7, "Connected")).unwrap();
    assert_eq!(states(&run), ["done", "done", "done", "not_done"]);
    assert_eq!(next(&mut run).1, "site-b");
    assert!(!run.is_done());
    run.answer(&pairs(4, 9, "Connected")).unwrap();
    assert!(run.is_done());
    assert!(run.next_call().is_none());
    assert_eq!(run.stopped(), None);

    let record = serde_json::to_value(run.record()).unwrap();
    let uuid = "1cea1362-4c8f-461a-be72-74566a953d2f";
    assert_eq!(
        record,
        json!([
            {
                "step": 1, "cluster": "aaaa", "method": "StartClusterPairing", "state": "done",
                "before": {"clusters": ["aaaa", "bbbb"], "paired": false},
                "pending": {"clusterPairUUID": uuid, "listed": []}
            },
            {"step": 2, "cluster": "bbbb", "method": "CompleteClusterPairing", "state": "done"}
        ])
    );
}

#[test]
fn an_answer_that_cannot_be_read_is_unknown() {
    let cases = [
        ("<html>", "not_json"),
        (r#"{"id":1,"result":{"clusterPairID":1}}"#, "missing_member"),
        (r#"{"id":2,"result":{"clusterPairID":1,"clusterPairingKey":"00"}}"#, "other_answer"),
        (r#"{"id":1}"#, "missing_member"),
    ];
    for (answer, code) in cases {
        let mut run = pair_clusters();
        next(&mut run);
        let stopped = run.answer(answer).unwrap_err();
        assert_eq!((stopped.code(), stopped.step), (code, 1));
        assert_eq!(states(&run), ["unknown", "not_done", "not_done", "not_done"]);
        assert_eq!(*run.entry().unwrap().state(), EntryState::Unknown);
        assert!(run.next_call().is_none());
        // It stays stopped.
        assert_eq!(run.answer(&started()), Err(stopped.clone()));
        assert_eq!(run.lost(), Err(stopped));
    }
}

#[test]
fn an_error_ends_the_run() {
    let mut run = pair_clusters();
    next(&mut run);
    run.answer(&started()).unwrap();
    next(&mut run);
    let error = json!({"code": 500, "name": "xPairingAlreadyExists", "message": KEY.trim()});
    let stopped = run.answer(&json!({"id": 2, "error": error}).to_string()).unwrap_err();
    assert_eq!(stopped.cause, Cause::Refused(Some(ErrorName::PairingAlreadyExists)));
    assert_eq!(stopped.to_string(), "step 2: the cluster answered xPairingAlreadyExists");
    assert_eq!(states(&run), ["done", "failed", "not_done", "not_done"]);
    assert_eq!(
        *run.entry().unwrap().state(),
        EntryState::Refused(Some(ErrorName::PairingAlreadyExists))
    );
    let json = serde_json::to_string(&stopped).unwrap();
    for text in [json, format!("{run:?}"), serde_json::to_string(run.record()).unwrap()] {
        assert!(!text.contains(&KEY[..16]), "{text}");
    }
}

#[test]
fn what_is_waited_for_may_not_come() {
    let mut run = pair_clusters();
    next(&mut run);
    run.answer(&started()).unwrap();
    next(&mut run);
    run.answer(&result(2, &json!({"clusterPairID": 9}))).unwrap();
    let mut asked = 0;
    let stopped = loop {
        next(&mut run);
        asked += 1;
        if let Err(stopped) = run.answer(&pairs(3, 7, "Misconfigured")) {
            break stopped;
        }
    };
    assert_eq!(asked, 60);
    assert_eq!(stopped.to_string(), "step 3: what was waited for did not come: Misconfigured");
    assert_eq!(states(&run), ["done", "done", "failed", "not_done"]);
}

#[test]
fn progress_is_waited_for_as_long_as_it_takes() {
    let mut run = pair_volumes();
    next(&mut run);
    let key = VolumePairingKey {
        mvip: [192, 0, 2, 1].into(),
        volume_id: 3,
        volume_name: "v".into(),
        volume_pair_uuid: "06962fcb-202e-4325-a569-ec9c655c7b5a".parse().unwrap(),
        unknown: Default::default(),
    };
    let digits = key.encode();
    run.answer(&result(1, &json!({"volumePairingKey": digits.expose()}))).unwrap();
    let (request, cluster, _) = next(&mut run);
    assert_eq!(request["params"], json!({"volumeID": 13, "volumePairingKey": digits.expose()}));
    assert_eq!(cluster, "site-b");
    run.answer(&result(2, &json!({}))).unwrap();
    let (request, ..) = next(&mut run);
    assert_eq!(request["params"], json!({"volumeID": 13, "access": "replicationTarget"}));
    run.answer(&result(3, &json!({}))).unwrap();

    let volume = |state: &str| {
        let replication = json!({"mode": "Async", "state": state});
        let pair = json!({"volumePairUUID": "u", "remoteReplication": replication});
        result(4, &json!({"volumes": [{"volumeID": 3, "volumePairs": [pair]}]}))
    };
    for _ in 0..30 {
        next(&mut run);
        run.answer(&volume("PausedMisconfigured")).unwrap();
    }
    for _ in 0..1_000 {
        assert_eq!(next(&mut run).2, 2_000);
        run.answer(&volume("ResumingDataTransfer")).unwrap();
    }
    next(&mut run);
    run.answer(&volume("Active")).unwrap();
    assert!(run.is_done());
}

#[test]
fn aborted() {
    let mut run = pair_clusters();
    run.abort();
    assert_eq!(run.stopped().unwrap().code(), "aborted");
    assert_eq!(states(&run), ["not_done"; 4]);
    assert_eq!(run.record(), &Record::default());

    let mut run = pair_clusters();
    next(&mut run);
    run.abort();
    assert_eq!(states(&run), ["unknown", "not_done", "not_done", "not_done"]);
    assert_eq!(run.answer(&started()).unwrap_err().code(), "aborted");
    assert_eq!(run.record().entries().len(), 1);

    // A plan without steps is done from the start.
    let mut run = plan(&json!({"goal": "repair", "pending": []}), true).run();
    run.abort();
    assert!(run.is_done() && run.stopped().is_none() && run.next_call().is_none());
}

/// An answer that nobody waits for changes nothing.
#[test]
fn an_answer_out_of_turn() {
    let mut run = pair_clusters();
    run.answer(&started()).unwrap();
    run.lost().unwrap();
    assert_eq!(states(&run), ["not_done"; 4]);
    assert_eq!(next(&mut run).0["method"], "StartClusterPairing");
    assert_eq!(run.states().next().unwrap().1, StepState::Unknown);
}

#[test]
fn goals_that_are_none() {
    let cases = [
        ("", "cut_short", "the text ends too early, expected a value"),
        ("[]", "wrong_goal", "expected a member goal"),
        (r#"{"goal": 1}"#, "wrong_goal", "goal: expected a string"),
        (
            r#"{"goal": "reverse"}"#,
            "wrong_goal",
            "goal: expected one of pair_clusters, unpair_clusters, pair_volumes, unpair_volumes, \
             direction, set_mode, pause, resume, repair, undo",
        ),
        (r#"{"goal": "pair_clusters"}"#, "wrong_goal", "expected a member clusters"),
        (
            r#"{"goal": "pair_clusters", "clusters": ["a"]}"#,
            "wrong_goal",
            "clusters: expected two clusters",
        ),
        (
            r#"{"goal": "unpair_volumes", "clusters": ["a", "b"], "volums": [1]}"#,
            "wrong_goal",
            "expected an object of goal, clusters, volumes, each once at most",
        ),
        (
            r#"{"goal": "unpair_volumes", "clusters": ["a", "b"], "volumes": [1, -1]}"#,
            "wrong_goal",
            "volumes: expected \"all\", or an array of volume IDs",
        ),
        (
            r#"{"goal": "pause", "clusters": ["a", "b"], "volumes": "all", "volumes": [1]}"#,
            "wrong_goal",
            "expected an object of goal, clusters, volumes, each once at most",
        ),
        (
            r#"{"goal": "pair_volumes", "pairs": [{"source": {"cluster": "a", "volumeID": 1},
                "target": {"cluster": 2, "volumeID": 1}}]}"#,
            "wrong_goal",
            "pairs[0].target.cluster: expected a string",
        ),
        (
            r#"{"goal": "undo", "record": [{"step": 1, "cluster": "a", "method": "b",
                "state": "perhaps"}]}"#,
            "wrong_goal",
            "record[0].state: expected unknown, done or refused",
        ),
    ];
    for (text, code, message) in cases {
        let error: GoalError = Goal::read(text).unwrap_err();
        assert_eq!((error.code(), &*error.to_string()), (code, message), "{text}");
        assert!(!error.help().is_empty());
    }
}

/// Of the lines that are written before a call and after it, the second counts; a line of an earlier
/// run is never taken for the first.
#[test]
fn records_from_lines() {
    let line = |step: u64, state: &str| {
        let entry =
            json!({"step": step, "cluster": "aaaa", "method": "RemoveVolumePair", "state": state});
        Entry::read(&entry.to_string()).unwrap()
    };
    let read = |lines: &[(u64, &str)]| -> Vec<(u64, &str)> {
        let record: Record = lines.iter().map(|(step, state)| line(*step, state)).collect();
        let entries = record.entries().iter();
        entries.map(|entry| (entry.step(), entry.state().code())).collect::<Vec<_>>()
    };
    assert_eq!(
        read(&[(1, "unknown"), (1, "done"), (2, "unknown"), (2, "refused")]),
        [(1, "done"), (2, "refused")]
    );
    assert_eq!(
        read(&[(0, "unknown"), (0, "unknown"), (1, "unknown")]),
        [(0, "unknown"), (0, "unknown"), (1, "unknown")]
    );
}
