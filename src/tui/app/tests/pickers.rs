//! Pickers of a book with too many companies to be in a form: what fits is asked for while somebody types.

use super::*;
use crate::domain::command::Input;
use crate::domain::nouns::{company, deal};
use crate::store::query::{MatchQuery, Matches};
use crate::tui::layers::Layer;

fn found(entity: Entity, text: &str, choices: Vec<Choice>, all: bool) -> Answer {
    Answer::Matches(Matches {
        entity,
        text: text.to_owned(),
        choices,
        all,
    })
}

/// What was asked to be looked for since the last look.
fn looked_for(harness: &mut Harness) -> Vec<(View, MatchQuery)> {
    let asked = harness.asked().into_iter();
    let query = |effect| match effect {
        Effect::Read {
            view,
            query: Query::Matches(query),
        } => Some((view, query)),
        _ => None,
    };
    asked.filter_map(query).collect()
}

/// The form of a new deal in a book of a million companies, with the keys in Company.
fn adding() -> Harness {
    let mut harness = Harness::on(board("1 2 | 3"));
    harness.press("aPilot<tab>");
    let mut stage = choice(101, "Qualify");
    stage.kind = Some(crate::domain::pipeline::StageKind::Open);
    harness.hear(Event::Read(views::STAGES, Ok(Answer::Choices(vec![stage]))));
    let asked: Vec<(View, Entity, String)> = looked_for(&mut harness)
        .into_iter()
        .map(|(view, query)| (view, query.entity, query.text))
        .collect();
    assert_eq!(
        asked,
        [
            (views::COMPANIES, Entity::Company, String::new()),
            (views::CONTACTS, Entity::Contact, String::new())
        ]
    );
    let lately = found(Entity::Company, "", vec![choice(11, "Roth Metall")], false);
    harness.hear(Event::Read(views::COMPANIES, Ok(lately)));
    let lately = found(Entity::Contact, "", Vec::new(), false);
    harness.hear(Event::Read(views::CONTACTS, Ok(lately)));
    assert!(matches!(harness.app.layers.last(), Some(Layer::Form(..))));
    harness
}

fn company_of(commands: &[Command]) -> Option<&Input> {
    commands.iter().find_map(|command| match command {
        Command::Create(create) if create.entity == Entity::Deal => create
            .fields
            .iter()
            .find(|(field, _)| *field == (&deal::COMPANY).into())
            .map(|(_, input)| input),
        _ => None,
    })
}

#[test]
fn each_text_is_looked_for_once_and_what_is_found_is_offered() {
    let mut harness = adding();
    harness.press("al");
    let texts: Vec<String> = looked_for(&mut harness)
        .into_iter()
        .map(|(_, query)| query.text)
        .collect();
    assert_eq!(texts, ["a", "al"]);
    assert!(harness.text().contains("looking"), "{}", harness.text());
    let alpina = found(Entity::Company, "al", vec![choice(12, "Alpina AG")], true);
    harness.hear(Event::Read(views::COMPANIES, Ok(alpina)));
    harness.press("p");
    assert_eq!(looked_for(&mut harness), [], "all that begins so is there");
    harness.press("<enter><c-s>");
    let (_, commands, _) = harness.write();
    assert_eq!(company_of(&commands), Some(&Input::Value(12.into())));
}

#[test]
fn who_types_faster_than_the_book_answers_gets_what_they_meant_and_makes_no_twin() {
    let mut harness = adding();
    harness.press("alp<enter><c-s>");
    assert!(harness.writes().is_empty(), "the keys wait");
    let alpina = found(Entity::Company, "alp", vec![choice(12, "Alpina AG")], true);
    harness.hear(Event::Read(views::COMPANIES, Ok(alpina)));
    let (_, commands, _) = harness.write();
    assert_eq!(company_of(&commands), Some(&Input::Value(12.into())));
    assert!(!commands.iter().any(
        |command| matches!(command, Command::Create(create) if create.entity == Entity::Company)
    ));
}

#[test]
fn what_is_nowhere_is_made_with_the_deal() {
    let mut harness = adding();
    harness.press("Zeta<tab>");
    harness.hear(Event::Read(
        views::COMPANIES,
        Ok(found(Entity::Company, "Zeta", Vec::new(), true)),
    ));
    harness.press("<c-s>");
    let (_, commands, _) = harness.write();
    let made = commands.iter().find_map(|command| match command {
        Command::Create(create) if create.entity == Entity::Company => Some(create),
        _ => None,
    });
    assert_eq!(
        made.unwrap().fields,
        [((&company::NAME).into(), "Zeta".into())]
    );
}

#[test]
fn an_answer_to_an_older_text_does_not_let_the_keys_go() {
    let mut harness = adding();
    harness.press("zeta<enter>");
    harness.hear(Event::Read(
        views::COMPANIES,
        Ok(found(
            Entity::Company,
            "z",
            vec![choice(13, "Zermatt")],
            false,
        )),
    ));
    assert!(harness.text().contains("looking"), "{}", harness.text());
    let zeta = found(Entity::Company, "zeta", vec![choice(14, "Zeta AG")], true);
    harness.hear(Event::Read(views::COMPANIES, Ok(zeta)));
    harness.press("<c-s>");
    let (_, commands, _) = harness.write();
    assert_eq!(company_of(&commands), Some(&Input::Value(14.into())));
}

#[test]
fn where_nothing_can_be_looked_for_no_key_chooses_by_itself_and_esc_lets_go() {
    let mut harness = adding();
    harness.press("alp<enter>");
    harness.hear(Event::Read(views::COMPANIES, Err(StoreError::Full)));
    assert!(matches!(harness.app.layers.last(), Some(Layer::Form(..))));
    assert!(harness.text().contains("create alp"), "{}", harness.text());
    let mut harness = adding();
    harness.press("alp<enter><esc>");
    harness.hear(Event::Read(
        views::COMPANIES,
        Ok(found(Entity::Company, "alp", Vec::new(), true)),
    ));
    harness.press("<c-s>");
    let (_, commands, _) = harness.write();
    assert_eq!(company_of(&commands), None);
}
