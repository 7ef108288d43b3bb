use super::{AgeGroup, Failure, Lang};
use crate::trust::Standing;

/// A document or device that the person has with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
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

    /// Whether it counts only beside the My Number card itself.
    ///
    /// ```
    /// use uketsuke::eligibility::Document;
    ///
    /// assert!(Document::QualificationNotice.needs_card());
    /// assert!(!Document::QualificationCertificate.needs_card());
    /// ```
    #[must_use]
    pub const fn needs_card(self) -> bool {
        matches!(
            self,
            Self::QualificationNotice | Self::PortalScreen | Self::PortalPdf
        )
    }

    /// What a reception calls it.
    #[must_use]
    pub const fn name(self, lang: Lang) -> &'static str {
        match (self, lang) {
            (Self::Card, Lang::Ja) => "マイナンバーカード",
            (Self::Card, Lang::En) => "My Number card",
            (Self::QualificationCertificate, Lang::Ja) => "資格確認書",
            (Self::QualificationCertificate, Lang::En) => "Certificate of Eligibility",
            (Self::QualificationNotice, Lang::Ja) => "資格情報のお知らせ",
            (Self::QualificationNotice, Lang::En) => "Notice of Eligibility",
            (Self::PortalScreen, Lang::Ja) => "マイナポータルの画面",
            (Self::PortalScreen, Lang::En) => "Mynaportal screen",
            (Self::PortalPdf, Lang::Ja) => "マイナポータルのPDF",
            (Self::PortalPdf, Lang::En) => "Mynaportal PDF",
            (Self::ExpiredInsuranceCard, Lang::Ja) => "以前の健康保険証",
            (Self::ExpiredInsuranceCard, Lang::En) => "old insurance card",
            (Self::Smartphone, Lang::Ja) => "スマートフォン",
            (Self::Smartphone, Lang::En) => "smartphone",
        }
    }
}

/// The whole situation that advice depends on. Begin with [`of`](Self::of) and set
/// what else is known, or write `Situation { .., ..Situation::of(failure) }`: more
/// may come with the next version.
///
/// ```
/// use uketsuke::eligibility::{AgeGroup, Failure, Situation};
///
/// // Asked by number for somebody who came without a card.
/// let situation = Situation {
///     card_here: Some(false),
///     age: Some(AgeGroup::Adult),
///     ..Situation::of(Failure::TimedOut)
/// };
/// assert!(!situation.card_may_count());
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Situation {
    /// What ended the check-in, or the clinic's question.
    pub failure: Failure,
    /// Whether the My Number card is at the desk. `None`: as the failure and the
    /// documents say, and where these leave it open, it is. Say it for questions by
    /// number.
    pub card_here: Option<bool>,
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
    /// Staff can check a card with the app at the counter (マイナ資格確認アプリ), on a
    /// link of its own.
    pub app_offered: bool,
    /// This place takes a My Number card in a smartphone (スマートフォンのマイナンバーカード).
    pub phone_offered: bool,
    /// The person checked in with a phone (スマートフォンのマイナンバーカード): what is said
    /// of a PIN or a certificate is of the phone's, and where the card is isn't known.
    pub phone: bool,
    /// The ministry has opened the mode for disasters (災害時モード) for this region.
    pub disaster: bool,
    /// How old the person is, where that is known.
    pub age: Option<AgeGroup>,
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
            card_here: None,
            standing: None,
            lapsed: matches!(failure, Failure::CertificateLapsed | Failure::CardExpired),
            pin_locked: matches!(failure, Failure::PinLocked),
            pin_less_card: matches!(failure, Failure::PinLessCard),
            face_offered: false,
            staff_offered: false,
            registration_offered: true,
            app_offered: false,
            phone_offered: false,
            phone: matches!(
                failure,
                Failure::PhoneUnreadable
                    | Failure::PhonePinLocked
                    | Failure::PhoneCertificateInvalid
                    | Failure::PhoneHolderNotConfirmed
            ),
            disaster: matches!(failure, Failure::Disaster),
            age: None,
            first_visit: None,
        }
    }

    /// The certificate has ended, and the centre still takes it for the insurance
    /// alone (電子証明書の有効期限から3か月の猶予).
    #[must_use]
    pub const fn in_grace(&self) -> bool {
        matches!(self.standing, Some(Standing::Grace { .. }))
    }

    /// The certificate ends within three months.
    #[must_use]
    pub const fn is_expiring(&self) -> bool {
        matches!(self.standing, Some(Standing::Expiring { .. }))
    }

    /// The certificate has ended, in grace or not.
    #[must_use]
    pub const fn is_lapsed(&self) -> bool {
        self.lapsed
            || matches!(
                self.failure,
                Failure::CertificateLapsed | Failure::CardExpired
            )
            || self.in_grace()
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
                    | Failure::PhonePinLocked
                    | Failure::PhoneCertificateInvalid
            )
    }

    /// Whether a phone can serve now: it is taken here, its certificate, which ends
    /// with the card's and has no grace, is good, and its PIN isn't what failed.
    ///
    /// ```
    /// use uketsuke::eligibility::{Failure, Situation};
    ///
    /// let offered = |failure| Situation { phone_offered: true, ..Situation::of(failure) };
    /// assert!(offered(Failure::PinLocked).phone_possible());
    /// assert!(!offered(Failure::PhonePinLocked).phone_possible());
    /// ```
    #[must_use]
    pub const fn phone_possible(&self) -> bool {
        let not_by_its_pin = self.phone
            && matches!(
                self.failure,
                Failure::PinForgotten | Failure::LastTryDeclined | Failure::PinOutcomeUnknown
            );
        self.phone_offered
            && !self.is_lapsed()
            && !not_by_its_pin
            && !matches!(
                self.failure,
                Failure::PhoneNotAccepted
                    | Failure::PhonePinLocked
                    | Failure::PhoneCertificateInvalid
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

    /// Whether card or person are in doubt: then no document counts because of
    /// the card, and nobody is looked up without one.
    #[must_use]
    pub const fn in_doubt(&self) -> bool {
        matches!(
            self.failure,
            Failure::SignatureInvalid
                | Failure::CertificateInvalid
                | Failure::WrongRealm
                | Failure::PhotoNotProved
                | Failure::BirthDateDiffers
                | Failure::StaffRefused
        )
    }

    /// Whether the plastic card can still serve beside another document: not once
    /// it is past its own date or isn't here, nor while it is
    /// [in doubt](Self::in_doubt).
    #[must_use]
    pub const fn card_may_count(&self) -> bool {
        !self.in_doubt()
            && !matches!(self.card_here, Some(false))
            && !matches!(self.failure, Failure::CardExpired | Failure::CardNotBrought)
    }
}
