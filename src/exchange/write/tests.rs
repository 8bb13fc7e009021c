use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Set, company, deal};
use crate::domain::pipeline::StageKind;
use crate::domain::records::{CustomValue, Record};
use crate::domain::time::Instant;
use crate::domain::value::Value;
use crate::exchange::plan::Reject;
use crate::exchange::read;

fn record(entity: Entity) -> Record {
    let width = entity.fields().len();
    Record {
        entity,
        id: RecordId::from_raw(77),
        created_at: None,
        trashed_at: None,
        values: vec![Value::Null; width],
        names: vec![None; width],
        gone: Vec::new(),
        custom: Vec::new(),
        sets: Vec::new(),
        source: None,
        state: None,
        seq: 1,
    }
}

fn put(record: &mut Record, field: &crate::domain::nouns::FieldDef, value: impl Into<Value>) {
    let place = record
        .entity
        .fields()
        .iter()
        .position(|def| *def == field)
        .unwrap();
    record.values[place] = value.into();
}

fn sample() -> Record {
    let mut deal = record(Entity::Deal);
    put(&mut deal, &deal::TITLE, "Alpina; \"two\"\nlines");
    put(&mut deal, &deal::AMOUNT, 120_050);
    put(&mut deal, &deal::CURRENCY, "CHF");
    put(&mut deal, &deal::OWNER, 5);
    put(&mut deal, &deal::CLOSED_AT, 1_700_000_000_000);
    let owner = deal
        .entity
        .fields()
        .iter()
        .position(|def| **def == deal::OWNER)
        .unwrap();
    deal.names[owner] = Some("Nora".to_owned());
    deal.state = Some(StageKind::Won);
    deal.created_at = Some(Instant::from_millis(1_600_000_000_000));
    deal.source = Some(("hubspot".to_owned(), "42".to_owned()));
    deal.sets = vec![(Set::Tag, vec!["a".to_owned(), "b".to_owned()])];
    deal.custom = vec![CustomValue {
        field: RecordId::from_raw(9),
        name: "Colour".to_owned(),
        kind: crate::domain::custom::CustomKind::Text,
        value: "=1+1".into(),
    }];
    deal
}

#[test]
fn custom_fields_are_written_as_fields_of_their_kind() {
    use crate::domain::custom::CustomKind;
    let custom = |name: &str, kind, value| CustomValue {
        field: RecordId::from_raw(9),
        name: name.to_owned(),
        kind,
        value,
    };
    let mut deal = record(Entity::Deal);
    deal.custom = vec![
        custom("Budget", CustomKind::Money, 4_200_050.into()),
        custom("Seats", CustomKind::Number, 20.into()),
        custom("Signed", CustomKind::Flag, 1.into()),
        custom("Odd", CustomKind::Flag, 7.into()),
        custom("Told", CustomKind::Money, "much".into()),
        custom("Since", CustomKind::Instant, 1_600_000_000_000_i64.into()),
    ];
    let json = record_json(&deal, usd());
    assert_eq!(
        json["custom"],
        json!({
            "Budget": {"minor": 4_200_050, "currency": "USD"},
            "Seats": 20,
            "Signed": true,
            "Odd": 7,
            "Told": "much",
            "Since": 1_600_000_000_000_i64,
        })
    );
    for (name, written) in [
        ("Budget", "42000.50"),
        ("Seats", "20"),
        ("Signed", "true"),
        ("Odd", "7"),
        ("Told", "much"),
        ("Since", "2020-09-13T12:26:40Z"),
        ("None", ""),
    ] {
        assert_eq!(cell(&deal, &Out::Custom(name.to_owned()), usd()), written);
    }
}

fn usd() -> crate::domain::money::Currency {
    "USD".parse().unwrap()
}

#[test]
fn a_deal_as_json_begins_as_promised() {
    let json = record_json(&sample(), usd());
    let names: Vec<&String> = json.as_object().unwrap().keys().collect();
    assert_eq!(
        names[..6],
        ["id", "title", "company", "contact", "stage", "pipeline"]
    );
    assert_eq!(json["id"], json!(RecordId::from_raw(77).to_string()));
    assert_eq!(json["amount"], json!({"minor": 120_050, "currency": "CHF"}));
    assert_eq!(
        json["owner"],
        json!({"id": RecordId::from_raw(5).to_string(), "name": "Nora"})
    );
    assert_eq!(json["company"], json!(null));
    assert_eq!(json["state"], json!("won"));
    assert_eq!(json["closed_at"], json!("2023-11-14T22:13:20Z"));
    assert_eq!(json["tags"], json!(["a", "b"]));
    assert_eq!(json["custom"], json!({"Colour": "=1+1"}));
    assert_eq!(
        (&json["source"], &json["source_key"]),
        (&json!("hubspot"), &json!("42"))
    );
}

fn written(form: Delimited, records: &[Record]) -> Vec<u8> {
    let columns = columns(records[0].entity, records);
    let mut out = Vec::new();
    let mut table = Table::new(&mut out, form, columns.iter().map(Out::name)).unwrap();
    for record in records {
        table.record(record, &columns, usd()).unwrap();
    }
    table.finish().unwrap();
    out
}

#[test]
fn csv_reads_back_as_it_was_written() {
    for form in [Delimited::CSV, Delimited::TSV] {
        let bytes = written(form, &[sample()]);
        let table = read::table("x.csv", &bytes, &|_| false).unwrap();
        assert_eq!(
            (table.len(), table.faults.len(), table.dialect.delimiter),
            (1, 0, form.delimiter)
        );
        let row = table.row(0);
        let cell = |name: &str| {
            row.cell(
                table
                    .header
                    .iter()
                    .position(|column| column == name)
                    .unwrap(),
            )
        };
        assert_eq!(cell("title"), "Alpina; \"two\"\nlines");
        assert_eq!(
            (cell("amount"), cell("currency"), cell("owner")),
            ("1200.50", "CHF", "Nora")
        );
        assert_eq!(
            (cell("tags"), cell("Colour"), cell("company")),
            ("a; b", "=1+1", "")
        );
    }
}

#[test]
fn cells_that_a_spreadsheet_would_run_are_neutralised_only_when_asked() {
    let excel = Delimited {
        excel: true,
        ..Delimited::CSV
    };
    let text = String::from_utf8(written(excel, &[sample()])).unwrap();
    assert!(text.starts_with('\u{feff}') && text.contains("'=1+1"));
    let mut firm = record(Entity::Company);
    put(&mut firm, &company::NAME, "@evil");
    put(&mut firm, &company::REVENUE, -5);
    let text = String::from_utf8(written(excel, &[firm])).unwrap();
    assert!(
        text.contains("'@evil") && text.contains(",-0.05,"),
        "{text}"
    );
}

#[test]
fn a_reject_file_keeps_every_cell_and_reads_back() {
    let reject = |cells: &[&str], column: Option<&str>| Reject {
        sheet: 0,
        file: "deals.csv".to_owned(),
        line: 7,
        record: 6,
        column: column.map(str::to_owned),
        value: String::new(),
        reason: "is not an amount".to_owned(),
        cells: cells.iter().map(|cell| (*cell).to_owned()).collect(),
    };
    let header = ["Deal Name".to_owned(), "Amount".to_owned()];
    let (one, other) = (
        reject(&["A, B", "abc"], Some("Amount")),
        reject(&["C", "1", "2"], None),
    );
    let mut out = Vec::new();
    rejects(&mut out, &header, &[&one, &other]).unwrap();
    let table = read::table("r.csv", &out, &|_| false).unwrap();
    assert_eq!(
        table.header,
        [
            "Deal Name",
            "Amount",
            "column 3",
            "reject_line",
            "reject_column",
            "reject_reason"
        ]
    );
    let rows: Vec<Vec<&str>> = table.rows().map(|row| row.cells().collect()).collect();
    assert_eq!(
        rows[0],
        ["A, B", "abc", "", "7", "Amount", "is not an amount"]
    );
    assert_eq!(rows[1], ["C", "1", "2", "7", "", "is not an amount"]);
}

/// A pipe whose reader has gone away.
struct Closed;

impl std::io::Write for Closed {
    fn write(&mut self, _: &[u8]) -> std::io::Result<usize> {
        Err(std::io::ErrorKind::BrokenPipe.into())
    }
    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[test]
fn a_closed_pipe_is_told_as_what_it_is() {
    let mut table = Table::new(Closed, Delimited::CSV, ["id"]).unwrap();
    let long = "x".repeat(1 << 16);
    let fault = table.row([long.as_str(), long.as_str()]).unwrap_err();
    assert_eq!(fault.kind(), std::io::ErrorKind::BrokenPipe);
}

/// Such a character alone in its column came back as nothing while rows were cleaned like records.
#[test]
fn a_row_is_exact_and_a_record_and_a_header_are_clean() {
    let evil = ["\u{1}", "\u{feff}", "\u{1b}]0;x\u{7}", "\u{202e}"];
    let mut out = Vec::new();
    let header = ["id", "a\u{1b}[2J\nb", "note"];
    let mut table = Table::new(&mut out, Delimited::CSV, header).unwrap();
    for text in evil {
        table.row(["1", text, "x"]).unwrap();
    }
    table.finish().unwrap();
    assert!(out.starts_with(b"id,a[2J b,note\n"));
    let read = read::table("x.csv", &out, &|_| false).unwrap();
    assert_eq!(read.column(1).collect::<Vec<_>>(), evil);

    let mut deal = sample();
    put(&mut deal, &deal::TITLE, evil.concat().as_str());
    let text = String::from_utf8(written(Delimited::CSV, &[deal])).unwrap();
    assert!(!text.contains(['\u{1}', '\u{feff}', '\u{1b}', '\u{202e}']));
}

proptest! {
    #[test]
    fn hostile_texts_survive_csv(texts in prop::collection::vec("[^\u{0}]{0,30}|[,;\"'|\\t\\n\\r ]{0,8}", 1..12)) {
        let mut out = Vec::new();
        let mut table = Table::new(&mut out, Delimited::CSV, ["id", "title", "note"]).unwrap();
        for text in &texts {
            table.row(["0123456789abc", text, "x"]).unwrap();
        }
        table.finish().unwrap();
        let read = read::table("x.csv", &out, &|_| false).unwrap();
        prop_assert_eq!(read.faults.len(), 0, "{:?} {:?}", read.dialect, read.faults);
        let back: Vec<&str> = read.column(1).collect();
        prop_assert_eq!(back, texts);
    }
}
