//! What is answered to the questions of layers.

use std::collections::BTreeSet;

use crossterm::event::KeyCode;

use crate::domain::resolve::Side;
use crate::domain::text::{fold, may_name_a_person};
use crate::domain::time::Instant;
use crate::tui::layers::Layer;
use crate::tui::msg::{Effect, Msg};
use crate::tui::widgets::choices::Item;

use super::Talk;
use super::ask::{Asked, clash};
use super::command::leading_numbers;

impl Talk {
    /// Takes the answer to what was asked last.
    pub(super) fn answer(&mut self, at: Instant, line: &str, effects: &mut Vec<Effect>) {
        let Some(asked) = self.asked.take() else {
            return;
        };
        let text = line.trim();
        if text == ".leave" && asked != Asked::Command {
            self.leave(at, effects);
            return;
        }
        match asked {
            // What is typed where nothing was asked is a command.
            Asked::Command => self.asked = Some(Asked::Command),
            Asked::Menu => self.answer_menu(at, text, effects),
            Asked::Sure => {
                let yes = matches!(fold(text).as_str(), "yes" | "y");
                self.press(at, KeyCode::Char(if yes { 'y' } else { 'n' }), effects);
            }
            Asked::Reason => self.answer_reason(at, text, effects),
            Asked::Note => {
                if let Some(Layer::Lose(form, _)) = self.app.layers.last_mut() {
                    form.put_note(text);
                }
                self.press(at, KeyCode::Enter, effects);
                self.say_lose_fault();
            }
            Asked::Field(place) => self.answer_field(at, place, line, effects),
            Asked::Which(place, picks) => self.answer_which(at, place, picks, text, effects),
            Asked::Side(place) => self.answer_side(at, place, text, effects),
            Asked::Offers => match fold(text).as_str() {
                "write" | "w" => self.press(at, KeyCode::Char('W'), effects),
                "throw" | "x" => self.press(at, KeyCode::Char('X'), effects),
                "later" | "" => self.leave(at, effects),
                _ => {
                    self.say("write, throw or later?");
                    self.ask_again(Asked::Offers);
                }
            },
            Asked::Filter => self.answer_filter(at, text, effects),
            Asked::Columns => self.answer_columns(at, text, effects),
            Asked::Tags => {
                if text.is_empty() {
                    return self.leave(at, effects);
                }
                self.tell_app(at, Msg::Paste(text.to_owned()), effects);
                self.press(at, KeyCode::Enter, effects);
            }
            Asked::Find => {
                if text.is_empty() || text.parse::<usize>().is_ok() && !self.unheard {
                    return self.answer_found(at, text, effects);
                }
                self.press_ctrl(at, 'u', effects);
                self.tell_app(at, Msg::Paste(text.to_owned()), effects);
            }
            Asked::Found => self.answer_found(at, text, effects),
        }
    }

    /// Leaves what is asked, as by Esc.
    pub(super) fn leave(&mut self, at: Instant, effects: &mut Vec<Effect>) {
        self.forget_form();
        let said = self.app.notices.said();
        self.press(at, KeyCode::Esc, effects);
        if self.app.notices.said() == said {
            self.say("Left.");
        }
    }

    fn answer_menu(&mut self, at: Instant, text: &str, effects: &mut Vec<Effect>) {
        if text.is_empty() {
            return self.leave(at, effects);
        }
        let (found, open_ended) = match self.app.layers.last() {
            Some(Layer::Menu(menu, _)) => (which(menu.choices().items(), text), false),
            Some(Layer::Me(menu, _)) => (which(menu.choices().items(), text), true),
            _ => return,
        };
        match (found, self.app.layers.last_mut()) {
            (Ok(place), Some(Layer::Menu(menu, _))) => menu.put_at(place),
            (Ok(place), Some(Layer::Me(menu, _))) => menu.put_at(place),
            (Err(None), Some(Layer::Me(menu, _))) if open_ended && may_name_a_person(text) => {
                menu.put_at(usize::MAX);
                menu.paste(text);
            }
            (Err(why), _) => {
                self.say(why.unwrap_or_else(|| format!("{text} is none of them. Number or name?")));
                self.ask_again(Asked::Menu);
                return;
            }
            _ => {}
        }
        self.press(at, KeyCode::Enter, effects);
    }

    fn answer_reason(&mut self, at: Instant, text: &str, effects: &mut Vec<Effect>) {
        if text.is_empty() {
            return self.leave(at, effects);
        }
        let Some(Layer::Lose(form, _)) = self.app.layers.last_mut() else {
            return;
        };
        let reasons = form.reasons();
        let known = reasons.iter().position(|reason| fold(reason) == fold(text));
        let number = text
            .parse::<usize>()
            .ok()
            .and_then(|number| number.checked_sub(1));
        match number.filter(|place| *place < reasons.len()).or(known) {
            Some(place) => form.put_reason(Ok(place)),
            None if number.is_some() => {
                self.say(format!("There are reasons 1 to {}. Which?", reasons.len()));
                self.ask_again(Asked::Reason);
                return;
            }
            None => form.put_reason(Err(text)),
        }
        if form.has_note() {
            self.say("Note? Empty is none.");
            self.asked = Some(Asked::Note);
        } else {
            self.press(at, KeyCode::Enter, effects);
            self.say_lose_fault();
        }
    }

    fn say_lose_fault(&mut self) {
        if let Some(Layer::Lose(form, _)) = self.app.layers.last()
            && let Some(fault) = form.fault().map(str::to_owned)
        {
            self.say(fault);
        }
    }

    fn answer_side(&mut self, at: Instant, place: usize, text: &str, effects: &mut Vec<Effect>) {
        let side = match fold(text).as_str() {
            "mine" | "m" => Side::Mine,
            "theirs" | "t" => Side::Theirs,
            "was" | "w" => Side::Original,
            "drop" => return self.press(at, KeyCode::Char('X'), effects),
            _ => {
                self.say("mine, theirs or was? drop gives all of mine up, .leave goes back.");
                self.ask_again(Asked::Side(place));
                return;
            }
        };
        let Some(Layer::Conflict(conflict)) = self.app.layers.last_mut() else {
            return;
        };
        let picked = conflict.dialog.pick(place, side);
        let all = conflict.dialog.clashes().len();
        let next = if picked { place + 1 } else { place };
        if next >= all {
            self.press(at, KeyCode::Char('W'), effects);
            return;
        }
        let line = clash(conflict, next);
        if !picked {
            self.say("That cannot be had back.");
        }
        if let Some(line) = line {
            self.say(line);
        }
        self.asked = Some(Asked::Side(next));
    }

    fn answer_filter(&mut self, at: Instant, text: &str, effects: &mut Vec<Effect>) {
        if text.is_empty() {
            return self.leave(at, effects);
        }
        self.press_ctrl(at, 'u', effects);
        if text != "-" {
            self.tell_app(at, Msg::Paste(text.to_owned()), effects);
            // A line is typed to its end: nobody is still typing.
            self.tell_app(at, Msg::Pause, effects);
        }
        let Some(Layer::Filter(bar)) = self.app.layers.last() else {
            return;
        };
        if let Some(fault) = bar.fault.clone() {
            self.say(format!("No filter: {fault}"));
            self.ask_again(Asked::Filter);
            return;
        }
        if let Some(reading) = bar.reading.clone() {
            self.say(format!("Read as {reading}."));
        }
        self.press(at, KeyCode::Enter, effects);
    }

    fn answer_columns(&mut self, at: Instant, text: &str, effects: &mut Vec<Effect>) {
        let Some(Layer::Columns(list)) = self.app.layers.last_mut() else {
            return;
        };
        if text.is_empty() {
            return self.leave(at, effects);
        }
        let names: Vec<&str> = list.rows().iter().map(|row| row.name.as_str()).collect();
        match chosen(&names, text) {
            Ok(places) => {
                list.put(&places);
                let shown: Vec<String> = (list.rows().iter())
                    .filter(|row| row.on)
                    .map(|row| row.name.clone())
                    .collect();
                if !shown.is_empty() {
                    self.say(format!("Shown: {}.", shown.join(", ")));
                }
                self.press(at, KeyCode::Enter, effects);
            }
            Err(why) => {
                self.say(why);
                self.ask_again(Asked::Columns);
            }
        }
    }

    fn answer_found(&mut self, at: Instant, text: &str, effects: &mut Vec<Effect>) {
        if text.is_empty() {
            return self.leave(at, effects);
        }
        let Some(Layer::Find(find)) = self.app.layers.last_mut() else {
            return;
        };
        match which(find.rows.items(), text) {
            Ok(place) => {
                find.rows.put_at(place);
                self.detail = None;
                self.press(at, KeyCode::Enter, effects);
            }
            Err(Some(why)) => {
                self.say(why);
                self.ask_again(Asked::Found);
            }
            // Other words are looked for.
            Err(None) => {
                self.press_ctrl(at, 'u', effects);
                self.tell_app(at, Msg::Paste(text.to_owned()), effects);
            }
        }
    }
}

/// The places of the rows that numbers and names with commas between mean, in their order; none for `-`.
fn chosen(names: &[&str], text: &str) -> Result<Vec<usize>, String> {
    let mut places = Vec::new();
    for part in text.split(',').map(str::trim) {
        if part.is_empty() || part == "-" {
            continue;
        }
        let (numbers, rest) = leading_numbers(part);
        let wanted = fold(part);
        let fits = |test: &dyn Fn(&str) -> bool| names.iter().position(|name| test(&fold(name)));
        let begins = fits(&|name| name.starts_with(&wanted));
        let place = || begins.or_else(|| fits(&|name| name.contains(&wanted)));
        match (rest, place()) {
            ("", _) => {
                if let Some(beyond) = numbers.iter().find(|number| **number > names.len()) {
                    return Err(format!(
                        "There is no {beyond}; they go from 1 to {}.",
                        names.len()
                    ));
                }
                places.extend(numbers.iter().map(|number| number - 1));
            }
            (_, Some(place)) => places.push(place),
            (_, None) => return Err(format!("{part} is none of them. Numbers or names?")),
        }
    }
    let mut seen = BTreeSet::new();
    places.retain(|place| seen.insert(*place));
    Ok(places)
}

/// The row that a number, a name or the beginning or a part of one means; else why there is none, or nothing where none fits.
fn which<T>(items: &[Item<T>], text: &str) -> Result<usize, Option<String>> {
    let free = |place: usize| match items.get(place).map(|item| &item.barred) {
        Some(Some(why)) => Err(Some(format!("Not now: {why}."))),
        _ => Ok(place),
    };
    if let Ok(number) = text.parse::<usize>() {
        return if (1..=items.len()).contains(&number) {
            free(number - 1)
        } else {
            Err(Some(format!("There are 1 to {}. Which?", items.len())))
        };
    }
    let wanted = fold(text);
    let labels: Vec<String> = items.iter().map(|item| fold(&item.label)).collect();
    let tests: [&dyn Fn(&String) -> bool; 3] = [
        &|label| *label == wanted,
        &|label| label.starts_with(&wanted),
        &|label| label.contains(&wanted),
    ];
    for test in tests {
        let fits: Vec<usize> = (0..labels.len())
            .filter(|place| test(&labels[*place]))
            .collect();
        match fits.as_slice() {
            [] => {}
            [one] => return free(*one),
            several => {
                let names: Vec<String> = several
                    .iter()
                    .take(10)
                    .map(|place| format!("{} {}", place + 1, items[*place].label))
                    .collect();
                return Err(Some(format!(
                    "Several fit: {}. Which number?",
                    names.join(", ")
                )));
            }
        }
    }
    Err(None)
}
