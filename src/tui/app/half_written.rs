//! The half-written forms that are kept, in one place: to go on with one, to copy what was typed, to keep it no more. Records may be gone
//! since (in the trash, erased, not in a book that was restored), so the book is asked for them whenever the list is opened.

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::records::Record;
use crate::store::query::Query;
use crate::tui::action::Allowed;
use crate::tui::forms::log::About;
use crate::tui::kept::Left;
use crate::tui::layers::{FormOf, Layer, OnceKnown, Pick};
use crate::tui::notices::Tone;
use crate::tui::target::Target;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::menu::Menu;

use super::drafts::said;
use super::{App, views};

/// The nouns that a call, a note or a next step can be about.
const WITH_TIMELINE: [Entity; 3] = [Entity::Contact, Entity::Company, Entity::Deal];

/// What the book says of the records of the kept forms.
#[derive(Debug, Default)]
pub(super) struct HalfWritten {
    /// They are to be listed as soon as it is read which are kept.
    lists: bool,
    /// The forms whose record is still to be looked for, each with the nouns that it may be of.
    wanted: Vec<(FormOf, RecordId, Vec<Entity>)>,
    /// Those of which the record is gone.
    gone: Vec<FormOf>,
    /// The records of the others.
    there: Vec<(FormOf, Record)>,
}

impl App {
    /// Something half-written may be kept: other windows of the same user keep it in the same place.
    pub fn can_show_drafts(&self) -> Allowed {
        self.has_book()
    }

    /// Lists the half-written forms that are kept now, once the book has said whether their records are there.
    pub fn show_drafts(&mut self) {
        // An answer does not say which question it is about: there is one at a time.
        if !self.half_written.wanted.is_empty() {
            return;
        }
        if self.half_written.lists {
            // Whoever asks again while a disk hangs gets what is known.
            self.look_for_drafts();
            return;
        }
        self.half_written.lists = true;
        self.drafts.look();
    }

    /// Asks the book for the records of what is kept, where they are to be listed.
    pub(super) fn look_for_drafts(&mut self) {
        if !self.half_written.lists || !self.half_written.wanted.is_empty() {
            return;
        }
        let wanted = self.drafts.left().iter().filter_map(|left| {
            let nouns = match (left.of.record(), left.of) {
                (Some((entity, _)), _) => vec![entity],
                (None, FormOf::Convert(_)) => vec![Entity::Contact],
                (None, _) => WITH_TIMELINE.into(),
            };
            Some((left.of, left.of.about()?, nouns))
        });
        self.half_written = HalfWritten {
            wanted: wanted.collect(),
            ..HalfWritten::default()
        };
        self.look_for_the_next();
    }

    fn look_for_the_next(&mut self) {
        while let Some((of, id, nouns)) = self.half_written.wanted.last_mut() {
            if let Some(entity) = nouns.pop() {
                let id = *id;
                self.read(views::KEPT, Query::Show { entity, id });
                return;
            }
            self.half_written.gone.push(*of);
            self.half_written.wanted.pop();
        }
        self.list_drafts();
    }

    /// The book has the record, or not.
    pub(super) fn looked_for(&mut self, record: Option<&Record>) {
        if let Some(record) = record
            && let Some((of, ..)) = self.half_written.wanted.pop()
        {
            if record.trashed_at.is_some() {
                self.half_written.gone.push(of);
            } else {
                self.half_written.there.push((of, record.clone()));
            }
        }
        self.look_for_the_next();
    }

    /// The book does not answer: who cannot be looked for is not called gone, and what was typed can be copied all the same.
    pub(super) fn not_looked_for(&mut self) {
        self.half_written = HalfWritten::default();
        self.list_drafts();
    }

    /// The list, the one that was left last first. Who has begun to type something meanwhile goes on with that.
    fn list_drafts(&mut self) {
        if self.takes_text() {
            return;
        }
        if self.drafts.left().is_empty() {
            self.say(Tone::Plain, "Nothing half-written is kept");
            return;
        }
        let items = self.drafts.left().iter().rev().map(|left| {
            let typed = typed(left).replace('\n', " ");
            let detail = if self.half_written.gone.contains(&left.of) {
                format!("gone or in the trash: {typed}")
            } else if left.saving {
                format!("it was being saved: {typed}")
            } else {
                typed
            };
            Item::new(Pick::Kept(left.of), said(left)).detail(detail)
        });
        let menu = Menu::new("Half-written and kept", items.collect());
        self.lay_over(Layer::Menu(menu, Vec::new()));
    }

    /// Asks what is to be done with one of them.
    pub(super) fn choose_for_kept(&mut self, of: FormOf) {
        let Some(left) = self.drafts.of(of) else {
            return;
        };
        let go_on = Item::new(Pick::GoOn(of), "Go on writing");
        let go_on = if self.half_written.gone.contains(&of) {
            go_on.barred("what it is about is gone or in the trash")
        } else if let Some(where_to) = comes_back(of) {
            go_on.barred(where_to)
        } else {
            go_on
        };
        let items = vec![
            go_on,
            Item::new(Pick::CopyKept(of), "Copy what was typed").detail("it stays kept"),
            Item::new(Pick::DropKept(of), "Drop it").detail("it is kept no more"),
        ];
        let menu = Menu::new(said(left), items);
        self.layers.push(Layer::Menu(menu, Vec::new()));
    }

    /// Opens the form again.
    pub(super) fn go_on_writing(&mut self, of: FormOf) {
        let there = self.half_written.there.iter();
        let record = there.clone().find(|(known, _)| *known == of);
        let about = record.map(|(_, record)| About::of(&Target::of(record), Some(record)));
        let about = self.acted_by_me(about.unwrap_or_default());
        match (of, self.me()) {
            (FormOf::Log(what, _), None) => self.ask_me(OnceKnown::Log(what, about)),
            (FormOf::Log(what, _), Some(_)) => self.open_log(what, &about),
            (FormOf::Plan(_), None) => self.ask_me(OnceKnown::Plan(about)),
            (FormOf::Plan(_), Some(_)) => self.open_plan(&about),
            (FormOf::Quota, _) => self.set_quota(),
            _ => self.open_form(of, about),
        }
    }

    /// Copies what was typed into a form. It stays kept: nobody knows what the terminal made of it.
    pub(super) fn copy_kept(&mut self, of: FormOf) {
        if let Some(text) = self.drafts.of(of).map(typed) {
            self.hand_over(text);
        }
    }

    /// What was typed into a form is kept no more, because its author says so.
    pub(super) fn drop_kept(&mut self, of: FormOf) {
        if let Some(name) = self.drafts.of(of).map(said) {
            self.drafts.forget(of);
            self.say(Tone::Plain, format!("Kept no more: {name}"));
        }
    }
}

/// Of a form that belongs to what somebody does elsewhere: what opens it again.
const fn comes_back(of: FormOf) -> Option<&'static str> {
    match of {
        FormOf::NewView | FormOf::View(_) => Some("V on its list opens it again"),
        FormOf::NewStage(_)
        | FormOf::Stage(_)
        | FormOf::NewPipeline
        | FormOf::Pipeline(_)
        | FormOf::NewReason
        | FormOf::Reason(_) => Some("g P leads to where it opens again"),
        FormOf::Lines(_) | FormOf::NewLine(_) | FormOf::Line(_) => {
            Some("g l on its deal opens it again")
        }
        FormOf::Lacking(_) => Some("moving the deal again opens it"),
        FormOf::Fields(..) | FormOf::FieldOfAll(..) => Some("e on what is marked opens it again"),
        FormOf::NewDeal
        | FormOf::Deal(_)
        | FormOf::NewContact
        | FormOf::NewLead
        | FormOf::Contact(_)
        | FormOf::NewCompany
        | FormOf::Company(_)
        | FormOf::Convert(_)
        | FormOf::Activity(_)
        | FormOf::Log(..)
        | FormOf::Plan(_)
        | FormOf::Done(_)
        | FormOf::Snooze(_)
        | FormOf::NewField(_)
        | FormOf::Field(..)
        | FormOf::Quota => None,
    }
}

/// What was typed into a form: of several fields a line each, with its name before it.
fn typed(left: &Left) -> String {
    match left.draft.fields.as_slice() {
        [only] => only.content.text().to_owned(),
        fields => {
            let lines = fields.iter().map(|field| {
                let name = field.name.replace('_', " ");
                format!("{name}: {}", field.content.text())
            });
            lines.collect::<Vec<_>>().join("\n")
        }
    }
}
