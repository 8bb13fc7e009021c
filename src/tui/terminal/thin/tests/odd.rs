//! Terminals that do not agree about the columns of composed signs.

use proptest::prelude::*;
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::*;

/// How many columns a terminal gives to a composed sign: to each of its parts their own, to a whole one those of its first, one, two, or
/// as many as we think.
const OPINIONS: [fn(&str) -> u16; 4] = [
    columns_at_most,
    |_| 1,
    |_| 2,
    |sign| u16::try_from(sign.width()).unwrap(),
];

/// A terminal with an opinion about composed signs.
struct Odd {
    cells: Vec<Vec<String>>,
    x: usize,
    y: usize,
    columns: fn(&str) -> u16,
}

impl Odd {
    fn new(columns: fn(&str) -> u16) -> Self {
        let row = vec![" ".to_owned(); COLUMNS.into()];
        Self {
            cells: vec![row; ROWS.into()],
            x: 0,
            y: 0,
            columns,
        }
    }

    fn row(&self, y: usize) -> String {
        self.cells[y].concat()
    }

    fn read(&mut self, bytes: &str) {
        let mut rest = bytes;
        while !rest.is_empty() {
            if let Some(order) = rest.strip_prefix("\x1b[") {
                let end = order.find(|sign: char| sign.is_ascii_alphabetic()).unwrap();
                self.obey(&order[end..=end], &order[..end]);
                rest = &order[end + 1..];
                continue;
            }
            let end = rest.find('\x1b').unwrap_or(rest.len());
            for sign in rest[..end].graphemes(true) {
                self.write(sign);
            }
            rest = &rest[end..];
        }
    }

    fn obey(&mut self, order: &str, numbers: &str) {
        let number = |text: &str| text.parse::<usize>().ok();
        let (first, second) = numbers.split_once(';').unwrap_or((numbers, ""));
        match order {
            "G" => self.x = number(first).unwrap_or(1) - 1,
            "H" => {
                self.y = number(first).unwrap_or(1) - 1;
                self.x = number(second).unwrap_or(1) - 1;
            }
            "C" => self.x += number(first).unwrap_or(1),
            "K" => (self.x..COLUMNS.into()).for_each(|x| self.wipe(x)),
            "J" => self
                .cells
                .iter_mut()
                .for_each(|row| row.fill(" ".to_owned())),
            _ => {}
        }
    }

    fn write(&mut self, sign: &str) {
        let columns = match sign.chars().count() {
            1 => u16::try_from(sign.width()).unwrap(),
            _ => (self.columns)(sign),
        };
        let last = usize::from(COLUMNS) - 1;
        // Nothing goes on in the next row.
        self.x = self.x.min(last);
        let end = (self.x + usize::from(columns)).min(last + 1);
        (self.x..end).for_each(|x| self.wipe(x));
        self.cells[self.y][self.x..end].fill(String::new());
        sign.clone_into(&mut self.cells[self.y][self.x]);
        self.x = end;
    }

    /// Of a sign that loses a column nothing stays.
    fn wipe(&mut self, x: usize) {
        let row = &mut self.cells[self.y];
        let first = (0..=x).rev().find(|x| !row[*x].is_empty()).unwrap_or(0);
        let behind = (x + 1..row.len()).find(|x| !row[*x].is_empty());
        let behind = behind.unwrap_or(row.len());
        row[first..behind].fill(" ".to_owned());
    }
}

/// A row of words, each with blanks behind, some of them in signs that terminals do not agree about.
fn words() -> impl Strategy<Value = String> {
    let word = prop_oneof![
        4 => "[a-z|]{1,8}",
        3 => " {1,12}",
        1 => Just("प्रिया".to_owned()),
        1 => Just("👩\u{200d}🚀".to_owned()),
        1 => Just("👨\u{200d}👩\u{200d}👧".to_owned()),
        1 => Just("👍🏽".to_owned()),
        1 => Just("e\u{301}i\u{308}".to_owned()),
        1 => Just("🇨🇭".to_owned()),
        1 => Just("❤\u{fe0f}".to_owned()),
        1 => Just("שָׁלוֹם".to_owned()),
        1 => Just("龍騰".to_owned()),
        1 => Just("·─é".to_owned()),
    ];
    prop::collection::vec(word, 0..8).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn whatever_columns_a_terminal_gives_to_composed_signs_what_is_beside_them_is_as_it_was_drawn(
        pictures in prop::collection::vec(prop::collection::vec((0..ROWS, 0..6_u16, words()), 0..5), 1..6)
    ) {
        for columns in OPINIONS {
            let mut desk = Desk::new();
            let mut odd = Odd::new(columns);
            for lines in &pictures {
                let mut picture = empty();
                for (y, x, words) in lines {
                    picture.set_string(*x, *y, words, Style::new());
                }
                whole_letters(&mut picture);
                stand_behind(&mut picture);
                odd.read(&desk.draw(&picture, None).replace('^', "\x1b"));
                for y in 0..ROWS {
                    let mut x = 0;
                    while x < COLUMNS {
                        let cell = &picture[(x, y)];
                        if cell.symbol().len() == 1 {
                            let shown = &odd.cells[usize::from(y)][usize::from(x)];
                            prop_assert_eq!(shown, cell.symbol(), "{} {}: {:?}", x, y, odd.row(y.into()));
                        }
                        x += cell.cell_width().max(1);
                    }
                }
            }
        }
    }
}

#[test]
fn whatever_columns_a_terminal_gives_to_a_composed_sign_nothing_of_it_stays_and_nothing_beside_it_is_lost()
 {
    let row = |text: &str| {
        let mut picture = with(&[(0, 0, text, Style::new())]);
        stand_behind(&mut picture);
        picture
    };
    for name in [
        "प्रिया",
        "👩\u{200d}🚀",
        "👨\u{200d}👩\u{200d}👧",
        "e\u{301}",
        "नि",
    ] {
        for (nth, columns) in OPINIONS.into_iter().enumerate() {
            let mut desk = Desk::new();
            let mut odd = Odd::new(columns);
            let mut show = |text: &str| {
                let bytes = desk.draw(&row(text), None).replace('^', "\x1b");
                odd.read(&bytes);
                odd.row(0)
            };
            show("abcdefghijkl");
            let drawn = show(&format!("{name:<4}          ghi"));
            assert!(
                drawn.trim_end().ends_with("      ghi"),
                "{name} {nth}: {drawn:?}"
            );
            let drawn = show("|   |   |     |");
            assert_eq!(drawn.trim_end(), "|   |   |     |", "{name} {nth}");
            show(&format!("ab {name}X            "));
            assert_eq!(
                show("ab            |").trim_end(),
                "ab            |",
                "{name} {nth}"
            );
        }
    }
}
