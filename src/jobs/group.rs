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
/// How long a group that stopped because its drive is gone is tried to be taken back: the next start does that, too.
const GONE_PATIENCE: Duration = Duration::from_secs(2);

/// Who acts, and as of when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// Who; `None` where nobody has said who they are.
    pub rep: Option<Id<Rep>>,
    /// The moment of the act.
    pub at: Instant,
}

/// Takes a group back that could not be brought to its end. Where somebody has taken it back already (that is why it stopped), nothing
/// is left to do. `why` it stopped tells how long it is worth waiting.
pub(super) fn take_back(
    book: &mut Book,
    group: StepId,
    actor: Actor,
    why: Option<&StoreError>,
) -> Result<(), StoreError> {
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
    let patience = match why {
        Some(StoreError::Unreachable { .. }) => GONE_PATIENCE,
        _ => PATIENCE,
    };
    match book.commit_patiently(&draft, patience) {
        Ok(_) | Err(StoreError::Invalid { .. }) => Ok(()),
        Err(fault) => Err(fault),
    }
}
