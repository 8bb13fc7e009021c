//! Lists and columns in every order that a screen offers, of a book in which anything may be unknown, in the trash, or alike: as whoever
//! goes through the records one by one would put them.

use std::cmp::Ordering;

use rusqlite::Connection;

use super::*;
use crate::domain::board::{Card, CardOrder};
use crate::domain::filter;
use crate::domain::history::Head;
use crate::domain::nouns::{FieldDef, activity, contact};
use crate::domain::period::Period;
use crate::domain::pipeline::StageKind;
use crate::domain::text::fold;
use crate::domain::time::Date;
use crate::store::query::{Asked, BoardQuery, ListQuery};

const ASKED: Asked = Asked { now: NOW, me: None };
/// More than are looked up one by one.
const MANY: u32 = 600;
const DAY: i64 = 86_400_000;

/// Numbers without a pattern, the same in every run.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (self.0 >> 33) % end
    }

    /// One time in three nothing.
    fn perhaps<T>(&mut self, one: impl FnOnce(&mut Self) -> T) -> Option<T> {
        (self.below(3) > 0).then(|| one(self))
    }

    fn one_of<T: Copy>(&mut self, all: &[T]) -> T {
        all[usize::try_from(self.below(all.len() as u64)).unwrap()]
    }

    /// One of a few moments, so that many are alike.
    fn moment(&mut self) -> Instant {
        let hours = i64::try_from(self.below(200)).unwrap();
        Instant::from_millis(NOW.millis() + (hours - 150) * 3_600_000)
    }

    fn day(&mut self) -> Date {
        self.moment().date(chrono_tz::UTC)
    }
}

/// Anything may be there and may be missing.
struct Crowd {
    bed: Bed,
    dice: Dice,
}

type Fields = Vec<(&'static FieldDef, Value)>;

impl Crowd {
    fn new() -> Self {
        let bed = Bed::new();
        let conn = Connection::open(bed.book.path()).unwrap();
        conn.execute_batch(
            "INSERT INTO rate (currency, date, rate) VALUES ('EUR', '2026-01-01', 1090909), ('JPY', '2026-01-01', 6543)",
        )
        .unwrap();
        let mut crowd = Self { bed, dice: Dice(7) };
        crowd.fill();
        crowd
    }

    fn make(
        &mut self,
        entity: Entity,
        count: u32,
        mut fields: impl FnMut(&mut Dice) -> Fields,
    ) -> Vec<RecordId> {
        let commands = (0..count).map(|slot| {
            let Command::Create(made) = create(entity, fields(&mut self.dice)) else {
                unreachable!()
            };
            Command::Create(Create {
                slot: Slot(slot),
                created_at: self.dice.perhaps(Dice::moment),
                ..made
            })
        });
        let commands = commands.collect();
        let draft = self.bed.draft(Origin::Import, commands);
        let made = self.bed.saved(&draft).created;
        let ids: Vec<RecordId> = made.into_iter().map(|(_, _, id)| id).collect();
        let trashed = ids.iter().filter(|_| self.dice.below(12) == 0);
        let trash = |id: &RecordId| Command::Trash {
            entity,
            target: (*id).into(),
        };
        let trashed: Vec<Command> = trashed.map(trash).collect();
        self.bed.ok(trashed);
        ids
    }

    fn fill(&mut self) {
        let names = ["Alpina", "alpina", "Ärlig", "Bär", "Zug AG", "o'Neil", "李"];
        let reps: Vec<RecordId> = ["Mira", "Zoe", "anna"]
            .map(|name| self.bed.rep(name).record())
            .into();
        let companies = self.make(Entity::Company, MANY, |dice| {
            vec![
                (&company::NAME, dice.one_of(&names).into()),
                (
                    &company::CITY,
                    dice.perhaps(|dice| dice.one_of(&["Zug", "Bern", "bern"]))
                        .into(),
                ),
                (
                    &company::OWNER,
                    dice.perhaps(|dice| dice.one_of(&reps)).into(),
                ),
            ]
        });
        let contacts = self.make(Entity::Contact, MANY, |dice| {
            let state = dice.perhaps(|dice| dice.one_of(&["new", "working", "nurturing"]));
            vec![
                (&contact::NAME, dice.one_of(&names).into()),
                (
                    &contact::COMPANY,
                    dice.perhaps(|dice| dice.one_of(&companies)).into(),
                ),
                (
                    &contact::OWNER,
                    dice.perhaps(|dice| dice.one_of(&reps)).into(),
                ),
                (
                    &contact::TITLE,
                    dice.perhaps(|dice| dice.one_of(&["CEO", "ceo", "Buyer"]))
                        .into(),
                ),
                (
                    &contact::CITY,
                    dice.perhaps(|dice| dice.one_of(&["Zug", "Bern"])).into(),
                ),
                (&contact::LEAD_STATE, state.into()),
            ]
        });
        let stages = self.bed.stages.clone();
        let open = &stages[..3];
        let deals = self.make(Entity::Deal, MANY, |dice| {
            let amount = dice.perhaps(|dice| i64::try_from(dice.below(40) * 5_000).unwrap());
            vec![
                (&deal::TITLE, "Deal".into()),
                (&deal::STAGE, dice.one_of(open).into()),
                (
                    &deal::COMPANY,
                    dice.perhaps(|dice| dice.one_of(&companies)).into(),
                ),
                (&deal::AMOUNT, amount.into()),
                (
                    &deal::CURRENCY,
                    dice.one_of(&["USD", "EUR", "JPY", "CHF"]).into(),
                ),
                (&deal::EXPECTED_CLOSE, dice.perhaps(Dice::day).into()),
            ]
        });
        self.make(Entity::Activity, 3 * MANY, |dice| {
            let done = dice.perhaps(Dice::moment);
            let due = if done.is_none() { dice.below(3) } else { 2 };
            vec![
                (
                    &activity::KIND,
                    dice.one_of(&["call", "mail", "note"]).into(),
                ),
                (
                    &activity::CONTACT,
                    dice.perhaps(|dice| dice.one_of(&contacts)).into(),
                ),
                (
                    &activity::COMPANY,
                    dice.perhaps(|dice| dice.one_of(&companies)).into(),
                ),
                (
                    &activity::DEAL,
                    dice.perhaps(|dice| dice.one_of(&deals)).into(),
                ),
                (&activity::DONE_AT, done.into()),
                (&activity::DUE_AT, (due == 0).then(|| dice.moment()).into()),
                (&activity::DUE_DATE, (due == 1).then(|| dice.day()).into()),
            ]
        });
        self.fill_beside();
        for id in deals.iter().step_by(7) {
            self.win(*id);
        }
    }

    /// What lies in other tables, by no rule of sales.
    fn fill_beside(&mut self) {
        let conn = self.bed.book.conn_mut().unwrap();
        conn.execute_batch(
            "UPDATE contact SET score = id % 5 WHERE id % 3 > 0;
             INSERT INTO tag (entity, record, value, key) SELECT 'contact', id, 'VIP', 'vip' FROM contact WHERE id % 3 = 0;
             INSERT INTO tag (entity, record, value, key) SELECT 'company', id, 'vip', 'vip' FROM company WHERE id % 5 = 0;
             INSERT INTO identifier (contact, kind, value, key)
                 SELECT id, 'phone', '+41 44 ' || id, '4144' || id FROM contact WHERE id % 4 = 0;
             INSERT INTO identifier (contact, kind, value, key)
                 SELECT id, 'email', 'n' || id || '@Alpina.example', 'n' || id || '@alpina.example' FROM contact WHERE id % 7 = 0;
             INSERT INTO domain (company, value, key) SELECT id, 'alpina.ch', 'alpina.ch' FROM company WHERE id % 3 = 0;
             INSERT INTO source_record (source, key, entity, record) SELECT 'crm', id, 'contact', id FROM contact WHERE id % 2 = 0;",
        )
        .unwrap();
    }

    /// Wins a deal, where it is not in the trash.
    fn win(&mut self, id: RecordId) {
        let base = self.bed.show(Entity::Deal, id);
        if base.trashed_at.is_none() {
            let stage = base.get(&deal::STAGE).as_int().map(Id::from_raw);
            self.bed.ok(vec![
                Command::WithoutAmount { deal: id.into() },
                Command::WinDeal {
                    deal: Id::new(id),
                    base: stage,
                    closed_at: None,
                },
            ]);
        }
    }

    fn query(entity: Entity, filter: &str, sort: &[(&str, bool)]) -> ListQuery {
        ListQuery {
            entity,
            filter: (!filter.is_empty()).then(|| filter::parse(filter).unwrap()),
            sort: (sort.iter())
                .map(|(by, descending)| ((*by).to_owned(), *descending))
                .collect(),
            limit: None,
            trashed: false,
            asked: ASKED,
        }
    }

    fn records(&mut self, entity: Entity, filter: &str, sort: &[(&str, bool)]) -> Vec<Record> {
        let query = Query::List(Self::query(entity, filter, sort));
        match self.bed.book.ask(&query).unwrap() {
            Answer::List(list) => list.records,
            other => panic!("{other:?}"),
        }
    }

    fn order(&mut self, entity: Entity, filter: &str, sort: &[(&str, bool)]) -> Vec<RecordId> {
        let query = Query::Order(Self::query(entity, filter, sort));
        match self.bed.book.ask(&query).unwrap() {
            Answer::Order(order) => order.ids,
            other => panic!("{other:?}"),
        }
    }

    fn head(
        &mut self,
        entity: Entity,
        filter: &str,
        sort: &[(&str, bool)],
        limit: usize,
    ) -> Option<Head> {
        let query = Query::Head(ListQuery {
            limit: Some(limit),
            ..Self::query(entity, filter, sort)
        });
        match self.bed.book.ask(&query).unwrap() {
            Answer::Head(head) => head,
            other => panic!("{other:?}"),
        }
    }

    fn column(&mut self, place: usize, change: impl FnOnce(&mut BoardQuery)) -> Vec<Card> {
        let mut query = BoardQuery {
            pipeline: None,
            filter: None,
            limits: vec![],
            limit: usize::try_from(MANY).unwrap(),
            order: CardOrder::Own,
            keep: None,
            foot: Period::parse("2026-Q4", "2026-11-24".parse().unwrap(), 1).unwrap(),
            asked: ASKED,
        };
        change(&mut query);
        match self.bed.book.ask(&Query::Board(query)).unwrap() {
            Answer::Board(mut board) => board.columns.swap_remove(place).cards,
            other => panic!("{other:?}"),
        }
    }
}

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
