use std::borrow::Cow;

use jiff::civil::Date;

use super::{Document, Failure, Situation};

mod table;

/// The rules that [`advise`](super::advise) follows: data, so that a product can
/// replace them when the law moves and the crate has not.
///
/// ```
/// use uketsuke::eligibility::{Action, Failure, Rule, RuleTable};
///
/// let rules = RuleTable::current().with(
///     Rule::new("our-desk", 1, Action::AskForReceptionist, "2番の窓口へどうぞ。", "Please go to desk 2.")
///         .on(&[Failure::NetworkDown]),
/// );
/// assert!(rules.rules().iter().any(|rule| rule.id == "our-desk"));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleTable {
    rules: Vec<Rule>,
}

impl RuleTable {
    /// The rules as publicly known on 2026-11-22.
    ///
    /// They turn on four dates: 2024-12-02 (no new 健康保険証; 資格確認書 and the
    /// certificate's three months of grace begin), 2025-12-01 (last day of any
    /// 健康保険証), 2026-03-31 (last day on which an expired one with a
    /// successful query by number was enough), 2026-07-31 (last day of sending
    /// 資格確認書 to everyone aged 75 and over).
    #[must_use]
    pub fn current() -> Self {
        Self {
            rules: table::current(),
        }
    }

    /// From rules of one's own.
    #[must_use]
    pub const fn new(rules: Vec<Rule>) -> Self {
        Self { rules }
    }

    /// With one more; a rule of the same id is replaced where it stands.
    #[must_use]
    pub fn with(mut self, rule: Rule) -> Self {
        match self.rules.iter_mut().find(|old| old.id == rule.id) {
            Some(old) => *old = rule,
            None => self.rules.push(rule),
        }
        self
    }

    /// Without the rule of this id.
    #[must_use]
    pub fn without(mut self, id: &str) -> Self {
        self.rules.retain(|rule| rule.id != id);
        self
    }

    /// All, in the table's order.
    #[must_use]
    pub fn rules(&self) -> &[Rule] {
        &self.rules
    }
}

/// One rule: in these cases, on these days, this is what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Names it within the table.
    pub id: Cow<'static, str>,
    /// The failures it answers.
    pub failures: Cow<'static, [Failure]>,
    /// What must all be so besides.
    pub conditions: Cow<'static, [Condition]>,
    /// First day (Japan) on which it holds; `None`: always did.
    pub from: Option<Date>,
    /// Last day on which it holds; `None`: no end known.
    pub to: Option<Date>,
    /// Lower comes first.
    pub rank: u16,
    /// What to do.
    pub action: Action,
    /// The same in plain polite Japanese.
    pub ja: Cow<'static, str>,
    /// The same in plain English.
    pub en: Cow<'static, str>,
    /// Where it comes from.
    pub source: Cow<'static, str>,
    /// When it was last looked up; `None` for what no law changes, such as
    /// placing the card again.
    pub last_verified: Option<Date>,
}

impl Rule {
    /// A rule for every failure, on every day, without source; the other methods
    /// narrow it.
    #[must_use]
    pub fn new(
        id: impl Into<Cow<'static, str>>,
        rank: u16,
        action: Action,
        ja: impl Into<Cow<'static, str>>,
        en: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            id: id.into(),
            failures: Cow::Borrowed(Failure::ALL),
            conditions: Cow::Borrowed(&[]),
            from: None,
            to: None,
            rank,
            action,
            ja: ja.into(),
            en: en.into(),
            source: Cow::Borrowed("good practice"),
            last_verified: None,
        }
    }

    /// Only for these failures.
    #[must_use]
    pub fn on(self, failures: &[Failure]) -> Self {
        Self {
            failures: Cow::Owned(failures.to_vec()),
            ..self
        }
    }

    /// Only where this is so, too.
    #[must_use]
    pub fn when(mut self, fact: Fact) -> Self {
        self.conditions.to_mut().push(Condition::Holds(fact));
        self
    }

    /// Only where this is not so, too.
    #[must_use]
    pub fn unless(mut self, fact: Fact) -> Self {
        self.conditions.to_mut().push(Condition::Not(fact));
        self
    }

    /// Only from this day on.
    #[must_use]
    pub fn from(self, day: Date) -> Self {
        Self {
            from: Some(day),
            ..self
        }
    }

    /// Only up to and with this day.
    #[must_use]
    pub fn to(self, day: Date) -> Self {
        Self {
            to: Some(day),
            ..self
        }
    }

    /// With its source, and the day when that was last looked up.
    #[must_use]
    pub fn source(self, source: impl Into<Cow<'static, str>>, last_verified: Date) -> Self {
        Self {
            source: source.into(),
            last_verified: Some(last_verified),
            ..self
        }
    }

    /// Whether it holds in this situation, on this day, with these documents.
    #[must_use]
    pub fn applies(&self, situation: &Situation, date: Date, documents: &[Document]) -> bool {
        self.failures.contains(&situation.failure)
            && self.from.is_none_or(|from| from <= date)
            && self.to.is_none_or(|to| date <= to)
            && self.conditions.iter().all(|condition| match condition {
                Condition::Holds(fact) => fact.holds(situation, documents),
                Condition::Not(fact) => !fact.holds(situation, documents),
            })
    }
}

/// A fact that a rule asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Condition {
    /// It must be so.
    Holds(Fact),
    /// It must not be so (or not be known).
    Not(Fact),
}

/// Something that is so, or isn't, in a [`Situation`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fact {
    /// The document is in hand.
    InHand(Document),
    /// The person's My Number card is here: named among the documents, or the
    /// failure is one that only a card on the reader can have.
    CardHere,
    /// A check by face is possible here.
    FaceOffered,
    /// A check by staff is possible here.
    StaffOffered,
    /// A card can be registered for use here.
    RegistrationOffered,
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
            Self::CardHere => {
                documents.contains(&Document::Card)
                    || !matches!(
                        situation.failure,
                        Failure::NotAMyNumberCard | Failure::PhoneNotAccepted
                    )
            }
            Self::FaceOffered => situation.face_offered,
            Self::StaffOffered => situation.staff_offered,
            Self::RegistrationOffered => situation.registration_offered,
            Self::Lapsed => situation.is_lapsed(),
            Self::PinLocked => situation.is_pin_locked(),
            Self::PinLessCard => situation.is_pin_less(),
            Self::PinPossible => situation.pin_possible(),
            Self::FirstVisit => situation.first_visit == Some(true),
            Self::ReturnVisit => situation.first_visit == Some(false),
        }
    }
}

macro_rules! actions {
    ($($(#[$meta:meta])* $variant:ident $code:literal,)*) => {
        /// Something to do now.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
        #[non_exhaustive]
        pub enum Action {
            $($(#[$meta])* $variant,)*
        }

        impl Action {
            /// All.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Stable code in kebab case.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }
        }
    };
}

actions! {
    /// Place the card once more.
    PlaceCardAgain "place-card-again",
    /// Take the card out of its sleeve.
    TakeOffSleeve "take-off-sleeve",
    /// Use the check by face.
    TryFace "try-face",
    /// Use the PIN.
    TryPin "try-pin",
    /// Ask staff to compare the photo (目視確認).
    AskStaffCheck "ask-staff-check",
    /// Try again in a while.
    TryAgainLater "try-again-later",
    /// Use another reader, or the app at the counter.
    UseOtherReader "use-other-reader",
    /// Register the card as an insurance card on the reader (利用登録).
    RegisterAtReader "register-at-reader",
    /// Show a 資格確認書.
    ShowQualificationCertificate "show-qualification-certificate",
    /// Show the 資格情報のお知らせ together with the card.
    ShowNoticeWithCard "show-notice-with-card",
    /// Open the insurance screen of マイナポータル and show it with the card.
    ShowPortalScreenWithCard "show-portal-screen-with-card",
    /// Show a saved PDF of マイナポータル with the card.
    ShowPortalPdfWithCard "show-portal-pdf-with-card",
    /// Show the 健康保険証 of old, while it was valid.
    ShowOldInsuranceCard "show-old-insurance-card",
    /// Let the clinic ask by the numbers of the insurance.
    QueryByNumber "query-by-number",
    /// Let the clinic compare with what it has on record.
    AskPastRecord "ask-past-record",
    /// Write a declaration of insurance (被保険者資格申立書).
    WriteDeclaration "write-declaration",
    /// Reset the PIN at a convenience store.
    ConvenienceStoreReset "convenience-store-reset",
    /// Go to the municipal office.
    MunicipalOffice "municipal-office",
    /// Ask the insurer or the employer.
    ContactInsurer "contact-insurer",
    /// Staff: use the mode for system outages (システム障害時モード).
    SystemOutageMode "system-outage-mode",
    /// Staff: call the call centre.
    CallCentre "call-centre",
    /// Speak to the reception.
    AskForReceptionist "ask-for-receptionist",
    /// Pay in full (10割) for now and claim the money back. Always last.
    PayInFullForNow "pay-in-full-for-now",
}
