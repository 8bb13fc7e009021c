//! Whatever happens in whatever order, no step is lost and none is there twice.

use proptest::prelude::*;
use rusqlite::Connection;

use super::*;

/// What may happen to a seat.
#[derive(Clone, Copy, Debug)]
enum Fate {
    /// A step is written.
    Write,
    /// A step is kept, and the process dies.
    Die,
    /// The process ends; the next one verifies.
    Next,
    /// The drive loses what was written since a moment ago.
    Lose,
    /// The book is restored to what it was a moment ago.
    Restore,
    /// This is the moment.
    Moment,
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(16))]

    #[test]
    fn whatever_happens_every_step_is_in_the_book_once_or_offered(
        fates in prop::collection::vec(
            prop::sample::select(vec![
                Fate::Write, Fate::Write, Fate::Write, Fate::Die, Fate::Next, Fate::Next, Fate::Lose,
                Fate::Restore, Fate::Moment,
            ]),
            1..14,
        )
    ) {
        let mut seat = Seat::new();
        let (mut moment, mut epoch) = (seat.state(), 1);
        let mut sent = Vec::new();
        for fate in fates {
            let draft = seat.titled(&format!("Deal {}", sent.len()));
            match fate {
                Fate::Write => match seat.bed.book.commit(&draft) {
                    Ok(_) | Err(StoreError::Restored) => sent.push(draft.id),
                    Err(StoreError::Doubted { .. }) => {}
                    Err(fault) => panic!("{fault}"),
                },
                Fate::Die => {
                    seat.bed.book.keep(&draft).unwrap();
                    sent.push(draft.id);
                    seat.open();
                }
                Fate::Next => {
                    seat.open();
                    seat.verify();
                }
                Fate::Lose | Fate::Restore => {
                    epoch += i64::from(matches!(fate, Fate::Restore));
                    seat.lose(&moment);
                    let conn = Connection::open(seat.path()).unwrap();
                    conn.execute("UPDATE book SET epoch = ?1", [epoch]).unwrap();
                }
                Fate::Moment => moment = seat.state(),
            }
        }
        seat.open();
        seat.verify();
        seat.open();
        prop_assert_eq!(seat.verify().lost(), 0);
        let offered: Vec<StepId> = seat.offered().iter().map(|step| step.draft.id).collect();
        let steps = seat.steps();
        for id in sent {
            let times = steps.iter().chain(&offered).filter(|found| **found == id).count();
            prop_assert_eq!(times, 1);
        }
    }
}
