//! What lies outside of the app and is the same for all its faces: the book's store, the keeper of half-written forms, the making of a
//! book.

use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use crate::domain::command::StepDraft;
use crate::store::handle::{Event, Handle};
use crate::store::{NewBook, Opening, random_id};

use super::app::{App, Unsaved};
use super::exporter::{Exporter, Exporting, ToFile};
use super::keeper::Keeper;
use super::kept::Keeping;
use super::msg::{Effect, Msg};
use super::run::Options;

/// The outside of one run of the app.
pub(super) struct Outside<'a> {
    pub options: &'a Options,
    pub send: Sender<Msg>,
    pub store: Handle,
    /// Keeps half-written forms, as soon as it is known of which book they are.
    keeper: Option<Keeper>,
    /// Writes exports, as soon as there is one.
    exporter: Option<Exporter>,
    /// Where the book is that the first start made.
    made: Arc<Mutex<Option<PathBuf>>>,
}

impl<'a> Outside<'a> {
    /// Opens the book; what happens is sent there.
    pub fn open(options: &'a Options, send: Sender<Msg>) -> Self {
        let store = Handle::start(options.book.clone(), reporter(&send));
        Self {
            options,
            send,
            store,
            keeper: None,
            exporter: None,
            made: Arc::default(),
        }
    }

    /// Does what the app asked for, but what is for its face: that is handed back.
    pub fn perform(&mut self, effect: Effect, app: &App) -> Option<Effect> {
        match effect {
            Effect::Write {
                ticket,
                commands,
                origin,
                label,
            } => {
                let id = random_id();
                let draft = StepDraft {
                    id,
                    group: id,
                    rep: app.me(),
                    at: app.now(),
                    origin,
                    label,
                    import: None,
                    commands,
                };
                self.store.write(ticket, draft);
            }
            Effect::Read { view, query } => self.store.read(view, query),
            Effect::Send { ticket, draft } => self.store.apply(ticket, *draft),
            Effect::Forget(steps) => self.store.forget(steps),
            Effect::Check => self.store.check(),
            Effect::Forgo(views) => self.store.forgo(&views),
            Effect::Create(path, new) => self.create(path, new),
            Effect::Recall(book) => {
                match Keeper::start(self.options.drafts, book, self.send.clone()) {
                    Ok(keeper) => self.keeper = Some(keeper),
                    // Nobody's work ends for want of a thread that keeps what is half-written.
                    Err(error) => {
                        let _ = self.send.send(Msg::Keeping(Keeping {
                            claimed: Vec::new(),
                            outcome: Err(error.to_string()),
                        }));
                    }
                }
            }
            Effect::Keep(keep) => {
                if let Some(keeper) = &self.keeper {
                    keeper.keep(keep);
                }
            }
            Effect::LookAtKept => match &self.keeper {
                Some(keeper) => keeper.look(),
                // That nothing can be kept was said.
                None => {
                    let _ = self.send.send(Msg::KeptNow(Ok(Vec::new())));
                }
            },
            Effect::Export(what) => self.export(what),
            other => return Some(other),
        }
        None
    }

    /// Before the app hears a message.
    pub fn before(&mut self, message: &Msg) {
        if matches!(message, Msg::Created(_)) {
            self.open_what_was_made();
        }
        if matches!(message, Msg::Keys(_) | Msg::Paste(_) | Msg::Mouse(_)) {
            self.store.used();
        }
    }

    /// Waits until the book has taken what it can, and returns what it has not.
    pub fn close(self, app: &mut App, receive: &Receiver<Msg>) -> Unsaved {
        let waiting = app.unsaved();
        if !(waiting.is_nothing() || waiting.unreachable) {
            (self.options.waiting)(&[waiting.kept, waiting.lost].concat());
        }
        drop(self.store);
        let now = (self.options.clock)();
        for message in receive.try_iter() {
            for effect in app.update(now, message) {
                // What the book took after all is no longer half-written.
                if let (Effect::Keep(keep), Some(keeper)) = (effect, &self.keeper) {
                    keeper.keep(keep);
                }
            }
        }
        app.unsaved()
    }

    /// Hands what is exported to its thread.
    fn export(&mut self, what: ToFile) {
        if self.exporter.is_none() {
            match Exporter::start(self.options.export, self.send.clone()) {
                Ok(exporter) => self.exporter = Some(exporter),
                Err(error) => {
                    let said = Exporting::Failed(error.to_string());
                    let _ = self.send.send(Msg::Exporting(said));
                }
            }
        }
        if let Some(exporter) = &self.exporter {
            exporter.tell(what);
        }
    }

    /// Makes the book on a thread of its own. It is opened when that has told the app.
    fn create(&self, path: String, new: NewBook) {
        let (create, opening) = (self.options.create, self.options.book.clone());
        let (send, slot) = (self.send.clone(), Arc::clone(&self.made));
        std::thread::spawn(move || {
            let outcome = create(&path, &opening, &new).map(|path| {
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(path);
            });
            let _ = send.send(Msg::Created(outcome));
        });
    }

    /// Opens the book that was made, if one was.
    fn open_what_was_made(&mut self) {
        let made = self
            .made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(path) = made {
            let opening = Opening {
                path,
                ..self.options.book.clone()
            };
            self.store = Handle::start(opening, reporter(&self.send));
        }
    }
}

/// Sends what the store reports. When the app is leaving nobody listens any more.
fn reporter(send: &Sender<Msg>) -> impl Fn(Event) + Send + 'static {
    let send = send.clone();
    move |event| {
        let _ = send.send(Msg::Store(event));
    }
}
