//! A filter clause by clause: what each leaves alone.

use rusqlite::Connection;

use crate::domain::filter::{Expr, Filter};

use super::super::book::Meta;
use super::super::query::{Clauses, ListQuery};
use super::Res;
use super::list;

pub(super) fn clauses(conn: &Connection, meta: &Meta, query: &ListQuery) -> Res<Clauses> {
    let of = |filter: Option<Filter>| {
        let query = ListQuery {
            filter,
            ..query.clone()
        };
        list::count(conn, meta, &query)
    };
    let root = query.filter.as_ref().and_then(Filter::root);
    let parts: Vec<Expr> = match root {
        Some(Expr::All(parts)) => parts.clone(),
        Some(one) => vec![one.clone()],
        None => Vec::new(),
    };
    let parts = parts.into_iter().map(|part| {
        let filter = Filter::of(part);
        let text = filter.to_string();
        let (fit, unknown) = of(Some(filter))?;
        Ok((text, fit, unknown))
    });
    let parts = parts.collect::<Res<Vec<_>>>()?;
    Ok(Clauses {
        all: of(None)?.0,
        // A filter of one clause is that clause.
        fit: match &parts[..] {
            [(_, fit, _)] => *fit,
            _ => of(query.filter.clone())?.0,
        },
        parts,
    })
}
