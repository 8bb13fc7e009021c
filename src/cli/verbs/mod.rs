//! One file a verb.

pub mod add;
pub mod backup;
pub mod book;
pub mod check;
pub mod completions;
pub mod deals;
pub mod demo;
pub mod doctor;
pub mod edit;
pub mod export;
pub mod import;
pub mod leads;
pub mod links;
pub mod list;
pub mod log;
pub mod migrate;
pub mod noun;
pub mod outbox;
pub mod report;
pub mod restore_book;
pub mod search;
pub mod show;
pub mod trash;
pub mod trash_can;
pub mod tui;
pub mod undo;
