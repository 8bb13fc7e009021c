//! What a verb says after it has written: what changed, with the ids, in the form that was asked for.

use std::fmt::Write as _;

use serde_json::{Value as Json, json};

use super::desk::Desk;
use super::fault::{Exit, Fault};
use super::nouns;
use super::output::{Format, one_line};
use super::shell::Shell;
use crate::domain::command::StepDraft;
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::outcome::Receipt;

/// What is about to be written, in words.
#[derive(Clone, Debug)]
pub struct Written {
    entity: Entity,
    /// In the past tense: `Added`.
    verb: String,
    names: Vec<String>,
    /// Ids that are known before the commit.
    ids: Vec<RecordId>,
    /// Stands behind the names: `to Proposal`.
    tail: String,
    /// What they are called, where that is not the noun.
    spoken: Option<&'static str>,
}

impl Written {
    /// A verb done to records of these names, or to be done to them.
    #[must_use]
    pub fn of(entity: Entity, verb: &str, names: &[String]) -> Self {
        Self {
            entity,
            verb: verb.to_owned(),
            names: names.to_vec(),
            ids: Vec::new(),
            tail: String::new(),
            spoken: None,
        }
    }

    /// What they are called, where that is not the noun: a `call`.
    #[must_use]
    pub fn spoken(mut self, spoken: &'static str) -> Self {
        self.spoken = Some(spoken);
        self
    }

    /// The records are in the book already. Without this they are those that the step makes.
    #[must_use]
    pub fn ids(mut self, ids: &[RecordId]) -> Self {
        self.ids = ids.to_vec();
        self
    }

    /// Words behind the names.
    #[must_use]
    pub fn tail(mut self, tail: impl Into<String>) -> Self {
        self.tail = tail.into();
        self
    }

    /// Commits the step and says so; with `--dry-run` only says so.
    pub fn commit(
        mut self,
        shell: &Shell,
        desk: &mut Desk,
        draft: &StepDraft,
    ) -> Result<Exit, Fault> {
        if shell.globals.dry_run {
            return self.say_dry(shell);
        }
        let Some(receipt) = desk.commit(draft)? else {
            return Err(Fault::new(Exit::NotFound, "There was nothing to do."));
        };
        if self.ids.is_empty() {
            self.ids = receipt
                .created
                .iter()
                .filter(|(_, entity, _)| *entity == self.entity)
                .map(|(_, _, id)| *id)
                .take(self.names.len())
                .collect();
        }
        self.say(shell, &receipt)
    }

    fn noun(&self) -> String {
        if let Some(spoken) = self.spoken {
            spoken.to_owned()
        } else if self.names.len() == 1 {
            nouns::spoken(self.entity)
        } else {
            nouns::plural(self.entity)
        }
    }

    fn say_dry(&self, shell: &Shell) -> Result<Exit, Fault> {
        let sentence = format!("Not done (dry run): {}", self.sentence());
        match shell.format() {
            Format::Json | Format::Jsonl => shell.print(&format!(
                "{}\n",
                json!({"schema_version": 1, "dry_run": true, "done": self.sentence(), "items": []})
            ))?,
            _ => shell.print(&format!("{sentence}\n"))?,
        }
        Ok(Exit::Done)
    }

    /// `Moved deal Alpina AG renewal to Proposal`.
    fn sentence(&self) -> String {
        let tail = if self.tail.is_empty() {
            String::new()
        } else {
            format!(" {}", self.tail)
        };
        match self.names.as_slice() {
            [name] => one_line(&format!("{} {} {name}{tail}", self.verb, self.noun())),
            names => one_line(&format!(
                "{} {} {}{tail}",
                self.verb,
                names.len(),
                self.noun()
            )),
        }
    }

    fn say(&self, shell: &Shell, receipt: &Receipt) -> Result<Exit, Fault> {
        match shell.format() {
            Format::Json | Format::Jsonl => {
                shell.print(&format!("{}\n", self.json(receipt)))?;
            }
            Format::Plain | Format::Csv | Format::Tsv => shell.print(&self.id_lines())?,
            Format::Table if shell.globals.quiet => shell.print(&self.id_lines())?,
            Format::Table => shell.print(&self.text(receipt))?,
        }
        Ok(Exit::Done)
    }

    fn json(&self, receipt: &Receipt) -> Json {
        let items: Vec<Json> = self
            .ids
            .iter()
            .zip(&self.names)
            .map(|(id, name)| json!({"noun": self.entity.name(), "id": id, "name": name}))
            .collect();
        json!({
            "schema_version": 1,
            "done": self.sentence(),
            "step": receipt.step,
            "changes": receipt.changes,
            "items": items,
            "kept": receipt.kept,
        })
    }

    fn id_lines(&self) -> String {
        let mut text = String::new();
        for id in &self.ids {
            let _ = writeln!(text, "{id}");
        }
        text
    }

    fn text(&self, receipt: &Receipt) -> String {
        let nothing = if receipt.seq == 0 {
            " (it was so already)"
        } else {
            ""
        };
        if let ([_], [id]) = (self.names.as_slice(), self.ids.as_slice()) {
            return format!("{}  {id}{nothing}\n", self.sentence());
        }
        let mut text = format!("{}{nothing}\n", self.sentence());
        for (id, name) in self.ids.iter().zip(&self.names) {
            let kept = receipt.kept.iter().any(|kept| kept.record == *id);
            if !kept {
                let _ = writeln!(text, "  {id}  {}", one_line(name));
            }
        }
        for kept in &receipt.kept {
            let line = format!("Left as it is: {}: {}", kept.name, kept.why);
            let _ = writeln!(text, "{}", one_line(&line));
        }
        text
    }
}
