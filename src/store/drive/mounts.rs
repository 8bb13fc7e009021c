//! The list of mounts that Linux keeps in `/proc/self/mountinfo`, and the one that a path is on.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::{Path, PathBuf};

/// One mount.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mount {
    /// The number of the device, `major:minor`.
    pub device: String,
    /// Where it is mounted.
    pub point: PathBuf,
    /// The file system's type.
    pub kind: String,
    /// What is mounted.
    pub source: String,
    /// The options of the mount and of the file system, in one list.
    pub options: Vec<String>,
}

/// Reads the list (proc(5)): `36 35 98:0 /root /mount rw,noatime master:1 - ext3 /dev/sda rw`. Lines that are not understood are
/// left out.
pub(super) fn parse(text: &str) -> Vec<Mount> {
    text.lines().filter_map(mount).collect()
}

fn mount(line: &str) -> Option<Mount> {
    // A variable number of fields, ended by a dash, stands between the two halves.
    let (first, second) = line.split_once(" - ")?;
    let first: Vec<&str> = first.split(' ').collect();
    let mut second = second.split(' ');
    let [_, _, device, _, point, own, ..] = first.as_slice() else {
        return None;
    };
    let kind = second.next()?.to_owned();
    let source = unescape(second.next()?).to_string_lossy().into_owned();
    let options = own.split(',').chain(second.next().unwrap_or("").split(','));
    Some(Mount {
        device: (*device).to_owned(),
        point: unescape(point).into(),
        kind,
        source,
        options: options
            .filter(|option| !option.is_empty())
            .map(str::to_owned)
            .collect(),
    })
}

/// Blank, tab, newline and backslash are written as a backslash and three octal digits.
fn unescape(text: &str) -> OsString {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let octal = after
            .get(..3)
            .filter(|_| first == b'\\')
            .and_then(|digits| {
                let text = std::str::from_utf8(digits).ok()?;
                u8::from_str_radix(text, 8).ok()
            });
        bytes.push(octal.unwrap_or(first));
        rest = if octal.is_some() { &after[3..] } else { after };
    }
    OsString::from_vec(bytes)
}

/// The mount that a canonical path is on: the one mounted deepest above it, and of several at one place the last, which hides the
/// others. Where the device of the path is known and one of them has it, it is among those: a mount may lie under another one.
pub(super) fn of<'a>(mounts: &'a [Mount], path: &Path, device: Option<&str>) -> Option<&'a Mount> {
    let deepest = |same_device: bool| {
        mounts
            .iter()
            .filter(|mount| path.starts_with(&mount.point))
            .filter(|mount| !same_device || Some(mount.device.as_str()) == device)
            // Of equals `max_by_key` takes the last.
            .max_by_key(|mount| mount.point.components().count())
    };
    deepest(true).or_else(|| deepest(false))
}
