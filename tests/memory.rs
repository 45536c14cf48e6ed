//! How much memory decoding takes at most. A binary of its own: its allocator counts.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, unsafe_code)]

use std::{
    alloc::{GlobalAlloc, Layout, System},
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

use element_pairing::{MAX_TEXT_LEN, PairingKey, clean};

/// Bytes allocated now, and the most there were since the mark was set.
static NOW: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

/// Counts what is asked for. `realloc` is the default: for a moment both blocks are there.
struct Counting;

// SAFETY: all is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let now = NOW.fetch_add(layout.size(), Relaxed) + layout.size();
        PEAK.fetch_max(now, Relaxed);
        // SAFETY: the caller keeps the contract.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        NOW.fetch_sub(layout.size(), Relaxed);
        // SAFETY: the caller keeps the contract.
        unsafe { System.dealloc(block, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// The most bytes that were allocated at a time while `work` ran.
fn peak<T>(work: impl FnOnce() -> T) -> usize {
    let before = NOW.load(Relaxed);
    PEAK.store(before, Relaxed);
    drop(work());
    PEAK.load(Relaxed) - before
}

/// A key with as many members more as fit, the shortest ones.
fn with_members(key: &str, member: impl Fn(usize) -> String) -> String {
    let mut json = String::from("{");
    for n in 0.. {
        let member = member(n);
        if 2 * (json.len() + member.len() + key.len()) > MAX_TEXT_LEN {
            break;
        }
        json += &member;
    }
    hex::encode(json + &key[1..])
}

/// Measured at most: 11.1 bytes for each byte of text, for thousands of unknown members; 1.1 for
/// long texts without them; 14.5 for excerpts.
#[test]
fn memory_is_a_small_multiple_of_the_text() {
    assert_eq!(peak(|| (vec![0_u8; 1_000], vec![0_u8; 500])), 1_500, "the allocator counts");

    let volume = "{\"mvip\":\"192.0.2.7\",\"volumeID\":7,\"volumeName\":\"vol\",\
                  \"volumePairUUID\":\"5f0c6d1e-8a3b-4c2d-9e7f-0123456789ab\"}";
    let name = volume.split_at(volume.find("vol\"").unwrap());
    let open = &volume[..volume.len() - 1];
    let fill = |before: &str, repeated: &str, after: &str| {
        let room = MAX_TEXT_LEN / 2 - before.len() - after.len();
        hex::encode(format!("{before}{}{after}", repeated.repeat(room / repeated.len())))
    };
    let different = with_members(volume, |n| {
        let letters = || (b'#'..=b'~').filter(|&letter| letter != b'\\').map(char::from);
        let letter = |n: usize| letters().nth(n % 91).unwrap();
        format!("\"{}{}\":0,", letter(n / 91), letter(n))
    });
    let spread: String = hex::encode(volume).chars().flat_map(|digit| [digit, '\u{a0}']).collect();
    let good = [
        ("a key", hex::encode(volume)),
        ("white space between all digits", spread),
        ("4,600 unknown members", different),
        ("a name of escapes", fill(name.0, "\\n", name.1)),
        ("an unknown value of escapes", fill(&format!("{open},\"a\":\""), "\\u0000", "\"}")),
        ("a long array", fill(&format!("{open},\"a\":[0"), ",0", "]}")),
    ];
    let bad = [
        ("6,500 unknown members of one name", with_members(volume, |_| "\"\":0,".into())),
        ("a known member thousands of times", with_members(volume, |_| "\"mvip\":0,".into())),
        ("open brackets", fill("{\"a\":", "[", "")),
        ("open strings", fill("{", "\"", "")),
        ("zeros", "0".repeat(MAX_TEXT_LEN)),
        ("white space", " ".repeat(MAX_TEXT_LEN)),
        ("zero-width spaces", "\u{200b}".repeat(MAX_TEXT_LEN / 3)),
        ("not UTF-8", "ff".repeat(MAX_TEXT_LEN / 2)),
        ("JSON without a key", format!("{{{}", "\"clusterPairingKey\"".repeat(3_000))),
        ("too long", "7b".repeat(MAX_TEXT_LEN)),
    ];
    for (texts, are_keys) in [(&good[..], true), (&bad, false)] {
        for (what, text) in texts {
            let result = PairingKey::decode(text);
            assert_eq!(result.is_ok(), are_keys, "{what}: {:?}", result.err());
            let decoding = peak(|| PairingKey::decode(text));
            let cleaning = peak(|| clean(text));
            let excerpt = result.err().map_or(0, |error| peak(|| error.excerpt(text)));
            println!("{what}: {}: {decoding}, {cleaning}, {excerpt}", text.len());
            for peak in [decoding, cleaning, excerpt] {
                assert!(peak <= 16 * text.len() + 1_024, "{what}: {peak} of {}", text.len());
            }
        }
    }

    // Not a test of its own: what other threads allocate would be counted too.
    #[cfg(feature = "topology")]
    listings_take_a_small_multiple_of_their_text();
}

/// Measured at most: 45 bytes for each byte of text, for a list of the shortest volumes; 0.9 for one
/// as clusters send it.
#[cfg(feature = "topology")]
fn listings_take_a_small_multiple_of_their_text() {
    use element_pairing::api::{ListVolumes, Response};

    let list = |item: &str, count: usize| {
        let items = vec![item; count].join(",");
        format!("{{\"id\":1,\"result\":{{\"volumes\":[{items}]}}}}")
    };
    let pairs = vec!["{\"volumePairUUID\":\"\"}"; 65_537].join(",");
    let escapes = "\\n".repeat(500_000);
    let printed = include_str!("api/ListActivePairedVolumes.response.json");
    let volume: serde_json::Value = serde_json::from_str(printed).unwrap();
    let volume = volume["result"]["volumes"][0].to_string();
    let cases = [
        ("volumes as clusters list them", list(&volume, 4_097), true),
        ("shortest volumes", list("{\"volumeID\":1}", 65_537), true),
        ("shortest pairs", list(&format!("{{\"volumeID\":1,\"volumePairs\":[{pairs}]}}"), 1), true),
        ("a long name", list(&format!("{{\"volumeID\":1,\"name\":\"{escapes}\"}}"), 1), true),
        (
            "unknown members",
            list("{\"volumeID\":1,\"x\":[[[[[[[[[[1]]]]]]]]]],\"\":0}", 10_000),
            true,
        ),
        ("no volumes", list("{}", 1_000_000), false),
        ("open brackets", "{\"x\":".to_owned() + &"[".repeat(1_000_000), false),
        ("open objects", "{\"result\":".repeat(100_000), false),
    ];
    for (what, text, sound) in cases {
        let read = || Response::<ListVolumes>::read(&text);
        assert_eq!(read().is_ok(), sound, "{what}: {:?}", read().err());
        let peak = peak(read);
        println!("{what}: {}: {peak}", text.len());
        assert!(peak <= 48 * text.len(), "{what}: {peak} of {}", text.len());
    }
}
