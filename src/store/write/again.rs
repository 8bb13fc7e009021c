//! Trying again, and from which seat: a step is done once, whoever sends it however often.

use rusqlite::{Connection, OptionalExtension};
use sha2::{Digest, Sha256};

use crate::domain::command::{Command, Slot, StepDraft};
use crate::domain::id::{RecordId, SEATS, Seat, StepId};
use crate::domain::nouns::Entity;
use crate::domain::outcome::Receipt;
use crate::domain::time::Instant;

use super::super::book::still;
use super::super::error::StoreError;
use super::super::read::known::import_under_way;
use super::super::tables;
use super::{Author, Res, invalid};

/// SHA-256 of the draft as it would be sent.
pub(super) fn body_hash(draft: &StepDraft) -> [u8; 32] {
    // A draft is made of names, numbers and texts: nothing in it can fail to serialise.
    let body = serde_json::to_vec(draft).unwrap_or_default();
    Sha256::digest(&body).into()
}

/// The receipt of a step, if it is in the book.
pub(in crate::store) fn receipt(conn: &Connection, draft: &StepDraft) -> Res<Option<Receipt>> {
    done_before(conn, draft, &body_hash(draft))
}

/// The group that an undo or redo in the book took back.
pub(in crate::store) fn undid(conn: &Connection, step: StepId) -> rusqlite::Result<Option<StepId>> {
    let found = conn
        .prepare_cached("SELECT undoes FROM step WHERE id = ?1")?
        .query_row([step], |row| row.get(0))
        .optional()?;
    Ok(found.flatten())
}

/// The receipt of an earlier try of the same step.
pub(super) fn done_before(
    conn: &Connection,
    draft: &StepDraft,
    body: &[u8; 32],
) -> Res<Option<Receipt>> {
    let found = conn
        .prepare_cached("SELECT n, body, label FROM step WHERE id = ?1")?
        .query_row([draft.id], |row| {
            Ok((
                row.get::<_, i64>(0)?,
                row.get::<_, Vec<u8>>(1)?,
                row.get::<_, String>(2)?,
            ))
        })
        .optional()?;
    let Some((n, known, label)) = found else {
        return Ok(None);
    };
    if known != body {
        return invalid(format!(
            "Step {} is in the book already with another content: it was not repeated.",
            draft.id
        ));
    }
    let (seq, changes): (i64, i64) = conn.query_row(
        "SELECT coalesce(max(seq), 0), count(*) FROM change WHERE step = ?1",
        [n],
        |row| Ok((row.get(0)?, row.get(1)?)),
    )?;
    Ok(Some(Receipt {
        step: draft.id,
        group: draft.group,
        label,
        seq,
        created: created_by(conn, n, draft)?,
        changes: usize::try_from(changes).unwrap_or_default(),
        again: true,
        kept: Vec::new(),
    }))
}

/// Refuses a batch of an import that was taken back meanwhile, and the first batch while another import is under way: half an
/// import must neither stay nor be built upon.
pub(super) fn may_go_on(conn: &Connection, draft: &StepDraft) -> Res<()> {
    let undone: bool = conn
        .prepare_cached("SELECT 1 FROM step WHERE grp = ?1 AND undone_by IS NOT NULL")?
        .exists([draft.group])?;
    if undone {
        return invalid("This import was taken back while it ran: nothing of it is in the book.");
    }
    let begins = draft.commands.iter().any(
        |command| matches!(command, Command::Create(create) if create.entity == Entity::Import),
    );
    if !begins {
        return Ok(());
    }
    match import_under_way(conn, Some(draft.group), still())? {
        Some(file) => Err(StoreError::Importing { file }.into()),
        None => Ok(()),
    }
}

/// The records that a step made, for the slots of its draft: both stand in the same order.
fn created_by(conn: &Connection, n: i64, draft: &StepDraft) -> Res<Vec<(Slot, Entity, RecordId)>> {
    let batches: Vec<(Entity, RecordId, Option<RecordId>)> = conn
        .prepare_cached("SELECT entity, record, last FROM change WHERE step = ?1 AND field IS NULL ORDER BY seq")?
        .query_map([n], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?
        .collect::<Result<_, _>>()?;
    let mut ids = Vec::new();
    for (entity, first, last) in batches {
        let records = tables::between(conn, entity, first, last.unwrap_or(first))?;
        ids.extend(records.into_iter().map(|id| (entity, id)));
    }
    let mut ids = ids.into_iter();
    let mut created = Vec::new();
    for command in &draft.commands {
        if let Command::Create(create) = command {
            // What a command made on its own account (a lost reason by name) has no slot.
            if let Some((entity, id)) = ids.by_ref().find(|(entity, _)| *entity == create.entity) {
                created.push((create.slot, entity, id));
            }
        }
    }
    Ok(created)
}

/// The seat of this user on this host, taken now if need be, and the last id that it took.
pub(super) fn take_seat(conn: &Connection, author: &Author, now: Instant) -> Res<(Seat, RecordId)> {
    let known = conn
        .prepare_cached("SELECT number, last_id FROM seat WHERE os_user = ?1 AND host = ?2")?
        .query_row((&author.os_user, &author.host), |row| {
            Ok((row.get::<_, u16>(0)?, row.get(1)?))
        })
        .optional()?;
    if let Some((number, last_id)) = known {
        return Ok((Seat(number), last_id));
    }
    let number: u16 =
        conn.query_row("SELECT coalesce(max(number) + 1, 0) FROM seat", [], |row| {
            row.get(0)
        })?;
    if number >= SEATS {
        return invalid("All 1024 seats of this book are taken: no further host can write to it.");
    }
    let seat = Seat(number);
    let none = RecordId::from_raw(0);
    conn.execute(
        "INSERT INTO seat (number, os_user, host, last_id, last_seen) VALUES (?1, ?2, ?3, ?4, ?5)",
        (number, &author.os_user, &author.host, none, now),
    )?;
    Ok((seat, none))
}
