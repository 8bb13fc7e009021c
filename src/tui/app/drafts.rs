//! Half-written forms: which were left, and when what was typed is handed out to be kept beyond the end of the program.

use crate::domain::time::Instant;
use crate::tui::forms::form::RecordForm;
use crate::tui::kept::{Keep, Left};
use crate::tui::layers::{FormOf, Layer};
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::widgets::clip::clip;

use super::App;

/// Who types without a pause for so long is not waited for: milliseconds.
const AT_LAST: i64 = 5_000;

/// The half-written forms.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    /// Those that are not open now.
    left: Vec<Left>,
    /// The forms that this run has something to say about.
    ours: Vec<FormOf>,
    /// Those of earlier runs that were told of.
    told: Vec<FormOf>,
    /// What was handed out last.
    kept: Keep,
    /// Since when something has been typed that was not handed out yet.
    typed_since: Option<Instant>,
    /// Keeping failed, and that was said.
    failing: bool,
}

impl Drafts {
    /// Those that are not open now, the one that was left last at the end.
    pub(super) fn left(&self) -> &[Left] {
        &self.left
    }

    /// What was typed into a form when it was left.
    pub(super) fn of(&self, of: FormOf) -> Option<&Left> {
        self.left.iter().find(|left| left.of == of)
    }

    /// A form was left.
    pub(super) fn put(&mut self, left: Left) {
        self.left.retain(|known| known.of != left.of);
        self.told.retain(|of| *of != left.of);
        self.claim(left.of);
        self.left.push(left);
    }

    /// A form was saved, or nothing is left of it. Of a form that was only looked at there is nothing to say.
    pub(super) fn forget(&mut self, of: FormOf) {
        if self.of(of).is_some() {
            self.claim(of);
        }
        self.left.retain(|left| left.of != of);
    }

    /// From now on this run says what is kept of a form.
    fn claim(&mut self, of: FormOf) {
        if !self.ours.contains(&of) {
            self.ours.push(of);
        }
    }

    #[cfg(test)]
    pub(super) fn nothing_left(&self) -> bool {
        self.left.is_empty()
    }

    /// Whether something was typed that was not handed out yet.
    pub(super) const fn waits(&self) -> bool {
        self.typed_since.is_some()
    }
}

impl App {
    /// After each message: hands out what is to be kept, unless somebody is typing and a pause will come.
    pub(super) fn mind_drafts(&mut self, typed: bool) {
        if typed && matches!(self.layers.last(), Some(Layer::Form(..))) {
            let since = *self.drafts.typed_since.get_or_insert(self.real);
            if self.real.millis() - since.millis() < AT_LAST {
                return;
            }
        }
        self.drafts.typed_since = None;
        let open = self.open_drafts();
        for (of, draft) in &open {
            if draft.is_some() || self.drafts.of(*of).is_some() {
                self.drafts.claim(*of);
            }
        }
        let mut keep = Keep {
            told: self.drafts.told.clone(),
            ..Keep::default()
        };
        for of in &self.drafts.ours {
            let found = match open.iter().find(|(known, _)| known == of) {
                Some((_, open)) => open.as_ref(),
                None => self.drafts.of(*of),
            };
            match found {
                Some(left) => keep.left.push(left.clone()),
                None => keep.gone.push(*of),
            }
        }
        if keep != self.drafts.kept {
            self.drafts.kept = keep.clone();
            // Before anything else that is asked for: the last may be to leave.
            self.out.insert(0, Effect::Keep(keep));
        }
    }

    /// The forms that are open or on their way to the book, the topmost first; with nothing where nothing was typed.
    fn open_drafts(&self) -> Vec<(FormOf, Option<Left>)> {
        let layers = self.layers.iter().rev().filter_map(|layer| match layer {
            Layer::Conflict(conflict) => conflict.back.as_ref(),
            Layer::Sure(_, act) => act.form.as_ref(),
            layer => Some(layer),
        });
        let going = self
            .on_their_way
            .values()
            .filter_map(|write| write.form.as_ref());
        layers
            .chain(going)
            .filter_map(|layer| match layer {
                Layer::Form(form, of) => {
                    let left = form.draft().map(|draft| Left {
                        of: *of,
                        about: self.named_by(*of, form),
                        draft,
                        told: false,
                    });
                    Some((*of, left))
                }
                _ => None,
            })
            .collect()
    }

    /// The name of what a form is about, where no screen shows that as it was called when the form was opened; empty where it is a new
    /// record.
    pub(super) fn named_by(&self, of: FormOf, form: &RecordForm) -> String {
        let shown = of.about().and_then(|id| self.shown_target(id));
        shown.map_or_else(|| form.about().to_owned(), |target| target.name)
    }

    /// Takes what was kept by an earlier run. What was typed since the start is newer.
    pub(super) fn take_kept(&mut self, kept: Result<Vec<Left>, String>) {
        let kept = match kept {
            Ok(kept) => kept,
            Err(why) => {
                self.say(Tone::Bad, why);
                return;
            }
        };
        let open: Vec<FormOf> = self.open_drafts().into_iter().map(|(of, _)| of).collect();
        let mut untold = Vec::new();
        for left in kept {
            if self.drafts.ours.contains(&left.of) {
                continue;
            }
            if !left.told {
                self.drafts.told.push(left.of);
            }
            if !left.told && !open.contains(&left.of) {
                untold.push(said(&left));
            }
            if let Some(Layer::Form(form, of)) = self.layers.last_mut()
                && *of == left.of
                && form.draft().is_none()
            {
                form.restore(&left.draft);
                self.notices.say(self.real, Tone::Plain, "As you left it");
            }
            self.drafts.left.push(left);
        }
        self.tell_of_kept(&untold);
    }

    /// Says once what an earlier run has kept, so that it has room in a line of 80 columns; afterwards it is found in its place.
    fn tell_of_kept(&mut self, names: &[String]) {
        let cut = |name: &str, room| clip(name, room, self.theme.glyphs().ellipsis).into_owned();
        let text = match names {
            [] => return,
            [one] => format!("Half-written and kept: {}; g h shows it", cut(one, 40)),
            [one, more @ ..] => format!(
                "Half-written and kept: {} and {} more; g h shows them",
                cut(one, 26),
                more.len()
            ),
        };
        self.say(Tone::Plain, text);
    }

    /// Half-written forms were kept outside, or could not be. That is said once, until it works again.
    pub(super) fn heard_of_keeping(&mut self, outcome: Result<(), String>) {
        let failed_before = std::mem::replace(&mut self.drafts.failing, outcome.is_err());
        if let (Err(why), false) = (outcome, failed_before) {
            let text = format!(
                "Half-written forms cannot be kept on disk: {why}. They are kept as long as clinch runs."
            );
            self.say(Tone::Bad, text);
        }
    }
}

/// `Write a note · Renewal`.
pub(super) fn said(left: &Left) -> String {
    let said = left.of.said();
    if left.about.is_empty() {
        said.to_owned()
    } else {
        format!("{said} · {}", left.about)
    }
}
