//! The methods: the API reference's examples, what real clusters send, and everything else.

use std::{error::Error, fmt::Debug, fs};

use element_pairing::{
    PairingKey, Secret,
    api::{
        Access, AnyRequest, AnyResponse, ApiError, ClusterInfo, ClusterPair, ClusterPairStatus,
        CompleteClusterPairing, CompleteVolumePairing, CompletedClusterPairing, ErrorName,
        GetClusterInfo, GetLimits, Id, ListActivePairedVolumes, ListActiveVolumes,
        ListClusterPairs, ListVolumes, MAX_JSON_LEN, Method, ModifyVolume, ModifyVolumePair,
        ReadError, ReadErrorKind, RemoteReplication, RemoveClusterPair, RemoveVolumePair,
        ReplicationMode, ReplicationState, Request, Response, StartClusterPairing,
        StartVolumePairing, StateClass, Volume, VolumePair, VolumeStatus,
    },
};
use proptest::prelude::*;
use serde_json::{Value, json, value::RawValue};

fn file(name: &str) -> String {
    fs::read_to_string(format!("{}/tests/api/{name}.json", env!("CARGO_MANIFEST_DIR"))).unwrap()
}

/// Without the white space outside of strings.
fn compact(json: &str) -> String {
    let mut quoted = false;
    let keep = |c: &char| {
        quoted ^= *c == '"';
        quoted || !c.is_ascii_whitespace()
    };
    json.chars().filter(keep).collect()
}

fn key_of(method: &str) -> Secret {
    let json: Value = serde_json::from_str(&file(&format!("{method}.request"))).unwrap();
    let params = json["params"].as_object().unwrap();
    params.values().find_map(Value::as_str).unwrap().into()
}

/// What a response to the method is read to: nothing, or the error.
fn read_response<M: Method>(text: &[u8]) -> Option<ReadError> {
    Response::<M>::read(text).err()
}

type ReadResponse = fn(&[u8]) -> Option<ReadError>;

/// All methods.
const RESPONSES: [(&str, ReadResponse); 14] = [
    (StartClusterPairing::NAME, read_response::<StartClusterPairing>),
    (CompleteClusterPairing::NAME, read_response::<CompleteClusterPairing>),
    (ListClusterPairs::NAME, read_response::<ListClusterPairs>),
    (RemoveClusterPair::NAME, read_response::<RemoveClusterPair>),
    (StartVolumePairing::NAME, read_response::<StartVolumePairing>),
    (CompleteVolumePairing::NAME, read_response::<CompleteVolumePairing>),
    (ListActivePairedVolumes::NAME, read_response::<ListActivePairedVolumes>),
    (ModifyVolumePair::NAME, read_response::<ModifyVolumePair>),
    (RemoveVolumePair::NAME, read_response::<RemoveVolumePair>),
    (GetClusterInfo::NAME, read_response::<GetClusterInfo>),
    (GetLimits::NAME, read_response::<GetLimits>),
    (ListVolumes::NAME, read_response::<ListVolumes>),
    (ListActiveVolumes::NAME, read_response::<ListActiveVolumes>),
    (ModifyVolume::NAME, read_response::<ModifyVolume>),
];

#[test]
fn requests_are_those_of_the_reference() {
    fn check<M: Method + PartialEq>(params: M) {
        let example = file(&format!("{}.request", M::NAME));
        let request = Request::new(1, params);
        let written = request.write();
        assert_eq!(written.expose(), compact(&example));
        for text in [written.expose(), &example] {
            let read = Request::<M>::read(text);
            assert_eq!(read.as_ref(), Ok(&request), "{}", M::NAME);
            assert_eq!(read.unwrap().write(), written, "a read mode keeps its spelling");
            let any = AnyRequest::read(text).unwrap();
            assert_eq!(any.method, M::NAME);
            assert_eq!(any.read_as::<M>().as_ref(), Ok(&request));
            assert_eq!(any.json().as_str(), text.trim_end());
        }
    }
    check(StartClusterPairing);
    check(CompleteClusterPairing { cluster_pairing_key: key_of("CompleteClusterPairing") });
    check(ListClusterPairs);
    check(RemoveClusterPair { cluster_pair_id: 1 });
    check(StartVolumePairing { mode: Some(ReplicationMode::Async), volume_id: 14 });
    let volume_pairing_key = key_of("CompleteVolumePairing");
    // The reference's slip.
    let key = PairingKey::decode(volume_pairing_key.expose()).unwrap();
    assert_eq!(key.kind().name(), "cluster");
    check(CompleteVolumePairing { volume_id: 12, volume_pairing_key });
    check(ListActivePairedVolumes::default());
    // The one example that does not spell a mode as the reference's own tables do.
    let mode = Some(ReplicationMode::from("sync"));
    check(ModifyVolumePair { paused_manual: Some(false), volume_id: 5, mode });
    check(RemoveVolumePair { volume_id: 5 });
}

#[test]
fn requests_without_an_example() {
    fn check<M: Method + PartialEq>(params: M, written: &str) {
        let json = format!(r#"{{"method":"{}","params":{written},"id":"a\"\n"}}"#, M::NAME);
        let request = Request::new("a\"\n", params);
        assert_eq!(request.write().expose(), json);
        assert_eq!(Request::read(&json), Ok(request));
    }
    check(GetClusterInfo, "{}");
    check(GetLimits, "{}");
    check(ListVolumes::default(), "{}");
    let all = ListVolumes {
        start_volume_id: Some(u64::MAX),
        limit: Some(500),
        volume_status: Some(VolumeStatus::Active),
        volume_ids: Some(vec![1, 2]),
        is_paired: Some(true),
        include_virtual_volumes: Some(false),
    };
    let written = r#"{"startVolumeID":18446744073709551615,"limit":500,"volumeStatus":"active","volumeIDs":[1,2],"isPaired":true,"includeVirtualVolumes":false}"#;
    check(all, written);
    check(ListVolumes { volume_ids: Some(vec![]), ..Default::default() }, r#"{"volumeIDs":[]}"#);
    check(
        ListActiveVolumes { start_volume_id: Some(7), ..Default::default() },
        r#"{"startVolumeID":7}"#,
    );
    let target = Access::ReplicationTarget;
    check(
        ModifyVolume { volume_id: 7, access: Some(target), total_size: Some(1 << 30) },
        r#"{"volumeID":7,"access":"replicationTarget","totalSize":1073741824}"#,
    );
    check(
        StartVolumePairing { volume_id: 1, mode: Some(ReplicationMode::from("new\u{1}\\")) },
        r#"{"mode":"new\u0001\\","volumeID":1}"#,
    );
}

#[test]
fn requests_as_clients_send_them() {
    // Python SDK, Cinder: null or no params, unknown params, a number in quotes, no ID.
    let read = Request::<ListClusterPairs>::read(r#"{"method":"ListClusterPairs"}"#).unwrap();
    assert_eq!(read, Request::new(Id::Missing, ListClusterPairs));
    assert_eq!(read.write().expose(), r#"{"method":"ListClusterPairs","params":{}}"#);
    let read = Request::<ListVolumes>::read(
        r#"{"params":{"startVolumeID":"12","accounts":[1]},"id":null,"method":"ListVolumes"}"#,
    );
    assert_eq!(read.unwrap().params.start_volume_id, Some(12));
    let read = Request::<RemoveVolumePair>::read(
        r#"{"method":"RemoveVolumePair","params":{"volumeID":5,"mode":"Async"},"id":-3}"#,
    );
    assert_eq!(read.unwrap(), Request::new(-3, RemoveVolumePair { volume_id: 5 }));

    let error = |text| {
        let error = Request::<RemoveVolumePair>::read(text).unwrap_err();
        assert_eq!(
            AnyRequest::read(text).and_then(|any| any.read_as::<RemoveVolumePair>()),
            Err(error)
        );
        format!("{} {} {}", error.code(), error.offset(), error.path())
    };
    assert_eq!(error(r#" {"method":"RemoveVolumePair"}"#), "missing_member 1 params.volumeID");
    assert_eq!(
        error(r#"{"method":"RemoveVolumePair","params":null}"#),
        "missing_member 0 params.volumeID"
    );
    assert_eq!(error(r#"{"method":"RemoveVolumePair","params":[5]}"#), "wrong_type 38 params");
    assert_eq!(error(r#"{"method":"GetLimits","params":{"volumeID":1}}"#), "other_method 0 method");
    assert_eq!(error(r#"{"params":{"volumeID":1}}"#), "missing_member 0 method");
    assert_eq!(
        error("\u{feff}{\"method\":\"RemoveVolumePair\",\"params\":{\"volumeID\":\"x\"}}"),
        "wrong_type 53 params.volumeID"
    );
}

#[test]
fn responses_of_the_reference() {
    fn result<M: Method>(text: &str) -> M::Output<'_> {
        let response = Response::<M>::read(text).unwrap();
        assert_eq!(response.id, Id::Integer(1));
        assert_eq!(response.unused_parameters, None);
        response.outcome.unwrap()
    }
    let text = file("StartClusterPairing.response");
    let started = result::<StartClusterPairing>(&text);
    assert_eq!(started.cluster_pair_id, 1);
    assert_eq!(started.cluster_pairing_key, key_of("CompleteClusterPairing"));
    let text = file("CompleteClusterPairing.response");
    let completed = result::<CompleteClusterPairing>(&text);
    assert_eq!(completed, CompletedClusterPairing { cluster_pair_id: 1 });
    let text = file("StartVolumePairing.response");
    let started = result::<StartVolumePairing>(&text);
    let PairingKey::Volume(key) = PairingKey::decode(started.volume_pairing_key.expose()).unwrap()
    else {
        panic!("a volume pairing key");
    };
    assert_eq!((key.volume_id, &*key.volume_name), (1, "Test"));
    result::<CompleteVolumePairing>(&file("CompleteVolumePairing.response"));
    result::<ModifyVolumePair>(&file("ModifyVolumePair.response"));
    result::<RemoveClusterPair>(&file("RemoveClusterPair.response"));
    result::<RemoveVolumePair>(&file("RemoveVolumePair.response"));

    let text = file("ListClusterPairs.response");
    let [pair, other] = &result::<ListClusterPairs>(&text)[..] else { panic!("two pairs") };
    assert_eq!(pair.cluster_pair_id, 3);
    assert_eq!(pair.cluster_pair_uuid.as_deref(), Some("9866fbeb-c2f8-4df3-beb9-58a5c4e49c9b"));
    assert_eq!(pair.cluster_name.as_deref(), Some("cluster2"));
    assert_eq!(pair.cluster_unique_id(), Some("5487"));
    assert_eq!(pair.mvip.as_deref(), Some("172.1.1.5"));
    assert_eq!(pair.status, Some(ClusterPairStatus::Connected));
    assert_eq!(pair.version.as_deref(), Some("8.0.0.1361"));
    assert_eq!(pair.latency, Some(1));
    assert_eq!((other.cluster_pair_id, other.cluster_unique_id()), (2, Some("1383")));

    let text = file("ListActivePairedVolumes.response");
    let [volume] = &result::<ListActivePairedVolumes>(&text)[..] else { panic!("one volume") };
    assert_eq!(volume.volume_id, 24);
    assert_eq!(volume.name.as_deref(), Some("BK"));
    assert_eq!(volume.access, Some(Access::ReadWrite));
    assert_eq!(volume.status, Some(VolumeStatus::Active));
    assert_eq!(volume.total_size, Some(10_737_418_240));
    assert_eq!(volume.block_size, Some(4096));
    assert_eq!(volume.enable512e, Some(true));
    assert_eq!((&volume.delete_time, &volume.purge_time), (&None, &None));
    let qos: Value = serde_json::from_str(volume.qos.unwrap().as_str()).unwrap();
    assert_eq!(qos["curve"]["1048576"], 15000);
    let [pair] = volume.pairs() else { panic!("one pairing") };
    assert_eq!((pair.cluster_pair_id, pair.remote_volume_id), (Some(2), Some(8)));
    assert_eq!(pair.remote_volume_name.as_deref(), Some("PairingDoc"));
    assert_eq!(pair.volume_pair_uuid, "229fcbf3-2d35-4625-865a-d04bb9455cef");
    let replication = pair.remote_replication.as_ref().unwrap();
    assert_eq!(replication.mode, Some(ReplicationMode::Async));
    assert_eq!(replication.state, Some(ReplicationState::Active));
    assert_eq!((&replication.state_details, &replication.resume_details), (&None, &None));
    let snapshots = replication.snapshot_replication.as_ref().unwrap();
    assert_eq!(snapshots.state, Some(ReplicationState::Idle));
}

/// With the PDF's no-break spaces all are refused at the first; with blanks instead, these are.
#[test]
fn examples_as_printed() {
    let slips = [
        ("CompleteClusterPairing.request", "control_character 9:75 params.clusterPairingKey"),
        ("CompleteVolumePairing.request", "control_character 11:75 params.volumePairingKey"),
        (
            "ListActivePairedVolumes.response",
            "control_character 116:68 result.volumes[0].volumePairs[0].volumePairUUID",
        ),
        ("ListClusterPairs.response", "not_json 25:7 result.clusterPairs[0]"),
        ("RemoveVolumePair.request", "not_json 9:4 params"),
        ("StartClusterPairing.response", "control_character 11:75 result.clusterPairingKey"),
        ("StartVolumePairing.response", "control_character 9:75 result.volumePairingKey"),
    ];
    let place = |text: &str, error: &ReadError| {
        let before = &text[..error.offset()];
        let line = before.matches('\n').count() + 1;
        let column = before.chars().rev().take_while(|&c| c != '\n').count() + 1;
        format!("{} {line}:{column} {}", error.code(), error.path())
    };
    let mut found = Vec::new();
    for (method, read_response) in &RESPONSES[..9] {
        for kind in ["request", "response"] {
            let name = format!("{method}.{kind}");
            let printed = file(&format!("printed/{name}"));
            let read = |text: &str| match kind {
                "request" => read_request(method, text),
                _ => read_response(text.as_bytes()),
            };
            assert_eq!(read(&file(&name)), None, "{name}");
            if printed.contains('\u{a0}') {
                let error = read(&printed).unwrap();
                assert_eq!(place(&printed, &error).split(' ').next(), Some("no_break_space"));
                assert_eq!(error.offset(), printed.find('\u{a0}').unwrap(), "{name}");
            } else {
                assert_eq!(name, "CompleteVolumePairing.response");
            }
            let blanks = printed.replace('\u{a0}', " ");
            if let Some(error) = read(&blanks) {
                found.push((name, place(&blanks, &error)));
            }
        }
    }
    found.sort();
    let found: Vec<_> = found.iter().map(|(name, place)| (&**name, &**place)).collect();
    assert_eq!(found, slips);
}

fn read_request(method: &str, text: &str) -> Option<ReadError> {
    let any = match AnyRequest::read(text) {
        Ok(any) => any,
        // With the path of the parameters' own members.
        Err(error) => {
            return match method {
                "CompleteClusterPairing" => Request::<CompleteClusterPairing>::read(text).err(),
                "CompleteVolumePairing" => Request::<CompleteVolumePairing>::read(text).err(),
                _ => Some(error),
            };
        }
    };
    assert_eq!(any.method, method);
    None
}

#[test]
fn listings_as_clusters_send_them() {
    let pair = |json| ClusterPair::read(json).unwrap();
    let unique_id = |json| pair(json).cluster_unique_id().map(str::to_owned);
    assert_eq!(unique_id(r#"{"clusterPairID":1,"clusterUUID":"bgn0"}"#), Some("bgn0".into()));
    assert_eq!(unique_id(r#"{"clusterPairID":1,"clusterUUID":5487}"#), Some("5487".into()));
    assert_eq!(unique_id(r#"{"clusterPairID":1,"UUID":"bgn0"}"#), Some("bgn0".into()));
    assert_eq!(
        unique_id(r#"{"UUID":"x","clusterUUID":"bgn0","clusterPairID":1}"#),
        Some("bgn0".into())
    );
    assert_eq!(unique_id(r#"{"clusterPairID":1,"clusterUUID":""}"#), None);
    let unknown = pair(r#"{"clusterPairID":1,"status":"Dreaming","latency":null,"mvip":""}"#);
    assert_eq!(unknown.status, Some(ClusterPairStatus::Other("Dreaming".into())));
    assert_eq!((unknown.latency, unknown.mvip), (None, None));
    for latency in ["1.5", "-1", "1e3", "18446744073709551616", "\"\""] {
        let text = format!(r#"{{"clusterPairID":1,"latency":{latency}}}"#);
        let told = ClusterPair::read(&text).unwrap();
        assert_eq!((told.latency, told.json().as_str()), (None, &*text));
    }
    assert_eq!(pair(r#"{"clusterPairID":1,"latency":"7"}"#).latency, Some(7));

    let bare = Volume::read(r#"{"volumeID":1}"#).unwrap();
    assert_eq!((bare.volume_pairs.as_ref(), bare.pairs()), (None, &[][..]));
    let nulls = r#"{"volumeID":1,"name":null,"access":null,"status":"","totalSize":null,"qos":null,
        "enable512e":null,"deleteTime":null,"purgeTime":"2030-01-01T00:00:00Z","volumePairs":null}"#;
    let nulls = Volume::read(nulls).unwrap();
    assert_eq!(nulls.purge_time.as_deref(), Some("2030-01-01T00:00:00Z"));
    assert_eq!((nulls.name, nulls.access, nulls.status), (None, None, None));
    assert_eq!((nulls.total_size, nulls.qos, nulls.enable512e), (None, None, None));
    assert_eq!((nulls.delete_time, nulls.volume_pairs), (None, None));
    let named = r#"{"volume\u0049D":"77","\u006eame":"\u00e9\"","access":"readwrite"}"#;
    let named = Volume::read(named).unwrap();
    assert_eq!((named.volume_id, named.name.as_deref()), (77, Some("é\"")));
    assert_eq!(named.access, Some(Access::Other("readwrite".into())));
    let pending = VolumePair::read(r#"{"volumePairUUID":"u","remoteVolumeID":null}"#).unwrap();
    assert_eq!((pending.cluster_pair_id, pending.remote_volume_id), (None, None));
    let state = RemoteReplication::read(r#"{"mode":"SYNC","state":"PausedNew"}"#).unwrap();
    assert_eq!(state.mode, Some(ReplicationMode::Sync));
    assert_eq!(serde_json::to_string(&state).unwrap(), r#"{"mode":"SYNC","state":"PausedNew"}"#);
    assert_eq!(state.state.unwrap().as_str(), "PausedNew");

    let text = r#"{"id":"GetClusterInfo","result":{"clusterInfo":{"name":"c","uniqueID":"xsm6",
        "mvip":"10.0.0.1","svip":"10.0.1.1","uuid":"u","ensemble":["10.0.0.2"]}}}"#;
    let info = Response::<GetClusterInfo>::read(text).unwrap().outcome.unwrap();
    assert_eq!(
        [info.name, info.unique_id, info.mvip, info.svip, info.uuid].map(Option::unwrap),
        ["c", "xsm6", "10.0.0.1", "10.0.1.1", "u"]
    );
    let text = r#"{"id":1,"result":{"accountCountMax":5000,"clusterPairsCountMax":4}}"#;
    let limits = Response::<GetLimits>::read(text).unwrap().outcome.unwrap();
    assert_eq!(limits.cluster_pairs_count_max, Some(4));
    let text = r#"{"id":1,"result":{"volume":{"volumeID":7,"access":"locked"},"curve":null}}"#;
    let volume = Response::<ModifyVolume>::read(text).unwrap().outcome.unwrap().unwrap();
    assert_eq!((volume.volume_id, volume.access), (7, Some(Access::Locked)));
    let text = r#"{"id":1,"result":{}}"#;
    assert_eq!(Response::<ModifyVolume>::read(text).unwrap().outcome, Ok(None));
}

/// What is read and written again is the same text, member for member.
#[test]
fn nothing_is_lost() {
    let volumes = r#"[{"z":1.10,"volumeID":1,"a":12345678901234567890123,"qos":{"b":1e2,"a":-0.0},"volumePairs":[{"volumePairUUID":"\u0041","x":null,"remoteReplication":{"mode":"aSYNC"}}],"":[ 1,2 ],"access":"\u0072eadWrite"},{"volumeID":2}]"#;
    let read: Vec<Volume<'_>> = serde_json::from_str(volumes).unwrap();
    assert_eq!(serde_json::to_string(&read).unwrap(), volumes);
    let pair = &read[0].pairs()[0];
    assert_eq!(pair.volume_pair_uuid, "A");
    assert_eq!(
        pair.json().as_str(),
        r#"{"volumePairUUID":"\u0041","x":null,"remoteReplication":{"mode":"aSYNC"}}"#
    );
    assert_eq!(serde_json::to_string(&read[0].qos).unwrap(), r#"{"b":1e2,"a":-0.0}"#);
    let text = format!(r#"{{"result":{{"volumes":{volumes}}},"id":null,"new":1.10}}"#);
    let response: Response<'_, ListActiveVolumes> = serde_json::from_str(&text).unwrap();
    assert_eq!(serde_json::to_string(&response).unwrap(), text);
    assert_eq!((response.id, response.outcome), (Id::Missing, Ok(read)));

    let request = Request::new(1, RemoveVolumePair { volume_id: 5 });
    let written = serde_json::to_string(&request).unwrap();
    assert_eq!(written, request.write().expose());
    assert_eq!(serde_json::from_str::<Request<RemoveVolumePair>>(&written).unwrap(), request);
    let wrong = serde_json::from_str::<Volume<'_>>(r#"{"volumeID":-1}"#).unwrap_err();
    assert!(wrong.to_string().starts_with("volumeID: expected an integer from 0 to"), "{wrong}");
}

#[test]
fn words() {
    fn check<W: PartialEq + Debug + for<'a> From<&'a str>>(
        known: &[W],
        as_str: fn(&W) -> &str,
        any_case: bool,
    ) {
        for word in known {
            assert_eq!(W::from(as_str(word)), *word);
            let upper = as_str(word).to_uppercase();
            assert_eq!(W::from(&upper) == *word, any_case, "{word:?}");
        }
        assert_eq!(as_str(&W::from("later")), "later");
    }
    check(ReplicationMode::KNOWN, ReplicationMode::as_str, true);
    check(Access::KNOWN, Access::as_str, false);
    check(VolumeStatus::KNOWN, VolumeStatus::as_str, false);
    check(ClusterPairStatus::KNOWN, ClusterPairStatus::as_str, false);
    check(ReplicationState::KNOWN, ReplicationState::as_str, false);
    check(ErrorName::KNOWN, ErrorName::as_str, false);
}

#[test]
fn states() {
    let of = |class| {
        let known = ReplicationState::KNOWN.iter().filter(|state| state.class() == Some(class));
        known.map(ReplicationState::as_str).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(
        of(StateClass::Progress),
        "Active Idle ResumingConnected ResumingRRSync ResumingLocalSync ResumingDataTransfer"
    );
    assert_eq!(of(StateClass::ResumesByItself), "PausedQoS PausedSlowLink PausedXCopy");
    assert_eq!(of(StateClass::WaitOrAct), "PausedDisconnected PausedClusterFull");
    assert_eq!(
        of(StateClass::MustAct),
        "PausedManual PausedManualRemote PausedMisconfigured PausedVolumeSizeMismatch \
         PausedExceededMaxSnapshotCount"
    );
    assert_eq!(of(StateClass::ForGood), "StoppedMisconfigured");
    let source_only = ReplicationState::KNOWN.iter().filter(|state| state.source_only());
    assert_eq!(
        source_only.map(ReplicationState::as_str).collect::<Vec<_>>(),
        ["PausedQoS", "PausedSlowLink", "PausedXCopy", "PausedClusterFull"]
    );
    let unknown = ReplicationState::from("PausedNew");
    assert_eq!((unknown.class(), unknown.source_only()), (None, false));
    assert!(unknown.help().contains("user guide"));
}

#[test]
fn errors_that_clusters_answer() {
    fn error(text: &str) -> ApiError<'_> {
        let response = Response::<RemoveClusterPair>::read(text).unwrap();
        response.outcome.unwrap_err()
    }
    let unknown = error(
        r#"{"id":1,"result":null,"error":{"code":500,"name":"xNew","message":"a\u001b[1m\"b"}}"#,
    );
    assert_eq!((unknown.code, unknown.name.as_ref().unwrap().as_str()), (Some(500), "xNew"));
    assert_eq!(unknown.message(), "a\u{1b}[1m\"b");
    assert_eq!(unknown.to_string(), "xNew: a\\u{1b}[1m\"b");
    let named = |message: &str| {
        let text = json!({"id": 1, "error": {"message": message}}).to_string();
        error(&text).name
    };
    assert_eq!(named("500 xMVIPNotPaired: try again"), Some(ErrorName::MvipNotPaired));
    assert_eq!(named("failed (xDBVersionMismatch)"), Some(ErrorName::DbVersionMismatch));
    assert_eq!(named("failed: xSomethingNew."), Some(ErrorName::Other("xSomethingNew".into())));
    // A server's text is not shown by accident.
    assert_eq!(format!("{:?}", ErrorName::from("xSomethingNew")), "Other(..)");
    assert_eq!(format!("{:?}", ErrorName::from("xVolumeNotPaired")), "VolumeNotPaired");
    assert_eq!(named("box xbox xX x86 0xAB"), None);
    assert_eq!(error(r#"{"error":{}}"#).to_string(), "error without a name");

    let text = r#"{"id":1,"result":{},"unusedParameters":["mode"]}"#;
    let response = Response::<RemoveVolumePair>::read(text).unwrap();
    assert_eq!(response.unused_parameters.unwrap().as_str(), r#"["mode"]"#);
}

#[test]
fn responses_one_after_the_other() {
    let saved = "\u{feff}{\"id\":\"GetLimits\",\"result\":{}}\r\n\n {\"id\":2,\"result\":{\"volumes\":[{}]}}{\"id\":";
    let mut all = AnyResponse::read_all(saved);
    let limits = all.next().unwrap().unwrap();
    assert_eq!(limits.id, Id::from("GetLimits"));
    assert_eq!(limits.json().as_str(), r#"{"id":"GetLimits","result":{}}"#);
    assert_eq!(limits.read_as::<GetLimits>().unwrap().id, limits.id);
    let volumes = all.next().unwrap().unwrap();
    let error = volumes.read_as::<ListVolumes>().unwrap_err();
    assert_eq!(error.path().to_string(), "result.volumes[0].volumeID");
    assert_eq!(error.offset(), saved.find("{}]").unwrap());
    let error = all.next().unwrap().unwrap_err();
    assert_eq!((error.code(), error.offset()), ("cut_short", saved.len()));
    assert!(all.next().is_none());
    assert_eq!(AnyResponse::read_all(" \n").count(), 0);
}

#[test]
fn what_is_wrong_and_where() {
    let deep = format!(r#"{{"x":{}"#, "[".repeat(33));
    let pair = r#"{"result":{"volumes":[{"volumeID":1,"volumePairs":[{"volumePairUUID":"u"},{"volumePairUUID":"u","remoteReplication":{"snapshotReplication":{"state":7}}}]}]}}"#;
    let cases: &[(&[u8], &str)] = &[
        (b"", "cut_short 0 : the text ends too early, expected a value"),
        (b"<html>", "not_json 0 : expected a value"),
        (b"[]", "wrong_type 0 : expected an object, found array"),
        (b"{\"id\":1}", "missing_member 0 result: the member is missing"),
        (b"{\"id\":1,}", "not_json 8 : expected a member's name in quotes, and a colon"),
        (b"{\"id\":1 \"a\":1}", "not_json 8 : expected a comma or }"),
        (b"{\"id\":{}}", "wrong_value 6 id: expected a string, or an integer of 64 bits"),
        (b"{\"id\":1,\"id\":1}", "duplicate_member 8 id: the member stands twice"),
        (b"{\"result\":[]}", "wrong_type 10 result: expected an object, found array"),
        (b"{\"result\":{}}", "missing_member 10 result.volumes: the member is missing"),
        (
            b"{\"result\":{\"volumes\":null}}",
            "wrong_type 21 result.volumes: expected an array, found null",
        ),
        (
            b"{\"result\":{\"volumes\":[1]}}",
            "wrong_type 22 result.volumes[0]: expected an object, found number",
        ),
        (b"{\"result\":{\"volumes\":[}", "not_json 22 result.volumes[0]: expected a value"),
        (
            b"{\"result\":{\"volumes\":[{\"volumeID\":18446744073709551616}]}}",
            "wrong_value 34 result.volumes[0].volumeID: expected an integer from 0 to 18446744073709551615",
        ),
        (
            b"{\"result\":{\"volumes\":[{\"volumeID\":1.0}]}}",
            "wrong_value 34 result.volumes[0].volumeID: expected an integer from 0 to 18446744073709551615",
        ),
        (
            b"{\"result\":{\"volumes\":[{\"volumeID\":null}]}}",
            "wrong_type 34 result.volumes[0].volumeID: expected an integer from 0 to 18446744073709551615, found null",
        ),
        (
            b"{\"result\":{\"volumes\":[{\"volumeID\":1,\"access\":7}]}}",
            "wrong_type 45 result.volumes[0].access: expected a string, found number",
        ),
        (
            b"{\"result\":{\"volumes\":[{\"volumeID\":1,\"enable512e\":0}]}}",
            "wrong_type 49 result.volumes[0].enable512e: expected true or false, found number",
        ),
        (
            b"{\"result\":{\"volumes\":[{\"volumeID\":1,\"name\":[]}]}}",
            "wrong_type 43 result.volumes[0].name: expected a string, found array",
        ),
        (
            pair.as_bytes(),
            "wrong_type 148 result.volumes[0].volumePairs[1].remoteReplication.snapshotReplication.state: expected a string, found number",
        ),
        (
            b"{\"x\":\"a\nb\"}",
            "control_character 7 : a line end or other control character stands where JSON allows none",
        ),
        (
            "{\u{a0}\"x\":1}".as_bytes(),
            "no_break_space 1 : a no-break space stands where JSON allows none",
        ),
        (b"{\"x\":\"\\ud800\"}", "lone_surrogate 6 : an escape is half of a surrogate pair"),
        (deep.as_bytes(), "too_deep 37 : a value is nested more than 32 levels deep"),
        (
            b"{\"result\":{\"volumes\":[]}}{",
            "text_after_end 25 : something follows the end of the JSON",
        ),
        (b"{\"x\":\"\xff\"}", "not_utf8 6 : the text is not UTF-8"),
    ];
    for (text, expected) in cases {
        let error = Response::<ListActivePairedVolumes>::read(text).unwrap_err();
        let path = error.path().to_string();
        let message = error.to_string();
        let message = message.strip_prefix(&*format!("{path}: ")).unwrap_or(&message);
        let found = format!("{} {} {path}: {message}", error.code(), error.offset());
        assert_eq!(&found, expected, "{}", String::from_utf8_lossy(text));
        assert!(error.help().ends_with('.') && error.source().is_none());
        assert!(!error.expected().is_empty());
    }
    let long = " ".repeat(MAX_JSON_LEN + 1);
    let error = Response::<GetLimits>::read(&long).unwrap_err();
    assert_eq!((error.kind(), error.offset()), (ReadErrorKind::TooLong, MAX_JSON_LEN));
    assert_eq!(error.to_string(), "the text is longer than 67108864 bytes");
    super::codes::assert_codes(ReadErrorKind::ALL.iter().map(|kind| kind.code()));
    assert!(size_of::<ReadError>() <= 128);
}

/// Neither a request nor a response shows a key when it is printed for debugging; errors never do.
#[test]
fn no_key_is_shown() {
    let digits = key_of("CompleteClusterPairing");
    let digits = digits.expose();
    let hidden = |printed: String| {
        let shown =
            digits.as_bytes().windows(8).any(|run| printed.contains(str::from_utf8(run).unwrap()));
        assert!(!shown, "{printed}");
    };
    let started = |name: &str| {
        format!(
            r#"{{"id":1,"result":{{"clusterPairID":1,"{name}":"{digits}"}},"unusedParameters":{{"a":"{digits}"}}}}"#
        )
    };
    let refused = format!(r#"{{"id":1,"error":{{"name":"xNew","message":"no {digits}"}}}}"#);
    for text in [started("clusterPairingKey"), started("volumePairingKey"), refused] {
        hidden(format!("{:#?}", Response::<StartClusterPairing>::read(&text)));
        hidden(format!("{:#?}", Response::<StartVolumePairing>::read(&text)));
        hidden(format!("{:#?}", Response::<RemoveClusterPair>::read(&text)));
        hidden(format!("{:#?}", AnyResponse::read_all(&text).collect::<Vec<_>>()));
    }
    let request = Request::new(1, CompleteClusterPairing { cluster_pairing_key: digits.into() });
    hidden(format!("{request:#?} {:?}", request.write()));
    hidden(format!("{:#?}", AnyRequest::read(request.write().expose())));
    let misplaced = format!(r#"{{"method":"{digits}","id":1}}"#);
    hidden(format!("{:#?}", AnyRequest::read(&misplaced)));
    let volume_pairing_key = Secret::from(digits);
    hidden(format!("{:?}", CompleteVolumePairing { volume_id: 1, volume_pairing_key }));
    let info = format!(r#"{{"ensemble":"{digits}"}}"#);
    hidden(format!("{:?}", ClusterInfo::read(&info)));

    let whole = started("clusterPairingKey");
    for at in 0..whole.len() {
        for text in [
            [&whole[..at], &whole[at + 1..]].concat(),
            [&whole[..at], "\n", &whole[at..]].concat(),
            whole[..at].to_owned(),
        ] {
            if let Err(error) = Response::<StartClusterPairing>::read(&text) {
                hidden(format!("{error} {error:?} {}", error.help()));
            }
        }
    }
}

/// Whatever the text: no panic, the place of an error is in the text, and what is read is JSON.
fn check_any(text: &[u8]) {
    for (method, read) in RESPONSES {
        let error = read(text);
        match error {
            None => {
                // Not a `Value`: numbers that no f64 holds are kept.
                let value: &RawValue = serde_json::from_slice(text).unwrap();
                assert!(value.get().starts_with('{'), "{method}");
            }
            Some(error) => {
                assert!(error.offset() <= text.len(), "{error:?}");
                if let Ok(text) = str::from_utf8(text) {
                    assert!(text.is_char_boundary(error.offset()), "{error:?}");
                }
                let json = !matches!(
                    error.kind(),
                    ReadErrorKind::NotUtf8
                        | ReadErrorKind::NotJson
                        | ReadErrorKind::ControlCharacter
                        | ReadErrorKind::NoBreakSpace
                        | ReadErrorKind::CutShort
                        | ReadErrorKind::LoneSurrogate
                        | ReadErrorKind::TextAfterEnd
                );
                if !json {
                    assert!(serde_json::from_slice::<Value>(text).is_err(), "{error:?}");
                }
            }
        }
    }
    let request = AnyRequest::read(text).and_then(|any| any.read_as::<ModifyVolumePair>());
    assert_eq!(request, Request::read(text).or(request.clone()));
    for response in AnyResponse::read_all(text).flatten() {
        let _ = response.read_as::<ListVolumes>();
    }
}

/// Listings as a cluster could send them, as `serde_json` writes them.
fn volume() -> impl Strategy<Value = Value> {
    let word = || {
        let word = prop_oneof!["[a-zA-Z]{0,12}", "\\PC{0,6}", Just("replicationTarget".into())];
        prop_oneof![3 => word.prop_map(Value::String), 1 => Just(Value::Null)]
    };
    let number = || prop_oneof![3 => any::<u64>().prop_map(Value::from), 1 => Just(Value::Null)];
    let pair = (number(), "\\PC{1,9}", word(), word(), word()).prop_map(
        |(id, uuid, name, mode, state)| {
            json!({"clusterPairID": id, "volumePairUUID": uuid, "remoteVolumeName": name,
            "remoteReplication": {"mode": mode, "state": state}, "other": [{"volumeID": []}]})
        },
    );
    let pairs = prop::collection::vec(pair, 0..3);
    (any::<u64>(), word(), word(), number(), pairs, any::<i64>()).prop_map(
        |(id, name, access, size, pairs, odd)| {
            json!({"volumeID": id, "name": name, "access": access, "totalSize": size,
                "volumePairs": pairs, "attributes": {"odd": odd, "volumeID": {}}})
        },
    )
}

fn text(value: &Value) -> Option<&str> {
    value.as_str().filter(|text| !text.is_empty())
}

proptest! {
    #[test]
    fn read_as_serde_json_reads(volumes in prop::collection::vec(volume(), 0..4), pretty: bool) {
        let value = json!({"id": 7, "result": {"volumes": volumes}});
        let written = if pretty { format!("{value:#}") } else { value.to_string() };
        let response = Response::<ListVolumes>::read(&written).unwrap();
        prop_assert_eq!(response.json().as_str(), &written);
        let read = response.outcome.unwrap();
        prop_assert_eq!(read.len(), volumes.len());
        for (read, volume) in read.iter().zip(&volumes) {
            prop_assert_eq!(Some(read.volume_id), volume["volumeID"].as_u64());
            prop_assert_eq!(read.name.as_deref(), text(&volume["name"]));
            prop_assert_eq!(read.access.as_ref().map(Access::as_str), text(&volume["access"]));
            prop_assert_eq!(read.total_size, volume["totalSize"].as_u64());
            prop_assert_eq!(&serde_json::from_str::<Value>(read.json().as_str()).unwrap(), volume);
            let pairs = volume["volumePairs"].as_array().unwrap();
            prop_assert_eq!(read.pairs().len(), pairs.len());
            for (read, pair) in read.pairs().iter().zip(pairs) {
                prop_assert_eq!(read.cluster_pair_id, pair["clusterPairID"].as_u64());
                prop_assert_eq!(Some(&*read.volume_pair_uuid), pair["volumePairUUID"].as_str());
                prop_assert_eq!(read.remote_volume_name.as_deref(), text(&pair["remoteVolumeName"]));
                let replication = &pair["remoteReplication"];
                let state = read.remote_replication.as_ref().unwrap().state.as_ref();
                prop_assert_eq!(state.map(ReplicationState::as_str), text(&replication["state"]));
            }
        }
    }

    #[test]
    fn any_json(volumes in prop::collection::vec(volume(), 0..3), at: prop::sample::Index, put in "[\\x00-\\x7f\u{a0}]{0,2}", cut in 0..3_usize) {
        let mut written = json!({"id": 7, "result": {"volumes": volumes}}).to_string().into_bytes();
        let at = at.index(written.len());
        written.splice(at..(at + cut).min(written.len()), put.bytes());
        check_any(&written);
    }

    #[test]
    fn any_bytes(text: Vec<u8>, json in "[\\[\\]{}:,\"0-9a-z\\\\ ]{0,40}") {
        check_any(&text);
        check_any(json.as_bytes());
    }

    #[test]
    fn what_is_written_is_read(id in "\\PC{0,9}", mode in "\\PC{1,9}", volume_id: u64, paused_manual: Option<bool>, digits in "[0-9a-f]{0,99}|\\PC{0,9}") {
        let mode = Some(ReplicationMode::from(&*mode));
        let request = Request::new(id.clone(), ModifyVolumePair { paused_manual, volume_id, mode });
        let written = request.write();
        prop_assert!(serde_json::from_str::<Value>(written.expose()).is_ok());
        prop_assert_eq!(Request::read(written.expose()), Ok(request));
        let volume_pairing_key = Secret::from(digits);
        let request = Request::new(id, CompleteVolumePairing { volume_id, volume_pairing_key });
        let written = request.write();
        prop_assert!(serde_json::from_str::<Value>(written.expose()).is_ok());
        prop_assert_eq!(Request::read(written.expose()), Ok(request));
    }
}
