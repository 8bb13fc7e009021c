//! `--view NAME`: a view's filter, order and columns for a list or an export; and what a view may say of its screen.

use super::desk::{Desk, unforeseen};
use super::fault::{self, Exit, Fault};
use super::nouns;
use super::selection::parse_filter;
use super::values::Filled;
use crate::domain::command::Input;
use crate::domain::filter::Filter;
use crate::domain::id::{Id, RecordId};
use crate::domain::nouns::{Entity, FieldDef, field, view};
use crate::domain::records::Record;
use crate::domain::view::{SavedView, Setup, custom_of, listed};
use crate::store::query::{Answer, ListQuery, Query};

/// What the view of a name says, for records of a noun. One that only its owner has is found by its owner alone.
///
/// # Errors
/// There is none of that name, or there are several; or another program wrote what this one cannot read.
pub fn named(desk: &mut Desk, entity: Entity, name: &str) -> Result<Setup, Fault> {
    let me = desk.me_if_known().map(Id::record);
    let all = desk.all(Entity::View, &["name"])?;
    let mine: Vec<&Record> = all
        .iter()
        .filter(|record| SavedView::of(record).is_for(me))
        .filter(|record| record.text(&view::SCREEN).and_then(listed) == Some(entity))
        .collect();
    let found = desk.look_up(Entity::View, name)?;
    let candidates = match found {
        crate::store::query::Resolved::One(one) => vec![one],
        crate::store::query::Resolved::Several(several) => several,
        crate::store::query::Resolved::None(near) => {
            return Err(fault::unknown("view", name, &near).at("view"));
        }
    };
    let fits: Vec<&Record> = mine
        .into_iter()
        .filter(|record| candidates.iter().any(|found| found.id == record.id))
        .collect();
    match fits.as_slice() {
        [one] => {
            let setup = SavedView::of(one)
                .setup
                .map_err(|why| unusable(one, &why))?;
            // Its field may be gone since it was saved.
            try_out(desk, entity, setup.clone()).map_err(|fault| unusable(one, &fault.message))?;
            Ok(setup)
        }
        [] => Err(Fault::new(
            Exit::NotFound,
            format!("`{name}` is no view of {}.", nouns::plural(entity)),
        )
        .at("view")
        .hint("`clinch views list` lists the views.")),
        _ => Err(fault::ambiguous("views", name, &candidates).at("view")),
    }
}

/// A view's filter and one that was typed beside it.
///
/// # Errors
/// The typed one means nothing.
pub fn filter(setup: Option<&Setup>, typed: Option<&str>) -> Result<Option<Filter>, Fault> {
    let typed = parse_filter(typed)?;
    let of_view = setup.map(Setup::condition);
    Ok(match (of_view, typed) {
        (Some(view), Some(typed)) => Some(view.and(typed)),
        (view, typed) => view.or(typed),
    })
}

/// The columns of a view under the names that `--fields` knows: a custom field by its name. What only a screen can show is left out.
pub fn fields(desk: &mut Desk, entity: Entity, setup: &Setup) -> Result<Vec<String>, Fault> {
    let mut names = Vec::new();
    for column in &setup.columns {
        match custom_of(column) {
            Some(id) => names.extend(custom_name(desk, id)?),
            None if super::cells::Column::named(entity, column).is_some() => {
                names.push(column.clone());
            }
            None => {}
        }
    }
    Ok(names)
}

/// The pipeline that a view of a board shows, for people: its name, or that it is gone.
pub fn pipeline(desk: &mut Desk, record: &Record) -> Result<Option<String>, Fault> {
    if record.entity != Entity::View {
        return Ok(None);
    }
    let Some(id) = SavedView::of(record)
        .setup
        .ok()
        .and_then(|setup| setup.pipeline)
    else {
        return Ok(None);
    };
    let pipelines = desk.all(Entity::Pipeline, &["position"])?;
    let found = pipelines.iter().find(|pipeline| pipeline.id == id.record());
    Ok(Some(found.map_or_else(
        || "none that is in the book any more: the first one is shown".to_owned(),
        Record::name,
    )))
}

fn custom_name(desk: &mut Desk, id: RecordId) -> Result<Option<String>, Fault> {
    let fields = desk.all(Entity::Field, &["name"])?;
    let found = fields.iter().find(|record| record.id == id);
    Ok(found.and_then(|record| record.text(&field::NAME).map(str::to_owned)))
}

/// Holds what a view is to say to the noun of its screen: a field that is not there is an error now, not when somebody opens the view.
///
/// # Errors
/// What the book says of the filter or the order.
pub fn check(desk: &mut Desk, filled: &Filled, before: Option<&Record>) -> Result<(), Fault> {
    let text = |def: &'static FieldDef| match filled.get(def) {
        Some(Input::Value(value)) => value.as_text().map(str::to_owned),
        Some(Input::New(_)) => None,
        None => before.and_then(|record| record.text(def).map(str::to_owned)),
    };
    let Some(entity) = text(&view::SCREEN).as_deref().and_then(listed) else {
        return Ok(());
    };
    let line = |def| text(def).unwrap_or_default();
    let setup = Setup::read(
        &line(&view::FILTER),
        &line(&view::COLUMNS),
        &line(&view::SORT),
    )
    .map_err(|what| Fault::invalid("view", what))?;
    try_out(desk, entity, setup)
}

/// Asks the book what a view would, without an answer.
fn try_out(desk: &mut Desk, entity: Entity, setup: Setup) -> Result<(), Fault> {
    let query = Query::List(ListQuery {
        entity,
        filter: Some(setup.filter),
        sort: setup.sort,
        limit: Some(0),
        trashed: false,
        asked: desk.asked(),
    });
    match desk.ask(&query)? {
        Answer::List(_) => Ok(()),
        other => Err(unforeseen(&other)),
    }
}

/// Why a view gives no list, and how that is mended.
fn unusable(view: &Record, why: &str) -> Fault {
    let name = view.name();
    Fault::invalid("view", format!("The view `{name}` cannot be used: {why}")).hint(format!(
        "`clinch views show {name:?}` shows what it asks; `clinch views edit {name:?} --filter …` or `--sort …` mends it."
    ))
}
