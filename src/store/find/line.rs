//! One record as a line of the copy: its fields folded, with a mark between them.

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::text::fold;

/// Stands between two fields. No folded text holds it.
pub const MARK: u8 = 0x1f;
/// Stands before and behind every line.
pub const END: u8 = b'\n';

/// What a part of a line is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// What people call the record.
    Name,
    /// The company of a contact or deal; the city of a company.
    Beside,
    /// The title of a contact; the contact of a deal.
    Title,
    /// E-mail and web addresses.
    Address,
    /// The digits of phone numbers.
    Phone,
}

impl Field {
    /// All of them, in the order of the line.
    pub const ALL: [Self; 5] = [
        Self::Name,
        Self::Beside,
        Self::Title,
        Self::Address,
        Self::Phone,
    ];

    /// The field at a place of a line.
    #[must_use]
    pub fn at(line: &[u8], place: usize) -> Self {
        let before = &line[..place.min(line.len())];
        let marks = memchr::memchr_iter(MARK, before).count();
        Self::ALL[marks.min(Self::ALL.len() - 1)]
    }

    /// Where this field begins in a line; `None` where the line has ended before.
    #[must_use]
    pub fn begins(self, line: &[u8]) -> Option<usize> {
        match (self as usize).checked_sub(1) {
            None => Some(0),
            Some(marks) => memchr::memchr_iter(MARK, line).nth(marks).map(|at| at + 1),
        }
    }

    /// What a line holds of this field, folded.
    #[must_use]
    pub fn of(self, line: &[u8]) -> &[u8] {
        line.split(|byte| *byte == MARK)
            .nth(self as usize)
            .unwrap_or_default()
    }
}

/// A record as it is read, to become a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raw {
    /// Its noun: a contact, company or deal.
    pub entity: Entity,
    /// Its id.
    pub id: RecordId,
    /// What people call it.
    pub name: String,
    /// The company of a contact or deal; the city of a company.
    pub beside: Option<String>,
    /// The title of a contact; the contact of a deal.
    pub title: Option<String>,
    /// E-mail and web addresses and other names that it has elsewhere.
    pub addresses: Vec<String>,
    /// Phone numbers: what is no digit is left out.
    pub phones: Vec<String>,
}

impl Raw {
    /// A record with nothing but a name.
    #[must_use]
    pub fn named(entity: Entity, id: RecordId, name: impl Into<String>) -> Self {
        Self {
            entity,
            id,
            name: name.into(),
            beside: None,
            title: None,
            addresses: Vec::new(),
            phones: Vec::new(),
        }
    }

    /// Its line. No line is empty.
    #[must_use]
    pub fn line(&self) -> Vec<u8> {
        let mut line = Vec::with_capacity(96);
        push(&mut line, &self.name);
        line.push(MARK);
        push(&mut line, self.beside.as_deref().unwrap_or_default());
        line.push(MARK);
        push(&mut line, self.title.as_deref().unwrap_or_default());
        line.push(MARK);
        for (place, address) in self.addresses.iter().enumerate() {
            if place > 0 {
                line.push(b' ');
            }
            push(&mut line, address);
        }
        line.push(MARK);
        for (place, phone) in self.phones.iter().enumerate() {
            if place > 0 {
                line.push(b' ');
            }
            line.extend(phone.bytes().filter(u8::is_ascii_digit));
        }
        // What is empty at the end costs nothing.
        while line.len() > 1 && line.last() == Some(&MARK) {
            line.pop();
        }
        line
    }
}

/// Folds a text into a line. What another program wrote may hold the marks of this one: they become blanks.
fn push(line: &mut Vec<u8>, text: &str) {
    if text.is_empty() {
        return;
    }
    let from = line.len();
    line.extend_from_slice(fold(text).as_bytes());
    for byte in &mut line[from..] {
        if *byte < b' ' {
            *byte = b' ';
        }
    }
}
