//! What was appended to a rollback journal and not put out yet.
//!
//! SQLite writes each page of its journal as three pieces (number, content, checksum): three round trips on a share. Pieces that
//! follow each other are held here and go out as one.
//!
//! # Why this loses nothing
//! A journal is relied on from the moment its `xSync` has returned; SQLite writes nothing into the book before that, and this
//! program never opens a book with `synchronous` off, which would leave the sync out. What has not been synced may be missing after
//! a crash with any file system, and SQLite reckons with that: the head of the journal, which says how many pages count, is written
//! and synced after them. What is held here is put out, in order, before every sync, read, truncation, look at the size and close,
//! and before a write anywhere else; a failure is answered to that call and what is held stays held, so that no later sync can
//! succeed without it. Others do not miss it either: as long as a journal grows its writer holds RESERVED, and they do not look in.

use std::ffi::c_int;

/// How much is held before it is put out unasked, in bytes: 23 pages, more than a step changes. `SQLite` writes less than 128 KiB at once.
const MOST: usize = 96 * 1024;

/// Writes bytes at a place of the file.
type Put<'a> = dyn FnMut(&[u8], i64) -> Result<(), c_int> + 'a;

/// What is held: bytes that follow each other.
#[derive(Debug, Default)]
pub(super) struct Tail {
    at: i64,
    bytes: Vec<u8>,
    /// Whether what is held could not be put out when it was asked for.
    refused: bool,
}

impl Tail {
    /// Takes a write over, putting out what it does not follow.
    pub fn write(&mut self, bytes: &[u8], at: i64, put: &mut Put<'_>) -> Result<(), c_int> {
        if at != self.end() {
            self.put_out(put)?;
        }
        if self.bytes.is_empty() {
            self.at = at;
        }
        self.bytes.extend_from_slice(bytes);
        if self.bytes.len() >= MOST {
            self.put_out(put)?;
        }
        Ok(())
    }

    /// Puts out what is held.
    pub fn put_out(&mut self, put: &mut Put<'_>) -> Result<(), c_int> {
        if self.bytes.is_empty() {
            return Ok(());
        }
        let done = put(&self.bytes, self.at);
        self.refused = done.is_err();
        if done.is_ok() {
            self.bytes.clear();
        }
        done
    }

    /// Puts out what is held when the file is closed. What was refused before is given up: SQLite was told that the write failed,
    /// and has told the user. The head that ends a transaction, put out late, would commit what counts as not written.
    pub fn close(mut self, put: &mut Put<'_>) -> Result<(), c_int> {
        if self.refused {
            return Ok(());
        }
        self.put_out(put)
    }

    fn end(&self) -> i64 {
        self.at
            .saturating_add(i64::try_from(self.bytes.len()).unwrap_or(i64::MAX))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn apply(file: &mut Vec<u8>, bytes: &[u8], at: i64) {
        let at = usize::try_from(at).unwrap();
        file.resize(file.len().max(at + bytes.len()), 0);
        file[at..at + bytes.len()].copy_from_slice(bytes);
    }

    proptest! {
        #[test]
        fn the_file_is_the_same_as_without_it(
            writes in prop::collection::vec((0..200_i64, prop::collection::vec(any::<u8>(), 1..40), any::<bool>()), 0..60),
        ) {
            let (mut plain, mut held) = (Vec::new(), Vec::new());
            let (mut tail, mut end) = (Tail::default(), 0);
            for (jump, bytes, follows) in writes {
                let at = if follows { end } else { jump };
                end = at + i64::try_from(bytes.len()).unwrap();
                apply(&mut plain, &bytes, at);
                tail.write(&bytes, at, &mut |bytes, at| { apply(&mut held, bytes, at); Ok(()) }).unwrap();
            }
            tail.put_out(&mut |bytes, at| { apply(&mut held, bytes, at); Ok(()) }).unwrap();
            prop_assert_eq!(plain, held);
        }
    }

    #[test]
    fn pieces_that_follow_each_other_go_out_as_one() {
        let mut puts = Vec::new();
        let mut tail = Tail::default();
        let mut put = |bytes: &[u8], at: i64| {
            puts.push((at, bytes.len()));
            Ok(())
        };
        for (at, len) in [(0, 512), (512, 4), (516, 4096), (4612, 4), (0, 12)] {
            tail.write(&vec![1; len], at, &mut put).unwrap();
        }
        tail.put_out(&mut put).unwrap();
        assert_eq!(puts, [(0, 4616), (0, 12)]);
    }

    #[test]
    fn what_was_refused_is_not_put_out_behind_its_writers_back() {
        let mut tail = Tail::default();
        tail.write(b"head", 0, &mut |_, _| Ok(())).unwrap();
        assert_eq!(tail.put_out(&mut |_, _| Err(13)), Err(13));
        assert_eq!(tail.close(&mut |_, _| panic!("put out")), Ok(()));
    }

    #[test]
    fn what_could_not_be_put_out_is_not_forgotten() {
        let mut tail = Tail::default();
        tail.write(b"page", 0, &mut |_, _| Ok(())).unwrap();
        assert_eq!(tail.put_out(&mut |_, _| Err(13)), Err(13));
        assert_eq!(tail.write(b"far", 900, &mut |_, _| Err(13)), Err(13));
        let mut out = Vec::new();
        tail.put_out(&mut |bytes, at| {
            out.push((at, bytes.to_vec()));
            Ok(())
        })
        .unwrap();
        assert_eq!(out, [(0, b"page".to_vec())]);
    }
}
