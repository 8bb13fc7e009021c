//! What the shim does with an open file. Safe code: the C edge (`raw`) hands it slices and numbers.

use std::ffi::c_int;
use std::fs::{File, OpenOptions};
use std::path::{Path, PathBuf};

use rusqlite::ffi;

use super::ahead::{Ahead, HEAD};
use super::here::Claim;
use super::locks::{Level, Locks, Refusal};
use super::posix::Posix;
use super::raw::Real;
use super::tail::Tail;

/// SQLite's own numbers for faults.
pub(super) type Code = c_int;

/// An open file of SQLite's.
pub(super) struct Open {
    real: Real,
    role: Role,
}

/// What it is for.
enum Role {
    Book(Shared),
    Journal(Tail),
    Other,
}

/// What a book on a share has beside SQLite's own handle.
struct Shared {
    locks: Locks<Posix>,
    /// The file's size, known while at least the shared lock is held: nobody else changes it then.
    size: Option<i64>,
    /// What was read of it under that lock.
    ahead: Ahead,
    _claim: Claim,
}

impl Shared {
    /// Lets go of all that may be otherwise from now on.
    fn forget(&mut self) {
        self.size = None;
        self.ahead.forget();
    }
}

impl Open {
    /// Opens the book itself. SQLite's handle comes first: it finds out whether the file may be written.
    pub fn book(
        path: &Path,
        alone: bool,
        open: impl FnOnce() -> Result<(Real, c_int), Code>,
    ) -> Result<(Self, c_int), Code> {
        let claim = Claim::of(path).ok_or(ffi::SQLITE_CANTOPEN)?;
        let (real, how) = open()?;
        let writable = how & ffi::SQLITE_OPEN_READONLY == 0;
        // Closed on execution of another program, as the standard library does it.
        let file = OpenOptions::new().read(true).write(writable).open(path);
        let role = Role::Book(Shared {
            locks: Locks::new(Posix::new(file.map_err(|_| ffi::SQLITE_CANTOPEN)?, alone)),
            size: None,
            ahead: Ahead::default(),
            _claim: claim,
        });
        Ok((Self { real, role }, how))
    }

    pub fn journal(real: Real) -> Self {
        let role = Role::Journal(Tail::default());
        Self { real, role }
    }

    pub const fn other(real: Real) -> Self {
        let role = Role::Other;
        Self { real, role }
    }

    /// Puts out what is held of a journal: before whatever is more than appending to it.
    fn settle(&mut self) -> Result<&mut Real, Code> {
        if let Role::Journal(tail) = &mut self.role {
            tail.put_out(&mut |bytes, at| self.real.write(bytes, at))?;
        }
        Ok(&mut self.real)
    }

    pub fn read(&mut self, into: &mut [u8], at: i64) -> Result<(), Code> {
        self.get(into, at).map_err(unread)
    }

    /// Reads; of a book that is locked with what lies around.
    fn get(&mut self, into: &mut [u8], at: i64) -> Result<(), Code> {
        let Role::Book(shared) = &mut self.role else {
            return self.settle()?.read(into, at);
        };
        if shared.locks.level() == Level::None {
            return self.real.read(into, at);
        }
        shared
            .locks
            .settle()
            .map_err(|_| ffi::SQLITE_IOERR_UNLOCK)?;
        let end = at.saturating_add(i64::try_from(into.len()).unwrap_or(i64::MAX));
        let mut get = |into: &mut [u8], at| self.real.read(into, at);
        match shared.size {
            Some(size) if end <= size => shared.ahead.read(into, at, size, &mut get),
            // SQLite looks at the counter before it asks for the size.
            None if end <= HEAD => shared.ahead.read_head(into, at, &mut get),
            _ => get(into, at),
        }
    }

    pub fn write(&mut self, bytes: &[u8], at: i64) -> Result<(), Code> {
        match &mut self.role {
            Role::Journal(tail) => {
                tail.write(bytes, at, &mut |bytes, at| self.real.write(bytes, at))
            }
            Role::Book(shared) => {
                shared.ahead.forget();
                self.real.write(bytes, at)?;
                let end = at.saturating_add(i64::try_from(bytes.len()).unwrap_or(i64::MAX));
                shared.size = shared.size.map(|size| size.max(end));
                Ok(())
            }
            Role::Other => self.real.write(bytes, at),
        }
    }

    pub fn truncate(&mut self, size: i64) -> Result<(), Code> {
        if let Role::Book(shared) = &mut self.role {
            shared.forget();
        }
        self.settle()?.truncate(size)
    }

    pub fn sync(&mut self, flags: c_int) -> Result<(), Code> {
        self.settle()?.sync(flags)
    }

    pub fn size(&mut self) -> Result<i64, Code> {
        let Role::Book(shared) = &mut self.role else {
            return self.settle()?.size();
        };
        if let Some(size) = shared.size {
            return Ok(size);
        }
        let size = fresh_size(shared.locks.bytes().file()).map_err(|_| ffi::SQLITE_IOERR_FSTAT)?;
        shared.size = (shared.locks.level() >= Level::Shared).then_some(size);
        Ok(size)
    }

    pub fn lock(&mut self, want: Level) -> Result<(), Code> {
        let Role::Book(shared) = &mut self.role else {
            return Ok(());
        };
        let began = shared.locks.level();
        let locked = shared.locks.lock(want);
        if began == Level::None {
            shared.forget();
            if locked.is_ok() {
                forget_pages(shared.locks.bytes().file());
            }
        }
        locked.map_err(|refusal| code(refusal, ffi::SQLITE_IOERR_LOCK))
    }

    pub fn unlock(&mut self, want: Level) -> Result<(), Code> {
        let Role::Book(shared) = &mut self.role else {
            return Ok(());
        };
        #[cfg(test)]
        self.real.is_unlocked()?;
        let unlocked = shared.locks.unlock(want);
        if shared.locks.level() == Level::None {
            shared.forget();
        }
        unlocked.map_err(|_| ffi::SQLITE_IOERR_UNLOCK)
    }

    pub fn is_reserved(&mut self) -> Result<bool, Code> {
        let Role::Book(shared) = &mut self.role else {
            return Ok(false);
        };
        let found = shared.locks.is_reserved();
        found.map_err(|refusal| code(refusal, ffi::SQLITE_IOERR_CHECKRESERVEDLOCK))
    }

    /// SQLite's handle, for a control that is passed through; it may change the file.
    pub fn pass(&mut self, what: c_int) -> Result<&mut Real, Code> {
        if let Role::Book(shared) = &mut self.role
            && !LOOKS.contains(&what)
        {
            shared.forget();
        }
        self.settle()
    }

    /// Closes it. What is held of a journal goes out first; where that fails the file is closed all the same.
    pub fn close(mut self) -> Result<(), Code> {
        let settled = match std::mem::replace(&mut self.role, Role::Other) {
            Role::Journal(tail) => tail.close(&mut |bytes, at| self.real.write(bytes, at)),
            // Its locks go once SQLite's own handle is closed.
            role => {
                self.role = role;
                Ok(())
            }
        };
        let closed = self.real.close();
        settled.and(closed)
    }

    /// What the file system is, for sector sizes and the like.
    pub const fn real(&mut self) -> &mut Real {
        &mut self.real
    }
}

/// The controls in every transaction that leave a file as it is: asked for a pragma, and whether it has moved.
const LOOKS: [c_int; 2] = [ffi::SQLITE_FCNTL_PRAGMA, ffi::SQLITE_FCNTL_HAS_MOVED];

/// A drive without locks is told from one that is gone: the one is refused, the other waited for.
fn code(refusal: Refusal, no_service: Code) -> Code {
    match refusal {
        Refusal::Busy => ffi::SQLITE_BUSY,
        Refusal::NoService(_) => no_service,
        Refusal::Gone(_) => ffi::SQLITE_IOERR_RDLOCK,
    }
}

/// What a failed read says of a share. SQLite's Unix code takes `EIO` for the word of a file system that is damaged, which becomes
/// "the database is malformed"; a share that is cut off answers the same, and the book behind it is well.
const fn unread(code: Code) -> Code {
    match code {
        ffi::SQLITE_IOERR_CORRUPTFS => ffi::SQLITE_IOERR_READ,
        other => other,
    }
}

/// Makes the system forget what it has read of the file before the lock was taken: some network file systems go on showing it.
pub(super) fn forget_pages(file: &File) {
    #[cfg(any(target_os = "linux", target_os = "android"))]
    {
        // Advice: where it is not taken the lock is still as good as the drive makes it.
        let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
    }
    #[cfg(not(any(target_os = "linux", target_os = "android")))]
    let _ = file;
}

/// The size as the server knows it, not as this machine remembers it.
pub(super) fn fresh_size(file: &File) -> std::io::Result<i64> {
    #[cfg(target_os = "linux")]
    {
        use rustix::fs::{AtFlags, StatxFlags, statx};
        let flags = AtFlags::EMPTY_PATH | AtFlags::STATX_FORCE_SYNC;
        match statx(file, c"", flags, StatxFlags::SIZE) {
            Ok(found) => return Ok(i64::try_from(found.stx_size).unwrap_or(i64::MAX)),
            // A kernel or a sandbox without it.
            Err(rustix::io::Errno::NOSYS | rustix::io::Errno::PERM) => {}
            Err(fault) => return Err(fault.into()),
        }
    }
    Ok(i64::try_from(file.metadata()?.len()).unwrap_or(i64::MAX))
}

/// Whether there is a journal that has not ended. It is opened, which asks the server, and read anew: what a client remembers may
/// be stale, and a journal that is believed missing, empty or ended hides half a transaction. One that has ended begins with a
/// zero. SQLite looks at the same byte, but asks five more things of the drive before and after.
pub(super) fn is_journal_there(path: &Path) -> bool {
    use std::os::unix::fs::FileExt;
    let mut first = [0];
    let looked = File::open(path).and_then(|file| {
        forget_pages(&file);
        file.read_at(&mut first, 0)
    });
    match looked {
        Ok(read) => read > 0 && first[0] != 0,
        Err(fault) => fault.kind() != std::io::ErrorKind::NotFound,
    }
}

/// Whether a name is that of a rollback journal.
pub(super) fn names_journal(path: &Path) -> bool {
    path.as_os_str().as_encoded_bytes().ends_with(b"-journal")
}

/// The path in a C string of SQLite's.
pub(super) fn path_of(name: &std::ffi::CStr) -> PathBuf {
    use std::os::unix::ffi::OsStrExt;
    Path::new(std::ffi::OsStr::from_bytes(name.to_bytes())).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_that_cannot_be_read_is_gone_and_not_damaged() {
        assert_eq!(unread(ffi::SQLITE_IOERR_CORRUPTFS), ffi::SQLITE_IOERR_READ);
        // The file ends before its end: that may be damage.
        let short = ffi::SQLITE_IOERR_SHORT_READ;
        assert_eq!(unread(short), short);
    }

    #[test]
    fn only_a_journal_that_has_not_ended_is_there() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("team.db-journal");
        assert!(!is_journal_there(&path));
        for (content, there) in [(&b""[..], false), (&[0; 512], false), (b"\xd9\xd5", true)] {
            std::fs::write(&path, content).unwrap();
            assert_eq!(is_journal_there(&path), there, "{content:?}");
        }
    }
}
