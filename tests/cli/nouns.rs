//! list, show, add, edit, rm and restore of reps, contacts and companies.

use serde_json::json;

use crate::harness::{World, without_ids};

#[test]
fn a_contact_is_made_with_all_that_is_said_and_shown_again() {
    let world = World::new();
    let _ = world.run("reps add --name 'Mira Sommer'").done();
    let _ = world
        .run("companies add --name 'Keller & Co' --domain keller.example")
        .done();
    let said = world
        .run("contacts add --name 'Nora Keller' --email nora@keller.example --email nk@home.example --phone '+41 44 555 01 02' --company 'keller & co' --title CEO --owner 'Mira Sommer' --source fair --tag vip --tag Zürich --as 'mira sommer'")
        .done();
    assert_eq!(without_ids(&said), "Added contact Nora Keller  [id]\n");
    let item = &world.json("contacts show nora@keller.example")["item"];
    assert_eq!(item["name"], "Nora Keller");
    assert_eq!(item["company"]["name"], "Keller & Co");
    assert_eq!(item["owner"]["name"], "Mira Sommer");
    assert_eq!(item["tags"], json!(["vip", "Zürich"]));
    assert_eq!(item["created_at"], "2026-11-24T10:05:00Z");
    assert_eq!(item["phone"], json!(null), "unknown names are not made up");
}

#[test]
fn names_in_any_script_come_back_as_they_were() {
    let world = World::new();
    for name in ["田中 愛子", "Дмитрий Соколов", "أحمد منصور", "Łukasz Żółć"]
    {
        let id = world.add(&format!("contacts add --name '{name}'"));
        let item = world.json(&format!("contacts show '{name}'"))["item"].clone();
        assert_eq!((&item["name"], &item["id"]), (&json!(name), &json!(id)));
    }
}

#[test]
fn a_name_may_be_told_by_its_parts() {
    let world = World::new();
    let id = world.add("contacts add --given Ilse --family 'de Vries'");
    assert_eq!(
        world.json(&format!("contacts show {id}"))["item"]["name"],
        "Ilse de Vries"
    );
}

#[test]
fn a_record_without_a_name_is_not_made() {
    let world = World::new();
    let said = world.run("contacts add --title CEO").failed(2);
    assert_eq!(
        said,
        "error: A contact needs a name.\nhint: Give it with `--name`.\n"
    );
    assert!(
        world
            .run("deals add --amount 12")
            .failed(2)
            .contains("--title")
    );
}

#[test]
fn a_prefix_of_an_id_is_enough_and_an_ambiguous_name_is_not() {
    let world = World::new();
    let one = world.add("contacts add --name 'Jan Novak'");
    let two = world.add("contacts add --name 'jan novák'");
    assert_eq!(
        world.json(&format!("contacts show {}", &one[..6]))["item"]["id"],
        one.as_str()
    );
    let said = world.run("contacts show 'Jan Novak'").failed(3);
    assert!(
        said.contains("means 2 contacts") && said.contains(&one) && said.contains(&two),
        "{said}"
    );
    assert!(
        world
            .run("contacts show zzzz")
            .failed(3)
            .contains("There is no contact `zzzz`")
    );
}

#[test]
fn an_edit_changes_only_what_is_named() {
    let world = World::new();
    let id = world.add("contacts add --name Nora --title CEO --tag vip --email a@x.example");
    let _ = world
        .run(&format!("contacts edit {id} --title CFO --add-tag fair --remove-tag VIP --add-email b@x.example --remove-email A@X.example --city Bern"))
        .done();
    let item = &world.json(&format!("contacts show {id}"))["item"];
    assert_eq!(
        (&item["title"], &item["city"], &item["name"]),
        (&json!("CFO"), &json!("Bern"), &json!("Nora"))
    );
    assert_eq!(item["tags"], json!(["fair"]));
    let _ = world
        .run(&format!("contacts edit {id} --clear title --clear city"))
        .done();
    let item = &world.json(&format!("contacts show {id}"))["item"];
    assert_eq!(
        (&item["title"], &item["city"]),
        (&json!(null), &json!(null))
    );
}

#[test]
fn what_cannot_be_cleared_or_is_no_field_is_said() {
    let world = World::new();
    let id = world.add("contacts add --name Nora");
    let failed = |line: &str, code| {
        world
            .run(&format!("contacts edit {id} {line}"))
            .failed(code)
    };
    assert!(failed("--clear name", 4).contains("cannot be unknown"));
    assert!(failed("--clear tag", 2).contains("--remove-tag"));
    assert!(failed("--clear citty", 2).contains("Did you mean `city`?"));
    assert!(failed("", 2).contains("Nothing was named to change"));
}

#[test]
fn a_value_that_is_no_good_names_its_field() {
    let world = World::new();
    let said = world
        .run("companies add --name Alpina --size many --json")
        .failed(4);
    let fault: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(
        (&fault["code"], &fault["field"]),
        (&json!(4), &json!("size"))
    );
    assert!(
        world
            .run("contacts add --name N --lead-state asleep")
            .failed(4)
            .contains("asleep")
    );
    assert!(
        world
            .run("contacts add --name N --email nonsense")
            .failed(4)
            .contains("nonsense")
    );
    assert_eq!(world.json("contacts list")["items"], json!([]));
}

#[test]
fn an_unknown_company_is_an_error_until_it_is_meant() {
    let world = World::new();
    let _ = world.run("companies add --name 'Alpina Holz AG'").done();
    let said = world
        .run("contacts add --name Nora --company 'Alpina Hloz AG'")
        .failed(3);
    assert!(
        said.contains("Alpina Holz AG") && said.contains("--new-company"),
        "{said}"
    );
    let _ = world
        .run("contacts add --name Nora --company Newco --new-company")
        .done();
    assert_eq!(
        world.json("contacts show Nora")["item"]["company"]["name"],
        "Newco"
    );
    let _ = world.run("undo").done();
    let names = world.json("companies list")["items"]
        .as_array()
        .unwrap()
        .len();
    assert_eq!(names, 1, "one step, one undo");
}

#[test]
fn the_trash_holds_records_until_they_are_restored() {
    let world = World::new();
    let one = world.add("companies add --name Alpina");
    let two = world.add("companies add --name Brunner");
    let said = world.run("companies rm Alpina Brunner").done();
    assert!(said.starts_with("Trashed 2 companies\n"), "{said}");
    assert_eq!(world.json("companies list")["items"], json!([]));
    assert_eq!(
        world.json("companies list --trashed")["items"]
            .as_array()
            .unwrap()
            .len(),
        2
    );
    assert!(
        world
            .run("companies restore Nobody")
            .failed(3)
            .contains("in the trash")
    );
    let _ = world
        .run(&format!("companies restore alpina {}", &two[..5]))
        .done();
    let ids: Vec<_> = world.json("companies list --sort name")["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|item| item["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(ids, [one, two]);
}

#[test]
fn a_rep_leaves_and_is_never_removed() {
    let world = World::new();
    let _ = world
        .run("reps add --name 'Renate Vogt' --as 'Renate Vogt'")
        .done();
    let said = world.run("reps rm 'Renate Vogt'").done();
    assert!(
        said.starts_with("Marked as left: rep Renate Vogt"),
        "{said}"
    );
    assert_eq!(
        world.json("reps show 'Renate Vogt'")["item"]["active"],
        false
    );
    let _ = world.run("reps restore 'Renate Vogt'").done();
    assert_eq!(
        world.json("reps show 'Renate Vogt'")["item"]["active"],
        true
    );
}

#[test]
fn who_acts_must_be_a_rep_of_the_book() {
    let world = World::new();
    let said = world
        .clinch("contacts add --name Nora")
        .env("CLINCH_REP", "Nobody")
        .run()
        .failed(3);
    assert!(
        said.contains("There is no rep `Nobody`") && said.contains("reps add"),
        "{said}"
    );
    let _ = world
        .clinch("contacts add --name Nora")
        .env("CLINCH_REP", "")
        .run()
        .done();
}

#[test]
fn a_dry_run_says_what_and_does_nothing() {
    let world = World::new();
    let said = world.run("contacts add --name Nora -n").done();
    assert_eq!(said, "Not done (dry run): Added contact Nora\n");
    assert_eq!(world.json("contacts list")["items"], json!([]));
}

#[test]
fn show_for_people_has_fields_and_timeline() {
    let world = World::new();
    let _ = world.run("reps add --name Mira").done();
    let _ = world
        .run("contacts add --name 'Nora Keller' --email nora@keller.example --note 'first\nsecond'")
        .done();
    let _ = world.run("log call 'Price talk' --contact 'Nora Keller' --as Mira --minutes 12 --body 'Too dear.'").done();
    insta::assert_snapshot!(without_ids(&world.run("contacts show 'Nora Keller'").done()), @r"
    id          [id]
    name        Nora Keller
    emails      nora@keller.example
    created_at  2026-11-24 11:05
    note        first
                second
    last_touch  2026-11-24 11:05
    version     2

    2026-11-24 11:05  call  Price talk (Mira)
        Too dear.
    ");
}

#[test]
fn many_records_are_not_trashed_unasked() {
    let world = World::new();
    let ids: Vec<String> = (0..21)
        .map(|number| world.add(&format!("companies add --name 'Firm {number}'")))
        .collect();
    let line = format!("companies rm {}", ids.join(" "));
    let said = world.run(&line).failed(2);
    assert!(
        said.contains("Put 21 companies into the trash?") && said.contains("--yes"),
        "{said}"
    );
    let said = world.run(&format!("{line} -y")).done();
    assert!(said.starts_with("Trashed 21 companies\n"), "{said}");
    let _ = world.run("undo").done();
    assert_eq!(
        world.json("companies list")["items"]
            .as_array()
            .unwrap()
            .len(),
        21
    );
}

#[test]
fn ids_begin_differently_even_when_they_are_made_one_at_a_time() {
    let world = World::new();
    let ids: Vec<String> = (0..5)
        .map(|number| world.add(&format!("contacts add --name 'Person {number}'")))
        .collect();
    for id in &ids {
        let item = &world.json(&format!("contacts show {}", &id[..4]))["item"];
        assert_eq!(item["id"], id.as_str());
    }
}

#[test]
fn custom_fields_are_added_listed_changed_and_taken_out_of_the_trash() {
    let world = World::new();
    let said = world
        .run("fields add --name Region --of Deals --kind choice --choices 'North, South,North'")
        .done();
    assert_eq!(without_ids(&said), "Added custom field Region  [id]\n");
    let item = &world.json("fields show region")["item"];
    assert_eq!(
        (&item["entity"], &item["kind"]),
        (&json!("deal"), &json!("choice"))
    );
    assert!(item["choices"].to_string().contains("South"), "{item}");
    let _ = world.run("fields edit Region --name Area").done();
    let _ = world.run("fields rm Area").done();
    assert!(!world.run("fields list").done().contains("Area"));
    let trash = world.run("trash list area").done();
    assert!(trash.contains("Area"), "{trash}");
    let _ = world.run("fields restore Area").done();
    assert!(world.run("fields list").done().contains("Area"));
    let fault = world
        .run("fields add --name X --of stages --kind text")
        .failed(4);
    assert!(fault.contains("write one of contact"), "{fault}");
    let fault = world
        .run("fields add --name X --of deals --kind colour")
        .failed(4);
    assert!(fault.contains("write one of text"), "{fault}");
}

#[test]
fn who_has_an_address_already_is_told_and_is_an_error_only_when_that_is_wanted() {
    let world = World::new();
    let id = world.add("contacts add --name Nora --email nora@keller.example");
    let told = world
        .run("contacts add --name 'Nora K.' --email Nora@Keller.example")
        .stderr;
    assert!(told.contains("Nora has") && told.contains(&id), "{told}");
    let told = world
        .run("leads add --name 'N. Keller' --email nora@keller.example")
        .stderr;
    assert!(told.contains("warning: Nora"), "{told}");
    let fault = world
        .run("contacts add --name Other --email nora@keller.example --strict")
        .failed(4);
    assert!(fault.contains("has nora@keller.example already"), "{fault}");
}

#[test]
fn what_a_custom_field_holds_is_shown_as_its_kind_says() {
    let world = World::new();
    let file = world.write(
        "people.csv",
        "name,email,Shoe count,Met on\nAda,ada@oats.example,12345,2026-11-27\n",
    );
    let _ = world.run(&format!("import {}", file.display())).done();
    let kinds = world.run("fields list --plain --fields name,kind").done();
    assert!(kinds.contains("Shoe count\tnumber"), "{kinds}");
    let shown = world.run("contacts show Ada").done();
    assert!(shown.contains("12,345"), "{shown}");
    let plain = world
        .run("contacts list --csv --fields 'Shoe count'")
        .done();
    assert_eq!(plain, "Shoe count\n12345\n", "as programs read it");
}

#[test]
fn custom_fields_are_filled_and_emptied_as_in_a_form() {
    let world = World::new();
    for line in [
        "fields add --name 'Deal size' --of company --kind money",
        "fields add --name Tier --of company --kind choice --choices gold,silver",
    ] {
        let _ = world.run(line).done();
    }
    let add = "companies add --name Alpina --set 'deal size=42k'";
    let _ = world.run(&format!("{add} --set tier=GOLD")).done();
    let item = &world.json("companies show Alpina")["item"]["custom"];
    assert_eq!(item["Tier"], "gold");
    assert_eq!(item["Deal size"]["minor"], 4_200_000);
    let _ = world.run("companies edit Alpina --set Tier=").done();
    assert!(world.json("companies show Alpina")["item"]["custom"]["Tier"].is_null());
    for (set, said) in [
        ("teir=gold", "Did you mean `Tier`?"),
        ("city=Bern", "`--city` fills that field."),
        ("tier", "names a field and no value"),
        ("tier=wood", "none of gold, silver"),
        ("'deal size=much'", "much"),
    ] {
        let ran = world.run(&format!("companies edit Alpina --set {set}"));
        let told = ran.stderr;
        assert!(told.contains(said), "{set}: {told}");
    }
}
