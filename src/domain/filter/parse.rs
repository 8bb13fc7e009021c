//! From text to tree, by recursive descent with bounded depth.

use super::FilterError;
use super::ast::{Doubtful, Expr, Filter, Flag, Op, Operand, Span, Term, Test};
use super::print::breaks;
use crate::domain::money::Currency;

/// The longest text that is read.
const MAX_BYTES: usize = 4_000;
/// How deep brackets and negations may nest.
const MAX_DEPTH: usize = 32;
/// How many clauses and values a filter may have: an expression of the database is bounded too.
const MAX_CLAUSES: usize = 200;
/// Names of functions over a person's events, which are not built yet.
const AGGREGATES: &[&str] = &[
    "events", "sum", "avg", "min", "max", "first", "last", "days",
];

/// Reads a filter. A text of blanks lets everything through.
///
/// # Errors
/// What is wrong, where, and what to do.
pub fn parse(text: &str) -> Result<Filter, FilterError> {
    let whole = Span {
        from: 0,
        to: text.len(),
    };
    if text.len() > MAX_BYTES {
        return Err(FilterError::new(
            whole,
            format!("The filter is too long: at most {MAX_BYTES} bytes are read."),
        ));
    }
    let mut parser = Parser {
        text,
        at: 0,
        depth: 0,
        clauses: 0,
        doubtful: false,
    };
    parser.skip_blanks();
    if parser.rest().is_empty() {
        return Ok(Filter::default());
    }
    let root = parser.any()?;
    if parser.rest().starts_with(')') {
        return Err(parser.fault_here(1, "This bracket closes none that is open."));
    }
    Ok(Filter {
        root: Some(root),
        doubtful: Doubtful(parser.doubtful),
    })
}

/// Whether a word joins or negates when it stands without quotation marks.
pub(super) fn is_keyword(word: &str) -> bool {
    ["and", "or", "not"]
        .iter()
        .any(|keyword| keyword.eq_ignore_ascii_case(word))
}

/// Whether a value can have a currency behind it.
pub(super) fn is_numeric(value: &str) -> bool {
    let digits = value.trim_start_matches(['-', '+']);
    let body = digits.trim_end_matches(['k', 'K', 'm', 'M']);
    body.starts_with(|c: char| c.is_ascii_digit() || c == '.')
        && body
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '\'' | '’' | '_'))
}

/// Whether a word is the code of a currency.
pub(super) fn is_currency(word: &str) -> bool {
    word.parse::<Currency>().is_ok()
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    depth: usize,
    clauses: usize,
    doubtful: bool,
}

impl<'a> Parser<'a> {
    fn rest(&self) -> &'a str {
        &self.text[self.at..]
    }

    fn skip_blanks(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches(is_blank).len();
    }

    /// The unquoted run that begins here: up to a blank, a bracket or a quotation mark.
    fn run(&self) -> &'a str {
        let rest = self.rest();
        &rest[..rest.find(breaks).unwrap_or(rest.len())]
    }

    fn since(&self, from: usize) -> Span {
        Span { from, to: self.at }
    }

    fn fault_here(&self, len: usize, what: impl Into<String>) -> FilterError {
        // To the end of a character: whoever marks the place cuts the text there.
        let to = (self.at + len..=self.text.len()).find(|to| self.text.is_char_boundary(*to));
        let span = Span {
            from: self.at,
            to: to.unwrap_or(self.text.len()),
        };
        FilterError::new(span, what)
    }

    /// Consumes a keyword.
    fn keyword(&mut self, keyword: &str) -> bool {
        let here = self.run().eq_ignore_ascii_case(keyword);
        if here {
            self.at += keyword.len();
            self.skip_blanks();
        }
        here
    }

    fn count_clause(&mut self) -> Result<(), FilterError> {
        self.clauses += 1;
        if self.clauses > MAX_CLAUSES {
            return Err(self.fault_here(
                0,
                format!("The filter has more than {MAX_CLAUSES} clauses and values."),
            ));
        }
        Ok(())
    }

    fn deeper(&mut self) -> Result<(), FilterError> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return Err(self.fault_here(
                1,
                format!("Brackets and negations nest deeper than {MAX_DEPTH}."),
            ));
        }
        Ok(())
    }

    /// `and ("or" and)*`
    fn any(&mut self) -> Result<Expr, FilterError> {
        let mut parts = Vec::new();
        let mut joined = false;
        loop {
            let (part, bare) = self.all()?;
            parts.push(part);
            joined |= bare;
            if !self.keyword("or") {
                break;
            }
            if self.rest().is_empty() || self.rest().starts_with(')') {
                return Err(self.fault_here(0, "`or` wants something behind it."));
            }
        }
        self.doubtful |= joined && parts.len() > 1;
        Ok(Expr::any(parts))
    }

    /// `not ("and"? not)*`, and whether it has several parts.
    fn all(&mut self) -> Result<(Expr, bool), FilterError> {
        let mut parts = Vec::new();
        loop {
            let run = self.run();
            if run.eq_ignore_ascii_case("or") || run.eq_ignore_ascii_case("and") {
                return Err(
                    self.fault_here(run.len(), format!("`{run}` wants something before it."))
                );
            }
            parts.push(self.not()?);
            self.skip_blanks();
            let joined = self.keyword("and");
            let ended = self.rest().is_empty()
                || self.rest().starts_with(')')
                || (!joined && self.run().eq_ignore_ascii_case("or"));
            if ended && joined {
                return Err(self.fault_here(0, "`and` wants something behind it."));
            }
            if ended {
                break;
            }
        }
        let several = parts.len() > 1;
        Ok((Expr::all(parts), several))
    }

    /// `("not" | "-") not | "(" expr ")" | term`
    fn not(&mut self) -> Result<Expr, FilterError> {
        let negated = if self.keyword("not") {
            true
        } else {
            let rest = self.rest();
            // A dash that stands alone is a word: "Alpina - renewal".
            let sign =
                rest.starts_with('-') && !rest[1..].is_empty() && !rest[1..].starts_with(is_blank);
            self.at += usize::from(sign);
            sign
        };
        if negated {
            self.deeper()?;
            if self.rest().is_empty() || self.rest().starts_with(')') {
                return Err(self.fault_here(0, "The negation wants something behind it."));
            }
            let inner = self.not()?;
            self.depth -= 1;
            return Ok(inner.negate());
        }
        if self.rest().starts_with('(') {
            return self.brackets();
        }
        self.term()
    }

    fn brackets(&mut self) -> Result<Expr, FilterError> {
        self.deeper()?;
        let opened = self.at;
        self.at += 1;
        self.skip_blanks();
        if self.rest().starts_with(')') {
            return Err(self.fault_here(1, "The brackets hold nothing."));
        }
        if self.rest().is_empty() {
            return Err(FilterError::new(
                self.since(opened),
                "This bracket is not closed.",
            ));
        }
        let inner = self.any()?;
        if !self.rest().starts_with(')') {
            return Err(FilterError::new(
                self.since(opened),
                "This bracket is not closed.",
            ));
        }
        self.at += 1;
        self.depth -= 1;
        Ok(inner)
    }

    fn term(&mut self) -> Result<Expr, FilterError> {
        self.count_clause()?;
        let from = self.at;
        let test = if self.rest().starts_with('"') {
            Test::Word(self.quoted()?)
        } else if let Some((name, op)) = self.field_and_op()? {
            self.clause(from, name, op)?
        } else {
            self.word()?
        };
        let span = self.since(from);
        Ok(Expr::Term(Term { test, span }))
    }

    /// A field's name with the operator behind it, blanks between them or not. Consumes nothing where there is no operator.
    fn field_and_op(&mut self) -> Result<Option<(String, Op)>, FilterError> {
        let rest = self.rest();
        if !rest.starts_with(|c: char| c.is_alphabetic() || c == '_') {
            return Ok(None);
        }
        let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let name = &rest[..rest.find(|c| !inside(c)).unwrap_or(rest.len())];
        let behind = &rest[name.len()..];
        if behind.starts_with('(') {
            self.refuse_functions(name)?;
            return Ok(None);
        }
        let sign = behind.trim_start_matches(is_blank);
        let Some(op) = Op::leading(sign) else {
            return Ok(None);
        };
        if is_keyword(name) && sign.len() < behind.len() {
            return Ok(None);
        }
        self.at = self.text.len() - sign.len() + op.sign().len();
        Ok(Some((lower(name), op)))
    }

    fn refuse_functions(&self, name: &str) -> Result<(), FilterError> {
        if AGGREGATES
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
        {
            let what = format!("`{name}(…)` counts events, which this version does not do yet.");
            return Err(self.fault_here(name.len(), what));
        }
        if name.eq_ignore_ascii_case("consent") {
            let what = "`consent(…)` is not there yet in this version.";
            return Err(self.fault_here(name.len(), what));
        }
        Ok(())
    }

    fn word(&mut self) -> Result<Test, FilterError> {
        let run = self.run();
        if let Some(op) = Op::leading(run) {
            let what = format!(
                "`{op}` wants a field before it; a text with signs goes into quotation marks."
            );
            return Err(self.fault_here(op.sign().len(), what));
        }
        self.at += run.len();
        Ok(match Flag::named(run) {
            Some(flag) => Test::Is { flag, bare: true },
            None => Test::Word(run.to_owned()),
        })
    }

    /// What stands behind a field and an operator.
    fn clause(&mut self, from: usize, name: String, op: Op) -> Result<Test, FilterError> {
        self.skip_blanks();
        let special = match name.as_str() {
            "has" | "no" | "is" | "in" => op == Op::Is,
            _ => false,
        };
        let values = self.values(&name, op)?;
        if !special {
            return Ok(Test::Field { name, op, values });
        }
        let fault = |what: String| FilterError::new(self.since(from), what);
        if name == "in" {
            return Err(fault(
                "`in:` names a segment; this version has none yet.".into(),
            ));
        }
        let [Operand::One(word)] = values.as_slice() else {
            return Err(fault(format!("`{name}:` takes one word.")));
        };
        match name.as_str() {
            "has" => Ok(Test::Has(
                field_name(word).ok_or_else(|| fault(no_field(word)))?,
            )),
            "no" => Ok(Test::No(
                field_name(word).ok_or_else(|| fault(no_field(word)))?,
            )),
            _ => Flag::named(word)
                .map(|flag| Test::Is { flag, bare: false })
                .ok_or_else(|| {
                    let known = Flag::ALL
                        .map(|flag| format!("is:{}", flag.name()))
                        .join(", ");
                    fault(format!("`is:{word}` is not known; there are {known}."))
                }),
        }
    }

    fn values(&mut self, name: &str, op: Op) -> Result<Vec<Operand>, FilterError> {
        let from = self.at;
        let mut values = vec![self.operand(name, op)?];
        while self.rest().starts_with(',') {
            self.at += 1;
            self.count_clause()?;
            values.push(self.operand(name, op)?);
        }
        let behind = self.rest();
        if !behind.is_empty()
            && !behind.starts_with(|c: char| is_blank(c) || matches!(c, '(' | ')'))
        {
            return Err(self.fault_here(1, "A blank is missing before this."));
        }
        if op.is_ordering() && (values.len() > 1 || !matches!(values[0], Operand::One(_))) {
            let what = format!(
                "`{op}` compares with one value; lists and ranges go with `:`, and 10,000 is written 10000 or 10'000."
            );
            return Err(FilterError::new(self.since(from), what));
        }
        Ok(values)
    }

    /// `low..high`, `low..`, `..high` or one value.
    fn operand(&mut self, name: &str, op: Op) -> Result<Operand, FilterError> {
        let low = self.value_part()?;
        if self.rest().starts_with("..") {
            self.at += 2;
            let high = self.value_part()?.map(|high| self.with_currency(high));
            if low.is_none() && high.is_none() {
                return Err(self.fault_here(0, "A range wants a beginning or an end."));
            }
            return Ok(Operand::Range(low.map(|(text, _)| text), high));
        }
        match low {
            Some(part) => Ok(Operand::One(self.with_currency(part))),
            None => Err(self.fault_here(
                0,
                format!(
                    "`{name}{op}` wants a value behind it; `no:{name}` finds records without one."
                ),
            )),
        }
    }

    /// A quoted text, or an unquoted run up to a comma or `..`; and whether it was quoted. `None` where there is nothing.
    fn value_part(&mut self) -> Result<Option<(String, bool)>, FilterError> {
        if self.rest().starts_with('"') {
            return self.quoted().map(|text| Some((text, true)));
        }
        let run = self.run();
        let end = [run.find(','), run.find("..")]
            .into_iter()
            .flatten()
            .min()
            .unwrap_or(run.len());
        self.at += end;
        Ok((end > 0).then(|| (run[..end].to_owned(), false)))
    }

    /// `10k eur`: a currency that stands alone behind a number belongs to it.
    fn with_currency(&mut self, (text, was_quoted): (String, bool)) -> String {
        if was_quoted || !is_numeric(&text) {
            return text;
        }
        let before = self.at;
        self.skip_blanks();
        let run = self.run();
        let alone = self.at > before && is_currency(run) && {
            let behind = self.rest()[run.len()..].trim_start_matches(is_blank);
            Op::leading(behind).is_none()
        };
        if !alone {
            self.at = before;
            return text;
        }
        self.at += run.len();
        self.doubtful = true;
        format!("{text} {}", run.to_ascii_uppercase())
    }

    /// A text in quotation marks; `\"` and `\\` stand for those characters.
    fn quoted(&mut self) -> Result<String, FilterError> {
        let from = self.at;
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((place, c)) = chars.next() {
            match c {
                '"' => {
                    self.at += place + 1;
                    return if text.trim().is_empty() {
                        Err(FilterError::new(
                            self.since(from),
                            "The quotation marks hold nothing.",
                        ))
                    } else {
                        Ok(text)
                    };
                }
                '\\' => text.extend(chars.next().map(|(_, escaped)| escaped)),
                c => text.push(c),
            }
        }
        self.at = self.text.len();
        Err(FilterError::new(
            self.since(from),
            "These quotation marks are not closed.",
        ))
    }
}

/// Blanks, and control characters with them: they are never typed on purpose.
fn is_blank(c: char) -> bool {
    c.is_whitespace() || c.is_control()
}

pub(super) fn field_name(word: &str) -> Option<String> {
    let inside = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
    (word.starts_with(|c: char| c.is_alphabetic() || c == '_') && word.chars().all(inside))
        .then(|| lower(word))
}

/// Lower case, letter by letter: `İ` stays as it is, because its lower case is two characters of which one is no letter.
fn lower(name: &str) -> String {
    name.chars()
        .map(|c| {
            let mut small = c.to_lowercase();
            match (small.next(), small.next()) {
                (Some(only), None) => only,
                _ => c,
            }
        })
        .collect()
}

fn no_field(word: &str) -> String {
    format!("`{word}` is not the name of a field.")
}
