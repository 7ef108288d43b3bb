//! Attempts of the face check over many visits: however cards come and go, what is offered and what is counted is what
//! the stated policy says.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use uketsuke::Realm;
use uketsuke::card::AuthPin;
use uketsuke::checkin::{
    AuditEvent, AuditRecord, Choice, Desk, FaceParts, FacePaused, Method, Outcome, Passcode,
    Policy, Reception, Screen, StaffId,
};
use uketsuke::eligibility::Failure;
use uketsuke::face::{FaceCapture, FaceError, FaceLimits, FaceTally, LiveImage};
use uketsuke::simulation::*;
use uketsuke::trust::TerminalId;

const PAUSE: SignedDuration = SignedDuration::from_secs(40);
const ATTEMPTS: u8 = 2;
const OVERALL: u8 = 5;

/// What the person of a visit does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Deed {
    /// Looks once, isn't recognised, and leaves.
    LooksOnce,
    /// Looks as often as there is a key for it, isn't recognised, and leaves.
    LooksOn,
    /// Looks, and is recognised.
    Matches,
    /// Isn't recognised at first, and then is.
    MatchesLater,
    TypesPin,
    /// Leaves after a PIN that isn't right.
    MistypesPin,
    /// Is recognised, and leaves before the centre's answer is used. Not among the `DEEDS`.
    MatchesAndLeaves,
    /// Lets staff look.
    AsksStaff,
}

const DEEDS: [Deed; 7] = [
    Deed::LooksOnce,
    Deed::LooksOn,
    Deed::Matches,
    Deed::MatchesLater,
    Deed::TypesPin,
    Deed::MistypesPin,
    Deed::AsksStaff,
];

/// The stated policy, in a few lines.
#[derive(Clone, Copy, Default)]
struct Counted {
    attempts: u8,
    last: Option<Timestamp>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Allowed {
    /// So many, before the pause.
    Now(u8),
    Until(Timestamp),
    UsedUp,
}

impl Counted {
    fn allows(self, now: Timestamp) -> Allowed {
        if self.attempts >= OVERALL {
            return Allowed::UsedUp;
        }
        if self.attempts < ATTEMPTS {
            return Allowed::Now(ATTEMPTS - self.attempts);
        }
        let until = self.last.expect("an attempt") + PAUSE;
        if now < until {
            Allowed::Until(until)
        } else {
            Allowed::Now(1)
        }
    }

    fn spend(&mut self, now: Timestamp) {
        (self.attempts, self.last) = (self.attempts + 1, Some(now));
    }
}

struct Camera {
    scenes: Vec<SimulatedCamera>,
    shots: usize,
}

impl FaceCapture for Camera {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn capture(&mut self) -> Result<LiveImage, FaceError> {
        self.shots += 1;
        let scene = self.scenes.pop();
        scene
            .unwrap_or_else(SimulatedCamera::someone_else)
            .capture()
    }
}

struct Kiosk {
    now: Timestamp,
    deed: Deed,
    looked: usize,
    pressed: Option<Choice>,
    reader: VirtualReader,
    first: Option<Screen>,
    records: Vec<AuditRecord>,
}

impl Desk for Kiosk {
    fn now(&mut self) -> Timestamp {
        self.now
    }

    fn show(&mut self, screen: &Screen) {
        self.pressed = match screen {
            Screen::ChooseMethod { face, staff, .. } => {
                let again = self.first.is_some();
                self.first.get_or_insert_with(|| screen.clone());
                Some(match self.deed {
                    Deed::TypesPin => Choice::Method(Method::Pin),
                    Deed::MistypesPin if !again => Choice::Method(Method::Pin),
                    Deed::AsksStaff if *staff && !again => Choice::Method(Method::Staff),
                    // The key may be pressed where it isn't shown.
                    Deed::LooksOnce
                    | Deed::LooksOn
                    | Deed::Matches
                    | Deed::MatchesLater
                    | Deed::MatchesAndLeaves
                        if self.looked == 0 =>
                    {
                        self.looked += 1;
                        if !face {
                            // Nothing comes of it, so the visit is given up.
                            return self.pressed = Some(Choice::Cancel);
                        }
                        Choice::Method(Method::Face)
                    }
                    _ => Choice::Cancel,
                })
            }
            Screen::FaceFailed { attempts_left, .. } => Some(match self.deed {
                Deed::LooksOn | Deed::MatchesLater if *attempts_left > 0 => Choice::Yes,
                _ => Choice::Cancel,
            }),
            Screen::EnterPin { wrong: false, .. } => {
                let pin = if self.deed == Deed::TypesPin {
                    "1234"
                } else {
                    "9999"
                };
                AuthPin::parse(pin).ok().map(Choice::Pin)
            }
            Screen::EnterPin { .. } => Some(Choice::Cancel),
            Screen::StaffCheck { .. } => Some(Choice::StaffConfirms {
                staff: StaffId::new("staff-1").unwrap(),
                passcode: Passcode::new("simulated-passcode").unwrap(),
            }),
            Screen::Consents { .. } => Some(match self.deed {
                Deed::MatchesAndLeaves => Choice::Cancel,
                _ => Choice::ConsentToNone,
            }),
            Screen::TakeCard { .. } => {
                self.reader.remove();
                None
            }
            _ => Some(Choice::Yes),
        };
    }

    fn choice(&mut self, _: Timestamp) -> Option<Choice> {
        self.pressed.take()
    }

    fn audit(&mut self, record: &AuditRecord) {
        self.records.push(record.clone());
    }
}

/// One visit; what was shown first, and how many pictures were taken.
fn visit(
    policy: &Policy,
    persona: &'static Persona,
    deed: Deed,
    now: Timestamp,
) -> (Outcome, Kiosk, usize) {
    visit_with(policy, persona, deed, now, &mut Centre::new())
}

fn visit_with(
    policy: &Policy,
    persona: &'static Persona,
    deed: Deed,
    now: Timestamp,
    centre: &mut Centre,
) -> (Outcome, Kiosk, usize) {
    let mut reader = VirtualReader::with_persona(persona, CardOptions::default(), now);
    let scenes = match deed {
        Deed::Matches | Deed::MatchesAndLeaves => vec![SimulatedCamera::same_person()],
        Deed::MatchesLater => vec![SimulatedCamera::same_person(), SimulatedCamera::nobody()],
        _ => Vec::new(),
    };
    let mut camera = Camera { scenes, shots: 0 };
    let (mut engine, mut detector) = (SimulatedMatcher::new(), SimulatedDetector::new());
    let mut reference = SimulatedReferenceSource::of(persona);
    let (mut pinless, mut staff) = (SimulatedPinless, SimulatedStaff);
    let mut kiosk = Kiosk {
        now,
        deed,
        looked: 0,
        pressed: None,
        reader: reader.clone(),
        first: None,
        records: Vec::new(),
    };
    let outcome = Reception::new(policy.clone(), &mut reader, centre)
        .with_face(FaceParts {
            camera: &mut camera,
            engine: &mut engine,
            detector: &mut detector,
            quality: None,
            reference: &mut reference,
        })
        .with_pinless(&mut pinless)
        .with_staff(&mut staff)
        .run(&mut kiosk);
    (outcome, kiosk, camera.shots)
}

fn policy() -> Policy {
    Policy::simulation(TerminalId::new("desk-1").unwrap())
        .with_face_limits(FaceLimits::new(ATTEMPTS, PAUSE, OVERALL))
}

/// A long walk over two cards and a clock, until every deed was done in every state of the policy.
#[test]
fn whatever_comes_in_whatever_order_the_policy_is_followed() {
    let policy = policy();
    let people = ["in-order", "expiring"].map(|name| Persona::named(name).unwrap());
    let mut counted = [Counted::default(); 2];
    let mut now: Timestamp = "2026-11-23T09:00:00+09:00".parse().unwrap();
    let (mut seen, mut chance) = (BTreeSet::new(), 1_u64);
    let mut next = |below: u64| {
        chance = chance
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        (chance >> 33) % below
    };
    for _ in 0..420 {
        // Another second at least, and now and then as long as a pause.
        now += match next(4) {
            0 => PAUSE,
            1 => SignedDuration::from_secs(19),
            _ => SignedDuration::from_secs(1),
        };
        let who = next(2) as usize;
        // Mostly what adds up: a count that is cleared each time gets nowhere.
        let deed = match next(3) {
            0 => DEEDS[next(7) as usize],
            _ => [Deed::LooksOnce, Deed::LooksOn, Deed::MistypesPin][next(3) as usize],
        };
        let before = counted[who];
        let allowed = before.allows(now);
        let (outcome, kiosk, shots) = visit(&policy, people[who], deed, now);
        let (kind, expected) = match allowed {
            Allowed::Now(left) => (0, Some((true, None, left))),
            Allowed::Until(until) => (1, Some((false, Some(FacePaused::Until(until)), 0))),
            Allowed::UsedUp => (2, Some((false, Some(FacePaused::UsedUp), 0))),
        };
        let (face, paused, left) = expected.unwrap();
        let Some(Screen::ChooseMethod {
            face: offered,
            face_paused,
            ..
        }) = &kiosk.first
        else {
            panic!("{:?}", kiosk.first)
        };
        assert_eq!(
            (*offered, *face_paused),
            (face, paused),
            "{deed:?} {allowed:?}"
        );
        let looks = match deed {
            Deed::LooksOnce | Deed::Matches | Deed::MatchesAndLeaves => left.min(1),
            Deed::MatchesLater => left.min(2),
            Deed::LooksOn => left,
            Deed::TypesPin | Deed::MistypesPin | Deed::AsksStaff => 0,
        };
        assert_eq!(shots, usize::from(looks), "{deed:?} {allowed:?}");
        let at_last = deed == Deed::MatchesLater && left > 1;
        let matched = (deed == Deed::Matches && left > 0) || at_last;
        let accepted = matched || matches!(deed, Deed::TypesPin | Deed::AsksStaff);
        assert_eq!(outcome.is_accepted(), accepted, "{deed:?} {allowed:?}");
        for _ in 0..looks {
            counted[who].spend(now);
        }
        if matched || deed == Deed::TypesPin {
            counted[who] = Counted::default();
        }
        // By what was judged is told once a visit, and before anything else of it.
        let judged = |r: &AuditRecord| matches!(r.event, AuditEvent::FaceJudgedBy(_));
        let failed = |r: &AuditRecord| matches!(r.event, AuditEvent::FaceFailed { .. });
        assert_eq!(
            kiosk.records.iter().filter(|r| judged(r)).count(),
            usize::from(looks > 0)
        );
        let first = |which: &dyn Fn(&AuditRecord) -> bool| kiosk.records.iter().position(which);
        assert!(first(&failed).is_none_or(|at| first(&judged).unwrap() < at));
        seen.insert((before.attempts, kind, deed));
    }
    // Each deed from each count: none, one, the pause at two, three and four, all used up.
    let states: BTreeSet<_> = seen
        .iter()
        .map(|(attempts, kind, _)| (*attempts, *kind))
        .collect();
    assert_eq!(
        states,
        [
            (0, 0),
            (1, 0),
            (2, 0),
            (2, 1),
            (3, 0),
            (3, 1),
            (4, 0),
            (4, 1),
            (5, 2)
        ]
        .into()
    );
    for (attempts, kind) in states {
        for deed in [Deed::LooksOnce, Deed::LooksOn, Deed::MistypesPin] {
            assert!(
                seen.contains(&(attempts, kind, deed)),
                "{attempts} {kind} {deed:?}"
            );
        }
    }
    for deed in DEEDS {
        assert!(
            seen.iter().any(|(_, kind, did)| *kind > 0 && *did == deed),
            "{deed:?}"
        );
    }
}

/// Nothing would change that, so nothing is promised.
#[test]
fn a_desk_that_allows_no_attempt_says_nothing_of_the_card() {
    let now = "2026-11-23T09:00:00+09:00".parse().unwrap();
    let persona = Persona::named("in-order").unwrap();
    for (attempts, overall) in [(0, OVERALL), (ATTEMPTS, 0), (0, 0)] {
        let policy = policy().with_face_limits(FaceLimits::new(attempts, PAUSE, overall));
        let (_, kiosk, shots) = visit(&policy, persona, Deed::LooksOn, now);
        assert_eq!(shots, 0);
        let Some(Screen::ChooseMethod {
            face, face_paused, ..
        }) = kiosk.first
        else {
            panic!("{:?}", kiosk.first)
        };
        assert_eq!((face, face_paused), (false, None));
    }
}

/// Lanes with policies of their own count together where they are told to, and a policy's clones always do.
#[test]
fn desks_count_together_where_they_share_a_tally() {
    let now = "2026-11-23T09:00:00+09:00".parse().unwrap();
    let persona = Persona::named("in-order").unwrap();
    let offered = |policy: &Policy| {
        let (_, kiosk, _) = visit(policy, persona, Deed::MistypesPin, now);
        matches!(kiosk.first, Some(Screen::ChooseMethod { face: true, .. }))
    };
    let tally = Arc::new(FaceTally::new().unwrap());
    let (one, alone) = (policy().with_face_tally(Arc::clone(&tally)), policy());
    let two = Policy::simulation(TerminalId::new("desk-2").unwrap())
        .with_face_limits(FaceLimits::new(ATTEMPTS, PAUSE, OVERALL))
        .with_face_tally(tally);
    visit(&one, persona, Deed::LooksOn, now);
    assert!(!offered(&one) && !offered(&one.clone()) && !offered(&two));
    assert!(offered(&alone), "another program's desk");
    visit(&two, persona, Deed::TypesPin, now);
    assert!(offered(&one) && offered(&two));
}

/// Whoever shows the face of one card and the certificate of another matches each time, and whoever leaves in time is
/// never told apart: neither wins new attempts with the certificate's card.
#[test]
fn a_match_clears_the_count_only_when_it_was_accepted() {
    let now = "2026-11-23T09:00:00+09:00".parse().unwrap();
    let persona = Persona::named("in-order").unwrap();
    let differs = Some(CentreFault::OtherBirthDate);
    for (fault, deed, failure) in [
        (None, Deed::Matches, None),
        (differs, Deed::Matches, Some(Failure::BirthDateDiffers)),
        (None, Deed::MatchesAndLeaves, Some(Failure::Cancelled)),
    ] {
        let policy = policy();
        visit(&policy, persona, Deed::LooksOnce, now);
        let mut centre = Centre::new();
        centre.set_fault(fault);
        let (outcome, kiosk, shots) = visit_with(&policy, persona, deed, now, &mut centre);
        assert_eq!((outcome.failure(), shots), (failure, 1));
        let identified = |r: &AuditRecord| matches!(r.event, AuditEvent::Identified { .. });
        assert!(kiosk.records.iter().any(identified));
        let (_, kiosk, _) = visit(&policy, persona, Deed::MistypesPin, now);
        let Some(Screen::ChooseMethod { face, .. }) = kiosk.first else {
            panic!("{:?}", kiosk.first)
        };
        assert_eq!(face, failure.is_none(), "{deed:?} {fault:?}");
        visit(&policy, persona, Deed::TypesPin, now);
        let (_, kiosk, _) = visit(&policy, persona, Deed::MistypesPin, now);
        assert!(matches!(
            kiosk.first,
            Some(Screen::ChooseMethod { face: true, .. })
        ));
    }
}
