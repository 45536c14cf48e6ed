//! The command line.

use std::{ffi::OsString, path::PathBuf};

use element_pairing::{simulator::Options, topology::Rule};
use lexopt::{Arg, Parser, ValueExt};

pub const HELP: &str = "\
Simulated NetApp Element clusters behind HTTPS.

usage: element-server [OPTIONS] [FILE...]

Each FILE has the saved listings of a cluster, as the example `audit` reads them. Without one there
are clusters site-a, site-b and so on, with volumes, not paired. Each cluster is served at an address
of its own, 127.0.0.2 and those that follow, which becomes its management virtual IP (MVIP).

options:
  --port N         port to listen on (8443; 443 usually needs a privilege)
  --clusters N     how many clusters to make, without FILEs (2; at most 16)
  --volumes N      how many volumes of 10 GiB each of them has (4; at most 4000)
  --user NAME      user name (admin)
  --speed N        how many seconds pass in one (1)
  --seed N         what keys, UUIDs and passwords of pairs are made from (the time)
  --allow RULE     lets calls happen that break this rule, of which no public source says that
                   clusters refuse them; may be given more than once
  --help           this text

The password of the user is taken from the environment variable ELEMENT_SERVER_PASSWORD; if that is
not set, one is made. It is written to a file that only the user who started the server can read,
and removed with it.
";

/// Where the password is taken from: an argument could be seen by every user of the machine.
const PASSWORD: &str = "ELEMENT_SERVER_PASSWORD";
const MAX_CLUSTERS: usize = 16;
const MAX_VOLUMES: usize = 4000;

pub struct Args {
    pub files: Vec<PathBuf>,
    pub port: u16,
    pub clusters: usize,
    pub volumes: usize,
    pub user: String,
    pub password: Option<String>,
    pub speed: u32,
    pub seed: u64,
    pub options: Options,
}

impl Args {
    /// None where help is wanted.
    pub fn read() -> Result<Option<Self>, lexopt::Error> {
        let now = std::time::UNIX_EPOCH.elapsed().unwrap_or_default();
        let mut args = Self {
            files: Vec::new(),
            port: 8443,
            clusters: 2,
            volumes: 4,
            user: "admin".into(),
            password: std::env::var(PASSWORD).ok(),
            speed: 1,
            seed: now.as_nanos() as u64,
            options: Options { start: now, ..Options::default() },
        };
        let mut parser = Parser::from_env();
        while let Some(arg) = parser.next()? {
            match arg {
                Arg::Long("help") | Arg::Short('h') => return Ok(None),
                Arg::Long("port") => args.port = parser.value()?.parse()?,
                Arg::Long("clusters") => {
                    args.clusters = within(parser.value()?, 1, MAX_CLUSTERS)?;
                }
                Arg::Long("volumes") => args.volumes = within(parser.value()?, 0, MAX_VOLUMES)?,
                Arg::Long("user") => args.user = parser.value()?.string()?,
                Arg::Long("speed") => args.speed = parser.value()?.parse()?,
                Arg::Long("seed") => args.seed = parser.value()?.parse()?,
                Arg::Long("allow") => {
                    let code = parser.value()?.string()?;
                    let mut choices = Options::CHOICES.iter();
                    let rule = choices.find(|rule| rule.code() == code).ok_or_else(|| {
                        let all: Vec<_> =
                            Options::CHOICES.iter().map(|rule| Rule::code(*rule)).collect();
                        format!("--allow takes one of: {}", all.join(", "))
                    })?;
                    args.options = args.options.allow(*rule);
                }
                Arg::Value(file) => args.files.push(file.into()),
                other => return Err(other.unexpected()),
            }
        }
        if args.files.len() > MAX_CLUSTERS {
            return Err(format!("at most {MAX_CLUSTERS} FILEs").into());
        }
        // What Basic authentication and the netrc file cannot carry.
        let is_odd =
            |text: &str| text.is_empty() || text.contains(|c: char| c.is_control() || c == ' ');
        if is_odd(&args.user) || args.user.contains(':') {
            return Err("--user takes a name without blanks and colons".into());
        }
        if args.password.as_deref().is_some_and(is_odd) {
            return Err(format!("{PASSWORD} is empty, or has blanks in it").into());
        }
        Ok(Some(args))
    }
}

fn within(value: OsString, least: usize, most: usize) -> Result<usize, lexopt::Error> {
    let number = value.parse()?;
    if (least..=most).contains(&number) {
        Ok(number)
    } else {
        Err(format!("expected a number from {least} to {most}").into())
    }
}
