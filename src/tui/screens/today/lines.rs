//! The lines of Today's panels.

use crate::domain::records::Link;
use crate::domain::today::{Bucket, Other, Rotting, Step, Waiting};
use crate::tui::look::Look;
use crate::tui::theme::Role;

use super::columns::{Cell, Gives, at_right, cell};

/// From so many columns on a line has room for whole names.
const ROOMY: usize = 50;

/// What a record is called, behind the sign of one in the trash where it is there.
pub fn called<T>(link: &Link<T>, gone: bool, look: &Look<'_>) -> String {
    if gone {
        format!("{} {}", look.theme.glyphs().trashed, link.name)
    } else {
        link.name.clone()
    }
}

/// The same of one that there may be.
pub fn named<T>(link: Option<&Link<T>>, gone: bool, look: &Look<'_>) -> Option<String> {
    link.map(|link| called(link, gone, look))
}

/// The word for a kind of activity, of four letters where one is known.
pub fn kind(kind: &str) -> String {
    match kind {
        "meeting" => "Meet".to_owned(),
        other => {
            let mut letters = other.chars();
            let first = letters.next().into_iter().flat_map(char::to_uppercase);
            first.chain(letters).collect()
        }
    }
}

/// Where in its bucket a step stands: the hour, or the day where that is not the bucket's.
fn when(step: &Step, look: &Look<'_>) -> String {
    let day = step.due.day(look.zone);
    let of_day = || {
        let at = step.due.at.map(|at| at.local(look.zone));
        at.map_or_else(String::new, |at| at.format("%H:%M").to_string())
    };
    match step.bucket {
        Bucket::Today | Bucket::Tomorrow => of_day(),
        Bucket::Overdue if day == Some(look.today()) => of_day(),
        Bucket::Overdue | Bucket::Week => {
            day.map_or_else(String::new, |day| day.format("%a %d").to_string())
        }
        Bucket::Later => day.map_or_else(String::new, |day| day.format("%d %b").to_string()),
        Bucket::Undated => String::new(),
    }
}

/// A planned activity: when, what, who, about, the deal or company, the amount, of everybody's who does it, due.
pub fn step(step: &Step, everybody: bool, look: &Look<'_>) -> Vec<Cell> {
    let unknown = || look.theme.glyphs().unknown.to_owned();
    let (due, late) = look
        .due(step.due.at, step.due.date)
        .unwrap_or_else(|| (unknown(), false));
    let deal = step.deal.as_ref();
    let contact = step.contact.as_ref();
    let contact = contact.map(|person| called(&person.link, person.gone, look));
    let company = named(step.company.as_ref(), step.company_gone, look);
    let of_deal = deal.map(|deal| called(&deal.link, deal.gone, look));
    let place = match &step.subject {
        // What it is about is said by the deal already.
        None => company.clone(),
        Some(_) => of_deal.clone().or_else(|| company.clone()),
    };
    let about = step.subject.clone().or(of_deal);
    let amount = deal.and_then(|deal| deal.amount);
    let by = match &step.performer {
        Some(rep) if everybody => rep.name.clone(),
        None if everybody => unknown(),
        _ => String::new(),
    };
    let role = if late { Role::Late } else { Role::Text };
    // Of what comes after today the day stands in front, or above.
    let due = match step.bucket {
        Bucket::Overdue | Bucket::Today => due,
        Bucket::Tomorrow | Bucket::Week | Bucket::Later | Bucket::Undated => String::new(),
    };
    vec![
        cell(when(step, look), Role::Dim, Gives::Never),
        cell(kind(&step.kind), Role::Text, Gives::Never),
        cell(
            contact.or(company).unwrap_or_else(unknown),
            Role::Title,
            Gives::Last,
        ),
        cell(about.unwrap_or_else(unknown), Role::Text, Gives::Cut),
        cell(place.unwrap_or_default(), Role::Text, Gives::Way(1)),
        at_right(
            amount.map_or_else(String::new, |amount| look.money(amount)),
            Role::Money,
            Gives::Way(0),
        ),
        cell(by, Role::Dim, Gives::Way(2)),
        at_right(due, role, Gives::Never),
    ]
}

/// How pressing it is that a deal is quiet.
pub fn rot(deal: &Rotting, look: &Look<'_>) -> (&'static str, Role) {
    let glyphs = look.theme.glyphs();
    match (deal.planned, deal.is_urgent()) {
        (true, _) => (glyphs.fresh, Role::Dim),
        (false, true) => (glyphs.late, Role::Late),
        (false, false) => (glyphs.soon, Role::Soon),
    }
}

/// A deal gone quiet: its sign, whose, what, stage, amount, how long against the limit.
pub fn rotting(deal: &Rotting, look: &Look<'_>) -> Vec<Cell> {
    let unknown = || look.theme.glyphs().unknown.to_owned();
    let (sign, role) = rot(deal, look);
    let amount = deal
        .deal
        .amount
        .map_or_else(unknown, |amount| look.money(amount));
    vec![
        cell(sign.to_owned(), role, Gives::Never),
        cell(deal.deal.link.name.clone(), Role::Title, Gives::Cut),
        cell(
            named(deal.company.as_ref(), deal.company_gone, look).unwrap_or_default(),
            Role::Text,
            Gives::Way(0),
        ),
        // What is cut of a title is nowhere else; the stage is where the deal is opened.
        cell(deal.deal.stage.name.clone(), Role::Text, Gives::Way(3)),
        at_right(amount, Role::Money, Gives::Way(1)),
        at_right(format!("{}d", deal.quiet), role, Gives::Never),
        at_right(format!("/{}", deal.limit), role, Gives::Way(2)),
    ]
}

/// A lead without an answer: since when, who, from where.
pub fn waiting(lead: &Waiting, look: &Look<'_>) -> Vec<Cell> {
    let unknown = || (look.theme.glyphs().unknown.to_owned(), Role::Dim);
    let (waits, role) = lead.since.map_or_else(unknown, |since| look.wait(since));
    let company = named(lead.company.as_ref(), lead.company_gone, look);
    let from = company.or_else(|| lead.source.clone());
    vec![
        at_right(waits, role, Gives::Never),
        cell(lead.contact.link.name.clone(), Role::Title, Gives::Cut),
        cell(from.unwrap_or_default(), Role::Dim, Gives::Rest),
    ]
}

/// When somebody else did something: the hour of today, the day of others.
pub fn when_done(other: &Other, look: &Look<'_>) -> String {
    let day = other.at.date(look.zone);
    if day == look.today() {
        other.at.local(look.zone).format("%H:%M").to_string()
    } else {
        look.date(day)
    }
}

/// What somebody else did: when, who, what.
pub fn other(other: &Other, wide: usize, look: &Look<'_>) -> Vec<Cell> {
    let by = other.by.as_deref().unwrap_or("somebody");
    // Where what they did has little room, colleagues go by their first name.
    let first = by.split_whitespace().next().filter(|_| wide < ROOMY);
    let by = first.unwrap_or(by).to_owned();
    vec![
        cell(when_done(other, look), Role::Dim, Gives::Never),
        cell(by, Role::ByOthers, Gives::Last),
        cell(other.label.clone(), Role::Text, Gives::Cut),
    ]
}
