//! The filter language: one text for the `/` bar, `--filter`, views and segments.

/// A parsed filter.
#[derive(Clone, Debug, PartialEq)]
pub struct Filter {}
