//! What is done to leads alone: conversion and dropping.

use crate::domain::command::{Command, Input, Origin, Reason};
use crate::domain::history::{Party, Profile};
use crate::domain::id::{Id, RecordId};
use crate::domain::lead::{self, DROP_REASONS, NotConverted, Wish};
use crate::domain::nouns::Entity;
use crate::domain::value::Value;
use crate::store::query::Query;
use crate::tui::forms::lose::{LoseForm, Lost};
use crate::tui::layers::{FormOf, Layer};
use crate::tui::notices::Tone;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::target::Target;

use super::{Act, App, views};

impl App {
    /// Makes a lead a deal: opens the form of it, where one has to be made.
    pub fn convert(&mut self) {
        if let [target] = self.subjects().as_slice() {
            let about = self.about(target);
            self.open_form(FormOf::Convert(target.id), about);
        }
    }

    /// Reads again what a conversion begins with.
    pub(super) fn read_lead(&mut self, lead: RecordId) {
        let of = Party::Contact(Id::new(lead));
        let now = self.now();
        self.read(views::FORM, Query::Profile { of, now });
    }

    /// What a conversion begins with was read: for the form that is being opened, or for one that came back.
    pub(super) fn lead_answer(&mut self, profile: Profile) {
        let of = FormOf::Convert(profile.record.id);
        match self.layers.last_mut() {
            Some(Layer::Opening(opening)) if opening.of == of => {
                opening.record = Some(Box::new(profile.record.clone()));
                if self.begin_conversion(profile) {
                    self.try_to_open();
                } else {
                    self.layers.retain(
                        |layer| !matches!(layer, Layer::Opening(opening) if opening.of == of),
                    );
                }
            }
            Some(Layer::Form(_, open)) if *open == of => self.converting = Some(profile),
            _ => {}
        }
    }

    /// What a conversion begins with was read. False where there is nothing to ask: the lead cannot be converted, which is said, or
    /// it has its deal already, and is converted into that.
    pub(super) fn begin_conversion(&mut self, profile: Profile) -> bool {
        let (lead, deals) = (&profile.record, &profile.deals);
        if let Err(why) = lead::convertible(lead, deals) {
            self.say(Tone::Plain, said(&why));
            return false;
        }
        let has_deal = lead::open_deal(lead, deals, None).is_some();
        self.converting = Some(profile);
        if has_deal {
            self.convert_as(Vec::new(), None);
        }
        !has_deal
    }

    /// Asks the book for the conversion. `commands` are those of the form.
    pub(super) fn convert_as(&mut self, commands: Vec<Command>, form: Option<Layer>) {
        let (Some(profile), Some(currency)) = (&self.converting, self.info().map(|info| info.base))
        else {
            return;
        };
        let mut wish = Wish {
            first: Vec::new(),
            fields: Vec::new(),
            sets: Vec::new(),
            company: None,
            stage: Input::Value(Value::Null),
            currency,
            me: self.me().map(Id::record),
            at: self.now(),
        };
        for command in commands {
            match command {
                Command::Create(create) if create.entity == Entity::Deal => {
                    wish.fields = create.fields;
                    wish.sets = create.sets;
                }
                other => wish.first.push(other),
            }
        }
        let lead = &profile.record;
        match lead::convert(lead, &profile.deals, wish) {
            Err(why) => {
                let text = said(&why);
                self.layers.extend(form);
                self.say(Tone::Plain, text);
            }
            Ok(conversion) => {
                let label = format!("Convert {} into deal {}", lead.name(), conversion.deal);
                let id = lead.id;
                self.act(Act {
                    commands: conversion.commands,
                    origin: Origin::Human,
                    label: Some(label.clone()),
                    said: label,
                    foresight: vec![(id, Foresight::Stay)],
                    form,
                    then: None,
                });
            }
        }
    }

    /// Gives leads up, and asks why.
    pub fn drop_leads(&mut self) {
        let targets = self.subjects();
        self.ask_why_dropped(targets);
    }

    pub(super) fn ask_why_dropped(&mut self, targets: Vec<Target>) {
        let form = LoseForm::dropping(&Self::subject(&targets), &DROP_REASONS);
        self.layers.push(Layer::Lose(Box::new(form), targets));
    }

    /// Gives leads up for a reason. The form that it was said in comes back when the book says no.
    pub(super) fn drop_all(&mut self, form: Box<LoseForm>, targets: &[Target], lost: &Lost) {
        let Some(Reason::Named(reason)) = &lost.reason else {
            return;
        };
        self.act_on(
            targets,
            "Drop",
            |target| {
                let state = Value::from(target.lead_state.as_deref());
                let before = Value::from(target.drop_reason.as_deref());
                vec![lead::drop_for(target.id, &state, &before, reason)]
            },
            |_| Foresight::Stay,
            Some(Layer::Lose(form, targets.to_vec())),
        );
    }
}

/// Why a lead is not converted, with the key that helps.
fn said(why: &NotConverted) -> String {
    match why {
        NotConverted::NoLead(_) => format!("{why}; s makes it one"),
        NotConverted::Dropped { .. } => format!("{why}: s"),
        NotConverted::Already { .. } => why.to_string(),
    }
}
