//! Exports of what is shown. The records are read piece by piece, and each piece is written before the next is read: neither the screen
//! nor the book waits for the file.

use crate::domain::history::ListRow;
use crate::domain::id::RecordId;
use crate::domain::money::grouped;
use crate::domain::nouns::Entity;
use crate::store::query::{Answer as StoreAnswer, Query};
use crate::tui::exporter::{Begin, Exporting, ToFile};
use crate::tui::forms::confirm::Confirm;
use crate::tui::forms::export::{ExportForm, Whither};
use crate::tui::layers::{Exported, Layer};
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::widgets::Answer;
use crate::tui::words::count;

use super::{App, views};

/// Records that are read and written at a time.
const PIECE: usize = 500;
/// After so many written records it is said how many they are.
const SAID: usize = 5_000;

/// An export that is under way.
#[derive(Debug)]
pub(super) struct Export {
    entity: Entity,
    ids: Vec<RecordId>,
    /// How many of them were read.
    read: usize,
    whither: Whither,
    exported: Exported,
}

/// How many of them it is: `1 contact`, `1,234 contacts`.
fn many(exported: &Exported, number: usize) -> String {
    count(number as u64, exported.one, exported.what)
}

impl App {
    /// Asks where what is shown is exported to.
    pub fn export(&mut self) {
        let Some(exported) = self.screen().exported(&self.asking()) else {
            return;
        };
        let what = match &exported.rows {
            Ok(ids) => many(&exported, ids.len()),
            Err(_) => format!("the {} of the pipeline", exported.what),
        };
        let day = self.now().date(self.zone());
        let path = format!("{}-{day}.csv", exported.what);
        let form = ExportForm::new(&what, &path);
        self.layers.push(Layer::Export(Box::new(form), exported));
    }

    pub(super) fn export_answered(
        &mut self,
        form: Box<ExportForm>,
        exported: Exported,
        answer: Answer<Whither>,
    ) {
        match answer {
            Answer::Stay => self.layers.push(Layer::Export(form, exported)),
            Answer::Cancel => {}
            Answer::Submit(whither) => self.begin_export(whither, exported, false),
        }
    }

    pub(super) fn replace_answered(
        &mut self,
        confirm: Confirm,
        export: Box<(Whither, Exported)>,
        answer: &Answer<()>,
    ) {
        match answer {
            Answer::Stay => self.layers.push(Layer::Replace(confirm, export)),
            Answer::Submit(()) => self.begin_export(export.0, export.1, true),
            Answer::Cancel => {
                let form = ExportForm::new(export.1.what, &export.0.path);
                self.layers.push(Layer::Export(Box::new(form), export.1));
            }
        }
    }

    fn begin_export(&mut self, whither: Whither, exported: Exported, overwrite: bool) {
        let Some(base) = self.base() else {
            return;
        };
        self.out.push(Effect::Export(ToFile::Begin(Begin {
            path: whither.path.clone(),
            overwrite,
            excel: whither.excel,
            entity: exported.entity,
            columns: exported.columns.clone(),
            base,
        })));
        self.exporting = Some(Export {
            entity: exported.entity,
            ids: exported.rows.clone().unwrap_or_default(),
            read: 0,
            whither,
            exported,
        });
        self.say(Tone::Plain, "Exporting … Ctrl-C stops it");
    }

    /// The file says how far it is.
    pub(super) fn heard_of_export(&mut self, said: Exporting) {
        match said {
            Exporting::Ready => self.export_on(),
            Exporting::Exists => {
                if let Some(export) = self.exporting.take() {
                    self.stay();
                    let text = format!("{} is there already.", export.whither.path);
                    let confirm = Confirm::new("Export", &text, "Replace it");
                    let layer =
                        Layer::Replace(confirm, Box::new((export.whither, export.exported)));
                    self.push_below_text(layer);
                }
            }
            Exporting::Done(path) => {
                if let Some(export) = self.exporting.take() {
                    let text = format!(
                        "Exported {} to {}",
                        many(&export.exported, export.ids.len()),
                        path.display()
                    );
                    self.say(Tone::Good, text);
                    self.leave_when_done();
                }
            }
            Exporting::Failed(why) => {
                if self.exporting.take().is_some() {
                    self.stay();
                    self.say(Tone::Bad, format!("Not exported. {why}"));
                }
            }
        }
    }

    /// Reads the next piece; the first is which records they are, where that is not known.
    fn export_on(&mut self) {
        let Some(export) = &mut self.exporting else {
            return;
        };
        if let Err(query) = &export.exported.rows {
            let query = Query::Order(query.clone());
            self.read(views::EXPORT, query);
            return;
        }
        if export.read >= export.ids.len() {
            self.out.push(Effect::Export(ToFile::Finish));
            return;
        }
        let (done, to) = (export.read, (export.read + PIECE).min(export.ids.len()));
        let ids = export.ids[done..to].to_vec();
        export.read = to;
        let (entity, all) = (export.entity, export.ids.len());
        if done > 0 && done.is_multiple_of(SAID) {
            let text = format!(
                "Exporting {} of {} … Ctrl-C stops it",
                grouped(done as u64),
                grouped(all as u64)
            );
            self.say(Tone::Plain, text);
        }
        let now = self.now();
        self.read(views::EXPORT, Query::Rows { entity, ids, now });
    }

    /// A piece was read, or which records they are.
    pub(super) fn export_read(&mut self, answer: StoreAnswer) {
        let Some(export) = &mut self.exporting else {
            return;
        };
        match answer {
            StoreAnswer::Order(order) => {
                export.ids.clone_from(&order.ids);
                export.exported.rows = Ok(order.ids);
                self.export_on();
            }
            StoreAnswer::Rows(rows) => self.write_rows(rows),
            _ => {}
        }
    }

    fn write_rows(&mut self, rows: Vec<ListRow>) {
        self.out.push(Effect::Export(ToFile::Rows(rows)));
    }

    /// The book did not answer: no half a file is left.
    pub(super) fn export_not_read(&mut self) {
        if self.exporting.take().is_some() {
            self.stay();
            self.out.push(Effect::Export(ToFile::Cancel));
        }
    }

    /// The file of the export that is under way.
    pub(super) fn exports_to(&self) -> Option<&str> {
        let export = self.exporting.as_ref();
        export.map(|export| export.whither.path.as_str())
    }

    /// Stops an export that is under way; says whether there was one.
    pub(super) fn stop_export(&mut self) -> bool {
        let Some(export) = self.exporting.take() else {
            return false;
        };
        self.out.push(Effect::Export(ToFile::Cancel));
        let text = format!(
            "The export was stopped; no {} was written",
            export.whither.path
        );
        self.say(Tone::Plain, text);
        self.leave_when_done();
        true
    }
}
