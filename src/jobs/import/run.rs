//! A plan to steps.

use std::fs::OpenOptions;
use std::io::BufWriter;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

use crate::domain::command::{Origin, StepDraft};
use crate::domain::id::StepId;
use crate::domain::outcome::{Kept, Outcome, Receipt};
use crate::exchange::plan::{Batch, Made, Plan, Reject, Report, Run, Sheet, bind};
use crate::exchange::write;
use crate::jobs::group::{self, Actor, PATIENCE};
use crate::store::StoreError;
use crate::store::{Book, random_id, real_now};

use super::fault::ImportFault;
use super::files::{open, sheets};
use super::{Request, own};

/// So often an import is planned where others make the same records between its plan and its writing.
const PLANS: usize = 5;

/// What an import is busy with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Reading files.
    Reading,
    /// Working out what to do.
    Planning,
    /// Writing to the book.
    Writing,
    /// Taking back what was written.
    Undoing,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// What it is busy with.
    pub phase: Phase,
    /// Rows that are in the book.
    pub done: usize,
    /// Rows that shall be.
    pub total: usize,
}

/// An import that was carried out, cancelled, or only planned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// What it comes to.
    pub report: Report,
    /// Files that hold nothing to take, each with a sentence.
    pub skipped: Vec<String>,
    /// Records that somebody changed between plan and commit, and that were left alone.
    pub kept: Vec<Kept>,
    /// The group that one undo takes back; `None` where nothing was written.
    pub group: Option<StepId>,
    /// It was cancelled, and what it had written was taken back.
    pub cancelled: bool,
    /// Files of rejected rows that were written.
    pub rejects: Vec<PathBuf>,
    /// The backup that was made before, where one was due, or why it could not be made.
    pub backup: Option<Result<PathBuf, String>>,
}

/// An import of more rows than this is backed up before.
const BIG: usize = 1000;

/// Imports. `watch` hears of every batch; `cancel` is looked at between batches.
///
/// # Errors
/// See [`ImportFault`]: in every case the book is as it was.
pub fn run(
    book: &mut Book,
    request: &Request,
    watch: &mut dyn FnMut(Progress),
    cancel: &AtomicBool,
) -> Result<Done, ImportFault> {
    watch(Progress {
        phase: Phase::Reading,
        done: 0,
        total: 0,
    });
    let files = match own::form(open(&request.files)?)? {
        own::Form::Own(files) => return own::run(book, request, files, watch, cancel),
        own::Form::Tables(files) => files,
    };
    let (sheets, skipped) = sheets(request, &files)?;
    drop(files);
    watch(Progress {
        phase: Phase::Planning,
        done: 0,
        total: 0,
    });
    if !request.dry_run {
        book.take_back_all_unfinished()?;
    }
    let mut planned = plan(book, request, &sheets)?;
    let rejects = match &request.rejects {
        Some(path) => write_rejects(path, &sheets, &planned.report)?,
        None => Vec::new(),
    };
    let rows = if planned.batches.is_empty() {
        0
    } else {
        planned.report.rows()
    };
    let backup = back_up_before(book, request, rows);
    let mut plans = 1;
    loop {
        match carry_out(book, request, &sheets, planned, watch, cancel) {
            Err(ImportFault::Store(StoreError::Raced { .. })) if plans < PLANS => {
                planned = plan(book, request, &sheets)?;
                plans += 1;
            }
            Err(fault) => return Err(fault),
            Ok(done) => {
                return Ok(Done {
                    skipped,
                    rejects,
                    backup,
                    ..done
                });
            }
        }
    }
}

/// Makes a backup before a big import. That none can be made is said, and does not stop it: undo takes it back too.
pub(super) fn back_up_before(
    book: &mut Book,
    request: &Request,
    rows: usize,
) -> Option<Result<PathBuf, String>> {
    if request.dry_run || rows <= BIG {
        return None;
    }
    match book.back_up_before_import(real_now()) {
        Ok(made) => made.map(|backup| Ok(backup.path)),
        Err(fault) => Some(Err(fault.to_string())),
    }
}

/// Writes what a plan says, or takes back what it had written.
fn carry_out(
    book: &mut Book,
    request: &Request,
    sheets: &[Sheet],
    plan: Plan,
    watch: &mut dyn FnMut(Progress),
    cancel: &AtomicBool,
) -> Result<Done, ImportFault> {
    let Plan {
        batches,
        imports,
        report,
    } = plan;
    let mut done = Done {
        report,
        skipped: Vec::new(),
        kept: Vec::new(),
        group: None,
        cancelled: false,
        rejects: Vec::new(),
        backup: None,
    };
    if request.dry_run || batches.is_empty() {
        return Ok(done);
    }
    let mut writer = Writer {
        request,
        label: label(sheets),
        group: random_id(),
        made: Made::default(),
        imports,
        begun: false,
    };
    let written = writer.write(book, batches, watch, cancel);
    if !matches!(written, Ok(Some(_))) {
        watch(Progress {
            phase: Phase::Undoing,
            done: 0,
            total: 0,
        });
    }
    match written {
        Ok(Some(kept)) => {
            done.kept = kept;
            done.group = Some(writer.group);
        }
        Ok(None) => {
            writer.take_back(book, None)?;
            done.cancelled = true;
        }
        Err(ImportFault::Store(first)) => {
            return Err(match writer.take_back(book, Some(&first)) {
                Ok(()) => first.into(),
                Err(second) => ImportFault::Stuck {
                    first: Box::new(first),
                    second: Box::new(second),
                },
            });
        }
        Err(fault) => {
            writer.take_back(book, None)?;
            return Err(fault);
        }
    }
    Ok(done)
}

/// What the files come to over this book.
fn plan(book: &mut Book, request: &Request, sheets: &[Sheet]) -> Result<Plan, StoreError> {
    let mut sources: Vec<String> = sheets
        .iter()
        .map(|sheet| sheet.recognised.source.clone())
        .collect();
    sources.sort_unstable();
    sources.dedup();
    let known = book.known(&sources)?;
    let mut run = Run::open(sheets, known, request.options.clone());
    let wanted = run.wanted();
    let mut records = Vec::new();
    for (entity, ids) in &wanted.records {
        records.extend(book.records(*entity, ids)?);
    }
    let lines = book.lines_of(&wanted.lines_of)?;
    run.take(records, lines);
    Ok(run.plan())
}

/// The import in words: "Import deals.csv", "Import 4 files".
fn label(sheets: &[Sheet]) -> String {
    match sheets {
        [sheet] => format!("Import {}", sheet.file.name),
        many => format!("Import {} files", many.len()),
    }
}

struct Writer<'a> {
    request: &'a Request,
    label: String,
    group: StepId,
    made: Made,
    imports: Vec<Option<crate::domain::command::Slot>>,
    begun: bool,
}

impl Writer<'_> {
    /// Commits batch after batch; `None` when it was cancelled.
    fn write(
        &mut self,
        book: &mut Book,
        batches: Vec<Batch>,
        watch: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<Option<Vec<Kept>>, ImportFault> {
        let total = batches.iter().map(|batch| batch.rows).sum();
        let mut progress = Progress {
            phase: Phase::Writing,
            done: 0,
            total,
        };
        let mut kept = Vec::new();
        watch(progress);
        for batch in batches {
            if cancel.load(Ordering::Relaxed) {
                return Ok(None);
            }
            let rows = batch.rows;
            if let Some(receipt) = self.commit(book, batch)? {
                kept.extend(receipt.kept);
            }
            progress.done += rows;
            watch(progress);
        }
        Ok(Some(kept))
    }

    fn commit(&mut self, book: &mut Book, batch: Batch) -> Result<Option<Receipt>, ImportFault> {
        if batch.commands.is_empty() {
            return Ok(None);
        }
        let import = batch
            .sheet
            .and_then(|sheet| self.imports[sheet])
            .and_then(|slot| self.made.of(slot));
        let draft = StepDraft {
            id: if self.begun { random_id() } else { self.group },
            group: self.group,
            rep: self.request.rep,
            at: self.request.options.now,
            origin: Origin::Import,
            label: Some(self.label.clone()),
            import,
            commands: bind(batch.commands, &self.made),
        };
        match book.commit_patiently(&draft, PATIENCE)? {
            Outcome::Saved(receipt) => {
                self.begun = true;
                self.made.learn(&receipt.created);
                Ok(Some(receipt))
            }
            Outcome::Nothing => Ok(None),
            Outcome::Conflict(clashes) => Err(ImportFault::Clash(
                clashes
                    .first()
                    .map_or_else(String::new, |clash| clash.name.clone()),
            )),
        }
    }

    /// Takes back what was committed.
    fn take_back(&self, book: &mut Book, why: Option<&StoreError>) -> Result<(), StoreError> {
        if !self.begun {
            return Ok(());
        }
        let actor = Actor {
            rep: self.request.rep,
            at: self.request.options.now,
        };
        group::take_back(book, self.group, actor, why)
    }
}

/// Writes the rejected rows before anything is imported: one file, or one beside it for each further file of the import.
fn write_rejects(
    path: &Path,
    sheets: &[Sheet],
    report: &Report,
) -> Result<Vec<PathBuf>, ImportFault> {
    let mut written = Vec::new();
    for (place, sheet) in sheets.iter().enumerate() {
        let rows: Vec<&Reject> = report
            .rejects
            .iter()
            .filter(|reject| reject.sheet == place)
            .collect();
        if rows.is_empty() {
            continue;
        }
        let path = if written.is_empty() {
            path.to_owned()
        } else {
            beside(path, &sheet.file.name)
        };
        let fault = |source| ImportFault::Rejects {
            path: path.clone(),
            source,
        };
        // Made anew or not at all: neither a file nor a link that waits under this name is written through.
        let file = OpenOptions::new()
            .write(true)
            .create_new(true)
            .open(&path)
            .map_err(fault)?;
        write::rejects(BufWriter::new(file), &sheet.table.header, &rows).map_err(fault)?;
        written.push(path);
    }
    Ok(written)
}

/// `rejects.csv` for `deals.csv` is `rejects-deals.csv`.
fn beside(path: &Path, file: &str) -> PathBuf {
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let of = Path::new(file)
        .file_stem()
        .unwrap_or_default()
        .to_string_lossy();
    let end = path
        .extension()
        .map(|end| format!(".{}", end.to_string_lossy()))
        .unwrap_or_default();
    path.with_file_name(format!("{stem}-{of}{end}"))
}
