//! Imports of what was imported before: unchanged, changed, undone, renamed.

use super::*;
use crate::domain::nouns::deal_line;

#[test]
fn a_changed_export_updates_what_nobody_edited() {
    let mut desk = desk();
    desk.import(&[("deals.csv", DEALS)]);
    let deals = desk.list(Entity::Deal);
    let id = crate::store::random_id();
    let edit = |record: &Record, field: &'static crate::domain::nouns::FieldDef, new: i64| {
        crate::domain::command::Command::Edit {
            entity: Entity::Deal,
            target: record.id.into(),
            edits: vec![crate::domain::command::FieldEdit {
                field: field.into(),
                base: crate::domain::command::Base::Unseen,
                new: new.into(),
            }],
        }
    };
    let draft = crate::domain::command::StepDraft {
        id,
        group: id,
        rep: None,
        at: NOW,
        origin: crate::domain::command::Origin::Human,
        label: None,
        import: None,
        commands: vec![edit(&deals[1], &deal::AMOUNT, 777)],
    };
    desk.book.commit(&draft).unwrap();
    let changed = DEALS
        .replace(
            "A2,Darcel Schlecht,MG Special,,Engaging,2016-10-25,,",
            "A2,Anna Snelling,MG Special,Codehow,Engaging,2016-10-25,,99",
        )
        .replace(
            "A4,Moses Frase,MG Special,Isdom,Prospecting,,,",
            "A4,Moses Frase,MG Special,Isdom,Won,2017-01-01,2017-05-01,50",
        )
        .replace("2017-03-01,1054", "2017-03-01,1100");
    let done = desk.import(&[("deals.csv", &changed)]);
    assert_eq!(done.report.counts(Entity::Deal).update, 3);
    let deals = desk.list(Entity::Deal);
    // By hand: kept. The company: new. The owner: never changed.
    assert_eq!(deals[1].int(&deal::AMOUNT), Some(777));
    assert_eq!(deals[1].link::<()>(&deal::COMPANY).unwrap().name, "Codehow");
    assert_eq!(
        deals[1].link::<()>(&deal::OWNER).unwrap().name,
        "Darcel Schlecht"
    );
    assert_eq!(done.report.counts(Entity::Deal).kept, 1);
    // Won since, with its facts frozen as of the source's date.
    assert_eq!(deals[3].state.unwrap().name(), "won");
    assert_eq!(deals[3].int(&deal::CLOSE_BASE), Some(5_000));
    assert_eq!(
        deals[3].instant(&deal::CLOSED_AT).unwrap().to_string(),
        "2017-05-01T16:00:00Z"
    );
    // A close that the source corrects is frozen anew.
    assert_eq!(deals[0].int(&deal::CLOSE_BASE), Some(110_000));
    let again = desk.import(&[("deals.csv", &changed)]);
    assert_eq!(again.group, None, "{:?}", again.report.counts);
}

#[test]
fn what_people_rename_in_the_book_keeps_its_tie_to_the_source() {
    let mut desk = desk();
    desk.import(&[("deals.csv", DEALS)]);
    let named = |records: Vec<Record>, name: &str| {
        records
            .into_iter()
            .find(|record| record.name() == name)
            .unwrap()
    };
    let stage = named(desk.list(Entity::Stage), "Engaging");
    let rep = named(desk.list(Entity::Rep), "Darcel Schlecht");
    let pipeline = desk.list(Entity::Pipeline).remove(0);
    desk.rename(&stage, "In talks");
    desk.rename(&rep, "Darcel S.");
    desk.rename(&pipeline, "Sales");
    let more = format!("{DEALS}A5,Darcel Schlecht,MG Special,,Engaging,2016-11-25,,\n");
    desk.import(&[("deals.csv", &more)]);
    assert_eq!(
        desk.list(Entity::Deal)[4]
            .link::<()>(&deal::STAGE)
            .unwrap()
            .name,
        "In talks"
    );
    assert_eq!(
        desk.list(Entity::Deal)[4]
            .link::<()>(&deal::OWNER)
            .unwrap()
            .name,
        "Darcel S."
    );
    assert_eq!(
        (
            desk.list(Entity::Pipeline).len(),
            desk.list(Entity::Stage).len()
        ),
        (1, 4)
    );
}

#[test]
fn a_new_stage_stands_before_won_and_lost() {
    let mut desk = desk();
    desk.import(&[("deals.csv", DEALS)]);
    let more = format!("{DEALS}A5,Moses Frase,MG Special,,Haggling,2016-11-25,,\n");
    desk.import(&[("deals.csv", &more)]);
    let mut stages: Vec<(Option<i64>, String)> = desk
        .list(Entity::Stage)
        .iter()
        .map(|record| {
            (
                record.int(&crate::domain::nouns::stage::POSITION),
                record.name(),
            )
        })
        .collect();
    stages.sort();
    let names: Vec<&str> = stages.iter().map(|(_, name)| name.as_str()).collect();
    assert_eq!(
        names,
        ["Prospecting", "Engaging", "Haggling", "Won", "Lost"]
    );
}

#[test]
fn importing_again_changes_nothing() {
    let mut desk = desk();
    desk.import(&[
        ("deals.csv", DEALS),
        ("products.csv", PRODUCTS),
        ("reps.csv", REPS),
    ]);
    let before = desk.hash();
    let again = desk.import(&[
        ("renamed.csv", DEALS),
        ("products.csv", PRODUCTS),
        ("reps.csv", REPS),
    ]);
    assert_eq!(again.group, None);
    assert_eq!(again.report.counts(Entity::Deal).unchanged, 4);
    assert_eq!(desk.hash(), before);
}

#[test]
fn one_undo_takes_an_import_back_and_the_next_import_revives_it() {
    let mut desk = desk();
    let empty = desk.hash();
    desk.import(&[("deals.csv", DEALS), ("reps.csv", REPS)]);
    let full = desk.list(Entity::Deal);
    desk.undo();
    assert_eq!(desk.hash(), empty);
    let done = desk.import(&[("deals.csv", DEALS), ("reps.csv", REPS)]);
    let revived = desk.list(Entity::Deal);
    assert_eq!(
        revived.iter().map(|d| d.id).collect::<Vec<_>>(),
        full.iter().map(|d| d.id).collect::<Vec<_>>()
    );
    assert_eq!(desk.list(Entity::DealLine).len(), 4);
    assert_eq!(done.report.counts(Entity::Deal).update, 4);
    let again = desk.import(&[("deals.csv", DEALS), ("reps.csv", REPS)]);
    assert_eq!(again.group, None);
}

#[test]
fn an_import_after_its_undo_says_what_it_said() {
    let custom =
        "Deal Name,Deal Stage,Product,Shoe size\nOats,Demo,GTXPro,43\nRye,Demo,GTXPro,41\n";
    for files in [
        &[("deals.csv", DEALS), ("products.csv", PRODUCTS)][..],
        &[("shoes.csv", custom), ("products.csv", PRODUCTS)][..],
    ] {
        let mut desk = desk();
        desk.import(files);
        let (said, waiting) = (desk.said(), desk.list(Entity::PendingLink).len());
        assert!(waiting > 0);
        desk.undo();
        desk.import(files);
        assert_eq!(desk.list(Entity::PendingLink).len(), waiting);
        assert_eq!(desk.said(), said);
    }
}

#[test]
fn a_revived_deal_gets_the_product_that_its_source_names_now() {
    let mut desk = desk();
    desk.import(&[("deals.csv", DEALS), ("products.csv", PRODUCTS)]);
    desk.undo();
    let changed = DEALS.replace("GTXPro", "MG Special");
    desk.import(&[("deals.csv", &changed), ("products.csv", PRODUCTS)]);
    let line = desk.list(Entity::DealLine).remove(0);
    let product = line.link::<()>(&deal_line::PRODUCT).unwrap();
    assert_eq!(product.name, "MG Special");
}

#[test]
fn columns_whose_names_differ_in_signs_alone_are_different_fields() {
    let mut desk = desk();
    let done = desk.import(&[(
        "skills.csv",
        "Name,Email,C++,C#\nNora,n@x.example,years,days\n",
    )]);
    assert_eq!(done.report.counts(Entity::Contact).create, 1);
    let custom = |desk: &mut Desk| -> Vec<(String, String)> {
        let nora = desk.list(Entity::Contact).remove(0);
        let mut custom: Vec<(String, String)> = nora
            .custom
            .iter()
            .map(|field| {
                (
                    field.name.clone(),
                    field.value.as_text().unwrap().to_owned(),
                )
            })
            .collect();
        custom.sort();
        custom
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let expected = [pair("C#", "days"), pair("C++", "years")];
    assert_eq!(custom(&mut desk), expected);
    // In another order they are the same fields.
    let request = Request {
        told: Told {
            source: Some(done.report.files[0].source.clone()),
            ..Told::default()
        },
        ..request(vec![bytes(
            "skills.csv",
            "Name,C#,Email,C++\nNora,days,n@x.example,years\n",
        )])
    };
    desk.run(&request);
    assert_eq!(custom(&mut desk), expected);
    assert_eq!(desk.list(Entity::Field).len(), 2);
}
