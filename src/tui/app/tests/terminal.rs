//! What the app makes of the terminal that it is in: its background, its clipboard.

use super::{Harness, OfSize, board};
use crate::config::theme::{Choice, Depth, Looks, Rgb};
use crate::tui::app::clipboard::MOST;
use crate::tui::msg::{Effect, Msg};

const WHITE: Rgb = Rgb(255, 255, 255);

impl Harness {
    /// Copies a text, and says what was sent to the clipboard.
    fn copies(&mut self, text: &str) -> Option<String> {
        self.effects.clear();
        self.app.hand_over(text.to_owned());
        let out = std::mem::take(&mut self.app.out);
        out.into_iter().find_map(|effect| match effect {
            Effect::Copy(text) => Some(text),
            _ => None,
        })
    }
}

#[test]
fn the_first_picture_waits_for_no_background_and_the_next_has_it() {
    let mut harness = Harness::on(board("1 | 2 | | "));
    harness.app.looks.depth = Depth::True;
    let colour = |harness: &mut Harness| {
        let screen = harness.screen();
        let buffer = screen.backend().buffer();
        let last = buffer.area.bottom() - 1;
        // The first key of the footer.
        (buffer[(1, last)].fg, buffer[(1, last)].bg)
    };
    let before = colour(&mut harness);
    assert_eq!(
        before,
        (ratatui::style::Color::Cyan, ratatui::style::Color::Reset)
    );
    harness.tell(Msg::Ground(Rgb(0, 0, 0)));
    assert_eq!(colour(&mut harness), before);
    harness.tell(Msg::Ground(WHITE));
    let on_white = colour(&mut harness);
    assert_eq!(
        on_white.1,
        ratatui::style::Color::Reset,
        "white stays white"
    );
    assert_eq!(on_white.0, ratatui::style::Color::Rgb(0, 0x63, 0x9c));
}

#[test]
fn a_theme_with_a_background_paints_every_cell_also_under_popups() {
    for choice in [Choice::Light, Choice::Dark] {
        let mut harness = Harness::on(board("1 | 2 | | "));
        let looks = Looks {
            choice,
            depth: Depth::True,
            files: Vec::new(),
        };
        harness.app.theme = harness.app.theme.dressed(&looks.at_start().unwrap());
        for keys in ["", "?", "<esc>e", "<esc>:"] {
            harness.press(keys);
            for cell in &harness.screen().backend().buffer().content {
                let reset = ratatui::style::Color::Reset;
                assert!(cell.bg != reset && cell.fg != reset, "{keys}: {cell:?}");
            }
        }
    }
}

#[test]
fn signs_that_are_two_columns_wide_are_not_used_unless_the_settings_say_so() {
    for (columns, may, ascii) in [(1, true, false), (2, true, true), (2, false, false)] {
        let mut harness = Harness::on(board("1 | 2 | | "));
        harness.app.can.may_turn_ascii = may;
        harness.tell(Msg::Ambiguous(columns));
        assert_eq!(harness.text().is_ascii(), ascii, "{columns} {may}");
        assert_eq!(harness.effects.contains(&Effect::Repaint), ascii);
    }
}

#[test]
fn what_is_copied_is_sent_or_shown_and_never_both() {
    let mut harness = Harness::on(board("1 | 2 | | "));
    let longest = "x".repeat(MOST);
    assert_eq!(harness.copies(&longest), Some(longest.clone()));
    assert!(harness.app.layers.is_empty());
    assert!(
        harness
            .status()
            .starts_with("Sent to the terminal's clipboard: xxx")
    );
    assert_eq!(harness.copies(&format!("{longest}x")), None);
    assert!(
        harness.status().starts_with("Too long"),
        "{}",
        harness.status()
    );
    assert_eq!(harness.app.layers.len(), 1);
    harness.press("<esc>");
    harness.app.can.clipboard = false;
    assert_eq!(harness.copies("ana@example.com"), None);
    assert!(
        harness.status().contains("select the text"),
        "{}",
        harness.status()
    );
    assert!(harness.text().contains("ana@example.com"));
}

#[test]
fn within_tmux_the_clipboard_says_what_tmux_needs() {
    let mut harness = Harness::on(board("1 | 2 | | "));
    harness.app.can.tmux = true;
    assert!(harness.copies("a").is_some());
    assert!(
        harness.status().contains("set-clipboard on"),
        "{}",
        harness.status()
    );
}

#[test]
fn addresses_of_contacts_and_companies_are_links_until_something_lies_over_them() {
    let links = |harness: &mut Harness| -> Vec<String> {
        let screen = harness.screen();
        let cells = screen.backend().buffer().content.iter();
        cells
            .filter(|cell| cell.symbol().contains('\u{1b}'))
            .map(|cell| cell.symbol().to_owned())
            .collect()
    };
    let screens: [(OfSize, &str); 2] = [
        (Harness::on_nora, "]8;;mailto:"),
        (Harness::on_keller, "]8;;https:"),
    ];
    for (open, scheme) in screens {
        let mut harness = open(100, 30);
        assert_eq!(
            links(&mut harness),
            [""; 0],
            "nobody said that this terminal knows links"
        );
        harness.app.can.links = true;
        let seen = links(&mut harness);
        assert!(
            seen.iter()
                .any(|link| link.contains(scheme) && link.ends_with("]8;;\u{1b}\\")),
            "{seen:?}"
        );
        harness.press("?");
        assert_eq!(links(&mut harness), [""; 0]);
        harness.press("<esc>");
        assert_eq!(links(&mut harness), seen);
    }
}

#[test]
fn the_keys_of_the_footer_can_be_clicked_over_a_popup() {
    let mut harness = Harness::on(board("1 | 2 | | "));
    harness.press("!");
    assert_eq!(harness.app.layers.len(), 1);
    let text = harness.text();
    let foot = text.lines().last().unwrap();
    let column = u16::try_from(foot.find("Esc").unwrap()).unwrap();
    harness.tell(Msg::Mouse(crossterm::event::MouseEvent {
        kind: crossterm::event::MouseEventKind::Down(crossterm::event::MouseButton::Left),
        column,
        row: 29,
        modifiers: crossterm::event::KeyModifiers::NONE,
    }));
    assert!(harness.app.layers.is_empty(), "{foot}");
}

#[test]
fn the_panel_stays_on_a_pinned_lead_and_a_popup_tells_the_same_where_there_is_no_room() {
    let mut harness = Harness::leads(5, 100, 30);
    let name = |harness: &mut Harness| harness.app.leads.previewed().unwrap().raw();
    harness.press("w");
    assert!(
        harness.status().starts_with("Pinned"),
        "{}",
        harness.status()
    );
    harness.press("jj");
    assert_eq!(name(&mut harness), 1);
    assert!(harness.text().contains("pinned"));
    harness.press("w");
    assert_eq!(name(&mut harness), 3);
    assert!(!harness.text().contains("pinned"));
    // Beside the contacts it stands where there is more room.
    for (columns, stands) in [(160, true), (120, true), (119, false)] {
        let mut harness = Harness::listing(5, columns, 30);
        assert_eq!(
            harness.text().contains("touched 4d ago"),
            stands,
            "{columns}"
        );
        harness.press("wjj");
        assert_eq!(harness.text().contains("pinned"), stands, "{columns}");
        assert!(harness.app.contacts.is_pinned());
        harness.press("=");
        assert!(harness.text().contains("next step"), "{columns}");
    }
    let mut harness = Harness::leads(5, 80, 24);
    harness.press("=");
    assert!(
        harness.text().contains("next step: none"),
        "{}",
        harness.text()
    );
    harness.press("<esc>");
    assert!(harness.app.layers.is_empty());
    let mut harness = Harness::on(board("1 | | | "));
    harness.press("=");
    assert!(
        harness.status().contains("Enter opens"),
        "{}",
        harness.status()
    );
}
