//! The style that the terminal writes in, and the shortest sequence from one to the next.

use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};

/// Attributes that are seen where nothing is written.
const SEEN_ON_BLANKS: Modifier = Modifier::REVERSED
    .union(Modifier::UNDERLINED)
    .union(Modifier::SLOW_BLINK)
    .union(Modifier::RAPID_BLINK)
    .union(Modifier::CROSSED_OUT);

/// Each attribute, how it is begun, and how it is ended: two of them may have one end.
const ATTRIBUTES: [(Modifier, u8, u8); 9] = [
    (Modifier::BOLD, 1, 22),
    (Modifier::DIM, 2, 22),
    (Modifier::ITALIC, 3, 23),
    (Modifier::UNDERLINED, 4, 24),
    (Modifier::SLOW_BLINK, 5, 25),
    (Modifier::RAPID_BLINK, 6, 25),
    (Modifier::REVERSED, 7, 27),
    (Modifier::HIDDEN, 8, 28),
    (Modifier::CROSSED_OUT, 9, 29),
];

/// So many parameters a sequence may have: some terminals forget those behind.
const MOST: usize = 16;

/// Letters, background and attributes. Underlines have the colour of the letters: no role has another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pen {
    letters: Color,
    ground: Color,
    attributes: Modifier,
}

impl Pen {
    /// The terminal's own: nothing was said of any style.
    pub const fn new() -> Self {
        Self {
            letters: Color::Reset,
            ground: Color::Reset,
            attributes: Modifier::empty(),
        }
    }

    /// What a cell is to be written in.
    pub const fn of(cell: &Cell) -> Self {
        Self {
            letters: cell.fg,
            ground: cell.bg,
            attributes: cell.modifier,
        }
    }

    /// Whether a blank looks the same in both: of one that nothing is seen of but its background, only that counts.
    pub fn blank_as(self, other: Self) -> bool {
        if self.shows_blanks() || other.shows_blanks() {
            self == other
        } else {
            self.ground == other.ground
        }
    }

    /// Whether a blank in this looks as the terminal's own, and so may be wiped as well as written.
    pub fn wipes(self) -> bool {
        self.blank_as(Self::new())
    }

    const fn shows_blanks(self) -> bool {
        self.attributes.intersects(SEEN_ON_BLANKS)
    }

    /// A pen for a blank that shall look as in `other`: as near as that goes to this one.
    fn for_blank(self, other: Self) -> Self {
        Self {
            letters: self.letters,
            ground: other.ground,
            attributes: self.attributes.difference(SEEN_ON_BLANKS),
        }
    }

    /// Turns to another pen.
    pub fn turn_to(&mut self, to: Self, out: &mut Vec<u8>) {
        if *self == to {
            return;
        }
        if to == Self::new() {
            out.extend_from_slice(b"\x1b[m");
        } else {
            let (changed, anew) = (self.changes(to), Self::anew(to));
            let shorter = if anew.bytes() < changed.bytes() {
                anew
            } else {
                changed
            };
            shorter.write(out);
        }
        *self = to;
    }

    /// Turns to a pen that a blank looks in as it shall, whichever costs least.
    pub fn turn_for_blank(&mut self, to: Self, out: &mut Vec<u8>) {
        if self.blank_as(to) {
            return;
        }
        let near = self.for_blank(to);
        if near.blank_as(to) && self.changes(near).bytes() < cost(*self, to) {
            self.turn_to(near, out);
        } else {
            self.turn_to(to, out);
        }
    }

    fn changes(self, to: Self) -> Parameters {
        let mut parameters = Parameters::default();
        let (gone, mut come) = (
            self.attributes.difference(to.attributes),
            to.attributes.difference(self.attributes),
        );
        // Some terminals know one of them at a time: then it is always the same.
        let both = Modifier::BOLD.union(Modifier::DIM);
        if to.attributes.contains(both) && come.intersects(both) {
            come |= both;
        }
        let mut last = 0;
        for (attribute, _, end) in ATTRIBUTES {
            if gone.contains(attribute) && last != end {
                parameters.push(&[end]);
                last = end;
                // The end of one is the end of the other.
                let same = ATTRIBUTES.iter().filter(|(_, _, other)| *other == end);
                for (other, ..) in same {
                    come |= to.attributes.intersection(*other);
                }
            }
        }
        parameters.begin(come);
        if self.letters != to.letters {
            parameters.colour(to.letters, 30);
        }
        if self.ground != to.ground {
            parameters.colour(to.ground, 40);
        }
        parameters
    }

    fn anew(to: Self) -> Parameters {
        let mut parameters = Parameters::default();
        parameters.push(&[0]);
        parameters.begin(to.attributes);
        for (colour, base) in [(to.letters, 30), (to.ground, 40)] {
            if colour != Color::Reset {
                parameters.colour(colour, base);
            }
        }
        parameters
    }
}

/// How many bytes it takes from one pen to another.
fn cost(from: Pen, to: Pen) -> usize {
    if from == to {
        0
    } else if to == Pen::new() {
        3
    } else {
        from.changes(to).bytes().min(Pen::anew(to).bytes())
    }
}

/// Parameters of a sequence, in groups that belong together.
#[derive(Debug, Default)]
struct Parameters {
    numbers: [u8; 32],
    count: usize,
    /// Where the colours begin.
    colours: Option<usize>,
}

impl Parameters {
    fn push(&mut self, numbers: &[u8]) {
        // Nine attributes, their ends and two colours are fewer than there is room for.
        if let Some(place) = self.numbers.get_mut(self.count..self.count + numbers.len()) {
            place.copy_from_slice(numbers);
            self.count += numbers.len();
        }
    }

    fn begin(&mut self, attributes: Modifier) {
        for (attribute, begin, _) in ATTRIBUTES {
            if attributes.contains(attribute) {
                self.push(&[begin]);
            }
        }
    }

    /// A colour of the letters (30) or of the background (40). Those of the palette are named by their number in 256: of the short
    /// names many terminals make other colours where the letters are bold.
    fn colour(&mut self, colour: Color, base: u8) {
        self.colours.get_or_insert(self.count);
        match (colour, number(colour)) {
            (Color::Rgb(red, green, blue), _) => self.push(&[base + 8, 2, red, green, blue]),
            (_, Some(number)) => self.push(&[base + 8, 5, number]),
            (_, None) => self.push(&[base + 9]),
        }
    }

    fn groups(&self) -> [&[u8]; 2] {
        let all = &self.numbers[..self.count];
        match self.colours {
            Some(at) if self.count > MOST => [&all[..at], &all[at..]],
            _ => [all, &[]],
        }
    }

    fn bytes(&self) -> usize {
        let digits = |number: &u8| match number {
            0..10 => 1,
            10..100 => 2,
            100.. => 3,
        };
        let group = |numbers: &[u8]| match numbers.len() {
            0 => 0,
            // Escape, bracket, a sign behind each.
            count => 2 + count + numbers.iter().map(digits).sum::<usize>(),
        };
        self.groups().into_iter().map(group).sum()
    }

    fn write(&self, out: &mut Vec<u8>) {
        for group in self.groups() {
            let Some((last, before)) = group.split_last() else {
                continue;
            };
            out.extend_from_slice(b"\x1b[");
            for number in before {
                write_number((*number).into(), out);
                out.push(b';');
            }
            write_number((*last).into(), out);
            out.push(b'm');
        }
    }
}

/// The number of a colour of the palette.
const fn number(colour: Color) -> Option<u8> {
    Some(match colour {
        Color::Reset | Color::Rgb(..) => return None,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
        Color::Indexed(number) => number,
    })
}

/// Writes a number in decimal, without going through a formatter: it is done for every move.
pub(super) fn write_number(number: u16, out: &mut Vec<u8>) {
    let mut digits = [0; 5];
    let mut at = digits.len();
    let mut left = number;
    loop {
        at -= 1;
        digits[at] = b'0' + u8::try_from(left % 10).unwrap_or(0);
        left /= 10;
        if left == 0 {
            break;
        }
    }
    out.extend_from_slice(&digits[at..]);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pen(letters: Color, ground: Color, attributes: Modifier) -> Pen {
        Pen {
            letters,
            ground,
            attributes,
        }
    }

    fn turn(from: Pen, to: Pen) -> String {
        let mut out = Vec::new();
        let mut pen = from;
        pen.turn_to(to, &mut out);
        assert_eq!((pen, out.len()), (to, cost(from, to)));
        String::from_utf8(out).unwrap().replace('\x1b', "^")
    }

    #[test]
    fn only_what_changes_is_said_or_all_of_it_anew_where_that_is_shorter() {
        let none = Modifier::empty();
        let plain = Pen::new();
        let bold = pen(Color::Cyan, Color::Reset, Modifier::BOLD);
        let dim = pen(Color::Reset, Color::Reset, Modifier::DIM);
        let both = pen(Color::Reset, Color::Reset, Modifier::BOLD | Modifier::DIM);
        let row = pen(Color::Reset, Color::Reset, Modifier::REVERSED);
        assert_eq!(turn(plain, plain), "");
        assert_eq!(turn(plain, bold), "^[1;38;5;6m");
        assert_eq!(turn(bold, plain), "^[m");
        assert_eq!(turn(bold, dim), "^[0;2m");
        assert_eq!(turn(both, dim), "^[0;2m");
        let red = pen(Color::Rgb(200, 100, 0), Color::Indexed(17), both.attributes);
        let red_dim = Pen {
            attributes: Modifier::DIM,
            ..red
        };
        assert_eq!(turn(red, red_dim), "^[22;2m");
        assert_eq!(
            turn(
                row,
                Pen {
                    attributes: row.attributes | Modifier::DIM,
                    ..row
                }
            ),
            "^[2m"
        );
        assert_eq!(
            turn(plain, pen(Color::Rgb(0, 10, 255), Color::White, none)),
            "^[38;2;0;10;255;48;5;15m"
        );
    }

    #[test]
    fn a_sequence_has_no_more_parameters_than_every_terminal_takes() {
        let most = pen(Color::Rgb(1, 2, 3), Color::Rgb(4, 5, 6), Modifier::all());
        assert_eq!(
            turn(Pen::new(), most),
            "^[1;2;3;4;5;6;7;8;9m^[38;2;1;2;3;48;2;4;5;6m"
        );
    }

    #[test]
    fn of_a_blank_only_what_is_seen_counts() {
        let dim = pen(Color::Red, Color::Reset, Modifier::DIM);
        let row = pen(Color::Red, Color::Reset, Modifier::REVERSED);
        let ground = pen(Color::Reset, Color::Blue, Modifier::empty());
        assert!(dim.wipes() && !row.wipes() && !ground.wipes());
        assert!(!row.blank_as(pen(Color::Green, Color::Reset, Modifier::REVERSED)));
        for (from, to) in [
            (dim, row),
            (row, dim),
            (ground, dim),
            (row, ground),
            (dim, ground),
        ] {
            let mut out = Vec::new();
            let mut pen = from;
            pen.turn_for_blank(to, &mut out);
            assert!(pen.blank_as(to), "{from:?} {to:?}");
            assert!(out.len() <= cost(from, to), "{from:?} {to:?}");
        }
    }
}
