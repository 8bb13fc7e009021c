//! The app as a conversation in lines, for who has it read aloud and for terminals that can do no more: nothing is ever painted
//! over, every choice has a number, every change is a line.
//!
//! ```text
//! 2 next steps, 1 deal gone quiet, …
//! 1. call: Offer, with Nora Keller, deal Rollout, 3 days late.
//! > d 1
//! Outcome. Empty. 1 reached, 2 no answer, … or other words.
//! > reached
//! Saved: Done: Offer. u undoes it.
//! ```
//!
//! Under it is the same [`App`]: what is typed runs its actions and answers its layers, what it says is printed. So its rules, its
//! drafts, its conflicts and its undo are those of the screens. A line is heard only when all that the lines before it asked for has
//! come: what is said is always about what the user knows, and a script needs no pauses.
//!
//! | module | holds |
//! |---|---|
//! | this one | the conversation: what is waited for, what comes next |
//! | [`command`] | what a typed line asks for |
//! | [`tell`] | lists, records and help in lines |
//! | [`ask`] | the question that a layer puts |
//! | [`answer`], [`form`] | what is answered; to forms, field by field |
//! | [`run`](mod@run) | the loop around it |

mod answer;
mod ask;
mod command;
mod form;
pub mod run;
mod tell;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, VecDeque};

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::time::Instant;
use crate::store::handle::{Event, Health, View};
use crate::store::query::{Answer, Query};

use super::app::{App, Book};
use super::layers::{FormOf, Layer};
use super::msg::{Effect, Msg};
use super::notices::Tone;
use super::screens::lines::Key;
use super::screens::views;
use super::words;

use ask::Asked;

/// What an outbreak of the terminal's own clipboard would say: here the text itself is printed.
const COPIED: &str = "Sent to the terminal's clipboard: ";

/// What the painted screen says of its key that stops an export.
const STOPS: &str = " … Ctrl-C stops it";

/// Something that is still to be done for the line that was heard, when the book has answered what came before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    /// Take all marks away.
    ClearMarks,
    /// Put the cursor on a line.
    Point(usize),
    /// Act on the whole.
    PointNowhere,
    /// Mark the line under the cursor.
    Mark,
    /// Run an action, by its place in the table.
    Run(usize),
    /// Say a line that was chosen, with its number.
    Say(usize),
    /// Bring lines from there on into memory.
    Load(usize),
    /// Tell lines from there on.
    Tell(usize),
    /// Say where one is after a popup was closed.
    BackTo,
}

/// The conversation.
#[derive(Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each says of another thing whether it has happened"
)]
pub struct Talk {
    app: App,
    /// Whether somebody sits there: nobody is asked what a script cannot know.
    interactive: bool,
    out: Vec<String>,
    /// Lines that were typed and not heard yet.
    typed: VecDeque<String>,
    /// The beginning of a text whose line ended with a backslash.
    begun: String,
    /// No more lines will come.
    ended: bool,
    left: bool,
    /// What the next line answers; `None` where that has to be asked first.
    asked: Option<Asked>,
    /// What followed a command: the answers to its first questions.
    ahead: VecDeque<String>,
    /// The question was answered before it was put: where the answer is of no use, it has to be put after all.
    unheard: bool,
    todo: VecDeque<Step>,
    /// The views that are being read, and the newer question of each that waits for its turn.
    reading: BTreeMap<View, Option<Query>>,
    /// The book is being made.
    creating: bool,
    /// What was looked for last could not be.
    search_failed: bool,
    /// Half-written forms that are kept are being read.
    recalling: bool,
    greeted: bool,
    /// How many notices were told.
    told_notices: usize,
    /// That the book waits was told.
    told_waiting: bool,
    /// How forms are answered was told.
    told_manners: bool,
    /// What the numbers of the list stand for, as they were told.
    numbers: BTreeMap<usize, Key>,
    /// The first line that was not told yet.
    next: usize,
    /// What was said last of the list: lines of the same need not say it again.
    group: String,
    /// What the list was of when it was told.
    listed: String,
    /// The line that was chosen.
    chosen: Option<Key>,
    /// The stage of the pipeline that was told, as long as the user stays there whatever its deals do.
    lane: Option<usize>,
    /// The record of the popup that was told.
    detail: Option<(Entity, RecordId)>,
    /// The form whose fields are being asked.
    in_form: Option<FormOf>,
    /// What is being looked for in the book, and for which field.
    seeking: Option<(usize, String)>,
    /// The field that was filled last, of which doubts are told.
    filled: Option<usize>,
}

impl Talk {
    /// A conversation that has not begun.
    #[must_use]
    pub const fn new(app: App, interactive: bool) -> Self {
        Self {
            app,
            interactive,
            out: Vec::new(),
            typed: VecDeque::new(),
            begun: String::new(),
            ended: false,
            left: false,
            asked: None,
            ahead: VecDeque::new(),
            unheard: false,
            todo: VecDeque::new(),
            reading: BTreeMap::new(),
            creating: false,
            search_failed: false,
            recalling: false,
            greeted: false,
            told_notices: 0,
            told_waiting: false,
            told_manners: false,
            numbers: BTreeMap::new(),
            next: 0,
            group: String::new(),
            listed: String::new(),
            chosen: None,
            lane: None,
            detail: None,
            in_form: None,
            seeking: None,
            filled: None,
        }
    }

    /// The app under it.
    #[must_use]
    pub const fn app(&self) -> &App {
        &self.app
    }

    /// The app under it, at its end.
    pub const fn app_mut(&mut self) -> &mut App {
        &mut self.app
    }

    /// The lines that were said since they were taken last.
    pub fn take_said(&mut self) -> Vec<String> {
        std::mem::take(&mut self.out)
    }

    /// Whether the next line is waited for: everything that was asked for before has come.
    #[must_use]
    pub fn listens(&self) -> bool {
        self.is_settled() && self.todo.is_empty() && self.typed.is_empty()
    }

    /// Takes a message for the app, and says what shall be done outside.
    pub fn hear(&mut self, at: Instant, message: Msg) -> Vec<Effect> {
        let mut effects = Vec::new();
        // A list is told with how many it has: the first of it alone are not waited for.
        if !matches!(&message, Msg::Store(Event::Read(_, Ok(Answer::Head(Some(head))))) if !head.is_all)
        {
            self.tell_app(at, message, &mut effects);
            self.go_on(at, &mut effects);
        }
        effects
    }

    /// Takes a line; `None` is their end.
    pub fn line(&mut self, at: Instant, line: Option<String>) -> Vec<Effect> {
        let mut effects = Vec::new();
        match line {
            Some(line) => self.typed.push_back(line),
            None => self.ended = true,
        }
        self.go_on(at, &mut effects);
        // Who typed it hears that it was not lost.
        if self.interactive && self.told_waiting && !self.typed.is_empty() && !self.is_settled() {
            self.say("Still waiting for the book; this is done once it answers.");
        }
        effects
    }

    /// Says that the book is waited for; once, until it has answered.
    pub fn still_waiting(&mut self) {
        if !self.told_waiting && !self.is_settled() {
            self.told_waiting = true;
            self.say("Waiting for the book.");
        }
    }

    /// Puts a question again: in short where it was told.
    fn ask_again(&mut self, asked: Asked) {
        self.asked = (!std::mem::take(&mut self.unheard)).then_some(asked);
    }

    fn say(&mut self, text: impl AsRef<str>) {
        for line in text.as_ref().split('\n') {
            self.out.push(words::clean(line));
        }
    }

    fn tell_app(&mut self, at: Instant, message: Msg, effects: &mut Vec<Effect>) {
        let answered = match &message {
            Msg::Store(Event::Read(view, _)) => Some(*view),
            _ => None,
        };
        match &message {
            Msg::Store(Event::NotOpened(_)) => self.reading.clear(),
            Msg::Created(_) => self.creating = false,
            Msg::Store(Event::Read(views::SEARCH, answer)) => self.search_failed = answer.is_err(),
            Msg::Kept(_) | Msg::KeptNow(_) => self.recalling = false,
            Msg::Keeping(keeping) if keeping.outcome.is_err() => self.recalling = false,
            _ => {}
        }
        let asked = self.app.update(at, message);
        if let Some(view) = answered
            && let Some(Some(newer)) = self.reading.remove(&view)
        {
            effects.push(Effect::Read { view, query: newer });
            self.reading.insert(view, None);
        }
        self.sort_out(asked, effects);
    }

    fn do_to_app(&mut self, at: Instant, effects: &mut Vec<Effect>, act: impl FnOnce(&mut App)) {
        let asked = self.app.doing(at, act);
        self.sort_out(asked, effects);
    }

    /// Presses a key, as who sees the screen would.
    fn press(&mut self, at: Instant, code: KeyCode, effects: &mut Vec<Effect>) {
        let key = KeyEvent::new(code, KeyModifiers::NONE);
        self.press_keys(at, vec![key], effects);
    }

    fn press_ctrl(&mut self, at: Instant, letter: char, effects: &mut Vec<Effect>) {
        let key = KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL);
        self.press_keys(at, vec![key], effects);
    }

    fn press_keys(&mut self, at: Instant, keys: Vec<KeyEvent>, effects: &mut Vec<Effect>) {
        self.tell_app(at, Msg::Keys(keys), effects);
        // A line is typed to its end: nobody is still typing.
        self.tell_app(at, Msg::Pause, effects);
    }

    /// Takes note of what is waited for, and keeps back what this place does not do.
    fn sort_out(&mut self, asked: Vec<Effect>, effects: &mut Vec<Effect>) {
        for effect in asked {
            match effect {
                Effect::Read { view, query } => {
                    if let Some(waiting) = self.reading.get_mut(&view) {
                        *waiting = Some(query);
                    } else {
                        self.reading.insert(view, None);
                        effects.push(Effect::Read { view, query });
                    }
                }
                Effect::Copy(text) => self.say(text),
                Effect::Mouse(_)
                | Effect::Repaint
                | Effect::Suspend
                | Effect::TakeAgain
                | Effect::Edit(_) => {}
                Effect::Quit => {
                    self.left = true;
                    effects.push(Effect::Quit);
                }
                Effect::Create(..) => {
                    self.creating = true;
                    effects.push(effect);
                }
                Effect::Recall(_) | Effect::LookAtKept => {
                    self.recalling = true;
                    effects.push(effect);
                }
                other => effects.push(other),
            }
        }
    }

    /// Whether everything that was asked for has come. A write that waits for a lock is no reason to wait, once that was said.
    fn is_settled(&self) -> bool {
        let waits = self.app.waits_for_book() > 0;
        let told = self.told_waiting || matches!(self.app.health, Health::Unreachable { .. });
        !matches!(self.app.book, Book::Opening)
            && self.reading.is_empty()
            && !self.creating
            && !self.recalling
            && !self.is_searching()
            && !self.app.is_exporting()
            && (!waits || told)
    }

    /// Whether more answers to what was looked for come.
    fn is_searching(&self) -> bool {
        match self.app.layers.last() {
            Some(Layer::Find(find)) if !self.search_failed => {
                !(find.answered && find.found.done && find.found.text == find.asked)
            }
            _ => false,
        }
    }

    /// Goes on as far as it can without waiting for anything.
    fn go_on(&mut self, at: Instant, effects: &mut Vec<Effect>) {
        loop {
            self.tell_news();
            if self.left || !self.is_settled() {
                return;
            }
            if !self.greeted && self.app.info().is_some() {
                self.greet();
                continue;
            }
            if let Some(step) = self.todo.pop_front() {
                self.take_step(at, step, effects);
                continue;
            }
            if let Some((place, text)) = self.seeking.take() {
                self.found(at, place, &text, effects);
                continue;
            }
            if self.asked.is_none() {
                self.ask(at, effects);
                continue;
            }
            if self.asked == Some(Asked::Command) {
                // An action that asked nothing has no use for it, and one that was refused has said why.
                self.ahead.clear();
            }
            if let Some(answer) = self.ahead.pop_front() {
                self.answer(at, &answer, effects);
            } else if let Some(line) = self.typed.pop_front() {
                self.heard(at, &line, effects);
            } else if self.ended {
                self.end(at, effects);
            } else {
                return;
            }
        }
    }

    fn heard(&mut self, at: Instant, line: &str, effects: &mut Vec<Effect>) {
        let line = line.trim_end_matches(['\r', '\n']);
        if let Some(more) = line.strip_suffix('\\') {
            self.begun.push_str(more);
            self.begun.push('\n');
            return;
        }
        let text = std::mem::take(&mut self.begun) + line;
        if self.asked == Some(Asked::Command) {
            self.command(at, &text, effects);
        } else {
            self.answer(at, &text, effects);
        }
    }

    /// No more lines come: what is open is left as by Esc, so that a form keeps its draft.
    fn end(&mut self, at: Instant, effects: &mut Vec<Effect>) {
        if self.app.layers.last().is_some_and(Layer::takes_text) {
            self.asked = None;
            self.press(at, KeyCode::Esc, effects);
            return;
        }
        self.left = true;
        effects.push(Effect::Quit);
    }

    fn take_step(&mut self, at: Instant, step: Step, effects: &mut Vec<Effect>) {
        match step {
            Step::ClearMarks => self.app.screen_mut().clear_marks(),
            Step::Point(place) => {
                let area = self.app.body();
                self.do_to_app(at, effects, |app| {
                    app.screen_mut().lines_mut().point(place, area);
                });
            }
            Step::PointNowhere => {
                self.app.screen_mut().lines_mut().point_nowhere();
            }
            Step::Mark => self.do_to_app(at, effects, App::mark),
            Step::Run(action) => {
                self.asked = None;
                self.do_to_app(at, effects, |app| app.run(action));
                // What was asked for is a pause after it, too: what is half-written is kept.
                self.tell_app(at, Msg::Pause, effects);
            }
            Step::Say(place) => self.say_line(place),
            Step::Load(from) => {
                self.load(at, from, effects);
                self.todo.push_front(Step::Tell(from));
            }
            Step::Tell(from) => self.tell(from),
            Step::BackTo => self.back_to(),
        }
    }

    /// Prints what has happened since: messages, others' changes, how things stand with the book.
    fn tell_news(&mut self) {
        let notices: Vec<(Tone, String)> = self
            .app
            .notices
            .since(self.told_notices)
            .map(|notice| (notice.tone, notice.text.clone()))
            .collect();
        self.told_notices = self.app.notices.said();
        for (tone, text) in notices {
            if text.starts_with(COPIED) {
                continue;
            }
            let text = match text.strip_suffix(STOPS) {
                // Where it goes was just answered: how far it is, is news.
                Some("Exporting") => continue,
                Some(how_far) => how_far.to_owned(),
                None => text,
            };
            let text = if tone == Tone::Good && text.ends_with(" · u undoes it") {
                let what = text.trim_end_matches(" · u undoes it");
                match what.strip_prefix("Redo: ") {
                    Some(what) => format!("Redone: {what}. u undoes it."),
                    None => format!("Saved: {what}. u undoes it."),
                }
            } else if tone == Tone::Good && text.ends_with(" · U redoes it") {
                let what = text.trim_end_matches(" · U redoes it");
                let what = what.strip_prefix("Undo: ").unwrap_or(what);
                format!("Undone: {what}. U redoes it.")
            } else if tone == Tone::Others {
                words::stopped(&format!("Changed by others. {text}"))
            } else {
                words::stopped(&text)
            };
            self.say(text);
        }
        let waits = matches!(self.app.health, Health::Waiting { .. });
        if waits && !self.told_waiting {
            self.told_waiting = true;
            self.say("Waiting for a colleague's lock.");
        }
        if matches!(self.app.health, Health::Fresh)
            && self.told_waiting
            && self.reading.is_empty()
            && self.app.waits_for_book() == 0
            && matches!(self.app.book, Book::Open(_))
        {
            self.told_waiting = false;
            self.say("The book answers again.");
        }
    }
}
