//! Every screen and what lies over it, at every size, over a book whose names do all that names can do to a picture: nothing panics,
//! nothing is torn, and where only ASCII is wanted the app itself draws nothing else.

use std::path::Path;

use clinch::tui::screens::Shown;
use ratatui::buffer::{Buffer, CellWidth};

use crate::desk::Desk;

/// Widths from nothing to more than most have, with both sides of each step of the ladder.
const WIDE: [u16; 22] = [
    1, 2, 3, 5, 10, 24, 25, 39, 40, 41, 50, 59, 60, 61, 79, 80, 95, 96, 99, 100, 130, 170,
];
/// Heights.
const HIGH: [u16; 11] = [1, 2, 3, 5, 9, 10, 11, 20, 24, 30, 50];
/// The sizes at which layers are looked at.
const SIZES: [(u16, u16); 12] = [
    (1, 1),
    (3, 2),
    (39, 10),
    (40, 10),
    (45, 12),
    (59, 30),
    (60, 20),
    (79, 11),
    (80, 24),
    (100, 30),
    (130, 10),
    (170, 50),
];
/// What opens something over a screen.
const LAYERS: [&str; 27] = [
    "?", ":", "/", "fa", "!", "e", "E", "a", "c", "m", "M", "n", "t", "o", "s", "W", "X", "+", "S",
    "V", "i", "y", "g", "z", "d", "\r", "*#",
];

/// Names that have torn screens: wide letters, signs of several code points, marks without letters, letters without width, from right to
/// left, orders for terminals, and much of each.
const NAMES: [&str; 26] = [
    "田中製作所株式会社",
    "Ａ１ ｆｕｌｌ",
    "👨‍👩‍👧‍👦 Family",
    "🇨🇭🇩🇪 flags",
    "👩🏽‍💻👍🏿",
    "✔️ ✔ ☺️ ☺",
    "e\u{301}\u{302}\u{303}\u{304} marks",
    "\u{301}\u{300} alone",
    "Z\u{325}\u{334}\u{353}a\u{31b}\u{309}l\u{356}g\u{353}o",
    "שלום עולם בע״מ",
    "شركة الاختبار",
    "abc \u{202e}evil\u{202c} def",
    "\u{2066}isolated\u{2069}",
    "zero\u{200b}width\u{feff}\u{2060}",
    "\u{200d}\u{200d}joined",
    "tab\tline\nfeed\rreturn",
    "\u{1b}[2J\u{1b}]0;title\u{7}",
    "\u{9b}31m\u{9d}52;c;QQ==\u{9c}",
    "ﷺ ﷽ wide",
    "ไทย ภาษา น้ำ",
    "नमस्ते क्षत्रिय",
    "한국어 ㅎㅏㄴ",
    "\u{1160}\u{11a8} jamo",
    "┌─┐║╔═╗ boxes",
    "……………………",
    "A very long name that goes on and on and on until it is longer than any terminal is wide, and then goes on some more",
];

/// Where names stand in a book.
const PLACES: [(&str, &str); 11] = [
    ("book", "name"),
    ("company", "name"),
    ("contact", "name"),
    ("contact", "title"),
    ("deal", "title"),
    ("rep", "name"),
    ("pipeline", "name"),
    ("stage", "name"),
    ("step", "label"),
    ("activity", "subject"),
    ("activity", "body"),
];

/// A desk whose book has such names, and those of the big list of naughty strings where that is there.
fn hostile() -> Desk {
    let desk = Desk::new();
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/text/blns/blns.txt");
    let more = std::fs::read_to_string(&file).ok();
    if more.is_none() {
        println!(
            "skipped: ../shared/data/text/blns is not there; only the names of this test are looked at"
        );
    }
    let more = more.unwrap_or_default();
    let naughty = more
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    let names: Vec<&str> = NAMES.into_iter().chain(naughty).collect();
    let book = rusqlite::Connection::open(desk.path()).unwrap();
    let count = i64::try_from(names.len()).unwrap();
    for (table, field) in PLACES {
        let mut changed = 0;
        for (place, name) in (0_i64..).zip(&names) {
            let sql = format!(
                "UPDATE {table} SET {field} = ?1 WHERE rowid % ?2 = ?3 AND {field} IS NOT NULL"
            );
            changed += book.execute(&sql, (name, count, place)).unwrap();
        }
        assert!(changed > 0, "{table}.{field}");
    }
    desk
}

/// Why a picture is torn: letters that stand where a wide one still is, or a frame with a gap.
fn torn(buffer: &Buffer, frames: bool) -> Option<String> {
    let area = buffer.area;
    for y in area.top()..area.bottom() {
        for x in area.left()..area.right() {
            let wide = buffer[(x, y)].cell_width();
            for under in x + 1..(x + wide).min(area.right()) {
                if !buffer[(under, y)].symbol().trim().is_empty() {
                    return Some(format!(
                        "{under},{y} stands under the wide letter before it"
                    ));
                }
            }
            if wide > 1 && x + wide > area.right() {
                return Some(format!("{x},{y} reaches over the edge"));
            }
            if frames && let Some(gap) = gap(buffer, x, y) {
                return Some(gap);
            }
        }
    }
    None
}

/// Where the frame that begins at a cell is not whole.
fn gap(buffer: &Buffer, x: u16, y: u16) -> Option<String> {
    let (side, foot, right) = match buffer[(x, y)].symbol() {
        "┌" => ("│", "└", ["┐", "┘"]),
        "╔" => ("║", "╚", ["╗", "╝"]),
        _ => return None,
    };
    let area = buffer.area;
    // What a name draws is no frame: it is narrower than any, and nothing goes down from it.
    if x + 2 < area.right() && buffer[(x + 2, y)].symbol() == right[0] {
        return None;
    }
    if y + 1 < area.bottom() && ![side, foot].contains(&buffer[(x, y + 1)].symbol()) {
        return None;
    }
    let bottom = (y + 1..area.bottom()).find(|row| buffer[(x, *row)].symbol() != side)?;
    if buffer[(x, bottom)].symbol() != foot {
        return Some(format!(
            "the frame at {x},{y} ends at its left in row {bottom}"
        ));
    }
    // Its right side stands where the foot ends.
    let end = (x + 1..area.right()).find(|column| buffer[(*column, bottom)].symbol() == right[1]);
    let Some(end) = end else {
        return Some(format!("the frame at {x},{y} has no end at its foot"));
    };
    if buffer[(end, y)].symbol() != right[0] {
        return Some(format!("the frame at {x},{y} has no corner at {end}"));
    }
    (y + 1..bottom)
        .find(|row| buffer[(end, *row)].symbol() != side)
        .map(|row| format!("the frame at {x},{y} has a gap at {end},{row}"))
}

/// Looks at a picture.
fn look(desk: &mut Desk, what: &str, frames: bool) {
    desk.draw();
    if let Some(why) = torn(desk.picture(), frames) {
        panic!("{what}: {why}\n{}", desk.text());
    }
}

#[test]
fn no_name_tears_a_screen_at_any_size() {
    let mut desk = hostile();
    for shown in Shown::ALL {
        desk.start_on(shown, false);
        for wide in WIDE {
            for high in HIGH {
                desk.resize(wide, high);
                look(&mut desk, &format!("{shown:?} at {wide}x{high}"), true);
            }
        }
    }
}

#[test]
fn no_name_tears_what_lies_over_a_screen() {
    let mut desk = hostile();
    for shown in Shown::ALL {
        desk.start_on(shown, false);
        for keys in LAYERS {
            desk.resize(100, 30);
            desk.type_in(keys);
            for (wide, high) in SIZES {
                desk.resize(wide, high);
                let what = format!("{shown:?} with {keys:?} at {wide}x{high}");
                look(&mut desk, &what, false);
            }
            desk.resize(100, 30);
            desk.escape();
        }
    }
}

/// Marks on letters, as in the names of the sample book.
const fn is_mark(c: char) -> bool {
    matches!(c, '\u{300}'..='\u{36f}' | '\u{900}'..='\u{dff}')
}

#[test]
fn in_ascii_the_app_itself_draws_nothing_else() {
    let mut desk = Desk::new();
    for shown in Shown::ALL {
        desk.start_on(shown, true);
        for keys in LAYERS {
            desk.resize(100, 30);
            desk.type_in(keys);
            for (wide, high) in [(40, 10), (60, 20), (80, 24), (160, 45)] {
                desk.resize(wide, high);
                desk.draw();
                let text = desk.text();
                // Letters are the book's; signs are the app's.
                let sign = text
                    .chars()
                    .find(|c| !(c.is_ascii() || c.is_alphanumeric() || is_mark(*c)));
                assert_eq!(
                    sign, None,
                    "{shown:?} with {keys:?} at {wide}x{high}:\n{text}"
                );
            }
            desk.resize(100, 30);
            desk.escape();
        }
    }
}

#[test]
fn the_keys_of_the_footer_fit_at_every_width() {
    let mut desk = Desk::new();
    for shown in Shown::ALL {
        desk.start_on(shown, false);
        for wide in 40..=170 {
            desk.resize(wide, 24);
            desk.draw();
            let text = desk.text();
            let foot = text.lines().last().unwrap();
            assert!(foot.contains("? help"), "{shown:?} at {wide}: {foot}");
            let used = foot.trim_end().chars().count();
            assert!(used < usize::from(wide), "{shown:?} at {wide}: {foot}");
        }
    }
}

#[test]
fn a_torn_picture_is_found() {
    let whole = ["╔══╗ ", "║龍║ ", "╚══╝ "];
    assert_eq!(torn(&Buffer::with_lines(whole), true), None);
    for torn_lines in [
        ["╔══╗ ", "║龍 ║", "╚══╝ "],
        ["╔══╗ ", "║   ║", "╚══╝ "],
        ["╔══ ╗", "║龍║ ", "╚══╝ "],
        ["╔══╗ ", "║龍║ ", "   ╝ "],
    ] {
        let buffer = Buffer::with_lines(torn_lines);
        assert!(torn(&buffer, true).is_some(), "{torn_lines:?}");
    }
    let mut under = Buffer::with_lines(whole);
    under[(2, 1)].set_symbol("x");
    assert!(torn(&under, false).is_some());
}
