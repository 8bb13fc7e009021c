//! An open book with the circumstances of one run: who acts, as of when, in which zone.

use std::time::Duration;

use super::cells::Wording;
use super::conflict;
use super::fault::{self, Fault};
use super::nouns;
use super::shell::Shell;
use crate::domain::command::{Command, Origin, StepDraft};
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::Entity;
use crate::domain::outcome::{Outcome, Receipt};
use crate::domain::records::{Candidate, Record, Rep};
use crate::domain::time::{Date, Instant, Zone};
use crate::store::book::Verified;
use crate::store::query::{Answer, Asked, BookInfo, ListQuery, Query, Resolved};
use crate::store::{Book, StoreError, random_id};

/// An open book at one moment.
#[derive(Debug)]
pub struct Desk {
    /// The book.
    pub book: Book,
    /// What it said of itself when it was opened, uncounted.
    pub info: BookInfo,
    /// The as-of moment.
    pub now: Instant,
    /// The zone of what is shown and typed.
    pub zone: Zone,
    rep: Option<String>,
    patience: Duration,
}

impl Desk {
    /// Opens the book that the shell names.
    pub fn open(shell: &Shell) -> Result<Self, Fault> {
        let opening = shell.opening()?;
        let patience = opening.patience;
        let mut book = Book::open_as(&opening)?;
        verify(shell, &mut book, patience)?;
        if book.read_only().is_none() {
            for taken in book.take_back_unfinished()? {
                shell.say(&format!(
                    "An import that was cut off was taken back ({}); import its files again.",
                    taken.label.trim_start_matches("Undo: ")
                ));
            }
        }
        // Nothing is counted for a command that shows no counts.
        let info = book.head(patience)?;
        let zone = shell.zone(info.zone)?;
        Ok(Self {
            book,
            now: shell.now(zone)?,
            zone,
            info,
            rep: shell.rep()?,
            patience,
        })
    }

    /// How values are said to people.
    #[must_use]
    pub const fn wording(&self) -> Wording {
        Wording {
            base: self.info.base,
            zone: self.zone,
        }
    }

    /// Today for the team, whose days reports go by.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now.date(self.info.zone)
    }

    /// Asks the book, and waits while it is locked.
    pub fn ask(&mut self, query: &Query) -> Result<Answer, Fault> {
        Ok(self.book.ask_patiently(query, self.patience)?)
    }

    /// What the book says of itself, with every count.
    pub fn counted(&mut self) -> Result<BookInfo, Fault> {
        match self.ask(&Query::Info)? {
            Answer::Info(info) => Ok(*info),
            other => Err(unforeseen(&other)),
        }
    }

    /// Who acts: the rep of `--as`. `None` where nobody has said.
    pub fn me(&mut self) -> Result<Option<Id<Rep>>, Fault> {
        let Some(name) = self.rep.clone() else {
            return Ok(None);
        };
        let found = match self.look_up(Entity::Rep, &name)? {
            Resolved::One(found) => found,
            Resolved::Several(found) => {
                return Err(fault::ambiguous(&nouns::plural(Entity::Rep), &name, &found).at("as"));
            }
            Resolved::None(near) => {
                let fault = fault::unknown(&nouns::spoken(Entity::Rep), &name, &near).at("as");
                return Err(fault.hint(if near.is_empty() {
                    format!("`--as` or CLINCH_REP must name a rep of this book; `clinch reps add --name {name:?}` makes one.")
                } else {
                    "Name one of them in full with `--as` or CLINCH_REP.".to_owned()
                }));
            }
        };
        Ok(Some(Id::new(found.id)))
    }

    /// Who acts, where nothing depends on it: nobody where the book does not know the name.
    pub fn me_if_known(&mut self) -> Option<Id<Rep>> {
        self.me().ok().flatten()
    }

    /// Who acts, where that may be somebody whom the book does not know yet: `Err` of the name that it does not know.
    pub fn me_or_stranger(&mut self) -> Result<Result<Option<Id<Rep>>, String>, Fault> {
        if let Some(name) = self.rep.clone()
            && matches!(self.look_up(Entity::Rep, &name)?, Resolved::None(_))
        {
            return Ok(Err(name));
        }
        self.me().map(Ok)
    }

    /// The circumstances of a question.
    pub fn asked(&mut self) -> Asked {
        Asked {
            now: self.now,
            // A look needs nobody; who asks for their own (`owner:me`) is told when they are nobody.
            me: self.me_if_known(),
        }
    }

    /// The record that a text means: full id, e-mail address, exact name, prefix of an id.
    pub fn resolve(&mut self, entity: Entity, text: &str) -> Result<Candidate, Fault> {
        match self.look_up(entity, text)? {
            Resolved::One(found) => Ok(found),
            Resolved::Several(found) => Err(fault::ambiguous(&nouns::plural(entity), text, &found)),
            Resolved::None(near) => Err(fault::unknown(&nouns::spoken(entity), text, &near)),
        }
    }

    /// The rep that a text means; `me` is who acts.
    pub fn rep(&mut self, text: &str) -> Result<Id<Rep>, Fault> {
        if text != "me" {
            return Ok(Id::new(self.resolve(Entity::Rep, text)?.id));
        }
        self.me()?.ok_or_else(|| {
            Fault::usage("`me` is nobody here.").hint("`--as REP` or CLINCH_REP says who you are.")
        })
    }

    /// What a text may mean.
    pub fn look_up(&mut self, entity: Entity, text: &str) -> Result<Resolved, Fault> {
        let query = Query::Resolve {
            entity,
            text: text.to_owned(),
        };
        match self.ask(&query)? {
            Answer::Resolve(resolved) => Ok(resolved),
            other => Err(unforeseen(&other)),
        }
    }

    /// One record, trashed or not.
    pub fn show(&mut self, entity: Entity, id: RecordId) -> Result<Record, Fault> {
        match self.ask(&Query::Show { entity, id })? {
            Answer::Show(Some(record)) => Ok(*record),
            Answer::Show(None) => Err(fault::unknown(&nouns::spoken(entity), &id.to_string(), &[])),
            other => Err(unforeseen(&other)),
        }
    }

    /// All records of a noun that are not in the trash, in the order of `sort`.
    pub fn all(&mut self, entity: Entity, sort: &[&str]) -> Result<Vec<Record>, Fault> {
        let query = Query::List(ListQuery {
            entity,
            filter: None,
            sort: sort
                .iter()
                .map(|name| ((*name).to_owned(), false))
                .collect(),
            limit: None,
            trashed: false,
            asked: Asked {
                now: self.now,
                me: None,
            },
        });
        match self.ask(&query)? {
            Answer::List(listing) => Ok(listing.records),
            other => Err(unforeseen(&other)),
        }
    }

    /// A step of one act by `rep`.
    pub fn draft(&self, rep: Option<Id<Rep>>, origin: Origin, commands: Vec<Command>) -> StepDraft {
        let id = random_id();
        StepDraft {
            id,
            group: id,
            rep,
            at: self.now,
            origin,
            label: None,
            import: None,
            commands,
        }
    }

    /// Writes a step, and waits while the book is locked. `None`: there was nothing to undo or redo.
    pub fn commit(&mut self, draft: &StepDraft) -> Result<Option<Receipt>, Fault> {
        match self.book.commit_patiently(draft, self.patience)? {
            Outcome::Saved(receipt) => Ok(Some(receipt)),
            Outcome::Nothing => Ok(None),
            Outcome::Conflict(clashes) => Err(conflict::fault(self, &clashes)),
        }
    }
}

/// Looks whether the book has what it took from this user, and says what was lost and what waits. An outbox that cannot be read is
/// said, and stops only those who write.
fn verify(shell: &Shell, book: &mut Book, patience: Duration) -> Result<(), Fault> {
    let found = match book.verify_patiently(patience) {
        Err(fault @ StoreError::Outbox { .. }) => {
            shell.warn(&format!(
                "Whether the book still has what it took cannot be verified. {fault}"
            ));
            return Ok(());
        }
        found => found?,
    };
    for line in loss(&found) {
        shell.warn(&line);
    }
    for file in &found.damaged {
        shell.warn(&format!(
            "Lines of the outbox could not be read; they were put into {}.",
            file.display()
        ));
    }
    if found.newer > 0 {
        shell.say(&format!(
            "{} of the outbox are of a newer clinch, which alone can read them.",
            counted(found.newer, "line")
        ));
    }
    if found.waiting > 0 {
        let are = if found.waiting == 1 { "is" } else { "are" };
        shell.say(&format!(
            "{} of an earlier run {are} not in the book: `clinch outbox list`.",
            counted(found.waiting, "step")
        ));
    }
    Ok(())
}

/// What the drive has lost, in lines.
fn loss(found: &Verified) -> Vec<String> {
    if found.lost() == 0 {
        return Vec::new();
    }
    let mut lines = vec![format!(
        "The book no longer had {} that it had taken: the drive lost them, or an older copy was put in its place. Written again: {}. Nothing else is written in this run.",
        counted(found.lost(), "step"),
        found.again.len()
    )];
    lines.extend(
        found
            .again
            .iter()
            .map(|step| format!("  written again: {}", step.label)),
    );
    let asked = found.clashes.len() + found.refused.len();
    if asked > 0 {
        lines.push(format!(
            "  {} cannot be written again as they are: `clinch outbox list`.",
            counted(asked, "step")
        ));
    }
    let imports = found.imports.iter();
    lines.extend(imports.map(|import| format!("  import its files again: {import}")));
    lines
}

/// `1 step`, `2 steps`.
fn counted(count: usize, what: &str) -> String {
    let s = if count == 1 { "" } else { "s" };
    format!("{count} {what}{s}")
}

/// An answer that does not fit its question.
pub fn unforeseen(answer: &Answer) -> Fault {
    let answer: String = format!("{answer:?}").chars().take(60).collect();
    Fault::new(
        fault::Exit::Unexpected,
        format!("The book answered something else than it was asked: {answer}."),
    )
}
