//! What somebody does who does not know the app: mostly its keys, some words, sometimes a paste, a click, another window.

use clinch::tui::msg::Msg;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

use crate::chance::Chance;

/// The widest and highest window.
const WINDOW: (usize, usize) = (200, 60);

/// What is typed into fields: good, bad, strange, and hostile.
const WORDS: &[&str] = &[
    "Keller",
    "owner:me",
    "value>10k or stage:",
    "((",
    "-city:Boston",
    "fri",
    "+3d",
    "24.11. 14:00",
    "31.2.",
    "10k eur",
    "-5",
    "99999999999999999999",
    "nora@keller.ch",
    "+41 44 555 01 77",
    "李 小龍",
    "עברית עברית",
    "e\u{301}\u{301}\u{301}\u{301}",
    "👩\u{200d}👩\u{200d}👧\u{200d}👦",
    "\u{202e}evil\u{202c}",
    "\u{1b}[2J\u{1b}]52;c;AAAA\u{7}",
    "\u{0}\u{8}\u{7f}\u{9b}31m",
    "'; DROP TABLE deal; --",
    "=cmd|' /C calc'!A0",
    "two\nlines\r\nand\tmore",
];

const NAMED: &[KeyCode] = &[
    KeyCode::Enter,
    KeyCode::Enter,
    KeyCode::Enter,
    KeyCode::Enter,
    KeyCode::Enter,
    KeyCode::Enter,
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Esc,
    KeyCode::Tab,
    KeyCode::Tab,
    KeyCode::BackTab,
    KeyCode::Up,
    KeyCode::Down,
    KeyCode::Down,
    KeyCode::Left,
    KeyCode::Right,
    KeyCode::Home,
    KeyCode::End,
    KeyCode::PageUp,
    KeyCode::PageDown,
    KeyCode::Backspace,
    KeyCode::Delete,
    KeyCode::Insert,
    KeyCode::F(1),
    KeyCode::F(5),
];

/// Keys that do something, more often than others.
const LETTERS: &[u8] = b"jjjkkhl<>WXsSVCacmMntodzTepPfrvi/:?!uuUUgyxRKJ= *.,-+%w12345678 ";

/// Somebody at the keyboard.
#[derive(Default)]
pub struct Habits {
    /// What is still to be typed of a word.
    word: Vec<char>,
}

impl Habits {
    /// What comes next, and how many keys that are.
    pub fn next(&mut self, chance: &mut Chance) -> (Msg, usize) {
        match chance.below(100) {
            0..3 => (mouse(chance), 0),
            3 => (paste(chance), 0),
            4 if chance.of(3, 1) => (resize(chance), 0),
            5 if chance.of(3, 1) => (Msg::Focus(chance.of(2, 1)), 0),
            6..10 => (Msg::Pause, 0),
            _ => {
                let keys: Vec<KeyEvent> = (0..=chance.below(3)).map(|_| self.key(chance)).collect();
                let count = keys.len();
                (Msg::Keys(keys), count)
            }
        }
    }

    fn key(&mut self, chance: &mut Chance) -> KeyEvent {
        let plain = |code| KeyEvent::new(code, KeyModifiers::NONE);
        if let Some(letter) = self.word.pop() {
            return plain(KeyCode::Char(letter));
        }
        match chance.below(100) {
            0..20 => {
                let shift = if chance.of(8, 1) {
                    KeyModifiers::SHIFT
                } else {
                    KeyModifiers::NONE
                };
                KeyEvent::new(*chance.pick(NAMED), shift)
            }
            20..25 => {
                let letter = char::from(*chance.pick(b"abcdefgklnoprsssssssuwxyz"));
                KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL)
            }
            25..28 => {
                let word = chance.pick(WORDS);
                self.word = word.chars().rev().collect();
                plain(KeyCode::Char(' '))
            }
            28..36 => {
                let any = u8::try_from(0x20 + chance.below(0x5f)).unwrap();
                plain(KeyCode::Char(char::from(any)))
            }
            _ => plain(KeyCode::Char(char::from(*chance.pick(LETTERS)))),
        }
    }
}

fn paste(chance: &mut Chance) -> Msg {
    let words = 1 + chance.below(4);
    let mut text: Vec<&str> = (0..words).map(|_| *chance.pick(WORDS)).collect();
    let long = "long ".repeat(2_000);
    if chance.of(10, 1) {
        text.push(&long);
    }
    Msg::Paste(text.join(" "))
}

fn resize(chance: &mut Chance) -> Msg {
    let (columns, rows) = if chance.of(4, 3) {
        *chance.pick(&[(100, 30), (80, 24), (160, 45), (60, 20), (40, 10)])
    } else {
        (1 + chance.below(WINDOW.0), 1 + chance.below(WINDOW.1))
    };
    Msg::Resize(columns.try_into().unwrap(), rows.try_into().unwrap())
}

fn mouse(chance: &mut Chance) -> Msg {
    let button = *chance.pick(&[MouseButton::Left, MouseButton::Left, MouseButton::Right]);
    let kind = *chance.pick(&[
        MouseEventKind::Down(button),
        MouseEventKind::Down(button),
        MouseEventKind::Up(button),
        MouseEventKind::Drag(button),
        MouseEventKind::ScrollDown,
        MouseEventKind::ScrollUp,
        MouseEventKind::Moved,
    ]);
    Msg::Mouse(MouseEvent {
        kind,
        column: chance.below(WINDOW.0).try_into().unwrap(),
        row: chance.below(WINDOW.1).try_into().unwrap(),
        modifiers: KeyModifiers::NONE,
    })
}
