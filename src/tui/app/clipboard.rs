//! What is copied: sent to the terminal's clipboard (OSC 52), or shown to be selected.
//!
//! Terminals do not say whether they took it, so the app says that it was sent and no more.

use crate::tui::layers::Layer;
use crate::tui::msg::Effect;
use crate::tui::notices::Tone;
use crate::tui::widgets::clip::clip;

use super::App;

/// The longest text that is sent, in bytes: terminals drop sequences of more than 100,000 bytes, and coding makes three bytes four.
pub(super) const MOST: usize = 74_994;

/// As much of a text is said in the status line.
const SAID: usize = 60;

/// What of a record is copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Copied {
    /// Its title.
    Title,
    /// Its id.
    Id,
    /// A line with all that its card or row says.
    Row,
    /// A contact's first e-mail address.
    Mail,
    /// A contact's first phone number.
    Phone,
}

impl App {
    /// Hands a text to the terminal's clipboard; where that is off or it is too long, shows it to be selected with the mouse.
    pub(super) fn hand_over(&mut self, text: String) {
        let mouse = if self.mouse.is_on() {
            "Press % to leave the mouse to the terminal, then select the text with it"
        } else {
            "Select the text with the mouse"
        };
        if !self.can.clipboard {
            self.show_to_select(&text);
            self.say(
                Tone::Plain,
                format!("This terminal gets nothing for its clipboard. {mouse}"),
            );
        } else if text.len() > MOST {
            self.show_to_select(&text);
            self.say(
                Tone::Plain,
                format!("Too long for a terminal's clipboard. {mouse}"),
            );
        } else {
            let short = clip(&text, SAID, self.theme.glyphs().ellipsis);
            let hint = if self.can.tmux {
                " (tmux passes it on with `set -g set-clipboard on`)"
            } else {
                ""
            };
            self.say(
                Tone::Good,
                format!("Sent to the terminal's clipboard: {short}{hint}"),
            );
            self.out.push(Effect::Copy(text));
        }
    }

    fn show_to_select(&mut self, text: &str) {
        let lines = text.lines().map(str::to_owned).collect();
        self.layers
            .push(Layer::Text("To be copied".to_owned(), lines, 0));
    }
}
