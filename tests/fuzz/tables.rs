//! Files of other systems: bytes to a table, columns recognised, an import planned.

use chrono_tz::Europe::Zurich;
use clinch::domain::known::Known;
use clinch::domain::nouns::Entity;
use clinch::domain::time::Instant;
use clinch::exchange::plan::{FileInfo, Options, Plan, Run, Sheet};
use clinch::exchange::read;
use clinch::exchange::recognise::{self, Told, Vocabulary};

use crate::harness::Target;

const TABLES: Target = Target {
    name: "tables",
    words: &[
        ",",
        ";",
        "\t",
        "|",
        "\"",
        "\"\"",
        "\r\n",
        "\n\n",
        "\u{feff}",
        "Name",
        "Email",
        "Amount",
        "Stage",
        "Close Date",
        "Deal Name",
        "Won",
        "1,234.50",
        "1.234,50",
        "12/31/2026",
        "=1+1",
        "sep=;\n",
        "Owner",
        "Company",
        "\0",
        "Ä",
        "\u{202e}",
        "yes",
        "2026-11-24",
    ],
    short: 1_200,
    weight: 4,
    longest: 3_000,
};

/// What an import of these bytes comes to; a sentence where they are no table.
fn planned(bytes: &[u8], into: Option<Entity>, vocabulary: &Vocabulary) -> Result<Plan, String> {
    let said = |fault: &dyn std::fmt::Display| fault.to_string();
    let table = read::table("fair.csv", bytes, &|text| vocabulary.knows(text))
        .map_err(|fault| said(&fault))?;
    let told = Told {
        into,
        ..Told::default()
    };
    let found = recognise::recognise(&table, vocabulary, &told).map_err(|fault| said(&fault))?;
    let file = FileInfo {
        name: "fair.csv".to_owned(),
        hash: "0".repeat(64),
    };
    let sheet =
        Sheet::prepare(file, table, found, vocabulary, None).map_err(|fault| said(&fault))?;
    let options = Options {
        pipeline: None,
        currency: None,
        now: Instant::parse("2026-11-24T10:05:00Z", Zurich).unwrap(),
    };
    let sheets = [sheet];
    let mut run = Run::open(
        &sheets,
        Known::empty("CHF".parse().unwrap(), Zurich),
        options,
    );
    let wanted = run.wanted();
    assert!(
        wanted.records.iter().all(|(_, ids)| ids.is_empty()),
        "a book that is empty has no records"
    );
    run.take([], Vec::new());
    Ok(run.plan())
}

#[test]
fn any_bytes_are_planned_or_refused_with_a_sentence() {
    let vocabulary = Vocabulary::shipped().unwrap();
    TABLES.run(|bytes| {
        for into in [None, Some(Entity::Contact), Some(Entity::Deal)] {
            let plan = planned(bytes, into, &vocabulary);
            match &plan {
                Err(sentence) => assert!(!sentence.is_empty()),
                Ok(plan) => {
                    // Every row is taken, unchanged, or rejected with its line.
                    for reject in &plan.report.rejects {
                        assert!(reject.line > 0 && !reject.reason.is_empty(), "{reject:?}");
                    }
                    let rejected: usize = plan
                        .report
                        .files
                        .iter()
                        .map(|file| file.counts.rejected)
                        .sum();
                    assert_eq!(rejected, plan.report.rejects.len());
                }
            }
            assert_eq!(
                plan,
                planned(bytes, into, &vocabulary),
                "one file, one plan"
            );
        }
    });
}
