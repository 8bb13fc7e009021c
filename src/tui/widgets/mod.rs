//! Pieces of screen that know nothing of the app: they take keys and give answers, take an area and a theme and draw.
//!
//! Each has `key`, `paste` and `click` where they make sense, and `draw`. None reads a clock, a file or the book. None panics at
//! any size. Whoever has the keys puts the terminal's real cursor where the user is, so that a screen reader follows.
//!
//! | module | holds |
//! |---|---|
//! | [`clip`] | measuring, cutting and aligning text by cells; painting it without leaving the area |
//! | [`edit`] | a text under editing: graphemes, words, the keys of readline |
//! | [`text_field`], [`text_area`] | the same on one line and on several |
//! | [`matching`] | how typed words find a name |
//! | [`choices`] | a list to choose from, narrowed by typing |
//! | [`checklist`] | rows to tick and to put in order |
//! | [`hints`] | the line of keys of a popup |
//! | [`menu`] | the list as a popup |
//! | [`picker`] | the list under a field of a form |
//! | [`popup`] | a frame over what is there |

pub mod checklist;
pub mod choices;
pub mod clip;
pub mod edit;
pub mod hints;
pub mod matching;
pub mod menu;
pub mod picker;
pub mod popup;
pub mod text_area;
pub mod text_field;

/// What a component answers to a key, a paste or a click.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer<T> {
    /// It goes on.
    Stay,
    /// The user leaves it.
    Cancel,
    /// The user is done, with this.
    Submit(T),
}

impl<T> Answer<T> {
    /// The same answer about something else.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Answer<U> {
        match self {
            Self::Stay => Answer::Stay,
            Self::Cancel => Answer::Cancel,
            Self::Submit(done) => Answer::Submit(change(done)),
        }
    }
}
