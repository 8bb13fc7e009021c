//! How SQLite goes about what every screen asks: by indexes, and never through a table that grows for as long as a team works. What it
//! would do is asked of a small book: without statistics its plans do not depend on the size.

use std::sync::mpsc::{Receiver, channel};

use rusqlite::trace::{TraceEvent, TraceEventCodes};

use super::*;
use crate::domain::board::CardOrder;
use crate::domain::filter;
use crate::domain::history::{Mark, Part, Party};
use crate::domain::nouns::{activity, contact};
use crate::domain::period::Period;
use crate::domain::records::Contact;
use crate::store::query::{
    Asked, BoardQuery, HistoryQuery, HoldersQuery, ListQuery, TodayQuery, TrashQuery,
};

/// Tables that are read whole only where somebody asks for all of it.
const BIG: [&str; 10] = [
    "activity",
    "contact",
    "company",
    "deal",
    "identifier",
    "tag",
    "step",
    "change",
    "source_record",
    "deal_contact",
];

const ASKED: Asked = Asked { now: NOW, me: None };

/// A statement and the lines of its plan.
type Plan = (String, Vec<String>);

/// A book whose statements are listened to.
struct Listening {
    bed: Bed,
    contact: Id<Contact>,
    said: Receiver<String>,
}

impl Listening {
    fn new() -> Self {
        let mut bed = Bed::new();
        let fields = vec![(&contact::NAME, "Nora".into())];
        let made = bed.ok(vec![create(Entity::Contact, fields)]);
        let contact = Id::<Contact>::new(made.created[0].2);
        bed.deal("Rollout", 0, Some(100));
        let fields = vec![
            (&activity::KIND, "call".into()),
            (&activity::CONTACT, contact.into()),
            (&activity::DONE_AT, NOW.into()),
        ];
        bed.ok(vec![create(Entity::Activity, fields)]);
        let (say, said) = channel();
        let conn = bed.book.conn_mut().unwrap();
        let listen = move |event: TraceEvent<'_>| {
            if let TraceEvent::Stmt(statement, _) = event {
                drop(say.send(statement.sql().into_owned()));
            }
        };
        conn.trace_v2(TraceEventCodes::SQLITE_TRACE_STMT, Some(listen))
            .unwrap();
        Self { bed, contact, said }
    }

    /// The statements that answer a question, each with its plan.
    fn plans(&mut self, query: &Query) -> Vec<Plan> {
        let plans = self.plans_while(|bed| drop(bed.book.ask(query).unwrap()));
        assert!(!plans.is_empty(), "{query:?}");
        plans
    }

    /// The questions that are asked of the file while something is done, each with its plan.
    fn plans_while(&mut self, act: impl FnOnce(&mut Bed)) -> Vec<Plan> {
        self.said.try_iter().for_each(drop);
        act(&mut self.bed);
        let said: Vec<String> = self.said.try_iter().collect();
        let conn = self.bed.book.conn_mut().unwrap();
        let mut plans = Vec::new();
        for sql in said.into_iter().filter(|sql| sql.starts_with("SELECT")) {
            let mut explain = conn.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
            let mut rows = explain.raw_query();
            let mut plan = Vec::new();
            while let Some(row) = rows.next().unwrap() {
                plan.push(row.get::<_, String>(3).unwrap());
            }
            drop(rows);
            plans.push((sql, plan));
        }
        plans
    }
}

/// The big table that a line of a plan reads whole.
fn scanned(line: &str) -> Option<&str> {
    let table = line.strip_prefix("SCAN ")?.split(' ').next()?;
    BIG.into_iter().find(|big| *big == table)
}

/// Nothing that answers a question reads a big table whole, but for what says so: what a filter leaves of all that was ever closed, where
/// the period has nothing.
fn reads_none_whole(listening: &mut Listening, query: &Query) {
    for (sql, plan) in listening.plans(query) {
        if sql.contains("FROM deal NOT INDEXED") {
            continue;
        }
        let whole = plan.iter().find_map(|line| scanned(line));
        assert_eq!(whole, None, "{query:?}\n{sql}\n{plan:#?}");
        is_of_one(&sql, &plan);
    }
}

/// What is planned of one record is not looked for among all that is planned: only Today asks for all.
fn is_of_one(sql: &str, plan: &[String]) {
    let of_all = plan.iter().any(|line| line.contains("activity_done"));
    assert!(!of_all || sql.contains("done_at >= ?2"), "{sql}\n{plan:#?}");
}

fn sorts((_, plan): &Plan) -> bool {
    plan.iter().any(|line| line.contains("TEMP B-TREE"))
}

fn board(filter: Option<&str>) -> Query {
    let foot = Period::parse("2026-Q4", "2026-11-24".parse().unwrap(), 1).unwrap();
    Query::Board(BoardQuery {
        pipeline: None,
        filter: filter.map(|text| filter::parse(text).unwrap()),
        limits: Vec::new(),
        limit: 50,
        order: CardOrder::Own,
        keep: None,
        foot,
        asked: ASKED,
    })
}

fn history(contact: Id<Contact>, before: Option<Mark>) -> Query {
    Query::History(HistoryQuery {
        of: Party::Contact(contact),
        part: Part::default(),
        before,
        limit: 50,
    })
}

/// All contacts that fit.
fn contacts(filter: Option<&str>, sort: &[&str]) -> Query {
    Query::Order(ListQuery {
        entity: Entity::Contact,
        filter: filter.map(|text| filter::parse(text).unwrap()),
        sort: sort.iter().map(|by| ((*by).to_owned(), false)).collect(),
        limit: None,
        trashed: false,
        asked: ASKED,
    })
}

#[test]
fn no_screen_reads_a_table_that_grows() {
    let mut listening = Listening::new();
    let contact = listening.contact;
    let (entity, id) = (Entity::Contact, contact.record());
    for query in [
        Query::Today(TodayQuery {
            asked: ASKED,
            since: None,
        }),
        board(None),
        board(Some("value>10k")),
        board(Some("is:rotting")),
        board(Some("no:next_step")),
        history(contact, None),
        Query::Profile {
            of: Party::Contact(contact),
            now: ASKED.now,
        },
        Query::Rows {
            entity,
            ids: vec![id],
            now: ASKED.now,
        },
        Query::Show { entity, id },
        Query::Trash(TrashQuery {
            entity: None,
            words: String::new(),
            since: None,
            limit: 100,
        }),
        Query::Timeline {
            entity,
            id,
            limit: 50,
        },
        Query::Changes {
            after: 0,
            limit: 50,
        },
        Query::Holders(HoldersQuery {
            emails: vec!["nora@alpina.example".to_owned()],
            phones: vec!["+41 44 555 01 02".to_owned()],
            ..HoldersQuery::default()
        }),
    ] {
        reads_none_whole(&mut listening, &query);
    }
}

#[test]
fn the_leads_are_found_by_their_state() {
    let open = Some("state:new,working,nurturing");
    let query = contacts(open, &["waits", "name"]);
    reads_none_whole(&mut Listening::new(), &query);
}

#[test]
fn whether_anything_is_planned_is_asked_of_each_contact_alone() {
    let mut listening = Listening::new();
    for query in [
        contacts(Some("no:next_step"), &["name"]),
        contacts(Some("next_step:call"), &["last_touch"]),
        contacts(None, &["next_step", "name"]),
    ] {
        for (sql, plan) in listening.plans(&query) {
            is_of_one(&sql, &plan);
            let by_name = plan.iter().any(|line| line.contains("INDEX contact_name"));
            assert!(!by_name, "{sql}\n{plan:#?}");
        }
    }
    let sql = format!(
        "EXPLAIN QUERY PLAN UPDATE deal SET next_step = {} WHERE id = 1",
        crate::store::write::deal_next_step("1")
    );
    let conn = listening.bed.book.conn_mut().unwrap();
    let mut explain = conn.prepare(&sql).unwrap();
    let mut plan = explain.raw_query();
    while let Some(row) = plan.next().unwrap() {
        is_of_one(&sql, &[row.get(3).unwrap()]);
    }
}

/// A big import has as many records as there are changes of its noun: what is asked for each of them must not look at all of those.
#[test]
fn what_is_taken_back_and_done_again_is_asked_of_each_record_alone() {
    let mut listening = Listening::new();
    let deal = listening.bed.deal("Imported", 0, None);
    let edit = edit(Entity::Deal, deal.record(), &deal::AMOUNT, Value::Null, 5);
    listening.bed.ok(vec![edit]);
    for command in [
        Command::Undo(Which::Last),
        Command::Undo(Which::Last),
        Command::Redo(Which::Last),
        Command::Redo(Which::Last),
    ] {
        let plans = listening.plans_while(|bed| drop(bed.ok(vec![command])));
        assert!(!plans.is_empty());
        for (sql, plan) in plans {
            let whole = |line: &String| {
                scanned(line).is_some()
                    || line.contains("change_record (entity=? AND record<?")
                    || line.contains("change_record (entity=? AND record>?")
            };
            assert!(!plan.iter().any(whole), "{sql}\n{plan:#?}");
        }
    }
}

#[test]
fn all_contacts_by_name_come_out_of_an_index() {
    let plans = Listening::new().plans(&contacts(None, &["name"]));
    let covered = "SCAN contact USING COVERING INDEX contact_name";
    let lines = || plans.iter().flat_map(|(_, plan)| plan);
    assert!(lines().any(|line| line == covered), "{plans:#?}");
    assert!(!plans.iter().any(sorts), "{plans:#?}");
}

#[test]
fn the_first_of_a_list_are_found_without_reading_it_whole() {
    let mut listening = Listening::new();
    for (entity, by, descending) in [
        (Entity::Contact, "name", false),
        (Entity::Contact, "company", false),
        (Entity::Contact, "last_touch", true),
        (Entity::Contact, "next_step", false),
        (Entity::Company, "name", false),
        (Entity::Company, "next_step", false),
        (Entity::Company, "last_touch", true),
    ] {
        for filter in [
            None,
            Some("no:owner tag:vip"),
            Some("no:next_step source:crm"),
        ] {
            let query = Query::Head(ListQuery {
                entity,
                filter: filter.map(|text| filter::parse(text).unwrap()),
                sort: vec![(by.to_owned(), descending), ("name".to_owned(), false)],
                limit: Some(1),
                trashed: false,
                asked: ASKED,
            });
            for (sql, plan) in listening.plans(&query) {
                // Of deals nothing tells when they were touched but they themselves.
                let whole = plan.iter().filter_map(|line| scanned(line));
                let whole: Vec<&str> = whole.filter(|table| *table != "deal").collect();
                assert!(whole.is_empty(), "{by} {filter:?}\n{sql}\n{plan:#?}");
                let sorts = plan.iter().any(|line| line.contains("TEMP B-TREE"));
                assert!(!sorts, "{by} {filter:?}\n{sql}\n{plan:#?}");
            }
        }
    }
}

#[test]
fn a_page_of_a_history_is_read_in_the_order_of_its_index() {
    let mut listening = Listening::new();
    let mark = Mark {
        at: NOW,
        activity: true,
        id: 9,
    };
    for before in [None, Some(mark)] {
        let plans = listening.plans(&history(listening.contact, before));
        let pages: Vec<&Plan> = plans
            .iter()
            .filter(|(sql, _)| sql.contains("activity.done_at DESC"))
            .collect();
        assert!(!pages.is_empty(), "{plans:#?}");
        assert!(!pages.into_iter().any(sorts), "{plans:#?}");
    }
}

#[test]
fn what_belongs_to_a_company_is_asked_of_each_company_alone() {
    let mut listening = Listening::new();
    for by in [
        "value",
        "deals",
        "people",
        "last_touch",
        "next_step",
        "city",
        "owner",
    ] {
        let query = Query::Order(ListQuery {
            entity: Entity::Company,
            filter: None,
            sort: vec![(by.to_owned(), false)],
            limit: None,
            trashed: false,
            asked: ASKED,
        });
        for (sql, plan) in listening.plans(&query) {
            let whole = plan.iter().filter_map(|line| scanned(line));
            let others: Vec<&str> = whole.filter(|table| *table != "company").collect();
            assert!(others.is_empty(), "{by}: {others:?}\n{sql}\n{plan:#?}");
            is_of_one(&sql, &plan);
        }
    }
}

#[test]
fn what_a_word_may_stand_in_beside_deals_is_read_once_a_question() {
    let mut listening = Listening::new();
    listening.bed.deal("Rollout", 1, Some(100));
    let Query::Order(list) = contacts(Some("nor"), &["name"]) else {
        unreachable!("contacts asks for an order");
    };
    for (query, most) in [
        // It counts, and it reads.
        (Query::List(list), 1),
        (board(Some("nor")), 1),
        (board(Some("nor or nor")), 1),
        (board(Some("nor 555")), 2),
        (contacts(Some("nor"), &["name"]), 1),
    ] {
        let plans = listening.plans(&query);
        let reads = |what: &str| plans.iter().filter(|(sql, _)| sql.contains(what)).count();
        assert_eq!(reads("holds(value"), most, "{query:?}\n{plans:#?}");
        assert!(reads("FROM \"company\"") <= most, "{query:?}\n{plans:#?}");
    }
}
