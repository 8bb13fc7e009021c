use std::sync::atomic::{AtomicBool, Ordering};

use proptest::prelude::*;

use super::*;
use crate::domain::nouns::{Entity, deal, deal_line};
use crate::domain::records::Record;
use crate::domain::time::Instant;
use crate::exchange::write::Delimited;
use crate::jobs::export;
use crate::store::query::{Answer, Asked, ListQuery, Query};
use crate::store::{Book, NewBook};

const NOW: Instant = Instant::from_millis(1_800_000_000_000);

struct Desk {
    book: Book,
    folder: tempfile::TempDir,
}

fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let book = Book::create(
        &folder.path().join("team.db"),
        &NewBook {
            name: "Team".to_owned(),
            base: "USD".parse().unwrap(),
            zone: chrono_tz::America::New_York,
            fiscal_start: 1,
        },
    )
    .unwrap();
    Desk { book, folder }
}

fn request(files: Vec<Source>) -> Request {
    Request {
        files,
        told: Told::default(),
        dates: None,
        options: Options {
            pipeline: None,
            currency: None,
            now: NOW,
        },
        rep: None,
        dry_run: false,
        rejects: None,
    }
}

fn bytes(name: &str, text: &str) -> Source {
    Source::Bytes {
        name: name.to_owned(),
        bytes: text.as_bytes().to_vec(),
    }
}

impl Desk {
    fn import(&mut self, files: &[(&str, &str)]) -> Done {
        let files = files.iter().map(|(name, text)| bytes(name, text)).collect();
        self.run(&request(files))
    }

    fn run(&mut self, request: &Request) -> Done {
        run(
            &mut self.book,
            request,
            &mut |_| {},
            &AtomicBool::new(false),
        )
        .unwrap()
    }

    fn list(&mut self, entity: Entity) -> Vec<Record> {
        let query = Query::List(ListQuery {
            entity,
            filter: None,
            sort: vec![],
            limit: None,
            trashed: false,
            asked: Asked { now: NOW, me: None },
        });
        match self.book.ask(&query).unwrap() {
            Answer::List(listing) => listing.records,
            other => panic!("a list is answered by {other:?}"),
        }
    }

    /// Exports every noun as CSV.
    fn tables(&mut self, folder: &str) -> Vec<PathBuf> {
        let folder = self.folder.path().join(folder);
        std::fs::create_dir(&folder).unwrap();
        let nouns = [
            Entity::Rep,
            Entity::Company,
            Entity::Contact,
            Entity::Deal,
            Entity::Activity,
        ];
        let tables = nouns.map(|entity| {
            let asked = export::Request {
                entity,
                filter: None,
                columns: vec![],
                format: export::Format::Delimited(Delimited::CSV),
                asked: Asked { now: NOW, me: None },
            };
            let path = folder.join(format!("{entity}.csv"));
            export::export_to(&mut self.book, &asked, &path).unwrap();
            path
        });
        tables.to_vec()
    }

    fn rename(&mut self, record: &Record, name: &str) {
        use crate::domain::command::{Base, Command, FieldEdit, Origin, StepDraft};
        let id = crate::store::book::random_id();
        let field = record
            .entity
            .field(record.entity.label_field().unwrap())
            .unwrap();
        let edit = FieldEdit {
            field: field.into(),
            base: Base::Unseen,
            new: name.into(),
        };
        let draft = StepDraft {
            id,
            group: id,
            rep: None,
            at: NOW,
            origin: Origin::Human,
            label: None,
            import: None,
            commands: vec![Command::Edit {
                entity: record.entity,
                target: record.id.into(),
                edits: vec![edit],
            }],
        };
        self.book.commit(&draft).unwrap();
    }

    fn hash(&mut self) -> String {
        self.book.content_hash().unwrap()
    }

    /// What the book says, whoever of its records came first.
    fn said(&mut self) -> String {
        self.book.content_hash_without_ids().unwrap()
    }

    fn undo(&mut self) {
        let id = crate::store::book::random_id();
        let draft = crate::domain::command::StepDraft {
            id,
            group: id,
            rep: None,
            at: NOW,
            origin: crate::domain::command::Origin::Undo,
            label: None,
            import: None,
            commands: vec![crate::domain::command::Command::Undo(
                crate::domain::command::Which::Last,
            )],
        };
        self.book.commit(&draft).unwrap();
    }
}

const REPS: &str =
    "sales_agent,manager,regional_office\nAnna Snelling,Dustin,Central\nMoses Frase,Dustin,West\n";
const DEALS: &str = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n\
    A1,Moses Frase,GTXPro,Cancity,Won,2016-10-20,2017-03-01,1054\n\
    A2,Darcel Schlecht,MG Special,,Engaging,2016-10-25,,\n\
    A3,Moses Frase,MG Special,Isdom,Lost,2016-11-02,2017-02-03,0\n\
    A4,Moses Frase,MG Special,Isdom,Prospecting,,,\n";
const PRODUCTS: &str = "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n";

#[test]
fn deals_come_in_with_their_reps_companies_and_stages() {
    let mut desk = desk();
    let done = desk.import(&[
        ("deals.csv", DEALS),
        ("products.csv", PRODUCTS),
        ("reps.csv", REPS),
    ]);
    assert_eq!(done.report.counts(Entity::Deal).create, 4);
    let deals = desk.list(Entity::Deal);
    assert_eq!(deals.len(), 4);
    let won = &deals[0];
    assert_eq!(won.text(&deal::TITLE), Some("Cancity - GTXPro"));
    assert_eq!(won.link::<Rep>(&deal::OWNER).unwrap().name, "Moses Frase");
    assert_eq!(won.int(&deal::AMOUNT), Some(105_400));
    assert_eq!(won.int(&deal::CLOSE_BASE), Some(105_400));
    assert_eq!(
        won.instant(&deal::CLOSED_AT).unwrap().to_string(),
        "2017-03-01T17:00:00Z"
    );
    assert_eq!(deals[1].int(&deal::AMOUNT), None);
    assert!(deals[1].link::<()>(&deal::COMPANY).is_none());
    assert_eq!(deals[3].created_at, None);
    let stages: Vec<String> = desk.list(Entity::Stage).iter().map(Record::name).collect();
    assert_eq!(stages, ["Prospecting", "Engaging", "Won", "Lost"]);
    assert_eq!(desk.list(Entity::Rep).len(), 3);
    assert_eq!(done.report.suggestions[0].near.as_deref(), Some("GTX Pro"));
}

#[test]
fn importing_again_changes_nothing() {
    let mut desk = desk();
    desk.import(&[
        ("deals.csv", DEALS),
        ("products.csv", PRODUCTS),
        ("reps.csv", REPS),
    ]);
    let before = desk.hash();
    let again = desk.import(&[
        ("renamed.csv", DEALS),
        ("products.csv", PRODUCTS),
        ("reps.csv", REPS),
    ]);
    assert_eq!(again.group, None);
    assert_eq!(again.report.counts(Entity::Deal).unchanged, 4);
    assert_eq!(desk.hash(), before);
}

#[test]
fn one_undo_takes_an_import_back_and_the_next_import_revives_it() {
    let mut desk = desk();
    let empty = desk.hash();
    desk.import(&[("deals.csv", DEALS), ("reps.csv", REPS)]);
    let full = desk.list(Entity::Deal);
    desk.undo();
    assert_eq!(desk.hash(), empty);
    let done = desk.import(&[("deals.csv", DEALS), ("reps.csv", REPS)]);
    let revived = desk.list(Entity::Deal);
    assert_eq!(
        revived.iter().map(|d| d.id).collect::<Vec<_>>(),
        full.iter().map(|d| d.id).collect::<Vec<_>>()
    );
    assert_eq!(desk.list(Entity::DealLine).len(), 4);
    assert_eq!(done.report.counts(Entity::Deal).update, 4);
    let again = desk.import(&[("deals.csv", DEALS), ("reps.csv", REPS)]);
    assert_eq!(again.group, None);
}

#[test]
fn an_import_after_its_undo_says_what_it_said() {
    let custom =
        "Deal Name,Deal Stage,Product,Shoe size\nOats,Demo,GTXPro,43\nRye,Demo,GTXPro,41\n";
    for files in [
        &[("deals.csv", DEALS), ("products.csv", PRODUCTS)][..],
        &[("shoes.csv", custom), ("products.csv", PRODUCTS)][..],
    ] {
        let mut desk = desk();
        desk.import(files);
        let (said, waiting) = (desk.said(), desk.list(Entity::PendingLink).len());
        assert!(waiting > 0);
        desk.undo();
        desk.import(files);
        assert_eq!(desk.list(Entity::PendingLink).len(), waiting);
        assert_eq!(desk.said(), said);
    }
}

#[test]
fn a_revived_deal_gets_the_product_that_its_source_names_now() {
    let mut desk = desk();
    desk.import(&[("deals.csv", DEALS), ("products.csv", PRODUCTS)]);
    desk.undo();
    let changed = DEALS.replace("GTXPro", "MG Special");
    desk.import(&[("deals.csv", &changed), ("products.csv", PRODUCTS)]);
    let line = desk.list(Entity::DealLine).remove(0);
    let product = line.link::<()>(&deal_line::PRODUCT).unwrap();
    assert_eq!(product.name, "MG Special");
}

#[test]
fn a_changed_export_updates_what_nobody_edited() {
    let mut desk = desk();
    desk.import(&[("deals.csv", DEALS)]);
    let deals = desk.list(Entity::Deal);
    let id = crate::store::book::random_id();
    let edit = |record: &Record, field: &'static crate::domain::nouns::FieldDef, new: i64| {
        crate::domain::command::Command::Edit {
            entity: Entity::Deal,
            target: record.id.into(),
            edits: vec![crate::domain::command::FieldEdit {
                field: field.into(),
                base: crate::domain::command::Base::Unseen,
                new: new.into(),
            }],
        }
    };
    let draft = crate::domain::command::StepDraft {
        id,
        group: id,
        rep: None,
        at: NOW,
        origin: crate::domain::command::Origin::Human,
        label: None,
        import: None,
        commands: vec![edit(&deals[1], &deal::AMOUNT, 777)],
    };
    desk.book.commit(&draft).unwrap();
    let changed = DEALS
        .replace(
            "A2,Darcel Schlecht,MG Special,,Engaging,2016-10-25,,",
            "A2,Anna Snelling,MG Special,Codehow,Engaging,2016-10-25,,99",
        )
        .replace(
            "A4,Moses Frase,MG Special,Isdom,Prospecting,,,",
            "A4,Moses Frase,MG Special,Isdom,Won,2017-01-01,2017-05-01,50",
        )
        .replace("2017-03-01,1054", "2017-03-01,1100");
    let done = desk.import(&[("deals.csv", &changed)]);
    assert_eq!(done.report.counts(Entity::Deal).update, 3);
    let deals = desk.list(Entity::Deal);
    // By hand: kept. The company: new. The owner: never changed.
    assert_eq!(deals[1].int(&deal::AMOUNT), Some(777));
    assert_eq!(deals[1].link::<()>(&deal::COMPANY).unwrap().name, "Codehow");
    assert_eq!(
        deals[1].link::<()>(&deal::OWNER).unwrap().name,
        "Darcel Schlecht"
    );
    assert_eq!(done.report.counts(Entity::Deal).kept, 1);
    // Won since, with its facts frozen as of the source's date.
    assert_eq!(deals[3].state.unwrap().name(), "won");
    assert_eq!(deals[3].int(&deal::CLOSE_BASE), Some(5_000));
    assert_eq!(
        deals[3].instant(&deal::CLOSED_AT).unwrap().to_string(),
        "2017-05-01T16:00:00Z"
    );
    // A close that the source corrects is frozen anew.
    assert_eq!(deals[0].int(&deal::CLOSE_BASE), Some(110_000));
    let again = desk.import(&[("deals.csv", &changed)]);
    assert_eq!(again.group, None, "{:?}", again.report.counts);
}

#[test]
fn files_link_to_each_other_in_whatever_order_they_come() {
    let companies = "Record ID,Company name,Industry,Number of Employees\n7,Alpina AG,Food,20\n";
    let contacts = "Record ID,First Name,Last Name,Email,Associated Company IDs\n9,Nora,Keller,nora@alpina.ch,7\n";
    let deals = "Record ID,Deal Name,Deal Stage,Amount,Associated Company IDs,Associated Contact IDs\n3,Oats,Proposal,100,7,9\n";
    let files = [
        ("companies.csv", companies),
        ("contacts.csv", contacts),
        ("deals.csv", deals),
    ];
    for order in [[0, 1, 2], [2, 1, 0], [1, 2, 0]] {
        for at_once in [true, false] {
            let mut desk = desk();
            let files: Vec<(&str, &str)> = order.iter().map(|place| files[*place]).collect();
            if at_once {
                desk.import(&files);
            } else {
                for file in files {
                    desk.import(&[file]);
                }
            }
            let deal = desk.list(Entity::Deal).remove(0);
            assert_eq!(
                deal.link::<()>(&deal::COMPANY).unwrap().name,
                "Alpina AG",
                "{order:?} {at_once}"
            );
            assert_eq!(
                deal.link::<()>(&deal::CONTACT).unwrap().name,
                "Nora Keller",
                "{order:?} {at_once}"
            );
            assert!(desk.list(Entity::PendingLink).is_empty());
        }
    }
}

#[test]
fn a_cancelled_import_leaves_the_book_as_it_was() {
    let mut desk = desk();
    let before = desk.hash();
    let cancel = AtomicBool::new(false);
    let files = vec![bytes("deals.csv", DEALS), bytes("reps.csv", REPS)];
    let mut watch = |progress: Progress| {
        if progress.done > 0 {
            cancel.store(true, Ordering::Relaxed);
        }
    };
    let done = run(&mut desk.book, &request(files), &mut watch, &cancel).unwrap();
    assert!(done.cancelled);
    assert_eq!(desk.hash(), before);
}

#[test]
fn a_dry_run_reports_and_writes_nothing() {
    let mut desk = desk();
    let before = desk.hash();
    let mut dry = request(vec![bytes("deals.csv", DEALS)]);
    dry.dry_run = true;
    let planned = desk.run(&dry);
    assert_eq!(desk.hash(), before);
    let done = desk.import(&[("deals.csv", DEALS)]);
    assert_eq!(planned.report, done.report);
}

#[test]
fn rejected_rows_go_to_a_file_that_can_be_mended_and_imported() {
    let mut desk = desk();
    let text = "Deal Name,Deal Stage,Amount,Close Date\nOne,Won,abc,2024-02-01\nTwo,Won,5,2024-02-31\nThree,Won,7,2024-02-03\nFour,Won\n";
    let path = desk.folder.path().join("rejects.csv");
    let mut asked = request(vec![bytes("deals.csv", text)]);
    asked.rejects = Some(path.clone());
    let done = desk.run(&asked);
    assert_eq!(done.rejects.first(), Some(&path));
    let lines: Vec<(usize, Option<&str>)> = done
        .report
        .rejects
        .iter()
        .map(|r| (r.line, r.column.as_deref()))
        .collect();
    assert_eq!(
        lines,
        [(2, Some("Amount")), (3, Some("Close Date")), (5, None)]
    );
    let mended = std::fs::read_to_string(&path)
        .unwrap()
        .replace("abc", "4")
        .replace("2024-02-31", "2024-02-28")
        .replace("Four,Won,,", "Four,Won,9,2024-02-04");
    let done = desk.import(&[("mended.csv", &mended)]);
    assert_eq!(
        (
            done.report.counts(Entity::Deal).create,
            done.report.rejects.len()
        ),
        (3, 0)
    );
    assert_eq!(desk.list(Entity::Deal).len(), 4);
    // Nothing is overwritten, and nothing was imported.
    let fault = run(&mut desk.book, &asked, &mut |_| {}, &AtomicBool::new(false)).unwrap_err();
    assert!(fault.to_string().contains("rejects.csv"), "{fault}");
}

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

/// A table without the columns that say where a record came from.
fn without_keys(path: &std::path::Path) -> Vec<Vec<String>> {
    let bytes = std::fs::read(path).unwrap();
    let table = crate::exchange::read::table("x.csv", &bytes, &|_| false).unwrap();
    let kept: Vec<usize> = (0..table.header.len())
        .filter(|place| !["id", "source", "source_key"].contains(&table.header[*place].as_str()))
        .collect();
    let row = |cells: Vec<&str>| kept.iter().map(|place| cells[*place].to_owned()).collect();
    std::iter::once(row(table.header.iter().map(String::as_str).collect()))
        .chain(table.rows().map(|cells| row(cells.cells().collect())))
        .collect()
}

#[test]
fn what_people_rename_in_the_book_keeps_its_tie_to_the_source() {
    let mut desk = desk();
    desk.import(&[("deals.csv", DEALS)]);
    let named = |records: Vec<Record>, name: &str| {
        records
            .into_iter()
            .find(|record| record.name() == name)
            .unwrap()
    };
    let stage = named(desk.list(Entity::Stage), "Engaging");
    let rep = named(desk.list(Entity::Rep), "Darcel Schlecht");
    let pipeline = desk.list(Entity::Pipeline).remove(0);
    desk.rename(&stage, "In talks");
    desk.rename(&rep, "Darcel S.");
    desk.rename(&pipeline, "Sales");
    let more = format!("{DEALS}A5,Darcel Schlecht,MG Special,,Engaging,2016-11-25,,\n");
    desk.import(&[("deals.csv", &more)]);
    assert_eq!(
        desk.list(Entity::Deal)[4]
            .link::<()>(&deal::STAGE)
            .unwrap()
            .name,
        "In talks"
    );
    assert_eq!(
        desk.list(Entity::Deal)[4]
            .link::<()>(&deal::OWNER)
            .unwrap()
            .name,
        "Darcel S."
    );
    assert_eq!(
        (
            desk.list(Entity::Pipeline).len(),
            desk.list(Entity::Stage).len()
        ),
        (1, 4)
    );
}

#[test]
fn a_new_stage_stands_before_won_and_lost() {
    let mut desk = desk();
    desk.import(&[("deals.csv", DEALS)]);
    let more = format!("{DEALS}A5,Moses Frase,MG Special,,Haggling,2016-11-25,,\n");
    desk.import(&[("deals.csv", &more)]);
    let mut stages: Vec<(Option<i64>, String)> = desk
        .list(Entity::Stage)
        .iter()
        .map(|record| {
            (
                record.int(&crate::domain::nouns::stage::POSITION),
                record.name(),
            )
        })
        .collect();
    stages.sort();
    let names: Vec<&str> = stages.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(
        names,
        ["Prospecting", "Engaging", "Haggling", "Won", "Lost"]
    );
}

#[test]
fn a_near_name_of_a_rep_is_a_question_and_not_a_second_rep() {
    let mut desk = desk();
    let deals = DEALS.replace("A1,Moses Frase", "A1,Moses Frasse");
    let done = desk.import(&[("reps.csv", REPS), ("deals.csv", &deals)]);
    let asked = done
        .report
        .suggestions
        .iter()
        .find(|one| one.entity == Entity::Rep)
        .unwrap();
    assert_eq!(
        (asked.text.as_str(), asked.near.as_deref()),
        ("Moses Frasse", Some("Moses Frase"))
    );
    assert!(
        desk.list(Entity::Deal)[0]
            .link::<()>(&deal::OWNER)
            .is_none()
    );
}

#[cfg(unix)]
#[test]
fn a_link_that_waits_under_the_name_of_the_rejects_is_not_followed() {
    let mut desk = desk();
    let (trap, bait) = (
        desk.folder.path().join("r.csv"),
        desk.folder.path().join("elsewhere"),
    );
    std::os::unix::fs::symlink(&bait, &trap).unwrap();
    let mut asked = request(vec![bytes(
        "d.csv",
        "Deal Name,Deal Stage,Amount\nA,Won,abc\nB,Won,5\n",
    )]);
    asked.rejects = Some(trap);
    let empty = desk.hash();
    let fault = run(&mut desk.book, &asked, &mut |_| {}, &AtomicBool::new(false)).unwrap_err();
    assert!(matches!(fault, ImportFault::Rejects { .. }));
    assert!(!bait.exists());
    assert_eq!(desk.hash(), empty);
}

/// Headers of every noun, with a column for each kind of value.
const HEADERS: &[&str] = &[
    "Deal Name,Deal Stage,Pipeline,Amount,Close Date,Deal owner,Associated Company,Product,Probability,Lost reason,Colour",
    "Company name,Industry,Number of Employees,Annual Revenue,Website,Parent Company,Company owner,Street,City,Tags,Since",
    "First Name,Last Name,Email Address,Mobile Phone,Company,Lead Status,Tags,Website,Notes,Birthday,Contact owner",
    "Product name,Product code,Product family,List price,Currency,A,B,C,D,E,F",
    "Sales agent,Manager,User email,User role,Sales region,A,B,C,D,E,F",
    "Activity type,Activity subject,Body,Activity date,Duration in minutes,Call result,Contact,Company,Owner,Deal,Who Contact email",
];

/// Cells that are something, and cells that are anything.
fn cell() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[^\u{0}]{0,12}",
        1 => "[0-9]{1,4}[.,]?[0-9]{0,3}[%k]?",
        1 => "20[0-9]{2}-[01][0-9]-[0-3][0-9]",
        1 => "[a-z]{1,5}@[a-z]{1,5}\\.ch",
        2 => prop::sample::select(vec!["", "Won", "Lost", "Demo", "EUR", "Ana", "Acme", "Acme Inc", "call", "한국어", "é", "#", "\u{200b}", "true", "null"])
            .prop_map(str::to_owned),
    ]
}

fn written(header: &str, rows: &[Vec<String>]) -> String {
    let mut out = Vec::new();
    let mut table =
        crate::exchange::write::Table::new(&mut out, Delimited::CSV, header.split(',')).unwrap();
    for row in rows {
        table.row(row.iter().map(String::as_str)).unwrap();
    }
    table.finish().unwrap();
    String::from_utf8(out).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]

    #[test]
    fn whatever_the_cells_the_book_takes_what_is_not_rejected(
        header in prop::sample::select(HEADERS),
        rows in prop::collection::vec(prop::collection::vec(cell(), 11), 1..8),
    ) {
        let text = written(header, &rows);
        let mut desk = desk();
        let mut asked = request(vec![bytes("any.csv", &text)]);
        asked.dates = Some(Order::Dmy);
        let empty = desk.hash();
        let Ok(done) = run(&mut desk.book, &asked, &mut |_| {}, &AtomicBool::new(false)) else {
            // Rows that deceive the search for the header are a fault, not a half import.
            prop_assert_eq!(desk.hash(), empty);
            return Ok(());
        };
        prop_assert_eq!(&done.kept, &vec![]);
        let full = desk.hash();
        let again = desk.run(&asked);
        prop_assert_eq!(again.group, None, "{:?} {:?}", done.report, again.report);
        prop_assert_eq!(desk.hash(), full);
        let said = desk.said();
        if done.group.is_some() {
            desk.undo();
        }
        prop_assert_eq!(desk.hash(), empty);
        desk.run(&asked);
        prop_assert_eq!(desk.said(), said, "an import after its undo says the same");
    }
}
