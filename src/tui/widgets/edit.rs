//! A text under editing: where the cursor is, what the keys of readline do, what may come in.
//!
//! The cursor always stands between graphemes, so that no key splits a letter from its accent or a family of emoji. Characters
//! that can deceive a terminal never come in. What does not fit is refused whole, never cut.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use unicode_segmentation::{GraphemeCursor, UnicodeSegmentation};

use crate::domain::text::is_hostile;

/// Bytes that a text of one line may have.
pub const LINE_MAX: usize = 4_000;
/// Bytes that a text of several lines may have.
pub const BLOCK_MAX: usize = 200_000;

/// A text that is too long for its field; nothing of it was taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("too long: a text here has at most {max} bytes. Nothing was taken of what you pasted")]
pub struct TooLong {
    /// The most bytes.
    pub max: usize,
}

/// A text and a cursor in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Edit {
    text: String,
    cursor: usize,
    several_lines: bool,
    killed: String,
}

impl Edit {
    /// A text of one line, the cursor behind it.
    #[must_use]
    pub fn line(text: &str) -> Self {
        Self::of(text, false)
    }

    /// A text of several lines, the cursor behind it.
    #[must_use]
    pub fn block(text: &str) -> Self {
        Self::of(text, true)
    }

    fn of(text: &str, several_lines: bool) -> Self {
        let mut edit = Self {
            several_lines,
            ..Self::default()
        };
        edit.set(text);
        edit
    }

    /// The text.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Where the cursor is, in bytes.
    #[must_use]
    pub const fn cursor(&self) -> usize {
        self.cursor
    }

    /// Puts the cursor to the grapheme boundary at or after a byte.
    pub fn put_cursor(&mut self, at: usize) {
        let mut at = at.min(self.text.len());
        while !self.is_boundary(at) {
            at += 1;
        }
        self.cursor = at;
    }

    /// Takes another text, the cursor behind it. What is in the book came in by its own door and is never too long to be shown.
    pub fn set(&mut self, text: &str) {
        self.text = self.admitted(text);
        self.cursor = self.text.len();
    }

    /// Puts a text in at the cursor. On one line, line ends become blanks.
    pub fn insert(&mut self, text: &str) -> Result<(), TooLong> {
        let max = if self.several_lines {
            BLOCK_MAX
        } else {
            LINE_MAX
        };
        let admitted = self.admitted(text);
        if !admitted.is_empty() && self.text.len() + admitted.len() > max {
            return Err(TooLong { max });
        }
        self.text.insert_str(self.cursor, &admitted);
        self.put_cursor(self.cursor + admitted.len());
        Ok(())
    }

    fn admitted(&self, text: &str) -> String {
        let text = text.replace("\r\n", "\n").replace('\r', "\n");
        text.chars()
            .filter_map(|c| match c {
                '\n' if self.several_lines => Some('\n'),
                '\n' | '\t' => Some(' '),
                c if is_hostile(c) => None,
                c => Some(c),
            })
            .collect()
    }

    /// Does what a key says; `Ok(false)` where the key says nothing to a text.
    pub fn key(&mut self, key: KeyEvent) -> Result<bool, TooLong> {
        let ctrl = key.modifiers.contains(KeyModifiers::CONTROL);
        let alt = key.modifiers.contains(KeyModifiers::ALT);
        match key.code {
            // AltGr comes as Ctrl and Alt together on some terminals.
            KeyCode::Char(c) if ctrl == alt => {
                self.insert(c.encode_utf8(&mut [0; 4]))?;
                return Ok(true);
            }
            KeyCode::Char(c) if ctrl => return Ok(self.readline(c.to_ascii_lowercase())),
            KeyCode::Left if ctrl => self.cursor = self.word_left(),
            KeyCode::Right if ctrl => self.cursor = self.word_right(),
            KeyCode::Left => self.cursor = self.before(self.cursor),
            KeyCode::Right => self.cursor = self.after(self.cursor),
            KeyCode::Home => self.cursor = self.line_start(),
            KeyCode::End => self.cursor = self.line_end(),
            KeyCode::Backspace if ctrl => self.kill(self.blank_left(), self.cursor),
            KeyCode::Delete if ctrl => self.kill(self.cursor, self.word_right()),
            KeyCode::Backspace => self.remove(self.before(self.cursor), self.cursor),
            KeyCode::Delete => self.remove(self.cursor, self.after(self.cursor)),
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Ctrl with a letter, as readline has it.
    fn readline(&mut self, letter: char) -> bool {
        match letter {
            'a' => self.cursor = self.line_start(),
            'e' => self.cursor = self.line_end(),
            'b' => self.cursor = self.before(self.cursor),
            'f' => self.cursor = self.after(self.cursor),
            'd' => self.remove(self.cursor, self.after(self.cursor)),
            'h' => self.remove(self.before(self.cursor), self.cursor),
            'w' => self.kill(self.blank_left(), self.cursor),
            'u' => self.kill(self.line_start(), self.cursor),
            'k' => {
                let end = self.line_end();
                // At the end of a line the line end itself goes, as in readline's elder sister.
                self.kill(
                    self.cursor,
                    if end == self.cursor {
                        self.after(end)
                    } else {
                        end
                    },
                );
            }
            // What was killed is never longer than what fitted before; if other text came since, there may be no room.
            'y' => {
                let killed = self.killed.clone();
                let _ = self.insert(&killed);
            }
            _ => return false,
        }
        true
    }

    fn remove(&mut self, from: usize, to: usize) {
        self.text.drain(from..to);
        // The neighbours may join to one grapheme now.
        self.put_cursor(from);
    }

    fn kill(&mut self, from: usize, to: usize) {
        if from < to {
            self.killed = self.text[from..to].to_owned();
            self.remove(from, to);
        }
    }

    fn is_boundary(&self, at: usize) -> bool {
        if !self.text.is_char_boundary(at) {
            return false;
        }
        GraphemeCursor::new(at, self.text.len(), true)
            .is_boundary(&self.text, 0)
            .unwrap_or(true)
    }

    fn before(&self, at: usize) -> usize {
        self.text[..at]
            .grapheme_indices(true)
            .next_back()
            .map_or(0, |(start, _)| start)
    }

    fn after(&self, at: usize) -> usize {
        self.text[at..]
            .graphemes(true)
            .next()
            .map_or(at, |grapheme| at + grapheme.len())
    }

    fn line_start(&self) -> usize {
        self.text[..self.cursor].rfind('\n').map_or(0, |at| at + 1)
    }

    fn line_end(&self) -> usize {
        self.text[self.cursor..]
            .find('\n')
            .map_or(self.text.len(), |at| self.cursor + at)
    }

    /// The start of the word before the cursor: letters and digits make a word.
    fn word_left(&self) -> usize {
        let front = self.text[..self.cursor].trim_end_matches(|c: char| !c.is_alphanumeric());
        let rest = front.trim_end_matches(is_wordly);
        self.snapped(rest.len())
    }

    /// The end of the word behind the cursor.
    fn word_right(&self) -> usize {
        let back = self.text[self.cursor..].trim_start_matches(|c: char| !c.is_alphanumeric());
        let rest = back.trim_start_matches(is_wordly);
        self.snapped(self.text.len() - rest.len())
    }

    /// The start of what stands before the cursor up to a blank, as Ctrl-W takes it.
    fn blank_left(&self) -> usize {
        let front = self.text[..self.cursor].trim_end();
        let rest = front.trim_end_matches(|c: char| !c.is_whitespace());
        self.snapped(rest.len())
    }

    fn snapped(&self, mut at: usize) -> usize {
        while !self.is_boundary(at) {
            at -= 1;
        }
        at
    }
}

/// Letters, digits, and the marks that go with letters.
fn is_wordly(c: char) -> bool {
    c.is_alphanumeric() || unicode_normalization::char::is_combining_mark(c)
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::tui::for_tests::{any_keys, keys};
    use proptest::prelude::*;

    /// The text with `|` where the cursor is.
    fn shown(edit: &Edit) -> String {
        let (front, back) = edit.text.split_at(edit.cursor);
        format!("{front}|{back}")
    }

    fn after(mut edit: Edit, script: &str) -> String {
        for key in keys(script) {
            edit.key(key).unwrap();
        }
        shown(&edit)
    }

    #[test]
    fn the_keys_of_readline() {
        for (start, script, end) in [
            ("", "Alpina AG", "Alpina AG|"),
            ("Alpina AG", "<c-a>x", "x|Alpina AG"),
            ("Alpina AG", "<home><right><right><c-k>", "Al|"),
            ("Alpina AG", "<c-w>", "Alpina |"),
            ("Alpina AG", "<c-u><c-y><c-y>", "Alpina AGAlpina AG|"),
            ("a b-c  ", "<c-w>", "a |"),
            ("one two", "<c-left><c-left>", "|one two"),
            ("one two", "<c-a><c-right>", "one| two"),
            ("one two", "<c-a><c-del>", "| two"),
            ("one", "<c-b><c-d>", "on|"),
            ("one", "<c-h><bs><bs><bs>", "|"),
            ("one", "<c-a><del><c-f><c-e>!", "ne!|"),
            ("one", "<right><c-f><c-k>", "one|"),
        ] {
            assert_eq!(after(Edit::line(start), script), end, "{start} {script}");
        }
    }

    #[test]
    fn a_key_takes_whole_graphemes() {
        for (start, script, end) in [
            ("Zu\u{308}rich", "<home><right><right><bs>", "Z|rich"),
            ("👨‍👩‍👧x", "<left><bs>", "|x"),
            ("🇨🇭🇫🇷", "<bs>", "🇨🇭|"),
            ("נועם", "<left>!", "נוע!|ם"),
            ("田中", "<left><del>", "田|"),
            ("क्षि", "<bs>", "|"),
        ] {
            assert_eq!(after(Edit::line(start), script), end, "{start} {script}");
        }
    }

    #[test]
    fn flags_that_meet_join_and_the_cursor_stays_between_graphemes() {
        let mut edit = Edit::line("🇨x🇭");
        edit.put_cursor("🇨".len());
        edit.key(keys("<del>")[0]).unwrap();
        assert_eq!(shown(&edit), "🇨🇭|");
    }

    #[test]
    fn what_can_deceive_a_terminal_stays_out() {
        let mut edit = Edit::line("");
        edit.insert("a\u{1b}[31m\u{202e}b\u{200b}\tc\r\nd").unwrap();
        assert_eq!(edit.text(), "a[31mb c d");
        let mut block = Edit::block("");
        block.insert("a\r\nb\rc").unwrap();
        assert_eq!(block.text(), "a\nb\nc");
    }

    #[test]
    fn what_is_too_long_is_refused_whole() {
        let mut edit = Edit::line("kept");
        assert!(edit.insert(&"x".repeat(LINE_MAX)).is_err());
        assert_eq!(edit.text(), "kept");
        // An imported text that is longer is shown all the same, and can be shortened.
        let mut long = Edit::line(&"x".repeat(LINE_MAX + 5));
        long.key(keys("<bs>")[0]).unwrap();
        assert_eq!(long.text().len(), LINE_MAX + 4);
    }

    #[test]
    fn lines_of_a_block_are_killed_one_by_one() {
        assert_eq!(after(Edit::block("one\ntwo"), "<c-u><bs><c-a><c-k>"), "|");
        assert_eq!(
            after(Edit::block("one\ntwo"), "<c-a><left><c-k>"),
            "one|two"
        );
    }

    #[test]
    fn keys_with_alt_are_not_text_but_altgr_is() {
        let mut edit = Edit::line("");
        let alt = KeyEvent::new(KeyCode::Char('b'), KeyModifiers::ALT);
        assert_eq!(edit.key(alt), Ok(false));
        let altgr = KeyEvent::new(
            KeyCode::Char('@'),
            KeyModifiers::ALT | KeyModifiers::CONTROL,
        );
        assert_eq!(edit.key(altgr), Ok(true));
        assert_eq!(edit.text(), "@");
    }

    proptest! {
        #[test]
        fn the_cursor_stays_between_graphemes(text in "(?s).{0,20}", pressed in any_keys(), pasted in ".{0,9}", several: bool) {
            let mut edit = if several { Edit::block(&text) } else { Edit::line(&text) };
            for key in pressed {
                let _ = edit.key(key);
                prop_assert!(edit.is_boundary(edit.cursor));
                let _ = edit.insert(&pasted);
                prop_assert!(edit.is_boundary(edit.cursor));
                prop_assert!(several || !edit.text.contains('\n'));
            }
        }
    }
}
