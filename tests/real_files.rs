//! Imports of files that others made: real exports of sales systems, spreadsheets, hard cases of CSV. Skipped, and said, where
//! those files are not there.

#![expect(clippy::unwrap_used, reason = "a test says why it fails by failing")]

use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;

use clinch::domain::known::Known;
use clinch::domain::nouns::{Entity, company, deal};
use clinch::domain::pipeline::StageKind;
use clinch::domain::records::Record;
use clinch::domain::time::Instant;
use clinch::exchange::plan::{FileInfo, Options, Run, Sheet};
use clinch::exchange::read;
use clinch::exchange::recognise::{Told, Vocabulary, recognise};
use clinch::jobs::import::{Done, Request, Source, run};
use clinch::store::query::{Answer, Asked, ListQuery, Query};
use clinch::store::{Book, NewBook};

const NOW: Instant = Instant::from_millis(1_800_000_000_000);

/// A folder of others' files; `None`, with a line that says so, where it is not there.
fn data(folder: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data")
        .join(folder);
    if path.is_dir() {
        return Some(path);
    }
    println!("skipped: ../shared/data/{folder} is not there");
    None
}

fn files(folder: &Path, all: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, all);
        } else {
            all.push(path);
        }
    }
    all.sort();
}

fn options() -> Options {
    Options {
        pipeline: None,
        currency: None,
        now: NOW,
    }
}

fn import(book: &mut Book, files: &[PathBuf]) -> Done {
    let request = Request {
        files: files.iter().cloned().map(Source::File).collect(),
        told: Told::default(),
        dates: None,
        options: options(),
        rep: None,
        dry_run: false,
        rejects: None,
    };
    let done = run(book, &request, &mut |_| {}, &AtomicBool::new(false)).unwrap();
    let findings = book.check().unwrap();
    assert!(findings.is_clean(), "{:#?}", findings.found);
    done
}

fn list(book: &mut Book, entity: Entity) -> Vec<Record> {
    let query = Query::List(ListQuery {
        entity,
        filter: None,
        sort: vec![],
        limit: None,
        trashed: false,
        asked: Asked { now: NOW, me: None },
    });
    match book.ask(&query).unwrap() {
        Answer::List(listing) => listing.records,
        other => panic!("a list is answered by {other:?}"),
    }
}

fn book(folder: &Path) -> Book {
    let new = NewBook {
        name: "Team".to_owned(),
        base: "USD".parse().unwrap(),
        zone: chrono_tz::America::New_York,
        fiscal_start: 1,
    };
    Book::create(&folder.join("team.db"), &new).unwrap()
}

#[test]
fn a_teams_spreadsheets_come_in_with_exact_figures_and_stay_as_they_are() {
    let Some(folder) = data("crm/maven") else {
        return;
    };
    // Not the order in which they refer to each other.
    let files = [
        "sales_pipeline.csv",
        "accounts.csv",
        "sales_teams.csv",
        "products.csv",
    ]
    .map(|file| folder.join(file));
    let home = tempfile::tempdir().unwrap();
    let mut book = book(home.path());
    let empty = book.content_hash().unwrap();
    let done = import(&mut book, &files);
    assert_eq!(
        (
            done.kept.len(),
            done.report.rejects.len(),
            done.report.warnings.len()
        ),
        (0, 0, 0)
    );

    let deals = list(&mut book, Entity::Deal);
    let of = |kind: StageKind| {
        deals
            .iter()
            .filter(|deal| deal.state == Some(kind))
            .collect::<Vec<_>>()
    };
    let (open, won, lost) = (of(StageKind::Open), of(StageKind::Won), of(StageKind::Lost));
    assert_eq!(
        (deals.len(), open.len(), won.len(), lost.len()),
        (8_800, 2_089, 4_238, 2_473)
    );
    let sum: i64 = won
        .iter()
        .filter_map(|deal| deal.int(&deal::CLOSE_BASE))
        .sum();
    assert_eq!(sum, 1_000_553_400);
    let in_stage = |name: &str| {
        open.iter()
            .filter(|deal| deal.link::<()>(&deal::STAGE).unwrap().name == name)
            .count()
    };
    assert_eq!(
        (in_stage("Prospecting"), in_stage("Engaging")),
        (500, 1_589)
    );
    assert_eq!(
        open.iter()
            .filter(|deal| deal.get(&deal::COMPANY).is_null())
            .count(),
        1_425
    );
    assert!(
        open.iter()
            .all(|deal| deal.get(&deal::AMOUNT).is_null() && deal.get(&deal::CLOSED_AT).is_null())
    );
    assert_eq!(
        deals
            .iter()
            .filter(|deal| deal.created_at.is_none())
            .count(),
        500
    );
    let stages: Vec<String> = list(&mut book, Entity::Stage)
        .iter()
        .map(Record::name)
        .collect();
    assert_eq!(stages, ["Prospecting", "Engaging", "Won", "Lost"]);

    assert_eq!(list(&mut book, Entity::Rep).len(), 35);
    let accounts = list(&mut book, Entity::Company);
    assert_eq!(accounts.len(), 85);
    assert_eq!(
        accounts
            .iter()
            .filter(|account| !account.get(&company::PARENT).is_null())
            .count(),
        15
    );
    let acme = accounts
        .iter()
        .find(|account| account.name() == "Acme Corporation")
        .unwrap();
    assert_eq!(
        (acme.int(&company::REVENUE), acme.custom[0].value.as_int()),
        (Some(110_004), Some(1996))
    );

    assert_eq!(list(&mut book, Entity::PendingLink).len(), 1_480);
    let answers: Vec<_> = done
        .report
        .suggestions
        .iter()
        .map(|one| (one.text.as_str(), one.near.as_deref(), one.count))
        .collect();
    assert_eq!(answers, [("GTXPro", Some("GTX Pro"), 1_480)]);

    let before = book.content_hash().unwrap();
    assert_eq!(import(&mut book, &files).group, None);
    assert_eq!(book.content_hash().unwrap(), before);
    assert_ne!(before, empty);
}

#[test]
fn every_export_is_understood_or_refused_with_a_sentence() {
    let vocabulary = Vocabulary::shipped().unwrap();
    let mut all = Vec::new();
    for folder in ["crm", "csv", "linkage", "contacts"] {
        if let Some(folder) = data(folder) {
            files(&folder, &mut all);
        }
    }
    let mut taken = 0;
    for path in all {
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let bytes = std::fs::read(&path).unwrap();
        let table = match read::table(&name, &bytes, &|text| vocabulary.knows(text)) {
            Ok(table) => table,
            Err(fault) => {
                assert!(fault.to_string().starts_with(&name), "{fault}");
                continue;
            }
        };
        let found = match recognise(&table, &vocabulary, &Told::default()) {
            Ok(found) => found,
            Err(fault) => {
                assert!(fault.to_string().starts_with(&name), "{fault}");
                continue;
            }
        };
        let rows = table.len() + table.faults.len();
        let file = FileInfo {
            name: name.clone(),
            hash: String::new(),
        };
        let sheet = match Sheet::prepare(file, table, found, &vocabulary, None) {
            Ok(sheet) => sheet,
            Err(fault) => {
                assert!(fault.to_string().contains("--dates"), "{fault}");
                continue;
            }
        };
        let known = Known::empty("USD".parse().unwrap(), chrono_tz::UTC);
        let sheets = [sheet];
        let plan = Run::open(&sheets, known, options()).plan();
        let counts = plan.report.files[0].counts;
        // No row is lost in silence.
        assert_eq!(rows, counts.read, "{name}");
        assert_eq!(
            counts.create + counts.update + counts.unchanged + counts.rejected + counts.deleted,
            rows,
            "{name}: {counts:?}"
        );
        println!(
            "{name}: {} {counts:?} {:?}",
            plan.report.files[0].kind,
            plan.report
                .rejects
                .first()
                .map(clinch::exchange::plan::Reject::sentence)
        );
        taken += 1;
    }
    println!("{taken} files taken");
}
