//! Japan's time: nine hours ahead of UTC, and no summer time since 1951, so no
//! database is needed.

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

pub(crate) const JAPAN: Offset = Offset::constant(9);

/// The calendar day in Japan.
pub(crate) fn japan_date(at: Timestamp) -> Date {
    JAPAN.to_datetime(at).date()
}
