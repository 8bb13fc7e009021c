//! A table made ready for planning: how each column writes its values, and each row as it came.

use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::domain::nouns::{Entity, Kind, Set};
use crate::exchange::read::{Row, Table};
use crate::exchange::recognise::{Recognised, Use, Vocabulary};
use crate::exchange::value::date::{self, Decision, Order};
use crate::exchange::value::number::{self, NumberForm};
use crate::exchange::value::{is_blank, is_blank_value};

/// A file that is part of an import.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileInfo {
    /// Its name, without folders.
    pub name: String,
    /// SHA-256 of its bytes, hexadecimal.
    pub hash: String,
}

/// A table that is understood, with the forms of its columns.
#[derive(Clone, Debug)]
pub struct Sheet {
    /// The file.
    pub file: FileInfo,
    /// Its rows.
    pub table: Table,
    /// What they are.
    pub recognised: Recognised,
    /// How each column is read.
    pub columns: Vec<Column>,
}

/// How a column is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// What it becomes.
    pub using: Use,
    /// How it writes its values.
    pub form: Form,
    /// How it writes numbers, where it becomes a custom field: what the book's field of that name holds is known later.
    pub numbers: NumberForm,
    /// The kind of custom field that keeps it, where it becomes one.
    pub custom: Option<&'static str>,
    /// The words of the book for what the cells of a choice say.
    pub words: Vec<(String, &'static str)>,
}

/// How a column writes its values.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// As text.
    Text,
    /// As numbers.
    Number(NumberForm),
    /// As dates in this order, where an order is needed.
    Date(Option<Order>),
}

/// A sheet that cannot be read before something is told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SheetFault {
    /// No cell decides how dates are written.
    #[error(
        "{file}: `{example}` in column `{column}` may be read in two ways, and no other cell decides. Say which with `--dates dmy` (day first), `--dates mdy` (month first) or `--dates ymd`."
    )]
    Dates {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// A cell.
        example: String,
    },
    /// Cells contradict each other.
    #[error(
        "{file}: column `{column}` holds `{one}` and `{other}`, which are dates in different orders. Say which is meant with `--dates dmy|mdy|ymd`; rows in the other order are rejected."
    )]
    MixedDates {
        /// The file.
        file: String,
        /// The column.
        column: String,
        /// A cell.
        one: String,
        /// Another one.
        other: String,
    },
}

impl Sheet {
    /// Decides from all cells how each column is read. `dates` is what the user says of the order of dates.
    ///
    /// # Errors
    /// Where dates can be read in two ways and nothing decides.
    pub fn prepare(
        file: FileInfo,
        table: Table,
        recognised: Recognised,
        vocabulary: &Vocabulary,
        dates: Option<Order>,
    ) -> Result<Self, SheetFault> {
        let orders = date_orders(&table, &recognised, dates)?;
        let columns = recognised
            .columns
            .iter()
            .enumerate()
            .map(|(place, using)| column(&table, place, *using, orders[place], vocabulary))
            .collect();
        Ok(Self {
            file,
            table,
            recognised,
            columns,
        })
    }

    /// The noun of the rows.
    #[must_use]
    pub const fn entity(&self) -> Entity {
        self.recognised.entity
    }

    /// The first column of a use.
    #[must_use]
    pub fn place_of(&self, using: Use) -> Option<usize> {
        self.columns.iter().position(|column| column.using == using)
    }

    /// A row as it came, as JSON: column name to cell, in order, without what is about the export itself.
    #[must_use]
    pub fn raw(&self, row: Row<'_>) -> String {
        // Names and cells are text, so that nothing can fail to serialise.
        serde_json::to_string(&Raw { sheet: self, row }).unwrap_or_default()
    }
}

struct Raw<'a> {
    sheet: &'a Sheet,
    row: Row<'a>,
}

impl Serialize for Raw<'_> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        let mut map = to.serialize_map(None)?;
        for (place, column) in self.sheet.columns.iter().enumerate() {
            if column.using != Use::Ignored {
                map.serialize_entry(&self.sheet.table.header[place], self.row.cell(place))?;
            }
        }
        map.end()
    }
}

const fn is_date(using: Use) -> bool {
    match using {
        Use::Created | Use::Close | Use::Closed | Use::At => true,
        Use::Own(field) => matches!(field.kind, Kind::Date | Kind::Instant),
        _ => false,
    }
}

const fn is_number(using: Use) -> bool {
    match using {
        Use::Quantity | Use::LinePrice | Use::Seconds => true,
        Use::Own(field) => matches!(field.kind, Kind::Number | Kind::Money | Kind::Percent),
        _ => false,
    }
}

/// The order of dates of each column: the user's, else what its own cells say, else what the other columns of the file agree on.
fn date_orders(
    table: &Table,
    recognised: &Recognised,
    dates: Option<Order>,
) -> Result<Vec<Option<Order>>, SheetFault> {
    let decisions: Vec<Option<Decision>> = recognised
        .columns
        .iter()
        .enumerate()
        .map(|(place, using)| is_date(*using).then(|| date::decide(table.column(place))))
        .collect();
    let mut agreed: Vec<Order> = decisions
        .iter()
        .filter_map(|decision| match decision {
            Some(Decision::Order(order)) => Some(*order),
            _ => None,
        })
        .collect();
    agreed.dedup();
    let agreed = if agreed.len() == 1 {
        agreed.first().copied()
    } else {
        None
    };
    decisions
        .into_iter()
        .enumerate()
        .map(|(place, decision)| {
            let (file, column) = (table.name.clone(), table.header[place].clone());
            match decision {
                None | Some(Decision::NotNeeded) => Ok(dates),
                Some(_) if dates.is_some() => Ok(dates),
                Some(Decision::Order(order)) => Ok(Some(order)),
                Some(Decision::Open(example)) => agreed.map(Some).ok_or(SheetFault::Dates {
                    file,
                    column,
                    example,
                }),
                Some(Decision::Mixed(one, other)) => Err(SheetFault::MixedDates {
                    file,
                    column,
                    one,
                    other,
                }),
            }
        })
        .collect()
}

fn column(
    table: &Table,
    place: usize,
    using: Use,
    order: Option<Order>,
    vocabulary: &Vocabulary,
) -> Column {
    let mut column = Column {
        using,
        form: Form::Text,
        numbers: NumberForm::PLAIN,
        custom: None,
        words: Vec::new(),
    };
    if is_date(using) {
        column.form = Form::Date(order);
    } else if is_number(using) {
        column.form = Form::Number(NumberForm::decide(table.column(place)));
    } else if using == Use::Custom {
        (column.form, column.custom) = custom_form(table, place);
        column.numbers = NumberForm::decide(table.column(place));
    } else if let Use::Own(field) = using
        && matches!(field.kind, Kind::Choice(_))
    {
        let mut all_known = true;
        for cell in table.column(place) {
            if is_blank_value(cell) || column.words.iter().any(|(said, _)| said == cell) {
                continue;
            }
            match vocabulary.choice(field, cell) {
                Some(word) => column.words.push((cell.to_owned(), word)),
                None => all_known = false,
            }
        }
        // What the book has no word for is kept beside, as it came.
        column.custom = (!all_known).then_some("text");
    }
    column
}

/// What kind of custom field a column fits, from all its cells; none where they are all blank.
fn custom_form(table: &Table, place: usize) -> (Form, Option<&'static str>) {
    let filled = || table.column(place).filter(|cell| !is_blank(cell));
    if filled().next().is_none() {
        return (Form::Text, None);
    }
    // A number that begins with zero is a code, and a long one an id.
    let whole = |cell: &str| {
        let digits = cell.trim().trim_start_matches('-');
        let code = digits.len() > 1 && digits.starts_with('0');
        digits.len() <= 12
            && !code
            && digits.bytes().all(|b| b.is_ascii_digit())
            && number::whole(cell, NumberForm::PLAIN).is_ok()
    };
    if filled().all(whole) {
        return (Form::Number(NumberForm::PLAIN), Some("number"));
    }
    let order = match date::decide(filled()) {
        Decision::NotNeeded => Some(None),
        Decision::Order(order) => Some(Some(order)),
        Decision::Open(_) | Decision::Mixed(..) => None,
    };
    if let Some(order) = order
        && filled().all(|cell| {
            cell.trim().len() >= 6
                && !cell.bytes().all(|b| b.is_ascii_digit())
                && date::read(cell, order).is_ok()
        })
    {
        let timed = filled().any(|cell| {
            !matches!(
                date::read(cell, order),
                Ok(Some(date::When::Date(_)) | None)
            )
        });
        return (
            Form::Date(order),
            Some(if timed { "instant" } else { "date" }),
        );
    }
    (Form::Text, Some("text"))
}

/// The elements of a cell that holds several: Google's ` ::: `, semicolons, bars, and commas and blanks between e-mail addresses.
pub(super) fn elements(set: Set, cell: &str) -> Vec<&str> {
    let cell = cell.trim();
    let split: Vec<&str> = if cell.contains(":::") {
        cell.split(":::").collect()
    } else {
        match set {
            Set::Email => cell.split([',', ';', '|', ' ', '\n', '\t']).collect(),
            Set::Tag | Set::Phone => cell.split([',', ';', '|', '\n']).collect(),
            Set::Url | Set::Domain => cell.split([';', '|', ' ', '\n']).collect(),
        }
    };
    split
        .into_iter()
        .map(|element| element.trim().trim_start_matches("* ").trim())
        .filter(|element| !element.is_empty())
        .collect()
}
