//! What is half-written: handed out to be kept at a pause, at the latest when it is left, until the book has it.

use super::*;
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::records::Record;
use crate::store::StoreError;
use crate::store::handle::Event;
use crate::store::query::{Answer, Query};
use crate::tui::app::views;
use crate::tui::forms::log::Logged;
use crate::tui::kept::{Keep, Keeping};
use crate::tui::layers::{FormOf, Layer};

fn note() -> FormOf {
    FormOf::Log(Logged::Note, RecordId::from_raw(1))
}

/// What was asked to be kept since the last look.
fn kept(harness: &mut Harness) -> Vec<Keep> {
    let keep = |effect| match effect {
        Effect::Keep(keep) => Some(keep),
        _ => None,
    };
    harness.asked().into_iter().filter_map(keep).collect()
}

/// A note on deal 1 with that text, and what was asked to be kept of it at the pause after it.
fn half_a_note(text: &str) -> (Harness, Keep) {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("n").press(text);
    assert_eq!(kept(&mut harness), [], "while somebody types");
    assert!(harness.app.waits_for_text());
    harness.tell(Msg::Pause);
    assert!(!harness.app.waits_for_text());
    let mut keeps = kept(&mut harness);
    assert_eq!(keeps.len(), 1);
    (harness, keeps.remove(0))
}

#[test]
fn what_is_typed_is_kept_at_the_pause_and_restored_in_another_run() {
    let (_, keep) = half_a_note("they want");
    assert_eq!(
        (keep.left[0].of, keep.left[0].about.as_str()),
        (note(), "Deal 1")
    );
    let mut next = Harness::on(board("1 2 | 3"));
    next.tell(Msg::Kept(Ok(keep.left)));
    assert_eq!(
        next.status(),
        "Half-written and kept: Write a note · Deal 1; g h shows it"
    );
    next.press("n");
    assert!(next.text().contains("they want"), "{}", next.text());
    // What another run left is nothing to be written again.
    next.tell(Msg::Pause);
    assert_eq!(next.status(), "As you left it");
}

#[test]
fn a_form_that_is_open_before_the_kept_ones_are_read_takes_its_text_over() {
    let (_, keep) = half_a_note("they want");
    let mut next = Harness::on(board("1 2 | 3"));
    next.press("n");
    next.tell(Msg::Kept(Ok(keep.left.clone())));
    assert!(next.text().contains("they want"));
    // What was typed since is newer than what was kept.
    let mut typed = Harness::on(board("1 2 | 3"));
    typed.press("nnew");
    typed.tell(Msg::Kept(Ok(keep.left)));
    assert!(typed.text().contains("new") && !typed.text().contains("they want"));
}

#[test]
fn who_types_without_a_pause_is_kept_all_the_same() {
    let mut harness = Harness::on(board("1 | 2"));
    harness.press("nab");
    harness.at = Instant::from_millis(now().millis() + 5_000);
    harness.press("c");
    let keeps = kept(&mut harness);
    assert_eq!(keeps.len(), 1);
}

#[test]
fn a_form_that_is_left_is_kept_at_once_and_one_without_text_is_not() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("nhello<esc>");
    assert_eq!(kept(&mut harness)[0].left.len(), 1);
    harness.press("jn<esc>");
    harness.tell(Msg::Pause);
    let says_nothing = |keep: &Keep| *keep == Keep::default();
    assert!(kept(&mut harness).iter().all(says_nothing));
    assert_eq!(harness.disk.kept.len(), 1, "what was left stays");
}

#[test]
fn a_saved_form_is_kept_until_the_book_has_it() {
    let (mut harness, keep) = half_a_note("they want");
    harness.press("<c-s>");
    let effects = harness.asked();
    let [Effect::Keep(going), Effect::Write { ticket, .. }] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert_eq!((&*keep.gone, &*going.gone), (&[][..], &[][..]));
    assert_eq!(going.claimed(), [note()], "another window sees that");
    harness.save(*ticket, "Note on Deal 1");
    let gone = Keep {
        gone: vec![note()],
        ..Keep::default()
    };
    assert_eq!(kept(&mut harness), [gone]);
}

#[test]
fn who_is_thrown_out_while_writing_has_it_kept_before_the_app_leaves() {
    let mut harness = Harness::on(board("1 | 2"));
    harness.press("nhello");
    harness.asked();
    harness.tell(Msg::Hangup);
    let effects = harness.asked();
    assert!(
        matches!(effects.as_slice(), [Effect::Keep(_), Effect::Quit]),
        "{effects:?}"
    );
}

#[test]
fn a_damaged_file_is_said_and_nothing_else_happens() {
    let mut harness = Harness::on(board("1 | 2"));
    harness.tell(Msg::Kept(Err("The file is damaged.".to_owned())));
    assert_eq!(harness.status(), "The file is damaged.");
    for _ in 0..2 {
        harness.tell(Msg::Keeping(Keeping {
            claimed: Vec::new(),
            outcome: Err("no space".to_owned()),
        }));
    }
    let times = harness.app.notices.all().iter();
    let times = times
        .filter(|notice| notice.text.contains("no space"))
        .count();
    assert_eq!(times, 1);
}

#[test]
fn why_a_deal_was_lost_is_not_lost_with_the_write() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("XPrice<tab>too dear by far<enter>");
    let (ticket, _, _) = harness.write();
    harness.fail(ticket);
    assert!(
        harness.text().contains("too dear by far"),
        "{}",
        harness.text()
    );
    assert_eq!(harness.cards(), "1 >2 | 3");

    // Again, and now Ben has moved it: after the question the note is there, and is about the deal as it is now.
    harness.press("<enter>");
    let (ticket, _, _) = harness.write();
    harness.hear(Event::Written(ticket, Ok(Outcome::Conflict(vec![clash()]))));
    harness.show(board("2 | 3 | 1"));
    harness.press("<esc>");
    assert!(harness.text().contains("too dear by far"));
    harness.press("<enter>");
    let (_, commands, _) = harness.write();
    assert!(
        matches!(commands[0], Command::LoseDeal { base: Some(stage), .. } if stage == Id::from_raw(103)),
        "{commands:?}"
    );
}

#[test]
fn a_note_comes_back_when_losing_many_is_thought_better_of() {
    let ids: Vec<String> = (1..=21).map(|id| id.to_string()).collect();
    let mut harness = Harness::on(board(&ids.join(" ")));
    harness.press("*XPrice<tab>all gone<enter><esc>");
    assert!(harness.text().contains("all gone"), "{}", harness.text());
    let top = harness.app.layers.last();
    assert!(matches!(top, Some(Layer::Lose(..))));
}

/// A column of 21 deals, all marked: more than are changed without a question.
fn many_marked() -> Harness {
    let ids: Vec<String> = (1..=21).map(|id| id.to_string()).collect();
    let mut harness = Harness::on(board(&ids.join(" ")));
    harness.press("*");
    harness
}

#[test]
fn what_is_typed_for_many_is_kept_while_the_question_is_asked_and_comes_back_after_it() {
    let mut harness = many_marked();
    harness.press("tsend the offer<tab>fri<enter>");
    assert!(matches!(harness.app.layers.last(), Some(Layer::Sure(..))));
    harness.tell(Msg::Pause);
    let keeps = kept(&mut harness);
    assert!(
        keeps.last().is_some_and(|keep| !keep.left.is_empty()),
        "who is thrown out now has lost nothing: {keeps:?}"
    );
    harness.press("<esc>");
    let text = harness.text();
    assert!(text.contains("send the offer") && text.contains("21 deals"));
    harness.press("<enter>y");
    let (_, commands, origin) = harness.write();
    assert_eq!((commands.len(), origin), (21, Origin::Bulk));
}

#[test]
fn tags_come_back_when_many_are_thought_better_of_and_when_the_book_refuses() {
    let mut harness = many_marked();
    harness.press("+vip, swiss<enter><esc>");
    assert!(harness.text().contains("vip, swiss"), "{}", harness.text());
    harness.press("<enter>y");
    let (ticket, commands, _) = harness.write();
    assert_eq!(commands.len(), 42);
    harness.fail(ticket);
    assert!(harness.text().contains("vip, swiss"), "{}", harness.text());
}

/// The record that was asked for last, to see whether it is still there.
fn looked_for(harness: &mut Harness) -> Option<(Entity, i64)> {
    let asked = harness.asked().into_iter().rev();
    let mut shows = asked.filter_map(|effect| match effect {
        Effect::Read {
            view: views::KEPT,
            query: Query::Show { entity, id },
        } => Some((entity, id.raw())),
        _ => None,
    });
    shows.next()
}

/// The next run, in which the list is opened and the book answers about the record of the note: with no more than this.
fn next_run(keep: &Keep, answers: Vec<Option<Record>>) -> Harness {
    let mut next = Harness::on(board("2 | 3"));
    next.tell(Msg::Kept(Ok(keep.left.clone())));
    next.asked();
    next.press("gh");
    for answer in answers {
        let (_, id) = looked_for(&mut next).expect("asked for");
        assert_eq!(id, 1);
        let answer = Answer::Show(answer.map(Box::new));
        next.hear(Event::Read(views::KEPT, Ok(answer)));
    }
    assert_eq!(looked_for(&mut next), None);
    next
}

#[test]
fn what_was_typed_for_a_record_that_is_gone_can_be_copied_and_dropped() {
    let (_, keep) = half_a_note("they want");
    // It is no deal, no company and no contact any more.
    let mut next = next_run(&keep, vec![None, None, None]);
    let text = next.text();
    for there in ["Write a note · Deal 1", "gone or in the trash: they want"] {
        assert!(text.contains(there), "{there}: {text}");
    }
    // Esc decides nothing; copying it keeps it too.
    next.press("<enter><esc>");
    assert!(!next.app.drafts.nothing_left());
    let mut next = next_run(&keep, vec![None, None, None]);
    next.press("<enter>");
    assert!(next.text().contains("what it is about is gone"));
    next.press("<enter>");
    let effects = next.asked();
    assert!(
        effects.contains(&Effect::Copy("they want".to_owned()))
            || next.text().contains("they want"),
        "{effects:?}"
    );
    assert!(!next.app.drafts.nothing_left());
    let mut next = next_run(&keep, vec![None, None, None]);
    next.press("<enter><down><enter>");
    assert!(next.app.drafts.nothing_left());
    assert_eq!(next.status(), "Kept no more: Write a note · Deal 1");
    let kept = kept(&mut next);
    assert_eq!(kept.last().map(|keep| &*keep.gone), Some(&[note()][..]));
    next.press("gh");
    assert_eq!(next.status(), "Nothing half-written is kept");
}

#[test]
fn who_is_impatient_gets_one_list_and_nothing_is_called_gone_that_is_there() {
    let (_, keep) = half_a_note("they want");
    let mut next = Harness::on(board("2 | 3"));
    next.tell(Msg::Kept(Ok(keep.left)));
    next.asked();
    next.press("gh");
    assert!(looked_for(&mut next).is_some());
    next.press("ghgh");
    assert_eq!(looked_for(&mut next), None);
    let answer = Answer::Show(Some(Box::new(setup::deal_record(1))));
    next.hear(Event::Read(views::KEPT, Ok(answer)));
    assert_eq!(next.app.depth(), 1);
    assert!(!next.text().contains("gone or"), "{}", next.text());
    // The next time it is asked again.
    next.press("<esc>gh");
    assert!(looked_for(&mut next).is_some());
}

#[test]
fn of_a_record_that_is_there_the_form_opens_again_and_one_in_the_trash_is_told() {
    let (_, keep) = half_a_note("they want");
    let there = setup::deal_record(1);
    let mut next = next_run(&keep, vec![Some(there.clone())]);
    next.press("<enter><enter>");
    assert!(matches!(next.app.layers.last(), Some(Layer::Form(_, of)) if *of == note()));
    assert!(next.text().contains("they want"), "{}", next.text());
    next.press(" more<c-s>");
    let (_, commands, _) = next.write();
    assert_eq!(commands.len(), 1);
    let trashed = Record {
        trashed_at: Some(now()),
        ..there
    };
    let mut next = next_run(&keep, vec![Some(trashed)]);
    assert!(next.text().contains("gone or in the trash: they want"));
    // A book that does not answer has lost nothing: the list is there all the same.
    let mut next = Harness::on(board("2 | 3"));
    next.tell(Msg::Kept(Ok(keep.left.clone())));
    next.press("gh");
    next.hear(Event::Read(views::KEPT, Err(StoreError::Closed)));
    assert!(!next.text().contains("gone or"), "{}", next.text());
    assert!(next.text().contains("they want"), "{}", next.text());
}

#[test]
fn what_is_kept_is_told_of_at_one_start_and_not_at_the_next() {
    let (_, keep) = half_a_note("they want");
    let mut next = Harness::on(board("1 2 | 3"));
    next.asked();
    next.tell(Msg::Kept(Ok(keep.left.clone())));
    assert!(next.app.layers.is_empty(), "nothing comes over the screen");
    let told = kept(&mut next);
    assert_eq!(told[0].told, [note()]);
    let left = told[0].onto(&[], keep.left);
    let mut third = Harness::on(board("1 2 | 3"));
    third.asked();
    third.tell(Msg::Kept(Ok(left)));
    assert_eq!(third.status(), "");
    assert_eq!(kept(&mut third), []);
    // It is found in its place, and where it was typed.
    third.press("n");
    assert!(third.text().contains("they want"));
    // What is left anew is told of anew.
    third.press(" more<esc>");
    let last = kept(&mut third);
    let last = last.last().unwrap();
    assert!(!last.left[0].told && last.told.is_empty(), "{last:?}");
}

#[test]
fn many_that_are_kept_are_told_of_in_one_short_line() {
    let (_, keep) = half_a_note("they want");
    let mut left = keep.left;
    for raw in 2..5 {
        let mut another = left[0].clone();
        another.of = FormOf::Log(Logged::Meeting, RecordId::from_raw(raw));
        another.about = "Rollout of the new plant in Oporto".to_owned();
        left.insert(0, another);
    }
    let mut next = Harness::sized(board("1 | 2"), 80, 24);
    next.tell(Msg::Kept(Ok(left)));
    assert_eq!(
        next.status(),
        "Half-written and kept: Log a meeting · Rollout o… and 3 more; g h shows them"
    );
    assert!(next.text().contains("g h shows them"), "{}", next.text());
}

#[test]
fn a_form_that_no_screen_shows_the_record_of_is_kept_by_its_name() {
    let mut harness = Harness::on(board("1 | 2"));
    harness.press("nhello<esc>");
    // The deal has left the board since, and the note is written in the list of what is kept.
    harness.show(board("| 2"));
    harness.press("gh");
    let record = setup::deal_record(1);
    let name = record.name();
    let answer = Answer::Show(Some(Box::new(record)));
    harness.hear(Event::Read(views::KEPT, Ok(answer)));
    harness.press("<enter><enter> again<esc>");
    let keeps = kept(&mut harness);
    let last = keeps.last().unwrap();
    assert_eq!(last.left[0].about, name);
}
