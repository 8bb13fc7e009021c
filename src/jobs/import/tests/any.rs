//! Whatever the cells.

use proptest::prelude::*;

use super::*;

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
