//! From the bytes of a terminal to keys, mouse events and pastes.
//!
//! A terminal sends Esc as the byte that also begins every sequence, and a line over ssh may cut a sequence anywhere. So bytes
//! that may be the start of something are kept, and the reader waits a moment ([`Decoder::patience`]) for the rest: an Esc that
//! stays alone is the key, half a sequence is thrown away, never typed into the app as letters. A rest that comes even later than
//! that is known by its form and thrown away as well.

use std::time::Duration;

use crate::config::theme::Rgb;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers, MouseButton, MouseEvent, MouseEventKind};

/// How long an Esc waits for what would make it a sequence.
const ESC_PATIENCE: Duration = Duration::from_millis(40);
/// How long a sequence or character that has begun waits for its end.
const PART_PATIENCE: Duration = Duration::from_millis(400);
/// How long a paste waits for its end mark.
const PASTE_PATIENCE: Duration = Duration::from_secs(1);
/// The most bytes of one paste that are taken.
const PASTE_MAX: usize = 1 << 20;
const ESC: u8 = 0x1b;
const PASTE_END: &[u8] = b"\x1b[201~";

/// Something that a terminal sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A key was pressed.
    Key(KeyEvent),
    /// The mouse.
    Mouse(MouseEvent),
    /// Text between the marks of a bracketed paste.
    Paste(String),
    /// The window got or lost the focus.
    Focus(bool),
    /// The terminal's background, which it was asked for.
    Ground(Rgb),
    /// The columns that it gave to the sign that it was asked about.
    Ambiguous(u16),
}

/// The state between two reads.
#[derive(Debug, Default)]
pub struct Decoder {
    held: Vec<u8>,
    paste: Option<Vec<u8>>,
    /// The last thing was an Esc that stayed alone: what belongs to it may still arrive.
    lone_esc: bool,
}

/// What the first bytes of a buffer are.
enum Front {
    /// That many bytes, which mean this or nothing to us.
    Whole(usize, Option<Input>),
    /// A paste begins after that many bytes.
    PasteBegins(usize),
    /// Too little to tell.
    Part,
}

impl Decoder {
    /// Takes what was read and appends what it means.
    pub fn feed(&mut self, bytes: &[u8], out: &mut Vec<Input>) {
        if std::mem::take(&mut self.lone_esc) && self.held.is_empty() && is_late_rest(bytes) {
            self.held.push(ESC);
            self.held.extend_from_slice(bytes);
            let mut late = Vec::new();
            self.drain(&mut late);
            // The first event is the cut sequence, whose Esc has been acted upon already.
            out.extend(late.into_iter().skip(1));
            return;
        }
        self.held.extend_from_slice(bytes);
        self.drain(out);
    }

    /// How long to wait for more before [`give_up`](Self::give_up); `None` where nothing is half read.
    #[must_use]
    pub fn patience(&self) -> Option<Duration> {
        match self.held.as_slice() {
            _ if self.paste.is_some() => Some(PASTE_PATIENCE),
            [] => None,
            [ESC] => Some(ESC_PATIENCE),
            _ => Some(PART_PATIENCE),
        }
    }

    /// Nothing followed: an Esc is the key, a paste without an end is what came of it, anything else half read is thrown away.
    pub fn give_up(&mut self, out: &mut Vec<Input>) {
        if let Some(pasted) = self.paste.take() {
            out.push(Input::Paste(String::from_utf8_lossy(&pasted).into_owned()));
        } else if self.held == [ESC] {
            out.push(Input::Key(key(KeyCode::Esc, KeyModifiers::NONE)));
            self.lone_esc = true;
        }
        self.held.clear();
    }

    fn drain(&mut self, out: &mut Vec<Input>) {
        let held = std::mem::take(&mut self.held);
        let mut rest = held.as_slice();
        while !rest.is_empty() {
            if self.paste.is_some() {
                rest = self.take_paste(rest, out);
                if self.paste.is_some() {
                    break;
                }
                continue;
            }
            match front(rest) {
                Front::Whole(len, input) => {
                    out.extend(input);
                    rest = &rest[len..];
                }
                Front::PasteBegins(len) => {
                    self.paste = Some(Vec::new());
                    rest = &rest[len..];
                }
                Front::Part => break,
            }
        }
        self.held = rest.to_vec();
    }

    /// Moves pasted bytes aside; what is left begins after the end mark, or may be the start of that mark.
    fn take_paste<'a>(&mut self, bytes: &'a [u8], out: &mut Vec<Input>) -> &'a [u8] {
        let Some(pasted) = &mut self.paste else {
            return bytes;
        };
        let end = bytes
            .windows(PASTE_END.len())
            .position(|window| window == PASTE_END);
        let keep = end.unwrap_or_else(|| bytes.len() - tail_of_mark(bytes));
        let room = PASTE_MAX.saturating_sub(pasted.len());
        pasted.extend_from_slice(&bytes[..keep.min(room)]);
        let Some(end) = end else {
            return &bytes[keep..];
        };
        let text = String::from_utf8_lossy(pasted).into_owned();
        self.paste = None;
        out.push(Input::Paste(text));
        &bytes[end + PASTE_END.len()..]
    }
}

/// How many of the last bytes could be the start of the mark that ends a paste.
fn tail_of_mark(bytes: &[u8]) -> usize {
    (1..PASTE_END.len())
        .rev()
        .find(|len| bytes.ends_with(&PASTE_END[..*len]))
        .unwrap_or(0)
}

/// Whether these bytes are what follows the Esc of a sequence: nobody types `[`, `O` or `]` and a second key within one read.
fn is_late_rest(bytes: &[u8]) -> bool {
    bytes.len() > 1 && matches!(bytes[0], b'[' | b'O' | b']')
}

fn key(code: KeyCode, modifiers: KeyModifiers) -> KeyEvent {
    KeyEvent::new(code, modifiers)
}

fn front(bytes: &[u8]) -> Front {
    let plain = |code, modifiers| Front::Whole(1, Some(Input::Key(key(code, modifiers))));
    match bytes[0] {
        ESC => escape(bytes),
        b'\r' => plain(KeyCode::Enter, KeyModifiers::NONE),
        b'\t' => plain(KeyCode::Tab, KeyModifiers::NONE),
        // Backspace is 0x7f on most terminals and 0x08 on the others; Ctrl-h is not bound for that reason.
        0x7f | 0x08 => plain(KeyCode::Backspace, KeyModifiers::NONE),
        0 => plain(KeyCode::Char(' '), KeyModifiers::CONTROL),
        control @ 1..=0x1a => plain(
            KeyCode::Char(char::from(control - 1 + b'a')),
            KeyModifiers::CONTROL,
        ),
        control @ 0x1c..=0x1f => plain(
            KeyCode::Char(char::from(control - 0x1c + b'4')),
            KeyModifiers::CONTROL,
        ),
        _ => match character(bytes) {
            Front::Whole(len, Some(Input::Key(event))) => {
                Front::Whole(len, Some(Input::Key(with_shift(event))))
            }
            other => other,
        },
    }
}

/// One character of UTF-8; a byte that begins none is thrown away.
fn character(bytes: &[u8]) -> Front {
    let len = match bytes[0] {
        0..=0x7f => 1,
        0xc2..=0xdf => 2,
        0xe0..=0xef => 3,
        0xf0..=0xf4 => 4,
        _ => return Front::Whole(1, None),
    };
    let have = &bytes[..len.min(bytes.len())];
    match std::str::from_utf8(have) {
        Ok(text) => {
            let c = text.chars().next();
            Front::Whole(
                len,
                c.map(|c| Input::Key(key(KeyCode::Char(c), KeyModifiers::NONE))),
            )
        }
        Err(error) if error.error_len().is_none() => Front::Part,
        Err(_) => Front::Whole(1, None),
    }
}

/// Crossterm marks capitals with Shift, and so do we.
fn with_shift(mut event: KeyEvent) -> KeyEvent {
    if matches!(event.code, KeyCode::Char(c) if c.is_uppercase()) {
        event.modifiers |= KeyModifiers::SHIFT;
    }
    event
}

fn escape(bytes: &[u8]) -> Front {
    match bytes.get(1) {
        None => Front::Part,
        Some(b'[') => csi(bytes),
        Some(b'O') => match bytes.get(2) {
            None => Front::Part,
            Some(last) => {
                let code = ss3(*last);
                Front::Whole(
                    3,
                    code.map(|code| Input::Key(key(code, KeyModifiers::NONE))),
                )
            }
        },
        Some(b']' | b'P' | b'_' | b'^' | b'X') => control_string(bytes),
        // Alt is not used, so an Esc before anything else is the key: whoever types `Esc q` fast means both, and over ssh they
        // come in one read.
        Some(_) => Front::Whole(1, Some(Input::Key(key(KeyCode::Esc, KeyModifiers::NONE)))),
    }
}

/// A terminal's answer: its background, else skipped to its end as an answer to what nobody asked here.
fn control_string(bytes: &[u8]) -> Front {
    for place in 2..bytes.len() {
        if bytes[place] == 0x07 {
            return Front::Whole(place + 1, ground(&bytes[..place]));
        }
        if bytes[place] == b'\\' && bytes[place - 1] == ESC {
            return Front::Whole(place + 1, ground(&bytes[..place - 1]));
        }
    }
    Front::Part
}

/// `ESC ] 11 ; colour`.
fn ground(answer: &[u8]) -> Option<Input> {
    let text = std::str::from_utf8(answer).ok()?;
    Rgb::answered(text.strip_prefix("\u{1b}]11;")?).map(Input::Ground)
}

fn ss3(last: u8) -> Option<KeyCode> {
    match last {
        b'M' => Some(KeyCode::Enter),
        b'P'..=b'S' => Some(KeyCode::F(last - b'P' + 1)),
        _ => arrow(last),
    }
}

fn arrow(last: u8) -> Option<KeyCode> {
    Some(match last {
        b'A' => KeyCode::Up,
        b'B' => KeyCode::Down,
        b'C' => KeyCode::Right,
        b'D' => KeyCode::Left,
        b'F' => KeyCode::End,
        b'H' => KeyCode::Home,
        _ => return None,
    })
}

/// `ESC [ parameters final`.
fn csi(bytes: &[u8]) -> Front {
    // The Linux console's F1 to F5.
    if bytes.get(2) == Some(&b'[') {
        return match bytes.get(3) {
            None => Front::Part,
            Some(last @ b'A'..=b'E') => Front::Whole(
                4,
                Some(Input::Key(key(
                    KeyCode::F(last - b'A' + 1),
                    KeyModifiers::NONE,
                ))),
            ),
            Some(_) => Front::Whole(4, None),
        };
    }
    let Some(end) = bytes[2..]
        .iter()
        .position(|byte| !(0x20..=0x3f).contains(byte))
    else {
        return Front::Part;
    };
    let end = end + 2;
    let len = end + 1;
    let (parameters, last) = (&bytes[2..end], bytes[end]);
    if !(0x40..=0x7e).contains(&last) {
        // Cut short by something else, which is looked at on its own.
        return Front::Whole(end, None);
    }
    match (parameters, last) {
        ([b'<', report @ ..], b'M' | b'm') => {
            Front::Whole(len, mouse(report, last == b'M').map(Input::Mouse))
        }
        // The old mouse report: three bytes follow.
        ([], b'M') if bytes.len() < len + 3 => Front::Part,
        ([], b'M') => Front::Whole(len + 3, None),
        ([], b'I') => Front::Whole(len, Some(Input::Focus(true))),
        ([], b'O') => Front::Whole(len, Some(Input::Focus(false))),
        (b"200", b'~') => Front::PasteBegins(len),
        // Where the cursor stands after the one sign that was measured, in the second row: the first is where F3 with a modifier
        // looks like such a report.
        ([b'2', b';', column @ ..], b'R') => Front::Whole(len, measured(column)),
        _ => Front::Whole(len, csi_key(parameters, last).map(Input::Key)),
    }
}

fn measured(column: &[u8]) -> Option<Input> {
    let column: u16 = std::str::from_utf8(column).ok()?.parse().ok()?;
    Some(Input::Ambiguous(column.checked_sub(1)?))
}

fn numbers(parameters: &[u8]) -> Option<Vec<u32>> {
    let text = std::str::from_utf8(parameters).ok()?;
    text.split(';')
        .map(|part| {
            let whole = part.split(':').next().unwrap_or_default();
            if whole.is_empty() {
                Some(1)
            } else {
                whole.parse().ok()
            }
        })
        .collect()
}

fn csi_key(parameters: &[u8], last: u8) -> Option<KeyEvent> {
    let numbers = numbers(parameters)?;
    let modifiers = modifiers(numbers.get(1).copied().unwrap_or(1));
    let code = match last {
        b'Z' => return Some(key(KeyCode::BackTab, KeyModifiers::SHIFT)),
        // Where the cursor stands, which nobody asked for: F3 with a modifier is `1;2` and above.
        b'R' if numbers.len() > 1 && (numbers[0] != 1 || numbers[1] < 2) => return None,
        b'P'..=b'S' => KeyCode::F(last - b'P' + 1),
        b'u' => coded(*numbers.first()?)?,
        b'~' if numbers.first() == Some(&27) => coded(*numbers.get(2)?)?,
        b'~' => numbered(*numbers.first()?)?,
        _ => arrow(last)?,
    };
    Some(with_shift(key(code, modifiers)))
}

fn modifiers(parameter: u32) -> KeyModifiers {
    let mask = parameter.saturating_sub(1);
    let mut modifiers = KeyModifiers::NONE;
    for (bit, modifier) in [
        (1, KeyModifiers::SHIFT),
        (2, KeyModifiers::ALT),
        (4, KeyModifiers::CONTROL),
    ] {
        if mask & bit != 0 {
            modifiers |= modifier;
        }
    }
    modifiers
}

/// Keys of `ESC [ number ~`.
fn numbered(number: u32) -> Option<KeyCode> {
    Some(match number {
        1 | 7 => KeyCode::Home,
        2 => KeyCode::Insert,
        3 => KeyCode::Delete,
        4 | 8 => KeyCode::End,
        5 => KeyCode::PageUp,
        6 => KeyCode::PageDown,
        11..=15 => function(number - 10),
        17..=21 => function(number - 11),
        23..=24 => function(number - 12),
        _ => return None,
    })
}

fn function(number: u32) -> KeyCode {
    KeyCode::F(u8::try_from(number).unwrap_or(0))
}

/// Keys that are sent as the number of their character.
fn coded(number: u32) -> Option<KeyCode> {
    Some(match number {
        9 => KeyCode::Tab,
        13 => KeyCode::Enter,
        27 => KeyCode::Esc,
        127 => KeyCode::Backspace,
        _ => KeyCode::Char(char::from_u32(number).filter(|c| !c.is_control())?),
    })
}

/// `button;column;row` of an SGR report, counted from 1.
fn mouse(report: &[u8], pressed: bool) -> Option<MouseEvent> {
    let numbers = numbers(report)?;
    let [flags, column, row] = numbers.as_slice() else {
        return None;
    };
    let button = match flags & 3 {
        0 => MouseButton::Left,
        1 => MouseButton::Middle,
        _ => MouseButton::Right,
    };
    let kind = match (flags & 0xc0, flags & 0x20 != 0) {
        (0x40, _) => match flags & 3 {
            0 => MouseEventKind::ScrollUp,
            1 => MouseEventKind::ScrollDown,
            2 => MouseEventKind::ScrollLeft,
            _ => MouseEventKind::ScrollRight,
        },
        (0, true) if flags & 3 == 3 => MouseEventKind::Moved,
        (0, true) => MouseEventKind::Drag(button),
        (0, false) if pressed => MouseEventKind::Down(button),
        (0, false) => MouseEventKind::Up(button),
        _ => return None,
    };
    let mut held = KeyModifiers::NONE;
    for (bit, modifier) in [
        (4, KeyModifiers::SHIFT),
        (8, KeyModifiers::ALT),
        (16, KeyModifiers::CONTROL),
    ] {
        if flags & bit != 0 {
            held |= modifier;
        }
    }
    Some(MouseEvent {
        kind,
        column: u16::try_from(column.saturating_sub(1)).ok()?,
        row: u16::try_from(row.saturating_sub(1)).ok()?,
        modifiers: held,
    })
}

#[cfg(test)]
mod tests;
