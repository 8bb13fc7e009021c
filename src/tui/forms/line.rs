//! The form of a line of a deal: what is sold, how many, for how much each.

use crate::domain::id::RecordId;
use crate::domain::lines::DealLines;
use crate::domain::nouns::{Entity, deal_line};
use crate::domain::records::Record;
use crate::domain::typed::Typing;
use crate::store::query::Choice;

use super::choose;
use super::editor::Content;
use super::entry::Entry;
use super::form::RecordForm;

/// A form that adds a line to a deal, one of what is picked. Nothing typed as the price takes that of the catalogue.
#[must_use]
pub fn add(of: &DealLines, products: &[Choice], typing: Typing) -> RecordForm {
    let mut entries = entries(products, None, typing);
    let product = entries.remove(0).needed();
    entries.insert(0, product);
    let title = format!("New product of {}", of.deal.name());
    RecordForm::create(&title, Entity::DealLine, entries, typing)
        .about_what(&of.deal.name())
        .starting(&deal_line::QUANTITY, &Content::Text("1".to_owned()))
        .with(&deal_line::DEAL, of.deal.id)
        .with(&deal_line::POSITION, of.next_position())
        .requiring(true)
}

/// A form that changes a line.
#[must_use]
pub fn edit(line: &Record, products: &[Choice], typing: Typing) -> RecordForm {
    let product = line.link::<()>(&deal_line::PRODUCT);
    let in_use = product.as_ref().map(|link| link.id.record());
    let title = format!("Product {}", line.name());
    RecordForm::edit(&title, line, entries(products, in_use, typing), typing)
}

fn entries(products: &[Choice], in_use: Option<RecordId>, typing: Typing) -> Vec<Entry> {
    vec![
        Entry::field(&deal_line::PRODUCT)
            .from(choose::records(products, in_use))
            .or_new(Entity::Product),
        Entry::field(&deal_line::TEXT).hint("the product's name"),
        Entry::field(&deal_line::QUANTITY),
        Entry::field(&deal_line::PRICE)
            .called(&format!("Price each, {}", typing.currency))
            .hint("the product's"),
    ]
}
