//! The tree of verbs: one table that parsing, help and completions come from.
//!
//! Each branch is built only when it is walked, so that the app's start pays for no verb.

use clap::{ArgMatches, Args, Command as Clap, FromArgMatches as _};

use super::fault::{Exit, Fault};
use super::globals::Globals;
use super::nouns::{COMPANIES, CONTACTS, FIELDS, PRODUCTS, REPS, VIEWS};
use super::shell::Shell;
use super::verbs;

/// What a verb is.
pub struct Verb {
    /// As it is typed.
    pub name: &'static str,
    /// One line for the help.
    pub about: &'static str,
    /// Adds its arguments.
    pub build: fn(Clap) -> Clap,
    /// Does it.
    pub run: fn(&Shell, &ArgMatches) -> Result<Exit, Fault>,
}

/// Every verb of the first level, in the order of the help.
pub static VERBS: &[Verb] = &[
    verbs::book::VERB,
    Verb {
        name: REPS.plural,
        about: REPS.about,
        build: |clap| verbs::noun::build(&REPS, clap),
        run: |shell, matches| verbs::noun::run(&REPS, shell, matches),
    },
    Verb {
        name: CONTACTS.plural,
        about: CONTACTS.about,
        build: |clap| verbs::noun::build(&CONTACTS, clap),
        run: |shell, matches| verbs::noun::run(&CONTACTS, shell, matches),
    },
    Verb {
        name: COMPANIES.plural,
        about: COMPANIES.about,
        build: |clap| verbs::noun::build(&COMPANIES, clap),
        run: |shell, matches| verbs::noun::run(&COMPANIES, shell, matches),
    },
    verbs::leads::VERB,
    verbs::deals::VERB,
    Verb {
        name: PRODUCTS.plural,
        about: PRODUCTS.about,
        build: |clap| verbs::noun::build(&PRODUCTS, clap),
        run: |shell, matches| verbs::noun::run(&PRODUCTS, shell, matches),
    },
    verbs::lines::VERB,
    Verb {
        name: VIEWS.plural,
        about: VIEWS.about,
        build: |clap| verbs::noun::build(&VIEWS, clap),
        run: |shell, matches| verbs::noun::run(&VIEWS, shell, matches),
    },
    Verb {
        name: FIELDS.plural,
        about: FIELDS.about,
        build: |clap| verbs::noun::build(&FIELDS, clap),
        run: |shell, matches| verbs::noun::run(&FIELDS, shell, matches),
    },
    verbs::quotas::QUOTAS,
    verbs::quotas::RATES,
    verbs::today::VERB,
    verbs::tasks::VERB,
    verbs::log::VERB,
    verbs::setup::PIPELINES,
    verbs::setup::STAGES,
    verbs::setup::LOST_REASONS,
    verbs::search::VERB,
    verbs::import::VERB,
    verbs::links::VERB,
    verbs::export::VERB,
    verbs::report::VERB,
    verbs::undo::UNDO,
    verbs::undo::REDO,
    verbs::trash_can::VERB,
    verbs::outbox::VERB,
    verbs::config::VERB,
    verbs::doctor::VERB,
    verbs::demo::VERB,
    verbs::completions::VERB,
    verbs::tui::VERB,
];

const ABOUT: &str = "A CRM for small sales teams that lives in the terminal";
const AFTER: &str = "Without a verb clinch opens the app. `--help` shows all global options.\n\n\
    Exit codes: 0 done, 1 unexpected, 2 usage, 3 not found or ambiguous,\n\
    4 invalid input or rows rejected, 5 changed by somebody else,\n\
    6 book locked (safe to retry), 7 book missing, damaged or newer,\n\
    8 refused, 130 interrupted, 143 ended from outside";

/// The whole command line.
#[must_use]
pub fn command() -> Clap {
    let clap = Clap::new("clinch")
        .version(env!("CARGO_PKG_VERSION"))
        .about(ABOUT)
        .after_help(AFTER)
        .subcommand_value_name("VERB")
        .subcommand_help_heading("Verbs")
        .max_term_width(100)
        .infer_long_args(false);
    VERBS.iter().fold(with::<Globals>(clap), |clap, verb| {
        clap.subcommand(Clap::new(verb.name).about(verb.about).defer(verb.build))
    })
}

/// Adds arguments that are fields of a type. The type's own words are for its readers: those of the verb stay.
#[must_use]
pub fn with<T: Args>(clap: Clap) -> Clap {
    let about = clap.get_about().cloned();
    let clap = T::augment_args(clap).long_about(None::<&str>);
    match about {
        Some(about) => clap.about(about),
        None => clap,
    }
}

/// The flags that every verb takes.
pub fn globals(matches: &ArgMatches) -> Result<Globals, clap::Error> {
    Globals::from_arg_matches(matches)
}

/// Runs the verb that was named; `None` when none was.
pub fn run(shell: &Shell, matches: &ArgMatches) -> Option<Result<Exit, Fault>> {
    let (name, matches) = matches.subcommand()?;
    let verb = VERBS.iter().find(|verb| verb.name == name)?;
    Some((verb.run)(shell, matches))
}

/// Builds the verbs of a second level, one of which must be named.
pub fn build_under(clap: Clap, verbs: &'static [Verb]) -> Clap {
    verbs.iter().fold(
        clap.subcommand_required(true)
            .arg_required_else_help(false)
            .subcommand_value_name("VERB")
            .subcommand_help_heading("Verbs"),
        |clap, verb| clap.subcommand(Clap::new(verb.name).about(verb.about).defer(verb.build)),
    )
}

/// Runs a verb of a second level.
pub fn run_under(
    shell: &Shell,
    matches: &ArgMatches,
    verbs: &'static [Verb],
) -> Result<Exit, Fault> {
    let found = matches
        .subcommand()
        .and_then(|(name, matches)| Some((verbs.iter().find(|verb| verb.name == name)?, matches)));
    match found {
        Some((verb, matches)) => (verb.run)(shell, matches),
        // Clap asks for a verb; this holds if the table and the tree ever differ.
        None => Err(Fault::usage("A verb is missing.").hint("`--help` lists the verbs.")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_whole_tree_is_sound() {
        let mut clap = command();
        clap.build();
        clap.debug_assert();
    }
}
