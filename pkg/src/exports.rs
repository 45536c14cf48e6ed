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
#[cfg(not(feature = "simulator"))]
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
