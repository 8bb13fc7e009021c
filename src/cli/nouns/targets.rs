//! What the team is measured by, the rates that sums go by, and what is planned.

use super::{Noun, field};
use crate::domain::nouns::{Entity, quota, rate};

/// What reps are to win.
pub static QUOTAS: Noun = Noun {
    plural: "quotas",
    singular: "quota",
    value: "QUOTA",
    reference: "Rep and period (\"Ana 2026-Q4\"), or id (4 or more characters of it)",
    one: "a quota",
    entity: Entity::Quota,
    about: "What reps are to win in a period",
    flags: &[
        field("rep", &quota::REP, "REP", "Whose it is; `me` is --as"),
        field(
            "period",
            &quota::PERIOD,
            "PERIOD",
            "2026, 2026-Q4, 2026-11 or this-quarter",
        ),
        field(
            "amount",
            &quota::AMOUNT,
            "AMOUNT",
            "What is to be won, in the currency of the book: 300k",
        ),
        field(
            "ramp",
            &quota::RAMP,
            "PERCENT",
            "How much of it counts, for who is new; 100 where it is not said",
        ),
    ],
    columns: &["id", "rep", "period", "amount", "ramp", "valid_from"],
    only: None,
};

/// What currencies are worth.
pub static RATES: Noun = Noun {
    plural: "rates",
    singular: "rate",
    value: "RATE",
    reference: "Currency and date (\"EUR 2026-11-01\"), or id (4 or more characters of it)",
    one: "a rate",
    entity: Entity::Rate,
    about: "What other currencies are worth in that of the book",
    flags: &[
        field(
            "currency",
            &rate::CURRENCY,
            "CURRENCY",
            "Which currency: EUR",
        ),
        field("date", &rate::DATE, "DATE", "From when on; else today"),
        field(
            "rate",
            &rate::RATE,
            "RATE",
            "What one unit is worth in the currency of the book: 0.94",
        ),
    ],
    columns: &["id", "currency", "date", "rate"],
    only: None,
};

/// What is planned. It is made and changed by verbs of its own.
pub static TASKS: Noun = Noun {
    plural: "tasks",
    singular: "task",
    value: "TASK",
    reference: "Exact subject, or id (4 or more characters of it)",
    one: "a task",
    entity: Entity::Activity,
    about: "What is planned: tasks, calls, meetings",
    flags: &[],
    columns: &["id", "kind", "subject", "due_at", "due_date"],
    only: None,
};
