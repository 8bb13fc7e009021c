//! What a piece of the screen means.

/// What a piece of the screen means. All styles are asked for by role, so that meaning and look are tied in one place.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// What is read.
    Text,
    /// What is secondary: units, times, hints.
    Dim,
    /// Titles of panels and screens.
    Title,
    /// Frames.
    Border,
    /// The frame and title of the panel that has the keys.
    Focus,
    /// The row or card under the cursor.
    Cursor,
    /// Marked rows and cards.
    Mark,
    /// Won, done, in time.
    Good,
    /// Lost, overdue.
    Late,
    /// Rotting, due soon.
    Soon,
    /// Changed by somebody else.
    ByOthers,
    /// On its way to the book.
    Pending,
    /// Can be opened.
    Link,
    /// A key of the keymap.
    Key,
    /// What went wrong.
    Error,
    /// Amounts.
    Money,
    /// A field of a form.
    Field,
    /// The field that has the keys.
    FieldFocus,
    /// What stands in an empty field.
    Placeholder,
    /// The letters that a search found.
    Match,
    /// A screen in the first row.
    Tab,
    /// The screen that is shown.
    TabActive,
    /// The status line.
    Status,
}

impl Role {
    /// All roles, with the names that the theme files use.
    pub const ALL: [(Self, &'static str); 23] = [
        (Self::Text, "text"),
        (Self::Dim, "dim"),
        (Self::Title, "title"),
        (Self::Border, "border"),
        (Self::Focus, "focus"),
        (Self::Cursor, "cursor"),
        (Self::Mark, "mark"),
        (Self::Good, "good"),
        (Self::Late, "late"),
        (Self::Soon, "soon"),
        (Self::ByOthers, "by-others"),
        (Self::Pending, "pending"),
        (Self::Link, "link"),
        (Self::Key, "key"),
        (Self::Error, "error"),
        (Self::Money, "money"),
        (Self::Field, "field"),
        (Self::FieldFocus, "field-focus"),
        (Self::Placeholder, "placeholder"),
        (Self::Match, "match"),
        (Self::Tab, "tab"),
        (Self::TabActive, "tab-active"),
        (Self::Status, "status"),
    ];

    pub(super) fn named(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|(_, known)| *known == name)
            .map(|(role, _)| role)
    }
}
