//! What must hold for simulated clusters, whatever they are asked.

use std::{collections::BTreeMap, net::Ipv4Addr, time::Duration};

use arbitrary::{Result, Unstructured};
use element_pairing::{
    Secret,
    api::{
        ClusterPair, ClusterPairStatus, ListClusterPairs, ListVolumes, Method, ReplicationState,
        Response, Volume, VolumePair,
    },
    simulator::{ClusterSpec, Options, Simulator, VolumeSpec},
    topology::{Cluster, Topology},
};
use serde_json::Value;

const CLUSTERS: u8 = 6;
const VOLUMES: u8 = 2;
/// Longer sequences reach nothing else, and take their time.
const STEPS: u8 = 64;
/// Of a request that is none.
const LONGEST: usize = 64;

/// A sequence of calls, and of what happens between them.
pub fn calls(bytes: &[u8]) {
    // It ends where the bytes do.
    let _ = run(&mut Unstructured::new(bytes));
}

fn run(input: &mut Unstructured<'_>) -> Result<()> {
    let choices = input.int_in_range(0..=u16::MAX)?;
    let mut options = Options::default();
    let allowed = Options::CHOICES.iter().enumerate().filter(|(at, _)| choices >> at & 1 == 1);
    options.allowed.extend(allowed.map(|(_, rule)| *rule));
    let mut simulator = Simulator::new(u64::from(choices), options.clone());
    for number in 0..CLUSTERS {
        let mut spec = ClusterSpec::new(name(number), Ipv4Addr::new(10, 0, 0, number));
        spec.volumes = (0..VOLUMES).map(|id| VolumeSpec::new(format!("v{id}"), 1 << 30)).collect();
        simulator.add_cluster(spec).expect("a cluster");
    }
    let mut keys = vec![String::new()];
    let mut is_anew = false;
    for _ in 0..STEPS {
        if input.is_empty() {
            break;
        }
        let here = input.int_in_range(0..=CLUSTERS - 1)?;
        match input.int_in_range(0..=9)? {
            0 => simulator.advance(Duration::from_secs(input.int_in_range(0..=100)?)),
            1 => {
                let there = name(input.int_in_range(0..=CLUSTERS - 1)?);
                if input.ratio(1_u8, 2)? {
                    simulator.cut(&name(here), &there).expect("two clusters");
                } else {
                    simulator.restore(&name(here), &there).expect("two clusters");
                }
            }
            2 => {
                let length = input.int_in_range(0..=LONGEST)?.min(input.len());
                let request = input.bytes(length)?;
                let answer = simulator.answer(&name(here), request).expect("a cluster");
                if check_answer(answer.response.expose(), answer.refused.is_some()).is_err() {
                    continue;
                }
            }
            // Clusters made anew of what they show; once, as it takes its time.
            3 if !is_anew => {
                is_anew = true;
                let names = (0..CLUSTERS).map(name);
                let texts: Vec<_> =
                    names.map(|name| simulator.listings(&name).expect("a cluster")).collect();
                let clusters = texts.iter().map(|text| Cluster::read(text).expect("listings"));
                let topology: Topology<'_> = clusters.collect();
                let seed = u64::from(choices) + 1;
                simulator =
                    Simulator::from_topology(&topology, seed, options.clone()).expect("clusters");
            }
            _ => {
                let request = request(input, &keys)?;
                let answer = simulator.answer(&name(here), &request).expect("a cluster");
                match check_answer(answer.response.expose(), answer.refused.is_some()) {
                    Ok(key) => keys.extend(key),
                    // Had it changed something, that would show later.
                    Err(()) => continue,
                }
            }
        }
        check(&mut simulator);
    }
    check(&mut simulator);
    Ok(())
}

fn name(number: u8) -> String {
    format!("site-{number}")
}

/// A request of any method, with parameters that may fit it.
fn request(input: &mut Unstructured<'_>, keys: &[String]) -> Result<String> {
    const METHODS: &[&str] = &[
        "StartClusterPairing",
        "CompleteClusterPairing",
        "RemoveClusterPair",
        "StartVolumePairing",
        "CompleteVolumePairing",
        "ModifyVolumePair",
        "RemoveVolumePair",
        "ModifyVolume",
        "ModifyVolumes",
        "CreateVolume",
        "DeleteVolume",
        "RestoreDeletedVolume",
        "PurgeDeletedVolume",
        "AddAccount",
        "GetAccountByID",
        "ListVolumes",
    ];
    let method = input.choose(METHODS)?;
    let id = input.int_in_range(0_u8..=VOLUMES + 2)?;
    // The latest keys are of most use.
    let back = input.int_in_range(1..=keys.len().min(4))?;
    let key = &keys[keys.len() - back];
    let mut params = vec![
        format!(r#""volumeID":{id}"#),
        format!(r#""volumeIDs":[{id}]"#),
        format!(r#""clusterPairID":{id}"#),
        format!(r#""accountID":1,"name":"n","username":"u{id}""#),
        format!(r#""clusterPairingKey":"{key}","volumePairingKey":"{key}""#),
    ];
    let mut member = |name: &str, values: &[&str]| {
        let value = input.choose(values)?;
        params.extend((!value.is_empty()).then(|| format!("\"{name}\":{value}")));
        Ok(())
    };
    member("mode", &["", "\"Async\"", "\"sync\"", "\"later\"", "3"])?;
    member("access", &["", "\"readWrite\"", "\"replicationTarget\"", "\"locked\"", "\"all\""])?;
    member("pausedManual", &["", "true", "false", "\"true\""])?;
    member("totalSize", &["", "1073741824", "2147483648", "-1"])?;
    Ok(format!(r#"{{"method":"{method}","params":{{{}}},"id":1}}"#, params.join(",")))
}

/// Returns the key that is in the response, if one is; none of an error.
fn check_answer(response: &str, is_refused: bool) -> std::result::Result<Option<String>, ()> {
    let response: Value = serde_json::from_str(response).expect("JSON");
    let error = response.get("error");
    assert_ne!(error.is_some(), response.get("result").is_some());
    assert!(response.get("id").is_some());
    match error {
        Some(error) => {
            assert!(error["code"].is_i64());
            assert!(error["name"].as_str().expect("a name").starts_with('x'));
            assert!(!error["message"].as_str().expect("a message").is_empty());
            return Err(());
        }
        None => assert!(!is_refused, "refused without an error"),
    }
    let members = ["clusterPairingKey", "volumePairingKey"];
    let key = members.iter().find_map(|name| response["result"][name].as_str());
    Ok(key.map(str::to_owned))
}

/// Limit, one-to-one, and both sides or pending.
fn check(simulator: &mut Simulator) {
    let mut ask = |request: &str| -> Vec<_> {
        let names = (0..CLUSTERS).map(name);
        names.map(|name| simulator.answer(&name, request).expect("a cluster").response).collect()
    };
    // Most of the time goes into volumes, and those that are not paired have nothing to be checked.
    let cluster_pairs = ask(r#"{"method":"ListClusterPairs"}"#);
    let volumes = ask(r#"{"method":"ListVolumes","params":{"isPaired":true}}"#);
    let mut pairs: BTreeMap<String, Vec<ClusterPair<'_>>> = BTreeMap::new();
    let mut ends: BTreeMap<String, Vec<(u64, VolumePair<'_>)>> = BTreeMap::new();
    for text in &cluster_pairs {
        let mut complete = 0;
        for pair in listed::<ListClusterPairs>(text) {
            complete += u64::from(pair.status != Some(ClusterPairStatus::Unconfigured));
            let uuid = pair.cluster_pair_uuid.as_deref().expect("a UUID").to_owned();
            pairs.entry(uuid).or_default().push(pair);
        }
        assert!(complete <= 4, "{complete} cluster pairs");
    }
    for volume in volumes.iter().flat_map(listed::<ListVolumes>) {
        let volume: Volume<'_> = volume;
        assert_eq!(volume.pairs().len(), 1, "a volume is in one pair");
        for pair in volume.volume_pairs.into_iter().flatten() {
            let uuid = pair.volume_pair_uuid.clone().into_owned();
            ends.entry(uuid).or_default().push((volume.volume_id, pair));
        }
    }
    for sides in pairs.values() {
        match &sides[..] {
            [one] => match &one.status {
                Some(ClusterPairStatus::Unconfigured) => assert_eq!(one.mvip, None),
                other => assert_eq!(*other, Some(ClusterPairStatus::Disconnected)),
            },
            [one, other] => {
                assert!(one.mvip.is_some() && other.mvip.is_some() && one.mvip != other.mvip);
                assert_eq!(one.status, other.status);
            }
            _ => panic!("a cluster pair of more than two clusters"),
        }
    }
    for both in ends.values() {
        let remote = |pair: &VolumePair<'_>| pair.remote_volume_id.expect("an ID");
        let state = |pair: &VolumePair<'_>| {
            pair.remote_replication.as_ref().and_then(|told| told.state.clone()).expect("a state")
        };
        match &both[..] {
            [(_, one)] if remote(one) == 0 => {
                assert_eq!(state(one), ReplicationState::PausedMisconfigured);
            }
            [(_, one)] => assert!(matches!(
                state(one),
                ReplicationState::StoppedMisconfigured | ReplicationState::PausedDisconnected
            )),
            [(id, one), (other_id, other)] => {
                assert_eq!((remote(one), remote(other)), (*other_id, *id));
                let told =
                    |pair: &VolumePair<'_>| pair.remote_replication.clone().expect("told").mode;
                assert_eq!(told(one), told(other));
            }
            _ => panic!("a volume pair of more than two volumes"),
        }
    }
}

fn listed<M: Method>(response: &Secret) -> M::Output<'_> {
    Response::<M>::read(response.expose()).expect("a response").outcome.expect("a result")
}
