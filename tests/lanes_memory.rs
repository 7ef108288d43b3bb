//! What a lane takes, while a thousand people stand at their desks.

mod counted_support;
mod support;

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use counted_support::measured;
use jiff::{SignedDuration, Timestamp};
use support::{now, persona, terminal};
use uketsuke::card::AuthPin;
use uketsuke::checkin::lanes::{Ended, Lane, LaneFace, Lanes, Next};
use uketsuke::checkin::{AuditRecord, Choice, Desk, Method, Policy, Screen};
use uketsuke::face::FaceTally;
use uketsuke::simulation::{
    CardOptions, Centre, SimulatedCamera, SimulatedDetector, SimulatedMatcher, SimulatedPinless,
    SimulatedReferenceSource, VirtualCard, VirtualReader,
};

const LANES: usize = 1_000;

/// Whatever is asked, at once; but all wait at one screen for the last of them.
struct Willing<'a> {
    clock: Timestamp,
    method: Method,
    pressed: Option<Choice>,
    held: bool,
    reader: VirtualReader,
    waits_at: &'static str,
    there: &'a AtomicUsize,
}

impl Desk for Willing<'_> {
    fn now(&mut self) -> Timestamp {
        self.clock += SignedDuration::from_millis(20);
        self.clock
    }

    fn show(&mut self, screen: &Screen) {
        let here = screen.name() == self.waits_at;
        self.there
            .fetch_add(usize::from(here && !self.held), Ordering::SeqCst);
        self.held |= here;
        self.pressed = match screen {
            Screen::ChooseMethod { .. } => Some(Choice::Method(self.method)),
            Screen::EnterPin { .. } => Some(Choice::Pin(AuthPin::parse("1234").unwrap())),
            asks if asks.name() == "consents" => Some(Choice::ConsentToAll),
            Screen::TakeCard { .. } => {
                drop(self.reader.remove());
                None
            }
            _ => Some(Choice::Yes),
        };
    }

    fn choice(&mut self, _until: Timestamp) -> Option<Choice> {
        if self.held && self.there.load(Ordering::SeqCst) < LANES {
            return None;
        }
        self.pressed.take()
    }

    fn audit(&mut self, _record: &AuditRecord) {}
}

/// The most that all lanes together hold at a time beyond their cards.
fn held(method: Method, waits_at: &'static str) -> usize {
    let person = persona("in-order");
    let cards: Vec<_> = (0..LANES)
        .map(|_| {
            let reader = VirtualReader::new();
            reader.insert(VirtualCard::new(person, CardOptions::default(), now()));
            reader
        })
        .collect();
    let policy = Policy::simulation(terminal());
    // What is worked out once for all is there before.
    let _known = policy.digest();
    let there = AtomicUsize::new(0);
    let centre = Arc::new(Mutex::new(Centre::new().with_room(LANES)));
    let (accepted, memory) = measured(|| {
        let mut lanes = Lanes::new();
        for reader in &cards {
            let desk = Willing {
                clock: now(),
                method,
                pressed: None,
                held: false,
                reader: reader.clone(),
                waits_at,
                there: &there,
            };
            let face = LaneFace {
                camera: Box::new(SimulatedCamera::of(person)),
                engine: Box::new(SimulatedMatcher::new()),
                detector: Box::new(SimulatedDetector::new()),
                reference: Box::new(SimulatedReferenceSource::of(person)),
                quality: None,
            };
            // One card a thousand times: whoever counted it would stop at the sixth.
            let tally = Arc::new(FaceTally::new().expect("random bytes"));
            let policy = policy.clone().with_face_tally(tally);
            let lane = Lane::new(policy, reader.clone(), Arc::clone(&centre), desk);
            lanes.add(lane.with_face(face).with_pinless(SimulatedPinless));
        }
        let accepted = AtomicUsize::new(0);
        // One worker, which is this thread: what is counted is of one thread.
        lanes.run(1, |_, ended| {
            let ok = matches!(ended, Ended::Visit(outcome) if outcome.is_accepted());
            accepted.fetch_add(usize::from(ok), Ordering::SeqCst);
            Next::Close
        });
        accepted.into_inner()
    });
    assert_eq!(accepted, LANES);
    assert_eq!(there.into_inner(), LANES, "all at the same time");
    memory.most
}

#[test]
fn a_lane_takes_little() {
    let person = persona("in-order");
    let (card, own) = measured(|| VirtualCard::new(person, CardOptions::default(), now()));
    drop(card);
    eprintln!(
        "a virtual card: {} bytes, {} at its making",
        own.left, own.most
    );
    for (method, waits_at, most) in [
        (Method::Pin, "enter-pin", 24_000),
        (Method::Face, "look-at-camera", 32_000),
    ] {
        let each = held(method, waits_at) / LANES;
        eprintln!("{method:?}, all at {waits_at}: {each} bytes a lane");
        assert!(each < most, "{each} bytes at {waits_at}");
        assert!(own.most + each < 1_000_000, "card and all");
    }
}
