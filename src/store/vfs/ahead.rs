//! What was read of a book beside what was asked for, so that the next pages are there already.
//!
//! `SQLite` reads one page at a time, each a round trip on a share, and the pages of one question lie near each other more often than
//! not. Here a read takes the pages around it along. Who asks for little gets little: the first reads of a transaction are short, and
//! the longer it goes on reading the more comes with each.
//!
//! # Why this shows nothing that is not so
//! It is kept from the shared lock to its release, when nobody else may change the file, and dropped at every change of our own. It
//! never reaches behind the end of the file. Where such a read fails, exactly what was asked for is read instead.

use std::ffi::c_int;

/// A read covers so much at first, in bytes: eight pages.
const FIRST: i64 = 32 * 1024;
/// And never more than this: 31 pages, for `SQLite` reads less than 128 KiB at once.
const MOST: i64 = 124 * 1024;
/// After so many reads the next ones are twice as long.
const READS: u32 = 2;
/// How many reads are kept: below 2 MiB.
const KEPT: usize = 16;
/// How a book begins: its first page, whose counter is looked at before anything else.
pub(super) const HEAD: i64 = 4096;

/// Reads bytes at a place of the file.
type Get<'a> = dyn FnMut(&mut [u8], i64) -> Result<(), c_int> + 'a;

/// What is kept.
#[derive(Debug, Default)]
pub(super) struct Ahead {
    blocks: Vec<Block>,
    reads: u32,
}

#[derive(Debug)]
struct Block {
    at: i64,
    bytes: Vec<u8>,
}

impl Block {
    /// The bytes from a place on, if all of them are here.
    fn part(&self, at: i64, len: usize) -> Option<&[u8]> {
        let from = usize::try_from(at.checked_sub(self.at)?).ok()?;
        self.bytes.get(from..from.checked_add(len)?)
    }
}

impl Ahead {
    /// Reads out of what is kept, or with what lies around it. `size` is the end of the file.
    pub fn read(
        &mut self,
        into: &mut [u8],
        at: i64,
        size: i64,
        get: &mut Get<'_>,
    ) -> Result<(), c_int> {
        if self.copy(into, at) {
            return Ok(());
        }
        let span = (FIRST << (self.reads / READS).min(8)).min(MOST);
        let from = at - at.rem_euclid(span);
        if self.fetch(from, (from + span).min(size), get) && self.copy(into, at) {
            self.reads += 1;
            return Ok(());
        }
        get(into, at)
    }

    /// Reads something of the first page, and keeps that page.
    pub fn read_head(&mut self, into: &mut [u8], at: i64, get: &mut Get<'_>) -> Result<(), c_int> {
        if self.copy(into, at) || self.fetch(0, HEAD, get) && self.copy(into, at) {
            return Ok(());
        }
        get(into, at)
    }

    /// Drops all of it.
    pub fn forget(&mut self) {
        self.blocks.clear();
        self.reads = 0;
    }

    fn copy(&self, into: &mut [u8], at: i64) -> bool {
        let found = self
            .blocks
            .iter()
            .find_map(|block| block.part(at, into.len()));
        if let Some(bytes) = found {
            into.copy_from_slice(bytes);
        }
        found.is_some()
    }

    /// Reads a part of the file and keeps it, if it can be had whole.
    fn fetch(&mut self, from: i64, to: i64, get: &mut Get<'_>) -> bool {
        let Ok(len) = usize::try_from(to - from) else {
            return false;
        };
        let mut bytes = vec![0; len];
        if get(&mut bytes, from).is_err() {
            return false;
        }
        if self.blocks.len() == KEPT {
            self.blocks.remove(0);
        }
        self.blocks.push(Block { at: from, bytes });
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of numbered pages, and where it was read.
    struct Pages {
        bytes: Vec<u8>,
        reads: Vec<(i64, usize)>,
    }

    impl Pages {
        fn new(pages: usize) -> Self {
            let page = |number| vec![u8::try_from(number % 251).unwrap(); 4096];
            Self {
                bytes: (0..pages).flat_map(page).collect(),
                reads: Vec::new(),
            }
        }

        /// The page that is read through what is kept, out of a file that gives as much at once as SQLite does.
        fn page(&mut self, ahead: &mut Ahead, number: i64) -> u8 {
            let mut into = [0xff; 4096];
            let size = i64::try_from(self.bytes.len()).unwrap();
            let read = ahead.read(&mut into, number * 4096, size, &mut |into, at| {
                assert!(into.len() < 128 * 1024);
                self.reads.push((at, into.len()));
                let from = usize::try_from(at).unwrap();
                match self.bytes.get(from..from + into.len()) {
                    Some(bytes) => into.copy_from_slice(bytes),
                    None => return Err(1),
                }
                Ok(())
            });
            read.unwrap();
            assert!(into.iter().all(|byte| *byte == into[0]));
            into[0]
        }
    }

    #[test]
    fn a_page_comes_with_those_around_it() {
        let (mut pages, mut ahead) = (Pages::new(20), Ahead::default());
        for number in [9, 8, 15, 10] {
            assert_eq!(i64::from(pages.page(&mut ahead, number)), number);
        }
        assert_eq!(pages.reads, [(8 * 4096, 8 * 4096)]);
        // The last block ends with the file.
        assert_eq!(pages.page(&mut ahead, 19), 19);
        assert_eq!(pages.reads[1..], [(16 * 4096, 4 * 4096)]);
    }

    #[test]
    fn who_reads_much_gets_more_with_each_read_and_all_of_it_is_right() {
        let (mut pages, mut ahead) = (Pages::new(2000), Ahead::default());
        for number in (0..2000).chain((0..2000).rev()) {
            assert_eq!(i64::from(pages.page(&mut ahead, number)), number % 251);
        }
        let longest = pages.reads.iter().map(|(_, len)| *len).max().unwrap();
        assert_eq!(i64::try_from(longest).unwrap(), MOST);
        assert!(pages.reads.len() < 2 * 2000 / 30, "{}", pages.reads.len());
        assert!(ahead.blocks.len() <= KEPT);
    }

    #[test]
    fn what_was_dropped_is_read_again() {
        let (mut pages, mut ahead) = (Pages::new(4), Ahead::default());
        pages.page(&mut ahead, 1);
        pages.bytes.fill(7);
        assert_eq!(pages.page(&mut ahead, 1), 1);
        ahead.forget();
        assert_eq!(pages.page(&mut ahead, 1), 7);
    }

    #[test]
    fn where_the_pages_around_cannot_be_had_the_page_itself_is_read() {
        let (mut pages, mut ahead) = (Pages::new(3), Ahead::default());
        let mut into = [0; 4096];
        // A size that is not so.
        let read = ahead.read(&mut into, 4096, 1 << 20, &mut |into, at| {
            pages.reads.push((at, into.len()));
            (into.len() == 4096).then_some(()).ok_or(1)
        });
        assert_eq!(read, Ok(()));
        assert_eq!(pages.reads.len(), 2);
        assert!(ahead.blocks.is_empty());
    }
}
