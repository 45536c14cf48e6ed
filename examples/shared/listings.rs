//! Files of saved listings, and the command line that names them.

use std::{
    ffi::OsString,
    fs::File,
    io::{self, IsTerminal, Read},
    process::ExitCode,
};

use element_pairing::{
    api::MAX_JSON_LEN,
    escape, escape_json,
    topology::{Cluster, ListingError},
};
use serde_json::json;

use crate::terminal::{print, tell};

/// A command line: the options that it has, and what else stands there.
pub struct Arguments {
    pub options: Vec<String>,
    pub operands: Vec<OsString>,
}

impl Arguments {
    /// None if help was asked for.
    pub fn parse(
        arguments: impl Iterator<Item = OsString>,
        known: &[&str],
    ) -> Result<Option<Self>, String> {
        let mut parsed = Self { options: Vec::new(), operands: Vec::new() };
        let mut only_operands = false;
        for argument in arguments {
            let text = argument.to_string_lossy();
            match &*text {
                "--help" | "-h" if !only_operands => return Ok(None),
                "--" if !only_operands => only_operands = true,
                option if !only_operands && known.contains(&option) => {
                    parsed.options.push(option.into());
                }
                _ if text.starts_with('-') && text != "-" && !only_operands => {
                    return Err(format!("there is no option {}", escape(&text)));
                }
                _ => parsed.operands.push(argument),
            }
        }
        match parsed.operands.iter().filter(|operand| *operand == "-").count() {
            0 | 1 => Ok(Some(parsed)),
            _ => Err("standard input twice".into()),
        }
    }

    pub fn has(&self, option: &str) -> bool {
        self.options.iter().any(|one| one == option)
    }
}

/// A file's name, as it is shown.
fn name(file: &OsString) -> String {
    if file == "-" {
        return "standard input".into();
    }
    escape(&file.to_string_lossy()).to_string()
}

/// What is in the files, as far as it can be read.
pub fn read(files: &[OsString]) -> Vec<io::Result<Vec<u8>>> {
    files.iter().map(read_one).collect()
}

/// Reads as much as can be listings, and a byte more: that shows that it is too long.
fn read_one(file: &OsString) -> io::Result<Vec<u8>> {
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

/// The clusters whose listings these are, or what is wrong with each file that is none.
pub fn clusters<'t>(
    files: &[OsString],
    texts: &'t [io::Result<Vec<u8>>],
) -> Result<Vec<Cluster<'t>>, Vec<Unreadable>> {
    let mut clusters = Vec::new();
    let mut unreadable = Vec::new();
    for (file, text) in files.iter().zip(texts) {
        match text.as_ref().map(|text| (text, Cluster::read(text))) {
            Ok((_, Ok(cluster))) => clusters.push(cluster),
            Ok((text, Err(error))) => unreadable.push(Unreadable::listing(file, text, error)),
            Err(error) => {
                unreadable.push(Unreadable { file: name(file), why: Why::File(error.to_string()) });
            }
        }
    }
    if unreadable.is_empty() { Ok(clusters) } else { Err(unreadable) }
}

/// Tells what cannot be read.
pub fn refuse(unreadable: &[Unreadable], json: bool) -> Result<ExitCode, String> {
    if json {
        let errors: Vec<_> = unreadable.iter().map(Unreadable::json).collect();
        print(&shown(&json!({ "errors": errors }).to_string()))?;
    } else {
        unreadable.iter().for_each(|error| tell(&error.line()));
    }
    Ok(ExitCode::from(2))
}

/// A file that is no listings.
pub struct Unreadable {
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
pub fn shown(json: &str) -> String {
    format!("{}\n", escape_json(json))
}
