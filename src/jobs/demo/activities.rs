//! Calls, mails, meetings, notes and tasks of the sample book.

use super::chance::Chance;
use super::lists::Lists;
use crate::domain::time::{Date, Instant};

/// An activity, done at its event's moment, or planned.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Act {
    pub kind: &'static str,
    pub direction: Option<&'static str>,
    pub subject: String,
    pub body: Option<String>,
    pub outcome: Option<String>,
    pub minutes: Option<i64>,
    pub due: Option<Due>,
}

/// When something is planned.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Due {
    /// On a day.
    Day(Date),
    /// At a moment.
    At(Instant),
}

/// Something that was done about a deal of that title, with that contact.
pub(super) fn done(lists: &Lists, title: &str, contact: &str, chance: &mut Chance) -> Act {
    let texts = &lists.activities;
    let kinds: [(&str, &[String]); 4] = [
        ("call", &texts.call),
        ("mail", &texts.mail),
        ("meeting", &texts.meeting),
        ("note", &texts.note),
    ];
    let (kind, subjects) = kinds[chance.weighted(&[38, 34, 16, 12])];
    let both_ways = matches!(kind, "call" | "mail");
    let spoken = matches!(kind, "call" | "meeting");
    let inbound = chance.percent(25);
    Act {
        kind,
        direction: both_ways.then_some(if inbound { "in" } else { "out" }),
        subject: filled(chance.pick::<String>(subjects), title, contact),
        body: (kind != "note" && chance.percent(30)).then(|| chance.pick(&texts.body).clone()),
        outcome: (kind == "call").then(|| chance.pick(&texts.outcome).clone()),
        minutes: spoken.then(|| 5 * chance.between(1, if kind == "call" { 6 } else { 18 })),
        due: None,
    }
}

/// The next step of a deal.
pub(super) fn planned(
    lists: &Lists,
    title: &str,
    contact: &str,
    due: Due,
    chance: &mut Chance,
) -> Act {
    let texts = &lists.activities;
    let kinds: [(&str, &[String]); 3] = [
        ("task", &texts.task),
        ("call", &texts.planned_call),
        ("meeting", &texts.planned_meeting),
    ];
    let (kind, subjects) = kinds[chance.weighted(&[60, 25, 15])];
    Act {
        kind,
        direction: None,
        subject: filled(chance.pick::<String>(subjects), title, contact),
        body: None,
        outcome: None,
        minutes: None,
        due: Some(due),
    }
}

fn filled(text: &str, title: &str, contact: &str) -> String {
    text.replace("{product}", title)
        .replace("{contact}", contact)
}
