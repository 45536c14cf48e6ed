//! Shows what is wrong with the pairing of clusters: `cargo run --example audit -- FILE…`; `--help`
//! tells the rest.

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{self, IsTerminal, Read},
    process::ExitCode,
};

use element_pairing::{
    api::MAX_JSON_LEN,
    escape, escape_json,
    topology::{Cluster, ListingError, Report, Topology},
};
use serde_json::json;

#[path = "shared/terminal.rs"]
mod terminal;

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
    let Some(options) = Options::parse(env::args_os().skip(1))? else {
        print(USAGE)?;
        return Ok(ExitCode::SUCCESS);
    };
    let texts: Vec<_> = options.files.iter().map(read).collect();
    let mut clusters = Vec::new();
    let mut unreadable = Vec::new();
    for (file, text) in options.files.iter().zip(&texts) {
        match text.as_ref().map(|text| (text, Cluster::read(text))) {
            Ok((_, Ok(cluster))) => clusters.push(cluster),
            Ok((text, Err(error))) => unreadable.push(Unreadable::listing(file, text, error)),
            Err(error) => {
                unreadable.push(Unreadable { file: name(file), why: Why::File(error.to_string()) });
            }
        }
    }
    if !unreadable.is_empty() {
        if options.json {
            let errors: Vec<_> = unreadable.iter().map(Unreadable::json).collect();
            print(&shown(&json!({ "errors": errors }).to_string()))?;
        } else {
            unreadable.iter().for_each(|error| tell(&error.line()));
        }
        return Ok(ExitCode::from(2));
    }
    let report = Topology::from_iter(clusters).audit();
    if options.json {
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

struct Options {
    json: bool,
    /// `-` for standard input.
    files: Vec<OsString>,
}

impl Options {
    /// None if help was asked for.
    fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Option<Self>, String> {
        let mut options = Self { json: false, files: Vec::new() };
        let mut only_files = false;
        for argument in arguments {
            let text = argument.to_string_lossy();
            match &*text {
                "--help" | "-h" if !only_files => return Ok(None),
                "--json" if !only_files => options.json = true,
                "--" if !only_files => only_files = true,
                _ if text.starts_with('-') && text != "-" && !only_files => {
                    return Err(format!("there is no option {}", escape(&text)));
                }
                _ => options.files.push(argument),
            }
        }
        match options.files.iter().filter(|file| *file == "-").count() {
            _ if options.files.is_empty() => Err("no file".into()),
            0 | 1 => Ok(Some(options)),
            _ => Err("standard input twice".into()),
        }
    }
}

/// A file's name, as it is shown.
fn name(file: &OsString) -> String {
    if file == "-" {
        return "standard input".into();
    }
    escape(&file.to_string_lossy()).to_string()
}

/// Reads as much as can be listings, and a byte more: that shows that it is too long.
fn read(file: &OsString) -> io::Result<Vec<u8>> {
    const LIMIT: u64 = MAX_JSON_LEN as u64 + 1;
    let mut text = Vec::new();
    if file == "-" {
        let input = io::stdin();
        if input.is_terminal() {
            tell("Paste the answers of one cluster, then press Enter and Ctrl-D.");
        }
        input.take(LIMIT).read_to_end(&mut text)?;
    } else {
        File::open(file)?.take(LIMIT).read_to_end(&mut text)?;
    }
    Ok(text)
}

/// A file that is no listings.
struct Unreadable {
    file: String,
    why: Why,
}

enum Why {
    /// It cannot be read.
    File(String),
    /// What is wrong in it, and where.
    Listing { line: usize, column: usize, error: ListingError },
}

impl Unreadable {
    fn listing(file: &OsString, text: &[u8], error: ListingError) -> Self {
        let before = text.get(..error.offset()).unwrap_or(text);
        let mut lines = before.rsplit(|&byte| byte == b'\n');
        let line = String::from_utf8_lossy(lines.next().unwrap_or_default());
        let (column, line) = (line.chars().count() + 1, lines.count() + 1);
        Self { file: name(file), why: Why::Listing { line, column, error } }
    }

    fn line(&self) -> String {
        let file = &self.file;
        match &self.why {
            Why::File(error) => format!("{file}: cannot be read: {error} (unreadable_file)"),
            Why::Listing { line, column, error } => {
                let code = error.code();
                format!("{file}, line {line}, column {column}: {error} ({code})\n{}", error.help())
            }
        }
    }

    fn json(&self) -> serde_json::Value {
        let file = &self.file;
        match &self.why {
            Why::File(error) => json!({
                "file": file,
                "code": "unreadable_file",
                "message": format!("cannot be read: {error}"),
            }),
            Why::Listing { line, column, error } => json!({
                "file": file,
                "line": line,
                "column": column,
                "offset": error.offset(),
                "code": error.code(),
                "message": error.to_string(),
                "help": error.help(),
            }),
        }
    }
}

/// JSON, fit to be shown.
fn shown(json: &str) -> String {
    format!("{}\n", escape_json(json))
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
