//! Backups from the shell: made, listed, restored, refused.

use std::fs;
use std::path::PathBuf;

use serde_json::Value as Json;

use crate::harness::World;

/// A book with two deals and a backup, which went on by a third deal and a new title.
fn world() -> (World, PathBuf) {
    let world = World::new();
    let _ = world.run("deals add --title One").done();
    let _ = world.run("deals add --title Two").done();
    let made = world.json("book backup");
    let _ = world.run("deals add --title Three").done();
    let _ = world.run("deals edit Two --title Second").done();
    let path = made["item"]["path"].as_str().unwrap().into();
    (world, path)
}

fn titles(world: &World) -> String {
    world.run("deals list --plain --fields title").done()
}

#[test]
fn a_backup_lies_beside_the_book_and_is_one() {
    let (world, path) = world();
    assert_eq!(path.parent(), Some(world.path("team.backups").as_path()));
    let of_backup = world
        .clinch("deals list --plain --fields title")
        .env("CLINCH_BOOK", path.to_str().unwrap())
        .run();
    assert_eq!(of_backup.done(), "One\nTwo\n");
    let said = world.run("book backup").done();
    assert!(said.starts_with("Backed up "), "{said}");
    let status = world.run("book status").done();
    assert!(status.contains("\nlast backup "), "{status}");
}

#[test]
fn backups_are_listed_newest_first_and_only_of_this_book() {
    let (world, path) = world();
    let _ = world.run("book backup").done();
    fs::write(world.path("team.backups/notes.db"), "junk").unwrap();
    let other = World::new();
    let _ = other.clinch("book backup").run().done();
    let theirs = fs::read_dir(other.path("team.backups")).unwrap();
    for file in theirs {
        let file = file.unwrap();
        fs::copy(file.path(), world.path("team.backups").join("theirs.db")).unwrap();
    }
    let listed = world.json("book backups");
    let items = listed["items"].as_array().unwrap();
    assert_eq!(items.len(), 2, "{listed}");
    assert_eq!(items[1]["path"], path.to_str().unwrap());
    assert_eq!(items[0]["made"], "as usual");
    assert!(items[0]["steps"].as_u64() > items[1]["steps"].as_u64());
    let text = world.run("book backups").done();
    assert!(
        text.contains("steps") && text.lines().count() == 3,
        "{text}"
    );
}

#[test]
fn cron_makes_one_only_where_the_newest_is_older() {
    let (world, _) = world();
    let count = || fs::read_dir(world.path("team.backups")).unwrap().count();
    let ran = world.run("book backup --if-older 1d");
    assert!(ran.stderr.contains("Not done"), "{ran:?}");
    assert_eq!((ran.code, count()), (Some(0), 1));
    let _ = world.run("book backup --if-older 0h").done();
    assert_eq!(count(), 2);
    let said = world.run("book backup --if-older soon").failed(2);
    assert!(said.contains("no length of time"), "{said}");
}

#[test]
fn a_backup_goes_where_it_is_told_and_nothing_is_removed_there() {
    let (world, _) = world();
    for _ in 0..7 {
        let _ = world.run("book backup --to elsewhere").done();
    }
    let count = || fs::read_dir(world.path("elsewhere")).unwrap().count();
    assert_eq!(count(), 7);
    let _ = world.run("book backup --to elsewhere --thin-out").done();
    assert_eq!(count(), 5);
    let listed = world.json("book backups --in elsewhere");
    assert_eq!(listed["items"].as_array().unwrap().len(), 5);
    let _ = world.run("book backup --to other --dry-run").done();
    assert!(!world.path("other").exists());
}

#[test]
fn the_settings_say_where_backups_go() {
    let world = World::new();
    fs::create_dir_all(world.path("config/clinch")).unwrap();
    world.write(
        "config/clinch/settings.toml",
        "[backup]\nfolder = 'local'\n",
    );
    let made = world.json("book backup");
    let folder = world.path("data/clinch/backups");
    let path = made["item"]["path"].as_str().unwrap();
    assert!(path.starts_with(folder.to_str().unwrap()), "{path}");
    world.write("config/clinch/settings.toml", "[backup]\nevery = 'often'\n");
    let said = world.run("book backup").failed(4);
    assert!(said.contains("often"), "{said}");
}

#[test]
fn a_target_that_cannot_be_written_is_said_and_leaves_nothing() {
    let (world, _) = world();
    world.write("file", "in the way");
    let said = world.run("book backup --to file/inside").failed(1);
    assert!(said.contains("file/inside"), "{said}");
    assert_eq!(world.read("file"), "in the way");
}

#[test]
fn a_restore_says_first_what_would_change_and_asks() {
    let (world, _) = world();
    let said = world.run("book restore --dry-run").done();
    assert!(said.contains("Steps that would be gone: 2\n"), "{said}");
    assert!(said.contains("Three"), "{said}");
    assert!(
        said.contains("deals: 1 would go, 1 would differ\n"),
        "{said}"
    );
    assert!(said.ends_with("Nothing was done.\n"), "{said}");
    // Nobody can be asked here.
    let said = world.run("book restore").failed(2);
    assert!(said.contains("--yes"), "{said}");
    assert_eq!(titles(&world), "One\nSecond\nThree\n");
}

#[test]
fn a_restore_is_done_and_taken_back() {
    let (world, path) = world();
    let said = world.run("book restore latest --yes").done();
    assert!(said.contains("Steps that are gone: 2, kept in "), "{said}");
    assert_eq!(titles(&world), "One\nTwo\n");
    assert_eq!(world.json("book status")["item"]["epoch"], 2);
    // The newest that no restore replaced is still the same one: a second time there is nothing to do.
    let said = world.run("book restore --yes").done();
    assert!(said.contains("says the same"), "{said}");
    let listed = world.json("book backups");
    let before = &listed["items"][0];
    assert_eq!(before["made"], "before restore");
    let file = PathBuf::from(before["path"].as_str().unwrap());
    let name = file.file_name().unwrap().to_str().unwrap().to_owned();
    let back: Json = world.json(&format!("book restore {name} --yes"));
    assert_eq!(back["item"]["restored"], true);
    assert_eq!(back["item"]["would"]["steps_back"], 2);
    assert_eq!(back["item"]["would"]["records"]["deal"]["come"], 1);
    assert_eq!(titles(&world), "One\nSecond\nThree\n");
    assert!(path.exists());
    let _ = world.run("deals add --title Four").done();
    let _ = world.run("book check").done();
}

#[test]
fn what_is_no_backup_of_this_book_is_refused_with_7() {
    let (world, path) = world();
    let other = World::new();
    let theirs = other.json("book backup");
    let theirs = theirs["item"]["path"].as_str().unwrap();
    let said = world.run(&format!("book restore {theirs} --yes")).failed(7);
    assert!(said.contains("another book"), "{said}");
    let said = world.run("book restore none.db --yes").failed(7);
    assert!(said.contains("none.db"), "{said}");
    let said = world.run("book restore team.db --yes").failed(7);
    assert!(said.contains("the book itself"), "{said}");
    let mut bytes = fs::read(&path).unwrap();
    bytes[60..64].copy_from_slice(&2_000_u32.to_be_bytes());
    fs::write(world.path("newer.db"), &bytes).unwrap();
    let said = world.run("book restore newer.db --yes").failed(7);
    assert!(said.contains("2.0"), "{said}");
    bytes.truncate(bytes.len() / 2);
    fs::write(world.path("cut.db"), &bytes).unwrap();
    let _ = world.run("book restore cut.db --yes").failed(7);
    assert_eq!(titles(&world), "One\nSecond\nThree\n");
}

#[test]
fn a_damaged_book_is_moved_aside_and_restored() {
    let (world, _) = world();
    let damaged = vec![0; 5000];
    fs::write(world.book(), &damaged).unwrap();
    let listed = world.run("book backups");
    assert!(
        listed.stderr.contains("called like its backups"),
        "{listed:?}"
    );
    let said = world.run("book restore --dry-run").done();
    assert!(said.contains("moved aside"), "{said}");
    assert!(fs::read(world.book()).unwrap() == damaged);
    let said = world.run("book restore --yes").done();
    assert!(said.contains("team.db.damaged-"), "{said}");
    assert_eq!(titles(&world), "One\nTwo\n");
    let aside = fs::read_dir(world.path("")).unwrap().map(Result::unwrap);
    let aside: Vec<_> = aside
        .filter(|entry| entry.file_name().to_str().unwrap().contains("damaged"))
        .collect();
    // The journal goes with it.
    assert_eq!(aside.len(), 2);
    assert!(
        aside
            .iter()
            .any(|entry| fs::read(entry.path()).unwrap() == damaged)
    );
}

#[test]
fn without_a_backup_there_is_nothing_to_restore() {
    let world = World::new();
    let said = world.run("book restore --yes").failed(3);
    assert!(said.contains("no backup"), "{said}");
    let ran = world.run("book backups --json");
    assert_eq!(ran.done(), "{\"schema_version\":1,\"items\":[]}\n");
}

/// A file of so many companies.
fn companies(number: usize) -> String {
    use std::fmt::Write as _;
    (0..number).fold("Company name\n".to_owned(), |mut file, row| {
        let _ = writeln!(file, "Company {row}");
        file
    })
}

#[test]
fn a_big_import_is_backed_up_before() {
    let world = World::new();
    world.write("companies.csv", &companies(1001));
    let ran = world.run("import companies.csv --into companies");
    assert!(ran.stderr.contains("Backed up before"), "{ran:?}");
    let _ = ran.done();
    let listed = world.json("book backups");
    assert_eq!(listed["items"][0]["made"], "before import");
    world.write("two.csv", "Company name\nA\nB\n");
    let ran = world.run("import two.csv --into companies");
    assert!(!ran.stderr.contains("Backed up"), "{ran:?}");
}

#[test]
fn a_backup_that_fails_does_not_stop_an_import() {
    let world = World::new();
    world.write("team.backups", "in the way");
    world.write("companies.csv", &companies(1001));
    let ran = world.run("import companies.csv --into companies");
    assert!(ran.stderr.contains("No backup was made"), "{ran:?}");
    let _ = ran.done();
    assert_eq!(world.json("book status")["item"]["counts"]["company"], 1001);
}
