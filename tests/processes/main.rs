//! Several real processes over one book: what was acknowledged is in it, once; who met somebody is told whom, when and over what;
//! and nothing is half done.

#![expect(clippy::unwrap_used, reason = "a test says why it fails by failing")]

mod desk;

mod fields;
mod imports;
mod many;
mod trash;
mod undoing;
mod versions;
