//! Exports that come back.

use super::*;
use crate::domain::value::Value;

#[test]
fn an_export_comes_back_into_an_empty_book() {
    let mut desk = desk();
    desk.import(&[
        ("deals.csv", DEALS),
        ("products.csv", PRODUCTS),
        ("reps.csv", REPS),
    ]);
    let before: Vec<(String, Option<i64>, Option<Instant>)> = desk
        .list(Entity::Deal)
        .iter()
        .map(|d| (d.name(), d.int(&deal::AMOUNT), d.instant(&deal::CLOSED_AT)))
        .collect();
    let asked = export::Request {
        entity: Entity::Deal,
        filter: None,
        sort: Vec::new(),
        columns: vec![],
        format: export::Format::Delimited(Delimited::CSV),
        asked: Asked { now: NOW, me: None },
    };
    let path = desk.folder.path().join("deals.csv");
    assert_eq!(export::export_to(&mut desk.book, &asked, &path).unwrap(), 4);
    assert!(export::export_to(&mut desk.book, &asked, &path).is_err());
    let unchanged = desk.hash();
    let again = desk.run(&request(vec![Source::File(path.clone())]));
    assert_eq!((again.report.rejects.len(), desk.hash()), (0, unchanged));
    let mut other = self::desk();
    let done = other.run(&request(vec![Source::File(path)]));
    assert_eq!(done.report.rejects, []);
    let after: Vec<(String, Option<i64>, Option<Instant>)> = other
        .list(Entity::Deal)
        .iter()
        .map(|d| (d.name(), d.int(&deal::AMOUNT), d.instant(&deal::CLOSED_AT)))
        .collect();
    assert_eq!(after, before);
}

#[test]
fn tables_of_every_noun_come_back_into_an_empty_book() {
    let files = [
        (
            "reps.csv",
            "sales_agent,manager,regional_office,email\nAna Lund,Max,North,ana@x.org\n",
        ),
        (
            "companies.csv",
            "Record ID,Company name,Company Domain Name,Industry,Number of Employees,Annual Revenue,Company owner,Colour\n7,Alpina AG,alpina.ch,Food,20,1200000.50,Ana Lund,red\n8,\"Beta; \"\"Co\"\"\",,,,,,\n",
        ),
        (
            "contacts.csv",
            "Record ID,First Name,Last Name,Email,Phone Number,Job Title,Lead Status,Company Name,Contact owner,Create Date\n9,Nora,Keller,nora@alpina.ch;n@k.ch,+41 44 123 45 67,Head of Oats,NEW,Alpina AG,Ana Lund,2024-03-12 09:14\n",
        ),
        (
            "deals.csv",
            "Record ID,Deal Name,Pipeline,Deal Stage,Amount,Currency,Close Date,Create Date,Deal owner,Associated Company,Deal probability,Closed lost reason\n3,Oats,Retail,Proposal,100.5,EUR,2027-01-31,2024-03-12 09:14,Ana Lund,Alpina AG,40,\n4,Bran,Retail,Closed Lost,50,USD,2024-04-01,2024-03-12,Ana Lund,,,Price\n",
        ),
        (
            "calls.csv",
            "Record ID,Activity type,Title,Body,Activity date,Activity assigned to,Associated Deal IDs\n5,Call,First talk,\"two\nlines\",2024-03-13 10:00,Ana Lund,3\n6,Meeting,Tasting,,2031-03-13 10:00,Ana Lund,3\n",
        ),
    ];
    let mut desk = desk();
    desk.import(&files);
    let mut other = self::desk();
    let tables = desk.tables("one");
    let done = other.run(&request(tables.iter().cloned().map(Source::File).collect()));
    assert_eq!(done.report.rejects, []);
    for (one, back) in tables.iter().zip(other.tables("two")) {
        assert_eq!(without_keys(one), without_keys(&back));
    }
}

/// A table without the columns that say where a record came from, and without ids.
fn without_keys(path: &std::path::Path) -> Vec<Vec<String>> {
    let bytes = std::fs::read(path).unwrap();
    let table = crate::exchange::read::table("x.csv", &bytes, &|_| false).unwrap();
    let is_key = |name: &str| ["id", "source", "source_key"].contains(&name);
    let kept: Vec<usize> = (0..table.header.len())
        .filter(|place| {
            let name = table.header[*place].as_str();
            !is_key(name) && !name.ends_with("_id")
        })
        .collect();
    let row = |cells: Vec<&str>| kept.iter().map(|place| cells[*place].to_owned()).collect();
    std::iter::once(row(table.header.iter().map(String::as_str).collect()))
        .chain(table.rows().map(|cells| row(cells.cells().collect())))
        .collect()
}

const NAMESAKES: [(&str, &str); 4] = [
    (
        "companies.csv",
        "Record ID,Company name,Industry,Number of Employees\n1,Alpina,Food,20\n2,Alpina,Wood,30\n",
    ),
    (
        "contacts.csv",
        "Record ID,First Name,Last Name,Email,Associated Company IDs\n1,Nora,Keller,n@one.ch,1\n2,Nora,Keller,n@two.ch,2\n",
    ),
    (
        "deals.csv",
        "Record ID,Deal Name,Deal Stage,Amount,Associated Company IDs,Associated Contact IDs\n1,Renewal,Proposal,100,1,1\n2,Renewal,Proposal,200,2,2\n",
    ),
    (
        "calls.csv",
        "Record ID,Activity type,Title,Activity date,Associated Deal IDs,Associated Contact IDs,Associated Company IDs\n1,Call,To the first,2024-03-13 10:00,1,1,1\n2,Call,To the second,2024-03-14 10:00,2,2,2\n",
    ),
];

/// What tells each activity's deal, contact and company from their namesakes.
fn told_apart(desk: &mut Desk) -> Vec<[String; 4]> {
    use crate::domain::nouns::{activity, company, contact};
    let (deals, people) = (desk.list(Entity::Deal), desk.list(Entity::Contact));
    let companies = desk.list(Entity::Company);
    let of = |records: &[Record], of: &Record, link| {
        let id = of.link::<()>(link).map(|link| link.id.record());
        let found = records.iter().find(|record| Some(record.id) == id);
        found.cloned().unwrap()
    };
    desk.list(Entity::Activity)
        .iter()
        .map(|activity| {
            let deal = of(&deals, activity, &activity::DEAL);
            let contact = of(&people, activity, &activity::CONTACT);
            let company = of(&companies, activity, &activity::COMPANY);
            assert_eq!(of(&companies, &deal, &deal::COMPANY), company);
            assert_eq!(of(&people, &deal, &deal::CONTACT), contact);
            assert_eq!(of(&companies, &contact, &contact::COMPANY), company);
            [
                activity.name(),
                deal.int(&deal::AMOUNT).unwrap().to_string(),
                contact.set(crate::domain::nouns::Set::Email).concat(),
                company.text(&company::INDUSTRY).unwrap().to_owned(),
            ]
        })
        .collect()
}

#[test]
fn namesakes_keep_their_links_on_the_way_into_an_empty_book() {
    let mut desk = desk();
    desk.import(&NAMESAKES);
    let before = told_apart(&mut desk);
    assert_eq!(
        before,
        [
            ["To the first", "10000", "n@one.ch", "Food"],
            ["To the second", "20000", "n@two.ch", "Wood"]
        ]
    );
    let tables = desk.tables("out");
    let mut other = self::desk();
    let files: Vec<Source> = tables.into_iter().map(Source::File).collect();
    let done = other.run(&request(files.clone()));
    assert_eq!(done.report.rejects, []);
    assert_eq!(told_apart(&mut other), before);
    assert_eq!(other.list(Entity::PendingLink), []);
    let again = other.run(&request(files));
    assert_eq!(again.group, None, "{:?}", again.report);
}

#[test]
fn the_tables_of_a_book_change_nothing_in_it() {
    let mut desk = desk();
    desk.import(&NAMESAKES);
    let before = desk.hash();
    let files = desk.tables("out").into_iter().map(Source::File).collect();
    let done = desk.run(&request(files));
    assert_eq!(desk.hash(), before);
    for entity in [
        Entity::Company,
        Entity::Contact,
        Entity::Deal,
        Entity::Activity,
    ] {
        let counts = done.report.counts(entity);
        assert_eq!(
            (counts.unchanged, counts.kept, counts.pending),
            (2, 0, 0),
            "{entity}: {counts:?}"
        );
    }
}

#[test]
fn a_name_that_reads_like_nothing_comes_back_from_our_own_export() {
    let mut desk = desk();
    desk.import(&[(
        "companies.csv",
        "Company name,Industry,Tags\nNull,--,undefined\nAcme,Oil,\n",
    )]);
    let null = desk.list(Entity::Company);
    assert_eq!(null.len(), 1, "in a stranger's table `Null` is no name");
    desk.rename(&null[0], "null");
    let tables = desk.tables("out");
    let mut other = super::desk();
    let done = other.run(&request(tables.into_iter().map(Source::File).collect()));
    assert_eq!(done.report.rejects, vec![]);
    assert_eq!(other.list(Entity::Company)[0].name(), "null");
}

/// Custom fields of companies: their names, their kinds, and what a company has there.
const KINDS: [(&str, &str, i64); 4] = [
    ("Budget", "money", 4_200_050),
    ("Seats", "number", 20),
    ("Signed", "flag", 1),
    ("Since", "instant", 1_600_000_000_000),
];

/// A book with a company that has something in each of them, and one that has nothing.
fn with_custom_fields() -> Desk {
    use crate::domain::command::{Base, Command, Create, FieldEdit, Slot};
    use crate::domain::nouns::{Field, company, field};
    let mut desk = desk();
    let create = |entity, fields: Vec<(&'static crate::domain::nouns::FieldDef, &str)>| {
        let fields = fields.into_iter();
        Command::Create(Create {
            slot: Slot(0),
            entity,
            created_at: Some(NOW),
            fields: fields
                .map(|(def, text)| (def.into(), text.into()))
                .collect(),
            sets: vec![],
        })
    };
    for (name, kind, _) in KINDS {
        desk.by_hand(create(
            Entity::Field,
            vec![
                (&field::ENTITY, "company"),
                (&field::NAME, name),
                (&field::KIND, kind),
            ],
        ));
    }
    for name in ["Alpina", "Beta"] {
        desk.by_hand(create(Entity::Company, vec![(&company::NAME, name)]));
    }
    let firm = desk.list(Entity::Company).remove(0);
    let fields = desk.list(Entity::Field);
    for (name, _, value) in KINDS {
        let of = fields.iter().find(|of| of.name() == name).unwrap();
        desk.by_hand(Command::Edit {
            entity: Entity::Company,
            target: firm.id.into(),
            edits: vec![FieldEdit {
                field: Field::Custom(Entity::Company, of.id),
                base: Base::Unseen,
                new: value.into(),
            }],
        });
    }
    desk
}

/// What companies have in custom fields.
fn held(desk: &mut Desk) -> Vec<(String, String, Value)> {
    let firms = desk.list(Entity::Company).into_iter();
    firms
        .flat_map(|firm| {
            let name = firm.name();
            firm.custom
                .into_iter()
                .map(move |custom| (name.clone(), custom.name, custom.value))
        })
        .collect()
}

#[test]
fn custom_fields_come_back_from_a_table_as_what_they_hold() {
    let mut desk = with_custom_fields();
    let before = held(&mut desk);
    assert_eq!(before.len(), KINDS.len(), "{before:?}");

    let mut other = super::desk();
    let fields = desk.folder.path().join("fields.jsonl");
    let asked = export::Request {
        entity: Entity::Field,
        filter: None,
        sort: Vec::new(),
        columns: vec![],
        format: export::Format::Jsonl,
        asked: Asked { now: NOW, me: None },
    };
    export::export_to(&mut desk.book, &asked, &fields).unwrap();
    let _ = other.run(&request(vec![Source::File(fields)]));
    let tables = desk.tables("out");
    let table = tables
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap());
    let table = table
        .filter(|text| text.contains("Alpina"))
        .collect::<String>();
    assert!(
        table.contains(",42000.50,20,true,2020-09-13T12:26:40Z"),
        "{table}"
    );
    let _ = other.run(&request(tables.iter().cloned().map(Source::File).collect()));
    assert_eq!(held(&mut other), before);
    // The table of a book changes nothing in it.
    let again = desk.run(&request(tables.into_iter().map(Source::File).collect()));
    assert_eq!(again.group, None, "{:?}", again.report);
}

#[test]
fn custom_fields_come_back_from_lines_byte_for_byte() {
    let mut desk = with_custom_fields();
    let whole = |desk: &mut Desk| {
        let mut text = Vec::new();
        export::export_all(&mut desk.book, Asked { now: NOW, me: None }, &mut text).unwrap();
        String::from_utf8(text).unwrap()
    };
    let file = whole(&mut desk);
    assert!(
        file.contains("\"Budget\":{\"currency\":\"USD\",\"minor\":4200050}")
            || file.contains("\"Budget\":{\"minor\":4200050,\"currency\":\"USD\"}"),
        "{file}"
    );
    let mut empty = super::desk();
    let _ = empty.import(&[("book.jsonl", &file)]);
    let lines = whole(&mut empty);
    let lines = lines.lines().filter(|line| !line.contains("book.jsonl"));
    assert_eq!(lines.collect::<Vec<_>>(), file.lines().collect::<Vec<_>>());
    let elsewhere = file.replace("\"currency\":\"USD\"", "\"currency\":\"CHF\"");
    let fault = run(
        &mut super::desk().book,
        &request(vec![bytes("book.jsonl", &elsewhere)]),
        &mut |_| {},
        &AtomicBool::new(false),
    );
    assert!(fault.unwrap_err().to_string().contains("--currency CHF"));
}
