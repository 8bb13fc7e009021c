//! Waiting for a lock, fairly: random pauses that grow, so that of many who wait none is always last (sharing: our own busy
//! handler). SQLite's own wait gave some writers thousands of turns and others one.

use std::time::{Duration, Instant};

use super::error::StoreError;

/// The first pause is about this long.
const FIRST: Duration = Duration::from_millis(2);
/// No pause is longer than about this.
const LONGEST: Duration = Duration::from_millis(100);

/// A run of pauses for one act.
#[derive(Debug)]
pub(super) struct Pauses {
    since: Instant,
    patience: Duration,
    next: Duration,
    noise: u64,
}

impl Pauses {
    /// Pauses until `patience` is used up.
    pub fn for_up_to(patience: Duration) -> Self {
        let mut seed = [0; 8];
        // Without randomness the pauses are merely less fair.
        let _ = getrandom::fill(&mut seed);
        Self {
            since: Instant::now(),
            patience,
            next: FIRST,
            noise: u64::from_le_bytes(seed) | 1,
        }
    }

    /// How long to wait before the next try: half to three halves of a pause that doubles.
    pub fn next_pause(&mut self) -> Duration {
        // xorshift64
        self.noise ^= self.noise << 13;
        self.noise ^= self.noise >> 7;
        self.noise ^= self.noise << 17;
        let share = u32::try_from(self.noise % 1000).unwrap_or_default();
        let pause = self.next / 2 + self.next * share / 1000;
        self.next = (self.next * 2).min(LONGEST);
        pause
    }

    /// How long this act has waited.
    pub fn waited(&self) -> Duration {
        self.since.elapsed()
    }

    /// Does something, again and again while the book is locked and patience lasts.
    pub fn run<T>(self, act: impl FnMut() -> Result<T, StoreError>) -> Result<T, StoreError> {
        self.run_while(|fault| matches!(fault, StoreError::Busy), act)
    }

    /// Does something, again and again while its fault is one that passes and patience lasts.
    pub fn run_while<T>(
        mut self,
        passes: impl Fn(&StoreError) -> bool,
        mut act: impl FnMut() -> Result<T, StoreError>,
    ) -> Result<T, StoreError> {
        loop {
            match act() {
                Err(fault) if passes(&fault) && self.waited() < self.patience => {
                    std::thread::sleep(self.next_pause());
                }
                done => return done,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_and_stay_within_their_bounds() {
        let mut pauses = Pauses::for_up_to(Duration::ZERO);
        let all: Vec<Duration> = (0..20).map(|_| pauses.next_pause()).collect();
        assert!(all[0] >= FIRST / 2 && all[0] <= FIRST * 3 / 2);
        assert!(all[19] >= LONGEST / 2 && all[19] <= LONGEST * 3 / 2);
    }

    #[test]
    fn impatience_gives_up_at_the_first_lock() {
        let mut tries = 0;
        let result: Result<(), _> = Pauses::for_up_to(Duration::ZERO).run(|| {
            tries += 1;
            Err(StoreError::Busy)
        });
        assert!(matches!(result, Err(StoreError::Busy)));
        assert_eq!(tries, 1);
    }
}
