//! A look at the journal beside a book, before SQLite looks: a hot one is rolled back into whatever file lies there, and SQLite has no
//! way to tell that it belongs to another one. A backup that was copied over a book whose writer had died would be torn so.

use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};
use std::time::Duration;

use super::super::error::StoreError;

/// How a journal that counts begins (SQLite file format, section 3).
const MAGIC: [u8; 8] = [0xd9, 0xd5, 0x05, 0xf9, 0x20, 0xa1, 0x63, 0xd7];
/// Where the first page of a book has its change counter.
const COUNTER: u64 = 24;
/// How often is looked: while somebody writes, a book and its journal are seen a moment apart.
const LOOKS: u32 = 5;
const PAUSE: Duration = Duration::from_millis(20);

/// The journal that lies beside a book for good.
pub(in crate::store) fn beside(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push("-journal");
    name.into()
}

/// What tells to which state of which file a hot journal belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    /// A number that each transaction draws anew.
    nonce: u32,
    /// The change counter of the book when the transaction began.
    counter: u32,
}

/// Refuses a book beside which the hot journal of another file, or of another state of it, lies.
pub(super) fn check(path: &Path) -> Result<(), StoreError> {
    let mut before = None;
    for _ in 0..LOOKS {
        // What cannot be read here is judged by SQLite.
        let (Ok(Some(mark)), Ok(counter)) = (mark(&beside(path)), counter(path)) else {
            return Ok(());
        };
        // The counter moves on by one with a transaction, whose pages may be in the book or not.
        if [mark.counter, mark.counter.wrapping_add(1)].contains(&counter) {
            return Ok(());
        }
        if before.is_some_and(|before| before != mark) {
            return Ok(());
        }
        before = Some(mark);
        std::thread::sleep(PAUSE);
    }
    Err(StoreError::Damaged {
        path: path.to_owned(),
        what: format!(
            "the journal {} was left by a writer of another file, or of this one in another state",
            beside(path).display()
        ),
    })
}

fn counter(path: &Path) -> std::io::Result<u32> {
    number(&mut File::open(path)?, COUNTER)
}

/// The mark of a hot journal; `None` where there is none, or it does not say.
fn mark(journal: &Path) -> std::io::Result<Option<Mark>> {
    let mut file = match File::open(journal) {
        Ok(file) => file,
        Err(fault) if fault.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(fault) => return Err(fault),
    };
    let mut magic = [0; 8];
    if file.metadata()?.len() < 28 {
        return Ok(None);
    }
    file.read_exact(&mut magic)?;
    if magic != MAGIC {
        return Ok(None);
    }
    let records = number(&mut file, 8)?;
    let nonce = number(&mut file, 12)?;
    let sector = u64::from(number(&mut file, 20)?);
    let page = u64::from(number(&mut file, 24)?);
    // Each record is the number of a page, the page, and a sum.
    for record in 0..u64::from(records) {
        let at = sector + record * (page + 8);
        if number(&mut file, at)? == 1 {
            let counter = number(&mut file, at + 4 + COUNTER)?;
            return Ok(Some(Mark { nonce, counter }));
        }
    }
    Ok(None)
}

fn number(file: &mut File, at: u64) -> std::io::Result<u32> {
    let mut bytes = [0; 4];
    file.seek(SeekFrom::Start(at))?;
    file.read_exact(&mut bytes)?;
    Ok(u32::from_be_bytes(bytes))
}
