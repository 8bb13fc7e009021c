//! One field edited where it stands, of one record or of all that are marked; the custom fields of the book.

use crate::domain::command::{Command, Origin, Target as Of};
use crate::domain::custom::CustomField;
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::store::query::{ListQuery, Listing, Query};
use crate::tui::action::Allowed;
use crate::tui::forms::cell::Spot;
use crate::tui::forms::confirm::Confirm;
use crate::tui::forms::form::RecordForm;
use crate::tui::forms::log::About;
use crate::tui::layers::{FormOf, Layer, Opening, Pick};
use crate::tui::screens::Shown;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::target::Target;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::menu::Menu;

use super::acts::{ASK_ABOVE, several};
use super::{Act, App, views};

/// More records than this are not edited at once here: all of them are read, so that what others changed is not overwritten.
const MOST: usize = 5_000;

impl App {
    /// There is something with fields, and not too much of it.
    pub fn can_edit_field(&self) -> Allowed {
        self.can_change()?;
        let targets = self.targets();
        if targets.len() > MOST {
            return Err(format!(
                "{} are marked, and {MOST} can be edited at once: narrow the list with /",
                several(&targets)
            )
            .into());
        }
        let first = targets.first().map(|target| target.entity);
        if targets.iter().any(|target| Some(target.entity) != first) {
            return Err("Records of several nouns are marked: they share no field".into());
        }
        match targets.first() {
            Some(one) if FormOf::editing(one.entity, one.id).is_none() => {
                Err(format!("A {} has no form here", one.entity.name().replace('_', " ")).into())
            }
            _ => Ok(()),
        }
    }

    /// Opens the menu of the fields of what is under the cursor, or of all that is marked.
    pub fn edit(&mut self) {
        let targets = self.targets();
        // What a pipeline, a stage or a lost reason has is few enough for one form.
        if self.shown == Shown::Setup {
            self.edit_in_form(&targets);
            return;
        }
        if let Some(one) = targets.first() {
            let over = if targets.len() > 1 {
                targets.iter().map(|target| target.id).collect()
            } else {
                Vec::new()
            };
            self.open_form_over(FormOf::Fields(one.entity, one.id), About::default(), over);
        }
    }

    /// Shows what was opened: a form, the menu of its fields, or one of its fields alone.
    pub(super) fn show_opened(&mut self, form: RecordForm, opening: &Opening) {
        let name = |record: &Opening| {
            record
                .record
                .as_ref()
                .map_or_else(String::new, |one| one.name())
        };
        match opening.of {
            FormOf::Fields(entity, id) => self.choose_field(&form, entity, id, opening),
            FormOf::Field(_, _, spot) => {
                if let Some(form) = form.only(spot, &name(opening)) {
                    self.show_form(form, opening.of);
                }
            }
            FormOf::FieldOfAll(_, _, spot) => {
                let records = opening.records.clone().unwrap_or_default();
                let of = several(&records.iter().map(Target::of).collect::<Vec<_>>());
                if let Some(form) = form.only(spot, &of) {
                    self.show_form(form.over(records), opening.of);
                }
            }
            of => self.show_form(form, of),
        }
    }

    fn choose_field(&mut self, form: &RecordForm, entity: Entity, id: RecordId, opening: &Opening) {
        let many = opening.over.len() > 1;
        let offered = form.offered(many).into_iter();
        let mut items: Vec<Item<Pick>> = offered
            .map(|item| Item::new(Pick::Field(item.value), item.label).detail(item.detail))
            .collect();
        if !many {
            items.push(Item::new(Pick::Whole, "all of it in a form"));
        }
        let ids = if many { opening.over.clone() } else { vec![id] };
        let targets: Vec<Target> = ids.into_iter().map(|id| self.target(entity, id)).collect();
        let title = match opening.record.as_ref() {
            Some(record) if !many => format!("Edit of {}", record.name()),
            _ => format!("Edit of {}", several(&targets)),
        };
        let last = self.last_field.filter(|(of, _)| *of == entity);
        let menu = Menu::new(title, items)
            .on(|pick| last.map(|(_, spot)| Pick::Field(spot)) == Some(*pick));
        self.layers.push(Layer::Menu(menu, targets));
    }

    /// Edits a field that was chosen.
    pub(super) fn edit_field(&mut self, spot: Spot, targets: &[Target]) {
        let Some(one) = targets.first() else {
            return;
        };
        self.last_field = Some((one.entity, spot));
        if targets.len() > 1 {
            let ids = targets.iter().map(|target| target.id).collect();
            let of = FormOf::FieldOfAll(one.entity, one.id, spot);
            self.open_form_over(of, About::default(), ids);
        } else {
            self.open_form(FormOf::Field(one.entity, one.id, spot), About::default());
        }
    }

    /// Edits all fields of the record that a menu of fields was about.
    pub(super) fn edit_in_form(&mut self, targets: &[Target]) {
        let one = targets.first();
        if let Some(of) = one.and_then(|one| FormOf::editing(one.entity, one.id)) {
            self.open_form(of, About::default());
        }
    }

    /// Hands the same edit of several records to the book: judged record by record, one step.
    pub(super) fn edit_all(&mut self, commands: Vec<Command>, form: Box<RecordForm>, of: FormOf) {
        let edited: Vec<Target> = commands
            .iter()
            .filter_map(|command| match command {
                Command::Edit {
                    entity,
                    target: Of::Known(id),
                    ..
                } => Some(self.target(*entity, *id)),
                _ => None,
            })
            .collect();
        let said = format!("Edit {} of {}", form.label(), several(&edited));
        let act = Act {
            commands,
            origin: Origin::Bulk,
            label: Some(said.clone()),
            said: said.clone(),
            foresight: edited.iter().map(|one| (one.id, Foresight::Stay)).collect(),
            form: Some(Layer::Form(form, of)),
            then: None,
        };
        if edited.len() > ASK_ABOVE {
            let title = format!("{} at once", several(&edited));
            let confirm = Confirm::new(&title, "One undo takes all of it back.", &said);
            self.layers.push(Layer::Sure(confirm, Box::new(act)));
        } else {
            self.act(act);
            self.screen_mut().clear_marks();
        }
    }

    // The custom fields of the book.

    /// Opens the form of a new custom field, of the noun that is shown.
    pub fn new_field(&mut self) {
        let first = self.targets().into_iter().chain(self.subjects()).next();
        let noun = first.map_or(Entity::Deal, |target| target.entity);
        self.open_form(FormOf::NewField(noun), About::default());
    }

    /// Reads which custom fields there are.
    pub(super) fn read_fields(&mut self) {
        let query = ListQuery {
            entity: Entity::Field,
            filter: None,
            sort: vec![("name".to_owned(), false)],
            limit: None,
            trashed: false,
            asked: self.asked(),
        };
        self.read(views::FIELDS, Query::List(query));
    }

    /// Takes which custom fields there are.
    pub(super) fn take_fields(&mut self, listing: &Listing) {
        self.fields = listing.records.iter().filter_map(CustomField::of).collect();
        self.know_columns(listing);
    }
}
