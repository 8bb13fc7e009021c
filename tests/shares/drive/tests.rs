//! The drive itself: what tests build upon.

use std::fs::{self, File};
use std::io::{Read, Seek, SeekFrom, Write};
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

use rustix::fs::{FlockOperation, fcntl_lock};

use super::*;

const TAKE: FlockOperation = FlockOperation::NonBlockingLockExclusive;

#[test]
fn folders_names_rights_and_times_are_kept() {
    let Some(drive) = TestDrive::mount(Options::default()) else {
        return;
    };
    let (here, there) = (drive.at(0), drive.at(1));
    fs::create_dir(here.join("a")).unwrap();
    fs::write(here.join("a/one"), "first").unwrap();
    assert!(fs::remove_dir(there.join("a")).is_err());
    fs::write(here.join("two"), "second").unwrap();
    fs::rename(here.join("two"), here.join("a/one")).unwrap();
    assert_eq!(fs::read_to_string(there.join("a/one")).unwrap(), "second");
    let file = File::options()
        .write(true)
        .open(here.join("a/one"))
        .unwrap();
    file.set_permissions(fs::Permissions::from_mode(0o640))
        .unwrap();
    let then = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
    file.set_modified(then).unwrap();
    file.set_len(3).unwrap();
    file.set_modified(then).unwrap();
    let seen = fs::metadata(there.join("a/one")).unwrap();
    assert_eq!((seen.permissions().mode() & 0o777, seen.len()), (0o640, 3));
    assert_eq!(seen.modified().unwrap(), then);
    assert!(fs::hard_link(here.join("a/one"), here.join("b")).is_err());
    assert!(std::os::unix::fs::symlink("a/one", here.join("c")).is_err());
    assert_eq!(fs::read_dir(there).unwrap().count(), 1);
    assert!(rustix::fs::statvfs(&here).unwrap().f_bavail > 0);
    fs::remove_file(here.join("a/one")).unwrap();
    fs::remove_dir(here.join("a")).unwrap();
}

/// Whether a lock that one client holds is refused to another.
fn refuses(locks: LockService) -> Option<bool> {
    let drive = TestDrive::mount(Options {
        locks,
        ..Options::default()
    })?;
    let mine = File::create(drive.book(0)).unwrap();
    let theirs = File::options().write(true).open(drive.book(1)).unwrap();
    fcntl_lock(&mine, TAKE).unwrap();
    Some(fcntl_lock(&theirs, TAKE).is_err())
}

#[test]
fn locks_hold_between_clients_or_stay_on_each() {
    assert!(refuses(LockService::Shared).is_none_or(|refused| refused));
    assert!(refuses(LockService::Local).is_none_or(|refused| !refused));
}

#[test]
fn who_is_away_for_longer_than_the_lease_has_lost_its_lock_and_what_it_had_open() {
    let Some(drive) = TestDrive::mount(Options {
        lease: Duration::ZERO,
        ..Options::default()
    }) else {
        return;
    };
    let mut mine = File::create(drive.book(0)).unwrap();
    let theirs = File::options().write(true).open(drive.book(1)).unwrap();
    fcntl_lock(&mine, TAKE).unwrap();
    drive.cut(0, Cut::Fails);
    assert!(mine.write_all(b"x").is_err());
    fcntl_lock(&theirs, TAKE).unwrap();
    drive.restore(0);
    assert!(mine.write_all(b"x").is_err());
    assert!(fs::write(drive.at(0).join("another"), "x").is_ok());
}

#[test]
fn a_crash_takes_what_was_not_synced_and_a_drive_that_lies_takes_all() {
    for honest in [true, false] {
        let Some(drive) = TestDrive::mount(Options {
            honest,
            ..Options::default()
        }) else {
            return;
        };
        let mut file = File::create(drive.book(0)).unwrap();
        file.write_all(b"synced").unwrap();
        file.sync_all().unwrap();
        file.write_all(b" and not").unwrap();
        drive.crash(Loss::All);
        assert!(file.sync_all().is_err());
        let expected = if honest { "synced" } else { "" };
        assert_eq!(fs::read_to_string(drive.book(1)).unwrap(), expected);
    }
}

#[test]
fn caches_that_are_never_dropped_show_what_was() {
    for (cache, expected) in [
        (Cache::None, "new"),
        (Cache::Checked, "new"),
        (Cache::Stale, "old"),
    ] {
        let Some(drive) = TestDrive::mount(Options {
            cache,
            ..Options::default()
        }) else {
            return;
        };
        fs::write(drive.book(0), "old").unwrap();
        let mut reader = File::open(drive.book(1)).unwrap();
        let read = |reader: &mut File| {
            let mut text = String::new();
            reader.seek(SeekFrom::Start(0)).unwrap();
            reader.read_to_string(&mut text).unwrap();
            text
        };
        assert_eq!(read(&mut reader), "old");
        let mut writer = File::options().write(true).open(drive.book(0)).unwrap();
        writer.write_all(b"new").unwrap();
        assert_eq!(read(&mut reader), expected, "{cache:?}");
    }
}

#[test]
fn a_panic_leaves_nothing_mounted() {
    let Some(drive) = TestDrive::mount(Options::default()) else {
        return;
    };
    let folder = drive.local().display().to_string();
    let open = File::create(drive.book(0)).unwrap();
    let ended = std::thread::spawn(move || {
        let _drive = drive;
        // Without a word: nothing has failed.
        std::panic::resume_unwind(Box::new(()));
    })
    .join();
    assert!(ended.is_err());
    let mounts = fs::read_to_string("/proc/mounts").unwrap();
    assert!(!mounts.contains(&folder), "{mounts}");
    drop(open);
}
