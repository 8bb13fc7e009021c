//! A popup with a list to choose from: stages, owners, pipelines, reasons, reps. Typing narrows the list, Enter takes the row
//! under the cursor, Esc leaves.

use crossterm::event::{KeyCode, KeyEvent};
use ratatui::Frame;
use ratatui::layout::Rect;

use super::Answer;
use super::choices::{Choices, Chosen, Item};
use super::clip::{columns, lines, paint, width};
use super::hints::Hints;
use super::popup;
use super::text_field::TextField;
use crate::tui::theme::{Role, Theme};

/// Rows that a menu shows at the most, where the screen has room.
const ROWS: u16 = 12;
/// Rows beside the list: the border, the typed line, the line of keys.
const AROUND: u16 = 4;
/// Lines below the list of a large menu that tell in full what the row under the cursor may have no room for, and the height from which on
/// there is room for them.
const TOLD: (u16, u16) = (2, 8);
/// Columns and rows of a large menu, where the screen has room.
const LARGE: (u16, u16) = (100, 40);
/// A menu is at least so wide, which its line of keys needs, and at most.
const WIDTHS: (u16, u16) = (40, 64);

/// A menu over the screen.
#[derive(Clone, Debug)]
pub struct Menu<T> {
    title: String,
    field: TextField,
    choices: Choices<T>,
    fault: Option<String>,
    hints: Hints,
    wide: u16,
    rows: u16,
    /// Whether the row under the cursor is told in full below the list.
    tells: bool,
    /// What Enter does, in a word.
    enter: &'static str,
    /// Whether Tab writes the first word of a row into the field.
    completes: bool,
}

impl<T: Clone> Menu<T> {
    /// A menu of these rows, the cursor on the first that can be chosen.
    #[must_use]
    pub fn new(title: impl Into<String>, items: Vec<Item<T>>) -> Self {
        let title = title.into();
        let widest = items
            .iter()
            .map(|item| width(&item.label) + width(item.aside()) + 10)
            .max()
            .unwrap_or(0)
            .max(width(&title) + 6);
        Self {
            title,
            field: TextField::default(),
            choices: Choices::new(items),
            fault: None,
            hints: Hints::default(),
            wide: u16::try_from(widest)
                .unwrap_or(WIDTHS.1)
                .clamp(WIDTHS.0, WIDTHS.1),
            rows: ROWS,
            tells: false,
            enter: "choose",
            completes: false,
        }
    }

    /// The same menu, whose rows are run.
    #[must_use]
    pub const fn runs(mut self) -> Self {
        self.enter = "run";
        self
    }

    /// The same menu, which takes lines that are no rows where `row` has a row for them; Tab completes the first word of one.
    #[must_use]
    pub fn takes_lines(mut self, row: fn(&str) -> Option<String>) -> Self {
        self.choices = self.choices.takes(row);
        self.completes = true;
        self
    }

    /// The same menu, which takes what was typed as something new as well.
    #[must_use]
    pub fn open_ended(mut self) -> Self {
        self.choices = self.choices.open_ended();
        self
    }

    /// The same menu, which takes as something new what may be the name of a person.
    #[must_use]
    pub fn open_to_people(mut self) -> Self {
        self.choices = self.choices.open_to_people();
        self
    }

    /// The same menu with the cursor on the row for which `is` holds.
    #[must_use]
    pub fn on(mut self, is: impl Fn(&T) -> bool) -> Self {
        self.choices.put_cursor(is);
        self
    }

    /// What it asks.
    #[must_use]
    pub fn title(&self) -> &str {
        &self.title
    }

    /// Its line of keys.
    #[must_use]
    pub const fn hints(&self) -> &Hints {
        &self.hints
    }

    /// Its list.
    #[must_use]
    pub const fn choices(&self) -> &Choices<T> {
        &self.choices
    }

    /// Puts the cursor on a row, by its place among all.
    pub fn put_at(&mut self, row: usize) {
        self.field.set("");
        self.choices.narrow("");
        self.choices.put_at(row);
    }

    /// As wide and high as the screen lets it be: for long lists whose rows are sentences. The one under the cursor is told in full.
    #[must_use]
    pub const fn large(mut self) -> Self {
        self.wide = LARGE.0;
        self.rows = LARGE.1;
        self.tells = true;
        self
    }

    /// Takes a key.
    pub fn key(&mut self, key: KeyEvent) -> Answer<Chosen<T>> {
        self.fault = None;
        match key.code {
            KeyCode::Esc => return Answer::Cancel,
            KeyCode::Enter => return self.take(),
            KeyCode::Tab if self.completes => {
                self.complete();
                return Answer::Stay;
            }
            _ => {}
        }
        if !self.choices.key(key) {
            let before = self.field.text().to_owned();
            let outcome = self.field.key(key).map(|_| ());
            self.typed(&before, outcome.err());
        }
        Answer::Stay
    }

    /// Takes a pasted text for what is looked for.
    pub fn paste(&mut self, text: &str) {
        let before = self.field.text().to_owned();
        let outcome = self.field.paste(text);
        self.typed(&before, outcome.err());
    }

    /// Takes the row that was clicked.
    pub fn click(&mut self, x: u16, y: u16) -> Answer<Chosen<T>> {
        if self.choices.click(x, y) {
            return self.take();
        }
        self.field.click(x, y);
        Answer::Stay
    }

    /// Moves the cursor by a turn of the wheel.
    pub fn scroll(&mut self, by: isize) {
        self.choices.scroll(by);
    }

    /// Writes the first word of the row under the cursor into the field, ready for what follows it.
    fn complete(&mut self) {
        let word = self
            .choices
            .label()
            .and_then(|label| label.split(' ').next());
        if let Some(word) = word.filter(|word| !word.is_empty()) {
            let line = format!("{word} ");
            self.field.set(&line);
            self.choices.narrow(&line);
        }
    }

    fn typed(&mut self, before: &str, fault: Option<super::edit::TooLong>) {
        self.fault = fault.map(|fault| fault.to_string());
        if self.field.text() != before {
            self.choices.narrow(self.field.text());
        }
    }

    fn take(&mut self) -> Answer<Chosen<T>> {
        match self.choices.chosen() {
            Some(Ok(chosen)) => return Answer::Submit(chosen),
            Some(Err(why)) => self.fault = Some(why.to_owned()),
            None => self.fault = Some("nothing fits: type less, or Esc".to_owned()),
        }
        Answer::Stay
    }

    /// Draws the menu in the middle of an area.
    pub fn draw(&mut self, frame: &mut Frame, area: Rect, theme: &Theme) {
        let rows = u16::try_from(self.choices.items().len().max(1)).unwrap_or(ROWS);
        // The list keeps its height while it is narrowed, so that the popup does not jump; `new` needs a row too.
        let below = if self.tells { TOLD.0 } else { 0 };
        let high = (rows + 1).min(self.rows) + AROUND + below;
        let place = popup::centred(area, self.wide, high);
        let inner = popup::frame(frame, place, &self.title, theme);
        self.hints = Hints::default();
        if inner.is_empty() {
            return;
        }
        let glyphs = theme.glyphs();
        let top = Rect { height: 1, ..inner };
        let placeholder = self.field.text().is_empty();
        self.field.draw(
            frame,
            top,
            theme.style(Role::FieldFocus),
            glyphs.ellipsis,
            true,
        );
        if placeholder {
            let hint = if self.choices.items().is_empty() {
                "type here"
            } else {
                "type to find"
            };
            let style = theme.style(Role::Placeholder);
            paint(frame.buffer_mut(), top, inner.x, inner.y, hint, style);
        }
        let (lines, from) = TOLD;
        let told = if self.tells && inner.height >= from {
            lines
        } else {
            0
        };
        let list = Rect {
            y: inner.y + 1,
            height: inner.height.saturating_sub(2 + told),
            ..inner
        };
        // While nothing is typed, a screen reader reads the row under the cursor; then, what is typed.
        let row = self.choices.draw(frame, list, theme);
        if let Some(row) = row.filter(|_| placeholder) {
            frame.set_cursor_position(row);
        }
        if told > 0 {
            let place = Rect {
                y: list.bottom(),
                height: told,
                ..inner
            };
            self.draw_told(frame, place, theme);
        }
        if inner.height > 2 {
            self.draw_foot(frame, inner, theme);
        }
    }

    fn draw_told(&self, frame: &mut Frame, place: Rect, theme: &Theme) {
        let Some(text) = self.choices.told() else {
            return;
        };
        let (wide, most) = (place.width.into(), place.height.into());
        let lines = lines(&text, wide, most, theme.glyphs().ellipsis);
        for (line, y) in lines.iter().zip(place.top()..) {
            let style = theme.style(Role::Dim);
            paint(frame.buffer_mut(), place, place.x, y, line, style);
        }
    }

    fn draw_foot(&mut self, frame: &mut Frame, inner: Rect, theme: &Theme) {
        let y = inner.bottom() - 1;
        let buffer = frame.buffer_mut();
        if let Some(fault) = &self.fault {
            let style = theme.style(Role::Error);
            paint(buffer, inner, inner.x, y, fault, style);
            return;
        }
        let all = self.choices.items().len();
        let count = format!("{} of {all}", self.choices.len().min(all));
        let count_x = inner.right().saturating_sub(columns(&count));
        let keys = Rect {
            y,
            height: 1,
            width: count_x.saturating_sub(inner.x + 2),
            ..inner
        };
        let shown = columns(&count) < inner.width;
        if shown {
            paint(buffer, inner, count_x, y, &count, theme.style(Role::Dim));
        }
        let mut all = vec![("Enter", self.enter), ("Esc", "leave")];
        if self.completes {
            all.insert(1, ("Tab", "complete"));
        }
        self.hints = Hints::draw(frame, keys, &all, theme);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::for_tests::{any_keys, draw, keys, picture, text};
    use proptest::prelude::*;

    fn owners() -> Menu<u8> {
        Menu::new(
            "Owner of Alpina AG",
            vec![
                Item::new(1, "Ana Meier").detail("AM"),
                Item::new(2, "Ben Kaya").detail("BK"),
                Item::new(3, "Luca Rossi").barred("has left"),
            ],
        )
    }

    fn pressed(mut menu: Menu<u8>, script: &str) -> Answer<Chosen<u8>> {
        let mut answer = Answer::Stay;
        for key in keys(script) {
            answer = menu.key(key);
        }
        answer
    }

    #[test]
    fn a_menu_answers_to_keys() {
        for (script, answer) in [
            ("<enter>", Answer::Submit(Chosen::Known(1))),
            ("<down><enter>", Answer::Submit(Chosen::Known(2))),
            ("ka<enter>", Answer::Submit(Chosen::Known(2))),
            ("<up><enter>", Answer::Stay),
            ("xyz<enter>", Answer::Stay),
            ("ka<esc>", Answer::Cancel),
            ("ka<bs><bs><enter>", Answer::Submit(Chosen::Known(1))),
        ] {
            assert_eq!(pressed(owners(), script), answer, "{script}");
        }
        let open = owners().open_ended();
        assert_eq!(
            pressed(open, "Zoë<enter>"),
            Answer::Submit(Chosen::New("Zoë".to_owned()))
        );
        let on = owners().on(|rep| *rep == 2);
        assert_eq!(pressed(on, "<enter>"), Answer::Submit(Chosen::Known(2)));
    }

    #[test]
    fn a_menu_shows_its_rows_and_why_one_is_barred() {
        let mut menu = owners();
        menu.key(keys("<down>")[0]);
        let theme = Theme::default();
        insta::assert_snapshot!(picture(draw(44, 9, |frame| {
            menu.draw(frame, frame.area(), &theme);
        })));
        assert_eq!(menu.click(8, 4), Answer::Stay, "a barred row");
        let after = draw(44, 9, |frame| menu.draw(frame, frame.area(), &theme));
        assert!(text(&after).contains("║ has left"));
        assert_eq!(menu.click(8, 2), Answer::Submit(Chosen::Known(1)));
    }

    #[test]
    fn a_large_menu_tells_in_full_what_the_row_under_the_cursor_cuts() {
        let doc =
            "Choose what is shown: mine, unassigned, no next step and whatever else there may be";
        let why = "This is for deals and for nothing else, and 3 is the pipeline that has them";
        let mut menu = Menu::new(
            "Commands",
            vec![
                Item::new(1, format!("view  {doc}")).whole(doc),
                Item::new(2, "win  Win the deal")
                    .whole("Win the deal")
                    .barred(why),
                Item::new(3, "add").whole("word ".repeat(60)),
            ],
        )
        .large();
        let told = |menu: &mut Menu<u8>| {
            let shot = draw(50, 20, |frame| {
                menu.draw(frame, frame.area(), &Theme::default());
            });
            let text = text(&shot);
            let lines: Vec<&str> = text
                .lines()
                .map(|line| line.trim_matches(['║', ' ']))
                .collect();
            let foot = lines.iter().position(|line| line.starts_with("Enter"));
            let foot = foot.expect("a line of keys");
            lines[foot - 2..foot].join(" ")
        };
        assert_eq!(told(&mut menu), doc);
        menu.key(keys("<down>")[0]);
        assert_eq!(told(&mut menu), format!("Not now: {why}"));
        menu.key(keys("<down>")[0]);
        assert!(told(&mut menu).ends_with('…'));
    }

    proptest! {
        #[test]
        fn any_keys_on_any_size(pressed in any_keys(), w in 0_u16..50, h in 0_u16..12) {
            let mut menu = owners().open_ended();
            for key in pressed {
                menu.key(key);
                menu.paste("龍");
                draw(w, h, |frame| menu.draw(frame, frame.area(), &Theme::default()));
            }
        }
    }
}
