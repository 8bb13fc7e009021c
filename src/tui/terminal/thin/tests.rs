use std::num::NonZeroU16;

use ratatui::Terminal;
use ratatui::backend::CrosstermBackend;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};

use super::*;
use crate::tui::app::{stand_behind, whole_letters};
use crate::tui::terminal::shown::Halves;

mod fuzz;
mod odd;

const COLUMNS: u16 = 24;
const ROWS: u16 = 6;

thread_local! {
    /// How big the terminal of a test is.
    static SIZE: std::cell::Cell<(u16, u16)> = const { std::cell::Cell::new((COLUMNS, ROWS)) };
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "terminals may fail to say how big they are, this one does not"
)]
fn size() -> io::Result<(u16, u16)> {
    Ok(SIZE.get())
}

/// The app's way to a terminal, and that terminal.
struct Desk {
    terminal: Terminal<Thin<Vec<u8>>>,
    halves: Halves,
    screen: vt100::Parser,
}

impl Desk {
    fn new() -> Self {
        let mut backend = Thin::new(Vec::new(), size);
        backend.forget();
        let mut terminal = Terminal::new(backend).unwrap();
        terminal.resize(Rect::new(0, 0, COLUMNS, ROWS)).unwrap();
        Self {
            terminal,
            halves: Halves::default(),
            screen: vt100::Parser::new(ROWS, COLUMNS, 0),
        }
    }

    /// Draws a picture, and says what came of it.
    fn draw(&mut self, picture: &Buffer, cursor: Option<(u16, u16)>) -> String {
        let Self {
            terminal, halves, ..
        } = self;
        terminal
            .draw(|frame| {
                frame.buffer_mut().clone_from(picture);
                halves.mind(frame.buffer_mut());
                if let Some(cursor) = cursor {
                    frame.set_cursor_position(cursor);
                }
            })
            .unwrap();
        let bytes = std::mem::take(self.terminal.backend_mut().line());
        self.screen.process(&bytes);
        String::from_utf8(bytes).unwrap().replace('\x1b', "^")
    }

    /// Makes the next picture paint every cell.
    fn repaint(&mut self) {
        let (columns, rows) = SIZE.get();
        let area = Rect::new(0, 0, columns, rows);
        self.terminal.resize(area).unwrap();
    }

    /// What is drawn between the marks of a whole picture.
    fn inner(&mut self, picture: &Buffer) -> String {
        let drawn = self.draw(picture, None);
        let inner = drawn.strip_prefix("^[?2026h");
        let inner = inner.and_then(|rest| rest.strip_suffix("^[?2026l"));
        inner.unwrap_or(&drawn).to_owned()
    }
}

fn empty() -> Buffer {
    Buffer::empty(Rect::new(0, 0, COLUMNS, ROWS))
}

fn with(lines: &[(u16, u16, &str, Style)]) -> Buffer {
    let mut buffer = empty();
    for (x, y, text, style) in lines {
        buffer.set_string(*x, *y, text, *style);
    }
    buffer
}

/// What is to be seen in a cell.
fn seen(screen: &vt100::Screen, x: u16, y: u16) -> String {
    let cell = screen.cell(y, x).unwrap();
    let letters = Some(cell.contents()).filter(|text| !text.is_empty());
    let letters = letters.unwrap_or(" ");
    let (reverse, line) = (cell.inverse(), cell.underline());
    let ground = cell.bgcolor();
    if cell.is_wide_continuation() {
        return "the second half".to_owned();
    }
    if letters == " " && !reverse && !line {
        return format!("blank on {ground:?}");
    }
    let (bold, dim, italic) = (cell.bold(), cell.dim(), cell.italic());
    let colour = cell.fgcolor();
    format!("{letters} {colour:?} on {ground:?} {bold} {dim} {italic} {reverse} {line}")
}

fn all_seen(screen: &vt100::Screen) -> Vec<String> {
    let (rows, columns) = screen.size();
    (0..rows)
        .flat_map(|y| (0..columns).map(move |x| seen(screen, x, y)))
        .collect()
}

/// What another writer makes of the change from one picture to the next: every place said, every style said whole.
fn plainly(from: &Buffer, to: &Buffer) -> Vec<u8> {
    let mut bytes = Vec::new();
    let changes = from.diff(to);
    CrosstermBackend::new(&mut bytes)
        .draw(changes.into_iter())
        .unwrap();
    bytes
}

#[test]
fn what_has_not_changed_is_no_byte() {
    let mut desk = Desk::new();
    let picture = with(&[(2, 1, "Alpina", Style::new())]);
    assert_eq!(
        desk.draw(&picture, Some((2, 1))),
        "^[?2026h^[2J^[2;3HAlpina^[?25h^[2;3H^[?2026l"
    );
    assert_eq!(desk.draw(&picture, Some((2, 1))), "");
    assert_eq!(desk.draw(&picture, Some((3, 1))), "^[?2026h^[2;4H^[?2026l");
    assert_eq!(desk.draw(&picture, None), "^[?2026h^[?25l^[?2026l");
    assert_eq!(desk.draw(&picture, None), "");
}

#[test]
fn the_way_between_two_cells_is_the_shortest() {
    let plain = Style::new();
    for (from, to, bytes) in [
        // Over a few letters by writing them again, over more by a jump.
        ("abcd efgh ijkl", "Xbcd Efgh ijkl", "^[1HXbcd E"),
        ("abcd efgh ijkl", "Xbcd efgh Ijkl", "^[1HX^[9CI"),
        ("abcd efgh ijkl", "abcd efgh ijkL", "^[1;14HL"),
        // Behind a sign that may be wide the column is said.
        ("abcd efgh ijkl", "·bcd efgh Ijkl", "^[1H·^[11GI"),
        ("abcd efgh ijkl", "龍cd efgh ijkl", "^[1H龍"),
        ("abcd efgh ijkl", "龍騰 efgh ijkl", "^[1H龍^[3G騰"),
        (
            "abcd efgh ijkl",
            "👩\u{200d}🚀cd efgh ijkl",
            "^[1H  ^[1G👩\u{200d}🚀",
        ),
        (
            "abcd efgh ijkl",
            "👩\u{200d}🚀X",
            "^[1H  ^[1G👩\u{200d}🚀^[3GX^[K",
        ),
        // The end of a row is wiped where that is shorter.
        ("abcd efgh ijkl", "abcd", "^[1;6H^[K"),
        ("abcd efgh ijkl", "abcd efgh ij", "^[1;13H  "),
        ("abcd efgh ijkl", "X", "^[1HX^[K"),
    ] {
        let mut desk = Desk::new();
        desk.draw(&with(&[(0, 0, from, plain)]), None);
        let to = with(&[(0, 0, to, plain)]);
        assert_eq!(desk.inner(&to), bytes, "{from}");
    }
}

#[test]
fn only_the_terminals_own_background_is_wiped() {
    let ground = Style::new().bg(Color::Blue);
    let mut desk = Desk::new();
    desk.draw(&with(&[(0, 0, "abcdefgh", ground)]), None);
    let blank = with(&[(0, 0, "a       ", ground)]);
    assert_eq!(desk.inner(&blank), "^[1;2H^[48;5;4m       ^[m");
    // From a row under the cursor to none: the pen is the terminal's own before anything is wiped.
    let cursor = Style::new().add_modifier(Modifier::REVERSED);
    desk.draw(&with(&[(0, 0, "abcdefgh", cursor)]), None);
    let gone = with(&[(0, 0, "ab", cursor)]);
    assert_eq!(desk.inner(&gone), "^[1;3H^[K");
}

#[test]
fn colours_of_a_blank_that_are_not_seen_are_not_said() {
    let dim = Style::new().add_modifier(Modifier::DIM);
    let mut desk = Desk::new();
    let picture = with(&[
        (0, 0, "a", dim),
        (1, 0, "  ", Style::new().fg(Color::Red)),
        (3, 0, "b", dim),
    ]);
    assert_eq!(desk.inner(&picture), "^[2J^[1H^[2ma  b^[m");
}

#[test]
fn after_another_had_the_terminal_everything_is_drawn() {
    let mut desk = Desk::new();
    let picture = with(&[(0, 0, "a", Style::new())]);
    desk.draw(&picture, Some((0, 0)));
    desk.terminal.backend_mut().forget();
    desk.terminal
        .resize(Rect::new(0, 0, COLUMNS, ROWS))
        .unwrap();
    assert_eq!(
        desk.draw(&picture, Some((0, 0))),
        "^[?2026h^[2J^[1Ha^[?25h^[1H^[?2026l"
    );
}

#[test]
fn a_link_is_followed_by_a_column_that_is_said() {
    let mut picture = with(&[(0, 0, "ab!", Style::new())]);
    picture[(0, 0)]
        .set_symbol("\x1b]8;;https://x\x1b\\ab\x1b]8;;\x1b\\")
        .set_diff_option(CellDiffOption::ForcedWidth(NonZeroU16::new(2).unwrap()));
    let mut desk = Desk::new();
    assert_eq!(
        desk.inner(&picture),
        "^[2J^[1H^]8;;https://x^\\ab^]8;;^\\^[3G!"
    );
}
