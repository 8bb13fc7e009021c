use std::collections::BTreeMap;

use proptest::prelude::*;

use super::line::MARK;
use super::near::{Near, near};
use super::wanted::{ADDRESS, ANYWHERE, BESIDE, EXACT, FRONT, INSIDE, WORDS};
use super::{Copy, Field, Raw, Trail, Wanted};
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;

fn id(raw: i64) -> RecordId {
    RecordId::from_raw(raw)
}

fn contact(raw: i64, name: &str, company: &str, address: &str, phone: &str) -> Raw {
    let some = |text: &str| (!text.is_empty()).then(|| text.to_owned());
    Raw {
        beside: some(company),
        addresses: some(address).into_iter().collect(),
        phones: some(phone).into_iter().collect(),
        ..Raw::named(Entity::Contact, id(raw), name)
    }
}

fn sacha() -> Raw {
    let mut raw = contact(
        1,
        "Sacha Röth-Keller",
        "Alpina Metall AG",
        "s.roeth@alpina.ch",
        "+41 44 668 00 13",
    );
    raw.title = Some("Head of Buying".to_owned());
    raw
}

#[test]
fn how_well_a_word_fits_is_told_by_where_it_stands() {
    let line = sacha().line();
    for (typed, class) in [
        ("sacha roth-keller", Some(EXACT)),
        ("Sacha R", Some(FRONT)),
        ("roth", Some(WORDS)),
        ("keller sacha", Some(WORDS)),
        ("s.roeth@", Some(ADDRESS)),
        ("0013", Some(ADDRESS)),
        ("680013", Some(ADDRESS)),
        ("+41 44", Some(ADDRESS)),
        ("044 668", Some(ADDRESS)),
        ("044", Some(ADDRESS)),
        ("004144", Some(ADDRESS)),
        ("+4344", None),
        ("44 668", Some(INSIDE)),
        ("0041 44 668", Some(ADDRESS)),
        ("+41 (0)44 668", Some(ADDRESS)),
        ("alpina", Some(BESIDE)),
        ("buying", Some(BESIDE)),
        ("alpina.ch", Some(BESIDE)),
        ("sacha alpina", Some(BESIDE)),
        ("acha", Some(INSIDE)),
        ("lpina", Some(ANYWHERE)),
        ("sacha acme", None),
        ("14466", Some(INSIDE)),
    ] {
        let fits = Wanted::new(typed).unwrap().fits(&line);
        assert_eq!(fits, class, "{typed}");
    }
    assert!(Wanted::new(" \u{200b} ").is_none_or(|wanted| wanted.fits(&line).is_none()));
}

#[test]
fn what_fits_beside_the_name_is_told() {
    let line = sacha().line();
    for (typed, told) in [
        ("sacha", None),
        ("keller roth", None),
        ("sacha metall", Some((Field::Beside, "alpina metall ag"))),
        ("roeth@", Some((Field::Address, "s.roeth@alpina.ch"))),
        ("668 00 13", Some((Field::Phone, "41446680013"))),
        ("head", Some((Field::Title, "head of buying"))),
    ] {
        let wanted = Wanted::new(typed).unwrap();
        let told = told.map(|(field, text): (Field, &str)| (field, text.as_bytes()));
        assert_eq!(wanted.beside_name(&line), told, "{typed}");
    }
}

fn book() -> Copy {
    let mut copy = Copy::default();
    for (raw, name) in [
        (1, "Rothorn"),
        (2, "Metall Roth"),
        (3, "Roth"),
        (4, "Brother"),
    ] {
        copy.load(&Raw::named(Entity::Company, id(raw), name));
    }
    copy.load(&contact(10, "Sacha Roth", "Alpina", "roth@alpina.ch", ""));
    copy.load(&contact(11, "Nora Keller", "Roth", "", "044 668 00 13"));
    copy.load(&contact(12, "Łukasz Müller", "龍騰 Longteng", "", ""));
    copy.load(&Raw::named(Entity::Deal, id(20), "Roth"));
    copy
}

fn found(copy: &Copy, typed: &str) -> Vec<i64> {
    let found = copy.search_near(&Wanted::new(typed).unwrap(), 50);
    found.best.iter().map(|one| one.id.raw()).collect()
}

#[test]
fn whole_names_come_first_then_beginnings_words_addresses_and_insides() {
    let copy = book();
    assert_eq!(found(&copy, "ROTH"), [3, 20, 1, 10, 2, 11, 4]);
    assert_eq!(found(&copy, "keller nora"), [11]);
    assert_eq!(found(&copy, "nora roth"), [11]);
    assert_eq!(found(&copy, "騰"), [12]);
    assert_eq!(found(&copy, "lukasz"), [12]);
    for typed in [
        "44 668",
        "0446680013",
        "+41 44 668",
        "+4144",
        "004144",
        "044",
    ] {
        assert_eq!(found(&copy, typed), [11], "{typed}");
    }
    for typed in ["+41 1 668", "+1 644", "+4146"] {
        assert_eq!(found(&copy, typed), Vec::<i64>::new(), "{typed}");
    }
}

#[test]
fn a_number_is_found_with_and_without_the_code_of_its_country() {
    let mut copy = Copy::default();
    let people = [
        (1, "+41 44 668 00 13"),
        (2, "044 668 00 13"),
        (3, "0041 (0)44 668 00 13"),
        (4, "+1 (555) 123-4567"),
        (5, "555 123 4567"),
        (6, "+39 06 1234 567"),
        (7, "06 1234 567"),
        (8, "+358 9 123 45"),
        (9, "09 123 45"),
    ];
    for (raw, phone) in people {
        let key = crate::domain::identity::phone_key(phone).unwrap();
        copy.load(&contact(raw, "Nora", "", "", &key));
    }
    let all = |typed: &str| {
        let mut ids = found(&copy, typed);
        ids.sort_unstable();
        ids
    };
    for typed in [
        "+4144",
        "004144",
        "044",
        "+41 44 668",
        "044 668 00 13",
        "+41 (0)44",
    ] {
        assert_eq!(all(typed), [1, 2, 3], "{typed}");
    }
    assert_eq!(all("+1555"), [4, 5]);
    assert_eq!(all("+39 06 12"), [6, 7]);
    assert_eq!(all("06 12"), [6, 7]);
    assert_eq!(all("+358 9 12"), [8, 9]);
    assert_eq!(all("09 123"), [8, 9]);
    assert_eq!(all("+4344"), [2], "of which country 044 is, nobody knows");
}

#[test]
fn one_slip_is_found_behind_what_is_right() {
    let copy = book();
    for (typed, first) in [
        ("kelelr", 11),
        ("nora keler", 11),
        ("noora keller", 11),
        ("nara kell", 11),
        ("mueller", 12),
        ("lukszs", 0),
        ("rothron", 1),
        ("metakl", 2),
    ] {
        let found = found(&copy, typed);
        assert_eq!(found.first().copied().unwrap_or_default(), first, "{typed}");
    }
    for (typed, first) in [
        ("nroa kelelr", 11),
        ("kelelr nroa", 11),
        ("nroa rotj", 11),
        ("lukaz muler", 12),
        ("anrx keller", 0),
    ] {
        let found = found(&copy, typed);
        assert_eq!(found.first().copied().unwrap_or_default(), first, "{typed}");
    }
    let both = copy.search_near(&Wanted::new("nroa kelelr").unwrap(), 50);
    assert_eq!(both.best[0].near.as_deref(), Some("nora keller"));
    let wanted = Wanted::new("rotth").unwrap();
    let near = copy.search_near(&wanted, 50);
    assert!(
        near.best
            .iter()
            .all(|one| one.near.as_deref() == Some("roth"))
    );
    assert!(copy.search(&wanted, 50).best.is_empty());
}

#[test]
fn a_slip_is_one_letter_or_two_that_are_swapped() {
    for (typed, word, told) in [
        ("roht", "roth", Some(Near::Whole(4))),
        ("rot", "roth", None),
        ("roth", "roth", None),
        ("rothh", "roth", Some(Near::Whole(4))),
        ("rrot", "roth", Some(Near::Begins(3))),
        ("rth", "roth", Some(Near::Whole(4))),
        ("kelr", "keller", Some(Near::Begins(4))),
        ("xoth", "rothorn", Some(Near::Begins(4))),
        ("othr", "roth", None),
        ("orht", "roth", None),
    ] {
        assert_eq!(
            near(typed.as_bytes(), word.as_bytes()),
            told,
            "{typed} {word}"
        );
    }
}

#[test]
fn a_whole_name_is_found_behind_more_than_are_looked_at() {
    let mut copy = Copy::default();
    for n in 0..12_000 {
        copy.load(&Raw::named(
            Entity::Contact,
            id(n),
            format!("Maria Number{n}"),
        ));
    }
    copy.load(&Raw::named(Entity::Contact, id(20_000), "Maria"));
    let found = copy.search(&Wanted::new("maria").unwrap(), 50);
    assert_eq!(found.best[0].id, id(20_000));
    assert!(found.more);
}

#[test]
fn names_are_found_in_full_blocks_also_when_lines_have_gone() {
    let mut copy = Copy::default();
    for n in 0..12_000 {
        let name = format!("{} Number{n}", if n % 3 == 0 { "Maria" } else { "Anna" });
        copy.load(&Raw::named(Entity::Contact, id(n), name));
    }
    assert_eq!(found(&copy, "maria number9000"), [9000]);
    copy.take(Entity::Contact, id(9000));
    assert_eq!(found(&copy, "maria number900"), [900, 9003, 9006, 9009]);
    copy.put(&Raw::named(Entity::Contact, id(300), "Anna Number9000"));
    assert_eq!(found(&copy, "anna number9000"), [300]);
    assert_eq!(found(&copy, "maria number300"), [3000, 3003, 3006, 3009]);
    let all = copy.search(&Wanted::new("maria").unwrap(), 50);
    assert_eq!((all.fit, all.more), (3_998, false));
}

#[test]
fn a_trail_forgets_when_the_copy_changes() {
    let mut copy = book();
    let mut trail = Trail::default();
    let on = |copy: &Copy, trail: &mut Trail, typed: &str| {
        let found = copy.search_on(&Wanted::new(typed).unwrap(), 50, trail);
        found.best.len()
    };
    assert_eq!(on(&copy, &mut trail, "rothe"), 1);
    assert_eq!(on(&copy, &mut trail, "rother"), 1);
    copy.put(&Raw::named(Entity::Deal, id(21), "Rothermund"));
    assert_eq!(on(&copy, &mut trail, "rother"), 2);
    assert_eq!(on(&copy, &mut trail, "rotherm"), 1);
}

#[test]
fn a_line_is_what_another_program_wrote_and_breaks_nothing() {
    let raw = Raw::named(Entity::Deal, id(1), "a\u{1f}b\nc\0d");
    assert!(!raw.line().iter().any(|byte| *byte < b' '));
    let nameless = Raw::named(Entity::Deal, id(2), "");
    assert_eq!(nameless.line(), [MARK]);
    let mut copy = Copy::default();
    copy.load(&raw);
    copy.load(&nameless);
    assert_eq!(found(&copy, "c\0d"), Vec::<i64>::new());
    copy.take(Entity::Deal, id(2));
    assert_eq!(copy.len(), 1);
}

#[test]
fn a_hundred_bytes_a_contact_are_enough() {
    let mut copy = Copy::default();
    let count = 50_000;
    for n in 0..count {
        let (given, family) = (n % 997, n / 7);
        copy.load(&contact(
            n,
            &format!("Given{given} Family{family}"),
            &format!("Firm Number {} AG", n / 5),
            &format!("given{given}.family{family}@firm{}.com", n / 5),
            "+41 44 668 00 13",
        ));
    }
    let each = copy.bytes() / usize::try_from(count).unwrap();
    assert!(each <= 110, "{each} bytes");
}

#[derive(Clone, Debug)]
enum Act {
    Put(i64, String),
    Take(i64),
}

fn acts() -> impl Strategy<Value = Vec<Act>> {
    let name = "[abAÄ ]{0,6}";
    let act = prop_oneof![
        3 => (0_i64..12, name).prop_map(|(id, name)| Act::Put(id, name)),
        1 => (0_i64..12).prop_map(Act::Take),
    ];
    prop::collection::vec(act, 0..40)
}

proptest! {
    #[test]
    fn catching_up_is_as_reading_anew(first in prop::collection::btree_map(0_i64..12, "[ab ]{0,4}", 0..12), acts in acts(), cut in 0_usize..12) {
        let raw = |number: i64, name: &str| Raw::named(Entity::Contact, id(number), name);
        let mut copy = Copy::default();
        let mut truth: BTreeMap<i64, String> = first.clone();
        // The changes begin to come in before all is read.
        for (number, name) in first.iter().take(cut) {
            copy.load(&raw(*number, name));
        }
        for act in acts {
            match act {
                Act::Put(number, name) => {
                    copy.put(&raw(number, &name));
                    truth.insert(number, name);
                }
                Act::Take(number) => {
                    copy.take(Entity::Contact, id(number));
                    truth.remove(&number);
                }
            }
        }
        for number in first.keys().skip(cut) {
            // What is read is as it stands by then.
            if let Some(name) = truth.get(number) {
                copy.load(&raw(*number, name));
            }
        }
        let mut anew = Copy::default();
        for (number, name) in &truth {
            anew.load(&raw(*number, name));
        }
        prop_assert_eq!(copy.len(), truth.len());
        prop_assert_eq!(copy.lines(), anew.lines());
        for typed in ["a", "ab", "b a", "ba"] {
            prop_assert_eq!(found(&copy, typed), found(&anew, typed));
        }
    }

    #[test]
    fn letter_by_letter_finds_what_all_at_once_does(
        people in prop::collection::vec(("[ab0 ]{0,6}", "[ab ]{0,4}", "(\\+4[0-4]{1,5}|0[0-4]{1,5}|[0-4 ]{0,6})"), 0..12),
        typed in "(\\+4[0-4 ]{0,6}|00?[0-4 ]{1,6}|[ab0-4+ ]{1,7})",
        other in "[ab0-4+ ]{1,4}",
    ) {
        let mut copy = Copy::default();
        for (number, (name, company, phone)) in (0..).zip(&people) {
            copy.load(&contact(number, name, company, company, phone));
        }
        let mut trail = Trail::default();
        let forth = (1..=typed.len()).map(|end| &typed[..end]);
        let back = (1..=typed.len()).rev().map(|end| &typed[..end]);
        let anew = (1..=other.len()).map(|end| &other[..end]);
        for so_far in forth.chain(back).chain(anew) {
            let Some(wanted) = Wanted::new(so_far) else { continue };
            let on = copy.search_on(&wanted, 5, &mut trail);
            prop_assert_eq!(on, copy.search(&wanted, 5), "{}", so_far);
        }
    }

    #[test]
    fn what_is_looked_for_at_once_is_what_fits(
        people in prop::collection::vec(("[ab0 ]{0,6}", "[ab ]{0,4}", "(\\+4[0-4]{1,5}|0[0-4]{1,5}|[0-4 ]{0,6})"), 0..12),
        typed in "(\\+4[0-4 ]{0,5}|00?[0-4 ]{1,5}|[ab0-4+ ]{1,7})",
    ) {
        let raws = (0..).zip(&people).map(|(number, (name, company, phone))| contact(number, name, company, company, phone));
        let raws: Vec<Raw> = raws.collect();
        let mut copy = Copy::default();
        for raw in &raws {
            copy.load(raw);
        }
        if let Some(wanted) = Wanted::new(&typed) {
            let mut ids: Vec<RecordId> = copy.search(&wanted, 50).best.iter().map(|one| one.id).collect();
            ids.sort_unstable();
            let fit = raws.iter().filter(|raw| wanted.fits(&raw.line()).is_some());
            prop_assert_eq!(ids, fit.map(|raw| raw.id).collect::<Vec<_>>());
        }
    }

    #[test]
    fn any_text_is_looked_for_in_any_text(typed in ".{0,12}", name in ".{0,20}", other in ".{0,20}") {
        let mut copy = Copy::default();
        copy.load(&contact(1, &name, &other, &other, &typed));
        if let Some(wanted) = Wanted::new(&typed) {
            for one in copy.search_near(&wanted, 5).best {
                let _ = wanted.beside_name(&one.line);
            }
        }
    }
}
