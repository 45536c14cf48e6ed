//! How JavaScript calls: it asks for room, writes the input there, calls an operation, reads the
//! answer, and has it wiped. Numbers go over the border and nothing else, so no glue is needed.
#![expect(unsafe_code, reason = "the border: exported names, and what one thread shares")]

use alloc::{vec, vec::Vec};
use core::{arch::wasm32, cell::Cell, panic::PanicInfo};

use crate::{
    allocator,
    answer::{Answer, Outcome},
};

/// Ends the call; JavaScript makes an error of it.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}

/// What stays until JavaScript has read it.
struct Shared {
    input: Cell<Vec<u8>>,
    answer: Cell<Answer>,
    /// 1 if the answer is an error, then place and length of each of its slices.
    head: Cell<[usize; 9]>,
}

/// There is one thread.
unsafe impl Sync for Shared {}

static SHARED: Shared = Shared {
    input: Cell::new(Vec::new()),
    answer: Cell::new(Answer::EMPTY),
    head: Cell::new([0; 9]),
};

/// Room for an input of this length; returns where it is.
#[unsafe(no_mangle)]
extern "C" fn input(length: usize) -> *mut u8 {
    let mut input = vec![0; length];
    let start = input.as_mut_ptr();
    SHARED.input.set(input);
    start
}

/// Wipes the answer.
#[unsafe(no_mangle)]
extern "C" fn wipe() {
    SHARED.input.take();
    SHARED.answer.set(Answer::EMPTY);
    allocator::wipe();
}

// Once for all: inlined it would be in each export.
#[inline(never)]
fn run(length: usize, operation: fn(&[u8]) -> Outcome) -> *const usize {
    let input = SHARED.input.take();
    let outcome = operation(input.get(..length).unwrap_or(&input));
    let failed = outcome.is_err().into();
    let (Ok(answer) | Err(answer)) = outcome;
    let (numbers, lengths, text, secret) = answer.slices();
    SHARED.head.set([
        failed,
        numbers.as_ptr() as usize,
        numbers.len(),
        lengths.as_ptr() as usize,
        lengths.len(),
        text.as_ptr() as usize,
        text.len(),
        secret.as_ptr() as usize,
        secret.len(),
    ]);
    SHARED.answer.set(answer);
    SHARED.head.as_ptr().cast()
}

/// Functions of JavaScript: each takes the length of the input and returns where the head of the answer is.
macro_rules! exports {
    ($($name:ident = $module:ident::$operation:ident)*) => {
        $(
            #[unsafe(no_mangle)]
            extern "C" fn $name(length: usize) -> *const usize {
                run(length, crate::$module::$operation)
            }
        )*
    };
}

exports! {
    decode = codec::decode
    clean = codec::clean_text
    username = codec::username
    password = codec::password
    encode_cluster = codec::encode_cluster
    encode_volume = codec::encode_volume
}

#[cfg(feature = "topology")]
exports! {
    audit = listings::audit
    check = listings::check
    topology = listings::topology
    write_request = messages::write_request
    read_response = messages::read_response
    tables = tables::tables
    escape_text = tables::escape_text
}
