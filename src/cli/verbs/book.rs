//! `book`: make one, and say what it is.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use clap::{Arg, ArgMatches, Command as Clap, value_parser};
use serde_json::{Value as Json, json};

use super::backup::Newest;
use crate::cli::app;
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns;
use crate::cli::output::{Format, one_line};
use crate::cli::rows::Rows;
use crate::cli::shell::{Shell, parse_zone};
use crate::cli::table::Side;
use crate::cli::tree::{Verb, build_under, run_under};
use crate::domain::money::{Currency, grouped};
use crate::domain::time::Zone;
use crate::store::drive::{Drive, Manner, Proof};
use crate::store::query::BookInfo;
use crate::store::{Book, NewBook};

/// The verb.
pub const VERB: Verb = Verb {
    name: "book",
    about: "Make a book, look at it, back it up",
    build: |clap| build_under(clap, UNDER),
    run: |shell, matches| run_under(shell, matches, UNDER),
};

static UNDER: &[Verb] = &[
    Verb {
        name: "init",
        about: "Make a new book",
        build: build_init,
        run: init,
    },
    Verb {
        name: "status",
        about: "Say what the book is and holds",
        build: |clap| clap,
        run: |shell, _| status(shell),
    },
    super::check::VERB,
    super::backup::BACKUP,
    super::backup::BACKUPS,
    super::restore_book::VERB,
    super::migrate::VERB,
];

fn build_init(clap: Clap) -> Clap {
    clap.arg(
        Arg::new("currency")
            .long("currency")
            .value_name("CODE")
            .value_parser(value_parser!(Currency))
            .help("Currency of sums: CHF, EUR, USD …"),
    )
    .arg(
        Arg::new("name")
            .long("name")
            .value_name("NAME")
            .help("What the book is called; else as its file"),
    )
    .arg(
        Arg::new("fiscal-start")
            .long("fiscal-start")
            .value_name("MONTH")
            .value_parser(value_parser!(u32).range(1..=12))
            .default_value("1")
            .help("Month in which the fiscal year begins, 1 to 12"),
    )
    .after_help("The team's time zone is `--tz`, or the one of this computer.")
}

fn init(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let path = shell.book_path()?;
    let (base, zone) = terms(shell, matches)?;
    let new = NewBook {
        name: matches
            .get_one::<String>("name")
            .cloned()
            .unwrap_or_else(|| stem(&path)),
        base,
        zone,
        fiscal_start: matches.get_one("fiscal-start").copied().unwrap_or(1),
    };
    if shell.globals.dry_run {
        shell.say(&format!(
            "Not done (dry run): the book {} in {base}, {zone}.",
            path.display()
        ));
        return Ok(Exit::Done);
    }
    // Only the default place is made on the way: a slip in a named path should be seen.
    if shell.globals.book.is_none()
        && let Some(folder) = path.parent()
    {
        fs::create_dir_all(folder).map_err(|error| {
            Fault::new(
                Exit::Unexpected,
                format!(
                    "The folder {} could not be made: {error}.",
                    folder.display()
                ),
            )
        })?;
    }
    drop(Book::create_as(&shell.opening()?, &new)?);
    let mut desk = shell.desk()?;
    let info = desk.counted()?;
    match shell.format() {
        Format::Json | Format::Jsonl => {
            let place = Place::of(&mut desk.book)?;
            shell.print(&format!("{}\n", as_json(&info, &place)))?;
        }
        _ => shell.print(&format!(
            "Made the book {} ({base}, {zone})\n",
            one_line(&path.display().to_string())
        ))?,
    }
    shell.say("Next: `clinch import FILE…`, or `clinch deals add --title …`.");
    Ok(Exit::Done)
}

/// The currency and the zone: as the flags say, else as somebody answers, the zone else as this computer has it.
fn terms(shell: &Shell, matches: &ArgMatches) -> Result<(Currency, Zone), Fault> {
    let currency = matches.get_one::<Currency>("currency").copied();
    let zone = shell.globals.tz.as_deref().map(parse_zone).transpose()?;
    if let Some(currency) = currency {
        return Ok((currency, zone.unwrap_or_else(local_zone)));
    }
    if !shell.can_ask() {
        return Err(Fault::usage("A book needs a currency.")
            .at("currency")
            .hint("Add `--currency CHF`."));
    }
    let usual = app::locale_currency().map_or_else(|| "EUR".to_owned(), |code| code.to_string());
    let currency = shell
        .ask("Currency of sums", &usual)?
        .parse()
        .map_err(|fault: String| Fault::usage(fault + ".").at("currency"))?;
    let zone = match zone {
        Some(zone) => zone,
        None => parse_zone(&shell.ask("Time zone of the team", local_zone().name())?)?,
    };
    Ok((currency, zone))
}

fn stem(path: &Path) -> String {
    path.file_stem()
        .map(|stem| stem.to_string_lossy().into_owned())
        .unwrap_or_default()
}

/// The zone of this computer, where it says one; else UTC.
#[must_use]
pub fn local_zone() -> Zone {
    let named = std::env::var("TZ")
        .ok()
        .map(|name| name.trim_start_matches(':').to_owned());
    let linked = || {
        let target = fs::read_link("/etc/localtime").ok()?;
        let text = target.to_string_lossy().into_owned();
        text.split_once("zoneinfo/")
            .map(|(_, name)| name.to_owned())
    };
    let written = || {
        fs::read_to_string("/etc/timezone")
            .ok()
            .map(|name| name.trim().to_owned())
    };
    [named, linked(), written()]
        .into_iter()
        .flatten()
        .find_map(|name| name.parse().ok())
        .unwrap_or(Zone::UTC)
}

/// Where the book lies and how it is worked on there.
struct Place {
    drive: Drive,
    manner: Manner,
    read_only: bool,
    proof: Option<Proof>,
}

impl Place {
    fn of(book: &mut Book) -> Result<Self, Fault> {
        let proof = book.proof()?.filter(|proof| proof.is_of(book.drive()));
        Ok(Self {
            drive: book.drive().clone(),
            manner: book.manner(),
            read_only: book.read_only().is_some(),
            proof,
        })
    }

    /// `nfs4 at /mnt/team (server:/export), shared, proved good`.
    fn words(&self) -> String {
        let Drive {
            kind,
            mount,
            source,
            ..
        } = &self.drive;
        let mut words = format!("{kind} at {} ({source})", mount.display());
        if self.read_only {
            words.push_str(", looked at only");
        } else {
            let _ = write!(words, ", {}", self.manner.name());
        }
        match &self.proof {
            Some(proof) if !proof.good => words.push_str(", proved bad"),
            Some(proof) if proof.is_of_two_machines() => words.push_str(", proved good"),
            Some(_) => words.push_str(", good at a first look from one machine"),
            None => {}
        }
        words
    }
}

fn status(shell: &Shell) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let info = desk.counted()?;
    let place = Place::of(&mut desk.book)?;
    let newest = Newest::of(&desk.book)?;
    let mut rows = rows(&info, &place);
    rows.push(("last backup".to_owned(), newest.in_words(desk.zone)));
    match shell.format() {
        Format::Json | Format::Jsonl => {
            let mut status = as_json(&info, &place);
            status["item"]["backup"] = newest.as_json();
            shell.print(&format!("{status}\n"))?;
        }
        Format::Table => shell.print(&as_text(&rows))?,
        Format::Plain | Format::Csv | Format::Tsv => {
            let mut table = Rows::new(&[("what", Side::Left), ("value", Side::Left)]);
            for (what, value) in rows {
                table.push([what, value], Json::Null);
            }
            table.print(shell)?;
        }
    }
    Ok(Exit::Done)
}

fn as_json(info: &BookInfo, place: &Place) -> Json {
    let counts: serde_json::Map<String, Json> = info
        .counts
        .iter()
        .map(|(entity, count)| (entity.name().to_owned(), (*count).into()))
        .collect();
    json!({
        "schema_version": 1,
        "item": {
            "path": info.path.display().to_string(),
            "book": info.book,
            "name": info.name,
            "schema": format!("{}.{}", info.schema.0, info.schema.1),
            "epoch": info.epoch,
            "currency": info.base,
            "zone": info.zone.name(),
            "fiscal_start": info.fiscal_start,
            "seq": info.seq,
            "steps": info.steps,
            "bytes": info.bytes,
            "journal_mode": info.journal_mode,
            "pending_links": info.pending_links,
            "drive": {
                "kind": place.drive.kind,
                "mount": place.drive.mount.display().to_string(),
                "source": place.drive.source,
                "manner": place.manner.name(),
                "read_only": place.read_only,
                "proof": place.proof,
            },
            "counts": counts,
        }
    })
}

fn rows(info: &BookInfo, place: &Place) -> Vec<(String, String)> {
    let mut rows = vec![
        ("book".to_owned(), info.name.clone()),
        ("file".to_owned(), info.path.display().to_string()),
        ("bytes".to_owned(), grouped(info.bytes)),
        (
            "schema".to_owned(),
            format!("{}.{}", info.schema.0, info.schema.1),
        ),
        ("journal".to_owned(), info.journal_mode.clone()),
        ("drive".to_owned(), place.words()),
        ("currency".to_owned(), info.base.to_string()),
        ("time zone".to_owned(), info.zone.name().to_owned()),
        (
            "fiscal year from month".to_owned(),
            info.fiscal_start.to_string(),
        ),
        ("steps".to_owned(), grouped(info.steps)),
    ];
    rows.extend(
        info.counts
            .iter()
            .map(|(entity, count)| (nouns::plural(*entity), grouped(*count))),
    );
    rows.push(("links that wait".to_owned(), grouped(info.pending_links)));
    rows
}

fn as_text(rows: &[(String, String)]) -> String {
    let width = rows.iter().map(|(head, _)| head.len()).max().unwrap_or(0);
    let mut text = String::new();
    for (head, value) in rows {
        let _ = writeln!(text, "{head:width$}  {}", one_line(value));
    }
    text
}
