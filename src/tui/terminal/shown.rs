//! What the terminal shows, as far as that is certain and of use to whoever draws next.

use ratatui::buffer::{Buffer, Cell, CellDiffOption, CellWidth};
use ratatui::layout::Rect;

use super::pen::Pen;

/// What is known of one cell of the terminal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Spot {
    /// The sign, where it is one of ASCII; 0 is anything else, or not known; 1 is a part of a composed one.
    letter: u8,
    pub pen: Pen,
}

impl Spot {
    const BLANK: Self = Self {
        letter: b' ',
        pen: Pen::new(),
    };
    const OTHER: Self = Self {
        letter: 0,
        pen: Pen::new(),
    };
    const COMPOSED: Self = Self {
        letter: 1,
        pen: Pen::new(),
    };

    /// What a cell will be on the terminal.
    pub fn of(cell: &Cell) -> Self {
        let letter = match (cell.symbol().as_bytes(), cell.diff_option) {
            (_, CellDiffOption::ForcedWidth(_)) => 0,
            ([letter @ b'!'..=b'~'], _) => *letter,
            // What is no sign takes the place of one.
            ([0..0x80] | [], _) => b' ',
            _ => 0,
        };
        Self {
            letter,
            pen: Pen::of(cell),
        }
    }

    /// The sign, where it is one of ASCII.
    pub const fn letter(self) -> Option<u8> {
        match self.letter {
            0 | 1 => None,
            letter => Some(letter),
        }
    }

    /// Whether nothing is written there.
    pub const fn is_blank(self) -> bool {
        self.letter == b' '
    }

    /// Whether it looks as if it were wiped.
    pub fn is_wiped(self) -> bool {
        self.is_blank() && self.pen.wipes()
    }

    /// Whether both certainly look the same.
    pub fn looks_as(self, other: Self) -> bool {
        self.letter().is_some()
            && self.letter == other.letter
            && (self.pen == other.pen || self.is_blank() && self.pen.blank_as(other.pen))
    }

    /// Whether a pen writes it as it looks.
    pub fn is_written_by(self, pen: Pen) -> bool {
        self.looks_as(Self { pen, ..self })
    }
}

/// All cells.
#[derive(Debug)]
pub(super) struct Shown {
    columns: u16,
    spots: Vec<Spot>,
}

impl Shown {
    /// Nothing is known.
    pub const fn new() -> Self {
        Self {
            columns: 0,
            spots: Vec::new(),
        }
    }

    /// Nothing is shown on a terminal of that size.
    pub fn wipe(&mut self, columns: u16, rows: u16) {
        self.columns = columns;
        self.spots.clear();
        let count = usize::from(columns) * usize::from(rows);
        self.spots.resize(count, Spot::BLANK);
    }

    /// How many columns there are.
    pub const fn columns(&self) -> u16 {
        self.columns
    }

    fn place(&self, x: u16, y: u16) -> Option<usize> {
        let place = usize::from(y) * usize::from(self.columns) + usize::from(x);
        (x < self.columns && place < self.spots.len()).then_some(place)
    }

    /// What is known of a cell.
    pub fn spot(&self, x: u16, y: u16) -> Spot {
        self.place(x, y)
            .map_or(Spot::OTHER, |place| self.spots[place])
    }

    /// Something was written there.
    pub fn put(&mut self, x: u16, y: u16, spot: Spot) {
        if let Some(place) = self.place(x, y) {
            self.spots[place] = spot;
        }
    }

    /// Something was written there that takes so many columns.
    pub fn cover(&mut self, x: u16, y: u16, columns: u16) {
        self.put_all(x, y, columns.max(1), Spot::OTHER);
    }

    /// A composed sign was written there that takes so many columns, and on some terminals as many as `reach`.
    pub fn compose(&mut self, x: u16, y: u16, columns: u16, reach: u16) {
        self.cover(x, y, reach);
        self.put_all(x, y, columns.max(1), Spot::COMPOSED);
    }

    /// How many columns from there on are those of a composed sign.
    pub fn composed(&self, x: u16, y: u16) -> u16 {
        let is_part = |x: &u16| self.spot(*x, y) == Spot::COMPOSED;
        (x..self.columns).take_while(is_part).map(|_| 1).sum()
    }

    fn put_all(&mut self, x: u16, y: u16, columns: u16, spot: Spot) {
        for x in x..x.saturating_add(columns) {
            self.put(x, y, spot);
        }
    }

    /// The rest of a row was wiped.
    pub fn wipe_from(&mut self, x: u16, y: u16) {
        self.put_all(x, y, self.columns.saturating_sub(x), Spot::BLANK);
    }
}

/// The second halves of wide signs in the picture before.
#[derive(Debug, Default)]
pub(super) struct Halves {
    area: Rect,
    /// Their places, ascending.
    places: Vec<usize>,
}

impl Halves {
    /// Has every cell written of which a sign's second half is gone: terminals fill what is left of half a sign as they are writing just
    /// then, and to whoever compares two pictures cell by cell such a cell may look as before.
    pub fn mind(&mut self, picture: &mut Buffer) {
        let mut places = Vec::new();
        for (place, cell) in picture.content.iter().enumerate() {
            let is_link = matches!(cell.diff_option, CellDiffOption::ForcedWidth(_));
            if cell.symbol().len() > 1 && !is_link {
                places.extend(place + 1..place + usize::from(cell.cell_width()));
            }
        }
        let is_half = |place: usize| places.binary_search(&place).is_ok();
        let before = self.places.drain(..);
        for place in before.filter(|_| self.area == picture.area) {
            if !is_half(place)
                && let Some(cell) = picture.content.get_mut(place)
                && cell.diff_option == CellDiffOption::None
            {
                cell.set_diff_option(CellDiffOption::AlwaysUpdate);
            }
        }
        *self = Self {
            area: picture.area,
            places,
        };
    }
}
