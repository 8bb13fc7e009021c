//! The list of leads: what keys ask of the book, and its pictures.

use crate::domain::command::{Base, Command, FieldEdit, Input, Origin, Slot};
use crate::domain::history::{History, Holder, ListRow, Order, Party, Profile};
use crate::domain::id::Id;
use crate::domain::lead::Waiting;
use crate::domain::nouns::{Entity, Field, FieldDef, contact, deal};
use crate::domain::pipeline::StageKind;
use crate::domain::records::{Candidate, Record};
use crate::domain::value::Value;
use crate::store::handle::Event;
use crate::store::query::{Answer, Choice, HoldersQuery, ListQuery, Query};
use crate::tui::app::views;
use crate::tui::msg::Effect;
use crate::tui::screens::{Screen, Shown};

use super::people::{at, contact as person, deal as deal_record, id, lively};
use super::shots::shots;
use super::{Harness, link};

const STATES: [&str; 3] = ["new", "working", "nurturing"];

fn put(record: &mut Record, def: &'static FieldDef, value: Value) {
    let place = record.entity.fields().iter().position(|own| *own == def);
    record.values[place.unwrap()] = value;
}

/// A lead of Keller & Co that belongs to Ana.
fn lead(raw: i64, state: &str) -> Record {
    let mut record = person(raw, &format!("Lead {raw}"));
    put(&mut record, &contact::LEAD_STATE, state.into());
    if raw % 2 == 1 {
        put(&mut record, &contact::LEAD_SOURCE, "web".into());
    }
    record.created_at = (raw % 4 != 3).then(|| at("2026-11-24 08:00"));
    record
}

fn row(raw: i64) -> ListRow {
    let place = usize::try_from(raw).unwrap() % STATES.len();
    let record = lead(raw, STATES[place]);
    let waiting = match (raw % 4, record.created_at) {
        (0, _) => Waiting::No,
        (_, Some(at)) => Waiting::Since(at),
        (_, None) => Waiting::Unknown,
    };
    ListRow {
        record,
        next_step: None,
        waiting,
        deal: None,
        firm: None,
    }
}

fn stage(raw: i64, name: &str, kind: StageKind) -> Choice {
    Choice {
        id: id(raw),
        name: name.to_owned(),
        detail: Some("New business".to_owned()),
        parent: Some(id(500)),
        kind: Some(kind),
        retired: false,
    }
}

impl Harness {
    pub fn at_leads(columns: u16, rows: u16) -> Self {
        let mut harness = Self::opened(columns, rows);
        harness.press("2");
        harness
    }

    pub fn leads(count: i64, columns: u16, rows: u16) -> Self {
        let mut harness = Self::at_leads(columns, rows);
        harness.lead_order(&(1..=count).collect::<Vec<_>>());
        harness.answer_lately();
        harness
    }

    /// Whose latest happenings were asked for since the last look.
    fn asked_lately(&self) -> Vec<i64> {
        let asked = self.effects.iter().filter_map(|effect| match effect {
            Effect::Read {
                view: views::LEAD_HISTORY,
                query: Query::History(query),
            } => Some(query.of.record().raw()),
            _ => None,
        });
        asked.collect()
    }

    pub fn answer_lately(&mut self) {
        if let Some(raw) = self.asked_lately().pop() {
            let history = History {
                of: Some(Party::Contact(Id::from_raw(raw))),
                ..lively()
            };
            let answer = Answer::History(history);
            self.hear(Event::Read(views::LEAD_HISTORY, Ok(answer)));
        }
    }

    fn lead_order(&mut self, ids: &[i64]) {
        let order = Order {
            ids: ids.iter().copied().map(id).collect(),
            unknown: 0,
        };
        self.hear(Event::Read(views::LEADS, Ok(Answer::Order(order))));
        self.answer_rows_of(views::LEAD_ROWS, row);
    }

    fn lead_rows(&mut self, rows: Vec<ListRow>) {
        self.hear(Event::Read(views::LEAD_ROWS, Ok(Answer::Rows(rows))));
    }

    /// The book answers what the form of a conversion asks for.
    fn answer_conversion(&mut self, lead: Record, deals: Vec<Record>) {
        let stages = vec![
            stage(101, "Qualify", StageKind::Open),
            stage(108, "Won", StageKind::Won),
        ];
        let keller = Choice {
            id: id(600),
            name: "Keller & Co AG".to_owned(),
            detail: None,
            parent: None,
            kind: None,
            retired: false,
        };
        self.hear(Event::Read(
            views::COMPANIES,
            Ok(Answer::Choices(vec![keller])),
        ));
        self.hear(Event::Read(views::STAGES, Ok(Answer::Choices(stages))));
        let profile = Profile {
            record: lead,
            sources: Vec::new(),
            deals,
            people: Vec::new(),
            subsidiaries: Vec::new(),
            firm: None,
        };
        let answer = Answer::Profile(Some(Box::new(profile)));
        self.hear(Event::Read(views::FORM, Ok(answer)));
    }

    fn lead_list(&mut self) -> ListQuery {
        let found = self
            .asked()
            .into_iter()
            .rev()
            .find_map(|effect| match effect {
                Effect::Read {
                    view: views::LEADS,
                    query: Query::Order(list),
                } => Some(list),
                _ => None,
            });
        found.unwrap()
    }

    fn lead_filter(&mut self) -> String {
        let list = self.lead_list();
        list.filter
            .map_or_else(String::new, |filter| filter.to_string())
    }

    fn lead_ids(&self) -> Vec<i64> {
        let ids = self.app.leads.ids();
        ids.iter().map(|id| id.raw()).collect()
    }
}

/// What a command of that noun gives a field.
fn given(commands: &[Command], def: &'static FieldDef) -> Option<Input> {
    let wanted = Field::Own(def);
    commands.iter().find_map(|command| match command {
        Command::Create(create) => {
            let mut fields = create.fields.iter();
            fields
                .find(|(field, _)| *field == wanted)
                .map(|(_, input)| input.clone())
        }
        Command::Edit { edits, .. } => edits
            .iter()
            .find(|edit| edit.field == wanted)
            .map(|edit| edit.new.clone()),
        _ => None,
    })
}

#[test]
fn the_list_is_of_contacts_with_an_open_lead_state_until_another_part_is_shown() {
    let mut harness = Harness::at_leads(100, 30);
    let list = harness.lead_list();
    assert_eq!(list.entity, Entity::Contact);
    assert_eq!(list.sort[0], ("waits".to_owned(), false));
    assert_eq!(
        list.filter.unwrap().to_string(),
        "state:new,working,nurturing"
    );
    harness.lead_order(&[1, 2]);
    for (keys, filter) in [
        ("VDropped<enter>", "state:dropped"),
        ("VAll<enter>", "has:state"),
        ("VOpen<enter>", "state:new,working,nurturing"),
        ("/owner:me<enter>", "state:new,working,nurturing owner:me"),
        ("<esc>/state:dropped<enter>", "has:state state:dropped"),
    ] {
        harness.press(keys);
        assert_eq!(harness.lead_filter(), filter, "{keys}");
    }
}

#[test]
fn each_key_does_to_leads_what_it_does_to_contacts_as_one_step() {
    for (keys, commands) in [
        ("oBen<enter>", 3),
        ("+vip -old<enter>", 6),
        ("#", 3),
        ("sdropped<enter>No need<enter>", 3),
        ("snurturing<enter>", 2),
        ("XNo need<enter>", 3),
        ("XToo far away<enter>", 3),
    ] {
        let mut harness = Harness::leads(5, 100, 30);
        harness.press("<space><space><space>");
        harness.press(keys);
        let label = harness.effects.iter().find_map(|effect| match effect {
            Effect::Write { label, .. } => label.clone(),
            _ => None,
        });
        assert!(label.unwrap().ends_with(" leads"), "{keys}");
        let (_, asked, origin) = harness.write();
        assert_eq!((asked.len(), origin), (commands, Origin::Bulk), "{keys}");
        assert_eq!(harness.app.leads.marked(), 0, "{keys}");
    }
    let mut harness = Harness::leads(5, 100, 30);
    harness.lead_rows(vec![{
        let mut row = row(1);
        put(&mut row.record, &contact::OWNER, Value::Null);
        row
    }]);
    harness.press("T");
    let (_, asked, _) = harness.write();
    assert_eq!(given(&asked, &contact::OWNER), Some(900.into()));
}

#[test]
fn a_drop_says_what_was_seen_and_why_and_mere_enter_guesses_no_reason() {
    let mut harness = Harness::leads(3, 100, 30);
    harness.press("X<enter>");
    assert!(harness.writes().is_empty());
    assert!(harness.text().contains("Choose a reason first"));
    harness.press("No budget<enter>");
    let (ticket, commands, _) = harness.write();
    let [Command::Edit { edits, .. }] = commands.as_slice() else {
        panic!("{commands:?}")
    };
    let seen: Vec<&Base> = edits.iter().map(|edit: &FieldEdit| &edit.base).collect();
    assert_eq!(
        seen,
        [&Base::Seen("working".into()), &Base::Seen(Value::Null)]
    );
    assert_eq!(
        given(&commands, &contact::DROP_REASON),
        Some("No budget".into())
    );
    // It leaves the open leads at once, and comes back when the book says no.
    assert_eq!(harness.lead_ids(), [2, 3]);
    harness.fail(ticket);
    assert_eq!(harness.lead_ids(), [1, 2, 3]);
}

#[test]
fn w_and_enter_convert_a_lead() {
    let mut harness = Harness::leads(3, 100, 30);
    harness.press("W");
    harness.answer_conversion(lead(1, "working"), Vec::new());
    harness.press("<enter>");
    let (_, commands, origin) = harness.write();
    assert_eq!(origin, Origin::Human);
    for (def, value) in [
        (&deal::TITLE, Input::from("Keller & Co AG")),
        (&deal::COMPANY, 600.into()),
        (&deal::CONTACT, 1.into()),
        (&deal::STAGE, 101.into()),
        (&deal::OWNER, 900.into()),
        (&deal::LEAD_SOURCE, "web".into()),
        (&contact::LEAD_STATE, "qualified".into()),
    ] {
        assert_eq!(given(&commands, def), Some(value), "{}", def.name);
    }
    assert_eq!(given(&commands, &deal::AMOUNT), None);
    assert_eq!(harness.lead_ids(), [2, 3]);
}

#[test]
fn keys_that_were_typed_before_the_book_answered_count() {
    let mut harness = Harness::leads(3, 100, 30);
    harness.press("W<enter>");
    assert!(harness.writes().is_empty());
    harness.answer_conversion(lead(1, "working"), Vec::new());
    assert_eq!(harness.writes().len(), 1);
}

#[test]
fn a_company_that_is_not_there_is_made_and_the_contact_works_there() {
    let mut harness = Harness::leads(3, 100, 30);
    harness.press("W");
    let mut alone = lead(1, "new");
    put(&mut alone, &contact::COMPANY, Value::Null);
    harness.answer_conversion(alone, Vec::new());
    harness.press("<tab>Oporto<tab><tab>42k<enter>");
    let (_, commands, _) = harness.write();
    let made = Some(Input::New(Slot(1)));
    assert_eq!(given(&commands, &deal::COMPANY), made);
    assert_eq!(given(&commands, &contact::COMPANY), made);
    assert_eq!(given(&commands, &deal::AMOUNT), Some(4_200_000.into()));
    assert_eq!(given(&commands, &deal::TITLE), Some("Lead 1".into()));
}

#[test]
fn a_converted_lead_says_so_with_its_deal_and_an_open_deal_is_taken() {
    let mut harness = Harness::leads(3, 100, 30);
    let rollout = || vec![deal_record(81, "Rollout", StageKind::Open)];
    harness.press("W");
    harness.answer_conversion(lead(1, "qualified"), rollout());
    assert_eq!(
        harness.status(),
        "Lead 1 is converted already: deal Rollout"
    );
    assert!(harness.app.layers.is_empty());
    harness.press("W");
    let mut own = rollout();
    put(&mut own[0], &deal::CONTACT, 1.into());
    harness.answer_conversion(lead(1, "working"), own);
    let (_, commands, _) = harness.write();
    let makes = |command: &Command| matches!(command, Command::Create(_));
    assert!(!commands.iter().any(makes), "{commands:?}");
    assert_eq!(
        given(&commands, &contact::LEAD_STATE),
        Some("qualified".into())
    );
}

#[test]
fn what_is_no_lead_is_not_converted_and_says_so() {
    let mut harness = Harness::listing(3, 100, 30);
    for key in ["W", "X"] {
        harness.press(key);
        assert!(harness.writes().is_empty() && harness.app.layers.is_empty());
        assert_eq!(
            harness.status(),
            "Contact 1 is no lead; s makes a contact one"
        );
    }
    let mut harness = Harness::leads(3, 100, 30);
    harness.press("<space><space>W");
    assert!(harness.status().contains("2 leads are marked"));
}

#[test]
fn a_new_lead_is_new_and_whoever_has_its_address_is_named_before_it_is_saved() {
    let mut harness = Harness::leads(3, 100, 30);
    harness.press("a");
    harness.hear(Event::Read(
        views::COMPANIES,
        Ok(Answer::Choices(Vec::new())),
    ));
    harness.press("Marta<enter><enter><enter>m@o.pt");
    let asked = harness.asked();
    let holders = asked.iter().any(|effect| {
        matches!(effect, Effect::Read { query: Query::Holders(HoldersQuery { emails, .. }), .. } if emails == &["m@o.pt"])
    });
    assert!(holders, "{asked:?}");
    // Whoever is quicker than the book waits for its answer, and is asked where somebody has the address.
    harness.press("<c-s>");
    assert!(harness.writes().is_empty());
    let holder = Holder {
        element: "m@o.pt".to_owned(),
        who: Candidate {
            entity: Entity::Contact,
            id: id(77),
            name: "Marta Silva".to_owned(),
            detail: None,
        },
    };
    harness.hear(Event::Read(
        views::SAVING,
        Ok(Answer::Holders(vec![holder])),
    ));
    assert!(harness.writes().is_empty());
    assert!(harness.status().starts_with("Not saved yet"));
    let text = harness.text();
    assert!(text.contains("Marta Silva has m@o.pt already"), "{text}");
    harness.press("<c-s>");
    let (_, commands, _) = harness.write();
    assert_eq!(given(&commands, &contact::LEAD_STATE), Some("new".into()));
}

#[test]
fn a_lead_opens_as_a_contact_and_esc_comes_back_to_the_leads() {
    let mut harness = Harness::leads(3, 100, 30);
    harness.press("j<enter>");
    assert_eq!(harness.app.shown, Shown::Contact);
    assert_eq!(harness.app.contact.id(), Some(id(2)));
    harness.press(".<esc>");
    assert_eq!(harness.app.shown, Shown::Leads);
    assert_eq!(harness.app.leads.cursor, 2, "the list went along");
}

#[test]
fn the_panel_asks_once_what_happened_with_the_lead_under_the_cursor() {
    let mut harness = Harness::leads(3, 100, 30);
    assert!(harness.text().contains("Budget approved"));
    harness.asked();
    harness.press("j");
    assert_eq!(harness.asked_lately(), [2]);
    // What was told of the one before is not told of this one.
    assert!(!harness.text().contains("Budget approved"));
    harness.answer_lately();
    assert!(harness.text().contains("Budget approved"));
    harness.asked();
    harness.press("<esc>");
    assert!(harness.asked_lately().is_empty());
}

#[test]
fn where_no_panel_tells_what_happened_it_is_read_when_somebody_asks_for_it() {
    let mut harness = Harness::leads(3, 80, 24);
    harness.asked();
    harness.press("jk");
    assert!(harness.asked_lately().is_empty());
    harness.press("=");
    assert_eq!(harness.asked_lately(), [1]);
    assert!(!harness.text().contains("Budget approved"));
    harness.answer_lately();
    assert!(
        harness.text().contains("Budget approved"),
        "{}",
        harness.text()
    );
    harness.asked();
    harness.press("<esc>j");
    assert!(harness.asked_lately().is_empty());
    harness.press("=");
    assert_eq!(harness.asked_lately(), [2]);
}

fn pictures(name: &str, prepare: impl Fn(u16, u16) -> Harness) {
    for (size, shot) in shots(prepare) {
        insta::assert_snapshot!(format!("leads-{name}-{size}"), shot);
    }
}

#[test]
fn settled_leads_and_the_forms_that_settle_one() {
    pictures("settled", |c, r| {
        let mut harness = Harness::leads(2, c, r);
        harness.press("VAll<enter>");
        harness.lead_order(&[1, 2]);
        let mut qualified = row(1);
        put(
            &mut qualified.record,
            &contact::LEAD_STATE,
            "qualified".into(),
        );
        qualified.waiting = Waiting::No;
        qualified.deal = Some(link(81, "Rollout"));
        harness.lead_rows(vec![qualified]);
        harness
    });
    pictures("convert", |c, r| {
        let mut harness = Harness::leads(3, c, r);
        harness.press("W");
        harness.answer_conversion(lead(1, "working"), Vec::new());
        harness
    });
    pictures("drop", |c, r| {
        let mut harness = Harness::leads(3, c, r);
        harness.press("X");
        harness
    });
}
