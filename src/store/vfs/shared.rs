//! A file that is locked, forgotten and measured as the shim does it with a book: for the proof of a drive.

use std::fs::File;
use std::io;

/// A file on a drive that is to be proved.
#[derive(Debug)]
pub(in crate::store) struct Shared(Inner);

#[cfg(unix)]
type Inner = super::posix::Posix;
#[cfg(not(unix))]
type Inner = File;

#[cfg(unix)]
impl Shared {
    pub fn new(file: File) -> Self {
        Self(super::posix::Posix::new(file, false))
    }

    /// Takes the lock of a writer, and forgets what was read before. False where somebody holds it, the system's word where there
    /// are no locks.
    pub fn lock(&mut self) -> Result<bool, String> {
        use super::locks::{Bytes, Kind, Refusal, SHARED};
        match self.0.take(Kind::Write, SHARED) {
            Ok(()) => {
                super::file::forget_pages(self.0.file());
                Ok(true)
            }
            Err(Refusal::Busy) => Ok(false),
            Err(_) => Err(super::last_word().unwrap_or_default()),
        }
    }

    pub fn unlock(&mut self) {
        use super::locks::{Bytes, SHARED};
        // What the drive did not take back the other one finds out.
        let _ = self.0.free(SHARED);
    }

    pub fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::read_exact_at(self.0.file(), into, at)
    }

    pub fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        std::os::unix::fs::FileExt::write_all_at(self.0.file(), bytes, at)
    }

    pub fn size(&self) -> io::Result<u64> {
        let size = super::file::fresh_size(self.0.file())?;
        Ok(size.unsigned_abs())
    }

    pub fn sync(&self) -> io::Result<()> {
        self.0.file().sync_all()
    }
}

/// By what the standard library has of Windows' locks.
#[cfg(not(unix))]
impl Shared {
    pub fn new(file: File) -> Self {
        Self(file)
    }

    pub fn lock(&mut self) -> Result<bool, String> {
        match self.0.try_lock() {
            Ok(()) => Ok(true),
            Err(std::fs::TryLockError::WouldBlock) => Ok(false),
            Err(std::fs::TryLockError::Error(fault)) => Err(fault.to_string()),
        }
    }

    pub fn unlock(&mut self) {
        // What the drive did not take back the other one finds out.
        let _ = self.0.unlock();
    }

    pub fn read_at(&self, into: &mut [u8], at: u64) -> io::Result<()> {
        use std::io::{Read, Seek, SeekFrom};
        let mut file = &self.0;
        file.seek(SeekFrom::Start(at))?;
        file.read_exact(into)
    }

    pub fn write_at(&self, bytes: &[u8], at: u64) -> io::Result<()> {
        use std::io::{Seek, SeekFrom, Write};
        let mut file = &self.0;
        file.seek(SeekFrom::Start(at))?;
        file.write_all(bytes)
    }

    pub fn size(&self) -> io::Result<u64> {
        self.0.metadata().map(|meta| meta.len())
    }

    pub fn sync(&self) -> io::Result<()> {
        self.0.sync_all()
    }
}
