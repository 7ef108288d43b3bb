//! Attempts with one card, over all visits.

mod limits;
#[cfg(test)]
mod tests;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

use jiff::Timestamp;
use ring::hmac;
use ring::rand::SystemRandom;
use thiserror::Error;
use zeroize::Zeroizing;

use super::digest::array;

pub use limits::FaceLimits;

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

/// No attempt now.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FaceRefused {
    /// Too many attempts in a row.
    #[error("too many attempts with this card: the next is possible from {until}; use the PIN")]
    Paused {
        /// The next one is possible from then on.
        until: Timestamp,
    },
    /// All attempts were used, until the holder is identified in another way.
    #[error("all attempts with this card are used; use the PIN")]
    UsedUp,
    /// [`FaceTally::MOST_CARDS`] cards are in their pauses, and there is no room to
    /// count another's.
    #[error("too many cards failed here to count one more; use the PIN")]
    Full,
}

/// Counts the attempts with each card, over all visits: taking a card away and putting
/// it back resets neither count nor pause.
///
/// NIST SP 800-63B-4, section 3.2.3: after five failed attempts in a row, or ten where
/// presentation attacks are detected, at least thirty seconds before each further one;
/// after fifty in all, or a hundred, none. [`FaceLimits`] says which.
///
/// [`spend`](Self::spend) counts an attempt before it is made, so that nothing is won by
/// pulling the card, or by a camera that never answers. [`cleared`](Self::cleared)
/// forgets a card when its holder was identified: by a face that was accepted, or with
/// the PIN. So a match counts too until its visit is accepted.
///
/// [`CheckIn`](crate::checkin::CheckIn) does all of this: `Reception`, `Lanes` and a
/// driver of one's own only hand the tally on
/// ([`Policy::with_face_tally`](crate::checkin::Policy::with_face_tally)). The calls are for
/// programs that compare faces without a check-in.
///
/// It lives in memory, and no longer than the process: **a restart begins all counts
/// again**. It holds no name of a card: each is HMAC-SHA256 of the key identifier, under
/// a random key that never leaves it. All desks of one
/// [`Lanes`](crate::checkin::lanes::Lanes) share the first one's, unless their policy was
/// given another, and so do clones of a [`Policy`](crate::checkin::Policy) outside of it;
/// other policies count apart unless they are given the same one. Desks that share one
/// should have the same [`FaceLimits`]: each judges the count by its own. It locks itself for each call, and a lock that a panic left behind stays
/// good.
///
/// A clock that goes back never shortens a pause. One that goes far ahead and back again
/// makes pauses longer: use the PIN.
///
/// Room is for [`MOST_CARDS`](Self::MOST_CARDS) cards with failed attempts. When it is
/// full, the card with the fewest attempts is forgotten, and of several the one whose
/// last attempt is the longest ago. A card that has to pause is never forgotten, or a
/// flood of others would win it new attempts. If all have to pause, a new card gets no
/// attempt: [`FaceRefused::Full`].
///
/// ```
/// use jiff::{SignedDuration, Timestamp};
/// use uketsuke::face::{CardKeyId, FaceLimits, FaceRefused, FaceTally};
///
/// let tally = FaceTally::new().ok_or("no randomness")?;
/// let (card, limits, now) = (CardKeyId::new(b"key id"), FaceLimits::without_pad(), Timestamp::UNIX_EPOCH);
/// for left in [4, 3, 2, 1, 0] {
///     assert_eq!(tally.spend(&card, &limits, now), Ok(left));
/// }
/// let until = now + FaceLimits::PAUSE;
/// assert_eq!(tally.spend(&card, &limits, now), Err(FaceRefused::Paused { until }));
///
/// // One attempt, and the next pause.
/// assert_eq!(tally.spend(&card, &limits, until), Ok(0));
/// assert!(tally.spend(&card, &limits, until).is_err());
///
/// tally.cleared(&card); // The holder knew the PIN.
/// assert_eq!(tally.allows(&card, &limits, until), Ok(5));
/// # Ok::<(), &str>(())
/// ```
pub struct FaceTally {
    key: hmac::Key,
    cards: Mutex<Cards>,
}

/// By name under the key.
type Cards = HashMap<[u8; 32], Counted>;

#[derive(Clone, Copy)]
struct Counted {
    /// In a row. Never above [`FaceLimits::MOST_OVERALL`].
    attempts: u8,
    /// When the last one began; the latest of all, if the clock went back.
    last: Timestamp,
}

impl FaceTally {
    /// At most so many cards with failed attempts are counted: some 400 kB.
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

    /// Whether there may be an attempt now: how many before the next pause, at least 1.
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
        let cards = self.cards();
        let found = cards.get(&self.name(card));
        if found.is_none() && cards.len() >= Self::MOST_CARDS {
            forgettable(&cards, limits).ok_or(FaceRefused::Full)?;
        }
        look(found, limits, now)
    }

    /// Counts an attempt, before it is made: how many are left before the next pause.
    ///
    /// # Errors
    ///
    /// [`FaceRefused`]: none is counted, and none may be made.
    pub fn spend(
        &self,
        card: &CardKeyId,
        limits: &FaceLimits,
        now: Timestamp,
    ) -> Result<u8, FaceRefused> {
        let name = self.name(card);
        let mut cards = self.cards();
        let found = cards.get(&name).copied();
        let left = look(found.as_ref(), limits, now)?;
        if found.is_none() && cards.len() >= Self::MOST_CARDS {
            let victim = forgettable(&cards, limits).ok_or(FaceRefused::Full)?;
            cards.remove(&victim);
        }
        let (attempts, last) = found.map_or((0, now), |found| (found.attempts, found.last));
        cards.insert(
            name,
            Counted {
                attempts: attempts.saturating_add(1),
                last: last.max(now),
            },
        );
        Ok(left.saturating_sub(1))
    }

    /// The holder was identified, with the PIN or by a face that was accepted: the card
    /// is forgotten.
    ///
    /// Call it for nothing else. A match alone clears nothing: who shows the face of one
    /// card and the certificate of another matches each time, so wait until
    /// [`Proofs::accept`](crate::checkin::Proofs::accept) took it. A staff check says that
    /// the person resembles the photo, as the face does, and clears nothing either.
    pub fn cleared(&self, card: &CardKeyId) {
        self.cards().remove(&self.name(card));
    }

    fn name(&self, card: &CardKeyId) -> [u8; 32] {
        array(hmac::sign(&self.key, &card.0).as_ref())
    }

    fn cards(&self) -> MutexGuard<'_, Cards> {
        // Each change is a single insertion or removal: nothing is left half done.
        self.cards.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn look(found: Option<&Counted>, limits: &FaceLimits, now: Timestamp) -> Result<u8, FaceRefused> {
    let used = found.map_or(0, |found| found.attempts);
    if limits.attempts() == 0 || used >= limits.overall() {
        return Err(FaceRefused::UsedUp);
    }
    let in_all = limits.overall().saturating_sub(used);
    match (limits.attempts().saturating_sub(used), found) {
        (0, Some(found)) => {
            match found.last.checked_add(limits.pause()) {
                Ok(until) if now >= until => Ok(1),
                Ok(until) => Err(FaceRefused::Paused { until }),
                // The clock is at the end of time.
                Err(_) => Err(FaceRefused::Paused {
                    until: Timestamp::MAX,
                }),
            }
        }
        (left, _) => Ok(left.min(in_all)),
    }
}

/// Which card is forgotten for another: none that had to pause, at this desk or at one
/// with fewer attempts that shares the tally.
fn forgettable(cards: &Cards, limits: &FaceLimits) -> Option<[u8; 32]> {
    cards
        .iter()
        .filter(|(_, counted)| {
            counted.attempts < limits.attempts().min(super::Attempts::MAX_WITHOUT_PAD)
        })
        .min_by_key(|(_, counted)| (counted.attempts, counted.last))
        .map(|(name, _)| *name)
}

/// How many cards.
impl fmt::Debug for FaceTally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "FaceTally({} cards)", self.cards().len())
    }
}
