//! Leases: made, watched, found dead, lost.

use tempfile::TempDir;

use super::*;

const FAST: Pace = Pace {
    beat: Duration::from_millis(20),
    dead: Duration::from_mins(1),
};

/// A number that no system gives to a process. None is started for it: a child holds the locks of other tests until it runs.
#[cfg(unix)]
const NOBODY: u32 = 2_000_000_000;

fn somebody(host: &str) -> Author {
    Author {
        os_user: "ana".to_owned(),
        host: host.to_owned(),
    }
}

fn place() -> (TempDir, PathBuf) {
    let dir = TempDir::new().unwrap();
    let book = dir.path().join("team.db");
    (dir, book)
}

fn leave_behind(book: &Path, host: &str, pid: u32) {
    leave_in(realm(), book, host, pid);
}

fn leave_in(realm: String, book: &Path, host: &str, pid: u32) {
    let holder = Holder {
        who: "ben".to_owned(),
        host: host.to_owned(),
        pid,
        realm,
        nonce: "abc".to_owned(),
        at: String::new(),
        beat: 7,
    };
    write(File::create(beside(book)), &holder).unwrap();
}

#[cfg(unix)]
#[test]
fn who_may_use_the_book_may_see_its_lease_and_nobody_else() {
    use std::os::unix::fs::PermissionsExt;
    for rights in [0o600, 0o660] {
        let (_dir, book) = place();
        fs::write(&book, "a book").unwrap();
        fs::set_permissions(&book, fs::Permissions::from_mode(rights)).unwrap();
        let held = Lease::take(&book, &somebody("one"), FAST).unwrap();
        // Whoever looks in the middle of a beat sees half of it.
        let beats = |lease: &Lease| lease.state.is_ours().unwrap().map_or(0, |found| found.beat);
        while beats(&held) == 0 {
            std::thread::yield_now();
        }
        let found = fs::metadata(beside(&book)).unwrap().permissions().mode();
        assert_eq!(found & 0o777, rights);
    }
}

#[test]
fn who_comes_while_somebody_works_alone_is_told_who() {
    let (_dir, book) = place();
    let held = Lease::take(&book, &somebody("one"), FAST).unwrap();
    for refused in [
        Lease::take(&book, &somebody("two"), FAST).map(drop),
        must_be_free(&book, &somebody("two"), FAST),
    ] {
        let text = refused.unwrap_err().to_string();
        assert!(text.contains("ana on one"), "{text}");
    }
    assert!(!held.is_lost().unwrap());
    drop(held);
    must_be_free(&book, &somebody("two"), FAST).unwrap();
    assert!(!is_there(&book));
}

#[test]
fn a_lease_is_dead_when_its_beat_stands_still_and_not_before() {
    let (start, dead) = (Instant::now(), Duration::from_secs(30));
    let after = |seconds| start + Duration::from_secs(seconds);
    let beat = |n: u8| Some(vec![n]);
    let mut watch = Watch::default();
    assert_eq!(watch.look(beat(1), start, dead), Seen::Watching);
    assert_eq!(watch.look(beat(1), after(29), dead), Seen::Watching);
    assert_eq!(watch.look(beat(1), after(30), dead), Seen::Dead);
    assert_eq!(watch.look(beat(2), after(31), dead), Seen::Alive);
    assert_eq!(watch.look(None, after(31), dead), Seen::Free);
}

#[test]
fn a_dead_lease_is_taken_over() {
    let (_dir, book) = place();
    leave_behind(&book, "elsewhere", 1);
    let impatient = Pace {
        dead: Duration::from_millis(50),
        ..FAST
    };
    let taken = Lease::take(&book, &somebody("one"), impatient);
    assert!(taken.is_ok(), "{taken:?}");
    assert_eq!(fs::read_dir(book.parent().unwrap()).unwrap().count(), 1);
}

#[test]
#[cfg(unix)]
fn a_holder_whose_process_is_gone_from_this_machine_is_not_waited_for() {
    let (_dir, book) = place();
    leave_behind(&book, "here", NOBODY);
    must_be_free(&book, &somebody("here"), FAST).unwrap();
    assert!(!is_there(&book));
}

#[test]
#[cfg(unix)]
fn a_process_that_only_this_machine_does_not_have_may_live_on_another_of_the_same_name() {
    let (_dir, book) = place();
    leave_in("another start".to_owned(), &book, "here", NOBODY);
    let patient = Pace {
        dead: Duration::from_millis(50),
        ..FAST
    };
    let began = Instant::now();
    must_be_free(&book, &somebody("here"), patient).unwrap();
    assert!(began.elapsed() >= patient.dead, "its beat is waited for");
}

#[test]
fn a_new_lease_is_not_buried_for_a_dead_one() {
    let (_dir, book) = place();
    leave_behind(&book, "elsewhere", 1);
    assert!(!bury(&beside(&book), b"what was watched", "mark").unwrap());
    assert!(is_there(&book));
}

#[test]
fn who_finds_another_name_before_a_write_has_lost_it_and_waits_for_no_beat() {
    let (_dir, book) = place();
    let slow = Pace {
        beat: Duration::from_mins(1),
        ..FAST
    };
    let held = Lease::take(&book, &somebody("one"), slow).unwrap();
    leave_behind(&book, "elsewhere", 1);
    assert!(held.is_lost().unwrap());
    drop(held);
    assert!(is_there(&book), "the other's lease stays");
}

#[test]
fn who_finds_another_name_at_a_beat_has_lost_it() {
    let (_dir, book) = place();
    let held = Lease::take(&book, &somebody("one"), FAST).unwrap();
    leave_behind(&book, "elsewhere", 1);
    let since = Instant::now();
    while !held.state.is_lost() && since.elapsed() < Duration::from_secs(20) {
        std::thread::yield_now();
    }
    assert!(held.state.is_lost());
    drop(held);
    assert!(is_there(&book), "the other's lease stays");
}
