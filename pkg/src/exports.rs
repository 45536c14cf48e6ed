//! How JavaScript calls: it asks for room, writes the input there, calls an operation, reads the
//! answer, and has it wiped. Numbers go over the border and nothing else, so no glue is needed.
#![expect(unsafe_code, reason = "the border: exported names, and what one thread shares")]

use alloc::{vec, vec::Vec};
use core::{arch::wasm32, cell::Cell, panic::PanicInfo};

use crate::{
    allocator,
    answer::{Answer, Outcome},
};

#[cfg(feature = "topology")]
mod held;

/// Ends the call; JavaScript makes an error of it.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}

/// What calls share.
struct Shared<T>(Cell<T>);

/// There is one thread.
unsafe impl<T> Sync for Shared<T> {}

static INPUT: Shared<Vec<u8>> = Shared(Cell::new(Vec::new()));

/// Stays until JavaScript has read it.
static ANSWER: Shared<Answer> = Shared(Cell::new(Answer::EMPTY));

/// 1 if the answer is an error, then place and length of each of its slices.
static HEAD: Shared<[usize; 9]> = Shared(Cell::new([0; 9]));

/// Room for an input of this length; returns where it is.
#[unsafe(no_mangle)]
extern "C" fn input(length: usize) -> *mut u8 {
    let mut input = vec![0; length];
    let start = input.as_mut_ptr();
    INPUT.0.set(input);
    start
}

/// Wipes the answer.
#[unsafe(no_mangle)]
extern "C" fn wipe() {
    INPUT.0.take();
    ANSWER.0.take();
    allocator::wipe();
}

// Once for all: inlined it would be in each export.
#[inline(never)]
fn run(length: usize, operation: &mut dyn FnMut(&[u8]) -> Outcome) -> *const usize {
    let input = INPUT.0.take();
    let outcome = operation(input.get(..length).unwrap_or(&input));
    let failed = outcome.is_err().into();
    let (Ok(answer) | Err(answer)) = outcome;
    let (numbers, lengths, text, secret) = answer.slices();
    HEAD.0.set([
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
    ANSWER.0.set(answer);
    HEAD.0.as_ptr().cast()
}

/// Functions of JavaScript: each takes the length of the input and returns where the head of the
/// answer is.
#[cfg(not(feature = "simulator"))]
macro_rules! exports {
    ($($name:ident = $module:ident::$operation:ident)*) => {
        $(
            #[unsafe(no_mangle)]
            extern "C" fn $name(length: usize) -> *const usize {
                run(length, &mut crate::$module::$operation)
            }
        )*
    };
}

#[cfg(not(feature = "simulator"))]
exports! {
    decode = codec::decode
    clean = codec::clean_text
    username = codec::username
    password = codec::password
    encode_cluster = codec::encode_cluster
    encode_volume = codec::encode_volume
}

#[cfg(all(feature = "topology", not(feature = "simulator")))]
exports! {
    plan = plans::plan
    audit = listings::audit
    check = listings::check
    topology = listings::topology
    write_request = messages::write_request
    read_response = messages::read_response
    tables = tables::tables
    escape_text = tables::escape_text
}
