//! Making backups, finding them, thinning them out.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use rusqlite::Connection;

use super::*;
use crate::domain::time::DAY_MS;
use crate::store::Opening;
use crate::store::backup::{Occasion, Place, Plan};
use crate::store::handle::{Event, Handle, Ticket};

/// A bed with something in its book.
fn bed() -> Bed {
    let mut bed = Bed::new();
    bed.company("Alpina");
    bed.deal("Rollout", 0, Some(120_000));
    bed
}

fn folder(bed: &Bed) -> PathBuf {
    bed.book.path().with_file_name("team.backups")
}

fn later(days: i64) -> Instant {
    Instant::from_millis(NOW.millis() + days * DAY_MS)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn a_backup_is_a_book_that_says_the_same() {
    let mut bed = bed();
    let folder = folder(&bed);
    let backup = bed.book.back_up(&folder, Occasion::Usual, NOW).unwrap();
    let name = format!("team-2026-11-24T100500Z-{}.db", backup.seq);
    assert_eq!(names(&folder), [name]);
    let mut copy = Book::open(&backup.path).unwrap();
    assert_eq!(copy.content_hash().unwrap(), bed.hash());
    let head = copy.head(Duration::ZERO).unwrap();
    assert_eq!((head.book, head.seq), (backup.book, backup.seq));
    assert_eq!(fs::metadata(&backup.path).unwrap().len(), backup.bytes);
}

#[cfg(unix)]
#[test]
fn a_link_to_the_book_leads_to_the_same_backups() {
    let bed = bed();
    let elsewhere = TempDir::new().unwrap();
    let link = elsewhere.path().join("mine.db");
    std::os::unix::fs::symlink(bed.book.path(), &link).unwrap();
    let of = |path: &Path| fs::canonicalize(path.parent().unwrap()).unwrap();
    let book = Book::open(&link).unwrap();
    assert_eq!(
        book.backup_folder(),
        of(bed.book.path()).join("team.backups")
    );
}

#[test]
fn two_backups_of_one_second_are_two_files() {
    let mut bed = bed();
    let folder = folder(&bed);
    let first = bed.book.back_up(&folder, Occasion::Usual, NOW).unwrap();
    let second = bed.book.back_up(&folder, Occasion::Usual, NOW).unwrap();
    assert_ne!(first.path, second.path);
    let found = bed.book.backups(&folder).unwrap();
    assert_eq!(found.backups, [second, first]);
}

#[test]
fn while_others_write_a_backup_waits_and_then_is_busy() {
    let mut bed = bed();
    let other = Connection::open(bed.book.path()).unwrap();
    other.execute_batch("BEGIN EXCLUSIVE").unwrap();
    bed.book.opening.patience = Duration::from_millis(20);
    let folder = folder(&bed);
    let made = bed.book.back_up(&folder, Occasion::Usual, NOW);
    assert!(matches!(made, Err(StoreError::Busy)), "{made:?}");
    assert_eq!(names(&folder), Vec::<String>::new());
    other.execute_batch("ROLLBACK").unwrap();
    bed.book.back_up(&folder, Occasion::Usual, NOW).unwrap();
}

#[test]
fn a_damaged_book_gives_no_backup_and_leaves_nothing() {
    use std::io::{Seek, SeekFrom, Write};
    let mut bed = bed();
    let folder = folder(&bed);
    let page: u32 = Connection::open(bed.book.path())
        .unwrap()
        .query_row(
            "SELECT rootpage FROM sqlite_schema WHERE name = 'company_name'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let path = bed.book.path().to_owned();
    bed.book = {
        let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.seek(SeekFrom::Start(u64::from(page - 1) * 4096))
            .unwrap();
        file.write_all(&[0x5a; 4096]).unwrap();
        Book::open(&path).unwrap()
    };
    let made = bed.book.back_up(&folder, Occasion::Usual, NOW);
    assert!(matches!(made, Err(StoreError::Damaged { .. })), "{made:?}");
    assert_eq!(names(&folder), Vec::<String>::new());
}

#[test]
fn a_folder_that_cannot_be_is_a_fault_of_the_file_system() {
    let mut bed = bed();
    let in_the_way = bed.book.path().with_file_name("notes");
    fs::write(&in_the_way, "x").unwrap();
    let made = bed.book.back_up(&in_the_way, Occasion::Usual, NOW);
    assert!(
        matches!(&made, Err(StoreError::File { path, .. }) if *path == in_the_way),
        "{made:?}"
    );
}

#[cfg(unix)]
#[test]
fn who_may_see_the_book_may_see_its_backups() {
    use std::os::unix::fs::{MetadataExt, PermissionsExt};
    let mut bed = bed();
    let book = bed.book.path().to_owned();
    let mode = |path: &Path| fs::metadata(path).unwrap().mode() & 0o777;
    for (of_book, of_backup, of_folder) in [
        (0o600, 0o600, 0o700),
        (0o660, 0o660, 0o770),
        (0o644, 0o640, 0o750),
    ] {
        fs::set_permissions(&book, fs::Permissions::from_mode(of_book)).unwrap();
        let folder = book.with_file_name(format!("backups-{of_book:o}"));
        let backup = bed.book.back_up(&folder, Occasion::Usual, NOW).unwrap();
        assert_eq!(
            (mode(&backup.path), mode(&folder)),
            (of_backup, of_folder),
            "{of_book:o}"
        );
    }
}

#[test]
fn only_this_books_files_are_found() {
    let mut bed = bed();
    let folder = folder(&bed);
    let backup = bed.book.back_up(&folder, Occasion::Usual, NOW).unwrap();
    // Another book of the same name, junk with a backup's name, a folder and other files.
    let mut other = Bed::new();
    let others = other
        .book
        .back_up(&folder, Occasion::Usual, later(1))
        .unwrap();
    let junk = folder.join("team-2026-11-25T100500Z-7.db");
    fs::write(&junk, "junk").unwrap();
    fs::write(folder.join("notes.db"), "junk").unwrap();
    fs::create_dir(folder.join("team-2026-11-26T100500Z-7.db")).unwrap();
    #[cfg(unix)]
    std::os::unix::fs::symlink(&backup.path, folder.join("team-2026-11-27T100500Z-7.db")).unwrap();
    let found = bed.book.backups(&folder).unwrap();
    assert_eq!(found.backups, [backup]);
    assert_eq!(found.unreadable, [junk]);
    assert!(others.path.exists());
    // Of a folder that is not there nothing is said.
    let none = bed.book.backups(&folder.join("none")).unwrap();
    assert_eq!(none.backups, []);
}

/// A second handle of this process on the live file would drop its locks when it is closed.
#[cfg(target_os = "linux")]
#[test]
fn to_look_for_backups_drops_no_lock_of_the_live_book() {
    use std::os::unix::fs::MetadataExt;
    let mut bed = bed();
    let path = bed.book.path().to_owned();
    let here = path.parent().unwrap().to_owned();
    fs::hard_link(&path, here.join("also.db")).unwrap();
    let file = fs::metadata(&path).unwrap();
    // The list of all locks of the machine may skip some while others come and go; what is told of a descriptor is its own.
    let locks = || {
        let told = |fd: &str| {
            let at = fs::metadata(format!("/proc/self/fd/{fd}")).ok()?;
            let is_it = (at.dev(), at.ino()) == (file.dev(), file.ino());
            let text = fs::read_to_string(format!("/proc/self/fdinfo/{fd}")).ok()?;
            is_it.then(|| {
                text.lines()
                    .filter(|line| line.starts_with("lock:"))
                    .count()
            })
        };
        let open = fs::read_dir("/proc/self/fd").unwrap();
        open.filter_map(|entry| told(entry.unwrap().file_name().to_str()?))
            .sum::<usize>()
    };
    bed.book
        .held(Duration::ZERO, |book| {
            let before = locks();
            assert!(before > 0);
            assert_eq!(book.backups(&here)?.backups, []);
            assert_eq!(locks(), before);
            Ok(())
        })
        .unwrap();
    assert_eq!(locks(), 0);
}

#[test]
fn thinning_out_takes_only_backups_of_this_book() {
    let mut bed = bed();
    let folder = folder(&bed);
    let made: Vec<PathBuf> = (0..8)
        .map(|turn| {
            let at = Instant::from_millis(NOW.millis() + turn * 1000);
            bed.book.back_up(&folder, Occasion::Usual, at).unwrap().path
        })
        .collect();
    let own = folder.join("my-own-copy.db");
    fs::copy(&made[0], &own).unwrap();
    let junk = folder.join("team-2020-01-01T000000Z-1.db");
    fs::write(&junk, "junk").unwrap();
    let mut other = Bed::new();
    let others = other
        .book
        .back_up(&folder, Occasion::Usual, later(-300))
        .unwrap();
    let fresh_part = folder.join(format!("team-2026-11-24T100500Z-{}.part", "ab".repeat(16)));
    fs::write(&fresh_part, "half").unwrap();

    let mut gone = bed.book.thin_out(&folder, NOW).unwrap();
    gone.sort();
    assert_eq!(gone, made[..3]);
    assert!(
        [&own, &junk, &others.path, &fresh_part]
            .iter()
            .all(|path| path.exists())
    );
    // A part that nobody has written to for a day is left over.
    let gone = bed
        .book
        .thin_out(
            &folder,
            Instant::from_millis(crate::store::real_now().millis() + 2 * DAY_MS),
        )
        .unwrap();
    assert!(gone.contains(&fresh_part), "{gone:?}");
}

#[test]
fn a_backup_is_made_when_it_is_due() {
    let bed = bed();
    let path = bed.book.path().to_owned();
    let plan = |every| Plan {
        place: Place::Usual,
        local: path.with_file_name("local"),
        every,
    };
    let open_to = |read_only, plan| {
        Book::open_as(&Opening {
            backups: Some(plan),
            read_only,
            ..Opening::of(&path)
        })
        .unwrap()
    };
    let open = |plan| open_to(false, plan);
    let day = Duration::from_hours(24);
    let mut never = open(plan(None));
    assert_eq!(never.back_up_if_due(NOW).unwrap(), None);
    drop(never);
    let mut only_looked_at = open_to(true, plan(Some(day)));
    assert_eq!(only_looked_at.back_up_if_due(NOW).unwrap(), None);
    drop(only_looked_at);
    let mut daily = open(plan(Some(day)));
    let first = daily.back_up_if_due(NOW).unwrap().unwrap();
    assert_eq!(first.path.parent(), Some(folder(&bed).as_path()));
    let soon = Instant::from_millis(NOW.millis() + DAY_MS - 1000);
    assert_eq!(daily.back_up_if_due(soon).unwrap(), None);
    assert!(daily.back_up_if_due(later(1)).unwrap().is_some());
    // A clock that was set back does not make one at every start.
    assert_eq!(daily.back_up_if_due(later(-3)).unwrap(), None);
}

/// Opens the book on a thread of its own with a plan of daily backups, and gives its reports.
fn start(path: &Path) -> (Handle, std::sync::mpsc::Receiver<Event>) {
    let (send, reports) = std::sync::mpsc::channel();
    let opening = Opening {
        backups: Some(Plan {
            place: Place::Beside,
            local: path.with_file_name("local"),
            every: Some(Duration::from_hours(24)),
        }),
        ..Opening::of(path)
    };
    let handle = Handle::start(opening, move |event| {
        let _ = send.send(event);
    });
    (handle, reports)
}

/// Long enough for any machine.
const BOUND: Duration = Duration::from_mins(1);

#[test]
fn the_app_makes_the_backup_of_the_day_when_it_is_idle() {
    let bed = bed();
    let folder = folder(&bed);
    let (_handle, reports) = start(bed.book.path());
    assert!(matches!(reports.recv_timeout(BOUND), Ok(Event::Opened(_))));
    let since = std::time::Instant::now();
    while bed.book.backups(&folder).unwrap().backups.is_empty() {
        assert!(since.elapsed() < BOUND);
        std::thread::yield_now();
    }
}

#[test]
fn a_backup_that_could_not_be_made_is_told_and_work_goes_on() {
    let bed = bed();
    fs::write(folder(&bed), "in the way").unwrap();
    let (handle, reports) = start(bed.book.path());
    let told = std::iter::from_fn(|| reports.recv_timeout(BOUND).ok())
        .find(|event| matches!(event, Event::NotBackedUp(_)));
    assert!(told.is_some());
    let draft = bed.draft(
        Origin::Human,
        vec![create(Entity::Company, vec![(&company::NAME, "A".into())])],
    );
    handle.write(Ticket(1), draft);
    let written = std::iter::from_fn(|| reports.recv_timeout(BOUND).ok())
        .find(|event| matches!(event, Event::Written(Ticket(1), Ok(Outcome::Saved(_)))));
    assert!(written.is_some());
}
