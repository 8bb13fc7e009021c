//! Whether an action is allowed now, and if not why: the sentence that the status line, `:` and `?` show.

use crate::domain::board::CardOrder;
use crate::domain::nouns::Entity;
use crate::tui::action::Allowed;
use crate::tui::layers::Layer;
use crate::tui::screens::{Opens, Screen, Shown};
use crate::tui::target::Target;

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

    /// There is something under the cursor or marked.
    pub fn can_act(&self) -> Allowed {
        self.has_book()?;
        self.is_present()?;
        if self.target_count() == 0 {
            self.screen().is_read()?;
            return Err(
                format!("There is no {} under the cursor", self.screen().singular()).into(),
            );
        }
        Ok(())
    }

    /// What is shown is neither in the trash nor a step.
    fn is_present(&self) -> Allowed {
        match self.shown {
            Shown::Trash => Err("What is in the trash is restored first: W does that".into()),
            Shown::Steps => Err("A step is undone with u and redone with U".into()),
            _ => Ok(()),
        }
    }

    /// There is one thing to act on, and no more.
    pub fn can_act_on_one(&self) -> Allowed {
        self.can_act()?;
        self.is_one(self.target_count())
    }

    /// There is a deal or contact that has an owner and a state.
    pub fn can_ask(&self) -> Allowed {
        self.has_book()?;
        self.is_present()?;
        if self.subject_count() == 0 {
            self.screen().is_read()?;
            return Err(
                format!("There is no {} under the cursor", self.screen().singular()).into(),
            );
        }
        Ok(())
    }

    /// There is one, and no more.
    pub fn can_ask_of_one(&self) -> Allowed {
        self.can_ask()?;
        self.is_one(self.subject_count())
    }

    pub(super) fn is_one(&self, count: usize) -> Allowed {
        match count {
            1 => Ok(()),
            many => {
                let noun = self.screen().singular();
                let nouns = match noun.strip_suffix('y') {
                    Some(stem) => format!("{stem}ies"),
                    None => format!("{noun}s"),
                };
                Err(format!(
                    "{many} {nouns} are marked, and this works on one; Esc takes the marks away"
                )
                .into())
            }
        }
    }

    /// There is a deal or contact to give away, to take, to tag, to plan something with.
    pub fn can_give(&self) -> Allowed {
        self.can_write()?;
        self.can_ask()
    }

    /// There is one deal or contact about which something can be written down.
    pub fn can_tell_of_one(&self) -> Allowed {
        self.can_write()?;
        self.can_ask_of_one()
    }

    /// There is a deal to change, and nothing else.
    pub fn can_act_on_deals(&self) -> Allowed {
        self.can_change()?;
        if self.shown != Shown::Pipeline && self.deals().is_empty() {
            return Err("This is for deals; 3 is the pipeline".into());
        }
        self.has_board()
    }

    /// There is one deal of which the title can be copied.
    pub fn can_copy_title(&self) -> Allowed {
        if self.shown != Shown::Pipeline && self.deals().is_empty() {
            return Err("This is for deals; 3 is the pipeline".into());
        }
        self.can_act_on_one()
    }

    /// There is one card to put in order.
    pub fn can_reorder(&self) -> Allowed {
        self.can_act_on_deals()?;
        if self.shown == Shown::Today {
            return Err("Cards have an order on the pipeline; 3 shows it".into());
        }
        if self.board.order != CardOrder::Own {
            let order = self.board.order.name();
            return Err(format!(
                "The cards are in order of {order}; S, own order lets you place them"
            )
            .into());
        }
        self.is_one(self.target_count())
    }

    /// There is something with a stage or a lead state.
    pub fn can_choose_state(&self) -> Allowed {
        self.can_give()?;
        let deals = self
            .subjects()
            .iter()
            .all(|target| target.entity == Entity::Deal);
        if deals && self.board.board.is_none() {
            return Err("The stages are not read yet; 3 reads the pipeline".into());
        }
        let mut subjects = self.subjects().into_iter();
        match subjects.find(|target| target.entity == Entity::Company) {
            Some(company) => Err(format!("{} is a company and has no state", company.name).into()),
            None => Ok(()),
        }
    }

    /// There is one lead to convert.
    pub fn can_convert(&self) -> Allowed {
        self.can_drop()?;
        self.is_one(self.subject_count())
    }

    /// There are leads, and nothing else, to give up.
    pub fn can_drop(&self) -> Allowed {
        self.can_give()?;
        // A row of the list of leads is one, read or not.
        let on_leads = self.shown == Shown::Leads;
        let is_lead = |target: &Target| {
            target.entity == Entity::Contact && (on_leads || target.lead_state.is_some())
        };
        match self.subjects().iter().find(|target| !is_lead(target)) {
            None => Ok(()),
            Some(other) => Err(format!("{} is no lead; s makes a contact one", other.name).into()),
        }
    }

    /// There is something planned under the cursor.
    pub fn can_be_done(&self) -> Allowed {
        self.can_write()?;
        match self.screen().planned() {
            Some(_) => Ok(()),
            None => Err("Nothing planned is under the cursor".into()),
        }
    }

    /// The screen has records that can be marked.
    pub fn can_mark(&self) -> Allowed {
        if self.shown == Shown::Trash {
            return self.can_restore();
        }
        self.can_act()?;
        if !self.screen().has_marks() {
            return Err("Nothing can be marked here; lists have marks".into());
        }
        Ok(())
    }

    /// The screen has a filter.
    pub fn can_filter(&self) -> Allowed {
        self.has_book()?;
        if !self.screen().has_filter() {
            return Err("Nothing is filtered here; f finds any record".into());
        }
        if self.screen().refused().is_some() {
            return Ok(());
        }
        Ok(self.screen().is_read()?)
    }

    /// There are figures to explain.
    pub fn can_explain(&self) -> Allowed {
        self.has_book()?;
        match self.shown {
            Shown::Today => Ok(self.today.is_read()?),
            Shown::Contact | Shown::Company | Shown::Trash | Shown::Steps | Shown::Setup => {
                Err("Nothing is computed here; lists, Today and the pipeline explain".into())
            }
            Shown::Leads | Shown::Contacts | Shown::Companies => Ok(self.screen().is_read()?),
            Shown::Pipeline => self.has_board(),
        }
    }

    /// The screen has several orders.
    pub fn can_sort(&self) -> Allowed {
        self.has_book()?;
        if self.screen().sorts().is_empty() {
            return Err(
                "This screen has one order; the lists and the pipeline have several".into(),
            );
        }
        Ok(())
    }

    /// There is something to export.
    pub fn can_export(&self) -> Allowed {
        self.has_book()?;
        self.screen().is_read()?;
        if self.exporting.is_some() {
            return Err("An export is under way; Ctrl-C stops it".into());
        }
        let is_exported = self.screen().is_exported();
        debug_assert_eq!(
            is_exported,
            self.screen().exported(&self.asking()).is_some()
        );
        if !is_exported {
            return Err("Lists and the pipeline are exported; 2, 3 and 4 show them".into());
        }
        Ok(())
    }

    /// The screen has columns to choose.
    pub fn can_choose_columns(&self) -> Allowed {
        self.has_book()?;
        if self.screen().columns().is_empty() {
            return Err("Lists have columns; 2, 4 and g C are lists".into());
        }
        Ok(())
    }

    /// The screen can show a part of what it has, or a view.
    pub fn can_choose_view(&self) -> Allowed {
        self.has_book()?;
        if self.screen().parts().is_empty() && self.screen().views_of().is_none() {
            return Err(
                "This is for lists, the pipeline, timelines, the trash and the steps".into(),
            );
        }
        Ok(())
    }

    /// There is something to change.
    pub fn can_change(&self) -> Allowed {
        self.can_write()?;
        self.can_act()
    }

    /// There is one thing to change, and no more.
    pub fn can_change_one(&self) -> Allowed {
        self.can_write()?;
        self.can_act_on_one()
    }

    /// There is something to open.
    pub fn can_open(&self) -> Allowed {
        if self.layers.is_empty() {
            self.has_book()?;
            self.screen().is_read()?;
            self.can_open_here()
        } else {
            self.can_open_from_popup()
        }
    }

    fn can_open_here(&self) -> Allowed {
        if self.screen().opens(&self.look()) == Opens::Nothing {
            return Err(
                format!("There is no {} under the cursor", self.screen().singular()).into(),
            );
        }
        Ok(())
    }

    /// There is something to go back from.
    pub fn can_go_back(&self) -> Allowed {
        let screen = self.screen();
        let nothing = self.layers.is_empty()
            && screen.marked() == 0
            && screen.filter().is_none()
            && !self.wears_saved()
            && screen.leads_back_to().is_none();
        if nothing {
            return Err("Nothing to go back from; q leaves".into());
        }
        Ok(())
    }

    /// There is a deal to win, and a stage for it.
    pub fn can_win(&self) -> Allowed {
        self.can_act_on_deals()?;
        let board = self.board.board.as_ref();
        if board.is_some_and(|board| board.won_stage.is_none()) {
            return Err("This pipeline has no stage for won deals".into());
        }
        Ok(())
    }

    /// There is a deal to lose, and a stage for it.
    pub fn can_lose(&self) -> Allowed {
        self.can_act_on_deals()?;
        let board = self.board.board.as_ref();
        if board.is_some_and(|board| board.lost_stage.is_none()) {
            return Err("This pipeline has no stage for lost deals".into());
        }
        Ok(())
    }

    /// More can be told of what is under the cursor.
    pub fn can_preview(&self) -> Allowed {
        self.has_book()?;
        if !self.layers.is_empty() {
            return Err("Close the popup first".into());
        }
        if self.screen().preview(&self.look()).is_none() {
            return Err("Nothing here tells more; Enter opens what is under the cursor".into());
        }
        Ok(())
    }

    /// There may be another pipeline or contact to turn to.
    pub fn can_turn(&self) -> Allowed {
        self.has_book()?;
        self.screen().can_turn()?;
        if self
            .layers
            .iter()
            .any(|layer| !matches!(layer, Layer::Leaving(_)))
        {
            return Err("Close the popup first".into());
        }
        Ok(())
    }
}
