//! Several authors who act in any order on what each of them saw last. Whatever they do: an edit is in the book or its author is
//! told; nothing is overwritten that its overwriter had not seen; an undo takes back nobody else's work; the log leads to the rows;
//! and everything, undone in reverse, leaves the empty book.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;

use super::*;
use crate::domain::command::Target;
use crate::domain::id::StepId;
use crate::domain::nouns::FieldDef;
use crate::domain::outcome::{Change, Clash};
use crate::domain::resolve::TRASHED;

const AUTHORS: usize = 3;
/// The fields that authors compare and set.
const FIELDS: [&FieldDef; 3] = [&deal::TITLE, &deal::AMOUNT, &deal::NOTE];

#[derive(Clone, Debug)]
enum Act {
    Look,
    Create,
    /// New values for some of [`FIELDS`].
    Edit(usize, [Option<u8>; 3]),
    Move(usize, usize),
    Tag(usize, u8, bool),
    Trash(usize),
    Restore(usize),
    Undo,
    Redo,
}

fn acts() -> impl Strategy<Value = (usize, Act)> {
    let deal = 0..3_usize;
    let fields = prop::array::uniform3(prop::option::weighted(0.5, 0..3_u8));
    let act = prop_oneof![
        3 => Just(Act::Look),
        1 => Just(Act::Create),
        6 => (deal.clone(), fields).prop_map(|(deal, fields)| Act::Edit(deal, fields)),
        2 => (deal.clone(), 0..5_usize).prop_map(|(deal, stage)| Act::Move(deal, stage)),
        3 => (deal.clone(), 0..2_u8, any::<bool>()).prop_map(|(deal, n, add)| Act::Tag(deal, n, add)),
        1 => deal.clone().prop_map(Act::Trash),
        1 => deal.prop_map(Act::Restore),
        4 => Just(Act::Undo),
        2 => Just(Act::Redo),
    ];
    (0..AUTHORS, act)
}

fn wanted(field: usize, n: u8) -> Value {
    if FIELDS[field] == &deal::AMOUNT {
        i64::from(n).into()
    } else {
        format!("T{n}").into()
    }
}

/// The book, its authors, and what each of them saw last.
struct Office {
    bed: Bed,
    empty: String,
    authors: Vec<Id<Rep>>,
    seen: Vec<BTreeMap<RecordId, Record>>,
    /// The deals, as they were when they were made.
    made: Vec<Record>,
    /// What stood in the log before the authors began.
    from: i64,
}

impl Office {
    fn new() -> Self {
        let mut bed = Bed::new();
        let names =
            ["Ana", "Ben", "Eva"].map(|name| create(Entity::Rep, vec![(&rep::NAME, name.into())]));
        let mut authors = Vec::new();
        for name in names {
            let made = bed.saved(&bed.draft(Origin::Rule, vec![name]));
            authors.push(Id::new(made.created[0].2));
        }
        let (empty, from) = (
            bed.hash(),
            log(&mut bed, 0).last().map_or(0, |change| change.seq),
        );
        Self {
            bed,
            empty,
            authors,
            seen: vec![BTreeMap::new(); AUTHORS],
            made: Vec::new(),
            from,
        }
    }

    fn log(&mut self) -> Vec<Change> {
        log(&mut self.bed, self.from)
    }

    fn look(&mut self, author: usize) {
        for id in self.made.iter().map(|deal| deal.id).collect::<Vec<_>>() {
            let now = self.bed.show(Entity::Deal, id);
            self.seen[author].insert(id, now);
        }
    }

    /// The command of an act by an author, where they have seen what it is about.
    fn command(&self, author: usize, act: &Act) -> Option<Command> {
        let on = |n: &usize| self.seen[author].get(&self.made.get(*n)?.id);
        let (entity, stages) = (Entity::Deal, &self.bed.stages);
        Some(match act {
            Act::Look => return None,
            Act::Create => create(
                entity,
                vec![
                    (&deal::TITLE, "New".into()),
                    (&deal::STAGE, stages[0].into()),
                ],
            ),
            Act::Edit(n, new) => {
                let seen = on(n).filter(|_| new.iter().any(Option::is_some))?;
                let edits = (0..FIELDS.len()).filter_map(|place| {
                    Some(FieldEdit {
                        field: FIELDS[place].into(),
                        base: Base::Seen(seen.get(FIELDS[place]).clone()),
                        new: Input::Value(wanted(place, new[place]?)),
                    })
                });
                Command::Edit {
                    entity,
                    target: seen.id.into(),
                    edits: edits.collect(),
                }
            }
            Act::Move(n, stage) => {
                let seen = on(n)?;
                let base = seen.int(&deal::STAGE).map(Id::from_raw);
                move_to(Id::new(seen.id), base, stages[*stage])
            }
            Act::Tag(n, element, add) => tag(Id::new(on(n)?.id), &format!("t{element}"), *add),
            Act::Trash(n) => Command::Trash {
                entity,
                target: on(n)?.id.into(),
            },
            Act::Restore(n) => Command::Restore {
                entity,
                target: on(n)?.id.into(),
            },
            Act::Undo => Command::Undo(Which::Last),
            Act::Redo => Command::Redo(Which::Last),
        })
    }

    /// The fields over which compare-and-set must stop an edit, with the book as it stands.
    fn expected_clashes(&mut self, command: &Command) -> Option<BTreeSet<String>> {
        let Command::Edit {
            target: Target::Known(id),
            edits,
            ..
        } = command
        else {
            return None;
        };
        let stored = self.bed.show(Entity::Deal, *id);
        if stored.trashed_at.is_some() {
            return Some(BTreeSet::from([TRASHED.to_owned()]));
        }
        let clashes = edits.iter().filter(|edit| {
            let Field::Own(def) = edit.field else {
                return false;
            };
            let now = Input::Value(stored.get(def).clone());
            now != edit.new && Base::Seen(stored.get(def).clone()) != edit.base
        });
        Some(clashes.map(|edit| edit.field.name()).collect())
    }

    fn act(&mut self, author: usize, act: &Act) -> Result<(), TestCaseError> {
        if matches!(act, Act::Look) {
            self.look(author);
        }
        let Some(command) = self.command(author, act) else {
            return Ok(());
        };
        let expected = self.expected_clashes(&command);
        let (log, stands) = (self.log(), standing(&mut self.bed));
        self.bed.rep = Some(self.authors[author]);
        let outcome = self.bed.act(vec![command.clone()]);
        if let Some(expected) = expected {
            let clashed = match &outcome {
                Ok(Outcome::Saved(_)) => BTreeSet::new(),
                Ok(Outcome::Conflict(clashes)) => {
                    clashes.iter().map(|clash| clash.field.clone()).collect()
                }
                other => return Err(TestCaseError::fail(format!("{command:?}: {other:?}"))),
            };
            prop_assert_eq!(clashed, expected, "{:?}", command);
        }
        match outcome {
            Ok(Outcome::Saved(receipt)) => self.saved(author, &command, &receipt, &log, &stands)?,
            Ok(Outcome::Conflict(clashes)) => {
                prop_assert!(clashes.iter().all(is_told), "{clashes:?}");
                prop_assert_eq!(self.log(), log, "half done: {:?}", command);
            }
            // Nothing to undo; what lies in the trash is not tagged or moved; nothing is won for nobody knows how much.
            Ok(Outcome::Nothing)
            | Err(StoreError::Invalid { .. } | StoreError::Unpriced { .. }) => {
                prop_assert_eq!(self.log(), log, "half done: {:?}", command);
            }
            other => prop_assert!(false, "{command:?}: {other:?}"),
        }
        self.log_leads_to_the_rows()
    }

    fn saved(
        &mut self,
        author: usize,
        command: &Command,
        receipt: &Receipt,
        before: &[Change],
        stood: &BTreeSet<StepId>,
    ) -> Result<(), TestCaseError> {
        let log = self.log();
        let (kept, new) = log.split_at(before.len());
        prop_assert_eq!(kept, before, "the log only grows");
        prop_assert_eq!(new.len(), receipt.changes);
        for (_, _, id) in &receipt.created {
            let made = self.bed.show(Entity::Deal, *id);
            self.made.push(made);
        }
        if matches!(command, Command::Undo(_) | Command::Redo(_)) {
            let stands = standing(&mut self.bed);
            let flipped: Vec<StepId> = stands.symmetric_difference(stood).copied().collect();
            let [of] = flipped.as_slice() else {
                return Err(TestCaseError::fail(format!("took back {flipped:?}")));
            };
            for change in new {
                let robbed = later_work(&log, &stands, *of, change);
                prop_assert!(robbed.is_none(), "{command:?} took {robbed:?}");
            }
            return Ok(());
        }
        // What was overwritten had been seen.
        for change in new {
            let compared = ["title", "amount", "note", "stage"];
            let named = change
                .field
                .as_deref()
                .filter(|name| compared.contains(name));
            let compared = named.and_then(|name| Entity::Deal.field(name));
            if let (Some(def), Some(seen)) = (compared, self.seen[author].get(&change.record)) {
                prop_assert_eq!(
                    &change.old,
                    seen.get(def),
                    "overwritten unseen: {:?}",
                    change
                );
            }
        }
        Ok(())
    }

    /// Every change found what the one before it left, and the last one left what is in the row.
    fn log_leads_to_the_rows(&mut self) -> Result<(), TestCaseError> {
        let log = self.log();
        for made in self.made.clone() {
            let row = self.bed.show(Entity::Deal, made.id);
            let own = || {
                log.iter()
                    .filter(|change| change.record == made.id && change.entity == Entity::Deal)
            };
            for def in Entity::Deal.fields() {
                let mut value = made.get(def).clone();
                for change in own().filter(|change| change.field.as_deref() == Some(def.name)) {
                    prop_assert_eq!(&change.old, &value, "{:?}", change);
                    value = change.new.clone();
                }
                if !matches!(def.name, "last_touch" | "next_step") {
                    prop_assert_eq!(row.get(def), &value, "{}", def.name);
                }
            }
            let mut tags = BTreeSet::new();
            for change in own().filter(|change| change.field.as_deref() == Some("tag")) {
                let added = change.new.as_text().map(|tag| tags.insert(tag.to_owned()));
                let removed = change.old.as_text().map(|tag| tags.remove(tag));
                prop_assert_eq!(added.or(removed), Some(true), "{:?}", change);
            }
            prop_assert_eq!(
                row.set(Set::Tag).iter().cloned().collect::<BTreeSet<_>>(),
                tags
            );
            let last = own().rfind(|change| change.field.as_deref() == Some(TRASHED));
            prop_assert_eq!(
                row.trashed_at.is_some(),
                last.is_some_and(|change| !change.new.is_null())
            );
        }
        Ok(())
    }

    /// Takes back all that stands, the newest first.
    fn undo_everything(&mut self) -> Result<(), TestCaseError> {
        let mut order: Vec<StepId> = Vec::new();
        let stands = standing(&mut self.bed);
        for change in self
            .log()
            .iter()
            .rev()
            .filter(|change| stands.contains(&change.step))
        {
            if !order.contains(&change.step) {
                order.push(change.step);
            }
        }
        for step in order {
            match self.bed.act(vec![Command::Undo(Which::Group(step))]) {
                Ok(Outcome::Saved(_)) => {}
                // Its creation was taken back before it was put into the trash once more: there it stays.
                Ok(Outcome::Conflict(clashes))
                    if clashes.iter().all(|clash| clash.field == TRASHED) => {}
                other => prop_assert!(false, "{other:?}"),
            }
        }
        self.log_leads_to_the_rows()?;
        let hash = self.bed.hash();
        prop_assert_eq!(&hash, &self.empty);
        Ok(())
    }
}

fn log(bed: &mut Bed, after: i64) -> Vec<Change> {
    let query = Query::Changes {
        after,
        limit: 100_000,
    };
    match bed.book.ask(&query).unwrap() {
        Answer::Changes(changes) => changes,
        other => panic!("{other:?}"),
    }
}

/// The acts of people that hold: neither undos nor what was undone.
fn standing(bed: &mut Bed) -> BTreeSet<StepId> {
    match bed.book.ask(&Query::Groups { limit: 100_000 }).unwrap() {
        Answer::Groups(groups) => groups
            .into_iter()
            .filter(|group| group.origin == Origin::Human && !group.undone)
            .map(|group| group.group)
            .collect(),
        other => panic!("{other:?}"),
    }
}

/// A change that somebody made to the same thing after the act that is taken back, and that holds.
fn later_work<'a>(
    log: &'a [Change],
    stands: &BTreeSet<StepId>,
    of: StepId,
    inverse: &Change,
) -> Option<&'a Change> {
    let element = |change: &Change| match change.field.as_deref() {
        Some("tag") => change
            .new
            .as_text()
            .or(change.old.as_text())
            .map(str::to_owned),
        _ => None,
    };
    let same = |change: &&Change| {
        (change.record, &change.field) == (inverse.record, &inverse.field)
            && element(change) == element(inverse)
    };
    let own = log
        .iter()
        .filter(same)
        .rfind(|change| change.step == of)?
        .seq;
    log.iter().filter(same).find(|change| {
        change.seq > own
            && change.step != of
            && stands.contains(&change.step)
            && change.field.as_deref() != Some("position")
    })
}

/// A conflict says who and when.
fn is_told(clash: &Clash) -> bool {
    clash.by.is_some() && clash.at.is_some() && !clash.name.is_empty()
}

/// A few cases each time; as many as `PROPTEST_CASES` says for a longer look.
fn cases() -> ProptestConfig {
    match std::env::var_os("PROPTEST_CASES") {
        Some(_) => ProptestConfig::default(),
        None => ProptestConfig::with_cases(24),
    }
}

proptest! {
    #![proptest_config(cases())]

    #[test]
    fn whoever_comes_when_nothing_is_lost_and_all_can_be_undone(
        acts in prop::collection::vec(acts(), 1..40)
    ) {
        let mut office = Office::new();
        office.act(0, &Act::Create)?;
        (0..AUTHORS).for_each(|author| office.look(author));
        for (author, act) in &acts {
            office.act(*author, act)?;
        }
        office.undo_everything()?;
    }
}
