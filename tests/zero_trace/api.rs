//! Responses and requests that carry a key: read, written, and refused.

use std::hint::black_box;

use element_pairing::{
    Secret,
    api::{
        AnyRequest, AnyResponse, CompleteClusterPairing, CompleteVolumePairing, Method, ReadError,
        Request, Response, StartClusterPairing, StartVolumePairing,
    },
};

use super::{Cases, watched};

fn read(text: &[u8]) -> &'static str {
    let start = response::<StartClusterPairing>(text);
    let others = [
        response::<StartVolumePairing>(text),
        response::<CompleteClusterPairing>(text),
        request::<CompleteClusterPairing>(text),
        request::<CompleteVolumePairing>(text),
    ];
    let any = AnyRequest::read(text);
    black_box(format!("{any:?}"));
    if let Ok(any) = any {
        drop(any.read_as::<CompleteClusterPairing>());
    }
    for any in AnyResponse::read_all(text) {
        black_box(format!("{any:?}"));
        let _ = any.and_then(|any| any.read_as::<StartClusterPairing>().map(drop));
    }
    // A text is one or the other.
    if start == "missing_member" && others.contains(&"read") { "read" } else { start }
}

fn response<M: Method>(text: &[u8]) -> &'static str {
    let response = Response::<M>::read(text);
    black_box(format!("{response:?}"));
    match response {
        Ok(response) if response.outcome.is_ok() => "read",
        Ok(_) => "error",
        Err(error) => show(error),
    }
}

fn request<M: Method>(text: &[u8]) -> &'static str {
    let request = Request::<M>::read(text);
    black_box(format!("{request:?}"));
    match request {
        Ok(request) => {
            let written = request.write();
            assert!(Request::<M>::read(written.expose()).is_ok());
            "read"
        }
        Err(error) => show(error),
    }
}

fn show(error: ReadError) -> &'static str {
    black_box(format!("{error} {error:?} {} {:?}", error.help(), error.path()));
    error.code()
}

pub fn methods(cases: &mut Cases, sort: &str, digits: &str) {
    // Every fifth digit as an escape, as nobody writes it.
    let escaped: String = digits
        .chars()
        .enumerate()
        .map(|(at, digit)| match at % 5 {
            0 => format!("\\u{:04x}", u32::from(digit)),
            _ => digit.into(),
        })
        .collect();
    let answer = |key: &str| {
        format!(r#"{{"id":1,"result":{{"clusterPairID":1,"clusterPairingKey":{key}}}}}"#)
    };
    let quoted = |key: &str| format!("\"{key}\"");
    let with = |members: &str| format!(r#"{{"id":1,"result":{{{members}}}}}"#);
    let key = quoted(digits);
    let call = |method: &str, params: &str| {
        format!(r#"{{"method":"{method}","params":{{{params}}},"id":1}}"#)
    };
    let both = format!(r#""clusterPairingKey":{key},"clusterPairingKey":{key}"#);
    let texts = [
        ("answer", "read", answer(&key)),
        ("answer with escapes", "read", answer(&quoted(&escaped))),
        ("answer for a volume", "read", with(&format!(r#""volumePairingKey":{key}"#))),
        ("answer without an ID", "missing_member", with(&format!(r#""clusterPairingKey":{key}"#))),
        ("answer with two keys", "duplicate_member", with(&both)),
        ("answer broken over lines", "control_character", answer(&quoted(&super::lines(digits)))),
        ("answer with half a pair", "lone_surrogate", answer(&quoted(&format!("{digits}\\ud800")))),
        ("answer with a wrong escape", "not_json", answer(&quoted(&format!("{escaped}\\x")))),
        ("key in an array", "wrong_type", answer(&format!("[{key}]"))),
        ("key in an object", "wrong_type", answer(&format!("{{{key}:{key}}}"))),
        ("key without quotes", "not_json", answer(&format!("x{digits}"))),
        ("key as an ID", "wrong_type", answer(&key).replace("ID\":1", &format!("ID\":{key}"))),
        ("key as a name", "missing_member", with(&format!("{key}:{key}"))),
        ("key as a name with escapes", "missing_member", with(&format!("{}:1", quoted(&escaped)))),
        ("key in an unknown member", "missing_member", with(&format!(r#""a":[{key}]"#))),
        ("key after the end", "text_after_end", answer(&key) + &key),
        ("key alone", "wrong_type", key.clone()),
        ("error with the key", "error", format!(r#"{{"error":{{"message":"\n{escaped}"}}}}"#)),
        ("call", "read", call("CompleteClusterPairing", &format!(r#""clusterPairingKey":{key}"#))),
        ("key as a method", "missing_member", call(digits, "")),
        ("key as a method, escapes", "missing_member", call(&escaped, "")),
        (
            "call with escapes",
            "read",
            call(
                "CompleteVolumePairing",
                &format!(r#""volumeID":1,"volumePairingKey":"{escaped}""#),
            ),
        ),
        (
            "call of another method",
            "missing_member",
            call("RemoveVolumePair", &format!(r#""clusterPairingKey":{key}"#)),
        ),
    ];
    for (name, outcome, text) in texts {
        cases.each(&format!("{sort}: {name}"), &[outcome], read, [&text]);
    }
    for (name, text) in [("answer", answer(&key)), ("answer, escapes", answer(&quoted(&escaped)))] {
        let every = || (0..text.len()).step_by(text.len() / 2000 * 50 + 1);
        let cut: Vec<_> = every().map(|at| text[..at].to_owned()).collect();
        cases.each(&format!("{sort}: {name}: cut"), &["cut_short"], read, cut);
        let left_out = every().map(|at| [&text[..at], &text[at + 1..]].concat());
        let left_out: Vec<_> = left_out.collect();
        cases.each(&format!("{sort}: {name}: a byte left out"), &[], read, left_out);
    }

    let (same, watch) = watched(|| {
        let cluster_pairing_key = Secret::from(digits);
        let request = Request::new(1, CompleteClusterPairing { cluster_pairing_key });
        let written = request.write();
        let volume_pairing_key = request.params.cluster_pairing_key;
        let other = Request::new("a", CompleteVolumePairing { volume_id: 1, volume_pairing_key });
        written.expose().contains(digits) && other.write().expose().contains(digits)
    });
    let other = || (same != Some(true)).then(|| "written otherwise".into());
    cases.add(&format!("{sort}: requests written"), watch.fault().or_else(other));
}
