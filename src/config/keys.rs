//! Keys as people write them: `j`, `G`, `<C-d>`, `<S-Left>`, `g p`, `jjL<enter>`.

use std::fmt;
use std::str::FromStr;

/// One key of the keyboard, without its modifiers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Code {
    /// A character as it is typed: `G` is not `g` with shift.
    Char(char),
    /// Enter.
    Enter,
    /// Escape.
    Esc,
    /// Tab.
    Tab,
    /// Backspace.
    Backspace,
    /// Delete.
    Delete,
    /// Insert.
    Insert,
    /// Home.
    Home,
    /// End.
    End,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
    /// The arrow up.
    Up,
    /// The arrow down.
    Down,
    /// The arrow to the left.
    Left,
    /// The arrow to the right.
    Right,
    /// A function key, 1 to 24.
    F(u8),
}

/// Names between `<` and `>`: the first of a code is the one that is printed.
const NAMES: &[(&str, Code)] = &[
    ("Enter", Code::Enter),
    ("Return", Code::Enter),
    ("CR", Code::Enter),
    ("Esc", Code::Esc),
    ("Escape", Code::Esc),
    ("Tab", Code::Tab),
    ("BS", Code::Backspace),
    ("Backspace", Code::Backspace),
    ("Del", Code::Delete),
    ("Delete", Code::Delete),
    ("Ins", Code::Insert),
    ("Insert", Code::Insert),
    ("Home", Code::Home),
    ("End", Code::End),
    ("PgUp", Code::PageUp),
    ("PageUp", Code::PageUp),
    ("PgDn", Code::PageDown),
    ("PageDown", Code::PageDown),
    ("Up", Code::Up),
    ("Down", Code::Down),
    ("Left", Code::Left),
    ("Right", Code::Right),
    ("Space", Code::Char(' ')),
    ("lt", Code::Char('<')),
];

/// A key with its modifiers. Shift counts only where it is not part of the character.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// The key.
    pub code: Code,
    /// With Ctrl.
    pub ctrl: bool,
    /// With Alt. No default uses it: tmux and ssh make it an Esc with a key behind it.
    pub alt: bool,
    /// With Shift.
    pub shift: bool,
}

impl Key {
    /// A key without modifiers.
    #[must_use]
    pub const fn plain(code: Code) -> Self {
        Self {
            code,
            ctrl: false,
            alt: false,
            shift: false,
        }
    }

    /// A key with Ctrl.
    #[must_use]
    pub const fn ctrl(letter: char) -> Self {
        Self {
            ctrl: true,
            ..Self::plain(Code::Char(letter))
        }
    }

    /// Reads what stands between `<` and `>`.
    fn named(name: &str) -> Option<Self> {
        let mut key = Self::plain(Code::Esc);
        let mut rest = name;
        while let Some((modifier, tail)) = rest.split_once('-').filter(|(_, tail)| !tail.is_empty())
        {
            match modifier.to_ascii_lowercase().as_str() {
                "c" | "ctrl" => key.ctrl = true,
                "a" | "m" | "alt" => key.alt = true,
                "s" | "shift" => key.shift = true,
                _ => return None,
            }
            rest = tail;
        }
        key.code = code_named(rest)?;
        if let Code::Char(c) = key.code {
            if key.ctrl {
                key.code = Code::Char(c.to_ascii_lowercase());
            } else if key.shift {
                key.code = Code::Char(c.to_ascii_uppercase());
                key.shift = false;
            }
        }
        Some(key)
    }
}

fn code_named(name: &str) -> Option<Code> {
    let mut letters = name.chars();
    if let (Some(letter), None) = (letters.next(), letters.next()) {
        return Some(Code::Char(letter));
    }
    if let Some(number) = name.strip_prefix(['F', 'f'])
        && let Ok(number) = number.parse()
    {
        return (1..=24).contains(&number).then_some(Code::F(number));
    }
    NAMES
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name))
        .map(|(_, code)| *code)
}

impl fmt::Display for Key {
    /// As a person reads it in the footer and the help: `d`, `Ctrl-d`, `Shift-Left`, `Enter`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (held, name) in [
            (self.ctrl, "Ctrl-"),
            (self.alt, "Alt-"),
            (self.shift, "Shift-"),
        ] {
            if held {
                f.write_str(name)?;
            }
        }
        match self.code {
            Code::Char(' ') => f.write_str("Space"),
            Code::Char(c) => write!(f, "{c}"),
            Code::F(number) => write!(f, "F{number}"),
            code => {
                let name = NAMES.iter().find(|(_, known)| *known == code);
                f.write_str(name.map_or("", |(name, _)| name))
            }
        }
    }
}

/// Keys that are pressed one after the other.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Keys(pub Vec<Key>);

impl FromStr for Keys {
    type Err = String;

    /// Reads keys in a row. Blanks between them mean nothing; the blank key is `<Space>`, `<` is `<lt>`.
    fn from_str(text: &str) -> Result<Self, String> {
        let mut keys = Vec::new();
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            // A `<` that no `>` follows is the key itself.
            if first == '<'
                && let Some(end) = rest.find('>')
            {
                let name = &rest[1..end];
                let key =
                    Key::named(name).ok_or_else(|| format!("`<{name}>` in `{text}` is no key"))?;
                keys.push(key);
                rest = rest[end + 1..].trim_start();
            } else {
                keys.push(Key::plain(Code::Char(first)));
                rest = rest[first.len_utf8()..].trim_start();
            }
        }
        if keys.is_empty() {
            return Err("an empty text is no key; [] binds nothing".to_owned());
        }
        Ok(Self(keys))
    }
}

impl fmt::Display for Keys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, key) in self.0.iter().enumerate() {
            if place > 0 {
                f.write_str(" ")?;
            }
            key.fmt(f)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn shown(text: &str) -> String {
        text.parse::<Keys>().unwrap().to_string()
    }

    #[test]
    fn keys_are_read_as_people_write_them() {
        for (written, meant) in [
            ("j", "j"),
            ("jjL<enter>", "j j L Enter"),
            ("g p", "g p"),
            ("<C-D>", "Ctrl-d"),
            ("<ctrl-d>", "Ctrl-d"),
            ("<S-left>", "Shift-Left"),
            ("<S-Tab>", "Shift-Tab"),
            ("<S-a>", "A"),
            ("<Space>", "Space"),
            ("<lt>", "<"),
            ("<", "<"),
            (">", ">"),
            ("-", "-"),
            ("<C-->", "Ctrl--"),
            ("<F12>", "F12"),
            ("é", "é"),
        ] {
            assert_eq!(shown(written), meant, "{written}");
        }
    }

    #[test]
    fn what_is_no_key_is_refused_with_its_name() {
        for written in ["<Entre>", "<X-a>", "<F99>", "<>", "", "  "] {
            assert!(written.parse::<Keys>().is_err(), "{written}");
        }
        assert_eq!(
            "a<Entre>".parse::<Keys>(),
            Err("`<Entre>` in `a<Entre>` is no key".to_owned())
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in ".{0,12}") {
            let _ = text.parse::<Keys>();
        }
    }
}
