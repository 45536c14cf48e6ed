//! The operations on keys.

use element_pairing::{
    DecodeError, JsonType, KeyKind, Member, Removed, Told, clean, encode_json, tell,
};

use crate::answer::{Answer, Outcome};

/// What a pasted key says. Numbers: 0 for a cluster pairing key and 1 for a volume pairing key, how
/// many digits, what was removed, the integers; texts: what was removed, the other members that are
/// not secret, the names of unknown members. Members are in the order of their names.
pub fn decode(text: &[u8]) -> Outcome {
    let mut answer = Answer::new();
    let mut unknown = Answer::default();
    let outcome = tell(text, None, &mut |told| match told {
        Told::Key(kind, digits) => {
            answer.number(usize::from(kind == KeyKind::Volume));
            answer.number(digits);
            // Most often there is nothing to remove.
            let cleaned = if digits == text.len() { None } else { clean(text).ok() };
            add_removed(&mut answer, cleaned.as_ref().map_or(&[], |cleaned| cleaned.removed()));
        }
        Told::Member(member, _) if member.is_secret() => {}
        Told::Member(member, text) if member.json_type() == JsonType::Number => {
            answer.integer(text);
        }
        Told::Member(_, text) => answer.add(text),
        Told::Unknown(name, _) => unknown.add(name),
    });
    outcome.map_err(|error| refusal(error, text))?;
    answer.append(&unknown);
    Ok(answer)
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
    credential(text, Member::Username)
}

/// The password in a cluster pairing key.
pub fn password(text: &[u8]) -> Outcome {
    credential(text, Member::Password)
}

#[inline(never)]
fn credential(text: &[u8], wanted: Member) -> Outcome {
    let mut answer = Answer::default();
    let outcome = tell(text, Some(KeyKind::Cluster), &mut |told| match told {
        Told::Member(member, text) if member == wanted => answer = Answer::secret(text),
        _ => {}
    });
    match outcome {
        Ok(()) => Ok(answer),
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
    match encode_json(json, kind) {
        Ok(digits) => Ok(Answer::secret(digits.expose())),
        // There is no text that the caller knows.
        Err(error) => Err(refusal_at(error, None)),
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
