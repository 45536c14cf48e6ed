//! The files that clients need: certificate, and user and password for curl.

use std::{
    fs::{self, DirBuilder, OpenOptions},
    io::{self, Write},
    net::Ipv4Addr,
    os::unix::fs::{DirBuilderExt, OpenOptionsExt},
    path::PathBuf,
};

use super::http::Login;

/// Of the user who started the server alone; removed when dropped.
pub struct Folder(PathBuf);

impl Folder {
    pub fn make(certificate: &str, addresses: &[Ipv4Addr], login: &Login) -> io::Result<Self> {
        let name = format!("element-server-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        DirBuilder::new().mode(0o700).create(&path)?;
        let folder = Self(path);
        fs::write(folder.certificate(), certificate)?;
        let mut netrc =
            OpenOptions::new().create_new(true).write(true).mode(0o600).open(folder.netrc())?;
        for address in addresses {
            let (user, password) = (login.user(), login.password());
            writeln!(netrc, "machine {address} login {user} password {password}")?;
        }
        Ok(folder)
    }

    pub fn certificate(&self) -> PathBuf {
        self.0.join("cluster.pem")
    }

    pub fn netrc(&self) -> PathBuf {
        self.0.join("netrc")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // Nothing can be done about it.
        let _ = fs::remove_dir_all(&self.0);
    }
}
