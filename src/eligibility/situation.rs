use super::Failure;
use crate::trust::Standing;

/// A document or device that the person has with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum Document {
    /// The My Number card (マイナンバーカード).
    Card,
    /// 資格確認書: stands alone.
    QualificationCertificate,
    /// 資格情報のお知らせ: counts only together with the card.
    QualificationNotice,
    /// The insurance screen of マイナポータル, opened now: only together with the card.
    PortalScreen,
    /// The same as a PDF saved earlier: only together with the card.
    PortalPdf,
    /// The paper insurance card of old (健康保険証), no longer issued since 2024-12-02.
    ExpiredInsuranceCard,
    /// A smartphone.
    Smartphone,
}

impl Document {
    /// All.
    pub const ALL: &'static [Self] = &[
        Self::Card,
        Self::QualificationCertificate,
        Self::QualificationNotice,
        Self::PortalScreen,
        Self::PortalPdf,
        Self::ExpiredInsuranceCard,
        Self::Smartphone,
    ];
}

/// The whole situation that advice depends on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    /// What ended the check-in.
    pub failure: Failure,
    /// Standing of the certificate, where it was validated.
    pub standing: Option<Standing>,
    /// The certificate is known to have lapsed.
    pub lapsed: bool,
    /// The PIN is known to be locked.
    pub pin_locked: bool,
    /// A card without PIN (顔認証マイナンバーカード).
    pub pin_less_card: bool,
    /// A check by face (顔認証) is possible on this reader.
    pub face_offered: bool,
    /// A check by staff (目視確認) is possible at this desk.
    pub staff_offered: bool,
    /// A card can be registered for use (利用登録) on this reader; true unless
    /// said otherwise.
    pub registration_offered: bool,
    /// Whether the person is here for the first time, where that is known.
    pub first_visit: Option<bool>,
}

impl Situation {
    /// Only the failure is known, and what it implies.
    ///
    /// ```
    /// use uketsuke::eligibility::{Failure, Situation};
    ///
    /// assert!(Situation::of(Failure::PinLocked).pin_locked);
    /// assert!(!Situation::of(Failure::NetworkDown).pin_locked);
    /// ```
    #[must_use]
    pub const fn of(failure: Failure) -> Self {
        Self {
            failure,
            standing: None,
            lapsed: matches!(failure, Failure::CertificateLapsed | Failure::CardExpired),
            pin_locked: matches!(failure, Failure::PinLocked),
            pin_less_card: matches!(failure, Failure::PinLessCard),
            face_offered: false,
            staff_offered: false,
            registration_offered: true,
            first_visit: None,
        }
    }

    /// The certificate has ended, in grace or not.
    #[must_use]
    pub const fn is_lapsed(&self) -> bool {
        self.lapsed
            || matches!(
                self.failure,
                Failure::CertificateLapsed | Failure::CardExpired
            )
            || matches!(self.standing, Some(Standing::Grace { .. }))
    }

    /// The PIN is locked.
    #[must_use]
    pub const fn is_pin_locked(&self) -> bool {
        self.pin_locked || matches!(self.failure, Failure::PinLocked)
    }

    /// The card never had a PIN.
    #[must_use]
    pub const fn is_pin_less(&self) -> bool {
        self.pin_less_card || matches!(self.failure, Failure::PinLessCard)
    }

    /// Whether the person can still log in to マイナポータル now: that takes a
    /// certificate in force and a PIN that is known, with more than one try to
    /// lose.
    #[must_use]
    pub const fn portal_login_possible(&self) -> bool {
        !self.is_lapsed()
            && !self.is_pin_locked()
            && !self.is_pin_less()
            && !matches!(
                self.failure,
                Failure::CertificateNotYetValid
                    | Failure::CertificateRevoked
                    | Failure::CertificateInvalid
                    | Failure::PinForgotten
                    | Failure::LastTryDeclined
                    | Failure::PinOutcomeUnknown
                    | Failure::SignatureInvalid
                    | Failure::WrongRealm
            )
    }

    /// Whether a PIN can still be tried without harm.
    #[must_use]
    pub const fn pin_possible(&self) -> bool {
        !self.is_pin_locked()
            && !self.is_pin_less()
            && !matches!(
                self.failure,
                Failure::PinForgotten | Failure::LastTryDeclined | Failure::PinOutcomeUnknown
            )
    }
}
