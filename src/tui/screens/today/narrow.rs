//! The lines of Today where each takes two: who on the first, what and when on the second.

use crate::domain::today::{Other, Rotting, Step, Waiting};
use crate::tui::look::Look;
use crate::tui::theme::Role;

use super::columns::Piece;
use super::lines::{called, kind, named, when_done};
use super::state::Item;

/// The first line of an item, in two columns.
pub fn first(item: &Item<'_>, look: &Look<'_>) -> [Piece; 2] {
    let unknown = || look.theme.glyphs().unknown.to_owned();
    let pair = |name: Option<String>, at: Option<String>| {
        [
            (name.unwrap_or_else(unknown), Role::Title),
            (at.unwrap_or_default(), Role::Text),
        ]
    };
    match item {
        Item::Step(step) => {
            let contact = step.contact.as_ref();
            let contact = contact.map(|person| called(&person.link, person.gone, look));
            let company = named(step.company.as_ref(), step.company_gone, look);
            match contact {
                None => pair(company, None),
                name => pair(name, company),
            }
        }
        Item::Rotting(deal) => pair(
            Some(deal.deal.link.name.clone()),
            named(deal.company.as_ref(), deal.company_gone, look),
        ),
        Item::Waiting(lead) => pair(
            Some(lead.contact.link.name.clone()),
            named(lead.company.as_ref(), lead.company_gone, look),
        ),
        Item::Other(other) => [
            (other.label.clone(), Role::Text),
            (String::new(), Role::Text),
        ],
    }
}

/// What stands on its second line.
pub fn second(item: &Item<'_>, everybody: bool, look: &Look<'_>) -> Vec<Piece> {
    match item {
        Item::Step(step) => of_step(step, everybody, look),
        Item::Rotting(deal) => of_deal(deal, look),
        Item::Waiting(lead) => of_lead(lead, look),
        Item::Other(other) => of_other(other, look),
    }
}

fn of_step(step: &Step, everybody: bool, look: &Look<'_>) -> Vec<Piece> {
    let unknown = look.theme.glyphs().unknown;
    let due = look.due(step.due.at, step.due.date);
    let (due, late) = due.unwrap_or_else(|| (unknown.to_owned(), false));
    let role = if late { Role::Late } else { Role::Text };
    let by = step.performer.as_ref().map(|rep| rep.name.clone());
    let about = step.subject.clone();
    let deal = step.deal.as_ref();
    let deal = deal.map(|deal| called(&deal.link, deal.gone, look));
    let mut told = vec![(due, role), (kind(&step.kind), Role::Text)];
    if everybody {
        told.push((by.unwrap_or_else(|| unknown.to_owned()), Role::Dim));
    }
    told.extend(about.or(deal).map(|about| (about, Role::Text)));
    told
}

fn of_deal(deal: &Rotting, look: &Look<'_>) -> Vec<Piece> {
    let glyphs = look.theme.glyphs();
    let (sign, role) = super::lines::rot(deal, look);
    let amount = deal.deal.amount;
    let amount = amount.map_or_else(|| glyphs.unknown.to_owned(), |amount| look.money(amount));
    vec![
        (format!("{sign} {}d /{}", deal.quiet, deal.limit), role),
        (deal.deal.stage.name.clone(), Role::Text),
        (amount, Role::Money),
    ]
}

fn of_lead(lead: &Waiting, look: &Look<'_>) -> Vec<Piece> {
    let unknown = || (look.theme.glyphs().unknown.to_owned(), Role::Dim);
    let (waits, role) = lead.since.map_or_else(unknown, |since| look.wait(since));
    let source = lead.source.clone();
    let mut told = vec![(format!("waits {waits}"), role)];
    told.extend(source.map(|source| (source, Role::Dim)));
    told
}

fn of_other(other: &Other, look: &Look<'_>) -> Vec<Piece> {
    let by = other.by.clone();
    vec![
        (when_done(other, look), Role::Dim),
        (by.unwrap_or_else(|| "somebody".to_owned()), Role::ByOthers),
    ]
}
