//! Forms: opened when what they offer has been read, left with a draft, submitted as one act; who the user is; a book's first
//! questions.

use crossterm::event::{KeyCode, KeyEvent};

use crate::domain::command::{Command, Origin, Slot};
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::{Entity, deal};
use crate::domain::outcome::{Change, Receipt};
use crate::domain::pipeline;
use crate::domain::records::{Deal, Link, Rep};
use crate::domain::typed::Typing;
use crate::store::handle::View;
use crate::store::query::{Answer as StoreAnswer, Query};
use crate::store::{NewBook, StoreError};
use crate::tui::forms;
use crate::tui::forms::deal::{DealChoices, DealStart};
use crate::tui::forms::first_start::{Answers, FirstStart};
use crate::tui::forms::form::RecordForm;
use crate::tui::forms::log::{About, Logged};
use crate::tui::kept::Left;
use crate::tui::layers::{FormOf, Layer, OnceKnown, Opening};
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::widgets::Answer;
use crate::tui::widgets::choices::Chosen;
use crate::tui::widgets::menu::Menu;

use super::{Act, App, Book, Foresight, views};

/// The slots of what a first start makes, beside the pipeline's own.
const REASONS: Slot = Slot(100);
const FIRST_REP: Slot = Slot(200);

impl App {
    fn typing(&self) -> Option<Typing> {
        self.info().map(|info| Typing {
            now: self.now(),
            zone: info.zone,
            currency: info.base,
        })
    }

    /// Opens the form of a new deal, in the stage under the cursor.
    pub fn add_deal(&mut self) {
        self.open_form(FormOf::NewDeal);
    }

    /// Opens the form of the deal.
    pub fn edit_deal(&mut self) {
        if let Some(target) = self.targets().first() {
            self.open_form(FormOf::Deal(target.deal.record()));
        }
    }

    /// Opens the form that logs something about the deal; asks first who the user is.
    pub fn log_activity(&mut self, what: Logged) {
        let Some(deal) = self.targets().first().map(|target| target.deal) else {
            return;
        };
        if self.me().is_some() {
            self.open_log(what, deal);
        } else {
            self.ask_me(OnceKnown::Log(what, deal));
        }
    }

    /// Opens the form that plans the deal's next step; asks first who the user is.
    pub fn plan(&mut self) {
        let Some(deal) = self.targets().first().map(|target| target.deal) else {
            return;
        };
        if self.me().is_some() {
            self.open_plan(deal);
        } else {
            self.ask_me(OnceKnown::Plan(deal));
        }
    }

    fn open_log(&mut self, what: Logged, deal: Id<Deal>) {
        if let Some(typing) = self.typing() {
            let form = forms::log::form(what, &self.about(deal), typing);
            self.show_form(form, FormOf::Log(what, deal));
        }
    }

    fn open_plan(&mut self, deal: Id<Deal>) {
        if let Some(typing) = self.typing() {
            let form = forms::plan::form(&self.about(deal), typing);
            self.show_form(form, FormOf::Plan(deal));
        }
    }

    /// What an activity about a deal is about.
    fn about(&self, deal: Id<Deal>) -> About {
        let shown = self
            .layers
            .iter()
            .rev()
            .find_map(|layer| layer.record(deal.record()));
        let (company, contact) = match (self.board.find(deal), shown) {
            (Some((_, card)), _) => (
                card.company.as_ref().map(|link| link.id.record()),
                card.contact.as_ref().map(|link| link.id.record()),
            ),
            (None, Some(record)) => (
                record.int(&deal::COMPANY).map(RecordId::from_raw),
                record.int(&deal::CONTACT).map(RecordId::from_raw),
            ),
            (None, None) => (None, None),
        };
        About {
            name: self.target(deal).title,
            deal: Some(deal.record()),
            contact,
            company,
            performer: self.me(),
        }
    }

    /// Reads what a form needs; it opens when all of it is there.
    fn open_form(&mut self, of: FormOf) {
        if let FormOf::Deal(id) = of {
            let entity = Entity::Deal;
            self.read(views::FORM, Query::Show { entity, id });
        }
        self.read(views::COMPANIES, Query::Choices(Entity::Company));
        self.read(views::CONTACTS, Query::Choices(Entity::Contact));
        self.read(views::STAGES, Query::Choices(Entity::Stage));
        self.layers.push(Layer::Opening(Box::new(Opening {
            of,
            record: None,
            companies: None,
            contacts: None,
            stages: None,
            keys: Vec::new(),
        })));
    }

    /// Whether an answer goes to a form.
    pub(super) fn is_for_a_form(view: View) -> bool {
        [
            views::FORM,
            views::COMPANIES,
            views::CONTACTS,
            views::STAGES,
        ]
        .contains(&view)
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
        let Some(Layer::Opening(opening)) = self.layers.last_mut() else {
            return;
        };
        match answer {
            StoreAnswer::Show(Some(record)) => opening.record = Some(record),
            StoreAnswer::Show(None) => {
                self.layers.pop();
                self.say(Tone::Bad, "This deal is not in the book any more");
                return;
            }
            StoreAnswer::Choices(choices) if view == views::COMPANIES => {
                opening.companies = Some(choices);
            }
            StoreAnswer::Choices(choices) if view == views::CONTACTS => {
                opening.contacts = Some(choices);
            }
            StoreAnswer::Choices(choices) if view == views::STAGES => {
                opening.stages = Some(choices);
            }
            _ => {}
        }
        self.try_to_open();
    }

    fn try_to_open(&mut self) {
        let Some(Layer::Opening(opening)) = self.layers.pop() else {
            return;
        };
        let missing_record = matches!(opening.of, FormOf::Deal(_)) && opening.record.is_none();
        let (Some(companies), Some(contacts), Some(stages), false, Some(typing)) = (
            opening.companies.clone(),
            opening.contacts.clone(),
            opening.stages.clone(),
            missing_record,
            self.typing(),
        ) else {
            self.layers.push(Layer::Opening(opening));
            return;
        };
        let choices = DealChoices {
            companies,
            contacts,
            stages,
            reps: self.reps.clone(),
        };
        let form = if let Some(record) = &opening.record {
            forms::deal::edit(record, &choices, typing)
        } else {
            let start = DealStart {
                stage: self.board.focused().map(|column| column.stage.id.record()),
                owner: self.me().map(Id::record),
                ..DealStart::default()
            };
            forms::deal::add(&choices, start, typing)
        };
        self.show_form(form, opening.of);
        for key in opening.keys {
            self.layer_key(key);
        }
    }

    /// Shows a form, with what was typed into it when it was left.
    fn show_form(&mut self, mut form: RecordForm, of: FormOf) {
        if let Some(left) = self.drafts.of(of) {
            form.restore(&left.draft);
            self.say(Tone::Plain, "As you left it");
        }
        self.layers.push(Layer::Form(Box::new(form), of));
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
            }
            Answer::Cancel => self.leave_form(&form, of),
            Answer::Submit(commands) if commands.is_empty() => {
                self.drafts.forget(of);
                self.say(Tone::Plain, "Nothing was changed");
            }
            Answer::Submit(commands) => {
                let about = match of {
                    FormOf::NewDeal => None,
                    FormOf::Deal(id) => Some(Id::new(id)),
                    FormOf::Log(_, deal) | FormOf::Plan(deal) => Some(deal),
                };
                let foresight = about.map(|deal| (deal, Foresight::Stay));
                let foresight = foresight.into_iter().collect();
                self.act(Act {
                    commands,
                    origin: Origin::Human,
                    label: match of {
                        FormOf::Plan(deal) => {
                            Some(format!("Plan the next step of {}", self.target(deal).title))
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

    // Who the user is.

    pub(super) fn me_answered(
        &mut self,
        menu: Menu<Id<Rep>>,
        then: OnceKnown,
        answer: Answer<Chosen<Id<Rep>>>,
    ) {
        match answer {
            Answer::Stay => self.layers.push(Layer::Me(menu, then)),
            Answer::Cancel => {}
            Answer::Submit(Chosen::Known(id)) => {
                let name = self.reps.iter().find(|rep| rep.id == id.record());
                let name = name.map_or_else(String::new, |rep| rep.name.clone());
                self.me = Some(Link { id, name });
                self.once_known(then);
            }
            Answer::Submit(Chosen::New(name)) => self.act(Act {
                commands: vec![forms::rep::create(&name, Slot(0), self.now())],
                origin: Origin::Human,
                label: None,
                said: format!("Add {name}"),
                foresight: Vec::new(),
                form: None,
                then: Some(then),
            }),
        }
    }

    /// The rep that the user is was made.
    pub(super) fn became_known(&mut self, receipt: &Receipt, then: OnceKnown) {
        self.read(views::REPS, Query::Choices(Entity::Rep));
        let made = receipt
            .created
            .iter()
            .find(|(_, entity, _)| *entity == Entity::Rep);
        if let Some((_, entity, id)) = made {
            self.me = Some(Link {
                id: Id::new(*id),
                name: String::new(),
            });
            // The name comes with the answer.
            let (entity, text) = (*entity, id.to_string());
            self.read(views::ME, Query::Resolve { entity, text });
            self.once_known(then);
        }
    }

    fn once_known(&mut self, then: OnceKnown) {
        match then {
            OnceKnown::Take(targets) => self.assign(&targets, self.me()),
            OnceKnown::Log(what, deal) => self.open_log(what, deal),
            OnceKnown::Plan(deal) => self.open_plan(deal),
            OnceKnown::Nothing => {}
        }
    }

    // The first start.

    /// There is no book: asks where, in which currency and zone it is to be.
    pub(super) fn welcome(&mut self) {
        self.book = Book::Closed;
        self.board.fault =
            Some("There is no book yet. q leaves, clinch --book FILE opens another.".to_owned());
        let guess = &self.first_start;
        let questions = FirstStart::new(&guess.book, guess.currency, guess.zone, &guess.rep);
        self.layers.push(Layer::Welcome(Box::new(questions)));
    }

    pub(super) fn welcome_answered(&mut self, questions: Box<FirstStart>, answer: Answer<Answers>) {
        match answer {
            Answer::Stay => self.layers.push(Layer::Welcome(questions)),
            Answer::Cancel => self.out.push(Effect::Quit),
            Answer::Submit(answers) => {
                let new = NewBook {
                    name: answers.name.clone(),
                    base: answers.base,
                    zone: answers.zone,
                    fiscal_start: 1,
                };
                self.out.push(Effect::Create(answers.path.clone(), new));
                self.founding = Some(answers);
                self.board.fault = Some("Making the book …".to_owned());
                // The questions come back where the book cannot be made as they were answered.
                self.layers.push(Layer::Welcome(questions));
            }
        }
    }

    /// The book that was asked for was made, or not.
    pub(super) fn created(&mut self, outcome: &Result<(), StoreError>) {
        match outcome {
            Ok(()) => {
                self.layers.clear();
                self.book = Book::Opening;
                self.board.fault = None;
            }
            Err(error) => {
                self.founding = None;
                if let Some(Layer::Welcome(questions)) = self.layers.last_mut() {
                    questions.refuse(&error.to_string());
                }
            }
        }
    }

    /// A book that was just made gets its pipeline, its lost reasons and, where they said who they are, its first rep.
    pub(super) fn found(&mut self) {
        let Some(answers) = self.founding.take() else {
            return;
        };
        let mut commands = pipeline::standard("Sales", Slot(0));
        commands.extend(pipeline::standard_reasons(REASONS));
        if let Some(name) = &answers.rep {
            commands.push(forms::rep::create(name, FIRST_REP, self.now()));
        }
        // In a new book nobody is known yet, whoever was named: this makes them.
        let named = self.rep.take().filter(|_| answers.rep.is_none());
        self.act(Act {
            commands,
            origin: Origin::Human,
            label: Some("Set up the book".to_owned()),
            said: "Set up the book".to_owned(),
            foresight: Vec::new(),
            form: None,
            then: answers.rep.map(|_| OnceKnown::Nothing),
        });
        self.rep = named;
    }
}
