//! What a book lies on: looking only, working alone, proving a drive.

use crate::harness::World;

#[test]
fn who_only_looks_sees_all_and_writes_nothing() {
    let world = World::new();
    world.add("contacts add --name 'Ana Cruz'");
    let before = std::fs::read(world.book()).unwrap();
    let list = world.run("contacts list --plain --read-only").done();
    assert!(list.contains("Ana Cruz"), "{list}");
    let status = world.json("book status --read-only");
    assert_eq!(status["item"]["drive"]["read_only"], true);
    for verb in [
        "contacts add --name 'Ben Ito'",
        "contacts edit 'Ana Cruz' --title CEO",
        "log call hello --contact 'Ana Cruz'",
        "undo",
    ] {
        let refused = world.run(&format!("{verb} --read-only"));
        let said = refused.failed(8);
        assert!(said.contains("looked at only"), "{verb}: {said}");
        assert!(said.contains("without `--read-only`"), "{verb}: {said}");
    }
    assert_eq!(std::fs::read(world.book()).unwrap(), before);
}

#[test]
fn a_book_that_may_not_be_written_by_anybody_can_be_looked_at() {
    let world = World::new();
    world.add("contacts add --name 'Ana Cruz'");
    let book = world.book();
    let mut rights = book.metadata().unwrap().permissions();
    rights.set_readonly(true);
    std::fs::set_permissions(&book, rights).unwrap();
    world.run("contacts list --read-only").done();
}

#[test]
fn who_works_alone_holds_a_lease_only_as_long() {
    let world = World::new();
    world
        .run("contacts add --name 'Ana Cruz' --drive alone")
        .done();
    assert!(!world.path("team.db-lease").exists());
    let status = world
        .clinch("book status --json")
        .env("CLINCH_DRIVE", "alone")
        .run()
        .done();
    assert!(status.contains("\"manner\":\"alone\""), "{status}");
}

#[test]
fn somebody_elses_lease_is_respected_and_a_dead_one_is_not() {
    let world = World::new();
    // A process that is gone: the machine is this one.
    let mut child = std::process::Command::new("true").spawn().unwrap();
    child.wait().unwrap();
    let host = std::fs::read_to_string("/proc/sys/kernel/hostname").unwrap_or_default();
    let lease = format!(
        r#"{{"who":"ben","host":"{}","pid":{},"nonce":"x","at":"","beat":1}}"#,
        host.trim(),
        child.id()
    );
    if cfg!(target_os = "linux") {
        world.write("team.db-lease", &lease);
        world.run("contacts add --name 'Ana Cruz'").done();
        assert!(!world.path("team.db-lease").exists());
    }
    // While one is looked at only, a lease is nobody's business.
    world.write("team.db-lease", &lease.replace("\"pid\"", "\"pid_\""));
    world.run("contacts list --read-only").done();
}

#[test]
fn a_drive_that_is_unheard_of_is_a_slip() {
    World::new().run("contacts list --drive maybe").failed(2);
}

#[test]
fn both_seats_here_give_a_first_look_that_is_kept_in_the_book() {
    let world = World::new();
    // Where temporary files lie in memory, flushing costs nothing: then the verdict is bad, and says so.
    let ran = world.run("doctor drive . --both --json");
    let verdict: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    let good = verdict["item"]["good"] == true;
    assert_eq!(ran.code, Some(if good { 0 } else { 8 }), "{ran:?}");
    let item = &verdict["item"];
    assert_eq!(item["two_machines"], false);
    let findings = item["findings"].as_array().unwrap();
    let about = |name: &str| {
        findings
            .iter()
            .find(|finding| finding["about"] == name)
            .unwrap()
    };
    for name in ["locks", "data", "size"] {
        assert_eq!(about(name)["good"], true, "{verdict}");
    }
    assert_eq!(item["kept"], good, "{verdict}");
    let status = world.run("book status").done();
    assert!(!good || status.contains("first look"), "{status}");
    let left = std::fs::read_dir(world.path(".")).unwrap().flatten();
    let left = left.filter(|entry| entry.file_name().to_string_lossy().starts_with(".clinch"));
    assert_eq!(left.count(), 0);
}

#[test]
fn nobody_waits_where_there_is_no_such_code() {
    let world = World::new();
    let said = world.run("doctor drive . --join ABCDEF").failed(4);
    assert!(said.contains("Nobody waits"), "{said}");
}
