//! Holds a filter to a noun.

use super::FilterError;
use super::ast::{Expr, Filter, Flag, Op, Span, Term, Test};
use super::bound::{Between, Bound, Check, Context, CustomKind, Match, Node};
use super::clause::Clause;
use super::near::nearest_word;
use super::places::{self, Place, nearest};
use super::values::{self, Looks};
use crate::domain::id::RecordId;
use crate::domain::identity::{email_key, phone_key};
use crate::domain::nouns::{self, Entity, Kind, Set};
use crate::domain::pipeline::StageKind;
use crate::domain::text::{fold, squeeze};

/// Finds the fields of a filter at a noun and reads its values by their types.
///
/// # Errors
/// A field or a word that the noun does not have, with the nearest one; a value that cannot be read; an operator that makes no
/// sense for a field.
pub fn bind(filter: &Filter, entity: Entity, ctx: &Context<'_>) -> Result<Bound, FilterError> {
    let binder = Binder { entity, ctx };
    let root = filter.root().map(|root| binder.expr(root)).transpose()?;
    Ok(Bound { entity, root })
}

struct Binder<'a> {
    entity: Entity,
    ctx: &'a Context<'a>,
}

impl Binder<'_> {
    fn expr(&self, expr: &Expr) -> Result<Node, FilterError> {
        let list = |parts: &[Expr]| {
            parts
                .iter()
                .map(|part| self.expr(part))
                .collect::<Result<Vec<_>, _>>()
        };
        Ok(match expr {
            Expr::All(parts) => Node::All(list(parts)?),
            Expr::Any(parts) => Node::Any(list(parts)?),
            Expr::Not(inner) => Node::Not(Box::new(self.expr(inner)?)),
            Expr::Term(term) => self.term(term)?,
        })
    }

    fn term(&self, term: &Term) -> Result<Node, FilterError> {
        Ok(match &term.test {
            Test::Word(word) => self.searched(word, term.span)?,
            Test::Has(name) => Node::Check(Check::Known(self.place(name, term.span)?)),
            Test::No(name) => Node::Not(Box::new(Node::Check(Check::Known(
                self.place(name, term.span)?,
            )))),
            Test::Is { flag, bare } => self.flag(*flag, *bare, term.span)?,
            Test::Field { name, op, values } => {
                let place = self.place(name, term.span)?;
                let clause = Clause {
                    name,
                    op: *op,
                    values,
                    span: term.span,
                    place,
                };
                let check = Node::Check(self.check(&clause)?);
                if *op == Op::Ne {
                    Node::Not(Box::new(check))
                } else {
                    check
                }
            }
        })
    }

    /// A word as it is searched for.
    fn searched(&self, word: &str, span: Span) -> Result<Node, FilterError> {
        if !matches!(
            self.entity,
            Entity::Rep
                | Entity::Contact
                | Entity::Company
                | Entity::Deal
                | Entity::Product
                | Entity::Activity
        ) {
            return Err(FilterError::new(
                span,
                format!("{} is not searched by words.", self.a_noun()),
            ));
        }
        let folded = fold(word);
        if folded.is_empty() {
            return Err(FilterError::new(
                span,
                "Nothing is left of this word to search for.",
            ));
        }
        Ok(Node::Check(Check::Word {
            text: folded,
            digits: phone_part(word),
        }))
    }

    fn flag(&self, flag: Flag, bare: bool, span: Span) -> Result<Node, FilterError> {
        if self.entity != Entity::Deal {
            return if bare {
                self.searched(flag.name(), span)
            } else {
                Err(FilterError::new(
                    span,
                    format!("`is:{}` is asked of deals only.", flag.name()),
                ))
            };
        }
        let state = |kind: StageKind| {
            Node::Check(Check::Text {
                place: Place::State,
                how: Match::Equals,
                wanted: vec![kind.name().to_owned()],
            })
        };
        Ok(match flag {
            Flag::Open => state(StageKind::Open),
            Flag::Won => state(StageKind::Won),
            Flag::Lost => state(StageKind::Lost),
            Flag::Rotting => Node::Check(Check::Rotting(self.ctx.now)),
        })
    }

    /// The noun at the beginning of a sentence.
    fn a_noun(&self) -> String {
        let noun = self.entity.name().replace('_', " ");
        let article = if noun.starts_with(['a', 'e', 'i', 'o', 'u']) {
            "An"
        } else {
            "A"
        };
        format!("{article} {noun}")
    }

    /// Where a name leads: to a place of the noun, else to a custom field.
    fn place(&self, name: &str, span: Span) -> Result<Place, FilterError> {
        if let Some(place) = places::place(self.entity, name) {
            return Ok(place);
        }
        let plain = places::plain(name);
        let custom = self
            .ctx
            .custom
            .iter()
            .find(|field| places::plain(&field.name) == plain);
        if let Some(field) = custom {
            return Ok(Place::Custom(field.id));
        }
        let known = places::names(self.entity)
            .map(|(name, _)| name)
            .chain(self.ctx.custom.iter().map(|field| field.name.as_str()));
        let nearest = nearest(name, known).map(str::to_owned);
        let noun = self.a_noun();
        let what = if let Some(near) = &nearest {
            format!("{noun} has no field `{name}`; the nearest is `{near}`.")
        } else {
            let some: Vec<&str> = places::names(self.entity)
                .map(|(name, _)| name)
                .take(12)
                .collect();
            let some = some.join(", ");
            format!(
                "{noun} has no field `{name}`; it has {some} and others. A text with a colon goes into quotation marks."
            )
        };
        Err(FilterError {
            span,
            what,
            nearest,
        })
    }

    fn check(&self, clause: &Clause<'_>) -> Result<Check, FilterError> {
        match clause.place {
            Place::Column(def) => self.column(clause, def.kind),
            Place::CreatedAt => self.moment(clause, Looks::Back),
            Place::Waiting => Ok(Check::Moment {
                place: clause.place,
                within: clause.within(|op, value| {
                    values::ages(op, value, self.ctx)?.ok_or_else(|| {
                        "`waits` is compared with a length of time: waits>1h.".to_owned()
                    })
                })?,
            }),
            Place::Due => self.due(clause),
            Place::State => Self::choice(clause, nouns::STAGE_KINDS),
            Place::Set(set) => Self::elements(clause, set),
            Place::Source => Self::text(clause, Match::Equals),
            Place::NextStep => Self::text(clause, Match::Contains),
            Place::Custom(id) => {
                let kind = self
                    .ctx
                    .custom
                    .iter()
                    .find(|field| field.id == id)
                    .map_or(CustomKind::Text, |field| field.kind);
                match kind {
                    CustomKind::Text => Self::text(clause, Match::Contains),
                    CustomKind::Number => Self::number(clause),
                    CustomKind::Date => self.day(clause),
                    CustomKind::Instant => self.moment(clause, Looks::Back),
                    CustomKind::Flag => Self::yes_or_no(clause),
                }
            }
        }
    }

    fn column(&self, clause: &Clause<'_>, kind: Kind) -> Result<Check, FilterError> {
        match kind {
            Kind::Line | Kind::Block => Self::text(clause, Match::Contains),
            Kind::Currency | Kind::Json | Kind::Fields | Kind::AnyRef => {
                Self::text(clause, Match::Equals)
            }
            Kind::Number | Kind::Percent => Self::number(clause),
            Kind::Flag => Self::yes_or_no(clause),
            Kind::Money => self.money(clause),
            Kind::Date => self.day(clause),
            Kind::Instant => {
                let ahead = clause.place == Place::Column(&nouns::activity::DUE_AT);
                self.moment(clause, if ahead { Looks::Ahead } else { Looks::Back })
            }
            Kind::Choice(words) => Self::choice(clause, words),
            Kind::Ref(target) => self.link(clause, target),
        }
    }

    fn text(clause: &Clause<'_>, usual: Match) -> Result<Check, FilterError> {
        Ok(Check::Text {
            place: clause.place,
            how: clause.how(usual)?,
            wanted: clause.texts()?.into_iter().map(fold).collect(),
        })
    }

    fn number(clause: &Clause<'_>) -> Result<Check, FilterError> {
        clause.no_groups()?;
        Ok(Check::Number {
            place: clause.place,
            within: clause.within(values::numbers)?,
        })
    }

    fn yes_or_no(clause: &Clause<'_>) -> Result<Check, FilterError> {
        let read = |text: &str| match fold(text).as_str() {
            "yes" | "true" | "1" => Ok(1),
            "no" | "false" | "0" => Ok(0),
            _ => Err(clause.fault(format!("`{}` is yes or no, not `{text}`.", clause.name))),
        };
        clause.how(Match::Equals)?;
        let within = clause.texts()?.into_iter().map(|text| {
            read(text).map(|number| Between {
                least: Some(number),
                most: Some(number),
            })
        });
        Ok(Check::Number {
            place: clause.place,
            within: within.collect::<Result<_, _>>()?,
        })
    }

    fn money(&self, clause: &Clause<'_>) -> Result<Check, FilterError> {
        clause.no_groups()?;
        let mut within: Vec<(_, Vec<_>)> = Vec::new();
        for by_currency in clause.within(|op, value| values::amounts(op, value, self.ctx))? {
            for (currency, between) in by_currency {
                match within.iter_mut().find(|(known, _)| *known == currency) {
                    Some((_, list)) => list.push(between),
                    None => within.push((currency, vec![between])),
                }
            }
        }
        if let Place::Column(amount) = clause.place
            && places::currency_of(amount).is_none()
        {
            within.retain(|(currency, _)| *currency == self.ctx.base);
            if within.is_empty() {
                let what = format!(
                    "`{}` is in {}, and the book has no rate of the other currency.",
                    clause.name, self.ctx.base
                );
                return Err(clause.fault(what));
            }
        }
        Ok(Check::Money {
            place: clause.place,
            within,
        })
    }

    fn day(&self, clause: &Clause<'_>) -> Result<Check, FilterError> {
        Ok(Check::Day {
            place: clause.place,
            within: clause.within(|op, value| values::days(op, value, Looks::Ahead, self.ctx))?,
        })
    }

    fn moment(&self, clause: &Clause<'_>, looks: Looks) -> Result<Check, FilterError> {
        Ok(Check::Moment {
            place: clause.place,
            within: clause.within(|op, value| values::moments(op, value, looks, self.ctx))?,
        })
    }

    fn due(&self, clause: &Clause<'_>) -> Result<Check, FilterError> {
        let days = clause.within(|op, value| values::days(op, value, Looks::Ahead, self.ctx))?;
        let moments = days
            .iter()
            .map(|within| values::whole_days(*within, self.ctx))
            .collect();
        Ok(Check::Due { days, moments })
    }

    fn choice(clause: &Clause<'_>, words: &'static [&'static str]) -> Result<Check, FilterError> {
        if clause.how(Match::Equals)? == Match::Near {
            return Err(clause.fault(format!(
                "`{}` is one of {}; write it with `:`.",
                clause.name,
                words.join(", ")
            )));
        }
        let wanted = clause.texts()?.into_iter().map(|typed| {
            let plain = squeeze(typed);
            words
                .iter()
                .find(|word| squeeze(word) == plain)
                .map(|word| (*word).to_owned())
                .ok_or_else(|| {
                    let near = nearest_word(typed, words);
                    let hint = near.map_or_else(
                        || format!("it is one of {}", words.join(", ")),
                        |near| format!("the nearest is `{near}`"),
                    );
                    FilterError {
                        span: clause.span,
                        what: format!("`{}` is never `{typed}`; {hint}.", clause.name),
                        nearest: near.map(str::to_owned),
                    }
                })
        });
        Ok(Check::Text {
            place: clause.place,
            how: Match::Equals,
            wanted: wanted.collect::<Result<_, _>>()?,
        })
    }

    /// Elements of a set, by the key that tells that two spellings are one.
    fn elements(clause: &Clause<'_>, set: Set) -> Result<Check, FilterError> {
        let how = clause.how(if set == Set::Tag {
            Match::Equals
        } else {
            Match::Contains
        })?;
        let read = |typed: &str| match (set, how) {
            (Set::Phone, _) => {
                let key = if how == Match::Equals {
                    phone_key(typed)
                } else {
                    phone_part(typed)
                };
                key.ok_or_else(|| clause.fault(format!("`{typed}` is no part of a phone number.")))
            }
            (Set::Email, Match::Equals) => Ok(email_key(typed).unwrap_or_else(|| fold(typed))),
            _ => Ok(fold(typed)),
        };
        let wanted: Vec<String> = clause
            .texts()?
            .into_iter()
            .map(read)
            .collect::<Result<_, _>>()?;
        Ok(Check::Text {
            place: clause.place,
            how,
            wanted,
        })
    }

    fn link(&self, clause: &Clause<'_>, target: Entity) -> Result<Check, FilterError> {
        let how = clause.how(Match::Contains)?;
        let (mut wanted, mut ids) = (Vec::new(), Vec::new());
        for typed in clause.texts()? {
            if target == Entity::Rep && typed.eq_ignore_ascii_case("me") {
                let me = self.ctx.me.ok_or_else(|| {
                    clause.fault(
                        "`me` is nobody: `--as NAME` or CLINCH_REP must name a rep of this book.",
                    )
                })?;
                ids.push(me.record());
                continue;
            }
            ids.extend(RecordId::parse(typed));
            let folded = fold(typed);
            self.must_exist(
                clause,
                target,
                typed,
                &folded,
                how,
                RecordId::parse(typed).is_some(),
            )?;
            wanted.push(folded);
        }
        Ok(Check::Link {
            place: clause.place,
            target,
            how,
            wanted,
            ids,
        })
    }

    /// Of nouns whose names are all at hand, a name that none of them holds is a slip.
    fn must_exist(
        &self,
        clause: &Clause<'_>,
        target: Entity,
        typed: &str,
        folded: &str,
        how: Match,
        is_id: bool,
    ) -> Result<(), FilterError> {
        let Some((_, known)) = self.ctx.names.iter().find(|(entity, _)| *entity == target) else {
            return Ok(());
        };
        let fits = |name: &String| match how {
            Match::Contains => fold(name).contains(folded),
            Match::Equals => fold(name) == folded,
            Match::Near => true,
        };
        if is_id || known.iter().any(fits) {
            return Ok(());
        }
        let near = nearest(typed, known.iter().map(String::as_str)).map(str::to_owned);
        let hint = near
            .as_ref()
            .map_or_else(String::new, |near| format!("; the nearest is `{near}`"));
        let noun = target.name().replace('_', " ");
        Err(FilterError {
            span: clause.span,
            what: format!("No {noun} is called `{typed}`{hint}."),
            nearest: near,
        })
    }
}

/// The digits that tell a number whatever its prefix: without blanks, signs and the trunk zero. `None` with fewer than three.
fn phone_part(typed: &str) -> Option<String> {
    let digits: String = typed.chars().filter(char::is_ascii_digit).collect();
    let number = typed.chars().all(|c| {
        c.is_ascii_digit() || c.is_whitespace() || matches!(c, '+' | '-' | '/' | '.' | '(' | ')')
    });
    let part = digits.trim_start_matches('0');
    (number && digits.len() >= 3 && !part.is_empty()).then(|| part.to_owned())
}
