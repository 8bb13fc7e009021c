//! What all nouns share: `list`, `show`, `add`, `edit`, `rm`, `restore`.

use clap::{ArgMatches, Command as Clap};

use super::{add, edit, list, show, trash};
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns::Noun;
use crate::cli::shell::Shell;
use crate::cli::tree::Verb;
use crate::domain::nouns::Entity;

/// A verb that any noun has.
pub struct NounVerb {
    /// As it is typed.
    pub name: &'static str,
    /// One line for the help; `{one}` stands for one of the noun, `{all}` for several.
    pub about: &'static str,
    /// Adds its arguments.
    pub build: fn(&'static Noun, Clap) -> Clap,
    /// Does it.
    pub run: fn(&'static Noun, &Shell, &ArgMatches) -> Result<Exit, Fault>,
}

static SHARED: &[NounVerb] = &[
    list::VERB,
    show::VERB,
    add::VERB,
    edit::VERB,
    trash::RM,
    trash::RESTORE,
];

/// Builds the verbs of a noun that has `own` ones beside those that all have.
#[must_use]
pub fn build_with(noun: &'static Noun, own: &'static [Verb], clap: Clap) -> Clap {
    own.iter().fold(build(noun, clap), |clap, verb| {
        clap.subcommand((verb.build)(Clap::new(verb.name).about(verb.about)))
    })
}

/// Builds the verbs of a noun whose records are set by its `own` verbs, and so neither added nor edited.
#[must_use]
pub fn build_set(noun: &'static Noun, own: &'static [Verb], clap: Clap) -> Clap {
    // They stand in the place of those, between `show` and what the trash has.
    let kept = |verb: &&NounVerb| {
        !matches!(verb.name, "add" | "edit") && own.iter().all(|own| own.name != verb.name)
    };
    let (first, last): (Vec<&NounVerb>, Vec<&NounVerb>) = SHARED
        .iter()
        .filter(kept)
        .partition(|verb| matches!(verb.name, "list" | "show"));
    let clap = own
        .iter()
        .fold(build_some(noun, first.into_iter(), clap), |clap, verb| {
            clap.subcommand((verb.build)(Clap::new(verb.name).about(verb.about)))
        });
    build_some(noun, last.into_iter(), clap)
}

/// Runs the verb that was named, one of the noun's own or one that all have.
pub fn run_with(
    noun: &'static Noun,
    own: &'static [Verb],
    shell: &Shell,
    matches: &ArgMatches,
) -> Result<Exit, Fault> {
    let found = matches
        .subcommand()
        .and_then(|(name, matches)| Some((own.iter().find(|verb| verb.name == name)?, matches)));
    match found {
        Some((verb, matches)) => (verb.run)(shell, matches),
        None => run(noun, shell, matches),
    }
}

/// Builds the verbs of a noun.
#[must_use]
pub fn build(noun: &'static Noun, clap: Clap) -> Clap {
    build_some(noun, SHARED.iter(), clap)
}

fn build_some<'v>(
    noun: &'static Noun,
    verbs: impl Iterator<Item = &'v NounVerb>,
    clap: Clap,
) -> Clap {
    verbs.fold(
        clap.subcommand_required(true)
            .subcommand_value_name("VERB")
            .subcommand_help_heading("Verbs"),
        |clap, verb| {
            let about = about(noun, verb);
            clap.subcommand((verb.build)(noun, Clap::new(verb.name).about(about)))
        },
    )
}

/// The line of the help. A rep is never put into the trash: what they did stays theirs.
fn about(noun: &'static Noun, verb: &NounVerb) -> String {
    match (noun.entity, verb.name) {
        (Entity::Rep, "rm") => "Mark reps as left; what is theirs stays".to_owned(),
        (Entity::Rep, "restore") => "Mark reps as back".to_owned(),
        _ => verb
            .about
            .replace("{one}", noun.one)
            .replace("{all}", &noun.many()),
    }
}

/// Runs the verb of a noun that was named.
pub fn run(noun: &'static Noun, shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let found = matches
        .subcommand()
        .and_then(|(name, matches)| Some((SHARED.iter().find(|verb| verb.name == name)?, matches)));
    match found {
        Some((verb, matches)) => (verb.run)(noun, shell, matches),
        // Clap asks for a verb; this holds if the table and the tree ever differ.
        None => Err(Fault::usage("A verb is missing.").hint("`--help` lists the verbs.")),
    }
}
