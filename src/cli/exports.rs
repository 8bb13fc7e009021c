//! The files of the app's exports.

use std::path::{Path, PathBuf};

use crate::domain::history::ListRow;
use crate::jobs::shown::{ShownExport, ShownFault, ShownRequest, format_of};
use crate::tui::exporter::{Begin, NotBegun, Sheet};

/// Begins a file where the app's user typed.
pub fn begin(what: &Begin) -> Result<Box<dyn Sheet>, NotBegun> {
    let path = match (what.path.strip_prefix("~/"), std::env::home_dir()) {
        (Some(rest), Some(home)) => home.join(rest),
        _ => PathBuf::from(&what.path),
    };
    let Some(format) = format_of(Path::new(&path), what.excel) else {
        let why = "The file's ending says what is written: .csv, .tsv or .jsonl.";
        return Err(NotBegun::Fault(why.to_owned()));
    };
    let request = ShownRequest {
        path,
        overwrite: what.overwrite,
        format,
        entity: what.entity,
        columns: what.columns.clone(),
        base: what.base,
    };
    match ShownExport::begin(request) {
        Ok(export) => Ok(Box::new(export)),
        Err(ShownFault::Exists(_)) => Err(NotBegun::Exists),
        Err(fault @ ShownFault::File { .. }) => Err(NotBegun::Fault(fault.to_string())),
    }
}

impl Sheet for ShownExport {
    fn rows(&mut self, rows: &[ListRow]) -> Result<(), String> {
        ShownExport::rows(self, rows).map_err(|fault| fault.to_string())
    }

    fn finish(self: Box<Self>) -> Result<PathBuf, String> {
        ShownExport::finish(*self).map_err(|fault| fault.to_string())
    }
}
