//! Who the user is: asked when an act needs it, known from then on.

use crate::domain::command::{Origin, Slot};
use crate::domain::id::Id;
use crate::domain::nouns::Entity;
use crate::domain::outcome::Receipt;
use crate::domain::records::{Link, Rep};
use crate::store::query::Query;
use crate::tui::forms;
use crate::tui::forms::log::About;
use crate::tui::layers::{Layer, OnceKnown};
use crate::tui::widgets::Answer;
use crate::tui::widgets::choices::Chosen;
use crate::tui::widgets::menu::Menu;

use super::{Act, App, views};

impl App {
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
                self.know_me();
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
            OnceKnown::Log(what, about) => self.open_log(what, &self.acted_by_me(about)),
            OnceKnown::Plan(about) => self.open_plan(&self.acted_by_me(about)),
            OnceKnown::Nothing => {}
        }
    }

    /// What was asked for before it was known who does it.
    pub(super) fn acted_by_me(&self, about: About) -> About {
        About {
            performer: self.me(),
            ..about
        }
    }
}
