//! A real network file system: a Gluster server on this machine with one brick and five clients, which keep names, attributes and
//! pages for as long as they usually do. Its performance layers are left out. Part of the long form, where its programs are installed.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

use super::crew::{Crew, Plan, faults_of};
use super::drive::say;
use super::long;
use super::plain;
use super::work::new_book;

/// The server's side: a folder of this machine, locks for it, and a port.
const BRICK: &str = "volume posix
 type storage/posix
 option directory {folder}/brick
end-volume
volume locks
 type features/locks
 subvolumes posix
end-volume
volume server
 type protocol/server
 option transport-type tcp
 option transport.address-family inet
 option transport.socket.bind-address 127.0.0.1
 option transport.socket.listen-port 24010
 option auth.addr.locks.allow 127.0.0.1
 subvolumes locks
end-volume
";

/// A client's side.
const CLIENT: &str = "volume client
 type protocol/client
 option transport-type tcp
 option transport.address-family inet
 option remote-host 127.0.0.1
 option remote-port 24010
 option remote-subvolume locks
end-volume
";

const CLIENTS: usize = 5;

/// The server and its clients, until it is dropped.
struct Gluster {
    folder: tempfile::TempDir,
}

impl Gluster {
    fn start() -> Option<Self> {
        if !long() {
            say("skipped GlusterFS: it is part of the long form");
            return None;
        }
        let folder = tempfile::Builder::new()
            .prefix("clinch-gluster-")
            .tempdir()
            .unwrap();
        let gluster = Self { folder };
        match gluster.bring_up() {
            Ok(()) => Some(gluster),
            Err(fault) => {
                say(&format!("skipped GlusterFS: {fault}"));
                None
            }
        }
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn at(&self, client: usize) -> PathBuf {
        self.path().join(format!("client-{client}"))
    }

    fn bring_up(&self) -> std::io::Result<()> {
        let folder = self.path();
        std::fs::create_dir(folder.join("brick"))?;
        let brick = BRICK.replace("{folder}", &folder.display().to_string());
        std::fs::write(folder.join("brick.vol"), brick)?;
        std::fs::write(folder.join("client.vol"), CLIENT)?;
        self.run("glusterfsd", "brick", &[])?;
        for client in 0..CLIENTS {
            let at = self.at(client);
            std::fs::create_dir(&at)?;
            self.run("glusterfs", &format!("client-{client}"), &[&at])?;
        }
        for client in 0..CLIENTS {
            self.until_mounted(client)?;
        }
        Ok(())
    }

    fn run(&self, program: &str, name: &str, at: &[&PathBuf]) -> std::io::Result<()> {
        let volume = if at.is_empty() { "brick" } else { "client" };
        let file = |name: &str, end: &str| self.path().join(format!("{name}.{end}"));
        let status = Command::new(program)
            .arg("-f")
            .arg(file(volume, "vol"))
            .arg("-l")
            .arg(file(name, "log"))
            .arg("-p")
            .arg(file(name, "pid"))
            .args(at)
            .status()?;
        if status.success() {
            return Ok(());
        }
        Err(std::io::Error::other(format!(
            "{program} ended with {status}"
        )))
    }

    fn until_mounted(&self, client: usize) -> std::io::Result<()> {
        let (at, begun) = (self.at(client), Instant::now());
        while begun.elapsed() < Duration::from_secs(20) {
            let mounts = std::fs::read_to_string("/proc/mounts")?;
            let is_there = mounts
                .lines()
                .any(|line| line.contains(&format!(" {} fuse.glusterfs ", at.display())));
            if is_there && std::fs::read_dir(&at).is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Err(std::io::Error::other(format!(
            "{} is not mounted",
            at.display()
        )))
    }
}

impl Drop for Gluster {
    fn drop(&mut self) {
        for client in 0..CLIENTS {
            // What was not mounted cannot be unmounted; the rest must be tried all the same.
            let _ = Command::new("umount")
                .arg("-l")
                .arg(self.at(client))
                .output();
        }
        let names = (0..CLIENTS).map(|client| format!("client-{client}"));
        for name in names.chain(["brick".to_owned()]) {
            let pid = std::fs::read_to_string(self.path().join(format!("{name}.pid")));
            if let Ok(pid) = pid {
                let _ = Command::new("kill").arg(pid.trim()).output();
            }
        }
    }
}

#[test]
fn several_who_write_over_glusterfs_lose_nothing() {
    let Some(gluster) = Gluster::start() else {
        return;
    };
    let (mut steps, mut kills) = (0, 0);
    for (round, killed) in [false, true].into_iter().enumerate() {
        let book = |client: usize| gluster.at(client).join(format!("{round}-team.db"));
        new_book(&book(0), 8).unwrap();
        let folder = gluster.path().join(format!("desks-{round}"));
        std::fs::create_dir(&folder).unwrap();
        let plan = Plan::of(8, Duration::from_secs(30));
        let mut crew = Crew::start_on(&folder, &plan, |writer| book(writer % 4));
        while killed && crew.left() > Duration::from_secs(2) {
            std::thread::sleep(Duration::from_millis(200));
            crew.kill_and_replace(kills % 8);
            kills += 1;
        }
        let notes = crew.finish();
        steps += notes.done().len();
        assert_eq!(faults_of(&book(4), &notes), Vec::<String>::new());
        assert_eq!(notes.faults(), Vec::<String>::new());
    }
    say(&format!(
        "GlusterFS: {steps} steps by 8 writers, {kills} kills, none lost"
    ));
}

#[test]
fn control_sqlite_as_it_comes_loses_over_glusterfs() {
    let Some(gluster) = Gluster::start() else {
        return;
    };
    let book = |client: usize| gluster.at(client).join("team.db");
    plain::make(&book(0), "persist").unwrap();
    let plan = Plan {
        plain: Some("persist"),
        think: Duration::from_millis(3),
        ..Plan::of(8, Duration::from_secs(20))
    };
    let notes = Crew::start_on(gluster.path(), &plan, |writer| book(writer % 4)).finish();
    let lost = plain::judge(&book(4), &notes.markers());
    say(&format!("GlusterFS, SQLite as it comes: {lost:?}"));
    assert!(lost.any(), "{:?}", notes.faults());
}
