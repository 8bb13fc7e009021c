//! The list of companies, a company, and going from anything to what belongs to it: what keys ask of the book and where they lead.

use crate::domain::command::{Command, Input};
use crate::domain::history::{Happening, History, Holder, Party, Profile, What};
use crate::domain::id::Id;
use crate::domain::nouns::{Entity, Field, activity, contact};
use crate::domain::pipeline::StageKind;
use crate::domain::records::Candidate;
use crate::domain::value::Value;
use crate::store::handle::Event;
use crate::store::query::{Answer, HoldersQuery, Query};
use crate::tui::app::views;
use crate::tui::layers::Layer;
use crate::tui::msg::Effect;
use crate::tui::screens::party::state::Panel;
use crate::tui::screens::{Screen, Shown};

use super::firms::{company, joint, keller};
use super::people::{contact as nora, deal, done, id};
use super::{Harness, board, board_of, card, column, link};

fn reads(harness: &mut Harness) -> Vec<Query> {
    let effects = harness.asked().into_iter();
    let queries = effects.filter_map(|effect| match effect {
        Effect::Read { query, .. } => Some(query),
        _ => None,
    });
    queries.collect()
}

fn given(command: &Command, def: &'static crate::domain::nouns::FieldDef) -> Option<Value> {
    let Command::Create(create) = command else {
        return None;
    };
    create.fields.iter().find_map(|(field, input)| match input {
        Input::Value(value) if *field == Field::Own(def) => Some(value.clone()),
        _ => None,
    })
}

#[test]
fn the_list_of_companies_asks_for_companies_in_every_order() {
    let mut harness = Harness::listing_companies(5, 100, 30);
    harness.asked();
    for (keys, field, descending) in [
        ("SOpen value<enter>", "value", true),
        ("SOpen value<enter>", "value", false),
        ("SPeople<enter>", "people", true),
        ("/industry:machines<enter>", "people", true),
    ] {
        harness.press(keys);
        let orders = reads(&mut harness)
            .into_iter()
            .filter_map(|query| match query {
                Query::Order(list) => Some(list),
                _ => None,
            });
        let list = orders.reduce(|_, last| last).unwrap();
        assert_eq!(list.entity, Entity::Company, "{keys}");
        assert_eq!(list.sort[0], (field.to_owned(), descending), "{keys}");
        assert_eq!(list.filter.is_some(), keys.starts_with('/'), "{keys}");
    }
}

#[test]
fn what_is_done_to_marked_companies_is_one_step() {
    for (keys, count) in [("oBen<enter>", 3), ("+key -old<enter>", 6), ("#", 3)] {
        let mut harness = Harness::listing_companies(5, 100, 30);
        harness.press("<space><down>v");
        assert_eq!(harness.app.companies.marked(), 3, "a range of three");
        harness.press(keys);
        let (_, commands, _) = harness.write();
        assert_eq!(commands.len(), count, "{keys}");
        assert!(commands.iter().all(|command| match command {
            Command::Edit { entity, .. }
            | Command::Trash { entity, .. }
            | Command::Add { entity, .. }
            | Command::Remove { entity, .. } => *entity == Entity::Company,
            _ => false,
        }));
    }
}

#[test]
fn a_range_goes_from_the_last_mark_to_the_cursor_on_every_list() {
    let mut harness = Harness::listing(50, 100, 30);
    harness.press("v");
    assert_eq!(harness.app.contacts.marked(), 1);
    assert!(harness.status().contains("begins here"));
    harness.press("jjjv");
    assert_eq!(harness.app.contacts.marked(), 4);
    harness.press("<esc>Gv");
    assert_eq!(harness.app.contacts.marked(), 1, "Esc forgot the beginning");
    let mut harness = Harness::on(board("1 2 3 | 4 5"));
    harness.press("<space>v");
    assert_eq!(harness.cards(), "*1 >*2 3 | 4 5");
    harness.press("lv");
    assert!(harness.status().contains("not in this column"));
    harness.press("<end>v");
    assert_eq!(harness.cards(), "*1 *2 3 | *4 >*5");
}

#[test]
fn a_company_opens_with_its_neighbours_and_asks_for_its_joint_history() {
    let mut harness = Harness::listing_companies(3, 100, 30);
    harness.asked();
    harness.press("j<enter>");
    assert_eq!(harness.app.shown, Shown::Company);
    let of = Party::Company(Id::from_raw(2));
    let asked = reads(&mut harness);
    let asks_for_it = |query: &Query| match query {
        Query::Profile { of: one, .. } => *one == of,
        Query::History(history) => history.of == of && history.limit > 100,
        _ => false,
    };
    assert_eq!(asked.into_iter().filter(asks_for_it).count(), 2);
    harness.press(".");
    assert_eq!(harness.app.company.id(), Some(id(3)));
    harness.press(".");
    assert!(harness.status().contains("last company"));
    harness.press("<esc>");
    assert_eq!(harness.app.shown, Shown::Companies);
    assert_eq!(harness.app.companies.cursor, 2);
}

#[test]
fn esc_goes_back_the_way_one_came() {
    let mut harness = Harness::on_keller(100, 30);
    harness.press("<tab><enter>");
    assert_eq!(harness.app.shown, Shown::Contact);
    assert_eq!(harness.app.contact.id(), Some(id(11)));
    harness.press(".");
    assert_eq!(
        harness.app.contact.id(),
        Some(id(12)),
        "the next of its people"
    );
    harness.profile(12, "Zoë Brunner");
    harness.press("gc");
    assert_eq!(harness.app.shown, Shown::Company);
    harness.press("<esc>");
    assert_eq!(harness.app.contact.id(), Some(id(12)));
    assert_eq!(harness.app.shown, Shown::Contact);
    harness.press("<esc>");
    assert_eq!(harness.app.shown, Shown::Company);
    harness.press("<esc>");
    assert_eq!(harness.app.shown, Shown::Companies);
    // A tab begins anew.
    harness.press("<enter>4<enter>");
    harness.order(&[1, 2]);
    harness.press("<enter><esc>");
    assert_eq!(harness.app.shown, Shown::Contacts);
}

#[test]
fn who_comes_back_finds_the_cursors_where_they_were_whatever_was_changed_meanwhile() {
    let mut harness = Harness::on_keller(100, 30);
    harness.press("<tab>j<tab>j<s-tab><s-tab>jjj");
    let on = harness.app.screen().targets();
    let (entity, name) = (Entity::Company, "Keller Service GmbH".to_owned());
    harness.app.open_record(entity, id(601), name);
    harness.on_company(keller(), joint());
    assert_eq!(harness.app.company.cursor, 0);
    harness.press("<esc>");
    assert_eq!(harness.app.company.id(), Some(id(600)));
    // A colleague has planned something and put Nora into the trash.
    let mut profile = keller();
    profile.people.remove(0);
    let mut history = joint();
    let planned = history.planned[0].clone();
    history.planned.insert(0, planned);
    history.planned[0].id = id(777);
    harness.on_company(profile, history);
    let company = &harness.app.company;
    assert_eq!(company.targets(), on);
    assert_eq!((company.cursor, company.person, company.deal), (4, 0, 1));
    // Who moves then moves from there.
    harness.press("j");
    assert_eq!(harness.app.company.cursor, 5);
}

#[test]
fn a_adds_a_person_of_the_company_and_a_deal_among_the_deals() {
    let mut harness = Harness::on_keller(100, 30);
    harness.press("a");
    let choices = vec![super::choice(600, "Keller & Co AG")];
    harness.hear(Event::Read(views::COMPANIES, Ok(Answer::Choices(choices))));
    harness.press("Hugo Frei<c-s>");
    let (_, commands, _) = harness.write();
    assert_eq!(given(&commands[0], &contact::COMPANY), Some(600.into()));
    harness.press("<tab><tab>a");
    let asks_for_stages = reads(&mut harness).contains(&Query::Choices(Entity::Stage));
    assert!(asks_for_stages, "the form of a deal");
}

#[test]
fn what_is_logged_on_a_company_is_about_it_and_is_seen_at_once() {
    for (keys, person) in [
        ("nVisit the plant<enter>", None),
        ("<tab>nVisit the plant<enter>", Some(11)),
    ] {
        let mut harness = Harness::on_keller(100, 30);
        harness.press(keys);
        let (ticket, commands, _) = harness.write();
        assert_eq!(
            given(&commands[0], &activity::COMPANY),
            Some(600.into()),
            "{keys}"
        );
        assert_eq!(
            given(&commands[0], &activity::CONTACT),
            person.map(Value::from),
            "{keys}"
        );
        assert!(harness.text().contains("Visit the plant"), "{keys}");
        harness.fail(ticket);
        harness.press("<esc>");
        assert!(!harness.text().contains("Visit the plant"), "{keys}");
    }
}

#[test]
fn a_reply_takes_up_the_mail_under_the_cursor_and_nothing_else() {
    let mut harness = Harness::on_keller(100, 30);
    harness.press("r");
    assert!(
        harness.status().contains("for a mail"),
        "{}",
        harness.status()
    );
    harness.press("jr<enter>");
    let (_, commands, _) = harness.write();
    let mail = &commands[0];
    assert_eq!(given(mail, &activity::KIND), Some("mail".into()));
    assert_eq!(
        given(mail, &activity::SUBJECT),
        Some("Re: delivery dates".into())
    );
    assert_eq!(given(mail, &activity::DIRECTION), Some("out".into()));
    assert_eq!(given(mail, &activity::CONTACT), Some(11.into()));
    assert_eq!(given(mail, &activity::COMPANY), Some(600.into()));
}

#[test]
fn a_company_form_warns_of_a_name_and_a_domain_that_are_there() {
    let mut harness = Harness::listing_companies(2, 100, 30);
    harness.press("a");
    harness.hear(Event::Read(
        views::COMPANIES,
        Ok(Answer::Choices(Vec::new())),
    ));
    harness.press("keller<tab>keller.ch");
    let asked = reads(&mut harness)
        .into_iter()
        .filter_map(|query| match query {
            Query::Holders(query) => Some(query),
            _ => None,
        });
    let expected = HoldersQuery {
        names: vec!["keller".to_owned()],
        domains: vec!["keller.ch".to_owned()],
        ..HoldersQuery::default()
    };
    assert_eq!(asked.reduce(|_, last| last), Some(expected));
    let holder = |element: &str| Holder {
        element: element.to_owned(),
        who: Candidate {
            entity: Entity::Company,
            id: id(600),
            name: "Keller & Co AG".to_owned(),
            detail: Some("Zug".to_owned()),
        },
    };
    let holders = vec![holder("keller"), holder("keller.ch")];
    harness.hear(Event::Read(views::HOLDERS, Ok(Answer::Holders(holders))));
    let text = harness.text();
    assert!(text.contains("is in the book already"), "{text}");
    assert!(text.contains("has keller.ch already"), "{text}");
    // It is a warning and no more; the draft stays where the form is left.
    harness.press("<esc>a");
    harness.hear(Event::Read(
        views::COMPANIES,
        Ok(Answer::Choices(Vec::new())),
    ));
    assert_eq!(harness.status(), "As you left it");
    harness.press("<c-s><c-s>");
    assert_eq!(harness.write().1.len(), 1);
}

/// A deal of Alpina with Nora, in the first column.
fn pipeline() -> Harness {
    let mut first = card(1, "Renewal");
    first.company = Some(link(600, "Keller & Co AG"));
    first.contact = Some(link(11, "Nora Keller"));
    let columns = vec![column(101, "Qualify", vec![first, card(2, "Alone")], 2)];
    Harness::on(board_of(columns))
}

#[test]
fn from_a_deal_to_its_person_company_and_other_deals() {
    for (keys, shown) in [
        ("gp", Shown::Contact),
        ("gc", Shown::Company),
        ("<enter>gp", Shown::Contact),
        ("<enter>gc", Shown::Company),
        ("<enter><enter>", Shown::Company),
    ] {
        let mut harness = pipeline();
        harness.press(keys);
        assert_eq!(harness.app.shown, shown, "{keys}");
        harness.press("<esc>");
        assert_eq!(harness.app.shown, Shown::Pipeline, "{keys}");
    }
    let mut harness = pipeline();
    harness.press("gd");
    harness.answer_going(keller());
    assert!(harness.menu() && harness.text().contains("Deals of Keller & Co AG"));
    harness.press("Pilot<enter>");
    assert!(harness.text().contains("Deal · "), "{}", harness.text());
    let mut harness = pipeline();
    for (keys, why) in [
        ("jgp", "Alone has no person and no company"),
        ("gc", "Alone has no company"),
        ("gd", "Alone has no company and no person with other deals"),
        ("gx", "Alone has no link"),
    ] {
        harness.press(keys);
        assert_eq!(harness.status(), why, "{keys}");
    }
}

#[test]
fn from_lists_and_screens_to_what_belongs_to_them() {
    let mut harness = Harness::listing(5, 100, 30);
    harness.press("gc");
    assert_eq!(harness.app.company.id(), Some(id(600)));
    assert_eq!(harness.app.shown, Shown::Company);
    harness.on_company(keller(), joint());
    harness.press("gc");
    assert_eq!(harness.status(), "This is the company already");
    // The mail of Nora is under the cursor.
    harness.press("jgp");
    assert_eq!(harness.app.contact.id(), Some(id(11)));
    harness.profile(11, "Nora Keller");
    harness.press("gp");
    assert_eq!(harness.status(), "This is the person already");
    harness.press("gd");
    let one = Profile {
        deals: vec![deal(81, "Rollout", StageKind::Open)],
        people: Vec::new(),
        ..keller()
    };
    let one = Profile {
        record: nora(11, "Nora Keller"),
        ..one
    };
    harness.answer_going(one);
    assert!(
        matches!(harness.app.layers.last(), Some(Layer::Detail(detail)) if detail.id == id(81))
    );
    let mut harness = Harness::listing_companies(5, 100, 30);
    harness.press("gp");
    let several = Profile {
        record: company(1, "Company 1"),
        ..keller()
    };
    harness.answer_going(several);
    assert!(harness.menu() && harness.text().contains("People of Company 1"));
    harness.press("Zo<enter>");
    assert_eq!(harness.app.contact.id(), Some(id(12)));
}

#[test]
fn the_first_link_is_copied_or_it_is_said_that_there_is_none() {
    let mut harness = Harness::listing_companies(5, 100, 30);
    harness.press("gx");
    let first = Profile {
        record: company(1, "Company 1"),
        ..keller()
    };
    harness.answer_going(first.clone());
    assert_eq!(harness.copied().as_deref(), Some("https://keller.ch"));
    let mut bare = first;
    bare.record.sets.clear();
    harness.press("gx");
    harness.answer_going(bare);
    assert_eq!(harness.copied(), None);
    assert_eq!(harness.status(), "Company 1 has no link");
    // What stands in the text under the cursor comes first.
    let mut harness = Harness::on_keller(100, 30);
    let mut history = joint();
    if let Happening {
        what: What::Deed(deed),
        ..
    } = &mut history.happened[0]
    {
        deed.body = Some("The plan: <https://plan.example/7>.".to_owned());
    }
    harness.on_company(keller(), history);
    harness.press("jgx");
    assert_eq!(harness.copied().as_deref(), Some("https://plan.example/7"));
}

#[test]
fn nothing_under_the_cursor_says_so() {
    for keys in ["gp", "gc", "gd", "gx", "r", "v"] {
        let mut harness = Harness::listing_companies(0, 100, 30);
        harness.asked();
        harness.press(keys);
        assert!(!harness.status().is_empty(), "{keys}");
        assert!(reads(&mut harness).is_empty(), "{keys}");
    }
}

#[test]
fn who_began_to_type_meanwhile_is_not_taken_elsewhere() {
    let mut harness = Harness::listing_companies(5, 100, 30);
    harness.press("gp/");
    let several = Profile {
        record: company(1, "Company 1"),
        ..keller()
    };
    harness.answer_going(several);
    assert!(matches!(harness.app.layers.last(), Some(Layer::Filter(_))));
}

#[test]
fn a_contacts_profile_leads_to_its_company_and_a_companys_to_its_parent() {
    let mut harness = Harness::on_nora(100, 30);
    harness.press("<s-tab>jj<enter>");
    assert_eq!(harness.app.company.id(), Some(id(600)));
    harness.on_company(keller(), joint());
    assert_eq!(harness.app.company.focus, Panel::Timeline);
    harness.press("<s-tab>G");
    for _ in 0..20 {
        let on_parent = harness.app.company.company_in_line();
        if on_parent.is_some_and(|link| link.name.contains("Holding")) {
            break;
        }
        harness.press("k");
    }
    harness.press("<enter>");
    assert_eq!(harness.app.company.id(), Some(id(699)));
}

#[test]
fn a_company_has_no_state_and_is_no_lead() {
    let mut harness = Harness::on_keller(100, 30);
    for (keys, why) in [
        ("s", "Keller & Co AG is a company and has no state"),
        ("W", "Keller & Co AG is no lead; s makes a contact one"),
    ] {
        harness.press(keys);
        assert_eq!(harness.status(), why);
    }
}

#[test]
fn a_long_history_is_read_page_by_page() {
    let mut harness = Harness::on_keller(100, 30);
    let page = |from: i64| -> Vec<Happening> {
        let raws = (from..from + 200).rev();
        raws.map(|raw| done(raw, "note", "Note", "2026-11-20 10:00"))
            .collect()
    };
    let history = History {
        happened: page(1_000),
        more: true,
        ..History::default()
    };
    harness.on_company(keller(), history);
    harness.asked();
    harness.press("<pgdn><pgdn><pgdn><pgdn><pgdn><pgdn><pgdn>");
    let asked = reads(&mut harness);
    assert!(
        matches!(&asked[..], [Query::History(query)] if query.before.is_some()),
        "{asked:?}"
    );
}
