//! Lists and columns in every order that a screen offers: as whoever goes through the records one by one would put them.

use std::cmp::Ordering;

use super::crowd::Crowd;
use super::*;
use crate::domain::board::{Card, CardOrder};
use crate::domain::nouns::{FieldDef, activity, contact};
use crate::domain::pipeline::StageKind;
use crate::domain::text::fold;
use crate::domain::time::Date;

const DAY: i64 = 86_400_000;

/// What is known first, in this order or the other way round.
fn known_first(one: Option<i128>, other: Option<i128>, descending: bool) -> Ordering {
    match (one, other) {
        (Some(one), Some(other)) if descending => other.cmp(&one),
        (Some(one), Some(other)) => one.cmp(&other),
        (one, other) => other.is_some().cmp(&one.is_some()),
    }
}

/// All that there is, for figures that are reckoned here.
struct All {
    contacts: Vec<Record>,
    deals: Vec<Record>,
    activities: Vec<Record>,
}

impl All {
    fn of(crowd: &mut Crowd) -> Self {
        let mut all = |entity| crowd.records(entity, "", &[("id", false)]);
        Self {
            contacts: all(Entity::Contact),
            deals: all(Entity::Deal),
            activities: all(Entity::Activity),
        }
    }

    fn figure(&self, of: &Record, name: &str) -> Option<i128> {
        let is_of =
            |record: &&Record, def: &FieldDef| record.get(def).as_int() == Some(of.id.raw());
        let open = (self.deals.iter()).filter(|record| {
            is_of(record, &deal::COMPANY) && record.state == Some(StageKind::Open)
        });
        let own = if of.entity == Entity::Contact {
            &activity::CONTACT
        } else {
            &activity::COMPANY
        };
        let activities = (self.activities.iter()).filter(|record| is_of(record, own));
        let people = (self.contacts.iter()).filter(|record| is_of(record, &contact::COMPANY));
        match (of.entity, name) {
            (Entity::Contact, "last_touch") => {
                of.get(&contact::LAST_TOUCH).as_int().map(i128::from)
            }
            (_, "last_touch") => {
                let deals = (self.deals.iter()).filter(|record| is_of(record, &deal::COMPANY));
                let moments = (activities
                    .filter_map(|record| record.get(&activity::DONE_AT).as_int()))
                .chain(people.filter_map(|record| record.get(&contact::LAST_TOUCH).as_int()))
                .chain(deals.filter_map(|record| record.get(&deal::LAST_TOUCH).as_int()));
                moments.max().map(i128::from)
            }
            (_, "next_step") => {
                let planned = activities.filter(|record| record.get(&activity::DONE_AT).is_null());
                planned.map(day_of).min()
            }
            (_, "people") => Some(people.count() as i128),
            (_, "deals") => Some(open.count() as i128),
            (_, "value") => {
                let worth = open.filter_map(|record| {
                    let amount = i128::from(record.get(&deal::AMOUNT).as_int()?);
                    // Into hundredths of a millionth of a dollar.
                    match record.text(&deal::CURRENCY)? {
                        "USD" => Some(amount * 1_000_000),
                        "EUR" => Some(amount * 1_090_909),
                        "JPY" => Some(amount * 6_543 * 100),
                        _ => None,
                    }
                });
                worth.reduce(|one, other| one + other)
            }
            other => panic!("{other:?}"),
        }
    }
}

/// The day on which a planned activity is due.
fn day_of(planned: &Record) -> i128 {
    if let Some(at) = planned.get(&activity::DUE_AT).as_int() {
        return i128::from(at / DAY);
    }
    planned
        .text(&activity::DUE_DATE)
        .map_or(1_000_000_000, |date| {
            let date: Date = date.parse().unwrap();
            let epoch: Date = "1970-01-01".parse().unwrap();
            i128::from((date - epoch).num_days())
        })
}

#[test]
fn lists_by_what_other_tables_tell_are_as_if_every_record_was_looked_at() {
    let mut crowd = Crowd::new();
    let all = All::of(&mut crowd);
    let figures = [
        (Entity::Contact, &["last_touch", "next_step"][..]),
        (
            Entity::Company,
            &["value", "deals", "people", "last_touch", "next_step"],
        ),
    ];
    for (entity, names) in figures {
        // All of them, and so few that each is asked for alone.
        for (filter, few) in [("", false), ("city:zug", true)] {
            for name in names {
                for descending in [false, true] {
                    let mut records = crowd.records(entity, filter, &[("id", false)]);
                    assert_eq!(records.len() < 500, few, "{entity} {filter}");
                    records.sort_by(|one, other| {
                        let of = |record| all.figure(record, name);
                        known_first(of(one), of(other), descending)
                            .then_with(|| fold(&one.name()).cmp(&fold(&other.name())))
                            .then(one.id.cmp(&other.id))
                    });
                    let ids: Vec<RecordId> = records.iter().map(|record| record.id).collect();
                    let sort = [(*name, descending), ("name", false)];
                    let what = format!("{entity} {filter} by {name}, {descending}");
                    assert_eq!(crowd.order(entity, filter, &sort), ids, "{what}");
                    let listed = crowd.records(entity, filter, &sort);
                    assert!(listed.iter().map(|record| record.id).eq(ids), "{what}");
                }
            }
        }
    }
}

#[test]
fn lists_by_their_own_fields_are_as_sqlite_sorts_them() {
    let mut crowd = Crowd::new();
    let keys = [
        (
            Entity::Contact,
            &[
                "name",
                "company",
                "title",
                "owner",
                "last_touch",
                "created_at",
                "id",
                "score",
                "lead_state",
                "waits",
                "city",
                "tags",
                "source",
            ][..],
        ),
        (
            Entity::Company,
            &["name", "city", "owner", "created_at", "id", "tags"],
        ),
        (
            Entity::Deal,
            &[
                "title",
                "company",
                "amount",
                "expected_close",
                "stage",
                "last_touch",
            ],
        ),
    ];
    for (entity, names) in keys {
        for (place, name) in names.iter().enumerate() {
            for descending in [false, true] {
                let next = names[(place + 1) % names.len()];
                for sort in [
                    &[(*name, descending)][..],
                    &[(name, descending), (names[0], false)],
                    &[(name, false), (next, descending), (names[0], true)],
                ] {
                    let listed = crowd.records(entity, "", sort);
                    let ids: Vec<RecordId> = listed.iter().map(|record| record.id).collect();
                    assert_eq!(crowd.order(entity, "", sort), ids, "{entity} {sort:?}");
                }
            }
        }
    }
}

#[test]
fn the_first_of_a_list_are_those_that_the_whole_order_begins_with() {
    let mut crowd = Crowd::new();
    let orders = [
        (
            Entity::Contact,
            &[
                "name",
                "company",
                "last_touch",
                "next_step",
                "waits",
                "id",
                "owner",
            ][..],
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
                "id",
            ],
        ),
    ];
    let filters = [
        "",
        "city:zug",
        "-city:zug",
        "no:next_step",
        "tag:vip",
        "owner:anna touched<300d",
        "has:email or company:alp",
        "alpina",
        "zug 44 or 4144",
        "source:crm -tag:vip",
        "state:new,working",
    ];
    let mut told = 0;
    for (entity, names) in orders {
        for (name, filter) in names.iter().flat_map(|name| filters.map(|it| (*name, it))) {
            // Of companies nobody keeps when they were touched.
            if entity == Entity::Company
                && (filter.contains("touched")
                    || filter.contains("has")
                    || filter.contains("state"))
            {
                continue;
            }
            for descending in [false, true] {
                for sort in [
                    &[(name, descending), ("name", false)][..],
                    &[(name, descending)],
                ] {
                    let ids = crowd.order(entity, filter, sort);
                    for limit in [1, 30, 300, 2_000] {
                        let what = format!("{entity} {filter} {sort:?} {limit}");
                        let Some(head) = crowd.head(entity, filter, sort, limit) else {
                            continue;
                        };
                        told += 1;
                        let begin = &ids[..limit.min(ids.len())];
                        assert_eq!(head.ids, begin, "{what}");
                        if head.is_all || !filter.contains('-') {
                            assert_eq!(head.is_all, ids.len() <= limit, "{what}");
                        }
                    }
                }
            }
        }
    }
    assert!(told > 700, "{told}");
}

#[test]
fn companies_where_nobody_is_are_not_gone_through_without_end() {
    let mut crowd = Crowd::new();
    let conn = rusqlite::Connection::open(crowd.bed.book.path()).unwrap();
    conn.execute_batch(
        "WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 20001)
         INSERT INTO company (id, name, name_key) SELECT n, 'Aa ' || n, 'aa ' || n FROM n",
    )
    .unwrap();
    let sort = [("company", false), ("name", false)];
    assert!(crowd.head(Entity::Contact, "", &sort, 30).is_none());
}

#[test]
fn columns_in_every_order_are_as_if_every_card_was_looked_at() {
    let mut crowd = Crowd::new();
    for order in CardOrder::ALL {
        for place in 0..3 {
            let own = crowd.column(place, |_| ());
            assert!(own.len() > 100, "{}", own.len());
            let key = |card: &Card| -> (bool, i128) {
                let key = match order {
                    CardOrder::Own => None,
                    CardOrder::Amount => card.amount.and_then(|money| {
                        let minor = i128::from(money.minor);
                        match money.currency.code() {
                            "USD" => Some(-minor * 1_000_000),
                            "EUR" => Some(-minor * 1_090_909),
                            "JPY" => Some(-minor * 6_543 * 100),
                            _ => None,
                        }
                    }),
                    CardOrder::Close => card.expected_close.map(|date| i128::from(days(date))),
                    CardOrder::Quiet => {
                        let since = card.last_touch.or(card.created_at);
                        since.map(|at| i128::from(at.millis()))
                    }
                    CardOrder::NextStep => card.next_step.as_ref().and_then(|step| {
                        let at = step.due_at.map(Instant::millis);
                        let date = step.due_date.map(|date| days(date) * DAY);
                        at.or(date).map(i128::from)
                    }),
                };
                (key.is_none(), key.unwrap_or_default())
            };
            let mut cards = own.clone();
            if order != CardOrder::Own {
                cards.sort_by_key(|card| (key(card), card.id.record()));
            }
            let ids: Vec<Id<Deal>> = cards.iter().map(|card| card.id).collect();
            let mut ask = |limit, keep| {
                let cards = crowd.column(place, |query| {
                    (query.order, query.limit, query.keep) = (order, limit, keep);
                });
                cards.iter().map(|card| card.id).collect::<Vec<_>>()
            };
            assert_eq!(ask(ids.len(), None), ids, "{order:?}");
            assert_eq!(ask(7, None), ids[..7], "{order:?}");
            assert_eq!(ask(7, Some(ids[60])), ids[..91], "{order:?}");
        }
    }
}

fn days(date: Date) -> i64 {
    let epoch: Date = "1970-01-01".parse().unwrap();
    (date - epoch).num_days()
}
