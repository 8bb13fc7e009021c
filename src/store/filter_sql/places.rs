//! Where a record keeps what a clause asks for, in SQL.

use crate::domain::filter::{Match, Place};
use crate::domain::identity::domain_key;
use crate::domain::lead::OPEN_STATES;
use crate::domain::nouns::{self, Entity, FieldDef, Kind, Set};
use crate::domain::value::Value;

use super::super::sql::quoted;
use super::sets::Sought;
use super::{Compiler, Of};

/// A query of ids as `held`, with its parameters.
type Ids = (String, Vec<Value>);

/// The records of a noun whose names hold a folded text.
fn named(noun: Entity, text: &str) -> Option<Ids> {
    let label = quoted(noun.label_field()?);
    let table = quoted(noun.name());
    let sql = format!("SELECT id AS held FROM {table} WHERE holds({label}, ?)");
    Some((sql, vec![text.into()]))
}

/// The contacts who have an address or number that holds a text or its digits.
fn addressed(text: &str, digits: Option<&str>) -> Vec<Ids> {
    let of = "SELECT contact AS held FROM identifier WHERE";
    let mut all = vec![(format!("{of} holds(value, ?)"), vec![text.into()])];
    if let Some(digits) = digits {
        let sql = format!("{of} kind = 'phone' AND instr(key, ?) > 0");
        all.push((sql, vec![digits.into()]));
    }
    all
}

impl Compiler {
    /// What a word is searched in: names, titles, companies, addresses, numbers.
    pub(super) fn word(&mut self, text: &str, digits: Option<&str>) -> String {
        let own: &[&str] = match self.entity {
            Entity::Deal => &["title"],
            Entity::Contact => &["name", "title"],
            Entity::Company => &["name", "phone"],
            Entity::Rep => &["name", "email"],
            Entity::Product => &["name", "code"],
            _ => &["subject", "body"],
        };
        let linked: &[&FieldDef] = match self.entity {
            Entity::Deal => &[&nouns::deal::COMPANY, &nouns::deal::CONTACT],
            Entity::Contact => &[&nouns::contact::COMPANY],
            Entity::Activity => &[
                &nouns::activity::CONTACT,
                &nouns::activity::COMPANY,
                &nouns::activity::DEAL,
            ],
            _ => &[],
        };
        let contact = match self.entity {
            Entity::Contact => Some(self.id()),
            Entity::Deal | Entity::Activity => Some(self.column("contact")),
            _ => None,
        };
        let mut parts = Vec::new();
        for column in own {
            let column = self.column(column);
            parts.push(self.compared(&column, Match::Contains, text));
        }
        match self.of {
            Of::All => self.sought(text, digits, linked, contact, &mut parts),
            Of::Few => self.looked_up(text, digits, linked, contact, &mut parts),
        }
        if self.entity == Entity::Company {
            let of = self.elements(Set::Domain);
            let mark = self.arg(text);
            parts.push(format!("{of} AND instr(key, {mark}) > 0)"));
        }
        parts.join(" OR ")
    }

    /// What a word is searched in beside the row: read once for all rows.
    fn sought(
        &mut self,
        text: &str,
        digits: Option<&str>,
        linked: &[&FieldDef],
        contact: Option<String>,
        parts: &mut Vec<String>,
    ) {
        // One set for all that is looked for in a noun.
        let mut sets: Vec<(String, Entity, Vec<Ids>)> = Vec::new();
        for def in linked {
            if let Kind::Ref(target) = def.kind
                && let Some(ids) = named(target, text)
            {
                sets.push((self.column(def.name), target, vec![ids]));
            }
        }
        if let Some(column) = contact {
            let ids = addressed(text, digits);
            match sets.iter_mut().find(|(known, ..)| *known == column) {
                Some((.., own)) => own.extend(ids),
                None => sets.push((column, Entity::Contact, ids)),
            }
        }
        for (column, target, ids) in sets {
            let looked = ids.iter().map(|(sql, _)| sql.as_str()).collect::<Vec<_>>();
            let set = Sought {
                name: format!(
                    "{target}\n{text}\n{}\n{}",
                    digits.unwrap_or_default(),
                    looked.join("\n")
                ),
                parts: ids,
            };
            parts.push(self.in_set(&column, set));
        }
    }

    /// The same, looked up for each row.
    fn looked_up(
        &mut self,
        text: &str,
        digits: Option<&str>,
        linked: &[&FieldDef],
        contact: Option<String>,
        parts: &mut Vec<String>,
    ) {
        for def in linked {
            if let Kind::Ref(target) = def.kind
                && let Some(label) = target.label_field()
            {
                parts.push(self.called(
                    &self.column(def.name),
                    (target, label),
                    Match::Contains,
                    text,
                ));
            }
        }
        if let Some(contact) = contact {
            let mut held = self.compared("value", Match::Contains, text);
            if let Some(digits) = digits {
                let mark = self.arg(digits);
                held = format!("{held} OR kind = 'phone' AND instr(key, {mark}) > 0");
            }
            parts.push(format!(
                "EXISTS (SELECT 1 FROM identifier WHERE identifier.contact = {contact} AND ({held}))"
            ));
        }
    }

    /// Whether what a column refers to is called like that.
    fn called(
        &mut self,
        column: &str,
        (target, label): (Entity, &str),
        how: Match,
        wanted: &str,
    ) -> String {
        let compared = self.compared(&format!("\"to\".{}", quoted(label)), how, wanted);
        let to = format!("{} AS \"to\"", quoted(target.name()));
        match self.of {
            Of::All => format!("{column} IN (SELECT \"to\".id FROM {to} WHERE {compared})"),
            Of::Few => {
                format!("EXISTS (SELECT 1 FROM {to} WHERE \"to\".id = {column} AND {compared})")
            }
        }
    }

    /// A text compared with a folded one.
    fn compared(&mut self, text: &str, how: Match, wanted: &str) -> String {
        let mark = self.arg(wanted);
        match how {
            Match::Contains => format!("holds({text}, {mark})"),
            Match::Equals => format!("fold({text}) = {mark}"),
            Match::Near => format!("near({text}, {mark})"),
        }
    }

    pub(super) fn text(&mut self, place: Place, how: Match, wanted: &str) -> String {
        match place {
            Place::State => {
                let (stage, mark) = (self.column("stage"), self.arg(wanted));
                format!("{stage} IN (SELECT id FROM stage WHERE kind = {mark})")
            }
            Place::Column(def) if *def == nouns::deal::CATEGORY => {
                let (category, mark) = (self.category(), self.arg(wanted));
                format!("{category} = {mark}")
            }
            Place::Column(def) if matches!(def.kind, Kind::Choice(_)) => {
                let (column, mark) = (self.column(def.name), self.arg(wanted));
                format!("{column} = {mark}")
            }
            Place::Set(set) => self.element(set, how, wanted),
            Place::Source => {
                let compared = self.compared("source", how, wanted);
                format!("{} AND {compared})", self.sources())
            }
            Place::NextStep => {
                let (planned, kind) = (self.planned(), self.arg(wanted));
                let compared = self.compared("activity.subject", how, wanted);
                format!("EXISTS ({planned} AND (activity.kind = {kind} OR {compared}))")
            }
            _ => {
                let text = self.value(place);
                self.compared(&text, how, wanted)
            }
        }
    }

    /// The planned activities of a record, as the beginning of a query.
    fn planned(&self) -> String {
        let noun = self.entity.name();
        let (by, of) = if self.entity == Entity::Deal {
            (String::new(), format!("id = {}", self.column("next_step")))
        } else {
            let by = format!(" INDEXED BY activity_{noun}");
            (by, format!("{noun} = {}", self.id()))
        };
        format!(
            "SELECT 1 FROM activity{by} WHERE activity.{of} AND activity.done_at IS NULL AND activity.trashed_at IS NULL"
        )
    }

    fn element(&mut self, set: Set, how: Match, wanted: &str) -> String {
        let of = self.elements(set);
        let compared = match (set, how) {
            (Set::Phone, Match::Contains | Match::Near) => {
                let mark = self.arg(wanted);
                format!("instr(key, {mark}) > 0")
            }
            (_, Match::Equals) => {
                let key = match set {
                    Set::Domain => domain_key(wanted),
                    Set::Url => Some(wanted.trim_end_matches('/').to_owned()),
                    Set::Tag | Set::Email | Set::Phone => None,
                };
                let mark = self.arg(key.unwrap_or_else(|| wanted.to_owned()));
                format!("key = {mark}")
            }
            _ => self.compared("value", how, wanted),
        };
        format!("{of} AND {compared})")
    }

    /// Whether the record is among those with an element, as the beginning of a condition whose bracket is open.
    fn elements(&self, set: Set) -> String {
        match set {
            Set::Tag => self.among("record", "tag", &self.of_noun()),
            Set::Domain => self.among("company", "domain", "1"),
            Set::Email | Set::Phone | Set::Url => {
                self.among("contact", "identifier", &format!("kind = '{}'", set.name()))
            }
        }
    }

    /// Whether the record came from somewhere, as the beginning of a condition whose bracket is open.
    fn sources(&self) -> String {
        let own = format!("{} AND trashed_at IS NULL", self.of_noun());
        self.among("record", "source_record", &own)
    }

    fn of_noun(&self) -> String {
        format!("entity = '{}'", self.entity.name())
    }

    /// Whether a column of another table has the record in a row of a kind, as the beginning of a condition whose bracket is open.
    fn among(&self, column: &str, table: &str, kind: &str) -> String {
        let id = self.id();
        match self.of {
            Of::All => format!("{id} IN (SELECT {column} FROM {table} WHERE {kind}"),
            Of::Few => {
                format!("EXISTS (SELECT 1 FROM {table} WHERE {table}.{column} = {id} AND {kind}")
            }
        }
    }

    pub(super) fn link(
        &mut self,
        place: Place,
        target: Entity,
        how: Match,
        wanted: &[String],
        ids: impl IntoIterator<Item = i64>,
    ) -> String {
        let column = self.value(place);
        let mut parts: Vec<String> = ids
            .into_iter()
            .map(|id| {
                let mark = self.arg(id);
                format!("{column} = {mark}")
            })
            .collect();
        if let Some(label) = target.label_field() {
            for name in wanted {
                parts.push(self.called(&column, (target, label), how, name));
            }
        }
        if parts.is_empty() {
            "0".to_owned()
        } else {
            parts.join(" OR ")
        }
    }

    /// The forecast category that a deal counts in: its own, else that of its stage.
    fn category(&self) -> String {
        let (own, stage) = (self.column("category"), self.column("stage"));
        format!("coalesce({own}, (SELECT category FROM stage WHERE id = {stage}))")
    }

    /// The expression of a value that is compared by size or as a text.
    pub(super) fn value(&mut self, place: Place) -> String {
        match place {
            // The age that a card shows: since the last touch, or since it came into being where nobody ever touched it.
            Place::Column(def) if def.name == nouns::deal::LAST_TOUCH.name => {
                format!(
                    "coalesce({}, {})",
                    self.column(def.name),
                    self.column("created_at")
                )
            }
            // A rep of whom nothing else is said has not left.
            Place::Column(def) if *def == nouns::rep::ACTIVE => {
                format!("coalesce({}, 1)", self.column(def.name))
            }
            Place::Column(def) => self.column(def.name),
            Place::CreatedAt => self.column("created_at"),
            Place::Waiting => self.waiting(),
            // An id prints as letters and digits only, so it can stand in the text.
            Place::Custom(id) => format!("json_extract({}, '$.\"{id}\"')", self.column("custom")),
            Place::Set(_) | Place::Source | Place::State | Place::NextStep | Place::Due => {
                "NULL".to_owned()
            }
        }
    }

    fn waiting(&self) -> String {
        waiting(&self.alias)
    }

    /// Whether anything is known there.
    pub(super) fn known(&mut self, place: Place) -> String {
        match place {
            Place::State => "1".to_owned(),
            Place::Column(def) if *def == nouns::deal::CATEGORY => {
                format!("{} IS NOT NULL", self.category())
            }
            Place::Column(def) => format!("{} IS NOT NULL", self.column(def.name)),
            Place::Set(set) => format!("{})", self.elements(set)),
            Place::Source => format!("{})", self.sources()),
            Place::NextStep => format!("EXISTS ({})", self.planned()),
            Place::Due => format!(
                "{} IS NOT NULL OR {} IS NOT NULL",
                self.column("due_at"),
                self.column("due_date")
            ),
            Place::CreatedAt | Place::Waiting | Place::Custom(_) => {
                format!("{} IS NOT NULL", self.value(place))
            }
        }
    }
}

/// Since when a lead waits: it came into being, is not settled, and nobody of us called, wrote or met.
pub(in crate::store) fn waiting(contact: &str) -> String {
    let states = OPEN_STATES.map(|state| format!("'{state}'")).join(", ");
    format!(
        "CASE WHEN {contact}.lead_state IN ({states}) AND NOT {} THEN {contact}.created_at END",
        answered(&format!("{contact}.id"))
    )
}

/// Whether somebody of us called, wrote or met.
pub(in crate::store) fn answered(contact: &str) -> String {
    format!(
        "EXISTS (SELECT 1 FROM activity
            WHERE activity.contact = {contact} AND activity.done_at IS NOT NULL AND activity.trashed_at IS NULL
            AND activity.kind IN ('call', 'mail', 'meeting') AND activity.direction IS NOT 'in')"
    )
}
