//! People who do not exist: names out of syllables, firms, addresses and numbers, the same for the same seed.

use clinch::domain::id::RecordId;
use clinch::domain::nouns::Entity;
use clinch::store::find::Raw;

/// Numbers that look like chance and are the same in every run.
pub struct Dice(u64);

impl Dice {
    pub const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        // SplitMix64.
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^= mixed >> 31;
        usize::try_from(mixed % end.max(1) as u64).unwrap_or_default()
    }

    /// Few are drawn often, many seldom, as names are.
    fn skewed(&mut self, end: usize) -> usize {
        let one = self.below(end);
        self.below(one + 1)
    }

    fn of<'a>(&mut self, list: &[&'a str]) -> &'a str {
        list[self.below(list.len())]
    }
}

const ONSETS: [&str; 24] = [
    "b", "br", "d", "f", "g", "gr", "h", "j", "k", "kl", "l", "m", "n", "p", "r", "s", "sch", "st",
    "t", "tr", "v", "w", "z", "ch",
];
const HEARTS: [&str; 12] = [
    "a", "e", "i", "o", "u", "ei", "au", "ie", "ä", "ö", "ü", "é",
];
const ENDS: [&str; 16] = [
    "", "n", "r", "l", "s", "t", "nn", "ll", "rt", "ck", "m", "nd", "rg", "tz", "ss", "x",
];
const TITLES: [&str; 12] = [
    "CEO",
    "Head of Sales",
    "Buyer",
    "Procurement Lead",
    "CTO",
    "Plant Manager",
    "Office Manager",
    "Engineer",
    "CFO",
    "Owner",
    "Assistant",
    "Head of Logistics",
];
const TRADES: [&str; 14] = [
    "Metall",
    "Holz",
    "Logistik",
    "Systems",
    "Foods",
    "Pharma",
    "Bau",
    "Energie",
    "Consulting",
    "Textil",
    "Medizin",
    "Software",
    "Handel",
    "Optik",
];
const FORMS: [&str; 8] = ["AG", "GmbH", "SA", "Ltd", "Inc", "BV", "Oy", "SpA"];
const LANDS: [(&str, &str); 6] = [
    ("41", "ch"),
    ("49", "de"),
    ("43", "at"),
    ("33", "fr"),
    ("44", "co.uk"),
    ("1", "com"),
];

fn word(dice: &mut Dice, syllables: usize) -> String {
    let mut word = String::new();
    for place in 0..syllables {
        word.push_str(dice.of(&ONSETS));
        word.push_str(dice.of(&HEARTS));
        if place + 1 == syllables {
            word.push_str(dice.of(&ENDS));
        }
    }
    let mut letters = word.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// All of them: as they are read from a book.
pub fn crowd(count: usize) -> Vec<Raw> {
    let mut dice = Dice::new(2026);
    let given: Vec<String> = (0..3_000)
        .map(|n| word(&mut dice, 1 + n % 2 + n % 3 / 2))
        .collect();
    let family: Vec<String> = (0..(count / 12).max(50))
        .map(|n| word(&mut dice, 2 + n % 2))
        .collect();
    let firms: Vec<(String, String)> = (0..(count / 8).max(20))
        .map(|_| {
            let name = word(&mut dice, 2);
            let trade = dice.of(&TRADES);
            let title = format!("{name} {trade} {}", dice.of(&FORMS));
            let host = clinch::domain::text::squeeze(&format!("{name}{trade}"));
            (title, host)
        })
        .collect();
    (0..count)
        .map(|n| {
            let (first, last) = (
                &given[dice.skewed(given.len())],
                &family[dice.skewed(family.len())],
            );
            let (firm, host) = &firms[dice.skewed(firms.len())];
            let (country, ending) = LANDS[dice.below(LANDS.len())];
            let plain = |name: &str| clinch::domain::text::squeeze(name);
            let phone = format!(
                "+{country}{:02}{:07}",
                20 + dice.below(70),
                dice.below(10_000_000)
            );
            let id = RecordId::from_raw(i64::try_from(n).unwrap_or(i64::MAX));
            let mut raw = Raw::named(Entity::Contact, id, format!("{first} {last}"));
            raw.beside = Some(firm.clone());
            // Not of everybody is everything known.
            if dice.below(10) < 4 {
                raw.title = Some(dice.of(&TITLES).to_owned());
            }
            if dice.below(10) < 9 {
                raw.addresses
                    .push(format!("{}.{}@{host}.{ending}", plain(first), plain(last)));
            }
            if dice.below(10) < 7 {
                raw.phones.push(phone);
            }
            raw
        })
        .collect()
}
