//! How things stand between the app and the book: in the first line, and beside the status.

use crate::store::handle::Health;
use crate::tui::notices::Tone;
use crate::tui::theme::Role;

use super::{App, Book};

/// Below this many columns the words are short.
const ROOMY: u16 = 72;

impl App {
    /// Things stand differently now.
    pub(super) fn heard_of_health(&mut self, health: Health) {
        let before = std::mem::replace(&mut self.health, health);
        let is_gone = |health: &Health| matches!(health, Health::Unreachable { .. });
        let said = match &self.health {
            Health::Unreachable { what, .. } if !is_gone(&before) => Some((
                Tone::Bad,
                format!("{what} What you write is kept, and R tries again now."),
            )),
            Health::ReadOnly { why } if self.health != before => Some((Tone::Bad, sentence(why))),
            Health::Fresh if is_gone(&before) => {
                Some((Tone::Good, "The book can be reached again".to_owned()))
            }
            _ => None,
        };
        if let Some((tone, text)) = said {
            self.say(tone, text);
        }
    }

    /// Why nothing can be written now, where nothing can.
    pub(super) fn refusal(&self) -> Option<String> {
        match &self.health {
            Health::ReadOnly { why } => Some(sentence(why)),
            _ => None,
        }
    }

    /// Who acts, as of when where that is not now, and how things stand with the book.
    pub(super) fn who_and_link(&self) -> Vec<(String, Role)> {
        let mut parts = Vec::new();
        if let Some(now) = self.fixed_now {
            let date = now.local(self.zone()).format("as of %d %b %Y ").to_string();
            parts.push((date, Role::Soon));
        }
        if matches!(self.book, Book::Closed) && self.screen().is_read().is_err() {
            return parts;
        }
        let who = self.me.as_ref().map_or("nobody", |me| {
            me.name.split_whitespace().next().unwrap_or(&me.name)
        });
        parts.push((format!("{who} "), Role::Title));
        parts.push(self.link());
        parts
    }

    fn link(&self) -> (String, Role) {
        let glyphs = self.theme.glyphs();
        let roomy = self.size.0 >= ROOMY;
        match &self.health {
            Health::Unreachable { since, .. } => {
                let at = since.local(self.zone()).format("%H:%M");
                let words = if roomy {
                    "not reachable since"
                } else {
                    "gone since"
                };
                (format!("{} {words} {at}", glyphs.offline), Role::Late)
            }
            _ if matches!(self.book, Book::Opening) => (glyphs.waiting.to_owned(), Role::Dim),
            Health::Fresh => (glyphs.fresh.to_owned(), Role::Good),
            Health::Waiting { since } => {
                let seconds = (self.real.millis() - since.millis()).max(0) / 1_000;
                let words = if roomy {
                    "waiting for a colleague's lock"
                } else {
                    "lock"
                };
                let text = format!("{} {words} {seconds}s", glyphs.waiting);
                (text, Role::Soon)
            }
            Health::ReadOnly { .. } => (format!("{} read-only", glyphs.offline), Role::Late),
        }
    }

    /// What stands at the right end of the status line: what the book has not taken yet, and how old the picture is where the book
    /// cannot be read.
    pub(super) fn aside(&self) -> String {
        let mut parts = Vec::new();
        let pending = self.on_their_way.len();
        if pending > 0 {
            parts.push(format!(
                "{} {pending} to write",
                self.theme.glyphs().pending
            ));
        }
        if let Health::Unreachable { since, .. } = &self.health
            && self.screen().is_read().is_ok()
        {
            let at = since.local(self.zone()).format("%H:%M");
            let words = if self.size.0 >= ROOMY {
                "showing the state of"
            } else {
                "state of"
            };
            parts.push(format!("{words} {at}"));
        }
        parts.join(&format!(" {} ", self.theme.glyphs().dot))
    }
}

/// A reason as a sentence of its own.
fn sentence(why: &str) -> String {
    let mut letters = why.chars();
    let first: String = letters
        .next()
        .into_iter()
        .flat_map(char::to_uppercase)
        .collect();
    let end = if why.ends_with('.') { "" } else { "." };
    format!("Nothing can be written. {first}{}{end}", letters.as_str())
}
