//! The drive goes away and comes back: here its folder is renamed, as a share that is not mounted any more.

use super::*;

/// Takes the book's folder away, and brings it back.
struct Away {
    folder: PathBuf,
    hidden: PathBuf,
}

impl Away {
    fn new(path: &Path) -> Self {
        let folder = path.parent().unwrap().to_owned();
        let hidden = folder.with_extension("away");
        std::fs::rename(&folder, &hidden).unwrap();
        Self { folder, hidden }
    }

    fn back(self) {
        std::fs::rename(self.hidden, self.folder).unwrap();
    }
}

fn is_gone(health: &Health) -> bool {
    matches!(health, Health::Unreachable { .. })
}

/// Waits for a write's verdict; on the way, whether it was said to be kept.
fn written(bed: &Bed, ticket: u64) -> (bool, Result<Outcome, StoreError>) {
    let mut kept = false;
    loop {
        match bed.next() {
            Event::Kept(Ticket(known)) if known == ticket => kept = true,
            Event::Written(Ticket(known), judged) if known == ticket => return (kept, judged),
            _ => {}
        }
    }
}

#[test]
fn what_is_written_while_the_drive_is_gone_is_kept_and_goes_into_the_book_in_order_when_it_is_back()
{
    let bed = Bed::with(Manner::Local, &QUICK);
    let away = Away::new(&bed.path);
    bed.handle.write(Ticket(1), company("First"));
    bed.handle.write(Ticket(2), company("Second"));
    bed.health(is_gone);
    assert_eq!(bed.handle.pending(), 2);
    away.back();
    let (_, first) = written(&bed, 1);
    let (_, second) = written(&bed, 2);
    let (Ok(Outcome::Saved(first)), Ok(Outcome::Saved(second))) = (first, second) else {
        panic!("both are in the book")
    };
    assert!(first.seq < second.seq);
    bed.health(|health| *health == Health::Fresh);
    assert_eq!(count(&mut Book::open(&bed.path).unwrap()), 2);
}

#[test]
fn a_write_that_cannot_be_judged_is_said_to_be_kept() {
    let bed = Bed::with(Manner::Local, &QUICK);
    let away = Away::new(&bed.path);
    bed.handle.write(Ticket(1), company("First"));
    bed.health(is_gone);
    bed.handle.write(Ticket(2), company("Second"));
    loop {
        match bed.next() {
            Event::Kept(Ticket(2)) => break,
            Event::Written(..) => panic!("the drive is gone"),
            _ => {}
        }
    }
    away.back();
    assert!(matches!(written(&bed, 2).1, Ok(Outcome::Saved(_))));
}

#[test]
fn questions_wait_for_the_drive_and_are_answered_when_it_is_back() {
    let bed = Bed::with(Manner::Local, &QUICK);
    let away = Away::new(&bed.path);
    bed.handle.write(Ticket(1), company("First"));
    bed.health(is_gone);
    bed.handle.read(View(1), Query::Choices(Entity::Company));
    away.back();
    loop {
        match bed.next() {
            Event::Read(View(1), answer) => {
                assert!(matches!(answer, Ok(Answer::Choices(found)) if found.len() == 1));
                return;
            }
            Event::Written(_, judged) => assert!(judged.is_ok()),
            _ => {}
        }
    }
}

#[test]
fn who_asks_is_answered_before_the_pause_is_over() {
    let mut pace = QUICK;
    pace.reach = [Duration::from_mins(10); 6];
    let bed = Bed::with(Manner::Local, &pace);
    let away = Away::new(&bed.path);
    bed.handle.write(Ticket(1), company("First"));
    bed.health(is_gone);
    away.back();
    bed.handle.check();
    assert!(matches!(written(&bed, 1).1, Ok(Outcome::Saved(_))));
}

#[test]
fn leaving_while_the_drive_is_gone_does_not_wait_for_it() {
    let mut pace = QUICK;
    pace.reach = [Duration::from_mins(10); 6];
    let bed = Bed::with(Manner::Local, &pace);
    let away = Away::new(&bed.path);
    bed.handle.write(Ticket(1), company("First"));
    bed.health(is_gone);
    let began = std::time::Instant::now();
    let (_dir, _, events) = bed.close();
    assert!(began.elapsed() < pace.close, "the patience for locks");
    let events: Vec<Event> = events.try_iter().collect();
    let kept = |event: &Event| matches!(event, Event::Kept(Ticket(1)));
    let judged = |event: &Event| matches!(event, Event::Written(..));
    assert!(!events.iter().any(judged), "{events:?}");
    assert!(
        events.iter().any(kept) || pace.close.is_zero(),
        "{events:?}"
    );
    away.back();
}

#[test]
fn a_folder_in_the_place_of_the_book_is_a_drive_that_is_gone() {
    let bed = Bed::with(Manner::Local, &QUICK);
    let aside = bed.path.with_extension("aside");
    std::fs::rename(&bed.path, &aside).unwrap();
    std::fs::create_dir(&bed.path).unwrap();
    bed.handle.write(Ticket(1), company("First"));
    bed.health(is_gone);
    std::fs::remove_dir(&bed.path).unwrap();
    std::fs::rename(&aside, &bed.path).unwrap();
    assert!(matches!(written(&bed, 1).1, Ok(Outcome::Saved(_))));
}

#[test]
fn a_backup_does_not_make_a_folder_in_the_place_of_a_drive_that_is_gone() {
    let bed = Bed::with(Manner::Local, &QUICK);
    let (_dir, path, _) = bed.close();
    let mut book = Book::open(&path).unwrap();
    let away = Away::new(&path);
    let folder = book.backup_folder();
    let made = book.back_up(
        &folder,
        crate::store::backup::Occasion::Usual,
        Instant::from_millis(0),
    );
    assert!(made.is_err());
    assert!(!path.parent().unwrap().exists());
    away.back();
}
