//! The trash and the list of steps: keys and what they do, and what a step changed.

use super::shots::{SIZES, SMALL};
use super::*;
use crate::domain::command::Which;
use crate::domain::id::RecordId;
use crate::domain::past::{PastAct, StepChange, StepChanges, Trash, Trashed};
use crate::store::query::{StepsQuery, TrashQuery};
use crate::tui::for_tests::picture;
use crate::tui::layers::Layer;

fn trashed(raw: i64, entity: Entity, name: &str, minutes: i64) -> Trashed {
    Trashed {
        entity,
        id: RecordId::from_raw(raw),
        name: name.to_owned(),
        at: Instant::from_millis(now().millis() - minutes * 60_000),
        by: Some("Ana Meier".to_owned()),
        step: Some(format!("Put {name} into the trash")),
    }
}

/// A trash with so many records in it, two of them older than what is shown.
pub(super) fn trash(count: usize) -> Trash {
    let first = [
        trashed(1, Entity::Deal, "Alpina rollout", 5),
        trashed(2, Entity::Contact, "Longteng 龍騰 \u{202e}evil", 90),
        trashed(3, Entity::Activity, "Call about the offer", 4_000),
    ];
    let more =
        (4..).map(|raw| trashed(raw, Entity::Company, &format!("Company {raw}"), 1_000 * raw));
    let records: Vec<Trashed> = first.into_iter().chain(more).take(count).collect();
    Trash {
        total: count as u64,
        older: 2,
        records,
    }
}

fn act(number: u8, label: &str, undone: bool) -> PastAct {
    PastAct {
        group: StepId([number; 16]),
        by: "Ana Meier".to_owned(),
        at: now(),
        origin: if number == 3 {
            Origin::Bulk
        } else {
            Origin::Human
        },
        label: label.to_owned(),
        records: u64::from(number),
        undone,
    }
}

/// The last so many steps.
pub(super) fn acts(count: usize) -> Vec<PastAct> {
    let first = [
        act(1, "Edit Alpina rollout: amount", false),
        act(2, "Move Roth Metall to Proposal", true),
        act(3, "Give away: 3 deals", false),
    ];
    let more = (4..).map(|number| act(number, &format!("Log call with Contact {number}"), false));
    first.into_iter().chain(more).take(count).collect()
}

impl Harness {
    /// An app on the trash, which has answered nothing yet.
    pub fn at_trash(columns: u16, rows: u16) -> Self {
        Self::sized(board("1 2 | 3"), columns, rows).after("gT")
    }

    /// An app on that trash.
    pub fn on_trash(trash: Trash, columns: u16, rows: u16) -> Self {
        let mut harness = Self::at_trash(columns, rows);
        harness.hear(Event::Read(views::TRASH, Ok(Answer::Trash(trash))));
        harness
    }

    /// An app on the steps, which has answered nothing yet.
    pub fn at_steps(columns: u16, rows: u16) -> Self {
        Self::sized(board("1 2 | 3"), columns, rows).after("gu")
    }

    /// An app on those steps.
    pub fn on_steps(acts: Vec<PastAct>, columns: u16, rows: u16) -> Self {
        let mut harness = Self::at_steps(columns, rows);
        harness.hear(Event::Read(views::STEPS, Ok(Answer::Steps(acts))));
        harness
    }
}

fn queries<T>(harness: &mut Harness, of: impl Fn(Query) -> Option<T>) -> Vec<T> {
    let asked = harness.asked().into_iter();
    let query = |effect| match effect {
        Effect::Read { query, .. } => of(query),
        _ => None,
    };
    asked.filter_map(query).collect()
}

fn trash_queries(harness: &mut Harness) -> Vec<TrashQuery> {
    queries(harness, |query| match query {
        Query::Trash(query) => Some(query),
        _ => None,
    })
}

fn steps_queries(harness: &mut Harness) -> Vec<StepsQuery> {
    queries(harness, |query| match query {
        Query::Steps(query) => Some(query),
        _ => None,
    })
}

#[test]
fn what_is_under_the_cursor_or_marked_is_taken_out_in_one_step() {
    for (keys, restored, origin) in [
        ("W", &[1][..], Origin::Human),
        ("jW", &[2], Origin::Human),
        ("<space><space>W", &[1, 2], Origin::Bulk),
        ("*W", &[1, 2, 3], Origin::Bulk),
    ] {
        let mut harness = Harness::on_trash(trash(3), 100, 30);
        harness.press(keys);
        let (_, commands, of) = harness.write();
        let ids: Vec<i64> = commands
            .iter()
            .map(|command| match command {
                Command::Restore {
                    target: crate::domain::command::Target::Known(id),
                    ..
                } => id.raw(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!((ids.as_slice(), of), (restored, origin), "{keys}");
        assert_eq!(harness.app.trash.marks.len(), 0);
    }
}

#[test]
fn the_trash_is_read_for_thirty_days_then_for_a_noun_then_for_words_then_whole() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("gT");
    let query = &trash_queries(&mut harness)[0];
    let since = Instant::from_millis(now().millis() - 30 * 86_400_000);
    assert_eq!((query.since, query.entity), (Some(since), None));
    harness.hear(Event::Read(views::TRASH, Ok(Answer::Trash(trash(3)))));
    harness.press("Vdeals<enter>");
    assert_eq!(trash_queries(&mut harness)[0].entity, Some(Entity::Deal));
    harness.press("Vold<enter>");
    let query = &trash_queries(&mut harness)[0];
    assert_eq!((query.since, query.entity), (None, Some(Entity::Deal)));
    harness.press("/roll<enter>");
    assert_eq!(trash_queries(&mut harness).last().unwrap().words, "roll");
    harness.press("<esc>");
    assert_eq!(trash_queries(&mut harness)[0].words, "");
    harness.press("<esc>");
    assert_eq!(harness.app.shown, Shown::Pipeline);
}

#[test]
fn what_is_in_the_trash_is_not_edited_there_and_the_line_says_what_to_do() {
    let mut harness = Harness::on_trash(trash(3), 100, 30);
    for keys in ["e", "#", "o", "E", "+", "t"] {
        harness.press(keys);
        assert!(harness.writes().is_empty());
        assert!(harness.app.layers.is_empty(), "{keys}");
        assert!(
            harness.status().contains("W does that"),
            "{keys}: {}",
            harness.status()
        );
    }
    harness.press("<enter>");
    assert!(matches!(harness.app.layers.last(), Some(Layer::Detail(_))));
}

#[test]
fn a_step_that_is_not_the_last_is_undone_and_redone_under_the_cursor() {
    let mut harness = Harness::on_steps(acts(3), 100, 30);
    for (keys, number, redo) in [("u", 1, false), ("jU", 2, true), ("ju", 3, false)] {
        harness.press(keys);
        let (_, commands, _) = harness.write();
        let which = Which::Group(StepId([number; 16]));
        let expected = if redo {
            Command::Redo(which)
        } else {
            Command::Undo(which)
        };
        assert_eq!(commands, [expected], "{keys}");
    }
    harness.press("U");
    assert!(harness.writes().is_empty());
    assert_eq!(harness.status(), "That step is not undone; u undoes it");
    harness.press("ku");
    assert_eq!(harness.status(), "That step is undone already; U redoes it");
}

#[test]
fn a_step_that_cannot_be_undone_says_who_changed_what_and_when() {
    let mut harness = Harness::on_steps(acts(3), 100, 30);
    harness.press("u");
    let (ticket, ..) = harness.write();
    let clash = Clash {
        at: Some(now()),
        ..clash()
    };
    harness.hear(Event::Written(ticket, Ok(Outcome::Conflict(vec![clash]))));
    assert_eq!(
        harness.status(),
        "Not done: Ben changed stage of Deal 1 since (10:05), and that stays"
    );
    assert!(harness.app.layers.is_empty());
}

#[test]
fn enter_tells_what_a_step_changed() {
    let mut harness = Harness::on_steps(acts(3), 100, 30);
    harness.asked();
    harness.press("<enter>");
    let asked = queries(&mut harness, |query| match query {
        Query::StepChanges { group, .. } => Some(group),
        _ => None,
    });
    assert_eq!(asked, [StepId([1; 16])]);
    harness.hear(told());
    let text = harness.text();
    for line in [
        "Alpina rollout · deal",
        "Amount: CHF 40,000.00 → CHF 42,000.00",
        "Owner: Ana → Ben",
        "Close: unknown",
    ] {
        if line != "Close: unknown" {
            assert!(text.contains(line), "{line}\n{text}");
        }
    }
}

fn told() -> Event {
    let change =
        |field: &str, old: (Value, Option<String>), new: (Value, Option<String>)| StepChange {
            entity: Entity::Deal,
            record: RecordId::from_raw(1),
            made: 1,
            name: "Alpina rollout".to_owned(),
            field: Some(field.to_owned()),
            custom: None,
            old,
            new,
            currency: Some(chf()),
        };
    let changes = StepChanges {
        group: StepId([1; 16]),
        changes: vec![
            change("amount", (4_000_000.into(), None), (4_200_000.into(), None)),
            change(
                "owner",
                (1.into(), Some("Ana".to_owned())),
                (2.into(), Some("Ben".to_owned())),
            ),
        ],
        total: 12,
    };
    Event::Read(views::STEP_CHANGES, Ok(Answer::StepChanges(changes)))
}

#[test]
fn mine_are_asked_for_first_and_everybodys_on_demand() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("gu");
    assert_eq!(steps_queries(&mut harness)[0].rep, harness.app.me());
    harness.hear(Event::Read(views::STEPS, Ok(Answer::Steps(acts(3)))));
    harness.press("Vevery<enter>");
    assert_eq!(steps_queries(&mut harness)[0].rep, None);
}

#[test]
fn what_a_step_changed_looks_like_this() {
    for (columns, rows) in SIZES.into_iter().chain([SMALL]) {
        let mut harness = Harness::on_steps(acts(3), columns, rows).after("<enter>");
        harness.hear(told());
        let shot = picture(harness.screen());
        insta::assert_snapshot!(format!("steps-told-{columns}x{rows}"), shot);
    }
}

#[test]
fn no_size_is_too_small_for_them() {
    for (columns, rows) in [(1, 1), (40, 10), (41, 11), (300, 90)] {
        let mut harness = Harness::sized(board("1 | 2"), columns, rows);
        harness.app.show_past(Shown::Trash);
        harness.hear(Event::Read(views::TRASH, Ok(Answer::Trash(trash(3)))));
        harness.text();
        harness.app.show_past(Shown::Steps);
        harness.hear(Event::Read(views::STEPS, Ok(Answer::Steps(acts(3)))));
        harness.text();
    }
}

#[test]
fn who_undoes_an_act_that_changed_nothing_is_told_before_another_is_taken_back() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("oBen<enter>");
    let (ticket, ..) = harness.write();
    harness.save(ticket, "Give to Ben Kaya: Deal 1");
    // The book says that it is so already; or the app knows that itself.
    for known in [false, true] {
        if known {
            harness.press("jT");
        } else {
            harness.press("+vip<enter>");
            let (ticket, ..) = harness.write();
            let receipt = Receipt {
                changes: 0,
                ..receipt("Tag vip: Deal 1")
            };
            harness.hear(Event::Written(ticket, Ok(Outcome::Saved(receipt))));
            assert_eq!(
                harness.status(),
                "Tag vip: Deal 1: it is so already, nothing was changed"
            );
        }
        harness.press("u");
        assert_eq!(harness.writes(), []);
        assert_eq!(
            harness.status(),
            "That changed nothing; u again takes back: Give to Ben Kaya: Deal 1"
        );
        harness.press("u");
        let (ticket, commands, _) = harness.write();
        assert_eq!(commands, [Command::Undo(Which::Last)]);
        harness.fail(ticket);
    }
    // Whoever undoes what is on its way means that, not the act before it.
    harness.press("jT>");
    harness.write();
    harness.press("u");
    harness.write();
    // A minute later nobody means that act.
    harness.press("jT");
    harness.at = Instant::from_millis(now().millis() + 61_000);
    harness.press("u");
    harness.write();
}

#[test]
fn a_bulk_act_of_which_all_was_refused_promises_no_undo() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("+vip<enter>");
    let (ticket, ..) = harness.write();
    let mut receipt = Receipt {
        changes: 0,
        ..receipt("Tag vip: 2 deals")
    };
    receipt.kept.push(crate::domain::outcome::Kept {
        entity: Entity::Deal,
        record: RecordId::from_raw(2),
        name: "Deal 2".to_owned(),
        why: "Ben changed it".to_owned(),
    });
    harness.hear(Event::Written(ticket, Ok(Outcome::Saved(receipt))));
    let said = harness.app.notices.all().iter();
    let said: Vec<&str> = said.map(|notice| notice.text.as_str()).collect();
    assert!(
        said.contains(&"Tag vip: 2 deals: nothing was changed"),
        "{said:?}"
    );
    assert!(
        said.iter().all(|said| !said.contains("u undoes")),
        "{said:?}"
    );
}
