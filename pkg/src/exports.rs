//! How JavaScript calls: it asks for room, writes the input there, calls an operation, reads the
//! answer, and has it wiped. Numbers go over the border and nothing else, so no glue is needed.
#![expect(unsafe_code, reason = "the border: an allocator, exported names, what one thread shares")]

use alloc::{vec, vec::Vec};
use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32,
    cell::Cell,
    panic::PanicInfo,
};

use dlmalloc::GlobalDlmalloc;

use crate::answer::{Answer, Outcome};
#[cfg(feature = "topology")]
use crate::plans;

/// Overwrites what is freed: nothing stays behind in the memory. What grows is moved.
struct Wiping;

unsafe impl GlobalAlloc for Wiping {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        unsafe { GlobalDlmalloc.alloc(layout) }
    }

    unsafe fn dealloc(&self, block: *mut u8, layout: Layout) {
        unsafe {
            block.write_bytes(0, layout.size());
            // So that the write is not left out as one that nobody sees.
            core::hint::black_box(block);
            GlobalDlmalloc.dealloc(block, layout);
        }
    }
}

#[global_allocator]
static ALLOCATOR: Wiping = Wiping;

/// Ends the call; JavaScript makes an error of it.
#[panic_handler]
fn panic(_: &PanicInfo<'_>) -> ! {
    wasm32::unreachable()
}

/// What calls share.
struct Shared<T>(Cell<T>);

/// There is one thread.
unsafe impl<T> Sync for Shared<T> {}

/// The input before an operation, and its answer after it.
static BLOCK: Shared<Vec<u8>> = Shared(Cell::new(Vec::new()));

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
}

fn run(length: usize, operation: &mut dyn FnMut(&[u8]) -> Outcome) -> *const u8 {
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
                run(length, &mut crate::$module::$operation)
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
    plan = plans::plan
    audit = listings::audit
    check = listings::check
    topology = listings::topology
    write_request = messages::write_request
    read_response = messages::read_response
    tables = tables::tables
    escape_text = tables::escape_text
}

#[cfg(feature = "topology")]
static RUNS: Shared<plans::Runs> = Shared(Cell::new(plans::Runs::new()));

/// Functions of JavaScript: each takes the length of the input and the number of what it is about, and
/// returns where the answer is.
#[cfg(feature = "topology")]
macro_rules! exports_of {
    ($held:ident: $($name:ident = $module:ident::$operation:ident)*) => {
        $(
            #[unsafe(no_mangle)]
            extern "C" fn $name(length: usize, number: u32) -> *const u8 {
                let mut held = $held.0.take();
                let start = run(length, &mut |input| {
                    crate::$module::$operation(&mut held, number, input)
                });
                $held.0.set(held);
                start
            }
        )*
    };
}

#[cfg(feature = "topology")]
exports_of! {
    RUNS:
    run_begin = plans::begin
    run_next = plans::next
    run_answer = plans::answer
    run_lose = plans::lose
    run_abort = plans::abort
    run_states = plans::states
    run_record = plans::record
    run_entry = plans::entry
    run_dispose = plans::dispose
}
