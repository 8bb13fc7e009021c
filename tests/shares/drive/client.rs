//! A client of the drive: what the kernel asks of one mount.

use std::ffi::OsStr;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use fuser::{
    BsdFileFlags, Errno, FileAttr, FileHandle, FileType, Filesystem, FopenFlags, Generation,
    INodeNo, InitFlags, KernelConfig, LockOwner, OpenFlags, RenameFlags, ReplyAttr, ReplyCreate,
    ReplyData, ReplyDirectory, ReplyEmpty, ReplyEntry, ReplyLock, ReplyOpen, ReplyStatfs,
    ReplyWrite, Request, TimeOrNow, WriteFlags,
};

use super::locks::{Holder, Range};
use super::server::{Node, ROOT, Server};
use super::{Cache, LockService, Shared};

/// One mount.
pub struct Client {
    pub shared: Arc<Shared>,
    pub number: usize,
}

type Res<T> = Result<T, Errno>;

/// Answers, or ends the request with its error.
macro_rules! or_fail {
    ($result:expr, $reply:expr) => {
        match $result {
            Ok(value) => value,
            Err(errno) => {
                $reply.error(errno);
                return;
            }
        }
    };
}

impl Client {
    /// Sends an operation over the line and does it on the server.
    fn ask<T>(&self, kind: &'static str, act: impl FnOnce(&mut Server) -> Res<T>) -> Res<T> {
        self.shared.lines[self.number].pass(kind, self.shared.latency())?;
        act(&mut self.shared.server())
    }

    fn opening(&self) -> FopenFlags {
        match self.shared.options.cache {
            Cache::None => FopenFlags::FOPEN_DIRECT_IO,
            Cache::Checked => FopenFlags::empty(),
            Cache::Stale => FopenFlags::FOPEN_KEEP_CACHE,
        }
    }

    fn attr(&self) -> Duration {
        self.shared.options.attr
    }

    fn holder(&self, owner: LockOwner) -> Holder {
        Holder {
            client: self.number,
            owner: owner.0,
        }
    }

    /// A lock operation, where the drive has a lock service at all.
    fn lock<T>(&self, kind: &'static str, act: impl FnOnce(&mut Server) -> Res<T>) -> Res<T> {
        self.ask(kind, |server| {
            if self.shared.options.locks == LockService::Refused {
                return Err(Errno::ENOLCK);
            }
            self.shared.expire_overdue(server);
            act(server)
        })
    }

    fn write_one(&self, file: u64, handle: u64, at: usize, data: &[u8]) -> Res<()> {
        let line = &self.shared.lines[self.number];
        line.pass("write", self.shared.latency())?;
        let name = self.shared.server().name_of(file);
        let last = line.writes(&name);
        line.wait()?;
        {
            let mut server = self.shared.server();
            server.is_alive(handle)?;
            server.node_mut(file)?.write(at, data);
        }
        if let Some(how) = last {
            line.cut(how);
        }
        line.wait()
    }
}

fn attributes(number: u64, node: &Node) -> FileAttr {
    let size = node.size() as u64;
    FileAttr {
        ino: INodeNo(number),
        size,
        blocks: size.div_ceil(512),
        atime: node.changed,
        mtime: node.changed,
        ctime: node.changed,
        crtime: UNIX_EPOCH,
        kind: node.kind,
        perm: node.mode,
        nlink: 1,
        uid: node.owner.0,
        gid: node.owner.1,
        rdev: 0,
        blksize: 4096,
        flags: 0,
    }
}

fn mode(asked: u32, umask: u32) -> u16 {
    u16::try_from(asked & !umask & 0o7777).unwrap_or(0o600)
}

fn place(offset: u64) -> usize {
    usize::try_from(offset).unwrap_or(usize::MAX)
}

const WRITE: i32 = libc::F_WRLCK;
const READ: i32 = libc::F_RDLCK;
const NONE: i32 = libc::F_UNLCK;

impl Filesystem for Client {
    fn init(&mut self, _: &Request, config: &mut KernelConfig) -> std::io::Result<()> {
        // A kernel that knows none of these mounts the drive all the same; the tests then say what is missing.
        if self.shared.options.locks != LockService::Local {
            let _ = config.add_capabilities(InitFlags::FUSE_POSIX_LOCKS);
        }
        if self.shared.options.cache == Cache::Checked {
            let _ = config.add_capabilities(InitFlags::FUSE_AUTO_INVAL_DATA);
        }
        let _ = config.add_capabilities(InitFlags::FUSE_PARALLEL_DIROPS);
        Ok(())
    }

    fn lookup(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEntry) {
        let found = self.ask("lookup", |server| match server.find(parent.0, name) {
            Some(number) => Ok(attributes(number, server.node(number)?)),
            None if self.shared.options.negative.is_zero() => Err(Errno::ENOENT),
            // An entry without a number: the kernel remembers that there is none.
            None => Ok(attributes(0, server.node(ROOT)?)),
        });
        let found = or_fail!(found, reply);
        let keep = match found.ino.0 {
            0 => self.shared.options.negative,
            _ => self.attr(),
        };
        reply.entry(&keep, &found, Generation(0));
    }

    fn getattr(&self, _: &Request, ino: INodeNo, _: Option<FileHandle>, reply: ReplyAttr) {
        let found = self.ask("getattr", |server| {
            Ok(attributes(ino.0, server.node(ino.0)?))
        });
        let found = or_fail!(found, reply);
        reply.attr(&self.attr(), &found);
    }

    fn setattr(
        &self,
        _: &Request,
        ino: INodeNo,
        mode: Option<u32>,
        uid: Option<u32>,
        gid: Option<u32>,
        size: Option<u64>,
        _: Option<TimeOrNow>,
        mtime: Option<TimeOrNow>,
        _: Option<SystemTime>,
        _: Option<FileHandle>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<SystemTime>,
        _: Option<BsdFileFlags>,
        reply: ReplyAttr,
    ) {
        let done = self.ask("setattr", |server| {
            let node = server.node_mut(ino.0)?;
            if let Some(size) = size {
                node.resize(place(size));
            }
            if let Some(asked) = mode {
                node.mode = self::mode(asked, 0);
            }
            node.owner = (uid.unwrap_or(node.owner.0), gid.unwrap_or(node.owner.1));
            match mtime {
                Some(TimeOrNow::SpecificTime(time)) => node.changed = time,
                Some(TimeOrNow::Now) => node.changed = SystemTime::now(),
                None => {}
            }
            Ok(attributes(ino.0, node))
        });
        let done = or_fail!(done, reply);
        reply.attr(&self.attr(), &done);
    }

    fn mkdir(
        &self,
        request: &Request,
        parent: INodeNo,
        name: &OsStr,
        asked: u32,
        umask: u32,
        reply: ReplyEntry,
    ) {
        let owner = (request.uid(), request.gid());
        let made = self.ask("mkdir", |server| {
            let kind = FileType::Directory;
            let number = server.make((parent.0, name), kind, mode(asked, umask), owner)?;
            Ok(attributes(number, server.node(number)?))
        });
        let made = or_fail!(made, reply);
        reply.entry(&self.attr(), &made, Generation(0));
    }

    fn rmdir(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        or_fail!(
            self.ask("rmdir", |server| server.remove(
                parent.0,
                name,
                FileType::Directory
            )),
            reply
        );
        reply.ok();
    }

    fn unlink(&self, _: &Request, parent: INodeNo, name: &OsStr, reply: ReplyEmpty) {
        or_fail!(
            self.ask("unlink", |server| server.remove(
                parent.0,
                name,
                FileType::RegularFile
            )),
            reply
        );
        reply.ok();
    }

    fn rename(
        &self,
        _: &Request,
        parent: INodeNo,
        name: &OsStr,
        new_parent: INodeNo,
        new_name: &OsStr,
        flags: RenameFlags,
        reply: ReplyEmpty,
    ) {
        let done = self.ask("rename", |server| {
            if flags.contains(RenameFlags::RENAME_EXCHANGE) {
                return Err(Errno::EINVAL);
            }
            let replace = !flags.contains(RenameFlags::RENAME_NOREPLACE);
            server.rename((parent.0, name), (new_parent.0, new_name), replace)
        });
        or_fail!(done, reply);
        reply.ok();
    }

    fn open(&self, _: &Request, ino: INodeNo, _: OpenFlags, reply: ReplyOpen) {
        let opened = self.ask("open", |server| {
            server.node(ino.0)?;
            Ok(server.open(self.number, ino.0))
        });
        let handle = or_fail!(opened, reply);
        reply.opened(FileHandle(handle), self.opening());
    }

    fn create(
        &self,
        request: &Request,
        parent: INodeNo,
        name: &OsStr,
        asked: u32,
        umask: u32,
        flags: i32,
        reply: ReplyCreate,
    ) {
        let owner = (request.uid(), request.gid());
        let made = self.ask("create", |server| {
            let kind = FileType::RegularFile;
            let number = match server.find(parent.0, name) {
                Some(number) if flags & libc::O_EXCL == 0 => number,
                _ => server.make((parent.0, name), kind, mode(asked, umask), owner)?,
            };
            let handle = server.open(self.number, number);
            Ok((attributes(number, server.node(number)?), handle))
        });
        let (attr, handle) = or_fail!(made, reply);
        reply.created(
            &self.attr(),
            &attr,
            Generation(0),
            FileHandle(handle),
            self.opening(),
        );
    }

    fn read(
        &self,
        _: &Request,
        ino: INodeNo,
        fh: FileHandle,
        offset: u64,
        size: u32,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyData,
    ) {
        let bytes = self.ask("read", |server| {
            server.is_alive(fh.0)?;
            let node = server.node(ino.0)?;
            Ok(node.read(place(offset), size as usize).to_vec())
        });
        let bytes = or_fail!(bytes, reply);
        reply.data(&bytes);
    }

    fn write(
        &self,
        _: &Request,
        ino: INodeNo,
        fh: FileHandle,
        offset: u64,
        data: &[u8],
        _: WriteFlags,
        _: OpenFlags,
        _: Option<LockOwner>,
        reply: ReplyWrite,
    ) {
        or_fail!(self.write_one(ino.0, fh.0, place(offset), data), reply);
        // The kernel's writes are below 4 GiB.
        reply.written(u32::try_from(data.len()).unwrap_or(u32::MAX));
    }

    fn flush(&self, _: &Request, ino: INodeNo, _: FileHandle, owner: LockOwner, reply: ReplyEmpty) {
        // By POSIX a process that closes a file gives back all its locks on it, however often it has it open.
        let holder = self.holder(owner);
        if self.shared.lines[self.number].closes_unheard(ino.0, holder) {
            reply.error(Errno::EIO);
            return;
        }
        let done = self.ask("flush", |server| {
            server.locks.release(ino.0, holder, 0, u64::MAX);
            Ok(())
        });
        or_fail!(done, reply);
        reply.ok();
    }

    fn release(
        &self,
        _: &Request,
        _: INodeNo,
        fh: FileHandle,
        _: OpenFlags,
        _: Option<LockOwner>,
        _: bool,
        reply: ReplyEmpty,
    ) {
        // Nobody waits for its answer: a line that is cut holds nothing up.
        let _ = self.ask("release", |server| {
            server.close(fh.0);
            Ok(())
        });
        reply.ok();
    }

    fn fsync(&self, _: &Request, ino: INodeNo, fh: FileHandle, _: bool, reply: ReplyEmpty) {
        let done = self.ask("fsync", |server| {
            server.is_alive(fh.0)?;
            if self.shared.keeps_what_is_synced() {
                server.node_mut(ino.0)?.sync();
            }
            Ok(())
        });
        or_fail!(done, reply);
        reply.ok();
    }

    fn fsyncdir(&self, _: &Request, _: INodeNo, _: FileHandle, _: bool, reply: ReplyEmpty) {
        or_fail!(self.ask("fsyncdir", |_| Ok(())), reply);
        reply.ok();
    }

    fn readdir(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        offset: u64,
        mut reply: ReplyDirectory,
    ) {
        let entries = self.ask("readdir", |server| {
            let entries = server
                .entries(ino.0)
                .map(|(name, number)| Ok((name.to_owned(), number, server.node(number)?.kind)));
            entries.collect::<Res<Vec<_>>>()
        });
        let entries = or_fail!(entries, reply);
        for (next, (name, number, kind)) in (1..).zip(entries).skip(place(offset)) {
            if reply.add(INodeNo(number), next, kind, name) {
                break;
            }
        }
        reply.ok();
    }

    fn statfs(&self, _: &Request, _: INodeNo, reply: ReplyStatfs) {
        or_fail!(self.ask("statfs", |_| Ok(())), reply);
        let (blocks, files) = (1 << 24, 1 << 20);
        reply.statfs(
            blocks,
            blocks / 2,
            blocks / 2,
            files,
            files / 2,
            4096,
            255,
            4096,
        );
    }

    fn getlk(
        &self,
        _: &Request,
        ino: INodeNo,
        _: FileHandle,
        owner: LockOwner,
        first: u64,
        last: u64,
        kind: i32,
        pid: u32,
        reply: ReplyLock,
    ) {
        let want = Range {
            holder: self.holder(owner),
            first,
            last,
            exclusive: kind == WRITE,
            pid,
        };
        let held = or_fail!(
            self.lock("getlk", |server| Ok(server.locks.against(ino.0, &want))),
            reply
        );
        match held {
            Some(held) => {
                let kind = if held.exclusive { WRITE } else { READ };
                reply.locked(held.first, held.last, kind, held.pid);
            }
            None => reply.locked(0, 0, NONE, 0),
        }
    }

    fn setlk(
        &self,
        _: &Request,
        ino: INodeNo,
        fh: FileHandle,
        owner: LockOwner,
        first: u64,
        last: u64,
        kind: i32,
        pid: u32,
        // Locks that wait are not granted: they are tried once, like any other.
        _: bool,
        reply: ReplyEmpty,
    ) {
        let holder = self.holder(owner);
        let done = self.lock("setlk", |server| {
            if kind == NONE {
                server.locks.release(ino.0, holder, first, last);
                return Ok(());
            }
            server.is_alive(fh.0)?;
            let want = Range {
                holder,
                first,
                last,
                exclusive: kind == WRITE,
                pid,
            };
            if server.locks.take(ino.0, want) {
                Ok(())
            } else {
                Err(Errno::EAGAIN)
            }
        });
        or_fail!(done, reply);
        reply.ok();
    }
}
