//! The course of one visit after the other, turn by turn.

use std::time::Duration;

use jiff::Timestamp;

use super::Step;
use super::parts::Parts;
use crate::checkin::held::{SLICE, Visit};
use crate::checkin::{CheckIn, Choice, Desk, Input, Output, Policy, Summary};
use crate::eligibility::EligibilityService;
use crate::face::FaceEngine;
use crate::transport::{Presence, Reader, Transport};

/// Who does the waiting.
#[derive(Clone, Copy)]
pub(in crate::checkin) enum Pace {
    /// The reader while a card is awaited, then the desk.
    Waits,
    /// The caller, between two turns.
    Goes,
}

/// What lasts from turn to turn; the parts are the caller's.
pub(in crate::checkin) struct Course<T: Transport> {
    /// The one under way.
    visit: Option<Box<Visit<T>>>,
    /// What the last visit left on the reader.
    left: Presence,
}

impl<T: Transport> Course<T> {
    pub(in crate::checkin) const fn new() -> Self {
        Self {
            visit: None,
            left: Presence::Absent,
        }
    }

    pub(in crate::checkin) fn summary(&self) -> Option<Summary> {
        self.visit.as_ref().map(|visit| visit.machine.summary())
    }

    pub(in crate::checkin) const fn is_busy(&self) -> bool {
        self.visit.is_some()
    }

    pub(in crate::checkin) fn abandon<S: EligibilityService + ?Sized>(
        &mut self,
        service: &mut S,
        engine: Option<&mut dyn FaceEngine>,
    ) {
        if let Some(mut visit) = self.visit.take() {
            if let (true, Some(engine)) = (visit.template, engine) {
                engine.forget();
            }
            if let Some(asked) = visit.asked.take() {
                service.cancel(asked.ticket);
            }
            visit.release();
            self.left = visit.presence;
        }
    }

    /// To the end of one task, or of one look at everybody; whatever the machine
    /// wants shown and kept meanwhile.
    pub(in crate::checkin) fn turn<R, S>(
        &mut self,
        policy: &Policy,
        parts: &mut Parts<'_, R, S>,
        desk: &mut dyn Desk,
        pace: Pace,
    ) -> Step
    where
        R: Reader<Transport = T> + ?Sized,
        S: EligibilityService + ?Sized,
    {
        let left = self.left;
        let visit = self.visit.get_or_insert_with(|| {
            let equipment = parts.equipment(policy, desk.mode());
            let machine = CheckIn::new(policy.clone(), equipment, desk.now());
            // A card left behind must go before the next one counts.
            Box::new(Visit::new(machine, left))
        });
        let mut looked = None;
        loop {
            parts.forget_face(visit);
            match visit.machine.poll() {
                Output::Show { number, screen } => {
                    visit.screen = Some(number);
                    parts.before(&screen, visit);
                    desk.show(&screen);
                }
                Output::Start { task, work } => {
                    parts.start(visit, task, *work, desk);
                    return Step::Ready;
                }
                Output::Forget { task, .. } => parts.forget(visit, task),
                Output::Audit(record) => desk.audit(&record),
                Output::Decided(outcome) => {
                    desk.decided(&outcome);
                    visit.outcome = Some(*outcome);
                }
                Output::Idle { deadline } => match looked {
                    None if desk.stop() => {
                        if visit.outcome.is_some() {
                            return self.finish(desk);
                        }
                        visit.choose(Choice::Cancel, desk.now());
                        looked = Some(Looked::News);
                    }
                    None => looked = Some(look(parts, visit, deadline, desk, pace)),
                    Some(Looked::News) => return Step::Ready,
                    Some(Looked::Nothing { at }) => {
                        let until = visit.look_again(at, deadline);
                        return Step::Waiting { until };
                    }
                },
                Output::Finished => return self.finish(desk),
            }
        }
    }

    fn finish(&mut self, desk: &mut dyn Desk) -> Step {
        let Some(mut visit) = self.visit.take() else {
            return Step::Ready;
        };
        visit.release();
        self.left = visit.presence;
        // A machine is decided before it is finished.
        let outcome = match visit.outcome.take() {
            Some(outcome) => outcome,
            None => visit.machine.broken(desk.now()),
        };
        Step::Finished(Box::new(outcome))
    }
}

/// Whether a look at everybody found something.
enum Looked {
    News,
    Nothing { at: Timestamp },
}

/// Looks for whatever comes first: the card, the centre, the person, the
/// deadline.
fn look<R, S>(
    parts: &mut Parts<'_, R, S>,
    visit: &mut Visit<R::Transport>,
    deadline: Option<Timestamp>,
    desk: &mut dyn Desk,
    pace: Pace,
) -> Looked
where
    R: Reader + ?Sized,
    S: EligibilityService + ?Sized,
{
    let now = desk.now();
    let (patience, until) = match pace {
        Pace::Waits => {
            let slice = now.checked_add(SLICE).unwrap_or(now);
            let until = deadline.map_or(slice, |deadline| deadline.min(slice));
            (Duration::from_millis(100), until)
        }
        Pace::Goes => (Duration::ZERO, now),
    };
    if parts.look_at_reader(visit, now, patience)
        || parts.look_at_phones(visit, now)
        || parts.look_at_centre(visit, now)
    {
        return Looked::News;
    }
    if let Some(deadline) = deadline {
        desk.waiting(deadline);
    }
    if let Some(choice) = desk.choice(until) {
        visit.choose(choice, desk.now());
        return Looked::News;
    }
    let at = desk.now();
    visit.machine.handle(Input::Tick, at);
    Looked::Nothing { at }
}
