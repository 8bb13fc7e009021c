//! The board: the open deals of one pipeline by stage, with honest sums, and what was closed in its foot.

use super::id::Id;
use super::money::{Currency, Money};
use super::period::Period;
use super::records::{Activity, Company, Contact, Deal, Link, Pipeline, Rep, Stage};
use super::time::{Date, Instant};

/// A sum over deals, in the book's base currency. What is not in it is counted, never taken for zero.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Sum {
    /// Minor units of the base currency.
    pub minor: i64,
    /// How many deals are in the sum.
    pub n: u64,
    /// Deals left out because they have no amount.
    pub without_amount: u64,
    /// Deals left out because their currency has no rate to the base.
    pub without_rate: u64,
    /// Deals left out because neither they nor their stage have a probability (weighted sums only).
    pub without_probability: u64,
}

impl Sum {
    /// The sum, or `None` when nothing went into it: unknown is not zero.
    #[must_use]
    pub fn known(self, base: Currency) -> Option<Money> {
        (self.n > 0).then(|| Money::new(self.minor, base))
    }

    /// Adds another sum to this one.
    pub fn add(&mut self, other: Self) {
        self.minor = self.minor.saturating_add(other.minor);
        self.n += other.n;
        self.without_amount += other.without_amount;
        self.without_rate += other.without_rate;
        self.without_probability += other.without_probability;
    }
}

/// The order of the cards within their columns. What is unknown comes last in each; what is equal stays in the order of entry.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CardOrder {
    /// Their own order: as they were placed by hand.
    #[default]
    Own,
    /// The greatest amount first, at today's rates.
    Amount,
    /// The earliest expected close first.
    Close,
    /// Those first that nobody touched for longest.
    Quiet,
    /// The next step that is due first.
    NextStep,
}

impl CardOrder {
    /// All of them, as they stand in a menu.
    pub const ALL: [Self; 5] = [
        Self::Own,
        Self::Amount,
        Self::Close,
        Self::Quiet,
        Self::NextStep,
    ];

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Own => "own order",
            Self::Amount => "amount",
            Self::Close => "close date",
            Self::Quiet => "quiet longest",
            Self::NextStep => "next step",
        }
    }

    /// The key of the order in a saved view, and whether the greatest come first; `None` for the own order, which is the usual one.
    #[must_use]
    pub const fn key(self) -> Option<(&'static str, bool)> {
        match self {
            Self::Own => None,
            Self::Amount => Some(("amount", true)),
            Self::Close => Some(("expected_close", false)),
            Self::Quiet => Some(("last_touch", false)),
            Self::NextStep => Some(("next_step", false)),
        }
    }

    /// The order that a key of a saved view stands for; the own one where the cards have no such order.
    #[must_use]
    pub fn of_key(name: &str) -> Self {
        let mut all = Self::ALL.into_iter();
        all.find(|order| order.key().is_some_and(|(key, _)| key == name))
            .unwrap_or_default()
    }

    /// Where a card falls among cards that are in this order; `None` in the own order, which only people know.
    #[must_use]
    pub fn place(self, card: &Card, among: &[Card], base: Currency) -> Option<usize> {
        if self == Self::Own {
            return None;
        }
        let before = |other: &Card| match (self.rank(card, base), self.rank(other, base)) {
            (Rank::Known(own), Rank::Known(other)) => own < other,
            // What an amount in another currency is worth only the book knows.
            (Rank::Elsewhere, _) | (_, Rank::Elsewhere) => false,
            (_, Rank::Unknown) => true,
            (Rank::Unknown, _) => false,
        };
        Some(among.iter().position(before).unwrap_or(among.len()))
    }

    fn rank(self, card: &Card, base: Currency) -> Rank {
        let known = match self {
            Self::Own => None,
            Self::Amount => match card.amount {
                Some(amount) if amount.currency != base => return Rank::Elsewhere,
                amount => amount.map(|amount| amount.minor.saturating_neg()),
            },
            Self::Close => card.expected_close.map(day_start),
            Self::Quiet => card.last_touch.or(card.created_at).map(Instant::millis),
            Self::NextStep => card.next_step.as_ref().and_then(|step| {
                let at = step.due_at.map(Instant::millis);
                at.or(step.due_date.map(day_start))
            }),
        };
        known.map_or(Rank::Unknown, Rank::Known)
    }
}

/// Where a card stands in an order; the lesser come first.
enum Rank {
    Known(i64),
    Elsewhere,
    Unknown,
}

/// A day as milliseconds, so that days and moments can stand in one order.
fn day_start(day: Date) -> i64 {
    day.and_time(chrono::NaiveTime::MIN)
        .and_utc()
        .timestamp_millis()
}

/// The board at one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Board {
    /// The pipeline shown; `None` in a book without one.
    pub pipeline: Option<Link<Pipeline>>,
    /// All pipelines of the book, in order.
    pub pipelines: Vec<Link<Pipeline>>,
    /// Its open stages that are not archived (or still hold deals), in order.
    pub columns: Vec<Column>,
    /// The order of the cards.
    pub order: CardOrder,
    /// Its won and lost stage, where it has them.
    pub won_stage: Option<Link<Stage>>,
    /// The stage of lost deals.
    pub lost_stage: Option<Link<Stage>>,
    /// What was closed in the foot's period.
    pub foot: Foot,
    /// How many deals the filter leaves out of the columns.
    pub filtered_out: u64,
    /// The book's base currency.
    pub base: Currency,
}

/// One open stage with its deals.
#[derive(Clone, Debug, PartialEq)]
pub struct Column {
    /// The stage.
    pub stage: Link<Stage>,
    /// Whole percent; `None` is unset, neither 0 nor 100.
    pub probability: Option<i64>,
    /// Days of quiet after which a deal rots here.
    pub rot_days: Option<i64>,
    /// All deals of the column that the filter lets through, those not loaded included.
    pub count: u64,
    /// Their amounts at today's rates.
    pub sum: Sum,
    /// Their amounts times their probability.
    pub weighted: Sum,
    /// The first of them, in the order of the column. As many as the request asked for.
    pub cards: Vec<Card>,
}

/// One deal on the board.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Card {
    /// The deal.
    pub id: Id<Deal>,
    /// Its title.
    pub title: String,
    /// Its company.
    pub company: Option<Link<Company>>,
    /// That company is in the trash.
    pub company_gone: bool,
    /// Its contact.
    pub contact: Option<Link<Contact>>,
    /// Its owner.
    pub owner: Option<Link<Rep>>,
    /// The owner's initials.
    pub initials: Option<String>,
    /// Its amount; unknown is not zero.
    pub amount: Option<Money>,
    /// Its own probability, where it overrides the stage's.
    pub probability: Option<i64>,
    /// Its own forecast category, where it overrides the stage's.
    pub category: Option<String>,
    /// When it should close.
    pub expected_close: Option<Date>,
    /// When it came into being; `None` where nobody knows.
    pub created_at: Option<Instant>,
    /// When somebody last did something about it (reports: Rotting); `None` when nobody has.
    pub last_touch: Option<Instant>,
    /// The planned activity that comes first.
    pub next_step: Option<NextStep>,
    /// Its place in the column.
    pub position: String,
}

impl Card {
    /// Whole days since it was last touched, or since it came into being where nobody ever touched it.
    #[must_use]
    pub fn quiet_days(&self, now: Instant) -> Option<i64> {
        let since = self.last_touch.or(self.created_at)?;
        Some((now.millis() - since.millis()).max(0) / super::time::DAY_MS)
    }

    /// Whether it rots: quiet for longer than its stage allows.
    #[must_use]
    pub fn rots(&self, rot_days: Option<i64>, now: Instant) -> bool {
        matches!((self.quiet_days(now), rot_days), (Some(quiet), Some(limit)) if quiet > limit)
    }
}

/// A planned activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NextStep {
    /// The activity.
    pub id: Id<Activity>,
    /// `call`, `mail`, `meeting`, `note` or `task`.
    pub kind: String,
    /// What it is about.
    pub subject: Option<String>,
    /// When, where a time was given.
    pub due_at: Option<Instant>,
    /// When, where only a date was given.
    pub due_date: Option<Date>,
}

/// What was closed in a period.
#[derive(Clone, Debug, PartialEq)]
pub struct Foot {
    /// The period.
    pub period: Period,
    /// How many deals were won, and their amounts at the rates of the close.
    pub won: (u64, Sum),
    /// How many were lost for a real reason, and their amounts.
    pub lost: (u64, Sum),
    /// Won and lost of all time, where the period has neither: for a book whose deals were all closed long ago. `None` where the period
    /// has some, and where a filter is on: to count them all then takes longer than all the rest, and is asked for by itself.
    pub ever: Option<(u64, u64)>,
}

impl Foot {
    /// Whether nothing was closed in the period.
    #[must_use]
    pub const fn is_empty(&self) -> bool {
        self.won.0 == 0 && self.lost.0 == 0
    }
}
