//! Where data goes: standard output, or the file of `-o`, which is replaced only by a whole one.

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::{Path, PathBuf};

use super::fault::{Exit, Fault};
use crate::domain::text::is_hostile;

/// The form of lists and reports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Format {
    /// Aligned columns for people.
    #[default]
    Table,
    /// One record a line, tabs between the values, no header.
    Plain,
    /// One JSON document.
    Json,
    /// One JSON object a line.
    Jsonl,
    /// RFC 4180 with a header.
    Csv,
    /// As CSV, with tabs.
    Tsv,
}

/// An open place for data. Dropping it without [`finish`](Self::finish) leaves the file of `-o` as it was.
pub struct Out {
    to: Sink,
}

enum Sink {
    Stream(Box<dyn Write>),
    File {
        to: BufWriter<File>,
        beside: PathBuf,
        path: PathBuf,
    },
}

impl Out {
    /// Standard output.
    #[must_use]
    pub fn stdout() -> Self {
        Self {
            to: Sink::Stream(Box::new(BufWriter::with_capacity(
                1 << 16,
                io::stdout().lock(),
            ))),
        }
    }

    /// [`open`](Self::open), but never over the book or its journal: what the data come from is not where they go.
    pub fn beside_book(path: Option<&Path>, book: &Path) -> Result<Self, Fault> {
        let real = |path: &Path| fs::canonicalize(path).ok();
        let book = fs::canonicalize(book).unwrap_or_else(|_| book.to_owned());
        let mut journal = book.clone().into_os_string();
        journal.push("-journal");
        match path.and_then(real) {
            Some(path) if path == book || path.as_os_str() == journal => Err(Fault::usage(
                format!("{} is the book itself.", path.display()),
            )
            .hint("Name another file after `-o`.")),
            _ => Self::open(path),
        }
    }

    /// The file of `-o`, or standard output for none and for `-`.
    pub fn open(path: Option<&Path>) -> Result<Self, Fault> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else {
            return Ok(Self::stdout());
        };
        // A link is followed, so that the file behind it is replaced and not the link.
        let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
        let to = match fs::metadata(&path) {
            Ok(what) if what.is_dir() => {
                return Err(Fault::usage(format!("{} is a folder.", path.display()))
                    .hint("Name a file after `-o`."));
            }
            // Pipes and devices can only be written to, not replaced.
            Ok(what) if !what.is_file() => {
                let file = File::options().write(true).open(&path);
                Sink::Stream(Box::new(BufWriter::new(
                    file.map_err(|error| refused(&path, &error))?,
                )))
            }
            _ => {
                let beside = beside(&path);
                let file = File::options().write(true).create_new(true).open(&beside);
                Sink::File {
                    to: BufWriter::new(file.map_err(|error| refused(&path, &error))?),
                    beside,
                    path,
                }
            }
        };
        Ok(Self { to })
    }

    /// Writes what is left; a file takes its place now.
    pub fn finish(mut self) -> Result<(), Fault> {
        self.flush()?;
        if let Sink::File { to, beside, path } = &self.to {
            to.get_ref()
                .sync_all()
                .and_then(|()| fs::rename(beside, path))
                .map_err(|error| refused(path, &error))?;
        }
        Ok(())
    }
}

impl Write for Out {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match &mut self.to {
            Sink::Stream(to) => to.write(bytes),
            Sink::File { to, .. } => to.write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match &mut self.to {
            Sink::Stream(to) => to.flush(),
            Sink::File { to, .. } => to.flush(),
        }
    }
}

impl Drop for Out {
    fn drop(&mut self) {
        if let Sink::File { beside, .. } = &self.to {
            // After `finish` it is no longer there.
            let _ = fs::remove_file(beside);
        }
    }
}

fn beside(path: &Path) -> PathBuf {
    let name = path
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    path.with_file_name(format!(".{name}.{}.part", std::process::id()))
}

fn refused(path: &Path, error: &io::Error) -> Fault {
    Fault::new(
        Exit::Unexpected,
        format!("{} could not be written: {error}.", path.display()),
    )
    .hint("Check the folder and its rights; what was there is untouched.")
}

/// What the three standard streams are.
#[derive(Clone, Copy, Debug, Default)]
pub struct Streams {
    /// Questions can be asked.
    pub stdin: bool,
    /// Data goes to a person.
    pub stdout: bool,
    /// Messages go to a person.
    pub stderr: bool,
}

impl Streams {
    /// Looks at this process.
    #[must_use]
    pub fn look() -> Self {
        Self {
            stdin: io::stdin().is_terminal(),
            stdout: io::stdout().is_terminal(),
            stderr: io::stderr().is_terminal(),
        }
    }
}

/// Columns of the terminal behind standard output; `None` where it has none.
#[must_use]
pub fn width() -> Option<usize> {
    #[cfg(unix)]
    {
        rustix::termios::tcgetwinsize(io::stdout())
            .ok()
            .map(|size| usize::from(size.ws_col))
            .filter(|columns| *columns > 0)
    }
    #[cfg(not(unix))]
    {
        None
    }
}

/// A value fit for one line of a terminal: nothing in it moves the cursor or mirrors the text.
#[must_use]
pub fn one_line(text: &str) -> String {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.to_owned();
    }
    text.chars()
        .map(|c| if matches!(c, '\n' | '\t') { ' ' } else { c })
        .filter(|c| !is_hostile(*c))
        .collect()
}

/// [`one_line`] for text of several lines.
#[must_use]
pub fn lines(text: &str) -> String {
    text.split('\n')
        .map(one_line)
        .collect::<Vec<_>>()
        .join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_only_by_a_whole_one() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("deals.csv");
        fs::write(&path, "old").unwrap();

        let mut out = Out::open(Some(&path)).unwrap();
        out.write_all(b"half").unwrap();
        drop(out);
        assert_eq!(fs::read_to_string(&path).unwrap(), "old");

        let mut out = Out::open(Some(&path)).unwrap();
        out.write_all(b"new").unwrap();
        out.finish().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new");
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    }

    #[test]
    fn a_folder_is_no_file_to_write_to() {
        let folder = tempfile::tempdir().unwrap();
        let fault = Out::open(Some(folder.path())).err().unwrap();
        assert_eq!(fault.exit, Exit::Usage);
    }

    #[test]
    fn values_cannot_play_with_the_terminal() {
        assert_eq!(one_line("a\u{1b}[31mb\u{202e}c\nd"), "a[31mbc d");
        assert_eq!(lines("a\r\nb\u{7}"), "a\nb");
    }
}
