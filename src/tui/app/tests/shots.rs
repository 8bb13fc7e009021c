//! What pictures of several screens need alike.

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::outcome::{Clash, Outcome};
use crate::domain::value::Value;
use crate::store::StoreError;
use crate::store::handle::{Event, View};
use crate::tui::for_tests::picture;
use crate::tui::msg::Msg;

use super::Harness;

/// The terminals that pictures of a screen are taken in.
pub const SIZES: [(u16, u16); 3] = [(80, 24), MIDDLE, (160, 45)];

/// The one in the middle, where all panels of a screen have room.
pub const MIDDLE: (u16, u16) = (100, 30);

/// The smallest in which columns of a list stand side by side.
pub const SMALL: (u16, u16) = (60, 20);

/// The smallest in which there is more than a sentence.
pub const TINY: (u16, u16) = (40, 10);

/// Pictures of an app at each of these sizes, with the size as it stands in their names. The tests that take them file them: a picture
/// is kept under the module that asks for it.
pub fn shots(prepare: impl Fn(u16, u16) -> Harness) -> [(String, String); 3] {
    SIZES.map(|(columns, rows)| {
        let shot = picture(prepare(columns, rows).screen());
        (format!("{columns}x{rows}"), shot)
    })
}

/// A book that cannot be read.
pub fn unreadable() -> StoreError {
    StoreError::Damaged {
        path: "team.db".into(),
        what: "page 7 is no page".to_owned(),
    }
}

/// Ben gave a record to himself while it was being given to somebody else.
pub fn owner_clash(entity: Entity, record: RecordId, name: &str) -> Clash {
    Clash {
        entity,
        record,
        name: name.to_owned(),
        field: "owner".to_owned(),
        base: Value::Int(900),
        theirs: Value::Int(901),
        mine: Value::Int(902),
        names: [None, None, None],
        by: Some("Ben".to_owned()),
        at: None,
    }
}

impl Harness {
    /// The same after keys.
    pub fn after(mut self, keys: &str) -> Self {
        self.press(keys);
        self
    }

    /// The book lets wait for its answer.
    pub fn waiting(mut self) -> Self {
        self.tell(Msg::Pause);
        self
    }

    /// The book cannot be read any more when these places ask it.
    pub fn spoilt(mut self, views: &[View]) -> Self {
        for view in views {
            self.hear(Event::Read(*view, Err(unreadable())));
        }
        self
    }

    /// What keys write meets a change of somebody else.
    pub fn clashing(mut self, keys: &str, clash: Clash) -> Self {
        self.effects.clear();
        self.press(keys);
        let (ticket, ..) = self.write();
        let conflict = Outcome::Conflict(vec![clash]);
        self.hear(Event::Written(ticket, Ok(conflict)));
        self
    }
}
