//! Acts over many records are judged record by record.

use crate::desk::{Team, at_once};

#[test]
fn a_bulk_act_meets_edits_record_by_record() {
    let team = Team::new();
    let ids: Vec<String> = (0..12)
        .map(|number| {
            let added = team.done(&format!("deals add --title D-{number} --plain"));
            added.trim().to_owned()
        })
        .collect();
    let all = ids.join(" ");
    let edited = at_once(2, |person| {
        if person == 0 {
            team.done(&format!("deals rm {all} --as Ana"));
            return Vec::new();
        }
        let ends = ids
            .iter()
            .map(|id| team.run(&format!("deals edit {id} --note by-ben --as Ben")));
        ends.map(|ran| ran.code).collect()
    });
    // Ben was before Ana, or he was told; all of hers are in the trash.
    let noted = edited[1]
        .iter()
        .map(|code| i64::from(*code == 0))
        .sum::<i64>();
    assert!(
        edited[1].iter().all(|code| [0, 4].contains(code)),
        "{edited:?}"
    );
    let count = |what: &str| -> i64 {
        let query = format!("SELECT count(*) FROM deal WHERE title LIKE 'D-%' AND {what}");
        team.book().query_row(&query, [], |row| row.get(0)).unwrap()
    };
    assert_eq!(count("trashed_at IS NOT NULL"), 12);
    assert_eq!(count("note = 'by-ben'"), noted);
    // It comes back as one; what Ben restores and changes meanwhile is his, and is kept and listed.
    team.done(&format!("deals restore {} --as Ben", ids[3]));
    team.done(&format!("deals edit {} --note again --as Ben", ids[3]));
    let back = team.json("undo --as Ana");
    assert_eq!(count("trashed_at IS NULL"), 12);
    assert_eq!(count("note = 'again'"), 1);
    assert!(back["kept"].as_array().unwrap().len() <= 1, "{back}");
    team.is_whole();
}

#[test]
fn what_a_bulk_act_leaves_as_it_is_is_listed() {
    let team = Team::new();
    let ana = team.show("reps", "Ana")["id"].as_str().unwrap().to_owned();
    let ben = team.show("reps", "Ben")["id"].as_str().unwrap().to_owned();
    // Another program, or a newer clinch, put a rep into the trash.
    team.book()
        .execute("UPDATE rep SET trashed_at = 1 WHERE name = 'Ben'", [])
        .unwrap();
    let said = team.run(&format!("reps rm {ana} {ben}"));
    assert_eq!(said.code, 0, "{said:?}");
    assert!(said.stdout.contains("Left as it is: Ben"), "{said:?}");
    let said = team.json(&format!("reps restore {ana} {ben}"));
    assert_eq!(said["kept"][0]["name"], "Ben");
}
