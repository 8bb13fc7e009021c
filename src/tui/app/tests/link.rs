//! How things stand with the book, on the screen: waiting, gone, read-only, and what waits to be written.

use crate::domain::id::StepId;
use crate::store::handle::{Event, Health, Ticket};
use crate::store::{StoreError, Verified};
use crate::tui::for_tests::picture;
use crate::tui::layers::Layer;
use crate::tui::msg::{Effect, Msg};

use super::shots::unreadable;
use super::{Harness, Instant, board, receipt};

/// So many milliseconds before the test's now, 10:05.
fn ago(harness: &Harness, milliseconds: i64) -> Instant {
    Instant::from_millis(harness.at.millis() - milliseconds)
}

fn gone(harness: &Harness) -> Event {
    Event::Health(Health::Unreachable {
        since: ago(harness, 180_000),
        what: "The drive under /mnt/team/team.db cannot be reached: no route to host.".to_owned(),
    })
}

fn read_only() -> Event {
    Event::Health(Health::ReadOnly {
        why: "the drive lost 2 changes that the book had taken".to_owned(),
    })
}

/// The first line and the status line.
fn lines(harness: &mut Harness) -> String {
    let text = harness.text();
    let lines: Vec<&str> = text.lines().collect();
    format!("{}\n{}", lines[0], lines[lines.len() - 2])
}

fn waiting(harness: &mut Harness) {
    let since = ago(harness, 3_200);
    harness.press(">");
    harness.hear(Event::Health(Health::Waiting { since }));
}

fn away(harness: &mut Harness) {
    let event = gone(harness);
    harness.hear(event);
    harness.press(">j>");
}

fn refused(harness: &mut Harness) {
    harness.hear(read_only());
    harness.press(">");
}

#[test]
fn how_things_stand_fits_every_size() {
    for (columns, rows) in [(40, 10), (60, 20), (80, 24), (100, 30)] {
        for (name, prepare) in [
            ("waiting", waiting as fn(&mut Harness)),
            ("gone", away),
            ("read-only", refused),
        ] {
            let mut harness = Harness::sized(board("1 2 3 | 4 | | "), columns, rows);
            prepare(&mut harness);
            insta::assert_snapshot!(format!("link-{name}-{columns}"), lines(&mut harness));
        }
    }
}

#[test]
fn a_drive_that_is_gone_is_one_picture() {
    let mut harness = Harness::sized(board("1 2 3 | 4 | | "), 80, 24);
    away(&mut harness);
    insta::assert_snapshot!("link-gone-80x24", picture(harness.screen()));
}

#[test]
fn while_the_drive_is_gone_acts_are_seen_at_once_and_stay_pending() {
    let mut harness = Harness::on(board("1 2 | 3"));
    let event = gone(&harness);
    harness.hear(event);
    assert!(harness.status().contains("What you write is kept"));
    harness.press(">");
    let (ticket, ..) = harness.write();
    assert_eq!(harness.cards(), "2 | >?1 3");
    assert!(lines(&mut harness).contains("1 to write"));
    harness.hear(Event::Health(Health::Fresh));
    assert_eq!(harness.status(), "The book can be reached again");
    harness.save(ticket, "Move Deal 1 to Discovery");
    assert_eq!(harness.cards(), "2 | >1 3");
}

#[test]
fn the_screen_is_not_read_again_because_the_drive_answered_late() {
    let mut harness = Harness::on(board("1 | 2"));
    let event = gone(&harness);
    harness.hear(event);
    harness.asked();
    harness.hear(Event::Health(Health::Fresh));
    assert_eq!(harness.asked(), [], "a slow read would be late for ever");
}

#[test]
fn r_asks_for_the_drive() {
    let mut harness = Harness::on(board("1 | 2"));
    let event = gone(&harness);
    harness.hear(event);
    harness.press("R");
    assert_eq!(harness.status(), "Trying to reach the book");
    assert!(harness.asked().contains(&Effect::Check));
}

#[test]
fn what_cannot_be_kept_is_said_before_anybody_leaves() {
    let mut harness = Harness::on(board("1 2 | 3"));
    let event = gone(&harness);
    harness.hear(event);
    harness.press(">");
    let (ticket, ..) = harness.write();
    let full = StoreError::Outbox {
        path: "/home/ana/outbox".into(),
        source: std::io::ErrorKind::StorageFull.into(),
    };
    harness.hear(Event::NotKept(ticket, full));
    assert!(harness.status().contains("is lost if you leave"));
    harness.press("q");
    assert!(harness.text().contains("by then is lost"));
}

#[test]
fn who_leaves_is_told_what_is_kept() {
    let mut harness = Harness::on(board("1 2 | 3"));
    let event = gone(&harness);
    harness.hear(event);
    harness.press(">");
    let (ticket, ..) = harness.write();
    harness.press("q");
    assert!(harness.text().contains("by then is lost"));
    harness.hear(Event::Kept(ticket));
    assert!(harness.text().contains("kept in the outbox"));
    let unsaved = harness.app.unsaved();
    assert!(unsaved.unreachable && unsaved.lost.is_empty());
    assert_eq!(unsaved.kept, ["Move one stage on: Deal 1"]);
    harness.press("q");
    assert!(harness.asked().contains(&Effect::Quit));
}

#[test]
fn nothing_is_written_when_the_book_is_read_only_and_why_is_said() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("nHalf a note");
    harness.hear(read_only());
    harness.press("<c-s>");
    assert!(harness.writes().is_empty());
    assert!(
        harness.status().starts_with("Not saved: "),
        "{}",
        harness.status()
    );
    assert!(
        matches!(harness.app.layers.last(), Some(Layer::Form(..))),
        "the text comes back"
    );
    harness.press("<esc>>W");
    assert!(harness.writes().is_empty());
    assert_eq!(
        harness.status(),
        "Nothing can be written. The drive lost 2 changes that the book had taken."
    );
    harness.press("<enter>");
    assert!(!harness.app.layers.is_empty(), "it can be read");
}

#[test]
fn what_the_drive_has_lost_is_told_and_listed() {
    let mut harness = Harness::on(board("1 2 | 3"));
    let mut found = Verified {
        looked_for: 9,
        ..Verified::default()
    };
    found.again = vec![receipt("Move Deal 1"), receipt("Win Deal 2")];
    harness.hear(Event::LostAndFound(found));
    assert!(
        harness
            .status()
            .starts_with("The book had lost 2 changes of yours")
    );
    assert!(
        harness.board_query().is_some(),
        "they are in the book again"
    );
    harness.press("!");
    let text = harness.text();
    assert!(
        text.contains("written again: Move Deal 1") && text.contains("written again: Win Deal 2")
    );
}

#[test]
fn a_write_that_was_refused_is_taken_back() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press(">");
    let (ticket, ..) = harness.write();
    harness.hear(Event::Written(ticket, Err(unreadable())));
    assert_eq!(harness.cards(), ">1 2 | 3");
    assert!(harness.status().contains("clinch book restore"));
}

pub(super) mod offers {
    use crate::domain::command::{Command, Origin, StepDraft};
    use crate::domain::id::Id;
    use crate::domain::outcome::Outcome;
    use crate::store::Offered;
    use crate::store::handle::Offer;

    use super::super::clash;
    use super::*;

    fn offer(number: u8, words: &str) -> Offer {
        let id = StepId([number; 16]);
        let draft = StepDraft {
            id,
            group: id,
            rep: None,
            at: super::super::now(),
            origin: Origin::Human,
            label: None,
            import: None,
            commands: vec![Command::MoveDeal {
                deal: Id::from_raw(1),
                base: Some(Id::from_raw(101)),
                stage: Id::from_raw(102),
                place: None,
            }],
        };
        let kept_at = Instant::from_millis(super::super::now().millis() - 3_600_000);
        Offer {
            step: Offered {
                draft,
                kept_at,
                acknowledged: false,
            },
            words: words.to_owned(),
        }
    }

    pub fn two() -> Event {
        let mut later = offer(4, "Log call on Renewal");
        later.step.kept_at = super::super::now();
        Event::Offered(vec![offer(3, "Move Deal 1 to Discovery"), later])
    }

    fn offers_are_shown(harness: &Harness) -> bool {
        matches!(harness.app.layers.last(), Some(Layer::Offers(..)))
    }

    /// The steps that are given to the store as they are.
    fn sent(harness: &mut Harness) -> Vec<(Ticket, StepId)> {
        let sent = |effect| match effect {
            Effect::Send { ticket, draft } => Some((ticket, draft.id)),
            _ => None,
        };
        harness.asked().into_iter().filter_map(sent).collect()
    }

    #[test]
    fn they_are_one_picture() {
        for (columns, rows) in [(60, 20), (80, 24), (100, 30)] {
            let mut harness = Harness::sized(board("1 2 | 3 | | "), columns, rows);
            harness.hear(two());
            insta::assert_snapshot!(
                format!("offers-{columns}x{rows}"),
                picture(harness.screen())
            );
        }
    }

    #[test]
    fn they_come_under_nobodys_fingers() {
        let mut harness = Harness::on(board("1 2 | 3"));
        harness.press("j");
        harness.hear(two());
        assert!(!offers_are_shown(&harness), "somebody is typing");
        assert!(harness.app.waits_for_text(), "a pause is waited for");
        harness.at = Instant::from_millis(harness.at.millis() + 1_000);
        harness.tell(Msg::Pause);
        assert!(offers_are_shown(&harness));
        assert!(!harness.app.waits_for_text());
    }

    #[test]
    fn they_do_not_come_over_a_form() {
        let mut harness = Harness::on(board("1 2 | 3"));
        harness.press("n");
        harness.at = Instant::from_millis(harness.at.millis() + 60_000);
        harness.hear(two());
        assert!(matches!(harness.app.layers.last(), Some(Layer::Form(..))));
        assert!(!harness.app.waits_for_text(), "the app sleeps meanwhile");
    }

    #[test]
    fn they_are_written_as_they_were_asked_for() {
        let mut harness = Harness::on(board("1 2 | 3"));
        harness.hear(two());
        harness.press("W");
        let sent = sent(&mut harness);
        let ids: Vec<StepId> = sent.iter().map(|(_, id)| *id).collect();
        assert_eq!(ids, [StepId([3; 16]), StepId([4; 16])]);
        harness.save(sent[0].0, "Move Deal 1 to Discovery");
        assert_eq!(harness.status(), "Move Deal 1 to Discovery · u undoes it");
        assert_eq!(harness.app.unsaved().kept, ["Log call on Renewal"]);
    }

    #[test]
    fn one_that_clashes_is_asked_about_and_then_forgotten() {
        let mut harness = Harness::on(board("1 2 | 3"));
        harness.hear(two());
        harness.press("W");
        let (ticket, id) = sent(&mut harness)[0];
        harness.hear(Event::Written(ticket, Ok(Outcome::Conflict(vec![clash()]))));
        harness.press("W");
        let asked = harness.asked();
        assert!(asked.contains(&Effect::Forget(vec![id])), "{asked:?}");
        assert!(
            asked
                .iter()
                .any(|effect| matches!(effect, Effect::Write { .. }))
        );
    }

    #[test]
    fn they_can_be_left_for_later() {
        let mut harness = Harness::on(board("1 2 | 3"));
        harness.hear(two());
        harness.asked();
        harness.press("<esc>");
        assert_eq!(harness.asked(), []);
        assert!(harness.status().contains("offers them again"));
    }

    #[test]
    fn they_are_thrown_away_after_a_question() {
        let mut harness = Harness::on(board("1 2 | 3"));
        harness.hear(two());
        harness.asked();
        harness.press("X");
        assert!(harness.text().contains("Throw away 2 changes"));
        harness.press("<enter>");
        assert_eq!(harness.asked(), [], "Cancel has the keys");
        harness.press("Xy");
        let both = vec![StepId([3; 16]), StepId([4; 16])];
        assert_eq!(harness.asked(), [Effect::Forget(both)]);
    }
}

#[test]
fn who_waits_to_leave_sees_what_was_not_saved() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press(">");
    let (ticket, ..) = harness.write();
    harness.press("q");
    harness.fail(ticket);
    assert!(!harness.asked().contains(&Effect::Quit));
    assert!(harness.app.is_bare());
    assert!(harness.status().contains("Not saved"));
}
