//! `import`: files of other systems and spreadsheets into the book.

mod progress;
mod summary;

use std::io::{self, Read as _};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::{Duration, Instant as Clock};

use clap::{Arg, ArgAction, ArgMatches, Command as Clap, ValueHint, value_parser};

use crate::cli::desk::Desk;
use crate::cli::fault::{Exit, Fault};
use crate::cli::shell::Shell;
use crate::cli::tree::Verb;
use crate::domain::id::Id;
use crate::domain::money::{Currency, grouped};
use crate::domain::nouns::Entity;
use crate::domain::records::Rep;
use crate::exchange::plan::Options;
use crate::exchange::recognise::Told;
use crate::exchange::value::date::Order;
use crate::jobs::import::{self, Done, ImportFault, Request, Source};
use progress::Bar;

/// The verb.
pub const VERB: Verb = Verb {
    name: "import",
    about: "Take in files of other systems and spreadsheets",
    build,
    run,
};

/// What rows can be, where their columns do not tell.
const INTO: &[(&str, Entity)] = &[
    ("contacts", Entity::Contact),
    ("companies", Entity::Company),
    ("deals", Entity::Deal),
    ("products", Entity::Product),
    ("reps", Entity::Rep),
    ("activities", Entity::Activity),
];

const ORDERS: &[(&str, Order)] = &[
    ("dmy", Order::Dmy),
    ("mdy", Order::Mdy),
    ("ymd", Order::Ymd),
];

/// The name of standard input.
const STDIN: &str = "-";

fn build(clap: Clap) -> Clap {
    let flag = |name: &'static str, value: &'static str, help: &'static str| {
        Arg::new(name).long(name).value_name(value).help(help)
    };
    clap.arg(
        Arg::new("file")
            .value_name("FILE")
            .required(true)
            .action(ArgAction::Append)
            .num_args(1..)
            .value_hint(ValueHint::FilePath)
            .value_parser(value_parser!(PathBuf))
            .help("CSV files, or JSON lines that `export` wrote, plain or gzipped; `-` is standard input"),
    )
    .arg(
        flag("into", "WHAT", "What the rows are, where their columns do not tell")
            .value_parser(["contacts", "companies", "deals", "products", "reps", "activities"]),
    )
    .arg(
        flag("dates", "ORDER", "Order of numeric dates, where no cell decides it")
            .value_parser(["dmy", "mdy", "ymd"]),
    )
    .arg(
        flag("map", "COLUMN=FIELD", "Which field a column fills, such as Tel=phone; may be given more than once")
            .action(ArgAction::Append),
    )
    .arg(flag("pipeline", "NAME", "The pipeline that deals come into"))
    .arg(
        flag("currency", "CODE", "Currency of amounts that do not say theirs")
            .value_parser(value_parser!(Currency)),
    )
    .arg(flag("source", "NAME", "The system that the files come from"))
    .arg(
        flag("rejects", "FILE", "Write the rows that cannot be taken, with their reasons, to a new file")
            .value_hint(ValueHint::FilePath)
            .value_parser(value_parser!(PathBuf)),
    )
    .arg(
        Arg::new("strict")
            .long("strict")
            .action(ArgAction::SetTrue)
            .help("All rows or none"),
    )
    .after_help(
        "`--dry-run` says what would be done. One `clinch undo` takes an import back; the same files again change nothing.\n\nJSON lines \
         of `export` come in whole or not at all, with their ids; what the book has already stays as it is.",
    )
}

fn run(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    // Before standard input is read, so that Ctrl-C leaves the book as it was from here on.
    let cancel = on_interrupt()?;
    let mut request = request(shell, &mut desk, matches)?;
    if matches.get_flag("strict") && !request.dry_run {
        request.dry_run = true;
        let planned = import(shell, &mut desk, &request, &cancel)?;
        if !planned.report.rejects.is_empty() {
            summary::print(shell, &desk, &planned, true)?;
            return Err(strict_fault(&planned));
        }
        request.dry_run = false;
        // The plan has looked at the rejects: there are none to write.
        request.rejects = None;
    }
    let done = import(shell, &mut desk, &request, &cancel)?;
    summary::print(shell, &desk, &done, request.dry_run)?;
    if done.cancelled {
        return Err(Fault::new(
            Exit::Interrupted,
            "The import was cancelled, and what it had written was taken back.",
        ));
    }
    Ok(if done.report.rejects.is_empty() {
        Exit::Done
    } else {
        Exit::Invalid
    })
}

fn import(
    shell: &Shell,
    desk: &mut Desk,
    request: &Request,
    cancel: &AtomicBool,
) -> Result<Done, Fault> {
    let began = Clock::now();
    let mut bar = Bar::new(shell);
    let done = import::run(
        &mut desk.book,
        request,
        &mut |progress| bar.show(progress),
        cancel,
    );
    bar.clear();
    let done = done?;
    match &done.backup {
        Some(Ok(path)) => shell.say(&format!("Backed up before: {}", path.display())),
        Some(Err(fault)) => shell.say(&format!("No backup was made before: {fault}")),
        None => {}
    }
    if done.group.is_some() {
        shell.say(&pace(done.report.rows(), began.elapsed()));
    }
    Ok(done)
}

/// How fast it went: `8,927 rows in 0.9 s, 9,919 rows/s`.
fn pace(rows: usize, took: Duration) -> String {
    let millis = took.as_millis().max(1);
    let a_second = rows as u128 * 1000 / millis;
    let a_second = grouped(i128::try_from(a_second).unwrap_or(i128::MAX));
    let rows = grouped(rows as u64);
    format!(
        "{rows} rows in {:.1} s, {a_second} rows/s",
        took.as_secs_f64()
    )
}

fn strict_fault(planned: &Done) -> Fault {
    let count = planned.report.rejects.len();
    let first = &planned.report.rejects[0];
    Fault::new(
        Exit::Invalid,
        format!(
            "Nothing was imported: of all rows or none, {count} cannot be taken. The first: {}.",
            first.sentence()
        ),
    )
    .hint("Mend them, or leave `--strict` out to take the others.")
}

fn request(shell: &Shell, desk: &mut Desk, matches: &ArgMatches) -> Result<Request, Fault> {
    let named = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let files = matches.get_many::<PathBuf>("file").into_iter().flatten();
    let files: Vec<PathBuf> = files.cloned().collect();
    if files.iter().filter(|path| is_stdin(path)).count() > 1 {
        return Err(Fault::usage("Standard input can be read only once."));
    }
    let maps = matches.get_many::<String>("map").into_iter().flatten();
    Ok(Request {
        files: files.into_iter().map(source).collect::<Result<_, _>>()?,
        told: Told {
            into: named("into").and_then(|into| find(INTO, into)),
            source: named("source").map(str::to_owned),
            map: maps.map(|pair| mapped(pair)).collect::<Result<_, _>>()?,
        },
        dates: named("dates").and_then(|order| find(ORDERS, order)),
        options: Options {
            pipeline: named("pipeline").map(str::to_owned),
            currency: matches.get_one("currency").copied(),
            now: desk.now,
        },
        rep: who(shell, desk)?,
        dry_run: shell.globals.dry_run,
        rejects: matches.get_one("rejects").cloned(),
    })
}

/// Who imports: nobody where the book does not know the name yet, since the files may bring it.
fn who(shell: &Shell, desk: &mut Desk) -> Result<Option<Id<Rep>>, Fault> {
    Ok(desk.me_or_stranger()?.unwrap_or_else(|name| {
        shell.say(&format!(
            "There is no rep `{name}` in this book yet: the import is nobody's, and `clinch undo` without `--as` takes it back."
        ));
        None
    }))
}

fn find<T: Copy>(table: &[(&str, T)], name: &str) -> Option<T> {
    table
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, value)| *value)
}

fn mapped(pair: &str) -> Result<(String, String), Fault> {
    pair.rsplit_once('=')
        .map(|(column, field)| (column.trim().to_owned(), field.trim().to_owned()))
        .ok_or_else(|| {
            Fault::usage(format!("`--map {pair}` names no field."))
                .hint("Write `--map 'COLUMN=FIELD'`, such as `--map 'Deal size=amount'`.")
        })
}

fn is_stdin(path: &std::path::Path) -> bool {
    path == std::path::Path::new(STDIN)
}

fn source(path: PathBuf) -> Result<Source, Fault> {
    if !is_stdin(&path) {
        return Ok(Source::File(path));
    }
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| Fault::usage(format!("Standard input could not be read: {error}.")))?;
    Ok(Source::Bytes {
        name: "standard input".to_owned(),
        bytes,
    })
}

/// A flag that Ctrl-C sets: the import looks at it between batches and leaves the book as it was. A second Ctrl-C ends the program
/// at once; a later start then takes back what was left half done.
fn on_interrupt() -> Result<Arc<AtomicBool>, Fault> {
    let flag = Arc::new(AtomicBool::new(false));
    #[cfg(unix)]
    for signal in [signal_hook::consts::SIGINT, signal_hook::consts::SIGTERM] {
        // In this order: at the second signal the flag is set already.
        signal_hook::flag::register_conditional_shutdown(
            signal,
            Exit::Interrupted as i32,
            Arc::clone(&flag),
        )
        .and_then(|_| signal_hook::flag::register(signal, Arc::clone(&flag)))
        .map_err(|error| {
            Fault::new(
                Exit::Unexpected,
                format!("Ctrl-C could not be listened for: {error}."),
            )
        })?;
    }
    Ok(flag)
}

impl From<ImportFault> for Fault {
    fn from(fault: ImportFault) -> Self {
        let hint = fault.hint();
        let message = fault.to_string();
        let mut shown = match fault {
            ImportFault::Store(error) => return error.into(),
            ImportFault::Clash(_) => Self::new(Exit::Conflict, message),
            ImportFault::Stuck { .. } | ImportFault::Vocabulary(_) => {
                Self::new(Exit::Unexpected, message)
            }
            _ => Self::new(Exit::Invalid, message),
        };
        shown.hint = hint.map(str::to_owned);
        shown
    }
}
