//! Books as big as one wants them, to see how a team's book feels after years: contacts in several scripts, deals over four years
//! with their ends, activities done and planned. The same size, seed and moment give the same book, but for its ids.
//!
//! | module | holds |
//! |---|---|
//! | this | the order of the work, and how far it is |
//! | [`people`] | the team, companies and contacts |
//! | [`deals`] | deals with their ends, and what was moved lately |
//! | [`history`] | activities: done in the order of time, then planned |
//!
//! It goes in as an import does, some thousands of records a step and transaction, in the order of time; nothing of it is kept in
//! memory but who belongs to whom.

mod deals;
mod history;
mod people;

use super::chance::Chance;
use super::diary::Diary;
use super::lists::Lists;
use super::write::{commit, made, step};
use super::{DemoError, ZONE};
use crate::domain::command::{Command, Origin};
use crate::domain::id::Id;
use crate::domain::nouns::Entity;
use crate::domain::time::Instant;
use crate::store::{Book, NewBook, Opening};

/// How many records a step makes.
const STEP: usize = 4_000;

/// How big a book shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    /// People; there is a company for every six of them.
    pub contacts: usize,
    /// Deals, open and closed. There are none without contacts.
    pub deals: usize,
    /// Activities, done and planned. There are none without contacts.
    pub activities: usize,
    /// Another seed gives another book of the same size.
    pub seed: u64,
}

impl Size {
    /// Records that it takes to make it, but for the few that every book has.
    #[must_use]
    pub const fn records(self) -> usize {
        if self.contacts == 0 {
            return 0;
        }
        self.companies() + self.contacts + self.deals + self.activities
    }

    const fn companies(self) -> usize {
        self.contacts.div_ceil(6)
    }
}

/// Makes a book of that size as of `now`, where there is no file. `progress` is told how many of [`Size::records`] are in.
///
/// # Errors
/// What the store says, above all that the file is there already.
pub fn make(
    opening: &Opening,
    now: Instant,
    size: Size,
    progress: &mut dyn FnMut(usize),
) -> Result<Book, DemoError> {
    let lists = Lists::read()?;
    let new = NewBook {
        name: "Sample".to_owned(),
        base: "CHF".parse().map_err(|_| DemoError::Lost)?,
        zone: ZONE,
        fiscal_start: 1,
    };
    let mut maker = Maker {
        book: Book::create_as(opening, &new)?,
        lists: &lists,
        diary: Diary { now, zone: ZONE },
        chance: Chance::new(size.seed),
        done: 0,
        progress,
    };
    let team = maker.team(size)?;
    if size.contacts > 0 {
        let people = maker.people(size, &team)?;
        let deals = maker.deals(size, &team, &people)?;
        maker.history(size, &people, &deals)?;
        maker.lately(&team, &deals)?;
    }
    Ok(maker.book)
}

/// A book that is being made.
struct Maker<'a> {
    book: Book,
    lists: &'a Lists,
    diary: Diary,
    chance: Chance,
    done: usize,
    progress: &'a mut dyn FnMut(usize),
}

impl Maker<'_> {
    /// Writes creations of one noun as a step, and gives the ids of what it made in their order.
    fn put<T>(
        &mut self,
        at: Instant,
        entity: Entity,
        commands: Vec<Command>,
    ) -> Result<Vec<Id<T>>, DemoError> {
        let count = commands.len();
        let mut draft = step(None, at, commands);
        draft.origin = Origin::Import;
        draft.label = Some(format!("Make {count} of the sample: {entity}"));
        let receipts = commit(&mut self.book, &[draft])?;
        let ids = made(receipts.first().ok_or(DemoError::Lost)?, entity).collect();
        self.done += count;
        (self.progress)(self.done);
        Ok(ids)
    }
}

/// The first of `count` things happened `days` ago, the last a moment ago: how many days ago the one at this place did.
fn ago(place: usize, count: usize, days: i64) -> i64 {
    let rest = i128::try_from(count - place).unwrap_or(0);
    let count = i128::try_from(count.max(1)).unwrap_or(1);
    i64::try_from(i128::from(days) * rest / count).unwrap_or(0)
}

/// The stretches of places that go into one step each.
fn steps(count: usize) -> impl Iterator<Item = std::ops::Range<usize>> {
    (0..count)
        .step_by(STEP)
        .map(move |first| first..(first + STEP).min(count))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::query::{Answer, Asked, ListQuery, Query};

    const SIZE: Size = Size {
        contacts: 300,
        deals: 500,
        activities: 2_000,
        seed: 7,
    };

    fn now() -> Instant {
        Instant::parse("2026-11-24T10:05:00Z", ZONE).unwrap()
    }

    fn book(size: Size) -> (tempfile::TempDir, Book, usize) {
        let folder = tempfile::tempdir().unwrap();
        let opening = Opening::of(&folder.path().join("big.db"));
        let mut done = 0;
        let book = make(&opening, now(), size, &mut |count| done = count).unwrap();
        (folder, book, done)
    }

    fn count(book: &mut Book, entity: Entity, filter: &str) -> u64 {
        let query = ListQuery {
            entity,
            filter: Some(crate::domain::filter::parse(filter).unwrap()),
            sort: Vec::new(),
            limit: Some(0),
            trashed: false,
            asked: Asked {
                now: now(),
                me: None,
            },
        };
        match book.ask(&Query::List(query)).unwrap() {
            Answer::List(list) => list.total,
            _ => unreachable!(),
        }
    }

    #[test]
    fn a_book_has_what_was_asked_for_and_passes_its_check() {
        let (_folder, mut book, done) = book(SIZE);
        assert_eq!(done, SIZE.records());
        let Answer::Info(info) = book.ask(&Query::Info).unwrap() else {
            unreachable!()
        };
        let of = |entity| info.counts.iter().find(|(noun, _)| *noun == entity);
        for (entity, count) in [
            (Entity::Contact, 300),
            (Entity::Company, 50),
            (Entity::Deal, 500),
            (Entity::Activity, 2_000),
        ] {
            assert_eq!(of(entity), Some(&(entity, count)));
        }
        let findings = book.check().unwrap();
        assert!(findings.is_clean(), "{:?}", findings.found);
    }

    #[test]
    fn there_is_something_of_everything() {
        let (_folder, mut book, _) = book(SIZE);
        for (entity, filter, least) in [
            (Entity::Deal, "won", 100),
            (Entity::Deal, "lost", 100),
            (Entity::Deal, "open", 20),
            (Entity::Deal, "rotting", 5),
            (Entity::Deal, "has:next_step", 5),
            (Entity::Deal, "no:amount", 3),
            (Entity::Contact, "state:new", 2),
            (Entity::Contact, "waits>1h", 2),
            (Entity::Contact, "state:dropped", 2),
            (Entity::Contact, "has:tag", 30),
            (Entity::Contact, "no:email", 5),
            (Entity::Activity, "no:done", 10),
        ] {
            let found = count(&mut book, entity, filter);
            assert!(found >= least, "{entity} {filter}: {found}");
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_book_and_another_one_another() {
        let small = Size {
            contacts: 40,
            deals: 30,
            activities: 90,
            seed: 1,
        };
        let hash = |seed| {
            let (_folder, mut book, _) = book(Size { seed, ..small });
            book.content_hash_without_ids().unwrap()
        };
        assert_eq!(hash(1), hash(1));
        assert_ne!(hash(1), hash(2));
    }

    #[test]
    fn nothing_is_asked_for_and_there_is_an_empty_book_with_a_team() {
        let nothing = Size {
            contacts: 0,
            deals: 9,
            activities: 9,
            seed: 1,
        };
        let (_folder, mut book, done) = book(nothing);
        assert_eq!((done, count(&mut book, Entity::Deal, "open")), (0, 0));
    }
}
