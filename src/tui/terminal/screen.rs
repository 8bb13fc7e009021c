//! The modes of the terminal: set at the start, taken back at the end, and first of all in a panic.

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
    BeginSynchronizedUpdate, EndSynchronizedUpdate, EnterAlternateScreen, LeaveAlternateScreen,
    disable_raw_mode, enable_raw_mode,
};
use crossterm::{cursor, execute, queue};
use ratatui::backend::CrosstermBackend;
use ratatui::{Frame, Terminal};

use crate::tui::msg::Msg;

/// One frame is written in one go: a terminal never shows half of it.
const FRAME_BYTES: usize = 64 * 1024;

/// The terminal while the app has it. Dropping it gives it back.
#[derive(Debug)]
pub struct Screen {
    terminal: Terminal<CrosstermBackend<BufWriter<Stdout>>>,
    taken: Arc<AtomicBool>,
    failed: Arc<AtomicBool>,
    mouse: bool,
}

impl Screen {
    /// Takes the terminal. From here on a panic of any thread gives it back before it says a word, and `send` tells the loop.
    pub fn take(mouse: bool, send: Sender<Msg>) -> io::Result<Self> {
        // With NO_COLOR set, crossterm would write a reset behind every reverse and so hide the cursor. Colours are left out by our
        // own theme instead.
        force_color_output(true);
        let taken = Arc::new(AtomicBool::new(false));
        let failed = Arc::new(AtomicBool::new(false));
        hook_panics(Arc::clone(&taken), Arc::clone(&failed), send);
        let backend = CrosstermBackend::new(BufWriter::with_capacity(FRAME_BYTES, io::stdout()));
        let mut screen = Self {
            terminal: Terminal::new(backend)?,
            taken,
            failed,
            mouse,
        };
        screen.set_up()?;
        Ok(screen)
    }

    fn set_up(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        self.taken.store(true, Ordering::SeqCst);
        let out = self.terminal.backend_mut();
        queue!(
            out,
            EnterAlternateScreen,
            EnableBracketedPaste,
            EnableFocusChange,
            cursor::Hide
        )?;
        if self.mouse {
            queue!(out, EnableMouseCapture)?;
        }
        Write::flush(out)
    }

    /// Whether a thread has failed.
    #[must_use]
    pub fn failed(&self) -> bool {
        self.failed.load(Ordering::SeqCst)
    }

    /// Columns and rows.
    pub fn size(&self) -> io::Result<(u16, u16)> {
        let size = self.terminal.size()?;
        Ok((size.width, size.height))
    }

    /// Draws one frame.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame)) -> io::Result<()> {
        queue!(self.terminal.backend_mut(), BeginSynchronizedUpdate)?;
        self.terminal.draw(draw)?;
        execute!(self.terminal.backend_mut(), EndSynchronizedUpdate)
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
            execute!(self.terminal.backend_mut(), EnableMouseCapture)
        } else {
            execute!(self.terminal.backend_mut(), DisableMouseCapture)
        }
    }

    /// Hands a text to the terminal's clipboard. Terminals do not say whether they took it.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        execute!(
            self.terminal.backend_mut(),
            CopyToClipboard::to_clipboard_from(text)
        )
    }

    /// Gives the terminal back to the shell, and takes it again when the shell says so.
    #[cfg(unix)]
    pub fn suspend(&mut self) -> io::Result<()> {
        give_back(&self.taken);
        signal_hook::low_level::emulate_default_handler(signal_hook::consts::SIGTSTP)?;
        self.set_up()?;
        self.repaint()
    }

    /// Lends the terminal to another program, and takes it again when that has ended.
    pub fn lend<T>(&mut self, program: impl FnOnce() -> T) -> io::Result<T> {
        give_back(&self.taken);
        let done = program();
        self.set_up()?;
        self.repaint()?;
        Ok(done)
    }

    /// There is no job control to suspend to.
    #[cfg(not(unix))]
    pub fn suspend(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back(&self.taken);
    }
}

/// Takes all modes back, once. What cannot be written is given up: there is nobody left to tell.
fn give_back(taken: &AtomicBool) {
    if taken.swap(false, Ordering::SeqCst) {
        let mut out = io::stdout();
        let _ = execute!(
            out,
            EndSynchronizedUpdate,
            DisableMouseCapture,
            DisableFocusChange,
            DisableBracketedPaste,
            LeaveAlternateScreen,
            cursor::Show
        );
        let _ = disable_raw_mode();
    }
}

/// A panic gives the terminal back first; then the hook that was there before speaks. One of another thread ends the loop.
fn hook_panics(taken: Arc<AtomicBool>, failed: Arc<AtomicBool>, send: Sender<Msg>) {
    let before = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        let was_ours = taken.load(Ordering::SeqCst);
        give_back(&taken);
        before(panic);
        if was_ours {
            failed.store(true, Ordering::SeqCst);
            let _ = send.send(Msg::Hangup);
        }
    }));
}
