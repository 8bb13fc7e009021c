//! From questions to answers: every answer is one moment of the book, read in one transaction.

mod board;
mod by_letters;
mod by_text;
mod cards;
mod changes;
mod clauses;
mod closed;
mod condition;
mod figures;
mod firm;
pub(super) mod folded;
mod groups;
mod head;
mod history;
mod info;
mod keys;
pub(super) mod known;
mod lines;
mod list;
mod matches;
pub(super) mod names;
mod ordered;
mod past;
mod profile;
mod resolve;
pub(super) mod search;
mod setup;
mod timeline;
mod today;
mod trash;
pub(super) mod waiting;
mod walk;

mod words;
#[cfg(test)]
pub(super) use today::planned_sql;

use std::path::Path;

use rusqlite::Connection;

use super::book::Meta;
use super::filter_sql;
use super::query::{Answer, BookInfo, Query};
use super::write::Stop;

pub(super) type Res<T> = Result<T, Stop>;

/// Answers one question.
pub(super) fn answer(
    conn: &mut Connection,
    meta: &Meta,
    path: &Path,
    query: &Query,
) -> Res<Answer> {
    let answered = answer_in_one(conn, meta, path, query);
    let forgotten = filter_sql::forget(conn);
    let answer = answered?;
    forgotten?;
    Ok(answer)
}

fn answer_in_one(conn: &mut Connection, meta: &Meta, path: &Path, query: &Query) -> Res<Answer> {
    let tx = conn.transaction()?;
    let answer = match query {
        Query::Info => Answer::Info(Box::new(info::info(&tx, meta, path)?)),
        Query::Board(query) => Answer::Board(Box::new(board::board(&tx, meta, query)?)),
        Query::Ever(query) => {
            let counts = board::ever(&tx, meta, query)?;
            Answer::Ever(query.clone(), counts)
        }
        Query::List(query) => Answer::List(list::list(&tx, meta, query)?),
        Query::Order(query) => Answer::Order(list::order_of(&tx, meta, query)?),
        Query::Head(query) => Answer::Head(head::head_of(&tx, meta, query)?),
        Query::Rows { entity, ids, now } => {
            Answer::Rows(profile::rows(&tx, meta, (*entity, ids), *now)?)
        }
        Query::Profile { of, now } => {
            Answer::Profile(profile::profile(&tx, meta, *of, *now)?.map(Box::new))
        }
        Query::History(query) => Answer::History(history::history(&tx, query)?),
        Query::Holders(query) => Answer::Holders(profile::holders(&tx, query)?),
        Query::Show { entity, id } => Answer::Show(list::show(&tx, *entity, *id)?.map(Box::new)),
        Query::Lines(deal) => Answer::Lines(lines::lines(&tx, *deal)?.map(Box::new)),
        Query::Resolve { entity, text } => Answer::Resolve(resolve::resolve(&tx, *entity, text)?),
        Query::Choices(entity) => Answer::Choices(resolve::choices(&tx, *entity)?),
        Query::Matches(query) => Answer::Matches(matches::matches(&tx, query)?),
        Query::Search { text, limit } => Answer::Search(search::search(&tx, text, *limit)?),
        Query::Lately { rep, opened, limit } => {
            Answer::Search(search::lately(&tx, *rep, opened, *limit)?)
        }
        Query::Timeline { entity, id, limit } => {
            Answer::Timeline(timeline::timeline(&tx, *entity, *id, *limit)?)
        }
        Query::Today(query) => Answer::Today(Box::new(today::today(&tx, meta, query)?)),
        Query::Clauses(query) => Answer::Clauses(clauses::clauses(&tx, meta, query)?),
        Query::Words(entity) => Answer::Words(words::words(&tx, *entity)?),
        Query::Setup => Answer::Setup(Box::new(setup::setup(&tx)?)),
        Query::Groups { limit } => Answer::Groups(groups::groups(&tx, *limit)?),
        Query::Trash(query) => Answer::Trash(trash::trash(&tx, query)?),
        Query::Steps(query) => Answer::Steps(past::steps(&tx, query)?),
        Query::StepChanges { group, limit } => {
            Answer::StepChanges(past::changes(&tx, *group, *limit)?)
        }
        Query::Closed(query) => Answer::Closed(closed::closed(&tx, meta, query)?),
        Query::Changes { after, limit } => Answer::Changes(changes::changes(&tx, *after, *limit)?),
    };
    tx.commit()?;
    Ok(answer)
}

/// What a book says of itself without counting.
pub(super) fn head(conn: &mut Connection, meta: &Meta, path: &Path) -> Res<BookInfo> {
    let tx = conn.transaction()?;
    let head = info::head(&tx, meta, path)?;
    tx.commit()?;
    Ok(head)
}
