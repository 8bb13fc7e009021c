//! The rooms of the house: who may name whom. Reads the sources and fails where a room imports what it may not, so that the map in
//! the documentation cannot drift from the code.

#![expect(clippy::unwrap_used, reason = "a test says why it fails by failing")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// What a room may name, beside itself and the standard library.
struct Room {
    name: &'static str,
    /// Other rooms.
    rooms: &'static [&'static str],
    /// Crates of the manifest.
    crates: &'static [&'static str],
    /// Words that it may never say.
    never: &'static [&'static str],
}

const PRINTING: [&str; 6] = [
    "println!",
    "print!",
    "eprintln!",
    "eprint!",
    "io::stdout",
    "io::stderr",
];

const ROOMS: [Room; 7] = [
    Room {
        name: "domain",
        rooms: &[],
        crates: &[
            "chrono",
            "chrono_tz",
            "proptest",
            "serde",
            "serde_json",
            "strsim",
            "thiserror",
            "unicode_normalization",
            "unicode_segmentation",
            "unicode_width",
        ],
        never: &[
            "fs::",
            "std::fs",
            "std::env",
            "std::net",
            "std::process",
            "std::thread",
            "File::open",
            "File::create",
            "io::stdin",
            "SystemTime::now",
            "Utc::now",
            "Local::now",
            "Instant::now",
        ],
    },
    Room {
        name: "store",
        rooms: &["domain"],
        crates: &[
            "chrono",
            "chrono_tz",
            "getrandom",
            "libc",
            "memchr",
            "notify",
            "proptest",
            "rusqlite",
            "rustix",
            "serde",
            "serde_json",
            "sha2",
            "strsim",
            "tempfile",
            "thiserror",
        ],
        never: &[],
    },
    Room {
        name: "exchange",
        rooms: &["domain"],
        crates: &[
            "chardetng",
            "chrono",
            "chrono_tz",
            "csv",
            "encoding_rs",
            "flate2",
            "insta",
            "proptest",
            "serde",
            "serde_json",
            "sha2",
            "strsim",
            "tempfile",
            "thiserror",
            "toml",
            "unicode_normalization",
            "unicode_segmentation",
            "unicode_width",
        ],
        never: &["SystemTime::now", "Utc::now", "Local::now"],
    },
    Room {
        name: "config",
        rooms: &["domain"],
        crates: &[
            "directories",
            "insta",
            "proptest",
            "serde",
            "strsim",
            "tempfile",
            "thiserror",
            "toml",
        ],
        never: &[],
    },
    Room {
        name: "jobs",
        rooms: &["domain", "exchange", "store"],
        crates: &[
            "chrono",
            "chrono_tz",
            "insta",
            "proptest",
            "serde",
            "serde_json",
            "sha2",
            "tempfile",
            "thiserror",
            "toml",
        ],
        never: &[],
    },
    Room {
        name: "tui",
        rooms: &["config", "domain", "exchange", "jobs", "store"],
        crates: &[
            "chrono",
            "chrono_tz",
            "crossterm",
            "fuzzy_matcher",
            "insta",
            "nix",
            "proptest",
            "ratatui",
            "rustix",
            "serde",
            "serde_json",
            "signal_hook",
            "strsim",
            "tempfile",
            "thiserror",
            "unicode_normalization",
            "unicode_segmentation",
            "unicode_width",
            "vt100",
        ],
        never: &[
            "std::fs",
            "fs::",
            "File::open",
            "File::create",
            "thread::sleep",
            "Utc::now",
            "Local::now",
        ],
    },
    Room {
        name: "cli",
        rooms: &["config", "domain", "exchange", "jobs", "store", "tui"],
        crates: &[
            "chrono",
            "chrono_tz",
            "clap",
            "clap_complete",
            "csv",
            "indicatif",
            "insta",
            "proptest",
            "rustix",
            "serde",
            "serde_json",
            "signal_hook",
            "strsim",
            "tempfile",
            "thiserror",
            "toml",
            "unicode_segmentation",
            "unicode_width",
        ],
        never: &["tui::screens"],
    },
];

/// Rooms whose output is somebody else's business: they answer, and the edge prints.
const SILENT: [&str; 6] = ["domain", "store", "exchange", "config", "jobs", "tui"];

/// Files that may say what their room may not, each with its reason.
const EXCEPTIONS: [(&str, &str, &str); 5] = [
    (
        "tui/terminal/screen.rs",
        "io::stdout",
        "the one owner of the terminal: it draws there",
    ),
    (
        "tui/terminal/probe.rs",
        "io::stdout",
        "asks the terminal what it can do, while no app has it",
    ),
    (
        "tui/run.rs",
        "io::stdout",
        "asks whether there is a terminal, and prints nothing",
    ),
    (
        "store/tests/faults.rs",
        "println!",
        "a test that says how many calls it failed",
    ),
    (
        "store/tests/power/mod.rs",
        "println!",
        "a test that says how many cuts it tried",
    ),
];

/// The longest file, in lines: a longer one has two jobs.
const MAX_LINES: usize = 500;

fn sources() -> Vec<(PathBuf, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|kind| kind == "rs") {
                let text = fs::read_to_string(&path).unwrap();
                found.push((path.strip_prefix(&root).unwrap().to_owned(), text));
            }
        }
    }
    found.sort();
    assert!(found.len() > 50, "the sources were not found");
    found
}

/// Every dependency in the manifest, as the code names it.
fn dependencies() -> BTreeSet<String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let manifest: toml::Table = fs::read_to_string(path).unwrap().parse().unwrap();
    let mut all = BTreeSet::new();
    let mut take = |table: Option<&toml::Value>| {
        let names = table
            .and_then(toml::Value::as_table)
            .into_iter()
            .flat_map(|table| table.keys());
        all.extend(names.map(|name| name.replace('-', "_")));
    };
    take(manifest.get("dependencies"));
    take(manifest.get("dev-dependencies"));
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    for target in targets.into_iter().flat_map(|targets| targets.values()) {
        take(target.get("dependencies"));
    }
    all
}

/// The code without comments, and with texts and characters emptied: what they say imports nothing.
fn code_of(text: &str) -> String {
    let mut code = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("r\"") || rest.starts_with("r#") {
            let hashes = rest[1..].bytes().take_while(|byte| *byte == b'#').count();
            let close = format!("\"{}", "#".repeat(hashes));
            let body = 2 + hashes;
            if rest[1 + hashes..].starts_with('"') {
                rest[body..]
                    .find(&close)
                    .map_or(rest.len(), |end| body + end + close.len())
            } else {
                0
            }
        } else if c == '"' {
            let mut escaped = false;
            let end = rest[1..].find(|c: char| {
                let ends = c == '"' && !escaped;
                escaped = c == '\\' && !escaped;
                ends
            });
            end.map_or(rest.len(), |end| end + 2)
        } else if rest.starts_with("'\"'") || rest.starts_with("'\\\"'") {
            rest[1..].find('\'').map_or(1, |end| end + 2)
        } else {
            0
        };
        if skipped > 0 {
            code.push(' ');
            rest = &rest[skipped..];
        } else {
            code.push(c);
            rest = &rest[c.len_utf8()..];
        }
    }
    code
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where a path stands in the code on its own, not as the end of a longer word.
fn says(code: &str, path: &str) -> bool {
    code.match_indices(path).any(|(at, _)| {
        let before = code[..at].chars().next_back();
        let after = code[at + path.len()..].chars().next();
        let ends_in_word = path.chars().next_back().is_some_and(is_word);
        !(before.is_some_and(is_word) || ends_in_word && after.is_some_and(is_word))
    })
}

/// The names that follow `head` in the code: `a` and `b` of `crate::{a::x, b}`, `a` of `crate::a::x`.
fn named_after(code: &str, head: &str) -> BTreeSet<String> {
    let mut names = BTreeSet::new();
    for (at, _) in code.match_indices(head) {
        if code[..at].chars().next_back().is_some_and(is_word) {
            continue;
        }
        let rest = &code[at + head.len()..];
        if let Some(group) = rest.strip_prefix('{') {
            let mut depth = 0;
            let mut fresh = true;
            let mut name = String::new();
            for c in group.chars() {
                match c {
                    '{' => depth += 1,
                    '}' if depth == 0 => break,
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        names.insert(std::mem::take(&mut name));
                        fresh = true;
                    }
                    c if depth == 0 && fresh && is_word(c) => name.push(c),
                    c if depth == 0 && !c.is_whitespace() => fresh = false,
                    _ => {}
                }
            }
            names.insert(name);
        } else {
            names.insert(rest.chars().take_while(|c| is_word(*c)).collect());
        }
    }
    names.remove("");
    names
}

/// Whether the code names a crate: as the head of a path, or in a `use`.
fn names_crate(code: &str, name: &str) -> bool {
    code.match_indices(name).any(|(at, _)| {
        let before = code[..at].trim_end();
        let after = code[at + name.len()..].trim_start();
        let whole = !code[..at].chars().next_back().is_some_and(is_word)
            && !code[at + name.len()..].chars().next().is_some_and(is_word);
        // `super::csv::read` and `self.csv` name a module and a field; `::csv` is the crate.
        let at_head = match before.strip_suffix("::") {
            Some(parent) => !parent.ends_with(|c| is_word(c) || c == '>'),
            None => !before.ends_with('.'),
        };
        let in_use =
            before.ends_with("use") && (after.starts_with(';') || after.starts_with("as "));
        whole && at_head && (after.starts_with("::") || in_use)
    })
}

/// What a file of a room says that it may not.
fn faults(room: &Room, file: &str, text: &str, dependencies: &BTreeSet<String>) -> Vec<String> {
    let code = code_of(text);
    let mut faults = Vec::new();
    // How many `super::` lead out of the room; inside an inline module one more does, and then names a room all the same.
    let depth = Path::new(file)
        .with_extension("")
        .components()
        .filter(|part| part.as_os_str() != "mod")
        .count();
    let mut named = named_after(&code, "crate::");
    named.extend(named_after(&code, "clinch::"));
    for supers in depth..depth + 2 {
        named.extend(named_after(&code, &"super::".repeat(supers)));
    }
    for other in ROOMS.iter().map(|room| room.name) {
        if other != room.name && named.contains(other) && !room.rooms.contains(&other) {
            faults.push(format!(
                "{file}: {} may not name the room {other}",
                room.name
            ));
        }
    }
    for name in dependencies {
        // A module of one's own may bear the name of a crate.
        let own_module = says(&code, &format!("mod {name}"));
        if !own_module && !room.crates.contains(&name.as_str()) && names_crate(&code, name) {
            faults.push(format!(
                "{file}: {} may not name the crate {name}",
                room.name
            ));
        }
    }
    let printing: &[&str] = if SILENT.contains(&room.name) {
        &PRINTING
    } else {
        &[]
    };
    for word in room.never.iter().chain(printing) {
        let excepted = EXCEPTIONS
            .iter()
            .any(|(path, said, _)| *path == file && said == word);
        if !excepted && says(&code, word) {
            faults.push(format!("{file}: {} may not say {word}", room.name));
        }
    }
    faults
}

#[test]
fn every_room_names_only_what_it_may() {
    let dependencies = dependencies();
    let mut found = Vec::new();
    for (path, text) in sources() {
        let file = path.to_str().unwrap().replace('\\', "/");
        let Some((folder, _)) = file.split_once('/') else {
            continue;
        };
        let room = ROOMS.iter().find(|room| room.name == folder);
        let room = room.unwrap_or_else(|| panic!("{file} is in no room of this test's table"));
        found.extend(faults(room, &file, &text, &dependencies));
    }
    assert!(found.is_empty(), "\n{}", found.join("\n"));
}

#[test]
fn no_file_has_two_jobs() {
    let long: Vec<String> = sources()
        .into_iter()
        .filter_map(|(path, text)| {
            let (file, lines) = (path.to_str()?.replace('\\', "/"), text.lines().count());
            (lines > MAX_LINES).then(|| format!("{file} has {lines} lines; at most {MAX_LINES}"))
        })
        .collect();
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}

/// A page that is skipped to is read and thrown away: the deeper, the slower. Lists go on behind the last row that is known.
#[test]
fn no_list_is_paged_by_offset() {
    for (path, text) in sources() {
        let paged = text.split(|c| !is_word(c)).any(|word| word == "OFFSET");
        assert!(!paged, "{} skips rows", path.display());
    }
}

#[test]
fn a_room_that_names_too_much_is_found_out() {
    let dependencies = dependencies();
    let domain = &ROOMS[0];
    let tui = &ROOMS[5];
    for (room, file, code) in [
        (domain, "domain/x.rs", "use crate::store::Book;"),
        (domain, "domain/x.rs", "use crate::{domain::id::Id, tui};"),
        (
            domain,
            "domain/x/y.rs",
            "use super::super::super::store::Book;",
        ),
        (
            domain,
            "domain/x/mod.rs",
            "fn f() { super::super::cli::run() }",
        ),
        (domain, "domain/x.rs", "fn f(c: &rusqlite::Connection) {}"),
        (domain, "domain/x.rs", "use ratatui as screen;"),
        (
            domain,
            "domain/x.rs",
            "fn f() { ::csv::Reader::from_path(p); }",
        ),
        (
            domain,
            "domain/x.rs",
            "use std::{fs, io}; fn f() { fs::read(p); }",
        ),
        (domain, "domain/x.rs", "fn f() { println!(\"x\"); }"),
        (domain, "domain/x.rs", "let now = SystemTime::now();"),
        (
            domain,
            "domain/x.rs",
            "let quote = '\"'; let now = Utc::now();",
        ),
        (
            domain,
            "domain/x.rs",
            "let raw = r#\"a \" b\"#; let now = Utc::now();",
        ),
        (tui, "tui/app.rs", "fn f() { std::thread::sleep(d); }"),
        (tui, "tui/app.rs", "use rusqlite::Connection;"),
        (tui, "tui/app.rs", "use crate::cli::run;"),
        (&ROOMS[6], "cli/run.rs", "use crate::tui::screens::board;"),
        (&ROOMS[2], "exchange/x.rs", "use crate::store::Book;"),
    ] {
        assert_eq!(faults(room, file, code, &dependencies).len(), 1, "{code}");
    }
}

#[test]
fn what_is_only_spoken_of_is_no_import() {
    let dependencies = dependencies();
    for code in [
        "//! Never rusqlite::Connection, crate::store::Book.",
        "/* println!(\"x\") */ /// [`crate::tui`]",
        "let hint = \"crate::store::Book \\\" println!(x)\";",
        "use crate::domain::csv::Row; let row = super::csv::row(self.csv);",
        "mod csv; fn f() { csv::row() }",
        "fn eprintln_all(offs: u8) { offs::x(); my_println!(1) }",
    ] {
        assert_eq!(
            faults(&ROOMS[0], "domain/x.rs", code, &dependencies),
            Vec::<String>::new(),
            "{code}"
        );
    }
}

#[test]
fn the_tables_of_this_test_name_files_that_are_there() {
    let files: BTreeSet<String> = sources()
        .into_iter()
        .map(|(path, _)| path.to_str().unwrap().replace('\\', "/"))
        .collect();
    for (file, ..) in &EXCEPTIONS {
        assert!(files.contains(*file), "{file} is not there any more");
    }
    let dependencies = dependencies();
    for name in ROOMS.iter().flat_map(|room| room.crates) {
        assert!(
            dependencies.contains(*name),
            "{name} is no dependency any more"
        );
    }
}
