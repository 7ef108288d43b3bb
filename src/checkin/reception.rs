//! The ready driver.

mod course;
mod parts;
mod phone;

use jiff::Timestamp;

pub(super) use course::{Course, Pace};
pub(super) use parts::Parts;

use super::{
    Desk, DeviceVerification, FaceParts, Outcome, PinlessAuthorization, Policy,
    StaffPasscodeSource, Summary,
};
use crate::eligibility::EligibilityService;
use crate::face::FaceEngine;
use crate::transport::Reader;

/// Runs check-ins against a reader, an eligibility service and, where there
/// are any, face parts, a PIN-less provider, a passcode source, a reader for phones
/// and a device provider.
///
/// ```
/// use jiff::Timestamp;
/// use uketsuke::checkin::{AuditRecord, Choice, Desk, Method, Policy, Reception, Screen};
/// use uketsuke::card::AuthPin;
/// use uketsuke::simulation::{CardOptions, Centre, Persona, VirtualCard, VirtualReader};
/// use uketsuke::trust::TerminalId;
///
/// /// A desk at which everything is accepted at once.
/// struct Willing(Option<Choice>, Timestamp, VirtualReader);
///
/// impl Desk for Willing {
///     fn now(&mut self) -> Timestamp {
///         self.1
///     }
///     fn show(&mut self, screen: &Screen) {
///         self.0 = match screen {
///             Screen::ChooseMethod { .. } => Some(Choice::Method(Method::Pin)),
///             Screen::EnterPin { .. } => AuthPin::parse("1234").ok().map(Choice::Pin),
///             Screen::Consents { .. } => Some(Choice::ConsentToAll),
///             Screen::TakeCard { .. } => {
///                 self.2.remove();
///                 None
///             }
///             _ => Some(Choice::Yes),
///         };
///     }
///     fn choice(&mut self, _until: Timestamp) -> Option<Choice> {
///         self.0.take()
///     }
///     fn audit(&mut self, _record: &AuditRecord) {}
/// }
///
/// let now: Timestamp = "2026-11-22T09:00:00+09:00".parse()?;
/// let persona = Persona::named("in-order").ok_or("persona")?;
/// let mut reader = VirtualReader::new();
/// reader.insert(VirtualCard::new(persona, CardOptions::default(), now));
/// let mut centre = Centre::new();
/// let policy = Policy::simulation(TerminalId::new("desk-1")?);
///
/// let mut desk = Willing(None, now, reader.clone());
/// let outcome = Reception::new(policy, &mut reader, &mut centre).run(&mut desk);
/// assert!(outcome.is_accepted());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[allow(missing_debug_implementations)]
pub struct Reception<'a, R: Reader + ?Sized, S: EligibilityService + ?Sized> {
    policy: Policy,
    parts: Parts<'a, R, S>,
    course: Course<R::Transport>,
}

/// What [`Reception::step`] leaves to do.
#[derive(Debug)]
#[non_exhaustive]
pub enum Step {
    /// The next step has work at once.
    Ready,
    /// Nothing to do until somebody chooses something, the card is moved or the
    /// centre answers. Step again then, or at `until` to look whether they did.
    Waiting {
        /// When to step at the latest: a fraction of a second away.
        until: Timestamp,
    },
    /// The visit is over. The next step begins another one.
    Finished(Box<Outcome>),
}

impl<'a, R: Reader + ?Sized, S: EligibilityService + ?Sized> Reception<'a, R, S> {
    /// A reception with a reader and a service: the PIN of cards only.
    pub fn new(policy: Policy, reader: &'a mut R, service: &'a mut S) -> Self {
        Self {
            policy,
            parts: Parts {
                reader,
                service,
                face: None,
                pinless: None,
                staff: None,
                phone: None,
                device: None,
            },
            course: Course::new(),
        }
    }

    /// With face match. It is offered where the policy has a
    /// [`MatchPolicy`](Policy::with_match_policy) whose record is
    /// [of this engine](crate::face::MatchPolicy::is_calibrated_for), all parts and a
    /// [PIN-less provider](Self::with_pinless) are of the policy's realm, and the card
    /// isn't paused ([`FaceTally`](crate::face::FaceTally)). Where one of the first three
    /// is missing the face is left out, and nobody is told: look at them when the desk
    /// starts. `examples/check_in` has all of it.
    #[must_use]
    pub fn with_face(mut self, face: FaceParts<'a>) -> Self {
        self.parts.face = Some(face);
        self
    }

    /// With a PIN-less provider: face and staff check need one.
    #[must_use]
    pub fn with_pinless(mut self, provider: &'a mut dyn PinlessAuthorization) -> Self {
        self.parts.pinless = Some(provider);
        self
    }

    /// With the staff check (目視確認).
    #[must_use]
    pub fn with_staff(mut self, source: &'a mut dyn StaffPasscodeSource) -> Self {
        self.parts.staff = Some(source);
        self
    }

    /// With a reader for phones (汎用リーダー) beside the card's: an Android phone can
    /// then be used in place of the card. For iPhones it needs
    /// [`with_device`](Self::with_device) too, and for real phones a policy that knows
    /// their certificates ([`Policy::of`]).
    ///
    /// The two readers are of one type; a product with two kinds takes them as
    /// [`AnyReader`](crate::transport::AnyReader), or wraps them in an enum of its own.
    ///
    /// A phone counts when it is held there while
    /// [`Screen::TapPhone`](super::Screen::TapPhone) is shown: what lay there before may be
    /// somebody else's, and gets no PIN. At any other time nothing is asked of this reader,
    /// so cards are taken as before where it is out of order.
    ///
    /// ```
    /// use jiff::Timestamp;
    /// use uketsuke::card::AuthPin;
    /// use uketsuke::checkin::{AuditRecord, Choice, Desk, PhoneKind, Policy, Reception, Screen};
    /// use uketsuke::simulation::*;
    /// use uketsuke::trust::TerminalId;
    ///
    /// /// A person with a phone, which is held there when the screen asks for it.
    /// struct WithPhone {
    ///     kind: PhoneKind,
    ///     phone: Option<VirtualCard>,
    ///     reader: VirtualReader,
    ///     pressed: Option<Choice>,
    /// }
    ///
    /// impl Desk for WithPhone {
    ///     fn now(&mut self) -> Timestamp {
    ///         Timestamp::now()
    ///     }
    ///     fn show(&mut self, screen: &Screen) {
    ///         self.pressed = match screen {
    ///             Screen::PlaceCard { phone: true } => Some(Choice::Phone),
    ///             Screen::ChoosePhone { .. } => Some(Choice::PhoneKind(self.kind)),
    ///             // Of an Android phone alone.
    ///             Screen::EnterPin { .. } => AuthPin::parse("1234").ok().map(Choice::Pin),
    ///             Screen::TapPhone { .. } => {
    ///                 self.phone.take().map(|phone| self.reader.insert(phone));
    ///                 None
    ///             }
    ///             Screen::Consents { .. } => Some(Choice::ConsentToNone),
    ///             _ => Some(Choice::Yes),
    ///         };
    ///     }
    ///     fn choice(&mut self, _until: Timestamp) -> Option<Choice> {
    ///         self.pressed.take()
    ///     }
    ///     fn audit(&mut self, _record: &AuditRecord) {}
    /// }
    ///
    /// let (mut cards, mut phones) = (VirtualReader::new(), VirtualReader::new());
    /// let (mut centre, mut device) = (Centre::new(), SimulatedDevice);
    /// let policy = Policy::simulation(TerminalId::new("desk-1")?);
    /// let on_the_desk = phones.clone();
    /// let mut reception = Reception::new(policy, &mut cards, &mut centre)
    ///     .with_phone_reader(&mut phones)
    ///     .with_device(&mut device);
    ///
    /// for (kind, name, accepted) in [
    ///     (PhoneKind::Android, "android-in-order", true),
    ///     (PhoneKind::Iphone, "iphone-in-order", true),
    ///     // It ended in the grace that a card has.
    ///     (PhoneKind::Iphone, "iphone-lapsed", false),
    /// ] {
    ///     let phone = Persona::phone_named(name).ok_or("no such phone")?;
    ///     let phone = VirtualCard::new(phone, CardOptions::default(), Timestamp::now());
    ///     let (phone, reader) = (Some(phone), on_the_desk.clone());
    ///     let outcome = reception.run(&mut WithPhone { kind, phone, reader, pressed: None });
    ///     assert_eq!(outcome.is_accepted(), accepted, "{outcome:?}");
    ///     // Its holder takes it away.
    ///     on_the_desk.remove();
    /// }
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_phone_reader(mut self, reader: &'a mut R) -> Self {
        self.parts.phone = Some(reader);
        self
    }

    /// With a vendor's way to have an iPhone say that its holder was identified on it;
    /// in the simulation [`SimulatedDevice`](crate::simulation::SimulatedDevice). Without a
    /// [reader for phones](Self::with_phone_reader), where an example is, it has no use.
    #[must_use]
    pub fn with_device(mut self, provider: &'a mut dyn DeviceVerification) -> Self {
        self.parts.device = Some(provider);
        self
    }

    /// Runs one visit, from "place your card" to "take your card"; or to its end
    /// the one that [`step`](Self::step) began.
    ///
    /// A card that is already there is taken for this visit's (a phone never is), unless the last
    /// visit of this reception ended with the card left behind: that one must
    /// be taken away first.
    pub fn run(&mut self, desk: &mut dyn Desk) -> Outcome {
        loop {
            if let Step::Finished(outcome) = self.turn(desk, Pace::Waits) {
                return *outcome;
            }
        }
    }

    /// Takes a visit one step further, for a program that can't hand its thread
    /// over for a whole visit; begins one where none is under way.
    ///
    /// A step never waits for a person, a card to be placed or the centre's
    /// answer: [`Desk::choice`] is asked for what was chosen up to now. It does
    /// one task at most, and that it does to its end: an exchange with the card
    /// (on a real one, up to a second or two for the photo), a picture, a question
    /// handed to the service.
    ///
    /// ```
    /// use jiff::Timestamp;
    /// use uketsuke::checkin::{AuditRecord, Choice, Desk, Policy, Reception, Screen, Step};
    /// use uketsuke::simulation::{Centre, VirtualReader};
    /// use uketsuke::trust::TerminalId;
    ///
    /// /// Nobody is there.
    /// struct Nobody(Timestamp);
    ///
    /// impl Desk for Nobody {
    ///     fn now(&mut self) -> Timestamp {
    ///         self.0
    ///     }
    ///     fn show(&mut self, _screen: &Screen) {}
    ///     fn choice(&mut self, _until: Timestamp) -> Option<Choice> {
    ///         None
    ///     }
    ///     fn audit(&mut self, _record: &AuditRecord) {}
    /// }
    ///
    /// let (mut reader, mut centre) = (VirtualReader::new(), Centre::new());
    /// let policy = Policy::simulation(TerminalId::new("desk-1")?);
    /// let mut reception = Reception::new(policy, &mut reader, &mut centre);
    /// let mut desk = Nobody("2026-11-22T09:00:00+09:00".parse()?);
    /// let outcome = loop {
    ///     match reception.step(&mut desk) {
    ///         // The program's own turn: here, time goes by.
    ///         Step::Waiting { until } => desk.0 = until,
    ///         Step::Finished(outcome) => break outcome,
    ///         _ => {}
    ///     }
    /// };
    /// assert_eq!(outcome.failure().map(|failure| failure.code()), Some("person-timed-out"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn step(&mut self, desk: &mut dyn Desk) -> Step {
        self.turn(desk, Pace::Goes)
    }

    /// Name, counters and deadline of the visit under way: nothing personal, for
    /// logs.
    #[must_use]
    pub fn summary(&self) -> Option<Summary> {
        self.course.summary()
    }

    /// Drops the visit under way, with neither outcome nor audit record: for a desk
    /// that is broken. The card is let go of, powered off if a secret was
    /// presented, and the centre's answer isn't waited for. To end a visit in
    /// order, let [`Desk::stop`] say so.
    pub fn abandon(&mut self) {
        let engine: Option<&mut dyn FaceEngine> = match &mut self.parts.face {
            Some(face) => Some(&mut *face.engine),
            None => None,
        };
        self.course.abandon(self.parts.service, engine);
    }

    fn turn(&mut self, desk: &mut dyn Desk, pace: Pace) -> Step {
        self.course.turn(&self.policy, &mut self.parts, desk, pace)
    }
}

/// A reception that is dropped mid-visit [abandons](Reception::abandon) it: nothing of a
/// face stays in the matcher.
impl<R: Reader + ?Sized, S: EligibilityService + ?Sized> Drop for Reception<'_, R, S> {
    fn drop(&mut self) {
        self.abandon();
    }
}
