//! What somebody else changed a moment ago: its sign fades.

use crate::domain::id::RecordId;
use crate::domain::time::Instant;

/// How long a record that somebody else changed keeps its sign, in milliseconds.
const SHOWN_MS: i64 = 10_000;

/// The records that somebody else changed, and when that was heard.
#[derive(Clone, Debug, Default)]
pub struct ByOthers(Vec<(RecordId, Instant)>);

impl ByOthers {
    /// Notes that somebody else changed a record.
    pub fn note(&mut self, record: RecordId, at: Instant) {
        self.0
            .retain(|(id, then)| *id != record && at.millis() - then.millis() < SHOWN_MS);
        self.0.push((record, at));
    }

    /// Whether that was a moment ago.
    #[must_use]
    pub fn has(&self, record: RecordId, now: Instant) -> bool {
        self.0
            .iter()
            .any(|(id, at)| *id == record && now.millis() - at.millis() < SHOWN_MS)
    }
}
