//! Runs an example, which `cargo test` builds. (With `--test NAME` alone cargo does not: run `cargo
//! build --example NAME` first.)

use std::{
    env, fs,
    io::Write,
    path::Path,
    process::{Command, Output, Stdio},
};

/// The example of this name.
pub struct Example(pub &'static str);

impl Example {
    pub fn command(&self) -> Command {
        let Self(name) = self;
        let tests = env::current_exe().unwrap();
        let program = format!("examples/{name}{}", env::consts::EXE_SUFFIX);
        let path = tests.parent().and_then(Path::parent).unwrap().join(program);
        assert!(path.exists(), "run `cargo build --example {name}` first");
        let mut command = Command::new(path);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command.current_dir(env!("CARGO_MANIFEST_DIR"));
        command
    }

    pub fn run(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = self.command().args(arguments).spawn().unwrap();
        // Fails where the program does not read, such as for --help.
        let _ = child.stdin.take().unwrap().write_all(input);
        child.wait_with_output().unwrap()
    }

    /// Standard output, of a run that writes nothing to standard error and ends with this code.
    pub fn report(&self, arguments: &[&str], input: impl AsRef<[u8]>, code: i32) -> String {
        let output = self.run(arguments, input.as_ref());
        assert_eq!(String::from_utf8_lossy(&output.stderr), "");
        assert_eq!(output.status.code(), Some(code), "{arguments:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// Nobody reads what it writes.
    pub fn to_closed_pipe(&self, arguments: &[&str], input: &[u8]) -> Output {
        let mut child = self.command().args(arguments).spawn().unwrap();
        drop(child.stdout.take());
        child.stdin.take().unwrap().write_all(input).unwrap();
        child.wait_with_output().unwrap()
    }

    /// What the program writes to a terminal before it ends with this code; none where there is no
    /// `script` to make one.
    pub fn on_terminal(
        &self,
        arguments: &str,
        variables: &[(&str, &str)],
        code: i32,
    ) -> Option<String> {
        let version = Command::new("script").arg("--version").output().ok()?;
        if !String::from_utf8_lossy(&version.stdout).contains("util-linux") {
            return None;
        }
        let program = self.command();
        let command = format!("'{}' {arguments}", Path::new(program.get_program()).display());
        let mut script = Command::new("script");
        script.args(["-qec", &command, "/dev/null"]).stdin(Stdio::null());
        script.current_dir(env!("CARGO_MANIFEST_DIR"));
        script.env("SHELL", "/bin/sh").env_remove("NO_COLOR").env("TERM", "xterm");
        let output = script.envs(variables.iter().copied()).output().unwrap();
        assert_eq!(output.status.code(), Some(code));
        Some(String::from_utf8(output.stdout).unwrap().replace("\r\n", "\n"))
    }
}

/// Compares with a whole output in a folder of `tests`. After a change of wording, `BLESS=1 cargo
/// test` writes the files anew; read the difference before it is committed.
#[track_caller]
pub fn assert_file(name: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests").join(name);
    if env::var_os("BLESS").is_some() {
        fs::write(&file, text).unwrap();
    }
    assert_eq!(text, fs::read_to_string(&file).unwrap(), "{name}");
}
