//! The trash against edits: an edit either came before and stands, or its author is told.

use crate::desk::{Team, at_once, text};

#[test]
fn an_edit_lands_before_the_trash_or_its_author_is_told() {
    let team = Team::new();
    let id = team.show("deals", "Shared")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    let mut acknowledged = Vec::new();
    for round in 0..10 {
        let ends = at_once(3, |person| match person {
            0 => team.run(&format!("deals rm {id} --as Ana")),
            _ => team.run(&format!("deals edit {id} --note {round}-{person} --as Ben")),
        });
        assert_eq!(ends[0].code, 0, "{:?}", ends[0]);
        for (person, ran) in ends.iter().enumerate().skip(1) {
            match ran.code {
                0 => acknowledged.push(format!("{round}-{person}")),
                4 => assert!(
                    ran.stderr.contains("is in the trash: restore it first"),
                    "{ran:?}"
                ),
                _ => panic!("{ran:?}"),
            }
        }
        team.done(&format!("deals restore {id} --as Ana"));
    }
    let mut written = team.log_is_a_chain("note");
    assert_eq!(
        team.show("deals", "Shared")["note"],
        written.last().map_or("start", String::as_str)
    );
    written.sort();
    acknowledged.sort();
    assert_eq!(written, acknowledged);
    // Into the trash and out of it, ten times each.
    assert_eq!(team.log("trashed_at").len(), 20);
    team.is_whole();
}

#[test]
fn who_saw_it_alive_is_told_that_it_was_trashed() {
    let team = Team::new();
    let before = team.show("deals", "Shared");
    let (id, seen) = (before["id"].as_str().unwrap(), &before["version"]);
    team.done("deals rm Shared --as Ana");
    let ran = team.run(&format!(
        "deals edit {id} --note late --if-version {seen} --as Ben --json"
    ));
    let met = ran.conflict();
    assert_eq!(
        (&met["field"], &met["by"]),
        (&"trashed_at".into(), &"Ana".into())
    );
    assert!(team.log("note").is_empty());
}

#[test]
fn of_several_who_trash_one_record_one_trashes_it() {
    let team = Team::new();
    let id = team.show("deals", "Shared")["id"]
        .as_str()
        .unwrap()
        .to_owned();
    for ran in at_once(4, |_| team.run(&format!("deals rm {id}"))) {
        // By its id it is found in the trash, too: that it is there already is what was wanted.
        assert_eq!(ran.code, 0, "{ran:?}");
    }
    let log = team.log("trashed_at");
    assert_eq!(
        log.len(),
        1,
        "{:?}",
        log.iter().map(|(_, new)| text(new)).collect::<Vec<_>>()
    );
    team.done(&format!("deals restore {id}"));
    team.done("deals show Shared");
}
