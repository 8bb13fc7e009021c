//! The places on the screen that show an answer of the store. Each has a number of its own: an answer goes where its number says.

#![expect(missing_docs, reason = "the names say which")]

use crate::store::handle::View;

/// Makes a place of every name with its number, and the list of them all that the test reads.
macro_rules! places {
    ($($name:ident = $number:literal,)*) => {
        $(pub const $name: View = View($number);)*

        #[cfg(test)]
        const ALL: &[(&str, View)] = &[$((stringify!($name), $name),)*];
    };
}

places! {
    // What the pipeline, the forms, the contacts and today show.
    BOARD = 1,
    REPS = 2,
    REASONS = 3,
    ME = 4,
    SEARCH = 5,
    SHOW = 6,
    TIMELINE = 7,
    COMPANIES = 8,
    CONTACTS = 9,
    STAGES = 10,
    FORM = 11,
    ORDER = 12,
    ROWS = 13,
    PROFILE = 14,
    HISTORY = 15,
    EARLIER = 16,
    HOLDERS = 17,
    TODAY = 18,
    EVER = 20,
    // Who has what a new record is to be saved with.
    SAVING = 19,
    // Leads.
    LEADS = 40,
    LEAD_ROWS = 41,
    LEAD_HISTORY = 42,
    CONTACT_LATELY = 43,
    // Companies, and where one goes from what is shown.
    COMPANY_ORDER = 50,
    COMPANY_ROWS = 51,
    COMPANY_LATELY = 52,
    COMPANY_PROFILE = 53,
    COMPANY_HISTORY = 54,
    COMPANY_EARLIER = 55,
    GOING = 56,
    // Stages and pipelines.
    SETUP = 60,
    ALL_STAGES = 61,
    QUOTAS = 62,
    // Whether the record of a half-written form is still there.
    KEPT = 63,
    // What an act is judged by, where no screen shows it.
    SEEN = 64,
    // Today, what was done lately.
    LATELY = 70,
    // The products of a deal, and the catalogue.
    LINES = 71,
    PRODUCTS = 72,
    // Views, filters, exports.
    VIEWS = 80,
    CLAUSES = 82,
    WORDS = 83,
    EXPORT = 84,
    // The past, forms over several records, custom fields.
    TRASH = 90,
    STEPS = 91,
    STEP_CHANGES = 92,
    FORM_ROWS = 93,
    FIELDS = 94,
}

#[cfg(test)]
mod tests {
    use super::ALL;

    #[test]
    fn no_two_places_share_a_number() {
        for (place, (name, view)) in ALL.iter().enumerate() {
            let same = ALL[..place].iter().find(|(_, other)| other == view);
            assert_eq!(same, None, "{name} has a number that is taken");
        }
    }
}
