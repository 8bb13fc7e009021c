//! The board's figures explained: formula, n, what is left out.

use crate::tui::screens::board::head;

use super::App;

/// The board's figures with formula, n and what is left out.
pub(super) fn explanation(app: &App) -> Vec<String> {
    let Some(board) = &app.board.board else {
        return Vec::new();
    };
    let unknown = app.theme.glyphs().unknown;
    let mut lines = vec![
        format!("Amounts are in {}; those in other currencies count at today's rate, closed ones at the rate of their close.", board.base),
        "Sum: the amounts of the open deals of a column. A deal without an amount is left out, never taken for zero.".to_owned(),
        "Weighted: amount × probability, the deal's own or else its stage's. Without either a deal is left out.".to_owned(),
        "Quiet: whole days since the last call, mail, note, edit or move by a person; an import does not count.".to_owned(),
        "Rotting ~: quiet for longer than the stage's limit; ! from half as long again. A planned step stands before it.".to_owned(),
        format!("Win rate: won / (won + lost), closed in {}; losses that are none (duplicate, test) are left out; 95 % interval by Wilson; shown from n=10.", app.period_name),
        String::new(),
    ];
    for column in &board.columns {
        let out = head::left_out(column.weighted);
        let out = if out.is_empty() {
            "nothing left out".to_owned()
        } else {
            format!("left out: {}", out.join(", "))
        };
        lines.push(format!(
            "{}: sum {} n={}, weighted {} n={}, {out}",
            column.stage.name,
            head::short(column.sum, board.base, unknown),
            column.sum.n,
            head::short(column.weighted, board.base, unknown),
            column.weighted.n,
        ));
    }
    let foot = head::foot(&board.foot, board.base, &app.period_name, unknown);
    lines.push(format!("{} ({})", foot.line(), board.foot.period));
    lines
}
