//! The thread that writes an export, so that the screen never waits for a disk: it gets the rows piece by piece and says after each how
//! far it is.

use std::io;
use std::path::PathBuf;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread::JoinHandle;

use crate::domain::history::ListRow;
use crate::domain::money::Currency;
use crate::domain::nouns::Entity;

use super::msg::Msg;

/// What is exported, and whither.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Begin {
    /// The file as typed: `~` is the home folder, else in the folder that the app was started in.
    pub path: String,
    /// Whether a file that is there may be replaced.
    pub overwrite: bool,
    /// For spreadsheets: no cell that runs as a formula.
    pub excel: bool,
    /// The noun.
    pub entity: Entity,
    /// The columns by their names in a view, each with what people call it.
    pub columns: Vec<(String, String)>,
    /// The currency of amounts whose noun has none of its own.
    pub base: Currency,
}

/// What the thread is told.
#[derive(Debug, PartialEq)]
pub enum ToFile {
    /// Begin a file. One that was being written is left.
    Begin(Begin),
    /// Write these rows.
    Rows(Vec<ListRow>),
    /// The file is whole.
    Finish,
    /// Leave it: no half a file stays.
    Cancel,
}

/// What the thread says.
#[derive(Debug, PartialEq, Eq)]
pub enum Exporting {
    /// The file is there, or rows are in it: more rows may come.
    Ready,
    /// There is such a file already.
    Exists,
    /// It is whole, and where it is.
    Done(PathBuf),
    /// It could not be written, and why.
    Failed(String),
}

/// Why a file was not begun.
#[derive(Debug, PartialEq, Eq)]
pub enum NotBegun {
    /// There is such a file already.
    Exists,
    /// In a sentence.
    Fault(String),
}

/// A file that is being written; dropped before its end it leaves nothing.
pub trait Sheet: Send {
    /// Writes some rows.
    ///
    /// # Errors
    /// In a sentence.
    fn rows(&mut self, rows: &[ListRow]) -> Result<(), String>;
    /// Ends the file and says where it is.
    ///
    /// # Errors
    /// In a sentence.
    fn finish(self: Box<Self>) -> Result<PathBuf, String>;
}

/// How files are begun, outside of this room.
pub type BeginFile = fn(&Begin) -> Result<Box<dyn Sheet>, NotBegun>;

/// The thread. Dropping it waits for what it is at, and leaves what is half.
#[derive(Debug)]
pub struct Exporter {
    send: Option<Sender<ToFile>>,
    thread: Option<JoinHandle<()>>,
}

impl Exporter {
    /// Starts the thread.
    ///
    /// # Errors
    /// The system has no thread for it.
    pub fn start(begin: BeginFile, say: Sender<Msg>) -> io::Result<Self> {
        let (send, receive) = channel();
        let thread = std::thread::Builder::new()
            .name("export".to_owned())
            .spawn(move || work(begin, &receive, &say))?;
        Ok(Self {
            send: Some(send),
            thread: Some(thread),
        })
    }

    /// Tells the thread something.
    pub fn tell(&self, what: ToFile) {
        if let Some(send) = &self.send {
            // The thread lives as long as this.
            let _ = send.send(what);
        }
    }
}

impl Drop for Exporter {
    fn drop(&mut self) {
        self.send = None;
        if let Some(thread) = self.thread.take() {
            // What it could not do it has said.
            let _ = thread.join();
        }
    }
}

fn work(begin: BeginFile, receive: &Receiver<ToFile>, say: &Sender<Msg>) {
    let mut open: Option<Box<dyn Sheet>> = None;
    for what in receive {
        let said = match what {
            ToFile::Begin(what) => {
                // One that was being written goes first: it may be of the same name.
                drop(open.take());
                match begin(&what) {
                    Ok(sheet) => {
                        open = Some(sheet);
                        Exporting::Ready
                    }
                    Err(NotBegun::Exists) => Exporting::Exists,
                    Err(NotBegun::Fault(why)) => Exporting::Failed(why),
                }
            }
            ToFile::Rows(rows) => match open.as_mut().map(|sheet| sheet.rows(&rows)) {
                Some(Ok(())) => Exporting::Ready,
                Some(Err(why)) => {
                    open = None;
                    Exporting::Failed(why)
                }
                None => continue,
            },
            ToFile::Finish => match open.take().map(Sheet::finish) {
                Some(Ok(path)) => Exporting::Done(path),
                Some(Err(why)) => Exporting::Failed(why),
                None => continue,
            },
            ToFile::Cancel => {
                open = None;
                continue;
            }
        };
        // When the app is leaving nobody listens any more.
        let _ = say.send(Msg::Exporting(said));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Counts(usize);

    impl Sheet for Counts {
        fn rows(&mut self, rows: &[ListRow]) -> Result<(), String> {
            self.0 += rows.len();
            Ok(())
        }
        fn finish(self: Box<Self>) -> Result<PathBuf, String> {
            Ok(PathBuf::from(format!("{}.csv", self.0)))
        }
    }

    fn begin(path: &str) -> ToFile {
        ToFile::Begin(Begin {
            path: path.to_owned(),
            overwrite: false,
            excel: false,
            entity: Entity::Contact,
            columns: Vec::new(),
            base: "CHF".parse().unwrap(),
        })
    }

    #[test]
    fn each_piece_is_answered_and_what_was_left_is_not() {
        let (send, receive) = channel();
        let open: BeginFile = |what| match what.path.as_str() {
            "old.csv" => Err(NotBegun::Exists),
            _ => Ok(Box::new(Counts(0))),
        };
        let exporter = Exporter::start(open, send).unwrap();
        for what in [
            begin("old.csv"),
            ToFile::Finish,
            begin("new.csv"),
            ToFile::Cancel,
            ToFile::Rows(Vec::new()),
            begin("new.csv"),
            ToFile::Rows(Vec::new()),
            ToFile::Finish,
        ] {
            exporter.tell(what);
        }
        drop(exporter);
        let said: Vec<Exporting> = receive
            .iter()
            .filter_map(|message| match message {
                Msg::Exporting(said) => Some(said),
                _ => None,
            })
            .collect();
        assert_eq!(
            said,
            [
                Exporting::Exists,
                Exporting::Ready,
                Exporting::Ready,
                Exporting::Ready,
                Exporting::Done("0.csv".into())
            ]
        );
    }
}
