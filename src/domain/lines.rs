//! The lines of a deal: what is sold, how many, for how much each, in the currency of the deal.
//!
//! A deal's amount may be the sum of its lines, and nobody says so anywhere: it is, while the two are equal. The step that changes a
//! line of such a deal changes its amount with it. An amount that differs was typed by somebody for a reason: it stays, and the
//! difference is said. So does the amount of a closed deal, whose facts are frozen, and one that the lines cannot tell, because a
//! price or quantity is not known.

use super::command::{Base, Command, FieldEdit, Input, Target};
use super::id::RecordId;
use super::money::{Currency, Money};
use super::nouns::{Entity, Field, FieldDef, deal, deal_line};
use super::records::Record;
use super::value::Value;

/// How the sum comes about, for who is shown it.
pub const FORMULA: &str = "sum = Σ quantity × price over the lines of which both are known";

/// A deal with its lines, in their order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DealLines {
    /// The deal.
    pub deal: Record,
    /// Its lines that are not in the trash.
    pub lines: Vec<Record>,
    /// What products of the catalogue cost that are priced in the deal's currency, in minor units.
    pub prices: Vec<(RecordId, i64)>,
}

/// What lines make.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LinesSum {
    /// The known ones together, in minor units of the deal's currency.
    pub minor: i64,
    /// How many lines there are.
    pub lines: usize,
    /// Those of which the price or the quantity is not known.
    pub unknown: usize,
}

impl LinesSum {
    fn of(worths: impl Iterator<Item = Option<i64>>) -> Self {
        worths.fold(Self::default(), |sum, worth| {
            let minor = worth.and_then(|worth| sum.minor.checked_add(worth));
            Self {
                minor: minor.unwrap_or(sum.minor),
                lines: sum.lines + 1,
                unknown: sum.unknown + usize::from(minor.is_none()),
            }
        })
    }

    /// The whole sum; `None` where a part of it is not known, and without lines.
    #[must_use]
    pub fn whole(self) -> Option<i64> {
        (self.lines > 0 && self.unknown == 0).then_some(self.minor)
    }
}

/// How the amount of a deal stands to its lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// There are no lines.
    NoLines,
    /// It is their sum.
    Equal,
    /// It is another, or none.
    Differs,
    /// Nobody can say: a price or quantity is not known.
    Unknown,
}

/// Quantity times price, where both are known and it is an amount that can be kept.
fn worth(quantity: &Value, price: &Value) -> Option<i64> {
    quantity.as_int()?.checked_mul(price.as_int()?)
}

/// What a line makes, in minor units of the deal's currency.
#[must_use]
pub fn worth_of(line: &Record) -> Option<i64> {
    worth(line.get(&deal_line::QUANTITY), line.get(&deal_line::PRICE))
}

/// What of a line counts, as commands change it.
struct Worth {
    id: Option<RecordId>,
    quantity: Value,
    price: Value,
}

impl Worth {
    fn put(&mut self, field: Field, input: &Input) {
        let Input::Value(value) = input else { return };
        if field == Field::Own(&deal_line::QUANTITY) {
            self.quantity = value.clone();
        } else if field == Field::Own(&deal_line::PRICE) {
            self.price = value.clone();
        }
    }
}

impl DealLines {
    /// The currency of the deal and of its lines' prices.
    #[must_use]
    pub fn currency(&self, base: Currency) -> Currency {
        let own = self.deal.text(&deal::CURRENCY);
        own.and_then(|code| code.parse().ok()).unwrap_or(base)
    }

    /// What a product costs, where it is priced in the deal's currency.
    #[must_use]
    pub fn price_of(&self, product: RecordId) -> Option<i64> {
        let mut prices = self.prices.iter();
        let found = prices.find(|(known, _)| *known == product)?;
        Some(found.1)
    }

    /// What its lines make.
    #[must_use]
    pub fn sum(&self) -> LinesSum {
        LinesSum::of(self.lines.iter().map(worth_of))
    }

    /// How its amount stands to that.
    #[must_use]
    pub fn standing(&self) -> Standing {
        let sum = self.sum();
        match sum.whole() {
            _ if sum.lines == 0 => Standing::NoLines,
            None => Standing::Unknown,
            whole if whole == self.deal.int(&deal::AMOUNT) => Standing::Equal,
            Some(_) => Standing::Differs,
        }
    }

    /// What people are told of the sum and the amount: `lines make 1,200.00, amount says 1,000.00`.
    #[must_use]
    pub fn told(&self, base: Currency) -> String {
        let currency = self.currency(base);
        let money = |minor: i64| {
            let money = Money::new(minor, currency);
            if currency == base {
                money.grouped()
            } else {
                money.to_string()
            }
        };
        let sum = self.sum();
        let amount = match self.deal.int(&deal::AMOUNT) {
            Some(minor) => format!("amount says {}", money(minor)),
            None => "the deal has no amount".to_owned(),
        };
        match self.standing() {
            Standing::NoLines => format!("no lines, {amount}"),
            Standing::Equal => format!("lines make {}, and so says the amount", money(sum.minor)),
            Standing::Differs => format!("lines make {}, {amount}", money(sum.minor)),
            Standing::Unknown => {
                let are = if sum.unknown == 1 {
                    "1 line is without price or quantity".to_owned()
                } else {
                    format!("{} lines are without price or quantity", sum.unknown)
                };
                format!(
                    "lines make {} as far as known ({are}), {amount}",
                    money(sum.minor)
                )
            }
        }
    }

    /// The position of a line behind all others.
    #[must_use]
    pub fn next_position(&self) -> i64 {
        let last = self
            .lines
            .iter()
            .filter_map(|line| line.int(&deal_line::POSITION))
            .max();
        last.unwrap_or(0).saturating_add(1)
    }

    /// The command by which the amount follows commands that change lines, where it does.
    #[must_use]
    pub fn following(&self, commands: &[Command]) -> Option<Command> {
        let amount = self.deal.int(&deal::AMOUNT);
        let closed = !self.deal.get(&deal::CLOSE_CURRENCY).is_null();
        let before = self.sum();
        let follows = amount == before.whole() && before.unknown == 0;
        if closed || !follows {
            return None;
        }
        let after = LinesSum::of(
            self.after(commands)
                .iter()
                .map(|line| worth(&line.quantity, &line.price)),
        );
        after
            .whole()
            .filter(|whole| Some(*whole) != amount)
            .map(|whole| self.setting(whole))
    }

    /// The command that makes the amount what the lines make; `None` where they do not tell, or it is that already.
    #[must_use]
    pub fn settling(&self) -> Option<Command> {
        let whole = self.sum().whole()?;
        (self.standing() == Standing::Differs).then(|| self.setting(whole))
    }

    /// The command that holds a step to the currency that its author saw, where commands give a line a price: should the deal be in
    /// another one by now, that is a conflict, and not the same figure in another currency. It changes nothing.
    #[must_use]
    pub fn in_this_currency(&self, commands: &[Command]) -> Option<Command> {
        let price = Field::Own(&deal_line::PRICE);
        let prices = commands.iter().any(|command| match command {
            Command::Create(create) if create.entity == Entity::DealLine => {
                create.fields.iter().any(|(field, _)| *field == price)
            }
            Command::Edit { edits, .. } => edits.iter().any(|edit| edit.field == price),
            _ => false,
        });
        let seen = self.deal.get(&deal::CURRENCY);
        prices.then(|| {
            let same = vec![(&deal::CURRENCY, seen, seen.clone())];
            edit(Entity::Deal, self.deal.id, same)
        })
    }

    fn setting(&self, minor: i64) -> Command {
        edit(
            Entity::Deal,
            self.deal.id,
            vec![(&deal::AMOUNT, self.deal.get(&deal::AMOUNT), minor.into())],
        )
    }

    fn after(&self, commands: &[Command]) -> Vec<Worth> {
        let mut lines: Vec<Worth> = self
            .lines
            .iter()
            .map(|line| Worth {
                id: Some(line.id),
                quantity: line.get(&deal_line::QUANTITY).clone(),
                price: line.get(&deal_line::PRICE).clone(),
            })
            .collect();
        for command in commands {
            match command {
                Command::Create(create) if create.entity == Entity::DealLine => {
                    let mut line = Worth {
                        id: None,
                        quantity: Value::Null,
                        price: Value::Null,
                    };
                    for (field, input) in &create.fields {
                        line.put(*field, input);
                    }
                    lines.push(line);
                }
                Command::Edit {
                    entity: Entity::DealLine,
                    target: Target::Known(id),
                    edits,
                } => {
                    for line in lines.iter_mut().filter(|line| line.id == Some(*id)) {
                        for edit in edits {
                            line.put(edit.field, &edit.new);
                        }
                    }
                }
                Command::Trash {
                    entity: Entity::DealLine,
                    target: Target::Known(id),
                } => lines.retain(|line| line.id != Some(*id)),
                _ => {}
            }
        }
        lines
    }
}

/// An edit by what its author saw.
#[must_use]
pub fn edit(
    entity: Entity,
    id: RecordId,
    fields: Vec<(&'static FieldDef, &Value, Value)>,
) -> Command {
    Command::Edit {
        entity,
        target: id.into(),
        edits: fields
            .into_iter()
            .map(|(def, base, new)| FieldEdit {
                field: def.into(),
                base: Base::Seen(base.clone()),
                new: new.into(),
            })
            .collect(),
    }
}

#[cfg(test)]
mod tests;
