//! Nothing that can be printed shows a credential.

use std::{error::Error, fmt::Debug, sync::LazyLock};

use element_pairing::{
    ClusterPairingKey, DecodeError, Member, PairingKey, VolumePairingKey, clean,
};

/// The members of a cluster pairing key as names and JSON values, each with a marker of its own that
/// shares no run of four characters with the others, with names, codes and messages.
const MEMBERS: [(&str, &str); 11] = [
    ("clusterPairID", "8997788"),
    ("clusterPairUUID", "\"e7d9bb4f-c1f8-4a2b-b3d7-f28d6face9c5\""),
    ("clusterUniqueID", "\"qZ4!vXw8Lj\""),
    ("mvip", "\"203.0.113.249\""),
    ("name", "\"Hj6@kQy2Bx\""),
    ("password", "\"Vw~8GzQ+r5Xm\""),
    ("rpcConnectionID", "-7999888"),
    ("username", "\"Jk?3TqZ*x9Wd\""),
    ("volumeID", "\"Zq;7BvK|y4Xg\""),
    ("GxQ7#ZkVp!Jw", "\"W%9qXj&Tz3Kv\""),
    ("zQ$5jXv^K1pw", "{\"Xw<2qJz>G6kb\":[\"Kz=4vQj{T8xh\"]}"),
];

/// What must never be printed: the password, the username, and all of unknown members.
const CREDENTIALS: [&str; 8] = [
    "GxQ7#ZkVp!Jw",
    "W%9qXj&Tz3Kv",
    "Vw~8GzQ+r5Xm",
    "Jk?3TqZ*x9Wd",
    "Zq;7BvK|y4Xg",
    "zQ$5jXv^K1pw",
    "Xw<2qJz>G6kb",
    "Kz=4vQj{T8xh",
];

/// What a `DecodeError` must not print either.
const OTHERS: [&str; 6] = [
    "8997788",
    "e7d9bb4f-c1f8-4a2b-b3d7-f28d6face9c5",
    "qZ4!vXw8Lj",
    "203.0.113.249",
    "Hj6@kQy2Bx",
    "7999888",
];

/// The runs of four characters of markers in all ways in which they could be printed, lower-case.
struct Runs {
    printed: Vec<String>,
    /// Whether one begins with these two bytes: comparing all of them everywhere takes too long.
    begin: Vec<bool>,
}

impl Runs {
    fn of(markers: &[&str]) -> Self {
        let runs = markers.iter().flat_map(|marker| marker.as_bytes().windows(4));
        let printed = runs.flat_map(|run| {
            let raw = str::from_utf8(run).unwrap();
            let escaped: String = run.iter().map(|byte| format!("\\u{byte:04x}")).collect();
            let upper: String = run.iter().map(|byte| format!("\\u{byte:04X}")).collect();
            let digits = [hex::encode(run), hex::encode(&escaped), hex::encode(upper)];
            [raw.to_ascii_lowercase(), escaped].into_iter().chain(digits)
        });
        let printed: Vec<_> = printed.collect();
        let mut begin = vec![false; 1 << 16];
        for run in &printed {
            begin[usize::from(u16::from_be_bytes([run.as_bytes()[0], run.as_bytes()[1]]))] = true;
        }
        Self { printed, begin }
    }

    /// One that is in the text, of either letter case, with or without white space between.
    fn find(&self, text: &str) -> Option<&str> {
        let mut text: Vec<u8> =
            text.chars().filter(|c| !c.is_whitespace()).collect::<String>().into();
        text.make_ascii_lowercase();
        let mut places = text
            .windows(2)
            .enumerate()
            .filter(|(_, two)| self.begin[usize::from(u16::from_be_bytes([two[0], two[1]]))]);
        places.find_map(|(at, _)| {
            let found = self.printed.iter().find(|run| text[at..].starts_with(run.as_bytes()));
            found.map(String::as_str)
        })
    }
}

static SECRET: LazyLock<Runs> = LazyLock::new(|| Runs::of(&CREDENTIALS));
static STRINGS: LazyLock<Runs> =
    LazyLock::new(|| Runs::of(&[&CREDENTIALS[..], &["qZ4!vXw8Lj", "Hj6@kQy2Bx"]].concat()));
static ALL: LazyLock<Runs> = LazyLock::new(|| Runs::of(&[&CREDENTIALS[..], &OTHERS].concat()));

fn assert_hidden(printed: &str, runs: &Runs) {
    if let Some(run) = runs.find(printed) {
        panic!("{run} is in: {printed}");
    }
}

fn debug(value: &dyn Debug) -> String {
    format!("{value:?}\n{value:#?}")
}

/// Every printed form of whatever a text is read to.
fn check(text: impl AsRef<[u8]>) {
    let text = text.as_ref();
    match clean(text) {
        Ok(cleaned) => {
            let removed: Vec<_> = cleaned.removed().iter().map(ToString::to_string).collect();
            let printed = format!("{}\n{}", debug(&cleaned), removed.join("\n"));
            assert_hidden(&printed, &ALL);
            assert_hidden(&debug(cleaned.digits()), &SECRET);
        }
        Err(error) => check_error(&error, text),
    }
    let result = PairingKey::decode(text);
    match &result {
        Ok(key) => check_key(key),
        Err(error) => check_error(error, text),
    }
    for error in [ClusterPairingKey::decode(text).err(), VolumePairingKey::decode(text).err()] {
        let new = error.filter(|error| result != Err(*error));
        let _ = new.map(|error| check_error(&error, text));
    }
}

fn check_key(key: &PairingKey) {
    let printed = match key {
        PairingKey::Cluster(key) => [debug(key), debug(&key.unknown), debug(&key.password)],
        PairingKey::Volume(key) => [debug(key), debug(&key.unknown), String::new()],
    };
    assert_hidden(&format!("{}\n{}", debug(key), printed.join("\n")), &SECRET);
    assert_hidden(&debug(&key.encode()), &SECRET);
}

fn check_error(error: &DecodeError, text: &[u8]) {
    let mut printed = format!("{error}\n{error:#}\n{}\n{}", debug(error), error.help());
    let mut source = error.source();
    while let Some(error) = source {
        printed += &format!("{error}\n{error:#?}");
        source = error.source();
    }
    printed += &debug(&error.offset());
    printed += &debug(&error.member());
    assert_hidden(&printed, &ALL);
    if let Some(excerpt) = error.excerpt(text) {
        let shown = format!("{}\n{}\n{}", excerpt.text, excerpt.reading, debug(&excerpt));
        // In an object that goes wrong nobody knows where a string ends; of others the excerpt may
        // show what is no credential.
        let goes_wrong = ["cut_short", "not_json", "not_utf8", "lone_surrogate", "too_deep"];
        let hidden = if goes_wrong.contains(&error.code()) { &STRINGS } else { &SECRET };
        assert_hidden(&format!("{excerpt}\n{shown}"), hidden);
    }
}

fn json<N: AsRef<str>, V: AsRef<str>>(members: impl IntoIterator<Item = (N, V)>) -> String {
    let members = members.into_iter();
    let members: Vec<_> =
        members.map(|(name, value)| format!("\"{}\":{}", name.as_ref(), value.as_ref())).collect();
    format!("{{{}}}", members.join(","))
}

/// The same, with every character of names and strings as an escape.
fn escaped(json: &str) -> String {
    let mut in_string = false;
    let escape = |c: char| match c {
        '"' => {
            in_string = !in_string;
            c.to_string()
        }
        c if in_string => format!("\\u{:04X}", c as u32),
        c => c.to_string(),
    };
    json.chars().map(escape).collect()
}

#[test]
fn the_search_finds_what_is_there() {
    let key = json(MEMBERS);
    let all = [&CREDENTIALS[..], &OTHERS].concat();
    for (index, marker) in all.iter().enumerate() {
        assert!(key.contains(marker), "{marker} is in the key");
        assert!(Runs::of(&[marker]).find(&key).is_some());
        let others = Runs::of(&[&all[..index], &all[index + 1..]].concat());
        assert_eq!(others.find(marker), None, "{marker} shares no run");

        let run = &marker[3..7];
        let escaped = escaped(&format!("\"{run}\"")).replace('"', "");
        let leaks = [
            run.to_owned(),
            hex::encode(run),
            hex::encode_upper(run),
            escaped.clone(),
            escaped.to_lowercase(),
            hex::encode_upper(&escaped),
            hex::encode(escaped.to_lowercase()),
            run.chars().map(|c| format!("{c} ")).collect(),
        ];
        for leak in leaks {
            assert!(ALL.find(&format!("some {leak}..")).is_some(), "{leak}");
        }
        assert_eq!(ALL.find(&format!("some {}..", &run[..3])), None);
    }
    let names: Vec<_> = Member::all().map(Member::name).collect();
    assert_eq!(ALL.find(&names.join(" ")), None);
}

#[test]
fn valid_keys() {
    let cluster = json(MEMBERS);
    // Without some members it is less of a cluster pairing key than of a volume pairing key.
    let dropped = ["clusterPairID", "name", "volumeID"];
    let others = MEMBERS.into_iter().filter(|(name, _)| !dropped.contains(name));
    let volume = json(others.chain([
        ("volumeID", "8997788"),
        ("volumeName", "\"Hj6@kQy2Bx\""),
        ("volumePairUUID", "\"e7d9bb4f-c1f8-4a2b-b3d7-f28d6face9c5\""),
    ]));
    for (json, kind) in [(&cluster, "cluster"), (&volume, "volume")] {
        for text in [hex::encode(json), hex::encode_upper(json), hex::encode(escaped(json))] {
            let key = PairingKey::decode(&text).unwrap();
            assert_eq!(key.kind().name(), kind);
            let printed = debug(&key);
            assert!(printed.contains("Hj6@kQy2Bx") && printed.contains("8997788"));
            check(text);
        }
    }
}

#[test]
fn keys_that_are_cut_or_have_a_wrong_digit_at_every_place() {
    let json = json(MEMBERS);
    let reversed = self::json(MEMBERS.into_iter().rev());
    for (json, step) in [(json.clone(), 1), (escaped(&json), 23), (reversed, 7)] {
        let digits = hex::encode(&json);
        for at in (0..json.len()).step_by(step) {
            check(&digits[..2 * at]);
            check(&digits[..2 * at + 1]);
            check([&digits[..2 * at], "x", &digits[2 * at + 1..]].concat());
            let lost_digit = [&digits[..2 * at], &digits[2 * at + 1..]].concat();
            check(&lost_digit);
            check(format!("{lost_digit}7"));
        }
    }
}

#[test]
fn keys_with_a_character_too_many_or_too_few_at_every_place() {
    let json = json(MEMBERS);
    for at in 0..json.len() {
        let (before, after) = json.as_bytes().split_at(at);
        for wrong in [&b"\""[..], b"\\", b"\0", b"\xff", b"}", b"\\ud83d", b":,"] {
            check(hex::encode([before, wrong, after].concat()));
        }
        check(hex::encode([before, &after[1..]].concat()));
    }
}

/// What stands behind a gap may be taken for the value of the member before it: also a password that
/// looks like a number, a UUID, an address or more of the key.
#[test]
fn nothing_but_names_is_legible_where_a_stretch_is_lost() {
    for password in [
        "7531902468",
        "1cea1362-4c8f-461a-be72-74566a953d2f",
        "192.168.139.122",
        r#"p\",\"name\":\"x\",7:"#,
    ] {
        let key = [
            r#"{"clusterPairID":1,"clusterUniqueID":"xsm6","mvip":"10.0.0.1","name":"Site","#,
            r#""password":""#,
            password,
            r#"","rpcConnectionID":2,"username":""#,
            password,
            r#""}"#,
        ]
        .concat();
        let digits = hex::encode(&key);
        for start in (0..digits.len()).step_by(2) {
            for end in (start..digits.len()).step_by(14) {
                for last in ["", "."] {
                    crate::check_any([&digits[..start], &digits[end..], last].concat().as_bytes());
                }
            }
        }
    }
}

#[test]
fn members_that_are_wrong() {
    let with = |at: usize, name: &str, value: &str| {
        let mut members = MEMBERS;
        members[at] = (name, value);
        check(hex::encode(json(members)));
        check(hex::encode(escaped(&json(members))));
    };
    for (at, (name, value)) in MEMBERS.into_iter().enumerate() {
        let inner = value.trim_matches('"');
        let deep = format!("{}{value}{}", "[".repeat(33), "]".repeat(33));
        let values = [
            format!("[{value}]"),
            format!("{{{value}:{value}}}"),
            format!("{{\"{name}\":{value}}}"),
            format!("\"{inner}"),
            format!("{inner}\""),
            inner.into(),
            format!("\"{inner}\\u12"),
            format!("\"{inner}\\ud83d\""),
            format!("\"{inner}\\x\""),
            format!("{value}{value}"),
            format!("{value} {value}"),
            format!("-{value}"),
            deep,
            "null".into(),
            "true".into(),
            "7.5".into(),
            "99999999999999999999".into(),
            "\"\"".into(),
        ];
        values.iter().for_each(|value| with(at, name, value));
        for other in Member::all().map(Member::name) {
            with(at, other, value);
        }
        check(hex::encode(json(MEMBERS.into_iter().filter(|(other, _)| *other != name))));
        for twice in [name.to_owned(), format!("\\u{:04x}{}", name.as_bytes()[0], &name[1..])] {
            let members = MEMBERS.map(|(name, value)| (name.to_owned(), value));
            check(hex::encode(json(members.into_iter().chain([(twice, value)]))));
        }
        check(hex::encode(value));
        check(hex::encode(format!("[{value}]")));
        check(hex::encode(json([(name, value)])));
    }
}

#[test]
fn texts_that_are_no_key_or_more_than_one() {
    let json = json(MEMBERS);
    let digits = hex::encode(&json);
    check(&json);
    check(escaped(&json));
    check(format!("{digits}{digits}"));
    check(format!("{digits}\n{}", hex::encode("{\"mvip\":7}")));
    check(format!("[{{\"clusterPairingKey\":\"{digits}\",\"volumePairingKey\":\"{digits}\"}}]"));
    check(format!("{{\"clusterPairingKey\":{json}}}"));
    for marker in CREDENTIALS {
        check(marker);
        check(hex::encode(marker));
        check(format!("{marker} key: {digits}"));
        check(format!("key: {digits} {marker}"));
        check(format!("{digits}{}", hex::encode(marker)));
        check(format!("{{\"{marker}\":\"{marker}\",\"clusterPairingKey\":\"{digits}\"}}"));
        check(format!("{{\"clusterPairingKey\":\"{marker}\"}}"));
        check(format!("{{\"{marker}\":\"{marker}\"}}"));
        check([marker.as_bytes(), b"\xff"].concat());
        check(marker.repeat(6_000));
    }
}
