//! Work that joins files and the book: imports, exports, answers to what waits, the demo. Started by the shell and the app alike; it knows neither.

pub mod demo;
pub mod export;
pub mod group;
pub mod import;
pub mod links;
pub mod shown;

#[cfg(test)]
mod bed;
