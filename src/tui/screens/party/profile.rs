//! The lines of a profile: all that is known of a contact or company, each with the record that it names.

use crate::domain::custom::CustomKind;
use crate::domain::history::Tally;
use crate::domain::money::{Money, grouped};
use crate::domain::nouns::{FieldDef, Set, company, contact};
use crate::domain::records::{Company, Link, Record, Rep};
use crate::domain::shown::{Showing, day, show};
use crate::domain::time::Date;
use crate::domain::value::Value;
use crate::tui::look::Look;
use crate::tui::screens::board::head::left_out;
use crate::tui::theme::Role;
use crate::tui::widgets::clip::wrap;
use crate::tui::words;

use super::state::PartyScreen;

/// Columns of the names of the lines.
pub const LABEL: usize = 10;

/// A figure: how it is written depends on the look.
#[derive(Clone, Copy, Debug)]
pub enum Figure {
    /// Deals of that kind, with their sum.
    Tally(Tally, &'static str),
    /// Minor units of the base currency.
    Amount(i64),
    /// What a custom field of that kind holds.
    Custom(CustomKind, i64),
}

impl Figure {
    /// As it is written.
    #[must_use]
    pub fn text(self, look: &Look<'_>) -> String {
        match self {
            Self::Tally(tally, what) => {
                let count = format!("{} {what}", grouped(tally.count));
                if tally.count == 0 {
                    return count;
                }
                let dot = look.theme.glyphs().dot;
                format!("{count} {dot} {}", look.known_sum(tally.sum))
            }
            Self::Amount(minor) => {
                let money = look.base.map(|base| look.money(Money::new(minor, base)));
                money.unwrap_or_default()
            }
            Self::Custom(kind, content) => {
                let by = look.base.map(|currency| Showing {
                    currency,
                    zone: look.zone,
                    name: None,
                });
                let shown = by.and_then(|by| show(kind.kind(), &content.into(), &by));
                shown.unwrap_or_default()
            }
        }
    }
}

/// A line.
#[derive(Clone, Debug)]
pub struct Line {
    /// Its name; empty where it goes on with the line above.
    pub name: String,
    /// What is known.
    pub text: String,
    /// The same, where it is a figure.
    pub figure: Option<Figure>,
    /// Its style.
    pub role: Role,
    /// The company that it names: Enter opens it.
    pub company: Option<Link<Company>>,
}

/// The lines, as they come about.
#[derive(Default)]
struct Lines(Vec<Line>);

impl Lines {
    fn add(&mut self, name: &str, text: impl Into<String>, role: Role) {
        self.0.push(Line {
            name: name.to_owned(),
            text: text.into(),
            figure: None,
            role,
            company: None,
        });
    }

    fn figure(&mut self, name: &str, figure: Figure, role: Role) {
        self.0.push(Line {
            name: name.to_owned(),
            text: String::new(),
            figure: Some(figure),
            role,
            company: None,
        });
    }

    /// What is known, a line each of its lines.
    fn known(&mut self, name: &str, text: Option<&str>) {
        for (place, line) in text.iter().flat_map(|text| text.lines()).enumerate() {
            self.add(if place == 0 { name } else { "" }, line, Role::Text);
        }
    }

    /// Addresses and numbers, a line each.
    fn each(&mut self, name: &str, all: impl IntoIterator<Item = String>) {
        for (place, one) in all.into_iter().enumerate() {
            self.add(if place == 0 { name } else { "" }, one, Role::Link);
        }
    }

    /// Companies, a line each; those of a field of the record that is in the trash say so.
    fn companies(&mut self, name: &str, gone: bool, all: impl IntoIterator<Item = Link<Company>>) {
        for (place, link) in all.into_iter().enumerate() {
            let name = if place == 0 { name } else { "" };
            self.0.push(Line {
                name: name.to_owned(),
                text: words::named(&link.name, gone),
                figure: None,
                role: Role::Link,
                company: Some(link),
            });
        }
    }

    /// What every party has at its head and at its foot.
    fn head(&mut self, record: &Record) {
        if record.trashed_at.is_some() {
            self.add("", "In the trash; g T shows it", Role::Late);
        }
        self.add("Name", record.name(), Role::Title);
    }

    fn foot(&mut self, screen: &PartyScreen, record: &Record) {
        for custom in &record.custom {
            match &custom.value {
                Value::Int(number) => {
                    let figure = Figure::Custom(custom.kind, *number);
                    self.figure(&custom.name, figure, Role::Text);
                }
                Value::Text(text) => {
                    let date: Option<Date> = text.parse().ok();
                    let date = date.filter(|_| custom.kind == CustomKind::Date);
                    let content = date.map_or_else(|| text.clone(), day);
                    self.known(&custom.name, Some(&content));
                }
                Value::Null => {}
            }
        }
        if let Some(Some(profile)) = &screen.profile {
            for (place, (source, key)) in profile.sources.iter().enumerate() {
                let name = if place == 0 { "Sources" } else { "" };
                self.add(name, format!("{source} {key}"), Role::Dim);
            }
        }
        self.add("Id", record.id.to_string(), Role::Dim);
    }
}

/// Those that are known, with commas between them.
fn together(parts: [Option<&str>; 2]) -> Option<String> {
    let known: Vec<&str> = parts.into_iter().flatten().collect();
    Some(known.join(", ")).filter(|all| !all.is_empty())
}

fn tags(record: &Record) -> Option<String> {
    Some(record.set(Set::Tag).join(", ")).filter(|tags| !tags.is_empty())
}

fn owner(record: &Record, def: &'static FieldDef) -> String {
    let owner = record.link::<Rep>(def);
    owner.map_or_else(|| "nobody".to_owned(), |link| link.name)
}

/// The lines of a contact.
pub(super) fn of_contact(screen: &PartyScreen) -> Vec<Line> {
    let Some(record) = screen.record() else {
        return Vec::new();
    };
    let text = |def| record.text(def);
    let mut lines = Lines::default();
    lines.head(record);
    lines.known("Title", text(&contact::TITLE));
    let gone = record.is_gone(&contact::COMPANY);
    lines.companies("Company", gone, record.link::<Company>(&contact::COMPANY));
    lines.each("Mail", record.set(Set::Email).to_vec());
    lines.each("Phone", record.set(Set::Phone).to_vec());
    lines.each("Web", record.set(Set::Url).to_vec());
    lines.known("Address", text(&contact::ADDRESS));
    let city = together([text(&contact::CITY), text(&contact::COUNTRY)]);
    lines.known("City", city.as_deref());
    lines.known("Owner", Some(&owner(record, &contact::OWNER)));
    let state = text(&contact::LEAD_STATE).map(|state| state.replace('_', " "));
    lines.known("Lead", state.as_deref());
    lines.known("Dropped", text(&contact::DROP_REASON));
    lines.known("Came by", text(&contact::LEAD_SOURCE));
    let spoken = together([text(&contact::LANGUAGE), text(&contact::ZONE)]);
    lines.known("Speaks", spoken.as_deref());
    lines.known("Tags", tags(record).as_deref());
    lines.known("Note", text(&contact::NOTE));
    lines.foot(screen, record);
    lines.0
}

/// The lines of a company.
pub(super) fn of_company(screen: &PartyScreen) -> Vec<Line> {
    let (Some(record), Some(Some(profile))) = (screen.record(), &screen.profile) else {
        return Vec::new();
    };
    let text = |def| record.text(def);
    let mut lines = Lines::default();
    lines.head(record);
    lines.known("Industry", text(&company::INDUSTRY));
    if let Some(firm) = profile.firm {
        for (name, tally, what, role) in [
            ("Deals", firm.open, "open", Role::Text),
            ("", firm.won, "won", Role::Good),
            ("", firm.lost, "lost", Role::Dim),
        ] {
            if tally.count > 0 || !name.is_empty() {
                lines.figure(name, Figure::Tally(tally, what), role);
            }
            if tally.count > 0 {
                for what in left_out(tally.sum) {
                    lines.add("", what, Role::Dim);
                }
            }
        }
    }
    lines.known("Owner", Some(&owner(record, &company::OWNER)));
    lines.each("Domains", record.set(Set::Domain).to_vec());
    lines.known("Phone", text(&company::PHONE));
    lines.known("Address", text(&company::ADDRESS));
    let city = together([text(&company::CITY), text(&company::COUNTRY)]);
    lines.known("City", city.as_deref());
    if let Some(size) = record.int(&company::SIZE) {
        lines.add("Employees", grouped(size.unsigned_abs()), Role::Text);
    }
    if let Some(revenue) = record.int(&company::REVENUE) {
        lines.figure("Revenue", Figure::Amount(revenue), Role::Text);
    }
    let gone = record.is_gone(&company::PARENT);
    lines.companies("Parent", gone, record.link::<Company>(&company::PARENT));
    lines.companies("Owns", false, profile.subsidiaries.iter().cloned());
    lines.known("Tags", tags(record).as_deref());
    lines.known("Note", text(&company::NOTE));
    lines.foot(screen, record);
    lines.0
}

/// The lines as they are drawn at a width.
#[must_use]
pub fn laid_out(screen: &PartyScreen, wide: u16) -> Vec<Line> {
    // A blank before the names, and one before the frame.
    let room = usize::from(wide).saturating_sub(LABEL + 2).max(1);
    let mut laid = Vec::new();
    for line in (screen.face.lines)(screen) {
        if line.figure.is_some() {
            laid.push(line);
            continue;
        }
        for (place, piece) in wrap(&line.text, room).into_iter().enumerate() {
            laid.push(Line {
                name: if place == 0 {
                    line.name.clone()
                } else {
                    String::new()
                },
                text: line.text[piece].trim_end().to_owned(),
                ..line.clone()
            });
        }
    }
    laid
}
