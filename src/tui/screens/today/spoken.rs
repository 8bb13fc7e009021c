//! Today, line by line.

use ratatui::layout::Rect;

use crate::domain::today::{Bucket, Other, Quota, Rotting, Step, Today, Waiting};
use crate::tui::look::Look;
use crate::tui::screens::lines::{Key, Lines, Told};
use crate::tui::words;

use super::layout::Layout;
use super::state::{Item, Panel, TodayScreen};

impl TodayScreen {
    /// The panel of a line, and its place there.
    fn spot(&self, place: usize) -> Option<(Panel, usize)> {
        let mut before = 0;
        for panel in Panel::ALL {
            let here = self.items(panel).len();
            if place < before + here {
                return Some((panel, place - before));
            }
            before += here;
        }
        None
    }

    fn told_step(&self, step: &Step, today: &Today, look: &Look<'_>) -> Told {
        let count = self.bucket_count(step.bucket);
        let group = match step.bucket {
            Bucket::Undated => "Next steps without a date".to_owned(),
            bucket => format!("Next steps, {}", bucket.name().to_lowercase()),
        };
        let deal = step.deal.as_ref();
        let who = step.contact.as_ref();
        let who = who.map(|person| words::named(&person.link.name, person.gone));
        let subject = step.subject.clone().map_or_else(
            || step.kind.clone(),
            |text| format!("{}: {text}", step.kind),
        );
        let by = step
            .performer
            .as_ref()
            .filter(|_| today.of.is_none())
            .map(|rep| format!("by {}", rep.name));
        Told {
            group: format!("{group}, {}", crate::domain::money::grouped(count)),
            text: words::sentence([
                Some(subject),
                who.map(|who| format!("with {who}")),
                step.company
                    .as_ref()
                    .map(|company| words::named(&company.name, step.company_gone)),
                deal.map(|deal| format!("deal {}", words::named(&deal.link.name, deal.gone))),
                deal.and_then(|deal| deal.amount)
                    .map(|amount| words::money(Some(amount))),
                words::due(step.due.at, step.due.date, look),
                by,
            ]),
        }
    }
}

fn told_rotting(deal: &Rotting) -> String {
    words::sentence([
        Some(deal.deal.link.name.clone()),
        deal.company
            .as_ref()
            .map(|company| words::named(&company.name, deal.company_gone)),
        Some(format!("stage {}", deal.deal.stage.name)),
        Some(words::money(deal.deal.amount)),
        Some(format!(
            "quiet for {}, {} allowed",
            words::count(deal.quiet.unsigned_abs(), "day", "days"),
            deal.limit
        )),
        deal.planned.then(|| "something is planned".to_owned()),
        deal.is_urgent().then(|| "urgent".to_owned()),
    ])
}

fn told_waiting(lead: &Waiting, look: &Look<'_>) -> String {
    let waits = lead.since.map_or_else(
        || "nobody knows since when".to_owned(),
        |since| {
            format!(
                "waits for {}",
                words::length(look.now.millis() - since.millis())
            )
        },
    );
    words::sentence([
        Some(lead.contact.link.name.clone()),
        lead.company
            .as_ref()
            .map(|company| words::named(&company.name, lead.company_gone)),
        lead.source.as_ref().map(|source| format!("from {source}")),
        Some(waits),
    ])
}

fn told_other(other: &Other, look: &Look<'_>) -> String {
    let by = other.by.as_deref().unwrap_or("Somebody");
    words::stopped(&format!(
        "{by}: {}, {}",
        other.label,
        words::moment(other.at, look)
    ))
}

/// `Won CHF 182,000 of a quota of CHF 300,000: 60 percent. Pace 103 percent.`
fn told_quota(quota: &Quota, look: &Look<'_>) -> String {
    let percent = quota
        .percent()
        .map_or_else(String::new, |percent| format!(": {percent} percent"));
    let pace = quota
        .pace(look.today())
        .map_or_else(String::new, |pace| format!(" Pace {pace} percent."));
    let left_out = match quota.left_out {
        0 => String::new(),
        out => format!(
            " {} not in it, for want of an amount or a rate.",
            words::count(out, "won deal is", "won deals are")
        ),
    };
    format!(
        "Won {} of a quota of {}{percent}.{pace}{left_out}",
        words::money(Some(quota.won)),
        words::money(Some(quota.target)),
    )
}

impl Lines for TodayScreen {
    fn head(&self, look: &Look<'_>) -> Vec<String> {
        let now = look.now.local(look.zone);
        let mut lines = vec![format!("Today, {}.", now.format("%A %-d %B %Y, %H:%M"))];
        if let Some(fault) = &self.fault {
            lines.push(words::stopped(fault));
        }
        let Some(today) = &self.today else {
            return lines;
        };
        if let Some(quota) = &today.quota {
            lines.push(told_quota(quota, look));
        } else if today.of.is_none() {
            lines.push("This is everybody's: nobody has said who they are.".to_owned());
        }
        let counts = Panel::ALL.map(|panel| self.count(panel));
        lines.push(words::sentence([
            Some(words::count(counts[0], "next step", "next steps")),
            Some(words::count(
                counts[1],
                "deal gone quiet",
                "deals gone quiet",
            )),
            Some(words::count(
                counts[2],
                "lead waits for an answer",
                "leads wait for an answer",
            )),
            Some(words::count(
                counts[3],
                "change by others",
                "changes by others",
            )),
        ]));
        lines
    }

    fn count(&self) -> usize {
        Panel::ALL.map(|panel| self.items(panel).len()).iter().sum()
    }

    fn line(&self, place: usize, look: &Look<'_>) -> Option<Told> {
        let today = self.today.as_ref()?;
        let (panel, at) = self.spot(place)?;
        let items = self.items(panel);
        let counted = |name: &str| {
            let count = crate::domain::money::grouped(self.count(panel));
            format!("{name}, {count}")
        };
        Some(match items.get(at)? {
            Item::Step(step) => self.told_step(step, today, look),
            Item::Rotting(deal) => Told {
                group: counted("Deals gone quiet"),
                text: told_rotting(deal),
            },
            Item::Waiting(lead) => Told {
                group: counted("Leads that wait for an answer"),
                text: told_waiting(lead, look),
            },
            Item::Other(other) => Told {
                group: counted("Changed by others"),
                text: told_other(other, look),
            },
        })
    }

    fn key(&self, place: usize) -> Option<Key> {
        let (panel, at) = self.spot(place)?;
        let key = self.items(panel).get(at)?.key();
        Some(Key(panel as u8, key))
    }

    fn point(&mut self, place: usize, area: Rect) {
        if let Some((panel, at)) = self.spot(place) {
            self.focus = panel;
            self.cursors[panel as usize] = at;
            self.keep_in_sight(&Layout::new(area));
        }
    }
}
