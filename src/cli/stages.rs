//! Which stage a name means.

use super::desk::Desk;
use super::fault::{Exit, Fault};
use crate::domain::command::{Command, Input, Slot};
use crate::domain::filter::nearest;
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::{Entity, stage};
use crate::domain::pipeline::{StageKind, standard, standard_reasons};
use crate::domain::records::{Pipeline, Record, Stage};
use crate::domain::text::fold;

/// What the standard pipeline is called.
const STANDARD_NAME: &str = "Sales";
/// The slot of a pipeline that is made on the way; its stages follow.
const PIPELINE_SLOT: Slot = Slot(10);
/// The slots of its lost reasons.
const REASON_SLOT: Slot = Slot(30);

/// A stage of the book.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// The stage.
    pub id: Id<Stage>,
    /// Its name.
    pub name: String,
    /// Its pipeline.
    pub pipeline: Id<Pipeline>,
    /// What being in it means.
    pub kind: StageKind,
    archived: bool,
}

/// All stages of a book, pipeline by pipeline, in order.
#[derive(Clone, Debug, Default)]
pub struct Stages {
    pipelines: Vec<(Id<Pipeline>, String)>,
    stages: Vec<Place>,
}

impl Stages {
    /// Reads them.
    pub fn read(desk: &mut Desk) -> Result<Self, Fault> {
        let pipelines = desk.all(Entity::Pipeline, &["position"])?;
        let stages = desk.all(Entity::Stage, &["position"])?;
        Ok(Self {
            pipelines: pipelines
                .iter()
                .map(|record| (Id::new(record.id), record.name()))
                .collect(),
            stages: stages.iter().filter_map(place).collect(),
        })
    }

    /// Whether there is no pipeline yet.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.pipelines.is_empty()
    }

    /// The pipeline that a text means; `None` for none is the first.
    pub fn pipeline(&self, text: Option<&str>) -> Result<Id<Pipeline>, Fault> {
        let Some(text) = text else {
            let first = self.pipelines.first().map(|(id, _)| *id);
            return first.ok_or_else(|| {
                Fault::new(Exit::NotFound, "This book has no pipeline yet.")
                    .hint("An import or the first `clinch deals add` makes one.")
            });
        };
        let found = self
            .pipelines
            .iter()
            .find(|(id, name)| fold(name) == fold(text) || id.to_string() == text);
        found.map(|(id, _)| *id).ok_or_else(|| {
            let names: Vec<&str> = self
                .pipelines
                .iter()
                .map(|(_, name)| name.as_str())
                .collect();
            Fault::new(
                Exit::NotFound,
                format!("There is no pipeline `{text}` in this book."),
            )
            .at("pipeline")
            .hint(format!("There is {}.", names.join(", ")))
        })
    }

    /// The first open stage of a pipeline.
    pub fn first_open(&self, pipeline: Id<Pipeline>) -> Result<&Place, Fault> {
        self.of(pipeline)
            .find(|stage| stage.kind == StageKind::Open && !stage.archived)
            .ok_or_else(|| Fault::new(Exit::NotFound, "The pipeline has no open stage."))
    }

    /// The stage that a text means, by name or id: of `pipeline` first, then of any other where only one has it.
    pub fn named(&self, pipeline: Id<Pipeline>, text: &str) -> Result<&Place, Fault> {
        let id = RecordId::parse(text);
        let fits =
            |stage: &&Place| fold(&stage.name) == fold(text) || Some(stage.id.record()) == id;
        if let Some(own) = self.of(pipeline).find(fits) {
            return Ok(own);
        }
        let mut others = self.stages.iter().filter(fits);
        match (others.next(), others.next()) {
            (Some(only), None) => Ok(only),
            (Some(_), Some(_)) => Err(Fault::new(
                Exit::NotFound,
                format!("Several pipelines have a stage `{text}`."),
            )
            .at("stage")
            .hint("`--pipeline NAME` says which.")),
            _ => Err(self.no_such_stage(pipeline, text)),
        }
    }

    fn of(&self, pipeline: Id<Pipeline>) -> impl Iterator<Item = &Place> {
        self.stages
            .iter()
            .filter(move |stage| stage.pipeline == pipeline)
    }

    fn no_such_stage(&self, pipeline: Id<Pipeline>, text: &str) -> Fault {
        let names: Vec<&str> = self.of(pipeline).map(|stage| stage.name.as_str()).collect();
        let fault = Fault::new(
            Exit::NotFound,
            format!("There is no stage `{text}` in this pipeline."),
        )
        .at("stage");
        match nearest(text, names.iter().copied()) {
            Some(near) => fault.hint(format!("Did you mean `{near}`?")),
            None => fault.hint(format!("Its stages are {}.", names.join(", "))),
        }
    }
}

fn place(record: &Record) -> Option<Place> {
    Some(Place {
        id: Id::new(record.id),
        name: record.name(),
        pipeline: record.link(&stage::PIPELINE)?.id,
        kind: StageKind::named(record.text(&stage::KIND)?)?,
        archived: record.int(&stage::ARCHIVED) == Some(1),
    })
}

/// The stage of a new deal, which is open.
pub fn open(stage: &Place) -> Result<Input, Fault> {
    if stage.kind != StageKind::Open {
        return Err(Fault::usage("A new deal is open.").at("stage").hint(
            "Add it to an open stage, then `clinch deals win` or `clinch deals lose` closes it.",
        ));
    }
    Ok(stage.id.into())
}

/// The commands that make the standard pipeline of a book without one and its lost reasons, and the stage in it that a text means, or the first.
pub fn standard_pipeline(text: Option<&str>) -> Result<(Vec<Command>, Input), Fault> {
    let mut commands = standard(STANDARD_NAME, PIPELINE_SLOT);
    let stages: Vec<(Slot, &str)> = commands
        .iter()
        .filter_map(|command| match command {
            Command::Create(create) if create.entity == Entity::Stage => {
                Some((create.slot, name_of(create)?))
            }
            _ => None,
        })
        .collect();
    let found = match text {
        None => stages.first(),
        Some(text) => stages.iter().find(|(_, name)| fold(name) == fold(text)),
    };
    let Some((slot, _)) = found else {
        let names: Vec<&str> = stages.iter().map(|(_, name)| *name).collect();
        return Err(Fault::new(
            Exit::NotFound,
            format!(
                "There is no stage `{}` in the standard pipeline, which this step makes because the book has none.",
                text.unwrap_or_default()
            ),
        )
        .at("stage")
        .hint(format!("Its stages are {}.", names.join(", "))));
    };
    let stage = (*slot).into();
    commands.extend(standard_reasons(REASON_SLOT));
    Ok((commands, stage))
}

fn name_of(create: &crate::domain::command::Create) -> Option<&str> {
    create.fields.iter().find_map(|(field, input)| match input {
        Input::Value(value) if *field == (&stage::NAME).into() => value.as_text(),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stages() -> Stages {
        let stage = |id, name: &str, pipeline, kind| Place {
            id: Id::from_raw(id),
            name: name.to_owned(),
            pipeline: Id::from_raw(pipeline),
            kind,
            archived: false,
        };
        Stages {
            pipelines: vec![
                (Id::from_raw(1), "Sales".into()),
                (Id::from_raw(2), "Partners".into()),
            ],
            stages: vec![
                stage(11, "Qualify", 1, StageKind::Open),
                stage(12, "Won", 1, StageKind::Won),
                stage(21, "Talk", 2, StageKind::Open),
                stage(22, "Won", 2, StageKind::Won),
            ],
        }
    }

    #[test]
    fn a_stage_of_the_deals_own_pipeline_comes_first() {
        let stages = stages();
        let found = stages.named(Id::from_raw(2), "won").unwrap();
        assert_eq!(found.id, Id::from_raw(22));
        assert_eq!(
            stages.named(Id::from_raw(1), "talk").unwrap().id,
            Id::from_raw(21)
        );
    }

    #[test]
    fn a_slip_gets_the_nearest_stage_and_nonsense_all_of_them() {
        let stages = stages();
        let hint = |text| {
            stages
                .named(Id::from_raw(1), text)
                .unwrap_err()
                .hint
                .unwrap()
        };
        assert_eq!(hint("Qualfy"), "Did you mean `Qualify`?");
        assert_eq!(hint("x"), "Its stages are Qualify, Won.");
    }

    #[test]
    fn the_standard_pipeline_starts_at_its_first_stage() {
        let (commands, stage) = standard_pipeline(None).unwrap();
        assert_eq!((commands.len(), stage), (13, Input::New(Slot(11))));
        assert_eq!(
            standard_pipeline(Some("proposal")).unwrap().1,
            Input::New(Slot(13))
        );
        assert_eq!(
            standard_pipeline(Some("Engaging")).unwrap_err().exit,
            Exit::NotFound
        );
    }
}
