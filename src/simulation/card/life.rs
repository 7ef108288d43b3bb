//! When a persona's certificates begin and end, seen from the day the card is made for.

use crate::japan::japan_date;
use crate::simulation::persona::CertificateTerm;
use crate::simulation::pki::Generation;
use jiff::civil::Date;
use jiff::tz::Offset;
use jiff::{Span, Timestamp};

/// Dates of a certificate, and the root that was in use when it was issued.
#[derive(Clone, Copy, Debug)]
pub(super) struct Life {
    pub(super) not_before: Timestamp,
    pub(super) not_after: Timestamp,
    pub(super) generation: Generation,
}

impl Life {
    pub(super) fn new(term: CertificateTerm, now: Timestamp) -> Self {
        let today = japan_date(now);
        // Five years are 1,826 days, or 1,827 with two leap days; nothing here depends on that day.
        let (first, last) = match term {
            CertificateTerm::InForce => (shift(today, 730 - 1826), shift(today, 730)),
            CertificateTerm::Expiring => (shift(today, 30 - 1826), shift(today, 30)),
            // The third month after the month of expiry ends 59 days later at the least.
            CertificateTerm::Grace => (shift(today, -20 - 1826), shift(today, -20)),
            CertificateTerm::Lapsed => (shift(today, -400 - 1826), shift(today, -400)),
            CertificateTerm::CardExpired => (shift(today, -500 - 1826), shift(today, -500)),
            CertificateTerm::NotYetValid => (shift(today, 10), shift(today, 10 + 1826)),
        };
        let not_before = at(first, 3, 0, 0, now);
        Self {
            not_before,
            // Certificates end with the day in Japan: 23:59:59 there is 14:59:59 UTC.
            not_after: at(last, 14, 59, 59, now),
            generation: Generation::issuing_at(not_before),
        }
    }
}

fn shift(day: Date, days: i32) -> Date {
    day.saturating_add(Span::new().days(days))
}

/// `fallback` only where the calendar ends.
fn at(day: Date, hour: i8, minute: i8, second: i8, fallback: Timestamp) -> Timestamp {
    Offset::UTC
        .to_timestamp(day.at(hour, minute, second, 0))
        .unwrap_or(fallback)
}
