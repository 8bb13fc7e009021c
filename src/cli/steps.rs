//! Which step a text means.

use super::fault::{Exit, Fault};
use crate::domain::id::{MIN_PREFIX, StepId};

/// The one step among `ids` that begins with a text; `none` and `hint` are the words where there is no such step.
pub fn one_of(
    ids: impl IntoIterator<Item = StepId>,
    text: &str,
    none: String,
    hint: &str,
) -> Result<StepId, Fault> {
    let word = text.to_lowercase();
    let fits: Vec<StepId> = ids
        .into_iter()
        .filter(|id| word.len() >= MIN_PREFIX && id.to_string().starts_with(&word))
        .collect();
    match fits.as_slice() {
        [only] => Ok(*only),
        [] => Err(Fault::new(Exit::NotFound, none).at("step").hint(hint)),
        _ => Err(
            Fault::new(Exit::NotFound, format!("`{text}` means several steps."))
                .at("step")
                .hint("Give more characters of it."),
        ),
    }
}
