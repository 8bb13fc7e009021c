//! Answers to links that wait: one answer for every record that names the same text.
//!
//! An import links by certain names only; what a near name or a missing record leaves open waits, and is answered here. What an
//! answer does is what the import would have done: the field is filled, of a line as of any other record. The answer is remembered
//! as a source record that ties the source's word to the record ([`NO_ROW`]), so that the next import of that source links by
//! itself; a dismissed suggestion is such a tie to no record.

use std::collections::{BTreeMap, HashMap, HashSet};

use crate::domain::command::{
    Base, Command, Create, FieldEdit, Input, Origin, Slot, StepDraft, Target,
};
use crate::domain::id::{RecordId, StepId};
use crate::domain::known::{KnownPending, KnownSource, WaitingLink};
use crate::domain::nouns::{Entity, FieldDef, deal_line, pending_link, source_record};
use crate::domain::outcome::{Kept, Outcome};
use crate::domain::records::{Candidate, Record};
use crate::domain::value::Value;
use crate::exchange::plan::{NO_ROW, named_key};
use crate::store::StoreError;
use crate::store::{Book, random_id};

use super::group::{Actor, PATIENCE, take_back};

/// So many commands are committed together: their pages stay well below the book's page cache.
const COMMANDS_PER_BATCH: usize = 1_000;

/// A text for which records wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingText {
    /// The noun that is waited for.
    pub target: Entity,
    /// What the source calls the record.
    pub text: String,
    /// The source in which the text is a key; `None` where it is a name.
    pub source: Option<String>,
    /// The record whose name is near.
    pub suggestion: Option<Candidate>,
    /// What waits.
    pub links: Vec<WaitingLink>,
}

/// An answer that was given, or only planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answered {
    /// The records that are linked now, or wait on without their suggestion.
    pub records: usize,
    /// Records that somebody changed and that were left as they are.
    pub kept: Vec<Kept>,
    /// The group that one undo takes back; `None` where nothing was written.
    pub group: Option<StepId>,
}

/// Every text that waits, those that most records name first.
///
/// # Errors
/// Of the book.
pub fn waiting(book: &mut Book) -> Result<Vec<WaitingText>, StoreError> {
    let mut texts: BTreeMap<(Entity, String, Option<String>), WaitingText> = BTreeMap::new();
    for waiting in book.waiting_links()? {
        let KnownPending {
            target,
            text,
            source,
            ..
        } = waiting.link.clone();
        let of_text = texts
            .entry((target, text.clone(), source.clone()))
            .or_insert(WaitingText {
                target,
                text,
                source,
                suggestion: None,
                links: Vec::new(),
            });
        // Of two suggestions the later one knew more of the book.
        if waiting.suggestion.is_some() {
            of_text.suggestion.clone_from(&waiting.suggestion);
        }
        of_text.links.push(waiting);
    }
    let mut texts: Vec<WaitingText> = texts.into_values().collect();
    texts.sort_by_key(|text| std::cmp::Reverse(text.links.len()));
    Ok(texts)
}

/// Links all that waits for a text to a record, and remembers that the text means it.
///
/// # Errors
/// Of the book, which is then as it was.
pub fn accept(
    book: &mut Book,
    text: &WaitingText,
    to: &Candidate,
    actor: Actor,
    dry_run: bool,
) -> Result<Answered, StoreError> {
    let waiting = Waiting::read(book, text)?;
    let (edits, mut kept) = waiting.edits(text, to);
    if dry_run {
        return Ok(Answered {
            records: edits.len(),
            kept: waiting.by_deal(kept),
            group: None,
        });
    }
    let ties = ties(book, text, Some(to.id))?;
    let mut act = Act {
        actor,
        group: random_id(),
        label: format!("Link `{}` to {}", text.text, to.name),
        begun: false,
    };
    act.commit(book, &ties)?;
    let linked = edits.len();
    let raced = act.commit(book, &edits)?;
    // What somebody changed just now goes on waiting; what was linked by hand before waits for nothing.
    let left: HashSet<RecordId> = raced
        .iter()
        .map(|kept| kept.record)
        .chain([to.id])
        .collect();
    let answered: Vec<Command> = text
        .links
        .iter()
        .filter(|waiting| !left.contains(&waiting.link.record))
        .map(|waiting| Command::Trash {
            entity: Entity::PendingLink,
            target: waiting.link.id.into(),
        })
        .collect();
    act.commit(book, &answered)?;
    let records = linked - raced.len();
    kept.extend(raced);
    Ok(Answered {
        records,
        kept: waiting.by_deal(kept),
        group: act.begun.then_some(act.group),
    })
}

/// Takes the suggestion of a text away: its records wait on, and no import offers one again.
///
/// # Errors
/// Of the book, which is then as it was.
pub fn dismiss(
    book: &mut Book,
    text: &WaitingText,
    actor: Actor,
    dry_run: bool,
) -> Result<Answered, StoreError> {
    let records = text.links.len();
    if dry_run {
        return Ok(Answered {
            records,
            kept: Vec::new(),
            group: None,
        });
    }
    let mut commands = ties(book, text, None)?;
    commands.extend(text.links.iter().map(|waiting| {
        edit(
            Entity::PendingLink,
            waiting.link.id,
            vec![(&pending_link::SUGGESTION, Base::Unseen, Value::Null)],
        )
    }));
    let mut act = Act {
        actor,
        group: random_id(),
        label: format!("Dismiss what is suggested for `{}`", text.text),
        begun: false,
    };
    let kept = act.commit(book, &commands)?;
    Ok(Answered {
        records: records - kept.len(),
        kept,
        group: act.begun.then_some(act.group),
    })
}

/// The records that wait.
struct Waiting {
    records: HashMap<RecordId, Record>,
}

impl Waiting {
    fn read(book: &mut Book, text: &WaitingText) -> Result<Self, StoreError> {
        let mut ids: BTreeMap<Entity, Vec<RecordId>> = BTreeMap::new();
        for WaitingLink { link, .. } in &text.links {
            ids.entry(link.entity).or_default().push(link.record);
        }
        let mut records = HashMap::new();
        for (entity, ids) in ids {
            let found = book.records(entity, &ids)?;
            records.extend(found.into_iter().map(|record| (record.id, record)));
        }
        Ok(Self { records })
    }

    /// One edit for each link whose field nobody has filled, and the records that say something else by now.
    fn edits(&self, text: &WaitingText, to: &Candidate) -> (Vec<Command>, Vec<Kept>) {
        let (mut edits, mut kept) = (Vec::new(), Vec::new());
        for WaitingLink { link, .. } in &text.links {
            let held = self.records.get(&link.record).and_then(|record| {
                let field = link.entity.field(&link.field)?;
                Some((record, field))
            });
            let Some((record, field)) = held else {
                continue;
            };
            let why = if (link.entity, link.record) == (to.entity, to.id) {
                Some("it is that record itself".to_owned())
            } else {
                record
                    .link::<()>(field)
                    .filter(|other| other.id.record() != to.id)
                    .map(|other| format!("its {} is {} by now", spoken(field), other.name))
            };
            match why {
                Some(why) => kept.push(Kept {
                    entity: link.entity,
                    record: link.record,
                    name: record.name(),
                    why,
                }),
                None => edits.push(edit(
                    link.entity,
                    link.record,
                    vec![(field, Base::Seen(Value::Null), to.id.into())],
                )),
            }
        }
        (edits, kept)
    }

    /// People know a line by its deal.
    fn by_deal(&self, kept: Vec<Kept>) -> Vec<Kept> {
        kept.into_iter()
            .map(|kept| {
                let line = self
                    .records
                    .get(&kept.record)
                    .filter(|_| kept.entity == Entity::DealLine);
                match line.and_then(|line| line.link::<()>(&deal_line::DEAL)) {
                    Some(deal) => Kept {
                        entity: Entity::Deal,
                        record: deal.id.record(),
                        name: deal.name,
                        ..kept
                    },
                    None => kept,
                }
            })
            .collect()
    }
}

fn spoken(field: &FieldDef) -> String {
    field.name.replace('_', " ")
}

fn edit(
    entity: Entity,
    record: RecordId,
    fields: Vec<(&'static FieldDef, Base, Value)>,
) -> Command {
    Command::Edit {
        entity,
        target: record.into(),
        edits: fields
            .into_iter()
            .map(|(field, base, new)| FieldEdit {
                field: field.into(),
                base,
                new: new.into(),
            })
            .collect(),
    }
}

/// Remembers in every source that the waiting records came from what its word means: a record, or none.
fn ties(
    book: &mut Book,
    text: &WaitingText,
    to: Option<RecordId>,
) -> Result<Vec<Command>, StoreError> {
    let (sources, key) = if let Some(source) = &text.source {
        (vec![source.clone()], text.text.clone())
    } else {
        let from = text.links.iter().flat_map(|waiting| waiting.from.clone());
        let mut from: Vec<String> = from.collect();
        from.sort_unstable();
        from.dedup();
        (from, named_key(text.target, &text.text))
    };
    let known = book.known(&sources)?.sources;
    let mut commands = Vec::new();
    for (slot, source) in (0..).zip(&sources) {
        let tie = known.iter().find(|known| {
            known.source == *source && known.entity == text.target && known.key == key
        });
        match tie {
            Some(tie) => commands.extend(tie_again(tie, to)),
            None => commands.push(tie_new(Slot(slot), source, text.target, &key, to)),
        }
    }
    Ok(commands)
}

fn tie_new(slot: Slot, source: &str, target: Entity, key: &str, to: Option<RecordId>) -> Command {
    let mut fields: Vec<(_, Input)> = vec![
        ((&source_record::SOURCE).into(), source.into()),
        ((&source_record::KEY).into(), key.into()),
        ((&source_record::ENTITY).into(), target.name().into()),
        ((&source_record::RAW).into(), NO_ROW.into()),
    ];
    fields.extend(to.map(|to| ((&source_record::RECORD).into(), to.into())));
    Command::Create(Create {
        slot,
        entity: Entity::SourceRecord,
        created_at: None,
        fields,
        sets: Vec::new(),
    })
}

/// An earlier answer, taken back or not, becomes this one. The row that a file had under the key is left alone.
fn tie_again(tie: &KnownSource, to: Option<RecordId>) -> Vec<Command> {
    let mut commands = Vec::new();
    if tie.trashed {
        commands.push(Command::Restore {
            entity: Entity::SourceRecord,
            target: Target::Known(tie.id),
        });
    }
    if tie.record != to && (tie.trashed || tie.record.is_none() || tie.raw == NO_ROW) {
        commands.push(edit(
            Entity::SourceRecord,
            tie.id,
            vec![
                (&source_record::RECORD, Base::Unseen, to.into()),
                (&source_record::RAW, Base::Unseen, NO_ROW.into()),
            ],
        ));
    }
    commands
}

/// Batches of one group.
struct Act {
    actor: Actor,
    group: StepId,
    label: String,
    begun: bool,
}

impl Act {
    /// Commits commands and gives the records that somebody changed meanwhile. On a fault all of the act is taken back.
    fn commit(&mut self, book: &mut Book, commands: &[Command]) -> Result<Vec<Kept>, StoreError> {
        let mut kept = Vec::new();
        for batch in commands.chunks(COMMANDS_PER_BATCH) {
            let draft = StepDraft {
                id: if self.begun { random_id() } else { self.group },
                group: self.group,
                rep: self.actor.rep,
                at: self.actor.at,
                origin: Origin::Bulk,
                label: Some(self.label.clone()),
                import: None,
                commands: batch.to_vec(),
            };
            match book.commit_patiently(&draft, PATIENCE) {
                Ok(Outcome::Saved(receipt)) => {
                    self.begun |= receipt.changes > 0;
                    kept.extend(receipt.kept);
                }
                // A bulk act is judged record by record: it neither conflicts as a whole nor undoes.
                Ok(Outcome::Conflict(_) | Outcome::Nothing) => {}
                Err(fault) => {
                    if self.begun {
                        take_back(book, self.group, self.actor, Some(&fault))?;
                    }
                    return Err(fault);
                }
            }
        }
        Ok(kept)
    }
}

#[cfg(test)]
mod tests;
