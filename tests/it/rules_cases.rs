//! The cases in `tests/rules`; its README says how to add one.

use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use element_pairing::{
    api::{
        CompleteClusterPairing, CompleteVolumePairing, ListActivePairedVolumes, ListClusterPairs,
        Method, ModifyVolume, ModifyVolumePair, RemoveClusterPair, RemoveVolumePair, Request,
        StartClusterPairing, StartVolumePairing,
    },
    topology::{self, Cluster, Listing, Report, Rule, Side, Topology},
};
use serde_json::{Map, Value, json};

/// What a case can be.
const KINDS: [&str; 3] = ["breaks", "boundary", "unseen"];

pub struct Case {
    /// Folder and file.
    pub name: String,
    /// None for a case in `several`.
    rule: Option<Rule>,
    kind: String,
    pub content: Map<String, Value>,
}

impl Case {
    fn is_check(&self) -> bool {
        self.content.contains_key("check")
    }

    fn list(&self, member: &str) -> Vec<Value> {
        self.content.get(member).map_or_else(Vec::new, |list| list.as_array().unwrap().clone())
    }

    fn run(&self) -> Report {
        let texts: Vec<_> = clusters(&self.content).values().map(responses).collect();
        let read =
            |text| Cluster::read(text).unwrap_or_else(|error| panic!("{}: {error}", self.name));
        let topology: Topology<'_> = texts.iter().map(read).collect();
        match self.content.get("check") {
            None => topology.audit(),
            Some(call) => check(&topology, call),
        }
    }
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/rules").join(name)
}

/// A file's members, of which these mean something.
fn read(file: &Path, allowed: &[&str]) -> Map<String, Value> {
    let content: Map<String, Value> = serde_json::from_slice(&fs::read(file).unwrap())
        .unwrap_or_else(|error| panic!("{file:?}: {error}"));
    for member in content.keys() {
        assert!(allowed.contains(&member.as_str()), "{file:?}: {member} means nothing");
    }
    assert!(content["about"].is_string(), "{file:?}");
    content
}

pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

pub fn stem(path: &Path) -> &str {
    path.file_stem().unwrap().to_str().unwrap()
}

pub fn cases() -> Vec<Case> {
    let allowed = ["about", "from", "clusters", "set", "check", "verdict", "findings", "unchecked"];
    let folders =
        files(&folder("")).into_iter().filter(|path| path.is_dir() && stem(path) != "base");
    let cases = folders.flat_map(|folder| {
        let rule = Rule::all().find(|rule| rule.code() == stem(&folder));
        assert!(rule.is_some() || stem(&folder) == "several", "{folder:?} is no rule");
        files(&folder).into_iter().map(move |file| {
            let name = format!("{}/{}", stem(&folder), stem(&file));
            let kind = stem(&file).split('_').next().unwrap().to_owned();
            assert!(rule.is_none() || KINDS.contains(&&*kind), "{name} is none of {KINDS:?}");
            Case { name, rule, kind, content: read(&file, &allowed) }
        })
    });
    cases.collect()
}

/// The clusters of a case: those that it has and those it starts from, with what it sets.
pub fn clusters(content: &Map<String, Value>) -> Map<String, Value> {
    let mut clusters = match (content.get("from"), content.get("clusters")) {
        (Some(base), None) => {
            let file = folder("base").join(base.as_str().unwrap()).with_extension("json");
            Value::Object(read(&file, &["about", "clusters"]))["clusters"].take()
        }
        (None, Some(clusters)) => clusters.clone(),
        _ => panic!("either from or clusters"),
    };
    for (path, value) in content.get("set").into_iter().flat_map(|set| set.as_object().unwrap()) {
        let (parent, last) = path.rsplit_once('/').unwrap_or(("", path));
        let steps = parent.split('/').filter(|step| !step.is_empty());
        let parent = steps.fold(&mut clusters, |at, step| &mut at[step]);
        if value.is_null() {
            let removed = parent.as_object_mut().unwrap().remove(last);
            assert!(removed.is_some(), "{path} is not there");
        } else {
            parent[last] = value.clone();
        }
    }
    let Value::Object(clusters) = clusters else { panic!("clusters by their labels") };
    clusters
}

/// The API responses of a cluster, one after the other.
pub fn responses(listings: &Value) -> String {
    let responses = listings.as_object().unwrap().iter().map(|(method, listing)| {
        if let Some(error) = listing.get("error") {
            return json!({"id": method, "error": error}).to_string() + "\n";
        }
        let result = match method.as_str() {
            "GetClusterInfo" => json!({"clusterInfo": listing}),
            "GetLimits" => listing.clone(),
            "ListClusterPairs" => json!({"clusterPairs": list(listing, "clusterPairID")}),
            "ListVolumes" | "ListActiveVolumes" | "ListActivePairedVolumes" => {
                let mut volumes = list(listing, "volumeID");
                for volume in &mut volumes {
                    if let Some(pairs) = volume.get_mut("volumePairs") {
                        *pairs = list(pairs, "volumePairUUID").into();
                    }
                }
                json!({"volumes": volumes})
            }
            _ => panic!("{method} is no listing"),
        };
        json!({"id": method, "result": result}).to_string() + "\n"
    });
    responses.collect()
}

/// The list of objects that a map by their IDs is short for.
fn list(by_id: &Value, id: &str) -> Vec<Value> {
    let objects = by_id.as_object().unwrap().iter().map(|(key, object)| {
        let mut object = object.clone();
        object[id] = key.parse::<u64>().map_or_else(|_| key.as_str().into(), Value::from);
        object
    });
    objects.collect()
}

pub fn check(topology: &Topology<'_>, call: &Value) -> Report {
    let cluster = call["cluster"].as_str().unwrap();
    let method = call["method"].as_str().unwrap();
    let mut params = call.get("params").cloned().unwrap_or_else(|| json!({}));
    for (name, value) in params.as_object_mut().unwrap() {
        if name.ends_with("PairingKey") && value.is_object() {
            *value = hex::encode(value.to_string()).into();
        }
    }
    let request = json!({"method": method, "params": params}).to_string();
    macro_rules! check {
        ($($method:ident)*) => {
            match method {
                $($method::NAME => {
                    let params = Request::<$method>::read(&request).unwrap().params;
                    topology.check(cluster, &params).unwrap()
                })*
                _ => panic!("{method} cannot be checked"),
            }
        };
    }
    check!(
        StartClusterPairing CompleteClusterPairing ListClusterPairs RemoveClusterPair
        StartVolumePairing CompleteVolumePairing ListActivePairedVolumes ModifyVolumePair
        RemoveVolumePair ModifyVolume
    )
}

/// The report's findings as a case writes them.
fn findings(report: &Report) -> Vec<Value> {
    let value = |value: &topology::Value| match value {
        topology::Value::Number(number) => (*number).into(),
        other => Value::from(other.to_string()),
    };
    let findings = report.findings().iter().map(|finding| {
        let values = finding.values.iter().map(|(name, found)| ((*name).to_owned(), value(found)));
        json!({
            "rule": finding.rule.code(),
            "subject": finding.subject.to_string(),
            "values": Map::from_iter(values),
        })
    });
    findings.collect()
}

/// What the report has as unchecked, of a rule or of all, as a case writes it.
fn unchecked(report: &Report, rule: Option<Rule>) -> Vec<Value> {
    let unchecked =
        report.unchecked().iter().filter(|one| rule.is_none_or(|rule| one.rule == rule));
    let wants = unchecked.map(|one| {
        json!({
            "rule": one.rule.code(),
            "subject": one.subject.to_string(),
            "want": one.want.to_string(),
        })
    });
    wants.collect()
}

/// Writes what of two lists is in one only.
fn differences(text: &mut String, expected: &[Value], found: &[Value]) {
    let lines = text.len();
    let mut only = |one: &[Value], other: &[Value], what| {
        for value in one.iter().filter(|value| !other.contains(value)) {
            writeln!(text, "    {what} {value}").unwrap();
        }
    };
    only(expected, found, "not found:   ");
    only(found, expected, "not expected:");
    if text.len() == lines && expected != found {
        writeln!(text, "    in another order: {found:?}").unwrap();
    }
}

#[test]
fn cases_are_met() {
    let mut failed = String::new();
    for case in cases() {
        let report = case.run();
        let mut text = String::new();
        if case.content["verdict"] != report.verdict().code() {
            writeln!(text, "    verdict: {}", report.verdict().code()).unwrap();
        }
        differences(&mut text, &case.list("findings"), &findings(&report));
        // For want of one listing, other rules are not checked either.
        let rule = case.rule.filter(|_| case.kind == "unseen");
        differences(&mut text, &case.list("unchecked"), &unchecked(&report, rule));
        if !text.is_empty() {
            write!(failed, "\n{}: {}\n{text}", case.name, case.content["about"]).unwrap();
        }
    }
    assert!(failed.is_empty(), "{failed}");
}

#[test]
fn what_is_unchecked_is_needed() {
    for case in cases() {
        for one in case.run().unchecked() {
            let needs =
                if case.is_check() { one.rule.check_needs() } else { one.rule.audit_needs() };
            let needs =
                needs.unwrap_or_else(|| panic!("{}: {} is not judged", case.name, one.rule));
            let is_here = one.want.cluster == one.subject.cluster;
            let side = if is_here { Side::Here } else { Side::Remote };
            // Which the remote cluster is, its partner's list of cluster pairs tells. A member of a
            // paired volume may be missing in ListVolumes as well. An audit's finding has the side
            // that comes first.
            let is_needed = needs.iter().any(|need| {
                let is_listing = need.listing == one.want.listing
                    || one.want.member.is_some()
                        && (need.listing, one.want.listing)
                            == (Listing::PairedVolumes, Listing::Volumes);
                is_listing && (need.side == side || !case.is_check())
                    || need.side == Side::Remote && one.want.listing == Listing::ClusterPairs
            });
            assert!(is_needed, "{}: {} for {}", case.name, one.want, one.rule);
        }
    }
}

#[test]
fn every_rule_has_its_cases() {
    let mut found = BTreeSet::new();
    for case in cases() {
        let Some(rule) = case.rule else { continue };
        let names_it = |member| case.list(member).iter().any(|one| one["rule"] == rule.code());
        let (broken, unseen) = (names_it("findings"), names_it("unchecked"));
        let expected = (case.kind == "breaks", case.kind == "unseen");
        assert_eq!((broken, unseen), expected, "{} is no such case", case.name);
        found.insert((rule, case.is_check(), case.kind));
    }
    let mut missing = vec![];
    for rule in Rule::all() {
        for (is_check, needs) in [(false, rule.audit_needs()), (true, rule.check_needs())] {
            let Some(needs) = needs else { continue };
            // What needs nothing can always be seen.
            let kinds = KINDS.iter().filter(|kind| **kind != "unseen" || !needs.is_empty());
            let kinds =
                kinds.filter(|kind| !found.contains(&(rule, is_check, (**kind).to_owned())));
            let what = if is_check { "check" } else { "audit" };
            missing.extend(kinds.map(|kind| format!("{rule}/{kind} ({what})")));
        }
    }
    assert!(missing.is_empty(), "no such cases:\n{}", missing.join("\n"));
}

#[test]
fn bases_are_healthy() {
    for file in files(&folder("base")) {
        let content = read(&file, &["about", "clusters"]);
        let name = stem(&file).to_owned();
        let report = Case { name, rule: None, kind: String::new(), content }.run();
        assert_eq!(report.to_string(), "Nothing found.\n", "{file:?}");
    }
}
