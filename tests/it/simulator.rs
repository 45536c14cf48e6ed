//! The scenarios in `tests/simulator`; its README says what they are. What is made of listings.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    net::Ipv4Addr,
    path::Path,
    time::Duration,
};

use element_pairing::{
    PairingKey,
    simulator::{Answer, ClusterSpec, MAX_REQUEST_LEN, Options, Simulator, SpecError, VolumeSpec},
    topology::{Cluster, Effect, Rule, Topology},
};
use serde_json::{Value, json};

const SCENARIOS: [&str; 4] = ["cluster_pairs", "volume_pairs", "states", "methods"];

fn read(name: &str) -> Value {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/simulator");
    let file = folder.join(name).with_extension("json");
    serde_json::from_slice(&fs::read(&file).unwrap()).unwrap_or_else(|e| panic!("{name}: {e}"))
}

fn rule(code: &str) -> Rule {
    Rule::all().find(|rule| rule.code() == code).unwrap_or_else(|| panic!("{code} is no rule"))
}

/// What both sides have of the steps of a scenario.
struct Run {
    simulator: Simulator,
    keys: BTreeMap<String, String>,
    /// The rules that calls broke, and the name of the error.
    refused: BTreeSet<(Rule, String)>,
}

impl Run {
    fn new(scenario: &Value) -> Self {
        let allowed = scenario["allow"].as_array().into_iter().flatten();
        let options = allowed
            .fold(Options::default(), |options, code| options.allow(rule(code.as_str().unwrap())));
        let mut simulator = Simulator::new(1, options);
        for (name, last) in ["a", "b", "c", "d", "e", "f"].into_iter().zip(1..) {
            let other = |member: &str| scenario[member][name].as_str();
            let mvip = other("mvips").map(|mvip| mvip.parse::<Ipv4Addr>().unwrap());
            let spec = ClusterSpec::new(name, mvip.unwrap_or(Ipv4Addr::new(10, 0, 0, last)));
            let version = other("versions").map_or_else(|| spec.version.clone(), Into::into);
            let volume = |number| VolumeSpec::new(format!("v{number}"), 2_000_000_000);
            let volumes = (1..=3).map(volume).collect();
            let unique_id = Some(format!("uid{name}"));
            simulator.add_cluster(ClusterSpec { version, volumes, unique_id, ..spec }).unwrap();
        }
        Self { simulator, keys: BTreeMap::new(), refused: BTreeSet::new() }
    }

    /// Does a step; returns what is not as it should be.
    fn step(&mut self, step: &Value) -> Option<String> {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        for member in step.as_object().unwrap().keys() {
            let known = [
                "to", "call", "params", "raw", "gives", "unused", "error", "rule", "message",
                "code", "id", "keep", "wait", "cut", "restore", "on", "pairs", "volumes",
            ];
            assert!(known.contains(&&**member), "{member} means nothing");
        }
        if let Some(wait) = step.get("wait") {
            self.simulator.advance(Duration::from_millis(wait.as_u64().unwrap()));
        } else if let Some(Value::Array(link)) = step.get("cut") {
            self.simulator.cut(&text(&link[0]), &text(&link[1])).unwrap();
        } else if let Some(Value::Array(link)) = step.get("restore") {
            self.simulator.restore(&text(&link[0]), &text(&link[1])).unwrap();
        } else if let Some(on) = step.get("on") {
            let shown = match step.get("pairs") {
                Some(_) => self.statuses(&text(on)),
                None => self.states(&text(on)),
            };
            let expected = step.get("pairs").unwrap_or(&step["volumes"]);
            return (shown != *expected).then(|| format!("it shows {shown}"));
        } else {
            return self.call(step);
        }
        None
    }

    fn call(&mut self, step: &Value) -> Option<String> {
        let request = match step.get("raw") {
            Some(raw) => raw.as_str().unwrap().to_owned(),
            None => {
                let mut params = step.get("params").cloned().unwrap_or_else(|| json!({}));
                params.as_object_mut().unwrap().values_mut().for_each(|value| self.put_key(value));
                json!({"method": step["call"], "params": params, "id": 1}).to_string()
            }
        };
        let answer = self.simulator.answer(step["to"].as_str().unwrap(), &request).unwrap();
        let response: Value = serde_json::from_str(answer.response.expose()).unwrap();
        if let Some(name) = step.get("keep") {
            let result = response["result"].as_object()?;
            let key = result.iter().find(|(name, _)| name.ends_with("PairingKey"));
            let key = key.map(|(_, key)| key.as_str().unwrap().to_owned());
            self.keys.insert(name.as_str().unwrap().into(), key.unwrap());
        }
        if let Some(rule) = answer.refused {
            let name = response["error"]["name"].as_str().unwrap();
            self.refused.insert((rule, name.into()));
        }
        let fits = match step.get("error") {
            None => {
                fits(step.get("gives").unwrap_or(&Value::Null), &response["result"])
                    && response.get("error").is_none()
            }
            Some(name) => {
                let error = &response["error"];
                response.get("result").is_none()
                    && error["name"] == *name
                    && error["code"] == *step.get("code").unwrap_or(&json!(500))
                    && step.get("message").is_none_or(|message| error["message"] == *message)
            }
        };
        let rule = answer.refused.map_or(Value::Null, |rule| rule.code().into());
        let right = fits
            && response["id"] == *step.get("id").unwrap_or(&json!(1))
            && step.get("rule").unwrap_or(&Value::Null) == &rule
            && response.get("unusedParameters") == step.get("unused");
        (!right).then(|| format!("{rule}: {response}"))
    }

    /// Puts a kept key in the place of its name.
    fn put_key(&self, value: &mut Value) {
        let Some(name) = value.get("key") else { return };
        let mut digits = self.keys[name.as_str().unwrap()].clone();
        if let Some(Value::Object(set)) = value.get("set") {
            let mut key: Value = serde_json::from_slice(&hex::decode(&digits).unwrap()).unwrap();
            key.as_object_mut().unwrap().extend(set.clone());
            digits = hex::encode(key.to_string());
        }
        if value.get("upper").is_some() {
            digits = digits.to_uppercase();
        }
        *value = digits.into();
    }

    fn result(&mut self, cluster: &str, method: &str) -> Value {
        let request = json!({"method": method, "id": method}).to_string();
        let Answer { response, refused } = self.simulator.answer(cluster, &request).unwrap();
        assert_eq!(refused, None);
        serde_json::from_str::<Value>(response.expose()).unwrap()["result"].take()
    }

    fn statuses(&mut self, cluster: &str) -> Value {
        let listing = self.result(cluster, "ListClusterPairs");
        let pairs = listing["clusterPairs"].as_array().unwrap().iter();
        pairs.map(|pair| (pair["clusterPairID"].to_string(), pair["status"].clone())).collect()
    }

    fn states(&mut self, cluster: &str) -> Value {
        let listing = self.result(cluster, "ListVolumes");
        let volumes = listing["volumes"].as_array().unwrap().iter();
        let state = |volume: &Value| {
            let pairs = volume["volumePairs"].as_array().unwrap();
            assert!(pairs.len() < 2, "one pair for each volume");
            pairs.first().map_or(Value::Null, |pair| pair["remoteReplication"]["state"].clone())
        };
        volumes.map(|volume| (volume["volumeID"].to_string(), state(volume))).collect()
    }
}

/// Whether a value has what is expected of it.
fn fits(expected: &Value, found: &Value) -> bool {
    match (expected, found) {
        (Value::Null, _) => true,
        (Value::Object(expected), Value::Object(found)) => expected
            .iter()
            .all(|(name, expected)| found.get(name).is_some_and(|found| fits(expected, found))),
        (Value::Array(expected), Value::Array(found)) => {
            expected.len() == found.len()
                && expected.iter().zip(found).all(|(expected, found)| fits(expected, found))
        }
        _ => expected == found,
    }
}

/// Runs all scenarios; returns which rules were broken, with and without leave.
fn run_all() -> BTreeSet<(Rule, String)> {
    let setups = read("setups");
    let mut refused = BTreeSet::new();
    let mut failed = String::new();
    for file in SCENARIOS {
        for scenario in read(file).as_array().unwrap() {
            let about = scenario["about"].as_str().unwrap();
            let mut run = Run::new(scenario);
            let setup = setups[scenario["from"].as_str().unwrap()].as_array().unwrap();
            for (number, step) in
                setup.iter().chain(scenario["steps"].as_array().unwrap()).enumerate()
            {
                if let Some(fault) = run.step(step) {
                    let number = number as i64 - setup.len() as i64;
                    failed += &format!("\n{file}, {about}\n  step {number}: {step}\n  {fault}\n");
                }
            }
            refused.extend(run.refused);
        }
    }
    assert!(failed.is_empty(), "{failed}");
    refused
}

#[test]
fn scenarios_are_met() {
    run_all();
}

#[test]
fn every_refusal_has_a_scenario() {
    let refused = run_all();
    // Of things that only listings can have, below.
    let listed =
        [Rule::ClusterPairStatusUnknown, Rule::VolumePairWithoutClusterPair, Rule::VolumeNotActive];
    for rule in Rule::all().filter(|rule| rule.check_needs().is_some()) {
        let names: Vec<_> =
            refused.iter().filter(|(one, _)| *one == rule).map(|(_, name)| &**name).collect();
        match rule.effect() {
            Effect::Refused { error: Some(error) } => assert_eq!(names, [error], "{rule}"),
            Effect::Refused { error: None } => assert_eq!(names.len(), 1, "{rule}"),
            _ if Options::CHOICES.contains(&rule) => {
                assert_eq!(names.len(), usize::from(!listed.contains(&rule)), "{rule}");
            }
            _ => assert_eq!(names, [""; 0], "{rule}"),
        }
    }
}

/// A rule is a choice if nobody knows what happens where a call breaks it, and if a call can: the
/// rest are about listings that contradict each other.
#[test]
fn choices_are_the_unknown_rules() {
    let unknown = Rule::all().filter(|rule| {
        rule.check_needs().is_some()
            && rule.effect() == Effect::Unknown
            && ![Rule::ClusterContradicted, Rule::UniqueIdNotUnique].contains(rule)
    });
    assert_eq!(Options::CHOICES.to_vec(), unknown.collect::<Vec<_>>());
}

fn two() -> Run {
    let mut run = Run::new(&json!({}));
    for step in read("setups")["replicating"].as_array().unwrap() {
        assert_eq!(run.step(step), None);
    }
    run
}

#[test]
fn keys_are_in_the_order_of_names_and_canonical() {
    let run = two();
    let key = PairingKey::decode(&run.keys["ab"]).unwrap();
    assert_eq!(key.encode().expose(), run.keys["ab"]);
    let PairingKey::Cluster(key) = key else { panic!("a cluster pairing key") };
    assert_eq!((&*key.name, &*key.cluster_unique_id, key.cluster_pair_id), ("a", "uida", 1));
    assert!(key.username.expose().starts_with("__SF_pair_"));
    assert_eq!(key.password.expose().len(), 16);
    assert_eq!(key.cluster_pair_uuid.get_version_num(), 4);
    assert!(key.rpc_connection_id > 0);
    let PairingKey::Volume(key) = PairingKey::decode(&run.keys["v"]).unwrap() else {
        panic!("a volume pairing key")
    };
    assert_eq!((key.volume_id, &*key.volume_name), (1, "v1"));
    assert_eq!(key.mvip, Ipv4Addr::new(10, 0, 0, 1));
}

/// The answers to the methods that list, of all clusters.
fn listings(simulator: &mut Simulator) -> Vec<String> {
    let names: Vec<_> = simulator.clusters().map(str::to_owned).collect();
    names.iter().map(|name| simulator.listings(name).unwrap()).collect()
}

fn from_listings(texts: &[String], options: Options) -> Result<Simulator, SpecError> {
    let clusters = texts.iter().map(|text| Cluster::read(text).unwrap());
    Simulator::from_topology(&Topology::from_iter(clusters), 2, options)
}

#[test]
fn the_same_seed_gives_the_same_answers() {
    let (mut one, mut same) = (two(), two());
    assert_eq!(one.keys, same.keys);
    assert_eq!(listings(&mut one.simulator), listings(&mut same.simulator));
    let request = r#"{"method":"StartClusterPairing","id":1}"#;
    let seeded = |seed| {
        let mut simulator = Simulator::new(seed, Options::default());
        simulator.add_cluster(ClusterSpec::new("a", Ipv4Addr::LOCALHOST)).unwrap();
        simulator.answer("a", request).unwrap().response.expose().to_owned()
    };
    assert_eq!(seeded(1), seeded(1));
    assert_ne!(seeded(1), seeded(2));
}

/// Names, IDs, UUIDs, statuses and states of listings.
fn essence(texts: &[String]) -> Value {
    let wanted = [
        "name",
        "uniqueID",
        "mvip",
        "clusterPairsCountMax",
        "clusterName",
        "clusterPairID",
        "clusterPairUUID",
        "clusterUUID",
        "latency",
        "status",
        "version",
        "access",
        "totalSize",
        "blockSize",
        "enable512e",
        "minIOPS",
        "maxIOPS",
        "volumeID",
        "volumePairs",
        "remoteVolumeID",
        "remoteVolumeName",
        "volumePairUUID",
        "mode",
        "state",
    ];
    fn reduce(value: &Value, wanted: &[&str]) -> Value {
        match value {
            Value::Array(items) => items.iter().map(|item| reduce(item, wanted)).collect(),
            Value::Object(members) => {
                let keep = |(name, value): (&String, &Value)| {
                    let inside = value.is_object() || value.is_array();
                    (inside || wanted.contains(&&**name))
                        .then(|| (name.clone(), reduce(value, wanted)))
                };
                members.iter().filter_map(keep).collect()
            }
            _ => value.clone(),
        }
    }
    let lines = texts.iter().flat_map(|text| text.lines());
    let results = lines.map(|line| serde_json::from_str::<Value>(line).unwrap()["result"].take());
    // What nobody asks for, and what is made up.
    let unlike = [
        "attributes",
        "ensemble",
        "enabledProtectionSchemes",
        "supportedProtectionSchemes",
        "volumeAccessGroups",
        "curve",
        "snapshotReplication",
    ];
    fn drop(value: &mut Value, names: &[&str]) {
        match value {
            Value::Array(items) => items.iter_mut().for_each(|item| drop(item, names)),
            Value::Object(members) => {
                members.retain(|name, _| !names.contains(&&**name));
                members.values_mut().for_each(|value| drop(value, names));
            }
            _ => {}
        }
    }
    let mut all: Value = results.map(|result| reduce(&result, &wanted)).collect();
    drop(&mut all, &unlike);
    all
}

#[test]
fn listings_make_the_same_clusters() {
    let steps = [
        json!({"to": "a", "call": "StartClusterPairing"}),
        json!({"to": "b", "call": "StartVolumePairing", "params": {"volumeID": 3}}),
        json!({"to": "a", "call": "ModifyVolumePair", "params": {"volumeID": 1, "pausedManual": true, "mode": "Sync"}}),
        json!({"cut": ["a", "b"]}),
        json!({"restore": ["a", "b"]}),
        json!({"to": "a", "call": "ModifyVolumePair", "params": {"volumeID": 1, "pausedManual": false}}),
        json!({"wait": 5000}),
        json!({"wait": 1000}),
        json!({"wait": 9000}),
        json!({"to": "b", "call": "ModifyVolume", "params": {"volumeID": 2, "access": "readWrite"}}),
        json!({"to": "a", "call": "ModifyVolume", "params": {"volumeID": 1, "access": "replicationTarget"}}),
        json!({"wait": 50000}),
        json!({"to": "b", "call": "DeleteVolume", "params": {"volumeID": 2}}),
        json!({"to": "b", "call": "PurgeDeletedVolume", "params": {"volumeID": 2}}),
        json!({"to": "a", "call": "RemoveVolumePair", "params": {"volumeID": 1}}),
        json!({"to": "b", "call": "RemoveClusterPair", "params": {"clusterPairID": 1}}),
    ];
    let mut run = two();
    for step in &steps {
        assert_eq!(run.step(step), None, "{step}");
        let texts = listings(&mut run.simulator);
        let mut made = from_listings(&texts, Options::default()).unwrap();
        assert_eq!(essence(&listings(&mut made)), essence(&texts), "{step}");
    }
}

#[test]
fn listed_clusters_go_on_living() {
    let mut run = two();
    run.step(
        &json!({"to": "a", "call": "StartVolumePairing", "params": {"volumeID": 3}, "keep": "w"}),
    );
    run.step(&json!({"to": "c", "call": "StartClusterPairing", "keep": "ca"}));
    run.simulator = from_listings(&listings(&mut run.simulator), Options::default()).unwrap();
    let steps = [
        // The keys of pending pairs complete them.
        json!({"to": "a", "call": "CompleteClusterPairing", "params": {"clusterPairingKey": {"key": "ca"}}, "gives": {"clusterPairID": 2}}),
        json!({"to": "b", "call": "CompleteVolumePairing", "params": {"volumeID": 3, "volumePairingKey": {"key": "w"}}, "gives": {}}),
        // Used ones do not.
        json!({"to": "b", "call": "CompleteVolumePairing", "params": {"volumeID": 1, "volumePairingKey": {"key": "v"}}, "error": "xInvalidPairingKey", "rule": "volume_key_used"}),
        json!({"to": "a", "call": "ModifyVolumePair", "params": {"volumeID": 1, "pausedManual": true}}),
        json!({"on": "a", "volumes": {"1": "PausedManual", "2": null, "3": "PausedMisconfigured"}}),
        json!({"to": "a", "call": "CreateVolume", "params": {"name": "n", "accountID": 1, "totalSize": 1_000_000_000}, "gives": {"volumeID": 4}}),
    ];
    for step in steps {
        assert_eq!(run.step(&step), None, "{step}");
    }
}

#[test]
fn what_nothing_explains_stays_until_it_changes() {
    let mut run = two();
    let active = r#""state":"Active""#;
    for state in ["PausedQoS", "PausedClusterFull", "PausedNew"] {
        let texts = listings(&mut run.simulator).into_iter().enumerate();
        let edit = |(at, text): (usize, String)| {
            let shown = format!(r#""state":"{state}""#);
            if at == 0 { text.replace(active, &shown) } else { text }
        };
        let simulator = from_listings(&texts.map(edit).collect::<Vec<_>>(), Options::default());
        let mut run = Run { simulator: simulator.unwrap(), ..two() };
        let steps = [
            json!({"wait": 100_000}),
            json!({"on": "a", "volumes": {"1": state, "2": null, "3": null}}),
            json!({"on": "b", "volumes": {"1": null, "2": "Active", "3": null}}),
            json!({"to": "a", "call": "ModifyVolumePair", "params": {"volumeID": 1, "pausedManual": true}}),
            json!({"to": "a", "call": "ModifyVolumePair", "params": {"volumeID": 1, "pausedManual": false}}),
            json!({"wait": 4000}),
            json!({"on": "a", "volumes": {"1": "Active", "2": null, "3": null}}),
        ];
        for step in steps {
            assert_eq!(run.step(&step), None, "{state}: {step}");
        }
    }
}

/// Rules about what only listings can have.
#[test]
fn listed_words_are_choices() {
    let edited = |from: &str, to: &str, allowed: &[Rule]| {
        let texts = listings(&mut two().simulator).into_iter();
        let texts: Vec<_> = texts.map(|text| text.replace(from, to)).collect();
        let options = allowed.iter().fold(Options::default(), |all, rule| all.allow(*rule));
        Run { simulator: from_listings(&texts, options).unwrap(), ..two() }
    };
    let start =
        json!({"to": "a", "call": "StartVolumePairing", "params": {"volumeID": 3}, "keep": "w"});
    let resume = json!({"to": "a", "call": "ModifyVolumePair", "params": {"volumeID": 1, "pausedManual": false}});
    let with = |step: &Value, outcome: &Value| {
        let mut step = step.clone();
        step.as_object_mut().unwrap().extend(outcome.as_object().unwrap().clone());
        step
    };
    let complete = json!({"to": "b", "call": "CompleteVolumePairing", "params": {"volumeID": 3, "volumePairingKey": {"key": "w"}}});
    let error = json!({"error": "xMVIPNotPaired", "rule": "cluster_pair_status_unknown"});
    for (allowed, outcome) in [(&[][..], error), (&[Rule::ClusterPairStatusUnknown][..], json!({}))]
    {
        let mut run = edited(r#""status":"Connected""#, r#""status":"Upgrading""#, allowed);
        assert_eq!(run.step(&json!({"on": "a", "pairs": {"1": "Upgrading"}})), None);
        assert_eq!(run.step(&with(&start, &outcome)), None);
        assert_eq!(run.step(&with(&resume, &outcome)), None);
        if outcome == json!({}) {
            assert_eq!(run.step(&complete), None);
        }
    }
    let error = json!({"error": "xNameNotPublic", "rule": "volume_pair_without_cluster_pair"});
    for (allowed, outcome) in
        [(&[][..], error), (&[Rule::VolumePairWithoutClusterPair][..], json!({}))]
    {
        let mut run = edited(
            r#""clusterPairID":1,"remoteReplication""#,
            r#""clusterPairID":9,"remoteReplication""#,
            allowed,
        );
        assert_eq!(run.step(&with(&resume, &outcome)), None);
    }
    let error = json!({"error": "xVolumeIDDoesNotExist", "rule": "volume_not_active"});
    for (allowed, outcome) in [(&[][..], error), (&[Rule::VolumeNotActive][..], json!({}))] {
        let mut run = edited(r#""status":"active""#, r#""status":"init""#, allowed);
        assert_eq!(run.step(&with(&start, &outcome)), None);
    }
}

#[test]
fn a_cluster_that_was_not_given_stays_as_it_is_listed() {
    let texts = listings(&mut two().simulator);
    let mut run =
        Run { simulator: from_listings(&texts[..1], Options::default()).unwrap(), ..two() };
    let steps = [
        json!({"wait": 100_000}),
        json!({"on": "a", "pairs": {"1": "Connected"}}),
        json!({"on": "a", "volumes": {"1": "Active", "2": null, "3": null}}),
        json!({"to": "a", "call": "ModifyVolumePair", "params": {"volumeID": 1, "pausedManual": true}}),
        json!({"on": "a", "volumes": {"1": "PausedManual", "2": null, "3": null}}),
        json!({"to": "a", "call": "RemoveVolumePair", "params": {"volumeID": 1}}),
        json!({"to": "a", "call": "RemoveClusterPair", "params": {"clusterPairID": 1}, "gives": {}}),
    ];
    for step in steps {
        assert_eq!(run.step(&step), None, "{step}");
    }
}

#[test]
fn what_cannot_be_simulated_has_a_code() {
    let mut simulator = Simulator::new(1, Options::default());
    let spec = ClusterSpec::new("a", Ipv4Addr::LOCALHOST);
    let spec = ClusterSpec { unique_id: Some("same".into()), ..spec };
    assert_eq!(simulator.add_cluster(spec.clone()), Ok(()));
    assert_eq!(simulator.add_cluster(spec.clone()), Err(SpecError::UniqueIdNotUnique));
    let volumes = vec![VolumeSpec::new("v", 1_000_000_000); 4001];
    let many = ClusterSpec { unique_id: None, volumes, ..spec };
    assert_eq!(simulator.add_cluster(many), Err(SpecError::TooManyVolumes));
    let empty = from_listings(
        &[r#"{"id":"ListClusterPairs","result":{"clusterPairs":[]}}"#.into()],
        Options::default(),
    );
    let error = empty.unwrap_err();
    assert_eq!((error, error.code()), (SpecError::NoIdentity, "no_identity"));
    assert_eq!(error.to_string(), "a cluster's unique ID and MVIP are not told");
    assert!(simulator.answer("b", "").is_err());
    assert!(simulator.cut("same", "b").is_err());
    // By name and MVIP, too.
    for name in ["same", "a", "127.0.0.1"] {
        assert_eq!(simulator.supports(name, "12.5"), Ok(true));
        assert_eq!(simulator.supports(name, "12.7"), Ok(false));
    }
}

#[test]
fn limits_hold() {
    let mut run = Run::new(&json!({}));
    let call = |method: &str, params: Value| json!({"to": "a", "call": method, "params": params});
    for number in 4..=4000 {
        let step =
            call("CreateVolume", json!({"name": "n", "accountID": 1, "totalSize": 1_000_000_000}));
        assert_eq!(run.step(&step), None, "{number}");
    }
    let mut step =
        call("CreateVolume", json!({"name": "n", "accountID": 1, "totalSize": 1_000_000_000}));
    step["error"] = "xExceededLimit".into();
    assert_eq!(run.step(&step), None);

    let ids = |count: u64| (1..=count).collect::<Vec<_>>();
    let mut step = call("ModifyVolumes", json!({"volumeIDs": ids(500), "access": "locked"}));
    assert_eq!(run.step(&step), None);
    step["params"]["volumeIDs"] = ids(501).into();
    step["error"] = "xInvalidParameter".into();
    assert_eq!(run.step(&step), None);

    let longest = |length: usize| {
        let request = r#"{"method":"ListClusterPairs","id":1,"x":""}"#;
        request.replace(r#""""#, &format!("{:?}", "x".repeat(length + 2 - request.len() - 2)))
    };
    assert_eq!(longest(MAX_REQUEST_LEN).len(), MAX_REQUEST_LEN);
    for (length, code) in [(MAX_REQUEST_LEN, Value::Null), (MAX_REQUEST_LEN + 1, json!(-32600))] {
        let answer = run.simulator.answer("a", &longest(length)).unwrap();
        let response: Value = serde_json::from_str(answer.response.expose()).unwrap();
        assert_eq!(response["error"]["code"], code);
    }
}
