//! `tui`: the app, on the board or another screen.

use clap::{Arg, ArgMatches, Command as Clap};

use crate::cli::app;
use crate::cli::fault::{Exit, Fault};
use crate::cli::shell::Shell;
use crate::cli::tree::Verb;

/// The verb.
pub const VERB: Verb = Verb {
    name: "tui",
    about: "Open the app",
    build,
    run,
};

fn build(clap: Clap) -> Clap {
    clap.arg(
        Arg::new("screen")
            .long("screen")
            .value_name("NAME")
            .help("The screen to open on, such as pipeline"),
    )
}

fn run(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    app::open(
        shell,
        matches.get_one::<String>("screen").map(String::as_str),
    )
}
