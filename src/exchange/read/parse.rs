//! Text to cells under one dialect.
//!
//! Written here rather than taken from a crate because what matters is what goes wrong: the physical line of every record, quotes
//! that never close (the quote is then read as a letter and its row is a fault, instead of swallowing the rest of the file), text
//! behind a closing quote, line ends of every kind.

use std::collections::HashSet;

use super::dialect::Dialect;

/// After so many quotes that never close, quotes are letters: the file does not quote, and every further try costs a pass.
const MAX_UNCLOSED: usize = 16;

/// Cells in one buffer: no allocation a cell.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Cells {
    text: String,
    /// Where each cell ends in `text`.
    ends: Vec<usize>,
    /// Where each record begins.
    pub records: Vec<RecordAt>,
    /// Cells that had text behind their closing quote.
    pub odd: usize,
    /// Cells that were quoted, by their place; only of a sample.
    quoted: HashSet<usize>,
}

/// Where a record begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct RecordAt {
    /// Its first physical line, from 1.
    pub line: usize,
    /// Its first cell.
    first: usize,
    /// A quote in it never closes.
    pub unclosed: bool,
}

impl Cells {
    /// Parses at most `limit` records. `line` counts the physical lines before the text.
    pub(super) fn parse(text: &str, dialect: Dialect, line: usize, limit: usize) -> Self {
        let mut parser = Parser {
            bytes: text.as_bytes(),
            dialect,
            at: 0,
            line: line + 1,
            unclosed: Vec::new(),
            is_sample: limit < usize::MAX,
            cells: Self::default(),
            buffer: Vec::with_capacity(text.len()),
        };
        while parser.at < parser.bytes.len() && parser.cells.records.len() < limit {
            parser.record();
        }
        let mut cells = parser.cells;
        // Cells are cut at ASCII bytes of valid text, so this cannot fail; a lossy copy is still better than a panic.
        cells.text = String::from_utf8(parser.buffer)
            .unwrap_or_else(|fault| String::from_utf8_lossy(fault.as_bytes()).into_owned());
        cells
    }

    fn range(&self, record: usize) -> std::ops::Range<usize> {
        let first = self.records[record].first;
        let end = self
            .records
            .get(record + 1)
            .map_or(self.ends.len(), |next| next.first);
        first..end
    }

    /// How many cells a record has.
    pub(super) fn width(&self, record: usize) -> usize {
        self.range(record).len()
    }

    /// A cell; `None` beyond the record.
    pub(super) fn get(&self, record: usize, column: usize) -> Option<&str> {
        let place = self.range(record).nth(column)?;
        let start = place.checked_sub(1).map_or(0, |before| self.ends[before]);
        self.text.get(start..self.ends[place])
    }

    /// Whether a cell of a sample was quoted.
    pub(super) fn is_quoted(&self, record: usize, column: usize) -> bool {
        let place = self.range(record).nth(column);
        place.is_some_and(|place| self.quoted.contains(&place))
    }

    /// The cells of a record.
    pub(super) fn cells(&self, record: usize) -> impl Iterator<Item = &str> {
        (0..self.width(record)).map(move |column| self.get(record, column).unwrap_or_default())
    }

    /// Whether a record holds nothing but blanks.
    pub(super) fn is_blank(&self, record: usize) -> bool {
        self.cells(record).all(|cell| cell.trim().is_empty())
    }
}

struct Parser<'a> {
    bytes: &'a [u8],
    dialect: Dialect,
    at: usize,
    line: usize,
    /// Where quotes open that never close: they are letters.
    unclosed: Vec<usize>,
    is_sample: bool,
    cells: Cells,
    buffer: Vec<u8>,
}

impl Parser<'_> {
    fn record(&mut self) {
        self.cells.records.push(RecordAt {
            line: self.line,
            first: self.cells.ends.len(),
            unclosed: false,
        });
        loop {
            self.cell();
            self.cells.ends.push(self.buffer.len());
            match self.bytes.get(self.at) {
                Some(byte) if *byte == self.dialect.delimiter => self.at += 1,
                Some(_) => {
                    self.line_end();
                    return;
                }
                None => return,
            }
        }
    }

    /// Steps over one line end of any kind, if one is here.
    fn line_end(&mut self) -> bool {
        let width = match (self.bytes.get(self.at), self.bytes.get(self.at + 1)) {
            (Some(b'\r'), Some(b'\n')) => 2,
            (Some(b'\r' | b'\n'), _) => 1,
            _ => return false,
        };
        self.at += width;
        self.line += 1;
        true
    }

    fn cell(&mut self) {
        let start = self.at;
        if self.dialect.padded {
            while self.bytes.get(self.at) == Some(&b' ') {
                self.at += 1;
            }
        }
        let quoted = self.dialect.quote.is_some()
            && self.bytes.get(self.at) == self.dialect.quote.as_ref()
            && !self.unclosed.contains(&self.at)
            && self.unclosed.len() < MAX_UNCLOSED;
        if quoted && self.quoted() {
            if self.is_sample {
                self.cells.quoted.insert(self.cells.ends.len());
            }
            let closed = self.at;
            self.plain();
            let behind = &self.bytes[closed..self.at];
            if self.dialect.padded && behind.iter().all(|byte| *byte == b' ') {
                self.buffer.truncate(self.buffer.len() - behind.len());
            } else if !behind.is_empty() {
                self.cells.odd += 1;
            }
            return;
        }
        self.at = start;
        self.plain();
    }

    /// Copies up to the next delimiter or line end.
    fn plain(&mut self) {
        let start = self.at;
        let stop = |byte: &u8| *byte == self.dialect.delimiter || matches!(byte, b'\r' | b'\n');
        self.at = self.bytes[start..]
            .iter()
            .position(stop)
            .map_or(self.bytes.len(), |n| start + n);
        let bytes = &self.bytes[start..self.at];
        match self.dialect.escape {
            Some(escape) if bytes.contains(&escape) => {
                let mut rest = bytes.iter();
                while let Some(byte) = rest.next() {
                    let literal = if *byte == escape {
                        rest.as_slice().first()
                    } else {
                        None
                    };
                    match literal {
                        Some(next) if Some(*next) == self.dialect.quote || *next == escape => {
                            self.buffer.push(*next);
                            rest.next();
                        }
                        _ => self.buffer.push(*byte),
                    }
                }
            }
            _ => self.buffer.extend_from_slice(bytes),
        }
    }

    /// Reads a quoted cell up to behind its closing quote. Where there is none nothing is read, and the quote is noted.
    fn quoted(&mut self) -> bool {
        let (open, line, kept) = (self.at, self.line, self.buffer.len());
        let quote = self.dialect.quote;
        self.at += 1;
        while let Some(byte) = self.bytes.get(self.at).copied() {
            let next = self.bytes.get(self.at + 1).copied();
            if Some(byte) == self.dialect.escape && (next == quote || next == self.dialect.escape) {
                self.buffer.extend(next);
                self.at += 2;
            } else if Some(byte) == quote {
                self.at += 1;
                if next != quote {
                    return true;
                }
                self.buffer.push(byte);
                self.at += 1;
            } else {
                let before = self.at;
                if !self.line_end() {
                    self.at += 1;
                }
                self.buffer.extend_from_slice(&self.bytes[before..self.at]);
            }
        }
        self.at = open;
        self.line = line;
        self.buffer.truncate(kept);
        self.unclosed.push(open);
        if let Some(record) = self.cells.records.last_mut() {
            record.unclosed = true;
        }
        false
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn parse(text: &str) -> Vec<Vec<String>> {
        rows(&Cells::parse(text, Dialect::COMMA, 0, usize::MAX))
    }

    fn rows(cells: &Cells) -> Vec<Vec<String>> {
        (0..cells.records.len())
            .map(|record| cells.cells(record).map(str::to_owned).collect())
            .collect()
    }

    #[test]
    fn quotes_hold_delimiters_line_ends_and_doubled_quotes() {
        assert_eq!(
            parse("A,\"B,\n\"\"x\"\"\",C\r\nd,,\rlast"),
            [vec!["A", "B,\n\"x\"", "C"], vec!["d", "", ""], vec!["last"]]
        );
    }

    #[test]
    fn quotes_inside_a_plain_cell_are_letters() {
        assert_eq!(
            parse("A,B\",37'36.8\"N,C"),
            [["A", "B\"", "37'36.8\"N", "C"]]
        );
    }

    #[test]
    fn a_quote_that_never_closes_spoils_its_row_only() {
        let cells = Cells::parse("a,b\n1,\"two\n3,4\n5,6\n", Dialect::COMMA, 0, usize::MAX);
        assert_eq!(
            rows(&cells),
            [["a", "b"], ["1", "\"two"], ["3", "4"], ["5", "6"]]
        );
        let faults: Vec<_> = cells.records.iter().map(|r| (r.line, r.unclosed)).collect();
        assert_eq!(faults, [(1, false), (2, true), (3, false), (4, false)]);
    }

    #[test]
    fn lines_are_counted_through_quoted_line_ends() {
        let cells = Cells::parse("a\r\n\"x\r\ny\"\rz\n", Dialect::COMMA, 2, usize::MAX);
        let lines: Vec<_> = cells.records.iter().map(|r| r.line).collect();
        assert_eq!(lines, [3, 4, 6]);
    }

    #[test]
    fn backslashes_escape_where_the_dialect_says_so() {
        let dialect = Dialect {
            escape: Some(b'\\'),
            ..Dialect::COMMA
        };
        let cells = Cells::parse("\"a \\\"b\\\" c\",d\\e", dialect, 0, usize::MAX);
        assert_eq!(rows(&cells), [["a \"b\" c", "d\\e"]]);
    }

    #[test]
    fn blanks_around_quotes_are_padding_where_the_dialect_says_so() {
        let dialect = Dialect {
            padded: true,
            ..Dialect::COMMA
        };
        let cells = Cells::parse("a, \"b, c\" , d", dialect, 0, usize::MAX);
        assert_eq!(rows(&cells), [["a", "b, c", " d"]]);
    }

    proptest! {
        #[test]
        fn any_text_is_parsed(text in any::<String>(), quote in any::<bool>(), escape in any::<bool>(), padded in any::<bool>()) {
            let dialect = Dialect {
                delimiter: b';',
                quote: quote.then_some(b'"'),
                escape: escape.then_some(b'\\'),
                padded,
            };
            let cells = Cells::parse(&text, dialect, 0, usize::MAX);
            for record in 0..cells.records.len() {
                prop_assert_eq!(cells.cells(record).count(), cells.width(record));
            }
        }

        #[test]
        fn without_quotes_and_escapes_every_letter_is_in_a_cell(text in "[a-z,\" \n]{0,80}") {
            let dialect = Dialect { quote: None, ..Dialect::COMMA };
            let cells = Cells::parse(&text, dialect, 0, usize::MAX);
            let back = rows(&cells).iter().map(|row| row.join(",")).collect::<Vec<_>>().join("\n");
            prop_assert_eq!(back, text.strip_suffix('\n').unwrap_or(&text));
        }
    }
}
