//! A disk that forgets: what was written and not flushed when the power went may be there, in part, in another order, or not at all.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::c_int;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

use crate::store::vfs::tap::{Act, Tap};

/// What a disk writes as one.
const SECTOR: usize = 512;
/// What stands where a file has grown and its content did not arrive.
const GARBAGE: u8 = 0xa5;

/// What happened to the files of a folder.
#[derive(Clone, Debug)]
pub enum Event {
    /// A file was opened, perhaps made.
    Open(String),
    Write(String, usize, Vec<u8>),
    Truncate(String, usize),
    Sync(String),
    Delete(String),
    /// Somebody was told that a step is in the book.
    Acknowledged,
}

/// Notes every event of a folder's files.
#[derive(Default)]
pub struct Recorder(Mutex<Vec<Event>>);

impl Recorder {
    pub fn note(&self, event: Event) {
        let mut events = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        events.push(event);
    }

    pub fn take(&self) -> Vec<Event> {
        std::mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Tap for Recorder {
    fn before(&self, file: &Path, act: Act<'_>) -> Result<(), c_int> {
        let name = file.file_name().unwrap().to_string_lossy().into_owned();
        let place = |at: i64| usize::try_from(at).unwrap();
        self.note(match act {
            Act::Open { .. } => Event::Open(name),
            Act::Write { at, bytes } => Event::Write(name, place(at), bytes.to_vec()),
            Act::Truncate { size } => Event::Truncate(name, place(size)),
            Act::Sync => Event::Sync(name),
            Act::Delete => Event::Delete(name),
            Act::Unlock => return Ok(()),
        });
        Ok(())
    }
}

/// Files by name.
pub type Files = BTreeMap<String, Vec<u8>>;

/// What becomes of what was not flushed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cut {
    /// All of it is lost.
    Lost,
    /// All of it is there.
    Kept,
    /// Some writes are there.
    Some,
    /// Some writes are there, and some changes of the folder.
    SomeAndNames,
    /// Some sectors of each write are there.
    Torn,
    /// Some sectors, and every change of the folder.
    TornAndNames,
    /// Some writes are there, in another order.
    Reordered,
    /// Files have grown, and some of what they grew by is garbage.
    Grown,
}

pub const CUTS: [Cut; 8] = [
    Cut::Lost,
    Cut::Kept,
    Cut::Some,
    Cut::SomeAndNames,
    Cut::Torn,
    Cut::TornAndNames,
    Cut::Reordered,
    Cut::Grown,
];

/// Chance that is the same in every run.
#[derive(Clone, Debug)]
pub struct Dice(pub u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        // xorshift64
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, limit: usize) -> usize {
        usize::try_from(self.roll() % (limit.max(1) as u64)).unwrap()
    }

    fn coin(&mut self) -> bool {
        self.roll().is_multiple_of(2)
    }
}

#[derive(Clone, Debug)]
enum Change {
    Write(usize, Vec<u8>),
    Truncate(usize),
}

/// The content of a file, whatever its name is by now.
#[derive(Clone, Debug, Default)]
struct Content {
    flushed: Vec<u8>,
    since: Vec<Change>,
}

/// A disk with a cache.
#[derive(Clone, Debug)]
pub struct Disk {
    contents: Vec<Content>,
    /// The folder as it is seen, and as it is after a cut.
    names: BTreeMap<String, usize>,
    flushed_names: BTreeMap<String, usize>,
    /// Changes of the folder that are not flushed.
    renames: Vec<(String, Option<usize>)>,
    /// Files that were opened since the folder was flushed through them: SQLite flushes the folder with the first flush of a journal.
    opened: BTreeSet<String>,
    /// Whether a flush does nothing: a drive that lies.
    lies: bool,
}

impl Disk {
    /// A disk with files that were flushed long ago.
    pub fn with(files: Files, lies: bool) -> Self {
        let mut disk = Self {
            contents: Vec::new(),
            names: BTreeMap::new(),
            flushed_names: BTreeMap::new(),
            renames: Vec::new(),
            opened: BTreeSet::new(),
            lies,
        };
        for (name, flushed) in files {
            disk.names.insert(name, disk.contents.len());
            disk.contents.push(Content {
                flushed,
                since: Vec::new(),
            });
        }
        disk.flushed_names = disk.names.clone();
        disk
    }

    /// Does what happened.
    pub fn apply(&mut self, event: &Event) {
        match event {
            Event::Open(name) => {
                self.content(name);
                self.opened.insert(name.clone());
            }
            Event::Write(name, at, bytes) => {
                let change = Change::Write(*at, bytes.clone());
                self.content(name).since.push(change);
            }
            Event::Truncate(name, size) => {
                self.content(name).since.push(Change::Truncate(*size));
            }
            Event::Sync(name) if !self.lies => self.flush(name),
            Event::Delete(name) => {
                if self.names.remove(name).is_some() {
                    self.renames.push((name.clone(), None));
                }
            }
            Event::Sync(_) | Event::Acknowledged => {}
        }
    }

    /// The content of a name, which is made where it is not there.
    fn content(&mut self, name: &str) -> &mut Content {
        let number = *self.names.entry(name.to_owned()).or_insert_with(|| {
            self.renames
                .push((name.to_owned(), Some(self.contents.len())));
            self.contents.push(Content::default());
            self.contents.len() - 1
        });
        &mut self.contents[number]
    }

    fn flush(&mut self, name: &str) {
        let content = self.content(name);
        let changes = std::mem::take(&mut content.since);
        for change in &changes {
            do_whole(&mut content.flushed, change);
        }
        if name.ends_with("-journal") && self.opened.remove(name) {
            self.renames.clear();
            self.flushed_names = self.names.clone();
        }
    }

    /// What is there when the power comes back.
    pub fn cut(&self, cut: Cut, dice: &mut Dice) -> Files {
        let mut names = self.flushed_names.clone();
        // Changes of a folder get there in their order.
        let arrived = match cut {
            Cut::Kept | Cut::TornAndNames => self.renames.len(),
            Cut::SomeAndNames | Cut::Grown => dice.below(self.renames.len() + 1),
            Cut::Lost | Cut::Some | Cut::Torn | Cut::Reordered => 0,
        };
        for (name, content) in &self.renames[..arrived] {
            match content {
                Some(content) => names.insert(name.clone(), *content),
                None => names.remove(name),
            };
        }
        names
            .into_iter()
            .map(|(name, content)| (name, self.contents[content].cut(cut, dice)))
            .collect()
    }
}

impl Content {
    fn cut(&self, cut: Cut, dice: &mut Dice) -> Vec<u8> {
        let mut file = self.flushed.clone();
        let mut changes: Vec<&Change> = self.since.iter().collect();
        match cut {
            Cut::Lost => {}
            Cut::Kept => {
                for change in changes {
                    do_whole(&mut file, change);
                }
            }
            Cut::Some | Cut::SomeAndNames => {
                for change in changes.into_iter().filter(|_| dice.coin()) {
                    do_whole(&mut file, change);
                }
            }
            Cut::Reordered => {
                for place in (1..changes.len()).rev() {
                    changes.swap(place, dice.below(place + 1));
                }
                for change in changes.into_iter().filter(|_| dice.below(4) > 0) {
                    do_whole(&mut file, change);
                }
            }
            Cut::Torn | Cut::TornAndNames => {
                for change in changes {
                    do_torn(&mut file, change, dice);
                }
            }
            Cut::Grown => {
                for change in &changes {
                    if let Change::Write(at, bytes) = change {
                        let end = file.len().max(at + bytes.len());
                        file.resize(end, GARBAGE);
                    }
                }
                for change in changes {
                    do_torn(&mut file, change, dice);
                }
            }
        }
        file
    }
}

fn do_whole(file: &mut Vec<u8>, change: &Change) {
    match change {
        Change::Write(at, bytes) => put(file, *at, bytes),
        Change::Truncate(size) => file.resize(*size, 0),
    }
}

/// Of a write each sector gets there or not; a change of the size does or does not.
fn do_torn(file: &mut Vec<u8>, change: &Change, dice: &mut Dice) {
    match change {
        Change::Write(at, bytes) => {
            let mut from = 0;
            while from < bytes.len() {
                let to = bytes.len().min((at + from) / SECTOR * SECTOR + SECTOR - at);
                if dice.coin() {
                    put(file, at + from, &bytes[from..to]);
                }
                from = to;
            }
        }
        Change::Truncate(size) if dice.coin() => file.resize(*size, 0),
        Change::Truncate(_) => {}
    }
}

fn put(file: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if file.len() < at + bytes.len() {
        file.resize(at + bytes.len(), 0);
    }
    file[at..at + bytes.len()].copy_from_slice(bytes);
}
