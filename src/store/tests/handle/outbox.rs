//! What the outbox keeps for the app: steps that wait when it ends, and steps that the drive loses.

use super::*;
use crate::store::real_now;

/// The steps that wait for their author, as a program that starts now finds them.
fn offered(dir: &TempDir, path: &Path) -> Vec<String> {
    let (handle, events) = start(opening(dir, path), &QUICK);
    let words = loop {
        match events.recv_timeout(Duration::from_secs(20)).unwrap() {
            Event::Offered(offers) => break offers.into_iter().map(|offer| offer.words).collect(),
            Event::NotOpened(fault) => panic!("{fault}"),
            _ => {}
        }
    };
    drop(handle);
    words
}

/// Takes the book's folder away until it is brought back.
fn hide(path: &Path) -> impl FnOnce() + use<> {
    let folder = path.parent().unwrap().to_owned();
    let hidden = folder.with_extension("away");
    std::fs::rename(&folder, &hidden).unwrap();
    move || std::fs::rename(hidden, folder).unwrap()
}

#[test]
fn what_waited_for_a_drive_when_the_app_ended_is_offered_by_the_next_start() {
    let bed = Bed::with(Manner::Local, &QUICK);
    let bring_back = hide(&bed.path);
    bed.handle.write(Ticket(1), company("First"));
    bed.handle.write(Ticket(2), company("Second"));
    bed.health(|health| matches!(health, Health::Unreachable { .. }));
    let (dir, path, _events) = bed.close();
    bring_back();
    assert_eq!(
        offered(&dir, &path),
        ["Add company First", "Add company Second"]
    );
}

#[test]
fn what_waited_for_a_lock_when_the_app_ended_is_offered_by_the_next_start() {
    let mut pace = QUICK;
    pace.close = Duration::from_millis(50);
    let bed = Bed::with(Manner::Local, &pace);
    let other = Connection::open(&bed.path).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    bed.handle.write(Ticket(1), company("First"));
    bed.handle.write(Ticket(2), company("Second"));
    let (dir, path, events) = bed.close();
    drop(other);
    let kept = events.try_iter().filter_map(|event| match event {
        Event::Kept(ticket) => Some(ticket.0),
        _ => None,
    });
    assert_eq!(kept.collect::<Vec<_>>(), [1, 2]);
    assert_eq!(
        offered(&dir, &path),
        ["Add company First", "Add company Second"]
    );
}

#[test]
fn what_was_kept_twice_waits_once() {
    let dir = TempDir::new().unwrap();
    let path = dir.path().join("team.db");
    Book::create(&path, &new_book()).unwrap();
    let mut book = Book::open_as(&opening(&dir, &path)).unwrap();
    let draft = company("First");
    book.keep(&draft).unwrap();
    let mut stand_in = book.more_outboxes().unwrap();
    stand_in.keep(&draft, real_now()).unwrap();
    drop((book, stand_in));
    let mut book = Book::open_as(&opening(&dir, &path)).unwrap();
    assert_eq!(book.verify().unwrap().waiting, 1);
    assert_eq!(book.offered().unwrap().len(), 1);
}

#[test]
fn what_was_written_after_all_is_not_offered() {
    let bed = Bed::with(Manner::Local, &QUICK);
    let bring_back = hide(&bed.path);
    bed.handle.write(Ticket(1), company("First"));
    bed.health(|health| matches!(health, Health::Unreachable { .. }));
    bring_back();
    bed.handle.check();
    while !matches!(bed.next(), Event::Written(_, Ok(_))) {}
    let (dir, path, _) = bed.close();
    let mut book = Book::open_as(&opening(&dir, &path)).unwrap();
    assert_eq!(book.offered().unwrap(), []);
}

#[test]
fn a_drive_that_lost_a_step_while_it_was_gone_is_told_and_not_written_to_again() {
    let bed = Bed::with(Manner::Local, &QUICK);
    let before = std::fs::read(&bed.path).unwrap();
    bed.handle.write(Ticket(1), company("Lost"));
    assert!(matches!(
        bed.event(),
        Event::Written(_, Ok(Outcome::Saved(_)))
    ));
    let bring_back = hide(&bed.path);
    bed.handle.write(Ticket(2), company("More"));
    bed.health(|health| matches!(health, Health::Unreachable { .. }));
    // When it is back it shows what was there before.
    let hidden = bed.dir.path().join("share.away/team.db");
    std::fs::write(hidden, &before).unwrap();
    bring_back();
    bed.handle.check();
    let found = loop {
        match bed.next() {
            Event::LostAndFound(found) => break found,
            Event::Written(..) => panic!("nothing is written before that is known"),
            _ => {}
        }
    };
    assert_eq!(found.again.len(), 1, "{found:?}");
    let written = loop {
        if let Event::Written(_, judged) = bed.next() {
            break judged;
        }
    };
    assert!(
        matches!(written, Err(StoreError::Doubted { .. })),
        "{written:?}"
    );
    bed.health(|health| matches!(health, Health::ReadOnly { .. }));
    let (dir, path, _) = bed.close();
    assert_eq!(count(&mut Book::open_as(&opening(&dir, &path)).unwrap()), 1);
}

/// What becomes of a step that meets a book which was restored since it was opened. False where it met none: the thread had seen that
/// before and opened the book anew, or had written over it, as locks do not part two connections of one process.
fn restored_under(manner: Manner) -> bool {
    let bed = Bed::with(manner, &QUICK);
    let other = Connection::open(&bed.path).unwrap();
    other
        .execute_batch("UPDATE book SET epoch = epoch + 1")
        .unwrap();
    bed.handle.write(Ticket(1), company("First"));
    let mut told = false;
    loop {
        match bed.next() {
            Event::Written(_, Ok(_)) => return false,
            Event::Written(_, judged) => {
                assert!(matches!(judged, Err(StoreError::Restored)), "{judged:?}");
                told = true;
            }
            Event::Offered(offers) => {
                assert_eq!(offers.len(), 1);
                break;
            }
            Event::Health(Health::Unreachable { what, .. }) => panic!("{manner:?}: {what}"),
            _ => {}
        }
    }
    assert!(told);
    bed.handle.write(Ticket(2), company("Second"));
    assert!(matches!(
        bed.event(),
        Event::Written(_, Ok(Outcome::Saved(_)))
    ));
    true
}

#[test]
fn a_book_that_was_restored_is_opened_anew_and_nothing_is_written_to_it_by_itself() {
    for manner in [Manner::Local, Manner::Share, Manner::Alone] {
        assert!((0..20).any(|_| restored_under(manner)), "{manner:?}");
    }
}
