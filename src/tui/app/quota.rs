//! Setting a quota: the form, and what it does to one that is there already.

use crate::domain::command::{Base, Command, Create, FieldEdit, Input};
use crate::domain::id::Id;
use crate::domain::nouns::{Entity, Field, quota};
use crate::domain::period::Period;
use crate::domain::records::Record;
use crate::domain::typed::Typing;
use crate::domain::value::Value;
use crate::store::query::{ListQuery, Query};
use crate::tui::forms;
use crate::tui::forms::form::RecordForm;
use crate::tui::forms::log::About;
use crate::tui::layers::FormOf;
use crate::tui::screens::views;

use super::App;

impl App {
    /// Opens the form that sets a quota, and asks which there are.
    pub fn set_quota(&mut self) {
        let query = ListQuery {
            entity: Entity::Quota,
            filter: None,
            sort: Vec::new(),
            limit: None,
            trashed: false,
            asked: self.asked(),
        };
        self.read(views::QUOTAS, Query::List(query));
        self.open_form(FormOf::Quota, About::default());
    }

    /// The form for who acts and the quarter under way.
    pub(super) fn quota_form(&self, typing: Typing) -> Option<RecordForm> {
        let start = self.info()?.fiscal_start;
        let quarter = Period::parse("this-quarter", typing.today(), start).ok()?;
        let me = self.me().map(Id::record);
        let period = quarter.spelled(start);
        Some(forms::quota::set(&self.reps, me, &period, typing))
    }

    /// What the form of a quota does: where the rep has one for the period, that one is changed by the values that were seen.
    pub(super) fn with_quota(&self, of: FormOf, commands: Vec<Command>) -> Vec<Command> {
        if of != FormOf::Quota {
            return commands;
        }
        let known = |command| match command {
            Command::Create(create) => {
                match self.quotas.iter().find(|known| is_for(known, &create)) {
                    Some(known) => again(known, &create),
                    None => Command::Create(create),
                }
            }
            other => other,
        };
        commands.into_iter().map(known).collect()
    }
}

fn is_for(known: &Record, create: &Create) -> bool {
    [&quota::REP, &quota::PERIOD].into_iter().all(|def| {
        let wanted = create.fields.iter().find(|(field, _)| *field == def.into());
        wanted.is_some_and(|(_, input)| *input == Input::Value(known.get(def).clone()))
    })
}

fn again(known: &Record, create: &Create) -> Command {
    let edits = create.fields.iter().filter_map(|(field, new)| {
        let Field::Own(def) = field else { return None };
        // A ramp that nobody typed stays.
        (*new != Input::Value(Value::Null)).then(|| FieldEdit {
            field: *field,
            base: Base::Seen(known.get(def).clone()),
            new: new.clone(),
        })
    });
    Command::Edit {
        entity: Entity::Quota,
        target: known.id.into(),
        edits: edits.collect(),
    }
}
