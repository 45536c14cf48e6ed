//! The server as clients see it.

use std::{
    collections::BTreeSet,
    env,
    io::{BufRead, BufReader, Read},
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    thread,
};

use serde_json::{Value, json};
use ureq::{
    Agent,
    tls::{Certificate, RootCerts, TlsConfig},
};

const PROGRAM: &str = env!("CARGO_BIN_EXE_element-server");
const PASSWORD: &str = "pass\"word'1";
/// The base64 of `admin`, a colon and the password.
const LOGIN: &str = "Basic YWRtaW46cGFzcyJ3b3JkJzE=";

struct Server {
    child: Child,
    port: u16,
    folder: PathBuf,
    introduction: String,
    output: BufReader<std::process::ChildStdout>,
    agent: Agent,
}

impl Server {
    fn start(args: &[&str]) -> Self {
        let free = TcpListener::bind("127.0.0.2:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let mut child = Command::new(PROGRAM)
            .args(["--port", &port.to_string(), "--seed", "1"])
            .args(args)
            .env("ELEMENT_SERVER_PASSWORD", PASSWORD)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        let mut introduction = String::new();
        while !introduction.ends_with("ready; ends with Ctrl-C\n") {
            assert_ne!(output.read_line(&mut introduction).unwrap(), 0, "{introduction}");
        }
        let folder = env::temp_dir().join(format!("element-server-{}", child.id()));
        let pem = std::fs::read(folder.join("cluster.pem")).unwrap();
        let roots = RootCerts::new_with_certs(&[Certificate::from_pem(&pem).unwrap()]);
        let agent = Agent::config_builder()
            .tls_config(TlsConfig::builder().root_certs(roots).build())
            .http_status_as_error(false)
            .build()
            .into();
        Self { child, port, folder, introduction, output, agent }
    }

    fn url(&self, last: u8, path: &str) -> String {
        format!("https://127.0.0.{last}:{}{path}", self.port)
    }

    /// Status and body.
    fn post(&self, url: &str, login: Option<&str>, body: &str) -> (u16, String) {
        let request = self.agent.post(url);
        let request = match login {
            Some(login) => request.header("Authorization", login),
            None => request,
        };
        let mut response = request.send(body).unwrap();
        (response.status().as_u16(), response.body_mut().read_to_string().unwrap())
    }

    fn call(&self, last: u8, method: &str, params: &Value) -> Value {
        let body = json!({"method": method, "params": params, "id": 1}).to_string();
        let (status, body) = self.post(&self.url(last, "/json-rpc/12.5"), Some(LOGIN), &body);
        assert_eq!(status, 200);
        serde_json::from_str(&body).unwrap()
    }

    /// Interrupts it; returns its exit code and what it wrote since it was ready.
    fn end(mut self) -> (Option<i32>, String) {
        let killed = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status();
        assert!(killed.unwrap().success());
        let code = self.child.wait().unwrap().code();
        let mut written = String::new();
        self.output.read_to_string(&mut written).unwrap();
        self.child.stderr.take().unwrap().read_to_string(&mut written).unwrap();
        (code, written)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

#[test]
fn what_clusters_answer_to_whom() {
    let server = Server::start(&[]);
    let list = r#"{"method":"ListClusterPairs","id":7}"#;
    let listed = r#"{"id":7,"result":{"clusterPairs":[]}}"#;
    for path in
        ["/json-rpc/1.0", "/json-rpc/5.0/", "/json-rpc/7.0", "/json-rpc/8.0/", "/json-rpc/12.5/"]
    {
        for last in [2, 3] {
            let (status, body) = server.post(&server.url(last, path), Some(LOGIN), list);
            assert_eq!((status, &*body), (200, listed), "{path}");
        }
    }
    for path in
        ["/json-rpc/99.0", "/json-rpc/12.50/", "/json-rpc/", "/json-rpc", "/", "/json-rpc/12.5/x"]
    {
        let (status, body) = server.post(&server.url(2, path), Some(LOGIN), list);
        assert_eq!(status, 404, "{path}");
        assert!(body.starts_with("<html>") && body.contains("404 Not Found"), "{body}");
    }
    let wrong = [None, Some("Basic YWRtaW46d3Jvbmc="), Some("Basic"), Some(""), Some("Bearer x")];
    for login in wrong {
        for path in ["/json-rpc/12.5", "/json-rpc/99.0"] {
            let (status, body) = server.post(&server.url(2, path), login, list);
            assert_eq!(status, 401, "{login:?}");
            assert!(body.starts_with("<html>") && body.contains("401 Unauthorized."), "{body}");
        }
    }
    let url = server.url(2, "/json-rpc/12.5");
    for (body, code) in [("", -32700), ("{", -32700), ("[]", -32600), (r#"{"method":"X"}"#, 500)] {
        let (status, body) = server.post(&url, Some(LOGIN), body);
        let answer: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, &answer["error"]["code"]), (200, &json!(code)), "{body}");
    }
    let long = format!("{list}{}", " ".repeat((1 << 20) - list.len()));
    assert_eq!(server.post(&url, Some(LOGIN), &long).0, 200);
    assert_eq!(server.post(&url, Some(LOGIN), &format!("{long} ")).0, 413);
    let got = server.agent.get(&url).header("Authorization", LOGIN).call().unwrap();
    assert_eq!(got.status().as_u16(), 405);
}

#[test]
fn many_clients_at_once_lose_nothing() {
    let server = Server::start(&["--clusters", "3"]);
    let (clients, calls) = (24, 20);
    let ids: Vec<u64> = thread::scope(|scope| {
        let client = |client: usize| {
            let server = &server;
            scope.spawn(move || {
                let call = |call: usize| {
                    let params = json!({"username": format!("client-{client}-{call}")});
                    let answer = server.call(2, "AddAccount", &params);
                    answer["result"]["accountID"].as_u64().unwrap()
                };
                (0..calls).map(call).collect::<Vec<_>>()
            })
        };
        let threads: Vec<_> = (0..clients).map(client).collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    });
    let expected: BTreeSet<_> = (2..2 + (clients * calls) as u64).collect();
    assert_eq!(ids.len(), expected.len());
    assert_eq!(BTreeSet::from_iter(ids), expected);
}

#[test]
fn clusters_pair_by_the_addresses_they_are_served_at() {
    let server = Server::start(&["--speed", "1000", "--volumes", "1"]);
    let started = server.call(2, "StartClusterPairing", &json!({}));
    let params = json!({"clusterPairingKey": started["result"]["clusterPairingKey"]});
    assert_eq!(server.call(3, "CompleteClusterPairing", &params)["result"]["clusterPairID"], 1);
    let pair =
        || server.call(2, "ListClusterPairs", &json!({}))["result"]["clusterPairs"][0].take();
    while pair()["status"] != "Connected" {}
    assert_eq!((&pair()["clusterName"], &pair()["mvip"]), (&json!("site-b"), &json!("127.0.0.3")));
}

#[test]
fn saved_listings_are_served() {
    let listings = Path::new(env!("CARGO_MANIFEST_DIR")).join("../examples/listings");
    let file = |name: &str| listings.join(name).to_str().unwrap().to_owned();
    // In the other order than by unique ID.
    let server = Server::start(&[&file("healthy-a.json"), &file("healthy-b.json")]);
    for (last, name, id, other) in
        [(2_u8, "site-a", "xsm6", "127.0.0.3"), (3, "site-b", "bgn0", "127.0.0.2")]
    {
        let info = server.call(last, "GetClusterInfo", &json!({}))["result"]["clusterInfo"].take();
        assert_eq!((&info["name"], &info["uniqueID"]), (&json!(name), &json!(id)));
        assert_eq!(info["mvip"], format!("127.0.0.{last}"));
        let pairs =
            server.call(last, "ListClusterPairs", &json!({}))["result"]["clusterPairs"].take();
        assert_eq!((&pairs[0]["mvip"], &pairs[0]["status"]), (&json!(other), &json!("Connected")));
        let url = format!("{name} ({id})  https://127.0.0.{last}:{}/json-rpc/12.5", server.port);
        assert!(server.introduction.contains(&url), "{}", server.introduction);
    }
}

#[test]
fn an_interrupt_ends_it_and_leaves_nothing() {
    let server = Server::start(&[]);
    let folder = server.folder.clone();
    let netrc = std::fs::read_to_string(folder.join("netrc")).unwrap();
    assert!(netrc.contains(&format!("machine 127.0.0.3 login admin password {PASSWORD}\n")));
    for (url, body) in [
        ("/json-rpc/12.5", "{"),
        ("/json-rpc/12.5", r#"{"method":"StartClusterPairing"}"#),
        ("/", ""),
    ] {
        server.post(&server.url(2, url), Some(LOGIN), body);
    }
    let introduction = server.introduction.clone();
    let (code, written) = server.end();
    assert_eq!((code, &*written), (Some(0), ""));
    assert!(!introduction.contains(PASSWORD) && !introduction.contains(&LOGIN[6..]));
    assert!(!folder.exists());
}

#[test]
fn the_commands_it_prints_work() {
    let server = Server::start(&[]);
    let commands = server.introduction.lines().filter(|line| line.starts_with("curl "));
    let mut answers = commands.map(|command| {
        let done =
            Command::new("sh").args(["-c", &format!("{command} --silent --show-error")]).output();
        let output = done.unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        serde_json::from_slice::<Value>(&output.stdout).unwrap()
    });
    assert_eq!(answers.next().unwrap()["result"]["clusterPairs"], json!([]));
    assert_eq!(answers.next().unwrap()["result"]["clusterPairID"], 1);
    // KEY is to be replaced.
    assert_eq!(answers.next().unwrap()["error"]["name"], "xInvalidPairingKey");
    assert_eq!(answers.next(), None);
}

#[test]
fn wrong_arguments_are_told() {
    let run = |args: &[&str]| {
        let output =
            Command::new(PROGRAM).args(args).env_remove("ELEMENT_SERVER_PASSWORD").output();
        let output = output.unwrap();
        let text = |bytes| String::from_utf8(bytes).unwrap();
        (output.status.code(), text(output.stdout), text(output.stderr))
    };
    let (code, out, err) = run(&["--help"]);
    assert_eq!((code, &*err), (Some(0), ""));
    assert!(out.contains("usage: element-server"), "{out}");
    let missing = "no-such-file.json";
    let wrong: [(&[&str], &str); 7] = [
        (&["--nonsense"], "invalid option '--nonsense'"),
        (&["--clusters", "17"], "expected a number from 1 to 16"),
        (&["--port", "x"], "cannot parse argument \"x\""),
        (&["--user", "a:b"], "--user takes a name without blanks and colons"),
        (&["--allow", "volume_shrinks"], "--allow takes one of: cluster_pair_limit_pending"),
        (&[missing], missing),
        (&["--clusters", "1", "tests/server.rs"], "tests/server.rs, byte 0: "),
    ];
    for (args, message) in wrong {
        let (code, out, err) = run(args);
        assert_eq!((code, &*out), (Some(2), ""), "{args:?}");
        assert!(err.starts_with("error: ") && err.contains(message), "{args:?}: {err}");
    }
}
