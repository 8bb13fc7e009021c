//! What pictures of several screens need alike.

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::outcome::Clash;
use crate::domain::value::Value;
use crate::store::StoreError;
use crate::tui::for_tests::picture;

use super::Harness;

/// The terminals that pictures of a screen are taken in.
const SIZES: [(u16, u16); 3] = [(80, 24), (100, 30), (160, 45)];

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
