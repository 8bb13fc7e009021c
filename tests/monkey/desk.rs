//! The app with a book full of data and a screen in memory, without threads: what it asks for is done when the desk is told to.

use std::collections::{BTreeSet, VecDeque};
use std::path::PathBuf;

use clinch::config;
use clinch::config::keymap::Preset;
use clinch::config::theme::Looks;
use clinch::domain::command::{Base, Command, FieldEdit, Origin, StepDraft};
use clinch::domain::id::{Id, RecordId};
use clinch::domain::nouns::{Entity, FieldDef, contact, deal};
use clinch::domain::outcome::{Change, Outcome, StepGroup};
use clinch::domain::records::Rep;
use clinch::domain::text::is_hostile;
use clinch::domain::time::{DAY_MS, Instant};
use clinch::domain::value::Value;
use clinch::jobs::demo;
use clinch::store::handle::{Event, Health, Ticket};
use clinch::store::query::{Answer, Query};
use clinch::store::{Book, Opening, StoreError, random_id};
use clinch::tui::app::{App, FirstGuess, Start};
use clinch::tui::kept::Keeping;
use clinch::tui::keys::Bindings;
use clinch::tui::msg::{Effect, Msg};
use clinch::tui::screens::Shown;
use clinch::tui::terminal::abilities::Abilities;
use clinch::tui::theme::Theme;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use tempfile::TempDir;

use crate::chance::Chance;
use crate::habits::Before;

/// 2026-11-24T10:05:00Z, the moment that the sample book is made for.
const NOW: Instant = Instant::from_millis(1_795_514_700_000);
/// The largest window that is opened at a start.
const SIZE: (u16, u16) = (100, 30);
/// Messages that a failure shows.
const SHOWN: usize = 60;
/// More layers than that nobody finds the way out of.
const DEEPEST: usize = 12;
/// How often Esc is pressed before `q` must lead out.
const ESCAPES: usize = 40;

pub struct Desk {
    /// The book on the desk.
    pub book: Book,
    /// Steps that the app's acts made.
    pub steps: usize,
    /// Pictures drawn.
    pub frames: usize,
    /// Actions that were run, by their places in the table.
    pub ran: BTreeSet<usize>,
    /// The last messages.
    pub last: VecDeque<String>,
    app: App,
    terminal: Terminal<TestBackend>,
    /// What the app asked for and was not done yet.
    asked: VecDeque<Effect>,
    /// Whether the drive is away: then nothing is written.
    away: bool,
    /// Whether the disk is full for whatever comes next.
    full: bool,
    /// What is written when it is back.
    kept: Vec<Effect>,
    left: bool,
    seen: i64,
    began: usize,
    folder: TempDir,
}

impl Desk {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let opening = Opening::of(&folder.path().join("sample.db"));
        let mut book = demo::make(&opening, NOW).unwrap();
        let began = groups(&mut book).len();
        let seen = info(&mut book).seq;
        Self {
            book,
            steps: 0,
            frames: 0,
            ran: BTreeSet::new(),
            last: VecDeque::new(),
            app: app_on(Shown::default(), false),
            terminal: Terminal::new(TestBackend::new(SIZE.0, SIZE.1)).unwrap(),
            asked: VecDeque::new(),
            away: false,
            full: false,
            kept: Vec::new(),
            left: false,
            seen,
            began,
            folder,
        }
    }

    pub fn path(&self) -> PathBuf {
        self.folder.path().join("sample.db")
    }

    /// Starts the app anew.
    pub fn start(&mut self) {
        self.start_on(Shown::default(), false);
    }

    /// Starts the app anew on a screen; `ascii` with the signs that every terminal has.
    pub fn start_on(&mut self, shown: Shown, ascii: bool) {
        // A contact is opened from the list of contacts.
        let first = if shown == Shown::Contact {
            Shown::Contacts
        } else {
            shown
        };
        self.app = app_on(first, ascii);
        (self.left, self.away) = (false, false);
        self.asked.clear();
        self.kept.clear();
        self.terminal.backend_mut().resize(SIZE.0, SIZE.1);
        let opened = info(&mut self.book);
        self.hear(Msg::Store(Event::Opened(Box::new(opened))));
        self.answer();
        if shown == Shown::Contact {
            self.type_in("\r");
        }
    }

    /// Types, and waits for what the book answers.
    pub fn type_in(&mut self, keys: &str) {
        for key in keys.chars() {
            self.press(match key {
                '\r' => KeyCode::Enter,
                key => KeyCode::Char(key),
            });
        }
    }

    /// Closes what lies over the screen.
    pub fn escape(&mut self) {
        for _ in 0..3 {
            if self.app.is_bare() {
                return;
            }
            self.press(KeyCode::Esc);
        }
    }

    /// Gives the window another size.
    pub fn resize(&mut self, columns: u16, rows: u16) {
        self.hear(Msg::Resize(columns, rows));
        self.answer();
    }

    /// The picture that was drawn last.
    pub const fn picture(&self) -> &Buffer {
        self.terminal.backend().buffer()
    }

    /// It as text.
    pub fn text(&self) -> String {
        let buffer = self.picture();
        let wide = usize::from(buffer.area.width).max(1);
        let lines: Vec<String> = buffer
            .content
            .chunks(wide)
            .map(|row| row.iter().map(ratatui::buffer::Cell::symbol).collect())
            .collect();
        lines.join("\n")
    }

    /// Before what somebody sits.
    pub fn before(&self) -> Before {
        if self.app.takes_text() {
            Before::Text
        } else if self.app.is_bare() {
            Before::Screen
        } else {
            Before::Layer
        }
    }

    pub const fn has_left(&self) -> bool {
        self.left
    }

    /// Tells the app something.
    pub fn hear(&mut self, message: Msg) {
        if let Msg::Resize(columns, rows) = message {
            self.terminal.backend_mut().resize(columns, rows);
        }
        if !matches!(message, Msg::Store(_)) {
            self.last.push_back(format!("{message:?}"));
            if self.last.len() > SHOWN {
                self.last.pop_front();
            }
        }
        let asked = self.app.update(NOW, message);
        self.ran.extend(self.app.ran());
        assert!(self.app.depth() <= DEEPEST, "layers pile up");
        self.left |= asked.contains(&Effect::Quit);
        self.asked.extend(asked);
    }

    /// Draws, and looks at every cell.
    pub fn draw(&mut self) {
        self.terminal.draw(|frame| self.app.draw(frame)).unwrap();
        self.frames += 1;
        let buffer = self.terminal.backend().buffer();
        for cell in buffer.content() {
            let raw = cell
                .symbol()
                .chars()
                .find(|c| c.is_control() || is_hostile(*c));
            assert_eq!(raw, None, "a raw character is on the screen");
        }
    }

    /// Does what the app asked for, until it asks for nothing more.
    pub fn answer(&mut self) {
        while let Some(effect) = self.asked.pop_front() {
            if let Some(message) = self.done(effect) {
                self.hear(message);
            }
        }
    }

    fn done(&mut self, effect: Effect) -> Option<Msg> {
        let event = match effect {
            Effect::Read { view, .. } if std::mem::take(&mut self.full) => {
                Event::Read(view, Err(StoreError::Full))
            }
            Effect::Read { view, query } => Event::Read(view, self.book.ask(&query)),
            Effect::Write { ticket, .. } if std::mem::take(&mut self.full) => {
                Event::Written(ticket, Err(StoreError::Full))
            }
            Effect::Write { ticket, .. } | Effect::Send { ticket, .. } if self.away => {
                self.kept.push(effect);
                Event::Kept(ticket)
            }
            Effect::Write {
                ticket,
                commands,
                origin,
                label,
            } => {
                let rep = self.app.me();
                self.written(ticket, &draft(rep, origin, label, commands))
            }
            Effect::Send { ticket, draft } => self.written(ticket, &draft),
            Effect::Edit(text) => {
                return Some(Msg::Edited(format!("{text}\nfrom outside \u{1b}[31m")));
            }
            Effect::Recall(_) => return Some(Msg::Kept(Ok(Vec::new()))),
            Effect::Keep(keep) => {
                return Some(Msg::Keeping(Keeping {
                    claimed: keep.claimed(),
                    outcome: Ok(Vec::new()),
                }));
            }
            Effect::LookAtKept => return Some(Msg::KeptNow(Ok(Vec::new()))),
            _ => return None,
        };
        Some(Msg::Store(event))
    }

    fn written(&mut self, ticket: Ticket, draft: &StepDraft) -> Event {
        let outcome = self.book.commit(draft);
        self.steps += usize::from(matches!(&outcome, Ok(Outcome::Saved(_))));
        self.seen = info(&mut self.book).seq;
        Event::Written(ticket, outcome)
    }

    /// What goes on around somebody who types: answers come late, colleagues write, the drive comes and goes.
    pub fn disturb(&mut self, chance: &mut Chance, colleague: &mut Colleague) {
        if chance.of(200, 1) {
            if self.away {
                self.come_back();
            } else {
                self.away = true;
                let what = "The drive does not answer.".to_owned();
                self.hear(Msg::Store(Event::Health(Health::Unreachable {
                    since: NOW,
                    what,
                })));
            }
        }
        self.full = chance.of(60, 1);
        if chance.of(100, 1) && !self.away {
            let health = [Health::Fresh, Health::Waiting { since: NOW }];
            self.hear(Msg::Store(Event::Health(chance.pick(&health).clone())));
        }
        if chance.of(20, 1) && !self.away {
            colleague.act(chance);
            let after = self.seen;
            let Ok(Answer::Changes(changes)) = self.book.ask(&Query::Changes { after, limit: 500 })
            else {
                panic!("the log can be read")
            };
            self.seen = changes.last().map_or(after, |change: &Change| change.seq);
            self.hear(Msg::Store(Event::Others(changes)));
        }
        if chance.of(10, 6) {
            self.answer();
        }
    }

    /// The drive is back, and takes what was kept.
    fn come_back(&mut self) {
        self.away = false;
        let kept = std::mem::take(&mut self.kept);
        self.asked.extend(kept);
        self.answer();
        self.hear(Msg::Store(Event::Health(Health::Fresh)));
        self.answer();
    }

    /// From wherever one got to, Esc and then `q` lead out.
    pub fn leave(&mut self) {
        self.answer();
        self.come_back();
        for _ in 0..ESCAPES {
            if self.left {
                return;
            }
            self.press(KeyCode::Esc);
        }
        // Whoever leaves while an export is under way, which nobody writes here, is asked.
        for _ in 0..2 {
            if !self.left {
                self.press(KeyCode::Char('q'));
            }
        }
        if !self.left {
            self.hear(Msg::Resize(SIZE.0, SIZE.1));
            self.draw();
            panic!("q does not lead out:\n{}", self.terminal.backend());
        }
    }

    fn press(&mut self, code: KeyCode) {
        self.hear(Msg::Keys(vec![KeyEvent::new(code, KeyModifiers::NONE)]));
        self.hear(Msg::Pause);
        self.answer();
        self.draw();
    }

    /// The newest act of the sittings that holds still.
    pub fn newest_act(&mut self) -> Option<StepGroup> {
        let all = groups(&mut self.book);
        let made = all.len() - self.began;
        let is_act = |group: &StepGroup| !matches!(group.origin, Origin::Undo | Origin::Redo);
        all.into_iter()
            .take(made)
            .find(|group| !group.undone && is_act(group))
    }

    /// What was in the book before the sittings and is taken back now, the oldest first.
    pub fn taken_back_of_before(&mut self) -> Vec<StepGroup> {
        let all = groups(&mut self.book);
        let before = all.into_iter().rev().take(self.began);
        before.filter(|group| group.undone).collect()
    }

    pub fn commit(&mut self, origin: Origin, commands: Vec<Command>) -> Outcome {
        self.book
            .commit(&draft(None, origin, None, commands))
            .unwrap()
    }
}

fn app_on(shown: Shown, ascii: bool) -> App {
    let start = Start {
        rep: Some(demo::YOU.to_owned()),
        now: Some(NOW.to_string()),
        first_start: FirstGuess::default(),
        real: NOW,
        foot: "this-quarter".to_owned(),
        mouse: true,
        shown,
        size: SIZE,
        looks: Looks::default(),
        can: Abilities::default(),
    };
    let theme = config::theme::Theme::load(None, false).unwrap();
    let bindings = Bindings::load(Preset::Standard, None).unwrap();
    App::new(start, bindings, Theme::new(&theme, ascii))
}

fn info(book: &mut Book) -> clinch::store::query::BookInfo {
    match book.ask(&Query::Info).unwrap() {
        Answer::Info(info) => *info,
        other => panic!("{other:?}"),
    }
}

fn groups(book: &mut Book) -> Vec<StepGroup> {
    match book.ask(&Query::Groups { limit: 1_000_000 }).unwrap() {
        Answer::Groups(groups) => groups,
        other => panic!("{other:?}"),
    }
}

fn draft(
    rep: Option<Id<Rep>>,
    origin: Origin,
    label: Option<String>,
    commands: Vec<Command>,
) -> StepDraft {
    let id = random_id();
    StepDraft {
        id,
        group: id,
        rep,
        at: NOW,
        origin,
        label,
        import: None,
        commands,
    }
}

/// Somebody else at the same book.
pub struct Colleague {
    book: Book,
    rep: Id<Rep>,
    deals: Vec<RecordId>,
    contacts: Vec<RecordId>,
}

impl Colleague {
    pub fn beside(desk: &Desk) -> Self {
        let mut book = Book::open(&desk.path()).unwrap();
        let mut all = |entity| match book.ask(&Query::Choices(entity)).unwrap() {
            Answer::Choices(choices) => choices,
            other => panic!("{other:?}"),
        };
        let reps = all(Entity::Rep);
        let other = reps.iter().find(|rep| rep.name != demo::YOU).unwrap();
        let rep = Id::new(other.id);
        let ids = |choices: Vec<clinch::store::query::Choice>| {
            choices.into_iter().map(|choice| choice.id).collect()
        };
        Self {
            rep,
            deals: ids(all(Entity::Deal)),
            contacts: ids(all(Entity::Contact)),
            book,
        }
    }

    /// Changes something that the monkey may have before its eyes.
    fn act(&mut self, chance: &mut Chance) {
        let deal = *chance.pick(&self.deals);
        let contact = *chance.pick(&self.contacts);
        let value = i64::try_from(chance.below(1_000)).unwrap();
        let command = match chance.below(6) {
            0 => edit(Entity::Deal, deal, &deal::AMOUNT, Value::from(value * 100)),
            1 => edit(
                Entity::Deal,
                deal,
                &deal::TITLE,
                Value::from(format!("Deal \u{1f469} {value}")),
            ),
            2 => edit(
                Entity::Contact,
                contact,
                &contact::TITLE,
                Value::from(format!("Title {value}")),
            ),
            3 => edit(
                Entity::Contact,
                contact,
                &contact::LEAD_STATE,
                Value::from("new"),
            ),
            4 => Command::Trash {
                entity: Entity::Contact,
                target: contact.into(),
            },
            _ => Command::WinDeal {
                deal: Id::new(deal),
                base: None,
                closed_at: Some(Instant::from_millis(NOW.millis() - DAY_MS)),
            },
        };
        // What the book refuses, because the record is in the trash or closed already, is no act.
        let _ = self
            .book
            .commit(&draft(Some(self.rep), Origin::Human, None, vec![command]));
    }
}

fn edit(entity: Entity, record: RecordId, field: &'static FieldDef, new: Value) -> Command {
    Command::Edit {
        entity,
        target: record.into(),
        edits: vec![FieldEdit {
            field: field.into(),
            base: Base::Unseen,
            new: new.into(),
        }],
    }
}
