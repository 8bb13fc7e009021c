//! Acts over many records: what clashed is listed and left as it is, the rest is done.

use crate::domain::command::{Command, Origin, Slot, Target};
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::outcome::Kept;

use super::super::error::StoreError;
use super::super::read::names;
use super::{Res, Stop, Writer};

/// Whether a command stands or falls with its step even where others are judged by record: what later ones refer to, what the
/// whole step rests on, and undo.
pub(super) const fn is_whole(command: &Command) -> bool {
    matches!(
        command,
        Command::Create(_)
            | Command::Bring(_)
            | Command::MoveAll { .. }
            | Command::Require { .. }
            | Command::Undo(_)
            | Command::Redo(_)
    )
}

/// The record that a command is about.
fn subject(command: &Command) -> (Entity, Target) {
    match command {
        Command::Create(create) => (create.entity, Target::New(create.slot)),
        Command::Bring(brought) => (brought.entity, brought.id.into()),
        Command::Edit { entity, target, .. }
        | Command::Add { entity, target, .. }
        | Command::Remove { entity, target, .. }
        | Command::Trash { entity, target }
        | Command::Restore { entity, target }
        | Command::Require { entity, target, .. } => (*entity, *target),
        Command::WithoutAmount { deal } => (Entity::Deal, *deal),
        Command::MoveDeal { deal, .. }
        | Command::WinDeal { deal, .. }
        | Command::LoseDeal { deal, .. }
        | Command::ReopenDeal { deal, .. } => (Entity::Deal, (*deal).into()),
        // Whole steps: never asked for.
        Command::MoveAll { .. } | Command::Undo(_) | Command::Redo(_) => {
            (Entity::Import, Target::New(Slot(u32::MAX)))
        }
    }
}

impl Writer<'_> {
    /// A bulk act and an import are judged record by record: what clashed is listed, the rest is done.
    pub(super) fn judges_by_record(&self) -> bool {
        matches!(self.origin, Origin::Bulk | Origin::Import)
    }

    /// Applies a command whole, or leaves its record as it is and notes why.
    pub(super) fn apply_or_keep(&mut self, command: &Command) -> Res<()> {
        self.flush();
        let (logged, created, taken) = (self.log.len(), self.created.len(), self.last_id);
        self.conn.prepare_cached("SAVEPOINT command")?.execute([])?;
        let why = match self.apply(command) {
            Ok(()) => self.clashes.first().map(|clash| {
                let who = clash.by.as_deref().unwrap_or("somebody");
                match clash.field.as_str() {
                    "trashed_at" => format!("{who} put it into the trash since"),
                    field => format!("{who} changed its {} since", field.replace('_', " ")),
                }
            }),
            Err(Stop::Store(
                fault @ (StoreError::Invalid { .. }
                | StoreError::Lacks { .. }
                | StoreError::Unpriced { .. }
                | StoreError::NoRecord { .. }),
            )) => Some(fault.to_string()),
            Err(stop) => return Err(stop),
        };
        if let Some(why) = why {
            self.conn
                .prepare_cached("ROLLBACK TO command")?
                .execute([])?;
            self.clashes.clear();
            self.batch = None;
            self.log.truncate(logged);
            for (slot, noun, id) in self.created.drain(created..) {
                self.slots.remove(&slot);
                self.seen.remove(&(noun, id));
            }
            self.last_id = taken;
            let (entity, target) = subject(command);
            let record = self.id_of(entity, target)?;
            self.keep(entity, record, why)?;
        }
        self.conn.prepare_cached("RELEASE command")?.execute([])?;
        Ok(())
    }

    /// Notes a record that a bulk act, an import or their undo leaves as it is.
    pub(super) fn keep(&mut self, entity: Entity, record: RecordId, why: String) -> Res<()> {
        let name = names::of(self.conn, entity, record)?;
        self.kept.push(Kept {
            entity,
            record,
            name,
            why,
        });
        Ok(())
    }
}
