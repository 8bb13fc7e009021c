//! How long something took, on a machine that others use too.

use std::time::{Duration, Instant};

/// What something took.
pub struct Took {
    /// Of the processor; where the system does not tell that, by the clock.
    pub work: Duration,
    /// By the clock.
    pub clock: Duration,
}

impl Took {
    /// Does it and measures. Others who use the machine make the clock longer and the work hardly.
    pub fn of<T>(act: impl FnOnce() -> T) -> (T, Self) {
        let (begun, worked) = (Instant::now(), worked());
        let done = act();
        let clock = begun.elapsed();
        let work = worked.zip(self::worked());
        let work = work.map_or(clock, |(before, after)| after.saturating_sub(before));
        (done, Self { work, clock })
    }
}

/// What this thread has used of the processor; Linux tells it.
fn worked() -> Option<Duration> {
    // The system counts up to the last time that it looked, which it does here.
    std::thread::yield_now();
    let said = std::fs::read_to_string("/proc/thread-self/schedstat").ok()?;
    let nanos = said.split(' ').next()?.parse().ok()?;
    Some(Duration::from_nanos(nanos))
}
