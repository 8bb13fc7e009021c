//! What the store reports: the book is open, an answer, a judged write, others' changes, how things stand.

use crate::domain::command::{Command, Origin};
use crate::domain::id::Id;
use crate::domain::nouns::Entity;
use crate::domain::outcome::{Change, Kept, Outcome, Receipt};
use crate::domain::period::Period;
use crate::domain::records::Link;
use crate::domain::time::Instant;
use crate::store::StoreError;
use crate::store::handle::{Event, Ticket, View};
use crate::store::query::{Answer, BookInfo, Query, Resolved};
use crate::tui::layers::{FormOf, Layer};
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::screens::{Filtered, Shown};
use crate::tui::words::{count, stopped};

use super::writes::changed_by;
use super::{App, Book, OnItsWay, views};

impl App {
    /// Takes a report of the store.
    pub(super) fn hear(&mut self, event: Event) {
        match event {
            Event::Opened(info) => self.opened(info),
            Event::NotOpened(error) => self.not_opened(&error),
            Event::Written(ticket, judged) => self.judged(ticket, judged),
            Event::Read(view, answer) => self.answered(view, answer),
            Event::Others(changes) => self.others(&changes),
            Event::Kept(ticket) => {
                if let Some(write) = self.on_their_way.get_mut(&ticket) {
                    write.kept = true;
                }
            }
            Event::NotKept(_, fault) => {
                let text = format!(
                    "What you wrote waits, and is lost if you leave before the drive is back. {fault}"
                );
                self.say(Tone::Bad, text);
            }
            Event::Offered(offers) => self.offered(offers),
            Event::LostAndFound(found) => self.lost_and_found(&found),
            Event::Health(health) => self.heard_of_health(health),
            Event::NotVerified(fault) => {
                let text =
                    format!("Whether the book still has what it took cannot be verified. {fault}");
                self.say(Tone::Bad, text);
            }
            Event::NotBackedUp(fault) => {
                self.say(Tone::Bad, format!("No backup was made: {fault}"));
            }
        }
    }

    fn opened(&mut self, info: Box<BookInfo>) {
        if let Some(text) = self.now_text.take() {
            match Instant::parse(&text, info.zone) {
                Ok(now) => self.fixed_now = Some(now),
                Err(why) => self.say(Tone::Bad, why),
            }
        }
        let today = self.now().date(info.zone);
        let period = Period::parse(&self.foot, today, info.fiscal_start)
            .or_else(|_| Period::parse("this-quarter", today, info.fiscal_start));
        self.period_name = period
            .as_ref()
            .map_or_else(|_| String::new(), |period| period.name(info.fiscal_start));
        let this_year = format!(" {}", today.format("%Y"));
        let short = self.period_name.strip_suffix(&this_year);
        self.period_short = short.unwrap_or(&self.period_name).to_owned();
        self.period = period.ok();
        let book = info.book;
        self.book = Book::Open(info);
        self.found();
        // Who acts, who can own a deal and why deals are lost are asked first, so that they are known when there is something to
        // act on: a menu that opens with the first board is whole.
        if let Some(text) = self.rep.clone() {
            let entity = Entity::Rep;
            self.read(views::ME, Query::Resolve { entity, text });
        }
        self.read(views::REPS, Query::Choices(Entity::Rep));
        self.read(views::REASONS, Query::Choices(Entity::LostReason));
        // The screen comes before whatever nobody sees at once. On Today it waits for whose day it is.
        self.read_screen();
        if self.waits_for_whose_day() {
            self.rest_waits = true;
        } else {
            self.read_rest();
        }
        self.out.push(Effect::Recall(book));
    }

    /// Asks for what is known of a book beside its records.
    fn read_rest(&mut self) {
        self.rest_waits = false;
        self.read_fields();
        self.read_views();
    }

    fn not_opened(&mut self, error: &StoreError) {
        if matches!(error, StoreError::Missing { .. }) {
            self.welcome();
            return;
        }
        let text = error.in_full();
        self.fail_all(Some(&text));
        self.say(Tone::Bad, text);
        self.book = Book::Closed;
    }

    /// Nothing can be shown, and why; or something can be again.
    pub(super) fn fail_all(&mut self, why: Option<&str>) {
        for screen in self.screens_mut() {
            screen.fail(views::BOARD, why);
        }
    }

    fn answered(&mut self, view: View, answer: Result<Answer, StoreError>) {
        let more_comes = matches!(&answer, Ok(Answer::Head(Some(head))) if !head.is_all);
        if !more_comes {
            self.unanswered.remove(&view);
        }
        let screen = self.screen();
        self.slow &= self.unanswered.iter().any(|view| screen.owns(*view));
        let area = self.body();
        let shows = self.screens_mut().iter().any(|screen| screen.owns(view));
        match answer {
            Ok(answer) if shows => {
                let mut said = None;
                for screen in self.screens_mut() {
                    if screen.owns(view) {
                        said = screen.take(view, answer, area);
                        break;
                    }
                }
                if let Some(text) = said {
                    self.say(Tone::Plain, text);
                }
                self.tell_more();
            }
            Ok(Answer::Choices(reps)) if view == views::REPS => self.reps = reps,
            Ok(Answer::Choices(reasons)) if view == views::REASONS => self.reasons = reasons,
            Ok(Answer::Clauses(found)) if view == views::CLAUSES => self.show_clauses(&found),
            Ok(Answer::Words(words)) if view == views::WORDS => self.take_words(words),
            Ok(answer) if view == views::EXPORT => self.export_read(answer),
            Ok(answer) if view == views::VIEWS => self.take_views(answer),
            Ok(Answer::Choices(stages)) if view == views::ALL_STAGES => self.stages = stages,
            Ok(Answer::Lines(lines)) => self.take_lines(lines),
            Ok(Answer::Resolve(resolved)) if view == views::ME => self.resolved_me(resolved),
            Ok(Answer::List(listing)) if view == views::FIELDS => self.take_fields(&listing),
            Ok(Answer::List(listing)) if view == views::QUOTAS => self.quotas = listing.records,
            Ok(Answer::StepChanges(changes)) => self.tell_step(&changes),
            Ok(Answer::Profile(profile)) if view == views::GOING => {
                self.take_going(profile.map(|profile| *profile));
            }
            Ok(Answer::Search(found)) => self.show_found(found),
            Ok(answer) if Self::is_for_a_form(view) => self.form_answer(view, answer),
            Ok(Answer::Holders(holders)) if view == views::SAVING => self.save_unless_held(holders),
            Ok(Answer::Holders(holders)) => self.take_holders(holders),
            Ok(Answer::Rows(rows)) if view == views::SEEN => self.looked_at(&rows),
            Ok(Answer::Show(record)) if view == views::KEPT => self.looked_for(record.as_deref()),
            Ok(Answer::Show(record)) if view == views::SHOW => {
                if let Some(Layer::Detail(detail)) = self.detail() {
                    let wanted = record.as_ref().is_none_or(|record| record.id == detail.id);
                    if wanted {
                        detail.record = Some(record);
                    }
                }
            }
            Ok(Answer::Timeline(records)) if view == views::TIMELINE => {
                if let Some(Layer::Detail(detail)) = self.detail() {
                    detail.timeline = Some(records);
                }
            }
            Ok(_) => {}
            Err(error) => self.not_answered(view, &error),
        }
    }

    fn detail(&mut self) -> Option<&mut Layer> {
        self.layers
            .iter_mut()
            .rev()
            .find(|layer| matches!(layer, Layer::Detail(_)))
    }

    fn not_answered(&mut self, view: View, error: &StoreError) {
        let text = error.in_full();
        if self.screen().owns(view) {
            if matches!(error, StoreError::Invalid { .. }) && self.question_refused(&text) {
                return;
            }
            self.screen_mut().fail(view, Some(&text));
        }
        if view == views::SEEN {
            self.not_looked_at();
        }
        if view == views::KEPT {
            self.not_looked_for();
        }
        if view == views::EXPORT {
            self.export_not_read();
        }
        if view == views::SAVING {
            self.save_unless_held(Vec::new());
        }
        if view == views::LINES {
            self.lines_not_read();
        }
        self.not_found_for_form(view);
        self.not_found(view);
        if view == views::ME {
            self.rep = None;
            self.know_me();
            self.send_held();
        }
        self.say(Tone::Bad, text);
    }

    /// The book does not understand what the screen asks; false where that is neither its filter nor its view. What is wrong with a
    /// filter is told where it was typed, and the one before it is on again. Nothing is shown as what a view cannot show.
    fn question_refused(&mut self, why: &str) -> bool {
        let screen = self.screen();
        let filter = screen.filter().cloned();
        let worn = screen.worn().filter(|worn| worn.id.is_some());
        let worn = worn.map(|worn| (worn.name.clone(), worn.setup.clone()));
        if let Some(Layer::Filter(bar)) = self.layers.last_mut()
            && bar.before != filter
        {
            bar.fault = Some(why.to_owned());
            let before = bar.before.clone();
            self.set_filter(before);
            return true;
        }
        match (worn, filter) {
            // Its columns and its order may be others by now: what it asks is its filter.
            (Some((name, setup)), filter)
                if filter.as_ref().is_none_or(|on| on.filter == setup.filter) =>
            {
                let text = format!("The view {name} cannot be shown: {why}");
                let told = format!(
                    "{} / mends its filter, V shows another view.",
                    stopped(&text)
                );
                if self.screen().refused() != Some(&told) {
                    self.screen_mut().refuse(&told);
                    self.say(Tone::Bad, text);
                }
            }
            (worn, Some(_)) => {
                self.say(Tone::Bad, why);
                let own = worn.map(|(_, setup)| setup.filter);
                self.set_filter(own.filter(|own| !own.is_empty()).map(|filter| Filtered {
                    text: filter.to_string(),
                    filter,
                }));
            }
            (_, None) => return false,
        }
        true
    }

    fn resolved_me(&mut self, resolved: Resolved) {
        match resolved {
            Resolved::One(rep) => {
                self.me = Some(Link {
                    id: Id::new(rep.id),
                    name: rep.name,
                });
            }
            Resolved::Several(_) | Resolved::None(_) => {
                let name = self.rep.take().unwrap_or_default();
                self.say(
                    Tone::Bad,
                    format!("No rep, or more than one, is called `{name}`, so nobody is known to work here; --as names another"),
                );
            }
        }
        self.know_me();
        self.send_held();
    }

    /// It is known who acts, or that nobody does: `owner:me`, and whose day it is, mean somebody only now.
    pub(super) fn know_me(&mut self) {
        if self.shown == Shown::Today || self.screen().filter().is_some() {
            self.read_screen();
        }
        if self.rest_waits {
            self.read_rest();
        }
    }

    // Writes.

    fn judged(&mut self, ticket: Ticket, judged: Result<Outcome, StoreError>) {
        let Some(write) = self.on_their_way.remove(&ticket) else {
            return;
        };
        match judged {
            Ok(Outcome::Saved(receipt)) => self.saved(ticket, write, &receipt),
            Ok(Outcome::Nothing) => {
                self.forget_steps(write.offered.into_iter().collect());
                self.arrived(ticket);
                let text = if write.origin == Origin::Redo {
                    "Nothing to redo"
                } else {
                    "Nothing to undo"
                };
                self.say(Tone::Plain, text);
            }
            Ok(Outcome::Conflict(clashes)) => self.clashed(ticket, write, clashes),
            Err(error) => self.not_saved(ticket, write, &error),
        }
        self.leave_when_done();
    }

    fn arrived(&mut self, ticket: Ticket) {
        for screen in self.screens_mut() {
            screen.arrived(ticket);
        }
    }

    /// What an act showed ahead is not so.
    pub(super) fn take_back(&mut self, ticket: Ticket) {
        let area = self.body();
        for screen in self.screens_mut() {
            screen.take_back(ticket, area);
        }
    }

    fn saved(&mut self, ticket: Ticket, write: OnItsWay, receipt: &Receipt) {
        self.arrived(ticket);
        let label = &receipt.label;
        let takes_back = matches!(write.origin, Origin::Undo | Origin::Redo);
        // `u` would take back what was done before it.
        let idle = receipt.changes == 0 && !takes_back;
        let text = match write.origin {
            Origin::Undo if receipt.changes == 0 => format!("{label}: nothing was changed"),
            Origin::Undo => format!("{label} · U redoes it"),
            _ if idle && !receipt.kept.is_empty() => format!("{label}: nothing was changed"),
            _ if idle => format!("{label}: it is so already, nothing was changed"),
            _ => format!("{label} · u undoes it"),
        };
        self.say(Tone::Good, text);
        if idle {
            self.was_idle();
        } else {
            let done = label.strip_prefix("Redo: ").unwrap_or(label);
            self.was_done((write.origin != Origin::Undo).then(|| done.to_owned()));
        }
        if !receipt.kept.is_empty() {
            let told: Vec<String> = receipt.kept.iter().map(left_alone).collect();
            let stay = count(told.len() as u64, "stays as it is", "stay as they are");
            // What was not done comes first: the line is cut off at its end.
            let rest = if idle || write.origin == Origin::Undo {
                ""
            } else {
                " · u undoes the rest"
            };
            self.say(Tone::Plain, format!("{stay}: {}{rest}", told.join("; ")));
            let kept = receipt.kept.iter().map(|kept| (kept.entity, kept.record));
            self.mark_again(write.origin, &kept.collect::<Vec<_>>());
        }
        for (_, entity, id) in &receipt.created {
            for screen in self.screens_mut() {
                screen.made(*entity, *id);
            }
            self.made_view(*entity, *id);
        }
        let made = receipt.created.iter().map(|(_, entity, _)| *entity);
        let touched = write.commands.iter().flat_map(nouns_of).chain(made);
        self.keep_up(&touched.collect::<Vec<_>>());
        self.read_screen();
        self.read_detail();
        self.say_what_lines_make(&write);
        if let Some(Layer::Form(_, of)) = &write.form {
            self.drafts.forget(*of);
        }
        for (_, id) in write.commands.iter().filter_map(changed_by) {
            self.drafts.forget(FormOf::Lacking(id));
        }
        if let Some(then) = write.then {
            self.became_known(receipt, then);
        }
    }

    fn not_saved(&mut self, ticket: Ticket, write: OnItsWay, error: &StoreError) {
        self.stay();
        self.take_back(ticket);
        self.read_screen();
        if self.ask_for_missing(&write, error) {
            return;
        }
        self.say(
            Tone::Bad,
            format!("Not saved: {}. {}", write.said, error.in_full()),
        );
        if !matches!(write.origin, Origin::Undo | Origin::Redo) {
            self.was_idle();
        }
        let all = write.commands.iter().filter_map(changed_by);
        self.mark_again(write.origin, &all.collect::<Vec<_>>());
        if let Some(form) = write.form {
            self.push_below_text(form);
        }
    }

    /// Shows a layer that nobody waits for. What takes text keeps the keys: nobody's typing may run into another layer.
    pub(super) fn push_below_text(&mut self, layer: Layer) {
        let below = self.layers.len().saturating_sub(1);
        if self.layers.last().is_some_and(Layer::takes_text) {
            self.layers.insert(below, layer);
        } else {
            self.layers.push(layer);
        }
    }

    /// Reads anew what the app keeps of nouns that were changed: it keeps all records of these few.
    fn keep_up(&mut self, touched: &[Entity]) {
        let is_touched = |noun| touched.contains(&noun);
        if is_touched(Entity::View) {
            self.read_views();
        }
        if is_touched(Entity::Field) {
            self.read_fields();
        }
        if is_touched(Entity::LostReason) {
            self.read(views::REASONS, Query::Choices(Entity::LostReason));
        }
        if is_touched(Entity::Stage) || is_touched(Entity::Pipeline) {
            self.stages_asked = false;
        }
    }

    // Others.

    fn others(&mut self, changes: &[Change]) {
        let mut said = None;
        for change in changes {
            let at = self.real;
            for screen in self.screens_mut() {
                screen.note_by_others(change.record, at);
            }
            if said != Some(change.step) {
                said = Some(change.step);
                let by = change.by.as_deref().unwrap_or("Somebody");
                let at = self.look().moment(change.at);
                self.say(Tone::Others, format!("{by}: {} · {at}", change.label));
            }
        }
        self.read_screen();
        self.read_detail();
        self.follow_in_form(changes);
        self.follow_lines(changes);
        let touched: Vec<Entity> = changes.iter().map(|change| change.entity).collect();
        self.keep_up(&touched);
        // The app makes reps only where it asks who the user is, and reads them there.
        if touched.contains(&Entity::Rep) {
            self.read(views::REPS, Query::Choices(Entity::Rep));
        }
    }
}

/// A record that an act left as it is, and why: a sentence names it already.
fn left_alone(kept: &Kept) -> String {
    if kept.why.starts_with(&kept.name) {
        kept.why.trim_end_matches('.').to_owned()
    } else {
        format!("{} ({})", kept.name, kept.why)
    }
}

/// The nouns that a command may have changed and of which the app keeps all records: what is undone may be any of them.
fn nouns_of(command: &Command) -> Vec<Entity> {
    match command {
        Command::Create(create) => vec![create.entity],
        Command::Edit { entity, .. }
        | Command::Trash { entity, .. }
        | Command::Restore { entity, .. } => vec![*entity],
        Command::Undo(_) | Command::Redo(_) => vec![
            Entity::View,
            Entity::Field,
            Entity::LostReason,
            Entity::Stage,
        ],
        _ => Vec::new(),
    }
}
