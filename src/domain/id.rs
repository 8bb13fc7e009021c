//! Ids: of records, of steps, and the short form that people see.
//!
//! A record id is one 63-bit integer, unique in its book: 41 bits of milliseconds since 2020-01-01 UTC, 10 bits of seat, 12 bits
//! of counter. It is the row's key, so rows lie in the order of their birth, and the seat keeps ids that were taken away from the
//! book apart from everybody else's.

use std::fmt;
use std::hash::{Hash, Hasher};
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::time::Instant;

/// 2020-01-01T00:00:00Z in milliseconds since 1970: the zero of the clock inside an id.
const EPOCH_MS: i64 = 1_577_836_800_000;
const COUNTER_BITS: u32 = 12;
const SEAT_BITS: u32 = 10;
const CLOCK_SHIFT: u32 = COUNTER_BITS + SEAT_BITS;
const ID_BITS: u32 = 63;
/// Characters of the full short form: 13 × 5 bits hold 63.
const SHORT_LEN: usize = 13;
/// The fewest characters of a short form that are taken for a prefix of an id.
pub const MIN_PREFIX: usize = 4;
const CROCKFORD: &[u8; 32] = b"0123456789abcdefghjkmnpqrstvwxyz";

/// A place at the book: one rep on one host, 0 to 1023.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct Seat(pub u16);

/// The most seats that a book can give out.
pub const SEATS: u16 = 1 << SEAT_BITS;

/// The id of one record, whatever its noun.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RecordId(i64);

impl RecordId {
    /// Takes a stored key for an id.
    #[must_use]
    pub const fn from_raw(raw: i64) -> Self {
        Self(raw)
    }

    /// The stored key.
    #[must_use]
    pub const fn raw(self) -> i64 {
        self.0
    }

    /// The first id that a seat may take at an instant. Instants before 2020 count as 2020.
    #[must_use]
    pub fn first_at(at: Instant, seat: Seat) -> Self {
        let clock = (at.millis() - EPOCH_MS).clamp(0, (1 << 41) - 1);
        Self((clock << CLOCK_SHIFT) | (i64::from(seat.0 % SEATS) << COUNTER_BITS))
    }

    /// The id after this one of the same seat: the counter steps on, and carries into the clock, never into the seat.
    #[must_use]
    pub const fn next(self) -> Self {
        let counter = self.0 & ((1 << COUNTER_BITS) - 1);
        if counter + 1 < (1 << COUNTER_BITS) {
            Self(self.0 + 1)
        } else {
            Self(self.0 - counter + (1 << CLOCK_SHIFT))
        }
    }

    /// The id before the first that a seat takes at an instant, after the one that it took last. The counter goes on from that one
    /// and does not start over, so that ids that are taken one at a time differ in front of their printed forms as well.
    #[must_use]
    pub fn before(at: Instant, seat: Seat, last: Self) -> Self {
        let counter = last.0 & ((1 << COUNTER_BITS) - 1);
        last.max(Self(Self::first_at(at, seat).0 | counter))
    }

    /// The seat that took this id.
    #[must_use]
    #[expect(clippy::cast_sign_loss, reason = "masked to ten bits")]
    pub const fn seat(self) -> Seat {
        Seat(((self.0 >> COUNTER_BITS) & ((1 << SEAT_BITS) - 1)) as u16)
    }

    /// When the row was born, to the millisecond, by the clock of the seat.
    #[must_use]
    pub const fn born(self) -> Instant {
        Instant::from_millis((self.0 >> CLOCK_SHIFT) + EPOCH_MS)
    }

    /// Reads a full short form; `None` when it is not one.
    #[must_use]
    pub fn parse(short: &str) -> Option<Self> {
        if short.len() != SHORT_LEN {
            return None;
        }
        let prefix = IdPrefix::parse(short)?;
        // The two bits that pad 63 to 65 are zero in every id that was printed.
        (prefix.value >> ID_BITS == 0)
            .then(|| Self(i64::try_from(prefix.value).unwrap_or_default()))
    }
}

/// The printed form: Crockford base32 of the bit-reversed number, so that ids taken one after the other differ in front.
impl fmt::Display for RecordId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut bits = self.0.cast_unsigned();
        for _ in 0..SHORT_LEN {
            let digit = ((bits & 31) as u8).reverse_bits() >> 3;
            f.write_str(char::from(CROCKFORD[usize::from(digit)]).encode_utf8(&mut [0; 4]))?;
            bits >>= 5;
        }
        Ok(())
    }
}

impl Serialize for RecordId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for RecordId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let short = String::deserialize(from)?;
        Self::parse(&short)
            .ok_or_else(|| serde::de::Error::custom(format!("`{short}` is not an id")))
    }
}

/// The first characters of a printed id: they fix the low bits of the number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct IdPrefix {
    /// Which bits are fixed.
    pub mask: u64,
    /// What they are fixed to.
    pub value: u64,
}

impl IdPrefix {
    /// Reads [`MIN_PREFIX`] or more characters of a printed id, in either case, `i`, `l` and `o` read as Crockford says.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if !(MIN_PREFIX..=SHORT_LEN).contains(&text.len()) {
            return None;
        }
        let (mut mask, mut value) = (0_u128, 0_u128);
        for (place, byte) in text.bytes().enumerate() {
            let plain = match byte.to_ascii_lowercase() {
                b'o' => b'0',
                b'i' | b'l' => b'1',
                other => other,
            };
            let digit = u8::try_from(CROCKFORD.iter().position(|c| *c == plain)?).ok()?;
            value |= u128::from(digit.reverse_bits() >> 3) << (5 * place);
            mask |= 31_u128 << (5 * place);
        }
        let mask = u64::try_from(mask & u128::from(u64::MAX)).ok()?;
        Some(Self {
            mask,
            value: u64::try_from(value).ok()?,
        })
    }

    /// Whether an id begins with these characters.
    #[must_use]
    pub const fn fits(self, id: RecordId) -> bool {
        id.0.cast_unsigned() & self.mask == self.value
    }
}

/// The id of a record of one noun.
pub struct Id<T> {
    raw: RecordId,
    noun: PhantomData<fn() -> T>,
}

impl<T> Id<T> {
    /// Says of which noun a record is.
    #[must_use]
    pub const fn new(raw: RecordId) -> Self {
        Self {
            raw,
            noun: PhantomData,
        }
    }

    /// Takes a stored key for an id of this noun.
    #[must_use]
    pub const fn from_raw(raw: i64) -> Self {
        Self::new(RecordId::from_raw(raw))
    }

    /// The id without its noun.
    #[must_use]
    pub const fn record(self) -> RecordId {
        self.raw
    }

    /// The stored key.
    #[must_use]
    pub const fn raw(self) -> i64 {
        self.raw.raw()
    }
}

impl<T> Clone for Id<T> {
    fn clone(&self) -> Self {
        *self
    }
}
impl<T> Copy for Id<T> {}
impl<T> PartialEq for Id<T> {
    fn eq(&self, other: &Self) -> bool {
        self.raw == other.raw
    }
}
impl<T> Eq for Id<T> {}
impl<T> PartialOrd for Id<T> {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Id<T> {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.raw.cmp(&other.raw)
    }
}
impl<T> Hash for Id<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.raw.hash(state);
    }
}
impl<T> fmt::Debug for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.raw, f)
    }
}
impl<T> fmt::Display for Id<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.raw, f)
    }
}
impl<T> Serialize for Id<T> {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.raw.serialize(to)
    }
}
impl<'de, T> Deserialize<'de> for Id<T> {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        RecordId::deserialize(from).map(Self::new)
    }
}

/// The id of a step (or of a group of steps): 128 random bits, made by its author, so that a step whose fate is unknown can be
/// looked up and tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct StepId(pub [u8; 16]);

impl fmt::Display for StepId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl FromStr for StepId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let fault = || format!("`{text}` is not a step id: 32 hexadecimal digits are");
        if text.len() != 32 || !text.is_ascii() {
            return Err(fault());
        }
        let mut bytes = [0; 16];
        for (place, byte) in bytes.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[2 * place..2 * place + 2], 16).map_err(|_| fault())?;
        }
        Ok(Self(bytes))
    }
}

impl Serialize for StepId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for StepId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        String::deserialize(from)?
            .parse()
            .map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn an_id_tells_its_seat_and_its_birth() {
        let at = Instant::from_millis(1_790_000_000_123);
        let id = RecordId::first_at(at, Seat(1023));
        assert_eq!((id.seat(), id.born()), (Seat(1023), at));
    }

    #[test]
    fn the_counter_carries_into_the_clock_and_never_into_the_seat() {
        let mut id = RecordId::first_at(Instant::from_millis(1_790_000_000_000), Seat(7));
        for _ in 0..10_000 {
            let next = id.next();
            assert!(next > id);
            assert_eq!(next.seat(), Seat(7));
            id = next;
        }
    }

    #[test]
    fn ids_that_are_taken_one_at_a_time_differ_in_front_and_grow() {
        let seat = Seat(3);
        let mut last = RecordId::first_at(Instant::from_millis(1_790_000_000_000), seat);
        for second in 1..6000 {
            let at = Instant::from_millis(1_790_000_000_000 + second * 1000);
            let next = RecordId::before(at, seat, last).next();
            assert!(next > last && next.seat() == seat);
            assert_ne!(next.to_string()[..4], last.to_string()[..4]);
            last = next;
        }
        let earlier = Instant::from_millis(0);
        assert_eq!(
            RecordId::before(earlier, seat, last),
            last,
            "a clock that was set back"
        );
    }

    #[test]
    fn neighbours_differ_in_their_first_characters() {
        let id = RecordId::first_at(Instant::from_millis(1_790_000_000_000), Seat(1));
        assert_ne!(id.to_string()[..4], id.next().to_string()[..4]);
    }

    proptest! {
        #[test]
        fn short_forms_read_back(raw in 0..i64::MAX) {
            let id = RecordId::from_raw(raw);
            prop_assert_eq!(RecordId::parse(&id.to_string()), Some(id));
            prop_assert_eq!(RecordId::parse(&id.to_string().to_uppercase()), Some(id));
        }

        #[test]
        fn every_prefix_fits_its_id(raw in 0..i64::MAX, len in MIN_PREFIX..=13) {
            let id = RecordId::from_raw(raw);
            let prefix = IdPrefix::parse(&id.to_string()[..len]).unwrap();
            prop_assert!(prefix.fits(id));
        }

        #[test]
        fn any_text_is_read_or_refused(text in ".{0,20}") {
            let _ = (RecordId::parse(&text), text.parse::<StepId>());
        }

        #[test]
        fn step_ids_read_back(bytes: [u8; 16]) {
            let id = StepId(bytes);
            prop_assert_eq!(id.to_string().parse::<StepId>(), Ok(id));
        }
    }
}
