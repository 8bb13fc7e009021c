//! Quotas and rates as records: made, changed by their base, trashed, undone, one only of each, read by Today and the board.

use super::*;
use crate::domain::nouns::{quota, rate};
use crate::domain::today::Quota;
use crate::store::query::{Asked, TodayQuery};

fn quota_of(rep: Id<Rep>, period: &str, amount: i64) -> Command {
    create(
        Entity::Quota,
        vec![
            (&quota::REP, rep.into()),
            (&quota::PERIOD, period.into()),
            (&quota::AMOUNT, amount.into()),
        ],
    )
}

fn rate_of(currency: &str, date: &str, millionths: i64) -> Command {
    create(
        Entity::Rate,
        vec![
            (&rate::CURRENCY, currency.into()),
            (&rate::DATE, date.into()),
            (&rate::RATE, millionths.into()),
        ],
    )
}

/// Ana, with a won deal of that amount.
fn seller(won: Option<i64>) -> (Bed, Id<Rep>) {
    let mut bed = Bed::new();
    let ana = bed.rep("Ana");
    if let Some(amount) = won {
        let deal = bed.deal("Rollout", 0, Some(amount));
        let base = Some(bed.stages[0]);
        bed.ok(vec![
            edit(Entity::Deal, deal.record(), &deal::OWNER, Value::Null, ana),
            Command::WinDeal {
                deal,
                base,
                closed_at: None,
            },
        ]);
    }
    (bed, ana)
}

fn today(bed: &mut Bed, me: Id<Rep>) -> Option<Quota> {
    let query = TodayQuery {
        asked: Asked {
            now: NOW,
            me: Some(me),
        },
        since: None,
    };
    match bed.book.ask(&Query::Today(query)).unwrap() {
        Answer::Today(today) => today.quota,
        other => panic!("{other:?}"),
    }
}

fn target(bed: &mut Bed, me: Id<Rep>) -> (i64, Option<i64>) {
    let quota = today(bed, me).unwrap();
    (quota.target.minor, quota.percent())
}

#[test]
fn a_quota_is_set_again_by_its_base_trashed_and_taken_back() {
    let (mut bed, ana) = seller(Some(60_000));
    let before = bed.hash();
    let id = bed.ok(vec![quota_of(ana, "2026-q4", 300_000)]).created[0].2;
    let record = bed.show(Entity::Quota, id);
    assert_eq!(record.name(), "Ana 2026-Q4", "in its usual spelling");
    assert_eq!(record.int(&quota::RAMP), Some(100), "all of it counts");
    assert_eq!(target(&mut bed, ana), (300_000, Some(20)));

    bed.ok(vec![edit(
        Entity::Quota,
        id,
        &quota::AMOUNT,
        300_000,
        50_000,
    )]);
    assert_eq!(target(&mut bed, ana), (50_000, Some(120)), "over is shown");
    let stale = vec![edit(Entity::Quota, id, &quota::AMOUNT, 300_000, 70_000)];
    let Outcome::Conflict(clashes) = bed.act(stale).unwrap() else {
        panic!("the base is another")
    };
    assert_eq!(clashes[0].name, "Ana 2026-Q4");
    bed.ok(vec![edit(Entity::Quota, id, &quota::RAMP, 100, 50)]);
    assert_eq!(target(&mut bed, ana), (25_000, Some(240)));
    bed.undo();
    bed.undo();
    assert_eq!(target(&mut bed, ana), (300_000, Some(20)));

    bed.ok(vec![Command::Trash {
        entity: Entity::Quota,
        target: id.into(),
    }]);
    assert_eq!(today(&mut bed, ana), None);
    bed.undo();
    assert_eq!(target(&mut bed, ana), (300_000, Some(20)));
    assert!(bed.book.check().unwrap().is_clean());
    bed.undo();
    assert_eq!(today(&mut bed, ana), None);
    assert_eq!(bed.hash(), before);
    assert!(bed.book.check().unwrap().is_clean());
}

#[test]
fn the_quota_of_a_month_goes_before_that_of_its_quarter() {
    let (mut bed, ana) = seller(Some(60_000));
    bed.ok(vec![quota_of(ana, "2026", 900_000)]);
    bed.ok(vec![quota_of(ana, "2026-Q4", 300_000)]);
    assert_eq!(target(&mut bed, ana), (300_000, Some(20)));
    bed.ok(vec![quota_of(ana, "2026-11", 100_000)]);
    assert_eq!(target(&mut bed, ana), (100_000, Some(60)));
    bed.ok(vec![quota_of(ana, "2026-12", 10_000)]);
    assert_eq!(target(&mut bed, ana), (100_000, Some(60)));
    let ben = bed.rep("Ben");
    assert_eq!(today(&mut bed, ben), None);
}

#[test]
fn what_is_no_quota_is_refused_and_a_second_one_too() {
    let (mut bed, ana) = seller(None);
    for (period, amount) in [
        ("2026-Q5", 100),
        ("this-quarter", 100),
        ("", 100),
        ("2026", 0),
        ("2026", -5),
    ] {
        assert!(
            bed.act(vec![quota_of(ana, period, amount)]).is_err(),
            "{period} {amount}"
        );
    }
    bed.ok(vec![quota_of(ana, "2026-Q4", 100)]);
    let again = bed.act(vec![quota_of(ana, "2026-q4", 200)]).unwrap_err();
    assert!(again.to_string().contains("Ana 2026-Q4"), "{again}");
    let other = bed.ok(vec![quota_of(ana, "2026-Q3", 100)]).created[0].2;
    let moved = edit(Entity::Quota, other, &quota::PERIOD, "2026-Q3", "2026-Q4");
    assert!(bed.act(vec![moved]).is_err());
    let target = other.into();
    bed.ok(vec![Command::Trash {
        entity: Entity::Quota,
        target,
    }]);
    bed.ok(vec![quota_of(ana, "2026-Q3", 100)]);
    let back = Command::Restore {
        entity: Entity::Quota,
        target,
    };
    assert!(bed.act(vec![back]).is_err(), "there is another one by now");
    assert!(bed.book.check().unwrap().is_clean());
}

#[test]
fn a_rate_counts_until_it_is_trashed_and_a_closed_deal_keeps_its_own() {
    let mut bed = Bed::new();
    let id = bed
        .ok(vec![rate_of("EUR", "2026-11-01", 1_100_000)])
        .created[0]
        .2;
    assert_eq!(bed.show(Entity::Rate, id).name(), "EUR 2026-11-01");
    assert!(bed.act(vec![rate_of("EUR", "2026-11-01", 5)]).is_err());
    assert!(bed.act(vec![rate_of("EUR", "2026-11-02", 0)]).is_err());
    let deal = bed.deal("Rollout", 0, Some(1_000));
    let base = Some(bed.stages[0]);
    let in_euro = edit(Entity::Deal, deal.record(), &deal::CURRENCY, "USD", "EUR");
    let win = Command::WinDeal {
        deal,
        base,
        closed_at: None,
    };
    bed.ok(vec![in_euro, win]);
    assert_eq!(bed.show_deal(deal).int(&deal::CLOSE_BASE), Some(1_100));
    bed.ok(vec![edit(
        Entity::Rate,
        id,
        &rate::RATE,
        1_100_000,
        1_200_000,
    )]);
    assert_eq!(bed.show_deal(deal).int(&deal::CLOSE_BASE), Some(1_100));
    assert_eq!(bed.show_deal(deal).int(&deal::CLOSE_RATE), Some(1_100_000));

    let rate_now = |bed: &mut Bed| {
        let deal = bed.deal("Pilot", 0, Some(1_000));
        let in_euro = edit(Entity::Deal, deal.record(), &deal::CURRENCY, "USD", "EUR");
        let win = Command::WinDeal {
            deal,
            base,
            closed_at: None,
        };
        bed.ok(vec![in_euro, win]);
        let rate = bed.show_deal(deal).int(&deal::CLOSE_RATE);
        bed.undo();
        bed.undo();
        rate
    };
    assert_eq!(rate_now(&mut bed), Some(1_200_000));
    bed.undo();
    assert_eq!(rate_now(&mut bed), Some(1_100_000));
    bed.ok(vec![Command::Trash {
        entity: Entity::Rate,
        target: id.into(),
    }]);
    assert_eq!(rate_now(&mut bed), None, "unknown is not one for one");
    bed.undo();
    assert_eq!(rate_now(&mut bed), Some(1_100_000));
    assert!(bed.book.check().unwrap().is_clean());
}
