//! Zero trace: no block of the heap that the library frees holds any of a user name or a password.
//!
//! The allocator of this program looks through every block at the moment it is freed, and through
//! the old block of every reallocation, for runs of four bytes of a credential: as they are, as JSON
//! spells them, and as eight hex digits of either case, also where they begin in the middle of a
//! byte. The input texts are the caller's and live outside the watched stretches.

#![allow(clippy::indexing_slicing)]

use std::{hint::black_box, process::ExitCode};

use element_pairing::{
    ClusterPairingKey, DecodeError, KeyKind, MAX_TEXT_LEN, Member, PairingKey, Secret, Told,
    UnknownMembers, VolumePairingKey, clean, encode_json, tell,
};
use uuid::uuid;

use self::scanner::{Watch, find, look_for, runs, watched};

#[cfg(feature = "topology")]
mod api;
#[cfg(feature = "topology")]
mod check;
#[cfg(feature = "topology")]
mod plan;
mod scanner;
#[cfg(feature = "simulator")]
mod simulator;

/// An invented credential: its text, a JSON spelling of it, and the one that the library writes.
#[derive(Clone, Copy)]
struct Marker {
    raw: &'static str,
    spelled: &'static str,
    canonical: &'static str,
}

struct Sort {
    name: &'static str,
    password: Marker,
    username: Marker,
}

const fn marker(raw: &'static str) -> Marker {
    Marker { raw, spelled: raw, canonical: raw }
}

/// A password that is a number in JSON. None of its runs could be an offset.
const NUMBER: Marker = marker("-8.9E-89");

fn sorts() -> Vec<Sort> {
    // Ten KiB, of few different runs: a short list is searched faster.
    let long = |text: &str| &*text.repeat(256).leak();
    vec![
        Sort {
            name: "plain",
            password: marker("Wq7#Zk9!vJx2@Lp"),
            username: marker("Hy5%Tg8&Xn3*Dz"),
        },
        Sort {
            name: "escapes",
            password: Marker {
                raw: "Kx\"Mz\\Nv/Pj\u{8}Qw\u{c}Xk\nYj\rVz\tGq\u{1f}Wx\u{e9}Zj\u{20ac}Uq\u{1d11e}Hw",
                spelled: r#"Kx\"Mz\\Nv\/Pj\bQw\fXk\nYj\rVz\tGq\u001fWx\u00e9Zj\u20ACUq\ud834\udd1eHw"#,
                canonical: r#"Kx\"Mz\\Nv/Pj\bQw\fXk\nYj\rVz\tGq\u001fWxéZj€Uq𝄞Hw"#,
            },
            // No escape whose four digits could be an offset.
            username: Marker {
                raw: "jZ+oN^m;kM~z",
                spelled: r"\u006a\u005A\u002b\u006F\u004e\u005E\u006d\u003b\u006b\u004D\u007e\u007a",
                canonical: "jZ+oN^m;kM~z",
            },
        },
        Sort {
            name: "not ASCII", password: marker("Жщ€ßЙ漢字🜁ø"), username: marker("Ñδύπλ語ÿ𝄢¤")
        },
        Sort { name: "empty", password: marker(""), username: marker("") },
        Sort {
            name: "long",
            password: Marker {
                raw: long("qG7{jW2|zK4}xV9~hY\n<pJ5>kZ8?wX3!gQ6^yH0;"),
                spelled: long(r"qG7{jW2|zK4}xV9~hY\n<pJ5\u003EkZ8?wX3!gQ6^yH0;"),
                canonical: long(r"qG7{jW2|zK4}xV9~hY\n<pJ5>kZ8?wX3!gQ6^yH0;"),
            },
            username: marker("Yv4/Bq8=Zx6-"),
        },
    ]
}

type Members = Vec<(&'static str, String)>;

/// A cluster pairing key of the sort, canonical but for the spelling of its credentials.
fn cluster(sort: &Sort) -> Members {
    vec![
        ("clusterPairID", "1".into()),
        ("clusterPairUUID", r#""1cea1362-4c8f-461a-be72-74566a953d2f""#.into()),
        ("clusterUniqueID", r#""xsm6""#.into()),
        ("mvip", r#""192.168.139.122""#.into()),
        ("name", r#""AutoTest2-c0uR""#.into()),
        ("password", format!("\"{}\"", sort.password.spelled)),
        ("rpcConnectionID", "913142649".into()),
        ("username", format!("\"__SF_pair_{}\"", sort.username.spelled)),
    ]
}

fn volume() -> Members {
    vec![
        ("mvip", r#""fd00::1""#.into()),
        ("volumeID", "1".into()),
        ("volumeName", r#""Test""#.into()),
        ("volumePairUUID", r#""06962fcb-202e-4325-a569-ec9c655c7b5a""#.into()),
    ]
}

fn object<'a>(members: impl IntoIterator<Item = &'a (&'static str, String)>) -> String {
    let members = members.into_iter().map(|(name, value)| format!("\"{name}\":{value}"));
    format!("{{{}}}", members.collect::<Vec<_>>().join(","))
}

fn hex(json: &str) -> String {
    json.bytes().map(|byte| format!("{byte:02x}")).collect()
}

/// Decodes and cleans a text; returns what became of decoding it.
fn read(text: &[u8]) -> &'static str {
    let results = [
        PairingKey::decode(text),
        ClusterPairingKey::decode(text).map(PairingKey::from),
        VolumePairingKey::decode(text).map(PairingKey::from),
    ];
    let [outcome, ..] = results.map(|result| examine(text, result));
    tell_and_write(text);
    match clean(text) {
        Ok(cleaned) => {
            black_box(format!("{cleaned:?}"));
            cleaned.removed().iter().for_each(|removed| drop(black_box(removed.to_string())));
            drop(cleaned.into_digits());
            drop(clean(text));
        }
        Err(error) => show(text, error),
    }
    outcome
}

/// The same as the npm package does it.
fn tell_and_write(text: &[u8]) {
    let _ = tell(text, None, &mut |told: Told<'_>| {
        black_box(told);
    });
    // On the stack, which is not scanned, and wiped: what is left there can get into padding.
    let mut json = [0; 1 << 12];
    let half = |digit: u8| char::from(digit).to_digit(16);
    let pairs = text.chunks_exact(2).map_while(|pair| Some(half(pair[0])? << 4 | half(pair[1])?));
    let length = json.iter_mut().zip(pairs).map(|(byte, pair)| *byte = pair as u8).count();
    for kind in [KeyKind::Cluster, KeyKind::Volume] {
        let _ = black_box(encode_json(&json[..length], kind));
    }
    black_box(&mut json).fill(0);
    black_box(&json);
}

/// The same by `FromStr`; apart from `read`, which runs very often.
fn parse(text: &[u8]) -> &'static str {
    let text = str::from_utf8(text).unwrap_or_default();
    drop(text.parse::<ClusterPairingKey>());
    drop(text.parse::<VolumePairingKey>());
    text.parse::<PairingKey>().map_or_else(|error| error.code(), |_| "read")
}

/// Uses up what decoding returned: a key by pieces, an error by printing it.
fn examine(text: &[u8], result: Result<PairingKey, DecodeError>) -> &'static str {
    match result {
        Ok(key) => {
            let digits = key.encode();
            black_box(format!("{key:?} {digits:?}"));
            assert!(PairingKey::decode(digits.expose()).as_ref() == Ok(&key));
            let unknown = match key {
                PairingKey::Cluster(mut key) => {
                    key.password = Secret::from("");
                    key.unknown
                }
                PairingKey::Volume(key) => key.unknown,
            };
            for (name, value) in unknown.iter() {
                black_box((name, value.expose()));
            }
            "read"
        }
        Err(error) => {
            show(text, error);
            error.code()
        }
    }
}

fn show(text: &[u8], error: DecodeError) {
    black_box(format!("{error} {error:?} {} {:?}", error.help(), error.member()));
    if let Some(excerpt) = error.excerpt(text) {
        black_box(format!("{excerpt} {excerpt:?}"));
    }
}

#[derive(Default)]
struct Cases {
    passed: u32,
    failed: u32,
}

impl Cases {
    fn add(&mut self, name: &str, fault: Option<String>) {
        match fault {
            None => self.passed += 1,
            Some(fault) => {
                self.failed += 1;
                println!("FAILED {name}: {fault}");
            }
        }
    }

    /// A case of several texts, each of which has to come to one of the outcomes; to any if there
    /// are none.
    fn each<T: AsRef<[u8]>>(
        &mut self,
        name: &str,
        outcomes: &[&str],
        work: fn(&[u8]) -> &'static str,
        texts: impl IntoIterator<Item = T>,
    ) {
        let mut count = 0;
        let mut fault = None;
        for text in texts {
            let (outcome, watch) = watched(|| work(text.as_ref()));
            let outcome = outcome.unwrap_or("panics");
            let wanted = outcome != "panics" && outcomes.is_empty() || outcomes.contains(&outcome);
            let other = || (!wanted).then(|| format!("{outcome}, not {}", outcomes.join(" or ")));
            let found = other().or_else(|| watch.fault());
            fault = fault.or(found.map(|found| format!("text {count}: {found}")));
            count += 1;
        }
        self.add(name, fault.or((count == 0).then(|| "no texts".into())));
    }
}

/// Proves that the scanner sees what it has to see, and takes nothing else for it.
fn controls(cases: &mut Cases, sorts: &[Sort]) {
    let text = sorts[0].password.raw;
    let digits = hex(text);
    let (cut, upper) = (format!("{digits}xx{digits}"), digits[3..11].to_uppercase());
    let growing = || {
        let mut bytes = Vec::with_capacity(8);
        text.bytes().for_each(|byte| bytes.push(black_box(byte)));
        bytes.fill(0);
        black_box(&mut bytes);
    };
    let mut seen = |name: &str, (_, watch): (Option<()>, Watch)| {
        let nothing = (watch.traces == 0).then(|| "nothing was found".into());
        cases.add(&format!("control: {name}"), nothing);
    };
    seen("hex::decode", watched(|| drop(black_box(::hex::decode(&digits)))));
    seen("hex::decode, a bad digit", watched(|| drop(black_box(::hex::decode(&cut)))));
    seen("a String", watched(|| drop(black_box(text.to_owned()))));
    seen("eight digits, upper case", watched(|| drop(black_box(upper.clone()))));
    seen("a Vec that grows and is wiped", watched(growing));
    let (_, watch) = watched(|| std::mem::forget(black_box(Box::new(1))));
    cases.add("control: a leak", (watch.live != 1).then(|| format!("{} seen", watch.live)));

    // Messages are not in this list: each is in a freed block of some case below.
    let mut others = vec!["__SF_pair_".into(), object(&volume()), DecodeError::CODES.concat()];
    others.extend(Member::all().map(|m| format!("{m}{m:?}{}{}", m.meaning(), m.expects())));
    let none = Sort { name: "", password: marker(""), username: marker("") };
    others.push(object(&cluster(&none)));
    let shared = others.iter().flat_map(|text| [text.clone(), hex(text)]);
    let shared = shared.filter(|text| find(text.as_bytes()).is_some()).collect::<Vec<_>>();
    cases.add("markers are only theirs", (!shared.is_empty()).then(|| shared.join(" ")));

    let markers = sorts.iter().flat_map(|sort| [sort.password, sort.username]);
    let mut all: Vec<_> = markers.chain([NUMBER]).flat_map(|marker| runs(&[marker.raw])).collect();
    all.sort_unstable();
    let twice = all.windows(2).filter(|pair| pair[0] == pair[1]).count();
    cases.add("markers differ", (twice > 0).then(|| format!("{twice} runs in common")));
}

/// Keys made from values, written, changed and dropped.
fn values(cases: &mut Cases, sort: &Sort) {
    let of = |text: &str, how: usize| match how {
        0 => Secret::from(text),
        1 => Secret::from(text.to_owned()),
        _ => {
            let mut roomy = String::with_capacity(text.len() + 9);
            roomy.push_str(text);
            Secret::from(roomy)
        }
    };
    let (equal, watch) = watched(|| {
        (0..3).all(|how| {
            let key = ClusterPairingKey {
                cluster_pair_id: 1,
                cluster_pair_uuid: uuid!("1cea1362-4c8f-461a-be72-74566a953d2f"),
                cluster_unique_id: "xsm6".into(),
                mvip: [192, 168, 139, 122].into(),
                name: "AutoTest2-c0uR".into(),
                password: of(sort.password.raw, how),
                rpc_connection_id: -1,
                username: of(sort.username.raw, how),
                unknown: UnknownMembers::default(),
            };
            black_box(format!("{key:?}"));
            let digits = key.encode();
            let same = ClusterPairingKey::decode(digits.expose()).as_ref() == Ok(&key);
            same && PairingKey::from(key).encode() == digits
        })
    });
    let changed = || (equal != Some(true)).then(|| "not read as written".into());
    cases.add(&format!("{}: from values", sort.name), watch.fault().or_else(changed));
}

/// Keys with a fault, or a peculiarity, in their JSON; and what becomes of decoding them.
fn objects(sort: &Sort) -> Vec<(String, &'static str, String)> {
    let key = cluster(sort);
    let (password, username) = (&key[5].1, &key[7].1);
    let set = |name: &str, value: &str| {
        let mut members = key.clone();
        members.iter_mut().filter(|(n, _)| *n == name).for_each(|(_, old)| *old = value.into());
        object(&members)
    };
    let add = |at: usize, name: &'static str, value: &str| {
        let mut members = key.clone();
        members.insert(at, (name, value.into()));
        object(&members)
    };
    let json = object(&key);
    let mut all = Vec::new();
    let mut case = |outcome, name: &str, json| all.push((name.to_owned(), outcome, json));

    case("read", "over 256 bytes", set("name", &format!("{:?}", "n".repeat(99))));
    case("read", "over 4,096 bytes", set("name", &format!("{:?}", "n".repeat(4999))));
    case("read", "other order", object(key.iter().rev()));
    case("read", "white space", json.replace("\":", "\" : ").replace(",\"", ",\r\n\t\""));
    case("read", "name with an escape", json.replace("password", r"pa\u0073sword"));
    for (place, name, at) in [("before", "a", 0), ("between", "p", 5), ("after", "z", 8)] {
        let value =
            format!(r#"{{ "\n": [ {password}, {{ {username} : 0 }} ], {username}: -1e9 }}"#);
        case("read", &format!("unknown member {place}"), add(at, name, &value));
        let named = add(at, "?", "0").replace(r#""?":0"#, &format!("{password}:[{username}]"));
        case("read", &format!("a credential names a member {place}"), named);
    }
    let large = format!("[{}{username}]", format!("{password},").repeat(4096 / password.len() + 1));
    case("read", "unknown member over 4,096 bytes", add(8, "z", &large));
    let twice = add(0, "q", password).replacen('{', r#"{"\u0071":1,"#, 1);
    case("duplicate_member", "unknown member twice", twice);
    case("too_deep", "too deep", add(5, "p", &format!("{}{password}", "[".repeat(33))));
    for name in ["clusterPairID", "rpcConnectionID"] {
        case("wrong_value", &format!("{name} too large"), set(name, &"9".repeat(20)));
    }

    for (who, secret) in [("password", password), ("username", username)] {
        for (member, outcome) in [
            ("clusterPairID", "wrong_type"),
            ("clusterPairUUID", "wrong_value"),
            ("mvip", "wrong_value"),
            ("rpcConnectionID", "wrong_type"),
        ] {
            let array = format!("[{secret}]");
            case(outcome, &format!("{who} as {member}"), set(member, secret));
            case("wrong_type", &format!("{who} in an array as {member}"), set(member, &array));
        }
        let bare = secret.trim_matches('"');
        for (outcome, what, value) in [
            ("wrong_type", "in an object", format!("{{\"a\":{secret},{secret}:1}}")),
            ("wrong_type", "in an array", format!("[{secret},{secret}]")),
            ("wrong_type", "as a number", NUMBER.raw.into()),
            ("lone_surrogate", "with half a pair", format!(r#""{bare}\ud834{bare}""#)),
            ("not_json", "with a wrong escape", format!(r#""{bare}\q{bare}""#)),
            ("not_json", "with a control character", format!("\"{bare}\n{bare}\"")),
            ("not_json", "with a quote", format!("\"{bare}\"{bare}\"")),
            ("not_json", "without quotes", format!("({bare}")),
        ] {
            case(outcome, &format!("{who} {what}"), set(who, &value));
        }
        let (array, inside) = (format!("[{secret}]"), format!("{{\"a\":{secret}}}"));
        case("not_an_object", &format!("{who} and no object"), secret.clone());
        case("not_an_object", &format!("{who} in an array and no object"), array);
        case("not_a_pairing_key", &format!("{who} in another object"), inside);
        case("text_after_end", &format!("{who} after the end"), format!("{json}{secret}"));
    }
    for (at, (name, value)) in key.iter().enumerate() {
        let others = [&key[..at], &key[at + 1..]].concat();
        case("missing_member", &format!("no {name}"), object(&others));
        case("duplicate_member", &format!("{name} twice, first"), add(0, name, value));
        case("duplicate_member", &format!("{name} twice, last"), add(8, name, value));
    }
    case("read", "a volume key with a credential", object(volume().iter().chain(&key[5..6])));
    case("read", "a volume key with both", object(volume().iter().chain(&key[5..])));
    case("two_keys", "a second key", json.repeat(2));
    all
}

/// The same key in other texts; and what becomes of decoding them.
fn texts(sort: &Sort) -> Vec<(&'static str, &'static str, String)> {
    let json = object(&cluster(sort));
    let digits = hex(&json);
    let broken = lines(&digits);
    let answer = |key: &str| {
        format!(r#"{{"id":1,"result":{{"clusterPairingKey":"{key}","clusterPairID":1}}}}"#)
    };
    let end = hex("\",\"rpc");
    vec![
        ("canonical order", "read", digits.clone()),
        ("upper case", "read", digits.to_uppercase()),
        ("lines", "read", broken.clone()),
        ("quotes and a label", "read", format!(" Pairing key: \u{201c}{broken}\u{201d};\n")),
        ("a label", "read", format!("key: {digits}")),
        ("an answer", "read", answer(&digits)),
        ("lines in an answer", "read", answer(&broken)),
        (
            "an answer with two keys in one string",
            "two_keys",
            answer(&format!("{digits}x{digits}")),
        ),
        ("an answer with two keys", "two_keys", answer(&digits).repeat(2)),
        ("not UTF-8", "not_utf8", digits.replacen(&end, &format!("ff{end}"), 1)),
        ("a second key in lines", "two_keys", lines(&digits.repeat(2))),
        ("JSON, not its digits", "no_key_in_json", json),
        ("too long", "too_long", digits.repeat(MAX_TEXT_LEN / digits.len() + 1)),
    ]
}

/// Digits as documents print them.
fn lines(digits: &str) -> String {
    let lines: Vec<_> = digits.as_bytes().chunks(70).map(String::from_utf8_lossy).collect();
    lines.join(" \r\n\u{a0}\u{200b}\n")
}

/// Keys cut, and digits wrong, at every position; of very long texts at some fifty.
fn positions(cases: &mut Cases, name: &str, text: &str) {
    let text = text.as_bytes();
    let every = || (0..text.len()).step_by(text.len() / 2000 * 50 + 1);
    let with = |at: usize, byte| [&text[..at], &[byte], &text[at + 1..]].concat();
    // A bit of a digit changed, each in its turn; what is no digit becomes one.
    let other = |at: usize| {
        let digit = char::from(text[at]).to_digit(16).unwrap_or_default() as usize;
        with(at, b"0123456789abcdef"[digit ^ 1 << (at % 4)])
    };
    let left_out = |at: usize| [&text[..at], &text[at + 1..]].concat();
    let mut each = |what, outcomes: &[&str], texts: Vec<Vec<u8>>| {
        cases.each(&format!("{name}: {what}"), outcomes, read, texts);
    };
    // `not_a_digit`: cut inside a no-break space, a text has half a character at its end.
    let cut: &[&str] = &["empty", "odd_digits", "cut_short", "not_a_digit"];
    let cut = if text.is_ascii() { &cut[..3] } else { cut };
    each("cut", cut, every().map(|at| text[..at].to_vec()).collect());
    each("a bad digit", &["not_a_digit"], every().map(|at| with(at, b'x')).collect());
    each("another digit", &[], every().map(other).collect());
    each("a digit left out", &[], every().map(left_out).collect());
    // What stands behind the gap may be taken for the value of the member before it.
    let gap = |at: usize| [&text[..at], text.get(at + 150..).unwrap_or_default()].concat();
    each("a stretch left out", &[], every().step_by(2).map(gap).collect());
}

fn main() -> ExitCode {
    let sorts = sorts();
    let markers = sorts.iter().flat_map(|sort| [sort.password, sort.username]);
    let spellings = markers.chain([NUMBER]).flat_map(|m| [m.raw, m.spelled, m.canonical]);
    #[cfg(feature = "simulator")]
    let made = simulator::credentials();
    #[cfg(not(feature = "simulator"))]
    let made = [String::new(); 0];
    look_for(&spellings.chain(made.iter().map(String::as_str)).collect::<Vec<_>>());
    // Whatever is made once and kept is made now.
    black_box(read(b""));

    let mut cases = Cases::default();
    controls(&mut cases, &sorts);
    for sort in &sorts {
        values(&mut cases, sort);
        for (name, outcome, json) in objects(sort) {
            let digits = hex(&json);
            let name = format!("{}: {name}", sort.name);
            cases.each(&name, &[outcome], read, [&digits, &lines(&digits)]);
            // The maker lists no pending pair; or the key cannot be read.
            #[cfg(feature = "topology")]
            cases.each(&format!("{name}, checked"), &["refused"], check::check, [&digits]);
        }
        for (name, outcome, text) in texts(sort) {
            cases.each(&format!("{}: {name}", sort.name), &[outcome], read, [&text]);
            cases.each(&format!("{}: {name}, FromStr", sort.name), &[outcome], parse, [&text]);
            #[cfg(feature = "topology")]
            cases.each(
                &format!("{}: {name}, checked", sort.name),
                &["refused"],
                check::check,
                [&text],
            );
        }
        let key = cluster(sort);
        let digits = hex(&object(&key));
        positions(&mut cases, &format!("{}: canonical", sort.name), &digits);
        positions(&mut cases, &format!("{}: lines", sort.name), &lines(&digits));
        let value = format!("{{{}:[{}]}}", key[5].1, key[7].1);
        let more = hex(&object(key.iter().rev().chain([&("z", value)])));
        positions(&mut cases, &format!("{}: unknown member", sort.name), &more);
        #[cfg(feature = "topology")]
        api::methods(&mut cases, sort.name, &digits);
        #[cfg(feature = "topology")]
        plan::runs(&mut cases, sort.name, &digits);
        #[cfg(feature = "simulator")]
        simulator::calls(&mut cases, sort.name, &digits, sort.password);
    }
    #[cfg(feature = "simulator")]
    simulator::pairing(&mut cases);
    println!("{} passed, {} failed", cases.passed, cases.failed);
    ExitCode::from(u8::from(cases.failed > 0))
}
