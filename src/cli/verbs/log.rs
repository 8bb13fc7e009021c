//! `log`: a call, mail, meeting or note that has happened.

use clap::{Arg, ArgMatches, Command as Clap};

use crate::cli::desk::Desk;
use crate::cli::fault::{Exit, Fault};
use crate::cli::shell::Shell;
use crate::cli::tree::{Verb, build_under, run_under};
use crate::cli::values::sentence;
use crate::cli::written::Written;
use crate::domain::command::{Command, Create, Input, Origin, Slot};
use crate::domain::nouns::{Entity, Field, FieldDef, activity};
use crate::domain::typed::{Typing, parse_field};

/// The verb.
pub const VERB: Verb = Verb {
    name: "log",
    about: "Log a call, mail, meeting or note",
    build: |clap| build_under(clap, KINDS),
    run: |shell, matches| run_under(shell, matches, KINDS),
};

static KINDS: &[Verb] = &[
    Verb {
        name: "call",
        about: "Log a call",
        build: |clap| both_ways(build(clap)),
        run: |shell, matches| run("call", shell, matches),
    },
    Verb {
        name: "mail",
        about: "Log a mail",
        build: |clap| both_ways(build(clap)),
        run: |shell, matches| run("mail", shell, matches),
    },
    Verb {
        name: "meeting",
        about: "Log a meeting",
        build,
        run: |shell, matches| run("meeting", shell, matches),
    },
    Verb {
        name: "note",
        about: "Log a note",
        build,
        run: |shell, matches| run("note", shell, matches),
    },
];

/// Flags that are fields by the same name.
const FIELDS: &[(&str, &FieldDef, &str, &str)] = &[
    (
        "body",
        &activity::BODY,
        "TEXT",
        "What was said or written; `-` reads standard input",
    ),
    ("outcome", &activity::OUTCOME, "TEXT", "What came of it"),
    ("minutes", &activity::MINUTES, "NUMBER", "How long it took"),
    (
        "direction",
        &activity::DIRECTION,
        "in|out",
        "Who began it: in is they, out is we",
    ),
    (
        "at",
        &activity::DONE_AT,
        "MOMENT",
        "When, where that is not now: yesterday, -2h, 2026-11-20T15:00",
    ),
];

/// Flags that name a record.
const LINKS: &[(&str, &FieldDef, Entity, &str, &str)] = &[
    (
        "deal",
        &activity::DEAL,
        Entity::Deal,
        "DEAL",
        "The deal it was about",
    ),
    (
        "contact",
        &activity::CONTACT,
        Entity::Contact,
        "CONTACT",
        "The person it was with",
    ),
    (
        "company",
        &activity::COMPANY,
        Entity::Company,
        "COMPANY",
        "The company it was with",
    ),
    (
        "by",
        &activity::PERFORMER,
        Entity::Rep,
        "REP",
        "Who did it, where that is not you",
    ),
];

fn build(clap: Clap) -> Clap {
    let clap = clap.arg(
        Arg::new("subject")
            .value_name("SUBJECT")
            .help("What it was about, in one line"),
    );
    let clap = with_links(clap);
    FIELDS
        .iter()
        .filter(|(_, def, _, _)| **def != activity::DIRECTION)
        .fold(clap, with_field)
}

/// Adds the flags that name what an activity is about, and whose it is.
pub fn with_links(clap: Clap) -> Clap {
    LINKS.iter().fold(clap, |clap, (long, _, _, value, help)| {
        clap.arg(Arg::new(*long).long(*long).value_name(*value).help(*help))
    })
}

fn both_ways(clap: Clap) -> Clap {
    FIELDS
        .iter()
        .filter(|(_, def, _, _)| **def == activity::DIRECTION)
        .fold(clap, with_field)
}

fn with_field(
    clap: Clap,
    (long, _, value, help): &(&'static str, &FieldDef, &'static str, &'static str),
) -> Clap {
    clap.arg(
        Arg::new(*long)
            .long(*long)
            .value_name(*value)
            .allow_hyphen_values(true)
            .help(*help),
    )
}

fn run(kind: &'static str, shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let me = desk.me()?;
    let mut fields: Vec<(Field, Input)> = vec![((&activity::KIND).into(), kind.into())];
    if let Some(subject) = matches.get_one::<String>("subject") {
        fields.push(((&activity::SUBJECT).into(), subject.as_str().into()));
    }
    let about = links(&mut desk, matches, &mut fields)?.ok_or_else(|| {
        Fault::usage("It is about nobody.").hint("Name a `--deal`, a `--contact` or a `--company`.")
    })?;
    let about = format!("with {about}");
    values(shell, &desk, matches, &mut fields)?;
    let has = |def: &'static FieldDef, fields: &[(Field, Input)]| {
        fields.iter().any(|(field, _)| *field == def.into())
    };
    if !has(&activity::SUBJECT, &fields) && !has(&activity::BODY, &fields) && kind == "note" {
        return Err(Fault::usage("An empty note says nothing.")
            .hint("Give its text as the subject or with `--body`."));
    }
    if !has(&activity::PERFORMER, &fields) {
        fields.push(((&activity::PERFORMER).into(), me.into()));
    }
    if !has(&activity::DONE_AT, &fields) {
        fields.push(((&activity::DONE_AT).into(), desk.now.into()));
    }
    let create = Command::Create(Create {
        slot: Slot(0),
        entity: Entity::Activity,
        created_at: Some(desk.now),
        fields,
        sets: vec![],
    });
    let draft = desk.draft(me, Origin::Human, vec![create]);
    Written::of(Entity::Activity, "Logged", &[about])
        .spoken(kind)
        .commit(shell, &mut desk, &draft)
}

/// Reads the records that it is about; the name of the first of them, `None` where none is named.
pub fn links(
    desk: &mut Desk,
    matches: &ArgMatches,
    fields: &mut Vec<(Field, Input)>,
) -> Result<Option<String>, Fault> {
    let mut about = None;
    for (long, def, entity, _, _) in LINKS {
        let Some(text) = matches.get_one::<String>(long) else {
            continue;
        };
        if *entity == Entity::Rep {
            let rep = desk.rep(text).map_err(|fault| fault.at(*long))?;
            fields.push(((*def).into(), rep.into()));
            continue;
        }
        let found = desk
            .resolve(*entity, text)
            .map_err(|fault| fault.at(*long))?;
        fields.push(((*def).into(), found.id.into()));
        about.get_or_insert(found.name);
    }
    Ok(about)
}

fn values(
    shell: &Shell,
    desk: &Desk,
    matches: &ArgMatches,
    fields: &mut Vec<(Field, Input)>,
) -> Result<(), Fault> {
    let typing = Typing {
        now: desk.now,
        zone: desk.zone,
        currency: desk.info.base,
    };
    for (long, def, _, _) in FIELDS {
        let Some(text) = matches.try_get_one::<String>(long).ok().flatten() else {
            continue;
        };
        let text = if **def == activity::BODY {
            shell.text_or_stdin(text)?
        } else {
            text.clone()
        };
        let values = parse_field(def, &text, &typing)
            .map_err(|fault| Fault::invalid(def.name, sentence(&fault)))?;
        fields.extend(
            values
                .into_iter()
                .map(|(def, value)| (def.into(), value.into())),
        );
    }
    Ok(())
}
