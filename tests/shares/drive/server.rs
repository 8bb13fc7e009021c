//! What the drive's server keeps: files in memory, each with what is on the disk for sure and what is not yet.

use std::collections::{BTreeMap, HashMap};
use std::ffi::{OsStr, OsString};
use std::time::SystemTime;

use fuser::{Errno, FileType};

use super::locks::Locks;

/// The number of the root folder.
pub const ROOT: u64 = 1;

/// A disk writes sectors whole; a write that was under way at a crash is torn at one.
const SECTOR: usize = 512;

/// What was written to a file since it was synced last.
#[derive(Clone)]
enum Unsynced {
    Write { at: usize, bytes: Vec<u8> },
    Resize(usize),
}

/// A file or folder.
#[derive(Clone)]
pub struct Node {
    pub kind: FileType,
    pub mode: u16,
    pub owner: (u32, u32),
    pub changed: SystemTime,
    /// What readers see.
    data: Vec<u8>,
    /// What a crash leaves.
    stable: Vec<u8>,
    unsynced: Vec<Unsynced>,
}

impl Node {
    fn new(kind: FileType, mode: u16, owner: (u32, u32)) -> Self {
        Self {
            kind,
            mode,
            owner,
            changed: SystemTime::now(),
            data: Vec::new(),
            stable: Vec::new(),
            unsynced: Vec::new(),
        }
    }

    /// Its size in bytes.
    pub fn size(&self) -> usize {
        self.data.len()
    }

    /// Up to `count` bytes from an offset.
    pub fn read(&self, at: usize, count: usize) -> &[u8] {
        let from = at.min(self.data.len());
        let to = (at + count).min(self.data.len());
        &self.data[from..to]
    }

    /// Writes, for readers to see and for the next sync to keep.
    pub fn write(&mut self, at: usize, bytes: &[u8]) {
        put(&mut self.data, at, bytes);
        self.unsynced.push(Unsynced::Write {
            at,
            bytes: bytes.to_vec(),
        });
        self.changed = SystemTime::now();
    }

    /// Cuts or fills with zeros.
    pub fn resize(&mut self, size: usize) {
        self.data.resize(size, 0);
        self.unsynced.push(Unsynced::Resize(size));
        self.changed = SystemTime::now();
    }

    /// From now on a crash leaves what is there now.
    pub fn sync(&mut self) {
        for write in self.unsynced.drain(..) {
            match write {
                Unsynced::Write { at, bytes } => put(&mut self.stable, at, &bytes),
                Unsynced::Resize(size) => self.stable.resize(size, 0),
            }
        }
    }

    /// Loses what was not synced, all of it or some.
    fn crash(&mut self, loss: &mut Loss) {
        for write in std::mem::take(&mut self.unsynced) {
            match (loss.fate(), write) {
                (Fate::Lost, _) => {}
                (_, Unsynced::Resize(size)) => self.stable.resize(size, 0),
                (Fate::Kept, Unsynced::Write { at, bytes }) => put(&mut self.stable, at, &bytes),
                (Fate::Torn, Unsynced::Write { at, bytes }) => {
                    let half = bytes.len() / SECTOR / 2 * SECTOR;
                    put(&mut self.stable, at, &bytes[..half]);
                }
            }
        }
        self.data = self.stable.clone();
        self.changed = SystemTime::now();
    }
}

fn put(data: &mut Vec<u8>, at: usize, bytes: &[u8]) {
    if data.len() < at + bytes.len() {
        data.resize(at + bytes.len(), 0);
    }
    data[at..at + bytes.len()].copy_from_slice(bytes);
}

/// What a crash takes of the writes that were not synced.
#[derive(Clone, Copy, Debug)]
pub enum Loss {
    /// All of them.
    All,
    /// Some, and of some a part, by this seed.
    Some(u64),
}

enum Fate {
    Kept,
    Lost,
    Torn,
}

impl Loss {
    fn fate(&mut self) -> Fate {
        let Self::Some(noise) = self else {
            return Fate::Lost;
        };
        // xorshift64; the seed must not be zero.
        *noise |= u64::from(*noise == 0);
        *noise ^= *noise << 13;
        *noise ^= *noise >> 7;
        *noise ^= *noise << 17;
        match *noise >> 32 & 7 {
            0..=3 => Fate::Lost,
            4 => Fate::Torn,
            _ => Fate::Kept,
        }
    }
}

/// A file that a client has open.
struct Opened {
    client: usize,
    file: u64,
    /// Its client was away for longer than its lease, or the server has crashed since: nothing is done through it any more.
    dead: bool,
}

/// Files and names at one moment, to go back to.
#[derive(Clone)]
pub struct Image {
    nodes: HashMap<u64, Node>,
    names: BTreeMap<(u64, OsString), u64>,
}

/// The server.
pub struct Server {
    image: Image,
    next: u64,
    opened: HashMap<u64, Opened>,
    pub locks: Locks,
}

impl Server {
    pub fn new() -> Self {
        let mut image = Image {
            nodes: HashMap::new(),
            names: BTreeMap::new(),
        };
        // Whoever mounts it may write: it is a test's own.
        let root = Node::new(FileType::Directory, 0o777, (0, 0));
        image.nodes.insert(ROOT, root);
        Self {
            image,
            next: ROOT,
            opened: HashMap::new(),
            locks: Locks::default(),
        }
    }

    fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub fn node(&self, number: u64) -> Result<&Node, Errno> {
        self.image.nodes.get(&number).ok_or(Errno::ESTALE)
    }

    pub fn node_mut(&mut self, number: u64) -> Result<&mut Node, Errno> {
        self.image.nodes.get_mut(&number).ok_or(Errno::ESTALE)
    }

    /// What a name in a folder means.
    pub fn find(&self, folder: u64, name: &OsStr) -> Option<u64> {
        self.image.names.get(&(folder, name.to_owned())).copied()
    }

    /// Makes a file or folder of a new name.
    pub fn make(
        &mut self,
        (folder, name): (u64, &OsStr),
        kind: FileType,
        mode: u16,
        owner: (u32, u32),
    ) -> Result<u64, Errno> {
        if self.find(folder, name).is_some() {
            return Err(Errno::EEXIST);
        }
        let number = self.number();
        self.image
            .nodes
            .insert(number, Node::new(kind, mode, owner));
        self.image.names.insert((folder, name.to_owned()), number);
        Ok(number)
    }

    /// Takes a name away. A file stays for those who have it open.
    pub fn remove(&mut self, folder: u64, name: &OsStr, kind: FileType) -> Result<(), Errno> {
        let number = self.find(folder, name).ok_or(Errno::ENOENT)?;
        match (self.node(number)?.kind, kind) {
            (FileType::Directory, FileType::RegularFile) => return Err(Errno::EISDIR),
            (FileType::RegularFile, FileType::Directory) => return Err(Errno::ENOTDIR),
            _ => {}
        }
        if self.entries(number).next().is_some() {
            return Err(Errno::ENOTEMPTY);
        }
        self.image.names.remove(&(folder, name.to_owned()));
        Ok(())
    }

    /// Gives another name, in place of who has it where `replace` says so.
    pub fn rename(
        &mut self,
        (folder, name): (u64, &OsStr),
        (new_folder, new_name): (u64, &OsStr),
        replace: bool,
    ) -> Result<(), Errno> {
        let number = self.find(folder, name).ok_or(Errno::ENOENT)?;
        if let Some(there) = self.find(new_folder, new_name) {
            if !replace {
                return Err(Errno::EEXIST);
            }
            if there != number {
                self.remove(new_folder, new_name, self.node(number)?.kind)?;
            }
        }
        self.image.names.remove(&(folder, name.to_owned()));
        self.image
            .names
            .insert((new_folder, new_name.to_owned()), number);
        Ok(())
    }

    /// What is in a folder, in the order of names.
    pub fn entries(&self, folder: u64) -> impl Iterator<Item = (&OsStr, u64)> {
        self.image
            .names
            .range((folder, OsString::new())..(folder + 1, OsString::new()))
            .map(|((_, name), number)| (name.as_os_str(), *number))
    }

    /// A file's name; empty where it has none any more.
    pub fn name_of(&self, file: u64) -> String {
        let found = self.image.names.iter().find(|(_, number)| **number == file);
        found.map_or_else(String::new, |((_, name), _)| {
            name.to_string_lossy().into_owned()
        })
    }

    /// Opens a file; returns the handle.
    pub fn open(&mut self, client: usize, file: u64) -> u64 {
        let handle = self.number();
        let opened = Opened {
            client,
            file,
            dead: false,
        };
        self.opened.insert(handle, opened);
        handle
    }

    /// Whether something can still be done through a handle.
    pub fn is_alive(&self, handle: u64) -> Result<(), Errno> {
        match self.opened.get(&handle) {
            Some(opened) if !opened.dead => Ok(()),
            _ => Err(Errno::EIO),
        }
    }

    /// Forgets a handle.
    pub fn close(&mut self, handle: u64) {
        self.opened.remove(&handle);
    }

    /// A client was away for longer than its lease: its locks are given to others, and what it had open under them is closed.
    pub fn expire(&mut self, client: usize) {
        let files = self.locks.release_client(client);
        for opened in self.opened.values_mut() {
            opened.dead |= opened.client == client && files.contains(&opened.file);
        }
    }

    /// Loses what was not synced, all locks and all that was open. Names survive: a server keeps those in its own journal.
    pub fn crash(&mut self, mut loss: Loss) {
        self.locks.clear();
        for opened in self.opened.values_mut() {
            opened.dead = true;
        }
        let mut numbers: Vec<u64> = self.image.nodes.keys().copied().collect();
        numbers.sort_unstable();
        for number in numbers {
            if let Some(node) = self.image.nodes.get_mut(&number) {
                node.crash(&mut loss);
            }
        }
    }

    /// Syncs every file.
    pub fn settle(&mut self) {
        self.image.nodes.values_mut().for_each(Node::sync);
    }

    /// A copy of all files.
    pub fn image(&self) -> Image {
        self.image.clone()
    }

    /// Puts a copy back, as an administrator does with yesterday's: what was open is closed.
    pub fn put_back(&mut self, image: Image) {
        self.crash(Loss::All);
        self.image = image;
    }
}
