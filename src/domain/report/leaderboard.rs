//! Who won how much. The credit is theirs who owned the deal when it was closed, whoever owns it now.

use std::collections::{HashMap, HashSet};

use super::figures::{ClosedSum, Cycle, Rate};
use super::{ClosedDeal, Formula, Member};
use crate::domain::id::Id;
use crate::domain::records::{Link, Rep};

/// How the figures come about.
pub const FORMULAS: &[Formula] = &[
    Formula {
        figure: "rank",
        formula: "by what was won; equal sums share a rank, and the next rank is as much further on",
    },
    Formula {
        figure: "won",
        formula: "sum of the deals won in the period, by the owner at the close, in the base currency at the rates of the close; deals without an amount or a rate are left out and counted",
    },
    Formula {
        figure: "win_rate",
        formula: "won / (won + lost) by count; deals lost for no real reason (duplicate, test) are on neither side; not shown of a rep below 10 closed deals",
    },
    Formula {
        figure: "avg_won",
        formula: "won / number of won deals with an amount",
    },
    Formula {
        figure: "median_cycle_days",
        formula: "median of close - creation over the won deals of which both are known, in days; a close before the creation counts as 0",
    },
];

/// Whose row it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Who {
    /// A rep.
    Rep {
        /// Which.
        rep: Link<Rep>,
        /// Whether they have left.
        left: bool,
    },
    /// Deals that nobody owned when they were closed.
    Unassigned,
}

impl Who {
    /// The rep's id; `None` of nobody.
    #[must_use]
    pub const fn id(&self) -> Option<Id<Rep>> {
        match self {
            Self::Rep { rep, .. } => Some(rep.id),
            Self::Unassigned => None,
        }
    }

    /// The rep's name, or `unassigned`.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Rep { rep, .. } => &rep.name,
            Self::Unassigned => "unassigned",
        }
    }

    /// Everybody who has a row: the members, whoever else closed deals, and nobody where deals had no owner; by name.
    pub(super) fn all(deals: &[ClosedDeal], members: &[Member]) -> Vec<Self> {
        let mut all: Vec<Self> = members
            .iter()
            .map(|member| Self::Rep {
                rep: member.rep.clone(),
                left: member.left,
            })
            .collect();
        let mut known: HashSet<Option<Id<Rep>>> = all.iter().map(Self::id).collect();
        for deal in deals {
            let id = deal.owner.as_ref().map(|link| link.id);
            if known.insert(id) {
                all.push(
                    deal.owner
                        .clone()
                        .map_or(Self::Unassigned, |rep| Self::Rep { rep, left: true }),
                );
            }
        }
        all.sort_by(|a, b| {
            let key = |who: &Self| (who.id().is_none(), who.name().to_lowercase(), who.id());
            key(a).cmp(&key(b))
        });
        all
    }
}

/// The figures of one row.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Whose.
    pub who: Who,
    /// Their place; equal sums share it.
    pub rank: u64,
    /// Their figures.
    pub figures: Figures,
}

/// The figures of a row and of the total.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Figures {
    /// Won and lost, by count.
    pub rate: Rate,
    /// What was won, in the base currency.
    pub won: ClosedSum,
    /// How long the won ones took.
    pub cycle: Cycle,
}

impl Figures {
    fn of<'a>(deals: impl Iterator<Item = &'a ClosedDeal> + Clone) -> Self {
        let mut figures = Self {
            cycle: Cycle::of(deals.clone()),
            ..Self::default()
        };
        for deal in deals {
            figures.rate.count(deal);
            if deal.won {
                figures.won.count(deal);
            }
        }
        figures
    }
}

/// The report.
#[derive(Clone, Debug, PartialEq)]
pub struct Leaderboard {
    /// By what was won, then by how many, then by name.
    pub rows: Vec<Row>,
    /// Of all deals, counted apart from the rows.
    pub total: Figures,
}

/// The leaderboard of deals that were closed in one period.
#[must_use]
pub fn leaderboard(deals: &[ClosedDeal], members: &[Member]) -> Leaderboard {
    let mut by_owner: HashMap<Option<Id<Rep>>, Vec<&ClosedDeal>> = HashMap::new();
    for deal in deals {
        by_owner
            .entry(deal.owner.as_ref().map(|link| link.id))
            .or_default()
            .push(deal);
    }
    let mut rows: Vec<Row> = Who::all(deals, members)
        .into_iter()
        .map(|who| {
            let own = by_owner.remove(&who.id()).unwrap_or_default();
            Row {
                who,
                rank: 0,
                figures: Figures::of(own.iter().copied()),
            }
        })
        .collect();
    // The sort is stable: who won as much and as often stays in the order of names.
    rows.sort_by_key(|row| std::cmp::Reverse((row.figures.won.minor, row.figures.rate.won)));
    let mut above: Option<(i64, u64)> = None;
    for (place, row) in (1..).zip(&mut rows) {
        row.rank = match above {
            Some((minor, rank)) if minor == row.figures.won.minor => rank,
            _ => place,
        };
        above = Some((row.figures.won.minor, row.rank));
    }
    Leaderboard {
        rows,
        total: Figures::of(deals.iter()),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::time::{DAY_MS, Instant};

    fn link(id: i64, name: &str) -> Link<Rep> {
        Link {
            id: Id::from_raw(id),
            name: name.to_owned(),
        }
    }

    fn deal(owner: Option<&Link<Rep>>, won: bool, base_minor: Option<i64>) -> ClosedDeal {
        ClosedDeal {
            owner: owner.cloned(),
            won,
            real_loss: true,
            created_at: Some(Instant::from_millis(0)),
            closed_at: Instant::from_millis(10 * DAY_MS),
            base_minor,
            without_rate: false,
        }
    }

    fn members(names: &[&str]) -> Vec<Member> {
        (1..)
            .zip(names)
            .map(|(id, name)| Member {
                rep: link(id, name),
                left: false,
            })
            .collect()
    }

    fn ranks(board: &Leaderboard) -> Vec<(u64, &str)> {
        board
            .rows
            .iter()
            .map(|row| (row.rank, row.who.name()))
            .collect()
    }

    #[test]
    fn equal_sums_share_a_rank_and_the_next_is_further_on() {
        let team = members(&["Ana", "Ben", "Cleo", "Dan"]);
        let won = |place: usize, minor| deal(Some(&team[place].rep), true, Some(minor));
        let deals = [won(1, 500), won(0, 300), won(0, 200), won(3, 100)];
        assert_eq!(
            ranks(&leaderboard(&deals, &team)),
            [(1, "Ana"), (1, "Ben"), (3, "Dan"), (4, "Cleo")]
        );
    }

    #[test]
    fn a_left_rep_a_rep_without_deals_and_nobody_have_rows() {
        let mut team = members(&["Ana", "Zoe"]);
        team[1].left = true;
        let gone = link(9, "Gone");
        let deals = [
            deal(None, true, Some(100)),
            deal(Some(&gone), false, Some(50)),
        ];
        let board = leaderboard(&deals, &team);
        assert_eq!(
            ranks(&board),
            [(1, "unassigned"), (2, "Ana"), (2, "Gone"), (2, "Zoe")]
        );
        assert!(matches!(board.rows[3].who, Who::Rep { left: true, .. }));
        assert_eq!(board.rows[1].figures, Figures::default());
        assert!(
            leaderboard(&[], &members(&["Ana"]))
                .rows
                .iter()
                .all(|row| row.who != Who::Unassigned)
        );
    }

    #[test]
    fn namesakes_are_two_rows() {
        let team = members(&["Ana", "Ana"]);
        let deals = [
            deal(Some(&team[0].rep), true, Some(1)),
            deal(Some(&team[1].rep), true, Some(2)),
        ];
        assert_eq!(leaderboard(&deals, &team).rows.len(), 2);
    }

    #[test]
    fn wins_without_amount_are_in_the_count_and_not_in_the_mean() {
        let team = members(&["Ana"]);
        let mut foreign = deal(Some(&team[0].rep), true, None);
        foreign.without_rate = true;
        let deals = [
            deal(Some(&team[0].rep), true, Some(100)),
            deal(Some(&team[0].rep), true, None),
            foreign,
        ];
        let won = leaderboard(&deals, &team).total.won;
        assert_eq!(
            (won.mean(), won.n, won.without_amount, won.without_rate),
            (Some(100), 1, 1, 1)
        );
    }

    #[test]
    fn the_cycle_leaves_out_unknown_beginnings_and_clamps_clocks() {
        let team = members(&["Ana"]);
        let mut unknown = deal(Some(&team[0].rep), true, Some(1));
        unknown.created_at = None;
        let mut skewed = deal(Some(&team[0].rep), true, Some(1));
        skewed.created_at = Some(Instant::from_millis(11 * DAY_MS));
        let deals = [
            deal(Some(&team[0].rep), true, Some(1)),
            unknown,
            skewed,
            deal(None, false, None),
        ];
        let cycle = leaderboard(&deals, &team).total.cycle;
        assert_eq!(
            (cycle.median_days, cycle.n, cycle.unknown, cycle.clamped),
            (Some(5.0), 2, 1, 1)
        );
    }

    proptest! {
        #[test]
        fn the_total_is_the_sum_of_the_rows(
            deals in prop::collection::vec(
                (prop::option::of(1_i64..6), any::<bool>(), any::<bool>(), prop::option::of(-1_000_i64..100_000)),
                0..60,
            ),
        ) {
            let team = members(&["Ana", "Ben", "Cleo"]);
            let deals: Vec<ClosedDeal> = deals
                .into_iter()
                .map(|(owner, won, real_loss, base_minor)| {
                    let owner = owner.map(|id| link(id, "Somebody"));
                    ClosedDeal { real_loss, ..deal(owner.as_ref(), won, base_minor) }
                })
                .collect();
            let board = leaderboard(&deals, &team);
            let rates = board.rows.iter().map(|row| row.figures.rate);
            let (won, lost) = rates.fold((0, 0), |(won, lost), rate| (won + rate.won, lost + rate.lost));
            prop_assert_eq!((won, lost), (board.total.rate.won, board.total.rate.lost));
            prop_assert_eq!(board.rows.iter().map(|row| row.figures.won.minor).sum::<i64>(), board.total.won.minor);
            prop_assert_eq!(board.rows.iter().map(|row| row.figures.won.without_amount).sum::<u64>(), board.total.won.without_amount);
            for pair in board.rows.windows(2) {
                prop_assert!(pair[0].rank <= pair[1].rank && pair[0].figures.won.minor >= pair[1].figures.won.minor);
            }
        }
    }
}
