//! A book that looks damaged: on a share its pages may be from different moments, on a local disk they are what they are.

use std::io::{Seek, SeekFrom, Write};

use super::*;

/// Overwrites every page of a book but the first, and gives them back.
struct Damage {
    path: PathBuf,
    pages: Vec<u8>,
}

const PAGE: usize = 4096;

impl Damage {
    fn new(path: &Path) -> Self {
        let whole = std::fs::read(path).unwrap();
        let pages = whole[PAGE..].to_vec();
        let damage = Self {
            path: path.to_owned(),
            pages,
        };
        damage.put(&vec![0x5a; damage.pages.len()]);
        damage
    }

    fn mend(&self) {
        self.put(&self.pages);
    }

    /// The file stays the same one: a new one would be another book.
    fn put(&self, pages: &[u8]) {
        let mut file = std::fs::OpenOptions::new()
            .write(true)
            .open(&self.path)
            .unwrap();
        file.seek(SeekFrom::Start(PAGE as u64)).unwrap();
        file.write_all(pages).unwrap();
    }
}

fn question() -> Query {
    Query::Choices(Entity::Company)
}

#[test]
fn on_a_local_disk_damage_is_told_at_once_and_nothing_is_written_any_more() {
    let bed = Bed::with(Manner::Local, &QUICK);
    bed.handle.read(View(1), question());
    assert!(matches!(bed.event(), Event::Read(_, Ok(_))));
    let _damage = Damage::new(&bed.path);
    bed.handle.read(View(2), Query::Info);
    // What is done while nothing else waits may find it first.
    let (mut answered, mut told) = (false, None);
    while !answered || told.is_none() {
        match bed.next() {
            Event::Read(View(2), answer) => {
                assert!(matches!(answer, Err(StoreError::Damaged { .. })));
                answered = true;
            }
            Event::Health(Health::ReadOnly { why }) => told = Some(why),
            _ => {}
        }
    }
    let why = told.unwrap();
    assert!(why.contains("clinch book restore"), "{why}");
    bed.handle.write(Ticket(1), company("Late"));
    let Event::Written(_, Err(StoreError::Damaged { .. })) = bed.event() else {
        panic!("nothing is written to a damaged book")
    };
}

#[test]
fn on_a_share_damage_that_passes_was_none() {
    let mut pace = QUICK;
    pace.doubt = [Duration::from_mins(10); 4];
    let bed = Bed::with(Manner::Alone, &pace);
    let damage = Damage::new(&bed.path);
    bed.handle.read(View(1), question());
    bed.health(|health| matches!(health, Health::Unreachable { .. }));
    bed.handle.write(Ticket(1), company("Late"));
    damage.mend();
    bed.handle.check();
    let (mut read, mut written) = (false, false);
    while !(read && written) {
        match bed.event() {
            Event::Read(_, answer) => read = answer.is_ok(),
            Event::Written(_, judged) => written = judged.is_ok(),
            _ => {}
        }
    }
    bed.health(|health| *health == Health::Fresh);
}

#[test]
fn on_a_share_damage_that_stays_is_told_after_the_last_look() {
    let bed = Bed::with(Manner::Alone, &QUICK);
    let _damage = Damage::new(&bed.path);
    bed.handle.read(View(1), question());
    bed.health(|health| matches!(health, Health::Unreachable { .. }));
    bed.health(|health| matches!(health, Health::ReadOnly { .. }));
}
