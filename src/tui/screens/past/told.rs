//! The changes of a step, line by line: field, what it was, what it became.

use crate::domain::money::grouped;
use crate::domain::nouns::{Entity, Field, Kind};
use crate::domain::past::{StepChange, StepChanges};
use crate::domain::shown::{Showing, show};
use crate::domain::typed::label;
use crate::domain::value::Value;
use crate::tui::look::Look;
use crate::tui::words;

/// The lines that tell what a step changed; each record has a line, and under it its fields.
#[must_use]
pub fn lines(changes: &StepChanges, look: &Look<'_>) -> Vec<String> {
    let mut lines = Vec::new();
    let mut of = None;
    for change in &changes.changes {
        if of != Some((change.entity, change.record)) {
            of = Some((change.entity, change.record));
            lines.push(record_line(change));
        }
        lines.extend(field_line(change, look).map(|line| format!("   {line}")));
    }
    if lines.is_empty() {
        lines.push("It changed nothing: all was so already.".to_owned());
    }
    let told = changes.changes.len() as u64;
    if told < changes.total {
        let more = words::count(changes.total - told, "more change", "more changes");
        lines.push(format!("and {more}"));
    }
    lines
}

fn record_line(change: &StepChange) -> String {
    let noun = spoken(change.entity);
    if change.made > 1 {
        return format!("{} records of {noun} made", grouped(change.made));
    }
    match change.field {
        None => format!("{} · {noun} · made", change.name),
        Some(_) => format!("{} · {noun}", change.name),
    }
}

fn spoken(entity: Entity) -> String {
    entity.name().replace('_', " ")
}

/// `Amount: CHF 40,000.00 → CHF 42,000.00`; nothing for a creation, which its record's line tells.
fn field_line(change: &StepChange, look: &Look<'_>) -> Option<String> {
    let field = change.field.as_deref()?;
    if field == "trashed_at" {
        let what = if change.new.0.is_null() {
            "taken out of the trash"
        } else {
            "put into the trash"
        };
        return Some(what.to_owned());
    }
    let (name, kind) = match Field::named(change.entity, field) {
        Some(Field::Own(def)) => (label(def), def.kind),
        Some(Field::Custom(..)) => {
            let (name, kind) = change.custom.clone()?;
            (name, kind.kind())
        }
        None => (field.replace('_', " "), Kind::Line),
    };
    let arrow = look.theme.glyphs().arrow;
    let told = |(value, name): &(Value, Option<String>)| {
        // A custom amount is in the book's currency, whatever the record's own are in.
        let own = change.currency.filter(|_| change.custom.is_none());
        let currency = own.or(look.base);
        let by = currency.map(|currency| Showing {
            currency,
            zone: look.zone,
            name: name.as_deref(),
        });
        by.and_then(|by| show(kind, value, &by))
    };
    Some(match (told(&change.old), told(&change.new)) {
        (None, Some(new)) => format!("{name}: {new}"),
        (Some(old), None) => format!("{name}: {old} {arrow} unknown"),
        (Some(old), Some(new)) => format!("{name}: {old} {arrow} {new}"),
        (None, None) => name,
    })
}
