//! Arithmetic that people wait for: a report over many closed deals, a filter from text to condition.

use clinch::domain::filter::{Context, bind, parse};
use clinch::domain::id::Id;
use clinch::domain::nouns::Entity;
use clinch::domain::records::Link;
use clinch::domain::report::{ClosedDeal, leaderboard};
use clinch::domain::time::{DAY_MS, Instant};

use super::sample::NOW;
use super::{Line, millis, percentile, ratio, time};

pub fn lines(small: bool) -> Vec<Line> {
    let count = if small { 100 } else { 100_000 };
    let deals: Vec<ClosedDeal> = (0..count).map(closed).collect();
    let runs = if small { 1 } else { 9 };
    let mut reports: Vec<_> = (0..runs)
        .map(|_| time(|| leaderboard(&deals, &[])))
        .collect();
    let mut sums: Vec<_> = (0..runs)
        .map(|_| time(|| deals.iter().filter_map(|deal| deal.base_minor).sum::<i64>()))
        .collect();
    let (report, sum) = (percentile(&mut reports, 50), percentile(&mut sums, 50));
    let text = "stage:proposal,negotiate value>10k (touched>60d or no:next_step) -tag:vip owner:\"rep 7\" nora";
    let context = Context {
        now: NOW,
        zone: chrono_tz::Europe::Zurich,
        base: "USD".parse().expect("USD is a currency"),
        fiscal_start: 1,
        me: None,
        rates: &[],
        custom: &[],
        names: &[],
    };
    let mut filters: Vec<_> = (0..100 * runs)
        .map(|_| {
            time(|| {
                bind(
                    &parse(text).expect("the filter is sound"),
                    Entity::Deal,
                    &context,
                )
            })
        })
        .collect();
    vec![
        Line {
            what: "leaderboard of 100,000 closed deals",
            took: millis(report),
            against: format!("{} of summing their amounts", ratio(report, sum)),
            target: "<= 100 ms at a million, with its query",
        },
        Line {
            what: "a filter of six clauses, read and bound",
            took: millis(percentile(&mut filters, 50)),
            against: "a frame has 16 ms".to_owned(),
            target: "",
        },
    ]
}

fn closed(n: i64) -> ClosedDeal {
    ClosedDeal {
        owner: Some(Link {
            id: Id::from_raw(n % 35),
            name: format!("Rep {}", n % 35),
        }),
        won: n % 3 > 0,
        real_loss: n % 7 > 0,
        created_at: Some(Instant::from_millis(NOW.millis() - (30 + n % 200) * DAY_MS)),
        closed_at: Instant::from_millis(NOW.millis() - n % 30 * DAY_MS),
        base_minor: (n % 11 > 0).then_some(n * 100),
        without_rate: false,
    }
}
