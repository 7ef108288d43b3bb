//! One lane: a reception that owns what it works with.

use std::fmt;
use std::sync::Arc;

use jiff::Timestamp;

use crate::card::ReferenceNumberSource;
use crate::checkin::reception::{Course, Pace, Parts};
use crate::checkin::{
    AuditRecord, Choice, Desk, DeviceVerification, FaceParts, Mode, Outcome, PinlessAuthorization,
    Policy, Screen, StaffPasscodeSource, Step,
};
use crate::eligibility::EligibilityService;
use crate::face::{
    FaceCapture, FaceEngine, FaceTally, PresentationAttackDetector, QualityAssessor,
};
use crate::transport::Reader;

/// A [`Reception`](crate::checkin::Reception) with its desk that can go from thread to
/// thread, and so owns its parts. Where one isn't to be given away, a `&mut` of it
/// will do.
pub struct Lane<'a, R: Reader, S: EligibilityService> {
    policy: Policy,
    reader: R,
    service: S,
    desk: Box<dyn Desk + Send + 'a>,
    face: Option<LaneFace<'a>>,
    pinless: Option<Box<dyn PinlessAuthorization + Send + 'a>>,
    staff: Option<Box<dyn StaffPasscodeSource + Send + 'a>>,
    phone: Option<R>,
    device: Option<Box<dyn DeviceVerification + Send + 'a>>,
    course: Course<R::Transport>,
}

/// The [`FaceParts`] of a lane.
#[allow(missing_debug_implementations)]
pub struct LaneFace<'a> {
    /// Takes the pictures.
    pub camera: Box<dyn FaceCapture + Send + 'a>,
    /// Compares.
    pub engine: Box<dyn FaceEngine + Send + 'a>,
    /// Looks for photos and masks.
    pub detector: Box<dyn PresentationAttackDetector + Send + 'a>,
    /// Looks whether a frame is good enough, if there is one.
    pub quality: Option<Box<dyn QualityAssessor + Send + 'a>>,
    /// Reads 照合番号B off the card's face.
    pub reference: Box<dyn ReferenceNumberSource + Send + 'a>,
}

/// Reader and state.
impl<R: Reader, S: EligibilityService> fmt::Debug for Lane<'_, R, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Lane")
            .field("reader", &self.reader.name())
            .field("visit", &self.course.summary())
            .finish_non_exhaustive()
    }
}

impl<'a, R: Reader, S: EligibilityService> Lane<'a, R, S> {
    /// A lane with a reader, a service and a desk: PIN only.
    ///
    /// A policy that isn't a clone of another lane's counts face attempts by itself,
    /// until the lane is [added](super::Lanes::add) to others.
    pub fn new(policy: Policy, reader: R, service: S, desk: impl Desk + Send + 'a) -> Self {
        Self {
            policy,
            reader,
            service,
            desk: Box::new(desk),
            face: None,
            pinless: None,
            staff: None,
            phone: None,
            device: None,
            course: Course::new(),
        }
    }

    /// With face match, as [there](crate::checkin::Reception::with_face).
    #[must_use]
    pub fn with_face(mut self, face: LaneFace<'a>) -> Self {
        self.face = Some(face);
        self
    }

    /// With a PIN-less provider: face and staff check need one.
    #[must_use]
    pub fn with_pinless(mut self, provider: impl PinlessAuthorization + Send + 'a) -> Self {
        self.pinless = Some(Box::new(provider));
        self
    }

    /// With the staff check (目視確認).
    #[must_use]
    pub fn with_staff(mut self, source: impl StaffPasscodeSource + Send + 'a) -> Self {
        self.staff = Some(Box::new(source));
        self
    }

    /// With a reader for phones, as [there](crate::checkin::Reception::with_phone_reader):
    /// this lane's own, opened for it as the card's is.
    ///
    /// ```
    /// use std::sync::{Arc, Mutex, atomic::{AtomicU32, Ordering}};
    /// use jiff::Timestamp;
    /// use uketsuke::card::AuthPin;
    /// use uketsuke::checkin::lanes::{Ended, Lane, Lanes, Next};
    /// use uketsuke::checkin::{AuditRecord, Choice, Desk, PhoneKind, Policy, Screen};
    /// use uketsuke::simulation::*;
    /// use uketsuke::trust::TerminalId;
    ///
    /// /// A desk, and a person with a phone.
    /// struct WithPhone(Option<Choice>, PhoneKind, Option<VirtualCard>, VirtualReader);
    ///
    /// impl Desk for WithPhone {
    ///     fn now(&mut self) -> Timestamp {
    ///         Timestamp::now()
    ///     }
    ///     fn show(&mut self, screen: &Screen) {
    ///         self.0 = match screen {
    ///             Screen::PlaceCard { .. } => Some(Choice::Phone),
    ///             Screen::ChoosePhone { .. } => Some(Choice::PhoneKind(self.1)),
    ///             Screen::EnterPin { .. } => AuthPin::parse("1234").ok().map(Choice::Pin),
    ///             Screen::TapPhone { .. } => {
    ///                 self.2.take().map(|phone| self.3.insert(phone));
    ///                 None
    ///             }
    ///             Screen::Consents { .. } => Some(Choice::ConsentToNone),
    ///             _ => Some(Choice::Yes),
    ///         };
    ///     }
    ///     fn choice(&mut self, _until: Timestamp) -> Option<Choice> {
    ///         self.0.take()
    ///     }
    ///     fn audit(&mut self, _record: &AuditRecord) {}
    /// }
    ///
    /// let centre = Arc::new(Mutex::new(Centre::new()));
    /// let mut lanes = Lanes::new();
    /// for (desk, kind, name) in [
    ///     ("desk-1", PhoneKind::Android, "android-in-order"),
    ///     ("desk-2", PhoneKind::Iphone, "iphone-in-order"),
    /// ] {
    ///     let policy = Policy::simulation(TerminalId::new(desk)?);
    ///     let phone = Persona::phone_named(name).ok_or("no such phone")?;
    ///     let phone = VirtualCard::new(phone, CardOptions::default(), Timestamp::now());
    ///     let (cards, phones) = (VirtualReader::new(), VirtualReader::new());
    ///     let desk = WithPhone(None, kind, Some(phone), phones.clone());
    ///     let lane = Lane::new(policy, cards, Arc::clone(&centre), desk)
    ///         .with_phone_reader(phones)
    ///         .with_device(SimulatedDevice);
    ///     lanes.add(lane);
    /// }
    /// let accepted = AtomicU32::new(0);
    /// lanes.run(2, |_lane, ended| {
    ///     if let Ended::Visit(outcome) = ended {
    ///         accepted.fetch_add(u32::from(outcome.is_accepted()), Ordering::Relaxed);
    ///     }
    ///     Next::Close
    /// });
    /// assert_eq!(accepted.into_inner(), 2);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    #[must_use]
    pub fn with_phone_reader(mut self, reader: R) -> Self {
        self.phone = Some(reader);
        self
    }

    /// With a vendor's way to iPhones, as [there](crate::checkin::Reception::with_device).
    /// While it talks to one, this lane's worker does nothing else.
    #[must_use]
    pub fn with_device(mut self, provider: impl DeviceVerification + Send + 'a) -> Self {
        self.device = Some(Box::new(provider));
        self
    }

    pub(super) fn face_tally(&self) -> Option<Arc<FaceTally>> {
        self.policy.shared_face_tally()
    }

    pub(super) fn count_by(&mut self, tally: Arc<FaceTally>) {
        if !self.policy.face_tally_given() {
            self.policy = self.policy.clone().with_face_tally(tally);
        }
    }

    fn turn(&mut self, stop: bool) -> Step {
        let mut parts = Parts {
            reader: &mut self.reader,
            service: &mut self.service,
            face: self.face.as_mut().map(|face| FaceParts {
                camera: &mut *face.camera,
                engine: &mut *face.engine,
                detector: &mut *face.detector,
                quality: match &mut face.quality {
                    Some(quality) => Some(&mut **quality),
                    None => None,
                },
                reference: &mut *face.reference,
            }),
            pinless: match &mut self.pinless {
                Some(provider) => Some(&mut **provider),
                None => None,
            },
            staff: match &mut self.staff {
                Some(source) => Some(&mut **source),
                None => None,
            },
            phone: self.phone.as_mut(),
            device: match &mut self.device {
                Some(provider) => Some(&mut **provider),
                None => None,
            },
        };
        let mut desk = Stopping {
            desk: &mut *self.desk,
            stop,
        };
        self.course
            .turn(&self.policy, &mut parts, &mut desk, Pace::Goes)
    }
}

/// What the queue knows of a lane.
pub(super) trait Stepped {
    /// Its time now.
    fn now(&mut self) -> Timestamp;

    /// A visit is under way.
    fn is_busy(&self) -> bool;

    /// One step; to the end of the visit soon, where everything is to stop.
    fn step(&mut self, stop: bool) -> Step;

    /// Drops the visit under way.
    fn abandon(&mut self);
}

impl<R: Reader, S: EligibilityService> Stepped for Lane<'_, R, S> {
    fn now(&mut self) -> Timestamp {
        self.desk.now()
    }

    fn is_busy(&self) -> bool {
        self.course.is_busy()
    }

    fn step(&mut self, stop: bool) -> Step {
        self.turn(stop)
    }

    fn abandon(&mut self) {
        let engine: Option<&mut dyn FaceEngine> = match &mut self.face {
            Some(face) => Some(&mut *face.engine),
            None => None,
        };
        self.course.abandon(&mut self.service, engine);
    }
}

/// A lane that is dropped mid-visit asks the centre nothing more, and nothing of a face
/// stays in its matcher.
impl<R: Reader, S: EligibilityService> Drop for Lane<'_, R, S> {
    fn drop(&mut self) {
        Stepped::abandon(self);
    }
}

/// The desk of a lane, which is told to stop from outside too.
struct Stopping<'a> {
    desk: &'a mut dyn Desk,
    stop: bool,
}

impl Desk for Stopping<'_> {
    fn now(&mut self) -> Timestamp {
        self.desk.now()
    }

    fn mode(&mut self) -> Mode {
        self.desk.mode()
    }

    fn show(&mut self, screen: &Screen) {
        self.desk.show(screen);
    }

    fn waiting(&mut self, deadline: Timestamp) {
        self.desk.waiting(deadline);
    }

    fn stop(&mut self) -> bool {
        self.stop || self.desk.stop()
    }

    fn choice(&mut self, until: Timestamp) -> Option<Choice> {
        self.desk.choice(until)
    }

    fn audit(&mut self, record: &AuditRecord) {
        self.desk.audit(record);
    }

    fn decided(&mut self, outcome: &Outcome) {
        self.desk.decided(outcome);
    }
}
