use super::*;
use crate::domain::command::{Create, Slot};

fn record(entity: Entity, raw: i64, set: &[(&'static FieldDef, Value)]) -> Record {
    let fields = entity.fields();
    let of = |def: &&FieldDef| set.iter().find(|(own, _)| own == def);
    Record {
        entity,
        id: RecordId::from_raw(raw),
        created_at: None,
        trashed_at: None,
        values: fields
            .iter()
            .map(|def| of(def).map_or(Value::Null, |(_, value)| value.clone()))
            .collect(),
        names: vec![None; fields.len()],
        gone: vec![],
        custom: vec![],
        sets: vec![],
        source: None,
        state: None,
        seq: 1,
    }
}

fn deal(amount: Option<i64>, lines: &[(Option<i64>, Option<i64>)]) -> DealLines {
    let of = |(at, (quantity, price)): (usize, &(Option<i64>, Option<i64>))| {
        let set = [
            (&deal_line::QUANTITY, (*quantity).into()),
            (&deal_line::PRICE, (*price).into()),
        ];
        record(Entity::DealLine, i64::try_from(at).unwrap_or(0) + 10, &set)
    };
    let set = [
        (&deal::AMOUNT, amount.into()),
        (&deal::CURRENCY, "CHF".into()),
    ];
    DealLines {
        deal: record(Entity::Deal, 1, &set),
        lines: lines.iter().enumerate().map(of).collect(),
        prices: vec![],
    }
}

fn chf() -> Currency {
    "CHF".parse().unwrap()
}

fn add(quantity: i64, price: Option<i64>) -> Command {
    Command::Create(Create {
        slot: Slot(0),
        entity: Entity::DealLine,
        created_at: None,
        fields: vec![
            ((&deal_line::QUANTITY).into(), quantity.into()),
            ((&deal_line::PRICE).into(), Value::from(price).into()),
        ],
        sets: vec![],
    })
}

fn trash(raw: i64) -> Command {
    Command::Trash {
        entity: Entity::DealLine,
        target: RecordId::from_raw(raw).into(),
    }
}

fn new_amount(command: Option<Command>) -> Option<i64> {
    let Some(Command::Edit { edits, .. }) = command else {
        return None;
    };
    match &edits[0].new {
        Input::Value(value) => value.as_int(),
        Input::New(_) => None,
    }
}

#[test]
fn an_amount_that_is_the_sum_stays_the_sum() {
    let two = deal(
        Some(50_000),
        &[(Some(2), Some(10_000)), (Some(1), Some(30_000))],
    );
    assert_eq!(two.standing(), Standing::Equal);
    assert_eq!(two.told(chf()), "lines make 500.00, and so says the amount");
    assert_eq!(
        new_amount(two.following(&[add(3, Some(1_000))])),
        Some(53_000)
    );
    assert_eq!(new_amount(two.following(&[trash(11)])), Some(20_000));
    let more = edit(
        Entity::DealLine,
        RecordId::from_raw(10),
        vec![(&deal_line::QUANTITY, &Value::Int(2), Value::Int(4))],
    );
    assert_eq!(new_amount(two.following(&[more])), Some(70_000));
    assert_eq!(two.following(&[]), None);
    assert_eq!(two.settling(), None);
}

#[test]
fn a_price_holds_its_step_to_the_currency_that_was_seen() {
    let two = deal(Some(50_000), &[(Some(2), Some(25_000))]);
    let Some(Command::Edit { edits, .. }) = two.in_this_currency(&[add(1, Some(5))]) else {
        panic!("no guard")
    };
    assert_eq!(edits[0].base, Base::Seen("CHF".into()));
    assert_eq!(edits[0].new, "CHF".into());
    assert_eq!(two.in_this_currency(&[trash(10)]), None);
}

#[test]
fn the_first_line_gives_an_amount_to_a_deal_that_has_none() {
    let none = deal(None, &[]);
    assert_eq!(
        new_amount(none.following(&[add(2, Some(600))])),
        Some(1_200)
    );
    assert_eq!(none.following(&[add(2, None)]), None);
}

#[test]
fn an_amount_that_somebody_typed_stays_and_the_difference_is_said() {
    let typed = deal(Some(100_000), &[(Some(1), Some(120_000))]);
    assert_eq!(typed.standing(), Standing::Differs);
    assert_eq!(
        typed.told(chf()),
        "lines make 1,200.00, amount says 1,000.00"
    );
    assert_eq!(
        typed.told("EUR".parse().unwrap()),
        "lines make CHF 1,200.00, amount says CHF 1,000.00"
    );
    assert_eq!(typed.following(&[add(1, Some(100))]), None);
    assert_eq!(new_amount(typed.settling()), Some(120_000));
}

#[test]
fn what_is_not_known_is_not_zero() {
    let open = deal(Some(100), &[(Some(1), Some(100)), (Some(1), None)]);
    assert_eq!(open.standing(), Standing::Unknown);
    assert_eq!(open.sum().whole(), None);
    assert_eq!(open.settling(), None);
    assert_eq!(open.following(&[trash(11), add(1, Some(5))]), None);
    assert!(
        open.told(chf())
            .contains("as far as known (1 line is without price or quantity)")
    );
    // The last line gone: the amount stays as it was.
    let last = deal(Some(100), &[(Some(1), Some(100))]);
    assert_eq!(last.following(&[trash(10)]), None);
}

#[test]
fn a_closed_deal_keeps_its_amount_and_a_sum_beyond_all_numbers_is_unknown() {
    let mut won = deal(Some(100), &[(Some(1), Some(100))]);
    let at = Entity::Deal
        .fields()
        .iter()
        .position(|def| *def == &deal::CLOSE_CURRENCY);
    won.deal.values[at.unwrap()] = "CHF".into();
    assert_eq!(won.following(&[add(1, Some(100))]), None);
    let huge = deal(None, &[(Some(i64::MAX), Some(2)), (Some(1), Some(7))]);
    assert_eq!((huge.sum().minor, huge.sum().unknown), (7, 1));
}
