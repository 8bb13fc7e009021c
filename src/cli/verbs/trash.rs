//! `rm` and `restore`: into the trash and out of it. A rep is never removed: it is marked as left.

use clap::{Arg, ArgAction, ArgMatches, Command as Clap};

use super::noun::NounVerb;
use crate::cli::desk::{Desk, unforeseen};
use crate::cli::fault::{self, Exit, Fault};
use crate::cli::nouns::Noun;
use crate::cli::shell::Shell;
use crate::cli::written::Written;
use crate::domain::command::{Base, Command, FieldEdit, Origin};
use crate::domain::id::{IdPrefix, RecordId};
use crate::domain::nouns::{Entity, Set, rep};
use crate::domain::records::{Candidate, Record};
use crate::domain::text::fold;
use crate::store::query::{Answer, Asked, ListQuery, Query};

/// More records than this are not trashed unasked.
const MANY: usize = 20;

/// `rm`
pub const RM: NounVerb = NounVerb {
    name: "rm",
    about: "Put {all} into the trash",
    build,
    run: rm,
};

/// `restore`
pub const RESTORE: NounVerb = NounVerb {
    name: "restore",
    about: "Take {all} out of the trash",
    build,
    run: restore,
};

fn build(noun: &'static Noun, clap: Clap) -> Clap {
    let clap = clap.arg(
        Arg::new("record")
            .value_name(noun.value)
            .required(true)
            .action(ArgAction::Append)
            .num_args(1..)
            .help(noun.reference),
    );
    if noun.entity == Entity::Rep {
        return clap.after_help(
            "A rep is never removed, because figures of the past are theirs:\n\
             `rm` marks them as left, `restore` as active.",
        );
    }
    clap
}

fn rm(noun: &'static Noun, shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let mut found = Vec::new();
    for text in named(matches) {
        let record = desk.resolve(noun.entity, text)?;
        found.push((record.id, record.name));
    }
    let found = distinct(found);
    if found.len() > MANY {
        let question = format!("Put {} {} into the trash?", found.len(), noun.many());
        shell.confirm(&question, "trash them")?;
    }
    if noun.entity == Entity::Rep {
        return write(shell, &mut desk, noun, "Marked as left:", &found, &|id| {
            active(id, false)
        });
    }
    write(shell, &mut desk, noun, "Trashed", &found, &|id| {
        Command::Trash {
            entity: noun.entity,
            target: id.into(),
        }
    })
}

fn restore(noun: &'static Noun, shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    if noun.entity == Entity::Rep {
        let mut found = Vec::new();
        for text in named(matches) {
            let record = desk.resolve(noun.entity, text)?;
            found.push((record.id, record.name));
        }
        return write(shell, &mut desk, noun, "Marked as active:", &found, &|id| {
            active(id, true)
        });
    }
    let trash = trash_of(&mut desk, noun.entity)?;
    let mut found = Vec::new();
    for text in named(matches) {
        found.push(in_trash(noun, &trash, text)?);
    }
    write(
        shell,
        &mut desk,
        noun,
        "Restored",
        &distinct(found),
        &|id| Command::Restore {
            entity: noun.entity,
            target: id.into(),
        },
    )
}

fn named(matches: &ArgMatches) -> impl Iterator<Item = &String> {
    matches.get_many::<String>("record").into_iter().flatten()
}

fn distinct(mut found: Vec<(RecordId, String)>) -> Vec<(RecordId, String)> {
    found.sort();
    found.dedup();
    found
}

fn active(id: RecordId, is: bool) -> Command {
    Command::Edit {
        entity: Entity::Rep,
        target: id.into(),
        edits: vec![FieldEdit {
            field: (&rep::ACTIVE).into(),
            base: Base::Unseen,
            new: is.into(),
        }],
    }
}

fn write(
    shell: &Shell,
    desk: &mut Desk,
    noun: &'static Noun,
    verb: &'static str,
    found: &[(RecordId, String)],
    command: &dyn Fn(RecordId) -> Command,
) -> Result<Exit, Fault> {
    let me = desk.me()?;
    let origin = if found.len() == 1 {
        Origin::Human
    } else {
        Origin::Bulk
    };
    let commands = found.iter().map(|(id, _)| command(*id)).collect();
    let draft = desk.draft(me, origin, commands);
    let (ids, names): (Vec<RecordId>, Vec<String>) = found.iter().cloned().unzip();
    Written::of(noun.entity, verb, &names)
        .ids(&ids)
        .commit(shell, desk, &draft)
}

fn trash_of(desk: &mut Desk, entity: Entity) -> Result<Vec<Record>, Fault> {
    let query = Query::List(ListQuery {
        entity,
        filter: None,
        sort: vec![],
        limit: None,
        trashed: true,
        asked: Asked {
            now: desk.now,
            me: None,
        },
    });
    match desk.ask(&query)? {
        Answer::List(listing) => Ok(listing.records),
        other => Err(unforeseen(&other)),
    }
}

/// The record in the trash that a text means, by the rules of all names: full id, e-mail address, exact name, prefix of an id.
fn in_trash(noun: &Noun, trash: &[Record], text: &str) -> Result<(RecordId, String), Fault> {
    let prefix = IdPrefix::parse(text);
    let rules: [&dyn Fn(&&Record) -> bool; 4] = [
        &|record| RecordId::parse(text) == Some(record.id),
        &|record| {
            record
                .set(Set::Email)
                .iter()
                .any(|email| fold(email) == fold(text))
        },
        &|record| fold(&record.name()) == fold(text),
        &|record| prefix.is_some_and(|prefix| prefix.fits(record.id)),
    ];
    for rule in rules {
        let fits: Vec<&Record> = trash.iter().filter(rule).collect();
        match fits.as_slice() {
            [] => {}
            [only] => return Ok((only.id, only.name())),
            several => {
                let candidates: Vec<Candidate> = several.iter().map(|r| candidate(r)).collect();
                return Err(fault::ambiguous(noun.plural, text, &candidates));
            }
        }
    }
    Err(Fault::new(
        Exit::NotFound,
        format!("There is no {} `{text}` in the trash.", noun.singular),
    )
    // Tasks are listed by when they are due, and what is in the trash is not due.
    .hint(match noun.entity {
        Entity::Activity => "`clinch trash list` shows what is in it.".to_owned(),
        _ => format!(
            "`clinch {} list --trashed` shows what is in it.",
            noun.plural
        ),
    }))
}

fn candidate(record: &Record) -> Candidate {
    Candidate {
        entity: record.entity,
        id: record.id,
        name: record.name(),
        detail: None,
    }
}
