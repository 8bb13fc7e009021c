//! `doctor terminal`: what this terminal can do, what clinch will use of it, and why.

use std::fmt::Write as _;
use std::process::{Command, Stdio};

use clap::{ArgMatches, Command as Clap};
use serde_json::{Map, Value as Json, json};

use crate::cli::app::locale;
use crate::cli::fault::{Exit, Fault};
use crate::cli::output::{Format, one_line};
use crate::cli::own;
use crate::cli::shell::Shell;
use crate::config::settings::{Ascii, Settings};
use crate::config::theme::{Depth, Looks};
use crate::tui::terminal::abilities::Abilities;
use crate::tui::terminal::probe::{Answers, ask};

/// Milliseconds that tmux may wait behind an Esc before the key feels slow.
const ESCAPE_TIME: u32 = 50;

/// Adds its arguments.
pub fn build(clap: Clap) -> Clap {
    clap.after_help(
        "It asks the terminal and waits a second at most for the answers; where there is no terminal it says what the\n\
         environment and the settings say. It changes nothing and always ends with 0.",
    )
}

/// Looks at the terminal.
pub fn run(shell: &Shell, _: &ArgMatches) -> Result<Exit, Fault> {
    let settings = own::settings()?;
    let looks = own::looks(&settings, shell.globals.no_color)?;
    let can = own::abilities(&settings);
    let asked = shell.streams.stdin && shell.streams.stdout && can.answers;
    let seen = Seen {
        is_terminal: shell.streams.stdin && shell.streams.stdout,
        answers: asked.then(ask).transpose()?,
        size: shell.streams.stdout.then(size).flatten(),
        locale: locale(),
        wants_no_colours: own::wants_no_colours(shell.globals.no_color),
        depth: Depth::of(own::variable),
        tmux: can.tmux.then(tmux),
    };
    let findings = findings(&seen, &settings, &looks, can)?;
    if matches!(shell.format(), Format::Json | Format::Jsonl) {
        shell.print(&format!("{}\n", as_json(&seen, &findings)))?;
        return Ok(Exit::Done);
    }
    let mut text = String::new();
    for finding in &findings {
        let _ = writeln!(text, "{:<17} {}", finding.about, one_line(&finding.found));
        for line in [&finding.used, &finding.cure] {
            if !line.is_empty() {
                let _ = writeln!(text, "{:<17}   {}", "", one_line(line));
            }
        }
    }
    shell.print(&text)?;
    Ok(Exit::Done)
}

/// What was seen of the terminal.
#[derive(Debug)]
struct Seen {
    is_terminal: bool,
    answers: Option<Answers>,
    size: Option<(u16, u16)>,
    locale: Option<String>,
    wants_no_colours: bool,
    depth: Depth,
    tmux: Option<Tmux>,
}

/// What tmux is set to.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Tmux {
    /// Milliseconds that it waits behind an Esc.
    escape_time: Option<u32>,
    /// What it does with programs' clipboards.
    set_clipboard: Option<String>,
}

/// What is known of one matter.
#[derive(Debug, PartialEq)]
struct Finding {
    /// The matter.
    about: &'static str,
    /// Its name in JSON.
    name: &'static str,
    /// What was found, in words.
    found: String,
    /// What was found, as a value.
    value: Json,
    /// What clinch makes of it, and why.
    used: String,
    /// What would make it better; empty where nothing would.
    cure: String,
}

fn finding(
    about: &'static str,
    name: &'static str,
    found: impl Into<String>,
    value: Json,
) -> Finding {
    Finding {
        about,
        name,
        found: found.into(),
        value,
        used: String::new(),
        cure: String::new(),
    }
}

impl Finding {
    fn used(mut self, used: impl Into<String>) -> Self {
        self.used = used.into();
        self
    }

    fn cure(mut self, cure: impl Into<String>) -> Self {
        self.cure = cure.into();
        self
    }
}

fn findings(
    seen: &Seen,
    settings: &Settings,
    looks: &Looks,
    can: Abilities,
) -> Result<Vec<Finding>, Fault> {
    let answers = seen.answers.unwrap_or_default();
    let theme_fault = |fault: crate::config::theme::ThemeError| {
        Fault::of_lines(Exit::Invalid, &format!("{fault}."))
    };
    looks.at_start().map_err(theme_fault)?;
    let mut findings = vec![terminal(seen), size_of(seen)];
    findings.push(colours(seen, looks));
    findings.push(background(&answers, looks));
    findings.push(signs(seen, &answers, settings));
    for (about, name, known, used) in [
        (
            "bracketed paste",
            "bracketed_paste",
            answers.paste,
            "a paste goes into a field as text; without it eight keys at once outside a field are ignored",
        ),
        (
            "mouse",
            "mouse",
            answers.mouse,
            if settings.mouse {
                "on; % leaves it to the terminal to select text"
            } else {
                "off by the settings; % turns it on"
            },
        ),
        (
            "focus",
            "focus",
            answers.focus,
            "a click that only brings the window to the front does nothing else",
        ),
        (
            "whole frames",
            "synchronized_output",
            answers.frames,
            "asked for with each frame; terminals that do not know them show the same a little less calmly",
        ),
    ] {
        findings.push(finding(about, name, knows(known), json!(known)).used(used));
    }
    findings.push(clipboard(seen, &answers, settings, can));
    let links = if can.links { "on" } else { "off" };
    findings.push(
        finding("links", "links", "terminals do not tell", Json::Null)
            .used(format!("{links}; `links` in the settings says otherwise")),
    );
    findings.extend(seen.tmux.as_ref().map(escape_time));
    Ok(findings)
}

const fn knows(known: Option<bool>) -> &'static str {
    match known {
        Some(true) => "known",
        Some(false) => "not known",
        None => "no answer",
    }
}

fn terminal(seen: &Seen) -> Finding {
    let said = |name: &str| own::variable(name).map(|value| format!("{name}={value}"));
    let named: Vec<String> = [
        "TERM",
        "TERM_PROGRAM",
        "COLORTERM",
        "TMUX",
        "STY",
        "SSH_TTY",
    ]
    .into_iter()
    .filter_map(said)
    .collect();
    let named = if named.is_empty() {
        "its environment does not name it".to_owned()
    } else {
        named.join(" ")
    };
    let found = finding("terminal", "terminal", named, json!(seen.is_terminal));
    if seen.is_terminal {
        found
    } else {
        found.used("this is no terminal: the app cannot run here, the shell's verbs can")
    }
}

fn size_of(seen: &Seen) -> Finding {
    let Some((columns, rows)) = seen.size else {
        return finding("size", "size", "unknown", Json::Null);
    };
    let used = if columns < 40 || rows < 10 {
        "too small: the app needs 40x10"
    } else if columns >= 100 && rows >= 30 {
        "all panels"
    } else if columns >= 80 {
        "columns of the board; what else there is comes as a popup"
    } else {
        "one panel at a time"
    };
    let value = json!({"columns": columns, "rows": rows});
    finding("size", "size", format!("{columns}x{rows}"), value).used(used)
}

fn colours(seen: &Seen, looks: &Looks) -> Finding {
    let found = finding(
        "colours",
        "colours",
        seen.depth.name(),
        json!(match seen.depth {
            Depth::Mono => 0,
            Depth::Sixteen => 16,
            Depth::Indexed => 256,
            Depth::True => 16_777_216,
        }),
    );
    if seen.wants_no_colours {
        found.used("none: NO_COLOR or --no-color")
    } else {
        let found = found.used(format!("theme {}", looks.choice));
        if seen.depth == Depth::Sixteen {
            found.cure("if it has more, set COLORTERM=truecolor")
        } else {
            found
        }
    }
}

fn background(answers: &Answers, looks: &Looks) -> Finding {
    let Some(ground) = answers.ground else {
        return finding("background", "background", "no answer", Json::Null).used(
            if looks.follows_the_ground() {
                "colours as for a dark one; `theme = \"light\"` in the settings if it is light"
            } else {
                "it makes no difference to the theme"
            },
        );
    };
    let kind = if ground.is_light() { "light" } else { "dark" };
    let found = finding(
        "background",
        "background",
        format!("{ground}, {kind}"),
        json!(ground.to_string()),
    );
    if !looks.follows_the_ground() {
        return found.used("it makes no difference to the theme");
    }
    let Ok(theme) = looks.on(ground) else {
        return found;
    };
    found.used(match (theme.ground(), ground.is_light()) {
        (Some(own), _) => format!("not all can be read on it: the theme brings its own, {own}"),
        (None, true) => "colours for a light one".to_owned(),
        (None, false) => "colours for a dark one".to_owned(),
    })
}

fn signs(seen: &Seen, answers: &Answers, settings: &Settings) -> Finding {
    let locale = seen.locale.as_deref();
    let told = match answers.ambiguous {
        Some(columns) => format!("{columns} wide"),
        None => "not measured".to_owned(),
    };
    let found = finding(
        "signs",
        "ambiguous_width",
        format!(
            "locale {}; frames and signs: {told}",
            locale.unwrap_or("not set")
        ),
        json!(answers.ambiguous),
    );
    let wide = answers.ambiguous.is_some_and(|columns| columns > 1);
    match settings.ascii {
        Ascii::Yes => found.used("ASCII, by the settings"),
        Ascii::No if wide => found
            .used("Unicode, by the settings")
            .cure("two columns a sign tear the rows: set ascii = \"auto\""),
        Ascii::No => found.used("Unicode, by the settings"),
        Ascii::Auto if settings.ascii.holds(locale) => found
            .used("ASCII: the locale is not UTF-8")
            .cure("set LANG to one that is, such as C.UTF-8, or ascii = \"no\""),
        Ascii::Auto if wide => found
            .used("ASCII: two columns a sign would tear the rows")
            .cure("most terminals have a setting for ambiguous width"),
        Ascii::Auto => found.used("Unicode"),
    }
}

fn clipboard(seen: &Seen, answers: &Answers, settings: &Settings, can: Abilities) -> Finding {
    let found = match answers.clipboard {
        Some(true) => "the terminal says that it has one for programs",
        Some(false) => "the terminal does not say that it has one; many that have do not",
        None => "no answer",
    };
    let found = finding("clipboard", "clipboard", found, json!(answers.clipboard));
    let set = seen
        .tmux
        .as_ref()
        .and_then(|tmux| tmux.set_clipboard.as_deref());
    if !settings.clipboard {
        found.used("not used, by the settings: what is copied is shown to be selected")
    } else if !can.clipboard {
        found.used("not used on this kind of terminal: what is copied is shown to be selected")
    } else if set.is_some_and(|set| set != "on") {
        found
            .used("used, but tmux keeps it to itself")
            .cure("put `set -g set-clipboard on` into ~/.tmux.conf")
    } else {
        found.used("used for what y copies, up to 74,994 bytes")
    }
}

fn escape_time(tmux: &Tmux) -> Finding {
    let told = tmux
        .escape_time
        .map_or_else(|| "unknown".to_owned(), |time| format!("{time} ms"));
    let found = finding(
        "tmux escape-time",
        "tmux_escape_time",
        told,
        json!(tmux.escape_time),
    );
    if tmux.escape_time.is_some_and(|time| time > ESCAPE_TIME) {
        found
            .used("so long every Esc is held back")
            .cure("put `set -sg escape-time 10` into ~/.tmux.conf")
    } else {
        found
    }
}

fn size() -> Option<(u16, u16)> {
    let size = rustix_size()?;
    (size.0 > 0 && size.1 > 0).then_some(size)
}

#[cfg(unix)]
fn rustix_size() -> Option<(u16, u16)> {
    let size = rustix::termios::tcgetwinsize(rustix::stdio::stdout()).ok()?;
    Some((size.ws_col, size.ws_row))
}

#[cfg(not(unix))]
const fn rustix_size() -> Option<(u16, u16)> {
    None
}

/// What tmux says of itself.
fn tmux() -> Tmux {
    let option = |arguments: &[&str]| {
        let output = Command::new("tmux")
            .args(arguments)
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .output()
            .ok()?;
        let text = String::from_utf8(output.stdout).ok()?;
        Some(text.trim().to_owned()).filter(|text| output.status.success() && !text.is_empty())
    };
    Tmux {
        escape_time: option(&["show-options", "-sv", "escape-time"])
            .and_then(|text| text.parse().ok()),
        set_clipboard: option(&["show-options", "-sv", "set-clipboard"]),
    }
}

fn as_json(seen: &Seen, findings: &[Finding]) -> Json {
    let mut item = Map::new();
    for finding in findings {
        item.insert(
            finding.name.to_owned(),
            json!({
                "value": finding.value,
                "found": finding.found,
                "used": finding.used,
                "cure": finding.cure,
            }),
        );
    }
    item.insert("asked".to_owned(), json!(seen.answers.is_some()));
    json!({"schema_version": 1, "item": item})
}

#[cfg(test)]
#[path = "terminal_tests.rs"]
mod tests;
