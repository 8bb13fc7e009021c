//! Names from right to left: what a terminal makes of the bytes that it gets.

use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use crate::domain::text::is_right_to_left;
use crate::tui::widgets::clip::{ISOLATE, ISOLATE_END};

use super::{Harness, board_of, card, column};

const NAMES: [&str; 7] = [
    "שלום",
    "שלום Keller 12",
    "Keller שלום",
    "شركة النور للتجارة والمقاولات العامة المحدودة",
    "龍שלום龍",
    "שלום\u{5b0}ב",
    "Alpina AG",
];

/// What a terminal of the harness's size shows after the frames that followed one another.
fn parsed(harness: &mut Harness, keys: &[&str]) -> vt100::Parser {
    let (columns, rows) = harness.app.size;
    let mut out = Vec::new();
    {
        let options = TerminalOptions {
            viewport: Viewport::Fixed(Rect::new(0, 0, columns, rows)),
        };
        let mut terminal =
            Terminal::with_options(CrosstermBackend::new(&mut out), options).unwrap();
        for script in keys {
            harness.press(script);
            terminal.draw(|frame| harness.app.draw(frame)).unwrap();
        }
    }
    let mut parser = vt100::Parser::new(rows, columns, 0);
    parser.process(&out);
    parser
}

fn named(isolates: bool, columns: u16, rows: u16) -> Harness {
    let cards = (1..)
        .zip(NAMES)
        .map(|(raw, name)| card(raw, name))
        .collect();
    let mut other = card(50, "דוד בעמ");
    other.company = Some(super::link(600, "خالد"));
    let mut harness = Harness::sized(
        board_of(vec![
            column(101, "איכות", cards, 7),
            column(102, "Discovery", vec![other], 1),
        ]),
        columns,
        rows,
    );
    harness.app.can.isolates = isolates;
    harness
}

/// The rows as they stand in the terminal, cell by cell.
fn cells(parser: &vt100::Parser) -> Vec<Vec<String>> {
    let (rows, columns) = parser.screen().size();
    let cell = |row, column| {
        let cell = parser.screen().cell(row, column);
        cell.map_or_else(String::new, |cell| cell.contents().to_owned())
    };
    (0..rows)
        .map(|row| (0..columns).map(|column| cell(row, column)).collect())
        .collect()
}

const STEPS: [&[&str]; 5] = [
    &[""],
    &["", "j", "j", "k"],
    &["", "s"],
    &["", "s", "<esc>", "j"],
    &["", "<enter>", "<esc>"],
];

#[test]
fn marks_take_no_room_and_every_one_has_its_other_half() {
    for (columns, rows) in [(100, 30), (80, 24), (60, 20), (40, 10)] {
        for keys in STEPS {
            let plain = cells(&parsed(&mut named(false, columns, rows), keys));
            let marked = cells(&parsed(&mut named(true, columns, rows), keys));
            let mut seen = 0;
            for (row, (plain, marked)) in plain.iter().zip(&marked).enumerate() {
                let bare = |cell: &String| cell.replace([ISOLATE, ISOLATE_END], "");
                let shown: Vec<String> = marked.iter().map(bare).collect();
                let blank = |cell: &String| cell.trim().to_owned();
                assert_eq!(
                    shown.iter().map(blank).collect::<Vec<_>>(),
                    plain.iter().map(blank).collect::<Vec<_>>(),
                    "{columns}x{rows} {keys:?} row {row}"
                );
                let text = marked.concat();
                let mut open = false;
                for sign in text.chars() {
                    match sign {
                        ISOLATE => {
                            assert!(!open, "{text}");
                            open = true;
                            seen += 1;
                        }
                        ISOLATE_END => {
                            assert!(open, "{text}");
                            open = false;
                        }
                        letter if is_right_to_left(letter) => assert!(open, "{text}"),
                        '│' | '║' => assert!(!open, "{text}"),
                        _ => {}
                    }
                }
                assert!(!open, "{text}");
                assert!(!plain.concat().contains([ISOLATE, ISOLATE_END]));
            }
            assert!(seen > 0, "{columns}x{rows} {keys:?}");
        }
    }
}

#[test]
fn frames_stand_where_they_would_with_plain_names() {
    for isolates in [false, true] {
        let mut named = named(isolates, 100, 30);
        let shown = cells(&parsed(&mut named, &["", "j", "l", "h"]));
        let cards = (1..=7).map(|raw| card(raw, "Alpina AG")).collect();
        let other = vec![card(50, "Alpina AG")];
        let mut plain = Harness::on(board_of(vec![
            column(101, "Qualify", cards, 7),
            column(102, "Discovery", other, 1),
        ]));
        let plain = cells(&parsed(&mut plain, &["", "j", "l", "h"]));
        let is_frame = |cell: &String| cell.starts_with(['│', '║']);
        for (row, (shown, plain)) in shown.iter().zip(&plain).enumerate().skip(3).take(24) {
            let at = |cells: &[String]| -> Vec<usize> {
                (0..cells.len()).filter(|x| is_frame(&cells[*x])).collect()
            };
            assert_eq!(at(shown), at(plain), "{row} {}", shown.concat());
        }
    }
}
