//! Two seats in one process, on a ground that behaves well or badly.

use std::sync::{Arc, Mutex};
use std::thread;

use tempfile::TempDir;

use super::*;

/// How a drive may lie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Lie {
    None,
    /// Locks stay with the seat.
    LocalLocks,
    /// There is no lock service.
    NoLocks,
    /// What was read once is read again.
    OldData,
    /// The size is what it was at first.
    OldSize,
}

#[derive(Debug)]
struct Server {
    holder: Option<u8>,
    word: String,
    size: u64,
}

/// A seat's view of it.
struct Fake {
    seat: u8,
    server: Arc<Mutex<Server>>,
    lie: Lie,
    first_word: Option<String>,
    first_size: Option<u64>,
}

impl Ground for Fake {
    fn lock(&mut self) -> Result<bool, String> {
        if self.lie == Lie::NoLocks {
            return Err("No locks available".to_owned());
        }
        if self.lie == Lie::LocalLocks {
            return Ok(true);
        }
        let mut server = self.server.lock().unwrap();
        let free = server.holder.is_none_or(|holder| holder == self.seat);
        if free {
            server.holder = Some(self.seat);
        }
        Ok(free)
    }

    fn unlock(&mut self) {
        let mut server = self.server.lock().unwrap();
        if server.holder == Some(self.seat) {
            server.holder = None;
        }
    }

    fn write(&mut self, word: &str) -> std::io::Result<()> {
        word.clone_into(&mut self.server.lock().unwrap().word);
        Ok(())
    }

    fn read(&mut self) -> std::io::Result<String> {
        let word = self.server.lock().unwrap().word.clone();
        let first = self.first_word.get_or_insert_with(|| word.clone());
        Ok(if self.lie == Lie::OldData {
            first.clone()
        } else {
            word
        })
    }

    fn grow(&mut self) -> std::io::Result<u64> {
        let mut server = self.server.lock().unwrap();
        server.size += 4096;
        Ok(server.size)
    }

    fn size(&mut self) -> std::io::Result<u64> {
        let size = self.server.lock().unwrap().size;
        let first = *self.first_size.get_or_insert(size);
        Ok(if self.lie == Lie::OldSize {
            first
        } else {
            size
        })
    }

    fn flush(&mut self) -> std::io::Result<()> {
        thread::sleep(Duration::from_micros(50));
        Ok(())
    }
}

const PATIENT: Patience = Patience {
    join: Duration::from_mins(1),
    answer: Duration::from_mins(1),
};

/// What is found bad where the drive lies so.
fn bad(lie: Lie) -> Vec<&'static str> {
    let dir = TempDir::new().unwrap();
    let post = Post::make(dir.path(), "test".to_owned()).unwrap();
    let server = Arc::new(Mutex::new(Server {
        holder: None,
        word: String::new(),
        size: 4096,
    }));
    let seat = |seat| Fake {
        seat,
        server: Arc::clone(&server),
        lie,
        first_word: None,
        first_size: None,
    };
    let (mut here, mut there) = (seat(1), seat(2));
    let theirs = Post::find(dir.path(), "test").unwrap();
    let second = thread::spawn(move || second::answer(&theirs, &mut there, PATIENT.answer));
    let (_, findings) = examine(&post, &mut here, PATIENT).unwrap();
    second.join().unwrap().unwrap();
    drop(post);
    assert_eq!(
        std::fs::read_dir(dir.path()).unwrap().count(),
        0,
        "it is tidied up"
    );
    let bad = findings.iter().filter(|finding| !finding.good);
    bad.map(|finding| finding.about).collect()
}

#[test]
fn a_drive_that_holds_is_good() {
    assert_eq!(bad(Lie::None), Vec::<&str>::new());
}

#[test]
fn every_lie_is_found_out_for_what_it_is() {
    assert_eq!(bad(Lie::LocalLocks), ["locks"]);
    assert_eq!(bad(Lie::NoLocks), ["locks"]);
    assert_eq!(bad(Lie::OldData), ["data"]);
    assert_eq!(bad(Lie::OldSize), ["size"]);
}

#[test]
fn seats_in_two_folders_do_not_find_each_other() {
    let (one, other) = (TempDir::new().unwrap(), TempDir::new().unwrap());
    let first = First::sit(one.path()).unwrap();
    assert!(join(other.path(), first.code()).is_err());
    assert!(join(one.path(), "../x").is_err());
}

#[test]
fn who_waits_in_vain_is_told() {
    let dir = TempDir::new().unwrap();
    let post = Post::make(dir.path(), "test".to_owned()).unwrap();
    let waited = post.wait(Seat::Second, 1, Duration::ZERO);
    assert!(matches!(waited, Err(StoreError::Unreachable { .. })));
}
