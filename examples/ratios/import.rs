//! Files in, against `sqlite3 .import`, which checks, links and logs nothing.

use std::fmt::Write;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

use super::{Clinch, Fault, millis, ratio};

/// Makes the book and takes a file of deals into it.
pub fn measure(clinch: &Clinch, folder: &Path, deals: usize) -> Result<(), Fault> {
    let file = folder.join("deals.csv");
    std::fs::write(&file, rows(deals))?;
    let path = file.to_string_lossy();
    clinch.run(&["book", "init", "--currency", "USD", "--tz", "UTC"])?;
    let begun = Instant::now();
    clinch.run(&["import", "--into", "deals", &path])?;
    let ours = begun.elapsed();
    let begun = Instant::now();
    let bare = Command::new("sqlite3")
        .arg(folder.join("bare.db"))
        .arg(format!(".import --csv '{path}' deal"))
        .output();
    let against = match bare {
        Ok(output) if output.status.success() => {
            format!("{} of sqlite3 .import", ratio(ours, begun.elapsed()))
        }
        _ => "sqlite3 is not installed".to_owned(),
    };
    println!(
        "import of {deals} deals       {:>9}   {against}",
        millis(ours)
    );
    Ok(())
}

fn rows(deals: usize) -> String {
    let mut text =
        String::from("Deal ID,Deal Name,Stage,Owner,Account,Amount,Created Date,Close Date\n");
    for n in 0..deals {
        let stage = ["Qualify", "Discovery", "Proposal", "Negotiate"][n % 4];
        // Writing to a text cannot fail.
        let _ = writeln!(
            text,
            "K{n},Deal {n},{stage},Rep {},Company {} AG,{}.50,2026-{:02}-{:02},2027-{:02}-15",
            n % 35,
            n % 400,
            n % 977 * 10,
            n % 9 + 1,
            n % 28 + 1,
            n % 12 + 1
        );
    }
    text
}
