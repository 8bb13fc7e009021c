//! Which kinds of drives, with which mount options, may hold a book that several write. What is said of NFS, SMB, `GlusterFS` and
//! sshfs was measured; of the others it is what their makers say of locks and caches.

use std::path::Path;

use super::Nature;
use super::system::Found;

/// What the table says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Judgement {
    pub nature: Nature,
    pub why: Option<String>,
    pub cure: Option<String>,
}

impl Judgement {
    const fn plain(nature: Nature) -> Self {
        Self {
            nature,
            why: None,
            cure: None,
        }
    }

    fn bad(why: impl Into<String>, then: &str) -> Self {
        Self {
            nature: Nature::Bad,
            why: Some(why.into()),
            cure: Some(cure(then)),
        }
    }

    fn unknown(why: impl Into<String>) -> Self {
        Self {
            nature: Nature::Unknown,
            why: Some(why.into()),
            cure: Some(cure(
                "`clinch doctor drive DIR` proves it with two machines; `--drive trust` takes it as it is for this run.",
            )),
        }
    }
}

/// A cure, and what works on any drive.
pub(super) fn cure(then: &str) -> String {
    format!(
        "{then} `--read-only` looks at the book; `--drive alone` works on it while nobody else does."
    )
}

const LOCAL: [&str; 34] = [
    "aufs", "apfs", "bcachefs", "btrfs", "ecryptfs", "exfat", "ext2", "ext3", "ext4", "f2fs",
    "fuseblk", "hfs", "hfsplus", "iso9660", "jffs2", "jfs", "minix", "msdos", "nilfs2", "ntfs",
    "ntfs3", "overlay", "ramfs", "reiserfs", "rootfs", "squashfs", "tmpfs", "ubifs", "udf", "ufs",
    "unionfs", "vfat", "xfs", "zfs",
];

const ELSEWHERE: &str =
    "Mount the folder with NFS or SMB instead, or keep the book on a local disk.";

/// Kinds that look perfect from one machine: locks or changes do not reach the others.
const KEEPS_TO_ITSELF: [&str; 26] = [
    "afs",
    "curlftpfs",
    "davfs",
    "davfs2",
    "fuse.blobfuse",
    "fuse.blobfuse2",
    "fuse.curlftpfs",
    "fuse.davfs",
    "fuse.davfs2",
    "fuse.gcsfuse",
    "fuse.goofys",
    "fuse.google-drive-ocamlfuse",
    "fuse.gvfsd-fuse",
    "fuse.ifuse",
    "fuse.jmtpfs",
    "fuse.kio-fuse",
    "fuse.mount-s3",
    "fuse.onedriver",
    "fuse.rclone",
    "fuse.s3fs",
    "fuse.simple-mtpfs",
    "fuse.smbnetfs",
    "fuse.sshfs",
    "macfuse_sshfs",
    "sshfs",
    "webdav",
];

/// Cluster file systems and the folders that a virtual machine shares with its host: nobody has tried a book on them.
const UNTRIED: [&str; 12] = [
    "9p", "beegfs", "ceph", "gfs2", "gpfs", "lustre", "ocfs2", "orangefs", "prl_fs", "vboxsf",
    "virtiofs", "vmhgfs",
];

/// Judges what was found.
pub(super) fn judge(found: &Found) -> Judgement {
    let kind = found.kind.as_str();
    match kind {
        "nfs" | "nfs4" => mounted(found, &NFS),
        "cifs" | "smb" | "smb2" | "smb3" | "smbfs" => mounted(found, &SMB),
        "fuse.glusterfs" => Judgement::plain(Nature::Share),
        "autofs" => Judgement::unknown(
            "Nothing is mounted there yet: the place mounts itself when it is used.",
        ),
        _ if LOCAL.contains(&kind) || kind.is_empty() => Judgement::plain(Nature::Local),
        _ if KEEPS_TO_ITSELF.contains(&kind) => keeps_to_itself(kind),
        // A WebDAV folder of davfs2 calls itself nothing but `fuse`.
        "fuse" if found.source.starts_with("http") => keeps_to_itself("WebDAV"),
        "lustre" if has(found, "localflock") => Judgement::bad(
            "It is mounted with `localflock`, which keeps locks to this machine.",
            "Mount it with `flock`.",
        ),
        // A container or a sandbox has no other root, and nobody else has it.
        _ if found.mount == Path::new("/") => Judgement::plain(Nature::Local),
        _ if UNTRIED.contains(&kind) => Judgement::unknown(format!(
            "Nobody has tried whether {kind} keeps locks between machines."
        )),
        _ if found.source.starts_with("/dev/") && !kind.starts_with("fuse") => {
            Judgement::plain(Nature::Local)
        }
        _ => Judgement::unknown(format!(
            "This program does not know the kind {kind}, nor whether it keeps locks between machines."
        )),
    }
}

fn keeps_to_itself(kind: &str) -> Judgement {
    let name = kind.strip_prefix("fuse.").unwrap_or(kind);
    Judgement::bad(
        format!(
            "With {name} a lock or a change on one machine is not seen on the others: steps would be lost."
        ),
        ELSEWHERE,
    )
}

fn has(found: &Found, option: &str) -> bool {
    found.options.iter().any(|set| set == option)
}

/// Faults of how a network file system is mounted: the option, what it does, the cure.
type OptionFault = (&'static str, &'static str, &'static str);

const NFS: [OptionFault; 4] = [
    (
        "nolock",
        "which keeps locks to this machine",
        "Remount it without `nolock`, as NFS 4 if the server can.",
    ),
    (
        "local_lock=all",
        "which keeps locks to this machine",
        "Remount it with `local_lock=none`.",
    ),
    (
        "local_lock=posix",
        "which keeps the locks that databases use to this machine",
        "Remount it with `local_lock=none`.",
    ),
    (
        "nocto",
        "with which an opened file is not looked at anew",
        "Remount it without `nocto`.",
    ),
];

const SMB: [OptionFault; 3] = [
    (
        "nobrl",
        "which keeps locks to this machine and loses steps",
        "Remount it without `nobrl`: this program needs no such help.",
    ),
    (
        "cache=loose",
        "which goes on showing what others have changed",
        "Remount it with `cache=strict`.",
    ),
    (
        "cache=singleclient",
        "which takes this machine for the only one",
        "Remount it with `cache=strict`.",
    ),
];

fn mounted(found: &Found, faults: &[OptionFault]) -> Judgement {
    let fault = faults.iter().find(|(option, ..)| has(found, option));
    fault.map_or(Judgement::plain(Nature::Share), |(option, does, then)| {
        Judgement::bad(format!("It is mounted with `{option}`, {does}."), then)
    })
}

/// The kind by the number that `statfs` gives, for where there is no list of mounts.
#[cfg(any(target_os = "linux", target_os = "android"))]
pub(super) const fn of_magic(magic: u64) -> Option<&'static str> {
    Some(match magic {
        0xef53 => "ext4",
        0x5846_5342 => "xfs",
        0x9123_683e => "btrfs",
        0x0102_1994 => "tmpfs",
        0x794c_7630 => "overlay",
        0x2fc1_2fc1 => "zfs",
        0xf2f5_2010 => "f2fs",
        // Without its options it is not known whether it keeps locks.
        0x6969 => "nfs without its options",
        0x517b | 0xff53_4d42 | 0xfe53_4d42 => "smb without its options",
        0x6573_5546 => "fuse",
        0x0102_1997 => "9p",
        0x00c3_6400 => "ceph",
        0x5346_414f => "afs",
        0x0bd0_0bd0 => "lustre",
        _ => return None,
    })
}
