//! A draft of a form survives the program: it can be written to a file and read again.

#![expect(clippy::unwrap_used, reason = "a test says why it fails by failing")]

use chrono_tz::Europe::Zurich;
use clinch::domain::time::Instant;
use clinch::domain::typed::Typing;
use clinch::tui::forms::deal::{self, DealChoices, DealStart};
use clinch::tui::forms::draft::Draft;
use clinch::tui::forms::form::RecordForm;
use clinch::tui::forms::sheet::SheetOwner;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};

fn form() -> RecordForm {
    let typing = Typing {
        now: Instant::parse("2026-11-24T09:05:00Z", Zurich).unwrap(),
        zone: Zurich,
        currency: "USD".parse().unwrap(),
    };
    deal::add(&DealChoices::default(), DealStart::default(), typing)
}

#[test]
fn a_draft_is_read_from_a_file_as_it_was_written() {
    let mut left = form();
    // The title, a company that is not there yet, and (from the end) a note of two lines.
    for key in [
        KeyCode::Char('É'),
        KeyCode::Tab,
        KeyCode::Char('A'),
        KeyCode::Tab,
        KeyCode::BackTab,
        KeyCode::BackTab,
        KeyCode::BackTab,
        KeyCode::Char('a'),
        KeyCode::Enter,
        KeyCode::Char('b'),
    ] {
        let _ = left.key(KeyEvent::new(key, KeyModifiers::NONE));
    }
    let draft = left.draft().unwrap();
    assert_eq!(draft.fields.len(), 3);
    let written = serde_json::to_string(&draft).unwrap();
    let read: Draft = serde_json::from_str(&written).unwrap();
    assert_eq!(read, draft);
    let mut again = form();
    again.restore(&read);
    assert_eq!(again.draft(), Some(draft));
}
