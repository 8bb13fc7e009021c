//! The forecast category of deals: chosen from a menu, for one deal or for all that are marked.

use crate::domain::command::{Base, Command, FieldEdit};
use crate::domain::nouns::deal;
use crate::domain::value::Value;
use crate::tui::action::Allowed;
use crate::tui::layers::{Layer, Pick};
use crate::tui::notices::Tone;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::target::Target;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::menu::Menu;

use super::App;

/// What can be chosen: the category, what people call it, what it means. `closed` is not among them: winning says that.
const OFFERED: [(Option<&str>, &str, &str); 5] = [
    (Some("pipeline"), "pipeline", "may close"),
    (Some("best_case"), "best case", "closes if all goes well"),
    (Some("commit"), "commit", "will close"),
    (Some("omitted"), "omitted", "is in no forecast"),
    (None, "the stage's own", "none of its own"),
];

impl App {
    /// There is a deal to forecast, and nothing else.
    pub fn can_forecast(&self) -> Allowed {
        self.can_change()?;
        if self.deals().is_empty() {
            return Err("This is for deals; 3 is the pipeline".into());
        }
        Ok(())
    }

    /// Opens the menu of forecast categories.
    pub fn choose_category(&mut self) {
        let targets = self.deals();
        let items = OFFERED.map(|(category, name, detail)| {
            let item = Item::new(Pick::Category(category), name);
            let value = Value::from(category);
            if targets
                .iter()
                .all(|one| one.category.as_ref() == Some(&value))
            {
                item.barred("is so")
            } else {
                item.detail(detail)
            }
        });
        let title = format!("Forecast of {}", Self::subject(&targets));
        self.layers
            .push(Layer::Menu(Menu::new(title, items.into()), targets));
    }

    /// Gives deals a forecast category, or takes away their own, where it is not so already.
    pub(super) fn put_category(&mut self, targets: &[Target], category: Option<&'static str>) {
        let new = Value::from(category);
        let changing: Vec<Target> = targets
            .iter()
            .filter(|target| target.category.as_ref() != Some(&new))
            .cloned()
            .collect();
        if changing.is_empty() {
            self.say(Tone::Plain, "It is so already; nothing was changed");
            self.was_idle();
            return;
        }
        let mut offered = OFFERED.into_iter();
        let name = offered.find(|(known, ..)| *known == category);
        let name = name.map_or("", |(_, name, _)| name);
        self.act_on(
            &changing,
            &format!("Forecast {name}"),
            |target| {
                // Of what no screen shows the book was asked before.
                let base = Base::Seen(target.category.clone().unwrap_or_default());
                vec![Command::Edit {
                    entity: target.entity,
                    target: target.id.into(),
                    edits: vec![FieldEdit {
                        field: (&deal::CATEGORY).into(),
                        base,
                        new: new.clone().into(),
                    }],
                }]
            },
            |_| Foresight::Stay,
            None,
        );
    }
}
