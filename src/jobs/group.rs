//! Steps of one group: batches that one undo takes back.

use std::time::Duration;

use crate::domain::command::{Command, Origin, StepDraft, Which};
use crate::domain::id::{Id, StepId};
use crate::domain::records::Rep;
use crate::domain::time::Instant;
use crate::store::StoreError;
use crate::store::{Book, random_id};

/// How long a batch waits for the book's lock.
pub(super) const PATIENCE: Duration = Duration::from_mins(1);

/// Who acts, and as of when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who; `None` where nobody has said who they are.
    pub rep: Option<Id<Rep>>,
    /// The moment of the act.
    pub at: Instant,
}

/// Takes a group back that could not be brought to its end. Where somebody has taken it back already (that is why it stopped), nothing
/// is left to do.
pub(super) fn take_back(book: &mut Book, group: StepId, actor: Actor) -> Result<(), StoreError> {
    let id = random_id();
    let draft = StepDraft {
        id,
        group: id,
        rep: actor.rep,
        at: actor.at,
        origin: Origin::Undo,
        label: None,
        import: None,
        commands: vec![Command::Undo(Which::Group(group))],
    };
    match book.commit_patiently(&draft, PATIENCE) {
        Ok(_) | Err(StoreError::Invalid { .. }) => Ok(()),
        Err(fault) => Err(fault),
    }
}
