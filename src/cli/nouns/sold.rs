//! What is sold: the catalogue, and the lines of deals.

use super::{Noun, field};
use crate::domain::nouns::{Entity, deal_line, product};

/// The catalogue.
pub static PRODUCTS: Noun = Noun {
    plural: "products",
    singular: "product",
    value: "PRODUCT",
    reference: "Exact name or code, or id (4 or more characters of it)",
    one: "a product",
    entity: Entity::Product,
    about: "What is sold",
    flags: &[
        field("name", &product::NAME, "NAME", "What it is called"),
        field("code", &product::CODE, "TEXT", "Its code or article number"),
        field("family", &product::FAMILY, "TEXT", "What it belongs to"),
        field(
            "price",
            &product::PRICE,
            "AMOUNT",
            "What one costs: 1200, 12k or 1100 EUR",
        ),
        field(
            "currency",
            &product::CURRENCY,
            "CODE",
            "Currency of the price, where it is not the book's",
        ),
    ],
    columns: &["id", "name", "code", "family", "price"],
    only: None,
};

/// What of the catalogue deals are about.
pub static LINES: Noun = Noun {
    plural: "lines",
    singular: "line",
    value: "LINE",
    reference: "Id (4 or more characters of it), as `clinch deals lines DEAL` shows it, or its text where no other line has it",
    one: "a line",
    entity: Entity::DealLine,
    about: "The products of deals, line by line",
    flags: &[
        field("deal", &deal_line::DEAL, "DEAL", "The deal that it is of"),
        field(
            "product",
            &deal_line::PRODUCT,
            "PRODUCT",
            "What is sold: a product of the catalogue",
        ),
        field(
            "text",
            &deal_line::TEXT,
            "TEXT",
            "What the line says, where that is not the name of the product",
        ),
        field(
            "quantity",
            &deal_line::QUANTITY,
            "NUMBER",
            "How many; a new line has 1",
        ),
        field(
            "price",
            &deal_line::PRICE,
            "AMOUNT",
            "For how much each, in the currency of the deal; a new line has the product's price",
        ),
    ],
    columns: &["id", "deal", "product", "text", "quantity", "price"],
    only: None,
};
