//! The mouse does what keys do: whatever is drawn like a key, every row that has a cursor, every tab, heading and name in a strip is
//! clicked, on every screen and every layer, and the outcome is held against that of the key.

use crossterm::event::{KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::config::theme::Theme as Colours;
use crate::store::StoreError;
use crate::store::handle::Event;
use crate::tui::app::views;
use crate::tui::exporter::Exporting;
use crate::tui::for_tests::{picture, text};
use crate::tui::msg::{Effect, Msg};
use crate::tui::screens::{SCREENS, Shown};
use crate::tui::theme::{Role, Theme};

use super::link::offers::two as two_offers;
use super::{Harness, board, board_of, card, choice, column, conflicts, days, info, past, setup};
use crate::store::query::Answer;

/// An app in the state that is meant.
pub(super) type Opens = fn() -> Harness;

/// Every layer by the name of its variant, and how it comes to be on top.
const LAYERS: [(&str, Opens, Rows); 18] = [
    ("Menu", || pressed("s"), Rows::Taken),
    ("Sure", || many("*#"), Rows::Buttons),
    ("Lose", || pressed("X"), Rows::Chosen),
    ("Me", nobody, Rows::Taken),
    ("Opening", || pressed("E"), Rows::None),
    ("Form", || pressed("c"), Rows::None),
    ("Conflict", conflicts::clashed, Rows::None),
    ("Offers", offered, Rows::None),
    ("Welcome", no_book, Rows::None),
    ("Export", || listed("x"), Rows::None),
    ("Replace", replaces, Rows::Buttons),
    ("Columns", || listed("C"), Rows::None),
    ("Filter", || pressed("/"), Rows::None),
    ("Tags", || pressed("+"), Rows::None),
    ("Find", || pressed("f"), Rows::None),
    ("Detail", || pressed("<enter>"), Rows::None),
    ("Messages", || pressed("!"), Rows::None),
    ("Text", || pressed("i"), Rows::None),
];

/// What a click on a row of a layer's list does.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rows {
    /// There is no list.
    None,
    /// It takes the row, as Enter does.
    Taken,
    /// It puts the cursor there.
    Chosen,
    /// There are two buttons, of which the first cancels.
    Buttons,
}

/// Every screen, with something on it.
const SHOWN: [(Shown, Opens); 10] = [
    (Shown::Today, || Harness::on_day(days::busy(), 100, 30)),
    (Shown::Pipeline, || pressed("")),
    (Shown::Leads, || Harness::leads(5, 100, 30)),
    (Shown::Contacts, || listed("")),
    (Shown::Contact, || Harness::on_nora(100, 30)),
    (Shown::Companies, || Harness::listing_companies(5, 100, 30)),
    (Shown::Company, || Harness::on_keller(100, 30)),
    (Shown::Trash, || Harness::on_trash(past::trash(3), 100, 30)),
    (Shown::Steps, || Harness::on_steps(past::acts(3), 100, 30)),
    (Shown::Setup, || Harness::setup(setup::setup(), 100, 30)),
];

pub(super) fn pressed(script: &str) -> Harness {
    let mut harness = Harness::on(board("1 2 3 | 4 5 | 6 | 7"));
    harness.press(script);
    harness
}

pub(super) fn listed(script: &str) -> Harness {
    let mut harness = Harness::listing(5, 100, 30);
    harness.press(script);
    harness
}

/// A column of so many deals that doing something to all of them is asked about.
fn many(script: &str) -> Harness {
    let cards = (1..=30)
        .map(|raw| card(raw, &format!("Deal {raw}")))
        .collect();
    let columns = vec![
        column(101, "Qualify", cards, 30),
        column(102, "Discovery", Vec::new(), 0),
    ];
    let mut harness = Harness::on(board_of(columns));
    harness.press(script);
    harness
}

fn nobody() -> Harness {
    let mut harness = Harness::opening(100, 30);
    harness.hear(Event::Opened(Box::new(info())));
    let reps = Answer::Choices(vec![choice(900, "Ana Meier"), choice(901, "Ben Kaya")]);
    harness.hear(Event::Read(views::REPS, Ok(reps)));
    harness.show(board("1 2 | 3"));
    harness.press("T");
    harness
}

fn offered() -> Harness {
    let mut harness = pressed("");
    harness.at = crate::domain::time::Instant::from_millis(harness.at.millis() + 1_000);
    harness.hear(two_offers());
    harness.tell(Msg::Pause);
    harness
}

fn no_book() -> Harness {
    let mut harness = Harness::opening(100, 30);
    let path = "team.db".into();
    harness.hear(Event::NotOpened(StoreError::Missing { path }));
    harness
}

fn replaces() -> Harness {
    let mut harness = listed("x<enter>");
    harness.tell(Msg::Exporting(Exporting::Exists));
    harness
}

/// What a key or a click led to: the picture, and what was asked for.
pub(super) type Outcome = (String, Vec<Effect>);

/// Keys in a colour that nothing else has.
pub(super) fn coloured(open: Opens) -> Harness {
    let mut harness = open();
    let colours = Colours::load(Some("[roles]\nkey = \"#010203\""), false).unwrap();
    harness.app.theme = Theme::new(&colours, false);
    harness.asked();
    // What is clicked is what was drawn.
    let _ = harness.text();
    harness
}

pub(super) fn outcome(mut harness: Harness) -> Outcome {
    (picture(harness.screen()), harness.asked())
}

pub(super) fn by_keys(open: Opens, script: &str) -> Outcome {
    let mut harness = coloured(open);
    harness.press(script);
    outcome(harness)
}

pub(super) fn by_clicks(open: Opens, clicks: &[(u16, u16)]) -> Outcome {
    let mut harness = coloured(open);
    for (column, row) in clicks {
        harness.click(*column, *row);
    }
    outcome(harness)
}

impl Harness {
    pub(super) fn click(&mut self, column: u16, row: u16) {
        self.tell(Msg::Mouse(MouseEvent {
            kind: MouseEventKind::Down(MouseButton::Left),
            column,
            row,
            modifiers: KeyModifiers::NONE,
        }));
    }

    /// The runs of cells that look like keys: where each begins, and its text.
    pub(super) fn keys_drawn(&mut self) -> Vec<(u16, u16, String)> {
        let colour = self.app.theme.style(Role::Key).fg;
        let screen = self.screen();
        let buffer = screen.backend().buffer();
        let mut runs: Vec<(u16, u16, String)> = Vec::new();
        for y in buffer.area.top()..buffer.area.bottom() {
            let mut last = None;
            for x in buffer.area.left()..buffer.area.right() {
                let cell = &buffer[(x, y)];
                if Some(cell.fg) != colour {
                    continue;
                }
                match runs.last_mut().filter(|_| x > 0 && last == Some(x - 1)) {
                    Some((.., text)) => text.push_str(cell.symbol()),
                    None => runs.push((x, y, cell.symbol().to_owned())),
                }
                last = Some(x);
            }
        }
        // Signs that there is more are no keys, nor is the sign before a typed line.
        runs.retain(|(.., text)| !["↑", "↓", "◂", "▸", "/ ", "+ "].contains(&text.as_str()));
        runs
    }

    /// The cell where that text begins.
    pub(super) fn place_of(&mut self, wanted: &str) -> Option<(u16, u16)> {
        let text = self.text();
        (0..).zip(text.lines()).find_map(|(y, line)| {
            let at = line.find(wanted)?;
            let x = crate::tui::widgets::clip::columns(&line[..at]);
            Some((x, y))
        })
    }
}

/// The keys that a drawn name stands for, as a script; text that can be typed as it is.
fn script(name: &str) -> String {
    let key = |word: &str| match word.strip_prefix("Ctrl-") {
        Some(letter) => format!("<c-{}>", letter.to_lowercase()),
        None if word.chars().count() == 1 || word.contains([':', '>']) => word.to_owned(),
        None => format!("<{}>", word.to_lowercase()),
    };
    name.split(' ').map(key).collect()
}

/// Clicks everything that looks like a key.
fn click_keys(name: &str, open: Opens) -> usize {
    let drawn = coloured(open).keys_drawn();
    for (x, y, text) in &drawn {
        let script = script(text);
        let (mut clicked, mut typed) = (by_clicks(open, &[(*x, *y)]), by_keys(open, &script));
        // Letters that are typed one after the other ask after each.
        if text.contains([':', '>']) && text.len() > 1 {
            (clicked.1, typed.1) = (Vec::new(), Vec::new());
        }
        assert_eq!(clicked, typed, "{name}: {text} at {x},{y}");
    }
    drawn.len()
}

#[test]
fn whatever_looks_like_a_key_in_a_layer_is_one_for_the_mouse_too() {
    // The variants as they are written, so that a new one needs a row.
    let source = include_str!("../../layers.rs");
    let (_, variants) = source.split_once("pub enum Layer {").unwrap();
    let (variants, _) = variants.split_once("\n}").unwrap();
    let variants = variants
        .lines()
        .map(str::trim)
        .filter(|line| line.starts_with(char::is_uppercase));
    let mut known: Vec<&str> = LAYERS.iter().map(|(name, ..)| *name).collect();
    // While it waits for the book nothing else can be open.
    known.push("Leaving");
    let missing: Vec<&str> = variants
        .map(|line| line.split(['(', ',', '{']).next().unwrap_or_default())
        .filter(|name| !known.contains(name))
        .collect();
    assert_eq!(missing, [""; 0], "layers without a row in the table");
    for (name, open, rows) in LAYERS {
        let mut harness = coloured(open);
        let top = format!("{:?}", harness.app.layers.last());
        assert!(top.starts_with(&format!("Some({name}")), "{name}: {top}");
        let count = click_keys(name, open);
        let has_keys = !matches!(rows, Rows::Buttons) && name != "Opening";
        assert_eq!(count > 0, has_keys, "{name}\n{}", harness.text());
    }
}

#[test]
fn who_leaves_while_something_is_on_its_way_can_click_to_stay_or_leave() {
    let open: Opens = || pressed(">q");
    assert_eq!(click_keys("Leaving", open), 2 + coloured(open).foot_keys());
}

impl Harness {
    fn foot_keys(&mut self) -> usize {
        let last = self.app.size.1 - 1;
        let drawn = self.keys_drawn();
        drawn.iter().filter(|(_, y, _)| *y == last).count()
    }
}

#[test]
fn the_rows_and_buttons_of_layers_answer() {
    for (name, open, rows) in LAYERS {
        match rows {
            Rows::None => {}
            Rows::Buttons => {
                let (x, y) = coloured(open).place_of("[Cancel]").unwrap();
                assert_eq!(by_clicks(open, &[(x, y)]), by_keys(open, "<esc>"), "{name}");
                assert_eq!(
                    by_clicks(open, &[(x + 12, y)]),
                    by_keys(open, "y"),
                    "{name}"
                );
            }
            Rows::Taken | Rows::Chosen => {
                for down in 0..3 {
                    let mut harness = coloured(open);
                    let from = usize::from(rows == Rows::Chosen);
                    let mut keys = "<down>".repeat(down + from);
                    harness.press(&keys);
                    let mut screen = harness.screen();
                    let at = screen.get_cursor_position().unwrap();
                    if rows == Rows::Taken {
                        keys.push_str("<enter>");
                    }
                    let clicked = by_clicks(open, &[(at.x + 3, at.y)]);
                    assert_eq!(
                        clicked,
                        by_keys(open, &keys),
                        "{name} {down}\n{}",
                        text(&screen)
                    );
                }
            }
        }
    }
}

#[test]
fn rows_to_tick_answer() {
    let open: Opens = || listed("C");
    let (x, y) = coloured(open).place_of("[x]").unwrap();
    let clicked = by_clicks(open, &[(x, y + 1)]);
    let mut keys = coloured(open);
    keys.press("<down><space><up>");
    assert_eq!(clicked, outcome(keys));
}

#[test]
fn whatever_looks_like_a_key_on_a_screen_is_one_for_the_mouse_too() {
    assert_eq!(SHOWN.map(|(shown, _)| shown), Shown::ALL);
    for (shown, open) in SHOWN {
        assert_eq!(coloured(open).app.shown, shown);
        let name = format!("{shown:?}");
        assert!(click_keys(&name, open) > 4, "{name}");
    }
}

#[test]
fn every_row_that_the_cursor_can_be_on_can_be_clicked_and_opened() {
    for (shown, open) in SHOWN {
        let mut seen = Vec::new();
        for panel in 0..4 {
            for down in 0..4 {
                let keys = "<tab>".repeat(panel) + &"j".repeat(down);
                let mut harness = coloured(open);
                harness.press(&keys);
                let mut screen = harness.screen();
                let at = screen.get_cursor_position().unwrap();
                if !screen.backend().cursor_visible() || seen.contains(&at) {
                    continue;
                }
                seen.push(at);
                let name = format!("{shown:?} {keys} {at}\n{}", text(&screen));
                let (clicked, _) = by_clicks(open, &[(at.x + 3, at.y)]);
                let (moved, _) = by_keys(open, &keys);
                assert_eq!(clicked, moved, "{name}");
                let twice = by_clicks(open, &[(at.x + 3, at.y); 2]);
                let opened = by_keys(open, &(keys + "<enter>"));
                assert_eq!(twice.0, opened.0, "opened: {name}");
            }
        }
        assert!(seen.len() > 2, "{shown:?} {seen:?}");
    }
}

#[test]
fn tabs_answer_on_every_screen_and_over_what_is_only_read() {
    let read: [(&str, Opens); 2] = [
        ("Messages", || pressed("!")),
        ("Detail", || pressed("<enter>")),
    ];
    let screens = SHOWN.map(|(shown, open)| (format!("{shown:?}"), open));
    let all = screens
        .into_iter()
        .chain(read.map(|(name, open)| (name.to_owned(), open)));
    for (name, open) in all {
        for (number, (tab, _)) in (1..).zip(SCREENS) {
            let number = number.to_string();
            let (x, y) = coloured(open).place_of(&format!("{number} {tab}")).unwrap();
            let clicked = by_clicks(open, &[(x, y)]);
            assert_eq!(clicked, by_keys(open, &number), "{name}: {tab}");
        }
    }
}
