//! Colours, and what becomes of them on terminals that have fewer.
//!
//! Terminals are not asked to find the next best colour, and the library that writes to them does not either: a colour of 24 bits is
//! taken down here, to the 256 of xterm, to the 16 of the palette, to none. The first 16 colours are the palette's own, which nobody
//! knows; only the others have a fixed look.

/// A colour of 24 bits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rgb(pub u8, pub u8, pub u8);

/// How many colours the terminal has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// None: attributes only.
    Mono,
    /// The 16 of the palette.
    Sixteen,
    /// The 256 of xterm.
    Indexed,
    /// All of 24 bits.
    True,
}

impl Depth {
    /// What the environment says of the terminal: `COLORTERM`, then `TERM`, then marks of terminals that set neither well. `NO_COLOR` is
    /// a wish, not a fact of the terminal, and not looked at here.
    #[must_use]
    pub fn of(environment: impl Fn(&str) -> Option<String>) -> Self {
        let said = |name: &str| environment(name).unwrap_or_default();
        let (colorterm, term) = (said("COLORTERM"), said("TERM"));
        if matches!(
            term.as_str(),
            "dumb" | "vt100" | "vt102" | "vt220" | "xterm-mono"
        ) {
            return Self::Mono;
        }
        let known = |name: &str| environment(name).is_some_and(|value| !value.is_empty());
        if matches!(colorterm.as_str(), "truecolor" | "24bit")
            || term.ends_with("-direct")
            || known("WT_SESSION")
            || cfg!(windows) && term.is_empty()
        {
            Self::True
        } else if term.contains("256color")
            || ["alacritty", "xterm-kitty", "foot"].contains(&term.as_str())
        {
            Self::Indexed
        } else {
            Self::Sixteen
        }
    }

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Mono => "none",
            Self::Sixteen => "16",
            Self::Indexed => "256",
            Self::True => "16 million",
        }
    }
}

/// A colour of a theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    /// The terminal's own.
    Default,
    /// 0 to 7 are black, red, green, yellow, blue, magenta, cyan, white; 8 to 15 the same, bright.
    Ansi(u8),
    /// One of xterm's 256, from 16 on: a colour taken down.
    Indexed(u8),
    /// A fixed one.
    Rgb(Rgb),
}

const COLOURS: [&str; 8] = [
    "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
];

impl Colour {
    pub(super) fn named(name: &str) -> Option<Self> {
        if name == "default" {
            return Some(Self::Default);
        }
        if let Some(digits) = name.strip_prefix('#') {
            return Rgb::hex(digits).map(Self::Rgb);
        }
        let (plain, bright) = match name.strip_prefix("bright-") {
            Some(plain) => (plain, 8),
            None => (name, 0),
        };
        let index = COLOURS.iter().position(|known| *known == plain)?;
        u8::try_from(index)
            .ok()
            .map(|index| Self::Ansi(index + bright))
    }

    /// The colour where there are only so many, on a background.
    #[must_use]
    pub fn at(self, depth: Depth, ground: Option<Rgb>) -> Self {
        match (self, depth) {
            (Self::Rgb(rgb), Depth::Indexed) => Self::Indexed(rgb.indexed()),
            (Self::Rgb(rgb), Depth::Sixteen) => Self::Ansi(rgb.sixteen(ground)),
            (same, _) => same,
        }
    }

    /// The fixed colour that it is; `None` where the palette decides.
    #[must_use]
    pub const fn rgb(self) -> Option<Rgb> {
        match self {
            Self::Rgb(rgb) => Some(rgb),
            Self::Indexed(index) => Some(Rgb::of_index(index)),
            Self::Default | Self::Ansi(_) => None,
        }
    }
}

/// The 16 colours as xterm has them where nobody has chosen others: the best guess at a palette.
const XTERM: [Rgb; 16] = [
    Rgb(0, 0, 0),
    Rgb(205, 0, 0),
    Rgb(0, 205, 0),
    Rgb(205, 205, 0),
    Rgb(0, 0, 238),
    Rgb(205, 0, 205),
    Rgb(0, 205, 205),
    Rgb(229, 229, 229),
    Rgb(127, 127, 127),
    Rgb(255, 0, 0),
    Rgb(0, 255, 0),
    Rgb(255, 255, 0),
    Rgb(92, 92, 255),
    Rgb(255, 0, 255),
    Rgb(0, 255, 255),
    Rgb(255, 255, 255),
];

/// The steps of each hue in xterm's cube of 6 x 6 x 6 colours.
const STEPS: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The contrast that text needs to be read, by WCAG 2 at level AA.
pub const READABLE: f64 = 4.5;

impl Rgb {
    fn hex(digits: &str) -> Option<Self> {
        if digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        let hue = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self(hue(0)?, hue(2)?, hue(4)?))
    }

    /// The fixed colour of a number from 16 on: the cube, then the greys.
    const fn of_index(index: u8) -> Self {
        match index {
            0..=15 => XTERM[index as usize],
            16..=231 => {
                let cube = index - 16;
                Self(step(cube / 36), step(cube / 6), step(cube))
            }
            232.. => {
                let grey = 8 + 10 * (index - 232);
                Self(grey, grey, grey)
            }
        }
    }

    /// The nearest of xterm's fixed colours.
    fn indexed(self) -> u8 {
        (16..=255)
            .min_by_key(|index| self.distance(Self::of_index(*index)))
            .unwrap_or(16)
    }

    /// The nearest of the palette's colours, of those that can be read on the background.
    fn sixteen(self, ground: Option<Self>) -> u8 {
        let ground = ground.map(|ground| XTERM[usize::from(ground.sixteen(None))]);
        let legible = |colour: &u8| {
            ground.is_none_or(|ground| XTERM[usize::from(*colour)].contrast(ground) >= READABLE)
        };
        (0..16)
            .filter(legible)
            .min_by_key(|colour| self.distance(XTERM[usize::from(*colour)]))
            .unwrap_or(7)
    }

    /// How far colours lie apart, as eyes see it: red and blue count by how red the colours are.
    fn distance(self, other: Self) -> u32 {
        let by = |one: u8, two: u8| u32::from(one.abs_diff(two)).pow(2);
        let red = u32::midpoint(self.0.into(), other.0.into());
        (512 + red) * by(self.0, other.0)
            + 1024 * by(self.1, other.1)
            + (767 - red) * by(self.2, other.2)
    }

    /// How bright it is, from 0 (black) to 1 (white): the relative luminance of WCAG 2.
    #[must_use]
    pub fn luminance(self) -> f64 {
        let linear = |hue: u8| {
            let hue = f64::from(hue) / 255.0;
            if hue <= 0.040_45 {
                hue / 12.92
            } else {
                ((hue + 0.055) / 1.055).powf(2.4)
            }
        };
        0.2126_f64.mul_add(
            linear(self.0),
            0.7152_f64.mul_add(linear(self.1), 0.0722 * linear(self.2)),
        )
    }

    /// The contrast of two colours, from 1 (the same) to 21 (black and white), by WCAG 2.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    /// Whether black is better read on it than white.
    #[must_use]
    pub fn is_light(self) -> bool {
        self.contrast(Self(0, 0, 0)) > self.contrast(Self(255, 255, 255))
    }

    /// The colour that a terminal answers with: `rgb:ffff/ffff/ffff`, with one to four digits a hue, or `#rrggbb`.
    #[must_use]
    pub fn answered(text: &str) -> Option<Self> {
        if let Some(digits) = text.strip_prefix('#') {
            return Self::hex(digits);
        }
        let hues = text
            .strip_prefix("rgb:")
            .or_else(|| text.strip_prefix("rgba:"))?;
        let mut hues = hues.split('/').map(|digits| {
            if !(1..=4).contains(&digits.len()) || digits.starts_with('+') {
                return None;
            }
            let most = (1_u32 << (4 * digits.len())) - 1;
            let value = u32::from_str_radix(digits, 16).ok()?;
            u8::try_from(value * 255 / most).ok()
        });
        let mut next = || hues.next().flatten();
        Some(Self(next()?, next()?, next()?))
    }
}

const fn step(place: u8) -> u8 {
    STEPS[place as usize % 6]
}

impl std::fmt::Display for Rgb {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.0, self.1, self.2)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn depth(environment: &[(&str, &str)]) -> Depth {
        Depth::of(|name| {
            let found = environment.iter().find(|(known, _)| *known == name);
            found.map(|(_, value)| (*value).to_owned())
        })
    }

    #[test]
    fn the_environment_says_how_many_colours_there_are() {
        assert_eq!(
            depth(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]),
            Depth::True
        );
        assert_eq!(depth(&[("TERM", "xterm-256color")]), Depth::Indexed);
        assert_eq!(depth(&[("TERM", "xterm-direct")]), Depth::True);
        assert_eq!(depth(&[("TERM", "linux")]), Depth::Sixteen);
        assert_eq!(depth(&[("TERM", "vt220")]), Depth::Mono);
        assert_eq!(
            depth(&[("TERM", "dumb"), ("COLORTERM", "truecolor")]),
            Depth::Mono
        );
    }

    #[test]
    fn a_colour_is_taken_down_to_the_nearest_that_can_be_read() {
        let orange = Colour::Rgb(Rgb(0xe6, 0x9f, 0x00));
        assert_eq!(orange.at(Depth::True, None), orange);
        assert_eq!(orange.at(Depth::Indexed, None), Colour::Indexed(178));
        assert_eq!(
            orange.at(Depth::Sixteen, Some(Rgb(0, 0, 0))),
            Colour::Ansi(3)
        );
        // Yellow cannot be read on white, and red is the nearest that can.
        let white = Some(Rgb(255, 255, 255));
        assert_eq!(orange.at(Depth::Sixteen, white), Colour::Ansi(1));
        assert_eq!(Colour::Ansi(3).at(Depth::Sixteen, white), Colour::Ansi(3));
    }

    #[test]
    fn contrast_is_that_of_wcag() {
        let (black, white) = (Rgb(0, 0, 0), Rgb(255, 255, 255));
        assert!((black.contrast(white) - 21.0).abs() < 1e-9);
        // The grey that just can be read on white, and the next that cannot.
        assert!(Rgb(0x76, 0x76, 0x76).contrast(white) >= READABLE);
        assert!(Rgb(0x77, 0x77, 0x77).contrast(white) < READABLE);
        assert!(white.is_light() && !black.is_light() && !Rgb(0x28, 0x2a, 0x36).is_light());
    }

    #[test]
    fn answers_of_terminals_are_read_in_any_length() {
        assert_eq!(
            Rgb::answered("rgb:ffff/ffff/ffff"),
            Some(Rgb(255, 255, 255))
        );
        assert_eq!(Rgb::answered("rgb:fd/f6/e3"), Some(Rgb(0xfd, 0xf6, 0xe3)));
        assert_eq!(
            Rgb::answered("rgba:0000/2b2b/3636/ffff"),
            Some(Rgb(0, 0x2b, 0x36))
        );
        assert_eq!(Rgb::answered("rgb:f/8/0"), Some(Rgb(255, 136, 0)));
        for wrong in [
            "",
            "rgb:",
            "rgb:1/2",
            "rgb:xx/yy/zz",
            "#12345",
            "rgb:fffff/0/0",
            "rgb://",
            "rgb:-1/0/0",
        ] {
            assert_eq!(Rgb::answered(wrong), None, "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_answer_is_read_without_panic(text in "(rgb:)?[0-9a-f/#]{0,40}") {
            let _ = Rgb::answered(&text);
        }

        #[test]
        fn what_is_taken_down_to_256_lies_near(r in 0_u8.., g in 0_u8.., b in 0_u8..) {
            let rgb = Rgb(r, g, b);
            let near = Rgb::of_index(rgb.indexed());
            // Half of the cube's widest step in each hue, and never much more.
            prop_assert!(r.abs_diff(near.0) <= 60 && g.abs_diff(near.1) <= 60 && b.abs_diff(near.2) <= 60, "{rgb} {near}");
        }
    }
}
