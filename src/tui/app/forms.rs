//! Forms: asked for, shown, left with a draft, submitted as one act.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::domain::command::{Command, Origin, Slot};
use crate::domain::history::Holder;
use crate::domain::id::RecordId;
use crate::domain::nouns::{Field, activity};
use crate::domain::outcome::Change;
use crate::domain::typed::Typing;
use crate::domain::value::Value;
use crate::store::handle::Health;
use crate::store::query::Query;
use crate::tui::forms;
use crate::tui::forms::form::RecordForm;
use crate::tui::forms::log::{About, Logged};
use crate::tui::kept::Left;
use crate::tui::layers::{FormOf, Layer, OnceKnown};
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::target::Target;
use crate::tui::widgets::Answer;

use super::acts::several;
use super::{Act, App, views};

impl App {
    pub(super) fn typing(&self) -> Option<Typing> {
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

    /// Opens the form that plans the next step, of all that is marked the same; asks first who the user is.
    pub fn plan(&mut self) {
        let subjects = self.subjects();
        let Some(mut about) = self.about_first() else {
            return;
        };
        if subjects.len() > 1 {
            about.name = several(&subjects);
        }
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

    /// Plans the same with each of these, as one step.
    fn plan_each(&mut self, targets: &[Target], commands: &[Command], form: Layer) {
        let Some(Command::Create(planned)) = commands.first() else {
            return;
        };
        let links = [&activity::DEAL, &activity::CONTACT, &activity::COMPANY];
        let each: Vec<(RecordId, Command)> = targets
            .iter()
            .zip(0..)
            .map(|(target, slot)| {
                let about = self.about(target);
                let mut planned = planned.clone();
                planned.slot = Slot(slot);
                let is_link = |field: &Field| links.iter().any(|def| *field == Field::from(*def));
                planned.fields.retain(|(field, _)| !is_link(field));
                for (def, id) in links
                    .into_iter()
                    .zip([about.deal, about.contact, about.company])
                {
                    if let Some(id) = id {
                        let id = Value::from(id);
                        planned.fields.push((Field::from(def), id.into()));
                    }
                }
                (target.id, Command::Create(planned))
            })
            .collect();
        let of = |target: &Target| {
            let own = each.iter().filter(|(id, _)| *id == target.id);
            own.map(|(_, command)| command.clone()).collect()
        };
        let verb = "Plan the next step";
        self.act_on(targets, verb, of, |_| Foresight::Stay, Some(form));
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
            // What is marked now is what the form stays about, whatever is marked when it is saved.
            let form = forms::plan::form(about, typing).with_each(self.subjects());
            self.show_form(form, FormOf::Plan(record));
        }
    }

    /// Shows a form, with what was typed into it when it was left.
    pub(super) fn show_form(&mut self, mut form: RecordForm, of: FormOf) {
        if let Some(left) = self.drafts.of(of) {
            form.restore(&left.draft);
            let text = if left.saving {
                "As you left it; it was being saved, so the book may have it already"
            } else {
                "As you left it"
            };
            self.say(Tone::Plain, text);
        } else {
            // Another window may have left it.
            self.drafts.look();
        }
        self.layers.push(Layer::Form(Box::new(form), of));
        self.ask_for_form();
    }

    /// Asks the book for what the form on top wants to know.
    pub(super) fn ask_for_form(&mut self) {
        self.ask_holders();
        self.look_for_form();
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

    /// Takes who else has what stands in the form on top.
    pub(super) fn take_holders(&mut self, holders: Vec<Holder>) {
        if let Some(Layer::Form(form, _)) = self.layers.last_mut() {
            form.take_holders(holders);
        }
    }

    /// The same for a form that is to be saved: where nobody has it, it is.
    pub(super) fn save_unless_held(&mut self, holders: Vec<Holder>) {
        let Some(Layer::Form(form, _)) = self.layers.last_mut() else {
            return;
        };
        if !form.is_to_be_saved() {
            return;
        }
        form.take_holders(holders);
        if form.show_doubt() {
            form.goes_on();
            let text = "Not saved yet: is it the same? Save again to have both";
            self.say(Tone::Plain, text);
        } else {
            self.layer_key(KeyEvent::new(KeyCode::Char('s'), KeyModifiers::CONTROL));
        }
    }

    /// Asks who has what a new record is to be saved with, where that was not told; false where there is nothing to ask, or nobody
    /// who answers.
    fn asks_before_saving(&mut self, form: &mut RecordForm) -> bool {
        if matches!(self.health, Health::Unreachable { .. }) {
            return false;
        }
        let asked = form.asks_before_saving();
        if let Some(query) = &asked {
            self.read(views::SAVING, Query::Holders(query.clone()));
        }
        asked.is_some()
    }

    pub(super) fn form_answered(
        &mut self,
        mut form: Box<RecordForm>,
        of: FormOf,
        answer: Answer<Vec<Command>>,
    ) {
        match answer {
            Answer::Stay => {
                form.goes_on();
                if let Some(text) = form.take_outside() {
                    self.out.push(Effect::Edit(text));
                }
                self.layers.push(Layer::Form(form, of));
                self.ask_for_form();
            }
            Answer::Cancel => self.leave_form(&form, of),
            Answer::Submit(commands) if matches!(of, FormOf::Lacking(_)) => {
                // Others may be asked for still, and left: the book has nothing of it yet.
                self.keep_draft(&form, of);
                self.go_on_with(commands, Some(Layer::Form(form, of)));
            }
            Answer::Submit(commands) if commands.is_empty() => {
                self.drafts.forget(of);
                self.say(Tone::Plain, "Nothing was changed");
                self.was_idle();
            }
            Answer::Submit(commands) if matches!(of, FormOf::Convert(_)) => {
                self.convert_as(commands, Some(Layer::Form(form, of)));
            }
            Answer::Submit(commands) if matches!(of, FormOf::FieldOfAll(..)) => {
                self.edit_all(commands, form, of);
            }
            Answer::Submit(commands) if form.several().is_some() => {
                let over = form.several().unwrap_or_default().to_vec();
                self.plan_each(&over, &commands, Layer::Form(form, of));
            }
            Answer::Submit(_) if self.asks_before_saving(&mut form) => {
                self.layers.push(Layer::Form(form, of));
            }
            Answer::Submit(commands) => {
                let commands = self.with_setup(of, &form, commands);
                let commands = self.with_quota(of, commands);
                let (commands, label) = self.with_lines(of, &form, commands);
                let foresight = of.about().map(|id| (id, Foresight::Stay));
                let foresight = foresight.into_iter().collect();
                self.act(Act {
                    commands,
                    origin: Origin::Human,
                    label: match of {
                        FormOf::Plan(_) => {
                            let name = self.named_by(of, &form);
                            Some(format!("Plan the next step of {name}"))
                        }
                        FormOf::Done(_) | FormOf::Snooze(_) => {
                            let name = self.named_by(of, &form);
                            Some(format!("{}: {name}", of.said()))
                        }
                        _ => label,
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
        let is_lacking = matches!(of, FormOf::Lacking(_));
        let unsaved = if is_lacking {
            self.lacking.take()
        } else {
            None
        };
        if self.keep_draft(form, of) {
            self.say(
                Tone::Plain,
                "Left and kept; open it again, or g h, to go on",
            );
        } else if unsaved.is_some() {
            self.say(Tone::Plain, "Left; no deal was moved");
        }
    }

    /// Keeps what was typed into a form that is no longer open; false where that is nothing.
    fn keep_draft(&mut self, form: &RecordForm, of: FormOf) -> bool {
        self.drafts.forget(of);
        let Some(draft) = form.draft() else {
            return false;
        };
        let about = self.named_by(of, form);
        self.drafts.put(Left {
            of,
            about,
            draft,
            told: false,
            saving: false,
        });
        true
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
