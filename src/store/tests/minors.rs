//! Schema 1.1 and the books of 1.0 that stay so: what is unknown there, and that everything else goes on.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use tempfile::TempDir;

use super::crowd::Crowd;
use super::*;
use crate::domain::nouns::stage;
use crate::store::Opening;
use crate::store::query::{Asked, ListQuery};

/// The book of a released schema, in a folder of its own.
fn released(version: &str) -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("team.db");
    let kept = Path::new(env!("CARGO_MANIFEST_DIR")).join(format!("tests/schemas/{version}.db"));
    std::fs::copy(kept, &path).unwrap();
    (dir, path)
}

fn stages(book: &mut Book, sort: &[(String, bool)]) -> Vec<Record> {
    let query = Query::List(ListQuery {
        entity: Entity::Stage,
        filter: None,
        sort: sort.to_vec(),
        limit: None,
        trashed: false,
        asked: Asked { now: NOW, me: None },
    });
    match book.ask(&query).unwrap() {
        Answer::List(list) => list.records,
        other => panic!("{other:?}"),
    }
}

fn draft(commands: Vec<Command>) -> StepDraft {
    let id = random_id();
    StepDraft {
        id,
        group: id,
        rep: None,
        at: NOW,
        origin: Origin::Human,
        label: None,
        import: None,
        commands,
    }
}

fn require(stage: &Record, fields: &str) -> Command {
    edit(
        Entity::Stage,
        stage.id,
        &stage::REQUIRED,
        Value::Null,
        fields,
    )
}

#[test]
fn a_book_that_stays_1_0_does_not_know_what_a_stage_requires_and_works_on() {
    let (_dir, path) = released("1.0");
    let mut book = Book::open_to_migrate(&Opening::of(&path)).unwrap();
    let listed = stages(&mut book, &[("required".to_owned(), true)]);
    assert!(!listed.is_empty());
    assert!(listed.iter().all(|row| row.get(&stage::REQUIRED).is_null()));
    let refused = book.commit(&draft(vec![require(&listed[0], "[\"amount\"]")]));
    let Err(StoreError::Invalid { field, what }) = refused else {
        panic!("{refused:?}")
    };
    assert_eq!(field.as_deref(), Some("required"));
    assert!(what.contains("clinch book migrate"), "{what}");
    let made = book.commit(&draft(vec![create(
        Entity::Stage,
        vec![
            (&stage::NAME, "Pilot".into()),
            (&stage::PIPELINE, listed[0].get(&stage::PIPELINE).clone()),
            (&stage::KIND, "open".into()),
        ],
    )]));
    assert!(matches!(made, Ok(Outcome::Saved(_))), "{made:?}");
    assert!(book.check().unwrap().is_clean());
}

#[test]
fn a_book_that_stays_1_0_has_no_quotas_and_says_how_it_gets_them() {
    use crate::domain::nouns::rate;
    let (_dir, path) = released("1.0");
    let mut book = Book::open_to_migrate(&Opening::of(&path)).unwrap();
    for entity in [Entity::Quota, Entity::Rate] {
        let id = RecordId::from_raw(7);
        let shown = book.ask(&Query::Show { entity, id });
        assert!(matches!(shown, Ok(Answer::Show(None))), "{shown:?}");
        let text = "EUR".to_owned();
        let told = book.ask(&Query::Resolve { entity, text }).unwrap_err();
        assert!(told.to_string().contains("clinch book migrate"), "{told}");
    }
    let set = create(
        Entity::Rate,
        vec![
            (&rate::CURRENCY, "EUR".into()),
            (&rate::DATE, "2026-11-01".into()),
            (&rate::RATE, 940_000.into()),
        ],
    );
    let told = book.commit(&draft(vec![set.clone()])).unwrap_err();
    assert!(told.to_string().contains("clinch book migrate"), "{told}");
    assert!(book.ask(&Query::Info).is_ok());
    assert!(book.check().unwrap().is_clean());
    drop(book);
    let mut book = Book::open(&path).unwrap();
    let saved = book.commit(&draft(vec![set]));
    assert!(matches!(saved, Ok(Outcome::Saved(_))), "{saved:?}");
    assert!(book.check().unwrap().is_clean());
}

#[test]
fn the_migration_changes_nothing_that_a_book_says() {
    let (_dir, path) = released("1.0");
    let mut book = Book::open_to_migrate(&Opening::of(&path)).unwrap();
    let said = (book.content_hash().unwrap(), stages(&mut book, &[]));
    drop(book);
    let mut book = Book::open(&path).unwrap();
    assert_eq!(book.head(std::time::Duration::ZERO).unwrap().schema, (1, 1));
    assert_eq!((book.content_hash().unwrap(), stages(&mut book, &[])), said);
    assert!(book.check().unwrap().is_clean());
    let stage = &said.1[0];
    let saved = book.commit(&draft(vec![require(stage, "[\"amount\"]")]));
    assert!(matches!(saved, Ok(Outcome::Saved(_))), "{saved:?}");
    assert_ne!(book.content_hash().unwrap(), said.0);
    assert!(book.check().unwrap().is_clean());
}

#[test]
fn who_has_a_book_open_goes_on_when_a_colleague_migrates_it() {
    let (_dir, path) = released("1.0");
    let mut before = Book::open_to_migrate(&Opening::of(&path)).unwrap();
    let first = stages(&mut before, &[])[0].clone();
    Connection::open(&path)
        .unwrap()
        .execute_batch(&format!(
            "BEGIN; {} PRAGMA user_version = 1001; COMMIT",
            include_str!("../schema/v1_1.sql")
        ))
        .unwrap();
    let saved = before.commit(&draft(vec![require(&first, "[\"amount\"]")]));
    assert!(matches!(saved, Ok(Outcome::Saved(_))), "{saved:?}");
    assert!(
        stages(&mut before, &[])
            .iter()
            .any(|row| row.text(&stage::REQUIRED) == Some("[\"amount\"]"))
    );
}

#[test]
fn lists_of_a_book_that_stays_1_0_are_those_of_the_migrated_one() {
    let (_dir, path) = released("1.0");
    let keys = [
        (
            Entity::Contact,
            &["name", "company", "last_touch", "next_step", "waits", "id"][..],
        ),
        (
            Entity::Company,
            &[
                "name",
                "last_touch",
                "next_step",
                "people",
                "deals",
                "value",
            ],
        ),
    ];
    let filters = ["", "no:next_step", "-tag:vip", "a"];
    let lists = || {
        let keys = keys
            .iter()
            .flat_map(|(entity, keys)| keys.iter().map(|key| (*entity, *key)));
        let ways = keys.flat_map(|(entity, key)| [(entity, key, false), (entity, key, true)]);
        ways.flat_map(|(entity, key, down)| {
            filters.map(|filter| Crowd::query(entity, filter, &[(key, down), ("name", false)]))
        })
    };
    let mut book = Book::open_to_migrate(&Opening::of(&path)).unwrap();
    let mut orders = Vec::new();
    for list in lists() {
        orders.push(book.ask(&Query::Order(list.clone())).unwrap());
        let limit = Some(2);
        let head = book.ask(&Query::Head(ListQuery { limit, ..list }));
        assert_eq!(head.unwrap(), Answer::Head(None));
    }
    drop(book);
    let mut book = Book::open(&path).unwrap();
    for (list, order) in lists().zip(orders) {
        assert_eq!(
            book.ask(&Query::Order(list.clone())).unwrap(),
            order,
            "{list:?}"
        );
    }
}

/// How SQLite means to answer a question.
fn plan(conn: &Connection, sql: &str) -> String {
    let mut statement = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
    let args = vec![None::<i64>; statement.parameter_count()];
    let lines = statement
        .query_map(rusqlite::params_from_iter(args), |row| {
            row.get::<_, String>(3)
        })
        .unwrap();
    lines.map(Result::unwrap).collect::<Vec<_>>().join("; ")
}

#[test]
fn today_and_the_list_by_name_are_answered_out_of_the_indexes() {
    let bed = Bed::new();
    let conn = Connection::open(bed.book.path()).unwrap();
    crate::store::filter_sql::register(&conn).unwrap();
    let today = plan(&conn, &crate::store::read::planned_sql());
    assert!(
        today.contains("COVERING INDEX activity_done") && !today.contains("SCAN activity"),
        "{today}"
    );
    let names = plan(
        &conn,
        "SELECT \"contact\".id FROM \"contact\" WHERE \"contact\".trashed_at IS NULL AND (1)
         ORDER BY fold(\"contact\".\"name\") ASC NULLS LAST, \"contact\".id LIMIT -1",
    );
    assert!(names.contains("COVERING INDEX contact_name"), "{names}");
}
