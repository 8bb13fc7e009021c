//! Whole conversations over real books: what is typed stands behind `>`, the rest is said.

mod conversations;

use std::io;
use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use tempfile::TempDir;

use crate::config::keymap::Preset;
use crate::config::theme::Looks;
use crate::domain::command::{Base, Command, Create, FieldEdit, Origin, Slot, StepDraft};
use crate::domain::id::RecordId;
use crate::domain::nouns::{Entity, Set, activity, contact, deal, rep};
use crate::domain::outcome::Outcome;
use crate::domain::pipeline;
use crate::domain::text::is_hostile;
use crate::domain::time::Instant;
use crate::domain::value::Value;
use crate::store::query::{Answer, Query, Resolved};
use crate::store::{Book, NewBook, Opening, random_id};
use crate::tui::app::{App, FirstGuess};
use crate::tui::exporter::NotBegun;
use crate::tui::keeper::Files;
use crate::tui::keys::Bindings;
use crate::tui::msg::{Effect, Msg};
use crate::tui::notices::Tone;
use crate::tui::outside::Outside;
use crate::tui::run::{Options, Shown};
use crate::tui::theme::Theme;

use super::Talk;

/// So long an answer may take before a test fails: used up by a failure alone.
const PATIENCE: Duration = Duration::from_secs(30);

/// 24 November 2026, 10:05 in Zurich.
fn clock() -> Instant {
    Instant::parse("2026-11-24T09:05:00Z", chrono_tz::UTC).unwrap()
}

fn new_book() -> NewBook {
    NewBook {
        name: "Team".to_owned(),
        base: "CHF".parse().unwrap(),
        zone: chrono_tz::Europe::Zurich,
        fiscal_start: 1,
    }
}

fn options(path: &Path) -> Options {
    Options {
        book: Opening::of(path),
        rep: Some("Ana Meier".to_owned()),
        now: None,
        first_start: FirstGuess {
            book: path.display().to_string(),
            currency: "CHF".parse().ok(),
            zone: Some(chrono_tz::Europe::Zurich),
            rep: String::new(),
        },
        foot: "this-quarter".to_owned(),
        preset: Preset::Standard,
        keymap: None,
        looks: Looks::default(),
        can: super::run::ABILITIES,
        ascii: false,
        mouse: false,
        create: |typed, opening, new| {
            let path = typed.into();
            Book::create_as(
                &Opening {
                    path,
                    ..opening.clone()
                },
                new,
            )
            .map(|_| typed.into())
        },
        edit: |_| Err(io::Error::other("no editor here")),
        shown: Shown::Today,
        drafts: Files {
            load: |_| Ok(Vec::new()),
            change: |_, _| Ok(()),
        },
        export: |_| Err(NotBegun::Fault("no files here".to_owned())),
        failed: |_| (),
        waiting: |_| (),
        clock,
    }
}

/// A folder with, usually, a book in it.
struct Bed {
    folder: TempDir,
}

fn create(
    slot: u32,
    entity: Entity,
    fields: &[(&'static crate::domain::nouns::FieldDef, Value)],
) -> Create {
    Create {
        slot: Slot(slot),
        entity,
        created_at: Some(clock()),
        fields: fields
            .iter()
            .map(|(def, value)| ((*def).into(), value.clone().into()))
            .collect(),
        sets: Vec::new(),
    }
}

impl Bed {
    fn empty() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Ana and Ben, a deal of 42,000 and one without an amount, two leads, a contact, a call that is late.
    fn new() -> Self {
        let bed = Self::empty();
        let mut book = Book::create(&bed.path(), &new_book()).unwrap();
        let mut commands = pipeline::standard("Sales", Slot(0));
        commands.extend(pipeline::standard_reasons(Slot(100)));
        commit(&mut book, None, commands);
        let mut commands = Vec::new();
        for (slot, name) in [(0, "Ana Meier"), (1, "Ben Kaya")] {
            commands.push(Command::Create(create(
                slot,
                Entity::Rep,
                &[(&rep::NAME, name.into())],
            )));
        }
        commit(&mut book, None, commands);
        let ana = Value::Int(find(&mut book, Entity::Rep, "Ana Meier").raw());
        let qualify = Value::Int(find(&mut book, Entity::Stage, "Qualify").raw());
        let mut nora = create(
            0,
            Entity::Contact,
            &[
                (&contact::NAME, "Nora Keller".into()),
                (&contact::OWNER, ana.clone()),
            ],
        );
        nora.sets.push((Set::Email, "nora@keller.ch".to_owned()));
        let mut commands = vec![Command::Create(nora)];
        for (slot, name) in [(1, "Sacha Roth"), (2, "Mikko Laine")] {
            let fields = [
                (&contact::NAME, name.into()),
                (&contact::LEAD_STATE, "new".into()),
                (&contact::OWNER, ana.clone()),
            ];
            commands.push(Command::Create(create(slot, Entity::Contact, &fields)));
        }
        for (slot, title, amount) in [
            (3, "Rollout", Value::Int(4_200_000)),
            (4, "Pilot", Value::Null),
        ] {
            let mut fields = vec![
                (&deal::TITLE, title.into()),
                (&deal::STAGE, qualify.clone()),
                (&deal::CURRENCY, "CHF".into()),
                (&deal::OWNER, ana.clone()),
            ];
            if !amount.is_null() {
                fields.push((&deal::AMOUNT, amount));
            }
            commands.push(Command::Create(create(slot, Entity::Deal, &fields)));
        }
        commit(&mut book, None, commands);
        let nora = Value::Int(find(&mut book, Entity::Contact, "Nora Keller").raw());
        let fields = [
            (&activity::KIND, "call".into()),
            (&activity::SUBJECT, "Talk the offer through".into()),
            (&activity::CONTACT, nora),
            (&activity::PERFORMER, ana),
            (&activity::DUE_DATE, "2026-11-20".into()),
        ];
        commit(
            &mut book,
            None,
            vec![Command::Create(create(0, Entity::Activity, &fields))],
        );
        bed
    }

    fn path(&self) -> std::path::PathBuf {
        self.folder.path().join("team.db")
    }

    /// What is said in between, with what is typed. A line that begins with `!!` is done by a colleague.
    fn talk(&self, script: &[&str]) -> String {
        let options = options(&self.path());
        let (send, receive) = channel();
        let outside = Outside::open(&options, send);
        let bindings = Bindings::load(Preset::Standard, None).unwrap();
        let app = App::new(options.start((100, 30)), bindings, Theme::default());
        let mut talking = Talking {
            outside,
            talk: Talk::new(app, true),
            said: Vec::new(),
        };
        for line in script {
            talking.listen(&receive);
            if let Some(amount) = line.strip_prefix("!!") {
                self.colleague(amount.trim().parse().unwrap());
                talking.until_told_of_others(&receive);
            } else {
                talking.said.push(format!("> {line}"));
                let line = Some((*line).to_owned());
                let effects = talking.talk.line(clock(), line);
                talking.perform(effects);
            }
        }
        if !talking.talk.left {
            talking.listen(&receive);
        }
        talking.take();
        // Ids begin with the real clock.
        let shown = |line: &String| !line.starts_with("Id: ");
        let said: Vec<String> = talking.said.into_iter().filter(shown).collect();
        said.join("\n")
            .replace(&self.path().display().to_string(), "[BOOK]")
    }

    /// Ben puts another amount on the rollout.
    fn colleague(&self, amount: i64) {
        let mut book = Book::open(&self.path()).unwrap();
        let ben = find(&mut book, Entity::Rep, "Ben Kaya");
        let rollout = find(&mut book, Entity::Deal, "Rollout");
        let edit = FieldEdit {
            field: (&deal::AMOUNT).into(),
            base: Base::Unseen,
            new: Value::Int(amount).into(),
        };
        let command = Command::Edit {
            entity: Entity::Deal,
            target: rollout.into(),
            edits: vec![edit],
        };
        commit(&mut book, Some(ben), vec![command]);
    }
}

fn commit(book: &mut Book, rep: Option<RecordId>, commands: Vec<Command>) {
    let id = random_id();
    let draft = StepDraft {
        id,
        group: id,
        rep: rep.map(crate::domain::id::Id::new),
        at: clock(),
        origin: Origin::Human,
        label: None,
        import: None,
        commands,
    };
    let outcome = book.commit(&draft).unwrap();
    assert!(matches!(outcome, Outcome::Saved(_)), "{outcome:?}");
}

fn find(book: &mut Book, entity: Entity, text: &str) -> RecordId {
    let text = text.to_owned();
    match book.ask(&Query::Resolve { entity, text }).unwrap() {
        Answer::Resolve(Resolved::One(found)) => found.id,
        other => panic!("{other:?}"),
    }
}

struct Talking<'a> {
    outside: Outside<'a>,
    talk: Talk,
    said: Vec<String>,
}

impl Talking<'_> {
    fn take(&mut self) {
        self.said.extend(self.talk.take_said());
    }

    fn perform(&mut self, effects: Vec<Effect>) {
        self.take();
        for effect in effects {
            let _ = self.outside.perform(effect, self.talk.app());
        }
    }

    fn hear(&mut self, receive: &Receiver<Msg>) {
        let message = receive.recv_timeout(PATIENCE).unwrap();
        self.outside.before(&message);
        let effects = self.talk.hear(clock(), message);
        self.perform(effects);
    }

    fn listen(&mut self, receive: &Receiver<Msg>) {
        while !self.talk.listens() {
            self.hear(receive);
        }
        self.take();
    }

    fn until_told_of_others(&mut self, receive: &Receiver<Msg>) {
        let told = |talk: &Talk| {
            let all = talk.app().notices.all();
            all.iter().any(|notice| notice.tone == Tone::Others)
        };
        while !told(&self.talk) {
            self.hear(receive);
        }
        self.listen(receive);
    }
}
