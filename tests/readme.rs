//! The README says what is so: its key table is that of the keymap, its commands are understood.

#![expect(clippy::unwrap_used, reason = "a test says why it fails by failing")]

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::Path;

use assert_cmd::Command;
use clinch::config::keymap::{Keymap, Preset};
use clinch::tui::action::{ACTIONS, Context, known};

fn readme() -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
    std::fs::read_to_string(path).unwrap()
}

/// The table of every bound action, by where it applies, as the README has it.
fn key_table() -> String {
    let keymap = Keymap::load(&known(), Preset::Standard, None).unwrap();
    let mut table = String::new();
    for context in Context::ALL {
        let _ = write!(table, "| {} | |\n|---|---|\n", context.title());
        for (place, action) in ACTIONS.iter().enumerate() {
            let keys: Vec<String> = keymap
                .keys(place)
                .iter()
                .map(|keys| format!("`{keys}`"))
                .collect();
            if action.context == context && !keys.is_empty() {
                let _ = writeln!(table, "| {} | {} |", keys.join(" "), action.doc);
            }
        }
        table.push('\n');
    }
    table
}

#[test]
fn the_key_table_is_that_of_the_keymap() {
    let readme = readme();
    let (_, rest) = readme.split_once("<!-- keys:").unwrap();
    let (_, rest) = rest.split_once("-->\n").unwrap();
    let (table, _) = rest.split_once("<!-- /keys -->").unwrap();
    let expected = key_table();
    assert!(
        table.trim() == expected.trim(),
        "the README's key table should be:\n\n{expected}"
    );
}

/// The lines of the README's examples that call the program, as arguments.
fn examples() -> Vec<Vec<String>> {
    let readme = readme();
    let lines = readme
        .lines()
        .filter_map(|line| line.strip_prefix("    clinch "));
    let examples: Vec<Vec<String>> = lines
        .map(|line| {
            // Every second piece between quotation marks is one argument.
            let pieces = line.split('"').enumerate();
            let words = pieces.flat_map(|(place, piece)| match place % 2 {
                0 => piece.split_whitespace().map(str::to_owned).collect(),
                _ => vec![piece.to_owned()],
            });
            words.collect()
        })
        .collect();
    assert!(examples.len() > 8, "the examples were not found");
    examples
}

fn clinch(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("clinch").unwrap();
    command.env_clear().args(arguments);
    command
}

#[test]
fn the_examples_name_verbs_and_flags_that_are_there() {
    let nouns = [
        "book",
        "contacts",
        "deals",
        "fields",
        "leads",
        "lines",
        "log",
        "outbox",
        "pipelines",
        "products",
        "report",
        "quotas",
        "rates",
        "stages",
        "tasks",
        "trash",
        "views",
    ];
    let mut seen = BTreeSet::new();
    for example in examples() {
        let book = usize::from(example.first().is_some_and(|word| word == "--book")) * 2;
        let words = &example[book..];
        let Some(verb) = words.first() else {
            continue;
        };
        let depth = if nouns.contains(&verb.as_str()) { 2 } else { 1 };
        let mut arguments: Vec<&str> = words.iter().take(depth).map(String::as_str).collect();
        arguments.push("--help");
        let output = clinch(&arguments).output().unwrap();
        let help = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{example:?}");
        for flag in words.iter().filter(|word| word.starts_with("--")) {
            let is_there = help
                .split_whitespace()
                .any(|word| word.trim_end_matches(',') == flag);
            assert!(is_there, "{example:?}: {flag} is not in\n{help}");
        }
        seen.insert(verb.clone());
    }
    assert!(seen.len() > 4, "{seen:?}");
}

#[test]
fn the_exit_codes_are_those_of_the_program() {
    let help = clinch(&["--help"]).output().unwrap();
    let help = String::from_utf8(help.stdout).unwrap();
    let readme = readme();
    let rows = readme
        .lines()
        .skip_while(|line| !line.starts_with("| exit code"))
        .skip(2);
    let codes: Vec<&str> = rows
        .take_while(|line| line.starts_with('|'))
        .filter_map(|line| line.split('|').nth(1))
        .map(str::trim)
        .collect();
    assert!(codes.len() >= 9, "{codes:?}");
    let (_, told) = help.split_once("Exit codes:").unwrap();
    let told: BTreeSet<&str> = told
        .split(|c: char| !c.is_ascii_digit())
        .filter(|number| !number.is_empty())
        .collect();
    assert_eq!(codes.iter().copied().collect::<BTreeSet<_>>(), told);
}
