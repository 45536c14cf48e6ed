//! The clusters that are simulated, and where each is served.

use std::{fs, net::Ipv4Addr, path::Path};

use element_pairing::{
    simulator::{ClusterSpec, Simulator, VolumeSpec},
    topology::{Cluster, Topology},
};

use super::args::Args;

type Error = Box<dyn std::error::Error>;

const GIB: u64 = 1 << 30;

pub struct Clusters {
    pub simulator: Simulator,
    pub sites: Vec<Site>,
}

/// A cluster to be served.
pub struct Site {
    pub unique_id: String,
    pub name: String,
    pub address: Ipv4Addr,
}

impl Clusters {
    pub fn make(args: &Args) -> Result<Self, Error> {
        if args.files.is_empty() { built_in(args) } else { saved(args) }
    }
}

/// 127.0.0.2 and those that follow.
fn addresses() -> impl Iterator<Item = Ipv4Addr> {
    (2..=254).map(|last| Ipv4Addr::new(127, 0, 0, last))
}

fn built_in(args: &Args) -> Result<Clusters, Error> {
    let mut simulator = Simulator::new(args.seed, args.options.clone());
    let mut sites = Vec::new();
    for ((address, letter), _) in addresses().zip('a'..).zip(0..args.clusters) {
        let name = format!("site-{letter}");
        let volumes = (1..=args.volumes).map(|id| VolumeSpec::new(format!("v{id}"), 10 * GIB));
        let volumes = volumes.collect();
        simulator.add_cluster(ClusterSpec { volumes, ..ClusterSpec::new(&*name, address) })?;
        let unique_id = simulator.clusters().last().unwrap_or_default().to_owned();
        sites.push(Site { unique_id, name, address });
    }
    Ok(Clusters { simulator, sites })
}

fn saved(args: &Args) -> Result<Clusters, Error> {
    let mut texts = Vec::new();
    for file in &args.files {
        let text =
            fs::read_to_string(file).map_err(|error| format!("{}: {error}", file.display()))?;
        texts.push((file, text));
    }
    let (mut sites, mut moved) = (Vec::new(), Vec::new());
    for ((file, text), address) in texts.iter().zip(addresses()) {
        let info = read(file, text)?.info;
        let told = info.and_then(|info| Some((info.unique_id?, info.name?, info.mvip?)));
        let (unique_id, name, mvip) = told.ok_or_else(|| {
            format!("{}: no GetClusterInfo with name, unique ID and MVIP", file.display())
        })?;
        moved.push((format!("\"{mvip}\""), format!("\"{address}\"")));
        sites.push(Site { unique_id: unique_id.into(), name: name.into(), address });
    }
    // Keys have the MVIP, and clients look for it: it has to be the address that is served.
    for (_, text) in &mut texts {
        for (mvip, address) in &moved {
            *text = text.replace(mvip, address);
        }
    }
    let mut clusters = Vec::new();
    for (file, text) in &texts {
        clusters.push(read(file, text)?);
    }
    let topology = Topology::from_iter(clusters);
    if topology.clusters().len() < sites.len() {
        return Err("two FILEs are of one cluster".into());
    }
    let simulator = Simulator::from_topology(&topology, args.seed, args.options.clone())?;
    Ok(Clusters { simulator, sites })
}

fn read<'t>(file: &Path, text: &'t str) -> Result<Cluster<'t>, String> {
    Cluster::read(text).map_err(|error| {
        let (at, code, help) = (error.offset(), error.code(), error.help());
        format!("{}, byte {at}: {error} ({code}). {help}", file.display())
    })
}
