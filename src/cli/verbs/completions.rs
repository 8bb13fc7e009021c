//! `completions`: what a shell needs to complete clinch's verbs and flags.

use std::io::Write as _;

use clap::{Arg, ArgMatches, Command as Clap, value_parser};
use clap_complete::{Shell as Kind, generate};

use crate::cli::fault::{Exit, Fault};
use crate::cli::shell::Shell;
use crate::cli::tree::{self, Verb};

/// The verb.
pub const VERB: Verb = Verb {
    name: "completions",
    about: "Print the completions of a shell",
    build,
    run,
};

fn build(clap: Clap) -> Clap {
    clap.arg(
        Arg::new("shell")
            .value_name("SHELL")
            .required(true)
            .help("Whose completions; each shell's own manual says where they go")
            .value_parser(value_parser!(Kind)),
    )
}

fn run(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let Some(kind) = matches.get_one::<Kind>("shell").copied() else {
        return Err(Fault::usage("No shell was named."));
    };
    let mut script = Vec::new();
    generate(kind, &mut tree::command(), "clinch", &mut script);
    let mut out = shell.out()?;
    out.write_all(&script)?;
    out.finish()?;
    Ok(Exit::Done)
}
