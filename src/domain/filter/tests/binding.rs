//! What a filter means for a noun: places, values by type, and the faults that name the nearest.

use crate::domain::filter::{
    Between, Bound, Check, Context, CustomField, CustomKind, Match, Node, Place, bind, parse,
};
use crate::domain::id::{Id, RecordId};
use crate::domain::money::{Currency, Money};
use crate::domain::nouns::Entity;
use crate::domain::time::{Date, Instant, Zone};

const ZURICH: Zone = chrono_tz::Europe::Zurich;

fn currency(code: &str) -> Currency {
    code.parse().unwrap()
}

/// Tuesday, 24 November 2026, 11:05 in Zurich.
fn try_bind(text: &str, entity: Entity) -> Result<Bound, super::super::FilterError> {
    let rates = [(currency("EUR"), 940_000), (currency("JPY"), 6_000)];
    let custom = [CustomField {
        id: RecordId::from_raw(9),
        name: "Contract end".into(),
        kind: CustomKind::Date,
    }];
    let names = [
        (
            Entity::Rep,
            vec!["Ana Meier".to_owned(), "Ben Ode".to_owned()],
        ),
        (
            Entity::Stage,
            vec!["Qualify".to_owned(), "Proposal".to_owned()],
        ),
    ];
    let ctx = Context {
        now: Instant::parse("2026-11-24T10:05:00Z", ZURICH).unwrap(),
        zone: ZURICH,
        base: currency("CHF"),
        fiscal_start: 1,
        me: Some(Id::from_raw(7)),
        rates: &rates,
        custom: &custom,
        names: &names,
    };
    bind(&parse(text).unwrap(), entity, &ctx)
}

fn check(text: &str, entity: Entity) -> Check {
    match try_bind(text, entity)
        .unwrap_or_else(|fault| panic!("{text}: {fault}"))
        .root
    {
        Some(Node::Check(check)) => check,
        other => panic!("{text}: {other:?}"),
    }
}

fn refused(text: &str, entity: Entity) -> String {
    match try_bind(text, entity) {
        Err(fault) => fault.what,
        Ok(bound) => panic!("{text}: {bound:?}"),
    }
}

fn days(text: &str) -> (Option<String>, Option<String>) {
    match check(text, Entity::Deal) {
        Check::Day { within, .. } => {
            let day = |date: Option<Date>| date.map(|date| date.to_string());
            (day(within[0].least), day(within[0].most))
        }
        other => panic!("{text}: {other:?}"),
    }
}

fn moments(text: &str, entity: Entity) -> (Option<String>, Option<String>) {
    match check(text, entity) {
        Check::Moment { within, .. } => {
            let at = |at: Option<Instant>| at.map(|at| at.to_string());
            (at(within[0].least), at(within[0].most))
        }
        other => panic!("{text}: {other:?}"),
    }
}

fn amounts(text: &str) -> Vec<(String, Option<i64>, Option<i64>)> {
    match check(text, Entity::Deal) {
        Check::Money { within, .. } => within
            .into_iter()
            .map(|(currency, within)| (currency.to_string(), within[0].least, within[0].most))
            .collect(),
        other => panic!("{text}: {other:?}"),
    }
}

fn some(least: &str, most: &str) -> (Option<String>, Option<String>) {
    let known = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    (known(least), known(most))
}

#[test]
fn dates_are_stretches_of_days() {
    for (text, least, most) in [
        ("close:2026-12", "2026-12-01", "2026-12-31"),
        ("close:this-quarter", "2026-10-01", "2026-12-31"),
        ("close<2026-12", "", "2026-11-30"),
        ("close<=2026-12", "", "2026-12-31"),
        ("close>2026-12", "2027-01-01", ""),
        ("close>=2026-12", "2026-12-01", ""),
        ("close:2026-11..2026-12", "2026-11-01", "2026-12-31"),
        ("close:today..", "2026-11-24", ""),
        ("close:mon", "2026-11-30", "2026-11-30"),
        ("close<0", "", "2026-11-23"),
        ("close<=30d", "", "2026-12-24"),
        ("close>-7d", "2026-11-18", ""),
        ("close:24.12.", "2026-12-24", "2026-12-24"),
    ] {
        assert_eq!(days(text), some(least, most), "{text}");
    }
}

#[test]
fn moments_are_stretches_in_the_zone_of_the_team() {
    for (text, least, most) in [
        (
            "closed:2026-11-24",
            "2026-11-23T23:00:00Z",
            "2026-11-24T22:59:59.999Z",
        ),
        ("closed<2026", "", "2025-12-31T22:59:59.999Z"),
        (
            "closed:mon",
            "2026-11-22T23:00:00Z",
            "2026-11-23T22:59:59.999Z",
        ),
        (
            "closed:24.12.",
            "2025-12-23T23:00:00Z",
            "2025-12-24T22:59:59.999Z",
        ),
        ("touched>60d", "", "2026-09-25T10:04:59.999Z"),
        ("touched<30d", "2026-10-25T10:05:00.001Z", ""),
        ("touched<=4h", "2026-11-24T06:05:00Z", ""),
        ("touched>=1m", "", "2026-10-24T09:05:00Z"),
        (
            "touched:30d..60d",
            "2026-09-25T10:05:00Z",
            "2026-10-25T10:05:00Z",
        ),
        ("touched:..60d", "2026-09-25T10:05:00Z", ""),
        ("created>=-7d", "2026-11-16T23:00:00Z", ""),
    ] {
        assert_eq!(moments(text, Entity::Deal), some(least, most), "{text}");
    }
    assert_eq!(
        moments("waits>1h", Entity::Contact),
        some("", "2026-11-24T09:04:59.999Z")
    );
}

#[test]
fn what_is_due_is_a_date_or_a_moment() {
    let Check::Due { days, moments } = check("due<=today", Entity::Activity) else {
        panic!("not due")
    };
    assert_eq!(days[0].most, Some("2026-11-24".parse().unwrap()));
    assert_eq!(
        moments[0].most.unwrap().to_string(),
        "2026-11-24T22:59:59.999Z"
    );
}

#[test]
fn amounts_are_compared_in_every_currency_that_has_a_rate() {
    let chf = |least, most| ("CHF".to_owned(), least, most);
    assert_eq!(amounts("value>10k")[0], chf(Some(1_000_001), None));
    assert_eq!(amounts("value<=1.5m")[0], chf(None, Some(150_000_000)));
    assert_eq!(
        amounts("value:10k..20k")[0],
        chf(Some(1_000_000), Some(2_000_000))
    );
    // 10,638.30 euros at 0.94 are 10,000.00 francs, and so is half a rappen less.
    let eur = &amounts("value>=10k")[1];
    assert_eq!(eur, &("EUR".to_owned(), Some(1_063_830), None));
    let own = amounts("value>10k eur");
    assert_eq!(own[0], ("EUR".to_owned(), Some(1_000_001), None));
    assert_eq!(own[1], chf(Some(940_001), None));
    assert_eq!(amounts("value:10k..20k eur")[0].1, Some(1_000_000));
}

#[test]
fn the_ends_in_another_currency_are_exact() {
    let (chf, jpy) = (currency("CHF"), currency("JPY"));
    for (_, least, most) in amounts("value:10k..20k")
        .into_iter()
        .filter(|(code, ..)| code == "JPY")
    {
        let (least, most) = (least.unwrap(), most.unwrap());
        let base = |minor| Money::new(minor, jpy).at_rate(6_000, chf).unwrap().minor;
        assert!(base(least) >= 1_000_000 && base(least - 1) < 1_000_000);
        assert!(base(most) <= 2_000_000 && base(most + 1) > 2_000_000);
    }
    assert_eq!(amounts("value>1").len(), 3);
}

#[test]
fn texts_contain_choices_and_tags_equal() {
    let text = |text, entity| match check(text, entity) {
        Check::Text { how, wanted, place } => (place, how, wanted.join(",")),
        other => panic!("{other:?}"),
    };
    assert_eq!(text("title:Müller", Entity::Deal).1, Match::Contains);
    assert_eq!(text("title=Müller", Entity::Deal).2, "muller");
    assert_eq!(
        text("state:open,won", Entity::Deal),
        (Place::State, Match::Equals, "open,won".into())
    );
    assert_eq!(text("category:best-case", Entity::Deal).2, "best_case");
    assert_eq!(text("tag:VIP", Entity::Contact).1, Match::Equals);
    assert_eq!(
        text("phone:\"041 555 01 77\"", Entity::Contact).2,
        "415550177"
    );
    assert_eq!(
        text("email=Nora+x@keller.ch", Entity::Contact).2,
        "nora@keller.ch"
    );
}

#[test]
fn me_is_the_rep_who_asks() {
    let Check::Link { ids, wanted, .. } = check("owner:me,ana", Entity::Deal) else {
        panic!("not a link")
    };
    assert_eq!(ids, [RecordId::from_raw(7)]);
    assert_eq!(wanted, ["ana"]);
}

#[test]
fn custom_fields_are_found_by_their_name() {
    let Check::Day { place, within } = check("contract_end<2027", Entity::Deal) else {
        panic!("not a day")
    };
    assert_eq!(place, Place::Custom(RecordId::from_raw(9)));
    assert_eq!(
        within,
        [Between {
            least: None,
            most: Some("2026-12-31".parse().unwrap())
        }]
    );
}

#[test]
fn a_state_word_is_a_word_where_there_are_no_states() {
    assert!(matches!(
        check("won", Entity::Deal),
        Check::Text {
            place: Place::State,
            ..
        }
    ));
    assert!(matches!(check("won", Entity::Contact), Check::Word { text, .. } if text == "won"));
    assert!(refused("is:won", Entity::Contact).contains("deals"));
}

#[test]
fn unequal_is_the_opposite_of_equal() {
    let unequal = try_bind("city!=Boston", Entity::Contact).unwrap();
    let negated = try_bind("-city=Boston", Entity::Contact).unwrap();
    assert_eq!(unequal, negated);
}

#[test]
fn what_does_not_exist_names_the_nearest() {
    for (text, entity, near) in [
        ("stge:proposal", Entity::Deal, "stage"),
        ("no:next_stp", Entity::Deal, "next_step"),
        ("stage:propsal", Entity::Deal, "Proposal"),
        ("owner:anna", Entity::Deal, "Ana Meier"),
        ("state:oppen", Entity::Deal, "open"),
        ("contract:2027", Entity::Deal, "Contract end"),
        ("lead_state:wrking", Entity::Contact, "working"),
    ] {
        let fault = try_bind(text, entity).expect_err(text);
        assert_eq!(fault.nearest.as_deref(), Some(near), "{text}: {fault}");
        assert!(fault.what.contains(near), "{text}: {fault}");
        assert_eq!(&text[fault.span.from..fault.span.to], text);
    }
}

#[test]
fn senseless_clauses_are_refused_with_the_way_out() {
    for (text, entity, hint) in [
        ("title>m", Entity::Deal, "no size"),
        ("title:a..b", Entity::Deal, "no ranges"),
        ("value~10k", Entity::Deal, "compares texts"),
        ("value:10,000", Entity::Deal, "10'000"),
        ("value>much", Entity::Deal, "42k"),
        ("probability:half", Entity::Deal, "whole number"),
        ("close:soon", Entity::Deal, "2026-11-24"),
        ("close:2026-12..2026-11", Entity::Deal, "before it begins"),
        ("touched:30d", Entity::Deal, "30d..60d"),
        ("touched:30d..today", Entity::Deal, "both ends"),
        ("waits>yesterday", Entity::Contact, "waits>1h"),
        ("active:maybe", Entity::Rep, "yes or no"),
        ("nora", Entity::Stage, "not searched"),
        ("http:x", Entity::Deal, "quotation marks"),
    ] {
        let what = refused(text, entity);
        assert!(what.contains(hint), "{text}: {what}");
    }
}
