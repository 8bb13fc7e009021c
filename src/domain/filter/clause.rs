//! One clause about a field: how its values and its operator may be taken.

use super::FilterError;
use super::ast::{Op, Operand, Span};
use super::bound::Match;
use super::places::Place;

/// One clause about a field, on its way.
pub(super) struct Clause<'a> {
    pub name: &'a str,
    pub op: Op,
    pub values: &'a [Operand],
    pub span: Span,
    pub place: Place,
}

impl Clause<'_> {
    pub fn fault(&self, what: impl Into<String>) -> FilterError {
        FilterError::new(self.span, what)
    }

    /// The values as single texts.
    pub fn texts(&self) -> Result<Vec<&str>, FilterError> {
        self.values
            .iter()
            .map(|value| match value {
                Operand::One(text) => Ok(text.as_str()),
                Operand::Range(..) => Err(self.fault(format!(
                    "`{}` holds texts, which have no ranges.",
                    self.name
                ))),
            })
            .collect()
    }

    /// How texts are compared; `usual` is what `:` means.
    pub fn how(&self, usual: Match) -> Result<Match, FilterError> {
        match self.op {
            Op::Is => Ok(usual),
            Op::Eq | Op::Ne => Ok(Match::Equals),
            Op::Near => Ok(Match::Near),
            op => Err(self.fault(format!(
                "`{}` is no size: it goes with `:`, `=`, `!=` or `~`, not with `{op}`.",
                self.name
            ))),
        }
    }

    /// The stretches of a size, by `read`.
    pub fn within<T>(
        &self,
        read: impl Fn(Op, &Operand) -> Result<T, String>,
    ) -> Result<Vec<T>, FilterError> {
        if self.op == Op::Near {
            return Err(self.fault(format!(
                "`~` compares texts; `{}` goes with `:`, `=`, `<` and `>`.",
                self.name
            )));
        }
        self.values
            .iter()
            .map(|value| read(self.op, value).map_err(|what| self.fault(what)))
            .collect()
    }

    /// `value:10,000` reads as two values, which nobody means.
    pub fn no_groups(&self) -> Result<(), FilterError> {
        let digits = |value: &Operand| match value {
            Operand::One(text) if text.bytes().all(|b| b.is_ascii_digit()) => Some(text.len()),
            _ => None,
        };
        let [first, rest @ ..] = self.values else {
            return Ok(());
        };
        let grouped = digits(first).is_some_and(|len| len <= 3)
            && !rest.is_empty()
            && rest.iter().all(|value| digits(value) == Some(3));
        if grouped {
            let what = "This reads as a list of values; a number is written without commas: 10000, 10'000 or 10k.";
            return Err(self.fault(what));
        }
        Ok(())
    }
}
