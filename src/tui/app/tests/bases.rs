//! Every change of a field says what its author saw there, wherever it is started: somebody else's change in between is a conflict
//! then, and never overwritten unseen.

use std::collections::BTreeSet;

use super::days::busy;
use super::people::{id, record};
use super::setup::deal_record;
use super::*;
use crate::domain::command::{Base, FieldEdit};
use crate::domain::history::ListRow;
use crate::domain::id::RecordId;
use crate::domain::lead::Waiting;
use crate::domain::nouns::Entity;
use crate::domain::records::Record;
use crate::domain::value::Value;
use crate::store::StoreError;
use crate::store::handle::Event;
use crate::store::query::{Answer, Query};
use crate::tui::action::ACTIONS;
use crate::tui::app::views;
use crate::tui::layers::Layer;
use crate::tui::screens::today::state::Panel;

/// Where an act is started.
type Place = (&'static str, fn() -> Harness);

fn on_today(panel: Panel) -> Harness {
    let mut harness = Harness::on_day(busy(), 100, 30);
    harness.show(board("1 | 2"));
    harness.app.today.focus = panel;
    harness
}

const PLACES: &[Place] = &[
    ("the board", || Harness::on(board("1 2 | 3"))),
    ("marked cards", || {
        Harness::on(board("1 2 | 3")).after("<space><space>")
    }),
    ("a deal's popup", || {
        Harness::on(board("1 2 | 3")).after("<enter>")
    }),
    ("the popup of a deal that no screen shows", || {
        let mut harness = Harness::on(board("1 2 | 3"));
        let name = "Rollout".to_owned();
        harness.app.open_record(Entity::Deal, id(77), name);
        harness
    }),
    ("today's steps", || on_today(Panel::Steps)),
    ("today's quiet deals", || on_today(Panel::Rotting)),
    ("today's leads", || on_today(Panel::Waiting)),
    ("since you left", || on_today(Panel::Others)),
    ("leads", || Harness::leads(3, 100, 30)),
    ("contacts", || Harness::listing(3, 100, 30)),
    ("contacts that are marked and not loaded", || {
        Harness::listing(342, 100, 30).after("*")
    }),
    ("companies", || Harness::listing_companies(3, 100, 30)),
    ("a contact", || Harness::on_nora(100, 30)),
    ("a company", || Harness::on_keller(100, 30)),
    ("the trash", || Harness::on_trash(past::trash(3), 100, 30)),
    ("the pipelines", || Harness::setup(setup::setup(), 100, 30)),
];

/// A record as the book holds it: somebody's, in some stage.
fn stored(entity: Entity, of: RecordId) -> Record {
    let owner = ("owner", Value::from(902), Some("Ben"));
    let fields = match entity {
        Entity::Deal => vec![
            owner,
            ("stage", 101.into(), Some("Qualify")),
            ("amount", 500.into(), None),
            ("category", "commit".into(), None),
        ],
        Entity::Contact => vec![owner, ("lead_state", "new".into(), None)],
        _ => vec![owner],
    };
    record(entity, of.raw(), &fields)
}

/// Answers what an act asks before it goes on; false where it asks nothing.
fn answer(harness: &mut Harness, asked: &mut Vec<Effect>) -> bool {
    let fresh = harness.asked();
    let rows = fresh.iter().find_map(|effect| match effect {
        Effect::Read {
            view: views::SEEN,
            query: Query::Rows { entity, ids, .. },
        } => Some((*entity, ids.clone())),
        _ => None,
    });
    asked.extend(fresh);
    let Some((entity, ids)) = rows else {
        return false;
    };
    let row = |of: RecordId| ListRow {
        record: stored(entity, of),
        next_step: None,
        waiting: Waiting::No,
        deal: None,
        firm: None,
    };
    let rows = ids.into_iter().map(row).collect();
    harness.hear(Event::Read(views::SEEN, Ok(Answer::Rows(rows))));
    true
}

/// Runs an action and says yes to all that it asks; gives what it writes. A row that no menu has writes nothing.
fn written(place: fn() -> Harness, action: usize, row: usize) -> Option<Vec<Command>> {
    let mut harness = place();
    let (mut asked, mut menus) = (Vec::new(), 0);
    harness.asked();
    harness.app.run(action);
    harness.tell(Msg::Pause);
    for _ in 0..6 {
        while answer(&mut harness, &mut asked) {}
        match harness.app.layers.last() {
            Some(Layer::Menu(..)) => {
                menus += 1;
                harness.press(&"<down>".repeat(row));
                harness.press("<enter>");
            }
            Some(Layer::Lose(..)) => {
                harness.press("Price<enter>");
            }
            Some(Layer::Sure(..)) => {
                harness.press("y");
            }
            _ => break,
        }
    }
    while answer(&mut harness, &mut asked) {}
    let writes = asked.into_iter().filter_map(|effect| match effect {
        Effect::Write { commands, .. } => Some(commands),
        _ => None,
    });
    (row == 0 || menus > 0).then(|| writes.flatten().collect())
}

/// What a command overwrites without having seen it.
fn unseen(command: &Command) -> Option<String> {
    let edits = |edits: &[FieldEdit]| {
        let blind = edits.iter().find(|edit| edit.base == Base::Unseen);
        blind.map(|edit| edit.field.name())
    };
    match command {
        Command::Edit { edits: all, .. } => edits(all),
        Command::MoveDeal { base: None, .. }
        | Command::WinDeal { base: None, .. }
        | Command::LoseDeal { base: None, .. }
        | Command::ReopenDeal { base: None, .. } => Some("stage".to_owned()),
        _ => None,
    }
}

#[test]
fn every_change_of_a_field_says_what_its_author_saw() {
    let mut wrote: BTreeSet<(&str, &str)> = BTreeSet::new();
    for (name, place) in PLACES {
        let shown = place();
        for (number, action) in ACTIONS.iter().enumerate() {
            if (action.allowed)(&shown.app).is_err() {
                continue;
            }
            for row in 0..3 {
                let Some(commands) = written(*place, number, row) else {
                    break;
                };
                for command in commands {
                    let blind = unseen(&command);
                    assert_eq!(blind, None, "{} from {name}: {command:?}", action.name);
                    wrote.insert((name, action.name));
                }
            }
        }
    }
    // The table is not empty by mistake.
    for (place, action) in [
        ("the board", "win"),
        ("the board", "stage-on"),
        ("marked cards", "forecast"),
        ("the popup of a deal that no screen shows", "lose"),
        ("today's quiet deals", "stage-on"),
        ("since you left", "forecast"),
        ("since you left", "win"),
        ("since you left", "lose"),
        ("since you left", "stage-on"),
        ("leads", "drop"),
        ("contacts", "owner"),
        ("contacts that are marked and not loaded", "owner"),
        ("companies", "owner"),
        ("a contact", "owner"),
    ] {
        assert!(
            wrote.contains(&(place, action)),
            "{action} from {place}: {wrote:?}"
        );
    }
}

#[test]
fn an_act_from_since_you_left_rests_on_what_the_book_says_now() {
    let mut harness = on_today(Panel::Others);
    harness.press("W");
    assert!(harness.app.layers.is_empty());
    // Whoever goes on meanwhile does not change what was meant.
    harness.press("j");
    let mut asked = Vec::new();
    assert!(answer(&mut harness, &mut asked));
    let writes = harness.writes();
    let [(_, commands, _)] = &writes[..] else {
        panic!("{writes:?}")
    };
    let [Command::WinDeal { deal, base, .. }] = &commands[..] else {
        panic!("{commands:?}")
    };
    assert_eq!((deal.raw(), base.map(Id::raw)), (84, Some(101)));
}

#[test]
fn acts_in_quick_succession_on_what_is_not_known_each_have_their_turn() {
    let mut harness = on_today(Panel::Others);
    harness.app.run(place_of("stage-on"));
    harness.app.run(place_of("win"));
    harness.tell(Msg::Pause);
    let mut asked = Vec::new();
    while answer(&mut harness, &mut asked) {}
    let written: Vec<Command> = asked
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Write { commands, .. } => Some(commands),
            _ => None,
        })
        .flatten()
        .collect();
    assert!(
        matches!(
            &written[..],
            [Command::MoveDeal { .. }, Command::WinDeal { .. }]
        ),
        "{written:?}"
    );
}

#[test]
fn what_is_gone_is_not_acted_on_and_a_book_that_does_not_answer_is_told() {
    let mut harness = on_today(Panel::Others);
    harness.press("W");
    harness.hear(Event::Read(views::SEEN, Ok(Answer::Rows(Vec::new()))));
    assert!(harness.writes().is_empty());
    let said = harness.status();
    assert!(said.contains("not in the book any more"), "{said}");
    let mut harness = on_today(Panel::Others);
    harness.press("W");
    harness.hear(Event::Read(views::SEEN, Err(StoreError::Closed)));
    assert!(harness.writes().is_empty());
    assert!(!harness.status().is_empty());
    // It is not done later by itself.
    let rows = vec![ListRow {
        record: deal_record(84),
        next_step: None,
        waiting: Waiting::No,
        deal: None,
        firm: None,
    }];
    harness.hear(Event::Read(views::SEEN, Ok(Answer::Rows(rows))));
    assert!(harness.writes().is_empty());
}

fn place_of(name: &str) -> usize {
    ACTIONS
        .iter()
        .position(|action| action.name == name)
        .unwrap()
}
