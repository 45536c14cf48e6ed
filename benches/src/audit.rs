//! `cargo bench --bench audit`: reading listings, and auditing what they show. `-- --quick` only
//! shows that it runs.

mod allocations;
mod mesh;
mod rounds;

use std::{env, hint::black_box, time::Instant};

use allocations::allocations;
use element_pairing::{
    api::Volume,
    topology::{Cluster, Topology},
};
use mesh::Mesh;
use rounds::{exponent, interleaved, time};
use serde_json::{Deserializer, Value};

fn main() {
    let quick = env::args().any(|argument| argument == "--quick");
    let (rounds, sizes) = if quick {
        (3, &[1_000, 10_000][..])
    } else {
        (9, &[1_000, 10_000, 100_000, 1_000_000][..])
    };
    reading(if quick { 1_000 } else { 10_000 }, rounds);
    quadratic(if quick { 500 } else { 4_000 }, rounds);
    growth(sizes, rounds);
}

/// Reads the listings of so many volume pairs, ours beside serde_json in every round.
fn reading(pairs: usize, rounds: usize) {
    let texts = Mesh::new(pairs).listings();
    let bytes: usize = texts.iter().map(String::len).sum();
    let ours = |text: &String| drop(black_box(Cluster::read(text).unwrap()));
    let values = |text: &String| {
        let values = Deserializer::from_str(text).into_iter::<Value>();
        drop(black_box(values.collect::<Result<Vec<_>, _>>().unwrap()));
    };
    let all: [&dyn Fn(); 2] = [&|| texts.iter().for_each(ours), &|| texts.iter().for_each(values)];
    let times = interleaved(rounds, all.len(), |row| [time(all[row])]);
    println!("| reading {} KB of listings | MB/s | allocations a volume |", bytes / 1_000);
    println!("|---|---:|---:|");
    let names = ["`Cluster::read`", "serde_json, into `Value`"];
    for ((name, read), [time]) in names.iter().zip(all).zip(times) {
        let allocations = allocations(read);
        println!(
            "| {name} | {:.0} | {:.1} |",
            bytes as f64 / 1e6 / time,
            allocations as f64 / (2 * pairs) as f64
        );
    }
}

/// An audit of two clusters, beside a search for mismatched volumes as Longhorny's `mismatched`
/// makes it: for every volume pair of one side, through the list of the other side.
fn quadratic(pairs: usize, rounds: usize) {
    let texts = Mesh::of_two(pairs).listings();
    let clusters = read(&texts);
    let [here, there] = [0, 1].map(|side| clusters[side].volumes.as_deref().unwrap());
    let search = || mismatched(here, there) + mismatched(there, here);
    assert_eq!(search(), 0);
    let times = interleaved(rounds, 2, |row| {
        if row == 0 {
            let [_, _, time] = audited(&clusters);
            [time]
        } else {
            [time(|| assert_eq!(black_box(search()), 0))]
        }
    });
    let [[audit], [search]] = times[..] else { unreachable!("two rows") };
    println!("\n| {pairs} volume pairs of two clusters | ms |");
    println!("|---|---:|");
    println!("| audit, all rules | {:.2} |", audit * 1e3);
    println!("| quadratic search, for mismatched volumes alone | {:.2} |", search * 1e3);
    println!("\nThe quadratic search takes {:.0} times as long.", search / audit);
}

/// How many volumes have no partner in the list.
fn mismatched(here: &[Volume<'_>], there: &[Volume<'_>]) -> usize {
    let partner = |volume: &Volume<'_>| {
        volume.pairs().iter().all(|pair| {
            there.iter().any(|other| {
                other.pairs().iter().any(|other| other.volume_pair_uuid == pair.volume_pair_uuid)
            })
        })
    };
    here.iter().filter(|volume| !partner(volume)).count()
}

/// How the time of an audit grows with the number of volume pairs.
fn growth(sizes: &[usize], rounds: usize) {
    // Of the small ones several, each with texts of its own: what is measured should take a while,
    // and not stay in the processor's cache where the large ones do not.
    let most = sizes.iter().copied().max().unwrap_or_default().min(100_000);
    let copies = |pairs: usize| (most / pairs).max(1);
    let texts: Vec<Vec<_>> = (sizes.iter())
        .map(|&pairs| (0..copies(pairs)).map(|_| Mesh::new(pairs).listings()).collect())
        .collect();
    let topologies: Vec<Vec<_>> =
        texts.iter().map(|texts| texts.iter().map(|texts| read(texts)).collect()).collect();
    let times = interleaved(rounds, sizes.len(), |row| {
        let copies = &topologies[row];
        let mut sums = [0.0; 3];
        for clusters in copies {
            sums.iter_mut().zip(audited(clusters)).for_each(|(sum, time)| *sum += time);
        }
        sums.map(|sum| sum / copies.len() as f64)
    });
    println!(
        "\n| volume pairs | clusters | topology, ms | audit, ms | both, ms | million pairs a second | \
         allocations a pair |"
    );
    println!("|---:|---:|---:|---:|---:|---:|---:|");
    for ((&pairs, copies), times) in sizes.iter().zip(&topologies).zip(&times) {
        let [_, _, both] = *times;
        let clusters = copies[0].clone();
        let count = clusters.len();
        let allocations = allocations(|| {
            let topology = Topology::from_iter(clusters);
            (topology.audit(), topology)
        });
        println!(
            "| {pairs} | {count} | {} | {:.2} | {:.2} |",
            times.map(|time| format!("{:.2}", time * 1e3)).join(" | "),
            pairs as f64 / both / 1e6,
            allocations as f64 / pairs as f64
        );
    }
    let both: Vec<_> = times.iter().map(|[_, _, both]| *both).collect();
    println!(
        "\nTime grows with the number of pairs to the power of {:.2}.",
        exponent(sizes, &both)
    );
}

fn read(texts: &[String]) -> Vec<Cluster<'_>> {
    texts.iter().map(|text| Cluster::read(text).unwrap()).collect()
}

/// How many seconds it takes to put clusters together to a topology, to audit that, which finds
/// nothing, and both.
fn audited(clusters: &[Cluster<'_>]) -> [f64; 3] {
    let clusters = black_box(clusters.to_vec());
    let start = Instant::now();
    let topology = black_box(Topology::from_iter(clusters));
    let between = start.elapsed().as_secs_f64();
    let report = black_box(topology.audit());
    let both = start.elapsed().as_secs_f64();
    assert!(report.findings().is_empty() && report.unchecked().is_empty());
    [between, both - between, both]
}
