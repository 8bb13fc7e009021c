//! The side file: sixteen bytes beside a book that say how far its log goes, so that a look for others' commits costs one read of
//! the drive instead of a read transaction.
//!
//! It is a hint and nothing more. Missing, short, damaged or a lie, it makes somebody look too often or too late; what is true is
//! only ever read from the book. It is written after a commit, so a program that dies in between leaves it behind the book, and the
//! next look at the book's own counter finds what it did not tell.

use std::fs::{File, Metadata, OpenOptions};
use std::path::{Path, PathBuf};

/// What the side file says: the book's epoch and the `seq` of the last change in its log.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub epoch: i64,
    pub seq: i64,
}

/// Bytes of the file: two numbers, little endian.
const SIZE: usize = 16;

impl Mark {
    fn to_bytes(self) -> [u8; SIZE] {
        let mut bytes = [0; SIZE];
        bytes[..8].copy_from_slice(&self.epoch.to_le_bytes());
        bytes[8..].copy_from_slice(&self.seq.to_le_bytes());
        bytes
    }

    fn from_bytes(bytes: [u8; SIZE]) -> Self {
        let number = |from: usize| {
            let mut eight = [0; 8];
            eight.copy_from_slice(&bytes[from..from + 8]);
            i64::from_le_bytes(eight)
        };
        Self {
            epoch: number(0),
            seq: number(8),
        }
    }
}

/// The side file of one book, held open.
#[derive(Debug)]
pub(super) struct Side {
    book: PathBuf,
    path: PathBuf,
    held: Held,
}

#[derive(Debug)]
enum Held {
    /// Nobody has asked for it yet.
    Not,
    /// It is not there, or is nothing that we would write into.
    Nothing,
    File(File),
}

impl Side {
    /// The side file of a book. Nothing is opened yet.
    pub fn of(book: &Path) -> Self {
        let mut name = book.as_os_str().to_owned();
        name.push("-seq");
        Self {
            book: book.to_owned(),
            path: name.into(),
            held: Held::Not,
        }
    }

    /// What it says now, past what this machine remembers of it. One read of the drive.
    pub fn read(&mut self) -> Option<Mark> {
        if matches!(self.held, Held::Not) {
            self.held = open(&self.path).map_or(Held::Nothing, Held::File);
        }
        let Held::File(file) = &self.held else {
            return None;
        };
        forget_cached(file);
        let mut bytes = [0; SIZE];
        (read_at_start(file, &mut bytes).ok()? == SIZE).then(|| Mark::from_bytes(bytes))
    }

    /// Says how far the log goes. `make` makes the file where there is none. That it cannot be written is no fault: it is a hint.
    pub fn write(&mut self, mark: Mark, make: bool) {
        if matches!(self.held, Held::Not) || (make && matches!(self.held, Held::Nothing)) {
            let found = open(&self.path).or_else(|| make.then(|| self.make()).flatten());
            self.held = found.map_or(Held::Nothing, Held::File);
        }
        if let Held::File(file) = &self.held
            && write_at_start(file, &mark.to_bytes()).is_err()
        {
            self.held = Held::Not;
        }
    }

    /// Lets go of the file, so that the next use finds the one that is there by then.
    pub fn let_go(&mut self) {
        self.held = Held::Not;
    }

    /// Makes it, for those who may use the book and nobody else.
    fn make(&self) -> Option<File> {
        let book = std::fs::metadata(&self.book).ok()?;
        let file = options().create_new(true).open(&self.path).ok()?;
        share_like(&file, &book);
        Some(file)
    }
}

/// Opens what lies there, if it is a file that only a side file can be. A link could lead to any file, and a second name of the book
/// itself must never be opened and closed again: that would drop the locks of the whole process.
fn open(path: &Path) -> Option<File> {
    let found = std::fs::symlink_metadata(path).ok()?;
    let fits = found.is_file() && found.len() <= SIZE as u64 && has_one_name(&found);
    if !fits {
        return None;
    }
    // Who may not write it may still read it.
    let file = options().open(path);
    file.or_else(|_| options().write(false).open(path)).ok()
}

#[cfg(unix)]
fn options() -> OpenOptions {
    use rustix::fs::OFlags;
    use std::os::unix::fs::OpenOptionsExt;
    // A write must reach the server before others look; what is no file must not be followed or waited for.
    let flags = OFlags::DSYNC | OFlags::NOFOLLOW | OFlags::NONBLOCK;
    let mut options = OpenOptions::new();
    options
        .read(true)
        .write(true)
        .mode(0o600)
        .custom_flags(i32::try_from(flags.bits()).unwrap_or_default());
    options
}

#[cfg(not(unix))]
fn options() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.read(true).write(true);
    options
}

#[cfg(unix)]
fn has_one_name(found: &Metadata) -> bool {
    std::os::unix::fs::MetadataExt::nlink(found) == 1
}

#[cfg(not(unix))]
const fn has_one_name(_: &Metadata) -> bool {
    true
}

/// Gives the file the group and the rights of the book, as far as this user may.
#[cfg(unix)]
pub(super) fn share_like(file: &File, book: &Metadata) {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, fchown};
    let rights = std::fs::Permissions::from_mode(book.mode() & 0o666);
    // Without them others cannot write the hint, and are noticed by the book's own counter.
    let _ = fchown(file, None, Some(book.gid()));
    let _ = file.set_permissions(rights);
}

#[cfg(not(unix))]
pub(super) const fn share_like(_: &File, _: &Metadata) {}

/// Makes this machine forget what it has read of the file, so that the next read asks the drive.
#[cfg(any(target_os = "linux", target_os = "android", target_os = "freebsd"))]
fn forget_cached(file: &File) {
    // Where the system does not take the advice, what it knows grows old by itself.
    let _ = rustix::fs::fadvise(file, 0, None, rustix::fs::Advice::DontNeed);
}

#[cfg(not(any(target_os = "linux", target_os = "android", target_os = "freebsd")))]
const fn forget_cached(_: &File) {}

#[cfg(unix)]
fn read_at_start(file: &File, bytes: &mut [u8]) -> std::io::Result<usize> {
    std::os::unix::fs::FileExt::read_at(file, bytes, 0)
}

#[cfg(unix)]
fn write_at_start(file: &File, bytes: &[u8]) -> std::io::Result<()> {
    std::os::unix::fs::FileExt::write_all_at(file, bytes, 0)
}

#[cfg(windows)]
fn read_at_start(file: &File, bytes: &mut [u8]) -> std::io::Result<usize> {
    std::os::windows::fs::FileExt::seek_read(file, bytes, 0)
}

#[cfg(windows)]
fn write_at_start(file: &File, bytes: &[u8]) -> std::io::Result<()> {
    std::os::windows::fs::FileExt::seek_write(file, bytes, 0).map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: Mark = Mark { epoch: 3, seq: 41 };

    fn bed() -> (tempfile::TempDir, PathBuf) {
        let dir = tempfile::tempdir().unwrap();
        let book = dir.path().join("team.db");
        std::fs::write(&book, "a book").unwrap();
        (dir, book)
    }

    #[test]
    fn what_one_writes_another_reads_through_a_handle_that_it_holds() {
        let (_dir, book) = bed();
        let (mut ours, mut theirs) = (Side::of(&book), Side::of(&book));
        ours.write(MARK, true);
        assert_eq!(theirs.read(), Some(MARK));
        let next = Mark { seq: 42, ..MARK };
        ours.write(next, true);
        assert_eq!(theirs.read(), Some(next));
    }

    #[test]
    fn it_is_made_only_where_it_is_asked_for() {
        let (dir, book) = bed();
        Side::of(&book).write(MARK, false);
        assert!(!dir.path().join("team.db-seq").exists());
    }

    #[test]
    fn one_that_is_missing_short_or_no_file_says_nothing() {
        let (dir, book) = bed();
        let path = dir.path().join("team.db-seq");
        assert_eq!(Side::of(&book).read(), None);
        std::fs::write(&path, "short").unwrap();
        assert_eq!(Side::of(&book).read(), None);
        std::fs::remove_file(&path).unwrap();
        std::fs::create_dir(&path).unwrap();
        assert_eq!(Side::of(&book).read(), None);
        Side::of(&book).write(MARK, true);
    }

    #[test]
    fn one_that_was_replaced_is_found_again_after_it_was_let_go() {
        let (dir, book) = bed();
        let mut side = Side::of(&book);
        side.write(MARK, true);
        std::fs::remove_file(dir.path().join("team.db-seq")).unwrap();
        let next = Mark { seq: 42, ..MARK };
        Side::of(&book).write(next, true);
        assert_eq!(side.read(), Some(MARK));
        side.let_go();
        assert_eq!(side.read(), Some(next));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_in_its_place_is_neither_followed_nor_written_through() {
        for link in [
            |from: &Path, to: &Path| std::os::unix::fs::symlink(from, to),
            |from: &Path, to: &Path| std::fs::hard_link(from, to),
        ] {
            let (dir, book) = bed();
            link(&book, &dir.path().join("team.db-seq")).unwrap();
            Side::of(&book).write(MARK, true);
            assert_eq!(Side::of(&book).read(), None);
            assert_eq!(std::fs::read_to_string(&book).unwrap(), "a book");
        }
    }

    #[cfg(unix)]
    #[test]
    fn it_gets_the_rights_of_the_book() {
        use std::os::unix::fs::PermissionsExt;
        let (dir, book) = bed();
        std::fs::set_permissions(&book, std::fs::Permissions::from_mode(0o660)).unwrap();
        Side::of(&book).write(MARK, true);
        let made = std::fs::metadata(dir.path().join("team.db-seq")).unwrap();
        assert_eq!(made.permissions().mode() & 0o777, 0o660);
    }
}
