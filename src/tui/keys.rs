//! From the terminal's keys to the keymap's, and from those to actions.

use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

use crate::config::keymap::{Found, Keymap, KeymapError, Preset, Trie};
use crate::config::keys::{Code, Key, Keys};

use super::action::{self, Context};

/// The key of the keymap that a terminal's key is; `None` for keys that no keymap can name.
#[must_use]
pub fn key_of(event: KeyEvent) -> Option<Key> {
    let code = match event.code {
        KeyCode::Char(c) => Code::Char(c),
        KeyCode::Enter => Code::Enter,
        KeyCode::Esc => Code::Esc,
        KeyCode::Tab | KeyCode::BackTab => Code::Tab,
        KeyCode::Backspace => Code::Backspace,
        KeyCode::Delete => Code::Delete,
        KeyCode::Insert => Code::Insert,
        KeyCode::Home => Code::Home,
        KeyCode::End => Code::End,
        KeyCode::PageUp => Code::PageUp,
        KeyCode::PageDown => Code::PageDown,
        KeyCode::Up => Code::Up,
        KeyCode::Down => Code::Down,
        KeyCode::Left => Code::Left,
        KeyCode::Right => Code::Right,
        KeyCode::F(number) => Code::F(number),
        _ => return None,
    };
    // The shift of a character is in the character.
    let shift = matches!(event.code, KeyCode::BackTab)
        || (event.modifiers.contains(KeyModifiers::SHIFT) && !matches!(code, Code::Char(_)));
    Some(Key {
        code,
        ctrl: event.modifiers.contains(KeyModifiers::CONTROL),
        alt: event.modifiers.contains(KeyModifiers::ALT),
        shift,
    })
}

/// Where keys are pressed: which tables of the keymap hold together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// On Today, on the board, or in a deal's popup.
    Board,
    /// On the list of contacts and on a contact.
    Contacts,
    /// In the trash and on the list of steps.
    Past,
    /// On the pipelines with their stages.
    Setup,
    /// In a popup that is a list.
    List,
}

impl Scope {
    const fn contexts(self) -> &'static [Context] {
        match self {
            Self::Board => &[
                Context::Board,
                Context::Record,
                Context::Move,
                Context::Global,
            ],
            Self::Contacts => &[
                Context::People,
                Context::Record,
                Context::Move,
                Context::Global,
            ],
            Self::Past => &[
                Context::Past,
                Context::Record,
                Context::Move,
                Context::Global,
            ],
            Self::Setup => &[
                Context::Setup,
                Context::Record,
                Context::Move,
                Context::Global,
            ],
            Self::List => &[Context::Move, Context::Global],
        }
    }

    /// Whether an action can be reached by keys here.
    #[must_use]
    pub fn has(self, context: Context) -> bool {
        self.contexts().contains(&context)
    }
}

/// The keymap, ready for use.
#[derive(Clone, Debug)]
pub struct Bindings {
    keymap: Keymap,
    board: Trie,
    contacts: Trie,
    past: Trie,
    setup: Trie,
    list: Trie,
}

impl Bindings {
    /// The built-in keymap with a preset and then the user's file as patches on it.
    pub fn load(preset: Preset, user: Option<&str>) -> Result<Self, KeymapError> {
        let keymap = Keymap::load(&action::known(), preset, user)?;
        let trie = |scope: Scope| {
            let names: Vec<&str> = scope.contexts().iter().map(|c| c.name()).collect();
            keymap.trie(&names)
        };
        let (board, contacts, past, setup, list) = (
            trie(Scope::Board)?,
            trie(Scope::Contacts)?,
            trie(Scope::Past)?,
            trie(Scope::Setup)?,
            trie(Scope::List)?,
        );
        Ok(Self {
            keymap,
            board,
            contacts,
            past,
            setup,
            list,
        })
    }

    /// What keys lead to.
    #[must_use]
    pub fn find(&self, scope: Scope, keys: &[Key]) -> Found<'_> {
        match scope {
            Scope::Board => self.board.find(keys),
            Scope::Contacts => self.contacts.find(keys),
            Scope::Past => self.past.find(keys),
            Scope::Setup => self.setup.find(keys),
            Scope::List => self.list.find(keys),
        }
    }

    /// The first keys of an action, for the footer; `None` where it has none.
    #[must_use]
    pub fn shown(&self, action: usize) -> Option<String> {
        self.keymap.keys(action).first().map(ToString::to_string)
    }

    /// The keys of an action that can be typed as a line of text.
    #[must_use]
    pub fn letters(&self, action: usize) -> Vec<String> {
        let typed = |key: &Key| match key.code {
            Code::Char(letter) if !key.ctrl && !key.alt && letter != ' ' => Some(letter),
            _ => None,
        };
        let keys = self.keymap.keys(action).iter();
        keys.filter_map(|Keys(keys)| keys.iter().map(typed).collect())
            .filter(|text: &String| text.parse::<usize>().is_err())
            .collect()
    }

    /// All keys of an action, for the help.
    #[must_use]
    pub fn all(&self, action: usize) -> String {
        let texts: Vec<String> = self
            .keymap
            .keys(action)
            .iter()
            .map(ToString::to_string)
            .collect();
        texts.join("  ")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tui::action::ACTIONS;

    const PRESETS: [Preset; 3] = [Preset::Standard, Preset::Vim, Preset::PlainArrows];

    #[test]
    fn no_preset_clashes_or_leaves_an_action_without_a_key() {
        for preset in PRESETS {
            let bindings = Bindings::load(preset, None).unwrap();
            for (number, action) in ACTIONS.iter().enumerate() {
                let shown = bindings.shown(number);
                assert!(shown.is_some(), "{preset:?}: {}", action.name);
            }
        }
    }

    #[test]
    fn a_preset_moves_cards_by_its_own_keys_and_by_those_of_every_preset() {
        let leads_to = |preset, keys: &str| {
            let bindings = Bindings::load(preset, None).unwrap();
            let keys: Keys = keys.parse().unwrap();
            match bindings.find(Scope::Board, &keys.0) {
                Found::Action(action) => Some(ACTIONS[action].name),
                _ => None,
            }
        };
        assert_eq!(leads_to(Preset::Vim, "L"), Some("stage-on"));
        assert_eq!(leads_to(Preset::Standard, "L"), None);
        assert_eq!(leads_to(Preset::PlainArrows, "j"), None);
        for preset in PRESETS {
            for keys in ["<lt>", "<S-Left>"] {
                assert_eq!(leads_to(preset, keys), Some("stage-back"), "{preset:?}");
            }
        }
    }

    #[test]
    fn the_default_keymap_keeps_off_keys_that_terminals_mix_up() {
        let bindings = Bindings::load(Preset::Standard, None).unwrap();
        // Keys that end the sequences a slow line may cut, and so could be typed by nobody.
        let finals = "[OABCDEFHPQRSZ~";
        let changes = [
            "state", "tag", "done", "win", "lose", "to-trash", "take", "owner", "undo",
        ];
        for (number, action) in ACTIONS.iter().enumerate() {
            for Keys(keys) in bindings.keymap.keys(number) {
                for key in keys {
                    assert!(!key.alt, "{}", action.name);
                    let mixed_up = matches!(key.code, Code::Char('h' | 'i' | 'j' | 'm' | '['));
                    assert!(!(key.ctrl && mixed_up), "{}", action.name);
                    if changes.contains(&action.name)
                        && let Code::Char(c) = key.code
                    {
                        assert!(!finals.contains(c), "{} on {c}", action.name);
                    }
                }
            }
        }
    }

    #[test]
    fn shift_counts_where_it_is_not_in_the_character() {
        let left = KeyEvent::new(KeyCode::Left, KeyModifiers::SHIFT);
        assert_eq!(key_of(left).unwrap().to_string(), "Shift-Left");
        let capital = KeyEvent::new(KeyCode::Char('W'), KeyModifiers::SHIFT);
        assert_eq!(key_of(capital).unwrap().to_string(), "W");
        let back = KeyEvent::new(KeyCode::BackTab, KeyModifiers::SHIFT);
        assert_eq!(key_of(back).unwrap().to_string(), "Shift-Tab");
    }
}
