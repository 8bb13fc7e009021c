//! The app as a job of a shell, and terminals that are closed, resized and slow.

use std::io::{Read as _, Write as _};

use portable_pty::{PtySize, native_pty_system};
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
    shell.see("Stopped").miss("Alpina");
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

#[test]
fn in_the_background_the_app_stays_stopped_and_the_terminal_is_the_shells() {
    let world = World::with_deals();
    let mut shell = started(&world, "clinch tui --screen pipeline");
    shell.press(CTRL_Z).see("Stopped").is_the_apps(false);
    let until_stopped = "bg; until jobs >list; grep -q Stopped list; do :; done";
    shell.press(&format!("{until_stopped}; echo again $((40 + 2))\r"));
    shell.see("again 42").is_the_apps(false);
    goes_and_comes_back(shell);
}

#[test]
fn an_app_that_is_told_its_end_while_it_is_stopped_ends_and_leaves_the_terminal_to_the_shell() {
    let world = World::with_deals();
    let mut shell = started(&world, "clinch tui --screen pipeline");
    shell.press("n").see("Log a note").press("half").see("half");
    shell.press(CTRL_Z).see("Stopped").is_the_apps(false);
    let until_ended = "until jobs >list; grep -q 143 list; do :; done";
    shell.press(&format!(
        "kill %1; kill -CONT %1; {until_ended}; echo ended $((40 + 2))\r"
    ));
    shell.see("ended 42").miss("Log a note");
    shell.is_the_apps(false).press("exit\r");
    assert_eq!(shell.end(), 0);
    let mut app = world.app(100, 30);
    app.see("Half-written and kept").press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn an_editor_stops_with_the_app_and_is_brought_back_with_it() {
    let world = World::with_deals();
    let editor = r#"EDITOR="kill -TSTP 0; printf 'written outside' >""#;
    let mut shell = started(&world, &format!("{editor} clinch tui --screen pipeline"));
    shell.press("n").see("Log a note").press("Short\t");
    shell.see("Short").press("\u{f}");
    shell.see("Stopped").is_the_apps(false);
    shell.press("echo still $((40 + 2))\r").see("still 42");
    shell.press("fg\r").see("written outside").see("Log a note");
    shell.is_the_apps(true).press("\u{13}").miss("Log a note");
    shell.see("Renewal").press("q").see("still 42");
    shell.is_the_apps(false).press("exit\r");
    assert_eq!(shell.end(), 0);
}

#[test]
fn what_interrupts_an_editor_is_not_for_the_app() {
    let world = World::with_deals();
    let editor = "trap : INT QUIT; kill -INT 0; kill -QUIT 0; printf 'written outside' >";
    let mut app = world.app_with(&[("EDITOR", editor)], 100, 30);
    app.see("Renewal").press("n").see("Log a note");
    app.press("Short\t").see("Short").press("\u{f}");
    app.see("written outside").is_the_apps(true);
    app.press("\u{13}").miss("Log a note").press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn an_app_that_is_interrupted_from_outside_keeps_what_is_half_written() {
    let world = World::with_deals();
    let mut app = world.app(100, 30);
    app.see_in_column("Renewal", 0);
    app.press("n").see("Log a note").press("half").see("half");
    app.signal(Signal::INT);
    assert_eq!(app.end(), 130);
    let mut app = world.app(100, 30);
    app.see("Half-written and kept").press("q");
    assert_eq!(app.end(), 0);
}

#[test]
fn a_terminal_that_goes_without_a_word_ends_the_app_and_nothing_is_lost() {
    let world = World::with_deals();
    let size = PtySize {
        rows: 30,
        cols: 100,
        ..PtySize::default()
    };
    let pty = native_pty_system().openpty(size).unwrap();
    let mut command = world.command();
    command.set_controlling_tty(false);
    let mut app = pty.slave.spawn_command(command).unwrap();
    drop(pty.slave);
    let mut reader = pty.master.try_clone_reader().unwrap();
    let mut writer = pty.master.take_writer().unwrap();
    let mut screen = vt100::Parser::new(30, 100, 0);
    for (seen, keys) in [("Renewal", "n"), ("Log a note", "half"), ("half", "")] {
        let mut bytes = [0; 8192];
        while !screen.screen().contents().contains(seen) {
            let count = reader.read(&mut bytes).unwrap();
            assert!(count > 0, "ended:\n{}", screen.screen().contents());
            screen.process(&bytes[..count]);
        }
        writer.write_all(keys.as_bytes()).unwrap();
    }
    drop((pty.master, reader, writer));
    assert_eq!(app.wait().unwrap().exit_code(), 0);
    let mut app = world.app(100, 30);
    app.see("Half-written and kept").press("q");
    assert_eq!(app.end(), 0);
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

/// As in a container that was entered from a shell outside: that shell's session and group have no number inside.
#[test]
fn whose_session_began_outside_of_its_container_is_an_app_like_any_other() {
    const INSIDE: &str = "unshare --user --map-root-user --pid --fork";
    let world = World::with_deals();
    let mut shell = world.job_shell(100, 30);
    shell.press(&format!("{INSIDE} true && echo o''k || echo n''o\r"));
    shell.wait("no answer", |screen| {
        screen
            .lines()
            .any(|line| ["ok", "no"].contains(&line.trim()))
    });
    if !shell.text().lines().any(|line| line.trim() == "ok") {
        eprintln!("nothing tried: no container can be made here");
        return;
    }
    shell.press(&format!("{INSIDE} clinch tui --screen pipeline\r"));
    shell.see_in_column("Renewal", 0).is_the_apps(true);
    shell.press(CTRL_Z).see("No shell started clinch");
    shell.press("q").see("ready>").is_the_apps(false);
    shell.press("exit\r");
    assert_eq!(shell.end(), 0);
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
