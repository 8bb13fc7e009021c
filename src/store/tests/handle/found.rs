//! The search over the store thread: it answers while the copy is read, and sees what is written.

use crate::domain::outcome::Outcome;
use crate::store::drive::Manner;
use crate::store::handle::{Event, Ticket, View};
use crate::store::query::{Answer, FoundRows, Query};

use super::others::theirs;
use super::{Bed, QUICK, company};

const FIND: View = View(5);

impl Bed {
    fn search(&self, text: &str) {
        let query = Query::Search {
            text: text.to_owned(),
            limit: 10,
        };
        self.handle.read(FIND, query);
    }

    /// The next answer to a search for which `is` holds.
    fn found(&self, is: impl Fn(&FoundRows) -> bool) -> FoundRows {
        loop {
            if let Event::Read(FIND, Ok(Answer::Search(found))) = self.next()
                && is(&found)
            {
                return found;
            }
        }
    }

    /// Asks until an answer is as it must become.
    fn found_soon(&self, text: &str, is: impl Fn(&FoundRows) -> bool) -> FoundRows {
        loop {
            self.search(text);
            let found = self.found(|found| found.text == text && found.done);
            if is(&found) {
                return found;
            }
        }
    }

    /// Asks something else, as every start does: before that nothing is read for the search.
    fn first_answer(&self) {
        self.handle.read(View(1), Query::Groups { limit: 1 });
        while !matches!(self.next(), Event::Read(View(1), _)) {}
    }

    fn saved(&self, name: &str) {
        self.handle.write(Ticket(1), company(name));
        loop {
            if let Event::Written(_, judged) = self.next() {
                assert!(matches!(judged, Ok(Outcome::Saved(_))));
                return;
            }
        }
    }
}

fn names(found: &FoundRows) -> Vec<&str> {
    found
        .rows
        .iter()
        .map(|row| row.record.name.as_str())
        .collect()
}

#[test]
fn nothing_is_read_for_the_search_before_the_first_answer_and_it_says_so() {
    let bed = Bed::new();
    bed.saved("Alpina");
    bed.search("alpina");
    let found = bed.found(|_| true);
    assert!(found.rows.is_empty() && found.reading.is_some() && !found.done);
    bed.first_answer();
    // The question is answered again without being asked again.
    let found = bed.found(|found| found.done);
    assert_eq!(names(&found), ["Alpina"]);
}

#[test]
fn what_is_written_here_and_by_others_is_found() {
    for manner in [Manner::Local, Manner::Share] {
        let bed = Bed::with(manner, &QUICK);
        bed.first_answer();
        bed.saved("Alpina");
        bed.found_soon("alpina", |found| names(found) == ["Alpina"]);
        theirs(&bed);
        bed.handle.check();
        bed.found_soon("theirs", |found| names(found) == ["Theirs"]);
        let near = bed.found_soon("alpnia", |found| !found.rows.is_empty());
        assert_eq!(near.rows[0].near.as_deref(), Some("alpina"));
    }
}
