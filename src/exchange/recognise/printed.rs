//! Tables that this program prints and no import takes: known for what they are, so that nothing else is made of them.

use std::collections::BTreeSet;

use crate::domain::id::RecordId;
use crate::domain::nouns::{ENTITIES, Entity};
use crate::exchange::read::Table;
use crate::exchange::write::{Out, table_columns};

use super::NOUNS;

/// Rows whose ids are looked at to know a list of this program.
const LOOKED_AT: usize = 20;

/// Lists that this program prints and that are no records: columns that say which it is.
const PRINTED: &[(&[&str], &str)] = &[
    (
        &["what", "when", "id", "name", "with", "of"],
        "what is to be done today",
    ),
    (
        &["by", "when", "id", "task", "with", "of"],
        "the tasks of a book",
    ),
    (
        &["id", "at", "noun", "name", "by", "step"],
        "the trash of a book",
    ),
    (
        &["step", "at", "by", "changes", "undone", "what"],
        "the last steps of a book",
    ),
    (
        &["id", "noun", "name", "detail", "matched"],
        "what a search found",
    ),
    (&["won", "lost", "n", "win_rate"], "the figures of a report"),
    (
        &["won_count", "lost_count", "win_rate"],
        "the figures of a report",
    ),
];

/// What a table of this program holds that no import takes: its columns look like those of other nouns, and stages, lines of deals or
/// the figures of reps would become deals and reps.
pub(super) fn printed(table: &Table) -> Option<String> {
    let has = |name: &&str| table.header.iter().any(|own| own == name);
    if let Some((_, what)) = PRINTED.iter().find(|(names, _)| names.iter().all(&has)) {
        return Some((*what).to_owned());
    }
    let entity = only_as_lines(table).or_else(|| listed_by(table))?;
    Some(format!(
        "the {} of a book",
        match entity {
            Entity::Company => "companies".to_owned(),
            other => format!("{}s", other.name().replace('_', " ")),
        }
    ))
}

/// The noun of this program's own tables that no table brings back, where this is a whole one of them.
fn only_as_lines(table: &Table) -> Option<Entity> {
    untaken().find(|entity| {
        let columns = table_columns(*entity, BTreeSet::new());
        columns.len() == table.header.len()
            && (columns.iter()).all(|column| table.header.iter().any(|name| name == column.name()))
    })
}

/// The same, where this is a list of it: with some of its columns, and with ids of a book.
fn listed_by(table: &Table) -> Option<Entity> {
    let id = table.header.iter().position(|name| name == "id")?;
    let mut ids = table.column(id).take(LOOKED_AT).peekable();
    ids.peek()?;
    if !ids.all(|id| RecordId::parse(id).is_some()) {
        return None;
    }
    let fits = |entity: &Entity| {
        let columns = table_columns(*entity, BTreeSet::new());
        let names = columns.iter().map(Out::name).chain(
            // A view of a board is listed with its pipeline.
            (*entity == Entity::View).then_some("pipeline"),
        );
        let names: Vec<&str> = names.collect();
        table.header.iter().all(|name| names.contains(&&**name))
    };
    // What fits one that is taken is not decided here.
    if NOUNS.iter().any(|(taken, _)| fits(taken)) {
        return None;
    }
    untaken().find(fits)
}

/// The nouns of which no import takes a table.
fn untaken() -> impl Iterator<Item = Entity> {
    let taken = |entity: &Entity| NOUNS.iter().any(|(taken, _)| taken == entity);
    ENTITIES
        .iter()
        .copied()
        .filter(move |entity| !taken(entity))
}
