//! Simulated NetApp Element clusters behind HTTPS, each on a loopback address of its own: something
//! to try pairing on with any client.
//!
//! `cargo run -p element-server -- --help` tells the rest.

use std::{
    io::{self, Write},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    process::ExitCode,
    sync::{Arc, Mutex},
    time::Instant,
};

use axum_server::{Handle, tls_rustls::RustlsConfig};
use tokio::signal::unix::{SignalKind, signal};

use self::{
    args::{Args, HELP},
    clusters::{Clusters, Site},
    folder::Folder,
    http::{Login, Service},
};

mod args;
mod clusters;
mod folder;
mod http;

#[tokio::main]
async fn main() -> ExitCode {
    let args = match Args::read() {
        Ok(Some(args)) => args,
        Ok(None) => {
            print!("{HELP}");
            return ExitCode::SUCCESS;
        }
        Err(error) => {
            eprintln!("error: {error}\n\n{HELP}");
            return ExitCode::from(2);
        }
    };
    match run(&args).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::from(2)
        }
    }
}

async fn run(args: &Args) -> Result<(), Box<dyn std::error::Error>> {
    let Clusters { simulator, sites } = Clusters::make(args)?;
    let addresses: Vec<_> = sites.iter().map(|site| site.address).collect();
    let (certificate, tls) = certificate(&addresses)?;
    let login = Arc::new(Login::new(&args.user, args.password.as_deref()));
    let folder = Folder::make(&certificate, &addresses, &login)?;

    let clusters = Arc::new(Mutex::new(simulator));
    let (handle, started) = (Handle::new(), Instant::now());
    let mut servers = tokio::task::JoinSet::new();
    for Site { unique_id, address, .. } in &sites {
        let listener = TcpListener::bind((*address, args.port))
            .map_err(|error| format!("{address} port {}: {error}", args.port))?;
        listener.set_nonblocking(true)?;
        let service = Service::new(unique_id, &clusters, &login, args.speed, started);
        let server = axum_server::from_tcp_rustls(listener, tls.clone())?.handle(handle.clone());
        servers.spawn(server.serve(http::router(service).into_make_service()));
    }
    // Nobody may be there to read it.
    let _ = introduce(&mut io::stdout().lock(), args.port, &sites, &folder);

    let (mut interrupt, mut terminate) =
        (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
        Some(ended) = servers.join_next() => ended??,
    }
    handle.graceful_shutdown(Some(std::time::Duration::from_secs(2)));
    while let Some(ended) = servers.join_next().await {
        ended??;
    }
    Ok(())
}

/// A certificate of this moment, as PEM, and what serves with it.
fn certificate(
    addresses: &[Ipv4Addr],
) -> Result<(String, RustlsConfig), Box<dyn std::error::Error>> {
    let names: Vec<_> = addresses.iter().map(ToString::to_string).collect();
    let made = rcgen::generate_simple_self_signed(names)?;
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let key = rustls::pki_types::PrivateKeyDer::from(made.signing_key);
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .with_no_client_auth()
        .with_single_cert(vec![made.cert.der().clone()], key)?;
    config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    Ok((made.cert.pem(), RustlsConfig::from_config(Arc::new(config))))
}

/// Says where the clusters are, and how to use them.
fn introduce(out: &mut impl Write, port: u16, sites: &[Site], folder: &Folder) -> io::Result<()> {
    let url = |site: &Site| {
        let authority = SocketAddr::from((site.address, port)).to_string();
        let authority = authority.strip_suffix(":443").unwrap_or(&authority);
        format!("https://{authority}/json-rpc/12.5")
    };
    for site in sites {
        writeln!(out, "{} ({})  {}", site.name, site.unique_id, url(site))?;
    }
    let curl = format!(
        "curl --cacert {} --netrc-file {}",
        folder.certificate().display(),
        folder.netrc().display()
    );
    writeln!(out, "\nUser and password are in {}.", folder.netrc().display())?;
    writeln!(out, "\nTo ask a cluster, and to make a key and complete it (its digits for KEY):\n")?;
    let calls = [
        (0, r#"{"method":"ListClusterPairs","id":1}"#),
        (0, r#"{"method":"StartClusterPairing","id":2}"#),
        (1, r#"{"method":"CompleteClusterPairing","params":{"clusterPairingKey":"KEY"},"id":3}"#),
    ];
    for (number, body) in calls {
        if let Some(site) = sites.get(number) {
            writeln!(out, "{curl} -d '{body}' {}", url(site))?;
        }
    }
    writeln!(out, "\nready; ends with Ctrl-C")?;
    out.flush()
}
