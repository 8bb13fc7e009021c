//! A book in which anything may be unknown, in the trash, or alike.

use rusqlite::Connection;

use super::*;
use crate::domain::board::{Card, CardOrder};
use crate::domain::filter;
use crate::domain::history::Head;
use crate::domain::nouns::{FieldDef, activity, contact};
use crate::domain::period::Period;
use crate::domain::time::Date;
use crate::store::query::{Asked, BoardQuery, ListQuery};

pub(super) const ASKED: Asked = Asked { now: NOW, me: None };
/// More than are looked up one by one.
pub(super) const MANY: u32 = 600;

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
pub(super) struct Crowd {
    pub bed: Bed,
    dice: Dice,
}

type Fields = Vec<(&'static FieldDef, Value)>;

impl Crowd {
    pub fn new() -> Self {
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

    pub fn query(entity: Entity, filter: &str, sort: &[(&str, bool)]) -> ListQuery {
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

    pub fn records(&mut self, entity: Entity, filter: &str, sort: &[(&str, bool)]) -> Vec<Record> {
        let query = Query::List(Self::query(entity, filter, sort));
        match self.bed.book.ask(&query).unwrap() {
            Answer::List(list) => list.records,
            other => panic!("{other:?}"),
        }
    }

    pub fn order(&mut self, entity: Entity, filter: &str, sort: &[(&str, bool)]) -> Vec<RecordId> {
        let query = Query::Order(Self::query(entity, filter, sort));
        match self.bed.book.ask(&query).unwrap() {
            Answer::Order(order) => order.ids,
            other => panic!("{other:?}"),
        }
    }

    pub fn head(
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

    pub fn column(&mut self, place: usize, change: impl FnOnce(&mut BoardQuery)) -> Vec<Card> {
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
