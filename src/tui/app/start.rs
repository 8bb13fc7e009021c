//! What the app is told at its start.

use crate::config::theme::Looks;
use crate::domain::money::Currency;
use crate::domain::time::{Instant, Zone};
use crate::tui::screens::Shown;
use crate::tui::terminal::abilities::Abilities;

/// What the first questions guess.
#[derive(Clone, Debug, Default)]
pub struct FirstGuess {
    /// Where the book is to be.
    pub book: String,
    /// The currency of sums.
    pub currency: Option<Currency>,
    /// The team's time zone.
    pub zone: Option<Zone>,
    /// The user's name.
    pub rep: String,
}

/// What the app is told at its start.
#[derive(Clone, Debug)]
pub struct Start {
    /// Who acts, by name or e-mail address; `None` is nobody.
    pub rep: Option<String>,
    /// The as-of moment, where it is not the real clock: an instant, or a date in the team's zone.
    pub now: Option<String>,
    /// What the first questions guess, where there is no book.
    pub first_start: FirstGuess,
    /// The real clock.
    pub real: Instant,
    /// The period of the board's foot, in words.
    pub foot: String,
    /// Whether the mouse is listened to.
    pub mouse: bool,
    /// The screen that is shown first.
    pub shown: Shown,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    /// How the screen looks once the terminal's background is known.
    pub looks: Looks,
    /// What the terminal can do.
    pub can: Abilities,
}
