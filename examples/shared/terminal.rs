//! What the examples write to: standard output, standard error, a terminal with colours.

use std::{
    env,
    io::{self, IsTerminal, Write},
};

pub const BOLD: &str = "1";
pub const DIM: &str = "2";
pub const RED: &str = "31";

pub fn print(text: &str) -> Result<(), String> {
    let mut output = io::stdout();
    match output.write_all(text.as_bytes()).and_then(|()| output.flush()) {
        // Whoever closed the pipe has read enough.
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
            Err(format!("cannot write the report: {error}"))
        }
        _ => Ok(()),
    }
}

pub fn tell(message: &str) {
    // If this fails, there is nobody left to tell.
    let _ = writeln!(io::stderr(), "{message}");
}

/// Colours what standard output gets, if that is a terminal that wants colours.
pub struct Paint(bool);

impl Paint {
    pub fn new() -> Self {
        let unwanted = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty())
            || env::var_os("TERM").is_some_and(|term| term == "dumb");
        Self(io::stdout().is_terminal() && !unwanted)
    }

    pub fn paint(&self, code: &str, text: &str) -> String {
        if self.0 { format!("\x1b[{code}m{text}\x1b[0m") } else { text.into() }
    }
}
