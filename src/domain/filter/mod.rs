//! The filter language: one text for the `/` bar, `--filter`, views and segments.
//!
//! ```text
//! expr  := and ("or" and)*        and := not ("and"? not)*        not := ("not" | "-") not | "(" expr ")" | term
//! term  := word | "quoted phrase" | field op value ("," value)* | "has:" field | "no:" field | "is:" flag | flag
//! op    := ":" | "=" | "!=" | "<" | "<=" | ">" | ">=" | "~"       value := text | "quoted text" | low ".." high
//! ```
//!
//! A text goes two steps. [`parse`](fn@parse) reads it without knowing any noun, and what it gives prints back as one canonical text.
//! [`bind`](fn@bind) then holds it to a noun: fields get their columns, values their types, and what does not exist is an error that names
//! the nearest, never zero hits.
//!
//! Every term is true or false of a record; a term about a field of which nothing is known is false, and `not` is the exact
//! opposite. So `-city:Boston` lets people without a city through, and a listing says how many those are.

mod ast;
mod bind;
mod bound;
mod clause;
mod complete;
mod near;
mod parse;
mod places;
mod print;
mod strangers;
#[cfg(test)]
mod tests;
mod values;

pub use ast::{Expr, Filter, Flag, Op, Operand, Span, Term, Test};
pub use bind::bind;
pub use bound::{Between, Bound, Check, Context, CustomField, CustomKind, Match, Node};
pub use complete::{Completion, complete};
pub use near::is_near;
pub use parse::parse;
pub use places::{Place, currency_of, names, nearest, place};
pub use strangers::strangers;

/// Why a text is no filter, or no filter for a noun.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what}")]
pub struct FilterError {
    /// Where the fault stands: bytes of the text that was parsed.
    pub span: Span,
    /// A sentence: what, why, what to do.
    pub what: String,
    /// What was meant, as far as that can be guessed: a field, a word of a choice.
    pub nearest: Option<String>,
}

impl FilterError {
    pub(crate) fn new(span: Span, what: impl Into<String>) -> Self {
        Self {
            span,
            what: what.into(),
            nearest: None,
        }
    }

    /// The byte at which the fault begins.
    #[must_use]
    pub const fn position(&self) -> usize {
        self.span.from
    }
}
