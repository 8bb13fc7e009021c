//! The products of a deal: shown, added, changed, removed, by keys that anybody finds; the amount that follows.

use super::people::record;
use super::shots::SIZES;
use super::*;
use crate::domain::command::{Base, FieldEdit, Input};
use crate::domain::id::RecordId;
use crate::domain::lines::DealLines;
use crate::domain::nouns::{Field, FieldDef, deal, deal_line, product};
use crate::domain::records::Record;
use crate::tui::for_tests::picture;

fn id(raw: i64) -> RecordId {
    RecordId::from_raw(raw)
}

fn line(raw: i64, name: &str, quantity: i64, price: Option<i64>) -> Record {
    record(
        Entity::DealLine,
        raw,
        &[
            ("deal", 1.into(), Some("Deal 1")),
            ("product", (raw + 100).into(), Some(name)),
            ("quantity", quantity.into(), None),
            ("price", price.into(), Some("CHF")),
            ("position", raw.into(), None),
        ],
    )
}

/// Deal 1 with this amount and these lines.
fn sold(amount: Option<i64>, lines: Vec<Record>) -> DealLines {
    let deal = record(
        Entity::Deal,
        1,
        &[
            ("title", "Deal 1".into(), None),
            ("amount", amount.into(), None),
            ("currency", "CHF".into(), None),
        ],
    );
    DealLines {
        deal,
        lines,
        prices: vec![(id(301), 30_000)],
    }
}

impl Harness {
    fn sell(&mut self, sold: DealLines) {
        let answer = Answer::Lines(Some(Box::new(sold)));
        self.hear(Event::Read(views::LINES, Ok(answer)));
    }

    fn catalogue(&mut self) {
        let products = vec![choice(201, "Licence"), choice(301, "Support")];
        self.hear(Event::Read(views::PRODUCTS, Ok(Answer::Choices(products))));
    }
}

/// The products of deal 1 are open on a board.
fn open(columns: u16, rows: u16, known: DealLines) -> Harness {
    let mut harness = Harness::sized(board("1 2 | 3"), columns, rows);
    harness.asked();
    harness.press("gl");
    let asked = harness.asked();
    assert!(asked.iter().any(
        |effect| matches!(effect, Effect::Read { view, query: Query::Lines(of) } if *view == views::LINES && of.raw() == 1)
    ));
    harness.sell(known);
    harness
}

fn value_of(fields: &[(Field, Input)], def: &'static FieldDef) -> Option<Input> {
    let found = fields.iter().find(|(field, _)| *field == def.into());
    found.map(|(_, input)| input.clone())
}

fn amount_in(command: &Command) -> Option<&FieldEdit> {
    match command {
        Command::Edit {
            entity: Entity::Deal,
            edits,
            ..
        } => edits
            .iter()
            .find(|edit| edit.field == (&deal::AMOUNT).into()),
        _ => None,
    }
}

fn two() -> DealLines {
    let lines = vec![
        line(101, "Licence", 2, Some(40_000)),
        line(102, "Training — Zürich, two days on site", 1, Some(20_000)),
    ];
    sold(Some(100_000), lines)
}

#[test]
fn a_product_is_added_with_the_price_of_the_catalogue_and_the_amount_follows() {
    let mut harness = open(100, 30, two());
    assert!(
        harness.text().contains("2 x 400.00 = 800.00"),
        "{}",
        harness.text()
    );
    // Arrows and Enter alone: down to "Add a product", the picker, the quantity.
    harness.press("<down><down><enter>");
    harness.catalogue();
    harness.press("Supp<tab><tab><c-u>3<enter><enter>");
    let (ticket, commands, origin) = harness.write();
    assert_eq!(origin, Origin::Human);
    let [Command::Create(create), follows, _] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(
        value_of(&create.fields, &deal_line::PRODUCT),
        Some(301.into())
    );
    assert_eq!(
        value_of(&create.fields, &deal_line::QUANTITY),
        Some(3.into())
    );
    assert_eq!(
        value_of(&create.fields, &deal_line::PRICE),
        Some(30_000.into())
    );
    assert_eq!(
        value_of(&create.fields, &deal_line::POSITION),
        Some(103.into())
    );
    let edit = amount_in(follows).unwrap();
    assert_eq!(edit.base, Base::Seen(100_000.into()));
    assert_eq!(edit.new, 190_000.into());
    harness.save(ticket, "Add Support to Deal 1");
    let mut more = two();
    more.lines.push(line(103, "Support", 3, Some(30_000)));
    harness.sell(more);
    assert_eq!(
        harness.status(),
        "Deal 1: lines make 1,900.00, amount says 1,000.00"
    );
}

#[test]
fn a_product_that_is_missing_is_made_with_the_line_and_its_price() {
    let mut harness = open(100, 30, sold(None, Vec::new()));
    harness.press("<enter>");
    harness.catalogue();
    harness.press("Workshop<tab><tab><tab>1200<c-s>");
    let (_, commands, _) = harness.write();
    let [Command::Create(made), Command::Create(create), follows, _] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(made.entity, Entity::Product);
    assert_eq!(
        value_of(&made.fields, &product::NAME),
        Some("Workshop".into())
    );
    assert_eq!(
        value_of(&made.fields, &product::PRICE),
        Some(120_000.into())
    );
    assert_eq!(
        value_of(&made.fields, &product::CURRENCY),
        Some("CHF".into())
    );
    assert_eq!(
        value_of(&create.fields, &deal_line::PRODUCT),
        Some(made.slot.into())
    );
    assert_eq!(amount_in(follows).unwrap().new, 120_000.into());
}

#[test]
fn a_line_is_changed_by_what_was_seen_and_an_amount_that_differs_stays() {
    let mut known = two();
    known.deal = sold(Some(77_700), Vec::new()).deal;
    let mut harness = open(100, 30, known);
    let text = harness.text();
    assert!(text.contains("lines make 1,000.00"), "{text}");
    harness.press("<enter>");
    harness.catalogue();
    let first = Answer::Show(Some(Box::new(line(101, "Licence", 2, Some(40_000)))));
    harness.hear(Event::Read(views::FORM, Ok(first)));
    harness.press("<tab><tab><c-u>5<c-s>");
    let (_, commands, _) = harness.write();
    let [Command::Edit { edits, .. }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    let quantity = FieldEdit {
        field: (&deal_line::QUANTITY).into(),
        base: Base::Seen(2.into()),
        new: 5.into(),
    };
    assert_eq!(*edits, [quantity]);
}

#[test]
fn the_amount_is_set_to_what_the_lines_make_only_when_asked() {
    let mut known = two();
    known.deal = sold(Some(77_700), Vec::new()).deal;
    let mut harness = open(100, 30, known);
    harness.press("make<enter>");
    let (_, commands, _) = harness.write();
    let edit = amount_in(&commands[0]).unwrap();
    assert_eq!(
        (&edit.base, &edit.new),
        (&Base::Seen(77_700.into()), &100_000.into())
    );
    assert!(!open(100, 30, two()).text().contains("Make the amount"));
}

#[test]
fn a_line_is_removed_from_a_list_and_the_amount_follows() {
    let mut harness = open(100, 30, two());
    harness.press("remove<enter><down><enter>");
    let (_, commands, _) = harness.write();
    let [Command::Trash { target, .. }, follows] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(*target, id(102).into());
    assert_eq!(amount_in(follows).unwrap().new, 80_000.into());
}

#[test]
fn what_a_colleague_does_meanwhile_counts_for_the_amount() {
    let mut harness = open(100, 30, two());
    harness.press("add<enter>");
    harness.catalogue();
    harness.press("Supp<tab>");
    harness.asked();
    let theirs = Change {
        entity: Entity::DealLine,
        ..change(101, "Edit Licence: quantity")
    };
    harness.hear(Event::Others(vec![theirs]));
    let asked = harness.asked();
    assert!(asked.iter().any(|effect| matches!(
        effect,
        Effect::Read {
            query: Query::Lines(_),
            ..
        }
    )));
    harness.sell(sold(
        Some(480_000),
        vec![line(101, "Licence", 12, Some(40_000))],
    ));
    harness.press("<c-s>");
    let (_, commands, _) = harness.write();
    let edit = amount_in(&commands[1]).unwrap();
    assert_eq!(
        (&edit.base, &edit.new),
        (&Base::Seen(480_000.into()), &510_000.into())
    );
}

#[test]
fn keys_that_come_before_the_book_answers_go_into_the_menu() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("glremove<enter>");
    assert!(harness.writes().is_empty());
    harness.sell(two());
    assert!(harness.text().contains("Remove which product?"));
    harness.press("<esc>");
    assert!(harness.app.layers.is_empty());
    // A deal that is gone opens nothing, and nothing keeps the keys.
    harness.press("gl");
    harness.hear(Event::Read(views::LINES, Ok(Answer::Lines(None))));
    assert!(harness.app.layers.is_empty());
    harness.press("gl<esc>");
    assert!(harness.app.layers.is_empty());
    harness.sell(two());
    assert!(harness.app.layers.is_empty(), "Esc takes the question back");
}

#[test]
fn the_popup_of_a_deal_shows_its_products_and_what_they_make() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("<enter>");
    let mut known = two();
    known.lines.push(line(103, "Ω\u{202e}kcol", 1, None));
    harness.sell(known);
    let text = harness.text();
    assert!(
        text.contains("Products") && text.contains("2 x 400.00 = 800.00"),
        "{text}"
    );
    assert!(
        text.contains("1 line is without price or quantity"),
        "{text}"
    );
    harness.press("gl");
    harness.sell(two());
    harness.press("remove<enter><enter>");
    assert_eq!(harness.writes().len(), 1);
    assert_eq!(harness.app.layers.len(), 1, "back in the popup");
}

#[test]
fn pictures_of_the_products_of_a_deal() {
    let mut differs = two();
    differs.deal = sold(Some(77_700), Vec::new()).deal;
    for (columns, rows) in SIZES {
        let mut harness = open(columns, rows, differs.clone());
        insta::assert_snapshot!(
            format!("products-{columns}x{rows}"),
            picture(harness.screen())
        );
        harness.press("add<enter>");
        harness.catalogue();
        insta::assert_snapshot!(
            format!("products-add-{columns}x{rows}"),
            picture(harness.screen())
        );
    }
    for (columns, rows) in [(60, 20), (40, 10), (20, 5), (1, 1)] {
        let mut harness = open(100, 30, differs.clone());
        harness.tell(Msg::Resize(columns, rows));
        harness.screen();
        harness.press("add<enter>");
        harness.catalogue();
        harness.screen();
    }
}
