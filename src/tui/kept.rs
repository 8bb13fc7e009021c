//! Half-written forms between two runs: which there are, and the text of the file that they are kept in.

use serde::{Deserialize, Serialize};

use super::forms::draft::Draft;
use super::layers::FormOf;

/// The form of the file. A file of another version is not read.
const VERSION: u32 = 1;

/// A form that was left, by its user or by a program that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Left {
    /// Which form.
    pub of: FormOf,
    /// The name of the record that it is about; empty for a new one.
    pub about: String,
    /// What was typed.
    pub draft: Draft,
    /// Whether its user was told of it when the program was started again.
    #[serde(default)]
    pub told: bool,
    /// Whether it is on its way to the book. Of one that a program left so when it ended the book may have everything.
    #[serde(default)]
    pub saving: bool,
}

/// What another run of the same user did with a form that this one keeps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is kept no more: saved, or dropped.
    Gone,
    /// Something else was typed into it.
    Newer,
    /// It is being saved.
    Saving,
}

/// The one of a form among those that are kept.
fn of(kept: &[Left], of: FormOf) -> Option<&Left> {
    kept.iter().find(|left| left.of == of)
}

/// What became of a form that is `now` so and was so when this run looked last. That its user was told of it, or went to another of its
/// fields, is no change of it.
#[must_use]
pub fn fate(known: Option<&Left>, now: Option<&Left>) -> Option<Fate> {
    match (known, now) {
        (None, None) => None,
        (Some(_), None) => Some(Fate::Gone),
        (Some(known), Some(now))
            if known.draft.fields == now.draft.fields && known.saving == now.saving =>
        {
            None
        }
        (_, Some(now)) if now.saving => Some(Fate::Saving),
        (_, Some(_)) => Some(Fate::Newer),
    }
}

/// What this run has to say about the kept forms. What it says nothing about stays: another run may have left it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Keep {
    /// To be kept, in place of what was kept of the same form.
    pub left: Vec<Left>,
    /// Kept no more: saved, or emptied.
    pub gone: Vec<FormOf>,
    /// What earlier runs have left and this one has told of.
    pub told: Vec<FormOf>,
}

impl Keep {
    /// What is new in it since the run said `before`. Of what it said already another run of the same user may have said something newer
    /// since, which stays.
    #[must_use]
    pub fn since(&self, before: &Self) -> Self {
        let mut new = self.clone();
        new.left.retain(|left| !before.left.contains(left));
        new.gone.retain(|of| !before.gone.contains(of));
        new.told.retain(|of| !before.told.contains(of));
        new
    }

    /// What is kept now, after what was kept before and where this run `knew` that it was so: what another run typed since into a form
    /// that is to be kept no more stays.
    #[must_use]
    pub fn onto(&self, knew: &[Left], mut before: Vec<Left>) -> Vec<Left> {
        for known in &mut before {
            known.told |= self.told.contains(&known.of);
        }
        before.retain(|now| {
            let again = of(&self.left, now.of).is_some();
            let is_newer = || fate(of(knew, now.of), Some(now)).is_some();
            !again && (!self.gone.contains(&now.of) || is_newer())
        });
        before.extend(self.left.iter().cloned());
        before
    }

    /// What other runs did with the forms that this one keeps, since it `knew` that they were so.
    #[must_use]
    pub fn elsewhere(&self, knew: &[Left], before: &[Left]) -> Vec<(FormOf, Fate)> {
        let fates = self.left.iter().filter_map(|left| {
            let fate = fate(of(knew, left.of), of(before, left.of))?;
            Some((left.of, fate))
        });
        fates.collect()
    }

    /// The forms that are on their way to the book.
    #[must_use]
    pub fn claimed(&self) -> Vec<FormOf> {
        let saving = self.left.iter().filter(|left| left.saving);
        saving.map(|left| left.of).collect()
    }
}

/// What became of a [`Keep`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keeping {
    /// The forms that it says are on their way to the book.
    pub claimed: Vec<FormOf>,
    /// What other runs did with its forms meanwhile, or why it could not be kept.
    pub outcome: Result<Vec<(FormOf, Fate)>, String>,
}

#[derive(Serialize, Deserialize)]
struct File {
    version: u32,
    forms: Vec<Left>,
}

/// The text of the file.
pub fn write(forms: &[Left]) -> serde_json::Result<String> {
    serde_json::to_string_pretty(&File {
        version: VERSION,
        forms: forms.to_vec(),
    })
}

/// What a file holds, or why it cannot be read.
pub fn read(text: &str) -> Result<Vec<Left>, String> {
    #[derive(Deserialize)]
    struct Versioned {
        version: u32,
    }
    let Versioned { version } = serde_json::from_str(text).map_err(|error| error.to_string())?;
    if version != VERSION {
        return Err(format!(
            "it is of version {version}, and this program reads version {VERSION}"
        ));
    }
    let file: File = serde_json::from_str(text).map_err(|error| error.to_string())?;
    Ok(file.forms)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::id::RecordId;
    use crate::domain::nouns::Entity;
    use crate::tui::forms::draft::DraftField;
    use crate::tui::forms::editor::Content;
    use crate::tui::forms::entry::Seen;
    use crate::tui::forms::log::Logged;

    fn left(of: FormOf, about: &str) -> Left {
        Left {
            of,
            about: about.to_owned(),
            draft: Draft {
                entity: Entity::Deal,
                record: None,
                fields: Vec::new(),
                focus: "title".to_owned(),
            },
            told: false,
            saving: false,
        }
    }

    #[test]
    fn every_kind_of_form_is_read_as_it_was_written() {
        let deal = RecordId::from_raw(7);
        let forms = [
            left(FormOf::NewDeal, ""),
            left(FormOf::Deal(deal), "Pilot"),
            left(FormOf::Log(Logged::Note, deal), "Pilot"),
            left(FormOf::Plan(deal), "Pilot \"x\"\n"),
        ];
        assert_eq!(read(&write(&forms).unwrap()).unwrap(), forms);
    }

    #[test]
    fn what_another_run_left_stays_and_what_this_one_saved_goes() {
        let [one, two, three] = [1, 2, 3].map(RecordId::from_raw);
        let before = vec![
            left(FormOf::Plan(one), "old"),
            left(FormOf::Plan(two), "theirs"),
            left(FormOf::Plan(three), "saved"),
        ];
        let keep = Keep {
            left: vec![left(FormOf::Plan(one), "new")],
            gone: vec![FormOf::Plan(three)],
            told: vec![FormOf::Plan(one), FormOf::Plan(two)],
        };
        let after = keep.onto(&before.clone(), before);
        let names: Vec<(&str, bool)> = after.iter().map(|l| (&*l.about, l.told)).collect();
        assert_eq!(
            names,
            [("theirs", true), ("new", false)],
            "what is left anew is to be told of anew"
        );
    }

    #[test]
    fn what_was_said_before_is_not_said_again_over_what_another_run_wrote_since() {
        let [one, two] = [1, 2].map(RecordId::from_raw);
        let said = Keep {
            left: vec![left(FormOf::Plan(one), "mine")],
            gone: vec![FormOf::NewDeal],
            told: vec![FormOf::Plan(one)],
        };
        let mut more = said.clone();
        more.left.push(left(FormOf::Plan(two), "more"));
        let theirs = vec![
            left(FormOf::Plan(one), "theirs, newer"),
            left(FormOf::NewDeal, "theirs, new"),
        ];
        let after = more.since(&said).onto(&[], theirs);
        let names: Vec<&str> = after.iter().map(|left| &*left.about).collect();
        assert_eq!(names, ["theirs, newer", "theirs, new", "more"]);
        assert!(!after[0].told);
        let saved = Keep {
            left: Vec::new(),
            gone: vec![FormOf::NewDeal, FormOf::Plan(one)],
            told: Vec::new(),
        };
        assert_eq!(saved.since(&said).gone, [FormOf::Plan(one)]);
        assert_eq!(said.since(&said), Keep::default());
    }

    #[test]
    fn what_another_run_did_with_a_form_is_noticed_and_what_it_typed_since_stays() {
        let typed = |text: &str, saving| {
            let mut left = left(FormOf::NewDeal, "");
            left.draft.fields.push(DraftField {
                name: "title".to_owned(),
                content: Content::Text(text.to_owned()),
                seen: Seen::Elements(Vec::new()),
            });
            Left { saving, ..left }
        };
        let knew = vec![typed("a", false)];
        let keep = Keep {
            left: vec![typed("ab", false)],
            ..Keep::default()
        };
        let mut told = Left {
            told: true,
            ..typed("a", false)
        };
        "amount".clone_into(&mut told.draft.focus);
        for (before, fate) in [
            (vec![told], None),
            (vec![], Some(Fate::Gone)),
            (vec![typed("ac", false)], Some(Fate::Newer)),
            (vec![typed("a", true)], Some(Fate::Saving)),
        ] {
            let fates = fate.map(|fate| (FormOf::NewDeal, fate));
            let elsewhere = keep.elsewhere(&knew, &before);
            assert_eq!(elsewhere, fates.into_iter().collect::<Vec<_>>());
        }
        let gone = Keep {
            gone: vec![FormOf::NewDeal],
            ..Keep::default()
        };
        assert_eq!(gone.onto(&knew, knew.clone()), []);
        let theirs = vec![typed("ac", false)];
        assert_eq!(gone.onto(&knew, theirs.clone()), theirs);
    }

    #[test]
    fn a_file_of_before_there_was_telling_is_read() {
        let text = write(&[left(FormOf::NewDeal, "")]).unwrap();
        let bare = text
            .replace("\"told\": false", "\"else\": 0")
            .replace("\"saving\": false", "\"other\": 0");
        assert_ne!(bare, text);
        assert!(!read(&bare).unwrap()[0].told);
    }

    #[test]
    fn a_file_that_is_cut_off_or_newer_says_so() {
        let text = write(&[left(FormOf::NewDeal, "")]).unwrap();
        assert!(read(&text[..text.len() / 2]).is_err());
        let newer = text.replace("\"version\": 1", "\"version\": 2");
        assert!(read(&newer).unwrap_err().contains("version 2"));
    }
}
