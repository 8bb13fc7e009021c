//! Keys for the order of cards in a column: texts that sort bytewise, with room between any two.
//!
//! A key is a fraction in base 36 without trailing zeros; between two keys there is always a third, so a card moves without
//! touching its neighbours. Cards with the same key stand in the order of their ids.

use super::id::RecordId;

const DIGITS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";

/// A key after `low` and before `high`; `None` is the edge of the column. Where the two are equal or the wrong way round (two
/// people ordered at once), the answer lies just behind `low`.
#[must_use]
pub fn between(low: Option<&str>, high: Option<&str>) -> String {
    let low = digits(low.unwrap_or_default());
    let high = high.map(digits).filter(|high| *high > low);
    let longest = low.len().max(high.as_ref().map_or(0, Vec::len));
    let digit = |key: &[u8], place: usize| key.get(place).copied().map_or(0, usize::from);
    let mut key = Vec::with_capacity(longest + 1);
    let mut below_high = high.is_none();
    // Behind both keys there is room for sure.
    for place in 0..=longest {
        let from = digit(&low, place);
        let to = match &high {
            Some(high) if !below_high => digit(high, place),
            _ => DIGITS.len(),
        };
        if to > from + 1 {
            key.push(from.midpoint(to));
            break;
        }
        key.push(from);
        below_high |= to > from;
    }
    text(key.into_iter().map(|digit| DIGITS[digit]).collect())
}

/// Digits as text. They are ASCII, so nothing can fail. Taken as bytes: collecting them as characters crashes the optimiser of
/// rustc 1.95.
fn text(digits: Vec<u8>) -> String {
    String::from_utf8(digits).unwrap_or_default()
}

/// The digits of a key; what is no digit counts as the nearest one below it. Zeros at the end say nothing: between `a` and `a0`
/// there is no room, so they are one place.
fn digits(key: &str) -> Vec<u8> {
    let place = |byte: u8| {
        DIGITS
            .partition_point(|digit| *digit <= byte)
            .saturating_sub(1)
    };
    let mut digits: Vec<u8> = key
        .bytes()
        .map(|byte| u8::try_from(place(byte)).unwrap_or_default())
        .collect();
    while digits.last() == Some(&0) {
        digits.pop();
    }
    digits
}

/// The key of a card that came with many others: they lie in the order of their ids, with room between any two.
#[must_use]
pub fn by_birth(id: RecordId) -> String {
    // The last digit is no zero, so that there is room before the key too.
    format!("i{}5", fixed(id.raw().cast_unsigned()))
}

/// A key before the first card of a column. `stamp` is an id just taken: later ones lie before earlier ones, so that a column
/// whose top is used all day keeps short keys.
#[must_use]
pub fn top(first: Option<&str>, stamp: RecordId) -> String {
    let key = format!(
        "h{}5",
        fixed(i64::MAX.cast_unsigned() - stamp.raw().cast_unsigned())
    );
    match first {
        Some(first) if key.as_str() >= first => between(None, Some(first)),
        _ => key,
    }
}

/// A key after the last card of a column; see [`top`].
#[must_use]
pub fn bottom(last: Option<&str>, stamp: RecordId) -> String {
    let key = format!("j{}5", fixed(stamp.raw().cast_unsigned()));
    match last {
        Some(last) if key.as_str() <= last => between(Some(last), None),
        _ => key,
    }
}

/// A number in base 36 at a fixed width, so that it sorts as text.
fn fixed(mut number: u64) -> String {
    // 36^13 is beyond 2^64.
    let mut digits = vec![b'0'; 13];
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS[usize::try_from(number % 36).unwrap_or_default()];
        number /= 36;
    }
    text(digits)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_first_key_lies_in_the_middle() {
        assert_eq!(between(None, None), "i");
        assert_eq!(between(Some("i"), None), "r");
        assert_eq!(between(None, Some("1")), "0i");
    }

    #[test]
    fn cards_that_came_together_are_in_order_and_leave_room() {
        let run: Vec<String> = (1..=120).map(RecordId::from_raw).map(by_birth).collect();
        assert!(run[0].as_str() > "i");
        for pair in run.windows(2) {
            assert!(pair[0] < pair[1]);
            let middle = between(Some(&pair[0]), Some(&pair[1]));
            assert!(pair[0] < middle && middle < pair[1]);
        }
    }

    #[test]
    fn cards_put_on_top_or_below_stay_in_order_with_short_keys() {
        let stamps: Vec<RecordId> = (1..=2_000).map(RecordId::from_raw).collect();
        let mut first = by_birth(stamps[0]);
        let mut last = first.clone();
        for stamp in stamps {
            let (above, below) = (top(Some(&first), stamp), bottom(Some(&last), stamp));
            assert!(above < first && below > last);
            assert!(above.len() <= 16 && below.len() <= 16);
            (first, last) = (above, below);
        }
        assert!(top(Some("1"), RecordId::from_raw(1)).as_str() < "1");
        assert!(bottom(Some("z"), RecordId::from_raw(1)).as_str() > "z");
    }

    proptest! {
        #[test]
        fn any_series_of_inserts_stays_in_order(places in prop::collection::vec(any::<prop::sample::Index>(), 1..60)) {
            let mut keys: Vec<String> = Vec::new();
            for place in places {
                let at = place.index(keys.len() + 1);
                let low = at.checked_sub(1).map(|i| keys[i].as_str());
                let key = between(low, keys.get(at).map(String::as_str));
                keys.insert(at, key);
                prop_assert!(keys.is_sorted(), "{keys:?}");
                prop_assert!(keys.windows(2).all(|pair| pair[0] != pair[1]));
            }
        }

        #[test]
        fn any_two_texts_have_an_answer(low in "[ -~]{0,6}", high in "[ -~]{0,6}") {
            let _ = between(Some(&low), Some(&high));
        }
    }
}
