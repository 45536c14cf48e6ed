//! The allocator that looks through every block at the moment it is freed.

use std::{
    alloc::{GlobalAlloc, Layout, System},
    cell::Cell,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::OnceLock,
};

struct Scanner;

#[global_allocator]
static SCANNER: Scanner = Scanner;

// SAFETY: all memory comes from `System`, by the layouts that were asked for. `realloc` stays the
// default: a new block, a copy, and the old block freed.
unsafe impl GlobalAlloc for Scanner {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        update(|watch| watch.live += 1);
        let block = unsafe { System.alloc(layout) };
        if !block.is_null() {
            // What an earlier owner of the memory left there is not the new one's.
            unsafe { block.write_bytes(0xAA, layout.size()) };
        }
        block
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        update(|watch| {
            watch.live -= 1;
            let found = find(unsafe { std::slice::from_raw_parts(block, layout.size()) });
            watch.traces += u32::from(found.is_some());
            watch.first = watch.first.or(found);
        });
        unsafe { System.dealloc(block, layout) }
    }
}

/// What was seen during a watched stretch.
#[derive(Clone, Copy, Default)]
pub struct Watch {
    /// Blocks allocated less blocks freed.
    pub live: i32,
    /// Freed blocks that held a run of a credential.
    pub traces: u32,
    first: Option<Found>,
}

/// The first run in a block.
#[derive(Clone, Copy)]
pub struct Found {
    block: usize,
    end: usize,
    run: u32,
    form: &'static str,
}

thread_local! {
    static WATCH: Cell<Option<Watch>> = const { Cell::new(None) };
}

fn update(change: impl FnOnce(&mut Watch)) {
    if let Some(mut watch) = WATCH.get() {
        change(&mut watch);
        WATCH.set(Some(watch));
    }
}

/// Runs `work` under the scanner. What it returns must not be on the heap.
pub fn watched<T>(work: impl FnOnce() -> T) -> (Option<T>, Watch) {
    WATCH.set(Some(Watch::default()));
    let result = catch_unwind(AssertUnwindSafe(work)).ok();
    (result, WATCH.take().unwrap_or_default())
}

impl Watch {
    pub fn fault(&self) -> Option<String> {
        if let Some(Found { block, end, run, form }) = self.first {
            let (traces, text) = (self.traces, run.to_be_bytes());
            return Some(format!(
                "{traces} freed blocks hold a credential; the first, of {block} bytes, has {:?} \
                 ({run:08x}) as {form}, up to byte {end}",
                String::from_utf8_lossy(&text)
            ));
        }
        (self.live != 0).then(|| format!("{} blocks are still alive", self.live))
    }
}

struct Runs {
    /// Four bytes each, as a number.
    sorted: Vec<u32>,
    /// Whether there is a run with these last two bytes.
    filter: [bool; 1 << 16],
    /// The numbers that hex digits stand for; 16 for other bytes.
    values: [u32; 256],
}

static RUNS: OnceLock<Runs> = OnceLock::new();

/// Says what to look for.
pub fn look_for(texts: &[&str]) {
    let _ = RUNS.set(Runs::new(runs(texts)));
}

impl Runs {
    fn new(sorted: Vec<u32>) -> Self {
        let mut filter = [false; 1 << 16];
        sorted.iter().for_each(|&run| filter[run as u16 as usize] = true);
        let value = |byte| char::from(byte as u8).to_digit(16).unwrap_or(16);
        Self { sorted, filter, values: std::array::from_fn(value) }
    }

    /// Plain loops and operators: this reads most of what the test allocates, in debug builds too.
    fn find(&self, block: &[u8]) -> Option<Found> {
        let (mut raw, mut hex, mut digits, mut at) = (0, 0, 0, 0);
        while at < block.len() {
            let byte = block[at] as usize;
            at += 1;
            raw = raw << 8 | byte as u32;
            if self.filter[raw as u16 as usize] && at >= 4 && self.has(raw) {
                return Some(Found { block: block.len(), end: at, run: raw, form: "bytes" });
            }
            let value = self.values[byte];
            digits = if value < 16 { digits + 1 } else { 0 };
            hex = hex << 4 | value & 15;
            if self.filter[hex as u16 as usize] && digits >= 8 && self.has(hex) {
                return Some(Found { block: block.len(), end: at, run: hex, form: "hex digits" });
            }
        }
        None
    }

    fn has(&self, run: u32) -> bool {
        self.sorted.binary_search(&run).is_ok()
    }
}

/// The first run in the bytes.
pub fn find(block: &[u8]) -> Option<Found> {
    RUNS.get()?.find(block)
}

/// The runs of texts, each once, those that begin in the middle of a byte as well.
pub fn runs(texts: &[&str]) -> Vec<u32> {
    let nibbles = |text: &&str| text.bytes().flat_map(|byte| [byte >> 4, byte & 15]).collect();
    let run = |window: &[u8]| window.iter().fold(0, |run, &nibble| run << 4 | u32::from(nibble));
    let texts: Vec<Vec<u8>> = texts.iter().map(nibbles).collect();
    let mut runs: Vec<u32> = texts.iter().flat_map(|text| text.windows(8)).map(run).collect();
    runs.sort_unstable();
    runs.dedup();
    runs
}
