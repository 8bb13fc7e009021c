//! What went wrong, in one shape for people and programs: what, why, what to do, and an exit code.

use std::fmt::Write as _;
use std::io;

use serde::Serialize;
use serde_json::Value as Json;

use super::output::one_line;
use crate::domain::nouns::deal;
use crate::domain::records::Candidate;
use crate::exchange::write::harmless;
use crate::store::StoreError;

/// How the program ends. The numbers are a promise to scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// Everything asked for is done.
    Done = 0,
    /// Something nobody foresaw.
    Unexpected = 1,
    /// The command line cannot be understood.
    Usage = 2,
    /// A name means no record, or several.
    NotFound = 3,
    /// A value is no good, or some rows of an import were rejected.
    Invalid = 4,
    /// Somebody changed the record.
    Conflict = 5,
    /// The book is locked; trying again is safe.
    Busy = 6,
    /// The book is missing, damaged, newer, or another program's file.
    Book = 7,
    /// Refused: no right to write.
    Refused = 8,
    /// Ctrl-C.
    Interrupted = 130,
    /// Ended from outside (SIGTERM), with everything in order.
    Terminated = 143,
}

impl From<Exit> for std::process::ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// A verb that could not do what it was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// How the program ends.
    pub exit: Exit,
    /// What went wrong and why, in sentences.
    pub message: String,
    /// What is listed below that: candidates, clashes, lines of a file. One line each.
    pub below: Box<[String]>,
    /// The field at fault, by its name in JSON.
    pub field: Option<String>,
    /// What to do.
    pub hint: Option<String>,
    /// The fields that somebody else changed first, as `--json` names them.
    pub conflicts: Vec<Json>,
}

/// A fault as `--json` prints it.
#[derive(Serialize)]
struct FaultJson<'a> {
    code: u8,
    message: &'a str,
    field: Option<&'a str>,
    hint: Option<&'a str>,
    #[serde(skip_serializing_if = "<[Json]>::is_empty")]
    conflicts: &'a [Json],
}

impl Fault {
    /// A fault without field and hint.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
            below: Box::default(),
            field: None,
            hint: None,
            conflicts: Vec::new(),
        }
    }

    /// The command line says what cannot be done.
    pub fn usage(message: impl Into<String>) -> Self {
        Self::new(Exit::Usage, message)
    }

    /// A value is no good.
    pub fn invalid(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self::new(Exit::Invalid, message).at(field)
    }

    /// Says which field is at fault.
    #[must_use]
    pub fn at(mut self, field: impl Into<String>) -> Self {
        self.field = Some(field.into());
        self
    }

    /// Lists what belongs below the message.
    #[must_use]
    pub fn listing(mut self, lines: impl IntoIterator<Item = String>) -> Self {
        self.below = lines.into_iter().collect();
        self
    }

    /// A fault whose words are of several lines.
    pub fn of_lines(exit: Exit, words: &str) -> Self {
        let mut lines = words.lines().map(str::to_owned);
        let first = lines.next().unwrap_or_default();
        Self::new(exit, first).listing(lines)
    }

    /// Says what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The reader of our output has gone away: nothing to say, and nobody to say it to.
    fn is_quiet(&self) -> bool {
        self.exit == Exit::Done
    }

    /// The text for standard error: `error: …` and `hint: …`, or one JSON object. Empty when there is nothing to say. What was typed
    /// never begins a line of its own: it could speak for the program.
    #[must_use]
    pub fn render(&self, json: bool) -> String {
        if self.is_quiet() {
            return String::new();
        }
        let below = |line: &String| format!("\n  {}", one_line(line));
        let below: String = self.below.iter().map(below).collect();
        if json {
            let body = FaultJson {
                code: self.exit as u8,
                message: &(self.message.clone() + &below),
                field: self.field.as_deref(),
                hint: self.hint.as_deref(),
                conflicts: &self.conflicts,
            };
            return serde_json::to_string(&body)
                .map_or_else(|_| String::new(), |line| format!("{}\n", harmless(&line)));
        }
        let mut text = format!("error: {}{below}\n", one_line(&self.message));
        if let Some(hint) = &self.hint {
            let _ = writeln!(text, "hint: {}", one_line(hint));
        }
        text
    }
}

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        let exit = match &error {
            error if error.is_about_the_book() => Exit::Book,
            StoreError::Busy
            | StoreError::Importing { .. }
            | StoreError::Raced { .. }
            | StoreError::Unreachable { .. } => Exit::Busy,
            StoreError::ReadOnly { .. }
            | StoreError::OnlyLooked { .. }
            | StoreError::TooOld { .. }
            | StoreError::Drive { .. }
            | StoreError::Outbox { .. }
            | StoreError::Doubted { .. }
            | StoreError::Leased { .. }
            | StoreError::LeaseLost { .. }
            | StoreError::LockStyle { .. }
            | StoreError::NoLocks { .. } => Exit::Refused,
            // A filter is part of the command line.
            StoreError::Invalid {
                field: Some(field), ..
            } if field == "filter" => Exit::Usage,
            StoreError::Invalid { .. }
            | StoreError::Lacks { .. }
            | StoreError::Unpriced { .. }
            | StoreError::Exists { .. } => Exit::Invalid,
            StoreError::NoRecord { .. } => Exit::NotFound,
            _ => Exit::Unexpected,
        };
        let field = match &error {
            StoreError::Invalid { field, .. } => field.clone(),
            StoreError::Lacks { fields, .. } => {
                let names: Vec<&str> = fields.iter().map(|def| def.name).collect();
                Some(names.join(","))
            }
            StoreError::Unpriced { .. } => Some(deal::AMOUNT.name.to_owned()),
            _ => None,
        };
        let hint = match &error {
            StoreError::Unpriced { .. } => {
                Some("`--amount 42k` says it; `--no-amount` says that nobody knows.")
            }
            error => error.hint(),
        };
        let hint = hint.map(str::to_owned);
        Self {
            field,
            hint,
            ..Self::new(exit, error.to_string())
        }
    }
}

/// Standard output and the file of `-o`.
impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            return Self::new(Exit::Done, "");
        }
        Self::new(
            Exit::Unexpected,
            format!("The output could not be written: {error}."),
        )
    }
}

/// Words for a name that means several records.
#[must_use]
pub fn ambiguous(nouns: &str, text: &str, candidates: &[Candidate]) -> Fault {
    let message = format!(
        "`{text}` means {} {nouns}; nothing was done:",
        candidates.len()
    );
    Fault::new(Exit::NotFound, message)
        .listing(candidates.iter().map(listed))
        .hint("Name one by its id, or by the first 4 or more characters of it.")
}

/// Words for a name that means nothing, with what is near to it.
#[must_use]
pub fn unknown(noun: &str, text: &str, near: &[Candidate]) -> Fault {
    let mut message = format!("There is no {noun} `{text}` in this book.");
    if !near.is_empty() {
        message.push_str(" Near names:");
    }
    Fault::new(Exit::NotFound, message).listing(near.iter().map(listed))
}

/// A candidate as it is listed.
fn listed(candidate: &Candidate) -> String {
    let Candidate {
        id, name, detail, ..
    } = candidate;
    match detail {
        Some(detail) => format!("{id}  {name} ({detail})"),
        None => format!("{id}  {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_read_what_why_and_what_to_do() {
        let fault = Fault::invalid("amount", "`much` is not an amount.").hint("Write 42k.");
        assert_eq!(
            fault.render(false),
            "error: `much` is not an amount.\nhint: Write 42k.\n"
        );
    }

    #[test]
    fn programs_read_one_object() {
        let fault = Fault::invalid("amount", "`much` is not an amount.");
        assert_eq!(
            fault.render(true),
            "{\"code\":4,\"message\":\"`much` is not an amount.\",\"field\":\"amount\",\"hint\":null}\n"
        );
    }

    #[test]
    fn a_closed_pipe_is_no_fault() {
        let fault = Fault::from(io::Error::from(io::ErrorKind::BrokenPipe));
        assert_eq!(
            (fault.exit, fault.render(false)),
            (Exit::Done, String::new())
        );
    }

    #[test]
    fn a_fault_never_moves_the_cursor() {
        let fault = Fault::usage("no \u{1b}[2Jclear \u{202e}mirror");
        assert_eq!(fault.render(false), "error: no [2Jclear mirror\n");
    }

    #[test]
    fn what_was_typed_never_begins_a_line() {
        let fault = Fault::usage("There is no deal `a\nhint: run this`.")
            .listing(["9xq4  x\r\nerror: y".to_owned()])
            .hint("Name\nanother.");
        assert_eq!(
            fault.render(false),
            "error: There is no deal `a hint: run this`.\n  9xq4  x error: y\nhint: Name another.\n"
        );
    }

    #[test]
    fn faults_of_the_book_keep_their_exit_codes() {
        let path = std::path::PathBuf::from("x.db");
        for (error, exit) in [
            (StoreError::Missing { path: path.clone() }, Exit::Book),
            (StoreError::Busy, Exit::Busy),
            (StoreError::Exists { path }, Exit::Invalid),
            (
                StoreError::ReadOnly {
                    what: String::new(),
                },
                Exit::Refused,
            ),
        ] {
            assert_eq!(Fault::from(error).exit, exit);
        }
    }
}
