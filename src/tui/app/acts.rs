//! What is done to records: owners, states, tags, the trash, undo. Every act goes to the book as one step and is seen at once.

use crate::domain::command::{Base, Command, FieldEdit, Origin};
use crate::domain::id::{Id, RecordId};
use crate::domain::lead;
use crate::domain::money::grouped;
use crate::domain::nouns::{Entity, FieldDef, Set, activity, company, contact, deal};
use crate::domain::records::{Record, Rep};
use crate::domain::value::Value;
use crate::tui::forms::confirm::Confirm;
use crate::tui::forms::log::{About, Logged};
use crate::tui::layers::{FormOf, Layer, OnceKnown, Pick};
use crate::tui::notices::Tone;
use crate::tui::screens::Shown;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::target::Target;
use crate::tui::widgets::hints::Hints;
use crate::tui::widgets::text_field::TextField;

use super::{Act, App, Copied};

/// An act over more records than this is asked about first.
pub(super) const ASK_ABOVE: usize = 20;

impl App {
    /// [`act`](Self::act) over these records, after a question where they are many. The marks are used up.
    pub(super) fn act_on(
        &mut self,
        targets: &[Target],
        verb: &str,
        command: impl Fn(&Target) -> Vec<Command>,
        foresight: impl Fn(&Target) -> Foresight,
        form: Option<Layer>,
    ) {
        let many = targets.len() > 1;
        let said = match targets {
            [one] => format!("{verb}: {}", one.name),
            many => format!("{verb}: {}", several(many)),
        };
        let act = Act {
            commands: targets.iter().flat_map(command).collect(),
            origin: if many { Origin::Bulk } else { Origin::Human },
            label: many.then(|| said.clone()),
            said: said.clone(),
            foresight: targets
                .iter()
                .map(|target| (target.id, foresight(target)))
                .collect(),
            form,
            then: None,
        };
        if targets.len() > ASK_ABOVE {
            let confirm = Confirm::new(
                &format!("{} at once", several(targets)),
                "One undo takes all of it back.",
                &said,
            );
            self.layers.push(Layer::Sure(confirm, Box::new(act)));
            return;
        }
        self.act(act);
        self.screen_mut().clear_marks();
    }

    /// Gives records to a rep, or to nobody.
    pub(super) fn assign(&mut self, targets: &[Target], owner: Option<Id<Rep>>) {
        let verb = match owner {
            None => "Give to nobody".to_owned(),
            Some(rep) if Some(rep) == self.me() => "Take".to_owned(),
            Some(rep) => {
                let mut reps = self.reps.iter();
                let named = reps.find(|choice| choice.id == rep.record());
                named.map_or_else(
                    || "Give away".to_owned(),
                    |choice| format!("Give to {}", choice.name),
                )
            }
        };
        self.change(
            targets,
            &verb,
            |target| {
                let def = match target.entity {
                    Entity::Contact => &contact::OWNER,
                    Entity::Company => &company::OWNER,
                    _ => &deal::OWNER,
                };
                (def, Value::from(target.owner))
            },
            &Value::from(owner),
        );
    }

    /// Gives contacts a lead state, or none.
    pub(super) fn put_lead_state(&mut self, targets: &[Target], state: Option<&str>) {
        self.change(
            targets,
            &format!("Lead state {}", state.unwrap_or("none")),
            |target| {
                let seen = Value::from(target.lead_state.as_deref());
                (&contact::LEAD_STATE, seen)
            },
            &Value::from(state),
        );
    }

    /// Changes one field of records, where it is not so already.
    fn change(
        &mut self,
        targets: &[Target],
        verb: &str,
        seen: impl Fn(&Target) -> (&'static FieldDef, Value),
        new: &Value,
    ) {
        let changing: Vec<Target> = targets
            .iter()
            .filter(|target| seen(target).1 != *new)
            .cloned()
            .collect();
        if changing.is_empty() {
            self.say(Tone::Plain, "It is so already; nothing was changed");
            self.was_idle();
            return;
        }
        self.act_on(
            &changing,
            verb,
            |target| {
                let (def, base) = seen(target);
                vec![Command::Edit {
                    entity: target.entity,
                    target: target.id.into(),
                    edits: vec![FieldEdit {
                        field: def.into(),
                        base: Base::Seen(base),
                        new: new.clone().into(),
                    }],
                }]
            },
            |_| Foresight::Stay,
            None,
        );
    }

    /// Takes records; asks who takes them where nobody has said who they are.
    pub fn take(&mut self) {
        let targets = self.subjects();
        match self.me() {
            Some(me) => self.assign(&targets, Some(me)),
            None => self.ask_me(OnceKnown::Take(targets)),
        }
    }

    /// Puts records into the trash.
    pub fn trash(&mut self) {
        let targets = self.targets();
        self.act_on(
            &targets,
            "Put into the trash",
            |target| {
                vec![Command::Trash {
                    entity: target.entity,
                    target: target.id.into(),
                }]
            },
            |_| Foresight::Leave,
            None,
        );
    }

    /// Says that a planned activity is done; asks how it went where there is an outcome.
    pub fn done(&mut self) {
        let Some(target) = self.screen().planned() else {
            return;
        };
        if self.ask_outcome(target.id) {
            return;
        }
        let edit = FieldEdit {
            field: (&activity::DONE_AT).into(),
            base: Base::Seen(Value::Null),
            new: Value::from(self.now()).into(),
        };
        let said = format!("Done: {}", target.name);
        self.act(Act {
            commands: vec![Command::Edit {
                entity: Entity::Activity,
                target: target.id.into(),
                edits: vec![edit],
            }],
            origin: Origin::Human,
            label: Some(said.clone()),
            said,
            foresight: vec![(target.id, Foresight::Stay)],
            form: None,
            then: None,
        });
    }

    /// Opens the form that puts what is planned off to another day.
    pub fn snooze(&mut self) {
        if let Some(target) = self.screen().planned() {
            self.open_form(FormOf::Snooze(target.id), About::default());
        }
    }

    /// Opens the form that asks how a planned activity went; false where its kind has no outcomes.
    fn ask_outcome(&mut self, id: RecordId) -> bool {
        let kind = self.screen().planned_kind().and_then(Logged::named);
        let asks = kind.is_some_and(|kind| !kind.outcomes().is_empty());
        if asks {
            self.open_form(FormOf::Done(id), About::default());
        }
        asks
    }

    /// Adds tags to records, and takes away those with a `-` before them.
    pub(super) fn tag(&mut self, targets: &[Target], typed: TextField) {
        let words = typed
            .text()
            .split(',')
            .flat_map(|part| part.split_whitespace())
            .map(str::to_owned);
        let words: Vec<String> = words
            .filter(|word| word.len() > usize::from(word.starts_with('-')))
            .collect();
        if words.is_empty() {
            self.say(Tone::Plain, "No tag was typed");
            return;
        }
        self.act_on(
            targets,
            &format!("Tag {}", words.join(" ")),
            |target| {
                let (entity, target, set) = (target.entity, target.id.into(), Set::Tag);
                let command = |word: &String| match word.strip_prefix('-') {
                    Some(element) => Command::Remove {
                        entity,
                        target,
                        set,
                        element: element.to_owned(),
                    },
                    None => Command::Add {
                        entity,
                        target,
                        set,
                        element: word.clone(),
                    },
                };
                words.iter().map(command).collect()
            },
            |_| Foresight::Stay,
            Some(Layer::Tags(typed, targets.to_vec(), Hints::default())),
        );
    }

    /// Takes back my last change, or the step under the cursor.
    pub fn undo(&mut self) {
        if self.is_undone() == Some(true) {
            self.say(Tone::Plain, "That step is undone already; U redoes it");
        } else if self.shown == Shown::Steps || !self.warns_of_idle() {
            self.take_back_step(false);
        }
    }

    /// Does again what I took back, or the step under the cursor.
    pub fn redo(&mut self) {
        if self.is_undone() == Some(false) {
            self.say(Tone::Plain, "That step is not undone; u undoes it");
        } else {
            self.take_back_step(true);
        }
    }

    /// Marks the record under the cursor, or takes its mark away, and goes one down.
    pub fn mark(&mut self) {
        let area = self.body();
        self.screen_mut().mark(area);
    }

    /// Marks all from the last mark to the cursor.
    pub fn mark_range(&mut self) {
        if let Some(said) = self.screen_mut().mark_range() {
            self.say(Tone::Plain, said);
        }
    }

    /// Marks all records of the list or column, or takes all their marks away.
    pub fn mark_all(&mut self) {
        if let Some(said) = self.screen_mut().mark_all() {
            self.say(Tone::Plain, said);
        }
    }

    /// Hands something of a record to the terminal's clipboard.
    pub fn copy(&mut self, what: Copied) {
        let of_contact = matches!(what, Copied::Mail | Copied::Phone);
        let targets = if of_contact {
            self.subjects()
        } else {
            self.targets()
        };
        let Some(target) = targets.into_iter().next() else {
            return;
        };
        let text = match what {
            Copied::Title => Some(target.name.clone()),
            Copied::Id => Some(target.id.to_string()),
            Copied::Row => Some(self.row_text(&target)),
            Copied::Mail => self.reach(&target, Set::Email),
            Copied::Phone => self.reach(&target, Set::Phone),
        };
        let Some(text) = text else {
            let what = if what == Copied::Mail {
                "e-mail address"
            } else {
                "phone number"
            };
            self.say(Tone::Plain, format!("{} has no {what}", target.name));
            return;
        };
        self.hand_over(text);
    }

    /// The first e-mail address or phone number of a contact, the phone number of a company.
    fn reach(&self, target: &Target, set: Set) -> Option<String> {
        let record = self.party_record(target.id)?;
        let of_company = record.text(&company::PHONE).filter(|_| set == Set::Phone);
        let first = record.set(set).first().cloned();
        first.or_else(|| of_company.map(str::to_owned))
    }

    /// A record as one line of a table.
    fn row_text(&self, target: &Target) -> String {
        let card = target.deal().and_then(|deal| self.board.find(deal));
        let parts = if let Some((column, card)) = card {
            [
                Some(card.title.clone()),
                card.company.as_ref().map(|company| company.name.clone()),
                card.amount.map(|amount| amount.to_string()),
                Some(column.stage.name.clone()),
                card.owner.as_ref().map(|owner| owner.name.clone()),
            ]
        } else if let Some(record) = self.party_record(target.id) {
            if record.entity == Entity::Company {
                return company_row(record);
            }
            let name = |def| record.link::<Rep>(def).map(|link| link.name);
            [
                Some(record.name()),
                name(&contact::COMPANY),
                record.set(Set::Email).first().cloned(),
                record.set(Set::Phone).first().cloned(),
                name(&contact::OWNER),
            ]
        } else {
            return target.name.clone();
        };
        parts.map(Option::unwrap_or_default).join("\t")
    }

    /// A contact or company as one of the screens shows it.
    pub(super) fn party_record(&self, id: RecordId) -> Option<&Record> {
        let parties = [&self.contact, &self.company];
        let mut shown = parties.into_iter().filter_map(|party| party.record());
        let lists = [&self.leads, &self.contacts, &self.companies];
        let row = || lists.into_iter().find_map(|list| list.row(id));
        let people = || {
            let mut people = self.company.people().iter();
            people.find(|record| record.id == id)
        };
        shown
            .find(|record| record.id == id)
            .or_else(|| row().map(|row| &row.record))
            .or_else(people)
    }

    /// What a row of a menu stands for.
    pub(super) fn pick(&mut self, pick: Pick, targets: &[Target]) {
        match pick {
            Pick::Stage(stage) => self.move_to_stage(targets, stage),
            Pick::ArchiveInto(stage) => {
                if let [target] = targets {
                    self.archive_into(target, Some(stage));
                }
            }
            Pick::Won => self.win_all(targets),
            Pick::Lost => self.ask_reason(targets.to_vec()),
            Pick::Owner(owner) => self.assign(targets, owner),
            Pick::Category(category) => self.put_category(targets, category),
            Pick::LeadState(Some(lead::DROPPED)) => self.ask_why_dropped(targets.to_vec()),
            Pick::LeadState(state) => self.put_lead_state(targets, state),
            Pick::Sort(place) => {
                self.screen_mut().sort_by(place);
                self.read_screen();
            }
            Pick::Part(place) => {
                self.screen_mut().show_part(place);
                self.read_screen();
            }
            Pick::Open(entity, id) => {
                let name = self.target(entity, id).name;
                self.open_record(entity, id, name);
            }
            Pick::BuiltIn(place) => self.wear_built_in(place),
            Pick::View(id) => self.wear_saved(id),
            Pick::SaveView => self.save_view(),
            Pick::ChangeView(id) => self.change_view(id),
            Pick::RenameView(id) => self.rename_view(id),
            Pick::TrashView(id) => self.trash_view(id),
            Pick::Kept(of) => self.choose_for_kept(of),
            Pick::GoOn(of) => self.go_on_writing(of),
            Pick::CopyKept(of) => self.copy_kept(of),
            Pick::DropKept(of) => self.drop_kept(of),
            Pick::Run(action) => self.run_picked(action),
            Pick::Field(spot) => self.edit_field(spot, targets),
            Pick::Whole => self.edit_in_form(targets),
            Pick::Line(_)
            | Pick::NewLine
            | Pick::RemoveALine
            | Pick::RemoveLine(_)
            | Pick::AmountOfLines => self.pick_line(pick, targets),
        }
    }
}

/// A company as one line of a table.
fn company_row(record: &Record) -> String {
    let text = |def| record.text(def).map(str::to_owned);
    let owner = record.link::<Rep>(&company::OWNER).map(|link| link.name);
    let parts = [
        Some(record.name()),
        text(&company::INDUSTRY),
        text(&company::CITY),
        record.set(Set::Domain).first().cloned(),
        text(&company::PHONE),
        owner,
    ];
    parts.map(Option::unwrap_or_default).join("\t")
}

/// `3 deals`.
pub(super) fn several(targets: &[Target]) -> String {
    let count = grouped(targets.len() as u64);
    let first = targets.first().map(|target| target.entity);
    let noun = match first.filter(|first| targets.iter().all(|target| target.entity == *first)) {
        Some(Entity::Deal) => "deals",
        Some(Entity::Contact) if targets.iter().all(|target| target.is_lead) => "leads",
        Some(Entity::Contact) => "contacts",
        Some(Entity::Company) => "companies",
        Some(Entity::Activity) => "activities",
        _ => "records",
    };
    format!("{count} {noun}")
}
