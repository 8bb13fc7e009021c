//! Find any record by its words: names, titles, companies, addresses and numbers, accents folded.

use rusqlite::Connection;

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::records::Candidate;
use crate::domain::text::{fold, squeeze};

use super::Res;
use super::resolve::candidate;

/// Per noun: the folded text that is searched, and the name that ranks.
const PLACES: [(Entity, &str); 3] = [
    (
        Entity::Contact,
        "SELECT contact.id, fold(contact.name),
            fold(contact.name || ' ' || coalesce(company.name, '') || ' ' || coalesce(contact.title, '') || ' '
                || coalesce((SELECT group_concat(value, ' ') FROM identifier WHERE identifier.contact = contact.id), ''))
         FROM contact LEFT JOIN company ON company.id = contact.company WHERE contact.trashed_at IS NULL",
    ),
    (
        Entity::Company,
        "SELECT company.id, fold(name), fold(name || ' ' || coalesce(city, '') || ' ' || coalesce(phone, '') || ' '
                || coalesce((SELECT group_concat(value, ' ') FROM domain WHERE domain.company = company.id), ''))
         FROM company WHERE trashed_at IS NULL",
    ),
    (
        Entity::Deal,
        "SELECT deal.id, fold(deal.title), fold(deal.title || ' ' || coalesce(company.name, '') || ' ' || coalesce(contact.name, ''))
         FROM deal LEFT JOIN company ON company.id = deal.company LEFT JOIN contact ON contact.id = deal.contact
         WHERE deal.trashed_at IS NULL",
    ),
];

/// How well a record fits: the lower, the better.
type Rank = (u8, usize, usize);

pub(super) fn search(conn: &Connection, text: &str, limit: usize) -> Res<Vec<Candidate>> {
    let folded = fold(text);
    let words: Vec<&str> = folded.split(' ').filter(|word| !word.is_empty()).collect();
    if words.is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<(Rank, RecordId)> = Vec::new();
    for (place, (_, sql)) in PLACES.iter().enumerate() {
        let mut statement = conn.prepare_cached(sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let name = row.get_ref(1)?.as_str().unwrap_or_default();
            let all = row.get_ref(2)?.as_str().unwrap_or_default();
            if words
                .iter()
                .all(|word| all.contains(word) || fits_number(all, word))
            {
                found.push((rank(name, &folded, place), row.get(0)?));
            }
        }
    }
    found.sort_unstable();
    found
        .into_iter()
        .take(limit)
        .map(|((_, _, place), id)| candidate(conn, PLACES[place].0, id))
        .collect()
}

/// The whole name, its beginning, the beginning of a word of it, anything else; shorter names first.
fn rank(name: &str, wanted: &str, place: usize) -> Rank {
    let class = if name == wanted {
        0
    } else if name.starts_with(wanted) {
        1
    } else if name.split(' ').any(|word| word.starts_with(wanted)) {
        2
    } else {
        3
    };
    (class, name.len(), place)
}

/// Whether the digits of a phone number stand in a text that writes them with blanks.
fn fits_number(all: &str, word: &str) -> bool {
    let digits = squeeze(word);
    digits.len() >= 5
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && squeeze(all).contains(&digits)
}
