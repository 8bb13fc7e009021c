//! `--if-version`: of those who saw the same version one wins, and the others read original, theirs and mine.

use crate::desk::{Team, at_once};

const PEOPLE: usize = 4;

#[test]
fn of_those_who_saw_the_same_version_one_wins_and_the_others_are_told_by_whom() {
    let team = Team::new();
    for round in 0..8 {
        let before = team.show("deals", "Shared");
        let (seen, note) = (&before["version"], &before["note"]);
        let ends = at_once(PEOPLE, |person| {
            let who = ["Ana", "Ben"][person % 2];
            team.run(&format!(
                "deals edit Shared --note {round}-{person} --if-version {seen} --as {who} --json"
            ))
        });
        let (won, told): (Vec<_>, Vec<_>) = ends
            .into_iter()
            .enumerate()
            .partition(|(_, ran)| ran.code == 0);
        let [(winner, _)] = won.as_slice() else {
            panic!("{won:?}")
        };
        assert_eq!(told.len(), PEOPLE - 1);
        for (loser, ran) in &told {
            let met = ran.conflict();
            assert_eq!(met["field"], "note");
            assert_eq!(met["by"], ["Ana", "Ben"][winner % 2]);
            assert_eq!(met["at"], "2026-11-24T10:05:00Z");
            assert_eq!(&met["original"], note);
            assert_eq!(met["theirs"], format!("{round}-{winner}"));
            assert_eq!(met["mine"], format!("{round}-{loser}"));
        }
        assert_eq!(
            team.show("deals", "Shared")["note"],
            format!("{round}-{winner}")
        );
    }
    assert_eq!(team.log_is_a_chain("note").len(), 8);
    team.is_whole();
}

#[test]
fn people_read_original_theirs_and_mine_in_one_line() {
    let team = Team::new();
    let seen = team.show("deals", "Shared")["version"].clone();
    team.done("deals edit Shared --amount 250 --add-tag vip --as Ana");
    let late = team.run(&format!(
        "deals edit Shared --amount 300 --if-version {seen} --as Ben --tz UTC"
    ));
    assert_eq!(late.code, 5);
    assert_eq!(
        late.stderr,
        "error: Somebody changed this first, and nothing of it was written.\n  \
         deal `Shared`, amount: it was `100.00`, now it is `250.00` (Ana, 2026-11-24 10:05); yours: `300.00`.\n  \
         deal `Shared`, tag: it was —, now it is `vip` (Ana, 2026-11-24 10:05).\n\
         hint: Look at the record again with `show`, then decide.\n"
    );
    assert_eq!(team.show("deals", "Shared")["amount"]["minor"], 25_000);
}

#[test]
fn a_version_that_never_was_is_met_by_nobody() {
    let team = Team::new();
    let ran = team.run("deals edit Shared --note x --if-version 999999");
    assert_eq!(ran.code, 5);
    assert!(ran.stderr.contains("not 999999"), "{}", ran.stderr);
}
