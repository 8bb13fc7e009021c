//! Half-written forms of records that are gone: in the trash, erased, or not in a book that was restored. No screen leads to such a
//! form any more, so what was typed is offered once the book has said so: to be copied, or to be kept no more.

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::records::Record;
use crate::store::query::Query;
use crate::tui::kept::Left;
use crate::tui::layers::{FormOf, Layer, Pick};
use crate::tui::notices::Tone;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::menu::Menu;

use super::drafts::said;
use super::{App, views};

/// The nouns that a call, a note or a next step can be about.
const WITH_TIMELINE: [Entity; 3] = [Entity::Contact, Entity::Company, Entity::Deal];

/// What is being looked for of the kept forms.
#[derive(Debug, Default)]
pub(super) struct Orphans {
    /// The forms that are still to be looked for, each with the nouns that its record may be of.
    wanted: Vec<(FormOf, RecordId, Vec<Entity>)>,
    /// Those of which the record is gone.
    gone: Vec<FormOf>,
}

impl App {
    /// Asks the book, one after the other, whether it has the records of these forms.
    pub(super) fn look_for_records(&mut self, kept: &[FormOf]) {
        let wanted = kept.iter().filter_map(|of| {
            let nouns = match (of.record(), of) {
                (Some((entity, _)), _) => vec![entity],
                (None, FormOf::Convert(_)) => vec![Entity::Contact],
                (None, _) => WITH_TIMELINE.into(),
            };
            Some((*of, of.about()?, nouns))
        });
        self.orphans.wanted = wanted.collect();
        self.orphans.gone.clear();
        self.look_for_the_next();
    }

    fn look_for_the_next(&mut self) {
        while let Some((of, id, nouns)) = self.orphans.wanted.last_mut() {
            if let Some(entity) = nouns.pop() {
                let id = *id;
                self.read(views::KEPT, Query::Show { entity, id });
                return;
            }
            self.orphans.gone.push(*of);
            self.orphans.wanted.pop();
        }
        self.offer_orphans();
    }

    /// The book has the record, or not.
    pub(super) fn looked_for(&mut self, record: Option<&Record>) {
        if let Some(record) = record {
            let found = self.orphans.wanted.pop();
            let in_trash = record.trashed_at.is_some();
            self.orphans
                .gone
                .extend(found.filter(|_| in_trash).map(|(of, ..)| of));
        }
        self.look_for_the_next();
    }

    /// The book does not answer: who cannot be looked for is not called gone.
    pub(super) fn not_looked_for(&mut self) {
        self.orphans = Orphans::default();
    }

    fn offer_orphans(&mut self) {
        let gone = std::mem::take(&mut self.orphans.gone);
        let lost: Vec<&Left> = gone.iter().filter_map(|of| self.drafts.of(*of)).collect();
        if lost.is_empty() {
            return;
        }
        let names: Vec<String> = lost.iter().map(|left| said(left)).collect();
        let items = lost.iter().zip(&names).flat_map(|(left, name)| {
            let typed = typed(left).replace('\n', " ");
            [
                Item::new(Pick::CopyKept(left.of), format!("Copy {name}")).detail(typed),
                Item::new(Pick::DropKept(left.of), format!("Drop {name}")),
            ]
        });
        let menu = Menu::new("Typed for what is gone or in the trash", items.collect());
        let text = format!(
            "Half-written for what is gone or trashed: {}; Esc keeps it",
            names.join(", ")
        );
        self.push_below_text(Layer::Menu(menu, Vec::new()));
        self.say(Tone::Plain, text);
    }

    /// Copies what was typed into a form that cannot be opened. It stays kept: nobody knows what the terminal made of it.
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
