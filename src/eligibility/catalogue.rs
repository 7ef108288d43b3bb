#![doc = include_str!("catalogue.md")]

use std::fmt::Write as _;

use jiff::civil::Date;

use super::{AdviceItem, Failure, Lang, RuleTable, Situation, advise};

macro_rules! words {
    ($(#[$meta:meta])* $name:ident { $($(#[$variant_meta:meta])* $variant:ident $code:literal $ja:literal $en:literal,)* }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[cfg_attr(feature = "serde", derive(serde::Serialize), serde(rename_all = "kebab-case"))]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$variant_meta])* $variant,)*
        }

        impl $name {
            /// All.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Stable code in kebab case.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code,)* }
            }

            /// In words.
            #[must_use]
            pub const fn text(self, lang: Lang) -> &'static str {
                match (self, lang) {
                    $((Self::$variant, Lang::Ja) => $ja, (Self::$variant, Lang::En) => $en,)*
                }
            }
        }
    };
}

words! {
    /// Where the cause of a [`Failure`] lies: whom to ask, what to look at.
    ///
    /// ```
    /// use uketsuke::eligibility::{Failure, Lang, Place};
    ///
    /// assert_eq!(Failure::FolderUnavailable.place(), Place::Program);
    /// assert_eq!(Place::Program.text(Lang::En), "the programs here");
    /// ```
    Place {
        /// The card, or the certificate on it.
        Card "card" "カード" "the card",
        /// The phone, or the certificate in it.
        Phone "phone" "スマートフォン" "the phone",
        /// The card reader with its camera.
        Reader "reader" "カードリーダー" "the card reader",
        /// The person: what they brought, know, or chose.
        Person "person" "ご本人" "the person",
        /// The reception and what it is set up to do.
        Desk "desk" "受付" "the desk",
        /// The way to the centre.
        Network "network" "通信" "the network",
        /// The eligibility system, or what it has on record.
        Centre "centre" "資格を確認するシステム" "the insurance checking system",
        /// A program here, its folders or settings.
        Program "program" "こちらのプログラム" "the programs here",
    }
}

words! {
    /// Whether to try again after a [`Failure`].
    ///
    /// That is for people to decide. A program repeats nothing by itself: a second PIN could
    /// be the last try, and a question that was possibly sent may still be answered.
    ///
    /// ```
    /// use uketsuke::eligibility::{Failure, Retry};
    ///
    /// assert_eq!(Failure::CardRemoved.retry(), Retry::AtOnce);
    /// assert_eq!(Failure::PinLocked.retry(), Retry::OtherMethod);
    /// ```
    Retry {
        /// At once, by the first thing to do: place the card again, or the right one.
        AtOnce "at-once" "すぐに、もう一度お試しいただけます。" "You can try again at once.",
        /// The same doesn't help; another method, reader or question may.
        OtherMethod "other-method" "ほかの方法をお試しください。" "Please try another way.",
        /// When what is out of order works again, or the answer is there.
        Later "later" "しばらくしてから、お試しください。" "Please try again a little later.",
        /// Not until something was changed: the card renewed, a record corrected.
        Not "not" "もう一度行っても、結果は同じです。" "Trying again gives the same result.",
    }
}

// Neither `match` has a wildcard: a new failure doesn't compile until it is answered.
impl Failure {
    /// Where its cause lies.
    #[must_use]
    pub const fn place(self) -> Place {
        match self {
            Self::NotAMyNumberCard
            | Self::CardUnreadable
            | Self::CardExpired
            | Self::CertificateLapsed
            | Self::CertificateNotYetValid
            | Self::CertificateRevoked
            | Self::CertificateInvalid
            | Self::WrongRealm
            | Self::PinLocked
            | Self::PinOutcomeUnknown
            | Self::PinLessCard
            | Self::PhotoNotProved
            | Self::BirthDateDiffers
            | Self::SignatureInvalid => Place::Card,
            Self::PhoneUnreadable
            | Self::PhonePinLocked
            | Self::PhoneCertificateInvalid
            | Self::PhoneHolderNotConfirmed => Place::Phone,
            Self::ReaderFault | Self::ReaderBusy | Self::FaceUnavailable => Place::Reader,
            Self::CardNotBrought
            | Self::CardRemoved
            | Self::PinForgotten
            | Self::LastTryDeclined
            | Self::FaceNotRecognised
            | Self::RegistrationDeclined
            | Self::Cancelled
            | Self::PersonTimedOut => Place::Person,
            Self::StaffRefused
            | Self::StaffLocked
            | Self::QuestionRejected
            | Self::PersonUnclear
            | Self::NameIncomplete
            | Self::NotEquipped
            | Self::Disaster
            | Self::PhoneNotAccepted => Place::Desk,
            Self::NetworkDown | Self::TimedOut | Self::OutcomeUnknown => Place::Network,
            Self::CentreDown
            | Self::SystemOutage
            | Self::StillProcessing
            | Self::AbnormalAnswer
            | Self::ProofRefused
            | Self::NotRegistered
            | Self::NoSuchInsured
            | Self::InsuranceInvalid
            | Self::InsuranceReplaced
            | Self::SeveralInsured
            | Self::MedicalAidUnregistered => Place::Centre,
            Self::ConnectorNotRunning
            | Self::FolderUnavailable
            | Self::Misconfigured
            | Self::Internal => Place::Program,
        }
    }

    /// Whether to try again.
    #[must_use]
    pub const fn retry(self) -> Retry {
        match self {
            Self::NotAMyNumberCard
            | Self::CardUnreadable
            | Self::CardRemoved
            | Self::ReaderBusy
            // The tries are read anew before anybody types.
            | Self::PinOutcomeUnknown
            | Self::SignatureInvalid
            | Self::TimedOut
            | Self::OutcomeUnknown
            | Self::AbnormalAnswer
            | Self::PersonUnclear
            | Self::NotRegistered
            | Self::RegistrationDeclined
            | Self::ProofRefused
            | Self::PhoneUnreadable
            | Self::PhoneHolderNotConfirmed
            | Self::Cancelled
            | Self::PersonTimedOut => Retry::AtOnce,
            Self::CardNotBrought
            | Self::ReaderFault
            | Self::PinLocked
            | Self::PinForgotten
            | Self::LastTryDeclined
            | Self::PinLessCard
            | Self::FaceNotRecognised
            | Self::FaceUnavailable
            | Self::PhotoNotProved
            | Self::BirthDateDiffers
            | Self::StaffRefused
            | Self::StaffLocked
            | Self::QuestionRejected
            | Self::InsuranceReplaced
            | Self::SeveralInsured
            | Self::PhoneNotAccepted
            | Self::PhonePinLocked
            | Self::PhoneCertificateInvalid
            | Self::Misconfigured
            | Self::Internal => Retry::OtherMethod,
            Self::NetworkDown
            | Self::CentreDown
            | Self::SystemOutage
            | Self::StillProcessing
            | Self::ConnectorNotRunning
            | Self::FolderUnavailable => Retry::Later,
            Self::CardExpired
            | Self::CertificateLapsed
            | Self::CertificateNotYetValid
            | Self::CertificateRevoked
            | Self::CertificateInvalid
            | Self::WrongRealm
            | Self::NameIncomplete
            | Self::NotEquipped
            | Self::Disaster
            | Self::NoSuchInsured
            | Self::InsuranceInvalid
            | Self::MedicalAidUnregistered => Retry::Not,
        }
    }
}

/// A failure with everything that is to be known of it.
///
/// For a manual in one language take the texts of it: [`Failure::cause`],
/// [`Place::text`], [`Retry::text`], and of each remedy [`AdviceItem::text`]; whether that
/// is for the person or for staff, its action says
/// ([`is_for_person`](super::Action::is_for_person)).
///
/// ```
/// use jiff::civil::date;
/// use uketsuke::eligibility::catalogue::Entry;
/// use uketsuke::eligibility::{Action, Failure, RuleTable};
///
/// let entry = Entry::new(Failure::PinLocked, date(2026, 11, 22), &RuleTable::current());
/// let face = entry.remedies.iter().find(|remedy| remedy.item.action == Action::TryFace);
/// assert!(face.is_some_and(|face| face.where_offered));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Entry {
    /// The failure.
    pub failure: Failure,
    /// Where its cause lies.
    pub place: Place,
    /// Whether to try again.
    pub retry: Retry,
    /// What to do, best first.
    pub remedies: Vec<Remedy>,
}

/// Something to do after a failure.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Remedy {
    /// What.
    pub item: AdviceItem,
    /// Only where the desk has what it takes: a camera, staff with a passcode, the app at the
    /// counter, a reader for phones.
    pub where_offered: bool,
}

impl Entry {
    /// By these rules on this date, for the plain situation: nothing more is known than the
    /// failure.
    #[must_use]
    pub fn new(failure: Failure, date: Date, rules: &RuleTable) -> Self {
        let plain = Situation::of(failure);
        let equipped = Situation {
            face_offered: true,
            staff_offered: true,
            app_offered: true,
            phone_offered: true,
            ..plain.clone()
        };
        let plain = advise(&plain, date, &[], rules).items;
        let remedy = |item: AdviceItem| Remedy {
            where_offered: plain.iter().all(|plain| plain.action != item.action),
            item,
        };
        let all = advise(&equipped, date, &[], rules).items;
        Self {
            failure,
            place: failure.place(),
            retry: failure.retry(),
            remedies: all.into_iter().map(remedy).collect(),
        }
    }

    /// All failures.
    #[must_use]
    pub fn all(date: Date, rules: &RuleTable) -> Vec<Self> {
        let entry = |failure: &Failure| Self::new(*failure, date, rules);
        Failure::ALL.iter().map(entry).collect()
    }

    fn write(&self, to: &mut String) {
        let Self {
            failure,
            place,
            retry,
            remedies,
        } = self;
        let (ja, en) = (Lang::Ja, Lang::En);
        // Writing into a string can't fail.
        let _ = write!(
            to,
            "\n## {failure}\n\n{}\n\n{}\n\n| | |\n|---|---|\n\
             | 原因の場所 · Where | {} · {} |\n| もう一度 · Again | {} · {} |\n| 種類 · Kind | {} |\n\n\
             | | 対応 · What to do | | |\n|---|---|---|---|\n",
            failure.cause(ja),
            failure.cause(en),
            place.text(ja),
            place.text(en),
            retry.text(ja),
            retry.text(en),
            kind(*failure),
        );
        for (number, remedy) in (1..).zip(remedies) {
            let (item, mark) = (&remedy.item, if remedy.where_offered { " ※" } else { "" });
            let code = item.action.code();
            let (ja, en) = (item.text(ja), item.text(en));
            let _ = writeln!(to, "| {number} | `{code}`{mark} | {ja} | {en} |");
        }
    }
}

/// All of it as text, such as the one of this page: for a product with rules of its own.
#[must_use]
pub fn markdown(date: Date, rules: &RuleTable) -> String {
    let entries = Entry::all(date, rules);
    let mut text = format!(
        "受付がうまくいかないときの、原因と対応の一覧です。それぞれのコード、原因、原因の場所、もう一度試してよいかどうか、対応を記しています。\
         対応は {date} の規則によるもので、コードのほかに何もわかっていない場合のものです。※の対応は、設備のある受付だけで使えます。\n\n\
         Every failure with its code, which is stable, its cause, where that lies, what to do, and \
         whether to try again. What to do is by the rules on {date}, where nothing more is known than \
         the failure; with a whole [`Situation`](super::Situation), [`advise`](super::advise) says \
         less and says it better. What is marked with ※ is only for desks that have what it takes: a camera, \
         staff with a passcode, the app at the counter, a reader for phones.\n\n\
         This page is made from the code (`tests/catalogue.rs`).\n\n\
         | code | 場所 · where | もう一度 · again |\n|---|---|---|\n"
    );
    for entry in &entries {
        let (code, place, retry) = (entry.failure, entry.place.code(), entry.retry.code());
        let _ = writeln!(text, "| [`{code}`](#{code}) | {place} | {retry} |");
    }
    for entry in &entries {
        entry.write(&mut text);
    }
    text
}

const fn kind(failure: Failure) -> &'static str {
    if failure.is_refusal() {
        "この方法では受付できません · the person can't be accepted this way"
    } else {
        "確認そのものができていません · the check itself is broken, and says nothing of the person"
    }
}
