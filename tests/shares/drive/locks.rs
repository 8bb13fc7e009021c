//! The byte ranges of files that clients hold, by the rules of POSIX: one holder's ranges merge and split, those of several exclude
//! each other unless all of them read.

use std::collections::HashMap;

/// Who holds a lock: a process (as the kernel names it) on a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holder {
    /// The client's number.
    pub client: usize,
    /// The owner within the client.
    pub owner: u64,
}

/// A range that is held, or asked for. Both ends belong to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// Who.
    pub holder: Holder,
    /// The first byte.
    pub first: u64,
    /// The last byte.
    pub last: u64,
    /// Whether nobody else may hold any of it.
    pub exclusive: bool,
    /// The process, for who asks who holds it.
    pub pid: u32,
}

impl Range {
    fn overlaps(&self, first: u64, last: u64) -> bool {
        self.first <= last && first <= self.last
    }
}

/// All that is held, by file.
#[derive(Default)]
pub struct Locks {
    held: HashMap<u64, Vec<Range>>,
}

impl Locks {
    /// A range of somebody else that stands against this one.
    pub fn against(&self, file: u64, want: &Range) -> Option<Range> {
        let held = self.held.get(&file)?;
        let clashes = |range: &&Range| {
            range.holder != want.holder
                && range.overlaps(want.first, want.last)
                && (range.exclusive || want.exclusive)
        };
        held.iter().find(clashes).copied()
    }

    /// Takes a range, in place of what its holder had of it; false where somebody stands against it.
    pub fn take(&mut self, file: u64, want: Range) -> bool {
        if self.against(file, &want).is_some() {
            return false;
        }
        self.release(file, want.holder, want.first, want.last);
        self.held.entry(file).or_default().push(want);
        true
    }

    /// Gives a range back. What its holder has on either side stays.
    pub fn release(&mut self, file: u64, holder: Holder, first: u64, last: u64) {
        let Some(held) = self.held.get_mut(&file) else {
            return;
        };
        let mut rest = Vec::with_capacity(held.len() + 1);
        for range in held.drain(..) {
            if range.holder != holder || !range.overlaps(first, last) {
                rest.push(range);
                continue;
            }
            if range.first < first {
                rest.push(Range {
                    last: first - 1,
                    ..range
                });
            }
            if range.last > last {
                rest.push(Range {
                    first: last + 1,
                    ..range
                });
            }
        }
        *held = rest;
    }

    /// Gives back all that a client holds; returns the files.
    pub fn release_client(&mut self, client: usize) -> Vec<u64> {
        let mut files = Vec::new();
        for (file, held) in &mut self.held {
            let before = held.len();
            held.retain(|range| range.holder.client != client);
            if held.len() < before {
                files.push(*file);
            }
        }
        files
    }

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.held.clear();
    }
}
