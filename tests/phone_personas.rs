//! Each phone of the list, from choosing it to the end that is written down for it.

mod support;

use jiff::{SignedDuration, Timestamp};
use support::{now, terminal};
use uketsuke::card::AuthPin;
use uketsuke::checkin::{
    AuditRecord, Choice, Desk, Outcome, PhoneKind, Policy, Reception, Screen, Step,
};
use uketsuke::eligibility::{Action, Failure, Identified};
use uketsuke::simulation::{
    CardBody, CardOptions, Centre, Expected, Persona, PinCondition, SimulatedDevice, VirtualCard,
    VirtualReader,
};
use uketsuke::trust::Standing;

/// Holds the phone there whenever it is asked for, and types the card's PIN before the phone's.
struct Holder {
    persona: &'static Persona,
    clock: Timestamp,
    phones: VirtualReader,
    phone: Option<VirtualCard>,
    pins: Vec<&'static str>,
    pending: Option<Choice>,
    screens: Vec<Screen>,
}

impl Holder {
    fn of(persona: &'static Persona, phones: VirtualReader) -> Self {
        let typed = [Some("1234"), persona.own_pin()];
        Self {
            persona,
            clock: now(),
            phones,
            phone: Some(VirtualCard::new(persona, CardOptions::default(), now())),
            pins: typed.into_iter().flatten().collect(),
            pending: None,
            screens: Vec::new(),
        }
    }

    fn lift(&mut self) {
        if let Some(phone) = self.phones.remove() {
            self.phone = Some(phone);
        }
    }

    fn decide(&mut self, screen: &Screen) -> Option<Choice> {
        Some(match screen {
            Screen::PlaceCard { phone: true } => Choice::Phone,
            Screen::ChoosePhone { .. } => Choice::PhoneKind(match self.persona.body {
                CardBody::AndroidPhone => PhoneKind::Android,
                _ => PhoneKind::Iphone,
            }),
            Screen::EnterPin { phone: true, .. } if !self.pins.is_empty() => {
                Choice::Pin(AuthPin::parse(self.pins.remove(0)).unwrap())
            }
            Screen::LastTry { phone: true, .. } => {
                self.pins = vec!["1234"];
                Choice::Yes
            }
            Screen::Consents { .. } => Choice::ConsentToAll,
            Screen::CertificateNotice { .. } => Choice::Yes,
            _ => return None,
        })
    }
}

impl Desk for Holder {
    fn now(&mut self) -> Timestamp {
        self.clock
    }

    fn show(&mut self, screen: &Screen) {
        if !matches!(
            screen,
            Screen::TapPhone { .. } | Screen::ReadingPhone { .. }
        ) {
            self.lift();
        }
        self.screens.push(screen.clone());
        self.pending = self.decide(screen);
    }

    fn choice(&mut self, _until: Timestamp) -> Option<Choice> {
        if let Some(Screen::TapPhone { .. }) = self.screens.last() {
            // Away and back, one after the other, so that each tap is seen.
            match self.phone.take() {
                Some(phone) => self.phones.insert(phone),
                None => self.lift(),
            }
        }
        self.pending.take()
    }

    fn audit(&mut self, _record: &AuditRecord) {}
}

fn run(persona: &'static Persona) -> (Outcome, Holder) {
    let (mut reader, mut phones) = (VirtualReader::new(), VirtualReader::new());
    let mut holder = Holder::of(persona, phones.clone());
    let (mut centre, mut device) = (Centre::new(), SimulatedDevice);
    let mut reception = Reception::new(Policy::simulation(terminal()), &mut reader, &mut centre)
        .with_phone_reader(&mut phones)
        .with_device(&mut device);
    // Step by step, so that nobody waits in earnest.
    let outcome = loop {
        match reception.step(&mut holder) {
            Step::Finished(outcome) => break *outcome,
            Step::Waiting { until } => {
                holder.clock = holder.clock.max(until) + SignedDuration::from_millis(1);
            }
            _ => {}
        }
    };
    drop(reception);
    holder.lift();
    (outcome, holder)
}

#[test]
fn every_phone_ends_as_is_written_down() {
    for persona in Persona::phones() {
        let (outcome, holder) = run(persona);
        let name = persona.name;
        let phone = holder.phone.unwrap();
        match (outcome, persona.with_pin) {
            (Outcome::Accepted(accepted), Expected::Accepted) => {
                let (identified, presented) = match persona.body {
                    CardBody::Iphone => (Identified::Device, 0),
                    _ => (
                        Identified::Pin,
                        if persona.own_pin().is_some() { 2 } else { 1 },
                    ),
                };
                assert_eq!(accepted.identified(), identified, "{name}");
                assert_eq!(phone.presented(), presented, "{name}");
                assert_eq!(phone.tries_left()[0], 3, "{name}");
                let expiring = matches!(accepted.standing(), Standing::Expiring { .. });
                assert_eq!(expiring, name == "android-expiring");
            }
            (Outcome::NotAccepted(refusal), Expected::Refused(failure)) => {
                assert_eq!(refusal.failure, failure, "{name}");
                let items = &refusal.advice.items;
                assert_eq!(items[0].action, Action::PlaceCardAgain, "{name}");
                let left = match persona.pin {
                    PinCondition::Locked => 0,
                    _ => 3,
                };
                assert_eq!(phone.tries_left()[0], left, "{name}");
            }
            (outcome, expected) => {
                let screens: Vec<_> = holder.screens.iter().map(Screen::name).collect();
                panic!("{name}: {outcome:?}, not {expected:?}: {screens:?}")
            }
        }
    }
}

/// Laid on the card's reader a phone is still none, and gets no PIN.
#[test]
fn a_phone_on_the_cards_reader_is_not_taken() {
    for persona in Persona::phones() {
        let mut case = support::Case::of("in-order");
        case.persona = persona;
        let (outcome, mut desk) = case.run();
        let Outcome::NotAccepted(refusal) = outcome else {
            panic!("{}", persona.name)
        };
        assert_eq!(refusal.failure, Failure::PhoneNotAccepted);
        let [pin, ..] = desk.tries_left();
        let phone = VirtualCard::new(persona, CardOptions::default(), now());
        assert_eq!(pin, phone.tries_left()[0], "{}", persona.name);
    }
}
