//! Views as records, orders by what is no column, a filter clause by clause.

use super::*;
use crate::domain::command::Which;
use crate::domain::filter::{Filter, parse};
use crate::domain::nouns::{contact, field, view};
use crate::domain::view::{SavedView, custom_column};
use crate::store::query::{Asked, Clauses, ListQuery};

fn make(
    entity: Entity,
    slot: u32,
    fields: Vec<(Field, Input)>,
    sets: Vec<(Set, String)>,
) -> Command {
    Command::Create(Create {
        slot: Slot(slot),
        entity,
        created_at: None,
        fields,
        sets,
    })
}

fn view_of(name: &str, filter: &str) -> Vec<(Field, Input)> {
    vec![
        ((&view::SCREEN).into(), "contacts".into()),
        ((&view::NAME).into(), name.into()),
        ((&view::FILTER).into(), filter.into()),
    ]
}

fn query(sort: &str, filter: Option<Filter>) -> ListQuery {
    let down = sort.starts_with('-');
    ListQuery {
        entity: Entity::Contact,
        filter,
        sort: vec![(sort.trim_start_matches('-').to_owned(), down)],
        limit: None,
        trashed: false,
        asked: Asked { now: NOW, me: None },
    }
}

fn names(bed: &mut Bed, sort: &str) -> String {
    match bed.book.ask(&Query::List(query(sort, None))).unwrap() {
        Answer::List(listing) => {
            let names: Vec<String> = listing.records.iter().map(Record::name).collect();
            names.join(" ")
        }
        other => panic!("{other:?}"),
    }
}

/// Three contacts; two have a region, two a tag, one an address.
fn people() -> (Bed, RecordId) {
    let mut bed = Bed::new();
    let fields = vec![
        ((&field::ENTITY).into(), "contact".into()),
        ((&field::NAME).into(), "Region".into()),
        ((&field::KIND).into(), "text".into()),
    ];
    let made = bed.ok(vec![make(Entity::Field, 0, fields, vec![])]);
    let region = made.created[0].2;
    let all = [
        ("Ada", Some("north"), Some("vip"), Some("Basel")),
        ("Bea", Some("East"), None, Some("Bern")),
        ("Cid", None, Some("Émigré"), None),
    ];
    for (name, of, tag, city) in all {
        let mut fields: Vec<(Field, Input)> = vec![((&contact::NAME).into(), name.into())];
        if let Some(of) = of {
            fields.push((Field::Custom(Entity::Contact, region), of.into()));
        }
        if let Some(city) = city {
            fields.push(((&contact::CITY).into(), city.into()));
        }
        let mut sets: Vec<(Set, String)> = tag
            .map(|tag| (Set::Tag, tag.to_owned()))
            .into_iter()
            .collect();
        if name == "Bea" {
            sets.push((Set::Email, "bea@x.example".to_owned()));
        }
        bed.ok(vec![make(Entity::Contact, 0, fields, sets)]);
    }
    (bed, region)
}

#[test]
fn a_view_is_made_canonical_changed_by_its_base_trashed_and_taken_back() {
    let mut bed = Bed::new();
    let made = bed.ok(vec![make(
        Entity::View,
        0,
        view_of("Mine", "owner:me  and tag:vip"),
        vec![],
    )]);
    let id = made.created[0].2;
    let read = |bed: &mut Bed| match bed
        .book
        .ask(&Query::Show {
            entity: Entity::View,
            id,
        })
        .unwrap()
    {
        Answer::Show(Some(record)) => *record,
        other => panic!("{other:?}"),
    };
    let record = read(&mut bed);
    assert_eq!(record.text(&view::FILTER), Some("owner:me tag:vip"));
    assert!(
        SavedView::of(&record).shared,
        "what nobody keeps for themselves is everybody's"
    );
    let stale = vec![edit(Entity::View, id, &view::NAME, "Ours", "Theirs")];
    assert!(matches!(bed.act(stale).unwrap(), Outcome::Conflict(_)));
    bed.ok(vec![edit(
        Entity::View,
        id,
        &view::FILTER,
        "owner:me tag:vip",
        "tag:vip",
    )]);
    bed.undo();
    assert_eq!(read(&mut bed).text(&view::FILTER), Some("owner:me tag:vip"));
    let target = id.into();
    bed.ok(vec![Command::Trash {
        entity: Entity::View,
        target,
    }]);
    assert!(read(&mut bed).trashed_at.is_some());
    bed.act(vec![Command::Undo(Which::Last)]).unwrap();
    assert!(read(&mut bed).trashed_at.is_none());
    assert!(
        bed.act(vec![make(Entity::View, 0, view_of("Bad", "(a"), vec![])])
            .is_err()
    );
    assert!(bed.book.check().unwrap().is_clean());
}

#[test]
fn a_list_is_sorted_by_custom_fields_and_by_the_first_of_several() {
    let (mut bed, region) = people();
    let region = custom_column(region);
    for (sort, order) in [
        (region.as_str(), "Bea Ada Cid"),
        ("tags", "Cid Ada Bea"),
        ("-tags", "Ada Cid Bea"),
        ("emails", "Bea Ada Cid"),
        ("email", "Bea Ada Cid"),
        ("-city", "Bea Ada Cid"),
        ("source", "Ada Bea Cid"),
        ("next_step", "Ada Bea Cid"),
    ] {
        assert_eq!(names(&mut bed, sort), order, "{sort}");
    }
    let wrong = query("colour", None);
    assert!(bed.book.ask(&Query::List(wrong)).is_err());
}

#[test]
fn each_clause_says_what_it_leaves_and_words_come_from_the_book() {
    let (mut bed, _) = people();
    let filter = parse("-city:basel tag:vip").unwrap();
    match bed
        .book
        .ask(&Query::Clauses(query("name", Some(filter))))
        .unwrap()
    {
        Answer::Clauses(found) => assert_eq!(
            found,
            Clauses {
                all: 3,
                fit: 0,
                parts: vec![
                    ("-city:basel".to_owned(), 2, 1),
                    ("tag:vip".to_owned(), 1, 0)
                ],
            }
        ),
        other => panic!("{other:?}"),
    }
    match bed.book.ask(&Query::Words(Entity::Contact)).unwrap() {
        Answer::Words(words) => {
            let of = |field: &str| {
                words
                    .iter()
                    .find(|(name, _)| name == field)
                    .unwrap()
                    .1
                    .join(" ")
            };
            assert_eq!(of("tag"), "vip Émigré");
            assert_eq!(of("city"), "Basel Bern");
            assert_eq!(of("source"), "");
        }
        other => panic!("{other:?}"),
    }
    for entity in [Entity::Deal, Entity::Company, Entity::Activity] {
        bed.book.ask(&Query::Words(entity)).unwrap();
    }
}
