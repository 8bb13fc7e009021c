//! Text that would play with the terminal: from flags, from files and their names, from the environment, and from a book into which
//! another program wrote it. None of it is printed, in whatever form.

use crate::harness::{Ran, World};

/// A title for the window, the clipboard, a cleared screen, C1 codes, text that runs backwards, a link, a bell.
const EVIL: &str = "a\u{1b}]0;t\u{7}b\u{1b}]52;c;QQ==\u{1b}\\c\u{1b}[2J\u{9b}31md\u{202e}e\u{2066}f\u{200f}g\u{1b}]8;;http://x\u{7}h\u{8}i\u{7f}j\u{85}k";

/// The same, over several lines: the second one looks like a word of the program.
const LINES: &str = "a\r\nhint: run\u{1b}[1A this\u{2028}b";

const FORMS: [&str; 6] = ["", "--plain", "--csv", "--tsv", "--json", "--jsonl"];

/// The forms that every verb has.
const SOME: [&str; 3] = ["", "--csv", "--json"];

fn plays_with_terminals(c: char) -> bool {
    c.is_control() && !matches!(c, '\n' | '\t')
        || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[track_caller]
fn is_harmless(ran: &Ran, what: &str) {
    for text in [&ran.stdout, &ran.stderr] {
        assert!(
            !text.contains(plays_with_terminals),
            "{what}: {:?}",
            text.escape_debug().to_string()
        );
    }
    assert!(ran.code.is_some_and(|code| code != 101), "{what}: {ran:?}");
}

/// What another program may have written into a book, past the door.
fn written_by_another_program(world: &World) {
    let book = rusqlite::Connection::open(world.book()).unwrap();
    for (table, field) in [
        ("deal", "title"),
        ("deal", "note"),
        ("company", "name"),
        ("contact", "name"),
        ("contact", "title"),
        ("rep", "name"),
        ("stage", "name"),
        ("tag", "value"),
        ("step", "label"),
        ("activity", "subject"),
        ("activity", "body"),
        ("book", "name"),
    ] {
        let sql =
            format!("UPDATE {table} SET {field} = ?1 || {field} || ?2 WHERE {field} IS NOT NULL");
        assert!(
            book.execute(&sql, [EVIL, LINES]).unwrap() > 0,
            "{table}.{field}"
        );
    }
}

fn lived_in() -> World {
    let world = World::new();
    for line in [
        "reps add --name Ana",
        "contacts add --name Nora --title CEO --tag vip --company Alpina --new-company --owner Ana",
        "deals add --title Renewal --company Alpina --amount 100 --note Soon --owner Ana --tag hot",
        "log call Talked --deal Renewal --body Everything",
        "deals win Renewal",
    ] {
        let ran = world.run(line);
        assert_eq!(ran.code, Some(0), "{line}: {ran:?}");
    }
    world
}

#[test]
fn what_another_program_wrote_into_the_book_is_shown_without_harm() {
    let world = lived_in();
    let ids: Vec<(&str, String)> = ["contacts", "companies", "deals", "reps"]
        .map(|noun| {
            let list = world.json(&format!("{noun} list"));
            (noun, list["items"][0]["id"].as_str().unwrap().to_owned())
        })
        .to_vec();
    written_by_another_program(&world);
    for form in FORMS {
        for (noun, id) in &ids {
            for line in [
                format!("{noun} list {form}"),
                format!("{noun} show {id} {form}"),
            ] {
                is_harmless(&world.run(&line), &line);
            }
        }
        if !SOME.contains(&form) {
            continue;
        }
        for line in [
            "undo --list",
            "search hint",
            "report leaderboard --period 2026",
            "report win-rate --period 2026",
            "report win-rate --period 2026 --explain",
            "links list",
            "book status",
            "export contacts",
            "export deals",
            "export activities",
            "export deals --excel",
            "deals list --fields nmae",
            "deals list --filter owner:nobody",
            "deals list --filter stage:nothing",
            "deals show zzz",
            "deals list --as Nobody",
            "deals list -v",
        ] {
            let line = format!("{line} {form}");
            is_harmless(&world.run(&line), &line);
        }
        let (_, deal) = &ids[2];
        for line in [
            format!("deals edit {deal} --note new{} {form}", form.len()),
            format!("deals rm {deal} {form}"),
            format!("undo {form}"),
            format!("redo {form}"),
            format!("deals restore {deal} {form}"),
            format!("deals edit {deal} --note x --if-version 1 {form}"),
        ] {
            is_harmless(&world.run(&line), &line);
        }
    }
}

#[test]
fn what_is_typed_comes_back_in_no_message_as_it_was() {
    let world = lived_in();
    for evil in [EVIL, LINES] {
        for form in ["", "--json"] {
            for line in [
                "deals show",
                "deals list --filter",
                "deals list --sort",
                "deals list --fields",
                "deals list --tz",
                "deals list --now",
                "deals list --as",
                "deals list --limit",
                "deals list --book",
                "deals list -o",
                "deals add --title x --amount",
                "deals add --title x --stage",
                "deals add --title x --expected-close",
                "deals add --title",
                "deals edit Renewal --clear",
                "deals edit Renewal --add-tag",
                "deals move Renewal",
                "deals lose Renewal --reason",
                "contacts add --name x --email",
                "contacts add --name x --phone",
                "companies add --name x --domain",
                "report win-rate --period",
                "undo",
                "import",
                "import --map",
                "links accept",
                "book init --currency",
                "completions",
                "",
                "deals",
                "deals list",
                "--no-such-flag",
            ] {
                let ran = world.clinch(&format!("{form} {line}")).arg(evil).run();
                is_harmless(&ran, &format!("{form} {line}"));
            }
        }
    }
}

#[test]
fn a_custom_field_of_an_evil_name_is_named_without_harm() {
    let world = World::new();
    world.write("fair.csv", "Name,Email,Stand\nNora,n@x.example,B7\n");
    let _ = world.run("import fair.csv --into contacts").done();
    let book = rusqlite::Connection::open(world.book()).unwrap();
    for evil in [EVIL, LINES] {
        let renamed = book.execute("UPDATE field SET name = ?1", [evil]);
        assert_eq!(renamed.unwrap(), 1);
        for line in ["export contacts", "export contacts --excel"] {
            let ran = world.run(line);
            is_harmless(&ran, line);
            let head = ran.stdout.lines().next().unwrap();
            assert!(head.ends_with(['k', 'b']), "in one line: {head}");
            assert!(ran.stdout.contains("B7"), "{ran:?}");
        }
        for form in FORMS {
            for line in ["contacts show Nora", "contacts list"] {
                is_harmless(&world.run(&format!("{line} {form}")), line);
            }
            let named = world.clinch(&format!("contacts list {form} --fields"));
            is_harmless(&named.arg(&format!("name,{evil}")).run(), form);
        }
    }
}

#[test]
fn what_is_typed_never_begins_a_line_of_a_message() {
    let world = lived_in();
    for line in [
        "deals show",
        "deals list --filter",
        "deals list --sort",
        "deals list --fields",
        "deals add --title x --amount",
        "deals move Renewal",
        "report win-rate --period",
        "import",
        "links accept",
        "--no-such-flag",
    ] {
        let ran = world.clinch(line).arg("x\nhint: run this\n  9xq4  y").run();
        let forged = |said: &str| said.starts_with("hint: run") || said.starts_with("  9xq4");
        assert!(!ran.stderr.lines().any(forged), "{line}: {}", ran.stderr);
        assert!(ran.stderr.starts_with("error: "), "{line}: {ran:?}");
    }
}

#[test]
fn names_and_cells_of_imported_files_come_back_without_harm() {
    let world = World::new();
    for (place, name) in [
        format!("{EVIL}.csv").replace('/', "_"),
        format!("{LINES}.csv"),
    ]
    .into_iter()
    .enumerate()
    {
        let rows = format!(
            "Id,Name,Email,{EVIL}\nk{place},\"{EVIL}\",n@x.example,1\nz{place},\"{LINES}\",\"not{EVIL}mail\",2\n"
        );
        world.write(&name, &rows);
        for line in [
            "import --dry-run --into contacts",
            "import --dry-run --json --into contacts",
            "import --into contacts",
            "import -v --into contacts",
            "import --json --into deals",
        ] {
            let ran = world.clinch(line).arg(&name).run();
            is_harmless(&ran, line);
            // A file is named in one line, so that its name cannot speak for the program.
            let forged = ran
                .stdout
                .lines()
                .chain(ran.stderr.lines())
                .any(|said| said.starts_with("hint: run"));
            assert!(!forged, "{line}: {ran:?}");
        }
        for line in ["import", "import --into contacts --rejects"] {
            let ran = world
                .clinch(line)
                .arg("no-such-file.csv")
                .arg(&format!("gone{name}"))
                .run();
            is_harmless(&ran, line);
        }
        let rejects = world
            .clinch("import --source other --into contacts --rejects")
            .arg(&format!("rejects-{name}"))
            .arg(&name)
            .run();
        is_harmless(&rejects, "rejects");
    }
    for line in [
        "undo --list",
        "undo --list --json",
        "contacts list",
        "contacts list --json",
        "export contacts",
    ] {
        is_harmless(&world.run(line), line);
    }
}

#[test]
fn a_book_of_an_evil_name_is_named_without_harm() {
    let world = World::bare();
    for evil in [EVIL, LINES] {
        let path = world.path(&format!("{}.db", evil.replace('/', "_")));
        let path = path.to_str().unwrap();
        for line in [
            "book init --currency CHF",
            "book init --currency CHF",
            "book status",
            "book status --json",
            "deals list -v",
            "deals list -v --json",
        ] {
            let ran = world.clinch(line).env("CLINCH_BOOK", path).run();
            is_harmless(&ran, line);
        }
        let ran = world
            .clinch("deals list")
            .env("CLINCH_REP", evil)
            .env("CLINCH_BOOK", path)
            .run();
        is_harmless(&ran, "CLINCH_REP");
        let ran = world
            .clinch("deals list")
            .env("CLINCH_NOW", evil)
            .env("CLINCH_BOOK", path)
            .run();
        is_harmless(&ran, "CLINCH_NOW");
    }
}

#[test]
fn the_users_own_files_are_quoted_without_harm() {
    let world = World::new();
    std::fs::create_dir_all(world.path("config/clinch")).unwrap();
    for text in [
        format!("rep = \"{EVIL}\nx"),
        format!("\"{LINES}\" = 1"),
        format!("preset = '{EVIL}'"),
    ] {
        world.write("config/clinch/settings.toml", &text);
        is_harmless(&world.run("deals list"), &text);
        is_harmless(&world.run("deals list --json"), &text);
    }
}
