//! A filter as the condition of a WHERE, with parameters. Words and names are compared folded: the connection carries the
//! functions of [`register`].

mod places;
mod sets;
pub(super) use places::{answered, waiting};
use sets::Sought;
pub(super) use sets::{forget, read};

use rusqlite::Connection;
use rusqlite::functions::FunctionFlags;
use rusqlite::types::ValueRef;

use crate::domain::filter::{Between, Bound, Check, Node, Place, currency_of, is_near};
use crate::domain::money::Currency;
use crate::domain::nouns::{self, Entity, Set};
use crate::domain::text::fold;
use crate::domain::time::{DAY_MS, Instant};
use crate::domain::value::Value;

use super::sql::quoted;

/// A condition over one table, with its parameters in the order of their `?` marks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Condition {
    /// An expression that is true of the rows that fit; of others it is false or null.
    pub sql: String,
    /// Its parameters.
    pub args: Vec<Value>,
    /// Where the filter leaves something out: which of the rows have no value there.
    pub unknown: Option<(String, Vec<Value>)>,
    /// What is to be read before it is asked.
    pub sets: Vec<Sought>,
    /// In how many places beside its own each of a [few](Of::Few) rows is looked up.
    pub lookups: usize,
}

impl Condition {
    /// That of all rows.
    pub fn all() -> Self {
        Self {
            sql: "1".to_owned(),
            args: Vec::new(),
            unknown: None,
            sets: Vec::new(),
            lookups: 0,
        }
    }
}

/// Gives a connection the functions that conditions call: `fold(text)`, `near(text, wanted)`, and `holds(text, wanted)` for whether
/// the folded text holds what is folded already; and those of [`sets`].
pub(super) fn register(conn: &Connection) -> rusqlite::Result<()> {
    let flags = FunctionFlags::SQLITE_UTF8 | FunctionFlags::SQLITE_DETERMINISTIC;
    conn.create_scalar_function("fold", 1, flags, |context| Ok(folded(context.get_raw(0))))?;
    conn.create_scalar_function("holds", 2, flags, |context| {
        let wanted = context.get_raw(1).as_str_or_null().ok().flatten();
        Ok(wanted.and_then(|wanted| holds(context.get_raw(0), wanted)))
    })?;
    conn.create_scalar_function("near", 2, flags, |context| {
        let texts = folded(context.get_raw(0)).zip(folded(context.get_raw(1)));
        Ok(texts.map(|(text, wanted)| is_near(&text, &wanted)))
    })?;
    sets::register(conn)
}

/// A value as a folded text: custom fields hold numbers too.
fn folded(value: ValueRef<'_>) -> Option<String> {
    match value {
        ValueRef::Text(text) => Some(fold(&String::from_utf8_lossy(text))),
        ValueRef::Integer(number) => Some(number.to_string()),
        ValueRef::Null | ValueRef::Real(_) | ValueRef::Blob(_) => None,
    }
}

/// Whether a value holds a folded text, when it is folded itself; `None` where it is none.
fn holds(value: ValueRef<'_>, wanted: &str) -> Option<bool> {
    if let ValueRef::Text(text) = value
        && text.is_ascii()
        && !wanted.contains(' ')
    {
        return Some(holds_plain(text, wanted.as_bytes()));
    }
    folded(value).map(|text| text.contains(wanted))
}

/// The same for a plain text and a single word, without writing a folded text: lists ask it of every row.
fn holds_plain(text: &[u8], wanted: &[u8]) -> bool {
    let Some(first) = wanted.first() else {
        return true;
    };
    let is_here = |at: usize| {
        let here = text.get(at..at + wanted.len());
        here.is_some_and(|here| here.eq_ignore_ascii_case(wanted))
    };
    memchr::memchr2_iter(*first, first.to_ascii_uppercase(), text).any(is_here)
}

/// Of how many rows a condition is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Of {
    /// Of any number: what other tables have of it is read once for all rows, and an index of theirs may lead to the rows.
    All,
    /// Of a few that are known: other tables are looked up for each.
    Few,
}

/// The condition of a filter over a table that the query calls `alias`.
pub(super) fn compile(bound: &Bound, alias: &str, of: Of) -> Condition {
    let mut compiler = Compiler {
        entity: bound.entity,
        alias: quoted(alias),
        of,
        args: Vec::new(),
        sets: Vec::new(),
    };
    let Some(root) = &bound.root else {
        return Condition::all();
    };
    // Bare, so that what an index serves is seen.
    let sql = compiler.node(root);
    let args = std::mem::take(&mut compiler.args);
    let lookups = sql.matches("(SELECT ").count();
    let mut negated = Vec::new();
    left_out(root, false, &mut negated);
    let unknown: Vec<String> = negated
        .into_iter()
        .filter_map(|check| compiler.unknown(check))
        .collect();
    Condition {
        sql,
        args,
        unknown: (!unknown.is_empty()).then(|| (unknown.join(" OR "), compiler.args)),
        sets: compiler.sets,
        lookups,
    }
}

/// The checks that stand under an odd number of negations.
fn left_out<'a>(node: &'a Node, negated: bool, found: &mut Vec<&'a Check>) {
    match node {
        Node::All(parts) | Node::Any(parts) => {
            for part in parts {
                left_out(part, negated, found);
            }
        }
        Node::Not(inner) => left_out(inner, !negated, found),
        Node::Check(check) => {
            if negated {
                found.push(check);
            }
        }
    }
}

struct Compiler {
    entity: Entity,
    alias: String,
    of: Of,
    args: Vec<Value>,
    sets: Vec<Sought>,
}

impl Compiler {
    /// A mark for a value.
    fn arg(&mut self, value: impl Into<Value>) -> &'static str {
        self.args.push(value.into());
        "?"
    }

    /// Whether a column has one of the ids of a set.
    fn in_set(&mut self, column: &str, set: Sought) -> String {
        let mark = self.arg(set.name.as_str());
        if !self.sets.iter().any(|known| known.name == set.name) {
            self.sets.push(set);
        }
        format!("set_has({mark}, {column})")
    }

    fn column(&self, name: &str) -> String {
        format!("{}.{}", self.alias, quoted(name))
    }

    fn id(&self) -> String {
        self.column("id")
    }

    fn node(&mut self, node: &Node) -> String {
        match node {
            Node::All(parts) => self.joined(parts, " AND "),
            Node::Any(parts) => self.joined(parts, " OR "),
            // What is unknown makes a check null; its opposite lets it through.
            Node::Not(inner) => format!("({}) IS NOT TRUE", self.node(inner)),
            Node::Check(check) => self.check(check),
        }
    }

    fn joined(&mut self, parts: &[Node], by: &str) -> String {
        let parts: Vec<String> = parts
            .iter()
            .map(|part| format!("({})", self.node(part)))
            .collect();
        parts.join(by)
    }

    fn check(&mut self, check: &Check) -> String {
        match check {
            Check::Word { text, digits } => self.word(text, digits.as_deref()),
            Check::Known(place) => self.known(*place),
            Check::Text { place, how, wanted } => {
                self.any(wanted, |own, wanted| own.text(*place, *how, wanted))
            }
            Check::Link {
                place,
                target,
                how,
                wanted,
                ids,
            } => self.link(*place, *target, *how, wanted, ids.iter().map(|id| id.raw())),
            Check::Number { place, within } => {
                let number = self.value(*place);
                self.within(&number, within.iter().copied())
            }
            Check::Money { place, within } => self.money(*place, within),
            Check::Day { place, within } => {
                let date = self.value(*place);
                self.within(&date, within.iter().copied())
            }
            Check::Moment { place, within } => {
                let at = self.value(*place);
                self.within(&at, within.iter().copied())
            }
            Check::Due { days, moments } => {
                let (at, date) = (self.column("due_at"), self.column("due_date"));
                let at_within = self.within(&at, moments.iter().copied());
                let on = self.within(&date, days.iter().copied());
                format!("({at_within}) OR ({at} IS NULL AND ({on}))")
            }
            Check::Rotting(now) => self.rotting(*now),
        }
    }

    fn any<T>(&mut self, list: &[T], mut one: impl FnMut(&mut Self, &T) -> String) -> String {
        let parts: Vec<String> = list
            .iter()
            .map(|item| format!("({})", one(self, item)))
            .collect();
        if parts.is_empty() {
            "0".to_owned()
        } else {
            parts.join(" OR ")
        }
    }

    fn within<T: Into<Value>>(
        &mut self,
        value: &str,
        stretches: impl Iterator<Item = Between<T>>,
    ) -> String {
        let parts: Vec<String> = stretches
            .map(|between| {
                let ends = [(between.least, ">="), (between.most, "<=")];
                let ends: Vec<String> = ends
                    .into_iter()
                    .filter_map(|(end, sign)| {
                        end.map(|end| format!("{value} {sign} {}", self.arg(end)))
                    })
                    .collect();
                // An open stretch asks only that something is known.
                if ends.is_empty() {
                    format!("({value} IS NOT NULL)")
                } else {
                    format!("({})", ends.join(" AND "))
                }
            })
            .collect();
        parts.join(" OR ")
    }

    fn money(&mut self, place: Place, within: &[(Currency, Vec<Between<i64>>)]) -> String {
        let amount = self.value(place);
        let Place::Column(def) = place else {
            return "0".to_owned();
        };
        let Some(currency) = currency_of(def) else {
            let all: Vec<Between<i64>> = within
                .iter()
                .flat_map(|(_, list)| list.iter().copied())
                .collect();
            return self.within(&amount, all.into_iter());
        };
        let currency = self.column(currency.name);
        self.any(within, |own, (code, list)| {
            let mark = own.arg(code.code());
            let fits = own.within(&amount, list.iter().copied());
            format!("{currency} = {mark} AND ({fits})")
        })
    }

    /// As a card counts it: whole days of quiet against the stage's limit.
    fn rotting(&mut self, now: Instant) -> String {
        let quiet = self.value(Place::Column(&nouns::deal::LAST_TOUCH));
        let stage = self.column("stage");
        let mark = self.arg(now);
        format!(
            "EXISTS (SELECT 1 FROM stage WHERE stage.id = {stage} AND stage.kind = 'open'
                AND max({mark} - {quiet}, 0) / {DAY_MS} > stage.rot_days)"
        )
    }

    /// Whether what a check asks about is unknown; `None` when it always is known. No tag is known to be none.
    fn unknown(&mut self, check: &Check) -> Option<String> {
        let place = check.place()?;
        if matches!(
            place,
            Place::State | Place::Source | Place::NextStep | Place::Waiting | Place::Set(Set::Tag)
        ) {
            return None;
        }
        if let Check::Money { within, .. } = check
            && let Place::Column(def) = place
            && let Some(currency) = currency_of(def)
        {
            let currency = self.column(currency.name);
            let listed: Vec<&str> = within
                .iter()
                .map(|(code, _)| self.arg(code.code()))
                .collect();
            let listed = listed.join(", ");
            return Some(format!(
                "{} IS NULL OR {currency} IS NULL OR {currency} NOT IN ({listed})",
                self.column(def.name)
            ));
        }
        let known = match place {
            Place::Column(def)
                if def.name == nouns::deal::LAST_TOUCH.name || *def == nouns::rep::ACTIVE =>
            {
                format!("{} IS NOT NULL", self.value(place))
            }
            _ => self.known(place),
        };
        Some(format!("({known}) IS NOT TRUE"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn holding_is_folding_and_looking(text in "[abAB ä\t.]{0,12}", wanted in "[abä. ]{0,3}") {
            let wanted = fold(&wanted);
            let held = holds(ValueRef::Text(text.as_bytes()), &wanted);
            prop_assert_eq!(held, Some(fold(&text).contains(&wanted)));
        }
    }
}
