//! What is done to a finished picture before it goes to the terminal: nothing that plays with it, the theme's own colours, signs that
//! it has, links.

use std::num::NonZeroU16;

use ratatui::buffer::{Buffer, CellDiffOption, CellWidth};
use ratatui::style::Color;

use crate::domain::text::is_hostile;
use crate::tui::layers::Layer;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::clip::columns_at_most;

use super::App;
use super::isolate::{bare, isolate, unmark};

/// Signs that sentences contain, and what stands for them where there are only the signs that every terminal has.
const SPELLED: [(&str, &str); 12] = [
    ("…", "."),
    ("·", "."),
    ("—", "-"),
    ("–", "-"),
    ("→", ">"),
    ("←", "<"),
    ("×", "x"),
    ("≥", ">"),
    ("≤", "<"),
    ("−", "-"),
    ("“", "\""),
    ("”", "\""),
];

/// Texts of the book are clean, unless another program wrote them there: here nothing passes that plays with terminals. What has no
/// colours of its own gets those of the theme, also where there are no letters.
///
/// With `isolates` texts from right to left are kept apart from what stands beside them.
pub(super) fn finish(buffer: &mut Buffer, theme: &Theme, isolates: bool) {
    whole_letters(buffer);
    let text = theme.style(Role::Text);
    let ascii = theme.glyphs().horizontal == "-";
    for cell in &mut buffer.content {
        if bare(cell.symbol()).contains(is_hostile) {
            cell.set_symbol(" ");
        }
        if ascii && let Some((_, spelled)) = SPELLED.iter().find(|(sign, _)| *sign == cell.symbol())
        {
            cell.set_symbol(spelled);
        }
        if let (Color::Reset, Some(letters)) = (cell.fg, text.fg) {
            cell.set_fg(letters);
        }
        if let (Color::Reset, Some(ground)) = (cell.bg, text.bg) {
            cell.set_bg(ground);
        }
    }
    if isolates {
        isolate(buffer);
    } else {
        unmark(buffer);
    }
    stand_behind(buffer);
}

/// What stands behind a composed sign is told to the terminal with it: some give such a sign more columns than others, and what it
/// covers there would be missing, or what it left there would stay.
pub(in crate::tui) fn stand_behind(buffer: &mut Buffer) {
    let wide = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(wide) {
        for x in 0..row.len() {
            let symbol = row[x].symbol();
            if symbol.len() == 1 || symbol.chars().nth(1).is_none() {
                continue;
            }
            let reach = (x + usize::from(columns_at_most(symbol))).min(row.len());
            let takes = usize::from(row[x].cell_width()).max(1);
            for behind in row.iter_mut().take(reach).skip(x + takes) {
                behind.set_diff_option(CellDiffOption::AlwaysUpdate);
            }
        }
    }
}

/// Takes wide letters away of which something was painted over the second half, or whose second half is beyond the edge: half a letter
/// would push aside what stands right of it.
pub(in crate::tui) fn whole_letters(buffer: &mut Buffer) {
    let wide = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(wide) {
        for x in 0..row.len() {
            // One byte is one cell; most cells are that.
            if row[x].symbol().len() == 1 {
                continue;
            }
            let takes = usize::from(row[x].cell_width());
            let is_cut = takes > 1
                && row
                    .get(x + 1..x + takes)
                    .is_none_or(|under| under.iter().any(|cell| cell.symbol() != " "));
            if is_cut {
                row[x].set_symbol(" ");
            }
        }
    }
}

/// Makes links of addresses (OSC 8) that are to be seen whole and alone: what is cut, broken into two lines or half under a popup is
/// none. The whole sequence is in the first cell of the address, and counts there for all of them; the others keep their letters, for
/// the picture without the link.
pub(super) fn link(buffer: &mut Buffer, addresses: &[String]) {
    let mut links: Vec<(&str, String)> = addresses
        .iter()
        .filter_map(|address| Some((address.as_str(), target(address)?)))
        .collect();
    // A long address may contain a short one.
    links.sort_by_key(|(address, _)| std::cmp::Reverse(address.len()));
    if links.is_empty() {
        return;
    }
    let wide = usize::from(buffer.area.width).max(1);
    for row in buffer.content.chunks_mut(wide) {
        // Addresses are plain letters, one a cell: what is none stands as a sign that no address has.
        let plain: Vec<u8> = row
            .iter()
            .map(|cell| match cell.symbol().as_bytes() {
                [byte] => *byte,
                _ => 0,
            })
            .collect();
        let mut from = 0;
        while from < plain.len() {
            let found = links.iter().find(|(address, _)| {
                stands_at(&plain, from, address.as_bytes())
                    && row[from..from + address.len()]
                        .iter()
                        .all(|cell| cell.style() == row[from].style())
            });
            let Some((address, target)) = found else {
                from += 1;
                continue;
            };
            let width = u16::try_from(address.len()).ok().and_then(NonZeroU16::new);
            if let Some(width) = width {
                row[from]
                    .set_symbol(&format!(
                        "\u{1b}]8;;{target}\u{1b}\\{address}\u{1b}]8;;\u{1b}\\"
                    ))
                    .set_diff_option(CellDiffOption::ForcedWidth(width));
            }
            from += address.len();
        }
    }
}

/// Whether an address begins there and is no part of something longer.
fn stands_at(row: &[u8], from: usize, address: &[u8]) -> bool {
    let goes_on = |byte: Option<&u8>| {
        byte.is_some_and(|byte| {
            byte.is_ascii_alphanumeric() || b"@_-+%/:.".contains(byte) || *byte == 0
        })
    };
    row[from..].starts_with(address)
        && !goes_on(from.checked_sub(1).and_then(|before| row.get(before)))
        && !goes_on(row.get(from + address.len()))
}

/// Where a click on an address leads: `mailto:`, `tel:` or `https:` and nothing else, without a byte that could end the sequence.
fn target(address: &str) -> Option<String> {
    let plain = address.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if !plain || address.len() < 5 {
        return None;
    }
    if address.starts_with("https://") {
        return Some(escaped(address));
    }
    if address.starts_with("www.") && !address.contains(' ') {
        return Some(format!("https://{}", escaped(address)));
    }
    if let Some((who, domain)) = address.split_once('@') {
        let is_mail = !who.is_empty() && domain.contains('.') && !address.contains([' ', ':', '/']);
        return is_mail.then(|| format!("mailto:{}", escaped(address)));
    }
    let labels: Vec<&str> = address.split('.').collect();
    let is_label = |label: &&str| {
        !label.is_empty()
            && label
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    let top = labels
        .last()
        .is_some_and(|top| top.len() > 1 && top.bytes().all(|b| b.is_ascii_alphabetic()));
    if labels.len() > 1 && top && labels.iter().all(is_label) {
        return Some(format!("https://{address}"));
    }
    let digits: String = address
        .chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .collect();
    let is_phone = address
        .chars()
        .all(|c| c.is_ascii_digit() || "+ ()-./".contains(c));
    (is_phone && digits.len() >= 5).then(|| format!("tel:{digits}"))
}

fn escaped(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'!' | b'#'..=b';' | b'=' | b'?'..=b'Z' | b'_' | b'a'..=b'z' | b'~' => {
                char::from(byte).to_string()
            }
            _ => format!("%{byte:02X}"),
        })
        .collect()
}

impl App {
    /// Looks as it fits the terminal's background. A theme that was good at the start is good now: its files were read then.
    pub(super) fn stand_on(&mut self, ground: crate::config::theme::Rgb) {
        if let Ok(theme) = self.looks.on(ground) {
            self.theme = self.theme.dressed(&theme);
        }
    }

    /// Frames and signs that take two columns each would tear every row: then those are used that every terminal has. What was drawn
    /// before is drawn anew.
    pub(super) fn measured(&mut self, columns: u16) {
        if columns > 1 && self.can.may_turn_ascii {
            self.theme = self.theme.in_ascii();
            self.out.push(crate::tui::msg::Effect::Repaint);
        }
    }

    /// The addresses that may be clicked: those of the record in the popup, else of the screen.
    pub(super) fn addresses(&self) -> Vec<String> {
        match self.layers.last() {
            None => self.screen().addresses(),
            Some(Layer::Detail(detail)) => match &detail.record {
                Some(Some(record)) => record.addresses(),
                _ => Vec::new(),
            },
            Some(_) => Vec::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;

    #[test]
    fn only_mail_phone_and_web_over_https_are_linked() {
        for (address, link) in [
            ("ana@example.com", Some("mailto:ana@example.com")),
            ("+41 44 123 45 67", Some("tel:+41441234567")),
            ("(044) 123-45.67", Some("tel:0441234567")),
            (
                "https://example.com/a?b=1#c",
                Some("https://example.com/a?b=1#c"),
            ),
            (
                "https://example.com/a\\\"b",
                Some("https://example.com/a%5C%22b"),
            ),
            ("example.co.uk", Some("https://example.co.uk")),
            ("example..com", None),
            ("www.example.com", Some("https://www.example.com")),
            ("http://example.com", None),
            ("javascript:alert(1)@a.b", None),
            ("file:///etc/passwd", None),
            ("ext 12", None),
            ("ana@example.com\u{7}\u{1b}]52;c;QQ==", None),
            ("anä@example.com", None),
            ("", None),
        ] {
            assert_eq!(target(address).as_deref(), link, "{address}");
        }
    }

    #[test]
    fn of_a_wide_letter_that_is_half_covered_or_over_the_edge_nothing_is_left() {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 8, 2));
        buffer.set_string(0, 0, "龍騰龍騰", Style::new());
        buffer.set_string(3, 0, "v", Style::new());
        buffer.cell_mut((7, 1)).unwrap().set_symbol("龍");
        finish(&mut buffer, &Theme::default(), false);
        let mut whole = Buffer::empty(Rect::new(0, 0, 8, 2));
        whole.set_string(0, 0, "龍 v龍騰", Style::new());
        let letters = |buffer: &Buffer| -> Vec<String> {
            let cells = buffer.content.iter();
            cells.map(|cell| cell.symbol().to_owned()).collect()
        };
        assert_eq!(letters(&buffer), letters(&whole));
    }

    fn linked(line: &str, addresses: &[&str]) -> Vec<(usize, String)> {
        let mut buffer = Buffer::empty(Rect::new(0, 0, 40, 1));
        buffer.set_string(0, 0, line, Style::new());
        let addresses: Vec<String> = addresses.iter().map(|a| (*a).to_owned()).collect();
        link(&mut buffer, &addresses);
        let cells = buffer.content.iter().enumerate();
        cells
            .filter(|(_, cell)| cell.diff_option != CellDiffOption::None)
            .map(|(x, cell)| (x, cell.symbol().to_owned()))
            .collect()
    }

    #[test]
    fn an_address_is_linked_where_it_is_seen_whole_and_alone() {
        let seen = linked("Mail ana@x.io · ana@x.io.uk", &["ana@x.io"]);
        let sequence = "\u{1b}]8;;mailto:ana@x.io\u{1b}\\ana@x.io\u{1b}]8;;\u{1b}\\";
        assert_eq!(seen, [(5, sequence.to_owned())]);
        assert_eq!(linked("ana@x.i…", &["ana@x.io"]), []);
        assert_eq!(linked("diana@x.io", &["ana@x.io"]), []);
        assert_eq!(linked("ana@x.ioé", &["ana@x.io"]), []);
        let both = linked("a@x.io.uk a@x.io", &["a@x.io", "a@x.io.uk"]);
        assert_eq!(both.iter().map(|(x, _)| *x).collect::<Vec<_>>(), [0, 10]);
    }

    #[test]
    fn a_link_goes_and_comes_without_a_trace() {
        let area = Rect::new(0, 0, 20, 1);
        let mut plain = Buffer::empty(area);
        plain.set_string(0, 0, "to ana@x.io now", Style::new());
        let mut with_link = plain.clone();
        link(&mut with_link, &["ana@x.io".to_owned()]);
        let changes = |from: &Buffer, to: &Buffer| -> Vec<u16> {
            from.diff(to).iter().map(|(x, ..)| *x).collect()
        };
        assert_eq!(changes(&plain, &with_link), [3]);
        assert_eq!(changes(&with_link, &plain), [3]);
        // A popup over a part of it takes the link away and leaves the letters that are still to be seen.
        let mut covered = plain.clone();
        covered.set_string(6, 0, "####", Style::new());
        assert_eq!(changes(&with_link, &covered), [3, 6, 7, 8, 9]);
        assert_eq!(changes(&covered, &with_link), [3]);
    }
}
