//! Layers, forms, leaving, pastes: what happens around the board.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use crate::domain::command::{Base, Command, Input};
use crate::domain::id::Id;
use crate::domain::nouns::Entity;
use crate::domain::pipeline::StageKind;
use crate::domain::records::{Candidate, Deal};
use crate::domain::time::Instant;
use crate::domain::value::Value;
use crate::store::StoreError;
use crate::store::handle::{Event, Health, View};
use crate::store::query::{Answer, FoundRow, FoundRows, Query};
use crate::tui::app::{Book, views};
use crate::tui::for_tests::keys;
use crate::tui::layers::Layer;
use crate::tui::msg::{Effect, Msg};
use crate::tui::screens::Shown;

use super::{Harness, board, choice, info};

fn mouse(harness: &mut Harness, kind: MouseEventKind, column: u16, row: u16) {
    harness.tell(Msg::Mouse(MouseEvent {
        kind,
        column,
        row,
        modifiers: crossterm::event::KeyModifiers::NONE,
    }));
}

const DOWN: MouseEventKind = MouseEventKind::Down(MouseButton::Left);
const DRAG: MouseEventKind = MouseEventKind::Drag(MouseButton::Left);
const UP: MouseEventKind = MouseEventKind::Up(MouseButton::Left);

/// What a book was asked for, in order. Half-written forms wait until the screen is asked for: `None`.
fn asked_for(harness: &mut Harness) -> Vec<Option<View>> {
    let view = |effect| match effect {
        Effect::Read { view, .. } => Some(view),
        Effect::Recall(book) if book == info().book => None,
        other => panic!("{other:?}"),
    };
    harness.asked().into_iter().map(view).collect()
}

#[test]
fn a_book_that_opens_is_asked_for_its_board_and_then_for_what_nobody_sees_at_once() {
    let mut harness = Harness::opening(100, 30);
    harness.hear(Event::Opened(Box::new(info())));
    let asked = [
        views::ME,
        views::REPS,
        views::REASONS,
        views::BOARD,
        views::FIELDS,
        views::VIEWS,
    ]
    .map(Some);
    assert_eq!(asked_for(&mut harness), [&asked[..], &[None]].concat());
}

#[test]
fn a_day_is_asked_for_as_soon_as_it_is_known_whose_it_is_and_before_all_else() {
    for known in [true, false] {
        let mut harness = Harness::opening(100, 30);
        harness.app.shown = Shown::Today;
        harness.hear(Event::Opened(Box::new(info())));
        let first = [views::ME, views::REPS, views::REASONS].map(Some);
        assert_eq!(asked_for(&mut harness), [&first[..], &[None]].concat());
        if known {
            harness.know_me();
        } else {
            harness.hear(Event::Read(views::ME, Err(StoreError::Busy)));
        }
        let then = [views::TODAY, views::FIELDS, views::VIEWS].map(Some);
        assert_eq!(asked_for(&mut harness), then, "{known}");
        // Who acts is said again later: then all else is known.
        harness.know_me();
        assert_eq!(asked_for(&mut harness), [Some(views::TODAY)]);
    }
}

#[test]
fn a_sequence_of_keys_waits_and_shows_what_may_follow() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("jy");
    assert!(harness.app.waits_for_keys());
    harness.tell(Msg::Pause);
    assert!(!harness.app.waits_for_keys());
    assert!(harness.text().contains("Copy its id"));
    harness.press("t");
    assert!(harness.asked().contains(&Effect::Copy("Deal 2".to_owned())));
    harness.press("g<esc>");
    assert!(!harness.app.waits_for_keys());
}

#[test]
fn keys_that_mean_nothing_say_so() {
    let mut harness = Harness::on(board("1 | 2"));
    harness.press("gz");
    assert_eq!(harness.status(), "g z means nothing here; ? lists the keys");
    harness.press("5");
    assert_eq!(
        harness.status(),
        "Tickets is not built yet; 2 are the leads, 3 is the pipeline, 4 the contacts"
    );
}

#[test]
fn a_paste_that_the_terminal_did_not_mark_runs_nothing() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.tell(Msg::Keys(keys("Wolf Weber, Xanten")));
    assert!(harness.writes().is_empty());
    assert!(harness.status().contains("came at once"));
    harness.tell(Msg::Keys(keys("jjjjjjjjjj")));
    assert_eq!(harness.cards(), "1 >2 | 3", "a held key is typing");
    harness.press("/");
    harness.tell(Msg::Keys(keys("Wolf Weber")));
    assert_eq!(
        harness.app.board.filter.as_ref().unwrap().text,
        "Wolf Weber"
    );
}

#[test]
fn the_filter_is_live_and_esc_brings_the_old_one_back() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("/x");
    assert!(harness.board_query().unwrap().filter.is_some());
    harness.press("<enter>/ y");
    assert_eq!(harness.app.board.filter.as_ref().unwrap().text, "x y");
    harness.press("<esc>");
    assert_eq!(harness.app.board.filter.as_ref().unwrap().text, "x");
    assert!(harness.app.layers.is_empty());
}

#[test]
fn what_is_no_filter_is_told_and_not_applied() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("/x (");
    harness.tell(Msg::Pause);
    let text = harness.text();
    let Some(Layer::Filter(bar)) = harness.app.layers.last() else {
        panic!("the bar stays")
    };
    assert!(bar.fault.is_some(), "{text}");
    harness.press("<enter>");
    assert!(!harness.app.layers.is_empty(), "a fault is not kept");
}

#[test]
fn owners_are_given_with_the_base_that_was_seen() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("oBen<enter>");
    let (_, commands, _) = harness.write();
    let [Command::Edit { edits, .. }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(edits[0].base, Base::Seen(Value::Int(900)));
    assert_eq!(edits[0].new, Input::Value(Value::Int(901)));
    assert_eq!(harness.cards(), ">?1 2 | 3");
    harness.press("jT");
    assert_eq!(harness.status(), "It is so already; nothing was changed");
}

#[test]
fn who_has_not_said_who_they_are_is_asked_when_it_matters() {
    let mut harness = Harness::opening(100, 30);
    harness.hear(Event::Opened(Box::new(info())));
    let reps = Answer::Choices(vec![choice(900, "Ana Meier"), choice(901, "Ben Kaya")]);
    harness.hear(Event::Read(views::REPS, Ok(reps)));
    harness.show(board("1 2 | 3"));
    harness.asked();
    harness.press("T");
    assert!(matches!(harness.app.layers.last(), Some(Layer::Me(..))));
    harness.press("Ben<enter>");
    assert_eq!(harness.app.me(), Some(Id::from_raw(901)));
    assert_eq!(harness.write().1.len(), 1);
}

#[test]
fn a_form_opens_when_its_choices_are_there_and_what_was_typed_meanwhile_goes_into_it() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("aRollout");
    for view in [views::COMPANIES, views::CONTACTS] {
        harness.hear(Event::Read(view, Ok(Answer::Choices(Vec::new()))));
        assert!(matches!(harness.app.layers.last(), Some(Layer::Opening(_))));
    }
    let mut stage = choice(101, "Qualify");
    stage.kind = Some(StageKind::Open);
    harness.hear(Event::Read(views::STAGES, Ok(Answer::Choices(vec![stage]))));
    assert!(matches!(harness.app.layers.last(), Some(Layer::Form(..))));
    harness.press("<c-s>");
    let (ticket, commands, _) = harness.write();
    let Some(Command::Create(create)) = commands.last() else {
        panic!("{commands:?}")
    };
    let title = (
        (&crate::domain::nouns::deal::TITLE).into(),
        Input::Value(Value::from("Rollout")),
    );
    assert!(create.fields.contains(&title), "{create:?}");
    assert!(harness.app.layers.is_empty());
    harness.fail(ticket);
    assert!(
        matches!(harness.app.layers.last(), Some(Layer::Form(..))),
        "the text comes back"
    );
}

#[test]
fn a_form_that_is_left_keeps_what_was_typed() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("nCalled, no answer<esc>");
    assert!(harness.app.layers.is_empty() && harness.writes().is_empty());
    harness.press("n");
    assert!(harness.text().contains("Called, no answer"));
    harness.press("<esc>jn");
    assert!(
        !harness.text().contains("Called, no answer"),
        "another deal's"
    );
}

#[test]
fn a_call_is_logged_in_a_few_keys() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("cAsked for references<enter>");
    let (ticket, commands, _) = harness.write();
    let [Command::Create(create)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    assert_eq!(create.entity, Entity::Activity);
    assert_eq!(harness.cards(), ">?1 2 | 3");
    harness.save(ticket, "Log call on Deal 1");
    assert_eq!(harness.cards(), ">1 2 | 3");
}

#[test]
fn a_next_step_is_planned_with_a_date_as_people_type_it() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("tSend the offer<tab>fri<c-s>");
    let (_, commands, _) = harness.write();
    let [Command::Create(create)] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    let field = |name: &str| {
        let found = create.fields.iter().find(|(field, _)| field.name() == name);
        found.map(|(_, input)| input.clone())
    };
    assert_eq!(field("kind"), Some(Input::Value(Value::from("task"))));
    assert_eq!(
        field("due_date"),
        Some(Input::Value(Value::from("2026-11-27")))
    );
    assert_eq!(field("deal"), Some(Input::Value(Value::Int(1))));
    assert_eq!(field("performer"), Some(Input::Value(Value::Int(900))));
    assert_eq!(field("done_at"), None);
}

#[test]
fn a_record_that_was_found_opens() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("falp");
    let searched = harness.asked().into_iter().any(|effect| {
        matches!(effect, Effect::Read { query: Query::Search { text, .. }, .. } if text == "alp")
    });
    assert!(searched);
    let record = Candidate {
        entity: Entity::Company,
        id: Id::<Deal>::from_raw(600).record(),
        name: "Alpina AG".to_owned(),
        detail: None,
    };
    let row = FoundRow {
        record,
        lead: false,
        matched: None,
        near: None,
    };
    let found = FoundRows {
        text: "alp".to_owned(),
        rows: vec![row],
        ..FoundRows::default()
    };
    harness.hear(Event::Read(views::SEARCH, Ok(Answer::Search(found))));
    assert!(harness.text().contains("Alpina AG"));
    harness.press("<enter>");
    let asked = harness.asked().into_iter().any(|effect| {
        matches!(effect, Effect::Read { query: Query::Profile { of, .. }, .. } if of.entity() == Entity::Company)
    });
    assert!(asked);
    assert_eq!(harness.app.shown, Shown::Company);
    assert!(harness.text().contains("Alpina AG"));
}

#[test]
fn acts_in_a_deals_popup_are_about_that_deal() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("<space><enter>W");
    let (_, commands, _) = harness.write();
    assert!(matches!(commands.as_slice(), [Command::WinDeal { deal, .. }] if deal.raw() == 2));
}

#[test]
fn the_palette_finds_an_action_by_its_words_and_runs_it() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press(":win the<enter>");
    assert!(matches!(harness.write().1[0], Command::WinDeal { .. }));
    harness.press(":next pipe");
    assert!(harness.text().contains("no other pipeline"), "says why not");
}

#[test]
fn the_help_lists_the_keys_that_count_here() {
    let mut harness = Harness::sized(board("1 2 | 3"), 100, 30);
    harness.press("?lose");
    assert!(
        harness
            .text()
            .contains("Lose the deal; asks why in the same gesture")
    );
}

#[test]
fn undo_and_redo_say_what_they_did_or_that_there_was_nothing() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("u");
    let (ticket, commands, _) = harness.write();
    assert!(matches!(commands[0], Command::Undo(_)));
    harness.save(ticket, "Undo: Move Deal 1 to Proposal");
    assert_eq!(
        harness.status(),
        "Undo: Move Deal 1 to Proposal · U redoes it"
    );
    harness.press("U");
    let (ticket, ..) = harness.write();
    let nothing = Ok(crate::domain::outcome::Outcome::Nothing);
    harness.hear(Event::Written(ticket, nothing));
    assert_eq!(harness.status(), "Nothing to redo");
}

#[test]
fn what_menus_offer_is_read_anew_after_an_undo_too() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("u");
    let (ticket, ..) = harness.write();
    harness.save(ticket, "Undo: Rename the lost reason Price");
    let views: Vec<_> = (harness.asked().into_iter())
        .filter_map(|effect| match effect {
            Effect::Read { view, .. } => Some(view),
            _ => None,
        })
        .collect();
    for kept in [views::REASONS, views::VIEWS, views::FIELDS] {
        assert!(views.contains(&kept), "{kept:?}");
    }
}

#[test]
fn leaving_waits_for_what_is_on_its_way() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press(">");
    let (ticket, ..) = harness.write();
    harness.press("q");
    assert!(!harness.asked().contains(&Effect::Quit));
    assert!(harness.text().contains("before leaving"));
    harness.press("<esc>q");
    harness.save(ticket, "Move Deal 1");
    assert!(harness.asked().contains(&Effect::Quit));
}

#[test]
fn q_leaves_at_once_when_nothing_is_on_its_way_and_closes_a_popup_first() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("<enter>q");
    assert!(!harness.asked().contains(&Effect::Quit));
    harness.press("q");
    assert!(harness.asked().contains(&Effect::Quit));
}

#[test]
fn how_things_stand_with_the_book_is_in_the_first_line() {
    let mut harness = Harness::on(board("1 | 2"));
    assert!(harness.text().lines().next().unwrap().ends_with("Ana ●"));
    let since = Instant::from_millis(harness.at.millis() - 3_200);
    harness.hear(Event::Health(Health::Waiting { since }));
    assert!(
        harness
            .text()
            .contains("◐ waiting for a colleague's lock 3s")
    );
}

#[test]
fn without_a_book_the_app_asks_makes_one_and_sets_it_up() {
    let mut harness = Harness::opening(100, 30);
    let path = "team.db".into();
    harness.hear(Event::NotOpened(StoreError::Missing { path }));
    assert!(matches!(harness.app.layers.last(), Some(Layer::Welcome(_))));
    harness.press("<c-s>");
    let asked = harness.asked();
    let Some(Effect::Create(path, new)) = asked.last() else {
        panic!("{asked:?}")
    };
    assert_eq!((path.as_str(), new.name.as_str()), ("~/team.db", "team"));
    harness.tell(Msg::Created(Ok(())));
    assert!(harness.app.layers.is_empty());
    harness.hear(Event::Opened(Box::new(info())));
    let (_, commands, _) = harness.write();
    let made = |noun| {
        let is = |command: &&Command| matches!(command, Command::Create(create) if create.entity == noun);
        commands.iter().filter(is).count()
    };
    assert_eq!((made(Entity::Pipeline), made(Entity::Stage)), (1, 6));
    assert!(made(Entity::LostReason) > 3);
}

#[test]
fn a_book_that_cannot_be_made_is_told_where_it_was_asked_for() {
    let mut harness = Harness::opening(100, 30);
    let missing = StoreError::Missing {
        path: "team.db".into(),
    };
    harness.hear(Event::NotOpened(missing));
    harness.press("<c-s>");
    let exists = StoreError::Exists {
        path: "team.db".into(),
    };
    harness.tell(Msg::Created(Err(exists)));
    assert!(harness.text().contains("team.db is there already."));
    assert!(matches!(harness.app.book, Book::Closed));
}

#[test]
fn a_book_that_is_broken_is_told_with_what_to_do() {
    let mut harness = Harness::opening(100, 30);
    harness.hear(Event::NotOpened(StoreError::Newer {
        path: "team.db".into(),
        found: "2.0".to_owned(),
        known: 1,
    }));
    let text = harness.text();
    let text = text.replace('║', " ");
    let words: Vec<&str> = text.split_whitespace().collect();
    assert!(words.join(" ").contains("Install a newer clinch."));
    harness.press("a");
    assert_eq!(harness.status(), "No book is open");
    harness.press("q");
    assert!(harness.asked().contains(&Effect::Quit));
}

#[test]
fn the_mouse_selects_opens_drags_and_scrolls() {
    let mut harness = Harness::on(board("1 2 3 | 4 | "));
    // Cards begin in row 4, four rows each; columns are 33 wide.
    mouse(&mut harness, DOWN, 5, 9);
    mouse(&mut harness, UP, 5, 9);
    assert_eq!(harness.cards(), "1 >2 3 | 4 | ");
    harness.at = Instant::from_millis(harness.at.millis() + 100);
    mouse(&mut harness, DOWN, 5, 9);
    assert!(matches!(harness.app.layers.last(), Some(Layer::Detail(_))));
    harness.press("<esc>");
    mouse(&mut harness, DOWN, 5, 4);
    mouse(&mut harness, DRAG, 80, 10);
    mouse(&mut harness, UP, 80, 10);
    assert_eq!(harness.cards(), "2 3 | 4 | >?1");
    mouse(&mut harness, DOWN, 40, 4);
    mouse(&mut harness, UP, 40, 4);
    assert_eq!(harness.cards(), "2 3 | >4 | ?1");
    assert_eq!(harness.writes().len(), 1);
}

#[test]
fn the_click_that_brings_the_window_to_the_front_does_nothing_else() {
    let mut harness = Harness::on(board("1 2 3 | 4"));
    harness.tell(Msg::Focus(true));
    mouse(&mut harness, DOWN, 5, 9);
    assert_eq!(harness.cards(), ">1 2 3 | 4");
    harness.at = Instant::from_millis(harness.at.millis() + 500);
    mouse(&mut harness, DOWN, 5, 9);
    assert_eq!(harness.cards(), "1 >2 3 | 4");
}

#[test]
fn keys_in_the_footer_can_be_clicked() {
    let mut harness = Harness::on(board("1 2 | 3"));
    let footer = harness.text().lines().last().unwrap().to_owned();
    let at = footer.find("W won").unwrap();
    let column = u16::try_from(footer[..at].chars().count()).unwrap();
    mouse(&mut harness, DOWN, column, 29);
    assert!(matches!(harness.write().1[0], Command::WinDeal { .. }));
}

#[test]
fn percent_leaves_the_mouse_to_the_terminal_and_takes_it_back() {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("%%");
    assert_eq!(harness.asked(), [Effect::Mouse(false), Effect::Mouse(true)]);
}
