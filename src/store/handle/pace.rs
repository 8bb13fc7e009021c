//! How often and how long: the times by which the store thread goes.

use std::time::Duration;

/// All of them in one place.
#[derive(Clone, Copy, Debug)]
pub(in crate::store) struct Pace {
    /// A write has waited so long for a lock before anybody is told.
    pub tell_after: Duration,
    /// What waits is told again so often.
    pub tell_every: Duration,
    /// Writes that wait for a lock hold up a close for so long.
    pub close: Duration,
    /// An operation that takes so long has met a drive that does not answer.
    pub stuck: Duration,
    /// Pauses between tries to reach a drive that is gone; the last one again and again.
    pub reach: [Duration; 6],
    /// Pauses before a book on a share that looks damaged is looked at again: as long as caches may lie.
    pub doubt: [Duration; 4],
    /// On a share, the side file is read so often while the drive is quick and somebody works.
    pub poll: Duration,
    /// And so often else.
    pub poll_idle: Duration,
    /// A drive whose round trip is shorter is quick.
    pub quick: Duration,
    /// Who has pressed a key within this time works.
    pub works: Duration,
    /// On a share, the book's own counter is read so often.
    pub look: Duration,
    /// So long after a commit its step is looked for; on a share it is looked for that often.
    pub verify: Duration,
}

const fn seconds(count: u64) -> Duration {
    Duration::from_secs(count)
}

impl Pace {
    /// The times of the program.
    pub const USUAL: Self = Self {
        tell_after: Duration::from_millis(250),
        tell_every: seconds(1),
        close: seconds(20),
        stuck: seconds(2),
        reach: [
            seconds(1),
            seconds(2),
            seconds(5),
            seconds(10),
            seconds(20),
            seconds(30),
        ],
        doubt: [seconds(1), seconds(5), seconds(20), seconds(65)],
        poll: seconds(1),
        poll_idle: seconds(5),
        quick: Duration::from_millis(3),
        works: seconds(60),
        look: seconds(20),
        verify: seconds(60),
    };
}
