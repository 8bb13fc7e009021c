//! `clinch doctor drive` with its two seats on two mounts, as on two machines.

use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use super::drive::{LockService, Options, TestDrive};

/// What the first seat says, and how it ended.
fn examined(locks: LockService) -> Option<(String, Option<i32>)> {
    let drive = TestDrive::mount(Options {
        // Flushing costs something on any drive that does it.
        latency: Duration::from_millis(1),
        locks,
        ..Options::default()
    })?;
    let doctor = |client: usize| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_clinch"));
        command
            .env_clear()
            .env("HOME", drive.local())
            .args(["doctor", "drive"])
            .arg(drive.at(client))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    };
    let mut first = doctor(0).spawn().unwrap();
    let asks = BufReader::new(first.stderr.take().unwrap());
    let line = asks
        .lines()
        .map(Result::unwrap)
        .find(|line| line.contains("--join"))
        .unwrap();
    let code = line.split_whitespace().last().unwrap();
    let second = doctor(1).args(["--join", code]).spawn().unwrap();
    let ended = first.wait_with_output().unwrap();
    second.wait_with_output().unwrap();
    let left: Vec<_> = std::fs::read_dir(drive.at(0)).unwrap().collect();
    assert!(left.is_empty(), "{left:?}");
    let said = String::from_utf8(ended.stdout).unwrap();
    Some((said, ended.status.code()))
}

#[test]
fn a_good_drive_holds() {
    let Some((said, code)) = examined(LockService::Shared) else {
        return;
    };
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("A book can be shared there."), "{said}");
}

#[test]
fn locks_that_stay_on_each_machine_are_found_out() {
    let Some((said, code)) = examined(LockService::Local) else {
        return;
    };
    assert_eq!(code, Some(8), "{said}");
    assert!(said.contains("FAILS"), "{said}");
}

#[test]
fn a_drive_without_locks_is_found_out() {
    let Some((said, code)) = examined(LockService::Refused) else {
        return;
    };
    assert_eq!(code, Some(8), "{said}");
}
