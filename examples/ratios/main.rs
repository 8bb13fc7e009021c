//! What a user waits for, as ratios: `cargo run --release --example ratios`.
//!
//! Starts itself as clinch would be started, in a terminal of its own, over a book of ten thousand deals: from the start of the
//! process to the first board against `echo`, from a key to what it draws, both also while another program holds the book's lock;
//! and an import against `sqlite3 .import` of the same rows, where sqlite3 is installed.
//!
//! `-- find [CONTACTS]` measures the search over so many made-up contacts, a million if it is not said, and nothing else.
//!
//! `cargo run --release --example ratios -- BOOK [BOOK …]` measures books that are there, as `clinch demo --contacts` makes them: on
//! each of them the start, every screen, keys, bytes, what it costs to do nothing, and memory. They are not changed.

mod big;
mod find;
mod import;
mod people;
mod screens;
mod terminal;
mod took;

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

/// The rows of the import, and so the deals of the book.
const DEALS: usize = 10_000;
/// The contacts of the search.
const CONTACTS: usize = 1_000_000;
/// How often a start is measured.
const STARTS: usize = 9;

type Fault = Box<dyn std::error::Error>;

fn main() -> ExitCode {
    // Started as clinch: by this program, for measuring.
    let arguments: Vec<_> = std::env::args_os().collect();
    if arguments.get(1).is_some_and(|first| first == "clinch") {
        return clinch::cli::main(arguments.into_iter().skip(1));
    }
    let find = arguments.get(1).is_some_and(|first| first == "find");
    let contacts = arguments
        .get(2)
        .and_then(|count| count.to_str()?.parse().ok());
    let books: Vec<PathBuf> = arguments.into_iter().skip(1).map(PathBuf::from).collect();
    let measured = if find {
        find::measure(contacts.unwrap_or(CONTACTS))
    } else if books.is_empty() {
        measure()
    } else {
        big::measure(&books)
    };
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(fault) => {
            eprintln!("error: {fault}");
            ExitCode::FAILURE
        }
    }
}

fn measure() -> Result<(), Fault> {
    let program = std::env::current_exe()?;
    let folder = program.with_file_name(format!("ratios-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let done = measure_in(&program, &folder);
    // Best effort: what stays is in the target folder.
    let _ = std::fs::remove_dir_all(&folder);
    done
}

fn measure_in(program: &Path, folder: &Path) -> Result<(), Fault> {
    let clinch = Clinch {
        program: program.to_owned(),
        book: folder.join("team.db"),
    };
    import::measure(&clinch, folder, DEALS)?;
    starts(&clinch)?;
    keys(&clinch)
}

/// clinch on one book, with nothing from the user's own settings.
struct Clinch {
    program: PathBuf,
    book: PathBuf,
}

impl Clinch {
    /// The command line, verb first.
    fn line(&self, verb: &[&str]) -> Vec<String> {
        let program = self.program.to_string_lossy().into_owned();
        let book = self.book.to_string_lossy().into_owned();
        let head = [program, "clinch".into(), "--book".into(), book];
        head.into_iter()
            .chain(verb.iter().map(|word| (*word).to_owned()))
            .collect()
    }

    /// Runs a verb to its end.
    fn run(&self, verb: &[&str]) -> Result<(), Fault> {
        let line = self.line(verb);
        let output = Command::new(&line[0]).args(&line[1..]).output()?;
        if output.status.success() {
            return Ok(());
        }
        Err(format!(
            "clinch {} failed: {}",
            verb.join(" "),
            String::from_utf8_lossy(&output.stderr)
        )
        .into())
    }
}

/// From the start of the process to the first board, against `echo` in the same kind of terminal.
fn starts(clinch: &Clinch) -> Result<(), Fault> {
    let (mut ours, mut echoes) = (Vec::new(), Vec::new());
    let echo = ["/bin/echo".to_owned(), "Negotiate".to_owned()];
    for _ in 0..STARTS {
        // In turn, so that a busy moment of the machine is one of both.
        echoes.push(terminal::Running::start(&echo)?.until_shown("Negotiate")?);
        let mut app = terminal::Running::start(&clinch.line(&[]))?;
        ours.push(app.until_shown("Deal 9")?);
        app.quit()?;
    }
    let (ours, echo) = (percentile(&mut ours, 50), percentile(&mut echoes, 50));
    println!(
        "start to first board     p50 {:>9}   {} of echo in a terminal (aim: 2.5 x)",
        millis(ours),
        ratio(ours, echo)
    );
    Ok(())
}

/// From a key to what it draws.
fn keys(clinch: &Clinch) -> Result<(), Fault> {
    let mut app = terminal::Running::start(&clinch.line(&[]))?;
    app.until_shown("Deal 9")?;
    for (what, script) in [
        ("down and up", "jjjjjkkkkk"),
        ("across", "lllhhh"),
        ("deal on and back", "><><"),
    ] {
        report(what, &mut app, script, 5)?;
    }
    let other = rusqlite::Connection::open(&clinch.book)?;
    other.execute_batch("BEGIN IMMEDIATE")?;
    report("… while the book is locked", &mut app, "jjjjjkkkkk", 5)?;
    other.execute_batch("ROLLBACK")?;
    say_idle(&mut app);
    app.quit()
}

/// What it costs to do nothing.
fn say_idle(app: &mut terminal::Running) {
    if let Some((cpu, wakeups, bytes)) = app.idle(Duration::from_secs(3)) {
        println!(
            "idle for 3 s             {cpu} ticks of CPU, {wakeups} wake-ups, {bytes} bytes (aim: 0, 0, 0)"
        );
    }
}

fn report(
    what: &str,
    app: &mut terminal::Running,
    script: &str,
    repeats: usize,
) -> Result<(), Fault> {
    let mut times = Vec::new();
    for key in script.repeat(repeats).chars() {
        times.push(app.press(key)?);
    }
    let [half, most] = [50, 95].map(|percent| millis(percentile(&mut times, percent)));
    println!("key to drawing: {what:<27} p50 {half}, p95 {most} (aim: 1 and 3 ms)");
    Ok(())
}

fn percentile(times: &mut [Duration], percent: usize) -> Duration {
    times.sort_unstable();
    times[(times.len() * percent / 100).min(times.len() - 1)]
}

fn millis(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

fn ratio(time: Duration, anchor: Duration) -> String {
    format!("{:.2} x", time.as_secs_f64() / anchor.as_secs_f64())
}
