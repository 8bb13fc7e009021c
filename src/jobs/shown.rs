//! Exports of what a screen shows: the rows come piece by piece, in the order of the screen, with the columns that it shows.

use std::fs::{File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use crate::domain::history::ListRow;
use crate::domain::lead::Waiting;
use crate::domain::money::{Currency, Money};
use crate::domain::nouns::Entity;
use crate::domain::view::custom_of;
use crate::exchange::write::{
    Delimited, Out, Table, cell, columns, columns_json, harmless, harmless_cell,
};

use super::export::Format;

/// What is exported, and whither.
#[derive(Clone, Debug)]
pub struct ShownRequest {
    /// The file.
    pub path: PathBuf,
    /// Whether a file that is there may be replaced.
    pub overwrite: bool,
    /// The form.
    pub format: Format,
    /// The noun.
    pub entity: Entity,
    /// The columns by their names in a view, each with what people call it.
    pub columns: Vec<(String, String)>,
    /// The currency of amounts whose noun has none of its own.
    pub base: Currency,
}

/// Why an export was not carried out.
#[derive(Debug, thiserror::Error)]
pub enum ShownFault {
    /// There is such a file already.
    #[error("{} is there already.", .0.display())]
    Exists(PathBuf),
    /// The file cannot be written.
    #[error("{} cannot be written: {source}.", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The system's word.
        source: std::io::Error,
    },
}

/// One column: of any export, or one that only a screen has.
enum Column {
    Of(Out),
    NextStep,
    Waits,
    /// What a company's people and deals come to.
    Firm(&'static str),
}

/// The columns that only companies have.
const OF_COMPANIES: [&str; 4] = ["people", "deals", "value", "last_touch"];

impl Column {
    fn named(entity: Entity, key: &str, name: &str) -> Option<Self> {
        if custom_of(key).is_some() {
            return Some(Self::Of(Out::Custom(name.to_owned())));
        }
        let all = columns(entity, &[]);
        let own = all.into_iter().find(|column| match column {
            Out::Set(set) => key == set.name() || key == column.name(),
            other => key == other.name(),
        });
        match (own, key) {
            (Some(own), _) => Some(Self::Of(own)),
            (None, "next_step") => Some(Self::NextStep),
            (None, "waits") => Some(Self::Waits),
            (None, key) if entity == Entity::Company => {
                let known = OF_COMPANIES.into_iter().find(|known| *known == key);
                known.map(Self::Firm)
            }
            (None, _) => None,
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Of(out) => out.name(),
            Self::NextStep => "next_step",
            Self::Waits => "waits_since",
            Self::Firm("deals") => "open_deals",
            Self::Firm("value") => "open_value",
            Self::Firm(name) => name,
        }
    }

    fn cell(&self, row: &ListRow, base: Currency) -> Option<String> {
        match self {
            Self::Of(out) => Some(cell(&row.record, out, base)),
            Self::NextStep => row.next_step.as_ref().map(|step| {
                let due = step.due_at.map(|at| at.to_string());
                let due = due.or_else(|| step.due_date.map(|date| date.to_string()));
                let what = step.subject.clone().unwrap_or_else(|| step.kind.clone());
                due.map_or_else(|| what.clone(), |due| format!("{due} {what}"))
            }),
            Self::Waits => match row.waiting {
                Waiting::Since(at) => Some(at.to_string()),
                Waiting::Unknown | Waiting::No => None,
            },
            Self::Firm(name) => {
                let firm = row.firm?;
                match *name {
                    "people" => Some(firm.people.to_string()),
                    "deals" => Some(firm.open.count.to_string()),
                    "value" => firm.open.sum.known(base).map(Money::decimal),
                    _ => firm.last_touch.map(|at| at.to_string()),
                }
            }
        }
    }
}

/// What the rows go into.
enum Open {
    Table(Box<Table<BufWriter<File>>>),
    Lines(BufWriter<File>),
}

/// An export that is being written. Dropped before its end it leaves no half a file.
pub struct ShownExport {
    request: ShownRequest,
    columns: Vec<Column>,
    into: Option<Open>,
    /// The file that is written: the one asked for, or where that is replaced, one beside it.
    written: PathBuf,
}

impl std::fmt::Debug for ShownExport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("ShownExport")
            .field("path", &self.written)
            .finish_non_exhaustive()
    }
}

impl ShownExport {
    /// Makes the file and writes its header.
    ///
    /// # Errors
    /// There is such a file, or it cannot be made.
    pub fn begin(request: ShownRequest) -> Result<Self, ShownFault> {
        let written = if request.overwrite {
            beside(&request.path)
        } else {
            request.path.clone()
        };
        let file = OpenOptions::new()
            .write(true)
            .create_new(!request.overwrite)
            .create(true)
            .truncate(request.overwrite)
            .open(&written)
            .map_err(|source| match source.kind() {
                std::io::ErrorKind::AlreadyExists => ShownFault::Exists(written.clone()),
                _ => fault(&written, source),
            })?;
        let named = request.columns.iter();
        let columns: Vec<Column> = named
            .filter_map(|(key, name)| Column::named(request.entity, key, name))
            .collect();
        let to = BufWriter::new(file);
        let mut export = Self {
            request,
            columns,
            into: None,
            written,
        };
        export.into = Some(match export.request.format {
            Format::Delimited(form) => {
                let heads = export.columns.iter().map(Column::name);
                let table = Table::new(to, form, heads);
                Open::Table(Box::new(
                    table.map_err(|source| fault(&export.written, source))?,
                ))
            }
            Format::Jsonl => Open::Lines(to),
        });
        Ok(export)
    }

    /// Writes some rows.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn rows(&mut self, rows: &[ListRow]) -> Result<(), ShownFault> {
        for row in rows {
            let written = match &mut self.into {
                Some(Open::Table(table)) => {
                    let cells = self.columns.iter().map(|column| {
                        let cell = column.cell(row, self.request.base).unwrap_or_default();
                        harmless_cell(&cell).into_owned()
                    });
                    let cells: Vec<String> = cells.collect();
                    table.row(cells.iter().map(String::as_str))
                }
                Some(Open::Lines(to)) => line(to, row, &self.columns, self.request.base),
                None => Ok(()),
            };
            written.map_err(|source| fault(&self.written, source))?;
        }
        Ok(())
    }

    /// Ends the file and says where it is.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn finish(mut self) -> Result<PathBuf, ShownFault> {
        let ended = match self.into.take() {
            Some(Open::Table(table)) => table.finish(),
            Some(Open::Lines(mut to)) => to.flush(),
            None => Ok(()),
        };
        let path = self.request.path.clone();
        let placed = ended.and_then(|()| {
            if self.request.overwrite {
                std::fs::rename(&self.written, &path)
            } else {
                Ok(())
            }
        });
        match placed {
            Ok(()) => {
                self.written = PathBuf::new();
                Ok(std::path::absolute(&path).unwrap_or(path))
            }
            Err(source) => Err(fault(&path, source)),
        }
    }
}

impl Drop for ShownExport {
    fn drop(&mut self) {
        self.into = None;
        if !self.written.as_os_str().is_empty() {
            // Best effort: whoever stopped it knows why.
            let _ = std::fs::remove_file(&self.written);
        }
    }
}

fn line(
    to: &mut BufWriter<File>,
    row: &ListRow,
    columns: &[Column],
    base: Currency,
) -> std::io::Result<()> {
    let out: Vec<Out> = columns
        .iter()
        .filter_map(|column| match column {
            Column::Of(out) => Some(out.clone()),
            Column::NextStep | Column::Waits | Column::Firm(_) => None,
        })
        .collect();
    let mut object = columns_json(&row.record, &out, base);
    for column in columns {
        if !matches!(column, Column::Of(_)) {
            let value = column.cell(row, base);
            object.insert(column.name().to_owned(), value.into());
        }
    }
    let line = serde_json::Value::from(object).to_string();
    to.write_all(harmless(&line).as_bytes())?;
    to.write_all(b"\n")
}

fn fault(path: &Path, source: std::io::Error) -> ShownFault {
    ShownFault::File {
        path: path.to_owned(),
        source,
    }
}

/// A file in the same folder that takes the place of another when it is whole.
fn beside(path: &Path) -> PathBuf {
    let mut name = path.file_name().unwrap_or_default().to_owned();
    name.push(format!(".{}.part", std::process::id()));
    path.with_file_name(name)
}

/// The form that the ending of a file's name asks for; `excel` is for spreadsheets, which run no formula then.
#[must_use]
pub fn format_of(path: &Path, excel: bool) -> Option<Format> {
    let ending = path.extension()?.to_str()?.to_lowercase();
    let table = |delimiter| Some(Format::Delimited(Delimited { delimiter, excel }));
    match ending.as_str() {
        "csv" => table(b','),
        "tsv" => table(b'\t'),
        "jsonl" => Some(Format::Jsonl),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::RecordId;
    use crate::domain::nouns::contact;
    use crate::domain::records::Record;
    use crate::domain::value::Value;
    use tempfile::TempDir;

    fn row(name: &str) -> ListRow {
        let fields = Entity::Contact.fields();
        let mut values = vec![Value::Null; fields.len()];
        let place = fields.iter().position(|def| **def == contact::NAME);
        values[place.unwrap()] = name.into();
        ListRow {
            next_step: None,
            waiting: Waiting::No,
            deal: None,
            firm: None,
            record: Record {
                entity: Entity::Contact,
                id: RecordId::from_raw(7),
                created_at: None,
                trashed_at: None,
                names: vec![None; values.len()],
                gone: Vec::new(),
                values,
                custom: Vec::new(),
                sets: Vec::new(),
                source: None,
                state: None,
                seq: 1,
            },
        }
    }

    fn request(path: &Path, overwrite: bool, excel: bool) -> ShownRequest {
        ShownRequest {
            path: path.to_owned(),
            overwrite,
            format: format_of(path, excel).unwrap(),
            entity: Entity::Contact,
            columns: ["name", "city", "next_step", "nothing"]
                .map(|key| (key.to_owned(), key.to_owned()))
                .into(),
            base: "CHF".parse().unwrap(),
        }
    }

    #[test]
    fn rows_go_into_the_file_with_the_columns_in_their_order() {
        let dir = TempDir::new().unwrap();
        for (name, excel, content) in [
            ("a.csv", false, "name,city,next_step\n=1+1,,\n"),
            ("b.tsv", false, "name\tcity\tnext_step\n=1+1\t\t\n"),
            ("c.csv", true, "\u{feff}name,city,next_step\n'=1+1,,\n"),
            (
                "d.jsonl",
                false,
                "{\"city\":null,\"name\":\"=1+1\",\"next_step\":null}\n",
            ),
        ] {
            let path = dir.path().join(name);
            let mut export = ShownExport::begin(request(&path, false, excel)).unwrap();
            export.rows(&[row("=1+1")]).unwrap();
            assert_eq!(export.finish().unwrap(), path);
            let written = std::fs::read_to_string(&path).unwrap();
            if let Ok(json) = serde_json::from_str::<serde_json::Value>(&written) {
                assert_eq!(
                    json,
                    serde_json::from_str::<serde_json::Value>(content).unwrap()
                );
            } else {
                assert_eq!(written, content, "{name}");
            }
        }
        assert!(format_of(Path::new("a.xlsx"), false).is_none());
    }

    #[test]
    fn a_file_that_is_there_is_replaced_whole_and_only_where_that_was_said() {
        let dir = TempDir::new().unwrap();
        let path = dir.path().join("a.csv");
        std::fs::write(&path, "old").unwrap();
        let refused = ShownExport::begin(request(&path, false, false));
        assert!(matches!(refused, Err(ShownFault::Exists(_))));
        let mut export = ShownExport::begin(request(&path, true, false)).unwrap();
        export.rows(&[row("new")]).unwrap();
        drop(export);
        assert_eq!(std::fs::read_to_string(&path).unwrap(), "old");
        assert_eq!(
            std::fs::read_dir(dir.path()).unwrap().count(),
            1,
            "nothing half is left"
        );
        ShownExport::begin(request(&path, true, false))
            .unwrap()
            .finish()
            .unwrap();
        assert_eq!(
            std::fs::read_to_string(&path).unwrap(),
            "name,city,next_step\n"
        );
        let gone = ShownExport::begin(request(&dir.path().join("no/a.csv"), false, false));
        assert!(matches!(gone, Err(ShownFault::File { .. })));
    }
}
