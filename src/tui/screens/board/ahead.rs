//! Acts that the board shows before the book has them: in the frame of the key press the card is where it will be. When the book
//! agrees nothing moves any more; when it does not the card goes home.

use crate::domain::board::{Board, Card, Column, Sum};
use crate::domain::command::Place;
use crate::domain::id::Id;
use crate::domain::money::Currency;
use crate::domain::records::{Deal, Stage};
use crate::store::handle::Ticket;

/// What will be seen of an act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Foresight {
    /// The card stands in that column: there in the columns' own order, else where the order of the cards puts it.
    Move(Id<Stage>, Place),
    /// The card is gone: won, lost, in the trash.
    Leave,
    /// The card stays where it is, with something new on it.
    Stay,
}

/// One card's part of an act that is on its way.
#[derive(Clone, Debug)]
pub struct Ahead {
    /// The act.
    pub ticket: Ticket,
    /// The card.
    pub deal: Id<Deal>,
    /// What will be seen.
    pub foresight: Foresight,
    home: Option<Home>,
}

/// Where a card was before.
#[derive(Clone, Debug)]
struct Home {
    stage: Id<Stage>,
    index: usize,
    /// The card, where it left the board.
    card: Option<Card>,
}

impl Ahead {
    /// Shows an act on the board.
    #[must_use]
    pub fn show(board: &mut Board, ticket: Ticket, deal: Id<Deal>, foresight: Foresight) -> Self {
        let mut ahead = Self {
            ticket,
            deal,
            foresight,
            home: None,
        };
        ahead.apply(board);
        ahead
    }

    /// Shows the act on a board that the book answered before it had the act.
    pub fn apply(&mut self, board: &mut Board) {
        let Some((column, index)) = find(board, self.deal) else {
            return;
        };
        let stage = board.columns[column].stage.id;
        match self.foresight {
            Foresight::Stay => {}
            Foresight::Leave => {
                let card = take(board, column, index);
                self.home = Some(Home {
                    stage,
                    index,
                    card: Some(card),
                });
            }
            Foresight::Move(to, place) => {
                let Some(target) = board.columns.iter().position(|c| c.stage.id == to) else {
                    // The stage is not on this board: to the eye the card leaves.
                    let card = take(board, column, index);
                    self.home = Some(Home {
                        stage,
                        index,
                        card: Some(card),
                    });
                    return;
                };
                let card = take(board, column, index);
                let column = &board.columns[target];
                let falls = board.order.place(&card, &column.cards, board.base);
                let at = falls.unwrap_or_else(|| index_of(column, place));
                put(board, target, at, card);
                self.home = Some(Home {
                    stage,
                    index,
                    card: None,
                });
            }
        }
    }

    /// Puts the card back where it was.
    pub fn take_back(self, board: &mut Board) {
        let Some(home) = self.home else {
            return;
        };
        let card = match find(board, self.deal) {
            Some((column, index)) => Some(take(board, column, index)),
            None => home.card,
        };
        let column = board.columns.iter().position(|c| c.stage.id == home.stage);
        if let (Some(card), Some(column)) = (card, column) {
            let index = home.index.min(board.columns[column].cards.len());
            put(board, column, index, card);
        }
    }
}

/// Where a card stands: its column and its place there.
#[must_use]
pub fn find(board: &Board, deal: Id<Deal>) -> Option<(usize, usize)> {
    board
        .columns
        .iter()
        .enumerate()
        .find_map(|(place, column)| {
            let index = column.cards.iter().position(|card| card.id == deal)?;
            Some((place, index))
        })
}

fn index_of(column: &Column, place: Place) -> usize {
    let beside = |deal: Id<Deal>| column.cards.iter().position(|card| card.id == deal);
    match place {
        Place::Top => 0,
        Place::Bottom => column.cards.len(),
        Place::Before(deal) => beside(deal).unwrap_or(0),
        Place::After(deal) => beside(deal).map_or(0, |index| index + 1),
    }
}

fn take(board: &mut Board, column: usize, index: usize) -> Card {
    let base = board.base;
    let column = &mut board.columns[column];
    let card = column.cards.remove(index);
    column.count = column.count.saturating_sub(1);
    count(column, &card, base, -1);
    card
}

fn put(board: &mut Board, column: usize, index: usize, card: Card) {
    let base = board.base;
    let column = &mut board.columns[column];
    column.count += 1;
    count(column, &card, base, 1);
    column.cards.insert(index, card);
}

/// Counts a card into the sums of its column, or out of them. An amount in another currency is left to the book, which knows the
/// rate and answers in a moment.
fn count(column: &mut Column, card: &Card, base: Currency, sign: i64) {
    let step = |count: &mut u64| *count = count.saturating_add_signed(sign);
    let Some(amount) = card.amount else {
        step(&mut column.sum.without_amount);
        step(&mut column.weighted.without_amount);
        return;
    };
    if amount.currency != base {
        return;
    }
    let add = |sum: &mut Sum, minor: i64| {
        sum.minor = sum.minor.saturating_add(sign * minor);
        sum.n = sum.n.saturating_add_signed(sign);
    };
    add(&mut column.sum, amount.minor);
    match card.probability.or(column.probability) {
        Some(percent) => add(&mut column.weighted, weighted(amount.minor, percent)),
        None => step(&mut column.weighted.without_probability),
    }
}

fn weighted(minor: i64, percent: i64) -> i64 {
    let exact = i128::from(minor) * i128::from(percent);
    let rounded = (exact.abs() + 50) / 100 * exact.signum();
    i64::try_from(rounded).unwrap_or(i64::MAX)
}
