//! A plan, carried out on simulated clusters.

use std::{fmt::Write, time::Duration};

use element_pairing::{
    escape,
    simulator::{Options, Simulator},
    topology::{
        Cluster, Topology,
        plan::{Plan, StepState},
    },
};
use serde_json::{Value, json};

use crate::Simulated;

pub fn simulate(topology: &Topology<'_>, plan: Plan) -> Result<Simulated, String> {
    let simulator = Simulator::from_topology(topology, 1, Options::default());
    let mut simulator = simulator.map_err(|error| {
        format!("cannot simulate: {error} ({}). {}", error.code(), error.help())
    })?;
    let before = state(&mut simulator)?;
    let start = simulator.now();
    let mut run = plan.run();
    while let Some(call) = run.next_call() {
        simulator.advance(Duration::from_millis(call.delay_ms.into()));
        let names = [&call.cluster.unique_id, &call.cluster.name, &call.cluster.mvip];
        let name = names.into_iter().flatten().next().ok_or("a cluster without a name")?;
        let answer = simulator
            .answer(name.as_str(), call.request.expose())
            .map_err(|error| format!("cannot simulate: {error}"))?;
        if run.answer(answer.response.expose()).is_err() {
            break;
        }
    }
    let states: Vec<_> = run.states().map(|(_, state)| state).collect();
    let done = states.iter().filter(|state| **state == StepState::Done).count();
    let seconds = (simulator.now() - start).as_secs();
    let after = state(&mut simulator)?;

    let mut text = String::from("\nBefore\n");
    text += &before.text;
    let _ = writeln!(text, "\nAfter {done} steps and {seconds} s");
    text += &after.text;
    if let Some(stopped) = run.stopped() {
        let _ = writeln!(text, "\nStopped: {stopped}. {}", stopped.help());
    }
    let states: Vec<_> = states.into_iter().map(StepState::code).collect();
    let json = json!({
        "before": before.json,
        "after": after.json,
        "states": states,
        "seconds": seconds,
        "stopped": run.stopped(),
    });
    Ok(Simulated { is_done: run.is_done(), json, text })
}

/// How the clusters stand.
struct State {
    json: Value,
    text: String,
}

fn state(simulator: &mut Simulator) -> Result<State, String> {
    let names: Vec<_> = simulator.clusters().map(str::to_owned).collect();
    let (mut json, mut text) = (Vec::new(), String::new());
    for name in names {
        let listings = simulator.listings(&name).map_err(|error| error.to_string())?;
        let cluster = Cluster::read(&listings).map_err(|error| error.to_string())?;
        let shown = cluster.info.as_ref().and_then(|info| info.name.as_deref()).unwrap_or(&name);
        let _ = writeln!(text, "  {}", escape(shown));
        let mut lines = Vec::new();
        for pair in cluster.pairs.iter().flatten() {
            let mut line = format!("cluster pair {}", pair.cluster_pair_id);
            if let Some(other) = &pair.cluster_name {
                let _ = write!(line, " with {other}");
            }
            if let Some(status) = &pair.status {
                let _ = write!(line, ": {status}");
            }
            lines.push(line);
        }
        for volume in cluster.volumes.iter().flatten() {
            let mut line = format!("volume {}", volume.volume_id);
            if let Some(name) = &volume.name {
                let _ = write!(line, " ({name})");
            }
            if let Some(access) = &volume.access {
                let _ = write!(line, ", {access}");
            }
            if let Some(size) = volume.total_size {
                let _ = write!(line, ", {size} bytes");
            }
            for pair in volume.pairs() {
                match pair.remote_volume_id.filter(|id| *id != 0) {
                    Some(id) => write!(line, ", paired with {id}"),
                    None => write!(line, ", pairing pending"),
                }
                .ok();
                let replication = pair.remote_replication.as_ref();
                if let Some(state) = replication.and_then(|it| it.state.as_ref()) {
                    let _ = write!(line, ": {state}");
                }
                if let Some(mode) = replication.and_then(|it| it.mode.as_ref()) {
                    let _ = write!(line, ", {mode}");
                }
            }
            lines.push(line);
        }
        for line in &lines {
            let _ = writeln!(text, "    {}", escape(line));
        }
        json.push(json!({
            "cluster": shown,
            "clusterPairs": cluster.pairs,
            "volumes": cluster.volumes,
        }));
    }
    Ok(State { json: json.into(), text })
}
