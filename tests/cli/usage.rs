//! Help, slips, and what is said without a terminal.

use crate::harness::World;

#[test]
fn without_a_verb_and_without_a_terminal_there_is_help() {
    let said = World::bare().run("").failed(2);
    assert!(said.contains("Usage: clinch"), "{said}");
    assert!(
        World::bare()
            .run("tui")
            .failed(2)
            .contains("needs a terminal")
    );
}

#[test]
fn help_and_version_are_data() {
    let world = World::bare();
    assert!(world.run("--help").done().contains("CLINCH_BOOK"));
    assert!(
        world
            .run("deals add --help")
            .done()
            .contains("--expected-close")
    );
    assert!(world.run("help deals move").done().contains("STAGE"));
    assert_eq!(
        world.run("--version").done(),
        format!("clinch {}\n", env!("CARGO_PKG_VERSION"))
    );
}

#[test]
fn a_slip_gets_the_nearest_word() {
    let world = World::bare();
    for (line, meant) in [
        ("dealz list", "`deals`"),
        ("deals lst", "`list`"),
        ("deals list --fitler x", "`--filter`"),
        ("log cal x", "`call`"),
        ("completions bahs", "`bash`"),
    ] {
        let said = world.run(line).failed(2);
        assert!(
            said.contains(&format!("hint: Did you mean {meant}?")),
            "{line}: {said}"
        );
    }
}

#[test]
fn a_missing_argument_shows_the_usage() {
    let said = World::bare().run("deals move").failed(2);
    assert!(
        said.contains("<DEAL>") && said.contains("hint: Usage: clinch deals move"),
        "{said}"
    );
    assert!(
        World::bare()
            .run("deals")
            .failed(2)
            .contains("Usage: clinch deals")
    );
}

#[test]
fn faults_of_the_command_line_are_json_where_json_was_asked_for() {
    let said = World::bare().run("deals lst --json").failed(2);
    let fault: serde_json::Value = serde_json::from_str(&said).unwrap();
    assert_eq!(fault["code"], 2);
    assert_eq!(fault["hint"], "Did you mean `list`?");
}

#[test]
fn every_shell_has_completions() {
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = World::bare().run(&format!("completions {shell}")).done();
        assert!(script.contains("expected-close"), "{shell}");
    }
}

#[test]
fn a_moment_that_is_none_is_refused() {
    let world = World::new();
    let said = world
        .clinch("deals list")
        .env("CLINCH_NOW", "soon")
        .run()
        .failed(2);
    assert!(said.contains("`soon` is not a moment"), "{said}");
}

#[test]
fn a_filter_without_its_flag_is_told_the_flag() {
    let world = World::bare();
    let said = world.run("deals list owner:me").failed(2);
    assert!(said.contains("a filter goes with `--filter`"), "{said}");
    let flag = world.run("deals list --bogus").failed(2);
    assert!(!flag.contains("a filter goes"), "{flag}");
}
