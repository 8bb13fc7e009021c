//! Calls, mails, meetings and notes; search.

use serde_json::json;

use crate::harness::{World, without_ids};

#[test]
fn each_kind_is_logged_and_stands_in_the_timeline() {
    let world = World::new();
    let _ = world.run("deals add --title Pilot").done();
    for (line, said) in [
        (
            "log call 'Price talk' --direction out --minutes 12 --outcome reached",
            "Logged call with Pilot  [id]\n",
        ),
        (
            "log mail 'Sent the offer' --direction out",
            "Logged mail with Pilot  [id]\n",
        ),
        (
            "log meeting Demo --minutes 45 --at yesterday",
            "Logged meeting with Pilot  [id]\n",
        ),
        (
            "log note 'Decides with the board'",
            "Logged note with Pilot  [id]\n",
        ),
    ] {
        assert_eq!(
            without_ids(&world.run(&format!("{line} --deal Pilot")).done()),
            said
        );
    }
    let shown = world.run("deals show Pilot").done();
    for subject in [
        "Price talk",
        "Sent the offer",
        "Demo",
        "Decides with the board",
    ] {
        assert!(shown.contains(subject), "{shown}");
    }
}

#[test]
fn a_body_comes_from_standard_input() {
    let world = World::new();
    let _ = world.run("contacts add --name Nora").done();
    let _ = world
        .clinch("log note --contact Nora --body -")
        .stdin("Two\nlines\n")
        .run()
        .done();
    assert!(
        world
            .run("contacts show Nora")
            .done()
            .contains("    Two\n    lines\n")
    );
}

#[test]
fn what_is_about_nobody_or_says_nothing_is_refused() {
    let world = World::new();
    let _ = world.run("contacts add --name Nora").done();
    assert!(
        world
            .run("log call 'Price talk'")
            .failed(2)
            .contains("--deal")
    );
    assert!(
        world
            .run("log note --contact Nora")
            .failed(2)
            .contains("empty note")
    );
    assert!(
        world
            .run("log call --contact Nobody")
            .failed(3)
            .contains("no contact `Nobody`")
    );
    assert!(
        world
            .run("log call --contact Nora --minutes -5")
            .failed(4)
            .contains("-5")
    );
}

#[test]
fn search_finds_any_noun_whatever_the_accents() {
    let world = World::new();
    let _ = world
        .run("contacts add --name 'Zoë Müller' --email zoe@keller.example")
        .done();
    let _ = world.run("companies add --name 'Müller Bau'").done();
    let found = world.json("search muller");
    let nouns: Vec<_> = found["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|hit| hit["noun"].clone())
        .collect();
    assert!(
        nouns.contains(&json!("contact")) && nouns.contains(&json!("company")),
        "{found}"
    );
    assert_eq!(world.json("search nothinglikethis")["items"], json!([]));
    let none = world.run("search nothinglikethis");
    assert_eq!(
        (none.code, none.stderr.as_str()),
        (Some(0), "Nothing was found.\n")
    );
}
