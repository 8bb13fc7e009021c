//! Lists, records and help in lines.

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::time::Instant;
use crate::store::query::BookInfo;
use crate::tui::action::{ACTIONS, Context};
use crate::tui::layers::Layer;
use crate::tui::msg::Effect;
use crate::tui::screens::Shown;
use crate::tui::screens::party::PartyScreen;
use crate::tui::words;

use super::command::is_here;
use super::{Step, Talk};

/// Lines that are told at once.
const PAGE: usize = 20;

/// What holds in every list.
const MANNERS: &[&str] = &[
    "A number chooses a line: 3. What is to be done to it comes first: log-call 3, or c 3.",
    "Several numbers act on several lines where the list has marks: owner 2 4 7-9.",
    "What follows is the answer to the first question: lose 3 Price, filter owner:me.",
    "list tells the list again, more tells the next lines, an empty line says where you are.",
    "In questions: empty keeps what is there, - empties it, a point alone saves the rest as it is, .back goes one question back, \
     .leave leaves, ? tells this.",
];

impl Talk {
    /// The first words, when the book is open or known to be missing.
    pub(super) fn greet(&mut self) {
        self.greeted = true;
        if let Some(info) = self.app.info() {
            let BookInfo { name, path, .. } = info;
            let who = self.app.me.as_ref().map_or("nobody", |me| &me.name);
            let text = format!(
                "clinch in lines. Book {name}, {}, as {who}. ? tells what can be done, quit leaves.",
                path.display()
            );
            self.say(text);
        }
    }

    /// What the list is of: where that has changed, it is told anew.
    fn list_of(&self) -> String {
        let app = &self.app;
        let board = &app.board;
        format!(
            "{:?} {:?} {:?} {:?} {} {:?} {:?}",
            app.shown,
            app.party(app.shown).and_then(PartyScreen::id),
            app.screen().filter().map(|filter| &filter.text),
            board.pipeline,
            board.column,
            app.screen().sorts(),
            app.screen().parts(),
        )
    }

    /// Tells the list where it is another one than was told; false where it is the same.
    pub(super) fn tell_where_new(&mut self) -> bool {
        let of = self.list_of();
        if of == self.listed {
            return false;
        }
        self.listed = of;
        self.chosen = None;
        self.todo.push_back(Step::Load(0));
        true
    }

    /// The user stays with the stage that was told, though the cursor goes with a deal that moves.
    pub(super) fn stay_in_lane(&mut self) {
        if let Some(lane) = self.lane
            && lane < self.app.board.columns().len()
        {
            self.app.board.column = lane;
        }
    }

    /// Tells the popup or list again.
    pub(super) fn tell_all(&mut self) {
        if let Some(Layer::Detail(_)) = self.app.layers.last() {
            self.detail = None;
            self.asked = None;
        } else {
            self.todo.push_back(Step::Load(0));
        }
    }

    pub(super) fn more(&mut self) {
        let lines = self.app.screen().lines();
        if self.next < lines.count() || lines.may_have_more() {
            self.todo.push_back(Step::Load(self.next));
        } else {
            self.say("That was all of it; list tells it again.");
        }
    }

    /// Brings a page of lines into memory.
    pub(super) fn load(&mut self, at: Instant, from: usize, effects: &mut Vec<Effect>) {
        let area = self.app.body();
        self.do_to_app(at, effects, |app| {
            let lines = app.screen_mut().lines_mut();
            let last = lines.count().saturating_sub(1);
            if last > 0 {
                lines.point((from + PAGE - 1).min(last), area);
            }
        });
    }

    /// Tells a page of lines.
    pub(super) fn tell(&mut self, from: usize) {
        let look = self.app.look();
        let lines = self.app.screen().lines();
        let mut said = Vec::new();
        let mut numbers = Vec::new();
        let mut group = self.group.clone();
        if from == 0 {
            said.extend(lines.head(&look));
            group.clear();
        }
        let all = lines.count();
        let mut next = from;
        while next < all.min(from + PAGE) {
            let Some(told) = lines.line(next, &look) else {
                break;
            };
            if told.group != group {
                group = told.group;
                if !group.is_empty() {
                    said.push(format!("{group}:"));
                }
            }
            said.push(format!("{}. {}", next + 1, told.text));
            numbers.extend(lines.key(next).map(|key| (next + 1, key)));
            next += 1;
        }
        if next < all || lines.may_have_more() {
            let of = if lines.may_have_more() {
                String::new()
            } else {
                format!(" of {}", crate::domain::money::grouped(all as u64))
            };
            said.push(format!("{next}{of} told. more tells the next."));
        }
        if from == 0 {
            self.numbers.clear();
        }
        self.numbers.extend(numbers);
        self.lane = (self.app.shown == Shown::Pipeline).then_some(self.app.board.column);
        self.next = next;
        self.group = group;
        for line in said {
            self.say(line);
        }
    }

    /// Says a line that was chosen.
    pub(super) fn say_line(&mut self, place: usize) {
        let look = self.app.look();
        let lines = self.app.screen().lines();
        let told = lines.line(place, &look);
        let text = told.map_or_else(|| "It cannot be read now.".to_owned(), |told| told.text);
        let key = lines.key(place);
        let told = self.numbers.iter().find(|(_, known)| Some(**known) == key);
        let number = told.map_or(place + 1, |(number, _)| *number);
        self.say(format!("Chosen: {number}. {text}"));
    }

    pub(super) fn where_am_i(&mut self) {
        let name = self.place_name();
        let lines = self.app.screen().lines();
        let chosen = self.chosen.and_then(|key| {
            let told = lines.line(lines.place(key)?, &self.app.look())?;
            Some(format!(" Chosen: {}", told.text))
        });
        let marked = match self.app.screen().marked() {
            0 => String::new(),
            marked => format!(" {marked} marked."),
        };
        let chosen = chosen.unwrap_or_default();
        self.say(format!(
            "{name}.{marked}{chosen} list tells it, ? tells what can be done."
        ));
    }

    fn place_name(&self) -> String {
        if let Some(Layer::Detail(detail)) = self.app.layers.last() {
            return format!("{} {}", noun(detail.entity), self.detail_name());
        }
        match self.app.shown {
            Shown::Contact => format!("Contact {}", self.app.contact.called()),
            Shown::Company => format!("Company {}", self.app.company.called()),
            Shown::Companies => "Companies".to_owned(),
            Shown::Trash => "The trash".to_owned(),
            Shown::Steps => "The steps".to_owned(),
            Shown::Setup => "Pipelines and lost reasons".to_owned(),
            Shown::Today => "Today".to_owned(),
            Shown::Leads => "Leads".to_owned(),
            Shown::Contacts => "Contacts".to_owned(),
            Shown::Pipeline => match self.app.board.columns().get(self.app.board.column) {
                Some(column) => format!("Pipeline, stage {}", column.stage.name),
                None => "Pipeline".to_owned(),
            },
        }
    }

    pub(super) fn back_to(&mut self) {
        let name = self.place_name();
        self.say(format!("Back to {name}. list tells it."));
    }

    fn detail_name(&self) -> String {
        match self.app.layers.last() {
            Some(Layer::Detail(detail)) => match &detail.record {
                Some(Some(record)) => record.name(),
                _ => detail.name.clone(),
            },
            _ => String::new(),
        }
    }

    /// Tells the record of the popup on top.
    pub(super) fn tell_detail(&mut self, entity: Entity, id: RecordId) {
        self.detail = Some((entity, id));
        let look = self.app.look();
        let name = self.detail_name();
        let Some(Layer::Detail(detail)) = self.app.layers.last() else {
            return;
        };
        let mut said = vec![words::stopped(&format!("{}: {name}", noun(entity)))];
        match &detail.record {
            Some(Some(record)) => {
                let fields = crate::tui::app::record::known(record, &look);
                for (label, text, _) in fields {
                    said.push(words::stopped(&format!("{label}: {text}")));
                }
            }
            _ => said.push("This record is not in the book any more.".to_owned()),
        }
        if let Some(sold) = detail.lines.as_ref().filter(|sold| !sold.lines.is_empty()) {
            said.push("Products:".to_owned());
            for (name, counted) in crate::tui::app::lines::told(sold, &look) {
                said.push(words::stopped(&format!("{name}: {counted}")));
            }
            said.extend(look.base.map(|base| words::stopped(&sold.told(base))));
        }
        match detail.timeline.as_deref() {
            None => {}
            Some([]) => said.push(
                "Nothing happened yet: c logs a call, m a mail, M a meeting, n a note; t plans the next step.".to_owned(),
            ),
            Some(records) => {
                said.push("Timeline:".to_owned());
                for record in records {
                    said.push(words::stopped(&crate::tui::app::record::told(record, &look)));
                }
            }
        }
        said.push("back goes back to the list.".to_owned());
        for line in said {
            self.say(line);
        }
    }

    /// What can be done here, or what of it has a word.
    pub(super) fn help(&mut self, about: &str) {
        let scope = self.app.scope_in_lines();
        let contexts = Context::ALL.into_iter();
        self.tell_actions(contexts.filter(|context| scope.has(*context)), about, true);
    }

    /// All that can be done anywhere.
    pub(super) fn commands(&mut self, about: &str) {
        self.tell_actions(Context::ALL.into_iter(), about, false);
    }

    fn tell_actions(
        &mut self,
        contexts: impl Iterator<Item = Context>,
        about: &str,
        only_allowed: bool,
    ) {
        let wanted = crate::domain::text::fold(about);
        let mut said: Vec<String> = Vec::new();
        if wanted.is_empty() {
            said.extend(MANNERS.iter().map(|line| (*line).to_owned()));
        }
        let mut left_out = 0;
        for context in contexts {
            let mut rows = Vec::new();
            for (number, action) in ACTIONS.iter().enumerate() {
                if action.context != context || !is_here(action) {
                    continue;
                }
                let keys = self.app.bindings.letters(number);
                let keys = if keys.is_empty() {
                    String::new()
                } else {
                    format!(" or {}", keys.join(" or "))
                };
                let why = match (action.allowed)(&self.app) {
                    Ok(()) => String::new(),
                    Err(why) => format!(" Not now: {}", words::stopped(&why)),
                };
                let row = format!("{}{keys}: {}{why}", action.name, words::stopped(action.doc));
                if !wanted.is_empty() && !crate::domain::text::fold(&row).contains(&wanted) {
                    continue;
                }
                if only_allowed && !why.is_empty() && wanted.is_empty() {
                    left_out += 1;
                    continue;
                }
                rows.push(row);
            }
            if !rows.is_empty() {
                said.push(format!("{}:", context.title()));
                said.extend(rows);
            }
        }
        if left_out > 0 {
            said.push(format!(
                "{} be done now; commands tells why.",
                words::count(left_out, "more cannot", "more cannot")
            ));
        }
        if said.is_empty() {
            said.push(format!("Nothing is about {about}."));
        }
        for line in said {
            self.say(line);
        }
    }
}

fn noun(entity: Entity) -> String {
    words::capital(&entity.name().replace('_', " "))
}
