//! Questions: which part of one is answered first, and what becomes of one that is ended before it is answered.

use super::super::error::StoreError;
use super::super::query::{Answer, Query};
use super::super::sql;
use super::keeper::{Keeper, Retry};
use super::lanes::Asking;
use super::{Event, View};

/// So often in a row a question makes way for others; after that it is answered to its end, so that it is answered at all.
const MAKES_WAY: u32 = 8;

/// How often in a row a question of a view was ended.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Ended {
    /// For a newer one of its view, or because nobody waited.
    given_up: u32,
    /// For one of another view.
    made_way: u32,
}

impl Keeper<'_> {
    pub(super) fn read(&mut self, view: View, query: Query) {
        let (head, whole) = parts(&query);
        let (answer, asking) = self.ask(view, head.as_ref().unwrap_or(&query));
        if matches!(&answer, Err(fault) if sql::is_given_up(fault)) {
            let ended = self.ended.entry(view).or_default();
            if asking.as_ref().is_some_and(|it| it.unwanted) {
                // A newer question of the view is in the lane, or nobody waits.
                ended.given_up += 1;
                return;
            }
            if asking.as_ref().is_some_and(|it| it.made_way) {
                ended.made_way += 1;
                self.ask_later(view, query);
                return;
            }
        }
        let again = match &answer {
            Err(StoreError::Busy) => true,
            // Whoever ended a query that nobody gave up: it is asked for again.
            Err(fault) if sql::is_given_up(fault) => true,
            Err(fault) if self.is_trouble(fault) => {
                self.ask_at_once(view, query);
                return;
            }
            _ => false,
        };
        if again {
            self.read_retry.get_or_insert_with(Retry::new).again();
            self.ask_at_once(view, query);
            return;
        }
        self.read_retry = None;
        self.ended.remove(&view);
        let rest = match &answer {
            Ok(Answer::Head(Some(head))) if head.is_all => None,
            Ok(Answer::Head(_)) => whole,
            _ => None,
        };
        if !matches!(answer, Ok(Answer::Head(None))) {
            self.say(Event::Read(view, answer));
        }
        match rest {
            Some(rest) => self.ask_later(view, rest),
            None => self.folding.begin(self.seen),
        }
    }

    /// Puts a question in front of what waits, unless there is a newer one of its view.
    fn ask_at_once(&self, view: View, query: Query) {
        let mut lanes = self.shared.lanes();
        if !lanes.reads.iter().any(|(waiting, _)| *waiting == view) {
            lanes.reads.push_front((view, query));
        }
    }

    /// Puts it behind what waits.
    fn ask_later(&self, view: View, query: Query) {
        let mut lanes = self.shared.lanes();
        if !lanes.reads.iter().any(|(waiting, _)| *waiting == view) {
            lanes.reads.push_back((view, query));
        }
    }

    /// Asks the book, and lets the lanes end it meanwhile; gives what they said of it, too.
    fn ask(&mut self, view: View, query: &Query) -> (Result<Answer, StoreError>, Option<Asking>) {
        let ended = self.ended.get(&view).copied().unwrap_or_default();
        self.shared.lanes().asking = self.book.stop().map(|stop| Asking {
            view,
            stop,
            given_up: ended.given_up,
            // An order of a million takes a while, and is waited for by nobody who has its first rows; the same goes for what stands
            // behind a board.
            makes_way: matches!(query, Query::Order(_) | Query::Ever(_))
                && ended.made_way < MAKES_WAY,
            unwanted: false,
            made_way: false,
        });
        let answer = self.with(|book| book.ask(query));
        let asking = self.shared.lanes().asking.take();
        (answer, asking)
    }
}

/// The part of a question that is answered first, and then the whole of it.
fn parts(query: &Query) -> (Option<Query>, Option<Query>) {
    match query {
        Query::Order(list) if list.limit.is_some() => {
            let head = Query::Head(list.clone());
            let mut whole = list.clone();
            whole.limit = None;
            (Some(head), Some(Query::Order(whole)))
        }
        _ => (None, None),
    }
}
