//! The cards of a column in each of their orders, and what a filter leaves of the board.

use super::*;
use crate::domain::board::{Board, CardOrder, Column};
use crate::domain::filter;
use crate::domain::nouns::activity;
use crate::domain::period::Period;
use crate::store::query::{Asked, BoardQuery};

fn ask(bed: &mut Bed, change: impl FnOnce(&mut BoardQuery)) -> Board {
    let mut query = BoardQuery {
        pipeline: None,
        filter: None,
        limits: vec![],
        limit: 60,
        order: CardOrder::Own,
        keep: None,
        foot: Period::parse("2026-Q4", "2026-11-24".parse().unwrap(), 1).unwrap(),
        asked: Asked { now: NOW, me: None },
    };
    change(&mut query);
    match bed.book.ask(&Query::Board(query)).unwrap() {
        Answer::Board(board) => *board,
        other => panic!("{other:?}"),
    }
}

fn titles(column: &Column) -> String {
    let titles: Vec<&str> = column.cards.iter().map(|card| &*card.title).collect();
    titles.join(" ")
}

fn in_order(bed: &mut Bed, order: CardOrder) -> String {
    let board = ask(bed, |query| query.order = order);
    assert_eq!(board.order, order);
    titles(&board.columns[0])
}

fn set(bed: &mut Bed, deal: Id<Deal>, field: &'static crate::domain::nouns::FieldDef, new: &str) {
    let record = bed.show_deal(deal);
    let base = record.get(field).clone();
    let new: Value = new.into();
    bed.ok(vec![edit(Entity::Deal, deal.record(), field, base, new)]);
}

fn plan(
    bed: &mut Bed,
    deal: Id<Deal>,
    due: Option<(&'static crate::domain::nouns::FieldDef, Value)>,
) {
    let fields = [
        (&activity::KIND, Value::from("call")),
        (&activity::DEAL, Value::from(deal)),
    ];
    let fields = fields.into_iter().chain(due).collect();
    bed.ok(vec![create(Entity::Activity, fields)]);
}

#[test]
fn amounts_stand_in_order_at_todays_rates_and_unknown_ones_last() {
    let mut bed = Bed::new();
    for (title, amount) in [("small", Some(100)), ("none", None), ("big", Some(900))] {
        bed.deal(title, 0, amount);
    }
    let rateless = bed.deal("rateless", 0, Some(5_000));
    set(&mut bed, rateless, &deal::CURRENCY, "JPY");
    let foreign = bed.deal("foreign", 0, Some(200));
    set(&mut bed, foreign, &deal::CURRENCY, "EUR");
    bed.deal("middle", 0, Some(390));
    let conn = bed.book.conn_mut().unwrap();
    conn.execute_batch(
        "INSERT INTO rate (currency, date, rate) VALUES ('EUR', '2026-01-01', 2000000)",
    )
    .unwrap();
    assert_eq!(
        in_order(&mut bed, CardOrder::Amount),
        "big foreign middle small none rateless"
    );
    assert_eq!(
        in_order(&mut bed, CardOrder::Own),
        "middle foreign rateless big none small",
        "the order by hand is as it was"
    );
}

#[test]
fn close_dates_stand_in_order_and_unknown_ones_last() {
    let mut bed = Bed::new();
    for (title, close) in [
        ("b", "2026-12-24"),
        ("none", ""),
        ("a", "2026-02-03"),
        ("c", "2027-01-01"),
    ] {
        let deal = bed.deal(title, 0, None);
        if !close.is_empty() {
            set(&mut bed, deal, &deal::EXPECTED_CLOSE, close);
        }
    }
    assert_eq!(in_order(&mut bed, CardOrder::Close), "a b c none");
}

#[test]
fn who_was_quiet_for_longest_stands_first_and_unknown_ones_last() {
    let mut bed = Bed::new();
    let all = ["touched", "unknown", "quiet", "made"].map(|title| bed.deal(title, 0, None));
    let conn = bed.book.conn_mut().unwrap();
    for (deal, touch, made) in [
        (all[0], Some(900), Some(1)),
        (all[1], None, None),
        (all[2], Some(100), Some(5)),
        (all[3], None, Some(500)),
    ] {
        conn.execute(
            "UPDATE deal SET last_touch = ?2, created_at = ?3 WHERE id = ?1",
            (deal.record(), touch, made),
        )
        .unwrap();
    }
    assert_eq!(
        in_order(&mut bed, CardOrder::Quiet),
        "quiet made touched unknown"
    );
}

#[test]
fn next_steps_stand_by_when_they_are_due_and_deals_without_one_last() {
    let mut bed = Bed::new();
    let all = ["late", "none", "dated", "dateless", "soon"].map(|title| bed.deal(title, 0, None));
    let at = |day: i64| {
        (
            &activity::DUE_AT,
            Value::from(Instant::from_millis(NOW.millis() + day * 86_400_000)),
        )
    };
    plan(&mut bed, all[0], Some(at(9)));
    plan(
        &mut bed,
        all[2],
        Some((&activity::DUE_DATE, "2026-11-26".into())),
    );
    plan(&mut bed, all[3], None);
    plan(&mut bed, all[4], Some(at(1)));
    assert_eq!(
        in_order(&mut bed, CardOrder::NextStep),
        "soon dated late none dateless"
    );
}

#[test]
fn a_card_that_shall_be_kept_is_loaded_however_far_down_it_falls() {
    let mut bed = Bed::new();
    let deals: Vec<Id<Deal>> = (0..50)
        .map(|n| bed.deal(&format!("D{n}"), 0, Some(n)))
        .collect();
    for order in [CardOrder::Own, CardOrder::Amount, CardOrder::Quiet] {
        for filter in [None, Some("value>=0")] {
            let board = ask(&mut bed, |query| {
                query.order = order;
                query.limit = 3;
                query.keep = Some(deals[9]);
                query.filter = filter.map(|text| filter::parse(text).unwrap());
            });
            let cards = &board.columns[0].cards;
            assert!(
                cards.iter().any(|card| card.id == deals[9]),
                "{order:?} {filter:?}"
            );
        }
    }
    let board = ask(&mut bed, |query| {
        query.limit = 3;
        query.order = CardOrder::Amount;
    });
    assert_eq!(titles(&board.columns[0]), "D49 D48 D47");
    bed.deal("alone", 1, None);
    let board = ask(&mut bed, |query| {
        query.limit = 3;
        query.keep = Some(deals[9]);
    });
    assert_eq!(board.columns[1].cards.len(), 1, "of its own column only");
}

#[test]
fn columns_and_foot_count_only_what_the_filter_lets_through() {
    let mut bed = Bed::new();
    let rep = bed.ok(vec![create(Entity::Rep, vec![(&rep::NAME, "Nora".into())])]);
    let nora = Id::<Rep>::new(rep.created[0].2);
    let mut deals = Vec::new();
    for (title, owned, category, close) in [
        ("one", true, "commit", "2026-12-01"),
        ("two", false, "commit", "2027-03-01"),
        ("three", true, "best_case", "2027-03-01"),
    ] {
        for _ in 0..2 {
            let deal = bed.deal(title, 0, Some(1_000));
            if owned {
                let (new, seen) = (Value::from(nora), Value::Null);
                bed.ok(vec![edit(
                    Entity::Deal,
                    deal.record(),
                    &deal::OWNER,
                    seen,
                    new,
                )]);
            }
            set(&mut bed, deal, &deal::CATEGORY, category);
            set(&mut bed, deal, &deal::EXPECTED_CLOSE, close);
            deals.push(deal);
        }
    }
    for deal in deals.into_iter().step_by(2) {
        bed.ok(vec![Command::WinDeal {
            deal,
            base: None,
            closed_at: None,
        }]);
    }
    for (filter, fitting) in [
        ("", 3),
        ("owner:nora", 2),
        ("category:commit", 2),
        ("close<2027-01-01", 1),
        ("category:commit owner:nora", 1),
        ("category:omitted", 0),
        ("no:category", 0),
    ] {
        let board = ask(&mut bed, |query| {
            query.filter = (!filter.is_empty()).then(|| filter::parse(filter).unwrap());
        });
        let column = &board.columns[0];
        let (count, minor) = (fitting, 1_000 * i64::try_from(fitting).unwrap());
        assert_eq!((column.count, column.sum.minor), (count, minor), "{filter}");
        assert_eq!(column.cards.len() as u64, count, "{filter}");
        assert_eq!(board.filtered_out, 3 - count, "{filter}");
        let (won, sum) = board.foot.won;
        assert_eq!((won, sum.minor), (count, minor), "{filter}: the foot");
        assert_eq!(board.foot.ever, None, "{filter}");
    }
}
