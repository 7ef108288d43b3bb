//! Every scenario, through a whole check-in: it ends as written down, with the tries that are written down, and not one
//! secret more reaches the card.

use jiff::{SignedDuration, Timestamp};
use uketsuke::checkin::{
    AuditEvent, AuditRecord, Choice, Desk, FaceParts, Mode, Outcome, Reception, Screen,
};
use uketsuke::eligibility::Lang;
use uketsuke::simulation::{
    Deed, Expected, Scenario, SimulatedDetector, SimulatedMatcher, SimulatedPinless,
    SimulatedStaff, VirtualCard, VirtualPerson, VirtualReader,
};
use uketsuke::trust::TerminalId;

fn now() -> Timestamp {
    "2026-11-22T12:00:00+09:00".parse().unwrap()
}

/// The desk, with a clock of its own and the scenario's person before it.
struct ScenarioDesk {
    mode: Mode,
    clock: Timestamp,
    person: VirtualPerson,
    reader: VirtualReader,
    card: Option<VirtualCard>,
    pressed: Option<Choice>,
    screens: Vec<&'static str>,
    records: Vec<AuditRecord>,
}

impl ScenarioDesk {
    fn take_card(&mut self) {
        if let Some(card) = self.reader.remove() {
            self.card = Some(card);
        }
    }
}

impl Desk for ScenarioDesk {
    fn mode(&mut self) -> Mode {
        self.mode
    }

    fn now(&mut self) -> Timestamp {
        self.clock
    }

    fn show(&mut self, screen: &Screen) {
        self.screens.push(screen.name());
        self.pressed = None;
        match self.person.does(screen) {
            Deed::PlacesCard => self.reader.insert(self.card.take().unwrap()),
            Deed::TakesCard => self.take_card(),
            Deed::Chooses(choice) => {
                let buttons = screen.text(Lang::Ja).choices;
                let there = buttons.iter().any(|button| button.key == choice.key());
                assert!(there, "nobody can press {choice:?} at {}", screen.name());
                self.pressed = Some(choice);
            }
            _ => {}
        }
    }

    fn choice(&mut self, until: Timestamp) -> Option<Choice> {
        let choice = self.pressed.take();
        if choice.is_none() {
            self.clock = self.clock.max(until) + SignedDuration::from_millis(1);
        }
        choice
    }

    fn audit(&mut self, record: &AuditRecord) {
        self.records.push(record.clone());
    }
}

fn visit(scenario: &Scenario) -> (Outcome, ScenarioDesk) {
    let mut reader = scenario.reader();
    let mut centre = scenario.centre();
    let mut desk = ScenarioDesk {
        mode: scenario.clinic.mode,
        clock: now(),
        person: scenario.person(),
        reader: reader.clone(),
        card: Some(scenario.card(now())),
        pressed: None,
        screens: Vec::new(),
        records: Vec::new(),
    };
    let mut camera = scenario.camera.clone();
    let mut reference = scenario.reference.clone();
    let (mut matcher, mut detector) = (SimulatedMatcher::new(), SimulatedDetector::new());
    let (mut pinless, mut staff) = (SimulatedPinless, SimulatedStaff);
    let policy = scenario.policy(TerminalId::new("scenarios").unwrap(), now());
    let mut reception = Reception::new(policy, &mut reader, &mut centre);
    if scenario.clinic.face {
        reception = reception.with_face(FaceParts {
            camera: &mut camera,
            engine: &mut matcher,
            detector: &mut detector,
            reference: &mut reference,
            quality: None,
        });
    }
    if scenario.clinic.staff {
        reception = reception.with_staff(&mut staff);
    }
    if scenario.clinic.face || scenario.clinic.staff {
        reception = reception.with_pinless(&mut pinless);
    }
    let outcome = reception.run(&mut desk);
    desk.take_card();
    (outcome, desk)
}

#[test]
fn every_scenario_ends_as_it_must() {
    let mut wrong = Vec::new();
    for scenario in Scenario::all() {
        let (outcome, desk) = visit(scenario);
        let ended = match outcome.failure() {
            None => Expected::Accepted,
            Some(failure) => Expected::Refused(failure),
        };
        let card = desk.card.as_ref().expect("somebody has the card");
        let expected = (
            scenario.ends,
            scenario.tries_left.into(),
            scenario.presented,
        );
        let found = (ended, card.tries_left(), card.presented());
        if found != expected {
            wrong.push(format!(
                "{}: {found:?}, not {expected:?}; screens {:?}",
                scenario.name, desk.screens
            ));
        }
        if let Outcome::NotAccepted(refusal) = &outcome {
            for lang in [Lang::Ja, Lang::En] {
                let mut advice = refusal.advice.items.iter();
                assert!(advice.len() > 0 && advice.all(|item| !item.text(lang).is_empty()));
            }
        }
        let accepted = desk
            .records
            .iter()
            .any(|record| matches!(record.event, AuditEvent::Accepted));
        assert_eq!(accepted, outcome.is_accepted(), "{}", scenario.name);
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}
