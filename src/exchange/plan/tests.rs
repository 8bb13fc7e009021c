use std::path::Path;

use super::*;
use crate::domain::command::Input;
use crate::domain::nouns::{deal, pending_link, stage};
use crate::domain::value::Value;
use crate::exchange::read;
use crate::exchange::recognise::{Told, Vocabulary, recognise};

fn options() -> Options {
    Options {
        pipeline: None,
        currency: None,
        now: Instant::from_millis(1_800_000_000_000),
    }
}

fn sheet(name: &str, bytes: &[u8]) -> Sheet {
    let vocabulary = Vocabulary::shipped().unwrap();
    let table = read::table(name, bytes, &|text| vocabulary.knows(text)).unwrap();
    let found = recognise(&table, &vocabulary, &Told::default()).unwrap();
    let file = FileInfo {
        name: name.to_owned(),
        hash: String::new(),
    };
    Sheet::prepare(file, table, found, &vocabulary, None).unwrap()
}

fn empty() -> Known {
    Known::empty("USD".parse().unwrap(), chrono_tz::America::New_York)
}

fn plan_of(sheets: &[Sheet]) -> Plan {
    Run::open(sheets, empty(), options()).plan()
}

fn plan(files: &[(&str, &str)]) -> Plan {
    let sheets: Vec<Sheet> = files
        .iter()
        .map(|(name, text)| sheet(name, text.as_bytes()))
        .collect();
    plan_of(&sheets)
}

fn creates(plan: &Plan, entity: Entity) -> Vec<&PlannedCreate> {
    plan.batches
        .iter()
        .flat_map(|batch| &batch.commands)
        .filter_map(|command| match command {
            Planned::Create(create) if create.entity == entity => Some(create),
            _ => None,
        })
        .collect()
}

fn value<'a>(
    create: &'a PlannedCreate,
    field: &'static crate::domain::nouns::FieldDef,
) -> Option<&'a Input> {
    create
        .fields
        .iter()
        .find(|(of, _)| *of == FieldRef::Own(field))
        .map(|(_, input)| input)
}

fn maven(file: &str) -> Option<Sheet> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/data/crm/maven")
        .join(file);
    std::fs::read(path).ok().map(|bytes| sheet(file, &bytes))
}

#[test]
fn the_maven_files_come_in_whole() {
    let files = [
        "sales_pipeline.csv",
        "accounts.csv",
        "sales_teams.csv",
        "products.csv",
    ];
    let sheets: Vec<Sheet> = files.into_iter().filter_map(maven).collect();
    if sheets.len() < files.len() {
        println!("skipped: ../shared/data/crm/maven is not there");
        return;
    }
    let started = std::time::Instant::now();
    let plan = plan_of(&sheets);
    println!("planned in {:?}", started.elapsed());
    let deals = creates(&plan, Entity::Deal);
    assert_eq!(deals.len(), 8_800);
    assert_eq!(creates(&plan, Entity::Rep).len(), 35);
    assert_eq!(creates(&plan, Entity::Company).len(), 85);
    assert_eq!(creates(&plan, Entity::Product).len(), 7);
    let stages: Vec<(Value, Value)> = creates(&plan, Entity::Stage)
        .iter()
        .map(|create| {
            let text = |field| match value(create, field) {
                Some(Input::Value(value)) => value.clone(),
                _ => Value::Null,
            };
            (text(&stage::NAME), text(&stage::KIND))
        })
        .collect();
    let names: Vec<&str> = stages
        .iter()
        .filter_map(|(name, _)| name.as_text())
        .collect();
    assert_eq!(names, ["Prospecting", "Engaging", "Won", "Lost"]);
    let in_stage = |name: &str| {
        let slot = creates(&plan, Entity::Stage)
            .into_iter()
            .find(|create| value(create, &stage::NAME) == Some(&name.into()))
            .unwrap()
            .slot;
        deals
            .iter()
            .filter(|create| value(create, &deal::STAGE) == Some(&slot.into()))
            .count()
    };
    assert_eq!(
        ["Prospecting", "Engaging", "Won", "Lost"].map(in_stage),
        [500, 1_589, 4_238, 2_473]
    );
    assert_eq!(
        deals
            .iter()
            .filter(|create| value(create, &deal::COMPANY).is_none())
            .count(),
        1_425
    );
    assert_eq!(
        deals
            .iter()
            .filter(|create| value(create, &deal::AMOUNT).is_none())
            .count(),
        2_089
    );
    assert_eq!(
        deals
            .iter()
            .filter(|create| create.created_at.is_none())
            .count(),
        500
    );
    assert_eq!(
        deals
            .iter()
            .filter(|create| value(create, &deal::CLOSED_AT).is_some())
            .count(),
        6_711
    );
    let pending = creates(&plan, Entity::PendingLink);
    assert_eq!(pending.len(), 1_480);
    assert!(
        pending
            .iter()
            .all(|create| value(create, &pending_link::SUGGESTION).is_some())
    );
    let suggestion = &plan.report.suggestions[0];
    assert_eq!(
        (
            suggestion.text.as_str(),
            suggestion.near.as_deref(),
            suggestion.count
        ),
        ("GTXPro", Some("GTX Pro"), 1_480)
    );
    println!("{:#?}", plan.report.counts);
    println!("{:?}", plan.report.warnings);
    println!(
        "{:?}",
        plan.batches
            .iter()
            .map(|b| (b.sheet, b.rows, b.commands.len()))
            .collect::<Vec<_>>()
    );
}
