//! The canonical text of a filter: what [`parse`](fn@super::parse) reads back as the same.

use std::fmt::{self, Display, Formatter, Write as _};

use super::ast::{Expr, Filter, Flag, Op, Operand, Term, Test};
use super::parse::{is_currency, is_keyword, is_numeric};

impl Display for Filter {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        self.root().map_or(Ok(()), |root| root.fmt(f))
    }
}

/// Adjacency for *and*, `or` for *or*, with brackets round every *and* inside an *or*, so that the text needs no rule to be read.
impl Display for Expr {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::Term(term) => term.fmt(f),
            Self::Not(inner) => {
                f.write_char('-')?;
                grouped(inner, f)
            }
            Self::Any(parts) => {
                for (place, part) in parts.iter().enumerate() {
                    f.write_str(if place > 0 { " or " } else { "" })?;
                    grouped(part, f)?;
                }
                Ok(())
            }
            Self::All(parts) => {
                let mut before: Option<&Self> = None;
                for part in parts {
                    f.write_str(if before.is_some() { " " } else { "" })?;
                    match part {
                        // Behind a number a bare currency would be read as the currency of that number.
                        Self::Term(Term {
                            test: Test::Word(word),
                            ..
                        }) if is_currency(word) && before.is_some_and(ends_in_number) => {
                            quoted(word, f)?;
                        }
                        _ => grouped(part, f)?,
                    }
                    before = Some(part);
                }
                Ok(())
            }
        }
    }
}

fn grouped(part: &Expr, f: &mut Formatter<'_>) -> fmt::Result {
    match part {
        Expr::All(_) | Expr::Any(_) => write!(f, "({part})"),
        _ => part.fmt(f),
    }
}

fn ends_in_number(part: &Expr) -> bool {
    match part {
        Expr::Not(inner) => ends_in_number(inner),
        Expr::Term(Term {
            test: Test::Field { values, .. },
            ..
        }) => match values.last() {
            Some(Operand::One(text) | Operand::Range(_, Some(text))) => is_numeric(text),
            _ => false,
        },
        _ => false,
    }
}

impl Display for Term {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match &self.test {
            Test::Word(word) => {
                let safe = |c: char| !breaks(c) && !matches!(c, ':' | '=' | '<' | '>' | '~' | '!');
                let plain = !word.is_empty()
                    && word.chars().all(safe)
                    && !word.starts_with('-')
                    && !is_keyword(word)
                    && Flag::named(word).is_none();
                if plain {
                    f.write_str(word)
                } else {
                    quoted(word, f)
                }
            }
            Test::Field { name, op, values } => {
                write!(f, "{name}{op}")?;
                for (place, value) in values.iter().enumerate() {
                    f.write_str(if place > 0 { "," } else { "" })?;
                    value.fmt(f)?;
                }
                Ok(())
            }
            Test::Has(name) => write!(f, "has:{name}"),
            Test::No(name) => write!(f, "no:{name}"),
            Test::Is { flag, bare: false } => write!(f, "is:{}", flag.name()),
            Test::Is { flag, bare: true } => f.write_str(flag.name()),
        }
    }
}

impl Display for Op {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str(self.sign())
    }
}

impl Display for Operand {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Self::One(text) => value(text, f),
            Self::Range(low, high) => {
                if let Some(low) = low {
                    value(low, f)?;
                }
                f.write_str("..")?;
                high.as_ref().map_or(Ok(()), |high| value(high, f))
            }
        }
    }
}

fn value(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    let starts_like_op = text.starts_with(['=', '<', '>', '~', ':']);
    let plain = !text.is_empty()
        && !text.chars().any(|c| breaks(c) || c == ',')
        && !text.contains("..")
        && !text.starts_with('.')
        && !text.ends_with('.')
        && !starts_like_op;
    if plain {
        f.write_str(text)
    } else {
        quoted(text, f)
    }
}

/// Characters that end an unquoted run.
pub(super) fn breaks(c: char) -> bool {
    c.is_whitespace() || c.is_control() || matches!(c, '(' | ')' | '"')
}

fn quoted(text: &str, f: &mut Formatter<'_>) -> fmt::Result {
    f.write_char('"')?;
    for c in text.chars() {
        if matches!(c, '"' | '\\') {
            f.write_char('\\')?;
        }
        f.write_char(c)?;
    }
    f.write_char('"')
}
