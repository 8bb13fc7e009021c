//! `today`: what is to be done now, as the app's Today has it.

use clap::{Arg, ArgAction, ArgMatches, Command as Clap};
use serde_json::{Value as Json, json};

use crate::cli::cells::Wording;
use crate::cli::desk::{Desk, unforeseen};
use crate::cli::fault::{Exit, Fault};
use crate::cli::rows::Rows;
use crate::cli::shell::Shell;
use crate::cli::table::Side;
use crate::cli::tree::Verb;
use crate::domain::money::grouped;
use crate::domain::today::{Bucket, Due, Quota, Rotting, Step, Today, Waiting};
use crate::store::query::{Answer, Query, TodayQuery};

/// The verb.
pub const VERB: Verb = Verb {
    name: "today",
    about: "What is to be done: planned, rotting, waiting",
    build: with_everybody,
    run,
};

const EVERYBODY: &str = "everybody";

/// Adds the flag that asks for everybody's day.
pub fn with_everybody(clap: Clap) -> Clap {
    clap.arg(
        Arg::new(EVERYBODY)
            .long(EVERYBODY)
            .action(ArgAction::SetTrue)
            .help("Of everybody, not only yours"),
    )
}

/// The day of who acts, or of everybody where nobody has said who they are or everybody is asked for.
pub fn day(desk: &mut Desk, matches: &ArgMatches) -> Result<Today, Fault> {
    let mut asked = desk.asked();
    asked.me = if matches.get_flag(EVERYBODY) {
        None
    } else {
        desk.me()?
    };
    match desk.ask(&Query::Today(TodayQuery { asked, since: None }))? {
        Answer::Today(today) => Ok(*today),
        other => Err(unforeseen(&other)),
    }
}

/// The columns of a day.
const HEADS: [(&str, Side); 6] = [
    ("what", Side::Whole),
    ("when", Side::Whole),
    ("id", Side::Whole),
    ("name", Side::Left),
    ("with", Side::Left),
    ("of", Side::Left),
];

fn run(shell: &Shell, matches: &ArgMatches) -> Result<Exit, Fault> {
    let mut desk = shell.desk()?;
    let today = day(&mut desk, matches)?;
    let wording = desk.wording();
    let mut rows = Rows::new(&HEADS);
    let start = desk.info.fiscal_start;
    rows.above_all(today.quota.map(|quota| quota_line(&quota, start, wording)));
    for step in &today.steps {
        step_row(&mut rows, step, wording);
    }
    for rotting in &today.rotting.0 {
        rotting_row(&mut rows, rotting);
    }
    for waiting in &today.waiting.0 {
        waiting_row(&mut rows, waiting, wording);
    }
    let (rotting, waiting) = (today.rotting.1, today.waiting.1);
    rows.below_all(more("deals that rot", today.rotting.0.len(), rotting));
    rows.below_all(more("leads that wait", today.waiting.0.len(), waiting));
    let steps: u64 = today.counts.iter().sum();
    rows.below_all(more("planned activities", today.steps.len(), steps));
    if steps + rotting + waiting == 0 {
        shell.say("Nothing is planned, nothing rots, nobody waits.");
    }
    let frame = frame(&today, start);
    rows.print_as(shell, |items| {
        let mut document = frame;
        document["items"] = items.into();
        document
    })?;
    Ok(Exit::Done)
}

/// Lines that are not shown are counted.
fn more(what: &str, shown: usize, all: u64) -> Option<String> {
    let shown = shown as u64;
    (shown < all).then(|| format!("{} of {} {what}.", grouped(shown), grouped(all)))
}

/// `Q4 2026: won CHF 60,000.00 of 300,000.00, 20 %`.
fn quota_line(quota: &Quota, fiscal_start: u32, wording: Wording) -> String {
    let percent = quota
        .percent()
        .map_or_else(String::new, |percent| format!(", {percent} %"));
    let left_out = match quota.left_out {
        0 => String::new(),
        count => format!("; {} without an amount or a rate", grouped(count)),
    };
    format!(
        "{}: won {} of {}{percent}{left_out}",
        quota.period.name(fiscal_start),
        wording.money(quota.won),
        wording.money(quota.target),
    )
}

/// What is beside the items.
fn frame(today: &Today, fiscal_start: u32) -> Json {
    let counts: serde_json::Map<String, Json> = Bucket::ALL
        .iter()
        .zip(today.counts)
        .map(|(bucket, count)| (word(*bucket).to_owned(), json!(count)))
        .collect();
    let quota = today.quota.map(|quota| {
        json!({
            "period": quota.period.spelled(fiscal_start),
            "target": quota.target,
            "won": quota.won,
            "percent": quota.percent(),
            "left_out": quota.left_out,
        })
    });
    json!({
        "schema_version": 1,
        "of": today.of,
        "quota": quota,
        "counts": counts,
        "done": today.done,
        "rotting": today.rotting.1,
        "waiting": today.waiting.1,
        "items": [],
    })
}

/// A bucket as programs read it.
pub const fn word(bucket: Bucket) -> &'static str {
    match bucket {
        Bucket::Overdue => "overdue",
        Bucket::Today => "today",
        Bucket::Tomorrow => "tomorrow",
        Bucket::Week => "week",
        Bucket::Later => "later",
        Bucket::Undated => "undated",
    }
}

/// A planned activity as a row of [`today`](self) and `tasks list`.
pub fn step_row(rows: &mut Rows<'_>, step: &Step, wording: Wording) {
    let contact = step.contact.as_ref().map(|person| &person.link);
    let deal = step.deal.as_ref().map(|deal| &deal.link);
    let with = [
        contact.map(|link| link.name.clone()),
        step.company.as_ref().map(|link| link.name.clone()),
        deal.map(|link| link.name.clone()),
    ];
    let with: Vec<String> = with.into_iter().flatten().collect();
    let subject = step.subject.clone().unwrap_or_else(|| step.kind.clone());
    let performer = step.performer.as_ref();
    rows.push(
        [
            word(step.bucket).to_owned(),
            due(step.due, wording),
            step.id.record().to_string(),
            if step.subject.is_some() && step.kind != "task" {
                format!("{}: {subject}", step.kind)
            } else {
                subject
            },
            with.join(" · "),
            performer.map(|link| link.name.clone()).unwrap_or_default(),
        ],
        json!({
            "what": "step", "bucket": word(step.bucket), "id": step.id, "kind": step.kind, "subject": step.subject,
            "due_at": step.due.at.map(|at| at.to_string()), "due_date": step.due.date, "performer": performer, "contact": contact,
            "company": step.company, "deal": deal,
        }),
    );
}

fn due(due: Due, wording: Wording) -> String {
    match (due.at, due.date) {
        (Some(at), _) => wording.moment(at),
        (None, Some(date)) => date.to_string(),
        (None, None) => String::new(),
    }
}

fn rotting_row(rows: &mut Rows<'_>, rotting: &Rotting) {
    let deal = &rotting.deal;
    rows.push(
        [
            "rotting".to_owned(),
            format!("{} of {} days", grouped(rotting.quiet), grouped(rotting.limit)),
            deal.link.id.record().to_string(),
            deal.link.name.clone(),
            rotting
                .company
                .as_ref()
                .map(|link| link.name.clone())
                .unwrap_or_default(),
            String::new(),
        ],
        json!({
            "what": "rotting", "deal": deal.link, "stage": deal.stage, "amount": deal.amount, "company": rotting.company,
            "quiet_days": rotting.quiet, "limit_days": rotting.limit, "planned": rotting.planned,
        }),
    );
}

fn waiting_row(rows: &mut Rows<'_>, waiting: &Waiting, wording: Wording) {
    let lead = &waiting.contact.link;
    rows.push(
        [
            "waiting".to_owned(),
            waiting
                .since
                .map(|since| wording.moment(since))
                .unwrap_or_default(),
            lead.id.record().to_string(),
            lead.name.clone(),
            waiting
                .company
                .as_ref()
                .map(|link| link.name.clone())
                .unwrap_or_default(),
            String::new(),
        ],
        json!({
            "what": "waiting", "contact": lead, "company": waiting.company, "source": waiting.source,
            "since": waiting.since.map(|since| since.to_string()),
        }),
    );
}
