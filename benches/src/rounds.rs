//! Times, measured in rounds.

use std::time::{Duration, Instant};

/// How many seconds it takes.
pub fn time(operation: impl FnOnce()) -> f64 {
    let start = Instant::now();
    operation();
    start.elapsed().max(Duration::from_nanos(1)).as_secs_f64()
}

/// The medians of what is measured of each row in each round. Machines change their speed from one
/// second to the next: all rows in every round, so that the ratios between them hold.
pub fn interleaved<const N: usize>(
    rounds: usize,
    rows: usize,
    mut measure: impl FnMut(usize) -> [f64; N],
) -> Vec<[f64; N]> {
    let mut samples = vec![Vec::with_capacity(rounds); rows];
    for _ in 0..rounds {
        for (row, samples) in samples.iter_mut().enumerate() {
            samples.push(measure(row));
        }
    }
    let median = |samples: &Vec<[f64; N]>, figure: usize| {
        let mut samples: Vec<_> = samples.iter().map(|sample| sample[figure]).collect();
        let middle = samples.len() / 2;
        *samples.select_nth_unstable_by(middle, f64::total_cmp).1
    };
    samples.iter().map(|samples| std::array::from_fn(|figure| median(samples, figure))).collect()
}

/// The slope of the line that fits the logarithms best.
pub fn exponent(sizes: &[usize], times: &[f64]) -> f64 {
    let points = || sizes.iter().zip(times).map(|(&size, time)| ((size as f64).ln(), time.ln()));
    let count = sizes.len() as f64;
    let mean = |of: fn((f64, f64)) -> f64| points().map(of).sum::<f64>() / count;
    let (x, y) = (mean(|(x, _)| x), mean(|(_, y)| y));
    let spread: f64 = points().map(|(size, _)| (size - x).powi(2)).sum();
    points().map(|(size, time)| (size - x) * (time - y)).sum::<f64>() / spread
}
