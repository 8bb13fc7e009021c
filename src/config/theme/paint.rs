//! How a role looks: colours and attributes, as the theme files write them.

use super::colour::Colour;

/// The attributes of a style.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Attributes(u8);

impl Attributes {
    /// Heavier letters.
    pub const BOLD: Self = Self(1);
    /// Fainter letters.
    pub const DIM: Self = Self(2);
    /// Slanted letters.
    pub const ITALIC: Self = Self(4);
    /// A line under the letters.
    pub const UNDERLINE: Self = Self(8);
    /// Letters and background exchanged.
    pub const REVERSE: Self = Self(16);

    /// Whether all of the other's attributes are set here.
    #[must_use]
    pub const fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    fn named(name: &str) -> Option<Self> {
        match name {
            "bold" => Some(Self::BOLD),
            "dim" => Some(Self::DIM),
            "italic" => Some(Self::ITALIC),
            "underline" => Some(Self::UNDERLINE),
            "reverse" => Some(Self::REVERSE),
            _ => None,
        }
    }
}

/// How a role looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Paint {
    /// The colour of the letters, where it is not left as it is.
    pub fg: Option<Colour>,
    /// The colour behind them, where it is not left as it is.
    pub bg: Option<Colour>,
    /// Their attributes.
    pub attributes: Attributes,
}

impl Paint {
    /// Reads a style of a theme file.
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        let mut paint = Self::default();
        let mut words = text.split_whitespace();
        while let Some(word) = words.next() {
            if word == "on" {
                let name = words.next().unwrap_or_default();
                paint.bg = Some(
                    Colour::named(name)
                        .ok_or_else(|| format!("`on` wants a colour, not `{name}`"))?,
                );
            } else if let Some(attribute) = Attributes::named(word) {
                paint.attributes.0 |= attribute.0;
            } else if let Some(colour) = Colour::named(word) {
                paint.fg = Some(colour);
            } else {
                return Err(format!("`{word}` is neither a colour nor an attribute"));
            }
        }
        Ok(paint)
    }
}
