//! One record as a line of the copy: its fields folded, with a mark between them.

use crate::domain::id::RecordId;
use crate::domain::nouns::Entity;
use crate::domain::text::fold_onto;

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
        let mut line = Line::default();
        line.begin();
        let beside = (Field::Beside, self.beside.as_deref().unwrap_or_default());
        let title = (Field::Title, self.title.as_deref().unwrap_or_default());
        let one = [(Field::Name, self.name.as_str()), beside, title];
        let addresses = self.addresses.iter().map(|text| (Field::Address, text));
        let phones = self.phones.iter().map(|text| (Field::Phone, text));
        for (field, text) in one {
            line.add(field, text);
        }
        for (field, text) in addresses.chain(phones) {
            line.add(field, text);
        }
        line.end().to_vec()
    }
}

/// A line that is being written.
#[derive(Debug, Default)]
pub struct Line {
    bytes: Vec<u8>,
    folded: String,
    /// The field that is being written, and whether something stands in it.
    field: usize,
    begun: bool,
}

impl Line {
    /// Begins a line.
    pub fn begin(&mut self) {
        self.bytes.clear();
        self.field = 0;
        self.begun = false;
    }

    /// Adds what a record has in a field. Fields come in their order.
    pub fn add(&mut self, field: Field, text: &str) {
        self.go_to(field);
        if field == Field::Phone {
            let digits = text.bytes().filter(u8::is_ascii_digit);
            self.bytes.extend(digits);
            return;
        }
        self.folded.clear();
        fold_onto(text, &mut self.folded);
        // What another program wrote may hold the marks of this one: they become blanks.
        let plain = self.folded.bytes().map(|byte| byte.max(b' '));
        self.bytes.extend(plain);
    }

    /// Adds what is folded already.
    pub fn add_folded(&mut self, field: Field, text: &[u8]) {
        self.go_to(field);
        self.bytes.extend_from_slice(text);
    }

    /// Stands behind all that a field has so far.
    fn go_to(&mut self, field: Field) {
        if self.field == field as usize && self.begun {
            self.bytes.push(b' ');
        }
        while self.field < field as usize {
            self.bytes.push(MARK);
            self.field += 1;
        }
        self.begun = true;
    }

    /// The line. No line is empty.
    pub fn end(&mut self) -> &[u8] {
        // What is empty at the end costs nothing.
        while self.bytes.len() > 1 && self.bytes.last() == Some(&MARK) {
            self.bytes.pop();
        }
        if self.bytes.is_empty() {
            self.bytes.push(MARK);
        }
        &self.bytes
    }
}
