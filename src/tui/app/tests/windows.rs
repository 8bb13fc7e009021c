//! Two windows of one user: what the other one does with half-written forms.

use super::*;
use crate::domain::id::RecordId;
use crate::tui::forms::log::Logged;
use crate::tui::kept::{Keep, Keeping, Left};
use crate::tui::layers::{FormOf, Layer};

/// The half-written forms on disk, as this run and its other windows leave them.
#[derive(Default)]
pub(in crate::tui::app) struct Disk {
    pub kept: Vec<Left>,
    knew: Vec<Left>,
    said: Keep,
    /// It does not answer.
    pub hangs: bool,
}

impl Disk {
    /// What the app is told that earlier runs have kept.
    pub fn hear(&mut self, message: &Msg) {
        if let Msg::Kept(Ok(kept)) = message {
            kept.clone_into(&mut self.kept);
            kept.clone_into(&mut self.knew);
        }
    }

    /// What it says of what the app asks of it.
    pub fn answer(&mut self, effect: &Effect) -> Option<Msg> {
        if self.hangs {
            return None;
        }
        match effect {
            Effect::Keep(keep) => {
                let new = keep.since(&self.said);
                let elsewhere = new.elsewhere(&self.knew, &self.kept);
                self.kept = new.onto(&self.knew, take(&mut self.kept));
                self.knew = self.kept.clone();
                self.said = keep.clone();
                let claimed = keep.claimed();
                let outcome = Ok(elsewhere);
                Some(Msg::Keeping(Keeping { claimed, outcome }))
            }
            Effect::LookAtKept => {
                self.knew = self.kept.clone();
                Some(Msg::KeptNow(Ok(self.kept.clone())))
            }
            _ => None,
        }
    }
}

fn note() -> FormOf {
    FormOf::Log(Logged::Note, RecordId::from_raw(1))
}

/// A note on deal 1 that is open here and kept, and how it is kept.
fn open_note() -> (Harness, Left) {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("nthey want");
    harness.tell(Msg::Pause);
    harness.asked();
    let left = harness.disk.kept[0].clone();
    (harness, left)
}

fn is_open(harness: &Harness) -> bool {
    matches!(harness.app.layers.last(), Some(Layer::Form(_, of)) if *of == note())
}

/// The book knows the records of the list.
fn all_there(harness: &mut Harness) {
    let there = Answer::Show(Some(Box::new(setup::deal_record(1))));
    harness.hear(Event::Read(views::KEPT, Ok(there)));
}

#[test]
fn the_list_shows_what_other_windows_keep_now_and_no_more_what_they_saved() {
    let (_, left) = open_note();
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("gh");
    assert_eq!(harness.status(), "Nothing half-written is kept");
    harness.disk.kept.push(left);
    harness.press("gh");
    all_there(&mut harness);
    assert!(harness.text().contains("they want"), "{}", harness.text());
    harness.press("<esc>");
    harness.disk.kept.clear();
    harness.press("gh");
    assert_eq!(harness.status(), "Nothing half-written is kept");
}

#[test]
fn a_form_that_another_window_saved_is_saved_again_only_by_who_knows() {
    for (change, said) in [
        (
            (|_: &mut Left| false) as fn(&mut Left) -> bool,
            "Not saved: another window saved or dropped this form; save again to do it anyway",
        ),
        (
            |left| {
                left.draft.fields[0].name = "elsewhere".to_owned();
                true
            },
            "Not saved: another window went on with this form; save again to do it anyway",
        ),
        (
            |left| {
                left.saving = true;
                true
            },
            "Not saved: another window is saving this form; save again to do it anyway",
        ),
    ] {
        let (mut harness, _) = open_note();
        harness.disk.kept.retain_mut(change);
        harness.press("<c-s>");
        assert_eq!(harness.writes(), []);
        assert_eq!(harness.status(), said);
        assert!(is_open(&harness), "{}", harness.text());
        harness.press("<c-s>");
        let (ticket, ..) = harness.write();
        harness.save(ticket, "Note on Deal 1");
        assert_eq!(harness.disk.kept, []);
    }
}

#[test]
fn who_types_on_is_told_at_once_and_asked_at_the_save() {
    let (mut harness, _) = open_note();
    harness.disk.kept.clear();
    harness.press(" more");
    harness.tell(Msg::Pause);
    assert_eq!(
        harness.status(),
        "Another window saved or dropped this form"
    );
    harness.press("<c-s>");
    assert_eq!(harness.writes(), []);
    harness.press("<c-s>");
    harness.write();
}

#[test]
fn a_save_waits_for_a_hanging_disk_no_longer_than_a_moment_and_keeps_its_turn() {
    let (mut harness, _) = open_note();
    harness.disk.hangs = true;
    harness.press("<c-s>j>");
    assert_eq!(harness.writes(), []);
    assert!(harness.app.waits_for_text());
    harness.at = Instant::from_millis(now().millis() + 900);
    harness.tell(Msg::Pause);
    let writes = harness.writes();
    assert!(
        matches!(
            (&*writes[0].1, &*writes[1].1),
            ([Command::Create(_)], [Command::MoveDeal { .. }])
        ),
        "{writes:?}"
    );
}

#[test]
fn who_is_thrown_out_while_a_save_waits_has_it_written() {
    let (mut harness, _) = open_note();
    harness.disk.hangs = true;
    harness.press("<c-s>");
    harness.tell(Msg::Hangup);
    let effects = harness.asked();
    let [Effect::Keep(_), Effect::Write { .. }, Effect::Quit] = effects.as_slice() else {
        panic!("{effects:?}")
    };
}

#[test]
fn who_leaves_without_waiting_has_a_save_that_waits_for_a_hanging_disk_written() {
    let (mut harness, _) = open_note();
    harness.disk.hangs = true;
    harness.press("<c-s>qq");
    let effects = harness.asked();
    let [Effect::Keep(_), Effect::Write { .. }, Effect::Quit] = effects.as_slice() else {
        panic!("{effects:?}")
    };
}

#[test]
fn what_another_window_keeps_under_a_name_that_was_dropped_here_can_be_dropped_as_well() {
    let (mut harness, left) = open_note();
    harness.press("<esc>");
    for theirs in [false, true] {
        if theirs {
            harness.disk.kept.push(left.clone());
        }
        harness.press("gh");
        all_there(&mut harness);
        harness.press("<enter>Drop<enter>");
        assert_eq!(harness.disk.kept, [], "{theirs}");
    }
}

#[test]
fn a_form_that_another_window_left_meanwhile_opens_as_it_was_left() {
    let (_, left) = open_note();
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.disk.kept.push(left);
    harness.press("n");
    assert_eq!(harness.status(), "As you left it");
    harness.press(" a pilot<c-s>");
    let (ticket, commands, _) = harness.write();
    assert!(format!("{commands:?}").contains("they want a pilot"));
    harness.save(ticket, "Note on Deal 1");
    assert_eq!(harness.disk.kept, []);
}

#[test]
fn a_form_that_was_being_saved_when_a_program_ended_says_so() {
    let (_, left) = open_note();
    let mut next = Harness::on(board("1 2 | 3"));
    next.tell(Msg::Kept(Ok(vec![Left {
        saving: true,
        ..left
    }])));
    next.press("gh");
    all_there(&mut next);
    assert!(next.text().contains("it was being saved: they want"));
    next.press("<esc>n");
    assert_eq!(
        next.status(),
        "As you left it; it was being saved, so the book may have it already"
    );
}
