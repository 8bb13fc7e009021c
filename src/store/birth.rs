//! The hash of a record at its birth. It stands in the log with the creation, so that a row can be proved against the log: what later
//! changes overwrote is in their old values, the rest is in the row still.

use sha2::{Digest, Sha256};

use crate::domain::nouns::{Entity, FieldDef, Set};
use crate::domain::value::Value;

use super::tables::Row;

/// What is computed from other things and never logged.
pub(super) fn is_derived(def: &FieldDef) -> bool {
    matches!(def.name, "last_touch" | "next_step" | "score" | "name_key")
}

/// The hash of a record with the elements of its sets: its known fields by name, without what is derived. The order in which
/// elements and custom fields came does not count, since the row does not tell it later.
pub(super) fn hash(entity: Entity, row: &Row, mut elements: Vec<(Set, String)>) -> [u8; 32] {
    let mut hash = Sha256::new_with_prefix(entity.name());
    feed(&mut hash, &row.created_at.into());
    for (def, value) in entity.fields().iter().zip(&row.values) {
        if !value.is_null() && !is_derived(def) {
            hash.update(def.name);
            feed(&mut hash, value);
        }
    }
    feed(&mut hash, &row.custom.as_str().into());
    elements.sort_unstable();
    for (set, written) in elements {
        hash.update(set.name());
        feed(&mut hash, &written.into());
    }
    hash.finalize().into()
}

/// Feeds a value to a hash so that no two values feed alike.
pub(super) fn feed(hash: &mut Sha256, value: &Value) {
    match value {
        Value::Null => hash.update([0]),
        Value::Int(number) => {
            hash.update([1]);
            hash.update(number.to_le_bytes());
        }
        Value::Text(text) => {
            hash.update([2]);
            hash.update((text.len() as u64).to_le_bytes());
            hash.update(text);
        }
    }
}

/// The hash of the records of one creation, and a short print of each.
#[derive(Clone, Debug, Default)]
pub(super) struct Births {
    hash: Sha256,
    prints: String,
}

/// How many characters the print of one record has: enough to tell which of a batch is not as it was made.
pub(super) const PRINT: usize = 6;

impl Births {
    /// Takes the next record in.
    pub fn add(&mut self, hash: &[u8; 32]) {
        self.hash.update(hash);
        hex(&hash[..PRINT / 2], &mut self.prints);
    }

    /// The hash of all, as the log keeps it.
    pub fn hash(&self) -> String {
        let mut text = String::with_capacity(32);
        hex(&self.hash.clone().finalize()[..16], &mut text);
        text
    }

    /// The prints of all, one after the other.
    pub fn prints(&self) -> &str {
        &self.prints
    }
}

fn hex(bytes: &[u8], text: &mut String) {
    use std::fmt::Write;
    for byte in bytes {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
}
