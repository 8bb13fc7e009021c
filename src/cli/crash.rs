//! What is said when the app has failed: where the report is, and what is safe.

use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::config::paths::Paths;
use crate::domain::time::Instant;
use crate::store::real_now;

use super::private;

/// Writes a report of a failure into the state folder and says on standard error where it is. The terminal is the user's again.
pub fn tell(report: &str) {
    let folder = Paths::of_platform().state.join("reports");
    tell_to(&mut io::stderr(), &folder, real_now(), report);
}

/// What cannot be said is given up: there is nobody left to tell.
fn tell_to(out: &mut impl Write, folder: &Path, at: Instant, report: &str) {
    // What a panic says ends where the thread is named.
    let what: Vec<&str> = report
        .lines()
        .take_while(|line| !line.is_empty() && !line.starts_with("in thread"))
        .collect();
    let _ = writeln!(out, "clinch has failed: {}", what.join(" "));
    let _ = match write(folder, at, report) {
        Ok(path) => writeln!(out, "The report is in {}.", path.display()),
        // Then the report itself is said: nobody can look it up.
        Err(error) => writeln!(out, "No report could be written ({error}):\n{report}"),
    };
    let _ = writeln!(
        out,
        "What was saved is in the book; half-written forms come back at the next start."
    );
}

fn write(folder: &Path, at: Instant, report: &str) -> io::Result<PathBuf> {
    private::make(folder)?;
    let path = folder.join(format!("{}.txt", at.to_string().replace(':', "-")));
    let mut file = private::open(&path)?;
    file.set_len(0)?;
    writeln!(file, "clinch {} at {at}", env!("CARGO_PKG_VERSION"))?;
    file.write_all(report.as_bytes())?;
    Ok(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(folder: &Path) -> String {
        let mut out = Vec::new();
        let at = Instant::parse("2026-11-24T09:05:00Z", chrono_tz::UTC).unwrap();
        tell_to(
            &mut out,
            folder,
            at,
            "panicked at a.rs:1:\nthe reason\nin thread main\n\nmore",
        );
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn it_says_where_the_report_is_and_the_report_is_there() {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("reports");
        let said = said(&folder);
        let file = std::fs::read_dir(&folder).unwrap().next().unwrap();
        let path = file.unwrap().path();
        assert!(
            said.contains("failed: panicked at a.rs:1: the reason\n")
                && said.contains(&path.display().to_string()),
            "{said}"
        );
        let report = std::fs::read_to_string(path).unwrap();
        assert!(report.ends_with("more"), "{report}");
    }

    #[test]
    fn where_no_report_can_be_written_it_is_said_instead() {
        let home = tempfile::tempdir().unwrap();
        let file = home.path().join("file");
        std::fs::write(&file, "").unwrap();
        assert!(said(&file).ends_with("next start.\n") && said(&file).contains("more"));
    }
}
