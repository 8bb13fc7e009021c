//! What is to be done now: planned activities by day, deals gone quiet, leads without an answer, what others did meanwhile.
//!
//! Days are those of the team's zone, and every age is measured against a `now` that comes in.

use chrono::{Datelike, Days, Weekday};

use super::id::{Id, RecordId};
use super::money::Money;
use super::nouns::Entity;
use super::period::Period;
use super::records::{Activity, Company, Contact, Deal, Link, Rep, Stage};
use super::time::{DAY_MS, Date, Instant, Zone};

/// Days that the week ahead has, today among them.
pub const AHEAD: usize = 7;

/// When something is due: a moment, a date, or nobody said.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Due {
    /// The moment, where a time was given.
    pub at: Option<Instant>,
    /// The date, where only that was given.
    pub date: Option<Date>,
}

/// By when something is to be done, as seen today.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Bucket {
    /// Its moment or its day has passed.
    Overdue,
    /// Still today.
    Today,
    /// Tomorrow.
    Tomorrow,
    /// Until Sunday of this week.
    Week,
    /// After that.
    Later,
    /// Nobody said when.
    Undated,
}

impl Bucket {
    /// All of them, the most pressing first.
    pub const ALL: [Self; 6] = [
        Self::Overdue,
        Self::Today,
        Self::Tomorrow,
        Self::Week,
        Self::Later,
        Self::Undated,
    ];

    /// What people call it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Overdue => "Overdue",
            Self::Today => "Today",
            Self::Tomorrow => "Tomorrow",
            Self::Week => "This week",
            Self::Later => "Later",
            Self::Undated => "Without date",
        }
    }
}

impl Due {
    /// The day of the team's zone.
    #[must_use]
    pub fn day(self, zone: Zone) -> Option<Date> {
        self.at.map(|at| at.date(zone)).or(self.date)
    }

    /// By when. A moment is overdue as soon as it has passed, a date when its day has.
    #[must_use]
    pub fn bucket(self, now: Instant, zone: Zone) -> Bucket {
        let Some(day) = self.day(zone) else {
            return Bucket::Undated;
        };
        let today = now.date(zone);
        if self.at.is_some_and(|at| at < now) || day < today {
            return Bucket::Overdue;
        }
        let sunday = today.week(Weekday::Mon).last_day();
        match (day - today).num_days() {
            0 => Bucket::Today,
            1 => Bucket::Tomorrow,
            _ if day <= sunday => Bucket::Week,
            _ => Bucket::Later,
        }
    }

    /// What the steps of one bucket are in order by: the day, then the time, those of a whole day first.
    #[must_use]
    pub fn order(self, zone: Zone) -> (Option<Date>, Option<Instant>) {
        (self.day(zone), self.at)
    }
}

/// How many are in each bucket, in the order of [`Bucket::ALL`].
pub type Counts = [u64; Bucket::ALL.len()];

/// How many planned activities fall on today and each of the days after it. Those that are overdue today by their hour are among
/// today's; those of earlier days are not in the week ahead.
#[must_use]
pub fn week_ahead(dues: impl Iterator<Item = Due>, today: Date, zone: Zone) -> [u64; AHEAD] {
    let mut days = [0; AHEAD];
    for day in dues.filter_map(|due| due.day(zone)) {
        let place = usize::try_from((day - today).num_days());
        if let Some(count) = place.ok().and_then(|place| days.get_mut(place)) {
            *count += 1;
        }
    }
    days
}

/// The first of the days that count as lately: as many as the week ahead has, today among them.
#[must_use]
pub fn lately_from(today: Date) -> Date {
    today
        .checked_sub_days(Days::new(AHEAD as u64 - 1))
        .unwrap_or(today)
}

/// The dates of the week ahead.
pub fn days_ahead(today: Date) -> impl Iterator<Item = Date> {
    (0..AHEAD as u64).filter_map(move |days| today.checked_add_days(Days::new(days)))
}

/// A planned activity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The activity.
    pub id: Id<Activity>,
    /// Its kind.
    pub kind: String,
    /// What it is about.
    pub subject: Option<String>,
    /// When it is due.
    pub due: Due,
    /// By when, as seen at the moment of the answer.
    pub bucket: Bucket,
    /// Who does it.
    pub performer: Option<Link<Rep>>,
    /// With whom.
    pub contact: Option<Person>,
    /// The company, or that of the deal or contact.
    pub company: Option<Link<Company>>,
    /// Whether the company is in the trash.
    pub company_gone: bool,
    /// The deal.
    pub deal: Option<Offer>,
}

/// A contact as a line shows it and acts see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The contact.
    pub link: Link<Contact>,
    /// Who looks after them.
    pub owner: Option<Id<Rep>>,
    /// Their lead state.
    pub lead_state: Option<String>,
    /// Whether they are in the trash.
    pub gone: bool,
}

/// A deal as a line shows it and acts see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// The deal.
    pub link: Link<Deal>,
    /// Its stage.
    pub stage: Link<Stage>,
    /// Its owner.
    pub owner: Option<Id<Rep>>,
    /// Its amount; unknown is not zero.
    pub amount: Option<Money>,
    /// Its own forecast category, where it overrides the stage's.
    pub category: Option<String>,
    /// Whether it is in the trash.
    pub gone: bool,
}

/// A deal that is quiet for longer than its stage allows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rotting {
    /// The deal.
    pub deal: Offer,
    /// Its company.
    pub company: Option<Link<Company>>,
    /// Whether the company is in the trash.
    pub company_gone: bool,
    /// Its contact.
    pub contact: Option<Id<Contact>>,
    /// Whole days since it was last touched.
    pub quiet: i64,
    /// Days that its stage allows.
    pub limit: i64,
    /// Whether something is planned with it.
    pub planned: bool,
}

impl Rotting {
    /// Whether it is quiet for half as long again as its stage allows, and nothing is planned.
    #[must_use]
    pub const fn is_urgent(&self) -> bool {
        !self.planned && self.quiet.saturating_mul(2) > self.limit.saturating_mul(3)
    }
}

/// A new lead whom nobody has answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waiting {
    /// Who.
    pub contact: Person,
    /// Their company.
    pub company: Option<Link<Company>>,
    /// Whether the company is in the trash.
    pub company_gone: bool,
    /// Where they came from.
    pub source: Option<String>,
    /// Since when; `None` where nobody knows.
    pub since: Option<Instant>,
}

/// What somebody else did, in one act.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Other {
    /// Its place in the book.
    pub n: i64,
    /// When.
    pub at: Instant,
    /// Who, by name.
    pub by: Option<String>,
    /// What, in words.
    pub label: String,
    /// The first record that it changed.
    pub record: Option<(Entity, RecordId)>,
}

/// From where on others' acts count as new.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Since {
    /// The last act of who asks, by its place in the book; zero where there is none.
    pub after: i64,
    /// When that was.
    pub at: Option<Instant>,
}

/// A quota, and what was won of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quota {
    /// The period that it is set for.
    pub period: Period,
    /// What is to be won, ramp included.
    pub target: Money,
    /// What was won, as far as it is known in the base currency.
    pub won: Money,
    /// Won deals that are not in it, for want of an amount or a rate.
    pub left_out: u64,
}

impl Quota {
    /// Won in percent of the target, rounded down; `None` of no target.
    #[must_use]
    pub fn percent(&self) -> Option<i64> {
        percent(i128::from(self.won.minor), i128::from(self.target.minor))
    }

    /// [`percent`](Self::percent) against the share of the period's days from Monday to Friday that have begun: 100 is on course.
    #[must_use]
    pub fn pace(&self, today: Date) -> Option<i64> {
        let gone = i128::from(business_days(
            self.period.from,
            today.succ_opt()?.min(self.period.to),
        ));
        let all = i128::from(business_days(self.period.from, self.period.to));
        percent(
            i128::from(self.won.minor) * all,
            i128::from(self.target.minor) * gone,
        )
    }
}

fn percent(part: i128, whole: i128) -> Option<i64> {
    (whole > 0).then(|| i64::try_from(part * 100 / whole).unwrap_or(i64::MAX))
}

/// Days from Monday to Friday from one date up to another, which is not counted.
fn business_days(from: Date, to: Date) -> i64 {
    let days = (to - from).num_days().max(0);
    let first = i64::from(from.weekday().num_days_from_monday());
    let left_over = (first..first + days % 7).filter(|day| day % 7 < 5).count();
    days / 7 * 5 + i64::try_from(left_over).unwrap_or(0)
}

/// Everything of one moment.
#[derive(Clone, Debug, PartialEq)]
pub struct Today {
    /// Whose; `None` is everybody's.
    pub of: Option<Id<Rep>>,
    /// Planned activities, the most pressing first; of each bucket the first ones.
    pub steps: Vec<Step>,
    /// How many there are of each bucket.
    pub counts: Counts,
    /// How many are planned for each of the days ahead.
    pub ahead: [u64; AHEAD],
    /// How many activities were done today.
    pub done: u64,
    /// How many were done in the last [`AHEAD`] days, today among them, of each kind, most of one kind first.
    pub lately: Vec<(String, u64)>,
    /// Deals that rot, the longest over their limit first, and how many there are.
    pub rotting: (Vec<Rotting>, u64),
    /// New leads without an answer, who waits longest first, and how many there are.
    pub waiting: (Vec<Waiting>, u64),
    /// From where on.
    pub since: Since,
    /// What others did after that, the newest first.
    pub others: Vec<Other>,
    /// Whether there is more of it than was looked at.
    pub more_others: bool,
    /// The quota of the one whose day it is, where one is set.
    pub quota: Option<Quota>,
}

/// How far over its limit a deal is, for the order of the list: days of quiet beyond it.
#[must_use]
pub const fn over(quiet: i64, limit: i64) -> i64 {
    quiet.saturating_sub(limit)
}

/// Whole days of quiet.
#[must_use]
pub fn quiet_days(since: Instant, now: Instant) -> i64 {
    (now.millis() - since.millis()).max(0) / DAY_MS
}

#[cfg(test)]
mod tests {
    use super::*;

    const ZURICH: Zone = chrono_tz::Europe::Zurich;

    fn at(text: &str) -> Instant {
        Instant::parse(text, ZURICH).unwrap()
    }

    fn due(text: &str) -> Due {
        match text.len() {
            0 => Due::default(),
            10 => Due {
                date: text.parse().ok(),
                at: None,
            },
            _ => Due {
                at: Some(at(text)),
                date: None,
            },
        }
    }

    #[test]
    fn what_is_due_falls_into_the_bucket_of_its_day_in_the_teams_zone() {
        // A Tuesday.
        let now = at("2026-11-24 10:05");
        for (text, bucket) in [
            ("2026-11-24 10:04", Bucket::Overdue),
            ("2026-11-24 10:05", Bucket::Today),
            ("2026-11-23", Bucket::Overdue),
            ("2026-11-24", Bucket::Today),
            // Already the 25th in Zurich, still the 24th in UTC.
            ("2026-11-25 00:30", Bucket::Tomorrow),
            ("2026-11-25", Bucket::Tomorrow),
            ("2026-11-26", Bucket::Week),
            ("2026-11-29 23:59", Bucket::Week),
            ("2026-11-30", Bucket::Later),
            ("", Bucket::Undated),
        ] {
            assert_eq!(due(text).bucket(now, ZURICH), bucket, "{text}");
        }
    }

    #[test]
    fn on_a_sunday_tomorrow_is_tomorrow_and_the_week_is_over() {
        let now = at("2026-11-29 10:00");
        assert_eq!(due("2026-11-30").bucket(now, ZURICH), Bucket::Tomorrow);
        assert_eq!(due("2026-12-01").bucket(now, ZURICH), Bucket::Later);
    }

    #[test]
    fn of_a_day_what_has_no_time_comes_first() {
        let mut dues = [
            due("2026-11-24 09:00"),
            due("2026-11-24"),
            due("2026-11-23 18:00"),
        ];
        dues.sort_by_key(|due| due.order(ZURICH));
        assert_eq!(
            dues,
            [
                due("2026-11-23 18:00"),
                due("2026-11-24"),
                due("2026-11-24 09:00")
            ]
        );
    }

    #[test]
    fn the_week_ahead_counts_days_and_leaves_out_what_lies_before_and_after() {
        let dues = [
            "2026-11-23",
            "2026-11-24 00:10",
            "2026-11-24",
            "2026-11-30",
            "2026-12-01",
            "",
        ];
        let today = "2026-11-24".parse().unwrap();
        let ahead = week_ahead(dues.into_iter().map(due), today, ZURICH);
        assert_eq!(ahead, [2, 0, 0, 0, 0, 0, 1]);
        assert_eq!(days_ahead(today).last(), "2026-11-30".parse().ok());
    }

    #[test]
    fn a_quota_is_measured_against_the_business_days_that_have_begun() {
        let usd = "USD".parse().unwrap();
        let quota = |won, target| Quota {
            period: Period {
                from: "2026-10-01".parse().unwrap(),
                to: "2027-01-01".parse().unwrap(),
            },
            target: Money::new(target, usd),
            won: Money::new(won, usd),
            left_out: 0,
        };
        let today = "2026-11-24".parse().unwrap();
        // 39 of 66 days from Monday to Friday have begun.
        assert_eq!(quota(182, 300).percent(), Some(60));
        assert_eq!(
            quota(182, 300).pace(today),
            Some(182 * 66 * 100 / (300 * 39))
        );
        assert_eq!(quota(450, 300).percent(), Some(150), "it is not capped");
        assert_eq!(quota(1, 0).percent(), None);
        // On a weekend before the first business day nothing is due yet.
        let early = Quota {
            period: Period {
                from: "2026-08-01".parse().unwrap(),
                to: "2026-09-01".parse().unwrap(),
            },
            ..quota(1, 300)
        };
        assert_eq!(early.pace("2026-08-01".parse().unwrap()), None);
    }

    #[test]
    fn a_deal_is_urgent_from_half_as_long_again_unless_something_is_planned() {
        let rotting = |quiet, planned| Rotting {
            deal: Offer {
                link: Link {
                    id: Id::from_raw(1),
                    name: String::new(),
                },
                stage: Link {
                    id: Id::from_raw(2),
                    name: String::new(),
                },
                owner: None,
                amount: None,
                category: None,
                gone: false,
            },
            company: None,
            company_gone: false,
            contact: None,
            quiet,
            limit: 10,
            planned,
        };
        assert!(!rotting(15, false).is_urgent());
        assert!(rotting(16, false).is_urgent());
        assert!(!rotting(40, true).is_urgent());
        assert_eq!(
            quiet_days(at("2026-11-05 12:00"), at("2026-11-24 10:05")),
            18
        );
    }
}
