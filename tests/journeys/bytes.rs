//! What an app may write to a terminal: letters, and the sequences that it is known to use. Whatever else comes is a fault, with its
//! place.

/// The modes that it sets and takes back: wrapping, cursor, mouse, focus, alternate screen, paste, whole frames.
const MODES: [u16; 10] = [7, 25, 1000, 1002, 1003, 1004, 1006, 1015, 1049, 2004];
/// Whole frames at once.
const FRAMES: u16 = 2026;
/// What it asks at the start, each once: the background, and how wide a sign is.
const QUESTIONS: [&str; 2] = [
    "\u{1b}]11;?\u{1b}\\",
    "\u{1b}[2;1H\u{25cf}\u{1b}[6n\u{1b}[2;1H\u{1b}[2J",
];

/// Why bytes are not what the app is known to write.
pub fn fault(bytes: &[u8]) -> Option<String> {
    let text = match std::str::from_utf8(bytes) {
        Ok(text) => text,
        Err(why) => return Some(format!("no UTF-8: {why}")),
    };
    let mut asked = text.to_owned();
    for question in QUESTIONS {
        asked = asked.replacen(question, "", 1);
    }
    let text = asked.as_str();
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let length = match c {
            '\u{1b}' => match sequence(&rest[1..]) {
                Some(length) => 1 + length,
                None => return Some(told(text, rest)),
            },
            c if c.is_control() || is_invisible(c) => return Some(told(text, rest)),
            c => c.len_utf8(),
        };
        rest = &rest[length..];
    }
    None
}

fn told(text: &str, rest: &str) -> String {
    let here: String = rest.chars().take(24).collect();
    let at = text.len() - rest.len();
    format!("at byte {at}: {}", here.escape_debug())
}

/// Marks that turn text around or are not seen.
const fn is_invisible(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// How long a sequence is behind its escape, where it is one of those that are used.
fn sequence(rest: &str) -> Option<usize> {
    let body = rest.strip_prefix('[')?;
    let length = body.find(|c: char| !matches!(c, '0'..='9' | ';' | '?'))?;
    let (parameters, last) = (&body[..length], body[length..].chars().next()?);
    let known = match (parameters.strip_prefix('?'), last) {
        (Some(mode), 'h' | 'l') => mode
            .parse()
            .is_ok_and(|mode| MODES.contains(&mode) || mode == FRAMES),
        // A place, a column, on in the row, a style, wiping all or the rest of a row.
        (None, 'H' | 'G' | 'C' | 'm' | 'J' | 'K') => true,
        _ => false,
    };
    known.then_some(1 + length + 1)
}

#[test]
fn what_plays_with_terminals_is_found() {
    for question in QUESTIONS {
        assert_eq!(fault(question.as_bytes()), None);
        assert!(fault(question.repeat(2).as_bytes()).is_some());
    }
    let frame = "\u{1b}[?2026h\u{1b}[3;1H\u{1b}[1;38;5;4mAlpina · 田中\u{1b}[20G!\u{1b}[C!\u{1b}[m\u{1b}[K\u{1b}[?2026l";
    assert_eq!(fault(frame.as_bytes()), None);
    for evil in [
        "\u{1b}]52;c;QQ==\u{7}",
        "\u{1b}]0;title\u{1b}\\",
        "\u{1b}]8;;http://x\u{1b}\\",
        "\u{1b}[6n",
        "\u{1b}[?1047h",
        "\u{1b}[2;1r",
        "\u{1b}[3A",
        "\u{1b}c",
        "\u{1b}Pq\u{1b}\\",
        "\u{9b}2J",
        "\u{9d}52;c;QQ==\u{9c}",
        "\u{7}",
        "\u{8}",
        "\r\n",
        "\u{202e}",
        "\u{2066}",
    ] {
        let planted = frame.replace("Alpina", evil);
        assert!(
            fault(planted.as_bytes()).is_some(),
            "{}",
            evil.escape_debug()
        );
    }
    assert!(fault(b"\xff").is_some());
}
