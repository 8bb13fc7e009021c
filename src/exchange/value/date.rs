//! Dates and moments. Whether `3/4/2024` is in March or April is decided per column from all its cells.

use chrono::{NaiveDateTime, NaiveTime};

use crate::domain::text::fold;
use crate::domain::time::{Date, Instant, Zone, local_instant, noon};

use super::clock::with_time;
use super::is_blank_value;

/// The order of a numeric date.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Day, month, year.
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
}

impl Order {
    /// The word of the command line.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Dmy => "dmy",
            Self::Mdy => "mdy",
            Self::Ymd => "ymd",
        }
    }
}

impl std::str::FromStr for Order {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        [Self::Dmy, Self::Mdy, Self::Ymd]
            .into_iter()
            .find(|order| order.name() == text)
            .ok_or_else(|| format!("`{text}` is not an order of dates: dmy, mdy and ymd are"))
    }
}

/// What a column's cells say of their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Decision {
    /// No cell needs an order: all are ISO, name their month, are serial numbers, or read the same either way.
    NotNeeded,
    /// The cells leave one order.
    Order(Order),
    /// No cell decides; an example.
    Open(String),
    /// Some cells are only right in one order and some only in the other; one example of each.
    Mixed(String, String),
}

/// Decides the order of a column from all its cells.
pub fn decide<'a>(cells: impl IntoIterator<Item = &'a str>) -> Decision {
    let (mut day_first, mut month_first, mut year_first, mut open) = (None, None, None, None);
    for cell in cells {
        if is_blank_value(cell) {
            continue;
        }
        let Some(shape) = numeric(cell) else { continue };
        let example = match (shape.numbers, shape.lens) {
            (_, [4, ..]) => continue,
            ([year, ..], [.., 2]) if year > 31 => &mut year_first,
            _ if shape.dotted => &mut day_first,
            ([day, ..], _) if day > 12 => &mut day_first,
            ([_, day, _], _) if day > 12 => &mut month_first,
            ([one, two, _], _) if one == two => continue,
            _ => &mut open,
        };
        example.get_or_insert(cell);
    }
    match (day_first, month_first, year_first, open) {
        (None, None, Some(_), _) => Decision::Order(Order::Ymd),
        (Some(_), None, None, _) => Decision::Order(Order::Dmy),
        (None, Some(_), None, _) => Decision::Order(Order::Mdy),
        (None, None, None, Some(example)) => Decision::Open(example.trim().to_owned()),
        (None, None, None, None) => Decision::NotNeeded,
        (one, other, third, _) => {
            let mut examples = [one, other, third]
                .into_iter()
                .flatten()
                .map(|cell| cell.trim().to_owned());
            Decision::Mixed(
                examples.next().unwrap_or_default(),
                examples.next().unwrap_or_default(),
            )
        }
    }
}

/// Three numbers with separators, with whatever time behind.
struct Numeric<'a> {
    numbers: [u32; 3],
    lens: [usize; 3],
    dotted: bool,
    rest: &'a str,
}

fn numeric(cell: &str) -> Option<Numeric<'_>> {
    let mut rest = cell.trim();
    let (mut numbers, mut lens) = ([0; 3], [0; 3]);
    let mut mark = None;
    for place in 0..3 {
        let len = rest.bytes().take_while(u8::is_ascii_digit).count();
        if !matches!(len, 1 | 2 | 4) {
            return None;
        }
        (numbers[place], lens[place]) = (rest[..len].parse().ok()?, len);
        rest = &rest[len..];
        if place < 2 {
            let separator = rest
                .chars()
                .next()
                .filter(|c| matches!(c, '/' | '.' | '-'))?;
            if *mark.get_or_insert(separator) != separator {
                return None;
            }
            rest = rest[1..].trim_start_matches(' ');
        }
    }
    Some(Numeric {
        numbers,
        lens,
        dotted: mark == Some('.'),
        rest,
    })
}

/// A moment as precisely as it is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// A date.
    Date(Date),
    /// A date and the time on the team's wall clock.
    Local(NaiveDateTime),
    /// A moment anywhere.
    At(Instant),
}

impl When {
    /// The moment: a date without a time is noon in the team's zone.
    #[must_use]
    pub fn instant(self, zone: Zone) -> Instant {
        match self {
            Self::Date(date) => noon(date, zone),
            Self::Local(local) => local_instant(local, zone),
            Self::At(at) => at,
        }
    }

    /// The date in the team's zone.
    #[must_use]
    pub fn date(self, zone: Zone) -> Date {
        match self {
            Self::Date(date) => date,
            Self::Local(local) => local.date(),
            Self::At(at) => at.date(zone),
        }
    }
}

/// Reads a date or moment: ISO 8601, numeric in the column's order, with a named month, an Excel serial, seconds or milliseconds
/// since 1970.
///
/// # Errors
/// What is wrong with the cell, to be put behind its value.
pub fn read(cell: &str, order: Option<Order>) -> Result<Option<When>, String> {
    if is_blank_value(cell) {
        return Ok(None);
    }
    let text = cell.trim();
    let fault = || "is not a date".to_owned();
    if let Some(number) = plain_number(text) {
        return counted(&number).map(Some).ok_or_else(fault);
    }
    let (date, rest) = if let Some(shape) = numeric(text) {
        (by_order(&shape, order)?, shape.rest)
    } else {
        named(text).ok_or_else(fault)?
    };
    with_time(date, rest)
        .map(Some)
        .ok_or_else(|| "is not a date with a time".to_owned())
}

/// A cell that is one number: `45631`, `45631.0`, `1710230000000`.
fn plain_number(text: &str) -> Option<String> {
    let whole = text.strip_suffix(".0").unwrap_or(text);
    let shape = whole.split_once('.').unwrap_or((whole, "0"));
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (digits(shape.0) && digits(shape.1)).then(|| whole.to_owned())
}

/// The moment of a number: days since 1899-12-30 (a spreadsheet's serial, 1927 to 2119), seconds or milliseconds since 1970.
fn counted(number: &str) -> Option<When> {
    let (whole, part) = number.split_once('.').unwrap_or((number, ""));
    let count: i64 = whole.parse().ok()?;
    match (whole.len(), count) {
        (5, 10_000..=80_000) => {
            let date = Date::from_ymd_opt(1899, 12, 30)?
                .checked_add_days(chrono::Days::new(count.unsigned_abs()))?;
            if part.is_empty() {
                return Some(When::Date(date));
            }
            let seconds = (format!("0.{part}").parse::<f64>().ok()? * 86_400.0).round();
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "between 0 and 86,400"
            )]
            let time =
                NaiveTime::from_num_seconds_from_midnight_opt((seconds as u32).min(86_399), 0)?;
            Some(When::Local(date.and_time(time)))
        }
        (8, _) => Date::from_ymd_opt(
            whole[..4].parse().ok()?,
            whole[4..6].parse().ok()?,
            whole[6..].parse().ok()?,
        )
        .map(When::Date),
        (10, _) => Some(When::At(Instant::from_millis(count * 1000))),
        (13, _) => Some(When::At(Instant::from_millis(count))),
        _ => None,
    }
}

fn by_order(shape: &Numeric<'_>, order: Option<Order>) -> Result<Date, String> {
    let [one, two, three] = shape.numbers;
    let order = if shape.lens[0] == 4 {
        Some(Order::Ymd)
    } else if one == two && shape.lens[2] == 4 {
        Some(order.unwrap_or(Order::Dmy))
    } else {
        order
    };
    let (year, month, day) = match order {
        Some(Order::Ymd) => (one, two, three),
        Some(Order::Dmy) => (three, two, one),
        Some(Order::Mdy) => (three, one, two),
        None => return Err(format!("may be read in two ways: {}", super::DATES_HINT)),
    };
    date(year, month, day).ok_or_else(|| match order {
        Some(order) if shape.lens[0] != 4 => format!("is not a date in the order {}", order.name()),
        _ => "is not a date of the calendar".to_owned(),
    })
}

/// A date; a year of two digits is 1969 to 2068, as POSIX reads it.
fn date(year: u32, month: u32, day: u32) -> Option<Date> {
    let year = match year {
        0..=68 => 2000 + year,
        69..=99 => 1900 + year,
        1000.. => year,
        _ => return None,
    };
    Date::from_ymd_opt(i32::try_from(year).ok()?, month, day)
}

/// `12 Mar 2024`, `7-Feb-22`, `March 12, 2024`, `Tue, 12 March 2024`; also what stands behind it.
fn named(text: &str) -> Option<(Date, &str)> {
    const GAPS: &[char] = &[' ', ',', '-', '.', '/', '\u{a0}'];
    let mut rest = text;
    let (mut numbers, mut found) = (Vec::new(), None);
    while numbers.len() < 2 || found.is_none() {
        rest = rest.trim_start_matches(GAPS);
        let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
        if digits > 0 {
            numbers.push(rest[..digits].parse::<u32>().ok()?);
            rest = rest[digits..]
                .trim_start_matches("st")
                .trim_start_matches("nd")
                .trim_start_matches("rd")
                .trim_start_matches("th");
        } else {
            let end = rest
                .find(|c: char| !c.is_alphabetic())
                .unwrap_or(rest.len());
            if end == 0 {
                return None;
            }
            // A word that is no month may only be a weekday, in front, or the Spanish "de".
            match month(&rest[..end]) {
                Some(month) if found.is_none() => found = Some(month),
                None if (numbers.is_empty() && found.is_none()) || fold(&rest[..end]) == "de" => {}
                Some(_) | None => return None,
            }
            rest = &rest[end..];
        }
        if numbers.len() > 2 {
            return None;
        }
    }
    let (day, year) = if numbers[0] > 31 {
        (numbers[1], numbers[0])
    } else {
        (numbers[0], numbers[1])
    };
    Some((date(year, found?, day)?, rest))
}

/// The month of a name in English, German, French or Spanish, short or long.
fn month(word: &str) -> Option<u32> {
    /// By the letters that tell; the longer ones of a kind first.
    const NAMES: &[(&str, u32)] = &[
        ("juil", 7),
        ("juin", 6),
        ("jan", 1),
        ("ene", 1),
        ("feb", 2),
        ("fev", 2),
        ("mar", 3),
        ("apr", 4),
        ("avr", 4),
        ("abr", 4),
        ("may", 5),
        ("mai", 5),
        ("jun", 6),
        ("jul", 7),
        ("aug", 8),
        ("aou", 8),
        ("ago", 8),
        ("sep", 9),
        ("oct", 10),
        ("okt", 10),
        ("nov", 11),
        ("dec", 12),
        ("dez", 12),
        ("dic", 12),
        ("maerz", 3),
    ];
    let word = fold(word);
    NAMES
        .iter()
        .find(|(start, _)| word.starts_with(start))
        .map(|(_, month)| *month)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const ZURICH: Zone = chrono_tz::Europe::Zurich;

    fn at(cell: &str, order: Option<Order>) -> String {
        read(cell, order)
            .unwrap()
            .unwrap()
            .instant(ZURICH)
            .to_string()
    }

    #[test]
    fn a_column_decides_its_order() {
        assert_eq!(
            decide(["3/4/2024", "13/4/2024"]),
            Decision::Order(Order::Dmy)
        );
        assert_eq!(
            decide(["3/4/2024", "3/15/2024 2:30 PM"]),
            Decision::Order(Order::Mdy)
        );
        assert_eq!(
            decide(["24.11.2026", "1.2.2026"]),
            Decision::Order(Order::Dmy)
        );
        assert_eq!(
            decide(["99-12-24", "98-01-02"]),
            Decision::Order(Order::Ymd)
        );
        assert_eq!(
            decide(["2024-03-04", "", "12 Mar 2024", "45631", "5/5/2024"]),
            Decision::NotNeeded
        );
        assert_eq!(
            decide(["", "3/4/2024"]),
            Decision::Open("3/4/2024".to_owned())
        );
        assert!(matches!(
            decide(["13/4/2024", "4/13/2024"]),
            Decision::Mixed(..)
        ));
    }

    #[test]
    fn an_open_order_is_asked_for_and_never_guessed() {
        assert!(read("3/4/2024", None).unwrap_err().contains("--dates"));
        assert_eq!(at("3/4/2024", Some(Order::Dmy)), "2024-04-03T10:00:00Z");
        assert_eq!(at("3/4/2024", Some(Order::Mdy)), "2024-03-04T11:00:00Z");
    }

    #[test]
    fn a_date_without_a_time_is_noon_in_the_teams_zone() {
        assert_eq!(at("2017-03-01", None), "2017-03-01T11:00:00Z");
        assert_eq!(at("45631.0", None), "2024-12-05T11:00:00Z");
    }

    #[test]
    fn moments_are_read_in_many_spellings() {
        for (cell, moment) in [
            ("2024-03-12 09:14", "2024-03-12T08:14:00Z"),
            ("2010-10-14T12:00:00.000Z", "2010-10-14T12:00:00Z"),
            ("2010-10-14T12:00:00.000GMT", "2010-10-14T12:00:00Z"),
            ("2010-10-14T12:00:00.000Z-0300", "2010-10-14T15:00:00Z"),
            ("2023-06-08 23:22:50.048000", "2023-06-08T21:22:50.048Z"),
            ("2023-05-03 08:51:08.199000 UTC", "2023-05-03T08:51:08.199Z"),
            ("07/15/2009 02:14:45+0800", "2009-07-14T18:14:45Z"),
            ("3/15/2024 2:30 PM", "2024-03-15T13:30:00Z"),
            ("12 Mar 2024", "2024-03-12T11:00:00Z"),
            ("7-Feb-22", "2022-02-07T11:00:00Z"),
            ("15 Apr, 2021 00:03:00", "2021-04-14T22:03:00Z"),
            ("Tue, March 12th, 2024", "2024-03-12T11:00:00Z"),
            ("12. März 2024", "2024-03-12T11:00:00Z"),
            ("1710230400000", "2024-03-12T08:00:00Z"),
            ("1710230400", "2024-03-12T08:00:00Z"),
            ("20240312", "2024-03-12T11:00:00Z"),
        ] {
            assert_eq!(at(cell, Some(Order::Mdy)), moment, "{cell}");
        }
    }

    #[test]
    fn dates_that_are_none_are_refused() {
        for cell in [
            "2026-02-31",
            "31/02/2026",
            "wrongdate",
            "2009\\7\\14 22:14:45",
            "--06-15",
            "12",
            "25:00",
            "2024-01-01 25:00",
            "13/13/2024",
        ] {
            assert!(read(cell, Some(Order::Dmy)).is_err(), "{cell}");
        }
        assert_eq!(read("0/0/00", None), Ok(None));
    }

    proptest! {
        #[test]
        fn any_cell_is_read_or_refused(cell in any::<String>(), numbers in "[0-9./: -]{0,20}[APMTZ+]{0,3}[0-9:]{0,6}") {
            for text in [&cell, &numbers] {
                let _ = (read(text, None), read(text, Some(Order::Dmy)), decide([text.as_str()]));
            }
        }

        #[test]
        fn iso_dates_read_back(days in -40_000_i32..80_000) {
            let date = Date::from_num_days_from_ce_opt(719_163 + days).unwrap();
            prop_assert_eq!(read(&date.to_string(), None), Ok(Some(When::Date(date))));
        }
    }
}
