//! Japan's time: nine hours ahead of UTC, and no summer time since 1951, so no
//! database is needed.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

pub(crate) const JAPAN: Offset = Offset::constant(9);

/// The calendar day in Japan: what [`advise`](crate::eligibility::advise) and questions
/// about a day want.
///
/// ```
/// use jiff::civil::date;
///
/// let late_in_the_evening = "2026-11-05T15:00:00Z".parse()?;
/// assert_eq!(uketsuke::japan_date(late_in_the_evening), date(2026, 11, 6));
/// # Ok::<(), jiff::Error>(())
/// ```
#[must_use]
pub fn japan_date(at: Timestamp) -> Date {
    JAPAN.to_datetime(at).date()
}
