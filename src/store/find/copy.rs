//! The shelves together: the search.

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;

use super::ENOUGH;
use super::line::{Field, Line, Raw};
use super::near::Words;
use super::shelf::{Fit, Shelf};
use super::slice::{Of, Slice};
use super::slip::Slip;
use super::trail::{All, Trail};
use super::wanted::Wanted;

/// The nouns that are found, in the order in which they are told where all else is equal.
pub const NOUNS: [Entity; 3] = [Entity::Company, Entity::Contact, Entity::Deal];

/// The folded copy of a book.
#[derive(Debug, Default)]
pub struct Copy {
    shelves: [Shelf; NOUNS.len()],
    words: Words,
    /// How often something has come or gone.
    changes: u64,
}

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Its noun.
    pub entity: Entity,
    /// Its id.
    pub id: RecordId,
    /// Its line in the copy.
    pub line: Vec<u8>,
    /// What it was found by, where a slip of a finger stood in what was typed: that put right.
    pub near: Option<String>,
}

/// What was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The best, best first.
    pub best: Vec<Finding>,
    /// How many fit; where there are [`more`](Self::more), at least.
    pub fit: usize,
    /// The search stopped before it had seen all.
    pub more: bool,
}

impl Copy {
    /// The shelf of a noun, to be changed.
    fn shelf(&mut self, entity: Entity) -> Option<&mut Shelf> {
        self.changes += 1;
        let place = NOUNS.iter().position(|noun| *noun == entity)?;
        self.shelves.get_mut(place)
    }

    /// Takes a record in, read in the order of the ids of its noun.
    pub fn load(&mut self, raw: &Raw) {
        let line = raw.line();
        self.words.take(&line);
        if let Some(shelf) = self.shelf(raw.entity) {
            shelf.load(raw.id, &line);
        }
    }

    /// Takes records in, read in the order of the ids of their noun, those first that others refer to. Gives back those which refer to
    /// records that are not in it: they are in it without these names.
    pub fn load_all(&mut self, slice: &Slice) -> Vec<(Entity, RecordId)> {
        let mut lacking = Vec::new();
        let mut line = Line::default();
        for (id, fields) in slice.rows() {
            line.begin();
            let mut lacks = false;
            for (field, of) in fields {
                match of {
                    Of::Text(text) => line.add(field, text),
                    Of::Name(entity, id) => {
                        let known = self.known(entity, id);
                        lacks |= known.is_none();
                        line.add_folded(field, known.map_or(&[], |known| Field::Name.of(known)));
                    }
                }
            }
            let line = line.end();
            self.words.take(line);
            if let Some(shelf) = self.shelf(slice.entity()) {
                shelf.load(id, line);
            }
            if lacks {
                lacking.push((slice.entity(), id));
            }
        }
        lacking
    }

    /// The line of a record.
    fn known(&self, entity: Entity, id: RecordId) -> Option<&[u8]> {
        let place = NOUNS.iter().position(|noun| *noun == entity)?;
        self.shelves.get(place)?.line_of(id)
    }

    /// Takes a record in that has changed or is new.
    pub fn put(&mut self, raw: &Raw) {
        let line = raw.line();
        self.words.take(&line);
        if let Some(shelf) = self.shelf(raw.entity) {
            shelf.put(raw.id, &line);
        }
    }

    /// Takes a record out that is in the trash or no more.
    pub fn take(&mut self, entity: Entity, id: RecordId) {
        if let Some(shelf) = self.shelf(entity) {
            shelf.take(id);
        }
    }

    /// How many records are in it.
    #[must_use]
    pub fn len(&self) -> usize {
        self.shelves.iter().map(Shelf::len).sum()
    }

    /// Whether none is.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Bytes of memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.shelves.iter().map(Shelf::bytes).sum::<usize>() + self.words.bytes()
    }

    /// Whether so much has changed that reading it anew is cheaper than going on.
    #[must_use]
    pub fn is_worn(&self) -> bool {
        self.shelves.iter().any(Shelf::is_worn)
    }

    /// Every line, in the order of nouns and ids.
    #[must_use]
    pub fn lines(&self) -> Vec<(Entity, RecordId, Vec<u8>)> {
        let mut lines: Vec<(Entity, RecordId, Vec<u8>)> = Vec::new();
        for (noun, shelf) in NOUNS.into_iter().zip(&self.shelves) {
            let from = lines.len();
            lines.extend(shelf.lines().map(|(id, line)| (noun, id, line.to_vec())));
            lines[from..].sort_unstable_by_key(|(_, id, _)| *id);
        }
        lines
    }

    /// What fits what was typed, best first: the whole name, its beginning, the beginning of its words, addresses and the ends of
    /// phone numbers, the rest; of those that fit alike the shorter name, then companies, contacts, deals.
    #[must_use]
    pub fn search(&self, wanted: &Wanted, limit: usize) -> Found {
        self.search_on(wanted, limit, &mut Trail::default())
    }

    /// [`search`](Self::search) for what is typed letter by letter: what the letters before have found is on the trail.
    #[must_use]
    pub fn search_on(&self, wanted: &Wanted, limit: usize, trail: &mut Trail) -> Found {
        trail.back_to(wanted, self.changes);
        let mut all = All::default();
        let mut more = false;
        let mut fits = Vec::new();
        for (place, shelf) in self.shelves.iter().enumerate() {
            let mut own = Vec::new();
            let stopped = shelf.search(wanted, ENOUGH, trail.among(place), &mut own);
            fits.extend(own.iter().map(|fit| (*fit, place)));
            more |= stopped;
            all[place] = (!stopped).then_some(own);
        }
        trail.go(wanted, all);
        self.rank(fits, limit, more)
    }

    fn rank(&self, mut fits: Vec<(Fit, usize)>, limit: usize, more: bool) -> Found {
        let key = |(fit, place): &(Fit, usize)| (fit.class, fit.name, *place, fit.id);
        let fit = fits.len();
        if fits.len() > limit {
            // Of thousands only the best are put in order.
            fits.select_nth_unstable_by_key(limit, key);
            fits.truncate(limit);
        }
        fits.sort_unstable_by_key(key);
        let best = fits.iter().map(|(fit, place)| Finding {
            entity: NOUNS[*place],
            id: fit.id,
            line: self.shelves[*place].line(fit).to_vec(),
            near: None,
        });
        Found {
            best: best.collect(),
            fit: if more { ENOUGH } else { fit },
            more,
        }
    }

    /// The readings of what was typed with slips of a finger in it, the likeliest first.
    #[must_use]
    pub fn slips(&self, wanted: &Wanted) -> Vec<Slip> {
        Slip::all(wanted, &self.words)
    }

    /// Adds to what was found what fits one of the [`slips`](Self::slips), at the beginning of its words, up to `limit` in all. It
    /// stops where nobody waits for it any more: `goes_on` is asked from time to time.
    pub fn add_near(
        &self,
        slip: &Slip,
        limit: usize,
        found: &mut Found,
        mut goes_on: impl FnMut() -> bool,
    ) {
        if found.best.len() >= limit {
            return;
        }
        let mut fits = Vec::new();
        for (place, shelf) in self.shelves.iter().enumerate() {
            let near = shelf.search_near(slip, ENOUGH, &mut goes_on);
            fits.extend(near.into_iter().map(|(near, fit)| (near, fit, place)));
        }
        fits.sort_unstable_by_key(|(near, fit, place)| (*near, fit.name, *place, fit.id));
        for (_, fit, place) in fits {
            let (entity, id) = (NOUNS[place], fit.id);
            let known = |other: &Finding| (other.entity, other.id) == (entity, id);
            if found.best.len() >= limit {
                return;
            }
            if !found.best.iter().any(known) {
                let line = self.shelves[place].line(&fit).to_vec();
                let near = Some(slip.meant(&line));
                found.best.push(Finding {
                    entity,
                    id,
                    line,
                    near,
                });
            }
        }
    }

    /// [`search`](Self::search), and where that leaves room what was nearly typed.
    #[must_use]
    pub fn search_near(&self, wanted: &Wanted, limit: usize) -> Found {
        let mut found = self.search(wanted, limit);
        if found.best.len() < limit {
            for slip in self.slips(wanted) {
                self.add_near(&slip, limit, &mut found, || true);
            }
        }
        found
    }
}
