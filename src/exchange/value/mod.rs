//! Cells to values: blanks, numbers, money, percent, dates. How a column writes them is decided from all its cells, never cell by
//! cell, and what no cell decides is asked.

mod clock;
pub mod date;
pub mod number;

use crate::domain::text::fold;

/// What is told of dates whose order no cell decides.
pub const DATES_HINT: &str = "say `--dates dmy`, `--dates mdy` or `--dates ymd`";

/// Whether a cell of text says that its value is unknown.
#[must_use]
pub fn is_blank(cell: &str) -> bool {
    let cell = cell.trim();
    match cell.len() {
        0 => true,
        1..=12 => is_blank_word(
            cell,
            &[
                "null",
                "n/a",
                "#n/a",
                "-",
                "--",
                "?",
                "select",
                "(none)",
                "--none--",
                "(blank)",
                "undefined",
            ],
        ),
        _ => false,
    }
}

/// Whether a cell of a number, a date or a choice says that its value is unknown: more words are blank there, since none of them
/// could be a value.
#[must_use]
pub fn is_blank_value(cell: &str) -> bool {
    let cell = cell.trim();
    is_blank(cell)
        || (cell.len() <= 12
            && is_blank_word(
                cell,
                &[
                    "na",
                    "nan",
                    "none",
                    "nil",
                    "unknown",
                    "tbd",
                    "#value!",
                    "#ref!",
                    "#div/0!",
                    "0/0/00",
                    "00/00/0000",
                    "0000-00-00",
                ],
            ))
}

fn is_blank_word(cell: &str, words: &[&str]) -> bool {
    if cell.is_ascii() {
        words.iter().any(|word| cell.eq_ignore_ascii_case(word))
    } else {
        matches!(cell, "–" | "—" | "\u{a0}")
    }
}

/// Whether a cell of an id column was shortened by a spreadsheet: `1.3E+11` names thousands of records and none.
#[must_use]
pub fn is_damaged_id(cell: &str) -> bool {
    let Some((digits, power)) = cell.trim().split_once(['E', 'e']) else {
        return false;
    };
    let mantissa = digits.len() > 1
        && digits.contains(['.', ','])
        && digits
            .bytes()
            .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b','));
    mantissa
        && power
            .strip_prefix('+')
            .is_some_and(|p| !p.is_empty() && p.bytes().all(|b| b.is_ascii_digit()))
}

/// Yes or no in the words of exports.
///
/// # Errors
/// A sentence that says what was expected.
pub fn flag(cell: &str) -> Result<Option<bool>, String> {
    if is_blank_value(cell) {
        return Ok(None);
    }
    match fold(cell).as_str() {
        "true" | "1" | "yes" | "y" | "x" | "t" | "ja" | "oui" | "si" | "active" | "done"
        | "completed" | "wahr" => Ok(Some(true)),
        "false" | "0" | "no" | "n" | "f" | "nein" | "non" | "inactive" | "left" | "falsch" => {
            Ok(Some(false))
        }
        _ => Err("is neither yes nor no: write true or false".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_mean_unknown() {
        for cell in ["", "  ", "NULL", "n/a", "-", "?", "Select", "—"] {
            assert!(is_blank(cell) && is_blank_value(cell), "{cell}");
        }
        for cell in ["None", "NA", "0/0/00", "unknown"] {
            assert!(!is_blank(cell) && is_blank_value(cell), "{cell}");
        }
        for cell in ["0", "Nullmeier", "0.00", "No"] {
            assert!(!is_blank(cell) && !is_blank_value(cell), "{cell}");
        }
    }

    #[test]
    fn ids_that_a_spreadsheet_shortened_are_seen() {
        for cell in ["1.3E+11", "4,01E+07", " 1.23457E+15 "] {
            assert!(is_damaged_id(cell), "{cell}");
        }
        for cell in [
            "13E11",
            "1C1I7A6R",
            "1.3",
            "E+11",
            "0061G00000Ja7B6QAJ",
            "1.5E-3",
        ] {
            assert!(!is_damaged_id(cell), "{cell}");
        }
    }

    #[test]
    fn flags_are_read_in_several_words() {
        assert_eq!(
            (flag("TRUE"), flag("0"), flag("")),
            (Ok(Some(true)), Ok(Some(false)), Ok(None))
        );
        assert!(flag("maybe").is_err());
    }
}
