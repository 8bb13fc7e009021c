//! A restore under a power cut at every point of it, and on a disk that refuses every call of it once: the book says the old or the
//! new, and never half.

use std::ffi::c_int;

use super::*;
use crate::store::backup::{Occasion, Place, Plan, Restored, Restoring};
use crate::store::vfs::tap::{Act, Tap};

/// A book that went on after a backup, which lies elsewhere.
struct Past {
    dir: TempDir,
    elsewhere: TempDir,
    backup: PathBuf,
    /// What the book says, and what it said.
    old: String,
    new: String,
}

impl Past {
    fn new() -> Self {
        let (dir, elsewhere) = (fast_folder(), TempDir::new().unwrap());
        let path = dir.path().join("team.db");
        let mut book = Book::create_as(&opening(&path, Manner::Share), &new_book()).unwrap();
        let company = |name: String| {
            let id = random_id();
            let fields = vec![(&company::NAME, name.into())];
            StepDraft {
                commands: vec![create(Entity::Company, fields)],
                id,
                group: id,
                ..draft(&[], 6)
            }
        };
        book.commit(&company("Then".to_owned())).unwrap();
        let backup = book
            .back_up(elsewhere.path(), Occasion::Usual, NOW)
            .unwrap();
        let new = book.content_hash().unwrap();
        for number in 0..20 {
            let name = format!("Since {number} {}", "x".repeat(2000));
            book.commit(&company(name)).unwrap();
        }
        Self {
            old: book.content_hash().unwrap(),
            new,
            backup: backup.path,
            dir,
            elsewhere,
        }
    }

    fn path(&self) -> PathBuf {
        self.dir.path().join("team.db")
    }

    /// Restores while somebody listens to what is done to the book and its journal.
    fn restore(&self, tap: Arc<dyn Tap>) -> Result<Restored, StoreError> {
        let opening = Opening {
            backups: Some(Plan {
                place: Place::Folder(self.elsewhere.path().to_owned()),
                local: self.elsewhere.path().to_owned(),
                every: None,
            }),
            patience: std::time::Duration::ZERO,
            ..opening(&self.path(), Manner::Share)
        };
        let restoring = Restoring::look(&opening, &self.backup)?;
        let _guard = tap::on(self.dir.path(), tap);
        restoring.run(NOW)
    }

    /// Whether a book that came back says the new; anything but the old or the new is a failure.
    #[track_caller]
    fn says_the_new(&self, path: &Path, when: &str) -> bool {
        let mut book = Book::open_as(&opening(path, Manner::Local))
            .unwrap_or_else(|fault| panic!("{when}: {fault}"));
        let hash = book.content_hash().unwrap();
        assert!(hash == self.old || hash == self.new, "{when}");
        let findings = book.check().unwrap();
        assert!(findings.is_clean(), "{when}: {:?}", findings.found);
        let epoch = book.head(std::time::Duration::ZERO).unwrap().epoch;
        assert_eq!(epoch, if hash == self.new { 2 } else { 1 }, "{when}");
        hash == self.new
    }
}

#[test]
fn a_power_cut_at_every_point_of_a_restore_leaves_the_old_or_the_new() {
    let past = Past::new();
    let before = files_of(past.dir.path());
    let recorder = Arc::new(Recorder::default());
    past.restore(Arc::clone(&recorder) as Arc<dyn Tap>).unwrap();
    let events = recorder.take();
    assert!(events.len() > 50, "{}", events.len());
    let mut disk = Disk::with(before, false);
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let folder = fast_folder();
    let path = folder.path().join("team.db");
    let (mut seen, mut told) = (HashSet::new(), [0, 0]);
    let hasher = RandomState::new();
    for (point, event) in events.iter().enumerate() {
        disk.apply(event);
        for cut in CUTS {
            let files = disk.cut(cut, &mut dice);
            if !seen.insert(hasher.hash_one(&files)) {
                continue;
            }
            for (name, content) in &files {
                std::fs::write(folder.path().join(name), content).unwrap();
            }
            let when = format!("point {point} ({}), {cut:?}", name_of(event));
            told[usize::from(past.says_the_new(&path, &when))] += 1;
        }
    }
    assert!(told[0] > 0 && told[1] > 0, "{told:?}");
}

/// Refuses the call of this number.
struct RefuseOnce {
    at: usize,
    calls: AtomicUsize,
}

impl Tap for RefuseOnce {
    fn before(&self, _: &Path, act: Act<'_>) -> Result<(), c_int> {
        if matches!(act, Act::Open { .. } | Act::Unlock) {
            return Ok(());
        }
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        if call == self.at {
            Err(rusqlite::ffi::SQLITE_FULL)
        } else {
            Ok(())
        }
    }
}

#[test]
fn a_disk_that_is_full_at_any_call_of_a_restore_leaves_the_old_or_the_new() {
    let mut refused = 0;
    for at in 0.. {
        let past = Past::new();
        let tap = Arc::new(RefuseOnce {
            at,
            calls: AtomicUsize::new(0),
        });
        let restored = past.restore(Arc::clone(&tap) as Arc<dyn Tap>);
        let is_new = past.says_the_new(&past.path(), &format!("call {at}"));
        // What is said to be done is done, and what is said to have failed is not.
        assert_eq!(is_new, restored.is_ok(), "call {at}: {restored:?}");
        if tap.calls.load(Ordering::Relaxed) <= at {
            assert!(restored.is_ok(), "{restored:?}");
            break;
        }
        refused += usize::from(restored.is_err());
    }
    assert!(refused > 3, "{refused}");
}
