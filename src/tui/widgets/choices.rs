//! A list to choose from: narrowed by typing, a cursor, rows that cannot be chosen with the reason why, and where the list
//! permits it one more row that makes what was typed (`new: Acme`).

mod told;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use super::clip::{clip, columns, fill, paint, width};
use super::matching::Needle;
use crate::domain::text::{clean_line, fold};
use crate::tui::theme::{Role, Theme};

/// One row of a list.
#[derive(Clone, Debug)]
pub struct Item<T> {
    /// What is chosen with it.
    pub value: T,
    /// What it is called.
    pub label: String,
    /// What tells it from its namesakes.
    pub detail: String,
    /// Why it cannot be chosen now.
    pub barred: Option<String>,
    folded: String,
}

impl<T> Item<T> {
    /// A row that can be chosen.
    pub fn new(value: T, label: impl Into<String>) -> Self {
        let label = label.into();
        Self {
            value,
            folded: fold(&label),
            label,
            detail: String::new(),
            barred: None,
        }
    }

    /// The same with what tells it from its namesakes.
    #[must_use]
    pub fn detail(mut self, detail: impl Into<String>) -> Self {
        self.detail = detail.into();
        self
    }

    /// The same, but it cannot be chosen, for that reason.
    #[must_use]
    pub fn barred(mut self, why: impl Into<String>) -> Self {
        self.barred = Some(why.into());
        self
    }
}

/// What was chosen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chosen<T> {
    /// One of the rows.
    Known(T),
    /// What was typed, as something new.
    New(String),
}

/// A list, what is shown of it, and the cursor.
#[derive(Clone, Debug)]
pub struct Choices<T> {
    items: Vec<Item<T>>,
    /// The items that fit what was typed, best first.
    shown: Vec<usize>,
    typed: String,
    /// Whether what was typed may be something new.
    open_ended: bool,
    /// The row under the cursor; the row behind the last item is the new one.
    cursor: Option<usize>,
    top: usize,
    area: Rect,
}

impl<T: Clone> Choices<T> {
    /// A list in its own order, the cursor on the first row that can be chosen.
    #[must_use]
    pub fn new(items: Vec<Item<T>>) -> Self {
        let mut choices = Self {
            shown: (0..items.len()).collect(),
            items,
            typed: String::new(),
            open_ended: false,
            cursor: None,
            top: 0,
            area: Rect::default(),
        };
        choices.cursor = choices.first();
        choices
    }

    /// The same list, which takes what was typed as something new as well.
    #[must_use]
    pub fn open_ended(mut self) -> Self {
        self.open_ended = true;
        self
    }

    /// The items, in their own order.
    #[must_use]
    pub fn items(&self) -> &[Item<T>] {
        &self.items
    }

    /// How many rows there are now.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shown.len() + usize::from(self.offers_new())
    }

    /// Whether nothing fits what was typed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Takes the cursor off the list, so that nothing is chosen by mere Enter.
    pub const fn unchoose(&mut self) {
        self.cursor = None;
    }

    /// Puts the cursor on the first row for which `is` holds.
    pub fn put_cursor(&mut self, is: impl Fn(&T) -> bool) {
        let row = self
            .shown
            .iter()
            .position(|item| is(&self.items[*item].value));
        if row.is_some() {
            self.cursor = row;
        }
    }

    /// Shows what fits the typed text. The cursor goes to the best row; where something new may be meant, and the typed text is
    /// not the start of a word of any name, to the new row.
    pub fn narrow(&mut self, typed: &str) {
        let before = std::mem::replace(&mut self.typed, clean_line(typed));
        self.top = 0;
        let needle = Needle::new(&self.typed);
        if needle.is_empty() {
            self.shown = (0..self.items.len()).collect();
            self.cursor = self.first();
            return;
        }
        // What does not fit the beginning does not fit the whole, so that a long list is gone through only once.
        let among = if !before.is_empty() && self.typed.starts_with(&before) {
            std::mem::take(&mut self.shown)
        } else {
            (0..self.items.len()).collect()
        };
        let score = |at: usize| needle.score(&self.items[at].folded);
        let mut found: Vec<(i64, usize)> = among
            .into_iter()
            .filter_map(|at| score(at).map(|score| (score, at)))
            .collect();
        found.sort_by_key(|(score, at)| (-score, *at));
        self.shown = found.into_iter().map(|(_, at)| at).collect();
        let best = self.first();
        let sure = best.is_some_and(|row| {
            self.shown
                .get(row)
                .is_some_and(|item| needle.begins_a_word(&self.items[*item].folded))
        });
        self.cursor = if self.offers_new() && !sure {
            Some(self.shown.len())
        } else {
            best
        };
    }

    /// What is under the cursor: chosen, or why it cannot be; nothing where the cursor is nowhere.
    pub fn chosen(&self) -> Option<Result<Chosen<T>, &str>> {
        let row = self.cursor?;
        match self.shown.get(row).map(|item| &self.items[*item]) {
            Some(item) => Some(match &item.barred {
                Some(why) => Err(why),
                None => Ok(Chosen::Known(item.value.clone())),
            }),
            None => self
                .offers_new()
                .then(|| Ok(Chosen::New(self.typed.clone()))),
        }
    }

    /// Moves the cursor; false where the key is no move.
    pub fn key(&mut self, key: KeyEvent) -> bool {
        let page = isize::try_from(self.area.height.max(2) - 1).unwrap_or(1);
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        match key.code {
            KeyCode::Up => self.step(-1),
            KeyCode::Down => self.step(1),
            KeyCode::Char('p') if ctrl => self.step(-1),
            KeyCode::Char('n') if ctrl => self.step(1),
            KeyCode::PageUp => self.page(-page),
            KeyCode::PageDown => self.page(page),
            _ => return false,
        }
        true
    }

    /// Puts the cursor on the row that was clicked; false outside.
    pub fn click(&mut self, x: u16, y: u16) -> bool {
        if !self.area.contains((x, y).into()) {
            return false;
        }
        let row = self.top + usize::from(y - self.area.y);
        let hit = row < self.len();
        if hit {
            self.cursor = Some(row);
        }
        hit
    }

    /// Moves the cursor by a turn of the wheel.
    pub fn scroll(&mut self, by: isize) {
        self.page(by);
    }

    fn offers_new(&self) -> bool {
        let typed = fold(&self.typed);
        self.open_ended && !typed.is_empty() && self.items.iter().all(|item| item.folded != typed)
    }

    fn first(&self) -> Option<usize> {
        let free = |row: &usize| self.items[*row].barred.is_none();
        self.shown
            .iter()
            .position(free)
            .or((!self.shown.is_empty()).then_some(0))
    }

    /// One row on, round the ends.
    fn step(&mut self, by: isize) {
        let rows = self.len();
        if rows == 0 {
            return;
        }
        self.cursor = Some(match self.cursor {
            None if by > 0 => 0,
            None => rows - 1,
            Some(row) => (row.min(rows - 1) + rows).saturating_add_signed(by) % rows,
        });
    }

    /// Several rows on, up to the ends.
    fn page(&mut self, by: isize) {
        if let Some(last) = self.len().checked_sub(1) {
            let row = self.cursor.unwrap_or(0).saturating_add_signed(by);
            self.cursor = Some(row.min(last));
        }
    }

    /// Draws the rows around the cursor and returns where the cursor's row is.
    pub fn draw(&mut self, frame: &mut Frame, area: Rect, theme: &Theme) -> Option<(u16, u16)> {
        self.area = area;
        if area.is_empty() {
            return None;
        }
        let height = usize::from(area.height);
        let row = self.cursor.unwrap_or(0);
        let lowest = self.len().saturating_sub(height);
        self.top = self
            .top
            .clamp((row + 1).saturating_sub(height), row)
            .min(lowest);
        let needle = Needle::new(&self.typed);
        let mut at = None;
        for (row, y) in (self.top..self.len()).zip(area.top()..area.bottom()) {
            let under = self.cursor == Some(row);
            if under {
                at = Some((area.x, y));
            }
            if let Some(item) = self.shown.get(row) {
                draw_item(frame, area, y, &self.items[*item], under, &needle, theme);
            } else {
                let label = format!("new: {}", self.typed);
                Row::start(frame, area, y, under, theme).text(frame, &label, Role::Good);
            }
        }
        if self.is_empty() {
            let word = match (self.typed.is_empty(), self.open_ended) {
                (true, true) => "none yet: what you type is the first",
                (true, false) => "nothing to choose from",
                (false, _) => "nothing fits",
            };
            paint(
                frame.buffer_mut(),
                area,
                area.x.saturating_add(2),
                area.y,
                word,
                theme.style(Role::Dim),
            );
        }
        at
    }
}

/// A row that is being drawn: where its text begins, and the style under the cursor.
struct Row<'a> {
    area: Rect,
    x: u16,
    y: u16,
    under: Option<Style>,
    theme: &'a Theme,
}

impl<'a> Row<'a> {
    fn start(frame: &mut Frame, area: Rect, y: u16, under: bool, theme: &'a Theme) -> Self {
        let buffer = frame.buffer_mut();
        let style = under.then(|| theme.style(Role::Cursor));
        fill(buffer, area, area.x, y, style.unwrap_or_default());
        if let Some(style) = style {
            paint(buffer, area, area.x, y, theme.glyphs().cursor, style);
        }
        Self {
            area,
            x: area.x.saturating_add(2),
            y,
            under: style,
            theme,
        }
    }

    /// Paints a text in its role, patched with the cursor's style, cut at the edge.
    fn text(&self, frame: &mut Frame, text: &str, role: Role) -> Self {
        let room = usize::from(self.area.right().saturating_sub(self.x));
        let text = clip(text, room, self.theme.glyphs().ellipsis);
        let style = self.theme.style(role).patch(self.under.unwrap_or_default());
        let taken = paint(frame.buffer_mut(), self.area, self.x, self.y, &text, style);
        Self {
            x: self.x.saturating_add(taken),
            ..*self
        }
    }
}

fn draw_item<T>(
    frame: &mut Frame,
    area: Rect,
    y: u16,
    item: &Item<T>,
    under: bool,
    needle: &Needle,
    theme: &Theme,
) {
    let row = Row::start(frame, area, y, under, theme);
    let role = if item.barred.is_some() {
        Role::Dim
    } else {
        Role::Text
    };
    let behind = row.text(frame, &item.label, role);
    // In a name that was cut, the columns of its letters are no longer sure.
    if width(&item.label) == usize::from(behind.x - row.x) {
        let style = theme
            .style(Role::Match)
            .patch(row.under.unwrap_or_default());
        for piece in needle.pieces(&item.label) {
            let x = row.x + columns(&item.label[..piece.start]);
            paint(frame.buffer_mut(), area, x, y, &item.label[piece], style);
        }
    }
    let aside = item.barred.as_deref().unwrap_or(&item.detail);
    if !aside.is_empty() {
        behind.text(frame, "  ", role).text(frame, aside, Role::Dim);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::for_tests::{any_keys, keys};
    use proptest::prelude::*;
    use ratatui::Terminal;
    use ratatui::backend::TestBackend;

    fn stages() -> Choices<u8> {
        Choices::new(vec![
            Item::new(1, "Qualify"),
            Item::new(2, "Discovery").detail("New business"),
            Item::new(3, "Won").barred("win it with W"),
        ])
    }

    fn chosen<T: Clone>(choices: &Choices<T>) -> Option<T> {
        match choices.chosen() {
            Some(Ok(Chosen::Known(value))) => Some(value),
            _ => None,
        }
    }

    #[test]
    fn typing_narrows_and_the_cursor_is_on_the_best() {
        let mut list = stages();
        list.narrow("di");
        assert_eq!(chosen(&list), Some(2));
        list.narrow("");
        assert_eq!(list.len(), 3);
        assert_eq!(chosen(&list), Some(1));
    }

    #[test]
    fn a_row_that_is_barred_says_why() {
        let mut list = stages();
        list.narrow("won");
        assert_eq!(list.chosen(), Some(Err("win it with W")));
    }

    #[test]
    fn the_cursor_goes_round() {
        let mut list = stages();
        list.key(keys("<up>")[0]);
        assert_eq!(list.chosen(), Some(Err("win it with W")));
        list.key(keys("<down>")[0]);
        assert_eq!(chosen(&list), Some(1));
        list.key(keys("<pgdn>")[0]);
        list.key(keys("<pgdn>")[0]);
        list.key(keys("<c-p>")[0]);
        assert_eq!(chosen(&list), Some(2));
    }

    #[test]
    fn something_new_is_offered_unless_it_is_there() {
        let companies = vec![Item::new(1, "Roth Metall"), Item::new(2, "Müller")];
        let mut list = Choices::new(companies).open_ended();
        for (typed, meant) in [
            ("roth", Some(Ok(Chosen::Known(1)))),
            ("rtm", Some(Ok(Chosen::New("rtm".to_owned())))),
            ("Acme\u{202e} ", Some(Ok(Chosen::New("Acme".to_owned())))),
            ("MULLER", Some(Ok(Chosen::Known(2)))),
        ] {
            list.narrow(typed);
            assert_eq!(list.chosen(), meant, "{typed}");
        }
        list.narrow("muller");
        assert_eq!(list.len(), 1, "a name that is there is not offered as new");
        list.narrow("\u{200b}");
        assert_eq!(list.len(), 2, "nothing typed is nothing new");
    }

    #[test]
    fn the_letters_that_fit_are_marked() {
        let mut terminal = Terminal::new(TestBackend::new(30, 3)).unwrap();
        let theme = Theme::default();
        let mut list = stages();
        list.narrow("sc");
        terminal
            .draw(|frame| {
                list.draw(frame, frame.area(), &theme);
            })
            .unwrap();
        let buffer = terminal.backend().buffer();
        assert_eq!(buffer[(4, 0)].symbol(), "s");
        assert_eq!(buffer[(4, 0)].fg, theme.style(Role::Match).fg.unwrap());
        assert_eq!(
            terminal.backend().to_string().lines().next(),
            Some("\"▶ Discovery  New business     \"")
        );
    }

    proptest! {
        #[test]
        fn typing_on_finds_what_typing_at_once_finds(names in prop::collection::vec("[ab éß]{0,6}", 0..12), typed in "[abes ]{0,5}") {
            let items = |names: &[String]| names.iter().enumerate().map(|(at, name)| Item::new(at, name.clone())).collect();
            let (mut on, mut once) = (Choices::new(items(&names)), Choices::new(items(&names)));
            for (at, _) in typed.char_indices().chain([(typed.len(), ' ')]) {
                on.narrow(&typed[..at]);
            }
            once.narrow(&typed);
            prop_assert_eq!(on.shown, once.shown);
        }

        #[test]
        fn any_keys_on_any_size(names in prop::collection::vec(".{0,9}", 0..9), typed in ".{0,4}", pressed in any_keys(),
            w in 0_u16..20, h in 0_u16..6, open: bool) {
            let items = names.iter().enumerate().map(|(at, name)| Item::new(at, name.clone())).collect();
            let mut list = Choices::new(items);
            if open {
                list = list.open_ended();
            }
            list.narrow(&typed);
            let mut terminal = Terminal::new(TestBackend::new(20, 5)).unwrap();
            for key in pressed {
                list.key(key);
                list.click(4, 2);
                let _ = list.chosen();
                terminal.draw(|frame| { list.draw(frame, Rect::new(3, 1, w, h).intersection(frame.area()), &Theme::default()); }).unwrap();
            }
        }
    }
}
