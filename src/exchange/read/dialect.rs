//! Which delimiter, quote and escape a text uses, found by parsing it with every candidate.
//!
//! A candidate is good when the records come out equally wide, wide at all, and with cells that look like single values. The idea
//! (pattern and type scores over parses) is that of van den Burg, Nazábal and Sutton, "Wrangling messy CSV files" (2019); the
//! formula here is simpler.

use super::parse::Cells;

/// How cells are told apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dialect {
    /// Between cells.
    pub delimiter: u8,
    /// Around cells that hold delimiters or line ends; doubled inside them.
    pub quote: Option<u8>,
    /// Before a quote that is a letter, where quotes are not doubled.
    pub escape: Option<u8>,
    /// Blanks may stand between delimiter and quote.
    pub padded: bool,
}

impl Dialect {
    /// RFC 4180: commas and double quotes.
    pub const COMMA: Self = Self {
        delimiter: b',',
        quote: Some(b'"'),
        escape: None,
        padded: false,
    };

    /// In words, for reports: "semicolon".
    #[must_use]
    pub const fn delimiter_name(self) -> &'static str {
        match self.delimiter {
            b',' => "comma",
            b';' => "semicolon",
            b'\t' => "tab",
            b'|' => "bar",
            _ => "other",
        }
    }
}

const DELIMITERS: &[u8] = b",;\t|";
/// How much of a text is parsed to judge a candidate.
const SAMPLE_BYTES: usize = 128 * 1024;
const SAMPLE_RECORDS: usize = 500;
/// What a text of one column is worth: less than any table that holds together.
const ONE_COLUMN: f64 = 0.05;

/// The dialect of a text, the text without a leading `sep=;` line, and how many lines that took off.
pub(super) fn find(text: &str) -> (Dialect, &str, usize) {
    let told = told_delimiter(text);
    let (body, skipped) = told.map_or((text, 0), |(_, rest)| (rest, 1));
    let sample = sample(body);
    let mut best = (Dialect::COMMA, f64::MIN);
    for delimiter in DELIMITERS.iter().copied() {
        if told.is_some_and(|(only, _)| only != delimiter) {
            continue;
        }
        let mut plain = None;
        for dialect in variants(sample, delimiter) {
            let score = score(sample, dialect);
            let held = plain.get_or_insert(score).holds;
            // A cell may well begin with a quote of another kind: only rows that hold together better speak for it.
            let usual = dialect.quote == Dialect::COMMA.quote;
            if score.total > best.1 && (usual || score.holds > held) {
                best = (dialect, score.total);
            }
        }
    }
    (best.0, body, skipped)
}

/// The line `sep=;` that Excel writes and obeys.
fn told_delimiter(text: &str) -> Option<(u8, &str)> {
    let (first, rest) = text.split_once('\n')?;
    let told = first
        .trim_end_matches('\r')
        .trim_matches('"')
        .strip_prefix("sep=")?;
    match told.as_bytes() {
        [delimiter] if DELIMITERS.contains(delimiter) => Some((*delimiter, rest)),
        _ => None,
    }
}

/// The beginning of a long text, up to a line end.
fn sample(text: &str) -> &str {
    if text.len() <= SAMPLE_BYTES {
        return text;
    }
    let mut end = SAMPLE_BYTES;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text[..end]
        .rfind('\n')
        .map_or(&text[..end], |line| &text[..=line])
}

/// The variants worth a try: those whose signs are in the text. The plain form comes first and wins a tie.
fn variants(sample: &str, delimiter: u8) -> Vec<Dialect> {
    let plain = Dialect {
        delimiter,
        ..Dialect::COMMA
    };
    let sign = char::from(delimiter);
    let mut variants = vec![plain];
    if is_sound(sample, plain) {
        return variants;
    }
    if sample.contains("\\\"") {
        variants.push(Dialect {
            escape: Some(b'\\'),
            ..plain
        });
    }
    if sample.contains(&format!("{sign} \"")) {
        variants.push(Dialect {
            padded: true,
            ..plain
        });
    }
    let opens = sample.contains(&format!("{sign}'")) || sample.contains("\n'");
    if opens && sample.contains(&format!("'{sign}")) {
        variants.push(Dialect {
            quote: Some(b'\''),
            ..plain
        });
    }
    if sample.contains('"') {
        variants.push(Dialect {
            quote: None,
            ..plain
        });
    }
    variants
}

/// Whether a text comes out whole under the plain form: a table of equally wide records whose quotes all open and close where they
/// should. Then quotes are quotes, and apostrophes are letters (unless the header itself stands between them).
fn is_sound(sample: &str, plain: Dialect) -> bool {
    let cells = Cells::parse(sample, plain, 0, SAMPLE_RECORDS);
    let mut records = (0..cells.records.len()).filter(|record| !cells.is_blank(*record));
    let Some(header) = records.next() else {
        return false;
    };
    let width = cells.width(header);
    width > 1
        && cells.odd == 0
        && !cells.records.iter().any(|record| record.unclosed)
        && !cells.cells(header).any(|cell| cell.starts_with('\''))
        && records.all(|record| cells.width(record) == width)
        && !(0..cells.records.len()).any(|record| has_quotes_left(&cells, record))
}

/// Whether a plain cell of a record is all between quotes: blanks stand before them.
fn has_quotes_left(cells: &Cells, record: usize) -> bool {
    cells
        .cells(record)
        .enumerate()
        .any(|(column, cell)| is_between_quotes(cell.trim()) && !cells.is_quoted(record, column))
}

fn is_between_quotes(cell: &str) -> bool {
    let inner = cell
        .strip_prefix('"')
        .and_then(|rest| rest.strip_suffix('"'));
    inner.is_some()
}

/// How well a text comes out under a dialect, 0 to 1.
#[derive(Clone, Copy, Debug)]
struct Score {
    /// How far the rows hold together: equally wide, no quote astray.
    holds: f64,
    /// With how wide they are, and how single the cells.
    total: f64,
}

fn score(sample: &str, dialect: Dialect) -> Score {
    let cells = Cells::parse(sample, dialect, 0, SAMPLE_RECORDS);
    let records: Vec<usize> = (0..cells.records.len())
        .filter(|record| !cells.is_blank(*record))
        .collect();
    let Some(width) = usual_width(&cells, &records) else {
        return Score {
            holds: 0.0,
            total: 0.0,
        };
    };
    let fitting: Vec<usize> = records
        .iter()
        .copied()
        .filter(|record| cells.width(*record) == width)
        .collect();
    let steady = share(fitting.len(), records.len());
    let all = fitting.len() * width;
    let clean: usize = fitting
        .iter()
        .map(|record| {
            let single = |column: usize| {
                let cell = cells.get(*record, column).unwrap_or_default();
                cells.is_quoted(*record, column) || is_single(cell, dialect)
            };
            (0..width).filter(|column| single(*column)).count()
        })
        .sum();
    let broken = cells.odd
        + cells
            .records
            .iter()
            .filter(|record| record.unclosed)
            .count();
    let wide = if width == 1 {
        ONE_COLUMN
    } else {
        1.0 - 1.0 / share(width, 1)
    };
    let whole = 1.0 - share(broken, broken + records.len());
    let holds = steady * steady * whole;
    Score {
        holds,
        total: holds * share(clean, all) * wide,
    }
}

#[expect(clippy::cast_precision_loss, reason = "counts of a sample")]
fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

/// The width of most records; of two that are as frequent the greater.
pub(super) fn usual_width(cells: &Cells, records: &[usize]) -> Option<usize> {
    let mut widths: Vec<usize> = records.iter().map(|record| cells.width(*record)).collect();
    widths.sort_unstable();
    widths
        .chunk_by(|one, other| one == other)
        .max_by_key(|same| (same.len(), same[0]))
        .map(|same| same[0])
}

/// Whether a plain cell looks like one value: no delimiter of another dialect that would split it, no double quote left at its
/// edge. An apostrophe is no sign: `'tis` begins with it.
fn is_single(cell: &str, dialect: Dialect) -> bool {
    let rival = |byte: &u8| matches!(byte, b';' | b'\t' | b'|') && *byte != dialect.delimiter;
    let trimmed = cell.trim();
    let left = if dialect.quote == Some(b'"') {
        is_between_quotes(trimmed)
    } else {
        trimmed.starts_with('"') || trimmed.ends_with('"')
    };
    !left && !cell.as_bytes().iter().any(rival)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn delimiter(text: &str) -> char {
        char::from(find(text).0.delimiter)
    }

    #[test]
    fn quotes_that_hold_are_never_taken_for_letters() {
        let text = "id,title,note\n1,\",\r|,\",x\n";
        assert_eq!(find(text).0, Dialect::COMMA);
    }

    #[test]
    fn delimiters_are_found_by_what_comes_out() {
        assert_eq!(delimiter("a,b,c\n1,2,3\n"), ',');
        assert_eq!(
            delimiter("name;amount;city\nA;1,50;B, C\nD;2,75;E, F\n"),
            ';'
        );
        assert_eq!(delimiter("a\tb\n1,2\t3,4\n5,6\t7,8\n"), '\t');
        assert_eq!(delimiter("a|b|c\n1|x,y|3\n"), '|');
        assert_ne!(delimiter("just words\nand, some, more\nof them\n"), ',');
    }

    #[test]
    fn quoted_delimiters_do_not_deceive() {
        assert_eq!(delimiter("a,b\n\"x;y;z\",1\n\"p;q;r\",2\n"), ',');
    }

    #[test]
    fn the_line_that_names_the_delimiter_is_obeyed_and_taken_off() {
        let (dialect, body, skipped) = find("sep=;\r\na;b\r\n1,2;3\r\n");
        assert_eq!(
            (dialect.delimiter, body, skipped),
            (b';', "a;b\r\n1,2;3\r\n", 1)
        );
    }

    #[test]
    fn backslash_escapes_and_single_quotes_are_found() {
        let escaped = "a,b\n\"x \\\"y\\\", z\",1\n\"p \\\"q\\\", r\",2\n";
        assert_eq!(find(escaped).0.escape, Some(b'\\'));
        let single = "a,b\n'x, y',1\n'p, q',2\n'r, s',3\n";
        assert_eq!(find(single).0.quote, Some(b'\''));
        let padded = "a, b, c\n1, \"x, y\", 3\n2, \"p, q\", 4\n";
        assert!(find(padded).0.padded);
        assert!(find("a, b\n\"1\", \"x\"\n").0.padded);
    }
}
