//! The small lists that the sample data is put together from: `assets/demo/`, embedded.

use serde::Deserialize;

#[derive(Debug, Deserialize)]
pub(super) struct Lists {
    pub rep: Vec<TeamMember>,
    pub people: People,
    pub companies: Companies,
    pub sales: Sales,
    pub activities: Activities,
    pub scripts: Vec<Script>,
}

#[derive(Debug, Deserialize)]
pub(super) struct TeamMember {
    pub name: String,
    pub email: String,
    pub role: String,
    pub region: String,
    pub skill: i64,
    pub days: i64,
    pub share: i64,
    pub left_days_ago: Option<i64>,
    pub heir: Option<String>,
}

#[derive(Debug, Deserialize)]
struct Team {
    rep: Vec<TeamMember>,
}

/// Names in a script other than Latin.
#[derive(Debug, Deserialize)]
pub(super) struct Script {
    pub weight: i64,
    #[serde(default)]
    pub family_first: bool,
    pub gap: String,
    pub given: Vec<String>,
    pub family: Vec<String>,
}

#[derive(Debug, Deserialize)]
struct Scripts {
    script: Vec<Script>,
}

#[derive(Debug, Deserialize)]
pub(super) struct People {
    pub given: Vec<String>,
    pub family: Vec<String>,
    pub whole: Vec<String>,
    pub title: Vec<String>,
    pub source: Vec<String>,
    pub tag: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Companies {
    pub first: Vec<String>,
    pub trade: Vec<Trade>,
    pub whole: Vec<Firm>,
    pub city: Vec<City>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Trade {
    pub word: String,
    pub industry: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Firm {
    pub name: String,
    pub industry: String,
    pub city: String,
    pub country: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct City {
    pub name: String,
    pub country: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct Sales {
    pub product: Vec<Product>,
    pub occasion: Vec<String>,
    pub season: Vec<i64>,
    pub loss: Vec<Loss>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Product {
    pub name: String,
    pub price: i64,
    pub from: i64,
    pub to: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct Loss {
    pub reason: String,
    pub weight: i64,
    pub notes: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Activities {
    pub call: Vec<String>,
    pub mail: Vec<String>,
    pub meeting: Vec<String>,
    pub note: Vec<String>,
    pub task: Vec<String>,
    pub planned_call: Vec<String>,
    pub planned_meeting: Vec<String>,
    pub body: Vec<String>,
    pub outcome: Vec<String>,
}

impl Lists {
    /// Reads the embedded files.
    pub fn read() -> Result<Self, toml::de::Error> {
        let team: Team = toml::from_str(include_str!("../../../assets/demo/team.toml"))?;
        let scripts: Scripts = toml::from_str(include_str!("../../../assets/demo/scripts.toml"))?;
        Ok(Self {
            rep: team.rep,
            people: toml::from_str(include_str!("../../../assets/demo/people.toml"))?,
            companies: toml::from_str(include_str!("../../../assets/demo/companies.toml"))?,
            sales: toml::from_str(include_str!("../../../assets/demo/sales.toml"))?,
            activities: toml::from_str(include_str!("../../../assets/demo/activities.toml"))?,
            scripts: scripts.script,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_list_is_empty() {
        let lists = Lists::read().unwrap();
        assert_eq!((lists.rep.len(), lists.sales.season.len()), (5, 12));
        let people = &lists.people;
        let activities = &lists.activities;
        for list in [
            &people.given,
            &people.family,
            &people.whole,
            &people.title,
            &people.source,
            &people.tag,
            &lists.sales.occasion,
            &activities.call,
            &activities.mail,
            &activities.meeting,
            &activities.note,
            &activities.task,
            &activities.planned_call,
            &activities.planned_meeting,
            &activities.body,
            &activities.outcome,
        ] {
            assert!(!list.is_empty());
        }
        assert!(!lists.companies.first.is_empty() && !lists.companies.trade.is_empty());
        assert!(!lists.companies.whole.is_empty() && !lists.companies.city.is_empty());
        assert!(!lists.sales.product.is_empty());
        assert!(lists.sales.loss.iter().all(|loss| !loss.notes.is_empty()));
        let whole = |script: &Script| !script.given.is_empty() && !script.family.is_empty();
        assert!(!lists.scripts.is_empty() && lists.scripts.iter().all(whole));
    }

    #[test]
    fn an_heir_is_of_the_team() {
        let lists = Lists::read().unwrap();
        for rep in &lists.rep {
            if let Some(heir) = &rep.heir {
                assert!(lists.rep.iter().any(|other| other.name == *heir));
            }
        }
    }
}
