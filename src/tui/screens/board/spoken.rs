//! The pipeline, line by line: the deals of one stage, and how the others stand.

use ratatui::layout::Rect;

use crate::domain::board::{Card, CardOrder, Column};
use crate::domain::money::grouped;
use crate::tui::look::Look;
use crate::tui::screens::lines::{Key, Lines, Told};
use crate::tui::words;

use super::layout::Layout;
use super::state::BoardScreen;

/// What a deal's line says: the same wherever deals are told.
fn told(card: &Card, column: &Column, look: &Look<'_>) -> String {
    let close = card.expected_close.map(|close| {
        let passed = close < look.today();
        let day = words::day(close, look);
        if passed {
            format!("close date {day} has passed")
        } else {
            format!("closes {day}")
        }
    });
    let step = card.next_step.as_ref().map(|step| {
        let what = step.subject.as_deref().unwrap_or(&step.kind);
        match words::due(step.due_at, step.due_date, look) {
            Some(due) => format!("next step {what}, {due}"),
            None => format!("next step {what}, no date"),
        }
    });
    let quiet = card.quiet_days(look.now).filter(|days| *days > 0);
    let quiet = quiet.map(|days| {
        let days = words::count(days.unsigned_abs(), "day", "days");
        let rots = card.rots(column.rot_days, look.now);
        let rots = if rots { ", longer than allowed" } else { "" };
        format!("quiet for {days}{rots}")
    });
    words::sentence([
        Some(card.title.clone()),
        card.company
            .as_ref()
            .map(|company| words::named(&company.name, card.company_gone)),
        Some(words::money(card.amount)),
        card.category
            .as_ref()
            .map(|category| format!("forecast {}", category.replace('_', " "))),
        close,
        card.owner
            .as_ref()
            .map(|owner| format!("owner {}", owner.name)),
        Some(step.unwrap_or_else(|| "no next step".to_owned())),
        quiet,
    ])
}

/// `Discovery, 6 deals, CHF 88,000`.
fn told_stage(column: &Column, look: &Look<'_>) -> String {
    let sum = look.base.and_then(|base| column.sum.known(base));
    let out: Vec<String> = [
        (column.sum.without_amount, "without an amount"),
        (column.sum.without_rate, "without a rate"),
    ]
    .into_iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, what)| format!("{} {what}", grouped(count)))
    .collect();
    let out = if out.is_empty() {
        String::new()
    } else {
        format!(", not counting {}", out.join(" and "))
    };
    let sum = sum.map_or_else(String::new, |sum| {
        format!(", {}{out}", words::money(Some(sum)))
    });
    format!(
        "{}, {}{sum}",
        column.stage.name,
        words::count(column.count, "deal", "deals")
    )
}

impl Lines for BoardScreen {
    fn head(&self, look: &Look<'_>) -> Vec<String> {
        let mut lines = Vec::new();
        if let Some(fault) = &self.fault {
            lines.push(words::stopped(fault));
        }
        let Some(board) = &self.board else {
            return lines;
        };
        let Some(pipeline) = &board.pipeline else {
            lines.push("There is no pipeline yet: the first deal makes one. a adds it.".to_owned());
            return lines;
        };
        let several = match board.pipelines.len() {
            0 | 1 => String::new(),
            all => format!(", one of {all}: . is the next"),
        };
        lines.push(words::stopped(&format!(
            "Pipeline {}{several}",
            pipeline.name
        )));
        if let Some(filter) = &self.filter {
            lines.push(format!(
                "Filter {}: {} left out.",
                filter.text,
                words::count(board.filtered_out, "deal is", "deals are")
            ));
        }
        if board.order != CardOrder::Own {
            lines.push(format!("Cards in order: {}.", board.order.name()));
        }
        for (place, column) in board.columns.iter().enumerate() {
            let here = if place == self.column {
                "Stage, told below: "
            } else {
                "Stage: "
            };
            lines.push(format!("{here}{}.", told_stage(column, look)));
        }
        let foot = |(count, sum): (u64, crate::domain::board::Sum), what: &str| {
            let sum = sum.known(board.base).map(|sum| words::money(Some(sum)));
            let sum = sum.map_or_else(String::new, |sum| format!(", {sum}"));
            format!("{what} {}{sum}", grouped(count))
        };
        lines.push(words::sentence([
            Some(foot(board.foot.won, "Closed in the period: won")),
            Some(foot(board.foot.lost, "lost")),
        ]));
        lines
    }

    fn count(&self) -> usize {
        let count = self.focused().map_or(0, |column| column.count);
        usize::try_from(count).unwrap_or(usize::MAX)
    }

    fn line(&self, place: usize, look: &Look<'_>) -> Option<Told> {
        let column = self.focused()?;
        let card = column.cards.get(place)?;
        Some(Told {
            group: format!("Deals in {}", column.stage.name),
            text: told(card, column, look),
        })
    }

    fn key(&self, place: usize) -> Option<Key> {
        let card = self.focused()?.cards.get(place)?;
        Some(Key(0, card.id.record().raw()))
    }

    fn place(&self, key: Key) -> Option<usize> {
        let cards = &self.focused()?.cards;
        cards
            .iter()
            .position(|card| card.id.record().raw() == key.1)
    }

    fn point(&mut self, place: usize, area: Rect) {
        let layout = Layout::new(area, self.columns().len());
        Self::point(self, self.column, place, layout);
    }
}
