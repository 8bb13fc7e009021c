//! How the two seats talk: one file each, made before the second comes and written anew for every word, which is opened anew for
//! every look. An open asks the server where a mere look at a name may be answered from memory.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use super::super::super::error::StoreError;

/// Who speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Seat {
    First,
    Second,
}

/// How often it is looked for a word.
const LOOK: Duration = Duration::from_millis(20);

/// The folder in which the two meet.
#[derive(Debug)]
pub(super) struct Post {
    folder: PathBuf,
    code: String,
    /// The first seat tidies up.
    made: bool,
}

impl Post {
    pub fn make(on: &Path, code: String) -> Result<Self, StoreError> {
        let folder = folder(on, &code);
        let made = fs::create_dir(&folder).and_then(|()| {
            fs::write(folder.join("data"), vec![b' '; 4096])?;
            fs::write(folder.join("first"), "")?;
            fs::write(folder.join("second"), "")
        });
        made.map_err(|source| StoreError::File {
            doing: "Making",
            path: folder.clone(),
            source,
        })?;
        Ok(Self {
            folder,
            code,
            made: true,
        })
    }

    pub fn find(on: &Path, code: &str) -> Result<Self, StoreError> {
        let is_code = !code.is_empty() && code.chars().all(|c| c.is_ascii_alphanumeric());
        let folder = folder(on, code);
        if !is_code || !folder.join("second").is_file() {
            return Err(StoreError::invalid(format!(
                "Nobody waits in {} with the code {code}.",
                on.display()
            )));
        }
        Ok(Self {
            folder,
            code: code.to_owned(),
            made: false,
        })
    }

    pub fn code(&self) -> &str {
        &self.code
    }

    /// The file that is locked, written and read.
    pub fn data(&self) -> PathBuf {
        self.folder.join("data")
    }

    /// Makes a file that was not there.
    pub fn name(&self) -> Result<(), StoreError> {
        self.write("name", "")
    }

    /// Whether that file is seen.
    pub fn sees_name(&self) -> bool {
        self.folder.join("name").exists()
    }

    fn write(&self, name: &str, text: &str) -> Result<(), StoreError> {
        let path = self.folder.join(name);
        fs::write(&path, text).map_err(|source| StoreError::File {
            doing: "Writing",
            path,
            source,
        })
    }

    /// Says a word in a turn.
    pub fn say(&self, seat: Seat, turn: u64, word: &str) -> Result<(), StoreError> {
        self.write(name(seat), &format!("{turn} {word}\n"))
    }

    /// Waits for the other's word in a turn.
    pub fn wait(&self, from: Seat, turn: u64, patience: Duration) -> Result<String, StoreError> {
        let path = self.folder.join(name(from));
        let since = Instant::now();
        loop {
            // A word that is being written has no end of line yet.
            let text = fs::read_to_string(&path).unwrap_or_default();
            let said = text
                .strip_suffix('\n')
                .and_then(|text| text.split_once(' '));
            if let Some((number, word)) = said
                && number == turn.to_string()
            {
                return Ok(word.to_owned());
            }
            if since.elapsed() > patience {
                return Err(StoreError::Unreachable {
                    path: self.folder.clone(),
                    what: "the other seat did not answer, or its answer is not seen here"
                        .to_owned(),
                });
            }
            std::thread::sleep(LOOK);
        }
    }
}

impl Drop for Post {
    fn drop(&mut self) {
        if self.made {
            // What stays behind is a small hidden folder.
            let _ = fs::remove_dir_all(&self.folder);
        }
    }
}

fn folder(on: &Path, code: &str) -> PathBuf {
    on.join(format!(".clinch-doctor-{code}"))
}

const fn name(seat: Seat) -> &'static str {
    match seat {
        Seat::First => "first",
        Seat::Second => "second",
    }
}
