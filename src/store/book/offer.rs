//! Which steps of an outbox are looked for, and which are offered.

use std::collections::HashSet;

use crate::domain::command::{Origin, StepDraft};
use crate::domain::id::StepId;

use super::super::outbox::{Body, Outbox, State, Step};
use super::Offered;

/// Whether it must be looked for: nobody knows that this book has it. What this process has just kept may be on its way.
pub(super) fn is_open(step: &Step, epoch: i64) -> bool {
    match step.state {
        State::Waiting => !step.fresh,
        State::Saved | State::Asked => true,
        State::Found { epoch: of } => of != epoch,
        State::Settled => false,
    }
}

/// Whether its author must say what becomes of it, once it was looked for.
pub(super) fn is_offered(step: &Step) -> bool {
    step.state == State::Asked || step.state == State::Waiting && !step.fresh
}

/// What an outbox offers: steps, and imports as a whole.
pub(super) fn offers(outbox: &Outbox) -> Vec<Offered> {
    let mut imports = HashSet::new();
    let steps = outbox.steps().iter().filter(|step| is_offered(step));
    let steps = steps.filter(|step| match &step.body {
        Body::Draft(_) => true,
        Body::Batch(batch) => imports.insert(batch.group),
    });
    steps
        .map(|step| Offered {
            draft: step.draft().unwrap_or_else(|| import_without_rows(step)),
            kept_at: step.at,
            acknowledged: step.taken.is_some(),
        })
        .collect()
}

fn import_without_rows(step: &Step) -> StepDraft {
    StepDraft {
        id: step.id(),
        group: step.id(),
        rep: None,
        at: step.at,
        origin: Origin::Import,
        label: Some(words_of_import(step)),
        import: None,
        commands: Vec::new(),
    }
}

pub(super) fn words_of_import(step: &Step) -> String {
    match &step.body {
        Body::Batch(batch) => batch.label.clone().unwrap_or_else(|| "Import".to_owned()),
        Body::Draft(_) => String::new(),
    }
}

/// The steps of an outbox that are offered and meant by these ids; one batch means its whole import.
pub(super) fn named_by<'a>(
    outbox: &'a Outbox,
    ids: &'a [StepId],
) -> impl Iterator<Item = StepId> + 'a {
    let groups: HashSet<StepId> = outbox
        .steps()
        .iter()
        .filter(|step| ids.contains(&step.id()))
        .filter_map(|step| match &step.body {
            Body::Batch(batch) => Some(batch.group),
            Body::Draft(_) => None,
        })
        .collect();
    let open = |step: &&Step| matches!(step.state, State::Waiting | State::Asked);
    let steps = outbox.steps().iter().filter(open);
    steps
        .filter(move |step| match &step.body {
            Body::Batch(batch) => groups.contains(&batch.group),
            Body::Draft(draft) => ids.contains(&draft.id),
        })
        .map(Step::id)
}
