//! The operations on keys.

use alloc::vec::Vec;

use element_pairing::{
    ClusterPairingKey, DecodeError, KeyKind, PairingKey, Removed, Secret, address_text, clean,
};
use uuid::Uuid;

use crate::answer::{Answer, Outcome};

/// What a pasted key says. Numbers: 0 for a cluster pairing key and 1 for a volume pairing key, how
/// many digits, what was removed, the integers; texts: what was removed, the other members that are
/// not secret, the names of unknown members. Members are in the order of their names.
pub fn decode(text: &[u8]) -> Outcome {
    let mut answer = Answer::new();
    // Most often there is nothing to remove.
    let key = if let Some(key) = PairingKey::from_digits(text) {
        add_kind(&mut answer, &key, text.len(), &[]);
        key
    } else {
        let key = PairingKey::decode(text).map_err(|error| refusal(error, text))?;
        let cleaned = clean(text).map_err(|error| refusal(error, text))?;
        add_kind(&mut answer, &key, cleaned.digits().expose().len(), cleaned.removed());
        key
    };
    let unknown = match &key {
        PairingKey::Cluster(key) => {
            answer.integer(i64::try_from(key.cluster_pair_id).unwrap_or(i64::MAX));
            add_uuid(&mut answer, key.cluster_pair_uuid);
            answer.add(&key.cluster_unique_id);
            answer.add(&address_text(key.mvip));
            answer.add(&key.name);
            answer.integer(key.rpc_connection_id);
            &key.unknown
        }
        PairingKey::Volume(key) => {
            answer.add(&address_text(key.mvip));
            answer.integer(i64::try_from(key.volume_id).unwrap_or(i64::MAX));
            answer.add(&key.volume_name);
            add_uuid(&mut answer, key.volume_pair_uuid);
            &key.unknown
        }
    };
    unknown.iter().for_each(|(name, _)| answer.add(name));
    Ok(answer)
}

fn add_kind(answer: &mut Answer, key: &PairingKey, digits: usize, removed: &[Removed]) {
    answer.number(usize::from(key.kind() == KeyKind::Volume));
    answer.number(digits);
    add_removed(answer, removed);
}

#[inline(never)]
fn add_uuid(answer: &mut Answer, uuid: Uuid) {
    answer.add(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
}

/// The digits of a pasted key, and what was removed.
pub fn clean_text(text: &[u8]) -> Outcome {
    let cleaned = clean(text).map_err(|error| refusal(error, text))?;
    let mut answer = Answer::secret(cleaned.digits().expose());
    add_removed(&mut answer, cleaned.removed());
    Ok(answer)
}

/// How many things were removed, and of each: place, number of characters; code.
#[inline(never)]
fn add_removed(answer: &mut Answer, removed: &[Removed]) {
    answer.number(removed.len());
    for one in removed {
        answer.number(one.offset);
        answer.number(one.count);
        answer.add(one.kind.code());
    }
}

/// The user name in a cluster pairing key.
pub fn username(text: &[u8]) -> Outcome {
    credential(text, |key| &key.username)
}

/// The password in a cluster pairing key.
pub fn password(text: &[u8]) -> Outcome {
    credential(text, |key| &key.password)
}

#[inline(never)]
fn credential(text: &[u8], of: fn(&ClusterPairingKey) -> &Secret) -> Outcome {
    match PairingKey::decode(text).and_then(|key| expect(KeyKind::Cluster, key)) {
        Ok(PairingKey::Cluster(key)) => Ok(Answer::secret(of(&key).expose())),
        Ok(PairingKey::Volume(_)) => Ok(Answer::default()),
        Err(error) => Err(refusal(error, text)),
    }
}

/// The digits of a cluster pairing key, from the JSON of its members.
pub fn encode_cluster(json: &[u8]) -> Outcome {
    encode(json, KeyKind::Cluster)
}

/// The digits of a volume pairing key, from the JSON of its members.
pub fn encode_volume(json: &[u8]) -> Outcome {
    encode(json, KeyKind::Volume)
}

#[inline(never)]
fn encode(json: &[u8], kind: KeyKind) -> Outcome {
    let digit = |half: u8| half + if half < 10 { b'0' } else { b'a' - 10 };
    let mut digits = Vec::with_capacity(json.len() * 2);
    digits.extend(json.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)]));
    match PairingKey::decode(&digits).and_then(|key| expect(kind, key)) {
        Ok(key) => Ok(Answer::secret(key.encode().expose())),
        // There is no text that the caller knows.
        Err(error) => Err(refusal_at(error, None)),
    }
}

/// The key, if it is of this kind.
fn expect(expected: KeyKind, key: PairingKey) -> Result<PairingKey, DecodeError> {
    match key.kind() {
        kind if kind == expected => Ok(key),
        found => Err(DecodeError::WrongKind { found, expected }),
    }
}

/// A key that cannot be read. Numbers: place, number, column; texts: code, member, what was found,
/// what was expected, excerpt.
fn refusal(error: DecodeError, text: &[u8]) -> Answer {
    refusal_at(error, Some(text))
}

#[inline(never)]
fn refusal_at(error: DecodeError, text: Option<&[u8]>) -> Answer {
    let mut answer = Answer::of("key");
    answer.add(error.code());
    let values = error.values();
    answer.add(values.member.map_or("", |member| member.name()));
    answer.add(values.found.unwrap_or_default());
    answer.add(values.expected.unwrap_or_default());
    answer.number_if(text.and(error.offset()));
    answer.number_if(values.number);
    if let Some(excerpt) = text.and_then(|text| error.excerpt(text)) {
        answer.add(&excerpt.text);
        answer.add(&excerpt.reading);
        answer.number(excerpt.column);
    }
    answer
}
