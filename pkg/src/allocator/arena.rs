//! For calls that keep nothing: memory is taken from the front, and all of it is wiped when the call
//! ends. That is smaller and faster than to free block by block.

use core::{
    alloc::{GlobalAlloc, Layout},
    arch::wasm32,
    cell::Cell,
    ptr::{self, addr_of_mut},
};

unsafe extern "C" {
    /// Where the linker's own data ends.
    static mut __heap_base: u8;
}

/// How many bytes of the heap are taken; those behind them are zero.
struct Arena(Cell<usize>);

/// There is one thread.
unsafe impl Sync for Arena {}

#[global_allocator]
static ARENA: Arena = Arena(Cell::new(0));

const PAGE: usize = 1 << 16;

fn base() -> *mut u8 {
    addr_of_mut!(__heap_base)
}

unsafe impl GlobalAlloc for Arena {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let base = base() as usize;
        let taken = (base + self.0.get()).next_multiple_of(layout.align()) - base;
        let Some(end) = taken.checked_add(layout.size()).and_then(|end| end.checked_add(base))
        else {
            return ptr::null_mut();
        };
        let pages = wasm32::memory_size::<0>();
        let missing = end.div_ceil(PAGE).saturating_sub(pages);
        if missing > 0 && wasm32::memory_grow::<0>(missing) == usize::MAX {
            return ptr::null_mut();
        }
        self.0.set(end - base);
        base_at(taken)
    }

    unsafe fn alloc_zeroed(&self, layout: Layout) -> *mut u8 {
        unsafe { self.alloc(layout) }
    }

    unsafe fn dealloc(&self, _: *mut u8, _: Layout) {}
}

fn base_at(offset: usize) -> *mut u8 {
    base().wrapping_add(offset)
}

/// Ends a call.
pub fn wipe() {
    unsafe { base().write_bytes(0, ARENA.0.replace(0)) }
}
