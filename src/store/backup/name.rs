//! How a backup is called: `team-2026-11-24T100500Z-412.db`, with the occasion at the end where it was no ordinary one. Only files
//! that were verified bear such a name.

use crate::domain::time::{Instant, Zone};

/// Why a backup was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occasion {
    /// Somebody asked, or it was due.
    Usual,
    /// Before a big import.
    BeforeImport,
    /// Before the schema was changed.
    BeforeMigration,
    /// Before another backup was restored: the state that the restore replaced.
    BeforeRestore,
}

/// Every occasion with the end of the name that tells it.
const ENDS: [(Occasion, &str); 4] = [
    (Occasion::BeforeImport, "-before-import"),
    (Occasion::BeforeMigration, "-before-migration"),
    (Occasion::BeforeRestore, "-before-restore"),
    (Occasion::Usual, ""),
];

impl Occasion {
    /// In words, as the name says it; empty for the usual one.
    #[must_use]
    pub fn words(self) -> String {
        self.end().trim_start_matches('-').replace('-', " ")
    }

    fn end(self) -> &'static str {
        ENDS.iter()
            .find(|(occasion, _)| *occasion == self)
            .map_or("", |(_, end)| end)
    }
}

/// What the name of a backup tells.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Name {
    /// The name of the book's file without its ending.
    pub stem: String,
    /// When it was made, in whole seconds.
    pub at: Instant,
    /// The last `seq` in it.
    pub seq: i64,
    /// Why it was made.
    pub occasion: Occasion,
}

impl Name {
    /// Reads the name of a file; `None` where no backup is called so.
    pub fn parse(file: &str) -> Option<Self> {
        let body = file.strip_suffix(".db")?;
        let (occasion, body) = ENDS
            .iter()
            .find_map(|(occasion, end)| Some((*occasion, body.strip_suffix(end)?)))?;
        let (body, seq) = body.rsplit_once('-')?;
        let (stem, at) = stamped(body)?;
        let name = Self {
            stem: stem.to_owned(),
            at,
            seq: seq.parse().ok()?,
            occasion,
        };
        // `+7` and `007` are numbers too, but no backup is called so.
        (name.file() == file).then_some(name)
    }

    /// The name of the file.
    pub fn file(&self) -> String {
        format!(
            "{}-{}-{}{}.db",
            self.stem,
            stamp(self.at),
            self.seq,
            self.occasion.end()
        )
    }
}

/// The name of a file that is being written; `mark` tells those of several processes apart.
pub(super) fn part(stem: &str, at: Instant, mark: &str) -> String {
    format!("{stem}-{}-{mark}.part", stamp(at))
}

/// Whether a file is one that was being written for a book of that stem.
pub(super) fn is_part(file: &str, stem: &str) -> bool {
    let body = file.strip_suffix(".part").and_then(|body| {
        let (body, mark) = body.rsplit_once('-')?;
        (mark.len() == 32 && mark.bytes().all(|byte| byte.is_ascii_hexdigit())).then_some(body)
    });
    body.and_then(stamped).is_some_and(|(of, _)| of == stem)
}

/// `2026-11-24T100500Z`: a moment without colons, which some file systems do not take.
pub(super) fn stamp(at: Instant) -> String {
    whole_second(at).to_string().replace(':', "")
}

fn whole_second(at: Instant) -> Instant {
    Instant::from_millis(at.millis() - at.millis().rem_euclid(1000))
}

/// How long a stamp is.
const STAMP: usize = "2026-11-24T100500Z".len();

/// A stem and the stamp behind it.
fn stamped(body: &str) -> Option<(&str, Instant)> {
    let place = body.len().checked_sub(STAMP)?;
    let (stem, text) = body.split_at_checked(place)?;
    let stem = stem.strip_suffix('-').filter(|stem| !stem.is_empty())?;
    if !text.is_ascii() {
        return None;
    }
    let moment = format!("{}:{}:{}", &text[..13], &text[13..15], &text[15..]);
    let at = Instant::parse(&moment, Zone::UTC).ok()?;
    (stamp(at) == text).then_some((stem, at))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(occasion: Occasion) -> Name {
        Name {
            stem: "our-team".to_owned(),
            at: Instant::from_millis(1_795_514_700_000),
            seq: 412,
            occasion,
        }
    }

    #[test]
    fn a_name_tells_when_and_why() {
        assert_eq!(
            name(Occasion::Usual).file(),
            "our-team-2026-11-24T100500Z-412.db"
        );
        for (occasion, _) in ENDS {
            let name = name(occasion);
            assert_eq!(Name::parse(&name.file()), Some(name));
        }
    }

    #[test]
    fn other_files_are_no_backups() {
        for file in [
            "team.db",
            "team-2026-11-24.db",
            "team-2026-11-24T100500Z.db",
            "team-2026-11-24T100500Z-x.db",
            "team-2026-11-24T100500Z-007.db",
            "team-2026-11-24T100500Z-7-before-lunch.db",
            "team-2026-13-24T100500Z-7.db",
            "-2026-11-24T100500Z-7.db",
            "téam-2026-11-24T1005é0Z-7.db",
            "team-2026-11-24T100500Z-7.db.part",
        ] {
            assert_eq!(Name::parse(file), None, "{file}");
        }
    }

    #[test]
    fn a_part_belongs_to_its_stem() {
        let part = part("team", Instant::from_millis(0), &"0a".repeat(16));
        assert!(is_part(&part, "team"), "{part}");
        assert!(!is_part(&part, "tea"));
        assert!(!is_part("team-notes.part", "team"));
    }
}
