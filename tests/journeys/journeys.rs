//! The journeys.

use crate::terminal::World;

const ENTER: &str = "\r";
const ESC: &str = "\x1b";

#[test]
fn who_starts_without_a_book_answers_three_questions_and_has_one() {
    let world = World::new();
    let mut app = world.app_without(&["CLINCH_REP"], 100, 30);
    app.see("Currency");
    // Book, currency, zone, name: all but the currency have an answer to start with.
    app.press(ENTER).press("USD");
    for _ in 0..3 {
        app.press(ENTER);
    }
    app.see("No open deals here");
    app.press("q");
    assert_eq!(app.end(), 0);
    let status = world.shell(&["book", "status", "--json"]);
    assert!(status.contains("\"schema_version\""), "{status}");
}

#[test]
fn a_move_is_there_after_a_restart_and_undo_takes_it_back() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    app.press(">").see_in_column("Renewal", 1);
    app.press("q");
    assert_eq!(app.end(), 0);

    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 1);
    app.press("u").see_in_column("Renewal", 0);
    app.press("U").see_in_column("Renewal", 1);
    app.press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn what_is_imported_in_the_shell_stands_on_the_board() {
    let world = World::new();
    world.shell(&["book", "init", "--currency", "USD", "--tz", "UTC"]);
    let file = world.path("deals.csv");
    let rows = "Deal ID,Deal Name,Account,Deal Stage,Amount,Close Date\n\
        1,Solar roof,Alpina,Prospecting,1200,\n2,Heat pump,Alpina,Engaging,,\n3,Old boiler,Brugg,Won,500,2026-03-01\n";
    std::fs::write(&file, rows).unwrap();
    world.shell(&["import", "deals.csv"]);
    let mut app = world.app_without(&["CLINCH_REP"], 100, 30);
    app.see("Solar roof").see("Heat pump").see("open 2");
    app.press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn a_move_in_one_app_appears_in_the_other_without_a_key() {
    let world = World::with_deals();
    let mut one = world.app(100, 30);
    let mut two = world.app(100, 30);
    one.see_in_column("Renewal", 0);
    two.see_in_column("Renewal", 0);
    one.press(">").see_in_column("Renewal", 1);
    two.see_in_column("Renewal", 1);
    for mut app in [one, two] {
        app.press("q");
        assert_eq!(app.end(), 0);
    }
}

#[test]
fn a_change_from_the_shell_does_not_move_the_cursor_to_another_deal() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    app.press("j").see("▶ Alpina · Pilot");
    world.shell(&[
        "deals",
        "add",
        "--title",
        "Brand new",
        "--company",
        "Alpina",
    ]);
    app.see("Brand new").see("▶ Alpina · Pilot");
    app.press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn losing_a_deal_asks_why_in_the_same_gesture() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    app.press("X").see("Price");
    app.press("Price").press(ENTER);
    app.see("✓ Lose Renewal").miss("▶ Alpina · Renewal");
    app.press("q");
    assert_eq!(app.end(), 0);
    let lost = world.shell(&["deals", "list", "--filter", "state:lost", "--json"]);
    assert!(lost.contains("Renewal"), "{lost}");
}

#[test]
fn a_field_that_somebody_else_changed_meanwhile_is_asked_about() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    // The menu of fields; the first is the title, which is edited where it stands.
    app.press("e").see("Title");
    app.press(ENTER).see("Title · Renewal");
    app.press(" mine");
    world.shell(&["deals", "edit", "Renewal", "--title", "Renewal theirs"]);
    app.see("changed by");
    // Ctrl-S saves.
    app.press("\x13")
        .see("changed while you edited")
        .see("Renewal theirs")
        .see("Renewal mine");
    app.press("W").see("Renewal mine");
    app.press("q");
    assert_eq!(app.end(), 0);
    let deals = world.shell(&["deals", "list", "--json"]);
    assert!(deals.contains("Renewal mine"), "{deals}");
}

#[test]
fn the_screen_fits_any_terminal() {
    let world = World::with_deals();
    let mut app = world.app(160, 45);
    app.see("Renewal");
    app.resize(60, 20).see("Renewal").see("[Qualify");
    app.resize(30, 8).see("40x10");
    app.resize(1, 1);
    app.resize(100, 30).see_in_column("Renewal", 0);
    app.press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn a_pasted_text_is_typed_and_never_run_as_keys() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    app.paste("q>>WX\n");
    app.press("/").paste("Pil\not").see("2 left out");
    // Esc and the next key may come in one read, and are two keys all the same.
    app.press(ESC).press("q");
    assert_eq!(app.end(), 0);
    assert!(
        !world
            .shell(&["deals", "list", "--json"])
            .contains("\"won\"")
    );
}

#[test]
fn a_write_that_waits_for_a_lock_is_shown_and_saved_before_the_app_leaves() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    let lock = rusqlite::Connection::open(world.path("team.db")).unwrap();
    lock.execute_batch("BEGIN IMMEDIATE").unwrap();
    app.press(">")
        .see_in_column("Renewal", 1)
        .see("waiting for a colleague's lock");
    app.press("q").see("before leaving");
    lock.execute_batch("ROLLBACK").unwrap();
    drop(lock);
    assert_eq!(app.end(), 0);
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 1);
    app.press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn a_half_written_note_is_there_after_a_crash() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    app.press("n").see("Log a note").press("they want two ye");
    let folder = world.path(".local/state/clinch/drafts");
    // A file that is still being written has another name.
    let kept = || {
        let files = std::fs::read_dir(&folder).into_iter().flatten();
        let mut whole = files
            .map(|file| file.unwrap().path())
            .filter(|path| path.extension().is_some_and(|kind| kind == "json"));
        whole.any(|path| {
            std::fs::read_to_string(path).is_ok_and(|text| text.contains("they want two ye"))
        })
    };
    app.until("what was typed was not kept", kept);
    app.crash();

    let mut app = world.app(100, 30);
    app.see("Half-written and kept: Write a note · Renewal")
        .see("▶ Alpina · Renewal");
    app.press("n")
        .see("they want two ye")
        .press("ars")
        .press("\x13");
    app.see("u undoes it");
    app.press("q");
    assert_eq!(app.end(), 0);
    let deal = world.shell(&["deals", "show", "Renewal"]);
    assert!(deal.contains("they want two years"), "{deal}");
    assert!(!kept(), "what the book has is half-written no more");
}

#[test]
fn a_card_is_dragged_to_the_next_column() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    app.drag("Renewal", 1).see_in_column("Renewal", 1);
    app.see("u undoes it").press("q");
    assert_eq!(app.end(), 0);
    let deal = world.shell(&["deals", "show", "Renewal"]);
    assert!(deal.contains("Discovery"), "{deal}");
}

#[test]
fn an_app_that_is_ended_from_outside_gives_the_terminal_back() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    app.press("n").see("Log a note").press("half").see("half");
    app.signal(rustix::process::Signal::TERM);
    assert_eq!(app.end(), 143);
    let mut app = world.app(100, 30);
    app.see("Half-written and kept");
    app.press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn a_call_is_logged_in_three_keys_with_its_outcome() {
    let world = World::with_deals();
    let nora = [
        "contacts",
        "add",
        "--name",
        "Nora Keller",
        "--company",
        "Alpina",
    ];
    world.shell(&nora);
    let mut app = world.app_on("contacts", 100, 30);
    app.see("Nora Keller").press(ENTER).see("added");
    let keys = ["c", "n", ENTER];
    assert!(keys.len() <= 3);
    for key in keys {
        app.press(key);
    }
    app.see("✓ Log call on Nora Keller").see("no answer");
    app.press("u").see("U redoes it").miss("no answer");
    app.press("U").see("no answer");
    app.press("q");
    assert_eq!(app.end(), 0);
    let shown = world.shell(&["contacts", "show", "Nora Keller"]);
    assert!(shown.contains("no answer"), "{shown}");
}

#[test]
fn a_lead_is_converted_in_two_keys_and_one_undo_takes_all_of_it_back() {
    let world = World::with_deals();
    for lead in ["Marta Silva", "Jonas Weber"] {
        world.shell(&["leads", "add", "--name", lead, "--company", "Alpina"]);
    }
    let mut app = world.app_on("leads", 100, 30);
    app.see("▶  Marta Silva").see("view: Open");
    let keys = ["W", ENTER];
    assert!(keys.len() <= 2);
    for key in keys {
        app.press(key);
    }
    app.see("✓ Convert Marta Silva into deal Alpina")
        .see("▶  Jonas Weber");
    let deals = || world.shell(&["deals", "list", "--filter", "contact:marta", "--json"]);
    assert!(deals().contains("\"Alpina\""), "{}", deals());
    // Whoever was converted says so.
    app.press("V").see("Show of the leads").press("Qual\r");
    app.see("converted: deal Alpina");
    app.press("W").see("is converted already: deal Alpina");
    app.press("u").see("U redoes it").see("No leads here");
    app.press("V").see("Show of the leads").press("Open\r");
    app.see("Marta Silva").see("Jonas Weber");
    assert!(!deals().contains("\"Alpina\""), "{}", deals());
    // A reason is asked in the same gesture.
    app.press("X").see("Why?").press("No need").press(ENTER);
    app.see("u undoes it").miss("▶  Marta Silva");
    app.press("q");
    assert_eq!(app.end(), 0);
    let dropped = world.shell(&["leads", "show", "Marta Silva"]);
    assert!(dropped.contains("No need"), "{dropped}");
}

#[test]
fn a_contact_is_found_filtered_opened_and_left_again() {
    let world = World::with_deals();
    for name in ["Nora Keller", "Tom Brand", "Zoe Martin"] {
        world.shell(&["contacts", "add", "--name", name]);
    }
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    app.press("4").see("1 of 3");
    app.press("/tom").see("1 of 1").miss("Nora Keller");
    app.press(ENTER)
        .press(ENTER)
        .see("Timeline")
        .see("▸ Tom Brand");
    app.press(ESC).see("1 of 1");
    app.press(ESC).see("2 of 3");
    app.press("3").see_in_column("Renewal", 0);
    app.press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn a_next_step_is_planned_from_today_in_six_keys_done_and_put_off() {
    let world = World::with_deals();
    let mut app = world.app_as_of("2026-11-24T10:05:00Z", "pipeline", 100, 30);
    app.see_in_column("Renewal", 0);
    // What is late already.
    app.press("t").see("Plan the next step");
    app.press("Call them").press("\t");
    app.press("2026-11-20")
        .press(ENTER)
        .see("✓ Plan the next step");
    app.press("1")
        .see("[1 Today]")
        .see("Overdue 1")
        .see("Call them");
    let keys = ["t", "\t", "f", "r", "i", ENTER];
    assert!(keys.len() <= 6);
    for key in keys {
        app.press(key);
    }
    app.see("This week 1").see("Follow up");
    app.press("d").see("Done: Call them").miss("Overdue 1");
    app.press("u").see("Overdue 1");
    // The cursor went on to what was planned just now, and stays there.
    app.see("▶  Fri 27 Task Alpina Follow up");
    app.press("z").see("Put off · Follow up");
    app.press("+1d").press(ENTER);
    app.see("Tomorrow 1").see("Overdue 1");
    app.press("q");
    assert_eq!(app.end(), 0);
    let mut app = world.app_as_of("2026-11-24T10:05:00Z", "today", 100, 30);
    app.see("Tomorrow 1").see("Overdue 1");
    app.press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn the_app_opens_on_today_and_says_whose_it_is() {
    let world = World::with_deals();
    let mut app = world.app_plain(&[]);
    app.see("[1 Today]").see("Next steps · mine");
    app.press("q");
    assert_eq!(app.end(), 0);
    let mut app = world.app_plain(&["CLINCH_REP"]);
    app.see("everybody's: nobody has said who they are");
    app.press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn a_contact_is_found_by_a_misspelt_name_and_opened() {
    let world = World::with_deals();
    world.shell(&["contacts", "add", "--name", "Sacha Rothenberger"]);
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    // Two letters are swapped. A key for each letter, and one to ask.
    app.press("f").see("Find any record");
    app.press("Sahca").see("near: sacha");
    app.press(ENTER).see("Sacha Rothenberger");
    app.press("f").see("Sacha Rothenberger").press(ESC);
    app.press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn a_view_that_was_saved_is_there_after_a_restart_and_what_it_shows_is_exported() {
    let world = World::with_deals();
    world.shell(&["contacts", "add", "--name", "Nora Keller", "--city", "Bern"]);
    world.shell(&[
        "contacts",
        "add",
        "--name",
        "Marta Silva",
        "--city",
        "Porto",
    ]);
    let mut app = world.app_on("contacts", 100, 30);
    app.see("Nora Keller").see("Marta Silva");
    app.press("/").see("as before");
    app.press("city:Bern").miss("Marta Silva").press(ENTER);
    app.press("V")
        .see("Save what is shown")
        .press("Save")
        .press(ENTER);
    app.see("Save as a view").press("Bernese").press("\x13");
    app.see("view: Bernese");
    app.press("q");
    assert_eq!(app.end(), 0);
    let views = world.shell(&["views", "list", "--csv"]);
    assert!(views.contains("Bernese,contacts,,city:Bern"), "{views}");

    let mut app = world.app_on("contacts", 100, 30);
    app.see("Marta Silva");
    app.press("V").see("Bernese").press("Bern").press(ENTER);
    app.see("view: Bernese")
        .miss("Marta Silva")
        .see("Nora Keller");
    let file = world.path("bern.csv");
    app.press("x").see("Export 1 contact ").press("\x15");
    app.press(&file.display().to_string()).press(ENTER);
    app.see("Exported 1 contact ");
    app.press("q");
    assert_eq!(app.end(), 0);
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(
        written.contains("Nora Keller") && !written.contains("Marta"),
        "{written}"
    );
}

#[test]
fn a_seller_goes_from_a_deal_to_its_company_logs_a_note_there_and_comes_back() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    app.press("gc").see("Companies ▸ Alpina").see("Deals");
    app.press("n").see("Log a note");
    app.press("Visited the plant").press(ENTER);
    app.see("✓").see("Visited the plant");
    app.press("gC").see("sort: name").see("Alpina");
    app.press("3").see_in_column("Renewal", 0);
    app.press("q");
    assert_eq!(app.end(), 0);
}
