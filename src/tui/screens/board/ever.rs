//! What was ever won and lost of the deals that a filter lets through, where the period has neither: asked for behind the board, which
//! does not wait for it.

use crate::domain::board::Board;
use crate::domain::filter::Filter;
use crate::domain::id::Id;
use crate::domain::records::Pipeline;
use crate::store::query::{BoardQuery, Query};
use crate::tui::screens::{Ask, views};

/// What is known of it.
#[derive(Debug, Default)]
pub(super) struct Ever {
    /// Whether it is to be asked for.
    due: bool,
    /// What was asked last.
    asked: Option<Box<BoardQuery>>,
    /// And its answer.
    found: Option<(u64, u64)>,
}

impl Ever {
    /// A board came. Until there is a newer answer, the one before stands in it, where it was to the same question.
    pub(super) fn take_board(
        &mut self,
        board: &mut Board,
        asked: (Option<Id<Pipeline>>, Option<&Filter>),
    ) {
        self.due = board.pipeline.is_some() && board.foot.is_empty() && board.foot.ever.is_none();
        if self.due && self.has_asked(asked) {
            board.foot.ever = self.found;
        }
    }

    /// Whether this was asked last.
    fn has_asked(&self, of: (Option<Id<Pipeline>>, Option<&Filter>)) -> bool {
        let asked = self.asked.as_deref();
        asked.is_some_and(|asked| (asked.pipeline, asked.filter.as_ref()) == of)
    }

    /// Whether it is to be asked for.
    pub(super) const fn is_due(&self) -> bool {
        self.due
    }

    /// The question of a board.
    pub(super) fn ask(&mut self, query: BoardQuery) -> Ask {
        let query = Box::new(query);
        if !self.has_asked((query.pipeline, query.filter.as_ref())) {
            self.found = None;
        }
        self.due = false;
        self.asked = Some(query.clone());
        (views::EVER, Query::Ever(query))
    }

    /// The answer, where it still is one to what was asked last.
    pub(super) fn take(&mut self, of: &BoardQuery, found: (u64, u64), board: Option<&mut Board>) {
        if self.asked.as_deref() != Some(of) {
            return;
        }
        self.found = Some(found);
        if let Some(board) = board.filter(|board| board.foot.is_empty()) {
            board.foot.ever = self.found;
        }
    }
}
