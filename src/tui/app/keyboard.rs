//! Keys and pastes, and what keys do everywhere.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::config::keymap::Found;
use crate::config::keys::Keys;
use crate::store::handle::Health;
use crate::tui::action::{ACTIONS, Motion};
use crate::tui::keys::{Scope, key_of};
use crate::tui::layers::Layer;
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::widgets::hints::Hints;

use super::App;
use super::view::is_too_small;

/// So many different keys in one read are no typing but a paste that the terminal did not mark, and would run as commands.
const BURST: usize = 8;

impl App {
    pub(super) fn keys(&mut self, keys: &[KeyEvent]) {
        let several = keys.iter().any(|key| key != &keys[0]);
        if keys.len() >= BURST && several && !self.takes_text() {
            self.say(
                Tone::Bad,
                format!(
                    "{} keys came at once, as from a paste, and were not run as commands. Paste into a field, or type slower.",
                    keys.len()
                ),
            );
            return;
        }
        for key in keys {
            self.key(*key);
        }
    }

    /// Nothing is done unseen: where the terminal is too small to show anything, Esc closes what is open, which loses nothing, and
    /// then q leaves. Says whether the key has more to do.
    fn key_unseen(&mut self, event: KeyEvent) -> bool {
        if event.code == KeyCode::Char('q') && (self.layers.is_empty() || self.leaving) {
            self.quit();
        }
        event.code == KeyCode::Esc && !self.layers.is_empty()
    }

    pub(super) fn key(&mut self, event: KeyEvent) {
        if is_too_small(self.size) && !self.key_unseen(event) {
            return;
        }
        self.notices.dismiss();
        if self.takes_text() {
            self.layer_key(event);
            return;
        }
        let Some(key) = key_of(event) else {
            return;
        };
        if event.code == KeyCode::Esc && !self.typed.is_empty() {
            self.forget_typed();
            return;
        }
        let turns = match event.code {
            KeyCode::Down | KeyCode::PageDown => 1,
            KeyCode::Up | KeyCode::PageUp => -1,
            _ => 0,
        };
        if turns != 0 && self.turn_follows(turns) {
            return;
        }
        self.follows_page = 0;
        self.typed.push(key);
        match self.bindings.find(self.scope(), &self.typed) {
            Found::Action(action) => {
                self.forget_typed();
                self.run(action);
            }
            Found::More(_) => {}
            Found::Nothing => {
                let keys = Keys(std::mem::take(&mut self.typed));
                self.show_continuations = false;
                self.say(
                    Tone::Plain,
                    format!("{keys} means nothing here; ? lists the keys"),
                );
            }
        }
    }

    pub(super) fn forget_typed(&mut self) {
        self.typed.clear();
        self.show_continuations = false;
        self.follows_page = 0;
    }

    /// Runs an action, or says why not.
    pub fn run(&mut self, number: usize) {
        let Some(action) = ACTIONS.get(number) else {
            return;
        };
        match (action.allowed)(self) {
            Ok(()) => {
                self.ran.insert(number);
                if !self.looks_first(number) {
                    (action.run)(self);
                }
            }
            Err(why) => self.say(Tone::Plain, why),
        }
    }

    /// Where keys are pressed.
    pub(super) fn scope(&self) -> Scope {
        match self.layers.last() {
            None => self.screen().scope(),
            Some(layer) => layer.scope(),
        }
    }

    /// Where actions are named in lines: over a popup that has none of its own, those of the screen under it.
    pub(in crate::tui) fn scope_in_lines(&self) -> Scope {
        match self.layers.last() {
            Some(layer @ Layer::Detail(_)) if layer.deal().is_some() => layer.scope(),
            _ => self.screen().scope(),
        }
    }

    /// Whether acts are about what a popup shows.
    pub(in crate::tui) fn targets_are_in_popup(&self) -> bool {
        self.layers
            .last()
            .is_some_and(|layer| layer.deal().is_some())
    }

    /// Whether letters are text here.
    #[must_use]
    pub fn takes_text(&self) -> bool {
        self.layers.last().is_some_and(Layer::takes_text)
    }

    pub(super) fn paste(&mut self, text: &str) {
        if self.takes_text() {
            self.layer_paste(text);
        } else {
            self.say(
                Tone::Plain,
                "Nothing here takes text; a paste goes into a field or into / and f",
            );
        }
    }

    /// Whether a key is one that works the same in text: it is never a letter of it.
    pub(super) fn is_command_in_text(event: KeyEvent) -> Option<fn(&mut Self)> {
        if event.modifiers != KeyModifiers::CONTROL {
            return None;
        }
        match event.code {
            KeyCode::Char('l') => Some(Self::repaint),
            KeyCode::Char('z') => Some(Self::suspend),
            _ => None,
        }
    }

    // What keys do everywhere.

    /// Moves the cursor of what is on top.
    pub fn go(&mut self, motion: Motion) {
        let page = usize::from(self.size.1.saturating_sub(8)).max(1);
        if let Some(layer) = self.layers.last_mut() {
            layer.go(motion, page);
        } else {
            let area = self.body();
            self.screen_mut().go(motion, area);
        }
    }

    /// Closes the popup, else takes the marks away, else the filter, else goes to the screen before.
    pub fn back(&mut self) {
        if self.layers.pop().is_some() {
            self.leaving = false;
        } else if self.screen().marked() > 0 {
            self.screen_mut().clear_marks();
        } else if self.screen().filter().is_some() {
            let screen = self.screen();
            // A view that a screen is born with is a filter under a name, and one that cannot be shown is nothing without its filter.
            let goes_too = screen.worn().is_some_and(|worn| worn.id.is_none());
            if goes_too || screen.refused().is_some() {
                self.screen_mut().take_off();
            }
            self.set_filter(None);
        } else if self.wears_saved() {
            self.screen_mut().take_off();
            self.read_screen();
        } else if self.screen_mut().back() {
            self.read_screen();
        } else if !self.back_on_the_trail()
            && let Some(before) = self.screen().leads_back_to()
        {
            self.show(before);
        }
    }

    /// Closes what is open.
    pub fn cancel(&mut self) {
        if self.stop_export() {
            return;
        }
        if self.layers.is_empty() {
            self.say(Tone::Plain, "Nothing to cancel; q leaves");
        } else {
            self.back();
        }
    }

    /// Closes the popup, or leaves the app. With writes or an export on their way it waits for them, and says so.
    pub fn quit(&mut self) {
        if self.leaving {
            self.send_claimed();
            self.out.push(Effect::Quit);
        } else if !self.layers.is_empty() {
            self.back();
        } else if self.nothing_is_under_way() {
            self.out.push(Effect::Quit);
        } else {
            self.leaving = true;
            self.layers.push(Layer::Leaving(Hints::default()));
        }
    }

    /// Leaves where somebody waits for that, and nothing is under way any more.
    pub(super) fn leave_when_done(&mut self) {
        if self.leaving && self.nothing_is_under_way() {
            self.out.push(Effect::Quit);
        }
    }

    /// Whoever waits to leave stays after all: there is something to be looked at.
    pub(super) fn stay(&mut self) {
        self.leaving = false;
        self.layers
            .retain(|layer| !matches!(layer, Layer::Leaving(_)));
    }

    fn nothing_is_under_way(&self) -> bool {
        self.on_their_way.is_empty() && !self.is_exporting()
    }

    /// Listens to the mouse, or leaves it to the terminal.
    pub fn toggle_mouse(&mut self) {
        let on = self.mouse.toggle();
        self.out.push(Effect::Mouse(on));
        let text = if on {
            "Mouse on: click, double-click, drag and the wheel work here"
        } else {
            "Mouse off: the terminal selects text; % turns it on again"
        };
        self.say(Tone::Plain, text);
    }

    /// Paints everything anew.
    pub fn repaint(&mut self) {
        self.out.push(Effect::Repaint);
    }

    /// Gives the terminal back to the shell for a while.
    pub fn suspend(&mut self) {
        self.out.push(Effect::Suspend);
    }

    /// Looks for others' changes now.
    pub fn check(&mut self) {
        self.out.push(Effect::Check);
        self.read_screen();
        let text = if matches!(self.health, Health::Unreachable { .. }) {
            "Trying to reach the book"
        } else {
            "Looked for changes"
        };
        self.say(Tone::Plain, text);
    }
}
