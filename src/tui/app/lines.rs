//! The products of a deal: shown, added, changed, removed. The amount of the deal follows them while it is their sum; where it is not,
//! that is said, and nothing is overwritten unless somebody asks for it.

use crate::domain::command::{Command, Create, Input, Origin};
use crate::domain::id::{Id, RecordId};
use crate::domain::lines::{DealLines, worth_of};
use crate::domain::money::{Currency, Money, grouped};
use crate::domain::nouns::{Entity, Field, FieldDef, deal_line, product};
use crate::domain::outcome::Change;
use crate::domain::records::Record;
use crate::domain::typed::Typing;
use crate::domain::value::Value;
use crate::store::query::{Choice, Query};
use crate::tui::action::Allowed;
use crate::tui::forms;
use crate::tui::forms::form::RecordForm;
use crate::tui::forms::log::About;
use crate::tui::layers::{FormOf, Layer, Pick};
use crate::tui::look::Look;
use crate::tui::notices::Tone;
use crate::tui::screens::board::ahead::Foresight;
use crate::tui::target::Target;
use crate::tui::theme::Role;
use crate::tui::widgets::choices::Item;
use crate::tui::widgets::menu::Menu;

use super::writes::OnItsWay;
use super::{Act, App, views};

/// How many of what, for how much: `2 x 1,200.00 = 2,400.00`.
fn counted(line: &Record, sold: &DealLines, look: &Look<'_>) -> String {
    let unknown = || look.theme.glyphs().unknown.to_owned();
    // To the last cent, unlike on cards: what somebody is offered is read here.
    let money = |minor: Option<i64>| match (minor, look.base) {
        (Some(minor), Some(base)) => exact(Money::new(minor, sold.currency(base)), base),
        _ => unknown(),
    };
    let quantity = line.int(&deal_line::QUANTITY).map_or_else(unknown, grouped);
    format!(
        "{quantity} x {} = {}",
        money(line.int(&deal_line::PRICE)),
        money(worth_of(line))
    )
}

/// An amount to the last cent; the book's currency goes without saying.
fn exact(money: Money, base: Currency) -> String {
    if money.currency == base {
        money.grouped()
    } else {
        money.to_string()
    }
}

/// The products of a deal: what is sold, and how many of it for how much.
pub(in crate::tui) fn told(sold: &DealLines, look: &Look<'_>) -> Vec<(String, String)> {
    let lines = sold.lines.iter();
    lines
        .map(|line| (line.name(), counted(line, sold, look)))
        .collect()
}

/// How much it matters how the amount stands to the lines.
pub(super) fn standing(sold: &DealLines) -> Role {
    match sold.standing() {
        crate::domain::lines::Standing::Differs => Role::Soon,
        _ => Role::Dim,
    }
}

impl App {
    /// There is one deal whose products can be shown.
    pub fn can_show_lines(&self) -> Allowed {
        self.can_act()?;
        let deals = self.deals();
        if deals.is_empty() {
            return Err("This is for deals; 3 is the pipeline".into());
        }
        self.is_one(deals.len())
    }

    /// Shows the products of the deal, to choose what is done to them.
    pub fn show_lines(&mut self) {
        if let Some(target) = self.deals().into_iter().next() {
            self.open_form(FormOf::Lines(target.id), About::default());
            self.read(views::LINES, Query::Lines(Id::new(target.id)));
        }
    }

    /// Takes the products of a deal: for its popup, for the menu that waits for them, to say what they make.
    pub(super) fn take_lines(&mut self, lines: Option<Box<DealLines>>) {
        let Some(lines) = lines else {
            return self.lines_not_read();
        };
        let deal = lines.deal.id;
        for layer in &mut self.layers {
            if let Layer::Detail(detail) = layer
                && detail.id == deal
            {
                detail.lines = Some(lines.clone());
            }
        }
        self.lines = Some(lines);
        if self.lines_wanted == Some(deal) {
            self.lines_wanted = None;
            self.say_standing();
        }
        let waits = matches!(self.layers.last(), Some(Layer::Opening(opening)) if opening.of == FormOf::Lines(deal));
        if waits && let Some(Layer::Opening(opening)) = self.layers.pop() {
            self.lines_menu();
            for key in opening.keys {
                self.layer_key(key);
            }
        }
    }

    /// The products of a deal could not be read, or it is not there: nothing waits for them.
    pub(super) fn lines_not_read(&mut self) {
        self.lines_wanted = None;
        if matches!(self.layers.last(), Some(Layer::Opening(opening)) if matches!(opening.of, FormOf::Lines(_)))
        {
            self.layers.pop();
        }
    }

    fn say_standing(&mut self) {
        let base = self.info().map(|info| info.base);
        if let (Some(lines), Some(base)) = (&self.lines, base) {
            let told = format!("{}: {}", lines.deal.name(), lines.told(base));
            self.say(Tone::Plain, told);
        }
    }

    fn lines_menu(&mut self) {
        let (Some(sold), Some(base)) = (&self.lines, self.info().map(|info| info.base)) else {
            return;
        };
        let look = self.look();
        let mut items: Vec<Item<Pick>> = sold
            .lines
            .iter()
            .map(|line| {
                Item::new(Pick::Line(line.id), line.name()).detail(counted(line, sold, &look))
            })
            .collect();
        items.push(Item::new(Pick::NewLine, "Add a product…"));
        if !sold.lines.is_empty() {
            items.push(Item::new(Pick::RemoveALine, "Remove a product…"));
        }
        if sold.settling().is_some() {
            let sum = Money::new(sold.sum().minor, sold.currency(base));
            let text = format!("Make the amount {}", exact(sum, base));
            items.push(Item::new(Pick::AmountOfLines, text).detail("as the lines"));
        }
        let deal = sold.deal.clone();
        let title = format!("{}: {}", deal.name(), sold.told(base));
        let target = self.target(Entity::Deal, deal.id);
        self.layers
            .push(Layer::Menu(Menu::new(title, items), vec![target]));
    }

    /// What was chosen of the products of a deal.
    pub(super) fn pick_line(&mut self, pick: Pick, targets: &[Target]) {
        let Some(deal) = targets.first().map(|target| target.id) else {
            return;
        };
        if let Err(why) = self.can_write() {
            return self.say(Tone::Plain, why);
        }
        match pick {
            Pick::Line(id) => self.open_form(FormOf::Line(id), About::default()),
            Pick::NewLine => self.open_form(FormOf::NewLine(deal), About::default()),
            Pick::RemoveALine => self.choose_what_goes(targets),
            Pick::RemoveLine(id) => self.remove_line(id),
            _ => {
                let sold = self.lines_of(deal);
                let command = sold.and_then(DealLines::settling);
                if let Some(command) = command {
                    self.act_on_lines(
                        deal,
                        vec![command],
                        "Make the amount what the lines make",
                        None,
                    );
                }
            }
        }
    }

    fn lines_of(&self, deal: RecordId) -> Option<&DealLines> {
        self.lines.as_deref().filter(|sold| sold.deal.id == deal)
    }

    fn choose_what_goes(&mut self, targets: &[Target]) {
        let Some(sold) = targets.first().and_then(|target| self.lines_of(target.id)) else {
            return;
        };
        let look = self.look();
        let lines = sold.lines.iter();
        let items = lines.map(|line| {
            Item::new(Pick::RemoveLine(line.id), line.name()).detail(counted(line, sold, &look))
        });
        let menu = Menu::new("Remove which product?", items.collect());
        self.layers.push(Layer::Menu(menu, targets.to_vec()));
    }

    fn remove_line(&mut self, id: RecordId) {
        let Some(sold) = self.lines.as_deref() else {
            return;
        };
        let Some(line) = sold.lines.iter().find(|line| line.id == id) else {
            return;
        };
        let mut commands = vec![Command::Trash {
            entity: Entity::DealLine,
            target: id.into(),
        }];
        commands.extend(sold.following(&commands));
        let said = format!("Remove {} from {}", line.name(), sold.deal.name());
        let deal = sold.deal.id;
        self.act_on_lines(deal, commands, &said, Some(said.clone()));
    }

    fn act_on_lines(
        &mut self,
        deal: RecordId,
        commands: Vec<Command>,
        said: &str,
        label: Option<String>,
    ) {
        self.act(Act {
            commands,
            origin: Origin::Human,
            label,
            said: said.to_owned(),
            foresight: vec![(deal, Foresight::Stay)],
            form: None,
            then: None,
        });
    }

    /// The form of a line, which is in the currency of its deal; none as long as the deal has not been read.
    pub(super) fn line_form(
        &self,
        of: FormOf,
        record: Option<&Record>,
        products: &[Choice],
        typing: Typing,
    ) -> Option<RecordForm> {
        let sold = self.lines.as_deref()?;
        let typing = Typing {
            currency: sold.currency(typing.currency),
            ..typing
        };
        if let FormOf::NewLine(deal) = of {
            return Some(forms::line::add(self.lines_of(deal)?, products, typing));
        }
        // The prices of another deal may be in another currency.
        let line = record?;
        self.lines_of(RecordId::from_raw(line.int(&deal_line::DEAL)?))?;
        Some(forms::line::edit(line, products, typing))
    }

    /// What a form of a line does beside it: the price of the catalogue where none was typed, the amount of the deal where it follows.
    /// Gives the words for it too.
    pub(super) fn with_lines(
        &self,
        of: FormOf,
        form: &RecordForm,
        mut commands: Vec<Command>,
    ) -> (Vec<Command>, Option<String>) {
        let (FormOf::NewLine(_) | FormOf::Line(_), Some(sold)) = (of, self.lines.as_deref()) else {
            return (commands, None);
        };
        let mut name = None;
        for command in &mut commands {
            if let Command::Create(create) = command {
                match create.entity {
                    Entity::DealLine => price(create, sold),
                    Entity::Product => name = in_currency(create, sold, form),
                    _ => {}
                }
            }
        }
        let picked = match form.wanted(&deal_line::PRODUCT) {
            Some(forms::entry::Wanted::Values(Value::Int(raw), _)) => {
                form.name_of(RecordId::from_raw(raw))
            }
            _ => name,
        };
        let holds = sold.in_this_currency(&commands);
        commands.extend(sold.following(&commands));
        commands.extend(holds);
        let label = match (of, picked) {
            (FormOf::NewLine(_), Some(name)) => Some(format!("Add {name} to {}", sold.deal.name())),
            _ => None,
        };
        (commands, label)
    }

    /// Somebody else changed the deal or a line while its products are on the screen: they are read again, so that what follows from
    /// them follows from what is so.
    pub(super) fn follow_lines(&mut self, changes: &[Change]) {
        let Some(deal) = self.lines.as_ref().map(|sold| sold.deal.id) else {
            return;
        };
        let about = |change: &Change| {
            change.entity == Entity::DealLine
                || change.entity == Entity::Deal && change.record == deal
        };
        if !self.layers.is_empty() && changes.iter().any(about) {
            self.read(views::LINES, Query::Lines(Id::new(deal)));
        }
    }

    /// A step that changed lines is in the book: what they make by now is said.
    pub(super) fn say_what_lines_make(&mut self, write: &OnItsWay) {
        let of_lines = |command: &Command| {
            matches!(
                command,
                Command::Create(Create {
                    entity: Entity::DealLine,
                    ..
                }) | Command::Edit {
                    entity: Entity::DealLine,
                    ..
                } | Command::Trash {
                    entity: Entity::DealLine,
                    ..
                }
            )
        };
        if let Some(deal) = self.lines.as_ref().map(|sold| sold.deal.id)
            && write.commands.iter().any(of_lines)
        {
            self.lines_wanted = Some(deal);
            self.read(views::LINES, Query::Lines(Id::new(deal)));
        }
    }
}

fn given<'c>(create: &'c Create, def: &'static FieldDef) -> Option<&'c Input> {
    let mut fields = create.fields.iter();
    let found = fields.find(|(field, _)| *field == Field::Own(def));
    found.map(|(_, input)| input)
}

/// A new line without a price has that of the catalogue.
fn price(create: &mut Create, sold: &DealLines) {
    if given(create, &deal_line::PRICE).is_some() {
        return;
    }
    let product = match given(create, &deal_line::PRODUCT) {
        Some(Input::Value(value)) => value.as_int().map(RecordId::from_raw),
        _ => None,
    };
    if let Some(price) = product.and_then(|product| sold.price_of(product)) {
        create
            .fields
            .push(((&deal_line::PRICE).into(), price.into()));
    }
}

/// A product that is made with a line costs what the line says, in the currency of its deal. Gives its name.
fn in_currency(create: &mut Create, sold: &DealLines, form: &RecordForm) -> Option<String> {
    let currency = sold.deal.get(&crate::domain::nouns::deal::CURRENCY).clone();
    create
        .fields
        .push(((&product::CURRENCY).into(), currency.into()));
    if let Some(forms::entry::Wanted::Values(price @ Value::Int(_), _)) =
        form.wanted(&deal_line::PRICE)
    {
        create.fields.push(((&product::PRICE).into(), price.into()));
    }
    match given(create, &product::NAME) {
        Some(Input::Value(name)) => name.as_text().map(str::to_owned),
        _ => None,
    }
}
