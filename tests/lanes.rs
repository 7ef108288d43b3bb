//! A thousand check-ins at once, and what one lane can do to the others.

mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use jiff::{SignedDuration, Timestamp};
use support::{Script, TestDesk, now, persona, terminal};
use uketsuke::checkin::lanes::{Ended, Lane, LaneFace, Lanes, Next};
use uketsuke::checkin::{AuditRecord, Choice, Desk, Method, Outcome, Policy, Screen};
use uketsuke::eligibility::{
    Capabilities, EligibilityService, Failure, PollResult, Request, ServiceError, Ticket,
};
use uketsuke::face::FaceTally;
use uketsuke::simulation::{
    CardOptions, Centre, Expected, Fault, Mishap, Persona, SimulatedCamera, SimulatedDetector,
    SimulatedMatcher, SimulatedPinless, SimulatedReferenceSource, VirtualCard, VirtualReader,
};
use uketsuke::transport::Reader;
use uketsuke::{Realm, VisitId};

const LANES: usize = 1_000;

/// Opens when everybody has come to it.
struct Gate {
    expected: usize,
    arrived: AtomicUsize,
}

impl Gate {
    const fn new(expected: usize) -> Self {
        Self {
            expected,
            arrived: AtomicUsize::new(0),
        }
    }

    fn is_open(&self) -> bool {
        self.arrived.load(Ordering::SeqCst) >= self.expected
    }
}

/// A desk whose person stops at the first question, until everybody is there.
struct Gated<'a> {
    desk: TestDesk,
    gate: &'a Gate,
    arrived: bool,
    ends: &'a Mutex<Vec<End>>,
    index: usize,
}

/// How a visit ended, as its desk saw it.
struct End {
    index: usize,
    visit: VisitId,
    failure: Option<Failure>,
}

impl Desk for Gated<'_> {
    /// Whoever waits for a time must see it go by.
    fn now(&mut self) -> Timestamp {
        self.desk.clock += SignedDuration::from_millis(50);
        self.desk.clock
    }

    fn show(&mut self, screen: &Screen) {
        self.desk.show(screen);
        if !matches!(
            screen,
            Screen::PlaceCard { .. } | Screen::ReadingCard { .. }
        ) && !self.arrived
        {
            self.arrived = true;
            self.gate.arrived.fetch_add(1, Ordering::SeqCst);
        }
        // One of a thousand would be enough.
        self.desk.screens.clear();
    }

    fn choice(&mut self, until: Timestamp) -> Option<Choice> {
        if self.arrived && !self.gate.is_open() {
            return None;
        }
        self.desk.choice(until)
    }

    fn audit(&mut self, record: &AuditRecord) {
        self.desk.audit(record);
    }

    fn decided(&mut self, outcome: &Outcome) {
        self.ends.lock().unwrap().push(End {
            index: self.index,
            visit: support::visit_of(outcome),
            failure: outcome.failure(),
        });
    }
}

type Shared = Arc<Mutex<Centre>>;

fn lane<'a>(
    persona: &'static Persona,
    reader: VirtualReader,
    centre: &Shared,
    desk: impl Desk + Send + 'a,
) -> Lane<'a, VirtualReader, Shared> {
    match persona.mishap {
        Some(Mishap::CardPulled) => reader.plan(Fault::RemovedBefore(4)),
        Some(Mishap::ReaderFault) => reader.plan(Fault::ReaderGone(2)),
        _ => {}
    }
    let service = match persona.mishap {
        Some(Mishap::NetworkDown | Mishap::CentreDown | Mishap::NotEquipped) => {
            Arc::new(Mutex::new(Centre::for_persona(persona)))
        }
        _ => Arc::clone(centre),
    };
    lane_under(
        // A thousand times the same few cards, as if each were another one.
        Policy::simulation(terminal()).with_face_tally(Arc::new(FaceTally::new().unwrap())),
        persona,
        reader,
        service,
        desk,
    )
}

fn lane_under<'a>(
    policy: Policy,
    persona: &'static Persona,
    reader: VirtualReader,
    service: Shared,
    desk: impl Desk + Send + 'a,
) -> Lane<'a, VirtualReader, Shared> {
    Lane::new(policy, reader, service, desk)
        .with_face(LaneFace {
            camera: Box::new(SimulatedCamera::of(persona)),
            engine: Box::new(SimulatedMatcher::new()),
            detector: Box::new(SimulatedDetector::new()),
            reference: Box::new(SimulatedReferenceSource::of(persona)),
            quality: None,
        })
        .with_pinless(SimulatedPinless)
}

fn with_card(persona: &'static Persona, script: Script) -> TestDesk {
    let card = VirtualCard::new(persona, CardOptions::default(), now());
    TestDesk::new(script, VirtualReader::new(), card)
}

/// Everybody is between card and answer at the same time, in two threads, before
/// one centre; and each ends as their card and their centre must make it.
#[test]
fn a_thousand_at_once_end_as_each_of_them_must() {
    let people: Vec<_> = Persona::all()
        .iter()
        .flat_map(|persona| {
            [
                (persona, Method::Pin, persona.with_pin),
                (persona, Method::Face, persona.with_face),
            ]
        })
        .cycle()
        .take(LANES)
        .collect();
    let centre = Arc::new(Mutex::new(Centre::new().with_room(LANES)));
    let (gate, ends) = (Gate::new(LANES), Mutex::new(Vec::new()));
    let mut lanes = Lanes::new();
    for (index, (persona, method, _)) in people.iter().enumerate() {
        let script = Script {
            method: *method,
            ..Script::default()
        };
        let desk = with_card(persona, script);
        let reader = desk.reader.clone();
        let desk = Gated {
            desk,
            gate: &gate,
            arrived: false,
            ends: &ends,
            index,
        };
        assert_eq!(
            lanes.add(lane(persona, reader, &centre, desk)).index(),
            index
        );
    }
    let closed = Mutex::new(vec![None; LANES]);
    lanes.run(2, |lane, ended| {
        let Ended::Visit(outcome) = ended else {
            panic!("{}", people[lane.index()].0.name)
        };
        let mut closed = closed.lock().unwrap();
        let end = (support::visit_of(&outcome), outcome.failure());
        assert!(closed[lane.index()].replace(end).is_none(), "ended once");
        Next::Close
    });
    assert!(gate.is_open(), "nobody was left out");
    let mut visits = std::collections::HashSet::new();
    let ends = ends.into_inner().unwrap();
    assert_eq!(ends.len(), LANES);
    for end in ends {
        let (persona, method, expected) = people[end.index];
        let expected = match expected {
            Expected::Accepted => None,
            Expected::Refused(failure) => Some(failure),
        };
        assert_eq!(end.failure, expected, "{} by {method:?}", persona.name);
        assert!(visits.insert(end.visit), "a visit of its own");
        // The desk was told what the caller was.
        assert_eq!(
            closed.lock().unwrap()[end.index],
            Some((end.visit, end.failure))
        );
    }
}

/// A plain visit's desk, whose clock goes by itself; and what it does besides.
struct Plain<'a> {
    desk: TestDesk,
    shown: Box<dyn FnMut(&Screen) + Send + 'a>,
    looks: Box<dyn FnMut() + Send + 'a>,
}

impl Desk for Plain<'_> {
    fn now(&mut self) -> Timestamp {
        self.desk.clock += SignedDuration::from_millis(50);
        self.desk.clock
    }

    fn show(&mut self, screen: &Screen) {
        self.desk.show(screen);
        (self.shown)(screen);
    }

    fn stop(&mut self) -> bool {
        (self.looks)();
        self.desk.stop()
    }

    fn choice(&mut self, until: Timestamp) -> Option<Choice> {
        self.desk.choice(until)
    }

    fn audit(&mut self, record: &AuditRecord) {
        self.desk.audit(record);
    }
}

fn plain<'a>(
    shown: impl FnMut(&Screen) + Send + 'a,
    looks: impl FnMut() + Send + 'a,
) -> (Plain<'a>, VirtualReader) {
    let desk = with_card(persona("in-order"), Script::default());
    let reader = desk.reader.clone();
    let desk = Plain {
        desk,
        shown: Box::new(shown),
        looks: Box::new(looks),
    };
    (desk, reader)
}

/// Visits that are alike keep step to the last: when one is looked at for the nth
/// time, all were for the time before.
#[test]
fn none_is_ahead_of_another_by_more_than_a_step() {
    const COUNT: usize = 100;
    let looked = Mutex::new(Vec::new());
    let centre = Arc::new(Mutex::new(Centre::new().with_room(COUNT)));
    let mut lanes = Lanes::new();
    for _ in 0..COUNT {
        let (mut own, looked) = (0, &looked);
        let looks = move || {
            let mut looked = looked.lock().unwrap();
            if looked.len() <= own {
                looked.push(0);
            }
            looked[own] += 1;
            assert!(own == 0 || looked[own - 1] == COUNT, "{looked:?}");
            own += 1;
        };
        let (desk, reader) = plain(|_| (), looks);
        lanes.add(lane(persona("in-order"), reader, &centre, desk));
    }
    let accepted = AtomicUsize::new(0);
    lanes.run(1, |_, ended| {
        let ok = matches!(ended, Ended::Visit(outcome) if outcome.is_accepted());
        accepted.fetch_add(usize::from(ok), Ordering::SeqCst);
        Next::Close
    });
    assert_eq!(accepted.into_inner(), COUNT);
    let looked = looked.into_inner().unwrap();
    assert!(looked.len() > 5 && looked.iter().all(|count| *count == COUNT));
}

/// Runs to the end; accepted lanes, lanes not accepted with their failures, and
/// those that panicked.
fn ends(lanes: Lanes<'_>) -> (Vec<usize>, Vec<(usize, Failure)>, Vec<usize>) {
    let all = Mutex::new((Vec::new(), Vec::new(), Vec::new()));
    lanes.run(2, |lane, ended| {
        let (accepted, refused, panicked) = &mut *all.lock().unwrap();
        match ended {
            Ended::Visit(outcome) => match outcome.failure() {
                None => accepted.push(lane.index()),
                Some(failure) => refused.push((lane.index(), failure)),
            },
            _ => panicked.push(lane.index()),
        }
        Next::Close
    });
    let (mut accepted, refused, panicked) = all.into_inner().unwrap();
    accepted.sort_unstable();
    (accepted, refused, panicked)
}

#[test]
fn a_desk_that_panics_lets_go_of_its_card_and_harms_nobody() {
    for screen in [
        "place-card",
        "reading-card",
        "enter-pin",
        "asking",
        "accepted",
    ] {
        let centre = Arc::new(Mutex::new(Centre::new()));
        let mut lanes = Lanes::new();
        let mut readers = Vec::new();
        for index in 0..6 {
            let shown = move |shown: &Screen| assert!(index != 3 || shown.name() != screen);
            let (desk, reader) = plain(shown, || ());
            readers.push(reader.clone());
            lanes.add(lane(persona("in-order"), reader, &centre, desk));
        }
        let (accepted, refused, panicked) = ends(lanes);
        assert_eq!((accepted, panicked), (vec![0, 1, 2, 4, 5], vec![3]));
        assert_eq!(refused, []);
        if screen != "place-card" {
            assert!(
                readers[3].connect().is_ok(),
                "{screen}: nobody holds the card"
            );
        }
        // Nothing is left open there, and nothing poisoned.
        let centre = centre.lock().unwrap();
        assert!(
            format!("{centre:?}").contains("open: 0"),
            "{screen}: {centre:?}"
        );
    }
}

/// As in the documentation: each desk has a policy of its own. Somebody with a found card
/// goes from one to the next.
#[test]
fn desks_with_policies_of_their_own_count_face_attempts_together() {
    let mut stranger = persona("in-order").clone();
    stranger.face_matches = false;
    let stranger: &'static Persona = Box::leak(Box::new(stranger));
    let centre = Arc::new(Mutex::new(Centre::new()));
    let looked = AtomicUsize::new(0);
    let mut lanes = Lanes::new();
    for _ in 0..5 {
        let script = Script {
            method: Method::Face,
            ..Script::default()
        };
        let desk = with_card(stranger, script);
        let reader = desk.reader.clone();
        let desk = Plain {
            desk,
            shown: Box::new(|screen| {
                let looks = matches!(screen, Screen::LookAtCamera { .. });
                looked.fetch_add(usize::from(looks), Ordering::SeqCst);
            }),
            looks: Box::new(|| ()),
        };
        let policy = Policy::simulation(terminal());
        let service = Arc::clone(&centre);
        lanes.add(lane_under(policy, stranger, reader, service, desk));
    }
    let (_, _, panicked) = ends(lanes);
    assert!(panicked.is_empty());
    assert_eq!(
        looked.into_inner(),
        5,
        "with one card, at all desks together"
    );
}

/// Panics at the nth question, in the middle of the call.
struct Breaking(Centre, usize);

impl EligibilityService for Breaking {
    fn realm(&self) -> Realm {
        self.0.realm()
    }
    fn capabilities(&self) -> Capabilities {
        self.0.capabilities()
    }
    fn submit(&mut self, request: Request, now: Timestamp) -> Result<Ticket, ServiceError> {
        self.1 -= 1;
        assert!(self.1 > 0, "on purpose");
        self.0.submit(request, now)
    }
    fn poll(&mut self, ticket: Ticket, now: Timestamp) -> Result<PollResult, ServiceError> {
        self.0.poll(ticket, now)
    }
    fn cancel(&mut self, ticket: Ticket) {
        self.0.cancel(ticket);
    }
}

#[test]
fn a_shared_service_that_panicked_lets_nobody_in_any_more() {
    let service = Arc::new(Mutex::new(Breaking(Centre::new(), 8)));
    let mut lanes = Lanes::new();
    for _ in 0..20 {
        let (desk, reader) = plain(|_| (), || ());
        let policy = Policy::simulation(terminal());
        lanes.add(Lane::new(policy, reader, Arc::clone(&service), desk));
    }
    let (accepted, refused, panicked) = ends(lanes);
    assert_eq!(panicked.len(), 1);
    assert!(accepted.len() < 8, "seven questions, two for each");
    assert_eq!(accepted.len() + refused.len(), 19);
    let told = [Failure::Internal, Failure::OutcomeUnknown];
    assert!(refused.iter().all(|(_, failure)| told.contains(failure)));

    // Whoever comes now isn't asked for a PIN in vain.
    let mut lanes = Lanes::new();
    let (desk, reader) = plain(|screen| assert!(!screen.name().ends_with("-pin")), || ());
    lanes.add(Lane::new(
        Policy::simulation(terminal()),
        reader,
        &*service,
        desk,
    ));
    let (accepted, refused, panicked) = ends(lanes);
    assert_eq!((accepted, panicked), (vec![], vec![]));
    assert_eq!(refused, [(0, Failure::NotEquipped)]);
}

#[test]
fn a_stop_lets_go_of_every_card() {
    const COUNT: usize = 30;
    let centre = Arc::new(Mutex::new(Centre::new()));
    let mut lanes = Lanes::new();
    let stopper = lanes.stopper();
    let typing = Arc::new(AtomicUsize::new(0));
    let mut readers = Vec::new();
    for _ in 0..COUNT {
        let (typing, stopper) = (Arc::clone(&typing), stopper.clone());
        // The last that comes to the PIN stops them all; nobody types one.
        let shown = move |screen: &Screen| {
            let there = usize::from(screen.name() == "enter-pin");
            if typing.fetch_add(there, Ordering::SeqCst) + there == COUNT {
                stopper.stop();
            }
        };
        let (mut desk, reader) = plain(shown, || ());
        desk.desk.script.freeze_at = Some("enter-pin");
        readers.push(reader.clone());
        lanes.add(lane(persona("in-order"), reader, &centre, desk));
    }
    let visits = AtomicUsize::new(0);
    lanes.run(2, |_, ended| {
        let cancelled =
            matches!(ended, Ended::Visit(outcome) if outcome.failure() == Some(Failure::Cancelled));
        visits.fetch_add(usize::from(cancelled), Ordering::SeqCst);
        Next::Visit
    });
    assert_eq!(visits.into_inner(), COUNT);
    for reader in &mut readers {
        assert!(reader.connect().is_ok(), "the card is let go of");
        assert_eq!(reader.remove().unwrap().tries_left()[0], 3);
    }
}
