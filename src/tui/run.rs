//! The loop: one queue of messages, drained before one frame is drawn; asleep while nothing happens.

use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::config::keymap::KeymapError;
use crate::config::theme::ThemeError;
use crate::domain::command::StepDraft;
use crate::domain::id::StepId;
use crate::domain::time::Instant;
use crate::store::handle::Handle;
use crate::store::{NewBook, StoreError};

use super::app::{App, Start};
use super::keys::Bindings;
use super::msg::{Effect, Msg};
use super::terminal::input::InputThread;
use super::terminal::screen::Screen;
use super::theme::Theme;

/// After so long a pause in a sequence of keys its continuations are shown.
const PAUSE: Duration = Duration::from_millis(300);

/// What the app needs to start.
pub struct Options {
    /// The book; where there is no file the app asks and makes one.
    pub book: PathBuf,
    /// Who acts, by name or e-mail address; `None` is nobody.
    pub rep: Option<String>,
    /// The as-of moment, where it is not the real clock.
    pub now: Option<Instant>,
    /// The period of the board's foot, in words.
    pub foot: String,
    /// The user's keymap file, where there is one.
    pub keymap: Option<String>,
    /// The user's theme file, where there is one.
    pub theme: Option<String>,
    /// Without colours (`NO_COLOR`, `--no-color`).
    pub mono: bool,
    /// With glyphs that every terminal has.
    pub ascii: bool,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// Makes a book; called on a thread of its own.
    pub create: fn(&Path, &NewBook) -> Result<(), StoreError>,
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
    /// The system gives no random numbers, and without them no step can be named.
    #[error("The system gives no random numbers: {0}")]
    Random(getrandom::Error),
}

/// Runs the app until its user leaves.
pub fn run(options: &Options) -> Result<(), RunError> {
    if !(io::stdin().is_terminal() && io::stdout().is_terminal()) {
        return Err(RunError::NoTerminal);
    }
    let bindings = Bindings::load(options.keymap.as_deref())?;
    let theme = crate::config::theme::Theme::load(options.theme.as_deref(), options.mono)?;
    let (send, receive) = channel();
    let store = open(options, &send);
    let mut screen = Screen::take(options.mouse, send.clone())?;
    let start = Start {
        rep: options.rep.clone(),
        now: options.now,
        real: (options.clock)(),
        foot: options.foot.clone(),
        mouse: options.mouse,
        size: screen.size()?,
    };
    let app = App::new(start, bindings, Theme::new(&theme, options.ascii));
    let _input = InputThread::start(send.clone())?;
    Loop {
        options,
        send,
        store,
        app,
    }
    .turn(&mut screen, &receive)
}

fn open(options: &Options, send: &Sender<Msg>) -> Handle {
    let send = send.clone();
    Handle::start(options.book.clone(), move |event| {
        // Nobody listens any more when the app is leaving.
        let _ = send.send(Msg::Store(event));
    })
}

struct Loop<'a> {
    options: &'a Options,
    send: Sender<Msg>,
    store: Handle,
    app: App,
}

impl Loop<'_> {
    fn turn(mut self, screen: &mut Screen, receive: &Receiver<Msg>) -> Result<(), RunError> {
        loop {
            screen.draw(|frame| self.app.draw(frame))?;
            let Some(first) = self.wait(receive) else {
                return Ok(());
            };
            let mut next = Some(first);
            while let Some(message) = next {
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
        if self.app.waits_for_keys() {
            return match receive.recv_timeout(PAUSE) {
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
                let id = random_step()?;
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
            Effect::Check => self.store.check(),
            Effect::Create(new) => self.create(new),
            Effect::Mouse(on) => screen.listen_to_mouse(on)?,
            Effect::Copy(text) => screen.copy(&text)?,
            Effect::Repaint => screen.repaint()?,
            Effect::Suspend => screen.suspend()?,
            Effect::Quit => {}
        }
        Ok(())
    }

    /// Makes the book on a thread of its own, then opens it.
    fn create(&mut self, new: NewBook) {
        let (make, path, send) = (
            self.options.create,
            self.options.book.clone(),
            self.send.clone(),
        );
        std::thread::spawn(move || {
            let _ = send.send(Msg::Created(make(&path, &new)));
        });
    }
}

fn random_step() -> Result<StepId, RunError> {
    let mut bytes = [0; 16];
    getrandom::fill(&mut bytes).map_err(RunError::Random)?;
    Ok(StepId(bytes))
}
