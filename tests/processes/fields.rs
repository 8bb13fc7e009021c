//! Fields and sets: different ones never meet; of one field the last writer wins and the log has them all.

use std::collections::{BTreeMap, BTreeSet};

use crate::desk::{Team, at_once};

const PEOPLE: usize = 4;
const ROUNDS: usize = 12;

#[test]
fn what_processes_write_at_once_is_there_once() {
    let team = Team::new();
    let fields = ["note", "source", "amount", "category"];
    at_once(PEOPLE, |person| {
        for round in 0..ROUNDS {
            team.done(&format!("deals add --title Deal-{person}-{round}"));
            let flag = fields[person];
            let value = match flag {
                "category" => ["commit", "best_case"][round % 2].to_owned(),
                "amount" => (1000 + round).to_string(),
                _ => format!("word-{round}"),
            };
            team.done(&format!(
                "deals edit Shared --{flag} {value} --add-tag tag-{person}-{round}"
            ));
        }
    });
    let deals = team.json("deals list --limit all");
    let mut titles: BTreeMap<&str, usize> = BTreeMap::new();
    for deal in deals["items"].as_array().unwrap() {
        *titles.entry(deal["title"].as_str().unwrap()).or_default() += 1;
    }
    assert_eq!(titles.len(), PEOPLE * ROUNDS + 1);
    assert!(titles.values().all(|times| *times == 1), "{titles:?}");
    let shared = team.show("deals", "Shared");
    assert_eq!(shared["tags"].as_array().unwrap().len(), PEOPLE * ROUNDS);
    let last = format!("word-{}", ROUNDS - 1);
    assert_eq!(
        (&shared["note"], &shared["lead_source"]),
        (&last.clone().into(), &last.into())
    );
    assert_eq!(
        shared["category"],
        ["commit", "best_case"][(ROUNDS - 1) % 2]
    );
    team.is_whole();
}

#[test]
fn of_one_field_the_last_writer_wins_and_every_value_is_in_the_log() {
    let team = Team::new();
    at_once(PEOPLE, |person| {
        for round in 0..ROUNDS {
            team.done(&format!("deals edit Shared --note {person}-{round}"));
        }
    });
    let written = team.log_is_a_chain("note");
    let sent: BTreeSet<String> = (0..PEOPLE)
        .flat_map(|person| (0..ROUNDS).map(move |round| format!("{person}-{round}")))
        .collect();
    assert_eq!(written.len(), PEOPLE * ROUNDS);
    assert_eq!(written.iter().cloned().collect::<BTreeSet<_>>(), sent);
    assert_eq!(
        team.show("deals", "Shared")["note"],
        written.last().unwrap().as_str()
    );
    // Each one's values are in the order in which they wrote them.
    for person in 0..PEOPLE {
        let own: Vec<&String> = written
            .iter()
            .filter(|value| value.starts_with(&format!("{person}-")))
            .collect();
        let sent: Vec<String> = (0..ROUNDS)
            .map(|round| format!("{person}-{round}"))
            .collect();
        assert_eq!(own, sent.iter().collect::<Vec<_>>());
    }
}

#[test]
fn sets_change_element_by_element() {
    let team = Team::new();
    at_once(PEOPLE, |person| {
        for round in 0..6 {
            // What all add is added once; what each adds and takes away again is nobody else's business.
            team.done(&format!(
                "deals edit Shared --add-tag all-{round} --add-tag keep-{person}-{round} --add-tag drop-{person}-{round}"
            ));
            team.done(&format!(
                "deals edit Shared --remove-tag drop-{person}-{round}"
            ));
        }
    });
    let shared = team.show("deals", "Shared");
    let tags: BTreeSet<&str> = shared["tags"]
        .as_array()
        .unwrap()
        .iter()
        .map(|tag| tag.as_str().unwrap())
        .collect();
    let expected: BTreeSet<String> = (0..6)
        .flat_map(|round| {
            let own = (0..PEOPLE).map(move |person| format!("keep-{person}-{round}"));
            own.chain([format!("all-{round}")])
        })
        .collect();
    assert_eq!(tags, expected.iter().map(String::as_str).collect());
    assert_eq!(team.log("tag").len(), 6 + PEOPLE * 6 * 3);
}
