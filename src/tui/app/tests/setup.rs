//! Pipelines, stages and lost reasons: each key and what it asks of the book; what a deal is asked for on its way; the pictures.

use super::shots::shots;
use super::*;
use crate::domain::command::{Base, FieldEdit, Input};
use crate::domain::id::RecordId;
use crate::domain::nouns::{FieldDef, deal, stage};
use crate::domain::pipeline::StageKind;
use crate::domain::records::Record;
use crate::domain::requirement;
use crate::domain::setup::{PipelineRow, ReasonRow, SalesProcess, StageRow};
use crate::tui::for_tests::picture;

fn stage_row(raw: i64, name: &str, kind: StageKind, place: i64, deals: u64) -> StageRow {
    StageRow {
        link: link(raw, name),
        position: Some(place),
        kind,
        probability: (kind == StageKind::Open).then_some(10 * place),
        rot_days: (kind == StageKind::Open).then_some(14),
        category: None,
        required: Value::Null,
        archived: Value::Null,
        deals,
    }
}

pub(super) fn setup() -> SalesProcess {
    let open = StageKind::Open;
    let mut stages = vec![
        stage_row(101, "Qualify", open, 1, 12),
        stage_row(102, "Discovery", open, 2, 0),
        stage_row(103, "Proposal", open, 3, 4),
        stage_row(
            104,
            "Negotiation with a very long name and 名前 in it",
            open,
            4,
            1_204,
        ),
        stage_row(108, "Won", StageKind::Won, 5, 14),
        stage_row(109, "Lost", StageKind::Lost, 6, 22),
    ];
    stages[1].archived = 1.into();
    stages[2].required = requirement::kept(&[&deal::AMOUNT, &deal::EXPECTED_CLOSE]);
    stages[2].category = Some("best_case".to_owned());
    let partners = vec![
        stage_row(201, "Talk", open, 1, 0),
        stage_row(208, "Won", StageKind::Won, 2, 0),
        stage_row(209, "Lost", StageKind::Lost, 3, 0),
    ];
    let reason = |raw, name: &str, real, place| ReasonRow {
        link: link(raw, name),
        position: Some(place),
        real,
        deals: 3,
    };
    SalesProcess {
        pipelines: vec![
            PipelineRow {
                link: link(500, "New business"),
                position: Some(1),
                stages,
            },
            PipelineRow {
                link: link(501, "Partners"),
                position: Some(2),
                stages: partners,
            },
        ],
        reasons: vec![
            reason(301, "Price", true, 1),
            reason(302, "Duplicate", false, 2),
        ],
        can_require: true,
    }
}

impl Harness {
    pub fn at_setup(columns: u16, rows: u16) -> Self {
        let mut harness = Self::opened(columns, rows);
        harness.press("gP");
        harness
    }

    pub fn setup(setup: SalesProcess, columns: u16, rows: u16) -> Self {
        let mut harness = Self::at_setup(columns, rows);
        harness.hear(Event::Read(
            views::SETUP,
            Ok(Answer::Setup(Box::new(setup))),
        ));
        harness.effects.clear();
        harness
    }

    /// The names of the lines, the one under the cursor with `>`.
    fn lines(&self) -> String {
        let cursor = self.app.setup.cursor;
        let lines = self.app.setup.lines();
        let named = lines.iter().enumerate().map(|(place, line)| {
            let sign = if place == cursor { ">" } else { "" };
            format!(
                "{sign}{}",
                line.name().split(' ').next().unwrap_or_default()
            )
        });
        named.collect::<Vec<_>>().join(" ")
    }
}

fn edit_of(
    id: i64,
    entity: Entity,
    def: &'static FieldDef,
    was: impl Into<Value>,
    new: impl Into<Value>,
) -> Command {
    Command::Edit {
        entity,
        target: RecordId::from_raw(id).into(),
        edits: vec![FieldEdit {
            field: def.into(),
            base: Base::Seen(was.into()),
            new: Input::Value(new.into()),
        }],
    }
}

#[test]
fn g_p_opens_the_screen_and_asks_the_book() {
    let mut harness = Harness::opened(100, 30);
    harness.press("gP");
    let asked = harness.asked();
    assert!(asked.iter().any(|effect| matches!(
        effect,
        Effect::Read { view, query: Query::Setup } if *view == views::SETUP
    )));
    harness.press("<esc>");
    assert_eq!(harness.app.shown, Shown::Pipeline);
}

#[test]
fn capital_j_and_k_put_a_stage_at_another_place_and_the_cursor_goes_with_it() {
    let mut harness = Harness::setup(setup(), 100, 30);
    harness.press("jjjK");
    let (_, commands, _) = harness.write();
    assert_eq!(
        commands,
        [
            edit_of(103, Entity::Stage, &stage::POSITION, 3, 2),
            edit_of(102, Entity::Stage, &stage::POSITION, 2, 3),
        ]
    );
    assert!(
        harness
            .lines()
            .starts_with("New Qualify >Proposal Discovery"),
        "{}",
        harness.lines()
    );
    harness.press("J");
    assert!(
        harness
            .lines()
            .starts_with("New Qualify Discovery >Proposal"),
        "{}",
        harness.lines()
    );
    harness.asked();
    harness.press("kkK");
    assert!(harness.writes().is_empty());
    assert_eq!(harness.status(), "Already the first");
}

#[test]
fn s_archives_a_stage_and_asks_where_its_deals_go() {
    let mut harness = Harness::setup(setup(), 100, 30);
    // A stage without deals goes at once, and an archived one comes back.
    harness.press("jjs");
    let (_, commands, _) = harness.write();
    assert_eq!(
        commands,
        [edit_of(102, Entity::Stage, &stage::ARCHIVED, 1, 0)]
    );
    harness.press("js");
    assert!(harness.writes().is_empty());
    harness.press("<enter>");
    let (_, commands, _) = harness.write();
    assert_eq!(
        commands,
        [
            Command::MoveAll {
                from: Id::from_raw(103),
                to: Id::from_raw(101),
            },
            edit_of(103, Entity::Stage, &stage::ARCHIVED, Value::Null, 1),
        ]
    );
    harness.press("kkks");
    assert!(harness.writes().is_empty());
    assert!(
        harness.status().contains("Stages are archived"),
        "{}",
        harness.status()
    );
}

#[test]
fn a_adds_what_is_under_the_cursor_a_sibling() {
    let mut harness = Harness::setup(setup(), 100, 30);
    harness.press("ja");
    harness.press("Legal<c-s>");
    let (_, commands, _) = harness.write();
    let Some(Command::Create(create)) = commands.last() else {
        panic!("{commands:?}")
    };
    assert_eq!(create.entity, Entity::Stage);
    assert!(
        create
            .fields
            .contains(&((&stage::POSITION).into(), 5.into()))
    );
    assert!(
        create
            .fields
            .contains(&((&stage::KIND).into(), "open".into()))
    );
    assert_eq!(
        commands[..2],
        [
            edit_of(108, Entity::Stage, &stage::POSITION, 5, 6),
            edit_of(109, Entity::Stage, &stage::POSITION, 6, 7),
        ]
    );
    // Another pipeline comes with its stages.
    let mut harness = Harness::setup(setup(), 100, 30);
    harness.press("<end>kkk<enter>Agents<enter>");
    let (_, commands, _) = harness.write();
    assert_eq!(commands.len(), 7, "{commands:?}");
    harness.press("<end><enter>Budget<c-s>");
    let (_, commands, _) = harness.write();
    assert!(
        matches!(&commands[..], [Command::Create(create)] if create.entity == Entity::LostReason)
    );
}

#[test]
fn e_and_enter_open_the_form_of_what_is_under_the_cursor() {
    for (keys, id) in [("j", 101), ("", 500), ("<end>k", 302)] {
        for open in ["e", "<enter>"] {
            let mut harness = Harness::setup(setup(), 100, 30);
            harness.press(keys).press(open);
            let asked = harness.asked();
            let shown = asked.iter().any(|effect| matches!(
                effect,
                Effect::Read { view, query: Query::Show { id: of, .. } } if *view == views::FORM && of.raw() == id
            ));
            assert!(shown, "{open}: {asked:?}");
            let form = harness.app.layers.last();
            let Some(crate::tui::layers::Layer::Opening(opening)) = form else {
                panic!("{form:?}")
            };
            assert_eq!(opening.of.record().map(|(_, id)| id.raw()), Some(id));
            assert!(!matches!(
                opening.of,
                crate::tui::layers::FormOf::Fields(..)
            ));
        }
    }
}

#[test]
fn what_is_not_for_stages_says_so() {
    let mut harness = Harness::setup(setup(), 100, 30);
    for key in ["o", "T", "c", "+", "/", "<space>", "."] {
        harness.press(key);
        assert!(harness.app.layers.is_empty(), "{key}");
        assert!(!harness.status().is_empty(), "{key}");
    }
    assert!(harness.writes().is_empty());
}

pub(super) fn deal_record(id: i64) -> Record {
    let fields = Entity::Deal.fields();
    Record {
        entity: Entity::Deal,
        id: RecordId::from_raw(id),
        created_at: None,
        trashed_at: None,
        values: fields
            .iter()
            .map(|def| match def.name {
                "title" => "Deal 1".into(),
                "currency" => "CHF".into(),
                _ => Value::Null,
            })
            .collect(),
        names: vec![None; fields.len()],
        gone: Vec::new(),
        custom: Vec::new(),
        sets: Vec::new(),
        source: None,
        state: None,
        seq: 1,
    }
}

impl Harness {
    /// The book answers what the form for a deal asks.
    pub(super) fn form_read(&mut self) {
        for view in [views::COMPANIES, views::CONTACTS] {
            self.hear(Event::Read(view, Ok(Answer::Choices(Vec::new()))));
        }
        let record = Some(Box::new(deal_record(1)));
        self.hear(Event::Read(views::FORM, Ok(Answer::Show(record))));
    }
}

#[test]
fn a_move_into_a_stage_that_requires_more_asks_for_it_and_goes_on() {
    let mut harness = Harness::on(board("1 | 2 | |"));
    harness.press(">");
    let (ticket, moved, _) = harness.write();
    let lacks = StoreError::Lacks {
        deal: RecordId::from_raw(1),
        what: "Deal 1 cannot enter Discovery: it has no amount.".to_owned(),
        fields: vec![&deal::AMOUNT],
    };
    harness.hear(Event::Written(ticket, Err(lacks)));
    assert_eq!(harness.cards(), ">1 | 2 |  | ");
    harness.form_read();
    assert!(
        harness.text().contains("cannot enter Discovery"),
        "{}",
        harness.text()
    );
    insta::assert_snapshot!("setup-lacking-100x30", picture(harness.screen()));
    harness.asked();
    harness.press("<enter>");
    assert!(harness.writes().is_empty(), "it is needed");
    harness.press("42k<enter>");
    let (_, commands, _) = harness.write();
    let [Command::Edit { edits, .. }, then] = &commands[..] else {
        panic!("{commands:?}")
    };
    assert_eq!(edits[0].new, Input::Value(4_200_000.into()));
    assert_eq!(*then, moved[0]);
}

#[test]
fn a_win_without_an_amount_asks_for_it_and_takes_none_for_an_answer() {
    let mut board = board("1 | |");
    board.columns[0].cards[0].amount = None;
    let mut harness = Harness::on(board);
    harness.press("W");
    assert!(harness.writes().is_empty());
    harness.form_read();
    harness.press("<enter>");
    let (_, commands, _) = harness.write();
    assert!(
        matches!(
            &commands[..],
            [Command::WithoutAmount { .. }, Command::WinDeal { .. }]
        ),
        "{commands:?}"
    );
}

#[test]
fn a_win_that_the_book_refuses_for_want_of_an_amount_asks_for_it() {
    let mut harness = Harness::on(board("1 | |"));
    harness.press("W");
    let (ticket, won, _) = harness.write();
    // A colleague has cleared the amount since.
    let unpriced = StoreError::Unpriced {
        deal: RecordId::from_raw(1),
        name: "Deal 1".to_owned(),
    };
    harness.hear(Event::Written(ticket, Err(unpriced)));
    assert_eq!(harness.cards(), ">1 |  | ");
    harness.form_read();
    harness.asked();
    harness.press("<enter>");
    let (_, commands, _) = harness.write();
    let unpriced = Command::WithoutAmount {
        deal: RecordId::from_raw(1).into(),
    };
    assert_eq!(commands, [unpriced, won[0].clone()]);
}

#[test]
fn escape_goes_back_to_where_one_came_from_and_never_in_a_circle() {
    let mut harness = Harness::listing(3, 100, 30);
    harness.press("gP<esc>");
    assert_eq!(harness.app.shown, Shown::Contacts);
    harness.press("gPgTgP<esc>");
    assert_eq!(harness.app.shown, Shown::Contacts);
    harness.press("gPgT<esc>");
    assert_eq!(harness.app.shown, Shown::Setup);
    harness.press("<esc>");
    assert_eq!(harness.app.shown, Shown::Contacts);
}

#[test]
fn the_menu_of_stages_offers_those_of_other_pipelines() {
    let mut board = board("1 | |");
    board.pipelines.push(link(501, "Partners"));
    let mut harness = Harness::on(board);
    let stage = |raw, name: &str, parent| Choice {
        parent: Some(RecordId::from_raw(parent)),
        kind: Some(StageKind::Open),
        detail: Some("Partners".to_owned()),
        ..choice(raw, name)
    };
    let stages = vec![stage(101, "Qualify", 500), stage(201, "Talk", 501)];
    harness.hear(Event::Read(views::ALL_STAGES, Ok(Answer::Choices(stages))));
    harness.asked();
    harness.press("stalk<enter>");
    let (_, commands, _) = harness.write();
    assert!(
        matches!(&commands[..], [Command::MoveDeal { stage, .. }] if stage.raw() == 201),
        "{commands:?}"
    );
}

fn pictures(name: &str, prepare: impl Fn(u16, u16) -> Harness) {
    for (size, shot) in shots(prepare) {
        insta::assert_snapshot!(format!("{name}-{size}"), shot);
    }
}

#[test]
fn the_form_of_a_stage() {
    pictures("setup-form", |c, r| {
        let mut harness = Harness::setup(setup(), c, r);
        harness.press("ja");
        harness
    });
}

#[test]
fn the_smallest_terminals_do_not_break_it() {
    for (columns, rows) in [(60, 20), (40, 10), (10, 3), (1, 1)] {
        let mut harness = Harness::setup(setup(), columns, rows);
        for key in ["j", "<end>", "<pgup>", "jjjx", "<esc>", "a", "<esc>"] {
            harness.press(key);
            let _ = harness.text();
        }
    }
}

#[test]
fn what_is_for_the_pipelines_does_nothing_elsewhere_and_says_where_they_are() {
    for name in ["place-up", "place-down", "archive"] {
        let mut harness = Harness::leads(3, 100, 30);
        harness.press(&format!(":{name}<enter>"));
        let text = harness.text();
        assert!(
            text.contains("This is for pipelines, stages and lost reasons; g P shows them"),
            "{name}: {text}"
        );
        assert_eq!(harness.writes(), []);
    }
}

#[test]
fn a_title_is_copied_of_a_deal_and_marked_leads_are_not_blamed() {
    let mut harness = Harness::leads(3, 100, 30);
    harness.press("*:copy-title<enter>");
    let text = harness.text();
    assert!(
        text.contains("This is for deals; 3 is the pipeline"),
        "{text}"
    );
}
