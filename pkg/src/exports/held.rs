//! Operations on what JavaScript holds.

use core::cell::Cell;

use super::{Shared, run};

/// Functions of JavaScript: each takes the length of the input and the number of what is held, and
/// returns where the head of the answer is.
macro_rules! exports {
    ($module:ident::$all:ident: $($name:ident = $operation:ident)*) => {
        static HELD: Shared<crate::$module::$all> = Shared(Cell::new(crate::$module::$all::new()));

        $(
            #[unsafe(no_mangle)]
            extern "C" fn $name(length: usize, number: u32) -> *const usize {
                let mut held = HELD.0.take();
                let answer = run(length, &mut |input| {
                    crate::$module::$operation(&mut held, number, input)
                });
                HELD.0.set(held);
                answer
            }
        )*
    };
}

#[cfg(not(feature = "simulator"))]
exports! {
    plans::Runs:
    run_begin = begin
    run_next = next
    run_answer = answer
    run_lose = lose
    run_abort = abort
    run_states = states
    run_record = record
    run_entry = entry
    run_dispose = dispose
}

#[cfg(feature = "simulator")]
exports! {
    simulated::Simulators:
    simulate = begin
    simulated_answer = answer
    simulated_listings = listings
    simulated_advance = advance
    simulated_cut = cut
    simulated_restore = restore
    simulated_dispose = dispose
}
