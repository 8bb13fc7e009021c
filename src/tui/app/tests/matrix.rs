//! Pictures of every screen in every state, as text and as runs of styles. One table names them; a screen that is not in it, or a state
//! without a picture or a reason, makes a test fail.
//!
//! | state | what it is |
//! |---|---|
//! | empty | the book has answered that there is nothing |
//! | loading | it was asked and has not answered for a while |
//! | one | one record |
//! | many | more than there is room for, some marked, one changed by somebody else |
//! | error | it could not be read, and never was before |
//! | stale | it was read, and could not be read again |
//! | pending | something is on its way to the book |
//! | conflict | somebody changed the same field meanwhile |

use crate::domain::history::{Firm, History, Profile};
use crate::domain::nouns::Entity;
use crate::domain::past::Trash;
use crate::domain::setup::SalesProcess;
use crate::domain::value::Value;
use crate::store::handle::Event;
use crate::tui::app::views;
use crate::tui::for_tests::picture;
use crate::tui::screens::Shown;

use super::days::{busy, day, empty};
use super::firms::{company, joint, keller};
use super::past::{acts, trash};
use super::people::{at, id, lively as lively_history};
use super::pictures::{crowded, lively};
use super::setup::setup;
use super::shots::{MIDDLE, SIZES, SMALL, TINY, owner_clash};
use super::{Harness, OfSize, board, change, clash};

/// How a screen gets into a state.
enum Way {
    /// So.
    By(OfSize),
    /// Not at all, and why.
    Never(&'static str),
}

use Way::{By, Never};

/// The states, as they stand in the names of pictures.
const STATES: [&str; 8] = [
    "empty", "loading", "one", "many", "error", "stale", "pending", "conflict",
];

/// A screen, its name in the names of pictures, and how it gets into each of the [`STATES`].
struct Row(Shown, &'static str, [Way; STATES.len()]);

const TABLE: [Row; 10] = [
    Row(
        Shown::Today,
        "today",
        [
            By(|c, r| Harness::on_day(empty(), c, r)),
            By(|c, r| Harness::at_today(c, r).waiting()),
            By(|c, r| Harness::on_day(day(busy().steps.into_iter().take(1).collect()), c, r)),
            By(|c, r| Harness::on_day(busy(), c, r)),
            By(|c, r| Harness::at_today(c, r).spoilt(&[views::TODAY])),
            By(|c, r| Harness::on_day(busy(), c, r).spoilt(&[views::TODAY])),
            By(|c, r| Harness::on_day(busy(), c, r).after("jd")),
            By(|c, r| {
                let done = super::Clash {
                    entity: Entity::Activity,
                    record: id(702),
                    name: "Send offer v2".to_owned(),
                    field: "done_at".to_owned(),
                    base: Value::Null,
                    theirs: at("2026-11-24 09:58").into(),
                    mine: at("2026-11-24 10:05").into(),
                    ..clash()
                };
                Harness::on_day(busy(), c, r).clashing("jd", done)
            }),
        ],
    ),
    Row(
        Shown::Pipeline,
        "pipeline",
        [
            By(|c, r| Harness::sized(board(" | | | "), c, r)),
            By(|c, r| Harness::opened(c, r).waiting()),
            By(|c, r| Harness::sized(board("1 | | | "), c, r)),
            By(|c, r| Harness::sized(crowded(), c, r).after("l<pgdn>j<space>")),
            By(|c, r| Harness::opened(c, r).spoilt(&[views::BOARD])),
            By(|c, r| Harness::sized(lively(), c, r).spoilt(&[views::BOARD])),
            By(|c, r| Harness::sized(lively(), c, r).after("ll>")),
            By(|c, r| Harness::sized(board("1 2 | 3 | 4 | 5"), c, r).clashing(">", clash())),
        ],
    ),
    Row(
        Shown::Leads,
        "leads",
        [
            By(|c, r| Harness::leads(0, c, r)),
            By(|c, r| Harness::at_leads(c, r).waiting()),
            By(|c, r| Harness::leads(1, c, r)),
            By(|c, r| {
                let mut harness = Harness::leads(342, c, r).after("j<space><space>");
                harness.answer_lately();
                harness.changed_by_ben(Entity::Contact, 7)
            }),
            By(|c, r| Harness::at_leads(c, r).spoilt(&[views::LEADS])),
            By(|c, r| Harness::leads(3, c, r).spoilt(&[views::LEADS, views::LEAD_ROWS])),
            By(|c, r| Harness::leads(3, c, r).after("joBen<enter>")),
            By(|c, r| {
                let clash = owner_clash(Entity::Contact, id(1), "Lead 1");
                Harness::leads(3, c, r).clashing("oChlo<enter>", clash)
            }),
        ],
    ),
    Row(
        Shown::Contacts,
        "contacts",
        [
            By(|c, r| Harness::listing(0, c, r)),
            By(|c, r| Harness::at_contacts(c, r).waiting()),
            By(|c, r| Harness::listing(1, c, r)),
            By(|c, r| {
                let harness = Harness::listing(1_234, c, r).after("<pgdn>j<space><space>");
                harness.changed_by_ben(Entity::Contact, 31)
            }),
            By(|c, r| Harness::at_contacts(c, r).spoilt(&[views::ORDER])),
            By(|c, r| Harness::listing(3, c, r).spoilt(&[views::ORDER, views::ROWS])),
            By(|c, r| Harness::listing(3, c, r).after("joBen<enter>")),
            By(|c, r| {
                let clash = owner_clash(Entity::Contact, id(1), "Contact 1");
                Harness::listing(3, c, r).clashing("oChlo<enter>", clash)
            }),
        ],
    ),
    Row(
        Shown::Contact,
        "contact",
        [
            By(|c, r| {
                let mut harness = Harness::on_nora(c, r);
                harness.history(1, History::default());
                harness
            }),
            By(|c, r| Harness::listing(5, c, r).after("<enter>").waiting()),
            By(|c, r| {
                let mut harness = Harness::on_nora(c, r);
                harness.history(1, only_first(lively_history()));
                harness
            }),
            By(|c, r| Harness::on_nora(c, r).after("j")),
            By(|c, r| {
                let harness = Harness::listing(5, c, r).after("<enter>");
                harness.spoilt(&[views::PROFILE, views::HISTORY])
            }),
            By(|c, r| Harness::on_nora(c, r).spoilt(&[views::PROFILE, views::HISTORY])),
            By(|c, r| {
                let keys = "cr<tab>Asked for the offer<tab>Send it<tab>fri<enter>";
                Harness::on_nora(c, r).after(keys)
            }),
            By(|c, r| {
                let clash = owner_clash(Entity::Contact, id(1), "Nora Keller");
                Harness::on_nora(c, r).clashing("oChlo<enter>", clash)
            }),
        ],
    ),
    Row(
        Shown::Companies,
        "companies",
        [
            By(|c, r| Harness::listing_companies(0, c, r)),
            By(|c, r| Harness::at_companies(c, r).waiting()),
            By(|c, r| Harness::listing_companies(1, c, r)),
            By(|c, r| {
                let keys = "<pgdn>j<space><space>";
                let harness = Harness::listing_companies(1_234, c, r).after(keys);
                harness.changed_by_ben(Entity::Company, 31)
            }),
            By(|c, r| Harness::at_companies(c, r).spoilt(&[views::COMPANY_ORDER])),
            By(|c, r| {
                let views = [views::COMPANY_ORDER, views::COMPANY_ROWS];
                Harness::listing_companies(3, c, r).spoilt(&views)
            }),
            By(|c, r| Harness::listing_companies(3, c, r).after("joBen<enter>")),
            By(|c, r| {
                let clash = owner_clash(Entity::Company, id(1), "Company 1");
                Harness::listing_companies(3, c, r).clashing("oChlo<enter>", clash)
            }),
        ],
    ),
    Row(
        Shown::Company,
        "company",
        [
            By(|c, r| {
                let mut harness = Harness::listing_companies(5, c, r).after("<enter>");
                harness.on_company(alone(), History::default());
                harness
            }),
            By(|c, r| {
                Harness::listing_companies(5, c, r)
                    .after("<enter>")
                    .waiting()
            }),
            By(|c, r| {
                let mut harness = Harness::on_keller(c, r);
                harness.on_company(keller(), only_first(joint()));
                harness
            }),
            By(|c, r| Harness::on_keller(c, r).after("j")),
            By(|c, r| {
                let harness = Harness::listing_companies(5, c, r).after("<enter>");
                harness.spoilt(&[views::COMPANY_PROFILE, views::COMPANY_HISTORY])
            }),
            By(|c, r| {
                let views = [views::COMPANY_PROFILE, views::COMPANY_HISTORY];
                Harness::on_keller(c, r).spoilt(&views)
            }),
            By(|c, r| {
                let keys = "<tab>cr<tab>Asked for the offer<tab>Send it<tab>fri<enter>";
                Harness::on_keller(c, r).after(keys)
            }),
            By(|c, r| {
                let clash = owner_clash(Entity::Company, id(600), "Keller & Co AG");
                Harness::on_keller(c, r).clashing("oChlo<enter>", clash)
            }),
        ],
    ),
    Row(
        Shown::Trash,
        "trash",
        [
            By(|c, r| Harness::on_trash(Trash::default(), c, r)),
            By(|c, r| Harness::at_trash(c, r).waiting()),
            By(|c, r| Harness::on_trash(trash(1), c, r)),
            By(|c, r| Harness::on_trash(trash(60), c, r).after("j<space>")),
            By(|c, r| Harness::at_trash(c, r).spoilt(&[views::TRASH])),
            By(|c, r| Harness::on_trash(trash(3), c, r).spoilt(&[views::TRASH])),
            By(|c, r| Harness::on_trash(trash(3), c, r).after("jW")),
            Never("what somebody else took out of the trash is out, as it was asked to be"),
        ],
    ),
    Row(
        Shown::Steps,
        "steps",
        [
            By(|c, r| Harness::on_steps(Vec::new(), c, r)),
            By(|c, r| Harness::at_steps(c, r).waiting()),
            By(|c, r| Harness::on_steps(acts(1), c, r)),
            By(|c, r| Harness::on_steps(acts(60), c, r).after("j")),
            By(|c, r| Harness::at_steps(c, r).spoilt(&[views::STEPS])),
            By(|c, r| Harness::on_steps(acts(3), c, r).spoilt(&[views::STEPS])),
            By(|c, r| Harness::on_steps(acts(3), c, r).after("u")),
            // Nothing is settled field by field: the undo is refused.
            By(|c, r| Harness::on_steps(acts(3), c, r).clashing("u", clash())),
        ],
    ),
    Row(
        Shown::Setup,
        "setup",
        [
            By(|c, r| {
                let can_require = true;
                let none = SalesProcess {
                    can_require,
                    ..SalesProcess::default()
                };
                Harness::setup(none, c, r)
            }),
            By(|c, r| Harness::at_setup(c, r).waiting()),
            By(|c, r| {
                let mut one = setup();
                one.pipelines.truncate(1);
                one.reasons.truncate(1);
                Harness::setup(one, c, r)
            }),
            By(|c, r| Harness::setup(setup(), c, r)),
            By(|c, r| Harness::at_setup(c, r).spoilt(&[views::SETUP])),
            By(|c, r| Harness::setup(setup(), c, r).spoilt(&[views::SETUP])),
            By(|c, r| Harness::setup(setup(), c, r).after("jjjK")),
            By(|c, r| {
                let moved = super::Clash {
                    entity: Entity::Stage,
                    record: id(103),
                    name: "Proposal".to_owned(),
                    field: "position".to_owned(),
                    base: Value::Int(3),
                    theirs: Value::Int(4),
                    mine: Value::Int(2),
                    ..clash()
                };
                Harness::setup(setup(), c, r).clashing("jjjK", moved)
            }),
        ],
    ),
];

/// The latest of what happened, and nothing planned.
fn only_first(mut history: History) -> History {
    history.planned.clear();
    history.happened.truncate(1);
    history
}

/// A company that nobody works for and that has no deals.
fn alone() -> Profile {
    Profile {
        record: company(1, "Company 1"),
        sources: Vec::new(),
        deals: Vec::new(),
        people: Vec::new(),
        subsidiaries: Vec::new(),
        firm: Some(Firm::default()),
    }
}

impl Harness {
    /// Somebody else changed a record a moment ago.
    fn changed_by_ben(mut self, entity: Entity, raw: i64) -> Self {
        let label = format!("Edit {} {raw}", entity.name());
        let change = super::Change {
            entity,
            ..change(raw, &label)
        };
        self.hear(Event::Others(vec![change]));
        self
    }
}

/// The sizes of the pictures of a state. Where there is little room a screen is drawn in other ways: a picture of each shows them.
fn sizes(state: &str) -> &'static [(u16, u16)] {
    match state {
        "many" => &[SIZES[0], SIZES[1], SIZES[2], SMALL, TINY],
        "error" | "conflict" => &[SIZES[0], SIZES[1], SIZES[2], SMALL],
        "stale" => &[MIDDLE],
        _ => &SIZES,
    }
}

#[test]
fn every_screen_in_every_state() {
    for Row(shown, name, ways) in &TABLE {
        for (way, state) in ways.iter().zip(STATES) {
            let By(open) = way else { continue };
            for (columns, rows) in sizes(state).iter().copied() {
                let mut harness = open(columns, rows);
                assert_eq!(harness.app.shown, *shown, "{name} {state}");
                let shot = picture(harness.screen());
                insta::assert_snapshot!(format!("{name}-{state}-{columns}x{rows}"), shot);
            }
        }
    }
}

#[test]
fn what_is_answered_at_once_comes_without_a_word_in_between() {
    for Row(shown, name, ways) in &TABLE {
        let By(open) = ways[1] else { continue };
        let mut harness = open(100, 30);
        assert!(harness.text().contains("Reading"), "{name}");
        // The same before the pause: the frame stands already, and nothing flashes up in it.
        harness.app.slow = false;
        assert!(harness.app.waits_for_answers(), "{name}");
        let before = harness.text();
        assert!(!before.contains("Reading"), "{name}:\n{before}");
        assert!(before.contains('╔'), "{name}:\n{before}");
        // Once it is said the loop has nothing more to wake up for.
        harness.tell(crate::tui::msg::Msg::Pause);
        assert!(!harness.app.waits_for_answers(), "{name}");
        assert!(harness.text().contains("Reading"), "{shown:?}");
    }
}

#[test]
fn what_was_read_stays_in_sight_when_it_cannot_be_read_again() {
    let line_of_cursor = |text: &str| {
        text.lines()
            .find(|line| line.contains('▶'))
            .map(str::to_owned)
    };
    let place = |state: &str| STATES.iter().position(|known| *known == state);
    for Row(_, name, ways) in &TABLE {
        let Some(By(open)) = place("stale").map(|place| &ways[place]) else {
            continue;
        };
        for (columns, rows) in SIZES {
            let text = open(columns, rows).text();
            assert!(line_of_cursor(&text).is_some(), "{name}:\n{text}");
            assert!(text.contains("not read again: The book"), "{name}:\n{text}");
        }
    }
}

#[test]
fn no_screen_is_left_out_and_what_cannot_be_has_a_reason() {
    let in_table = |wanted: Shown| {
        TABLE
            .iter()
            .filter(|Row(shown, ..)| *shown == wanted)
            .count()
    };
    for shown in Shown::ALL {
        assert_eq!(in_table(shown), 1, "{shown:?} has no row of its own here");
    }
    let mut harness = Harness::opened(100, 30);
    assert_eq!(harness.app.screens_mut().len(), Shown::ALL.len());
    for Row(shown, _, ways) in &TABLE {
        for (way, state) in ways.iter().zip(STATES) {
            if let Never(why) = way {
                assert!(why.len() > 20, "{shown:?} is never {state}: why?");
            }
        }
    }
}
