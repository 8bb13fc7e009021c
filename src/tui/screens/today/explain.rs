//! How what Today shows comes about.

use crate::tui::look::Look;

use super::state::TodayScreen;

/// Each panel's rule, one a line.
#[must_use]
pub fn explanation(screen: &TodayScreen, look: &Look<'_>) -> Vec<String> {
    let whose = match screen.today.as_ref().map(|today| today.of) {
        Some(Some(_)) => {
            "Mine: an activity is its performer's, else the owner's of its deal, else the owner's of its contact; a deal is its owner's."
        }
        _ => "Nobody has said who they are, so this is everybody's; --as NAME makes it yours.",
    };
    let mut lines = vec![
        whose.to_owned(),
        format!("Days are those of {}. A time is overdue when it has passed, a date when its day has. This week ends on Sunday.", look.zone),
        "Rotting: an open deal whose last touch (a call, mail, note, edit or move by a person; else its creation) is more days ago than its stage allows; an import does not count. ! from half as long again; one with something planned comes last.".to_owned(),
        "Waiting for an answer: contacts in lead state new, mine or nobody's, whom nobody has called, written to or met. They wait since they came into being; where nobody knows when that was, no time is shown.".to_owned(),
        "Since you left: what others did after your last change as it was when the app first asked; where there was none, what was changed last; where that was less than an hour before, it is not called leaving.".to_owned(),
        "Next 7 days: what is planned for each day; beside it what was done in the last 7 days, today among them, by kind. Whose it is is told like what is planned.".to_owned(),
    ];
    if let Some(quota) = screen.today.as_ref().and_then(|today| today.quota) {
        lines.push(format!(
            "Quota: what was won from {} on, by the owner at the close and at the rates of the close, of {} (ramp included); {} won without a known amount left out. Pace: that against the share of the days from Monday to Friday that have begun.",
            look.date(quota.period.from),
            quota.target.grouped(),
            quota.left_out,
        ));
    }
    lines
}
