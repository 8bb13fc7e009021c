//! Files to sheets.

use std::fs::File;
use std::io::{self, Read as _, Seek as _};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use crate::domain::text::clean_line;
use crate::exchange::hex;
use crate::exchange::own::is_own;
use crate::exchange::plan::{FileInfo, Sheet};
use crate::exchange::read;
use crate::exchange::recognise::{self, Vocabulary};

use super::Request;
use super::fault::ImportFault;

/// Where rows come from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    /// A file.
    File(PathBuf),
    /// Bytes that were read elsewhere, such as standard input.
    Bytes {
        /// How messages call them.
        name: String,
        /// The content.
        bytes: Vec<u8>,
    },
}

impl Source {
    fn open(&self) -> Result<(String, Content), ImportFault> {
        match self {
            Self::File(path) => {
                let fault = |source| ImportFault::File {
                    path: path.clone(),
                    source,
                };
                if is_device(path).map_err(fault)? {
                    return Err(ImportFault::Device(path.clone()));
                }
                let content = Content::of(path).map_err(fault)?;
                let name = path.file_name().map_or_else(
                    || path.display().to_string(),
                    |name| name.to_string_lossy().into_owned(),
                );
                // It is told in one line and kept in the book: its text goes through the same door as all others.
                Ok((clean_line(&name), content))
            }
            Self::Bytes { name, bytes } => Ok((name.clone(), Content::Bytes(bytes.clone()))),
        }
    }
}

/// A device may have no end; a pipe has one.
fn is_device(path: &Path) -> io::Result<bool> {
    let what = std::fs::metadata(path)?.file_type();
    #[cfg(unix)]
    {
        use std::os::unix::fs::FileTypeExt as _;
        Ok(what.is_char_device() || what.is_block_device())
    }
    #[cfg(not(unix))]
    {
        let _ = what;
        Ok(false)
    }
}

/// What begins a file: enough to see what it is.
const BEGINNING: u64 = 1 << 16;

/// What is in a file.
#[derive(Debug)]
pub enum Content {
    /// All of it.
    Bytes(Vec<u8>),
    /// Lines in the book's own form: read one by one where they are needed, as a file of a whole book may be long.
    Lines(PathBuf, File),
}

impl Content {
    fn of(path: &Path) -> io::Result<Self> {
        let mut file = File::open(path)?;
        let mut bytes = Vec::new();
        (&mut file).take(BEGINNING).read_to_end(&mut bytes)?;
        // Nobody goes back to the beginning of a pipe.
        if file.metadata()?.is_file() && is_own(&bytes) {
            file.rewind()?;
            return Ok(Self::Lines(path.to_owned(), file));
        }
        file.read_to_end(&mut bytes)?;
        Ok(Self::Bytes(bytes))
    }
}

/// A file as it was read: how messages call it, and its content.
pub type Opened = (String, Vec<u8>);

/// Opens all files.
///
/// # Errors
/// Where one cannot be read.
pub fn open(sources: &[Source]) -> Result<Vec<(String, Content)>, ImportFault> {
    sources.iter().map(Source::open).collect()
}

/// Understands all files. With several files those that hold nothing to take are left out, and said; a single one is a
/// fault.
///
/// # Errors
/// Where a file is no table, or something must be told first.
pub fn sheets(
    request: &Request,
    files: &[Opened],
) -> Result<(Vec<Sheet>, Vec<String>), ImportFault> {
    let vocabulary = Vocabulary::shipped()?;
    let mut sheets: Vec<Sheet> = Vec::with_capacity(files.len());
    let mut skipped = Vec::new();
    let mut nothing = None;
    for (name, bytes) in files {
        match sheet(request, &vocabulary, name.clone(), bytes) {
            Ok(sheet)
                if sheets
                    .iter()
                    .any(|known| known.file.hash == sheet.file.hash) =>
            {
                return Err(ImportFault::Twice(sheet.file.name));
            }
            Ok(sheet) => sheets.push(sheet),
            Err(fault) if fault.is_nothing() => {
                skipped.push(fault.to_string());
                nothing.get_or_insert(fault);
            }
            Err(fault) => return Err(fault),
        }
    }
    match nothing {
        Some(fault) if sheets.is_empty() => Err(fault),
        _ => Ok((sheets, skipped)),
    }
}

fn sheet(
    request: &Request,
    vocabulary: &Vocabulary,
    name: String,
    bytes: &[u8],
) -> Result<Sheet, ImportFault> {
    let hash = hex(&Sha256::digest(bytes));
    let table = read::table(&name, bytes, &|text| vocabulary.knows(text))?;
    let found = recognise::recognise(&table, vocabulary, &request.told)?;
    Ok(Sheet::prepare(
        FileInfo { name, hash },
        table,
        found,
        vocabulary,
        request.dates,
    )?)
}
