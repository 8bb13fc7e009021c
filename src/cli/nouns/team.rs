//! The nouns of how a team works: pipelines and their stages, why deals are lost, custom fields, views.

use super::{Noun, field};
use crate::domain::nouns::field as custom;
use crate::domain::nouns::{Entity, lost_reason, pipeline, stage, view};

/// What screens show, kept under names.
pub static VIEWS: Noun = Noun {
    plural: "views",
    singular: "view",
    value: "VIEW",
    reference: "Exact name, or id (4 or more characters of it)",
    one: "a view",
    entity: Entity::View,
    about: "What screens show, kept under names: filter, columns, order",
    flags: &[
        field("name", &view::NAME, "NAME", "What people call it"),
        field(
            "screen",
            &view::SCREEN,
            "SCREEN",
            "leads, pipeline, contacts or companies",
        ),
        field(
            "filter",
            &view::FILTER,
            "FILTER",
            "Which records, in the language of `/` in the app",
        ),
        field(
            "columns",
            &view::COLUMNS,
            "COLUMNS",
            "Which columns, with commas between: name,company,last_touch",
        ),
        field(
            "sort",
            &view::SORT,
            "COLUMNS",
            "In which order; `-column` is descending",
        ),
        field("owner", &view::OWNER, "REP", "Whose it is; `me` is --as"),
        field(
            "shared",
            &view::SHARED,
            "yes|no",
            "Whether everybody has it in their menu; else only its owner",
        ),
    ],
    columns: &[
        "id", "name", "screen", "pipeline", "filter", "sort", "owner", "shared",
    ],
    only: None,
};

/// What a team keeps beside the fields that every book has.
pub static FIELDS: Noun = Noun {
    plural: "fields",
    singular: "custom field",
    value: "FIELD",
    reference: "Exact name, or id (4 or more characters of it)",
    one: "a custom field",
    entity: Entity::Field,
    about: "Custom fields: what you keep of deals, contacts and others beside the usual",
    flags: &[
        field("name", &custom::NAME, "NAME", "What people call it"),
        field(
            "of",
            &custom::ENTITY,
            "NOUN",
            "contact, company, deal, product, activity or rep",
        ),
        field(
            "kind",
            &custom::KIND,
            "KIND",
            "text, number, date, instant, choice, flag or money",
        ),
        field(
            "choices",
            &custom::CHOICES,
            "WORDS",
            "The words of a choice, with commas between",
        ),
    ],
    columns: &["id", "name", "entity", "kind", "choices"],
    only: None,
};

/// Rows of stages.
pub static PIPELINES: Noun = Noun {
    plural: "pipelines",
    singular: "pipeline",
    value: "PIPELINE",
    reference: "Exact name, or id (4 or more characters of it)",
    one: "a pipeline",
    entity: Entity::Pipeline,
    about: "Pipelines; a new one has the standard stages",
    flags: &[field("name", &pipeline::NAME, "NAME", "Name")],
    columns: &["id", "name"],
    only: None,
};

/// Columns of pipelines.
pub static STAGES: Noun = Noun {
    plural: "stages",
    singular: "stage",
    value: "STAGE",
    reference: "Exact name, or id (4 or more characters of it) where several pipelines have one of that name",
    one: "a stage",
    entity: Entity::Stage,
    about: "Stages of pipelines, and what a deal needs to enter each",
    flags: &[
        field("name", &stage::NAME, "NAME", "Name"),
        field(
            "pipeline",
            &stage::PIPELINE,
            "PIPELINE",
            "Its pipeline, where that is not the first",
        ),
        field(
            "kind",
            &stage::KIND,
            "KIND",
            "open, won or lost; a pipeline has one won and one lost stage",
        ),
        field(
            "probability",
            &stage::PROBABILITY,
            "PERCENT",
            "How likely deals in it are won",
        ),
        field(
            "rot-days",
            &stage::ROT_DAYS,
            "DAYS",
            "Days of quiet after which a deal rots",
        ),
        field(
            "category",
            &stage::CATEGORY,
            "CATEGORY",
            "Forecast: pipeline, best_case, commit, closed or omitted",
        ),
        field(
            "required",
            &stage::REQUIRED,
            "FIELDS",
            "What a deal needs to enter it: amount,expected_close",
        ),
        field(
            "archived",
            &stage::ARCHIVED,
            "yes|no",
            "Whether no deal goes there any more",
        ),
    ],
    columns: &[
        "id",
        "pipeline",
        "name",
        "kind",
        "probability",
        "rot_days",
        "category",
        "required",
        "archived",
    ],
    only: None,
};

/// Why deals are lost.
pub static LOST_REASONS: Noun = Noun {
    plural: "lost-reasons",
    singular: "lost reason",
    value: "REASON",
    reference: "Exact name, or id (4 or more characters of it)",
    one: "a lost reason",
    entity: Entity::LostReason,
    about: "Why deals are lost",
    flags: &[
        field("name", &lost_reason::NAME, "NAME", "Name"),
        field(
            "real",
            &lost_reason::REAL,
            "yes|no",
            "Whether it is a real loss, which reports count; a duplicate is none",
        ),
    ],
    columns: &["id", "name", "real"],
    only: None,
};
