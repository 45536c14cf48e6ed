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

/// The input before an operation, and its answer after it.
struct Block(Cell<Vec<u8>>);

/// There is one thread.
unsafe impl Sync for Block {}

static BLOCK: Block = Block(Cell::new(Vec::new()));

/// Room for an input of this length; returns where it is.
#[unsafe(no_mangle)]
extern "C" fn input(length: usize) -> *mut u8 {
    let mut block = vec![0; length];
    let start = block.as_mut_ptr();
    BLOCK.0.set(block);
    start
}

/// Wipes the answer.
#[unsafe(no_mangle)]
extern "C" fn wipe() {
    BLOCK.0.take();
    allocator::wipe();
}

fn run(length: usize, operation: fn(&[u8]) -> Outcome) -> *const u8 {
    let input = BLOCK.0.take();
    let answer = Answer::block(operation(input.get(..length).unwrap_or(&input)));
    let start = answer.as_ptr();
    BLOCK.0.set(answer);
    start
}

/// Functions of JavaScript: each takes the length of the input and returns where the answer is.
macro_rules! exports {
    ($($name:ident = $module:ident::$operation:ident)*) => {
        $(
            #[unsafe(no_mangle)]
            extern "C" fn $name(length: usize) -> *const u8 {
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
