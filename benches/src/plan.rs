//! `cargo bench --bench plan`: planning, and planning again after interruptions. `-- --quick` only
//! shows that it runs.

#[allow(dead_code, reason = "the benchmark of audits uses the rest")]
mod mesh;
mod rounds;

use std::{env, hint::black_box};

use element_pairing::topology::{
    Cluster, Topology,
    plan::{Goal, Step, VolumePlace, Volumes, VolumesToPair},
};
use mesh::Mesh;
use rounds::{exponent, interleaved, time};
use serde_json::Value;

/// The cluster in the middle has as many pairs as it can.
const LINKS: [(usize, usize); 4] = [(0, 1), (0, 2), (0, 3), (0, 4)];

fn main() {
    let quick = env::args().any(|argument| argument == "--quick");
    let (rounds, sizes) =
        if quick { (3, &[400, 800][..]) } else { (9, &[500, 1_000, 2_000, 4_000, 40_000][..]) };
    goals(rounds, sizes);
    if quick { interrupted(400, 10) } else { interrupted(4_000, 1_000) }
}

fn star(pairs: usize) -> Vec<String> {
    Mesh::of_links(5, LINKS.to_vec(), pairs).listings()
}

fn read(texts: &[String]) -> Vec<Cluster<'_>> {
    texts.iter().map(|text| Cluster::read(text).unwrap()).collect()
}

fn two((a, b): (usize, usize)) -> [String; 2] {
    [a, b].map(|number| format!("site-{number}"))
}

fn unpair_everything() -> Vec<Goal> {
    LINKS.iter().map(|&link| Goal::UnpairClusters { clusters: two(link) }).collect()
}

fn turn_everything_around() -> Vec<Goal> {
    let turned = LINKS.iter().map(|&link| {
        let [target, source] = two(link);
        Goal::Direction { source, target, volumes: Volumes::All }
    });
    turned.collect()
}

/// Volumes that are not paired yet, one with the other of the same ID.
fn pair_everything(topology: &Topology<'_>) -> Vec<Goal> {
    let volumes = topology.clusters()[0].volumes.as_ref().unwrap();
    let all = LINKS.iter().enumerate().map(|(at, &link)| {
        let [source, target] = two(link);
        let place =
            |cluster: &String, volume_id| VolumePlace { cluster: cluster.clone(), volume_id };
        let of_link = volumes.iter().skip(at).step_by(LINKS.len());
        let pairs = of_link.enumerate().map(|(number, volume)| VolumesToPair {
            source: place(&source, volume.volume_id),
            target: place(&target, number as u64 + 1),
        });
        Goal::PairVolumes { pairs: pairs.collect(), mode: None }
    });
    all.collect()
}

fn plan(topology: &Topology<'_>, goals: &[Goal]) -> Vec<Step> {
    goals.iter().flat_map(|goal| topology.plan(goal).unwrap().steps().to_vec()).collect()
}

fn goals(rounds: usize, sizes: &[usize]) {
    let texts: Vec<_> = sizes.iter().map(|&pairs| star(pairs)).collect();
    let paired: Vec<Topology<'_>> =
        texts.iter().map(|texts| read(texts).into_iter().collect()).collect();
    let unpaired = texts.iter().map(|texts| {
        let mut clusters = read(texts);
        for volume in clusters.iter_mut().flat_map(|cluster| cluster.volumes.iter_mut().flatten()) {
            volume.volume_pairs = Some(vec![]);
        }
        Topology::from_iter(clusters)
    });
    let unpaired: Vec<_> = unpaired.collect();
    let rows: Vec<_> = (0..sizes.len())
        .map(|row| {
            [
                (&paired[row], unpair_everything()),
                (&paired[row], turn_everything_around()),
                (&unpaired[row], pair_everything(&unpaired[row])),
            ]
        })
        .collect();
    let times = interleaved(rounds, rows.len(), |row| {
        rows[row].each_ref().map(|(topology, goals)| {
            time(|| {
                for goal in goals {
                    black_box(topology.plan(goal).unwrap());
                }
            })
        })
    });
    println!(
        "| volume pairs | unpair everything, ms | steps | turn around, ms | steps | pair, ms | steps |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|");
    for ((&size, row), times) in sizes.iter().zip(&rows).zip(&times) {
        print!("| {size} |");
        for ((topology, goals), time) in row.iter().zip(times) {
            print!(" {:.2} | {} |", time * 1e3, plan(topology, goals).len());
        }
        println!();
    }
    for (at, name) in ["unpair everything", "turn around", "pair"].iter().enumerate() {
        let times: Vec<_> = times.iter().map(|times| times[at]).collect();
        println!(
            "\nTime to {name} grows with the number of pairs to the power of {:.2}.",
            exponent(sizes, &times)
        );
    }
}

/// Unpairs everything, interrupted so many times, and planned again each time.
fn interrupted(pairs: usize, interruptions: usize) {
    let texts = star(pairs);
    let mut clusters = read(&texts);
    let goals = unpair_everything();
    let steps = plan(&clusters.iter().cloned().collect(), &goals).len();
    let each = steps.div_ceil(interruptions + 1);
    let (mut topologies, mut plans, mut count) = (0.0, 0.0, 0);
    loop {
        let given = clusters.clone();
        let mut topology = Topology::default();
        topologies += time(|| topology = given.into_iter().collect());
        let mut next = vec![];
        plans += time(|| next = plan(&topology, &goals));
        if next.is_empty() {
            break;
        }
        count += 1;
        next.iter().take(each).for_each(|step| carry_out(&mut clusters, step));
    }
    println!("\n| unpair {pairs} volume pairs, planned {count} times | s | ms a plan |");
    println!("|---|---:|---:|");
    println!(
        "| topologies from clusters | {topologies:.2} | {:.2} |",
        topologies * 1e3 / count as f64
    );
    println!("| plans | {plans:.2} | {:.2} |", plans * 1e3 / count as f64);
}

/// What a call that removes leaves.
fn carry_out(clusters: &mut [Cluster<'_>], step: &Step) {
    let request: Value = serde_json::from_str(&step.request(1)).unwrap();
    let name = step.cluster().name.as_ref().map(|name| name.as_str());
    let is_it = |cluster: &&mut Cluster<'_>| {
        cluster.info.as_ref().and_then(|info| info.name.as_deref()) == name
    };
    let cluster = clusters.iter_mut().find(is_it).unwrap();
    let id = |member: &str| request["params"][member].as_u64().unwrap();
    match step.method() {
        "RemoveVolumePair" => {
            let volumes = cluster.volumes.as_mut().unwrap();
            let volume = volumes.iter_mut().find(|volume| volume.volume_id == id("volumeID"));
            volume.unwrap().volume_pairs = Some(vec![]);
        }
        "RemoveClusterPair" => {
            let id = id("clusterPairID");
            cluster.pairs.as_mut().unwrap().retain(|pair| pair.cluster_pair_id != id);
        }
        other => unreachable!("{other}"),
    }
}
