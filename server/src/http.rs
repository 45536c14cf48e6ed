//! A cluster behind HTTP: who may ask, where, and how much.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    extract::{Path, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::{self, Next},
    response::{Html, IntoResponse, Response},
    routing::post,
};
use base64::{Engine, prelude::BASE64_STANDARD};
use element_pairing::{
    Secret,
    simulator::{MAX_REQUEST_LEN, Simulator},
};

/// Whom the clusters answer.
pub struct Login {
    user: String,
    password: Secret,
    /// The header's value.
    header: Secret,
}

impl Login {
    /// With a password of its own where none is given.
    pub fn new(user: &str, password: Option<&str>) -> Self {
        let made = || std::iter::repeat_with(fastrand::alphanumeric).take(20).collect();
        let password: String = password.map_or_else(made, str::to_owned);
        let header = format!("Basic {}", BASE64_STANDARD.encode(format!("{user}:{password}")));
        Self { user: user.to_owned(), password: password.into(), header: header.into() }
    }

    pub fn user(&self) -> &str {
        &self.user
    }

    pub fn password(&self) -> &str {
        self.password.expose()
    }

    fn is_given(&self, headers: &HeaderMap) -> bool {
        let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        given.is_some_and(|given| Secret::from(given) == self.header)
    }
}

/// One of the clusters.
#[derive(Clone)]
pub struct Service {
    /// Its unique ID.
    name: Arc<str>,
    clusters: Arc<Mutex<Simulator>>,
    login: Arc<Login>,
    speed: u32,
    started: Instant,
    /// What the clusters' time began at.
    epoch: Duration,
}

impl Service {
    pub fn new(
        name: &str,
        clusters: &Arc<Mutex<Simulator>>,
        login: &Arc<Login>,
        speed: u32,
        started: Instant,
    ) -> Self {
        let epoch = clusters.lock().unwrap_or_else(PoisonError::into_inner).now();
        let (clusters, login) = (Arc::clone(clusters), Arc::clone(login));
        Self { name: name.into(), clusters, login, speed, started, epoch }
    }

    /// Does something with the clusters as they are now.
    fn now<T>(&self, work: impl FnOnce(&mut Simulator) -> T) -> T {
        let mut clusters = self.clusters.lock().unwrap_or_else(PoisonError::into_inner);
        let now = self.epoch + self.started.elapsed() * self.speed;
        let passed = now.saturating_sub(clusters.now());
        clusters.advance(passed);
        work(&mut clusters)
    }
}

pub fn router(service: Service) -> Router {
    Router::new()
        .route("/json-rpc/{version}", post(answer))
        .route("/json-rpc/{version}/", post(answer))
        .fallback(not_found)
        .layer(middleware::from_fn_with_state(service.clone(), admit))
        .with_state(service)
}

/// Lets nobody else in. The body is read before anything is answered: a connection whose request was
/// not read would be closed, and the client's next one lost.
async fn admit(State(service): State<Service>, request: Request, next: Next) -> Response {
    let (head, body) = request.into_parts();
    let Ok(body) = to_bytes(body, MAX_REQUEST_LEN).await else {
        let close = [(header::CONNECTION, "close")];
        return (StatusCode::PAYLOAD_TOO_LARGE, close, page("413 Payload Too Large"))
            .into_response();
    };
    if service.login.is_given(&head.headers) {
        return next.run(Request::from_parts(head, Body::from(body))).await;
    }
    let challenge = [(header::WWW_AUTHENTICATE, "Basic realm=\"Element\"")];
    (StatusCode::UNAUTHORIZED, challenge, page("401 Unauthorized.")).into_response()
}

async fn answer(
    State(service): State<Service>,
    Path(version): Path<String>,
    body: Bytes,
) -> Response {
    let answer = service.now(|clusters| {
        let is_supported = clusters.supports(&service.name, &version).unwrap_or_default();
        is_supported.then(|| clusters.answer(&service.name, &body).ok()).flatten()
    });
    match answer {
        Some(answer) => {
            let kind = [(header::CONTENT_TYPE, "application/json")];
            (kind, answer.response.expose().to_owned()).into_response()
        }
        None => not_found().await,
    }
}

async fn not_found() -> Response {
    (StatusCode::NOT_FOUND, page("404 Not Found")).into_response()
}

/// What a cluster has instead of JSON; clients look for the words.
fn page(words: &str) -> Html<String> {
    Html(format!("<html><head><title>{words}</title></head><body><h1>{words}</h1></body></html>\n"))
}
