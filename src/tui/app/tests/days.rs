//! Days to draw and to act on.

use crate::domain::id::Id;
use crate::domain::nouns::Entity;
use crate::domain::today::{
    AHEAD, Bucket, Due, Offer, Other, Person, Rotting, Since, Step, Today, Waiting,
};

use super::people::{at, id};
use super::{chf, link};

fn person(raw: i64, name: &str) -> Person {
    Person {
        link: link(raw, name),
        owner: Some(Id::from_raw(900)),
        lead_state: Some("new".to_owned()),
        gone: false,
    }
}

fn offer(raw: i64, title: &str) -> Offer {
    Offer {
        link: link(raw, title),
        stage: link(101, "Qualify"),
        owner: Some(Id::from_raw(900)),
        category: None,
        gone: false,
        amount: Some(crate::domain::money::Money::new(1_850_000, chf())),
    }
}

/// A planned activity with a contact and a deal; what has an hour is due at it, what has a day on it.
fn step(raw: i64, kind: &str, subject: &str, bucket: Bucket, due: &str) -> Step {
    let due = match due.len() {
        0 => Due::default(),
        10 => Due {
            at: None,
            date: due.parse().ok(),
        },
        _ => Due {
            at: Some(at(due)),
            date: None,
        },
    };
    Step {
        id: Id::from_raw(raw),
        kind: kind.to_owned(),
        subject: Some(subject.to_owned()),
        due,
        bucket,
        performer: Some(link(900, "Ana Meier")),
        contact: Some(person(raw + 1_000, "Nora Keller")),
        company: Some(link(600, "Keller & Co AG")),
        company_gone: false,
        deal: Some(offer(raw - 700, "Rollout")),
    }
}

/// A day with nothing in it.
pub(super) fn empty() -> Today {
    Today {
        of: Some(Id::from_raw(900)),
        steps: Vec::new(),
        counts: [0; Bucket::ALL.len()],
        ahead: [0; AHEAD],
        done: 0,
        lately: Vec::new(),
        rotting: (Vec::new(), 0),
        waiting: (Vec::new(), 0),
        since: Since {
            after: 40,
            at: Some(at("2026-11-23 18:02")),
        },
        others: Vec::new(),
        more_others: false,
        quota: None,
    }
}

/// A day with these steps.
pub(super) fn day(steps: Vec<Step>) -> Today {
    let mut counts = [0; Bucket::ALL.len()];
    for step in &steps {
        counts[step.bucket as usize] += 1;
    }
    Today {
        steps,
        counts,
        ..empty()
    }
}

/// A call and a task that are late, a meeting today, something of each other bucket; deals, leads and others beside them.
pub(super) fn busy() -> Today {
    let mut undated = step(706, "task", "Tidy the list of 李 小龙", Bucket::Undated, "");
    (undated.deal, undated.contact, undated.company) = (None, None, None);
    let rotting = |raw, title: &str, quiet, planned| Rotting {
        deal: offer(raw, title),
        company: Some(link(601, "Roth Metall")),
        company_gone: false,
        contact: Some(Id::from_raw(1_801)),
        quiet,
        limit: 10,
        planned,
    };
    let waiting = |raw, name: &str, since: Option<&str>| Waiting {
        contact: person(raw, name),
        company: None,
        company_gone: false,
        source: Some("web form".to_owned()),
        since: since.map(at),
    };
    let other = |n, label: &str, record| Other {
        n,
        at: at("2026-11-24 09:41"),
        by: Some("Ben Kaya".to_owned()),
        label: label.to_owned(),
        record,
    };
    let mut today = day(vec![
        step(701, "call", "Renewal", Bucket::Overdue, "2026-11-16 09:00"),
        step(702, "task", "Send offer v2", Bucket::Overdue, "2026-11-23"),
        step(
            703,
            "meeting",
            "Rollout plan",
            Bucket::Today,
            "2026-11-24 10:30",
        ),
        step(704, "mail", "Terms", Bucket::Tomorrow, "2026-11-25 09:00"),
        step(705, "call", "Prices", Bucket::Week, "2026-11-27"),
        step(707, "call", "Year's end", Bucket::Later, "2026-12-18"),
        undated,
    ]);
    today.counts[Bucket::Later as usize] = 120;
    today.ahead = [1, 1, 0, 1, 0, 0, 2];
    today.done = 3;
    today.lately = [("call", 12), ("mail", 9), ("meeting", 2)]
        .map(|(kind, count)| (kind.to_owned(), count))
        .to_vec();
    today.rotting = (
        vec![
            rotting(81, "Furnace", 19, false),
            rotting(82, "Press line", 12, false),
            rotting(83, "Saw", 40, true),
        ],
        3,
    );
    today.waiting = (
        vec![
            waiting(91, "Marta Silva", Some("2026-11-24 06:55")),
            waiting(92, "Aiko Tanaka", Some("2026-11-24 09:53")),
            waiting(93, "Jonas Weber", None),
        ],
        3,
    );
    today.others = vec![
        other(51, "Move Haddad to Discovery", Some((Entity::Deal, id(84)))),
        other(50, "Import events.csv", None),
    ];
    today
}
