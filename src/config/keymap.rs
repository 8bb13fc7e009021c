//! The keymap: which keys do what, and where. The default is an embedded file; the user's file is a patch on it.
//!
//! This room does not know the actions: who loads a keymap says which there are, and gets back their numbers.

use std::collections::BTreeMap;
use std::fmt;

use toml::Spanned;

use super::keys::{Key, Keys};

/// The keymap that is built in.
pub const DEFAULT: &str = include_str!("../../assets/keymap.toml");

/// A keymap to start from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// The built-in keymap as it is.
    #[default]
    Standard,
    /// With capital letters of the cursor's letters for cards.
    Vim,
    /// Without letters that move the cursor.
    PlainArrows,
}

impl Preset {
    /// What it changes in the built-in keymap.
    const fn patch(self) -> Option<&'static str> {
        match self {
            Self::Standard => None,
            Self::Vim => Some(include_str!("../../assets/keymap-vim.toml")),
            Self::PlainArrows => Some(include_str!("../../assets/keymap-plain-arrows.toml")),
        }
    }
}

/// The file that a binding was written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The built-in keymap.
    BuiltIn,
    /// A preset.
    Preset,
    /// The user's file.
    User,
}

/// An action that keys can be bound to: the table of the file it stands in, and its name there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    /// The table, `board` say.
    pub context: &'static str,
    /// The name, `move-right` say.
    pub name: &'static str,
}

/// Where a binding was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The file.
    pub source: Source,
    /// The line, from 1.
    pub line: usize,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let file = match self.source {
            Source::BuiltIn => "the default keymap",
            Source::Preset => "the preset",
            Source::User => "your keymap",
        };
        write!(f, "{file}, line {}", self.line)
    }
}

/// What is wrong with a keymap.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeymapError {
    /// It is not TOML, or not of the form of a keymap.
    #[error("the keymap cannot be read: {0}")]
    Form(String),
    /// There is no such action.
    #[error("{place}: there is no action `{name}` in [{context}]{hint}")]
    Unknown {
        /// The table.
        context: String,
        /// The name.
        name: String,
        /// Where.
        place: Place,
        /// The nearest name, as the end of the sentence.
        hint: String,
    },
    /// A key cannot be understood.
    #[error("{place}: {what}")]
    Key {
        /// Where.
        place: Place,
        /// Why.
        what: String,
    },
    /// Two actions want the same keys in the same place.
    #[error(
        "`{keys}` is bound twice: to `{first}` ({first_place}) and to `{second}` ({second_place}); give one of them other keys, or none with []"
    )]
    Clash {
        /// The keys.
        keys: String,
        /// One action.
        first: &'static str,
        /// Where it was bound.
        first_place: Place,
        /// The other.
        second: &'static str,
        /// Where that was bound.
        second_place: Place,
    },
}

/// One action's keys.
#[derive(Clone, Debug)]
struct Binding {
    keys: Vec<Keys>,
    place: Place,
}

/// The keys of every action.
#[derive(Clone, Debug)]
pub struct Keymap {
    known: Vec<Known>,
    bindings: Vec<Option<Binding>>,
}

#[derive(serde::Deserialize)]
#[serde(untagged)]
enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

type File = BTreeMap<String, BTreeMap<Spanned<String>, OneOrMany>>;

impl Keymap {
    /// The built-in keymap with a preset and then the user's file as patches on it. `known` are the actions there are.
    pub fn load(known: &[Known], preset: Preset, user: Option<&str>) -> Result<Self, KeymapError> {
        let mut keymap = Self {
            known: known.to_vec(),
            bindings: vec![None; known.len()],
        };
        keymap.patch(DEFAULT, Source::BuiltIn)?;
        if let Some(text) = preset.patch() {
            keymap.patch(text, Source::Preset)?;
        }
        if let Some(text) = user {
            keymap.patch(text, Source::User)?;
        }
        Ok(keymap)
    }

    /// The keys of an action, by its number in the list of known ones.
    #[must_use]
    pub fn keys(&self, action: usize) -> &[Keys] {
        self.bindings
            .get(action)
            .and_then(Option::as_ref)
            .map_or(&[], |binding| binding.keys.as_slice())
    }

    /// The keys that count where these tables hold together. Two actions that want the same keys there are refused.
    pub fn trie(&self, contexts: &[&str]) -> Result<Trie, KeymapError> {
        let mut trie = Trie::default();
        for (action, known) in self.known.iter().enumerate() {
            if contexts.contains(&known.context) {
                for keys in self.keys(action) {
                    if let Err(other) = trie.insert(&keys.0, action) {
                        return Err(self.clash(keys, other, action));
                    }
                }
            }
        }
        Ok(trie)
    }

    fn clash(&self, keys: &Keys, first: usize, second: usize) -> KeymapError {
        let nowhere = Place {
            source: Source::BuiltIn,
            line: 0,
        };
        let place = |action: usize| {
            self.bindings[action]
                .as_ref()
                .map_or(nowhere, |binding| binding.place)
        };
        KeymapError::Clash {
            keys: keys.to_string(),
            first: self.known[first].name,
            first_place: place(first),
            second: self.known[second].name,
            second_place: place(second),
        }
    }

    fn patch(&mut self, text: &str, source: Source) -> Result<(), KeymapError> {
        let file: File =
            toml::from_str(text).map_err(|error| KeymapError::Form(error.to_string()))?;
        let ends: Vec<usize> = text.match_indices('\n').map(|(at, _)| at).collect();
        for (context, table) in file {
            for (name, keys) in table {
                let line = ends.partition_point(|end| *end < name.span().start) + 1;
                let place = Place { source, line };
                let action = self.find(&context, name.get_ref(), place)?;
                let texts = match keys {
                    OneOrMany::One(text) => vec![text],
                    OneOrMany::Many(texts) => texts,
                };
                let keys = texts
                    .iter()
                    .map(|text| text.parse())
                    .collect::<Result<_, _>>()
                    .map_err(|what| KeymapError::Key { place, what })?;
                self.bindings[action] = Some(Binding { keys, place });
            }
        }
        Ok(())
    }

    fn find(&self, context: &str, name: &str, place: Place) -> Result<usize, KeymapError> {
        let found = self
            .known
            .iter()
            .position(|known| known.context == context && known.name == name);
        found.ok_or_else(|| {
            let nearest = self
                .known
                .iter()
                .map(|known| (strsim::jaro_winkler(known.name, name), known))
                .filter(|(likeness, _)| *likeness > 0.7)
                .max_by(|a, b| a.0.total_cmp(&b.0));
            KeymapError::Unknown {
                context: context.to_owned(),
                name: name.to_owned(),
                place,
                hint: nearest.map_or(String::new(), |(_, known)| {
                    format!("; did you mean `{}` in [{}]?", known.name, known.context)
                }),
            }
        })
    }
}

/// Keys one after the other lead down to an action.
#[derive(Clone, Debug, Default)]
pub struct Trie {
    action: Option<usize>,
    next: BTreeMap<Key, Self>,
}

/// What keys lead to.
#[derive(Clone, Copy, Debug)]
pub enum Found<'a> {
    /// An action, by its number.
    Action(usize),
    /// More keys must follow.
    More(&'a Trie),
    /// Nothing.
    Nothing,
}

impl Trie {
    /// What these keys lead to.
    #[must_use]
    pub fn find(&self, keys: &[Key]) -> Found<'_> {
        let mut node = self;
        for key in keys {
            match node.next.get(key) {
                Some(next) => node = next,
                None => return Found::Nothing,
            }
        }
        node.action.map_or(Found::More(node), Found::Action)
    }

    /// The keys that may follow, each with the action that it ends in, or `None` where more must follow.
    pub fn following(&self) -> impl Iterator<Item = (Key, Option<usize>)> {
        self.next.iter().map(|(key, node)| (*key, node.action))
    }

    /// Adds keys; the action that has them already, or that has a part of them, when they are taken.
    fn insert(&mut self, keys: &[Key], action: usize) -> Result<(), usize> {
        if let Some(other) = self.action {
            return Err(other);
        }
        if let Some((first, rest)) = keys.split_first() {
            return self.next.entry(*first).or_default().insert(rest, action);
        }
        if let Some(other) = self.any() {
            return Err(other);
        }
        self.action = Some(action);
        Ok(())
    }

    fn any(&self) -> Option<usize> {
        self.action
            .or_else(|| self.next.values().find_map(Self::any))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KNOWN: &[Known] = &[
        Known {
            context: "global",
            name: "quit",
        },
        Known {
            context: "global",
            name: "help",
        },
        Known {
            context: "board",
            name: "win",
        },
        Known {
            context: "board",
            name: "go-company",
        },
    ];

    fn patched(user: &str) -> Result<Keymap, KeymapError> {
        let mut keymap = Keymap {
            known: KNOWN.to_vec(),
            bindings: vec![None; KNOWN.len()],
        };
        keymap.patch(
            "[global]\nquit = 'q'\nhelp = ['?', '<F1>']\n\n[board]\nwin = 'W'\ngo-company = 'g c'\n",
            Source::BuiltIn,
        )?;
        keymap.patch(user, Source::User)?;
        Ok(keymap)
    }

    fn keys(text: &str) -> Vec<Key> {
        text.parse::<Keys>().unwrap().0
    }

    #[test]
    fn keys_lead_to_actions_and_prefixes_wait() {
        let trie = patched("").unwrap().trie(&["global", "board"]).unwrap();
        assert!(matches!(trie.find(&keys("q")), Found::Action(0)));
        assert!(matches!(trie.find(&keys("<F1>")), Found::Action(1)));
        assert!(matches!(trie.find(&keys("g c")), Found::Action(3)));
        assert!(matches!(trie.find(&keys("g x")), Found::Nothing));
        let Found::More(node) = trie.find(&keys("g")) else {
            panic!("g waits")
        };
        assert_eq!(
            node.following().collect::<Vec<_>>(),
            [(keys("c")[0], Some(3))]
        );
    }

    #[test]
    fn a_users_file_replaces_the_keys_of_what_it_names() {
        let keymap = patched("[global]\nquit = ['Q', 'ZZ']\nhelp = []").unwrap();
        assert_eq!(keymap.keys(0).len(), 2);
        assert!(keymap.keys(1).is_empty());
        assert_eq!(keymap.keys(2).len(), 1);
    }

    #[test]
    fn a_clash_is_refused_with_both_lines() {
        let clash = patched("[board]\n# my own\nwin = 'q'")
            .unwrap()
            .trie(&["global", "board"])
            .unwrap_err()
            .to_string();
        assert!(
            clash.contains("`quit` (the default keymap, line 2)"),
            "{clash}"
        );
        assert!(clash.contains("`win` (your keymap, line 3)"), "{clash}");
    }

    #[test]
    fn a_key_that_begins_other_keys_is_a_clash_either_way() {
        for user in ["[board]\nwin = 'g'", "[board]\nwin = 'g c d'"] {
            let clash = patched(user).unwrap().trie(&["board"]);
            assert!(matches!(clash, Err(KeymapError::Clash { .. })), "{user}");
        }
    }

    #[test]
    fn the_same_key_in_places_that_never_meet_is_no_clash() {
        let keymap = patched("[board]\nwin = 'q'").unwrap();
        assert!(keymap.trie(&["board"]).is_ok() && keymap.trie(&["global"]).is_ok());
    }

    #[test]
    fn mistakes_say_where_and_what_was_meant() {
        let unknown = patched("[board]\nwinn = 'q'").unwrap_err().to_string();
        assert!(
            unknown.contains("line 2") && unknown.contains("did you mean `win` in [board]?"),
            "{unknown}"
        );
        let key = patched("[board]\nwin = '<Entre>'").unwrap_err().to_string();
        assert!(
            key.contains("your keymap, line 2") && key.contains("<Entre>"),
            "{key}"
        );
        assert!(matches!(patched("board = 3"), Err(KeymapError::Form(_))));
    }
}
