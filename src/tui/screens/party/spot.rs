//! Where somebody was on the screen of a contact or company, to come back to: on records, not on places, since others go on.

use crate::domain::id::RecordId;
use crate::tui::screens::Filtered;

use super::entries::Key;
use super::layout::Layout;
use super::state::{Panel, PartyScreen};

/// Where somebody was.
#[derive(Clone, Debug, Default)]
pub struct Spot {
    focus: Panel,
    search: Option<Filtered>,
    /// How many happenings were read.
    pub(super) read: usize,
    entry: Option<(Key, usize, usize)>,
    person: Option<RecordId>,
    deal: Option<RecordId>,
    line: (usize, usize),
}

impl PartyScreen {
    /// Where the cursors stand.
    #[must_use]
    pub fn spot(&self) -> Spot {
        let key = self.key_under_cursor();
        Spot {
            focus: self.focus,
            search: self.search.clone(),
            read: self.happened.len(),
            entry: key.map(|key| (key, self.cursor, self.top)),
            person: self.people().get(self.person).map(|person| person.id),
            deal: self.deals().get(self.deal).map(|deal| deal.id),
            line: (self.line, self.profile_top),
        }
    }

    /// Goes back to where somebody was, as soon as what was there is read again.
    pub fn come_back(&mut self, spot: Spot) {
        self.focus = spot.focus;
        self.search.clone_from(&spot.search);
        self.spot_of_profile = Some(spot.clone());
        self.spot_of_history = Some(spot);
    }

    /// The profile is there: its panels are as they were.
    pub(super) fn come_back_in_profile(&mut self) {
        let Some(spot) = self.spot_of_profile.take() else {
            return;
        };
        let place = |of: &[crate::domain::records::Record], id: Option<RecordId>| {
            id.and_then(|id| of.iter().position(|record| record.id == id))
        };
        self.person = place(self.people(), spot.person).unwrap_or(0);
        self.deal = place(self.deals(), spot.deal).unwrap_or(0);
        (self.line, self.profile_top) = spot.line;
    }

    /// The timeline is there: the cursor is on its entry, as far down the screen as it was; where that is gone, at its place.
    pub(super) fn come_back_in_history(&mut self, layout: &Layout) {
        let spot = self.spot_of_history.take();
        let Some((key, cursor, top)) = spot.and_then(|spot| spot.entry) else {
            return;
        };
        let place = self.place_of(&key).unwrap_or(cursor);
        self.cursor = place;
        self.top = place.saturating_sub(cursor.saturating_sub(top));
        self.keep_in_sight(layout);
    }
}
