//! The flags that every verb takes.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use super::output::Format;
use crate::store::Trust;

/// Flags before or after any verb. The short help (`-h`) shows the few that everybody needs.
#[derive(Args, Clone, Debug)]
#[command(next_help_heading = "Global options")]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag that is given or not, as clap reads them"
)]
pub struct Globals {
    /// The book to work on, where it is not the one that `clinch config` tells
    #[arg(long, global = true, env = "CLINCH_BOOK", hide_env_values = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub book: Option<PathBuf>,
    /// Who you are: a rep's name, first name, initials, e-mail or id
    #[arg(
        id = "as",
        long = "as",
        global = true,
        env = "CLINCH_REP",
        hide_env_values = true,
        value_name = "REP"
    )]
    pub rep: Option<String>,
    /// The moment to take for now: 2026-11-24 or 2026-11-24T10:05:00Z
    #[arg(
        hide_short_help = true,
        long,
        global = true,
        env = "CLINCH_NOW",
        hide_env_values = true,
        value_name = "MOMENT"
    )]
    pub now: Option<String>,
    /// Time zone of what is shown and typed, where it is not the book's
    #[arg(hide_short_help = true, long, global = true, value_name = "ZONE")]
    pub tz: Option<String>,
    /// Print one JSON document; faults become one JSON object on standard error
    #[arg(long, global = true, group = "form")]
    pub json: bool,
    /// Print one JSON object a line
    #[arg(hide_short_help = true, long, global = true, group = "form")]
    pub jsonl: bool,
    /// Print CSV
    #[arg(hide_short_help = true, long, global = true, group = "form")]
    pub csv: bool,
    /// Print values separated by tabs, with a header
    #[arg(hide_short_help = true, long, global = true, group = "form")]
    pub tsv: bool,
    /// Print one record a line without header and alignment; of the app (no verb, tui, demo): work in lines, for screen readers
    #[arg(hide_short_help = true, long, global = true, group = "form")]
    pub plain: bool,
    /// Write the data to a file, which is replaced only when all is well
    #[arg(short, long, global = true, value_name = "FILE", value_hint = ValueHint::FilePath)]
    pub output: Option<PathBuf>,
    /// Print nothing but data and faults
    #[arg(hide_short_help = true, short, long, global = true)]
    pub quiet: bool,
    /// Say more on standard error: which book, who, when
    #[arg(hide_short_help = true, short, long, global = true)]
    pub verbose: bool,
    /// No colours and no bold
    #[arg(hide_short_help = true, long, global = true)]
    pub no_color: bool,
    /// Do not ask whether to do it
    #[arg(hide_short_help = true, short, long, global = true)]
    pub yes: bool,
    /// Say what would be done, and do nothing
    #[arg(short = 'n', long, global = true)]
    pub dry_run: bool,
    /// How long to wait for a book that another program has locked
    #[arg(
        hide_short_help = true,
        long,
        global = true,
        value_name = "SECONDS",
        default_value_t = 20
    )]
    pub wait: u64,
    /// Look only: nothing is written, whatever the drive is
    #[arg(hide_short_help = true, long, global = true)]
    pub read_only: bool,
    /// How far to trust the drive: `trust` one that is not known, or work `alone` under a lease
    #[arg(
        hide_short_help = true,
        long,
        global = true,
        env = "CLINCH_DRIVE",
        hide_env_values = true,
        value_name = "HOW",
        value_parser = ["ask", "trust", "alone"],
        default_value = "ask",
        hide_default_value = true
    )]
    pub drive: String,
    /// Never ask anything
    #[arg(hide_short_help = true, long, global = true)]
    pub no_input: bool,
}

impl Globals {
    /// How far the user trusts the drive.
    #[must_use]
    pub fn trust(&self) -> Trust {
        match self.drive.as_str() {
            "trust" => Trust::Unknown,
            "alone" => Trust::Alone,
            _ => Trust::Ask,
        }
    }

    /// The form that was asked for.
    #[must_use]
    pub fn format(&self) -> Format {
        [
            (self.json, Format::Json),
            (self.jsonl, Format::Jsonl),
            (self.csv, Format::Csv),
            (self.tsv, Format::Tsv),
            (self.plain, Format::Plain),
        ]
        .into_iter()
        .find_map(|(asked, format)| asked.then_some(format))
        .unwrap_or_default()
    }
}
