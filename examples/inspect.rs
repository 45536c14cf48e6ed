//! Shows what a pairing key says: `cargo run --example inspect < FILE`; `--help` tells the rest.

use std::{
    env,
    ffi::OsString,
    fs::File,
    io::{self, IsTerminal, Read},
    path::{Path, PathBuf},
    process::ExitCode,
};

use element_pairing::{
    Cleaned, DecodeError, JsonType, KeyKind, MAX_TEXT_LEN, Member, PairingKey, Removed, Secret,
    UnknownMembers, clean, escape, escape_json,
};
use zeroize::Zeroizing;

#[path = "shared/terminal.rs"]
mod terminal;

use terminal::{BOLD, DIM, Paint, RED, print, tell};

const USAGE: &str = "\
Shows what a pairing key says.

Usage: inspect [--json] [--reveal] [FILE]
       cargo run --example inspect -- [--json] [--reveal] [FILE]

Reads the key from FILE, or from standard input if FILE is - or missing.
A key is never an argument: arguments are seen by every user of the machine.

  --json    writes JSON, for scripts
  --reveal  shows what is secret: user name, password, values of unknown members
  --help    shows this

Exit codes: 0 the key was read, 1 it is not a key, 2 the command was wrong.
";

fn main() -> ExitCode {
    run().unwrap_or_else(|message| {
        tell(&format!("inspect: {message}\n(inspect --help says more)"));
        ExitCode::from(2)
    })
}

fn run() -> Result<ExitCode, String> {
    let Some(options) = Options::parse(env::args_os().skip(1))? else {
        print(USAGE)?;
        return Ok(ExitCode::SUCCESS);
    };
    let text = read(options.file.as_deref())?;
    let cleaned = clean(&*text).ok();
    let (report, code) = match PairingKey::decode(&*text) {
        Ok(key) => {
            let key = View::new(&key, options.reveal);
            let report = if options.json { key.json(cleaned) } else { key.page(cleaned) };
            (report, ExitCode::SUCCESS)
        }
        Err(error) => {
            let report = if options.json { error_json } else { error_page };
            (report(error, &text, cleaned), ExitCode::FAILURE)
        }
    };
    print(&report)?;
    Ok(code)
}

struct Options {
    json: bool,
    reveal: bool,
    /// None for standard input.
    file: Option<PathBuf>,
}

impl Options {
    /// None if help was asked for.
    fn parse(arguments: impl Iterator<Item = OsString>) -> Result<Option<Self>, String> {
        let mut options = Self { json: false, reveal: false, file: None };
        let mut files = Vec::new();
        let mut only_files = false;
        for argument in arguments {
            let text = argument.to_string_lossy();
            match &*text {
                "--help" | "-h" if !only_files => return Ok(None),
                "--json" if !only_files => options.json = true,
                "--reveal" if !only_files => options.reveal = true,
                "--" if !only_files => only_files = true,
                _ if looks_like_key(&text) && !Path::new(&argument).exists() => {
                    return Err(
                        "a key is not taken as an argument: every user of the machine can \
                                see it, and the shell's history keeps it.\nGive it on standard \
                                input or in a file."
                            .into(),
                    );
                }
                "-" => files.push(argument),
                _ if text.starts_with('-') && !only_files => {
                    return Err(format!("there is no option {}", escape(&text)));
                }
                _ => files.push(argument),
            }
        }
        if files.len() > 1 {
            return Err("more than one file".into());
        }
        options.file = files.pop().filter(|file| file != "-").map(PathBuf::from);
        Ok(Some(options))
    }
}

/// Whether 32 hex digits stand in a row, not counting what a paste puts between them.
fn looks_like_key(argument: &str) -> bool {
    let mut run = 0;
    argument.chars().filter(char::is_ascii_graphic).any(|character| {
        run = if character.is_ascii_hexdigit() { run + 1 } else { 0 };
        run == 32
    })
}

/// Reads as much as can be a key, and a byte more: that shows that it is too long.
fn read(file: Option<&Path>) -> Result<Zeroizing<Vec<u8>>, String> {
    const LIMIT: usize = MAX_TEXT_LEN + 1;
    // Of full size from the start: growing would leave a copy of the key behind.
    let mut text = Zeroizing::new(Vec::with_capacity(LIMIT));
    let outcome = match file {
        Some(path) => {
            File::open(path).and_then(|file| file.take(LIMIT as u64).read_to_end(&mut text))
        }
        None => {
            let input = io::stdin();
            if input.is_terminal() {
                tell("Paste the key, then press Enter and Ctrl-D.");
            }
            input.take(LIMIT as u64).read_to_end(&mut text)
        }
    };
    match outcome {
        Ok(_) => Ok(text),
        Err(error) => {
            let name = file.map(|path| escape(&path.to_string_lossy()).to_string());
            Err(format!("cannot read {}: {error}", name.as_deref().unwrap_or("standard input")))
        }
    }
}

/// What a key says, the most telling first; a value that is not to be shown is none.
struct View<'a> {
    kind: KeyKind,
    members: Vec<(Member, Option<String>)>,
    unknown: &'a UnknownMembers,
    reveal: bool,
}

impl<'a> View<'a> {
    fn new(key: &'a PairingKey, reveal: bool) -> Self {
        let secret = |secret: &Secret| reveal.then(|| secret.expose().into());
        let (members, unknown) = match key {
            PairingKey::Cluster(key) => (
                vec![
                    (Member::Name, Some(key.name.clone())),
                    (Member::Mvip, Some(key.mvip.to_string())),
                    (Member::ClusterUniqueId, Some(key.cluster_unique_id.clone())),
                    (Member::ClusterPairId, Some(key.cluster_pair_id.to_string())),
                    (Member::ClusterPairUuid, Some(key.cluster_pair_uuid.to_string())),
                    (Member::RpcConnectionId, Some(key.rpc_connection_id.to_string())),
                    (Member::Username, secret(&key.username)),
                    (Member::Password, secret(&key.password)),
                ],
                &key.unknown,
            ),
            PairingKey::Volume(key) => (
                vec![
                    (Member::VolumeName, Some(key.volume_name.clone())),
                    (Member::VolumeId, Some(key.volume_id.to_string())),
                    (Member::VolumePairUuid, Some(key.volume_pair_uuid.to_string())),
                    (Member::Mvip, Some(key.mvip.to_string())),
                ],
                &key.unknown,
            ),
        };
        Self { kind: key.kind(), members, unknown, reveal }
    }

    fn unknown(&self) -> impl Iterator<Item = (&str, Option<String>)> {
        self.unknown.iter().map(|(name, value)| {
            (name, self.reveal.then(|| escape_json(value.expose()).to_string()))
        })
    }

    fn page(&self, cleaned: Option<Cleaned>) -> String {
        let taken_by = self.kind.taken_by();
        let receiver = match self.kind {
            KeyKind::Cluster => "the other cluster",
            KeyKind::Volume => "the other volume's cluster",
        };
        let mut page = Page::new();
        page.line(&page.paint(BOLD, &format!("This is a {} pairing key.", self.kind)));
        page.line("");
        page.field("Made by", self.kind.made_by());
        page.field("Send with", &format!("{taken_by}, to {receiver}; it works once"));
        page.cleaned(cleaned);
        page.line("");
        let meanings = self.members.iter().map(|(member, _)| member.meaning().len());
        let width = meanings.max().unwrap_or_default();
        for (member, value) in &self.members {
            page.row(
                member.meaning(),
                width,
                value.as_ref().map(|value| escape(value).to_string()),
            );
        }
        if !self.unknown.is_empty() {
            page.line("\nMembers that this version does not know:");
        }
        for (name, value) in self.unknown() {
            page.row(&escape(name).to_string(), width, value);
        }
        page.text
    }

    fn json(&self, cleaned: Option<Cleaned>) -> String {
        let members = self.members.iter().map(|(member, value)| {
            let value = value.as_deref().map(|value| match member.json_type() {
                JsonType::String => json_string(value),
                _ => value.into(),
            });
            (member.name(), json_or_null(value))
        });
        let unknown = self.unknown().map(|(name, value)| {
            json_object([("name", json_string(name)), ("value", json_or_null(value))])
        });
        json_object([
            ("kind", json_string(self.kind.name())),
            ("madeBy", json_string(self.kind.made_by())),
            ("takenBy", json_string(self.kind.taken_by())),
            ("members", json_object(members)),
            ("unknownMembers", json_array(unknown)),
            ("cleaned", json_cleaned(cleaned)),
        ]) + "\n"
    }
}

fn error_page(error: DecodeError, text: &[u8], cleaned: Option<Cleaned>) -> String {
    let mut page = Page::new();
    page.line(&format!("{} {error}.", page.paint(RED, "This key cannot be read:")));
    page.line("");
    if let Some(excerpt) = error.excerpt(text) {
        for line in excerpt.to_string().lines().filter(|line| !line.trim().is_empty()) {
            let is_mark = line.trim_start() == "^";
            page.line(&format!("  {}", if is_mark { page.paint(RED, line) } else { line.into() }));
        }
        page.line("");
    }
    if let Some(offset) = error.offset() {
        page.field("Place", &format!("{offset} bytes into the text"));
    }
    if let Some(member) = error.member() {
        page.field("Member", &format!("{member}: {}", member.meaning()));
    }
    page.field("What to do", error.help());
    page.field("Code", error.code());
    let may_be_forwarded = cleaned.is_some() && may_be_whole(error);
    page.cleaned(cleaned);
    if may_be_forwarded {
        let how = "if the cluster made the key like this, its digits can be sent as they are";
        page.field("Forwarding", how);
    }
    page.text
}

/// Whether a key that was copied whole can give this error, as one made by a newer cluster may.
fn may_be_whole(error: DecodeError) -> bool {
    matches!(
        error,
        DecodeError::MissingMember { .. }
            | DecodeError::DuplicateMember { .. }
            | DecodeError::WrongType { .. }
            | DecodeError::WrongValue { .. }
            | DecodeError::TooDeep { .. }
    )
}

fn error_json(error: DecodeError, text: &[u8], cleaned: Option<Cleaned>) -> String {
    let excerpt = error.excerpt(text).map(|excerpt| {
        json_object([
            ("text", json_string(&excerpt.text)),
            ("reading", json_string(&excerpt.reading)),
            ("column", excerpt.column.to_string()),
        ])
    });
    let member = error.member().map(|member| json_string(member.name()));
    let error = json_object([
        ("code", json_string(error.code())),
        ("message", json_string(&error.to_string())),
        ("help", json_string(error.help())),
        ("offset", json_or_null(error.offset().map(|offset| offset.to_string()))),
        ("member", json_or_null(member)),
        ("excerpt", json_or_null(excerpt)),
    ]);
    json_object([("error", error), ("cleaned", json_cleaned(cleaned))]) + "\n"
}

/// How many digits there are and what was removed; null where the text has something else.
fn json_cleaned(cleaned: Option<Cleaned>) -> String {
    json_or_null(cleaned.map(|cleaned| {
        let removed = cleaned.removed().iter().map(|removed| {
            json_object([
                ("code", json_string(removed.kind.code())),
                ("offset", removed.offset.to_string()),
                ("count", removed.count.to_string()),
            ])
        });
        json_object([
            ("digits", cleaned.digits().expose().len().to_string()),
            ("removed", json_array(removed)),
        ])
    }))
}

/// A report for people.
struct Page {
    text: String,
    paint: Paint,
}

impl Page {
    fn new() -> Self {
        Self { text: String::new(), paint: Paint::new() }
    }

    fn paint(&self, code: &str, text: &str) -> String {
        self.paint.paint(code, text)
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line);
        self.text.push('\n');
    }

    /// A label and a value, which ends the line: if it runs right to left, it moves nothing else.
    fn row(&mut self, label: &str, width: usize, value: Option<String>) {
        let label = self.paint(DIM, &format!("{label:width$}"));
        let value = value.unwrap_or_else(|| self.paint(DIM, "hidden (--reveal shows it)"));
        self.line(&format!("{label}  {value}"));
    }

    /// A label and text of our own, broken into lines that fit 80 columns.
    fn field(&mut self, mut label: &str, text: &str) {
        const LABEL: usize = 11;
        const TEXT: usize = 80 - LABEL - 2;
        let mut line = String::new();
        for word in text.split(' ') {
            if !line.is_empty() && line.len() + 1 + word.len() > TEXT {
                self.row(label, LABEL, Some(line));
                (label, line) = ("", String::new());
            }
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        self.row(label, LABEL, Some(line));
    }

    fn cleaned(&mut self, cleaned: Option<Cleaned>) {
        let Some(cleaned) = cleaned else { return };
        let removed: Vec<_> = cleaned.removed().iter().map(Removed::to_string).collect();
        let nothing = removed.is_empty().then(|| "nothing".into());
        self.field("Cleaned off", &nothing.unwrap_or_else(|| removed.join(", ")));
        self.field("Digits", &cleaned.digits().expose().len().to_string());
    }
}

fn json_string(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('"', "\\\"");
    format!("\"{}\"", escape_json(&text))
}

fn json_or_null(value: Option<String>) -> String {
    value.unwrap_or_else(|| "null".into())
}

fn json_array(values: impl Iterator<Item = String>) -> String {
    format!("[{}]", values.collect::<Vec<_>>().join(", "))
}

/// An object of values that are JSON already, in this order.
fn json_object<'a>(members: impl IntoIterator<Item = (&'a str, String)>) -> String {
    let members = members.into_iter().map(|(name, value)| format!("\"{name}\": {value}"));
    format!("{{{}}}", members.collect::<Vec<_>>().join(", "))
}
