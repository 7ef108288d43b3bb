use crate::eligibility::{AgeGroup, Document, Failure, Situation};

/// A fact that a rule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum Condition {
    /// It must be so.
    Holds(Fact),
    /// It must not be so (or not be known).
    Not(Fact),
}

impl Condition {
    pub(super) fn is_met(self, situation: &Situation, documents: &[Document]) -> bool {
        match self {
            Self::Holds(fact) => fact.holds(situation, documents),
            Self::Not(fact) => !fact.holds(situation, documents),
        }
    }
}

/// Something that is so, or isn't, in a [`Situation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum Fact {
    /// The document is in hand.
    InHand(Document),
    /// The person's My Number card is here: as [`Situation::card_here`] says. Where
    /// that is silent, named among the documents, or no phone was used and the failure
    /// isn't one that comes without a card (not brought, another card, no phones here, a
    /// question by number that wasn't sent).
    CardHere,
    /// A check by face is possible here.
    FaceOffered,
    /// A check by staff is possible here.
    StaffOffered,
    /// A card can be registered for use here.
    RegistrationOffered,
    /// The app at the counter is there.
    AppOffered,
    /// A smartphone that holds the card is taken here.
    PhoneOffered,
    /// The person checked in with one.
    PhoneUsed,
    /// The mode for disasters is open here.
    Disaster,
    /// The person is of this age group.
    Aged(AgeGroup),
    /// The certificate ends within three months.
    Expiring,
    /// The certificate has ended, and is still taken for the insurance alone.
    InGrace,
    /// The certificate has ended (in grace or not).
    Lapsed,
    /// The PIN is locked.
    PinLocked,
    /// The card never had a PIN.
    PinLessCard,
    /// The PIN can still be tried without harm.
    PinPossible,
    /// Known to be a first visit.
    FirstVisit,
    /// Known not to be a first visit.
    ReturnVisit,
}

impl Fact {
    fn holds(self, situation: &Situation, documents: &[Document]) -> bool {
        match self {
            Self::InHand(document) => documents.contains(&document),
            Self::CardHere => situation.card_here.unwrap_or_else(|| {
                let without_card = situation.phone
                    || matches!(
                        situation.failure,
                        Failure::CardNotBrought
                            | Failure::NotAMyNumberCard
                            | Failure::PhoneNotAccepted
                            | Failure::QuestionRejected
                            | Failure::ConnectorNotRunning
                            | Failure::FolderUnavailable
                    );
                documents.contains(&Document::Card) || !without_card
            }),
            Self::FaceOffered => situation.face_offered,
            Self::StaffOffered => situation.staff_offered,
            Self::RegistrationOffered => situation.registration_offered,
            Self::AppOffered => situation.app_offered,
            Self::PhoneOffered => situation.phone_offered,
            Self::PhoneUsed => situation.phone,
            Self::Disaster => situation.disaster,
            Self::Aged(group) => situation.age == Some(group),
            Self::Expiring => situation.is_expiring(),
            Self::InGrace => situation.in_grace(),
            Self::Lapsed => situation.is_lapsed(),
            Self::PinLocked => situation.is_pin_locked(),
            Self::PinLessCard => situation.is_pin_less(),
            Self::PinPossible => situation.pin_possible(),
            Self::FirstVisit => situation.first_visit == Some(true),
            Self::ReturnVisit => situation.first_visit == Some(false),
        }
    }
}
