//! Mount lists as real machines show them, and what follows for a book.

use std::fs;

use tempfile::TempDir;

use super::system::Found;
use super::*;

/// A laptop with a bit of everything.
const MOUNTS: &str = r"22 1 259:2 / / rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw,errors=remount-ro
23 22 0:21 / /proc rw,nosuid,nodev,noexec,relatime shared:12 - proc proc rw
30 22 0:26 / /tmp rw,nosuid,nodev shared:5 - tmpfs tmpfs rw,size=8159992k
41 22 0:50 / /mnt/nfs rw,relatime shared:30 - nfs4 server:/export rw,vers=4.2,rsize=1048576,wsize=1048576,namlen=255,hard,proto=tcp,timeo=600,retrans=2,sec=sys,clientaddr=10.0.0.7,local_lock=none,addr=10.0.0.2
42 22 0:51 / /mnt/nolock rw,relatime - nfs server:/export rw,vers=3,rsize=65536,hard,nolock,proto=tcp,mountvers=3,local_lock=all,addr=10.0.0.2
43 22 0:52 / /mnt/posix rw,relatime - nfs server:/export rw,vers=3,hard,local_lock=posix,addr=10.0.0.2
44 22 0:53 / /mnt/flock rw,relatime - nfs server:/export rw,vers=3,hard,local_lock=flock,addr=10.0.0.2
45 22 0:54 / /mnt/smb rw,relatime - cifs //server/team rw,vers=3.1.1,cache=strict,username=ana,uid=1000,serverino,mapposix,nobrl,rsize=4194304
46 22 0:55 / /mnt/smb\040share rw,relatime - smb3 //server/team\040share rw,vers=3.1.1,cache=strict,username=ana
47 22 0:56 / /mnt/loose rw,relatime - cifs //server/team rw,vers=3.0,cache=loose
48 22 0:57 / /mnt/gluster rw,relatime - fuse.glusterfs server:/vol rw,user_id=0,group_id=0,default_permissions,allow_other,max_read=131072
49 22 0:58 / /mnt/ssh rw,nosuid,nodev,relatime - fuse.sshfs ana@server:/srv rw,user_id=1000,group_id=1000
50 22 0:59 / /mnt/rclone rw,nosuid,nodev,relatime - fuse.rclone drive: rw,user_id=1000,group_id=1000
51 22 0:60 / /mnt/dav rw,nosuid,noexec,relatime - fuse https://cloud.example.com/dav rw,user_id=1000,group_id=1000,allow_other,max_read=16384
52 22 0:61 / /run/user/1000/gvfs rw,nosuid,nodev,relatime - fuse.gvfsd-fuse gvfsd-fuse rw,user_id=1000,group_id=1000
53 22 0:62 / /mnt/new rw,relatime - fuse.newfs something rw,user_id=0,group_id=0
54 22 0:63 / /mnt/fuse rw,relatime - fuse /dev/fuse rw,user_id=0,group_id=0
55 22 0:64 / /net rw,relatime - autofs /etc/auto.net rw,fd=7,timeout=300
56 55 0:65 / /net/server rw,relatime - nfs4 server:/home rw,vers=4.2,hard,local_lock=none
57 22 259:2 /srv/books /books rw,relatime shared:1 - ext4 /dev/nvme0n1p2 rw,errors=remount-ro
58 22 0:66 / /mnt/host rw,relatime - 9p host rw,trans=virtio,version=9p2000.L
59 22 0:67 / /mnt/vm rw,relatime - virtiofs host rw
60 22 0:68 / /data rw,relatime - zfs tank/data rw,xattr,noacl
61 22 8:1 / /odd rw,relatime - neverheardfs /dev/sda1 rw
62 41 0:69 / /mnt/nfs/over rw,relatime - tmpfs tmpfs rw
63 22 0:70 / /mnt/twice rw - nfs4 server:/old rw,local_lock=none
64 22 0:71 / /mnt/twice rw - tmpfs tmpfs rw
";

fn on(mounts: &str, path: &str) -> Drive {
    let mounts = mounts::parse(mounts);
    let mount = mounts::of(&mounts, Path::new(path), None).unwrap().clone();
    Drive::judged(Found {
        kind: mount.kind,
        mount: mount.point,
        source: mount.source,
        options: mount.options,
    })
}

#[test]
fn a_path_is_on_the_deepest_mount_above_it_and_the_last_at_one_place() {
    for (path, mount, kind) in [
        ("/home/ana/team.db", "/", "ext4"),
        ("/mnt/nfs/team.db", "/mnt/nfs", "nfs4"),
        ("/mnt/nfs/over/team.db", "/mnt/nfs/over", "tmpfs"),
        ("/mnt/nfsx/team.db", "/", "ext4"),
        ("/mnt/smb share/team.db", "/mnt/smb share", "smb3"),
        ("/net/server/team.db", "/net/server", "nfs4"),
        ("/books/team.db", "/books", "ext4"),
        ("/mnt/twice/team.db", "/mnt/twice", "tmpfs"),
    ] {
        let drive = on(MOUNTS, path);
        assert_eq!(
            (drive.mount.to_str().unwrap(), drive.kind.as_str()),
            (mount, kind),
            "{path}"
        );
    }
    assert_eq!(on(MOUNTS, "/mnt/smb share/x").source, "//server/team share");
}

#[test]
fn a_mount_under_another_one_is_found_by_its_device() {
    let mounts = mounts::parse(MOUNTS);
    let found = mounts::of(&mounts, Path::new("/mnt/twice/x"), Some("0:70")).unwrap();
    assert_eq!(found.kind, "nfs4");
    // A device that no mount has, as btrfs and overlays show it, says nothing.
    let found = mounts::of(&mounts, Path::new("/mnt/twice/x"), Some("0:99")).unwrap();
    assert_eq!(found.kind, "tmpfs");
}

#[test]
fn kinds_and_options_are_known_for_what_they_do() {
    for (path, nature) in [
        ("/home/x", Nature::Local),
        ("/tmp/x", Nature::Local),
        ("/books/x", Nature::Local),
        ("/data/x", Nature::Local),
        ("/odd/x", Nature::Local),
        ("/mnt/nfs/x", Nature::Share),
        ("/mnt/flock/x", Nature::Share),
        ("/mnt/smb share/x", Nature::Share),
        ("/mnt/gluster/x", Nature::Share),
        ("/mnt/nolock/x", Nature::Bad),
        ("/mnt/posix/x", Nature::Bad),
        ("/mnt/smb/x", Nature::Bad),
        ("/mnt/loose/x", Nature::Bad),
        ("/mnt/ssh/x", Nature::Bad),
        ("/mnt/rclone/x", Nature::Bad),
        ("/mnt/dav/x", Nature::Bad),
        ("/run/user/1000/gvfs/x", Nature::Bad),
        ("/mnt/new/x", Nature::Unknown),
        ("/mnt/fuse/x", Nature::Unknown),
        ("/net/x", Nature::Unknown),
        ("/mnt/host/x", Nature::Unknown),
        ("/mnt/vm/x", Nature::Unknown),
    ] {
        assert_eq!(on(MOUNTS, path).nature, nature, "{path}");
    }
}

#[test]
fn the_root_of_a_container_or_sandbox_is_local() {
    for root in [
        "1 0 0:30 / / rw - overlay overlay rw,lowerdir=/a,upperdir=/b,workdir=/c",
        "1 0 0:30 / / rw - 9p none rw,trans=fd,rfdno=4,wfdno=4",
        "1 0 0:30 / / rw - virtiofs rootfs rw",
        "1 0 0:30 / / rw - fuse.fuse-overlayfs fuse-overlayfs rw",
    ] {
        assert_eq!(on(root, "/tmp/team.db").nature, Nature::Local, "{root}");
    }
    // But not what it gets over the network.
    let nfs = "1 0 0:30 / / rw - nfs server:/root rw,nolock,local_lock=all";
    assert_eq!(on(nfs, "/tmp/team.db").nature, Nature::Bad);
}

#[test]
fn a_refusal_names_the_mount_why_and_the_cure() {
    let refused = on(MOUNTS, "/mnt/smb/x")
        .manner(Trust::Ask, None)
        .unwrap_err();
    let text = refused.to_string();
    assert!(
        text.contains("/mnt/smb (cifs)") && text.contains("`nobrl`"),
        "{text}"
    );
    let cure = refused.hint().unwrap();
    for word in ["without `nobrl`", "--read-only", "--drive alone"] {
        assert!(cure.contains(word), "{cure}");
    }
}

#[test]
fn trust_and_proof_open_what_is_unknown_and_nothing_that_is_bad() {
    let drive = |path| on(MOUNTS, path);
    let manner = |path, trust| drive(path).manner(trust, None).ok();
    assert_eq!(manner("/mnt/new/x", Trust::Ask), None);
    assert_eq!(manner("/mnt/new/x", Trust::Unknown), Some(Manner::Share));
    assert_eq!(manner("/mnt/ssh/x", Trust::Unknown), None);
    assert_eq!(manner("/mnt/ssh/x", Trust::Alone), Some(Manner::Alone));
    assert_eq!(manner("/mnt/nfs/x", Trust::Ask), Some(Manner::Share));
    assert_eq!(manner("/home/x", Trust::Ask), Some(Manner::Local));
    let proof = |good, source: &str| Proof {
        kind: "fuse.newfs".to_owned(),
        source: source.to_owned(),
        good,
        hosts: vec!["one".to_owned(), "two".to_owned()],
        at: 0,
    };
    let proved = |proof: &Proof| drive("/mnt/new/x").manner(Trust::Ask, Some(proof)).ok();
    assert_eq!(proved(&proof(true, "something")), Some(Manner::Share));
    assert_eq!(proved(&proof(true, "another")), None);
    assert_eq!(proved(&proof(false, "something")), None);
    let first_look = Proof {
        hosts: vec!["one".to_owned(), "one".to_owned()],
        ..proof(true, "something")
    };
    assert_eq!(proved(&first_look), None);
}

#[test]
fn folders_that_a_program_copies_are_found_by_what_it_leaves_behind() {
    for (made, program) in [
        ("Dropbox/.dropbox.cache/", "Dropbox"),
        ("Dropbox/.dropbox", "Dropbox"),
        ("OneDrive - Company/x", "OneDrive"),
        ("Library/Mobile Documents/x", "iCloud Drive"),
        ("Nextcloud/.sync_3a5f.db", "Nextcloud or ownCloud"),
        ("ownCloud/._sync_3a5f.db", "Nextcloud or ownCloud"),
        ("Team/.stfolder/", "Syncthing"),
    ] {
        let dir = TempDir::new().unwrap();
        let at = dir.path().join(made);
        let synced = at.parent().unwrap();
        fs::create_dir_all(synced.join("deeper")).unwrap();
        if made.ends_with('/') {
            fs::create_dir_all(&at).unwrap();
        } else {
            fs::write(&at, "").unwrap();
        }
        let drive = Drive::of(&synced.join("deeper/team.db")).unwrap();
        assert_eq!(
            (drive.nature, drive.kind.as_str()),
            (Nature::Bad, program),
            "{made}"
        );
    }
}

#[test]
fn the_settings_of_a_sync_program_in_a_home_folder_are_no_such_folder() {
    let dir = TempDir::new().unwrap();
    fs::create_dir_all(dir.path().join(".dropbox")).unwrap();
    let drive = Drive::of(&dir.path().join("team.db")).unwrap();
    assert_eq!(drive.nature, Nature::Local, "{drive:?}");
}
