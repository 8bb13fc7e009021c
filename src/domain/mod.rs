//! The nouns, their rules and the arithmetic on them.
//!
//! Pure: no files, no clock (time is an argument), no SQL, no screen. Everything else in the house speaks in the types of
//! this room.
//!
//! | module | holds |
//! |---|---|
//! | [`id`] | record ids, step ids, the short form that people see |
//! | [`value`], [`nouns`], [`custom`] | what a field can hold; which fields every noun has; which a team adds |
//! | [`text`] | what may enter the book as text; folding for comparison |
//! | [`money`], [`time`], [`period`] | amounts, instants, dates, reporting periods |
//! | [`command`], [`outcome`] | what an author asks for; what the book answers |
//! | [`lead`] | what becomes of a lead: conversion, dropping |
//! | [`setup`], [`requirement`] | how a team sells: pipelines, stages, lost reasons; what a stage asks of a deal |
//! | [`lines`] | the products of a deal, their sum, and how the amount follows it |
//! | [`pipeline`] | stage kinds, the standard pipeline, the expected order of stages |
//! | [`check`] | what a field can hold |
//! | [`order`] | fractional keys for the order of cards |
//! | [`typed`] | what people type into a field, and the value that it means |
//! | [`shown`] | how values look to people |
//! | [`resolve`] | what to ask of the book after a conflict |
//! | [`records`], [`board`], [`history`], [`today`] | what lists, forms, the board, timelines and today show |
//! | [`past`] | what was done and can be taken back; the trash |
//! | [`filter`], [`report`] | the filter language; the figures of reports |
//! | [`view`] | what a screen shows, as it is kept under a name |
//! | [`identity`] | normalised forms that tell who is who |
//! | [`known`] | what an import must know of the book |

pub mod board;
pub mod check;
pub mod command;
pub mod custom;
pub mod filter;
pub mod history;
pub mod id;
pub mod identity;
pub mod known;
pub mod lead;
pub mod lines;
pub mod money;
pub mod nouns;
pub mod order;
pub mod outcome;
pub mod past;
pub mod period;
pub mod pipeline;
pub mod records;
pub mod report;
pub mod requirement;
pub mod resolve;
pub mod setup;
pub mod shown;
pub mod text;
pub mod time;
pub mod today;
pub mod typed;
pub mod value;
pub mod view;
