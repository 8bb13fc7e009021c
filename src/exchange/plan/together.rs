//! What several columns of one row make up together: an address, a name, a deal's state.

use crate::domain::nouns::{Entity, Set, company, contact, deal, rep};
use crate::domain::pipeline::StageKind;

use super::reading::{Reading, Setting};

/// Puts together what several columns make up.
pub(super) fn finish(entity: Entity, reading: &mut Reading, setting: Setting) {
    let place = [reading.postcode.as_str(), reading.state.as_str()];
    let place = place
        .iter()
        .filter(|text| !text.is_empty())
        .copied()
        .collect::<Vec<_>>()
        .join(" ");
    let lines: Vec<&str> = reading
        .street
        .iter()
        .map(String::as_str)
        .chain([place.as_str()])
        .filter(|line| !line.is_empty())
        .collect();
    let address = lines.join("\n");
    match entity {
        Entity::Rep => {
            let name = format!("{} {}", reading.given, reading.family)
                .trim()
                .to_owned();
            if !name.is_empty() {
                reading.fill(&rep::NAME, name);
            }
        }
        Entity::Company if !address.is_empty() => reading.fill(&company::ADDRESS, address),
        Entity::Contact => {
            if !address.is_empty() {
                reading.fill(&contact::ADDRESS, address);
            }
            contact_name(reading);
        }
        Entity::Deal => {
            reading.fill(&deal::CURRENCY, setting.currency.code());
            let flags = match (reading.is_won, reading.is_closed) {
                (Some(true), _) => Some(StageKind::Won),
                (Some(false), Some(true)) => Some(StageKind::Lost),
                (_, Some(false)) => Some(StageKind::Open),
                _ => None,
            };
            let named = reading
                .stage
                .as_deref()
                .map(StageKind::of_name)
                .filter(|kind| kind.is_closed());
            reading.status = reading
                .status
                .filter(|kind| kind.is_closed())
                .or(flags)
                .or(named)
                .or(reading.status);
        }
        Entity::Product => {
            let currency = setting.currency.code();
            if let Some(field) = entity.field("currency") {
                reading.fill(field, currency);
            }
        }
        _ => {}
    }
}

/// A contact is called by its name, else by the parts of it, else by an address or number of its own.
fn contact_name(reading: &mut Reading) {
    if reading.text(&contact::NAME).is_some() {
        return;
    }
    let parts = [
        &contact::PREFIX,
        &contact::GIVEN,
        &contact::MIDDLE,
        &contact::FAMILY,
        &contact::SUFFIX,
    ];
    let named = reading.text(&contact::GIVEN).is_some() || reading.text(&contact::FAMILY).is_some();
    let name = if named {
        parts
            .iter()
            .filter_map(|part| reading.text(part))
            .collect::<Vec<_>>()
            .join(" ")
    } else {
        let own = reading
            .set(Set::Email)
            .next()
            .or_else(|| reading.set(Set::Phone).next());
        own.map(str::to_owned).unwrap_or_default()
    };
    if !name.is_empty() {
        reading.fill(&contact::NAME, name);
    }
}
