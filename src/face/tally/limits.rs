use jiff::SignedDuration;

use crate::face::Attempts;

/// How many attempts one card has, over all visits: a few, then a pause before each
/// further one, and a limit in all.
///
/// ```
/// use jiff::SignedDuration;
/// use uketsuke::face::FaceLimits;
///
/// let limits = FaceLimits::without_pad();
/// assert_eq!((limits.attempts(), limits.overall()), (5, 50));
/// assert_eq!(limits.pause(), SignedDuration::from_mins(10));
///
/// // Stricter is possible, laxer isn't.
/// let limits = FaceLimits::new(200, SignedDuration::ZERO, 200);
/// assert_eq!((limits.attempts(), limits.overall()), (10, 100));
/// assert_eq!(limits.pause(), FaceLimits::LEAST_PAUSE);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct FaceLimits {
    attempts: u8,
    pause: SignedDuration,
    overall: u8,
}

impl FaceLimits {
    /// The shortest pause: 30 seconds (NIST SP 800-63B-4, section 3.2.3).
    pub const LEAST_PAUSE: SignedDuration = SignedDuration::from_secs(30);
    /// The longest pause: twelve hours, so that an hour and a minute say when it ends.
    pub const MOST_PAUSE: SignedDuration = SignedDuration::from_hours(12);
    /// The pause of [`without_pad`](Self::without_pad) and [`with_pad`](Self::with_pad):
    /// ten minutes.
    ///
    /// Thirty seconds would let somebody with a found card make all the attempts that
    /// are left within half an hour, before a kiosk that nobody watches. With ten
    /// minutes it takes a working day, and the holder loses nothing: PIN and staff are
    /// there.
    pub const PAUSE: SignedDuration = SignedDuration::from_mins(10);
    /// The most attempts in all.
    pub const MOST_OVERALL: u8 = 100;

    /// Five attempts, then one every ten minutes, fifty in all.
    #[must_use]
    pub const fn without_pad() -> Self {
        Self {
            attempts: Attempts::MAX_WITHOUT_PAD,
            pause: Self::PAUSE,
            overall: 50,
        }
    }

    /// Ten attempts, then one every ten minutes, a hundred in all: for a desk whose
    /// detector was tested (ISO/IEC 30107-3).
    #[must_use]
    pub const fn with_pad() -> Self {
        Self {
            attempts: Attempts::MAX_WITH_PAD,
            pause: Self::PAUSE,
            overall: Self::MOST_OVERALL,
        }
    }

    /// Other limits. What is beyond [`Attempts::MAX_WITH_PAD`],
    /// [`MOST_OVERALL`](Self::MOST_OVERALL), [`LEAST_PAUSE`](Self::LEAST_PAUSE) and
    /// [`MOST_PAUSE`](Self::MOST_PAUSE) becomes that. No attempts, or none overall, means
    /// that no face is compared.
    #[must_use]
    pub fn new(attempts: u8, pause: SignedDuration, overall: u8) -> Self {
        Self {
            attempts: attempts.min(Attempts::MAX_WITH_PAD),
            pause: pause.clamp(Self::LEAST_PAUSE, Self::MOST_PAUSE),
            overall: overall.min(Self::MOST_OVERALL),
        }
    }

    /// No face is compared, with whichever card.
    #[must_use]
    pub const fn is_never(&self) -> bool {
        self.attempts == 0 || self.overall == 0
    }

    /// Attempts before the first pause, 0 to 10.
    #[must_use]
    pub const fn attempts(&self) -> u8 {
        self.attempts
    }

    /// The pause before each attempt after those.
    #[must_use]
    pub const fn pause(&self) -> SignedDuration {
        self.pause
    }

    /// Attempts in all, 0 to 100.
    #[must_use]
    pub const fn overall(&self) -> u8 {
        self.overall
    }
}
