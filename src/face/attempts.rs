/// How many more times the person may look into the camera.
///
/// NIST SP 800-63B-4, section 3.2.3 allows five consecutive failed attempts, or
/// ten where presentation attacks are detected, and then wants a delay or another
/// method. In a visit the count ends in the other methods (PIN, staff check), which
/// must be on offer from the start anyway; the delay is that of
/// [`FaceTally`](super::FaceTally), over all visits with the card.
///
/// A check-in counts by itself. Without one, call [`failed`](Self::failed)
/// for every frame that did not match, inconclusive ones and errors too; begin a
/// new count with a new card. It never goes below zero and never wraps.
///
/// ```
/// use uketsuke::face::Attempts;
///
/// let mut attempts = Attempts::without_pad();
/// for _ in 0..5 {
///     assert!(!attempts.exhausted());
///     attempts.failed();
/// }
/// assert!(attempts.exhausted());
/// attempts.failed();
/// assert_eq!(attempts.left(), 0);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Attempts {
    left: u8,
}

impl Attempts {
    /// Attempts without detection of presentation attacks.
    pub const MAX_WITHOUT_PAD: u8 = 5;
    /// Attempts where presentation attacks are detected.
    pub const MAX_WITH_PAD: u8 = 10;

    /// A count of `max` attempts. More than [`MAX_WITH_PAD`](Self::MAX_WITH_PAD)
    /// become that many: no desk may allow more.
    #[must_use]
    pub const fn new(max: u8) -> Self {
        Self {
            left: if max > Self::MAX_WITH_PAD {
                Self::MAX_WITH_PAD
            } else {
                max
            },
        }
    }

    /// Five attempts.
    #[must_use]
    pub const fn without_pad() -> Self {
        Self::new(Self::MAX_WITHOUT_PAD)
    }

    /// Ten attempts, for a desk whose detector was tested (ISO/IEC 30107-3).
    #[must_use]
    pub const fn with_pad() -> Self {
        Self::new(Self::MAX_WITH_PAD)
    }

    /// Counts one frame that did not match.
    pub fn failed(&mut self) {
        self.left = self.left.saturating_sub(1);
    }

    /// Attempts left.
    #[must_use]
    pub const fn left(&self) -> u8 {
        self.left
    }

    /// Whether another method must be used now.
    #[must_use]
    pub const fn exhausted(&self) -> bool {
        self.left == 0
    }
}

#[cfg(test)]
mod tests {
    use super::Attempts;

    #[test]
    fn every_maximum_counts_down_to_zero_and_stays() {
        for max in 0..=u8::MAX {
            let mut attempts = Attempts::new(max);
            let allowed = max.min(10);
            for used in 0..=u8::MAX {
                assert_eq!(attempts.left(), allowed.saturating_sub(used));
                assert_eq!(attempts.exhausted(), used >= allowed);
                attempts.failed();
            }
        }
    }
}
