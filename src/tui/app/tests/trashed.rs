//! What names a company that is in the trash says so, by a sign in rows and in words where there is room for them.

use crate::domain::history::Profile;
use crate::domain::nouns::{Entity, contact, deal};
use crate::domain::pipeline::StageKind;
use crate::store::handle::Event;
use crate::store::query::Answer;
use crate::tui::app::views;

use super::Harness;
use super::days::busy;
use super::people::{contact as person, deal as chance, row};

#[test]
fn lists_and_their_panel_tell_of_a_company_in_the_trash() {
    for (columns, ascii, sign) in [(120, false, "✗ Keller"), (120, true, "x Keller")] {
        let mut harness = Harness::listing(3, columns, 30);
        if ascii {
            harness.app.theme = harness.app.theme.in_ascii();
        }
        let mut first = row(1);
        first.record.gone = vec![&contact::COMPANY];
        let rows = vec![first, row(2), row(3)];
        harness.hear(Event::Read(views::ROWS, Ok(Answer::Rows(rows))));
        let text = harness.text();
        assert_eq!(text.matches(sign).count(), 1, "{text}");
        assert!(text.contains("(in the trash)"), "{text}");
    }
}

#[test]
fn the_profile_of_a_contact_tells_of_it_and_of_a_deal_the_record() {
    let mut harness = Harness::on_nora(100, 30);
    let mut record = person(1, "Nora Keller");
    record.gone = vec![&contact::COMPANY];
    let profile = Profile {
        record,
        sources: Vec::new(),
        deals: Vec::new(),
        people: Vec::new(),
        subsidiaries: Vec::new(),
        firm: None,
    };
    let answer = Answer::Profile(Some(Box::new(profile)));
    harness.hear(Event::Read(views::PROFILE, Ok(answer)));
    let text = harness.text();
    assert!(
        text.contains("(in the trash)") || text.contains("(in the"),
        "{text}"
    );

    let mut record = chance(81, "Rollout", StageKind::Open);
    let place = Entity::Deal
        .fields()
        .iter()
        .position(|def| *def == &deal::COMPANY);
    record.values[place.unwrap()] = 600.into();
    record.names[place.unwrap()] = Some("Keller & Co AG".to_owned());
    record.gone = vec![&deal::COMPANY];
    let known = crate::tui::app::record::known(&record, &harness.app.look());
    let said = known
        .iter()
        .any(|(_, shown, _)| shown == "Keller & Co AG (in the trash)");
    assert!(said, "{known:?}");
}

#[test]
fn the_lines_of_today_tell_of_what_they_name_that_is_in_the_trash() {
    let mut day = busy();
    for step in &mut day.steps[..1] {
        step.contact.as_mut().unwrap().gone = true;
        step.deal.as_mut().unwrap().gone = true;
    }
    day.rotting.0[0].company_gone = true;
    for (columns, rows, signs) in [
        (
            160,
            45,
            &["✗ Nora Keller", "✗ Rollout", "✗ Roth Metall"][..],
        ),
        (100, 30, &["✗ Nora"]),
        (50, 20, &["✗ Nora Keller"]),
    ] {
        let mut harness = Harness::on_day(day.clone(), columns, rows);
        let text = harness.text();
        for sign in signs {
            assert_eq!(text.matches(sign).count(), 1, "{sign}: {text}");
        }
    }
}
