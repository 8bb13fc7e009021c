//! Measuring, cutting and aligning text by terminal cells, and painting it without leaving an area.
//!
//! Widths are those that ratatui gives to graphemes, so that what is measured here is what is drawn.

use std::borrow::Cow;
use std::ops::Range;

use ratatui::buffer::{Buffer, CellWidth};
use ratatui::layout::Rect;
use ratatui::style::Style;
use unicode_segmentation::UnicodeSegmentation;

use crate::domain::text::is_right_to_left;

/// Stands before a painted text that has letters from right to left: it is to stay within its own cells.
pub const ISOLATE: char = '\u{2068}';
/// Stands behind such a text.
pub const ISOLATE_END: char = '\u{2069}';

/// The cells that a grapheme takes; none where it is not drawn (controls, a zero-width character alone).
#[must_use]
pub fn cells(grapheme: &str) -> usize {
    if grapheme.contains(char::is_control) {
        0
    } else {
        usize::from(grapheme.cell_width())
    }
}

/// The cells that a text takes on one line.
#[must_use]
pub fn width(text: &str) -> usize {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        return text.len();
    }
    text.graphemes(true).map(cells).sum()
}

/// The most columns that a terminal gives to a sign that is composed of several: each of them its own. Where one shows a family, another
/// shows three people; where one puts a vowel below a letter, another puts it behind.
#[must_use]
pub fn columns_at_most(symbol: &str) -> u16 {
    let mut each = [0; 4];
    symbol
        .chars()
        .map(|sign| columns(sign.encode_utf8(&mut each)).max(1))
        .fold(0, u16::saturating_add)
}

/// [`width`] as a screen measures, at most its widest.
#[must_use]
pub fn columns(text: &str) -> u16 {
    width(text).try_into().unwrap_or(u16::MAX)
}

/// As much of a text as fits into `max` cells, with `ellipsis` (one cell) as its last where something was cut.
#[must_use]
pub fn clip<'a>(text: &'a str, max: usize, ellipsis: &str) -> Cow<'a, str> {
    if width(text) <= max {
        return Cow::Borrowed(text);
    }
    let Some(room) = max.checked_sub(1) else {
        return Cow::Borrowed("");
    };
    let mut cut = String::from(&text[..prefix(text, room)]);
    cut.push_str(ellipsis);
    Cow::Owned(cut)
}

/// The length in bytes of the longest beginning of a text that fits into `max` cells.
#[must_use]
pub fn prefix(text: &str, max: usize) -> usize {
    let mut taken = 0;
    for (start, grapheme) in text.grapheme_indices(true) {
        taken += cells(grapheme);
        if taken > max {
            return start;
        }
    }
    text.len()
}

/// A text in exactly `wide` cells, at the left.
#[must_use]
pub fn left(text: &str, wide: usize, ellipsis: &str) -> String {
    let text = clip(text, wide, ellipsis);
    let gap = wide - width(&text);
    format!("{text}{}", " ".repeat(gap))
}

/// A text in exactly `wide` cells, at the right: amounts and counts.
#[must_use]
pub fn right(text: &str, wide: usize, ellipsis: &str) -> String {
    let text = clip(text, wide, ellipsis);
    let gap = wide - width(&text);
    format!("{}{text}", " ".repeat(gap))
}

/// A text in so many lines at the most, broken between words; what has no room is cut at the end of the last.
#[must_use]
pub fn lines<'t>(text: &'t str, wide: usize, most: usize, ellipsis: &str) -> Vec<Cow<'t, str>> {
    let pieces = wrap(text, wide).into_iter().take(most);
    pieces
        .zip(1..)
        .map(|(piece, number)| {
            let end = if number == most {
                text.len()
            } else {
                piece.end
            };
            clip(text[piece.start..end].trim_end(), wide, ellipsis)
        })
        .collect()
}

/// The lines of a text in `wide` cells: broken at line ends, else after blanks, and within a word only where it is longer than a
/// line. Ranges of bytes; blanks at which a line is broken belong to the line before, and may hang over its edge.
#[must_use]
pub fn wrap(text: &str, wide: usize) -> Vec<Range<usize>> {
    let wide = wide.max(1);
    let mut lines = Vec::new();
    let mut start = 0;
    for hard in text.split('\n') {
        wrap_hard(hard, start, wide, &mut lines);
        start += hard.len() + 1;
    }
    lines
}

fn wrap_hard(hard: &str, offset: usize, wide: usize, lines: &mut Vec<Range<usize>>) {
    let mut begin = 0;
    let mut used = 0;
    for (at, word) in words(hard) {
        let size = width(word);
        if word.chars().all(char::is_whitespace) || used + size <= wide {
            used += size;
            continue;
        }
        if used > 0 {
            lines.push(offset + begin..offset + at);
            begin = at;
            used = 0;
        }
        for (inner, grapheme) in word.grapheme_indices(true) {
            let size = cells(grapheme);
            if used > 0 && used + size > wide {
                lines.push(offset + begin..offset + at + inner);
                begin = at + inner;
                used = 0;
            }
            used += size;
        }
    }
    lines.push(offset + begin..offset + hard.len());
}

/// The words of a line and the blanks between them. Signs stay with the word that they touch: no line begins with a full stop or ends
/// with a bracket that was just opened. Scripts without blanks are divided as their readers divide them.
fn words(line: &str) -> Vec<(usize, &str)> {
    let blank = |piece: &str| piece.chars().all(char::is_whitespace);
    let is_sign = |c: Option<char>| c.is_some_and(|c| !c.is_alphanumeric());
    let mut words: Vec<(usize, &str)> = Vec::new();
    for (at, piece) in line.split_word_bound_indices() {
        match words.last_mut() {
            Some((begin, last))
                if !blank(last)
                    && !blank(piece)
                    && (is_sign(last.chars().next_back()) || is_sign(piece.chars().next())) =>
            {
                *last = &line[*begin..at + piece.len()];
            }
            _ => words.push((at, piece)),
        }
    }
    words
}

/// Paints a text into one row of an area, cut at the area's edges, and returns the cells that it took.
pub fn paint(buffer: &mut Buffer, area: Rect, x: u16, y: u16, text: &str, style: Style) -> u16 {
    let area = area.intersection(buffer.area);
    if x < area.left() || x >= area.right() || y < area.top() || y >= area.bottom() {
        return 0;
    }
    let room = usize::from(area.right() - x);
    let end = buffer.set_stringn(x, y, text, room, style).0;
    // The first letter of such a script takes two bytes of which the first is not smaller.
    if text.bytes().any(|byte| byte >= 0xd6) && text.contains(is_right_to_left) {
        mark(buffer, x..end, y);
    }
    end - x
}

/// Marks a painted text that has letters from right to left, without the blanks around it.
fn mark(buffer: &mut Buffer, cells: Range<u16>, y: u16) {
    let is_drawn = |x: &u16| buffer[(*x, y)].symbol() != " ";
    let (first, last) = (cells.clone().find(is_drawn), cells.rev().find(is_drawn));
    for (x, mark, before) in [(first, ISOLATE, true), (last, ISOLATE_END, false)] {
        if let Some(cell) = x.and_then(|x| buffer.cell_mut((x, y))) {
            let symbol = cell.symbol();
            let symbol = if before {
                format!("{mark}{symbol}")
            } else {
                format!("{symbol}{mark}")
            };
            cell.set_symbol(&symbol);
        }
    }
}

/// Fills one row of an area from `x` on with a style, over blanks.
pub fn fill(buffer: &mut Buffer, area: Rect, x: u16, y: u16, style: Style) {
    let room = usize::from(area.right().saturating_sub(x));
    paint(buffer, area, x, y, &" ".repeat(room), style);
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn signs_stay_with_their_words_when_a_line_is_broken() {
        let lines = |text: &str, wide| -> Vec<String> {
            let ranges = wrap(text, wide).into_iter();
            ranges
                .map(|range| text[range].trim_end().to_owned())
                .collect()
        };
        assert_eq!(lines("none (or two).", 6), ["none", "(or", "two)."]);
        assert_eq!(lines("株式会社", 4), ["株式", "会社"]);
        assert_eq!(lines("abcdefgh", 3), ["abc", "def", "gh"]);
    }

    #[test]
    fn text_is_cut_between_graphemes_and_says_so() {
        for (text, max, cut) in [
            ("Alpina AG", 9, "Alpina AG"),
            ("Alpina AG", 8, "Alpina …"),
            ("Longteng 龍騰", 12, "Longteng 龍…"),
            ("龍騰", 2, "…"),
            ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
            ("👨‍👩‍👧👨‍👩‍👧", 3, "👨‍👩‍👧…"),
            ("x", 0, ""),
            ("a\u{7}b\u{200b}", 2, "a\u{7}b\u{200b}"),
        ] {
            assert_eq!(clip(text, max, "…"), cut, "{text}");
        }
    }

    #[test]
    fn amounts_stand_at_the_right() {
        assert_eq!(right("42.0k", 8, "…"), "   42.0k");
        assert_eq!(left("龍", 3, "…"), "龍 ");
        assert_eq!(right("1,153,214.00", 5, "…"), "1,15…");
    }

    fn lines(text: &str, wide: usize) -> Vec<&str> {
        wrap(text, wide)
            .into_iter()
            .map(|range| &text[range])
            .collect()
    }

    #[test]
    fn lines_break_after_blanks_and_inside_long_words_only() {
        assert_eq!(
            lines("two sites in January", 10),
            ["two sites ", "in January"]
        );
        assert_eq!(lines("a\n\nb\n", 10), ["a", "", "b", ""]);
        assert_eq!(lines("Donaudampfschiff", 6), ["Donaud", "ampfsc", "hiff"]);
        assert_eq!(lines("田中製作所", 4), ["田中", "製作", "所"]);
        assert_eq!(lines("", 10), [""]);
        assert_eq!(lines("龍", 1), ["龍"]);
    }

    proptest! {
        #[test]
        fn lines_join_to_the_text(text in "(?s).{0,60}", wide in 0_usize..20) {
            let ranges = wrap(&text, wide);
            prop_assert_eq!(ranges[0].start, 0);
            prop_assert_eq!(ranges[ranges.len() - 1].end, text.len());
            for pair in ranges.windows(2) {
                let gap = &text[pair[0].end..pair[1].start];
                prop_assert!(gap.is_empty() || gap == "\n");
            }
        }

        #[test]
        fn what_is_aligned_has_its_width(text in ".{0,30}", wide in 0_usize..20) {
            prop_assert_eq!(width(&left(&text, wide, "…")), wide);
            prop_assert_eq!(width(&right(&text, wide, "…")), wide);
        }

        #[test]
        fn painting_never_leaves_the_area(text in ".{0,30}", x in 0_u16..9, y in 0_u16..9, w in 0_u16..9, h in 0_u16..9) {
            let mut buffer = Buffer::empty(Rect::new(0, 0, 6, 4));
            let area = Rect::new(1, 1, w, h);
            let before = buffer.clone();
            paint(&mut buffer, area, x, y, &text, Style::new());
            for row in 0..4 {
                for column in 0..6 {
                    if !area.contains((column, row).into()) {
                        prop_assert_eq!(&buffer[(column, row)], &before[(column, row)]);
                    }
                }
            }
        }
    }
}
