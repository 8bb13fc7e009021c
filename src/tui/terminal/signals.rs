//! What the system tells a program in a terminal: its window has another size, it is gone, the program shall end, stop, go on.
//!
//! They are listened to as long as the program has the terminal, also while that is lent to another program: what is told meanwhile is
//! heard afterwards. Only to stop is for both: then the program stops at once, as its borrower does; and Ctrl-C is the borrower's own.
//!
//! When the program has given the terminal back for good and only waits for its book, who is impatient has Ctrl-C and Ctrl-Z as in any
//! program. To be told the end once more, as by a shell and the system both when a window is closed, does not keep it from saving.

use std::io::{self, Read};
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use nix::unistd::{Pid, getpgrp, getppid, getsid, tcgetpgrp};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Signal, kill_current_process_group};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGTSTP, SIGWINCH};
use signal_hook::low_level::pipe;
use signal_hook::{SigId, flag};

/// Who is told to go on in the background may be told its end in the same breath (`kill %1`), by another thread: so long that is waited
/// for.
const BREATH: Timespec = Timespec {
    tv_sec: 0,
    tv_nsec: 50_000_000,
};

/// What can be told, by its place among [`Signals::pipes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Told {
    /// The window has another size.
    Resized,
    /// The terminal is gone.
    HungUp,
    /// The program shall end.
    Terminated,
    /// The program is interrupted. No key does that while it has the terminal: somebody outside does.
    Interrupted,
    /// The program shall stop until it is told to go on.
    Stop,
    /// It was stopped, and goes on.
    Continued,
}

impl Told {
    /// All of them.
    pub const ALL: [(Self, &'static [i32]); 6] = [
        (Self::Resized, &[SIGWINCH]),
        (Self::HungUp, &[SIGHUP]),
        (Self::Terminated, &[SIGTERM]),
        (Self::Interrupted, &[SIGINT, SIGQUIT]),
        (Self::Stop, &[SIGTSTP]),
        (Self::Continued, &[SIGCONT]),
    ];

    /// Those after which the program ends.
    const ENDS: [Self; 3] = [Self::HungUp, Self::Terminated, Self::Interrupted];
}

/// The signals of the program.
#[derive(Debug)]
pub struct Signals {
    pipes: Vec<UnixStream>,
    registered: Vec<SigId>,
    /// The terminal is another program's.
    lent: Arc<AtomicBool>,
    /// The terminal was given back for good.
    over: Arc<AtomicBool>,
}

impl Drop for Signals {
    fn drop(&mut self) {
        self.over.store(true, Ordering::SeqCst);
        for signal in self.registered.drain(..) {
            signal_hook::low_level::unregister(signal);
        }
    }
}

impl Signals {
    /// Listens from now on.
    pub fn listen() -> io::Result<Self> {
        let (mut pipes, mut registered) = (Vec::new(), Vec::new());
        for (_, signals) in Told::ALL {
            let (hears, tells) = UnixStream::pair()?;
            hears.set_nonblocking(true)?;
            for signal in signals {
                registered.push(pipe::register(*signal, tells.try_clone()?)?);
            }
            pipes.push(hears);
        }
        let (lent, over) = (Arc::default(), Arc::default());
        // These outlive the terminal.
        for signal in [SIGINT, SIGQUIT, SIGTSTP] {
            flag::register_conditional_default(signal, Arc::clone(&over))?;
        }
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
            over,
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
        // Its stops were its own, and so was Ctrl-C.
        for own in [Told::Stop, Told::Continued, Told::Interrupted] {
            self.hear(own);
        }
        done
    }

    /// Stops until a shell says to go on with the terminal, while nobody else hears the signals. Without a shell that would be for ever.
    /// False where the program was told its end instead, which is still to be heard: then the terminal is not its own.
    pub(super) fn stop(&self) -> io::Result<bool> {
        loop {
            self.stop_once()?;
            if self.is_ending(!is_in_front())? {
                return Ok(false);
            }
            if is_in_front() {
                self.hear(Told::Stop);
                return Ok(true);
            }
            // There is nothing to do in the background. Whoever asks the terminal anything from there gets what the shell has made of it.
        }
    }

    fn stop_once(&self) -> io::Result<()> {
        self.hear(Told::Continued);
        // The shell waits for all of the group, as for a script that started this program. All of it stops at once: who stopped after
        // the shell had said to go on would wait for ever.
        kill_current_process_group(Signal::STOP)?;
        // It is not said which thread stops first.
        while !self.hear(Told::Continued) {
            self.wait_for(&[Told::Continued], None)?;
        }
        Ok(())
    }

    /// Whether the program was told its end; in the background that may take a breath.
    fn is_ending(&self, takes_a_breath: bool) -> io::Result<bool> {
        let patience = if takes_a_breath {
            BREATH
        } else {
            Timespec::default()
        };
        self.wait_for(&Told::ENDS, Some(&patience))
    }

    /// Waits until one of them was told, and leaves it to be heard; false when it was waited for in vain.
    fn wait_for(&self, any: &[Told], patience: Option<&Timespec>) -> io::Result<bool> {
        let pipes = any.iter().filter_map(|told| self.pipes.get(*told as usize));
        let mut told: Vec<_> = pipes.map(|pipe| PollFd::new(pipe, PollFlags::IN)).collect();
        loop {
            match poll(&mut told, patience) {
                Ok(count) => return Ok(count > 0),
                Err(Errno::INTR) => {}
                Err(fault) => return Err(fault.into()),
            }
        }
    }
}

/// Whether the shell has given the terminal to this program's group. Of a terminal that is gone that is found out by who takes it.
fn is_in_front() -> bool {
    let others = tcgetpgrp(rustix::stdio::stdin());
    !others.is_ok_and(|group| group != getpgrp())
}

/// Whether a shell minds this program as one of its jobs.
pub(super) fn has_a_shell() -> bool {
    Family {
        group: getpgrp(),
        session: getsid(None).ok(),
        starter: getppid(),
        its_session: getsid(Some(getppid())).ok(),
    }
    .has_a_shell()
}

/// A process among others. A process, group or session outside its namespace is 0 to it, as in a container that was entered from a shell
/// outside: a number like another here, which a type of numbers from 1 on would not hold.
struct Family {
    group: Pid,
    session: Option<Pid>,
    starter: Pid,
    its_session: Option<Pid>,
}

impl Family {
    /// Without a shell it is in the group that leads its session, or who started it is of another session or outside: whoever stopped
    /// then would never be told to go on.
    fn has_a_shell(&self) -> bool {
        let leads = self.session == Some(self.group);
        let is_inside = self.starter.as_raw() != 0;
        !leads && is_inside && self.its_session == self.session
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A process of a group and a session, and who started it and its session.
    fn has_a_shell([group, session, starter, its_session]: [i32; 4]) -> bool {
        let family = Family {
            group: Pid::from_raw(group),
            session: Some(Pid::from_raw(session)),
            starter: Pid::from_raw(starter),
            its_session: Some(Pid::from_raw(its_session)),
        };
        family.has_a_shell()
    }

    #[test]
    fn a_shell_minds_the_groups_it_makes_in_its_own_session() {
        assert!(has_a_shell([300, 200, 200, 200]));
        // A script of that shell.
        assert!(has_a_shell([300, 200, 300, 200]));
        // The shell of a container whose session began outside.
        assert!(has_a_shell([5, 0, 1, 0]));
    }

    #[test]
    fn nobody_minds_who_leads_a_session_or_was_started_from_another_or_from_outside() {
        assert!(!has_a_shell([300, 300, 200, 200]));
        assert!(!has_a_shell([300, 300, 200, 0]));
        assert!(!has_a_shell([310, 300, 200, 200]));
        assert!(!has_a_shell([0, 0, 0, 0]));
        assert!(!has_a_shell([5, 0, 0, 0]));
    }
}
