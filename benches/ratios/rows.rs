//! Rows in: checked, keyed, hashed and logged, against bare inserts of the same values.

use std::path::Path;

use clinch::domain::command::Origin;
use clinch::domain::nouns::{Entity, company};
use rusqlite::Connection;

use super::{Line, ratio, sample, time};

/// Rows of a step of an import.
const STEP: usize = 1_000;

pub fn lines(folder: &Path, small: bool) -> Vec<Line> {
    let rows = if small { 100 } else { 50_000 };
    let name = |n: usize| format!("Company {n} GmbH");
    let drafts: Vec<_> = (0..rows)
        .collect::<Vec<usize>>()
        .chunks(STEP)
        .map(|part| {
            let commands = part.iter().map(|n| {
                let fields = vec![
                    (&company::NAME, name(*n).into()),
                    (&company::CITY, "Zug".into()),
                    (
                        &company::SIZE,
                        i64::try_from(n % 500).unwrap_or_default().into(),
                    ),
                ];
                sample::create(*n, Entity::Company, 10, fields)
            });
            sample::draft(Origin::Import, commands.collect())
        })
        .collect();
    let mut book = sample::book(&folder.join("rows.db"));
    let ours = time(|| {
        for draft in &drafts {
            sample::saved(&mut book, draft);
        }
    });
    let bare =
        time(|| bare_inserts(&folder.join("bare.db"), rows, &name).expect("the folder is fresh"));
    let per_second = f64::from(u32::try_from(rows).unwrap_or(u32::MAX)) / ours.as_secs_f64();
    vec![Line {
        what: "companies in, a thousand a step",
        took: format!("{per_second:.0} rows/s"),
        against: format!("{} of bare inserts in one transaction", ratio(ours, bare)),
        target: "",
    }]
}

fn bare_inserts(path: &Path, rows: usize, name: &dyn Fn(usize) -> String) -> rusqlite::Result<()> {
    let mut conn = Connection::open(path)?;
    conn.execute_batch("PRAGMA synchronous = EXTRA; CREATE TABLE company (id INTEGER PRIMARY KEY, name TEXT, city TEXT, size INTEGER)")?;
    let tx = conn.transaction()?;
    {
        let mut insert =
            tx.prepare("INSERT INTO company (name, city, size) VALUES (?1, 'Zug', ?2)")?;
        for n in 0..rows {
            insert.execute((name(n), i64::try_from(n % 500).unwrap_or_default()))?;
        }
    }
    tx.commit()
}
