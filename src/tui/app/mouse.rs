//! What the mouse does: click selects, double click opens, drag moves a card, the wheel scrolls what is under it. Nothing can be
//! done by mouse alone.

use crossterm::event::{MouseButton, MouseEvent, MouseEventKind};

use crate::domain::id::Id;
use crate::domain::nouns::Entity;
use crate::domain::time::Instant;
use crate::tui::action::ACTIONS;
use crate::tui::forms::sheet::SheetOwner;
use crate::tui::layers::Layer;
use crate::tui::notices::Tone;
use crate::tui::screens::Hit;
use crate::tui::target::Target;
use crate::tui::widgets::hints::Press;

use super::App;

/// Two clicks within this many milliseconds are a double click.
const DOUBLE_MS: i64 = 400;
/// A click that comes so soon after the window got the focus was meant for the window.
const FOCUS_MS: i64 = 200;

/// What the mouse did so far.
#[derive(Debug)]
pub(super) struct Mouse {
    on: bool,
    focused_at: Option<Instant>,
    last_click: Option<(Instant, u16, u16)>,
    dragged: Option<Target>,
    over: Option<usize>,
}

impl Mouse {
    pub(super) const fn new(on: bool) -> Self {
        Self {
            on,
            focused_at: None,
            last_click: None,
            dragged: None,
            over: None,
        }
    }

    /// Whether it is listened to.
    pub(super) const fn is_on(&self) -> bool {
        self.on
    }

    /// The other way round; says which way that is.
    pub(super) const fn toggle(&mut self) -> bool {
        self.on = !self.on;
        self.on
    }

    /// The window got or lost the focus.
    pub(super) fn focus(&mut self, gained: bool, at: Instant) {
        self.focused_at = gained.then_some(at);
        self.dragged = None;
        self.over = None;
    }

    /// The column that a dragged card is over.
    pub(super) const fn over(&self) -> Option<usize> {
        self.over
    }

    /// Whether a click was only meant to bring the window to the front.
    fn is_for_the_window(&mut self, at: Instant) -> bool {
        let gained = self.focused_at.take();
        gained.is_some_and(|gained| at.millis() - gained.millis() < FOCUS_MS)
    }

    /// Whether a click is the second of two.
    fn is_double(&mut self, at: Instant, x: u16, y: u16) -> bool {
        let double = self.last_click.is_some_and(|(then, then_x, then_y)| {
            at.millis() - then.millis() <= DOUBLE_MS && (then_x, then_y) == (x, y)
        });
        self.last_click = (!double).then_some((at, x, y));
        double
    }
}

impl App {
    pub(super) fn mouse_event(&mut self, event: MouseEvent) {
        let (x, y) = (event.column, event.row);
        match event.kind {
            MouseEventKind::Down(MouseButton::Left) => self.pressed(x, y),
            MouseEventKind::Drag(MouseButton::Left) => self.dragged_to(x, y),
            MouseEventKind::Up(MouseButton::Left) => self.released(x, y),
            MouseEventKind::ScrollUp => self.wheel(-1, x, y),
            MouseEventKind::ScrollDown => self.wheel(1, x, y),
            MouseEventKind::ScrollLeft if self.layers.is_empty() => {
                self.go(crate::tui::action::Motion::Left);
            }
            MouseEventKind::ScrollRight if self.layers.is_empty() => {
                self.go(crate::tui::action::Motion::Right);
            }
            _ => {}
        }
    }

    fn pressed(&mut self, x: u16, y: u16) {
        if self.mouse.is_for_the_window(self.real) {
            return;
        }
        self.notices.dismiss();
        if self.press_follows(x, y) {
            return;
        }
        if !self.layers.is_empty() {
            self.pressed_over_screen(x, y);
            return;
        }
        if y == 0 {
            self.press_tab(x);
            return;
        }
        if let Some(action) = super::footer::key_at(self, x, y) {
            self.run(action);
            return;
        }
        let area = self.body();
        let hit = self.screen_mut().press(x, y, area);
        match hit {
            Hit::Heading(order) => {
                self.screen_mut().sort_by(order);
                self.read_screen();
            }
            Hit::Run(name) => {
                if let Some(action) = ACTIONS.iter().position(|action| action.name == name) {
                    self.run(action);
                }
            }
            Hit::Record | Hit::Elsewhere => {}
        }
        if hit == Hit::Record {
            let drags = self.screen().column_at(x, y, area).is_some();
            self.mouse.dragged = self.targets().into_iter().next().filter(|_| drags);
            if drags && self.screen().marked() > 0 {
                // The card under the mouse is dragged, whatever is marked.
                self.mouse.dragged = self
                    .board
                    .card()
                    .map(|card| self.target(Entity::Deal, card.id.record()));
            }
            if self.mouse.is_double(self.real, x, y) {
                self.mouse.dragged = None;
                self.open();
            }
        }
    }

    fn press_tab(&mut self, x: u16) {
        if let Some(number) = self.tab_at(x) {
            self.show_tab(number);
        }
    }

    /// A click while something lies over the screen: on a key that it names, else on what it shows. Where nothing is typed the footer
    /// and the tabs are still there.
    fn pressed_over_screen(&mut self, x: u16, y: u16) {
        let press = self
            .layers
            .last_mut()
            .and_then(|layer| layer.press_at(x, y))
            .or_else(|| self.more.at(x, y).cloned());
        if let Some(press) = press {
            self.press_hint(press);
        } else if let Some(action) = super::footer::key_at(self, x, y) {
            self.run(action);
        } else if y == 0 && !self.takes_text() {
            self.press_tab(x);
        } else {
            self.layer_click(x, y);
        }
    }

    /// A word of the line of keys was clicked.
    fn press_hint(&mut self, press: Press) {
        match (press, self.layers.last_mut()) {
            (Press::Key(key), _) => self.keys(&[key]),
            (Press::Text(text), Some(Layer::Filter(bar))) => {
                let typed = bar.field.text();
                let blank = !typed.is_empty() && !typed.ends_with(' ');
                let text = format!("{}{text}", if blank { " " } else { "" });
                self.layer_paste(&text);
            }
            (Press::Offer(place), Some(Layer::Filter(bar))) => {
                bar.go_on_with(place);
                self.sift_typed();
            }
            _ => {}
        }
    }

    fn layer_click(&mut self, x: u16, y: u16) {
        match self.layers.pop() {
            Some(Layer::Menu(mut menu, targets)) => {
                let answer = menu.click(x, y);
                self.menu_answered(menu, targets, &answer);
            }
            Some(Layer::Find(mut find)) => {
                if find.rows.click(x, y) && self.mouse.is_double(self.real, x, y) {
                    self.find_entered(find);
                } else {
                    find.field.click(x, y);
                    self.layers.push(Layer::Find(find));
                }
            }
            Some(Layer::Export(mut form, exported)) => {
                form.click(x, y);
                self.layers.push(Layer::Export(form, exported));
            }
            Some(Layer::Replace(mut confirm, export)) => {
                let answer = confirm.click(x, y);
                self.replace_answered(confirm, export, &answer);
            }
            Some(Layer::Columns(mut list)) => {
                list.click(x, y);
                self.layers.push(Layer::Columns(list));
            }
            Some(Layer::Filter(mut bar)) => {
                bar.field.click(x, y);
                self.layers.push(Layer::Filter(bar));
            }
            Some(Layer::Tags(mut field, targets, hints)) => {
                field.click(x, y);
                self.layers.push(Layer::Tags(field, targets, hints));
            }
            Some(Layer::Sure(mut confirm, act)) => {
                let answer = confirm.click(x, y);
                self.sure_answered(confirm, act, &answer);
            }
            Some(Layer::Me(mut menu, then)) => {
                let answer = menu.click(x, y);
                self.me_answered(menu, then, answer);
            }
            Some(Layer::Lose(mut form, targets)) => {
                form.click(x, y);
                self.layers.push(Layer::Lose(form, targets));
            }
            Some(Layer::Form(mut form, of)) => {
                form.click(x, y);
                self.layers.push(Layer::Form(form, of));
                self.ask_for_form();
            }
            Some(Layer::Conflict(mut conflict)) => {
                conflict.dialog.click(x, y);
                self.layers.push(Layer::Conflict(conflict));
            }
            Some(Layer::Offers(mut dialog, offers)) => {
                let answer = dialog.click(x, y);
                self.offers_answered(dialog, offers, &answer);
            }
            Some(Layer::Welcome(mut questions)) => {
                questions.click(x, y);
                self.layers.push(Layer::Welcome(questions));
            }
            Some(other) => self.layers.push(other),
            None => {}
        }
    }

    fn dragged_to(&mut self, x: u16, y: u16) {
        if self.mouse.dragged.is_some() {
            self.mouse.over = self.screen().column_at(x, y, self.body());
        }
    }

    fn released(&mut self, x: u16, y: u16) {
        self.dragged_to(x, y);
        let (target, over) = (self.mouse.dragged.take(), self.mouse.over.take());
        let (Some(target), Some(column)) = (target, over) else {
            return;
        };
        let from = self
            .board
            .columns()
            .iter()
            .position(|column| Some(column.stage.id) == target.stage);
        if from.is_some() && from != Some(column) {
            if self.board.find(Id::new(target.id)).is_none() {
                self.say(Tone::Plain, "The deal is no longer here");
                return;
            }
            self.drop_on(&target, column);
        }
    }

    fn wheel(&mut self, by: isize, x: u16, y: u16) {
        if self.turn_follows(by) {
            return;
        }
        match self.layers.last_mut() {
            Some(Layer::Menu(menu, _)) => menu.scroll(by),
            Some(Layer::Me(menu, _)) => menu.scroll(by),
            Some(Layer::Columns(list)) => list.scroll(by),
            Some(Layer::Export(form, _)) => form.scroll(by),
            Some(Layer::Lose(form, _)) => form.scroll(by),
            Some(Layer::Form(form, _)) => form.scroll(by),
            Some(Layer::Welcome(questions)) => questions.scroll(by),
            Some(Layer::Find(find)) => find.rows.scroll(by),
            Some(layer) => {
                let motion = if by < 0 {
                    crate::tui::action::Motion::Up
                } else {
                    crate::tui::action::Motion::Down
                };
                layer.go(motion, 1);
            }
            None => {
                let area = self.body();
                self.screen_mut().scroll(x, y, by, area);
            }
        }
    }
}
