//! The folded copy of a book: read in slices, caught up by the log, and told in the book's own letters.

use proptest::prelude::*;

use crate::domain::command::{Base, Command, FieldEdit, Input, Which};
use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Field, FieldDef, Set, company, contact, deal};
use crate::domain::outcome::Outcome;
use crate::store::Book;
use crate::store::find::copy::NOUNS;
use crate::store::find::{Copy, Raw};
use crate::store::query::{Answer, FoundRow, Query};

use super::{Bed, create};

fn find(bed: &mut Bed, text: &str) -> Vec<FoundRow> {
    let query = Query::Search {
        text: text.to_owned(),
        limit: 10,
    };
    match bed.book.ask(&query).unwrap() {
        Answer::Search(found) => found.rows,
        other => panic!("{other:?}"),
    }
}

fn names(rows: &[FoundRow]) -> Vec<&str> {
    rows.iter().map(|row| row.record.name.as_str()).collect()
}

fn add(entity: Entity, id: RecordId, set: Set, element: &str) -> Command {
    Command::Add {
        entity,
        target: id.into(),
        set,
        element: element.to_owned(),
    }
}

fn trash(entity: Entity, id: RecordId) -> Command {
    Command::Trash {
        entity,
        target: id.into(),
    }
}

#[test]
fn a_row_says_what_it_was_found_by_as_it_is_written() {
    let mut bed = Bed::new();
    let alpina = bed.company("Alpina AG");
    let fields = vec![
        (&contact::NAME, "Sacha Müller".into()),
        (&contact::COMPANY, alpina.into()),
        (&contact::LEAD_STATE, "new".into()),
    ];
    let sacha = bed.ok(vec![create(Entity::Contact, fields)]).created[0].2;
    bed.ok(vec![
        add(Entity::Contact, sacha, Set::Email, "S.Mueller@Alpina.ch"),
        add(Entity::Contact, sacha, Set::Phone, "+41 44 668 00 13"),
    ]);
    for (typed, matched, near) in [
        ("muller", None, None),
        ("sacha alpina", None, None),
        ("s.mueller@", Some("S.Mueller@Alpina.ch"), None),
        ("668 00 13", Some("+41 44 668 00 13"), None),
        ("+41446680013", Some("+41 44 668 00 13"), None),
        ("Sahca", None, Some("sacha")),
    ] {
        let rows = find(&mut bed, typed);
        let row = &rows[0];
        assert_eq!(names(&rows)[0], "Sacha Müller", "{typed}");
        assert_eq!(row.record.detail.as_deref(), Some("Alpina AG"));
        assert!(row.lead);
        assert_eq!(row.matched.as_deref(), matched, "{typed}");
        assert_eq!(row.near.as_deref(), near, "{typed}");
    }
    bed.ok(vec![trash(Entity::Contact, sacha)]);
    assert_eq!(names(&find(&mut bed, "muller")), Vec::<&str>::new());
}

#[test]
fn what_somebody_works_on_is_what_they_opened_and_then_what_they_changed() {
    let mut bed = Bed::new();
    let other = bed.company("Others");
    bed.rep = Some(bed.rep("Ana"));
    let first = bed.company("First");
    let deal = bed.deal("Second", 0, None);
    let ask = |bed: &mut Bed, opened: Vec<(Entity, RecordId)>| {
        let rep = bed.rep;
        let query = Query::Lately {
            rep,
            opened,
            limit: 10,
        };
        match bed.book.ask(&query).unwrap() {
            Answer::Search(found) => found
                .rows
                .into_iter()
                .map(|row| row.record.name)
                .collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(ask(&mut bed, vec![]), ["Second", "First"]);
    let opened = vec![
        (Entity::Company, other.record()),
        (Entity::Company, first.record()),
    ];
    assert_eq!(ask(&mut bed, opened), ["Others", "First", "Second"]);
    bed.ok(vec![trash(Entity::Deal, deal.record())]);
    assert_eq!(ask(&mut bed, vec![]), ["First"]);
    bed.rep = None;
    assert_eq!(ask(&mut bed, vec![]), Vec::<String>::new());
}

/// A copy that is read whole.
fn anew(book: &mut Book) -> Copy {
    let mut copy = Copy::default();
    for noun in NOUNS {
        let mut after = RecordId::from_raw(i64::MIN);
        loop {
            // Slices that are short, so that there are many.
            let slice = book.slice_behind(noun, after, 3).unwrap();
            let Some(last) = slice.last() else {
                break;
            };
            after = last;
            let lacking = copy.load_all(&slice);
            for raw in book.rows_of(&lacking).unwrap().into_iter().flatten() {
                copy.put(&raw);
            }
        }
    }
    copy
}

fn catch_up(book: &mut Book, copy: &mut Copy, seq: &mut i64) {
    loop {
        let (touched, last) = book.touched_behind(*seq, 5).unwrap();
        if last == *seq {
            return;
        }
        *seq = last;
        for one in touched {
            let records = book.records_touched(one).unwrap();
            let rows: Vec<Option<Raw>> = book.rows_of(&records).unwrap();
            for ((entity, id), row) in records.into_iter().zip(rows) {
                match row {
                    Some(row) => copy.put(&row),
                    None => copy.take(entity, id),
                }
            }
        }
    }
}

/// What can happen to a book, by number.
fn happen(bed: &mut Bed, act: u8, which: usize, text: &str) {
    let of = |bed: &mut Bed, entity: Entity| match bed.book.ask(&Query::Choices(entity)).unwrap() {
        Answer::Choices(all) => all
            .get(which % all.len().max(1))
            .map(|one| (entity, one.id, one.name.clone())),
        other => panic!("{other:?}"),
    };
    let set = |(entity, id, _): (Entity, RecordId, String),
               def: &'static FieldDef,
               new: crate::domain::value::Value| {
        let edit = FieldEdit {
            field: Field::Own(def),
            base: Base::Unseen,
            new: Input::Value(new),
        };
        Command::Edit {
            entity,
            target: id.into(),
            edits: vec![edit],
        }
    };
    let firm = of(bed, Entity::Company);
    let person = of(bed, Entity::Contact);
    let chance = of(bed, Entity::Deal);
    let firm_id = firm.as_ref().map(|(_, id, _)| id.raw());
    let command = match act % 11 {
        0 => Some(create(Entity::Company, vec![(&company::NAME, text.into())])),
        1 => Some(create(
            Entity::Contact,
            vec![
                (&contact::NAME, text.into()),
                (&contact::COMPANY, firm_id.into()),
            ],
        )),
        2 => {
            let stage = bed.stages[0];
            let person = person.map(|(_, id, _)| id.raw());
            let fields = vec![
                (&deal::TITLE, text.into()),
                (&deal::STAGE, stage.into()),
                (&deal::COMPANY, firm_id.into()),
                (&deal::CONTACT, person.into()),
            ];
            Some(create(Entity::Deal, fields))
        }
        3 => firm.map(|firm| set(firm, &company::NAME, text.into())),
        4 => person.map(|person| set(person, &contact::NAME, text.into())),
        5 => person.map(|person| set(person, &contact::COMPANY, firm_id.into())),
        6 => person.map(|(_, id, _)| {
            add(
                Entity::Contact,
                id,
                Set::Email,
                &format!("{}@a.ch", text.replace(' ', ".")),
            )
        }),
        7 => person.map(|(entity, id, _)| trash(entity, id)),
        8 => chance.map(|(entity, id, _)| trash(entity, id)),
        9 => Some(Command::Undo(Which::Last)),
        _ => Some(Command::Redo(Which::Last)),
    };
    if let Some(command) = command {
        // What the book refuses changes nothing.
        let _: Result<Outcome, _> = bed.act(vec![command]);
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]
    #[test]
    fn catching_up_by_the_log_is_as_reading_anew(acts in prop::collection::vec((any::<u8>(), 0_usize..5, "[abÄ]{1,4}"), 1..40), begin in 0_usize..20) {
        let mut bed = Bed::new();
        for (act, which, text) in acts.iter().take(begin) {
            happen(&mut bed, *act, *which, text);
        }
        let mut seq = 0;
        loop {
            let (_, last) = bed.book.touched_behind(seq, 500).unwrap();
            if last == seq {
                break;
            }
            seq = last;
        }
        let mut copy = anew(&mut bed.book);
        for (act, which, text) in acts.iter().skip(begin) {
            happen(&mut bed, *act, *which, text);
            if act % 3 == 0 {
                catch_up(&mut bed.book, &mut copy, &mut seq);
            }
        }
        catch_up(&mut bed.book, &mut copy, &mut seq);
        prop_assert_eq!(copy.lines(), anew(&mut bed.book).lines());
    }
}
