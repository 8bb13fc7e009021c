//! Records as they are read, many at once: their texts behind each other in one piece of memory, and what they refer to by its id,
//! which is in the copy already.

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;

use super::line::Field;

/// What a record has in one field.
#[derive(Clone, Copy, Debug)]
enum Piece {
    /// A text, up to that byte.
    Text(Field, u32),
    /// The name of another record.
    Name(Field, Entity, RecordId),
}

/// What a record has in a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Of<'s> {
    /// A text as it is written.
    Text(&'s str),
    /// The name of another record.
    Name(Entity, RecordId),
}

/// Records of one noun in the order of their ids.
#[derive(Debug)]
pub struct Slice {
    entity: Entity,
    text: String,
    pieces: Vec<Piece>,
    /// Every record with the end of its pieces.
    rows: Vec<(RecordId, u32)>,
}

impl Slice {
    /// Without a record.
    #[must_use]
    pub const fn new(entity: Entity) -> Self {
        Self {
            entity,
            text: String::new(),
            pieces: Vec::new(),
            rows: Vec::new(),
        }
    }

    /// The noun.
    #[must_use]
    pub const fn entity(&self) -> Entity {
        self.entity
    }

    /// The last record.
    #[must_use]
    pub fn last(&self) -> Option<RecordId> {
        self.rows.last().map(|(id, _)| *id)
    }

    /// Begins a record.
    pub fn begin(&mut self, id: RecordId) {
        self.rows.push((id, short(self.pieces.len())));
    }

    /// Adds a text to the last record. Fields come in their order.
    pub fn add(&mut self, field: Field, text: &str) {
        self.text.push_str(text);
        self.push(Piece::Text(field, short(self.text.len())));
    }

    /// Adds the name of another record to the last one.
    pub fn add_name(&mut self, field: Field, of: Entity, id: RecordId) {
        self.push(Piece::Name(field, of, id));
    }

    fn push(&mut self, piece: Piece) {
        self.pieces.push(piece);
        if let Some((_, end)) = self.rows.last_mut() {
            *end = short(self.pieces.len());
        }
    }

    /// Every record with what it has in its fields.
    pub fn rows(&self) -> impl Iterator<Item = (RecordId, impl Iterator<Item = (Field, Of<'_>)>)> {
        let (mut first, mut start) = (0, 0);
        self.rows.iter().map(move |(id, end)| {
            let pieces = &self.pieces[first..*end as usize];
            first = *end as usize;
            let mut from = start;
            let ends = pieces.iter().rev().find_map(|piece| match piece {
                Piece::Text(_, end) => Some(*end as usize),
                Piece::Name(..) => None,
            });
            start = ends.unwrap_or(start);
            let fields = pieces.iter().map(move |piece| match piece {
                Piece::Text(field, end) => {
                    let text = &self.text[from..*end as usize];
                    from = *end as usize;
                    (*field, Of::Text(text))
                }
                Piece::Name(field, of, id) => (*field, Of::Name(*of, *id)),
            });
            (*id, fields)
        })
    }
}

/// A slice is far below the range.
fn short(place: usize) -> u32 {
    u32::try_from(place).unwrap_or(u32::MAX)
}
