//! The face: the card's photo proved, then compared.

use std::sync::Arc;

use jiff::Timestamp;

use super::{CheckIn, State, later};
use crate::Binding;
use crate::card::{Progress, ReferenceSourceError, VerifyError};
use crate::checkin::{
    AuditEvent, CardFaceTrouble, Choice, FaceJudgedBy, FaceTaskError, PendingIdentity, PhotoRead,
    Screen, Task,
};
use crate::eligibility::Failure;
use crate::face::{
    Attempts, CardKeyId, Decision, FaceError, FaceMatched, InconclusiveReason, MatchPolicy,
};
use crate::trust::{ChainValidated, Challenge, CvError, IssuedPhoto, LivePhoto, Purpose};

/// How often a card whose face couldn't be read may be laid anew in a visit.
const MAX_LAID_ANEW: u8 = 3;

impl CheckIn {
    /// The photo first, once in a visit; only then is the person told to look
    /// at the camera.
    pub(super) fn begin_face(&mut self, now: Timestamp) {
        match self.photo.clone() {
            Some(photo) => self.compare_face(photo, now),
            None => self.read_photo(now),
        }
    }

    fn read_photo(&mut self, now: Timestamp) {
        let Some(binding) = self.chain.as_ref().map(ChainValidated::binding) else {
            return self.refuse(Failure::Internal, now);
        };
        // As long as the reading may take.
        let lifetime = self.policy.timeouts().card;
        let challenge = Challenge::generate(
            self.visit,
            self.policy.terminal(),
            Purpose::LivePhoto,
            now,
            lifetime,
        );
        let Ok(challenge) = challenge else {
            return self.refuse(Failure::Internal, now);
        };
        self.show(Screen::ReadingCard {
            progress: Progress { read: 0, total: 0 },
        });
        let input = challenge.signature_input();
        let task = self.start(Task::ReadPhoto { input, binding });
        self.state = State::ReadingPhoto {
            task,
            deadline: later(now, lifetime),
            challenge: Some(Box::new(challenge)),
        };
    }

    pub(super) fn photo_read(
        &mut self,
        read: Result<Box<PhotoRead>, FaceTaskError>,
        now: Timestamp,
    ) {
        let challenge = match &mut self.state {
            State::ReadingPhoto { challenge, .. } => challenge.take(),
            _ => None,
        };
        let read = match read {
            Ok(read) => *read,
            Err(error) => return self.photo_not_read(&error, now),
        };
        let binding = self.chain.as_ref().map(ChainValidated::binding);
        let (Some(challenge), Some(binding)) = (challenge, binding) else {
            return self.refuse(Failure::Internal, now);
        };
        // A driver that mixes sessions is broken; the card may be as it should.
        if !read.is_of(binding) {
            return self.refuse(Failure::Internal, now);
        }
        match self.prove(read, *challenge, now) {
            Ok(photo) => {
                let photo = Arc::new(photo);
                self.photo_read = true;
                self.photo = Some(Arc::clone(&photo));
                self.compare_face(photo, now);
            }
            Err(_) => self.photo_not_proved(now),
        }
    }

    fn photo_not_proved(&mut self, now: Timestamp) {
        self.audit(AuditEvent::PhotoNotProved, now);
        self.card_face(CardFaceTrouble::NotProved, now);
    }

    /// From what a driver read to a photo that this chip was issued with.
    fn prove(
        &self,
        read: PhotoRead,
        challenge: Challenge,
        now: Timestamp,
    ) -> Result<LivePhoto, CvError> {
        let PhotoRead {
            certificate,
            photo,
            record,
            signature,
        } = read;
        let roots = self.policy.card_face_roots();
        let issuer = roots.validate(&certificate, self.policy.realms())?;
        let issued = IssuedPhoto::verify(photo, &issuer)?;
        LivePhoto::verify(issued, record, challenge, signature, now)
    }

    fn photo_not_read(&mut self, error: &FaceTaskError, now: Timestamp) {
        let verify = match error {
            FaceTaskError::Verify(verify) => verify,
            FaceTaskError::Certificate(_) => return self.photo_not_proved(now),
            _ => return self.face_unavailable(now),
        };
        match verify {
            VerifyError::Source(ReferenceSourceError::Unreadable) => {
                self.card_face(CardFaceTrouble::NotRead, now);
            }
            VerifyError::KeptInReserve { .. }
            | VerifyError::LastTryNotAllowed { .. }
            | VerifyError::Locked {
                by_this_try: false, ..
            } => self.card_face(CardFaceTrouble::Kept, now),
            // What the card refused once it refuses again.
            VerifyError::AlreadyRefused { .. } => self.card_face(CardFaceTrouble::Refused, now),
            verify if verify.try_may_be_spent() => {
                let left = match verify {
                    VerifyError::Wrong { left, .. } => Some(*left),
                    VerifyError::Locked { .. } => Some(0),
                    _ => None,
                };
                self.audit(AuditEvent::ReferenceNumberRefused { left }, now);
                self.face_is_over();
                // Told once the card has been read again.
                self.card_face = Some(CardFaceTrouble::Refused);
                self.problem = Some(Failure::FaceUnavailable);
                self.read_again(now);
            }
            _ => self.face_unavailable(now),
        }
    }

    /// The camera, the matcher or the link failed: face is over for this visit.
    fn face_unavailable(&mut self, now: Timestamp) {
        self.face_is_over();
        self.problem = Some(Failure::FaceUnavailable);
        self.read_again(now);
    }

    /// For this visit; nobody looks at the photo any more.
    pub(super) fn face_is_over(&mut self) {
        self.face_attempts = Attempts::new(0);
        self.photo = None;
    }

    /// What is the matter with the card's face, and what can be done. But for one that
    /// wasn't read, at which nothing was spent, face is over for this visit.
    pub(super) fn card_face(&mut self, why: CardFaceTrouble, now: Timestamp) {
        let again = why == CardFaceTrouble::NotRead && self.laid_anew < MAX_LAID_ANEW;
        if again {
            self.laid_anew = self.laid_anew.saturating_add(1);
        } else {
            self.face_is_over();
        }
        let problem = match why {
            CardFaceTrouble::NotProved => Failure::PhotoNotProved,
            _ => Failure::FaceUnavailable,
        };
        self.problem = Some(problem);
        let (pin, staff) = (self.offered_pin().is_some(), self.offers_staff());
        if !again && !pin && !staff {
            return self.refuse(problem, now);
        }
        self.show(Screen::CardFaceUnreadable {
            why,
            again,
            pin,
            staff,
        });
        self.state = State::CardFaceUnreadable {
            deadline: self.person_deadline(now),
        };
    }

    /// The attempt is spent before it begins, in the visit and with the card: a driver
    /// that never answers gains none, nor does a card that is put back.
    fn compare_face(&mut self, photo: Arc<LivePhoto>, now: Timestamp) {
        let limits = self.policy.face_limits();
        let spent = match (self.policy.face_tally(), self.card_key()) {
            (Some(tally), Some(card)) => tally.spend(&card, &limits, now),
            _ => return self.refuse(Failure::Internal, now),
        };
        // Another lane may have had the last one meanwhile.
        let Ok(left) = spent else {
            self.face_is_over();
            return self.choose_method(now);
        };
        self.face_attempts.failed();
        self.judged_by(now);
        let used = self.policy.face_attempts().left();
        let attempt = used.saturating_sub(self.face_attempts.left());
        let of = attempt.saturating_add(left.min(self.face_attempts.left()));
        self.show(Screen::LookAtCamera { attempt, of });
        let task = self.start(Task::CompareFace { photo });
        self.state = State::ComparingFace {
            task,
            deadline: self.card_deadline(now),
        };
    }

    /// Before the first face of a visit, so that the trail knows what it was judged by.
    fn judged_by(&mut self, now: Timestamp) {
        if std::mem::replace(&mut self.face_judged, true) {
            return;
        }
        if let Some(judged) = self.policy.match_policy().map(FaceJudgedBy::of) {
            self.audit(AuditEvent::FaceJudgedBy(judged), now);
        }
    }

    /// In this visit and with this card.
    fn face_attempts_left(&self, now: Timestamp) -> u8 {
        let limits = self.policy.face_limits();
        match (self.policy.face_tally(), self.card_key()) {
            (Some(tally), Some(card)) => tally
                .allows(&card, &limits, now)
                .unwrap_or(0)
                .min(self.face_attempts.left()),
            _ => 0,
        }
    }

    /// Which card the tally counts.
    pub(super) fn card_key(&self) -> Option<CardKeyId> {
        let chain = self.chain.as_ref()?;
        Some(CardKeyId::new(&chain.key_identifier()))
    }

    /// This card's holder was identified.
    pub(super) fn clear_face_tally(&self, card: &CardKeyId) {
        if let Some(tally) = self.policy.face_tally() {
            tally.cleared(card);
        }
    }

    pub(super) fn face_compared(
        &mut self,
        decision: Result<Decision, FaceTaskError>,
        now: Timestamp,
    ) {
        match decision {
            Ok(Decision::Match(matched)) => self.face_matched(matched, now),
            // Nobody's face changes that.
            Ok(Decision::Inconclusive(why @ InconclusiveReason::NotCalibrated)) => {
                self.audit(AuditEvent::FaceFailed { why: Some(why) }, now);
                self.face_unavailable(now);
            }
            Ok(Decision::Inconclusive(why)) => self.face_failed(Some(why), now),
            Ok(Decision::NonMatch) => self.face_failed(None, now),
            // A camera that waits for the person took their choice to stop.
            Err(FaceTaskError::Face(FaceError::Cancelled)) => self.cancelled(now),
            Err(_) => {
                self.audit(AuditEvent::FaceNotCompared, now);
                self.face_unavailable(now);
            }
        }
    }

    fn face_failed(&mut self, why: Option<InconclusiveReason>, now: Timestamp) {
        self.audit(AuditEvent::FaceFailed { why }, now);
        self.problem = Some(Failure::FaceNotRecognised);
        let attempts_left = self.face_attempts_left(now);
        // Also when it is the card that has to pause: what was read waits for no pause's
        // end, and isn't read a second time.
        if attempts_left == 0 {
            self.face_is_over();
        }
        self.show(Screen::FaceFailed {
            why,
            attempts_left,
            pin: self.offered_pin().is_some(),
            staff: self.offers_staff(),
        });
        self.state = State::FaceFailed {
            deadline: self.person_deadline(now),
        };
    }

    fn face_matched(&mut self, matched: FaceMatched, now: Timestamp) {
        if !self.accepts(matched.realm()) {
            return self.refuse(Failure::WrongRealm, now);
        }
        let by = self.policy.match_policy().map(MatchPolicy::digest);
        if by != Some(matched.policy()) {
            return self.refuse(Failure::Misconfigured, now);
        }
        let proved = self.photo.take();
        let is_proved = |photo: Arc<LivePhoto>| photo.mark().is(matched.photo());
        if !proved.is_some_and(is_proved) {
            return self.refuse(Failure::Internal, now);
        }
        self.sign_without_pin(PendingIdentity::Face(matched), now);
    }

    pub(super) fn chosen_after_face(&mut self, choice: Choice, now: Timestamp) {
        match choice {
            Choice::Yes if self.offers_face(now) => self.begin_face(now),
            Choice::Method(method) => self.begin_method(method, now),
            Choice::OtherMethod => self.choose_method(now),
            Choice::No => self.cancelled(now),
            _ => {}
        }
    }
}

impl PhotoRead {
    fn is_of(&self, binding: Binding) -> bool {
        [
            self.certificate.binding(),
            self.photo.binding(),
            self.record.binding(),
            self.signature.binding(),
        ]
        .iter()
        .all(|part| *part == binding)
    }
}
