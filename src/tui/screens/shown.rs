//! Which screens there are: their tabs, their order, the names that they are opened by.

/// The screens that are there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shown {
    /// What is to be done now: where the app opens.
    #[default]
    Today,
    /// The pipeline.
    Pipeline,
    /// The list of leads.
    Leads,
    /// The list of contacts.
    Contacts,
    /// One contact.
    Contact,
    /// The list of companies.
    Companies,
    /// One company.
    Company,
    /// What was put into the trash.
    Trash,
    /// What was done lately.
    Steps,
    /// The pipelines with their stages.
    Setup,
}

impl Shown {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Today,
        Self::Pipeline,
        Self::Leads,
        Self::Contacts,
        Self::Contact,
        Self::Companies,
        Self::Company,
        Self::Trash,
        Self::Steps,
        Self::Setup,
    ];

    /// The number of its tab; 0 where it has none.
    #[must_use]
    pub const fn tab(self) -> usize {
        match self {
            Self::Today => 1,
            Self::Leads => 2,
            Self::Pipeline | Self::Setup => 3,
            Self::Contacts | Self::Contact | Self::Companies | Self::Company => 4,
            Self::Trash | Self::Steps => 0,
        }
    }
}

/// The screens in the order of their keys, with the one that is there.
pub const SCREENS: [(&str, Option<Shown>); 8] = [
    ("Today", Some(Shown::Today)),
    ("Leads", Some(Shown::Leads)),
    ("Pipeline", Some(Shown::Pipeline)),
    ("Contacts", Some(Shown::Contacts)),
    ("Tickets", None),
    ("Segments", None),
    ("Reports", None),
    ("Import", None),
];

/// Their names where there is little room.
pub const SHORT: [&str; SCREENS.len()] = [
    "Today", "Leads", "Pipe", "Cont", "Tick", "Segm", "Rep", "Imp",
];

/// The screens without a tab of their own that can be opened by name.
const BY_NAME: [(&str, Shown); 4] = [
    ("companies", Shown::Companies),
    ("trash", Shown::Trash),
    ("steps", Shown::Steps),
    ("pipelines", Shown::Setup),
];

/// The names of the screens that can be opened, as `--screen` takes them.
pub fn names() -> impl Iterator<Item = (String, Shown)> {
    SCREENS
        .iter()
        .filter_map(|(name, shown)| Some((name.to_lowercase(), (*shown)?)))
        .chain(BY_NAME.map(|(name, shown)| (name.to_owned(), shown)))
}
