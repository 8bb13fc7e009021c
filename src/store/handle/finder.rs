//! The finder: a thread that has the folded copy of the book in memory and looks into it. The store thread reads the rows of the
//! copy, a slice at a time, between everything else it does; folding them and searching them holds up nobody. What was found goes
//! back to the store thread, which gives it the names as they are written.
//!
//! While the copy is being read, the question that was asked last is answered again and again, with what there is. What was nearly
//! typed is looked for when what was typed has been told, and given up when another question comes.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;

use super::super::find::{Copy, Found, Raw, Slice, Trail, Wanted};
use super::super::query::Reading;
use super::View;
use super::lanes::Shared;

/// Slices that wait for the finder before no more are read.
const AHEAD: usize = 4;
/// While the copy is being read, a question is answered again after so many slices; sooner as long as there were few, so that
/// whoever asks at the start sees something soon.
const AGAIN: usize = 16;

/// What the finder is told.
#[derive(Debug)]
pub(super) enum Told {
    /// Records as they are read in the order of their ids, and how far the reading is.
    Slice(Slice, Option<u64>),
    /// Records that have changed.
    Changed(Vec<Raw>),
    /// Records that are in the trash or no more.
    Gone(Vec<(Entity, RecordId)>),
    /// All is read.
    All,
    /// Nothing of it holds any more: it is read anew.
    Anew,
    /// A question.
    Ask(View, String, usize),
    /// The end.
    End,
}

/// What was found, for the store thread to tell.
#[derive(Clone, Debug)]
pub(super) struct ToTell {
    pub view: View,
    pub text: String,
    pub found: Found,
    pub reading: Option<Reading>,
    pub done: bool,
}

/// The way to the finder.
#[derive(Clone, Debug)]
pub(super) struct Finder {
    told: Sender<Told>,
    /// Slices that it has not taken in yet.
    behind: Arc<AtomicUsize>,
}

impl Finder {
    /// A finder, and what its thread is to do.
    pub fn new(shared: Arc<Shared>) -> (Self, impl FnOnce() + Send + 'static) {
        let (told, hears) = channel();
        let behind = Arc::new(AtomicUsize::new(0));
        let own = Arc::clone(&behind);
        let run = move || {
            Work {
                shared,
                behind: own,
                copy: Copy::default(),
                trail: Trail::default(),
                whole: false,
                of: None,
                slices: 0,
                asked: Vec::new(),
            }
            .run(&hears);
        };
        (Self { told, behind }, run)
    }

    /// Tells it something. Once its thread has ended nobody asks any more.
    pub fn tell(&self, what: Told) {
        if matches!(what, Told::Slice(..)) {
            self.behind.fetch_add(1, Ordering::AcqRel);
        }
        let _ = self.told.send(what);
    }

    /// Whether it has taken in all slices, and told what it lacks.
    pub fn is_up(&self) -> bool {
        self.behind.load(Ordering::Acquire) == 0
    }

    /// Whether it takes more slices now. When it does again it wakes the store thread.
    pub fn has_room(&self) -> bool {
        self.behind.load(Ordering::Acquire) < AHEAD
    }
}

/// The thread's own state.
struct Work {
    shared: Arc<Shared>,
    behind: Arc<AtomicUsize>,
    copy: Copy,
    /// What the letters before have found.
    trail: Trail,
    /// Whether the copy is whole.
    whole: bool,
    /// While it is not: how many records there are, where that is known.
    of: Option<u64>,
    slices: usize,
    /// The last question of every view that gets another answer when more is read.
    asked: Vec<(View, String, usize)>,
}

impl Work {
    fn run(mut self, hears: &Receiver<Told>) {
        let mut waiting = VecDeque::new();
        loop {
            if waiting.is_empty() {
                let Ok(told) = hears.recv() else {
                    return;
                };
                waiting.push_back(told);
            }
            waiting.extend(hears.try_iter());
            // What changes the copy goes first: whoever asks has seen it happen.
            while let Some(told) = waiting.pop_front() {
                match told {
                    Told::End => return,
                    Told::Ask(view, text, limit) => {
                        self.asked.retain(|(asked, ..)| *asked != view);
                        self.asked.push((view, text, limit));
                    }
                    other => self.take(other),
                }
            }
            let answered: Vec<(View, String, usize)> = self.asked.clone();
            for (view, text, limit) in answered {
                self.answer(view, &text, limit, hears, &mut waiting);
            }
            if self.whole {
                if waiting.is_empty() {
                    self.asked.clear();
                }
            } else if waiting.is_empty() {
                self.wait_for_more(hears, &mut waiting);
            }
        }
    }

    /// Takes slices in until there is something to answer anew.
    fn wait_for_more(&mut self, hears: &Receiver<Told>, waiting: &mut VecDeque<Told>) {
        let from = self.slices;
        while let Ok(told) = hears.recv() {
            let stop = !matches!(told, Told::Slice(..) | Told::Changed(_) | Told::Gone(_));
            if stop {
                waiting.push_back(told);
                return;
            }
            self.take(told);
            if !self.asked.is_empty() && is_worth_asking(from, self.slices) {
                return;
            }
        }
        waiting.push_back(Told::End);
    }

    fn take(&mut self, told: Told) {
        match told {
            Told::Slice(slice, of) => {
                let lacking = self.copy.load_all(&slice);
                self.slices += 1;
                self.of = of;
                // There is room for another one.
                self.shared.put(|lanes| lanes.lacking.extend(lacking));
                self.behind.fetch_sub(1, Ordering::AcqRel);
                self.shared.put(|_| {});
            }
            Told::Changed(rows) => {
                for row in &rows {
                    self.copy.put(row);
                }
                self.mind_wear();
            }
            Told::Gone(records) => {
                for (entity, id) in records {
                    self.copy.take(entity, id);
                }
                self.mind_wear();
            }
            Told::All => self.whole = true,
            Told::Anew => {
                self.copy = Copy::default();
                self.trail = Trail::default();
                self.whole = false;
                self.of = None;
            }
            Told::Ask(..) | Told::End => {}
        }
    }

    /// Asks for the copy to be read anew where too much of it has changed.
    fn mind_wear(&self) {
        if self.whole && self.copy.is_worn() {
            self.shared.put(|lanes| lanes.worn = true);
        }
    }

    fn answer(
        &mut self,
        view: View,
        text: &str,
        limit: usize,
        hears: &Receiver<Told>,
        waiting: &mut VecDeque<Told>,
    ) {
        let Some(wanted) = Wanted::new(text) else {
            self.tell(view, text, Found::default(), true);
            return;
        };
        let mut found = self.copy.search_on(&wanted, limit, &mut self.trail);
        let nearly = found.best.len() < limit;
        self.tell(view, text, found.clone(), !nearly);
        if !nearly {
            return;
        }
        let mut goes_on = || {
            waiting.extend(hears.try_iter());
            !waiting.iter().any(|told| match told {
                Told::Ask(asked, ..) => *asked == view,
                Told::End => true,
                _ => false,
            })
        };
        for slip in self.copy.slips(&wanted) {
            if found.best.len() >= limit {
                break;
            }
            self.copy.add_near(&slip, limit, &mut found, &mut goes_on);
            if !goes_on() {
                return;
            }
        }
        self.tell(view, text, found, true);
    }

    fn tell(&self, view: View, text: &str, found: Found, done: bool) {
        let reading = (!self.whole).then(|| Reading {
            read: u64::try_from(self.copy.len()).unwrap_or(u64::MAX),
            of: self.of,
        });
        let told = ToTell {
            view,
            text: text.to_owned(),
            found,
            done: done && reading.is_none(),
            reading,
        };
        self.shared.put(|lanes| {
            lanes.found.retain(|older| older.view != view);
            lanes.found.push_back(told);
        });
    }
}

/// Whether a question that was answered out of so many slices gets another answer out of that many.
const fn is_worth_asking(answered: usize, slices: usize) -> bool {
    let more = match answered {
        0 => 1,
        1..AGAIN => answered,
        AGAIN.. => AGAIN,
    };
    slices >= answered + more
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_answers_come_soon_and_the_later_ones_no_more_often_than_they_must() {
        let (mut answered, mut when) = (0, Vec::new());
        for slices in 1..=64 {
            if is_worth_asking(answered, slices) {
                answered = slices;
                when.push(slices);
            }
        }
        assert_eq!(when, [1, 2, 4, 8, 16, 32, 48, 64]);
    }
}
