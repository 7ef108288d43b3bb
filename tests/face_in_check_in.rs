//! The face in a check-in: what is presented for it, what is believed, and what stays of it.

mod support;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use support::{Case, Script, now, persona};
use uketsuke::checkin::{
    AuditEvent, CardFaceTrouble, Choice, Desk, FaceParts, FacePaused, Method, Outcome, Policy,
    Reception, Screen,
};
use uketsuke::eligibility::Failure;
use uketsuke::face::{
    ByTemplate, Calibration, Extraction, FaceEngine, FaceError, FaceLimits, FaceMatcher, Fmr,
    MatchPolicy, MatcherInfo, OperatingPoint, Sample, Score,
};
use uketsuke::simulation::*;
use uketsuke::trust::{CvRoots, TerminalId};
use uketsuke::{Realms, card::SignedApplication};

fn face() -> Script {
    Script {
        method: Method::Face,
        ..Script::default()
    }
}

fn seen(desk: &support::TestDesk, wanted: fn(&Screen) -> bool) -> usize {
    desk.screens.iter().filter(|screen| wanted(screen)).count()
}

/// With five tries left, or fewer, 照合番号B is never presented; with more, once.
#[test]
fn the_last_five_tries_of_the_number_are_never_touched() {
    for left in 0..=10 {
        let options = CardOptions {
            reference_number_b_tries: left,
            ..CardOptions::default()
        };
        let case = Case {
            options,
            ..Case::of("in-order").script(face())
        };
        let (outcome, desk) = case.run();
        let card = desk.card.as_ref().expect("it was taken");
        if left > 5 {
            assert!(outcome.is_accepted(), "{left}");
            assert_eq!((card.presented(), card.tries_left()[2]), (1, 10), "{left}");
        } else {
            assert_eq!(outcome.failure(), Some(Failure::FaceUnavailable), "{left}");
            assert_eq!(
                (card.presented(), card.tries_left()[2]),
                (0, left),
                "{left}"
            );
            let kept = |screen: &Screen| {
                matches!(
                    screen,
                    Screen::CardFaceUnreadable {
                        why: CardFaceTrouble::Kept,
                        again: false,
                        ..
                    }
                )
            };
            assert_eq!(seen(&desk, kept), 1, "{left}");
        }
    }
}

/// One session of the card face: what is sent to the card for a photo that is proved to be this chip's.
#[test]
fn a_proved_photo_takes_seven_exchanges_and_one_to_leave() {
    let sent = std::sync::Arc::new(std::sync::Mutex::new(Vec::new()));
    let log = std::sync::Arc::clone(&sent);
    let reader = VirtualReader::new().with_hook(move |_, command, _| {
        log.lock().unwrap().push(command.to_vec());
    });
    let case = Case {
        reader,
        ..Case::of("in-order").script(face())
    };
    let (outcome, _) = case.run();
    assert!(outcome.is_accepted());
    let sent = sent.lock().unwrap();
    let face = sent
        .iter()
        .position(|command| command.ends_with(&[0, 0x31, 0, 1, 1, 4, 2]))
        .expect("the card face is selected");
    let after = sent[face + 1..]
        .iter()
        .position(|command| command[1] == 0xA4)
        .expect("and left");
    let instructions: Vec<u8> = sent[face..=face + 1 + after].iter().map(|c| c[1]).collect();
    // SELECT; certificate; count, number; table with card key, photo with signature; the chip's signature; another
    // SELECT.
    let expected = [0xA4, 0xB0, 0x20, 0x20, 0xB0, 0xB0, 0x2A, 0xA4];
    assert_eq!(instructions, expected, "{instructions:02X?}");
    let selects = sent
        .iter()
        .filter(|command| command.ends_with(&[1, 1, 4, 2]));
    assert_eq!(selects.count(), 1, "once in a visit");
}

/// Templates that are there, and that they were wiped.
#[derive(Clone, Default)]
struct Alive(Rc<RefCell<(usize, usize)>>);

impl Alive {
    fn now(&self) -> usize {
        self.0.borrow().0
    }
}

struct Template {
    alive: Alive,
    wiped: bool,
}

impl zeroize::Zeroize for Template {
    fn zeroize(&mut self) {
        self.wiped = true;
    }
}

impl Drop for Template {
    fn drop(&mut self) {
        assert!(self.wiped, "a template was dropped, and not wiped");
        self.alive.0.borrow_mut().0 -= 1;
    }
}

/// As the simulated matcher, by templates that can be counted.
struct Counting {
    info: MatcherInfo,
    alive: Alive,
    same: bool,
}

impl FaceMatcher for Counting {
    type Template = Template;

    fn info(&self) -> MatcherInfo {
        self.info.clone()
    }

    fn extract(&mut self, _: Sample<'_>) -> Result<Extraction<Template>, FaceError> {
        let mut alive = self.alive.0.borrow_mut();
        *alive = (alive.0 + 1, alive.1 + 1);
        drop(alive);
        Ok(Extraction::Template(Template {
            alive: self.alive.clone(),
            wiped: false,
        }))
    }

    fn compare(&mut self, _: &Template, _: &Template) -> Result<Score, FaceError> {
        Ok(if self.same { Score::ONE } else { Score::ZERO })
    }
}

/// What somebody does at a screen.
enum Does {
    Presses(Choice),
    TakesCard,
    Waits,
    PressesLater(jiff::SignedDuration, Choice),
    Panics,
}

struct Watching<F> {
    now: jiff::Timestamp,
    alive: Alive,
    /// Screens, with the templates that were there when they came.
    seen: Vec<(&'static str, usize)>,
    pressed: Option<Choice>,
    not_before: jiff::Timestamp,
    reader: VirtualReader,
    does: F,
}

impl<F: FnMut(&Screen) -> Does> Desk for Watching<F> {
    fn now(&mut self) -> jiff::Timestamp {
        self.now
    }

    fn show(&mut self, screen: &Screen) {
        self.seen.push((screen.name(), self.alive.now()));
        self.pressed = None;
        match (self.does)(screen) {
            Does::Presses(choice) => self.pressed = Some(choice),
            Does::PressesLater(wait, choice) => {
                self.not_before = self.now + wait;
                self.pressed = Some(choice);
            }
            Does::TakesCard => drop(self.reader.remove()),
            Does::Waits => {}
            Does::Panics => panic!("the desk is broken"),
        }
    }

    fn choice(&mut self, until: jiff::Timestamp) -> Option<Choice> {
        if self.pressed.is_none() || self.now < self.not_before {
            self.now = until + jiff::SignedDuration::from_millis(1);
            return None;
        }
        self.pressed.take()
    }

    fn audit(&mut self, _: &uketsuke::checkin::AuditRecord) {}
}

fn willing(screen: &Screen) -> Does {
    Does::Presses(match screen {
        Screen::ChooseMethod { face: true, .. } => Choice::Method(Method::Face),
        Screen::ChooseMethod { .. } => Choice::Method(Method::Pin),
        Screen::EnterPin { .. } => {
            Choice::Pin(uketsuke::card::AuthPin::parse("1234").expect("four digits"))
        }
        Screen::Consents { .. } => Choice::ConsentToNone,
        Screen::TakeCard { .. } => return Does::TakesCard,
        _ => Choice::Yes,
    })
}

/// Runs a visit, or as far as `steps` say; what was seen, and what is left when the reception is gone.
fn watched(
    same: bool,
    steps: Option<usize>,
    does: impl FnMut(&Screen) -> Does,
) -> (Option<Outcome>, Vec<(&'static str, usize)>) {
    let policy = Policy::simulation(TerminalId::new("desk-1").unwrap());
    watched_under(policy, VirtualReader::new(), same, steps, does)
}

fn watched_under(
    policy: Policy,
    reader: VirtualReader,
    same: bool,
    steps: Option<usize>,
    does: impl FnMut(&Screen) -> Does,
) -> (Option<Outcome>, Vec<(&'static str, usize)>) {
    let info = FaceEngine::info(&SimulatedMatcher::new());
    watched_with(info, policy, reader, same, steps, does)
}

fn watched_with(
    info: MatcherInfo,
    policy: Policy,
    mut reader: VirtualReader,
    same: bool,
    steps: Option<usize>,
    does: impl FnMut(&Screen) -> Does,
) -> (Option<Outcome>, Vec<(&'static str, usize)>) {
    let alive = Alive::default();
    let who = persona("in-order");
    reader.insert(VirtualCard::new(who, CardOptions::default(), now()));
    let mut desk = Watching {
        now: now(),
        alive: alive.clone(),
        seen: Vec::new(),
        pressed: None,
        not_before: now(),
        reader: reader.clone(),
        does,
    };
    let mut engine = ByTemplate::new(Counting {
        info,
        alive: alive.clone(),
        same,
    });
    let mut centre = Centre::new();
    let (mut camera, mut detector) = (SimulatedCamera::same_person(), SimulatedDetector::new());
    let mut reference = SimulatedReferenceSource::of(who);
    let mut pinless = SimulatedPinless;
    let outcome = {
        let mut reception = Reception::new(policy, &mut reader, &mut centre)
            .with_face(FaceParts {
                camera: &mut camera,
                engine: &mut engine,
                detector: &mut detector,
                quality: None,
                reference: &mut reference,
            })
            .with_pinless(&mut pinless);
        let run = std::panic::AssertUnwindSafe(|| match steps {
            None => Some(reception.run(&mut desk)),
            Some(steps) => {
                for _ in 0..steps {
                    if matches!(desk.seen.last(), Some(("face-failed", _))) {
                        break;
                    }
                    reception.step(&mut desk);
                }
                None
            }
        });
        std::panic::catch_unwind(run).unwrap_or(None)
    };
    assert_eq!(alive.now(), 0, "a template stays: {:?}", desk.seen);
    drop(engine);
    let made = alive.0.borrow().1;
    let looked = desk.seen.iter().any(|(name, _)| *name == "look-at-camera");
    assert_eq!(made > 0, looked, "{:?}", desk.seen);
    (outcome, desk.seen)
}

/// A reader, and how often 照合番号B went over it.
fn counting_numbers() -> (VirtualReader, Arc<AtomicUsize>) {
    let numbers = Arc::new(AtomicUsize::new(0));
    let (log, mut face) = (Arc::clone(&numbers), false);
    let reader = VirtualReader::new().with_hook(move |_, command, _| {
        if command[1] == 0xA4 {
            face = command.ends_with(&[1, 1, 4, 2]);
        }
        if command[1] == 0x20 && command.len() > 4 && face {
            log.fetch_add(1, Relaxed);
        }
    });
    (reader, numbers)
}

fn templates_at(seen: &[(&'static str, usize)], screen: &str) -> Vec<usize> {
    let at = seen.iter().filter(|(name, _)| *name == screen);
    at.map(|(_, alive)| *alive).collect()
}

/// However a visit goes on or ends: the card's template is there between two attempts, and at no other time.
#[test]
fn nothing_of_a_face_stays() {
    // Recognised: gone before anything else is asked.
    let (outcome, seen) = watched(true, None, willing);
    assert!(outcome.is_some_and(|outcome| outcome.is_accepted()));
    for screen in ["consents", "accepted"] {
        assert_eq!(templates_at(&seen, screen), [0], "{screen}");
    }
    // Five attempts, then the PIN.
    let (outcome, seen) = watched(false, None, |screen| match screen {
        Screen::FaceFailed {
            attempts_left: 0, ..
        } => Does::Presses(Choice::Method(Method::Pin)),
        other => willing(other),
    });
    assert!(outcome.is_some_and(|outcome| outcome.is_accepted()));
    assert_eq!(templates_at(&seen, "face-failed"), [1, 1, 1, 1, 0]);
    assert_eq!(templates_at(&seen, "enter-pin"), [0]);
    // One attempt, then the PIN: the face may still be tried until the PIN is right.
    let (outcome, seen) = watched(false, None, |screen| match screen {
        Screen::FaceFailed { .. } => Does::Presses(Choice::Method(Method::Pin)),
        other => willing(other),
    });
    assert!(outcome.is_some_and(|outcome| outcome.is_accepted()));
    assert_eq!(templates_at(&seen, "enter-pin"), [1]);
    assert_eq!(templates_at(&seen, "consents"), [0]);
    // Given up, taken away, left alone.
    for (number, failure) in [
        (0, Failure::FaceNotRecognised),
        (1, Failure::CardRemoved),
        (2, Failure::PersonTimedOut),
    ] {
        let (outcome, seen) = watched(false, None, |screen| match (screen, number) {
            (Screen::FaceFailed { .. }, 0) => Does::Presses(Choice::Cancel),
            (Screen::FaceFailed { .. }, 1) => Does::TakesCard,
            (Screen::FaceFailed { .. }, _) => Does::Waits,
            (other, _) => willing(other),
        });
        assert_eq!(outcome.and_then(|outcome| outcome.failure()), Some(failure));
        assert_eq!(templates_at(&seen, "face-failed"), [1]);
        assert_eq!(templates_at(&seen, "not-accepted"), [0]);
    }
    // The program drops its reception in the middle, or its desk breaks.
    let (_, seen) = watched(false, Some(1_000), |screen| match screen {
        Screen::FaceFailed { .. } => Does::Waits,
        other => willing(other),
    });
    assert_eq!(seen.last(), Some(&("face-failed", 1)));
    let (outcome, seen) = watched(false, None, |screen| match screen {
        Screen::FaceFailed { .. } => Does::Panics,
        other => willing(other),
    });
    assert!(outcome.is_none());
    assert_eq!(seen.last(), Some(&("face-failed", 1)));
}

/// The card has to pause, or is used up, and the visit has attempts left: nothing of the face waits for the pause's end,
/// and nothing is presented again after it.
#[test]
fn when_the_card_has_to_pause_the_face_is_over() {
    let pause = jiff::SignedDuration::from_secs(30);
    for (overall, paused) in [
        (50, FacePaused::Until(now() + pause)),
        (2, FacePaused::UsedUp),
    ] {
        let policy = Policy::simulation(TerminalId::new("desk-1").unwrap())
            .with_face_limits(FaceLimits::new(2, pause, overall));
        // The first of two attempts was in a visit before.
        watched_under(
            policy.clone(),
            VirtualReader::new(),
            false,
            None,
            |screen| match screen {
                Screen::FaceFailed { .. } => Does::Presses(Choice::Cancel),
                other => willing(other),
            },
        );
        let (reader, numbers) = counting_numbers();
        let (mut chosen, mut offered) = (0, Vec::new());
        let (outcome, seen) = watched_under(policy, reader, false, None, |screen| match screen {
            Screen::FaceFailed { attempts_left, .. } => {
                assert_eq!(*attempts_left, 0);
                Does::Presses(Choice::OtherMethod)
            }
            Screen::ChooseMethod {
                face, face_paused, ..
            } => {
                offered.push((*face, *face_paused));
                chosen += 1;
                match chosen {
                    1 => willing(screen),
                    2 => Does::Presses(Choice::Method(Method::Pin)),
                    // The key may be pressed where it isn't shown.
                    3 => Does::Presses(Choice::Method(Method::Face)),
                    _ => Does::Presses(Choice::Cancel),
                }
            }
            // Meanwhile the pause passes.
            Screen::EnterPin { .. } => Does::PressesLater(pause, Choice::OtherMethod),
            other => willing(other),
        });
        // Used up stays used up.
        let passed = (paused == FacePaused::UsedUp).then_some(paused);
        let expected = [(true, None), (false, Some(paused)), (false, passed)];
        assert_eq!(offered, expected);
        assert_eq!(templates_at(&seen, "face-failed"), [0], "{paused:?}");
        assert_eq!(templates_at(&seen, "enter-pin"), [0], "{paused:?}");
        assert_eq!(numbers.load(Relaxed), 1, "{paused:?}");
        assert!(outcome.is_some_and(|outcome| !outcome.is_accepted()));
    }
}

/// A real desk's keys don't prove a simulated card's photo, nor do none.
#[test]
fn a_photo_that_is_not_proved_is_compared_with_nobody() {
    let plain = || Policy::simulation(TerminalId::new("desk-1").unwrap());
    let policies = [
        plain().with_card_face_roots(CvRoots::production()),
        plain().with_card_face_roots(CvRoots::empty()),
        plain(),
    ];
    for (policy, foreign_photo) in policies.into_iter().zip([false, false, true]) {
        let options = CardOptions {
            foreign_photo,
            ..CardOptions::default()
        };
        let case = Case {
            options,
            policy,
            ..Case::of("in-order").script(face())
        };
        let (outcome, desk) = case.run();
        assert_eq!(outcome.failure(), Some(Failure::PhotoNotProved));
        // The certificate shows before the number that no photo will be proved; the photo only after it.
        let presented = desk.card.as_ref().map(VirtualCard::presented);
        assert_eq!(presented, Some(u64::from(foreign_photo)));
        let events: Vec<_> = desk.records.iter().map(|record| &record.event).collect();
        assert!(events.contains(&&AuditEvent::PhotoNotProved));
        let compared = |event: &&&AuditEvent| matches!(event, AuditEvent::FaceJudgedBy(_));
        assert!(!events.iter().any(|event| compared(&event)), "{events:?}");
        assert_eq!(
            seen(&desk, |screen| matches!(
                screen,
                Screen::LookAtCamera { .. }
            )),
            0
        );
        let told = |screen: &Screen| {
            matches!(
                screen,
                Screen::CardFaceUnreadable {
                    why: CardFaceTrouble::NotProved,
                    again: false,
                    pin: true,
                    staff: true,
                }
            )
        };
        assert_eq!(seen(&desk, told), 1);
    }
}

/// A card whose certificate is of a key that the desk doesn't pin costs no try, and its holder has the other ways.
#[test]
fn behind_a_certificate_that_does_not_verify_nothing_is_presented() {
    let policy = Policy::simulation(TerminalId::new("desk-1").unwrap());
    let (reader, numbers) = counting_numbers();
    let (outcome, _) = watched_under(policy.clone(), reader, true, None, willing);
    assert!(outcome.is_some_and(|outcome| outcome.is_accepted()));
    assert_eq!(numbers.load(Relaxed), 1);

    let simulation = CvRoots::simulation();
    let others = simulation
        .iter()
        .filter(|root| root.application() != SignedApplication::CardFace);
    for roots in [
        CvRoots::empty(),
        CvRoots::production(),
        others.cloned().fold(CvRoots::empty(), CvRoots::with),
    ] {
        let (reader, numbers) = counting_numbers();
        let policy = policy.clone().with_card_face_roots(roots);
        let (outcome, seen) = watched_under(policy, reader, true, None, |screen| match screen {
            Screen::CardFaceUnreadable { why, again, .. } => {
                assert_eq!((*why, *again), (CardFaceTrouble::NotProved, false));
                Does::Presses(Choice::OtherMethod)
            }
            other => willing(other),
        });
        assert_eq!(numbers.load(Relaxed), 0, "{seen:?}");
        assert_eq!(templates_at(&seen, "card-face-unreadable"), [0]);
        // By the PIN, since no face is offered any more.
        assert_eq!(templates_at(&seen, "enter-pin"), [0]);
        assert!(outcome.is_some_and(|outcome| outcome.is_accepted()));
    }
}

/// Where the record isn't the matcher's, no face would match: none is offered, and nothing is spent for it.
#[test]
fn with_a_matcher_that_the_record_does_not_name_no_face_is_offered() {
    type Change = fn(&mut MatcherInfo);
    let changes: [Change; 7] = [
        |_| {},
        |info| info.vendor.push('s'),
        |info| info.name.push(' '),
        |info| info.version = "1.0.1".into(),
        |info| info.model[0] ^= 1,
        |info| info.lowest = Score::new(0.5).unwrap(),
        |info| info.highest = Score::new(0.4).unwrap(),
    ];
    let measured = MatcherInfo {
        vendor: "A vendor".into(),
        name: "A matcher".into(),
        version: "1.0".into(),
        model: [7; 32],
        lowest: Score::ZERO,
        highest: Score::ONE,
        realm: uketsuke::Realm::Simulation,
    };
    let point = OperatingPoint {
        threshold: Score::new(0.5).unwrap(),
        fmr: Fmr::ONE_IN_10_000,
        non_mated_trials: 30_000,
        false_matches: 0,
        fnmr: None,
    };
    let record = Calibration::new(measured.id(), vec![point]).unwrap();
    let judges = MatchPolicy::new(Realms::simulation(), record, Fmr::ONE_IN_10_000).unwrap();
    let policy = Policy::simulation(TerminalId::new("desk-1").unwrap()).with_match_policy(judges);
    for (number, change) in changes.into_iter().enumerate() {
        let mut info = measured.clone();
        change(&mut info);
        let (reader, numbers) = counting_numbers();
        let mut offered = Vec::new();
        let policy = policy.clone();
        let (outcome, _) = watched_with(info, policy, reader, true, None, |screen| {
            if let Screen::ChooseMethod { face, .. } = screen {
                offered.push(*face);
            }
            willing(screen)
        });
        // By the face, or else by the PIN.
        assert!(outcome.is_some_and(|outcome| outcome.is_accepted()));
        let fits = number == 0;
        assert_eq!(offered, [fits], "{number}");
        assert_eq!(numbers.load(Relaxed), usize::from(fits), "{number}");
    }
}

/// Without a match policy, or with one of another realm, nothing is presented for a face.
#[test]
fn without_a_match_policy_no_face_is_offered() {
    let terminal = || TerminalId::new("desk-1").unwrap();
    let bare = Policy::of(
        uketsuke::Realms::simulation(),
        uketsuke::trust::Roots::simulation(),
        terminal(),
    )
    .with_card_face_roots(CvRoots::simulation());
    for (policy, offered) in [
        (bare.clone(), 0),
        (bare.with_match_policy(MatchPolicy::simulation()), 1),
    ] {
        let case = Case {
            policy,
            ..Case::of("in-order").script(face())
        };
        let (_, desk) = case.run();
        let with_face = |screen: &Screen| matches!(screen, Screen::ChooseMethod { face: true, .. });
        assert_eq!(seen(&desk, with_face), offered);
        let presented = desk.card.as_ref().map(VirtualCard::presented);
        assert_eq!(presented, Some(offered as u64));
    }
}

/// Before anybody is let in; with the PIN nothing is compared, since the card face isn't read.
#[test]
fn the_birth_date_must_be_the_centres() {
    for (fault, method, accepted) in [
        (None, Method::Face, true),
        (Some(CentreFault::OtherBirthDate), Method::Face, false),
        (Some(CentreFault::OtherBirthDate), Method::Pin, true),
    ] {
        let mut centre = Centre::new();
        centre.set_fault(fault);
        let script = Script {
            method,
            pins: vec!["1234"],
            ..Script::default()
        };
        let (outcome, desk) = Case::of("in-order").script(script).run_with(&mut centre);
        assert_eq!(outcome.is_accepted(), accepted, "{fault:?} {method:?}");
        if let Outcome::Accepted(accepted) = &outcome {
            let judged_by = (method == Method::Face).then(|| MatchPolicy::simulation().digest());
            assert_eq!(accepted.match_policy(), judged_by);
        }
        let let_in = |event: &AuditEvent| *event == AuditEvent::Accepted;
        assert_eq!(desk.records.iter().any(|r| let_in(&r.event)), accepted);
        if !accepted {
            assert_eq!(outcome.failure(), Some(Failure::BirthDateDiffers));
            assert_eq!(
                seen(&desk, |screen| matches!(screen, Screen::Accepted { .. })),
                0
            );
        }
    }
}
