//! The app on a slow drive: keys are answered whatever the drive does, and what a screen shows comes within a moment.

use std::path::Path;
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use clinch::config::keymap::Preset;
use clinch::config::theme::Looks;
use clinch::store::handle::{Event, Handle};
use clinch::store::{Book, real_now};
use clinch::tui::app::{App, FirstGuess, Start};
use clinch::tui::keys::Bindings;
use clinch::tui::msg::{Effect, Msg};
use clinch::tui::screens::Shown;
use clinch::tui::terminal::abilities::Abilities;
use clinch::tui::theme::Theme;
use crossterm::event::{KeyCode, KeyEvent, KeyModifiers};
use ratatui::Terminal;
use ratatui::backend::TestBackend;

use super::drive::{Cut, Options, TestDrive, say};
use super::long;
use super::work::{PATIENCE, a_deal_of_a_colleague, new_book, opening, rep_name, saved, step};

/// The app, its store thread and its screen.
struct Seat {
    app: App,
    store: Handle,
    told: Receiver<Event>,
    screen: Terminal<TestBackend>,
}

impl Seat {
    /// The app has started, and shows nothing yet.
    fn starts(book: &Path) -> Self {
        let (tell, told) = channel();
        let start = Start {
            rep: Some(rep_name(0)),
            now: None,
            first_start: FirstGuess::default(),
            real: real_now(),
            foot: "this-quarter".to_owned(),
            mouse: true,
            shown: Shown::Pipeline,
            size: (100, 30),
            looks: Looks::default(),
            can: Abilities::default(),
        };
        let bindings = Bindings::load(Preset::Standard, None).unwrap();
        Self {
            app: App::new(start, bindings, Theme::default()),
            store: Handle::start(opening(book, None), move |event| {
                // Nobody listens any more at the end of a test.
                let _ = tell.send(event);
            }),
            told,
            screen: Terminal::new(TestBackend::new(100, 30)).unwrap(),
        }
    }

    fn tell(&mut self, message: Msg) {
        for effect in self.app.update(real_now(), message) {
            match effect {
                Effect::Write {
                    ticket,
                    commands,
                    origin,
                    label,
                } => {
                    let mut draft = step(self.app.me(), commands);
                    (draft.origin, draft.label) = (origin, label);
                    self.store.write(ticket, draft);
                }
                Effect::Read { view, query } => self.store.read(view, query),
                Effect::Check => self.store.check(),
                // What is half-written is not kept here.
                _ => {}
            }
        }
    }

    /// Presses a key and draws; returns the frame.
    fn key(&mut self, code: KeyCode) -> String {
        self.tell(Msg::Keys(vec![KeyEvent::new(code, KeyModifiers::NONE)]));
        self.frame()
    }

    fn frame(&mut self) -> String {
        let app = &mut self.app;
        self.screen.draw(|frame| app.draw(frame)).unwrap();
        self.screen.backend().to_string()
    }

    /// Takes what the store reports until a text is on the screen.
    fn see(&mut self, text: &str) {
        let begun = Instant::now();
        loop {
            let shown = self.frame();
            if shown.contains(text) {
                return;
            }
            let left = PATIENCE.saturating_sub(begun.elapsed());
            match self.told.recv_timeout(left) {
                Ok(event) => self.tell(Msg::Store(event)),
                Err(why) => panic!("`{text}` never came ({why}):\n{shown}"),
            }
        }
    }

    /// Takes what the store reports until nothing is on its way.
    fn settle(&mut self) {
        while !self.app.unsaved().is_nothing() {
            let event = self.told.recv_timeout(PATIENCE).unwrap();
            self.tell(Msg::Store(event));
        }
    }
}

fn on_a_drive(latency: Duration) -> Option<(TestDrive, Seat)> {
    let drive = TestDrive::mount(Options {
        clients: 2,
        ..Options::default()
    })?;
    new_book(&drive.book(0), 1).unwrap();
    drive.set_latency(latency);
    let mut seat = Seat::starts(&drive.book(0));
    seat.see("Qualify");
    seat.see("Deal ");
    Some((drive, seat))
}

/// Keys that walk over the board, open things and close them again.
const WALK: [KeyCode; 12] = [
    KeyCode::Char('j'),
    KeyCode::Char('j'),
    KeyCode::Char('l'),
    KeyCode::Char('k'),
    KeyCode::Enter,
    KeyCode::Esc,
    KeyCode::Char('?'),
    KeyCode::Esc,
    KeyCode::Char('!'),
    KeyCode::Esc,
    KeyCode::Char(':'),
    KeyCode::Esc,
];

#[test]
fn keys_are_answered_while_the_drive_hangs_and_what_they_did_is_saved_when_it_is_back() {
    let Some((drive, mut seat)) = on_a_drive(Duration::ZERO) else {
        return;
    };
    drive.cut(0, Cut::Hangs);
    // Each of these comes back at once, or this test does not end.
    let before = seat.frame();
    assert_ne!(
        seat.key(KeyCode::Char('>')),
        before,
        "the card did not move"
    );
    for key in WALK {
        seat.key(key);
    }
    assert!(!seat.app.unsaved().is_nothing());
    drive.restore(0);
    seat.settle();
    seat.see("to Discovery");
}

/// Takes a walk on a drive of that latency: how long the slowest key took, and how many operations came of it all.
fn walk(latency: Duration) -> Option<(Duration, u64)> {
    let (drive, mut seat) = on_a_drive(latency)?;
    let before = drive.counts(0);
    let mut slowest = Duration::ZERO;
    for key in WALK.iter().cycle().take(5 * WALK.len()) {
        let begun = Instant::now();
        seat.key(*key);
        slowest = slowest.max(begun.elapsed());
        // What the store has answered meanwhile.
        while let Ok(event) = seat.told.try_recv() {
            seat.tell(Msg::Store(event));
        }
    }
    Some((slowest, drive.counts(0).since(&before).total()))
}

#[test]
fn keys_on_a_slow_drive_are_answered_as_on_a_fast_one() {
    for latency in [0, 5, 20] {
        let Some((slowest, operations)) = walk(Duration::from_millis(latency)) else {
            return;
        };
        say(&format!(
            "60 keys at {latency} ms an operation: the slowest took {slowest:.1?}, {operations} operations came of them"
        ));
        if long() {
            assert!(slowest < Duration::from_millis(100), "{slowest:?}");
        }
    }
}

#[test]
fn what_a_colleague_did_is_on_a_screen_that_was_seen_within_few_operations() {
    let latency = Duration::from_millis(5);
    let Some((drive, mut seat)) = on_a_drive(latency) else {
        return;
    };
    let mut theirs = Book::open_as(&opening(&drive.book(1), None)).unwrap();
    for round in 0..3 {
        let title = format!("New here {round}");
        let draft = a_deal_of_a_colleague(&mut theirs, &title);
        saved(&mut theirs, &draft);
        let (before, begun) = (drive.counts(0), Instant::now());
        seat.key(KeyCode::Char('R'));
        seat.see(&title);
        let (took, asked) = (begun.elapsed(), drive.counts(0).since(&before).total());
        say(&format!(
            "a colleague's deal on the board, at 5 ms an operation: {took:.0?}, {asked} operations"
        ));
        // A second's worth.
        assert!(latency * u32::try_from(asked).unwrap() <= Duration::from_secs(1));
        if long() {
            assert!(took <= Duration::from_secs(1), "{took:?}");
        }
    }
}
