//! Bytes to text: gzip, byte-order marks, UTF-8, UTF-16, and a guess for the code pages of old.

use std::borrow::Cow;
use std::io::Read;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE};

use super::ReadFault;

/// The most that a compressed file may unpack to: one gibibyte. Beyond it a small file could fill the memory.
const MAX_UNPACKED: u64 = 1 << 30;
/// How many bytes are looked at to tell UTF-16 without a mark.
const LOOK: usize = 4096;

/// Files that are not text, by their first bytes: what they are, and what to do.
const OTHERS: &[(&[u8], &str, &str)] = &[
    (
        b"PK\x03\x04",
        "a zip archive (an .xlsx workbook begins so)",
        "Open it and save the sheet as CSV UTF-8, or unpack the archive.",
    ),
    (b"PK\x05\x06", "an empty zip archive", "Export it again."),
    (
        b"\xd0\xcf\x11\xe0",
        "an old Office document (an .xls workbook begins so)",
        "Open it and save the sheet as CSV UTF-8.",
    ),
    (b"%PDF", "a PDF document", "Export the same data as CSV."),
    (
        b"SQLite format 3\0",
        "an SQLite database",
        "A book is opened with `--book FILE`, not imported.",
    ),
    (
        b"\xff\xfe\0\0",
        "text in UTF-32, which looks like UTF-16 by its mark",
        "Save it as UTF-8.",
    ),
    (b"\0\0\xfe\xff", "text in UTF-32", "Save it as UTF-8."),
    (
        b"BEGIN:VCARD",
        "a file of vCards",
        "This version imports tables only: export the contacts as CSV.",
    ),
    (
        b"BEGIN:VCALENDAR",
        "a calendar",
        "This version imports tables only.",
    ),
    (
        b"<!DOCTYPE",
        "a web page",
        "It may be a login page that was saved in place of the export: export it again.",
    ),
    (
        b"<html",
        "a web page",
        "It may be a login page that was saved in place of the export: export it again.",
    ),
    (b"<?xml", "an XML document", "Export the same data as CSV."),
    (b"\x89PNG", "a picture", "Export the same data as CSV."),
];

/// Opens gzip and turns bytes into text; also the name of the encoding.
pub(super) fn decode(name: &str, bytes: &[u8]) -> Result<(String, String), ReadFault> {
    let unpacked = unpacked(name, bytes)?;
    let bytes = unpacked.as_ref();
    if bytes.is_empty() {
        return Err(ReadFault::Empty {
            file: name.to_owned(),
        });
    }
    if let Some((_, what, todo)) = OTHERS.iter().find(|(start, ..)| bytes.starts_with(start)) {
        return Err(other(name, what, todo));
    }
    let encoding = guess(bytes);
    let (text, _) = encoding.decode_with_bom_removal(bytes);
    if text.contains('\0') {
        // Three bytes of four are zero.
        let (zeros, others): (Vec<&u8>, Vec<&u8>) = bytes.iter().partition(|byte| **byte == 0);
        if zeros.len() > others.len() {
            return Err(other(name, "text in UTF-32", "Save it as UTF-8."));
        }
        return Err(other(name, "binary data", "Export it as CSV in UTF-8."));
    }
    if text
        .trim_matches(['\u{feff}', ' ', '\t', '\r', '\n'])
        .is_empty()
    {
        return Err(ReadFault::Blank {
            file: name.to_owned(),
        });
    }
    if is_json(&text) {
        return Err(other(
            name,
            "JSON",
            "Export the same data as CSV: of JSON only the lines are read that `clinch export … --jsonl` writes.",
        ));
    }
    Ok((text.into_owned(), encoding.name().to_owned()))
}

/// An object or a list of them; a column may be called `[x]`, but not `{` or `[` alone.
fn is_json(text: &str) -> bool {
    let mut marks = text.chars().filter(|c| !c.is_whitespace());
    match (marks.next(), marks.next()) {
        (Some('{'), Some('"' | '}')) => true,
        (Some('['), second) => matches!(second, Some('{' | '[' | ']')),
        _ => false,
    }
}

fn other(name: &str, what: &'static str, todo: &'static str) -> ReadFault {
    ReadFault::Other {
        file: name.to_owned(),
        what,
        todo,
    }
}

/// The bytes of a file that may be compressed.
///
/// # Errors
/// It is compressed and cannot be opened.
pub fn unpacked<'b>(name: &str, bytes: &'b [u8]) -> Result<Cow<'b, [u8]>, ReadFault> {
    if bytes.starts_with(&[0x1f, 0x8b]) {
        unpack(name, bytes).map(Cow::Owned)
    } else {
        Ok(Cow::Borrowed(bytes))
    }
}

fn unpack(name: &str, bytes: &[u8]) -> Result<Vec<u8>, ReadFault> {
    let fault = |what: String| ReadFault::Gzip {
        file: name.to_owned(),
        what,
    };
    let mut unpacked = Vec::new();
    flate2::read::MultiGzDecoder::new(bytes)
        .take(MAX_UNPACKED + 1)
        .read_to_end(&mut unpacked)
        .map_err(|source| fault(source.to_string()))?;
    if unpacked.len() as u64 > MAX_UNPACKED {
        return Err(fault("it unpacks to more than 1 GiB".to_owned()));
    }
    Ok(unpacked)
}

/// The encoding: by mark, by NULs at every second place, UTF-8 where it is valid, else guessed from the bytes.
fn guess(bytes: &[u8]) -> &'static Encoding {
    if let Some((marked, _)) = Encoding::for_bom(bytes) {
        return marked;
    }
    if let Some(wide) = unmarked_utf16(bytes) {
        return wide;
    }
    if std::str::from_utf8(bytes).is_ok() {
        return UTF_8;
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    detector.guess(None, Utf8Detection::Deny)
}

/// UTF-16 without a mark: of a table's characters most are ASCII, so every second byte is zero.
fn unmarked_utf16(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(LOOK) & !1];
    let pairs = head.len() / 2;
    if pairs < 4 {
        return None;
    }
    let zeros = |offset: usize| {
        head.iter()
            .skip(offset)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    if odd * 10 > pairs * 7 && even == 0 {
        Some(UTF_16LE)
    } else if even * 10 > pairs * 7 && odd == 0 {
        Some(UTF_16BE)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn text(bytes: &[u8]) -> (String, String) {
        decode("x.csv", bytes).unwrap()
    }

    fn wide(text: &str, mark: bool, little: bool) -> Vec<u8> {
        let units = mark
            .then_some(0xfeff_u16)
            .into_iter()
            .chain(text.encode_utf16());
        units
            .flat_map(|unit| {
                if little {
                    unit.to_le_bytes()
                } else {
                    unit.to_be_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn a_mark_is_obeyed_and_taken_off() {
        assert_eq!(
            text(b"\xef\xbb\xbfa,b"),
            ("a,b".to_owned(), "UTF-8".to_owned())
        );
        for (little, name) in [(true, "UTF-16LE"), (false, "UTF-16BE")] {
            for mark in [true, false] {
                assert_eq!(
                    text(&wide("name,city\nÉmile,Zürich\n", mark, little)),
                    ("name,city\nÉmile,Zürich\n".to_owned(), name.to_owned())
                );
            }
        }
    }

    #[test]
    fn a_code_page_of_old_is_guessed() {
        let (read, encoding) =
            text(b"name,city\nJ\xfcrg M\xfcller,Z\xfcrich\nFran\xe7ois,Gen\xe8ve\n");
        assert_eq!(
            (read.contains("Müller"), encoding.as_str()),
            (true, "windows-1252")
        );
    }

    #[test]
    fn gzip_is_opened_and_a_broken_one_is_named() {
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(b"a,b\n1,2\n").unwrap();
        let packed = gzip.finish().unwrap();
        assert_eq!(text(&packed).0, "a,b\n1,2\n");
        assert!(matches!(
            decode("x", &packed[..packed.len() / 2]),
            Err(ReadFault::Gzip { .. })
        ));
    }

    #[test]
    fn what_is_no_text_is_refused_by_its_name() {
        for (bytes, word) in [
            (&b"PK\x03\x04rest"[..], "xlsx"),
            (b"\xff\xfe\0\0a\0\0\0", "UTF-32"),
            (b"\0\0\xfe\xff\0\0\0a", "UTF-32"),
            (b"a,b\0\x01\x02,c\n", "binary"),
            (b"", "empty"),
            (b"\xef\xbb\xbf \r\n\n", "blank"),
            (b"%PDF-1.4", "PDF"),
            (b"[\n {\"a\": 1}]", "JSON"),
            (b"{\"a\": 1}\n", "JSON"),
        ] {
            let sentence = decode("deals.csv", bytes).unwrap_err().to_string();
            assert!(
                sentence.contains(word) && sentence.starts_with("deals.csv "),
                "{sentence}"
            );
        }
    }
}
