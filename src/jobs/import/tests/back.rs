//! Exports that come back.

use super::*;

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
