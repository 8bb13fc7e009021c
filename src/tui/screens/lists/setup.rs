//! What a list shows as a view: filter, columns, order.

use crate::domain::filter::Filter;
use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::view::{Setup, SortKey};
use crate::tui::screens::worn::{ColumnChoice, Worn};
use crate::tui::screens::{Choice, Filtered};

use super::columns::{self, ListColumn};
use super::state::ListScreen;

/// Keys of an order that was chosen: the one before stays as the second.
const KEYS: usize = 2;

impl ListScreen {
    /// The noun that it lists.
    pub(super) const fn entity(&self) -> Entity {
        self.face.entity
    }

    /// The columns that it shows.
    #[must_use]
    pub fn shown_columns(&self) -> Vec<ListColumn> {
        columns::named(self.face, self.entity(), &self.columns, &self.custom)
    }

    /// The order that it is in.
    #[must_use]
    pub fn order_keys(&self) -> Vec<SortKey> {
        if self.keys.is_empty() {
            let usual = &self.face.sorts[0];
            return vec![(usual.field.to_owned(), usual.descending)];
        }
        self.keys.clone()
    }

    /// What people call a key of an order.
    #[must_use]
    pub fn key_name(&self, key: &str) -> String {
        let sort = self.face.sorts.iter().find(|sort| sort.field == key);
        if let Some(sort) = sort {
            return sort.name.to_lowercase();
        }
        let all = columns::all(self.face, self.entity(), &self.custom);
        let column = all.iter().find(|column| column.key == key);
        column.map_or_else(|| key.to_owned(), |column| column.name.to_lowercase())
    }

    /// Everything that it can be sorted by: name, key, whether the greatest come first, what is told of it.
    fn keys_to_choose(&self) -> Vec<(String, String, bool, &'static str)> {
        let sorts = self.face.sorts.iter();
        let mut all: Vec<_> = sorts
            .map(|sort| {
                (
                    sort.name.to_owned(),
                    sort.field.to_owned(),
                    sort.descending,
                    sort.detail,
                )
            })
            .collect();
        for column in self.shown_columns() {
            if !all.iter().any(|(_, key, ..)| *key == column.key) {
                let newest = column.newest_first();
                let detail = if newest { "newest first" } else { "" };
                all.push((
                    column.name.into_owned(),
                    column.key.into_owned(),
                    newest,
                    detail,
                ));
            }
        }
        all
    }

    pub(super) fn sort_choices(&self) -> Vec<Choice> {
        let on = self.order_keys().first().map(|(key, _)| key.clone());
        let all = self.keys_to_choose().into_iter();
        all.map(|(name, key, _, detail)| {
            let on = on.as_ref() == Some(&key);
            Choice {
                name: name.into(),
                detail: if on { "the other way round" } else { detail },
                on,
            }
        })
        .collect()
    }

    /// The order by a column, by its place among all.
    pub(super) fn order_by(&self, column: &str) -> Option<usize> {
        let keys = self.keys_to_choose();
        keys.iter().position(|(_, key, ..)| key == column)
    }

    pub(super) fn sort_by_choice(&mut self, place: usize) {
        let Some((_, key, down, _)) = self.keys_to_choose().into_iter().nth(place) else {
            return;
        };
        let mut keys = self.order_keys();
        match keys.first_mut() {
            Some((first, down)) if *first == key => *down = !*down,
            _ => keys.insert(0, (key, down)),
        }
        let mut seen: Vec<String> = Vec::new();
        keys.retain(|(key, _)| {
            let new = !seen.contains(key);
            seen.push(key.clone());
            new
        });
        keys.truncate(KEYS);
        self.keys = keys;
        self.look_elsewhere_with_marks();
    }

    /// The same records in another order: what is marked stays marked.
    fn look_elsewhere_with_marks(&mut self) {
        let marks = std::mem::take(&mut self.marks);
        self.look_elsewhere();
        self.marks = marks;
    }

    /// Which records are asked for: those of the part, and of the filter in the bar.
    #[must_use]
    pub fn asked_filter(&self) -> Option<Filter> {
        let typed = self.filter.as_ref().map(|on| on.filter.clone());
        match (self.face.condition(self.part, typed.as_ref()), typed) {
            (Some(own), Some(typed)) => Some(own.and(typed)),
            (own, typed) => own.or(typed),
        }
    }

    /// What it shows. The last part is all of the list, and so says nothing.
    pub(super) fn as_setup(&self) -> Setup {
        let typed = self.filter.as_ref().map(|on| &on.filter);
        let last = self.face.parts.len().saturating_sub(1);
        let whole = self.face.condition(last, None);
        let part = self.face.condition(self.part, typed);
        let part = part.filter(|part| Some(part) != whole.as_ref());
        let typed = typed.cloned().unwrap_or_default();
        Setup {
            filter: part.map_or_else(|| typed.clone(), |part| part.and(typed.clone())),
            columns: self.columns.clone(),
            sort: self.keys.clone(),
            pipeline: None,
        }
    }

    pub(super) fn put_on(&mut self, id: Option<RecordId>, name: &str, setup: &Setup) {
        let text = setup.filter.to_string();
        self.filter = (!setup.filter.is_empty()).then(|| Filtered {
            text,
            filter: setup.filter.clone(),
        });
        if id.is_some() {
            let own = (
                std::mem::take(&mut self.columns),
                std::mem::take(&mut self.keys),
            );
            // What was chosen by hand comes back when the view is taken off.
            self.own.get_or_insert(own);
            self.columns.clone_from(&setup.columns);
            self.keys.clone_from(&setup.sort);
            self.part = self.face.parts.len().saturating_sub(1);
        } else {
            self.take_own_back();
        }
        self.worn = Some(Worn {
            id,
            name: name.to_owned(),
            setup: self.as_setup(),
        });
        self.look_elsewhere();
    }

    /// The columns and the order that were chosen by hand before a saved view was put on.
    pub(super) fn take_own_back(&mut self) {
        if let Some((columns, keys)) = self.own.take() {
            self.columns = columns;
            self.keys = keys;
        }
    }

    /// Shows a part: a view that was on is off.
    pub(super) fn show_that_part(&mut self, place: usize) {
        if self.worn.take().is_some_and(|worn| worn.id.is_some()) {
            self.filter = None;
        }
        self.take_own_back();
        self.part = place.min(self.face.parts.len().saturating_sub(1));
        self.look_elsewhere();
    }

    /// What the head says is shown: the part, and the view that is on.
    #[must_use]
    pub fn shown_as(&self) -> Option<String> {
        let worn = self
            .worn
            .as_ref()
            .map(|worn| (worn.id, worn.label(&self.as_setup())));
        match (self.shown_part(), worn) {
            (_, Some((Some(_), label))) | (None, Some((None, label))) => Some(label),
            (Some(part), Some((None, label))) => Some(format!("{part} · {label}")),
            (part, None) => part.map(str::to_owned),
        }
    }

    pub(super) fn column_choices(&self) -> Vec<ColumnChoice> {
        let shown = self.shown_columns();
        let all = columns::all(self.face, self.entity(), &self.custom);
        let hidden = all
            .iter()
            .filter(|column| !shown.iter().any(|other| other.key == column.key));
        let choice = |column: &ListColumn, on| ColumnChoice {
            key: column.key.clone().into_owned(),
            name: column.name.clone().into_owned(),
            on,
        };
        let on = shown.iter().map(|column| choice(column, true));
        on.chain(hidden.map(|column| choice(column, false)))
            .collect()
    }

    pub(super) fn put_columns(&mut self, keys: Vec<String>) {
        let usual = columns::usual(self.face);
        let is_usual = usual
            .iter()
            .map(|column| &*column.key)
            .eq(keys.iter().map(String::as_str));
        self.columns = if is_usual { Vec::new() } else { keys };
    }
}
