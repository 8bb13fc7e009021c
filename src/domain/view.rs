//! What a screen shows: which records, in which order, with which columns. Kept under a name it is a view.
//!
//! Columns and orders have the names of the filter language (`company`, `last_touch`, `next_step`); a custom field is `custom.` and
//! the id of its `field` record, so that a view outlives a field's new name. In the book both are one line with commas between; in an
//! order `-` comes before what is descending. The columns of a board are the stages of a pipeline: `pipeline.` and its id stands for them.

use super::filter::{self, Filter};
use super::id::{Id, RecordId};
use super::nouns::{Entity, FieldDef, view};
use super::records::{Pipeline, Record};

/// Columns that a view has at the most.
const MOST_COLUMNS: usize = 60;
/// Keys that an order has at the most.
const MOST_KEYS: usize = 4;
/// Before the id of a custom field.
const CUSTOM: &str = "custom.";
/// Before the id of the pipeline that a board shows.
const PIPELINE: &str = "pipeline.";

/// A key of an order: a column's name, and whether the greatest come first.
pub type SortKey = (String, bool);

/// What a screen shows. What it does not say stays as the screen has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Setup {
    /// Which records; an empty one lets everything through.
    pub filter: Filter,
    /// The columns, in order; none are the usual ones.
    pub columns: Vec<String>,
    /// The order; no keys are the usual one.
    pub sort: Vec<SortKey>,
    /// The pipeline of a board; `None` leaves the one that is shown.
    pub pipeline: Option<Id<Pipeline>>,
}

/// A view.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SavedView {
    /// Its record.
    pub id: RecordId,
    /// What people call it.
    pub name: String,
    /// The screen that it is of, one of [`VIEW_SCREENS`](super::nouns::VIEW_SCREENS).
    pub screen: String,
    /// What it shows; or in a sentence why that cannot be known: another program wrote it.
    pub setup: Result<Setup, String>,
    /// Whose it is.
    pub owner: Option<RecordId>,
    /// Whether everybody has it in their menu.
    pub shared: bool,
    /// The version of its record.
    pub seq: i64,
}

impl SavedView {
    /// The view that a record is.
    #[must_use]
    pub fn of(record: &Record) -> Self {
        let text = |field| record.text(field).unwrap_or_default();
        let setup = Setup::read(text(&view::FILTER), text(&view::COLUMNS), text(&view::SORT));
        Self {
            id: record.id,
            name: record.name(),
            screen: text(&view::SCREEN).to_owned(),
            setup,
            owner: record.int(&view::OWNER).map(RecordId::from_raw),
            shared: record.int(&view::SHARED) == Some(1),
            seq: record.seq,
        }
    }

    /// Whether somebody has it in their menu: it is shared, theirs or nobody's.
    #[must_use]
    pub fn is_for(&self, me: Option<RecordId>) -> bool {
        self.shared || self.owner.is_none() || self.owner == me
    }
}

impl Setup {
    /// Reads the three lines of a view.
    ///
    /// # Errors
    /// A sentence that says which of them means nothing.
    pub fn read(filter: &str, columns: &str, sort: &str) -> Result<Self, String> {
        let mut columns = read_columns(columns)?;
        let pipeline = columns.iter().find_map(|name| pipeline_of(name));
        columns.retain(|name| pipeline_of(name).is_none());
        Ok(Self {
            filter: filter::parse(filter).map_err(|fault| fault.what)?,
            columns,
            sort: read_sort(sort)?,
            pipeline,
        })
    }

    /// Which records outside of the screen: a board shows those of its pipeline alone.
    #[must_use]
    pub fn condition(&self) -> Filter {
        let of = self.pipeline.map(|id| format!("pipeline:{}", id.record()));
        match of.and_then(|of| filter::parse(&of).ok()) {
            Some(of) => of.and(self.filter.clone()),
            None => self.filter.clone(),
        }
    }

    /// The filter as one line; `None` where it lets everything through.
    #[must_use]
    pub fn filter_line(&self) -> Option<String> {
        (!self.filter.is_empty()).then(|| self.filter.to_string())
    }

    /// The columns as one line; `None` where they are the usual ones.
    #[must_use]
    pub fn columns_line(&self) -> Option<String> {
        let pipeline = self.pipeline.map(|id| pipeline_column(id.record()));
        let names: Vec<String> = pipeline.into_iter().chain(self.columns.clone()).collect();
        (!names.is_empty()).then(|| names.join(","))
    }

    /// The order as one line; `None` where it is the usual one.
    #[must_use]
    pub fn sort_line(&self) -> Option<String> {
        let key = |(name, down): &SortKey| format!("{}{name}", if *down { "-" } else { "" });
        let keys: Vec<String> = self.sort.iter().map(key).collect();
        (!keys.is_empty()).then(|| keys.join(","))
    }
}

/// The column of a custom field.
#[must_use]
pub fn custom_column(field: RecordId) -> String {
    format!("{CUSTOM}{field}")
}

/// The custom field that a column shows.
#[must_use]
pub fn custom_of(column: &str) -> Option<RecordId> {
    RecordId::parse(column.strip_prefix(CUSTOM)?)
}

/// What stands for the columns of a board.
#[must_use]
pub fn pipeline_column(pipeline: RecordId) -> String {
    format!("{PIPELINE}{pipeline}")
}

/// The pipeline whose stages a board has as its columns.
#[must_use]
pub fn pipeline_of(column: &str) -> Option<Id<Pipeline>> {
    RecordId::parse(column.strip_prefix(PIPELINE)?).map(Id::new)
}

/// The noun that a screen with views lists.
#[must_use]
pub fn listed(screen: &str) -> Option<Entity> {
    match screen {
        "leads" | "contacts" => Some(Entity::Contact),
        "pipeline" => Some(Entity::Deal),
        "companies" => Some(Entity::Company),
        _ => None,
    }
}

/// One line of a view as it stands in the book: the filter in its canonical form, names without blanks between.
///
/// # Errors
/// A sentence.
pub fn checked(field: &FieldDef, line: &str) -> Result<String, String> {
    let setup = |filter, columns, sort| Setup::read(filter, columns, sort);
    let line = if *field == view::FILTER {
        setup(line, "", "")?.filter_line()
    } else if *field == view::COLUMNS {
        setup("", line, "")?.columns_line()
    } else if *field == view::SORT {
        setup("", "", line)?.sort_line()
    } else {
        Some(line.to_owned())
    };
    Ok(line.unwrap_or_default())
}

fn read_columns(line: &str) -> Result<Vec<String>, String> {
    let mut columns: Vec<String> = Vec::new();
    for name in line.split(',').filter(|name| !name.trim().is_empty()) {
        let name = column_name(name)?;
        if !columns.contains(&name) {
            columns.push(name);
        }
    }
    if columns.len() > MOST_COLUMNS {
        return Err(format!("A view has at most {MOST_COLUMNS} columns."));
    }
    Ok(columns)
}

fn read_sort(line: &str) -> Result<Vec<SortKey>, String> {
    let mut keys: Vec<SortKey> = Vec::new();
    for key in line.split(',').filter(|key| !key.trim().is_empty()) {
        let key = key.trim();
        let (name, down) = match key.strip_prefix('-') {
            Some(name) => (name, true),
            None => (key, false),
        };
        let name = column_name(name)?;
        if !keys.iter().any(|(known, _)| *known == name) {
            keys.push((name, down));
        }
    }
    if keys.len() > MOST_KEYS {
        return Err(format!("An order has at most {MOST_KEYS} keys."));
    }
    Ok(keys)
}

/// A column's name in its usual spelling; which of them a screen has it knows itself.
fn column_name(typed: &str) -> Result<String, String> {
    let typed = typed.trim();
    if let Some(field) = custom_of(typed) {
        return Ok(custom_column(field));
    }
    if let Some(pipeline) = pipeline_of(typed) {
        return Ok(pipeline_column(pipeline.record()));
    }
    let name = typed.to_lowercase().replace('-', "_");
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.');
    if name.is_empty() || !name.chars().all(fits) {
        return Err(format!(
            "`{typed}` is not the name of a column: name,company,last_touch."
        ));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::check;
    use crate::domain::value::Value;
    use proptest::prelude::*;

    #[test]
    fn the_lines_of_a_view_read_back() {
        let setup = Setup::read(
            "owner:me and (no:next_step or  touched>60d)",
            "name, Last-Touch,name",
            "-last_touch, name,-name",
        )
        .unwrap();
        assert_eq!(setup.columns, ["name", "last_touch"]);
        assert_eq!(
            setup.sort,
            [("last_touch".to_owned(), true), ("name".to_owned(), false)]
        );
        assert_eq!(
            setup.filter_line().as_deref(),
            Some("owner:me (no:next_step or touched>60d)")
        );
        assert_eq!(setup.columns_line().as_deref(), Some("name,last_touch"));
        assert_eq!(setup.sort_line().as_deref(), Some("-last_touch,name"));
    }

    #[test]
    fn what_means_nothing_is_refused_by_the_door_of_all_values() {
        for (field, line) in [
            (&view::FILTER, "(owner:me"),
            (&view::COLUMNS, "name,a b"),
            (&view::SORT, "-a b"),
        ] {
            assert!(check::checked(field, line.into()).is_err(), "{line}");
        }
        assert_eq!(
            check::checked(&view::FILTER, "owner:me  and tag:vip".into()),
            Ok("owner:me tag:vip".into())
        );
        assert_eq!(
            check::checked(&view::COLUMNS, " , ".into()),
            Ok(Value::Null)
        );
        assert_eq!(
            check::checked(&view::NAME, " Mine ".into()),
            Ok("Mine".into())
        );
    }

    #[test]
    fn a_custom_field_is_a_column_by_its_id() {
        let id = RecordId::from_raw(77);
        let column = custom_column(id);
        assert_eq!(custom_of(&column), Some(id));
        assert_eq!(read_columns(&column), Ok(vec![column]));
        assert_eq!(custom_of("custom"), None);
    }

    #[test]
    fn a_board_is_kept_with_its_pipeline_among_the_columns() {
        let id = RecordId::from_raw(501);
        let line = format!("name,{}", pipeline_column(id));
        let setup = Setup::read("owner:me", &line, "").unwrap();
        assert_eq!(setup.pipeline, Some(Id::new(id)));
        assert_eq!(setup.columns, ["name"]);
        let kept = setup.columns_line().unwrap();
        assert_eq!(kept, format!("pipeline.{id},name"));
        assert_eq!(Setup::read("owner:me", &kept, ""), Ok(setup.clone()));
        assert_eq!(
            setup.condition().to_string(),
            format!("pipeline:{id} owner:me")
        );
        assert_eq!(Setup::read("", "name", "").unwrap().pipeline, None);
    }

    proptest! {
        #[test]
        fn every_line_that_is_taken_reads_back_as_itself(filter in ".{0,40}", columns in "[a-z_, .A-Z-]{0,30}", sort in "[a-z_,-]{0,30}") {
            if let Ok(setup) = Setup::read(&filter, &columns, &sort) {
                let again = Setup::read(
                    &setup.filter_line().unwrap_or_default(),
                    &setup.columns_line().unwrap_or_default(),
                    &setup.sort_line().unwrap_or_default(),
                );
                prop_assert_eq!(again, Ok(setup));
            }
        }
    }
}
