//! The watchdog: it sees from outside when the store thread is held up by a drive that does not answer. The thread itself sits in
//! the kernel then, and can say nothing.
//!
//! While no operation is under way it sleeps without a timer. It also is the one mouth of both threads for how things stand, so that
//! what they say comes in order.

use std::fmt;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::domain::time::Instant as Moment;

use super::super::who::real_now;
use super::{Event, Health};

/// Tells the app; called by both threads.
pub(super) type Report = Arc<dyn Fn(Event) + Send + Sync>;

/// An operation of the store thread on the drive.
#[derive(Debug)]
struct UnderWay {
    since: Instant,
    moment: Moment,
    /// When it has taken too long, and that is told, or told again.
    tell_at: Instant,
    /// That was told.
    late: bool,
}

#[derive(Debug)]
struct Pulse {
    under_way: Option<UnderWay>,
    /// What the store thread told last; `None` when something else was told since.
    told: Option<Health>,
    /// Whether the watchdog sleeps without a timer.
    asleep: bool,
    /// Something came that the store thread, held up, cannot take.
    nudged: bool,
    ended: bool,
}

impl Pulse {
    fn is_late(&self) -> bool {
        self.under_way.as_ref().is_some_and(|it| it.late)
    }
}

/// What both threads know of the operation under way.
pub(super) struct Watchdog {
    pulse: Mutex<Pulse>,
    changed: Condvar,
    report: Report,
    patience: Duration,
}

impl Watchdog {
    pub fn new(report: Report, patience: Duration) -> Self {
        Self {
            pulse: Mutex::new(Pulse {
                under_way: None,
                told: Some(Health::Fresh),
                asleep: false,
                nudged: false,
                ended: false,
            }),
            changed: Condvar::new(),
            report,
            patience,
        }
    }

    fn pulse(&self) -> MutexGuard<'_, Pulse> {
        self.pulse.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Does something to the drive that may take `longer` than other operations because it waits for locks by itself.
    pub fn during<T>(&self, longer: Duration, act: impl FnOnce() -> T) -> T {
        let since = Instant::now();
        let mut pulse = self.pulse();
        pulse.under_way = Some(UnderWay {
            since,
            moment: real_now(),
            tell_at: since + self.patience + longer,
            late: false,
        });
        if pulse.asleep {
            self.changed.notify_one();
        }
        drop(pulse);
        let done = act();
        let mut pulse = self.pulse();
        if pulse.under_way.take().is_some_and(|it| it.late) {
            // How things stand now is told by who asked for this, once it knows what came of it.
            pulse.told = None;
        }
        done
    }

    /// Tells how things stand, where that is not what was told last. What waits is told `again`, for its age.
    pub fn tell(&self, health: &Health, again: bool) {
        let mut pulse = self.pulse();
        if again || pulse.told.as_ref() != Some(health) {
            pulse.told = Some(health.clone());
            (self.report)(Event::Health(health.clone()));
        }
    }

    /// Whether the store thread is held up.
    pub fn is_late(&self) -> bool {
        self.pulse().is_late()
    }

    /// Wakes the watchdog: something came that the store thread, held up, cannot take.
    pub fn nudge(&self) {
        self.pulse().nudged = true;
        self.changed.notify_one();
    }

    /// Ends the watchdog.
    pub fn end(&self) {
        self.pulse().ended = true;
        self.changed.notify_one();
    }

    /// The watchdog's own thread. While the store thread is held up it does what that thread cannot: `stand_in`.
    pub fn run(&self, stand_in: impl Fn()) {
        let mut pulse = self.pulse();
        while !pulse.ended {
            if pulse.under_way.is_none() {
                pulse.asleep = true;
                pulse = self
                    .changed
                    .wait(pulse)
                    .unwrap_or_else(PoisonError::into_inner);
                pulse.asleep = false;
                continue;
            }
            self.tell_if_late(&mut pulse);
            pulse.nudged = false;
            if pulse.is_late() {
                drop(pulse);
                stand_in();
                pulse = self.pulse();
            }
            let Some(under_way) = pulse.under_way.as_ref().filter(|_| !pulse.nudged) else {
                continue;
            };
            let pause = under_way.tell_at.saturating_duration_since(Instant::now());
            pulse = self
                .changed
                .wait_timeout(pulse, pause)
                .unwrap_or_else(PoisonError::into_inner)
                .0;
        }
    }

    /// Tells that the drive does not answer, at growing intervals.
    fn tell_if_late(&self, pulse: &mut Pulse) {
        let now = Instant::now();
        let due = |under_way: &&mut UnderWay| under_way.tell_at <= now;
        let Some(under_way) = pulse.under_way.as_mut().filter(due) else {
            return;
        };
        let held = now.duration_since(under_way.since);
        under_way.tell_at = now + held / 2;
        under_way.late = true;
        (self.report)(Event::Health(Health::Unreachable {
            since: under_way.moment,
            what: format!(
                "The drive has not answered for {} s.",
                held.as_secs().max(1)
            ),
        }));
    }
}

impl fmt::Debug for Watchdog {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watchdog")
            .field("pulse", &self.pulse)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Receiver, channel};

    use super::*;

    /// A watchdog that is told of an operation which goes on until it is let go.
    fn held(patience: Duration, act: impl FnOnce(&Watchdog, &Receiver<Event>, &Receiver<()>)) {
        let (report, events) = channel();
        let report: Report = Arc::new(move |event| drop(report.send(event)));
        let watchdog = Watchdog::new(report, patience);
        let (stand_in, stood_in) = channel();
        let (go_on, held) = channel::<()>();
        std::thread::scope(|threads| {
            threads.spawn(|| watchdog.run(|| stand_in.send(()).unwrap()));
            let watchdog = &watchdog;
            threads.spawn(move || {
                watchdog.during(Duration::ZERO, || held.recv().unwrap());
                watchdog.tell(&Health::Fresh, false);
            });
            act(watchdog, &events, &stood_in);
            go_on.send(()).unwrap();
            loop {
                match events.recv().unwrap() {
                    Event::Health(Health::Fresh) => break,
                    event => assert!(matches!(event, Event::Health(Health::Unreachable { .. }))),
                }
            }
            watchdog.end();
        });
    }

    #[test]
    fn a_drive_that_does_not_answer_is_told_and_so_is_its_return() {
        held(Duration::from_millis(20), |_, events, _| {
            let told = events.recv().unwrap();
            assert!(
                matches!(told, Event::Health(Health::Unreachable { .. })),
                "{told:?}"
            );
        });
    }

    #[test]
    fn what_comes_while_the_drive_does_not_answer_finds_a_stand_in() {
        held(Duration::from_millis(20), |watchdog, events, stood_in| {
            events.recv().unwrap();
            stood_in.recv().unwrap();
            assert!(watchdog.is_late());
            // It may have been stood in for by the timer of the next telling: from here on a nudge is the sooner one.
            while stood_in.try_recv().is_ok() {}
            watchdog.nudge();
            stood_in.recv().unwrap();
        });
    }

    #[test]
    fn an_operation_that_is_quick_is_not_told_of() {
        let (report, events) = channel();
        let report: Report = Arc::new(move |event| drop(report.send(event)));
        let watchdog = Watchdog::new(report, Duration::from_mins(1));
        std::thread::scope(|threads| {
            threads.spawn(|| watchdog.run(|| panic!("nobody is held up")));
            for _ in 0..100 {
                watchdog.during(Duration::ZERO, || ());
                watchdog.tell(&Health::Fresh, false);
            }
            watchdog.end();
        });
        assert!(events.try_recv().is_err());
    }
}
