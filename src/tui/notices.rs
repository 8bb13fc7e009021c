//! What the app says: the status line, and the list of messages under `!`.

use std::collections::VecDeque;

use crate::domain::time::Instant;

/// How long a message stays in the status line, in milliseconds.
const SHOWN_MS: i64 = 6_000;
/// How many messages are kept.
const KEPT: usize = 500;

/// What kind of message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// By the way.
    Plain,
    /// It worked.
    Good,
    /// It did not work: what, why, what to do.
    Bad,
    /// Somebody else did something.
    Others,
}

/// One message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notice {
    /// When, by the real clock.
    pub at: Instant,
    /// Its kind.
    pub tone: Tone,
    /// What it says.
    pub text: String,
}

/// All messages, the newest first.
#[derive(Clone, Debug, Default)]
pub struct Notices {
    kept: VecDeque<Notice>,
    dismissed: bool,
    said: usize,
}

impl Notices {
    /// Says something.
    pub fn say(&mut self, at: Instant, tone: Tone, text: impl Into<String>) {
        self.kept.push_front(Notice {
            at,
            tone,
            text: text.into(),
        });
        self.kept.truncate(KEPT);
        self.dismissed = false;
        self.said += 1;
    }

    /// What the status line shows now. What went wrong stays until something else is said or the user goes on.
    #[must_use]
    pub fn shown(&self, now: Instant) -> Option<&Notice> {
        self.kept.front().filter(|notice| {
            !self.dismissed
                && (notice.tone == Tone::Bad || now.millis() - notice.at.millis() < SHOWN_MS)
        })
    }

    /// The user has gone on: what went wrong leaves the status line.
    pub fn dismiss(&mut self) {
        self.dismissed |= self
            .kept
            .front()
            .is_some_and(|notice| notice.tone == Tone::Bad);
    }

    /// How many there ever were.
    #[must_use]
    pub const fn said(&self) -> usize {
        self.said
    }

    /// Those that came after so many, the oldest first.
    pub fn since(&self, said: usize) -> impl Iterator<Item = &Notice> {
        let new = (self.said - said.min(self.said)).min(self.kept.len());
        self.kept.range(..new).rev()
    }

    /// All that were kept, the newest first.
    #[must_use]
    pub const fn all(&self) -> &VecDeque<Notice> {
        &self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const AT: Instant = Instant::from_millis(1_000);

    #[test]
    fn a_message_leaves_the_status_line_and_stays_in_the_list() {
        let mut notices = Notices::default();
        notices.say(AT, Tone::Good, "Saved.");
        assert!(notices.shown(Instant::from_millis(6_999)).is_some());
        assert!(notices.shown(Instant::from_millis(7_000)).is_none());
        assert_eq!(notices.all().len(), 1);
    }

    #[test]
    fn what_went_wrong_stays_until_the_user_goes_on() {
        let mut notices = Notices::default();
        notices.say(AT, Tone::Bad, "Not saved.");
        let later = Instant::from_millis(1_000_000);
        assert!(notices.shown(later).is_some());
        notices.dismiss();
        assert!(notices.shown(later).is_none());
    }

    #[test]
    fn the_list_does_not_grow_for_ever() {
        let mut notices = Notices::default();
        for number in 0..KEPT + 3 {
            notices.say(AT, Tone::Plain, number.to_string());
        }
        assert_eq!(notices.all().len(), KEPT);
        assert_eq!(notices.all()[0].text, (KEPT + 2).to_string());
    }
}
