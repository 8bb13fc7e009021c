//! Views, columns and orders of the screens: chosen, saved, changed.

use crate::domain::command::{Base, Command, FieldEdit, Origin};
use crate::domain::custom::CustomField;
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::{Entity, view};
use crate::domain::records::Record;
use crate::domain::view::{SavedView, Setup};
use crate::store::query::{Answer as StoreAnswer, ListQuery, Listing, Query};
use crate::tui::forms::log::About;
use crate::tui::layers::{FormOf, Layer, Pick};
use crate::tui::notices::Tone;
use crate::tui::screens::Shown;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::widgets::Answer;
use crate::tui::widgets::checklist::{Checklist, Tick};
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::menu::Menu;

use super::{Act, App, views};

/// What is known of views and of the columns that a book adds.
#[derive(Debug, Default)]
pub(super) struct Views {
    /// The views of the book, by name.
    saved: Vec<Record>,
    /// The custom fields, by the noun that has them.
    pub(super) fields: Vec<CustomField>,
    /// A view that was just made: its screen has it on when it comes.
    made: Option<RecordId>,
}

impl App {
    /// Asks for the views of the book.
    pub(super) fn read_views(&mut self) {
        let query = ListQuery {
            entity: Entity::View,
            filter: None,
            sort: vec![("name".to_owned(), false)],
            limit: None,
            trashed: false,
            asked: self.asked(),
        };
        self.read(views::VIEWS, Query::List(query));
    }

    /// A record was made: a view is on from now on.
    pub(super) fn made_view(&mut self, entity: Entity, id: RecordId) {
        if entity == Entity::View {
            self.views.made = Some(id);
        }
    }

    pub(super) fn take_views(&mut self, answer: StoreAnswer) {
        let StoreAnswer::List(listing) = answer else {
            return;
        };
        self.views.saved = listing.records;
        let made = self.views.made.take();
        if let Some(saved) = made.and_then(|id| self.saved_view(id))
            && self.screen().views_of() == Some(&saved.screen)
        {
            self.screen_mut().is_now(saved.id, &saved.name);
        }
        // Whoever renames the view that is on sees its new name, and of one that is in the trash no name.
        let known: Vec<SavedView> = self.views.saved.iter().map(SavedView::of).collect();
        for screen in self.screens_mut() {
            let Some((id, name)) = screen
                .worn()
                .and_then(|worn| Some((worn.id?, worn.name.clone())))
            else {
                continue;
            };
            match known.iter().find(|saved| saved.id == id) {
                Some(saved) if saved.name != name => screen.rename_view(&saved.name),
                Some(_) => {}
                None => screen.forget_view(),
            }
        }
    }

    /// Whether the screen has a view of the book on.
    pub(super) fn wears_saved(&self) -> bool {
        self.screen().worn().is_some_and(|worn| worn.id.is_some())
    }

    /// Tells the lists which columns the book adds.
    pub(super) fn know_columns(&mut self, listing: &Listing) {
        let fields = listing.records.iter().filter_map(CustomField::of);
        let fields: Vec<CustomField> = fields.collect();
        for screen in self.screens_mut() {
            screen.know_fields(&fields);
        }
        self.views.fields = fields;
    }

    fn saved_view(&self, id: RecordId) -> Option<SavedView> {
        let record = self.views.saved.iter().find(|record| record.id == id)?;
        Some(SavedView::of(record))
    }

    /// Opens the menu of what the screen can show: parts, the views that it is born with, those of the book, and what can be done
    /// with the one that is on.
    pub fn choose_view(&mut self) {
        let screen = self.screen();
        let worn = screen.worn();
        let mut items: Vec<Item<Pick>> = Vec::new();
        for (place, choice) in screen.parts().into_iter().enumerate() {
            let item = Item::new(Pick::Part(place), choice.name).detail(choice.detail);
            items.push(if choice.on {
                item.barred("is shown")
            } else {
                item
            });
        }
        for (place, view) in screen.built_in().iter().enumerate() {
            items.push(Item::new(Pick::BuiltIn(place), view.name).detail(view.filter));
        }
        let me = self.me().map(Id::record);
        let of = screen.views_of();
        let mut on = None;
        for record in &self.views.saved {
            let saved = SavedView::of(record);
            if Some(saved.screen.as_str()) != of || !saved.is_for(me) {
                continue;
            }
            if worn.is_some_and(|worn| worn.id == Some(saved.id)) {
                on = Some(saved.clone());
            }
            let item = Item::new(Pick::View(saved.id), &saved.name);
            items.push(match &saved.setup {
                Ok(_) => item.detail(whose(&saved, record, me)),
                Err(why) => item.barred(why),
            });
        }
        if of.is_some() {
            items.push(Item::new(Pick::SaveView, "Save what is shown as a view…"));
        }
        if let Some(on) = on {
            let name = &on.name;
            let now = screen.setup();
            let change = Item::new(
                Pick::ChangeView(on.id),
                format!("Change {name} to what is shown"),
            );
            items.push(if screen.refused().is_some() {
                change.barred("nothing is shown")
            } else if on.setup.as_ref() == Ok(&now) {
                change.barred("is so")
            } else {
                change
            });
            items.push(Item::new(
                Pick::RenameView(on.id),
                format!("Rename or share {name}…"),
            ));
            items.push(Item::new(
                Pick::TrashView(on.id),
                format!("Put {name} into the trash"),
            ));
        }
        let title = match self.shown {
            Shown::Leads => "Show of the leads",
            Shown::Contact | Shown::Company => "Show of the timeline",
            Shown::Pipeline => "Show of the pipeline",
            Shown::Trash => "Show of the trash",
            Shown::Steps => "Show",
            _ => "Show of the list",
        };
        self.layers
            .push(Layer::Menu(Menu::new(title, items), Vec::new()));
    }

    /// Puts on a view that the screen is born with.
    pub(super) fn wear_built_in(&mut self, place: usize) {
        let Some(view) = self.screen().built_in().get(place) else {
            return;
        };
        match Setup::read(view.filter, "", "") {
            Ok(setup) => self.wear(None, view.name, &setup),
            Err(why) => self.say(Tone::Bad, why),
        }
    }

    /// Puts on a view of the book.
    pub(super) fn wear_saved(&mut self, id: RecordId) {
        let Some(saved) = self.saved_view(id) else {
            self.say(Tone::Bad, "This view is not in the book any more");
            return;
        };
        match saved.setup {
            Ok(setup) => self.wear(Some(id), &saved.name, &setup),
            Err(why) => self.say(Tone::Bad, why),
        }
    }

    fn wear(&mut self, id: Option<RecordId>, name: &str, setup: &Setup) {
        self.screen_mut().wear(id, name, setup);
        self.settle_screens();
        self.read_screen();
    }

    /// Opens the form that keeps what is shown.
    pub(super) fn save_view(&mut self) {
        self.open_form(FormOf::NewView, About::default());
    }

    /// Opens the form that renames a view.
    pub(super) fn rename_view(&mut self, id: RecordId) {
        self.open_form(FormOf::View(id), About::default());
    }

    /// Changes a view to what is shown.
    pub(super) fn change_view(&mut self, id: RecordId) {
        let Some(record) = self.views.saved.iter().find(|record| record.id == id) else {
            return;
        };
        let now = self.screen().setup();
        let edits = [
            (&view::FILTER, now.filter_line()),
            (&view::COLUMNS, now.columns_line()),
            (&view::SORT, now.sort_line()),
        ]
        .map(|(def, line)| FieldEdit {
            field: def.into(),
            base: Base::Seen(record.get(def).clone()),
            new: crate::domain::value::Value::from(line).into(),
        });
        let name = record.name();
        let commands = vec![Command::Edit {
            entity: Entity::View,
            target: id.into(),
            edits: edits.into(),
        }];
        self.screen_mut().is_now(id, &name);
        self.act_on_view(commands, id, format!("Change the view {name}"));
    }

    /// Puts a view into the trash.
    pub(super) fn trash_view(&mut self, id: RecordId) {
        let Some(saved) = self.saved_view(id) else {
            return;
        };
        let (entity, target) = (Entity::View, id.into());
        let said = format!("Put the view {} into the trash", saved.name);
        self.act_on_view(vec![Command::Trash { entity, target }], id, said);
    }

    fn act_on_view(&mut self, commands: Vec<Command>, id: RecordId, said: String) {
        self.act(Act {
            commands,
            origin: Origin::Human,
            label: None,
            said,
            foresight: vec![(id, Foresight::Stay)],
            form: None,
            then: None,
        });
    }

    /// Opens the list of columns.
    pub fn choose_columns(&mut self) {
        let ticks = self.screen().columns().into_iter().map(|column| Tick {
            key: column.key,
            name: column.name,
            on: column.on,
        });
        let list = Checklist::new("Columns", ticks.collect());
        self.layers.push(Layer::Columns(list));
    }

    pub(super) fn columns_answered(&mut self, list: Checklist, answer: &Answer<()>) {
        match answer {
            Answer::Stay => self.layers.push(Layer::Columns(list)),
            Answer::Submit(()) => {
                let keys = list.ticked();
                if keys.is_empty() {
                    self.say(Tone::Plain, "No column was left: the usual ones are shown");
                }
                self.screen_mut().set_columns(keys);
            }
            Answer::Cancel => {}
        }
    }
}

/// Whose a view is, for its row of the menu.
fn whose(saved: &SavedView, record: &Record, me: Option<RecordId>) -> String {
    let owner = record.link::<crate::domain::records::Rep>(&view::OWNER);
    match (saved.shared, owner) {
        (false, _) => "only mine".to_owned(),
        (true, Some(owner)) if Some(owner.id.record()) != me => format!("by {}", owner.name),
        (true, _) => "shared".to_owned(),
    }
}
