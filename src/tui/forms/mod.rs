//! What is typed and chosen in layers over a screen: forms of records, and the dialogs around them.
//!
//! A form is handed what it needs (records, choices, the as-of moment) and gives back commands. It knows for each field what its
//! author saw and asks only for what was changed, so that nothing else is ever compared.
//!
//! | module | holds |
//! |---|---|
//! | [`form_of`] | what a form is about |
//! | [`form`], [`entry`], [`asked`], [`draft`] | the form of a record, its fields, the commands that come of it, what is kept of it when it is left |
//! | [`built`], [`meaning`] | what a form starts with and says; what a value means in it |
//! | [`matches`](mod@matches), [`holders`] | records looked for while somebody types; who else has an address or number |
//! | [`follow`] | the record changes under its form |
//! | [`deal`], [`contact`], [`company`], [`activity`], [`field`] | the forms of a deal, a contact, a company, an activity, a custom field |
//! | [`cell`], [`custom`] | one field where it stands, or that of several records; custom fields |
//! | [`setup`] | the forms of a stage, a pipeline, a lost reason |
//! | [`line`](mod@line) | the form of a line of a deal: what is sold, how many, for how much |
//! | [`log`], [`plan`], [`done`] | the forms of what was done, of what comes next, of both in one |
//! | [`view`], [`export`] | the form of a view; where what is shown is exported to |
//! | [`lose`], [`confirm`], [`rep`], [`first_start`] | why a deal was lost; a question; who you are; a book's first questions |
//! | [`offers`] | changes of earlier runs that are not in the book |
//! | [`conflict`] | mine, theirs and original, field by field |
//! | [`spoken`] | a form field by field, for who has it read aloud |
//! | [`choose`] | rows for lists out of what the book offers |
//! | [`editor`], [`sheet`], [`paper`] | labelled fields: what is in them, how keys move among them, how they are drawn |

pub mod activity;
pub mod asked;
mod built;
pub mod cell;
pub mod choose;
pub mod company;
pub mod confirm;
pub mod conflict;
pub mod contact;
mod custom;
pub mod deal;
pub mod done;
pub mod draft;
pub mod editor;
pub mod entry;
pub mod export;
pub mod field;
pub mod first_start;
mod follow;
pub mod form;
pub mod form_of;
mod holders;
pub mod line;
pub mod log;
pub mod lose;
mod matches;
mod meaning;
pub mod offers;
pub mod paper;
pub mod plan;
pub mod quota;
pub mod rep;
pub mod setup;
pub mod sheet;
pub mod spoken;
pub mod view;

#[cfg(test)]
mod tests;
