//! The keys in `tests/vectors`; its README says how to add one.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use element_pairing::{
    ClusterPairingKey, DecodeError, Member, PairingKey, RemovedKind, VolumePairingKey, clean,
};
use serde_json::{Map, Value, json};

use crate::{check_any, members, unknown};

struct Vector {
    name: String,
    key: Vec<u8>,
    expected: Map<String, Value>,
}

/// All vectors of a folder; `allowed` are the members that their expectations can have.
fn vectors(folder: &str, allowed: &[&str]) -> Vec<Vector> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(folder);
    let files: BTreeSet<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    for file in &files {
        let partner = match file.extension().and_then(|extension| extension.to_str()) {
            Some("key") => file.with_extension("json"),
            Some("json") => file.with_extension("key"),
            _ => panic!("{file:?} is neither .key nor .json"),
        };
        assert!(files.contains(&partner), "{file:?} has no partner");
    }
    let keys = files.iter().filter(|file| file.extension().is_some_and(|end| end == "key"));
    keys.map(|file| {
        let name = file.file_stem().unwrap().to_str().unwrap().to_owned();
        let expected: Map<String, Value> =
            serde_json::from_slice(&fs::read(file.with_extension("json")).unwrap())
                .unwrap_or_else(|error| panic!("{name}: {error}"));
        for member in expected.keys() {
            assert!(allowed.contains(&member.as_str()), "{name}: {member} means nothing");
        }
        assert!(expected["about"].is_string(), "{name}");
        Vector { name, key: fs::read(file).unwrap(), expected }
    })
    .collect()
}

#[test]
fn valid() {
    let allowed = ["about", "kind", "members", "unknown", "removed", "digits", "canonical"];
    let mut kinds_removed = BTreeSet::new();
    for Vector { name, key: text, expected } in vectors("valid", &allowed) {
        let key = PairingKey::decode(&text).unwrap_or_else(|error| panic!("{name}: {error:?}"));
        assert_eq!(key.kind().name(), expected["kind"], "{name}");
        assert_eq!(members(&key), expected["members"], "{name}");
        let none = json!({});
        assert_eq!(json!(unknown(&key)), *expected.get("unknown").unwrap_or(&none), "{name}");

        let cleaned = clean(&text).unwrap();
        let digits = expected["digits"].as_str().unwrap();
        assert_eq!(cleaned.digits().expose(), digits, "{name}");
        let removed = cleaned.removed().iter().map(|removed| {
            kinds_removed.insert(removed.kind.code());
            json!({
                "kind": removed.kind.code(),
                "offset": removed.offset,
                "count": removed.count,
            })
        });
        assert_eq!(Value::from_iter(removed), expected["removed"], "{name}");

        let canonical = expected.get("canonical").map_or(digits, |text| text.as_str().unwrap());
        assert_eq!(key.encode().expose(), canonical, "{name}");
        assert_eq!(PairingKey::decode(canonical), Ok(key), "{name}");
        check_any(&text);
    }
    assert_eq!(
        kinds_removed,
        RemovedKind::ALL.iter().map(|kind| kind.code()).collect(),
        "each is removed"
    );
}

#[test]
fn invalid() {
    let allowed = ["about", "as", "code", "offset", "member", "found", "digit_count"];
    let mut codes = BTreeMap::<_, usize>::new();
    for Vector { name, key: text, expected } in vectors("invalid", &allowed) {
        let result = match expected.get("as").map(|kind| kind.as_str().unwrap()) {
            None => PairingKey::decode(&text),
            Some("cluster") => ClusterPairingKey::decode(&text).map(PairingKey::from),
            Some("volume") => VolumePairingKey::decode(&text).map(PairingKey::from),
            Some(kind) => panic!("{name}: {kind} is no kind of key"),
        };
        let Err(error) = result else { panic!("{name}: was read") };
        let (found, digit_count) = match error {
            DecodeError::NotAnObject { found, .. } => (Some(found.name()), None),
            DecodeError::WrongKind { found, .. } => (Some(found.name()), None),
            DecodeError::WrongType { found, .. } => (Some(found.name()), None),
            DecodeError::OddDigits { digits, .. } => (None, Some(digits)),
            DecodeError::CutShort { digits, .. } => (None, Some(digits)),
            _ => (None, None),
        };
        let actual = [
            ("code", Some(json!(error.code()))),
            ("offset", error.offset().map(Value::from)),
            ("member", error.member().map(Member::name).map(Value::from)),
            ("found", found.map(Value::from)),
            ("digit_count", digit_count.map(Value::from)),
        ];
        for (what, actual) in actual {
            assert_eq!(actual.as_ref(), expected.get(what), "{name}: {what} of {error:?}");
        }
        *codes.entry(error.code()).or_default() += 1;
        check_any(&text);
    }
    for code in DecodeError::CODES {
        assert!(codes.contains_key(code), "no vector has the code {code}");
    }
}
