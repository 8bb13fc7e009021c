//! What the board shows as a view: filter, order and pipeline, taken down and put on.

use crate::domain::board::CardOrder;
use crate::domain::id::RecordId;
use crate::domain::view::Setup;
use crate::tui::screens::Filtered;
use crate::tui::screens::worn::Worn;

use super::state::BoardScreen;

impl BoardScreen {
    /// What it shows.
    pub(super) fn as_setup(&self) -> Setup {
        let filter = self.filter.as_ref().map(|on| on.filter.clone());
        let sort = self.order.key();
        let shown = self
            .board
            .as_ref()
            .and_then(|board| board.pipeline.as_ref());
        Setup {
            pipeline: self.pipeline.or_else(|| shown.map(|link| link.id)),
            filter: filter.unwrap_or_default(),
            sort: sort
                .map(|(key, down)| (key.to_owned(), down))
                .into_iter()
                .collect(),
            ..Setup::default()
        }
    }

    /// Puts on a view.
    pub(super) fn put_on(&mut self, id: Option<RecordId>, name: &str, setup: &Setup) {
        let text = setup.filter.to_string();
        self.filter = (!setup.filter.is_empty()).then(|| Filtered {
            text,
            filter: setup.filter.clone(),
        });
        if id.is_some() {
            // What was chosen by hand comes back when the view is taken off.
            self.own_order.get_or_insert(self.order);
            let key = setup.sort.first();
            self.order = key.map_or(CardOrder::Own, |(key, _)| CardOrder::of_key(key));
        } else if let Some(own) = self.own_order.take() {
            self.order = own;
        }
        if setup.pipeline.is_some() {
            self.pipeline = setup.pipeline;
        }
        self.worn = Some(Worn {
            id,
            name: name.to_owned(),
            setup: Setup {
                pipeline: setup.pipeline,
                ..self.as_setup()
            },
        });
        self.look_elsewhere();
    }

    /// Takes the view that is on off.
    pub(super) fn put_off(&mut self) {
        self.worn = None;
        if let Some(own) = self.own_order.take() {
            self.order = own;
        }
        self.look_elsewhere();
    }

    /// Shows no cards as the view that is on, and why.
    pub(super) fn show_nothing(&mut self, why: &str) {
        self.fault = Some(why.to_owned());
        self.board = None;
        self.marks.clear();
    }
}
