//! Work that joins files and the book: imports, exports, the demo. Started by the shell and the app alike; it knows neither.

pub mod demo;
pub mod export;
pub mod import;
