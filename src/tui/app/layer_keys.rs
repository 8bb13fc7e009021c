//! What keys and pastes do in a layer that takes text.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::domain::nouns::Entity;
use crate::tui::forms::confirm::Confirm;
use crate::tui::forms::lose::{LoseForm, Lost};
use crate::tui::forms::sheet::SheetOwner;
use crate::tui::layers::{Layer, Pick};
use crate::tui::notices::Tone;
use crate::tui::target::Target;
use crate::tui::widgets::Answer;
use crate::tui::widgets::choices::Chosen;
use crate::tui::widgets::hints::Hints;
use crate::tui::widgets::menu::Menu;
use crate::tui::widgets::text_field::TextField;

use super::{Act, App};

impl App {
    /// Gives a key to the layer on top.
    pub(super) fn layer_key(&mut self, key: KeyEvent) {
        if let Some(command) = Self::is_command_in_text(key) {
            command(self);
            return;
        }
        // What Ctrl-C leaves is left as by Esc: a form keeps its draft.
        let key = if key == KeyEvent::new(KeyCode::Char('c'), KeyModifiers::CONTROL) {
            KeyEvent::new(KeyCode::Esc, KeyModifiers::NONE)
        } else {
            key
        };
        let Some(layer) = self.layers.pop() else {
            return;
        };
        match layer {
            Layer::Menu(mut menu, targets) => {
                let answer = menu.key(key);
                self.menu_answered(menu, targets, &answer);
            }
            Layer::Sure(mut confirm, act) => {
                let answer = confirm.key(key);
                self.sure_answered(confirm, act, &answer);
            }
            Layer::Lose(mut form, targets) => {
                let answer = form.key(key);
                self.lose_answered(form, targets, answer);
            }
            Layer::Me(mut menu, then) => {
                let answer = menu.key(key);
                self.me_answered(menu, then, answer);
            }
            Layer::Opening(opening) => self.opening_key(opening, key),
            Layer::Form(mut form, of) => {
                form.as_of(self.now());
                let answer = form.key(key);
                self.form_answered(form, of, answer);
            }
            Layer::Conflict(mut conflict) => {
                let answer = conflict.dialog.key(key);
                self.conflict_answered(conflict, answer);
            }
            Layer::Offers(mut dialog, offers) => {
                let answer = dialog.key(key);
                self.offers_answered(dialog, offers, &answer);
            }
            Layer::Welcome(mut questions) => {
                let answer = questions.key(key);
                self.welcome_answered(questions, answer);
            }
            Layer::Export(mut form, exported) => {
                let answer = form.key(key);
                self.export_answered(form, exported, answer);
            }
            Layer::Replace(mut confirm, export) => {
                let answer = confirm.key(key);
                self.replace_answered(confirm, export, &answer);
            }
            Layer::Columns(mut list) => {
                let answer = list.key(key);
                self.columns_answered(list, &answer);
            }
            Layer::Filter(bar) => self.filter_key(bar, key),
            Layer::Tags(field, targets, _) => self.tags_key(field, targets, key),
            Layer::Find(find) => self.find_key(find, key),
            other => self.layers.push(other),
        }
    }

    pub(super) fn menu_answered(
        &mut self,
        menu: Menu<Pick>,
        targets: Vec<Target>,
        answer: &Answer<Chosen<Pick>>,
    ) {
        match answer {
            Answer::Stay => self.layers.push(Layer::Menu(menu, targets)),
            Answer::Submit(Chosen::Known(pick)) => self.pick(*pick, &targets),
            // Of these menus only the palette takes what is not in it.
            Answer::Submit(Chosen::New(line)) => self.jump(line),
            Answer::Cancel => {}
        }
    }

    pub(super) fn sure_answered(&mut self, confirm: Confirm, act: Box<Act>, answer: &Answer<()>) {
        match answer {
            Answer::Stay => self.layers.push(Layer::Sure(confirm, act)),
            Answer::Submit(()) => {
                self.act(*act);
                self.screen_mut().clear_marks();
            }
            Answer::Cancel => {
                self.say(Tone::Plain, "Left as they are");
                self.layers.extend(act.form);
            }
        }
    }

    fn lose_answered(&mut self, form: Box<LoseForm>, targets: Vec<Target>, answer: Answer<Lost>) {
        match answer {
            Answer::Stay => self.layers.push(Layer::Lose(form, targets)),
            Answer::Cancel if are_leads(&targets) => {
                self.say(Tone::Plain, "Left; no lead was dropped");
            }
            Answer::Cancel => self.say(Tone::Plain, "Left; no deal was lost"),
            Answer::Submit(lost) if are_leads(&targets) => self.drop_all(form, &targets, &lost),
            Answer::Submit(lost) => self.lose_all(form, &targets, &lost),
        }
    }

    /// Gives a paste to the layer on top.
    pub(super) fn layer_paste(&mut self, text: &str) {
        let refused = match self.layers.last_mut() {
            Some(Layer::Menu(menu, _)) => {
                menu.paste(text);
                None
            }
            Some(Layer::Me(menu, _)) => {
                menu.paste(text);
                None
            }
            Some(Layer::Lose(form, _)) => {
                form.paste(text);
                None
            }
            Some(Layer::Form(form, _)) => {
                form.paste(text);
                self.ask_for_form();
                None
            }
            Some(Layer::Export(form, _)) => {
                form.paste(text);
                None
            }
            Some(Layer::Welcome(questions)) => {
                questions.paste(text);
                None
            }
            Some(Layer::Filter(bar)) => {
                let refused = bar.field.paste(text).err();
                self.filter_typed();
                refused
            }
            Some(Layer::Tags(field, ..)) => field.paste(text).err(),
            Some(Layer::Find(find)) => {
                find.held.clear();
                let refused = find.field.paste(text).err();
                self.find_typed();
                refused
            }
            _ => None,
        };
        if let Some(refused) = refused {
            self.say(Tone::Bad, refused.to_string());
        }
    }

    /// Tags are typed: Enter gives them to the records.
    fn tags_key(&mut self, mut field: TextField, targets: Vec<Target>, key: KeyEvent) {
        match key.code {
            KeyCode::Esc => {}
            KeyCode::Enter => self.tag(&targets, field),
            _ => {
                let typed = field.key(key);
                self.layers
                    .push(Layer::Tags(field, targets, Hints::default()));
                if let Err(refused) = typed {
                    self.say(Tone::Bad, refused.to_string());
                }
            }
        }
    }
}

fn are_leads(targets: &[Target]) -> bool {
    targets
        .iter()
        .all(|target| target.entity == Entity::Contact)
}
