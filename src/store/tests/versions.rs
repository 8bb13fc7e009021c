//! Versions side by side: a book of a newer minor keeps what this program does not know, an older one is migrated.

use std::fs;
use std::time::Duration;

use rusqlite::Connection;

use super::*;
use crate::domain::id::StepId;
use crate::store::backup::Occasion;
use crate::store::schema::migrate::{self, Migration};
use crate::store::{Opening, schema};

/// What a newer minor may add: columns, a table with an index, a noun and a field and an origin in the log, a kind of address.
const ONE_TWO: &str = "
    PRAGMA writable_schema = ON;
    UPDATE sqlite_schema SET sql = replace(sql, '''undo'', ''redo'')', '''undo'', ''redo'', ''sync'')') WHERE name = 'step';
    UPDATE sqlite_schema SET sql = replace(sql, '''external'')', '''external'', ''fax'')') WHERE name = 'identifier';
    PRAGMA writable_schema = RESET;
    ALTER TABLE deal ADD COLUMN heat REAL;
    ALTER TABLE contact ADD COLUMN pronoun TEXT NOT NULL DEFAULT 'they';
    ALTER TABLE step ADD COLUMN device TEXT;
    ALTER TABLE book ADD COLUMN motto TEXT;
    CREATE TABLE visit (id INTEGER PRIMARY KEY, created_at INTEGER, trashed_at INTEGER, deal INTEGER NOT NULL REFERENCES deal (id), km REAL) STRICT;
    CREATE INDEX visit_deal ON visit (deal);
    CREATE INDEX deal_heat ON deal (heat) WHERE heat IS NOT NULL;
    PRAGMA user_version = 1002;";

/// The id of the step that only a newer program could make.
const SYNC: StepId = StepId([0x51; 16]);

struct Newer {
    bed: Bed,
    deal: Id<Deal>,
    contact: RecordId,
}

/// A book that a newer program has worked on while this one had it open.
fn newer() -> Newer {
    let mut bed = Bed::new();
    let deal = bed.deal("Rollout", 0, Some(120_000));
    let made = bed.ok(vec![create(
        Entity::Contact,
        vec![(&crate::domain::nouns::contact::NAME, "Nora".into())],
    )]);
    let contact = made.created[0].2;
    let conn = Connection::open(bed.book.path()).unwrap();
    conn.execute_batch(ONE_TWO).unwrap();
    conn.execute_batch(&format!(
        "UPDATE deal SET heat = 0.5;
         UPDATE contact SET pronoun = 'she';
         UPDATE book SET motto = 'Go';
         INSERT INTO visit VALUES (77, 1, NULL, {deal}, 12.5);
         INSERT INTO identifier (contact, kind, value, key) VALUES ({contact}, 'fax', '1', '1');
         INSERT INTO tag (entity, record, value, key) VALUES ('visit', 77, 'far', 'far');
         INSERT INTO pending_link (id, entity, record, field, target, text) VALUES (78, 'visit', 77, 'host', 'contact', 'N'),
             (79, 'deal', {deal}, 'visit', 'visit', 'V');
         INSERT INTO field (id, entity, name, kind) VALUES (80, 'visit', 'Fuel', 'text');
         INSERT INTO source_record (id, source, key, entity, record) VALUES (81, 'diary', 'v1', 'visit', 77);
         INSERT INTO step (n, id, grp, body, seat, at, committed_at, origin, label, device)
             SELECT max(n) + 1, x'{SYNC}', x'{SYNC}', x'00', 0, 5, 5, 'sync', 'Sync the diary', 'phone' FROM step;
         INSERT INTO change (step, entity, record, field, old, new)
             SELECT max(n), 'visit', 77, NULL, NULL, 'h' FROM step UNION ALL
             SELECT max(n), 'deal', {deal}, 'heat', 0.25, 0.5 FROM step UNION ALL
             SELECT max(n), 'deal', {deal}, 'note', NULL, NULL FROM step;",
        deal = deal.record().raw(),
        contact = contact.raw(),
    ))
    .unwrap();
    Newer { bed, deal, contact }
}

impl Newer {
    /// All that only a newer program knows, in one text.
    fn unknown(&self) -> String {
        Connection::open(self.bed.book.path())
            .unwrap()
            .query_row(
                "SELECT concat_ws(' ', (SELECT group_concat(heat) FROM deal), (SELECT group_concat(pronoun) FROM contact), motto,
                    (SELECT group_concat(concat_ws('/', id, deal, km)) FROM visit), (SELECT count(*) FROM identifier WHERE kind = 'fax'),
                    (SELECT group_concat(value) FROM tag WHERE entity = 'visit'), (SELECT count(*) FROM pending_link),
                    (SELECT name FROM field WHERE id = 80), (SELECT entity FROM source_record WHERE id = 81),
                    (SELECT device FROM step WHERE origin = 'sync'),
                    (SELECT group_concat(concat_ws('/', entity, field, old, new)) FROM change JOIN step ON n = step WHERE origin = 'sync'))
                 FROM book",
                [],
                |row| row.get(0),
            )
            .unwrap()
    }
}

#[test]
fn everyday_work_keeps_what_a_newer_minor_added() {
    let mut newer = newer();
    let unknown = newer.unknown();
    let (deal, contact) = (newer.deal, newer.contact);
    let bed = &mut newer.bed;
    let before = bed.hash();
    bed.ok(vec![edit(
        Entity::Deal,
        deal.record(),
        &deal::TITLE,
        "Rollout",
        "Roll-out",
    )]);
    let (first, second) = (bed.stages[0], bed.stages[1]);
    bed.ok(vec![move_to(deal, Some(first), second)]);
    bed.ok(vec![tag(deal, "hot", true)]);
    bed.ok(vec![Command::WinDeal {
        deal,
        base: Some(second),
        closed_at: None,
    }]);
    bed.ok(vec![Command::Trash {
        entity: Entity::Contact,
        target: contact.into(),
    }]);
    for _ in 0..5 {
        assert!(matches!(bed.undo(), Outcome::Saved(_)));
    }
    assert_eq!(bed.hash(), before);
    for _ in 0..5 {
        assert!(matches!(bed.redo(), Outcome::Saved(_)));
    }
    assert_eq!(
        bed.show_deal(deal).sets,
        [(Set::Tag, vec!["hot".to_owned()])]
    );
    bed.ok(vec![Command::Restore {
        entity: Entity::Contact,
        target: contact.into(),
    }]);
    assert_eq!(newer.unknown(), unknown);
}

#[test]
fn the_feed_leaves_out_unknown_nouns_and_goes_on_behind_them() {
    let mut newer = newer();
    let after_all = newer.bed.deal("Pilot", 0, None);
    let mut seen = 0;
    let mut fields = Vec::new();
    let mut last = None;
    loop {
        let query = Query::Changes {
            after: seen,
            limit: 2,
        };
        let Answer::Changes(changes) = newer.bed.book.ask(&query).unwrap() else {
            panic!()
        };
        let Some(change) = changes.last() else { break };
        seen = change.seq;
        last = Some((change.entity, change.record));
        fields.extend(changes.into_iter().filter_map(|change| {
            let field = change.field?;
            (change.step == SYNC).then_some((field, change.new))
        }));
    }
    assert_eq!(last, Some((Entity::Deal, after_all.record())));
    assert_eq!(
        fields,
        [
            ("heat".to_owned(), "0.5".into()),
            ("note".to_owned(), Value::Null)
        ]
    );
}

#[test]
fn what_a_newer_program_did_is_not_taken_back_by_this_one() {
    let mut newer = newer();
    let before = newer.bed.hash();
    let unknown = newer.unknown();
    let taken = newer.bed.act(vec![Command::Undo(Which::Group(SYNC))]);
    let Err(StoreError::Invalid { what, .. }) = taken else {
        panic!("{taken:?}")
    };
    assert!(what.contains("newer"), "{what}");
    // A known origin with a noun, a field or a value that is not known.
    let path = newer.bed.book.path().to_owned();
    let conn = Connection::open(&path).unwrap();
    conn.execute("UPDATE step SET origin = 'human' WHERE origin = 'sync'", [])
        .unwrap();
    for without in ["entity = 'visit'", "typeof(new) = 'real'"] {
        let taken = newer.bed.act(vec![Command::Undo(Which::Group(SYNC))]);
        assert!(
            matches!(&taken, Err(StoreError::Invalid { what, .. }) if what.contains("newer")),
            "{taken:?}"
        );
        conn.execute(&format!("DELETE FROM change WHERE {without}"), [])
            .unwrap();
    }
    // Only what is known is left of it.
    assert!(matches!(
        newer.bed.act(vec![Command::Undo(Which::Group(SYNC))]),
        Ok(Outcome::Saved(_))
    ));
    assert_eq!(newer.bed.hash(), before);
    assert!(unknown.contains("0.5"));
}

#[test]
fn a_field_that_is_not_known_is_not_taken_back_in_part() {
    let mut newer = newer();
    let conn = Connection::open(newer.bed.book.path()).unwrap();
    conn.execute_batch(
        "UPDATE step SET origin = 'human' WHERE origin = 'sync'; DELETE FROM change WHERE entity = 'visit';
         UPDATE change SET old = 1, new = 2 WHERE field = 'heat'; UPDATE change SET field = 'title', old = 'Roll', new = 'Rollout' WHERE field = 'note'",
    )
    .unwrap();
    let before = newer.bed.hash();
    let taken = newer.bed.act(vec![Command::Undo(Which::Group(SYNC))]);
    assert!(
        matches!(&taken, Err(StoreError::Invalid { what, .. }) if what.contains("heat")),
        "{taken:?}"
    );
    assert_eq!(newer.bed.hash(), before);
}

#[test]
fn questions_are_answered_over_a_newer_minor() {
    let mut newer = newer();
    let deal = newer.deal;
    let bed = &mut newer.bed;
    let known = bed.book.known(&["diary".to_owned()]).unwrap();
    assert!(known.fields.is_empty() && known.sources.is_empty() && known.pending.is_empty());
    assert_eq!(bed.book.waiting_links().unwrap(), []);
    for entity in crate::domain::nouns::ENTITIES {
        let query = Query::List(crate::store::query::ListQuery {
            entity: *entity,
            filter: None,
            sort: vec![],
            limit: None,
            trashed: false,
            asked: crate::store::query::Asked { now: NOW, me: None },
        });
        let listed = bed.book.ask(&query);
        assert!(listed.is_ok(), "{entity}: {listed:?}");
    }
    let Answer::Groups(groups) = bed.book.ask(&Query::Groups { limit: 5 }).unwrap() else {
        panic!()
    };
    assert!(groups.iter().any(|group| group.label == "Sync the diary"));
    for query in [
        Query::Info,
        Query::Timeline {
            entity: Entity::Deal,
            id: deal.record(),
            limit: 10,
        },
        Query::Search {
            text: "roll".into(),
            limit: 10,
        },
    ] {
        assert!(bed.book.ask(&query).is_ok(), "{query:?}");
    }
    bed.book.content_hash_without_ids().unwrap();
    bed.book.take_back_all_unfinished().unwrap();
}

#[test]
fn a_check_finds_nothing_wrong_with_what_it_does_not_know() {
    let mut newer = newer();
    let findings = newer.bed.book.check().unwrap();
    // The bed writes these rows without a log, which is found; that they are of an unknown noun is not.
    let wrong: Vec<_> = findings
        .found
        .iter()
        .filter(|found| {
            let bare = ["field", "source_record", "pending_link"].contains(&found.table.as_str());
            !(bare && found.kind == crate::store::check::Kind::Unborn)
        })
        .collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(findings.total, 4);
}

#[test]
fn backup_and_restore_keep_what_a_newer_minor_added() {
    let mut newer = newer();
    let unknown = newer.unknown();
    let folder = newer.bed.book.path().with_file_name("backups");
    let backup = newer
        .bed
        .book
        .back_up(&folder, Occasion::Usual, NOW)
        .unwrap();
    newer.bed.company("Later");
    let path = newer.bed.book.path().to_owned();
    crate::store::backup::Restoring::look(&Opening::of(&path), &backup.path)
        .unwrap()
        .run(NOW)
        .unwrap();
    assert_eq!(newer.unknown(), unknown);
}

/// Two steps from 1.1 to 1.3.
const TWO: &[Migration] = &[
    Migration {
        to: 1002,
        what: "deals have a heat",
        run: |conn| conn.execute_batch("ALTER TABLE deal ADD COLUMN heat INTEGER"),
    },
    Migration {
        to: 1003,
        what: "deals are listed by heat",
        run: |conn| conn.execute_batch("CREATE INDEX deal_heat ON deal (heat)"),
    },
];

/// The second step fails.
const BROKEN: &[Migration] = &[
    TWO[0],
    Migration {
        to: 1003,
        what: "nothing",
        run: |conn| conn.execute_batch("CREATE INDEX deal_heat ON deal (cold)"),
    },
];

fn version(book: &mut Book) -> u32 {
    let (major, minor) = book.head(Duration::ZERO).unwrap().schema;
    schema::user_version(major, minor)
}

#[test]
fn an_older_minor_is_migrated_at_the_opening_after_a_backup() {
    let mut bed = Bed::new();
    bed.deal("Rollout", 0, None);
    let (path, before) = (bed.book.path().to_owned(), bed.hash());
    let mut book = Book::open_at(&Opening::of(&path), TWO).unwrap();
    assert_eq!(version(&mut book), 1003);
    assert_eq!(book.content_hash().unwrap(), before);
    let kept = book
        .backups(&path.with_file_name("team.backups"))
        .unwrap()
        .backups;
    assert_eq!(kept[0].occasion, Some(Occasion::BeforeMigration));
    assert_eq!(version(&mut Book::open(&kept[0].path).unwrap()), 1001);
    // The next opening finds nothing to do; who had it open before works on.
    drop(book);
    let book = Book::open_at(&Opening::of(&path), TWO).unwrap();
    assert_eq!(book.backups(&book.backup_folder()).unwrap().backups, kept);
    bed.company("Later");
}

#[test]
fn while_somebody_reads_an_older_book_is_worked_on_as_it_is() {
    let bed = Bed::new();
    let path = bed.book.path().to_owned();
    let other = Connection::open(&path).unwrap();
    other
        .execute_batch("BEGIN; SELECT count(*) FROM deal")
        .unwrap();
    let mut book = Book::open_at(&Opening::of(&path), TWO).unwrap();
    assert_eq!(version(&mut book), 1001);
    assert!(!path.with_file_name("team.backups").exists());
    other.execute_batch("COMMIT").unwrap();
    let draft = bed.draft(
        Origin::Human,
        vec![create(Entity::Company, vec![(&company::NAME, "A".into())])],
    );
    assert!(matches!(book.commit(&draft), Ok(Outcome::Saved(_))));
    let done = migrate::run(&mut book, TWO, Duration::ZERO, NOW).unwrap();
    assert_eq!((done.from, done.to, done.done.len()), (1001, 1003, 2));
}

#[test]
fn without_a_backup_nothing_is_migrated() {
    let bed = Bed::new();
    let path = bed.book.path().to_owned();
    fs::write(path.with_file_name("team.backups"), "in the way").unwrap();
    let mut book = Book::open_at(&Opening::of(&path), TWO).unwrap();
    assert_eq!(version(&mut book), 1001);
    let asked = migrate::run(&mut book, TWO, Duration::ZERO, NOW);
    assert!(matches!(asked, Err(StoreError::File { .. })), "{asked:?}");
}

#[test]
fn a_migration_is_done_whole_or_not_at_all() {
    let mut bed = Bed::new();
    let before = bed.hash();
    let path = bed.book.path().to_owned();
    assert!(migrate::run(&mut bed.book, BROKEN, Duration::ZERO, NOW).is_err());
    assert_eq!(version(&mut bed.book), 1001);
    assert_eq!(bed.hash(), before);
    let columns: i64 = Connection::open(&path)
        .unwrap()
        .query_row(
            "SELECT count(*) FROM pragma_table_info('deal') WHERE name = 'heat'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(columns, 0);
    bed.company("The book goes on");
    // And the program that cannot migrate opens it all the same.
    Book::open_at(&Opening::of(&path), BROKEN).unwrap();
}

#[test]
fn an_older_major_waits_until_somebody_asks() {
    const MAJOR: &[Migration] = &[Migration {
        to: 2000,
        what: "everything is new",
        run: |_| Ok(()),
    }];
    let bed = Bed::new();
    let path = bed.book.path().to_owned();
    let mut book = Book::open_at(&Opening::of(&path), MAJOR).unwrap();
    assert_eq!(version(&mut book), 1001);
    let done = migrate::run(&mut book, MAJOR, Duration::ZERO, NOW).unwrap();
    assert_eq!(done.to, 2000);
    // Who has it open with the older program is told at the next write.
    let mut bed = bed;
    let made = bed.act(vec![create(
        Entity::Company,
        vec![(&company::NAME, "A".into())],
    )]);
    assert!(made.unwrap_err().to_string().contains("newer clinch"));
}

#[test]
fn the_list_of_migrations_goes_up_to_this_programs_schema() {
    let versions: Vec<u32> = migrate::ALL.iter().map(|step| step.to).collect();
    assert!(versions.is_sorted_by(|a, b| a < b));
    let newest = versions.last().copied().unwrap_or(1001);
    assert_eq!(newest, schema::user_version(schema::MAJOR, schema::MINOR));
}
