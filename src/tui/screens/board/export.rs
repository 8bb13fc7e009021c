//! What an export takes of the board.

use crate::domain::board::CardOrder;
use crate::domain::filter;
use crate::domain::nouns::Entity;
use crate::store::query::ListQuery;
use crate::tui::layers::Exported;
use crate::tui::screens::Asking;

use super::state::BoardScreen;

/// The columns of an export of its cards.
const EXPORTED: [&str; 13] = [
    "id",
    "title",
    "company",
    "contact",
    "stage",
    "owner",
    "amount",
    "currency",
    "probability",
    "expected_close",
    "next_step",
    "last_touch",
    "tags",
];

impl BoardScreen {
    /// The order of an export within a stage.
    fn exported_order(&self) -> (String, bool) {
        let key = match self.order {
            // A list has no order by what comes next.
            CardOrder::NextStep => None,
            order => order.key(),
        };
        let (key, down) = key.unwrap_or(("position", false));
        (key.to_owned(), down)
    }

    /// Its open deals, or those that are marked.
    pub(super) fn as_exported(&self, on: &Asking) -> Option<Exported> {
        let board = self.board.as_ref()?;
        let pipeline = board.pipeline.as_ref()?;
        let here = format!("is:open pipeline:{}", pipeline.id.record());
        let own = filter::parse(&here).ok()?;
        let filter = match &self.filter {
            Some(typed) => own.and(typed.filter.clone()),
            None => own,
        };
        let query = ListQuery {
            entity: Entity::Deal,
            filter: Some(filter),
            sort: vec![("stage".to_owned(), false), self.exported_order()],
            limit: None,
            trashed: false,
            asked: on.asked,
        };
        let marked = self.marks.iter().map(|deal| deal.record()).collect();
        Some(Exported {
            entity: Entity::Deal,
            columns: EXPORTED.map(|key| (key.to_owned(), key.to_owned())).into(),
            rows: if self.marks.is_empty() {
                Err(query)
            } else {
                Ok(marked)
            },
            what: "deals",
            one: "deal",
        })
    }
}
