//! What a screen shows as a view: the views that it is born with, and the one that it has on.

use crate::domain::id::RecordId;
use crate::domain::view::Setup;

/// A view that a screen is born with: a filter under a name.
#[derive(Debug)]
pub struct BuiltIn {
    /// What people call it.
    pub name: &'static str,
    /// Which records, in the language of the bar; empty lets everything through.
    pub filter: &'static str,
}

/// A built-in view.
pub const fn built_in(name: &'static str, filter: &'static str) -> BuiltIn {
    BuiltIn { name, filter }
}

/// The view that a screen has on.
#[derive(Clone, Debug, PartialEq)]
pub struct Worn {
    /// Its record; `None` is a built-in one.
    pub id: Option<RecordId>,
    /// What people call it.
    pub name: String,
    /// What the screen showed when it was put on.
    pub setup: Setup,
}

impl Worn {
    /// Its name, with a star where the screen shows something else by now. A built-in one says nothing of columns and order, and one
    /// without a pipeline is of any.
    #[must_use]
    pub fn label(&self, now: &Setup) -> String {
        let same = match self.id {
            Some(_) if self.setup.pipeline.is_none() => {
                let pipeline = now.pipeline;
                let worn = Setup {
                    pipeline,
                    ..self.setup.clone()
                };
                worn == *now
            }
            Some(_) => self.setup == *now,
            None => self.setup.filter == now.filter,
        };
        format!("{}{}", self.name, if same { "" } else { "*" })
    }
}

/// A column that can be shown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ColumnChoice {
    /// Its name in a view.
    pub key: String,
    /// What people call it.
    pub name: String,
    /// Whether it is shown.
    pub on: bool,
}
