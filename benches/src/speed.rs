//! `cargo bench`: times. `cargo bench -- --quick` only shows that it runs.

mod cases;

use std::{
    env,
    time::{Duration, Instant},
};

use cases::{Case, Cases};

fn main() {
    let quick = env::args().any(|argument| argument == "--quick");
    let (rounds, slice) = if quick { (5, 50) } else { (601, 500) };
    let slice = Duration::from_micros(slice);

    let cases = Cases::all();
    let times: Vec<_> = cases.iter().map(|case| times_in(case, slice)).collect();
    let mut samples = vec![Vec::with_capacity(rounds); times.len()];
    // Machines change their speed from one second to the next. A round of all cases takes a
    // fraction of that, so the ratios between them hold.
    for _ in 0..rounds {
        for ((case, &times), samples) in cases.iter().zip(&times).zip(&mut samples) {
            samples.push(time(case, times).as_secs_f64() * 1e9 / f64::from(times));
        }
    }
    let medians: Vec<_> = samples.into_iter().map(|samples| [median(samples)]).collect();
    cases.print(["ns"], &medians);
}

fn time(case: &Case, times: u32) -> Duration {
    let start = Instant::now();
    case.run(times);
    start.elapsed()
}

/// How many times a case runs in about that time.
fn times_in(case: &Case, slice: Duration) -> u32 {
    let mut times = 1;
    while time(case, times) < slice {
        times *= 2;
    }
    times.div_ceil(2)
}

fn median(mut samples: Vec<f64>) -> f64 {
    let middle = samples.len() / 2;
    *samples.select_nth_unstable_by(middle, f64::total_cmp).1
}
