//! Changes of earlier runs that are not in the book, and changes that the drive has lost.

use crate::domain::id::StepId;
use crate::domain::time::Instant;
use crate::store::Verified;
use crate::store::handle::{Offer, Ticket};
use crate::tui::forms::offers::{Decision, OffersForm, Row, changes, of_an_earlier_run};
use crate::tui::layers::Layer;
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::widgets::Answer;

use super::{App, OnItsWay};

/// Who has pressed a key within so many milliseconds may press the next one: nothing comes under their fingers then.
const QUIET_MS: i64 = 900;

/// Changes of earlier runs that wait for a moment to be shown.
#[derive(Debug, Default)]
pub(super) struct Offers {
    waiting: Vec<Offer>,
    typed_at: Option<Instant>,
}

impl Offers {
    /// Whether a pause is waited for, to show them.
    pub(super) fn wait(&self) -> bool {
        !self.waiting.is_empty()
    }
}

impl App {
    /// The book says what earlier runs have kept and it has not.
    pub(super) fn offered(&mut self, offers: Vec<Offer>) {
        let count = of_an_earlier_run(offers.len());
        self.say(Tone::Plain, format!("{count} not in the book"));
        self.offers.waiting.extend(offers);
    }

    /// After each message: shows what is offered, where nothing else is on top and nobody is typing.
    pub(super) fn mind_offers(&mut self, typed: bool) {
        if typed {
            self.offers.typed_at = Some(self.real);
        }
        let quiet = self
            .offers
            .typed_at
            .is_none_or(|at| self.real.millis() - at.millis() >= QUIET_MS);
        let free =
            self.layers.is_empty() && self.typed.is_empty() && self.screen().is_read().is_ok();
        if !(quiet && free && self.offers.wait()) {
            return;
        }
        let offers = std::mem::take(&mut self.offers.waiting);
        let look = self.look();
        let rows = offers
            .iter()
            .map(|offer| Row {
                at: look.moment(offer.step.kept_at),
                words: offer.words.clone(),
                obstacle: offer.step.obstacle(),
            })
            .collect();
        let dialog = Box::new(OffersForm::new(rows));
        self.layers.push(Layer::Offers(dialog, offers));
    }

    pub(super) fn offers_answered(
        &mut self,
        dialog: Box<OffersForm>,
        offers: Vec<Offer>,
        answer: &Answer<Decision>,
    ) {
        match answer {
            Answer::Stay => self.layers.push(Layer::Offers(dialog, offers)),
            Answer::Cancel => {
                let text = "Left in the outbox; the next start offers them again";
                self.say(Tone::Plain, text);
            }
            Answer::Submit(Decision::ThrowAway) => {
                self.say(
                    Tone::Plain,
                    format!("{} thrown away", changes(offers.len())),
                );
                self.forget_steps(offers.iter().map(|offer| offer.step.draft.id).collect());
            }
            Answer::Submit(Decision::Write) => {
                let (barred, free): (Vec<Offer>, Vec<Offer>) = offers
                    .into_iter()
                    .partition(|offer| offer.step.obstacle().is_some());
                for offer in free {
                    self.write_offer(offer);
                }
                if !barred.is_empty() {
                    let text = format!(
                        "{} cannot be written as they are and stay in the outbox",
                        changes(barred.len())
                    );
                    self.say(Tone::Plain, text);
                }
            }
        }
    }

    /// Writes a change of an earlier run as it was asked for: by its own id, so that it is never written twice.
    fn write_offer(&mut self, offer: Offer) {
        let draft = offer.step.draft;
        self.tickets += 1;
        let ticket = Ticket(self.tickets);
        self.on_their_way.insert(
            ticket,
            OnItsWay {
                commands: draft.commands.clone(),
                origin: draft.origin,
                label: draft.label.clone(),
                said: offer.words,
                form: None,
                then: None,
                offered: Some(draft.id),
                kept: true,
            },
        );
        self.out.push(Effect::Send {
            ticket,
            draft: Box::new(draft),
        });
    }

    /// Steps that were offered are not wanted any more, or others were written in their place.
    pub(super) fn forget_steps(&mut self, steps: Vec<StepId>) {
        if !steps.is_empty() {
            self.out.push(Effect::Forget(steps));
        }
    }

    /// The drive had lost what the book had taken.
    pub(super) fn lost_and_found(&mut self, found: &Verified) {
        for receipt in &found.again {
            let text = format!("Lost by the book, and written again: {}", receipt.label);
            self.say(Tone::Bad, text);
        }
        for (_, clashes) in &found.clashes {
            let names: Vec<&str> = clashes.iter().map(|clash| clash.name.as_str()).collect();
            self.say(
                Tone::Bad,
                format!(
                    "Lost by the book, and changed by somebody since: {}; the next start offers it",
                    names.join(", ")
                ),
            );
        }
        for (draft, why) in &found.refused {
            let what = draft.label.as_deref().unwrap_or("a change");
            self.say(
                Tone::Bad,
                format!("Lost by the book, and not written again: {what}. {why}"),
            );
        }
        for import in &found.imports {
            self.say(Tone::Bad, format!("Lost by the book: {import}"));
        }
        for aside in &found.damaged {
            let text = format!(
                "Lines of the outbox could not be read; they are kept in {}",
                aside.display()
            );
            self.say(Tone::Bad, text);
        }
        if found.lost() == 0 {
            return;
        }
        let them = if found.again.is_empty() {
            "! lists them"
        } else {
            "they are written again, and ! lists them"
        };
        self.say(
            Tone::Bad,
            format!(
                "The book had lost {} of yours: {them}. Nothing more is written in this run.",
                changes(found.lost())
            ),
        );
        self.read_screen();
        self.read_detail();
    }
}
