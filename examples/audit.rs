//! Shows what is wrong with the pairing of clusters: `cargo run --example audit -- FILE…`; `--help`
//! tells the rest.

use std::{env, process::ExitCode};

use element_pairing::topology::{Report, Topology};

#[path = "shared/listings.rs"]
mod listings;
#[path = "shared/terminal.rs"]
mod terminal;

use listings::{Arguments, clusters, read, refuse, shown};
use terminal::{BOLD, DIM, Paint, RED, print, tell};

const USAGE: &str = "\
Shows what is wrong with the pairing of clusters and volumes, and what could not
be checked. Nothing is changed, and nothing is sent.

Usage: audit [--json] FILE...
       cargo run --example audit -- [--json] FILE...

Each FILE is of one cluster: the answers to GetClusterInfo, GetLimits,
ListClusterPairs and ListVolumes (or ListActivePairedVolumes), one after the
other as curl wrote them, in any order; some may be missing. An answer does not
name its method, so each request has to have the method's name as its id. The
README has the commands. - stands for standard input.

  --json  writes JSON, for scripts
  --help  shows this

Exit codes: 0 no findings of severity error, 1 there are such findings, 2 the
command was wrong or a file cannot be read, 3 there are none, but something that
matters could not be checked.
";

fn main() -> ExitCode {
    run().unwrap_or_else(|message| {
        tell(&format!("audit: {message}\n(audit --help says more)"));
        ExitCode::from(2)
    })
}

fn run() -> Result<ExitCode, String> {
    let Some(arguments) = Arguments::parse(env::args_os().skip(1), &["--json"])? else {
        print(USAGE)?;
        return Ok(ExitCode::SUCCESS);
    };
    let json = arguments.has("--json");
    let files = &arguments.operands;
    if files.is_empty() {
        return Err("no file".into());
    }
    let texts = read(files);
    let clusters = match clusters(files, &texts) {
        Ok(clusters) => clusters,
        Err(unreadable) => return refuse(&unreadable, json),
    };
    let report = Topology::from_iter(clusters).audit();
    if json {
        let json = serde_json::to_string(&report);
        print(&shown(&json.map_err(|error| error.to_string())?))?;
    } else {
        print(&page(&report))?;
    }
    Ok(ExitCode::from(match () {
        () if report.has_errors() => 1,
        () if report.is_incomplete() => 3,
        () => 0,
    }))
}

/// The report as it is, coloured for a terminal.
fn page(report: &Report) -> String {
    /// The width of the first column, as the report has it.
    const LABEL: usize = 9;
    let paint = Paint::new();
    let mut page = String::new();
    for (index, line) in report.to_string().lines().enumerate() {
        let (label, text) = line.split_at_checked(LABEL).unwrap_or((line, ""));
        page += &match label.trim_end() {
            _ if index == 0 => paint.paint(BOLD, line),
            "" => line.into(),
            "error" => paint.paint(RED, line),
            "warning" => paint.paint(YELLOW, line),
            "advice" | "Not check" => paint.paint(BOLD, line),
            _ => paint.paint(DIM, label) + text,
        };
        page.push('\n');
    }
    page
}

const YELLOW: &str = "33";
