//! What a terminal answers when it is asked what it can do: for `clinch doctor terminal`. The app itself asks for less, and waits for
//! nothing.

use crate::config::theme::Rgb;

/// What a terminal answered. `None` where it gave no answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    /// Its background.
    pub ground: Option<Rgb>,
    /// The columns that it gives to a sign which is narrow in some fonts and wide in others.
    pub ambiguous: Option<u16>,
    /// Whether it knows bracketed paste.
    pub paste: Option<bool>,
    /// Whether it knows the mouse in the form that clinch reads.
    pub mouse: Option<bool>,
    /// Whether it tells of the focus.
    pub focus: Option<bool>,
    /// Whether it shows whole frames at once.
    pub frames: Option<bool>,
    /// Whether it says that it has a clipboard for programs. Many that have one do not say so.
    pub clipboard: Option<bool>,
    /// Whether it answered at all.
    pub answered: bool,
}

/// The questions, the last of which every terminal answers: what has not been answered by then never is.
#[must_use]
pub fn questions() -> Vec<u8> {
    let mut questions = b"\r".to_vec();
    questions.extend_from_slice(super::screen::AMBIGUOUS.to_string().as_bytes());
    questions.extend_from_slice(b"\x1b[6n\r\x1b[K");
    questions.extend_from_slice(super::screen::ASK_GROUND);
    for mode in [2004, 1006, 1004, 2026] {
        questions.extend_from_slice(format!("\x1b[?{mode}$p").as_bytes());
    }
    questions.extend_from_slice(b"\x1b[c");
    questions
}

impl Answers {
    /// Reads what came.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let text = String::from_utf8_lossy(bytes);
        let mut answers = Self::default();
        for part in text.split('\u{1b}') {
            if let Some(colour) = part.strip_prefix("]11;") {
                answers.ground = Rgb::answered(colour.trim_end_matches('\u{7}'));
            } else if let Some(report) = part
                .strip_prefix("[?")
                .and_then(|part| part.strip_suffix("$y"))
            {
                answers.take_mode(report);
            } else if let Some(report) = part
                .strip_prefix("[?")
                .and_then(|part| part.strip_suffix('c'))
            {
                answers.answered = true;
                answers.clipboard = Some(report.split(';').skip(1).any(|ability| ability == "52"));
            } else if let Some(report) = part
                .strip_prefix('[')
                .and_then(|part| part.strip_suffix('R'))
            {
                let column = report
                    .split_once(';')
                    .and_then(|(_, column)| column.parse::<u16>().ok());
                answers.ambiguous = column.and_then(|column| column.checked_sub(1));
            }
        }
        answers
    }

    fn take_mode(&mut self, report: &str) {
        let Some((mode, state)) = report.split_once(';') else {
            return;
        };
        // 0 is unknown, 4 is off for ever; the others are on or off, now or for ever.
        let known = Some(matches!(state, "1" | "2" | "3"));
        match mode {
            "2004" => self.paste = known,
            "1006" => self.mouse = known,
            "1004" => self.focus = known,
            "2026" => self.frames = known,
            _ => {}
        }
    }
}

#[cfg(unix)]
pub use unix::ask;

/// Consoles of other systems are not asked.
#[cfg(not(unix))]
pub fn ask() -> std::io::Result<Answers> {
    Ok(Answers::default())
}

#[cfg(unix)]
mod unix {
    use std::io::{self, Write};
    use std::time::{Duration, Instant};

    use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
    use rustix::event::{PollFd, PollFlags, Timespec, poll};

    use super::{Answers, questions};

    /// So long a terminal may take to answer, over a slow line too.
    const PATIENCE: Duration = Duration::from_secs(1);

    /// Asks the terminal on standard input and output. It is as before afterwards.
    pub fn ask() -> io::Result<Answers> {
        enable_raw_mode()?;
        let answered = asked();
        let given_back = disable_raw_mode();
        let answers = answered?;
        given_back?;
        Ok(answers)
    }

    fn asked() -> io::Result<Answers> {
        let mut out = io::stdout();
        out.write_all(&questions())?;
        out.flush()?;
        let end = Instant::now() + PATIENCE;
        let (mut heard, mut bytes) = (Vec::new(), [0; 512]);
        loop {
            let answers = Answers::read(&heard);
            let left = end.saturating_duration_since(Instant::now());
            if answers.answered || left.is_zero() {
                return Ok(answers);
            }
            let stdin = rustix::stdio::stdin();
            let mut fds = [PollFd::new(&stdin, PollFlags::IN)];
            let wait = Timespec {
                tv_sec: i64::try_from(left.as_secs()).unwrap_or(i64::MAX),
                tv_nsec: left.subsec_nanos().into(),
            };
            match poll(&mut fds, Some(&wait)) {
                Ok(0) | Err(rustix::io::Errno::INTR) => {}
                Ok(_) => match rustix::io::read(stdin, &mut bytes)? {
                    0 => return Ok(answers),
                    count => heard.extend_from_slice(&bytes[..count]),
                },
                Err(fault) => return Err(fault.into()),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_terminal_that_knows_all_says_so() {
        let said = b"\x1b[7;2R\x1b]11;rgb:1515/1818/1c1c\x1b\\\x1b[?2004;2$y\x1b[?1006;2$y\x1b[?1004;1$y\x1b[?2026;2$y\x1b[?62;22;52c";
        let answers = Answers::read(said);
        let expected = Answers {
            ground: Some(Rgb(0x15, 0x18, 0x1c)),
            ambiguous: Some(1),
            paste: Some(true),
            mouse: Some(true),
            focus: Some(true),
            frames: Some(true),
            clipboard: Some(true),
            answered: true,
        };
        assert_eq!(answers, expected);
    }

    #[test]
    fn what_is_not_answered_is_unknown_and_what_is_refused_is_not() {
        let answers =
            Answers::read(b"\x1b]11;rgb:f/f/f\x07\x1b[1;3R\x1b[?2026;0$y\x1b[?1004;4$y\x1b[?1;2c");
        assert_eq!(answers.ambiguous, Some(2));
        assert_eq!(answers.ground, Some(Rgb(255, 255, 255)));
        assert_eq!(
            (answers.frames, answers.focus, answers.paste),
            (Some(false), Some(false), None)
        );
        assert_eq!((answers.answered, answers.clipboard), (true, Some(false)));
        assert_eq!(Answers::read(b""), Answers::default());
        assert!(
            !Answers::read(b"\x1b[?62;22").answered,
            "half an answer is none"
        );
    }

    proptest! {
        #[test]
        fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = Answers::read(&bytes);
        }
    }
}
