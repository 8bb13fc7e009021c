//! The pictures of the layers.

use ratatui::Frame;
use ratatui::layout::Rect;
use ratatui::style::Style;

use crate::domain::nouns::{Entity, Kind, activity};
use crate::domain::records::Record;
use crate::domain::value::Value;
use crate::tui::layers::{Detail, FilterBar, Find, Layer};
use crate::tui::look::Look;
use crate::tui::notices::Tone;
use crate::tui::theme::{Role, Theme};
use crate::tui::widgets::clip::{clip, fill, paint};
use crate::tui::widgets::popup;

use super::App;
use super::view::draw_lines;

impl App {
    /// Draws the layers, the lowest first.
    pub(super) fn draw_layers(&mut self, frame: &mut Frame, area: Rect) {
        let mut layers = std::mem::take(&mut self.layers);
        for layer in &mut layers {
            self.draw_layer(frame, area, layer);
        }
        self.layers = layers;
    }

    fn draw_layer(&self, frame: &mut Frame, area: Rect, layer: &mut Layer) {
        let body = super::view::body(area);
        match layer {
            Layer::Menu(menu, _) => menu.draw(frame, body, &self.theme),
            Layer::Sure(confirm, _) => confirm.draw(frame, body, &self.theme),
            Layer::Lose(form, _) => form.draw(frame, body, &self.theme),
            Layer::Me(menu, _) => menu.draw(frame, body, &self.theme),
            Layer::Form(form, _) => form.draw(frame, body, &self.theme),
            Layer::Conflict(conflict) => conflict.dialog.draw(frame, body, &self.theme),
            Layer::Welcome(questions) => questions.draw(frame, body, &self.theme),
            // It is there for a few milliseconds: a picture of it would only flicker.
            Layer::Opening(_) => {}
            Layer::Filter(bar) => draw_filter(frame, area, bar, &self.theme),
            Layer::Find(find) => draw_find(frame, body, find, &self.theme),
            Layer::Detail(detail) => draw_detail(frame, body, detail, &self.look()),
            Layer::Messages(top) => self.draw_messages(frame, body, top),
            Layer::Text(title, lines, top) => {
                let style = self.theme.style(Role::Text);
                let lines: Vec<(String, Style)> =
                    lines.iter().map(|line| (line.clone(), style)).collect();
                *top = read_popup(frame, body, title, &lines, *top, &self.theme);
            }
            Layer::Leaving => self.draw_leaving(frame, body),
        }
    }

    fn draw_messages(&self, frame: &mut Frame, area: Rect, top: &mut usize) {
        let look = self.look();
        let mut lines: Vec<(String, Style)> = self
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
                (
                    format!("{at} {sign} {}", notice.text),
                    self.theme.style(role),
                )
            })
            .collect();
        if lines.is_empty() {
            let style = self.theme.style(Role::Dim);
            lines.push((
                "Nothing was said yet; what others change is listed here".to_owned(),
                style,
            ));
        }
        *top = read_popup(
            frame,
            area,
            "Messages and others' changes",
            &lines,
            *top,
            &self.theme,
        );
    }

    fn draw_leaving(&self, frame: &mut Frame, area: Rect) {
        let style = self.theme.style(Role::Text);
        let mut lines = vec![(
            format!(
                "Waiting for the book to take {} before leaving:",
                self.on_their_way.len()
            ),
            style,
        )];
        for write in self.on_their_way.values() {
            let pending = self.theme.glyphs().pending;
            lines.push((format!("  {pending} {}", write.said), style));
        }
        lines.push((String::new(), style));
        lines.push((
            "Esc stays. q leaves now: what the book has not taken by then is lost.".to_owned(),
            self.theme.style(Role::Late),
        ));
        read_popup(frame, area, "Leaving", &lines, 0, &self.theme);
    }
}

/// A popup with lines to read; returns the first line that is really shown.
fn read_popup(
    frame: &mut Frame,
    area: Rect,
    title: &str,
    lines: &[(String, Style)],
    top: usize,
    theme: &Theme,
) -> usize {
    let wide = area.width.saturating_sub(4).min(96);
    let inside = usize::from(wide.saturating_sub(4)).max(1);
    let rows: usize = lines
        .iter()
        .map(|(text, _)| crate::tui::widgets::clip::wrap(text, inside).len())
        .sum();
    let high = u16::try_from(rows).unwrap_or(u16::MAX).saturating_add(2);
    let place = popup::centred(area, wide, high.min(area.height.saturating_sub(2)));
    let inner = popup::frame(frame, place, title, theme);
    draw_lines(
        frame.buffer_mut(),
        inner,
        lines,
        top,
        theme.glyphs().ellipsis,
    )
}

fn draw_filter(frame: &mut Frame, area: Rect, bar: &mut FilterBar, theme: &Theme) {
    let row = Rect {
        y: area.bottom().saturating_sub(2),
        height: 1,
        ..area
    };
    fill(frame.buffer_mut(), row, row.x, row.y, Style::new());
    let x = row.x
        + 1
        + paint(
            frame.buffer_mut(),
            row,
            row.x + 1,
            row.y,
            "/ ",
            theme.style(Role::Key),
        );
    let field = Rect {
        x,
        width: row.right().saturating_sub(x + 1),
        ..row
    };
    bar.field.draw(
        frame,
        field,
        theme.style(Role::FieldFocus),
        theme.glyphs().ellipsis,
        true,
    );
    let keys = Rect {
        x: row.x + 1,
        y: row.y + 1,
        width: row.width.saturating_sub(2),
        ..row
    };
    if let Some(fault) = &bar.fault {
        let text = clip(fault, usize::from(keys.width), theme.glyphs().ellipsis);
        let style = theme.style(Role::Error);
        paint(frame.buffer_mut(), keys, keys.x, keys.y, &text, style);
        return;
    }
    popup::keys(
        frame,
        keys,
        &[
            ("Enter", "keep"),
            ("Esc", "as before"),
            ("owner:me", "mine"),
            ("value>10k", "large"),
            ("is:rotting", "quiet"),
            ("-word", "without"),
        ],
        theme,
    );
}

fn draw_find(frame: &mut Frame, area: Rect, find: &mut Find, theme: &Theme) {
    let place = popup::centred(area, 76, area.height.saturating_sub(4).min(22));
    let inner = popup::frame(frame, place, "Find any record", theme);
    if inner.is_empty() {
        return;
    }
    let field = Rect { height: 1, ..inner };
    find.field.draw(
        frame,
        field,
        theme.style(Role::FieldFocus),
        theme.glyphs().ellipsis,
        true,
    );
    let cursor = (inner.x, inner.y);
    let list = Rect {
        y: inner.y + 1,
        height: inner.height.saturating_sub(2),
        ..inner
    };
    if find.field.text().trim().is_empty() {
        let hint = "Words of a name, company, e-mail address or phone";
        paint(
            frame.buffer_mut(),
            list,
            list.x,
            list.y,
            hint,
            theme.style(Role::Placeholder),
        );
    } else if let Some(row) = find.found.draw(frame, list, theme)
        && find.field.text().is_empty()
    {
        frame.set_cursor_position(row);
    } else if find.field.text().is_empty() {
        frame.set_cursor_position(cursor);
    }
    let foot = Rect {
        y: inner.bottom().saturating_sub(1),
        height: 1,
        ..inner
    };
    popup::keys(frame, foot, &[("Enter", "open"), ("Esc", "leave")], theme);
}

/// A record: what is known of it, then what happened with it.
fn draw_detail(frame: &mut Frame, area: Rect, detail: &mut Detail, look: &Look<'_>) {
    let style = |role| look.theme.style(role);
    let place = popup::centred(
        area,
        area.width.saturating_sub(4).min(110),
        area.height.saturating_sub(2),
    );
    let name = match &detail.record {
        Some(Some(record)) => record.name(),
        _ => detail.name.clone(),
    };
    let title = format!("{} · {name}", noun(detail.entity));
    let inner = popup::frame(frame, place, &title, look.theme);
    let mut lines: Vec<(String, Style)> = Vec::new();
    match &detail.record {
        None => lines.push(("Reading …".to_owned(), style(Role::Dim))),
        Some(None) => lines.push((
            "This record is not in the book any more".to_owned(),
            style(Role::Error),
        )),
        Some(Some(record)) => lines.extend(fields(record, look)),
    }
    lines.push((String::new(), Style::new()));
    lines.push(("Timeline".to_owned(), style(Role::Title)));
    match &detail.timeline {
        None => lines.push(("Reading …".to_owned(), style(Role::Dim))),
        Some(records) if records.is_empty() => {
            let text = "Nothing yet: c logs a call, m a mail, M a meeting, n a note";
            lines.push((text.to_owned(), style(Role::Dim)));
        }
        Some(records) => {
            for record in records {
                lines.extend(activity_lines(record, look));
            }
        }
    }
    detail.top = draw_lines(
        frame.buffer_mut(),
        inner,
        &lines,
        detail.top,
        look.theme.glyphs().ellipsis,
    );
}

fn noun(entity: Entity) -> String {
    let name = entity.name().replace('_', " ");
    let mut letters = name.chars();
    letters
        .next()
        .map(|first| first.to_uppercase().chain(letters).collect())
        .unwrap_or_default()
}

/// The known fields of a record, one a line.
fn fields(record: &Record, look: &Look<'_>) -> Vec<(String, Style)> {
    let style = look.theme.style(Role::Text);
    let mut lines = Vec::new();
    if record.trashed_at.is_some() {
        lines.push(("In the trash".to_owned(), look.theme.style(Role::Late)));
    }
    if let Some(state) = record.state {
        lines.push((format!("{:<16} {}", "State", state.name()), style));
    }
    for (place, def) in record.entity.fields().iter().enumerate() {
        let hidden = matches!(
            def.name,
            "title" | "position" | "currency" | "close_currency" | "close_rate" | "name_key"
        ) || Some(def.name) == record.entity.label_field();
        let value = record.values.get(place).unwrap_or(&Value::Null);
        if hidden || value.is_null() {
            continue;
        }
        let shown = shown(record, place, def.kind, value, look);
        let label = def.name.replace('_', " ");
        let mut letters = label.chars();
        let label: String = letters
            .next()
            .map(|first| first.to_uppercase().chain(letters).collect())
            .unwrap_or_default();
        lines.push((format!("{label:<16} {shown}"), style));
    }
    for custom in &record.custom {
        lines.push((
            format!("{:<16} {}", custom.name, plain(&custom.value)),
            style,
        ));
    }
    for (set, elements) in &record.sets {
        if !elements.is_empty() {
            lines.push((format!("{:<16} {}", set.name(), elements.join(", ")), style));
        }
    }
    if let Some((source, key)) = &record.source {
        lines.push((
            format!("{:<16} {source} {key}", "Source"),
            look.theme.style(Role::Dim),
        ));
    }
    lines.push((
        format!("{:<16} {}", "Id", record.id),
        look.theme.style(Role::Dim),
    ));
    lines
}

/// A value in words.
fn shown(record: &Record, place: usize, kind: Kind, value: &Value, look: &Look<'_>) -> String {
    let named = record.names.get(place).cloned().flatten();
    match (kind, value) {
        (Kind::Ref(_), _) => named.unwrap_or_else(|| plain(value)),
        (Kind::Money, _) => {
            let def = record.entity.fields()[place];
            let money = look.base.and_then(|base| record.money(def, base));
            money.map_or_else(|| plain(value), |money| money.to_string())
        }
        (Kind::Instant, Value::Int(millis)) => {
            look.moment(crate::domain::time::Instant::from_millis(*millis))
        }
        (Kind::Date, Value::Text(text)) => text
            .parse()
            .map_or_else(|_| text.clone(), |date| look.date(date)),
        (Kind::Percent, _) => format!("{} %", plain(value)),
        (Kind::Flag, Value::Int(yes)) => if *yes == 0 { "no" } else { "yes" }.to_owned(),
        _ => plain(value),
    }
}

fn plain(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Int(number) => number.to_string(),
        Value::Text(text) => text.clone(),
    }
}

/// An activity of a timeline: when, what, about what, who; then its text.
fn activity_lines(record: &Record, look: &Look<'_>) -> Vec<(String, Style)> {
    let style = |role| look.theme.style(role);
    let kind = record.text(&activity::KIND).unwrap_or("note");
    let subject = record.text(&activity::SUBJECT).unwrap_or_default();
    let done = record.instant(&activity::DONE_AT);
    let who = record
        .link::<crate::domain::records::Rep>(&activity::PERFORMER)
        .map(|rep| rep.name)
        .unwrap_or_default();
    let (when, role) = match done {
        Some(at) => (look.moment(at), Role::Text),
        None => {
            let due = look.due(
                record.instant(&activity::DUE_AT),
                record.date(&activity::DUE_DATE),
            );
            match due {
                Some((text, true)) => (text, Role::Late),
                Some((text, false)) => (text, Role::Soon),
                None => ("planned".to_owned(), Role::Soon),
            }
        }
    };
    let outcome = record
        .text(&activity::OUTCOME)
        .map_or(String::new(), |text| format!(" · {text}"));
    let mut lines = vec![(
        format!("{when:>16}  {kind:<8} {subject}{outcome}  {who}"),
        style(role),
    )];
    if let Some(body) = record.text(&activity::BODY) {
        for line in body.lines() {
            lines.push((format!("{:>27}{line}", ""), style(Role::Dim)));
        }
    }
    lines
}
