//! An outbox on its own: what survives torn, damaged and newer lines, tidying, and processes that die in between.

use std::fs;

use tempfile::TempDir;

use super::file::DAYS_KEPT;
use super::*;
use crate::domain::command::{Command, Origin, Slot, Which};
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::store::random_id;

const NOW: Instant = Instant::from_millis(1_795_514_700_000);
const BOOK: StepId = StepId([7; 16]);
const TODAY: i64 = NOW.millis() / DAY_MS;

fn draft(label: &str) -> StepDraft {
    let id = random_id();
    StepDraft {
        id,
        group: id,
        rep: None,
        at: NOW,
        origin: Origin::Human,
        label: Some(label.to_owned()),
        import: None,
        commands: vec![Command::Undo(Which::Group(id))],
    }
}

fn kept(draft: &StepDraft) -> Entry {
    Entry::Kept {
        at: NOW,
        body: Body::Draft(Box::new(draft.clone())),
    }
}

fn saved(draft: &StepDraft, seq: i64) -> Entry {
    Entry::Saved {
        step: draft.id,
        taken: Taken {
            epoch: 1,
            seq,
            created: vec![(Slot(0), Entity::Deal, RecordId::from_raw(seq))],
            undid: None,
        },
    }
}

fn found(draft: &StepDraft) -> Entry {
    Entry::Found {
        step: draft.id,
        epoch: 1,
    }
}

/// A place for one outbox.
struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(TempDir::new().unwrap())
    }

    fn folder(&self) -> PathBuf {
        self.0.path().join("0")
    }

    fn take(&self) -> Outbox {
        Outbox::take(&self.folder(), BOOK, self.0.path())
            .unwrap()
            .unwrap()
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    fn bytes(&self) -> Vec<u8> {
        fs::read(self.file("steps.jsonl")).unwrap()
    }
}

fn states(outbox: &Outbox) -> Vec<(String, State)> {
    let steps = outbox.steps().iter();
    steps
        .map(|step| match &step.body {
            Body::Draft(draft) => (draft.label.clone().unwrap(), step.state),
            Body::Batch(batch) => (batch.label.clone().unwrap(), step.state),
        })
        .collect()
}

#[test]
fn what_was_kept_and_marked_is_there_for_the_next_process() {
    let place = Place::new();
    let (one, two, three) = (draft("one"), draft("two"), draft("three"));
    let mut outbox = place.take();
    for draft in [&one, &two, &three] {
        outbox.keep(kept(draft)).unwrap();
    }
    outbox.mark(vec![saved(&one, 7), found(&one)]).unwrap();
    outbox.mark(vec![saved(&two, 8)]).unwrap();
    drop(outbox);
    let outbox = place.take();
    assert_eq!(
        states(&outbox),
        [
            ("one".to_owned(), State::Found { epoch: 1 }),
            ("two".to_owned(), State::Saved),
            ("three".to_owned(), State::Waiting),
        ]
    );
    let step = outbox.steps().get(two.id).unwrap();
    assert_eq!((step.draft().unwrap(), step.seq()), (two, 8));
    assert!(!step.fresh);
}

#[test]
fn processes_at_once_take_an_outbox_each_and_those_that_follow_take_them_again() {
    let dir = TempDir::new().unwrap();
    let book = random_id();
    let mut first = Outboxes::of(dir.path(), book, dir.path());
    let mut second = Outboxes::of(dir.path(), book, dir.path());
    first.keep(&draft("of the first"), NOW).unwrap();
    second.keep(&draft("of the second"), NOW).unwrap();
    assert_eq!(first.numbers().unwrap(), [0, 1]);
    assert!(second.borrow(0).unwrap().is_none());
    drop((first, second));
    let mut third = Outboxes::of(dir.path(), book, dir.path());
    third.keep(&draft("of the third"), NOW).unwrap();
    let mut seen = Vec::new();
    third
        .each(|outbox| {
            seen.extend(states(outbox).into_iter().map(|(label, _)| label));
            Ok(())
        })
        .unwrap();
    assert_eq!(seen, ["of the first", "of the third", "of the second"]);
}

#[test]
fn a_line_that_is_cut_off_anywhere_costs_only_itself() {
    let place = Place::new();
    let (one, two) = (draft("one"), draft("two"));
    let mut outbox = place.take();
    outbox.keep(kept(&one)).unwrap();
    let whole = place.bytes().len();
    outbox.keep(kept(&two)).unwrap();
    drop(outbox);
    let bytes = place.bytes();
    for end in whole..bytes.len() {
        let place = Place::new();
        drop(place.take());
        fs::write(place.file("steps.jsonl"), &bytes[..end]).unwrap();
        let mut outbox = place.take();
        let is_torn = end > whole && end < bytes.len() - 1;
        assert_eq!(outbox.take_damaged(), usize::from(is_torn), "at {end}");
        // What comes after it stands on a line of its own.
        let three = draft("three");
        outbox.keep(kept(&three)).unwrap();
        drop(outbox);
        let outbox = place.take();
        assert!(outbox.steps().get(one.id).is_some(), "at {end}");
        assert!(outbox.steps().get(three.id).is_some(), "at {end}");
        if is_torn {
            let aside = fs::read(outbox.aside()).unwrap();
            assert_eq!(aside, [&bytes[whole..end], b"\n"].concat(), "at {end}");
        }
    }
}

#[test]
fn a_damaged_line_is_put_aside_and_the_others_are_used() {
    let place = Place::new();
    let (one, two, three) = (draft("one"), draft("two"), draft("three"));
    let mut outbox = place.take();
    outbox.keep(kept(&one)).unwrap();
    let begin = place.bytes().len();
    outbox.keep(kept(&two)).unwrap();
    let end = place.bytes().len();
    outbox.keep(kept(&three)).unwrap();
    drop(outbox);
    let good = place.bytes();
    for at in begin..end - 1 {
        let mut bytes = good.clone();
        bytes[at] ^= 1;
        fs::write(place.file("steps.jsonl"), &bytes).unwrap();
        let mut outbox = place.take();
        let labels: Vec<_> = states(&outbox)
            .into_iter()
            .map(|(label, _)| label)
            .collect();
        assert!(labels.contains(&"one".to_owned()), "at {at}");
        assert!(labels.contains(&"three".to_owned()), "at {at}");
        assert!(!labels.contains(&"two".to_owned()), "at {at}");
        assert!(outbox.take_damaged() > 0, "at {at}");
        assert_eq!(outbox.take_damaged(), 0, "said once");
    }
}

#[test]
fn lines_of_a_newer_clinch_stay_as_they_are() {
    let place = Place::new();
    drop(place.take());
    let line = |version, label| {
        String::from_utf8(line::write_as(version, BOOK, &kept(&draft(label)))).unwrap()
    };
    let (newer, mine) = (line(2, "newer"), line(1, "mine"));
    fs::write(place.file("steps.jsonl"), format!("{newer}broken\n{mine}")).unwrap();
    let mut outbox = place.take();
    assert_eq!((outbox.newer(), outbox.take_damaged()), (1, 1));
    assert!(String::from_utf8(place.bytes()).unwrap().contains(&newer));
}

/// An outbox with more than it keeps at hand: found, settled, waiting and saved steps.
fn full(place: &Place) -> Vec<StepDraft> {
    let mut outbox = place.take();
    let drafts: Vec<StepDraft> = (0..400).map(|n| draft(&format!("step {n}"))).collect();
    for (seq, draft) in (1..).zip(&drafts) {
        outbox.mark(vec![kept(draft)]).unwrap();
        match seq % 4 {
            0 => {}
            1 => outbox.mark(vec![saved(draft, seq)]).unwrap(),
            2 => outbox
                .mark(vec![Entry::Settled { step: draft.id }])
                .unwrap(),
            _ => outbox.mark(vec![saved(draft, seq), found(draft)]).unwrap(),
        }
    }
    drafts
}

#[test]
fn tidying_moves_what_was_found_and_drops_what_is_settled() {
    let place = Place::new();
    let drafts = full(&place);
    fs::write(
        place.file(&format!("found-{}.jsonl", TODAY - DAYS_KEPT - 1)),
        "",
    )
    .unwrap();
    fs::write(
        place.file(&format!("found-{}.jsonl", TODAY - DAYS_KEPT)),
        "",
    )
    .unwrap();
    let mut outbox = place.take();
    let before = place.bytes().len();
    outbox.tidy(TODAY).unwrap();
    assert!(place.bytes().len() < before * 3 / 4);
    drop(outbox);
    let outbox = place.take();
    assert_eq!(
        outbox.steps().iter().count(),
        201,
        "waiting, saved, and the newest found"
    );
    assert_eq!(outbox.steps().canary().unwrap().seq(), 399);
    let earlier = outbox.earlier().unwrap();
    assert_eq!(earlier.len(), 99);
    assert_eq!(earlier[0].draft().unwrap(), drafts[2]);
    assert_eq!(earlier[0].taken.as_ref().unwrap().created.len(), 1);
    assert!(
        !place
            .file(&format!("found-{}.jsonl", TODAY - DAYS_KEPT - 1))
            .exists()
    );
    assert!(
        place
            .file(&format!("found-{}.jsonl", TODAY - DAYS_KEPT))
            .exists()
    );
}

#[test]
fn a_process_that_dies_while_it_tidies_loses_nothing() {
    let place = Place::new();
    let drafts = full(&place);
    let old = place.bytes();
    place.take().tidy(TODAY).unwrap();
    let archive = place.file(&format!("found-{TODAY}.jsonl"));
    let (new, moved) = (place.bytes(), fs::read(&archive).unwrap());
    // Dead in the middle of the move, of the new file, and before the new file takes its place.
    for (moved, anew) in [
        (&moved[..moved.len() / 2], None),
        (&moved[..], Some(&new[..new.len() / 2])),
        (&moved[..], Some(&new[..])),
    ] {
        fs::write(place.file("steps.jsonl"), &old).unwrap();
        fs::write(&archive, moved).unwrap();
        if let Some(anew) = anew {
            fs::write(place.file("steps.new"), anew).unwrap();
        }
        let mut outbox = place.take();
        outbox.tidy(TODAY).unwrap();
        let earlier = outbox.earlier().unwrap();
        for (seq, draft) in (1..).zip(&drafts).filter(|(seq, _)| seq % 4 != 2) {
            let here = outbox.steps().get(draft.id).is_some();
            assert!(
                here || earlier.iter().any(|step| step.id() == draft.id),
                "step {seq}"
            );
        }
    }
}

#[test]
fn a_line_of_another_book_is_put_aside() {
    let place = Place::new();
    let (mine, others) = (draft("mine"), draft("others"));
    place.take().keep(kept(&mine)).unwrap();
    let line = line::write(random_id(), &kept(&others));
    let bytes = [place.bytes(), line.clone()].concat();
    fs::write(place.file("steps.jsonl"), bytes).unwrap();
    let mut outbox = place.take();
    assert_eq!(states(&outbox), [("mine".to_owned(), State::Waiting)]);
    assert_eq!(outbox.take_damaged(), 1);
    assert_eq!(fs::read(place.file("damaged.jsonl")).unwrap(), line);
}

#[cfg(target_os = "linux")]
#[test]
fn what_cannot_be_kept_is_refused_and_leaves_no_half_line() {
    let place = Place::new();
    let mut outbox = place.take();
    outbox.keep(kept(&draft("one"))).unwrap();
    let bytes = place.bytes();
    let device = fs::OpenOptions::new().append(true).open("/dev/full");
    outbox.fill_up(device.unwrap());
    assert!(outbox.keep(kept(&draft("two"))).is_err());
    assert_eq!(states(&outbox).len(), 1);
    assert_eq!(place.bytes(), bytes);
}

#[test]
fn of_an_import_no_row_is_kept() {
    let dir = TempDir::new().unwrap();
    let mut outboxes = Outboxes::of(dir.path(), random_id(), dir.path());
    let import = StepDraft {
        origin: Origin::Import,
        ..draft("Import deals.csv")
    };
    outboxes.keep(&import, NOW).unwrap();
    let step = outboxes.get(import.id).unwrap();
    assert!(matches!(&step.body, Body::Batch(batch) if batch.group == import.group));
    assert_eq!(step.draft(), None);
}

#[cfg(unix)]
#[test]
fn nobody_else_can_look_into_it() {
    use std::os::unix::fs::PermissionsExt;
    let dir = TempDir::new().unwrap();
    let folder = dir.path().join("outbox");
    let mut outboxes = Outboxes::of(&folder, random_id(), dir.path());
    outboxes.keep(&draft("mine"), NOW).unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let own = outboxes.at(0);
    for made in [&folder, &outboxes.folder, &own] {
        assert_eq!(mode(made), 0o700, "{}", made.display());
    }
    for entry in fs::read_dir(&own).unwrap() {
        let path = entry.unwrap().path();
        assert_eq!(mode(&path), 0o600, "{}", path.display());
    }
}

#[test]
fn a_folder_that_cannot_be_used_is_said_with_its_name() {
    let dir = TempDir::new().unwrap();
    let in_the_way = dir.path().join("outbox");
    fs::write(&in_the_way, "a file").unwrap();
    let mut outboxes = Outboxes::of(&in_the_way, random_id(), dir.path());
    let fault = outboxes.keep(&draft("mine"), NOW).unwrap_err();
    assert!(matches!(fault, StoreError::Outbox { .. }));
    assert!(fault.to_string().contains("outbox"), "{fault}");
}
