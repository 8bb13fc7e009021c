//! The store as its users see it: a book in a temporary folder, drafts in, outcomes and answers out.

mod backup;
mod book;
mod cards;
mod check;
mod conflicts;
mod crowd;
#[cfg(unix)]
mod faults;
mod filter;
mod find;
mod firm;
mod handle;
mod history;
mod interleaved;
mod matches;
mod minors;
mod model;
mod orders;
mod outbox;
mod past;
mod plans;
#[cfg(unix)]
mod power;
mod read;
mod reordered;
mod reports;
mod restore;
mod rules;
mod targets;
mod today;
mod touches;
mod undo;
mod unwound;
mod versions;
mod views;

use tempfile::TempDir;

use crate::domain::command::{
    Base, Command, Create, FieldEdit, Input, Origin, Slot, StepDraft, Which,
};
use crate::domain::id::{Id, RecordId, StepId};
use crate::domain::nouns::{Entity, Field, Set, company, deal, rep};
use crate::domain::outcome::{Outcome, Receipt};
use crate::domain::pipeline;
use crate::domain::records::{Company, Deal, Record, Rep, Stage};
use crate::domain::time::Instant;
use crate::domain::value::Value;

use super::query::{Answer, Query};
use super::{Book, NewBook, StoreError, random_id};

/// 2026-11-24T10:05:00Z.
const NOW: Instant = Instant::from_millis(1_795_514_700_000);

fn new_book() -> NewBook {
    NewBook {
        name: "Team".to_owned(),
        base: "USD".parse().unwrap(),
        zone: chrono_tz::Europe::Zurich,
        fiscal_start: 1,
    }
}

/// A book with the standard pipeline.
struct Bed {
    dir: TempDir,
    book: Book,
    stages: Vec<Id<Stage>>,
    rep: Option<Id<Rep>>,
}

impl Bed {
    fn new() -> Self {
        let dir = TempDir::new().unwrap();
        let book = Book::create(&dir.path().join("team.db"), &new_book()).unwrap();
        let mut bed = Self {
            dir,
            book,
            stages: vec![],
            rep: None,
        };
        let mut commands = pipeline::standard("Sales", Slot(0));
        commands.extend(pipeline::standard_reasons(Slot(100)));
        let made = bed.saved(&bed.draft(Origin::Rule, commands));
        bed.stages = made
            .created
            .iter()
            .filter(|(_, noun, _)| *noun == Entity::Stage)
            .map(|(_, _, id)| Id::new(*id))
            .collect();
        bed
    }

    fn draft(&self, origin: Origin, commands: Vec<Command>) -> StepDraft {
        let id = random_id();
        StepDraft {
            id,
            group: id,
            rep: self.rep,
            at: NOW,
            origin,
            label: None,
            import: None,
            commands,
        }
    }

    fn act(&mut self, commands: Vec<Command>) -> Result<Outcome, StoreError> {
        let draft = self.draft(Origin::Human, commands);
        self.book.commit(&draft)
    }

    fn saved(&mut self, draft: &StepDraft) -> Receipt {
        match self.book.commit(draft).unwrap() {
            Outcome::Saved(receipt) => receipt,
            other => panic!("not saved: {other:?}"),
        }
    }

    fn ok(&mut self, commands: Vec<Command>) -> Receipt {
        let draft = self.draft(Origin::Human, commands);
        self.saved(&draft)
    }

    fn undo(&mut self) -> Outcome {
        self.act(vec![Command::Undo(Which::Last)]).unwrap()
    }

    fn redo(&mut self) -> Outcome {
        self.act(vec![Command::Redo(Which::Last)]).unwrap()
    }

    fn company(&mut self, name: &str) -> Id<Company> {
        Id::new(
            self.ok(vec![create(
                Entity::Company,
                vec![(&company::NAME, name.into())],
            )])
            .created[0]
                .2,
        )
    }

    fn rep(&mut self, name: &str) -> Id<Rep> {
        Id::new(
            self.ok(vec![create(Entity::Rep, vec![(&rep::NAME, name.into())])])
                .created[0]
                .2,
        )
    }

    fn deal(&mut self, title: &str, stage: usize, amount: Option<i64>) -> Id<Deal> {
        let stage = self.stages[stage];
        let fields = vec![
            (&deal::TITLE, title.into()),
            (&deal::STAGE, stage.into()),
            (&deal::AMOUNT, amount.into()),
        ];
        Id::new(self.ok(vec![create(Entity::Deal, fields)]).created[0].2)
    }

    fn show(&mut self, entity: Entity, id: RecordId) -> Record {
        match self.book.ask(&Query::Show { entity, id }).unwrap() {
            Answer::Show(Some(record)) => *record,
            other => panic!("no {entity} {id}: {other:?}"),
        }
    }

    fn show_deal(&mut self, id: Id<Deal>) -> Record {
        self.show(Entity::Deal, id.record())
    }

    fn hash(&mut self) -> String {
        self.book.content_hash().unwrap()
    }
}

fn create(
    entity: Entity,
    fields: Vec<(&'static crate::domain::nouns::FieldDef, Value)>,
) -> Command {
    let fields = fields
        .into_iter()
        .map(|(def, value)| (Field::Own(def), Input::Value(value)))
        .collect();
    Command::Create(Create {
        slot: Slot(0),
        entity,
        created_at: Some(NOW),
        fields,
        sets: vec![],
    })
}

fn edit(
    entity: Entity,
    id: RecordId,
    field: &'static crate::domain::nouns::FieldDef,
    base: impl Into<Value>,
    new: impl Into<Value>,
) -> Command {
    let edit = FieldEdit {
        field: field.into(),
        base: Base::Seen(base.into()),
        new: Input::Value(new.into()),
    };
    Command::Edit {
        entity,
        target: id.into(),
        edits: vec![edit],
    }
}

fn tag(id: Id<Deal>, element: &str, add: bool) -> Command {
    let (entity, target, set, element) = (Entity::Deal, id.into(), Set::Tag, element.to_owned());
    if add {
        Command::Add {
            entity,
            target,
            set,
            element,
        }
    } else {
        Command::Remove {
            entity,
            target,
            set,
            element,
        }
    }
}

fn move_to(id: Id<Deal>, base: Option<Id<Stage>>, stage: Id<Stage>) -> Command {
    Command::MoveDeal {
        deal: id,
        base,
        stage,
        place: None,
    }
}
