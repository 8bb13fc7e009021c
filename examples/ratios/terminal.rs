//! A program in a terminal of its own, watched from outside.

use std::io::{Read, Write};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};

use super::Fault;

const SIZE: PtySize = PtySize {
    rows: 40,
    cols: 120,
    pixel_width: 0,
    pixel_height: 0,
};
/// Longer than this nothing takes that works.
const PATIENCE: Duration = Duration::from_secs(20);
/// And longer than this no key takes that draws something.
const SOON: Duration = Duration::from_secs(2);
/// A frame is over when nothing came for so long.
const QUIET: Duration = Duration::from_millis(30);

/// What a key drew.
pub struct Drawn {
    /// From the key to its first frame.
    pub frame: Duration,
    /// From the key to the last byte, with what was asked of the book meanwhile.
    pub all: Duration,
    /// All bytes.
    pub bytes: usize,
}

/// A program and its screen.
pub struct Running {
    child: Box<dyn Child + Send + Sync>,
    /// Kept open: the program's terminal ends with it.
    _master: Box<dyn MasterPty + Send>,
    keyboard: Box<dyn Write + Send>,
    output: Receiver<(Instant, Vec<u8>)>,
    screen: vt100::Parser,
    begun: Instant,
}

impl Running {
    /// Starts a program.
    pub fn start(line: &[String]) -> Result<Self, Fault> {
        let pair = native_pty_system().openpty(SIZE)?;
        let mut command = CommandBuilder::new(&line[0]);
        command.args(&line[1..]);
        command.env("TERM", "xterm-256color");
        for name in ["CLINCH_BOOK", "CLINCH_REP", "CLINCH_NOW", "NO_COLOR"] {
            command.env_remove(name);
        }
        let mut reader = pair.master.try_clone_reader()?;
        let keyboard = pair.master.take_writer()?;
        let (send, output) = channel();
        std::thread::spawn(move || {
            let mut bytes = vec![0; 65_536];
            while let Ok(count @ 1..) = reader.read(&mut bytes) {
                if send
                    .send((Instant::now(), bytes[..count].to_vec()))
                    .is_err()
                {
                    return;
                }
            }
        });
        let begun = Instant::now();
        let child = pair.slave.spawn_command(command)?;
        Ok(Self {
            child,
            _master: pair.master,
            keyboard,
            output,
            screen: vt100::Parser::new(SIZE.rows, SIZE.cols, 0),
            begun,
        })
    }

    /// How long after the start a text stood on the screen.
    pub fn until_shown(&mut self, text: &str) -> Result<Duration, Fault> {
        self.until(text, |shown| shown.contains(text))
    }

    /// How long after the start something stood on the screen that is called so here.
    pub fn until(&mut self, what: &str, stands: impl Fn(&str) -> bool) -> Result<Duration, Fault> {
        if stands(&self.screen.screen().contents()) {
            return Ok(self.begun.elapsed());
        }
        loop {
            let Ok((at, bytes)) = self.output.recv_timeout(PATIENCE) else {
                return Err(format!(
                    "`{what}` was never shown:\n{}",
                    self.screen.screen().contents()
                )
                .into());
            };
            self.screen.process(&bytes);
            if stands(&self.screen.screen().contents()) {
                return Ok(at - self.begun);
            }
        }
    }

    /// Types something, and says how long after the start.
    pub fn enter(&mut self, keys: &str) -> Result<Duration, Fault> {
        let at = self.begun.elapsed();
        self.keyboard.write_all(keys.as_bytes())?;
        self.keyboard.flush()?;
        Ok(at)
    }

    /// Presses a key: how long until the last byte of the first thing that it draws.
    pub fn press(&mut self, key: char) -> Result<Duration, Fault> {
        while self.output.recv_timeout(QUIET).is_ok() {}
        let begun = Instant::now();
        write!(self.keyboard, "{key}")?;
        self.keyboard.flush()?;
        match self.output.recv_timeout(PATIENCE) {
            Ok((at, _)) => Ok(at - begun),
            Err(_) => Err(format!("`{key}` drew nothing").into()),
        }
    }

    /// Presses a key as it comes from a keyboard, and waits for all that it draws.
    pub fn drawn(&mut self, key: &str) -> Result<Drawn, Fault> {
        self.drawn_within(key, PATIENCE)
    }

    /// [`drawn`](Self::drawn), where a key may draw nothing.
    pub fn drawn_soon(&mut self, key: &str) -> Result<Drawn, Fault> {
        self.drawn_within(key, SOON)
    }

    fn drawn_within(&mut self, key: &str, mut patience: Duration) -> Result<Drawn, Fault> {
        while self.output.recv_timeout(QUIET).is_ok() {}
        let begun = Instant::now();
        self.keyboard.write_all(key.as_bytes())?;
        self.keyboard.flush()?;
        let mut drawn: Option<Drawn> = None;
        while let Ok((at, part)) = self.output.recv_timeout(patience) {
            let (took, bytes) = (at - begun, part.len());
            let drawn = drawn.get_or_insert(Drawn {
                frame: took,
                all: took,
                bytes: 0,
            });
            drawn.all = took;
            drawn.bytes += bytes;
            self.screen.process(&part);
            patience = QUIET;
        }
        drawn.ok_or_else(|| format!("`{}` drew nothing", key.escape_debug()).into())
    }

    /// Resident memory in KiB, now and at its highest; `None` where the system does not tell.
    pub fn memory(&self) -> Option<(u64, u64)> {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.child.process_id()?)).ok()?;
        let of = |name: &str| {
            let line = status.lines().find(|line| line.starts_with(name))?;
            line.split_whitespace().nth(1)?.parse().ok()
        };
        Some((of("VmRSS:")?, of("VmHWM:")?))
    }

    /// CPU ticks, wake-ups and bytes drawn while nothing happens; `None` where the system does not tell.
    pub fn idle(&mut self, span: Duration) -> Option<(u64, u64, usize)> {
        while self.output.recv_timeout(Duration::from_millis(500)).is_ok() {}
        let process = self.child.process_id()?;
        let before = Usage::of(process)?;
        let until = Instant::now() + span;
        let mut bytes = 0;
        while let Some(left) = until.checked_duration_since(Instant::now()) {
            bytes += self
                .output
                .recv_timeout(left)
                .map_or(0, |(_, part)| part.len());
        }
        let after = Usage::of(process)?;
        Some((
            after.ticks - before.ticks,
            after.wakeups - before.wakeups,
            bytes,
        ))
    }

    /// Ends the program where it is.
    pub fn end(mut self) -> Result<(), Fault> {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// Leaves the app.
    pub fn quit(mut self) -> Result<(), Fault> {
        write!(self.keyboard, "q")?;
        self.keyboard.flush()?;
        let status = self.child.wait()?;
        if status.success() {
            Ok(())
        } else {
            Err(format!("the app ended with {status}").into())
        }
    }
}

/// What a process has used, over all its threads (Linux: proc(5)).
struct Usage {
    ticks: u64,
    wakeups: u64,
}

impl Usage {
    fn of(process: u32) -> Option<Self> {
        let mut usage = Self {
            ticks: 0,
            wakeups: 0,
        };
        for task in std::fs::read_dir(format!("/proc/{process}/task")).ok()? {
            let task = task.ok()?.path();
            let stat = std::fs::read_to_string(task.join("stat")).ok()?;
            // Behind the name, which is in brackets: fields 14 and 15 are the ticks in user and kernel mode.
            let fields: Vec<&str> = stat.rsplit_once(')')?.1.split_whitespace().collect();
            usage.ticks +=
                fields.get(11)?.parse::<u64>().ok()? + fields.get(12)?.parse::<u64>().ok()?;
            let status = std::fs::read_to_string(task.join("status")).ok()?;
            for line in status
                .lines()
                .filter(|line| line.contains("voluntary_ctxt_switches"))
            {
                usage.wakeups += line.split_whitespace().nth(1)?.parse::<u64>().ok()?;
            }
        }
        Some(usage)
    }
}
