//! Attempts with one card, over all visits.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::{SignedDuration, Timestamp};
use ring::hmac;
use ring::rand::SystemRandom;
use thiserror::Error;
use zeroize::Zeroizing;

use super::{Attempts, fields::array};

/// Which card: the key identifier of its certificate, for one look into a
/// [`FaceTally`]. Wiped when dropped, not Clone; `Debug` shows nothing.
pub struct CardKeyId(Zeroizing<Vec<u8>>);

impl CardKeyId {
    /// Takes the key identifier.
    #[must_use]
    pub fn new(key_identifier: &[u8]) -> Self {
        Self(Zeroizing::new(key_identifier.to_vec()))
    }
}

/// Shows nothing.
impl fmt::Debug for CardKeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardKeyId(..)")
    }
}

/// How many attempts one card has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FaceLimits {
    attempts: u8,
    pause: SignedDuration,
    overall: u8,
}

impl FaceLimits {
    /// The shortest pause: 30 seconds.
    pub const LEAST_PAUSE: SignedDuration = SignedDuration::from_secs(30);
    /// The pause of [`without_pad`](Self::without_pad) and [`with_pad`](Self::with_pad):
    /// ten minutes.
    pub const PAUSE: SignedDuration = SignedDuration::from_mins(10);
    /// The most attempts overall: 100.
    pub const MOST: u8 = 100;

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
            overall: Self::MOST,
        }
    }

    /// Other limits: at most ten attempts before the pause and 100 overall, and at least
    /// [`LEAST_PAUSE`](Self::LEAST_PAUSE); what is beyond becomes that.
    #[must_use]
    pub fn new(attempts: u8, pause: SignedDuration, overall: u8) -> Self {
        Self {
            attempts: attempts.min(Attempts::MAX_WITH_PAD),
            pause: pause.max(Self::LEAST_PAUSE),
            overall: overall.min(Self::MOST),
        }
    }

    /// Attempts before the first pause.
    #[must_use]
    pub const fn attempts(&self) -> u8 {
        self.attempts
    }

    /// The pause before each attempt after that.
    #[must_use]
    pub const fn pause(&self) -> SignedDuration {
        self.pause
    }

    /// Attempts in all.
    #[must_use]
    pub const fn overall(&self) -> u8 {
        self.overall
    }
}

/// No attempt now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FaceRefused {
    /// Too many attempts in a row: the next one is possible from then on.
    #[error("too many attempts with this card; the next one is possible from {until}; use the PIN")]
    Paused {
        /// From when on.
        until: Timestamp,
    },
    /// All attempts were used.
    #[error("all attempts with this card were used; use the PIN")]
    UsedUp,
    /// Too many cards are being counted.
    #[error("too many cards have failed at this desk to count one more; use the PIN")]
    Full,
}

/// Counts attempts with each card, over all visits of a process. Lanes share one.
pub struct FaceTally {
    key: hmac::Key,
    cards: Mutex<HashMap<[u8; 32], Counted>>,
}

#[derive(Clone, Copy)]
struct Counted {
    attempts: u8,
    last: Timestamp,
}

impl FaceTally {
    /// At most so many cards are counted.
    pub const MOST_CARDS: usize = 4096;

    /// Counts nothing yet. `None` if the system gives no random key.
    #[must_use]
    pub fn new() -> Option<Self> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new()).ok()?;
        Some(Self {
            key,
            cards: Mutex::default(),
        })
    }

    /// Whether there may be an attempt now, and how many before the next pause.
    ///
    /// # Errors
    ///
    /// [`FaceRefused`].
    pub fn allows(
        &self,
        card: &CardKeyId,
        limits: &FaceLimits,
        now: Timestamp,
    ) -> Result<u8, FaceRefused> {
        look(&self.cards(), &self.name(card), limits, now)
    }

    /// Counts an attempt, before it is made. Gives what is left before the next pause.
    ///
    /// # Errors
    ///
    /// [`FaceRefused`]; then none is counted, and none may be made.
    pub fn spend(
        &self,
        card: &CardKeyId,
        limits: &FaceLimits,
        now: Timestamp,
    ) -> Result<u8, FaceRefused> {
        let name = self.name(card);
        let mut cards = self.cards();
        let left = look(&cards, &name, limits, now)?;
        let counted = cards.entry(name).or_insert(Counted {
            attempts: 0,
            last: now,
        });
        counted.attempts = counted.attempts.saturating_add(1);
        counted.last = counted.last.max(now);
        Ok(left.saturating_sub(1))
    }

    /// The person was identified: the count begins again.
    pub fn cleared(&self, card: &CardKeyId) {
        self.cards().remove(&self.name(card));
    }

    fn name(&self, card: &CardKeyId) -> [u8; 32] {
        array(hmac::sign(&self.key, &card.0).as_ref())
    }

    fn cards(&self) -> MutexGuard<'_, HashMap<[u8; 32], Counted>> {
        self.cards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn look(
    cards: &HashMap<[u8; 32], Counted>,
    name: &[u8; 32],
    limits: &FaceLimits,
    now: Timestamp,
) -> Result<u8, FaceRefused> {
    let Some(counted) = cards.get(name) else {
        return match limits.attempts.min(limits.overall) {
            0 => Err(FaceRefused::UsedUp),
            _ if cards.len() >= FaceTally::MOST_CARDS => Err(FaceRefused::Full),
            left => Ok(left),
        };
    };
    if counted.attempts >= limits.overall {
        return Err(FaceRefused::UsedUp);
    }
    match limits.attempts.saturating_sub(counted.attempts) {
        0 => {
            let until = counted
                .last
                .saturating_add(limits.pause)
                .unwrap_or(Timestamp::MAX);
            if now < until {
                Err(FaceRefused::Paused { until })
            } else {
                Ok(1)
            }
        }
        left => Ok(left.min(limits.overall.saturating_sub(counted.attempts))),
    }
}

/// How many cards.
impl fmt::Debug for FaceTally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaceTally({} cards)", self.cards().len())
    }
}
