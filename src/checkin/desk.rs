//! What a kiosk brings to a [`Reception`](super::Reception).

use jiff::Timestamp;

use super::{AuditRecord, Choice, Mode, Outcome, Policy, Screen};
use crate::Realm;
use crate::card::ReferenceNumberSource;
use crate::face::{FaceCapture, FaceEngine, Judges, PresentationAttackDetector, QualityAssessor};

/// The desk: the screen, the keys, the clock. All that a kiosk must give.
pub trait Desk {
    /// The time now. Must not go backwards.
    fn now(&mut self) -> Timestamp;

    /// Whether cards are checked now: asked when a visit begins, and good for the
    /// whole of it.
    fn mode(&mut self) -> Mode {
        Mode::Normal
    }

    /// Shows a screen, until the next one. What was pressed before belongs to the
    /// screen before: throw it away, or a key that bounces answers the next
    /// question.
    fn show(&mut self, screen: &Screen);

    /// The visit waits at this screen, at most until `deadline`: for a
    /// countdown. Called again and again while it waits.
    fn waiting(&mut self, _deadline: Timestamp) {}

    /// Whether to end the visit, since the program is to stop. Asked several
    /// times a second while the visit waits.
    fn stop(&mut self) -> bool {
        false
    }

    /// Waits for a choice at most until `until`, which is a fraction of a
    /// second away, or [now](Self::now) where the driver doesn't wait
    /// ([`Reception::step`](super::Reception::step)). `None`: nobody chose
    /// anything yet. A desk that can't wait may return at once.
    fn choice(&mut self, until: Timestamp) -> Option<Choice>;

    /// Keeps an audit record.
    fn audit(&mut self, record: &AuditRecord);

    /// Takes the outcome as soon as it is known, while the person still reads
    /// the last screens.
    fn decided(&mut self, _outcome: &Outcome) {}
}

/// Camera, matcher, detector, and the source of 照合番号B. What they make of a face is
/// decided by the policy's [`MatchPolicy`](super::Policy::with_match_policy).
#[allow(missing_debug_implementations)]
pub struct FaceParts<'a> {
    /// Takes the pictures.
    pub camera: &'a mut dyn FaceCapture,
    /// Compares.
    pub engine: &'a mut dyn FaceEngine,
    /// Looks for photos and masks.
    pub detector: &'a mut dyn PresentationAttackDetector,
    /// Looks whether a frame is good enough, if there is one.
    pub quality: Option<&'a mut dyn QualityAssessor>,
    /// Reads 照合番号B off the card's face.
    pub reference: &'a mut dyn ReferenceNumberSource,
}

impl FaceParts<'_> {
    /// The realm of all parts, if they share one, and this policy judges by a record of
    /// the matcher: else no face would match, and nothing is spent in vain.
    pub(super) fn realm_under(&self, policy: &Policy) -> Option<Realm> {
        let info = self.engine.info();
        if !policy.match_policy()?.is_calibrated_for(&info) {
            return None;
        }
        let realm = info.realm;
        let quality = self.quality.as_ref().map(|quality| quality.realm());
        let others = [
            self.camera.realm(),
            self.detector.realm(),
            self.reference.realm(),
        ];
        let mut others = others.into_iter().chain(quality);
        others.all(|other| other == realm).then_some(realm)
    }

    pub(super) fn judges(&mut self) -> Judges<'_> {
        Judges {
            engine: &mut *self.engine,
            detector: &mut *self.detector,
            quality: match &mut self.quality {
                Some(quality) => Some(&mut **quality),
                None => None,
            },
        }
    }
}
