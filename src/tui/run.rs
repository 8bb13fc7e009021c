//! The loop: one queue of messages, drained before one frame is drawn; asleep while nothing happens.

use std::io::{self, IsTerminal};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use crate::config::keymap::{KeymapError, Preset};
use crate::config::theme::{Looks, ThemeError};
use crate::domain::command::StepDraft;
use crate::domain::time::Instant;
use crate::store::handle::{Event, Handle};
use crate::store::{NewBook, Opening, StoreError, random_id};

use super::app::{App, FirstGuess, Start, Unsaved};
use super::exporter::{BeginFile, Exporter, Exporting, ToFile};
use super::forms::offers::changes;
use super::keeper::{Files, Keeper};
use super::keys::Bindings;
use super::msg::{Effect, Msg};
pub use super::screens::{Shown, names as screen_names};
use super::terminal::abilities::Abilities;
use super::terminal::input::InputThread;
use super::terminal::screen::Screen;
use super::theme::Theme;

/// After so long a pause in a sequence of keys its continuations are shown.
const PAUSE: Duration = Duration::from_millis(300);

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

/// How the app ended, where all is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ended {
    /// Its user left, or the terminal went away.
    Left,
    /// Somebody ended it from outside (SIGTERM).
    Terminated,
}

/// Runs the app until its user leaves.
pub fn run(options: &Options) -> Result<Ended, RunError> {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(RunError::NoTerminal);
    }
    // The book is opened while the rest is made ready.
    let (send, receive) = channel();
    let store = Handle::start(options.book.clone(), reporter(&send));
    let bindings = Bindings::load(options.preset, options.keymap.as_deref())?;
    let theme = options.looks.at_start()?;
    let mut screen = Screen::take(options.mouse, send.clone(), options.failed)?;
    let start = Start {
        rep: options.rep.clone(),
        now: options.now.clone(),
        first_start: options.first_start.clone(),
        real: (options.clock)(),
        foot: options.foot.clone(),
        mouse: options.mouse,
        shown: options.shown,
        size: screen.size()?,
        looks: options.looks.clone(),
        can: options.can,
    };
    let app = App::new(start, bindings, Theme::new(&theme, options.ascii));
    let input = Some(InputThread::start(send.clone())?);
    if options.can.answers {
        if options.looks.follows_the_ground() {
            screen.ask_for_the_ground()?;
        }
        if options.can.may_turn_ascii && !options.ascii {
            screen.ask_for_the_width()?;
        }
    }
    let mut turning = Loop {
        options,
        made: Arc::default(),
        send,
        store,
        app,
        input,
        keeper: None,
        exporter: None,
        terminated: false,
    };
    // What a panic leaves behind is not looked at again: the store is told to finish, and that is all.
    let turn = AssertUnwindSafe(|| turning.turn(&mut screen, &receive));
    let Ok(ended) = catch_unwind(turn) else {
        return Err(RunError::Failed);
    };
    let failed = screen.failed();
    // The user gets the terminal back first; the book may take a while to be closed.
    turning.input = None;
    drop(screen);
    let terminated = turning.terminated;
    let unsaved = turning.close(&receive);
    ended?;
    if failed {
        return Err(RunError::Failed);
    }
    if unsaved.is_nothing() {
        Ok(if terminated {
            Ended::Terminated
        } else {
            Ended::Left
        })
    } else {
        Err(RunError::Unsaved(unsaved))
    }
}

/// Sends what the store reports. When the app is leaving nobody listens any more.
fn reporter(send: &Sender<Msg>) -> impl Fn(Event) + Send + 'static {
    let send = send.clone();
    move |event| {
        let _ = send.send(Msg::Store(event));
    }
}

struct Loop<'a> {
    options: &'a Options,
    send: Sender<Msg>,
    store: Handle,
    app: App,
    /// Stopped while the terminal belongs to the user's editor.
    input: Option<InputThread>,
    /// Keeps half-written forms, as soon as it is known of which book they are.
    keeper: Option<Keeper>,
    /// Writes exports, as soon as there is one.
    exporter: Option<Exporter>,
    /// Somebody ended the program from outside.
    terminated: bool,
    /// Where the book is that the first start made.
    made: Arc<Mutex<Option<PathBuf>>>,
}

impl Loop<'_> {
    /// Waits until the book has taken what it can, and returns what it has not.
    fn close(mut self, receive: &Receiver<Msg>) -> Unsaved {
        let waiting = self.app.unsaved();
        if !(waiting.is_nothing() || waiting.unreachable) {
            (self.options.waiting)(&[waiting.kept, waiting.lost].concat());
        }
        drop(self.store);
        let now = (self.options.clock)();
        for message in receive.try_iter() {
            for effect in self.app.update(now, message) {
                // What the book took after all is no longer half-written.
                if let (Effect::Keep(keep), Some(keeper)) = (effect, &self.keeper) {
                    keeper.keep(keep);
                }
            }
        }
        self.app.unsaved()
    }

    fn turn(&mut self, screen: &mut Screen, receive: &Receiver<Msg>) -> Result<(), RunError> {
        loop {
            screen.draw(|frame| self.app.draw(frame))?;
            let Some(first) = self.wait(receive) else {
                return Ok(());
            };
            let mut next = Some(first);
            while let Some(message) = next {
                if matches!(message, Msg::Created(_)) {
                    self.open_what_was_made();
                }
                if matches!(message, Msg::Keys(_) | Msg::Paste(_) | Msg::Mouse(_)) {
                    self.store.used();
                }
                self.terminated |= matches!(message, Msg::Terminated);
                let now = (self.options.clock)();
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

    /// Sleeps until something happens. `None` when nothing can happen any more.
    fn wait(&self, receive: &Receiver<Msg>) -> Option<Msg> {
        let pause = if self.app.waits_for_keys() {
            Some(PAUSE)
        } else {
            self.app.waits_for_text().then_some(TYPING_PAUSE)
        };
        if let Some(pause) = pause {
            return match receive.recv_timeout(pause) {
                Ok(message) => Some(message),
                Err(RecvTimeoutError::Timeout) => Some(Msg::Pause),
                Err(RecvTimeoutError::Disconnected) => None,
            };
        }
        receive.recv().ok()
    }

    fn perform(&mut self, effect: Effect, screen: &mut Screen) -> Result<(), RunError> {
        match effect {
            Effect::Write {
                ticket,
                commands,
                origin,
                label,
            } => {
                let id = random_id();
                let draft = StepDraft {
                    id,
                    group: id,
                    rep: self.app.me(),
                    at: self.app.now(),
                    origin,
                    label,
                    import: None,
                    commands,
                };
                self.store.write(ticket, draft);
            }
            Effect::Read { view, query } => self.store.read(view, query),
            Effect::Forgo(views) => self.store.forgo(&views),
            Effect::Send { ticket, draft } => self.store.write(ticket, *draft),
            Effect::Forget(steps) => self.store.forget(steps),
            Effect::Check => self.store.check(),
            Effect::Create(path, new) => self.create(path, new),
            Effect::Edit(text) => self.edit(&text, screen)?,
            Effect::Recall(book) => {
                match Keeper::start(self.options.drafts, book, self.send.clone()) {
                    Ok(keeper) => self.keeper = Some(keeper),
                    // Nobody's work ends for want of a thread that keeps what is half-written.
                    Err(error) => {
                        let _ = self.send.send(Msg::Keeping(Err(error.to_string())));
                    }
                }
            }
            Effect::Keep(keep) => {
                if let Some(keeper) = &self.keeper {
                    keeper.keep(keep);
                }
            }
            Effect::Export(what) => self.export(what),
            Effect::Mouse(on) => screen.listen_to_mouse(on)?,
            Effect::Copy(text) => screen.copy(&text)?,
            Effect::Repaint => screen.repaint()?,
            Effect::Suspend => {
                screen.suspend()?;
                // Meanwhile the window may have got another size.
                let (columns, rows) = screen.size()?;
                let _ = self.send.send(Msg::Resize(columns, rows));
            }
            Effect::Quit => {}
        }
        Ok(())
    }

    /// Hands what is exported to its thread.
    fn export(&mut self, what: ToFile) {
        if self.exporter.is_none() {
            match Exporter::start(self.options.export, self.send.clone()) {
                Ok(exporter) => self.exporter = Some(exporter),
                Err(error) => {
                    let said = Exporting::Failed(error.to_string());
                    let _ = self.send.send(Msg::Exporting(said));
                }
            }
        }
        if let Some(exporter) = &self.exporter {
            exporter.tell(what);
        }
    }

    /// Makes the book on a thread of its own. It is opened when that has told the app.
    fn create(&self, path: String, new: NewBook) {
        let (create, opening) = (self.options.create, self.options.book.clone());
        let (send, slot) = (self.send.clone(), Arc::clone(&self.made));
        std::thread::spawn(move || {
            let outcome = create(&path, &opening, &new).map(|path| {
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(path);
            });
            let _ = send.send(Msg::Created(outcome));
        });
    }

    /// Opens the book that was made, if one was.
    fn open_what_was_made(&mut self) {
        let made = self
            .made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(path) = made {
            let opening = Opening {
                path,
                ..self.options.book.clone()
            };
            self.store = Handle::start(opening, reporter(&self.send));
        }
    }

    /// Gives the terminal to the user's editor until it is closed.
    fn edit(&mut self, text: &str, screen: &mut Screen) -> Result<(), RunError> {
        self.input = None;
        let edited = screen.lend(|| (self.options.edit)(text))?;
        self.input = Some(InputThread::start(self.send.clone())?);
        // The queue lives as long as the loop.
        let _ = self.send.send(match edited {
            Ok(text) => Msg::Edited(text),
            Err(error) => Msg::NotEdited(error.to_string()),
        });
        Ok(())
    }
}
