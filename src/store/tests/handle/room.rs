//! A disk that is full while the app writes.

use std::sync::Arc;

use super::*;
use crate::store::vfs::tap::{self, Act, Tap};

/// A disk without room for more than is in its files.
struct NoRoom;

impl Tap for NoRoom {
    fn before(&self, _: &Path, act: Act<'_>) -> Result<(), std::ffi::c_int> {
        match act {
            Act::Write { .. } => Err(rusqlite::ffi::SQLITE_FULL),
            _ => Ok(()),
        }
    }
}

#[test]
fn what_had_no_room_is_its_authors_again_and_what_was_offered_stays_so() {
    for of_an_earlier_run in [false, true] {
        let bed = Bed::with(Manner::Share, &QUICK);
        let draft = company("First");
        {
            let _full = tap::on(bed.path.parent().unwrap(), Arc::new(NoRoom));
            if of_an_earlier_run {
                bed.handle.apply(Ticket(1), draft);
            } else {
                bed.handle.write(Ticket(1), draft);
            }
            assert!(matches!(
                bed.event(),
                Event::Written(Ticket(1), Err(StoreError::Full))
            ));
        }
        bed.handle.write(Ticket(2), company("Second"));
        assert!(matches!(
            bed.event(),
            Event::Written(Ticket(2), Ok(Outcome::Saved(_)))
        ));
        let (dir, path, _events) = bed.close();
        let mut book = Book::open_as(&opening(&dir, &path)).unwrap();
        book.verify().unwrap();
        let offered = book.offered().unwrap().len();
        assert_eq!(offered, usize::from(of_an_earlier_run));
    }
}
