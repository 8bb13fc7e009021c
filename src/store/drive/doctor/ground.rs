//! The file that both seats hold open, locked and looked at as a book on a share is.

use std::fs::{File, OpenOptions};
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use super::super::super::error::StoreError;
use super::super::super::vfs::Shared;

/// What a seat can do with the file. Reading, writing and measuring hold the lock meanwhile.
pub(super) trait Ground {
    /// Takes the lock; false where somebody holds it, a word where there are no locks.
    fn lock(&mut self) -> Result<bool, String>;
    fn unlock(&mut self);
    /// Writes a word at its beginning, to the drive.
    fn write(&mut self, word: &str) -> io::Result<()>;
    /// Reads that word.
    fn read(&mut self) -> io::Result<String>;
    /// Makes it a page longer, and gives the new size.
    fn grow(&mut self) -> io::Result<u64>;
    fn size(&mut self) -> io::Result<u64>;
    /// Writes a page and flushes it.
    fn flush(&mut self) -> io::Result<()>;
}

/// How long a word is.
const WORD: usize = 32;
/// A page.
const PAGE: [u8; 4096] = [b'.'; 4096];
/// How long a lock that only the other one's work holds is waited for.
const PATIENCE: Duration = Duration::from_secs(10);

/// The real file.
pub(super) struct Held {
    shared: Shared,
}

impl Held {
    pub fn open(path: &Path) -> Result<Self, StoreError> {
        let file = OpenOptions::new().read(true).write(true).open(path);
        let file: File = file.map_err(|source| StoreError::File {
            doing: "Opening",
            path: path.to_owned(),
            source,
        })?;
        Ok(Self {
            shared: Shared::new(file),
        })
    }

    fn locked<T>(&mut self, act: impl FnOnce(&Shared) -> io::Result<T>) -> io::Result<T> {
        let since = Instant::now();
        while !self.lock().map_err(io::Error::other)? {
            if since.elapsed() > PATIENCE {
                return Err(io::Error::other("the lock was not released"));
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        let done = act(&self.shared);
        self.unlock();
        done
    }
}

impl Ground for Held {
    fn lock(&mut self) -> Result<bool, String> {
        self.shared.lock()
    }

    fn unlock(&mut self) {
        self.shared.unlock();
    }

    fn write(&mut self, word: &str) -> io::Result<()> {
        self.locked(|file| {
            file.write_at(word.as_bytes(), 0)?;
            file.sync()
        })
    }

    fn read(&mut self) -> io::Result<String> {
        self.locked(|file| {
            let mut word = [0; WORD];
            file.read_at(&mut word, 0)?;
            Ok(String::from_utf8_lossy(&word).into_owned())
        })
    }

    fn grow(&mut self) -> io::Result<u64> {
        self.locked(|file| {
            let size = file.size()?;
            file.write_at(&PAGE, size)?;
            file.sync()?;
            Ok(size + PAGE.len() as u64)
        })
    }

    fn size(&mut self) -> io::Result<u64> {
        self.locked(Shared::size)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.shared.write_at(&PAGE, PAGE.len() as u64)?;
        self.shared.sync()
    }
}
