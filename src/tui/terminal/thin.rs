//! What is drawn, in few bytes: over a slow line every one of them is waited for.
//!
//! Between two cells the shortest way is taken: on by some columns, to a column, or over what stands between them by writing it
//! again. Styles are told by what changes. The rest of a row that gets empty is wiped in one go. A picture in which nothing has
//! changed is no byte.
//!
//! Nothing here depends on how a terminal does what terminals do differently. The first cell of a row is reached by its place, and so
//! is every cell behind a sign that some terminals give another width; only what has the terminal's own background is wiped; nothing
//! is repeated, scrolled or moved.

use std::io::{self, Write};

use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::{Cell, CellDiffOption, CellWidth};
use ratatui::layout::{Position, Size};

use crate::tui::widgets::clip::columns_at_most;

use super::pen::{Pen, write_number};
use super::shown::{Shown, Spot};

const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";
const HIDE: &[u8] = b"\x1b[?25l";
const SHOW: &[u8] = b"\x1b[?25h";
/// To the upper left, and everything empty.
const WIPE: &[u8] = b"\x1b[2J";
const WIPE_ROW: &[u8] = b"\x1b[K";

/// From so many cells on wiping the rest of a row is shorter than writing blanks.
const WORTH_WIPING: usize = 4;

/// Where the terminal's cursor is while a picture is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Pencil {
    x: u16,
    y: u16,
    /// By how many columns it may be further right, because some terminal may think that a sign is wider than it is.
    doubts: u16,
    /// Whether it may be somewhere else, so that its column has to be said before anything more is written.
    lost: bool,
}

impl Pencil {
    const fn at(x: u16, y: u16) -> Self {
        Self {
            x,
            y,
            doubts: 0,
            lost: false,
        }
    }
}

/// Draws on a terminal.
#[derive(Debug)]
pub struct Thin<W> {
    out: W,
    size: fn() -> io::Result<(u16, u16)>,
    /// The picture that is being drawn.
    frame: Vec<u8>,
    shown: Shown,
    pen: Pen,
    /// `None` where it is not certain.
    pencil: Option<Pencil>,
    hidden: bool,
    /// Where the cursor was left.
    rests: Option<Position>,
}

impl<W: Write> Thin<W> {
    /// Draws there, on a terminal whose size is found out so.
    pub const fn new(out: W, size: fn() -> io::Result<(u16, u16)>) -> Self {
        Self {
            out,
            size,
            frame: Vec::new(),
            shown: Shown::new(),
            pen: Pen::new(),
            pencil: None,
            hidden: false,
            rests: None,
        }
    }

    /// The way to the terminal for what is no picture.
    pub const fn line(&mut self) -> &mut W {
        &mut self.out
    }

    /// The terminal was another's: what it shows is not known, and its cursor is hidden.
    pub fn forget(&mut self) {
        self.frame.clear();
        self.shown.wipe(0, 0);
        self.pen = Pen::new();
        self.pencil = None;
        self.hidden = true;
        self.rests = None;
    }

    fn write_row(&mut self, y: u16, row: &[(u16, &Cell)]) {
        if row.is_empty() {
            return;
        }
        let wiped = self.wiped_from(y, row);
        for (x, cell) in row {
            if wiped == Some(*x) {
                self.approach(*x, y, Pen::new());
                self.pen.turn_for_blank(Pen::new(), &mut self.frame);
                self.frame.extend_from_slice(WIPE_ROW);
                self.shown.wipe_from(*x, y);
                return;
            }
            self.write_cell(*x, y, cell);
        }
    }

    /// The first of the cells from which on a row is to be wiped, where it is worth it.
    fn wiped_from(&self, y: u16, row: &[(u16, &Cell)]) -> Option<u16> {
        let mut written = row;
        for x in (0..self.shown.columns()).rev() {
            let (spot, before) = match written.split_last() {
                Some(((at, cell), before)) if *at == x => (Spot::of(cell), before),
                _ => (self.shown.spot(x, y), written),
            };
            if !spot.is_wiped() {
                break;
            }
            written = before;
        }
        let rest = &row[written.len()..];
        rest.first()
            .filter(|_| rest.len() >= WORTH_WIPING)
            .map(|(x, _)| *x)
    }

    fn write_cell(&mut self, x: u16, y: u16, cell: &Cell) {
        let spot = Spot::of(cell);
        self.approach(x, y, spot.pen);
        let columns = match cell.diff_option {
            CellDiffOption::ForcedWidth(columns) => columns.get(),
            _ => cell.cell_width(),
        };
        let is_composed = is_composed(cell);
        let composed = self.shown.composed(x, y);
        if composed > 0 || is_composed && columns > 1 {
            self.make_room(x, y, composed.max(columns), spot.pen);
        }
        if let Some(letter) = spot.letter() {
            self.write_letter(letter, spot.pen);
            self.shown.put(x, y, spot);
            self.step(1, 0, false);
            return;
        }
        self.pen.turn_to(spot.pen, &mut self.frame);
        self.frame.extend_from_slice(cell.symbol().as_bytes());
        // Terminals agree least about what is composed of several signs: each of them may be wide.
        let signs = cell.symbol().chars().count();
        let doubts = u16::try_from(2 * signs).unwrap_or(u16::MAX);
        let is_plain = columns == 1 && signs == 1;
        if is_composed {
            let reach = columns_at_most(cell.symbol());
            self.shown.compose(x, y, columns, reach);
        } else {
            self.shown.cover(x, y, columns);
        }
        self.step(columns, if is_plain { 1 } else { doubts }, !is_plain);
    }

    /// Makes columns blank in which a composed sign stood or will stand: what it leaves of itself, or of what was there before it,
    /// terminals do not agree about.
    fn make_room(&mut self, x: u16, y: u16, columns: u16, pen: Pen) {
        self.pen.turn_for_blank(pen, &mut self.frame);
        self.frame.extend((0..columns).map(|_| b' '));
        self.shown.cover(x, y, columns);
        self.say_column(x, y);
    }

    fn write_letter(&mut self, letter: u8, pen: Pen) {
        if letter == b' ' {
            self.pen.turn_for_blank(pen, &mut self.frame);
        } else {
            self.pen.turn_to(pen, &mut self.frame);
        }
        self.frame.push(letter);
    }

    /// Something was written. At the edge terminals differ about where the cursor is.
    fn step(&mut self, columns: u16, doubts: u16, lost: bool) {
        let edge = self.shown.columns();
        self.pencil = self.pencil.and_then(|pencil| {
            let x = pencil.x.saturating_add(columns);
            (x < edge).then_some(Pencil {
                x,
                y: pencil.y,
                doubts: pencil.doubts.saturating_add(doubts),
                lost: pencil.lost || lost,
            })
        });
    }

    /// Goes where something shall be written in a pen.
    fn approach(&mut self, x: u16, y: u16, next: Pen) {
        // As long as no sign can have pushed the cursor over the edge it is in its row.
        let edge = self.shown.columns();
        let here = self.pencil.filter(|pencil| {
            let in_row = pencil.y == y && pencil.x <= x;
            in_row && (pencil.x == x || pencil.x.saturating_add(pencil.doubts) < edge)
        });
        match here {
            Some(pencil) if pencil.x == x && !pencil.lost => {}
            Some(pencil) if pencil.lost => self.say_column(x, y),
            Some(pencil) => self.go_on(pencil, x, next),
            None => {
                self.place(x, y);
                self.pencil = Some(Pencil::at(x, y));
            }
        }
    }

    /// Goes on in the row, the shortest way.
    fn go_on(&mut self, from: Pencil, x: u16, next: Pen) {
        let gap = x - from.x;
        let on = 3 + if gap == 1 { 0 } else { digits(gap) };
        let to_column = 3 + digits(x + 1);
        let goes_on = from.doubts == 0 && on <= to_column;
        let jump = if goes_on { on } else { to_column };
        if usize::from(gap) <= jump && self.go_over(from.x..x, from.y, next) {
            self.step(gap, 0, false);
        } else if goes_on {
            self.frame.extend_from_slice(b"\x1b[");
            if gap > 1 {
                write_number(gap, &mut self.frame);
            }
            self.frame.push(b'C');
            self.pencil = Some(Pencil::at(x, from.y));
        } else {
            self.say_column(x, from.y);
        }
    }

    fn say_column(&mut self, x: u16, y: u16) {
        self.frame.extend_from_slice(b"\x1b[");
        write_number(x + 1, &mut self.frame);
        self.frame.push(b'G');
        self.pencil = Some(Pencil::at(x, y));
    }

    /// Says where the cursor is to be.
    fn place(&mut self, x: u16, y: u16) {
        self.frame.extend_from_slice(b"\x1b[");
        write_number(y + 1, &mut self.frame);
        if x > 0 {
            self.frame.push(b';');
            write_number(x + 1, &mut self.frame);
        }
        self.frame.push(b'H');
    }

    /// Writes again what stands between two cells, where that needs no pen but that of one of them.
    fn go_over(&mut self, columns: std::ops::Range<u16>, y: u16, next: Pen) -> bool {
        let all_by = |pen: Pen| {
            let mut spots = columns.clone().map(|x| self.shown.spot(x, y));
            spots.all(|spot| spot.is_written_by(pen))
        };
        if !all_by(self.pen) {
            if !all_by(next) {
                return false;
            }
            self.pen.turn_to(next, &mut self.frame);
        }
        for x in columns {
            // All of them are letters: something wrote them.
            let letter = self.shown.spot(x, y).letter().unwrap_or(b' ');
            self.frame.push(letter);
        }
        true
    }
}

/// Whether it is a sign of several, about whose columns terminals do not agree. A link is letters.
fn is_composed(cell: &Cell) -> bool {
    let is_link = matches!(cell.diff_option, CellDiffOption::ForcedWidth(_));
    let symbol = cell.symbol();
    !is_link && symbol.len() > 1 && symbol.chars().nth(1).is_some()
}

/// How many digits a number has.
const fn digits(number: u16) -> usize {
    match number {
        0..10 => 1,
        10..100 => 2,
        100..1_000 => 3,
        1_000..10_000 => 4,
        10_000.. => 5,
    }
}

impl<W: Write> Backend for Thin<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let mut row: Vec<(u16, &'a Cell)> = Vec::with_capacity(self.shown.columns().into());
        let (mut of, mut reach) = (0, 0);
        for (x, y, cell) in content {
            if y != of {
                self.write_row(of, &row);
                row.clear();
                (of, reach) = (y, 0);
            }
            // What a composed sign left of it may spill over will not look as it does now.
            if x < reach || !Spot::of(cell).looks_as(self.shown.spot(x, y)) {
                row.push((x, cell));
            }
            if is_composed(cell) {
                reach = reach.max(x.saturating_add(columns_at_most(cell.symbol())));
            }
        }
        self.write_row(of, &row);
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if !self.hidden {
            self.frame.extend_from_slice(HIDE);
            self.hidden = true;
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.hidden {
            self.frame.extend_from_slice(SHOW);
            self.hidden = false;
        }
        Ok(())
    }

    fn get_cursor_position(&mut self) -> io::Result<Position> {
        // Nobody asks but for pictures that are not of the whole screen.
        Ok(self.rests.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        let position = position.into();
        if !self.frame.is_empty() || self.rests != Some(position) {
            self.place(position.x, position.y);
            self.pencil = None;
            self.rests = Some(position);
        }
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, clear_type: ClearType) -> io::Result<()> {
        if clear_type != ClearType::All {
            return Err(io::ErrorKind::Unsupported.into());
        }
        let (columns, rows) = (self.size)()?;
        self.pen.turn_to(Pen::new(), &mut self.frame);
        if !self.frame.ends_with(WIPE) {
            self.frame.extend_from_slice(WIPE);
        }
        self.shown.wipe(columns, rows);
        self.pencil = None;
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        let (width, height) = (self.size)()?;
        Ok(Size { width, height })
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: self.size()?,
            pixels: Size::default(),
        })
    }

    /// The picture is whole: it goes to the terminal in one go, and that shows it in one go.
    fn flush(&mut self) -> io::Result<()> {
        if !self.frame.is_empty() {
            self.pen.turn_to(Pen::new(), &mut self.frame);
            self.pencil = None;
            self.out.write_all(BEGIN)?;
            self.out.write_all(&self.frame)?;
            self.out.write_all(END)?;
            self.frame.clear();
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests;
