//! `config`: where the settings are, what is in force, and where each value comes from.

use std::fmt::Write as _;

use clap::{Arg, ArgMatches, Command as Clap, builder::PossibleValuesParser};
use serde_json::{Value as Json, json};

use crate::cli::fault::{Exit, Fault};
use crate::cli::output::{Format, one_line};
use crate::cli::own;
use crate::cli::shell::Shell;
use crate::cli::tree::Verb;
use crate::config::keymap;
use crate::config::paths::Paths;
use crate::config::settings::{self, BackupFolder, Settings};
use crate::config::theme;

/// The verb.
pub const VERB: Verb = Verb {
    name: "config",
    about: "Show paths and settings, and where each comes from",
    build,
    run,
};

/// The files of the user's, and the built-in ones that they are patches on.
const FILES: [(&str, &str); 3] = [
    ("settings", settings::DEFAULT),
    ("keymap", keymap::DEFAULT),
    ("theme", theme::DEFAULT),
];

fn build(clap: Clap) -> Clap {
    clap.arg(
        Arg::new("file")
            .value_name("FILE")
            .value_parser(PossibleValuesParser::new(FILES.map(|(name, _)| name)))
            .help("Print this built-in file, to start one of your own from"),
    )
    .after_help(
        "`clinch config theme` prints the built-in theme; a file theme.toml in the configuration folder changes what it names \
         and nothing else. The same holds for the settings and the keymap.",
    )
}

fn run(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    if let Some(name) = matches.get_one::<String>("file") {
        let text = FILES.iter().find(|(known, _)| known == name);
        shell.print(text.map_or("", |(_, text)| text))?;
        return Ok(Exit::Done);
    }
    let paths = Paths::of_platform();
    let values = values(shell)?;
    let places = [
        ("configuration", &paths.config),
        ("data", &paths.data),
        ("cache", &paths.cache),
        ("state", &paths.state),
    ];
    let files = FILES.map(|(name, _)| {
        let path = paths.config.join(format!("{name}.toml"));
        let there = path.exists();
        (name, path, there)
    });
    if matches!(shell.format(), Format::Json | Format::Jsonl) {
        let values: serde_json::Map<String, Json> = values
            .into_iter()
            .map(|value| {
                let told = json!({"value": value.value, "from": value.from});
                (value.name.to_owned(), told)
            })
            .collect();
        let folders: serde_json::Map<String, Json> = places
            .into_iter()
            .map(|(name, path)| (name.to_owned(), json!(path.display().to_string())))
            .collect();
        let files: serde_json::Map<String, Json> = files
            .into_iter()
            .map(|(name, path, there)| {
                let told = json!({"path": path.display().to_string(), "exists": there});
                (name.to_owned(), told)
            })
            .collect();
        let item = json!({"folders": folders, "files": files, "values": values});
        let document = json!({"schema_version": 1, "item": item});
        shell.print(&format!("{document}\n"))?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for (name, path) in places {
        let _ = writeln!(
            text,
            "{:<15} {}",
            name,
            one_line(&path.display().to_string())
        );
    }
    let _ = writeln!(text);
    for (name, path, there) in files {
        let note = if there {
            ""
        } else {
            "  (not there; the built-in one holds)"
        };
        let name = format!("{name}.toml");
        let _ = writeln!(
            text,
            "{:<15} {}{note}",
            name,
            one_line(&path.display().to_string())
        );
    }
    let _ = writeln!(text);
    for value in values {
        let shown = match &value.value {
            Json::Null => "none".to_owned(),
            Json::String(text) => text.clone(),
            other => other.to_string(),
        };
        let _ = writeln!(
            text,
            "{:<15} {:<32} {}",
            value.name,
            one_line(&shown),
            value.from
        );
    }
    shell.print(&text)?;
    Ok(Exit::Done)
}

/// A setting in force.
struct Setting {
    name: &'static str,
    value: Json,
    from: &'static str,
}

const BUILT_IN: &str = "built in";
const FILE: &str = "settings.toml";

fn values(shell: &Shell) -> Result<Vec<Setting>, Fault> {
    let text = own::file("settings.toml")?;
    // What is wrong with the file is said here; what is right has been read then.
    let settings = own::settings()?;
    let named: toml::Table = text
        .as_deref()
        .and_then(|text| toml::from_str(text).ok())
        .unwrap_or_default();
    let is_named = |name: &str| {
        let mut at = &named;
        let mut parts = name.split('.').peekable();
        while let Some(part) = parts.next() {
            match at.get(part) {
                Some(toml::Value::Table(table)) => at = table,
                Some(_) => return parts.peek().is_none(),
                None => return false,
            }
        }
        false
    };
    let mut values: Vec<Setting> = told(&settings)
        .into_iter()
        .map(|(name, value)| Setting {
            name,
            value,
            from: if is_named(name) { FILE } else { BUILT_IN },
        })
        .collect();
    for (name, over, variable, value) in [
        (
            "book",
            shell
                .globals
                .book
                .as_ref()
                .is_some_and(|path| !path.as_os_str().is_empty()),
            "CLINCH_BOOK",
            json!(shell.book_path()?.display().to_string()),
        ),
        (
            "rep",
            shell.globals.rep.is_some(),
            "CLINCH_REP",
            json!(shell.rep()?),
        ),
    ] {
        if let Some(known) = values.iter_mut().find(|known| known.name == name) {
            known.value = value;
            if over {
                known.from = from(variable, name);
            }
        }
    }
    if own::wants_no_colours(shell.globals.no_color)
        && let Some(theme) = values.iter_mut().find(|known| known.name == "theme")
    {
        theme.value = json!("mono");
        theme.from = if shell.globals.no_color {
            "--no-color"
        } else {
            "NO_COLOR"
        };
    }
    Ok(values)
}

/// Whether the environment or a flag says it: a flag that says the same as the environment cannot be told from it, nor need be.
fn from(variable: &'static str, name: &str) -> &'static str {
    let by_flag = std::env::args_os().any(|argument| {
        let argument = argument.to_string_lossy();
        let flag = if name == "rep" { "--as" } else { "--book" };
        argument == flag || argument.starts_with(&format!("{flag}="))
    });
    match (by_flag, name) {
        (true, "rep") => "--as",
        (true, _) => "--book",
        (false, _) => variable,
    }
}

/// The settings as people write them.
fn told(settings: &Settings) -> Vec<(&'static str, Json)> {
    let folder = match &settings.backup.folder {
        BackupFolder::Usual => "usual".to_owned(),
        BackupFolder::Beside => "beside".to_owned(),
        BackupFolder::Local => "local".to_owned(),
        BackupFolder::Named(path) => path.display().to_string(),
    };
    let every = settings.backup.every.map_or_else(
        || "off".to_owned(),
        |every| format!("{}h", every.as_secs() / 3600),
    );
    vec![
        ("book", json!(settings.book)),
        ("rep", json!(settings.rep)),
        ("theme", json!(settings.theme.to_string())),
        ("ascii", json!(settings.ascii)),
        ("mouse", json!(settings.mouse)),
        ("links", json!(settings.links)),
        ("bidi", json!(settings.bidi)),
        ("clipboard", json!(settings.clipboard)),
        ("preset", json!(settings.preset)),
        ("foot", json!(settings.foot)),
        ("backup.folder", json!(folder)),
        ("backup.every", json!(every)),
    ]
}
