//! Numbers, money and percent. Which mark is the decimal point is decided per column.

use crate::domain::money::{Currency, parse_decimal};

use super::is_blank_value;

/// How a column writes its numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NumberForm {
    /// Before the decimals: a point or a comma.
    pub point: char,
    /// A percent column of fractions: 0.6 is 60 %.
    pub fraction: bool,
}

impl NumberForm {
    /// `1,234.50`.
    pub const PLAIN: Self = Self {
        point: '.',
        fraction: false,
    };

    /// Decides from all cells of a column. Where none decides, the point is the decimal point and the comma groups.
    pub fn decide<'a>(cells: impl IntoIterator<Item = &'a str>) -> Self {
        let (mut points, mut commas) = (0_usize, 0_usize);
        let (mut below_one, mut above_one) = (false, false);
        for cell in cells {
            match point_of(cell) {
                Some('.') => points += 1,
                Some(_) => commas += 1,
                None => {}
            }
            if !is_blank_value(cell) && !cell.contains('%') {
                let number = cell.trim().replace(',', ".").parse::<f64>();
                below_one |= number.as_ref().is_ok_and(|n| *n > 0.0 && *n < 1.0);
                above_one |= number.is_ok_and(|n| n > 1.0);
            }
        }
        Self {
            point: if commas > points { ',' } else { '.' },
            fraction: below_one && !above_one,
        }
    }
}

/// Which mark a number's own shape shows to be its decimal point; `None` where it shows nothing.
fn point_of(cell: &str) -> Option<char> {
    let cell = cell.trim();
    // The commas of a sentence (`ask, later`) are about no number.
    if !cell.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let last = cell.rfind(['.', ','])?;
    let mark = if cell.as_bytes()[last] == b'.' {
        '.'
    } else {
        ','
    };
    let other = if mark == '.' { ',' } else { '.' };
    let (before, after) = (&cell[..last], &cell[last + 1..]);
    if before.contains(other) {
        return Some(mark);
    }
    if before.contains(mark) {
        return Some(other);
    }
    let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
    let (whole, decimals) = (digits(before), digits(after));
    let groups = decimals == 3
        && (1..=3).contains(&whole)
        && before.trim_start_matches(['-', '+', ' ', '$', '€', '£']) != "0";
    (!groups).then_some(mark)
}

/// A number taken apart.
struct Parts<'a> {
    /// Sign, digits and a point, fit for [`parse_decimal`].
    decimal: String,
    /// Powers of ten that a `k` or `m` adds.
    power: u32,
    /// What stood before and behind the digits: a currency, a percent sign, a unit.
    around: [&'a str; 2],
}

/// Takes a number apart; the fault says what is wrong with it.
fn parts(cell: &str, form: NumberForm) -> Result<Parts<'_>, String> {
    let fault = || "is not a number".to_owned();
    let text = cell.trim();
    let first = text.find(|c: char| c.is_ascii_digit()).ok_or_else(fault)?;
    let last = text.rfind(|c: char| c.is_ascii_digit()).ok_or_else(fault)?;
    // A point just before the first digit belongs to the number: `.5`.
    let start = if text[..first].ends_with(form.point) {
        first - 1
    } else {
        first
    };
    let (mut before, digits, mut after) = (
        text[..start].trim(),
        &text[start..=last],
        text[last + 1..].trim(),
    );
    let mut negative = false;
    if let (Some(rest), Some(end)) = (before.strip_prefix('('), after.strip_suffix(')')) {
        (before, after, negative) = (rest.trim(), end.trim(), true);
    }
    for sign in ['-', '−', '+'] {
        let stripped = before
            .strip_prefix(sign)
            .or_else(|| before.strip_suffix(sign));
        if let Some(rest) = stripped {
            before = rest.trim();
            negative |= sign != '+';
            break;
        }
    }
    if let Some(rest) = after.strip_prefix('-') {
        (after, negative) = (rest.trim(), true);
    }
    let (power, after) = match after.as_bytes() {
        [b'k' | b'K', rest @ ..] if !rest.first().is_some_and(u8::is_ascii_alphabetic) => {
            (3, after[1..].trim())
        }
        [b'm' | b'M', rest @ ..] if !rest.first().is_some_and(u8::is_ascii_alphabetic) => {
            (6, after[1..].trim())
        }
        _ => (0, after),
    };
    if digits.contains(['E', 'e']) {
        return scientific(digits, negative, [before, after]);
    }
    let plain = ungrouped(digits, form.point).ok_or_else(|| {
        format!(
            "does not fit the column, where `{}` is the decimal point",
            form.point
        )
    })?;
    Ok(Parts {
        decimal: format!("{}{plain}", if negative { "-" } else { "" }),
        power,
        around: [before, after],
    })
}

/// `6.0E7`, as programs write a number that is exact. `1.3E+11` is what a spreadsheet shows of a longer one: it is refused.
fn scientific<'a>(digits: &str, negative: bool, around: [&'a str; 2]) -> Result<Parts<'a>, String> {
    let shortened = || {
        "was shortened by a spreadsheet: export the file again and do not open it before".to_owned()
    };
    let (mantissa, power) = digits.split_once(['E', 'e']).ok_or_else(shortened)?;
    let exact = mantissa.contains('.') && !power.starts_with('+');
    let power: u32 = power
        .parse()
        .ok()
        .filter(|power| exact && *power <= 18)
        .ok_or_else(shortened)?;
    Ok(Parts {
        decimal: format!("{}{mantissa}", if negative { "-" } else { "" }),
        power,
        around,
    })
}

/// Takes grouping off and makes the point a point; `None` where the groups are none.
fn ungrouped(digits: &str, point: char) -> Option<String> {
    if digits.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(digits.to_owned());
    }
    let (whole, part) = digits.split_once(point).unwrap_or((digits, ""));
    if !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let groups: Vec<&str> = whole
        .split(['.', ',', '\'', '’', '_', ' ', '\u{a0}', '\u{202f}'])
        .collect();
    let all_digits = groups
        .iter()
        .all(|group| group.bytes().all(|byte| byte.is_ascii_digit()));
    // Groups of three, or of two before the last (lakh and crore).
    let tail = groups.iter().skip(1);
    let fits = tail.clone().all(|group| matches!(group.len(), 2 | 3))
        && tail.last().is_none_or(|group| group.len() == 3);
    let led = groups.len() == 1 || !groups[0].is_empty();
    (all_digits && fits && led).then(|| {
        let whole = groups.concat();
        if part.is_empty() {
            whole
        } else {
            format!("{whole}.{part}")
        }
    })
}

/// A whole number.
///
/// # Errors
/// What is wrong with the cell, to be put behind its value.
pub fn whole(cell: &str, form: NumberForm) -> Result<Option<i64>, String> {
    if is_blank_value(cell) {
        return Ok(None);
    }
    let parts = parts(cell, form)?;
    parse_decimal(&parts.decimal, parts.power)
        .map(Some)
        .ok_or_else(|| "is not a whole number".to_owned())
}

/// Whole percent, 0 to 100.
///
/// # Errors
/// What is wrong with the cell, to be put behind its value.
pub fn percent(cell: &str, form: NumberForm) -> Result<Option<i64>, String> {
    if is_blank_value(cell) {
        return Ok(None);
    }
    let parts = parts(cell, form)?;
    let fault = || "is not a percentage between 0 and 100".to_owned();
    let sign = parts.around.iter().any(|text| text.contains('%'));
    // Hundredths of a percent, so that 33.33 and 0.3333 can be rounded and not cut.
    let digits = if form.fraction && !sign { 4_u32 } else { 2 };
    let hundredths = parse_decimal(&limited(&parts.decimal, digits), digits).ok_or_else(fault)?;
    let rounded = (hundredths + 50) / 100;
    (0..=100)
        .contains(&rounded)
        .then_some(Some(rounded))
        .ok_or_else(fault)
}

/// A decimal with no more than so many decimals: probabilities are rounded anyway.
fn limited(decimal: &str, digits: u32) -> String {
    let digits = digits as usize;
    match decimal.split_once('.') {
        Some((whole, part)) => format!("{whole}.{}", part.chars().take(digits).collect::<String>()),
        None => decimal.to_owned(),
    }
}

/// An amount in minor units with its currency: the one written in the cell, else `default`.
///
/// # Errors
/// What is wrong with the cell, to be put behind its value.
pub fn money(
    cell: &str,
    form: NumberForm,
    default: Currency,
) -> Result<Option<(i64, Currency)>, String> {
    if is_blank_value(cell) {
        return Ok(None);
    }
    let parts = parts(cell, form).map_err(|what| what.replace("a number", "an amount"))?;
    let mut currency = default;
    for around in parts.around {
        if let Some(written) = written_currency(around, default)? {
            currency = written;
        }
    }
    parse_decimal(&parts.decimal, currency.digits() + parts.power)
        .map(|minor| Some((minor, currency)))
        .ok_or_else(|| {
            format!("has more decimals than {currency} has, or is beyond the range of the book")
        })
}

/// Which currency stands beside a number.
fn written_currency(around: &str, default: Currency) -> Result<Option<Currency>, String> {
    /// Currencies that are written with a plain `$`.
    const DOLLARS: &[&str] = &[
        "USD", "CAD", "AUD", "NZD", "SGD", "HKD", "TWD", "MXN", "ARS", "CLP", "COP", "BRL",
    ];
    let around = around.trim();
    match around {
        "" | ".-" | ".–" | ",-" => Ok(None),
        "$" if DOLLARS.contains(&default.code()) => Ok(Some(default)),
        "$" => Err(format!(
            "is in dollars, and {default} is none: say `--currency USD`"
        )),
        _ => Currency::of_symbol(around)
            .or_else(|| around.parse().ok())
            .map(Some)
            .ok_or_else(|| format!("has `{around}` beside the number, which is no currency")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn usd() -> Currency {
        "USD".parse().unwrap()
    }

    fn read(cells: &[&str]) -> Vec<Option<i64>> {
        let form = NumberForm::decide(cells.iter().copied());
        cells
            .iter()
            .map(|cell| money(cell, form, usd()).unwrap().map(|(minor, _)| minor))
            .collect()
    }

    #[test]
    fn the_decimal_point_is_decided_by_the_column() {
        assert_eq!(read(&["1,234.50", "1,234"]), [Some(123_450), Some(123_400)]);
        assert_eq!(
            read(&["1.234,50", "1.234", "99"]),
            [Some(123_450), Some(123_400), Some(9_900)]
        );
        assert_eq!(
            read(&["1'234.50", "12’345"]),
            [Some(123_450), Some(1_234_500)]
        );
        assert_eq!(
            read(&["1.234.567", "1.234"]),
            [Some(123_456_700), Some(123_400)]
        );
        assert_eq!(read(&["1 234,5", "0"]), [Some(123_450), Some(0)]);
        assert_eq!(
            read(&["1100.04", "251.41", ""]),
            [Some(110_004), Some(25_141), None]
        );
        assert_eq!(read(&["1,234"]), [Some(123_400)]);
        assert_eq!(read(&["12,34,567.00"]), [Some(123_456_700)]);
        let said = ["12.345", "ask Bob, later", "n,a", "yes, no, e.g. none"];
        assert_eq!(NumberForm::decide(said), NumberForm::PLAIN);
    }

    #[test]
    fn symbols_codes_signs_and_thousands_are_read() {
        assert_eq!(
            read(&["$22,700.00", "($5.00)", "-7", "3-", "$ -4"]),
            [
                Some(2_270_000),
                Some(-500),
                Some(-700),
                Some(-300),
                Some(-400)
            ]
        );
        assert_eq!(
            read(&["42k", "1.5m", ".5"]),
            [Some(4_200_000), Some(150_000_000), Some(50)]
        );
        let form = NumberForm::PLAIN;
        assert_eq!(
            money("€ 5", form, usd()),
            Ok(Some((500, "EUR".parse().unwrap())))
        );
        assert_eq!(
            money("5.50 CHF", form, usd()),
            Ok(Some((550, "CHF".parse().unwrap())))
        );
        assert_eq!(
            money("¥5", form, usd()).unwrap_err(),
            "has `¥` beside the number, which is no currency"
        );
        assert!(money("$5", form, "EUR".parse().unwrap()).is_err());
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for cell in [
            "abc",
            "1.2.3",
            "12,34",
            "1,23,4",
            "12.345",
            "1.3E+11",
            "99999999999999999999",
        ] {
            assert!(money(cell, NumberForm::PLAIN, usd()).is_err(), "{cell}");
        }
        assert!(whole("12.5", NumberForm::PLAIN).is_err());
        assert_eq!(whole("2,822", NumberForm::PLAIN), Ok(Some(2_822)));
        assert_eq!(whole("12.0", NumberForm::PLAIN), Ok(Some(12)));
    }

    #[test]
    fn percent_columns_hold_percents_or_fractions() {
        let fractions = NumberForm::decide(["0.2", "0.655", "1", "0"]);
        assert!(fractions.fraction);
        assert_eq!(percent("0.655", fractions), Ok(Some(66)));
        assert_eq!(percent("1", fractions), Ok(Some(100)));
        let percents = NumberForm::decide(["20", "0.5", "100"]);
        assert_eq!(percent("60 %", percents), Ok(Some(60)));
        assert!(percent("120", percents).is_err());
    }

    proptest! {
        #[test]
        fn any_cell_is_read_or_refused(cell in any::<String>(), comma in any::<bool>()) {
            let form = NumberForm { point: if comma { ',' } else { '.' }, ..NumberForm::decide([cell.as_str()]) };
            let _ = (money(&cell, form, usd()), whole(&cell, form), percent(&cell, form));
        }

        #[test]
        fn plain_decimals_are_exact(minor in -1_000_000_000_000_i64..1_000_000_000_000) {
            let plain = crate::domain::money::Money::new(minor, usd()).decimal();
            let form = NumberForm::decide([plain.as_str()]);
            prop_assert_eq!(money(&plain, form, usd()), Ok(Some((minor, usd()))));
        }
    }
}
