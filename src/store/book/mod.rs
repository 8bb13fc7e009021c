//! An open book: create, open, commit, ask.

mod commit;
mod copy;
mod kept;
mod meta;
mod offer;
mod open;
mod proof;
mod rights;

use std::path::Path;
use std::time::Duration;

use rusqlite::{Connection, InterruptHandle};

use crate::domain::command::{Command, Origin, StepDraft, Which};
use crate::domain::id::RecordId;
use crate::domain::known::{Known, KnownLine, WaitingLink};
use crate::domain::money::Currency;
use crate::domain::nouns::Entity;
use crate::domain::outcome::{Outcome, Receipt};
use crate::domain::records::Record;
use crate::domain::time::{Instant, Zone};

use super::check::{Findings, Kind};
use super::drive::lease::{self, Lease};
use super::drive::{Drive, Manner};
use super::error::StoreError;
use super::outbox::Outboxes;
use super::patience::{Pauses, Turn};
use super::query::{Answer, BookInfo, Query};
use super::side::{Mark, Side};
use super::who::{random_id, real_now};
use super::write::{Author, Stop};
use super::{check, hash, read, sql};

pub use kept::{Offered, Verified};
pub(super) use meta::Meta;
use open::{FileId, file_id};
pub use open::{NewBook, Opening, PATIENCE};

/// An open book. One process opens a file once; the app does it on the store thread ([`Handle`](super::handle::Handle)), the
/// shell and jobs directly.
#[derive(Debug)]
pub struct Book {
    /// `None` while the drive is away.
    conn: Option<Connection>,
    pub(super) opening: Opening,
    drive: Drive,
    manner: Manner,
    pub(super) meta: Meta,
    author: Author,
    file: FileId,
    side: Side,
    outboxes: Option<Outboxes>,
    /// Why the drive is not to be trusted with more, once it has lost something.
    doubt: Option<String>,
    /// What was found damaged since it was opened: nothing is written any more.
    damage: Option<String>,
    /// What a look that is not at its end has found so far.
    verified: Verified,
    turn: Turn,
    /// Given back after the connection is closed.
    lease: Option<Lease>,
}

impl Book {
    /// Where it is.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.opening.path
    }

    /// What it lies on.
    #[must_use]
    pub const fn drive(&self) -> &Drive {
        &self.drive
    }

    /// How it is worked on there.
    #[must_use]
    pub const fn manner(&self) -> Manner {
        self.manner
    }

    /// The currency of sums.
    #[must_use]
    pub const fn base(&self) -> Currency {
        self.meta.base
    }

    /// The team's time zone.
    #[must_use]
    pub const fn zone(&self) -> Zone {
        self.meta.zone
    }

    /// Tells others by the side file that the log has grown. On a local disk they are told by the system: there only a side file
    /// that somebody on a share has made is kept right.
    pub(super) fn give_notice(&mut self, receipts: &[&Receipt]) {
        let written = receipts.iter().filter(|receipt| !receipt.again);
        if let Some(seq) = written
            .map(|receipt| receipt.seq)
            .max()
            .filter(|seq| *seq > 0)
        {
            let epoch = self.meta.epoch;
            self.side
                .write(Mark { epoch, seq }, self.manner != Manner::Local);
        }
    }

    /// What the side file says, and lets others say.
    pub(super) const fn side(&mut self) -> &mut Side {
        &mut self.side
    }

    /// The circumstances under which it was opened.
    pub(super) const fn opening(&self) -> &Opening {
        &self.opening
    }

    /// How often the book was restored from a backup.
    pub(super) const fn epoch(&self) -> i64 {
        self.meta.epoch
    }

    /// Answers a question, in one read transaction.
    pub fn ask(&mut self, query: &Query) -> Result<Answer, StoreError> {
        self.at_hand()?;
        let conn = connected(&mut self.conn, &self.opening.path)?;
        let answered = read::answer(conn, &self.meta, &self.opening.path, query)
            .map_err(|stop| reading(&self.opening.path, stop));
        self.seen(answered)
    }

    /// Remembers damage: what was built on it would make it worse.
    fn seen<T>(&mut self, done: Result<T, StoreError>) -> Result<T, StoreError> {
        if let Err(StoreError::Damaged { what, .. }) = &done {
            self.damage.get_or_insert_with(|| what.clone());
        }
        done
    }

    /// [`ask`](Self::ask), with the patience of [`commit_patiently`](Self::commit_patiently).
    pub fn ask_patiently(
        &mut self,
        query: &Query,
        patience: Duration,
    ) -> Result<Answer, StoreError> {
        Pauses::for_up_to(patience).run(|| self.ask(query))
    }

    /// What an import must know before it plans: every name and key, and the source records of these sources. Here and below:
    /// while the book is locked again after pauses, for as long as its opening said.
    /// [`StoreError::Importing`] while another import is under way: what that one has written so far may yet be taken back.
    pub fn known(&mut self, sources: &[String]) -> Result<Known, StoreError> {
        Pauses::for_up_to(self.opening.patience).run(|| {
            self.at_hand()?;
            let conn = connected(&mut self.conn, &self.opening.path)?;
            read::known::known(conn, &self.meta, sources, still())
                .map_err(|stop| reading(&self.opening.path, stop))
        })
    }

    /// Whole records, in the trash or not; ids that are not in the book are left out.
    pub fn records(&mut self, entity: Entity, ids: &[RecordId]) -> Result<Vec<Record>, StoreError> {
        Pauses::for_up_to(self.opening.patience).run(|| {
            self.at_hand()?;
            let conn = connected(&mut self.conn, &self.opening.path)?;
            read::known::records(conn, entity, ids)
                .map_err(|stop| reading(&self.opening.path, stop))
        })
    }

    /// The product lines of these deals, in the trash or not.
    pub fn lines_of(&mut self, deals: &[RecordId]) -> Result<Vec<KnownLine>, StoreError> {
        Pauses::for_up_to(self.opening.patience).run(|| {
            self.at_hand()?;
            let conn = connected(&mut self.conn, &self.opening.path)?;
            read::known::lines_of(conn, deals).map_err(|stop| reading(&self.opening.path, stop))
        })
    }

    /// Every link that waits for its record, in order of birth, but for those of records in the trash.
    pub fn waiting_links(&mut self) -> Result<Vec<WaitingLink>, StoreError> {
        Pauses::for_up_to(self.opening.patience).run(|| {
            self.at_hand()?;
            let conn = connected(&mut self.conn, &self.opening.path)?;
            read::waiting::links(conn).map_err(|stop| reading(&self.opening.path, stop))
        })
    }

    /// Takes back the imports of this user on this host that were begun and never ended: their process is gone, and half an import
    /// is none. Returns what was taken back.
    pub fn take_back_unfinished(&mut self) -> Result<Vec<Receipt>, StoreError> {
        let author = self.author.clone();
        self.take_back(Some(&author))
    }

    /// [`take_back_unfinished`](Self::take_back_unfinished) of whatever user and host: before an import, which must not build on
    /// records that their own user takes back later.
    pub fn take_back_all_unfinished(&mut self) -> Result<Vec<Receipt>, StoreError> {
        self.take_back(None)
    }

    fn take_back(&mut self, author: Option<&Author>) -> Result<Vec<Receipt>, StoreError> {
        let groups = Pauses::for_up_to(self.opening.patience).run(|| {
            self.at_hand()?;
            let conn = connected(&mut self.conn, &self.opening.path)?;
            read::known::unfinished_imports(conn, author, still())
                .map_err(|stop| reading(&self.opening.path, stop))
        })?;
        let mut receipts = Vec::new();
        for group in groups {
            let id = random_id();
            let draft = StepDraft {
                id,
                group: id,
                rep: None,
                at: real_now(),
                origin: Origin::Undo,
                label: None,
                import: None,
                commands: vec![Command::Undo(Which::Group(group))],
            };
            if let Outcome::Saved(receipt) = self.commit_patiently(&draft, self.opening.patience)? {
                receipts.push(receipt);
            }
        }
        Ok(receipts)
    }

    /// Checks the whole book in one read transaction: the file against itself, the rows against the log. Nothing is written.
    pub fn check(&mut self) -> Result<Findings, StoreError> {
        self.at_hand()?;
        let conn = connected(&mut self.conn, &self.opening.path)?;
        let findings = check::check(conn, &self.opening.path)
            .map_err(|fault| sql::fault(&self.opening.path, "Checking the book", fault));
        let findings = self.seen(findings)?;
        let torn = findings
            .found
            .iter()
            .find(|found| found.kind == Kind::Damage);
        if let Some(what) = torn.and_then(|found| found.what.clone()) {
            self.damage.get_or_insert(what);
        }
        Ok(findings)
    }

    /// [`check`](Self::check), with the patience of [`commit_patiently`](Self::commit_patiently).
    pub fn check_patiently(&mut self, patience: Duration) -> Result<Findings, StoreError> {
        Pauses::for_up_to(patience).run(|| self.check())
    }

    /// The hash of all that the book says, with the ids of its records: equal before a step and after its undo, before a merge and
    /// after its split. Neither the trash nor derived values nor the log are in it.
    pub fn content_hash(&mut self) -> Result<String, StoreError> {
        self.at_hand()?;
        let conn = connected(&mut self.conn, &self.opening.path)?;
        hash::with_ids(conn)
            .map_err(|fault| sql::fault(&self.opening.path, "Hashing the book", fault))
    }

    /// [`content_hash`](Self::content_hash) without ids and without the order of cards: equal for two books that say the same,
    /// whoever came first.
    pub fn content_hash_without_ids(&mut self) -> Result<String, StoreError> {
        self.at_hand()?;
        let conn = connected(&mut self.conn, &self.opening.path)?;
        hash::without_ids(conn)
            .map_err(|fault| sql::fault(&self.opening.path, "Hashing the book", fault))
    }

    /// What the book says of itself without counting anything (its `counts` are empty): the same at any size. While the book is
    /// locked again after pauses, for up to `patience`.
    pub fn head(&mut self, patience: Duration) -> Result<BookInfo, StoreError> {
        Pauses::for_up_to(patience).run(|| {
            self.at_hand()?;
            let conn = connected(&mut self.conn, &self.opening.path)?;
            read::head(conn, &self.meta, &self.opening.path)
                .map_err(|stop| reading(&self.opening.path, stop))
        })
    }

    /// What ends the query under way, from another thread; `None` while the drive is away.
    pub(super) fn stop(&self) -> Option<InterruptHandle> {
        self.conn.as_ref().map(Connection::get_interrupt_handle)
    }

    /// The connection, for what this room does beside reading and writing steps.
    pub(super) fn conn(&self) -> Result<&Connection, StoreError> {
        self.conn.as_ref().ok_or_else(|| away(&self.opening.path))
    }

    /// [`conn`](Self::conn), for what changes its state.
    pub(super) fn conn_mut(&mut self) -> Result<&mut Connection, StoreError> {
        connected(&mut self.conn, &self.opening.path)
    }

    /// Opens a connection where there is none because the drive was away.
    fn at_hand(&mut self) -> Result<(), StoreError> {
        match self.conn {
            Some(_) => Ok(()),
            None => self.connect_anew(AT_HAND),
        }
    }

    /// Before a write: whether nobody works on the book alone. A file that was deleted or replaced goes on being open, and what is
    /// written to it is lost.
    pub(super) fn is_still_there(&self) -> Result<(), StoreError> {
        let path = || self.opening.path.clone();
        match &self.lease {
            Some(lease) => match lease.is_lost() {
                Ok(false) => {}
                Ok(true) => return Err(StoreError::LeaseLost { path: path() }),
                Err(fault) => return Err(sql::unreached(&path(), "Reading the lease of", fault)),
            },
            None if lease::is_there(&self.opening.path) => {
                return Err(StoreError::Leased {
                    path: path(),
                    who: "Somebody".to_owned(),
                });
            }
            _ => {}
        }
        match file_id(&self.opening.path) {
            Ok(found) if found == self.file => Ok(()),
            Ok(_) => Err(StoreError::Replaced {
                path: self.opening.path.clone(),
            }),
            Err(fault) => Err(fault),
        }
    }

    /// A number that changes when another connection has committed since it was asked last.
    pub(super) fn data_version(&self) -> Result<i64, StoreError> {
        self.conn()?
            .pragma_query_value(None, "data_version", |row| row.get(0))
            .map_err(|fault| sql::fault(&self.opening.path, "Looking for changes", fault))
    }
}

/// How long a lock is waited for where a connection is opened in passing.
const AT_HAND: Duration = Duration::from_secs(1);

/// The connection, where there is one.
fn connected<'a>(
    conn: &'a mut Option<Connection>,
    path: &Path,
) -> Result<&'a mut Connection, StoreError> {
    conn.as_mut().ok_or_else(|| away(path))
}

fn away(path: &Path) -> StoreError {
    StoreError::Unreachable {
        path: path.to_owned(),
        what: "its connection is closed until the drive answers again".to_owned(),
    }
}

fn reading(path: &Path, stop: Stop) -> StoreError {
    match stop {
        Stop::Sql(fault) | Stop::Commit(fault) => sql::fault(path, "Reading the book", fault),
        Stop::Store(fault) => fault,
    }
}

/// An import that has not written for so long has no process any more: batches follow each other within seconds, and wait a
/// minute for a lock at the most.
const STILL_MS: i64 = 600_000;

/// Since when an import must have written to count as under way.
pub(super) fn still() -> Instant {
    Instant::from_millis(real_now().millis() - STILL_MS)
}
