//! The ordinary tests. `hex` and `serde_json` are what the codec is compared with.
#![allow(clippy::indexing_slicing, clippy::panic, clippy::unwrap_used)]

use std::collections::BTreeMap;

use element_pairing::{
    ClusterPairingKey, DecodeError, Excerpt, Member, PairingKey, UnknownMembers, VolumePairingKey,
    clean,
};
use serde_json::{Value, json};

#[cfg(feature = "topology")]
mod api;
#[cfg(feature = "topology")]
mod audit;
#[cfg(feature = "topology")]
mod check;
mod codes;
mod corpus;
mod limits;
#[cfg(feature = "topology")]
mod plan;
#[cfg(feature = "simulator")]
mod plan_properties;
#[cfg(feature = "topology")]
mod plan_run;
mod properties;
mod redaction;
#[cfg(feature = "topology")]
mod rules;
#[cfg(feature = "topology")]
mod rules_cases;
mod secret;
#[cfg(feature = "simulator")]
mod simulator;
#[cfg(feature = "simulator")]
mod simulator_agrees;
#[cfg(feature = "topology")]
mod topology_properties;
mod vectors;

/// Whether nothing is legible but names of members; the window may cut the first and the last, and a name
/// may be spelled with escapes.
fn shows_names_only(excerpt: &Excerpt) -> bool {
    let legible = excerpt.text.split(|c: char| !c.is_ascii_hexdigit());
    let digits: String = legible.collect();
    let read: String = excerpt.reading.split_whitespace().collect();
    let shown = hex::encode(&read);
    // Of a cut first name half a character may be left.
    let same = |digits: &str| digits.eq_ignore_ascii_case(&shown);
    let names = || Member::all().map(Member::name);
    let words = excerpt.reading.split("  ").map(|word| word.split(' ').collect::<String>());
    (same(&digits) || digits.get(1..).is_some_and(same))
        && words
            .filter(|word| !word.is_empty())
            .all(|word| word.contains('\\') || names().any(|name| name.contains(&word)))
}

/// The values of the members that are known, secrets too, by the names that they have in a key.
fn members(key: &PairingKey) -> Value {
    match key {
        PairingKey::Cluster(key) => json!({
            "clusterPairID": key.cluster_pair_id,
            "clusterPairUUID": key.cluster_pair_uuid.to_string(),
            "clusterUniqueID": key.cluster_unique_id,
            "mvip": key.mvip.to_string(),
            "name": key.name,
            "password": key.password.expose(),
            "rpcConnectionID": key.rpc_connection_id,
            "username": key.username.expose(),
        }),
        PairingKey::Volume(key) => json!({
            "mvip": key.mvip.to_string(),
            "volumeID": key.volume_id,
            "volumeName": key.volume_name,
            "volumePairUUID": key.volume_pair_uuid.to_string(),
        }),
    }
}

/// The members that are not known: their names, and their values as JSON.
fn unknown(key: &PairingKey) -> BTreeMap<String, String> {
    let members: &UnknownMembers = match key {
        PairingKey::Cluster(key) => &key.unknown,
        PairingKey::Volume(key) => &key.unknown,
    };
    let all: BTreeMap<_, _> =
        members.iter().map(|(name, value)| (name.into(), value.expose().into())).collect();
    assert!(all.keys().map(String::as_str).eq(members.iter().map(|(name, _)| name)), "in order");
    all
}

/// What holds for every text: the place of an error is a place in the text, the ways to read a key
/// agree, and what cleaning returns is what is decoded.
fn check_any(text: &[u8]) {
    let check = |error: &DecodeError| {
        let offset = error.offset().unwrap_or_default();
        assert!(offset <= text.len(), "{error:?} lies behind the end");
        if let Ok(text) = str::from_utf8(text) {
            assert!(text.is_char_boundary(offset), "{error:?} lies inside a character");
        }
        assert!(!error.to_string().is_empty() && !error.help().is_empty());
        let excerpt = error.excerpt(text);
        assert_eq!(excerpt.is_some(), error.offset().is_some(), "{error:?}");
        if let Some(excerpt) = excerpt {
            assert!(excerpt.column <= excerpt.text.chars().count(), "{excerpt:?}");
            assert!(shows_names_only(&excerpt), "{excerpt:?}");
        }
    };
    let either = PairingKey::decode(text);
    let cluster = ClusterPairingKey::decode(text).map(PairingKey::from);
    let volume = VolumePairingKey::decode(text).map(PairingKey::from);
    for result in [&either, &cluster, &volume] {
        let _ = result.as_ref().map_err(check);
    }
    corpus::targets::told_agrees(text, &either);
    match &either {
        Ok(key) => {
            let (same, other) = match key {
                PairingKey::Cluster(_) => (&cluster, &volume),
                PairingKey::Volume(_) => (&volume, &cluster),
            };
            assert_eq!(same.as_ref(), Ok(key));
            assert_eq!(other.as_ref().map_err(DecodeError::code), Err("wrong_kind"));
        }
        Err(_) => assert!(cluster.is_err() && volume.is_err()),
    }
    if let Ok(text) = str::from_utf8(text) {
        assert_eq!(text.parse::<PairingKey>(), either);
    }

    match clean(text) {
        Err(error) => match either {
            // Decoding knows more: the member that a key is cut short in, or that a key ended before
            // the character.
            Err(DecodeError::CutShort { digits, offset, .. }) => {
                assert_eq!(error, DecodeError::CutShort { digits, offset, member: None });
            }
            Err(
                DecodeError::TextAfterEnd { offset: found }
                | DecodeError::TwoKeys { offset: found },
            ) if matches!(
                error,
                DecodeError::NotADigit { offset } | DecodeError::CutShort { offset, .. } if offset <= found
            ) => {}
            _ => assert_eq!(either, Err(error)),
        },
        Ok(cleaned) => {
            let digits = cleaned.digits().expose();
            assert!(!digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
            for removed in cleaned.removed() {
                assert!(removed.count > 0 && removed.offset < text.len(), "{removed:?}");
            }
            let again = clean(digits).unwrap();
            assert_eq!(again.digits().expose(), digits);
            assert_eq!(again.removed(), []);
            let forwarded = PairingKey::decode(digits);
            assert_eq!(
                forwarded.as_ref().map_err(DecodeError::code),
                either.as_ref().map_err(DecodeError::code)
            );
        }
    }
}
