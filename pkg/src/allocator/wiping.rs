//! For what keeps something from one call to the next.

use core::alloc::{GlobalAlloc, Layout};

use dlmalloc::GlobalDlmalloc;

/// Overwrites what is freed. What grows is moved.
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

/// Ends a call: everything was wiped when it was freed.
pub fn wipe() {}
