//! The palette and the help: every action by its words, and in the palette a screen with a filter in one line.

use crate::tui::action::{ACTIONS, Context};
use crate::tui::layers::{Layer, Pick};
use crate::tui::notices::Tone;
use crate::tui::screens::SCREENS;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::menu::Menu;

use super::App;

/// Actions that were run from the palette and are told first by the next.
const USED: usize = 5;

impl App {
    /// Opens the palette: all actions, with their keys and why one cannot be used now; those that were run from it last come first.
    pub fn palette(&mut self) {
        let used = self.used.iter().copied();
        let others = (0..ACTIONS.len()).filter(|number| !self.used.contains(number));
        let items = used
            .chain(others)
            .map(|number| self.command(number, true))
            .collect();
        let menu = Menu::new("Commands", items)
            .large()
            .runs()
            .takes_lines(filtered_screen);
        self.lay_over(Layer::Menu(menu, Vec::new()));
    }

    /// Opens the help: the keys that count here.
    pub fn help(&mut self) {
        let scope = self.scope();
        let items = Context::ALL
            .into_iter()
            .filter(|context| scope.has(*context))
            .flat_map(|context| {
                (0..ACTIONS.len()).filter(move |number| ACTIONS[*number].context == context)
            })
            .map(|number| self.command(number, false))
            .collect();
        let menu = Menu::new("Keys that count here", items).large().runs();
        self.lay_over(Layer::Menu(menu, Vec::new()));
    }

    /// A row of the palette, which begins with the name, or of the help, which begins with the keys.
    fn command(&self, number: usize, by_name: bool) -> Item<Pick> {
        let action = &ACTIONS[number];
        let keys = self.bindings.all(number);
        let item = if by_name {
            Item::new(
                Pick::Run(number),
                format!("{:<18} {}", action.name, action.doc),
            )
            .detail(keys)
            .keeps_detail()
        } else {
            Item::new(Pick::Run(number), format!("{keys:<16} {}", action.doc))
                .detail(action.name)
                .found_by_detail()
        };
        let item = item.whole(action.doc);
        match (action.allowed)(self) {
            Ok(()) => item,
            Err(why) => item.barred(why),
        }
    }

    /// Runs an action that was picked by its words.
    pub(super) fn run_picked(&mut self, action: usize) {
        self.used.retain(|known| *known != action);
        self.used.insert(0, action);
        self.used.truncate(USED);
        self.run(action);
    }

    /// Goes to a screen and filters it, as a line of the palette says.
    pub(super) fn jump(&mut self, line: &str) {
        let Some((tab, filter)) = screen_and_filter(line) else {
            return;
        };
        if let Err(why) = self.has_book() {
            self.say(Tone::Plain, why);
            return;
        }
        self.show_tab(tab);
        if !self.screen().has_filter() {
            let (name, _) = SCREENS[tab - 1];
            self.say(Tone::Plain, format!("{name} cannot be filtered"));
            return;
        }
        match self.screen().sift(filter) {
            Ok(sifted) => self.set_filter(sifted.filtered),
            Err(why) => self.say(Tone::Bad, why),
        }
    }
}

/// The number of the screen that a line begins with, and the filter behind it.
fn screen_and_filter(line: &str) -> Option<(usize, &str)> {
    let (name, filter) = line.trim().split_once(' ')?;
    let place = SCREENS.iter().position(|(screen, shown)| {
        shown.is_some() && screen.to_lowercase() == name.to_lowercase()
    })?;
    Some((place + 1, filter.trim()))
}

/// What a line of the palette that is no action would do.
fn filtered_screen(line: &str) -> Option<String> {
    let (tab, filter) = screen_and_filter(line)?;
    let (name, _) = SCREENS[tab - 1];
    Some(format!("go to {name}, filtered by {filter}"))
}
