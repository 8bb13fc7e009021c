//! Thirteen deals with every trap in them, and the answers that the definitions give.

use super::{ClosedDeal, Member, leaderboard, win_rate};
use crate::domain::id::Id;
use crate::domain::money::{Currency, Money, RATE_ONE};
use crate::domain::period::Period;
use crate::domain::records::{Link, Rep};
use crate::domain::time::{Instant, Zone};

const ZURICH: Zone = chrono_tz::Europe::Zurich;

/// One deal as its last close left it: title, owner at the close, outcome, creation, close, amount and currency.
type Facts = (
    &'static str,
    &'static str,
    Outcome,
    &'static str,
    &'static str,
    Option<i64>,
    &'static str,
);

#[derive(Clone, Copy, PartialEq)]
enum Outcome {
    Won,
    Lost,
    /// Lost for no real reason.
    Void,
}
use Outcome::{Lost, Void, Won};

/// Two of the thirteen are open, which a report on closed deals never sees.
const CLOSED: [Facts; 11] = [
    // Ben owns it since: the credit stays with Ana.
    (
        "credit stays",
        "Ana",
        Won,
        "2026-10-05T08:00:00Z",
        "2026-10-30T08:00:00Z",
        Some(10_000),
        "CHF",
    ),
    // The euro was at 0.94 at the close and fell since.
    (
        "frozen rate",
        "Ben",
        Won,
        "2026-10-06T08:00:00Z",
        "2026-11-02T08:00:00Z",
        Some(20_000),
        "EUR",
    ),
    (
        "plain loss",
        "Ana",
        Lost,
        "2026-10-07T08:00:00Z",
        "2026-10-20T08:00:00Z",
        Some(5_000),
        "CHF",
    ),
    (
        "lost, opened again, won",
        "Ben",
        Won,
        "2026-10-01T08:00:00Z",
        "2026-11-15T08:00:00Z",
        Some(8_000),
        "CHF",
    ),
    (
        "won, opened again, lost",
        "Ana",
        Lost,
        "2026-10-02T08:00:00Z",
        "2026-11-20T08:00:00Z",
        Some(9_000),
        "CHF",
    ),
    (
        "the rep has left",
        "Luca",
        Won,
        "2026-10-12T08:00:00Z",
        "2026-11-03T08:00:00Z",
        Some(4_000),
        "CHF",
    ),
    (
        "no amount",
        "Ana",
        Won,
        "2026-10-13T08:00:00Z",
        "2026-11-12T08:00:00Z",
        None,
        "CHF",
    ),
    (
        "half past midnight in Zurich",
        "Ben",
        Won,
        "2026-10-14T08:00:00Z",
        "2026-12-31T23:30:00Z",
        Some(7_000),
        "CHF",
    ),
    (
        "a duplicate",
        "Ana",
        Void,
        "2026-10-15T08:00:00Z",
        "2026-10-16T08:00:00Z",
        Some(5_000),
        "CHF",
    ),
    (
        "imported as closed",
        "Ben",
        Won,
        "2026-10-03T08:00:00Z",
        "2026-10-20T08:00:00Z",
        Some(6_000),
        "CHF",
    ),
    (
        "a clock that is slow",
        "Ana",
        Lost,
        "2026-10-16T08:00:00Z",
        "2026-10-30T08:00:00Z",
        Some(3_000),
        "CHF",
    ),
];

fn rep(name: &str) -> Link<Rep> {
    let id = ["Ana", "Ben", "Luca"]
        .iter()
        .position(|known| *known == name)
        .unwrap();
    Link {
        id: Id::from_raw(i64::try_from(id).unwrap() + 1),
        name: name.to_owned(),
    }
}

fn fourth_quarter() -> (Vec<ClosedDeal>, Vec<Member>) {
    let chf: Currency = "CHF".parse().unwrap();
    let at = |text| Instant::parse(text, ZURICH).unwrap();
    let period = Period::parse("2026-Q4", at("2027-01-05T12:00:00Z").date(ZURICH), 1).unwrap();
    let deals = CLOSED
        .into_iter()
        .map(|(_, owner, outcome, created, closed, amount, currency)| {
            let rate = if currency == "EUR" { 940_000 } else { RATE_ONE };
            let money = amount.map(|amount| Money::new(amount * 100, currency.parse().unwrap()));
            ClosedDeal {
                owner: Some(rep(owner)),
                won: outcome == Won,
                real_loss: outcome == Lost,
                created_at: Some(at(created)),
                closed_at: at(closed),
                base_minor: money.map(|money| money.at_rate(rate, chf).unwrap().minor),
                without_rate: false,
            }
        })
        .filter(|deal| deal.is_of(period, ZURICH))
        .collect();
    let members = ["Ana", "Ben", "Luca"].map(|name| Member {
        rep: rep(name),
        left: name == "Luca",
    });
    (deals, members.into())
}

#[test]
fn the_win_rate_of_the_golden_deals() {
    let (deals, members) = fourth_quarter();
    let report = win_rate(&deals, &members);
    assert_eq!(
        (report.count.won, report.count.lost, report.excluded),
        (6, 3, 1)
    );
    let rounded = |ratio: Option<f64>| format!("{:.4}", ratio.unwrap());
    assert_eq!(rounded(report.count.ratio()), "0.6667");
    assert_eq!(rounded(report.value_ratio()), "0.7335");
    assert_eq!(report.won.known(), Some(4_680_000));
    // Nobody closed ten deals: nobody's own ratio is shown.
    assert!(
        report
            .reps
            .iter()
            .all(|row| row.rate.of_a_person().is_none())
    );
    assert_eq!(report.reps.iter().map(|row| row.rate.n()).sum::<u64>(), 9);
}

#[test]
fn the_leaderboard_of_the_golden_deals() {
    let (deals, members) = fourth_quarter();
    let board = leaderboard(&deals, &members);
    let credit: Vec<(u64, &str, Option<i64>)> = board
        .rows
        .iter()
        .map(|row| (row.rank, row.who.name(), row.figures.won.known()))
        .collect();
    assert_eq!(
        credit,
        [
            (1, "Ben", Some(3_280_000)),
            (2, "Ana", Some(1_000_000)),
            (3, "Luca", Some(400_000))
        ]
    );
    let total = board.total;
    assert_eq!(
        (total.won.minor, total.won.mean(), total.won.without_amount),
        (4_680_000, Some(936_000), 1)
    );
    assert_eq!((total.cycle.median_days, total.cycle.n), (Some(26.0), 6));
}

#[test]
fn a_win_of_unknown_amounts_has_no_ratio_by_value() {
    let (mut deals, members) = fourth_quarter();
    for deal in &mut deals {
        deal.base_minor = None;
    }
    let report = win_rate(&deals, &members);
    assert_eq!((report.value_ratio(), report.won.known()), (None, None));
    assert_eq!(
        (report.won.without_amount, report.lost.without_amount),
        (6, 3)
    );
}
