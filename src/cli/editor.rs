//! The user's own editor for a text: `VISUAL`, else `EDITOR`, else `vi`.
//!
//! What the variable says is a command of the shell, as git takes it: with arguments, and with quotes around what has blanks. Only
//! where all of it is the path of a file (a program in a folder with blanks in its name) it is that program.

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::Command;

use super::private;

/// Lets the user change a text, in a file that only they can read and that is gone afterwards.
pub fn edit(text: &str) -> io::Result<String> {
    let named = ["VISUAL", "EDITOR"].iter().find_map(|name| {
        let value = std::env::var(name).ok()?;
        (!value.trim().is_empty()).then_some(value)
    });
    edit_with(named.as_deref().unwrap_or("vi"), text)
}

fn edit_with(editor: &str, text: &str) -> io::Result<String> {
    let folder = private::folder("text")?;
    let path = folder.join("note.txt");
    let edited = write(&path, text).and_then(|()| {
        let status = command(editor, &path).status()?;
        if !status.success() {
            return Err(io::Error::other(format!("{editor} ended with {status}")));
        }
        fs::read_to_string(&path)
    });
    // What cannot be removed is at least in a folder of the user's own.
    let _ = fs::remove_dir_all(&folder);
    edited
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    private::open(path)?.write_all(text.as_bytes())
}

fn command(editor: &str, path: &Path) -> Command {
    if Path::new(editor).is_file() {
        let mut command = Command::new(editor);
        command.arg(path);
        return command;
    }
    #[cfg(unix)]
    {
        let mut command = Command::new("sh");
        // The path is an argument, never a part of the command.
        command
            .args(["-c", &format!("{editor} \"$@\""), "sh"])
            .arg(path);
        command
    }
    #[cfg(not(unix))]
    {
        let mut words = editor.split_whitespace();
        let mut command = Command::new(words.next().unwrap_or(editor));
        command.args(words).arg(path);
        command
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    /// An editor in a folder with blanks and quotes in its name: it notes its arguments and the rights of the file.
    fn editor(folder: &Path) -> String {
        let place = folder.join("my \"own\" $(touch ran) editors");
        fs::create_dir_all(&place).unwrap();
        let path = place.join("ed it");
        let script = "#!/bin/sh\nfor last; do :; done\nstat -c %a \"$last\" >>\"$last\" 2>/dev/null || stat -f %Lp \"$last\" >>\"$last\"\n\
            printf '%s\\n' \"$#\" \"$1\" >>\"$last\"\n";
        fs::write(&path, script).unwrap();
        fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        path.to_str().unwrap().to_owned()
    }

    #[test]
    fn an_editor_may_have_arguments_and_blanks_and_quotes_in_its_name() {
        let folder = tempfile::tempdir().unwrap();
        let program = editor(folder.path());
        let alone = edit_with(&program, "text\n").unwrap();
        assert!(alone.starts_with("text\n600\n1\n"), "{alone}");
        let quoted = format!("'{program}' --wait 'two words'");
        let with_arguments = edit_with(&quoted, "text\n").unwrap();
        assert_eq!(with_arguments, "text\n600\n3\n--wait\n");
    }

    #[test]
    fn an_editor_that_fails_changes_nothing_and_is_named() {
        let failed = edit_with("false --flag", "text").unwrap_err().to_string();
        assert!(failed.contains("false --flag ended with"), "{failed}");
        assert!(edit_with("no-such-editor-here 2>/dev/null", "text").is_err());
    }

    #[test]
    fn nothing_of_the_text_is_left_behind() {
        let folder = tempfile::tempdir().unwrap();
        let seen = folder.path().join("seen");
        let editor = format!("printf '%s' \"$1\" >'{}' #", seen.display());
        // Behind the `#` stands what is appended to the command: the path is in its arguments all the same.
        edit_with(&editor, "secret").unwrap();
        let path = fs::read_to_string(seen).unwrap();
        assert!(path.ends_with("/note.txt"), "{path}");
        assert!(!Path::new(&path).exists() && !Path::new(&path).parent().unwrap().exists());
    }
}
