//! How things stand: what is asked of the app without changing it.

use std::collections::BTreeSet;

use crate::domain::id::Id;
use crate::domain::money::Currency;
use crate::domain::records::Rep;
use crate::domain::time::{Instant, Zone};
use crate::store::handle::Health;
use crate::store::query::{Asked, BookInfo};
use crate::tui::layers::Layer;
use crate::tui::look::Look;

use super::{App, Book, Unsaved, views};

impl App {
    /// How many writes wait for the book, those that are kept elsewhere not among them.
    pub(in crate::tui) fn waits_for_book(&self) -> usize {
        self.on_their_way
            .values()
            .filter(|write| !write.kept)
            .count()
    }

    /// Whether a sequence of keys has begun and its continuations are not shown yet: then a pause says so.
    #[must_use]
    pub fn waits_for_keys(&self) -> bool {
        !self.typed.is_empty() && !self.show_continuations
    }

    /// Whether nothing lies over the screen.
    #[must_use]
    pub const fn is_bare(&self) -> bool {
        self.layers.is_empty()
    }

    /// Whether something in a form waits for a pause, because somebody may still be typing: what is wrong and was not said yet, or
    /// what was typed and is not kept yet.
    #[must_use]
    pub fn waits_for_text(&self) -> bool {
        self.drafts.waits()
            || self.offers.wait() && self.layers.is_empty()
            || matches!(self.layers.last(), Some(Layer::Form(form, _)) if form.is_unsettled())
            || matches!(self.layers.last(), Some(Layer::Filter(bar)) if bar.unsaid.is_some())
    }

    /// Whether the screen waits for the book and does not say so yet: then a pause makes it say so.
    #[must_use]
    pub fn waits_for_answers(&self) -> bool {
        let screen = self.screen();
        let asked = || self.unanswered.iter().any(|view| screen.owns(*view));
        !self.slow && (screen.is_read().is_err() || asked()) || self.waits_to_save()
    }

    /// Whether a new record is to be saved when the book has said who else has what stands in it, and that is not said yet.
    pub(super) fn waits_to_save(&self) -> bool {
        let is_form =
            matches!(self.layers.last(), Some(Layer::Form(form, _)) if form.is_to_be_saved());
        is_form && self.unanswered.contains(&views::SAVING)
    }

    /// Whether an export is under way.
    pub(in crate::tui) const fn is_exporting(&self) -> bool {
        self.exporting.is_some()
    }

    /// The actions that were allowed and run since the start, by their places in the table.
    #[must_use]
    pub const fn ran(&self) -> &BTreeSet<usize> {
        &self.ran
    }

    /// How many layers lie over the screen.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.layers.len()
    }

    /// The as-of moment.
    #[must_use]
    pub fn now(&self) -> Instant {
        self.fixed_now.unwrap_or(self.real)
    }

    /// What is on its way to the book, in words.
    #[must_use]
    pub fn unsaved(&self) -> Unsaved {
        let mut unsaved = Unsaved {
            unreachable: matches!(self.health, Health::Unreachable { .. }),
            ..Unsaved::default()
        };
        for write in self.on_their_way.values() {
            let list = if write.kept {
                &mut unsaved.kept
            } else {
                &mut unsaved.lost
            };
            list.push(write.said.clone());
        }
        unsaved
    }

    /// The rep who acts.
    #[must_use]
    pub fn me(&self) -> Option<Id<Rep>> {
        self.me.as_ref().map(|me| me.id)
    }

    pub(in crate::tui) fn look(&self) -> Look<'_> {
        Look {
            theme: &self.theme,
            now: self.now(),
            zone: self.zone(),
            base: self.base(),
        }
    }

    pub(in crate::tui) fn info(&self) -> Option<&BookInfo> {
        match &self.book {
            Book::Open(info) => Some(info),
            _ => None,
        }
    }

    pub(super) fn zone(&self) -> Zone {
        self.info().map_or(Zone::UTC, |info| info.zone)
    }

    pub(super) fn base(&self) -> Option<Currency> {
        self.info().map(|info| info.base)
    }

    pub(super) fn asked(&self) -> Asked {
        Asked {
            now: self.now(),
            me: self.me(),
        }
    }
}
