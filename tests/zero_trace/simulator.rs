//! Simulated clusters: keys and secrets that they are sent, and those that they make.

use std::{hint::black_box, net::Ipv4Addr};

use element_pairing::{
    ClusterPairingKey,
    api::{Response, StartClusterPairing},
    simulator::{ClusterSpec, Options, Simulator},
};

use super::{Cases, Marker, watched};

fn clusters() -> Simulator {
    let mut simulator = Simulator::new(5, Options::default());
    for last in [1, 2] {
        let spec = ClusterSpec::new(format!("site-{last}"), Ipv4Addr::new(10, 0, 0, last));
        simulator.add_cluster(spec).unwrap_or_default();
    }
    simulator
}

/// Asks both clusters; returns whether the first answered an error.
fn ask(text: &[u8]) -> &'static str {
    let mut simulator = clusters();
    let answers = ["site-1", "site-2"].map(|cluster| simulator.answer(cluster, text));
    black_box(format!("{answers:?} {simulator:?}"));
    let [Ok(first), Ok(_)] = answers else { return "no cluster" };
    if first.response.expose().contains("\"error\":") { "error" } else { "result" }
}

const START: &str = r#"{"method":"StartClusterPairing","id":1}"#;

/// The digits of the key that the first cluster makes.
fn own_key() -> String {
    let answer = clusters().answer("site-1", START).expect("a cluster of this name");
    let response = Response::<StartClusterPairing>::read(answer.response.expose());
    let started = response.expect("a response").outcome.expect("a result");
    started.cluster_pairing_key.expose().to_owned()
}

/// User name and password that a simulated cluster makes, to be looked for.
pub fn credentials() -> [String; 2] {
    let key = ClusterPairingKey::decode(own_key()).expect("a key");
    // The beginning is in every key.
    let user = key.username.expose().trim_start_matches("__SF_pair_");
    [user.to_owned(), key.password.expose().to_owned()]
}

/// A key goes from one cluster to the other, and is used up.
pub fn pairing(cases: &mut Cases) {
    let complete = format!(
        r#"{{"method":"CompleteClusterPairing","params":{{"clusterPairingKey":"{}"}}}}"#,
        own_key()
    );
    let (paired, watch) = watched(|| {
        let mut simulator = clusters();
        let mut ask = |cluster, text| {
            let answer = simulator.answer(cluster, text);
            black_box(format!("{answer:?}"));
            answer.is_ok_and(|answer| answer.response.expose().contains("\"result\":"))
        };
        let paired = ask("site-1", START) && ask("site-2", &complete) && !ask("site-2", &complete);
        black_box(format!("{simulator:?}"));
        paired && simulator.listings("site-1").is_ok_and(|text| text.contains("\"Connecting\""))
    });
    let other = || (paired != Some(true)).then(|| "not paired".into());
    cases.add("simulator: a key made, completed, and sent again", watch.fault().or_else(other));
    let (_, watch) = watched(|| drop(black_box(complete.clone())));
    let seen = (watch.traces == 0).then(|| "nothing was found".into());
    cases.add("control: the key of a simulated cluster", seen);
}

/// Calls with a key of the sort, and with its password for a secret.
pub fn calls(cases: &mut Cases, sort: &str, digits: &str, password: Marker) {
    let escaped = digits.replace('7', "\\u0037");
    let call = |method: &str, params: &str| {
        format!(r#"{{"method":"{method}","params":{{{params}}},"id":1}}"#)
    };
    let complete = |params: &str| call("CompleteClusterPairing", params);
    let secret = |params: &str| call("AddAccount", &format!(r#""username":"user",{params}"#));
    let spelled = password.spelled;
    let key = format!(r#""clusterPairingKey":"{digits}""#);
    let length = password.raw.chars().count();
    let accepted = if (12..=16).contains(&length) { "result" } else { "error" };
    let texts = [
        ("key", "error", complete(&key)),
        ("key with escapes", "error", complete(&format!(r#""clusterPairingKey":"{escaped}""#))),
        ("key as a number", "error", complete(&format!(r#""clusterPairingKey":9{digits}"#))),
        ("key in an array", "error", complete(&format!(r#""clusterPairingKey":["{digits}"]"#))),
        (
            "key for a volume",
            "error",
            call(
                "CompleteVolumePairing",
                &format!(r#""volumeID":1,"volumePairingKey":"{digits}""#),
            ),
        ),
        (
            "key as an ID",
            "error",
            call("RemoveClusterPair", &format!(r#""clusterPairID":"{digits}""#)),
        ),
        ("key that is not used", "result", call("ListClusterPairs", &key)),
        (
            "key as a name",
            "result",
            call("ListClusterPairs", &format!(r#""{escaped}":"{digits}""#)),
        ),
        ("key in place of params", "error", complete("").replace("{}", &format!("\"{digits}\""))),
        ("key as a method", "error", call(digits, "")),
        ("key as a method, escapes", "error", call(&escaped, "")),
        ("method with escapes", "result", call(r"List\u0043lusterPairs", "")),
        ("key cut", "error", complete(&key).replace("}", "")),
        ("secret", accepted, secret(&format!(r#""initiatorSecret":"{spelled}""#))),
        ("secret of a wrong type", "error", secret(&format!(r#""targetSecret":["{spelled}"]"#))),
        (
            "two secrets",
            accepted,
            secret(&format!(r#""initiatorSecret":"{spelled}","targetSecret":"{spelled}""#)),
        ),
    ];
    for (name, outcome, text) in texts {
        cases.each(&format!("{sort}: simulator: {name}"), &[outcome], ask, [&text]);
    }
}
