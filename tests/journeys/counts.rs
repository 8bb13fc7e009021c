//! What the acts of a seller's day cost in keys, counted as they are sent: from where a seller is (Today, a list, the board) to the
//! answer of the book.

use crate::terminal::{Terminal, World};

const ENTER: &str = "\r";
const NOW: &str = "2026-11-24T10:05:00Z";

/// Sends keys one by one, and says how many they were.
fn keys(app: &mut Terminal, keys: &[&str]) -> usize {
    for key in keys {
        app.press(key);
    }
    keys.len()
}

/// A book with a deal that has a next step today, a contact and a lead.
fn world() -> World {
    let world = World::with_deals();
    for line in [
        "contacts add --name Nora --company Alpina --email nora@alpina.example",
        "leads add --name Marta --company Alpina",
        "tasks add Ring --due 2026-11-24T14:00:00Z --contact Nora",
    ] {
        world.shell(&line.split(' ').collect::<Vec<_>>());
    }
    world
}

#[test]
fn a_call_is_three_keys_from_today_and_from_the_list() {
    let world = world();
    let mut app = world.app_as_of(NOW, "today", 100, 30);
    app.see("Ring");
    assert!(keys(&mut app, &["c", "r", ENTER]) <= 3);
    app.see("✓ Log call on Nora");
    app.press("4").see("▶  Marta");
    assert!(keys(&mut app, &["c", "n", ENTER]) <= 3);
    app.see("✓ Log call on Marta").press("q");
    assert_eq!(app.end(), 0);
    for (name, outcome) in [("Nora", "reached"), ("Marta", "no answer")] {
        let shown = world.shell(&["contacts", "show", name]);
        assert!(shown.contains(outcome), "{shown}");
    }
}

#[test]
fn a_card_moves_by_one_key_and_anywhere_by_a_menu() {
    let world = world();
    let mut app = world.app_as_of(NOW, "pipeline", 100, 30);
    app.see_in_column("Renewal", 0);
    assert!(keys(&mut app, &[">"]) <= 2);
    app.see_in_column("Renewal", 1).see("✓ Move Renewal");
    // The menu of stages takes the first letters of one.
    assert!(keys(&mut app, &["s", "p", ENTER]) <= 3);
    app.see_in_column("Renewal", 2).press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn a_next_step_is_six_keys_from_today_and_from_the_board() {
    let world = world();
    let mut app = world.app_as_of(NOW, "today", 100, 30);
    app.see("Ring");
    assert!(keys(&mut app, &["t", "\t", "f", "r", "i", ENTER]) <= 6);
    app.see("✓ Plan the next step of Nora");
    app.press("3").see_in_column("Renewal", 0);
    assert!(keys(&mut app, &["t", "\t", "+", "3", "d", ENTER]) <= 6);
    app.see("✓ Plan the next step of Renewal").press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn a_lead_is_converted_by_two_keys_from_the_list() {
    let world = world();
    let mut app = world.app_as_of(NOW, "leads", 100, 30);
    app.see("▶  Marta");
    assert!(keys(&mut app, &["W", ENTER]) <= 2);
    app.see("✓ Convert Marta into deal Alpina").press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn a_contact_is_opened_by_a_misspelt_name_in_its_letters_and_one_key() {
    let world = world();
    world.shell(&["contacts", "add", "--name", "Sacha Rothenberger"]);
    for (name, typed) in [("Sacha", "Sahc"), ("Rothenberger", "rotnen")] {
        let mut app = world.app_as_of(NOW, "today", 100, 30);
        app.see("Ring").press("f").see("Find any record");
        for letter in typed.chars() {
            app.press(&letter.to_string());
        }
        app.see("▶ Sacha Rothenberger").press(ENTER);
        app.see("▸ Sacha Rothenberger").press("q");
        assert_eq!(app.end(), 0);
        // To ask, to type, to open.
        let keys = 1 + typed.len() + 1;
        let most = name.len() + 1;
        assert!(keys <= most, "{keys} keys for {name}");
    }
}
