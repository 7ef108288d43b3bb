use std::borrow::Cow;

use jiff::civil::Date;

use super::{Action, Document, Failure, Lang, Rule, RuleTable, Situation};

/// Who was just refused reads this many things to do, not nine.
const LINES_FOR_PERSON: usize = 3;

/// What to do now: by the whole situation, the date in Japan, the documents in
/// hand, and the rules.
///
/// The best comes first. The list is never empty: where no rule fits, it says to
/// ask the reception. Whatever the table says, four things hold: a document
/// that counts only with the card is not advised where there can be no valid
/// card; a live login to マイナポータル is never advised where it can't work or
/// would cost a PIN try (certificate lapsed or not good, PIN locked, forgotten or
/// never set); after a phone, the check by face, staff or the card's PIN isn't advised
/// before the card is there; and to pay in full is never first.
///
/// ```
/// use jiff::civil::date;
/// use uketsuke::eligibility::{Action, Document, Failure, RuleTable, Situation, advise};
///
/// let advice = advise(
///     &Situation::of(Failure::NetworkDown),
///     date(2026, 11, 22),
///     &[Document::Card, Document::QualificationNotice],
///     &RuleTable::current(),
/// );
/// assert_eq!(advice.items[0].action, Action::ShowNoticeWithCard);
/// ```
#[must_use]
pub fn advise(
    situation: &Situation,
    date: Date,
    documents: &[Document],
    rules: &RuleTable,
) -> Advice {
    let mut fitting: Vec<&Rule> = rules
        .rules()
        .iter()
        .filter(|rule| rule.applies(situation, date, documents))
        .filter(|rule| allowed(rule.action, situation))
        .collect();
    // Stable: rules of one rank keep the table's order.
    fitting.sort_by_key(|rule| (rule.action == Action::PayInFullForNow, rule.rank));

    let mut items: Vec<AdviceItem> = Vec::new();
    for rule in fitting {
        if items.iter().all(|item| item.action != rule.action) {
            items.push(AdviceItem::from_rule(rule, date));
        }
    }
    if items
        .first()
        .is_none_or(|first| first.action == Action::PayInFullForNow)
    {
        items.insert(0, AdviceItem::ask_reception());
    }
    Advice {
        failure: situation.failure,
        items,
    }
}

/// What no table may advise in this situation.
fn allowed(action: Action, situation: &Situation) -> bool {
    match action {
        Action::ShowPortalScreenWithCard => {
            situation.card_may_count() && situation.portal_login_possible()
        }
        Action::ShowNoticeWithCard | Action::ShowPortalPdfWithCard => situation.card_may_count(),
        Action::PlaceCardAgain => !matches!(situation.card_here, Some(false)),
        // A phone holds no photo, and its PIN is another: these need the card first.
        Action::TryPin => situation.pin_possible() && !situation.phone,
        Action::TryFace => situation.face_offered && !situation.phone,
        Action::AskStaffCheck => situation.staff_offered && !situation.phone,
        Action::RegisterAtReader => situation.registration_offered,
        Action::UseCounterApp => situation.app_offered,
        Action::UsePhone => situation.phone_possible(),
        Action::DisasterMode => situation.disaster && !situation.in_doubt(),
        _ => true,
    }
}

/// Ordered advice: the best first; never empty when made by [`advise`].
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Advice {
    /// What it is about.
    pub failure: Failure,
    /// What to do, best first, each action once.
    pub items: Vec<AdviceItem>,
}

impl Advice {
    /// The few lines for the person's own screen: the three best things to do,
    /// then always to speak to the reception. What is for the staff, and to pay
    /// in full, is left to the receptionist, who has the whole list; so is
    /// [`caution`](Self::caution).
    #[must_use]
    pub fn for_person(&self, lang: Lang) -> Vec<&str> {
        let reception = self
            .items
            .iter()
            .find(|item| item.action == Action::AskForReceptionist)
            .map_or_else(|| ask_reception(lang), |item| item.text(lang));
        self.items
            .iter()
            .filter(|item| item.action.is_for_person())
            .map(|item| item.text(lang))
            .take(LINES_FOR_PERSON)
            .chain([reception])
            .collect()
    }

    /// One sentence for all items that rest on rules not confirmed since;
    /// `None` if all are up to date. For the receptionist.
    #[must_use]
    pub fn caution(&self, lang: Lang) -> Option<String> {
        let since = self
            .items
            .iter()
            .filter_map(|item| item.not_confirmed_since)
            .min()?;
        Some(caution(since, lang))
    }
}

/// One thing to do.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct AdviceItem {
    /// What.
    pub action: Action,
    /// In plain polite Japanese.
    pub ja: Cow<'static, str>,
    /// In plain English.
    pub en: Cow<'static, str>,
    /// Where the rule comes from.
    pub source: Cow<'static, str>,
    /// Set when the date asked about is past the rule's last verified date: the
    /// rule is not confirmed since that day.
    pub not_confirmed_since: Option<Date>,
}

impl AdviceItem {
    /// The sentences in one language.
    #[must_use]
    pub fn text(&self, lang: Lang) -> &str {
        match lang {
            Lang::Ja => &self.ja,
            Lang::En => &self.en,
        }
    }

    /// A sentence that says that the rule is not confirmed since; `None` if it is.
    #[must_use]
    pub fn caution(&self, lang: Lang) -> Option<String> {
        self.not_confirmed_since.map(|since| caution(since, lang))
    }

    fn from_rule(rule: &Rule, date: Date) -> Self {
        Self {
            action: rule.action,
            ja: rule.ja.clone(),
            en: rule.en.clone(),
            source: rule.source.clone(),
            not_confirmed_since: rule.last_verified.filter(|verified| date > *verified),
        }
    }

    fn ask_reception() -> Self {
        Self {
            action: Action::AskForReceptionist,
            ja: Cow::Borrowed(ask_reception(Lang::Ja)),
            en: Cow::Borrowed(ask_reception(Lang::En)),
            source: Cow::Borrowed("good practice"),
            not_confirmed_since: None,
        }
    }
}

const fn ask_reception(lang: Lang) -> &'static str {
    match lang {
        Lang::Ja => "受付の職員にお声がけください。",
        Lang::En => "Please speak to the reception staff.",
    }
}

fn caution(since: Date, lang: Lang) -> String {
    let day = lang.date(since);
    match lang {
        Lang::Ja => {
            format!("この取り扱いは{day}に確認したものです。その後の変更は確認できていません。")
        }
        Lang::En => {
            format!("These rules were last checked on {day} and have not been confirmed since.")
        }
    }
}
