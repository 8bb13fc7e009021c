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

/// All keys that the app has of itself: what comes to it is typed, too.
const KEYMAP: &str = include_str!("../../assets/keymap.toml");

/// Before what somebody sits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Before {
    /// A screen with nothing over it.
    Screen,
    /// A menu, a popup, a question.
    Layer,
    /// Where letters are text.
    Text,
}

/// Somebody at the keyboard.
pub struct Habits {
    /// What is still to be typed of a word or of a sequence of keys, the next one last.
    rest: Vec<KeyEvent>,
    /// The keys of every action, each as a sequence.
    known: Vec<Vec<KeyEvent>>,
}

const fn plain(code: KeyCode) -> KeyEvent {
    KeyEvent::new(code, KeyModifiers::NONE)
}

const fn control(letter: char) -> KeyEvent {
    KeyEvent::new(KeyCode::Char(letter), KeyModifiers::CONTROL)
}

impl Habits {
    pub fn new() -> Self {
        let known = KEYMAP
            .lines()
            .filter(|line| !line.starts_with('#'))
            .filter_map(|line| line.split_once(" = "))
            .flat_map(|(_, keys)| keys.split('"').skip(1).step_by(2))
            .filter_map(|keys| keys.split(' ').map(named).collect())
            .collect();
        Self {
            rest: Vec::new(),
            known,
        }
    }

    /// What comes next, and how many keys that are.
    pub fn next(&mut self, before: Before, chance: &mut Chance) -> (Msg, usize) {
        match chance.below(100) {
            0..3 => (mouse(chance), 0),
            3 => (paste(chance), 0),
            4 if chance.of(3, 1) => (resize(chance), 0),
            5 if chance.of(3, 1) => (Msg::Focus(chance.of(2, 1)), 0),
            6..10 => (Msg::Pause, 0),
            _ => {
                // Who types fast types ahead, before what the last key opened is there.
                let ahead = if chance.of(5, 1) { chance.below(3) } else { 0 };
                let keys: Vec<KeyEvent> = (0..=ahead).map(|_| self.key(before, chance)).collect();
                let count = keys.len();
                (Msg::Keys(keys), count)
            }
        }
    }

    fn key(&mut self, before: Before, chance: &mut Chance) -> KeyEvent {
        if let Some(key) = self.rest.pop() {
            return key;
        }
        if chance.of(25, 1) {
            return any(chance);
        }
        match before {
            Before::Screen => self.known_key(chance),
            Before::Layer => match chance.below(100) {
                0..30 => plain(KeyCode::Enter),
                30..40 => plain(KeyCode::Esc),
                40..70 => self.known_key(chance),
                _ => plain(*chance.pick(NAMED)),
            },
            Before::Text => match chance.below(100) {
                0..20 => plain(KeyCode::Enter),
                20..30 => plain(KeyCode::Esc),
                30..45 => control('s'),
                45..60 => plain(KeyCode::Tab),
                60..70 => {
                    let word = chance.pick(WORDS);
                    let letters = word.chars().rev();
                    self.rest = letters.map(|c| plain(KeyCode::Char(c))).collect();
                    plain(KeyCode::Char(' '))
                }
                70..85 => plain(*chance.pick(NAMED)),
                85..90 => control(char::from(*chance.pick(b"abcdefgklnoprsuwxyz"))),
                _ => plain(KeyCode::Char(char::from(*chance.pick(b"abeinorst123. ")))),
            },
        }
    }

    /// The first key of an action; the others follow.
    fn known_key(&mut self, chance: &mut Chance) -> KeyEvent {
        let keys = chance.pick(&self.known).clone();
        // Nobody learns an app by leaving it all the time.
        if keys == [plain(KeyCode::Char('q'))] && !chance.of(5, 1) {
            return plain(KeyCode::Down);
        }
        self.rest = keys.into_iter().rev().collect();
        self.rest.pop().unwrap()
    }
}

/// A key by its name in the keymap file, if somebody is likely to find it.
fn named(name: &str) -> Option<KeyEvent> {
    let Some(name) = name
        .strip_prefix('<')
        .and_then(|name| name.strip_suffix('>'))
    else {
        return name.chars().next().map(|c| plain(KeyCode::Char(c)));
    };
    let (with, name) = match name.split_once('-') {
        Some(("C", name)) => (KeyModifiers::CONTROL, name),
        Some(("S", name)) => (KeyModifiers::SHIFT, name),
        _ => (KeyModifiers::NONE, name),
    };
    let code = match name {
        "Enter" => KeyCode::Enter,
        "Esc" => KeyCode::Esc,
        "Tab" if with == KeyModifiers::SHIFT => KeyCode::BackTab,
        "Tab" => KeyCode::Tab,
        "Space" => KeyCode::Char(' '),
        "Del" => KeyCode::Delete,
        "Home" => KeyCode::Home,
        "End" => KeyCode::End,
        "PgUp" => KeyCode::PageUp,
        "PgDn" => KeyCode::PageDown,
        "Up" => KeyCode::Up,
        "Down" => KeyCode::Down,
        "Left" => KeyCode::Left,
        "Right" => KeyCode::Right,
        "lt" => KeyCode::Char('<'),
        letter => KeyCode::Char(letter.chars().next().filter(|_| letter.len() == 1)?),
    };
    Some(KeyEvent::new(code, with))
}

/// Any key at all.
fn any(chance: &mut Chance) -> KeyEvent {
    if chance.of(2, 1) {
        return KeyEvent::new(*chance.pick(NAMED), KeyModifiers::SHIFT);
    }
    let letter = u8::try_from(0x20 + chance.below(0x5f)).unwrap();
    plain(KeyCode::Char(char::from(letter)))
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
