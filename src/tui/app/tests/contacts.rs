//! The list of contacts and a contact: what keys ask of the book.

use crate::domain::command::{Command, Input, Origin};
use crate::domain::history::{History, Holder, Sort};
use crate::domain::nouns::{Entity, Field, FieldDef, activity};
use crate::domain::records::Candidate;
use crate::domain::value::Value;
use crate::store::handle::Event;
use crate::store::query::{Answer, HistoryQuery, HoldersQuery, ListQuery, Query};
use crate::tui::app::views;
use crate::tui::layers::{FormOf, Layer};
use crate::tui::msg::Effect;
use crate::tui::screens::{Screen, Shown};

use super::people::{done, id, lively};
use super::{Harness, change};

fn queries(harness: &mut Harness) -> Vec<Query> {
    harness
        .asked()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Read { query, .. } => Some(query),
            _ => None,
        })
        .collect()
}

fn list(harness: &mut Harness) -> ListQuery {
    let found = queries(harness)
        .into_iter()
        .rev()
        .find_map(|query| match query {
            Query::Order(list) => Some(list),
            _ => None,
        });
    found.unwrap()
}

fn history(harness: &mut Harness) -> HistoryQuery {
    let found = queries(harness)
        .into_iter()
        .rev()
        .find_map(|query| match query {
            Query::History(history) => Some(history),
            _ => None,
        });
    found.unwrap()
}

/// The value that a command gives a field.
fn given(command: &Command, def: &'static FieldDef) -> Option<Value> {
    let fields: Vec<(Field, Input)> = match command {
        Command::Create(create) => create.fields.clone(),
        Command::Edit { edits, .. } => edits
            .iter()
            .map(|edit| (edit.field, edit.new.clone()))
            .collect(),
        _ => Vec::new(),
    };
    fields.into_iter().find_map(|(field, input)| match input {
        Input::Value(value) if field == Field::Own(def) => Some(value),
        _ => None,
    })
}

#[test]
fn each_screen_keeps_its_state_and_only_the_one_in_sight_asks() {
    let mut harness = Harness::listing(50, 100, 30);
    harness.press("jjj<space>");
    harness.asked();
    harness.press("3");
    assert!(matches!(queries(&mut harness)[..], [Query::Board(_)]));
    harness.hear(Event::Others(vec![change(1, "Move")]));
    assert!(matches!(queries(&mut harness)[..], [Query::Board(_)]));
    harness.press("4");
    assert!(matches!(queries(&mut harness)[..], [Query::Order(_)]));
    assert_eq!(harness.app.contacts.cursor, 4);
    assert_eq!(harness.app.contacts.marked(), 1);
    assert_eq!(harness.app.shown, Shown::Contacts);
}

#[test]
fn a_list_of_a_hundred_thousand_reads_only_what_comes_into_sight() {
    let mut harness = Harness::at_contacts(100, 30);
    harness.order(&(1..=100_000).collect::<Vec<_>>());
    harness.effects.clear();
    for (keys, seen) in [
        ("G", 99_999),
        ("gg", 0),
        ("<pgdn><pgdn><pgdn><pgdn><pgdn><pgdn>", 132),
    ] {
        harness.press(keys);
        let read = harness.answer_rows();
        assert!(read <= 400, "{keys}: {read} rows");
        assert_eq!(harness.app.contacts.cursor, seen, "{keys}");
        let under = harness.app.contacts.under_cursor().unwrap();
        assert!(harness.app.contacts.row(under).is_some(), "{keys}");
    }
}

#[test]
fn the_cursor_stays_on_its_contact_when_the_list_changes() {
    let mut harness = Harness::listing(5, 100, 30);
    harness.press("jj");
    harness.order(&[9, 8, 1, 2, 3, 4, 5]);
    assert_eq!(harness.app.contacts.under_cursor(), Some(id(3)));
    harness.order(&[9, 8, 1, 2]);
    assert_eq!(
        harness.app.contacts.cursor, 3,
        "what is gone leaves its place"
    );
}

#[test]
fn sorting_again_by_the_same_turns_the_order_round() {
    let mut harness = Harness::listing(5, 100, 30);
    harness.press("SLast touch<enter>");
    assert_eq!(list(&mut harness).sort[0], ("last_touch".to_owned(), true));
    harness.press("SLast touch<enter>");
    assert_eq!(list(&mut harness).sort[0], ("last_touch".to_owned(), false));
}

#[test]
fn the_filter_is_the_language_of_every_screen() {
    let mut harness = Harness::listing(5, 100, 30);
    harness.press("/owner:me");
    let asked = list(&mut harness);
    assert_eq!(
        asked.filter.map(|filter| filter.to_string()).as_deref(),
        Some("owner:me")
    );
    harness.press("<esc>");
    assert_eq!(list(&mut harness).filter, None);
}

#[test]
fn marked_contacts_change_as_one_step() {
    for (keys, commands) in [
        ("oBen<enter>", 3),
        ("+vip -old<enter>", 6),
        ("#", 3),
        ("sworking<enter>", 3),
    ] {
        let mut harness = Harness::listing(5, 100, 30);
        harness.press("<space><space><space>");
        harness.press(keys);
        let (_, asked, origin) = harness.write();
        assert_eq!((asked.len(), origin), (commands, Origin::Bulk), "{keys}");
        assert_eq!(harness.app.contacts.marked(), 0, "{keys}");
    }
}

#[test]
fn a_trashed_contact_leaves_at_once_and_comes_back_when_the_book_says_no() {
    let mut harness = Harness::listing(5, 100, 30);
    harness.press("jj#");
    let (ticket, ..) = harness.write();
    let ids = |harness: &Harness| -> Vec<i64> {
        harness
            .app
            .contacts
            .ids()
            .iter()
            .map(|id| id.raw())
            .collect()
    };
    assert_eq!(ids(&harness), [1, 2, 4, 5]);
    // An answer from before the act does not bring it back.
    harness.order(&[1, 2, 3, 4, 5]);
    assert_eq!(ids(&harness), [1, 2, 4, 5]);
    harness.fail(ticket);
    assert_eq!(ids(&harness), [1, 2, 3, 4, 5]);
}

#[test]
fn a_contact_opens_from_the_list_and_its_neighbours_are_a_key_away() {
    let mut harness = Harness::listing(3, 100, 30);
    harness.press("j");
    harness.asked();
    harness.press("<enter>");
    let asked = queries(&mut harness);
    assert!(
        matches!(asked[..], [Query::Profile { of, .. }, Query::History(_)] if of.record() == id(2))
    );
    harness.press(".");
    assert_eq!(history(&mut harness).of.record(), id(3));
    harness.press(".");
    assert!(
        harness.status().contains("last contact"),
        "{}",
        harness.status()
    );
    harness.press(",,");
    assert_eq!(history(&mut harness).of.record(), id(1));
    harness.press("<esc>");
    assert_eq!(harness.app.shown, Shown::Contacts);
    assert_eq!(harness.app.contacts.cursor, 0, "the list went along");
}

#[test]
fn a_call_is_logged_in_three_keys_with_its_outcome() {
    let mut harness = Harness::on_nora(100, 30);
    harness.press("cn<enter>");
    let (ticket, commands, _) = harness.write();
    let [call] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    let told = [
        (&activity::KIND, "call".into()),
        (&activity::OUTCOME, "no answer".into()),
        (&activity::CONTACT, Value::from(id(1))),
        (&activity::COMPANY, Value::from(id(600))),
        (&activity::PERFORMER, Value::from(id(900))),
        (&activity::DONE_AT, Value::from(harness.at)),
    ];
    for (def, value) in told {
        assert_eq!(given(call, def), Some(value), "{}", def.name);
    }
    // It is seen in the same frame, as something that is not saved yet.
    assert!(harness.text().contains("◌ 10:05"), "{}", harness.text());
    harness.save(ticket, "Log call on Nora Keller");
    assert!(!harness.text().contains("◌"), "{}", harness.text());
    let mut next = lively();
    next.happened
        .insert(0, done(90, "call", "", "2026-11-24 10:05"));
    harness.history(1, next);
    assert_eq!(
        harness.text().matches("10:05").count(),
        1,
        "it stands there once"
    );
}

#[test]
fn the_next_step_is_planned_in_the_gesture_of_the_call() {
    for (due, date, moment) in [
        ("fri", Some("2026-11-27"), None),
        ("+3d", Some("2026-11-27"), None),
        ("24.12. 14:00", None, Some("2026-12-24 14:00")),
    ] {
        let mut harness = Harness::on_nora(100, 30);
        harness.press("cr<tab>Wants an offer<tab>Send it<tab>");
        harness.press(due);
        harness.press("<enter>");
        let (_, commands, _) = harness.write();
        let [call, next] = commands.as_slice() else {
            panic!("{commands:?}")
        };
        assert_eq!(
            given(call, &activity::SUBJECT),
            Some("Wants an offer".into())
        );
        assert_eq!(given(call, &activity::DUE_DATE), None);
        assert_eq!(given(next, &activity::SUBJECT), Some("Send it".into()));
        assert_eq!(given(next, &activity::KIND), Some("task".into()));
        assert_eq!(given(next, &activity::CONTACT), Some(Value::from(id(1))));
        assert_eq!(
            given(next, &activity::DUE_DATE),
            date.map(Value::from),
            "{due}"
        );
        let at = moment.map(|text| Value::from(super::people::at(text)));
        assert_eq!(given(next, &activity::DUE_AT), at, "{due}");
        assert_eq!(given(next, &activity::DONE_AT), None);
    }
}

#[test]
fn a_planned_activity_is_done_with_d_and_nothing_else_is() {
    // Of a meeting it is asked how it went, here as on Today.
    let mut harness = Harness::on_nora(100, 30);
    harness.press("d");
    assert!(harness.writes().is_empty());
    let opened = harness.app.layers.last();
    assert!(
        matches!(opened, Some(Layer::Opening(opening)) if opening.of == FormOf::Done(id(71))),
        "{opened:?}"
    );
    let mut harness = Harness::on_nora(100, 30);
    let mut history = lively();
    history.planned[0].kind = "task".to_owned();
    harness.history(1, history);
    harness.press("d");
    let (_, commands, _) = harness.write();
    let [Command::Edit { entity, target, .. }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!((*entity, *target), (Entity::Activity, id(71).into()));
    assert_eq!(
        given(&commands[0], &activity::DONE_AT),
        Some(Value::from(harness.at))
    );
    harness.press("jd");
    assert!(harness.writes().is_empty());
    assert_eq!(harness.status(), "Nothing planned is under the cursor");
}

#[test]
fn the_timeline_pages_through_ten_thousand_and_asks_for_each_page_once() {
    let mut harness = Harness::on_nora(100, 30);
    let page = |from: i64| -> Vec<_> {
        (from..from + 200)
            .rev()
            .map(|raw| done(raw, "note", &format!("Note {raw}"), "2026-11-20 09:30"))
            .collect()
    };
    let first = History {
        happened: page(9_800),
        more: true,
        ..History::default()
    };
    harness.history(1, first);
    harness.asked();
    let mut pages = 1;
    while harness.app.contact.happened.len() < 10_000 {
        harness.press("<pgdn>");
        for effect in harness.asked() {
            if let Effect::Read {
                view,
                query: Query::History(query),
            } = effect
            {
                assert_eq!(view, views::EARLIER);
                let last = query.before.unwrap();
                let more = History {
                    of: Some(query.of),
                    part: query.part,
                    before: query.before,
                    happened: page(last.id - 200),
                    more: last.id > 200,
                    ..History::default()
                };
                pages += 1;
                harness.hear(Event::Read(view, Ok(Answer::History(more))));
            }
        }
    }
    assert_eq!(pages, 50);
    harness.press("G");
    let last = harness.app.contact.happened.last().unwrap().mark.id;
    assert_eq!((last, harness.app.contact.cursor), (0, 9_999));
}

#[test]
fn the_very_end_of_a_long_timeline_is_one_key_away() {
    let mut harness = Harness::on_nora(100, 30);
    let first = History {
        happened: vec![done(12_000, "note", "Newest", "2026-11-20 09:30")],
        more: true,
        ..History::default()
    };
    harness.history(1, first);
    // The next page is on its way already when somebody wants all of it.
    harness.press("G");
    let mut asked = Vec::new();
    for rest in [8_000, 0] {
        let query = history(&mut harness);
        asked.push(query.limit);
        let more = History {
            of: Some(query.of),
            part: query.part,
            before: query.before,
            happened: vec![done(rest, "note", "Older", "2025-11-20 09:30")],
            more: rest > 0,
            ..History::default()
        };
        harness.hear(Event::Read(views::EARLIER, Ok(Answer::History(more))));
    }
    assert_eq!(harness.app.contact.cursor, 2);
    assert!(asked[0] < asked[1], "{asked:?}");
}

#[test]
fn a_page_of_another_contact_is_not_taken_for_this_one() {
    let mut harness = Harness::on_nora(100, 30);
    harness.press(".");
    harness.history(1, lively());
    assert!(harness.app.contact.happened.is_empty());
    harness.profile(1, "Nora Keller");
    assert!(harness.app.contact.record().is_none());
}

#[test]
fn the_timeline_is_narrowed_by_kind_and_by_words_and_esc_widens_it_again() {
    let mut harness = Harness::on_nora(100, 30);
    harness.press("VCalls<enter>");
    assert_eq!(history(&mut harness).part.sorts, [Sort::Call]);
    harness.press("/Réf x<enter>");
    assert_eq!(history(&mut harness).part.words, ["ref", "x"]);
    harness.press("<esc>");
    assert_eq!(history(&mut harness).part.words, Vec::<String>::new());
    harness.press("<esc>");
    assert!(history(&mut harness).part.is_all());
    harness.press("<esc>");
    assert_eq!(harness.app.shown, Shown::Contacts);
}

#[test]
fn what_is_copied_of_a_contact_goes_to_the_clipboard() {
    let mut harness = Harness::on_nora(100, 30);
    for (keys, text) in [("ye", "nora@keller.ch"), ("yp", "+41 41 555 01 77")] {
        harness.press(keys);
        assert!(
            harness.asked().contains(&Effect::Copy(text.to_owned())),
            "{keys}"
        );
    }
}

#[test]
fn a_long_text_opens_in_full_and_a_deal_in_its_popup() {
    let mut harness = Harness::on_nora(100, 30);
    harness.press("j<enter>");
    assert!(
        harness.text().contains("service contract?"),
        "{}",
        harness.text()
    );
    harness.press("<esc><tab><enter>");
    let asked = queries(&mut harness);
    assert!(asked.iter().any(
        |query| matches!(query, Query::Show { entity: Entity::Deal, id: of } if *of == id(81))
    ));
}

#[test]
fn an_address_that_another_contact_has_is_said_before_it_is_saved() {
    let mut harness = Harness::listing(5, 100, 30);
    harness.press("a");
    harness.hear(Event::Read(
        views::COMPANIES,
        Ok(Answer::Choices(Vec::new())),
    ));
    harness.asked();
    harness.press("Nora<enter><enter><enter>nora@keller.ch");
    let asked = queries(&mut harness);
    let Some(Query::Holders(HoldersQuery { emails, .. })) = asked.last() else {
        panic!("{asked:?}")
    };
    assert_eq!(emails, &["nora@keller.ch"]);
    let holder = Holder {
        element: "nora@keller.ch".to_owned(),
        who: Candidate {
            entity: Entity::Contact,
            id: id(77),
            name: "Nora Keller".to_owned(),
            detail: Some("Keller & Co".to_owned()),
        },
    };
    harness.hear(Event::Read(
        views::HOLDERS,
        Ok(Answer::Holders(vec![holder])),
    ));
    let text = harness.text();
    assert!(text.contains("Nora Keller (Keller & Co) has"), "{text}");
    // It is a doubt, no fault: two people may share an address.
    harness.press("<c-s>");
    assert_eq!(harness.writes().len(), 1);
}

#[test]
fn what_is_planned_and_leaves_comes_back_when_the_book_says_no() {
    let mut harness = Harness::on_nora(100, 30);
    harness.press("#");
    let (ticket, ..) = harness.write();
    assert!(!harness.text().contains("Rollout plan"));
    harness.fail(ticket);
    assert!(harness.text().contains("Rollout plan"));
}
