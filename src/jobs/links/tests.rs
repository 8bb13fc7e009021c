use super::*;
use crate::domain::nouns::{deal, product};
use crate::domain::records::Rep;
use crate::jobs::bed::{DEALS, Desk, NOW, PRODUCTS, REPS, desk};

const ACTOR: Actor = Actor { rep: None, at: NOW };
const FILES: [(&str, &str); 3] = [
    ("deals.csv", DEALS),
    ("products.csv", PRODUCTS),
    ("reps.csv", REPS),
];

/// The team's files with `GTXPro` on two deals, where the catalogue has `GTX Pro`.
fn two_wait() -> (Desk, String) {
    let mut desk = desk();
    let deals = DEALS.replace("A4,Moses Frase,MG Special", "A4,Moses Frase,GTXPro");
    desk.import(&[("deals.csv", &deals), FILES[1], FILES[2]]);
    (desk, deals)
}

fn only(desk: &mut Desk) -> WaitingText {
    let mut texts = waiting(&mut desk.book).unwrap();
    assert_eq!(texts.len(), 1, "{texts:?}");
    texts.remove(0)
}

fn accept_suggested(desk: &mut Desk) -> Answered {
    let text = only(desk);
    let to = text.suggestion.clone().unwrap();
    accept(&mut desk.book, &text, &to, ACTOR, false).unwrap()
}

/// What the lines of deals link to, in order of birth.
fn products(desk: &mut Desk) -> Vec<Option<String>> {
    let lines = desk.list(Entity::DealLine);
    lines
        .iter()
        .map(|line| line.link::<()>(&deal_line::PRODUCT).map(|link| link.name))
        .collect()
}

#[test]
fn one_answer_links_all_and_one_undo_takes_it_back() {
    let (mut desk, _) = two_wait();
    let (before, text) = (desk.hash(), only(&mut desk));
    assert_eq!(
        (text.text.as_str(), text.links.len()),
        ("GTXPro", 2),
        "{text:?}"
    );
    let answered = accept_suggested(&mut desk);
    assert_eq!((answered.records, answered.kept.len()), (2, 0));
    let linked = |name: &str| Some(name.to_owned());
    assert_eq!(
        products(&mut desk),
        ["GTX Pro", "MG Special", "MG Special", "GTX Pro"].map(linked)
    );
    assert_eq!(waiting(&mut desk.book).unwrap(), []);
    desk.undo();
    assert_eq!(desk.hash(), before);
    assert_eq!(only(&mut desk), text);
}

#[test]
fn the_next_import_of_the_source_knows_the_answer() {
    let (mut desk, deals) = two_wait();
    accept_suggested(&mut desk);
    let answered = desk.hash();
    let again = desk.import(&[("deals.csv", &deals), FILES[1], FILES[2]]);
    assert_eq!((again.group, desk.hash()), (None, answered));
    let more = format!("{deals}A5,Moses Frase,GTXPro,Isdom,Engaging,2017-10-25,,\n");
    let done = desk.import(&[("deals.csv", &more)]);
    assert_eq!(done.report.suggestions, []);
    assert_eq!(products(&mut desk)[4].as_deref(), Some("GTX Pro"));
}

#[test]
fn an_answer_that_was_taken_back_is_not_remembered_and_can_be_given_again() {
    let (mut desk, deals) = two_wait();
    accept_suggested(&mut desk);
    desk.undo();
    let more = format!("{deals}A5,Moses Frase,GTXPro,Isdom,Engaging,2017-10-25,,\n");
    let done = desk.import(&[("deals.csv", &more)]);
    assert_eq!(
        done.report.suggestions[0].near.as_deref(),
        Some("GTX Pro"),
        "the question is open again"
    );
    assert_eq!(accept_suggested(&mut desk).records, 3);
    let last = format!("{more}A6,Moses Frase,GTXPro,Isdom,Engaging,2017-10-25,,\n");
    let done = desk.import(&[("deals.csv", &last)]);
    assert_eq!(done.report.suggestions, []);
    assert_eq!(products(&mut desk)[5].as_deref(), Some("GTX Pro"));
}

#[test]
fn what_somebody_linked_by_hand_stays_and_is_listed() {
    let (mut desk, _) = two_wait();
    let other = desk.list(Entity::Product).pop().unwrap();
    assert_eq!(other.text(&product::NAME), Some("MG Special"));
    let line = desk.list(Entity::DealLine).remove(0);
    desk.edit(&line, &deal_line::PRODUCT, other.id);
    let answered = accept_suggested(&mut desk);
    assert_eq!(answered.records, 1);
    let [kept] = answered.kept.as_slice() else {
        panic!("{answered:?}");
    };
    assert_eq!(
        (kept.name.as_str(), kept.why.as_str()),
        ("Cancity - GTXPro", "its product is MG Special by now")
    );
    assert_eq!(products(&mut desk)[0].as_deref(), Some("MG Special"));
    assert_eq!(waiting(&mut desk.book).unwrap(), []);
}

#[test]
fn what_is_changed_between_look_and_answer_stays_and_waits_on() {
    let (mut desk, _) = two_wait();
    let line = desk.list(Entity::DealLine).remove(0);
    let other = desk.list(Entity::Product).pop().unwrap();
    let mut act = Act {
        actor: ACTOR,
        group: random_id(),
        label: "Link".to_owned(),
        begun: false,
    };
    let text = only(&mut desk);
    let to = text.suggestion.clone().unwrap();
    let (edits, _) = Waiting::read(&mut desk.book, &text)
        .unwrap()
        .edits(&text, &to);
    desk.edit(&line, &deal_line::PRODUCT, other.id);
    let kept = act.commit(&mut desk.book, &edits).unwrap();
    assert_eq!(kept.len(), 1);
    assert_eq!(kept[0].record, line.id);
}

#[test]
fn a_dismissed_suggestion_is_not_offered_again_and_the_text_waits_on() {
    let (mut desk, deals) = two_wait();
    let before = desk.hash();
    let text = only(&mut desk);
    assert_eq!(
        dismiss(&mut desk.book, &text, ACTOR, false)
            .unwrap()
            .records,
        2
    );
    assert_eq!(only(&mut desk).suggestion, None);
    let more = format!("{deals}A5,Moses Frase,GTXPro,Isdom,Engaging,2017-10-25,,\n");
    let done = desk.import(&[("deals.csv", &more)]);
    assert_eq!(done.report.suggestions[0].near, None);
    assert_eq!(only(&mut desk).links.len(), 3);
    // Whoever knows better by now says so, and that is remembered as well.
    let text = only(&mut desk);
    let to = Candidate {
        entity: Entity::Product,
        id: desk.list(Entity::Product)[1].id,
        name: "MG Special".to_owned(),
        detail: None,
    };
    accept(&mut desk.book, &text, &to, ACTOR, false).unwrap();
    let last = format!("{more}A6,Moses Frase,GTXPro,Isdom,Engaging,2017-10-25,,\n");
    desk.import(&[("deals.csv", &last)]);
    assert_eq!(products(&mut desk)[5].as_deref(), Some("MG Special"));
    for _ in 0..4 {
        desk.undo();
    }
    assert_eq!(desk.hash(), before);
}

#[test]
fn a_closed_deal_whose_owner_becomes_known_is_theirs() {
    let mut desk = desk();
    let deals = DEALS.replace("A1,Moses Frase", "A1,Moses Frasse");
    desk.import(&[
        ("reps.csv", REPS),
        ("products.csv", PRODUCTS),
        ("deals.csv", &deals),
    ]);
    let texts = waiting(&mut desk.book).unwrap();
    let text = texts
        .iter()
        .find(|text| text.target == Entity::Rep)
        .unwrap();
    let to = text.suggestion.clone().unwrap();
    accept(&mut desk.book, text, &to, ACTOR, false).unwrap();
    let won = desk.list(Entity::Deal).remove(0);
    for field in [&deal::OWNER, &deal::CLOSE_OWNER] {
        assert_eq!(won.link::<Rep>(field).unwrap().name, "Moses Frase");
    }
}

#[test]
fn a_key_that_was_answered_is_known_and_its_own_row_comes_to_the_same_record() {
    let mut desk = desk();
    let deals = |rows: &str| {
        format!("Record ID,Deal Name,Deal Stage,Amount,Associated Company IDs\n{rows}")
    };
    desk.import(&[(
        "companies.csv",
        "Record ID,Company name,Industry,Number of Employees\n7,Alpina AG,Food,20\n",
    )]);
    desk.import(&[("deals.csv", &deals("3,Oats,Proposal,100,8\n"))]);
    let text = only(&mut desk);
    let alpina = desk.list(Entity::Company).remove(0);
    let to = Candidate {
        entity: Entity::Company,
        id: alpina.id,
        name: alpina.name(),
        detail: None,
    };
    accept(&mut desk.book, &text, &to, ACTOR, false).unwrap();
    desk.import(&[(
        "deals.csv",
        &deals("3,Oats,Proposal,100,8\n4,Bran,Proposal,50,8\n"),
    )]);
    for deal in desk.list(Entity::Deal) {
        assert_eq!(deal.link::<()>(&deal::COMPANY).unwrap().name, "Alpina AG");
    }
    let companies = "Record ID,Company name,Industry,Number of Employees\n8,Alpina AG,Food,30\n";
    let done = desk.import(&[("companies.csv", companies)]);
    assert_eq!(done.report.rejects, []);
    assert_eq!(desk.list(Entity::Company).len(), 1);
}
