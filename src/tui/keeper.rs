//! The thread that reads and writes the file of half-written forms, so that the screen never waits for a disk.

use std::io;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::domain::id::StepId;

use super::kept::{Keep, Keeping, Left};
use super::msg::Msg;

/// What is made of what is kept.
pub type Change<'a> = &'a mut dyn FnMut(Vec<Left>) -> Vec<Left>;

/// How half-written forms are kept outside of this room, by the book's own id.
#[derive(Clone, Copy, Debug)]
pub struct Files {
    /// What is kept, or in a sentence why that cannot be known.
    pub load: fn(StepId) -> Result<Vec<Left>, String>,
    /// Makes something else of what is kept, while no other run does.
    pub change: fn(StepId, Change<'_>) -> io::Result<()>,
}

/// What the thread is to do next. A newer [`Keep`] takes the place of one that still waits: each says all that its run has to say.
#[derive(Debug, Default)]
struct Slot {
    keep: Option<Keep>,
    looks: bool,
    closing: bool,
}

/// The thread of one book. Dropping it writes what still waits.
#[derive(Debug)]
pub struct Keeper {
    slot: Arc<(Mutex<Slot>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

/// What the thread knows of what is kept.
struct Known {
    files: Files,
    book: StepId,
    /// What its run has said so far.
    said: Keep,
    /// What was kept when it looked last.
    kept: Vec<Left>,
}

impl Known {
    fn load(&mut self) -> Result<Vec<Left>, String> {
        let kept = (self.files.load)(self.book);
        if let Ok(kept) = &kept {
            self.kept.clone_from(kept);
            // What another run has changed since is to be said again.
            self.said.left.retain(|left| kept.contains(left));
        }
        kept
    }

    fn keep(&mut self, keep: Keep) -> Keeping {
        let new = keep.since(&self.said);
        let claimed = keep.claimed();
        if new == Keep::default() {
            // It only says less than before: nothing is changed by that.
            self.said = keep;
            return Keeping {
                claimed,
                outcome: Ok(Vec::new()),
            };
        }
        let mut elsewhere = Vec::new();
        let mut after = Vec::new();
        let changed = (self.files.change)(self.book, &mut |before| {
            elsewhere = new.elsewhere(&self.kept, &before);
            after = new.onto(&self.kept, before);
            after.clone()
        });
        if changed.is_ok() {
            self.said = keep;
            self.kept = after;
        }
        Keeping {
            claimed,
            outcome: changed
                .map(|()| elsewhere)
                .map_err(|error| error.to_string()),
        }
    }
}

impl Keeper {
    /// Starts the thread, which first tells the app what was kept of that book.
    pub fn start(files: Files, book: StepId, send: Sender<Msg>) -> io::Result<Self> {
        let slot = Arc::new((Mutex::default(), Condvar::new()));
        let theirs = Arc::clone(&slot);
        let thread = std::thread::Builder::new()
            .name("drafts".to_owned())
            .spawn(move || {
                let mut known = Known {
                    files,
                    book,
                    said: Keep::default(),
                    kept: Vec::new(),
                };
                // When the app is leaving nobody listens any more.
                let _ = send.send(Msg::Kept(known.load()));
                while let Some((keep, looks)) = next(&theirs) {
                    if let Some(keep) = keep {
                        let _ = send.send(Msg::Keeping(known.keep(keep)));
                    }
                    if looks {
                        let _ = send.send(Msg::KeptNow(known.load()));
                    }
                }
            })?;
        Ok(Self {
            slot,
            thread: Some(thread),
        })
    }

    /// Hands over what is to be kept.
    pub fn keep(&self, keep: Keep) {
        self.ask(|slot| slot.keep = Some(keep));
    }

    /// Asks what is kept now, once everything that was handed over before is.
    pub fn look(&self) {
        self.ask(|slot| slot.looks = true);
    }

    fn ask(&self, what: impl FnOnce(&mut Slot)) {
        let (slot, changed) = &*self.slot;
        what(&mut slot.lock().unwrap_or_else(PoisonError::into_inner));
        changed.notify_one();
    }
}

/// Waits for something to do: what to write, and whether to look; `None` when nothing more will come.
fn next(slot: &(Mutex<Slot>, Condvar)) -> Option<(Option<Keep>, bool)> {
    let (slot, changed) = slot;
    let held = slot.lock().unwrap_or_else(PoisonError::into_inner);
    let mut held = changed
        .wait_while(held, |slot| {
            slot.keep.is_none() && !slot.looks && !slot.closing
        })
        .unwrap_or_else(PoisonError::into_inner);
    let (keep, looks) = (held.keep.take(), std::mem::take(&mut held.looks));
    (keep.is_some() || looks).then_some((keep, looks))
}

impl Drop for Keeper {
    fn drop(&mut self) {
        let (slot, changed) = &*self.slot;
        slot.lock().unwrap_or_else(PoisonError::into_inner).closing = true;
        changed.notify_one();
        if let Some(thread) = self.thread.take() {
            // What it could not do it has said.
            let _ = thread.join();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::nouns::Entity;
    use crate::tui::forms::draft::Draft;
    use crate::tui::kept::Fate;
    use crate::tui::layers::FormOf;
    use std::sync::mpsc::{Receiver, channel};

    /// What all runs of a test keep.
    type Place = Mutex<Vec<Left>>;

    fn change(place: &Place, with: Change<'_>) {
        let mut kept = place.lock().unwrap();
        *kept = with(kept.clone());
    }

    fn left(of: FormOf, focus: &str) -> Left {
        Left {
            of,
            about: String::new(),
            draft: Draft {
                entity: Entity::Deal,
                record: None,
                fields: Vec::new(),
                focus: focus.to_owned(),
            },
            told: false,
            saving: false,
        }
    }

    fn keeping(left: Vec<Left>) -> Keep {
        Keep {
            left,
            ..Keep::default()
        }
    }

    /// A keeper that has said what was kept.
    fn started(files: Files) -> (Keeper, Receiver<Msg>) {
        let (send, receive) = channel();
        let keeper = Keeper::start(files, StepId([1; 16]), send).unwrap();
        assert!(matches!(receive.recv(), Ok(Msg::Kept(Ok(_)))));
        (keeper, receive)
    }

    fn kept(receive: &Receiver<Msg>) -> Vec<(FormOf, Fate)> {
        match receive.recv() {
            Ok(Msg::Keeping(Keeping {
                outcome: Ok(fates), ..
            })) => fates,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn what_waits_is_written_before_the_thread_ends() {
        static PLACE: Place = Mutex::new(Vec::new());
        let files = Files {
            load: |_| Ok(Vec::new()),
            change: |_, with| {
                change(&PLACE, with);
                Ok(())
            },
        };
        let (keeper, _receive) = started(files);
        let last = left(FormOf::NewDeal, "last");
        keeper.keep(Keep::default());
        keeper.keep(keeping(vec![last.clone()]));
        drop(keeper);
        assert_eq!(*PLACE.lock().unwrap(), [last]);
    }

    #[test]
    fn only_what_is_new_is_written_and_all_of_it_again_where_it_could_not_be() {
        static PLACE: Place = Mutex::new(Vec::new());
        static FULL: Mutex<bool> = Mutex::new(false);
        let files = Files {
            load: |_| Ok(Vec::new()),
            change: |_, with| {
                if *FULL.lock().unwrap() {
                    return Err(io::Error::other("full"));
                }
                change(&PLACE, with);
                Ok(())
            },
        };
        let (keeper, receive) = started(files);
        let [deal, contact] = [FormOf::NewDeal, FormOf::NewContact].map(|of| left(of, "mine"));
        keeper.keep(keeping(vec![deal.clone()]));
        assert_eq!(kept(&receive), []);
        *FULL.lock().unwrap() = true;
        let both = keeping(vec![deal, contact.clone()]);
        keeper.keep(both.clone());
        assert!(matches!(
            receive.recv(),
            Ok(Msg::Keeping(Keeping {
                outcome: Err(_),
                ..
            }))
        ));
        *FULL.lock().unwrap() = false;
        // Another run goes on with the first meanwhile.
        let theirs = left(FormOf::NewDeal, "theirs");
        *PLACE.lock().unwrap() = vec![theirs.clone()];
        keeper.keep(both);
        assert_eq!(kept(&receive), []);
        assert_eq!(*PLACE.lock().unwrap(), [theirs, contact]);
    }

    #[test]
    fn who_keeps_on_is_told_what_another_run_did_and_a_look_shows_what_is_kept_now() {
        static PLACE: Place = Mutex::new(Vec::new());
        let files = Files {
            load: |_| Ok(PLACE.lock().unwrap().clone()),
            change: |_, with| {
                change(&PLACE, with);
                Ok(())
            },
        };
        let (keeper, receive) = started(files);
        let mine = left(FormOf::NewDeal, "mine");
        keeper.keep(keeping(vec![mine.clone()]));
        assert_eq!(kept(&receive), []);
        PLACE.lock().unwrap().clear();
        let saving = Left {
            saving: true,
            ..mine
        };
        keeper.keep(keeping(vec![saving.clone()]));
        let said = receive.recv().unwrap();
        let Msg::Keeping(Keeping { claimed, outcome }) = said else {
            panic!("{said:?}")
        };
        assert_eq!(claimed, [FormOf::NewDeal]);
        assert_eq!(outcome, Ok(vec![(FormOf::NewDeal, Fate::Gone)]));
        PLACE.lock().unwrap().push(left(FormOf::NewContact, ""));
        keeper.look();
        let said = receive.recv().unwrap();
        let Msg::KeptNow(Ok(now)) = said else {
            panic!("{said:?}")
        };
        assert_eq!(now, [saving, left(FormOf::NewContact, "")]);
    }
}
