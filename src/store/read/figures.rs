//! What companies and contacts are put in order by that other tables tell: what comes next, how many people, what is open, when somebody
//! last did something.
//!
//! Of a few records each is asked for alone. Of many all are read in one pass over those tables: a book has far fewer of what is planned
//! or open than of what was, and a pass over an index costs a small part of as many look-ups.

use std::collections::HashMap;

use rusqlite::{Connection, Row};

use crate::domain::id::RecordId;
use crate::domain::money::{Currency, RATE_ONE};
use crate::domain::nouns::Entity;

use super::super::tables;
use super::firm;

/// Of no more records than this each is asked for alone.
const FEW: usize = 500;

/// The day on which a planned activity is due, as SQL; what has no day comes behind all that have.
pub(super) const DUE_DAY: &str =
    "coalesce(due_at / 86400000, unixepoch(due_date) / 86400, 1000000000)";

/// A key of an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Figure {
    /// The day on which what is planned is due first.
    NextStep,
    /// The people of a company.
    People,
    /// The open deals of a company.
    Deals,
    /// What they come to.
    Value,
    /// When somebody last did something about a company, one of its people or one of its deals.
    LastTouch,
}

/// The day's rates to the base currency.
pub(super) struct Rates<'r> {
    pub base: Currency,
    pub known: &'r [(Currency, i64)],
}

/// Figures by record, to be compared with one another only.
#[derive(Default)]
pub(super) struct Figures {
    known: HashMap<i64, i64>,
    /// That of all others.
    others: Option<i64>,
}

impl Figures {
    pub fn get(&self, id: RecordId) -> Option<i64> {
        self.known.get(&id.raw()).copied().or(self.others)
    }
}

/// How a record's number comes out of several.
type Join = fn(i64, i64) -> i64;

impl Figure {
    /// The figure of a noun that a key of an order names.
    pub fn of(entity: Entity, name: &str) -> Option<Self> {
        Some(match (entity, name) {
            (Entity::Contact | Entity::Company, "next_step") => Self::NextStep,
            (Entity::Company, "people") => Self::People,
            (Entity::Company, "deals") => Self::Deals,
            (Entity::Company, "value") => Self::Value,
            (Entity::Company, "last_touch") => Self::LastTouch,
            _ => return None,
        })
    }

    /// That of each of these records.
    pub fn read(
        self,
        conn: &Connection,
        (entity, ids): (Entity, &[RecordId]),
        rates: &Rates<'_>,
    ) -> rusqlite::Result<Figures> {
        // A book of schema 1.0 has no index of what is planned.
        let in_passing = self != Self::NextStep || tables::minor(conn)? > 0;
        let some = (ids.len() <= FEW || !in_passing).then_some(ids);
        self.read_by(&Reader { conn, some }, entity, rates)
    }

    /// The records that have one, of all: those with the greatest first, those with the same together.
    pub fn greatest_first(
        self,
        conn: &Connection,
        entity: Entity,
        rates: &Rates<'_>,
    ) -> rusqlite::Result<Vec<Vec<RecordId>>> {
        let figures = self.read_by(&Reader { conn, some: None }, entity, rates)?;
        let mut known: Vec<(i64, i64)> =
            figures.known.into_iter().map(|(id, it)| (it, id)).collect();
        known.sort_unstable_by(|one, other| other.cmp(one));
        let alike = known.chunk_by(|one, other| one.0 == other.0);
        let ids =
            |them: &[(i64, i64)]| them.iter().map(|(_, id)| RecordId::from_raw(*id)).collect();
        Ok(alike.map(ids).collect())
    }

    fn read_by(
        self,
        reader: &Reader<'_>,
        entity: Entity,
        rates: &Rates<'_>,
    ) -> rusqlite::Result<Figures> {
        match self {
            Self::NextStep => reader.numbers(&next_step(entity), i64::min, None),
            Self::People => reader.numbers(&people(), i64::wrapping_add, Some(0)),
            Self::Deals => reader.numbers(&open_deals("1"), i64::wrapping_add, Some(0)),
            Self::Value => reader.values(rates),
            Self::LastTouch => reader.numbers(&last_touch(), i64::max, None),
        }
    }
}

/// Queries for a record and a number, or no number.
struct Texts {
    /// Of one record.
    one: String,
    /// Of all, each telling a part.
    all: Vec<String>,
}

fn next_step(entity: Entity) -> Texts {
    let noun = entity.name();
    let planned = "done_at IS NULL AND trashed_at IS NULL";
    let from =
        |index: &str| format!("SELECT {noun}, {DUE_DAY} FROM activity INDEXED BY activity_{index}");
    Texts {
        one: format!("{} WHERE {noun} = ?1 AND {planned}", from(noun)),
        all: vec![format!("{} WHERE {planned}", from("done"))],
    }
}

fn people() -> Texts {
    Texts {
        one: format!("SELECT ?1, {}", firm::people_count("?1")),
        all: vec![
            "SELECT company, count(*) FROM contact INDEXED BY contact_company
             WHERE company IS NOT NULL AND trashed_at IS NULL GROUP BY company"
                .to_owned(),
        ],
    }
}

/// Open deals, with what is wanted of each.
fn open_deals(wanted: &str) -> Texts {
    let open = "deal.trashed_at IS NULL AND stage.kind = 'open'";
    Texts {
        one: format!(
            "SELECT ?1, {wanted} FROM deal JOIN stage ON stage.id = deal.stage WHERE deal.company = ?1 AND {open}"
        ),
        // Their rows are read as they lie.
        all: vec![format!(
            "SELECT deal.company, {wanted} FROM deal WHERE deal.id IN (
                 SELECT deal.id FROM stage CROSS JOIN deal INDEXED BY deal_column ON deal.stage = stage.id WHERE {open})"
        )],
    }
}

fn last_touch() -> Texts {
    // Of people and deals the moment stands in their rows, of which all are read: in their own order, not in that of an index.
    let kept = |noun: &str| {
        format!("SELECT company, last_touch FROM {noun} NOT INDEXED WHERE trashed_at IS NULL")
    };
    Texts {
        one: format!("SELECT ?1, {}", firm::last_touch("?1")),
        all: vec![
            kept("contact"),
            kept("deal"),
            format!(
                "SELECT company.id, {} FROM company",
                firm::own_touch("company.id")
            ),
        ],
    }
}

/// Reads figures of some records, or of all.
struct Reader<'a> {
    conn: &'a Connection,
    some: Option<&'a [RecordId]>,
}

impl Reader<'_> {
    /// Tells every row of the texts in which a record stands.
    fn each(
        &self,
        texts: &Texts,
        mut tell: impl FnMut(i64, &Row<'_>) -> rusqlite::Result<()>,
    ) -> rusqlite::Result<()> {
        if let Some(ids) = self.some {
            let mut statement = self.conn.prepare_cached(&texts.one)?;
            for id in ids {
                let mut rows = statement.query([id])?;
                while let Some(row) = rows.next()? {
                    tell(id.raw(), row)?;
                }
            }
            return Ok(());
        }
        for text in &texts.all {
            let mut statement = self.conn.prepare_cached(text)?;
            let mut rows = statement.query([])?;
            while let Some(row) = rows.next()? {
                if let Some(id) = row.get(0)? {
                    tell(id, row)?;
                }
            }
        }
        Ok(())
    }

    fn numbers(&self, texts: &Texts, join: Join, others: Option<i64>) -> rusqlite::Result<Figures> {
        let mut known: HashMap<i64, i64> = HashMap::new();
        self.each(texts, |id, row| {
            if let Some(number) = row.get(1)? {
                let joined = known
                    .entry(id)
                    .and_modify(|known| *known = join(*known, number));
                joined.or_insert(number);
            }
            Ok(())
        })?;
        Ok(Figures { known, others })
    }

    /// The sums of amounts that are known and have a rate, each as its place among them all: the sums themselves are exact, which takes
    /// more than the digits of one number.
    fn values(&self, rates: &Rates<'_>) -> rusqlite::Result<Figures> {
        let mut sums: HashMap<i64, i128> = HashMap::new();
        let times = rates.times();
        self.each(&open_deals("deal.amount, deal.currency"), |id, row| {
            let amount: Option<i64> = row.get(1)?;
            let currency = row.get_ref(2)?.as_bytes()?;
            let rate = times
                .iter()
                .find(|(code, _)| code.code().as_bytes() == currency);
            if let Some((amount, (_, times))) = amount.zip(rate) {
                let worth = i128::from(amount).saturating_mul(*times);
                let sum = sums.entry(id).or_default();
                *sum = sum.saturating_add(worth);
            }
            Ok(())
        })?;
        let mut places: Vec<i128> = sums.values().copied().collect();
        places.sort_unstable();
        places.dedup();
        let place = |sum: &i128| places.partition_point(|other| other < sum);
        let known = (sums.iter())
            .map(|(id, sum)| (*id, i64::try_from(place(sum)).unwrap_or(i64::MAX)))
            .collect();
        Ok(Figures {
            known,
            others: None,
        })
    }
}

impl Rates<'_> {
    /// What the minor units of each currency are multiplied by to be compared.
    fn times(&self) -> Vec<(Currency, i128)> {
        let all = self.known.iter().copied().chain([(self.base, RATE_ONE)]);
        let most = all.clone().map(|(currency, _)| currency.digits()).max();
        let times = |(currency, rate): (Currency, i64)| {
            let missing = most.unwrap_or_default() - currency.digits();
            (currency, i128::from(rate) * 10_i128.pow(missing))
        };
        all.map(times).collect()
    }
}
