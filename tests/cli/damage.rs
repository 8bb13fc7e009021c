//! Books that are damaged, half there, or in the way of something: clear words, an exit code that means it, and an untouched file.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use rusqlite::Connection;
use serde_json::json;

use crate::harness::World;

const PAGE: usize = 4096;

/// A book with a few hundred pages, and its content.
fn sample() -> (World, Vec<u8>) {
    let world = World::bare();
    let _ = world.run("demo --keep team.db --no-input").done();
    let bytes = fs::read(world.book()).unwrap();
    (world, bytes)
}

fn journal(world: &World) -> PathBuf {
    world.path("team.db-journal")
}

/// Puts a damaged content in place, and runs `book check` on it: it ends with 7, never with a crash, and touches nothing.
#[track_caller]
fn checked(world: &World, bytes: &[u8]) -> String {
    fs::write(world.book(), bytes).unwrap();
    let ran = world.run("book check");
    assert_eq!(ran.code, Some(7), "{ran:?}");
    assert!(
        fs::read(world.book()).unwrap() == bytes,
        "a check writes nothing"
    );
    ran.stdout + &ran.stderr
}

#[test]
fn a_book_that_was_cut_at_any_length_is_refused_untouched() {
    let (world, bytes) = sample();
    let pages = bytes.len() / PAGE;
    for length in [
        1,
        99,
        100,
        PAGE,
        PAGE + 1,
        pages / 3 * PAGE,
        bytes.len() - PAGE,
        bytes.len() - 1,
    ] {
        let cut = &bytes[..length];
        let said = checked(&world, cut);
        assert!(
            said.contains("damaged") || said.contains("not a clinch book"),
            "{length}: {said}"
        );
        // SQLite overlooks a last page that is cut; the check does not.
        if length < bytes.len() - 1 {
            for line in ["deals list", "deals add --title X"] {
                let _ = world.run(line).failed(7);
            }
        }
        assert!(fs::read(world.book()).unwrap() == cut, "{length}");
    }
}

#[test]
fn a_page_that_was_zeroed_or_overwritten_anywhere_is_found() {
    let (world, bytes) = sample();
    let pages = bytes.len() / PAGE;
    for page in (1..pages).step_by(pages / 24) {
        for content in [0, 0xa5] {
            let mut damaged = bytes.clone();
            damaged[page * PAGE..(page + 1) * PAGE].fill(content);
            let said = checked(&world, &damaged);
            assert!(said.contains("damaged"), "page {page}: {said}");
        }
    }
}

#[test]
fn of_a_damaged_book_the_rest_can_be_read_and_the_cure_is_named() {
    let (world, mut bytes) = sample();
    let third = bytes.len() / PAGE / 3;
    bytes[third * PAGE..(third + third / 2) * PAGE].fill(0);
    let said = checked(&world, &bytes);
    assert!(said.contains("clinch book restore"), "{said}");
    let reps = world.json("reps list");
    assert_eq!(reps["items"].as_array().unwrap().len(), 5);
    let said = world.run("deals list").failed(7);
    assert!(said.contains("is damaged"), "{said}");
    assert!(said.contains("restore"), "{said}");
}

#[test]
fn a_schema_that_another_program_changed_is_damage() {
    for sql in [
        "DROP TABLE tag",
        "ALTER TABLE deal RENAME COLUMN note TO remark",
        "DELETE FROM book",
    ] {
        let world = World::new();
        let _ = world.run("deals add --title One").done();
        let other = Connection::open(world.book()).unwrap();
        other.execute_batch(sql).unwrap();
        drop(other);
        let said = checked(&world, &fs::read(world.book()).unwrap());
        assert!(
            said.contains("damaged") || said.contains("no such"),
            "{sql}: {said}"
        );
        let _ = world.run("deals show One").failed(7);
    }
}

#[test]
fn a_header_that_is_garbage_is_refused() {
    let (world, bytes) = sample();
    let mut damaged = bytes.clone();
    damaged[16..60].fill(0xa5);
    assert!(checked(&world, &damaged).contains("is damaged"));
    let mut damaged = bytes;
    damaged[..16].fill(b'x');
    assert!(checked(&world, &damaged).contains("is not a clinch book"));
}

#[test]
fn a_book_that_another_tool_put_into_wal_mode_is_refused_untouched() {
    let world = World::new();
    let other = Connection::open(world.book()).unwrap();
    let mode: String = other
        .query_row("PRAGMA journal_mode = WAL", [], |row| row.get(0))
        .unwrap();
    assert_eq!(mode, "wal");
    drop(other);
    let said = checked(&world, &fs::read(world.book()).unwrap());
    assert!(said.contains("journal mode `wal`"), "{said}");
}

/// What a writer leaves who dies in the middle of a commit: part of its pages in the book, and a hot journal.
fn left_behind(world: &World) -> (Vec<u8>, Vec<u8>) {
    let conn = Connection::open(world.book()).unwrap();
    conn.execute_batch(
        "PRAGMA journal_mode = PERSIST; PRAGMA cache_size = 5; BEGIN IMMEDIATE;
         UPDATE deal SET note = hex(randomblob(1000)); UPDATE contact SET note = hex(randomblob(1000));",
    )
    .unwrap();
    let left = (
        fs::read(world.book()).unwrap(),
        fs::read(journal(world)).unwrap(),
    );
    conn.execute_batch("ROLLBACK").unwrap();
    left
}

#[test]
fn a_hot_journal_of_a_killed_writer_is_rolled_back() {
    let (world, bytes) = sample();
    let (half, hot) = left_behind(&world);
    assert!(half != bytes, "some pages had got there");
    fs::write(world.book(), half).unwrap();
    fs::write(journal(&world), hot).unwrap();
    assert_eq!(world.json("book check")["item"]["clean"], true);
    assert!(fs::read(world.book()).unwrap()[PAGE..] == bytes[PAGE..]);
}

#[test]
fn a_hot_journal_that_belongs_to_another_state_of_the_file_is_not_rolled_into_it() {
    let (world, backup) = sample();
    for n in 0..3 {
        let _ = world.run(&format!("deals add --title Later{n}")).done();
    }
    let (_, hot) = left_behind(&world);
    // Somebody copies a backup over a book whose writer has died.
    fs::write(world.book(), &backup).unwrap();
    fs::write(journal(&world), &hot).unwrap();
    let said = checked(&world, &backup);
    assert!(said.contains("team.db-journal"), "{said}");
    let _ = world.run("deals add --title X").failed(7);
    assert!(fs::read(world.book()).unwrap() == backup);
    assert!(fs::read(journal(&world)).unwrap() == hot);
    // Moved aside, it does no harm.
    fs::rename(journal(&world), world.path("aside")).unwrap();
    assert_eq!(world.json("book check")["item"]["clean"], true);
    // Without the look, SQLite would have torn the book: the control.
    fs::write(world.book(), &backup).unwrap();
    fs::write(journal(&world), &hot).unwrap();
    let other = Connection::open(world.book()).unwrap();
    let said: Result<String, _> = other.query_row("PRAGMA integrity_check", [], |row| row.get(0));
    assert_ne!(said, Ok("ok".to_owned()));
}

/// A program run as somebody who is not root, since root may do everything. `None` where that cannot be arranged.
fn as_nobody(world: &World, folder: &Path) -> Option<Command> {
    const NOBODY: u32 = 65_534;
    // Where tests do not run as root, the rights hold for us as well.
    let is_root = fs::metadata("/proc/self").is_ok_and(|me| {
        use std::os::unix::fs::MetadataExt;
        me.uid() == 0
    });
    let mut program = PathBuf::from(env!("CARGO_BIN_EXE_clinch"));
    if is_root {
        fs::set_permissions(folder.parent()?, fs::Permissions::from_mode(0o755)).ok()?;
        let copy = world.path("clinch");
        if !copy.exists() {
            fs::copy(&program, &copy).ok()?;
        }
        program = copy;
    }
    // Their own place for steps, which are kept before they are sent.
    let state = world.path("state-of-nobody");
    fs::create_dir_all(&state).ok()?;
    fs::set_permissions(&state, fs::Permissions::from_mode(0o777)).ok()?;
    let mut command = Command::new(program);
    command
        .env_clear()
        .env("HOME", "/nonexistent")
        .env("XDG_STATE_HOME", state)
        .env("USER", "tester")
        .env("CLINCH_BOOK", folder.join("team.db"))
        .current_dir("/");
    if is_root {
        command.uid(NOBODY).gid(NOBODY);
    }
    let can = command.arg("--version").output().ok()?.status.success();
    let mut again = Command::new(command.get_program());
    again.envs(
        command
            .get_envs()
            .filter_map(|(name, value)| Some((name, value?))),
    );
    if is_root {
        again.uid(NOBODY).gid(NOBODY);
    }
    can.then_some(again)
}

#[test]
fn a_file_or_folder_without_rights_is_said_in_clear_words() {
    let world = World::new();
    let _ = world.run("deals add --title One").done();
    let folder = world.path("theirs");
    fs::create_dir(&folder).unwrap();
    fs::create_dir(world.path("state")).unwrap();
    fs::set_permissions(world.path("state"), fs::Permissions::from_mode(0o777)).unwrap();
    let file = folder.join("team.db");
    fs::copy(world.book(), &file).unwrap();
    let before = fs::read(&file).unwrap();
    let modes = |of_folder, of_file| {
        fs::set_permissions(&file, fs::Permissions::from_mode(of_file)).unwrap();
        fs::set_permissions(&folder, fs::Permissions::from_mode(of_folder)).unwrap();
    };
    let run = |args: &[&str]| {
        let ran = as_nobody(&world, &folder)?.args(args).output().unwrap();
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        Some((
            ran.status.code(),
            said + &String::from_utf8_lossy(&ran.stderr),
        ))
    };
    modes(0o755, 0o644);
    let Some(ran) = run(&["deals", "list"]) else {
        println!("skipped: no program can be run as another user here");
        return;
    };
    assert_eq!(ran.0, Some(0), "{}", ran.1);
    // Neither the file nor a journal beside it can be written.
    for (of_folder, of_file) in [(0o755, 0o444), (0o755, 0o666)] {
        modes(of_folder, of_file);
        let (code, said) = run(&["deals", "add", "--title", "X"]).unwrap();
        assert_eq!(code, Some(8), "{said}");
        assert!(
            said.contains("Check the rights of the file and of its folder"),
            "{said}"
        );
        assert_eq!(run(&["book", "check"]).unwrap().0, Some(0));
    }
    for (of_folder, of_file) in [(0o755, 0o000), (0o000, 0o666)] {
        modes(of_folder, of_file);
        let (code, said) = run(&["deals", "list"]).unwrap();
        assert!(code.is_some_and(|code| code > 0 && code < 100), "{said}");
        assert!(said.contains("ermission denied"), "{said}");
    }
    modes(0o755, 0o644);
    assert!(fs::read(&file).unwrap() == before);
}

#[test]
fn counts_say_what_was_checked() {
    let world = World::new();
    let _ = world.run("deals add --title One").done();
    let item = &world.json("book check")["item"];
    assert_eq!(item["steps"], json!(1));
    assert!(item["records"].as_u64() > Some(5));
}
