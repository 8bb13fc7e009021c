//! Any record, found as its name is typed; the palette.

use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::Entity;
use crate::domain::records::Candidate;
use crate::store::StoreError;
use crate::store::handle::Event;
use crate::store::query::{Answer, FoundRow, FoundRows, Query, Reading};
use crate::tui::app::views;
use crate::tui::for_tests::picture;
use crate::tui::layers::Layer;
use crate::tui::msg::{Effect, Msg};
use crate::tui::screens::Shown;

use super::{Harness, board};

fn row(entity: Entity, raw: i64, name: &str, detail: &str) -> FoundRow {
    FoundRow {
        record: Candidate {
            entity,
            id: RecordId::from_raw(raw),
            name: name.to_owned(),
            detail: Some(detail.to_owned()).filter(|text| !text.is_empty()),
        },
        lead: false,
        matched: None,
        near: None,
    }
}

fn found(text: &str, rows: Vec<FoundRow>) -> FoundRows {
    FoundRows {
        text: text.to_owned(),
        fit: rows.len(),
        rows,
        more: false,
        reading: None,
        done: true,
    }
}

fn people() -> Vec<FoundRow> {
    let mut keller = row(Entity::Contact, 3, "Nora Keller", "Keller & Co");
    keller.matched = Some("n.rothenberg@keller-logistik.example".to_owned());
    let mut lead = row(Entity::Contact, 2, "Sacha Roth", "Roth Metall AG");
    lead.lead = true;
    vec![
        row(Entity::Company, 1, "Roth Metall AG", "Zürich"),
        lead,
        row(
            Entity::Deal,
            4,
            "Rollout for Roth",
            "Proposal · Roth Metall AG",
        ),
        keller,
    ]
}

impl Harness {
    fn answer(&mut self, found: FoundRows) {
        self.hear(Event::Read(views::SEARCH, Ok(Answer::Search(found))));
    }

    fn lately(&mut self, rows: Vec<FoundRow>) {
        self.hear(Event::Read(
            views::LATELY,
            Ok(Answer::Search(found("", rows))),
        ));
    }

    fn searches(&mut self) -> Vec<Query> {
        let reads = self.asked().into_iter().filter_map(|effect| match effect {
            Effect::Read { query, .. } => Some(query),
            _ => None,
        });
        reads
            .filter(|query| matches!(query, Query::Search { .. } | Query::Lately { .. }))
            .collect()
    }
}

#[test]
fn before_something_is_typed_it_shows_what_the_user_works_on() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("<enter><esc>f");
    let asked = harness.searches();
    let [Query::Lately { rep, opened, .. }] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(rep.map(Id::raw), Some(900));
    assert_eq!(opened.as_slice(), [(Entity::Deal, RecordId::from_raw(1))]);
    harness.lately(people());
    harness.press("<down><enter>");
    assert_eq!(harness.app.shown, Shown::Contact);
    harness.press("f");
    let asked = harness.searches();
    let [Query::Lately { opened, .. }] = asked.as_slice() else {
        panic!("{asked:?}")
    };
    assert_eq!(opened[0], (Entity::Contact, RecordId::from_raw(2)));
}

#[test]
fn every_letter_asks_and_only_the_answer_to_what_stands_there_is_shown() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("frx");
    harness.press("<bs>o");
    let asked: Vec<String> = harness
        .searches()
        .into_iter()
        .filter_map(|query| match query {
            Query::Search { text, .. } => Some(text),
            _ => None,
        })
        .collect();
    assert_eq!(asked, ["r", "rx", "r", "ro"]);
    harness.answer(found("rx", vec![row(Entity::Deal, 9, "Late", "")]));
    assert!(!harness.text().contains("Late"));
    harness.answer(found("ro", people()));
    assert!(harness.text().contains("Sacha Roth"));
    harness.press("<bs><bs>");
    assert!(matches!(
        harness.searches().last(),
        Some(Query::Lately { .. })
    ));
}

#[test]
fn an_answer_that_is_told_again_leaves_the_cursor_on_its_record() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("froth");
    harness.answer(found("roth", people()));
    harness.press("<down>");
    let mut more = people();
    more.insert(1, row(Entity::Company, 7, "Rothorn", ""));
    harness.answer(found("roth", more));
    harness.press("<enter>");
    let opened = harness.app.contact.id().map(RecordId::raw);
    assert_eq!(opened, Some(2));
}

#[test]
fn the_best_row_is_under_the_cursor_as_long_as_nobody_moves_it() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("froth");
    harness.answer(found("roth", vec![]));
    let mut near = row(Entity::Contact, 2, "Sacha Roht", "");
    near.near = Some("roht".to_owned());
    harness.answer(found("roth", vec![near]));
    harness.press("<enter>");
    assert_eq!(harness.app.contact.id().map(RecordId::raw), Some(2));
}

#[test]
fn enter_opens_what_was_typed_also_before_that_is_found() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("fro");
    harness.answer(found("ro", vec![row(Entity::Deal, 4, "Rollout", "")]));
    harness.press("th<enter>n");
    assert!(matches!(harness.app.layers.last(), Some(Layer::Find(_))));
    assert!(harness.text().contains("opens it when it is found"));
    // What is found while the copy is still being read may not be the best.
    let mut part = found("roth", vec![row(Entity::Deal, 4, "Rollout", "")]);
    part.reading = Some(Reading { read: 1, of: None });
    part.done = false;
    harness.answer(part);
    assert!(matches!(harness.app.layers.last(), Some(Layer::Find(_))));
    harness.answer(found(
        "roth",
        vec![row(Entity::Contact, 2, "Sacha Roth", "")],
    ));
    assert_eq!(harness.app.contact.id().map(RecordId::raw), Some(2));
    let top = harness.app.layers.last();
    assert!(
        matches!(top, Some(Layer::Form(..))),
        "the key behind it is pressed on the contact: {top:?}"
    );
}

#[test]
fn keys_that_wait_for_what_is_not_found_open_nothing() {
    let waits = || {
        let mut harness = Harness::on(board("1 2 | 3"));
        harness.press("fro");
        harness.answer(found("ro", people()));
        harness.press("x<enter>q");
        harness
    };
    let still_there = |mut harness: Harness| {
        assert!(matches!(harness.app.layers.last(), Some(Layer::Find(_))));
        harness.answer(found("rox", people()));
        assert!(matches!(harness.app.layers.last(), Some(Layer::Find(_))));
    };
    let mut harness = waits();
    harness.answer(found("rox", vec![]));
    still_there(harness);
    let mut harness = waits();
    harness.hear(Event::Read(views::SEARCH, Err(StoreError::Full)));
    still_there(harness);
    let mut harness = waits();
    harness.tell(Msg::Paste("y".to_owned()));
    still_there(harness);
    let mut harness = waits();
    harness.press("<esc>");
    assert!(harness.app.layers.is_empty());
}

#[test]
fn a_row_that_the_cursor_was_moved_to_is_opened_whatever_it_was_found_for() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("fro");
    harness.answer(found("ro", people()));
    harness.press("t<down><enter>");
    assert_eq!(harness.app.contact.id().map(RecordId::raw), Some(2));
}

#[test]
fn a_line_of_the_palette_goes_to_a_screen_and_filters_it() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press(":contacts owner:me");
    assert!(
        harness
            .text()
            .contains("go to Contacts, filtered by owner:me")
    );
    harness.press("<enter>");
    assert_eq!(harness.app.shown, Shown::Contacts);
    let filter = harness.app.screen().filter();
    assert_eq!(filter.map(|filter| filter.text.as_str()), Some("owner:me"));
    harness.press(":pipeline value><enter>");
    assert_eq!(harness.app.shown, Shown::Pipeline);
    assert!(!harness.status().is_empty(), "says why it is no filter");
}

#[test]
fn the_help_is_searched_by_names_keys_and_words_and_runs_what_is_picked() {
    for typed in ["messages", "messa", "what others changed", "!"] {
        let mut harness = Harness::on(board("1 2 | 3"));
        harness.press("?").press(typed).press("<enter>");
        let top = harness.app.layers.last();
        assert!(matches!(top, Some(Layer::Messages(_))), "{typed}: {top:?}");
    }
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("?to-trash<enter>");
    assert_eq!(harness.writes().len(), 1);
    harness.press("?undo");
    let text = harness.text();
    let first = text.lines().find(|line| line.contains('▶')).unwrap();
    assert!(first.contains("Undo my last change"), "{text}");
}

#[test]
fn tab_completes_and_what_was_run_comes_first() {
    let mut harness = Harness::sized(board("1 2 | 3"), 100, 30);
    harness.press(":cont<tab>owner:me<enter>");
    assert_eq!(harness.app.shown, Shown::Contacts);
    harness.press(":messages<enter><esc>:");
    let text = harness.text();
    let row = |what: &str| text.lines().position(|line| line.contains(what)).unwrap();
    assert_eq!(row("messages  "), row("type to find") + 1);
}

#[test]
fn pictures_of_the_search() {
    for (columns, rows) in [(60, 20), (80, 24), (100, 30), (160, 45)] {
        let shot = |name: &str, prepare: &dyn Fn(&mut Harness)| {
            let mut harness = Harness::sized(board("1 2 | 3"), columns, rows);
            prepare(&mut harness);
            let shot = picture(harness.screen());
            insta::assert_snapshot!(format!("find-{name}-{columns}x{rows}"), shot);
        };
        shot("nothing-typed", &|harness| {
            harness.press("f");
            harness.lately(people());
        });
        shot("nothing-lately", &|harness| {
            harness.press("f");
            harness.lately(vec![]);
        });
        shot("typing", &|harness| {
            harness.press("froth");
            let mut found = found("roth", people());
            found.fit = 5_000;
            found.more = true;
            harness.answer(found);
        });
        shot("nothing-found", &|harness| {
            harness.press("fxyzzy");
            harness.answer(found("xyzzy", vec![]));
        });
        shot("still-reading", &|harness| {
            harness.press("froth");
            let mut found = found("roth", vec![people().remove(0)]);
            found.reading = Some(Reading {
                read: 120_000,
                of: Some(1_000_000),
            });
            found.done = false;
            harness.answer(found);
        });
        shot("one-slip", &|harness| {
            harness.press("fsahca");
            let mut near = people().remove(1);
            near.near = Some("sacha".to_owned());
            harness.answer(found("sahca", vec![near]));
        });
    }
}

#[test]
fn no_size_is_too_small_for_the_search() {
    for (columns, rows) in [(40, 10), (3, 3), (1, 1)] {
        let mut harness = Harness::sized(board("1 2 | 3"), 80, 24);
        harness.press("froth");
        harness.answer(found("roth", people()));
        harness.tell(Msg::Resize(columns, rows));
        harness.screen();
    }
}
