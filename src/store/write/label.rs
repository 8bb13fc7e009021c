//! A step in words, for the timeline, the messages and undo.

use rusqlite::{Connection, OptionalExtension};

use crate::domain::command::{Command, Create, FieldEdit, Input, Slot, StepDraft, Target, Which};
use crate::domain::id::{RecordId, StepId};
use crate::domain::nouns::{Care, Entity, Field, activity, deal};

use super::super::read::names;
use super::{Res, Writer};

impl Writer<'_> {
    /// The label that the author gave, or one made from the first command that says something.
    pub(super) fn label(&self) -> Res<String> {
        if let Some((_, words)) = &self.undoes {
            return Ok(words.clone());
        }
        Wording {
            conn: self.conn,
            named: &|entity, target| {
                let id = self.id_of(entity, target)?;
                Ok(names::of(self.conn, entity, id)?)
            },
            edited: &|entity, target, _| self.fields_changed(entity, self.id_of(entity, target)?),
        }
        .step(self.draft)
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
                let word = field_words(self.conn, field)?;
                if !words.contains(&word) {
                    words.push(word);
                }
            }
        }
        Ok((!words.is_empty()).then(|| words.join(", ")))
    }
}

/// What a step that is not in the book would do, in words.
pub(in crate::store) fn words(conn: &Connection, draft: &StepDraft) -> Res<String> {
    let named = |entity: Entity, target| match target {
        Target::Known(id) => Ok(names::of(conn, entity, id)?),
        Target::New(slot) => Ok(name_in(draft, slot).unwrap_or_else(|| entity.to_string())),
    };
    let edited = |_, _, edits: &[FieldEdit]| {
        let words: Vec<String> = edits
            .iter()
            .map(|edit| field_words(conn, edit.field))
            .collect::<Res<_>>()?;
        Ok((!words.is_empty()).then(|| words.join(", ")))
    };
    Wording {
        conn,
        named: &named,
        edited: &edited,
    }
    .step(draft)
}

/// The name that a draft gives to a record that it makes.
fn name_in(draft: &StepDraft, slot: Slot) -> Option<String> {
    let create = draft.commands.iter().find_map(|command| match command {
        Command::Create(create) if create.slot == slot => Some(create),
        _ => None,
    })?;
    let name = create.entity.label_field()?;
    create.fields.iter().find_map(|(field, input)| match input {
        Input::Value(value) if field.name() == name => value.as_text().map(str::to_owned),
        _ => None,
    })
}

fn field_words(conn: &Connection, field: Field) -> Res<String> {
    Ok(match field {
        Field::Own(def) if *def == deal::EXPECTED_CLOSE => "expected close".to_owned(),
        Field::Own(def) => def.name.replace('_', " "),
        Field::Custom(_, id) => names::of(conn, Entity::Field, id)?,
    })
}

type Edited<'a> = dyn Fn(Entity, Target, &[FieldEdit]) -> Res<Option<String>> + 'a;

/// How a step is put into words, whether it is done already or not.
struct Wording<'a> {
    conn: &'a Connection,
    /// What a record is called.
    named: &'a dyn Fn(Entity, Target) -> Res<String>,
    /// The fields of an edit, in words; `None` where it changed nothing.
    edited: &'a Edited<'a>,
}

impl Wording<'_> {
    fn step(&self, draft: &StepDraft) -> Res<String> {
        if let Some(label) = &draft.label {
            return Ok(label.clone());
        }
        let mut words = Vec::new();
        for command in &draft.commands {
            if let Some(label) = self.command(command)? {
                words.push(label);
            }
        }
        Ok(match words.len() {
            0 => "Nothing".to_owned(),
            1 => words.remove(0),
            n => format!("{} and {} more", words[n - 1], n - 1),
        })
    }

    fn command(&self, command: &Command) -> Res<Option<String>> {
        let named = self.named;
        let of_deal = |id: RecordId| named(Entity::Deal, id.into());
        Ok(Some(match command {
            Command::Create(create) => self.creation(create)?,
            Command::Bring(brought) => {
                let noun = brought.entity.name().replace('_', " ");
                format!("Bring {noun} {}", named(brought.entity, brought.id.into())?)
            }
            Command::Edit {
                entity,
                target,
                edits,
            } => {
                let Some(fields) = (self.edited)(*entity, *target, edits)? else {
                    return Ok(None);
                };
                format!("Edit {}: {fields}", named(*entity, *target)?)
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
                    named(Entity::Stage, stage.record().into())?
                )
            }
            Command::MoveAll { from, to } => format!(
                "Move all deals of {} to {}",
                named(Entity::Stage, from.record().into())?,
                named(Entity::Stage, to.record().into())?
            ),
            Command::WinDeal { deal, .. } => format!("Win {}", of_deal(deal.record())?),
            Command::LoseDeal { deal, .. } => format!("Lose {}", of_deal(deal.record())?),
            Command::ReopenDeal { deal, .. } => format!("Reopen {}", of_deal(deal.record())?),
            Command::Undo(Which::Last) => "Undo the last step".to_owned(),
            Command::Redo(Which::Last) => "Redo the last undo".to_owned(),
            Command::Undo(Which::Group(group)) => format!("Undo: {}", self.label_of(*group)?),
            Command::Redo(Which::Group(group)) => format!("Redo: {}", self.label_of(*group)?),
            Command::WithoutAmount { .. } | Command::Require { .. } => return Ok(None),
        }))
    }

    fn creation(&self, create: &Create) -> Res<String> {
        let noun = create.entity.name().replace('_', " ");
        let name = (self.named)(create.entity, create.slot.into())?;
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
                format!("Log {kind} on {}", (self.named)(entity, id.into())?)
            }
            (None, Some(subject)) => format!("Log {kind}: {subject}"),
            (None, None) => format!("Log {kind}"),
        })
    }

    /// The words of a group that is in the book.
    fn label_of(&self, group: StepId) -> Res<String> {
        let label = self
            .conn
            .prepare_cached("SELECT label FROM step WHERE grp = ?1 ORDER BY n DESC LIMIT 1")?
            .query_row([group], |row| row.get(0))
            .optional()?;
        Ok(label.unwrap_or_else(|| group.to_string()))
    }
}
