//! The filter language: any text is a filter or a sentence, prints back as itself, and never becomes anything but a question.

use std::cell::RefCell;

use chrono_tz::Europe::Zurich;
use clinch::domain::filter::{Context, CustomField, CustomKind, bind, parse};
use clinch::domain::id::{Id, RecordId};
use clinch::domain::nouns::Entity;
use clinch::domain::time::Instant;
use clinch::store::query::{Asked, ListQuery, Query};
use clinch::store::{Book, NewBook, StoreError};

use crate::harness::{Target, text};

const FILTERS: Target = Target {
    name: "filters",
    words: &[
        "(",
        ")",
        "not ",
        "-",
        " or ",
        " and ",
        ":",
        "=",
        "!=",
        "<=",
        ">",
        "~",
        "..",
        ",",
        "\"",
        "\\",
        "has:",
        "no:",
        "is:rotting",
        "open",
        "stage:",
        "value:",
        "owner:me",
        "close:",
        "touched>",
        "60d",
        "this-quarter",
        "2026-Q4",
        "10k",
        "\"10k eur\"",
        "tag:vip",
        "custom",
        "in:",
        "events(",
        "sum(",
        "'); DROP TABLE deal;--",
        "%",
        "_",
        "*",
        "ẞ",
        "\u{202e}",
        "((((((((",
        "name:",
        "city:",
        "email:",
    ],
    short: 2_000,
    weight: 2,
    longest: 300,
};

fn now() -> Instant {
    Instant::parse("2026-11-24T10:05:00Z", Zurich).unwrap()
}

#[test]
fn any_text_is_a_filter_or_a_sentence() {
    let custom = [CustomField {
        id: RecordId::from_raw(9),
        name: "Contract end".to_owned(),
        kind: CustomKind::Date,
    }];
    let context = Context {
        now: now(),
        zone: Zurich,
        base: "CHF".parse().unwrap(),
        fiscal_start: 7,
        me: Some(Id::from_raw(7)),
        rates: &[("EUR".parse().unwrap(), 940_000)],
        custom: &custom,
        names: &[(Entity::Rep, vec!["Ana Meier".to_owned()])],
    };
    FILTERS.run(|input| {
        let typed = text(input);
        match parse(&typed) {
            Err(fault) => {
                assert!(
                    typed.is_char_boundary(fault.position().min(typed.len())),
                    "{fault:?}"
                );
                assert!(!fault.what.is_empty());
            }
            Ok(filter) => {
                let printed = filter.to_string();
                let again = parse(&printed).unwrap_or_else(|fault| panic!("`{printed}`: {fault}"));
                assert_eq!(again.to_string(), printed);
                for entity in [
                    Entity::Deal,
                    Entity::Contact,
                    Entity::Company,
                    Entity::Activity,
                ] {
                    let (first, second) = (
                        bind(&filter, entity, &context),
                        bind(&again, entity, &context),
                    );
                    match (first, second) {
                        (Ok(first), Ok(second)) => assert_eq!(first, second, "`{printed}`"),
                        (Err(_), Err(_)) => {}
                        (first, second) => panic!("`{printed}`: {first:?}, {second:?}"),
                    }
                }
            }
        }
    });
}

#[test]
fn any_filter_is_answered_by_the_book_and_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let new = NewBook {
        name: "Team".to_owned(),
        base: "CHF".parse().unwrap(),
        zone: Zurich,
        fiscal_start: 1,
    };
    let mut book = Book::create(&folder.path().join("team.db"), &new).unwrap();
    let before = book.content_hash().unwrap();
    let book = RefCell::new(book);
    FILTERS.run(|input| {
        let Ok(filter) = parse(&text(input)) else {
            return;
        };
        for entity in [Entity::Deal, Entity::Contact, Entity::Company] {
            let query = Query::List(ListQuery {
                entity,
                filter: Some(filter.clone()),
                sort: vec![],
                limit: Some(5),
                trashed: false,
                asked: Asked {
                    now: now(),
                    me: None,
                },
            });
            match book.borrow_mut().ask(&query) {
                Ok(_) | Err(StoreError::Invalid { .. }) => {}
                Err(fault) => panic!("{filter}: {fault:?}"),
            }
        }
    });
    assert_eq!(book.borrow_mut().content_hash().unwrap(), before);
}
