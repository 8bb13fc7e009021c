//! What the system tells a program in a terminal: its window has another size, it is gone, the program shall end, stop, go on.
//!
//! They are listened to as long as the program has the terminal, also while that is lent to another program: what is told meanwhile is
//! heard afterwards. Only to stop is for both: then the program stops at once, as its borrower does.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::process::{Signal, getpgid, getsid, kill_current_process_group};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::low_level::{emulate_default_handler, pipe};
use signal_hook::{SigId, flag};

/// What can be told, by its place among [`Signals::pipes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// The window has another size.
    Resized,
    /// The terminal is gone.
    HungUp,
    /// The program shall end.
    Terminated,
    /// The program shall stop until it is told to go on.
    Stop,
    /// It was stopped, and goes on.
    Continued,
}

impl Told {
    /// All of them.
    pub const ALL: [(Self, i32); 5] = [
        (Self::Resized, SIGWINCH),
        (Self::HungUp, SIGHUP),
        (Self::Terminated, SIGTERM),
        (Self::Stop, SIGTSTP),
        (Self::Continued, SIGCONT),
    ];
}

/// The signals of the program.
#[derive(Debug)]
pub struct Signals {
    pipes: Vec<UnixStream>,
    registered: Vec<SigId>,
    /// The terminal is another program's.
    lent: Arc<AtomicBool>,
    /// That the program stops and goes on is its own doing: that need not be told to it.
    own_stop: AtomicBool,
    own_start: AtomicBool,
}

impl Drop for Signals {
    fn drop(&mut self) {
        for signal in self.registered.drain(..) {
            signal_hook::low_level::unregister(signal);
        }
    }
}

impl Signals {
    /// Listens from now on.
    pub fn listen() -> io::Result<Self> {
        let (mut pipes, mut registered) = (Vec::new(), Vec::new());
        for (_, signal) in Told::ALL {
            let (hears, tells) = UnixStream::pair()?;
            hears.set_nonblocking(true)?;
            registered.push(pipe::register(signal, tells)?);
            pipes.push(hears);
        }
        let lent = Arc::new(AtomicBool::new(false));
        if has_a_shell() {
            registered.push(flag::register_conditional_default(
                SIGTSTP,
                Arc::clone(&lent),
            )?);
        }
        Ok(Self {
            pipes,
            registered,
            lent,
            own_stop: AtomicBool::new(false),
            own_start: AtomicBool::new(false),
        })
    }

    /// What to wait on, in the order of [`Told::ALL`].
    pub(super) fn pipes(&self) -> &[UnixStream] {
        &self.pipes
    }

    /// Takes what was told in a pipe that has something; whether it is news.
    pub(super) fn hear(&self, told: Told) -> bool {
        let mut heard = false;
        if let Some(mut pipe) = self.pipes.get(told as usize) {
            let mut bytes = [0; 64];
            while matches!(pipe.read(&mut bytes), Ok(1..)) {
                heard = true;
            }
        }
        let own = match told {
            Told::Stop => self.own_stop.swap(false, Ordering::SeqCst),
            Told::Continued => self.own_start.swap(false, Ordering::SeqCst),
            _ => false,
        };
        heard && !own
    }

    /// Lends the terminal to a program in the same group, which may stop all of it.
    pub(super) fn lend<T>(&self, program: impl FnOnce() -> T) -> T {
        self.lent.store(true, Ordering::SeqCst);
        let done = program();
        self.lent.store(false, Ordering::SeqCst);
        // Its stops were its own.
        self.hear(Told::Stop);
        self.hear(Told::Continued);
        done
    }

    /// Stops until a shell says to go on. False where there is none that could: who stopped then would never go on.
    pub(super) fn stop(&self) -> io::Result<bool> {
        if !has_a_shell() {
            return Ok(false);
        }
        self.own_stop.store(true, Ordering::SeqCst);
        self.own_start.store(true, Ordering::SeqCst);
        // The shell waits for all of the group, as for a script that started this program.
        kill_current_process_group(Signal::TSTP)?;
        emulate_default_handler(SIGTSTP)?;
        Ok(true)
    }
}

/// Whether a shell minds this program as one of its jobs. Without one it is in the group that leads its session.
fn has_a_shell() -> bool {
    matches!((getpgid(None), getsid(None)), (Ok(group), Ok(session)) if group != session)
}
