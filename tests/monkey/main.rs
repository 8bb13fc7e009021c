//! Somebody who does not know the app sits down at it: keys at random, in bursts and chords, pastes, clicks, windows of every size,
//! answers that come late, a drive that comes and goes, and colleagues at the same book meanwhile.
//!
//! What must hold is that of anybody: no panic, nothing on the screen that a terminal could take for an order, Esc and `q` lead out
//! from wherever one got to, undo leads back to where one began, and the book holds what its log says.
//!
//! `cargo test` types a short form. `CLINCH_MONKEY=100000 cargo test --release --test monkey -- --nocapture` says how many keys each
//! of them types, `CLINCH_MONKEY_SEED` begins elsewhere. What is typed follows from the seed alone; a failure prints it with the
//! last messages.

#![expect(clippy::unwrap_used, reason = "a test says why it fails by failing")]

mod chance;
mod desk;
mod habits;
mod surfaces;

use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

use clinch::domain::command::{Command, Origin, Which};
use clinch::domain::outcome::Outcome;
use clinch::tui::action::ACTIONS;

use chance::Chance;
use desk::{Colleague, Desk};
use habits::Habits;

/// Keys of the short form.
const SHORT: usize = 4_000;
/// Of a hundred actions, so many are run at least once.
const MOST: usize = 80;
/// Keys from one start of the app to the next, unless it is left before.
const SESSION: usize = 1_500;

fn told(name: &str, usual: usize) -> usize {
    let told = std::env::var(name).ok();
    told.map_or(usual, |told| told.parse().unwrap())
}

/// Types at a desk, from start to start; says how many keys that were.
fn sit_down(desk: &mut Desk, chance: &mut Chance, mut colleague: Option<Colleague>) -> usize {
    let keys = told("CLINCH_MONKEY", SHORT);
    let mut habits = Habits::new();
    let mut typed = 0;
    while typed < keys {
        desk.start();
        let until = (typed + SESSION).min(keys);
        while typed < until && !desk.has_left() {
            let (message, count) = habits.next(desk.before(), chance);
            typed += count;
            desk.hear(message);
            if let Some(colleague) = &mut colleague {
                desk.disturb(chance, colleague);
            } else if chance.of(10, 8) {
                desk.answer();
            }
            desk.draw();
        }
        desk.leave();
    }
    typed
}

/// Runs it, and says with a failure what led to it.
fn watched(name: &str, desk: &mut Desk, run: impl FnOnce(&mut Desk, &mut Chance) -> usize) {
    let seed = told("CLINCH_MONKEY_SEED", 20_261_124);
    let mut chance = Chance::new(seed as u64);
    match catch_unwind(AssertUnwindSafe(|| run(desk, &mut chance))) {
        Ok(typed) => {
            println!(
                "{name}: {typed} keys from seed {seed}, {} steps in the book, {} frames",
                desk.steps, desk.frames
            );
            say_ran(name, desk);
        }
        Err(panic) => {
            println!("{name}: seed {seed}; the last messages, the newest at the end:");
            desk.last.iter().for_each(|message| println!("  {message}"));
            resume_unwind(panic);
        }
    }
}

/// Says which actions were run at least once; most are, for what is never reached is not tested here.
fn say_ran(name: &str, desk: &Desk) {
    let never: Vec<&str> = (0..ACTIONS.len())
        .filter(|place| !desk.ran.contains(place))
        .map(|place| ACTIONS[place].name)
        .collect();
    let (ran, all) = (desk.ran.len(), ACTIONS.len());
    println!("{name}: {ran} of {all} actions were run, never {never:?}");
    assert!(ran * 100 >= all * MOST, "{ran} of {all}, never {never:?}");
}

#[test]
fn among_colleagues_and_on_a_bad_drive_nothing_breaks_and_the_book_stays_whole() {
    let mut desk = Desk::new();
    let colleague = Colleague::beside(&desk);
    watched("among colleagues", &mut desk, |desk, chance| {
        sit_down(desk, chance, Some(colleague))
    });
    let findings = desk.book.check().unwrap();
    assert!(findings.is_clean(), "{:#?}", findings.found);
}

#[test]
fn alone_undo_leads_back_to_where_one_began() {
    let mut desk = Desk::new();
    let before = desk.book.content_hash().unwrap();
    watched("alone", &mut desk, |desk, chance| {
        sit_down(desk, chance, None)
    });
    let mut undone = 0;
    while let Some(group) = desk.newest_act() {
        let undo = vec![Command::Undo(Which::Group(group.group))];
        let outcome = desk.commit(Origin::Undo, undo);
        assert!(
            matches!(outcome, Outcome::Saved(_)),
            "{group:?}: {outcome:?}"
        );
        undone += 1;
    }
    println!("alone: {undone} acts taken back");
    // `u` goes on into what was there before one sat down: that is done again, the oldest first.
    for group in desk.taken_back_of_before() {
        let redo = vec![Command::Redo(Which::Group(group.group))];
        let outcome = desk.commit(Origin::Redo, redo);
        assert!(
            matches!(outcome, Outcome::Saved(_)),
            "{group:?}: {outcome:?}"
        );
    }
    assert_eq!(desk.book.content_hash().unwrap(), before);
    let findings = desk.book.check().unwrap();
    assert!(findings.is_clean(), "{:#?}", findings.found);
}
