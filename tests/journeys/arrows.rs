//! A day's work of somebody who knows no key by heart: arrows, Tab, Enter, Esc, F1, what the footer says, and words typed into fields.

use crate::terminal::{Terminal, World};

/// The keys that everybody knows.
#[derive(Clone, Copy)]
enum Key {
    Down,
    Tab,
    Enter,
    Esc,
    F1,
}

impl Key {
    /// As a terminal sends it.
    const fn sent(self) -> &'static str {
        match self {
            Self::Down => "\x1b[B",
            Self::Tab => "\t",
            Self::Enter => "\r",
            Self::Esc => "\x1b",
            Self::F1 => "\x1bOP",
        }
    }
}

/// The row under the cursor of a popup.
fn row(app: &str) -> &str {
    let row = app.lines().find(|line| line.contains("║ ▶ "));
    row.unwrap_or_default()
}

/// Somebody at the keyboard.
struct Newcomer(Terminal);

impl Newcomer {
    fn see(&mut self, text: &str) -> &mut Self {
        self.0.see(text);
        self
    }

    fn press(&mut self, key: Key) -> &mut Self {
        self.0.press(key.sent());
        self
    }

    /// Types into the field that has the keys, once that form is there.
    fn write(&mut self, form: &str, words: &str) -> &mut Self {
        self.0.see(form).press(words).see(words);
        self
    }

    /// Goes down the popup of that title to the row with these words, and takes it.
    fn choose(&mut self, title: &str, words: &str) -> &mut Self {
        self.0.see(title).whole();
        for _ in 0..120 {
            let before = row(&self.0.text()).to_owned();
            if before.contains(words) {
                return self.press(Key::Enter);
            }
            self.press(Key::Down);
            let moved = |app: &str| row(app) != before;
            self.0.wait("the cursor stays where it is", moved).whole();
        }
        panic!("no row with `{words}`:\n{}", self.0.text())
    }

    /// Runs something by the help, by what it is called there.
    fn by_the_help(&mut self, words: &str) -> &mut Self {
        self.press(Key::F1).choose("Keys that count here", words);
        self.0.miss("Keys that count here");
        self
    }

    /// Presses a key that the footer names.
    fn by_the_footer(&mut self, key: &str, word: &str) -> &mut Self {
        let says = format!("{key} {word}");
        let footer = |app: &str| app.lines().last().is_some_and(|line| line.contains(&says));
        self.0.wait(&format!("no `{says}` in the footer"), footer);
        self.0.press(key);
        self
    }
}

#[test]
fn a_day_is_worked_with_arrows_tab_enter_esc_f1_and_the_footer() {
    let world = World::with_deals();
    for line in [
        "contacts add --name Nora --company Alpina --email nora@alpina.example",
        "leads add --name Marta --company Alpina",
        "tasks add Ring --due 2026-11-24T14:00:00Z --contact Nora",
    ] {
        world.shell(&line.split(' ').collect::<Vec<_>>());
    }
    let mut me = Newcomer(world.app_as_of("2026-11-24T10:05:00Z", "today", 100, 30));

    // Today: the person is called, the next step planned, and what was planned is done.
    me.see("[1 Today]").see("Ring");
    me.by_the_footer("c", "call").write("Log a call", "reached");
    me.press(Key::Enter).see("✓ Log call on Nora");
    me.by_the_help("Plan the next step");
    me.write("Plan the next step", "Send it").press(Key::Tab);
    me.write("Due", "fri").press(Key::Enter);
    me.see("✓ Plan the next step of Nora").see("Send it");
    me.by_the_footer("d", "done").see("Done: Ring");

    // Leads: a new one is added by the form, another converted.
    me.by_the_help("  Leads").see("[2 Leads]").see("▶  Marta");
    me.by_the_footer("W", "convert").see("Convert Marta");
    me.press(Key::Enter).see("✓ Convert Marta into deal Alpina");
    me.by_the_footer("a", "add").write("New lead", "Jonas");
    me.see("Ctrl-S save").0.press("\x13");
    me.see("✓ Add contact Jonas");

    // A contact is opened and left again.
    me.by_the_help("  Contacts")
        .see("[4 Contacts]")
        .see("of 3 ═");
    me.press(Key::Enter).see("Timeline");
    me.press(Key::Esc).see("sort: name");

    // The pipeline: a deal goes on, its amount is changed, another is won, and one act is taken back.
    me.by_the_help("  The pipeline").see("[3 Pipeline]");
    me.0.see_in_column("Renewal", 0);
    me.press(Key::Down).press(Key::Down).press(Key::Down);
    me.see("▶ Alpina · Rollout");
    me.by_the_footer(">", "on").0.see_in_column("Rollout", 1);
    me.by_the_help("Edit one field")
        .choose("Edit of Rollout", "Amount");
    me.0.see("Amount · ").press("\x15");
    me.write("Amount · ", "1500").press(Key::Enter);
    me.see("amount · u undoes it");
    me.by_the_footer("u", "undo").see("U redoes it");
    me.press(Key::F1)
        .choose("Keys that count here", "leave the app");
    assert_eq!(me.0.end(), 0);
}
