//! Waiting for a lock, fairly: random pauses that grow, so that of many who wait none is always last (sharing: our own busy
//! handler). SQLite's own wait gave some writers thousands of turns and others one.

use std::time::{Duration, Instant};

use super::error::StoreError;

/// The first pause is about this long.
const FIRST: Duration = Duration::from_millis(2);
/// No pause is longer than about this.
const LONGEST: Duration = Duration::from_millis(100);

/// Who has waited for so long has waited longer than most.
const LONG: Duration = Duration::from_secs(1);

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

    /// How long to wait before the next try: half to three halves of a pause that doubles, and later a quarter of that.
    pub fn next_pause(&mut self) -> Duration {
        // xorshift64
        self.noise ^= self.noise << 13;
        self.noise ^= self.noise >> 7;
        self.noise ^= self.noise << 17;
        let share = u32::try_from(self.noise % 1000).unwrap_or_default();
        let pause = self.next / 2 + self.next * share / 1000;
        self.next = (self.next * 2).min(LONGEST);
        // Who has waited for long looks more often than who has just come, and so is more often there when the lock is free.
        if self.since.elapsed() > LONG {
            return pause / 4;
        }
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

/// Whose turn it is, as far as a writer can know: one who had to wait and has written lets those come first who wait still. Without
/// that the one who has just let go of the lock is the quickest to take it again, and others are served minutes later.
#[derive(Debug, Default)]
pub(super) struct Turn {
    /// Whether the lock was met since the last own step.
    met: bool,
    /// Until when it is the others' turn.
    others: Option<Instant>,
}

impl Turn {
    /// Whether it is others' turn: for us the book is as good as locked.
    pub fn is_others(&self) -> bool {
        self.others.is_some_and(|until| Instant::now() < until)
    }

    /// A try to write has ended.
    pub fn ended<T>(&mut self, written: &Result<T, StoreError>) {
        match written {
            Err(StoreError::Busy) => self.met = true,
            Ok(_) => {
                let met = std::mem::take(&mut self.met);
                // Those who wait look again after so long at the most.
                self.others = met.then(|| Instant::now() + LONGEST * 3 / 2);
            }
            Err(_) => {}
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

    #[test]
    fn who_had_to_wait_lets_others_come_first_after_a_step_and_nobody_else_does() {
        let mut turn = Turn::default();
        turn.ended(&Ok(()));
        assert!(!turn.is_others());
        turn.ended::<()>(&Err(StoreError::Busy));
        assert!(!turn.is_others());
        turn.ended(&Ok(()));
        assert!(turn.is_others());
        turn.ended(&Ok(()));
        assert!(!turn.is_others());
    }
}
