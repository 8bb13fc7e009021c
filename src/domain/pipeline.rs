//! Stages: what their kinds mean, how they are recognised by name, in which order a team expects them.

use serde::{Deserialize, Serialize};

use super::command::{Base, Command, Create, FieldEdit, Slot};
use super::id::RecordId;
use super::nouns::{Entity, lost_reason, pipeline, stage};
use super::text::squeeze;

/// What being in a stage means for a deal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StageKind {
    /// It can still be won.
    Open,
    /// It is won.
    Won,
    /// It is lost.
    Lost,
}

impl StageKind {
    /// The word in the book; also the `state` of a deal.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Won => "won",
            Self::Lost => "lost",
        }
    }

    /// The kind that the book names so.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        [Self::Open, Self::Won, Self::Lost]
            .into_iter()
            .find(|kind| kind.name() == name)
    }

    /// Whether a deal there is closed.
    #[must_use]
    pub const fn is_closed(self) -> bool {
        !matches!(self, Self::Open)
    }

    /// The kind of a stage that somebody else's system calls so: `Closed Won`, `closedlost`, `Gewonnen`; anything else is open.
    #[must_use]
    pub fn of_name(name: &str) -> Self {
        const WON: &[&str] = &[
            "won",
            "closedwon",
            "win",
            "gewonnen",
            "gagne",
            "gagnee",
            "ganado",
            "ganada",
            "vinto",
            "sold",
            "dealwon",
            "signed",
        ];
        const LOST: &[&str] = &[
            "lost",
            "closedlost",
            "loss",
            "verloren",
            "perdu",
            "perdue",
            "perdido",
            "perdida",
            "perso",
            "deallost",
            "closednotwon",
            "disqualified",
            "closedlosttocompetition",
        ];
        let plain = squeeze(name);
        if WON.contains(&plain.as_str()) {
            Self::Won
        } else if LOST.contains(&plain.as_str()) {
            Self::Lost
        } else {
            Self::Open
        }
    }
}

/// Where a team would expect an open stage of that name, 0 the earliest; `None` when the name says nothing.
#[must_use]
pub fn expected_rank(name: &str) -> Option<usize> {
    const ORDER: &[&[&str]] = &[
        &["new", "lead", "inbox", "incoming", "neu"],
        &["prospect", "suspect", "identif"],
        &["contact", "appointment", "engag", "attempt"],
        &["qualif"],
        &["discover", "needsanalysis", "needs", "analysis", "meeting"],
        &["demo", "presentation", "valueprop", "evaluation", "trial"],
        &["decisionmaker", "perceptionanalysis", "solution"],
        &["proposal", "quote", "offer", "angebot", "pricequote"],
        &["negotiat", "review", "verhandlung"],
        &["contract", "commit", "verbal", "closing"],
    ];
    let plain = squeeze(name);
    ORDER
        .iter()
        .position(|words| words.iter().any(|word| plain.contains(word)))
}

/// The stages of the standard pipeline: name, kind, probability in percent, rot days.
const STANDARD: &[(&str, StageKind, Option<i64>, Option<i64>)] = &[
    ("Qualify", StageKind::Open, Some(10), Some(7)),
    ("Discovery", StageKind::Open, Some(25), Some(10)),
    ("Proposal", StageKind::Open, Some(50), Some(14)),
    ("Negotiate", StageKind::Open, Some(70), Some(10)),
    ("Won", StageKind::Won, None, None),
    ("Lost", StageKind::Lost, None, None),
];

/// The reasons that a new book offers, and whether each is a real loss (a duplicate or a test is none).
const REASONS: &[(&str, bool)] = &[
    ("Price", true),
    ("No decision", true),
    ("Competitor", true),
    ("Timing", true),
    ("Duplicate", false),
    ("Test", false),
];

/// The commands that make the standard pipeline of a book that has none, with `slot` and the slots behind it. The pipeline has
/// `slot`, its stages the following ones in order.
#[must_use]
pub fn standard(name: &str, slot: Slot) -> Vec<Command> {
    standard_at(name, 1, slot)
}

/// [`standard`], as the pipeline of that place among others.
#[must_use]
pub fn standard_at(name: &str, place: i64, slot: Slot) -> Vec<Command> {
    let mut commands = vec![Command::Create(Create {
        slot,
        entity: Entity::Pipeline,
        created_at: None,
        fields: vec![
            ((&pipeline::NAME).into(), name.into()),
            ((&pipeline::POSITION).into(), place.into()),
        ],
        sets: vec![],
    })];
    for (place, (name, kind, probability, rot_days)) in (1_u32..).zip(STANDARD) {
        commands.push(stage_of(
            slot,
            Slot(slot.0 + place),
            name,
            *kind,
            i64::from(place),
            *probability,
            *rot_days,
        ));
    }
    commands
}

/// The command that makes one stage.
#[must_use]
pub fn stage_of(
    pipeline: Slot,
    slot: Slot,
    name: &str,
    kind: StageKind,
    position: i64,
    probability: Option<i64>,
    rot_days: Option<i64>,
) -> Command {
    Command::Create(Create {
        slot,
        entity: Entity::Stage,
        created_at: None,
        fields: vec![
            ((&stage::NAME).into(), name.into()),
            ((&stage::PIPELINE).into(), pipeline.into()),
            ((&stage::POSITION).into(), position.into()),
            ((&stage::KIND).into(), kind.name().into()),
            ((&stage::PROBABILITY).into(), probability.into()),
            ((&stage::ROT_DAYS).into(), rot_days.into()),
        ],
        sets: vec![],
    })
}

/// The commands that put records of a noun into this order, each with the position that it has: those change whose place is another.
#[must_use]
pub fn in_order(entity: Entity, order: &[(RecordId, Option<i64>)]) -> Vec<Command> {
    let Some(position) = entity.field("position") else {
        return Vec::new();
    };
    (1_i64..)
        .zip(order)
        .filter(|(place, (_, seen))| *seen != Some(*place))
        .map(|(place, (id, seen))| Command::Edit {
            entity,
            target: (*id).into(),
            edits: vec![FieldEdit {
                field: position.into(),
                base: Base::Seen((*seen).into()),
                new: place.into(),
            }],
        })
        .collect()
}

/// Where a new open stage goes among those of its pipeline: behind the last open one.
#[must_use]
pub fn behind_open(stages: &[(RecordId, StageKind)]) -> usize {
    stages
        .iter()
        .rposition(|(_, kind)| *kind == StageKind::Open)
        .map_or(0, |last| last + 1)
}

/// Whether deals that are lost for a reason of that name are really lost, so that figures count them: a duplicate or a test never
/// was a chance.
#[must_use]
pub fn is_real_loss(reason: &str) -> bool {
    const NONE: &[&str] = &[
        "duplicate",
        "duplicated",
        "duplicatedeal",
        "duplicaterecord",
        "dublette",
        "doublon",
        "duplicado",
        "test",
        "testdeal",
        "testrecord",
    ];
    !NONE.contains(&squeeze(reason).as_str())
}

/// The commands that make the lost reasons of a new book, from `slot` on.
#[must_use]
pub fn standard_reasons(slot: Slot) -> Vec<Command> {
    (0_u32..)
        .zip(REASONS)
        .map(|(place, (name, real))| {
            Command::Create(Create {
                slot: Slot(slot.0 + place),
                entity: Entity::LostReason,
                created_at: None,
                fields: vec![
                    ((&lost_reason::NAME).into(), (*name).into()),
                    ((&lost_reason::REAL).into(), (*real).into()),
                    ((&lost_reason::POSITION).into(), i64::from(place).into()),
                ],
                sets: vec![],
            })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn won_and_lost_are_recognised_by_name() {
        for name in ["Won", "closedwon", "Closed Won", "Gewonnen"] {
            assert_eq!(StageKind::of_name(name), StageKind::Won, "{name}");
        }
        for name in ["Lost", "Closed - Lost", "closedlost", "verloren"] {
            assert_eq!(StageKind::of_name(name), StageKind::Lost, "{name}");
        }
        for name in ["Engaging", "Wonderland", "Lost contact, retry", ""] {
            assert_eq!(StageKind::of_name(name), StageKind::Open, "{name}");
        }
    }

    #[test]
    fn the_standard_reasons_say_what_their_names_say() {
        for (name, real) in REASONS {
            assert_eq!(is_real_loss(name), *real, "{name}");
        }
        assert!(is_real_loss("Duplicate effort") && !is_real_loss("Test deal"));
    }

    #[test]
    fn prospecting_is_expected_before_engaging() {
        assert!(expected_rank("Prospecting") < expected_rank("Engaging"));
        assert!(expected_rank("qualifiedtobuy") < expected_rank("presentationscheduled"));
        assert_eq!(expected_rank("Blue"), None);
    }
}
