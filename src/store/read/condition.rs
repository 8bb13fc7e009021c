//! The part of a WHERE that a filter stands for.

use crate::domain::filter::Filter;
use crate::domain::nouns::Entity;
use crate::domain::value::Value;

use super::super::book::Meta;
use super::super::query::Asked;
use super::Res;

/// A condition over one table, with its parameters in order (`?` marks).
pub(super) struct Condition {
    pub sql: String,
    pub args: Vec<Value>,
    /// Where the filter leaves something out: which of the rows have no value there.
    pub unknown: Option<(String, Vec<Value>)>,
}

/// The condition of a filter over the table of a noun; all rows where there is none.
#[expect(clippy::unnecessary_wraps, reason = "until filters are compiled")]
pub(super) fn condition(
    _meta: &Meta,
    _filter: Option<&Filter>,
    _entity: Entity,
    _asked: &Asked,
) -> Res<Condition> {
    Ok(Condition {
        sql: "1".to_owned(),
        args: Vec::new(),
        unknown: None,
    })
}
