//! The file of half-written forms: one a book, in the state folder, for its user's eyes only.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use super::private;
use crate::config::paths::{Paths, read_optional};
use crate::domain::id::StepId;
use crate::tui::keeper::{Change, Files};
use crate::tui::kept::{self, Left};

/// The files of this user.
pub const FILES: Files = Files {
    load: |book| {
        let _alone = alone(&folder());
        load(&file(&folder(), book))
    },
    change: |book, with| {
        let folder = folder();
        private::make(&folder)?;
        let _alone = alone(&folder);
        change(&file(&folder, book), with)
    },
};

fn folder() -> PathBuf {
    Paths::of_platform().state.join("drafts")
}

fn file(folder: &Path, book: StepId) -> PathBuf {
    folder.join(format!("{book}.json"))
}

/// Keeps other runs away until it is dropped: two apps on one book keep their forms in one file. Where a file system knows no
/// locks, the last writer wins.
fn alone(folder: &Path) -> Option<File> {
    let lock = private::open(&folder.join("lock")).ok()?;
    lock.lock().ok()?;
    Some(lock)
}

/// What a file holds. One that cannot be understood is moved aside, so that what is in it can still be saved by hand.
fn load(path: &Path) -> Result<Vec<Left>, String> {
    understood(path, read_optional(path))
}

/// [`load`] of what was read of the file.
fn understood(path: &Path, text: io::Result<Option<String>>) -> Result<Vec<Left>, String> {
    let text = match text {
        Ok(Some(text)) => text,
        Ok(None) => return Ok(Vec::new()),
        Err(error) if error.kind() == io::ErrorKind::InvalidData => {
            return Err(set_aside(path, "it is not text"));
        }
        Err(error) => {
            return Err(format!(
                "The half-written forms in {} cannot be read: {error}.",
                path.display()
            ));
        }
    };
    kept::read(&text).map_err(|why| set_aside(path, &why))
}

/// Moves a file to a name that is free, and says so.
fn set_aside(path: &Path, why: &str) -> String {
    let aside = (1..=999)
        .map(|number| path.with_extension(format!("damaged-{number}.json")))
        .find(|aside| !aside.exists())
        .unwrap_or_else(|| path.with_extension("damaged-999.json"));
    let done = match fs::rename(path, &aside) {
        Ok(()) => format!("it is kept as {}", aside.display()),
        Err(error) => format!("and it cannot be moved aside: {error}"),
    };
    format!(
        "The file of half-written forms is damaged ({why}); {done}. New ones are kept as always."
    )
}

/// Writes what is kept now into a new file and puts that in the place of the old one, so that there is always a whole one.
fn change(path: &Path, with: Change<'_>) -> io::Result<()> {
    let before = match read_optional(path) {
        // What cannot be read now may be whole: nothing takes its place, and all of it is tried again with the next.
        Err(error) if error.kind() != io::ErrorKind::InvalidData => return Err(error),
        // A damaged file is set aside by this; the app said so when it started.
        text => understood(path, text).unwrap_or_default(),
    };
    let forms = with(before);
    if forms.is_empty() {
        return match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(error),
            _ => Ok(()),
        };
    }
    let text = kept::write(&forms)?;
    let new = path.with_extension("new");
    let mut file = private::open(&new)?;
    file.set_len(0)?;
    file.write_all(text.as_bytes())?;
    file.sync_all()?;
    drop(file);
    fs::rename(&new, path)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::nouns::Entity;
    use crate::tui::forms::draft::Draft;
    use crate::tui::layers::FormOf;

    fn left(about: &str) -> Vec<Left> {
        vec![Left {
            of: FormOf::NewDeal,
            about: about.to_owned(),
            draft: Draft {
                entity: Entity::Deal,
                record: None,
                fields: Vec::new(),
                focus: String::new(),
            },
            told: false,
            saving: false,
        }]
    }

    fn save(path: &Path, forms: &[Left]) -> io::Result<()> {
        change(path, &mut |_| forms.to_vec())
    }

    fn place() -> (tempfile::TempDir, PathBuf) {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("state/drafts");
        private::make(&folder).unwrap();
        let path = file(&folder, StepId([7; 16]));
        (home, path)
    }

    #[test]
    fn what_was_kept_is_read_again_and_the_file_goes_with_the_last_form() {
        let (_home, path) = place();
        assert_eq!(load(&path), Ok(Vec::new()));
        save(&path, &left("one")).unwrap();
        let mut before = Vec::new();
        change(&path, &mut |kept| {
            before = kept;
            left("two")
        })
        .unwrap();
        assert_eq!((before, load(&path)), (left("one"), Ok(left("two"))));
        save(&path, &[]).unwrap();
        save(&path, &[]).unwrap();
        assert!(!path.exists());
    }

    #[cfg(unix)]
    #[test]
    fn only_its_user_can_read_the_file() {
        use std::os::unix::fs::PermissionsExt as _;
        let (_home, path) = place();
        save(&path, &left("one")).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!(mode(&path), 0o600);
        assert_eq!(mode(path.parent().unwrap()), 0o700);
    }

    #[test]
    fn nothing_takes_the_place_of_a_file_that_cannot_be_read() {
        let (_home, path) = place();
        fs::create_dir(&path).unwrap();
        assert!(save(&path, &left("one")).is_err());
        assert!(save(&path, &[]).is_err());
        assert!(path.is_dir());
        assert!(!path.with_extension("new").exists());
    }

    #[test]
    fn a_damaged_file_is_moved_aside_with_a_word_and_nothing_of_it_is_lost() {
        let (_home, path) = place();
        for (number, damaged) in [&b"{\"version\": 1, \"for"[..], b"\xff\xfe"]
            .into_iter()
            .enumerate()
        {
            fs::write(&path, damaged).unwrap();
            let said = load(&path).unwrap_err();
            let aside = path.with_extension(format!("damaged-{}.json", number + 1));
            assert!(said.contains(&aside.display().to_string()), "{said}");
            assert_eq!(fs::read(&aside).unwrap(), damaged);
            assert_eq!(load(&path), Ok(Vec::new()));
        }
        save(&path, &left("after")).unwrap();
        assert_eq!(load(&path).unwrap(), left("after"));
    }
}
