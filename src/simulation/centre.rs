use std::collections::{HashMap, HashSet, VecDeque};
use std::fmt;

use jiff::{SignedDuration, Timestamp};

use super::Persona;
use crate::eligibility::{
    Answer, Asked, Capabilities, EligibilityService, PollResult, PrescriptionIssue, Presented,
    Registration, Report, Request, RequestKind, RequestNumber, ServiceError, ServiceErrorKind,
    Ticket,
};
use crate::trust::{Certificate, GraceRule, Roots, SignedFields, Standing};
use crate::{Realm, Realms};

mod answer;
mod by_number;

/// A simulated eligibility centre that believes nobody.
///
/// It checks the certificate against the simulated roots and the signature over
/// the challenge, refuses what is too old or was seen before, and looks the
/// person up by the certificate's serial number. What the real centre does
/// inside is not public; notices and codes here begin with `SIM` or 【模擬】.
///
/// - Status: revocation status, and registration for use.
/// - Register: registers, for the life of this value. Twice does no harm.
/// - Prescription, Subsidies: takes the choice. That of a prescription stands in the
///   result too. A check-in asks for them once the centre says that it takes them
///   ([`with_prescription`](Self::with_prescription),
///   [`with_subsidies`](Self::with_subsidies)).
/// - Result: the insurance, with the consents given (24 hours). With a certificate
///   in its three months' grace: no consents, and a notice.
/// - By number: the insurance alone, of whoever has these numbers and this birth
///   date. It needs no proof, and gives none.
///
/// One challenge serves the questions of one check-in: of one visit and
/// certificate, with one question for the result. Memory is bounded: as many open
/// questions and remembered challenges as a busy desk could have, then the
/// centre says that it is too busy.
///
/// ```
/// use uketsuke::Realm;
/// use uketsuke::eligibility::EligibilityService;
/// use uketsuke::simulation::{Centre, CentreFault};
///
/// let centre = Centre::new();
/// assert_eq!(centre.realm(), Realm::Simulation);
/// assert!(centre.capabilities().registration);
/// let none = Centre::new().with_fault(CentreFault::NotEquipped);
/// assert!(!none.capabilities().by_certificate);
/// ```
pub struct Centre {
    people: Vec<Persona>,
    /// Of them, or of anybody: each is a certificate more.
    phones: Vec<Persona>,
    fault: Option<CentreFault>,
    delay: SignedDuration,
    offers_prescription: bool,
    offers_subsidies: bool,
    /// By the person's number, as it is the person who is registered.
    registered: HashSet<u32>,
    /// The last choice of each certificate.
    prescriptions: HashMap<u32, PrescriptionIssue>,
    seen: VecDeque<Seen>,
    /// When the newest of the forgotten challenges was made: nothing up to then
    /// is accepted again, not even if the clock goes back.
    forgotten: Timestamp,
    open: VecDeque<Open>,
    /// Visits that it can serve at a time.
    room: usize,
    /// For [`CentreFault::AnswersOlderRequest`].
    older: RequestNumber,
}

/// How the centre, or the way to it, misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum CentreFault {
    /// The clinic has no network: nothing is sent.
    NetworkDown,
    /// The centre refuses every connection.
    CentreDown,
    /// The centre takes the question, acts on it, and never answers.
    Silent,
    /// The centre hands out answers to an older question.
    AnswersOlderRequest,
    /// The clinic has no link to the centre.
    NotEquipped,
    /// The centre has another birth date on record than the card.
    OtherBirthDate,
}

impl Centre {
    /// How old a challenge may be. A check-in gives the person ten minutes from the
    /// signature to the last answer, and then waits for the centre up to three times
    /// (30 s each).
    const FRESH: SignedDuration = SignedDuration::from_mins(15);
    /// How far a terminal's clock may run ahead.
    const AHEAD: SignedDuration = SignedDuration::from_mins(1);
    /// How long an answer waits to be fetched.
    const KEPT: SignedDuration = SignedDuration::from_mins(10);
    /// Visits at a time, with a question open each.
    const ROOM: usize = 64;
    /// Challenges remembered for each of them.
    const REMEMBERED: usize = 16;
    /// How soon to look again when no answer will ever come.
    const SILENCE: SignedDuration = SignedDuration::from_secs(1);

    /// Knows all personas and their phones, answers at once, has no fault.
    #[must_use]
    pub fn new() -> Self {
        Self {
            people: Persona::all().to_vec(),
            phones: Persona::phones().to_vec(),
            fault: None,
            delay: SignedDuration::ZERO,
            offers_prescription: false,
            offers_subsidies: false,
            registered: HashSet::new(),
            prescriptions: HashMap::new(),
            seen: VecDeque::new(),
            forgotten: Timestamp::MIN,
            open: VecDeque::new(),
            room: Self::ROOM,
            older: RequestNumber::next(),
        }
    }

    /// Knows this persona alone, with the phones, and fails as its mishap says.
    #[must_use]
    pub fn for_persona(persona: &Persona) -> Self {
        use super::Mishap;
        let fault = match persona.mishap {
            Some(Mishap::NetworkDown) => Some(CentreFault::NetworkDown),
            Some(Mishap::CentreDown) => Some(CentreFault::CentreDown),
            Some(Mishap::NotEquipped) => Some(CentreFault::NotEquipped),
            Some(Mishap::CardPulled | Mishap::ReaderFault) | None => None,
        };
        Self {
            people: vec![persona.clone()],
            phones: persona.own_phones().cloned().collect(),
            fault,
            ..Self::new()
        }
    }

    /// With a fault.
    #[must_use]
    pub fn with_fault(self, fault: CentreFault) -> Self {
        Self {
            fault: Some(fault),
            ..self
        }
    }

    /// For a clinic that writes electronic prescriptions: people are asked how they
    /// want theirs.
    ///
    /// ```
    /// use uketsuke::eligibility::EligibilityService;
    /// use uketsuke::simulation::Centre;
    ///
    /// assert!(!Centre::new().capabilities().prescription);
    /// assert!(Centre::new().with_prescription().capabilities().prescription);
    /// ```
    #[must_use]
    pub fn with_prescription(self) -> Self {
        Self {
            offers_prescription: true,
            ..self
        }
    }

    /// For a clinic in the Public Medical Hub (PMH): people are asked whether
    /// subsidies (医療費助成) may be told.
    ///
    /// ```
    /// use uketsuke::eligibility::EligibilityService;
    /// use uketsuke::simulation::Centre;
    ///
    /// assert!(!Centre::new().capabilities().subsidies);
    /// assert!(Centre::new().with_subsidies().capabilities().subsidies);
    /// ```
    #[must_use]
    pub fn with_subsidies(self) -> Self {
        Self {
            offers_subsidies: true,
            ..self
        }
    }

    /// Answers this long after the question; nothing at first.
    #[must_use]
    pub fn with_delay(self, delay: SignedDuration) -> Self {
        Self { delay, ..self }
    }

    /// Serves this many visits at a time; 64 at first, with sixteen times as many
    /// remembered challenges.
    #[must_use]
    pub fn with_room(self, visits: usize) -> Self {
        Self {
            room: visits,
            ..self
        }
    }

    /// Breaks it, or repairs it, in the middle.
    pub fn set_fault(&mut self, fault: Option<CentreFault>) {
        self.fault = fault;
    }

    /// Whether the certificate of this serial number is registered for use.
    /// `None` if nobody has it.
    #[must_use]
    pub fn registration(&self, serial: u32) -> Option<Registration> {
        let person = self.holder(serial)?;
        Some(if self.registered.contains(&person.number) {
            Registration::Registered
        } else {
            person.registration
        })
    }

    /// Whose certificate it is, on the card or in a phone.
    fn holder(&self, serial: u32) -> Option<&Persona> {
        let mut all = self.people.iter().chain(&self.phones);
        all.find(|person| person.serial() == serial)
    }

    /// Everything that can be checked of a proof without knowing the person.
    fn check(
        &mut self,
        presented: &Presented,
        kind: &RequestKind,
        now: Timestamp,
    ) -> Result<Proven, ServiceErrorKind> {
        const REFUSED: ServiceErrorKind = ServiceErrorKind::ProofRefused;
        if presented.realm() != Realm::Simulation {
            return Err(REFUSED);
        }
        let Some(SignedFields::Own { second, random, .. }) = presented.challenge().fields() else {
            return Err(REFUSED);
        };
        let made = Timestamp::from_second(second).map_err(|_| REFUSED)?;
        let too_old = made.duration_until(now) > Self::FRESH || made <= self.forgotten;
        if too_old || now.duration_until(made) > Self::AHEAD {
            return Err(REFUSED);
        }
        let (standing, _) = Roots::simulation()
            .check_authentication(
                presented.certificate(),
                Realms::simulation(),
                now,
                GraceRule::EligibilityOnly,
            )
            .map_err(|_| REFUSED)?;
        presented
            .challenge()
            .verify(presented.certificate())
            .map_err(|_| REFUSED)?;
        let serial = Certificate::parse(presented.certificate())
            .ok()
            .and_then(|certificate| serial_number(certificate.serial()))
            .ok_or(REFUSED)?;
        self.remember(random, made, presented, kind)?;
        Ok(Proven { serial, standing })
    }

    /// A challenge seen before is good only for further questions of the same
    /// check-in, and for one result.
    fn remember(
        &mut self,
        random: &[u8; 32],
        made: Timestamp,
        presented: &Presented,
        kind: &RequestKind,
    ) -> Result<(), ServiceErrorKind> {
        let result = matches!(kind, RequestKind::Result { .. });
        if let Some(seen) = self.seen.iter_mut().find(|seen| seen.random == *random) {
            if seen.result || seen.presented != *presented {
                return Err(ServiceErrorKind::ProofRefused);
            }
            seen.result = result;
            return Ok(());
        }
        if self.seen.len() >= self.room.saturating_mul(Self::REMEMBERED) {
            return Err(ServiceErrorKind::CentreDown);
        }
        let presented = presented.clone();
        self.seen.push_back(Seen {
            random: *random,
            made,
            presented,
            result,
        });
        Ok(())
    }

    /// Forgets what nobody can use any more: challenges too old to be accepted
    /// anyway, answers that were not fetched.
    fn forget(&mut self, now: Timestamp) {
        let forgotten = &mut self.forgotten;
        self.seen.retain(|seen| {
            let keep = seen.made.duration_until(now) <= Self::FRESH;
            if !keep {
                *forgotten = seen.made.max(*forgotten);
            }
            keep
        });
        self.open
            .retain(|open| open.submitted.duration_until(now) <= Self::KEPT);
    }
}

impl Default for Centre {
    fn default() -> Self {
        Self::new()
    }
}

/// Settings and counts.
impl fmt::Debug for Centre {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Centre")
            .field("people", &self.people.len())
            .field("fault", &self.fault)
            .field("delay", &self.delay)
            .field("registered", &self.registered.len())
            .field("open", &self.open.len())
            .finish_non_exhaustive()
    }
}

impl EligibilityService for Centre {
    fn realm(&self) -> Realm {
        Realm::Simulation
    }

    fn capabilities(&self) -> Capabilities {
        let equipped = self.fault != Some(CentreFault::NotEquipped);
        Capabilities {
            by_certificate: equipped,
            registration: equipped,
            by_number: equipped,
            prescription: equipped && self.offers_prescription,
            subsidies: equipped && self.offers_subsidies,
        }
    }

    fn submit(&mut self, request: Request, now: Timestamp) -> Result<Ticket, ServiceError> {
        if let Some(kind) = self.fault.and_then(CentreFault::link) {
            return Err(ServiceError::not_sent(kind));
        }
        self.forget(now);
        let ticket = Ticket::new(request.number());
        // The very same question again is the same question.
        if self.open.iter().any(|open| open.number == request.number()) {
            return Ok(ticket);
        }
        if self.open.len() >= self.room {
            return Err(ServiceError::not_sent(ServiceErrorKind::CentreDown));
        }
        let report = match request.asked() {
            Asked::WithProof { presented, kind } => {
                let proven = self
                    .check(presented, kind, now)
                    .map_err(ServiceError::not_sent)?;
                self.answer(kind, &proven, now)
            }
            Asked::ByNumber { on, person } => self.answer_by_number(*on, person, now),
        };
        self.open.push_back(Open {
            number: request.number(),
            submitted: now,
            ready: now.saturating_add(self.delay).unwrap_or(now),
            report,
        });
        Ok(ticket)
    }

    fn poll(&mut self, ticket: Ticket, now: Timestamp) -> Result<PollResult, ServiceError> {
        let number = ticket.number();
        let Some(index) = self.open.iter().position(|open| open.number == number) else {
            return Err(ServiceError::not_sent(ServiceErrorKind::UnknownTicket));
        };
        if let Some(kind) = self.fault.and_then(CentreFault::link) {
            return Err(ServiceError::maybe_sent(kind));
        }
        if self.fault == Some(CentreFault::Silent) {
            let not_before = now.saturating_add(Self::SILENCE).unwrap_or(now);
            return Ok(PollResult::Pending { not_before });
        }
        let Some(open) = self.open.get(index) else {
            return Err(ServiceError::not_sent(ServiceErrorKind::UnknownTicket));
        };
        if now < open.ready {
            return Ok(PollResult::Pending {
                not_before: open.ready,
            });
        }
        if self.fault == Some(CentreFault::AnswersOlderRequest) {
            // The right answer never comes, so the ticket isn't spent.
            let report = open.report.clone();
            return Ok(PollResult::Ready(Box::new(Answer {
                number: self.older,
                report,
            })));
        }
        let Some(open) = self.open.remove(index) else {
            return Err(ServiceError::not_sent(ServiceErrorKind::UnknownTicket));
        };
        self.older = number;
        Ok(PollResult::Ready(Box::new(Answer {
            number,
            report: open.report,
        })))
    }

    fn cancel(&mut self, ticket: Ticket) {
        self.open.retain(|open| open.number != ticket.number());
    }
}

impl CentreFault {
    /// The error of a link that is down.
    const fn link(self) -> Option<ServiceErrorKind> {
        match self {
            Self::NetworkDown => Some(ServiceErrorKind::Network),
            Self::CentreDown => Some(ServiceErrorKind::CentreDown),
            Self::NotEquipped => Some(ServiceErrorKind::NotEquipped),
            Self::Silent | Self::AnswersOlderRequest | Self::OtherBirthDate => None,
        }
    }
}

/// What a good proof says.
struct Proven {
    serial: u32,
    standing: Standing,
}

/// A challenge that was presented.
struct Seen {
    random: [u8; 32],
    made: Timestamp,
    presented: Presented,
    result: bool,
}

/// A question that waits to be fetched, with its answer.
struct Open {
    number: RequestNumber,
    submitted: Timestamp,
    ready: Timestamp,
    report: Report,
}

/// Serial numbers of the simulation fit four bytes; JPKI's need not.
fn serial_number(contents: &[u8]) -> Option<u32> {
    let zeros = contents.iter().take_while(|byte| **byte == 0).count();
    let digits = contents.get(zeros..)?;
    (1..=4).contains(&digits.len()).then(|| {
        digits
            .iter()
            .fold(0, |number, byte| number << 8 | u32::from(*byte))
    })
}

#[cfg(test)]
mod tests;
