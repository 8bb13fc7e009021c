//! The C edge: SQLite's tables of functions on one side, [`Open`] on the other. Nothing is decided here.
//!
//! A shim is SQLite's own `unix-none` (files without locks) with another way to open files. SQLite hands each of our functions the
//! file that [`open`] filled in, one call at a time, and nothing after it has called [`close`]; what the blocks below rely on is
//! this contract of `sqlite3_io_methods` and `sqlite3_vfs`.
#![expect(unsafe_code, reason = "SQLite is called, and calls, through pointers")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::{Path, PathBuf};
use std::ptr;
use std::slice;
use std::sync::OnceLock;

use rusqlite::ffi::{
    self, sqlite3_file, sqlite3_filename, sqlite3_int64, sqlite3_io_methods, sqlite3_vfs,
};

use super::file::{Code, Open, is_journal_there, names_journal, path_of};
use super::locks::Level;
#[cfg(test)]
use super::tap::{self, Act};

/// What SQLite sees of an open file: the head that it knows, and behind it ours.
#[repr(C)]
struct Handle {
    head: sqlite3_file,
    open: *mut Open,
}

/// An open file of the underlying VFS.
pub(super) struct Real {
    /// A `sqlite3_file` of the size that the VFS asks for. Words, so that it is aligned for whatever that holds.
    memory: Box<[u64]>,
    methods: &'static sqlite3_io_methods,
    closed: bool,
    #[cfg(test)]
    path: PathBuf,
}

/// Calls a function of the table, which has all of them in version 1 (a missing one answers `SQLITE_INTERNAL`).
macro_rules! call {
    ($real:expr, $function:ident $(, $argument:expr)*) => {{
        let real = $real;
        match real.methods.$function {
            // SAFETY: `memory` was filled in by the open of the same VFS, lives as long as `real`, and is not closed: only
            // `close` does that, once. Pointers among the arguments are of references that outlive the call.
            Some(function) => unsafe { function(real.memory.as_mut_ptr().cast() $(, $argument)*) },
            None => ffi::SQLITE_INTERNAL,
        }
    }};
}

impl Real {
    /// Opens a file. With it come SQLite's flags for how it was opened.
    ///
    /// # Safety
    /// `name` is what SQLite gave to our own open: it must stay valid until the file is closed.
    unsafe fn open(name: sqlite3_filename, flags: c_int) -> Result<(Self, c_int), Code> {
        let vfs = base().ok_or(ffi::SQLITE_INTERNAL)?.0;
        // SAFETY: a registered VFS is never freed, and nobody changes it.
        let table = unsafe { &*vfs };
        let size = usize::try_from(table.szOsFile).unwrap_or(0);
        let mut memory = vec![0_u64; size.div_ceil(size_of::<u64>())].into_boxed_slice();
        let file: *mut sqlite3_file = memory.as_mut_ptr().cast();
        let open = table.xOpen.ok_or(ffi::SQLITE_INTERNAL)?;
        let mut opened = flags;
        // SAFETY: `file` has the size that this VFS asks for and is zeroed, as it expects; `name` is valid by our own contract.
        done(unsafe { open(vfs, name, file, flags, &raw mut opened) })?;
        // SAFETY: an open that succeeded has set `pMethods` to a table that is part of the program.
        let methods = unsafe { (*file).pMethods.as_ref() };
        let real = Self {
            memory,
            methods: methods.ok_or(ffi::SQLITE_INTERNAL)?,
            closed: false,
            #[cfg(test)]
            // SAFETY: as above.
            path: unsafe { path_at(name) }.unwrap_or_default(),
        };
        Ok((real, opened))
    }

    pub fn read(&mut self, into: &mut [u8], at: i64) -> Result<(), Code> {
        let (into, len) = (into.as_mut_ptr().cast::<c_void>(), length(into.len())?);
        done(call!(self, xRead, into, len, at))
    }

    pub fn write(&mut self, bytes: &[u8], at: i64) -> Result<(), Code> {
        #[cfg(test)]
        tap::before(&self.path, Act::Write { at, bytes })?;
        let (from, len) = (bytes.as_ptr().cast::<c_void>(), length(bytes.len())?);
        done(call!(self, xWrite, from, len, at))
    }

    pub fn truncate(&mut self, size: i64) -> Result<(), Code> {
        #[cfg(test)]
        tap::before(&self.path, Act::Truncate { size })?;
        done(call!(self, xTruncate, size))
    }

    /// Before its lock is given back, which is not SQLite's own business here.
    #[cfg(test)]
    pub fn is_unlocked(&self) -> Result<(), Code> {
        tap::before(&self.path, Act::Unlock)
    }

    pub fn sync(&mut self, flags: c_int) -> Result<(), Code> {
        #[cfg(test)]
        tap::before(&self.path, Act::Sync)?;
        done(call!(self, xSync, flags))
    }

    pub fn size(&mut self) -> Result<i64, Code> {
        let mut size = 0;
        done(call!(self, xFileSize, &raw mut size))?;
        Ok(size)
    }

    pub fn close(&mut self) -> Result<(), Code> {
        if std::mem::replace(&mut self.closed, true) {
            return Ok(());
        }
        done(call!(self, xClose))
    }
}

impl Drop for Real {
    fn drop(&mut self) {
        // Closed already, or there is nobody to tell.
        let _ = self.close();
    }
}

fn length(len: usize) -> Result<c_int, Code> {
    c_int::try_from(len).map_err(|_| ffi::SQLITE_TOOBIG)
}

fn done(code: c_int) -> Result<(), Code> {
    if code == ffi::SQLITE_OK {
        Ok(())
    } else {
        Err(code)
    }
}

fn code(done: Result<(), Code>) -> c_int {
    done.err().unwrap_or(ffi::SQLITE_OK)
}

/// A level by SQLite's number.
fn level(number: c_int) -> Level {
    match number {
        ffi::SQLITE_LOCK_NONE => Level::None,
        ffi::SQLITE_LOCK_SHARED => Level::Shared,
        ffi::SQLITE_LOCK_RESERVED => Level::Reserved,
        ffi::SQLITE_LOCK_PENDING => Level::Pending,
        _ => Level::Exclusive,
    }
}

/// The path in a C string of SQLite's; `None` for a temporary file, which has no name.
///
/// # Safety
/// `name` is null or a C string that is valid during the call.
unsafe fn path_at(name: *const c_char) -> Option<PathBuf> {
    // SAFETY: by the contract of this function.
    (!name.is_null()).then(|| path_of(unsafe { CStr::from_ptr(name) }))
}

/// Ours behind SQLite's file.
///
/// # Safety
/// `file` was filled in by [`open`], with success, and not closed; SQLite uses it from one thread at a time.
unsafe fn ours<'a>(file: *mut sqlite3_file) -> &'a mut Open {
    // SAFETY: such a file is a `Handle` whose `open` came from `Box::into_raw`, and nobody else holds a reference meanwhile.
    unsafe { &mut *(*file.cast::<Handle>()).open }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite closes what it has opened, once; the box goes back to where it came from.
    let open = unsafe { Box::from_raw((*file.cast::<Handle>()).open) };
    code(open.close())
}

unsafe extern "C" fn read(
    file: *mut sqlite3_file,
    into: *mut c_void,
    len: c_int,
    at: sqlite3_int64,
) -> c_int {
    let len = usize::try_from(len).unwrap_or(0);
    // SAFETY: the contract of `xRead`: an open file, and `len` bytes that are ours to fill.
    let (open, into) = unsafe {
        (
            ours(file),
            slice::from_raw_parts_mut(into.cast::<u8>(), len),
        )
    };
    code(open.read(into, at))
}

unsafe extern "C" fn write(
    file: *mut sqlite3_file,
    from: *const c_void,
    len: c_int,
    at: sqlite3_int64,
) -> c_int {
    let len = usize::try_from(len).unwrap_or(0);
    // SAFETY: the contract of `xWrite`: an open file, and `len` bytes to read.
    let (open, bytes) = unsafe { (ours(file), slice::from_raw_parts(from.cast::<u8>(), len)) };
    code(open.write(bytes, at))
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, size: sqlite3_int64) -> c_int {
    // SAFETY: SQLite hands over an open file.
    code(unsafe { ours(file) }.truncate(size))
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    // SAFETY: SQLite hands over an open file.
    code(unsafe { ours(file) }.sync(flags))
}

unsafe extern "C" fn size(file: *mut sqlite3_file, size: *mut sqlite3_int64) -> c_int {
    // SAFETY: SQLite hands over an open file.
    let found = unsafe { ours(file) }.size();
    // SAFETY: and a place for the answer.
    code(found.map(|found| unsafe { *size = found }))
}

unsafe extern "C" fn lock(file: *mut sqlite3_file, want: c_int) -> c_int {
    // SAFETY: SQLite hands over an open file.
    code(unsafe { ours(file) }.lock(level(want)))
}

unsafe extern "C" fn unlock(file: *mut sqlite3_file, want: c_int) -> c_int {
    // SAFETY: SQLite hands over an open file.
    code(unsafe { ours(file) }.unlock(level(want)))
}

unsafe extern "C" fn is_reserved(file: *mut sqlite3_file, answer: *mut c_int) -> c_int {
    // SAFETY: SQLite hands over an open file.
    let found = unsafe { ours(file) }.is_reserved();
    // SAFETY: and a place for the answer.
    code(found.map(|found| unsafe { *answer = c_int::from(found) }))
}

unsafe extern "C" fn control(file: *mut sqlite3_file, what: c_int, with: *mut c_void) -> c_int {
    // SAFETY: SQLite hands over an open file. What `with` points to is between SQLite and the VFS below: it is passed through.
    let real = unsafe { ours(file) }.pass(what);
    real.map_or_else(|code| code, |real| call!(real, xFileControl, what, with))
}

unsafe extern "C" fn sector_size(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite hands over an open file.
    call!(unsafe { ours(file) }.real(), xSectorSize)
}

unsafe extern "C" fn characteristics(file: *mut sqlite3_file) -> c_int {
    // SAFETY: SQLite hands over an open file.
    call!(unsafe { ours(file) }.real(), xDeviceCharacteristics)
}

/// Version 1: without shared memory, so that WAL cannot be shared, and without mapped files.
static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    iVersion: 1,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(is_reserved),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: None,
    xShmLock: None,
    xShmBarrier: None,
    xShmUnmap: None,
    xFetch: None,
    xUnfetch: None,
};

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    opened: *mut c_int,
) -> c_int {
    let handle = file.cast::<Handle>();
    // SAFETY: SQLite hands over as many bytes as our VFS asks for, which is a `Handle`. Without methods it is not closed.
    unsafe { (*handle).head.pMethods = ptr::null() };
    // SAFETY: SQLite calls with the VFS that we registered; its name is a C string that lives as long as the program.
    let alone = unsafe { CStr::from_ptr((*vfs).zName) } == super::ALONE;
    // SAFETY: SQLite keeps the name of a file until it is closed.
    match unsafe { open_as(name, flags, alone) } {
        Ok((open, how)) => {
            // SAFETY: as above; `opened` is null or a place for the answer.
            unsafe {
                (*handle).open = Box::into_raw(Box::new(open));
                (*handle).head.pMethods = &raw const METHODS;
                if let Some(opened) = opened.as_mut() {
                    *opened = how;
                }
            }
            ffi::SQLITE_OK
        }
        Err(code) => code,
    }
}

/// # Safety
/// As for [`Real::open`].
unsafe fn open_as(
    name: sqlite3_filename,
    flags: c_int,
    alone: bool,
) -> Result<(Open, c_int), Code> {
    // SAFETY: by the contract of this function.
    let path = unsafe { path_at(name) };
    #[cfg(test)]
    if let Some(path) = &path {
        let new = !path.exists();
        tap::before(path, Act::Open { new })?;
    }
    // SAFETY: by the contract of this function.
    let real = || unsafe { Real::open(name, flags) };
    if flags & ffi::SQLITE_OPEN_MAIN_JOURNAL != 0 {
        // It lies there for good. Who only opens it, and makes it where that fails, need not sync its folder each time.
        // SAFETY: by the contract of this function.
        let there = unsafe { Real::open(name, flags & !ffi::SQLITE_OPEN_CREATE) };
        let (real, how) = there.or_else(|_| real())?;
        return Ok((Open::journal(real), how));
    }
    if let Some(path) = path.filter(|_| flags & ffi::SQLITE_OPEN_MAIN_DB != 0) {
        return Open::book(&path, alone, real);
    }
    real().map(|(real, how)| (Open::other(real), how))
}

unsafe extern "C" fn delete(_: *mut sqlite3_vfs, name: *const c_char, sync: c_int) -> c_int {
    #[cfg(test)]
    // SAFETY: SQLite hands over a C string.
    if let Some(path) = unsafe { path_at(name) }
        && let Err(refused) = tap::before(&path, Act::Delete)
    {
        return refused;
    }
    // SAFETY: passed through as it came, to the VFS below.
    through(|vfs| Some(unsafe { vfs.xDelete?(ptr::from_ref(vfs).cast_mut(), name, sync) }))
}

unsafe extern "C" fn access(
    _: *mut sqlite3_vfs,
    name: *const c_char,
    what: c_int,
    answer: *mut c_int,
) -> c_int {
    // SAFETY: SQLite hands over a C string.
    let path = unsafe { path_at(name) };
    if what == ffi::SQLITE_ACCESS_EXISTS
        && let Some(path) = path.as_deref().filter(|path: &&Path| names_journal(path))
    {
        // SAFETY: SQLite hands over a place for the answer.
        unsafe { *answer = c_int::from(is_journal_there(path)) };
        return ffi::SQLITE_OK;
    }
    // SAFETY: passed through as it came, to the VFS below.
    through(|vfs| Some(unsafe { vfs.xAccess?(ptr::from_ref(vfs).cast_mut(), name, what, answer) }))
}

fn through(call: impl FnOnce(&sqlite3_vfs) -> Option<c_int>) -> c_int {
    let vfs = base();
    // SAFETY: a registered VFS is never freed, and nobody changes it.
    let vfs = vfs.map(|vfs| unsafe { &*vfs.0 });
    vfs.and_then(call).unwrap_or(ffi::SQLITE_INTERNAL)
}

/// The VFS below.
#[derive(Clone, Copy)]
struct Base(*mut sqlite3_vfs);

// SAFETY: the VFS itself is part of SQLite, lives as long as the program, and may be used from any thread.
unsafe impl Send for Base {}
// SAFETY: as above; it is not changed after SQLite has made it.
unsafe impl Sync for Base {}

fn base() -> Option<Base> {
    static BASE: OnceLock<Option<Base>> = OnceLock::new();
    *BASE.get_or_init(|| {
        // SAFETY: the name is a C string; the answer is null or a registered VFS.
        let found = unsafe { ffi::sqlite3_vfs_find(super::NONE.as_ptr()) };
        (!found.is_null()).then_some(Base(found))
    })
}

/// Registers the shim, once in the life of the process, under a name that lives as long. False where SQLite was built without
/// what it stands on.
pub(super) fn register(name: &'static CStr) -> bool {
    let Some(base) = base() else {
        return false;
    };
    // SAFETY: a registered VFS is never freed. Its functions are told which VFS they are called for and look for their own data
    // there: the copy has it too.
    let mut vfs = unsafe { *base.0 };
    vfs.szOsFile = c_int::try_from(size_of::<Handle>()).unwrap_or(c_int::MAX);
    vfs.zName = name.as_ptr();
    vfs.pNext = ptr::null_mut();
    vfs.xOpen = Some(open);
    vfs.xDelete = Some(delete);
    vfs.xAccess = Some(access);
    // SAFETY: SQLite keeps the pointer: the table is leaked, so that it lives as long as the program.
    unsafe { ffi::sqlite3_vfs_register(Box::into_raw(Box::new(vfs)), 0) == ffi::SQLITE_OK }
}
