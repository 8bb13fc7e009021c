//! A small result in every form: aligned, plain, JSON, CSV. Lists of records come from the exchange room instead.

use std::io::{self, Write};

use serde_json::{Value as Json, json};

use super::fault::Fault;
use super::output::{Format, one_line};
use super::shell::Shell;
use super::table::{Side, Table};
use crate::exchange::write::{harmless, harmless_cell};

/// Rows that are ready to be printed.
#[derive(Clone, Debug, Default)]
pub struct Rows<'a> {
    heads: Vec<(&'a str, Side)>,
    cells: Vec<Vec<String>>,
    objects: Vec<Json>,
    above: Vec<String>,
    below: Vec<String>,
}

impl<'a> Rows<'a> {
    /// No rows yet, with these columns.
    #[must_use]
    pub fn new(heads: &[(&'a str, Side)]) -> Self {
        Self {
            heads: heads.to_vec(),
            ..Self::default()
        }
    }

    /// Adds a row: its cells, and what it is to a program.
    pub fn push<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>, object: Json) {
        self.cells(cells);
        self.object(object);
    }

    /// Adds a row that no program will read.
    pub fn cells<S: Into<String>>(&mut self, cells: impl IntoIterator<Item = S>) {
        self.cells.push(cells.into_iter().map(Into::into).collect());
    }

    /// Adds a row that only programs will read.
    pub fn object(&mut self, object: Json) {
        self.objects.push(object);
    }

    /// Adds lines that people read above the rows.
    pub fn above_all(&mut self, lines: impl IntoIterator<Item = String>) {
        self.above.extend(lines);
    }

    /// Adds lines that people read below the rows.
    pub fn below_all(&mut self, lines: impl IntoIterator<Item = String>) {
        self.below.extend(lines);
    }

    /// Prints them in the form that was asked for; a JSON document has them as `items`.
    pub fn print(self, shell: &Shell) -> Result<(), Fault> {
        self.print_as(shell, |items| json!({"schema_version": 1, "items": items}))
    }

    /// [`print`](Self::print) with a JSON document of another shape.
    pub fn print_as(
        self,
        shell: &Shell,
        document: impl FnOnce(Vec<Json>) -> Json,
    ) -> Result<(), Fault> {
        let mut out = shell.out()?;
        match shell.format() {
            Format::Json => writeln!(out, "{}", harmless(&document(self.objects).to_string()))?,
            Format::Jsonl => {
                for object in &self.objects {
                    writeln!(out, "{}", harmless(&object.to_string()))?;
                }
            }
            Format::Csv => self.separated(&mut out, b',')?,
            Format::Tsv => self.separated(&mut out, b'\t')?,
            Format::Plain => {
                for row in &self.cells {
                    let row: Vec<String> = row.iter().map(|cell| one_line(cell)).collect();
                    writeln!(out, "{}", row.join("\t"))?;
                }
            }
            Format::Table => self.table(shell, &mut out)?,
        }
        out.finish()
    }

    fn table(self, shell: &Shell, to: &mut dyn Write) -> io::Result<()> {
        for line in &self.above {
            writeln!(to, "{}", one_line(line))?;
        }
        if !self.cells.is_empty() {
            let mut table = Table::new(self.heads);
            for row in &self.cells {
                table.row(row);
            }
            table.print(to, shell.columns(), shell.is_coloured())?;
        }
        for line in &self.below {
            writeln!(to, "{}", one_line(line))?;
        }
        Ok(())
    }

    /// RFC 4180 with a header and LF.
    fn separated(&self, to: &mut dyn Write, delimiter: u8) -> Result<(), Fault> {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(delimiter)
            .from_writer(to);
        writer
            .write_record(self.heads.iter().map(|(head, _)| one_line(head)))
            .map_err(io_error)?;
        for row in &self.cells {
            for cell in row {
                let cell = harmless_cell(cell);
                writer.write_field(cell.as_ref()).map_err(io_error)?;
            }
            writer.write_record(None::<&[u8]>).map_err(io_error)?;
        }
        writer.flush()?;
        Ok(())
    }
}

fn io_error(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_with_commas_and_quotes_are_quoted() {
        let mut rows = Rows::new(&[("a", Side::Left), ("b", Side::Left)]);
        rows.push(["x,y", "say \"hi\""], Json::Null);
        let mut bytes = Vec::new();
        rows.separated(&mut bytes, b',').unwrap();
        assert_eq!(
            String::from_utf8(bytes).unwrap(),
            "a,b\n\"x,y\",\"say \"\"hi\"\"\"\n"
        );
    }
}
