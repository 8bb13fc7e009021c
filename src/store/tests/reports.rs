//! The rows of reports: which deals they are, and with which facts.

use super::*;
use crate::domain::command::Reason;
use crate::domain::period::Period;
use crate::domain::report::{leaderboard, win_rate};
use crate::store::query::{Asked, ClosedQuery, ClosedRows};

impl Bed {
    fn closed(&mut self, period: &str, filter: Option<&str>) -> ClosedRows {
        let today = NOW.date(chrono_tz::Europe::Zurich);
        let query = Query::Closed(ClosedQuery {
            period: Period::parse(period, today, 1).unwrap(),
            filter: filter.map(|text| text.parse().unwrap()),
            asked: Asked {
                now: NOW,
                me: self.rep,
            },
        });
        match self.book.ask(&query).unwrap() {
            Answer::Closed(rows) => rows,
            other => panic!("{other:?}"),
        }
    }

    fn owned(&mut self, title: &str, owner: Id<Rep>, amount: i64) -> Id<Deal> {
        let deal = self.deal(title, 0, Some(amount));
        self.ok(vec![edit(
            Entity::Deal,
            deal.record(),
            &deal::OWNER,
            Value::Null,
            owner,
        )]);
        deal
    }

    fn win(&mut self, deal: Id<Deal>, closed_at: &str) {
        let closed_at = Some(Instant::parse(closed_at, chrono_tz::Europe::Zurich).unwrap());
        self.ok(vec![Command::WinDeal {
            deal,
            base: None,
            closed_at,
        }]);
    }

    fn lose(&mut self, deal: Id<Deal>, reason: Option<&str>) {
        let reason = reason.map(|name| Reason::Named(name.to_owned()));
        self.ok(vec![Command::LoseDeal {
            deal,
            base: None,
            reason,
            note: None,
            closed_at: None,
        }]);
    }
}

#[test]
fn the_rows_carry_the_facts_of_the_close() {
    let mut bed = Bed::new();
    let (ana, ben) = (bed.rep("Ana"), bed.rep("Ben"));
    let deal = bed.owned("Alpha", ana, 500);
    bed.win(deal, "2026-11-20T10:00:00Z");
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::OWNER,
        ana,
        ben,
    )]);
    let lost = bed.owned("Beta", ben, 300);
    bed.lose(lost, Some("Price"));
    let void = bed.owned("Gamma", ben, 200);
    bed.lose(void, Some("Duplicate"));
    let rows = bed.closed("2026-11", None);
    let board = leaderboard(&rows.deals, &rows.members);
    assert_eq!(board.rows[0].who.name(), "Ana");
    assert_eq!(
        (
            board.total.won.minor,
            board.total.rate.won,
            board.total.rate.lost
        ),
        (500, 1, 1)
    );
    assert_eq!(win_rate(&rows.deals, &rows.members).excluded, 1);
}

#[test]
fn the_last_half_hour_of_the_year_is_of_the_next_in_zurich() {
    let mut bed = Bed::new();
    let deal = bed.deal("Late", 0, Some(700));
    bed.win(deal, "2026-12-31T23:30:00Z");
    assert_eq!(bed.closed("2026-Q4", None).deals.len(), 0);
    assert_eq!(bed.closed("2027-01-01", None).deals.len(), 1);
}

#[test]
fn what_is_open_again_or_in_the_trash_is_not_closed() {
    let mut bed = Bed::new();
    let (reopened, trashed) = (
        bed.deal("Reopened", 0, Some(1)),
        bed.deal("Trashed", 0, Some(1)),
    );
    bed.win(reopened, "2026-11-20T10:00:00Z");
    bed.win(trashed, "2026-11-20T10:00:00Z");
    bed.ok(vec![Command::ReopenDeal {
        deal: reopened,
        base: None,
        stage: None,
    }]);
    bed.ok(vec![Command::Trash {
        entity: Entity::Deal,
        target: trashed.into(),
    }]);
    assert_eq!(bed.closed("2026", None).deals.len(), 0);
}

#[test]
fn a_filter_by_credit_leaves_the_others_out() {
    let mut bed = Bed::new();
    let (ana, ben) = (bed.rep("Ana"), bed.rep("Ben"));
    for (title, owner) in [("Alpha", ana), ("Beta", ben)] {
        let deal = bed.owned(title, owner, 100);
        bed.win(deal, "2026-11-20T10:00:00Z");
    }
    let rows = bed.closed("2026", Some("close_owner:ben"));
    assert_eq!(rows.deals.len(), 1);
    assert_eq!(rows.members.len(), 2);
}
