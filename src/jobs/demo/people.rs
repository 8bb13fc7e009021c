//! Who is in the sample book: companies and the people who work there.

use std::collections::HashSet;

use super::chance::Chance;
use super::diary::Diary;
use super::lists::Lists;
use crate::domain::text::squeeze;
use crate::domain::time::Instant;

/// How many companies there are.
const COMPANIES: usize = 80;
/// How many people.
const CONTACTS: usize = 200;

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct CompanyPlan {
    pub name: String,
    pub industry: String,
    pub city: String,
    pub country: String,
    pub size: i64,
    pub domain: String,
    pub owner: usize,
    pub created: Instant,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ContactPlan {
    pub name: String,
    pub given: Option<String>,
    pub family: Option<String>,
    pub title: String,
    pub company: usize,
    pub owner: usize,
    pub email: Option<String>,
    pub phone: Option<String>,
    pub tags: Vec<String>,
    pub source: String,
    pub lead_state: Option<&'static str>,
    pub created: Instant,
}

pub(super) fn companies(
    lists: &Lists,
    owners: &[usize],
    diary: Diary,
    chance: &mut Chance,
) -> Vec<CompanyPlan> {
    let whole = lists.companies.whole.iter().map(|firm| {
        let where_ = (firm.city.clone(), firm.country.clone());
        (firm.name.clone(), firm.industry.clone(), where_)
    });
    let mut named: Vec<(String, String, (String, String))> = whole.collect();
    let mut seen = HashSet::new();
    while named.len() < COMPANIES {
        let first = chance.pick(&lists.companies.first);
        let trade = chance.pick(&lists.companies.trade);
        let city = chance.pick(&lists.companies.city);
        let name = format!("{first} {}", trade.word);
        if seen.insert(name.clone()) {
            let where_ = (city.name.clone(), city.country.clone());
            named.push((name, trade.industry.clone(), where_));
        }
    }
    named
        .into_iter()
        .enumerate()
        .map(|(place, (name, industry, (city, country)))| CompanyPlan {
            domain: domain(&name, place),
            name,
            industry,
            city,
            country,
            size: chance.between(4, 90) * chance.between(1, 12),
            owner: *chance.pick(owners),
            created: diary.moment(chance.between(380, 900), chance),
        })
        .collect()
}

/// A domain that belongs to nobody (RFC 2606); names in other scripts have none in theirs.
pub(super) fn domain(name: &str, place: usize) -> String {
    let plain = squeeze(name);
    if plain.is_ascii() {
        format!("{plain}.example")
    } else {
        format!("firm{place}.example")
    }
}

pub(super) fn contacts(
    lists: &Lists,
    companies: &[CompanyPlan],
    diary: Diary,
    chance: &mut Chance,
) -> Vec<ContactPlan> {
    let mut names: Vec<(String, Option<(String, String)>)> = lists
        .people
        .whole
        .iter()
        .map(|name| (name.clone(), None))
        .collect();
    let mut seen = HashSet::new();
    while names.len() < CONTACTS {
        let given = chance.pick(&lists.people.given);
        let family = chance.pick(&lists.people.family);
        let name = format!("{given} {family}");
        if seen.insert(name.clone()) {
            names.push((name, Some((given.clone(), family.clone()))));
        }
    }
    names
        .into_iter()
        .enumerate()
        .map(|(place, (name, parts))| {
            // Every company has somebody, and some have many.
            let company = if place < companies.len() {
                place
            } else {
                chance.place(companies.len())
            };
            contact(
                lists,
                name,
                parts,
                (company, &companies[company]),
                diary,
                chance,
            )
        })
        .collect()
}

fn contact(
    lists: &Lists,
    name: String,
    parts: Option<(String, String)>,
    (company, firm): (usize, &CompanyPlan),
    diary: Diary,
    chance: &mut Chance,
) -> ContactPlan {
    let local = parts.as_ref().map_or_else(
        || format!("office{}", chance.between(10, 99)),
        |(given, family)| format!("{}.{}", squeeze(given), squeeze(family)),
    );
    let lead = chance.percent(25);
    let states = ["new", "working", "nurturing", "qualified", "dropped"];
    let state = states[chance.weighted(&[30, 30, 15, 15, 10])];
    let created = if lead {
        diary.moment(chance.between(1, 200), chance)
    } else {
        diary.moment(chance.between(370, 700), chance)
    };
    let phone = format!(
        "+41 {} 555 {:02} {:02}",
        chance.pick(&["44", "22", "61", "31", "79"]),
        chance.between(1, 99),
        chance.between(1, 99)
    );
    let mut tags = Vec::new();
    if chance.percent(30) {
        tags.push(chance.pick(&lists.people.tag).clone());
    }
    let (given, family) = parts.unzip();
    ContactPlan {
        name,
        given,
        family,
        title: chance.pick(&lists.people.title).clone(),
        company,
        owner: firm.owner,
        email: chance
            .percent(92)
            .then(|| format!("{local}@{}", firm.domain)),
        phone: chance.percent(75).then_some(phone),
        tags,
        source: chance.pick(&lists.people.source).clone(),
        lead_state: lead.then_some(state),
        created,
    }
}
