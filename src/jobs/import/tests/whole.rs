//! A whole book as JSON lines, and back.

use serde_json::Value as Json;

use super::*;
use crate::domain::command::{Base, Command, Create, FieldEdit, Input, Slot};
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::{
    Field, FieldDef, Set, company, contact, lost_reason, quota, rate, stage, view,
};
use crate::domain::value::Value;

const FILES: [(&str, &str); 6] = [
    ("deals.csv", DEALS),
    ("products.csv", PRODUCTS),
    ("reps.csv", REPS),
    (
        "companies.csv",
        "Record ID,Company name,Company Domain Name,Industry,Number of Employees,Annual Revenue,Company owner,Colour\n7,Alpina AG,alpina.ch,Food,20,1200000.50,Anna Snelling,red\n8,\"Beta; \"\"Co\"\"\",,,,,,\n",
    ),
    (
        "contacts.csv",
        "Record ID,First Name,Last Name,Email,Phone Number,Lead Status,Company Name,Create Date,Notes\n9,Nora,Keller,nora@alpina.ch;n@k.ch,+41 44 123 45 67,NEW,Alpina AG,2024-03-12 09:14,\"two\nlines\"\n",
    ),
    (
        "calls.csv",
        "Record ID,Activity type,Title,Body,Activity date,Associated Contact IDs,Deal\n5,Note,First talk,\"two\nlines\",2024-03-13 10:00,9,Cancity - GTXPro\n6,Meeting,Tasting,,2031-03-13 10:00,9,\n",
    ),
];

fn create(entity: Entity, fields: Vec<(&'static FieldDef, Input)>) -> Command {
    Command::Create(Create {
        slot: Slot(0),
        entity,
        created_at: Some(NOW),
        fields: fields
            .into_iter()
            .map(|(def, of)| (Field::Own(def), of))
            .collect(),
        sets: vec![],
    })
}

fn edit(record: &Record, def: &'static FieldDef, new: impl Into<Input>) -> Command {
    Command::Edit {
        entity: record.entity,
        target: record.id.into(),
        edits: vec![FieldEdit {
            field: def.into(),
            base: Base::Unseen,
            new: new.into(),
        }],
    }
}

/// A book with something of every noun: what came from files, and what people made and changed by hand.
fn filled() -> Desk {
    let mut desk = desk();
    for file in FILES {
        assert_eq!(desk.import(&[file]).report.rejects, []);
    }
    let rep = desk.list(Entity::Rep).remove(0);
    let rep_id: Value = rep.id.into();
    let custom = desk.list(Entity::Field).remove(0);
    let column = crate::domain::view::custom_column(custom.id);
    let board = crate::domain::view::pipeline_column(desk.list(Entity::Pipeline)[0].id);
    let stages = desk.list(Entity::Stage);
    let deals = desk.list(Entity::Deal);
    let people = desk.list(Entity::Contact);
    let firms = desk.list(Entity::Company);
    let child = firms.iter().find(|one| one.name() == "Alpina AG").unwrap();
    let parent = firms.last().unwrap();
    let acts = [
        create(
            Entity::View,
            vec![
                (&view::SCREEN, "companies".into()),
                (&view::NAME, "Big, \"fish\"".into()),
                (&view::FILTER, "industry:food -city:Bern".into()),
                (&view::COLUMNS, format!("name,{column}").into()),
                (&view::SORT, format!("-{column},name").into()),
                (&view::OWNER, Input::Value(rep_id.clone())),
                (&view::SHARED, false.into()),
            ],
        ),
        create(
            Entity::View,
            vec![
                (&view::SCREEN, "pipeline".into()),
                (&view::NAME, "Their board".into()),
                (&view::COLUMNS, board.into()),
            ],
        ),
        create(
            Entity::Quota,
            vec![
                (&quota::REP, Input::Value(rep_id)),
                (&quota::PERIOD, "2026-Q4".into()),
                (&quota::AMOUNT, 30_000_000.into()),
                (&quota::RAMP, 50.into()),
            ],
        ),
        create(
            Entity::Rate,
            vec![
                (&rate::CURRENCY, "EUR".into()),
                (&rate::DATE, "2026-11-01".into()),
                (&rate::RATE, 940_001.into()),
            ],
        ),
        create(
            Entity::LostReason,
            vec![
                (&lost_reason::NAME, "Duplicate".into()),
                (&lost_reason::REAL, false.into()),
            ],
        ),
        edit(&stages[1], &stage::REQUIRED, "[\"amount\",\"owner\"]"),
        edit(child, &company::PARENT, Value::from(parent.id)),
        edit(&people[0], &contact::CITY, "Zürich\u{301}"),
        edit(&deals[0], &deal::NOTE, "one\n\ttwo"),
        // Whoever has it now: the close is whose it was.
        edit(&deals[0], &deal::OWNER, Value::Null),
        Command::LoseDeal {
            deal: Id::new(deals[3].id),
            base: None,
            reason: Some(crate::domain::command::Reason::Named("Price".to_owned())),
            note: Some("too dear".to_owned()),
            closed_at: None,
        },
        Command::Add {
            entity: Entity::Contact,
            target: people[0].id.into(),
            set: Set::Tag,
            element: "Messe; \"26\"".to_owned(),
        },
        Command::Trash {
            entity: Entity::Company,
            target: parent.id.into(),
        },
    ];
    for act in acts {
        desk.by_hand(act);
    }
    desk
}

fn whole(desk: &mut Desk) -> String {
    let mut text = Vec::new();
    export::export_all(&mut desk.book, Asked { now: NOW, me: None }, &mut text).unwrap();
    String::from_utf8(text).unwrap()
}

fn noun(line: &str) -> String {
    let json: Json = serde_json::from_str(line).unwrap();
    json["noun"].as_str().unwrap().to_owned()
}

#[test]
fn a_whole_book_comes_back_as_it_was_line_by_line() {
    let mut desk = filled();
    let before = whole(&mut desk);
    for entity in crate::domain::nouns::ENTITIES {
        let count = before
            .lines()
            .filter(|line| noun(line) == entity.name())
            .count();
        assert!(count > 0, "there is no {entity} in the book that is tried");
    }
    let mut other = super::desk();
    let done = other.import(&[("book.jsonl", &before)]);
    assert!(done.group.is_some() && done.kept.is_empty(), "{done:?}");
    let after = whole(&mut other);
    // The import itself is a record of the new book. All else is the same, byte for byte.
    let own: Vec<&str> = after
        .lines()
        .filter(|line| !before.contains(&line[..40]))
        .collect();
    assert_eq!(own.len(), 1, "{own:?}");
    assert!(own[0].contains("\"file\":\"book.jsonl\""));
    let kept: Vec<&str> = after.lines().filter(|line| *line != own[0]).collect();
    assert_eq!(kept.len(), before.lines().count());
    for (after, before) in kept.iter().zip(before.lines()) {
        assert_eq!(*after, before);
    }
    let findings = other.book.check().unwrap();
    assert!(findings.found.is_empty(), "{findings:?}");
    // Again, into both books: nothing is new.
    for desk in [&mut desk, &mut other] {
        let stood = whole(desk);
        let again = desk.import(&[("book.jsonl", &before)]);
        assert_eq!((again.group, whole(desk)), (None, stood));
    }
    // One step takes all of it back, and the file brings it again.
    other.undo();
    assert_eq!(other.list(Entity::Deal), []);
    assert_eq!(other.list(Entity::View), []);
    let again = other.import(&[("book.jsonl", &before)]);
    assert!(again.group.is_some());
    let lines = |text: &str| {
        let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
        lines.retain(|line| noun(line) != "import");
        lines
    };
    assert_eq!(lines(&whole(&mut other)), lines(&before));
}

#[test]
fn views_quotas_and_rates_alone_find_their_rep_by_name() {
    let mut desk = filled();
    let mut files = Vec::new();
    for entity in [Entity::View, Entity::Quota, Entity::Rate, Entity::Field] {
        let asked = export::Request {
            entity,
            filter: None,
            sort: Vec::new(),
            columns: vec![],
            format: export::Format::Jsonl,
            asked: Asked { now: NOW, me: None },
        };
        let path = desk.folder.path().join(format!("{entity}.jsonl"));
        export::export_to(&mut desk.book, &asked, &path).unwrap();
        files.push(Source::File(path));
    }
    let mut other = super::desk();
    let fault = run(
        &mut other.book,
        &request(files.clone()),
        &mut |_| {},
        &AtomicBool::new(false),
    );
    let fault = fault.unwrap_err().to_string();
    assert!(
        fault.contains("neither in the file nor in the book"),
        "{fault}"
    );
    let _ = other.import(&[("reps.csv", REPS)]);
    let mine = other.list(Entity::Rep);
    let done = other.run(&request(files.clone()));
    assert!(done.group.is_some());
    let quotas = other.list(Entity::Quota);
    let rep = quotas[0].link::<Rep>(&quota::REP).unwrap();
    assert!(
        mine.iter()
            .any(|one| one.id == rep.id.record() && one.name() == rep.name)
    );
    assert_eq!(
        other.list(Entity::View)[0].text(&view::FILTER),
        Some("industry:food -city:Bern")
    );
    assert_eq!(other.run(&request(files)).group, None);
}

#[test]
fn what_the_book_has_already_stays_as_it_is() {
    let mut desk = filled();
    let file = whole(&mut desk);
    let deal = desk.list(Entity::Deal).remove(0);
    desk.rename(&deal, "Another title");
    let done = desk.import(&[("book.jsonl", &file)]);
    assert_eq!(done.group, None);
    assert_eq!(done.report.counts(Entity::Deal).kept, 1);
    assert_eq!(desk.list(Entity::Deal)[0].name(), "Another title");
}

#[test]
fn a_file_that_cannot_be_taken_whole_is_not_taken() {
    let mut desk = filled();
    let file = whole(&mut desk);
    let mut other = super::desk();
    let empty = other.hash();
    let damaged = [
        (
            file.replacen("\"noun\":\"quota\"", "\"noun\":\"quoat\"", 1),
            "quoat",
        ),
        (
            file.replacen("\"period\":\"2026-Q4\"", "\"colour\":\"red\"", 1),
            "colour",
        ),
        (
            file.replacen("\"USD\"},\"ramp\"", "\"CHF\"},\"ramp\"", 1),
            "--currency CHF",
        ),
        (
            file.replacen("{\"noun\":\"rep\"", "{\"noun\":\"rep\",,", 1),
            "line",
        ),
        (
            file.lines()
                .filter(|line| noun(line) != "stage")
                .collect::<Vec<_>>()
                .join("\n"),
            "stage",
        ),
        // An id of a time to come would take all ids between away.
        (
            file.lines()
                .map(|line| match noun(line).as_str() {
                    "rate" => {
                        let id = serde_json::from_str::<Json>(line).unwrap()["id"].to_string();
                        line.replace(&id, &format!("\"{}\"", RecordId::from_raw(i64::MAX)))
                    }
                    _ => line.to_owned(),
                })
                .collect::<Vec<_>>()
                .join("\n"),
            "can be yet",
        ),
    ];
    for (text, why) in damaged {
        let asked = request(vec![bytes("book.jsonl", &text)]);
        let fault = run(
            &mut other.book,
            &asked,
            &mut |_| {},
            &AtomicBool::new(false),
        );
        let fault = fault.unwrap_err().to_string();
        assert!(fault.contains(why), "{why}: {fault}");
        assert_eq!(other.hash(), empty, "{why}");
    }
    let mixed = request(vec![bytes("book.jsonl", &file), bytes("reps.csv", REPS)]);
    let fault = run(
        &mut other.book,
        &mixed,
        &mut |_| {},
        &AtomicBool::new(false),
    );
    assert!(matches!(fault, Err(ImportFault::Mixed(_))));
}

#[test]
fn a_file_is_read_line_by_line_and_so_is_one_with_a_mark_or_a_long_line_first() {
    let mut desk = filled();
    let before = whole(&mut desk);
    let long = "x".repeat(100_000);
    let (first, rest) = before.split_once('\n').unwrap();
    let mut first: Json = serde_json::from_str(first).unwrap();
    assert_eq!(first["noun"], "pending_link");
    first["text"] = long.into();
    for (name, text) in [
        ("short.jsonl", before.clone()),
        ("long.jsonl", format!("{first}\n{rest}")),
        ("marked.jsonl", format!("\u{feff}{before}")),
        ("marked-blank.jsonl", format!("\u{feff}\r\n{before}")),
    ] {
        let path = desk.folder.path().join(name);
        std::fs::write(&path, &text).unwrap();
        let mut one = super::desk();
        let done = one.run(&request(vec![Source::File(path.clone())]));
        let mut other = super::desk();
        let bytes = other.import(&[(name, &text)]);
        assert_eq!(done.report, bytes.report, "the hash, too");
        assert_eq!(one.hash(), other.hash());
        let twice = request(vec![Source::File(path.clone()), Source::File(path)]);
        let fault = run(
            &mut super::desk().book,
            &twice,
            &mut |_| {},
            &AtomicBool::new(false),
        );
        assert!(matches!(fault, Err(ImportFault::Twice(_))), "{fault:?}");
    }
}
