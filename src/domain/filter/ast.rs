//! The tree of a parsed filter.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{FilterError, parse};

/// A parsed filter. Two filters are equal when they mean the same by the same words, wherever these stood in the text. It
/// serialises as its canonical text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    pub(super) root: Option<Expr>,
    pub(super) doubtful: Doubtful,
}

impl Filter {
    /// The filter of an expression, as parsing its text would give it.
    #[must_use]
    pub const fn of(root: Expr) -> Self {
        Self {
            root: Some(root),
            doubtful: Doubtful(false),
        }
    }

    /// The expression; `None` lets everything through.
    #[must_use]
    pub const fn root(&self) -> Option<&Expr> {
        self.root.as_ref()
    }

    /// Whether it lets everything through.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.root.is_none()
    }

    /// How the text was read, with brackets, where a reader could have meant something else: `or` beside adjacency without
    /// brackets, a currency behind a number.
    #[must_use]
    pub fn reading(&self) -> Option<String> {
        self.doubtful.0.then(|| self.to_string())
    }

    /// Both filters at once: what a view asks for and what was typed into the bar.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let doubtful = Doubtful(self.doubtful.0 || other.doubtful.0);
        let root = match (self.root, other.root) {
            (Some(one), Some(two)) => Some(Expr::all(vec![one, two])),
            (one, two) => one.or(two),
        };
        Self { root, doubtful }
    }
}

impl FromStr for Filter {
    type Err = FilterError;

    fn from_str(text: &str) -> Result<Self, FilterError> {
        parse(text)
    }
}

impl Serialize for Filter {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Filter {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        parse(&String::deserialize(from)?).map_err(serde::de::Error::custom)
    }
}

/// Whether the text could have been read in another way. It is no part of what a filter means, so it is equal to any other.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Doubtful(pub bool);

impl PartialEq for Doubtful {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Doubtful {}

/// A part of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Expr {
    /// All of these: two or more, none of them itself an `All`.
    All(Vec<Expr>),
    /// Any of these: two or more, none of them itself an `Any`.
    Any(Vec<Expr>),
    /// Not this, which is not itself a `Not`.
    Not(Box<Expr>),
    /// One clause.
    Term(Term),
}

impl Expr {
    /// All of these, flattened. Of one it is that one.
    ///
    #[must_use]
    pub fn all(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match <[Self; 1]>::try_from(flat) {
            Ok([only]) => only,
            Err(flat) => Self::All(flat),
        }
    }

    /// Any of these, flattened. Of one it is that one.
    #[must_use]
    pub fn any(parts: Vec<Self>) -> Self {
        let mut flat = Vec::with_capacity(parts.len());
        for part in parts {
            match part {
                Self::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        match <[Self; 1]>::try_from(flat) {
            Ok([only]) => only,
            Err(flat) => Self::Any(flat),
        }
    }

    /// The opposite of this.
    #[must_use]
    pub fn negate(self) -> Self {
        match self {
            Self::Not(inner) => *inner,
            other => Self::Not(Box::new(other)),
        }
    }
}

/// One clause of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// What it asks.
    pub test: Test,
    /// Where it stood.
    pub span: Span,
}

/// What a clause asks of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    /// That a text stands in what the record is searched by.
    Word(String),
    /// That a field compares so with any of these values (`!=`: with none).
    Field {
        /// The field's name or another name of it, in lower case.
        name: String,
        /// How.
        op: Op,
        /// With what: one or more.
        values: Vec<Operand>,
    },
    /// That something is known of a field.
    Has(String),
    /// That nothing is known of a field.
    No(String),
    /// That the record is in a state.
    Is {
        /// Which.
        flag: Flag,
        /// Written without `is:`. On a noun that has no such state it is a word like any other.
        bare: bool,
    },
}

/// A state that has a word of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Flag {
    /// A deal that can still be won.
    Open,
    /// A deal that was won.
    Won,
    /// A deal that was lost.
    Lost,
    /// An open deal that was quiet for longer than its stage allows (reports: Rotting).
    Rotting,
}

impl Flag {
    /// All of them.
    pub const ALL: [Self; 4] = [Self::Open, Self::Won, Self::Lost, Self::Rotting];

    /// Its word.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Won => "won",
            Self::Lost => "lost",
            Self::Rotting => "rotting",
        }
    }

    /// The flag of a word, in any case.
    #[must_use]
    pub fn named(word: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|flag| flag.name().eq_ignore_ascii_case(word))
    }
}

/// How a field is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Op {
    /// `:` equals, or for a text contains.
    Is,
    /// `=`
    Eq,
    /// `!=`, the exact opposite of `=`: it lets through what is unknown.
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
    /// `~` nearly: a slip of the keyboard apart.
    Near,
}

impl Op {
    /// Its sign.
    #[must_use]
    pub const fn sign(self) -> &'static str {
        match self {
            Self::Is => ":",
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
            Self::Near => "~",
        }
    }

    /// Whether it compares sizes, so that a list or a range beside it makes no sense.
    #[must_use]
    pub const fn is_ordering(self) -> bool {
        matches!(self, Self::Lt | Self::Le | Self::Gt | Self::Ge)
    }

    /// The operator that a text begins with.
    pub(super) fn leading(text: &str) -> Option<Self> {
        const LONGEST_FIRST: [Op; 8] = [
            Op::Ne,
            Op::Le,
            Op::Ge,
            Op::Is,
            Op::Eq,
            Op::Lt,
            Op::Gt,
            Op::Near,
        ];
        LONGEST_FIRST
            .into_iter()
            .find(|op| text.starts_with(op.sign()))
    }
}

/// A value as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Operand {
    /// One value.
    One(String),
    /// From the first to the second, both in it; at least one of them is there.
    Range(Option<String>, Option<String>),
}

/// Where something stands in a text, in bytes. It is no part of what a filter means, so it is equal to any other.
#[derive(Clone, Copy, Debug, Default)]
pub struct Span {
    /// The first byte.
    pub from: usize,
    /// The byte after the last.
    pub to: usize,
}

impl PartialEq for Span {
    fn eq(&self, _: &Self) -> bool {
        true
    }
}
impl Eq for Span {}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}..{}", self.from, self.to)
    }
}
