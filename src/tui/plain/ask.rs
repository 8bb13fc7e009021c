//! The question that the layer on top puts: what is asked, what there is to choose from, how to leave.

use crossterm::event::KeyCode;

use crate::domain::time::Instant;
use crate::tui::app::App;
use crate::tui::forms::offers::OffersForm;
use crate::tui::layers::{Conflict, Find, Layer};
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::screens::Screen;
use crate::tui::widgets::choices::{Choices, Item};
use crate::tui::widgets::picker::Picked;
use crate::tui::words;

use super::Talk;

/// Choices that are told at once.
pub(super) const TOLD: usize = 40;
/// Messages that are told at once.
const MESSAGES: usize = 20;

/// What the next line answers.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Asked {
    /// What shall be done.
    Command,
    /// Which row of a menu.
    Menu,
    /// Whether it shall really be done.
    Sure,
    /// Why a deal was lost or a lead dropped.
    Reason,
    /// A note beside that.
    Note,
    /// A field of a form, or of the first questions.
    Field(usize),
    /// Which of several is meant for that field.
    Which(usize, Vec<Picked>),
    /// Which side of a clash.
    Side(usize),
    /// What becomes of changes of earlier runs.
    Offers,
    /// The filter.
    Filter,
    /// The columns of a list.
    Columns,
    /// Tags.
    Tags,
    /// Words of a record.
    Find,
    /// Which of those that were found.
    Found,
}

/// What there is to do about the layer on top.
enum Ask {
    Put(Asked, Vec<String>),
    Close(Vec<String>),
    Fields,
    Leave(&'static str),
}

impl Talk {
    /// Puts the question of the layer on top; where there is none, a command is waited for.
    pub(super) fn ask(&mut self, at: Instant, effects: &mut Vec<Effect>) {
        let asking = match self.app.layers.last() {
            None => {
                self.forget_form();
                self.stay_in_lane();
                if self.tell_where_new() {
                    return;
                }
                self.detail = None;
                Ask::Put(Asked::Command, Vec::new())
            }
            Some(Layer::Detail(detail)) => {
                self.in_form = None;
                let of = (detail.entity, detail.id);
                if self.detail != Some(of) {
                    self.tell_detail(of.0, of.1);
                }
                Ask::Put(Asked::Command, Vec::new())
            }
            Some(Layer::Form(..) | Layer::Welcome(_) | Layer::Export(..)) => Ask::Fields,
            Some(layer) => self.question(layer),
        };
        match asking {
            Ask::Put(asked, lines) => {
                self.unheard = !self.ahead.is_empty() && asked != Asked::Command;
                if !self.unheard {
                    for line in lines {
                        self.say(line);
                    }
                }
                self.asked = Some(asked);
            }
            Ask::Close(lines) => {
                for line in lines {
                    self.say(line);
                }
                self.do_to_app(at, effects, App::back);
            }
            Ask::Leave(why) => {
                if !why.is_empty() {
                    self.say(why);
                }
                self.press(at, KeyCode::Esc, effects);
            }
            Ask::Fields => self.ask_field(at, effects),
        }
    }

    fn question(&self, layer: &Layer) -> Ask {
        match layer {
            Layer::Menu(menu, _) => {
                let title = menu.title();
                let mark = if title.ends_with('?') { "" } else { "?" };
                let mut lines = vec![format!("{title}{mark}")];
                lines.extend(told(menu.choices()));
                lines.push("Number or name; an empty line leaves it.".to_owned());
                Ask::Put(Asked::Menu, lines)
            }
            Layer::Me(menu, _) => {
                let mut lines = vec!["Who are you?".to_owned()];
                lines.extend(told(menu.choices()));
                lines.push(
                    "Number or name; a new name adds you; an empty line leaves it.".to_owned(),
                );
                Ask::Put(Asked::Menu, lines)
            }
            Layer::Sure(confirm, _) | Layer::Replace(confirm, _) => {
                let [title, text, verb] = confirm.words();
                let line = format!(
                    "{title}. {} {verb}? yes does it, anything else leaves it.",
                    words::stopped(text)
                );
                Ask::Put(Asked::Sure, vec![line])
            }
            Layer::Lose(form, _) => {
                let mut lines = vec![form.title().to_owned()];
                let reasons = form.reasons();
                lines.extend(numbered(reasons.iter().map(String::as_str)));
                lines.push("Number or your own words; an empty line leaves it.".to_owned());
                Ask::Put(Asked::Reason, lines)
            }
            Layer::Conflict(conflict) => Ask::Put(Asked::Side(0), clashes(conflict)),
            Layer::Offers(dialog, _) => self.offers(dialog),
            Layer::Filter(bar) => Ask::Put(
                Asked::Filter,
                filter(
                    bar.before.as_ref().map(|on| on.text.as_str()),
                    self.app.screen(),
                ),
            ),
            Layer::Tags(_, targets, _) => {
                let names: Vec<&str> = targets.iter().map(|target| target.name.as_str()).collect();
                let line = format!(
                    "Tags for {}? With - before those to take away; an empty line leaves it.",
                    names.join(", ")
                );
                Ask::Put(Asked::Tags, vec![line])
            }
            Layer::Find(find) => found(find),
            Layer::Messages(_) => Ask::Close(self.messages()),
            Layer::Text(title, lines, _) => {
                let mut said = vec![words::stopped(title)];
                said.extend(
                    lines
                        .iter()
                        .filter(|line| !line.trim().is_empty())
                        .map(|line| squeezed(line)),
                );
                Ask::Close(said)
            }
            Layer::Leaving(_) => {
                let waits = self.app.waits_for_book() as u64;
                let line = format!(
                    "Waiting for the book to take {} before leaving. quit leaves now, back stays.",
                    words::count(waits, "change", "changes")
                );
                Ask::Put(Asked::Command, vec![line])
            }
            Layer::Columns(list) => {
                let rows = list.rows().iter();
                let names: Vec<String> = rows
                    .map(|row| format!("{}{}", row.name, if row.on { ", shown" } else { "" }))
                    .collect();
                let mut lines = vec!["Columns?".to_owned()];
                lines.extend(numbered(names.iter().map(String::as_str)));
                lines.push(
                    "Numbers or names of those to show, in their order: 1 4 2; - shows the usual ones, an empty line leaves it."
                        .to_owned(),
                );
                Ask::Put(Asked::Columns, lines)
            }
            Layer::Opening(_) => Ask::Leave("It cannot be opened now."),
            Layer::Form(..) | Layer::Welcome(_) | Layer::Export(..) | Layer::Detail(_) => {
                Ask::Fields
            }
        }
    }

    /// Changes of earlier runs; who runs a script is not asked.
    fn offers(&self, dialog: &OffersForm) -> Ask {
        if !self.interactive {
            return Ask::Leave("");
        }
        if dialog.is_sure() {
            let line = "Nothing brings them back. yes throws them away, anything else leaves them.";
            return Ask::Put(Asked::Sure, vec![line.to_owned()]);
        }
        let mut lines = vec!["These changes of an earlier run are not in the book:".to_owned()];
        for row in dialog.rows() {
            let obstacle = row
                .obstacle
                .map_or_else(String::new, |why| format!(" {}", words::stopped(why)));
            lines.push(format!(
                "{}, {}{obstacle}",
                row.at,
                words::stopped(&row.words)
            ));
        }
        lines.push(
            "write writes them, throw throws them away, later leaves them for the next start."
                .to_owned(),
        );
        Ask::Put(Asked::Offers, lines)
    }

    fn messages(&self) -> Vec<String> {
        let look = self.app.look();
        let all = self.app.notices.all();
        let mut lines: Vec<String> = all
            .iter()
            .take(MESSAGES)
            .map(|notice| {
                let at = notice.at.local(look.zone).format("%H:%M:%S");
                let by = if notice.tone == Tone::Others {
                    "changed by others, "
                } else {
                    ""
                };
                format!("{at}: {by}{}", words::stopped(&notice.text))
            })
            .collect();
        if lines.is_empty() {
            lines.push("Nothing was said yet; what others change is told here.".to_owned());
        }
        lines
    }
}

/// Columns of a text that is painted are no columns to who listens.
fn squeezed(line: &str) -> String {
    line.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn filter(before: Option<&str>, screen: &dyn Screen) -> Vec<String> {
    let now = before.map_or_else(
        || "No filter is on.".to_owned(),
        |text| format!("Now: {text}."),
    );
    let hints: Vec<String> = screen
        .filter_hints()
        .iter()
        .map(|(text, what)| format!("{text} ({what})"))
        .collect();
    vec![format!(
        "Filter? {now} Such as {}. - takes it off, an empty line leaves it.",
        hints.join(", ")
    )]
}

/// What was found; before anything was looked for, what the user works on.
fn found(find: &Find) -> Ask {
    let mut lines: Vec<String> = told(&find.rows).collect();
    let has_some = !lines.is_empty();
    let asked = if find.asked.is_empty() {
        lines.push(
            "Find what? Words of a name, mail address or phone number; an empty line leaves it."
                .to_owned(),
        );
        Asked::Find
    } else if has_some {
        lines.push("Number to open, or other words; an empty line leaves it.".to_owned());
        Asked::Found
    } else {
        lines.push(format!(
            "Nothing fits {}. Other words? An empty line leaves it.",
            find.asked
        ));
        Asked::Find
    };
    Ask::Put(asked, lines)
}

fn clashes(conflict: &Conflict) -> Vec<String> {
    let dialog = &conflict.dialog;
    let mut lines = vec![words::stopped(dialog.title())];
    lines.extend(dialog.taken_over().map(words::stopped));
    lines.push(
        "For each: mine, theirs or was. drop gives all of mine up, .leave goes back to what you typed."
            .to_owned(),
    );
    lines.extend(clash(conflict, 0));
    lines
}

/// One clash in a line.
pub(super) fn clash(conflict: &Conflict, at: usize) -> Option<String> {
    let clashes = conflict.dialog.clashes();
    let (label, cells) = clashes.get(at)?;
    Some(format!(
        "{label}: {}. mine, theirs or was?",
        cells.join("; ")
    ))
}

/// The rows of a list with their numbers, and why one cannot be chosen now.
fn told<T: Clone>(choices: &Choices<T>) -> impl Iterator<Item = String> {
    let items = choices.items();
    let more = items.len().saturating_sub(TOLD);
    let more = (more > 0).then(|| format!("{more} more: say a part of the name."));
    let rows = items.iter().take(TOLD).enumerate();
    rows.map(|(place, item)| format!("{}. {}", place + 1, row(item)))
        .chain(more)
}

fn row<T>(item: &Item<T>) -> String {
    let mut text = squeezed(&item.label);
    if !item.detail.is_empty() {
        text.push_str(", ");
        text.push_str(&item.detail);
    }
    if let Some(why) = &item.barred {
        text.push_str(", not now: ");
        text.push_str(why);
    }
    text
}

/// Names with their numbers.
pub(super) fn numbered<'a>(names: impl Iterator<Item = &'a str>) -> impl Iterator<Item = String> {
    names
        .enumerate()
        .map(|(place, name)| format!("{}. {name}", place + 1))
}
