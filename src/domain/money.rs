//! Amounts: integer minor units with an ISO 4217 currency. Nothing here is a float but a ratio that is about to be printed.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// An ISO 4217 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Currency([u8; 3]);

/// Codes in circulation (ISO 4217, 2026), without funds, metals and test codes: in order, four bytes apart.
const CODES: &str = "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CLP CNY \
COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG HUF IDR ILS INR IQD IRR ISK JMD \
JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO \
NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT \
TND TOP TRY TTD TWD TZS UAH UGX USD UYU UZS VED VES VND VUV WST XAF XCD XCG XOF XPF YER ZAR ZMW ZWG";

impl Currency {
    /// The code.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Digits after the point: how many minor units make a unit, as a power of ten (ISO 4217 table A.1).
    #[must_use]
    pub fn digits(self) -> u32 {
        match self.code() {
            "BIF" | "CLP" | "DJF" | "GNF" | "ISK" | "JPY" | "KMF" | "KRW" | "PYG" | "RWF"
            | "UGX" | "VND" | "VUV" | "XAF" | "XOF" | "XPF" => 0,
            "BHD" | "IQD" | "JOD" | "KWD" | "LYD" | "OMR" | "TND" => 3,
            _ => 2,
        }
    }

    /// The currency of a symbol, where it has only one: `$` has many and is none's.
    #[must_use]
    pub fn of_symbol(symbol: &str) -> Option<Self> {
        let code = match symbol {
            "€" => "EUR",
            "£" => "GBP",
            "₹" => "INR",
            "₽" => "RUB",
            "₩" => "KRW",
            "₺" => "TRY",
            "₪" => "ILS",
            "₫" => "VND",
            "฿" => "THB",
            "₴" => "UAH",
            "Fr." | "SFr." => "CHF",
            "zł" => "PLN",
            "US$" => "USD",
            _ => return None,
        };
        code.parse().ok()
    }
}

/// A board parses a currency a card, so the list is halved, not walked.
fn is_in_circulation(code: [u8; 3]) -> bool {
    let (mut low, mut high) = (0, CODES.len().div_ceil(4));
    while low < high {
        let middle = usize::midpoint(low, high);
        match CODES.as_bytes()[4 * middle..4 * middle + 3].cmp(&code) {
            std::cmp::Ordering::Equal => return true,
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    false
}

impl FromStr for Currency {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let code = text.trim().to_ascii_uppercase();
        match <[u8; 3]>::try_from(code.as_bytes()) {
            Ok(bytes) if is_in_circulation(bytes) => Ok(Self(bytes)),
            _ => Err(format!(
                "`{text}` is not a currency: write a code of ISO 4217, such as CHF, EUR or USD"
            )),
        }
    }
}

impl fmt::Display for Currency {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl Serialize for Currency {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(self.code())
    }
}

impl<'de> Deserialize<'de> for Currency {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

/// An amount of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Money {
    /// Minor units: cents, rappen, yen.
    pub minor: i64,
    /// Of which currency.
    pub currency: Currency,
}

/// Rates are kept as millionths, so that they are exact too.
pub const RATE_ONE: i64 = 1_000_000;

/// Reads a rate as people write it, `0.94`, into millionths. More than six decimals would be cut, and are refused.
///
/// # Errors
/// A sentence that says what was expected.
pub fn parse_rate(text: &str) -> Result<i64, String> {
    let word = text.trim();
    let fault =
        || format!("`{word}` is not a rate: write 0.94, with at most six decimals and above zero");
    let (whole, part) = word.split_once('.').unwrap_or((word, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() && part.is_empty() || !digits(whole) || !digits(part) || part.len() > 6 {
        return Err(fault());
    }
    format!("{whole}{part:0<6}")
        .parse::<i64>()
        .ok()
        .filter(|rate| *rate > 0)
        .ok_or_else(fault)
}

/// A rate in millionths as [`parse_rate`] reads it.
#[must_use]
pub fn rate_text(rate: i64) -> String {
    let text = format!("{}.{:06}", rate / RATE_ONE, (rate % RATE_ONE).abs());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

impl Money {
    /// An amount of minor units.
    #[must_use]
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// This amount at a rate in millionths of `base` per unit, rounded half away from zero. `None` beyond the range of the book.
    #[must_use]
    pub fn at_rate(self, rate: i64, base: Currency) -> Option<Self> {
        let from = 10_i128.pow(self.currency.digits());
        let to = 10_i128.pow(base.digits());
        let scaled = (i128::from(self.minor) * i128::from(rate)).checked_mul(to)?;
        let unit = from * i128::from(RATE_ONE);
        let rounded = scaled.abs().checked_add(unit / 2)? / unit * scaled.signum();
        i64::try_from(rounded)
            .ok()
            .map(|minor| Self::new(minor, base))
    }

    /// The plain decimal, without grouping and currency: `1153214.00`.
    #[must_use]
    pub fn decimal(self) -> String {
        decimal(self.minor, self.currency.digits())
    }

    /// Grouped, without currency: `1,153,214.00`.
    #[must_use]
    pub fn grouped(self) -> String {
        let plain = self.decimal();
        let (sign, digits) = plain
            .strip_prefix('-')
            .map_or(("", plain.as_str()), |digits| ("-", digits));
        let (whole, part) = digits.split_once('.').unwrap_or((digits, ""));
        let point = if part.is_empty() { "" } else { "." };
        format!("{sign}{}{point}{part}", group_digits(whole))
    }

    /// Short, for cards and columns: `42.0k`, `1.2m`, `950`. Rounded half away from zero.
    #[must_use]
    pub fn short(self) -> String {
        let unit = 10_i64.pow(self.currency.digits());
        let size = self.minor.unsigned_abs() / unit.unsigned_abs();
        // The thresholds lie where rounding would reach the next unit, so that 999,960 is 1.0m and not 1000.0k.
        match size {
            0..=999 => group_digits(&rounded(self.minor, unit, 0)),
            1_000..=999_949 => format!("{}k", rounded(self.minor, unit * 1_000, 1)),
            _ => format!(
                "{}m",
                rounded(self.minor, unit.saturating_mul(1_000_000), 1)
            ),
        }
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.currency, self.grouped())
    }
}

/// `minor` with a point before its last `digits` digits.
fn decimal(minor: i64, digits: u32) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let size = minor.unsigned_abs();
    if digits == 0 {
        return format!("{sign}{size}");
    }
    let unit = 10_u64.pow(digits);
    let width = digits as usize;
    format!("{sign}{}.{:0width$}", size / unit, size % unit)
}

/// `value / unit` with `digits` decimals, rounded half away from zero.
fn rounded(value: i64, unit: i64, digits: u32) -> String {
    let scaled = i128::from(value) * 10_i128.pow(digits);
    let unit = i128::from(unit);
    let size = (scaled.abs() + unit / 2) / unit;
    decimal(
        i64::try_from(size * scaled.signum()).unwrap_or(i64::MAX),
        digits,
    )
}

/// Commas between groups of three digits: `1589` is `1,589`. A leading minus stays in front.
#[must_use]
pub fn group_digits(digits: &str) -> String {
    let (sign, digits) = digits
        .strip_prefix('-')
        .map_or(("", digits), |rest| ("-", rest));
    let mut grouped = String::from(sign);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    grouped
}

/// A count, grouped: `1,589`.
#[must_use]
pub fn grouped(count: impl Into<i128>) -> String {
    group_digits(&count.into().to_string())
}

/// Reads an amount as people type it into a form or a filter: `42000`, `42'000.50`, `42,000.50`, `42k`, `1.5m`, `10k eur`,
/// `CHF 10'000`. Without a currency it is of `default`.
///
/// # Errors
/// A sentence that says what was expected.
pub fn parse_money(text: &str, default: Currency) -> Result<Money, String> {
    let fault = || {
        format!(
            "`{}` is not an amount: write 42000, 42,000.50, 42k or 10k EUR",
            text.trim()
        )
    };
    let mut currency = default;
    let mut number = String::new();
    for word in text.split_whitespace() {
        if let Ok(code) = word.parse() {
            currency = code;
        } else if let Some(code) = Currency::of_symbol(word) {
            currency = code;
        } else {
            number.push(' ');
            number.push_str(word);
        }
    }
    let number = number.to_lowercase();
    let (number, power) = match number.strip_suffix(['k', 'm']) {
        Some(rest) => (rest.to_owned(), if number.ends_with('k') { 3 } else { 6 }),
        None => (number, 0),
    };
    // `k` and `m` move the point to the right, which is reading so many more decimals.
    ungroup(&number)
        .and_then(|plain| parse_decimal(&plain, currency.digits() + power))
        .map(|minor| Money::new(minor, currency))
        .ok_or_else(fault)
}

/// Takes the marks between groups of digits out of a number: `1,589`, `42'000.50`, `1 000 000`, `1,00,000`. `None` where they
/// do not stand between groups: `12,50` may be twelve and a half elsewhere, and must not be read as 1250.
#[must_use]
pub fn ungroup(number: &str) -> Option<String> {
    const MARKS: [char; 6] = [',', '\'', '’', '_', ' ', '\u{a0}'];
    let number = number.trim();
    let (whole, part) = match number.split_once('.') {
        Some((whole, part)) => (whole, Some(part)),
        None => (number, None),
    };
    let groups: Vec<&str> = whole.split(MARKS).collect();
    let (last, front) = groups.split_last()?;
    let grouped = !front.is_empty();
    let fits = |(place, group): (usize, &&str)| {
        let digits = group.trim_start_matches(['-', '−', '+']).len();
        (1..=3).contains(&digits) && (place == 0 || digits > 1)
    };
    if grouped && (last.len() != 3 || !front.iter().enumerate().all(fits)) {
        return None;
    }
    let whole = groups.concat();
    Some(part.map_or(whole.clone(), |part| format!("{whole}.{part}")))
}

/// Reads a plain decimal as an integer of `digits` decimals: `12.5` of 2 is 1250. More decimals than `digits` are refused unless
/// they are zeros, because nothing may be lost in silence.
#[must_use]
pub fn parse_decimal(text: &str, digits: u32) -> Option<i64> {
    let (sign, size) = match text.strip_prefix(['-', '−']) {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let (whole, part) = size.split_once('.').unwrap_or((size, ""));
    let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
    if (whole.is_empty() && part.is_empty()) || !all_digits(whole) || !all_digits(part) {
        return None;
    }
    let part = part.trim_end_matches('0');
    let width = digits as usize;
    if part.len() > width {
        return None;
    }
    let joined = format!("{whole}{part:0<width$}");
    joined
        .trim_start_matches('0')
        .parse::<i64>()
        .or_else(|fault| {
            if joined.bytes().all(|b| b == b'0') {
                Ok(0)
            } else {
                Err(fault)
            }
        })
        .ok()
        .map(|n| n * sign)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn money(minor: i64, code: &str) -> Money {
        Money::new(minor, code.parse().unwrap())
    }

    #[test]
    fn amounts_print_plain_grouped_and_short() {
        let sum = money(115_321_400, "USD");
        assert_eq!(
            (
                sum.decimal().as_str(),
                sum.grouped().as_str(),
                sum.short().as_str()
            ),
            ("1153214.00", "1,153,214.00", "1.2m")
        );
        assert_eq!(money(-5, "USD").grouped(), "-0.05");
        assert_eq!(money(1_234_567, "JPY").grouped(), "1,234,567");
        assert_eq!(money(1_234_567, "KWD").grouped(), "1,234.567");
    }

    #[test]
    fn short_amounts_never_overflow_their_unit() {
        for (minor, short) in [
            (95_000, "950"),
            (99_999, "1,000"),
            (4_200_000, "42.0k"),
            (99_996_000, "1.0m"),
            (-4_250_000, "-42.5k"),
        ] {
            assert_eq!(money(minor, "CHF").short(), short);
        }
    }

    #[test]
    fn amounts_are_read_as_people_type_them() {
        let chf = "CHF".parse().unwrap();
        for (typed, minor) in [
            ("42000", 4_200_000),
            ("42'000.50", 4_200_050),
            ("42,000", 4_200_000),
            ("42k", 4_200_000),
            ("42 000", 4_200_000),
            ("1,00,000", 10_000_000),
            ("1.5m", 150_000_000),
            ("42 k", 4_200_000),
            (".5", 50),
        ] {
            assert_eq!(parse_money(typed, chf), Ok(money(minor, "CHF")), "{typed}");
        }
        assert_eq!(parse_money("10k eur", chf), Ok(money(1_000_000, "EUR")));
        assert_eq!(parse_money("€ 12", chf), Ok(money(1_200, "EUR")));
        for typed in [
            "",
            "k",
            "much",
            "1.234",
            "1.2.3",
            "12,50",
            "1,5k",
            "1,2345",
            "12 5",
            ",500",
            "1,000.5,0",
            "99999999999999999999",
        ] {
            assert!(parse_money(typed, chf).is_err(), "{typed}");
        }
    }

    #[test]
    fn rates_round_half_away_from_zero() {
        let chf = "CHF".parse().unwrap();
        assert_eq!(
            money(2_000_000, "EUR").at_rate(940_000, chf),
            Some(money(1_880_000, "CHF"))
        );
        assert_eq!(money(1, "EUR").at_rate(500_000, chf), Some(money(1, "CHF")));
        assert_eq!(
            money(1_000, "JPY").at_rate(6_000, chf),
            Some(money(600, "CHF"))
        );
        assert_eq!(money(i64::MAX, "JPY").at_rate(i64::MAX, chf), None);
    }

    #[test]
    fn every_code_of_the_list_is_found_and_nothing_between() {
        let codes: Vec<&str> = CODES.split(' ').collect();
        assert!(codes.is_sorted());
        for code in codes {
            assert_eq!(code.parse::<Currency>().unwrap().code(), code);
        }
        assert!("AAA".parse::<Currency>().is_err() && "ZZZ".parse::<Currency>().is_err());
    }

    #[test]
    fn what_is_no_currency_is_refused() {
        for text in ["", "EURO", "XYZ", "€", "é"] {
            assert!(text.parse::<Currency>().is_err(), "{text}");
        }
    }

    proptest! {
        #[test]
        fn decimals_read_back(minor in -i64::MAX..i64::MAX, code in prop::sample::select(vec!["CHF", "JPY", "KWD"])) {
            let sum = money(minor, code);
            prop_assert_eq!(parse_decimal(&sum.decimal(), sum.currency.digits()), Some(minor));
            prop_assert_eq!(parse_money(&sum.grouped(), sum.currency), Ok(sum));
        }

        #[test]
        fn any_text_is_read_or_refused(text in any::<String>()) {
            let _ = parse_money(&text, "CHF".parse().unwrap());
        }
    }

    #[test]
    fn rates_are_read_exactly_or_not_at_all() {
        for (text, rate, shown) in [
            ("0.94", 940_000, "0.94"),
            (" 1 ", 1_000_000, "1"),
            (".5", 500_000, "0.5"),
            ("150.25", 150_250_000, "150.25"),
            ("0.000001", 1, "0.000001"),
        ] {
            assert_eq!(parse_rate(text), Ok(rate), "{text}");
            assert_eq!(rate_text(rate), shown);
        }
        for text in [
            "",
            ".",
            "0",
            "-1",
            "0.0000001",
            "1,5",
            "1e3",
            "x",
            "99999999999999",
        ] {
            assert!(parse_rate(text).is_err(), "{text}");
        }
    }
}
