//! The search over made-up contacts: how long from a key to ranked rows, whether the wanted row is among the first fifty, what the
//! copy costs; beside one plain search for bytes through the same text and `grep -c` over it.

use std::process::Command;
use std::time::{Duration, Instant};

use clinch::domain::text::fold;
use clinch::store::find::{Copy, Raw, Trail, Wanted};

use super::people::{Dice, crowd};
use super::took::Took;
use super::{Fault, millis, percentile, ratio};

/// People who are looked for in every way.
const SOUGHT: usize = 50;
/// How often a key is measured.
const TRIES: usize = 3;
/// Rows that are shown.
const SHOWN: usize = 50;

pub fn measure(contacts: usize) -> Result<(), Fault> {
    let people = crowd(contacts);
    let begun = Instant::now();
    let mut copy = Copy::default();
    for raw in &people {
        copy.load(raw);
    }
    println!(
        "folded copy of {contacts} contacts: {} bytes a contact (aim: 100), folded in {} (the book is read beside)",
        copy.bytes() / contacts.max(1),
        millis(begun.elapsed())
    );
    let text = text(&people);
    let plain = anchor(&text);
    let grep = grep(&text)?;
    println!(
        "one search for bytes through all of the text: {}; grep -c: {}",
        millis(plain),
        grep.map_or("not installed".into(), millis)
    );
    let mut dice = Dice::new(7);
    let mut all = Vec::new();
    for (what, aim, typed) in WAYS {
        let mut times = Vec::new();
        let mut hits = 0;
        let mut sought = 0;
        while sought < SOUGHT {
            let raw = &people[dice.below(people.len())];
            let Some(script) = typed(raw, &mut dice) else {
                continue;
            };
            sought += 1;
            hits += usize::from(look(
                &copy,
                &script,
                raw,
                what.ends_with("typo") || what.ends_with("typos"),
                &mut times,
            ));
        }
        let spent = [50, 99].map(|percent| percentile(&mut times, percent));
        println!(
            "{what:<12} found in {:>3} % (aim: {aim}); a key p50 {}, p99 {}",
            hits * 100 / sought,
            millis(spent[0]),
            millis(spent[1])
        );
        all.extend(times);
    }
    let [half, most] = [50, 99].map(|percent| percentile(&mut all, percent));
    println!(
        "every key    p50 {} ({} of the plain search), p99 {} ({}) (aim at a million: 3 and 8 ms; at 100,000: 1 ms)",
        millis(half),
        ratio(half, plain),
        millis(most),
        ratio(most, plain)
    );
    for (what, _, typed) in &WAYS[5..] {
        slips(&copy, &people, what, *typed, &mut dice);
    }
    Ok(())
}

/// What is typed to find somebody.
type Typed = fn(&Raw, &mut Dice) -> Option<String>;
/// A way to look for somebody: its name, how often in a hundred it shall find, what is typed.
type Way = (&'static str, &'static str, Typed);

const WAYS: [Way; 7] = [
    ("prefix", "95", |raw, _| {
        // All but the last two letters of the name.
        let letters = raw.name.chars().count();
        Some(raw.name.chars().take(letters.saturating_sub(2)).collect())
    }),
    ("e-mail", "95", |raw, _| {
        let address = raw.addresses.first()?;
        let (local, domain) = address.split_once('@')?;
        Some(format!(
            "{local}@{}",
            domain.chars().take(3).collect::<String>()
        ))
    }),
    ("phone tail", "95", |raw, _| {
        let phone = raw.phones.first()?;
        Some(phone[phone.len() - 7..].to_owned())
    }),
    ("mid-word", "95", |raw, _| {
        // The family name without its first letter, and the beginning of the firm.
        let family: String = raw.name.split(' ').nth(1)?.chars().skip(1).collect();
        let firm: String = raw.beside.as_ref()?.chars().take(5).collect();
        (family.chars().count() >= 4).then(|| format!("{family} {firm}"))
    }),
    ("words", "95", |raw, _| {
        // Family name, then the beginning of the given name, then of the firm: in no order that the book has.
        let (given, family) = raw.name.split_once(' ')?;
        let firm: String = raw.beside.as_ref()?.chars().take(4).collect();
        Some(format!(
            "{family} {} {firm}",
            given.chars().take(3).collect::<String>()
        ))
    }),
    ("one typo", "90", |raw, dice| {
        slipped(&fold(&raw.name), dice)
    }),
    ("two typos", "90", |raw, dice| {
        // One in each of two words.
        let name = fold(&raw.name);
        let (given, family) = name.split_once(' ')?;
        let long = |word: &str| word.chars().count() >= 4;
        if !long(given) || !long(family) {
            return None;
        }
        Some(format!(
            "{} {}",
            slipped(given, dice)?,
            slipped(family, dice)?
        ))
    }),
];

/// A text with a letter swapped, left out, wrong or too many.
fn slipped(text: &str, dice: &mut Dice) -> Option<String> {
    let mut letters: Vec<char> = text.chars().collect();
    let places: Vec<usize> = (1..letters.len().saturating_sub(1))
        .filter(|at| letters[*at] != ' ' && letters[*at + 1] != ' ')
        .collect();
    let at = *places.get(dice.below(places.len()))?;
    match dice.below(4) {
        0 => letters.swap(at, at + 1),
        1 => drop(letters.remove(at)),
        2 => letters[at] = if letters[at] == 'q' { 'x' } else { 'q' },
        _ => letters.insert(at, 'q'),
    }
    Some(letters.into_iter().collect())
}

/// Types a text key by key, and says whether the wanted row is there at its end.
fn look(copy: &Copy, typed: &str, raw: &Raw, near: bool, times: &mut Vec<Duration>) -> bool {
    let mut so_far = String::new();
    let mut found = None;
    let mut trail = Trail::default();
    for letter in typed.chars() {
        so_far.push(letter);
        let Some(wanted) = Wanted::new(&so_far) else {
            continue;
        };
        // Best of a few: what else the machine does is not of the search.
        let tries = (0..TRIES).map(|_| {
            let mut trail = trail.clone();
            let (found, took) = Took::of(|| copy.search_on(&wanted, SHOWN, &mut trail));
            (took.work, (found, trail))
        });
        if let Some((spent, (best, further))) = tries.min_by_key(|(spent, _)| *spent) {
            times.push(spent);
            trail = further;
            found = Some((best, wanted));
        }
    }
    let Some((mut found, wanted)) = found else {
        return false;
    };
    if near {
        for slip in copy.slips(&wanted) {
            copy.add_near(&slip, SHOWN, &mut found, || true);
        }
    }
    // Who is called the same cannot be told by what was typed.
    let line = raw.line();
    let same = |other: &[u8]| {
        other.split(|byte| *byte == 0x1f).next() == line.split(|byte| *byte == 0x1f).next()
    };
    found
        .best
        .iter()
        .any(|one| one.id == raw.id || near && same(&one.line))
}

/// What comes after the rows of the last key: the pass for slips of a finger.
fn slips(copy: &Copy, people: &[Raw], what: &str, typed: Typed, dice: &mut Dice) {
    let mut times = Vec::new();
    for _ in 0..SOUGHT {
        let raw = &people[dice.below(people.len())];
        let Some(wanted) = typed(raw, dice).and_then(|typed| Wanted::new(&typed)) else {
            continue;
        };
        let ((), took) = Took::of(|| {
            let mut found = copy.search(&wanted, SHOWN);
            for slip in copy.slips(&wanted) {
                copy.add_near(&slip, SHOWN, &mut found, || true);
            }
        });
        times.push(took.work);
    }
    println!(
        "{what}, all of it, after the exact rows are told: p50 {}, p99 {}",
        millis(percentile(&mut times, 50)),
        millis(percentile(&mut times, 99))
    );
}

fn text(people: &[Raw]) -> Vec<u8> {
    let mut text = Vec::new();
    for raw in people {
        text.extend(raw.line());
        text.push(b'\n');
    }
    text
}

/// One search for bytes that are nowhere.
fn anchor(text: &[u8]) -> Duration {
    let finder = memchr::memmem::Finder::new("zq no such name");
    let mut times: Vec<Duration> = (0..9)
        .map(|_| {
            let (found, took) = Took::of(|| finder.find(text));
            assert!(found.is_none(), "nobody is called that");
            took.work
        })
        .collect();
    percentile(&mut times, 50)
}

/// The same by grep, from a file: with the start of a process, as `fzf` and others have not.
fn grep(text: &[u8]) -> Result<Option<Duration>, Fault> {
    let file = std::env::current_exe()?.with_file_name(format!("names-{}", std::process::id()));
    std::fs::write(&file, text)?;
    let mut times = Vec::new();
    for _ in 0..5 {
        let begun = Instant::now();
        let done = Command::new("grep")
            .arg("-c")
            .arg("-F")
            .arg("zq no such name")
            .arg(&file)
            .output();
        if done.is_ok() {
            times.push(begun.elapsed());
        }
    }
    std::fs::remove_file(&file)?;
    Ok((!times.is_empty()).then(|| percentile(&mut times, 50)))
}
