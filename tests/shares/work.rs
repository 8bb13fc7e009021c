//! A team's book on the drive, and the steps that its reps take.

use std::path::Path;
use std::time::Duration;

use clinch::domain::board::CardOrder;
use clinch::domain::command::{Base, Command, Create, FieldEdit, Input, Origin, Slot, StepDraft};
use clinch::domain::id::{Id, RecordId};
use clinch::domain::nouns::{Entity, Field, activity, deal, rep};
use clinch::domain::outcome::{Outcome, Receipt};
use clinch::domain::period::Period;
use clinch::domain::pipeline;
use clinch::domain::records::Rep;
use clinch::domain::value::Value;
use clinch::store::query::{Answer, Asked, BoardQuery, Query, Resolved};
use clinch::store::{Book, NewBook, Opening, StoreError, Trust, random_id, real_now};

/// How long a rep's program waits for the lock before it says so.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// The circumstances in which reps open the book. A file system in user space is one that nobody knows.
pub fn opening(book: &Path, outboxes: Option<&Path>) -> Opening {
    Opening {
        outboxes: outboxes.map(Path::to_owned),
        trust: Trust::Unknown,
        ..Opening::of(book)
    }
}

/// A step of these commands.
pub fn step(rep: Option<Id<Rep>>, commands: Vec<Command>) -> StepDraft {
    let id = random_id();
    StepDraft {
        id,
        group: id,
        rep,
        at: real_now(),
        origin: Origin::Human,
        label: None,
        import: None,
        commands,
    }
}

fn create(slot: Slot, entity: Entity, fields: Vec<(Field, Input)>) -> Command {
    Command::Create(Create {
        slot,
        entity,
        created_at: Some(real_now()),
        fields,
        sets: Vec::new(),
    })
}

/// Commits, and gives the receipt of what must be saved.
pub fn saved(book: &mut Book, draft: &StepDraft) -> Receipt {
    match book.commit_patiently(draft, PATIENCE).unwrap() {
        Outcome::Saved(receipt) => receipt,
        other => panic!("not saved: {other:?}"),
    }
}

/// A new book with the standard pipeline and `reps` reps, each with a deal, beside as many deals as a team has at work.
pub fn new_book(path: &Path, reps: usize) -> Result<Book, StoreError> {
    let new = NewBook {
        name: "team".to_owned(),
        base: "CHF".parse().unwrap(),
        zone: chrono_tz::Europe::Zurich,
        fiscal_start: 1,
    };
    let mut book = Book::create_as(&opening(path, None), &new)?;
    let mut commands = pipeline::standard("Sales", Slot(0));
    commands.extend(pipeline::standard_reasons(Slot(100)));
    for (slot, number) in (1000..).zip(0..reps) {
        let name = (&rep::NAME).into();
        commands.push(create(
            Slot(slot),
            Entity::Rep,
            vec![(name, rep_name(number).into())],
        ));
    }
    for (slot, number) in (2000..).zip(0..reps + OTHER_DEALS) {
        let stage = Slot(1 + u32::try_from(number).unwrap_or_default() % 4);
        commands.push(new_deal(Slot(slot), &deal_name(number), stage.into()));
    }
    saved(&mut book, &step(None, commands));
    Ok(book)
}

/// A new deal in a stage.
fn new_deal(slot: Slot, title: &str, stage: Input) -> Command {
    let fields = vec![
        ((&deal::TITLE).into(), title.into()),
        ((&deal::STAGE).into(), stage),
        ((&deal::CURRENCY).into(), "CHF".into()),
        ((&deal::AMOUNT).into(), 1_000_000.into()),
    ];
    create(slot, Entity::Deal, fields)
}

/// A colleague's step: a deal of that title comes on top of the first column.
pub fn a_deal_of_a_colleague(book: &mut Book, title: &str) -> StepDraft {
    let stage = named(book, Entity::Stage, "Qualify").unwrap();
    step(None, vec![new_deal(Slot(0), title, stage.into())])
}

/// A step that writes a note on nothing in particular, longer than what is read of a drive at once.
pub fn a_long_note() -> StepDraft {
    let fields = vec![
        ((&activity::KIND).into(), "note".into()),
        ((&activity::BODY).into(), "long ".repeat(40_000).into()),
        ((&activity::DONE_AT).into(), real_now().into()),
    ];
    step(None, vec![create(Slot(0), Entity::Activity, fields)])
}

/// Deals beside those that the reps write to.
const OTHER_DEALS: usize = 120;

/// The name of a rep.
pub fn rep_name(number: usize) -> String {
    format!("Rep {number}")
}

fn deal_name(number: usize) -> String {
    format!("Deal {number}")
}

fn named(book: &mut Book, entity: Entity, name: &str) -> Result<RecordId, StoreError> {
    let query = Query::Resolve {
        entity,
        text: name.to_owned(),
    };
    match book.ask_patiently(&query, PATIENCE)? {
        Answer::Resolve(Resolved::One(found)) => Ok(found.id),
        other => panic!("{name}: {other:?}"),
    }
}

/// A rep at work on a deal of their own: each step logs a call and rewrites the deal's note, on the base of the step before.
pub struct Seller {
    rep: Id<Rep>,
    deal: RecordId,
    /// What the note says.
    pub note: Value,
}

impl Seller {
    /// The rep of a number, who has just looked at the deal.
    pub fn of(book: &mut Book, number: usize) -> Result<Self, StoreError> {
        let rep = Id::new(named(book, Entity::Rep, &rep_name(number))?);
        let deal = named(book, Entity::Deal, &deal_name(number))?;
        let mut rep = Self {
            rep,
            deal,
            note: Value::Null,
        };
        rep.look(book)?;
        Ok(rep)
    }

    /// Reads the note again.
    pub fn look(&mut self, book: &mut Book) -> Result<(), StoreError> {
        let query = Query::Show {
            entity: Entity::Deal,
            id: self.deal,
        };
        let Answer::Show(Some(record)) = book.ask_patiently(&query, PATIENCE)? else {
            panic!("the rep's deal is gone");
        };
        self.note = record.get(&deal::NOTE).clone();
        Ok(())
    }

    /// The next step. Its marker stands in the call and in the note.
    pub fn next(&self, marker: &str) -> StepDraft {
        let call = create(
            Slot(0),
            Entity::Activity,
            vec![
                ((&activity::KIND).into(), "call".into()),
                ((&activity::SUBJECT).into(), marker.into()),
                ((&activity::DEAL).into(), self.deal.into()),
                ((&activity::PERFORMER).into(), self.rep.record().into()),
                ((&activity::DONE_AT).into(), real_now().into()),
            ],
        );
        let note = Command::Edit {
            entity: Entity::Deal,
            target: self.deal.into(),
            edits: vec![FieldEdit {
                field: (&deal::NOTE).into(),
                base: Base::Seen(self.note.clone()),
                new: marker.into(),
            }],
        };
        step(Some(self.rep), vec![call, note])
    }
}

/// What the app asks for when it shows the board.
pub fn board() -> Query {
    let now = real_now();
    let asked = Asked { now, me: None };
    let today = now.date(chrono_tz::Europe::Zurich);
    Query::Board(BoardQuery {
        pipeline: None,
        filter: None,
        limits: Vec::new(),
        limit: 60,
        order: CardOrder::Own,
        keep: None,
        foot: Period::parse("this-quarter", today, 1).unwrap(),
        asked,
    })
}
