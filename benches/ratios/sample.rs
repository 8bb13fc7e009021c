//! Books to measure on.

use std::path::{Path, PathBuf};

use clinch::domain::command::{Command, Create, Origin, Slot, StepDraft};
use clinch::domain::id::Id;
use clinch::domain::nouns::{Entity, FieldDef, company, deal, rep};
use clinch::domain::outcome::{Outcome, Receipt};
use clinch::domain::pipeline;
use clinch::domain::records::Stage;
use clinch::domain::time::{DAY_MS, Instant};
use clinch::domain::value::Value;
use clinch::store::{Book, NewBook, random_id};

/// 2026-11-24T10:05:00Z, the moment of everything here.
pub const NOW: Instant = Instant::from_millis(1_795_514_700_000);

/// A fresh folder beside the program: on the disk that is built on, not in memory.
pub fn folder() -> PathBuf {
    let program = std::env::current_exe().expect("a running program has a path");
    let folder = program.with_file_name(format!("ratios-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).expect("the target folder can be written");
    folder
}

/// A new, empty book.
pub fn book(path: &Path) -> Book {
    let new = NewBook {
        name: "Bench".to_owned(),
        base: "USD".parse().expect("USD is a currency"),
        zone: chrono_tz::Europe::Zurich,
        fiscal_start: 1,
    };
    Book::create(path, &new).expect("the folder is fresh")
}

pub fn draft(origin: Origin, commands: Vec<Command>) -> StepDraft {
    let id = random_id();
    StepDraft {
        id,
        group: id,
        rep: None,
        at: NOW,
        origin,
        label: None,
        import: None,
        commands,
    }
}

pub fn saved(book: &mut Book, draft: &StepDraft) -> Receipt {
    match book.commit(draft).expect("nobody else has this book") {
        Outcome::Saved(receipt) => receipt,
        other => unreachable!("nobody else changes this book: {other:?}"),
    }
}

pub fn create(
    slot: usize,
    entity: Entity,
    age_days: i64,
    fields: Vec<(&'static FieldDef, Value)>,
) -> Command {
    Command::Create(Create {
        slot: Slot(u32::try_from(slot).unwrap_or(u32::MAX)),
        entity,
        created_at: Some(Instant::from_millis(NOW.millis() - age_days * DAY_MS)),
        fields: fields
            .into_iter()
            .map(|(def, value)| (def.into(), value.into()))
            .collect(),
        sets: vec![],
    })
}

/// A book with a pipeline, ten reps, a hundred companies and so many open deals over its four open stages.
pub fn with_deals(path: &Path, deals: usize) -> Book {
    let mut book = book(path);
    let mut commands = pipeline::standard("Sales", Slot(0));
    for n in 0..10 {
        commands.push(create(
            100 + n,
            Entity::Rep,
            900,
            vec![(&rep::NAME, format!("Rep {n}").into())],
        ));
    }
    for n in 0..100 {
        commands.push(create(
            200 + n,
            Entity::Company,
            900,
            vec![(&company::NAME, format!("Company {n} AG").into())],
        ));
    }
    let made = saved(&mut book, &draft(Origin::Import, commands)).created;
    let of = |entity: Entity| -> Vec<_> {
        made.iter()
            .filter(|(_, noun, _)| *noun == entity)
            .map(|(.., id)| *id)
            .collect()
    };
    let (stages, reps, companies) = (of(Entity::Stage), of(Entity::Rep), of(Entity::Company));
    let numbers: Vec<usize> = (0..deals).collect();
    for part in numbers.chunks(1_000) {
        let commands = part.iter().map(|n| {
            let amount = i64::try_from(*n).unwrap_or_default() % 977 * 10_000;
            let fields = vec![
                (&deal::TITLE, format!("Deal {n}").into()),
                (&deal::STAGE, Id::<Stage>::new(stages[n % 4]).into()),
                (&deal::OWNER, reps[n % reps.len()].into()),
                (&deal::COMPANY, companies[n % companies.len()].into()),
                (&deal::AMOUNT, amount.into()),
            ];
            create(
                *n,
                Entity::Deal,
                1 + i64::try_from(n % 200).unwrap_or_default(),
                fields,
            )
        });
        saved(&mut book, &draft(Origin::Import, commands.collect()));
    }
    book
}
