//! Standing against a calendar that is counted, not computed.

use jiff::Timestamp;

use crate::trust::{GraceRule, Standing};

/// Days since 1970 of a date (proleptic Gregorian), by counting the days of each
/// month: nothing in common with the calendar that the library uses.
struct Counter {
    day: i64,
    year: i64,
    month: usize,
    of_month: i64,
}

impl Counter {
    fn month_len(year: i64, month: usize) -> i64 {
        let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        [
            31,
            if leap { 29 } else { 28 },
            31,
            30,
            31,
            30,
            31,
            31,
            30,
            31,
            30,
            31,
        ][month]
    }

    fn step(&mut self) {
        self.day += 1;
        self.of_month += 1;
        if self.of_month > Self::month_len(self.year, self.month) {
            (self.of_month, self.month) = (1, self.month + 1);
            if self.month == 12 {
                (self.month, self.year) = (0, self.year + 1);
            }
        }
    }

    /// Last second of the third month after this one, Japan time.
    fn grace(&self) -> i64 {
        let mut last = self.day - self.of_month; // the last day of the month before
        for ahead in 0..4 {
            let month = self.month + ahead;
            last += Self::month_len(self.year + i64::try_from(month / 12).unwrap(), month % 12);
        }
        (last + 1) * 86_400 - 9 * 3600 - 1
    }

    /// First second of the same day three months before, or of that month's last day.
    fn expiring(&self) -> i64 {
        let mut first = self.day - self.of_month + 1;
        let (mut year, mut month) = (self.year, self.month);
        for _ in 0..3 {
            (year, month) = if month == 0 {
                (year - 1, 11)
            } else {
                (year, month - 1)
            };
            first -= Self::month_len(year, month);
        }
        let day = first + self.of_month.min(Self::month_len(year, month)) - 1;
        day * 86_400 - 9 * 3600
    }
}

#[test]
fn standing_agrees_with_a_calendar_counted_by_hand_on_every_day_of_140_years() {
    let mut counter = Counter {
        day: 0,
        year: 1970,
        month: 0,
        of_month: 1,
    };
    let time = |second| Timestamp::from_second(second).unwrap();
    let rules = [GraceRule::None, GraceRule::EligibilityOnly];
    while counter.year < 2110 {
        let midnight = counter.day * 86_400 - 9 * 3600; // of Japan
        // Certificates end at 23:59:59; the first second of the day must not differ.
        for end in [midnight, midnight + 86_399] {
            let not_after = time(end);
            let until = time(counter.grace());
            assert_eq!(Standing::grace_until(not_after), until, "{not_after}");
            let expiring = counter.expiring();
            for rule in rules {
                let is = |second: i64| Standing::at(time(second), not_after, rule);
                let grace =
                    (rule == GraceRule::EligibilityOnly).then_some(Standing::Grace { until });
                let ending = Some(Standing::Expiring { not_after });
                assert_eq!(is(expiring - 1), Some(Standing::InForce), "{not_after}");
                assert_eq!(is(expiring), ending, "{not_after}");
                assert_eq!(is(end), ending);
                assert_eq!(is(end + 1), grace);
                assert_eq!(is(until.as_second()), grace);
                assert_eq!(is(until.as_second() + 1), None);
            }
        }
        counter.step();
    }
}

#[test]
fn standing_holds_at_the_ends_of_time() {
    for rule in [GraceRule::None, GraceRule::EligibilityOnly] {
        for not_after in [Timestamp::MIN, Timestamp::MAX] {
            for now in [Timestamp::MIN, Timestamp::UNIX_EPOCH, Timestamp::MAX] {
                let standing = Standing::at(now, not_after, rule);
                assert_eq!(
                    standing.is_none(),
                    now > not_after && not_after != Timestamp::MAX
                );
            }
        }
    }
    assert_eq!(Standing::grace_until(Timestamp::MAX), Timestamp::MAX);
}
