//! Who this process is, the real clock, and ids from chance: what the store alone takes from the machine.

use std::time::{SystemTime, UNIX_EPOCH};

use crate::domain::id::StepId;
use crate::domain::text::clean_line;
use crate::domain::time::Instant;

use super::write::Author;

/// 128 random bits: the id of a step or of a book.
#[must_use]
pub fn random_id() -> StepId {
    let mut bytes = [0; 16];
    if getrandom::fill(&mut bytes).is_err() {
        // A system without randomness still has a clock and a process: unique here, if guessable.
        let stamp = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default()
            .as_nanos()
            ^ (u128::from(std::process::id()) << 96);
        bytes = stamp.to_le_bytes();
    }
    StepId(bytes)
}

/// The real clock: for ids, lock waits and the time of a commit, never for what is on screen.
#[must_use]
pub fn real_now() -> Instant {
    let since = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    Instant::from_millis(i64::try_from(since.as_millis()).unwrap_or(i64::MAX))
}

/// Who this process is: kept with every step, whether anybody said who they are or not.
pub(super) fn author() -> Author {
    let of = |names: &[&str]| {
        names
            .iter()
            .find_map(|name| std::env::var(name).ok())
            .map(|text| clean_line(&text))
            .filter(|text| !text.is_empty())
    };
    Author {
        os_user: of(&["USER", "LOGNAME", "USERNAME"]).unwrap_or_else(|| "unknown".to_owned()),
        host: host(),
    }
}

#[cfg(unix)]
fn host() -> String {
    clean_line(&rustix::system::uname().nodename().to_string_lossy())
}

#[cfg(not(unix))]
fn host() -> String {
    std::env::var("COMPUTERNAME").map_or_else(|_| "unknown".to_owned(), |name| clean_line(&name))
}
