//! `tasks`: what is planned: listed, shown, added, changed, done, put off, removed, as in the app's Today.

use clap::{Arg, ArgMatches, Command as Clap};

use super::today::{day, step_row, with_everybody};
use super::{edit, log, show, trash};
use crate::cli::desk::Desk;
use crate::cli::fault::{Exit, Fault};
use crate::cli::nouns::TASKS;
use crate::cli::rows::Rows;
use crate::cli::shell::Shell;
use crate::cli::table::Side;
use crate::cli::tree::{Verb, build_under, run_under};
use crate::cli::values::sentence;
use crate::cli::written::Written;
use crate::domain::command::{Base, Command, Create, FieldEdit, Input, Origin, Slot};
use crate::domain::money::grouped;
use crate::domain::nouns::{Entity, Field, FieldDef, activity};
use crate::domain::records::Record;
use crate::domain::typed::{Typing, parse_due, parse_field};
use crate::domain::value::Value;

/// The verb.
pub const VERB: Verb = Verb {
    name: TASKS.plural,
    about: TASKS.about,
    build: |clap| build_under(clap, VERBS),
    run: |shell, matches| run_under(shell, matches, VERBS),
};

static VERBS: &[Verb] = &[
    Verb {
        name: "list",
        about: "List what is planned, the most pressing first",
        build: with_everybody,
        run: list,
    },
    Verb {
        name: "show",
        about: "Show all that is known of a task",
        build: |clap| (show::VERB.build)(&TASKS, clap),
        run: |shell, matches| (show::VERB.run)(&TASKS, shell, matches),
    },
    Verb {
        name: "add",
        about: "Plan something",
        build: build_add,
        run: add,
    },
    Verb {
        name: "edit",
        about: "Change a task",
        build: build_edit,
        run: edit_task,
    },
    Verb {
        name: "done",
        about: "Say that something planned is done",
        build: build_done,
        run: done,
    },
    Verb {
        name: "snooze",
        about: "Put something planned off",
        build: build_snooze,
        run: snooze,
    },
    Verb {
        name: "rm",
        about: "Put tasks into the trash",
        build: |clap| (trash::RM.build)(&TASKS, clap),
        run: |shell, matches| (trash::RM.run)(&TASKS, shell, matches),
    },
    Verb {
        name: "restore",
        about: "Take tasks out of the trash",
        build: |clap| (trash::RESTORE.build)(&TASKS, clap),
        run: |shell, matches| (trash::RESTORE.run)(&TASKS, shell, matches),
    },
];

fn list(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let today = day(&mut desk, matches)?;
    let wording = desk.wording();
    let mut rows = Rows::new(&[
        ("by", Side::Whole),
        ("when", Side::Whole),
        ("id", Side::Whole),
        ("task", Side::Left),
        ("with", Side::Left),
        ("of", Side::Left),
    ]);
    for step in &today.steps {
        step_row(&mut rows, step, wording);
    }
    rows.print(shell)?;
    let all: u64 = today.counts.iter().sum();
    let shown = today.steps.len() as u64;
    if all == 0 {
        shell.say("Nothing is planned.");
    } else if shown < all {
        shell.say(&format!(
            "{} of {}: the first of each group.",
            grouped(shown),
            grouped(all)
        ));
    }
    Ok(Exit::Done)
}

fn build_add(clap: Clap) -> Clap {
    let clap = clap
        .arg(
            Arg::new("subject")
                .value_name("SUBJECT")
                .required(true)
                .help("What is to be done, in one line"),
        )
        .arg(
            Arg::new("due")
                .long("due")
                .value_name("WHEN")
                .allow_hyphen_values(true)
                .help("By when: fri, +3d, 2026-11-27, fri 14:00"),
        )
        .arg(
            Arg::new("kind")
                .long("kind")
                .value_name("KIND")
                .default_value("task")
                .help("task, call, mail or meeting"),
        )
        .arg(
            Arg::new("body")
                .long("body")
                .value_name("TEXT")
                .allow_hyphen_values(true)
                .help("More about it; `-` reads standard input"),
        );
    log::with_links(clap)
}

/// Takes what was said of a task in words, one after the other.
fn each_said(
    shell: &Shell,
    desk: &Desk,
    matches: &ArgMatches,
    mut take: impl FnMut(&'static FieldDef, Value) -> Result<(), Fault>,
) -> Result<(), Fault> {
    for (name, def) in [
        ("subject", &activity::SUBJECT),
        ("kind", &activity::KIND),
        ("body", &activity::BODY),
    ] {
        if let Some(typed) = text(matches, name) {
            let typed = if name == "body" {
                shell.text_or_stdin(typed)?
            } else {
                typed.to_owned()
            };
            take(def, parsed(desk, def, &typed)?)?;
        }
    }
    Ok(())
}

fn add(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let me = desk.me()?;
    let mut fields: Vec<(Field, Input)> = Vec::new();
    each_said(shell, &desk, matches, |def, value| {
        fields.push((def.into(), value.into()));
        Ok(())
    })?;
    let subject = fields.first().map(|(_, input)| input.clone());
    let Some(Input::Value(Value::Text(subject))) = subject else {
        return Err(wordless());
    };
    if let Some(typed) = text(matches, "due") {
        let (def, value) = due(&desk, typed)?;
        fields.push((def.into(), value.into()));
    }
    log::links(&mut desk, matches, &mut fields)?;
    let performer: Field = (&activity::PERFORMER).into();
    if !fields.iter().any(|(field, _)| *field == performer) {
        fields.push((performer, me.into()));
    }
    let create = Command::Create(Create {
        slot: Slot(0),
        entity: Entity::Activity,
        created_at: Some(desk.now),
        fields,
        sets: vec![],
    });
    let draft = desk.draft(me, Origin::Human, vec![create]);
    Written::of(Entity::Activity, "Planned", &[subject])
        .spoken(TASKS.singular)
        .commit(shell, &mut desk, &draft)
}

fn wordless() -> Fault {
    Fault::invalid("subject", "A task without words says nothing.")
}

fn build_edit(clap: Clap) -> Clap {
    let words = [
        ("subject", "TEXT", "What is to be done, in one line"),
        (
            "due",
            "WHEN",
            "By when: fri, +3d, 2026-11-27, fri 14:00; nothing is no day",
        ),
        ("kind", "KIND", "task, call, mail or meeting"),
        (
            "body",
            "TEXT",
            "More about it; `-` reads standard input, nothing empties it",
        ),
    ];
    let clap = clap.arg(edit::reference_arg(&TASKS));
    let clap = words.into_iter().fold(clap, |clap, (long, value, help)| {
        clap.arg(
            Arg::new(long)
                .long(long)
                .value_name(value)
                .allow_hyphen_values(true)
                .help(help),
        )
    });
    log::with_links(clap)
}

fn edit_task(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let record = planned(&mut desk, matches)?;
    let mut edits = Vec::new();
    each_said(shell, &desk, matches, |def, value| {
        if *def == activity::SUBJECT && value.is_null() {
            return Err(wordless());
        }
        edits.push(seen(&record, def, value));
        Ok(())
    })?;
    if let Some(typed) = text(matches, "due") {
        if typed.trim().is_empty() {
            edits.push(seen(&record, &activity::DUE_AT, Value::Null));
            edits.push(seen(&record, &activity::DUE_DATE, Value::Null));
        } else {
            edits.extend(put_off(&record, due(&desk, typed)?));
        }
    }
    let mut links: Vec<(Field, Input)> = Vec::new();
    log::links(&mut desk, matches, &mut links)?;
    edits.extend(links.into_iter().map(|(field, new)| FieldEdit {
        field,
        base: match field {
            Field::Own(def) => Base::Seen(record.get(def).clone()),
            Field::Custom(..) => Base::Unseen,
        },
        new,
    }));
    if edits.is_empty() {
        return Err(Fault::usage("Nothing was named to change.")
            .hint("`clinch tasks edit --help` lists what can be."));
    }
    change(shell, &mut desk, &record, edits, "Changed", "Edit")
}

fn build_done(clap: Clap) -> Clap {
    clap.arg(edit::reference_arg(&TASKS))
        .arg(
            Arg::new("outcome")
                .long("outcome")
                .value_name("TEXT")
                .help("What came of it"),
        )
        .arg(
            Arg::new("minutes")
                .long("minutes")
                .value_name("NUMBER")
                .help("How long it took"),
        )
}

fn done(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let record = planned(&mut desk, matches)?;
    let mut edits = vec![seen(&record, &activity::DONE_AT, desk.now.into())];
    for (name, def) in [
        ("outcome", &activity::OUTCOME),
        ("minutes", &activity::MINUTES),
    ] {
        if let Some(typed) = text(matches, name) {
            let value = parsed(&desk, def, typed)?;
            edits.push(seen(&record, def, value));
        }
    }
    change(shell, &mut desk, &record, edits, "Done:", "Done")
}

fn build_snooze(clap: Clap) -> Clap {
    clap.arg(edit::reference_arg(&TASKS)).arg(
        Arg::new("due")
            .value_name("WHEN")
            .required(true)
            .allow_hyphen_values(true)
            .help("Until when: tomorrow, fri, +3d, fri 14:00"),
    )
}

fn snooze(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let record = planned(&mut desk, matches)?;
    let when = due(&desk, text(matches, "due").unwrap_or_default())?;
    let edits = put_off(&record, when).into();
    change(shell, &mut desk, &record, edits, "Put off", "Put off")
}

/// It is due at a moment or on a day, not both.
fn put_off(record: &Record, (def, value): (&'static FieldDef, Value)) -> [FieldEdit; 2] {
    let other = if *def == activity::DUE_AT {
        &activity::DUE_DATE
    } else {
        &activity::DUE_AT
    };
    [seen(record, def, value), seen(record, other, Value::Null)]
}

fn text<'m>(matches: &'m ArgMatches, name: &str) -> Option<&'m str> {
    matches.get_one::<String>(name).map(String::as_str)
}

fn typing(desk: &Desk) -> Typing {
    Typing {
        now: desk.now,
        zone: desk.zone,
        currency: desk.info.base,
    }
}

fn parsed(desk: &Desk, def: &'static FieldDef, typed: &str) -> Result<Value, Fault> {
    let values = parse_field(def, typed, &typing(desk))
        .map_err(|fault| Fault::invalid(def.name, sentence(&fault)))?;
    let own = values.into_iter().find(|(set, _)| *set == def);
    Ok(own.map_or(Value::Null, |(_, value)| value))
}

/// The field that says when, and its value.
fn due(desk: &Desk, typed: &str) -> Result<(&'static FieldDef, Value), Fault> {
    let value =
        parse_due(typed, &typing(desk)).map_err(|fault| Fault::invalid("due", sentence(&fault)))?;
    match value {
        Value::Null => Err(Fault::invalid("due", "Say when: fri, +3d or fri 14:00.")),
        Value::Int(_) => Ok((&activity::DUE_AT, value)),
        Value::Text(_) => Ok((&activity::DUE_DATE, value)),
    }
}

/// The activity that is named, which must still be planned.
fn planned(desk: &mut Desk, matches: &ArgMatches) -> Result<Record, Fault> {
    let found = desk.resolve(
        Entity::Activity,
        text(matches, "record").unwrap_or_default(),
    )?;
    let record = desk.show(Entity::Activity, found.id)?;
    match record.instant(&activity::DONE_AT) {
        Some(_) => Err(
            Fault::new(Exit::Refused, format!("{} is done already.", record.name()))
                .hint("`clinch tasks list` shows what is planned."),
        ),
        None => Ok(record),
    }
}

fn seen(record: &Record, def: &'static FieldDef, new: Value) -> FieldEdit {
    FieldEdit {
        field: def.into(),
        base: Base::Seen(record.get(def).clone()),
        new: new.into(),
    }
}

fn change(
    shell: &Shell,
    desk: &mut Desk,
    record: &Record,
    edits: Vec<FieldEdit>,
    verb: &str,
    said: &str,
) -> Result<Exit, Fault> {
    let me = desk.me()?;
    let command = Command::Edit {
        entity: Entity::Activity,
        target: record.id.into(),
        edits,
    };
    let mut draft = desk.draft(me, Origin::Human, vec![command]);
    draft.label = Some(format!("{said}: {}", record.name()));
    Written::of(Entity::Activity, verb, &[record.name()])
        .spoken(TASKS.singular)
        .ids(&[record.id])
        .commit(shell, desk, &draft)
}
