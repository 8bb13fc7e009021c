//! What is done to pipelines, stages and lost reasons, and what a deal is asked for on its way into a stage.

use crate::domain::command::{Base, Command, FieldEdit, Origin};
use crate::domain::id::{Id, RecordId};
use crate::domain::money::grouped;
use crate::domain::nouns::{Entity, FieldDef, deal, pipeline, stage};
use crate::domain::pipeline::{StageKind, standard_at};
use crate::domain::records::Stage;
use crate::domain::setup::{SalesProcess, StageRow};
use crate::domain::typed::Typing;
use crate::domain::value::Value;
use crate::store::StoreError;
use crate::tui::action::Allowed;
use crate::tui::forms;
use crate::tui::forms::entry::Wanted;
use crate::tui::forms::form::{OWN, RecordForm};
use crate::tui::forms::log::About;
use crate::tui::layers::{FormOf, Layer, Opening, Pick};
use crate::tui::notices::Tone;
use crate::tui::screens::Shown;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::screens::setup::state::Line;
use crate::tui::target::Target;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::menu::Menu;

use super::deals::leaving;
use super::{Act, App, OnItsWay};

/// What is asked of who wins a deal that has no amount.
const FOR_HOW_MUCH: &str = "Won for how much? Enter alone wins it without an amount.";

/// What a deal is asked for, and what is done with it then.
#[derive(Debug)]
pub(super) struct Lacking {
    deal: RecordId,
    fields: Vec<&'static FieldDef>,
    /// Whether it cannot go on without.
    needed: bool,
    /// Why it is asked.
    why: String,
    commands: Vec<Command>,
    /// The deals that are asked after this one.
    others: Vec<RecordId>,
    /// Several deals in one step.
    bulk: bool,
    said: String,
    foresight: Vec<(RecordId, Foresight)>,
}

impl App {
    /// Shows the pipelines and their stages; Esc goes back to where one was.
    pub fn show_setup(&mut self) {
        let from = match self.shown {
            Shown::Trash => self.trash.back,
            Shown::Steps => self.steps.back,
            other => other,
        };
        // A screen that leads back to this one keeps the way out as it was: Esc must not go round in a circle.
        if from != Shown::Setup && self.screen().leads_back_to() != Some(Shown::Setup) {
            self.setup.back = Some(from);
        }
        self.layers.clear();
        self.show(Shown::Setup);
    }

    fn row(&self, id: RecordId) -> Option<&StageRow> {
        let (_, row) = self.setup.setup.as_ref()?.stage(id)?;
        Some(row)
    }

    /// This is where pipelines, stages and lost reasons are, and one is there to put in order.
    pub fn can_put_in_order(&self) -> Allowed {
        self.is_setup()?;
        self.can_change_one()
    }

    fn is_setup(&self) -> Allowed {
        if self.shown == Shown::Setup {
            return Ok(());
        }
        Err("This is for pipelines, stages and lost reasons; g P shows them".into())
    }

    /// There is a stage that can be archived or taken out of the archive.
    pub fn can_archive(&self) -> Allowed {
        self.can_put_in_order()?;
        match self.setup.line() {
            Some(Line::Stage(..)) => Ok(()),
            _ => Err("Stages are archived; # puts a pipeline or a reason into the trash".into()),
        }
    }

    /// Puts what is under the cursor one place up or down.
    pub fn put_in_order(&mut self, by: isize) {
        match self.setup.reordered(by) {
            Err(why) => self.say(Tone::Plain, why),
            Ok((id, name, commands)) => {
                let said = format!("Put {name} in order");
                self.act(Act {
                    commands,
                    origin: Origin::Human,
                    label: Some(said.clone()),
                    said,
                    foresight: vec![(id, Foresight::Stay)],
                    form: None,
                    then: None,
                });
            }
        }
    }

    /// Archives the stage under the cursor, or takes it out of the archive; asks where its deals go.
    pub fn archive(&mut self) {
        let Some(target) = self.screen().targets().into_iter().next() else {
            return;
        };
        let Some(row) = self.row(target.id) else {
            return;
        };
        if row.is_archived() || row.deals == 0 || row.kind.is_closed() {
            self.archive_into(&target, None);
            return;
        }
        let title = format!(
            "Archive {}: where {}?",
            target.name,
            match row.deals {
                1 => "does its deal go".to_owned(),
                many => format!("do its {} deals go", grouped(many)),
            }
        );
        let setup = self.setup.setup.iter().flat_map(|setup| &setup.pipelines);
        let items: Vec<Item<Pick>> = setup
            .flat_map(|pipeline| pipeline.stages.iter().map(move |stage| (pipeline, stage)))
            .filter(|(_, stage)| {
                let open = stage.kind == StageKind::Open && !stage.is_archived();
                open && stage.link.id.record() != target.id
            })
            .map(|(pipeline, stage)| {
                let item = Item::new(Pick::ArchiveInto(stage.link.id), &stage.link.name);
                item.detail(pipeline.link.name.clone())
            })
            .collect();
        self.layers
            .push(Layer::Menu(Menu::new(title, items), vec![target]));
    }

    /// Archives a stage whose deals go to another one, or takes it out of the archive, in one step.
    pub(super) fn archive_into(&mut self, target: &Target, to: Option<Id<Stage>>) {
        let Some(row) = self.row(target.id) else {
            return;
        };
        let new = !row.is_archived();
        let edit = FieldEdit {
            field: (&stage::ARCHIVED).into(),
            base: Base::Seen(row.archived.clone()),
            new: Value::from(new).into(),
        };
        let from = row.link.id;
        let mut commands: Vec<Command> = to
            .map(|to| Command::MoveAll { from, to })
            .into_iter()
            .collect();
        commands.push(Command::Edit {
            entity: Entity::Stage,
            target: target.id.into(),
            edits: vec![edit],
        });
        let verb = if new { "Archive" } else { "Use again" };
        let said = format!("{verb} {}", target.name);
        self.act(Act {
            commands,
            origin: Origin::Human,
            label: Some(said.clone()),
            said,
            foresight: vec![(target.id, Foresight::Stay)],
            form: None,
            then: None,
        });
    }

    /// The form of a pipeline, stage or lost reason for which all is there.
    pub(super) fn setup_form(&self, opening: &Opening, typing: Typing) -> Option<RecordForm> {
        let record = opening.record.as_deref();
        let schema = self.info().map_or(0, |info| info.schema.1);
        let known = self.setup.setup.as_ref().map(|setup| setup.can_require);
        let can_require = known.unwrap_or(stage::REQUIRED.since <= schema);
        let reasons = self
            .setup
            .setup
            .as_ref()
            .map_or(0, |setup| setup.reasons.len());
        Some(match opening.of {
            FormOf::NewStage(of) => {
                forms::setup::add_stage(of, self.setup.room(of).0, can_require, typing)
            }
            FormOf::Stage(_) => forms::setup::edit_stage(record?, can_require, typing),
            FormOf::NewPipeline => forms::setup::add_pipeline(typing),
            FormOf::Pipeline(_) => forms::setup::edit_pipeline(record?, typing),
            FormOf::NewReason => {
                forms::setup::add_reason(i64::try_from(reasons).unwrap_or(0) + 1, typing)
            }
            FormOf::Reason(_) => forms::setup::edit_reason(record?, typing),
            _ => return None,
        })
    }

    /// What a form of the setup asks for beside its own record.
    pub(super) fn with_setup(
        &self,
        of: FormOf,
        form: &RecordForm,
        commands: Vec<Command>,
    ) -> Vec<Command> {
        match of {
            FormOf::NewStage(pipeline) => {
                let (_, room) = self.setup.room(pipeline);
                room.into_iter().chain(commands).collect()
            }
            FormOf::NewPipeline => {
                let Some(Wanted::Values(Value::Text(name), _)) = form.wanted(&pipeline::NAME)
                else {
                    return commands;
                };
                let known = self
                    .setup
                    .setup
                    .as_ref()
                    .map_or(0, |setup: &SalesProcess| setup.pipelines.len());
                standard_at(&name, i64::try_from(known).unwrap_or(0) + 1, OWN)
            }
            _ => commands,
        }
    }

    // What a deal is asked for.

    /// A deal lacks what a stage requires: the form for it opens, and what was asked for goes on behind it. False where that
    /// cannot be asked for so.
    pub(super) fn ask_for_missing(&mut self, write: &OnItsWay, error: &StoreError) -> bool {
        let (deal, fields, why) = match error {
            StoreError::Lacks { deal, what, fields } => (*deal, fields.clone(), what.clone()),
            StoreError::Unpriced { deal, .. } => {
                (*deal, vec![&deal::AMOUNT], FOR_HOW_MUCH.to_owned())
            }
            _ => return false,
        };
        let by_form = matches!(write.form, Some(Layer::Form(..)));
        if write.origin != Origin::Human || by_form || fields.contains(&&deal::LOST_REASON) {
            return false;
        }
        self.ask(Lacking {
            deal,
            fields,
            needed: matches!(error, StoreError::Lacks { .. }),
            why,
            commands: write.commands.clone(),
            others: Vec::new(),
            bulk: false,
            said: write.said.clone(),
            foresight: Vec::new(),
        });
        true
    }

    /// Asks for the amounts of deals that are to be won and have none, or none that is known here, one after the other; nothing typed
    /// wins a deal without.
    pub(super) fn ask_amounts(
        &mut self,
        targets: &[Target],
        mut lacking: Vec<RecordId>,
        wins: Vec<Command>,
    ) {
        if lacking.is_empty() {
            return;
        }
        let first = lacking.remove(0);
        self.ask(Lacking {
            deal: first,
            fields: vec![&deal::AMOUNT],
            needed: false,
            why: FOR_HOW_MUCH.to_owned(),
            commands: wins,
            others: lacking,
            bulk: targets.len() > 1,
            said: format!("Win: {}", Self::subject(targets)),
            foresight: leaving(targets),
        });
    }

    /// The deal turned out to have its amount: nothing is asked. False where there is something to ask.
    pub(super) fn has_what_it_lacked(&mut self, opening: &Opening) -> bool {
        let asks = matches!(opening.of, FormOf::Lacking(_));
        let record = opening.record.as_deref().filter(|_| asks);
        let has = record.is_some_and(|record| record.int(&deal::AMOUNT).is_some());
        let optional = self.lacking.as_ref().is_some_and(|lacking| !lacking.needed);
        if has && optional {
            self.go_on_with(Vec::new(), None);
        }
        has && optional
    }

    fn ask(&mut self, lacking: Lacking) {
        let of = FormOf::Lacking(lacking.deal);
        self.lacking = Some(lacking);
        self.open_form(of, About::default());
    }

    /// The form that asks a deal for what it lacks.
    pub(super) fn lacking_form(
        &self,
        opening: &Opening,
        choices: &forms::deal::DealChoices,
        typing: Typing,
    ) -> Option<RecordForm> {
        let lacking = self.lacking.as_ref()?;
        let asked = forms::deal::Missing {
            fields: &lacking.fields,
            needed: lacking.needed,
            why: &lacking.why,
        };
        Some(forms::deal::missing(
            opening.record.as_deref()?,
            choices,
            &asked,
            typing,
        ))
    }

    /// The deal has what it lacked: what was asked for goes on, in one step with it.
    pub(super) fn go_on_with(&mut self, mut commands: Vec<Command>, form: Option<Layer>) {
        let Some(mut lacking) = self.lacking.take() else {
            return;
        };
        // Who was asked and typed nothing says that nobody knows.
        if form.is_some() && !lacking.needed && commands.is_empty() {
            commands.push(Command::WithoutAmount {
                deal: lacking.deal.into(),
            });
        }
        lacking.commands.splice(0..0, commands);
        if !lacking.others.is_empty() {
            lacking.deal = lacking.others.remove(0);
            self.ask(lacking);
            return;
        }
        self.act(Act {
            commands: lacking.commands,
            origin: if lacking.bulk {
                Origin::Bulk
            } else {
                Origin::Human
            },
            label: lacking.bulk.then(|| lacking.said.clone()),
            said: lacking.said,
            foresight: lacking.foresight,
            form: form.filter(|_| !lacking.bulk),
            then: None,
        });
        self.screen_mut().clear_marks();
    }
}
