//! The loop: one queue of messages, drained before one frame is drawn; asleep while nothing happens.

use std::io::{self, IsTerminal};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::config::keymap::{KeymapError, Preset};
use crate::config::theme::{Looks, ThemeError};
use crate::domain::time::Instant;
use crate::store::{NewBook, Opening, StoreError};

use super::app::{App, FirstGuess, Start, Unsaved};
use super::exporter::BeginFile;
use super::forms::offers::changes;
use super::keeper::Files;
use super::keys::Bindings;
use super::msg::{Effect, Msg};
use super::outside::Outside;
pub use super::screens::{Shown, names as screen_names};
use super::terminal::abilities::Abilities;
use super::terminal::input::InputThread;
use super::terminal::screen::Screen;
use super::theme::Theme;

/// After so long a pause in a sequence of keys its continuations are shown.
const PAUSE: Duration = Duration::from_millis(300);

/// When the screen has waited so long for the book it says so: what is answered before that comes without a word in between.
const ANSWER_PAUSE: Duration = Duration::from_millis(150);

/// After so long a pause in typing, what is wrong with a field is said.
const TYPING_PAUSE: Duration = Duration::from_millis(900);

/// What the app needs to start.
#[derive(Debug)]
pub struct Options {
    /// The book, and how it is opened; where there is no file the app asks and makes one.
    pub book: Opening,
    /// Who acts, by name or e-mail address; `None` is nobody.
    pub rep: Option<String>,
    /// The as-of moment, where it is not the real clock: an instant, or a date in the team's zone.
    pub now: Option<String>,
    /// What the first questions guess, where there is no book.
    pub first_start: FirstGuess,
    /// The period of the board's foot, in words.
    pub foot: String,
    /// The keymap to start from.
    pub preset: Preset,
    /// The user's keymap file, where there is one.
    pub keymap: Option<String>,
    /// How the screen looks.
    pub looks: Looks,
    /// With glyphs that every terminal has.
    pub ascii: bool,
    /// What this terminal can do.
    pub can: Abilities,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// Makes a book where a path as typed (`~/team.db`) says, and otherwise under these circumstances; called on a thread of its own,
    /// because disks are slow.
    pub create: fn(&str, &Opening, &NewBook) -> Result<PathBuf, StoreError>,
    /// Lets the user change a text in their own editor; called while the terminal is theirs.
    pub edit: fn(&str) -> io::Result<String>,
    /// The screen that is shown first.
    pub shown: Shown,
    /// Where half-written forms are kept between runs; called on a thread of its own.
    pub drafts: Files,
    /// Begins the file of an export; called on a thread of its own.
    pub export: BeginFile,
    /// Writes a report of a failure of this program and says where it is; called when the terminal is the user's again.
    pub failed: fn(&str),
    /// Tells the user, who has left already, what the book is still waited for.
    pub waiting: fn(&[String]),
    /// The real clock.
    pub clock: fn() -> Instant,
}

/// Why the app could not start or had to end.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is no terminal to draw on.
    #[error("The app needs a terminal, and this is none.")]
    NoTerminal,
    /// The user's keymap is wrong.
    #[error(transparent)]
    Keymap(#[from] KeymapError),
    /// The user's theme is wrong.
    #[error(transparent)]
    Theme(#[from] ThemeError),
    /// The terminal refused.
    #[error("The terminal failed: {0}")]
    Terminal(#[from] io::Error),
    /// A thread of the app failed, and [`Options::failed`] has told.
    #[error("The app had to end because of a mistake in it. Please pass the report on.")]
    Failed,
    /// The book could not be opened, and in lines nobody stays to look at that.
    #[error(transparent)]
    NotOpened(#[from] StoreError),
    /// The user left while another program held the book's lock or its drive was gone.
    #[error("{}", told(.0))]
    Unsaved(Unsaved),
}

/// What was not saved, why, and what becomes of it.
fn told(unsaved: &Unsaved) -> String {
    let why = if unsaved.unreachable {
        "because the book could not be reached"
    } else {
        "because another program held the book"
    };
    let mut sentences = Vec::new();
    if !unsaved.lost.is_empty() {
        sentences.push(format!("Not saved, {why}: {}.", unsaved.lost.join("; ")));
    }
    if !unsaved.kept.is_empty() {
        let are = if unsaved.kept.len() == 1 { "is" } else { "are" };
        sentences.push(format!(
            "{} {are} kept in the outbox, {why}: {}. The next start offers them.",
            changes(unsaved.kept.len()),
            unsaved.kept.join("; ")
        ));
    }
    sentences.join(" ")
}

impl Options {
    /// What the app is told at its start on a terminal of that size.
    pub(super) fn start(&self, size: (u16, u16)) -> Start {
        Start {
            rep: self.rep.clone(),
            now: self.now.clone(),
            first_start: self.first_start.clone(),
            real: (self.clock)(),
            foot: self.foot.clone(),
            mouse: self.mouse,
            shown: self.shown,
            size,
            looks: self.looks.clone(),
            can: self.can,
        }
    }
}

/// How the app ended, where all is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Its user left, or the terminal went away.
    Left,
    /// Somebody ended it from outside (SIGTERM).
    Terminated,
    /// Somebody interrupted it from outside (SIGINT): no key does.
    Interrupted,
}

/// Runs the app until its user leaves.
pub fn run(options: &Options) -> Result<Ended, RunError> {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(RunError::NoTerminal);
    }
    // The book is opened while the rest is made ready.
    let (send, receive) = channel();
    let outside = Outside::open(options, send.clone());
    let bindings = Bindings::load(options.preset, options.keymap.as_deref())?;
    let theme = options.looks.at_start()?;
    let mut screen = Screen::take(options.mouse, send.clone(), options.failed)?;
    let start = options.start(screen.size()?);
    let app = App::new(start, bindings, Theme::new(&theme, options.ascii));
    let input = Some(listen(&screen, send)?);
    if options.can.answers {
        if options.looks.follows_the_ground() {
            screen.ask_for_the_ground()?;
        }
        if options.can.may_turn_ascii && !options.ascii {
            screen.ask_for_the_width()?;
        }
    }
    let mut turning = Loop {
        outside,
        app,
        input,
        as_told: Ended::Left,
    };
    // What a panic leaves behind is not looked at again: the store is told to finish, and that is all.
    let turn = AssertUnwindSafe(|| turning.turn(&mut screen, &receive));
    let Ok(ended) = catch_unwind(turn) else {
        return Err(RunError::Failed);
    };
    let ended = ended.or_else(|fault| turning.without_a_terminal(fault, &receive));
    let failed = screen.failed();
    // The user gets the terminal back first; the book may take a while to be closed.
    turning.input = None;
    drop(screen);
    let Loop {
        outside,
        mut app,
        as_told,
        ..
    } = turning;
    let unsaved = outside.close(&mut app, &receive);
    ended?;
    if failed {
        return Err(RunError::Failed);
    }
    if unsaved.is_nothing() {
        Ok(as_told)
    } else {
        Err(RunError::Unsaved(unsaved))
    }
}

#[cfg(unix)]
fn listen(screen: &Screen, send: Sender<Msg>) -> io::Result<InputThread> {
    InputThread::start(send, screen.signals())
}

#[cfg(not(unix))]
fn listen(_: &Screen, send: Sender<Msg>) -> io::Result<InputThread> {
    InputThread::start(send)
}

struct Loop<'a> {
    outside: Outside<'a>,
    app: App,
    /// Stopped while the terminal belongs to the user's editor.
    input: Option<InputThread>,
    /// How the program was ended from outside, where it was.
    as_told: Ended,
}

impl Loop<'_> {
    fn turn(&mut self, screen: &mut Screen, receive: &Receiver<Msg>) -> Result<(), RunError> {
        loop {
            screen.draw(|frame| self.app.draw(frame))?;
            let Some(first) = self.wait(receive) else {
                return Ok(());
            };
            let mut next = Some(first);
            while let Some(message) = next {
                self.outside.before(&message);
                match message {
                    Msg::Terminated => self.as_told = Ended::Terminated,
                    Msg::Interrupted => self.as_told = Ended::Interrupted,
                    _ => {}
                }
                let now = (self.outside.options.clock)();
                for effect in self.app.update(now, message) {
                    if effect == Effect::Quit {
                        return Ok(());
                    }
                    self.perform(effect, screen)?;
                }
                next = receive.try_recv().ok();
            }
        }
    }

    /// The terminal has failed: what was told before that is still heard, so that nothing half-written is lost. One that is gone is no
    /// fault: its window was closed.
    fn without_a_terminal(
        &mut self,
        fault: RunError,
        receive: &Receiver<Msg>,
    ) -> Result<(), RunError> {
        let now = (self.outside.options.clock)();
        for message in receive.try_iter().chain([Msg::Hangup]) {
            for effect in self.app.update(now, message) {
                // What is for the terminal comes too late.
                self.outside.perform(effect, &self.app);
            }
        }
        match fault {
            RunError::Terminal(fault) if is_gone(&fault) => Ok(()),
            fault => Err(fault),
        }
    }

    /// Sleeps until something happens. `None` when nothing can happen any more.
    fn wait(&self, receive: &Receiver<Msg>) -> Option<Msg> {
        let pauses = [
            (self.app.waits_for_keys(), PAUSE),
            (self.app.waits_for_text(), TYPING_PAUSE),
            (self.app.waits_for_answers(), ANSWER_PAUSE),
        ];
        if let Some((_, pause)) = pauses.into_iter().find(|(waits, _)| *waits) {
            return match receive.recv_timeout(pause) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => Some(Msg::Pause),
                Err(RecvTimeoutError::Disconnected) => None,
            };
        }
        receive.recv().ok()
    }

    fn perform(&mut self, effect: Effect, screen: &mut Screen) -> Result<(), RunError> {
        let Some(effect) = self.outside.perform(effect, &self.app) else {
            return Ok(());
        };
        match effect {
            Effect::Edit(text) => self.edit(&text, screen)?,
            Effect::Mouse(on) => screen.listen_to_mouse(on)?,
            Effect::Copy(text) => screen.copy(&text)?,
            Effect::Repaint => screen.repaint()?,
            Effect::Suspend => self.suspend(screen)?,
            Effect::TakeAgain => {
                screen.take_again()?;
                self.measure(screen)?;
            }
            // To leave is the turn's business, and everything else was done outside.
            _ => {}
        }
        Ok(())
    }

    /// Gives the terminal back to the shell, with what is typed on it, until that says to go on, or to end.
    fn suspend(&mut self, screen: &mut Screen) -> Result<(), RunError> {
        if !screen.has_a_shell() {
            // The queue lives as long as the loop.
            let _ = self.outside.send.send(Msg::NotSuspended);
            return Ok(());
        }
        self.input = None;
        screen.suspend()?;
        self.input = Some(listen(screen, self.outside.send.clone())?);
        self.measure(screen)
    }

    /// Meanwhile the window may have got another size.
    fn measure(&self, screen: &Screen) -> Result<(), RunError> {
        let (columns, rows) = screen.size()?;
        // The queue lives as long as the loop.
        let _ = self.outside.send.send(Msg::Resize(columns, rows));
        Ok(())
    }

    /// Gives the terminal to the user's editor until it is closed.
    fn edit(&mut self, text: &str, screen: &mut Screen) -> Result<(), RunError> {
        self.input = None;
        let edited = screen.lend(|| (self.outside.options.edit)(text));
        // The queue lives as long as the loop.
        let _ = self.outside.send.send(match edited {
            Ok(text) => Msg::Edited(text),
            Err(error) => Msg::NotEdited(error.to_string()),
        });
        screen.take_back()?;
        self.input = Some(listen(screen, self.outside.send.clone())?);
        Ok(())
    }
}

/// Whether a terminal that failed so has gone away.
#[cfg(unix)]
fn is_gone(fault: &io::Error) -> bool {
    use rustix::io::Errno;
    let gone = [
        Errno::IO,
        Errno::NXIO,
        Errno::NOTTY,
        Errno::NODEV,
        Errno::PIPE,
    ];
    Errno::from_io_error(fault).is_some_and(|errno| gone.contains(&errno))
}

/// Nobody can tell.
#[cfg(not(unix))]
fn is_gone(_: &io::Error) -> bool {
    false
}
