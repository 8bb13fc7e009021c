//! Nothing that people or files say becomes SQL, a path into JSON, or a pattern: it is found as it was written, or not at all.

use serde_json::Value as Json;

use crate::harness::World;

/// What would do something, were it ever part of a statement.
const EVIL: [&str; 8] = [
    "'); DROP TABLE deal;--",
    "\"; DELETE FROM contact; --",
    "x' OR '1'='1",
    "x\" OR \"1\"=\"1",
    "100%_",
    "$.a[0].\"b\"",
    "?1 :name @x $y",
    "\\'; VACUUM; --",
];

/// How many records of every noun there are, and that the file is whole.
fn counts(world: &World) -> (i64, i64, i64, String) {
    let book = rusqlite::Connection::open(world.book()).unwrap();
    let count = |table: &str| {
        let sql = format!("SELECT count(*) FROM {table}");
        book.query_row(&sql, [], |row| row.get(0)).unwrap()
    };
    let whole = book
        .query_row("PRAGMA integrity_check", [], |row| row.get(0))
        .unwrap();
    (count("deal"), count("contact"), count("company"), whole)
}

#[test]
fn names_and_notes_are_kept_and_found_as_they_were_written() {
    let world = World::new();
    for (n, evil) in EVIL.into_iter().enumerate() {
        // Companies whose names differ in signs alone are one.
        let company = format!("{n} {evil}");
        let added = world
            .clinch("deals add --plain --note note --new-company --company")
            .arg(&company)
            .arg("--tag")
            .arg(evil)
            .arg("--title")
            .arg(evil)
            .run()
            .done();
        let shown = world.json(&format!("deals show {}", added.trim()));
        assert_eq!(shown["item"]["title"], evil);
        assert_eq!(shown["item"]["tags"][0], evil);
        assert_eq!(shown["item"]["company"]["name"], company);
        // By its exact name it is found, too.
        let by_name = world.clinch("deals show --json").arg(evil).run().done();
        assert_eq!(by_name.parse::<Json>().unwrap()["item"]["id"], added.trim());
    }
    let all = i64::try_from(EVIL.len()).unwrap();
    assert_eq!(counts(&world), (all, 0, all, "ok".to_owned()));
}

#[test]
fn a_filter_finds_what_contains_it_and_nothing_else() {
    let world = World::new();
    for evil in EVIL.iter().chain(&["plain"]) {
        let _ = world.clinch("deals add --title").arg(evil).run().done();
    }
    let before = counts(&world);
    for evil in EVIL {
        let quoted = evil.replace('\\', "\\\\").replace('"', "\\\"");
        for filter in [format!("\"{quoted}\""), format!("title:\"{quoted}\"")] {
            let found = world
                .clinch("deals list --json --filter")
                .arg(&filter)
                .run();
            let found: Json = found.done().parse().unwrap();
            let titles: Vec<&str> = found["items"]
                .as_array()
                .unwrap()
                .iter()
                .map(|deal| deal["title"].as_str().unwrap())
                .collect();
            assert_eq!(titles, [evil], "{filter}");
        }
        for flag in [
            "deals list --filter",
            "deals list --filter title:",
            "search",
            "deals list --filter custom.",
            "contacts list --filter tag:",
        ] {
            let ran = world.clinch(flag).arg(evil).run();
            assert!(
                [Some(0), Some(2)].contains(&ran.code),
                "{flag} {evil}: {ran:?}"
            );
        }
    }
    assert_eq!(counts(&world), before);
}

#[test]
fn fields_and_orders_are_those_that_there_are() {
    let world = World::new();
    let _ = world.run("deals add --title One").done();
    let before = counts(&world);
    for evil in EVIL.iter().chain(&[
        "id; DROP TABLE deal",
        "rowid",
        "title)",
        "deal.title",
        "\"title\"",
        "custom",
        "sqlite_master",
    ]) {
        for flag in [
            "deals list --sort",
            "deals list --fields",
            "export deals --fields",
            "deals edit One --clear",
        ] {
            let said = world.clinch(flag).arg(evil).run().failed(2);
            assert!(said.starts_with("error: "), "{flag} {evil}: {said}");
        }
    }
    assert_eq!(counts(&world), before);
}

#[test]
fn custom_fields_may_have_any_name() {
    let world = World::new();
    let header: Vec<String> = EVIL
        .iter()
        .map(|name| format!("\"{}\"", name.replace('"', "\"\"")))
        .collect();
    let row: Vec<String> = (0..EVIL.len()).map(|n| format!("value-{n}")).collect();
    world.write(
        "fair.csv",
        &format!(
            "Name,Email,{}\nNora,nora@example.org,{}\n",
            header.join(","),
            row.join(",")
        ),
    );
    let _ = world.run("import fair.csv --into contacts").done();
    let shown = world.json("contacts show Nora");
    for (n, name) in EVIL.iter().enumerate() {
        let value = format!("value-{n}");
        assert_eq!(
            shown["item"]["custom"][*name],
            value.as_str(),
            "{name}: {shown}"
        );
        let quoted = name.replace('\\', "\\\\").replace('"', "\\\"");
        let filter = format!("\"{quoted}\":{value}");
        let ran = world
            .clinch("contacts list --json --filter")
            .arg(&filter)
            .run();
        assert!([Some(0), Some(2)].contains(&ran.code), "{filter}: {ran:?}");
    }
    // As a column, where its name has no comma; out and in again it is the same.
    let column = world
        .clinch("contacts list --csv --fields")
        .arg(&format!("name,{}", EVIL[2]))
        .run()
        .done();
    assert_eq!(column, format!("name,{}\nNora,value-2\n", EVIL[2]));
    let _ = world.run("export contacts -o out.csv").done();
    let other = World::new();
    other.write("out.csv", &world.read("out.csv"));
    let _ = other.run("import out.csv --into contacts").done();
    assert_eq!(
        other.json("contacts show Nora")["item"]["custom"],
        shown["item"]["custom"]
    );
    assert_eq!(counts(&other).3, "ok");
}
