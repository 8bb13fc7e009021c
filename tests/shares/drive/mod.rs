//! A network drive of this process: files in memory, seen by several mounts as by several machines, with all the faults that drives
//! have, at moments that a test chooses.
//!
//! | module | holds |
//! |---|---|
//! | [`server`] | the files: what readers see, and what a crash leaves |
//! | [`locks`] | byte ranges, by the rules of POSIX |
//! | [`line`] | between a client and the server: latency, cuts, counts |
//! | [`client`] | what the kernel asks of a mount, over FUSE |
//!
//! What it does like the drives it stands for: a client that was away for longer than its lease has lost its locks, and what it had
//! open under them answers with an error from then on (NFS: an expired state; SMB: an invalid handle). A server that crashed has
//! lost all locks, all that was open and what was not synced, but no names. What a client closes while it is cut off is told to the
//! server when it comes back.

mod client;
mod line;
mod locks;
mod server;
mod tests;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use fuser::{BackgroundSession, Config, MountOption};
use rustix::mount::{UnmountFlags, unmount};

use client::Client;
use line::Line;
pub use line::{Counts, Cut, CutAt};
use server::Server;
pub use server::{Image, Loss};

/// What clients keep of what they have read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cache {
    /// Nothing: each read and write is an operation.
    None,
    /// Pages, dropped when a file is opened and when its attributes show a change.
    Checked,
    /// Pages, for good: what others write is not seen.
    Stale,
}

/// How locks work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LockService {
    /// Between all clients.
    Shared,
    /// Within each client, as NFS's `nolock` and sshfs do: what others hold is not seen.
    Local,
    /// Not at all: each attempt fails.
    Refused,
}

/// A drive's nature.
#[derive(Clone, Debug)]
pub struct Options {
    /// How many mounts.
    pub clients: usize,
    /// How long each operation takes.
    pub latency: Duration,
    /// What clients keep.
    pub cache: Cache,
    /// For how long they keep names and attributes.
    pub attr: Duration,
    /// For how long they keep that a name is not there.
    pub negative: Duration,
    /// How locks work.
    pub locks: LockService,
    /// Whether what is synced outlives a crash.
    pub honest: bool,
    /// For how long the locks of a client that is cut off are kept for it.
    pub lease: Duration,
}

impl Default for Options {
    /// A good drive with two clients, as fast as this machine.
    fn default() -> Self {
        Self {
            clients: 2,
            latency: Duration::ZERO,
            cache: Cache::None,
            attr: Duration::ZERO,
            negative: Duration::ZERO,
            locks: LockService::Shared,
            honest: true,
            lease: Duration::from_secs(2),
        }
    }
}

/// What all clients share.
struct Shared {
    options: Options,
    latency: AtomicU64,
    honest: AtomicBool,
    server: Mutex<Server>,
    lines: Vec<Line>,
}

impl Shared {
    fn server(&self) -> MutexGuard<'_, Server> {
        self.server.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn latency(&self) -> Duration {
        Duration::from_micros(self.latency.load(Ordering::Relaxed))
    }

    fn keeps_what_is_synced(&self) -> bool {
        self.honest.load(Ordering::Relaxed)
    }

    /// Gives the locks of clients that have been away for too long to others.
    fn expire_overdue(&self, server: &mut Server) {
        for (client, line) in self.lines.iter().enumerate() {
            if line
                .cut_for()
                .is_some_and(|away| away >= self.options.lease)
            {
                server.expire(client);
            }
        }
    }
}

/// Says something that is seen even where the test passes.
pub fn say(what: &str) {
    // Written to the stream itself, for what `eprintln!` says is kept back. If nobody can read it nothing is lost.
    let _ = writeln!(std::io::stderr(), "shares: {what}");
}

/// The drive. It is unmounted when dropped, also by a panic.
pub struct TestDrive {
    shared: Arc<Shared>,
    // Before the folder that they are mounted in.
    sessions: Vec<BackgroundSession>,
    folder: tempfile::TempDir,
}

/// How many operations of one client may be under way at once.
const THREADS: usize = 6;

impl TestDrive {
    /// Mounts a drive, or says why nothing can be mounted here.
    pub fn try_mount(options: Options) -> std::io::Result<Self> {
        let shared = Arc::new(Shared {
            latency: AtomicU64::new(micros(options.latency)),
            honest: AtomicBool::new(options.honest),
            server: Mutex::new(Server::new()),
            lines: (0..options.clients).map(|_| Line::default()).collect(),
            options,
        });
        let mut drive = Self {
            shared,
            sessions: Vec::new(),
            folder: tempfile::Builder::new().prefix("clinch-drive-").tempdir()?,
        };
        for number in 0..drive.shared.options.clients {
            let client = Client {
                shared: Arc::clone(&drive.shared),
                number,
            };
            let mut config = Config::default();
            // Rights are the server's business: the kernel would ask for the folder's at each step of a path.
            config.mount_options = vec![MountOption::FSName("clinch-test-drive".to_owned())];
            config.n_threads = Some(THREADS);
            config.clone_fd = true;
            let at = drive.at(number);
            std::fs::create_dir(&at)?;
            drive
                .sessions
                .push(fuser::spawn_mount(client, &at, &config)?);
        }
        Ok(drive)
    }

    /// Mounts a drive. Where that is not possible the test is skipped, and says so.
    pub fn mount(options: Options) -> Option<Self> {
        match Self::try_mount(options) {
            Ok(drive) => Some(drive),
            Err(fault) => {
                let test = std::thread::current();
                let test = test.name().unwrap_or("a test").to_owned();
                say(&format!(
                    "skipped {test}: nothing can be mounted here ({fault})"
                ));
                None
            }
        }
    }

    /// Where a client has it mounted.
    pub fn at(&self, client: usize) -> PathBuf {
        self.folder.path().join(format!("client-{client}"))
    }

    /// The book, as a client sees it.
    pub fn book(&self, client: usize) -> PathBuf {
        self.at(client).join("team.db")
    }

    /// A folder on this machine, for outboxes and logs.
    pub fn local(&self) -> &Path {
        self.folder.path()
    }

    /// How long each operation takes from now on.
    pub fn set_latency(&self, latency: Duration) {
        self.shared
            .latency
            .store(micros(latency), Ordering::Relaxed);
    }

    /// Whether what is synced from now on outlives a crash.
    pub fn set_honest(&self, honest: bool) {
        self.shared.honest.store(honest, Ordering::Relaxed);
    }

    /// Cuts a client off.
    pub fn cut(&self, client: usize, how: Cut) {
        self.shared.lines[client].cut(how);
    }

    /// Cuts a client off later, at one of its writes.
    pub fn cut_at(&self, client: usize, at: CutAt) {
        self.shared.lines[client].cut_at(at);
    }

    /// Waits until a client is cut off; false where that does not happen.
    pub fn until_cut(&self, client: usize, patience: Duration) -> bool {
        self.shared.lines[client].until_cut(patience)
    }

    /// Whether a client is cut off.
    pub fn is_cut(&self, client: usize) -> bool {
        self.shared.lines[client].cut_for().is_some()
    }

    /// Lets a client back. If it was away for longer than its lease its locks are gone.
    pub fn restore(&self, client: usize) {
        let line = &self.shared.lines[client];
        let mut server = self.shared.server();
        self.shared.expire_overdue(&mut server);
        for (file, holder) in line.mend() {
            server.locks.release(file, holder, 0, u64::MAX);
        }
    }

    /// The server crashes and is back at once.
    pub fn crash(&self, loss: Loss) {
        self.shared.server().crash(loss);
    }

    /// Puts everything on the server's disk.
    pub fn settle(&self) {
        self.shared.server().settle();
    }

    /// A copy of all files.
    pub fn image(&self) -> Image {
        self.shared.server().image()
    }

    /// Puts a copy of all files back, in place of what is there.
    pub fn put_back(&self, image: Image) {
        self.shared.server().put_back(image);
    }

    /// How many operations a client has sent.
    pub fn counts(&self, client: usize) -> Counts {
        self.shared.lines[client].counts()
    }
}

impl Drop for TestDrive {
    fn drop(&mut self) {
        // Nothing waits for an answer any more, so nothing holds up the unmounting.
        self.shared.lines.iter().for_each(Line::end);
        for client in 0..self.sessions.len() {
            // Also where a file is still open, as it is after a panic. Without the right to, the session does it.
            let _ = unmount(self.at(client), UnmountFlags::DETACH);
        }
        self.sessions.clear();
    }
}

fn micros(time: Duration) -> u64 {
    u64::try_from(time.as_micros()).unwrap_or(u64::MAX)
}
