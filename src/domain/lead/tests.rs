//! What a conversion asks of the book.

use super::*;
use crate::domain::nouns::company;

fn record(entity: Entity, raw: i64, fields: &[(&'static FieldDef, Value)]) -> Record {
    let defs = entity.fields();
    let value = |def: &&'static FieldDef| {
        let found = fields.iter().find(|(known, _)| known == def);
        found.map_or(Value::Null, |(_, value)| value.clone())
    };
    Record {
        entity,
        id: RecordId::from_raw(raw),
        created_at: None,
        trashed_at: None,
        values: defs.iter().map(value).collect(),
        names: defs
            .iter()
            .map(|def| (def.name == "company").then(|| "Oporto Ferro".to_owned()))
            .collect(),
        gone: Vec::new(),
        custom: Vec::new(),
        sets: Vec::new(),
        source: None,
        state: (entity == Entity::Deal).then_some(StageKind::Open),
        seq: 1,
    }
}

fn marta(fields: &[(&'static FieldDef, Value)]) -> Record {
    let mut all = vec![
        (&contact::NAME, "Marta Silva".into()),
        (&contact::LEAD_STATE, "working".into()),
        (&contact::LEAD_SOURCE, "web".into()),
    ];
    all.retain(|(def, _)| fields.iter().all(|(other, _)| other != def));
    all.extend_from_slice(fields);
    record(Entity::Contact, 1, &all)
}

fn wish(fields: &[(&'static FieldDef, Input)]) -> Wish {
    Wish {
        first: Vec::new(),
        fields: fields
            .iter()
            .map(|(def, input)| (Field::Own(def), input.clone()))
            .collect(),
        sets: Vec::new(),
        company: None,
        stage: 101.into(),
        currency: "CHF".parse().unwrap(),
        me: Some(RecordId::from_raw(900)),
        at: Instant::from_millis(7),
    }
}

/// What a command gives a field of a noun.
fn given(commands: &[Command], def: &'static FieldDef) -> Option<Input> {
    commands.iter().find_map(|command| match command {
        Command::Create(create) => said(&create.fields, def).cloned(),
        Command::Edit { edits, .. } => edits
            .iter()
            .find(|edit| edit.field == Field::Own(def))
            .map(|edit| edit.new.clone()),
        _ => None,
    })
}

#[test]
fn a_lead_becomes_qualified_and_has_a_deal() {
    let lead = marta(&[(&contact::COMPANY, 600.into())]);
    let done = convert(&lead, &[], wish(&[])).unwrap();
    assert_eq!((done.deal.as_str(), done.known), ("Oporto Ferro", None));
    for (def, value) in [
        (&deal::TITLE, Input::from("Oporto Ferro")),
        (&deal::CONTACT, 1.into()),
        (&deal::COMPANY, 600.into()),
        (&deal::STAGE, 101.into()),
        (&deal::OWNER, 900.into()),
        (&deal::CURRENCY, "CHF".into()),
        (&deal::LEAD_SOURCE, "web".into()),
        (&contact::LEAD_STATE, "qualified".into()),
        (&contact::OWNER, 900.into()),
    ] {
        assert_eq!(given(&done.commands, def), Some(value), "{}", def.name);
    }
    assert_eq!(
        given(&done.commands, &deal::AMOUNT),
        None,
        "unknown is not zero"
    );
    assert_eq!(given(&done.commands, &contact::COMPANY), None);
    assert_eq!(done.commands.len(), 2);
}

#[test]
fn without_a_company_the_deal_is_called_as_the_lead() {
    let done = convert(&marta(&[]), &[], wish(&[])).unwrap();
    assert_eq!(done.deal, "Marta Silva");
    let mut new = wish(&[(&deal::COMPANY, Input::New(Slot(1)))]);
    new.company = Some("Ferro".to_owned());
    new.first.push(made_company());
    let done = convert(&marta(&[]), &[], new).unwrap();
    assert_eq!(done.deal, "Ferro");
    assert_eq!(
        given(&done.commands, &contact::COMPANY),
        Some(Input::New(Slot(1))),
        "the contact works there"
    );
    assert_eq!(done.commands.len(), 3);
}

fn made_company() -> Command {
    Command::Create(Create {
        slot: Slot(1),
        entity: Entity::Company,
        created_at: None,
        fields: vec![((&company::NAME).into(), "Ferro".into())],
        sets: Vec::new(),
    })
}

#[test]
fn what_is_known_of_the_contact_stays() {
    let lead = marta(&[
        (&contact::COMPANY, 600.into()),
        (&contact::OWNER, 901.into()),
    ]);
    let done = convert(&lead, &[], wish(&[(&deal::COMPANY, 601.into())])).unwrap();
    assert_eq!(given(&done.commands, &deal::COMPANY), Some(601.into()));
    assert_eq!(given(&done.commands, &deal::OWNER), Some(901.into()));
    assert_eq!(given(&done.commands, &contact::COMPANY), None);
    assert_eq!(given(&done.commands, &contact::OWNER), None);
}

#[test]
fn an_open_deal_of_the_lead_is_filled_and_no_second_one_is_made() {
    let known = record(
        Entity::Deal,
        80,
        &[
            (&deal::TITLE, "Rollout".into()),
            (&deal::CONTACT, 1.into()),
            (&deal::AMOUNT, 500.into()),
            (&deal::CURRENCY, "CHF".into()),
            (&deal::STAGE, 103.into()),
        ],
    );
    let mut asked = wish(&[
        (&deal::AMOUNT, 900.into()),
        (&deal::EXPECTED_CLOSE, "2026-12-18".into()),
    ]);
    asked.first.push(made_company());
    let deals = [known];
    let done = convert(&marta(&[]), &deals, asked.clone()).unwrap();
    assert_eq!(
        (done.deal.as_str(), done.known),
        ("Rollout", Some(deals[0].id))
    );
    assert_eq!(done.left, [&deal::AMOUNT], "it is not overwritten");
    assert_eq!(given(&done.commands, &deal::AMOUNT), None);
    assert_eq!(given(&done.commands, &deal::STAGE), None);
    assert_eq!(
        given(&done.commands, &deal::EXPECTED_CLOSE),
        Some("2026-12-18".into())
    );
    let makes = |commands: &[Command]| {
        let mut all = commands.iter();
        all.any(|command| matches!(command, Command::Create(_)))
    };
    assert!(!makes(&done.commands), "{:?}", done.commands);
    // Another title is another deal.
    asked.fields.push(((&deal::TITLE).into(), "Service".into()));
    let done = convert(&marta(&[]), &deals, asked).unwrap();
    assert!(done.known.is_none() && makes(&done.commands));
}

#[test]
fn a_converted_lead_says_so_and_so_does_a_dropped_one_and_a_contact() {
    let mut lost = record(Entity::Deal, 80, &[(&deal::TITLE, "Rollout".into())]);
    lost.state = Some(StageKind::Lost);
    let qualified = marta(&[(&contact::LEAD_STATE, "qualified".into())]);
    let why = |lead: &Record, deals: &[Record]| {
        let refused = convert(lead, deals, wish(&[])).unwrap_err();
        refused.to_string()
    };
    assert_eq!(
        why(&qualified, &[lost]),
        "Marta Silva is converted already: deal Rollout"
    );
    let done = convert(&qualified, &[], wish(&[])).unwrap();
    assert_eq!(given(&done.commands, &contact::LEAD_STATE), None);
    let dropped = marta(&[
        (&contact::LEAD_STATE, "dropped".into()),
        (&contact::DROP_REASON, "No need".into()),
    ]);
    assert_eq!(
        why(&dropped, &[]),
        "Marta Silva was dropped (No need); another state takes that back"
    );
    let contact = marta(&[(&contact::LEAD_STATE, Value::Null)]);
    assert_eq!(why(&contact, &[]), "Marta Silva is no lead");
}

#[test]
fn a_lead_is_dropped_with_its_reason_against_what_was_seen() {
    let command = drop_for(
        RecordId::from_raw(1),
        &"new".into(),
        &Value::Null,
        "No need",
    );
    let commands = [command];
    assert_eq!(
        given(&commands, &contact::LEAD_STATE),
        Some("dropped".into())
    );
    assert_eq!(
        given(&commands, &contact::DROP_REASON),
        Some("No need".into())
    );
    let [Command::Edit { edits, .. }] = &commands else {
        panic!("{commands:?}")
    };
    assert_eq!(edits[0].base, Base::Seen("new".into()));
}
