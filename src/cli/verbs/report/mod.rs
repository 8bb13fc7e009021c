//! `report`: figures with their n and their formula.

mod leaderboard;
mod win_rate;

use clap::{ArgMatches, Args, FromArgMatches as _};
use serde_json::{Value as Json, json};

use crate::cli::desk::{Desk, unforeseen};
use crate::cli::fault::Fault;
use crate::cli::selection::parse_filter;
use crate::cli::shell::Shell;
use crate::cli::table::UNKNOWN;
use crate::cli::tree::{Verb, build_under, run_under, with};
use crate::domain::filter::Filter;
use crate::domain::id::Id;
use crate::domain::money::{Currency, Money, grouped};
use crate::domain::period::Period;
use crate::domain::records::Rep;
use crate::domain::report::{ClosedSum, Formula};
use crate::store::query::{Answer, ClosedQuery, ClosedRows, Query};

/// The verb.
pub const VERB: Verb = Verb {
    name: "report",
    about: "Win rate and leaderboard, each figure with how many deals it counts",
    build: |clap| build_under(clap, REPORTS),
    run: |shell, matches| run_under(shell, matches, REPORTS),
};

static REPORTS: &[Verb] = &[
    Verb {
        name: "leaderboard",
        about: "Who won how much",
        build: with::<Asking>,
        run: leaderboard::run,
    },
    Verb {
        name: "win-rate",
        about: "How much of what was closed was won",
        build: with::<Asking>,
        run: win_rate::run,
    },
];

/// What a report is asked.
#[derive(Args, Clone, Debug)]
pub(super) struct Asking {
    /// When the deals were closed: 2026, 2026-Q4, 2026-11, 2026-01-01..2026-03-31, last-quarter
    #[arg(long, value_name = "PERIOD", default_value = "this-quarter")]
    period: String,
    /// Only deals that this rep owned at their close
    #[arg(long, value_name = "REP")]
    rep: Option<String>,
    /// Only these deals, in the language of `deals list --filter`
    #[arg(long, value_name = "FILTER", allow_hyphen_values = true)]
    filter: Option<String>,
    /// Say how each figure comes about
    #[arg(long)]
    explain: bool,
}

/// The rows of a report, and what it was asked.
struct Ground {
    period: Period,
    rows: ClosedRows,
    explain: bool,
}

impl Ground {
    fn read(shell: &Shell, matches: &ArgMatches) -> Result<Self, Fault> {
        let asking =
            Asking::from_arg_matches(matches).map_err(|error| Fault::usage(error.to_string()))?;
        let mut desk = shell.desk()?;
        let period = Period::parse(&asking.period, desk.today(), desk.info.fiscal_start)
            .map_err(|fault| Fault::usage(crate::cli::values::sentence(&fault)).at("period"))?;
        let filter = parse_filter(asking.filter.as_deref())?;
        let rep = asking.rep.map(|name| desk.rep(&name)).transpose()?;
        let mut rows = read(&mut desk, period, filter)?;
        if let Some(rep) = rep {
            only(&mut rows, rep);
        }
        Ok(Self {
            period,
            rows,
            explain: asking.explain,
        })
    }

    fn base(&self) -> Currency {
        self.rows.base
    }

    fn period_json(&self) -> Json {
        json!({"from": self.period.from, "to": self.period.to})
    }

    /// What stands above the rows for people.
    fn title(&self, report: &str) -> String {
        format!("{report} {} in {}", self.period, self.base())
    }

    /// Says so where no deal was closed.
    fn remark(&self, shell: &Shell) {
        if self.rows.deals.is_empty() {
            shell.say(&format!(
                "No deal was closed in {}; `--period` names another.",
                self.period
            ));
        }
    }
}

fn read(desk: &mut Desk, period: Period, filter: Option<Filter>) -> Result<ClosedRows, Fault> {
    let query = Query::Closed(ClosedQuery {
        period,
        filter,
        asked: desk.asked(),
    });
    match desk.ask(&query)? {
        Answer::Closed(rows) => Ok(rows),
        other => Err(unforeseen(&other)),
    }
}

fn only(rows: &mut ClosedRows, rep: Id<Rep>) {
    let is_theirs = |id: Option<Id<Rep>>| id == Some(rep);
    rows.deals
        .retain(|deal| is_theirs(deal.owner.as_ref().map(|owner| owner.id)));
    rows.members.retain(|member| is_theirs(Some(member.rep.id)));
}

/// A ratio for programs, to a hundredth of a percent.
fn ratio_json(ratio: Option<f64>) -> Json {
    ratio.map_or(Json::Null, |ratio| json!((ratio * 1e4).round() / 1e4))
}

/// A ratio for people: `63.2 %`.
fn percent(ratio: Option<f64>) -> String {
    ratio.map_or_else(
        || UNKNOWN.to_owned(),
        |ratio| format!("{:.1} %", ratio * 100.0),
    )
}

fn money_json(minor: Option<i64>, base: Currency) -> Json {
    json!(minor.map(|minor| Money::new(minor, base)))
}

fn money(minor: Option<i64>, base: Currency) -> String {
    minor.map_or_else(
        || UNKNOWN.to_owned(),
        |minor| Money::new(minor, base).grouped(),
    )
}

/// What is missing from a sum.
fn missing(what: &str, value: ClosedSum) -> Vec<String> {
    [
        (value.without_amount, "without an amount"),
        (value.without_rate, "in a currency without a rate"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, why)| format!("{what} {why}, left out of the sums: {}", grouped(count)))
    .collect()
}

fn formulas_json(formulas: &[Formula]) -> Json {
    json!(formulas)
}

/// The formulas for people.
fn formula_lines(formulas: &[Formula]) -> Vec<String> {
    formulas
        .iter()
        .map(|one| format!("{}: {}", one.figure, one.formula))
        .collect()
}
