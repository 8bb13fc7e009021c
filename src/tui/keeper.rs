//! The thread that reads and writes the file of half-written forms, so that the screen never waits for a disk.

use std::io;
use std::sync::mpsc::Sender;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread::JoinHandle;

use crate::domain::id::StepId;

use super::kept::{Keep, Left};
use super::msg::Msg;

/// How half-written forms are kept outside of this room, by the book's own id.
#[derive(Clone, Copy, Debug)]
pub struct Files {
    /// What was kept, or in a sentence why that cannot be known.
    pub load: fn(StepId) -> Result<Vec<Left>, String>,
    /// Keeps what is to be kept.
    pub keep: fn(StepId, &Keep) -> io::Result<()>,
}

/// What the thread is to do next. A newer [`Keep`] takes the place of one that still waits: each says all that its run has to say.
#[derive(Debug, Default)]
struct Slot {
    keep: Option<Keep>,
    closing: bool,
}

/// The thread of one book. Dropping it writes what still waits.
#[derive(Debug)]
pub struct Keeper {
    slot: Arc<(Mutex<Slot>, Condvar)>,
    thread: Option<JoinHandle<()>>,
}

impl Keeper {
    /// Starts the thread, which first tells the app what was kept of that book.
    pub fn start(files: Files, book: StepId, send: Sender<Msg>) -> io::Result<Self> {
        let slot = Arc::new((Mutex::default(), Condvar::new()));
        let theirs = Arc::clone(&slot);
        let thread = std::thread::Builder::new()
            .name("drafts".to_owned())
            .spawn(move || {
                // When the app is leaving nobody listens any more.
                let _ = send.send(Msg::Kept((files.load)(book)));
                let mut written = Keep::default();
                while let Some(keep) = next(&theirs) {
                    let kept = (files.keep)(book, &keep.since(&written));
                    if kept.is_ok() {
                        written = keep;
                    }
                    let _ = send.send(Msg::Keeping(kept.map_err(|error| error.to_string())));
                }
            })?;
        Ok(Self {
            slot,
            thread: Some(thread),
        })
    }

    /// Hands over what is to be kept.
    pub fn keep(&self, keep: Keep) {
        let (slot, changed) = &*self.slot;
        slot.lock().unwrap_or_else(PoisonError::into_inner).keep = Some(keep);
        changed.notify_one();
    }
}

/// Waits for something to write; `None` when nothing more will come.
fn next(slot: &(Mutex<Slot>, Condvar)) -> Option<Keep> {
    let (slot, changed) = slot;
    let held = slot.lock().unwrap_or_else(PoisonError::into_inner);
    let mut held = changed
        .wait_while(held, |slot| slot.keep.is_none() && !slot.closing)
        .unwrap_or_else(PoisonError::into_inner);
    held.keep.take()
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
    use crate::tui::layers::FormOf;
    use std::sync::mpsc::channel;

    #[test]
    fn what_waits_is_written_before_the_thread_ends() {
        static WRITTEN: Mutex<Vec<Keep>> = Mutex::new(Vec::new());
        let files = Files {
            load: |_| Ok(Vec::new()),
            keep: |_, keep| {
                WRITTEN.lock().unwrap().push(keep.clone());
                Ok(())
            },
        };
        let (send, receive) = channel();
        let keeper = Keeper::start(files, StepId([1; 16]), send).unwrap();
        assert!(matches!(receive.recv(), Ok(Msg::Kept(Ok(_)))));
        let last = Keep {
            left: Vec::new(),
            gone: vec![FormOf::NewDeal],
            ..Keep::default()
        };
        keeper.keep(Keep::default());
        keeper.keep(last.clone());
        drop(keeper);
        assert_eq!(WRITTEN.lock().unwrap().last(), Some(&last));
    }

    #[test]
    fn only_what_is_new_is_written_and_all_of_it_again_where_it_could_not_be() {
        static ASKED: Mutex<Vec<Keep>> = Mutex::new(Vec::new());
        let files = Files {
            load: |_| Ok(Vec::new()),
            keep: |_, keep| {
                let mut asked = ASKED.lock().unwrap();
                asked.push(keep.clone());
                if asked.len() == 2 {
                    return Err(io::Error::other("full"));
                }
                Ok(())
            },
        };
        let (send, receive) = channel();
        let keeper = Keeper::start(files, StepId([1; 16]), send).unwrap();
        assert!(matches!(receive.recv(), Ok(Msg::Kept(Ok(_)))));
        let gone = |gone: &[FormOf]| Keep {
            gone: gone.to_vec(),
            ..Keep::default()
        };
        let [deal, contact, company] = [FormOf::NewDeal, FormOf::NewContact, FormOf::NewCompany];
        for all in [
            &[deal][..],
            &[deal, contact],
            &[deal, contact, company],
            &[deal, contact, company],
        ] {
            keeper.keep(gone(all));
            assert!(matches!(receive.recv(), Ok(Msg::Keeping(_))));
        }
        assert_eq!(
            *ASKED.lock().unwrap(),
            [
                gone(&[deal]),
                gone(&[contact]),
                gone(&[contact, company]),
                Keep::default()
            ]
        );
    }
}
