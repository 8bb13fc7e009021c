//! The right to work alone: a file `<book>-lease` beside the book that says who does, renewed by a small thread, removed at the end.
//!
//! It is for drives that keep no locks. Who finds a lease does not write: neither another one who would be alone nor an ordinary
//! writer. A lease whose holder is gone is seen by its beat, which stands still; clocks are not compared, for those of two machines
//! differ. It is no lock: two who take over the same dead lease within one moment may both think it theirs until the next beat, when
//! one of them finds the other's name and goes read-only.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use serde::{Deserialize, Serialize};

use super::super::error::StoreError;
use super::super::side::share_like;
use super::super::sql;
use super::super::who::{random_id, real_now};
use super::super::write::Author;

/// How fast a lease beats, and when it counts as dead.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Pace {
    /// The pause between two renewals.
    pub beat: Duration,
    /// How long a beat must stand still.
    pub dead: Duration,
}

/// The pace of all who share a book.
pub(in crate::store) const PACE: Pace = Pace {
    beat: Duration::from_secs(5),
    dead: Duration::from_secs(30),
};

/// What the file says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Holder {
    who: String,
    host: String,
    pid: u32,
    /// In which realm that number means something.
    #[serde(default)]
    realm: String,
    nonce: String,
    /// When it was renewed, by the holder's clock: for people to read.
    at: String,
    beat: u64,
}

/// The lease's file.
fn beside(book: &Path) -> PathBuf {
    let mut name = book.as_os_str().to_owned();
    name.push("-lease");
    name.into()
}

fn content(path: &Path) -> io::Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
    }
}

fn holder(bytes: &[u8]) -> Option<Holder> {
    serde_json::from_slice(bytes).ok()
}

/// What a look at somebody's lease says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Seen {
    /// There is none.
    Free,
    /// It beats.
    Alive,
    /// It has stood still for long enough.
    Dead,
    /// Not known yet.
    Watching,
}

/// Watches a lease.
#[derive(Debug, Default)]
struct Watch {
    first: Option<(Vec<u8>, Instant)>,
}

impl Watch {
    fn look(&mut self, found: Option<Vec<u8>>, now: Instant, dead: Duration) -> Seen {
        let Some(found) = found else {
            return Seen::Free;
        };
        match &self.first {
            None => {
                self.first = Some((found, now));
                Seen::Watching
            }
            Some((first, _)) if *first != found => Seen::Alive,
            Some((_, since)) if now.duration_since(*since) >= dead => Seen::Dead,
            Some(_) => Seen::Watching,
        }
    }
}

/// Waits until a lease, if there is one, is known to be alive (then it is refused) or dead: at most the time after which it counts
/// as dead. Of a dead one the content is returned.
fn watched(
    book: &Path,
    path: &Path,
    me: &Author,
    pace: Pace,
) -> Result<Option<Vec<u8>>, StoreError> {
    let reading = |source| sql::unreached(book, "Reading the lease of", source);
    let mut watch = Watch::default();
    let mut who = None;
    loop {
        let found = content(path).map_err(reading)?;
        let seen = watch.look(found.clone(), Instant::now(), pace.dead);
        // Half a beat says no name: the one before it does.
        who = found.as_deref().and_then(holder).or(who);
        let ended = who
            .as_ref()
            .is_some_and(|who| who.host == me.host && who.realm == realm() && has_ended(who.pid));
        match seen {
            Seen::Free => return Ok(None),
            Seen::Dead => return Ok(found),
            Seen::Watching if ended => return Ok(found),
            Seen::Watching => std::thread::sleep(pace.beat / 10),
            Seen::Alive => {
                return Err(StoreError::Leased {
                    path: book.to_owned(),
                    who: who.map_or_else(
                        || "somebody".to_owned(),
                        |who| format!("{} on {} (process {})", who.who, who.host, who.pid),
                    ),
                });
            }
        }
    }
}

/// Where the numbers of processes are this process's own: one start of one machine, and there one namespace. Many machines and
/// containers bear the same name, and a number that one of them does not have says nothing of another's. Empty where the system does
/// not tell.
fn realm() -> String {
    let boot = fs::read_to_string("/proc/sys/kernel/random/boot_id").unwrap_or_default();
    let space = fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    format!("{}{}", boot.trim(), space.display())
}

/// Whether a process of this machine is known to be gone.
fn has_ended(pid: u32) -> bool {
    #[cfg(unix)]
    {
        let pid = i32::try_from(pid)
            .ok()
            .and_then(rustix::process::Pid::from_raw);
        pid.is_some_and(|pid| {
            rustix::process::test_kill_process(pid) == Err(rustix::io::Errno::SRCH)
        })
    }
    #[cfg(not(unix))]
    {
        let _ = pid;
        false
    }
}

/// Takes a dead lease out of the way, unless another one stands there by now.
fn bury(path: &Path, dead: &[u8], mark: &str) -> io::Result<bool> {
    let mut aside = path.as_os_str().to_owned();
    aside.push(format!("-{mark}"));
    let aside = PathBuf::from(aside);
    match fs::rename(path, &aside) {
        // Somebody else was faster.
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => return Ok(false),
        moved => moved?,
    }
    let same = fs::read(&aside)? == dead;
    if !same {
        // It was somebody's new one: it goes back, where nobody has made yet another.
        let _ = fs::hard_link(&aside, path);
    }
    fs::remove_file(&aside)?;
    Ok(same)
}

/// Before an ordinary writer opens a book: refuses where somebody works on it alone, and removes a dead lease.
pub(in crate::store) fn must_be_free(
    book: &Path,
    me: &Author,
    pace: Pace,
) -> Result<(), StoreError> {
    let path = beside(book);
    if let Some(dead) = watched(book, &path, me, pace)? {
        // Where it cannot be removed the next one watches it again.
        let _ = bury(&path, &dead, &random_id().to_string());
    }
    Ok(())
}

/// Whether somebody has come to work alone since: asked before a write.
pub(in crate::store) fn is_there(book: &Path) -> bool {
    fs::metadata(beside(book)).is_ok()
}

/// A lease that is held. Dropping it ends it.
#[derive(Debug)]
pub(in crate::store) struct Lease {
    state: Arc<State>,
    stop: Option<mpsc::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

#[derive(Debug)]
struct State {
    path: PathBuf,
    nonce: String,
    pace: Pace,
    lost: AtomicBool,
    renewed: Mutex<Instant>,
    /// Held while the file is written or read here: half a beat would look like somebody else's.
    file: Mutex<()>,
}

impl State {
    /// Whether it was somebody else's at a renewal, or could not be renewed for so long that somebody may have taken it for dead.
    fn is_lost(&self) -> bool {
        let renewed = self.renewed.lock().unwrap_or_else(PoisonError::into_inner);
        self.lost.load(Ordering::Relaxed) || renewed.elapsed() > self.pace.dead * 2 / 3
    }

    fn file(&self) -> MutexGuard<'_, ()> {
        self.file.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_ours(&self) -> io::Result<Option<Holder>> {
        let _file = self.file();
        let found = content(&self.path)?.as_deref().and_then(holder);
        Ok(found.filter(|found| found.nonce == self.nonce))
    }

    /// One beat.
    fn renew(&self) {
        match self.is_ours() {
            Ok(Some(mut mine)) if !self.is_lost() => {
                mine.beat += 1;
                mine.at = real_now().to_string();
                let _file = self.file();
                if write(File::create(&self.path), &mine).is_ok() {
                    *self.renewed.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
                }
            }
            Ok(_) => self.lost.store(true, Ordering::Relaxed),
            // The drive does not answer: the next beat may get through.
            Err(_) => {}
        }
    }
}

/// Makes the file, for those who may use the book and nobody else.
fn make(path: &Path, book: &Path) -> io::Result<File> {
    let mut open = OpenOptions::new();
    open.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut open, 0o600);
    let file = open.open(path)?;
    if let Ok(book) = fs::metadata(book) {
        share_like(&file, &book);
    }
    Ok(file)
}

fn write(file: io::Result<File>, holder: &Holder) -> io::Result<()> {
    let text = serde_json::to_string(holder).map_err(io::Error::other)?;
    file?.write_all(text.as_bytes())
}

impl Lease {
    /// Takes it. Where there is one already this waits until that is known to be alive (a few seconds, then it is refused) or dead.
    pub fn take(book: &Path, me: &Author, pace: Pace) -> Result<Self, StoreError> {
        let path = beside(book);
        let fault = |source| StoreError::File {
            doing: "Writing",
            path: path.clone(),
            source,
        };
        let nonce = random_id().to_string();
        if let Some(dead) = watched(book, &path, me, pace)? {
            bury(&path, &dead, &nonce).map_err(fault)?;
        }
        let mine = Holder {
            who: me.os_user.clone(),
            host: me.host.clone(),
            pid: std::process::id(),
            realm: realm(),
            nonce: nonce.clone(),
            at: real_now().to_string(),
            beat: 0,
        };
        match write(make(&path, book), &mine) {
            Err(fault) if fault.kind() == io::ErrorKind::AlreadyExists => {
                return Err(StoreError::Leased {
                    path: book.to_owned(),
                    who: "somebody who came a moment earlier".to_owned(),
                });
            }
            made => made.map_err(fault)?,
        }
        let state = Arc::new(State {
            path,
            nonce,
            pace,
            lost: AtomicBool::new(false),
            renewed: Mutex::new(Instant::now()),
            file: Mutex::default(),
        });
        let (stop, stopped) = mpsc::channel();
        let theirs = Arc::clone(&state);
        let thread = std::thread::spawn(move || {
            while stopped.recv_timeout(theirs.pace.beat) == Err(RecvTimeoutError::Timeout) {
                theirs.renew();
            }
        });
        Ok(Self {
            state,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Whether it is not ours any more, or may not be: nothing is written from then on. It is read for that: a machine that has slept
    /// wakes up with a lease that looks renewed a moment ago, and that somebody else may have by now.
    pub fn is_lost(&self) -> io::Result<bool> {
        if !self.state.is_lost() && self.state.is_ours()?.is_none() {
            self.state.lost.store(true, Ordering::Relaxed);
        }
        Ok(self.state.is_lost())
    }
}

impl Drop for Lease {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // A thread that panicked beats no more.
            let _ = thread.join();
        }
        if let Ok(Some(_)) = self.state.is_ours() {
            // One that stays is taken for dead after a while.
            let _ = fs::remove_file(&self.state.path);
        }
    }
}

#[cfg(test)]
mod tests;
