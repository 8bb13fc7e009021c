//! The conversations.

use super::*;

#[test]
fn a_day_from_the_list_to_the_call_and_back() {
    insta::assert_snapshot!(Bed::new().talk(&[
        "",
        "1",
        "d",
        "reached",
        "",
        "send the contract",
        "fri",
        ".",
        "u",
        "U",
        "today",
        "list",
        "z 1 +7d",
        "c 1",
        "2",
        "?",
        ".back",
        "",
        ".leave",
        "c 1",
        "-",
        ".",
        "quit",
    ]));
}

#[test]
fn deals_move_are_given_away_won_and_lost_by_their_numbers() {
    insta::assert_snapshot!(Bed::new().talk(&[
        "pipeline",
        "> 1",
        "s 1 Proposal",
        "list",
        "o 1 Ben",
        "right",
        "left",
        "u",
        "X 1",
        "9",
        "Price",
        "too dear",
        "u",
        "W 1-2",
        "o 1-2 Ben",
        "undo",
        "U",
        "open 1",
        "e",
        "",
        "",
        "",
        ".amount 45k",
        ".",
        "back",
        "q",
    ]));
}

#[test]
fn a_whole_day_of_a_seller_is_worked_off() {
    insta::assert_snapshot!(Bed::new().talk(&[
        "c 1",
        "reached",
        "Talked the offer through",
        "Send the contract",
        "fri",
        ".",
        "pipeline",
        "2",
        "s Proposal",
        "",
        "right",
        "right",
        "t 1 Call about the contract .",
        "1",
        "leads",
        "W 1",
        ".",
        "f",
        "nora",
        "1",
        "",
        "d 1",
        "reached",
        ".",
        "u",
        "contacts",
        "open 1",
        "back",
        "!",
        "quit",
    ]));
}

#[test]
fn pipelines_are_told_put_in_order_renamed_and_added_to() {
    insta::assert_snapshot!(Bed::new().talk(&[
        "pipelines",
        "J 2",
        "list",
        "u",
        "list",
        "archive 2",
        "Proposal",
        "u",
        "e 3",
        "Talks",
        ".",
        "a 4",
        "Legal",
        ".",
        "open 9",
        "Partners",
        ".",
        "",
        "# 4",
        "back",
    ]));
}

#[test]
fn companies_are_told_and_what_is_done_to_one_needs_no_number() {
    insta::assert_snapshot!(Bed::new().talk(&[
        "companies",
        "a",
        "Keller & Co AG",
        ".city Zug",
        ".",
        "open 1",
        "",
        "n Wants two sites .",
        "gp",
        "back",
        "o 1 Ben",
        "list",
    ]));
}

#[test]
fn columns_and_exports_are_asked_for_too() {
    insta::assert_snapshot!(Bed::new().talk(&[
        "contacts",
        "columns",
        "99",
        "nonsense",
        "name, mail, 4",
        "list",
        "C",
        "-",
        "x",
        "contacts.xlsx",
        "contacts.csv",
        "yes",
        "x 1 2",
        ".leave",
    ]));
}

#[test]
fn steps_and_the_trash_are_told_and_taken_back_by_number() {
    insta::assert_snapshot!(Bed::new().talk(&[
        "contacts",
        "# 1",
        "n 2 Wants two sites .",
        "trash",
        "list",
        "back",
        "steps",
        "undo 2",
        "list",
        "u",
        "trash",
    ]));
}

#[test]
fn leads_are_added_converted_and_dropped() {
    insta::assert_snapshot!(Bed::new().talk(&[
        "leads",
        "a",
        "",
        "Zoë Bianchi",
        "",
        ".company Bianchi & Figli",
        ".mail zoe@bianchi",
        ".mail zoe@bianchi.example",
        ".save",
        "list",
        "X 1 2 no budget",
        "list",
        "W 1",
        ".",
        "V dropped",
        "list",
        "tag 1 later, cold",
        "list",
    ]));
}

#[test]
fn a_contact_is_found_told_and_edited() {
    insta::assert_snapshot!(Bed::new().talk(&[
        "f",
        "zzz",
        "nora",
        "1",
        "E",
        "",
        ".title Head of purchasing",
        ".",
        "n Wants two sites",
        "She will call.\\",
        "",
        "Then we go there.",
        ".",
        "list",
        "ye 1",
        "Esc",
        "back",
        "contacts",
        "/name:",
        "owner:me",
        "/ -",
        "S name",
        "more",
    ]));
}

#[test]
fn what_others_changed_is_told_and_a_clash_is_asked_field_by_field() {
    insta::assert_snapshot!(Bed::new().talk(&[
        "pipeline",
        "e 2",
        ".title Rollout of 40",
        ".amount 45k",
        "!! 4700000",
        ".save",
        "both",
        "mine",
        "list",
        "u",
        "messages",
    ]));
}

#[test]
fn what_is_mistyped_is_answered_with_what_helps() {
    insta::assert_snapshot!(Bed::new().talk(&[
        "stgae 1",
        "page-down",
        "mouse",
        "win",
        "pipeline",
        "W",
        "W 9",
        "5",
        "1 2",
        "convert 1",
        "o 1 2 Zed",
        "",
        "t 1",
        "-",
        "Call again",
        "xx",
        ".",
        "",
    ]));
}

#[test]
fn who_types_while_the_book_is_waited_for_hears_that_it_is_not_lost() {
    let bed = Bed::new();
    let bindings = Bindings::load(Preset::Standard, None).unwrap();
    let start = options(&bed.path()).start((100, 30));
    let mut talk = Talk::new(App::new(start, bindings, Theme::default()), true);
    talk.line(clock(), Some("leads".to_owned()));
    assert!(talk.take_said().is_empty(), "it may answer at once");
    talk.still_waiting();
    talk.still_waiting();
    talk.line(clock(), Some("list".to_owned()));
    assert_eq!(
        talk.take_said(),
        [
            "Waiting for the book.",
            "Still waiting for the book; this is done once it answers."
        ]
    );
}

#[test]
fn who_has_no_book_is_asked_for_one() {
    insta::assert_snapshot!(Bed::empty().talk(&[
        "", "xyz", "eur", "zuri", "Lea Frei", "pipeline", "a", "First", ".", "quit"
    ]));
}

#[test]
fn everything_that_can_be_done_is_told() {
    insta::assert_snapshot!(Bed::new().talk(&["pipeline", "?", "? owner", ": stage"]));
}

#[test]
fn a_script_ends_where_its_lines_end_and_nobody_is_asked() {
    let bed = Bed::new();
    let options = options(&bed.path());
    let output = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let place = crate::tui::plain::run::Place {
        input: Box::new(io::Cursor::new("contacts\nn 1 Wants two sites\n.")),
        output: Box::new(Shared(std::sync::Arc::clone(&output))),
        interactive: false,
    };
    crate::tui::plain::run::run(&options, place).unwrap();
    let text = String::from_utf8(output.lock().unwrap().clone()).unwrap();
    assert!(
        text.ends_with("Saved: Log note on Mikko Laine. u undoes it.\n"),
        "{text}"
    );
    assert!(!text.contains("> "), "{text}");
}

struct Shared(std::sync::Arc<std::sync::Mutex<Vec<u8>>>);

impl io::Write for Shared {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[test]
fn nothing_that_plays_with_a_terminal_is_said() {
    let bed = Bed::new();
    let mut book = Book::open(&bed.path()).unwrap();
    let nora = find(&mut book, Entity::Contact, "Nora Keller");
    drop(book);
    let evil = "\u{1b}]52;c;QQ==\u{7}\u{9b}2J\u{202e}";
    let text = bed.talk(&[
        &format!("c 1 {evil} ."),
        &format!("{evil} 1"),
        &format!("f {evil}"),
        "",
        &format!("/{evil}"),
        &format!("open {nora}"),
        "contacts",
        &format!("/{evil}"),
        "",
    ]);
    let said = text.lines().filter(|line| !line.starts_with("> "));
    for line in said {
        assert!(!line.contains(is_hostile), "{line:?}");
    }
}

#[test]
fn a_long_list_is_told_when_all_of_it_is_known() {
    let bed = Bed::new();
    let mut book = Book::open(&bed.path()).unwrap();
    let people = (0..150).map(|slot| {
        let name = format!("Person {slot:03}").into();
        Command::Create(create(slot, Entity::Contact, &[(&contact::NAME, name)]))
    });
    commit(&mut book, None, people.collect());
    drop(book);
    let said = bed.talk(&["contacts"]);
    assert!(said.contains("153 contacts"), "{said}");
    assert!(!said.contains("100 contacts"), "{said}");
}
