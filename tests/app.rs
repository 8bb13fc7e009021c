//! The app on real books, without a terminal: keys go in, the store thread works, frames are drawn on a screen in memory.

#![expect(clippy::unwrap_used, reason = "a test says why it fails by failing")]

use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use chrono_tz::Europe::Zurich;
use clinch::config::keymap::Preset;
use clinch::config::theme::Looks;
use clinch::domain::command::{Command, Create, Origin, Slot, StepDraft};
use clinch::domain::nouns::{Entity, deal, rep};
use clinch::domain::pipeline;
use clinch::domain::time::Instant;
use clinch::store::handle::{Event, Handle};
use clinch::store::query::{Answer, Asked, ListQuery, Query};
use clinch::store::{Book, NewBook, Opening, random_id};
use clinch::tui::app::{App, FirstGuess, Start};
use clinch::tui::kept::Keeping;
use clinch::tui::keys::Bindings;
use clinch::tui::msg::{Effect, Msg};
use clinch::tui::screens::Shown;
use clinch::tui::terminal::abilities::Abilities;
use clinch::tui::theme::Theme;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

/// Long enough for a slow machine; what never comes fails the test.
const PATIENCE: Duration = Duration::from_secs(20);

fn now() -> Instant {
    Instant::parse("2026-11-24T09:05:00Z", Zurich).unwrap()
}

fn draft(commands: Vec<Command>) -> StepDraft {
    let id = random_id();
    StepDraft {
        id,
        group: id,
        rep: None,
        at: now(),
        origin: Origin::Human,
        label: None,
        import: None,
        commands,
    }
}

fn create(
    slot: u32,
    entity: Entity,
    fields: Vec<(clinch::domain::nouns::Field, clinch::domain::command::Input)>,
) -> Command {
    Command::Create(Create {
        slot: Slot(slot),
        entity,
        created_at: Some(now()),
        fields,
        sets: Vec::new(),
    })
}

/// A book with the standard pipeline, two reps and deals in Qualify.
fn book(folder: &Path, deals: &[&str]) -> PathBuf {
    let path = folder.join("team.db");
    let new = NewBook {
        name: "team".to_owned(),
        base: "CHF".parse().unwrap(),
        zone: Zurich,
        fiscal_start: 1,
    };
    let mut book = Book::create(&path, &new).unwrap();
    let mut commands = pipeline::standard("Sales", Slot(0));
    commands.extend(pipeline::standard_reasons(Slot(100)));
    for (slot, name) in (200..).zip(["Ana Meier", "Ben Kaya"]) {
        commands.push(create(
            slot,
            Entity::Rep,
            vec![((&rep::NAME).into(), name.into())],
        ));
    }
    // A new deal goes on top of its column, so the first is made last.
    for (slot, title) in (300..).zip(deals.iter().rev()) {
        commands.push(create(
            slot,
            Entity::Deal,
            vec![
                ((&deal::TITLE).into(), (*title).into()),
                ((&deal::STAGE).into(), Slot(1).into()),
                ((&deal::CURRENCY).into(), "CHF".into()),
                ((&deal::AMOUNT).into(), 1_000_000.into()),
            ],
        ));
    }
    book.commit(&draft(commands)).unwrap();
    path
}

/// An app, its store thread and its screen.
struct Seat {
    app: App,
    store: Handle,
    told: Receiver<Event>,
    screen: Terminal<TestBackend>,
    left: bool,
}

impl Seat {
    fn at(path: &Path, rep: &str) -> Self {
        let (tell, told) = channel();
        let start = Start {
            rep: Some(rep.to_owned()),
            now: None,
            first_start: FirstGuess::default(),
            real: now(),
            foot: "this-quarter".to_owned(),
            mouse: true,
            shown: Shown::Pipeline,
            size: (100, 30),
            looks: Looks::default(),
            can: Abilities::default(),
        };
        let mut seat = Self {
            app: App::new(
                start,
                Bindings::load(Preset::Standard, None).unwrap(),
                Theme::default(),
            ),
            store: Handle::start(Opening::of(path), move |event| {
                let _ = tell.send(event);
            }),
            told,
            screen: Terminal::new(TestBackend::new(100, 30)).unwrap(),
            left: false,
        };
        seat.see("open");
        seat.see(rep.split(' ').next().unwrap());
        seat
    }

    fn tell(&mut self, message: Msg) {
        for effect in self.app.update(now(), message) {
            match effect {
                Effect::Write {
                    ticket,
                    commands,
                    origin,
                    label,
                } => {
                    let mut draft = draft(commands);
                    (draft.rep, draft.origin, draft.label) = (self.app.me(), origin, label);
                    self.store.write(ticket, draft);
                }
                Effect::Read { view, query } => self.store.read(view, query),
                Effect::Check => self.store.check(),
                Effect::Quit => self.left = true,
                // Nothing is half-written beyond the end of a test.
                Effect::Keep(keep) => self.tell(Msg::Keeping(Keeping {
                    claimed: keep.claimed(),
                    outcome: Ok(Vec::new()),
                })),
                Effect::Recall(_) | Effect::LookAtKept => {}
                other => panic!("{other:?}"),
            }
        }
    }

    fn press(&mut self, keys: &str) -> &mut Self {
        for c in keys.chars() {
            let code = match c {
                '\n' => KeyCode::Enter,
                '\x1b' => KeyCode::Esc,
                '\t' => KeyCode::Tab,
                c => KeyCode::Char(c),
            };
            self.tell(Msg::Keys(vec![KeyEvent::new(code, KeyModifiers::NONE)]));
        }
        self
    }

    fn save_form(&mut self) -> &mut Self {
        let key = KeyEvent::new(KeyCode::Char('s'), KeyModifiers::CONTROL);
        self.tell(Msg::Keys(vec![key]));
        self
    }

    fn text(&mut self) -> String {
        let app = &mut self.app;
        self.screen.draw(|frame| app.draw(frame)).unwrap();
        self.screen.backend().to_string()
    }

    /// Takes what the store reports until a text is on the screen.
    fn see(&mut self, text: &str) -> &mut Self {
        loop {
            let shown = self.text();
            if shown.contains(text) {
                return self;
            }
            match self.told.recv_timeout(PATIENCE) {
                Ok(event) => self.tell(Msg::Store(event)),
                Err(why) => panic!("`{text}` never came ({why}):\n{shown}"),
            }
        }
    }

    /// Takes what the store reports until nothing is on its way.
    fn settle(&mut self) -> &mut Self {
        while !self.app.unsaved().is_nothing() {
            let event = self.told.recv_timeout(PATIENCE).unwrap();
            self.tell(Msg::Store(event));
        }
        self
    }
}

/// Titles and stages of all deals, as another program reads them.
fn deals(path: &Path) -> Vec<(String, String)> {
    let query = Query::List(ListQuery {
        entity: Entity::Deal,
        filter: None,
        sort: vec![("title".to_owned(), false)],
        limit: None,
        trashed: false,
        asked: Asked {
            now: now(),
            me: None,
        },
    });
    let Answer::List(listing) = Book::open(path)
        .unwrap()
        .ask_patiently(&query, PATIENCE)
        .unwrap()
    else {
        panic!("a list is answered by a list")
    };
    listing
        .records
        .iter()
        .map(|record| {
            let stage = record.link::<clinch::domain::records::Stage>(&deal::STAGE);
            (record.name(), stage.unwrap().name)
        })
        .collect()
}

fn pair(title: &str, stage: &str) -> (String, String) {
    (title.to_owned(), stage.to_owned())
}

#[test]
fn moves_wins_and_losses_reach_the_book_and_undo_takes_them_back() {
    let folder = tempfile::tempdir().unwrap();
    let path = book(folder.path(), &["Alpina", "Brugg", "Celio"]);
    let mut seat = Seat::at(&path, "Ana Meier");
    seat.press(">").settle().see("Move Alpina to Discovery");
    seat.press("hW").settle().see("Won Q4 1");
    seat.press("XPrice\n").settle().see("Lost Q4 1");
    assert_eq!(
        deals(&path),
        [
            pair("Alpina", "Discovery"),
            pair("Brugg", "Won"),
            pair("Celio", "Lost")
        ]
    );
    for said in ["Undo: Lose Celio", "Undo: Win Brugg", "Undo: Move Alpina"] {
        seat.press("u").settle().see(said);
    }
    assert!(deals(&path).iter().all(|(_, stage)| stage == "Qualify"));
    seat.press("U").settle().see("Redo");
    assert!(deals(&path).contains(&pair("Alpina", "Discovery")));
}

#[test]
fn a_deal_is_added_changed_found_and_filtered() {
    let folder = tempfile::tempdir().unwrap();
    let path = book(folder.path(), &["Alpina"]);
    let mut seat = Seat::at(&path, "Ana Meier");
    seat.press("aDorado cable").see("New deal");
    seat.save_form()
        .settle()
        .see("Add deal Dorado cable")
        .see("▶ Dorado cable");
    assert!(deals(&path).contains(&pair("Dorado cable", "Qualify")));
    // The cursor went to it.
    seat.press("cAsked for references\n")
        .settle()
        .see("Log call on Dorado cable");
    seat.press("\n").see("Asked for references").press("\x1b");
    seat.press("tSend the offer\tfri").save_form().settle();
    seat.see("Fri Task");
    seat.press("fdora")
        .see("deal · Qualify")
        .press("\n")
        .see("Deal · Dorado cable");
    seat.press("\x1b/title:alpina")
        .see("(1 left out)")
        .see("open 1");
    seat.press("x").see("open 0").press("\x1b").see("open 2");
    seat.press("/stge:x")
        .see("the nearest is `stage`")
        .press("\x1bq");
    assert!(seat.left);
}

#[test]
fn two_people_see_each_other_and_settle_a_clash() {
    let folder = tempfile::tempdir().unwrap();
    let path = book(folder.path(), &["Alpina", "Brugg"]);
    let (mut ana, mut ben) = (Seat::at(&path, "Ana Meier"), Seat::at(&path, "Ben Kaya"));
    // Ben works on what he saw before Ana's move came to him.
    ana.press(">").settle();
    ben.press("sProp\n")
        .settle()
        .see("changed while you edited");
    ben.press("W").settle();
    assert!(deals(&path).contains(&pair("Alpina", "Proposal")));
    ana.see("Ben Kaya: ").see("╔═ Proposal");
    // Undo refuses what somebody changed since.
    ana.press("u").settle().see("Ben Kaya changed");
    assert!(deals(&path).contains(&pair("Alpina", "Proposal")));
}

#[test]
fn who_edits_the_same_field_is_asked_mine_theirs_or_original() {
    let folder = tempfile::tempdir().unwrap();
    let path = book(folder.path(), &["Alpina"]);
    let (mut ana, mut ben) = (Seat::at(&path, "Ana Meier"), Seat::at(&path, "Ben Kaya"));
    ana.press("E").see("Deal Alpina").press(" South");
    ben.press("E").see("Deal Alpina").press(" North");
    ben.save_form().settle().see("Edit Alpina North: title");
    ana.save_form().settle().see("changed while you edited");
    for value in ["was Alpina", "Ben Alpina North", "you Alpina South"] {
        ana.see(value);
    }
    // Nothing of Ana's is in the book before she has decided; then hers is, over what Ben wrote.
    assert_eq!(deals(&path), [pair("Alpina North", "Qualify")]);
    ana.press("W").settle();
    assert_eq!(deals(&path), [pair("Alpina South", "Qualify")]);
    // Whoever looks reads all three in the history, and Ana's undo gives Ben's back.
    ana.press("u").settle();
    assert_eq!(deals(&path), [pair("Alpina North", "Qualify")]);
}

#[test]
fn who_edits_other_fields_of_the_same_deal_is_not_asked() {
    let folder = tempfile::tempdir().unwrap();
    let path = book(folder.path(), &["Alpina"]);
    let (mut ana, mut ben) = (Seat::at(&path, "Ana Meier"), Seat::at(&path, "Ben Kaya"));
    ana.press("E").see("Deal Alpina").press(" South");
    ben.press("sProp\n").settle();
    ana.save_form().settle();
    assert_eq!(deals(&path), [pair("Alpina South", "Proposal")]);
    assert!(!ana.text().contains("changed while you edited"));
}

#[test]
fn who_edits_what_was_trashed_meanwhile_can_restore_it_with_the_edits() {
    let folder = tempfile::tempdir().unwrap();
    let path = book(folder.path(), &["Alpina", "Brugg"]);
    let (mut ana, mut ben) = (Seat::at(&path, "Ana Meier"), Seat::at(&path, "Ben Kaya"));
    ana.press("E").see("Deal Alpina").press(" South");
    ben.press("#").settle();
    assert_eq!(deals(&path), [pair("Brugg", "Qualify")]);
    ana.save_form().settle().see("restore it with my edits");
    assert_eq!(deals(&path), [pair("Brugg", "Qualify")]);
    ana.press("W").settle();
    assert_eq!(
        deals(&path),
        [pair("Alpina South", "Qualify"), pair("Brugg", "Qualify")]
    );
}

#[test]
fn what_another_program_wrote_into_the_book_reaches_no_cell_raw() {
    const EVIL: &str =
        "a\u{1b}]52;c;QQ==\u{7}b\u{1b}[2J\u{9b}31mc\u{202e}d\u{2066}e\u{200f}f\r\ng\u{2028}h";
    let folder = tempfile::tempdir().unwrap();
    let path = book(folder.path(), &["Alpina", "Brugg"]);
    let raw = rusqlite::Connection::open(&path).unwrap();
    for (table, field) in [
        ("deal", "title"),
        ("stage", "name"),
        ("step", "label"),
        ("book", "name"),
        ("lost_reason", "name"),
        ("pipeline", "name"),
    ] {
        let sql = format!("UPDATE {table} SET {field} = {field} || ?1");
        assert!(raw.execute(&sql, [EVIL]).unwrap() > 0, "{table}");
    }
    let note = raw
        .execute("UPDATE deal SET note = ?1, lead_source = ?1", [EVIL])
        .unwrap();
    assert_eq!(note, 2);
    let mut seat = Seat::at(&path, "Ana Meier");
    let is_harmless = |seat: &mut Seat, place: &str| {
        let shown = seat.text();
        let plays = |c: char| {
            c.is_control() && c != '\n'
                || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!shown.contains(plays), "{place}: {}", shown.escape_debug());
    };
    is_harmless(&mut seat, "board");
    for (keys, seen, place) in [
        ("\n", "Qualify", "record"),
        ("E", "Expected close", "form"),
        ("s", "Discovery", "stages"),
        ("X", "Price", "lose"),
        (":", "type to find", "palette"),
        (":log-call", "Log a call", "palette that was typed into"),
        ("falp", "Alpina", "find"),
        ("?", "Keys that count here", "help"),
        ("?log a call", "Log a call", "help that was typed into"),
        ("i", "weighted", "figures"),
        ("/title:alpina", "Alpina", "filter"),
    ] {
        seat.press(keys).see(seen);
        is_harmless(&mut seat, place);
        seat.press("\x1b\x1b");
    }
    seat.press(">").settle().see("Move");
    is_harmless(&mut seat, "status");
    seat.press("!").see("Move");
    is_harmless(&mut seat, "messages");
}

#[test]
fn marked_deals_of_which_others_changed_one_go_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = book(folder.path(), &["Alpina", "Brugg", "Celio"]);
    let (mut ana, mut ben) = (Seat::at(&path, "Ana Meier"), Seat::at(&path, "Ben Kaya"));
    ben.press("sProp\n").settle();
    ana.press("*sNego\n")
        .settle()
        .see("1 stays as it is: Alpina");
    assert_eq!(
        deals(&path),
        [
            pair("Alpina", "Proposal"),
            pair("Brugg", "Negotiate"),
            pair("Celio", "Negotiate")
        ]
    );
}

#[test]
fn marked_deals_go_together_and_come_back_together() {
    let folder = tempfile::tempdir().unwrap();
    let path = book(folder.path(), &["Alpina", "Brugg", "Celio"]);
    let mut seat = Seat::at(&path, "Ana Meier");
    seat.press("*sNego\n").settle().see("Negotiate 3");
    assert!(deals(&path).iter().all(|(_, stage)| stage == "Negotiate"));
    seat.press("u").settle();
    assert!(deals(&path).iter().all(|(_, stage)| stage == "Qualify"));
}
