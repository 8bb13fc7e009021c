//! A home with a book, and a terminal with the app in it. Waits are for texts on the screen, never for time.

use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use portable_pty::{Child, CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

/// So long a text may take to appear before the journey fails: generous, since it is only used up by a failure.
const PATIENCE: Duration = Duration::from_secs(20);

/// An empty home.
pub struct World {
    home: TempDir,
    /// The book, from there.
    book: &'static str,
}

impl World {
    pub fn new() -> Self {
        Self {
            home: tempfile::tempdir().unwrap(),
            book: "team.db",
        }
    }

    /// A home with a book of one pipeline and three deals of one company.
    pub fn with_deals() -> Self {
        Self::new().and_deals()
    }

    /// [`with_deals`](Self::with_deals), and the book lies in a folder of its own, `share`.
    pub fn with_deals_on_a_share() -> Self {
        let world = Self {
            book: "share/team.db",
            ..Self::new()
        };
        std::fs::create_dir(world.path("share")).unwrap();
        world.and_deals()
    }

    fn and_deals(self) -> Self {
        let world = self;
        world.shell(&["book", "init", "--currency", "USD", "--tz", "UTC"]);
        world.shell(&["reps", "add", "--name", "Ana Meier"]);
        world.shell(&["companies", "add", "--name", "Alpina"]);
        for title in ["Rollout", "Pilot", "Renewal"] {
            world.shell(&[
                "deals",
                "add",
                "--title",
                title,
                "--company",
                "Alpina",
                "--amount",
                "1000",
            ]);
        }
        world
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    fn environment(&self) -> Vec<(&'static str, String)> {
        let home = self.home.path().display().to_string();
        vec![
            ("HOME", home.clone()),
            ("XDG_DATA_HOME", format!("{home}/data")),
            ("XDG_CONFIG_HOME", format!("{home}/config")),
            ("TMPDIR", home.clone()),
            ("USER", "tester".to_owned()),
            ("TERM", "xterm-256color".to_owned()),
            ("LANG", "C.UTF-8".to_owned()),
            ("CLINCH_BOOK", format!("{home}/{}", self.book)),
            ("CLINCH_REP", "Ana Meier".to_owned()),
        ]
    }

    /// Runs the shell, which must succeed.
    pub fn shell(&self, arguments: &[&str]) -> String {
        let output = self.try_shell(arguments);
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        assert!(
            output.status.success(),
            "{arguments:?}: {}",
            text(&output.stderr)
        );
        text(&output.stdout)
    }

    pub fn try_shell(&self, arguments: &[&str]) -> Output {
        let mut environment = self.environment();
        if arguments.first() == Some(&"book") || arguments.first() == Some(&"reps") {
            environment.retain(|(name, _)| *name != "CLINCH_REP");
        }
        Command::new(env!("CARGO_BIN_EXE_clinch"))
            .args(arguments)
            .env_clear()
            .envs(environment)
            .current_dir(self.home.path())
            .output()
            .unwrap()
    }

    /// Opens the app on the pipeline in a terminal.
    pub fn app(&self, columns: u16, rows: u16) -> Terminal {
        self.app_without(&[], columns, rows)
    }

    /// Opens the app on a screen.
    pub fn app_on(&self, screen: &str, columns: u16, rows: u16) -> Terminal {
        self.start(&["tui", "--screen", screen], &[], columns, rows)
    }

    /// Opens the app as it opens where nothing is said, without some of its environment.
    pub fn app_plain(&self, left_out: &[&str]) -> Terminal {
        self.start(&[], left_out, 100, 30)
    }

    /// Opens the app on a screen, as of a moment.
    pub fn app_as_of(&self, now: &str, screen: &str, columns: u16, rows: u16) -> Terminal {
        let arguments = ["--now", now, "tui", "--screen", screen];
        self.start(&arguments, &[], columns, rows)
    }

    /// Opens the app in lines.
    pub fn app_in_lines(&self, columns: u16, rows: u16) -> Terminal {
        self.start(&["--plain"], &[], columns, rows)
    }

    /// Opens the app without some of its environment.
    pub fn app_without(&self, left_out: &[&str], columns: u16, rows: u16) -> Terminal {
        self.start(&["tui", "--screen", "pipeline"], left_out, columns, rows)
    }

    /// Opens the app on the pipeline with more in its environment.
    pub fn app_with(&self, more: &[(&str, &str)], columns: u16, rows: u16) -> Terminal {
        let arguments = ["tui", "--screen", "pipeline"];
        self.start_with(&arguments, &[], more, columns, rows)
    }

    /// Opens an interactive shell, in which `clinch` is the program.
    pub fn job_shell(&self, columns: u16, rows: u16) -> Terminal {
        let folder = Path::new(env!("CARGO_BIN_EXE_clinch")).parent().unwrap();
        let path = format!("{}:/bin:/usr/bin", folder.display());
        let more = [("PATH", path.as_str()), ("PS1", "ready> ")];
        let shell = CommandBuilder::new("/bin/sh");
        let mut shell = self.run(shell, &["-i"], &[], &more, (columns, rows));
        shell.see("ready>");
        shell
    }

    fn start(&self, arguments: &[&str], left_out: &[&str], columns: u16, rows: u16) -> Terminal {
        self.start_with(arguments, left_out, &[], columns, rows)
    }

    fn start_with(
        &self,
        arguments: &[&str],
        left_out: &[&str],
        more: &[(&str, &str)],
        columns: u16,
        rows: u16,
    ) -> Terminal {
        let command = CommandBuilder::new(env!("CARGO_BIN_EXE_clinch"));
        self.run(command, arguments, left_out, more, (columns, rows))
    }

    /// The app on the pipeline, for a terminal that a journey makes itself.
    pub fn command(&self) -> CommandBuilder {
        let app = CommandBuilder::new(env!("CARGO_BIN_EXE_clinch"));
        self.at_home(app, &["tui", "--screen", "pipeline"], &[], &[])
    }

    fn at_home(
        &self,
        mut command: CommandBuilder,
        arguments: &[&str],
        left_out: &[&str],
        more: &[(&str, &str)],
    ) -> CommandBuilder {
        command.args(arguments);
        command.env_clear();
        for (name, value) in self.environment() {
            if !left_out.contains(&name) {
                command.env(name, value);
            }
        }
        for (name, value) in more {
            command.env(name, value);
        }
        command.cwd(self.home.path());
        command
    }

    fn run(
        &self,
        command: CommandBuilder,
        arguments: &[&str],
        left_out: &[&str],
        more: &[(&str, &str)],
        (columns, rows): (u16, u16),
    ) -> Terminal {
        let pty = native_pty_system().openpty(size(columns, rows)).unwrap();
        let command = self.at_home(command, arguments, left_out, more);
        let cooked = line_modes(&*pty.master);
        let child = pty.slave.spawn_command(command).unwrap();
        drop(pty.slave);
        let mut reader = pty.master.try_clone_reader().unwrap();
        let (send, bytes) = channel();
        let reads = Arc::new(Mutex::new(()));
        let may_read = Arc::clone(&reads);
        std::thread::spawn(move || {
            let mut buffer = [0; 8192];
            while let Ok(count @ 1..) = reader.read(&mut buffer) {
                if send.send(buffer[..count].to_vec()).is_err() {
                    return;
                }
                drop(may_read.lock());
            }
        });
        let keys = pty.master.take_writer().unwrap();
        let screen = vt100::Parser::new(rows, columns, 0);
        Terminal {
            master: pty.master,
            cooked,
            child,
            keys,
            bytes,
            reads,
            written: Vec::new(),
            screen,
        }
    }
}

/// The modes of the terminal's line: whether it echoes, whether it waits for Enter.
fn line_modes(master: &dyn MasterPty) -> u64 {
    u64::from(master.get_termios().unwrap().local_flags.bits())
}

fn size(columns: u16, rows: u16) -> PtySize {
    PtySize {
        rows,
        cols: columns,
        pixel_width: 0,
        pixel_height: 0,
    }
}

/// A terminal with the app in it.
pub struct Terminal {
    master: Box<dyn MasterPty + Send>,
    /// The line's modes as the shell had them.
    cooked: u64,
    child: Box<dyn Child + Send + Sync>,
    keys: Box<dyn Write + Send>,
    bytes: Receiver<Vec<u8>>,
    /// Held by whoever keeps the terminal from reading.
    reads: Arc<Mutex<()>>,
    /// All that the app has written.
    written: Vec<u8>,
    screen: vt100::Parser,
}

impl Terminal {
    /// Draws what the app wrote.
    fn draw(&mut self, bytes: &[u8]) {
        self.written.extend_from_slice(bytes);
        self.screen.process(bytes);
    }

    /// Types.
    pub fn press(&mut self, keys: &str) -> &mut Self {
        self.keys.write_all(keys.as_bytes()).unwrap();
        self.keys.flush().unwrap();
        self
    }

    /// Pastes, as a terminal does that knows of bracketed paste.
    pub fn paste(&mut self, text: &str) -> &mut Self {
        self.press(&format!("\x1b[200~{text}\x1b[201~"))
    }

    pub fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.blank_halves(columns);
        // The screen's own size first: what the app draws for the new size is read with it.
        self.screen.screen_mut().set_size(rows, columns);
        self.master.resize(size(columns, rows)).unwrap();
        self
    }

    /// Blanks the wide signs of which a narrower window has no room for the second half, as terminals do. The one here keeps the first
    /// half, and fails when anything is written over it.
    fn blank_halves(&mut self, columns: u16) {
        for row in 0..self.screen.screen().size().0 {
            let last = self.screen.screen().cell(row, columns - 1);
            if last.is_some_and(vt100::Cell::is_wide) {
                let blank = format!("\x1b7\x1b[{};{columns}H \x1b8", row + 1);
                self.screen.process(blank.as_bytes());
            }
        }
    }

    pub fn text(&self) -> String {
        self.screen.screen().contents()
    }

    /// Waits until the app has all of the terminal, or nothing: its own screen, the mouse, pastes that are marked, keys as they come.
    pub fn is_the_apps(&mut self, expected: bool) -> &mut Self {
        let end = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen.screen();
            let own = [
                screen.alternate_screen(),
                screen.bracketed_paste(),
                screen.mouse_protocol_mode() != vt100::MouseProtocolMode::None,
                line_modes(&*self.master) != self.cooked,
            ];
            let cursor = expected || !screen.hide_cursor();
            if cursor && own == [expected; 4] {
                return self;
            }
            assert!(Instant::now() < end, "{own:?}:\n{}", self.text());
            if let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(20)) {
                self.draw(&bytes);
            }
        }
    }

    /// Does something while the terminal reads nothing of what is written to it.
    pub fn while_it_reads_nothing<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        let reads = Arc::clone(&self.reads);
        let held = reads.lock().unwrap();
        let done = act(self);
        drop(held);
        done
    }

    /// Waits until the screen is as another.
    pub fn see_all_of(&mut self, expected: &str) -> &mut Self {
        self.wait(
            &format!("the screen did not become:\n{expected}\nbut"),
            |screen| screen == expected,
        )
    }

    /// Whether a text stands there with letters and background exchanged.
    pub fn is_reversed(&self, text: &str) -> bool {
        let screen = self.screen.screen();
        let lines = screen.contents();
        let found = lines.lines().zip(0..).find_map(|(line, row)| {
            let at = line.find(text)?;
            Some((row, u16::try_from(line[..at].chars().count()).unwrap()))
        });
        found.is_some_and(|(row, column)| {
            let cell = screen.cell(row, column);
            cell.is_some_and(vt100::Cell::inverse)
        })
    }

    /// Waits until the screen satisfies.
    pub fn wait(&mut self, what: &str, holds: impl Fn(&str) -> bool) -> &mut Self {
        let end = Instant::now() + PATIENCE;
        while !holds(&self.text()) {
            match self
                .bytes
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok(bytes) => self.draw(&bytes),
                Err(RecvTimeoutError::Timeout) => {
                    panic!("{what} within {PATIENCE:?}:\n{}", self.text())
                }
                Err(RecvTimeoutError::Disconnected) => {
                    panic!("{what}, but the app has ended:\n{}", self.text())
                }
            }
        }
        self
    }

    /// Waits until what the app is drawing is drawn to its end.
    pub fn whole(&mut self) -> &mut Self {
        let last = |written: &[u8], mark: &[u8]| {
            let mut places = written.windows(mark.len());
            places.rposition(|place| place == mark)
        };
        while last(&self.written, b"\x1b[?2026h") > last(&self.written, b"\x1b[?2026l") {
            match self.bytes.recv_timeout(PATIENCE) {
                Ok(bytes) => self.draw(&bytes),
                Err(fault) => panic!("half a frame ({fault}):\n{}", self.text()),
            }
        }
        self
    }

    /// Waits for a text on the screen.
    pub fn see(&mut self, text: &str) -> &mut Self {
        self.wait(&format!("`{text}` did not appear"), |screen| {
            screen.contains(text)
        })
    }

    /// Presses the left button on a card, and lets go in a column.
    pub fn drag(&mut self, title: &str, column: u16) -> &mut Self {
        let screen = self.text();
        let (row, line) = (1..)
            .zip(screen.lines())
            .find(|(_, line)| line.contains(title))
            .unwrap();
        let from = line[..line.find(title).unwrap()].chars().count() + 1;
        let to = self.screen.screen().size().1 / 4 * column + 5;
        self.press(&format!("\x1b[<0;{from};{row}M"))
            .press(&format!("\x1b[<32;{to};{row}M"))
            .press(&format!("\x1b[<0;{to};{row}m"))
    }

    /// Waits for something outside the terminal, reading what the app draws meanwhile.
    pub fn until(&mut self, what: &str, holds: impl Fn() -> bool) -> &mut Self {
        let end = Instant::now() + PATIENCE;
        while !holds() {
            assert!(Instant::now() < end, "{what}:\n{}", self.text());
            if let Ok(bytes) = self.bytes.recv_timeout(Duration::from_millis(20)) {
                self.draw(&bytes);
            }
        }
        self
    }

    /// Sends the app a signal.
    pub fn signal(&self, signal: Signal) {
        let id = i32::try_from(self.child.process_id().unwrap()).unwrap();
        kill_process(Pid::from_raw(id).unwrap(), signal).unwrap();
    }

    /// Ends the app as a crash does: it is told nothing and puts nothing in order.
    pub fn crash(mut self) {
        self.signal(Signal::KILL);
        self.child.wait().unwrap();
    }

    /// Waits until a text is on the screen no more.
    pub fn miss(&mut self, text: &str) -> &mut Self {
        self.wait(&format!("`{text}` did not go"), |screen| {
            !screen.contains(text)
        })
    }

    /// Waits until a card stands in a column.
    pub fn see_in_column(&mut self, title: &str, column: usize) -> &mut Self {
        let width = usize::from(self.screen.screen().size().1) / 4;
        let within = |screen: &str| {
            screen.lines().any(|line| {
                line.match_indices(title)
                    .any(|(place, _)| line[..place].chars().count() / width == column)
            })
        };
        self.wait(
            &format!("`{title}` did not come into column {column}"),
            within,
        )
    }

    /// Waits until the app has ended, and returns its exit code.
    pub fn end(self) -> u32 {
        self.end_and_tell().0
    }

    /// [`end`](Self::end), and all that the app has written from its first byte to its last.
    pub fn end_and_tell(mut self) -> (u32, Vec<u8>) {
        loop {
            match self.bytes.recv_timeout(PATIENCE) {
                Ok(bytes) => self.draw(&bytes),
                Err(RecvTimeoutError::Timeout) => panic!("the app did not end:\n{}", self.text()),
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        assert!(
            !self.screen.screen().alternate_screen(),
            "the terminal was not given back"
        );
        assert_eq!(
            line_modes(&*self.master),
            self.cooked,
            "the terminal's line was not given back"
        );
        (self.child.wait().unwrap().exit_code(), self.written)
    }
}
