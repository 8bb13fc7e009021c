//! The input thread: it waits for the terminal, sends what it reads to the app, and costs nothing while nobody types.

use std::io;
#[cfg(unix)]
use std::sync::Arc;
use std::sync::mpsc::Sender;

#[cfg(unix)]
use super::signals::Signals;
use crate::tui::msg::Msg;

/// The thread, which ends when this is dropped.
#[derive(Debug)]
pub struct InputThread {
    #[cfg(unix)]
    wake: std::os::unix::net::UnixStream,
    #[cfg(unix)]
    thread: Option<std::thread::JoinHandle<()>>,
}

#[cfg(unix)]
impl InputThread {
    /// Starts to read the terminal on standard input, and to hear the signals.
    pub fn start(send: Sender<Msg>, signals: Arc<Signals>) -> io::Result<Self> {
        let (wake, woken) = std::os::unix::net::UnixStream::pair()?;
        let thread = std::thread::Builder::new()
            .name("input".to_owned())
            .spawn(move || unix::read_until_woken(&woken, &signals, &send))?;
        Ok(Self {
            wake,
            thread: Some(thread),
        })
    }
}

#[cfg(unix)]
impl Drop for InputThread {
    fn drop(&mut self) {
        // A thread that cannot be woken is left to the end of the process.
        if io::Write::write_all(&mut self.wake, b".").is_ok()
            && let Some(thread) = self.thread.take()
        {
            let _ = thread.join();
        }
    }
}

#[cfg(not(unix))]
impl InputThread {
    /// Starts to read the console. The thread lives as long as the process: the console cannot be asked to wake it.
    pub fn start(send: Sender<Msg>) -> io::Result<Self> {
        std::thread::Builder::new()
            .name("input".to_owned())
            .spawn(move || console::read(&send))?;
        Ok(Self {})
    }
}

#[cfg(unix)]
mod unix {
    use std::os::unix::net::UnixStream;
    use std::sync::mpsc::Sender;
    use std::time::Duration;

    use rustix::event::{PollFd, PollFlags, Timespec, poll};
    use rustix::io::Errno;

    use crate::tui::msg::Msg;
    use crate::tui::terminal::decode::{Decoder, Input};
    use crate::tui::terminal::signals::{Signals, Told};

    pub fn read_until_woken(woken: &UnixStream, signals: &Signals, send: &Sender<Msg>) {
        let (mut decoder, mut bytes) = (Decoder::default(), [0; 4096]);
        loop {
            let stdin = rustix::stdio::stdin();
            let mut fds = vec![
                PollFd::new(&stdin, PollFlags::IN),
                PollFd::new(woken, PollFlags::IN),
            ];
            let pipes = signals.pipes().iter();
            fds.extend(pipes.map(|pipe| PollFd::new(pipe, PollFlags::IN)));
            let patience = decoder.patience().map(timespec);
            let ready = match poll(&mut fds, patience.as_ref()) {
                Ok(count) => count,
                Err(Errno::INTR) => continue,
                Err(_) => {
                    let _ = send.send(Msg::Hangup);
                    return;
                }
            };
            let has = |at: usize| fds.get(at).is_some_and(|fd| !fd.revents().is_empty());
            let (typed, is_woken) = (has(0), has(1));
            if is_woken {
                return;
            }
            let mut inputs = Vec::new();
            if ready == 0 {
                decoder.give_up(&mut inputs);
            }
            for (at, (told, _)) in Told::ALL.into_iter().enumerate() {
                if has(2 + at) && signals.hear(told) && !tell_signal(told, send) {
                    return;
                }
            }
            if typed {
                match rustix::io::read(stdin, &mut bytes) {
                    Ok(count @ 1..) => decoder.feed(&bytes[..count], &mut inputs),
                    Err(Errno::INTR | Errno::AGAIN) => {}
                    // What cannot be read is always ready to be read.
                    Ok(0) | Err(_) => {
                        let _ = send.send(Msg::Hangup);
                        return;
                    }
                }
            }
            if !tell(inputs, send) {
                return;
            }
        }
    }

    fn timespec(wait: Duration) -> Timespec {
        Timespec {
            tv_sec: i64::try_from(wait.as_secs()).unwrap_or(i64::MAX),
            tv_nsec: wait.subsec_nanos().into(),
        }
    }

    /// Sends what the system told. False when there is nothing more to hear, or nobody who listens.
    fn tell_signal(told: Told, send: &Sender<Msg>) -> bool {
        let (message, goes_on) = match told {
            Told::Resized => match crossterm::terminal::size() {
                Ok((columns, rows)) => (Msg::Resize(columns, rows), true),
                Err(_) => return true,
            },
            Told::HungUp => (Msg::Hangup, false),
            Told::Terminated => (Msg::Terminated, false),
            Told::Interrupted => (Msg::Interrupted, false),
            Told::Stop => (Msg::Stop, true),
            Told::Continued => (Msg::Continued, true),
        };
        send.send(message).is_ok() && goes_on
    }

    /// Sends what was read; keys that came together go together. False when nobody listens any more.
    fn tell(inputs: Vec<Input>, send: &Sender<Msg>) -> bool {
        let mut keys = Vec::new();
        let mut messages = Vec::new();
        for input in inputs {
            let other = match input {
                Input::Key(key) => {
                    keys.push(key);
                    continue;
                }
                Input::Mouse(event) => Msg::Mouse(event),
                Input::Paste(text) => Msg::Paste(text),
                Input::Focus(gained) => Msg::Focus(gained),
                Input::Ground(ground) => Msg::Ground(ground),
                Input::Ambiguous(columns) => Msg::Ambiguous(columns),
            };
            if !keys.is_empty() {
                messages.push(Msg::Keys(std::mem::take(&mut keys)));
            }
            messages.push(other);
        }
        if !keys.is_empty() {
            messages.push(Msg::Keys(keys));
        }
        messages
            .into_iter()
            .all(|message| send.send(message).is_ok())
    }
}

#[cfg(not(unix))]
mod console {
    use std::sync::mpsc::Sender;
    use std::time::Duration;

    use crossterm::event::{self, Event, KeyEventKind, poll};

    use crate::tui::msg::Msg;

    pub fn read(send: &Sender<Msg>) {
        loop {
            let Ok(first) = event::read() else {
                let _ = send.send(Msg::Hangup);
                return;
            };
            let mut keys = Vec::new();
            let mut next = Some(first);
            // Keys that wait together go together: without a paste event, that is how a paste arrives here.
            while let Some(event) = next {
                match event {
                    Event::Key(key) if key.kind == KeyEventKind::Press => keys.push(key),
                    other => {
                        if !flush(&mut keys, send) || !tell(other, send) {
                            return;
                        }
                    }
                }
                let more = poll(Duration::ZERO).unwrap_or(false);
                next = if more { event::read().ok() } else { None };
            }
            if !flush(&mut keys, send) {
                return;
            }
        }
    }

    fn flush(keys: &mut Vec<event::KeyEvent>, send: &Sender<Msg>) -> bool {
        keys.is_empty() || send.send(Msg::Keys(std::mem::take(keys))).is_ok()
    }

    fn tell(event: Event, send: &Sender<Msg>) -> bool {
        let message = match event {
            Event::Mouse(event) => Msg::Mouse(event),
            Event::Paste(text) => Msg::Paste(text),
            Event::Resize(columns, rows) => Msg::Resize(columns, rows),
            Event::FocusGained => Msg::Focus(true),
            Event::FocusLost => Msg::Focus(false),
            Event::Key(_) => return true,
        };
        send.send(message).is_ok()
    }
}
