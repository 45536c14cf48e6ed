//! What holds for all keys and all texts.

use std::{collections::BTreeMap, fmt::Debug, net::IpAddr};

use element_pairing::{
    ClusterPairingKey, DecodeError, KeyKind, Member, PairingKey, Secret, UnknownMembers,
    VolumePairingKey, clean,
};
use proptest::{collection::vec, option, prelude::*};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::{check_any, members, unknown};

/// The members of a key by their names, known and unknown.
type Values = BTreeMap<String, Value>;

fn text() -> impl Strategy<Value = String> {
    vec(any::<char>(), 0..10).prop_map(String::from_iter)
}

fn uuid() -> impl Strategy<Value = Uuid> {
    any::<u128>().prop_map(Uuid::from_u128)
}

/// Any JSON; of any size that a key can have.
fn value() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<f64>().prop_map(Value::from),
        text().prop_map(Value::from),
    ];
    leaf.prop_recursive(3, 12, 4, |inner| {
        prop_oneof![
            vec(inner.clone(), 0..4).prop_map(Value::from),
            vec((text(), inner), 0..4)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Unknown members; some have a name that the other kind of key knows.
fn others(kind: KeyKind) -> impl Strategy<Value = Values> {
    let known: Vec<_> = Member::all()
        .filter(|member| !member.belongs_to(kind))
        .map(|member| member.name().to_owned())
        .collect();
    let name = prop_oneof![4 => text(), 1 => prop::sample::select(known)];
    vec((name, value()), 0..4).prop_map(|members| members.into_iter().collect())
}

fn cluster_values() -> impl Strategy<Value = Values> {
    let known =
        (any::<u64>(), uuid(), text(), any::<IpAddr>(), text(), text(), any::<i64>(), text());
    (known, others(KeyKind::Cluster)).prop_map(|(known, mut values)| {
        let (id, uuid, unique_id, mvip, name, password, rpc, username) = known;
        let known = json!({
            "clusterPairID": id,
            "clusterPairUUID": uuid.to_string(),
            "clusterUniqueID": unique_id,
            "mvip": mvip.to_string(),
            "name": name,
            "password": password,
            "rpcConnectionID": rpc,
            "username": username,
        });
        values.extend(known.as_object().unwrap().clone());
        values
    })
}

fn volume_values() -> impl Strategy<Value = Values> {
    let known = (any::<IpAddr>(), any::<u64>(), text(), uuid());
    (known, others(KeyKind::Volume)).prop_map(|((mvip, id, name, uuid), mut values)| {
        let known = json!({
            "mvip": mvip.to_string(),
            "volumeID": id,
            "volumeName": name,
            "volumePairUUID": uuid.to_string(),
        });
        values.extend(known.as_object().unwrap().clone());
        values
    })
}

fn values() -> impl Strategy<Value = Values> {
    prop_oneof![cluster_values(), volume_values()]
}

/// The canonical text, written by serde_json.
fn canonical(values: &Values) -> String {
    hex::encode(serde_json::to_string(values).unwrap())
}

/// Unknown members are made by decoding only.
fn unknown_members(kind: KeyKind) -> impl Strategy<Value = UnknownMembers> {
    let whole = match kind {
        KeyKind::Cluster => cluster_values().boxed(),
        KeyKind::Volume => volume_values().boxed(),
    };
    whole.prop_map(|values| match PairingKey::decode(canonical(&values)).unwrap() {
        PairingKey::Cluster(key) => key.unknown,
        PairingKey::Volume(key) => key.unknown,
    })
}

prop_compose! {
    fn cluster_key()(
        cluster_pair_id in any::<u64>(),
        cluster_pair_uuid in uuid(),
        cluster_unique_id in text(),
        mvip in any::<IpAddr>(),
        name in text(),
        password in text(),
        rpc_connection_id in any::<i64>(),
        username in text(),
        unknown in unknown_members(KeyKind::Cluster),
    ) -> ClusterPairingKey {
        ClusterPairingKey {
            cluster_pair_id,
            cluster_pair_uuid,
            cluster_unique_id,
            mvip,
            name,
            password: Secret::from(password),
            rpc_connection_id,
            username: Secret::from(username),
            unknown,
        }
    }
}

prop_compose! {
    fn volume_key()(
        mvip in any::<IpAddr>(),
        volume_id in any::<u64>(),
        volume_name in text(),
        volume_pair_uuid in uuid(),
        unknown in unknown_members(KeyKind::Volume),
    ) -> VolumePairingKey {
        VolumePairingKey { mvip, volume_id, volume_name, volume_pair_uuid, unknown }
    }
}

/// A source of choices.
#[derive(Debug, Clone)]
struct Dice(u64);

impl Dice {
    fn below(&mut self, bound: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (self.0 >> 33) as usize % bound
    }

    fn one_in(&mut self, bound: usize) -> bool {
        self.below(bound) == 0
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.below(from.len())]
    }
}

fn dice() -> impl Strategy<Value = Dice> {
    any::<u64>().prop_map(Dice)
}

/// The values as JSON that is not canonical: members in any order, white space, and escapes in names
/// and in strings that are `known`: those of unknown members are kept as they are.
fn loose_json(values: &Values, known: &Value, dice: &mut Dice) -> String {
    let mut entries: Vec<_> = values.iter().collect();
    for last in (1..entries.len()).rev() {
        entries.swap(last, dice.below(last + 1));
    }
    let mut json = String::from("{");
    for (name, value) in entries {
        if json.len() > 1 {
            json.push(',');
        }
        white(&mut json, dice);
        loose_string(&mut json, name, dice);
        white(&mut json, dice);
        json.push(':');
        white(&mut json, dice);
        match value {
            Value::String(text) if known.get(name).is_some() => loose_string(&mut json, text, dice),
            value if dice.one_in(2) => json += &serde_json::to_string_pretty(value).unwrap(),
            value => json += &value.to_string(),
        }
        white(&mut json, dice);
    }
    json + "}"
}

fn white(json: &mut String, dice: &mut Dice) {
    *json += dice.pick(&["", "", "", " ", "\t\n", "\r"]);
}

fn loose_string(json: &mut String, text: &str, dice: &mut Dice) {
    json.push('"');
    for character in text.chars() {
        if dice.one_in(3) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let escape = format!("{unit:04x}");
                *json += "\\u";
                *json += &if dice.one_in(2) { escape.to_uppercase() } else { escape };
            }
        } else if character == '/' {
            *json += "\\/";
        } else {
            let plain = serde_json::to_string(&character).unwrap();
            *json += &plain[1..plain.len() - 1];
        }
    }
    json.push('"');
}

/// Digits of mixed case, and a text that a paste made of them.
fn pasted(json: &str, dice: &mut Dice) -> (String, String) {
    let digits: String = hex::encode(json)
        .chars()
        .map(|digit| if dice.one_in(4) { digit.to_ascii_uppercase() } else { digit })
        .collect();
    let mut text = String::new();
    for digit in digits.chars() {
        if dice.one_in(20) {
            text += dice.pick(&[" ", "\r\n", "\n\n", "\u{a0}", "\u{200b}", "\u{feff}", "\u{2003}"]);
        }
        text.push(digit);
    }
    let (before, after) = dice.pick(&[
        ("", ""),
        ("\u{feff}", "\n"),
        ("\u{201c}", "\u{201d}"),
        ("\u{201e}", "\u{201c},"),
        ("' ", " ' ;"),
        ("key: ", ","),
        ("Cluster pairing key=\"", "\"\r\n"),
        ("\"volumePairingKey\" : \"", "\","),
        ("{\"id\":1,\"result\":{\"clusterPairingKey\":\"", "\"}}"),
        ("[{\"params\": {\"volumePairingKey\":\n\u{a0}\"", "\"}\n}]"),
    ]);
    (digits, format!("{before}{text}{after}"))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn encoded_cluster_keys_read_back(key in cluster_key()) {
        let digits = key.encode();
        assert_eq!(ClusterPairingKey::decode(digits.expose()), Ok(key));
    }

    #[test]
    fn encoded_volume_keys_read_back(key in volume_key()) {
        let digits = key.encode();
        assert_eq!(VolumePairingKey::decode(digits.expose()), Ok(key));
    }

    #[test]
    fn canonical_text_is_written_as_it_was(values in values()) {
        let text = canonical(&values);
        let key = PairingKey::decode(&text).unwrap();
        assert_eq!(key.encode().expose(), &text);
        let mut expected = values.clone();
        for (name, value) in members(&key).as_object().unwrap() {
            assert_eq!(expected.remove(name).as_ref(), Some(value));
        }
        let expected = expected.into_iter().map(|(name, value)| (name, value.to_string()));
        assert_eq!(unknown(&key), expected.collect());
    }

    #[test]
    fn other_text_reads_to_the_same_values(values in values(), mut dice in dice()) {
        let key = PairingKey::decode(canonical(&values)).unwrap();
        let json = loose_json(&values, &members(&key), &mut dice);
        let (digits, text) = pasted(&json, &mut dice);
        assert_eq!(PairingKey::decode(&text), Ok(key));
        assert_eq!(clean(&text).unwrap().digits().expose(), digits);
        check_any(text.as_bytes());
    }

    #[test]
    fn decoding_agrees_with_the_reference(mut texts in mutated()) {
        texts.iter_mut().for_each(|text| { disagreement(text); });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn any_bytes(bytes in vec(any::<u8>(), 0..200)) {
        check_any(&bytes);
        check_any(hex::encode(&bytes).as_bytes());
    }

    #[test]
    fn any_characters(text in vec(any::<char>(), 0..100).prop_map(String::from_iter)) {
        check_any(text.as_bytes());
        check_any(hex::encode(&text).as_bytes());
    }

    #[test]
    fn any_soup(parts in vec(prop::sample::select(SOUP), 0..20)) {
        let soup = parts.concat();
        check_any(soup.as_bytes());
        check_any(hex::encode(&soup).as_bytes());
    }
}

/// What texts of keys are made of.
const SOUP: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ":",
    ",",
    "\"",
    "'",
    "\\",
    "\\u",
    "\\ud83d",
    "\\ude00",
    "\\n",
    "\0",
    "0",
    "-",
    "1.5",
    "e9",
    "true",
    "null",
    " ",
    "\n",
    "\u{a0}",
    "\u{feff}",
    "\u{200b}",
    "\u{201c}",
    "\u{201d}",
    ";",
    "=",
    "key",
    "key:",
    "7b22",
    "7d",
    "a",
    "F",
    "g",
    "\u{e9}",
    "\u{1F600}",
    "\"clusterPairingKey\"",
    "\"volumePairingKey\":\"",
    "\"mvip\":",
    "\"name\"",
    "\"volumeID\":7",
    "\"password\":\"",
];

/// Why decoding and the reference may disagree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reason {
    /// The reference does not remove what a paste adds.
    Paste,
    /// Of members of one name the reference takes the last.
    DuplicateMember,
    /// The reference reads values nested up to 127 deep.
    Depth,
    /// The reference does not read numbers that a double cannot hold; they can only stand in
    /// unknown members, whose values are kept as text.
    NumberRange,
    /// To the reference -0 is no integer.
    NegativeZero,
    /// The reference reads UUIDs in braces, without hyphens and as URN.
    UuidForm,
}

/// What the reference reads: the kind, the known members, the unknown ones.
type Reading = (KeyKind, Value, Values);

/// The plain way to read a key.
fn reference(text: &[u8]) -> Result<Reading, String> {
    let bytes = hex::decode(text).map_err(|error| error.to_string())?;
    let mut object: Map<String, Value> =
        serde_json::from_slice(&bytes).map_err(|error| error.to_string())?;
    let count = |names: &[&str]| names.iter().filter(|name| object.contains_key(**name)).count();
    let cluster = count(&[
        "clusterPairID",
        "clusterPairUUID",
        "clusterUniqueID",
        "name",
        "password",
        "rpcConnectionID",
        "username",
    ]);
    let volume = count(&["volumeID", "volumeName", "volumePairUUID"]);
    let mut take = |name: &str| object.remove(name).ok_or("missing".to_owned());
    let kind = match (cluster, volume) {
        (0, 0) => return Err("no key".into()),
        (_, 0) => KeyKind::Cluster,
        (0, _) => KeyKind::Volume,
        _ if 7 - cluster <= 3 - volume => KeyKind::Cluster,
        _ => KeyKind::Volume,
    };
    let known = match kind {
        KeyKind::Cluster => json!({
            "clusterPairID": some(take("clusterPairID")?.as_u64())?,
            "clusterPairUUID": parsed::<Uuid>(&take("clusterPairUUID")?)?,
            "clusterUniqueID": some(take("clusterUniqueID")?.as_str())?,
            "mvip": parsed::<IpAddr>(&take("mvip")?)?,
            "name": some(take("name")?.as_str())?,
            "password": some(take("password")?.as_str())?,
            "rpcConnectionID": some(take("rpcConnectionID")?.as_i64())?,
            "username": some(take("username")?.as_str())?,
        }),
        KeyKind::Volume => json!({
            "mvip": parsed::<IpAddr>(&take("mvip")?)?,
            "volumeID": some(take("volumeID")?.as_u64())?,
            "volumeName": some(take("volumeName")?.as_str())?,
            "volumePairUUID": parsed::<Uuid>(&take("volumePairUUID")?)?,
        }),
    };
    Ok((kind, known, object.into_iter().collect()))
}

fn some<T>(value: Option<T>) -> Result<T, String> {
    value.ok_or("of another type".into())
}

fn parsed<T: std::str::FromStr<Err: Debug> + ToString>(value: &Value) -> Result<String, String> {
    let value = some(value.as_str())?.parse::<T>().map_err(|error| format!("{error:?}"))?;
    Ok(value.to_string())
}

/// Compares decoding with the reference. Returns the reason for which they disagree, and panics if
/// there is none.
fn disagreement(text: &[u8]) -> Option<Reason> {
    let ours = PairingKey::decode(text);
    let reading = ours.as_ref().map(|key| {
        let unknown = unknown(key).into_iter();
        let unknown = unknown.map(|(name, value)| (name, serde_json::from_str(&value)));
        (key.kind(), members(key), unknown)
    });
    let bytes = hex::decode(text).unwrap_or_default();
    let json = str::from_utf8(&bytes).unwrap_or_default();
    let reason = match (reading, reference(text)) {
        (Err(_), Err(_)) => return None,
        (Ok((kind, known, unknown)), Ok(expected)) => {
            let unknown = unknown.map(|(name, value)| (name, value.unwrap())).collect();
            assert_eq!((kind, known, unknown), expected, "{json}");
            return None;
        }
        (Ok(_), Err(_)) if json.is_empty() => {
            let cleaned = clean(text).unwrap();
            assert_ne!(cleaned.removed(), []);
            disagreement(cleaned.digits().expose().as_bytes());
            Some(Reason::Paste)
        }
        (Ok((_, _, mut unknown)), Err(error)) if error.contains("out of range") => {
            unknown.any(|(_, value)| value.is_err()).then_some(Reason::NumberRange)
        }
        (Ok(_), Err(_)) => {
            let object: Value = serde_json::from_str(json).unwrap();
            let id = object["rpcConnectionID"].as_f64();
            id.is_some_and(|id| id == 0.0 && id.is_sign_negative()).then_some(Reason::NegativeZero)
        }
        (Err(DecodeError::DuplicateMember { offset, .. }), Ok(_)) => {
            // The object up to this member has one of its name.
            let (before, rest) = json.split_at(offset / 2);
            let before = before.trim_end().strip_suffix(',').unwrap();
            let before: Values = serde_json::from_str(&format!("{before}}}")).unwrap();
            let name = serde_json::Deserializer::from_str(rest).into_iter::<String>().next();
            before.contains_key(&name.unwrap().unwrap()).then_some(Reason::DuplicateMember)
        }
        (Err(DecodeError::TooDeep { .. }), Ok(_)) => {
            (nesting(json) > 1 + 32).then_some(Reason::Depth)
        }
        (Err(&DecodeError::WrongValue { member, .. }), Ok(_)) => {
            let object: Value = serde_json::from_str(json).unwrap();
            let value = object[member.name()].as_str().unwrap();
            (value.len() != 36 && value.parse::<Uuid>().is_ok()).then_some(Reason::UuidForm)
        }
        _ => None,
    };
    assert!(reason.is_some(), "{ours:?}, but {:?}: {json}", reference(text));
    reason
}

/// How deep the arrays and objects of sound JSON are nested.
fn nesting(json: &str) -> usize {
    let (mut open, mut most, mut in_string, mut escaped) = (0, 0, false, false);
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => in_string = !in_string,
            b'{' | b'[' if !in_string => open += 1,
            b'}' | b']' if !in_string => open -= 1,
            _ => {}
        }
        most = most.max(open);
    }
    most
}

/// Values that need care.
const VALUES: &[&str] = &[
    "0",
    "-0",
    "-1",
    "7.0",
    "1e3",
    "-0.0",
    "1e400",
    "-1E-400",
    "18446744073709551615",
    "18446744073709551616",
    "9223372036854775808",
    "-9223372036854775808",
    "-9223372036854775809",
    "null",
    "true",
    "false",
    "\"\"",
    "{}",
    "[]",
    "[1,{\"a\":\"b\"}]",
    "{\"a\":1,\"a\":[1e400]}",
    "\"5f0c6d1e8a3b4c2d9e7f0123456789ab\"",
    "\"{5f0c6d1e-8a3b-4c2d-9e7f-0123456789ab}\"",
    "\"urn:uuid:5f0c6d1e-8a3b-4c2d-9e7f-0123456789ab\"",
    "\"5F0C6D1E-8A3B-4C2D-9E7F-0123456789AB\"",
    "\"5f0c6d1e-8a3b-4c2d-9e7f-0123456789a\"",
    "\"192.0.2.7\"",
    "\"192.0.2.07\"",
    "\"192.0.2.7 \"",
    "\"2001:DB8::7\"",
    "\"::ffff:192.0.2.7\"",
    "\"fe80::1%1\"",
    "\"\\ud83d\\ude00\"",
    "\"\\ud83d\"",
    "\"\\ude00\"",
    "\"\\u0000\\/\"",
    "\"\u{7f}\"",
    "\"\t\"",
    "\"\\x\"",
    "nul",
    "01",
    "+1",
    ".5",
    "1.",
    "1e",
    "-",
    "\"",
    "[1,]",
    "{\"a\"}",
];

/// Texts that are a change or two away from a good key, one further than the other.
fn mutated() -> impl Strategy<Value = Vec<Vec<u8>>> {
    let entry_changes = vec((any::<prop::sample::Index>(), entry_change()), 0..3);
    let byte_changes = option::weighted(0.5, (any::<prop::sample::Index>(), byte_change()));
    (values(), entry_changes, byte_changes, dice()).prop_map(
        |(values, entry_changes, byte_change, mut dice)| {
            let mut entries: Vec<(String, String)> = values
                .iter()
                .map(|(name, value)| (json!(name).to_string(), value.to_string()))
                .collect();
            let mut texts = Vec::new();
            for (index, change) in entry_changes {
                let at = index.index(entries.len());
                match change {
                    EntryChange::Drop => drop(entries.remove(at)),
                    EntryChange::Repeat(to) => {
                        let entry = entries[at].clone();
                        entries.insert(to.index(entries.len() + 1), entry);
                    }
                    EntryChange::Rename(name) => entries[at].0 = name,
                    EntryChange::Value(value) => entries[at].1 = value,
                }
                texts.push(digits_of(&entries));
            }
            let mut text = digits_of(&entries);
            if let Some((index, change)) = byte_change {
                let mut bytes = hex::decode(&text).unwrap();
                let at = index.index(bytes.len());
                match change {
                    ByteChange::Replace(byte) => bytes[at] = byte,
                    ByteChange::Insert(byte) => bytes.insert(at, byte),
                    ByteChange::Remove => drop(bytes.remove(at)),
                    ByteChange::Cut => bytes.truncate(at),
                }
                text = hex::encode(bytes).into_bytes();
            }
            texts.push(text.clone());
            let at = dice.below(text.len() + 1);
            text.splice(at..at, *dice.pick(&[b" ", b"\n", b"g", b"0", b",", b"A"]));
            texts.push(text);
            texts
        },
    )
}

fn digits_of(entries: &[(String, String)]) -> Vec<u8> {
    let entries: Vec<_> = entries.iter().map(|(name, value)| format!("{name}:{value}")).collect();
    hex::encode(format!("{{{}}}", entries.join(","))).into_bytes()
}

#[derive(Debug, Clone)]
enum EntryChange {
    Drop,
    Repeat(prop::sample::Index),
    Rename(String),
    Value(String),
}

fn entry_change() -> impl Strategy<Value = EntryChange> {
    let known: Vec<_> = Member::all().map(|member| json!(member.name()).to_string()).collect();
    let nested = (28..36_usize).prop_map(|depth| "[".repeat(depth) + &"]".repeat(depth));
    let value = prop_oneof![
        6 => prop::sample::select(VALUES).prop_map(str::to_owned),
        1 => nested,
        1 => value().prop_map(|value| value.to_string()),
    ];
    prop_oneof![
        1 => Just(EntryChange::Drop),
        1 => any::<prop::sample::Index>().prop_map(EntryChange::Repeat),
        1 => prop::sample::select(known).prop_map(EntryChange::Rename),
        4 => value.prop_map(EntryChange::Value),
    ]
}

#[derive(Debug, Clone)]
enum ByteChange {
    Replace(u8),
    Insert(u8),
    Remove,
    Cut,
}

fn byte_change() -> impl Strategy<Value = ByteChange> {
    let byte =
        || prop_oneof![any::<u8>(), prop::sample::select(&b"\"\\{}[]:,u0-.eE\x00\x1f \t\n"[..])];
    prop_oneof![
        3 => byte().prop_map(ByteChange::Replace),
        3 => byte().prop_map(ByteChange::Insert),
        2 => Just(ByteChange::Remove),
        1 => Just(ByteChange::Cut),
    ]
}

#[test]
fn each_reason_has_an_example() {
    let uuid = "5f0c6d1e-8a3b-4c2d-9e7f-0123456789ab";
    let volume = |id: &str, uuid: &str, more: &str| {
        let known = format!("\"volumeID\":{id},\"volumeName\":\"\",\"volumePairUUID\":\"{uuid}\"");
        hex::encode(format!("{{\"mvip\":\"::\",{known}{more}}}"))
    };
    let good = volume("7", uuid, "");
    let cluster = hex::encode(format!(
        "{{\"clusterPairID\":4,\"clusterPairUUID\":\"{uuid}\",\"clusterUniqueID\":\"\",\
         \"mvip\":\"::\",\"name\":\"\",\"password\":\"\",\"rpcConnectionID\":-0,\"username\":\"\"}}"
    ));
    let deep = format!(",\"deep\":{}{}", "[".repeat(33), "]".repeat(33));
    let examples = [
        (good.clone(), None),
        (volume("-0", uuid, ""), None),
        (format!("{good},"), Some(Reason::Paste)),
        (volume("7", uuid, ",\"mvip\":\"::\""), Some(Reason::DuplicateMember)),
        (volume("7", uuid, ",\"a\":1 , \"\\u0061\":2"), Some(Reason::DuplicateMember)),
        (volume("7", uuid, &deep), Some(Reason::Depth)),
        (volume("7", uuid, ",\"a\":1e400"), Some(Reason::NumberRange)),
        (cluster, Some(Reason::NegativeZero)),
        (volume("7", &uuid.replace('-', ""), ""), Some(Reason::UuidForm)),
    ];
    for (text, reason) in examples {
        assert_eq!(disagreement(text.as_bytes()), reason, "{text}");
    }
}
