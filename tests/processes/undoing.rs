//! Undo and redo against what others did since: refused with a name and a time, and nothing half done.

use crate::desk::{Team, at_once};

/// Ana changes two fields in one step, Ben one of them.
fn ana_then_ben() -> Team {
    let team = Team::new();
    team.done("deals edit Shared --amount 200 --note ana --as Ana");
    team.done("deals edit Shared --amount 300 --as Ben");
    team
}

#[test]
fn an_undo_is_refused_with_name_and_time_and_nothing_of_it_is_done() {
    let team = ana_then_ben();
    let met = team.run("undo --as Ana --json").conflict();
    assert_eq!(
        (&met["field"], &met["by"], &met["at"]),
        (
            &"amount".into(),
            &"Ben".into(),
            &"2026-11-24T10:05:00Z".into()
        )
    );
    let said = team.run("undo --as Ana --tz UTC").stderr;
    assert!(
        said.contains(
            "amount: it was `200.00`, now it is `300.00` (Ben, 2026-11-24 10:05); yours: `100.00`"
        ),
        "{said}"
    );
    let shared = team.show("deals", "Shared");
    assert_eq!(
        (&shared["note"], &shared["amount"]["minor"]),
        (&"ana".into(), &30_000.into())
    );
    // Once Ben has taken his back, Ana's goes back whole.
    team.done("undo --as Ben");
    team.done("undo --as Ana");
    let shared = team.show("deals", "Shared");
    assert_eq!(
        (&shared["note"], &shared["amount"]["minor"]),
        (&"start".into(), &10_000.into())
    );
}

#[test]
fn a_redo_is_refused_with_name_and_time_and_nothing_of_it_is_done() {
    let team = Team::new();
    team.done("deals edit Shared --amount 200 --note ana --as Ana");
    team.done("undo --as Ana");
    team.done("deals edit Shared --amount 300 --as Ben");
    let met = team.run("redo --as Ana --json").conflict();
    assert_eq!(
        (&met["field"], &met["by"]),
        (&"amount".into(), &"Ben".into())
    );
    let shared = team.show("deals", "Shared");
    assert_eq!(
        (&shared["note"], &shared["amount"]["minor"]),
        (&"start".into(), &30_000.into())
    );
}

#[test]
fn whoever_comes_first_an_undo_never_takes_what_somebody_else_wrote() {
    let team = Team::new();
    let (mut undone, mut refused) = (0, 0);
    for round in 0..10 {
        team.done(&format!("deals edit Shared --note ana-{round} --as Ana"));
        let ends = at_once(2, |person| match person {
            0 => team.run("undo --as Ana"),
            _ => team.run(&format!("deals edit Shared --note ben-{round} --as Ben")),
        });
        assert_eq!(ends[1].code, 0, "{:?}", ends[1]);
        match ends[0].code {
            0 => undone += 1,
            5 => refused += 1,
            _ => panic!("{:?}", ends[0]),
        }
        // In either order Ben's word is the last.
        assert_eq!(team.show("deals", "Shared")["note"], format!("ben-{round}"));
    }
    assert_eq!(undone + refused, 10);
    let written = team.log_is_a_chain("note");
    assert_eq!(written.len(), 20 + undone);
}

#[test]
fn two_who_undo_one_step_undo_it_once() {
    let team = Team::new();
    for round in 0..5 {
        team.done(&format!("deals edit Shared --note n-{round} --as Ana"));
        let steps = team.json("undo --list");
        let step = steps["items"][0]["step"].as_str().unwrap().to_owned();
        let ends = at_once(3, |_| team.run(&format!("undo {step} --as Ana")));
        let mut codes: Vec<i32> = ends.iter().map(|ran| ran.code).collect();
        codes.sort_unstable();
        assert_eq!(codes, [0, 4, 4], "{ends:?}");
        assert!(
            ends.iter()
                .filter(|ran| ran.code == 4)
                .all(|ran| ran.stderr.contains("undone already")),
            "{ends:?}"
        );
        assert_eq!(team.show("deals", "Shared")["note"], "start");
    }
}

#[test]
fn who_adds_a_tag_again_after_somebody_took_it_away_keeps_it() {
    let team = Team::new();
    team.done("deals edit Shared --add-tag vip --as Ana");
    team.done("deals edit Shared --remove-tag vip --as Ben");
    team.done("deals edit Shared --add-tag VIP --as Ben");
    let met = team.run("undo --as Ana --json").conflict();
    assert_eq!((&met["field"], &met["by"]), (&"tag".into(), &"Ben".into()));
    assert_eq!(team.show("deals", "Shared")["tags"][0], "VIP");
}
