//! One outbox: a folder with a lock, the steps that count now, and those found earlier, by day.
//!
//! ```text
//! book              where the book lies whose steps these are: a copy of it somewhere else has not lost what it never had
//! lock              held while a process has this outbox; never replaced, so that the lock is always on the same file
//! steps.jsonl       appended to; made anew, whole, when it has grown
//! found-20781.jsonl steps that were found in the book, moved here on that day (since 1970); gone after a week
//! damaged.jsonl     lines that could not be read, or are of another book, as they were
//! ```

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use super::super::error::StoreError;
use super::line::{self, Entry, Line};
use super::step::{State, Step, Steps};
use crate::domain::id::StepId;

const BOOK: &str = "book";
const LOCK: &str = "lock";
const STEPS: &str = "steps.jsonl";
const ANEW: &str = "steps.new";
const DAMAGED: &str = "damaged.jsonl";
const FOUND: &str = "found-";
const END: &str = ".jsonl";

/// Below this many bytes an outbox is read in no time and left as it is.
const SMALL: u64 = 64 * 1024;
/// For so many days steps that were found are kept, for the case that the drive loses them after all.
pub(super) const DAYS_KEPT: i64 = 7;

/// An outbox under its lock.
#[derive(Debug)]
pub(in crate::store) struct Outbox {
    folder: PathBuf,
    /// The book whose steps these are.
    id: StepId,
    /// Held for as long as this lives.
    _lock: File,
    file: File,
    /// How long the file is, up to the end of its last whole line.
    len: u64,
    /// The last line has no end: the next one must not run into it.
    torn: bool,
    steps: Steps,
    /// Lines of a newer clinch.
    newer: Vec<Vec<u8>>,
    /// How many lines were put aside when it was taken.
    damaged: usize,
    /// The book lay elsewhere when these steps were kept.
    moved: bool,
}

impl Outbox {
    /// Takes the outbox in a folder for the book of this id at this place; it is made where it is not there. `None` where another process has
    /// it, or where it is of a book that lies somewhere else. Of one that does not lie there any more, what waits is at hand.
    pub fn take(folder: &Path, id: StepId, book: &Path) -> io::Result<Option<Self>> {
        let is_new = !folder.is_dir();
        if is_new {
            make_folder(folder)?;
        }
        let lock = open(&folder.join(LOCK), OpenOptions::new().write(true))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Ok(None),
            Err(TryLockError::Error(fault)) => return Err(fault),
        }
        let path = folder.join(STEPS);
        let file = open(&path, OpenOptions::new().append(true))?;
        let of = folder.join(BOOK);
        let place = book.to_string_lossy();
        let known = fs::read_to_string(&of).unwrap_or_default();
        if known.is_empty() {
            let mut of = open(&of, OpenOptions::new().write(true))?;
            of.write_all(place.as_bytes())?;
            of.sync_all()?;
        }
        if is_new {
            // The names must be there after a power cut, as the lines will be.
            for folder in folder.ancestors().take(3) {
                sync_folder(folder)?;
            }
        }
        let content = fs::read(&path)?;
        let mut outbox = Self {
            folder: folder.to_owned(),
            id,
            _lock: lock,
            file,
            len: content.len() as u64,
            torn: content.last().is_some_and(|last| *last != b'\n'),
            steps: Steps::default(),
            newer: Vec::new(),
            damaged: 0,
            moved: !known.is_empty() && known != place,
        };
        let read = Read::of(id, &content);
        outbox.steps = read.steps;
        if outbox.moved && (!outbox.has_open() || Path::new(&known).exists()) {
            return Ok(None);
        }
        outbox.newer = read.newer;
        outbox.damaged = read.damaged.len();
        if !read.damaged.is_empty() {
            outbox.put_aside(&read.damaged)?;
            outbox.write_anew(|_| true)?;
        }
        Ok(Some(outbox))
    }

    /// Whether the book lay elsewhere when its steps were kept: this may be another copy of it, from which nothing was lost.
    pub fn moved(&self) -> bool {
        self.moved
    }

    fn has_open(&self) -> bool {
        let mut steps = self.steps.iter();
        steps.any(|step| matches!(step.state, State::Waiting | State::Asked))
    }

    /// Its steps.
    pub fn steps(&self) -> &Steps {
        &self.steps
    }

    /// How many of its lines could not be read and were put aside; asked again, none.
    pub fn take_damaged(&mut self) -> usize {
        std::mem::take(&mut self.damaged)
    }

    /// How many of its lines are of a newer clinch.
    pub fn newer(&self) -> usize {
        self.newer.len()
    }

    /// What a fault of the disk means for those who keep steps here.
    pub fn fault(&self, source: io::Error) -> StoreError {
        StoreError::Outbox {
            path: self.folder.clone(),
            source,
        }
    }

    /// Where lines are put that could not be read.
    pub fn aside(&self) -> PathBuf {
        self.folder.join(DAMAGED)
    }

    /// Writes a step and flushes it to the disk: after this it is safe here.
    pub fn keep(&mut self, entry: Entry) -> io::Result<()> {
        self.append(&line::write(self.id, &entry), true)?;
        self.steps.take(entry, true);
        Ok(())
    }

    /// Writes marks. They are not flushed: one that a power cut takes makes its step be looked up again.
    pub fn mark(&mut self, entries: Vec<Entry>) -> Result<(), StoreError> {
        let mut bytes = Vec::new();
        for entry in &entries {
            bytes.extend(line::write(self.id, entry));
        }
        self.append(&bytes, false)
            .map_err(|fault| self.fault(fault))?;
        for entry in entries {
            self.steps.take(entry, false);
        }
        Ok(())
    }

    /// All bytes in one write, or none of them.
    fn append(&mut self, bytes: &[u8], flush: bool) -> io::Result<()> {
        if bytes.is_empty() {
            return Ok(());
        }
        let bytes = if self.torn {
            &[b"\n", bytes].concat()
        } else {
            bytes
        };
        let written = self
            .file
            .write_all(bytes)
            .and_then(|()| if flush { self.file.sync_data() } else { Ok(()) });
        match written {
            Ok(()) => {
                self.len += bytes.len() as u64;
                self.torn = false;
                Ok(())
            }
            Err(fault) => {
                // What was begun must not run into the next line.
                self.torn = self.file.set_len(self.len).is_err();
                Err(fault)
            }
        }
    }

    /// The steps that were found in the last days and are no longer among those that count now.
    pub fn earlier(&self) -> io::Result<Vec<Step>> {
        let mut steps = Vec::new();
        for (_, path) in self.archives()? {
            let read = Read::of(self.id, &fs::read(path)?);
            let new = read
                .steps
                .iter()
                .filter(|step| self.steps.get(step.id()).is_none());
            steps.extend(new.cloned());
        }
        Ok(steps)
    }

    /// Makes the outbox small again where it has grown: what is settled goes, what was found moves to the file of `today` (days
    /// since 1970), and what was found more than a week ago goes as well. Whenever the process dies in here, nothing that counts
    /// is gone: at worst a step stands in both files.
    pub fn tidy(&mut self, today: i64) -> io::Result<()> {
        if self.len < SMALL {
            return Ok(());
        }
        let canary = self.steps.canary().map(Step::id);
        let found: Vec<&Step> = self
            .steps
            .iter()
            .filter(|step| matches!(step.state, State::Found { .. }) && Some(step.id()) != canary)
            .collect();
        let settled = self.steps.iter().any(|step| step.state == State::Settled);
        if found.is_empty() && !settled {
            return Ok(());
        }
        let lines: Vec<u8> = found
            .iter()
            .flat_map(|step| step.entries())
            .flat_map(|entry| line::write(self.id, &entry))
            .collect();
        let archive = self.folder.join(format!("{FOUND}{today}{END}"));
        let mut file = open(&archive, OpenOptions::new().append(true))?;
        // A line that a crash cut off there stays by itself.
        file.write_all(&[b"\n", lines.as_slice()].concat())?;
        file.sync_data()?;
        for (day, path) in self.archives()? {
            if day < today - DAYS_KEPT {
                fs::remove_file(path)?;
            }
        }
        self.write_anew(|step| {
            Some(step.id()) == canary || !matches!(step.state, State::Found { .. } | State::Settled)
        })
    }

    /// The files of what was found earlier, by day.
    fn archives(&self) -> io::Result<Vec<(i64, PathBuf)>> {
        let mut archives = Vec::new();
        for entry in fs::read_dir(&self.folder)? {
            let path = entry?.path();
            let day = path
                .file_name()
                .and_then(|name| name.to_str())
                .and_then(|name| name.strip_prefix(FOUND)?.strip_suffix(END)?.parse().ok());
            archives.extend(day.map(|day| (day, path)));
        }
        archives.sort_unstable();
        Ok(archives)
    }

    /// Writes the file anew with the steps that are wanted, beside the old one, and puts it in its place.
    fn write_anew(&mut self, wanted: impl Fn(&Step) -> bool) -> io::Result<()> {
        let steps: Steps = self
            .steps
            .iter()
            .filter(|step| wanted(step))
            .cloned()
            .collect();
        let mut bytes: Vec<u8> = steps
            .iter()
            .flat_map(Step::entries)
            .flat_map(|entry| line::write(self.id, &entry))
            .collect();
        for line in &self.newer {
            bytes.extend_from_slice(line);
            bytes.push(b'\n');
        }
        let (new, path) = (self.folder.join(ANEW), self.folder.join(STEPS));
        // What a crash left of an earlier try is begun again.
        let mut file = open(&new, OpenOptions::new().write(true).truncate(true))?;
        file.write_all(&bytes)?;
        file.sync_all()?;
        fs::rename(&new, &path)?;
        sync_folder(&self.folder)?;
        self.file = open(&path, OpenOptions::new().append(true))?;
        self.len = bytes.len() as u64;
        self.torn = false;
        self.steps = steps;
        Ok(())
    }

    /// Puts a device behind it that is always full.
    #[cfg(all(test, target_os = "linux"))]
    pub(super) fn fill_up(&mut self, device: File) {
        self.file = device;
    }

    /// Keeps lines that could not be read, as they are.
    fn put_aside(&self, lines: &[Vec<u8>]) -> io::Result<()> {
        let mut bytes = lines.join(&b'\n');
        bytes.push(b'\n');
        let mut file = open(&self.aside(), OpenOptions::new().append(true))?;
        file.write_all(&bytes)?;
        file.sync_data()
    }
}

/// What a file of steps holds.
#[derive(Default)]
struct Read {
    steps: Steps,
    newer: Vec<Vec<u8>>,
    damaged: Vec<Vec<u8>>,
}

impl Read {
    fn of(book: StepId, content: &[u8]) -> Self {
        let mut read = Self::default();
        for text in content
            .split(|byte| *byte == b'\n')
            .filter(|text| !text.is_empty())
        {
            match line::read(book, text) {
                Line::Good(entry) => read.steps.take(entry, false),
                Line::Newer => read.newer.push(text.to_owned()),
                Line::Damaged => read.damaged.push(text.to_owned()),
            }
        }
        read
    }
}

/// Opens a file for its user's eyes only, made where it is not there.
fn open(path: &Path, how: &mut OpenOptions) -> io::Result<File> {
    how.create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(how, 0o600);
    how.open(path)
}

/// Makes a folder, and those above it, for its user's eyes only.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut make = DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut make, 0o700);
    make.recursive(true).create(folder)
}

/// Flushes the names in a folder.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_folder: &Path) -> io::Result<()> {
    Ok(())
}
