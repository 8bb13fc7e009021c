//! What every part of the screen needs to draw itself: styles, the as-of moment, the team's zone and currency.

use chrono::Datelike;

use crate::domain::board::Sum;
use crate::domain::money::{Currency, Money};
use crate::domain::time::{Date, Instant, Zone};

use super::theme::{Role, Theme};

/// The circumstances of a picture.
#[derive(Clone, Copy, Debug)]
pub struct Look<'a> {
    /// Styles and glyphs.
    pub theme: &'a Theme,
    /// As of when.
    pub now: Instant,
    /// The team's zone.
    pub zone: Zone,
    /// The currency of sums, where a book is open.
    pub base: Option<Currency>,
}

const MINUTE_MS: i64 = 60_000;
const HOUR_MS: i64 = 60 * MINUTE_MS;
const DAY_MS: i64 = 24 * HOUR_MS;

impl Look<'_> {
    /// The date that it is.
    #[must_use]
    pub fn today(&self) -> Date {
        self.now.date(self.zone)
    }

    /// An amount as cards show it: with its currency where that is not the book's.
    #[must_use]
    pub fn money(&self, money: Money) -> String {
        if Some(money.currency) == self.base {
            money.short()
        } else {
            format!("{} {}", money.currency, money.short())
        }
    }

    /// A sum as far as it is known: unknown is not zero.
    #[must_use]
    pub fn known_sum(&self, sum: Sum) -> String {
        let known = self.base.and_then(|base| sum.known(base));
        let unknown = || self.theme.glyphs().unknown.to_owned();
        known.map_or_else(unknown, |money| self.money(money))
    }

    /// A sum in a narrow column: `45.0k +?` where it is more than that, and nobody knows how much.
    #[must_use]
    pub fn sum(&self, sum: Sum) -> String {
        let known = self.known_sum(sum);
        if sum.n > 0 && sum.without_amount + sum.without_rate > 0 {
            format!("{known} +?")
        } else {
            known
        }
    }

    /// A date as cards show it: `18 Dec`, with the year where it is another one.
    #[must_use]
    pub fn date(&self, date: Date) -> String {
        let form = if date.year() == self.today().year() {
            "%d %b"
        } else {
            "%d %b %y"
        };
        date.format(form).to_string()
    }

    /// A moment as timelines show it: `10:30` today, else `20 Nov 10:30`.
    #[must_use]
    pub fn moment(&self, at: Instant) -> String {
        let local = at.local(self.zone);
        if local.date_naive() == self.today() {
            local.format("%H:%M").to_string()
        } else {
            format!(
                "{} {}",
                self.date(local.date_naive()),
                local.format("%H:%M")
            )
        }
    }

    /// How long ago something was, by the calendar: `today`, `1d ago`, `60d ago`, then the date.
    #[must_use]
    pub fn since(&self, at: Instant) -> String {
        let date = at.date(self.zone);
        match (self.today() - date).num_days() {
            ..=0 => "today".to_owned(),
            days @ 1..=60 => format!("{days}d ago"),
            _ => self.date(date),
        }
    }

    /// How long somebody has waited for us since a moment, with the sign of how pressing that is: after an hour, after a day (the two
    /// limits of the lead response in the reports). `12m`, `3h10 ~`, `2d !`; nobody waits less than no time.
    #[must_use]
    pub fn wait(&self, since: Instant) -> (String, Role) {
        let glyphs = self.theme.glyphs();
        let millis = (self.now.millis() - since.millis()).max(0);
        if millis < HOUR_MS {
            return (span(millis), Role::Text);
        }
        if millis < DAY_MS {
            let minutes = millis % HOUR_MS / MINUTE_MS;
            let text = format!("{}{minutes:02} {}", span(millis), glyphs.soon);
            return (text, Role::Soon);
        }
        (format!("{} {}", span(millis), glyphs.late), Role::Late)
    }

    /// When something is due, and whether that has passed.
    #[must_use]
    pub fn due(&self, at: Option<Instant>, date: Option<Date>) -> Option<(String, bool)> {
        if let Some(at) = at {
            let ahead = at.millis() - self.now.millis();
            return Some(if ahead < 0 {
                (format!("{} late", span(-ahead)), true)
            } else if ahead < HOUR_MS {
                (format!("in {}", span(ahead)), false)
            } else if at.date(self.zone) == self.today() {
                (at.local(self.zone).format("%H:%M").to_string(), false)
            } else {
                (self.day(at.date(self.zone)), false)
            });
        }
        let date = date?;
        let ahead = (date - self.today()).num_days();
        Some(if ahead < 0 {
            (format!("{}d late", -ahead), true)
        } else {
            (self.day(date), false)
        })
    }

    fn day(&self, date: Date) -> String {
        match (date - self.today()).num_days() {
            0 => "today".to_owned(),
            1 => "tomorrow".to_owned(),
            2..=6 => date.format("%a").to_string(),
            _ => self.date(date),
        }
    }
}

/// A length of time in its largest whole unit: `25m`, `3h`, `12d`.
fn span(millis: i64) -> String {
    if millis < HOUR_MS {
        format!("{}m", millis / MINUTE_MS)
    } else if millis < DAY_MS {
        format!("{}h", millis / HOUR_MS)
    } else {
        format!("{}d", millis / DAY_MS)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_due_is_said_as_people_say_it() {
        let theme = Theme::default();
        let zone = chrono_tz::Europe::Zurich;
        let at = |text: &str| Instant::parse(text, zone).unwrap();
        let look = Look {
            theme: &theme,
            now: at("2026-11-24 10:05"),
            zone,
            base: "CHF".parse().ok(),
        };
        for (due, said) in [
            ("2026-11-24 08:30", ("1h late", true)),
            ("2026-11-24 10:30", ("in 25m", false)),
            ("2026-11-24 15:00", ("15:00", false)),
            ("2026-11-25 09:00", ("tomorrow", false)),
            ("2026-11-27 09:00", ("Fri", false)),
            ("2026-12-18 09:00", ("18 Dec", false)),
            ("2027-01-04 09:00", ("04 Jan 27", false)),
        ] {
            let (text, late) = look.due(Some(at(due)), None).unwrap();
            assert_eq!((text.as_str(), late), said, "{due}");
        }
        let date = |text: &str| look.due(None, Some(text.parse().unwrap())).unwrap();
        assert_eq!(date("2026-11-24"), ("today".to_owned(), false));
        assert_eq!(date("2026-11-20"), ("4d late".to_owned(), true));
        assert_eq!(look.due(None, None), None);
    }

    #[test]
    fn a_wait_is_said_in_minutes_hours_and_days_with_its_sign() {
        let theme = Theme::default();
        let look = Look {
            theme: &theme,
            now: Instant::from_millis(10 * DAY_MS),
            zone: chrono_tz::UTC,
            base: None,
        };
        for (minutes, said, role) in [
            (-5, "0m", Role::Text),
            (12, "12m", Role::Text),
            (60, "1h00 ~", Role::Soon),
            (190, "3h10 ~", Role::Soon),
            (1_440, "1d !", Role::Late),
            (4_000, "2d !", Role::Late),
        ] {
            let since = Instant::from_millis(10 * DAY_MS - minutes * MINUTE_MS);
            assert_eq!(look.wait(since), (said.to_owned(), role), "{minutes}");
        }
    }

    #[test]
    fn amounts_bear_their_currency_where_it_is_not_the_books() {
        let theme = Theme::default();
        let look = Look {
            theme: &theme,
            now: Instant::from_millis(0),
            zone: chrono_tz::UTC,
            base: "CHF".parse().ok(),
        };
        let money = |code: &str| look.money(Money::new(1_800_000, code.parse().unwrap()));
        assert_eq!(
            (money("CHF").as_str(), money("EUR").as_str()),
            ("18.0k", "EUR 18.0k")
        );
    }
}
