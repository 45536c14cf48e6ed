//! The operations on simulated clusters, which JavaScript holds by their numbers: for the page, and for
//! tests.

use alloc::{string::String, vec::Vec};
use core::time::Duration;

use element_pairing::{
    simulator::{Options, Simulator},
    topology::UnknownCluster,
};

use crate::{
    answer::{Answer, Outcome, parts},
    held::Held,
    json,
    listings::{read, wrong_argument},
    messages::refusal,
};

/// The simulators that were begun.
pub type Simulators = Held<Simulator>;

/// Begins to simulate: the parts are the seed and the listings.
pub fn begin(simulators: &mut Simulators, _: u32, input: &[u8]) -> Outcome {
    let parts = parts(input);
    let [seed, listings @ ..] = parts.as_slice() else { return Err(wrong_argument("no seed")) };
    let topology = read(listings)?;
    let simulator = Simulator::from_topology(&topology, number(seed)?, Options::default());
    let simulator = simulator.map_err(|error| refusal(error.code(), error, error.help()))?;
    let mut answer = Answer::default();
    answer.number(simulators.keep(simulator) as usize);
    Ok(answer)
}

/// What a cluster answers, which may be secret: the parts are the cluster and the request.
pub fn answer(simulators: &mut Simulators, id: u32, input: &[u8]) -> Outcome {
    let parts = parts(input);
    let [cluster, request] = parts.as_slice() else { return Err(wrong_argument("no request")) };
    let answer = simulators.get(id)?.answer(text(cluster), *request);
    Ok(Answer::secret(answer.map_err(unknown_cluster)?.response.expose()))
}

/// The listings of all clusters, in JSON.
pub fn listings(simulators: &mut Simulators, id: u32, _: &[u8]) -> Outcome {
    let simulator = simulators.get(id)?;
    let clusters: Vec<_> = simulator.clusters().map(String::from).collect();
    let listings = clusters.iter().map(|cluster| simulator.listings(cluster));
    json::answer(&listings.collect::<Result<Vec<_>, _>>().map_err(unknown_cluster)?)
}

/// Lets milliseconds pass.
pub fn advance(simulators: &mut Simulators, id: u32, milliseconds: &[u8]) -> Outcome {
    simulators.get(id)?.advance(Duration::from_millis(number(milliseconds)?));
    Ok(Answer::default())
}

/// Cuts the connection between two clusters: the parts.
pub fn cut(simulators: &mut Simulators, id: u32, input: &[u8]) -> Outcome {
    link(simulators, id, input, Simulator::cut)
}

/// Restores the connection between two clusters: the parts.
pub fn restore(simulators: &mut Simulators, id: u32, input: &[u8]) -> Outcome {
    link(simulators, id, input, Simulator::restore)
}

/// Drops a simulator.
pub fn dispose(simulators: &mut Simulators, id: u32, _: &[u8]) -> Outcome {
    simulators.drop(id);
    Ok(Answer::default())
}

fn link(
    simulators: &mut Simulators,
    id: u32,
    input: &[u8],
    change: fn(&mut Simulator, &str, &str) -> Result<(), UnknownCluster>,
) -> Outcome {
    let parts = parts(input);
    let [one, other] = parts.as_slice() else { return Err(wrong_argument("no clusters")) };
    change(simulators.get(id)?, text(one), text(other)).map_err(unknown_cluster)?;
    Ok(Answer::default())
}

fn text(part: &[u8]) -> &str {
    str::from_utf8(part).unwrap_or_default()
}

fn number(part: &[u8]) -> Result<u64, Answer> {
    text(part).parse().map_err(|_| wrong_argument("it must be a natural number"))
}

fn unknown_cluster(error: UnknownCluster) -> Answer {
    refusal(error.code(), error, error.help())
}
