//! Byte locks of the system, on a handle of our own: `fcntl`, which network file systems pass on to their servers.

use std::ffi::c_int;
use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;

use super::locks::{Bytes, Kind, Range, Refusal};
use super::word;

/// A handle of the book's file. These locks belong to the process and are all dropped when it closes *any* handle of the file.
#[derive(Debug)]
pub(super) struct Posix {
    file: File,
    /// Whether a drive without locks is no fault: a lease stands for them.
    alone: bool,
}

impl Posix {
    pub const fn new(file: File, alone: bool) -> Self {
        Self { file, alone }
    }

    /// The call, and what stands for its answer where there are no locks and none are needed.
    fn call(&self, command: c_int, kind: c_int, range: Range) -> Result<c_int, Refusal> {
        match call(&self.file, command, kind, range).map_err(|fault| refusal(&fault)) {
            Err(Refusal::NoService(_)) if self.alone => Ok(c_int::from(libc::F_UNLCK)),
            done => done,
        }
    }

    pub const fn file(&self) -> &File {
        &self.file
    }
}

impl Bytes for Posix {
    fn take(&mut self, kind: Kind, range: Range) -> Result<(), Refusal> {
        let kind = match kind {
            Kind::Read => libc::F_RDLCK,
            Kind::Write => libc::F_WRLCK,
        };
        self.call(libc::F_SETLK, c_int::from(kind), range).map(drop)
    }

    fn free(&mut self, range: Range) -> Result<(), Refusal> {
        let free = || self.call(libc::F_SETLK, c_int::from(libc::F_UNLCK), range);
        // A signal that cuts the call short leaves the lock: nobody else would ever release it.
        let freed = match free() {
            Err(Refusal::Busy) => free(),
            done => done,
        };
        freed.map(drop)
    }

    fn is_written_elsewhere(&mut self, range: Range) -> Result<bool, Refusal> {
        self.call(libc::F_GETLK, c_int::from(libc::F_RDLCK), range)
            .map(|stands| stands != c_int::from(libc::F_UNLCK))
    }
}

/// Which answer means that somebody holds the lock, which that there is no such service, and which that the drive is gone. Kept
/// for the words of the fault.
fn refusal(fault: &io::Error) -> Refusal {
    let number = fault.raw_os_error().unwrap_or(0);
    let refusal = match number {
        libc::EACCES | libc::EAGAIN | libc::EBUSY | libc::EINTR | libc::ETIMEDOUT => Refusal::Busy,
        libc::ENOLCK | libc::ENOSYS | libc::EOPNOTSUPP | libc::EINVAL => Refusal::NoService(number),
        _ => Refusal::Gone(number),
    };
    if refusal != Refusal::Busy {
        word::keep(fault.to_string());
    }
    refusal
}

/// The system call; returns the kind of lock that is in the answer.
#[expect(unsafe_code, reason = "no safe crate takes locks on a range of bytes")]
fn call(file: &File, command: c_int, kind: c_int, range: Range) -> io::Result<c_int> {
    // SAFETY: `flock` is plain numbers, for which zeros are valid.
    let mut lock: libc::flock = unsafe { std::mem::zeroed() };
    // These constants and fields are of different widths on different systems; their values are below ten.
    lock.l_type = kind.try_into().unwrap_or_default();
    lock.l_whence = libc::SEEK_SET.try_into().unwrap_or_default();
    lock.l_start = range.start;
    lock.l_len = range.len;
    // SAFETY: the handle is open as long as `file` is borrowed, and the system reads and writes only `lock`, which outlives the call.
    let done = unsafe { libc::fcntl(file.as_raw_fd(), command, &raw mut lock) };
    if done == -1 {
        return Err(io::Error::last_os_error());
    }
    Ok(c_int::from(lock.l_type))
}

#[cfg(test)]
pub(super) mod tests {
    #[cfg(target_os = "linux")]
    use std::fs::OpenOptions;
    #[cfg(target_os = "linux")]
    use std::path::Path;

    #[cfg(target_os = "linux")]
    use super::super::locks::{RESERVED, SHARED};
    use super::*;

    /// What another process may hold: locks that belong to a handle, which get in the way of this process's own.
    #[cfg(target_os = "linux")]
    pub fn hold_from_elsewhere(path: &Path, kind: Kind, range: Range) -> File {
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .open(path)
            .unwrap();
        let kind = match kind {
            Kind::Read => libc::F_RDLCK,
            Kind::Write => libc::F_WRLCK,
        };
        call(&file, libc::F_OFD_SETLK, c_int::from(kind), range).unwrap();
        file
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn a_lock_of_somebody_else_is_busy_and_a_look_finds_it() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let mut here = Posix::new(file.reopen().unwrap(), false);
        let held = hold_from_elsewhere(file.path(), Kind::Write, RESERVED);
        assert_eq!(here.take(Kind::Write, RESERVED), Err(Refusal::Busy));
        assert_eq!(here.is_written_elsewhere(RESERVED), Ok(true));
        assert_eq!(here.take(Kind::Read, SHARED), Ok(()));
        drop(held);
        assert_eq!(here.is_written_elsewhere(RESERVED), Ok(false));
        assert_eq!(here.take(Kind::Write, RESERVED), Ok(()));
    }

    #[test]
    fn answers_of_the_system_are_told_apart() {
        let of = |number| refusal(&io::Error::from_raw_os_error(number));
        assert_eq!(of(libc::EAGAIN), Refusal::Busy);
        assert_eq!(of(libc::EACCES), Refusal::Busy);
        assert_eq!(of(libc::ENOLCK), Refusal::NoService(libc::ENOLCK));
        assert_eq!(of(libc::EOPNOTSUPP), Refusal::NoService(libc::EOPNOTSUPP));
        assert_eq!(of(libc::EIO), Refusal::Gone(libc::EIO));
        assert_eq!(of(libc::ESTALE), Refusal::Gone(libc::ESTALE));
    }
}
