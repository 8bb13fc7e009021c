//! The loop around the conversation: lines come in, lines go out, and in between it sleeps.

use std::io::{self, BufRead, Write};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::time::Duration;

use crate::config::theme::Looks;
use crate::store::StoreError;
use crate::store::handle::Event;
use crate::tui::app::App;
use crate::tui::keys::Bindings;
use crate::tui::msg::{Effect, Msg};
use crate::tui::outside::Outside;
use crate::tui::run::{Options, RunError};
use crate::tui::terminal::abilities::Abilities;
use crate::tui::theme::Theme;

use super::Talk;

/// After so long without an answer of the book it is said that it is waited for.
const WAIT: Duration = Duration::from_secs(2);
/// After so long a pause in typing, what waits for one is shown.
const PAUSE: Duration = Duration::from_secs(1);
/// The terminal that the app is told of: lists load by what it would show, the panel that tells more with them. Nothing is drawn on it.
const SIZE: (u16, u16) = (120, 30);
/// What is copied is printed: to the terminal itself nothing goes.
pub(super) const ABILITIES: Abilities = Abilities {
    answers: false,
    may_turn_ascii: false,
    links: false,
    clipboard: true,
    isolates: false,
    tmux: false,
};
/// Stands where the next line is typed.
const PROMPT: &str = "> ";
/// A line is no longer than this: what comes behind it in a stream without line ends is another line.
const LONGEST: u64 = 1 << 20;

/// Where the conversation takes place.
pub struct Place {
    /// What is typed.
    pub input: Box<dyn BufRead + Send>,
    /// What is said.
    pub output: Box<dyn Write>,
    /// Whether somebody sits there: then a prompt says that a line is waited for.
    pub interactive: bool,
}

/// Runs the app in lines until its user leaves or the lines end.
///
/// # Errors
/// Why it could not start or had to end.
pub fn run(options: &Options, place: Place) -> Result<(), RunError> {
    let (send, receive) = channel();
    let outside = Outside::open(options, send.clone());
    let bindings = Bindings::load(options.preset, options.keymap.as_deref())?;
    let theme = Looks::default().at_start()?;
    let mut start = options.start(SIZE);
    start.can = ABILITIES;
    let app = App::new(start, bindings, Theme::new(&theme, false));
    read_lines(place.input, send);
    let mut turning = Loop {
        outside,
        talk: Talk::new(app, place.interactive),
        output: place.output,
        interactive: place.interactive,
        prompted: false,
    };
    let ended = turning.turn(&receive);
    let Loop {
        outside, mut talk, ..
    } = turning;
    let unsaved = outside.close(talk.app_mut(), &receive);
    match ended {
        // Nobody listens any more: that is no fault of ours.
        Err(RunError::Terminal(error)) if error.kind() == io::ErrorKind::BrokenPipe => {}
        other => other?,
    }
    if unsaved.is_nothing() {
        Ok(())
    } else {
        Err(RunError::Unsaved(unsaved))
    }
}

/// Reads lines on a thread of its own. It ends with the program where nothing is typed any more.
fn read_lines(mut input: Box<dyn BufRead + Send>, send: Sender<Msg>) {
    std::thread::spawn(move || {
        loop {
            let mut line = Vec::new();
            let read = io::Read::take(&mut input, LONGEST).read_until(b'\n', &mut line);
            let line = match read {
                Ok(0) | Err(_) => None,
                Ok(_) => Some(String::from_utf8_lossy(&line).into_owned()),
            };
            let ended = line.is_none();
            if send.send(Msg::Line(line)).is_err() || ended {
                return;
            }
        }
    });
}

struct Loop<'a> {
    outside: Outside<'a>,
    talk: Talk,
    output: Box<dyn Write>,
    interactive: bool,
    /// Whether the prompt stands there, and no line is below it.
    prompted: bool,
}

impl Loop<'_> {
    fn turn(&mut self, receive: &Receiver<Msg>) -> Result<(), RunError> {
        loop {
            self.print()?;
            let Some(message) = self.wait(receive)? else {
                return Ok(());
            };
            let message = match message {
                Msg::Store(Event::NotOpened(error)) if !is_missing(&error) => {
                    return Err(RunError::NotOpened(error));
                }
                other => other,
            };
            self.outside.before(&message);
            let now = (self.outside.options.clock)();
            let effects = match message {
                Msg::Line(line) => {
                    self.prompted = false;
                    self.outside.store.used();
                    self.talk.line(now, line)
                }
                other => self.talk.hear(now, other),
            };
            for effect in effects {
                if effect == Effect::Quit {
                    self.print()?;
                    return Ok(());
                }
                // Nothing of what is for a painted screen comes from a conversation.
                let _ = self.outside.perform(effect, self.talk.app());
            }
        }
    }

    /// Sleeps until something happens; says so where that takes long.
    fn wait(&mut self, receive: &Receiver<Msg>) -> Result<Option<Msg>, RunError> {
        let listens = self.talk.listens();
        let pause = if !listens {
            WAIT
        } else if self.talk.app().waits_for_text() {
            PAUSE
        } else {
            return Ok(receive.recv().ok());
        };
        match receive.recv_timeout(pause) {
            Ok(message) => Ok(Some(message)),
            Err(RecvTimeoutError::Disconnected) => Ok(None),
            Err(RecvTimeoutError::Timeout) if listens => Ok(Some(Msg::Pause)),
            Err(RecvTimeoutError::Timeout) => {
                self.talk.still_waiting();
                self.print()?;
                Ok(receive.recv().ok())
            }
        }
    }

    /// Prints what was said, then the prompt where a line is waited for.
    fn print(&mut self) -> io::Result<()> {
        let said = self.talk.take_said();
        if self.prompted && !said.is_empty() {
            // What comes by itself does not stand behind what is being typed.
            writeln!(self.output)?;
            self.prompted = false;
        }
        for line in said {
            writeln!(self.output, "{line}")?;
        }
        if self.interactive && !self.prompted && self.talk.listens() {
            write!(self.output, "{PROMPT}")?;
            self.prompted = true;
        }
        self.output.flush()
    }
}

const fn is_missing(error: &StoreError) -> bool {
    matches!(error, StoreError::Missing { .. })
}
