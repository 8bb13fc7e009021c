//! Files in the book's own form into a book: one group of steps, whole or not at all.

use std::borrow::Cow;
use std::fs::File as Handle;
use std::io::{self, BufReader, Read};
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use sha2::{Digest, Sha256};

use crate::domain::command::{
    Base, Command, Create, FieldEdit, Input, Origin, Slot, StepDraft, Target,
};
use crate::domain::id::{RecordId, StepId};
use crate::domain::money::{Currency, grouped};
use crate::domain::nouns::{Entity, Field, import};
use crate::domain::outcome::Outcome;
use crate::exchange::hex;
use crate::exchange::own::{Held, Line, LineFault, Planned, SMALL, Wanted, is_own, plan, read};
use crate::exchange::plan::{Counts, FileReport, ROWS_PER_BATCH, Report};
use crate::exchange::read::unpacked;
use crate::jobs::group::{self, Actor, PATIENCE};
use crate::store::query::{Answer, Asked, ListQuery, Query};
use crate::store::{Book, StoreError, random_id};

use super::fault::ImportFault;
use super::files::{Content, Opened};
use super::run::back_up_before;
use super::{Done, Phase, Progress, Request};

/// What an import record says of files in this form.
const KIND: &str = "records";
/// How the source of such a file is called: what wrote it.
const SOURCE: &str = "clinch";
/// So many lines that cannot be taken are named.
const NAMED: usize = 5;

/// A file in this form.
pub(super) struct File {
    name: String,
    /// Of its bytes, as they are on the disk; known once they are read.
    hash: String,
    /// What it says, until that is read.
    says: Says,
}

/// Where the lines of a file are.
enum Says {
    /// Here, unpacked.
    Bytes(Vec<u8>),
    /// In this open file.
    Lines(PathBuf, Handle),
    /// They are read.
    Read,
}

/// Reads, and works out the hash of what was read.
struct Hashing<R> {
    from: R,
    hash: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.from.read(into)?;
        self.hash.update(&into[..read]);
        Ok(read)
    }
}

impl File {
    /// Reads its lines, once.
    fn lines(
        &mut self,
        place: usize,
        base: Currency,
    ) -> Result<Result<Vec<Line>, Vec<LineFault>>, ImportFault> {
        match std::mem::replace(&mut self.says, Says::Read) {
            Says::Bytes(bytes) => {
                let fault = |source| ImportFault::File {
                    path: PathBuf::from(&self.name),
                    source,
                };
                read(place, &mut bytes.as_slice(), base).map_err(fault)
            }
            Says::Lines(path, file) => {
                let hash = Sha256::new();
                let mut from = BufReader::new(Hashing { from: file, hash });
                let read = read(place, &mut from, base)
                    .map_err(|source| ImportFault::File { path, source })?;
                // To its end: that is where the lines end.
                self.hash = hex(&from.into_inner().hash.finalize());
                Ok(read)
            }
            Says::Read => Ok(Ok(Vec::new())),
        }
    }
}

/// What files are.
pub(super) enum Form {
    /// All of them are in this form.
    Own(Vec<File>),
    /// None of them is.
    Tables(Vec<Opened>),
}

/// Tells files in this form from tables.
pub(super) fn form(files: Vec<(String, Content)>) -> Result<Form, ImportFault> {
    let mut own: Vec<File> = Vec::new();
    let mut tables = Vec::new();
    for (name, content) in files {
        let bytes = match content {
            Content::Bytes(bytes) => bytes,
            Content::Lines(path, file) => {
                own.push(File {
                    name,
                    hash: String::new(),
                    says: Says::Lines(path, file),
                });
                continue;
            }
        };
        let text = unpacked(&name, &bytes)?;
        if !is_own(&text) {
            drop(text);
            tables.push((name, bytes));
            continue;
        }
        let hash = hex(&Sha256::digest(&bytes));
        let unpacked = match text {
            Cow::Owned(text) => Some(text),
            Cow::Borrowed(_) => None,
        };
        own.push(File {
            name,
            hash,
            says: Says::Bytes(unpacked.unwrap_or(bytes)),
        });
    }
    match own.first() {
        None => Ok(Form::Tables(tables)),
        Some(file) if !tables.is_empty() => Err(ImportFault::Mixed(file.name.clone())),
        Some(_) => Ok(Form::Own(own)),
    }
}

pub(super) fn run(
    book: &mut Book,
    request: &Request,
    mut files: Vec<File>,
    watch: &mut dyn FnMut(Progress),
    cancel: &AtomicBool,
) -> Result<Done, ImportFault> {
    let lines = lines(book, &mut files)?;
    watch(Progress {
        phase: Phase::Planning,
        done: 0,
        total: 0,
    });
    if !request.dry_run {
        book.take_back_all_unfinished()?;
    }
    let held = held(book, request, &lines)?;
    let read = rows(&files, &lines);
    let planned = plan(lines, &held).map_err(|faults| refused(&files, &faults))?;
    drop(held);
    let mut done = Done {
        report: report(&files, read, &planned),
        skipped: Vec::new(),
        kept: Vec::new(),
        group: None,
        cancelled: false,
        rejects: Vec::new(),
        backup: None,
    };
    if request.dry_run || planned.commands.is_empty() {
        return Ok(done);
    }
    done.backup = back_up_before(book, request, planned.commands.len());
    let group = random_id();
    let mut writer = Writer {
        request,
        files: &files,
        group,
        import: None,
    };
    match writer.write(book, planned.commands, watch, cancel) {
        Ok(true) => done.group = Some(group),
        Ok(false) => {
            writer.take_back(book, None, watch)?;
            done.cancelled = true;
        }
        Err(ImportFault::Store(first)) => {
            return Err(match writer.take_back(book, Some(&first), watch) {
                Ok(()) => first.into(),
                Err(second) => ImportFault::Stuck {
                    first: Box::new(first),
                    second: Box::new(second),
                },
            });
        }
        Err(fault) => {
            writer.take_back(book, None, watch)?;
            return Err(fault);
        }
    }
    Ok(done)
}

/// Reads the files, and lets go of what they say.
fn lines(book: &Book, files: &mut [File]) -> Result<Vec<Line>, ImportFault> {
    let mut lines = Vec::new();
    let mut faults = Vec::new();
    for place in 0..files.len() {
        let (before, file) = files.split_at_mut(place);
        let Some(file) = file.first_mut() else {
            break;
        };
        let read = file.lines(place, book.base())?;
        if before.iter().any(|other| other.hash == file.hash) {
            return Err(ImportFault::Twice(file.name.clone()));
        }
        match read {
            Ok(read) if lines.is_empty() => lines = read,
            Ok(mut read) => lines.append(&mut read),
            Err(mut bad) => faults.append(&mut bad),
        }
    }
    if faults.is_empty() {
        Ok(lines)
    } else {
        Err(refused(files, &faults))
    }
}

fn refused(files: &[File], faults: &[LineFault]) -> ImportFault {
    let named = faults.iter().take(NAMED).map(|fault| {
        let file = files.get(fault.file).map_or("", |file| &file.name);
        format!("{file} line {}: {}", fault.line, fault.what)
    });
    let mut lines: Vec<String> = named.collect();
    if faults.len() > NAMED {
        let more = grouped((faults.len() - NAMED) as u64);
        lines.push(format!("and {more} lines more"));
    }
    ImportFault::Own { lines }
}

/// What the book has of all that the lines name.
fn held(book: &mut Book, request: &Request, lines: &[Line]) -> Result<Held, StoreError> {
    let wanted = Wanted::of(lines);
    let mut held = Held::default();
    for (entity, ids) in &wanted.records {
        held.records.extend(book.records(*entity, ids)?);
    }
    for entity in SMALL {
        let query = Query::List(ListQuery {
            entity,
            filter: None,
            sort: Vec::new(),
            limit: None,
            trashed: false,
            asked: Asked {
                now: request.options.now,
                me: None,
            },
        });
        if let Answer::List(listing) = book.ask_patiently(&query, PATIENCE)? {
            held.records.extend(listing.records);
        }
    }
    if !wanted.sources.is_empty() {
        let known = book.known(&wanted.sources)?;
        let sources = known.sources.into_iter();
        held.sources = sources
            .map(|one| ((one.source, one.entity, one.key), (one.id, one.record)))
            .collect();
        // What they belong to may be known by no other way.
        let mut ids: Vec<(Entity, RecordId)> = held
            .sources
            .iter()
            .filter_map(|((_, entity, _), (_, record))| Some((*entity, (*record)?)))
            .collect();
        ids.sort_unstable();
        for of in ids.chunk_by(|a, b| a.0 == b.0) {
            let all: Vec<RecordId> = of.iter().map(|(_, id)| *id).collect();
            held.records.extend(book.records(of[0].0, &all)?);
        }
    }
    Ok(held)
}

/// How many rows each of the files has.
fn rows(files: &[File], lines: &[Line]) -> Vec<usize> {
    let mut rows = vec![0; files.len()];
    for line in lines {
        if let Some(count) = rows.get_mut(line.file) {
            *count += 1;
        }
    }
    rows
}

fn report(files: &[File], rows: Vec<usize>, planned: &Planned) -> Report {
    let of = |(file, read): (&File, usize)| FileReport {
        file: file.name.clone(),
        hash: file.hash.clone(),
        kind: KIND,
        source: SOURCE.to_owned(),
        encoding: "UTF-8".to_owned(),
        delimiter: "JSON lines",
        mapping: Vec::new(),
        counts: Counts {
            read,
            ..Counts::default()
        },
    };
    Report {
        files: files.iter().zip(rows).map(of).collect(),
        counts: planned.counts.clone(),
        ..Report::default()
    }
}

struct Writer<'a> {
    request: &'a Request,
    files: &'a [File],
    group: StepId,
    /// The import record, once the first batch is in the book.
    import: Option<RecordId>,
}

impl Writer<'_> {
    /// Commits batch after batch; false when it was cancelled.
    fn write(
        &mut self,
        book: &mut Book,
        commands: Vec<Command>,
        watch: &mut dyn FnMut(Progress),
        cancel: &AtomicBool,
    ) -> Result<bool, ImportFault> {
        let mut progress = Progress {
            phase: Phase::Writing,
            done: 0,
            total: commands.len(),
        };
        watch(progress);
        let mut commands = commands.into_iter();
        while commands.len() > 0 {
            if cancel.load(Ordering::Relaxed) {
                return Ok(false);
            }
            let batch: Vec<Command> = commands.by_ref().take(ROWS_PER_BATCH).collect();
            progress.done += batch.len();
            self.commit(book, batch)?;
            watch(progress);
        }
        // Its end is a step of its own: the import is named by the id that the first one gave it.
        let done = FieldEdit {
            field: (&import::STATE).into(),
            base: Base::Unseen,
            new: "done".into(),
        };
        let ended = self.import.map(|id| Command::Edit {
            entity: Entity::Import,
            target: Target::Known(id),
            edits: vec![done],
        });
        self.commit(book, ended.into_iter().collect())?;
        Ok(true)
    }

    fn commit(&mut self, book: &mut Book, mut commands: Vec<Command>) -> Result<(), ImportFault> {
        let first = self.import.is_none();
        if first {
            commands.insert(0, self.begun());
        }
        let draft = StepDraft {
            id: if first { self.group } else { random_id() },
            group: self.group,
            rep: self.request.rep,
            at: self.request.options.now,
            origin: Origin::Import,
            label: Some(self.label()),
            import: self.import,
            commands,
        };
        match book.commit_patiently(&draft, PATIENCE)? {
            Outcome::Saved(receipt) => {
                let made = receipt.created.iter().find(|(slot, ..)| *slot == IMPORT);
                if let Some((_, _, id)) = made {
                    self.import = Some(*id);
                }
                Ok(())
            }
            Outcome::Nothing => Ok(()),
            Outcome::Conflict(clashes) => {
                let name = clashes.first().map(|clash| clash.name.clone());
                Err(ImportFault::Clash(name.unwrap_or_default()))
            }
        }
    }

    /// The record of the import: a start after a crash finds by it what was never ended.
    fn begun(&self) -> Command {
        let names: Vec<&str> = self.files.iter().map(|file| file.name.as_str()).collect();
        let hashes: Vec<&str> = self.files.iter().map(|file| file.hash.as_str()).collect();
        let field = |def, value: String| -> (Field, Input) { (Field::Own(def), value.into()) };
        Command::Create(Create {
            slot: IMPORT,
            entity: Entity::Import,
            created_at: Some(self.request.options.now),
            fields: vec![
                field(&import::FILE, names.join(", ")),
                field(&import::HASH, hashes.join(", ")),
                field(&import::KIND, KIND.to_owned()),
                field(&import::SOURCE, SOURCE.to_owned()),
                field(&import::STATE, "running".to_owned()),
            ],
            sets: Vec::new(),
        })
    }

    fn label(&self) -> String {
        match self.files {
            [file] => format!("Import {}", file.name),
            many => format!("Import {} files", many.len()),
        }
    }

    fn take_back(
        &self,
        book: &mut Book,
        why: Option<&StoreError>,
        watch: &mut dyn FnMut(Progress),
    ) -> Result<(), StoreError> {
        if self.import.is_none() {
            return Ok(());
        }
        watch(Progress {
            phase: Phase::Undoing,
            done: 0,
            total: 0,
        });
        let actor = Actor {
            rep: self.request.rep,
            at: self.request.options.now,
        };
        group::take_back(book, self.group, actor, why)
    }
}

/// The import record within the first step.
const IMPORT: Slot = Slot(0);
