//! What is to be done today, as the book answers it.

use super::*;
use crate::domain::nouns::{activity, contact, stage};
use crate::domain::records::Contact;
use crate::domain::time::DAY_MS;
use crate::domain::today::{Bucket, Since, Today};
use crate::store::query::{Asked, TodayQuery};

fn asked(bed: &mut Bed, me: Option<Id<Rep>>, since: Option<Since>) -> Today {
    let asked = Asked { now: NOW, me };
    let query = Query::Today(TodayQuery { asked, since });
    match bed.book.ask(&query).unwrap() {
        Answer::Today(today) => *today,
        other => panic!("{other:?}"),
    }
}

fn before(days: i64) -> Value {
    Value::from(Instant::from_millis(NOW.millis() - days * DAY_MS))
}

type Fields = Vec<(&'static crate::domain::nouns::FieldDef, Value)>;

fn task(bed: &mut Bed, subject: &str, more: Fields) -> RecordId {
    let mut fields = vec![
        (&activity::KIND, "task".into()),
        (&activity::SUBJECT, subject.into()),
    ];
    fields.extend(more);
    bed.ok(vec![create(Entity::Activity, fields)]).created[0].2
}

fn person(bed: &mut Bed, name: &str, more: Fields) -> Id<Contact> {
    let mut fields = vec![(&contact::NAME, name.into())];
    fields.extend(more);
    Id::new(bed.ok(vec![create(Entity::Contact, fields)]).created[0].2)
}

fn planned(today: &Today) -> Vec<(Bucket, &str)> {
    let said = |step: &crate::domain::today::Step| step.subject.clone();
    assert!(today.steps.iter().all(|step| said(step).is_some()));
    today
        .steps
        .iter()
        .map(|step| (step.bucket, step.subject.as_deref().unwrap()))
        .collect()
}

#[test]
fn planned_activities_come_by_bucket_and_day_each_with_what_it_is_about() {
    let mut bed = Bed::new();
    let deal = bed.deal("Rollout", 0, Some(1_850_000));
    let nora = person(&mut bed, "Nora", vec![]);
    let date = |text: &str| vec![(&activity::DUE_DATE, text.into())];
    task(&mut bed, "some day", vec![]);
    task(&mut bed, "next month", date("2026-12-24"));
    task(&mut bed, "tomorrow", date("2026-11-25"));
    let links = vec![
        (&activity::DUE_DATE, "2026-11-20".into()),
        (&activity::DEAL, deal.into()),
        (&activity::CONTACT, nora.into()),
    ];
    task(&mut bed, "late", links);
    task(&mut bed, "later than late", date("2026-11-19"));
    task(&mut bed, "done", vec![(&activity::DONE_AT, NOW.into())]);
    for days in [6, 7] {
        task(
            &mut bed,
            "done before",
            vec![(&activity::DONE_AT, before(days))],
        );
    }
    let gone = task(&mut bed, "gone", vec![]);
    bed.ok(vec![Command::Trash {
        entity: Entity::Activity,
        target: gone.into(),
    }]);
    let today = asked(&mut bed, None, None);
    assert_eq!(
        planned(&today),
        [
            (Bucket::Overdue, "later than late"),
            (Bucket::Overdue, "late"),
            (Bucket::Tomorrow, "tomorrow"),
            (Bucket::Later, "next month"),
            (Bucket::Undated, "some day"),
        ]
    );
    assert_eq!(today.counts, [2, 0, 1, 0, 1, 1]);
    assert_eq!((today.ahead[1], today.done), (1, 1));
    // Six days ago is lately, seven days ago is not.
    assert_eq!(today.lately, [("task".to_owned(), 2)]);
    let late = &today.steps[1];
    assert_eq!(late.contact.as_ref().unwrap().link.name, "Nora");
    let deal = late.deal.as_ref().unwrap();
    assert_eq!(deal.stage.id, bed.stages[0]);
    assert_eq!(deal.amount.unwrap().minor, 1_850_000);
}

#[test]
fn lines_know_which_of_what_they_name_is_in_the_trash() {
    let mut bed = Bed::new();
    let deal = bed.deal("Rollout", 0, None);
    let keller = bed.company("Keller");
    let nora = person(&mut bed, "Nora", vec![]);
    let about = |contact: bool| {
        let mut links = vec![
            (&activity::DEAL, deal.into()),
            (&activity::COMPANY, keller.into()),
        ];
        links.extend(contact.then(|| (&activity::CONTACT, nora.into())));
        links
    };
    task(&mut bed, "with Nora", about(true));
    task(&mut bed, "with nobody", about(false));
    let lead = vec![
        (&contact::LEAD_STATE, "new".into()),
        (&contact::COMPANY, keller.into()),
    ];
    person(&mut bed, "Lead", lead);
    let gone = |today: &Today| {
        let step = |step: &crate::domain::today::Step| {
            let contact = step.contact.as_ref().map(|person| person.gone);
            (
                contact,
                step.company_gone,
                step.deal.as_ref().map(|deal| deal.gone),
            )
        };
        let steps: Vec<_> = today.steps.iter().map(step).collect();
        let lead = today.waiting.0.iter().map(|lead| lead.company_gone);
        (steps, lead.collect::<Vec<_>>())
    };
    let there = [
        (Some(false), false, Some(false)),
        (None, false, Some(false)),
    ];
    let today = asked(&mut bed, None, None);
    assert_eq!(gone(&today), (there.to_vec(), vec![false]));
    for (entity, target) in [
        (Entity::Deal, deal.record()),
        (Entity::Company, keller.record()),
        (Entity::Contact, nora.record()),
    ] {
        let target = target.into();
        bed.ok(vec![Command::Trash { entity, target }]);
    }
    let today = asked(&mut bed, None, None);
    let trashed = [(Some(true), true, Some(true)), (None, true, Some(true))];
    assert_eq!(gone(&today), (trashed.to_vec(), vec![true]));
}

#[test]
fn mine_is_what_i_perform_or_else_what_belongs_to_what_i_own() {
    let mut bed = Bed::new();
    let (ana, ben) = (bed.rep("Ana"), bed.rep("Ben"));
    let deal = bed.deal("Rollout", 0, None);
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::OWNER,
        Value::Null,
        ana,
    )]);
    let lead = person(&mut bed, "Nora", vec![(&contact::OWNER, ana.into())]);
    task(&mut bed, "hers", vec![(&activity::PERFORMER, ana.into())]);
    task(
        &mut bed,
        "of her deal",
        vec![(&activity::DEAL, deal.into())],
    );
    task(
        &mut bed,
        "of her contact",
        vec![(&activity::CONTACT, lead.into())],
    );
    let bens = vec![
        (&activity::DEAL, deal.into()),
        (&activity::PERFORMER, ben.into()),
    ];
    task(&mut bed, "his on her deal", bens);
    task(&mut bed, "nobody's", vec![]);
    let mut of = |me| -> Vec<String> {
        let today = asked(&mut bed, me, None);
        planned(&today)
            .iter()
            .map(|(_, subject)| (*subject).to_owned())
            .collect()
    };
    assert_eq!(of(Some(ana)), ["hers", "of her deal", "of her contact"]);
    assert_eq!(of(Some(ben)), ["his on her deal"]);
    assert_eq!(of(None).len(), 5);
}

#[test]
fn of_a_bucket_the_first_hundred_are_read_and_all_are_counted() {
    let mut bed = Bed::new();
    let make = |place: i64| {
        let mut command = create(
            Entity::Activity,
            vec![
                (&activity::KIND, "task".into()),
                (&activity::SUBJECT, format!("{place:03}").as_str().into()),
            ],
        );
        if let Command::Create(create) = &mut command {
            create.slot = Slot(u32::try_from(place).unwrap());
        }
        command
    };
    bed.ok((0..103).map(make).collect());
    let today = asked(&mut bed, None, None);
    assert_eq!((today.steps.len(), today.counts[5]), (100, 103));
}

#[test]
fn deals_rot_as_the_filter_says_those_with_a_plan_last() {
    let mut bed = Bed::new();
    let ana = bed.rep("Ana");
    let first = bed.stages[0];
    bed.ok(vec![edit(
        Entity::Stage,
        first.record(),
        &stage::ROT_DAYS,
        7,
        5,
    )]);
    for (title, days) in [("fresh", 4), ("old", 9), ("older", 20), ("planned", 90)] {
        let fields = vec![
            (&deal::TITLE, title.into()),
            (&deal::STAGE, first.into()),
            (&deal::OWNER, ana.into()),
        ];
        let mut command = create(Entity::Deal, fields);
        if let Command::Create(create) = &mut command {
            create.created_at = before(days).as_int().map(Instant::from_millis);
        }
        // A rule's act is no touch.
        let draft = bed.draft(Origin::Rule, vec![command]);
        let id = bed.saved(&draft).created[0].2;
        if title == "planned" {
            let links = vec![(&activity::DEAL, Id::<Deal>::new(id).into())];
            task(&mut bed, "call", links);
        }
    }
    let today = asked(&mut bed, Some(ana), None);
    let shown: Vec<(&str, i64, i64, bool)> = today
        .rotting
        .0
        .iter()
        .map(|deal| {
            (
                deal.deal.link.name.as_str(),
                deal.quiet,
                deal.limit,
                deal.planned,
            )
        })
        .collect();
    assert_eq!(
        shown,
        [
            ("older", 20, 5, false),
            ("old", 9, 5, false),
            ("planned", 90, 5, true)
        ]
    );
    let ben = bed.rep("Ben");
    assert_eq!(asked(&mut bed, Some(ben), None).rotting, (vec![], 0));
}

#[test]
fn a_new_lead_waits_until_somebody_of_us_calls_and_nobody_knows_is_not_zero() {
    let mut bed = Bed::new();
    let (ana, ben) = (bed.rep("Ana"), bed.rep("Ben"));
    let new = |owner: Option<Id<Rep>>| {
        vec![
            (&contact::LEAD_STATE, "new".into()),
            (&contact::OWNER, owner.into()),
        ]
    };
    let answered = person(&mut bed, "Answered", new(None));
    let wrote = person(&mut bed, "Wrote to us", new(Some(ana)));
    person(&mut bed, "Ben's", new(Some(ben)));
    person(
        &mut bed,
        "Working",
        vec![(&contact::LEAD_STATE, "working".into())],
    );
    let mut unknown = create(
        Entity::Contact,
        vec![
            (&contact::NAME, "Since when".into()),
            (&contact::LEAD_STATE, "new".into()),
        ],
    );
    if let Command::Create(create) = &mut unknown {
        create.created_at = None;
    }
    bed.ok(vec![unknown]);
    for (contact, direction) in [(answered, "out"), (wrote, "in")] {
        let fields = vec![
            (&activity::KIND, "mail".into()),
            (&activity::DIRECTION, direction.into()),
            (&activity::CONTACT, contact.into()),
            (&activity::DONE_AT, NOW.into()),
        ];
        bed.ok(vec![create(Entity::Activity, fields)]);
    }
    let waits = |today: &Today| -> Vec<(String, bool)> {
        let line = |lead: &crate::domain::today::Waiting| {
            (lead.contact.link.name.clone(), lead.since.is_some())
        };
        today.waiting.0.iter().map(line).collect()
    };
    let mine = asked(&mut bed, Some(ana), None);
    let expected = [
        ("Wrote to us".to_owned(), true),
        ("Since when".to_owned(), false),
    ];
    assert_eq!(waits(&mine), expected);
    assert_eq!(asked(&mut bed, None, None).waiting.1, 3);
}

#[test]
fn others_acts_count_from_my_last_one_and_the_mark_can_be_held() {
    let mut bed = Bed::new();
    let (ana, ben) = (bed.rep("Ana"), bed.rep("Ben"));
    let deal = bed.deal("Rollout", 0, None);
    bed.rep = Some(ana);
    bed.ok(vec![tag(deal, "mine", true)]);
    let before = asked(&mut bed, Some(ana), None);
    assert_eq!((before.others.len(), before.since.at), (0, Some(NOW)));
    bed.rep = Some(ben);
    bed.ok(vec![tag(deal, "his", true)]);
    bed.rep = Some(ana);
    bed.ok(vec![tag(deal, "mine again", true)]);
    assert_eq!(asked(&mut bed, Some(ana), None).others, []);
    let held = asked(&mut bed, Some(ana), Some(before.since));
    let [other] = held.others.as_slice() else {
        panic!("{:?}", held.others)
    };
    assert_eq!(other.by.as_deref(), Some("Ben"));
    assert_eq!(other.record, Some((Entity::Deal, deal.record())));
    // Who has done nothing yet sees what was changed last, and is not told since when.
    let cleo = bed.rep("Cleo");
    let news = asked(&mut bed, Some(cleo), None);
    assert_eq!(news.since, Since::default());
    assert!(!news.others.is_empty());
}

#[test]
fn a_quota_is_there_only_where_one_is_set_for_now() {
    let mut bed = Bed::new();
    let ana = bed.rep("Ana");
    assert_eq!(asked(&mut bed, Some(ana), None).quota, None);
    let path = bed.dir.path().join("team.db");
    let conn = rusqlite::Connection::open(path).unwrap();
    for (period, amount, ramp, from) in [
        ("2026-Q4", 100_000, 100, 0),
        ("2026-Q4", 200_000, 50, 1),
        ("2026-Q4", 900_000, 100, i64::MAX),
        ("2026", 700_000, 100, 0),
        ("2026-Q3", 800_000, 100, 0),
    ] {
        conn.execute(
            "INSERT INTO quota (rep, period, amount, ramp, valid_from) VALUES (?1, ?2, ?3, ?4, ?5)",
            (ana.record().raw(), period, amount, ramp, from),
        )
        .unwrap();
    }
    let deal = bed.deal("Rollout", 0, Some(60_000));
    bed.ok(vec![
        edit(Entity::Deal, deal.record(), &deal::OWNER, Value::Null, ana),
        Command::WinDeal {
            deal,
            base: Some(bed.stages[0]),
            closed_at: None,
        },
    ]);
    let quota = asked(&mut bed, Some(ana), None).quota.unwrap();
    assert_eq!((quota.target.minor, quota.won.minor), (100_000, 60_000));
    assert_eq!(quota.percent(), Some(60));
    assert_eq!(asked(&mut bed, None, None).quota, None);
}

#[test]
fn a_seat_whose_last_act_is_long_past_still_tells_when_that_was() {
    let mut bed = Bed::new();
    task(&mut bed, "mine", vec![]);
    let conn = rusqlite::Connection::open(bed.book.path()).unwrap();
    conn.execute_batch(
        "INSERT INTO seat VALUES (1000, 'other', 'elsewhere', 0, 0);
         WITH RECURSIVE many (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM many WHERE n < 2100)
         INSERT INTO step (id, grp, body, seat, at, committed_at, origin, label)
         SELECT randomblob(16), randomblob(16), x'', 1000, 5, 5, 'human', 'something' FROM many",
    )
    .unwrap();
    let seen: i64 = conn
        .query_row(
            "SELECT last_seen FROM seat WHERE number <> 1000",
            [],
            |row| row.get(0),
        )
        .unwrap();
    let today = asked(&mut bed, None, None);
    assert_eq!(today.since.at, Some(Instant::from_millis(seen)));
    assert!(today.more_others);
}
