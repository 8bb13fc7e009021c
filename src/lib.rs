//! clinch: a CRM for small sales teams that lives in the terminal.
//!
//! One binary, one SQLite file (the *book*). This page is the map of the code; a test (`tests/rooms.rs`) holds the rooms to it.
//!
//! ```text
//!  keyboard ─▶ input thread ──┐                                   ┌─ write lane: in order, none dropped, one transaction each
//!  store events ──────────────┼─▶ mpsc<Msg> ─▶ App::update ─▶ Vec<Effect> ─▶ store ─┤
//!                             │   (pure: no clock, no I/O)        │   handle  └─ read lane: one slot per view, the newest wins
//!         wakes only when     ▼ drain the queue, then draw once   ▼
//!         something waits  Terminal  ◀── screens read &App     the store thread owns the connection
//!
//!  shell ─▶ cli verb ─▶ StepDraft / Query ─▶ Book          files ─▶ exchange (rows, plans) ─▶ jobs ─▶ StepDrafts ─▶ Book
//! ```
//!
//! | room | holds | may import | may never |
//! |---|---|---|---|
//! | [`domain`] | the nouns, their rules and the arithmetic on them: money, time, the filter language, report formulas | small text crates | SQL, screens, files, the clock, printing |
//! | [`store`] | the book: schema, commands to steps to changes, undo, queries, the store thread. The only room that names rusqlite | domain | tui, cli, config, exchange, jobs |
//! | [`exchange`] | text to domain values and back: dialects, recognition, mapping, the plan of an import; writers | domain, format crates | store, tui, cli |
//! | [`jobs`] | work that joins files and the book: import, export, the demo | domain, exchange, store | tui, cli |
//! | [`config`] | paths, settings, keymap, theme: defaults are commented files in `assets/`, the user's file is a patch on them | domain, serde, toml | store |
//! | [`tui`] | the app: loop, state, actions, layers, screens, widgets. The only room that names ratatui or crossterm | domain, config, the store's handle, questions and answers | SQL, files, sleep, printing |
//! | [`cli`] | the shell: one file a verb, output formats, exit codes | everything but the app's screens | business rules |
//!
//! # One path for every change
//! Board, form, shell, import and undo all make a [`StepDraft`](domain::command::StepDraft): commands that name records and, per
//! field, the value that their author saw. [`Book::commit`](store::Book::commit) judges it in one transaction by compare-and-set
//! and writes one *step* with its *changes*. Undo, history, notices and conflicts follow from that log; there is no second
//! mechanism.
//!
//! # Nothing is lost
//! A step is kept in an outbox on the user's own disk before it is sent, judged in one transaction, marked, and looked for afterwards; its
//! id, made by its author, makes trying again safe. What a book lies on decides how it is opened ([`store::drive`]): a local disk as
//! SQLite does it, a share through a shim that locks and forgets as a network drive needs it, a drive that loses things not at all.
//! The store thread outlives its drive: while that is gone or hangs, what is written waits in the outbox, a watchdog tells, and the
//! screen shows what it last saw. [`Book::check`](store::Book::check) holds the rows against the log, backups are read back before
//! they have a name, and a restore starts a new epoch that everybody notices.
//!
//! # Long lists
//! A list is the ids of all its records in their order, and the rows of those in sight. Of a million the order takes a second, so the
//! first of it come before ([`Query::Head`](store::query::Query::Head)): found by walking an index until a page is full, put in order by
//! the same code as the whole, which is read behind them and makes way for every other question.
//!
//! # Versions
//! A book's schema has a major and a minor version (1.1 now). To an older program a minor only adds, so that it goes on with the book; a newer
//! program migrates a book of an older minor when it is alone with it, behind a verified backup ([`store::Migrated`]).
//!
//! # Two clocks
//! The real clock drives ids, lock waits and the time of a commit; [`store`] alone reads it, and hands it ([`store::real_now`]) to
//! whoever starts the app or a verb. `now` is the as-of moment (`--now`): today, periods, ages on screen, the moment of a step. It
//! comes in as an argument everywhere else.
//!
//! # Two faces
//! The app is one: [`tui::app`] has no terminal. On a screen [`tui::screens`] paint it; in line mode [`tui::plain`] tells it as a
//! conversation, every choice with a number, for who has it read aloud.
//!
//! # Words
//! book (the database file) · rep (a user: seller or lead) · contact (a person), company, deal, pipeline, stage · lead (a contact not
//! yet qualified) · activity (call, mail, meeting, note, task) · next step (a planned activity) · source (where a record came from,
//! with its key there) · view (what a screen shows, saved under a name: filter, columns, order) · step (one act: the unit of undo) ·
//! change (one field of one record) · base value (what the editor saw) · folded copy (names, addresses and numbers of a book in
//! memory, lower case and without accents: any record by a few letters).

pub mod cli;
pub mod config;
pub mod domain;
pub mod exchange;
pub mod jobs;
pub mod store;
pub mod tui;
