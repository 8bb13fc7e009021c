//! Forms opened: what they offer is read first, and looked for while somebody types. What is typed meanwhile goes into the form.

use crossterm::event::{KeyCode, KeyEvent};

use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::Entity;
use crate::domain::typed::Typing;
use crate::store::handle::View;
use crate::store::query::{Answer as StoreAnswer, Choice, MatchQuery, Matches, Query};
use crate::tui::forms;
use crate::tui::forms::deal::{DealChoices, DealStart};
use crate::tui::forms::form::RecordForm;
use crate::tui::forms::log::About;
use crate::tui::layers::{FormOf, Layer, Opening};
use crate::tui::notices::Tone;

use super::{App, views};

/// The nouns of which forms offer records, and the places for them.
const OFFERED: [(Entity, View); 4] = [
    (Entity::Product, views::PRODUCTS),
    (Entity::Company, views::COMPANIES),
    (Entity::Contact, views::CONTACTS),
    (Entity::Stage, views::STAGES),
];

/// Rows that a picker shows of a noun of which there are too many.
const SHOWN: usize = 50;

/// Asks for what a picker offers before anything is typed: all stages, and of what there may be a million what was used lately.
fn offer_of(entity: Entity, also: Option<RecordId>) -> Query {
    match entity {
        Entity::Stage => Query::Choices(entity),
        _ => matching(entity, String::new(), also),
    }
}

fn matching(entity: Entity, text: String, also: Option<RecordId>) -> Query {
    Query::Matches(MatchQuery {
        entity,
        text,
        also: also.into_iter().collect(),
        limit: SHOWN,
    })
}

fn view_of(entity: Entity) -> Option<View> {
    let offered = OFFERED.iter().find(|(known, _)| *known == entity);
    offered.map(|(_, view)| *view)
}

impl App {
    /// Reads what a form needs; it opens when all of it is there.
    pub(super) fn open_form(&mut self, of: FormOf, about: About) {
        self.open_form_over(of, about, Vec::new());
    }

    /// [`open_form`](Self::open_form), of several records.
    pub(super) fn open_form_over(&mut self, of: FormOf, about: About, over: Vec<RecordId>) {
        if let (FormOf::FieldOfAll(entity, ..), false) = (of, over.is_empty()) {
            let ids = over.clone();
            let now = self.now();
            self.read(views::FORM_ROWS, Query::Rows { entity, ids, now });
        }
        if let FormOf::Convert(lead) = of {
            self.read_lead(lead);
        }
        if let Some((entity, id)) = of.record() {
            self.read(views::FORM, Query::Show { entity, id });
        }
        for entity in of.offers() {
            if let Some(view) = view_of(*entity) {
                self.read(view, offer_of(*entity, about.one_of(*entity)));
            }
        }
        self.layers.push(Layer::Opening(Box::new(Opening {
            of,
            record: None,
            choices: Vec::new(),
            parts: Vec::new(),
            about,
            over,
            records: None,
            keys: Vec::new(),
        })));
        self.try_to_open();
    }

    /// Whether an answer goes to a form.
    pub(super) fn is_for_a_form(view: View) -> bool {
        view == views::FORM
            || view == views::FORM_ROWS
            || OFFERED.iter().any(|(_, own)| *own == view)
    }

    /// Takes what a form asked for.
    pub(super) fn form_answer(&mut self, view: View, answer: StoreAnswer) {
        if let StoreAnswer::Show(Some(record)) = &answer
            && let Some(Layer::Form(form, _)) = self.layers.last_mut()
            && form.record() == Some(record.id)
        {
            let by = self.followed_by.take();
            form.follow(record, by.as_deref());
            return;
        }
        if let StoreAnswer::Profile(Some(profile)) = answer {
            self.lead_answer(*profile);
            return;
        }
        let Some(Layer::Opening(opening)) = self.layers.last_mut() else {
            if let StoreAnswer::Matches(found) = &answer {
                self.found_for_form(found);
            }
            return;
        };
        match answer {
            StoreAnswer::Show(Some(record)) => opening.record = Some(record),
            StoreAnswer::Show(None) | StoreAnswer::Profile(None) => {
                self.layers.pop();
                self.say(Tone::Bad, "This is not in the book any more");
                return;
            }
            StoreAnswer::Choices(choices) => {
                if let Some((entity, _)) = OFFERED.iter().find(|(_, own)| *own == view) {
                    opening.choices.push((*entity, choices));
                }
            }
            StoreAnswer::Rows(rows) => {
                opening.records = Some(rows.into_iter().map(|row| row.record).collect());
            }
            StoreAnswer::Matches(found) => {
                if !found.all {
                    opening.parts.push(found.entity);
                }
                opening.choices.push((found.entity, found.choices));
            }
            _ => {}
        }
        self.try_to_open();
    }

    pub(super) fn try_to_open(&mut self) {
        let Some(Layer::Opening(opening)) = self.layers.pop() else {
            return;
        };
        let offered = opening.of.offers().iter();
        let all_there = offered
            .copied()
            .all(|entity| opening.choices.iter().any(|(known, _)| *known == entity));
        let has_record = opening.of.about().is_none() || opening.record.is_some();
        if self.has_what_it_lacked(&opening) {
            return;
        }
        let bulk = matches!(opening.of, FormOf::FieldOfAll(..));
        let has_rows = !bulk || opening.records.is_some();
        let form = match self.typing() {
            Some(typing) if all_there && has_record && has_rows => self.form_of(&opening, typing),
            _ => None,
        };
        let Some(form) = form else {
            self.layers.push(Layer::Opening(opening));
            return;
        };
        let form = if opening.of.is_whole() {
            form.with_custom(&self.fields, opening.record.as_deref())
        } else {
            form
        };
        self.show_opened(form.holding_parts(&opening.parts), &opening);
        for key in opening.keys {
            self.layer_key(key);
        }
    }

    /// The form for which all is there.
    fn form_of(&self, opening: &Opening, typing: Typing) -> Option<RecordForm> {
        let offered = |entity: Entity| -> Vec<Choice> {
            let found = opening.choices.iter().find(|(known, _)| *known == entity);
            found.map_or_else(Vec::new, |(_, choices)| choices.clone())
        };
        let record = opening.record.as_deref();
        let me = self.me().map(Id::record);
        // One field is edited in the form of the whole, of which the rest is left out.
        let of = match opening.of {
            FormOf::Fields(entity, id)
            | FormOf::Field(entity, id, _)
            | FormOf::FieldOfAll(entity, id, _) => FormOf::editing(entity, id)?,
            other => other,
        };
        Some(match of {
            FormOf::NewDeal | FormOf::Deal(_) => {
                let choices = DealChoices {
                    companies: offered(Entity::Company),
                    contacts: offered(Entity::Contact),
                    stages: offered(Entity::Stage),
                    reps: self.reps.clone(),
                };
                if let Some(record) = record {
                    return Some(forms::deal::edit(record, &choices, typing));
                }
                let start = DealStart {
                    stage: self.board.focused().map(|column| column.stage.id.record()),
                    owner: me,
                    company: opening.about.company,
                    contact: opening.about.contact,
                };
                forms::deal::add(&choices, start, typing)
            }
            FormOf::Convert(_) => {
                let choices = DealChoices {
                    companies: offered(Entity::Company),
                    contacts: Vec::new(),
                    stages: offered(Entity::Stage),
                    reps: self.reps.clone(),
                };
                forms::deal::convert(record?, &choices, me, typing)
            }
            FormOf::NewLead => {
                let companies = offered(Entity::Company);
                forms::contact::add_lead(&companies, &self.reps, me, typing)
            }
            FormOf::NewCompany | FormOf::Company(_) => {
                let companies = offered(Entity::Company);
                match record {
                    Some(record) => forms::company::edit(record, &companies, &self.reps, typing),
                    None => forms::company::add(&companies, &self.reps, me, typing),
                }
            }
            FormOf::NewContact | FormOf::Contact(_) => {
                let companies = offered(Entity::Company);
                if let Some(record) = record {
                    return Some(forms::contact::edit(record, &companies, &self.reps, typing));
                }
                let form = forms::contact::add(&companies, &self.reps, me, typing);
                forms::contact::of_company(form, &companies, opening.about.company)
            }
            FormOf::Activity(_) => forms::activity::edit(record?, &self.reps, typing),
            FormOf::Done(_) => forms::done::form(record?, typing),
            FormOf::Snooze(_) => forms::plan::snooze(record?, typing),
            FormOf::NewView => {
                let screen = self.screen().views_of()?;
                forms::view::add(screen, &self.screen().setup(), me, typing)
            }
            FormOf::View(_) => forms::view::edit(record?, typing),
            FormOf::NewField(noun) => forms::field::add(noun, typing),
            FormOf::Quota => return self.quota_form(typing),
            FormOf::NewLine(_) | FormOf::Line(_) => {
                return self.line_form(of, record, &offered(Entity::Product), typing);
            }
            FormOf::Lacking(_) => {
                let choices = DealChoices {
                    companies: offered(Entity::Company),
                    contacts: offered(Entity::Contact),
                    stages: Vec::new(),
                    reps: self.reps.clone(),
                };
                return self.lacking_form(opening, &choices, typing);
            }
            FormOf::NewStage(_)
            | FormOf::Stage(_)
            | FormOf::NewPipeline
            | FormOf::Pipeline(_)
            | FormOf::NewReason
            | FormOf::Reason(_) => return self.setup_form(opening, typing),
            FormOf::Log(..)
            | FormOf::Lines(_)
            | FormOf::Plan(_)
            | FormOf::Fields(..)
            | FormOf::Field(..)
            | FormOf::FieldOfAll(..) => return None,
        })
    }

    /// Looks for what a picker of the form may offer for what is typed.
    pub(super) fn look_for_form(&mut self) {
        let Some(Layer::Form(form, _)) = self.layers.last_mut() else {
            return;
        };
        if let Some((entity, text)) = form.looks_for()
            && let Some(view) = view_of(entity)
        {
            self.read(view, matching(entity, text, None));
        }
    }

    /// Takes what was looked for; the keys that waited for it are pressed now.
    fn found_for_form(&mut self, found: &Matches) {
        let Some(Layer::Form(form, _)) = self.layers.last_mut() else {
            return;
        };
        let held = form.take_found(found);
        self.ask_for_form();
        for key in held {
            self.layer_key(key);
        }
    }

    /// What a form asked for could not be read.
    pub(super) fn not_found_for_form(&mut self, view: View) {
        if OFFERED.iter().any(|(_, own)| *own == view)
            && let Some(Layer::Form(form, _)) = self.layers.last_mut()
        {
            form.nothing_found();
        }
    }

    /// A key while a form is being opened goes into the form, or leaves it.
    pub(super) fn opening_key(&mut self, mut opening: Box<Opening>, key: KeyEvent) {
        if key.code != KeyCode::Esc {
            opening.keys.push(key);
            self.layers.push(Layer::Opening(opening));
        }
    }
}
