//! What must hold for every text that is read as saved listings, a response or a request.

use element_pairing::{
    api::{
        AnyRequest, AnyResponse, CompleteClusterPairing, CompleteVolumePairing, GetClusterInfo,
        GetLimits, KeyFree, ListActivePairedVolumes, ListActiveVolumes, ListClusterPairs,
        ListVolumes, Method, ModifyVolume, ModifyVolumePair, ReadError, RemoveClusterPair,
        RemoveVolumePair, Request, Response, StartClusterPairing, StartVolumePairing,
    },
    topology::{Cluster, Report, Rule, Topology},
};
use serde_json::{Value, value::RawValue};

/// Saved answers of clusters, which 0xFF separates (UTF-8 has no such byte).
pub fn listings(text: &[u8]) {
    let mut clusters = Vec::new();
    for text in text.split(|&byte| byte == 0xFF) {
        match Cluster::read(text) {
            Ok(cluster) => clusters.push(cluster),
            Err(error) => {
                assert!(error.offset() <= text.len(), "{error:?}");
                assert!(!error.code().is_empty() && !error.help().is_empty());
                check_shown(&error.to_string());
            }
        }
    }
    let reversed: Topology<'_> = clusters.iter().rev().cloned().collect();
    let topology: Topology<'_> = clusters.into_iter().collect();
    let report = topology.audit();
    assert_eq!(reversed.audit(), report);
    check_report(&report, text.len(), topology.clusters().len());
}

/// A request of any method, or a response to it.
pub fn messages(text: &[u8]) {
    key_response::<StartClusterPairing>(text);
    key_response::<StartVolumePairing>(text);
    key_response::<CompleteClusterPairing>(text);
    key_response::<CompleteVolumePairing>(text);
    response::<ListClusterPairs>(text);
    response::<RemoveClusterPair>(text);
    response::<ListActivePairedVolumes>(text);
    response::<ModifyVolumePair>(text);
    response::<RemoveVolumePair>(text);
    response::<GetClusterInfo>(text);
    response::<GetLimits>(text);
    response::<ListVolumes>(text);
    response::<ListActiveVolumes>(text);
    response::<ModifyVolume>(text);

    request::<StartClusterPairing>(text);
    request::<StartVolumePairing>(text);
    request::<CompleteClusterPairing>(text);
    request::<CompleteVolumePairing>(text);
    request::<ListClusterPairs>(text);
    request::<RemoveClusterPair>(text);
    request::<ListActivePairedVolumes>(text);
    request::<ModifyVolumePair>(text);
    request::<RemoveVolumePair>(text);
    request::<GetClusterInfo>(text);
    request::<GetLimits>(text);
    request::<ListVolumes>(text);
    request::<ListActiveVolumes>(text);
    request::<ModifyVolume>(text);

    for answer in AnyResponse::read_all(text) {
        match answer {
            Ok(answer) => check_sound(answer.json().as_str()),
            Err(error) => check_error(&error, text),
        }
    }
    match AnyRequest::read(text) {
        Ok(request) => check_sound(request.json().as_str()),
        Err(error) => check_error(&error, text),
    }
}

fn key_response<M: Method>(text: &[u8]) {
    match Response::<M>::read(text) {
        Ok(response) => {
            check_sound(response.json().as_str());
            assert!(format!("{response:?}").len() <= 8 * text.len() + 512);
        }
        Err(error) => check_error(&error, text),
    }
}

/// Also: what was read is written again as it was.
fn response<M: KeyFree>(text: &[u8]) {
    key_response::<M>(text);
    if let Ok(response) = Response::<M>::read(text) {
        let written = serde_json::to_string(&response).expect("a response");
        assert_eq!(written, response.json().as_str());
        assert!(Response::<M>::read(&written).is_ok());
    }
}

/// A request that was read is written to one that reads the same, in a form that stays.
fn request<M: Method + PartialEq>(text: &[u8]) {
    match Request::<M>::read(text) {
        Ok(request) => {
            let written = request.write();
            check_sound(written.expose());
            let again = Request::<M>::read(written.expose());
            assert_eq!(again.as_ref(), Ok(&request));
            assert_eq!(again.map(|again| again.write()).as_ref(), Ok(&written));
        }
        Err(error) => check_error(&error, text),
    }
}

/// What was taken for JSON is, as far as serde_json can tell.
fn check_sound(json: &str) {
    assert!(serde_json::from_str::<&RawValue>(json).is_ok(), "{json}");
}

fn check_error(error: &ReadError, text: &[u8]) {
    assert!(error.offset() <= text.len(), "{error:?}");
    if let Ok(text) = str::from_utf8(text) {
        assert!(text.is_char_boundary(error.offset()), "{error:?}");
    }
    assert!(!error.code().is_empty() && !error.help().is_empty());
    check_shown(&error.to_string());
}

/// A report does not outgrow its input, and can be shown.
fn check_report(report: &Report, length: usize, clusters: usize) {
    let (findings, unchecked) = (report.findings().len(), report.unchecked().len());
    assert!(findings <= length, "{findings} of {length} bytes");
    // Of a cluster, each rule can want some listings and members.
    let most = length + 8 * Rule::all().len() * clusters;
    assert!(unchecked <= most, "{unchecked} of {length} bytes, {clusters} clusters");
    check_shown(&report.to_string().replace('\n', ""));
    let json = serde_json::to_string(report).expect("a report");
    let json: Value = serde_json::from_str(&json).expect("sound JSON");
    assert_eq!(json["findings"].as_array().map(Vec::len), Some(report.findings().len()));
    for finding in report.findings() {
        let named: Vec<_> = finding.values.iter().map(|(name, _)| *name).collect();
        let known: Vec<_> = finding.rule.values().collect();
        assert!(named.iter().all(|name| known.contains(name)), "{finding:?}");
    }
}

fn check_shown(text: &str) {
    assert!(!text.contains(char::is_control), "{text:?}");
}
