use super::MatchPolicyDigest;
use crate::{Binding, Realm, card::BirthDate, trust::PhotoMark};

/// What the policy decided about one frame. Made by
/// [`MatchPolicy::decide`](super::MatchPolicy::decide) only.
#[derive(Debug)]
#[non_exhaustive]
pub enum Decision {
    /// The same person, at the false match rate of the operating point.
    Match(FaceMatched),
    /// Not the same person, as far as the threshold says.
    NonMatch,
    /// Neither: take another frame or use another method.
    Inconclusive(InconclusiveReason),
}

/// Why a frame led to no decision, and what helps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum InconclusiveReason {
    /// Nobody in the frame: come before the camera.
    NoFace,
    /// More than one person in the frame: let the others step aside.
    SeveralFaces,
    /// Too dark: turn to the light, or let staff switch it on.
    TooDark,
    /// Too bright: turn away from the window or the lamp.
    TooBright,
    /// Blurred: hold still; let staff wipe the lens.
    Blurred,
    /// Too far: come closer.
    TooFar,
    /// Too close: step back.
    TooClose,
    /// The face is at the edge of the frame: step to the middle.
    NotCentred,
    /// Turned away: look straight into the camera.
    TurnedAway,
    /// Something covers the face: take off mask, sunglasses or hat.
    Covered,
    /// Not good enough, without a better word for it: try again.
    Quality,
    /// The detector saw a picture, a screen or a mask: staff should look.
    PresentationAttack,
    /// The detector can't tell, or nobody but staff looked and the policy doesn't
    /// accept that: try again, or use another method.
    PadInconclusive,
    /// The calibration record is of another matcher, version or model, or its
    /// threshold isn't within the matcher's range: the scores mean nothing here. No
    /// frame will change that: use another method, and let staff see to the set-up.
    NotCalibrated,
}

impl InconclusiveReason {
    /// All of them, in the order of their declaration.
    pub const ALL: &'static [Self] = &[
        Self::NoFace,
        Self::SeveralFaces,
        Self::TooDark,
        Self::TooBright,
        Self::Blurred,
        Self::TooFar,
        Self::TooClose,
        Self::NotCentred,
        Self::TurnedAway,
        Self::Covered,
        Self::Quality,
        Self::PresentationAttack,
        Self::PadInconclusive,
        Self::NotCalibrated,
    ];

    /// A stable word for records and programs.
    ///
    /// ```
    /// use uketsuke::face::InconclusiveReason;
    ///
    /// assert_eq!(InconclusiveReason::TooDark.code(), "too-dark");
    /// ```
    #[must_use]
    pub const fn code(self) -> &'static str {
        match self {
            Self::NoFace => "no-face",
            Self::SeveralFaces => "several-faces",
            Self::TooDark => "too-dark",
            Self::TooBright => "too-bright",
            Self::Blurred => "blurred",
            Self::TooFar => "too-far",
            Self::TooClose => "too-close",
            Self::NotCentred => "not-centred",
            Self::TurnedAway => "turned-away",
            Self::Covered => "covered",
            Self::Quality => "quality",
            Self::PresentationAttack => "presentation-attack",
            Self::PadInconclusive => "pad-inconclusive",
            Self::NotCalibrated => "not-calibrated",
        }
    }
}

/// Proof: the person at the desk is the person on the photo of this card session.
///
/// Minted by [`MatchPolicy::decide`](super::MatchPolicy::decide) only, and used up by
/// the check-in. It says which visit and card session it is of, in which world it was
/// made and by which policy, of which photo and under which pinned key that was proved,
/// and holds the birth date that was signed with the photo.
///
/// ```compile_fail,E0599
/// fn twice(proof: uketsuke::face::FaceMatched) -> [uketsuke::face::FaceMatched; 2] {
///     [proof.clone(), proof] // not Clone
/// }
/// ```
#[derive(Debug)]
pub struct FaceMatched {
    pub(super) binding: Binding,
    pub(super) realm: Realm,
    pub(super) policy: MatchPolicyDigest,
    pub(super) birth_date: BirthDate,
    pub(super) photo: PhotoMark,
}

impl FaceMatched {
    /// Which visit and which card session.
    #[must_use]
    pub const fn binding(&self) -> Binding {
        self.binding
    }

    /// The world that camera, detector, matcher and photo belong to.
    #[must_use]
    pub const fn realm(&self) -> Realm {
        self.realm
    }

    /// The policy that decided.
    #[must_use]
    pub const fn policy(&self) -> MatchPolicyDigest {
        self.policy
    }

    /// The birth date that was signed with the photo, to be compared with the one
    /// that the centre has for the card's certificate.
    #[must_use]
    pub const fn birth_date(&self) -> &BirthDate {
        &self.birth_date
    }

    /// The photo that was compared.
    pub(crate) const fn photo(&self) -> &PhotoMark {
        &self.photo
    }
}
