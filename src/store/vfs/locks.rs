//! SQLite's locks on the bytes of a book, taken the way its Windows code takes them.
//!
//! The bytes and their meaning are SQLite's on every platform, so that this program, `sqlite3` and a Windows client keep out of
//! each other's way. What differs is how one gets from reading to writing: SQLite's Unix code turns its read lock on the shared
//! range into a write lock, which an SMB server cannot do (it sees two handles' worth of locks, and the first forbids the second).
//! Here the read lock is released first. Nobody slips in meanwhile: who wants to read must pass PENDING, which the writer holds.
//!
//! | level | holds |
//! |---|---|
//! | shared | the shared range, for reading (PENDING for reading while it is taken) |
//! | reserved | and RESERVED, for writing: one writer prepares while others read |
//! | pending | and PENDING, for writing: no new reader |
//! | exclusive | and the shared range, for writing: no reader at all |
//!
//! Three things are done otherwise than in SQLite's Windows code. After a commit SQLite goes back to shared, and from there to nothing
//! at once: the first way is put off until something is read or locked again, and so most often is not gone at all. A hot journal is rolled back under PENDING too, as in the Unix
//! code. And a look whether somebody is writing asks for a *read* lock on RESERVED: with a write lock two lookers would take each
//! other for a writer, and both would read past a hot journal.

use std::time::Duration;

/// A run of bytes in the file, far behind what a book holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Range {
    pub start: i64,
    pub len: i64,
}

/// Held while reading starts (for reading), and by who is about to write (for writing).
pub(super) const PENDING: Range = Range {
    start: 0x4000_0000,
    len: 1,
};
/// Held by the one who prepares to write.
pub(super) const RESERVED: Range = Range {
    start: PENDING.start + 1,
    len: 1,
};
/// Held for reading by readers, for writing by who changes the file.
pub(super) const SHARED: Range = Range {
    start: PENDING.start + 2,
    len: 510,
};
/// PENDING and RESERVED, which lie side by side: released with one call.
const INTENTS: Range = Range {
    start: PENDING.start,
    len: 2,
};
/// Everything.
const ALL: Range = Range {
    start: PENDING.start,
    len: 512,
};

/// For reading many may hold a byte, for writing one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Read,
    Write,
}

/// Why a lock was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Somebody else holds it: trying again is safe.
    Busy,
    /// The drive keeps no locks. The system's number says more.
    NoService(i32),
    /// The drive does not answer, or has forgotten us.
    Gone(i32),
}

/// A file whose bytes can be locked. Nothing here waits.
pub(super) trait Bytes {
    /// Takes a lock, or turns one that is held into the other kind where the drive can do that.
    fn take(&mut self, kind: Kind, range: Range) -> Result<(), Refusal>;
    /// Releases what is held within a range; what is not held is no fault.
    fn free(&mut self, range: Range) -> Result<(), Refusal>;
    /// Whether somebody else holds a range for writing.
    fn is_written_elsewhere(&mut self, range: Range) -> Result<bool, Refusal>;
}

/// How far a connection has locked its file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Level {
    None,
    Shared,
    Reserved,
    Pending,
    Exclusive,
}

/// How often the shared range is asked for again where nobody should hold it: some servers take a moment to forget a lock.
const REGAINS: u32 = 50;
/// And how long after each.
const REGAIN_PAUSE: Duration = Duration::from_millis(2);

/// The locks of one connection.
#[derive(Debug)]
pub(super) struct Locks<B> {
    bytes: B,
    level: Level,
    /// Whether the bytes are still locked as exclusive, though SQLite has gone back to shared.
    owed: bool,
}

impl<B: Bytes> Locks<B> {
    pub const fn new(bytes: B) -> Self {
        Self {
            bytes,
            level: Level::None,
            owed: false,
        }
    }

    pub const fn level(&self) -> Level {
        self.level
    }

    pub const fn bytes(&self) -> &B {
        &self.bytes
    }

    /// Locks further, as SQLite asks: from nothing to shared, from there to reserved or exclusive. A refusal on the way to
    /// exclusive may leave the level at pending, from where SQLite tries again or goes back.
    pub fn lock(&mut self, want: Level) -> Result<(), Refusal> {
        if self.level >= want {
            return Ok(());
        }
        self.settle()?;
        match (self.level, want) {
            (Level::None, Level::Shared) => self.read(),
            (Level::Shared, Level::Reserved) => {
                self.bytes.take(Kind::Write, RESERVED)?;
                self.level = Level::Reserved;
                Ok(())
            }
            (Level::Shared | Level::Reserved | Level::Pending, Level::Exclusive) => self.write(),
            // SQLite asks in this order, but for one whose locks were lost under it.
            _ => Err(Refusal::Gone(0)),
        }
    }

    /// Passes PENDING and takes the shared range.
    fn read(&mut self) -> Result<(), Refusal> {
        self.bytes.take(Kind::Read, PENDING)?;
        let taken = self.bytes.take(Kind::Read, SHARED);
        // Where it is not known whether the server took it, releasing all leaves nothing behind.
        let released = self.bytes.free(if taken.is_ok() { PENDING } else { ALL });
        taken?;
        if let Err(refusal) = released {
            let _ = self.bytes.free(ALL);
            return Err(refusal);
        }
        self.level = Level::Shared;
        Ok(())
    }

    /// Takes PENDING, then changes the shared range from reading to writing.
    fn write(&mut self) -> Result<(), Refusal> {
        if self.level < Level::Pending {
            self.bytes.take(Kind::Write, PENDING)?;
            self.level = Level::Pending;
        }
        self.bytes.free(SHARED)?;
        if let Err(refusal) = self.bytes.take(Kind::Write, SHARED) {
            self.regain()?;
            return Err(refusal);
        }
        self.level = Level::Exclusive;
        Ok(())
    }

    /// Takes the shared range for reading again, under PENDING, which keeps writers away. Where that fails all is given up: SQLite
    /// hears of a fault, not of a busy file, and goes back to the start.
    fn regain(&mut self) -> Result<(), Refusal> {
        let mut tries = 0;
        while let Err(refusal) = self.bytes.take(Kind::Read, SHARED) {
            tries += 1;
            if tries > REGAINS {
                let _ = self.bytes.free(ALL);
                self.level = Level::None;
                return Err(match refusal {
                    Refusal::Busy => Refusal::Gone(0),
                    other => other,
                });
            }
            std::thread::sleep(REGAIN_PAUSE);
        }
        Ok(())
    }

    /// Goes back to shared, or to nothing.
    pub fn unlock(&mut self, want: Level) -> Result<(), Refusal> {
        if self.level <= want {
            return Ok(());
        }
        if want == Level::None {
            // Whatever comes of it: what the drive did not take back ends with our handle or with its lease.
            self.level = Level::None;
            self.owed = false;
            return self.bytes.free(ALL);
        }
        self.owed = self.level == Level::Exclusive;
        self.level = Level::Shared;
        if self.owed {
            return Ok(());
        }
        self.bytes.free(INTENTS)
    }

    /// Goes back to shared where that was put off: whoever goes on reading must not keep others from it.
    pub fn settle(&mut self) -> Result<(), Refusal> {
        if !std::mem::take(&mut self.owed) {
            return Ok(());
        }
        self.bytes.free(SHARED)?;
        self.regain()?;
        self.bytes.free(INTENTS)
    }

    /// Whether anybody, this connection included, prepares to write.
    pub fn is_reserved(&mut self) -> Result<bool, Refusal> {
        if self.level >= Level::Reserved {
            return Ok(true);
        }
        self.bytes.is_written_elsewhere(RESERVED)
    }
}

#[cfg(test)]
mod tests;
