//! `cargo bench --bench counts`: instructions, which repeat exactly, and allocations.

mod allocations;
mod cases;

use std::{
    env,
    io::ErrorKind,
    process::{Command, exit},
};

use allocations::allocations;
use cases::Cases;

/// A multiple of the number of keys that take turns.
const TIMES: u32 = 256;

fn main() {
    let cases = Cases::all();
    let arguments: Vec<_> = env::args().collect();
    if let [_, index, times] = &arguments[..] {
        let case = cases.iter().nth(index.parse().unwrap()).unwrap();
        return case.run(times.parse().unwrap());
    }
    let measured: Vec<_> = (cases.iter().enumerate())
        .map(|(index, case)| {
            let per_run = |more: u64, less: u64| (more - less) as f64 / f64::from(TIMES);
            let instructions = per_run(callgrind(index, 2 * TIMES), callgrind(index, TIMES));
            [per_run(allocations(|| case.run(TIMES)), 0), instructions]
        })
        .collect();
    cases.print(["allocations", "instructions"], &measured);
}

/// How many instructions this program takes to run a case so many times.
fn callgrind(index: usize, times: u32) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env::current_exe().unwrap())
        .args([index.to_string(), times.to_string()])
        .output()
        .unwrap_or_else(|error| match error.kind() {
            ErrorKind::NotFound => stop("valgrind is missing: install it (apt install valgrind)"),
            _ => stop(&format!("valgrind: {error}")),
        });
    let log = String::from_utf8_lossy(&output.stderr);
    let collected = log.lines().find_map(|line| line.split_once("Collected : "));
    match collected.map(|(_, count)| count.parse()) {
        Some(Ok(count)) if output.status.success() => count,
        _ => stop(&log),
    }
}

fn stop(reason: &str) -> ! {
    eprintln!("{reason}");
    exit(1)
}
