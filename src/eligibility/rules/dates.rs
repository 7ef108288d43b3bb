use std::borrow::Cow;

use jiff::civil::{Date, date};

/// When the sources were last looked up.
pub(super) const VERIFIED: Date = date(2026, 11, 22);

/// A day on which the rules turn, with where that is said and when it was last
/// looked up.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(deny_unknown_fields)
)]
pub struct Milestone {
    /// The day, in Japan.
    pub day: Date,
    /// Where it is said.
    pub source: Cow<'static, str>,
    /// When that was last looked up.
    pub last_verified: Date,
}

impl Milestone {
    /// A day with its source.
    #[must_use]
    pub fn new(day: Date, source: impl Into<Cow<'static, str>>, last_verified: Date) -> Self {
        Self {
            day,
            source: source.into(),
            last_verified,
        }
    }
}

/// The days that the rules turn on, each by itself replaceable: when a ministry
/// moves one, a product changes that one and keeps all rules.
///
/// ```
/// use jiff::civil::date;
/// use uketsuke::eligibility::{Milestone, RuleDates, RuleTable};
///
/// let mut dates = RuleDates::current();
/// dates.expired_card_tolerated_to =
///     Milestone::new(date(2027, 3, 31), "the notice that we were sent", date(2026, 12, 24));
/// let rules = RuleTable::with_dates(&dates);
/// assert_ne!(rules, RuleTable::current());
/// ```
///
/// With feature `serde` they are also a file; a day that it leaves out is that of
/// [`current`](Self::current).
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(
    feature = "serde",
    derive(serde::Serialize, serde::Deserialize),
    serde(default, deny_unknown_fields)
)]
pub struct RuleDates {
    /// From this day no 健康保険証 is issued; 資格確認書, 資格情報のお知らせ and the three
    /// months of grace for a certificate begin.
    pub insurance_card_ends: Milestone,
    /// Last day of any 健康保険証.
    pub last_day_of_insurance_card: Milestone,
    /// From this day an expired 健康保険証, or a 資格情報のお知らせ alone, with a
    /// successful query by number is enough. Cards of 国保 and 後期高齢者医療 mostly ended
    /// on the day before.
    pub expired_card_tolerated_from: Milestone,
    /// Last day of that tolerance.
    pub expired_card_tolerated_to: Milestone,
    /// Last day on which everyone aged 75 and over is sent a 資格確認書; then those
    /// with a registered card are sent a 資格情報のお知らせ.
    pub certificates_for_all_from_75_to: Milestone,
    /// From this day the app at the counter may stand in for a reader.
    pub counter_app_from: Milestone,
    /// From this day a smartphone may stand in for the card.
    pub phone_from: Milestone,
}

impl RuleDates {
    /// As publicly known on 2026-11-22.
    #[must_use]
    pub fn current() -> Self {
        let milestone = |day, source| Milestone::new(day, source, VERIFIED);
        let tolerance = "MHLW 事務連絡 of 2025-06-27 and 2025-11-12 (期限切れの健康保険証の取扱い)";
        Self {
            insurance_card_ends: milestone(
                date(2024, 12, 2),
                "MHLW, end of the health insurance card on 2024-12-02 (健康保険証の新規発行終了)",
            ),
            last_day_of_insurance_card: milestone(
                date(2025, 12, 1),
                "MHLW, health insurance cards in circulation to 2025-12-01 (経過措置の終了)",
            ),
            expired_card_tolerated_from: milestone(date(2025, 8, 1), tolerance),
            expired_card_tolerated_to: milestone(date(2026, 3, 31), tolerance),
            certificates_for_all_from_75_to: milestone(
                date(2026, 7, 31),
                "MHLW, 資格確認書 for everyone aged 75 and over to 2026-07-31 (後期高齢者医療の暫定運用)",
            ),
            counter_app_from: milestone(
                date(2025, 4, 1),
                "MHLW, マイナ資格確認アプリ at the counter from April 2025",
            ),
            phone_from: milestone(
                date(2025, 9, 19),
                "MHLW, スマートフォンのマイナ保険証 from 2025-09-19",
            ),
        }
    }
}

impl Default for RuleDates {
    /// [`current`](Self::current).
    fn default() -> Self {
        Self::current()
    }
}
