//! What the system tells a program in a terminal: its window has another size, it is gone, the program shall end, stop, go on.
//!
//! They are listened to as long as the program has the terminal, also while that is lent to another program: what is told meanwhile is
//! heard afterwards. Only to stop is for both: then the program stops at once, as its borrower does.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rustix::event::{PollFd, PollFlags, poll};
use rustix::io::Errno;
use rustix::process::{Signal, getpgid, getsid, kill_current_process_group};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::low_level::pipe;
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
        })
    }

    /// What to wait on, in the order of [`Told::ALL`].
    pub(super) fn pipes(&self) -> &[UnixStream] {
        &self.pipes
    }

    /// Takes what was told in a pipe; whether it was told.
    pub(super) fn hear(&self, told: Told) -> bool {
        let mut heard = false;
        if let Some(mut pipe) = self.pipes.get(told as usize) {
            let mut bytes = [0; 64];
            while matches!(pipe.read(&mut bytes), Ok(1..)) {
                heard = true;
            }
        }
        heard
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

    /// Stops until a shell says to go on, while nobody else hears the signals. Without a shell that would be for ever.
    pub(super) fn stop(&self) -> io::Result<()> {
        self.hear(Told::Continued);
        // The shell waits for all of the group, as for a script that started this program. All of it stops at once: who stopped after
        // the shell had said to go on would wait for ever.
        kill_current_process_group(Signal::STOP)?;
        // It is not said which thread stops first.
        if let Some(pipe) = self.pipes.get(Told::Continued as usize) {
            let mut told = [PollFd::new(pipe, PollFlags::IN)];
            while !self.hear(Told::Continued) {
                match poll(&mut told, None) {
                    Ok(_) | Err(Errno::INTR) => {}
                    Err(fault) => return Err(fault.into()),
                }
            }
        }
        self.hear(Told::Stop);
        Ok(())
    }
}

/// Whether a shell minds this program as one of its jobs. Without one it is in the group that leads its session.
pub(super) fn has_a_shell() -> bool {
    matches!((getpgid(None), getsid(None)), (Ok(group), Ok(session)) if group != session)
}
