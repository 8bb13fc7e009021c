//! The line between a client and the server: what it costs, when it is cut, and how much goes over it.

use std::collections::BTreeMap;
use std::sync::{Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fuser::Errno;

use super::locks::Holder;

/// What a client meets whose line is cut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// Every operation fails at once.
    Fails,
    /// Every operation waits until the line is back.
    Hangs,
}

/// A moment in a client's work at which its line is cut.
#[derive(Clone, Debug)]
pub struct CutAt {
    /// How the name of the written file ends.
    pub name: &'static str,
    /// At which write to it, counted from 1 and from now on.
    pub write: usize,
    /// Whether that write still gets through.
    pub after: bool,
    /// What the client meets then.
    pub how: Cut,
}

#[derive(Default)]
struct State {
    cut: Option<(Cut, Instant)>,
    at: Option<CutAt>,
    /// What the client closed while it was cut off: the server learns of it when the line is back.
    closed: Vec<(u64, Holder)>,
    /// The drive is taken down: nobody waits any more.
    over: bool,
}

/// How many operations went over a line, by kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts(BTreeMap<&'static str, u64>);

impl Counts {
    /// All of them.
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// Those of one kind, as FUSE names it: `read`, `setlk`.
    pub fn of(&self, kind: &str) -> u64 {
        self.0.get(kind).copied().unwrap_or_default()
    }

    /// What was added to an earlier count.
    pub fn since(&self, before: &Self) -> Self {
        let more = self.0.iter().map(|(kind, n)| (*kind, n - before.of(kind)));
        Self(more.filter(|(_, n)| *n > 0).collect())
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} operations (", self.total())?;
        for (place, (kind, n)) in self.0.iter().enumerate() {
            let between = if place == 0 { "" } else { ", " };
            write!(f, "{between}{n} {kind}")?;
        }
        f.write_str(")")
    }
}

/// A client's line.
#[derive(Default)]
pub struct Line {
    state: Mutex<State>,
    changed: Condvar,
    counts: Mutex<Counts>,
}

impl Line {
    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An operation goes over the line: it is counted, takes its time, and meets the cut.
    pub fn pass(&self, kind: &'static str, latency: Duration) -> Result<(), Errno> {
        let mut counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        *counts.0.entry(kind).or_default() += 1;
        drop(counts);
        if !latency.is_zero() {
            std::thread::sleep(latency);
        }
        self.wait()
    }

    /// Waits while the line hangs.
    pub fn wait(&self) -> Result<(), Errno> {
        let mut state = self.state();
        loop {
            match state.cut {
                Some((Cut::Hangs, _)) if !state.over => {
                    state = self
                        .changed
                        .wait(state)
                        .unwrap_or_else(PoisonError::into_inner);
                }
                None if !state.over => return Ok(()),
                _ => return Err(Errno::EIO),
            }
        }
    }

    /// What has gone over it so far.
    pub fn counts(&self) -> Counts {
        let counts = self.counts.lock().unwrap_or_else(PoisonError::into_inner);
        counts.clone()
    }

    /// Cuts it.
    pub fn cut(&self, how: Cut) {
        self.state().cut = Some((how, Instant::now()));
        self.changed.notify_all();
    }

    /// Cuts it at a later write.
    pub fn cut_at(&self, at: CutAt) {
        self.state().at = Some(at);
    }

    /// A write to a file of this name begins. Where the line was told to be cut before it, it is cut now; where behind it, the
    /// answer says how.
    pub fn writes(&self, name: &str) -> Option<Cut> {
        let mut state = self.state();
        let at = state.at.as_mut().filter(|at| name.ends_with(at.name))?;
        at.write -= 1;
        if at.write > 0 {
            return None;
        }
        let (after, how) = (at.after, at.how);
        state.at = None;
        drop(state);
        if after {
            return Some(how);
        }
        self.cut(how);
        None
    }

    /// Waits until the line is cut, for a bounded time.
    pub fn until_cut(&self, patience: Duration) -> bool {
        let waited = self
            .changed
            .wait_timeout_while(self.state(), patience, |state| state.cut.is_none());
        waited.is_ok_and(|(state, _)| state.cut.is_some())
    }

    /// For how long it has been cut.
    pub fn cut_for(&self) -> Option<Duration> {
        self.state().cut.map(|(_, since)| since.elapsed())
    }

    /// The client closes a file. While the line is cut this is kept for later, and true is returned.
    pub fn closes_unheard(&self, file: u64, holder: Holder) -> bool {
        let mut state = self.state();
        let cut = state.cut.is_some();
        if cut {
            state.closed.push((file, holder));
        }
        cut
    }

    /// Mends the line; returns what was closed meanwhile.
    pub fn mend(&self) -> Vec<(u64, Holder)> {
        let mut state = self.state();
        state.cut = None;
        state.at = None;
        let closed = std::mem::take(&mut state.closed);
        self.changed.notify_all();
        closed
    }

    /// Nobody waits on it any more, and nothing gets through.
    pub fn end(&self) {
        self.state().over = true;
        self.changed.notify_all();
    }
}
