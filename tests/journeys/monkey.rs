//! A monkey at a real terminal: some hundred keys, and the app is left as by anybody. `tests/monkey` types many more, without one.

use std::cell::Cell;

use crate::terminal::{Terminal, World};

const KEYS: usize = 400;

/// What is typed, as a terminal sends it. Left out are the keys that hand the terminal to others (Ctrl-Z, the editor) and those that leave.
const TYPED: &[&str] = &[
    "j",
    "k",
    "h",
    "l",
    "g",
    "G",
    "\x1b[A",
    "\x1b[B",
    "\x1b[C",
    "\x1b[D",
    "\x1b[5~",
    "\x1b[6~",
    "\x1b[H",
    "\x1b[F",
    "\t",
    "\x1b[Z",
    "\r",
    "\r",
    "\r",
    "1",
    "2",
    "3",
    "4",
    "<",
    ">",
    "s",
    "W",
    "X",
    "d",
    "z",
    "a",
    "e",
    "E",
    "c",
    "m",
    "n",
    "t",
    "o",
    "T",
    "+",
    "#",
    " ",
    "*",
    "/",
    ".",
    ",",
    "u",
    "U",
    "f",
    ":",
    "?",
    "!",
    "R",
    "i",
    "S",
    "V",
    "8",
    "é",
    "龍",
    "\x7f",
    "\x13",
    "\x15",
    "\x04",
    "\x1b[200~\u{202e}pasted\ttext\x1b[201~",
    "\x1b[<0;20;10M\x1b[<0;20;10m",
    "\x1b[<64;20;10M",
];
const SIZES: [(u16, u16); 6] = [(100, 30), (80, 24), (60, 20), (40, 10), (30, 8), (160, 45)];

/// A number below another, from a seed (the generator of Park and Miller, 1988).
fn below(seed: &mut u64, end: usize) -> usize {
    *seed = *seed * 48_271 % 2_147_483_647;
    usize::try_from(*seed).unwrap() % end
}

/// Reads what the app draws, for a moment.
fn let_draw(app: &mut Terminal, moments: u32) {
    let looks = Cell::new(0);
    app.until("never", || looks.replace(looks.get() + 1) == moments);
}

fn escape(app: &mut Terminal, times: usize) {
    for _ in 0..times {
        app.press("\x1b");
        let_draw(app, 4);
    }
}

#[test]
fn a_monkey_leaves_a_clean_terminal_and_a_whole_book() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see("Renewal");
    let mut seed = 20_261_124;
    for number in 0..KEYS {
        app.press(TYPED[below(&mut seed, TYPED.len())]);
        if number % 5 == 0 {
            let_draw(&mut app, 1);
        }
        if number % 40 == 39 {
            let (columns, rows) = SIZES[below(&mut seed, SIZES.len())];
            app.resize(columns, rows);
            escape(&mut app, 2);
        }
    }
    app.resize(100, 30);
    escape(&mut app, 12);
    app.press("q");
    assert_eq!(app.end(), 0);
    world.shell(&["book", "check"]);
}
