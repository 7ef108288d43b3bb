//! The person at the desk: which screen is answered with what.

use std::fmt;

use super::SimulatedStaff;
use crate::card::AuthPin;
use crate::checkin::{Choice, Method, Screen};
use crate::eligibility::PrescriptionIssue;

/// What a person does in a visit. `Debug` shows no PIN.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Behaviour {
    /// Whether a parent or guardian (保護者) operates the reader. Ways that aren't theirs,
    /// such as the face, are left to the holder.
    pub guardian: bool,
    /// Ways to be identified, chosen one after the other as they are offered; then the visit is given up.
    pub methods: Vec<Method>,
    /// PINs, typed one after the other; then it's "I do not know my PIN".
    pub pins: Vec<String>,
    /// Whether the last try is used.
    pub uses_last_try: bool,
    /// Whether the card is registered for use (利用登録), where it isn't yet.
    pub registers: bool,
    /// What is agreed to.
    pub consents: Consenting,
    /// How prescriptions are wanted, where that is asked.
    pub prescription: PrescriptionIssue,
    /// Whether subsidies of medical costs (医療費助成) may be told, where that is asked.
    pub subsidies: bool,
    /// What the member of staff does who is asked who this is.
    pub staff: Vec<StaffSays>,
    /// Something else than what the screen of this name asks for, from then on.
    pub interrupts: Option<(&'static str, Interruption)>,
}

/// Which consents are given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Consenting {
    /// All at once.
    ToAll,
    /// None at once.
    ToNone,
    /// Each by itself, and each is given.
    OneByOne,
}

/// What a member of staff does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum StaffSays {
    /// Confirms, with the right passcode.
    Yes,
    /// Confirms, with a wrong passcode.
    WrongPasscode,
    /// Says that this is somebody else.
    SomebodyElse,
}

/// What a person does in place of what is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Interruption {
    /// Takes the card.
    TakesCard,
    /// Walks away; the card stays.
    WalksAway,
    /// Presses cancel.
    Cancels,
}

/// What a person does at a screen.
#[derive(Debug)]
#[non_exhaustive]
pub enum Deed {
    /// Nothing: waits, or isn't there.
    Nothing,
    /// Puts the card on the reader.
    PlacesCard,
    /// Takes the card off it, if it's there.
    TakesCard,
    /// Presses or types something.
    Chooses(Choice),
}

/// The PIN `1234`, everything agreed to.
impl Default for Behaviour {
    fn default() -> Self {
        Self {
            guardian: false,
            methods: vec![Method::Pin],
            pins: vec!["1234".to_owned()],
            uses_last_try: true,
            registers: true,
            consents: Consenting::ToAll,
            prescription: PrescriptionIssue::Electronic,
            subsidies: true,
            staff: Vec::new(),
            interrupts: None,
        }
    }
}

/// A person who behaves as written down, screen by screen.
///
/// ```
/// use uketsuke::checkin::Screen;
/// use uketsuke::simulation::{Deed, Scenario};
///
/// let mut person = Scenario::named("in-order").expect("the first").person();
/// assert!(matches!(person.does(&Screen::PlaceCard { phone: false }), Deed::PlacesCard));
/// assert!(matches!(person.does(&Screen::CheckingPin), Deed::Nothing));
/// ```
///
/// A whole scenario, with everything that its clinic has. Time goes on whenever the person does nothing:
///
/// ```
/// use jiff::Timestamp;
/// use uketsuke::checkin::{AuditRecord, Choice, Desk, FaceParts, Mode, Policy, Reception, Screen};
/// use uketsuke::simulation::*;
/// use uketsuke::trust::TerminalId;
///
/// struct Kiosk {
///     mode: Mode,
///     now: Timestamp,
///     person: VirtualPerson,
///     pressed: Option<Choice>,
///     reader: VirtualReader,
///     in_hand: Option<VirtualCard>,
/// }
///
/// impl Desk for Kiosk {
///     fn mode(&mut self) -> Mode {
///         self.mode
///     }
///     fn now(&mut self) -> Timestamp {
///         self.now
///     }
///     fn show(&mut self, screen: &Screen) {
///         self.pressed = None;
///         match self.person.does(screen) {
///             Deed::PlacesCard => self.in_hand.take().into_iter().for_each(|card| self.reader.insert(card)),
///             Deed::TakesCard => self.in_hand = self.reader.remove().or(self.in_hand.take()),
///             Deed::Chooses(choice) => self.pressed = Some(choice),
///             _ => {}
///         }
///     }
///     fn choice(&mut self, until: Timestamp) -> Option<Choice> {
///         if self.pressed.is_none() {
///             self.now = until;
///         }
///         self.pressed.take()
///     }
///     fn audit(&mut self, _: &AuditRecord) {}
/// }
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let scenario = Scenario::named("face-not-recognised-then-staff").ok_or("no such scenario")?;
/// let now = "2026-11-24T00:00:00Z".parse()?;
/// let (mut reader, mut centre) = (scenario.reader(), scenario.centre());
/// let (mut camera, mut reference) = (scenario.camera.clone(), scenario.reference.clone());
/// let (mut matcher, mut detector) = (SimulatedMatcher::new(), SimulatedDetector::new());
/// let (mut pinless, mut staff) = (SimulatedPinless, SimulatedStaff);
/// let mut kiosk = Kiosk {
///     mode: scenario.clinic.mode,
///     now,
///     person: scenario.person(),
///     pressed: None,
///     reader: reader.clone(),
///     in_hand: Some(scenario.card(now)),
/// };
///
/// let policy = scenario.policy(TerminalId::new("desk-1")?, now);
/// let mut reception = Reception::new(policy, &mut reader, &mut centre);
/// if scenario.clinic.face || scenario.clinic.staff {
///     reception = reception.with_pinless(&mut pinless);
/// }
/// if scenario.clinic.face {
///     reception = reception.with_face(FaceParts {
///         camera: &mut camera,
///         engine: &mut matcher,
///         detector: &mut detector,
///         reference: &mut reference,
///         quality: None,
///     });
/// }
/// if scenario.clinic.staff {
///     reception = reception.with_staff(&mut staff);
/// }
/// let outcome = reception.run(&mut kiosk);
///
/// match scenario.ends {
///     Expected::Accepted => assert!(outcome.is_accepted()),
///     Expected::Refused(failure) => assert_eq!(outcome.failure(), Some(failure)),
/// }
/// let card = kiosk.in_hand.or_else(|| kiosk.reader.remove()).ok_or("the card is nowhere")?;
/// assert_eq!(card.tries_left(), <[u8; 3]>::from(scenario.tries_left));
/// assert_eq!(card.presented(), scenario.presented);
/// # Ok(()) }
/// ```
#[derive(Debug)]
pub struct VirtualPerson {
    behaviour: Behaviour,
    placed: bool,
    interrupted: bool,
}

impl VirtualPerson {
    /// Somebody who behaves so.
    #[must_use]
    pub const fn new(behaviour: Behaviour) -> Self {
        Self {
            behaviour,
            placed: false,
            interrupted: false,
        }
    }

    /// What the person does at this screen. Ask once for each screen that is shown: what was typed is gone.
    pub fn does(&mut self, screen: &Screen) -> Deed {
        if let Some(deed) = self.interrupts(screen) {
            return deed;
        }
        Deed::Chooses(match screen {
            Screen::PlaceCard { .. } if !self.placed => {
                self.placed = true;
                return Deed::PlacesCard;
            }
            Screen::TakeCard { .. } => return Deed::TakesCard,
            Screen::ChooseMethod {
                face,
                pin_tries_left,
                staff,
                guardian,
                ..
            } => {
                if let Some(choice) = self.who(*guardian, *face, pin_tries_left.is_some() || *staff)
                {
                    return Deed::Chooses(choice);
                }
                self.method(|method| match method {
                    Method::Face => *face,
                    Method::Pin => pin_tries_left.is_some(),
                    Method::Staff => *staff,
                })
            }
            Screen::LastTry { other_ways, .. } => match self.behaviour.uses_last_try {
                true => Choice::Yes,
                false if *other_ways => Choice::OtherMethod,
                false => Choice::No,
            },
            Screen::EnterPin { .. } => self.pin(),
            Screen::FaceFailed { attempts_left, .. } if *attempts_left > 0 => Choice::Yes,
            Screen::CardFaceUnreadable { again: true, .. } => Choice::Yes,
            Screen::FaceFailed { pin, staff, .. }
            | Screen::CardFaceUnreadable { pin, staff, .. } => self.method(|method| match method {
                Method::Face => false,
                Method::Pin => *pin,
                Method::Staff => *staff,
            }),
            Screen::StaffCheck { .. } => self.staff(),
            Screen::Register { .. } => yes(self.behaviour.registers),
            Screen::Consents { .. } => match self.behaviour.consents {
                Consenting::ToAll => Choice::ConsentToAll,
                Consenting::ToNone => Choice::ConsentToNone,
                Consenting::OneByOne => Choice::ConsentOneByOne,
            },
            Screen::Prescription => match self.behaviour.prescription {
                PrescriptionIssue::Paper => Choice::Paper,
                _ => Choice::Electronic,
            },
            Screen::Subsidies { .. } => yes(self.behaviour.subsidies),
            Screen::CertificateNotice { .. }
            | Screen::Consent { .. }
            | Screen::Accepted { .. }
            | Screen::NotAccepted(_) => Choice::Yes,
            _ => return Deed::Nothing,
        })
    }

    fn interrupts(&mut self, screen: &Screen) -> Option<Deed> {
        let (name, how) = self.behaviour.interrupts?;
        let now = screen.name() == name;
        self.interrupted |= now;
        match how {
            Interruption::TakesCard if now => Some(Deed::TakesCard),
            Interruption::Cancels if now => Some(Deed::Chooses(Choice::Cancel)),
            Interruption::WalksAway if self.interrupted => Some(Deed::Nothing),
            _ => None,
        }
    }

    /// Who is to operate the reader, if that isn't who does.
    fn who(&mut self, helps: bool, face: bool, theirs: bool) -> Option<Choice> {
        if helps {
            // Only the face is left, which is the holder's.
            let next = self.behaviour.methods.first();
            let face = !face && next == Some(&Method::Face);
            return face.then(|| {
                self.behaviour.guardian = false;
                Choice::Holder
            });
        }
        (self.behaviour.guardian && theirs).then_some(Choice::Guardian)
    }

    /// The next way that is offered.
    fn method(&mut self, offered: impl Fn(Method) -> bool) -> Choice {
        let methods = &mut self.behaviour.methods;
        let next = methods.iter().position(|method| offered(*method));
        let Some(next) = next else {
            return Choice::Cancel;
        };
        methods
            .drain(..=next)
            .next_back()
            .map_or(Choice::Cancel, Choice::Method)
    }

    fn another_way(&self) -> Choice {
        match self.behaviour.methods.is_empty() {
            true => Choice::Cancel,
            false => Choice::OtherMethod,
        }
    }

    fn pin(&mut self) -> Choice {
        let pins = &mut self.behaviour.pins;
        if pins.is_empty() {
            return Choice::PinForgotten;
        }
        AuthPin::parse(&pins.remove(0)).map_or(Choice::PinForgotten, Choice::Pin)
    }

    fn staff(&mut self) -> Choice {
        let staff = &mut self.behaviour.staff;
        if staff.is_empty() {
            return self.another_way();
        }
        match staff.remove(0) {
            StaffSays::Yes => SimulatedStaff::confirms(true),
            StaffSays::WrongPasscode => SimulatedStaff::confirms(false),
            StaffSays::SomebodyElse => Choice::No,
        }
    }
}

const fn yes(yes: bool) -> Choice {
    match yes {
        true => Choice::Yes,
        false => Choice::No,
    }
}

impl fmt::Debug for Behaviour {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Behaviour")
            .field("guardian", &self.guardian)
            .field("methods", &self.methods)
            .field("pins", &self.pins.len())
            .field("uses_last_try", &self.uses_last_try)
            .field("registers", &self.registers)
            .field("consents", &self.consents)
            .field("prescription", &self.prescription)
            .field("subsidies", &self.subsidies)
            .field("staff", &self.staff)
            .field("interrupts", &self.interrupts)
            .finish()
    }
}
