//! What the centre was told for the person, beside the consents.

use super::Question;
use crate::eligibility::{Failure, Lang, PrescriptionIssue, RequestKind};

/// Something that the person chose for this visit, beside the consents.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize),
    serde(rename_all = "kebab-case")
)]
#[non_exhaustive]
pub enum Wish {
    /// How prescriptions are wanted (処方箋の発行形態).
    Prescription(PrescriptionIssue),
    /// Whether subsidies of medical costs (医療費助成, PMH) may be told to the clinic.
    Subsidies(bool),
}

impl Wish {
    /// What a question tells the centre, if that is a wish.
    pub(super) fn of(kind: &RequestKind) -> Option<Self> {
        match kind {
            RequestKind::Prescription { issue } => Some(Self::Prescription(issue.clone())),
            RequestKind::Subsidies { consent } => Some(Self::Subsidies(*consent)),
            _ => None,
        }
    }

    pub(super) fn into_question(self) -> (Question, RequestKind) {
        match self {
            Self::Prescription(issue) => {
                (Question::Prescription, RequestKind::Prescription { issue })
            }
            Self::Subsidies(consent) => (Question::Subsidies, RequestKind::Subsidies { consent }),
        }
    }

    /// One line for the receptionist.
    ///
    /// ```
    /// use uketsuke::checkin::Wish;
    /// use uketsuke::eligibility::{Lang, PrescriptionIssue};
    ///
    /// let wish = Wish::Prescription(PrescriptionIssue::Electronic);
    /// assert_eq!(wish.line(Lang::Ja), "処方箋: 電子処方箋");
    /// assert_eq!(Wish::Subsidies(false).line(Lang::En), "subsidies: not to be told");
    /// ```
    #[must_use]
    pub const fn line(&self, lang: Lang) -> &'static str {
        let (ja, en) = match self {
            Self::Prescription(PrescriptionIssue::Electronic) => {
                ("処方箋: 電子処方箋", "prescription: electronic")
            }
            Self::Prescription(PrescriptionIssue::Paper) => {
                ("処方箋: 紙の処方箋", "prescription: on paper")
            }
            Self::Prescription(_) => ("処方箋: その他", "prescription: otherwise"),
            Self::Subsidies(true) => ("医療費助成: 情報提供に同意", "subsidies: may be told"),
            Self::Subsidies(false) => (
                "医療費助成: 情報提供に同意なし",
                "subsidies: not to be told",
            ),
        };
        match lang {
            Lang::Ja => ja,
            Lang::En => en,
        }
    }
}

/// A wish, and whether the centre took it.
///
/// ```
/// use uketsuke::checkin::{Told, Wish};
/// use uketsuke::eligibility::{Failure, Lang, PrescriptionIssue};
///
/// let told = Told {
///     wish: Wish::Prescription(PrescriptionIssue::Paper),
///     not_taken: Some(Failure::TimedOut),
/// };
/// assert_eq!(
///     told.line(Lang::En),
///     "prescription: on paper (not confirmed by the centre: please ask the person, and enter it yourself)"
/// );
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
pub struct Told {
    /// What the person chose.
    pub wish: Wish,
    /// Why the centre didn't take it, or isn't known to have: then the receptionist
    /// sees to it. `None`: it did.
    pub not_taken: Option<Failure>,
}

impl Told {
    /// One line for the receptionist: the wish, and what is left to do.
    ///
    /// Where no answer came ([`Failure::TimedOut`], [`Failure::OutcomeUnknown`]) nobody
    /// knows whether the centre took it. So the line says only that this isn't
    /// confirmed; [`not_taken`](Self::not_taken) says why.
    #[must_use]
    pub fn line(&self, lang: Lang) -> String {
        let wish = self.wish.line(lang);
        if self.not_taken.is_none() {
            return wish.to_owned();
        }
        match (lang, &self.wish) {
            (Lang::Ja, Wish::Prescription(_)) => format!(
                "{wish}（センターで受け付けられたか確認できていません。ご本人に確認のうえ、窓口で入力してください）"
            ),
            (Lang::Ja, Wish::Subsidies(_)) => {
                format!(
                    "{wish}（センターで受け付けられたか確認できていません。受給者証を窓口で確認してください）"
                )
            }
            (Lang::En, Wish::Prescription(_)) => format!(
                "{wish} (not confirmed by the centre: please ask the person, and enter it yourself)"
            ),
            (Lang::En, Wish::Subsidies(_)) => format!(
                "{wish} (not confirmed by the centre: please look at the subsidy certificate, 受給者証)"
            ),
        }
    }
}
