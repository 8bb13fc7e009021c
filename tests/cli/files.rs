//! Where files are named that are no plain files: links, folders, pipes, devices. Nothing is followed or written over that was not
//! meant, and nobody waits for ever.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::{MetadataExt as _, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::mpsc::channel;
use std::time::Duration;

use crate::harness::{Ran, World};

/// Runs a line; it must come to an end.
fn within(world: &World, line: &str) -> Ran {
    let (tell, told) = channel();
    let run = world.clinch(line);
    std::thread::spawn(move || tell.send(run.run()));
    let ran = told.recv_timeout(Duration::from_secs(20));
    ran.unwrap_or_else(|why| panic!("{line}: {why}"))
}

fn pipe(world: &World, name: &str) {
    let made = Command::new("mkfifo")
        .arg(world.path(name))
        .status()
        .unwrap();
    assert!(made.success());
}

fn filled() -> World {
    let world = World::new();
    let _ = world.run("contacts add --name Nora").done();
    world
}

#[test]
fn a_link_under_the_name_of_o_stays_a_link_and_the_file_behind_it_is_replaced() {
    let world = filled();
    world.write("real.csv", "old\n");
    symlink("real.csv", world.path("link.csv")).unwrap();
    let _ = world
        .run("export contacts --fields name -o link.csv")
        .done();
    assert!(world.path("link.csv").is_symlink());
    assert_eq!(world.read("real.csv"), "name\nNora\n");
}

#[test]
fn a_link_to_the_book_is_the_book_and_nothing_is_written_over_it() {
    let world = filled();
    symlink("team.db", world.path("link.db")).unwrap();
    symlink("team.db-journal", world.path("link.journal")).unwrap();
    let before = fs::read(world.book()).unwrap();
    for file in ["link.db", "link.journal", "./team.db", "data/../team.db"] {
        fs::create_dir_all(world.path("data")).unwrap();
        let said = world.run(&format!("export contacts -o {file}")).failed(2);
        assert!(said.contains("is the book itself"), "{said}");
        let said = world
            .run(&format!("contacts list --book link.db -o {file}"))
            .failed(2);
        assert!(said.contains("is the book itself"), "{said}");
    }
    assert_eq!(fs::read(world.book()).unwrap(), before);
    // Another name of the same file is taken off it; the book itself is as it was.
    fs::hard_link(world.book(), world.path("hard.db")).unwrap();
    let _ = world.run("export contacts --fields name -o hard.db");
    assert_eq!(fs::read(world.book()).unwrap(), before);
}

#[test]
fn a_link_to_nowhere_is_not_followed_to_make_a_file_there() {
    let world = filled();
    symlink("elsewhere/out.csv", world.path("link.csv")).unwrap();
    fs::create_dir(world.path("elsewhere")).unwrap();
    let _ = world
        .run("export contacts --fields name -o link.csv")
        .done();
    assert_eq!(world.read("link.csv"), "name\nNora\n");
    assert_eq!(fs::read_dir(world.path("elsewhere")).unwrap().count(), 0);
}

#[test]
fn data_go_into_a_pipe_and_into_a_device_and_a_full_one_is_said() {
    let world = filled();
    pipe(&world, "pipe");
    let path = world.path("pipe");
    let reader = std::thread::spawn(move || fs::read_to_string(path).unwrap());
    let _ = within(&world, "export contacts --fields name -o pipe").done();
    assert_eq!(reader.join().unwrap(), "name\nNora\n");
    let _ = within(&world, "export contacts -o /dev/null").done();
    if cfg!(target_os = "linux") {
        for line in [
            "export contacts -o /dev/full",
            "contacts list --json -o /dev/full",
        ] {
            let said = within(&world, line).failed(1);
            assert!(
                said.contains("could not be written") && !said.contains("Exported"),
                "{said}"
            );
        }
    }
    fs::create_dir(world.path("folder")).unwrap();
    let said = within(&world, "export contacts -o folder").failed(2);
    assert!(said.contains("is a folder"), "{said}");
}

#[test]
fn rejected_rows_are_never_written_over_or_through_what_is_there() {
    let world = World::new();
    world.write(
        "deals.csv",
        "Deal Name,Amount,Stage\nOne,100,Qualify\nTwo,a lot,Qualify\n",
    );
    world.write("there.csv", "mine\n");
    symlink("there.csv", world.path("link.csv")).unwrap();
    symlink("nowhere.csv", world.path("dangling.csv")).unwrap();
    symlink("team.db", world.path("book.csv")).unwrap();
    fs::create_dir(world.path("folder.csv")).unwrap();
    pipe(&world, "pipe.csv");
    let before = fs::read(world.book()).unwrap();
    for name in [
        "there.csv",
        "link.csv",
        "dangling.csv",
        "book.csv",
        "folder.csv",
        "pipe.csv",
        "team.db",
        "deals.csv",
        "no/such/folder.csv",
        "..",
    ] {
        let said = within(&world, &format!("import deals.csv --rejects {name}")).failed(4);
        assert!(
            said.starts_with("error: ") && said.contains("hint: ") || said.contains("No such file"),
            "{name}: {said}"
        );
    }
    assert_eq!(world.read("there.csv"), "mine\n");
    assert!(!world.path("nowhere.csv").exists());
    // Before anything is imported: nothing of it is in the book.
    assert_eq!(world.json("deals list")["items"], serde_json::json!([]));
    assert_eq!(fs::read(world.book()).unwrap(), before);
}

#[test]
fn what_is_imported_is_a_file_or_a_pipe_and_nothing_endless() {
    let world = World::new();
    fs::create_dir(world.path("folder")).unwrap();
    let said = within(&world, "import folder --into contacts").failed(4);
    assert!(said.contains("folder"), "{said}");
    if cfg!(target_os = "linux") {
        for device in ["/dev/zero", "/dev/full", "/dev/null"] {
            let said = within(&world, &format!("import {device} --into contacts")).failed(4);
            assert!(said.contains("is a device"), "{said}");
        }
    }
    pipe(&world, "pipe.csv");
    let path = world.path("pipe.csv");
    let writer =
        std::thread::spawn(move || fs::write(path, "Name,Email\nNora,n@x.example\n").unwrap());
    let _ = within(&world, "import pipe.csv --into contacts").done();
    writer.join().unwrap();
    world.write("real.csv", "Name,Email\nJose,j@x.example\n");
    symlink("real.csv", world.path("link.csv")).unwrap();
    let _ = within(&world, "import link.csv ./../$(id)/x.csv --into contacts").failed(4);
    let _ = within(&world, "import link.csv --into contacts").done();
    assert_eq!(
        world.json("contacts list")["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
}

#[test]
fn a_book_behind_a_link_is_that_book() {
    let world = filled();
    symlink("team.db", world.path("link.db")).unwrap();
    let _ = world.run("contacts add --name Jose --book link.db").done();
    assert!(world.path("link.db").is_symlink());
    assert_eq!(
        world.json("contacts list")["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(
        !world.path("link.db-journal").exists(),
        "its journal stands beside the file"
    );
    // A lock of one is a lock of the other.
    let holder = rusqlite::Connection::open(world.book()).unwrap();
    holder.execute_batch("BEGIN IMMEDIATE").unwrap();
    let ran = world.run("contacts add --name Late --book link.db --wait 0");
    assert!([Some(6), Some(2)].contains(&ran.code), "{ran:?}");
}

#[test]
fn what_is_no_plain_file_is_no_book_and_nobody_waits_for_it() {
    let world = World::bare();
    fs::create_dir(world.path("folder.db")).unwrap();
    pipe(&world, "pipe.db");
    symlink("loop.db", world.path("loop.db")).unwrap();
    let mut names = vec!["folder.db", "pipe.db", "loop.db"];
    if cfg!(target_os = "linux") {
        names.extend(["/dev/full", "/dev/zero", "/dev/null"]);
    }
    for name in names {
        for line in ["deals list", "book status", "deals add --title x", "undo"] {
            let said = within(&world, &format!("{line} --book {name}")).failed(7);
            assert!(said.starts_with("error: "), "{name}: {said}");
        }
        let said = within(&world, &format!("book init --currency CHF --book {name}")).failed(4);
        assert!(said.contains("is there already"), "{name}: {said}");
    }
    assert_eq!(fs::read_dir(world.path("folder.db")).unwrap().count(), 0);
}

#[test]
fn a_new_book_is_not_made_through_a_link_to_nowhere() {
    let world = World::bare();
    symlink("elsewhere.db", world.path("team.db")).unwrap();
    let ran = world.run("book init --currency CHF");
    assert_eq!(ran.code, Some(4), "{ran:?}");
    assert!(!world.path("elsewhere.db").exists());
}

/// All that is in a folder, with its folders.
fn all_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths
        .flat_map(|path| {
            let within = if path.is_dir() {
                all_in(&path)
            } else {
                Vec::new()
            };
            std::iter::once(path).chain(within)
        })
        .collect()
}

#[test]
fn what_the_program_writes_for_its_user_alone_is_theirs_alone() {
    let world = filled();
    world.write(
        "people.csv",
        "Name,Email\nTom,t@x.example\nZoe,not an address\n",
    );
    for line in [
        "import people.csv --into contacts --rejects rejects.csv",
        "export contacts -o out.csv",
        "book backup",
    ] {
        let ran = world.run(line);
        assert!([Some(0), Some(4)].contains(&ran.code), "{line}: {ran:?}");
    }
    let rights_of = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    // What the user names is as private as the shell's own files.
    let named = ["people.csv", "rejects.csv", "out.csv"].map(|name| world.path(name));
    for file in &named {
        assert_eq!(rights_of(file) & 0o002, 0, "{}", file.display());
    }
    let written: Vec<PathBuf> = all_in(&world.path("."))
        .into_iter()
        .filter(|path| {
            !named
                .iter()
                .any(|named| named.file_name() == path.file_name())
        })
        .collect();
    for name in [
        "team.db",
        "team.db-journal",
        "outbox",
        "steps.jsonl",
        "lock",
    ] {
        assert!(written.iter().any(|path| path.ends_with(name)), "{name}");
    }
    let is_backup = |path: &PathBuf| path.to_string_lossy().contains("backup") && path.is_file();
    assert!(written.iter().any(is_backup), "{written:?}");
    for path in written {
        let rights = if path.is_dir() { 0o700 } else { 0o600 };
        assert_eq!(
            rights_of(&path),
            rights,
            "{}: {:o}",
            path.display(),
            rights_of(&path)
        );
    }
}
