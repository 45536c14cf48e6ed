//! What is measured: groups of cases, each beside the naive pipeline on the same key.

use std::{cell::Cell, hint::black_box, net::IpAddr};

use element_pairing::{PairingKey, clean};
use hex_simd::AsciiCase;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use uuid::Uuid;

const CLUSTER: &str = include_str!("../../tests/vectors/valid/cluster-canonical.key").trim_ascii();
const VOLUME: &str = include_str!("../../tests/vectors/valid/volume-canonical.key").trim_ascii();

const OURS: &str = "**element-pairing**";
const NAIVE: &str = "hex + serde_json (naive)";
const SIMD: &str = "hex-simd + serde_json";
const SIMD_ALONE: &str = "hex-simd alone";
const COPY: &str = "a copy of the digits";

/// A cluster pairing key without checks or wiping; `T` is `String`, or `&str` to borrow.
#[derive(Serialize, Deserialize)]
struct Cluster<T> {
    #[serde(rename = "clusterPairID")]
    cluster_pair_id: u64,
    #[serde(rename = "clusterPairUUID", with = "uuid_text")]
    cluster_pair_uuid: Uuid,
    #[serde(rename = "clusterUniqueID")]
    cluster_unique_id: T,
    mvip: IpAddr,
    name: T,
    password: T,
    #[serde(rename = "rpcConnectionID")]
    rpc_connection_id: i64,
    username: T,
}

/// A volume pairing key, likewise.
#[derive(Serialize, Deserialize)]
struct Volume<T> {
    mvip: IpAddr,
    #[serde(rename = "volumeID")]
    volume_id: u64,
    #[serde(rename = "volumeName")]
    volume_name: T,
    #[serde(rename = "volumePairUUID", with = "uuid_text")]
    volume_pair_uuid: Uuid,
}

/// What the `serde` feature of uuid does. Asking for the feature would turn it on for the examples of
/// the root package too, which would then compile serde.
mod uuid_text {
    use std::fmt;

    use serde::{Deserializer, Serializer, de};
    use uuid::Uuid;

    pub fn serialize<S: Serializer>(uuid: &Uuid, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(uuid.hyphenated().encode_lower(&mut Uuid::encode_buffer()))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Uuid, D::Error> {
        struct Text;

        impl de::Visitor<'_> for Text {
            type Value = Uuid;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a UUID")
            }

            fn visit_str<E: de::Error>(self, text: &str) -> Result<Uuid, E> {
                Uuid::try_parse(text).map_err(E::custom)
            }
        }

        deserializer.deserialize_str(Text)
    }
}

fn naive_decode<K: DeserializeOwned>(digits: &str) -> K {
    serde_json::from_slice(&hex::decode(digits).unwrap()).unwrap()
}

fn naive_encode(key: &impl Serialize) -> String {
    hex::encode(serde_json::to_vec(key).unwrap())
}

fn simd_decode(digits: &str) -> Vec<u8> {
    hex_simd::decode_to_vec(digits).unwrap()
}

fn simd_encode(bytes: &[u8]) -> String {
    hex_simd::encode_to_string(bytes, AsciiCase::Lower)
}

pub struct Case {
    group: String,
    name: &'static str,
    run: Box<dyn Fn(u32)>,
}

impl Case {
    /// Does it that many times.
    pub fn run(&self, times: u32) {
        (self.run)(times);
    }
}

pub struct Cases(Vec<Case>);

impl Cases {
    pub fn all() -> Self {
        let mut cases = Self(Vec::new());
        cases.of_key::<Cluster<String>>("cluster key", CLUSTER, |digits| {
            let bytes = simd_decode(digits);
            black_box(&serde_json::from_slice::<Cluster<&str>>(&bytes).unwrap());
        });
        cases.of_key::<Volume<String>>("volume key", VOLUME, |digits| {
            let bytes = simd_decode(digits);
            black_box(&serde_json::from_slice::<Volume<&str>>(&bytes).unwrap());
        });
        cases.of_many_keys();
        cases.of_pasted("decode, other order and escapes", reordered());
        cases.of_pasted("decode, over lines (naive: cleaned before)", over_lines());
        cases.of_pasted("decode, upper case", CLUSTER.to_uppercase());
        cases
    }

    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Case> {
        self.0.iter()
    }

    fn add<T>(&mut self, group: &str, name: &'static str, operation: impl Fn() -> T + 'static) {
        let run = Box::new(move |times| {
            for _ in 0..times {
                black_box(&operation());
            }
        });
        self.0.push(Case { group: group.into(), name, run });
    }

    fn of_key<K: Serialize + DeserializeOwned + 'static>(
        &mut self,
        kind: &str,
        digits: &'static str,
        simd: impl Fn(&str) + 'static,
    ) {
        let ours = PairingKey::decode(digits).unwrap();
        let naive: K = naive_decode(digits);
        let again: K = naive_decode(digits);
        let bytes = simd_decode(digits);
        assert_eq!(ours.encode().expose(), digits);
        assert_eq!(naive_encode(&naive), digits);

        let group = format!("decode, {kind} ({} digits)", digits.len());
        self.add(&group, OURS, move || PairingKey::decode(black_box(digits)).unwrap());
        self.add(&group, NAIVE, move || naive_decode::<K>(black_box(digits)));
        self.add(&group, SIMD, move || simd(black_box(digits)));
        self.add(&group, SIMD_ALONE, move || simd_decode(black_box(digits)));
        self.add(&group, COPY, move || black_box(digits).to_owned());

        let group = format!("encode, {kind}");
        self.add(&group, OURS, move || black_box(&ours).encode());
        self.add(&group, NAIVE, move || naive_encode(black_box(&naive)));
        self.add(&group, SIMD, move || {
            simd_encode(&serde_json::to_vec(black_box(&again)).unwrap())
        });
        self.add(&group, SIMD_ALONE, move || simd_encode(black_box(&bytes)));
        self.add(&group, COPY, move || black_box(digits).to_owned());
    }

    /// A key of another value each time, so that no branch is learnt by heart.
    fn of_many_keys(&mut self) {
        let keys: &[String; MANY] = Box::leak(Box::new(many_keys()));
        let next = || {
            let turn = Cell::new(0);
            move || {
                turn.set((turn.get() + 1) % MANY);
                black_box(keys[turn.get()].as_str())
            }
        };
        let group = format!("decode, {MANY} cluster keys in turn");
        let (ours, naive) = (next(), next());
        self.add(&group, OURS, move || PairingKey::decode(ours()).unwrap());
        self.add(&group, NAIVE, move || naive_decode::<Cluster<String>>(naive()));
    }

    /// A cluster key as people paste it. The naive pipeline reads digits only, so it gets them.
    fn of_pasted(&mut self, group: &str, text: String) {
        let digits = clean(&text).unwrap().into_digits();
        let naive: Cluster<String> = naive_decode(digits.expose());
        assert_eq!(naive_encode(&naive), PairingKey::decode(&text).unwrap().encode().expose());

        self.add(group, OURS, move || PairingKey::decode(black_box(&text)).unwrap());
        self.add(group, NAIVE, move || naive_decode::<Cluster<String>>(black_box(digits.expose())));
    }

    /// Prints a Markdown table of what was measured, and how many times the last of it the naive
    /// pipeline takes.
    pub fn print<const N: usize>(&self, columns: [&str; N], measured: &[[f64; N]]) {
        println!("| | | {} | naive ÷ this |", columns.join(" | "));
        println!("|---|---|{}---:|", "---:|".repeat(N));
        let rows: Vec<_> = self.iter().zip(measured).collect();
        for group in rows.chunk_by(|(a, _), (b, _)| a.group == b.group) {
            let (_, naive) = group.iter().find(|(case, _)| case.name == NAIVE).unwrap();
            for (index, (case, row)) in group.iter().enumerate() {
                let group = if index == 0 { &case.group } else { "" };
                let figures = row.map(|figure| format!("{figure:.0}")).join(" | ");
                let ratio = naive[N - 1] / row[N - 1];
                println!("| {group} | {} | {figures} | {ratio:.1} |", case.name);
            }
        }
    }
}

/// The members the other way round, with escapes that mean the same.
fn reordered() -> String {
    let key: Cluster<String> = naive_decode(CLUSTER);
    let json = serde_json::to_string(&key).unwrap();
    let members: Vec<_> = json.trim_matches(['{', '}']).split(',').rev().collect();
    let json = format!("{{{}}}", members.join(","));
    hex::encode(json.replace("-c0uR", r"\u002dc0uR").replace("__SF_", r"__SF\u005f"))
}

/// The form in which the API reference prints keys: lines of 73 digits, blank lines in between.
fn over_lines() -> String {
    let lines: Vec<_> = CLUSTER.as_bytes().chunks(73).map(String::from_utf8_lossy).collect();
    lines.join("\n\n")
}

const MANY: usize = 256;

/// Keys of the sample's shape, each value but the IDs' number of digits made up.
fn many_keys() -> [String; MANY] {
    let mut state = 1_u64;
    let mut random = move |below: u64| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        (state >> 32) % below
    };
    std::array::from_fn(|_| {
        let mut key: Cluster<String> = naive_decode(CLUSTER);
        let mut scramble = |text: &mut String| {
            let letter = |_| char::from(b'a' + random(26) as u8);
            *text = text.chars().map(letter).collect();
        };
        scramble(&mut key.cluster_unique_id);
        scramble(&mut key.name);
        scramble(&mut key.password);
        scramble(&mut key.username);
        key.cluster_pair_id = random(10);
        key.cluster_pair_uuid =
            Uuid::from_u128((0..4).fold(0, |bits, _| bits << 32 | u128::from(random(1 << 32))));
        key.mvip = [192, 168, 100 + random(100) as u8, 100 + random(100) as u8].into();
        key.rpc_connection_id = 100_000_000 + random(900_000_000) as i64;
        naive_encode(&key)
    })
}
