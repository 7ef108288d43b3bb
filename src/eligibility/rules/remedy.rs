//! Which remedies help after which failure: the whole plan on one page.
//!
//! Neither `match` here has a wildcard, nor has the one that gives each remedy its
//! rules ([`super::table`]): a new failure doesn't compile until it is answered.

use crate::eligibility::Failure;

macro_rules! remedies {
    ($($(#[$meta:meta])* $variant:ident,)*) => {
        /// Rules that belong together.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub(super) enum Remedy {
            $($(#[$meta])* $variant,)*
        }

        impl Remedy {
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant),*];
        }
    };
}

remedies! {
    /// Take the card out of its sleeve.
    Sleeve,
    /// Place the right card.
    RightCard,
    /// Place the card again: a second attempt of seconds is the remedy.
    Again,
    /// Place the card again, after other things.
    AgainLater,
    /// Use the reader instead of numbers.
    CardInstead,
    /// The certificate ended, and the card still serves.
    Grace,
    /// The card instead of a phone.
    CardForPhone,
    /// The phone once more.
    PhoneAgain,
    /// The check by face instead of the PIN.
    Face,
    /// The check by face instead of staff.
    FaceAfterStaff,
    /// The PIN instead of the face.
    Pin,
    /// The check by staff.
    Staff,
    /// Register the card here.
    Register,
    /// The same, after the person said no.
    RegisterAfterAll,
    /// Another reader, or the app at the counter.
    OtherDevice,
    /// A phone that holds the card.
    Phone,
    /// Documents that count with the card, where they come to mind first.
    CardAndDocument,
    /// The same where they come late.
    CardAndDocumentLate,
    /// A question by number.
    Query,
    /// A question by number that tells several insurances apart.
    QueryWithBranch,
    /// A question by the number of the new insurance.
    QueryNew,
    /// Past record, then a declaration.
    Declare,
    /// A declaration, after what is for next time.
    DeclareLate,
    /// Look again in a while.
    Later,
    /// The check goes on by itself.
    Wait,
    /// The rest is the staff's.
    WaitForDesk,
    /// The mode for system outages.
    Outage,
    /// The mode for system outages is open.
    OutageOpen,
    /// The search without a card.
    Search,
    /// The call centre.
    CallCentre,
    /// Who maintains this system.
    Maintainer,
    /// Reader and terminal off and on.
    Restart,
    /// Is the connector running?
    Connector,
    /// Are the folders there?
    Folders,
    /// Were the numbers right?
    Question,
    /// Whose result is it?
    MatchPerson,
    /// Is the card what it looks like?
    LookAtCard,
    /// What do the missing characters say?
    MissingCharacters,
    /// The welfare office.
    Welfare,
    /// In full for now.
    PayLast,
    /// A new card.
    RenewCard,
    /// A new PIN.
    ResetPin,
    /// A new PIN for the phone.
    ResetPhonePin,
    /// A new certificate for the phone.
    RenewPhone,
    /// A first PIN.
    SetPin,
    /// Ask the municipal office about the certificate.
    AskAboutCertificate,
    /// Ask the insurer about a change.
    Insurer,
    /// Ask the insurer for a 資格確認書.
    AskForCertificate,
}

impl Remedy {
    /// The failures after which it helps.
    pub(super) fn failures(self) -> Vec<Failure> {
        let helps = |failure: &Failure| remedies(*failure).contains(&self);
        Failure::ALL.iter().copied().filter(helps).collect()
    }
}

/// What helps after a failure, besides what helps after each. The order is by the
/// ranks of the rules, not by this list.
#[allow(clippy::too_many_lines)] // A table.
const fn remedies(failure: Failure) -> &'static [Remedy] {
    use Remedy as R;
    match failure {
        Failure::CardNotBrought => &[R::Phone, R::Query, R::PayLast],
        Failure::NotAMyNumberCard => &[
            R::Sleeve,
            R::RightCard,
            R::Again,
            R::CardAndDocumentLate,
            R::Query,
        ],
        Failure::CardUnreadable => &[
            R::Sleeve,
            R::Again,
            R::OtherDevice,
            R::Phone,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::Query,
        ],
        Failure::ReaderFault => &[
            R::OtherDevice,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::Query,
            R::Later,
            R::Restart,
            R::CallCentre,
        ],
        Failure::ReaderBusy => &[
            R::Again,
            R::OtherDevice,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::Query,
            R::Later,
        ],
        Failure::Misconfigured => &[
            R::OtherDevice,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::Query,
            R::Maintainer,
        ],
        Failure::Internal => &[
            R::AgainLater,
            R::OtherDevice,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::Query,
            R::Later,
            R::CallCentre,
            R::Maintainer,
        ],
        Failure::CardRemoved | Failure::Cancelled | Failure::PersonTimedOut => {
            &[R::CardForPhone, R::Again, R::CardAndDocumentLate, R::Query]
        }
        Failure::CardExpired => &[
            R::Query,
            R::DeclareLate,
            R::PayLast,
            R::RenewCard,
            R::AskForCertificate,
        ],
        Failure::CertificateLapsed => &[
            R::Grace,
            R::CardAndDocumentLate,
            R::Query,
            R::DeclareLate,
            R::PayLast,
            R::AskForCertificate,
        ],
        Failure::CertificateNotYetValid => &[
            R::CardAndDocumentLate,
            R::Query,
            R::DeclareLate,
            R::PayLast,
            R::AskAboutCertificate,
        ],
        Failure::CertificateRevoked => &[
            R::CardAndDocumentLate,
            R::Query,
            R::DeclareLate,
            R::PayLast,
            R::AskAboutCertificate,
            R::AskForCertificate,
        ],
        Failure::CertificateInvalid => &[R::Query, R::PayLast, R::AskAboutCertificate],
        Failure::SignatureInvalid => &[R::AgainLater, R::PayLast, R::AskAboutCertificate],
        Failure::WrongRealm => &[R::PayLast],
        Failure::PinLocked | Failure::PinForgotten | Failure::LastTryDeclined => &[
            R::CardForPhone,
            R::Face,
            R::Staff,
            R::Phone,
            R::CardAndDocumentLate,
            R::Query,
            R::DeclareLate,
            R::ResetPin,
            R::ResetPhonePin,
        ],
        Failure::PinOutcomeUnknown => &[
            R::CardForPhone,
            R::Again,
            R::Face,
            R::Staff,
            R::CardAndDocumentLate,
            R::Query,
            R::DeclareLate,
        ],
        Failure::PinLessCard => &[
            R::Face,
            R::Staff,
            R::CardAndDocumentLate,
            R::Query,
            R::DeclareLate,
            R::SetPin,
            R::AskForCertificate,
        ],
        Failure::FaceNotRecognised => &[
            R::Pin,
            R::Staff,
            R::Phone,
            R::CardAndDocumentLate,
            R::Query,
            R::DeclareLate,
        ],
        Failure::FaceUnavailable => &[
            R::Pin,
            R::Staff,
            R::Phone,
            R::CardAndDocumentLate,
            R::Query,
            R::DeclareLate,
            R::Later,
        ],
        // Staff look at the card first: it is the card that is in doubt, not the person.
        Failure::PhotoNotProved | Failure::BirthDateDiffers => &[
            R::Staff,
            R::Pin,
            R::Phone,
            R::Query,
            R::PayLast,
            R::LookAtCard,
        ],
        Failure::StaffRefused => &[R::Pin, R::FaceAfterStaff, R::PayLast],
        Failure::StaffLocked => &[
            R::Pin,
            R::FaceAfterStaff,
            R::CardAndDocumentLate,
            R::Query,
            R::DeclareLate,
            R::Later,
        ],
        Failure::NetworkDown => &[
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::Later,
            R::CallCentre,
        ],
        Failure::CentreDown => &[
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::Later,
            R::Outage,
            R::CallCentre,
        ],
        Failure::SystemOutage => &[
            R::WaitForDesk,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::OutageOpen,
        ],
        Failure::Disaster => &[R::CardAndDocumentLate, R::Search],
        Failure::TimedOut | Failure::OutcomeUnknown => &[
            R::AgainLater,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::Later,
            R::CallCentre,
        ],
        Failure::AbnormalAnswer => &[
            R::AgainLater,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::Later,
            R::Outage,
            R::CallCentre,
        ],
        Failure::StillProcessing => &[
            R::Wait,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
        ],
        Failure::QuestionRejected => &[
            R::CardInstead,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::Question,
            R::CallCentre,
        ],
        Failure::ConnectorNotRunning => &[
            R::CardInstead,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::Later,
            R::Connector,
            R::CallCentre,
        ],
        Failure::FolderUnavailable => &[
            R::CardInstead,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::Later,
            R::Folders,
        ],
        Failure::NotEquipped => &[
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::AskForCertificate,
        ],
        Failure::NotRegistered => &[R::Register, R::Query, R::PayLast, R::AskForCertificate],
        Failure::RegistrationDeclined => &[
            R::RegisterAfterAll,
            R::Query,
            R::PayLast,
            R::AskForCertificate,
        ],
        Failure::NoSuchInsured | Failure::InsuranceInvalid => &[
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::Query,
            R::PayLast,
            R::Insurer,
        ],
        Failure::InsuranceReplaced => &[
            R::CardInstead,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::QueryNew,
            R::PayLast,
            R::Insurer,
        ],
        Failure::SeveralInsured => &[
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::QueryWithBranch,
            R::Query,
            R::PayLast,
            R::Insurer,
        ],
        Failure::MedicalAidUnregistered => &[R::WaitForDesk, R::Welfare],
        Failure::ProofRefused => &[
            R::AgainLater,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Declare,
            R::Query,
            R::CallCentre,
        ],
        Failure::PersonUnclear => &[R::Again, R::CardAndDocumentLate, R::MatchPerson],
        Failure::NameIncomplete => &[R::WaitForDesk, R::MatchPerson, R::MissingCharacters],
        Failure::PhoneNotAccepted => &[
            R::RightCard,
            R::CardAndDocument,
            R::CardAndDocumentLate,
            R::Query,
        ],
        Failure::PhoneUnreadable | Failure::PhoneHolderNotConfirmed => &[
            R::CardForPhone,
            R::PhoneAgain,
            R::CardAndDocumentLate,
            R::Query,
            R::DeclareLate,
        ],
        Failure::PhonePinLocked => &[
            R::CardForPhone,
            R::CardAndDocumentLate,
            R::Query,
            R::DeclareLate,
            R::ResetPhonePin,
        ],
        Failure::PhoneCertificateInvalid => &[
            R::CardForPhone,
            R::CardAndDocumentLate,
            R::Query,
            R::DeclareLate,
            R::PayLast,
            R::RenewPhone,
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_failure_is_left_without_a_remedy_and_no_remedy_without_a_failure() {
        for &failure in Failure::ALL {
            let remedies = remedies(failure);
            assert!(!remedies.is_empty(), "{failure}");
            for (i, remedy) in remedies.iter().enumerate() {
                assert!(!remedies[..i].contains(remedy), "{failure}: {remedy:?}");
            }
        }
        for remedy in Remedy::ALL {
            assert!(!remedy.failures().is_empty(), "{remedy:?}");
        }
    }
}
