//! Named cases of a visit, ready to run, each with its end.

mod card;
mod certificate;
mod clinic;
mod face;
mod person;
mod pin;
mod staff;
mod troubled;

use std::fmt;
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;

pub use person::{Behaviour, Consenting, Deed, Interruption, StaffSays, VirtualPerson};
pub use staff::SimulatedStaff;
pub use troubled::TroubledCard;

use super::{
    CardOptions, Centre, CentreFault, Expected, Fault, Moment, Persona, SimulatedCamera,
    SimulatedReferenceSource, VirtualCard, VirtualReader,
};
use crate::card::{Card, Jpki};
use crate::checkin::{Method, Mode, Policy};
use crate::eligibility::{Failure, Lang};
use crate::face::{CardKeyId, FaceLimits, FaceTally};
use crate::transport::{ExtendedLength, Limits, Reader as _};
use crate::trust::{GraceRule, Roots, TerminalId};
use crate::{Realms, VisitId};

/// A named case: whose card, on which reader, in which clinic, what the person does, and how the visit must end.
///
/// A [`Persona`] is a person and a card; a scenario is a whole visit. It runs with [`Reception`](crate::checkin::Reception), with a
/// loop of your own, or with other software through the example `virtual_card`: take from it what your program has
/// no part of its own for. The card, the reader, the centre and the person come from here; the screens that the person
/// answers come from your program.
///
/// The end that is written down is that of a [`Policy::simulation`](crate::checkin::Policy::simulation), at a desk with
/// the parts of [`clinic`](Self::clinic).
///
/// ```
/// use uketsuke::card::{AuthPin, Card, Jpki, LastTry, SecretKind, VerifyError};
/// use uketsuke::simulation::Scenario;
/// use uketsuke::{VisitId, transport::Reader};
///
/// # fn main() -> Result<(), Box<dyn std::error::Error>> {
/// // The person takes the card away while it works on the PIN. What does your program say?
/// let scenario = Scenario::named("pulled-after-verify").ok_or("no such scenario")?;
/// let mut reader = scenario.reader_with_card("2026-11-24T00:00:00Z".parse()?);
///
/// let mut card = Card::new(reader.connect()?, VisitId::begin());
/// let mut jpki = card.open::<Jpki>()?;
/// let budget = jpki.tries_left(SecretKind::AuthPin)?.budget(LastTry::Refuse)?;
/// let answer = jpki.verify_pin(AuthPin::parse("1234")?, budget);
/// assert!(matches!(answer, Err(VerifyError::OutcomeUnknown { .. })));
/// # Ok(()) }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Scenario {
    /// Stable name in kebab case, as `--scenario` takes it.
    pub name: &'static str,
    /// What the case is, in one Japanese line.
    pub summary_ja: &'static str,
    /// What the case is, in one English line.
    pub summary_en: &'static str,
    /// Whose card it is.
    pub persona: &'static Persona,
    /// How the card behaves where cards differ.
    pub options: CardOptions,
    /// What the reader carries.
    pub limits: Limits,
    /// What goes wrong with card and reader.
    pub troubles: Vec<Trouble>,
    /// What the person does.
    pub behaviour: Behaviour,
    /// What the camera sees.
    pub camera: SimulatedCamera,
    /// What the reader makes of the number printed on the card.
    pub reference: SimulatedReferenceSource,
    /// What the clinic has, and what is wrong with it.
    pub clinic: Clinic,
    /// How the visit must end.
    pub ends: Expected,
    /// How many tries the card has left then.
    pub tries_left: TriesAfter,
    /// How many secrets reached the card: VERIFY with data. What more is sent than that is a fault of the program.
    pub presented: u64,
}

/// What goes wrong with card or reader.
#[derive(Clone, Copy)]
#[non_exhaustive]
pub enum Trouble {
    /// From the beginning.
    Standing(Fault),
    /// At a moment of the dialogue, the n-th of its kind (from 1); the fault is told the number of its exchange.
    At(Moment, u64, fn(u64) -> Fault),
}

/// The equipment of the desk and its link to the centre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Clinic {
    /// There is a camera with its parts, and a reader that may use the key without a PIN.
    pub face: bool,
    /// Members of the staff may confirm who the person is (目視確認).
    pub staff: bool,
    /// People are asked how they want prescriptions (処方箋の発行形態).
    pub prescription: bool,
    /// People are asked whether subsidies (医療費助成, PMH) may be told.
    pub subsidies: bool,
    /// Whether cards are checked at all.
    pub mode: Mode,
    /// What is wrong with the network or the centre.
    pub fault: Option<CentreFault>,
    /// So many attempts of the face check failed with this card before: see [`Scenario::policy`].
    pub faces_before: u8,
}

/// Tries left of each secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TriesAfter {
    /// Of the authentication PIN, of 3.
    pub auth_pin: u8,
    /// Of the sign password, of 5.
    pub sign_password: u8,
    /// Of 照合番号B on the card face, of 10.
    pub reference_number_b: u8,
}

/// In the order of [`VirtualCard::tries_left`].
impl From<TriesAfter> for [u8; 3] {
    fn from(after: TriesAfter) -> Self {
        [
            after.auth_pin,
            after.sign_password,
            after.reference_number_b,
        ]
    }
}

impl Scenario {
    /// All, in the order of `--list-scenarios`.
    ///
    /// ```
    /// use uketsuke::eligibility::Lang;
    /// use uketsuke::simulation::Scenario;
    ///
    /// for scenario in Scenario::all() {
    ///     println!("{:28} {}", scenario.name, scenario.summary(Lang::En));
    /// }
    /// ```
    #[must_use]
    pub fn all() -> &'static [Self] {
        static ALL: LazyLock<Vec<Scenario>> = LazyLock::new(|| {
            let of = |case: &Case| {
                Persona::named(case.persona).map(|p| (case.with)(Scenario::plain(case, p)))
            };
            cases().filter_map(of).collect()
        });
        &ALL
    }

    /// By name.
    #[must_use]
    pub fn named(name: &str) -> Option<&'static Self> {
        Self::all().iter().find(|scenario| scenario.name == name)
    }

    /// One line.
    #[must_use]
    pub const fn summary(&self, lang: Lang) -> &'static str {
        match lang {
            Lang::Ja => self.summary_ja,
            Lang::En => self.summary_en,
        }
    }

    /// The card, not yet on the reader.
    #[must_use]
    pub fn card(&self, now: Timestamp) -> VirtualCard {
        VirtualCard::new(self.persona, self.options.clone(), now)
    }

    /// The reader, still empty; what goes wrong is planned.
    #[must_use]
    pub fn reader(&self) -> VirtualReader {
        let reader = VirtualReader::new().with_limits(self.limits);
        for trouble in &self.troubles {
            match *trouble {
                Trouble::Standing(fault) => reader.plan(fault),
                Trouble::At(moment, nth, fault) => reader.plan_at(moment, nth, fault),
            }
        }
        reader
    }

    /// The reader with the card in it.
    #[must_use]
    pub fn reader_with_card(&self, now: Timestamp) -> VirtualReader {
        let reader = self.reader();
        reader.insert(self.card(now));
        reader
    }

    /// The centre, which knows this person.
    #[must_use]
    pub fn centre(&self) -> Centre {
        let mut centre = Centre::for_persona(self.persona);
        if self.clinic.prescription {
            centre = centre.with_prescription();
        }
        if self.clinic.subsidies {
            centre = centre.with_subsidies();
        }
        match self.clinic.fault {
            Some(fault) => centre.with_fault(fault),
            None => centre,
        }
    }

    /// The policy of the clinic, [`Policy::simulation`], which knows how often the face of this card's holder wasn't
    /// recognised just before.
    #[must_use]
    pub fn policy(&self, terminal: TerminalId, now: Timestamp) -> Policy {
        let policy = Policy::simulation(terminal);
        let (Some(tally), true) = (FaceTally::new(), self.clinic.faces_before > 0) else {
            return policy;
        };
        if let Some(card) = self.key(now) {
            for _ in 0..self.clinic.faces_before {
                // What is beyond the limits isn't counted.
                let _left = tally.spend(&card, &FaceLimits::without_pad(), now);
            }
        }
        policy.with_face_tally(Arc::new(tally))
    }

    /// By which a tally knows the card.
    fn key(&self, now: Timestamp) -> Option<CardKeyId> {
        let link = self.reader_with_card(now).connect().ok()?;
        let mut card = Card::new(link, VisitId::begin());
        let mut jpki = card.open::<Jpki>().ok()?;
        let certificate = jpki.authentication_certificate(&mut |_| ()).ok()?;
        let (realms, grace) = (Realms::simulation(), GraceRule::EligibilityOnly);
        let chain = Roots::simulation()
            .validate_authentication(&certificate, realms, now, grace)
            .ok()?;
        Some(CardKeyId::new(&chain.key_identifier()))
    }

    /// The person, before the visit.
    #[must_use]
    pub fn person(&self) -> VirtualPerson {
        VirtualPerson::new(self.behaviour.clone())
    }

    /// A visit in which nothing is odd: the PIN, everything agreed to.
    fn plain(case: &Case, persona: &'static Persona) -> Self {
        Self {
            name: case.name,
            summary_ja: case.ja,
            summary_en: case.en,
            persona,
            options: CardOptions::default(),
            limits: Limits {
                extended: ExtendedLength::Yes,
                max_response: 65_538,
            },
            troubles: Vec::new(),
            behaviour: Behaviour::default(),
            camera: SimulatedCamera::of(persona),
            reference: SimulatedReferenceSource::of(persona),
            clinic: Clinic {
                face: true,
                staff: true,
                prescription: false,
                subsidies: false,
                mode: Mode::Normal,
                fault: None,
                faces_before: 0,
            },
            ends: Expected::Accepted,
            tries_left: TriesAfter {
                auth_pin: 3,
                sign_password: 5,
                reference_number_b: 10,
            },
            presented: 1,
        }
    }

    // What cases differ in.

    fn by(mut self, methods: &[Method]) -> Self {
        self.behaviour.methods = methods.to_vec();
        self
    }

    fn types(mut self, pins: &[&str]) -> Self {
        self.behaviour.pins = pins.iter().map(|pin| (*pin).to_owned()).collect();
        self
    }

    fn behaves(mut self, change: fn(&mut Behaviour)) -> Self {
        change(&mut self.behaviour);
        self
    }

    fn options(mut self, change: fn(&mut CardOptions)) -> Self {
        change(&mut self.options);
        self
    }

    fn carries(self, extended: ExtendedLength, max_response: usize) -> Self {
        Self {
            limits: Limits {
                extended,
                max_response,
            },
            ..self
        }
    }

    fn always(mut self, fault: Fault) -> Self {
        self.troubles.push(Trouble::Standing(fault));
        self
    }

    fn at(mut self, moment: Moment, nth: u64, fault: fn(u64) -> Fault) -> Self {
        self.troubles.push(Trouble::At(moment, nth, fault));
        self
    }

    fn sees(self, camera: SimulatedCamera) -> Self {
        Self { camera, ..self }
    }

    fn number_reader(self, reads: fn(&Persona) -> SimulatedReferenceSource) -> Self {
        Self {
            reference: reads(self.persona),
            ..self
        }
    }

    fn desk(mut self, face: bool, staff: bool) -> Self {
        self.clinic = Clinic {
            face,
            staff,
            ..self.clinic
        };
        self
    }

    fn asks(mut self, prescription: bool, subsidies: bool) -> Self {
        self.clinic.prescription = prescription;
        self.clinic.subsidies = subsidies;
        self
    }

    fn in_mode(mut self, mode: Mode) -> Self {
        self.clinic.mode = mode;
        self
    }

    fn broken(mut self, fault: CentreFault) -> Self {
        self.clinic.fault = Some(fault);
        self
    }

    /// The card is of a kind that has none of the secrets that are counted.
    fn without_secrets(self) -> Self {
        Self {
            tries_left: TriesAfter {
                auth_pin: 0,
                sign_password: 0,
                reference_number_b: 0,
            },
            ..self
        }
    }

    fn ends(self, failure: Failure) -> Self {
        Self {
            ends: Expected::Refused(failure),
            ..self
        }
    }

    fn presents(self, presented: u64) -> Self {
        Self { presented, ..self }
    }

    fn leaves(mut self, auth_pin: u8) -> Self {
        self.tries_left.auth_pin = auth_pin;
        self
    }
}

impl fmt::Debug for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Standing(fault) => write!(f, "{fault:?}"),
            // As if the moment were an exchange of its own.
            Self::At(moment, nth, fault) => write!(f, "{:?} of {moment:?}", fault(*nth)),
        }
    }
}

/// An entry of the catalogue.
struct Case {
    name: &'static str,
    persona: &'static str,
    ja: &'static str,
    en: &'static str,
    with: fn(Scenario) -> Scenario,
}

const fn case(
    name: &'static str,
    persona: &'static str,
    ja: &'static str,
    en: &'static str,
    with: fn(Scenario) -> Scenario,
) -> Case {
    Case {
        name,
        persona,
        ja,
        en,
        with,
    }
}

fn cases() -> impl Iterator<Item = &'static Case> {
    [
        pin::CASES,
        face::CASES,
        certificate::CASES,
        card::CASES,
        clinic::CASES,
    ]
    .into_iter()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_case_is_named_and_has_its_persona() {
        let names: BTreeSet<_> = cases().map(|case| case.name).collect();
        assert_eq!(names.len(), cases().count(), "a name stands for one case");
        assert_eq!(Scenario::all().len(), names.len(), "each persona is known");
        assert!(names.len() >= 33);
        for scenario in Scenario::all() {
            let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
            assert!(scenario.name.bytes().all(plain), "{}", scenario.name);
            assert_eq!(
                Scenario::named(scenario.name).map(|found| found.name),
                Some(scenario.name)
            );
            for lang in [Lang::Ja, Lang::En] {
                let summary = scenario.summary(lang);
                assert!(!summary.is_empty() && !summary.contains('\n'));
            }
        }
    }

    #[test]
    fn summaries_differ() {
        for lang in [Lang::Ja, Lang::En] {
            let all = Scenario::all()
                .iter()
                .map(|scenario| scenario.summary(lang));
            assert_eq!(all.collect::<BTreeSet<_>>().len(), Scenario::all().len());
        }
    }

    /// By all that is in it but its name and its words.
    #[test]
    fn no_two_exercise_the_same() {
        let mut seen = BTreeSet::new();
        for scenario in Scenario::all() {
            let mut what = scenario.clone();
            (what.name, what.summary_ja, what.summary_en) = ("", "", "");
            let pins = what.behaviour.pins.join(" ");
            let persona = std::mem::replace(&mut what.persona, &Persona::all()[0]).name;
            assert!(
                seen.insert(format!("{persona} {pins} {what:?}")),
                "{}",
                scenario.name
            );
        }
    }

    #[test]
    fn no_pin_is_printed() {
        let scenario = Scenario::named("one-wrong-pin").unwrap();
        for printed in [format!("{scenario:?}"), format!("{:?}", scenario.person())] {
            assert!(!printed.contains("1234"), "{printed}");
        }
    }
}
