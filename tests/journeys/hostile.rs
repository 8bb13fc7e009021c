//! A book into which another program wrote what plays with terminals: on every screen it is letters.

use crate::bytes::fault;
use crate::terminal::World;

const ENTER: &str = "\r";
const ESC: &str = "\x1b";

/// The clipboard, a cleared screen in two codings, text that runs backwards, a bell, a title.
const EVIL: &str = "Q\u{1b}]52;c;QQ==\u{7}\u{9b}2J\u{202e}\u{1b}[2J\u{9d}0;t\u{9c}";
/// What may be seen of it.
const SEEN: &str = "Q]52;c;QQ==2J[2J0;t";

/// Where names and texts stand.
const PLACES: [(&str, &str); 13] = [
    ("book", "name"),
    ("company", "name"),
    ("contact", "name"),
    ("contact", "title"),
    ("deal", "note"),
    ("deal", "title"),
    ("rep", "name"),
    ("pipeline", "name"),
    ("stage", "name"),
    ("step", "label"),
    ("tag", "value"),
    ("activity", "subject"),
    ("activity", "body"),
];

fn hostile_book() -> World {
    let world = World::with_deals();
    for line in [
        "contacts add --name Nora --title CEO --company Alpina --tag vip",
        "deals edit Renewal --note Soon --add-tag hot",
        "log call Talked --deal Renewal --body Everything",
        "log call Heard --contact Nora --body Everything",
    ] {
        world.shell(&line.split(' ').collect::<Vec<_>>());
    }
    let book = rusqlite::Connection::open(world.path("team.db")).unwrap();
    for (table, field) in PLACES {
        let sql = format!("UPDATE {table} SET {field} = ?1 || {field} WHERE {field} IS NOT NULL");
        assert!(book.execute(&sql, [EVIL]).unwrap() > 0, "{table}.{field}");
    }
    world
}

#[test]
fn hostile_names_are_letters_on_every_screen() {
    let world = hostile_book();
    let mut app = world.app_without(&["CLINCH_REP"], 160, 45);
    app.see(SEEN);
    app.press("?")
        .see("Keys that count here")
        .press(ESC)
        .miss("Keys that count here");
    app.press("e").see("Title").see(SEEN).press(ESC);
    app.press("4").see("1 of 1").see(SEEN);
    app.press(ENTER).see("Timeline").see(SEEN);
    app.press("?")
        .see("Keys that count here")
        .press(ESC)
        .miss("Keys that count here");
    app.press("e").see("Name").press(ESC);
    app.press(ESC).see("1 of 1");
    app.press("q");
    let (code, written) = app.end_and_tell();
    assert_eq!(code, 0);
    assert_eq!(fault(&written), None);
}

/// The judge sees what the app really writes: what a user copies goes to the clipboard by just such a sequence.
#[test]
fn a_sequence_for_the_clipboard_does_not_go_unseen() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    app.press("yt").see("clipboard");
    app.press("q");
    let (_, written) = app.end_and_tell();
    let said = fault(&written).unwrap();
    assert!(said.contains("]52;"), "{said}");
}
