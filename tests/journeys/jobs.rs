//! The app as a job of a shell, and terminals that are closed, resized and slow.

use rustix::process::{Pid, Signal, kill_process};

use crate::terminal::{Terminal, World};

const CTRL_Z: &str = "\x1a";

/// A shell in which the app was started by a line, with its cursor on the second deal.
fn started(world: &World, line: &str) -> Terminal {
    let mut shell = world.job_shell(100, 30);
    shell.press(line).press("\r");
    shell.see_in_column("Renewal", 0);
    shell.press("j").see("▶ Alpina · Pilot");
    shell.is_the_apps(true);
    shell
}

/// The shell has the terminal; then the app has it again, in a window of another size, and is left.
fn goes_and_comes_back(mut shell: Terminal) {
    shell.see("ready>").miss("Alpina");
    shell.is_the_apps(false);
    shell.press("echo still $((40 + 2))\r").see("still 42");
    shell.resize(80, 24).press("fg\r");
    shell.see_in_column("Renewal", 0).see("▶ Alpina · Pilot");
    shell.is_the_apps(true);
    shell.press(">").see_in_column("Pilot", 1);
    shell.press("q").see("still 42").miss("Alpina");
    shell.is_the_apps(false);
    shell.press("exit\r");
    assert_eq!(shell.end(), 0);
}

#[test]
fn ctrl_z_gives_the_terminal_to_the_shell_and_fg_brings_the_app_back_as_it_was() {
    let world = World::with_deals();
    let mut shell = started(&world, "clinch tui --screen pipeline");
    shell.press(CTRL_Z);
    goes_and_comes_back(shell);
}

#[test]
fn a_script_that_started_the_app_is_stopped_with_it() {
    let world = World::with_deals();
    let mut shell = started(&world, "sh -c 'clinch tui --screen pipeline; true'");
    shell.press(CTRL_Z);
    goes_and_comes_back(shell);
}

/// A shell in which the app was started so that it can be told signals.
fn started_with_its_number(world: &World) -> (Terminal, Pid) {
    let line = "sh -c 'echo $$ > number; exec clinch tui --screen pipeline'";
    let shell = started(world, line);
    let number = std::fs::read_to_string(world.path("number")).unwrap();
    let number = Pid::from_raw(number.trim().parse().unwrap()).unwrap();
    (shell, number)
}

#[test]
fn an_app_that_is_told_to_stop_gives_the_terminal_back_first() {
    let world = World::with_deals();
    let (shell, app) = started_with_its_number(&world);
    kill_process(app, Signal::TSTP).unwrap();
    goes_and_comes_back(shell);
}

#[test]
fn an_app_that_was_stopped_without_being_told_takes_the_terminal_anew() {
    let world = World::with_deals();
    let (mut shell, app) = started_with_its_number(&world);
    kill_process(app, Signal::STOP).unwrap();
    shell.see("ready>");
    // Its user tidies up what it could not.
    let tidied = "stty sane; printf '\\033[?1049l\\033[?25h\\033[?2004l\\033[?1000l\\033[?1002l\\033[?1003l'\n";
    shell.press(tidied).press("echo still $((40 + 2))\n");
    goes_and_comes_back_after(shell);
}

fn goes_and_comes_back_after(mut shell: Terminal) {
    shell.see("still 42");
    shell.is_the_apps(false);
    shell.press("fg\r").see("▶ Alpina · Pilot").see("? help");
    shell.is_the_apps(true);
    shell.press("q").miss("Alpina · Pilot").is_the_apps(false);
    shell.press("exit\r");
    assert_eq!(shell.end(), 0);
}

#[test]
fn without_a_shell_to_go_back_to_ctrl_z_says_so_and_the_app_goes_on() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    app.press(CTRL_Z).see("No shell started clinch");
    app.is_the_apps(true);
    app.press("j").see("▶ Alpina · Pilot").press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn a_terminal_that_is_closed_ends_the_app_and_nothing_is_lost() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    app.press(">").press("a").see("Title");
    app.press("Half a deal").see("Half a deal");
    app.signal(Signal::HUP);
    assert_eq!(app.end(), 0);
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 1)
        .see("Half-written and kept: Add a deal");
    app.signal(Signal::HUP);
    assert_eq!(app.end(), 0);
}

#[test]
fn a_window_that_is_pulled_about_is_right_at_last() {
    let world = World::with_deals();
    let mut other = world.app(90, 27);
    other.see_in_column("Renewal", 0).see("< back");
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    for turn in 0..100 {
        app.resize(30 + turn * 7 % 120, 5 + turn * 3 % 40);
    }
    app.resize(90, 27).see_all_of(&other.text());
    for mut app in [app, other] {
        app.press("q");
        assert_eq!(app.end(), 0);
    }
}

#[test]
fn a_terminal_that_reads_nothing_for_a_while_holds_nobody_up_and_is_right_afterwards() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    let deals = app.while_it_reads_nothing(|app| {
        // More pictures than any pipe holds. The shell takes so long that each is drawn for itself.
        for _ in 0..12 {
            app.press("4");
            world.shell(&["deals", "list"]);
            app.press("3");
            world.shell(&["deals", "list"]);
        }
        world.shell(&["deals", "add", "--title", "Brand new"]);
        world.shell(&["deals", "list"])
    });
    assert!(deals.contains("Brand new"));
    app.see("Brand new");
    app.press(">").see_in_column("Renewal", 1);
    app.press("q");
    assert_eq!(app.end(), 0);
}
