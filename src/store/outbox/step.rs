//! The steps of an outbox and how each stands, from the lines in their order.

use std::collections::HashMap;

use crate::domain::command::{Command, Create, Input, Origin, StepDraft, Which};
use crate::domain::id::StepId;
use crate::domain::nouns::{Entity, Field, FieldDef, import};
use crate::domain::time::Instant;

use super::line::{Batch, Body, Entry, Taken};

/// How a step stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum State {
    /// Nobody knows whether the book has it.
    Waiting,
    /// The book has taken it, and no later look has found it yet.
    Saved,
    /// A later look found it, in the book of this epoch.
    Found { epoch: i64 },
    /// The book had it and has it no more; its author is asked.
    Asked,
    /// It needs nothing more.
    Settled,
}

/// A step of an outbox.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::store) struct Step {
    pub at: Instant,
    pub body: Body,
    pub state: State,
    /// What the book said when it took it.
    pub taken: Option<Taken>,
    /// Kept by this process, in this run.
    pub fresh: bool,
}

impl Step {
    pub fn id(&self) -> StepId {
        self.body.step()
    }

    /// The last epoch in which the book is known to have had it.
    pub fn epoch(&self) -> Option<i64> {
        match self.state {
            State::Found { epoch } => Some(epoch),
            _ => self.taken.as_ref().map(|taken| taken.epoch),
        }
    }

    /// Where it stood in the order of the book.
    pub fn seq(&self) -> i64 {
        self.taken.as_ref().map_or(0, |taken| taken.seq)
    }

    /// The lines that say all this.
    pub fn entries(&self) -> Vec<Entry> {
        let step = self.id();
        let mut entries = vec![Entry::Kept {
            at: self.at,
            body: self.body.clone(),
        }];
        entries.extend(self.taken.clone().map(|taken| Entry::Saved { step, taken }));
        match self.state {
            State::Waiting | State::Saved => {}
            State::Found { epoch } => entries.push(Entry::Found { step, epoch }),
            State::Asked => entries.push(Entry::Asked { step }),
            State::Settled => entries.push(Entry::Settled { step }),
        }
        entries
    }

    /// The step to write again: an undo of what was last takes back the group that was the last then.
    pub fn draft(&self) -> Option<StepDraft> {
        let Body::Draft(draft) = &self.body else {
            return None;
        };
        let mut draft = draft.as_ref().clone();
        if let Some(group) = self.taken.as_ref().and_then(|taken| taken.undid) {
            for command in &mut draft.commands {
                if is_of_the_last(command) {
                    // To undo an undo is to redo.
                    *command = Command::Undo(Which::Group(group));
                }
            }
        }
        Some(draft)
    }
}

/// Whether a command takes back what is the last at the moment of its commit.
pub(in crate::store) fn is_of_the_last(command: &Command) -> bool {
    matches!(
        command,
        Command::Undo(Which::Last) | Command::Redo(Which::Last)
    )
}

/// What is kept of a draft: all of it, but of an import only that it was one.
pub(super) fn body_of(draft: &StepDraft) -> Body {
    if draft.origin != Origin::Import {
        return Body::Draft(Box::new(draft.clone()));
    }
    let files = draft.commands.iter().filter_map(|command| match command {
        Command::Create(create) if create.entity == Entity::Import => Some((
            text_of(create, &import::FILE),
            text_of(create, &import::HASH),
        )),
        _ => None,
    });
    Body::Batch(Batch {
        step: draft.id,
        group: draft.group,
        label: draft.label.clone(),
        files: files.collect(),
    })
}

/// The text of a field that a record is made with; empty without one.
fn text_of(create: &Create, field: &FieldDef) -> String {
    let given = create.fields.iter().find_map(|(own, input)| match input {
        Input::Value(value) if matches!(own, Field::Own(own) if *own == field) => value.as_text(),
        _ => None,
    });
    given.unwrap_or_default().to_owned()
}

/// Steps in the order in which they were kept.
#[derive(Clone, Debug, Default)]
pub(in crate::store) struct Steps {
    all: Vec<Step>,
    places: HashMap<StepId, usize>,
}

impl Steps {
    pub fn iter(&self) -> std::slice::Iter<'_, Step> {
        self.all.iter()
    }

    pub fn get(&self, step: StepId) -> Option<&Step> {
        self.places.get(&step).map(|place| &self.all[*place])
    }

    /// The newest that a look has found: while it is there, so are those before it.
    pub fn canary(&self) -> Option<&Step> {
        self.all
            .iter()
            .filter(|step| matches!(step.state, State::Found { .. }))
            .max_by_key(|step| (step.epoch(), step.seq()))
    }

    /// Takes a line in. A mark on a step whose own line is not there says nothing.
    pub fn take(&mut self, entry: Entry, fresh: bool) {
        match entry {
            Entry::Kept { at, body } => {
                let step = Step {
                    at,
                    state: State::Waiting,
                    taken: self.get(body.step()).and_then(|known| known.taken.clone()),
                    body,
                    fresh,
                };
                if let Some(place) = self.places.get(&step.id()) {
                    self.all[*place] = step;
                } else {
                    self.places.insert(step.id(), self.all.len());
                    self.all.push(step);
                }
            }
            Entry::Saved { step, taken } => self.mark(step, |known| {
                known.state = State::Saved;
                known.taken = Some(taken);
            }),
            Entry::Found { step, epoch } => {
                self.mark(step, |known| known.state = State::Found { epoch });
            }
            Entry::Asked { step } => self.mark(step, |known| known.state = State::Asked),
            Entry::Settled { step } => self.mark(step, |known| known.state = State::Settled),
        }
    }

    fn mark(&mut self, step: StepId, how: impl FnOnce(&mut Step)) {
        if let Some(place) = self.places.get(&step) {
            how(&mut self.all[*place]);
        }
    }
}

impl FromIterator<Step> for Steps {
    fn from_iter<T: IntoIterator<Item = Step>>(steps: T) -> Self {
        let all: Vec<Step> = steps.into_iter().collect();
        let places = all
            .iter()
            .enumerate()
            .map(|(place, step)| (step.id(), place))
            .collect();
        Self { all, places }
    }
}
