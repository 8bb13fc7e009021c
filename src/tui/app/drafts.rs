//! Half-written forms: which were left, and when what was typed is handed out to be kept beyond the end of the program.

use crate::domain::time::Instant;
use crate::store::handle::Ticket;
use crate::tui::forms::form::RecordForm;
use crate::tui::kept::{self, Fate, Keep, Keeping, Left};
use crate::tui::layers::{FormOf, Layer};
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::widgets::clip::clip;

use super::App;

/// Who types without a pause for so long is not waited for: milliseconds.
const AT_LAST: i64 = 5_000;

/// Longer than that no act waits to hear whether another run has its form: milliseconds.
const LONG_ENOUGH: i64 = 800;

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
    /// It is to be asked what is kept now; what was handed out when that was asked.
    look: bool,
    looking: Option<Keep>,
    /// Acts that wait until their forms are known to be on their way from here alone, and since when.
    claims: Vec<(FormOf, Ticket)>,
    claimed_at: Option<Instant>,
    /// What other runs did with forms that are open here.
    elsewhere: Vec<(FormOf, Fate)>,
    /// Whose user was told so when they wanted to save them.
    warned: Vec<FormOf>,
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
        self.settle(left.of);
        self.claim(left.of);
        self.left.push(left);
    }

    /// A form was saved, or nothing is left of it. Of a form that was only looked at there is nothing to say.
    pub(super) fn forget(&mut self, of: FormOf) {
        if self.of(of).is_some() {
            self.claim(of);
        }
        self.left.retain(|left| left.of != of);
        self.settle(of);
    }

    /// It is open no more: what other runs did with it is of no account.
    fn settle(&mut self, of: FormOf) {
        self.elsewhere.retain(|(known, _)| *known != of);
        self.warned.retain(|known| *known != of);
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

    /// Whether something was typed that was not handed out yet, or an act waits for its form.
    pub(super) const fn waits(&self) -> bool {
        self.typed_since.is_some() || self.claimed_at.is_some()
    }

    /// What is kept now shall be read.
    pub(super) const fn look(&mut self) {
        self.look = true;
    }

    /// Whether acts wait for their forms.
    pub(super) const fn has_claims(&self) -> bool {
        !self.claims.is_empty()
    }

    /// Whether another run can have taken the form: it is kept where that sees it.
    fn is_kept(&self, of: FormOf) -> bool {
        self.of(of).is_some() || self.kept.left.iter().any(|left| left.of == of)
    }
}

impl App {
    /// After each message: hands out what is to be kept, unless somebody is typing and a pause will come.
    pub(super) fn mind_drafts(&mut self, typed: bool) {
        let waited_for = self.drafts.look || self.drafts.has_claims();
        if typed && !waited_for && matches!(self.layers.last(), Some(Layer::Form(..))) {
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
        // A form of which nothing is left to be kept is nobody else's.
        let claimed = keep.claimed();
        let claims = &mut self.drafts.claims;
        claims.retain(|(of, _)| claimed.contains(of));
        if claims.is_empty() && self.drafts.claimed_at.is_some() {
            self.send_claimed();
        }
        if keep != self.drafts.kept {
            self.drafts.kept = keep.clone();
            // Before anything else that is asked for: the last may be to leave.
            self.out.insert(0, Effect::Keep(keep));
        }
        if std::mem::take(&mut self.drafts.look) {
            self.drafts.looking = Some(self.drafts.kept.clone());
            self.out.push(Effect::LookAtKept);
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
        let (open, going) = (
            layers.map(|layer| (layer, false)),
            going.map(|layer| (layer, true)),
        );
        open.chain(going)
            .filter_map(|(layer, saving)| match layer {
                Layer::Form(form, of) => {
                    let left = form.draft().map(|draft| Left {
                        of: *of,
                        about: self.named_by(*of, form),
                        draft,
                        told: false,
                        saving,
                    });
                    Some((*of, left))
                }
                _ => None,
            })
            .collect()
    }

    /// What another run did with the form, once: whoever wants to save it all the same does.
    pub(super) fn warned_of(&mut self, of: FormOf) -> Option<Fate> {
        let done = self.drafts.elsewhere.iter().find(|(known, _)| *known == of);
        let fate = done.map(|(_, fate)| *fate)?;
        if self.drafts.warned.contains(&of) {
            return None;
        }
        self.drafts.warned.push(of);
        Some(fate)
    }

    /// Whether an act has to wait until its form is known to be on its way from here alone.
    pub(super) fn claims(&mut self, of: FormOf, ticket: Ticket) -> bool {
        let drafts = &mut self.drafts;
        let waits = drafts.is_kept(of) && !drafts.failing && !drafts.warned.contains(&of);
        if waits {
            drafts.claims.push((of, ticket));
            drafts.claimed_at = Some(self.real);
        }
        waits
    }

    /// Who waits so long for the disk that half-written forms are kept on writes all the same.
    pub(super) fn claims_no_more(&mut self) {
        let since = self.drafts.claimed_at;
        if since.is_some_and(|at| self.real.millis() - at.millis() >= LONG_ENOUGH) {
            self.send_claimed();
        }
    }

    /// Acts wait for their forms no more.
    pub(super) fn send_claimed(&mut self) {
        self.drafts.claims.clear();
        self.drafts.claimed_at = None;
        self.send_held();
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
            self.restore_untouched(&left);
            self.drafts.left.push(left);
        }
        self.tell_of_kept(&untold);
    }

    /// What was kept goes into the form on top, where that was opened before it was known and nothing was typed yet.
    fn restore_untouched(&mut self, left: &Left) {
        if let Some(Layer::Form(form, of)) = self.layers.last_mut()
            && *of == left.of
            && form.draft().is_none()
        {
            form.restore(&left.draft);
            self.notices.say(self.real, Tone::Plain, "As you left it");
        }
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

    /// Takes what is kept now: there it stands what became of everything that is not open here.
    pub(super) fn take_kept_now(&mut self, now: Result<Vec<Left>, String>) {
        let Some(then) = self.drafts.looking.take() else {
            return;
        };
        match now {
            // What was handed out since is not in it.
            Ok(_) if then != self.drafts.kept => return self.drafts.look(),
            Ok(now) => self.follow_kept(now),
            Err(why) => self.say(Tone::Bad, why),
        }
        self.look_for_drafts();
    }

    fn follow_kept(&mut self, now: Vec<Left>) {
        for left in &now {
            self.restore_untouched(left);
        }
        let open: Vec<FormOf> = self.open_drafts().into_iter().map(|(of, _)| of).collect();
        let is_open = |of: &FormOf| open.contains(of);
        for mine in self.drafts.kept.clone().left {
            let theirs = now.iter().find(|left| left.of == mine.of);
            if let (true, Some(fate)) = (is_open(&mine.of), kept::fate(Some(&mine), theirs)) {
                self.noticed(mine.of, fate);
            }
        }
        let drafts = &mut self.drafts;
        let failing = drafts.failing;
        drafts.left.retain(|mine| {
            let known = now.iter().any(|left| left.of == mine.of);
            failing && !known
        });
        if !failing {
            // Of the others this run has nothing more to say, nor of what is gone: another run may write the same form from here on.
            let said = &drafts.kept.left;
            let ours = &mut drafts.ours;
            ours.retain(|of| is_open(of) && said.iter().any(|left| left.of == *of));
        }
        let others = now.into_iter().filter(|left| !is_open(&left.of));
        drafts.left.extend(others);
    }

    /// Half-written forms were kept outside, or could not be. That is said once, until it works again.
    pub(super) fn heard_of_keeping(&mut self, keeping: Keeping) {
        let failed_before = std::mem::replace(&mut self.drafts.failing, keeping.outcome.is_err());
        match keeping.outcome {
            Ok(fates) => {
                for (of, fate) in fates {
                    self.noticed(of, fate);
                }
            }
            Err(why) if !failed_before => {
                let text = format!(
                    "Half-written forms cannot be kept on disk: {why}. They are kept as long as clinch runs."
                );
                self.say(Tone::Bad, text);
            }
            Err(_) => {}
        }
        let claims = &mut self.drafts.claims;
        claims.retain(|(of, _)| !keeping.claimed.contains(of));
        if claims.is_empty() {
            self.send_claimed();
        }
    }

    /// Another run did something with a form that is open here or on its way.
    fn noticed(&mut self, of: FormOf, fate: Fate) {
        let claims = &mut self.drafts.claims;
        let claim = claims.iter().position(|(known, _)| *known == of);
        if let Some(at) = claim {
            let (_, ticket) = claims.remove(at);
            self.drafts.elsewhere.push((of, fate));
            self.drafts.warned.push(of);
            self.not_claimed(ticket, fate);
            return;
        }
        let is_open = |layer: &Layer| matches!(layer, Layer::Form(_, open) if *open == of);
        let known = self.drafts.elsewhere.iter().any(|(known, _)| *known == of);
        if self.layers.iter().any(is_open) && !known {
            self.drafts.elsewhere.push((of, fate));
            self.say(Tone::Bad, format!("Another window {}", done(fate)));
        }
    }
}

/// What another window did, in the middle of a sentence.
pub(super) const fn done(fate: Fate) -> &'static str {
    match fate {
        Fate::Gone => "saved or dropped this form",
        Fate::Newer => "went on with this form",
        Fate::Saving => "is saving this form",
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
