//! `report win-rate`

use clap::ArgMatches;
use serde_json::json;

use super::{
    Ground, formula_lines, formulas_json, missing, money, money_json, percent, ratio_json,
};
use crate::cli::fault::{Exit, Fault};
use crate::cli::output::Format;
use crate::cli::rows::Rows;
use crate::cli::shell::Shell;
use crate::cli::table::Side;
use crate::domain::money::grouped;
use crate::domain::report::win_rate::FORMULAS;
use crate::domain::report::{Who, WinRate, win_rate};

const HEADS: &[(&str, Side)] = &[
    ("rep", Side::Left),
    ("won", Side::Right),
    ("lost", Side::Right),
    ("n", Side::Right),
    ("win_rate", Side::Right),
];

pub(super) fn run(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let ground = Ground::read(shell, matches)?;
    let report = win_rate(&ground.rows.deals, &ground.rows.members);
    let people = shell.format() == Format::Table;
    let mut rows = Rows::new(HEADS);
    for row in &report.reps {
        let ratio = row.rate.of_a_person();
        let name = match &row.who {
            Who::Rep { rep, left: true } if people => format!("{} (left)", rep.name),
            who => who.name().to_owned(),
        };
        let object = json!({
            "rep": row.who.name(),
            "won_count": row.rate.won,
            "lost_count": row.rate.lost,
            "n": row.rate.n(),
            "win_rate": ratio_json(ratio),
        });
        let cells = if people {
            let counts = [row.rate.won, row.rate.lost, row.rate.n()].map(grouped);
            let [won, lost, n] = counts;
            [name, won, lost, n, percent(ratio)]
        } else {
            let ratio = ratio.map(|ratio| format!("{ratio:.4}")).unwrap_or_default();
            let counts = [row.rate.won, row.rate.lost, row.rate.n()];
            let [won, lost, n] = counts.map(|count| count.to_string());
            [name, won, lost, n, ratio]
        };
        rows.push(cells, object);
    }
    rows.above_all([ground.title("Win rate")]);
    rows.above_all(summary(&ground, &report));
    if ground.explain {
        rows.below_all(formula_lines(FORMULAS));
    }
    rows.print_as(shell, |items| {
        let base = ground.base();
        let interval = report.count.interval().map(
            |(low, high)| json!({"low": ratio_json(Some(low)), "high": ratio_json(Some(high))}),
        );
        let mut document = json!({
            "schema_version": 1,
            "period": ground.period_json(),
            "win_rate": ratio_json(report.count.ratio()),
            "n": report.count.n(),
            "interval": interval,
            "won_count": report.count.won,
            "lost_count": report.count.lost,
            "win_rate_value": ratio_json(report.value_ratio()),
            "won": money_json(report.won.known(), base),
            "lost": money_json(report.lost.known(), base),
            "excluded": report.excluded,
            "rows": items,
        });
        if ground.explain {
            document["formulas"] = formulas_json(FORMULAS);
        }
        document
    })?;
    ground.remark(shell);
    Ok(Exit::Done)
}

/// The figures of all deals, in sentences.
fn summary(ground: &Ground, report: &WinRate) -> Vec<String> {
    let base = ground.base();
    let mut lines = vec![format!(
        "{} of {} closed deals were won: {}{}",
        grouped(report.count.won),
        grouped(report.count.n()),
        percent(report.count.ratio()),
        report
            .count
            .interval()
            .map(|(low, high)| format!(
                " (95 %: {} to {})",
                percent(Some(low)),
                percent(Some(high))
            ))
            .unwrap_or_default()
    )];
    lines.push(format!(
        "By value: {} (won {}, lost {})",
        percent(report.value_ratio()),
        money(report.won.known(), base),
        money(report.lost.known(), base)
    ));
    if report.excluded > 0 {
        lines.push(format!(
            "Lost for no real reason (duplicate, test), on neither side: {}",
            grouped(report.excluded)
        ));
    }
    lines.extend(missing("Won deals", report.won));
    lines.extend(missing("Lost deals", report.lost));
    lines
}
