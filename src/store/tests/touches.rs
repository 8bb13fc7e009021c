//! A deal's and a contact's last touch are those of their history, whatever is done to it in which order.

use proptest::prelude::*;

use super::*;
use crate::domain::command::Brought;
use crate::domain::nouns::{activity, contact};

/// What somebody does; moments are hours.
#[derive(Clone, Debug)]
enum Act {
    /// Logs an activity on a deal and the contact: done then, or planned.
    Log(usize, Option<i64>),
    /// Renames a deal, as of then.
    Rename(usize, i64),
    /// Says of an activity when it was done.
    Date(usize, Option<i64>),
    /// An activity was about another deal.
    About(usize, usize),
    Trash(usize),
    Restore(usize),
    Undo,
    Redo,
}

fn acts() -> impl Strategy<Value = Act> {
    let (hour, it) = (0..6_i64, 0..4_usize);
    let perhaps = prop::option::weighted(0.7, hour.clone());
    prop_oneof![
        3 => (0..2_usize, perhaps.clone()).prop_map(|(deal, done)| Act::Log(deal, done)),
        2 => (0..2_usize, hour).prop_map(|(deal, at)| Act::Rename(deal, at)),
        2 => (it.clone(), perhaps).prop_map(|(it, done)| Act::Date(it, done)),
        1 => (it.clone(), 0..2_usize).prop_map(|(it, deal)| Act::About(it, deal)),
        2 => it.clone().prop_map(Act::Trash),
        1 => it.prop_map(Act::Restore),
        2 => Just(Act::Undo),
        1 => Just(Act::Redo),
    ]
}

fn moment(hour: i64) -> Instant {
    Instant::from_millis(NOW.millis() + hour * 3_600_000)
}

/// A deal of another book, an id before this one, where it was touched last then.
fn brought(bed: &mut Bed, one: Id<Deal>, touched: Instant) -> Id<Deal> {
    let id = RecordId::from_raw(one.record().raw() - 1);
    let pipeline = bed.show_deal(one).get(&deal::PIPELINE).clone();
    let fields = [
        (&deal::TITLE, "Two".into()),
        (&deal::PIPELINE, pipeline),
        (&deal::STAGE, bed.stages[1].into()),
        (&deal::CURRENCY, "USD".into()),
        (&deal::LAST_TOUCH, touched.into()),
    ];
    let brought = Brought {
        entity: Entity::Deal,
        id,
        created_at: Some(NOW),
        trashed_at: None,
        fields: fields.map(|(def, value)| (Field::Own(def), value)).into(),
        sets: vec![],
    };
    let draft = bed.draft(Origin::Import, vec![Command::Bring(Box::new(brought))]);
    bed.saved(&draft);
    Id::new(id)
}

#[test]
fn what_another_book_knew_of_a_touch_stays_known() {
    let mut work = Work::new();
    let touched = |work: &mut Work| work.bed.show_deal(work.deals[1]).instant(&deal::LAST_TOUCH);
    assert_eq!(touched(&mut work), Some(moment(2)));
    for (act, last) in [
        (Act::Rename(1, 1), 2),
        (Act::Rename(1, 3), 3),
        (Act::Undo, 2),
        (Act::Log(1, Some(4)), 4),
        (Act::Date(0, None), 2),
    ] {
        work.apply(&act);
        assert_eq!(touched(&mut work), Some(moment(last)), "{act:?}");
    }
}

/// An edit by somebody who has not looked.
fn set(
    entity: Entity,
    id: RecordId,
    field: &'static crate::domain::nouns::FieldDef,
    new: Value,
) -> Command {
    let edit = FieldEdit {
        field: field.into(),
        base: Base::Unseen,
        new: Input::Value(new),
    };
    Command::Edit {
        entity,
        target: id.into(),
        edits: vec![edit],
    }
}

struct Work {
    bed: Bed,
    deals: [Id<Deal>; 2],
    contact: RecordId,
    activities: Vec<RecordId>,
    renamed: usize,
}

impl Work {
    fn new() -> Self {
        let mut bed = Bed::new();
        let one = bed.deal("One", 0, None);
        let deals = [one, brought(&mut bed, one, moment(2))];
        let person = create(Entity::Contact, vec![(&contact::NAME, "Nora".into())]);
        let contact = bed.ok(vec![person]).created[0].2;
        Self {
            bed,
            deals,
            contact,
            activities: Vec::new(),
            renamed: 0,
        }
    }

    fn command(&mut self, act: &Act) -> Option<Command> {
        let activity = |place: usize| self.activities.get(place).copied();
        let entity = Entity::Activity;
        Some(match *act {
            Act::Log(deal, done) => create(
                entity,
                vec![
                    (&activity::KIND, "call".into()),
                    (&activity::DEAL, self.deals[deal].into()),
                    (&activity::CONTACT, self.contact.into()),
                    (&activity::DONE_AT, done.map(moment).into()),
                ],
            ),
            Act::Rename(deal, _) => {
                self.renamed += 1;
                let title = format!("Title {}", self.renamed);
                set(
                    Entity::Deal,
                    self.deals[deal].record(),
                    &deal::TITLE,
                    title.into(),
                )
            }
            Act::Date(it, done) => set(
                entity,
                activity(it)?,
                &activity::DONE_AT,
                done.map(moment).into(),
            ),
            Act::About(it, deal) => set(
                entity,
                activity(it)?,
                &activity::DEAL,
                self.deals[deal].into(),
            ),
            Act::Trash(it) => Command::Trash {
                entity,
                target: activity(it)?.into(),
            },
            Act::Restore(it) => Command::Restore {
                entity,
                target: activity(it)?.into(),
            },
            Act::Undo => Command::Undo(Which::Last),
            Act::Redo => Command::Redo(Which::Last),
        })
    }

    fn apply(&mut self, act: &Act) {
        let Some(command) = self.command(act) else {
            return;
        };
        let mut draft = self.bed.draft(Origin::Human, vec![command]);
        if let Act::Rename(_, at) = *act {
            draft.at = moment(at);
        }
        // Some of it the book will not have: an edit in the trash, an undo of what has changed since.
        if let Ok(Outcome::Saved(receipt)) = self.bed.book.commit(&draft) {
            self.activities
                .extend(receipt.created.iter().map(|(.., id)| *id));
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn the_last_touch_is_that_of_the_history(acts in prop::collection::vec(acts(), 1..24)) {
        let mut work = Work::new();
        for act in &acts {
            work.apply(act);
            let findings = work.bed.book.check().unwrap();
            prop_assert!(findings.is_clean(), "{act:?}: {:#?}", findings.found);
        }
    }
}
