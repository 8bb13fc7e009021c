//! Dates, amounts and lengths of time in words, for who listens: `3 days late` where a card shows `3d late`.

use crate::domain::money::Money;
use crate::domain::text::is_hostile;
use crate::domain::time::{DAY_MS, Date, Instant};

use super::look::Look;

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;

/// An amount in full: `CHF 42,000`.
#[must_use]
pub fn money(amount: Option<Money>) -> String {
    amount.map_or_else(
        || "amount unknown".to_owned(),
        |amount| {
            let grouped = crate::domain::shown::bare_amount(amount);
            format!("{} {grouped}", amount.currency)
        },
    )
}

/// `1 deal`, `1,589 deals`.
#[must_use]
pub fn count(number: u64, singular: &str, plural: &str) -> String {
    let noun = if number == 1 { singular } else { plural };
    format!("{} {noun}", crate::domain::money::grouped(number))
}

/// A length of time in its largest whole unit: `25 minutes`, `3 hours`, `12 days`.
#[must_use]
pub fn length(millis: i64) -> String {
    let millis = millis.max(0);
    if millis < MINUTE_MS {
        return "less than a minute".to_owned();
    }
    let (number, singular, plural) = if millis < HOUR_MS {
        (millis / MINUTE_MS, "minute", "minutes")
    } else if millis < DAY_MS {
        (millis / HOUR_MS, "hour", "hours")
    } else {
        (millis / DAY_MS, "day", "days")
    };
    count(number.unsigned_abs(), singular, plural)
}

/// When something is due: `3 days late`, `today at 15:00`, `tomorrow`, `Friday 27 November`.
#[must_use]
pub fn due(at: Option<Instant>, date: Option<Date>, look: &Look<'_>) -> Option<String> {
    if let Some(at) = at {
        let ahead = at.millis() - look.now.millis();
        if ahead < 0 {
            return Some(format!("{} late", length(-ahead)));
        }
        let time = at.local(look.zone).format("%H:%M");
        return Some(format!("{} at {time}", day(at.date(look.zone), look)));
    }
    let date = date?;
    let late = (look.today() - date).num_days();
    Some(if late > 0 {
        format!("{} late", count(late.unsigned_abs(), "day", "days"))
    } else {
        day(date, look)
    })
}

/// A day: `today`, `yesterday`, `Friday 27 November`, with the year where that is another one.
#[must_use]
pub fn day(date: Date, look: &Look<'_>) -> String {
    use chrono::Datelike;
    match (date - look.today()).num_days() {
        0 => "today".to_owned(),
        1 => "tomorrow".to_owned(),
        -1 => "yesterday".to_owned(),
        _ if date.year() == look.today().year() => date.format("%A %-d %B").to_string(),
        _ => date.format("%A %-d %B %Y").to_string(),
    }
}

/// A moment that has passed: `today at 10:30`.
#[must_use]
pub fn moment(at: Instant, look: &Look<'_>) -> String {
    let time = at.local(look.zone).format("%H:%M");
    format!("{} at {time}", day(at.date(look.zone), look))
}

/// The parts that are there, with commas between, as a sentence.
#[must_use]
pub fn sentence(parts: impl IntoIterator<Item = Option<String>>) -> String {
    let parts: Vec<String> = parts
        .into_iter()
        .flatten()
        .filter(|part| !part.trim().is_empty())
        .collect();
    stopped(&parts.join(", "))
}

/// A text that begins as a sentence does.
#[must_use]
pub fn capital(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().into_iter().flat_map(char::to_uppercase);
    first.chain(letters).collect()
}

/// A text that ends as a sentence does.
#[must_use]
pub fn stopped(text: &str) -> String {
    let text = text.trim_end();
    if text.is_empty() || text.ends_with(['.', '!', '?', ':']) {
        text.to_owned()
    } else {
        format!("{text}.")
    }
}

/// A line that can be printed anywhere and read aloud: signs that stand for words are words, and nothing plays with a terminal.
#[must_use]
pub fn clean(text: &str) -> String {
    let mut clean = text.to_owned();
    for (sign, word) in SIGNS {
        if clean.contains(sign) {
            clean = clean.replace(sign, word);
        }
    }
    if clean.contains(is_hostile) {
        clean = clean.replace(is_hostile, " ");
    }
    clean.trim_end().to_owned()
}

/// Signs between words, and what they say.
const SIGNS: [(&str, &str); 6] = [
    (" · ", ", "),
    (" → ", " to "),
    (" -> ", " to "),
    (" … ", " ... "),
    (" — ", " unknown "),
    ("…", "..."),
];

/// A name, and where its record is if that is in the trash.
#[must_use]
pub fn named(name: &str, gone: bool) -> String {
    if gone {
        format!("{name} (in the trash)")
    } else {
        name.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::theme::Theme;

    #[test]
    fn what_is_due_is_said_in_whole_words() {
        let theme = Theme::default();
        let zone = chrono_tz::Europe::Zurich;
        let at = |text: &str| Instant::parse(text, zone).unwrap();
        let look = Look {
            theme: &theme,
            now: at("2026-11-24 10:05"),
            zone,
            base: "CHF".parse().ok(),
        };
        for (moment, said) in [
            ("2026-11-24 08:30", "1 hour late"),
            ("2026-11-21 08:30", "3 days late"),
            ("2026-11-24 15:00", "today at 15:00"),
            ("2026-11-25 09:00", "tomorrow at 09:00"),
            ("2026-11-27 09:00", "Friday 27 November at 09:00"),
            ("2027-01-04 09:00", "Monday 4 January 2027 at 09:00"),
        ] {
            assert_eq!(due(Some(at(moment)), None, &look).as_deref(), Some(said));
        }
        for (date, said) in [
            ("2026-11-24", "today"),
            ("2026-11-23", "1 day late"),
            ("2026-11-25", "tomorrow"),
        ] {
            let date = date.parse().ok();
            assert_eq!(due(None, date, &look).as_deref(), Some(said));
        }
        assert_eq!(due(None, None, &look), None);
    }

    #[test]
    fn nothing_hostile_is_said_and_signs_are_words() {
        assert_eq!(
            clean("Move A\u{1b}[2J\u{202e} · u undoes it …"),
            "Move A [2J , u undoes it ..."
        );
        assert_eq!(clean("Qualify → Proposal"), "Qualify to Proposal");
    }

    #[test]
    fn amounts_and_lengths_have_their_units() {
        let chf = "CHF".parse().unwrap();
        assert_eq!(money(Some(Money::new(4_200_000, chf))), "CHF 42,000");
        assert_eq!(money(None), "amount unknown");
        assert_eq!(length(60_000), "1 minute");
        assert_eq!(length(2 * DAY_MS + 5), "2 days");
    }
}
