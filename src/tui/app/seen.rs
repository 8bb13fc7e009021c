//! Acts on records of which no more than the name is known where they are started: what somebody else did on Today, marked lines
//! that are not loaded, a contact that is being opened. A change is judged by what its author saw, so the book is asked first, and
//! the act goes on with what it says, on the records that were meant when the key was pressed.

use std::collections::{HashMap, VecDeque};

use crate::domain::history::ListRow;
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::store::query::Query;
use crate::tui::action::ACTIONS;
use crate::tui::notices::Tone;
use crate::tui::target::Target;

use super::{App, views};

/// What an act is about: [`App::targets`] and [`App::subjects`] when it was started.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub(super) targets: Vec<Target>,
    pub(super) subjects: Vec<Target>,
}

/// An act that waits for what the book says of its records.
#[derive(Debug)]
struct Waiting {
    /// The action, by its place in the table.
    action: usize,
    about: About,
    entity: Entity,
    ids: Vec<RecordId>,
}

/// The acts that wait, the first to be started in front.
#[derive(Debug, Default)]
pub(super) struct Unseen {
    waiting: VecDeque<Waiting>,
    /// What the act that runs now is about.
    pub(super) about: Option<About>,
}

impl App {
    /// Asks the book for what is not known of the records of an action, where it rests on that. False where nothing is to be asked:
    /// then it runs now.
    pub(super) fn looks_first(&mut self, action: usize) -> bool {
        if !ACTIONS
            .get(action)
            .is_some_and(|action| action.rests_on_seen)
        {
            return false;
        }
        let about = About {
            targets: self.targets(),
            subjects: self.subjects(),
        };
        let unseen: Vec<&Target> = about
            .targets
            .iter()
            .chain(&about.subjects)
            .filter(|target| !target.read && is_changed_by_fields(target.entity))
            .collect();
        let Some(entity) = unseen.first().map(|target| target.entity) else {
            return false;
        };
        let mut ids: Vec<RecordId> = Vec::new();
        for target in unseen {
            if target.entity == entity && !ids.contains(&target.id) {
                ids.push(target.id);
            }
        }
        self.unseen.waiting.push_back(Waiting {
            action,
            about,
            entity,
            ids,
        });
        if self.unseen.waiting.len() == 1 {
            self.look_at_the_first();
        }
        true
    }

    fn look_at_the_first(&mut self) {
        if let Some(first) = self.unseen.waiting.front() {
            let (entity, ids, now) = (first.entity, first.ids.clone(), self.now());
            self.read(views::SEEN, Query::Rows { entity, ids, now });
        }
    }

    /// The book says how the records of the first act that waits stand: it goes on.
    pub(super) fn looked_at(&mut self, rows: &[ListRow]) {
        let Some(mut first) = self.unseen.waiting.pop_front() else {
            return;
        };
        let known: HashMap<RecordId, Target> = rows
            .iter()
            .map(|row| (row.record.id, Target::of(&row.record)))
            .collect();
        let mut gone = None;
        for targets in [&mut first.about.targets, &mut first.about.subjects] {
            targets.retain_mut(|target| {
                if target.read || target.entity != first.entity {
                    return true;
                }
                match known.get(&target.id) {
                    Some(found) => *target = found.clone(),
                    None => gone = Some(target.name.clone()),
                }
                target.read
            });
        }
        if let Some(name) = gone {
            self.say(
                Tone::Bad,
                format!("Not done: {name} is not in the book any more"),
            );
        } else if let Some(action) = ACTIONS.get(first.action) {
            self.unseen.about = Some(first.about);
            (action.run)(self);
            self.unseen.about = None;
        }
        self.look_at_the_first();
    }

    /// The book does not say it: what waited is not done.
    pub(super) fn not_looked_at(&mut self) {
        self.unseen.waiting.clear();
    }
}

/// Whether the records of a noun have what these acts change.
const fn is_changed_by_fields(entity: Entity) -> bool {
    matches!(entity, Entity::Deal | Entity::Contact | Entity::Company)
}
