//! The operations on keys.

use alloc::vec::Vec;
use core::net::IpAddr;

use element_pairing::{
    ClusterPairingKey, DecodeError, KeyKind, PairingKey, Removed, Secret, clean,
};
use uuid::Uuid;

use crate::answer::{Answer, Outcome, add_place};

/// What a pasted key says: kind, number of digits, what was removed, its members that are not secret
/// in the order of their names, the names of unknown members.
pub fn decode(text: &[u8]) -> Outcome {
    let key = PairingKey::decode(text).map_err(|error| refusal(error, text))?;
    let mut answer = Answer::of(key.kind().name());
    // Most often there is nothing to remove; counting is faster than looking for the first.
    if text.iter().filter(|byte| !byte.is_ascii_hexdigit()).count() == 0 {
        answer.number(text.len() as u64);
        add_removed(&mut answer, text, &[]);
    } else {
        let cleaned = clean(text).map_err(|error| refusal(error, text))?;
        answer.number(cleaned.digits().expose().len() as u64);
        add_removed(&mut answer, text, cleaned.removed());
    }
    let unknown = match &key {
        PairingKey::Cluster(key) => {
            answer.number(key.cluster_pair_id);
            add_uuid(&mut answer, key.cluster_pair_uuid);
            answer.add(&key.cluster_unique_id);
            add_address(&mut answer, key.mvip);
            answer.add(&key.name);
            answer.show(key.rpc_connection_id);
            &key.unknown
        }
        PairingKey::Volume(key) => {
            add_address(&mut answer, key.mvip);
            answer.number(key.volume_id);
            answer.add(&key.volume_name);
            add_uuid(&mut answer, key.volume_pair_uuid);
            &key.unknown
        }
    };
    unknown.iter().for_each(|(name, _)| answer.add(name));
    Ok(answer)
}

fn add_uuid(answer: &mut Answer, uuid: Uuid) {
    answer.add(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()));
}

fn add_address(answer: &mut Answer, address: IpAddr) {
    match address {
        // The usual case, without the cost of formatting.
        IpAddr::V4(address) => {
            let [a, b, c, d] = address.octets();
            answer.join(".", [a, b, c, d].map(u64::from));
        }
        IpAddr::V6(address) => answer.show(address),
    }
}

/// The digits of a pasted key, and what was removed.
pub fn clean_text(text: &[u8]) -> Outcome {
    let cleaned = clean(text).map_err(|error| refusal(error, text))?;
    let mut answer = Answer::secret(cleaned.digits().expose());
    add_removed(&mut answer, text, cleaned.removed());
    Ok(answer)
}

/// How many things were removed, and of each: code, place, number of characters, text.
fn add_removed(answer: &mut Answer, text: &[u8], removed: &[Removed]) {
    answer.number(removed.len() as u64);
    for one in removed {
        answer.add(one.kind.code());
        add_place(answer, text, Some(one.offset));
        answer.show(one.count);
        answer.show(one);
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

/// A key that cannot be read: code, message, help, member, place, excerpt.
fn refusal(error: DecodeError, text: &[u8]) -> Answer {
    refusal_at(error, Some(text))
}

fn refusal_at(error: DecodeError, text: Option<&[u8]>) -> Answer {
    let mut answer = Answer::of("key");
    answer.add(error.code());
    answer.show(error);
    answer.add(error.help());
    answer.add(error.member().map_or("", |member| member.name()));
    add_place(&mut answer, text.unwrap_or_default(), text.and(error.offset()));
    if let Some(excerpt) = text.and_then(|text| error.excerpt(text)) {
        answer.add(&excerpt.text);
        answer.add(&excerpt.reading);
        answer.show(excerpt.column);
    }
    answer
}
