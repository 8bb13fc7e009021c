//! A step in words, for the timeline, the messages and undo.

use crate::domain::command::{Command, Create, Input, Target};
use crate::domain::id::RecordId;
use crate::domain::nouns::{Care, Entity, Field, activity, deal};

use super::super::read::names;
use super::{Res, Writer};

impl Writer<'_> {
    /// The label that the author gave, or one made from the first command that says something.
    pub(super) fn label(&self) -> Res<String> {
        if let Some((_, words)) = &self.undoes {
            return Ok(words.clone());
        }
        if let Some(label) = &self.draft.label {
            return Ok(label.clone());
        }
        let mut words = Vec::new();
        for command in &self.draft.commands {
            if let Some(label) = self.words(command)? {
                words.push(label);
            }
        }
        Ok(match words.len() {
            0 => "Nothing".to_owned(),
            1 => words.remove(0),
            n => format!("{} and {} more", words[n - 1], n - 1),
        })
    }

    fn words(&self, command: &Command) -> Res<Option<String>> {
        let named = |entity, target| {
            self.id_of(entity, target)
                .and_then(|id| Ok(names::of(self.conn, entity, id)?))
        };
        let of_deal = |id: RecordId| names::of(self.conn, Entity::Deal, id);
        Ok(Some(match command {
            Command::Create(create) => self.creation(create)?,
            Command::Edit { entity, target, .. } => {
                let id = self.id_of(*entity, *target)?;
                let Some(fields) = self.fields_changed(*entity, id)? else {
                    return Ok(None);
                };
                format!("Edit {}: {fields}", names::of(self.conn, *entity, id)?)
            }
            Command::Add {
                entity,
                target,
                set,
                element,
            } => format!(
                "Add {} {element} to {}",
                set.name(),
                named(*entity, *target)?
            ),
            Command::Remove {
                entity,
                target,
                set,
                element,
            } => {
                format!(
                    "Remove {} {element} from {}",
                    set.name(),
                    named(*entity, *target)?
                )
            }
            Command::Trash { entity, target } => format!("Trash {}", named(*entity, *target)?),
            Command::Restore { entity, target } => format!("Restore {}", named(*entity, *target)?),
            Command::MoveDeal {
                deal, base, stage, ..
            } if *base == Some(*stage) => format!("Reorder {}", of_deal(deal.record())?),
            Command::MoveDeal { deal, stage, .. } => {
                format!(
                    "Move {} to {}",
                    of_deal(deal.record())?,
                    names::of(self.conn, Entity::Stage, stage.record())?
                )
            }
            Command::WinDeal { deal, .. } => format!("Win {}", of_deal(deal.record())?),
            Command::LoseDeal { deal, .. } => format!("Lose {}", of_deal(deal.record())?),
            Command::ReopenDeal { deal, .. } => format!("Reopen {}", of_deal(deal.record())?),
            Command::Require { .. } | Command::Undo(_) | Command::Redo(_) => return Ok(None),
        }))
    }

    fn creation(&self, create: &Create) -> Res<String> {
        let noun = create.entity.name().replace('_', " ");
        let name = self
            .id_of(create.entity, Target::New(create.slot))
            .and_then(|id| Ok(names::of(self.conn, create.entity, id)?))?;
        if create.entity != Entity::Activity {
            return Ok(format!("Add {noun} {name}"));
        }
        let text = |def| {
            create
                .fields
                .iter()
                .find_map(|(field, input)| match (field, input) {
                    (Field::Own(own), Input::Value(value)) if *own == def => {
                        value.as_text().map(str::to_owned)
                    }
                    _ => None,
                })
        };
        let about = create
            .fields
            .iter()
            .find_map(|(field, input)| match (field, input) {
                (Field::Own(own), Input::Value(value)) if *own == &activity::DEAL => value
                    .as_int()
                    .map(|raw| (Entity::Deal, RecordId::from_raw(raw))),
                (Field::Own(own), Input::Value(value)) if *own == &activity::CONTACT => value
                    .as_int()
                    .map(|raw| (Entity::Contact, RecordId::from_raw(raw))),
                _ => None,
            });
        let kind = text(&activity::KIND).unwrap_or(noun);
        Ok(match (about, text(&activity::SUBJECT)) {
            (Some((entity, id)), _) => {
                format!("Log {kind} on {}", names::of(self.conn, entity, id)?)
            }
            (None, Some(subject)) => format!("Log {kind}: {subject}"),
            (None, None) => format!("Log {kind}"),
        })
    }

    /// The fields of a record that the step did change, in words; what stood there already is not among them.
    fn fields_changed(&self, entity: Entity, id: RecordId) -> Res<Option<String>> {
        let mut words: Vec<String> = Vec::new();
        for logged in self
            .log
            .iter()
            .filter(|logged| logged.entity == entity && logged.record == id)
        {
            let field = logged
                .field
                .as_deref()
                .and_then(|name| Field::named(entity, name));
            // What follows from another field (the facts of a close) is not what somebody edited.
            if let Some(field) =
                field.filter(|field| !matches!(field, Field::Own(def) if def.care == Care::Kept))
            {
                let word = self.field_words(field)?;
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        Ok((!words.is_empty()).then(|| words.join(", ")))
    }

    fn field_words(&self, field: Field) -> Res<String> {
        Ok(match field {
            Field::Own(def) if *def == deal::EXPECTED_CLOSE => "expected close".to_owned(),
            Field::Own(def) => def.name.replace('_', " "),
            Field::Custom(_, id) => names::of(self.conn, Entity::Field, id)?,
        })
    }
}
