//! Tests of the filter language: its grammar, and what it means for each noun.

mod binding;
mod grammar;
