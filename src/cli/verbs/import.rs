//! `import`

use clap::{ArgMatches, Command as Clap};

use crate::cli::fault::{Exit, Fault};
use crate::cli::shell::Shell;
use crate::cli::tree::Verb;

/// The verb.
pub const VERB: Verb = Verb {
    name: "import",
    about: "import",
    build: |clap: Clap| clap,
    run,
};

fn run(_: &Shell, _: &ArgMatches) -> Result<Exit, Fault> {
    Err(Fault::new(Exit::Unexpected, "not yet"))
}
