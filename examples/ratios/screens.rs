//! What the screens ask of a book, and how long the answers take: with the app and the book side by side, without a terminal.

use std::path::Path;
use std::time::Duration;

use clinch::config;
use clinch::config::keymap::Preset;
use clinch::config::theme::Looks;
use clinch::domain::time::Instant as Moment;
use clinch::store::handle::Event;
use clinch::store::query::{Answer, Query};
use clinch::store::{Book, Opening, real_now};
use clinch::tui::app::{App, FirstGuess, Start};
use clinch::tui::keys::Bindings;
use clinch::tui::msg::{Effect, Msg};
use clinch::tui::screens::Shown;
use clinch::tui::terminal::abilities::Abilities;
use clinch::tui::theme::Theme;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::took::Took;
use super::{Fault, millis};

const SIZE: (u16, u16) = (120, 40);

/// What is typed, and what it leads to.
const SCRIPTS: &[(&str, &str)] = &[
    ("Today", ""),
    ("Leads", "2"),
    ("Pipeline", "3"),
    ("Contacts by name", "4"),
    ("… to the last", "G"),
    ("… to the first", "g g"),
    ("… a contact", "<enter>"),
    ("… its older entries", "G"),
    ("… back", "<esc>"),
    ("… by company", "S c o m p <enter>"),
    ("… by last touch", "S t o u c h <enter>"),
    ("… by next step", "S s t e p <enter>"),
    ("… filter: tag:newsletter", "/tag:newsletter<enter>"),
    ("… filter: touched>60d", "/ <clear> touched>60d<enter>"),
    ("… filter: no:next_step", "/ <clear> no:next_step<enter>"),
    ("… filter: city:zug (a field)", "/ <clear> city:zug<enter>"),
    ("Pipeline, filter: value>100k", "<esc> 3 /value>100k<enter>"),
    ("… filter: rotting", "/ <clear> rotting<enter>"),
    ("… filter: no:next_step", "/ <clear> no:next_step<enter>"),
    ("… filter: owner:ortega", "/ <clear> owner:ortega<enter>"),
    ("Leads, filter: waits>1h", "<esc> 2 /waits>1h<enter>"),
    ("Companies by name", "<esc> g C"),
    ("… a company", "<enter>"),
    ("… back", "<esc>"),
    ("… by open value", "S v a l u <enter>"),
    ("… by people", "S p e o p <enter>"),
    ("… by last touch", "S t o u c h <enter>"),
    ("… by next step", "S s t e p <enter>"),
    ("… by city", "S c i t y <enter>"),
    ("Trash", "g T"),
    ("Steps", "<esc> g u"),
    ("Pipelines", "<esc> g P"),
    ("Add a deal: its form", "3 a"),
];

/// Prints a line for each.
pub fn measure(path: &Path) -> Result<(), Fault> {
    let mut desk = Desk::open(path)?;
    for (what, script) in SCRIPTS {
        let mut first = None;
        for key in keys(script) {
            desk.tell(Msg::Keys(vec![key]));
            first = first.max(desk.answer());
        }
        let questions = std::mem::take(&mut desk.asked);
        let all: Duration = questions.iter().map(|(_, took)| took.work).sum();
        let slow = questions.iter().max_by_key(|(_, took)| took.work);
        let slowest = slow.map_or(String::new(), |(name, took)| {
            format!(
                ", the slowest {name} {} ({} by the clock)",
                millis(took.work),
                millis(took.clock)
            )
        });
        let first = first.map_or(String::new(), |took| {
            format!(", its first rows {} after a key", millis(took))
        });
        println!(
            "  {what:<30} {:>10} in {} questions{slowest}{first} (aim: 100 ms)",
            millis(all),
            questions.len()
        );
    }
    Ok(())
}

/// The app with a book, without threads; the book is not changed.
struct Desk {
    app: App,
    book: Book,
    terminal: Terminal<TestBackend>,
    steps: Vec<Effect>,
    asked: Vec<(String, Took)>,
    now: Moment,
}

impl Desk {
    fn open(path: &Path) -> Result<Self, Fault> {
        let opening = Opening {
            read_only: true,
            ..Opening::of(path)
        };
        let mut book = Book::open_as(&opening)?;
        let info = book.head(Duration::from_secs(5))?;
        let now = real_now();
        let start = Start {
            rep: None,
            now: None,
            first_start: FirstGuess::default(),
            real: now,
            foot: "this-quarter".to_owned(),
            mouse: false,
            shown: Shown::Today,
            size: SIZE,
            looks: Looks::default(),
            can: Abilities::default(),
        };
        let bindings = Bindings::load(Preset::Standard, None)?;
        let theme = config::theme::Theme::load(None, false)?;
        let Ok(terminal) = Terminal::new(TestBackend::new(SIZE.0, SIZE.1));
        let mut desk = Self {
            app: App::new(start, bindings, Theme::new(&theme, false)),
            book,
            terminal,
            steps: Vec::new(),
            asked: Vec::new(),
            now,
        };
        desk.tell(Msg::Store(Event::Opened(Box::new(info))));
        desk.answer();
        Ok(desk)
    }

    fn tell(&mut self, message: Msg) {
        self.steps.extend(self.app.update(self.now, message));
        let Ok(_) = self.terminal.draw(|frame| self.app.draw(frame));
    }

    /// Answers all that is asked, as the store does; tells how much was done until the first rows of a list were there.
    fn answer(&mut self) -> Option<Duration> {
        let (mut done, mut begun, mut first) = (Duration::ZERO, false, None);
        while !self.steps.is_empty() {
            for effect in std::mem::take(&mut self.steps) {
                let Effect::Read { view, query } = effect else {
                    continue;
                };
                let (query, rest) = match query {
                    Query::Order(list) if list.limit.is_some() => {
                        (Query::Head(list.clone()), Some(Query::Order(list)))
                    }
                    query => (query, None),
                };
                let (answer, took) = Took::of(|| self.book.ask(&query));
                done += took.work;
                match &answer {
                    Ok(Answer::Head(Some(_)) | Answer::Order(_)) => begun = true,
                    // Rows that were asked for before are those of another order.
                    Ok(Answer::Rows(_)) if begun => {
                        first.get_or_insert(done);
                    }
                    _ => {}
                }
                self.asked.push((name(&query, answer.as_ref().ok()), took));
                let is_all = matches!(&answer, Ok(Answer::Head(Some(head))) if head.is_all);
                if !matches!(answer, Ok(Answer::Head(None))) {
                    self.tell(Msg::Store(Event::Read(view, answer)));
                }
                if let Some(Query::Order(mut list)) = rest.filter(|_| !is_all) {
                    list.limit = None;
                    let query = Query::Order(list);
                    self.steps.push(Effect::Read { view, query });
                }
            }
        }
        first
    }
}

/// A question in a word, and how much it answers.
fn name(query: &Query, answer: Option<&Answer>) -> String {
    let text = format!("{query:?}");
    let end = text.find(|letter: char| !letter.is_alphanumeric());
    let name = text[..end.unwrap_or(text.len())].to_lowercase();
    match answer {
        Some(Answer::Order(order)) => format!("{name} of {}", order.ids.len()),
        Some(Answer::Head(None)) => format!("{name} of none"),
        _ => name,
    }
}

/// `<enter>`, `<esc>`, `<clear>` (what is typed), and letters; blanks between them are none.
fn keys(script: &str) -> Vec<KeyEvent> {
    let mut keys = Vec::new();
    for word in script.split_whitespace() {
        let (letters, name) = word.split_once('<').unwrap_or((word, ""));
        keys.extend(
            letters
                .chars()
                .map(|letter| (KeyCode::Char(letter), KeyModifiers::NONE)),
        );
        match name {
            "enter>" => keys.push((KeyCode::Enter, KeyModifiers::NONE)),
            "esc>" => keys.push((KeyCode::Esc, KeyModifiers::NONE)),
            "clear>" => keys.push((KeyCode::Char('u'), KeyModifiers::CONTROL)),
            _ => {}
        }
    }
    let event = |(code, modifiers)| KeyEvent::new(code, modifiers);
    keys.into_iter().map(event).collect()
}
