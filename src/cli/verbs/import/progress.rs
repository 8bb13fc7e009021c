//! How far an import is, for people who wait.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use crate::cli::shell::Shell;
use crate::jobs::import::{Phase, Progress};

/// A line on standard error; nothing where that is no terminal, or with `--quiet`.
pub(super) struct Bar {
    bar: ProgressBar,
}

impl Bar {
    pub fn new(shell: &Shell) -> Self {
        let shown = shell.streams.stderr && !shell.globals.quiet;
        let target = if shown {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        Self {
            bar: ProgressBar::with_draw_target(None, target),
        }
    }

    pub fn show(&mut self, progress: Progress) {
        let word = match progress.phase {
            Phase::Reading => "Reading",
            Phase::Planning => "Planning",
            Phase::Writing => "Importing",
            Phase::Undoing => "Taking back",
        };
        let form = if progress.total > 0 {
            "{msg} {human_pos} of {human_len} rows · {per_sec} · {eta} left · Ctrl-C cancels"
        } else {
            "{msg} …"
        };
        // The templates are ours and a test reads them.
        if let Ok(style) = ProgressStyle::with_template(form) {
            self.bar.set_style(style);
        }
        self.bar.set_message(word);
        self.bar.set_length(progress.total as u64);
        self.bar.set_position(progress.done as u64);
        self.bar.tick();
    }

    pub fn clear(&self) {
        self.bar.finish_and_clear();
    }
}
