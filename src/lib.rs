//! clinch: a CRM for small sales teams that lives in the terminal.

pub mod cli;
pub mod config;
pub mod domain;
pub mod exchange;
pub mod jobs;
pub mod store;
pub mod tui;
