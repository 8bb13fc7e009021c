//! An import against edits: what somebody changed meanwhile is left as they made it and listed, the rest is done, and undo keeps it.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::Value as Json;

use crate::desk::{Team, at_once};

const ROWS: usize = 400;
const EDITED: usize = 40;

fn file(title: &str) -> String {
    (0..ROWS).fold("Id,Name,Email,Title\n".to_owned(), |mut text, row| {
        let _ = writeln!(text, "k{row},Person-{row},p{row}@x.example,{title}");
        text
    })
}

fn titles(team: &Team) -> BTreeMap<String, String> {
    let list = team.json("contacts list --limit all --fields name,title");
    let of = |item: &Json, field: &str| item[field].as_str().unwrap_or_default().to_owned();
    let items = list["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| (of(item, "name"), of(item, "title")))
        .collect()
}

#[test]
fn an_import_and_edits_at_once_lose_nothing_of_either() {
    let team = Team::new();
    team.write("one.csv", &file("Old"));
    team.write("two.csv", &file("New"));
    team.done("import one.csv --into contacts --source crm");
    let ends = at_once(3, |person| {
        if person == 0 {
            return team.run("import two.csv --into contacts --source crm --json");
        }
        let own = (0..EDITED).filter(|row| row % 2 == person - 1);
        let mut last = None;
        for row in own {
            last = Some(team.run(&format!(
                "contacts edit p{row}@x.example --title By-hand --as Ben"
            )));
            assert_eq!(last.as_ref().unwrap().code, 0, "{last:?}");
        }
        last.unwrap()
    });
    assert_eq!(ends[0].code, 0, "{:?}", ends[0]);
    let after = titles(&team);
    assert_eq!(after.len(), ROWS);
    for row in 0..ROWS {
        let expected = if row < EDITED { "By-hand" } else { "New" };
        assert_eq!(after[&format!("Person-{row}")], expected, "{row}");
    }
    // Left as they were edited: before the plan (fields kept) or between plan and commit (listed).
    let said: Json = serde_json::from_str(&ends[0].stdout).unwrap();
    assert!(
        said["item"]["kept"].as_array().unwrap().len() <= EDITED,
        "{said}"
    );
    team.done("undo");
    let back = titles(&team);
    for row in 0..ROWS {
        let expected = if row < EDITED { "By-hand" } else { "Old" };
        assert_eq!(back[&format!("Person-{row}")], expected, "{row}");
    }
    team.is_whole();
}

#[test]
fn of_two_imports_of_one_file_at_once_one_is_done() {
    let team = Team::new();
    team.write("one.csv", &file("Old"));
    for ran in at_once(3, |_| {
        team.run("import one.csv --into contacts --source crm")
    }) {
        // The others wait for it and find nothing new, or are told to try again.
        assert!([0, 6].contains(&ran.code), "{ran:?}");
    }
    assert_eq!(titles(&team).len(), ROWS);
    team.is_whole();
}
