//! The modes of the terminal: set at the start, taken back at the end, and first of all in a panic.

use std::backtrace::Backtrace;
use std::io::{self, BufWriter, Stdout, Write};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::Sender;

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{
    DisableBracketedPaste, DisableFocusChange, DisableMouseCapture, EnableBracketedPaste,
    EnableFocusChange, EnableMouseCapture,
};
use crossterm::style::force_color_output;
use crossterm::terminal::{
    DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::{Frame, Terminal};

use super::shown::Halves;
#[cfg(unix)]
use super::signals::Signals;
use super::thin::Thin;
use crate::tui::msg::Msg;

/// The question for the background.
pub(super) const ASK_GROUND: &[u8] = b"\x1b]11;?\x1b\\";

/// A sign whose width terminals disagree about, as about most frames and signs.
pub(super) const AMBIGUOUS: char = '\u{25cf}';

/// One frame is written in one go: a terminal never shows half of it.
const FRAME_BYTES: usize = 64 * 1024;

/// The terminal while the app has it. Dropping it gives it back.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<Thin<BufWriter<Stdout>>>,
    halves: Halves,
    held: Arc<Held>,
    mouse: bool,
    #[cfg(unix)]
    signals: Arc<Signals>,
}

impl Screen {
    /// Takes the terminal. From here on a panic of any thread gives it back, then `failed` is handed a report, then `send` tells
    /// the loop.
    pub fn take(mouse: bool, send: Sender<Msg>, failed_with: fn(&str)) -> io::Result<Self> {
        // With NO_COLOR set, crossterm would write a reset behind every reverse and so hide the cursor. Colours are left out by our
        // own theme instead.
        force_color_output(true);
        let held = Arc::new(Held::default());
        hook_panics(Arc::clone(&held), send, failed_with);
        let out = BufWriter::with_capacity(FRAME_BYTES, io::stdout());
        let mut screen = Self {
            terminal: Terminal::new(Thin::new(out, size))?,
            halves: Halves::default(),
            held,
            mouse,
            #[cfg(unix)]
            signals: Arc::new(Signals::listen()?),
        };
        screen.set_up()?;
        Ok(screen)
    }

    fn set_up(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        self.held.taken.store(true, Ordering::SeqCst);
        let mouse = self.mouse;
        let out = self.line();
        queue!(
            out,
            EnterAlternateScreen,
            // A sign that is wider than it is thought to be spoils nothing of the next row.
            DisableLineWrap,
            EnableBracketedPaste,
            EnableFocusChange,
            cursor::Hide
        )?;
        if mouse {
            queue!(out, EnableMouseCapture)?;
        }
        Write::flush(out)?;
        self.terminal.backend_mut().forget();
        self.repaint()
    }

    /// The way to the terminal for what is no picture.
    const fn line(&mut self) -> &mut BufWriter<Stdout> {
        self.terminal.backend_mut().line()
    }

    /// Asks the terminal what its background is (OSC 11). Nobody waits for the answer: it comes as a message, or never.
    pub fn ask_for_the_ground(&mut self) -> io::Result<()> {
        let out = self.line();
        out.write_all(ASK_GROUND)?;
        Write::flush(out)
    }

    /// Asks the terminal how wide a sign is that some fonts have narrow and others wide: writes it at the beginning of the second row,
    /// asks where the cursor is, and wipes it before anybody sees it. The answer comes as a message.
    pub fn ask_for_the_width(&mut self) -> io::Result<()> {
        let out = self.line();
        write!(out, "\x1b[2;1H{AMBIGUOUS}\x1b[6n\x1b[2;1H\x1b[2J")?;
        Write::flush(out)
    }

    /// Whether a thread has failed.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.held.failed.load(Ordering::SeqCst)
    }

    /// Columns and rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Draws one frame, unless the terminal is another's: whoever failed or was told its end while stopped leaves without a picture.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame)) -> io::Result<()> {
        if self.held.taken.load(Ordering::SeqCst) {
            let Self {
                terminal, halves, ..
            } = self;
            terminal.draw(|frame| {
                draw(frame);
                halves.mind(frame.buffer_mut());
            })?;
        }
        Ok(())
    }

    /// Makes the next frame paint every cell. `Terminal::clear` would ask the terminal where its cursor is, and the input thread
    /// would take the answer.
    pub fn repaint(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(size.into())
    }

    /// Listens to the mouse, or leaves it to the terminal, which then selects text with it.
    pub fn listen_to_mouse(&mut self, listen: bool) -> io::Result<()> {
        self.mouse = listen;
        if listen {
            execute!(self.line(), EnableMouseCapture)
        } else {
            execute!(self.line(), DisableMouseCapture)
        }
    }

    /// Hands a text to the terminal's clipboard. Terminals do not say whether they took it.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(self.line(), CopyToClipboard::to_clipboard_from(text))
    }

    /// What the system tells the program, for who waits for it.
    #[cfg(unix)]
    #[must_use]
    pub fn signals(&self) -> Arc<Signals> {
        Arc::clone(&self.signals)
    }

    /// Whether there is a shell that the terminal can be given back to for a while.
    #[cfg(unix)]
    #[must_use]
    pub fn has_a_shell(&self) -> bool {
        super::signals::has_a_shell()
    }

    /// There is no job control to suspend to.
    #[cfg(not(unix))]
    #[must_use]
    pub fn has_a_shell(&self) -> bool {
        false
    }

    /// Gives the terminal back to the shell, and takes it again when the shell says so. Where the shell says to end instead it stays the
    /// shell's. Meanwhile nobody may wait for keys.
    #[cfg(unix)]
    pub fn suspend(&mut self) -> io::Result<()> {
        self.held.give_back();
        if self.signals.stop()? {
            self.set_up()?;
        }
        Ok(())
    }

    /// Nobody asks for this: [`has_a_shell`](Self::has_a_shell) says no.
    #[cfg(not(unix))]
    pub fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }

    /// Takes the terminal again from whoever had it while the program was stopped from outside, and could not give it back.
    pub fn take_again(&mut self) -> io::Result<()> {
        // The modes of the line are set again only where they were taken back.
        disable_raw_mode()?;
        self.set_up()
    }

    /// Lends the terminal to another program, until that has ended.
    pub fn lend<T>(&mut self, program: impl FnOnce() -> T) -> T {
        self.held.give_back();
        #[cfg(unix)]
        return self.signals.lend(program);
        #[cfg(not(unix))]
        program()
    }

    /// Takes the terminal back that was lent.
    pub fn take_back(&mut self) -> io::Result<()> {
        self.set_up()
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        self.held.give_back();
        self.held.over.store(true, Ordering::SeqCst);
    }
}

/// How the program and its terminal stand to each other.
#[derive(Debug, Default)]
struct Held {
    /// The terminal is in the program's modes.
    taken: AtomicBool,
    /// A thread has failed.
    failed: AtomicBool,
    /// The terminal was given back for good.
    over: AtomicBool,
}

impl Held {
    /// Takes all modes back, once.
    fn give_back(&self) {
        if self.taken.swap(false, Ordering::SeqCst) {
            give_back_to(&mut io::stdout());
        }
    }
}

/// Takes all modes back. What cannot be written is given up: there is nobody left to tell.
fn give_back_to(out: &mut impl Write) {
    let _ = execute!(
        out,
        EndSynchronizedUpdate,
        DisableMouseCapture,
        DisableFocusChange,
        DisableBracketedPaste,
        EnableLineWrap,
        LeaveAlternateScreen,
        cursor::Show
    );
    let _ = disable_raw_mode();
}

/// A panic gives the terminal back first; then the report is handed over. One of another thread ends the loop, also where the terminal is
/// lent. When it was given back for good the hook that was there before speaks.
fn hook_panics(held: Arc<Held>, send: Sender<Msg>, failed_with: fn(&str)) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let failed_before = held.failed.load(Ordering::SeqCst);
        let taken = held.taken.swap(false, Ordering::SeqCst);
        if held.over.load(Ordering::SeqCst) || failed_before && !taken {
            before(panic);
            return;
        }
        let thread = std::thread::current();
        let report = format!(
            "{panic}\nin thread {}\n\n{}\n",
            thread.name().unwrap_or("without a name"),
            Backtrace::force_capture()
        );
        if taken {
            give_back_then(&mut io::stdout(), || failed_with(&report));
        } else {
            failed_with(&report);
        }
        held.failed.store(true, Ordering::SeqCst);
        let _ = send.send(Msg::Hangup);
    }));
}

/// Gives the terminal back, and only then speaks.
fn give_back_then(out: &mut impl Write, speak: impl FnOnce()) {
    give_back_to(out);
    speak();
}

/// Columns and rows of the terminal on standard output.
#[cfg(unix)]
fn size() -> io::Result<(u16, u16)> {
    match rustix::termios::tcgetwinsize(rustix::stdio::stdout()) {
        Ok(size) if size.ws_col > 0 && size.ws_row > 0 => Ok((size.ws_col, size.ws_row)),
        _ => crossterm::terminal::size(),
    }
}

#[cfg(not(unix))]
fn size() -> io::Result<(u16, u16)> {
    crossterm::terminal::size()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::RefCell;

    /// A terminal that two writers share.
    struct Shared<'a>(&'a RefCell<Vec<u8>>);

    impl Write for Shared<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.borrow_mut().extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn a_panic_gives_the_terminal_back_before_it_says_where_the_report_is() {
        let terminal = RefCell::new(Vec::new());
        let mut screen = vt100::Parser::new(10, 40, 0);
        screen.process(b"\x1b[?1049h\x1b[?25l\x1b[?1000h\x1b[?2004hthe board");
        assert!(screen.screen().alternate_screen());
        give_back_then(&mut Shared(&terminal), || {
            let said = b"The report is in report.txt";
            terminal.borrow_mut().extend_from_slice(said);
        });
        screen.process(&terminal.borrow());
        let screen = screen.screen();
        assert!(!screen.alternate_screen() && !screen.hide_cursor() && !screen.bracketed_paste());
        assert_eq!(screen.mouse_protocol_mode(), vt100::MouseProtocolMode::None);
        assert_eq!(screen.contents(), "The report is in report.txt");
    }

    #[test]
    fn a_terminal_that_is_gone_is_no_second_failure() {
        struct Gone;
        impl Write for Gone {
            fn write(&mut self, _: &[u8]) -> io::Result<usize> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
            fn flush(&mut self) -> io::Result<()> {
                Err(io::ErrorKind::BrokenPipe.into())
            }
        }
        let mut spoken = false;
        give_back_then(&mut Gone, || spoken = true);
        assert!(spoken);
    }
}
