//! Forms, asked field by field.

use crossterm::event::KeyCode;

use crate::domain::text::fold;
use crate::domain::time::Instant;
use crate::tui::forms::editor::Content;
use crate::tui::forms::spoken::{Field, Spoken};
use crate::tui::layers::Layer;
use crate::tui::msg::Effect;
use crate::tui::widgets::picker::Picked;
use crate::tui::words;

use super::Talk;
use super::ask::Asked;

/// Choices that are told with the question itself.
const FEW: usize = 12;

/// A key that no field knows: the form looks at itself when it comes.
const NUDGE: KeyCode = KeyCode::F(24);

impl Talk {
    fn form(&self) -> Option<&dyn Spoken> {
        match self.app.layers.last() {
            Some(Layer::Form(form, _)) => Some(form.as_ref()),
            Some(Layer::Welcome(questions)) => Some(questions.as_ref()),
            Some(Layer::Export(form, _)) => Some(form.as_ref()),
            _ => None,
        }
    }

    fn form_mut(&mut self) -> Option<&mut dyn Spoken> {
        match self.app.layers.last_mut() {
            Some(Layer::Form(form, _)) => Some(form.as_mut()),
            Some(Layer::Welcome(questions)) => Some(questions.as_mut()),
            Some(Layer::Export(form, _)) => Some(form.as_mut()),
            _ => None,
        }
    }

    pub(super) const fn forget_form(&mut self) {
        self.in_form = None;
        self.filled = None;
    }

    /// Asks the field that is next: the first of a form that has just come up, else the one after what was filled.
    pub(super) fn ask_field(&mut self, at: Instant, effects: &mut Vec<Effect>) {
        let of = match self.app.layers.last() {
            Some(Layer::Form(_, of)) => Some(*of),
            _ => None,
        };
        let Some(form) = self.form() else {
            return;
        };
        let new = self.in_form != of || self.filled.is_none();
        let count = form.count();
        let mut said = Vec::new();
        let next = if let Some(filled) = self.filled.filter(|_| !new) {
            let doubt = form.field(filled).and_then(|field| field.doubt);
            said.extend(doubt.map(|doubt| words::stopped(&doubt)));
            filled + 1
        } else {
            // How forms are answered is told with the first one.
            let manners = if self.told_manners {
                ""
            } else {
                ", one after the other; a point alone saves the rest as it is, ? tells more"
            };
            said.push(format!(
                "{}. {}{manners}.",
                form.title(),
                words::count(count as u64, "field", "fields")
            ));
            form.first_fault().unwrap_or(0)
        };
        self.told_manners = true;
        self.in_form = of;
        for line in said {
            self.say(line);
        }
        if next >= count {
            self.save(at, effects);
        } else if !self.ahead.is_empty() {
            self.asked = Some(Asked::Field(next));
        } else {
            self.put_question(next);
        }
    }

    fn put_question(&mut self, place: usize) {
        let form = self.form();
        if let Some(field) = form.and_then(|form| form.field(place)) {
            self.say(question(&field));
            self.asked = Some(Asked::Field(place));
        }
    }

    /// Saves what is in the form, or asks for what is wrong with it.
    fn save(&mut self, at: Instant, effects: &mut Vec<Effect>) {
        let of = self.in_form;
        self.press_ctrl(at, 's', effects);
        let stays = match self.app.layers.last() {
            Some(Layer::Form(_, now)) => Some(*now) == of,
            Some(Layer::Welcome(_) | Layer::Export(..)) => of.is_none(),
            _ => false,
        };
        let fault = self.form().and_then(Spoken::first_fault);
        match fault.filter(|_| stays) {
            Some(place) => self.put_question(place),
            None => self.forget_form(),
        }
    }

    /// Takes what is said to a field.
    pub(super) fn answer_field(
        &mut self,
        at: Instant,
        place: usize,
        line: &str,
        effects: &mut Vec<Effect>,
    ) {
        let text = line.trim();
        match text {
            "" => {
                let missing = self.form().and_then(|form| form.missing(place));
                self.filled_in(at, place, missing.map_or(Ok(()), Err), effects);
            }
            "?" => {
                self.say(
                    "Empty keeps what is there, - empties it. .save or . saves the rest as it is, .back goes one question back, \
                     a point and a part of its name goes to a field: .city Bern, .leave leaves and keeps what you typed. \
                     A backslash at the end of a line goes on with the next.",
                );
                self.put_question(place);
            }
            "." | ".save" => self.save(at, effects),
            ".back" => self.put_question(place.saturating_sub(1)),
            "-" => {
                let put = self.put(place, &Content::Text(String::new()));
                self.filled_in(at, place, put, effects);
            }
            _ => match self.field_named(text) {
                Some((other, "")) => self.put_question(other),
                Some((other, text)) => self.fill(at, other, text, effects),
                None => self.fill(at, place, line, effects),
            },
        }
    }

    /// The field that `.city` names, and what is to be put there: `.city Bern`.
    fn field_named<'a>(&self, text: &'a str) -> Option<(usize, &'a str)> {
        let text = text.strip_prefix('.')?;
        let (name, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
        let wanted = fold(name);
        if wanted.is_empty() {
            return None;
        }
        let form = self.form()?;
        let labels: Vec<String> = (0..form.count())
            .filter_map(|at| form.field(at))
            .map(|field| fold(&field.label).replace(' ', "-"))
            .collect();
        let begins = labels.iter().position(|label| label.starts_with(&wanted));
        let place = begins.or_else(|| labels.iter().position(|label| label.contains(&wanted)))?;
        Some((place, rest.trim()))
    }

    /// Puts something into a field; what is wrong does not stay there.
    fn put(&mut self, place: usize, content: &Content) -> Result<(), String> {
        let Some(form) = self.form_mut() else {
            return Ok(());
        };
        let before = form.fields().content(place);
        let put = form.put(place, content);
        if put.is_err() {
            // It was right, or was as wrong before.
            let _ = form.put(place, &before);
        }
        put
    }

    fn fill(&mut self, at: Instant, place: usize, line: &str, effects: &mut Vec<Effect>) {
        let text = line.trim();
        let Some(form) = self.form() else {
            return;
        };
        let Some(field) = form.field(place) else {
            return;
        };
        let Some(choices) = &field.choices else {
            let text = if field.long { line } else { text };
            let put = self.put(place, &Content::Text(text.to_owned()));
            return self.filled_in(at, place, put, effects);
        };
        let number = text.parse::<usize>().ok();
        let number = number.filter(|_| choices.len() <= FEW && !field.part);
        let chosen = number.and_then(|number| choices.get(number.checked_sub(1)?));
        if let Some(item) = chosen {
            let picked = Picked::Known(item.value.clone(), item.label.clone());
            self.say(words::stopped(picked.text()));
            let put = self.put(place, &Content::Picked(picked));
            self.filled_in(at, place, put, effects);
        } else if field.part {
            if let Some(form) = self.form_mut() {
                form.seek(place, text);
            }
            self.seeking = Some((place, text.to_owned()));
            self.press(at, NUDGE, effects);
        } else {
            self.found(at, place, text, effects);
        }
    }

    /// Takes what fits a text among the choices of a field: the one that does, or asks which.
    pub(super) fn found(
        &mut self,
        at: Instant,
        place: usize,
        text: &str,
        effects: &mut Vec<Effect>,
    ) {
        let Some(form) = self.form() else {
            return;
        };
        let Some(field) = form.field(place) else {
            return;
        };
        let many = field.part || field.choices.as_ref().is_some_and(|all| all.len() > FEW);
        let mut picks = form.fitting(place, text);
        let exact = picks.len() == 1 && fold(picks[0].text()) == fold(text);
        if field.open_ended && !exact {
            picks.push(Picked::New(text.to_owned()));
        }
        match picks.as_slice() {
            [] => {
                self.say(format!("{text} is none of them."));
                self.put_question(place);
            }
            [one] => {
                if fold(one.text()) != fold(text) {
                    self.say(words::stopped(one.text()));
                } else if matches!(one, Picked::New(_)) && many {
                    self.say(format!("New: {}.", one.text()));
                }
                let put = self.put(place, &Content::Picked(one.clone()));
                self.filled_in(at, place, put, effects);
            }
            _ => self.ask_which(place, picks),
        }
    }

    fn ask_which(&mut self, place: usize, mut picks: Vec<Picked>) {
        let new = picks.pop_if(|last| matches!(last, Picked::New(_)));
        let more = picks.len() > FEW;
        picks.truncate(FEW);
        picks.extend(new);
        let names: Vec<String> = picks
            .iter()
            .enumerate()
            .map(|(number, pick)| {
                let new = if matches!(pick, Picked::New(_)) {
                    "new: "
                } else {
                    ""
                };
                format!("{} {new}{}", number + 1, pick.text())
            })
            .collect();
        let more = if more {
            " There are more: say more of the name."
        } else {
            ""
        };
        self.say(format!("Which? {}.{more}", names.join(", ")));
        self.asked = Some(Asked::Which(place, picks));
    }

    /// Takes the number of one of several that fitted; other words are another answer.
    pub(super) fn answer_which(
        &mut self,
        at: Instant,
        place: usize,
        picks: Vec<Picked>,
        text: &str,
        effects: &mut Vec<Effect>,
    ) {
        match text.parse::<usize>() {
            Ok(number) if (1..=picks.len()).contains(&number) => {
                let put = self.put(place, &Content::Picked(picks[number - 1].clone()));
                self.filled_in(at, place, put, effects);
            }
            Ok(_) => self.ask_which(place, picks),
            Err(_) if text.is_empty() => self.put_question(place),
            Err(_) => self.answer_field(at, place, text, effects),
        }
    }

    /// A field was filled or passed: what is wrong with it is asked again, else the next comes.
    fn filled_in(
        &mut self,
        at: Instant,
        place: usize,
        put: Result<(), String>,
        effects: &mut Vec<Effect>,
    ) {
        if let Err(why) = put {
            self.say(words::stopped(&why));
            self.put_question(place);
            return;
        }
        let preview = self.form().and_then(|form| form.field(place)?.preview);
        if let Some(preview) = preview {
            self.say(format!("Understood as {preview}."));
        }
        self.filled = Some(place);
        self.press(at, NUDGE, effects);
    }
}

/// A field as a question.
fn question(field: &Field) -> String {
    let mut text = words::stopped(&field.label);
    if field.holds.trim().is_empty() {
        text.push_str(" Empty.");
    } else {
        text.push_str(" Now: ");
        text.push_str(&words::stopped(field.holds.trim()));
    }
    match &field.choices {
        Some(items) if items.len() <= FEW && !items.is_empty() && !field.part => {
            let names: Vec<String> = items
                .iter()
                .enumerate()
                .map(|(place, item)| format!("{} {}", place + 1, item.label))
                .collect();
            text.push(' ');
            text.push_str(&names.join(", "));
            text.push_str(if field.open_ended {
                ", or other words."
            } else {
                "."
            });
        }
        Some(items) if !items.is_empty() || field.part => {
            text.push_str(" A part of the name finds it.");
        }
        _ => {}
    }
    let has_few = |items: &Vec<_>| items.len() <= FEW && !items.is_empty();
    if !field.hint.is_empty() && !field.choices.as_ref().is_some_and(has_few) {
        text.push_str(" (");
        text.push_str(&field.hint);
        text.push(')');
    }
    for more in [field.note.as_ref(), field.fault.as_ref()]
        .into_iter()
        .flatten()
    {
        text.push(' ');
        text.push_str(&words::stopped(&words::capital(more)));
    }
    text
}
