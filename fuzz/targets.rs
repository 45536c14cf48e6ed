//! What must hold for every input. Each function is a fuzz target; the tests replay the corpora
//! through the same functions. A broken promise panics.

use std::{
    collections::BTreeMap,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

use element_pairing::{
    Cleaned, ClusterPairingKey, DecodeError, KeyKind, MAX_TEXT_LEN, Member, PairingKey, Told,
    UnknownMembers, VolumePairingKey, clean, encode_json, tell,
};
use serde_json::{Value, value::RawValue};
use uuid::Uuid;

#[cfg(feature = "simulator")]
pub mod plan;
#[cfg(feature = "simulator")]
pub mod simulator;
#[cfg(feature = "topology")]
pub mod topology;

/// The members of a key as serde_json reads them; compact and sorted as it writes them.
type Reference = BTreeMap<String, Value>;

/// Pasted text.
pub fn decode_text(text: &[u8]) {
    let decoded = PairingKey::decode(text);
    kinds_agree(text, &decoded);
    told_agrees(text, &decoded);
    match clean(text) {
        Ok(cleaned) => {
            check_cleaned(&cleaned, text);
            let digits = cleaned.digits().expose();
            // A blank before the object changes nothing but places, and is no canonical text: the
            // long way of reading has to agree with any short one.
            for same in [digits.to_owned(), format!("20{digits}")] {
                let again = PairingKey::decode(&same);
                assert!(
                    same.len() > MAX_TEXT_LEN || without_place(&again) == without_place(&decoded),
                    "{again:?} and {decoded:?}"
                );
            }
            if let Ok(key) = &decoded {
                check_written(key, digits);
            }
        }
        Err(error) => match decoded.as_ref() {
            // Decoding knows more: the member that a key is cut short in, or that a key ended before
            // the character.
            Err(&DecodeError::CutShort { digits, offset, .. }) => {
                assert_eq!(error, DecodeError::CutShort { digits, offset, member: None });
            }
            Err(
                DecodeError::TextAfterEnd { offset: found }
                | DecodeError::TwoKeys { offset: found },
            ) if matches!(
                error,
                DecodeError::NotADigit { offset } | DecodeError::CutShort { offset, .. } if offset <= *found
            ) => {}
            _ => assert_eq!(decoded.as_ref(), Err(&error)),
        },
    }
    if let Err(error) = decoded {
        check_error(&error, text);
    }
}

/// What is told of a key is what is read, and is written as it.
pub fn told_agrees(text: &[u8], decoded: &Result<PairingKey, DecodeError>) {
    let mut members = vec![];
    let mut count = 0;
    let outcome = tell(text, None, &mut |told| match told {
        Told::Key(_, digits) => count = digits,
        Told::Member(member, text) => members.push((member.name().to_owned(), text.to_owned())),
        Told::Unknown(name, value) => members.push((name.to_owned(), value.to_owned())),
    });
    assert_eq!(outcome.as_ref().err(), decoded.as_ref().err());
    let Ok(key) = decoded else { return };
    let (known, unknown) = match key {
        PairingKey::Cluster(key) => (
            vec![
                (Member::ClusterPairId, key.cluster_pair_id.to_string()),
                (Member::ClusterPairUuid, key.cluster_pair_uuid.to_string()),
                (Member::ClusterUniqueId, key.cluster_unique_id.clone()),
                (Member::Mvip, key.mvip.to_string()),
                (Member::Name, key.name.clone()),
                (Member::Password, key.password.expose().to_owned()),
                (Member::RpcConnectionId, key.rpc_connection_id.to_string()),
                (Member::Username, key.username.expose().to_owned()),
            ],
            &key.unknown,
        ),
        PairingKey::Volume(key) => (
            vec![
                (Member::Mvip, key.mvip.to_string()),
                (Member::VolumeId, key.volume_id.to_string()),
                (Member::VolumeName, key.volume_name.clone()),
                (Member::VolumePairUuid, key.volume_pair_uuid.to_string()),
            ],
            &key.unknown,
        ),
    };
    let known = known.into_iter().map(|(member, text)| (member.name().to_owned(), text));
    let unknown = unknown.iter().map(|(name, value)| (name.to_owned(), value.expose().to_owned()));
    let mut all: Vec<_> = known.chain(unknown).collect();
    all.sort();
    assert_eq!(members, all);

    let Ok(cleaned) = clean(text) else { panic!("{key:?} cannot be cleaned") };
    let digits = cleaned.digits().expose();
    assert_eq!(count, digits.len());
    let pairs = digits.as_bytes().chunks(2);
    let json: Vec<u8> = pairs
        .map(|pair| u8::from_str_radix(&String::from_utf8_lossy(pair), 16).unwrap_or_default())
        .collect();
    for kind in [KeyKind::Cluster, KeyKind::Volume] {
        match encode_json(&json, kind) {
            Ok(written) => assert!(kind == key.kind() && written == key.encode(), "{key:?}"),
            Err(error) => assert!(kind != key.kind() && error.code() == "wrong_kind", "{error:?}"),
        }
    }
}

/// The bytes that the digits of a key stand for, so that mutations keep the structure.
pub fn decode_json(json: &[u8]) {
    let text = hex(json);
    decode_text(text.as_bytes());
    let decoded = PairingKey::decode(&text);
    let code = decoded.as_ref().map_or_else(DecodeError::code, |_| "");
    let broken = [
        "empty",
        "too_long",
        "not_utf8",
        "not_json",
        "cut_short",
        "text_after_end",
        "two_keys",
        "lone_surrogate",
        "too_deep",
    ];
    let refused = matches!(code, "lone_surrogate" | "too_deep");
    // A raw value is sound JSON of any depth, with numbers of any size and lone surrogates.
    match str::from_utf8(json).ok().and_then(|json| serde_json::from_str::<&RawValue>(json).ok()) {
        None => assert!(broken.contains(&code), "{code:?}"),
        Some(_) if text.len() > MAX_TEXT_LEN => assert_eq!(code, "too_long"),
        Some(value) if value.get().starts_with('{') => {
            assert!(refused || !broken.contains(&code) && code != "not_an_object", "{code:?}");
        }
        Some(_) => assert!(refused || code == "not_an_object", "{code:?}"),
    }
}

/// The values of a key: numbers, UUID and address from the first bytes; of the rest, which 0xFF
/// separates, each is a string.
pub fn round_trip(mut bytes: &[u8]) {
    let [flags] = take(&mut bytes);
    let id = u64::from_le_bytes(take(&mut bytes));
    let rpc_connection_id = i64::from_le_bytes(take(&mut bytes));
    let pair_uuid = Uuid::from_bytes(take(&mut bytes));
    let mvip = match flags & 2 {
        0 => IpAddr::from(Ipv4Addr::from(take::<4>(&mut bytes))),
        _ => IpAddr::from(Ipv6Addr::from(take::<16>(&mut bytes))),
    };
    let mut strings = bytes.split(|&byte| byte == 0xFF).map(String::from_utf8_lossy);
    let mut string = || strings.next().unwrap_or_default().into_owned();
    let unknown = UnknownMembers::default;
    let key: PairingKey = match flags & 1 {
        0 => ClusterPairingKey {
            cluster_pair_id: id,
            cluster_pair_uuid: pair_uuid,
            cluster_unique_id: string(),
            mvip,
            name: string(),
            password: string().into(),
            rpc_connection_id,
            username: string().into(),
            unknown: unknown(),
        }
        .into(),
        _ => VolumePairingKey {
            mvip,
            volume_id: id,
            volume_name: string(),
            volume_pair_uuid: pair_uuid,
            unknown: unknown(),
        }
        .into(),
    };
    let digits = key.encode();
    let text = digits.expose();
    let mut members: Reference = serde_json::from_slice(&unhex(text)).expect("sound JSON");
    assert_eq!(members, values(&key));
    if text.len() > MAX_TEXT_LEN {
        let length = text.len();
        assert_eq!(PairingKey::decode(text), Err(DecodeError::TooLong { length }));
        return;
    }
    assert_eq!(PairingKey::decode(text).as_ref(), Ok(&key));
    check_written(&key, text);

    members.insert(format!("x{}", string()), Value::from(string()));
    let text = hex(&serde_json::to_vec(&members).expect("a map with strings for names"));
    if text.len() <= MAX_TEXT_LEN {
        let key = PairingKey::decode(&text).expect("a key with an unknown member");
        check_written(&key, &text);
    }
}

/// A key with markers for credentials, changed in up to three places: where it went wrong can be
/// shown, the markers cannot. (More changes could make a credential the value of another member.)
pub fn damaged(mut bytes: &[u8]) {
    const PASSWORD: &str = "QJKXWVZB";
    const USERNAME: &str = "zqxjkvwb";
    const IN_UNKNOWN: &str = "HYGUFKTZ";
    let json = [
        r#"{"clusterPairID":1,"clusterPairUUID":"1cea1362-4c8f-461a-be72-74566a953d2f","#,
        r#""clusterUniqueID":"xsm6","later":[{"#,
        &format!(r#""{IN_UNKNOWN}":0}}],"mvip":"192.168.139.122","name":"AutoTest2-c0uR","#),
        &format!(
            r#""password":"{PASSWORD}","rpcConnectionID":913142649,"username":"{USERNAME}"}}"#
        ),
    ]
    .concat();
    let [layout] = take(&mut bytes);
    let mut digits = hex(json.as_bytes());
    if layout & 1 == 1 {
        digits.make_ascii_uppercase();
    }
    let mut text = digits.into_bytes();
    if layout & 2 == 2 {
        text = text.chunks(75).collect::<Vec<_>>().join(&b"\n \n"[..]);
    }
    for &[how, new, low, high] in bytes.as_chunks().0.iter().take(3) {
        let at = usize::from(u16::from_le_bytes([low, high])) % (text.len() + 1);
        match how % 4 {
            0 => text.truncate(at),
            1 => text.insert(at, new),
            2 => drop(text.drain(at..text.len().min(at + 1))),
            _ => text.iter_mut().skip(at).take(1).for_each(|byte| *byte = new),
        }
    }
    decode_text(&text);
    // Together these fail in every way that the other decoder and cleaning do.
    let cluster = ClusterPairingKey::decode(&text).err();
    let volume = VolumePairingKey::decode(&text).err().filter(|error| Some(*error) != cluster);
    for error in cluster.into_iter().chain(volume) {
        let excerpt = error.excerpt(&text).map(|excerpt| excerpt.to_string()).unwrap_or_default();
        // Without blanks, because characters stand above the first of their two digits.
        let shown = format!("{error} {error:?} {excerpt}").replace(char::is_whitespace, "");
        let digits = shown.to_ascii_lowercase();
        for run in [PASSWORD, USERNAME, IN_UNKNOWN].iter().flat_map(|it| it.as_bytes().windows(4)) {
            assert!(!shown.as_bytes().windows(4).any(|shown| shown == run), "{excerpt}");
            assert!(!digits.contains(&hex(run)), "{excerpt}");
        }
    }
}

/// The decoders of one kind say what the decoder of both says.
fn kinds_agree(text: &[u8], decoded: &Result<PairingKey, DecodeError>) {
    let cluster = ClusterPairingKey::decode(text).map(PairingKey::Cluster);
    let volume = VolumePairingKey::decode(text).map(PairingKey::Volume);
    let wrong = |found, expected| Err(DecodeError::WrongKind { found, expected });
    let no_cluster = cluster == wrong(KeyKind::Volume, KeyKind::Cluster);
    let no_volume = volume == wrong(KeyKind::Cluster, KeyKind::Volume);
    assert!(!(no_cluster && no_volume));
    assert!(no_cluster || cluster == *decoded);
    assert!(no_volume || volume == *decoded);
    assert!(decoded.is_err() || no_cluster || no_volume);
    if let Ok(text) = str::from_utf8(text) {
        assert_eq!(text.parse(), *decoded);
    }
}

fn without_place(
    decoded: &Result<PairingKey, DecodeError>,
) -> Result<&PairingKey, (&str, Option<Member>)> {
    decoded.as_ref().map_err(|error| (error.code(), error.member()))
}

fn check_error(error: &DecodeError, text: &[u8]) {
    assert!(DecodeError::CODES.contains(&error.code()), "{}", error.code());
    assert!(error.offset().is_none_or(|offset| offset <= text.len()), "{error:?}");
    // A text that is not the one of the error must do no harm either.
    let _ = error.excerpt(text.split_at(text.len() / 2).0);
    let Some(excerpt) = error.excerpt(text) else { return };
    let columns = excerpt.text.chars().count();
    assert!(error.offset().is_some() && excerpt.column <= columns, "{excerpt:?}");
    assert!(excerpt.reading.chars().count() <= columns, "{excerpt:?}");
    assert!(!(excerpt.text + &excerpt.reading).contains(char::is_control));
}

/// What was cleaned are digits of the text, in their order; cleaning them again changes nothing.
fn check_cleaned(cleaned: &Cleaned, text: &[u8]) {
    let digits = cleaned.digits().expose();
    assert!(!digits.is_empty() && digits.bytes().all(|digit| digit.is_ascii_hexdigit()));
    let mut rest = text.iter();
    assert!(digits.bytes().all(|digit| rest.any(|&byte| byte == digit)));
    for removed in cleaned.removed() {
        assert!(removed.count > 0 && removed.offset < text.len(), "{removed:?}");
    }
    assert_eq!(cleaned.removed().is_empty(), digits.len() == text.len());
    let again = clean(digits).expect("digits are clean");
    assert_eq!(again.digits(), cleaned.digits());
    assert_eq!(again.removed(), []);
}

/// `key` was read from `digits`: it is written with the same values, in a form that stays; what was
/// canonical is not changed.
fn check_written(key: &PairingKey, digits: &str) {
    let written = key.encode();
    if written.expose().len() <= MAX_TEXT_LEN {
        let again = PairingKey::decode(written.expose()).expect("a key that was written");
        assert_eq!(again, *key);
        assert_eq!(again.encode(), written);
    }

    let members: Reference = match serde_json::from_slice(&unhex(digits)) {
        Ok(members) => members,
        // In an unknown member, such as 1e999, which is kept.
        Err(error) => {
            assert!(error.to_string().starts_with("number out of range"), "{error}");
            return;
        }
    };
    let mut expected = members.clone();
    for (name, value) in values(key) {
        let read = expected.insert(name, value.clone()).expect("the member was read");
        assert!(same(&read, &value), "{read} and {value}");
    }
    let written_members: Reference =
        serde_json::from_slice(&unhex(written.expose())).expect("sound JSON");
    assert_eq!(written_members, expected);
    let compact = serde_json::to_vec(&members).expect("a map with strings for names");
    if members == expected && hex(&compact) == digits {
        assert_eq!(written.expose(), digits);
    }
}

/// What reads to the same value: letter case of a UUID, the many forms of an address, -0.
fn same(read: &Value, value: &Value) -> bool {
    fn parse<T: FromStr>(value: &Value) -> Option<T> {
        value.as_str()?.parse().ok()
    }
    let uuid = parse::<Uuid>(value);
    let address = parse::<IpAddr>(value);
    read == value
        || uuid.is_some() && uuid == parse(read)
        || address.is_some() && address == parse(read)
        || value.as_i64() == Some(0) && read.as_f64() == Some(0.0)
}

/// The known members of a key.
fn values(key: &PairingKey) -> Reference {
    let members: Vec<(&str, Value)> = match key {
        PairingKey::Cluster(key) => vec![
            ("clusterPairID", key.cluster_pair_id.into()),
            ("clusterPairUUID", key.cluster_pair_uuid.to_string().into()),
            ("clusterUniqueID", key.cluster_unique_id.clone().into()),
            ("mvip", key.mvip.to_string().into()),
            ("name", key.name.clone().into()),
            ("password", key.password.expose().into()),
            ("rpcConnectionID", key.rpc_connection_id.into()),
            ("username", key.username.expose().into()),
        ],
        PairingKey::Volume(key) => vec![
            ("mvip", key.mvip.to_string().into()),
            ("volumeID", key.volume_id.into()),
            ("volumeName", key.volume_name.clone().into()),
            ("volumePairUUID", key.volume_pair_uuid.to_string().into()),
        ],
    };
    members.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
}

/// The next bytes, zeros where there are none.
fn take<const N: usize>(bytes: &mut &[u8]) -> [u8; N] {
    let (head, rest) = bytes.split_at(N.min(bytes.len()));
    *bytes = rest;
    let mut taken = [0; N];
    taken.iter_mut().zip(head).for_each(|(taken, &byte)| *taken = byte);
    taken
}

fn hex(bytes: &[u8]) -> String {
    let digits = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    digits.filter_map(|digit| char::from_digit(digit.into(), 16)).collect()
}

fn unhex(digits: &str) -> Vec<u8> {
    let value = |digit: u8| char::from(digit).to_digit(16).unwrap_or_default() as u8;
    let pairs = digits.as_bytes().as_chunks().0.iter();
    pairs.map(|&[high, low]| value(high) << 4 | value(low)).collect()
}
