//! `report leaderboard`

use clap::ArgMatches;
use serde_json::{Map, Value as Json, json};

use super::{
    Ground, formula_lines, formulas_json, missing, money, money_json, percent, ratio_json,
};
use crate::cli::fault::{Exit, Fault};
use crate::cli::output::Format;
use crate::cli::rows::Rows;
use crate::cli::shell::Shell;
use crate::cli::table::{Side, UNKNOWN};
use crate::domain::money::{Currency, grouped};
use crate::domain::report::leaderboard::{FORMULAS, Figures};
use crate::domain::report::{Who, leaderboard};

const HEADS: &[(&str, Side)] = &[
    ("rank", Side::Right),
    ("rep", Side::Left),
    ("won", Side::Right),
    ("won deals", Side::Right),
    ("lost deals", Side::Right),
    ("win rate", Side::Right),
    ("average", Side::Right),
    ("median days", Side::Right),
];

/// The columns of CSV are those of JSON.
const PLAIN_HEADS: &[(&str, Side)] = &[
    ("rank", Side::Right),
    ("rep", Side::Left),
    ("won", Side::Right),
    ("won_count", Side::Right),
    ("lost_count", Side::Right),
    ("win_rate", Side::Right),
    ("avg_won", Side::Right),
    ("median_cycle_days", Side::Right),
];

pub(super) fn run(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let ground = Ground::read(shell, matches)?;
    let report = leaderboard(&ground.rows.deals, &ground.rows.members);
    let base = ground.base();
    let people = shell.format() == Format::Table;
    let mut rows = Rows::new(if people { HEADS } else { PLAIN_HEADS });
    for row in &report.rows {
        let name = match &row.who {
            Who::Rep { rep, left: true } if people => format!("{} (left)", rep.name),
            who => who.name().to_owned(),
        };
        let object = object(Some((row.rank, row.who.name())), &row.figures, base);
        rows.push(
            cells(&row.rank.to_string(), &name, &row.figures, base, people),
            object,
        );
    }
    if people {
        rows.above_all([ground.title("Leaderboard")]);
        rows.cells(cells("", "total", &report.total, base, people));
        rows.below_all(missing("Won deals", report.total.won));
        if ground.explain {
            rows.below_all(formula_lines(FORMULAS));
        }
    }
    let total = object(None, &report.total, base);
    rows.print_as(shell, |items| {
        let mut document = json!({
            "schema_version": 1,
            "period": ground.period_json(),
            "rows": items,
            "total": total,
        });
        if ground.explain {
            document["formulas"] = formulas_json(FORMULAS);
            document["excluded"] = json!({
                "won_without_amount": report.total.won.without_amount,
                "won_without_rate": report.total.won.without_rate,
                "won_without_creation": report.total.cycle.unknown,
            });
        }
        document
    })?;
    ground.remark(shell);
    Ok(Exit::Done)
}

/// A row; the total is nobody's and has no rank. A rep's own ratio is held back where it would be chance.
fn object(whose: Option<(u64, &str)>, figures: &Figures, base: Currency) -> Json {
    let ratio = match whose {
        Some(_) => figures.rate.of_a_person(),
        None => figures.rate.ratio(),
    };
    let mut row = Map::new();
    row.insert("rank".into(), json!(whose.map(|(rank, _)| rank)));
    row.insert("rep".into(), json!(whose.map(|(_, name)| name)));
    row.insert("won_count".into(), json!(figures.rate.won));
    row.insert("lost_count".into(), json!(figures.rate.lost));
    row.insert("won".into(), money_json(figures.won.known(), base));
    row.insert("win_rate".into(), ratio_json(ratio));
    row.insert("avg_won".into(), money_json(figures.won.mean(), base));
    row.insert("median_cycle_days".into(), json!(figures.cycle.median_days));
    row.into()
}

fn cells(rank: &str, name: &str, figures: &Figures, base: Currency, people: bool) -> [String; 8] {
    let ratio = if rank.is_empty() {
        figures.rate.ratio()
    } else {
        figures.rate.of_a_person()
    };
    let days = figures.cycle.median_days.map(|days| format!("{days:.1}"));
    if people {
        return [
            rank.to_owned(),
            name.to_owned(),
            money(figures.won.known(), base),
            grouped(figures.rate.won),
            grouped(figures.rate.lost),
            percent(ratio),
            money(figures.won.mean(), base),
            days.unwrap_or_else(|| UNKNOWN.to_owned()),
        ];
    }
    let decimal = |minor: Option<i64>| {
        minor.map(|minor| crate::domain::money::Money::new(minor, base).decimal())
    };
    [
        rank.to_owned(),
        name.to_owned(),
        decimal(figures.won.known()).unwrap_or_default(),
        figures.rate.won.to_string(),
        figures.rate.lost.to_string(),
        ratio.map(|ratio| format!("{ratio:.4}")).unwrap_or_default(),
        decimal(figures.won.mean()).unwrap_or_default(),
        days.unwrap_or_default(),
    ]
}
