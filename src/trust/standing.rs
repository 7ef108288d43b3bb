use jiff::{
    SignedDuration, Timestamp, ToSpan,
    civil::{Date, Time},
};

use crate::japan::JAPAN;

/// Where in its life a certificate is, at a given time.
///
/// "Lapsed" isn't among them: a lapsed certificate has no standing.
///
/// What to tell the person comes with the screens of a check-in, and for one that
/// isn't accepted with the advice; neither needs a check-in:
///
/// ```
/// use jiff::civil::date;
/// use uketsuke::checkin::Screen;
/// use uketsuke::eligibility::{Failure, Lang, RuleTable, Situation, advise};
/// use uketsuke::trust::{Standing, TrustError};
///
/// fn words(judged: Result<Standing, TrustError>) -> Vec<String> {
///     match judged {
///         Ok(Standing::InForce) => Vec::new(),
///         Ok(standing) => Screen::CertificateNotice { standing, phone: false }.text(Lang::En).body,
///         Err(error) => {
///             let situation = Situation::of(Failure::from(&error));
///             let today = date(2026, 11, 23); // in Japan
///             let advice = advise(&situation, today, &[], &RuleTable::current());
///             advice.items.iter().map(|item| item.text(Lang::En).to_owned()).collect()
///         }
///     }
/// }
///
/// let grace = Standing::Grace { until: "2026-11-30T14:59:59Z".parse()? };
/// let words = words(Ok(grace));
/// assert!(words.iter().any(|line| line.contains("30 November 2026")), "{words:?}");
/// # Ok::<(), jiff::Error>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Standing {
    /// Good, and for more than three months.
    InForce,
    /// Good, and ends within three months: tell the person to renew it.
    ///
    /// From the start of the day that lies three calendar months before the
    /// last one, when municipal offices begin to renew.
    Expiring {
        /// Last second of validity.
        not_after: Timestamp,
    },
    /// Ended, but still accepted for eligibility, without login to the portal.
    Grace {
        /// Last second of grace.
        until: Timestamp,
    },
}

/// May a lapsed certificate have its three months' grace?
///
/// Since 2 December 2024 an expired certificate is accepted at the reception for
/// eligibility alone until the third month after the month of expiry is over
/// (publicly reported from the notices of the Ministry of Health). The medical history can't be
/// shown then, and it holds for plastic cards, not for phones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum GraceRule {
    /// No: lapsed is lapsed.
    None,
    /// To the end of the third month after the month of expiry, Japan time.
    EligibilityOnly,
}

impl Standing {
    /// Where a certificate that ends with the second `not_after` is at `now`.
    ///
    /// `None`: it lapsed, and its grace, if `grace` allows one, is over. When a
    /// certificate begins isn't looked at. Parts of a second of `now` don't
    /// count: certificates know whole seconds.
    ///
    /// ```
    /// use uketsuke::trust::{GraceRule, Standing};
    ///
    /// let end = "2026-08-15T14:59:59Z".parse()?; // 23:59:59 in Japan
    /// let at = |now: &str, rule| Standing::at(now.parse().unwrap(), end, rule);
    /// assert_eq!(at("2026-05-14T14:59:59Z", GraceRule::None), Some(Standing::InForce));
    /// assert_eq!(at("2026-05-14T15:00:00Z", GraceRule::None), Some(Standing::Expiring { not_after: end }));
    /// assert_eq!(at("2026-08-15T15:00:00Z", GraceRule::None), None);
    /// let until = "2026-11-30T14:59:59Z".parse()?;
    /// assert_eq!(at("2026-11-30T14:59:59Z", GraceRule::EligibilityOnly), Some(Standing::Grace { until }));
    /// assert_eq!(at("2026-11-30T15:00:00Z", GraceRule::EligibilityOnly), None);
    /// # Ok::<(), jiff::Error>(())
    /// ```
    #[must_use]
    pub fn at(now: Timestamp, not_after: Timestamp, grace: GraceRule) -> Option<Self> {
        let now = now.as_second();
        if now <= not_after.as_second() {
            return Some(if now >= expiring_from(not_after).as_second() {
                Self::Expiring { not_after }
            } else {
                Self::InForce
            });
        }
        let until = Self::grace_until(not_after);
        (grace == GraceRule::EligibilityOnly && now <= until.as_second())
            .then_some(Self::Grace { until })
    }

    /// Last second of grace for a certificate that ends at `not_after`: the end
    /// of the third month after that month, both by the calendar of Japan.
    ///
    /// At the end of representable time (year 9999) there is no grace.
    #[must_use]
    pub fn grace_until(not_after: Timestamp) -> Timestamp {
        JAPAN
            .to_datetime(not_after)
            .date()
            .first_of_month()
            .checked_add(4.months())
            .ok()
            .and_then(start_of_day)
            .and_then(|next| next.checked_sub(SignedDuration::from_secs(1)).ok())
            .unwrap_or(not_after)
    }
}

fn expiring_from(not_after: Timestamp) -> Timestamp {
    JAPAN
        .to_datetime(not_after)
        .date()
        .checked_sub(3.months())
        .ok()
        .and_then(start_of_day)
        .unwrap_or(Timestamp::MIN)
}

fn start_of_day(date: Date) -> Option<Timestamp> {
    JAPAN.to_timestamp(date.to_datetime(Time::midnight())).ok()
}
