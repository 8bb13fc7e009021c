//! The pictures of the layers.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::tui::layers::{FilterBar, FormOf, Layer};
use crate::tui::notices::Tone;
use crate::tui::target::Target;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::clip::{clip, fill, paint};
use crate::tui::widgets::hints::{Hints, Press};
use crate::tui::widgets::popup;
use crate::tui::widgets::text_field::TextField;

use super::App;
use super::acts::several;
use super::view::{Line, draw_lines};

impl App {
    /// Draws the layers, the lowest first.
    pub(super) fn draw_layers(
        &mut self,
        frame: &mut Frame,
        area: Rect,
        cursor: Option<(u16, u16)>,
    ) {
        let mut layers = std::mem::take(&mut self.layers);
        self.more = Hints::default();
        for layer in &mut layers {
            if let Layer::Form(form, FormOf::Field(..) | FormOf::FieldOfAll(..)) = layer {
                form.stand_by(cursor);
            }
            self.more = self.draw_layer(frame, area, layer);
        }
        self.layers = layers;
    }

    /// Draws a layer; gives the signs in it that there is more to read.
    fn draw_layer(&self, frame: &mut Frame, area: Rect, layer: &mut Layer) -> Hints {
        let body = super::view::body(area);
        match layer {
            Layer::Menu(menu, _) => menu.draw(frame, body, &self.theme),
            Layer::Sure(confirm, _) | Layer::Replace(confirm, _) => {
                confirm.draw(frame, body, &self.theme);
            }
            Layer::Lose(form, _) => form.draw(frame, body, &self.theme),
            Layer::Me(menu, _) => menu.draw(frame, body, &self.theme),
            Layer::Form(form, _) => form.draw(frame, body, &self.theme),
            Layer::Conflict(conflict) => conflict.dialog.draw(frame, body, &self.theme),
            Layer::Offers(dialog, _) => dialog.draw(frame, body, &self.theme),
            Layer::Welcome(questions) => questions.draw(frame, body, &self.theme),
            // It is there for a few milliseconds: a picture of it would only flicker.
            Layer::Opening(_) => {}
            Layer::Export(form, _) => form.draw(frame, body, &self.theme),
            Layer::Columns(list) => list.draw(frame, body, &self.theme),
            Layer::Filter(bar) => {
                let hints = self.screen().filter_hints();
                draw_filter(frame, area, bar, hints, &self.theme);
            }
            Layer::Tags(field, targets, hints) => {
                *hints = draw_tags(frame, area, field, targets, &self.theme);
            }
            Layer::Find(find) => super::find_picture::draw(frame, body, find, &self.theme),
            Layer::Detail(detail) => {
                return super::record::draw(frame, body, detail, &self.look());
            }
            Layer::Messages(top) => return self.draw_messages(frame, body, top),
            Layer::Text(title, lines, top) => {
                let style = self.theme.style(Role::Text);
                let lines: Vec<Line> = lines.iter().map(|line| Line::new(line, style)).collect();
                let read = read_popup(frame, body, title, &lines, *top, &self.theme);
                *top = read.top;
                return read.more;
            }
            Layer::Leaving(hints) => *hints = self.draw_leaving(frame, body),
        }
        Hints::default()
    }

    fn draw_messages(&self, frame: &mut Frame, area: Rect, top: &mut usize) -> Hints {
        let look = self.look();
        let mut lines: Vec<Line> = self
            .notices
            .all()
            .iter()
            .map(|notice| {
                let (sign, role) = match notice.tone {
                    Tone::Plain => (" ", Role::Text),
                    Tone::Good => (self.theme.glyphs().good, Role::Text),
                    Tone::Bad => (self.theme.glyphs().late, Role::Error),
                    Tone::Others => (self.theme.glyphs().by_others, Role::ByOthers),
                };
                let at = notice.at.local(look.zone).format("%H:%M:%S");
                Line::new(
                    format!("{at} {sign} {}", notice.text),
                    self.theme.style(role),
                )
            })
            .collect();
        if lines.is_empty() {
            let style = self.theme.style(Role::Dim);
            lines.push(Line::new(
                "Nothing was said yet; what others change is listed here",
                style,
            ));
        }
        let title = "Messages and others' changes";
        let read = read_popup(frame, area, title, &lines, *top, &self.theme);
        *top = read.top;
        read.more
    }

    fn draw_leaving(&self, frame: &mut Frame, area: Rect) -> Hints {
        let style = self.theme.style(Role::Text);
        let mut lines = Vec::new();
        if !self.on_their_way.is_empty() {
            let count = self.on_their_way.len();
            lines.push(Line::new(
                format!("Waiting for the book to take {count} before leaving:"),
                style,
            ));
            for write in self.on_their_way.values() {
                let pending = self.theme.glyphs().pending;
                lines.push(Line::new(format!("  {pending} {}", write.said), style));
            }
            lines.push(Line::new("", style));
            let (leave, role) = if self.unsaved().lost.is_empty() {
                (
                    "they are kept in the outbox, and the next start offers them",
                    Role::Text,
                )
            } else {
                ("what the book has not taken by then is lost", Role::Late)
            };
            let text = format!("Who leaves now leaves them behind: {leave}.");
            lines.push(Line::new(text, self.theme.style(role)));
            lines.push(Line::new("", style));
        }
        if let Some(path) = self.exports_to() {
            let text = format!("Waiting for the export to {path}: who leaves now has no file.");
            lines.push(Line::new(text, style));
            lines.push(Line::new("", style));
        }
        let inner = read_popup(frame, area, "Leaving", &lines, 0, &self.theme).inner;
        let foot = Rect {
            y: inner.bottom().saturating_sub(1).max(inner.y),
            height: inner.height.min(1),
            ..inner
        };
        Hints::draw(
            frame,
            foot,
            &[("Esc", "stay"), ("q", "leave now")],
            &self.theme,
        )
    }
}

/// What a popup with lines to read came to.
struct Read {
    /// The first line that is really shown.
    top: usize,
    /// Where the lines stand.
    inner: Rect,
    /// The signs that there is more.
    more: Hints,
}

/// A popup with lines to read.
fn read_popup(
    frame: &mut Frame,
    area: Rect,
    title: &str,
    lines: &[Line],
    top: usize,
    theme: &Theme,
) -> Read {
    let wide = area.width.saturating_sub(4).min(96);
    let inside = wide.saturating_sub(4);
    let rows: usize = lines.iter().map(|line| line.height(inside)).sum();
    let high = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(2);
    let place = popup::centred(area, wide, high.min(area.height.saturating_sub(2)));
    let inner = popup::frame(frame, place, title, theme);
    let (top, more) = draw_lines(frame.buffer_mut(), inner, lines, top, theme);
    Read { top, inner, more }
}

fn draw_filter(
    frame: &mut Frame,
    area: Rect,
    bar: &mut FilterBar,
    hints: &[(&str, &str)],
    theme: &Theme,
) {
    let keys = draw_typed(frame, area, "/ ", &mut bar.field, theme);
    bar.hints = Hints::default();
    if let Some(fault) = &bar.fault {
        let text = clip(fault, usize::from(keys.width), theme.glyphs().ellipsis);
        let style = theme.style(Role::Error);
        paint(frame.buffer_mut(), keys, keys.x, keys.y, &text, style);
        return;
    }
    if let Some(reading) = &bar.reading {
        let text = format!("read as {reading}");
        let text = clip(&text, usize::from(keys.width), theme.glyphs().ellipsis);
        let style = theme.style(Role::Dim);
        paint(frame.buffer_mut(), keys, keys.x, keys.y, &text, style);
        return;
    }
    let typed = !bar.field.text().is_empty();
    if typed && !bar.completion.options.is_empty() {
        bar.hints = draw_offered(frame, keys, bar, theme);
        return;
    }
    let mut all = vec![("Enter", "keep"), ("Esc", "as before")];
    all.extend(hints);
    bar.hints = Hints::draw(frame, keys, &all, theme);
}

/// How what is typed into the filter can go on, that which Tab took last first.
fn draw_offered(frame: &mut Frame, keys: Rect, bar: &FilterBar, theme: &Theme) -> Hints {
    let mut hints = Hints::draw(frame, keys, &[("Tab", "")], theme);
    let mut x = keys.x + 4;
    let from = bar.taken.unwrap_or(0);
    for (place, option) in bar.completion.options.iter().enumerate().skip(from) {
        let room = usize::from(keys.right().saturating_sub(x));
        if room == 0 {
            break;
        }
        let text = clip(option, room, theme.glyphs().ellipsis);
        let style = theme.style(Role::Dim);
        let wide = paint(frame.buffer_mut(), keys, x, keys.y, &text, style);
        hints.add(Rect::new(x, keys.y, wide, 1), Press::Offer(place));
        x = x.saturating_add(wide + 2);
    }
    hints
}

/// The line for tags, in place of the status line.
fn draw_tags(
    frame: &mut Frame,
    area: Rect,
    field: &mut TextField,
    targets: &[Target],
    theme: &Theme,
) -> Hints {
    let keys = draw_typed(frame, area, "+ ", field, theme);
    let what = match targets {
        [one] => format!("tag {}", one.name),
        many => format!("tag {}", several(many)),
    };
    let all = [
        ("Enter", what.as_str()),
        ("Esc", "leave"),
        ("vip", "adds it"),
        ("-vip", "takes it away"),
    ];
    Hints::draw(frame, keys, &all, theme)
}

/// A field in place of the status line; gives the row of the keys under it.
fn draw_typed(
    frame: &mut Frame,
    area: Rect,
    sign: &str,
    field: &mut TextField,
    theme: &Theme,
) -> Rect {
    let row = Rect {
        y: area.bottom().saturating_sub(2),
        height: 1,
        ..area
    };
    fill(frame.buffer_mut(), row, row.x, row.y, Style::new());
    let style = theme.style(Role::Key);
    let x = row.x + 1 + paint(frame.buffer_mut(), row, row.x + 1, row.y, sign, style);
    let place = Rect {
        x,
        width: row.right().saturating_sub(x + 1),
        ..row
    };
    field.draw(
        frame,
        place,
        theme.style(Role::FieldFocus),
        theme.glyphs().ellipsis,
        true,
    );
    Rect {
        x: row.x + 1,
        y: row.y + 1,
        width: row.width.saturating_sub(2),
        ..row
    }
}
