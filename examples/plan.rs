//! Shows which calls reach a goal: `cargo run --example plan -- GOAL FILE…`; `--help` tells the rest.

use std::{env, process::ExitCode};

use element_pairing::topology::{
    Topology,
    plan::{Goal, NoPlan, Plan},
};
use serde::Serialize;
use serde_json::Value;

#[path = "shared/listings.rs"]
mod listings;
#[cfg(feature = "simulator")]
#[path = "shared/simulated.rs"]
mod simulated;
#[path = "shared/terminal.rs"]
mod terminal;

use listings::{Arguments, clusters, read, refuse, shown};
use terminal::{BOLD, DIM, Paint, RED, print, tell};

const USAGE: &str = "\
Shows which calls reach a goal, in which order, and what is lost by them; or
what stands against it. Nothing is changed, and nothing is sent.

Usage: plan [--json] [--simulate] GOAL FILE...
       cargo run --example plan -- [--json] GOAL FILE...
       cargo run --features simulator --example plan -- --simulate GOAL FILE...

GOAL is one of these; clusters are named by unique ID, name or MVIP, and volumes
are \"all\" or IDs on the first of the clusters:

  {\"goal\": \"pair_clusters\", \"clusters\": [\"site-a\", \"site-b\"]}
  {\"goal\": \"unpair_clusters\", \"clusters\": [\"site-a\", \"site-b\"]}
  {\"goal\": \"pair_volumes\", \"mode\": \"Async\", \"pairs\": [{
      \"source\": {\"cluster\": \"site-a\", \"volumeID\": 24},
      \"target\": {\"cluster\": \"site-b\", \"volumeID\": 8}}]}
  {\"goal\": \"unpair_volumes\", \"clusters\": [\"site-a\", \"site-b\"], \"volumes\": [24]}
  {\"goal\": \"direction\", \"source\": \"site-b\", \"target\": \"site-a\", \"volumes\": \"all\"}
  {\"goal\": \"set_mode\", \"clusters\": [\"site-a\", \"site-b\"], \"volumes\": \"all\",
      \"mode\": \"Sync\"}
  {\"goal\": \"pause\", \"clusters\": [\"site-a\", \"site-b\"], \"volumes\": \"all\"}
  {\"goal\": \"resume\", \"clusters\": [\"site-a\", \"site-b\"], \"volumes\": \"all\"}
  {\"goal\": \"repair\", \"pending\": [{\"cluster\": \"site-a\", \"clusterPairID\": 3}]}

Each FILE is of one cluster, as the example audit takes it: the answers to
GetClusterInfo, GetLimits, ListClusterPairs and ListVolumes, one after the other.
- stands for standard input.

  --json      writes JSON, for scripts, with the requests ready to be sent
  --simulate  carries the plan out on simulated clusters made from the files,
              and shows them before and after
  --help      shows this

Exit codes: 0 there is a plan (which may have no steps) and, simulated, it was
carried out, 1 something stands against the goal, 2 the command or the goal was
wrong or a file cannot be read, 3 nothing stands against it, but something that
matters could not be seen.
";

fn main() -> ExitCode {
    run().unwrap_or_else(|message| {
        tell(&format!("plan: {message}\n(plan --help says more)"));
        ExitCode::from(2)
    })
}

fn run() -> Result<ExitCode, String> {
    let known = ["--json", "--simulate"];
    let Some(arguments) = Arguments::parse(env::args_os().skip(1), &known)? else {
        print(USAGE)?;
        return Ok(ExitCode::SUCCESS);
    };
    let is_json = arguments.has("--json");
    let Some((goal, files)) = arguments.operands.split_first() else {
        return Err("no goal".into());
    };
    let goal = Goal::read(&goal.to_string_lossy())
        .map_err(|error| format!("the goal: {error} ({})", error.code()))?;
    if files.is_empty() {
        return Err("no file".into());
    }
    let texts = read(files);
    let clusters = match clusters(files, &texts) {
        Ok(clusters) => clusters,
        Err(unreadable) => return refuse(&unreadable, is_json),
    };
    let topology = Topology::from_iter(clusters);
    let plan = match topology.plan(&goal) {
        Ok(plan) => plan,
        Err(why) => return forbidden(&why, is_json),
    };
    let (mut json, mut text) = (to_json(&plan)?, page(&plan));
    json = format!("{{\"plan\":{json}}}");
    let mut code = ExitCode::SUCCESS;
    if arguments.has("--simulate") {
        let simulated = simulate(&topology, plan)?;
        json.pop();
        json += &format!(",\"simulated\":{}}}", simulated.json);
        text += &simulated.text;
        code = ExitCode::from(u8::from(!simulated.is_done));
    }
    print(&if is_json { shown(&json) } else { text })?;
    Ok(code)
}

fn to_json(value: &impl Serialize) -> Result<String, String> {
    serde_json::to_string(value).map_err(|error| error.to_string())
}

/// What became of a plan that was carried out.
struct Simulated {
    is_done: bool,
    json: Value,
    text: String,
}

#[cfg(feature = "simulator")]
fn simulate(topology: &Topology<'_>, plan: Plan) -> Result<Simulated, String> {
    simulated::simulate(topology, plan)
}

#[cfg(not(feature = "simulator"))]
fn simulate(_: &Topology<'_>, _: Plan) -> Result<Simulated, String> {
    Err("--simulate needs the feature simulator: cargo run --features simulator …".into())
}

fn forbidden(why: &NoPlan, is_json: bool) -> Result<ExitCode, String> {
    if is_json {
        print(&shown(&format!("{{\"noPlan\":{}}}", to_json(why)?)))?;
    } else {
        print(&format!("{why}\n{}\n", why.help()).replace("\n\n\n", "\n\n"))?;
    }
    Ok(ExitCode::from(match why.code() {
        "unseen" => 3,
        "unknown_cluster" => 2,
        _ => 1,
    }))
}

/// The plan as it is, coloured for a terminal.
fn page(plan: &Plan) -> String {
    /// The width of the first column, as the plan has it.
    const LABEL: usize = 9;
    let paint = Paint::new();
    let mut page = String::new();
    for line in plan.to_string().lines() {
        let (label, text) = line.split_at_checked(LABEL).unwrap_or((line, ""));
        page += &match label.trim() {
            "" => line.into(),
            "LOSS" => paint.paint(RED, line),
            label if label.bytes().all(|byte| byte.is_ascii_digit()) => paint.paint(BOLD, line),
            _ if line.starts_with("  ") => paint.paint(DIM, label) + text,
            _ => line.into(),
        };
        page.push('\n');
    }
    page
}
