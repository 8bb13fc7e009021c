//! Whether an action is allowed now, and if not why: the sentence that the status line, `:` and `?` show.

use crate::tui::action::Allowed;
use crate::tui::layers::Layer;

use super::{App, Book};

impl App {
    /// A book is open.
    pub fn has_book(&self) -> Allowed {
        match &self.book {
            Book::Open(_) => Ok(()),
            Book::Opening => Err("The book is still being opened".into()),
            Book::Closed => Err("No book is open".into()),
        }
    }

    /// The board is there.
    pub fn has_board(&self) -> Allowed {
        self.has_book()?;
        if self.board.board.is_none() {
            return Err("The pipeline is still being read".into());
        }
        Ok(())
    }

    /// Something can be written.
    pub fn can_write(&self) -> Allowed {
        self.has_book()?;
        match self.refusal() {
            Some(why) => Err(why.into()),
            None => Ok(()),
        }
    }

    /// There is a deal to act on.
    pub fn can_act(&self) -> Allowed {
        self.has_board()?;
        if self.target_count() == 0 {
            return Err("There is no deal under the cursor".into());
        }
        Ok(())
    }

    /// There is one deal to act on, and no more.
    pub fn can_act_on_one(&self) -> Allowed {
        self.can_act()?;
        match self.target_count() {
            1 => Ok(()),
            many => Err(format!(
                "{many} deals are marked, and this works on one; Esc takes the marks away"
            )
            .into()),
        }
    }

    /// There is a deal to change.
    pub fn can_change(&self) -> Allowed {
        self.can_write()?;
        self.can_act()
    }

    /// There is one deal to change, and no more.
    pub fn can_change_one(&self) -> Allowed {
        self.can_write()?;
        self.can_act_on_one()
    }

    /// There is something to open.
    pub fn can_open(&self) -> Allowed {
        if self.layers.is_empty() {
            self.can_act()
        } else {
            Err("This is all of it".into())
        }
    }

    /// There is something to go back from.
    pub fn can_go_back(&self) -> Allowed {
        let nothing =
            self.layers.is_empty() && self.board.marks.is_empty() && self.board.filter.is_none();
        if nothing {
            return Err("Nothing to go back from; q leaves".into());
        }
        Ok(())
    }

    /// There is a deal to win, and a stage for it.
    pub fn can_win(&self) -> Allowed {
        self.can_change()?;
        let board = self.board.board.as_ref();
        if board.is_some_and(|board| board.won_stage.is_none()) {
            return Err("This pipeline has no stage for won deals".into());
        }
        Ok(())
    }

    /// There is a deal to lose, and a stage for it.
    pub fn can_lose(&self) -> Allowed {
        self.can_change()?;
        let board = self.board.board.as_ref();
        if board.is_some_and(|board| board.lost_stage.is_none()) {
            return Err("This pipeline has no stage for lost deals".into());
        }
        Ok(())
    }

    /// There is another pipeline to turn to.
    pub fn can_turn(&self) -> Allowed {
        self.has_board()?;
        let count = self
            .board
            .board
            .as_ref()
            .map_or(0, |board| board.pipelines.len());
        if count < 2 {
            return Err("This book has no other pipeline".into());
        }
        if self
            .layers
            .iter()
            .any(|layer| !matches!(layer, Layer::Leaving))
        {
            return Err("Close the popup first".into());
        }
        Ok(())
    }
}
