//! For tests: keys written as text (`jj<enter>`, `<c-s>`, `<s-tab>`), and what is on a screen as text, with its styles.

use std::fmt::Write;

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use proptest::prelude::*;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use ratatui::style::{Color, Style};
use ratatui::{Frame, Terminal};

/// Draws one frame on a screen of that size.
pub fn draw(wide: u16, high: u16, draw: impl FnOnce(&mut Frame)) -> Terminal<TestBackend> {
    let mut terminal = Terminal::new(TestBackend::new(wide, high)).unwrap();
    terminal.draw(draw).unwrap();
    terminal
}

/// The text of a screen, one line a row, blanks at the ends of rows off.
pub fn text(terminal: &Terminal<TestBackend>) -> String {
    rows(terminal.backend().buffer()).join("\n")
}

fn rows(buffer: &Buffer) -> Vec<String> {
    let row = |y| {
        let mut line = String::new();
        let mut hidden = 0;
        for x in buffer.area.left()..buffer.area.right() {
            let symbol = buffer[(x, y)].symbol();
            if hidden == 0 {
                line.push_str(symbol);
                hidden = super::widgets::clip::cells(symbol);
            }
            hidden = hidden.saturating_sub(1);
        }
        line.trim_end().to_owned()
    };
    (buffer.area.top()..buffer.area.bottom()).map(row).collect()
}

/// The text of a screen, then where its cursor is, then each run of cells that has a style of its own.
pub fn picture(mut terminal: Terminal<TestBackend>) -> String {
    let mut picture = text(&terminal);
    let at = terminal.get_cursor_position().unwrap();
    let cursor = terminal.backend().cursor_visible();
    let place = if cursor {
        format!("{},{}", at.x, at.y)
    } else {
        "hidden".to_owned()
    };
    let _ = write!(picture, "\n\ncursor {place}\n");
    let buffer = terminal.backend().buffer();
    for y in buffer.area.top()..buffer.area.bottom() {
        let mut runs: Vec<(u16, u16, String)> = Vec::new();
        for x in buffer.area.left()..buffer.area.right() {
            let style = style_words(buffer[(x, y)].style());
            match runs.last_mut() {
                Some((_, end, last)) if *last == style => *end = x,
                _ => runs.push((x, x, style)),
            }
        }
        runs.retain(|(_, _, style)| !style.is_empty());
        if !runs.is_empty() {
            let _ = write!(picture, "{y:>2}:");
            for (start, end, style) in runs {
                let _ = write!(picture, " {start}-{end} {style};");
            }
            picture.push('\n');
        }
    }
    picture
}

fn style_words(style: Style) -> String {
    let mut words = Vec::new();
    for (before, color) in [("", style.fg), ("on ", style.bg)] {
        if let Some(color) = color.filter(|color| *color != Color::Reset) {
            words.push(format!("{before}{color}").to_lowercase());
        }
    }
    for (modifier, _) in style.add_modifier.iter_names() {
        words.push(modifier.to_lowercase());
    }
    words.join(" ")
}

/// The keys that a script names.
///
/// # Panics
/// On a name that is not one of a key.
pub fn keys(script: &str) -> Vec<KeyEvent> {
    let mut pressed = Vec::new();
    let mut rest = script;
    while let Some(first) = rest.chars().next() {
        let closed = rest.find('>').filter(|end| first == '<' && *end > 1);
        if let Some(end) = closed {
            pressed.push(named(&rest[1..end]));
            rest = &rest[end + 1..];
        } else {
            pressed.push(KeyEvent::new(KeyCode::Char(first), KeyModifiers::NONE));
            rest = &rest[first.len_utf8()..];
        }
    }
    pressed
}

fn named(name: &str) -> KeyEvent {
    if let Some(letter) = name.strip_prefix("c-") {
        let key = code(letter);
        return KeyEvent::new(key, KeyModifiers::CONTROL);
    }
    match name {
        "s-tab" => KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT),
        "s-left" => KeyEvent::new(KeyCode::Left, KeyModifiers::SHIFT),
        "s-right" => KeyEvent::new(KeyCode::Right, KeyModifiers::SHIFT),
        _ => KeyEvent::new(code(name), KeyModifiers::NONE),
    }
}

fn code(name: &str) -> KeyCode {
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return KeyCode::Char(letter);
    }
    match name {
        "enter" => KeyCode::Enter,
        "esc" => KeyCode::Esc,
        "tab" => KeyCode::Tab,
        "bs" => KeyCode::Backspace,
        "del" => KeyCode::Delete,
        "up" => KeyCode::Up,
        "down" => KeyCode::Down,
        "left" => KeyCode::Left,
        "right" => KeyCode::Right,
        "home" => KeyCode::Home,
        "end" => KeyCode::End,
        "pgup" => KeyCode::PageUp,
        "pgdn" => KeyCode::PageDown,
        "space" => KeyCode::Char(' '),
        "lt" => KeyCode::Char('<'),
        _ => panic!("no key is called <{name}>"),
    }
}

/// Any keys that a hand, a cat or a terminal may send.
pub fn any_keys() -> impl Strategy<Value = Vec<KeyEvent>> {
    const NAMES: &[&str] = &[
        "enter", "esc", "tab", "s-tab", "bs", "del", "up", "down", "left", "right", "home", "end",
        "pgup", "pgdn", "space", "c-a", "c-e", "c-w", "c-u", "c-k", "c-y", "c-s", "c-o", "c-left",
        "c-right", "c-del", "c-n", "c-p", "c-d", "c-h",
    ];
    let key = prop_oneof![
        3 => prop::sample::select(NAMES).prop_map(named),
        3 => any::<char>().prop_map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)),
        2 => prop::sample::select(vec!['a', 'n', 'W', 'X', 'y', '4', 'k', '龍', 'é', '\u{301}'])
            .prop_map(|c| KeyEvent::new(KeyCode::Char(c), KeyModifiers::NONE)),
        1 => (0_u8..12).prop_map(|n| KeyEvent::new(KeyCode::F(n), KeyModifiers::ALT)),
    ];
    prop::collection::vec(key, 0..30)
}
