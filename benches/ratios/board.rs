//! Start and keys of the app over a board of thousands of deals, with a screen in memory. What the app asks of the book meanwhile is
//! answered between two keys, as the store thread does beside it.

use std::path::Path;
use std::time::Duration;

use clinch::config;
use clinch::config::keymap::Preset;
use clinch::config::theme::Looks;
use clinch::store::Book;
use clinch::store::handle::Event;
use clinch::store::query::{Answer, Query};
use clinch::tui::app::{App, FirstGuess, Start};
use clinch::tui::keys::Bindings;
use clinch::tui::msg::{Effect, Msg};
use clinch::tui::screens::Shown;
use clinch::tui::terminal::abilities::Abilities;
use clinch::tui::theme::Theme;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::sample::NOW;
use super::{Line, millis, percentile, sample, time};

const SIZE: (u16, u16) = (120, 40);

pub fn lines(folder: &Path, small: bool) -> Vec<Line> {
    let deals = if small { 40 } else { 10_000 };
    let path = folder.join("board.db");
    drop(sample::with_deals(&path, deals));
    let mut desk = None;
    let first = time(|| desk = Some(Desk::open(&path)));
    let mut desk = desk.expect("it was opened just now");
    let mut lines = vec![Line {
        what: "open a book of 10,000 open deals, first board",
        took: millis(first),
        against: "the disk's cache warm".to_owned(),
        target: "",
    }];
    for (what, script) in [
        ("key to frame: down the column", "jjjjjjjjjjkkkkkkkkkk"),
        ("key to frame: across the columns", "llllhhhhllllhhhh"),
        ("key to frame: pages, ends", "GgGgGgGg"),
        ("key to frame: move a deal on, then back", "><><><><"),
    ] {
        let repeats = if small { 1 } else { 20 };
        let mut times: Vec<Duration> = Vec::new();
        for key in script.chars().cycle().take(script.len() * repeats) {
            times.push(desk.press(key));
        }
        let [half, most, nearly_all] =
            [50, 95, 99].map(|percent| millis(percentile(&mut times, percent)));
        lines.push(Line {
            what,
            took: format!("p50 {half}"),
            against: format!("p95 {most}, p99 {nearly_all}"),
            target: "p50 <= 1, p95 <= 3, p99 <= 8 ms",
        });
    }
    lines
}

/// The app with a book and a screen, without threads.
struct Desk {
    app: App,
    book: Book,
    terminal: Terminal<TestBackend>,
    steps: Vec<Effect>,
}

impl Desk {
    fn open(path: &Path) -> Self {
        let mut book = Book::open(path).expect("it was made just now");
        let Ok(Answer::Info(info)) = book.ask(&Query::Info) else {
            unreachable!("a book tells what it is")
        };
        let start = Start {
            rep: None,
            now: Some(NOW.to_string()),
            first_start: FirstGuess::default(),
            real: NOW,
            foot: "this-quarter".to_owned(),
            mouse: false,
            shown: Shown::default(),
            size: SIZE,
            looks: Looks::default(),
            can: Abilities::default(),
        };
        let bindings =
            Bindings::load(Preset::Standard, None).expect("the built-in keymap is sound");
        let theme = config::theme::Theme::load(None, false).expect("the built-in theme is sound");
        let Ok(terminal) = Terminal::new(TestBackend::new(SIZE.0, SIZE.1));
        let mut desk = Self {
            app: App::new(start, bindings, Theme::new(&theme, false)),
            book,
            terminal,
            steps: Vec::new(),
        };
        desk.hear(Msg::Store(Event::Opened(info)));
        desk.answer();
        desk.draw();
        desk
    }

    fn hear(&mut self, message: Msg) {
        self.steps.extend(self.app.update(NOW, message));
    }

    fn draw(&mut self) {
        let Ok(_) = self.terminal.draw(|frame| self.app.draw(frame));
    }

    /// Does what the app asked for.
    fn answer(&mut self) {
        while !self.steps.is_empty() {
            for effect in std::mem::take(&mut self.steps) {
                let event = match effect {
                    Effect::Read { view, query } => Event::Read(view, self.book.ask(&query)),
                    Effect::Write {
                        ticket,
                        commands,
                        origin,
                        ..
                    } => Event::Written(ticket, self.book.commit(&sample::draft(origin, commands))),
                    _ => continue,
                };
                self.hear(Msg::Store(event));
            }
        }
    }

    /// From a key to its frame.
    fn press(&mut self, key: char) -> Duration {
        let key = KeyEvent::new(KeyCode::Char(key), KeyModifiers::NONE);
        let took = time(|| {
            self.hear(Msg::Keys(vec![key]));
            self.draw();
        });
        self.answer();
        self.draw();
        took
    }
}
