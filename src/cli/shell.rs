//! What a verb works with: the global flags, the streams, the place for data and for messages.

use std::io::{self, BufRead as _, Write as _};
use std::path::PathBuf;
use std::time::Duration;

use chrono_tz::TZ_VARIANTS;

use super::desk::Desk;
use super::fault::{Exit, Fault};
use super::globals::Globals;
use super::output::{self, Format, Out, Streams};
use super::own;
use crate::config::paths::Paths;
use crate::domain::filter::nearest;
use crate::domain::time::{Instant, Zone};
use crate::exchange::write::harmless;
use crate::store::{Opening, real_now};

/// The shell's side of a verb.
#[derive(Debug)]
pub struct Shell {
    /// The flags that every verb takes.
    pub globals: Globals,
    /// What the standard streams are.
    pub streams: Streams,
    /// The book goes when this run ends: no step is kept for it.
    pub throwaway: bool,
}

impl Shell {
    /// The form of data.
    #[must_use]
    pub fn format(&self) -> Format {
        self.globals.format()
    }

    /// The book that is meant: `--book`, `CLINCH_BOOK`, the settings' book, or the one in the platform's data folder.
    pub fn book_path(&self) -> Result<PathBuf, Fault> {
        let named = self.globals.book.as_deref();
        let paths = Paths::of_platform();
        if let Some(path) = named.filter(|path| !path.as_os_str().is_empty()) {
            return Ok(path.to_owned());
        }
        Ok(paths.book(None, None, own::settings()?.book.as_deref()))
    }

    /// The circumstances under which the book is opened.
    pub fn opening(&self) -> Result<Opening, Fault> {
        Ok(Opening {
            patience: self.patience(),
            backups: Some(own::backups()?),
            outboxes: (!self.throwaway).then(|| Paths::of_platform().state.join("outbox")),
            trust: self.globals.trust(),
            read_only: self.globals.read_only,
            ..Opening::of(&self.book_path()?)
        })
    }

    /// Who acts, as a text: `--as`, `CLINCH_REP`, or the settings' rep.
    pub fn rep(&self) -> Result<Option<String>, Fault> {
        let named = self.globals.rep.clone();
        let settled = match named {
            Some(rep) => Some(rep),
            None => own::settings()?.rep,
        };
        Ok(settled.filter(|rep| !rep.trim().is_empty()))
    }

    /// Opens the book.
    pub fn desk(&self) -> Result<Desk, Fault> {
        let desk = Desk::open(self)?;
        if self.globals.verbose {
            self.say(&format!(
                "book {}, {}, as of {} in {}",
                desk.info.path.display(),
                self.globals.rep.as_deref().map_or_else(
                    || "no rep".to_owned(),
                    |rep| format!("as {}", output::one_line(rep))
                ),
                desk.now,
                desk.zone,
            ));
        }
        Ok(desk)
    }

    /// How long to wait for a book that is locked.
    #[must_use]
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.globals.wait)
    }

    /// The as-of moment: `--now`, or the clock.
    pub fn now(&self, zone: Zone) -> Result<Instant, Fault> {
        match self.globals.now.as_deref().filter(|text| !text.is_empty()) {
            Some(text) => Instant::parse(text.trim(), zone)
                .map_err(|fault| Fault::usage(fault + ".").at("now")),
            None => Ok(real_now()),
        }
    }

    /// The zone of what is shown and typed: `--tz`, or the book's.
    pub fn zone(&self, team: Zone) -> Result<Zone, Fault> {
        self.globals.tz.as_deref().map_or(Ok(team), parse_zone)
    }

    /// Whether text for people may be set off.
    #[must_use]
    pub fn is_coloured(&self) -> bool {
        let asked_not = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        self.streams.stdout && self.globals.output.is_none() && !self.globals.no_color && !asked_not
    }

    /// Columns that a table may take; `None` where nobody looks at it through a terminal.
    #[must_use]
    pub fn columns(&self) -> Option<usize> {
        (self.streams.stdout && self.globals.output.is_none())
            .then(output::width)
            .flatten()
    }

    /// The place for data.
    pub fn out(&self) -> Result<Out, Fault> {
        let to = self.globals.output.as_deref();
        // Where the settings do not tell which book it is, a verb that needs one has said so.
        match self.book_path() {
            Ok(book) => Out::beside_book(to, &book),
            Err(_) => Out::open(to),
        }
    }

    /// Prints text as data.
    pub fn print(&self, text: &str) -> Result<(), Fault> {
        let mut out = self.out()?;
        match self.format() {
            Format::Json | Format::Jsonl => out.write_all(harmless(text).as_bytes())?,
            _ => out.write_all(text.as_bytes())?,
        }
        out.finish()
    }

    /// A message for people, on standard error; nothing with `--quiet`, and where a program reads (JSON) only with `--verbose`.
    pub fn say(&self, text: &str) {
        let for_programs = matches!(self.format(), Format::Json | Format::Jsonl);
        if self.globals.verbose || !(self.globals.quiet || for_programs) {
            // Where standard error is closed there is nobody to tell.
            let _ = writeln!(io::stderr(), "{}", output::lines(text));
        }
    }

    /// A message that must not be missed, on standard error whoever reads.
    pub fn warn(&self, text: &str) {
        // Where standard error is closed there is nobody to tell.
        let _ = writeln!(io::stderr(), "warning: {}", output::lines(text));
    }

    /// Whether there is somebody to ask.
    #[must_use]
    pub const fn can_ask(&self) -> bool {
        !self.globals.no_input && self.streams.stdin && self.streams.stderr
    }

    /// Asks for a text; Enter alone takes `usual`.
    pub fn ask(&self, question: &str, usual: &str) -> Result<String, Fault> {
        let _ = write!(io::stderr(), "{question} [{usual}]: ");
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        let answer = answer.trim();
        Ok(if answer.is_empty() { usual } else { answer }.to_owned())
    }

    /// Asks before something big. `question` ends with a question mark, `verb` says what `y` does.
    pub fn confirm(&self, question: &str, verb: &str) -> Result<(), Fault> {
        if self.globals.yes {
            return Ok(());
        }
        if !self.can_ask() {
            return Err(
                Fault::usage(format!("{question} Nobody can be asked here."))
                    .hint("`--yes` says so beforehand."),
            );
        }
        let _ = write!(io::stderr(), "{question} [{verb}: y, leave: Enter] ");
        let mut answer = String::new();
        io::stdin().lock().read_line(&mut answer)?;
        if matches!(answer.trim().to_lowercase().as_str(), "y" | "yes") {
            Ok(())
        } else {
            Err(Fault::new(Exit::Interrupted, "Nothing was done."))
        }
    }

    /// The text of a flag whose value may be `-` for standard input.
    pub fn text_or_stdin(&self, value: &str) -> Result<String, Fault> {
        if value == "-" {
            io::read_to_string(io::stdin()).map_err(|error| {
                Fault::usage(format!("Standard input could not be read: {error}."))
            })
        } else {
            Ok(value.to_owned())
        }
    }
}

/// Reads a time zone by its IANA name, in any case.
pub fn parse_zone(name: &str) -> Result<Zone, Fault> {
    let name = name.trim();
    let mut known = TZ_VARIANTS.iter();
    if let Some(zone) = known.find(|zone| zone.name().eq_ignore_ascii_case(name)) {
        return Ok(*zone);
    }
    let fault = Fault::usage(format!("`{name}` is no time zone.")).at("tz");
    Err(
        match nearest(name, TZ_VARIANTS.iter().map(|zone| zone.name())) {
            Some(near) => fault.hint(format!("Did you mean `{near}`?")),
            None => fault.hint("Use an IANA name, such as Europe/Zurich or America/New_York."),
        },
    )
}
