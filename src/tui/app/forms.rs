//! Forms: opened when what they offer has been read, left with a draft, submitted as one act.

use crossterm::event::{KeyCode, KeyEvent};

use crate::domain::command::{Command, Origin};
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::Entity;
use crate::domain::outcome::Change;
use crate::domain::typed::Typing;
use crate::store::handle::View;
use crate::store::query::{Answer as StoreAnswer, Choice, MatchQuery, Matches, Query};
use crate::tui::forms;
use crate::tui::forms::deal::{DealChoices, DealStart};
use crate::tui::forms::form::RecordForm;
use crate::tui::forms::log::{About, Logged};
use crate::tui::kept::Left;
use crate::tui::layers::{FormOf, Layer, OnceKnown, Opening};
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::widgets::Answer;

use super::{Act, App, Foresight, views};

/// The nouns of which forms offer records, and the places for them.
const OFFERED: [(Entity, View); 3] = [
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
    fn typing(&self) -> Option<Typing> {
        self.info().map(|info| Typing {
            now: self.now(),
            zone: info.zone,
            currency: info.base,
        })
    }

    /// Opens the form of a new record.
    pub fn add(&mut self) {
        let (of, about) = self.screen().adds();
        self.open_form(of, about);
    }

    /// Opens the form of the deal or contact as a whole.
    pub fn edit_whole(&mut self) {
        let first = self.subjects().into_iter().next();
        let of = first.and_then(|target| FormOf::editing(target.entity, target.id));
        if let Some(of) = of {
            self.open_form(of, About::default());
        }
    }

    /// Opens the form that logs something; asks first who the user is.
    pub fn log_activity(&mut self, what: Logged) {
        let Some(about) = self.about_first() else {
            return;
        };
        if self.me().is_some() {
            self.open_log(what, &about);
        } else {
            self.ask_me(OnceKnown::Log(what, about));
        }
    }

    /// Opens the form that plans the next step; asks first who the user is.
    pub fn plan(&mut self) {
        let Some(about) = self.about_first() else {
            return;
        };
        if self.me().is_some() {
            self.open_plan(&about);
        } else {
            self.ask_me(OnceKnown::Plan(about));
        }
    }

    /// Opens the form of a reply to the mail under the cursor; asks first who the user is.
    pub fn reply(&mut self) {
        let Some(about) = self.screen().replies() else {
            return;
        };
        let about = self.acted_by_me(about);
        if self.me().is_some() {
            self.open_log(Logged::Mail, &about);
        } else {
            self.ask_me(OnceKnown::Log(Logged::Mail, about));
        }
    }

    fn about_first(&self) -> Option<About> {
        self.subjects().first().map(|target| self.about(target))
    }

    pub(super) fn open_log(&mut self, what: Logged, about: &About) {
        if let (Some(typing), Some(record)) = (self.typing(), about.record()) {
            let form = forms::log::form(what, about, typing);
            self.show_form(form, FormOf::Log(what, record));
        }
    }

    pub(super) fn open_plan(&mut self, about: &About) {
        if let (Some(typing), Some(record)) = (self.typing(), about.record()) {
            let form = forms::plan::form(about, typing);
            self.show_form(form, FormOf::Plan(record));
        }
    }

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
            | FormOf::Plan(_)
            | FormOf::Fields(..)
            | FormOf::Field(..)
            | FormOf::FieldOfAll(..) => return None,
        })
    }

    /// Shows a form, with what was typed into it when it was left.
    pub(super) fn show_form(&mut self, mut form: RecordForm, of: FormOf) {
        if let Some(left) = self.drafts.of(of) {
            form.restore(&left.draft);
            self.say(Tone::Plain, "As you left it");
        }
        self.layers.push(Layer::Form(Box::new(form), of));
        self.ask_for_form();
    }

    /// Asks the book for what the form on top wants to know.
    pub(super) fn ask_for_form(&mut self) {
        self.ask_holders();
        self.look_for_form();
    }

    /// Looks for what a picker of the form may offer for what is typed.
    fn look_for_form(&mut self) {
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

    /// Asks who else has the addresses and numbers that stand in the form, where they changed since it was asked last.
    fn ask_holders(&mut self) {
        let Some(Layer::Form(form, _)) = self.layers.last_mut() else {
            return;
        };
        if let Some(query) = form.asks_for_holders() {
            self.read(views::HOLDERS, Query::Holders(query));
        }
    }

    /// A key while a form is being opened goes into the form, or leaves it.
    pub(super) fn opening_key(&mut self, mut opening: Box<Opening>, key: KeyEvent) {
        if key.code != KeyCode::Esc {
            opening.keys.push(key);
            self.layers.push(Layer::Opening(opening));
        }
    }

    pub(super) fn form_answered(
        &mut self,
        mut form: Box<RecordForm>,
        of: FormOf,
        answer: Answer<Vec<Command>>,
    ) {
        match answer {
            Answer::Stay => {
                if let Some(text) = form.take_outside() {
                    self.out.push(Effect::Edit(text));
                }
                self.layers.push(Layer::Form(form, of));
                self.ask_for_form();
            }
            Answer::Cancel => self.leave_form(&form, of),
            Answer::Submit(commands) if matches!(of, FormOf::Lacking(_)) => {
                self.drafts.forget(of);
                self.go_on_with(commands, Layer::Form(form, of));
            }
            Answer::Submit(commands) if commands.is_empty() => {
                self.drafts.forget(of);
                self.say(Tone::Plain, "Nothing was changed");
            }
            Answer::Submit(commands) if matches!(of, FormOf::Convert(_)) => {
                self.convert_as(commands, Some(Layer::Form(form, of)));
            }
            Answer::Submit(commands) if matches!(of, FormOf::FieldOfAll(..)) => {
                self.edit_all(commands, form, of);
            }
            Answer::Submit(commands) => {
                let commands = self.with_setup(of, &form, commands);
                let commands = self.with_quota(of, commands);
                let foresight = of.about().map(|id| (id, Foresight::Stay));
                let foresight = foresight.into_iter().collect();
                self.act(Act {
                    commands,
                    origin: Origin::Human,
                    label: match of {
                        FormOf::Plan(_) => {
                            Some(format!("Plan the next step of {}", self.named_by(of)))
                        }
                        FormOf::Done(_) | FormOf::Snooze(_) => {
                            Some(format!("{}: {}", of.said(), self.named_by(of)))
                        }
                        _ => None,
                    },
                    said: of.said().to_owned(),
                    foresight,
                    form: Some(Layer::Form(form, of)),
                    then: None,
                });
            }
        }
    }

    fn leave_form(&mut self, form: &RecordForm, of: FormOf) {
        self.drafts.forget(of);
        if let Some(draft) = form.draft() {
            let about = self.named_by(of);
            self.drafts.put(Left { of, about, draft });
            self.say(
                Tone::Plain,
                "Left; what you typed is kept and comes back when you open it again",
            );
        }
    }

    /// A text came back from the user's editor.
    pub(super) fn edited_outside(&mut self, text: &str) {
        if let Some(Layer::Form(form, _)) = self.layers.last_mut() {
            form.put_outside(text);
        }
    }

    /// Others changed the record that is open in a form: its other fields follow.
    pub(super) fn follow_in_form(&mut self, changes: &[Change]) {
        let Some(Layer::Form(form, _)) = self.layers.last() else {
            return;
        };
        let (entity, Some(id)) = (form.entity(), form.record()) else {
            return;
        };
        if let Some(change) = changes.iter().rev().find(|change| change.record == id) {
            self.followed_by.clone_from(&change.by);
            self.read(views::FORM, Query::Show { entity, id });
        }
    }
}
