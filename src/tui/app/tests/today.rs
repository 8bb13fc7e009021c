//! Today: what keys ask of the book, and what it shows before the book has answered.

use crate::domain::command::{Command, Input, Target};
use crate::domain::id::Id;
use crate::domain::nouns::{Entity, Field, FieldDef, activity};
use crate::domain::today::{Bucket, Today};
use crate::domain::value::Value;
use crate::store::handle::Event;
use crate::store::query::{Answer, Query, TodayQuery};
use crate::tui::app::views;
use crate::tui::layers::Layer;
use crate::tui::msg::Effect;
use crate::tui::screens::Shown;
use crate::tui::screens::today::state::{Item, Panel};

use super::days::busy;
use super::people::{at, record};
use super::{Harness, board};

impl Harness {
    /// An app on Today, which has answered nothing yet.
    pub fn at_today(columns: u16, rows: u16) -> Self {
        let mut harness = Self::opened(columns, rows);
        harness.press("1");
        harness
    }

    /// An app on that day.
    pub fn on_day(today: Today, columns: u16, rows: u16) -> Self {
        let mut harness = Self::at_today(columns, rows);
        harness.today(today);
        harness.effects.clear();
        harness
    }

    /// The book answers the day.
    pub fn today(&mut self, today: Today) {
        let answer = Answer::Today(Box::new(today));
        self.hear(Event::Read(views::TODAY, Ok(answer)));
    }

    /// The book answers the activity that a form asked for.
    fn activity(&mut self, raw: i64, kind: &str) {
        let fields: &[(&str, Value, Option<&str>)] = &[
            ("kind", kind.into(), None),
            ("subject", "Renewal".into(), None),
            ("deal", 1.into(), Some("Rollout")),
            ("contact", 1_701.into(), Some("Nora Keller")),
            ("performer", 900.into(), Some("Ana Meier")),
            ("due_at", at("2026-11-16 09:00").into(), None),
        ];
        let record = Box::new(record(Entity::Activity, raw, fields));
        self.hear(Event::Read(views::FORM, Ok(Answer::Show(Some(record)))));
    }

    fn today_query(&mut self) -> Vec<TodayQuery> {
        let asked = self.asked().into_iter();
        let found = asked.filter_map(|effect| match effect {
            Effect::Read {
                query: Query::Today(query),
                ..
            } => Some(query),
            _ => None,
        });
        found.collect()
    }

    fn shown_steps(&self) -> Vec<i64> {
        let items = self.app.today.items(Panel::Steps);
        items.iter().map(Item::key).collect()
    }
}

/// What a command gives a field.
fn given(command: &Command, def: &'static FieldDef) -> Option<Value> {
    let fields: Vec<(Field, Input)> = match command {
        Command::Create(create) => create.fields.clone(),
        Command::Edit { edits, .. } => {
            let edits = edits.iter();
            edits.map(|edit| (edit.field, edit.new.clone())).collect()
        }
        _ => Vec::new(),
    };
    fields.into_iter().find_map(|(field, input)| match input {
        Input::Value(value) if field == Field::Own(def) => Some(value),
        _ => None,
    })
}

#[test]
fn the_app_opens_on_today_and_asks_whose_it_is_before_it_asks_for_the_day() {
    assert_eq!(Shown::default(), Shown::Today);
    let mut harness = Harness::opening(100, 30);
    harness.app.shown = Shown::Today;
    harness.hear(Event::Opened(Box::new(super::info())));
    assert_eq!(harness.today_query(), []);
    harness.know_me();
    let [query] = harness.today_query()[..] else {
        panic!("asked once")
    };
    assert_eq!(
        (query.asked.me, query.since),
        (Some(Id::from_raw(900)), None)
    );
}

#[test]
fn where_the_rep_is_not_known_it_is_everybodys_day() {
    let mut harness = Harness::opening(100, 30);
    harness.app.shown = Shown::Today;
    harness.hear(Event::Opened(Box::new(super::info())));
    let none = crate::store::query::Resolved::None(Vec::new());
    harness.hear(Event::Read(views::ME, Ok(Answer::Resolve(none))));
    let [query] = harness.today_query()[..] else {
        panic!("asked once")
    };
    assert_eq!(query.asked.me, None);
    harness.today(Today { of: None, ..busy() });
    assert!(harness.text().contains("everybody's"));
}

#[test]
fn since_i_left_stays_the_same_while_the_app_is_open() {
    let mut harness = Harness::on_day(busy(), 100, 30);
    harness.press("R3");
    harness.asked();
    harness.press("1");
    let [query] = harness.today_query()[..] else {
        panic!("asked once")
    };
    assert_eq!(query.since, Some(busy().since));
}

#[test]
fn who_has_just_begun_has_not_left() {
    let fresh = |minutes: i64| {
        let mut today = super::days::empty();
        let last = super::now().millis() - minutes * 60_000;
        today.since.at = Some(crate::domain::time::Instant::from_millis(last));
        Harness::on_day(today, 100, 30)
    };
    let mut harness = fresh(1);
    let text = harness.text();
    assert!(!text.contains("Since you left"), "{text}");
    assert!(text.contains("Changed by others"), "{text}");
    assert!(text.contains("while you are away"), "{text}");
    // Whoever works on does not leave by that.
    harness.at = crate::domain::time::Instant::from_millis(harness.at.millis() + 3 * 3_600_000);
    harness.tell(crate::tui::msg::Msg::Pause);
    assert!(!harness.text().contains("Since you left"));
    assert!(fresh(61).text().contains("Since you left"));
}

#[test]
fn the_stages_are_read_once_after_the_day() {
    let mut harness = Harness::at_today(100, 30);
    assert!(harness.board_query().is_none());
    harness.today(busy());
    assert!(harness.board_query().is_some());
    harness.today(busy());
    assert!(harness.board_query().is_none());
}

#[test]
fn each_key_acts_on_the_line_under_the_cursor() {
    /// A panel, keys there, what they open or ask, in a word.
    const TABLE: &[(Panel, &str, &str)] = &[
        (Panel::Steps, "c", "form Log(Call, 1)"),
        (Panel::Steps, "m", "form Log(Mail, 1)"),
        (Panel::Steps, "M", "form Log(Meeting, 1)"),
        (Panel::Steps, "n", "form Log(Note, 1)"),
        (Panel::Steps, "t", "form Plan(1)"),
        (Panel::Steps, "z", "opening Snooze(701)"),
        (Panel::Steps, "d", "opening Done(701)"),
        (Panel::Steps, "jd", "edit 702"),
        (Panel::Steps, "e", "opening Fields(Activity, RecordId(701))"),
        (Panel::Steps, "E", "opening Deal(1)"),
        (Panel::Steps, "#", "trash 701"),
        (Panel::Steps, "<enter>", "detail 1"),
        (Panel::Steps, "s", "menu"),
        (Panel::Steps, ">", "move 1 to 102"),
        (Panel::Steps, "W", "win 1"),
        (Panel::Steps, "u", "undo"),
        (Panel::Steps, "Gc", ""),
        (Panel::Rotting, "<lt>", ""),
        (Panel::Rotting, ">", "move 81 to 102"),
        (Panel::Rotting, "d", ""),
        (Panel::Rotting, "t", "form Plan(81)"),
        (Panel::Rotting, "<enter>", "detail 81"),
        (Panel::Waiting, "c", "form Log(Call, 91)"),
        (Panel::Waiting, "s", "menu"),
        (Panel::Waiting, ">", ""),
        (Panel::Waiting, "#", "trash 91"),
        (Panel::Others, "<enter>", "detail 84"),
        (Panel::Others, "c", ""),
        (Panel::Others, "j<enter>", "text"),
        (Panel::Steps, "/", ""),
        (Panel::Steps, "J", ""),
        (Panel::Steps, "i", "text"),
    ];
    for (panel, keys, expected) in TABLE {
        let mut harness = Harness::on_day(busy(), 100, 30);
        harness.show(board("1 | 2"));
        harness.app.today.focus = *panel;
        harness.press(keys);
        let writes = harness.writes();
        let said = match (harness.app.layers.last(), writes.first()) {
            (_, Some((_, commands, _))) => wrote(&commands[0]),
            (Some(Layer::Form(_, of)), _) => format!("form {}", short(of)),
            (Some(Layer::Opening(opening)), _) => format!("opening {}", short(&opening.of)),
            (Some(Layer::Detail(detail)), _) => format!("detail {}", detail.id.raw()),
            (Some(Layer::Menu(..)), _) => "menu".to_owned(),
            (Some(Layer::Text(..)), _) => "text".to_owned(),
            _ => String::new(),
        };
        assert_eq!(said, *expected, "{panel:?} {keys}");
    }
}

/// `Log(Call, 1)`: without the wrapping of ids.
fn short(of: &crate::tui::layers::FormOf) -> String {
    use crate::tui::layers::FormOf;
    match of {
        FormOf::Log(what, id) => format!("Log({what:?}, {})", id.raw()),
        FormOf::Plan(id) => format!("Plan({})", id.raw()),
        FormOf::NewView | FormOf::View(_) => String::new(),
        FormOf::Snooze(id) => format!("Snooze({})", id.raw()),
        FormOf::Done(id) => format!("Done({})", id.raw()),
        FormOf::Activity(id) => format!("Activity({})", id.raw()),
        FormOf::Deal(id) => format!("Deal({})", id.raw()),
        other => format!("{other:?}"),
    }
}

fn wrote(command: &Command) -> String {
    match command {
        Command::Edit {
            target: Target::Known(id),
            ..
        } => format!("edit {}", id.raw()),
        Command::Trash {
            target: Target::Known(id),
            ..
        } => format!("trash {}", id.raw()),
        Command::MoveDeal { deal, stage, .. } => {
            format!("move {} to {}", deal.raw(), stage.raw())
        }
        Command::WinDeal { deal, .. } => format!("win {}", deal.raw()),
        Command::Undo(_) => "undo".to_owned(),
        other => format!("{other:?}"),
    }
}

#[test]
fn a_call_is_done_with_its_outcome_and_what_comes_next() {
    let mut harness = Harness::on_day(busy(), 100, 30);
    harness.press("d");
    harness.activity(701, "call");
    harness.press("n<tab>Try again<tab>fri<enter>");
    let (ticket, commands, _) = harness.write();
    assert_eq!(commands.len(), 2);
    assert_eq!(
        given(&commands[0], &activity::OUTCOME),
        Some("no answer".into())
    );
    assert_eq!(
        given(&commands[0], &activity::DONE_AT),
        Some(super::now().into())
    );
    assert_eq!(
        given(&commands[1], &activity::SUBJECT),
        Some("Try again".into())
    );
    assert_eq!(given(&commands[1], &activity::DEAL), Some(1.into()));
    assert_eq!(
        given(&commands[1], &activity::DUE_DATE),
        Some("2026-11-27".into())
    );
    assert!(!harness.shown_steps().contains(&701), "it is gone at once");
    harness.fail(ticket);
    assert!(
        harness.shown_steps().contains(&701),
        "what is not saved is not done"
    );
}

#[test]
fn a_call_whose_outcome_nobody_says_is_done_all_the_same() {
    let mut harness = Harness::on_day(busy(), 100, 30);
    harness.press("d");
    harness.activity(701, "call");
    harness.press("<enter>");
    let (_, commands, _) = harness.write();
    assert_eq!(commands.len(), 1);
    assert_eq!(
        given(&commands[0], &activity::DONE_AT),
        Some(super::now().into())
    );
    assert_eq!(given(&commands[0], &activity::OUTCOME), None);
}

#[test]
fn what_is_done_is_gone_until_the_book_answers_and_the_cursor_is_on_the_next() {
    let mut harness = Harness::on_day(busy(), 100, 30);
    harness.press("jd");
    let (ticket, ..) = harness.write();
    assert_eq!(harness.shown_steps(), [701, 703, 704, 705, 707, 706]);
    assert_eq!(harness.app.today.item().unwrap().key(), 703);
    assert_eq!(harness.app.today.bucket_count(Bucket::Overdue), 1);
    harness.save(ticket, "Done: Send offer v2");
    assert_eq!(
        harness.shown_steps().len(),
        6,
        "the book has it, the answer is on its way"
    );
}

#[test]
fn what_is_put_off_gets_the_typed_date_in_place_of_the_old_moment() {
    let mut harness = Harness::on_day(busy(), 100, 30);
    harness.press("z");
    harness.activity(701, "call");
    harness.press("+3d<enter>");
    let (_, commands, _) = harness.write();
    assert_eq!(
        given(&commands[0], &activity::DUE_DATE),
        Some("2026-11-27".into())
    );
    assert_eq!(given(&commands[0], &activity::DUE_AT), Some(Value::Null));
    harness.press("z");
    harness.activity(701, "call");
    harness.press("<enter>");
    assert_eq!(harness.writes(), [], "nothing typed leaves it where it is");
}

#[test]
fn the_cursor_is_on_the_next_line_after_one_was_put_off() {
    let mut harness = Harness::on_day(busy(), 100, 30);
    harness.press("z");
    harness.activity(701, "call");
    harness.press("+3d<enter>");
    let (ticket, ..) = harness.write();
    harness.save(ticket, "Put off: Call");
    let mut later = busy();
    let mut late = later.steps.remove(0);
    late.bucket = Bucket::Later;
    later.counts[Bucket::Overdue as usize] -= 1;
    later.counts[Bucket::Later as usize] += 1;
    later.steps.push(late);
    harness.today(later.clone());
    assert_eq!(harness.app.today.item().unwrap().key(), 702);
    // It stays there when the day is read again.
    harness.today(later);
    assert_eq!(harness.app.today.item().unwrap().key(), 702);
}

#[test]
fn the_cursor_stays_on_its_line_when_the_day_changes() {
    let mut harness = Harness::on_day(busy(), 100, 30);
    harness.press("jjj");
    let mut later = busy();
    later.steps.remove(0);
    later.counts[0] = 1;
    harness.today(later);
    assert_eq!(harness.app.today.item().unwrap().key(), 704);
}

#[test]
fn enter_on_a_lead_shows_the_contact_and_escape_comes_back() {
    let mut harness = Harness::on_day(busy(), 100, 30);
    harness.press("<tab><tab><enter>");
    assert_eq!(harness.app.shown, Shown::Contact);
    harness.press("<esc>");
    assert_eq!(harness.app.shown, Shown::Today);
}

#[test]
fn a_category_that_is_given_on_today_is_compared_with_what_its_author_saw() {
    let mut today = busy();
    today.rotting.0[0].deal.category = Some("best_case".to_owned());
    let mut harness = Harness::on_day(today, 100, 30);
    harness.press("<tab>pcommit<enter>");
    let (_, commands, _) = harness.write();
    let [Command::Edit { edits, .. }] = &commands[..] else {
        panic!("{commands:?}");
    };
    let seen = crate::domain::command::Base::Seen("best_case".into());
    assert_eq!(edits[0].base, seen);
}
