//! What can be asked of a book, and what it answers. A query is judged in one transaction, so an answer is one moment of the book.

use crate::domain::board::{Board, CardOrder};
use crate::domain::filter::Filter;
use crate::domain::history::{Head, History, Holder, ListRow, Mark, Order, Part, Party, Profile};
use crate::domain::id::{Id, RecordId, StepId};
use crate::domain::lines::DealLines;
use crate::domain::money::Currency;
use crate::domain::nouns::Entity;
use crate::domain::outcome::{Change, StepGroup};
use crate::domain::past::{PastAct, StepChanges, Trash};
use crate::domain::period::Period;
use crate::domain::pipeline::StageKind;
use crate::domain::records::{Candidate, Deal, Pipeline, Record, Rep, Stage};
use crate::domain::report::{ClosedDeal, Member};
use crate::domain::setup::SalesProcess;
use crate::domain::time::{Instant, Zone};
use crate::domain::today::{Since, Today};

/// The circumstances in which a filter and an answer hold: who asks, and as of when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// The as-of moment: today, ages, `due<0`.
    pub now: Instant,
    /// Whom `owner:me` means.
    pub me: Option<Id<Rep>>,
}

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// What the book says of itself.
    Info,
    /// The board of a pipeline.
    Board(BoardQuery),
    /// What was ever won and lost of the deals of a board. The limits and the order of its query do not count.
    Ever(Box<BoardQuery>),
    /// Records of a noun, in a stable order.
    List(ListQuery),
    /// The ids of a list, all of them: a page at any depth is then as cheap as the first. Over the [`Handle`](super::handle::Handle)
    /// the first of them, up to the query's limit, are answered before as [`Head`](Answer::Head), where they are found sooner, and where
    /// these are all no order follows; to the book itself the limit does not count.
    Order(ListQuery),
    /// The first ids of a list, up to its limit, where they are found without reading all of it.
    Head(ListQuery),
    /// These records with their next steps, in this order; those that are not in the book are left out.
    Rows {
        /// Their noun.
        entity: Entity,
        /// Which.
        ids: Vec<RecordId>,
        /// As of when: sums are at that day's rates.
        now: Instant,
    },
    /// A contact or company with its sources and deals, a company's people and subsidiaries.
    Profile {
        /// Whose.
        of: Party,
        /// As of when: sums are at that day's rates.
        now: Instant,
    },
    /// What happened with a contact or company and is planned: activities and changes.
    History(HistoryQuery),
    /// Who has these addresses, numbers, domains and names already.
    Holders(HoldersQuery),
    /// One record, trashed or not.
    Show {
        /// Its noun.
        entity: Entity,
        /// Its id.
        id: RecordId,
    },
    /// Which record a text means (settled: full id, e-mail, exact name, prefix of an id).
    Resolve {
        /// Its noun.
        entity: Entity,
        /// What was typed.
        text: String,
    },
    /// A deal with its lines, in their order.
    Lines(Id<Deal>),
    /// All records of a noun by name, for pickers of nouns of which there are few: reps, stages of all pipelines, lost reasons.
    Choices(Entity),
    /// What a picker offers of a noun of which there may be a million, while somebody types.
    Matches(MatchQuery),
    /// Companies, contacts and deals whose words match, best first. Over the [`Handle`](super::handle::Handle) the folded copy
    /// answers, more than once: as soon as what was typed is found, with what was nearly typed, and again while it is still being
    /// read.
    Search {
        /// What was typed.
        text: String,
        /// How many at the most.
        limit: usize,
    },
    /// What somebody works on, the last first: what they opened, then what they changed.
    Lately {
        /// Who.
        rep: Option<Id<Rep>>,
        /// What they opened in this session, the last first: companies, contacts and deals.
        opened: Vec<(Entity, RecordId)>,
        /// How many at the most.
        limit: usize,
    },
    /// Activities of a record (done and planned) and, where asked, its changes: newest first.
    Timeline {
        /// The record's noun: a deal, contact or company.
        entity: Entity,
        /// The record.
        id: RecordId,
        /// How many at the most.
        limit: usize,
    },
    /// What is in the log after a `seq`, in its order.
    Changes {
        /// The last one known.
        after: i64,
        /// How many at the most.
        limit: usize,
    },
    /// The groups of steps in the log, the newest first: what can be undone, and what was.
    Groups {
        /// How many at the most.
        limit: usize,
    },
    /// What is in the trash, the latest first.
    Trash(TrashQuery),
    /// The groups of steps of somebody or of all, the newest first.
    Steps(StepsQuery),
    /// What a group of steps changed, in its order.
    StepChanges {
        /// The group.
        group: StepId,
        /// How many changes at the most.
        limit: usize,
    },
    /// The deals that were closed in a period and are closed still: the rows of win rate and leaderboard.
    Closed(ClosedQuery),
    /// What is to be done now.
    Today(TodayQuery),
    /// Pipelines with their stages, and lost reasons.
    Setup,
    /// The filter of a list clause by clause, each with what it leaves of all.
    Clauses(ListQuery),
    /// The words that a filter of a noun can be completed with, by field.
    Words(Entity),
}

/// What a picker offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MatchQuery {
    /// The noun.
    pub entity: Entity,
    /// What was typed; nothing asks for what was used lately.
    pub text: String,
    /// Records that are offered whatever was typed.
    pub also: Vec<RecordId>,
    /// How many at the most, where there are too many to offer all.
    pub limit: usize,
}

/// Which part of the trash.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrashQuery {
    /// Only records of that noun.
    pub entity: Option<Entity>,
    /// Only what has these words: in its name, in who put it there, in the step.
    pub words: String,
    /// Only what was put there since then.
    pub since: Option<Instant>,
    /// How many at the most.
    pub limit: usize,
}

/// Which groups of steps.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StepsQuery {
    /// Only those of that rep.
    pub rep: Option<Id<Rep>>,
    /// Only those whose label has these words.
    pub words: String,
    /// How many at the most.
    pub limit: usize,
}

/// Whose day, as of when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TodayQuery {
    /// As of when; for whom, or for everybody.
    pub asked: Asked,
    /// From where on others' acts are told; `None` is from the last act of who asks.
    pub since: Option<Since>,
}

/// What people and firms are told apart by: who has it already is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct HoldersQuery {
    /// E-mail addresses of people, as written.
    pub emails: Vec<String>,
    /// Phone numbers of people, as written.
    pub phones: Vec<String>,
    /// Names of companies, as written; the legal form says nothing.
    pub names: Vec<String>,
    /// Internet domains of companies, as written.
    pub domains: Vec<String>,
    /// Whom not to tell of.
    pub except: Option<RecordId>,
}

impl HoldersQuery {
    /// Whether it asks for nothing.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.emails.is_empty()
            && self.phones.is_empty()
            && self.names.is_empty()
            && self.domains.is_empty()
    }
}

/// Which part of the history of a contact or company.
#[derive(Clone, Debug, PartialEq)]
pub struct HistoryQuery {
    /// Whose.
    pub of: Party,
    /// Which sorts, with which words.
    pub part: Part,
    /// Only what happened before that; `None` begins with what is planned and the newest.
    pub before: Option<Mark>,
    /// How many at the most, beside those planned.
    pub limit: usize,
}

/// Which closed deals.
#[derive(Clone, Debug, PartialEq)]
pub struct ClosedQuery {
    /// When they were closed, by the days of the team's zone.
    pub period: Period,
    /// Which of them; `close_owner:` filters by who gets the credit.
    pub filter: Option<Filter>,
    /// As of when, and for whom.
    pub asked: Asked,
}

/// What the board shall show.
#[derive(Clone, Debug, PartialEq)]
pub struct BoardQuery {
    /// Which pipeline; `None` is the first.
    pub pipeline: Option<Id<Pipeline>>,
    /// Which deals.
    pub filter: Option<Filter>,
    /// How many cards to load of a stage, where it is not the usual number.
    pub limits: Vec<(Id<Stage>, usize)>,
    /// The usual number.
    pub limit: usize,
    /// The order of the cards.
    pub order: CardOrder,
    /// A deal that shall be among the cards that are loaded, however far down it stands.
    pub keep: Option<Id<Deal>>,
    /// The period of the foot.
    pub foot: Period,
    /// As of when, and for whom.
    pub asked: Asked,
}

/// Which records, in which order.
#[derive(Clone, Debug, PartialEq)]
pub struct ListQuery {
    /// The noun.
    pub entity: Entity,
    /// Which of them.
    pub filter: Option<Filter>,
    /// By which fields, each ascending or (true) descending; ties by id. Unknown values come last. Names are those of
    /// [`Entity::fields`], or `created_at`.
    pub sort: Vec<(String, bool)>,
    /// How many at the most.
    pub limit: Option<usize>,
    /// Whether the trash is listed instead.
    pub trashed: bool,
    /// As of when, and for whom.
    pub asked: Asked,
}

/// An answer, of the same name as its question.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    /// See [`Query::Info`].
    Info(Box<BookInfo>),
    /// See [`Query::Board`].
    Board(Box<Board>),
    /// See [`Query::Ever`]: what was asked, how many were won, how many lost.
    Ever(Box<BoardQuery>, (u64, u64)),
    /// See [`Query::List`].
    List(Listing),
    /// See [`Query::Order`].
    Order(Order),
    /// See [`Query::Head`]; `None` where only the whole order tells.
    Head(Option<Head>),
    /// See [`Query::Rows`].
    Rows(Vec<ListRow>),
    /// See [`Query::Profile`].
    Profile(Option<Box<Profile>>),
    /// See [`Query::History`].
    History(History),
    /// See [`Query::Holders`].
    Holders(Vec<Holder>),
    /// See [`Query::Show`].
    Show(Option<Box<Record>>),
    /// See [`Query::Lines`].
    Lines(Option<Box<DealLines>>),
    /// See [`Query::Resolve`].
    Resolve(Resolved),
    /// See [`Query::Choices`].
    Choices(Vec<Choice>),
    /// See [`Query::Matches`].
    Matches(Matches),
    /// See [`Query::Search`] and [`Query::Lately`].
    Search(FoundRows),
    /// See [`Query::Timeline`].
    Timeline(Vec<Record>),
    /// See [`Query::Changes`].
    Changes(Vec<Change>),
    /// See [`Query::Groups`].
    Groups(Vec<StepGroup>),
    /// See [`Query::Trash`].
    Trash(Trash),
    /// See [`Query::Steps`].
    Steps(Vec<PastAct>),
    /// See [`Query::StepChanges`].
    StepChanges(StepChanges),
    /// See [`Query::Closed`].
    Closed(ClosedRows),
    /// See [`Query::Today`].
    Today(Box<Today>),
    /// See [`Query::Setup`].
    Setup(Box<SalesProcess>),
    /// See [`Query::Clauses`].
    Clauses(Clauses),
    /// See [`Query::Words`].
    Words(Vec<(String, Vec<String>)>),
}

/// Words that [`Query::Words`] gives of one field at the most.
pub const WORDS_AT_MOST: usize = 200;

/// What each clause of a filter leaves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clauses {
    /// All records of the noun that are not in the trash.
    pub all: u64,
    /// Those that the whole filter leaves.
    pub fit: u64,
    /// Each clause with how many it leaves alone, and of how many of these nothing is known there.
    pub parts: Vec<(String, u64, u64)>,
}

/// The rows of a report on closed deals.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedRows {
    /// The deals, in no order.
    pub deals: Vec<ClosedDeal>,
    /// Every rep that is not in the trash.
    pub members: Vec<Member>,
    /// The currency of `base_minor`.
    pub base: Currency,
}

/// What the book says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BookInfo {
    /// Where it is.
    pub path: std::path::PathBuf,
    /// Its own id, 32 hexadecimal digits.
    pub book: StepId,
    /// `major.minor` of its schema.
    pub schema: (u32, u32),
    /// How often it was restored from a backup.
    pub epoch: i64,
    /// Its name.
    pub name: String,
    /// The currency of sums.
    pub base: Currency,
    /// The team's time zone.
    pub zone: Zone,
    /// The month in which the fiscal year begins, 1 to 12.
    pub fiscal_start: u32,
    /// The last `seq` in its log.
    pub seq: i64,
    /// Records that are not in the trash, by noun.
    pub counts: Vec<(Entity, u64)>,
    /// Steps in the log.
    pub steps: u64,
    /// Bytes of the file.
    pub bytes: u64,
    /// SQLite's journal mode.
    pub journal_mode: String,
    /// Links that wait for their record.
    pub pending_links: u64,
}

/// A list.
#[derive(Clone, Debug, PartialEq)]
pub struct Listing {
    /// The records.
    pub records: Vec<Record>,
    /// How many there are without the limit.
    pub total: u64,
    /// Of a filter with a negation: how many of the records have no value there (`-city:Boston` includes people without a city).
    pub unknown: u64,
}

/// What a search has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundRows {
    /// What was typed; empty for what somebody works on.
    pub text: String,
    /// The best, best first; behind them what was nearly typed.
    pub rows: Vec<FoundRow>,
    /// How many fit what was typed; where there are [`more`](Self::more), at least.
    pub fit: usize,
    /// The search stopped before it had seen all.
    pub more: bool,
    /// The copy is still being read: how far it is.
    pub reading: Option<Reading>,
    /// No other answer to this question comes.
    pub done: bool,
}

/// How far the copy in memory is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// Records that are in it.
    pub read: u64,
    /// How many there are in the book, where that was counted.
    pub of: Option<u64>,
}

/// A record that was found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundRow {
    /// It.
    pub record: Candidate,
    /// A contact that is a lead.
    pub lead: bool,
    /// What fits, where neither its name nor what stands beside that does: an address, a number, a title.
    pub matched: Option<String>,
    /// What was typed, put right, where it was only nearly that.
    pub near: Option<String>,
}

/// Which record a text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Resolved {
    /// This one.
    One(Candidate),
    /// One of these.
    Several(Vec<Candidate>),
    /// None, but these are near.
    None(Vec<Candidate>),
}

/// A record that a picker offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// Its id.
    pub id: RecordId,
    /// Its name.
    pub name: String,
    /// For a stage, the name of its pipeline; for a rep, the initials; for a contact, the company; for a company, the city; for a
    /// product, the code.
    pub detail: Option<String>,
    /// For a stage its pipeline.
    pub parent: Option<RecordId>,
    /// For a stage what it means for a deal.
    pub kind: Option<StageKind>,
    /// Left reps and archived stages: shown where they are used, not offered.
    pub retired: bool,
}

/// What a picker offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Matches {
    /// The noun.
    pub entity: Entity,
    /// What was typed.
    pub text: String,
    /// The records: all of them by name, or the best first.
    pub choices: Vec<Choice>,
    /// Whether these are all that fit: of a longer text nothing more fits.
    pub all: bool,
}
