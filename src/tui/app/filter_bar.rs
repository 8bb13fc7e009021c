//! The filter bar: typed, completed, recalled; and the filter explained clause by clause.

use crossterm::event::{KeyCode, KeyEvent};

use crate::domain::filter::{Completion, complete, strangers};
use crate::domain::money::grouped;
use crate::domain::view::listed;
use crate::store::query::{Clauses, Query, WORDS_AT_MOST};
use crate::tui::layers::{FilterBar, Layer};
use crate::tui::notices::Tone;
use crate::tui::screens::Filtered;
use crate::tui::widgets::hints::Hints;
use crate::tui::widgets::text_field::TextField;

use super::{App, views};

/// Filters of this session that are remembered.
const REMEMBERED: usize = 50;

/// What the bar knows beside what is typed.
#[derive(Debug, Default)]
pub(super) struct Remembered {
    /// The filters of this session, the newest last.
    typed: Vec<String>,
    /// What stands in the fields of the noun that is filtered.
    words: Vec<(String, Vec<String>)>,
}

impl App {
    /// Opens the filter bar.
    pub fn open_filter(&mut self) {
        self.layers.clear();
        if let Some(entity) = self.screen().views_of().and_then(listed) {
            self.read(views::WORDS, Query::Words(entity));
        }
        let before = self.screen().filter().cloned();
        let text = before.as_ref().map_or("", |filter| filter.text.as_str());
        self.layers.push(Layer::Filter(FilterBar {
            field: TextField::new(text),
            before,
            fault: None,
            unsaid: None,
            completion: Completion::default(),
            taken: None,
            recalled: 0,
            reading: None,
            hints: Hints::default(),
        }));
    }

    /// Puts a filter on or takes it off, and reads the screen.
    pub(super) fn set_filter(&mut self, filter: Option<Filtered>) {
        if self.screen().filter() != filter.as_ref() {
            self.screen_mut().set_filter(filter);
            self.read_screen();
        }
    }

    /// Takes the words that a filter can be completed with.
    pub(super) fn take_words(&mut self, mut words: Vec<(String, Vec<String>)>) {
        let reps = self.reps.iter().filter(|rep| !rep.retired);
        // Where nobody has said who they are, `me` is nobody, and is not offered.
        let me = self.me.as_ref().map(|_| "me".to_owned());
        let mut owners: Vec<String> = me.into_iter().collect();
        owners.extend(reps.map(|rep| rep.name.clone()));
        words.push(("owner".to_owned(), owners));
        let reasons = self.reasons.iter().map(|reason| reason.name.clone());
        words.push(("lost_reason".to_owned(), reasons.collect()));
        self.remembered.words = words;
        self.offer_completion();
    }

    pub(super) fn filter_key(&mut self, mut bar: FilterBar, key: KeyEvent) {
        match key.code {
            KeyCode::Enter => self.filter_entered(bar),
            KeyCode::Esc => {
                let before = bar.before;
                self.set_filter(before);
            }
            KeyCode::Tab | KeyCode::BackTab => {
                let by = if key.code == KeyCode::Tab { 1 } else { -1 };
                bar.complete(by);
                self.layers.push(Layer::Filter(bar));
                self.sift_typed();
            }
            KeyCode::Up | KeyCode::Down => {
                let all = self.remembered.typed.len();
                let back = if key.code == KeyCode::Up { 1 } else { -1 };
                bar.recalled = bar.recalled.saturating_add_signed(back).min(all);
                let text = match bar.recalled {
                    0 => "",
                    back => self.remembered.typed[all - back].as_str(),
                };
                bar.field.set(text);
                self.layers.push(Layer::Filter(bar));
                self.filter_typed();
            }
            _ => {
                let typed = bar.field.key(key);
                self.layers.push(Layer::Filter(bar));
                match typed {
                    Ok(_) => self.filter_typed(),
                    Err(refused) => self.say(Tone::Bad, refused.to_string()),
                }
            }
        }
    }

    /// Keeps the filter, where it is one; what is wrong with it is said now.
    fn filter_entered(&mut self, mut bar: FilterBar) {
        bar.say();
        if bar.fault.is_some() {
            self.layers.push(Layer::Filter(bar));
            return;
        }
        let text = bar.field.text().trim().to_owned();
        self.tell_strangers();
        if !text.is_empty() {
            self.remembered.typed.retain(|known| *known != text);
            self.remembered.typed.push(text);
            let over = self.remembered.typed.len().saturating_sub(REMEMBERED);
            self.remembered.typed.drain(..over);
        }
    }

    /// Words of the filter that nothing in the book holds may be slips.
    fn tell_strangers(&mut self) {
        let entity = self.screen().views_of().and_then(listed);
        let filter = self.screen().filter().map(|on| &on.filter);
        let (Some(entity), Some(filter)) = (entity, filter) else {
            return;
        };
        let told = strangers(filter, entity, &self.remembered.words, WORDS_AT_MOST);
        if !told.is_empty() {
            self.say(Tone::Plain, told.join(" "));
        }
    }

    /// Filters by what is typed, as far as it is a filter, and looks how it can go on.
    pub(super) fn filter_typed(&mut self) {
        self.sift_typed();
        self.offer_completion();
    }

    pub(super) fn sift_typed(&mut self) {
        let Some(Layer::Filter(bar)) = self.layers.last() else {
            return;
        };
        let text = bar.field.text().trim().to_owned();
        let sifted = self.screen().sift(&text);
        let Some(Layer::Filter(bar)) = self.layers.last_mut() else {
            return;
        };
        bar.unsaid = None;
        match sifted {
            Ok(sifted) => {
                bar.fault = None;
                bar.reading = sifted.reading;
                self.set_filter(sifted.filtered);
            }
            // The list stays as it was; what is wrong is said when the typing stops.
            Err(why) => {
                bar.unsaid = Some(why);
                bar.fault = None;
                bar.reading = None;
            }
        }
    }

    fn offer_completion(&mut self) {
        let entity = self.screen().views_of().and_then(listed);
        let Some(Layer::Filter(bar)) = self.layers.last_mut() else {
            return;
        };
        bar.taken = None;
        bar.completion = entity.map_or_else(Completion::default, |entity| {
            let custom = self.views.fields.iter();
            let custom = custom.filter(|field| field.entity == entity);
            let custom: Vec<String> = custom.map(|field| field.name.clone()).collect();
            complete(bar.field.text(), entity, &custom, &self.remembered.words)
        });
    }

    /// Shows the filter of a list clause by clause.
    pub(super) fn show_clauses(&mut self, found: &Clauses) {
        let of = |count: u64| format!("{} of {}", grouped(count), grouped(found.all));
        let mut lines: Vec<String> = vec![format!("Shown: {}.", of(found.fit)), String::new()];
        if found.parts.is_empty() {
            lines.push("No filter is on: all of them are shown.".to_owned());
        } else {
            lines.push("Each clause alone leaves:".to_owned());
        }
        let wide = found.parts.iter().map(|(text, ..)| text.chars().count());
        let wide = wide.max().unwrap_or(0).min(48);
        for (text, fit, unknown) in &found.parts {
            let unknown = match unknown {
                0 => String::new(),
                some => format!(" ({} of them without a value)", grouped(*some)),
            };
            lines.push(format!("  {text:<wide$}  {}{unknown}", of(*fit)));
        }
        self.layers.push(Layer::Text(
            "The filter, clause by clause".to_owned(),
            lines,
            0,
        ));
    }
}

impl FilterBar {
    /// The typing has stopped: what is wrong is said.
    pub fn say(&mut self) {
        if let Some(why) = self.unsaid.take() {
            self.fault = Some(why);
        }
    }

    /// Goes on with the next way, or the one before.
    fn complete(&mut self, by: isize) {
        let all = self.completion.options.len();
        if all == 0 {
            return;
        }
        self.go_on_with(match self.taken {
            None if by < 0 => all - 1,
            None => 0,
            Some(taken) => (taken + all).saturating_add_signed(by) % all,
        });
    }

    /// Goes on with that way.
    pub fn go_on_with(&mut self, place: usize) {
        let Some(option) = self.completion.options.get(place) else {
            return;
        };
        let from = self.completion.from;
        let begin = self.field.text().get(..from).unwrap_or_default();
        let text = format!("{begin}{option}");
        self.field.set(&text);
        self.taken = Some(place);
    }
}
