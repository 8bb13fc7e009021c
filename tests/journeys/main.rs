//! The app as its user meets it: the real program in a real terminal, keys in, screens out. A handful of journeys; what a lower
//! layer can show is tested there.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test says why it fails by failing")]

mod arrows;
mod away;
mod bytes;
mod counts;
mod hostile;
mod jobs;
mod journeys;
mod lines;
mod monkey;
mod pipelines;
mod terminal;
mod traps;
