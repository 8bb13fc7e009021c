//! The figures of the board in words: the head line, what stands above and below the cards, the foot.

use crate::domain::board::{Board, Column, Foot, Sum};
use crate::domain::money::{Currency, grouped};
use crate::domain::report::Rate;
use crate::tui::theme::Glyphs;
use crate::tui::widgets::clip::{clip, width};

/// A sum as short as it can be said: `88.0k`, or `—` where nothing is known.
#[must_use]
pub fn short(sum: Sum, base: Currency, unknown: &str) -> String {
    sum.known(base)
        .map_or_else(|| unknown.to_owned(), crate::domain::money::Money::short)
}

/// [`short`] in fewer cells: whole thousands from ten of them on.
fn shorter(sum: Sum, base: Currency, unknown: &str) -> String {
    let text = short(sum, base, unknown);
    let thousands = 1_000 * 10_i64.pow(base.digits());
    match text.strip_suffix('k') {
        Some(_) if sum.minor.abs() >= 10 * thousands => {
            let rounded = (sum.minor.abs() + thousands / 2) / thousands * sum.minor.signum();
            format!("{rounded}k")
        }
        _ => text,
    }
}

/// The title of a column: its name at the left, its count and sum at the right.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Title {
    /// The name, with blanks beside it.
    pub name: String,
    /// Count and sum, with blanks beside them.
    pub numbers: String,
}

/// The title of a column in so many cells. The name is cut last.
#[must_use]
pub fn title(column: &Column, base: Currency, glyphs: &Glyphs, wide: usize) -> Title {
    let count = grouped(column.count);
    let exact = short(column.sum, base, glyphs.unknown);
    let coarse = shorter(column.sum, base, glyphs.unknown);
    let name = format!(" {} ", column.stage.name);
    let numbers = [exact, coarse.clone()].map(|sum| format!("{count} · {sum} "));
    let fitting = numbers
        .iter()
        .find(|text| width(&name) + width(text) <= wide);
    let numbers = match fitting {
        Some(text) => text.clone(),
        None => format!("{count} · {coarse} "),
    };
    let room = wide.saturating_sub(width(&numbers) + 2);
    let name = clip(&column.stage.name, room, glyphs.ellipsis);
    Title {
        name: format!(" {name} "),
        numbers: if width(&name) + 2 + width(&numbers) < wide {
            format!(" {numbers}")
        } else {
            numbers
        },
    }
}

/// What is not in a sum, in words; nothing where all is in it.
#[must_use]
pub fn left_out(sum: Sum) -> Vec<String> {
    [
        (sum.without_amount, "no amount"),
        (sum.without_rate, "no rate"),
        (sum.without_probability, "no probability"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{} {what}", grouped(count)))
    .collect()
}

/// The line above the cards of a column, in the longest form that fits.
#[must_use]
pub fn above(column: &Column, base: Currency, unknown: &str, wide: usize) -> String {
    let sum = format!("weighted {}", short(column.weighted, base, unknown));
    let parts = left_out(column.weighted);
    if parts.is_empty() {
        return sum;
    }
    let all = column.weighted;
    let out = grouped(all.without_amount + all.without_rate + all.without_probability);
    let forms = [
        format!("{sum} · {}", parts.join(" · ")),
        format!("{sum} · {out} left out"),
    ];
    let fitting = forms.into_iter().find(|form| width(form) <= wide);
    fitting.unwrap_or_else(|| {
        let sum = shorter(column.weighted, base, unknown);
        format!("weighted {sum}, {out} out")
    })
}

/// The sums over all columns, from the longest way to say them to the shortest.
#[must_use]
pub fn totals(board: &Board, unknown: &str) -> Vec<String> {
    let (mut count, mut sum, mut weighted) = (0, Sum::default(), Sum::default());
    for column in &board.columns {
        count += column.count;
        sum.add(column.sum);
        weighted.add(column.weighted);
    }
    let open = format!("open {}", grouped(count));
    let base = board.base;
    let amount = sum.known(base).map_or_else(
        || format!("{base} {unknown}"),
        |money| format!("{base} {}", money.short()),
    );
    let expected = format!("weighted {}", short(weighted, base, unknown));
    let n = |sum: Sum| {
        // With nothing in it the sum is unknown already.
        if sum.n == count || sum.n == 0 {
            String::new()
        } else {
            format!(" n={}", grouped(sum.n))
        }
    };
    let missing = left_out(weighted);
    let missing = if missing.is_empty() {
        String::new()
    } else {
        format!(" ({})", missing.join(", "))
    };
    vec![
        format!(
            "{open} · {amount}{} · {expected}{}{missing}",
            n(sum),
            n(weighted)
        ),
        format!("{open} · {amount}{} · {expected}{}", n(sum), n(weighted)),
        format!("{open} · {amount}{}", n(sum)),
        open,
    ]
}

/// The parts of the foot.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Feet {
    /// What was won: count and amount.
    pub won: String,
    /// What was lost: count and amount.
    pub lost: String,
    /// The win rate with its n.
    pub rate: String,
    /// The interval of the win rate, or why there is none.
    pub interval: String,
}

/// The parts of the foot; `period` is what its period is called.
#[must_use]
pub fn foot(foot: &Foot, base: Currency, period: &str, unknown: &str) -> Feet {
    let amount = |sum: Sum| short(sum, base, unknown);
    let (won, lost) = (foot.won, foot.lost);
    let ever = foot.ever.filter(|ever| foot.is_empty() && *ever != (0, 0));
    if let Some((won, lost)) = ever {
        let (rate, interval) = rate(won, lost, unknown);
        return Feet {
            won: format!("Won ever {}", grouped(won)),
            lost: format!("Lost ever {}", grouped(lost)),
            rate,
            interval,
        };
    }
    let (rate, interval) = rate(won.0, lost.0, unknown);
    Feet {
        won: format!("Won {period} {} · {}", grouped(won.0), amount(won.1)),
        lost: format!("Lost {period} {} · {}", grouped(lost.0), amount(lost.1)),
        rate,
        interval,
    }
}

fn rate(won: u64, lost: u64, unknown: &str) -> (String, String) {
    let rate = Rate { won, lost };
    let n = grouped(rate.n());
    match (rate.of_a_person(), rate.interval()) {
        (Some(share), Some((low, high))) => (
            format!("Win rate {:.0}% n={n}", share * 100.0),
            format!("95% CI {:.0}-{:.0}%", low * 100.0, high * 100.0),
        ),
        _ => (
            format!("Win rate {unknown} n={n}"),
            "too few to say".to_owned(),
        ),
    }
}

impl Feet {
    /// All parts in one line.
    #[must_use]
    pub fn line(&self) -> String {
        [self.won.as_str(), &self.lost, &self.rate, &self.interval].join(" · ")
    }

    /// What stands under the `place`-th of `shown` lanes: one part each where there are four, as many as fit where there are less.
    #[must_use]
    pub fn under(&self, place: usize, shown: usize, wide: usize) -> String {
        let parts: &[&str] = match (shown, place) {
            (0 | 1, _) => &[&self.won, &self.lost, &self.rate, &self.interval],
            (2, 0) => &[&self.won, &self.lost],
            (2, _) => &[&self.rate, &self.interval],
            (_, 0) => &[&self.won],
            (_, 1) => &[&self.lost],
            (3, _) => &[&self.rate, &self.interval],
            (_, 2) => &[&self.rate],
            (_, 3) => &[&self.interval],
            _ => &[],
        };
        let mut line = String::new();
        for part in parts {
            let longer = if line.is_empty() {
                (*part).to_owned()
            } else {
                format!("{line}  {part}")
            };
            if width(&longer) > wide && !line.is_empty() {
                break;
            }
            line = longer;
        }
        line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sum(minor: i64, n: u64, without_amount: u64, without_probability: u64) -> Sum {
        Sum {
            minor,
            n,
            without_amount,
            without_rate: 0,
            without_probability,
        }
    }

    fn foot_of(won: u64, lost: u64, ever: Option<(u64, u64)>) -> Feet {
        let day = "2026-10-01".parse().unwrap();
        let period = crate::domain::period::Period { from: day, to: day };
        let closed = Foot {
            period,
            won: (won, sum(18_200_000, won, 0, 0)),
            lost: (lost, sum(0, 0, lost, 0)),
            ever,
        };
        foot(&closed, "CHF".parse().unwrap(), "Q4", "—")
    }

    #[test]
    fn unknown_is_not_zero() {
        let base = "CHF".parse().unwrap();
        assert_eq!(short(sum(0, 0, 1_589, 0), base, "—"), "—");
        assert_eq!(short(sum(0, 1, 0, 0), base, "—"), "0");
        assert_eq!(
            left_out(sum(0, 0, 1_589, 3)),
            ["1,589 no amount", "3 no probability"]
        );
        assert!(left_out(sum(5, 1, 0, 0)).is_empty());
    }

    #[test]
    fn a_title_keeps_the_name_as_long_as_it_can() {
        let base = "CHF".parse().unwrap();
        let column = |name: &str, minor| Column {
            stage: crate::domain::records::Link {
                id: crate::domain::id::Id::from_raw(1),
                name: name.to_owned(),
            },
            probability: None,
            rot_days: None,
            count: 18,
            sum: sum(minor, 18, 0, 0),
            weighted: Sum::default(),
            cards: Vec::new(),
        };
        let shown = |name: &str, wide| {
            let title = title(
                &column(name, 12_096_000),
                base,
                &crate::tui::theme::UNICODE,
                wide,
            );
            (title.name, title.numbers)
        };
        assert_eq!(
            shown("Qualify", 30),
            (" Qualify ".into(), " 18 · 121.0k ".into())
        );
        assert_eq!(
            shown("Qualify", 21),
            (" Qualify ".into(), "18 · 121.0k ".into())
        );
        assert_eq!(
            shown("Negotiate", 21),
            (" Negotiate ".into(), "18 · 121k ".into())
        );
        assert_eq!(
            shown("Negotiation", 21),
            (" Negotiat… ".into(), "18 · 121k ".into())
        );
    }

    #[test]
    fn the_foot_carries_n_and_the_interval() {
        let feet = foot_of(14, 22, None);
        assert_eq!(
            feet.line(),
            "Won Q4 14 · 182.0k · Lost Q4 22 · — · Win rate 39% n=36 · 95% CI 25-55%"
        );
        assert_eq!(feet.under(0, 4, 23), "Won Q4 14 · 182.0k");
        assert_eq!(feet.under(2, 3, 23), "Win rate 39% n=36");
        assert_eq!(
            feet.under(0, 1, 56),
            "Won Q4 14 · 182.0k  Lost Q4 22 · —  Win rate 39% n=36"
        );
    }

    #[test]
    fn few_closed_deals_have_no_rate() {
        assert_eq!(foot_of(2, 1, None).rate, "Win rate — n=3");
    }

    #[test]
    fn a_book_that_was_closed_long_ago_shows_all_of_it() {
        let foot = foot_of(0, 0, Some((4_238, 2_473)));
        assert_eq!(foot.won, "Won ever 4,238");
        assert_eq!(foot.rate, "Win rate 63% n=6,711");
    }
}
