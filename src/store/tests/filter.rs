//! Filters over a real book: which records they let through, and how many of those are unknown to them.

use super::*;
use crate::domain::filter::parse;
use crate::domain::nouns::{FieldDef, activity, contact};
use crate::domain::time::DAY_MS;
use crate::store::query::{Asked, ListQuery, Listing};

fn days_ago(days: i64) -> Instant {
    Instant::from_millis(NOW.millis() - days * DAY_MS)
}

impl Bed {
    fn try_list(&mut self, entity: Entity, filter: &str) -> Result<Listing, StoreError> {
        let query = Query::List(ListQuery {
            entity,
            filter: Some(parse(filter).unwrap_or_else(|fault| panic!("{filter}: {fault}"))),
            sort: vec![],
            limit: None,
            trashed: false,
            asked: Asked {
                now: NOW,
                me: self.rep,
            },
        });
        match self.book.ask(&query)? {
            Answer::List(listing) => Ok(listing),
            other => panic!("{other:?}"),
        }
    }

    /// The names of what a filter lets through, in alphabetical order.
    fn names(&mut self, entity: Entity, filter: &str) -> String {
        let listing = self
            .try_list(entity, filter)
            .unwrap_or_else(|fault| panic!("{filter}: {fault}"));
        let mut names: Vec<String> = listing.records.iter().map(Record::name).collect();
        names.sort();
        names.join(" ")
    }

    fn unknown(&mut self, entity: Entity, filter: &str) -> u64 {
        self.try_list(entity, filter).unwrap().unknown
    }

    fn refused(&mut self, entity: Entity, filter: &str) -> String {
        match self.try_list(entity, filter) {
            Err(StoreError::Invalid { what, .. }) => what,
            other => panic!("{filter}: {other:?}"),
        }
    }

    fn set_rate(&mut self, currency: &str, rate: i64) {
        let conn = rusqlite::Connection::open(self.book.path()).unwrap();
        conn.execute(
            "INSERT INTO rate (currency, date, rate) VALUES (?1, '2026-01-01', ?2)",
            (currency, rate),
        )
        .unwrap();
    }

    fn made(
        &mut self,
        origin: Origin,
        entity: Entity,
        created_at: Option<Instant>,
        fields: Vec<(&'static FieldDef, Value)>,
        sets: &[(Set, &str)],
    ) -> RecordId {
        let fields = fields
            .into_iter()
            .map(|(def, value)| (Field::Own(def), Input::Value(value)))
            .collect();
        let create = Command::Create(Create {
            slot: Slot(0),
            entity,
            created_at,
            fields,
            sets: sets
                .iter()
                .map(|(set, element)| (*set, (*element).to_owned()))
                .collect(),
        });
        let draft = self.draft(origin, vec![create]);
        self.saved(&draft).created[0].2
    }
}

/// Deals, all imported: Alpha (Qualify, 10k, Ana, quiet for 20 days), Beta (Proposal, 20k euros, Ben), Gamma (Discovery, no
/// amount, nobody's, came into being nobody knows when), Delta (won, 5k, Ana), Yen (Qualify, of a currency without a rate).
fn deals() -> Bed {
    let mut bed = Bed::new();
    let (ana, ben) = (bed.rep("Ana Meier"), bed.rep("Ben Ode"));
    bed.rep = Some(ana);
    let muller = bed.company("Müller & Söhne AG");
    let contact = bed.made(
        Origin::Import,
        Entity::Contact,
        None,
        vec![(&contact::NAME, "Nora Keller".into())],
        &[
            (Set::Email, "nora@keller.ch"),
            (Set::Phone, "+41 41 555 01 77"),
        ],
    );
    bed.set_rate("EUR", 1_100_000);
    let mut deal =
        |title: &str, stage: usize, age: Option<i64>, more: Vec<(&'static FieldDef, Value)>| {
            let mut fields = vec![
                (&deal::TITLE, title.into()),
                (&deal::STAGE, bed.stages[stage].into()),
            ];
            fields.extend(more);
            bed.made(Origin::Import, Entity::Deal, age.map(days_ago), fields, &[])
        };
    deal(
        "Alpha",
        0,
        Some(20),
        vec![
            (&deal::AMOUNT, 1_000_000.into()),
            (&deal::OWNER, ana.into()),
            (&deal::COMPANY, muller.into()),
        ],
    );
    let beta = deal(
        "Beta",
        2,
        Some(2),
        vec![
            (&deal::AMOUNT, 2_000_000.into()),
            (&deal::CURRENCY, "EUR".into()),
            (&deal::OWNER, ben.into()),
            (&deal::CONTACT, contact.into()),
            (&deal::EXPECTED_CLOSE, "2026-12-18".into()),
        ],
    );
    deal("Gamma", 1, None, vec![]);
    deal(
        "Delta",
        4,
        Some(90),
        vec![(&deal::AMOUNT, 500_000.into()), (&deal::OWNER, ana.into())],
    );
    deal(
        "Yen",
        0,
        Some(1),
        vec![
            (&deal::AMOUNT, 9_000_000.into()),
            (&deal::CURRENCY, "JPY".into()),
        ],
    );
    bed.ok(vec![tag(Id::new(beta), "VIP", true)]);
    bed
}

#[test]
fn clauses_join_and_negate() {
    let mut bed = deals();
    for (filter, names) in [
        ("", "Alpha Beta Delta Gamma Yen"),
        ("stage:qualify", "Alpha Yen"),
        ("stage:qualify,discovery", "Alpha Gamma Yen"),
        ("stage:qualify -owner:ana", "Yen"),
        ("stage:proposal or owner:ana", "Alpha Beta Delta"),
        ("-(stage:proposal or owner:ana)", "Gamma Yen"),
        ("is:open owner:me", "Alpha"),
        ("won", "Delta"),
        ("state!=won", "Alpha Beta Gamma Yen"),
        ("tag:vip", "Beta"),
        ("-tag:vip is:open", "Alpha Gamma Yen"),
        ("no:owner", "Gamma Yen"),
        ("has:owner", "Alpha Beta Delta"),
        ("close:2026-12", "Beta"),
        ("close>2026-12", ""),
        ("pipeline:sales title=alpha", "Alpha"),
        ("title~alhpa", "Alpha"),
        ("currency:eur", "Beta"),
    ] {
        assert_eq!(bed.names(Entity::Deal, filter), names, "{filter}");
    }
}

#[test]
fn amounts_of_another_currency_are_compared_at_todays_rate() {
    let mut bed = deals();
    for (filter, names) in [
        ("value>10k", "Beta"),
        ("value>=10k", "Alpha Beta"),
        ("value>=22k", "Beta"),
        ("value>22k", ""),
        ("value:20k", ""),
        ("value:\"20k eur\"", "Beta"),
        ("value<=10k", "Alpha Delta"),
    ] {
        assert_eq!(bed.names(Entity::Deal, filter), names, "{filter}");
    }
}

#[test]
fn what_is_unknown_passes_a_negation_and_is_counted() {
    let mut bed = deals();
    assert_eq!(
        bed.names(Entity::Deal, "-value>10k"),
        "Alpha Delta Gamma Yen"
    );
    assert_eq!(bed.unknown(Entity::Deal, "-value>10k"), 2);
    assert_eq!(
        bed.names(Entity::Deal, "-close:2026-12"),
        "Alpha Delta Gamma Yen"
    );
    assert_eq!(bed.unknown(Entity::Deal, "-close:2026-12 owner:ana"), 2);
    assert_eq!(bed.unknown(Entity::Deal, "close:2026-12"), 0);
    assert_eq!(bed.unknown(Entity::Deal, "no:close"), 0);
    assert_eq!(bed.unknown(Entity::Deal, "-(-close:2026-12)"), 0);
    assert_eq!(bed.unknown(Entity::Deal, "-tag:vip"), 0);
}

#[test]
fn words_are_searched_in_names_and_addresses_with_accents_folded() {
    let mut bed = deals();
    for (filter, names) in [
        ("muller", "Alpha"),
        ("MÜLLER sohne", "Alpha"),
        ("nora", "Beta"),
        ("\"nora keller\"", "Beta"),
        ("nora@keller", "Beta"),
        ("0415550177", "Beta"),
        ("-nora is:open", "Alpha Gamma Yen"),
        ("100%", ""),
    ] {
        assert_eq!(bed.names(Entity::Deal, filter), names, "{filter}");
    }
    assert_eq!(
        bed.names(Entity::Contact, "email:@keller.ch phone:\"041 555\""),
        "Nora Keller"
    );
    assert_eq!(
        bed.names(Entity::Contact, "email=Nora+x@keller.ch"),
        "Nora Keller"
    );
    assert_eq!(
        bed.names(Entity::Company, "name:sohne"),
        "Müller & Söhne AG"
    );
    assert_eq!(bed.names(Entity::Rep, "ana active:yes"), "Ana Meier");
}

#[test]
fn a_filter_rots_as_a_card_does() {
    let mut bed = deals();
    // Qualify allows 7 days of quiet; the closed deal and the one of unknown age do not rot.
    assert_eq!(bed.names(Entity::Deal, "rotting"), "Alpha");
    assert_eq!(bed.names(Entity::Deal, "touched>10d"), "Alpha Delta");
    assert_eq!(bed.names(Entity::Deal, "touched<=2d"), "Beta Yen");
    assert_eq!(bed.unknown(Entity::Deal, "-touched<=2d"), 1);
}

#[test]
fn a_planned_activity_is_a_next_step_and_a_call_ends_the_wait() {
    let mut bed = Bed::new();
    let lead = |bed: &mut Bed, name: &str| {
        let fields = vec![
            (&contact::NAME, name.into()),
            (&contact::LEAD_STATE, "new".into()),
        ];
        bed.made(
            Origin::Import,
            Entity::Contact,
            Some(days_ago(1)),
            fields,
            &[],
        )
    };
    let (called, waiting) = (lead(&mut bed, "Called"), lead(&mut bed, "Waiting"));
    bed.made(
        Origin::Import,
        Entity::Contact,
        Some(days_ago(1)),
        vec![(&contact::NAME, "Customer".into())],
        &[],
    );
    let mut act = |kind: &str, more: Vec<(&'static FieldDef, Value)>| {
        let mut fields = vec![
            (&activity::KIND, kind.into()),
            (&activity::SUBJECT, kind.into()),
        ];
        fields.extend(more);
        bed.made(Origin::Human, Entity::Activity, Some(NOW), fields, &[]);
    };
    act(
        "call",
        vec![
            (&activity::CONTACT, called.into()),
            (&activity::DONE_AT, NOW.into()),
            (&activity::DIRECTION, "out".into()),
        ],
    );
    act(
        "task",
        vec![
            (&activity::CONTACT, waiting.into()),
            (&activity::DUE_DATE, "2026-11-25".into()),
        ],
    );
    act("meeting", vec![(&activity::DUE_AT, NOW.into())]);
    for (filter, names) in [
        ("waits>1h", "Waiting"),
        ("state:new", "Called Waiting"),
        ("no:state", "Customer"),
        ("has:next_step", "Waiting"),
        ("next_step:task", "Waiting"),
        ("no:touched", "Customer Waiting"),
        ("touched<=0d", "Called"),
    ] {
        assert_eq!(bed.names(Entity::Contact, filter), names, "{filter}");
    }
    assert_eq!(bed.names(Entity::Activity, "due<=today"), "meeting");
    assert_eq!(bed.names(Entity::Activity, "due<=1d"), "meeting task");
    assert_eq!(bed.names(Entity::Activity, "type:call done:today"), "call");
    assert_eq!(bed.unknown(Entity::Activity, "-due<=today"), 1);
}

#[test]
fn custom_fields_are_filtered_by_their_name() {
    let mut bed = Bed::new();
    let text = |name: &str, kind: &str| {
        vec![
            (&crate::domain::nouns::field::ENTITY, "company".into()),
            (&crate::domain::nouns::field::NAME, name.into()),
            (&crate::domain::nouns::field::KIND, kind.into()),
        ]
    };
    let floor = bed.made(
        Origin::Import,
        Entity::Field,
        None,
        text("Floor space", "number"),
        &[],
    );
    let name = (Field::Own(&company::NAME), Input::Value("Alpina".into()));
    let custom = (
        Field::Custom(Entity::Company, floor),
        Input::Value(250.into()),
    );
    bed.ok(vec![Command::Create(Create {
        slot: Slot(0),
        entity: Entity::Company,
        created_at: None,
        fields: vec![name, custom],
        sets: vec![],
    })]);
    bed.company("Other");
    assert_eq!(bed.names(Entity::Company, "floor_space>200"), "Alpina");
    assert_eq!(bed.names(Entity::Company, "no:floor-space"), "Other");
    assert_eq!(bed.unknown(Entity::Company, "-floor_space>200"), 1);
    assert!(
        bed.refused(Entity::Company, "flor_space>200")
            .contains("Floor space")
    );
}

#[test]
fn texts_of_custom_fields_are_cleaned_and_empty_ones_are_unknown() {
    let mut bed = Bed::new();
    let named = vec![
        (&crate::domain::nouns::field::ENTITY, "company".into()),
        (&crate::domain::nouns::field::NAME, "Motto".into()),
        (&crate::domain::nouns::field::KIND, "line".into()),
    ];
    let motto = bed.made(Origin::Import, Entity::Field, None, named, &[]);
    let with = |text: &str| {
        let name = (Field::Own(&company::NAME), Input::Value("Alpina".into()));
        let custom = (
            Field::Custom(Entity::Company, motto),
            Input::Value(text.into()),
        );
        Command::Create(Create {
            slot: Slot(0),
            entity: Entity::Company,
            created_at: None,
            fields: vec![name, custom],
            sets: vec![],
        })
    };
    let id = bed.ok(vec![with(" up\u{202e}\u{1b}wards ")]).created[0].2;
    let shown = bed.show(Entity::Company, id);
    assert_eq!(shown.custom[0].value, "upwards".into());
    let id = bed.ok(vec![with("\u{7} ")]).created[0].2;
    assert_eq!(bed.show(Entity::Company, id).custom, []);
    assert_eq!(bed.names(Entity::Company, "no:motto"), "Alpina");
}

#[test]
fn a_name_that_no_stage_bears_is_told() {
    let mut bed = deals();
    assert!(
        bed.refused(Entity::Deal, "stage:propsal")
            .contains("Proposal")
    );
    assert!(
        bed.refused(Entity::Deal, "owner:anna")
            .contains("Ana Meier")
    );
    bed.rep = None;
    assert!(bed.refused(Entity::Deal, "owner:me").contains("--as"));
}

#[test]
fn every_place_of_every_noun_compiles_to_sql() {
    use crate::domain::filter::{Place, names};
    let mut bed = Bed::new();
    for entity in [
        Entity::Rep,
        Entity::Contact,
        Entity::Company,
        Entity::Deal,
        Entity::Activity,
        Entity::Product,
    ] {
        for (name, place) in names(entity) {
            bed.try_list(entity, &format!("-has:{name}")).unwrap();
            let values = ["x", "1", "2026-11", "yes", "open", ">1h", "call"];
            let taken = values.into_iter().filter(|value| {
                let filter = if value.starts_with('>') {
                    format!("-{name}{value}")
                } else {
                    format!("-{name}:{value}")
                };
                bed.try_list(entity, &filter).is_ok()
            });
            assert!(
                taken.count() > 0 || matches!(place, Place::Column(_)),
                "{entity}.{name}"
            );
        }
        bed.try_list(entity, "0415550177").unwrap();
    }
}

#[test]
fn the_longest_filter_that_is_read_is_answered() {
    let mut bed = deals();
    let values: Vec<String> = (0..198).map(|n| n.to_string()).collect();
    assert_eq!(
        bed.names(Entity::Deal, &format!("value:{}", values.join(","))),
        ""
    );
    let words = "a ".repeat(199);
    assert_eq!(bed.names(Entity::Deal, &words), "Alpha Beta Delta Gamma");
    let nested = format!("{}alpha{}", "-(x or ".repeat(15), ")".repeat(15));
    bed.try_list(Entity::Deal, &nested).unwrap();
}

#[test]
fn a_deal_counts_in_its_own_category_else_in_that_of_its_stage() {
    use crate::domain::nouns::{deal, stage};
    let mut bed = Bed::new();
    let _ = bed.deal("by-stage", 0, None);
    let own = bed.deal("own", 0, None);
    let _ = bed.deal("none", 1, None);
    let first = bed.stages[0].record();
    let second = bed.stages[1].record();
    for (entity, id, field, new) in [
        (
            Entity::Stage,
            first,
            &stage::CATEGORY,
            Value::from("commit"),
        ),
        (Entity::Stage, second, &stage::CATEGORY, Value::Null),
        (
            Entity::Deal,
            own.record(),
            &deal::CATEGORY,
            "omitted".into(),
        ),
    ] {
        let edits = vec![FieldEdit {
            field: field.into(),
            base: Base::Unseen,
            new: new.into(),
        }];
        let target = id.into();
        bed.ok(vec![Command::Edit {
            entity,
            target,
            edits,
        }]);
    }
    for (filter, found) in [
        ("category:commit", "by-stage"),
        ("category:omitted", "own"),
        ("no:category", "none"),
        ("-category:commit", "none own"),
    ] {
        assert_eq!(bed.names(Entity::Deal, filter), found, "{filter}");
    }
}
