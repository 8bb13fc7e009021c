//! What a typed line asks for: an action by its name or its keys, numbers of lines, and the answer to its first question.

use crate::config::keymap::Found;
use crate::config::keys::{Code, Key as KeyOfMap};
use crate::domain::money::grouped;
use crate::domain::time::Instant;
use crate::tui::action::{ACTIONS, Action, Context};
use crate::tui::layers::Layer;
use crate::tui::msg::Effect;
use crate::tui::screens::Shown;

use super::{Step, Talk};

/// So many lines are acted on at once at the most, by their numbers.
const MOST: usize = 200;

/// Actions that say something about a screen that is painted.
const NOT_HERE: &[&str] = &["mouse", "repaint", "suspend", "cancel"];

/// Actions that are about lines, but need none.
const ABOUT_ALL: &[&str] = &[
    "filter", "add", "next", "previous", "sort", "view", "columns", "explain", "mark-all",
];

/// Actions that ask for a list, though it is the one that was told.
const TELLS: &[&str] = &[
    "today",
    "leads",
    "pipeline",
    "contacts",
    "companies",
    "pipelines",
    "trash",
    "steps",
    "sort",
    "view",
    "filter",
];

/// Actions that go from place to place and mean something here.
const MOVES: &[&str] = &[
    "open",
    "back",
    "left",
    "right",
    "next-panel",
    "previous-panel",
];

/// Whether an action is reachable here.
pub(super) fn is_here(action: &Action) -> bool {
    !NOT_HERE.contains(&action.name)
        && (action.context != Context::Move || MOVES.contains(&action.name))
}

/// Whether an action is about lines of a screen that have to be chosen.
fn needs_lines(action: &Action, shown: Shown) -> bool {
    let of_lines = !matches!(action.context, Context::Move | Context::Global);
    let of_step = shown == Shown::Steps && ["undo", "redo"].contains(&action.name);
    // A stage is added to a pipeline, a lost reason to the others: which it is says the line.
    let added_to = shown == Shown::Setup && action.name == "add";
    (of_lines && !ABOUT_ALL.contains(&action.name)) || action.name == "open" || of_step || added_to
}

impl Talk {
    /// Does what a line asks for.
    pub(super) fn command(&mut self, at: Instant, line: &str, effects: &mut Vec<Effect>) {
        let line = line.trim();
        let (word, rest) = match line.split_once(char::is_whitespace) {
            Some((word, rest)) => (word, rest.trim()),
            // `/` and `:` need no blank behind them.
            None if line.len() > 1 && line.starts_with(['/', ':']) => line.split_at(1),
            None => (line, ""),
        };
        let (word, rest) = match word {
            ":" if !rest.is_empty() => {
                let (word, rest) = rest.split_once(char::is_whitespace).unwrap_or((rest, ""));
                (word, rest.trim())
            }
            _ if word.len() > 1 && word.starts_with('/') => ("/", &line[1..]),
            _ => (word, rest),
        };
        match word {
            "" => self.where_am_i(),
            "list" | "ls" => self.tell_all(),
            "more" => self.more(),
            "?" | "help" => self.help(rest),
            ":" | "commands" => self.commands(rest),
            _ if numbers(word).is_some() => self.choose(line),
            _ => match self.action(word) {
                Ok(action) => self.run_action(at, action, rest, effects),
                Err(text) => self.say(text),
            },
        }
    }

    /// The action of a name, the beginning of a name, or keys.
    fn action(&self, word: &str) -> Result<usize, String> {
        if let Some(number) = ACTIONS.iter().position(|action| action.name == word) {
            return self.here(number);
        }
        if let Some(number) = self.by_keys(word) {
            return self.here(number);
        }
        let begins: Vec<usize> = (0..ACTIONS.len())
            .filter(|number| ACTIONS[*number].name.starts_with(word) && word.len() > 2)
            .filter(|number| is_here(&ACTIONS[*number]))
            .collect();
        match begins.as_slice() {
            [one] => self.here(*one),
            [] => Err(format!(
                "{word} means nothing here.{} ? tells what can be done.",
                near(word).map_or_else(String::new, |name| format!(" Did you mean {name}?"))
            )),
            several => {
                let names: Vec<&str> = several.iter().map(|number| ACTIONS[*number].name).collect();
                Err(format!("{word} may be {}.", names.join(" or ")))
            }
        }
    }

    fn here(&self, number: usize) -> Result<usize, String> {
        let action = &ACTIONS[number];
        if !is_here(action) {
            return Err(if action.context == Context::Move {
                "Lines have numbers here: 3 chooses the third, more tells the next ones.".to_owned()
            } else {
                format!("{} is for the painted screen.", action.name)
            });
        }
        if action.context != Context::Global && !self.app.scope_in_lines().has(action.context) {
            let title = action.context.title().to_lowercase();
            return Err(format!("{} is for {title}.", action.name));
        }
        Ok(number)
    }

    fn by_keys(&self, word: &str) -> Option<usize> {
        let keys: Vec<KeyOfMap> = word
            .chars()
            .map(|letter| KeyOfMap::plain(Code::Char(letter)))
            .collect();
        match self.app.bindings.find(self.app.scope_in_lines(), &keys) {
            Found::Action(number) => Some(number),
            Found::More(_) | Found::Nothing => None,
        }
    }

    /// Runs an action on the lines that follow it, or on the one that is chosen.
    fn run_action(&mut self, at: Instant, number: usize, rest: &str, effects: &mut Vec<Effect>) {
        let action = &ACTIONS[number];
        let in_popup = matches!(self.app.layers.last(), Some(Layer::Detail(_)));
        let mut rest = rest;
        // Lines can be exported, and all of them.
        let some_or_all = action.name == "export";
        if needs_lines(action, self.app.shown) {
            let (wanted, behind) = leading_numbers(rest);
            if !wanted.is_empty() {
                rest = behind;
                let places = match self.places(&wanted) {
                    Ok(places) => places,
                    Err(why) => return self.say(why),
                };
                self.close_popups(at, effects);
                if !self.point_at(&places, some_or_all) {
                    return;
                }
            } else if some_or_all {
                self.close_popups(at, effects);
            } else if in_popup && !self.app.targets_are_in_popup() {
                return self.say("This is about lines of the list: back goes there.");
            } else if !in_popup && !self.point_at_chosen(action) {
                return;
            }
        }
        // A point behind it saves the rest of a form as it is.
        if let Some(first) = rest.strip_suffix(" .") {
            self.ahead.extend([first.to_owned(), ".".to_owned()]);
        } else if !rest.is_empty() {
            self.ahead.push_back(rest.to_owned());
        }
        self.todo.push_back(Step::Run(number));
        if action.context == Context::Move || ABOUT_ALL.contains(&action.name) {
            self.lane = None;
        }
        if TELLS.contains(&action.name) {
            self.listed.clear();
        }
        if ["mark", "mark-all"].contains(&action.name) {
            self.say(
                "Marked, or the mark taken away. What is done next is done to all that are marked.",
            );
        }
        if ["back", "quit"].contains(&action.name) && in_popup {
            self.todo.push_back(Step::BackTo);
        }
    }

    /// Plans to put the cursor on lines, on a single one with a mark where it `marks`; false where that cannot be, which is said.
    fn point_at(&mut self, places: &[usize], marks: bool) -> bool {
        self.todo.push_back(Step::ClearMarks);
        match places {
            [one] if !marks => {
                self.chosen = self.key_of(*one);
                self.todo.push_back(Step::Point(*one));
            }
            several => {
                if !self.app.screen().has_marks() {
                    self.todo.clear();
                    self.say("Here it goes one at a time; the lists take several numbers.");
                    return false;
                }
                for place in several {
                    self.todo.push_back(Step::Point(*place));
                    self.todo.push_back(Step::Mark);
                }
            }
        }
        true
    }

    /// Plans to put the cursor on the line that was chosen; false where none was, which is said.
    fn point_at_chosen(&mut self, action: &Action) -> bool {
        if self.app.screen().marked() > 0 {
            return true;
        }
        let lines = self.app.screen().lines();
        let Some(key) = self.chosen else {
            match lines.count() {
                1 => self.todo.push_back(Step::Point(0)),
                _ if self.app.party(self.app.shown).is_some() => {
                    self.todo.push_back(Step::PointNowhere);
                }
                // The app says why there is nothing to act on.
                0 => {}
                _ => {
                    let name = action.name;
                    self.say(format!(
                        "Which line? Say its number: {name} 2, or 2 to choose it first."
                    ));
                    return false;
                }
            }
            return true;
        };
        if let Some(place) = lines.place(key) {
            self.todo.push_back(Step::Point(place));
            return true;
        }
        self.chosen = None;
        self.say("The line that was chosen is not here any more; list tells what is.");
        false
    }

    /// Chooses a line, and says it.
    fn choose(&mut self, line: &str) {
        let (wanted, rest) = leading_numbers(line);
        if let ([_], "") = (wanted.as_slice(), rest) {
            match self.places(&wanted) {
                Ok(places) => {
                    self.chosen = self.key_of(places[0]);
                    self.todo.push_back(Step::Point(places[0]));
                    self.todo.push_back(Step::Say(places[0]));
                }
                Err(why) => self.say(why),
            }
        } else {
            self.say(
                "One number chooses a line. What is to be done comes first: d 2, or o 2 4 Ben.",
            );
        }
    }

    /// Where the lines of these numbers are now, by what was told of them.
    fn places(&self, numbers: &[usize]) -> Result<Vec<usize>, String> {
        let lines = self.app.screen().lines();
        let all = lines.count();
        let place = |number: &usize| match self.numbers.get(number) {
            Some(key) => lines.place(*key).ok_or_else(|| {
                format!("What was line {number} is not here any more; list tells what is.")
            }),
            None if (1..=all).contains(number) => Ok(number - 1),
            None if all == 0 => Err("There is no line to choose here.".to_owned()),
            None => Err(format!(
                "There is no line {number}; they go from 1 to {}.",
                grouped(all as u64)
            )),
        };
        numbers.iter().map(place).collect()
    }

    fn key_of(&self, place: usize) -> Option<crate::tui::screens::lines::Key> {
        self.app.screen().lines().key(place)
    }

    /// Closes what was opened to read, so that numbers are those of the list under it.
    fn close_popups(&mut self, at: Instant, effects: &mut Vec<Effect>) {
        while matches!(self.app.layers.last(), Some(Layer::Detail(_))) {
            self.do_to_app(at, effects, crate::tui::app::App::back);
        }
        self.detail = None;
    }
}

/// The numbers that a word stands for: `3`, `2-5`.
fn numbers(word: &str) -> Option<Vec<usize>> {
    let number = |text: &str| text.parse::<usize>().ok().filter(|number| *number > 0);
    match word.split_once('-') {
        None => number(word).map(|one| vec![one]),
        Some((from, to)) => {
            let (from, to) = (number(from)?, number(to)?);
            (from <= to && to - from < MOST).then(|| (from..=to).collect())
        }
    }
}

/// The numbers that a text begins with, and what is behind them.
pub(super) fn leading_numbers(text: &str) -> (Vec<usize>, &str) {
    let mut found: Vec<usize> = Vec::new();
    let mut rest = text.trim_start();
    while let Some(word) = rest.split_whitespace().next() {
        let Some(more) = numbers(word.trim_end_matches(',')) else {
            break;
        };
        for number in more {
            if !found.contains(&number) {
                found.push(number);
            }
        }
        rest = rest[word.len()..].trim_start();
    }
    (found, rest)
}

/// The action whose name is a slip of the keyboard away.
fn near(word: &str) -> Option<&'static str> {
    let own = ["list", "more", "help", "quit"];
    let names = ACTIONS
        .iter()
        .filter(|action| is_here(action))
        .map(|action| action.name)
        .chain(own);
    let scored = names.map(|name| (strsim::damerau_levenshtein(name, word), name));
    let (slips, name) = scored.min_by_key(|(slips, _)| *slips)?;
    (slips <= 2 && slips < word.chars().count()).then_some(name)
}
