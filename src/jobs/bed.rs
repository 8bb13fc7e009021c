//! A book to try jobs on, and a team's files to import.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use super::export;
use super::import::{Done, Request, Source, run};
use crate::domain::command::{Base, Command, FieldEdit, Input, Origin, StepDraft, Which};
use crate::domain::nouns::{Entity, FieldDef};
use crate::domain::records::Record;
use crate::domain::time::Instant;
use crate::exchange::plan::Options;
use crate::exchange::recognise::Told;
use crate::exchange::write::Delimited;
use crate::store::query::{Answer, Asked, ListQuery, Query};
use crate::store::random_id;
use crate::store::{Book, NewBook};

/// The moment of every act.
pub(super) const NOW: Instant = Instant::from_millis(1_800_000_000_000);

/// A book in a folder of its own.
pub(super) struct Desk {
    pub(super) book: Book,
    pub(super) folder: tempfile::TempDir,
}

pub(super) fn desk() -> Desk {
    let folder = tempfile::tempdir().unwrap();
    let book = Book::create(
        &folder.path().join("team.db"),
        &NewBook {
            name: "Team".to_owned(),
            base: "USD".parse().unwrap(),
            zone: chrono_tz::America::New_York,
            fiscal_start: 1,
        },
    )
    .unwrap();
    Desk { book, folder }
}

pub(super) fn request(files: Vec<Source>) -> Request {
    Request {
        files,
        told: Told::default(),
        dates: None,
        options: Options {
            pipeline: None,
            currency: None,
            now: NOW,
        },
        rep: None,
        dry_run: false,
        rejects: None,
    }
}

pub(super) fn bytes(name: &str, text: &str) -> Source {
    Source::Bytes {
        name: name.to_owned(),
        bytes: text.as_bytes().to_vec(),
    }
}

impl Desk {
    pub(super) fn import(&mut self, files: &[(&str, &str)]) -> Done {
        let files = files.iter().map(|(name, text)| bytes(name, text)).collect();
        self.run(&request(files))
    }

    pub(super) fn run(&mut self, request: &Request) -> Done {
        run(
            &mut self.book,
            request,
            &mut |_| {},
            &AtomicBool::new(false),
        )
        .unwrap()
    }

    pub(super) fn list(&mut self, entity: Entity) -> Vec<Record> {
        let query = Query::List(ListQuery {
            entity,
            filter: None,
            sort: vec![],
            limit: None,
            trashed: false,
            asked: Asked { now: NOW, me: None },
        });
        match self.book.ask(&query).unwrap() {
            Answer::List(listing) => listing.records,
            other => panic!("a list is answered by {other:?}"),
        }
    }

    /// Exports every noun as CSV.
    pub(super) fn tables(&mut self, folder: &str) -> Vec<PathBuf> {
        let folder = self.folder.path().join(folder);
        std::fs::create_dir(&folder).unwrap();
        let nouns = [
            Entity::Rep,
            Entity::Company,
            Entity::Contact,
            Entity::Deal,
            Entity::Activity,
        ];
        let tables = nouns.map(|entity| {
            let asked = export::Request {
                entity,
                filter: None,
                sort: Vec::new(),
                columns: vec![],
                format: export::Format::Delimited(Delimited::CSV),
                asked: Asked { now: NOW, me: None },
            };
            let path = folder.join(format!("{entity}.csv"));
            export::export_to(&mut self.book, &asked, &path).unwrap();
            path
        });
        tables.to_vec()
    }

    pub(super) fn rename(&mut self, record: &Record, name: &str) {
        let field = record.entity.field(record.entity.label_field().unwrap());
        self.edit(record, field.unwrap(), name);
    }

    /// Edits a field by hand.
    pub(super) fn edit(
        &mut self,
        record: &Record,
        field: &'static FieldDef,
        new: impl Into<Input>,
    ) {
        let edit = FieldEdit {
            field: field.into(),
            base: Base::Unseen,
            new: new.into(),
        };
        self.act(
            Origin::Human,
            Command::Edit {
                entity: record.entity,
                target: record.id.into(),
                edits: vec![edit],
            },
        );
    }

    pub(super) fn by_hand(&mut self, command: Command) {
        self.act(Origin::Human, command);
    }

    fn act(&mut self, origin: Origin, command: Command) {
        let id = random_id();
        let draft = StepDraft {
            id,
            group: id,
            rep: None,
            at: NOW,
            origin,
            label: None,
            import: None,
            commands: vec![command],
        };
        self.book.commit(&draft).unwrap();
    }

    pub(super) fn hash(&mut self) -> String {
        self.book.content_hash().unwrap()
    }

    /// What the book says, whoever of its records came first.
    pub(super) fn said(&mut self) -> String {
        self.book.content_hash_without_ids().unwrap()
    }

    pub(super) fn undo(&mut self) {
        self.act(Origin::Undo, Command::Undo(Which::Last));
    }
}

pub(super) const REPS: &str =
    "sales_agent,manager,regional_office\nAnna Snelling,Dustin,Central\nMoses Frase,Dustin,West\n";
pub(super) const DEALS: &str = "opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value\n\
    A1,Moses Frase,GTXPro,Cancity,Won,2016-10-20,2017-03-01,1054\n\
    A2,Darcel Schlecht,MG Special,,Engaging,2016-10-25,,\n\
    A3,Moses Frase,MG Special,Isdom,Lost,2016-11-02,2017-02-03,0\n\
    A4,Moses Frase,MG Special,Isdom,Prospecting,,,\n";
pub(super) const PRODUCTS: &str =
    "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n";
