//! Styles and glyphs by role, in the terminal's types.

use ratatui::buffer::Buffer;
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier, Style};
use ratatui::symbols::border;

use crate::config::theme::{Attributes, Colour, Paint, Rgb};

pub use crate::config::theme::Role;

/// All styles and glyphs of the screen.
#[derive(Clone, Debug)]
pub struct Theme {
    styles: [Style; Role::ALL.len()],
    glyphs: &'static Glyphs,
}

impl Theme {
    /// The terminal's form of a theme; `ascii` takes the glyphs that every terminal has.
    #[must_use]
    pub fn new(theme: &crate::config::theme::Theme, ascii: bool) -> Self {
        Self {
            styles: styles(theme),
            glyphs: if ascii { &ASCII } else { &UNICODE },
        }
    }

    /// Other styles, with the same glyphs.
    #[must_use]
    pub fn dressed(&self, theme: &crate::config::theme::Theme) -> Self {
        Self {
            styles: styles(theme),
            glyphs: self.glyphs,
        }
    }

    /// The same styles, with the glyphs that every terminal has.
    #[must_use]
    pub fn in_ascii(&self) -> Self {
        Self {
            glyphs: &ASCII,
            ..self.clone()
        }
    }

    /// The style of a role.
    #[must_use]
    pub const fn style(&self, role: Role) -> Style {
        self.styles[role as usize]
    }

    /// The style of a role in a line under the cursor. The line is one bar: what is secondary elsewhere would be a hole in it.
    #[must_use]
    pub fn under_cursor(&self, role: Role) -> Style {
        let role = if role == Role::Dim { Role::Text } else { role };
        self.style(role).patch(self.style(Role::Cursor))
    }

    /// The same over cells that are painted.
    pub fn lay_cursor(&self, buffer: &mut Buffer, lines: Rect) {
        let plain = self.style(Role::Text).fg.unwrap_or(Color::Reset);
        let dim = self.style(Role::Dim).fg;
        for place in lines.intersection(buffer.area).positions() {
            let cell = &mut buffer[place];
            if Some(cell.fg) == dim {
                cell.set_fg(plain);
            }
        }
        buffer.set_style(lines, self.style(Role::Cursor));
    }

    /// The glyphs in use.
    #[must_use]
    pub const fn glyphs(&self) -> &'static Glyphs {
        self.glyphs
    }
}

impl Default for Theme {
    /// The built-in theme with Unicode glyphs.
    fn default() -> Self {
        let built_in = crate::config::theme::Theme::load(None, false);
        // The embedded file is read by the tests of `config::theme`: it cannot be wrong in a program that was tested.
        Self::new(&built_in.expect("the embedded theme is valid"), false)
    }
}

fn styles(theme: &crate::config::theme::Theme) -> [Style; Role::ALL.len()] {
    Role::ALL.map(|(role, _)| match role {
        // Laid over a line it makes one bar of it: dim parts of a reversed line would be holes in the bar.
        Role::Cursor => style(theme.paint(role)).remove_modifier(Modifier::DIM),
        _ => style(theme.paint(role)),
    })
}

fn style(paint: Paint) -> Style {
    let mut style = Style::new();
    if let Some(colour) = paint.fg {
        style = style.fg(color(colour));
    }
    if let Some(colour) = paint.bg {
        style = style.bg(color(colour));
    }
    for (attribute, modifier) in [
        (Attributes::BOLD, Modifier::BOLD),
        (Attributes::DIM, Modifier::DIM),
        (Attributes::ITALIC, Modifier::ITALIC),
        (Attributes::UNDERLINE, Modifier::UNDERLINED),
        (Attributes::REVERSE, Modifier::REVERSED),
    ] {
        if paint.attributes.has(attribute) {
            style = style.add_modifier(modifier);
        }
    }
    style
}

const fn color(colour: Colour) -> Color {
    match colour {
        Colour::Default => Color::Reset,
        Colour::Ansi(0) => Color::Black,
        Colour::Ansi(1) => Color::Red,
        Colour::Ansi(2) => Color::Green,
        Colour::Ansi(3) => Color::Yellow,
        Colour::Ansi(4) => Color::Blue,
        Colour::Ansi(5) => Color::Magenta,
        Colour::Ansi(6) => Color::Cyan,
        Colour::Ansi(7) => Color::Gray,
        Colour::Ansi(8) => Color::DarkGray,
        Colour::Ansi(9) => Color::LightRed,
        Colour::Ansi(10) => Color::LightGreen,
        Colour::Ansi(11) => Color::LightYellow,
        Colour::Ansi(12) => Color::LightBlue,
        Colour::Ansi(13) => Color::LightMagenta,
        Colour::Ansi(14) => Color::LightCyan,
        Colour::Ansi(_) => Color::White,
        Colour::Indexed(index) => Color::Indexed(index),
        Colour::Rgb(Rgb(red, green, blue)) => Color::Rgb(red, green, blue),
    }
}

/// The signs of the screen. Each is one cell wide, so that the two sets give the same layout.
#[derive(Debug)]
pub struct Glyphs {
    /// In the gutter of the row or card under the cursor.
    pub cursor: &'static str,
    /// Down the side of the card under the cursor.
    pub bar: &'static str,
    /// In the gutter of what is marked.
    pub mark: &'static str,
    /// Won, done, in time.
    pub good: &'static str,
    /// Lost, overdue.
    pub late: &'static str,
    /// Rotting, due soon.
    pub soon: &'static str,
    /// Changed by somebody else.
    pub by_others: &'static str,
    /// In the trash.
    pub trashed: &'static str,
    /// On its way to the book.
    pub pending: &'static str,
    /// Not saved, required.
    pub unsaved: &'static str,
    /// Unknown, none.
    pub unknown: &'static str,
    /// Text was cut here.
    pub ellipsis: &'static str,
    /// Between parts of a line.
    pub dot: &'static str,
    /// From here to there.
    pub arrow: &'static str,
    /// There is more this way.
    pub up: &'static str,
    /// There is more this way.
    pub down: &'static str,
    /// There is more this way.
    pub left: &'static str,
    /// There is more this way.
    pub right: &'static str,
    /// A menu opens here.
    pub menu: &'static str,
    /// In touch with the book.
    pub fresh: &'static str,
    /// Waits for the book.
    pub waiting: &'static str,
    /// Out of touch with the book.
    pub offline: &'static str,
    /// A faint line between cards.
    pub faint: &'static str,
    /// Between columns of text.
    pub vertical: &'static str,
    /// A line across a panel.
    pub horizontal: &'static str,
    /// The frame of a panel.
    pub frame: border::Set<'static>,
    /// The frame of the panel that has the keys.
    pub frame_focus: border::Set<'static>,
}

/// Glyphs for terminals that know Unicode.
pub static UNICODE: Glyphs = Glyphs {
    cursor: "▶",
    bar: "▌",
    mark: "●",
    good: "✓",
    late: "!",
    soon: "~",
    by_others: "◆",
    trashed: "✗",
    pending: "◌",
    unsaved: "*",
    unknown: "—",
    ellipsis: "…",
    dot: "·",
    arrow: "→",
    up: "↑",
    down: "↓",
    left: "◂",
    right: "▸",
    menu: "▾",
    fresh: "●",
    waiting: "◐",
    offline: "○",
    faint: "┈",
    vertical: "│",
    horizontal: "─",
    frame: border::PLAIN,
    frame_focus: border::DOUBLE,
};

/// Glyphs for all others.
pub static ASCII: Glyphs = Glyphs {
    cursor: ">",
    bar: "|",
    mark: "*",
    good: "+",
    late: "!",
    soon: "~",
    by_others: "#",
    trashed: "x",
    pending: "%",
    unsaved: "*",
    unknown: "-",
    ellipsis: ".",
    dot: ".",
    arrow: ">",
    up: "^",
    down: "v",
    left: "<",
    right: ">",
    menu: "v",
    fresh: "*",
    waiting: "o",
    offline: "-",
    faint: ".",
    vertical: "|",
    horizontal: "-",
    frame: border::Set {
        top_left: "+",
        top_right: "+",
        bottom_left: "+",
        bottom_right: "+",
        vertical_left: "|",
        vertical_right: "|",
        horizontal_top: "-",
        horizontal_bottom: "-",
    },
    frame_focus: border::Set {
        top_left: "#",
        top_right: "#",
        bottom_left: "#",
        bottom_right: "#",
        vertical_left: "#",
        vertical_right: "#",
        horizontal_top: "=",
        horizontal_bottom: "=",
    },
};
