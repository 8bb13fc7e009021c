//! Any pictures, drawn on a terminal that does what terminals agree about.

use proptest::prelude::*;

use super::*;

/// A piece of a picture: signs of all widths, in some style.
fn piece() -> impl Strategy<Value = (u16, u16, String, Style)> {
    let text = prop_oneof![
        4 => "[a-z ]{1,12}",
        2 => " {1,24}",
        1 => "[│─·…é]{1,6}",
        1 => "[龍騰日]{1,4}",
        1 => Just("e\u{301}o\u{302}".to_owned()),
        1 => Just("🚀👍".to_owned()),
        1 => Just("שלום مرحبا".to_owned()),
        1 => Just(LINKED.to_owned()),
    ];
    let colour = prop_oneof![
        3 => Just(Color::Reset),
        1 => Just(Color::Cyan),
        1 => Just(Color::Indexed(200)),
        1 => Just(Color::Rgb(1, 20, 255)),
    ];
    let marks = prop_oneof![
        3 => Just(Modifier::empty()),
        1 => Just(Modifier::BOLD),
        1 => Just(Modifier::DIM),
        1 => Just(Modifier::REVERSED),
        1 => Just(Modifier::BOLD | Modifier::REVERSED),
        1 => Just(Modifier::UNDERLINED | Modifier::ITALIC),
    ];
    let ground = prop_oneof![4 => Just(Color::Reset), 1 => Just(Color::Blue)];
    let style = (colour, ground, marks)
        .prop_map(|(colour, ground, marks)| Style::new().fg(colour).bg(ground).add_modifier(marks));
    (0..COLUMNS, 0..ROWS, text, style)
}

/// Letters that are a link.
const LINKED: &str = "https://x.y";

/// Makes links of them where they stand whole.
fn link(buffer: &mut Buffer) {
    let area = buffer.area;
    for y in 0..area.height {
        let mut x = 0;
        while x + 11 <= area.width {
            let letters = (x..x + 11).map(|x| buffer[(x, y)].symbol().to_owned());
            if letters.collect::<String>() == LINKED {
                buffer[(x, y)]
                    .set_symbol(&format!("\x1b]8;;{LINKED}\x1b\\{LINKED}\x1b]8;;\x1b\\"))
                    .set_diff_option(CellDiffOption::ForcedWidth(NonZeroU16::new(11).unwrap()));
                x += 10;
            }
            x += 1;
        }
    }
}

/// A picture as the app makes it: no letter is half covered.
fn picture() -> impl Strategy<Value = Buffer> {
    pieces().prop_map(|pieces| painted(&pieces, COLUMNS, ROWS))
}

type Piece = (u16, u16, String, Style);

fn pieces() -> impl Strategy<Value = Vec<Piece>> {
    prop::collection::vec(piece(), 0..12)
}

/// The pieces that have room, painted.
fn painted(pieces: &[Piece], columns: u16, rows: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, columns, rows));
    for (x, y, text, style) in pieces {
        if *x < columns && *y < rows {
            buffer.set_string(*x, *y, text, *style);
        }
    }
    whole_letters(&mut buffer);
    stand_behind(&mut buffer);
    link(&mut buffer);
    // The terminal here knows one of them at a time.
    for cell in &mut buffer.content {
        if cell.modifier.contains(Modifier::BOLD) {
            cell.modifier.remove(Modifier::DIM);
        }
    }
    buffer
}

/// What it takes at the most to set the cursor anew.
const ANEW: usize = "\x1b[5;24H".len();

/// How many signs of a picture are made of several.
fn composed(picture: &Buffer) -> usize {
    let signs = picture.content.iter().map(Cell::symbol);
    signs.filter(|sign| sign.chars().count() > 1).count()
}

proptest! {
    #[test]
    fn any_pictures_look_as_if_they_were_written_plainly_and_take_no_more_bytes(
        pictures in prop::collection::vec(picture(), 1..6)
    ) {
        let mut desk = Desk::new();
        let mut plain = vt100::Parser::new(ROWS, COLUMNS, 0);
        let (mut before, mut halves) = (empty(), Halves::default());
        let (mut ours, mut theirs) = (0, 0);
        for mut picture in pictures {
            halves.mind(&mut picture);
            ours += desk.draw(&picture, None).len();
            let bytes = plainly(&before, &picture);
            // With the marks of a whole picture, and once the wiping before the first. Where the cursor stands after a composed sign
            // terminals do not agree: it is set anew.
            theirs += bytes.len() + 20 + composed(&picture) * ANEW;
            plain.process(&bytes);
            prop_assert_eq!(all_seen(desk.screen.screen()), all_seen(plain.screen()));
            before = picture;
        }
        prop_assert!(ours <= theirs, "{} {}", ours, theirs);
    }
    #[test]
    fn whatever_happens_to_a_terminal_it_shows_the_picture_and_the_cursor_and_nothing_else(
        turns in prop::collection::vec(turn(), 1..12)
    ) {
        SIZE.set((COLUMNS, ROWS));
        let mut desk = Desk::new();
        desk.screen.process(HIDE);
        for turn in turns {
            match turn {
                Turn::Picture(pieces, cursor) => {
                    let (columns, rows) = SIZE.get();
                    let picture = painted(&pieces, columns, rows);
                    let cursor = cursor.filter(|(x, y)| *x < columns && *y < rows);
                    desk.draw(&picture, cursor);
                    let screen = desk.screen.screen();
                    let mut plain = vt100::Parser::new(rows, columns, 0);
                    let empty = Buffer::empty(picture.area);
                    plain.process(&plainly(&empty, &picture));
                    prop_assert_eq!(all_seen(screen), all_seen(plain.screen()));
                    prop_assert_eq!(screen.hide_cursor(), cursor.is_none());
                    if let Some((x, y)) = cursor {
                        prop_assert_eq!(screen.cursor_position(), (y, x));
                    }
                }
                Turn::Size(columns, rows) => {
                    SIZE.set((columns, rows));
                    blank_halves(&mut desk.screen, columns);
                    desk.screen.screen_mut().set_size(rows, columns);
                    desk.repaint();
                }
                Turn::Anothers(bytes) => {
                    desk.screen.process(bytes.as_bytes());
                    desk.screen.process(b"\x1b[m\x1b[?25l");
                    desk.terminal.backend_mut().forget();
                    desk.repaint();
                }
            }
        }
        SIZE.set((COLUMNS, ROWS));
    }
}

/// Blanks the wide signs of which a narrower window has no room for the second half, as terminals do. The one here keeps the first
/// half, and fails when anything is written over it.
fn blank_halves(terminal: &mut vt100::Parser, columns: u16) {
    let cut: Vec<u16> = (0..terminal.screen().size().0)
        .filter(|row| {
            let last = terminal.screen().cell(*row, columns - 1);
            last.is_some_and(vt100::Cell::is_wide)
        })
        .collect();
    for row in cut {
        let blank = format!("\x1b7\x1b[{};{columns}H \x1b8", row + 1);
        terminal.process(blank.as_bytes());
    }
}

/// What happens to a terminal.
#[derive(Clone, Debug)]
enum Turn {
    /// A picture is drawn.
    Picture(Vec<Piece>, Option<(u16, u16)>),
    /// Its window gets another size.
    Size(u16, u16),
    /// Another program had it.
    Anothers(String),
}

fn turn() -> impl Strategy<Value = Turn> {
    let cursor = prop::option::of((0..COLUMNS, 0..ROWS));
    let left = "[a-z 龍\n]{0,40}".prop_map(|text| format!("\x1b[2;3H\x1b[1;44m{text}"));
    prop_oneof![
        6 => (pieces(), cursor).prop_map(|(pieces, cursor)| Turn::Picture(pieces, cursor)),
        // In one column or row the terminal here fails when anything is written beyond its edge.
        1 => (2..=COLUMNS + 8, 2..=ROWS + 3).prop_map(|(columns, rows)| Turn::Size(columns, rows)),
        1 => left.prop_map(Turn::Anothers),
    ]
}
