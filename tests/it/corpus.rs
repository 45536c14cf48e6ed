//! The corpora of the fuzz targets, replayed without a fuzzer.

use std::{fs, path::Path};

#[path = "../../fuzz/targets.rs"]
pub mod targets;

fn replay(target: &str, body: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus").join(target);
    let mut inputs = 0;
    for entry in fs::read_dir(&folder).expect("the target's corpus folder") {
        let path = entry.expect("an entry of the folder").path();
        // Shown if the body panics.
        println!("{}", path.display());
        body(&fs::read(&path).expect("a file"));
        inputs += 1;
    }
    assert!(inputs > 0, "no files in {}", folder.display());
}

#[test]
fn decode_text() {
    replay("decode_text", targets::decode_text);
}

#[test]
fn decode_json() {
    replay("decode_json", targets::decode_json);
}

#[test]
fn round_trip() {
    replay("round_trip", targets::round_trip);
}

#[test]
fn damaged() {
    replay("damaged", targets::damaged);
}

#[cfg(feature = "topology")]
#[test]
fn listings() {
    replay("listings", targets::topology::listings);
}

#[cfg(feature = "topology")]
#[test]
fn messages() {
    replay("messages", targets::topology::messages);
}

#[cfg(feature = "simulator")]
#[test]
fn goals() {
    replay("goals", targets::plan::goals);
}

#[cfg(feature = "simulator")]
#[test]
fn calls() {
    replay("calls", targets::simulator::calls);
}
